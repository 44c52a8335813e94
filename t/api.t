#!/usr/bin/perl
# The JSON API besides orders: RMAs, actions with If-Match and Idempotency-Key,
# lists by page, the journal as events, links, health, metrics, public keys.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP ();
use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 2)->start;

sub problem {
    my ($name, $res, $status, $code) = @_;
    is($res->status, $status, "$name: $status") or diag($res->body);
    is(($res->json // {})->{type}, "urn:cx-returns:problem:$code",
       "$name: $code") or diag($res->body);
    return $res->json;
}

sub ask {
    my ($order, @lines) = @_;
    return { order => $order, lines => [ map { {
        line => $_->[0], quantity => $_->[1], reason => $_->[2] // 'changed_mind',
        outcome => 'refund', defined $_->[3] ? (note => $_->[3]) : () }
    } @lines ] };
}

# ---- create ----

$t->delivered_order('KG-1', 1);

my $res = $t->api(POST => '/rmas', ask('KG-1', [ '1', 1 ]),
                  'Idempotency-Key' => 'a-1');
is($res->status, 201, 'an RMA') or diag($res->body);
my $rma = $res->json->{rma};
like($rma->{id}, qr/^R-[0-9A-Z]{4}-[0-9A-Z]{4}$/, 'its number');
is($rma->{status}, 'approved', 'approved by itself');
is($rma->{refund}, 42000, 'the money');
is($res->header('etag'), '"1"', 'with an ETag') or diag($res->header('etag'));

$res = $t->api(POST => '/rmas', ask('KG-1', [ '1', 1 ]),
               'Idempotency-Key' => 'a-1');
is($res->json->{rma}{id}, $rma->{id}, 'the same key again: the same RMA');
is($res->header('idempotent-replay'), 'true', 'and told so');
my $p = problem('the same key for something else',
    $t->api(POST => '/rmas', ask('KG-1', [ '2', 1 ]),
            'Idempotency-Key' => 'a-1'), 409, 'idem_mismatch');
problem('a key that is none', $t->api(POST => '/rmas', ask('KG-1', [ '2', 1 ]),
        'Idempotency-Key' => 'x' x 256), 400, 'idempotency_key');

problem('more than is left', $t->api(POST => '/rmas', ask('KG-1', [ '1', 2 ])),
        409, 'quantity_over');
problem('no such order', $t->api(POST => '/rmas', ask('KG-9', [ '1', 1 ])),
        404, 'not_found');
$p = problem('no such line', $t->api(POST => '/rmas', ask('KG-1', [ '9', 1 ])),
             409, 'line_unknown');
is($p->{errors}[0]{pointer}, '/lines/0/line', 'at its place');
$p = problem('no such reason', $t->api(POST => '/rmas',
             ask('KG-1', [ '2', 1, 'because' ])), 409, 'reason_unknown');
is($p->{errors}[0]{pointer}, '/lines/0/reason', 'at its place');
$p = problem('faults', $t->api(POST => '/rmas', { order => '', lines => [ {
        line => 7, quantity => 0, reason => 'X Y' } ], surplus => 1 }), 400,
        'invalid');
is(join(' ', sort map { $_->{pointer} } @{ $p->{errors} }),
   '/lines/0/line /lines/0/quantity /lines/0/reason /order /surplus',
   'each at its place');
problem('lines no array', $t->api(POST => '/rmas', { order => 'KG-1',
        lines => 'all' }), 400, 'invalid');
problem('no lines', $t->api(POST => '/rmas', { order => 'KG-1',
        lines => [] }), 409, 'nothing_chosen');
problem('of another type', $t->request(POST => '/api/v1/rmas',
        headers => [ CXR::Test::staff_headers() ], body => '{}'), 415,
        'not_json');

# ---- read ----

is($t->api(GET => '/rmas/' . lc $rma->{id})->json->{rma}{id}, $rma->{id},
   'read, as people type it');
problem('no such RMA', $t->api(GET => '/rmas/R-2222-2222'), 404, 'not_found');
problem('no RMA number', $t->api(GET => '/rmas/x'), 404, 'not_found');
is(scalar @{ $t->api(GET => '/rmas?order=KG-1')->json->{rmas} }, 1,
   'by order');
is(scalar @{ $t->api(GET => '/rmas?order=KG-9')->json->{rmas} }, 0,
   'of no order');
problem('bad status', $t->api(GET => '/rmas?status=eaten'), 400, 'bad_query');
problem('bad limit', $t->api(GET => '/rmas?limit=0'), 400, 'bad_query');
problem('bad limit', $t->api(GET => '/rmas?limit=201'), 400, 'bad_query');
problem('bad cursor', $t->api(GET => '/rmas?cursor=%21%21'), 400,
        'bad_cursor');
problem('bad query', $t->api(GET => '/rmas?order=%zz'), 400, 'bad_query');

# pages: every RMA once, newest first, while new ones come

for my $i (10 .. 34) {
    $t->delivered_order("P-$i", 1);
    $t->api(POST => '/rmas', ask("P-$i", [ '1', 1 ]));
}

my (@seen, $cursor);
for my $page (1 .. 20) {
    my $l = $t->api(GET => '/rmas?limit=7'
                    . (defined $cursor ? "&cursor=$cursor" : ''))->json;
    push @seen, @{ $l->{rmas} };
    $cursor = $l->{next};
    if ($page == 1) {
        $t->delivered_order('P-99', 1);
        $t->api(POST => '/rmas', ask('P-99', [ '1', 1 ]));
    }
    last if !defined $cursor;
}
is(join(' ', sort map { $_->{order_number} } @seen),
   join(' ', 'KG-1', map { "P-$_" } 10 .. 34), 'all of them, once');
# ".307Z" comes before "Z" as a string: without the fraction, to the second

my @at = map { $_->{created_at} =~ s/\.\d+Z$/Z/r } @seen;
is_deeply(\@at, [ reverse sort @at ], 'newest first');

# ---- act ----

$t->delivered_order('KG-2', 1);
my $id = $t->api(POST => '/rmas', ask('KG-2', [ '1', 1, 'damaged', 'kırık' ]))
    ->json->{rma}{id};

problem('an action that is none', $t->api(POST => "/rmas/$id/eat", {}), 404,
        'not_found');
problem('an If-Match that is none', $t->api(POST => "/rmas/$id/approve", {},
        'If-Match' => 'W/"1"'), 412, 'bad_if_match');
problem('an old If-Match', $t->api(POST => "/rmas/$id/approve", {},
        'If-Match' => '"99"'), 412, 'changed_meanwhile');
is($t->api(POST => "/rmas/$id/decline", {})->status =~ /^4/, 1,
   'to decline takes a reason');
problem('an unknown field', $t->api(POST => "/rmas/$id/approve",
        { why => 1 }), 400, 'invalid');
is($t->api(GET => "/rmas/$id")->json->{rma}{status}, 'requested',
   'nothing happened');

$res = $t->api(POST => "/rmas/$id/approve", {}, 'If-Match' => '"1"',
               'Idempotency-Key' => 'approve-1');
is($res->status, 200, 'approved') or diag($res->body);
is($res->json->{rma}{status}, 'approved', 'it is');
my $etag = $res->header('etag');
$res = $t->api(POST => "/rmas/$id/approve", {}, 'If-Match' => '"1"',
               'Idempotency-Key' => 'approve-1');
is($res->status, 200, 'the same again') or diag($res->body);
is($res->header('etag'), $etag, 'changed nothing');
$res = $t->api(POST => "/rmas/$id/cancel", { reason => 'vazgeçti' });
is($res->json->{rma}{status}, 'cancelled', 'cancelled');
is($t->api(POST => "/rmas/$id/approve", {})->status, 409,
   'what is cancelled is not approved');
is($t->request(POST => "/api/v1/rmas/$id/approve",
       headers => [ 'X-Actor' => 'x', 'X-Roles' => 'read',
                    'Content-Type' => 'application/json' ],
       body => '{}')->status, 403, 'who may only read');

# ---- events ----

my @events = map { $CXR::Test::json->decode($_) }
             split /\n/, $t->api(GET => '/events?limit=1000')->body;
cmp_ok(scalar @events, '>', 60, 'the journal');
is(join(' ', map { $_->{seq} } @events[ 0 .. 3 ]), '1 2 3 4', 'from the first');
my %types = map { $_->{type} => 1 } @events;
note(join ' ', sort keys %types);
ok((grep { $_->{id} eq $id || ($_->{data}{rma} // '') eq $id } @events),
   'of the RMA');
unlike($t->api(GET => '/events?limit=1000')->text,
       qr/ayse\@example|Ayşe|kırık/, 'nothing personal in clear');

my $last = $events[-1]{seq};
is($t->api(GET => "/events?after=$last")->body, '', 'nothing after the last');
is(scalar(split /\n/, $t->api(GET => '/events?after=5&limit=3')->body), 3,
   'a page of them');

for my $q ('after=-1', 'after=x', 'limit=1001', 'wait=61', 'wait=x') {
    problem($q, $t->api(GET => "/events?$q"), 400, 'bad_query');
}

{
    my $c = $t->conn;
    my $start = CXR::Test::time();
    $c->write(CXR::HTTP::head(GET => "/api/v1/events?after=$last&wait=20",
                              CXR::Test::staff_headers()));
    $t->put_order('W-1');
    my $r = $c->response;
    is($r->status, 200, 'waited for');
    like($r->body, qr/"W1"|"W-1"|w1/i, 'and told');
    cmp_ok(CXR::Test::time() - $start, '<', 15, 'at once');

    $last = (map { $CXR::Test::json->decode($_)->{seq} } split /\n/, $r->body)[-1];
    $start = CXR::Test::time();
    is($t->api(GET => "/events?after=$last&wait=1")->body, '',
       'nothing came in a second');
    cmp_ok(CXR::Test::time() - $start, '>', 0.8, 'which passed');

    # who waits and goes away

    for (1 .. 5) {
        my $w = $t->conn;
        $w->write(CXR::HTTP::head(GET => "/api/v1/events?after=$last&wait=30",
                                  CXR::Test::staff_headers()));
        select undef, undef, undef, 0.02;
        $w->abort;
    }
    is($t->get('/healthz')->status, 200, 'harms nobody');
}

# ---- links ----

for my $c ([ track => { order => 'KG-1' }, qr{/track/t/} ],
           [ order => { order => 'kg1' }, qr{/returns/o/} ],
           [ rma => { rma => $id }, qr{/returns/r/} ],
           [ order => { order => 'KG-1', language => 'en' },
             qr{/en/returns/o/} ])
{
    my ($purpose, $o, $like) = @$c;
    my $r = $t->api(POST => '/links', { purpose => $purpose, %$o });
    is($r->status, 201, "a $purpose link") or diag($r->body);
    like($r->json->{url}, qr{^https://kahvegurusu\.example$like},
         'to its page');
    (my $path = $r->json->{url}) =~ s{^https://[^/]+}{};
    is($t->get($path)->status, 200, 'which is there');
}

# as a QR code for a packing slip: what a reader reads is the link

my $slip = $t->api(POST => '/links', { purpose => 'order', order => 'KG-1',
                                       qr => JSON::PP::true });
is($slip->status, 201, 'a link with its code') or diag($slip->body);
like($slip->json->{qr_svg}, qr{^<svg xmlns="http://www\.w3\.org/2000/svg" },
     'which is a file of its own');
is($t->api(POST => '/links', { purpose => 'order', order => 'KG-1' })
       ->json->{qr_svg}, undef, 'unasked, no code');
problem('a code that is no yes or no', $t->api(POST => '/links',
        { purpose => 'order', order => 'KG-1', qr => 'svg' }), 400, 'invalid');

SKIP: {
    skip 'no rsvg-convert or zbarimg', 1
        if system('command -v rsvg-convert zbarimg >/dev/null 2>&1') != 0;

    my $svg = $t->{dir} . '/slip.svg';
    open my $f, '>', $svg or die "$svg: $!\n";
    print $f $slip->json->{qr_svg};
    close $f;
    system("rsvg-convert -w 800 -b white $svg -o $svg.png") == 0
        or die "rsvg-convert failed\n";
    is(`zbarimg -q --raw $svg.png 2>/dev/null`,
       $slip->json->{url} . "\n", 'and says the link');
}

problem('no purpose', $t->api(POST => '/links', { order => 'KG-1' }), 400,
        'invalid');
problem('another purpose', $t->api(POST => '/links', { purpose => 'label',
        order => 'KG-1' }), 400, 'invalid');
problem('another language', $t->api(POST => '/links', { purpose => 'track',
        order => 'KG-1', language => 'fr' }), 400, 'invalid');
problem('no such order', $t->api(POST => '/links', { purpose => 'track',
        order => 'NONE' }), 404, 'not_found');
is($t->request(POST => '/api/v1/links', headers => [ 'X-Actor' => 'x',
   'X-Roles' => 'read', 'Content-Type' => 'application/json' ],
   body => '{}')->status, 403, 'who may only read');

# ---- the rest ----

problem('no such path', $t->api(GET => '/nothing'), 404, 'not_found');
problem('no such shipment', $t->api(GET => '/shipments/ups/NONE'), 404,
        'not_found');
problem('a shipment that is none', $t->api(GET => '/shipments/ups/'), 404,
        'not_found');
is($t->get('/healthz')->body, "ok\n", 'healthy');
is($t->request(POST => '/healthz', body => '')->status, 405, 'POST');

# ---- a product as it was read ----

$t->api(PUT => '/products/RT', { id => 'RT', title => 'Tur', currency => 'TRY',
    safety_stock => 1, variants => [
        { sku => 'RT-1', title => 'Bir', price => 100, stock => 3 } ] });
my $read = $t->api(GET => '/products/RT');
is($t->api(PUT => '/products/RT', $read->json, 'If-Match'
           => $read->header('etag'))->status, 200, 'may be written again');
is_deeply([ @{ $t->api(GET => '/products/RT')->json }{qw(variants holds)} ],
          [ @{ $read->json }{qw(variants holds)} ], 'and is as it was');
is($t->api(PUT => '/products/RT', { %{ $read->json }, title => 'Yeni',
           revision => 999, holds => [ { sku => 'RT-1', units => 9 } ] })
   ->status, 200, 'what it tells beside it says nothing');
is_deeply($t->api(GET => '/products/RT')->json->{holds}, [],
          'of what is promised');
is($t->api(PUT => '/products/RT', { %{ $read->json }, title => 'Eski' },
           'If-Match' => '"1"')->status, 412, 'but If-Match holds');

my $m = $t->get('/metrics');
like($m->header('content-type'), qr{^text/plain; version=0\.0\.4}, 'metrics');
for my $line (split /\n/, $m->body) {
    next if $line =~ /^# (?:HELP|TYPE) cx_returns_\w+ /
            || $line =~ /^cx_returns_\w+(?:\{(?:(?:shop|carrier)="[a-z0-9-]+",?)+\})?
               \ \d+$/x;
    fail("a metric line: $line");
}
my %help = map { $_ => 1 } $m->body =~ /^# TYPE (\w+)/mg;
my %used = map { $_ => 1 } $m->body =~ /^(\w+)[ {]/mg;
is_deeply([ sort keys %used ], [ sort keys %help ],
          'each is described, and once');
cmp_ok($t->metric('cx_returns_commits_total'), '>', 10, 'they count');
my $before = $t->metric('cx_returns_orders_stored_total');
ok($t->reload, 'reload');
cmp_ok($t->metric('cx_returns_orders_stored_total'), '>=', $before,
       'counters survive it');

my $jwks = $t->get('/.well-known/jwks.json');
is($jwks->header('content-type'), 'application/jwk-set+json', 'public keys');
is(join(' ', sort keys %{ $jwks->json->{keys}[0] }) =~ /\bd\b/ ? 1 : 0, 0,
   'and no secret ones');
like($t->get('/.well-known/paserk')->body, qr/k4\.public\./, 'as PASERK');
unlike($t->get('/.well-known/paserk')->body, qr/k4\.(?:secret|local)\./,
       'no secret');

$t->journal_ok;
# ---- what the lazy do ----

my $made = $t->api(PUT => '/orders/LA-1', CXR::Test::order('LA-1'),
                   'If-None-Match' => '*');
is($made->status, 201, 'PUT of what is not there');
$made = $t->api(PUT => '/orders/LA-1', CXR::Test::order('LA-1'),
                'If-None-Match' => '*');
is($made->status, 412, 'which does not replace what is');
is($made->json->{type}, 'urn:cx-returns:problem:changed_meanwhile', 'told so');
is($t->api(PUT => '/orders/LA-1', CXR::Test::order('LA-1'),
           'If-None-Match' => '"7"')->status, 412, 'nor of another revision');

my %lazy = (id => 'LAZY', title => 'x', currency => 'TRY', variants => []);
is($t->api(PUT => '/products/LAZY', \%lazy, 'If-None-Match' => '*')
       ->header('etag'), '"1"', 'a product: its revision');
is($t->api(PUT => '/products/LAZY', \%lazy, 'If-None-Match' => '*')->status,
   412, 'and the same');

$made = $t->api(GET => '/orders/LA-1', undef, 'If-Match' => '"99"');
is($made->status, 412, 'a GET of another revision');
is($made->header('content-type'), 'application/problem+json', 'is told as JSON');

for my $of ([ GET => 'approve', 405, 'POST' ], [ PUT => 'label', 405,
            'GET, HEAD, POST' ], [ PUT => 'nope', 404, undef ],
            [ GET => 'nope', 404, undef ])
{
    my ($method, $what, $status, $allow) = @$of;
    my $res = $t->api($method, "/rmas/R-0000-0000/$what",
                      $method eq 'PUT' ? {} : undef);
    is($res->status, $status, "$method $what");
    is($res->header('allow'), $allow, 'and what it takes');
}

is($t->api(POST => '/rmas/R-0000-0000', {})->header('allow'), 'GET, HEAD',
   'an RMA itself is read');
is($t->api(GET => '/worklist?limit=0')->json->{errors}[0]{pointer}, '?limit',
   'a parameter is pointed to');
is($t->api(GET => '/worklist?cursor=x')->json->{errors}[0]{pointer}, '?cursor',
   'and a cursor');

# nothing chosen is not all

$t->delivered_order('LA-2', 2);
my $lazy = $t->api(POST => '/rmas', { order => 'LA-2', lines => [ {
    line => '1', quantity => 1, reason => 'damaged', outcome => 'refund',
    note => 'x' } ] })->json->{rma}{id};

for my $verb (qw(approve decline receive grade release confirm fail reopen)) {
    my $res = $t->api(POST => "/rmas/$lazy/$verb", { lines => [] });
    is($res->status, 400, "$verb no line");
    is($res->json->{errors}[0]{pointer}, '/lines', 'which is pointed to');
}

is($t->api(PUT => '/orders/LA-1', "\x1f\x8b", 'Content-Encoding' => 'gzip')
       ->status, 415, 'a body that is packed');
is($t->api(POST => '/orders', "\x1f\x8b", 'Content-Encoding' => 'gzip')
       ->json->{type}, 'urn:cx-returns:problem:content_coding', 'is told so');

# who followed a journal that is not this one, or not any more

my $latest = (map { JSON::PP::decode_json($_) } split /\n/,
            $t->api(GET => '/events?limit=1000')->body)[-1]{seq};
is($t->api(GET => "/events?after=$latest")->body, '', 'the end, for now');
my $ahead = $t->api(GET => '/events?after=' . ($latest + 1));
is($ahead->status, 409, 'beyond it there is none');
is($ahead->json->{type}, 'urn:cx-returns:problem:after_ahead', 'told so');
is($t->api(GET => '/events?wait=60&after=' . ($latest + 1))->status, 409,
   'at once');

$t->finish;
done_testing;

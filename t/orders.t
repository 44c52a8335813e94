#!/usr/bin/perl
# The order feed: one by one and in bulk; every fault is told by its field and
# leaves nothing behind.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 2)->start;
my $json = $CXR::Test::json;

sub problem {
    my ($name, $res, $status, $code) = @_;
    is($res->status, $status, "$name: $status") or diag($res->body);
    is($res->header('content-type'), 'application/problem+json',
       "$name: a problem");
    my $p = $res->json // {};
    is($p->{status}, $status, "$name: status in the body");
    is($p->{type}, "urn:cx-returns:problem:$code", "$name: $code");
    ok(length($p->{detail} // ''), "$name: a sentence");
    return $p;
}

sub pointers { return join ' ', sort map { $_->{pointer} } @{ $_[0]{errors} } }

# ---- put and get ----

my $res = $t->put_order('KG-1001');
is($res->status, 201, 'an order is created') or diag($res->body);
is($res->json->{status}, 'created', 'and told so');
is($res->json->{revision}, 1, 'first revision');
like($res->header('etag'), qr/^"\d+"$/, 'with an ETag');

my $same = CXR::Test::order('KG-1001');
$res = $t->api(GET => '/orders/KG-1001');
is($res->status, 200, 'it can be read');
my $got = $res->json;
is($got->{number}, 'KG-1001', 'number');
is($got->{person}{name}, 'Ayşe Yılmaz', 'the person is opened');
is($got->{ship_to}{postcode}, '34394', 'postcode');
is(scalar @{ $got->{lines} }, 2, 'lines');
is($got->{lines}[0]{unit_price}, 42000, 'price');
is($res->header('cache-control'), 'private, no-store', 'not to be cached');

# what was read can be sent again, and changes nothing

delete $got->{state};
$res = $t->api(PUT => '/orders/KG-1001', $got);
is($res->status, 200, 'the same order again') or diag($res->body);
is($res->json->{status}, 'unchanged', 'unchanged');
is($res->json->{revision}, 1, 'no new revision');

$got->{person}{phone} = '+905559999999';
$res = $t->api(PUT => '/orders/KG-1001', $got);
is($res->json->{status}, 'changed', 'a change of the person is a change');
is($res->json->{revision}, 2, 'a new revision');
is($t->api(GET => '/orders/KG-1001')->json->{person}{phone}, '+905559999999',
   'and read back');

is($t->api(GET => '/orders/kg%201001')->json->{number}, 'KG-1001',
   'numbers are found as people type them');
problem('unknown order', $t->api(GET => '/orders/KG-9'), 404, 'not_found');
problem('other number', $t->api(PUT => '/orders/KG-2',
        CXR::Test::order('KG-3')), 400, 'number_differs');

# ---- faults, field by field ----

my $refused = $t->metric('cx_returns_bad_requests_total');

my @faults = (
    [ 'no number', sub { delete $_->{number} }, '/number' ],
    [ 'empty number', sub { $_->{number} = '' }, '/number' ],
    [ 'number of signs', sub { $_->{number} = '---' }, '/number' ],
    [ 'long number', sub { $_->{number} = 'K' x 200 }, '/number' ],
    [ 'number no string', sub { $_->{number} = 7 }, '/number' ],
    [ 'no time', sub { $_->{placed_at} = 'yesterday' }, '/placed_at' ],
    [ 'time that is none', sub { $_->{placed_at} = '2026-02-30T00:00:00Z' },
      '/placed_at' ],
    [ 'no such currency', sub { $_->{currency} = 'try' }, '/currency' ],
    [ 'bad locale', sub { $_->{locale} = 'türkçe' }, '/locale' ],
    [ 'bad e-mail', sub { $_->{person}{email} = 'ayse at example' },
      '/person/email' ],
    [ 'unknown field', sub { $_->{persona} = {} }, '/persona' ],
    [ 'unknown field within', sub { $_->{ship_to}{planet} = 'Mars' },
      '/ship_to/planet' ],
    [ 'bad country', sub { $_->{ship_to}{country} = 'Turkey' },
      '/ship_to/country' ],
    [ 'no lines', sub { $_->{lines} = [] }, '/lines' ],
    [ 'lines no array', sub { $_->{lines} = {} }, '/lines' ],
    [ 'a line twice', sub { $_->{lines}[1]{line} = '1' }, '/lines/1/line' ],
    [ 'quantity 0', sub { $_->{lines}[0]{quantity} = 0 },
      '/lines/0/quantity' ],
    [ 'quantity -1', sub { $_->{lines}[0]{quantity} = -1 },
      '/lines/0/quantity' ],
    [ 'quantity 1.5', sub { $_->{lines}[0]{quantity} = 1.5 },
      '/lines/0/quantity' ],
    [ 'quantity too large', sub { $_->{lines}[0]{quantity} = 10000 },
      '/lines/0/quantity' ],
    [ 'price no number', sub { $_->{lines}[0]{unit_price} = '42000' },
      '/lines/0/unit_price' ],
    [ 'discount above all', sub { $_->{lines}[0]{discount} = 84001 },
      '/lines/0/discount' ],
    [ 'tax above what was paid', sub { $_->{lines}[1]{tax} = 56001 },
      '/lines/1/tax' ],
    [ 'picture by javascript',
      sub { $_->{lines}[0]{image} = 'javascript:alert(1)' },
      '/lines/0/image' ],
    [ 'parcel of no line', sub { $_->{shipments} = [ { carrier => 'ups',
      number => '1Z', lines => [ '9' ] } ] }, '/shipments/0/lines/0' ],
    [ 'carrier no slug', sub { $_->{shipments} = [ { carrier => 'U P S',
      number => '1Z' } ] }, '/shipments/0/carrier' ],
    [ 'three at once', sub { $_->{currency} = 'X'; $_->{number} = '';
      $_->{lines}[0]{quantity} = 0 }, '/currency /lines/0/quantity /number' ],
);

for my $f (@faults) {
    my ($name, $edit, $where) = @$f;
    local $_ = CXR::Test::order('KG-66');
    $edit->();
    my $p = problem($name, $t->api(PUT => '/orders/KG-66', $_), 400,
                    'invalid');
    is(pointers($p), $where, "$name: at $where");
}

is($t->api(GET => '/orders/KG-66')->status, 404, 'nothing was stored');
cmp_ok($t->metric('cx_returns_bad_requests_total'), '>=',
       $refused + @faults, 'and it was counted');

# text is made one clean line before it is kept: nothing in it can forge a log
# line or turn a page's direction

$t->put_order('KG-67', person => { name => "Ay\x{1}\x{202e}e \n Y\x{85}" });
$got = $t->api(GET => '/orders/KG-67')->json;
unlike($got->{person}{name} // '', qr/[\x00-\x1f\x80-\x9f\x{202e}]/,
       'control characters are not kept');
$got = $t->api(GET => '/orders/KG-1001')->json;
delete $got->{state};

# ---- bodies that are no order at all ----

sub put_raw {
    my ($body, @h) = @_;
    return $t->request(PUT => '/api/v1/orders/KG-66',
        headers => [ CXR::Test::staff_headers(),
                     'Content-Type' => 'application/json', @h ],
        body => $body);
}

problem('no JSON', put_raw('{'), 400, 'not_json');
problem('empty', put_raw(''), 400, 'not_json');
problem('not UTF-8', put_raw(qq({"number":"\xff\xfe"})), 400, 'not_json');
problem('a key twice', put_raw('{"number":"KG-66","number":"KG-67"}'), 400,
        'not_json');
problem('too deep', put_raw('[' x 5000 . ']' x 5000), 400, 'not_json');
problem('two values', put_raw('{} {}'), 400, 'not_json');
is(put_raw('[]')->status, 400, 'an array');
problem('of another type',
        $t->request(PUT => '/api/v1/orders/KG-66',
            headers => [ CXR::Test::staff_headers(),
                         'Content-Type' => 'text/plain' ],
            body => '{}'), 415, 'not_json');
problem('of no type',
        $t->request(PUT => '/api/v1/orders/KG-66',
            headers => [ CXR::Test::staff_headers() ], body => '{}'),
        415, 'not_json');
is(put_raw('{"a":"' . 'x' x (1024 * 1024) . '"}')->status, 413,
   'larger than cx_returns_json_size');
is($t->api(GET => '/orders/KG-66')->status, 404, 'nothing was stored');

problem('DELETE', $t->api(DELETE => '/orders/KG-1001'), 405,
        'method_not_allowed');
problem('GET of all', $t->api(GET => '/orders'), 405, 'method_not_allowed');

# ---- who may ----

for my $c ([ 'read', PUT => 403 ], [ 'orders', GET => 403 ],
           [ 'orders', PUT => 200 ], [ 'read', GET => 200 ],
           [ 'preorders orders2', PUT => 403 ], [ '', GET => 403 ])
{
    my ($roles, $method, $status) = @$c;
    is($t->request($method => '/api/v1/orders/KG-1001',
           headers => [ 'X-Actor' => 'shop', 'X-Roles' => $roles,
                        'Content-Type' => 'application/json' ],
           body => $method eq 'PUT' ? $json->encode($got) : undef)->status,
       $status, "$method with \"$roles\": $status");
}

is($t->request(GET => '/api/v1/orders/KG-1001',
               headers => [ 'X-Roles' => 'read' ])->status, 403,
   'nobody may nothing');
is($t->api(PUT => '/orders/KG-1001', $got,
           'Sec-Fetch-Site' => 'cross-site')->status, 403,
   'a browser from another site');
is($t->api(PUT => '/orders/KG-1001', $got,
           Origin => 'https://evil.example')->status, 403,
   'an older browser from another site');
is($t->api(PUT => '/orders/KG-1001', $got,
           'Sec-Fetch-Site' => 'same-origin')->status, 200, 'our own site');

# ---- products ----

my $product = { id => 'ETH', title => 'Etiyopya', currency => 'TRY',
                variants => [ { sku => 'ETH-250', title => '250 g',
                                price => 42000, stock => 5 } ] };

$res = $t->api(PUT => '/products/ETH', $product);
is($res->status, 201, 'a product is created') or diag($res->body);
is($t->api(PUT => '/products/ETH', $product)->json->{status}, 'unchanged',
   'again: unchanged');
is($t->api(GET => '/products/ETH')->json->{variants}[0]{stock}, 5, 'read');
problem('id differs', $t->api(PUT => '/products/X', $product), 400,
        'id_differs');
$product->{variants}[0]{stock} = -1;
is(pointers(problem('bad stock', $t->api(PUT => '/products/ETH', $product),
            400, 'invalid')), '/variants/0/stock', 'at its place');
problem('unknown product', $t->api(GET => '/products/NONE'), 404, 'not_found');

# ---- bulk ----

sub bulk {
    my ($body, @h) = @_;
    return $t->request(POST => '/api/v1/orders',
        headers => [ CXR::Test::staff_headers(),
                     'Content-Type' => 'application/x-ndjson', @h ],
        body => $body);
}

sub lines { return map { $json->decode($_) } split /\n/, $_[0]->body }

my $started = CXR::Test::time();
my @bodies = map { $json->encode(CXR::Test::order("B-$_")) . "\n" } 1 .. 10_000;
my $all = join '', @bodies;

# in chunks that cut lines anywhere

my @pieces = unpack '(a100003)*', $all;
$res = bulk(\@pieces);
is($res->status, 200, '10,000 orders in one post') or diag(substr $res->body, 0, 500);
is($res->header('content-type'), 'application/x-ndjson', 'a report by line');
my @report = lines($res);
is(scalar @report, 10_001, 'a line for each, and the sum');
is(scalar(grep { ($_->{status} // '') eq 'created' } @report), 10_000,
   'all created');
is_deeply([ @{ $report[-1] }{qw(status lines stored unchanged refused)} ],
          [ 'done', 10_000, 10_000, 0, 0 ], 'the sum');
note(sprintf '10,000 orders in %.1f s', CXR::Test::time() - $started);

is($t->api(GET => '/orders/B-1')->status, 200, 'the first is there');
is($t->api(GET => '/orders/B-10000')->status, 200, 'the last is there');

@report = lines(bulk($all));
is_deeply([ @{ $report[-1] }{qw(stored unchanged refused)} ],
          [ 0, 10_000, 0 ], 'again: all unchanged');

# faults among good ones

@report = lines(bulk(join '', $json->encode(CXR::Test::order('C-1')), "\r\n",
    "\n", "no json\n", $json->encode(CXR::Test::order('C-2', currency => 'x')),
    "\n", $json->encode(CXR::Test::order('C-3')), "\n", "\xff\xfe\n",
    $json->encode(CXR::Test::order('C-4'))));

my %by = map { $_->{line} => $_ } grep { $_->{line} } @report;
is($by{1}{status}, 'created', 'line 1');
ok(!$by{2}, 'empty lines are let pass');
is("$by{3}{status} $by{3}{code}", 'refused not_json', 'line 3');
is("$by{4}{status} $by{4}{code}", 'refused invalid', 'line 4');
is($by{4}{errors}[0]{pointer}, '/currency', 'by its field');
is($by{5}{status}, 'created', 'line 5');
is("$by{6}{status} $by{6}{code}", 'refused not_json', 'line 6');
is($by{7}{status}, 'created', 'the last line without an end');
is_deeply([ @{ $report[-1] }{qw(status stored refused)} ], [ 'done', 3, 3 ],
          'the sum');
is($t->api(GET => '/orders/C-2')->status, 404, 'the refused is not there');

is($t->request(POST => '/api/v1/orders',
       headers => [ CXR::Test::staff_headers(),
                    'Content-Type' => 'application/json' ],
       body => '{}')->status, 415, 'bulk is NDJSON');

$res = bulk($json->encode(CXR::Test::order('D-1')) . "\n"
            . 'x' x (2 * 1024 * 1024) . "\n"
            . $json->encode(CXR::Test::order('D-2')) . "\n");
is($res->status, 413, 'a line without end');
like($res->body, qr/"code":"line_too_long"/, 'told by its line');
is($t->api(GET => '/orders/D-1')->status, 200, 'the line before is stored');
is($t->api(GET => '/orders/D-2')->status, 404, 'what stands after is not');

# a last line that is too much, with an end of its own or without one

for my $end ("\n", '') {
    my $few = CXR::Test->new(api => 'cx_returns_bulk_lines 2;')->start;
    my $r = $few->request(POST => '/api/v1/orders',
        headers => [ CXR::Test::staff_headers(),
                     'Content-Type' => 'application/x-ndjson' ],
        body => join("\n", map { $json->encode(CXR::Test::order("G-$_")) }
                     1 .. 3) . $end);
    is($r->status, 413, 'too many lines');
    is_deeply([ @{ (lines($r))[-1] }{qw(stored code)} ],
              [ 2, 'too_many_lines' ], 'those before are stored');
    $few->finish;
}

# a connection that breaks in the middle of a line: whole batches at most

{
    my $c = $t->conn;
    $c->write(CXR::HTTP::head(POST => '/api/v1/orders',
        CXR::Test::staff_headers(), 'Content-Type' => 'application/x-ndjson',
        'Content-Length' => 1_000_000));
    $c->write($json->encode(CXR::Test::order('E-1')) . "\n"
              . substr $json->encode(CXR::Test::order('E-2')), 0, 50);
    $c->abort;
    is($t->put_order('E-3')->status, 201, 'the next is served');
    is($t->api(GET => '/orders/E-2')->status, 404, 'no half order');
}

# two lines of one order in one body, and many of one

@report = lines(bulk(join '', map {
    $json->encode(CXR::Test::order('F-1', locale => $_)) . "\n"
} qw(tr en tr)));
is(join(' ', map { $_->{status} } @report[ 0 .. 2 ]),
   'created changed changed', 'one order thrice in one body, in order');
is($t->api(GET => '/orders/F-1')->json->{state}{revision}, 3, 'revision 3');

$t->journal_ok;
$t->finish;
done_testing;

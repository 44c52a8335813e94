#!/usr/bin/perl
# What a hostile or a clumsy caller tries and no other test does: bodies beyond
# all limits, the last unit a hundred times at once, a limit got past in
# slices, an order overwritten by who has not read it, links in the logs.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 2, server => 'client_max_body_size 1m;')
    ->start;
my @staff = CXR::Test::staff_headers();
my $type = 'application/x-www-form-urlencoded';

sub form_of {
    my ($page) = @_;
    my ($form) = grep { $_->{action} =~ m{/rma$} } $page->forms;
    return $form // ($page->forms)[0];
}

# To the review of so many units of the first line.

sub review {
    my ($url, $n) = @_;
    my $details = $t->submit(form_of($t->get($url)),
                             { 'c.0' => 1, 'q.0' => $n });
    return $t->submit(form_of($details),
                      { 'r.0' => 'changed_mind', 'o.0' => 'refund' });
}

sub rmas {
    my ($order) = @_;
    return @{ $t->api(GET => "/rmas?order=$order")->json->{rmas} };
}

# ---- too much ----

$t->delivered_order('KG-1', 2);
my $order = $t->link_path('order', order => 'KG-1');

for my $p ('/returns/lookup', "$order/items", "$order/rma", '/track/') {
    my $res = $t->request(POST => $p, headers => [ 'Content-Type' => $type ],
                          body => 'number=' . 'A' x 300_000);
    is($res->status, 413, substr($p, 0, 20) . ': too much');
    like($res->header('content-security-policy') // '', qr/default-src 'none'/,
         'by a page of ours');
}

my $res = $t->api(PUT => '/orders/KG-1', ' ' x 1_500_000);
is($res->status, 413, 'too much for the API');
is($res->header('content-type'), 'application/problem+json', 'as a problem');
unlike($t->log, qr/temporary file/, 'nothing of it went to the disk');

# ---- the largest order ----

{
    my $big = CXR::Test->new(portal => 'cx_returns_form_size 1m; '
                             . 'client_body_buffer_size 1m;')->start;
    my $variants = sub { return { id => 'BIG', title => 'Büyük',
        currency => 'TRY', variants => [ map { { sku => "V$_",
            title => '"' x $_[1], price => 100, stock => 500 } }
            1 .. $_[0] ] } };
    my $go = sub {
        my $page = $big->get($_[0]);
        return $big->submit(($page->forms)[0],
                            { map { ("c.$_" => 1) } 0 .. 199 });
    };

    $big->api(PUT => '/products/BIG', $variants->(10, 100));
    $big->delivered_order('KG-1', 2, lines => [ map { { line => "l$_",
        sku => "S$_", title => '"' x 200, variant => '"' x 100,
        quantity => 1, unit_price => 100, product => 'BIG' } } 1 .. 200 ]);
    my $url = $big->link_path('order', order => 'KG-1');

    $res = $go->($url);
    is($res->status, 200, 'two hundred lines of ten variants');
    cmp_ok(length $res->body, '>', 2_000_000, 'in one page');

    $big->api(PUT => '/products/BIG', $variants->(200, 300));
    $res = $go->($url);
    is($res->status, 500, 'what no page can hold');
    like($res->header('content-security-policy') // '', qr/default-src 'none'/,
         'is told by a page of ours');
    like($res->text, qr/destek\@kahvegurusu\.example/, 'with whom to write to');
    is($big->get('/returns/')->status, 200, 'and the next one is served');
    $big->finish;
}

is($t->get("/.well-known/$_")->status, 404, "no keys as \"$_\"")
    for '', 'security.txt', 'acme-challenge/x', 'x.json';

# ---- what is not allowed says what is ----

for my $c ([ DELETE => '/api/v1/orders/KG-1', 'GET, HEAD, PUT' ],
           [ GET => '/api/v1/orders', 'POST' ],
           [ DELETE => '/api/v1/products/x', 'GET, HEAD, PUT' ],
           [ PUT => '/api/v1/rmas', 'GET, HEAD, POST' ],
           [ POST => '/api/v1/shipments/ups/1', 'GET, HEAD' ],
           [ POST => '/api/v1/events', 'GET, HEAD' ],
           [ GET => '/api/v1/links', 'POST' ],
           [ POST => '/api/v1/worklist', 'GET, HEAD' ],
           [ GET => '/feeds/ups', 'POST' ], [ PUT => '/returns/', 'GET, HEAD' ],
           [ PUT => '/returns/lookup', 'POST' ],
           [ POST => '/metrics', 'GET, HEAD' ],
           [ POST => '/healthz', 'GET, HEAD' ],
           [ POST => '/.well-known/jwks.json', 'GET, HEAD' ],
           [ POST => '/assets/x.css', 'GET, HEAD' ])
{
    $res = $t->request($c->[0], $c->[1], headers => \@staff);
    is($res->status, 405, "$c->[0] $c->[1]");
    is($res->header('allow'), $c->[2], 'Allow');
}

# ---- nothing is for a browser to guess at ----

for my $p ('/returns/', $order, "$order/items", '/returns/nothing',
           '/api/v1/orders/KG-1', '/api/v1/orders/KG-0', '/api/v1/events',
           '/metrics', '/healthz', '/.well-known/jwks.json', '/staff/')
{
    is($t->get($p, @staff)->header('x-content-type-options'), 'nosniff',
       substr($p, 0, 30) . ': nosniff');
}

# ---- an order or a product is not written over unread ----

$res = $t->api(GET => '/orders/KG-1');
my $etag = $res->header('etag');
my $next = sub { return CXR::Test::order('KG-1', tags => [ $_[0] ],
    placed_at => $res->json->{placed_at} // CXR::Test::iso(time)) };

is($t->api(PUT => '/orders/KG-1', $next->('a'), 'If-Match' => '"99"')->status,
   412, 'an order that somebody has changed since');
is($t->api(PUT => '/orders/KG-1', $next->('a'), 'If-Match' => 'W/"1"')->status,
   412, 'an If-Match that is none');
is($t->api(GET => '/orders/KG-1')->header('etag'), $etag, 'nothing happened');
is($t->api(PUT => '/orders/KG-1', $next->('a'), 'If-Match' => $etag)->status,
   200, 'as it was read');
is($t->api(PUT => '/orders/KG-1', $next->('b'), 'If-Match' => $etag)->status,
   412, 'but once');
is($t->api(PUT => '/orders/KG-9', CXR::Test::order('KG-9'),
           'If-Match' => '"1"')->status, 412, 'an order that is not there');
is($t->api(GET => '/orders/KG-9')->status, 404, 'is not made');

my $cup = { id => 'CUP', title => 'Fincan', currency => 'TRY', variants =>
            [ { sku => 'CUP-W', title => 'beyaz', price => 1, stock => 1 } ] };
is($t->api(PUT => '/products/CUP', $cup, 'If-Match' => '"1"')->status, 412,
   'a product that is not there');
is($t->api(PUT => '/products/CUP', $cup)->status, 201, 'made');
$etag = $t->api(GET => '/products/CUP')->header('etag');
$cup->{title} = 'Kupa';
is($t->api(PUT => '/products/CUP', $cup, 'If-Match' => $etag)->status, 200,
   'changed as it was read');
$cup->{title} = 'Bardak';
is($t->api(PUT => '/products/CUP', $cup, 'If-Match' => $etag)->status, 412,
   'but once');

# ---- the last unit, a hundred times at once ----

$t->delivered_order('KG-2', 2, lines => [ { line => '1', sku => 'A',
    title => 'Son', quantity => 1, unit_price => 999 } ]);
my $last = $t->link_path('order', order => 'KG-2');
my @sent;

for my $form (map { form_of(review($last, 1)) } 1 .. 100) {
    my $body = CXR::Test::encode_form(@{ $form->{fields} });
    my $c = $t->conn;
    $c->write("POST $form->{action} HTTP/1.1\r\nHost: x\r\n"
              . "Content-Type: $type\r\nConnection: close\r\n"
              . 'Content-Length: ' . length($body) . "\r\n\r\n");
    push @sent, [ $c, $body ];
}

$_->[0]->write($_->[1]) for @sent;
my %got;
$got{ $_->[0]->response('POST')->status }++ for @sent;
is($got{303}, 1, 'one gets it');
is(($got{409} // 0) + ($got{422} // 0), 99, 'the others are told');
is(scalar rmas('KG-2'), 1, 'one RMA');

# ---- a sum that a person looks at, in slices ----

$t->delivered_order('KG-3', 2, lines => [ { line => '1', sku => 'A',
    title => 'Makine', quantity => 4, unit_price => 70000 } ]);
my $dear = $t->link_path('order', order => 'KG-3');

for (1 .. 3) {
    is($t->submit(form_of(review($dear, 1)))->status, 303, "slice $_");
}

my %status;
$status{ $_->{status} }++ for rmas('KG-3');
is_deeply(\%status, { approved => 2, requested => 1 },
          'what goes over the limit waits');

my ($waiting) = grep { $_->{status} eq 'requested' } rmas('KG-3');
my ($fine) = grep { $_->{status} eq 'approved' } rmas('KG-3');
is($t->api(POST => "/rmas/$_->{id}/cancel", {})->status, 200, 'cancelled')
    for $waiting, $fine;
is($t->submit(form_of(review($dear, 1)))->status, 303, 'another');
%status = ();
$status{ $_->{status} }++ for rmas('KG-3');
is($status{approved}, 2, 'what was cancelled counts no more');

# ---- nobody owes what the review did not show ----

sub beans {
    my ($price) = @_;
    return $t->api(PUT => '/products/ETH', { id => 'ETH', title => 'Etiyopya',
        currency => 'TRY', variants => [
            { sku => 'ETH-250', title => '250 g', price => 42000, stock => 9 },
            { sku => 'ETH-500', title => '500 g', price => $price,
              stock => 9 } ] })->status;
}

is(beans(42000), 201, 'beans at one price');
$t->delivered_order('KG-4', 2);
my $beans = $t->link_path('order', order => 'KG-4');
my $details = $t->submit(form_of($t->get($beans)), { 'c.0' => 1, 'q.0' => 1 });
my $even = $t->submit(form_of($details), { 'r.0' => 'changed_mind',
    'o.0' => 'exchange:ETH-500' });
is($even->status, 200, 'the review: nothing to pay');
is(beans(99900), 200, 'beans at another price');

$res = $t->submit(form_of($even));
is($res->status, 409, 'not sent');
like($res->text, qr/tutar değişti/, 'and says why');
is(scalar rmas('KG-4'), 0, 'no RMA');

$details = $t->submit(form_of($res), { 'c.0' => 1, 'q.0' => 1 });
my $dearer = $t->submit(form_of($details), { 'r.0' => 'changed_mind',
    'o.0' => 'exchange:ETH-500' });
like($dearer->text, qr/579,00/, 'the review: what is to be paid');
is($t->submit(form_of($dearer), { m => $_ })->status, 400, "no sums: $_")
    for '', '.', '1', '-1.0', '0.0.0', '99999999999999999999.0';
is($t->submit(form_of($dearer))->status, 303, 'sent');
is((rmas('KG-4'))[0]{due}, 57900, 'and owed');

# ---- parts add up to the whole, in any order ----

srand 7;

for my $k (1 .. 20) {
    my $n = 2 + int rand 9;
    my $price = 1 + int rand 5000;
    my $discount = int rand $price * $n;
    my $tax = int rand $price * $n - $discount + 1;
    my ($left, %live) = ($n);

    $t->put_order("AD-$k", lines => [ { line => '1', sku => 'A', title => 'x',
        quantity => $n, unit_price => $price, discount => $discount,
        tax => $tax } ]);

    for (1 .. 12) {
        my @ids = sort keys %live;

        if ($left == 0 || (@ids && rand() < .35)) {
            my $id = $ids[rand @ids];
            $t->api(POST => "/rmas/$id/cancel", {});
            $left += (delete $live{$id})->{quantity};
            next;
        }

        my $q = 1 + int rand $left;
        my $rma = $t->api(POST => '/rmas', { order => "AD-$k",
            override => JSON::PP::true, lines => [ { line => '1',
            quantity => $q, reason => 'changed_mind' } ] })->json->{rma};
        $live{ $rma->{id} } = $rma->{lines}[0];
        $left -= $q;
    }

    if ($left) {
        my $rma = $t->api(POST => '/rmas', { order => "AD-$k",
            override => JSON::PP::true, lines => [ { line => '1',
            quantity => $left, reason => 'changed_mind' } ] })->json->{rma};
        $live{ $rma->{id} } = $rma->{lines}[0];
    }

    my ($paid, $vat, $refund) = (0, 0, 0);
    for (values %live) {
        $paid += $_->{paid};
        $vat += $_->{tax};
        $refund += $_->{refund};
    }

    is("$paid $vat $refund", join(' ', $price * $n - $discount, $tax,
                                  $price * $n - $discount),
       "$n of $price less $discount: all of it and no more");
}

# ---- many addresses of one network are one caller ----

{
    my $few = CXR::Test->new(server => 'set_real_ip_from 127.0.0.1; '
        . 'real_ip_header X-Real-IP;', edit => sub {
            my ($conf) = @_;
            $conf =~ s/(cx_returns_lookup_rate) \S+/$1 2r\/m;/;
            return $conf;
        })->start;
    my $from = sub {
        return join ' ', map { $few->form('/returns/lookup',
            [ [ number => 'KG-1' ], [ proof => 'a@example.com' ] ],
            'X-Real-IP' => $_)->status } @_;
    };

    # all within one minute of the clock
    my $left = 60 - time % 60;
    sleep $left if $left < 10;

    is($from->('2001:db8:0:1::1', '2001:db8:0:1::2', '2001:db8:0:1:ffff::3'),
       '404 404 429', 'an IPv6 network');
    is($from->('2001:db8:0:2::1'), '404', 'another one');
    is($from->('::ffff:192.0.2.1', '::ffff:192.0.2.2', '192.0.2.3',
               '192.0.2.3', '192.0.2.3'), '404 404 404 404 429',
       'an IPv4 address is one caller, in either spelling');
    $few->finish;
}

# ---- no link in error.log, whoever complains ----

(my $rma = $t->submit(form_of(review($order, 1)))->header('location'))
    =~ s/\?.*//;
(my $spelt = $rma) =~ s/v4\.local\./V4%2elocal%2E/;

for my $p ($order, $rma, $spelt, '/elsewhere/' . ($rma =~ m{([^/]+)$})[0]) {
    $t->request(POST => "$p/cancel", headers => [ 'Content-Type' => $type,
        Referer => "http://127.0.0.1$rma", 'Content-Length' => 9_000_000 ]);
}

my ($secret) = $rma =~ /v4\.local\.(.{40})/;
my @said = grep { /too large body/ } split /\n/, $t->log;
is(scalar @said, 4, 'nginx complains of each');
is(scalar(grep { /\Q$secret\E/ } @said), 0, 'and tells no token');
like($said[1], qr{"POST /tr/returns/r/v4\.local\.-/cancel HTTP},
     'but the rest of the line');
like($said[1], qr{referrer: "[^"]*/r/v4\.local\.-"}, 'nor by the referrer');

$t->journal_ok;
$t->finish;
done_testing;

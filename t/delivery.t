#!/usr/bin/perl
# What the delivery to the shopper cost goes back: as the law has it when she
# withdraws from everything, at once or in parts; as the policy has it else; and
# everybody is shown the same.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP;
use Test::More;

use CXR::Test;

my $cx = CXR::Test::cx();

sub lines {
    my ($n) = @_;
    return [ map { { line => "$_", sku => "SKU-$_", title => "Kahve $_",
                     quantity => 2, unit_price => 10000 * $_, tax => 0 } }
             1 .. $n ];
}

my %dear = (price => 4990, discount => 1000, tax => 665, standard => 2990);

sub order {
    my ($t, $number, $country, %o) = @_;
    $t->delivered_order($number, 1, lines => lines(2), delivery => \%dear,
        ship_to => { country => $country, postcode => '34394',
                     city => 'X' }, %o);
}

sub rma {
    my ($t, $order, $lines, %o) = @_;
    my $res = $t->api(POST => '/rmas', { order => $order, %o, lines => [
        map { my ($line, $n, @more) = @$_;
              { line => "$line", quantity => $n, ($o{withdrawal} ? ()
                : (reason => 'changed_mind', outcome => 'refund')), @more } }
        @$lines ] });
    return diag($res->text) && undef if $res->status != 201;
    my $rma = $res->json->{rma};
    $t->api(POST => "/rmas/$rma->{id}/approve")
        if $rma->{status} eq 'requested';
    return $rma->{id};
}

sub one { my ($t, $id) = @_; return $t->api(GET => "/rmas/$id")->json }
sub money { my ($t, $id) = @_; return one($t, $id)->{money} }
sub got { my ($t, $id) = @_; return $t->api(POST => "/rmas/$id/receive") }

my @all = ([ 1, 2 ], [ 2, 2 ]);
my @with = (withdrawal => JSON::PP::true);

sub events {
    my ($t, $type) = @_;
    return grep { $_->{type} eq $type } map { decode_json($_) }
        grep { length } split /\n/,
        $t->api(GET => '/events?after=0&limit=1000')->body;
}

my $t = CXR::Test->new->start;

# ---- the order carries it ----

is($t->put_order('D-0', lines => lines(1), delivery => \%dear)->status, 201,
   'an order with what its delivery cost');
is_deeply($t->api(GET => '/orders/D-0')->json->{delivery}, \%dear,
          'which it gives again');

for my $c ([ 'more off than it cost', '/delivery/discount', discount => 5000 ],
           [ 'more tax than was paid', '/delivery/tax', tax => 4000 ],
           [ 'a standard that is dearer', '/delivery/standard',
             standard => 3991 ],
           [ 'less than nothing', '/delivery/price', price => -1 ])
{
    my ($what, $where, @bad) = @$c;
    my $res = $t->put_order('D-0', lines => lines(1),
                            delivery => { %dear, @bad });
    is($res->status, 400, $what);
    like($res->body, qr{"\Q$where\E"}, 'with its place');
}

# ---- the whole contract, at once ----

order($t, 'D-1', 'TR');
my $id = rma($t, 'D-1', \@all, @with);
my $m = money($t, $id);
is($m->{sum}{delivery}, 3990, 'Turkey: all that was paid for it');
is($m->{sum}{refund}, 60000 + 3990, 'with the goods');
is($m->{sum}{paid} + $m->{sum}{delivery}, $m->{sum}{refund}, 'it adds up');
is(one($t, $id)->{rma}{delivery_tax}, 665, 'and says the tax in it');

order($t, 'D-2', 'DE');
my $eu = rma($t, 'D-2', \@all, @with);
is(money($t, $eu)->{sum}{delivery}, 2990,
   'the Union: not what a dearer one cost more');

my $html = $t->get('/en' . $t->link_path('rma', rma => $id))->text;
like($html, qr{Delivery cost.*39\.90}s, 'the shopper sees it');
like($html, qr{once everything from the order has come back}, 'and when');
like($t->get($t->link_path('rma', rma => $id))->text,
     qr{Kargo ücreti.*39,90}s, 'in Turkish, too');
$html = $t->get("/en/staff/rma/$id", $t->staff_headers)->text;
like($html, qr{Delivery cost.*39\.90}s, 'the desk sees it');
like($t->get('/staff/export.csv', $t->staff_headers)->text,
     qr{rma,[^\n]*,delivery\b.*\n\Q$id\E,[^\n]*,39\.90\b}s,
     'the export has it');

got($t, $id);
my ($out) = grep { $_->{data}{rma} eq $id } events($t, 'settlement.released');
is($out->{data}{money}, 63990, 'the shop is told to pay it');
ok($out->{data}{delivery}, 'and that it is in it');
is($t->api(POST => "/rmas/$id/confirm", { reference => 'P-1' })->status, 200,
   'paid');
is(one($t, $id)->{rma}{status}, 'completed', 'done');
my $res = $t->put_order('D-1', lines => lines(2), delivery => { price => 3989 },
    ship_to => { country => 'TR', postcode => '34394', city => 'X' });
is($res->status, 409, 'less than went back cannot have been paid');
like($res->body, qr/delivery_in_return/, 'and it says so');

# ---- in parts: nothing for a part, all of it with the last ----

order($t, 'D-3', 'TR');
my $first = rma($t, 'D-3', [ [ 1, 2 ] ], @with);
is(money($t, $first)->{sum}{delivery}, 0, 'a part: what the policy says');
my $second = rma($t, 'D-3', [ [ 2, 2 ] ], @with);
is(money($t, $second)->{sum}{delivery}, 3990, 'and the last part brings it');
is(money($t, $second)->{delivery_rest}, 3990, 'which waits');
got($t, $second);
is(one($t, $second)->{rma}{told}, 40000, 'for the goods of the first');
is(one($t, $second)->{rma}{lines}[0]{settlement}, 'owed', 'and is owed');
got($t, $first);
is(one($t, $first)->{rma}{told}, 20000, 'these came');
is(one($t, $second)->{rma}{told}, 43990, 'and it is told with the other');
is(money($t, $second)->{delivery_rest}, 0, 'nothing waits');

# ---- who takes a part back has not given everything back ----

order($t, 'D-4', 'TR');
$first = rma($t, 'D-4', [ [ 1, 2 ] ], @with);
$second = rma($t, 'D-4', [ [ 2, 2 ] ], @with);
got($t, $second);
is($t->api(POST => "/rmas/$first/cancel", { reason => 'Vazgeçti.' })->status,
   200, 'the first is taken back');
is(money($t, $second)->{sum}{delivery}, 0, 'nothing of it any more');
is(one($t, $second)->{rma}{told}, 40000, 'nor was it paid');
is(one($t, $second)->{rma}{lines}[0]{settlement}, 'released', 'nor is it owed');
my @moved = grep { $_->{data}{rma} eq $second } events($t, 'rma.delivery');
is(scalar @moved, 1, 'an event tells');
is($t->api(POST => "/rmas/$first/reopen")->status, 200, 'after all');
is(money($t, $first)->{sum}{delivery} + money($t, $second)->{sum}{delivery},
   3990, 'then it is there again');
got($t, $first);
is(one($t, $first)->{rma}{told} + one($t, $second)->{rma}{told}, 63990,
   'once, and paid with the last');

# ---- the law is under the policy; a return is no withdrawal ----

my %p = map { $_ => CXR::Test->new(shop => { 'policy.delivery_refund' => $_ eq
    'none' ? { withdrawal => 'none', return => 'last_unit' }
           : { withdrawal => 'proportion', return => 'proportion' } })->start }
    qw(none share);

for my $c ([ TR => 3990 ], [ DE => 2990 ], [ US => 0 ]) {
    my ($country, $want) = @$c;
    my $number = 'N-' . ord $country;
    order($p{none}, $number, $country);
    my $one = rma($p{none}, $number, [ [ 1, 2 ] ], @with);
    my $two = rma($p{none}, $number, [ [ 2, 2 ] ], @with);
    is(money($p{none}, $one)->{sum}{delivery}, 0, "$country: none for a part");
    is(money($p{none}, $two)->{sum}{delivery}, $want,
       "$country: but for the whole what the law says");
}

order($p{none}, 'N-5', 'TR');
$id = rma($p{none}, 'N-5', [ [ 1, 2 ] ]);
$second = rma($p{none}, 'N-5', [ [ 2, 2 ] ], @with);
is(money($p{none}, $second)->{sum}{delivery}, 0,
   'a return and a withdrawal are not the whole withdrawn');
is(money($p{none}, $id)->{sum}{delivery}, 2990,
   'but the policy gives it to a return, once all is back');

# ---- shares, to the last cent ----

order($p{share}, 'S-1', 'TR', delivery => { price => 1001 });
my @parts = map { rma($p{share}, 'S-1', [ $_ ], @with) }
            [ 1, 1 ], [ 2, 1 ], [ 1, 1 ], [ 2, 1 ];
my @given = map { money($p{share}, $_)->{sum}{delivery} } @parts;
my $sum = 0;
$sum += $_ for @given;
is($sum, 1001,
   "@given: all of it, no cent lost");
ok($given[1] > $given[0], 'by what was paid for the goods');
got($p{share}, $_) for @parts;
my $told = 0;
$told += one($p{share}, $_)->{rma}{told} for @parts;
is($told, 61001, 'and paid so');

# ---- a claim, an exchange, an order without ----

my ($reason) = grep { ($_->{claim} // '') eq 'damaged' } @{ decode_json(
    CXR::Test::slurp($t->dir . '/shops/kahve-gurusu.json'))->{policy}{reasons} };
order($t, 'C-1', 'TR');
$id = rma($t, 'C-1', [ map { [ @$_, reason => $reason->{code}, note => 'Kırık' ] }
                       @all ]);
is(money($t, $id)->{sum}{delivery}, 3990, 'all of it came broken: all of it');
order($t, 'C-2', 'TR');
$id = rma($t, 'C-2', [ [ 1, 1, reason => $reason->{code}, note => 'Kırık' ] ]);
is(money($t, $id)->{sum}{delivery}, 0, 'one of it: the rest is there');
order($t, 'C-3', 'TR');
$id = rma($t, 'C-3', [ map { [ @$_, outcome => 'replacement',
    reason => $reason->{code}, note => 'Kırık' ] } @all ],
    override => JSON::PP::true, override_reason => 'Olsun');
is(money($t, $id)->{sum}{delivery}, 0, 'other goods bring none of it');
order($t, 'C-4', 'TR');
$id = rma($t, 'C-4', \@all);
is(money($t, $id)->{sum}{delivery}, 0, 'nor does a return, unless it is said');
$t->delivered_order('C-5', 1, lines => lines(1));
$id = rma($t, 'C-5', [ [ 1, 2 ] ], @with);
is(money($t, $id)->{sum}{refund}, 20000, 'an order that says nothing of it');

# ---- short ----

order($t, 'C-6', 'TR');
$id = rma($t, 'C-6', \@all, @with);
$t->api(POST => "/rmas/$id/receive", { lines => [
    { line => '1', count => 2 }, { line => '2', count => 1,
                                   no_more => JSON::PP::true } ] });
is(one($t, $id)->{rma}{told}, 40000, 'what never came is with her yet');
is(money($t, $id)->{sum}{delivery}, 0, 'so it was not everything');

# ---- what the policy would do ----

order($t, 'E-1', 'DE');
my $dir = $t->dir;
my $said = `$cx policy explain --store $dir/store --keys $dir/keys --shop $dir/shops/kahve-gurusu.json C-5 2>&1`;
is($?, 0, 'explain') or diag $said;
$said = `$cx policy explain --store $dir/store --keys $dir/keys --shop $dir/shops/kahve-gurusu.json --kind withdrawal E-1 2>&1`;
like($said, qr{delivery given back: last_unit, up to .*29[.,]90}, 'says it') or diag $said;
my $shop = decode_json(CXR::Test::slurp("$dir/shops/kahve-gurusu.json"));
$shop->{policy}{delivery_refund} = { return => 'proportion' };
CXR::Test::spew("$dir/shops/other.json", encode_json($shop));
$said = `$cx policy simulate $dir/shops/other.json --store $dir/store --shop $dir/shops/kahve-gurusu.json 2>&1`;
like($said, qr{give back more or less of the delivery}, 'simulate finds it')
    or diag $said;

for my $r ($t, values %p) {
    my $d = $r->dir;
    $r->journal_ok;
    is(system("$cx rebuild --store $d/store --into $d/anew --keys $d/keys "
              . ">/dev/null 2>&1"), 0, 'it comes out of the journal again');
    $r->finish;
}

done_testing;

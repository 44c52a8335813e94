#!/usr/bin/perl
# Where goods go back to, when rules send them elsewhere than to the warehouse.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Test;

my $BERLIN = { id => 'berlin', name => 'Kahve Gurusu Retouren',
               lines => [ 'Oderstraße 7' ], postcode => '10247',
               city => 'Berlin', country => 'DE' };
my $REPAIRS = { id => 'repairs', name => 'Değirmen Ustası',
                lines => [ 'Perşembe Pazarı 3' ], postcode => '34421',
                city => 'İstanbul', country => 'TR' };

sub start {
    my (%shop) = @_;
    return CXR::Test->new(workers => 1, shop => {
        'policy.auto_approve' => JSON::PP::true(),
        'policy.review_above' => 0,
        'policy.outcomes' => [ qw(refund exchange) ],
        destinations => [ $REPAIRS, $BERLIN ],
        'policy.rules' => [
            { id => 'mend', when => { sku => 'CUP-*' },
              then => { destination => 'repairs' } },
            { id => 'germany', when => { country => [ 'DE' ] },
              then => { destination => 'berlin' } } ], %shop });
}

my $t = start()->start;

sub ask {
    my ($order, @lines) = @_;
    my $res = $t->api(POST => '/rmas', { order => $order, lines => [
        map { { line => $_, quantity => 1, reason => 'changed_mind' } }
        @lines ] });
    is($res->status, 201, "$order @lines: asked for") or diag($res->text);
    return $res->json->{rma};
}

sub page {
    my ($rma, $tail) = @_;
    return $t->get($t->link_path('rma', rma => $rma->{id}) . ($tail // ''));
}

$t->put_order($_) for qw(D-1 D-2 D-3);
$t->put_order($_, ship_to => { country => 'DE', postcode => '10115',
                               city => 'Berlin' }) for qw(D-4 D-5);

my $rma = ask('D-1', '1');
ok(!exists $rma->{destination}, 'no rule: the warehouse');
like(page($rma)->text, qr/Kahve Gurusu (?!Retouren)/, 'whose address she reads');

$rma = ask('D-2', '2');
is($rma->{destination}, 'repairs', 'a line with a place of its own');
like(page($rma)->text, qr/Değirmen Ustası.*Perşembe Pazarı 3.*34421 İstanbul/s,
     'her page');
like(page($rma, '/label.html')->text, qr/Perşembe Pazarı 3/, 'the label');
like(page($rma, '/slip.html')->text, qr/\Q$rma->{id}\E/, 'the slip');
like($t->get("/en/staff/rma/$rma->{id}", $t->staff_headers)->text,
     qr{Goes to</dt><dd>Değirmen Ustası<}, 'the desk');

is(ask('D-3', '1', '2')->{destination}, 'repairs',
   'of the warehouse and a place the place');

$rma = ask('D-4', '1');
is($rma->{destination}, 'berlin', 'a country');
like(page($rma)->text, qr/Oderstraße 7.*10247 Berlin/s, 'its address');
unlike(page($rma)->text, qr/ALMANYA/, 'without its country, at home');
is(ask('D-5', '2', '1')->{destination}, 'repairs',
   'of two places the first in the file, whatever the order of the lines');

my $abroad = $t->api(GET => '/rmas?order=D-5')->json->{rmas}[0];
like(page($abroad)->text, qr{TÜRKİYE|TURKEY|TÜRKIYE}, 'abroad with it');

# ---- a file that has it no more ----

$t->{shop}{destinations} = [ $BERLIN ];
$t->{shop}{'policy.rules'} = [];
$t->write_shop;
$t->reload;
like(page({ id => $t->api(GET => '/rmas?order=D-2')->json->{rmas}[0]{id} })->text,
     qr/Kahve Gurusu/, 'goes to the warehouse');
unlike(page({ id => $t->api(GET => '/rmas?order=D-2')->json->{rmas}[0]{id} })->text,
       qr/Perşembe Pazarı/, 'and nowhere else');
$t->journal_ok;
$t->finish;

# ---- the file ----

for my $c (
    [ { 'policy.rules' => [ { id => 'x', then => { destination => 'paris' } } ] },
      qr/must be the id of one of/, 'a place that is none' ],
    [ { destinations => [ $BERLIN, $BERLIN ] }, qr/another destination/, 'one twice' ],
    [ { destinations => [ { %$BERLIN, id => 'warehouse' } ] },
      qr/another destination/, 'the warehouse by name' ],
    [ { destinations => [ { %$BERLIN, lines => [] } ] }, qr/1 to 5 lines/,
      'no address' ],
    [ { destinations => [ { %$BERLIN, country => 'Germany' } ] }, qr/country/,
      'a country in words' ])
{
    my ($shop, $why, $what) = @$c;
    my ($rc, $out) = start(%$shop)->check;
    isnt($rc, 0, "$what is refused");
    like($out, $why, "$what: said");
}

done_testing();

#!/usr/bin/perl
# Carriers' return codes: imported by the command beside a running nginx, given
# to RMAs, told when they run out: at the desk, as an event, as a metric.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP;
use Test::More;

use CXR::Test;

my $t = CXR::Test->new(shop => {
    'policy.methods' => [ 'carrier_code' ],
    return_codes => [ { carrier => 'yurtici', low => 2 },
                      { carrier => 'aras', low => 0 } ],
})->start;
my $dir = $t->dir;
my $in = "--store $dir/store --keys $dir/keys --shop $dir/shops/kahve-gurusu.json";
my @who = $t->staff_headers;

sub run {
    my ($args) = @_;
    my $out = `@{[ CXR::Test::cx() ]} codes $args 2>&1`;
    utf8::decode($out);
    return ($? >> 8, $out);
}

sub import_of {
    my ($text, $more) = @_;
    CXR::Test::spew("$dir/codes", $text);
    return run("import $in " . ($more // '--carrier yurtici --by staff:ayse')
               . " $dir/codes");
}

sub events {
    my ($type) = @_;
    return grep { $_->{type} eq $type }
        map { decode_json($_) }
        grep { length } split /\n/,
        $t->api(GET => '/events?after=0&limit=1000')->body;
}

sub metric {
    my ($what, $carrier) = @_;
    return $t->get('/metrics')->body
        =~ /^cx_returns_codes_$what\{[^}]*carrier="$carrier"\} (\d+)$/m ? $1 : -1;
}

# An RMA of an order of its own, approved, that needs a code.

my $orders = 0;

sub asked {
    my $number = 'KG-' . ++$orders;
    $t->delivered_order($number, 1);
    my $rma = $t->api(POST => '/rmas', { order => $number, lines => [
        { line => '1', quantity => 1, reason => 'changed_mind',
          outcome => 'refund' } ] })->json->{rma};
    $t->api(POST => "/rmas/$rma->{id}/approve")
        if $rma->{status} eq 'requested';
    return $t->api(GET => "/rmas/$rma->{id}")->json->{rma};
}

# ---- before there are any ----

my ($status, $out) = run("list $in");
is($status, 1, 'a pool that is low is no good news');
like($out, qr/^yurtici +0 free \(low\) +0 assigned +0 imported, 0 waiting$/m,
     'nothing there');
my $first = asked();
is($first->{code} // '', '', 'an RMA waits');
my $html = $t->get('/en/staff/', @who)->text;
like($html, qr/Yurtiçi Kargo: no return code is left/, 'which the desk tells');
like($html, qr/1 approved return has none yet/, 'and who waits');
is(metric('low', 'yurtici'), 1, 'so does a metric');
is(metric('waiting', ''), -1, 'of the shop, not of a carrier');

# ---- what is wrong with a file ----

($status, $out) = import_of("YK-1\nYK 2\n");
is($status, 1, 'a mistake');
like($out, qr{/codes:2: a code is 1 to 40 letters}, 'with its line');
is(scalar events('codes.imported'), 0, 'nothing of it was imported');
($status, $out) = import_of(join('', map { "X-$_\n" } 1 .. 10_001) . "X 1\n");
like($out, qr{/codes:10002: a code}, 'counted on behind the first 10,000');
is(scalar events('codes.imported'), 0, 'and nothing of those either');
($status, $out) = import_of("YK-1\n", '--carrier ups --by ayse');
is($status, 1, 'a carrier that the shop does not have');
like($out, qr/"return_codes" has no carrier "ups"/, 'says which');
is((run("import $in --carrier yurtici $dir/codes"))[0], 2, 'nobody did it');

# ---- the import ----

($status, $out) = import_of("code,expires\nYK-1\nYK-2,2001-01-01T00:00:00Z\n"
    . "YK-3,2999-01-01T00:00:00Z\nYK-4\nYK-5\n");
is($status, 0, 'imported') or diag $out;
is($out, "5 codes imported, 0 known before; 1 RMAs got the one they waited "
   . "for, 0 still wait\n", 'and it says what became of it');
is((events('codes.imported'))[0]{actor},
   'staff:ayse', 'the journal knows who');
like($t->api(GET => "/rmas/$first->{id}")->json->{rma}{code}, qr/^YK-/,
     'whoever waited has one');
($status, $out) = import_of("YK-1\nYK-4\nYK-6\n");
like($out, qr/^1 codes imported, 2 known before;/, 'the same again is told');
($status, $out) = run("list $in --json");
my %pool = map { my $p = decode_json($_); ($p->{carrier} => $p) }
           split /\n/, $out;
is($pool{yurtici}{free}, 4, 'what has expired is not free');
is($pool{yurtici}{total}, 6, 'but was imported');
ok(!$pool{yurtici}{is_low}, 'and it is low no more');
is($status, 1, 'though another carrier has none');
unlike($t->get('/en/staff/', @who)->text, qr/Yurtiçi Kargo: \d+ return/,
       'the desk says nothing of it any more');
is(metric('low', 'yurtici'), 0, 'nor does the metric');
is(metric('free', 'yurtici'), 4, 'which knows how many there are');
is($t->api(GET => '/codes')->json->{pools}[0]{free}, 4, 'as the API does');
($status, $out) = import_of("{\"code\":\"AR-1\"}\n{\"code\":\"AR-2\"}\n",
                            '--carrier aras --by staff:ayse');
like($out, qr/^2 codes imported/, 'JSON lines');
($status, $out) = run("list $in");
is($status, 0, 'all of them have some') or diag $out;

# ---- running out ----

asked() for 1 .. 2;
my @low = events('pool.low');
is(scalar @low, 1, 'two are left: an event tells it once');
is($low[0]{data}{free}, 2, 'with how many');
like($t->get('/tr/staff/', @who)->text, qr/Yurtiçi Kargo: 2 iade kodu kaldı/,
     'the desk in Turkish');
is(metric('low', 'yurtici'), 1, 'the metric');
asked();
is(scalar events('pool.low'), 1, 'and not again');

$t->journal_ok('the journal verifies');
is(system(CXR::Test::cx() . " rebuild --store $dir/store --into $dir/anew "
          . "--keys $dir/keys >/dev/null 2>&1"), 0,
   'all of it comes out of the journal again');

$t->finish;
done_testing;

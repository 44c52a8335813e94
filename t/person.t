#!/usr/bin/perl
# What is known of a person, and its removal: exported, erased beside a running
# nginx, and gone from the file; pages, API, desk and labels go on without it.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Encode;
use JSON::PP;
use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 2)->start;
my @desk = ('X-Actor' => 'ayse', 'X-Roles' => 'read approve');
my $dir = $t->dir;

sub cx {
    my ($command, @args) = @_;
    my $all = join ' ', map { "'$_'" } @args;
    my $out = `@{[ CXR::Test::cx() ]} $command --store $dir/store \\
               --keys $dir/keys --shop $dir/shops/kahve-gurusu.json $all 2>&1`;
    return ($? >> 8, $out);
}

my %who = (person => { name => 'Zeynep Karabulut',
                       email => 'zeynep@ornek.example',
                       phone => '+90 535 777 88 99' });

$t->put_order("KG-$_", %who) for 1, 2;
$t->put_order('KG-3', person => { name => 'Ali Demir',
                                  email => 'ali@ornek.example' });

my $res = $t->api(POST => '/rmas', { order => 'KG-1', locale => 'tr',
    method => 'label', lines => [ { line => '1', quantity => 1,
        reason => 'damaged', outcome => 'refund',
        note => 'kutunun köşesi ezilmiş' } ] });
is($res->status, 201, 'an RMA') or diag($res->body);
my $id = $res->json->{rma}{id} // $res->json->{id};
my $page = $t->link_path('order', order => 'KG-1');
my $rma = $t->link_path('rma', rma => $id);
my $track = $t->link_path('track', order => 'KG-1');

# ---- export ----

my ($status, $out) = cx('person export', 'zeynep@ornek.example');
is($status, 0, 'export by e-mail') or diag($out);
my $all = eval { decode_json($out) };
ok($all, 'is JSON') or diag($out);
is(scalar @{ $all->{orders} }, 2, 'both orders');
my ($one) = grep { $_->{order}{number} eq 'KG-1' } @{ $all->{orders} };
is($one->{person}{name}, 'Zeynep Karabulut', 'the person');
is($one->{rmas}[0]{rma}{id}, $id, 'the RMA');
is($one->{rmas}[0]{notes}[0]{text}, 'kutunun köşesi ezilmiş', 'its note');
ok((grep { $_->{type} eq 'rma.created' } @{ $all->{events} }),
   'and what happened');

($status, $out) = cx('person export', 'kg 3');
is($status, 0, 'export by number');
is(decode_json($out)->{orders}[0]{person}{email}, 'ali@ornek.example',
   'another');
is((cx('person export', $_))[0], 1, "nobody: $_")
    for 'KG-99', 'none@ornek.example';
is((cx('person export'))[0], 2, 'nothing said');

# ---- erase ----

is((cx('person erase', 'KG-1'))[0], 2, 'who does it must be said');
($status, $out) = cx('person erase', '--by=staff:ayse',
                     'zeynep@ornek.example');
is($status, 1, 'not while a request is under way');
like($out, qr/\Q$id\E is under way/, 'which it names');
like($out, qr/KG2: the person is erased/, 'the other order is');

($status, $out) = cx('person erase', '--by=staff:ayse', '--open', 'KG-1');
is($status, 0, 'unless it is said') or diag($out);
($status, $out) = cx('person erase', '--by=staff:ayse', '--open', 'KG-1');
like($out, qr/nothing of a person was left/, 'once');

my ($event) = grep { $_->{type} eq 'person.erased' && $_->{id} eq 'KG1' }
              map { decode_json($_) } grep { length } split /\n/,
              $t->api(GET => '/events?after=0&limit=1000')->body;
is($event->{actor}, 'staff:ayse', 'who did it stands in the journal');

# ---- everything goes on ----

my $api = $t->api(GET => '/orders/KG-1');
is($api->status, 200, 'API: the order');
unlike($api->body, qr/Karabulut|zeynep/, 'without the person');
$api = $t->api(GET => "/rmas/$id");
is($api->status, 200, 'API: the RMA');
unlike($api->body, qr/ezilmiş|ezilmi\\u/, 'without the note');
is_deeply($t->api(GET => '/rmas?q=karabulut')->json->{rmas}, [],
          'not found by name');
is(scalar @{ $t->api(GET => '/rmas?q=kg1')->json->{rmas} }, 1,
   'still by number');

my $html = $t->get("/staff/rma/$id", @desk);
is($html->status, 200, 'desk: the RMA');
unlike($html->body, qr/Karabulut|zeynep/, 'without the person');

for my $e ([ 'order page', $page ], [ 'RMA page', $rma ],
           [ 'tracking page', $track ], [ 'label', "$rma/label.html" ],
           [ 'label as PDF', "$rma/label.pdf" ], [ 'ZPL', "$rma/label.zpl" ])
{
    my $r = $t->get($e->[1]);
    cmp_ok($r->status, '<', 500, "$e->[0]: no error (" . $r->status . ')');
    unlike($r->body, qr/Karabulut|zeynep/, 'and no person');
}

# ---- and no byte is left ----

ok($t->stop, 'nginx stops');
is(system(CXR::Test::cx() . " compact --store $dir/store --into $dir/small"
          . ' >/dev/null'), 0, 'compact');
is(system(CXR::Test::cx() . " journal verify --store $dir/small >/dev/null"),
   0, 'the copy holds');
is(system(CXR::Test::cx() . " rebuild --store $dir/small --into $dir/anew "
          . "--keys $dir/keys >/dev/null"), 0, 'and is what its journal says');
isnt(system(CXR::Test::cx() . " compact --store $dir/store --into $dir/small"
            . ' >/dev/null 2>&1'), 0, 'never over a store');

$t->finish;
done_testing();

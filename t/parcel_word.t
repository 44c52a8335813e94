#!/usr/bin/perl
# Whoever knows a tracking number can name it as hers: no money follows from
# what a carrier tells of such a parcel until the shop names it, too, or the goods are
# counted.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 2, shop => {
    'policy.auto_approve' => JSON::PP::true(),
    'policy.review_above' => 0,
    'policy.release' => { refund => 'first_scan', exchange => 'delivered' },
})->start;

my @desk = CXR::Test::staff_headers();
my $parcel = 800000000000;

sub made {
    my ($order) = @_;
    $t->delivered_order($order, 1);
    my $res = $t->api(POST => '/rmas', { order => $order, lines => [
        { line => '1', quantity => 2, reason => 'changed_mind',
          outcome => 'refund' } ] });
    is($res->status, 201, "a return of $order") or diag($res->body);
    return $res->json->{rma}{id};
}

sub rma { return $t->api(GET => "/rmas/$_[0]")->json->{rma} }

# "in_transit/owed"
sub facts {
    my $l = rma($_[0])->{lines}[0];
    return "$l->{parcel}/$l->{settlement}";
}

sub named {
    my ($id, $number) = @_;
    my $page = $t->get($t->link_path('rma', rma => $id));
    my ($form) = grep { $_->{action} =~ m{/parcel$} } $page->forms;
    return $t->submit($form, { carrier => 'yurtici', number => $number });
}

sub scanned {
    my ($number, $text) = @_;
    is($t->feed('yurtici', CXR::Test::yurtici($number,
        [ time - 60, $text ]))->status, 200, "the carrier: $text");
}

# ---- a stranger's parcel ----

my $id = made('W-1');
my $page = $t->get($t->link_path('rma', rma => $id))->text;
like($page, qr/Kargo firması paketi alınca/,
     'with a parcel of its own the page promises the money at the first scan')
    or diag($page);

is(named($id, ++$parcel)->status, 303, 'a shopper names a number');
scanned($parcel, 'Kargo teslim alındı');
is(facts($id), 'in_transit/owed', 'which moves, and nothing is released');
scanned($parcel, 'Teslim edildi');
is(facts($id), 'delivered/owed', 'nor when somebody has it');

$page = $t->get($t->link_path('rma', rma => $id))->text;
like($page, qr/paket bize ulaştığında eşleştireceğiz/, 'she reads why');
like($page, qr/Ürünleri teslim alıp sayınca/,
     'and what her money waits for');
like($t->api(GET => "/rmas/$id")->body, qr/"unproven":true/,
     'the API says whose word it is');

# ---- the shop's word ----

my $desk = $t->get("/staff/rma/$id", @desk);
my ($vouch) = grep { ($_->{action} // '') =~ m{/parcel$}
                     && grep { $_->[0] eq 'number' && $_->[1] eq $parcel }
                        @{ $_->{fields} } } $desk->forms;
ok($vouch, 'the desk asks whether it is the right one');
is($t->submit($vouch, {}, @desk)->status, 303, 'staff say so');
is(facts($id), 'delivered/released', 'and the money is released');
unlike($t->get("/staff/rma/$id", @desk)->text, qr/Bu iadenin paketi/,
       'it is asked once');
unlike($t->get($t->link_path('rma', rma => $id))->text,
       qr/eşleştireceğiz/, 'and no longer told');

# ---- the API's ----

$id = made('W-2');
is(named($id, ++$parcel)->status, 303, 'another');
scanned($parcel, 'Kargo teslim alındı');
is(facts($id), 'in_transit/owed', 'waits');
is($t->api(POST => "/rmas/$id/parcel", { carrier => 'yurtici',
    number => "$parcel" })->status, 200, 'the shop names it through the API');
is(facts($id), 'in_transit/released', 'which counts');

# ---- the count ----

$id = made('W-3');
is(named($id, ++$parcel)->status, 303, 'a third');
scanned($parcel, 'Teslim edildi');
is($t->api(POST => "/rmas/$id/receive", {})->status, 200, 'is counted');
is(facts($id), 'delivered/released', 'and needs nobody\'s word');

# ---- what is somebody's is nobody else's ----

$id = made('W-4');
is(named($id, $parcel)->status, 409, 'another shopper\'s parcel');
my $out = $t->delivered_order('W-5', 1);
is(named($id, $out)->status, 409, 'the parcel of another order');

$t->journal_ok;
$t->finish;
done_testing;

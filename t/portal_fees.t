#!/usr/bin/perl
# A fee for the way back is borne by what it was agreed for: beside store credit,
# which the law leaves to the shop, a refund goes back free of charge where the
# law says so; and every page of the portal names the same sums before it is sent.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Test;

my $t = CXR::Test->new(shop => {
    'policy.fee' => 4990, 'policy.outcomes' => [ 'refund', 'store_credit' ],
    'policy.review_above' => 0, 'policy.methods' => [ 'label', 'own_carrier', 'in_store' ],
})->start;

sub ask { return { line => "$_[0]", quantity => 1, reason => 'changed_mind',
                   outcome => $_[1] } }

sub money {
    my ($name, $order, $country, @lines) = @_;
    $t->delivered_order($order, 1, ship_to => { country => $country,
        postcode => '34394', city => 'X' });
    my $res = $t->api(POST => '/rmas', { order => $order, lines => \@lines });
    is($res->status, 201, "$name: made") or diag($res->body);
    return map { $_->{fee} // 0 } @{ $res->json->{rma}{lines} };
}

# ---- whose it is ----

is_deeply([ money('by law', 'F-1', 'TR', ask(1, 'refund'),
                  ask(2, 'store_credit')) ], [ 0, 4990 ],
          'a refund that is free by law bears nothing of it');
is_deeply([ money('refund alone', 'F-2', 'TR', ask(1, 'refund')) ], [ 0 ],
          'nor alone');
is_deeply([ money('no law', 'F-3', 'US', ask(1, 'refund'),
                  ask(2, 'store_credit')) ], [ 2139, 2851 ],
          'where none lies under it, all bear it');
is_deeply([ money('a claim', 'F-4', 'US', { %{ ask(1, 'refund') },
                  reason => 'wrong_item' }, ask(2, 'store_credit')) ],
          [ 0, 4990 ], 'a claim bears nothing of it');

# ---- what the portal says of it ----

$t->delivered_order('F-5', 1);
my $url = $t->link_path('order', order => 'F-5');
my $items = $t->get("/tr$url");
like($items->text, qr/Seçiminize göre ücretsiz ya da en çok ₺49,90/,
     'the order: it depends');

my ($form) = $items->forms;
my $details = $t->submit($form, { 'c.0' => 1, 'q.0' => 1, 'c.1' => 1 });
like($details->text, qr/ya da en çok ₺49,90; tutar her seçeneğin yanında/,
     'the way says so, too');
is(() = $details->text =~ /geri gönderim ücreti ₺49,90/g, 2,
   'and each credit names it');
like($details->text, qr/Mağazaya bırakarak.*?Ücretsiz\./s, 'a store is free');

($form) = $details->forms;
my $review = $t->submit($form, { 'r.0' => 'changed_mind', 'o.0' => 'refund',
    'r.1' => 'changed_mind', 'o.1' => 'store_credit', w => 'label' });
is($review->status, 200, 'the review');
like($review->text, qr/İade ücreti.*?-₺49,90/s, 'the fee is a row of it');
like($review->text, qr/₺420,00.*?₺510,10/s, 'credit bears all of it');
like($review->text, qr/₺510,10 tutarında hediye çeki verilecek/,
     'and when it comes is said');

# what nothing depends on is said plainly

$t->delivered_order('F-6', 1, ship_to => { country => 'US',
    postcode => '10001', city => 'X' });
$url = $t->link_path('order', order => 'F-6');
like($t->get("/en$url")->text, qr/Return fee.*?TRY\x{a0}?\s?49\.90/s,
     'one fee for all');
unlike($t->get("/en$url")->text, qr/by what you choose/, 'no choice in it');

# ---- who pays a carrier of her own ----

sub carried {
    my ($order, @lines) = @_;
    $t->delivered_order($order, 1);
    my $id = $t->api(POST => '/rmas', { order => $order, lines => \@lines,
        method => 'own_carrier' })->json->{rma}{id};
    $t->api(POST => "/rmas/$id/approve", {});
    return ($t->get('/en' . $t->link_path('rma', rma => $id))->text,
            $t->get("/en/staff/rma/$id", $t->staff_headers)->text);
}

my ($hers, $desk) = carried('F-7', { %{ ask(1, 'refund') },
    reason => 'wrong_item' }, ask(2, 'refund'));
like($hers, qr/pay back the share of the item that came damaged/,
     'a claim beside a return: its share is the shop\'s');
like($desk, qr/we pay the claim\x{2019}s share of the carrier/, 'staff read it, too');

($hers, $desk) = carried('F-8', { %{ ask(1, 'refund') },
    reason => 'wrong_item' });
like($hers, qr/we pay back what the carrier cost/, 'a claim: all of it');
like($desk, qr/we pay the carrier\x{2019}s cost back/, 'as staff read');

($hers, $desk) = carried('F-9', ask(2, 'refund'));
like($hers, qr/you pay the carrier/, 'a return: hers');
unlike($desk, qr/against the receipt/, 'and nothing of it at the desk');
like($desk, qr/Send it with a carrier you choose/, "but the way");

$t->finish;
done_testing();

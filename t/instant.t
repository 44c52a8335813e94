#!/usr/bin/perl
# An exchange whose goods go out first, as the shopper asks for it: what she is
# told before and after, until when, and what becomes of it.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Test;

sub start {
    my (%shop) = @_;
    return CXR::Test->new(workers => 1, shop => {
        'policy.instant_exchange_days' => 7,
        'policy.auto_approve' => JSON::PP::true(),
        'policy.review_above' => 0,
        'policy.outcomes' => [ qw(refund exchange) ],
        'policy.release' => { refund => 'received', exchange => 'received' },
        %shop })->start;
}

my $t = start();

is($t->api(PUT => '/products/ETH', { id => 'ETH', title => 'E',
    currency => 'TRY', variants => [
        { sku => 'ETH-250', title => '250 g', price => 42000, stock => 9 },
        { sku => 'ETH-F', title => 'Filtre', price => 42000, stock => 9 } ] })
   ->status =~ /^20[01]$/, 1, 'a product');

sub of {
    my ($page, $tail) = @_;
    my ($f) = grep { ($_->{action} // '') =~ m{\Q$tail\E$} } $page->forms;
    return $f;
}

# to the review of the first line, for a variant or for its money
sub review {
    my ($x, $order, $outcome) = @_;
    my $page = $x->get('/en' . $x->link_path('order', order => $order));
    my ($form) = grep { grep { $_->[0] eq 'v' } @{ $_->{fields} } } $page->forms;
    my $details = $x->submit($form, { 'c.0' => 1, 'q.0' => 1 });
    return $x->submit(of($details, '/review'),
                      { 'r.0' => 'changed_mind', 'o.0' => $outcome });
}

sub made {
    my ($res) = @_;
    is($res->status, 303, 'asked for') or diag($res->text);
    (my $page = $res->header('location')) =~ s/\?.*//;
    return $page;
}

sub rma { return $t->api(GET => "/rmas?order=$_[0]")->json->{rmas}[0] }

# ---- the choice ----

$t->delivered_order($_, 1) for qw(I-1 I-2 I-3 I-4);

my $page = review($t, 'I-1', 'exchange:ETH-F');
like($page->text, qr/When should the new item go out\?/, 'she is asked');
like($page->text, qr/name="i" value="0" checked/, 'after the return, if unsaid');
like($page->text, qr/once your return has reached us/, 'and when that is');
like($page->text, qr/You then have 7 days to hand in/, 'the deadline');
like($page->text, qr/charge the new item to the card.*it stays with the shop/s,
     'what happens after it, and whose the card is');
unlike(review($t, 'I-2', 'refund')->text, qr/When should the new item/,
       'of money nothing is asked');

# ---- later ----

my $url = made($t->submit(of(review($t, 'I-2', 'exchange:ETH-F'), '/rma')));
ok(!rma('I-2')->{lines}[0]{instant}, 'it waits, as it did');
unlike($t->get($url)->text, qr/goes out first/, 'and nothing is due');

# ---- at once ----

$url = made($t->submit(of($page, '/rma'), { i => 1 }));
my $rma = rma('I-1');
ok($rma->{lines}[0]{instant}, 'it goes out first');
is($rma->{lines}[0]{settlement}, 'released', 'which the shop is told');
ok($rma->{instant_due}, 'with a day');
like($t->get($url)->text, qr/Your new item goes out first/, 'her page says so');
like($t->get($url)->text, qr/hand in your return by \d+ \w+ \d{4}\. If it isn/,
     'until when, and what else');

# ---- a number that she gives ----

my ($sent) = grep { $_->{action} =~ m{/parcel$} } $t->get($url)->forms;
is($t->submit($sent, { carrier => 'yurtici', number => '900000000001' })
   ->status, 303, 'she names a parcel');
$t->feed('yurtici', CXR::Test::yurtici('900000000001',
    [ time - 60, 'Kargo teslim alındı' ]));
like($t->get($url)->text, qr/has to reach us by/, 'which has to arrive');
is($t->api(POST => "/rmas/$rma->{id}/overdue", {})->status, 409,
   'it is not time yet');

# ---- and the shop knows of ----

is($t->api(POST => "/rmas/$rma->{id}/parcel", { carrier => 'yurtici',
   number => '900000000001' })->status, 200, 'the shop names it');
like($t->get($url)->text, qr/nothing will be charged/, 'all is well');

# ---- back and on again keeps the choice ----

$page = review($t, 'I-3', 'exchange:ETH-F');
my $form = of($page, '/rma');
my @fields = map { $_->[0] eq 'i' ? [ i => 1 ] : $_ } @{ $form->{fields} };
(my $back = $form->{action}) =~ s{/rma$}{/details};
my $details = $t->form($back, \@fields);
is($details->status, 200, 'back to the reasons');
$page = $t->submit(of($details, '/review'), {});
like($page->text, qr/name="i" value="1" checked/, 'she need not choose again');

# of an exchange that became a refund it means nothing
$page = $t->submit(of($details, '/review'), { 'o.0' => 'refund' });
$url = made($t->submit(of($page, '/rma')));
ok(!rma('I-3')->{instant_due}, 'a refund after all');

is($t->form($form->{action}, [ [ i => 1 ], [ i => 0 ] ])->status, 400,
   'no form of ours says both');
$t->journal_ok;
$t->finish;

# ---- where the policy does not offer it ----

my $none = start('policy.instant_exchange_days' => undef);
$none->api(PUT => '/products/ETH', { id => 'ETH', title => 'E',
    currency => 'TRY', variants => [
        { sku => 'ETH-F', title => 'Filtre', price => 42000, stock => 9 } ] });
$none->delivered_order('I-1', 1);
$page = review($none, 'I-1', 'exchange:ETH-F');
unlike($page->text, qr/When should the new item/, 'nothing is asked');
my $res = $none->submit(of($page, '/rma'), { i => 1 });
is($res->status, 409, 'who asks all the same is told');
like($res->text, qr/class="errors"/, 'in words');
$none->finish;
done_testing;

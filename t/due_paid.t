#!/usr/bin/perl
# A dearer exchange: the shopper is asked for the difference, the replacement
# goes out when it is paid, and it is paid back when the request is taken back.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP;
use Test::More;

use CXR::Test;

my $t = CXR::Test->new(shop => {
    pay_url => 'https://shop.example/pay?rma={rma}&sum={amount}',
    'policy.release' => { exchange => 'on_submit' } })->start;
my @who = $t->staff_headers;

$t->api(PUT => '/products/ETH', { id => 'ETH', title => 'Etiyopya',
    currency => 'TRY', variants => [
        { sku => 'ETH-1', title => '1 kg', price => 50000, stock => 9 } ] });

sub asked {
    my ($number) = @_;
    $t->delivered_order($number, 1, lines => [ { line => '1', sku => 'ETH',
        title => 'Etiyopya', quantity => 1, unit_price => 30000, tax => 0,
        product => 'ETH' } ]);
    my $rma = $t->api(POST => '/rmas', { order => $number, lines => [
        { line => '1', quantity => 1, reason => 'changed_mind',
          outcome => 'exchange', exchange_sku => 'ETH-1' } ] })->json->{rma};
    $t->api(POST => "/rmas/$rma->{id}/approve")
        if $rma->{status} eq 'requested';
    return $rma->{id};
}

sub one { return $t->api(GET => "/rmas/$_[0]")->json }

sub events {
    my ($type) = @_;
    return grep { $_->{type} eq $type } map { decode_json($_) }
        grep { length } split /\n/,
        $t->api(GET => '/events?after=0&limit=1000')->body;
}

# ---- it waits ----

my $id = asked('KD-1');
my $now = one($id);
is($now->{money}{due_open}, 20000, 'the difference is owed');
like($now->{money}{pay_url}, qr/rma=\Q$id\E&sum=20000$/, 'and asked for');
is(scalar events('settlement.released'), 0, 'nothing goes out before');
is($t->api(POST => "/rmas/$id/paid", { amount => 20001 })->status, 409,
   'more than is owed');
is($t->api(POST => "/rmas/$id/repaid")->status, 409, 'nothing to pay back');

# ---- in parts ----

is($t->api(POST => "/rmas/$id/paid", { amount => 5000, reference => 'P-1' })
   ->status, 200, 'a part of it');
$now = one($id);
is($now->{money}{due_open}, 15000, 'the rest is open');
like($now->{money}{pay_url}, qr/sum=15000$/, 'and asked for');
is(scalar events('settlement.released'), 0, 'and still waited for');
my $html = $t->get($t->link_path('rma', rma => $id))->text;
like($html, qr/sum=15000/, 'the shopper sees what is left');
like($html, qr/50,00/, 'and what she has paid');

my $page = $t->get("/en/staff/rma/$id", @who);
like($page->text, qr/once the shopper has paid.*150\.00/s, 'the desk, too');
my ($form) = grep { grep { $_->[0] eq 'verb' && ($_->[1] // '') eq 'paid' }
                    @{ $_->{fields} } } $page->forms;
ok($form, 'which has a button for it');
is($t->submit($form, { reference => 'P-2' }, @who)->status, 303, 'pressed');
$now = one($id);
is($now->{money}{due_open}, 0, 'all is paid');
is($now->{rma}{due_reference}, 'P-2', 'with its reference');
is($now->{money}{pay_url} // '', '', 'nobody pays twice');
my ($out) = events('settlement.released');
is($out->{data}{rma}, $id, 'and the replacement goes out');

# ---- taken back ----

$id = asked('KD-2');
$t->api(POST => "/rmas/$id/paid", { amount => 8000, reference => 'P-3' });
is($t->api(POST => "/rmas/$id/cancel", { reason => 'Vazgeçti.' })->status, 200,
   'cancelled when a part was paid');
my ($back) = events('due.to_repay');
is($back->{data}{money}, 8000, 'that goes back, which an event tells');
$now = one($id);
is($now->{money}{to_repay}, 8000, 'and the breakdown');
like($t->get('/en/staff/?queue=settle', @who)->text, qr/\Q$id\E/,
     'it stands in the queue to settle');
is($t->api(POST => "/rmas/$id/paid", { amount => 12000 })->status, 200,
   'the rest came after the end');
is(one($id)->{money}{to_repay}, 20000, 'and goes back as well');
is($t->api(POST => "/rmas/$id/repaid", { reference => 'B-1' })->status, 200,
   'paid back');
is(one($id)->{money}{to_repay}, 0, 'all of it');
unlike($t->get('/en/staff/?queue=settle', @who)->text, qr/\Q$id\E/,
       'nothing is left to do');
is($t->request(POST => "/api/v1/rmas/$id/repaid", headers => [
       'X-Actor' => 'x', 'X-Roles' => 'read approve',
       'Content-Type' => 'application/json' ], body => '{}')->status, 403,
   'not for everybody');

# ---- made up for by a refund that is not decided yet ----

{
    my $late = CXR::Test->new(shop => {
        'policy.auto_approve' => JSON::PP::false,
        'policy.release' => { exchange => 'on_submit' } })->start;
    $late->api(PUT => '/products/ETH', { id => 'ETH', title => 'Etiyopya',
        currency => 'TRY', variants => [
            { sku => 'ETH-1', title => '1 kg', price => 50000, stock => 9 } ] });

    for my $verb (qw(decline approve)) {
        my $number = $verb eq 'decline' ? 'KD-91' : 'KD-92';
        $late->delivered_order($number, 1, lines => [ { line => '1',
            sku => 'ETH', title => 'Etiyopya', quantity => 2, tax => 0,
            unit_price => 30000, product => 'ETH' } ]);
        my $rma = $late->api(POST => '/rmas', { order => $number, lines => [
            { line => '1', quantity => 1, reason => 'changed_mind',
              outcome => 'exchange', exchange_sku => 'ETH-1' },
            { line => '1', quantity => 1, reason => 'changed_mind',
              outcome => 'refund' } ] })->json->{rma};
        my $at = "/rmas/$rma->{id}";
        my $went = sub {
            return $late->api(GET => $at)->json->{rma}{lines}[0]{settlement};
        };

        $late->api(POST => "$at/approve", { lines => [ '1' ] });
        is($went->(), 'owed', "$verb: the dearer goods wait for it");
        is($late->api(POST => "$at/$verb", { lines => [ '1.2' ],
            $verb eq 'decline' ? (reason => 'Kullanılmış.') : () })->status,
           200, "$verb: decided");
        is($went->(), $verb eq 'decline' ? 'owed' : 'released',
           "$verb: and go out when it makes up for them");
        is($late->api(GET => $at)->json->{money}{due_open},
           $verb eq 'decline' ? 20000 : 0, "$verb: what is owed");
    }

    $late->journal_ok;
    $late->finish;
}

# ---- a refund that is paid in parts, by the desk ----

$t->delivered_order('KD-3', 1, lines => [ { line => '1', sku => 'ETH',
    title => 'Etiyopya', quantity => 1, unit_price => 30000, tax => 0 } ]);
$id = $t->api(POST => '/rmas', { order => 'KD-3', lines => [ { line => '1',
    quantity => 1, reason => 'changed_mind', outcome => 'refund' } ] })
    ->json->{rma}{id};
$t->api(POST => "/rmas/$id/approve") if one($id)->{rma}{status} eq 'requested';
$t->api(POST => "/rmas/$id/receive");

sub pays {
    my (%set) = @_;
    my ($f) = grep { grep { $_->[0] eq 'reference' } @{ $_->{fields} } }
              $t->get("/en/staff/rma/$id", @who)->forms;
    return $t->submit($f, { verb => 'confirm', %set }, @who);
}

for my $bad ('x', '-5', '1.2.3', '0', '12,3456') {
    my $r = pays(amount => $bad, reference => 'R-0');
    is($r->status, 422, "\"$bad\" is no amount");
    like($r->text, qr/amount like/, 'and it says how to write one');
    like($r->text, qr/value="\Q$bad\E"/, 'what was typed stays');
}

like(pays(amount => '300,01')->text, qr/more than there is/, 'too much');
is(one($id)->{rma}{settled}, 0, 'nothing of that counts');
is(pays(amount => '125,50', reference => 'R-1')->status, 303, 'a part');
is(one($id)->{money}{sum}{settled}, 12550, 'is what was paid');
is(one($id)->{rma}{lines}[0]{settlement}, 'released', 'the rest is open');
is(one($id)->{rma}{reference}, 'R-1', 'with its reference');
like($t->get("/en/staff/rma/$id", @who)->text, qr/174\.50/, 'the desk sees it');
is(pays(reference => 'R-2')->status, 303, 'nothing typed: the rest');
is(one($id)->{rma}{status}, 'completed', 'and it is done');

my $dir = $t->dir;
$t->journal_ok('the journal verifies');
is(system(CXR::Test::cx() . " rebuild --store $dir/store --into $dir/anew "
          . "--keys $dir/keys >/dev/null 2>&1"), 0,
   'all of it comes out of the journal again');
$t->finish;
done_testing;

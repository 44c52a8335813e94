#!/usr/bin/perl
# Why a request waits for a person, as its staff and the shop are told; and what
# the desk knows of the customer.

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
        'policy.auto_approve' => JSON::PP::true(),
        'policy.review_above' => 0,
        'policy.outcomes' => [ qw(refund exchange) ], %shop })->start;
}

sub ask {
    my ($t, $order, $reason, %more) = @_;
    my $res = $t->api(POST => '/rmas', { order => $order, lines => [
        { line => '1', quantity => 1, reason => $reason } ], %more });
    is($res->status, 201, "$order: asked for") or diag($res->text);
    return $res->json->{rma};
}

sub desk {
    my ($t, $rma) = @_;
    return $t->get("/en/staff/rma/$rma->{id}", $t->staff_headers)->text;
}

# ---- rules, reasons, sums ----

my $t = start('policy.review_above' => 50000,
    'policy.rules' => [ { id => 'dear-once', when => { order_tag => [ 'watch' ] },
                          then => { approval => 'review' } } ],
    'policy.reasons' => [
        { code => 'changed_mind', text => { tr => 'Vazgeçtim', en => 'Changed my mind' } },
        { code => 'other', review => \1,
          text => { tr => 'Başka', en => 'Something <else>' } },
        { code => 'lost', claim => 'lost', text => { tr => 'Gelmedi', en => 'Never came' } } ]);

$t->delivered_order($_, 1) for qw(H-1 H-2 H-4);
$t->put_order('H-3', tags => [ 'watch' ]);

my $rma = ask($t, 'H-1', 'changed_mind');
is($rma->{status}, 'approved', 'nothing holds it');
ok(!$rma->{held_by}, 'so nothing is said');
unlike(desk($t, $rma), qr/Why it waits for you/, 'nor shown');

$rma = ask($t, 'H-2', 'other');
is($rma->{status}, 'requested', 'a reason may');
is_deeply($rma->{held_by}, [ 'reason:other' ], 'which is said');
like(desk($t, $rma), qr{Why it waits for you.*“Something &lt;else&gt;”}s, 'and shown');

$rma = ask($t, 'H-2', 'changed_mind');
is_deeply($rma->{held_by}, [ 'sum' ], 'two of them are over the sum');
like(desk($t, $rma), qr/adds up to more than is approved/, 'which is shown');

$rma = ask($t, 'H-3', 'changed_mind');
is_deeply($rma->{held_by}, [ 'rule:dear-once' ], 'a rule, by its name');
like(desk($t, $rma), qr/rule “dear-once” asks for a person/, 'shown');

my ($event) = grep { $_->{type} eq 'rma.created' && $_->{data}{held_by} }
              map { $CXR::Test::json->decode($_) }
              split /\n/, $t->api(GET => '/events?limit=1000')->body;
is_deeply($event->{data}{held_by}, [ 'reason:other' ], 'the event says it, too');

is($t->api(POST => "/rmas/$rma->{id}/approve", {})->status, 200, 'decided');
unlike(desk($t, $rma), qr/Why it waits for you/, 'it waits no more');
$t->journal_ok;
$t->finish;

# ---- the customer's card ----

$t = start();
$t->delivered_order($_, 1) for qw(H-1 H-2);
ask($t, 'H-1', 'not_received', override => \1, override_reason => 'by telephone');
my $page = desk($t, ask($t, 'H-2', 'changed_mind'));
like($page, qr{Reported as not received</dt><dd class="num">1<}, 'what she said never came');
unlike($page, qr/Refunded without return/, 'what is nothing is not told');
$t->finish;

# ---- every one, and the right to withdraw ----

$t = start('policy.auto_approve' => JSON::PP::false());
$t->delivered_order('H-1', 1);
$rma = ask($t, 'H-1', 'changed_mind');
is_deeply($rma->{held_by}, [ 'always' ], 'where all wait, that is why');
like(desk($t, $rma), qr/every request is decided by hand/, 'shown');
$t->finish;

$t = start();
$t->put_order('H-1', placed_at => CXR::Test::iso(time - 400 * 86400));
my $res = $t->api(POST => '/rmas', { order => 'H-1', withdrawal => \1,
    lines => [ { line => '1', quantity => 1 } ] });
is($res->status, 201, 'withdrawn from, long after')
    or diag($res->text);
is_deeply($res->json->{rma}{held_by}, [ 'right' ], 'a person looks');
like(desk($t, $res->json->{rma}), qr/uses the legal right to withdraw/, 'shown');
$t->finish;

done_testing();

#!/usr/bin/perl
# What is done with an RMA after it was asked for: counting, grading, settling,
# answering, reopening; who may; and the stock that exchanges promise.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP ();
use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 2)->start;

sub problem {
    my ($name, $res, $status, $code) = @_;
    is($res->status, $status, "$name: $status") or diag($res->body);
    is(($res->json // {})->{type}, "urn:cx-returns:problem:$code",
       "$name: $code") or diag($res->body);
    return $res->json;
}

sub act {
    my ($id, $verb, $body, @headers) = @_;
    return $t->api(POST => "/rmas/$id/$verb", $body // {}, @headers);
}

sub done {
    my ($name, $res) = @_;
    is($res->status, 200, $name) or diag($res->body);
    return $res->json;
}

sub make {
    my ($order, $days, @lines) = @_;
    $t->delivered_order($order, $days);
    my $res = $t->api(POST => '/rmas', { order => $order, lines => [ map { {
        line => $_->[0], quantity => $_->[1], reason => 'changed_mind',
        outcome => $_->[2] // 'refund',
        $_->[3] ? (exchange_sku => $_->[3]) : () } } @lines ] });
    is($res->status, 201, "an RMA of $order") or diag($res->body);
    return $res->json->{rma};
}

sub line { my ($j, $i) = @_; return $j->{rma}{lines}[ $i // 0 ] }

# ---- receive twice, grade, settle ----

my $rma = make('A-1', 1, [ '1', 2 ]);
my $id = $rma->{id};
my $got = $t->api(GET => "/rmas/$id")->json;
is($got->{money}{sum}{refund}, $rma->{refund}, 'a breakdown');
ok((grep { $_ eq 'receive' } @{ $got->{actions} }), 'what may be done with it');
ok(!(grep { $_ eq 'grade' } @{ $got->{actions} }), 'and what may not');

problem('nothing to confirm', act($id, 'confirm'), 409, 'nothing_released');
problem('nothing to grade', act($id, 'grade', { lines => [ { line => '1',
        units => 1, grade => 'as_new', disposition => 'restock' } ] }), 409,
        'nothing_received');
my $p = problem('faults', act($id, 'receive', { lines => [ { line => '1',
        count => -1, surplus => 1 } ] }), 400, 'invalid');
is(join(' ', sort map { $_->{pointer} } @{ $p->{errors} }),
   '/lines/0/count /lines/0/surplus', 'at their places');
problem('too many', act($id, 'receive', { lines => [ { line => '1',
        count => 3 } ] }), 409, 'quantity_over');
problem('of another line', act($id, 'receive', { lines => [ { line => '9',
        count => 1 } ] }), 409, 'line_unknown');

my $j = done('one of two came', act($id, 'receive', { lines => [ { line => '1',
        count => 1 } ] }));
is(line($j)->{receipt}, 'short', 'short');
is(line($j)->{settlement}, 'released', 'what came is to be paid');
is($j->{rma}{refund} * 2, $rma->{refund}, 'for one unit');
is(line($j)->{short_paid} + line($j)->{refund}, line($j)->{paid},
   'the rest is told apart');
is($j->{money}{sum}{short_units}, 1, 'in the breakdown, too');

$j = done('paid in part', act($id, 'confirm', { amount => 1000,
        reference => 'PAY-1' }));
is(line($j)->{settlement}, 'released', 'something is open');
is($j->{money}{sum}{open}, $j->{rma}{refund} - 1000, 'so much');
problem('more than is open', act($id, 'confirm',
        { amount => $j->{rma}{refund} }), 409, 'amount_over');
$j = done('it failed', act($id, 'fail', { reason => 'kart kapalı' }));
is(line($j)->{settlement}, 'failed', 'failed');
$j = done('told again', act($id, 'release', {}));
is(line($j)->{settlement}, 'released', 'released again');
$j = done('paid', act($id, 'confirm', { reference => 'PAY-2' }));
is(line($j)->{settlement}, 'confirmed', 'all of it');
is($j->{rma}{reference}, 'PAY-2', 'with its reference');

$j = done('the other box', act($id, 'receive', { lines => [ { line => '1',
        count => 1 } ], reference => 'ikinci kutu' }));
is(line($j)->{receipt}, 'received', 'all there');
is($j->{rma}{told}, $rma->{refund}, 'to the last cent');
$j = done('graded', act($id, 'grade', { lines => [
        { line => '1', units => 1, grade => 'as_new',
          disposition => 'restock' },
        { line => '1', units => 1, grade => 'damaged',
          disposition => 'recycle' } ] }));
is(line($j)->{graded}, 2, 'both');
is(scalar @{ $j->{rma}{gradings} }, 2, 'each with its grade');
$j = done('paid', act($id, 'confirm'));
is($j->{rma}{status}, 'completed', 'completed');
is($j->{rma}{settled}, $rma->{refund}, 'paid what was paid');

# ---- roles, If-Match, idempotency ----

$rma = make('A-2', 1, [ '1', 1 ]);
$id = $rma->{id};
for my $r ([ 'receive', 'approve' ], [ 'confirm', 'receive' ],
           [ 'grade', 'settle' ], [ 'approve', 'receive' ],
           [ 'release', 'approve' ])
{
    problem("$r->[0] with the role $r->[1]",
            $t->request(POST => "/api/v1/rmas/$id/$r->[0]",
                headers => [ 'X-Actor' => 'b', 'X-Roles' => "read $r->[1]",
                             'Content-Type' => 'application/json' ],
                body => '{}'), 403, 'role_missing');
}
problem('an old revision', act($id, 'receive', {}, 'If-Match' => '"99"'), 412,
        'changed_meanwhile');
$j = done('received', act($id, 'receive', {}, 'Idempotency-Key' => 'r-1'));
my $res = act($id, 'receive', {}, 'Idempotency-Key' => 'r-1');
is($res->header('idempotent-replay'), 'true', 'the same again does nothing');
problem('again', act($id, 'receive', {}), 409, 'nothing_awaited');
problem('no verb', act($id, 'eat'), 404, 'not_found');
problem('no command', act($id, 'trigger'), 404, 'not_found');

# ---- words ----

problem('no words', act($id, 'note', {}), 400, 'invalid');
$j = done('a note', act($id, 'note', { text => 'kutu ezikti' }));
is($j->{words}[0]{text}, 'kutu ezikti', 'is read');
ok($j->{words}[0]{internal}, 'by staff');
unlike($t->get($t->link_path('rma', rma => $id))->text, qr/ezikti|Ekip içi/,
       'not by the shopper');

# ---- cancel, reopen, and the stock that an exchange promises ----

sub stock {
    is($t->api(PUT => '/products/ETH', { id => 'ETH', title => 'Etiyopya',
        currency => 'TRY', @_, variants => [
        { sku => 'ETH-250', title => '250 g', price => 42000, stock => 9 },
        { sku => 'ETH-500', title => '500 g', price => 60000, stock => 3 } ]
    })->status =~ /^20[01]$/ ? 1 : 0, 1, 'the product');
}

sub holds {
    my $p = $t->api(GET => '/products/ETH')->json;
    $p = $p->{product} // $p;
    return join ' ', map { "$_->{sku}=$_->{units}" } @{ $p->{holds} };
}

stock(safety_stock => 1);
is(holds(), '', 'nothing is promised');

$t->delivered_order('A-3', 1);
my $ask = { order => 'A-3', lines => [
    { line => '1', quantity => 1, reason => 'changed_mind',
      outcome => 'refund' },
    { line => '1', quantity => 1, reason => 'changed_mind',
      outcome => 'exchange', exchange_sku => 'ETH-500' } ] };
$res = $t->api(POST => '/rmas', $ask);
is($res->status, 201, 'two outcomes of one line') or diag($res->body);
$rma = $res->json->{rma};
is(join(' ', map { $_->{item} } @{ $rma->{lines} }), '1 1.2',
   'each with its name');
is(holds(), 'ETH-500=1', 'one is promised');
is($res->json->{money}{sum}{refund}, 42000 - 18000,
   'what the shopper owes for one is held back from the other');
is($res->json->{money}{sum}{due}, 0, 'and is not owed beside');

stock(safety_stock => 1);
is(holds(), 'ETH-500=1', 'the shop sends its stock: the promise stays');

$id = $rma->{id};
done('cancelled', act($id, 'cancel', { reason => 'vazgeçti' }));
is(holds(), '', 'nothing is promised any more');
$j = done('reopened', act($id, 'reopen', { reason => 'yanlışlıkla' }));
is($j->{rma}{status}, 'approved', 'as it was');
is(holds(), 'ETH-500=1', 'promised again');
problem('again', act($id, 'reopen', {}), 409, 'not_closed');
problem('not expired yet', act($id, 'expire', {}), 409, 'not_due');

$t->delivered_order('A-4', 1);
$ask->{order} = 'A-4';
$ask->{lines} = [ { line => '1', quantity => 2, reason => 'changed_mind',
    outcome => 'exchange', exchange_sku => 'ETH-500' } ];
$p = problem('3, less 1 promised, less 1 for safety',
             $t->api(POST => '/rmas', $ask), 409, 'exchange_out_of_stock');

$j = done('received', act($id, 'receive', {}));
is(holds(), '', 'taken');
$p = $t->api(GET => '/products/ETH')->json;
is(($p->{product} // $p)->{variants}[1]{stock}, 2, 'off the stock');
is($j->{rma}{told}, 42000 - 18000, 'the shop pays the difference');

# ---- what the exchange gave may come back ----

$res = $t->api(POST => '/rmas', { order => 'A-3', lines => [ {
    line => "$id.2", quantity => 1, reason => 'changed_mind',
    outcome => 'refund' } ] });
is($res->status, 201, 'the return of the replacement') or diag($res->body);
is($res->json->{rma}{refund}, 60000, 'for what it cost');
is($res->json->{rma}{lines}[0]{sku}, 'ETH-500', 'of what was sent');

# ---- staff go past the policy, and say why ----

$t->delivered_order('A-5', 90);
$ask = { order => 'A-5', lines => [ { line => '1', quantity => 1,
    reason => 'changed_mind', outcome => 'refund' } ] };
problem('too late', $t->api(POST => '/rmas', $ask), 409, 'window_over');
$ask->{override} = JSON::PP::true;
problem('why', $t->api(POST => '/rmas', $ask), 409,
        'override_reason_missing');
$ask->{override_reason} = 'sadık müşteri';
$res = $t->api(POST => '/rmas', $ask);
is($res->status, 201, 'a reason is enough') or diag($res->body);
is($res->json->{rma}{lines}[0]{advice}, 'window_over',
   'what the policy said is kept');
is($res->json->{rma}{override_reason}, 'sadık müşteri', 'with the reason');

# ---- the desk ----

$rma = make('A-7', 1, [ '1', 2 ]);
$id = $rma->{id};
my @who = CXR::Test::staff_headers();

sub desk {
    my ($verb) = @_;
    my $page = $t->get("/tr/staff/rma/$id", @who);
    is($page->status, 200, "the desk, to $verb");
    return grep { $_->{action} =~ m{/act$} && $_->{html} =~ /value="$verb"/ }
           $page->forms;
}

my ($form) = desk('receive');
$res = $t->submit($form, { 'n.0' => 'iki' }, @who);
is($res->status, 422, 'no number');
like($res->text, qr/rakamla/, 'in words');
$res = $t->submit($form, { 'n.0' => 3 }, @who);
is($res->status, 409, 'more than are awaited');
is($t->submit($form, { t => 'x' }, @who)->status, 403, 'its token');
is($t->submit($form, {}, 'X-Actor' => 'b', 'X-Roles' => 'read approve')
   ->status, 403, 'its role');
$res = $t->submit($form, { 'n.0' => 1 }, @who);
is($res->status, 303, 'one was counted') or diag($res->text);
is($t->submit($form, { 'n.0' => 1 }, @who)->status, 409,
   'the second at the desk is told');
is($t->api(GET => "/rmas/$id")->json->{rma}{lines}[0]{counted}, 1,
   'and nothing is counted twice');

my ($grade) = desk('grade');
$res = $t->submit($grade, { 'g.0' => 'opened', 'd.0' => 'restock' }, @who);
is($res->status, 303, 'graded') or diag($res->text);
is($t->api(GET => "/rmas/$id")->json->{rma}{gradings}[0]{grade}, 'opened',
   'as what');

my ($settle) = desk('confirm');
$res = $t->submit($settle, { verb => 'confirm', reference => 'P-9' }, @who);
is($res->status, 303, 'settled') or diag($res->text);
is($t->api(GET => "/rmas/$id")->json->{rma}{reference}, 'P-9', 'by what');

# ---- the right to withdraw is not vetoed ----

$t->delivered_order('A-6', 90);
$res = $t->api(POST => '/rmas', { order => 'A-6',
    withdrawal => JSON::PP::true,
    lines => [ { line => '1', quantity => 1 } ] });
is($res->status, 201, 'a withdrawal') or diag($res->body);
is($res->json->{rma}{kind}, 'withdrawal', 'is one');
is($res->json->{rma}{status}, 'requested', 'judged later');

$t->journal_ok;
$t->finish;
done_testing();

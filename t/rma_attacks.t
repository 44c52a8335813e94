#!/usr/bin/perl
# What a client of the API with bugs, or with two hats on, tries with an RMA:
# grading after an early release, sums that no number holds, four eyes that are
# two, deducting what was paid already, and an order sent back as it was read.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP ();
use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 2, shop => {
    'policy.outcomes' => [ qw(refund exchange store_credit replacement) ],
    'policy.review_above' => 0,
    'policy.release' => { refund => 'first_scan', exchange => 'received',
                          store_credit => 'inspected',
                          replacement => 'received' },
})->start;

my $max = 10 ** 15;

sub problem {
    my ($name, $res, $status, $code, $at) = @_;
    my $p = $res->json // {};
    is($res->status, $status, "$name: $status") or diag($res->body);
    is($p->{type}, "urn:cx-returns:problem:$code", "$name: $code")
        or diag($res->body);
    is($p->{errors}[0]{pointer}, $at, "$name: $at") if defined $at;
    return $p;
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

sub asked {
    my ($line, $n, $outcome, $sku) = @_;
    return { line => $line, quantity => $n, reason => 'changed_mind',
             outcome => $outcome // 'refund',
             $sku ? (exchange_sku => $sku) : () };
}

sub make {
    my ($order, $lines, %o) = @_;
    $t->delivered_order($order, 1, %o);
    return $t->api(POST => '/rmas', { order => $order, lines => $lines });
}

sub made {
    my $res = make(@_);
    is($res->status, 201, "an RMA of $_[0]") or diag($res->body);
    return $res->json->{rma}{id};
}

sub product {
    my (@variants) = @_;
    my $res = $t->api(PUT => '/products/ETH', { id => 'ETH', title => 'E',
        currency => 'TRY', variants => [ map { { sku => $_->[0],
            title => $_->[0], price => $_->[1], stock => $_->[2] } }
            @variants ] });
    like($res->status, qr/^20[01]$/, 'a product') or diag($res->body);
}

sub grade {
    my ($units, %o) = @_;
    return { line => '1', units => $units, grade => 'as_new',
             disposition => 'restock', %o };
}

# ---- released early for two, and one came ----

my $id = made('E-1', [ asked('1', 2) ]);
done('all of it is released by staff', act($id, 'release',
    { reason => 'iyi müşteri' }));
done('one came, and no more will', act($id, 'receive', { lines => [
    { line => '1', count => 1, no_more => JSON::PP::true } ] }));
done('it can be graded', act($id, 'grade', { lines => [ grade(1) ] }));
problem('nothing is left to deduct', act($id, 'grade', { lines => [
    grade(1, deduct => 1) ] }), 409, 'nothing_received');

$id = made('E-2', [ asked('1', 2) ]);
done('released early', act($id, 'release', { reason => 'iyi müşteri' }));
done('one came', act($id, 'receive', { lines => [
    { line => '1', count => 1 } ] }));
problem('what was told is told', act($id, 'grade', { lines => [
    grade(1, deduct => 1) ] }), 409, 'amount_over', '/lines/0/deduct');

# ---- deducted from one line, what another owes ----

product([ 'ETH-500', 60000, 9 ], [ 'V-MAX', $max, 99 ], [ 'V-MIN', 1, 99 ]);

$id = made('E-3', [ asked('1', 1), asked('1', 1, 'exchange', 'ETH-500') ]);
my $j = done('both came', act($id, 'receive', {}));
is($j->{rma}{told}, 42000 - 18000, 'the one less the other is told');
problem('what is netted cannot be deducted as well', act($id, 'grade',
    { lines => [ grade(1, deduct => 18000) ] }), 409, 'already_released');
done('nor need it be', act($id, 'grade', { lines => [ grade(1) ] }));

# ---- sums that no number holds ----

problem('a dear variant twice', make('L-1', [ asked('1', 2, 'exchange',
    'V-MAX') ]), 409, 'sum_over', '/lines');
problem('two dear lines', make('L-2', [ asked('1', 1, 'exchange', 'V-MAX'),
    asked('2', 1, 'exchange', 'V-MAX') ], lines => [ map { { line => "$_",
    sku => "S$_", title => 'x', quantity => 1, unit_price => 1,
    product => 'ETH' } } 1, 2 ]), 409, 'sum_over', '/lines');
$id = made('L-3', [ asked('1', 1, 'exchange', 'V-MIN') ], lines => [ {
    line => '1', sku => 'S', title => 'x', quantity => 1, unit_price => $max,
    tax => $max, product => 'ETH' } ]);
$j = done('the dearest for the cheapest', act($id, 'receive', {}));
is($j->{rma}{told}, $max - 1, 'to the last cent');

# ---- four eyes ----

{
    my $four = CXR::Test->new(shop => { four_eyes => JSON::PP::true })->start;
    my $as = sub {
        my ($who, $id, $verb, $body) = @_;
        return $four->request(POST => "/api/v1/rmas$id/$verb",
            headers => [ 'X-Actor' => $who, 'Content-Type'
                => 'application/json', 'X-Roles'
                => 'read approve receive settle' ],
            body => $CXR::Test::json->encode($body // {}));
    };

    $four->delivered_order('F-1', 1);
    my $res = $four->api(POST => '/rmas', { order => 'F-1',
        lines => [ asked('1', 2) ] });
    my $f = '/' . $res->json->{rma}{id};

    is($as->('ali', $f, 'receive', { lines => [ { line => '1',
        count => 1 } ] })->status, 200, 'one counts a box');
    is($as->('can', $f, 'receive', { lines => [ { line => '1',
        count => 1 } ] })->status, 200, 'another the next');
    problem('the one settles neither', $as->('ali', $f, 'release'), 409,
            'four_eyes');
    problem('nor the other', $as->('can', $f, 'release'), 409, 'four_eyes');
    is($as->('eda', $f, 'release')->status, 200, 'a third does');
    problem('nor is it paid by the one', $as->('ali', $f, 'confirm'), 409,
            'four_eyes');

    $four->delivered_order('F-2', 90);
    $res = $as->('ali', '', '', { order => 'F-2', lines => [ asked('1', 1) ],
        override => JSON::PP::true, override_reason => 'sadık müşteri' });
    is($res->status, 201, 'past the policy') or diag($res->body);
    $f = '/' . $res->json->{rma}{id};
    is($as->('can', $f, 'receive')->status, 200, 'it came');
    problem('who went past the policy does not settle', $as->('ali', $f,
            'release'), 409, 'four_eyes');
    is($as->('eda', $f, 'release')->status, 200, 'somebody else does');
    $four->finish;
}

# ---- an order as it was read ----

$id = made('O-1', [ asked('1', 1, 'exchange', 'ETH-500') ]);
done('the difference is paid', act($id, 'paid'));
done('the exchange is sent', act($id, 'receive', {}));

my $order = $t->api(GET => '/orders/O-1')->json;
my $state = delete $order->{state};
is(join(' ', map { $_->{line} } @{ $order->{lines} }), '1 2',
   'the lines are those of the shop');
is(join(' ', map { "$_->{line} $_->{origin} $_->{rma} $_->{sku}" }
             @{ $state->{given} }), "$id.1 1 $id ETH-500",
   'what the exchange gave stands apart');

my $res = $t->api(PUT => '/orders/O-1', $order);
is($res->status, 200, 'it can be sent again') or diag($res->body);
is($res->json->{status}, 'unchanged', 'and changes nothing');

push @{ $order->{lines} }, { line => "$id.1", sku => 'X', title => 'x',
    quantity => 1, unit_price => 1 };
problem('names of what exchanges gave are taken', $t->api(PUT => '/orders/O-1',
    $order), 400, 'invalid', '/lines/2/line');
$order->{number} = 'O-9';
problem('in every order', $t->api(PUT => '/orders/O-9', $order), 400,
        'invalid', '/lines/2/line');

# ---- stock that went while it was promised ----

product([ 'ETH-500', 60000, 5 ]);
$id = made('S-1', [ asked('1', 2, 'exchange', 'ETH-500') ]);
product([ 'ETH-500', 60000, 0 ]);
done('the difference is paid', act($id, 'paid'));
done('one of two came', act($id, 'receive', { lines => [ { line => '1',
    count => 1 } ] }));
product([ 'OTHER', 1, 1 ]);
problem('too late', act($id, 'cancel', {}), 409, 'too_late_to_cancel');
done('the other never does', act($id, 'receive', { lines => [ { line => '1',
    no_more => JSON::PP::true } ] }));
is(scalar @{ $t->api(GET => '/products/ETH')->json->{holds} }, 0,
   'nothing stays promised');

$t->journal_ok;
$t->finish;
done_testing();

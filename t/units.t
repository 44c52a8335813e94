#!/usr/bin/perl
# Some units of a line: approved while the others wait or are declined, by the
# API and at the desk; counted in one box and in several conditions.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP;
use List::Util qw(sum0);
use Test::More;

use CXR::Test;

my $t = CXR::Test->new(shop => {
    'policy.auto_approve' => JSON::PP::false,
    'policy.release' => { refund => 'inspected' } })->start;
my @who = $t->staff_headers;

sub rma { return $t->api(GET => "/rmas/$_[0]")->json }

sub asked {
    my ($number, $units) = @_;
    $t->delivered_order($number, 1, lines => [ {
        line => '1', sku => 'ETH', title => 'Etiyopya', quantity => $units,
        unit_price => 33333, discount => 101, tax => 7777 } ]);
    return $t->api(POST => '/rmas', { order => $number, lines => [
        { line => '1', quantity => $units, reason => 'changed_mind',
          outcome => 'refund' } ] })->json->{rma};
}

sub facts {
    my ($one) = @_;
    return join ' ', map { "$_->{item}:$_->{quantity}:$_->{decision}" }
        @{ $one->{rma}{lines} };
}

sub money { return sum0 map { $_->{refund} } @{ $_[0]{rma}{lines} } }

# ---- by the API ----

my $rma = asked('KU-1', 3);
my $all = $rma->{refund};
my $at = "/rmas/$rma->{id}";

my $res = $t->api(POST => "$at/approve",
                  { lines => [ { line => '1', units => 4 } ] });
is($res->status, 409, 'more units than there are');
is($res->json->{errors}[0]{pointer} // $res->json->{pointer}, '/lines/0/units',
   'and where') or diag $res->body;
$res = $t->api(POST => "$at/approve",
               { lines => [ { line => '1', units => 0 } ] });
is($res->status, 400, 'none is no number of units');
is($res->json->{errors}[0]{pointer}, '/lines/0/units', 'nor is that a place');
is($t->api(POST => "$at/approve", { lines => [ { units => 1 } ] })->status, 400,
   'a line has a name');
is($t->api(POST => "$at/approve", { lines => [ { line => '1', units => 1 },
                                               { line => '1', units => 2 } ] })
   ->status, 409, 'twice the same');

$res = $t->api(POST => "$at/approve",
               { lines => [ { line => '1', units => 2 } ] });
is($res->status, 200, 'two of three are approved') or diag $res->body;
my $one = rma($rma->{id});
is(facts($one), '1:2:approved 1.2:1:pending', 'the third waits');
is($one->{rma}{status}, 'requested', 'and so does the RMA');
is(money($one), $all, 'no cent is lost');
is($one->{money}{sum}{refund}, $all, 'in the breakdown neither');

$res = $t->api(POST => "$at/decline", { lines => [ '1.2' ],
                                        reason => 'Açılmış.' });
is($res->status, 200, 'it is declined');
$one = rma($rma->{id});
is(facts($one), '1:2:approved 1.2:1:declined', 'for good');
is($one->{money}{sum}{refund}, $one->{rma}{lines}[0]{refund},
   'what is paid back is of the two');
is($t->api(GET => '/orders/KU-1')->json->{order}{state}{lines}[0]{returning}
   // 2, 2, 'and the one may be asked for again');
is($t->api(POST => '/rmas', { order => 'KU-1', lines => [
    { line => '1', quantity => 1, reason => 'damaged', note => 'x',
      outcome => 'refund' } ] })->status, 201, 'which it is');

# ---- at the desk ----

$rma = asked('KU-2', 3);
my $page = $t->get("/en/staff/rma/$rma->{id}", @who);
like($page->text, qr/How many of them the decision is for/, 'a field for it');
my ($form) = grep { ($_->{action} // '') =~ m{/decide$} } $page->forms;
$res = $t->submit($form, { 'l.0' => 1, 'q.0' => 7, decision => 'approve' }, @who);
is($res->status, 422, 'too many');
like($res->text, qr/how many units you mean/, 'says what to do');
like($res->text, qr/name="q.0"[^>]*value="7"/, 'and keeps what was typed');
$res = $t->submit($form, { 'l.0' => 1, 'q.0' => 1, decision => 'decline',
                           reason => 'Biri kullanılmış.' }, @who);
is($res->status, 303, 'one of three is declined');
is(facts(rma($rma->{id})), '1:1:declined 1.2:2:pending', 'the others wait');
$page = $t->get("/en/staff/rma/$rma->{id}", @who);
($form) = grep { ($_->{action} // '') =~ m{/decide$} } $page->forms;
is($t->submit($form, { 'l.1' => 1, 'q.1' => '', decision => 'approve' }, @who)
   ->status, 303, 'all of them, unsaid');
is(facts(rma($rma->{id})), '1:1:declined 1.2:2:approved', 'and are approved');

# ---- one box, several conditions ----

$rma = asked('KU-3', 3);
$t->api(POST => "/rmas/$rma->{id}/approve");
$page = $t->get("/en/staff/receive/$rma->{id}", @who);
like($page->text, qr/Not all in the same condition/, 'they may differ');
($form) = grep { ($_->{action} // '') =~ m{/receive/R-} } $page->forms;
$res = $t->submit($form, { 'n.0' => 3, 'g.0' => 'as_new', 'd.0' => 'restock',
                           'u1.0' => 4, 'g1.0' => 'damaged',
                           'd1.0' => 'recycle' }, @who);
is($res->status, 422, 'more in a condition than there are');
like($res->text, qr/more than were counted/, 'says so');
like($res->text, qr/<details open>/, 'and leaves it open');
$res = $t->submit($form, { 'n.0' => 3, 'g.0' => 'as_new', 'd.0' => 'restock',
                           'u1.0' => 1 }, @who);
is($res->status, 422, 'units without a condition');
like($res->text, qr/Choose a condition/, 'says what is missing');
$res = $t->submit($form, { 'n.0' => 3, 'g.0' => 'as_new', 'd.0' => 'restock',
                           'u1.0' => 1, 'g1.0' => 'damaged',
                           'd1.0' => 'recycle' }, @who);
is($res->status, 303, 'two like new, one damaged') or diag $res->text;
$one = rma($rma->{id})->{rma};
is($one->{lines}[0]{graded}, 3, 'all are graded');
is(join(' ', map { "$_->{units}:$_->{grade}:$_->{disposition}" }
             @{ $one->{gradings} }), '1:damaged:recycle 2:as_new:restock',
   'each as it is');

# ---- something is taken off the refund ----

$rma = asked('KU-D', 2);
$t->api(POST => "/rmas/$rma->{id}/approve");
my $most = rma($rma->{id})->{rma}{lines}[0]{refund};
ok($most > 1, 'there is something to pay') or diag($most);

sub deduct {
    my (%set) = @_;
    ($form) = grep { ($_->{action} // '') =~ m{/receive/R-} }
              $t->get("/en/staff/receive/$rma->{id}", @who)->forms;
    return $t->submit($form, { 'n.0' => 2, 'g.0' => 'used',
                               'd.0' => 'restock', %set }, @who);
}

for ([ 'no amount', 'like 125.50', 'x.0' => 'much', 'y.0' => 'worn <out>' ],
     [ 'nothing', 'like 125.50', 'x.0' => '0', 'y.0' => 'worn <out>' ],
     [ 'a reason alone', 'like 125.50', 'y.0' => 'worn <out>' ],
     [ 'too much', 'At most ', 'x.0' => '9.999.999,50',
       'y.0' => 'worn <out>' ],
     [ 'no condition', 'Choose the condition', 'x.0' => '0,50',
       'y.0' => 'worn <out>', 'g.0' => '' ],
     [ 'back to the shopper', 'goes back to the shopper', 'x.0' => '0,50',
       'y.0' => 'worn <out>', 'd.0' => 'return_to_shopper' ]) {
    my ($name, $text, %set) = @$_;
    $res = deduct(%set);
    is($res->status, 422, "$name: 422");
    like($res->text, qr/id="xe-0" role="alert">[^<]*\Q$text\E/,
         "$name: beside the field");
    like($res->text, qr/worn &lt;out&gt;/, "$name: the words are kept");
}

$res = deduct('x.0' => '0.50');
is($res->status, 422, 'no reason');
like($res->text, qr/id="ye-0" role="alert">[^<]*shopper reads it/,
     'is wanted beside its field');
like($res->text, qr/name="x\.0"[^>]*value="0\.50"/, 'the amount is kept');
is(rma($rma->{id})->{rma}{lines}[0]{counted}, 0, 'nothing was counted');

$res = deduct('x.0' => '0,50', 'y.0' => 'worn <out>', reason => 'inside');
is($res->status, 303, 'fifty less') or diag $res->text;
$one = rma($rma->{id})->{rma};
is($one->{lines}[0]{deducted}, 50, 'are taken off');
is($one->{lines}[0]{refund}, $most - 50, 'the refund');
is($one->{gradings}[0]{deduct_reason}, 'worn <out>', 'and why');
ok((grep { ($_->{reason} // '') eq 'inside' } @{ $one->{steps} }),
   'the note is another thing');
like($t->get("/en/staff/rma/$rma->{id}", @who)->text,
     qr/0\.50<.span><p[^>]*>worn &lt;out&gt;/, 'the desk shows it');
my $hers = $t->get('/en' . $t->link_path('rma', rma => $rma->{id}))->text;
like($hers, qr/0\.50<.span><p[^>]*>worn &lt;out&gt;/, 'and the shopper reads it');
unlike($hers, qr/inside/, 'but not the note');

# counted before, and graded on the desk's own page of it: the way there

$rma = asked('KU-E', 2);
$t->api(POST => "/rmas/$rma->{id}/approve");
$t->api(POST => "/rmas/$rma->{id}/receive", {});
like($t->get("/en/staff/rma/$rma->{id}", @who)->text,
     qr{take something off the refund.*?<a href="([^"]*/receive/\Q$rma->{id}\E)"}s,
     'where nothing is left to count, a deduction is one link away');
$res = deduct('n.0' => 0, 'x.0' => '0.50', 'y.0' => 'worn');
is($res->status, 303, 'it is taken off there') or diag $res->text;
is(rma($rma->{id})->{rma}{lines}[0]{deducted}, 50, 'of what was counted before');

$t->delivered_order('KU-W', 1);
$rma = $t->api(POST => '/rmas', { order => 'KU-W', withdrawal => JSON::PP::true,
    lines => [ { line => '1', quantity => 1 } ] })->json->{rma};
$t->api(POST => "/rmas/$rma->{id}/approve");
my $desk = $t->get("/staff/receive/$rma->{id}", @who)->text;
like($desk, qr/2011\/83\/AB/, 'what the law lets be taken off a withdrawal');
like($desk, qr/id="x-0"[^>]*aria-describedby="xh-0 xl-0"/, 'at the field');

# ---- where the goods of an exchange are promised ----

$t->api(PUT => '/products/ETH', { id => 'ETH', title => 'Etiyopya',
    currency => 'TRY', variants => [
        { sku => 'ETH-1', title => '1 kg', price => 33333, stock => 5 } ] });
$t->delivered_order('KU-4', 1, lines => [ { line => '1', sku => 'ETH',
    title => 'Etiyopya', quantity => 3, unit_price => 33333, tax => 0,
    product => 'ETH' } ]);
$rma = $t->api(POST => '/rmas', { order => 'KU-4', lines => [
    { line => '1', quantity => 3, reason => 'changed_mind',
      outcome => 'exchange', exchange_sku => 'ETH-1' } ] })->json->{rma};
my $held = sub { $t->api(GET => '/products/ETH')->json->{product}{variants}[0]
                     {holds} // $t->api(GET => '/products/ETH')->json
                     ->{product}{holds} };
my @before = grep { /stock\./ } split /\n/,
    $t->api(GET => '/events?after=0&limit=1000')->body;
$t->api(POST => "/rmas/$rma->{id}/approve",
        { lines => [ { line => '1', units => 1 } ] });
my @after = grep { /stock\./ } split /\n/,
    $t->api(GET => '/events?after=0&limit=1000')->body;
is(scalar @after, scalar @before, 'a split moves no stock');
$t->api(POST => "/rmas/$rma->{id}/decline", { lines => [ '1.2' ],
                                              reason => 'Hayır.' });
my ($freed) = map { decode_json($_) } grep { /stock\.freed/ }
    split /\n/, $t->api(GET => '/events?after=0&limit=1000')->body;
is($freed->{data}{units}, 2, 'what is declined is promised no more');

my $dir = $t->dir;
$t->journal_ok('the journal verifies');
is(system(CXR::Test::cx() . " rebuild --store $dir/store --into $dir/anew "
          . "--keys $dir/keys >/dev/null 2>&1"), 0,
   'all of it comes out of the journal again');
$t->finish;
done_testing;

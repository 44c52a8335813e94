#!/usr/bin/perl
# One line, two outcomes: some units for their money, some for a variant, by the
# portal's form; and whoever wants one thing for all is asked no more than before.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 1, shop => {
    'policy.outcomes' => [ qw(refund exchange store_credit) ] })->start;

$t->api(PUT => '/products/ETH', { id => 'ETH', title => 'E',
    currency => 'TRY', variants => [
        { sku => 'ETH-250', title => '250 g', price => 42000, stock => 9 },
        { sku => 'ETH-F', title => 'Filtre', price => 42000, stock => 1 },
        { sku => 'ETH-G', title => 'French press', price => 42000, stock => 1 },
        { sku => 'ETH-X', title => 'Espresso', price => 42000, stock => 0 } ] });

sub of {
    my ($page, $tail) = @_;
    my ($f) = grep { ($_->{action} // '') =~ m{\Q$tail\E$} } $page->forms;
    return $f;
}

sub details {
    my ($order, $n) = @_;
    $t->delivered_order($order, 1, lines => [ { line => '1', sku => 'ETH-250',
        title => 'Etiyopya', variant => '250 g', quantity => 3,
        unit_price => 42000, tax => 7636, product => 'ETH' } ]);
    my $page = $t->get('/en' . $t->link_path('order', order => $order));
    my ($form) = grep { grep { $_->[0] eq 'v' } @{ $_->{fields} } } $page->forms;
    return $t->submit($form, { 'c.0' => 1, 'q.0' => $n });
}

sub rma { return $t->api(GET => "/rmas?order=$_[0]")->json->{rmas}[0] }

sub lines {
    return join ' ', map { "$_->{quantity}:$_->{outcome}"
        . ($_->{exchange_sku} ? ":$_->{exchange_sku}" : '') }
        @{ rma($_[0])->{lines} };
}

my %simple = ('r.0' => 'changed_mind', 'o.0' => 'refund');

# ---- one thing for all, as ever ----

my $page = details('S-1', 1);
unlike($page->text, qr/Something different/, 'of one there is nothing to split');

$page = details('S-2', 3);
like($page->text, qr{<details>\s*<summary>Something different for some},
     'of three there is, folded');
my $review = $t->submit(of($page, '/review'), { %simple });
is($review->status, 200, 'and need not be opened');
is($t->submit(of($review, '/rma'))->status, 303, 'sent');
is(lines('S-2'), '3:refund', 'all for their money');

# ---- two and one ----

$page = details('S-3', 3);
$review = $t->submit(of($page, '/review'), { %simple, 's.0' => 1,
                                             'x.0' => 'exchange:ETH-F' });
is($review->status, 200, 'two for money, one for a variant');
like($review->text, qr/Qty 2.*Refund.*Qty 1.*Exchange: .*Filtre/s,
     'both stand in the review') or diag($review->text);
is($t->submit(of($review, '/rma'))->status, 303, 'sent');
is(lines('S-3'), '2:refund 1:exchange:ETH-F', 'as she said');
is(rma('S-3')->{refund}, 84000, 'two of three paid back');

# ---- back and on ----

$page = details('S-4', 3);
$review = $t->submit(of($page, '/review'), { %simple, 's.0' => 2,
                                             'x.0' => 'store_credit' });
my $form = of($review, '/rma');
(my $back = $form->{action}) =~ s{/rma$}{/details};
$page = $t->form($back, $form->{fields});
like($page->text, qr{<details open>\s*<summary>Something different}, 'back: open');
like($page->text, qr{name="s\.0" value="2"}, 'with the units');
like($page->text, qr{value="store_credit" selected}, 'and what for');

# ---- the same for both is no split ----

$review = $t->submit(of($page, '/review'), { %simple, 's.0' => 1,
                                             'x.0' => 'refund' });
is($t->submit(of($review, '/rma'))->status, 303, 'the same twice');
is(lines('S-4'), '3:refund', 'is one');

# ---- what is to be mended ----

$page = details('S-5', 3);
$form = of($page, '/review');

for my $c ([ 'all of them', 3, 'store_credit', 'At most 2 of these' ],
           [ 'not said what for', 1, '', 'Choose' ],
           [ 'no number', 'x', 'store_credit', 'number|quantity|how many' ],
           [ 'not offered', 1, 'repair', '\w' ],
           [ 'sold out', 1, 'exchange:ETH-X', '\w' ],
           [ 'fewer than that', 2, 'exchange:ETH-F', '\w' ],
           [ 'no such variant', 1, 'exchange:NO', '\w' ])
{
    my ($name, $n, $what, $says) = @$c;
    my $res = $t->submit($form, { %simple, 's.0' => $n, 'x.0' => $what });
    is($res->status, 422, "$name: to be mended");
    like($res->text, qr{<p class="wrong-text" id="x-0-error">[^<]*(?:$says)}i,
         "$name: beside it");
    like($res->text, qr{href="#x-0"}, "$name: and from the top");
    like($res->text, qr{<details open>\s*<summary>Something different},
         "$name: in the open");
}

is($t->submit($form, { %simple, 's.0' => 0, 'x.0' => 'exchange:NO' })->status,
   200, 'none of them: it does not matter what for');

# ---- a reason of their own ----

sub whys {
    return join ' ', map { "$_->{quantity}:$_->{reason}:$_->{outcome}" }
        @{ rma($_[0])->{lines} };
}

$page = details('S-6', 3);
like($page->text, qr{<select id="y-0" name="y\.0">\s*<option value="">}, 'the same reason unless another is said');
$form = of($page, '/review');
my %two = (%simple, 's.0' => 1, 'x.0' => 'refund', 'y.0' => 'damaged');

# what is broken is a claim: its form is another one, and nothing is lost

$page = $t->submit($form, { %two });
is($page->status, 200, 'one is damaged: asked for what a claim wants');
like($page->text, qr{id="turned"}, 'and told so');
like($page->text, qr{name="j\.0" value="damaged"}, 'once');
like($page->text, qr{<option value="damaged" selected>}, 'the reason is kept');
$form = of($page, '/review');
my $missing = $t->submit($form, { %two });
is($missing->status, 422, 'it wants some words');
like($missing->text, qr{<p class="wrong-text" id="z-0-error">}, 'of these units');
like($missing->text, qr{href="#z-0"}, 'and from the top');

$review = $t->submit($form, { %two, 'z.0' => 'Kutu ezilmiş' });
is($review->status, 200, 'with them it goes on') or diag $review->text;
like($review->text, qr{Qty 2.*<dt>Reason.*Qty 1.*It arrived damaged.*Kutu ezilmiş}s,
     'both stand in the review, each with its reason');
(my $again = of($review, '/rma')->{action}) =~ s{/rma$}{/details};
$page = $t->form($again, of($review, '/rma')->{fields});
like($page->text, qr{name="z\.0"[^>]*>\s*Kutu ezilmiş</textarea>}, 'back: kept');
is($t->submit(of($review, '/rma'))->status, 303, 'sent');
is(whys('S-6'), '2:changed_mind:refund 1:damaged:refund', 'as she said');
is(rma('S-6')->{kind}, 'return', 'a return, of which a part is a claim');
my $notes = $t->api(GET => '/rmas/' . rma('S-6')->{id})->json->{notes};
is(scalar @$notes, 1, 'the words stand once');
is($notes->[0]{item}, '1.2', 'with the one that they are of') or diag explain $notes;

$page = details('S-7', 3);
$form = of($page, '/review');
is($t->submit($form, { %simple, 's.0' => 1, 'x.0' => 'refund',
                       'y.0' => 'nosuch' })->status, 422, 'no such reason');
$review = $t->submit($form, { %simple, 's.0' => 2, 'x.0' => 'exchange:ETH-G',
                              'y.0' => 'wrong_grind' });
is($review->status, 422, 'too few of that variant for two');
$review = $t->submit($form, { %simple, 's.0' => 1, 'x.0' => 'exchange:ETH-G',
                              'y.0' => 'wrong_grind' });
is($t->submit(of($review, '/rma'))->status, 303, 'another grind for one');
is(whys('S-7'), '2:changed_mind:refund 1:wrong_grind:exchange',
   'with its reason');

# ---- and by the API ----

$t->delivered_order('S-8', 1, lines => [ { line => '1', sku => 'ETH-250',
    title => 'Etiyopya', quantity => 3, unit_price => 42000 } ]);
my $made = $t->api(POST => '/rmas', { order => 'S-8', lines => [
    { line => '1', quantity => 1, reason => 'damaged', outcome => 'refund',
      note => 'Kırık' },
    { line => '1', quantity => 2, reason => 'changed_mind',
      outcome => 'store_credit' } ] });
is($made->status, 201, 'the API takes both') or diag $made->text;
is(whys('S-8'), '1:damaged:refund 2:changed_mind:store_credit', 'alike');

$t->journal_ok;
$t->finish;
done_testing;

#!/usr/bin/perl
# What the shop asks to be agreed to before a return: asked, kept, and never a
# condition of what the law gives.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Test;

my $TERMS = { id => 'terms', version => '2026-05', required => \1,
    text => { tr => 'İade koşullarını okudum, kabul ediyorum.',
              en => 'I have read the terms & accept <them>.' },
    link => { tr => 'İade koşulları', en => 'Terms of return' },
    url => 'https://shop.example/terms' };
my $NEWS = { id => 'survey', version => '1', on => [ qw(return claim) ],
    text => { tr => 'Bana sorabilirsiniz.', en => 'You may ask me how it went.' } };

sub start {
    my (@consents) = @_;
    return CXR::Test->new(workers => 1, shop => {
        'policy.auto_approve' => JSON::PP::true(),
        'policy.review_above' => 0,
        'policy.outcomes' => [ qw(refund exchange) ],
        'consents' => [ @consents ] })->start;
}

sub of {
    my ($page, $tail) = @_;
    my ($f) = grep { ($_->{action} // '') =~ m{\Q$tail\E$} } $page->forms;
    return $f;
}

# to the review of the first line
sub review {
    my ($x, $order, $reason) = @_;
    my $page = $x->get('/en' . $x->link_path('order', order => $order));
    my ($form) = grep { grep { $_->[0] eq 'v' } @{ $_->{fields} } } $page->forms;
    my $details = $x->submit($form, { 'c.0' => 1, 'q.0' => 1 });
    my %answers = ('r.0' => $reason // 'changed_mind', 'o.0' => 'refund');
    my $next = $x->submit(of($details, '/review'), \%answers);

    # a reason that claims something is asked for more, once

    return of($next, '/rma') ? $next
           : $x->submit(of($next, '/review'), { %answers, 'n.0' => 'broken' });
}

my $t = start($TERMS, $NEWS);
$t->delivered_order($_, 1) for map { "C-$_" } 1 .. 6;

sub rma { return $t->api(GET => "/rmas?order=$_[0]")->json->{rmas}[0] }

# ---- the boxes ----

my $page = review($t, 'C-1');
is($page->status, 200, 'the review');
like($page->text, qr/name="a" value="terms\@2026-05" required>/,
     'a box, unticked, that must be ticked');
like($page->text, qr/I have read the terms &amp; accept &lt;them&gt;\./,
     'her words are text');
like($page->text, qr{<a href="https://shop\.example/terms" target="_blank"[^>]*>Terms of return<},
     'and what they are about');
like($page->text, qr/name="a" value="survey\@1">/, 'one that may be left');
unlike($page->text, qr{ checked[ >]}, 'none is ticked for her');

# ---- without ----

my $res = $t->submit(of($page, '/rma'));
is($res->status, 422, 'not without what is required');
like($res->text, qr/href="#a-0">Tick this box/, 'the summary leads to the box');
like($res->text, qr/id="ae-0">Tick this box to send your request/,
     'which says so itself');
ok(!rma('C-1'), 'and nothing was made');

# what else was typed is kept

my $form = of($res, '/rma');
ok((grep { $_->[0] eq 'r.0' && $_->[1] eq 'changed_mind' }
    @{ $form->{fields} }), 'the reason is there still');

# ---- with ----

$res = $t->submit($form, { a => 'terms@2026-05' });
is($res->status, 303, 'with it the request is sent');
is_deeply(rma('C-1')->{consents}, [ { id => 'terms', version => '2026-05' } ],
          'what she agreed to is kept, in its version');
(my $url = $res->header('location')) =~ s/\?.*//;

my ($event) = grep { $_->{type} eq 'rma.created' }
              map { JSON::PP::decode_json($_) }
              split /\n/, $t->api(GET => '/events')->body;
is_deeply($event && $event->{data}{consents},
          [ { id => 'terms', version => '2026-05' } ], 'the shop is told');

my $id = rma('C-1')->{id};
like($t->get("/staff/rma/$id", $t->staff_headers)->text,
     qr{İade koşullarını okudum, kabul ediyorum\. <span class="num soft">2026-05},
     'and its staff see it');

# ---- both, and back and on again ----

$page = review($t, 'C-2');
$form = of($page, '/rma');
my @fields = (@{ $form->{fields} }, [ a => 'survey@1' ], [ a => 'terms@2026-05' ]);
(my $back = $form->{action}) =~ s{/rma$}{/details};
my $details = $t->form($back, \@fields);
is($details->status, 200, "back to the reasons") or diag($details->text);
$page = $t->submit(of($details, '/review'), {});
is(scalar(() = $page->text =~ /name="a" value="[^"]+"[^>]* checked/g), 2,
   'what was ticked is ticked when she comes back');
is($t->form(of($page, '/rma')->{action}, \@fields)->status, 303, 'sent');
is(join(' ', map { $_->{id} } @{ rma('C-2')->{consents} }), 'terms survey',
   'both are kept');

# ---- another version, strangers ----

$page = review($t, 'C-3');
$form = of($page, '/rma');
for my $bad ('terms@2026-04', 'terms', 'terms@2026-05x', '@', 'x' x 5000, '') {
    is($t->submit($form, { a => $bad })->status, 422,
       '"' . substr($bad, 0, 20) . '" is no consent');
}
is($t->form($form->{action}, [ @{ $form->{fields} },
                               map { [ a => "x\@$_" ] } 1 .. 50 ])->status, 422,
   'nor are fifty of them');
is($t->form($form->{action}, [ @{ $form->{fields} }, [ a => 'no@1' ],
                               [ a => 'terms@2026-05' ],
                               [ a => 'terms@2026-05' ] ])->status, 303,
   'said twice it is one');
is(scalar @{ rma('C-3')->{consents} }, 1, 'and kept once');

# ---- what the law gives has no conditions ----

$page = review($t, 'C-4', 'damaged');
unlike($page->text, qr/value="terms/, 'a claim is not asked to accept terms');
like($page->text, qr/value="survey\@1"/, 'what may be left is asked');
is($t->submit(of($page, '/rma'))->status, 303, 'and it goes through without');
is_deeply(rma('C-4')->{consents}, [], 'nothing was agreed to');

$res = $t->api(POST => '/rmas', { order => 'C-5', withdrawal => \1,
    lines => [ { line => '1', quantity => 1 } ] });
is($res->status, 201, 'nor is a withdrawal') or diag($res->text);

# ---- the API ----

my %ask = (order => 'C-6',
           lines => [ { line => '1', quantity => 1, reason => 'changed_mind' } ]);
$res = $t->api(POST => '/rmas', { %ask });
is($res->status, 409, 'the API asks as well');
like($res->json->{type}, qr/:consent_missing$/, 'and says what for');
for my $bad ([ 'terms', '2025' ], [ 'nobody', '1' ]) {
    $res = $t->api(POST => '/rmas', { %ask, consents => [
        { id => $bad->[0], version => $bad->[1] } ] });
    is($res->status, 409, "$bad->[0] $bad->[1] is refused");
    like($res->text, qr{consent_unknown}, 'as unknown');
    like($res->text, qr{/consents/0}, 'at its place');
}
is($t->api(POST => '/rmas', { %ask, consents => [ { id => 'terms' } ] })->status,
   400, 'a version is wanted');
$res = $t->api(POST => '/rmas', { %ask, consents => [
    { id => 'terms', version => '2026-05' } ] });
is($res->status, 201, 'with it, it is made') or diag($res->text);
is_deeply($res->json->{rma}{consents}, [ { id => 'terms', version => '2026-05' } ],
          'and answered');
$t->delivered_order('C-7', 1);
$res = $t->api(POST => '/rmas', { %ask, order => 'C-7', override => \1,
    override_reason => 'by telephone' });
is($res->status, 201, 'staff who go past the policy go past it, too')
    or diag($res->text);

$t->journal_ok;
$t->finish;

# ---- the shop's file ----

for my $c (
    [ { %$TERMS, on => [ 'claim' ] }, qr/what the law gives/, 'a claim' ],
    [ { %$TERMS, on => [ 'withdrawal' ] }, qr/must be of "return"/, 'a withdrawal' ],
    [ { %$TERMS, version => undef }, qr/version/, 'no version' ],
    [ { %$TERMS, link => undef }, qr/belong together/, 'a URL without words' ],
    [ { %$TERMS, url => 'javascript:alert(1)' }, qr/url/, 'a URL that runs' ],
    [ { %$TERMS, text => { tr => 'Yalnız Türkçe' } }, qr/en/, 'one language' ])
{
    my ($consent, $why, $what) = @$c;
    delete $consent->{$_} for grep { !defined $consent->{$_} } keys %$consent;
    like((CXR::Test->new(shop => { consents => [ $consent ] })->check)[1], $why,
         "$what is refused");
}
like((CXR::Test->new(shop => { consents => [ $TERMS, $TERMS ] })->check)[1],
     qr/another consent/, 'so is the same one twice');

done_testing();

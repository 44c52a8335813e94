#!/usr/bin/perl
# The returns desk: who may, the list, a decision that the shopper then reads,
# and forms that come from elsewhere.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 2)->start;
my @desk = ('X-Actor' => 'ayse', 'X-Roles' => 'read approve');

sub page {
    my ($name, $res, $status) = @_;
    is($res->status, $status, "$name: $status")
        or diag(substr $res->text, 0, 2000);
    like($res->header('content-security-policy') // '',
         qr/^default-src 'none'/, "$name: CSP");
    is($res->header('cache-control'), 'private, no-store', "$name: no cache");
    unlike($res->body, qr/\{\{|<script/i, "$name: no template, no script");
    return $res->text;
}

sub rma {
    my ($number, %line) = @_;
    $t->delivered_order($number, 1);
    my $res = $t->api(POST => '/rmas', { order => $number, lines => [ {
        line => '1', quantity => 1, reason => 'damaged', note => 'kırık',
        outcome => 'refund', %line } ] });
    is($res->status, 201, "an RMA of $number") or diag($res->body);
    return $res->json->{rma}{id};
}

my $id = rma('KG-1');

# ---- who may ----

page('nobody', $t->get('/staff/'), 403);
page('somebody without a role', $t->get('/staff/', 'X-Actor' => 'x'), 403);
page('another role', $t->get('/staff/', 'X-Actor' => 'x',
     'X-Roles' => 'orders'), 403);
page('nobody, one RMA', $t->get("/staff/rma/$id"), 403);
page('an actor of control characters', $t->get('/staff/',
     'X-Actor' => "\x01", 'X-Roles' => 'read'), 403);

# ---- the list ----

my $html = page('list', $t->get('/staff/', @desk), 200);
like($html, qr/\Q$id\E/, 'the RMA');
like($html, qr/KG-1\b/, 'its order');
page('list in English', $t->get('/en/staff/', @desk), 200);
like(page('by status', $t->get('/staff/?status=requested', @desk), 200),
     qr/\Q$id\E/, 'found');
unlike(page('by another', $t->get('/staff/?status=declined', @desk), 200),
       qr/\Q$id\E/, 'not found');
like(page('search', $t->get('/staff/?q=kg1', @desk), 200), qr/\Q$id\E/,
     'by order');
like(page('search', $t->get('/staff/?q=' . lc $id, @desk), 200), qr/\Q$id\E/,
     'by RMA');
page('a search for nothing', $t->get('/staff/?q=%3Cscript%3E', @desk), 200);
page('a bad cursor', $t->get('/staff/?cursor=AAAA', @desk), 200);
page('a bad escape', $t->get('/staff/?q=%zz', @desk), 400);

# ---- one RMA ----

$html = page('RMA', $t->get("/staff/rma/$id", @desk), 200);
like($html, qr/Ayşe Yılmaz/, 'who');
like($html, qr/kırık/, 'what they say');
my ($form) = grep { $_->{action} =~ m{/decide$} }
             $t->get("/staff/rma/$id", @desk)->forms;
ok($form, 'a form to decide with');
ok(!(grep { $_->{action} =~ m{/decide$} }
     $t->get("/staff/rma/$id", 'X-Actor' => 'x', 'X-Roles' => 'read')->forms),
   'not for who may only read');
page('an RMA that is none', $t->get('/staff/rma/R-2222-2222', @desk), 404);
page('a path that is none', $t->get('/staff/x', @desk), 404);

# ---- decide ----

my %decline = (decision => 'decline', 'l.0' => 1,
               reason => 'Fotoğrafta "kırık" görünmüyor <b>');

page('without a reason', $t->submit($form, { %decline, reason => '' }, @desk),
     422);
page('without a decision', $t->submit($form, { %decline,
     decision => undef }, @desk), 422);
page('without a line', $t->submit($form, { %decline, 'l.0' => undef }, @desk),
     422);
page('a decision that is none', $t->submit($form, { %decline,
     decision => 'eat' }, @desk), 422);
page('cross-site', $t->submit($form, \%decline, @desk,
     'Sec-Fetch-Site' => 'cross-site'), 403);
page('from another origin', $t->submit($form, \%decline, @desk,
     Origin => 'https://evil.example'), 403);
page('from a sandbox', $t->submit($form, \%decline, @desk,
     Origin => 'null'), 403);
page('without a form token', $t->submit($form, { %decline, t => undef },
     @desk), 403);
page('with another', $t->submit($form, { %decline, t => 'A' x 22 }, @desk),
     403);
page('with another person\'s', $t->submit($form, \%decline,
     'X-Actor' => 'mehmet', 'X-Roles' => 'read approve'), 403);
page('who may only read', $t->submit($form, \%decline, 'X-Actor' => 'ayse',
     'X-Roles' => 'read'), 403);
is($t->api(GET => "/rmas/$id")->json->{rma}{status}, 'requested',
   'nothing was decided');

my $res = $t->submit($form, \%decline, @desk, 'Sec-Fetch-Site' => 'same-origin');
is($res->status, 303, 'declined') or diag($res->text);
page('after it', $t->get($res->header('location'), @desk), 200);
my $rma = $t->api(GET => "/rmas/$id")->json->{rma};
is($rma->{status}, 'declined', 'it is');
is($rma->{lines}[0]{decline_reason}, $decline{reason}, 'with its reason');
my ($step) = grep { $_->{actor} eq 'ayse' } @{ $rma->{steps} };
ok($step, 'and who it was');

$html = page('the shopper reads', $t->get($t->link_path('rma', rma => $id)),
             200);
like($html, qr/Fotoğrafta (?:"|&quot;)kırık(?:"|&quot;) görünmüyor &lt;b&gt;/,
     'the reason, escaped');
unlike($html, qr/\bayse\b/, 'not the name of who decided');

page('the same form again', $t->submit($form, \%decline, @desk), 409);

# ---- two at the desk ----

$id = rma('KG-2');
($form) = grep { $_->{action} =~ m{/decide$} }
          $t->get("/staff/rma/$id", @desk)->forms;
my %approve = (decision => 'approve', 'l.0' => 1);
my ($other) = grep { $_->{action} =~ m{/decide$} }
              $t->get("/staff/rma/$id", 'X-Actor' => 'can',
                      'X-Roles' => 'read approve')->forms;
is($t->submit($form, \%approve, @desk)->status, 303, 'one approves');
page('the other declines what has changed', $t->submit($other, \%decline,
     'X-Actor' => 'can', 'X-Roles' => 'read approve'), 409);
$rma = $t->api(GET => "/rmas/$id")->json->{rma};
is($rma->{status}, 'approved', 'approved it stays');
isnt($rma->{label_jti}, '', 'with a label');

# info is asked for

$id = rma('KG-3');
($form) = grep { $_->{action} =~ m{/decide$} }
          $t->get("/en/staff/rma/$id", @desk)->forms;
is($t->submit($form, { decision => 'request_info', 'l.0' => 1,
   reason => 'Please send a picture' }, @desk)->status, 303, 'more is asked');
like(page('the shopper reads what', $t->get($t->link_path('rma', rma => $id)),
          200), qr/Please send a picture/, 'the question');

$t->journal_ok;
$t->finish;
done_testing;

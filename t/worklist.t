#!/usr/bin/perl
# The work list: codes that no rule maps are counted where the operator looks
# (API, desk, command, metrics), and leave it when the profile has learnt them.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Temp;
use JSON::PP ();
use Test::More;

use CXR::Carrier;
use CXR::Test;

my $files = File::Temp->newdir('cxr-XXXXXXXX', TMPDIR => 1);
my $t = CXR::Test->new(workers => 2, profiles("$files/carriers", 'aa', 'bb'))
    ->start;
my $cx = CXR::Test::cx();
my $json = JSON::PP->new->utf8;

sub worklist { return $t->api(GET => '/worklist' . ($_[0] // ''))->json }

sub row {
    my ($list, $carrier, $code) = @_;
    my @r = grep { $_->{carrier} eq $carrier && $_->{code} eq $code }
            @{ $list->{codes} };
    return @r == 1 ? $r[0] : undef;
}

sub run { my $out = `@_ 2>&1`; utf8::decode($out); return ($? >> 8, $out) }

# ---- empty ----

is_deeply(worklist(), { codes => [], carriers => [] }, 'nothing yet');
like($t->get('/staff/feeds', 'X-Actor' => 'a', 'X-Roles' => 'read')->text,
     qr/Bütün kodlar anlaşılıyor/, 'the desk says so');

# ---- counted ----

my $doc = document(record('N1', 'Q1', 'Q1', 'OK'),
                   record('N2', 'Q1', [ 'Q2', '<b>Ay&amp;şe</b>' =~ s/</&lt;/gr ],
                          [ '', 'bir metin' ]));
my $res = $t->feed('aa', $doc);
is($res->json->{unmapped}, 5, 'the feed tells how many') or diag($res->body);

my $list = worklist();
is(row($list, 'aa', 'Q1')->{count}, 3, 'Q1: three events of two parcels');
is(row($list, 'aa', 'Q2')->{count}, 1, 'Q2: one');
is(row($list, 'aa', 'Q2')->{text}, '<b>Ay&şe</b>', 'with its text');
is(row($list, 'aa', 'Q2')->{number}, 'N2', 'and the parcel');
is(row($list, 'aa', '')->{text}, 'bir metin', 'a text without a code');
like(row($list, 'aa', 'Q1')->{$_}, qr/^\d{4}-\d\d-\d\dT/, $_)
    for qw(first_at last_at);
is_deeply($list->{carriers}, [ { carrier => 'aa', codes => 3, overflow => 0 } ],
          'the sum');

$t->feed('aa', $doc) for 1 .. 3;
is(row(worklist(), 'aa', 'Q1')->{count}, 3, 'sent again: nothing is counted twice');

# the same number of another carrier is another parcel

is($t->feed('bb', document(record('N1', 'Q1')))->json->{stored}, 1, 'bb');
$list = worklist();
is(row($list, 'aa', 'Q1')->{count}, 3, 'its codes are its own');
is(row($list, 'bb', 'Q1')->{count}, 1, 'and counted for it');
is(scalar @{ worklist('?carrier=bb')->{codes} }, 1, 'of one carrier');
is(scalar @{ worklist('?carrier=nobody')->{codes} }, 0, 'of none');

# ---- pages of the API, and its mistakes ----

{
    my (@seen, $next);
    for (1 .. 10) {
        my $p = worklist('?limit=1' . ($next ? "&cursor=$next" : ''));
        push @seen, map { "$_->{carrier}/$_->{code}" } @{ $p->{codes} };
        last if !($next = $p->{next});
    }
    is(join(' ', sort @seen), 'aa/ aa/Q1 aa/Q2 bb/Q1', 'by cursor');
}

for my $bad ('limit=0', 'limit=1001', 'limit=x', 'carrier=A%20B', 'cursor=!!',
             'cursor=AAAA')
{
    $res = $t->api(GET => "/worklist?$bad");
    is($res->status, 400, "$bad: 400");
    is(($res->json // {})->{type}, 'urn:cx-returns:problem:bad_query',
       "$bad: which problem");
}

is($t->api(POST => '/worklist', {})->status, 405, 'POST: 405');
is($t->get('/api/v1/worklist', 'X-Actor' => 'a', 'X-Roles' => 'feed:aa')
     ->status, 403, 'a feed may not read it');
is($t->get('/staff/feeds', 'X-Actor' => 'a', 'X-Roles' => 'feed:aa')->status,
   403, 'nor the desk');
is($t->get('/staff/feeds')->status, 403, 'nobody neither');

# ---- the desk, the command, the metrics ----

my $page = $t->get('/en/staff/feeds', 'X-Actor' => 'ayse', 'X-Roles' => 'read');
is($page->status, 200, 'the desk') or diag($page->text);
like($page->header('content-security-policy'), qr/^default-src 'none'/, 'CSP');
like($page->text, qr/Carrier feeds/, 'in English');
like($page->text, qr/>Q1</, 'the code');
like($page->text, qr/&lt;b&gt;Ay&amp;şe&lt;\/b&gt;/, 'a text is no markup');
unlike($page->text, qr/<b>Ay/, 'never');
like($page->text, qr{<a href="/en/staff/feeds" aria-current="page">}, 'in the menu');
like($page->text, qr/No quarantine is set up/, 'no quarantine');
like($t->get('/staff/', 'X-Actor' => 'a', 'X-Roles' => 'read')->text,
     qr{<a href="/tr/staff/feeds">Kargo akışları</a>}, 'the menu of the list');

my ($rc, $out) = run("$cx worklist --store $t->{store}");
is($rc, 0, 'cx-returns worklist');
like($out, qr/^ +3  aa +Q1 .*text of Q1 .*kahve-gurusu, N[12]/m, 'a row');
like($out, qr/^4 codes that no rule maps$/m, 'and how many');

($rc, $out) = run("$cx worklist --store $t->{store} --carrier aa --json");
is($rc, 0, 'as JSON');
utf8::encode($out);
is(scalar(grep { ($_->{code} // {})->{code} } map { $json->decode($_) }
          split /\n/, $out), 2, 'objects');

is($t->metric('cx_returns_worklist_codes{carrier="aa"}'), 3, 'metric: aa');
is($t->metric('cx_returns_worklist_codes{carrier="bb"}'), 1, 'metric: bb');

# ---- learnt ----

profile("$files/carriers", 'aa', codes => ['Q1']);
ok($t->reload, 'the profile learns Q1');
$t->feed('aa', document(record('N1', 'Q1', 'Q1', 'OK')));
is(row(worklist(), 'aa', 'Q1')->{count}, 1, 'of one parcel two are gone');
$t->feed('aa', $doc);
is(row(worklist(), 'aa', 'Q1'), undef, 'then all');
is(row(worklist(), 'bb', 'Q1')->{count}, 1, 'bb has not learnt it');
ok(row(worklist(), 'aa', 'Q2'), 'Q2 stays');

profile("$files/carriers", 'aa', codes => [ 'Q1', 'Q2' ]);
ok($t->reload, 'and Q2');
$t->feed('aa', $doc);
is($t->metric('cx_returns_worklist_codes{carrier="aa"}'), 1, 'the text is left');

# ---- a hostile carrier does not grow it ----

$res = $t->feed('bb', document(map { record("H$_", map { "h$_" } $_ * 20 .. $_ * 20 + 19) }
                               1 .. 60));
is($res->json->{unmapped}, 1200, '1200 codes');
my ($sum) = grep { $_->{carrier} eq 'bb' } @{ worklist()->{carriers} };
is($sum->{codes}, 500, '500 stand on the list');
is($sum->{overflow}, 701, 'the rest is a number');
is($t->metric('cx_returns_worklist_overflow{carrier="bb"}'), 701, 'a metric');
like($t->get('/staff/feeds', 'X-Actor' => 'a', 'X-Roles' => 'read')->text,
     qr/701 hareketin kodu listeye sığmıyor/, 'the desk tells');

# ---- from the journal ----

$t->journal_ok;
($rc, $out) = run("$cx rebuild --store $t->{store} --into $files/copy --keys $t->{keys}");
is($rc, 0, 'rebuilt, it is equal byte for byte') or diag($out);

$t->finish;
done_testing;

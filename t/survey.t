#!/usr/bin/perl
# Surveys: asked once the parcel is there, answered by one tap, changed for a
# while, never answered by opening a link; the answers are events.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP;
use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 2)->start;
my $now = time;
my $ask = qr/Teslimattan ne kadar memnun kaldınız/;

sub answers {
    return grep { $_->{type} eq 'survey.answered' }
        map { decode_json($_) }
        grep { length } split /\n/,
        $t->api(GET => '/events?after=0&limit=1000')->body;
}

sub tap {
    my ($url, @fields) = @_;
    return $t->form("$url/survey", [ @fields ]);
}

# ---- before the parcel is there, nobody asks ----

$t->put_order('KG-0');
my $early = $t->link_path('track', order => 'KG-0');
unlike($t->get($early)->text, $ask, 'nothing to ask about yet');
is(tap($early, [ score => 5 ])->status, 409, 'nor to answer');

# ---- one tap ----

$t->delivered_order('KG-1', 2);
my $url = $t->link_path('track', order => 'KG-1');
$url =~ s{^/(?:tr|en)/}{/};
my $html = $t->get("/tr$url")->text;
like($html, $ask, 'asked when it is there');
is(() = $html =~ /name="score" value="\d"/g, 5, 'a button for each score');
like($html, qr/aria-label="5 üzerinden 1: Hiç memnun değilim"/,
     'the first says what it means to who does not see it');
like($html, qr/aria-label="5 üzerinden 5: Çok memnunum"/, 'and the last');
like($html, qr/aria-label="5 üzerinden 3"/, 'between them a number will do');

$t->get("/tr$url?score=2");
my $picked = $t->get("/tr$url?score=2")->text;
like($picked, qr/5 üzerinden 2 puan ver/, 'a letter\'s link names a score');
is(scalar answers(), 0, 'and answers nothing');
unlike($t->get("/tr$url?score=9")->text, qr/puan ver/, 'none that is not');

my $res = tap("/tr$url", [ score => 4 ]);
is($res->status, 303, 'an answer');
is($res->header('location'), "/tr$url#survey", 'leads back to it');
$html = $t->get("/tr$url")->text;
like($html, qr/Teşekkürler/, 'thanks');
like($html, qr/class="score on"[^>]*value="4"/, 'the score is shown');

is(scalar answers(), 1, 'one event');
tap("/tr$url", [ score => 4 ]);
is(scalar answers(), 1, 'the same again is none');

# ---- a word, and another mind ----

tap("/tr$url", [ score => 4 ], [ comment => 'Kutu ezikti, kahve nefis.' ]);
my @a = answers();
is(scalar @a, 2, 'a comment is another one');
is($a[-1]{data}{score}, 4, 'with its score');
unlike($t->api(GET => '/events?after=0&limit=1000')->body, qr/ezikti/,
       'the words are not in the feed of events');
tap("/en$url", [ score => 2 ]);
like($t->get("/en$url")->text, qr/We have your comment too/,
     'another score keeps the comment');

# ---- what is no answer ----

for my $bad ('0', '6', '-1', 'x', '', '99999999999999999999') {
    is(tap("/en$url", [ score => $bad ])->status, 409, "score \"$bad\"");
}

like(tap("/tr$url", [ score => 6 ])->text, qr/puanlardan birini seçin/,
     'in her language');
$res = tap("/tr$url", [ score => 3 ], [ comment => 'çok ' x 300 ]);
is($res->status, 422, 'a comment that is too long');
like($res->text, qr/en çok 1\.000 karakter/, 'she is told so');
like($res->text, qr/>(?:çok ){299}çok ?<\/textarea>/, 'and it is still there');
is(tap("/tr$url", [ score => 3 ], [ comment => "\x{1f600}" x 1000 ])->status,
   303, 'a thousand smiles are a thousand characters');
tap("/tr$url", [ score => 2 ], [ comment => '=HYPERLINK("x")' ]);
is(scalar answers(), 5, 'what was refused was not kept');
is($t->get("/tr$url/survey")->status, 303, 'to look at, it is the page');

my $number = $t->get("/tr$url")->text =~ /class="num">(\d{9,})</ ? $1 : '';
my $alone = $t->submit(($t->get('/track/')->forms)[-1], { number => $number });
unlike($t->get($alone->header('location'))->text, $ask,
       'a stranger with the number is not asked');
is(tap($alone->header('location'), [ score => 1 ])->status, 404,
   'nor can she answer');

# ---- two parcels: asked when both are there ----

$t->delivered_order('KG-3', 2, shipments => [
    { carrier => 'yurtici', number => '70000000003' },
    { carrier => 'yurtici', number => '70000000303' } ]);
$t->feed('yurtici', CXR::Test::yurtici('70000000303',
    [ time - 2 * 86400, 'Kargo teslim alındı' ]));
my $split = $t->link_path('track', order => 'KG-3');
unlike($t->get($split)->text, $ask, 'half of it is not all of it');
$res = tap($split, [ score => 1 ]);
is($res->status, 409, 'nor is an answer taken');
like($res->text, qr/role="alert"[^>]*>Bunu sormak için henüz erken/,
     'which the page says');
$t->feed('yurtici', CXR::Test::yurtici('70000000303',
    [ time - 2 * 86400, 'Kargo teslim alındı' ],
    [ time - 3600, 'Teslim edildi' ]));
like($t->get($split)->text, $ask, 'now it is');

# ---- of a return, once it is settled ----

$t->delivered_order('KG-2', 2);
my $rma = $t->api(POST => '/rmas', { order => 'KG-2', locale => 'tr',
    lines => [ { line => '1', quantity => 1, reason => 'damaged',
                 note => 'Kırık geldi.', outcome => 'refund' } ] })->json->{rma};
my $page = $t->link_path('rma', order => 'KG-2', rma => $rma->{id});
unlike($t->get($page)->text, qr/İadenizi tamamlamak/, 'not while it is open');
is(tap($page, [ score => 7 ])->status, 409, 'nor answered');

$t->api(POST => "/rmas/$rma->{id}/decline", { reason => 'Fotoğraf gerekli.' });
like($t->get($page)->text, qr/İadenizi tamamlamak/, 'asked at its end');
is(tap($page, [ score => 7 ])->status, 303, 'and answered');
is((answers())[-1]{data}{rma}, $rma->{id}, 'for that RMA');

# ---- again and again ----

my $n = answers();
my %got;
$got{ tap($page, [ score => 1 + $_ % 7 ])->status }++ for 1 .. 30;
is_deeply([ sort keys %got ], [ 303, 429 ], 'not for ever in an hour');
$res = tap($page, [ score => 7 ], [ comment => 'Sonunda bitti.' ]);
like($res->header('retry-after') // '', qr/^\d+$/,
   'when to come back');
like($res->text, qr/>Sonunda bitti\.<\/textarea>/, 'what she wrote stays');
like($res->text, qr/bir saat sonra/, 'and she is told when');
is(answers() - $n, $got{303}, 'no more than were taken stand in the journal');
cmp_ok($got{303}, '<', 20, 'the one before counts as well');

# ---- the desk: what it adds up to, and every answer ----

my @desk = ('X-Actor' => 'ayse', 'X-Roles' => 'read');
tap("/tr" . $t->link_path('track', order => 'KG-3') =~ s{^/(?:tr|en)/}{/}r,
    [ score => 5 ]);
is($t->get('/tr/staff/surveys')->status, 403, 'the desk\'s page is for staff');
is($t->get('/tr/staff/surveys.csv')->status, 403, 'and so is the file');
$html = $t->get('/tr/staff/surveys', @desk)->text;
like($html, qr/Memnuniyet \(CSAT\): <span class="nums">%50</,
     'one of two is satisfied');
like($html, qr/2 yanıt, 5 üzerinden ortalama 3,5/, 'on average');
like($html, qr/Kolaylık \(CES\)/, 'and of the return');
like($html, qr/=HYPERLINK/, 'the comment that only the team reads is read');
like($html, qr{href="/tr/staff/rma/\Q$rma->{id}\E"}, 'with a way to the return');
like($html, qr/>KG-1</, 'the order by the shop\'s number');
like($t->get('/en/staff/surveys', @desk)->text,
     qr/Satisfaction \(CSAT\): <span class="nums">50%/, 'in English');

like($t->get("/tr/staff/rma/$rma->{id}", @desk)->text,
     qr{Anket yanıtı</h2>.*İade <span class="pill \w+">\d / 7<}s,
     'the return\'s own page shows hers');

my $low = $t->get('/tr/staff/surveys?only=low', @desk)->text;
like($low, qr/>KG-1</, 'the low scores');
unlike($low, qr/>KG-3</, 'and none that is not');
like($t->get('/tr/staff/surveys?days=9&cursor=%25%25&only=x', @desk)->text,
     qr/>KG-3</, 'what is none of ours is the usual');
is($t->form('/tr/staff/surveys', [], @desk)->status, 403, 'nothing to post');

my $csv = $t->get('/tr/staff/surveys.csv', @desk);
like($csv->header('content-disposition'), qr/filename="surveys\.csv"/, 'CSV');
my @rows = split /\r\n/, $csv->text;
is(scalar @rows, 4, 'a row for each answer');
like($rows[0], qr/changed_at,first_at,about,question,score,mood,order,rma,comment/,
     'under its names');
is(scalar(grep { /,delivery,csat,2,bad,KG-1,,"'=HYPERLINK/ } @rows), 1,
   'no comment is a formula');
is(scalar(grep { /,returns,ces,\d,\w+,KG-2,\Q$rma->{id}\E,/ } @rows), 1,
   'a return\'s');
cmp_ok($t->metric('cx_returns_survey_answers_total'), '>', 5, 'counted');

# NPS of more than one page of answers

$t->{shop}{surveys} = { delivery => 'nps', returns => 'none' };
$t->write_shop;
$t->reload;

for my $i (100 .. 160) {
    $t->delivered_order("KG-$i", 2);
    tap($t->link_path('track', order => "KG-$i"),
        [ score => $i < 130 ? 10 : $i < 150 ? 3 : 8 ]);
}

$html = $t->get('/tr/staff/surveys', @desk)->text;
like($html, qr/\(NPS\): <span class="nums">\+16</,
     '30 of 61 would recommend the shop, 20 would not');
my ($next) = $html =~ /rel="next" href="([^"]+)"/;
ok($next, 'more answers on the next page') or diag($html);
$next =~ s/&amp;/&/g;
like($t->get($next, @desk)->text, qr/>KG-100</, 'the oldest of them');
unlike($t->get('/tr' . $page =~ s{^/(?:tr|en)/}{/}r)->text, $ask,
       'a question that the shop dropped is not asked');

# ---- the same for the shop's systems ----

sub list {
    my ($query, @more) = @_;
    return $t->api(GET => "/surveys?$query", undef, @more);
}

my $all = list('limit=200')->json;
is(scalar @{ $all->{surveys} }, 64, 'the API has every answer');
is($all->{next}, undef, 'on one page');

my @paged;
my $cursor = '';

for (1 .. 8) {
    my $page = list("limit=10&cursor=$cursor")->json;
    push @paged, @{ $page->{surveys} };
    $cursor = $page->{next} // last;
}

is_deeply(\@paged, $all->{surveys}, 'page by page it is the same');
is_deeply([ map { $_->{changed_at} } @paged ],
          [ reverse sort map { $_->{changed_at} } @paged ],
          'last changed first');

my $bad = list('about=delivery&question=csat&mood=bad')->json->{surveys};
is(scalar @$bad, 1, 'of one kind alone');
my $first = delete $bad->[0]{first_at};
my $changed = delete $bad->[0]{changed_at};
is_deeply($bad->[0], {
    about => 'delivery', question => 'csat', score => 2, mood => 'bad',
    order => 'KG-1', rma => undef, comment => '=HYPERLINK("x")',
    erased => JSON::PP::false }, 'with what was written');
cmp_ok($first, 'le', $changed, 'and when');
is(list('about=returns')->json->{surveys}[0]{rma}, $rma->{id}, 'a return\'s');
is(list("from=$changed&to=$changed")->json->{surveys}[0], undef,
   '"to" is not counted in');
ok((grep { $_->{order} eq 'KG-1' } @{ list("from=$changed&limit=200")->json
                                          ->{surveys} }), '"from" is');
is(list('to=2001-01-01')->json->{surveys}[0], undef, 'nothing so long ago');

for my $wrong (qw(cursor=AAAA cursor=___-Xfx_g3JSLTRGSkotN1A3MA about=x mood=2 question=stars from=then to=99 limit=201
                  cursor=%25%25)) {
    my ($name) = $wrong =~ /^(\w+)/;
    my $said = list($wrong);
    is($said->status, 400, "$wrong is told");
    is($said->json->{errors}[0]{pointer}, "?$name", "and where")
        or diag($said->body);
}

is($t->request(GET => '/api/v1/surveys',
               headers => [ 'X-Actor' => 'x', 'X-Roles' => 'orders' ])->status,
   403, 'who may not read');
is($t->api(POST => '/surveys', {})->status, 405, 'nothing to post');

# ---- the person goes, her words with her ----

my $dir = $t->dir;
my $cx = CXR::Test::cx();
$t->stop;
is(system("$cx person erase --store $dir/store --keys $dir/keys "
          . "--shop $dir/shops/kahve-gurusu.json --by staff:ayse KG-1 "
          . ">$dir/erase.out 2>&1"), 0, 'KG-1 is erased')
    or diag(CXR::Test::slurp("$dir/erase.out"));
$t->start;
$html = $t->get('/tr/staff/surveys?only=low', @desk)->text;
unlike($html, qr/HYPERLINK/, 'her words are gone');
like($html, qr/kişisel verilerle birlikte silindi/, 'which is said');
unlike($t->get('/tr/staff/surveys.csv', @desk)->text, qr/HYPERLINK/,
       'from the file, too');

my $api = list('mood=bad&question=csat')->json->{surveys}[0];
is($api->{comment}, undef, 'and from the API');
ok($api->{erased}, 'which says so');

is(system("$cx rebuild --store $dir/store --into $dir/anew --keys $dir/keys"
          . " >/dev/null 2>&1"), 0, 'all of it comes out of the journal again');

$t->finish;
done_testing;

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
is(tap("/tr$url", [ score => 3 ], [ comment => 'x' x 1001 ])->status, 400,
   'a comment that is too long');
is(scalar answers(), 3, 'none of it was kept');
is($t->get("/tr$url/survey")->status, 303, 'to look at, it is the page');

my $number = $t->get("/tr$url")->text =~ /class="num">(\d{9,})</ ? $1 : '';
my $alone = $t->submit(($t->get('/track/')->forms)[-1], { number => $number });
unlike($t->get($alone->header('location'))->text, $ask,
       'a stranger with the number is not asked');
is(tap($alone->header('location'), [ score => 1 ])->status, 404,
   'nor can she answer');

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
is(answers() - $n, $got{303}, 'no more than were taken stand in the journal');
cmp_ok($got{303}, '<', 20, 'the one before counts as well');

my $dir = $t->dir;
my $cx = CXR::Test::cx();
is(system("$cx rebuild --store $dir/store --into $dir/anew --keys $dir/keys"
          . " >/dev/null 2>&1"), 0, 'all of it comes out of the journal again');

$t->finish;
done_testing;

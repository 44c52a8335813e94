#!/usr/bin/perl
# Tracking: find my parcel, its page, both languages, several parcels, the way
# into a return; and what a stranger learns, which is nothing.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 2)->start;
my $now = time;

# a page by link may be kept and is asked for again; all others are not kept

sub page {
    my ($name, $res, $status) = @_;
    my $kept = $status == 200 && $res->header('etag') ? 'private, no-cache'
                                                      : 'private, no-store';
    is($res->status, $status, "$name: $status") or diag(substr $res->body, 0, 600);
    is($res->header('content-type'), 'text/html; charset=utf-8',
       "$name: HTML");
    like($res->header('content-security-policy') // '',
         qr/^default-src 'none';/, "$name: CSP");
    is($res->header('referrer-policy'), 'no-referrer', "$name: no referrer");
    is($res->header('cache-control'), $kept, "$name: $kept");
    is($res->header('x-content-type-options'), 'nosniff', "$name: no sniffing");
    unlike($res->body, qr/\{\{|<script(?! type="application\/ld\+json">)/i, "$name: no template, no script");
    like($res->body, qr/<\/html>\s*$/, "$name: whole");
    my ($lang) = $res->body =~ /<html\b[^>]*\blang="([a-z-]+)"/;
    is($lang, $res->header('content-language'), "$name: says its language");
    return $res->text;
}

# ---- find ----

my $find = $t->get('/track/');
my $html = page('find', $find, 200);
is($find->header('etag'), undef, 'a form has no tag, and is not kept');
my ($form) = $find->forms;
is($form->{method}, 'POST', 'a form');
like($find->header('vary') // '', qr/Accept-Language/i, 'varies by language');

is($t->get('/track/', 'Accept-Language' => 'en-GB,en;q=0.8,tr;q=0.1')
   ->header('content-language'), 'en', 'English by Accept-Language');
is($t->get('/track/', 'Accept-Language' => 'tr')->header('content-language'),
   'tr', 'Turkish by Accept-Language');
is($t->get('/track/', 'Accept-Language' => 'ja')->header('content-language'),
   'tr', 'the shop\'s own when it speaks none of them');
is($t->get('/en/track/', 'Accept-Language' => 'tr')
   ->header('content-language'), 'en', 'English by path');
is($t->get('/tr/track/', 'Accept-Language' => 'en')
   ->header('content-language'), 'tr', 'Turkish by path');
ok(!defined $t->get('/tr/track/')->header('vary'),
   'by path: it does not vary');

# what the pages name is there

my ($css) = $html =~ /<link\b[^>]*href="([^"]+\.css)"/;
my $sheet = $t->get($css);
is($sheet->status, 200, 'the style sheet');
like($sheet->header('content-type'), qr{^text/css}, 'is one');
like($sheet->header('cache-control'), qr/immutable/, 'kept for ever');
is($t->get('/assets/0000000000000000.css')->header('cache-control'),
   'public, max-age=300', 'another name of it is not');
is($t->get('/assets/none')->status, 404, 'no other file');

# ---- an order with its parcel ----

my $parcel = $t->delivered_order('KG-1', 2);

my $res = $t->submit($form, { order => 'kg 1', contact => 'AYSE@example.com' });
is($res->status, 303, 'order and e-mail') or diag($res->text);
my $to = $res->header('location');
like($to, qr{^/tr/track/t/[A-Za-z0-9_.-]+$}, 'lead to a link')
    or diag($to);
$to =~ s{^/tr}{};
$html = page('delivered', $t->get($to), 200);
like($html, qr/$parcel/, 'its number');
like($html, qr/Teslim edildi/i, 'the carrier\'s words');
like($html, qr{href="/tr$to/return"}, 'the way into a return');
$res = $t->get("/tr$to/return");
is($res->status, 303, 'leads on');
like($res->header('location'), qr{^/tr/returns/o/v4\.local\.}, 'to the portal');
is($res->header('cache-control'), 'private, no-store', 'and is not kept');
is($t->get($res->header('location'))->status, 200, 'which opens');
is($t->get("/tr$to/returns")->status, 404, 'nothing else is below a link');
(my $altered = $to) =~ s/(.)(.{40})$/($1 eq 'A' ? 'B' : 'A') . $2/e;
is($t->get("$altered/return")->status, 404, 'nor below an altered one');
unlike($html, qr/ayse\@example\.com|Ayşe|34394/, 'nothing personal');

$html = page('in English', $t->get("/en$to"), 200);
like($html, qr/[Dd]elivered/, 'in English');

is($t->submit($form, { order => 'KG-1', contact => '34394' })->status, 303,
   'order and postal code');

# a number alone: its parcel and nothing else

$res = $t->submit(($t->get('/track/')->forms)[-1], { number => $parcel });
is($res->status, 303, 'by number') or diag($res->text);
my $alone = $res->header('location');
$html = page('by number', $t->get($alone), 200);
like($html, qr/$parcel/, 'the parcel');
unlike($html, qr/KG-1\b|Etiyopya|Fincan|\/returns\/o\/|\/return"/,
       'nothing of the order');
is($t->get("$alone/return")->status, 404, 'and no way into a return of it');

# ---- what does not hold ----

my $failed = $t->metric('cx_returns_lookups_failed_total');
my $wrong = $t->submit($form, { order => 'KG-1', contact => 'b@example.com' });
my $none = $t->submit($form, { order => 'KG-2', contact => 'b@example.com' });
page('wrong e-mail', $wrong, 404);
is($none->status, 404, 'unknown order');
(my $a = $wrong->text) =~ s/KG-1\b/KG-2/g;
is($a, $none->text, 'both get the same answer');
is($t->metric('cx_returns_lookups_failed_total'), $failed + 2, 'counted');

page('nothing typed', $t->form('/track/', [ [ order => '' ],
     [ contact => '' ] ]), 422);
page('unknown number', $t->form('/track/', [ [ number => '999' ] ]), 404);
page('hostile', $t->form('/track/', [ [ order => '"><script>alert(1)</script>' ],
     [ contact => "'\"<img src=x>" ] ]), 404);
page('not UTF-8', $t->request(POST => '/track/',
     headers => [ 'Content-Type' => 'application/x-www-form-urlencoded' ],
     body => 'order=%ff%fe&contact=%c0%80'), 422);
page('a NUL', $t->request(POST => '/track/',
     headers => [ 'Content-Type' => 'application/x-www-form-urlencoded' ],
     body => 'order=KG%00-1&contact=a'), 400);
page('a bad escape', $t->request(POST => '/track/',
     headers => [ 'Content-Type' => 'application/x-www-form-urlencoded' ],
     body => 'order=%zz'), 400);
page('no form', $t->request(POST => '/track/',
     headers => [ 'Content-Type' => 'application/json' ], body => '{}'), 400);
page('too large', $t->form('/track/', [ [ order => 'x' x 70_000 ] ]), 413);
page('too many fields', $t->form('/track/', [ map { [ "f$_", 1 ] } 1 .. 4000 ]),
     413);
is($t->request(PUT => '/track/', body => '')->status, 405, 'PUT');
page('a path that is none', $t->get('/track/x'), 404);

# ---- states ----

sub order_with {
    my ($number, @parcels) = @_;
    my $i = 0;
    $t->put_order($number, shipments => [ map { {
        carrier => 'yurtici', number => $_->[0],
        lines => $_->[2] // [ '1', '2' ] } } @parcels ]);
    for my $p (@parcels) {
        $t->feed('yurtici', CXR::Test::yurtici($p->[0], @{ $p->[1] }))
            if @{ $p->[1] };
    }
    return $t->link_path('track', order => $number);
}

$html = page('announced', $t->get(order_with('S-1',
    [ '610000000001', [] ])), 200);

my $out = order_with('S-2', [ '610000000002',
    [ [ $now - 50 * 3600, 'Kargo teslim alındı' ],
      [ $now - 2 * 3600, 'Kargo dağıtıma çıktı' ] ] ]);
$html = page('out for delivery', $t->get("/en$out"), 200);
like($html, qr/[Oo]ut for delivery/, 'said');
unlike($html, qr{href="[^"]*/return"}, 'no return yet');

my $failed_link = order_with('S-3', [ '610000000003',
    [ [ $now - 50 * 3600, 'Kargo teslim alındı' ],
      [ $now - 2 * 3600, 'Alıcı adreste bulunamadı' ] ] ]);
page('attempt failed', $t->get($failed_link), 200);

my $two = order_with('S-4',
    [ '610000000004', [ [ $now - 90_000, 'Kargo teslim alındı' ],
                        [ $now - 9000, 'Teslim edildi' ] ], [ '1' ] ],
    [ '610000000005', [ [ $now - 90_000, 'Kargo teslim alındı' ] ], [ '2' ] ]);
$html = page('two parcels', $t->get($two), 200);
like($html, qr/610000000004/, 'the first');
like($html, qr/610000000005/, 'the second');

# what is in no parcel yet

{
    my $html = page('one of two lines sent', $t->get(order_with('S-10',
        [ '610000000010', [ [ $now - 9000, 'Kargo teslim alındı' ] ],
          [ '1' ] ])), 200);
    my ($rest) = $html =~ m{Henüz yola çıkmayanlar</h2>(.*?)</section>}s;
    like($rest, qr/Fincan/, 'the other is still to be sent');
    unlike($rest, qr/Etiyopya/, 'and it alone');
    unlike($t->get($two)->text, qr/Henüz yola çıkmayanlar/,
           'none, when all of it is in parcels');
    $t->put_order('S-11');
    $html = page('no parcel', $t->get($t->link_path('track',
                                                    order => 'S-11')), 200);
    ($rest) = $html =~ m{Siparişinizdekiler</h2>(.*?)</section>}s;
    like($rest, qr/Etiyopya.*Fincan/s, 'what was ordered');
    like($html, qr/Tahminimiz/, 'and when it comes, as the shop has it');
    unlike($html, qr/Paketle ilgili/, 'but nothing of a parcel');

    # what comes back was sent, though no carrier ever told of it

    my $link = $t->link_path('track', order => 'S-11');
    my $rma = $t->api(POST => '/rmas', { order => 'S-11', override => \1,
        override_reason => 'x', lines => [ { line => '1', quantity => 1,
        reason => 'changed_mind', outcome => 'refund' } ] });
    is($rma->status, 201, 'a return of it') or diag($rma->body);
    is($t->api(POST => '/rmas/' . $rma->json->{rma}{id} . '/parcel',
               { carrier => 'yurtici', number => '610000000012' })->status,
       200, 'its parcel');
    $html = page('only what comes back', $t->get($link), 200);
    like($html, qr/610000000012/, 'shown');
    unlike($html, qr/Henüz yola çıkmayanlar|Siparişinizdekiler/,
           'and nothing is called not sent yet');
}

# what shows that it arrived: for those with the order's link, and nobody's name

{
    my $ups = '1Z999AA10123456784';
    $t->put_order('S-7', shipments => [ { carrier => 'ups', number => $ups } ]);
    my $res = $t->feed('ups', <<"END");
<TrackResponse><Response><ResponseStatusCode>1</ResponseStatusCode></Response>
<Shipment><Package><TrackingNumber>$ups</TrackingNumber><Activity>
<ActivityLocation><Address><City>IZMIR</City><CountryCode>TR</CountryCode>
</Address><Code>M3</Code><Description>FRONT DESK</Description>
<SignedForByName>ZUHAL EVANS</SignedForByName></ActivityLocation>
<Status><StatusType><Code>D</Code><Description>DELIVERED</Description>
</StatusType><StatusCode><Code>KB</Code></StatusCode></Status>
<Date>@{[ POSIX::strftime('%Y%m%d', gmtime($now - 86400)) ]}</Date>
<Time>101500</Time></Activity></Package></Shipment></TrackResponse>
END
    is($res->status, 200, 'a delivery that was signed for')
        or diag($res->text);
    my $html = $t->get('/en' . $t->link_path('track', order => 'S-7'))->text;
    like($html, qr/Left at the front desk/, 'where it was left');
    like($html, qr/Signed for/, 'and that it was signed for');
    my $alone = $t->form('/track/', [ [ number => $ups ] ])
                  ->header('location');
    unlike($t->get($alone)->text, qr/[Ff]ront desk|danışma|İmza/i,
           'by number alone neither');
    my $json = $t->api(GET => "/shipments/ups/$ups")->text;
    like($json, qr/"signature":true/, 'the API has it, too');
    my $all = join '', $html, $json, $t->api(GET => '/events?after=0')->text,
              CXR::Test::slurp("$t->{store}/data.mdb");
    is(index($all, 'ZUHAL'), -1, 'who signed stands nowhere');
}

# what the shopper does with a page: a day for her calendar, whom to call

{
    my $day = $now + 86400;
    $t->put_order('S-8', shipments => [ { carrier => 'packeta',
                                          number => 'Z7000123456' } ]);
    my $record = sub {
        my ($code, $ago) = @_;
        return "<response><status>ok</status><result><dateTime>"
            . POSIX::strftime('%Y-%m-%dT%H:%M:%S+00:00', gmtime($now - $ago))
            . "</dateTime><statusCode>$code</statusCode><codeText>x</codeText>"
            . "<statusText>At Example Kiosk for AYLA</statusText>"
            . "<isReturning>0</isReturning><storedUntil>"
            . POSIX::strftime('%Y-%m-%d', gmtime($day + 86400))
            . '</storedUntil></result></response>';
    };
    my $send = sub {
        return $t->request(POST => '/feeds/packeta?number=Z7000123456',
            headers => [ 'X-Actor' => 'feeder', 'X-Roles' => 'feed:packeta',
                         'Content-Type' => 'application/xml' ],
            body => $record->(@_));
    };
    is($send->(5, 7200)->status, 200, 'a parcel waits at a counter');

    my $link = '/en' . $t->link_path('track', order => 'S-8');
    my $html = page('to be collected', $t->get($link), 200);
    like($html, qr/waiting for you to collect it/, 'said');
    like($html, qr/Collect by <strong>/, 'until when');
    like($html, qr/It is kept for you until /, 'and what then');
    like($html, qr{<dd>Packeta</dd>},
         'a carrier that the shop does not name: as its profile calls it');

    my ($to) = $html =~ /href="(\?calendar=[^"]+)"/;
    is($to, '?calendar=Z7000123456', 'for the calendar, too');
    my $ics = $t->get("$link$to");
    is($ics->status, 200, 'which is there');
    is($ics->header('content-type'), 'text/calendar; charset=utf-8',
       'as a calendar');
    is($ics->header('cache-control'), 'private, no-store', 'and not kept');
    is($ics->header('referrer-policy'), 'no-referrer', 'and no referrer');
    like($ics->body, qr/^BEGIN:VCALENDAR\r\n.*\r\nEND:VCALENDAR\r\n\z/s,
         'whole');
    unlike($ics->body, qr/v4\.local|S-8|http/, 'without the key to the page');
    like($t->get('/tr' . ($link =~ s{^/en}{}r) . $to)->text,
         qr/paketinizi almak için son gün/, 'in her language');
    is($t->get("$link?calendar=Z7")->status, 404, 'of no other parcel');
    is($t->get("$link?calendar=")->status, 200, 'none asked for: the page');
    is($t->get("$link?calendar=%00")->status, 200, 'nor with a NUL');

    # by its number alone: what waits where, and nobody's name

    my $alone = $t->form('/track/', [ [ number => 'Z7000123456' ] ])
                  ->header('location');
    $html = page('by number', $t->get($alone), 200);
    unlike($html, qr/AYLA|Kiosk/, 'none of the carrier\'s own words');
    like($t->get($link)->text, qr/AYLA/, 'which the order\'s link shows');

    is($send->(7, 3600)->status, 200, 'collected');
    $html = page('collected', $t->get($link), 200);
    unlike($html, qr/calendar=|Collect by|Refresh/, 'nothing more to ask for');
    is($t->get("$link$to")->status, 404, 'and no day any more');
}

# a return on the same page: what it brings, and what becomes of it

{
    my $parcel = $t->delivered_order('S-9', 2);
    my $rma = $t->api(POST => '/rmas', { order => 'S-9', method => 'label',
        lines => [ { line => '2', quantity => 1, reason => 'changed_mind',
                     outcome => 'refund' } ] }, 'Idempotency-Key' => 'track-9')
        ->json->{rma}{id};
    is($t->api(POST => "/rmas/$rma/parcel", { carrier => 'yurtici',
               number => '640000000009' })->status, 200, 'a return');
    $t->feed('yurtici', CXR::Test::yurtici('640000000009',
             [ $now - 3600, 'Kargo teslim alındı' ]));

    my $link = $t->link_path('track', order => 'S-9');
    my $html = page('with a return', $t->get($link), 200);
    my ($back) = $html =~ m{İade paketi</h2>(.*?)</article>}s;
    like($back, qr/Fincan/, 'what it brings');
    unlike($back, qr/Etiyopya/, 'and nothing else');
    my ($to) = $back =~ m{href="(/tr/track/t/[^"]+/r/\Q$rma\E)"};
    ok(defined $to, 'and the way to what becomes of it') or diag($back);
    my $res = $t->get($to);
    is($res->status, 303, 'leads on');
    like($res->header('location'), qr{^/tr/returns/r/v4\.local\.}, 'to it');
    is($t->get($res->header('location'))->status, 200, 'which opens');

    my $other = $t->link_path('track', order => 'S-8');
    is($t->get("$other/r/$rma")->status, 404, 'not for another order');
    is($t->get("$link/r/R-0000-0000")->status, 404, 'nor one that is none');
    is($t->get("$link/r/")->status, 404, 'nor nothing');
    my $alone = $t->form('/track/', [ [ number => '640000000009' ] ])
                  ->header('location');
    is($t->get("$alone/r/$rma")->status, 404, 'nor by the number alone');
    unlike($t->get($alone)->text, qr/Fincan|\Q$rma\E/, 'which tells nothing');
}

# what the carrier usually takes, once thirty deliveries are known

{
    my $l = CXR::Test->new(shop => { tracking => { silence_days => 0 } })
            ->start;
    my $day = 86400;
    my $slow = $now - 21 * $day;
    $l->put_order('L-1', shipments => [ { carrier => 'yurtici',
                                          number => '620000000001' } ]);
    $l->feed('yurtici', CXR::Test::yurtici('620000000001',
             [ $slow, 'Kargo teslim alındı' ]));
    my $at = '/en' . $l->link_path('track', order => 'L-1');

    my $more = sub {
        my ($n, $from, $days) = @_;
        for my $i (1 .. $n) {
            $l->feed('yurtici', CXR::Test::yurtici(62000000010 . ($from + $i),
                [ $now - (40 + $days) * $day, 'Kargo teslim alındı' ],
                [ $now - 40 * $day, 'Teslim edildi' ]));
        }
    };

    $more->(29, 10, 7);
    unlike($l->get($at)->text, qr/Usually takes|taking longer/,
           'of twenty-nine nothing is said');
    $more->(1, 40, 7);
    my $html = $l->get($at)->text;
    like($html, qr{Usually takes</dt><dd>5 working days}, 'of thirty it is');
    like($html, qr/taking longer than usual: most .* within 5 working days/,
         'and a parcel that is later is told of, unasked');
    $l->feed('yurtici', CXR::Test::yurtici('620000000001',
             [ $slow, 'Kargo teslim alındı' ], [ $now - 60, 'Teslim edildi' ]));
    unlike($l->get($at)->text, qr/Usually takes|taking longer/,
           'not once it is there');

    my $cx = CXR::Test::cx();
    $l->stop;
    my $said = `$cx rebuild --keys $l->{keys} --store $l->{store} --into $l->{dir}/again 2>&1`;
    is($?, 0, 'what was counted comes out of the journal again')
        or diag($said);
    $l->start;
    $l->finish;
}

# text of a carrier is hostile

my $evil = order_with('S-5', [ '610000000006',
    [ [ $now - 3600, '&lt;script&gt;alert(1)&lt;/script&gt; "x" &amp;amp;' ] ] ]);
$html = page('hostile text', $t->get($evil), 200);
like($html, qr/&lt;script&gt;/, 'escaped');

# without its order the link is dead, and says nothing

is($t->api(POST => '/links', { purpose => 'track', order => 'NONE' })->status,
   404, 'no link to nothing');

# HEAD and conditional requests do not confuse

$res = $t->request(HEAD => $to);
is($res->status, 200, 'HEAD');
cmp_ok($res->header('content-length'), '>', 1000, 'of the same length');

# ---- asked again ----

{
    my $again = order_with('S-6', [ '610000000007',
        [ [ $now - 50 * 3600, 'Kargo teslim alındı' ] ] ]);
    my $first = $t->get($again);
    my $tag = $first->header('etag');

    page('to be asked again', $first, 200);
    like($tag, qr/^"[^"]+"$/, 'it has a strong tag');
    like($first->text, qr{href="\?">Yenile</a>},
         'and a way to ask, without a script');
    like($first->text, qr{Son haber: <time datetime="[0-9T:+-]+">},
         'beside the time of the last news');

    my $same = $t->get($again, 'If-None-Match' => $tag);
    is($same->status, 304, 'no news: 304');
    is($same->header('cache-control'), 'private, no-cache', 'kept as before');
    is($same->header('referrer-policy'), 'no-referrer', 'and no referrer');
    is(length $same->body, 0, 'nothing is sent');

    $t->feed('yurtici', CXR::Test::yurtici('610000000007',
        [ $now - 50 * 3600, 'Kargo teslim alındı' ],
        [ $now - 3600, 'Kargo dağıtıma çıktı' ]));

    my $news = $t->get($again, 'If-None-Match' => $tag);
    is($news->status, 200, 'news: the page');
    isnt($news->header('etag'), $tag, 'with another tag');

    my $bad = $t->form("$again/survey", [ [ ask => 'x' ], [ score => 99 ] ]);
    isnt($bad->status, 200, 'an answer that cannot be');
    is($bad->header('etag'), undef, 'has no tag');
    is($bad->header('cache-control'), 'private, no-store', 'and is not kept');

    for my $p ([ order => 'the order' ]) {
        my $r = $t->get($t->link_path($p->[0], order => 'S-6'),
                        'If-None-Match' => $tag);
        is($r->status, 200, "$p->[1]: always anew");
        is($r->header('cache-control'), 'private, no-store', 'and not kept');
    }
}

# ---- limits ----

{
    my $l = CXR::Test->new(edit => sub {
        my ($c) = @_;
        $c =~ s{100000r/m}{5r/m};
        $c =~ s{100000r/h}{3r/h};
        return $c;
    })->start;
    my @s = map { $l->form('/track/', [ [ order => 'KG-1' ],
                  [ contact => 'x@example.com' ] ])->status } 1 .. 4;
    is("@s", '404 404 404 429', 'an order is not guessed at for ever');
    @s = map { $l->form('/track/', [ [ order => "KG-$_" ],
               [ contact => 'x@example.com' ] ])->status } 2 .. 4;
    is("@s", '404 429 429', 'nor many orders from one address');
    my $r = $l->form('/track/', [ [ order => 'KG-9' ],
                                  [ contact => 'x@example.com' ] ]);
    ok($r->header('retry-after'), 'and when to try again');
    cmp_ok($l->metric('cx_returns_lookups_limited_total'), '>=', 3, 'counted');
    is($l->get('/track/')->status, 200, 'pages are served on');
    $l->finish;
}

$t->finish;
done_testing;

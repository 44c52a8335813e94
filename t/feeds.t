#!/usr/bin/perl
# Carriers' feeds: three real formats, whole, repeated, in any order, broken,
# hostile, in pieces.  The answer says what became of each record.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Encode qw(encode);
use POSIX ();
use Test::More;

use CXR::Demo qw(feeds orders tracking);
use CXR::Test;

my $t = CXR::Test->new(workers => 2, feed => 'cx_returns_feed_buffer 4k;')
    ->start;
my $now = time;

sub ship {
    my ($carrier, $number) = @_;
    my $res = $t->api(GET => "/shipments/$carrier/$number");
    return $res->status == 200 ? $res->json : undef;
}

sub counts { return join ' ', map { "$_=" . ($_[0]{$_} // '?') } @_[ 1 .. $#_ ] }

sub refused {
    my ($name, $res, $status, $code) = @_;
    is($res->status, $status, "$name: $status") or diag($res->body);
    is($res->header('content-type'), 'application/problem+json',
       "$name: a problem");
    is(($res->json // {})->{type}, "urn:cx-returns:problem:$code",
       "$name: $code");
    ok(length(($res->json // {})->{detail} // ''), "$name: a sentence");
}

# ---- a reply that does not say which parcel it is about ----

{
    my $doc = '<r><KargoTakipHareketDetayliV2Response>'
        . '<KargoTakipHareketDetayliV2Result>'
        . 'Kargo Kabul Edildi|2026-11-01 10:00:00|X'
        . '</KargoTakipHareketDetayliV2Result>'
        . '</KargoTakipHareketDetayliV2Response></r>';
    my $post = sub {
        my ($query) = @_;
        return $t->request(POST => "/feeds/surat$query", body => $doc,
            headers => [ 'X-Actor' => 'f', 'X-Roles' => 'feed:surat',
                         'Content-Type' => 'application/xml' ]);
    };
    my $res = $post->('');
    is(counts($res->json, qw(stored refused)), 'stored=0 refused=1',
       'no number, no parcel');
    $res = $post->('?x=1&number=%20SRT%2055%20');
    is(counts($res->json, qw(stored refused)), 'stored=1 refused=0',
       'the number comes with the request') or diag($res->body);
    is(ship('surat', 'SRT55')->{status}, 'picked_up', 'and is the parcel\'s');
    refused('a number too long', $post->('?number=' . '9' x 129), 400,
            'bad_query');
    refused('a number that is no text', $post->('?number=%ff'), 400,
            'bad_query');
    refused('a broken query', $post->('?number=%zz'), 400, 'bad_query');
}

# ---- the three formats, with the demo's documents ----

my %feeds = feeds($now);

for my $carrier (sort keys %feeds) {
    my $res = $t->feed($carrier, $feeds{$carrier});
    is($res->status, 200, "$carrier: taken") or diag($res->body);
    is($res->header('content-type'), 'application/json', "$carrier: JSON");
    my $j = $res->json;
    cmp_ok($j->{records}, '>', 4, "$carrier: records");
    is($j->{stored}, $j->{records}, "$carrier: all stored");
    is($j->{refused}, 0, "$carrier: none refused");
    is($j->{unmapped}, 0, "$carrier: every code is known");
    is_deeply($j->{refusals}, [], "$carrier: nothing to tell");

    $res = $t->feed($carrier, $feeds{$carrier});
    is(counts($res->json, qw(stored repeated refused)),
       "stored=0 repeated=$j->{records} refused=0", "$carrier: repeated");
}

my %want = (1001 => 'delivered', 1002 => 'out_for_delivery',
            1003 => 'in_transit', 1004 => 'ready_for_pickup',
            1005 => 'attempt_failed', 1009 => 'label_created',
            1034 => 'returning');

for my $n (sort keys %want) {
    is(ship('yurtici', tracking('yurtici', $n, 1, $now))->{status}, $want{$n},
       "yurtici, KG-$n: $want{$n}");
}

is(ship('ups', tracking('ups', 1011, 1, $now))->{status}, 'delivered',
   'ups: delivered');
my $late = ship('ups', tracking('ups', 1012, 1, $now));
is("$late->{status} $late->{reason}", 'in_transit delayed_weather',
   'ups: delayed, and why');
is(ship('usps', tracking('usps', 1017, 1, $now))->{status},
   'out_for_delivery', 'usps: out for delivery');
is(ship('usps', tracking('usps', 1018, 1, $now))->{action},
   'pick_up', 'usps: what the shopper must do');

# ---- out of order, and in parts: it ends as if it came at once ----

my @events = ([ $now - 50 * 3600, 'Kargo teslim alındı' ],
              [ $now - 40 * 3600, 'Kargo Yüklendi' ],
              [ $now - 20 * 3600, 'Kargo İndirildi' ],
              [ $now - 5 * 3600, 'Kargo dağıtıma çıktı' ]);

$t->feed('yurtici', CXR::Test::yurtici('800000000001', @events));
$t->feed('yurtici', CXR::Test::yurtici('800000000002', $_)) for reverse @events;

my ($one, $two) = map { ship('yurtici', "80000000000$_") } 1, 2;
is($two->{status}, $one->{status}, 'out of order: the same status');
is($two->{status}, 'out_for_delivery', 'which is that of the last in time');
is_deeply([ map { "$_->{at} $_->{status} $_->{text}" } @{ $two->{scans} } ],
          [ map { "$_->{at} $_->{status} $_->{text}" } @{ $one->{scans} } ],
          'and the same history');

$t->feed('yurtici', CXR::Test::yurtici('800000000001', @events,
         [ $now - 3600, 'Teslim edildi' ]));
is(ship('yurtici', '800000000001')->{status}, 'delivered', 'delivered');
my $res = $t->feed('yurtici', CXR::Test::yurtici('800000000001',
                   [ $now - 30 * 3600, 'Transfer merkezinde' ]));
is($res->json->{stored}, 1, 'a late scan is stored');
is(ship('yurtici', '800000000001')->{status}, 'delivered',
   'but changes no status');

$res = $t->feed('yurtici', CXR::Test::yurtici('800000000003',
                [ $now - 7200, 'Bambaşka bir şey oldu' ]));
is(counts($res->json, qw(stored unmapped)), 'stored=1 unmapped=1',
   'an unknown text is kept and counted');
isnt(ship('yurtici', '800000000003')->{status}, 'delivered', 'never guessed');

# a carrier that writes its dates in another way from one day to the next: what
# it says stands without a time, and somebody learns of it, each time

my $untimed = 'cx_returns_feed_untimed_total{carrier="yurtici"}';
my $odd = CXR::Test::yurtici('800000000004', @events[0, 1]);
my $was = $t->metric($untimed);
$odd =~ s{<eventDate>(\d{4})(\d\d)(\d\d)</eventDate>}
         {<eventDate>$3th of $2, $1</eventDate>};

for my $time (1, 2) {
    $res = $t->feed('yurtici', $odd);
    is(counts($res->json, qw(events unmapped untimed)),
       'events=2 unmapped=0 untimed=1', 'a time that no format reads');
    is($t->metric($untimed), $was + $time, 'is counted');
}

is(scalar(grep { !defined $_->{at} }
          @{ ship('yurtici', '800000000004')->{scans} }), 1,
   'and its event is kept');

# ---- how it arrives ----

my $xml = CXR::Test::yurtici('800000000010', @events);
utf8::encode(my $bytes = $xml);

is($t->feed('yurtici', [ split //, $bytes ])->json->{stored}, 1,
   'byte by byte, chunked');

{
    my $c = $t->conn;
    my $b = CXR::Test::yurtici('800000000011', @events);
    utf8::encode($b);
    $c->write(CXR::HTTP::head(POST => '/feeds/yurtici', 'X-Actor' => 'f',
        'X-Roles' => 'feed:yurtici', 'Content-Type' => 'text/xml',
        'Content-Length' => length $b, Expect => '100-continue'));
    for my $piece (unpack '(a97)*', $b) {
        $c->write($piece);
        select undef, undef, undef, 0.002;
    }
    my $r = $c->response;
    is($r->status, 200, 'slowly, after 100-continue');
    is($r->json->{stored}, 1, 'stored');

    # the same connection serves on
    is($c->request(GET => '/healthz')->status, 200, 'and is kept alive');
}

for my $e ([ 'ISO-8859-9', 'iso-8859-9' ], [ 'windows-1254', 'cp1254' ],
           [ 'UTF-16', 'UTF-16' ])
{
    my ($name, $perl) = @$e;
    my $doc = CXR::Test::yurtici('8000000001' . length($name), @events);
    $doc =~ s/UTF-8/$name/;
    my $r = $t->feed('yurtici', encode($perl, $doc));
    is($r->status, 200, "$name: taken") or diag($r->body);
    my $s = ship('yurtici', '8000000001' . length $name);
    is($s->{status}, 'out_for_delivery', "$name: understood");
}

is($t->feed('yurtici', "\xef\xbb\xbf\n  $bytes")->status, 200,
   'a byte order mark and blanks before the declaration');

# ---- records among broken ones ----

my $rec = sub { my $x = CXR::Test::yurtici($_[0], @events);
                $x =~ s{.*(<shippingDeliveryDetailVO>.*</shippingDeliveryDetailVO>).*}{$1}s; $x };
my $mixed = '<ShippingDeliveryVO><outFlag>0</outFlag>'
    . $rec->('800000000020') . $rec->('bad#number') . $rec->('800000000021')
    . '<shippingDeliveryDetailVO><cargoKey>K</cargoKey><errCode>82519</errCode>'
    . '<errMessage>Kargo bulunamadı</errMessage></shippingDeliveryDetailVO>'
    . '</ShippingDeliveryVO>';
$res = $t->feed('yurtici', $mixed);
is($res->status, 200, 'good and bad records: taken') or diag($res->body);
is(counts($res->json, qw(records stored refused)),
   'records=4 stored=2 refused=2', 'counted');
is(scalar @{ $res->json->{refusals} }, 2, 'told');
ok((grep { $_->{record} && $_->{code} && $_->{detail} }
    @{ $res->json->{refusals} }) == 2, 'which, and why');
ok(ship('yurtici', '800000000021'), 'the good after the bad is there');

# ---- broken and hostile documents ----

my $broken = $t->metric('cx_returns_feed_broken_total{carrier="yurtici"}');

refused('no XML', $t->feed('yurtici', 'hello'), 400, 'malformed');
refused('empty', $t->feed('yurtici', ''), 400, 'malformed');
refused('cut', $t->feed('yurtici', substr $bytes, 0, length($bytes) - 40),
        400, 'malformed');
refused('two documents', $t->feed('yurtici', $bytes . $bytes), 400,
        'malformed');
refused('an entity', $t->feed('yurtici',
        qq{<!DOCTYPE x [<!ENTITY a "b">]><ShippingDeliveryVO>&a;}
        . '</ShippingDeliveryVO>'), 400, 'doctype');
refused('a file', $t->feed('yurtici',
        qq{<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>}
        . '<ShippingDeliveryVO>&a;</ShippingDeliveryVO>'), 400, 'doctype');
refused('laughs', $t->feed('yurtici',
        '<!DOCTYPE l [<!ENTITY a "ha">' . join('', map {
            my $n = chr(ord('a') + $_); my $p = chr(ord('a') + $_ - 1);
            "<!ENTITY $n \"" . "&$p;" x 10 . '">' } 1 .. 9)
        . ']><l>&j;</l>'), 400, 'doctype');
refused('an undefined entity', $t->feed('yurtici',
        '<ShippingDeliveryVO>&nbsp;</ShippingDeliveryVO>'), 400, 'entity');
refused('too deep', $t->feed('yurtici',
        '<ShippingDeliveryVO>' . '<a>' x 5000 . '</a>' x 5000
        . '</ShippingDeliveryVO>'), 413, 'limit');
refused('a name too long', $t->feed('yurtici',
        '<ShippingDeliveryVO><' . 'a' x 100_000 . '/></ShippingDeliveryVO>'),
        413, 'limit');
refused('of another kind', $t->feed('yurtici', '<html><body/></html>'), 400,
        'format');
refused('another encoding than it says', $t->feed('yurtici',
        encode('iso-8859-9', $xml)), 400, 'encoding');
refused('UTF-7', $t->feed('yurtici',
        '<?xml version="1.0" encoding="UTF-7"?><ShippingDeliveryVO/>'), 400,
        'encoding');
refused('an odd charset', $t->feed('yurtici', $bytes,
        'Content-Type' => 'application/xml; charset=ebcdic-cp-us'), 415,
        'encoding');
$res = $t->feed('yurtici', '<ShippingDeliveryVO><outFlag>1</outFlag>'
                . '<outResult>Kullanıcı bulunamadı</outResult>'
                . '</ShippingDeliveryVO>');
is(counts($res->json, qw(records stored refused)),
   'records=0 stored=0 refused=1', 'an error that the carrier itself tells');
is("$res->{status} $res->{headers}{'content-type'}", '200 application/json',
   'was taken in good order');
like($res->json->{refusals}[0]{detail}, qr/Kullanıcı bulunamadı/,
     'and is told with its words');
is($res->json->{refusals}[0]{class}, 'auth', 'and what kind of an error it is');

# who polls with a password that holds no more is heard of; a number that the
# carrier does not know yet is not worth that

for my $case ([ '60020', 'auth', 1 ], [ '82519', 'not_found', 0 ]) {
    my ($code, $class, $counts) = @$case;
    my $failed = 'cx_returns_feed_failed_total{carrier="yurtici"}';
    my $before = $t->metric($failed);

    $res = $t->feed('yurtici', '<ShippingDeliveryVO><outFlag>0</outFlag>'
                    . '<shippingDeliveryDetailVO><cargoKey>KG-9</cargoKey>'
                    . "<errCode>$code</errCode><errMessage>x</errMessage>"
                    . '</shippingDeliveryDetailVO></ShippingDeliveryVO>');
    is($res->json->{refusals}[0]{class}, $class, "$code: $class");
    is($t->metric($failed), $before + $counts, "counted: $counts");
}

cmp_ok($t->metric('cx_returns_feed_broken_total{carrier="yurtici"}'), '>=',
       $broken + 13, 'they were counted');
unlike(join('', map { $_->body } $t->feed('yurtici',
       qq{<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>})), qr/root:/,
       'no file is read');

# what was whole before the fault is kept, and said

$res = $t->feed('yurtici', '<ShippingDeliveryVO><outFlag>0</outFlag>'
                . $rec->('800000000030') . '<broken');
is($res->status, 400, 'a record, then a fault');
is($res->json->{stored}, 1, 'the record was stored, and told so');
ok(ship('yurtici', '800000000030'), 'it is there');

# the connection breaks in the middle

for my $cut (1, 30, 200, 700, length($bytes) - 1) {
    my $c = $t->conn;
    my $b = CXR::Test::yurtici('800000000040', @events);
    utf8::encode($b);
    $c->write(CXR::HTTP::head(POST => '/feeds/yurtici', 'X-Actor' => 'f',
        'X-Roles' => 'feed:yurtici', 'Content-Length' => length $b));
    $c->write(substr $b, 0, $cut);
    $c->abort;
}

is($t->get('/healthz')->status, 200, 'broken connections harm nobody');
$res = $t->feed('yurtici', CXR::Test::yurtici('800000000040', @events));
is($res->status, 200, 'and the document can be sent again');
is(ship('yurtici', '800000000040')->{status}, 'out_for_delivery', 'stored');

# ---- who, where, how ----

sub post {
    my ($path, $roles, %o) = @_;
    return $t->request($o{method} // 'POST', $path,
        headers => [ 'X-Actor' => 'f', 'X-Roles' => $roles,
                     'Content-Type' => 'application/xml',
                     @{ $o{headers} // [] } ], body => $o{body} // $bytes);
}

refused('another carrier\'s role', post('/feeds/yurtici', 'feed:ups'), 403,
        'role_missing');
refused('no role', post('/feeds/yurtici', 'read orders'), 403, 'role_missing');
is(post('/feeds/yurtici', 'feed:*')->status, 200, 'the role of all');
refused('unknown carrier', post('/feeds/dhl', 'feed:*'), 404,
        'carrier_unknown');
is(post('/feeds/../etc', 'feed:*')->status, 404, 'a path that is none');
refused('no name', post('/feeds/', 'feed:*'), 404, 'carrier_unknown');
is(post('/feeds/yurtici', 'feed:*', method => 'GET', body => undef)->status,
   405, 'GET');
is(post('/feeds/yurtici', 'feed:*', method => 'PUT')->status, 405, 'PUT');
is(post('/feeds/yurtici', 'feed:*',
        headers => [ 'Sec-Fetch-Site' => 'cross-site' ])->status, 403,
   'a browser from another site');

# ---- large: many records in one document, streamed in batches ----

{
    my $n = 20_000;
    my @chunks = ('<ShippingDeliveryVO><outFlag>0</outFlag>');
    for my $i (1 .. $n) {
        my $r = $rec->(sprintf '9%011d', $i);
        utf8::encode($r);
        $chunks[-1] .= $r;
        push @chunks, '' if length $chunks[-1] > 100_000;
    }
    push @chunks, '</ShippingDeliveryVO>';

    my $start = CXR::Test::time();
    my $r = $t->feed('yurtici', \@chunks);
    is($r->status, 200, "$n records in one document") or diag($r->body);
    is($r->json->{stored}, $n, 'all stored');
    note(sprintf '%.1f s', CXR::Test::time() - $start);
    ok(ship('yurtici', sprintf('9%011d', $_)), "number $_ is there")
        for 1, $n / 2, $n;
}

# ---- they are parsed by threads of lower priority, and by no others ----

{
    my %nice;

    for my $pid ($t->workers) {
        for my $stat (glob "/proc/$pid/task/*/stat") {
            open my $f, '<', $stat or next;
            my $line = <$f> // '';
            $line =~ s/^.*\) //s;
            $nice{ (split ' ', $line)[16] }++;
        }
    }

    my $own = getpriority 0, 0;
    ok($nice{ $own + 5 }, 'threads that parse');
    ok($nice{ $own + 2 }, 'and, by a little, those that commit');
    cmp_ok($nice{$own}, '>=', 2, 'the event loops give way to nobody');
    is(keys %nice, 3, 'no others');
}

like($t->get('/metrics')->body,
     qr/^cx_returns_feed_stored_total\{carrier="ups"\} \d+$/m, 'metrics by carrier');

$t->journal_ok;
$t->finish;
done_testing;

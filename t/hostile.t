#!/usr/bin/perl
# A carrier that is careless or hostile: what it sends is refused with a status
# and a sentence of its own, is counted even when nobody waits for the answer,
# and changes nothing it should not.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Test;

my $t = CXR::Test->new(feed => 'client_body_timeout 1s;',
                       log_ok => undef)->start;
my @ev = ([ time - 7200, 'Kargo Yüklendi' ],
          [ time - 3600, 'Kurye dağıtıma çıktı' ]);

sub doc {
    my $x = CXR::Test::yurtici(@_);
    utf8::encode($x);
    return $x;
}

sub record {
    my ($number) = @_;
    my $x = doc($number, @ev);
    $x =~ s{.*(<shippingDeliveryDetailVO>.*</shippingDeliveryDetailVO>).*}{$1}s;
    return $x;
}

sub head {
    return CXR::HTTP::head(POST => '/feeds/yurtici', 'X-Actor' => 'f',
                           'X-Roles' => 'feed:yurtici', @_);
}

sub count { return $t->metric("cx_returns_feed_$_[0]_total{carrier=\"yurtici\"}") // 0 }

# ---- a sentence that says what to mend ----

my $good = doc('500000000001', @ev);
my ($open, $close) = ('<ShippingDeliveryVO>', '</ShippingDeliveryVO>');

for my $c (
    [ 'cut off', substr($good, 0, 480), qr/perhaps cut off/ ],
    [ 'cut off in a text', substr($good, 0, 300),
      qr{ends before its elements do} ],
    [ 'compressed', "\x1f\x8b\x08\0\0\0\0\0" . "\0" x 50, qr/compressed/ ],
    [ 'JSON', '{"a":1}', qr/another format/ ],
    [ 'crossed tags', "$open<a><b></a></b>$close",
      qr/an end tag that is not of the element/ ],
    [ 'an &', "$open<outResult>a & b</outResult>$close", qr/"&amp;"/ ],
    [ 'a control character', "$open<a>\x01</a>$close",
      qr/character that XML does not allow/ ],
    [ 'an attribute twice', "$open<a b='1' b='2'/>$close", qr/stands twice/ ],
    [ 'no quotes', "$open<a b=1/>$close", qr/without quotes/ ],
    [ 'two documents', $good . $good, qr/declaration that is not at the/ ],
    [ 'something behind', "$good<a/>", qr/something follows its end/ ],
) {
    my ($name, $body, $says) = @$c;
    my $res = $t->feed('yurtici', $body);
    is($res->status, 400, "$name: 400");
    like(($res->json // {})->{detail} // '', $says, "$name: $says")
        or diag($res->body);
}

for my $coding ('gzip', 'x-unheard-of') {
    my $res = $t->feed('yurtici', $good, 'Content-Encoding' => $coding);
    is($res->status, 415, "Content-Encoding $coding: 415");
    like(($res->json // {})->{detail} // '', qr/uncompressed/, 'and what to do');
}

is($t->feed('yurtici', $good, 'Content-Encoding' => 'identity')->status, 200,
   'identity is none');

# ---- whoever leaves in the middle is counted all the same ----

for my $how ('leaves', 'goes silent', 'sends broken chunks') {
    my %was = map { $_ => count($_) } qw(documents broken stored);
    my $first = { leaves => 51, 'goes silent' => 52 }->{$how} // 53;
    my $body = $open . '<outFlag>0</outFlag>'
               . join '', map { record(sprintf '%02d%010d', $first, $_) }
                          1 .. 3000;
    my $c = $t->conn;

    if ($how =~ /chunks/) {
        $c->write(head('Transfer-Encoding' => 'chunked')
                  . sprintf("%x\r\n", length $body) . "$body\r\nxyz\r\n");
    } else {
        $c->write(head('Content-Length' => length($body) + 1000) . $body);
    }

    ok($t->wait_for(60, sub {
        $t->api(GET => sprintf '/shipments/yurtici/%02d%010d', $first, 1)
            ->status == 200 }), "$how: its first commit");
    $how eq 'leaves' ? $c->abort : $c->response;

    ok($t->wait_for(60, sub { count('documents') == $was{documents} + 1 }),
       "$how: the document is counted");
    is(count('broken'), $was{broken} + 1, "$how: as a broken one");
    cmp_ok(count('stored'), '>=', $was{stored} + 2048,
           "$how: and the records that it changed");
}

like($t->log, qr/\[info\].*a feed of yurtici ended before its end was received; \d+ of its records were stored/,
     'the operator can see why');

$t->journal_ok;
$t->finish;
done_testing;

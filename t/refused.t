#!/usr/bin/perl
# What nginx refuses before anything of ours sees it: a page of the shop in the
# shopper's language, with what to do; for machines a problem.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use IO::Socket::INET;
use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 1, http => 'cx_returns_photos '
    . "/tmp/cxr-photos-$$ max_size=128k;", server => 'client_max_body_size 20k; '
    . 'client_header_buffer_size 1k; large_client_header_buffers 2 2k;')
    ->start;
$t->delivered_order('KG-1', 1);
my $rma = $t->link_path('rma', rma => $t->api(POST => '/rmas',
    { order => 'KG-1', lines => [ { line => '1', quantity => 1,
      reason => 'changed_mind', outcome => 'refund' } ] })->json->{rma}{id});

# the whole answer to these very bytes
sub raw {
    my ($bytes) = @_;
    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $t->port, Timeout => 5) or die "no connection: $!\n";
    print $s $bytes;
    $s->shutdown(1);
    local $/;
    my $all = <$s> // '';
    utf8::decode($all);
    return $all;
}

sub ours {
    my ($name, $all, $status, $lang, $says) = @_;
    like($all, qr{^HTTP/1\.1 $status }, "$name: $status")
        or diag(substr $all, 0, 400);
    like($all, qr{^Content-Type: text/html; charset=utf-8\r}mi,
         "$name: a page");
    like($all, qr{<html lang="$lang"}, "$name: in the language");
    like($all, qr{$says}, "$name: what it is") or diag($all);
    like($all, qr{destek\@kahvegurusu\.example}, "$name: with whom to ask");
    like($all, qr{default-src 'none'}, "$name: as safe as the others");
    unlike($all, qr{<center>nginx}, "$name: nothing bare");
}

my $host = "Host: x\r\n";
my $close = "Connection: close\r\n\r\n";
my $big = "Content-Type: application/x-www-form-urlencoded\r\n"
    . "Content-Length: 90000\r\n";

# ---- a body over nginx's own limit ----

my $all = raw("POST /en/returns/lookup HTTP/1.1\r\n$host$big$close");
ours('a body', $all, 413, 'en', 'What you sent is too large');
like($all, qr{href="/en/returns/lookup"}, 'leads back to the form');

$all = raw("POST $rma/message HTTP/1.1\r\n$host${big}Accept-Language: tr\r\n"
           . $close);
ours('a message', $all, 413, 'tr', 'Gönderdiğiniz[^<]* çok büyük');
like($all, qr{href="/tr\Q$rma\E/message"}, 'leads back to her return');
is($t->get("/tr$rma/message")->status, 303, 'which is there');

# a form with photos says how not to lose what stands in it

$all = raw("POST $rma/message HTTP/1.1\r\n${host}Accept-Language: en\r\n"
           . "Content-Type: multipart/form-data; boundary=x\r\n"
           . "Content-Length: 90000\r\n$close");
ours('photos', $all, 413, 'en', 'The photos are too large together');
like($all, qr{Back button}, 'where what she wrote still is');

{
    my $c = CXR::Test->new(http => 'cx_returns_photos /tmp/cxr-none count=1;',
                           server => 'client_max_body_size 1m;');
    like(join('', $c->check), qr{\[warn\].*client_max_body_size.* is 1048576},
         'nginx -t warns of room that photos lack');
    $c = CXR::Test->new(http => 'cx_returns_photos /tmp/cxr-none count=1 '
                                . 'claim=1 max_size=128k;',
                        server => 'client_max_body_size 1m;');
    my ($rc, $said) = $c->check;
    is($rc, 0, 'and where there is room') or diag($said);
    unlike($said, qr{client_max_body_size}, 'it does not');
}

$all = raw("POST /api/v1/links HTTP/1.1\r\n$host$close");
unlike($all, qr{<html}, 'an API is an API');

# ---- methods ----

for my $m (qw(PUT DELETE PATCH)) {
    my $res = $t->request($m => '/en/returns/');
    is($res->status, 405, "$m: 405");
    is($res->header('allow'), 'GET, HEAD', "$m: what is allowed");
    like($res->text, qr/This page can’t be used that way/, "$m: a page");
}
is($t->request(PUT => "/en$rma/message")->header('allow'), 'POST',
   'what a form takes');
ours('TRACE', raw("TRACE /tr/track/ HTTP/1.1\r\n$host$close"), 405, 'tr',
     'Bu sayfa bu şekilde açılamıyor');

# ---- addresses and headers ----

my $long = 'x' x 5000;

ours('an address', raw("GET /en/track/t/$long HTTP/1.1\r\n$host$close"), 414,
     'en', 'too long');
ours('no request', raw("GET\r\n$host$close"), 400, 'tr', 'eksik ulaştı');
ours('a header', raw("GET /en/returns/ HTTP/1.1\r\nHost: x\r\n"
                     . "Cookie: a=$long\r\n$close"), 431, 'en',
     'delete the cookies');
ours('two hosts', raw("GET /en/returns/ HTTP/1.1\r\n$host$host$close"), 400,
     'en', 'Something got lost');

# ---- what is nowhere ----

my $res = $t->get('/nowhere', Accept => 'text/html,*/*;q=0.8',
                  'Accept-Language' => 'en');
is($res->status, 404, 'no location');
like($res->text, qr/This page isn’t here/, 'for who reads pages');
like($res->text, qr{href="/en/track/"}, 'with a way on');

$res = $t->get('/nowhere', Accept => 'application/json');
is($res->status, 404, 'no location');
is($res->header('content-type'), 'application/problem+json',
   'for who does not');
is($res->json->{type}, 'urn:cx-returns:problem:not_found', 'by its name');

$res = $t->get('/cx-error');
is($res->status, 404, 'the location itself is nowhere');

# ---- machines ----

$all = raw("GET /api/v1/orders/$long HTTP/1.1\r\n$host$close");
like($all, qr{^HTTP/1\.1 414 }, 'an address that is no page\'s');
like($all, qr{^Content-Type: application/problem\+json\r}mi, 'is a problem');
like($all, qr{urn:cx-returns:problem:address_too_long}, 'by its name');
like($all, qr{"status":414}, 'and number');

# ---- nothing of the address comes back as markup ----

$all = raw("POST /en/returns/%22%3E%3Cb%3E?\"><script> HTTP/1.1\r\n$host$big"
           . $close);
like($all, qr{^HTTP/1\.1 4(?:00|13) }, 'an address with markup');
unlike($all, qr{<script>|%22%3E|<b>}, 'is not shown again');
like($all, qr{href="/en/returns/"}, 'the portal is');

is($t->request(HEAD => '/en/returns/lookup/x', headers => [])->body, '',
   'HEAD has no body');

$t->finish;
done_testing;

#!/usr/bin/perl
# Answers in gzip: who gets them, what their headers say, and that they inflate
# to the very bytes of the plain ones, with zlib, gzip and curl.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use IO::Uncompress::Gunzip qw(gunzip $GunzipError);
use Test::More;

use CXR::Test;

my $t = CXR::Test->new(http => 'gzip on; gzip_types text/css;');

$t->{http} .= ' log_format coding "$sent_http_content_encoding $uri '
              . '$http_user_agent";';
$t->{server} = "access_log $t->{dir}/coding.log coding;";
$t->start;

sub unpacked {
    my ($bytes) = @_;
    my $plain;
    gunzip(\$bytes, \$plain, MultiStream => 0, Strict => 1,
           TrailingData => \my $rest) or return "gunzip: $GunzipError";
    return defined $rest && length $rest ? 'something follows' : $plain;
}

# a form has a new identity each time it is shown, and a link a new token

sub still {
    my ($html) = @_;
    $html =~ s/(type="hidden" name="\w+" value=")[^"]{16,}/$1/g;
    $html =~ s/v4\.local\.[\w.-]+//g;
    return $html;
}

sub same {
    my ($name, $path, @headers) = @_;
    my ($plain, $coded) = map { $t->get($path, @headers, @$_) }
                          [], [ 'Accept-Encoding' => 'gzip' ];

    is($coded->status, $plain->status, "$name: the same status");
    is($coded->header('content-encoding'), 'gzip', "$name: in gzip");
    is($coded->header('content-length'), length $coded->body,
       "$name: of known length");
    like($coded->header('vary') // '', qr/Accept-Encoding/, "$name: varies");
    ok(!defined $plain->header('content-encoding'), "$name: plain");
    like($plain->header('vary') // '', qr/Accept-Encoding/,
         "$name: the plain one varies, too");
    ok(still(unpacked($coded->body)) eq still($plain->body),
       "$name: the same bytes");
    cmp_ok(length $coded->body, '<', 0.75 * length $plain->body,
           "$name: smaller");

    my $h = $t->request(HEAD => $path,
                        headers => [ @headers, 'Accept-Encoding' => 'gzip' ]);
    is($h->body, '', "$name: HEAD has no body");
    is($h->header($_), $coded->header($_), "$name: HEAD has the same $_")
        for qw(content-encoding vary),
            $plain->body =~ m{type="hidden"|v4\.local} ? () : "content-length";

    return ($plain, $coded);
}

# ---- every kind of page ----

my $parcel = $t->delivered_order('KG-1', 2);
my $track = $t->link_path('track', order => 'KG-1');
my $order = $t->link_path('order', order => 'KG-1');
my @staff = $t->staff_headers;

same('find my parcel', '/track/');
same('find my order', '/en/returns/');
my ($page, $coded) = same('tracking', $track);
same('tracking in English', "/en$track");
same('the portal', $order);
same('the desk', '/staff/', @staff);
same('no such page', '/track/x');
my ($css) = $page->body =~ /<link\b[^>]*href="([^"]+\.css)"/;
my ($sheet, $packed) = same('the style sheet', $css);
cmp_ok(length $packed->body, '<=', 8192, 'the style sheet is small');
cmp_ok(length $coded->body, '<=', 14336, 'so is a page');
like($packed->header('cache-control'), qr/immutable/, 'and kept for ever');

is($t->get('/tr/track/')->header('vary'), 'Accept-Encoding',
   'a page whose path says the language varies by coding only');
is($t->get('/track/')->header('vary'), 'Accept-Language, Accept-Encoding',
   'one that does not, by both');

# what a form brings back

my ($form) = $t->get('/track/')->forms;
my $echo = $t->form('/track/',
    [ [ order => '<b>"&\'ğüşİ€☕' x 20 ], [ contact => 'x' x 200 ] ],
    'Accept-Encoding' => 'gzip');
is($echo->header('content-encoding'), 'gzip', 'a refused form is in gzip');
like(unpacked($echo->body), qr/x{200}/, 'with what was typed');

# ---- who gets it ----

for my $case (
    [ 'gzip;q=0.5', 1 ], [ 'deflate, gzip', 1 ], [ 'gzip, br', 1 ],
    [ 'GZIP', 1 ], [ 'gzip;q=1.000', 1 ], [ 'br;q=1, gzip;q=0.001', 1 ],
    [ 'gzip;q=0', 0 ], [ 'gzip; q=0.000', 0 ], [ 'deflate', 0 ],
    [ 'identity', 0 ], [ 'gzipped', 0 ], [ 'br;q=1, gzip;q=0', 0 ],
    [ '', 0 ])
{
    my ($accepts, $gzip) = @$case;
    my $res = $t->get('/tr/track/', 'Accept-Encoding' => $accepts);
    is($res->header('content-encoding'), $gzip ? 'gzip' : undef,
       "Accept-Encoding: $accepts");
}

sub old {
    my $c = $t->conn;
    $c->write("GET $_[0] HTTP/1.0\r\nHost: localhost\r\n"
              . "Accept-Encoding: gzip\r\n\r\n");
    return $c->response;
}

is(old('/tr/track/')->header('content-encoding'), undef,
   'HTTP/1.0: plain, as gzip_http_version says');
is($t->get('/tr/track/', 'Accept-Encoding' => 'gzip', Via => '1.1 proxy')
   ->header('content-encoding'), undef,
   'through a proxy: plain, as gzip_proxied says');

# ---- asked again ----

for my $case ([ 'tracking', $track ], [ 'the style sheet', $css ]) {
    my ($name, $path) = @$case;
    my %tag;

    for my $coding ('', 'gzip') {
        $tag{$coding} = $t->get($path, 'Accept-Encoding' => $coding)
                          ->header('etag');
        like($tag{$coding}, qr/^"[^"]+"$/, "$name: a strong tag");
    }

    isnt($tag{''}, $tag{gzip}, "$name: each coding has its own");

    for my $coding ('', 'gzip') {
        my @ask = ('Accept-Encoding' => $coding, 'If-None-Match');
        my $other = $tag{$coding eq '' ? 'gzip' : ''};

        for my $match ($tag{$coding}, "W/$tag{$coding}", '*',
                       "\"x\", $tag{$coding}")
        {
            my $res = $t->get($path, @ask, $match);
            is($res->status, 304, "$name, \"$coding\": $match: 304");
            is($res->body, '', 'which has no body');
            is($res->header('content-encoding'), undef, 'nor a coding');
            is($res->header('etag'), $tag{$coding}, 'but the tag');
            like($res->header('vary') // '', qr/Accept-Encoding/, 'and Vary');
        }

        is($t->get($path, @ask, $other)->status, 200,
           "$name, \"$coding\": the other's tag is not its own");
        is($t->get($path, @ask, '"x"')->status, 200,
           "$name, \"$coding\": another tag");
    }
}

isnt($t->get($track)->header('etag'), $t->get("/en$track")->header('etag'),
     'another page, another tag');

# ---- programs that are not ours ----

SKIP: {
    skip 'no curl or gzip', 3 if system('command -v curl gzip >/dev/null');

    my $url = 'http://127.0.0.1:' . $t->port . $track;
    my $dir = $t->dir;

    system("curl -s -H 'Accept-Encoding: gzip' -o $dir/p.gz '$url'");
    is(system("gzip -t $dir/p.gz"), 0, 'gzip -t');
    my $curl = `curl -s --compressed '$url'`;
    my $gzip = `gzip -dc $dir/p.gz`;
    is($curl, $gzip, 'curl and gzip agree');
    is($curl, `curl -s '$url'`, 'with the plain page');
}

SKIP: {
    skip 'no chromium', 2 if system('command -v chromium >/dev/null');

    my $url = 'http://127.0.0.1:' . $t->port . "/en$track";
    my $dom = `timeout 60 chromium --headless --no-sandbox --disable-gpu --dump-dom '$url' 2>/dev/null`;
    my ($h1) = $t->get("/en$track")->body =~ /<h1[^>]*>([^<]+)/;
    like($dom, qr/<h1[^>]*>\Q$h1\E/, 'Chromium shows the page');
    my ($log) = grep { /Chrome/ && m{/track/t/} }
                split /\n/, CXR::Test::slurp("$t->{dir}/coding.log");
    like($log // '', qr/^gzip /, 'which it got in gzip');
}

$t->finish;

# ---- what the operator says ----

sub served {
    my ($http, $server) = @_;
    my $s = CXR::Test->new(http => $http, server => $server)->start;
    my @res = map { $s->get('/tr/track/', @$_) }
              [], [ 'Accept-Encoding' => 'gzip' ];
    $s->finish;
    return @res;
}

my ($off, $asked) = served('', '');
is($asked->header('content-encoding'), undef, 'gzip is off: plain');
is($asked->header('vary'), undef, 'and does not vary');

(undef, $asked) = served('gzip on;', 'gzip off;');
is($asked->header('content-encoding'), undef, 'gzip off in the server: plain');

(undef, $asked) = served('', 'cx_returns_gzip on;');
is($asked->header('content-encoding'), 'gzip', 'cx_returns_gzip on');
ok($asked->header('content-length'), 'is ours');

(undef, $asked) = served('cx_returns_gzip on;', 'cx_returns_gzip off;');
is($asked->header('content-encoding'), undef, 'cx_returns_gzip off: plain');

($off, $asked) = served('gzip on; cx_returns_gzip off;', '');
is($asked->header('content-encoding'), 'gzip', 'then nginx\'s filter does it');
ok(!defined $asked->header('content-length'), 'of unknown length');
is(unpacked($asked->body), $off->body, 'to the same bytes');

($off, $asked) = served('gzip on; gzip_vary on;', '');
is($_->header('vary'), 'Accept-Encoding', 'gzip_vary: one line')
    for $off, $asked;

done_testing;

#!/usr/bin/perl
# What a shop's pages show that is no page: its style sheet, logos and other
# pictures, named by their content; what their answers say; and what of a
# picture nginx -t refuses.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Compress::Zlib ();
use File::Path qw(make_path);
use IO::Uncompress::Gunzip qw(gunzip);
use JSON::PP;
use MIME::Base64 qw(decode_base64);
use Test::More;

use CXR::Test;

my $json = JSON::PP->new->utf8->canonical;

sub png {
    my ($w, $h, $grey) = @_;
    return "\x89PNG\r\n\x1a\n" . join '', map {
        pack('N', length $_->[1]) . "$_->[0]$_->[1]"
        . pack('N', Compress::Zlib::crc32("$_->[0]$_->[1]"))
    } [ IHDR => pack 'NNCCCCC', $w, $h, 8, 0, 0, 0, 0 ],
      [ IDAT => Compress::Zlib::compress(
            ("\0" . chr($grey // 64) x $w) x $h) ],
      [ IEND => '' ];
}

# A bar of one grey in the middle, on nothing or (255) on white.

sub bar {
    my ($grey, $ground) = @_;
    my $row = sub { "\0" . join '', map { chr($_[0]) . chr($_[1]) } 1 .. 120 };
    my $bare = $row->(255, $ground);
    return "\x89PNG\r\n\x1a\n" . join '', map {
        pack('N', length $_->[1]) . "$_->[0]$_->[1]"
        . pack('N', Compress::Zlib::crc32("$_->[0]$_->[1]"))
    } [ IHDR => pack 'NNCCCCC', 120, 40, 8, 4, 0, 0, 0 ],
      [ IDAT => Compress::Zlib::compress(
            $bare x 10 . $row->($grey, 255) x 20 . $bare x 10) ],
      [ IEND => '' ];
}

sub svg {
    my ($more, $colour) = @_;
    $colour //= '#123456';
    return qq{<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40">\n}
        . qq{<rect width="120" height="40" fill="$colour"/>\n} x 12
        . ($more // '') . "</svg>\n";
}

my $t = CXR::Test->new(http => 'gzip on;', edit => sub {
    my ($conf) = @_;
    $conf =~ s/cx_returns_lookup_rate/cx_returns_gzip on;
               cx_returns_lookup_rate/;
    return $conf;
});
my $dir = $t->dir;
my $file = "$dir/shops/kahve-gurusu.json";
my $first = CXR::Test::slurp($file);

make_path("$dir/shops/art");
CXR::Test::spew("$dir/shops/art/logo.svg", svg());
CXR::Test::spew("$dir/shops/art/night.png", png(120, 40, 200));
CXR::Test::spew("$dir/shops/art/icon.png", png(1200, 1200));
CXR::Test::spew("$dir/shops/art/tab.png", png(32, 32));
CXR::Test::spew("$dir/shops/art/share.png", png(600, 315));
CXR::Test::spew("$dir/shops/art/tile.png", png(60, 60, 9));

# The shop's file with other looks.

sub looks {
    my ($brand, %o) = @_;
    my $s = $json->decode($first);
    $s->{brand}{$_} = $brand->{$_} for keys %$brand;
    $s->{$_} = $o{$_} for keys %o;
    CXR::Test::spew($file, $json->encode($s));
}

my %both = (tr => 'Kahve', en => 'Coffee');
my @offer = ({ id => 'a', statuses => [ 'delivered' ], title => \%both,
               image => 'art/tile.png', products => [
    { title => \%both, url => 'https://shop.example/a',
      image => 'art/tile.png' },
    { title => \%both, url => 'https://shop.example/b',
      image => '/pictures/b.jpg' } ] });

my %brand = (logo => 'art/logo.svg', logo_dark => 'art/night.png',
             icon => 'art/icon.png', share_image => 'art/share.png');

looks(\%brand, offers => \@offer);
$t->start;

# ---- where pages name them ----

$t->delivered_order('KG-1', 1);
my $page = $t->get('/en/track/')->body;
my $hash = qr/[0-9a-f]{16}/;
my ($logo) = $page =~ m{<img class="logo by-day" src="(/assets/$hash/logo\.svg)"};
my ($night) = $page =~ m{<img class="logo by-night" src="(/assets/$hash/night\.png)"};
my ($icon) = $page =~ m{<link rel="icon" href="(/assets/$hash/icon\.png)">};
my ($share) = $page =~ m{"og:image" content="(https://[^"]+/assets/$hash/share\.png)"};
ok($_->[1], "the page has $_->[0]") for [ 'its logo', $logo ],
    [ 'its logo by night', $night ], [ 'its icon', $icon ],
    [ 'its picture for sharing, by its whole URL', $share ];
like($page, qr{"og:url" content="https://kahvegurusu\.example/en/track/"},
     'a public page tells where it is');

my $track = $t->get('/en' . $t->link_path('track', order => 'KG-1'))->body;
my @tiles = $track =~ m{src="(/assets/$hash/tile\.png)"}g;
is(scalar @tiles, 2, 'an offer and its tile show a file of the shop');
like($track, qr{src="/pictures/b\.jpg"}, 'a path of the site stays as it is');
unlike($track, qr/og:url/, 'a page with a link of its own tells no address');

my ($css) = $page =~ m{href="(/assets/$hash\.css)"};

# ---- what the answers say ----

my %type = ($logo => 'image/svg+xml', $night => 'image/png',
            $icon => 'image/png', $tiles[0] => 'image/png',
            $css => 'text/css; charset=utf-8');
my %was = ($logo => svg(), $night => png(120, 40, 200),
           $icon => png(1200, 1200), $tiles[0] => png(60, 60, 9));

for my $path (sort keys %type) {
    my $res = $t->get($path);
    is($res->status, 200, "$path: is there");
    is($res->header('content-type'), $type{$path}, "$path: its type");
    is($res->body, $was{$path}, "$path: its bytes") if $was{$path};
    is($res->header('cache-control'), 'public, max-age=31536000, immutable',
       "$path: kept for ever");
    is($res->header('x-content-type-options'), 'nosniff', "$path: nosniff");
    like($res->header('etag'), qr/^"$hash"$/, "$path: a strong tag");
    is($res->header('accept-ranges'), 'bytes', "$path: ranges");

    if ($path ne $css) {
        my $csp = $res->header('content-security-policy') // '';
        like($csp, qr/default-src 'none'/, "$path: nothing is fetched");
        like($csp, qr/(?:^|; )sandbox/, "$path: nothing runs");
    }

    my $head = $t->request(HEAD => $path);
    is($head->body, '', "$path: HEAD has no body");
    is($head->header($_), $res->header($_), "$path: HEAD has the same $_")
        for qw(content-length content-type etag cache-control);

    is($t->get($path, 'If-None-Match' => $res->header('etag'))->status, 304,
       "$path: no news");

    my $part = $t->get($path, Range => 'bytes=3-9');
    is($part->status, 206, "$path: a part of it");
    is($part->body, substr($res->body, 3, 7), "$path: that part");
    is($t->get($path, Range => 'bytes=3-9', 'If-Range' => '"x"')->status, 200,
       "$path: all of it when it is another");
    is($t->get($path, Range => 'bytes=99999999-')->status, 416,
       "$path: no part beyond its end");
    is($t->request(POST => $path, body => 'x')->status, 405,
       "$path: to be read alone");
}

for my $path ($logo, $css) {
    my $plain = $t->get($path);
    my $coded = $t->get($path, 'Accept-Encoding' => 'gzip');
    is($coded->header('content-encoding'), 'gzip', "$path: in gzip");
    is($_->header('vary'), 'Accept-Encoding', "$path: varies")
        for $plain, $coded;
    gunzip(\$coded->body, \my $bytes);
    is($bytes, $plain->body, "$path: the same bytes");
    isnt($coded->header('etag'), $plain->header('etag'), "$path: its own tag");
    is($t->get($path, 'Accept-Encoding' => $_)->header('content-encoding'),
       undef, "$path: $_: plain") for qw(br identity gzip;q=0);
    my $part = $t->get($path, 'Accept-Encoding' => 'gzip',
                       Range => 'bytes=0-1');
    is($part->body, "\x1f\x8b", "$path: a part of what is in gzip");
}

my $res = $t->get($night, 'Accept-Encoding' => 'gzip');
is($res->header('content-encoding'), undef, 'what is small already is plain');
is($res->header('vary'), undef, 'and does not vary');

is($t->get($_)->status, 404, "$_: not there")
    for '/assets/', '/assets/x.css', '/assets/0123456789abcdef/none.svg',
        '/assets/0123456789abcdef/', '/assets/logo.svg',
        '/assets/art/logo.svg', '/assets//logo.svg',
        "/assets/0123456789abcdef/..%2f..%2fkahve-gurusu.json";

# ---- an icon of few bytes stands in the page, which asks for three things ----

CXR::Test::spew("$dir/shops/art/most.png", png(32, 32)
                . "\0" x (1024 - length png(32, 32)));
CXR::Test::spew("$dir/shops/art/over.png", png(32, 32)
                . "\0" x (1025 - length png(32, 32)));

for my $name (qw(tab most)) {
    looks({ %brand, icon => "art/$name.png" });
    $t->reload;
    my $html = $t->get('/en/track/')->body;
    my ($data) = $html =~ m{<link rel="icon" href="data:image/png;base64,([\w+/=]+)">};
    is(decode_base64($data // ''), CXR::Test::slurp("$dir/shops/art/$name.png"),
       "$name: the icon's own bytes");
    my @asked = ($html =~ m{<link rel="(?:icon|stylesheet)" href="(/[^"]+)"}g,
                 grep { !/loading="lazy"/ } $html =~ m{<img[^>]*>}g);
    is(scalar @asked, 2, "$name: what the page asks for besides: @asked");
}

looks({ %brand, icon => 'art/over.png' });
$t->reload;
like($t->get('/en/track/')->body, qr{rel="icon" href="/assets/$hash/over\.png"},
     'one of a byte more has an address');

looks({ %brand, logo => 'art/tab.png', icon => 'art/tab.png' });
$t->reload;
my ($tab) = $t->get('/en/track/')->body
            =~ m{rel="icon" href="(/assets/$hash/tab\.png)"};
like($t->get('/en/track/')->body, qr{by-day" src="\Q$tab\E"},
     'one that is the logo, too, has the logo\'s');

looks(\%brand, offers => \@offer);
$t->reload;

# ---- a page of before a reload ----

CXR::Test::spew("$dir/shops/art/logo.svg", svg('', '#abcdef'));
looks({ %brand, accent => '#005f73' }, offers => \@offer);
$t->reload;

my ($logo2) = $t->get('/en/track/')->body =~ m{src="(/assets/$hash/logo\.svg)"};
isnt($logo2, $logo, 'another picture, another address');
is($t->get($logo2)->header('cache-control'),
   'public, max-age=31536000, immutable', 'which is kept for ever');

for my $old ($logo, $css) {
    my $res = $t->get($old);
    is($res->status, 200, "$old: a page of before still finds it");
    is($res->header('cache-control'), 'public, max-age=300',
       "$old: but may not keep it");
}

is($t->get($logo)->body, svg('', '#abcdef'), 'what it gets is today\'s');

# ---- a reload that is refused changes nothing ----

CXR::Test::spew("$dir/shops/art/logo.svg", svg('<script>alert(1)</script>'));
kill HUP => $t->{pid};
$t->wait_for(60, sub { $t->log =~ /logo\.svg:14: .*<script>/ });
like($t->log, qr{art/logo\.svg:14: /brand/logo: .*<script>.*save the picture},
     'the reload tells file, line, member and what to do');
is($t->get('/en/track/')->status, 200, 'and the pages are served as before');
is($t->get($logo2)->body, svg('', '#abcdef'), 'with their pictures');

# ---- what is refused ----

my $cx_check = CXR::Test::cx() . ' shop check';

sub refused {
    my ($name, $brand, $say, %o) = @_;
    looks($brand, %o);
    my ($rc, $out) = $t->check;
    isnt($rc, 0, "$name: refused");
    like($out, $say, "$name: says why");
    my $text = `@{[ CXR::Test::cx() ]} shop check $file 2>&1`;
    isnt($?, 0, "$name: shop check refuses it, too");
    like($text, $say, "$name: and says the same");
}

my $line = qr{kahve-gurusu\.json:\d+: /brand/logo: };
my %made = (
    'script.svg' => svg('<script/>'),
    'foreign.svg' => svg('<foreignObject/>'),
    'handler.svg' => svg('<g onload="x()"/>'),
    'outside.svg' => svg('<image href="https://evil.example/x.png"/>'),
    'shapeless.svg' => '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'broken.svg' => '<svg xmlns="http://www.w3.org/2000/svg">',
    'page.html' => '<html></html>',
    'empty.png' => '',
    'half.png' => substr(png(120, 40), 0, 60),
    'text.png' => 'a picture',
    'large.png' => png(1, 1) . "\0" x 65536,
    'pixels.png' => png(8000, 4000),
);

CXR::Test::spew("$dir/shops/art/$_", $made{$_}) for keys %made;

for my $case ([ 'script.svg', qr/script\.svg:14: .*<script>/ ],
              [ 'foreign.svg', qr/foreign\.svg:14: .*<foreignObject>/ ],
              [ 'handler.svg', qr/handler\.svg:14: .*onload/ ],
              [ 'outside.svg', qr/outside\.svg:14: .*another file/ ],
              [ 'shapeless.svg', qr/shapeless\.svg:1: .*viewBox/ ],
              [ 'broken.svg', qr/broken\.svg/ ],
              [ 'page.html', qr/page\.html:1: .*begins with <html>/ ],
              [ 'empty.png', qr/empty\.png: .*no picture/ ],
              [ 'half.png', qr/half\.png: .*broken/ ],
              [ 'text.png', qr/text\.png: .*SVG, a PNG, a JPEG or a WebP/ ],
              [ 'large.png', qr/${line}"art\/large\.png" has more than 64 KiB/ ],
              [ 'pixels.png', qr/pixels\.png: .*pixels/ ],
              [ 'missing.svg', qr/$line.*missing\.svg.*stands/s ])
{
    my ($name, $say) = @$case;
    refused($name, { logo => "art/$name" }, $say);
}

refused("logo: $_", { logo => $_ }, $line)
    for 'javascript:alert(1)', '//evil.example/x.svg', 'art/lo go.svg',
        'art/', 'data:image/png,x', 'art/çay.svg', 'http://shop.example/x.svg',
        '..', 'a' x 65;
refused('night without day', { logo_dark => 'art/night.png' },
        qr{/brand/logo_dark: must come with "logo"});
refused('an offer\'s picture', {}, qr{/offers/0/image: .*none\.png},
        offers => [ { %{ $offer[0] }, image => 'none.png' } ]);
refused('a tile\'s picture', {}, qr{/offers/0/products/0/image: .*none\.png},
        offers => [ { %{ $offer[0] }, image => '', products => [
            { title => \%both, url => 'https://shop.example/',
              image => 'none.png' } ] } ]);

# ---- what nobody would ever see is told of ----

{
    my @days = (from => '2026-12-01', until => '2026-12-24');
    my $offer = sub { +{ id => shift, title => \%both, @_ } };
    looks({}, offers => [
        $offer->('a'), $offer->('b', @days),
        $offer->('c', statuses => [ 'delivered' ], tags => [ 'vip' ]),
        $offer->('d', @days), $offer->('e', from => '2026-12-02') ],
        messages => [
            { status => 'delivered', reason => 'none', text => \%both },
            { status => 'delivered', text => \%both },
            { status => 'delivered', reason => 'damaged', text => \%both } ]);
    my $said = `$cx_check $file 2>&1`;
    is($?, 0, 'what is never shown is no mistake');
    my %told = map { $_ => 1 } $said =~ m{(/(?:offers|messages)/\d+): is never}g;
    is(join(' ', sort keys %told), '/messages/2 /offers/3', 'but is told of');
}

# ---- a logo that is not seen by night ----

for my $case ([ 'dark on nothing', bar(30, 0), {}, 1 ],
              [ 'dark on white', bar(30, 255), {}, 0 ],
              [ 'light on nothing', bar(200, 0), {}, 0 ],
              [ 'dark with another for the night', bar(30, 0),
                { logo_dark => 'art/night.png' }, 0 ])
{
    my ($name, $bytes, $more, $told) = @$case;

    CXR::Test::spew("$dir/shops/art/bar.png", $bytes);
    looks({ logo => 'art/bar.png', %$more });
    my ($rc, $out) = $t->check;
    is($rc, 0, "$name: taken") or diag($out);
    my $said = qr{art/bar\.png: /brand/logo: is dark on nothing: .*give a "logo_dark"};
    $told ? like($out, qr/\[warn\].*$said/, "$name: nginx -t warns")
          : unlike($out, qr/dark on nothing/, "$name: nothing to warn of");
    $out = `$cx_check $file 2>&1`;
    is($?, 0, "$name: taken by the command");
    $told ? like($out, $said, "$name: which tells, too")
          : unlike($out, qr/dark on nothing/, "$name: which tells nothing");
}

# ---- two of one name stay two ----

make_path("$dir/shops/more");
CXR::Test::spew("$dir/shops/art/logo.svg", svg());
CXR::Test::spew("$dir/shops/more/logo.svg", svg('', '#222222'));
looks({ logo => 'art/logo.svg', logo_dark => 'more/logo.svg' });
$t->reload;
my @two = $t->get('/en/track/')->body =~ m{src="(/assets/$hash/logo\.svg)"}g;
is($t->get($two[0])->body, svg(), 'one');
is($t->get($two[1])->body, svg('', '#222222'), 'and the other');

# ---- a preview shows them, too ----

my $out = "$dir/preview";
is(system(CXR::Test::cx() . " templates preview --out $out --shop $file --lang en "
          . CXR::Test::root() . "/html >/dev/null"), 0, 'a preview');
my ($shown) = CXR::Test::slurp("$out/track_find.html")
              =~ m{class="logo by-day" src="([^"]+)"};
is($shown, "$dir/shops/art/logo.svg", 'has the logo from where it is');

$t->{log_ok} = qr/logo\.svg|cannot be shown/;
$t->finish;
done_testing;

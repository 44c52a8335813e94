#!/usr/bin/perl
# Photos with messages: told by their content, made anew, kept outside the
# store, shown to whoever may read the thread; and all that is no photo.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Photo qw(png);
use CXR::Test;

my $t = CXR::Test->new(workers => 2,
    server => 'client_max_body_size 4m; cx_returns_message_rate 1000r/h;');
my $photos = $t->dir . '/photos';
$t->{http} = "cx_returns_photos $photos max_size=512k count=2;";
$t->start;

sub multipart {
    my ($url, @parts) = @_;
    return raw($url, CXR::Photo::multipart(@parts));
}

sub raw {
    my ($url, $type, $body) = @_;
    return $t->request(POST => "$url/message",
                       headers => [ 'Content-Type' => $type ], body => $body);
}

sub files { return grep { -f && !/-s\.jpg$/ } glob "$photos/*/*" }

$t->delivered_order('KG-1', 2);
my $rma = $t->api(POST => '/rmas', { order => 'KG-1', locale => 'tr',
    lines => [ { line => '1', quantity => 1, reason => 'damaged',
                 note => 'Kırık geldi.', outcome => 'refund' } ] })->json->{rma};
my $page = $t->link_path('rma', order => 'KG-1', rma => $rma->{id});
$page =~ s{^/(?:tr|en)/}{/tr/};
$page = "/tr$page" if $page !~ m{^/tr/};

like($t->get($page)->text, qr/enctype="multipart\/form-data"/,
     'the form takes files');

# ---- one photo ----

my $res = multipart($page, [ key => 'k1' ], [ message => 'Kutu ezik.' ],
                    [ photo => png(60, 40), '../../etc/passwd' ],
                    [ photo => '', '' ]);
is($res->status, 303, 'a message with a photo');
my $html = $t->get($page)->text;
my ($src) = $html =~ m{<a href="([^"]+/photo/[0-9a-f]{64})"};
ok($src, 'it stands in the thread');
like($html, qr/width="60" height="40"/, 'with its size');
$res = $t->get($src);
is($res->status, 200, 'and is shown');
is($res->header('content-type'), 'image/jpeg', 'as a JPEG');
is(substr($res->body, 0, 3), "\xff\xd8\xff", 'which it is');
is($res->header('x-content-type-options'), 'nosniff', 'nosniff');
is($res->header('cache-control'), 'private, no-store', 'kept nowhere');
like($res->header('content-security-policy'), qr/sandbox/, 'in a sandbox');
unlike($res->body, qr/GPS|41\.0082/, 'nothing of what it said of its place');
my $jpeg = $res->body;

my @files = files();
is(scalar @files, 1, 'one file');
is((stat $files[0])[2] & 07777, 0600, 'for the worker alone');
like($files[0], qr{/[0-9a-f]{2}/[0-9a-f]{64}\.jpg$}, 'by its hash');
like($t->get("/staff/rma/$rma->{id}", $t->staff_headers)->text,
     qr{/staff/rma/\Q$rma->{id}\E/photo/}, 'the desk shows it');
(my $hash = $src) =~ s{.*/}{};
is($t->get("/staff/rma/$rma->{id}/photo/$hash", $t->staff_headers)->status,
   200, 'from a path of its own');
is($t->get("/staff/rma/$rma->{id}/photo/$hash")->status, 403,
   'to staff alone');
is($t->api(GET => "/rmas/$rma->{id}/messages")->json->{messages}[0]{photos}[0]
       {width}, 60, 'told over the API');

$t->delivered_order('KG-2', 1);
my $other = $t->link_path('order', order => 'KG-2');
is($t->get("$other/talk/photo/$hash")->status, 404,
   'another order\'s link does not show it');
is($t->get("$page/photo/" . ('0' x 64))->status, 404, 'nor what is none');
is($t->get("$page/photo/../../x")->status, 404, 'nor a path');

# ---- a photo that is something else as well ----

my $exif = "Exif\0\0II*\0" . pack('VvvvVvv', 8, 1, 0x0112, 3, 1, 6, 0)
           . pack('V', 0) . 'GPS 41.0082';
my $poly = substr($jpeg, 0, 2) . "\xff\xe1" . pack('n', 2 + length $exif)
           . $exif . substr($jpeg, 2) . '<script>alert(1)</script>PK';
is(multipart($page, [ key => 'k2' ], [ message => '' ],
             [ photo => $poly, 'a.html' ])->status, 303,
   'a photo alone is a message');
my @src = $t->get($page)->text =~ m{<a href="([^"]+/photo/[0-9a-f]{64})"}g;
$res = $t->get($src[-1]);
is($res->status, 200, 'it is shown');
unlike($res->body, qr/script|PK$|GPS/, 'the rest is gone');
like($t->get($page)->text, qr/width="40" height="60"/, 'turned upright');

# ---- large ones are made smaller ----

is(multipart($page, [ key => 'k3' ], [ message => 'Büyük' ],
             [ photo => png(3000, 1500), 'b.png' ])->status, 303, 'a large one');
like($html = $t->get($page)->text, qr/width="2048" height="1024"/,
     'is made smaller');
my ($full) = reverse $html =~ m{<a href="([^"]+/photo/[0-9a-f]{64})"}g;
my ($small) = $html =~ m{<img src="(\Q$full\E/small)"};
ok($small, 'and the page shows a smaller one still');
$res = $t->get($small);
is($res->header('content-type'), 'image/jpeg', 'which is a photo too');
cmp_ok(length $res->body, '<', length($t->get($full)->body) / 4,
       'of a fraction of the bytes');
my ($small_file) = map { s/\.jpg$/-s.jpg/r } grep { /\Q@{[ $full =~ m{(\w+)$} ]}\E/ } files();
ok(unlink($small_file), 'where there is none');
is(length $t->get($small)->body, length $t->get($full)->body,
   'the photo itself is shown');

# ---- what is no photo ----

my $n = files();
my @bad = (
    [ 'text', 'hello', qr/bir fotoğraf değil/ ],
    [ 'HTML', '<html><img src=x onerror=alert(1)>', qr/fotoğraf değil/ ],
    [ 'SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', qr/fotoğraf değil/ ],
    [ 'a GIF', "GIF89a\1\0\1\0\0\0\0;", qr/fotoğraf değil/ ],
    [ 'a cut JPEG', substr($jpeg, 0, length($jpeg) / 2), qr/açılamadı/ ],
    [ 'a JPEG\'s head', "\xff\xd8\xff\xe0", qr/açılamadı/ ],
    [ 'a cut PNG', substr(png(50, 50), 0, 60), qr/açılamadı/ ],
    [ 'a PNG with fewer rows', png(50, 50, 3), qr/açılamadı/ ],
    [ 'a bomb', png(25000, 25000, 2), qr/çok büyük/ ],
    [ 'a long bomb', png(100000, 2, 2), qr/çok büyük/ ],
    [ 'no WebP', "RIFF\x10\0\0\0WEBPVP8 \0\0\0\0", qr/açılamadı/ ],
    [ 'no HEIC', "\0\0\0\x18ftypheic\0\0\0\0mif1heic", qr/açılamadı/ ],
    [ 'too many bytes', "\xff\xd8\xff" . ("\0" x 600_000), qr/Bu fotoğraf çok büyük/ ],
);

for my $b (@bad) {
    $res = multipart($page, [ key => 'b' ], [ message => 'Bakar mısınız?' ],
                     [ photo => $b->[1], 'x.jpg' ]);
    is($res->status, 422, $b->[0]);
    ok($res->text =~ $b->[2], '... said in words');
    ok($res->text =~ /Bakar mısınız\?/, '... and the text is kept');
}

$res = multipart($page, [ key => 'm' ], [ message => 'x' ],
                 map { [ photo => png(9, 9), "$_.png" ] } 1 .. 3);
is($res->status, 422, 'too many');
like($res->text, qr/en çok 2 fotoğraf/, '... said in words');
is(scalar(files()), $n, 'nothing of all that was kept');

# ---- what is no form ----

my $type = 'multipart/form-data; boundary=b';
my $head = "--b\r\nContent-Disposition: form-data; name=\"message\"";
for my $f (
    [ 'nothing', $type, '' ],
    [ 'no boundary', 'multipart/form-data', "--b--\r\n" ],
    [ 'a boundary that is too long', 'multipart/form-data; boundary='
      . ('b' x 71), "--b--\r\n" ],
    [ 'no end', $type, "$head\r\n\r\nx" ],
    [ 'no end of headers', $type, "$head\r\n" ],
    [ 'no name', $type, "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--" ],
    [ 'no disposition', $type, "--b\r\nX: y\r\n\r\nx\r\n--b--" ],
    [ 'an open quote', $type,
      "--b\r\nContent-Disposition: form-data; name=\"m\r\n\r\nx\r\n--b--" ],
    [ 'a NUL', $type, "$head\r\n\r\na\0b\r\n--b--" ],
    [ 'another boundary', $type, "--c\r\n\r\n--c--" ])
{
    is(raw($page, $f->[1], $f->[2])->status, 400, $f->[0]);
}

is(raw($page, $type, join '', (map { "$head\r\n\r\nx\r\n" } 1 .. 1201), '--b--')
       ->status, 413, 'too many parts');
is(raw($page, $type, "$head\r\nX: " . ('y' x 3000) . "\r\n\r\nx\r\n--b--")
       ->status, 413, 'headers that are too long');
is(raw($page, $type, 'x' x 2_400_000)->status, 413, 'more than the limit');

# what is too much by less than half is given back, with what was typed

like($t->get($page)->text, qr/her biri en çok 0,5 MB, tek seferde en çok 2 foto/,
     'how large and how many, before anything is chosen');
my $large = ('P' x 700_000);
$res = multipart($page, [ key => 'k9' ], [ message => 'Uzun bir mektup.' ],
                 [ photo => $large, 'a.jpg' ], [ photo => $large, 'b.jpg' ]);
is($res->status, 422, 'photos that are too large together: not lost');
like($res->text, qr/<textarea[^>]*>\s*Uzun bir mektup\.</,
     'what was typed is there');
like($res->text, qr/id="message-error"[^>]*>[^<]*Bu fotoğraf çok büyük/,
     'and what is wrong');

# ---- the form without photos still works ----

is($t->form("$page/message", [ [ key => 'u' ], [ message => 'Düz' ] ])->status,
   303, 'a plain form');

my $metrics = $t->get('/metrics')->body;
like($metrics, qr/^cx_returns_photos_total 3$/m, 'counted');

my $dir = $t->dir;
my $cx = CXR::Test::cx();
is(system("$cx rebuild --store $dir/store --into $dir/anew --keys $dir/keys"
          . " >/dev/null 2>&1"), 0, 'all of it comes out of the journal again');

# ---- what nothing names ----

my $sweep = sub { return scalar `$cx photos sweep --store $dir/store --photos $photos 2>&1` };
my $stray = "$photos/ab/" . ('ab' x 32) . '.jpg';
mkdir "$photos/ab";
CXR::Test::spew($stray, 'x');
like($sweep->(), qr/^4 photos, 0 erased$/m, 'what is young is left alone');
utime 1, 1, glob "$photos/*/*";
like($sweep->(), qr/^4 photos, 1 erased$/m, 'what nothing names goes');
ok(!-e $stray, 'for good');
is($t->get($src)->status, 200, 'the others stay');

# ---- swept with a store that is not theirs ----

{
    my $other = CXR::Test->new->start;
    $other->put_order('KG-1');
    $other->stop;
    mkdir "$photos/cd";
    my @none = map { sprintf '%s/cd/cd%062x.jpg', $photos, $_ } 1 .. 21;
    CXR::Test::spew($_, 'x') for @none;
    utime 1, 1, files();
    my $said = `$cx photos sweep --store $other->{store} --photos $photos 2>&1`;
    isnt($?, 0, 'with another store: nothing is done');
    like($said, qr/(\d+) of \1 files .* say --anyway/, "and asked about");
    is(scalar(grep { -e } @none), 21, 'nothing was erased');
    isnt($sweep->(), '', 'with their own');
    is(scalar(grep { -e } @none), 21, 'the same, while most would go');
    unlink $none[0];
    $said = `$cx photos sweep --store $t->{store} --photos $photos --anyway 2>&1`;
    like($said, qr/^23 photos, 20 erased$/m, 'unless it is said');
    is($t->get($src)->status, 200, 'what is named stays');
    $other->finish;
}

# ---- an erased person's are gone at once, and for good ----

my $shop = "$dir/shops/kahve-gurusu.json";
is(system("$cx person erase --store $dir/store --keys $dir/keys --shop $shop"
          . " --by staff:x --open KG-1 >/dev/null"), 0, 'the person is erased');
is($t->get($src)->status, 404, 'no photo any more');
unlike($t->get($page)->text, qr{/photo/}, 'nor on the page');
is(scalar(grep { @{ $_->{photos} } }
          @{ $t->api(GET => "/rmas/$rma->{id}/messages")->json->{messages} }),
   0, 'nor over the API');
is(multipart($page, [ key => 'k9' ], [ message => 'Yine ben' ],
             [ photo => png(31, 17), 'a.png' ])->status, 303,
   'she writes again');
@src = $t->get($page)->text =~ m{<a href="([^"]+/photo/[0-9a-f]{64})"}g;
is(scalar @src, 1, 'and what she sends is shown');
utime 1, 1, files();
like($sweep->(), qr/^4 photos, 3 erased$/m, 'which brings no old one back');
is($t->get($src[0])->status, 200, 'the new one stays');
my $told = `$cx person erase --store $dir/store --keys $dir/keys --shop $shop --photos $photos --by staff:x --open KG-1`;
is($?, 0, 'she is erased again');
like($told, qr/^KG1: \d+ photos are removed$/m, 'the photos with her, when told where');
is(scalar(() = glob("$photos/*/*")), 0, 'no file of them is left');
is($t->get($src[0])->status, 404, 'nor shown');
is(system("$cx rebuild --store $dir/store --into $dir/later --keys $dir/keys"
          . " >/dev/null 2>&1"), 0, 'all of it comes out of the journal again');

$t->finish;

# ---- what nginx -t says ----

for my $bad ('max_size=1k', 'max_size=1g', 'count=0', 'count=21', 'count=x',
             'more=1')
{
    my $c = CXR::Test->new(http => "cx_returns_photos /tmp/none $bad;");
    like(join('', $c->check), qr/invalid "\Q$bad\E": "cx_returns_photos" takes/,
         "refused: $bad");
}

done_testing;

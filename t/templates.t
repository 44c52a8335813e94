#!/usr/bin/perl
# Templates of one shop in the place of ours; what is refused, with its file
# and line, by "nginx -t" and by the command alike; Mustache by the command.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Path qw(make_path);
use JSON::PP;
use POSIX ();
use Test::More;

use CXR::Test;

my $html = CXR::Test::root() . '/html';

sub slurp { open my $f, '<:encoding(UTF-8)', $_[0] or die "$_[0]: $!";
            local $/; <$f> }
sub spew { open my $f, '>:encoding(UTF-8)', $_[0] or die "$_[0]: $!";
           print $f $_[1]; close $f }
sub run { my $out = `@_ 2>&1`; utf8::decode($out); return ($? >> 8, $out) }

# ---- two shops in one nginx, each with its own ----

my $t = CXR::Test->new;
my $dir = $t->dir;

make_path("$dir/shops/kahve-gurusu/templates", "$dir/shops/kahve-gurusu/css",
          "$dir/shops/other/templates", "$dir/shops/other/css");
spew("$dir/shops/other.json", slurp("$dir/shops/kahve-gurusu.json"));

(my $foot = slurp("$html/templates/foot.html")) =~ s/\A/<p>of this shop<\/p>\n/;
spew("$dir/shops/kahve-gurusu/templates/foot.html", $foot);
spew("$dir/shops/kahve-gurusu/css/cx.css", "body { color: teal }\n");
spew("$dir/shops/other/css/shop.css",
     "/* ours */\n.hero { outline: 3px  dotted plum; }\n");
my $find = slurp("$html/templates/track_find.html");
my ($key) = $find =~ /\{\{(t\.[a-z_.]+)\}\}/;
spew("$dir/shops/other/templates/track_find.html",
     "{{> head}}<p>another {{$key}}</p>{{> foot}}");

$t->{http} = <<"END";
server {
    listen 127.0.0.1:@{[ $t->{second} = CXR::Test::free_port() ]};
    cx_returns_shop $dir/shops/other.json;
    location /track/ { cx_returns track; }
    location /assets/ { cx_returns assets; }
}
END
$t->start;

sub of_other {
    my ($path) = @_;
    my $c = CXR::HTTP->new($t->{second});
    return $c->request(GET => $path, headers => [ Connection => 'close' ]);
}

my ($ours, $theirs) = ($t->get('/track/')->text, of_other('/track/')->text);
like($ours, qr/<p>of this shop/, 'the shop\'s own part of every page');
unlike($theirs, qr/of this shop/, 'is nobody else\'s');
like($theirs, qr/<p>another /, 'the other shop\'s own page');
unlike($ours, qr/<p>another /, 'is nobody else\'s either');
like($t->get('/track/x')->text, qr/<p>of this shop/, 'pages of errors, too');

my ($css) = map { /href="([^"]+\.css)"/ } $ours;
my ($base) = map { /href="([^"]+\.css)"/ } $theirs;
like($t->get($css)->text, qr/\Abody\{color:teal\}/, 'its own style');
like($t->get($css)->text, qr/--/, 'and its colours');
is(of_other($base)->status, 200, 'the other has ours');
unlike(of_other($base)->text, qr/teal/, 'without it');
isnt($css, $base, 'under another name');
ok(of_other($base)->text =~ /\A:root.*\}\.hero\{outline:3px dotted plum\}\z/s,
   'and what it adds behind, packed as ours is');
unlike($t->get($css)->text, qr/plum/, 'which is nobody else\'s');

spew("$dir/shops/other/css/shop.css", ".hero { outline: 0 }\n");
$t->reload;
my ($changed) = map { /href="([^"]+\.css)"/ } of_other('/track/')->text;
isnt($changed, $base, 'added otherwise: another name');
like(of_other($changed)->text, qr/\.hero\{outline:0\}\z/, 'with that in it');

# ---- changed while it runs ----

my $mine = "$dir/shops/kahve-gurusu/templates";

spew("$mine/foot.html", $foot =~ s/of this shop/of this shop, anew/r);
unlike($t->get('/track/')->text, qr/anew/, 'a file alone changes nothing');
ok($t->reload(keep => 1), 'a reload');
like($t->get('/track/')->text, qr/<p>of this shop, anew/, 'takes it');

# a frame of one's own, into which some pages put parts: those of ours that are
# left go on as they were

spew("$mine/frame.html", "{{> head}}\n<main id=\"main\">\n<h1>{{\$title}}"
     . "{{page.title}}{{/title}}</h1>\n{{\$body}}{{/body}}\n</main>\n{{> foot}}");
spew("$mine/track_find.html", "{{<frame}}{{\$body}}\n    <p>{{t.track.order}}\n"
     . "    {{#lang.tr}}bizce{{/lang.tr}}{{^lang.tr}}ours{{/lang.tr}}</p>\n"
     . "{{/body}}{{/frame}}");
spew("$mine/error.html", "{{<frame}}{{\$title}}Oh: {{page.title}}{{/title}}"
     . "{{/frame}}");
unlink "$mine/foot.html";
ok($t->reload(keep => 1), 'a frame of its own');
my $framed = $t->get('/en/track/')->text;
like($framed, qr{<h1>[^<O][^<]*</h1>\n<p>[^<]*\nours</p>\n+</main>},
     'with what a page puts into it');
like($t->get('/tr/track/')->text, qr/\nbizce</, 'in its language');
like($t->get('/en/track/t/x')->text, qr{<h1>Oh: [^<]+</h1>\n\n?</main>},
     'and another');
unlike($framed, qr/of this shop/, 'what was taken away is ours again');
unlike($t->get('/en/returns/')->text, qr/Oh: /, 'others are as they were');

spew("$mine/track_find.html", "{{<frame}}{{\$body}}\n{{nothing}}{{/body}}"
     . "{{/frame}}");
kill HUP => $t->{pid};
ok($t->wait_for(60, sub { $t->log =~ /\[emerg\].*track_find/ }),
   'a reload with a mistake in it is refused');
like($t->log, qr/\Q$mine\E\/track_find\.html:2:1: there is no field "nothing"/,
     'with file and line');
is($t->get('/en/track/')->text, $framed, 'and the pages are served as before');
$t->{log_ok} = qr/track_find\.html:2:1/;
$t->finish;
unlink glob "$mine/*";
spew("$mine/foot.html", $foot);

# ---- what is refused ----

my $check = CXR::Test->new;
my $own = $check->dir . '/shops/kahve-gurusu';
make_path("$own/templates");
my $shop = "$own.json";

my @refused = (
    [ 'a section left open', "<p>{{#form}}\n</p>", 1, qr/is not closed/ ],
    [ 'a tag left open', "<p>\n{{t.x</p>", 2, qr/is not closed/ ],
    [ 'what was not opened', "\n\n{{/form}}", 3, qr/not opened/ ],
    [ 'an unknown name', "<p>\n\n{{nothing_of_it}}</p>", 3, qr/nothing_of_it/ ],
    [ 'an unknown text', '{{t.nothing.of_it}}', 1, qr/nothing\.of_it/ ],
    [ 'raw output', "\n{{{page.title}}}", 2, qr/raw/ ],
    [ 'raw output by &', "{{&page.title}}", 1, qr/raw/ ],
    [ 'a value in a script', "<script>\nvar a = \"{{page.title}}\";</script>",
      2, qr/script/ ],
    [ 'a value in a style', "<style>a{color:{{page.title}}}</style>", 1,
      qr/style/ ],
    [ 'an attribute without quotes', "<p title={{page.title}}>", 1, qr/quot/ ],
    [ 'a handler', '<p onclick="{{page.title}}">', 1, qr/handler/ ],
    [ 'text in the place of a URL', '<a href="{{page.title}}">', 1, qr/URL/ ],
    [ 'a missing partial', '{{> no_such_part}}', 1, qr/no_such_part/ ],
    [ 'a template in itself', '{{> track_find}}', 1, qr/inside itself/ ],
    [ 'a name from the data', '{{> *page.title}}', 1, qr/cannot come/ ],
    [ 'delimiters that are none', '{{=x=}}', 1, qr/delimiters/ ],
    [ 'a language that is none', '{{#lang.de}}x{{/lang.de}}y', 1,
      qr/no language "de" \(there are: en, tr\)/ ],
    [ 'a byte order mark', "\x{feff}<p>", 1, qr/byte order mark/ ],
    [ 'a zero byte', "<p>\n\0", 2, qr/zero byte/ ],
    [ 'a page of nothing', '{{! later }}', 1, qr/would be empty/ ],
    [ 'where a page goes by itself', '<meta http-equiv="refresh" '
      . 'content="1;{{page.title}}">', 1, qr/http-equiv/ ],
    [ 'a page left open', "<main>\n<p title=\"x", 2, qr/ends inside/ ],
    [ 'a name that is nearly one', "{{page.titel}}", 1,
      qr/is "title" meant\?/ ],
);

for my $case (@refused) {
    my ($name, $text, $line, $why) = @$case;
    my $file = "$own/templates/track_find.html";
    spew($file, $text);

    my ($wrong, $said) = $check->check;
    ok($wrong, "$name: refused by nginx -t");
    like($said, qr/\Q$file\E:$line\b[^\n]*$why/, "$name: file, line, why");

    my ($status, $told) = run(CXR::Test::cx(), 'templates check', $html,
                              '--shop', $shop);
    is($status, 1, "$name: refused by the command");
    like($told, qr/\Q$file\E:$line\b[^\n]*$why/, "$name: in the same words");
}

unlink "$own/templates/track_find.html";

# what stands in a file's place: nothing of it holds "nginx -t" up

for my $case ([ 'a pipe', qr/plain file/, sub { POSIX::mkfifo($_[0], 0600) } ],
              [ 'a folder', qr/plain file/, sub { mkdir $_[0] } ],
              [ 'a link to nothing', qr/leads nowhere/,
                sub { symlink "$own/none", $_[0] } ])
{
    my ($name, $why, $make) = @$case;

    for my $file ("$own/templates/foot.html", "$own/css/cx.css",
                  "$own/css/shop.css")
    {
        make_path("$own/css");
        $make->($file) or die "$file: $!";
        my ($wrong, $said) = $check->check;
        ok($wrong, "$name: refused by nginx -t");
        like($said, qr/\Q$file\E\b[^\n]*$why/, "$name: file, why");
        -d $file ? rmdir $file : unlink $file;
    }
}

# what is added to the style sheet closes what it opens, and fetches nothing

for my $case ([ ".a { b: c }\n.d { e: f", 2, qr/"\{" is not closed/ ],
              [ "\@import 'more.css';", 1, qr/put the rules themselves here/ ],
              [ "a {\n background: url(/b.png) }", 2, qr/takes data:/ ])
{
    my ($sheet, $line, $why) = @$case;

    spew("$own/css/shop.css", $sheet);
    my ($wrong, $said) = $check->check;
    ok($wrong, "$why: refused by nginx -t");
    like($said, qr/\Q$own\E\/css\/shop\.css:$line:\d+: [^\n]*$why/, 'file, line, why');
    ($wrong, $said) = run(CXR::Test::cx(), 'templates check', $html, '--shop',
                          $shop);
    is($wrong, 1, 'and by the command');
    like($said, qr/shop\.css:$line:\d+: [^\n]*$why/, 'in the same words');
}

spew("$own/css/shop.css", ".a { b: c }\n");

make_path("$own/template");
spew("$own/template/foot.html", '');
spew("$own/css/style.css", '');
spew("$own/templates/trak_find.html", 'a slip of the pen');
my ($wrong, $said) = $check->check;
is($wrong, 0, 'a file that no page uses is no error');
like($said, qr/trak_find\.html[^\n]*no page uses/, 'but is named');
like($said, qr{\Q$own/$_\E[^\n]*nothing reads this}, "and so is $_")
    for 'template/foot.html', 'css/style.css';
my ($status, $told) = run(CXR::Test::cx(), 'templates check', $html, '--shop',
                          $shop);
is($status, 0, 'nor for the command');
like($told, qr/trak_find\.html[^\n]*no page uses/, 'which names it as well');
like($told, qr{\Q$own/$_\E[^\n]*nothing reads this}, "and $_")
    for 'template/foot.html', 'css/style.css';
($status, $told) = run(CXR::Test::cx(), 'templates check', $html, '--shop',
                       "$own.jsom");
is($status, 4, 'a shop that is not there');
like($told, qr/\Q$own.jsom\E: .*No such file/, 'is named');

($status, $told) = run(CXR::Test::cx(), 'templates check', $html);
is($status, 0, 'our own are good');
like($told, qr/good: \d+ pages, 2 languages/, 'all of them');
($status) = run(CXR::Test::cx(), 'templates check', "$html/none");
is($status, 4, 'no such directory');

# ---- preview ----

($status, $told) = run(CXR::Test::cx(), 'templates preview --out',
                       "$dir/preview", '--lang en --shop',
                       "$dir/shops/kahve-gurusu.json", $html);
is($status, 0, 'preview') or diag($told);
my @pages = glob "$dir/preview/*.html";
cmp_ok(scalar @pages, '>', 36, 'every page thrice');
my $index = slurp("$dir/preview/index.html");

for my $page (@pages) {
    my $text = slurp($page);
    (my $name = $page) =~ s{.*/}{};
    next if $name eq 'index.html';
    like($index, qr/href="\Q$name\E"/, "$name: listed");
    unlike($text, qr/\{\{/, "$name: no template");
    next if $text !~ /<!doctype/i;           # a part, or a picture
    like($text, qr/<html\b[^>]*lang="en".*<\/html>\s*\z/s, "$name: whole");
    like($text, qr/href="preview\.css"/, "$name: its style");
    like($text, qr/of this shop/, "$name: the shop's own part")
        if $name !~ /^(?:label|staff)/;         # these have no such foot
}

like(slurp("$dir/preview/preview.css"), qr/\Abody \{ color: teal \}/,
     'the shop\'s own style');
($status, $told) = run(CXR::Test::cx(), 'templates preview --out',
                       "$dir/p3", '--lang en --shop',
                       "$dir/shops/other.json", $html);
is($status, 0, 'preview of what is added to ours') or diag($told);
like(slurp("$dir/p3/preview.css"), qr/\.hero \{ outline: 0 \}\n\z/, 'behind it');
($status) = run(CXR::Test::cx(), 'templates preview --out', "$dir/p2",
                '--lang xx', $html);
is($status, 1, 'a language that is not there');
($status) = run(CXR::Test::cx(), 'templates preview --out', "$dir/p2", $html);
is($status, 0, 'without a shop\'s file: a sample');

# in each language, with dates as it writes them, and the names beside

for my $lang ([ tr => 'Kasım' ], [ en => 'November' ]) {
    my ($code, $month) = @$lang;
    my $text = slurp("$dir/p2/$code/track.html");
    like($text, qr/<html lang="$code".*$month/s, "$code: in its own words");
    ok(-s "$dir/p2/$code/preview.css", "$code: its style");
    like(slurp("$dir/p2/index.html"), qr{href="$code/track\.html"},
         "$code: listed");
}

unlike(slurp("$dir/p2/en/track.html"), qr/Kasım/, 'in no other');
like(slurp("$dir/p2/track.html.txt"), qr/^    headline +text/m, 'the names');

# ---- the names that a page may use ----

($status, $told) = run(CXR::Test::cx(), 'templates fields');
is($status, 0, 'fields: the pages');
my @names = $told =~ /^(\S+)$/mg;
my %doc = map { $_ => 1 } slurp(CXR::Test::root() . '/docs/templates.md')
          =~ /`([a-z_]+(?:\.(?:html|svg))?)`/g;

for my $name (@names) {
    ($status, $told) = run(CXR::Test::cx(), "templates fields $name");
    is($status, 0, "$name: its names");
    like($told, qr/^page  .*^    shop +text +"Kahve Gurusu"/ms,
         "$name: those of all pages, too");
    ok($doc{$name}, "$name: in docs/templates.md");
}

for my $part (map { m{([^/]+)\.html\z} } glob "$html/templates/*.html") {
    ok($doc{$part} || $doc{"$part.html"}, "$part: in docs/templates.md");
}

($status, $told) = run(CXR::Test::cx(), 'templates fields track.html');
like($told, qr/^track\n.*^    parcels +list of parcel\n.*^parcel  .*/ms,
     'its own, then those of its lists');
like($told, qr/^    eta +eta +or none\n.*^eta  .*^    day +text +"Bugün"/ms,
     'and structs');
($status, $told) = run(CXR::Test::cx(), 'templates fields qr.html');
like($told, qr/^    size +name +"100x150", "4x6", "a4"$/m,
     'of fixed words all of them');
like($told, qr/^    qr_large +markup +<svg>/m, 'and what is markup');
($status, $told) = run(CXR::Test::cx(), 'templates fields foot.html');
is($status, 1, 'a part is no page');
like($told, qr/a part of pages.*^    track\.html$/ms, 'which is told');

# ---- the page that docs/templates.md writes ----

my ($example) = slurp(CXR::Test::root() . '/docs/templates.md')
    =~ m{templates/track\.html`:\n\n(.*?)\n\n\S}s;
$example =~ s/^    //mg;
make_path("$dir/shops/kahve-gurusu/templates");
spew("$dir/shops/kahve-gurusu/templates/track.html", $example);
($status, $told) = run(CXR::Test::cx(), 'templates check', $html, '--shop',
                       "$dir/shops/kahve-gurusu.json");
is($status, 0, 'the example of docs/templates.md is good') or diag($told);
($status, $told) = run(CXR::Test::cx(), 'templates preview --out', "$dir/p3",
                       '--shop', "$dir/shops/kahve-gurusu.json", $html);
is($status, 0, 'and is shown') or diag($told);
like(slurp("$dir/p3/tr/track.html"), qr/<p>Taşıyan\s*<a href="#"/, 'in Turkish');
like(slurp("$dir/p3/en/track.html"), qr/<p>Carried by\s*<a href="#"/,
     'and English');

# ---- Mustache by the command ----

sub rendered {
    my ($template, $data, @more) = @_;
    spew("$dir/d.json", JSON::PP->new->allow_nonref->encode($data));
    spew("$dir/t.mustache", $template);
    return run(CXR::Test::cx(), 'templates render --data', "$dir/d.json",
               @more, "$dir/t.mustache");
}

is_deeply([ rendered("Hi {{name}} & {{{name}}}\n", { name => '<ş>' }) ],
          [ 0, "Hi &lt;ş&gt; & <ş>\n" ], 'values');
make_path("$dir/parts");
spew("$dir/parts/row.mustache", "<{{.}}>\n");
is_deeply([ rendered("{{#l}}\n  {{>row}}\n{{/l}}\n", { l => [ 1, 'b' ] },
                     '--partials', "$dir/parts") ],
          [ 0, "  <1>\n  <b>\n" ], 'partials of a directory');
spew("$dir/p.json", '{"a":"[{{$x}}d{{/x}}]"}');
is_deeply([ rendered('{{<a}}{{$x}}{{.}}{{/x}}{{/a}}{{>a}}', 7,
                     '--partials', "$dir/p.json") ],
          [ 0, '[7][d]' ], 'partials of an object');
($status, $told) = rendered("a\n {{#x}}", {});
is($status, 1, 'a template that is broken');
like($told, qr/t\.mustache:2\b/, 'with its file and line');

spew("$dir/s.json", encode_json({ tests => [
    { name => 'one', data => {}, template => '{{!c}}x', expected => 'x' },
    { name => 'two', data => {}, template => 'y', expected => 'x' } ] }));
($status, $told) = run(CXR::Test::cx(), 'templates spec', "$dir/s.json");
is($status, 1, 'a test that fails');
like($told, qr/^ok 1 .*one\n(?:#.*\n)+not ok 2 .*two\n1\.\.2$/m, 'as TAP');

done_testing;

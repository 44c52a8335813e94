#!/usr/bin/perl
# What is printed: PDFs that poppler reads, ZPL that our printer prints, codes
# that a reader which is not ours takes off both, and a token in them that the
# public key proves.  The same bytes every time; no text is ever a command.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Scan;
use CXR::Test;
use CXR::ZPL;

for my $tool (qw(pdftoppm pdftotext pdffonts pdfinfo zbarimg)) {
    BAIL_OUT("$tool is missing: scripts/install-deps test")
        if system("command -v $tool >/dev/null 2>&1") != 0;
}

my $note = 'Makbuzu da koyun: çğıöşü ĞİŞ';
my $t = CXR::Test->new(workers => 1, shop => { label => { size => 'a4',
    dpi => 203, logo => CXR::Test::root() . '/conf/shops/kahve-gurusu.png',
    note => { tr => $note, en => 'And the receipt' } } })->start;
my $dir = $t->dir;
my $cx = CXR::Test::cx();
my $root = CXR::Test::root();
my $px = 0.5;               # a page's side may be off by so many points

CXR::Test::spew("$dir/public", $t->get('/.well-known/paserk')->body);

sub rma {
    my ($order, @lines) = @_;
    my $res = $t->api(POST => '/rmas', { order => $order, lines => [ map { {
        line => "$_", quantity => 1, reason => 'changed_mind' } } @lines ] });
    is($res->status, 201, "$order: an RMA") or diag($res->body);
    my $id = $res->json->{rma}{id};
    return ($id, '/tr' . $t->link_path('rma', rma => $id));
}

# The codes in a picture; the QR code's token must be of this RMA and hold.

sub scan {
    my ($name, $picture, $id) = @_;
    my $token = CXR::Scan::code('QR-Code', $picture);

    is(CXR::Scan::code('CODE-128', $picture), $id, "$name: Code 128 is read");
    like($token // '', qr/^v4\.public\./, "$name: the QR code is read")
        or return;
    my $said = `$cx label verify --keys $dir/public '$token' 2>&1`;
    is($?, 0, "$name: its token holds") or diag($said);
    like($said, qr/\Q$id\E/, "$name: and is of this return");
}

sub pdf {
    my ($name, $url, $width, $height, %o) = @_;
    my $res = $t->get($url);
    is($res->status, 200, "$name: 200") or return '';
    is($res->header('content-type'), 'application/pdf', "$name: its type");
    is($res->header('cache-control'), 'private, no-store', "$name: no cache");
    like($res->header('content-disposition'),
         qr/^inline; filename="R-[-\w]+\.pdf"$/, "$name: its name");
    ok($res->body eq $t->get($url)->body, "$name: the same bytes again");

    my $file = "$dir/out.pdf";
    CXR::Test::spew($file, $res->body);
    my ($w, $h) = `pdfinfo $file` =~ /^Page size:\s+([\d.]+) x ([\d.]+) pts/m;
    ok(abs($w - $width * 72 / 25.4) < $px && abs($h - $height * 72 / 25.4) < $px,
       "$name: $width x $height mm") or diag("$w x $h");

    like(scalar `pdfinfo $file`, qr/^CreationDate:.*20\d\d/m,
         "$name: its time is the label's");

    my ($lang) = $url =~ m{^/(\w\w)/};
    like($res->body, qr{/Lang \($lang\)}, "$name: its language")
        if defined $lang;
    like(scalar `pdfinfo $file`, qr/^Title:\s+\S.* R-\w{4}-\w{4}$/m,
         "$name: its title");

    my (undef, undef, @fonts) = split /\n/, `pdffonts $file`;
    ok(scalar @fonts, "$name: has fonts");
    is(scalar(grep { !/^[A-Z]{6}\+\S+\s.*\syes\s+yes\s+yes\s/ } @fonts), 0,
       "$name: embedded, subsets, with Unicode") or diag("@fonts");
    cmp_ok(length $res->body, '<', 120_000, "$name: small");

    my $text = `pdftotext -raw $file -`;
    utf8::decode($text);
    return $text =~ s/\s+/ /gr;
}

sub zpl {
    my ($name, $url, $id, $width, $height) = @_;
    my $res = $t->get($url);
    is($res->status, 200, "$name: 200") or return;
    is($res->header('content-type'), 'application/zpl', "$name: its type");
    like($res->header('content-disposition'),
         qr/^attachment; filename="\Q$id\E\.zpl"$/, "$name: its name");
    ok($res->body eq $t->get($url)->body, "$name: the same bytes again");

    my @labels = eval { CXR::ZPL::labels($res->body) };
    is($@, '', "$name: a printer takes it");
    is(scalar @labels, 1, "$name: one label") or return;
    is("$labels[0]{width}x$labels[0]{height}", "${width}x$height",
       "$name: $width x $height dots");
    CXR::Test::spew("$dir/out.pbm", CXR::ZPL::pbm($labels[0]));
    scan($name, "$dir/out.pbm", $id);

    for my $how (qw(dark light)) {
        my $worn = CXR::ZPL::worn($labels[0], $how);
        CXR::Test::spew("$dir/out.pbm", CXR::ZPL::pbm($worn));
        scan("$name, printed too $how", "$dir/out.pbm", $id);
    }

    return $res->body;
}

$t->delivered_order('KG-1', 1);
my ($id, $url) = rma('KG-1', 1, 2);

# ---- one line that looks like a code beside a whole one ----

{
    $t->delivered_order('KG-8', 1);
    my ($label, $other) = map { CXR::ZPL::labels($t->get("$_/label.zpl")->body) }
                          $url, (rma('KG-8', 1))[1];
    my ($rows, $bars) = ($other->{rows}, 0);
    my $ink = sub { my $n = () = unpack('B*', $rows->[$_[0]]) =~ /01/g; $n };
    $ink->($_) >= $ink->($bars) && $rows->[$_] eq $rows->[$_ - 40]
        and $bars = $_ for 40 .. $#$rows;

    for my $y (4, $#$rows - 4) {
        my @seen = @{ $label->{rows} };
        $seen[$y] = $rows->[$bars];
        CXR::Test::spew("$dir/out.pbm",
                        CXR::ZPL::pbm({ %$label, rows => \@seen }));
        my $said = `zbarimg -q '$dir/out.pbm' 2>/dev/null`;
        is(() = $said =~ /^CODE-128:/mg, 2, 'both are seen') or diag($said);
        scan("the code that more lines show, $y", "$dir/out.pbm", $id);
    }
}

# ---- PDF ----

my $text;
my %size = ('100x150' => [ 100, 150 ], '4x6' => [ 101.6, 152.4 ],
            a4 => [ 210, 297 ]);

for my $size (sort keys %size) {
    $text = pdf("label $size", "$url/label.pdf?size=$size", @{ $size{$size} });
    like($text, qr/Ayşe Yılmaz/, "$size: from whom, in Turkish letters");
    like($text, qr/Kahve Gurusu İade/, "$size: to whom");
    like($text, qr/\Q$id\E/, "$size: its number");
    is(system("pdftoppm -r 203 -png $dir/out.pdf $dir/page"), 0, 'drawn');
    scan("label $size", "$dir/page-1.png", $id);
}

like($text, qr/İade formu/, 'A4: with the slip');
like($text, qr/Buradan katlayın ya da kesin/, 'A4: where to fold it');
like($text, qr/\Q$note\E/, 'A4: what the shop says');
ok($t->get("$url/label.pdf")->body
   eq $t->get("$url/label.pdf?size=a4")->body, 'the shop\'s size is A4');
ok($t->get("$url/label.pdf?size=a5")->body
   eq $t->get("$url/label.pdf?size=a4")->body, 'and for a size that is none');

(my $english = $url) =~ s{^/tr/}{/en/};
like(pdf('in English', "$english/label.pdf?size=100x150", 100, 150),
     qr/RETURN/, 'in English');

# ---- ZPL ----

# a return in several boxes: each has its own

{
    my $pages = sub {
        CXR::Test::spew("$dir/out.pdf", $t->get("$url/$_[0]")->body);
        my $all = `pdftotext -raw $dir/out.pdf -`;
        utf8::decode($all);
        return [ map { s/\s+/ /gr } split /\f/, $all ];
    };

    for my $size (qw(100x150 4x6 a4)) {
        my $got = $pages->("label.pdf?size=$size&boxes=3");
        is(scalar @$got, 3, "$size: a page for each of three boxes");
        for my $n (1 .. 3) {
            like($got->[$n - 1], qr{Kutu $n/3\b}, "$size: $n says which it is");
            unlike($got->[$n - 1], qr{Kutu (?!$n/)\d/}, '... and no other');
        }
    }

    my $slips = $pages->('slip.pdf?size=a4&boxes=2');
    is(join('|', map { /Kutu (\d\/\d)/ } @$slips), '1/2|2/2', 'and its slip');
    is(scalar(() = join('', @{ $pages->('slip.pdf?size=4x6&boxes=9') })
              =~ m{Kutu \d/9}g), 9, 'up to nine');

    my @boxes = CXR::ZPL::labels($t->get("$url/label.zpl?size=4x6&boxes=2")
                                 ->body);
    is(scalar @boxes, 2, 'ZPL: two labels');
    for my $n (0, 1) {
        CXR::Test::spew("$dir/out.pbm", CXR::ZPL::pbm($boxes[$n]));
        scan("ZPL of box $n", "$dir/out.pbm", $id);
    }
    ok(CXR::ZPL::pbm($boxes[0]) ne CXR::ZPL::pbm($boxes[1]), 'not the same');

    my $page = $t->get("$url/label.html?boxes=2&size=4x6")->text;
    is(join(' ', $page =~ m{<text [^>]*>(\d/\d)</text>}g), '1/2 2/2',
       'the page has both');
    like($page, qr{<option value="2" selected>}, 'and what was chosen');
    like($page, qr{label\.pdf\?size=4x6&(?:amp;)?boxes=2"},
         'its files are of as many');
    like($t->get("$url/label.svg?boxes=2&box=2")->text, qr{>2/2</text>},
         'the picture is of one');

    for my $none ('', '?boxes=1', '?boxes=0', '?boxes=10', '?boxes=x',
                  '?boxes=-1', '?boxes=99999999999999999999')
    {
        unlike($t->get("$url/label.html$none")->text, qr{>\d/\d</text>},
               "\"$none\": one box");
    }
    ok($t->get("$url/label.pdf?boxes=10")->body
       eq $t->get("$url/label.pdf")->body, 'the same bytes');
}

zpl('203 dpi', "$url/label.zpl?size=100x150", $id, 800, 1200);
zpl('4x6', "$url/label.zpl?size=4x6", $id, 813, 1219);
zpl('300 dpi', "$url/label.zpl?size=4x6&dpi=300", $id, 1200, 1800);
zpl('A4 is none', "$url/label.zpl", $id, 800, 1200);
is($t->get("$url/label.zpl?dpi=$_")->status, 400, "dpi $_")
    for qw(0 72 601 -203 203x 99999999999999999999);

# ---- the slip ----

for my $size (sort keys %size) {
    $text = pdf("slip $size", "$url/slip.pdf?size=$size", @{ $size{$size} });
    like($text, qr/Etiyopya/, "slip $size: what is in the box");
    like($text, qr/Vazgeçtim ya da fazla aldım/, "slip $size: why");
    like($text, qr/ETH-250/, "slip $size: its SKU");
    unlike($text, qr/Ayşe/, "slip $size: no person");
}

# in a language that the shop's people may not read, theirs beside it

for my $size (sort keys %size) {
    like(pdf("slip in English, $size", "$english/slip.pdf?size=$size",
             @{ $size{$size} }),
         qr/I do not need it after all.*Vazgeçtim ya da fazla aldım/,
         "$size: why, in both");
}

like($t->get("$english/slip.html")->text,
     qr{<td>I do not need it after all<span>Vazgeçtim ya da fazla aldım</span>},
     'on the page, too');

my $page = $t->get("$url/slip.html");
is($page->status, 200, 'the slip as a page');
unlike($page->text, qr/<span>Vazgeçtim/, 'once in its own language');
like($page->text, qr/\Q$note\E/, 'with the shop\'s note');
like($page->text, qr/<td class="slip-count">1 ×/, 'and how many');
unlike($page->text, qr/Ayşe/, 'and no person');

# as many lines as an order has: on as many pages as it takes

$t->delivered_order('KG-200', 1, lines => [ map { {
    line => "$_", sku => "SKU-$_", title => "Ürün $_ " . 'ğ' x 250,
    quantity => 2, unit_price => 100 } } 1 .. 200 ]);
my ($many, $many_url) = rma('KG-200', 1 .. 200);

for my $size (sort keys %size) {
    $text = pdf("200 lines, $size", "$many_url/slip.pdf?size=$size",
                @{ $size{$size} });
    is(scalar(() = $text =~ /\bSKU-\d+\b/g), 200, "$size: all of them");
}

for my $size (qw(a4 100x150)) {
    my $res = $t->get("$many_url/slip.pdf?size=$size&boxes=9");
    is($res->status, 200, "200 lines in nine boxes, $size");
    CXR::Test::spew("$dir/out.pdf", $res->body);
    my $all = `pdftotext -raw $dir/out.pdf -`;
    utf8::decode($all);
    is(scalar(() = $all =~ /\bSKU-\d+\b/g), 200, "$size: listed once");
    is(scalar(() = $all =~ /Ürün listesi birinci kutudaki formda/g), 8,
       "$size: as the others say");
}

$text = pdf('200 lines', "$many_url/label.pdf?size=a4", 210, 297);
is(scalar(() = $text =~ /\bSKU-\d+\b/g), 200, 'all behind the label, too');

# each page says which of how many it is, and has a table only for goods

$t->delivered_order('KG-17', 1, lines => [ map { {
    line => "$_", sku => "SKU-$_", title => "Ürün $_", quantity => 1,
    unit_price => 100 } } 1 .. 17 ]);
(undef, my $full_url) = rma('KG-17', 1 .. 17);

for my $try ([ 'A4, full', "$full_url/slip.pdf?size=a4", 'a4' ],
             [ 'many, A4', "$many_url/slip.pdf?size=a4", 'a4' ],
             [ 'many, 4x6', "$many_url/slip.pdf?size=4x6", '4x6' ],
             [ 'many, label', "$many_url/label.pdf?size=a4", 'a4' ])
{
    my ($name, $at, $size) = @$try;
    pdf($name, $at, @{ $size{$size} });
    my ($n) = `pdfinfo $dir/out.pdf` =~ /^Pages:\s+(\d+)/m;
    cmp_ok($n, '>', 1, "$name: several pages");
    my @pages = split /\f/, `pdftotext -layout $dir/out.pdf -`;
    is(scalar(grep { $pages[$_] =~ m{\b@{[ $_ + 1 ]} ?/ ?$n$}m } 0 .. $n - 1),
       $n, "$name: each is numbered");
    is(scalar(grep { /edeni/ && !/SKU-/ } @pages), 0,
       "$name: no table without goods");
}

$t->delivered_order('KG-18', 1);
unlike(pdf('one page', (rma('KG-18', 1))[1] . '/slip.pdf?size=a4', 210, 297),
       qr{1 / 1}, 'one page alone is not numbered');

# ---- the code on a phone ----

$page = $t->get("$url/qr.html");
is($page->status, 200, 'the code for the phone');

# ---- the shop's logo in its name's place ----

like($t->get("$url/label.svg")->header('content-disposition'),
     qr/^inline; filename="\Q$id\E\.svg"$/, 'a picture has a name of its own');

like($t->get("$url/label.svg")->text,
     qr{<image [^>]*href="data:image/png;base64,[A-Za-z0-9+/]+={0,2}"/>},
     'a label that is a file has its logo within');
like($t->get("$url/slip.html")->text,
     qr{<img class="slip-logo" src="data:image/png;base64,[A-Za-z0-9+/]+={0,2}" alt="Kahve Gurusu">},
     'and so has the slip');
CXR::Test::spew("$dir/out.pdf", $t->get("$url/slip.pdf")->body);
like(scalar `pdfimages -list $dir/out.pdf`, qr/^\s+1\s+\d+\s+image\s+416\s+80 /m,
     'and the PDF');

my ($svg) = $page->body =~ m{(<svg viewBox.*?</svg>)}s;
$svg =~ s/<svg/<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/;
CXR::Test::spew("$dir/qr.svg", $svg);
is(system("rsvg-convert -b white -w 340 $dir/qr.svg -o $dir/qr.png"), 0,
   'as large as a phone is wide');
like(CXR::Scan::code('QR-Code', "$dir/qr.png"), qr/^v4\.public\./,
     'and read there');
like($page->text, qr/ekran görüntüsü/, 'with what to do');

# ---- from right to left: seen, and copied, in order ----

$t->delivered_order('KG-6', 1, person => { name => "\x{5e9}\x{5e8}\x{5d4}",
    email => 'sara@example.com' }, ship_to => { country => 'IL',
    postcode => '6688115', city => 'Tel Aviv',
    address => "\x{634}\x{627}\x{631}\x{639} 14" });
(undef, my $right) = rma('KG-6', 1);
$text = pdf('right to left', "$right/label.pdf?size=100x150", 100, 150);
like($text, qr/\x{5e9}\x{5e8}\x{5d4}/, 'a name in Hebrew');
like($text, qr/\x{feb7}\x{fe8e}\x{fead}\x{fec9}/,
     'letters that join');
like($text, qr{İSRAİL / ISRAEL.*TÜRKİYE|TÜRKİYE.*İSRAİL / ISRAEL}s,
     'the countries in words, for the posts of both');

# ---- what prints as an empty box is left out; a long number becomes smaller --

$t->put_order('404-1234567-1234567', shipments => [
    { carrier => 'yurtici', number => '70000000404' } ],
    person => { name => "Zoë \x{1f338} Ünal \x{1f469}\x{200d}\x{1f467}",
                email => 'zoe@example.com' });
$t->feed('yurtici', CXR::Test::yurtici('70000000404',
    [ time - 2 * 86400, 'Kargo teslim alındı' ], [ time - 86400, 'Teslim edildi' ]));
(undef, my $emoji) = rma('404-1234567-1234567', 1);
$text = pdf('emoji', "$emoji/label.pdf?size=100x150", 100, 150);
like($text, qr/Zoë Ünal /, 'a name without its flower');
like($text, qr/404-1234567-1234567/, 'the whole number of an order');
like($t->get("$emoji/label.svg")->text,
     qr{font-size="(?:2\d|3[0-6])" font-weight="700">404-1234567-1234567<},
     'and in the picture');

# ---- hostile words ----

my @hostile = ('^XA^FO0,0^GB800,800,800^FS^XZ', '~JA~HS^FX',
               "\x{202e}(ters)</text><script>", "\x{1f4e6} 荷物 \x{0627}\x{0644}",
               '%!PS (%s%n) \\) Tj ET endstream');

for my $i (0 .. $#hostile) {
    my $o = "KG-9$i";
    $t->delivered_order($o, 1, person => { name => $hostile[$i],
        email => 'ayse@example.com' }, ship_to => { country => 'TR',
        postcode => '34394', city => $hostile[$i],
        address => "^XZ~JR\n$hostile[$i]" });
    my ($h, $h_url) = rma($o, 1);
    zpl("hostile $i", "$h_url/label.zpl", $h, 800, 1200);
    pdf("hostile $i", "$h_url/label.pdf?size=100x150", 100, 150);
    is(system("pdftoppm -r 203 -png $dir/out.pdf $dir/page"), 0, 'drawn');
    scan("hostile $i", "$dir/page-1.png", $h);
}

# ---- the desk prints the same; who may not read it, nothing ----

my @desk = ('X-Actor' => 'ayse', 'X-Roles' => 'read');
my $desk = "/tr/staff/rma/$id";
my $html = $t->get($desk, @desk)->text;

for my $name (qw(label.html label.pdf label.zpl slip.pdf)) {
    like($html, qr/href="\Q$desk\/$name\E/, "the desk has $name");
    my $res = $t->get("$desk/$name", @desk);
    is($res->status, 200, "and shows it");
    ok($res->body eq $t->get("$url/$name")->body, 'the same')
        if $name !~ /html/;
    is($t->get("$desk/$name")->status, 403, 'to nobody else');
}

# ---- the command, too ----

for my $f ([ pdf => 'label.pdf' ], [ zpl => 'label.zpl' ],
           [ slip => 'slip.pdf' ])
{
    my $made = `$cx label render --store $dir/store --keys $dir/keys --shop $dir/shops/kahve-gurusu.json --html $root/html --format $f->[0] $id`;
    is($?, 0, "label render --format $f->[0]");
    ok($made eq $t->get("$url/$f->[1]")->body, 'the same bytes');
}

my $said = `$cx label render --store $dir/store --keys $dir/keys --shop $dir/shops/kahve-gurusu.json --html $root/html R-2222-2222 2>&1`;
isnt($?, 0, 'no such return');

# ---- none any more ----

is($t->api(POST => "/rmas/$id/cancel", {})->status, 200, 'cancelled');
is($t->get("$url/$_")->status, 303, "$_: back to the RMA's page")
    for qw(label.pdf label.zpl slip.pdf slip.html qr.html);
unlike($t->get($desk, @desk)->text, qr/label\.pdf/, 'and none on the desk');
is($t->get("$url/$_")->status, 404, "$_ is none")
    for qw(label.ps label.pdf.html slip.zpl qr label);

# ---- nginx -t ----

sub refused {
    my ($name, $add, @says) = @_;
    my $conf = $t->conf;
    $conf =~ s/(\n\s*cx_returns_keys )/\n    $add$1/ or die;
    my ($rc, $out) = $t->check($conf);
    isnt($rc, 0, "$name: refused");
    like($out, $_, "$name: says $_") for @says;
}

my $sans = '/usr/share/fonts/truetype/dejavu/DejaVuSans';
refused('one font', "cx_returns_label_font $sans.ttf;",
        qr/invalid number of arguments/);
refused('no such font', "cx_returns_label_font $sans.ttf /none.ttf;",
        qr{/none\.ttf.*No such file.*fonts-liberation}s);
refused('no font at all', "cx_returns_label_font $sans.ttf $dir/public;",
        qr/public.*is no font/);
refused('nine', 'cx_returns_label_font' . " $sans.ttf" x 9 . ';',
        qr/at most 8/);
refused('twice', "cx_returns_label_font $sans.ttf $sans-Bold.ttf;" x 2,
        qr/is duplicate/);

my $conf = $t->conf;
$conf =~ s/(\n\s*cx_returns_keys )/\n    cx_returns_label_font $sans.ttf $sans-Bold.ttf;$1/;
my ($rc, $out) = $t->check($conf);
is($rc, 0, 'another font') or diag($out);

$t->journal_ok;
$t->finish;
done_testing;

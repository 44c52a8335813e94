#!/usr/bin/perl
# "cx-returns templates preview --order": the pages that nginx shows, made from
# its store beside it, and nothing written.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Digest::SHA qw(sha256_hex);
use File::Path qw(make_path);
use Test::More;

use CXR::Test;

my $html = CXR::Test::root() . '/html';
my $t = CXR::Test->new->start;
my $dir = $t->dir;
my $shop = "$dir/shops/kahve-gurusu.json";

sub slurp { open my $f, '<:raw', $_[0] or die "$_[0]: $!";
            local $/; my $s = <$f>; utf8::decode($s); $s }

sub preview {
    my ($out, @more) = @_;
    my $said = join '', `@{[ CXR::Test::cx() ]} templates preview --out $dir/$out --shop $shop @more $html 2>&1`;
    utf8::decode($said);
    return ($? >> 8, $said);
}

# What is the same wherever a page is made: its main part, without addresses,
# what a form carries along, and the photos, of which the command knows nothing.
sub main_part {
    my ($text) = @_;
    my ($main) = $text =~ m{(<main.*</main>)}s or return "no main: $text";
    $main =~ s/ (?:href|action|src)="[^"]*"//g;
    $main =~ s/ enctype="[^"]*"//g;
    $main =~ s{^<input type="hidden".*\n}{}mg;
    $main =~ s{^<div class="field"><label for="photos">.*?</div>\n}{}msg;
    $main =~ s{( rows="4" maxlength="\d+") required}{$1}g;
    return $main;
}

sub api {
    my ($what, $res) = @_;
    like($res->status, qr/^20[01]$/, $what) or diag($res->body);
    return $res->json;
}

$t->delivered_order('P-1', 2);

my $rma = api('an RMA', $t->api(POST => '/rmas', { order => 'P-1',
    lines => [ { line => '1', quantity => 1, reason => 'damaged',
                 outcome => 'refund', note => 'Ağzı açık geldi <b>' } ] }))->{rma};
api('asked', $t->api(POST => "/rmas/$rma->{id}/request-info",
                     { reason => 'Hangi kutu?' }));
api('a message', $t->api(POST => "/rmas/$rma->{id}/message",
                         { text => 'Fotoğraf da olur.', from => 'shop' }));
$t->put_order('P-2');

# the desk's clock and this one's may stand a minute apart, and no page of these
# says what time it is

my %path = ('track.html' => $t->link_path('track', order => 'P-1'),
            'portal_items.html' => $t->link_path('order', order => 'P-1'),
            "rma.$rma->{id}.html" => $t->link_path('rma', rma => $rma->{id}));
my %shown = map { $_ => main_part($t->get("/en$path{$_}")->text) } keys %path;
my $store = "--store $dir/store --keys $dir/keys";
my $before = sha256_hex(slurp("$dir/store/data.mdb") =~ s/[^\x00-\xff]//gr);

my ($status, $said) = preview('one', "$store --lang en --order p-1");
is($status, 0, 'beside a running nginx') or diag($said);
like($said, qr{^\Q$dir/one/index.html\E: 3 pages$}, 'says where');

for my $name (sort keys %path) {
    my $text = slurp("$dir/one/$name");
    is(main_part($text), $shown{$name}, "$name: as nginx shows it");
    like($text, qr/<html lang="en".*<\/html>\s*\z/s, "$name: whole");
    like($text, qr/href="preview\.css"/, "$name: its style");
    like(slurp("$dir/one/index.html"), qr/href="\Q$name\E"/, "$name: listed");
}

my $page = slurp("$dir/one/rma.$rma->{id}.html");
like($page, qr/Ağzı açık geldi &lt;b&gt;/, 'what she wrote, opened');
like($page, qr/Fotoğraf da olur\./, 'and what was written to her');
unlike($page, qr/Ayşe|example\.com\/returns\/r\/v4/, 'no name, no link');

is(sha256_hex(slurp("$dir/store/data.mdb") =~ s/[^\x00-\xff]//gr), $before,
   'nothing was written to the store');

# ---- a template that was just changed, before anybody else sees it ----

make_path("$dir/shops/kahve-gurusu/templates");
open my $f, '>:utf8', "$dir/shops/kahve-gurusu/templates/track.html" or die $!;
print $f '{{> head}}<main id="main"><h1>New: {{headline}}</h1></main>{{> foot}}';
close $f;

($status, $said) = preview('two', "$store --lang en --order P-1");
is($status, 0, 'with a template of the shop\'s own') or diag($said);
like(slurp("$dir/two/track.html"), qr/<h1>New: \w/, 'which is taken');
unlike($t->get("/en$path{'track.html'}")->text, qr/New: /,
       'and nginx goes on with what it has');

# ---- where others may write, too: nobody reads it, and no link is followed ----

make_path("$dir/shared");
chmod 0755, "$dir/shared";
CXR::Test::spew("$dir/shared/track.html", 'mine');
chmod 0644, "$dir/shared/track.html";
($status, $said) = preview('shared', "$store --lang en --order P-1");
is($status, 0, 'a directory that is there') or diag($said);
is(join(' ', grep { (stat)[2] & 077 } glob "$dir/shared/*"), '',
   'nothing in it is for others');

CXR::Test::spew("$dir/precious", 'precious');
unlink "$dir/shared/track.html";
symlink "$dir/precious", "$dir/shared/track.html";
($status, $said) = preview('shared', "$store --lang en --order P-1");
isnt($status, 0, 'a link in it: refused');
like($said, qr{shared/track\.html: }, 'by name');
is(slurp("$dir/precious"), 'precious', 'what it leads to is as it was');

# ---- and what is wrong ----

($status, $said) = preview('three', "$store --order P-9");
is($status, 1, 'an order that is not there');
like($said, qr/order P-9 of kahve-gurusu: there is none/, 'is named');
($status, $said) = preview('three', '--order P-1');
is($status, 2, 'an order without a store');
like($said, qr/"--store" is missing/, 'is told');
($status) = preview('three', "--store $dir/none --keys $dir/keys --order P-1");
isnt($status, 0, 'a store that is not there');
($status, $said) = preview('four', "$store --order P-2");
is($status, 0, 'an order without a parcel or a return');
like($said, qr/: 4 pages$/, 'has two pages, in each language');

$t->finish;
done_testing;

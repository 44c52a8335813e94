#!/usr/bin/perl
# A shop with keys of its own: its links, labels, forms and receipts are made
# with them and checked with them, it publishes them, and whoever holds the
# keys of the others can make nothing that it takes.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP;
use Test::More;

use CXR::Scan;
use CXR::Test;

my $json = JSON::PP->new->utf8->canonical;
my $cx = CXR::Test::cx();
my $t = CXR::Test->new;
my $dir = $t->dir;
my $file = "$dir/shops/kahve-gurusu.json";
my $first = CXR::Test::slurp($file);

sub keys_of {
    my ($path) = @_;
    my $shop = $json->decode($first);
    $shop->{keys} = $path if defined $path;
    CXR::Test::spew($file, $json->encode($shop));
}

sub kids { return join ' ', sort map { $_->{x} } @{ $_[0]->json->{keys} } }

# another shop of the same nginx, below a path of its own, keeps the process's keys

my $tea = $json->decode($first);
$tea->{name} = 'Tea';
$tea->{"$_->[0]"} = $_->[1] for [ portal => '/tea/returns/' ],
    [ track => '/tea/track/' ], [ staff => '/tea/staff/' ],
    [ assets => '/tea/assets/' ];
CXR::Test::spew("$dir/shops/tea.json", $json->encode($tea));

my $at = "cx_returns_shop $dir/shops/tea.json;";
$t->{server} = join "\n", map { "location $_->[1] { cx_returns $_->[0]; $at }" }
    [ portal => '/tea/returns/' ], [ portal => '/tr/tea/returns/' ],
    [ portal => '/en/tea/returns/' ], [ track => '/tea/track/' ],
    [ track => '/tr/tea/track/' ], [ track => '/en/tea/track/' ],
    [ assets => '/tea/assets/' ], [ api => '/tea/api/v1/' ],
    [ keys => '/tea/.well-known/' ];
$t->start;

# ---- before: what the process's keys have made ----

$t->delivered_order('KG-1', 2);
my $old = '/tr' . $t->link_path('track', order => 'KG-1');
is($t->get($old)->status, 200, 'a link of the keys of all');
my $all = kids($t->get('/.well-known/jwks.json'));

# ---- keys of its own ----

system("$cx keys create $dir/shops/own.keys >/dev/null") == 0 or die;
system("$cx keys public $dir/shops/own.keys > $dir/own.public") == 0 or die;
system("$cx keys public $dir/keys > $dir/all.public") == 0 or die;
keys_of('own.keys');
$t->reload;

my $own = kids($t->get('/.well-known/jwks.json'));
isnt($own, $all, 'it publishes its own');
is(kids($t->get('/tea/.well-known/jwks.json')), $all, 'the other shop the rest');
is($t->get($old)->status, 404, 'a link that others\' keys made opens nothing');

my $link = '/tr' . $t->link_path('track', order => 'KG-1');
is($t->get($link)->status, 200, 'one of its own does');
like($t->api(GET => '/orders/KG-1')->json->{person}{email}, qr/\@/,
     'persons are sealed with the store\'s, and read as before');

# ---- labels ----

my $rma = $t->api(POST => '/rmas', { order => 'KG-1', lines => [ {
    line => '1', quantity => 1, reason => 'changed_mind',
    outcome => 'refund' } ] })->json->{rma}{id};
my $page = '/tr' . $t->link_path('rma', rma => $rma);
CXR::Test::spew("$dir/label.zpl", '');
is($t->get("$page/label.pdf")->status, 200, 'a label');

sub render {
    my ($format, $out) = @_;
    system("$cx label render --store $dir/store --keys $dir/keys --shop $file"
           . ' --html ' . CXR::Test::root() . "/html --format $format $rma"
           . " > $out");
    return $?;
}

SKIP: {
    skip 'no zbarimg or pdftoppm', 7
        if system('command -v zbarimg pdftoppm >/dev/null');

    CXR::Test::spew("$dir/label.pdf", $t->get("$page/label.pdf")->body);
    is(render('pdf', "$dir/again.pdf"), 0, 'the command makes it, too');
    is(CXR::Test::slurp("$dir/again.pdf"), CXR::Test::slurp("$dir/label.pdf"),
       'with the same keys');

    system("pdftoppm -r 300 -png $dir/label.pdf $dir/label");
    my ($png) = glob "$dir/label*.png";
    my $token = CXR::Scan::code('QR-Code', $png);
    ok($token, 'it is read');
    `$cx label verify --keys $dir/own.public '$token' 2>&1`;
    is($?, 0, 'by its own keys it holds');
    `$cx label verify --keys $dir/all.public '$token' 2>&1`;
    isnt($?, 0, 'by the others\' it does not');

    my @hall = ('X-Actor' => 'veli', 'X-Roles' => 'read receive');
    my ($form) = grep { $_->{action} =~ /receive$/ }
                 $t->get('/tr/staff/receive', @hall)->forms;
    my ($field) = grep { !/^t$/ } map { $_->[0] } @{ $form->{fields} };
    like($t->submit($form, { $field => $token }, @hall)
         ->header('location') // '', qr{/staff/receive/\Q$rma\E},
         'and the desk takes it');
}

# ---- receipts ----

my $forms = $t->get('/tr/returns/withdraw');
my ($form) = grep { $_->{action} =~ m{/withdraw/review$} } $forms->forms;
my ($second) = grep { $_->{action} =~ m{/withdraw/confirm$} }
    $t->submit($form, { contract => 'KG-1', name => 'Ayşe Yılmaz',
                        email => 'ayse@example.com', scope => 'whole' })->forms;
my $done = $t->submit($second)->header('location');
CXR::Test::spew("$dir/r.json", $t->get("$done/receipt.json")->body);
`$cx receipt verify --keys $dir/own.public $dir/r.json 2>&1`;
is($?, 0, 'a receipt by its own keys');
`$cx receipt verify --keys $dir/all.public $dir/r.json 2>&1`;
isnt($?, 0, 'not by the others\'');

# ---- a journal made with them is made anew without them ----

ok($t->journal_ok, 'the journal holds') if $t->can('journal_ok');
$t->stop;
is(system("$cx rebuild --store $dir/store --into $dir/anew --keys $dir/keys"
          . ' >/dev/null'), 0, 'and makes every table anew');

# ---- what is refused ----

sub refused {
    my ($name, $path, $say) = @_;
    keys_of($path);
    my ($rc, $out) = $t->check;
    isnt($rc, 0, "$name: refused");
    like($out, $say, "$name: says why");
    like($out, qr{"keys" of the shop's file "\Q$file\E"}, "$name: and where");
}

refused('keys that are not there', 'none.keys', qr/cx-returns keys create/);
chmod 0644, "$dir/shops/own.keys";
refused('keys that others read', 'own.keys', qr/own\.keys/);
CXR::Test::spew("$dir/shops/bad.keys", '{}');
chmod 0600, "$dir/shops/bad.keys";
refused('a file of no keys', 'bad.keys', qr/bad\.keys/);

$t->finish;
done_testing;

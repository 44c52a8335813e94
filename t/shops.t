#!/usr/bin/perl
# Three shops in one nginx and one store: by the port's first server, by
# server_name, and by location.  Each has its own data, policy, languages,
# currency, zone, templates and looks, and none sees anything of another's.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Path qw(make_path);
use Compress::Zlib ();
use Encode ();
use JSON::PP;
use Test::More;

use CXR::Test;

my $html = CXR::Test::root() . '/html';
my $t = CXR::Test->new(workers => 2, edit => sub {
    my ($conf) = @_;
    $conf =~ s{(listen [\d.:]+)(;\s+cx_returns_shop \S+kahve)}
              {$1 default_server$2};
    return $conf;
});
my $dir = $t->dir;
my $json = JSON::PP->new->utf8->canonical;

# ---- the shops ----

sub shop {
    my ($id, %o) = @_;
    my $s = $json->decode(CXR::Test::slurp("$dir/shops/kahve-gurusu.json"));
    my $policy = delete $o{policy} // {};

    $s->{$_} = $o{$_} for keys %o;
    $s->{policy}{$_} = $policy->{$_} for keys %$policy;
    delete @$s{qw(messages offers replies legal_text links legal stores)};
    delete $s->{tracking}{stages};
    $s->{support} = { email => "help\@$id.example" };
    $s->{label} = { size => '4x6', dpi => 300 };
    $s->{return_codes} = [ { carrier => 'yurtici', low => 5 } ];

    for my $r (@{ $s->{policy}{reasons} }) {
        $r->{text} = { en => $r->{text}{en} } if $r->{text};
    }

    CXR::Test::spew("$dir/shops/$id.json", $json->encode($s));
}

sub own_templates {
    my ($id, $mark) = @_;
    my $foot = CXR::Test::slurp("$html/templates/foot.html");
    make_path("$dir/shops/$id/templates", "$dir/shops/$id/css");
    CXR::Test::spew("$dir/shops/$id/templates/foot.html",
                    "<p>$mark</p>\n$foot");
    CXR::Test::spew("$dir/shops/$id/css/cx.css",
                    CXR::Test::slurp("$html/css/cx.css")
                    . "\n.$id { color: inherit }\n");
}

shop('north', name => 'North Roasters', origin => 'https://north.example',
     home => 'https://north.example/', languages => [ 'en' ],
     currency => 'GBP', time_zone => 'Europe/London',
     portal => '/send-back/', track => '/where/', staff => '/desk/',
     assets => '/n-assets/', brand => { accent => '#0b4f6c', on_accent => '#ffffff' },
     policy => { window_days => 60, fee => 250, auto_approve => JSON::PP::false,
                 laws => [], exceptions => {} });
own_templates('north', 'Roasted in Leeds');

shop('cay', name => 'Çay Evi', origin => 'https://cayevi.example',
     home => 'https://cayevi.example/', languages => [ 'en' ],
     currency => 'EUR', time_zone => 'Europe/Berlin',
     portal => '/tea/returns/', track => '/tea/track/',
     staff => '/tea/staff/', assets => '/tea/assets/',
     brand => { accent => '#245c2a', on_accent => '#ffffff' }, policy => { laws => [], exceptions => {} });

my $port = $t->port;

sub places {
    my ($shop, $api, %o) = @_;
    my $file = "cx_returns_shop $dir/shops/$shop.json;";
    my $who = "cx_returns_actor \$http_x_actor;";
    return join "\n", map({
        my $serve = $_;
        map { "location $_$o{$serve} { cx_returns $serve; $file $who }" }
            '', '/en'
    } qw(portal track staff)), <<"END";
location $o{assets} { cx_returns assets; $file }
location $api/api/v1/ { cx_returns api; $file $who client_max_body_size 0; }
location $api/feeds/ { cx_returns feed; $file $who client_max_body_size 0; }
END
}

$t->{server} = places('cay', '/tea', portal => '/tea/returns/',
                      track => '/tea/track/', staff => '/tea/staff/',
                      assets => '/tea/assets/');

$t->{http} = <<"END";
cx_returns_photos $dir/photos;
server {
    listen 127.0.0.1:$port;
    server_name north.example;
    # its staff are told by another header
    cx_returns_roles \$http_x_north_roles;
    cx_returns_lookup_rate 100000r/m;
    cx_returns_lookup_order_rate 3r/h;
    @{[ places('north', '', portal => '/send-back/', track => '/where/',
               staff => '/desk/', assets => '/n-assets/') ]}
}
END

$t->start;

# ---- how each is reached ----

my %at = (
    kahve => { host => 'localhost', api => '', track => '/track/',
               portal => '/returns/', staff => '/staff/', lang => '/tr' },
    north => { host => 'north.example', api => '', track => '/where/',
               portal => '/send-back/', staff => '/desk/', lang => '/en' },
    cay   => { host => 'localhost', api => '/tea', track => '/tea/track/',
               portal => '/tea/returns/', staff => '/tea/staff/',
               lang => '/en' },
);

sub who {
    my ($shop, $roles, $actor) = @_;
    $roles //= CXR::Test::ALL_ROLES;
    return ('X-Actor' => $actor // 'tester',
            ($shop eq 'north' ? 'X-North-Roles' : 'X-Roles') => $roles);
}

sub ask {
    my ($shop, $method, $path, %o) = @_;
    return $t->request($method, $path, body => $o{body},
        headers => [ Host => $at{$shop}{host}, @{ $o{headers} // [] } ]);
}

sub get { my ($shop, $path, @h) = @_; ask($shop, GET => $path, headers => \@h) }

sub api {
    my ($shop, $method, $path, $data, @h) = @_;
    return ask($shop, $method, "$at{$shop}{api}/api/v1$path",
        headers => [ who($shop),
                     $data ? ('Content-Type' => 'application/json') : (), @h ],
        body => $data && $json->encode($data));
}

sub feed {
    my ($shop, $xml) = @_;
    utf8::encode($xml);
    return ask($shop, POST => "$at{$shop}{api}/feeds/yurtici", body => $xml,
        headers => [ who($shop, 'feed:yurtici'),
                     'Content-Type' => 'application/xml' ]);
}

sub link_to {
    my ($shop, $purpose, %o) = @_;
    my $res = api($shop, POST => '/links', { purpose => $purpose, %o });
    is($res->status, 201, "$shop: a link ($purpose)") or diag($res->body);
    (my $path = $res->json->{url} // '') =~ s{^https?://[^/]+}{};
    return $path;
}

# ---- the same numbers everywhere, with other things behind them ----

my %tell = (
    kahve => { title => 'Etiyopya', email => 'ayse@example.com',
               currency => 'TRY', price => 42000, name => 'Ayşe Yılmaz',
               locale => 'tr' },
    north => { title => 'Yorkshire Dark', email => 'jo@north.example',
               currency => 'GBP', price => 1250, name => 'Jo North',
               locale => 'en' },
    cay   => { title => 'Rize Harvest', email => 'ute@cay.example',
               currency => 'EUR', price => 900, name => 'Ute Weiß',
               locale => 'en' },
);

my $now = time;
my $number = '710000000001';
my (%rma, %code);

for my $shop (qw(kahve north cay)) {
    my $is = $tell{$shop};

    my $res = api($shop, PUT => '/orders/A-1', CXR::Test::order('A-1',
        placed_at => CXR::Test::iso($now - 6 * 86400),
        currency => $is->{currency}, locale => $is->{locale},
        person => { name => $is->{name}, email => $is->{email} },
        lines => [ { line => '1', sku => 'X-1', title => $is->{title},
                     quantity => 1, unit_price => $is->{price} } ],
        shipments => [ { carrier => 'yurtici', number => $number } ]));
    is($res->status, 201, "$shop: an order") or diag($res->body);
}

# two shops' parcels of one number stand at two places

my %events = (
    kahve => [ [ $now - 5 * 86400, 'Kargo teslim alındı' ],
               [ $now - 4 * 86400, 'Teslim edildi' ] ],
    north => [ [ $now - 3 * 86400, 'Kargo teslim alındı' ] ],
    cay   => [ [ $now - 3 * 86400, 'Kargo teslim alındı' ],
               [ $now - 3600, 'Kargo dağıtıma çıktı' ] ],
);

for my $shop (qw(kahve north cay)) {
    my $res = feed($shop, CXR::Test::yurtici($number, @{ $events{$shop} }));
    is($res->status, 200, "$shop: a feed") or diag($res->body);
}

my %state = (kahve => 'delivered', north => 'picked_up',
             cay => 'out_for_delivery');

for my $shop (sort keys %at) {
    my $s = api($shop, GET => "/shipments/yurtici/$number")->json;
    is($s->{status}, $state{$shop}, "$shop: its own parcel");
    is(scalar @{ $s->{scans} }, scalar @{ $events{$shop} },
       "$shop: with its own scans");
    my $o = api($shop, GET => '/orders/A-1')->json;
    is($o->{lines}[0]{title}, $tell{$shop}{title}, "$shop: its own order");
    is($o->{currency}, $tell{$shop}{currency}, "$shop: in its currency");
    is($o->{person}{email}, $tell{$shop}{email}, "$shop: its own person");
}

# ---- pages: language, templates, style, prefix ----

my %find = map { $_ => get($_, $at{$_}{track}) } keys %at;
is($find{$_}->status, 200, "$_: find my parcel") for sort keys %at;
is($find{kahve}->header('content-language'), 'tr', 'Turkish');
is($find{$_}->header('content-language'), 'en', "$_: English alone")
    for qw(north cay);
is(get('north', $at{north}{track}, 'Accept-Language' => 'tr')
   ->header('content-language'), 'en', 'whatever is asked for');
is(get('north', '/tr/where/')->status, 404, 'there is no Turkish one');
like($find{north}->text, qr/Roasted in Leeds/, 'its own part of every page');
unlike($find{$_}->text, qr/Roasted in Leeds|North/, "$_ has nothing of it")
    for qw(kahve cay);
unlike($find{north}->text, qr/Kahve Gurusu|Çay Evi/, 'nor it of them');
unlike($find{$_}->text, qr{"/(?:\w\w/)?(?:returns|track|assets)/}, 
       "$_: every address below its own prefix") for qw(north cay);
is(get('north', '/track/')->status, 404, 'no other shop at its name');
is(get('kahve', '/where/')->status, 404, 'nor it at theirs');

my %css = map { my $s = $_; $s => [ $find{$s}->text =~ /href="([^"]+\.css)"/g ] }
          keys %at;
for my $shop (sort keys %at) {
    my $all = join '', map { get($shop, $_)->body } @{ $css{$shop} };
    is(index($all, '.north{') >= 0, $shop eq 'north', "$shop: its own style");
    is(index($all, '#0b4f6c') >= 0, $shop eq 'north', "$shop: its own colours");
}

# ---- links ----

for my $purpose (qw(track order)) {
    my %link = map { $_ => link_to($_, $purpose, order => 'A-1') } sort keys %at;
    my $root = $purpose eq 'track' ? 'track' : 'portal';

    for my $shop (sort keys %at) {
        my $res = get($shop, "$at{$shop}{lang}$link{$shop}");
        is($res->status, 200, "$shop: its own link ($purpose)");
        like($res->text, qr/\Q$tell{$shop}{title}\E/, "$shop: its own goods");

        for my $other (grep { $_ ne $shop } sort keys %at) {
            (my $token = $link{$other}) =~ s{.*/}{};
            my $tail = $purpose eq 'track' ? 't' : 'o';
            is(get($shop, "$at{$shop}{lang}$at{$shop}{$root}$tail/$token")
               ->status, 404, "$shop: a link of $other opens nothing");
        }
    }
}

# a link by number alone shows the shop's own parcel

for my $shop (sort keys %at) {
    my ($path) = ask($shop, POST => "$at{$shop}{lang}$at{$shop}{track}",
        headers => [ 'Content-Type' => 'application/x-www-form-urlencoded' ],
        body => "number=$number")->header('location') // '';
    my $text = get($shop, $path)->text;
    my $mine = { kahve => qr/Teslim edildi/, north => qr/[Pp]icked up/,
                 cay => qr/[Oo]ut for delivery/ }->{$shop};
    like($text, $mine, "$shop: its own parcel by number");
}

# ---- look-ups: order with another shop's e-mail; and how often ----

sub look {
    my ($shop, $email) = @_;
    return ask($shop, POST => "$at{$shop}{lang}$at{$shop}{track}",
        headers => [ 'Content-Type' => 'application/x-www-form-urlencoded' ],
        body => CXR::Test::encode_form([ order => 'A-1' ],
                                       [ contact => $email ]))->status;
}

is(look('kahve', $tell{north}{email}), 404, 'another shop\'s customer');
is(look('north', $tell{kahve}{email}), 404, 'is nobody here');
is(look('north', $tell{north}{email}), 303, 'its own is');
is(look('north', $_), 404, 'guessed') for 'x@example.com', 'y@example.com';
is(look('north', $tell{north}{email}), 429, 'too often');
is(look('kahve', $tell{kahve}{email}), 303, 'that is that shop\'s affair');
is(look('cay', $tell{cay}{email}), 303, 'alone');

# ---- RMAs: policy, money, numbers ----

feed('north', CXR::Test::yurtici($number, @{ $events{north} },
                                 [ $now - 86400, 'Teslim edildi' ]));
feed('cay', CXR::Test::yurtici($number, @{ $events{cay} },
                               [ $now - 1800, 'Teslim edildi' ]));

for my $shop (sort keys %at) {
    my $res = api($shop, POST => '/rmas', { order => 'A-1', lines => [ {
        line => '1', quantity => 1, reason => 'changed_mind',
        outcome => 'refund' } ] });
    is($res->status, 201, "$shop: an RMA") or diag($res->body);
    $rma{$shop} = $res->json->{rma};
}

is($rma{north}{status}, 'requested', 'one shop wants to look at it');
is($rma{kahve}{status}, 'approved', 'the other approves at once');
isnt($rma{kahve}{id}, $rma{north}{id}, 'numbers of their own');

for my $shop (sort keys %at) {
    my $list = api($shop, GET => '/rmas')->json->{rmas};
    is(join(' ', map { $_->{id} } @$list), $rma{$shop}{id},
       "$shop: lists its own alone");
    my $desk = get($shop, "$at{$shop}{lang}$at{$shop}{staff}", who($shop))->text;

    for my $other (sort keys %at) {
        is($desk =~ /\Q$rma{$other}{id}\E/ ? 1 : 0, $other eq $shop ? 1 : 0,
           "$shop: the desk and the RMA of $other");
        next if $other eq $shop;
        my $id = $rma{$other}{id};
        is(api($shop, GET => "/rmas/$id")->status, 404, "$shop: no $other RMA");
        is(api($shop, POST => "/rmas/$id/cancel", {})->status, 404,
           "$shop: nor does it act on one");
        is(get($shop, "$at{$shop}{lang}$at{$shop}{staff}rma/$id", who($shop))
           ->status, 404, "$shop: nor at the desk");
    }

    unlike($desk, qr/\Q$tell{$_}{title}\E/, "$shop: nothing of the goods of $_")
        for grep { $_ ne $shop } sort keys %at;
}

# ---- labels: a shop's label is nobody else's ----

my %label = map { $_ => link_to($_, 'rma', rma => $rma{$_}{id}) } qw(kahve cay);
is(get('kahve', "/tr$label{kahve}/label.html")->status, 200, 'a label');
(my $there = $label{kahve}) =~ s{.*/}{/en/tea/returns/r/};
is(get('cay', "$there/label.html")->status, 404, 'is not another shop\'s');
is(get('cay', "/en$label{cay}/label.pdf")->status, 200, 'which has its own');

# ---- events, erasure ----

for my $shop (sort keys %at) {
    my $body = api($shop, GET => '/events?after=0')->body;
    utf8::decode($body);
    my @seq = map { $json->decode(Encode::encode_utf8($_))->{seq} }
              grep { length } split /\n/, $body;
    is("@seq", join(' ', 1 .. @seq), "$shop: a journal of its own, from 1 on");

    for my $other (grep { $_ ne $shop } sort keys %at) {
        unlike($body, qr/\Q$tell{$other}{title}\E|\Q$rma{$other}{id}\E/,
               "$shop: its events tell nothing of $other");
    }
}

# ---- staff ----

is(get('north', '/en/desk/', 'X-Actor' => 'ali', 'X-Roles' => 'read approve')
   ->status, 403, 'roles of one shop are none of another');
is(get('kahve', '/tr/staff/', 'X-Actor' => 'ali',
       'X-North-Roles' => 'read approve')->status, 403, 'nor the other way');

my $one = get('kahve', "/tr/staff/rma/$rma{kahve}{id}",
              who('kahve', undef, 'ali'));
my $two = get('cay', "/en/tea/staff/rma/$rma{cay}{id}",
              who('cay', undef, 'ali'));
my ($mine) = $one->body =~ /name="t" value="([\w-]{22})"/;
my ($form) = grep { my $f = $_; grep { $_->[0] eq 't' } @{ $f->{fields} } }
             $two->forms;
my ($yours) = map { $_->[1] } grep { $_->[0] eq 't' } @{ $form->{fields} };
ok($mine && $yours, 'forms of the desk');
isnt($mine, $yours, 'a token of a form is the shop\'s');

sub send_form {
    my ($token) = @_;
    return ask('cay', POST => $form->{action},
        headers => [ who('cay', undef, 'ali'),
                     'Content-Type' => 'application/x-www-form-urlencoded' ],
        body => CXR::Test::encode_form(map {
            $_->[0] eq 't' ? [ t => $token ] : $_ } @{ $form->{fields} })
    )->status;
}

is(send_form($mine), 403, 'of another shop\'s desk: refused');
isnt(send_form($yours), 403, 'of its own: taken');

# ---- what was written, sent along and imported ----

my $png = "\x89PNG\r\n\x1a\n" . join '', map {
    pack('N', length $_->[1]) . "$_->[0]$_->[1]"
    . pack('N', Compress::Zlib::crc32("$_->[0]$_->[1]"))
} [ IHDR => pack 'NNCCCCC', 3, 2, 8, 2, 0, 0, 0 ],
  [ IDAT => Compress::Zlib::compress(("\0" . "\x40" x 9) x 2) ], [ IEND => '' ];

my %talk = map { $_ => link_to($_, 'order', order => 'A-1') . '/talk' }
           qw(kahve cay);
my %photo;

for my $shop (qw(kahve cay)) {
    my $body = join('', map { "--b\r\nContent-Disposition: form-data; name="
        . "$_->[0]\r\n\r\n$_->[1]\r\n" } [ 'key', 1 ],
        [ 'message', "only $shop" ], [ 'photo; filename=a', $png ]) . "--b--\r\n";
    is(ask($shop, POST => "$talk{$shop}/message", body => $body, headers => [
           'Content-Type' => 'multipart/form-data; boundary=b' ])->status, 303,
       "$shop: a message with a photo");
    ($photo{$shop}) = get($shop, $talk{$shop})->body =~ m{/(photo/[0-9a-f]{64})};
    ok($photo{$shop}, 'stands there');
}

isnt($photo{kahve}, $photo{cay}, 'one picture of two shops is two files');
is(get('cay', "$talk{cay}/$photo{kahve}")->status, 404,
   'another shop\'s photo is none');
is(get('cay', "/tea/staff/messages/A-1/$photo{kahve}", who('cay'))->status, 404,
   'nor at its desk');

for my $at ("/tea/staff/messages/A-1", "/tea/staff/messages",
            "/tea/api/v1/orders/A-1/messages")
{
    my $text = get('cay', $at, who('cay'))->body;
    like($text, qr/only cay/, "$at: its own");
    unlike($text, qr/only kahve/, 'and no other\'s');
}

(my $swapped = $talk{kahve}) =~ s{^.*/o/}{/tea/returns/o/};
is(get('cay', $swapped)->status, 404, 'another shop\'s link is none');

my @csv = ('Content-Type' => 'text/csv');
is(ask('cay', POST => '/tea/api/v1/codes/yurtici', body => "C-1\n",
       headers => [ who('cay'), @csv ])->json->{added}, 1, 'a return code');
is(ask('kahve', POST => '/api/v1/codes/yurtici', body => "C-1\nC-2\n",
       headers => [ who('kahve'), @csv ])->json->{added}, 2,
   'the same code of another shop is another');
is(api('cay', GET => '/codes')->json->{pools}[0]{free}, 1, 'and is not given');

is(system(CXR::Test::cx() . " person erase --store $dir/store --keys $dir/keys"
          . " --shop $dir/shops/cay.json --by x --open A-1 >/dev/null"), 0,
   'a person of one shop is erased');
is(get('cay', "$talk{cay}/$photo{cay}")->status, 404, 'with her photo');
is(get('kahve', "$talk{kahve}/$photo{kahve}")->status, 200,
   'the other shop\'s person is as before');
like(get('kahve', $talk{kahve})->body, qr/only kahve/, 'with what was written');

# ---- what nginx itself refuses, in the voice of the shop that was asked ----

for my $case ([ cay => '/tea/returns/' ], [ cay => '/en/tea/track/' ],
              [ kahve => '/returns/' ], [ kahve => '/nowhere/' ],
              [ kahve => '/where/' ])
{
    my ($shop, $path) = @$case;
    my $res = ask($shop, DELETE => $path, headers => [ Accept => 'text/html' ]);
    my $name = { cay => 'Çay Evi', kahve => 'Kahve Gurusu' }->{$shop};
    like($res->status, qr/^40[45]$/, "$path: refused");
    like($res->text, qr{<title>[^<]*\| \Q$name\E</title>},
         "$path: in the voice of $shop");
    is(index($res->text, 'href="/tea/assets/') >= 0, $shop eq 'cay',
       "$path: and in its looks");
}

# ---- what nginx -t says ----

{
    my $conf = $t->conf;
    (my $wrong = $conf) =~ s{location /where/ }{location /track/ };
    my $check = CXR::Test->new;
    my ($rc, $said) = $check->check($wrong);
    isnt($rc, 0, 'a page where another shop\'s would be');
    like($said, qr{north\.json" says "track": "/where/"}, 'is told of');
}

ok($t->journal_ok, 'the journals hold') if $t->can('journal_ok');
$t->finish;
done_testing;

#!/usr/bin/perl
# What nginx -t says about mistakes: each is refused, with its place, before
# anything runs; and -t leaves nothing on the disk.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Path qw(make_path);
use Test::More;

use CXR::Test;

my $t = CXR::Test->new;
my $dir = $t->dir;
my $root = CXR::Test::root();

my ($rc, $out) = $t->check;
is($rc, 0, 'a good configuration passes') or diag($out);
ok(!-e "$dir/store/data.mdb", 'nginx -t makes no store');

# The configuration with one thing changed must be refused, saying so.

sub refused {
    my ($name, $edit, @says) = @_;
    my $conf = $t->conf;
    local $_ = $conf;
    $edit->();
    isnt($_, $conf, "$name: changed") or return;

    my ($rc, $out) = $t->check($_);
    utf8::decode($out);
    isnt($rc, 0, "$name: refused");

    for my $say (@says) {
        like($out, $say, "$name: says $say");
    }
}

my $conf_line = qr{in \Q$dir\E/nginx\.conf:\d+};

# ---- directives ----

refused('unknown service', sub { s/cx_returns portal/cx_returns portl/ },
        qr/takes portal, track, staff/, qr/"portl"/, $conf_line);
refused('two services', sub { s/cx_returns track;/cx_returns track;
                              cx_returns portal;/ },
        qr/is duplicate/, $conf_line);
refused('no shop', sub { s/cx_returns_shop [^;]*;// },
        qr/needs "cx_returns_shop"/, $conf_line);
refused('no actor', sub { s/cx_returns_actor [^;]*;// },
        qr/needs "cx_returns_actor" and "cx_returns_roles"/, $conf_line);
refused('no roles', sub { s/cx_returns_roles [^;]*;// },
        qr/needs "cx_returns_actor" and "cx_returns_roles"/, $conf_line);
refused('unknown variable', sub { s/\$http_x_actor/\$nobody_knows/ },
        qr/unknown "nobody_knows" variable/);
refused('shop twice', sub { s/(cx_returns_shop [^;]*;)/$1 $1/ },
        qr/is duplicate/, $conf_line);

for my $d (qw(store keys html carriers)) {
    refused("no cx_returns_$d", sub { s/cx_returns_$d [^;]*;// },
            qr/"cx_returns_$d" is missing/);
    refused("cx_returns_$d twice", sub { s/(cx_returns_$d [^;]*;)/$1 $1/ },
            qr/is duplicate/, $conf_line);
}

refused('map_size no size', sub { s/map_size=64m/map_size=huge/ },
        qr/invalid "map_size=huge"/, $conf_line);
refused('map_size too small', sub { s/map_size=64m/map_size=64k/ },
        qr/map_size takes a size of 1m or more/, $conf_line);
refused('readers', sub { s/map_size=64m/map_size=64m readers=3/ },
        qr/readers takes a number from 16 to 65536/, $conf_line);
refused('unknown parameter', sub { s/map_size=64m/mapsize=64m/ },
        qr/unknown parameter "mapsize=64m"/, $conf_line);
refused('map_size twice', sub { s/map_size=64m/map_size=64m map_size=65m/ },
        qr/duplicate parameter "map_size=65m": "cx_returns_store" has "map_size=64m" already/,
        $conf_line);
refused('photos: count twice',
        sub { s/(cx_returns_keys)/cx_returns_photos photos count=5 claim=9 count=6; $1/ },
        qr/duplicate parameter "count=6": "cx_returns_photos" has "count=5" already/,
        $conf_line);
refused('quarantine: keep twice',
        sub { s/(cx_returns_keys)/cx_returns_quarantine refused keep=2d keep=2d; $1/ },
        qr/duplicate parameter "keep=2d": "cx_returns_quarantine" has "keep=2d" already/,
        $conf_line);

refused('rate without unit', sub { s{100000r/m}{20} },
        qr/invalid rate "20"/, qr{like 20r/m}, $conf_line);
refused('rate of the other unit', sub { s{100000r/m}{20r/h} },
        qr/invalid rate "20r\/h"/, $conf_line);
refused('rate of nothing', sub { s{100000r/h}{0r/h} },
        qr/invalid rate "0r\/h"/, $conf_line);
refused('unknown pool', sub { s/thread_pool cx_returns threads/thread_pool other threads/ },
        qr/unknown thread pool "cx_returns"/);
refused('unknown feed pool', sub { s/thread_pool cx_feeds threads/thread_pool other threads/ },
        qr/unknown thread pool "cx_feeds"/);
refused('priority of a shared pool', sub { s/cx_feeds nice/cx_returns nice/ },
        qr/"cx_returns_feed_pool": "cx_returns" is the pool of .* too/,
        $conf_line);
refused('priority that is none', sub { s/nice=5/nice=20/ },
        qr/invalid "nice=20": "cx_returns_feed_pool" .* nice=, from 0 to 19/,
        $conf_line);
refused('priority of the main pool', sub { s/nice=2/nice=-2/ },
        qr/invalid "nice=-2": "cx_returns_thread_pool" .* from 0 to 19/,
        $conf_line);
refused('two main pools', sub { s/(cx_returns_thread_pool cx_returns)/$1; $1/ },
        qr/"cx_returns_thread_pool" directive is duplicate/, $conf_line);
refused('link format', sub { s/(cx_returns_shop)/cx_returns_link_format secret; $1/ },
        qr/invalid value "secret": "cx_returns_link_format" takes local or public/, $conf_line);
refused('unknown shipments', sub { s/cx_returns feed;/cx_returns feed;
                                   cx_returns_unknown_shipments perhaps;/ },
        qr/invalid value "perhaps": "cx_returns_unknown_shipments" takes keep or refuse/,
        $conf_line);
refused('feed buffer', sub { s/cx_returns feed;/cx_returns feed;
                             cx_returns_feed_buffer 1k;/ },
        qr/"cx_returns_feed_buffer" must be from 4k to 16m, not "1k"/, $conf_line);
refused('feed batch', sub { s/cx_returns feed;/cx_returns feed;
                            cx_returns_feed_batch 0;/ },
        qr/"cx_returns_feed_batch" must be from 1 to 65536, not "0"/, $conf_line);
refused('bulk lines', sub { s/cx_returns api;/cx_returns api;
                            cx_returns_bulk_lines 2000000;/ },
        qr/"cx_returns_bulk_lines" must be from 1 to 1000000, not "2000000"/, $conf_line);
refused('queue', sub { s/(cx_returns_keys)/cx_returns_max_queue 0; $1/ },
        qr/"cx_returns_max_queue" must be from 1 to 65536, not "0"/, $conf_line);
refused('due', sub { s/(cx_returns_keys)/cx_returns_due_interval 10ms; $1/ },
        qr/"cx_returns_due_interval" must be from 1s to 1d, not "10ms"/, $conf_line);
refused('zone size', sub { s/(cx_returns_keys)/cx_returns_zone_size 8k; $1/ },
        qr/"cx_returns_zone_size" must be at least 256k, not "8k"/, $conf_line);
refused('group', sub { s/(cx_returns_keys)/cx_returns_group 5000; $1/ },
        qr/"cx_returns_group" must be from 1 to 4096, not "5000"/, $conf_line);
refused('forms of no end', sub { s/(cx_returns_shop)/cx_returns_form_size 65m; $1/ },
        qr/"cx_returns_form_size" must be from 1k to 64m, not "65m"/, $conf_line);
refused('a proof of nothing', sub { s/(cx_returns_shop)/cx_returns_auth_body_max 0; $1/ },
        qr/"cx_returns_auth_body_max" must be from 1k to 1g, not "0"/, $conf_line);

# what a template of the configuration left empty is no name

for my $two ([ keys => qr/the key ring's file/ ],
             [ html => qr/the directory of templates/ ],
             [ carriers => qr/the directory of carriers' profiles/ ],
             [ shop => qr/the shop's file/ ],
             [ thread_pool => qr/a thread_pool's name/ ],
             [ feed_pool => qr/a thread_pool's name/ ])
{
    my ($d, $what) = @$two;
    refused("cx_returns_$d without a name",
            sub { s/cx_returns_$d [^;]*;/cx_returns_$d "";/ },
            qr/"cx_returns_$d" names nothing: it takes $what/, $conf_line);
}

refused('secrets without a name',
        sub { s/(cx_returns_keys)/cx_returns_feed_secrets ""; $1/ },
        qr/"cx_returns_feed_secrets" names nothing: it takes the file of/,
        $conf_line);

# who is nobody, and roles that there are not, for every request

refused('an actor who is nobody',
        sub { s/cx_returns_actor [^;]*;/cx_returns_actor "";/ },
        qr/"cx_returns_actor" is empty/, $conf_line);
refused('no role at all',
        sub { s/cx_returns_roles [^;]*;/cx_returns_roles "";/ },
        qr/"cx_returns_roles" is empty/, $conf_line);
refused('a role that is misspelt',
        sub { s/cx_returns_roles [^;]*;/cx_returns_roles "read aprove";/ },
        qr/no role "aprove": "cx_returns_roles" takes read, approve,/, $conf_line);
refused('a carrier without a profile',
        sub { s/cx_returns feed;/cx_returns feed; cx_returns_carrier upps;/ },
        qr/"cx_returns_carrier" names "upps", of which there is no profile/,
        $conf_line);

{
    my $conf = $t->conf;
    $conf =~ s/cx_returns_roles [^;]*;/cx_returns_roles "read,approve feed:* feed:ups";/;
    $conf =~ s/cx_returns feed;/cx_returns feed; cx_returns_carrier ups;/;
    my ($rc, $out) = $t->check($conf);
    is($rc, 0, 'roles that are there, a carrier that has a profile') or diag($out);
}

# locations that could answer nothing

for my $place ('= /api/v1/', '~ ^/api/v1/', '@api') {
    refused("api in $place", sub { s{location /api/v1/ \{}{location $place \{} },
            qr/"cx_returns api" would answer nothing in location .*by prefix/,
            $conf_line);
}

refused('somebody else answers',
        sub { s{cx_returns keys;}{cx_returns keys; proxy_pass http://127.0.0.1:1;} },
        qr{"cx_returns keys" of location "/\.well-known/" would serve nothing},
        $conf_line);

# pages that would be bare, or lead nowhere; readers that do not suffice

sub warned {
    my ($name, $edit, @says) = @_;
    local $_ = my $conf = $t->conf;
    $edit->();
    isnt($_, $conf, "$name: changed");
    my ($rc, $out) = $t->check($_);
    is($rc, 0, "$name: passes") or diag($out);
    like($out, $_, "$name: but it is said") for @says;
}

warned('no style sheet', sub { s{location /assets/[^\n]*\n}{} },
       qr{\[warn\].*no location "/assets/" serves the shop});
warned('no portal', sub { s{location (?:/..)?/returns/[^\n]*\n}{}g },
       qr{\[warn\].*no location "/returns/" serves}, qr{"/tr/returns/"});
warned('few readers', sub { s{worker_processes 1;}{worker_processes 3;};
                            s{map_size=64m}{map_size=64m readers=23} },
       qr{\[warn\].*readers=23 of "cx_returns_store" are few for 3 workers: .*let them be 24 or more});

{
    local $_ = $t->conf;
    s{worker_processes 1;}{worker_processes 3;};
    s{map_size=64m}{map_size=64m readers=24};
    my ($rc, $out) = $t->check($_);
    unlike($out, qr/warn/, 'a whole configuration: nothing to warn of');
}

# ---- files that are not there ----

refused('no shop file', sub { s{shops/kahve-gurusu}{shops/kahve-gurusuz} },
        qr/kahve-gurusuz\.json/, $conf_line);
refused('no keys', sub { s{\Q$dir\E/keys}{$dir/nokeys} },
        qr/nokeys/, qr/cx-returns keys create/);
refused('no html', sub { s{cx_returns_html [^;]*}{cx_returns_html $dir/nohtml} },
        qr/nohtml/);
refused('no carriers', sub { s{cx_returns_carriers [^;]*}{cx_returns_carriers $dir/none} },
        qr{cannot open the carriers' directory "\Q$dir\E/none"});

# ---- files that are wrong, with their lines ----

sub shop {
    my ($name, $change, @says) = @_;
    my $file = "$dir/shops/kahve-gurusu.json";
    my $good = CXR::Test::slurp("$root/conf/shops/kahve-gurusu.json");

    local $_ = $good;
    utf8::decode($_);
    s{"\.\./laws}{"$root/conf/laws}g;
    s{"logo": "}{"logo": "$root/conf/shops/};
    $change->();
    utf8::encode($_);
    isnt($_, $good, "shop, $name: changed");
    CXR::Test::spew($file, $_);

    my ($rc, $out) = $t->check;
    utf8::decode($out);
    isnt($rc, 0, "shop, $name: refused");
    for my $say (@says) {
        like($out, $say, "shop, $name: says $say");
    }

    $t->write_shop;
}

sub line_of {
    my ($pattern) = @_;
    my $n = 0;
    for (split /\n/, CXR::Test::slurp("$root/conf/shops/kahve-gurusu.json")) {
        $n++;
        return $n if /$pattern/;
    }
    die "no line like $pattern\n";
}

my $at = sub { my $n = line_of($_[0]); qr{kahve-gurusu\.json:$n\b} };

shop('not JSON', sub { s/"languages": \[/"languages": [[/ },
     qr{kahve-gurusu\.json:\d+});
shop('unknown field', sub { s/"window_days"/"windowdays"/ },
     qr/windowdays/, $at->('window_days'));
shop('window is no number', sub { s/"window_days": 14/"window_days": "14"/ },
     qr/window_days/, $at->('window_days'));
shop('unknown outcome', sub { s/"outcomes": \["refund", "exchange"\]/"outcomes": ["refund", "swap"]/ },
     qr/outcomes/, $at->('outcomes'));
shop('a law that is not there', sub { s{laws/eu\.json}{laws/us.json} },
     qr/us\.json: cannot be opened/, qr{/policy/laws/1: names a law's file},
     $at->('eu\.json'));
shop('a law that is no law', sub { s{"[^"]*laws/eu\.json"}{"/etc/passwd"} },
     qr{/etc/passwd:1}, qr{/policy/laws/1: names a law's file});
shop('a logo that is not there', sub { s{gurusu\.png}{guru.png} },
     qr{/label/logo: cannot be opened: No such file}, $at->('gurusu\.png'));
shop('a logo that is no picture', sub { s{"[^"]*gurusu\.png"}{"/etc/passwd"} },
     qr{/label/logo: is no PNG}, $at->('gurusu\.png'));

{
    my $png = CXR::Test::slurp("$root/conf/shops/kahve-gurusu.png");
    my $wide = $png;

    CXR::Test::spew("$dir/cut.png", substr $png, 0, 400);
    substr($wide, 16, 8) = pack 'NN', 2000, 2000;
    CXR::Test::spew("$dir/wide.png", $wide);
    CXR::Test::spew("$dir/long.png", $png . "\0" x 33000);
    shop('a logo that breaks off', sub { s{"[^"]*gurusu\.png"}{"$dir/cut.png"} },
         qr{/label/logo\W+is a PNG that is broken});
    shop('a logo of very many pixels',
         sub { s{"[^"]*gurusu\.png"}{"$dir/wide.png"} },
         qr{/label/logo: has more pixels});
    shop('a logo of very many bytes',
         sub { s{"[^"]*gurusu\.png"}{"$dir/long.png"} },
         qr{/label/logo: is larger than 32768 bytes});
}
shop('a law twice', sub { s{laws/eu\.json}{laws/tr.json} },
     qr{/policy/laws/1: is the law "tr" once more}, $at->('eu\.json'));
shop('a day of no week', sub { s/"mon", "tue"/"monday", "tue"/ },
     qr/must be of mon, tue, wed, thu, fri, sat and sun/);
shop('a label of no size', sub { s/"size": "a4"/"size": "a5"/ },
     qr/must be "100x150" \(millimetres\), "4x6"/, $at->('"size": "a4"'));
shop('a printer of no dots', sub { s/"dpi": 203/"dpi": 200/ },
     qr/203, 300 or 600/, $at->('"dpi"'));
shop('a note in one language', sub { s/(Varsa fişi[^"]*"),\s*"en": "[^"]*"/$1/ },
     qr{/label/note}, $at->('"note": \{'));
shop('no origin', sub { s/"origin": "[^"]*",// }, qr/origin/);
shop('origin with a path', sub { s{kahvegurusu\.example",}{kahvegurusu.example/shop",} },
     qr/origin/, $at->('"origin"'));
shop('unknown currency', sub { s/"TRY"/"TR"/ }, qr/currency/, $at->('"currency"'));
shop('unknown time zone', sub { s{Europe/Istanbul}{Europe/Constantinople-on-Sea} },
     qr/time_zone/, $at->('"time_zone"'));
shop('a language whose reasons have no text',
     sub { s/\["tr", "en"\]/["tr", "en", "fr"]/;
           my ($others, $reasons) = /^(.*?)("reasons".*)$/s;
           $others =~ s{("en": )("[^"]*")(\s*\})}{$1$2, "fr": $2$3}g;
           $_ = $others . $reasons },
     qr{/policy/reasons/0/text/fr: is required});
shop('a language without texts',
     sub { s/\["tr", "en"\]/["tr", "en", "fr"]/;
           s{("en": )("[^"]*")(\s*\})}{$1$2, "fr": $2$3}g },
     qr/"fr"/, qr/fr\.po/);

# a store that the workers could not use

{
    my $made = CXR::Test->new->start;
    $made->put_order('KG-1');
    ok($made->stop, 'a store is made');
    my ($rc, $out) = $made->check;
    is($rc, 0, 'a good store passes') or diag($out);

    my $data = $made->dir . '/store/data.mdb';
    my @was = stat $data;
    truncate $data, 8192;
    ($rc, $out) = $made->check;
    isnt($rc, 0, 'a store that was cut short: refused');
    like($out, qr/the store "\Q@{[$made->dir]}\E\/store" cannot be used: .*cut short/,
         'a store that was cut short: named');
    is(-s $data, 8192, 'a store that was cut short: left as it is');

    CXR::Test::spew($data, "this is no database\n" x 1000);
    ($rc, $out) = $made->check;
    isnt($rc, 0, 'a store that is none: refused');
    is_deeply([ (stat $data)[4, 5] ], [ @was[4, 5] ], 'its owner is as before');
    is((stat $made->dir . '/store/lock.mdb')[4], $was[4],
       'nginx -t makes nothing of its own there');
}

# a store that root put back, or made, is not its workers'

SKIP: {
    skip 'needs root', 7 if $> != 0 || !getpwnam 'www-data';
    my $made = CXR::Test->new(edit => sub { $_[0] =~ s/user root;/user www-data;/r });
    chmod 0711, $made->dir;
    my ($rc, $out) = $made->check;
    is($rc, 0, 'another user for the workers') or diag($out);
    $made->start;
    is($made->put_order('KG-1')->status, 201, 'they made the store');
    ok($made->stop, 'which is left');
    is(($made->check)[0], 0, 'theirs passes');

    system("chown -R root: $made->{store}");
    ($rc, $out) = $made->check;
    isnt($rc, 0, 'root\'s: refused');
    like($out, qr/data\.mdb" is not the workers' user's: "chown -R www-data: \Q$made->{store}\E"/,
         'with what to do');
    is((stat "$made->{store}/lock.mdb")[4], 0, 'and left as it is');
}

# a disk that the kernel would not write to any more

SKIP: {
    my $made = CXR::Test->new->start;
    ok($made->stop, 'a store on a disk');
    my $store = $made->{store};
    CXR::Test::spew($made->dir . '/ro', <<"EOF");
mount --bind '$store' '$store' && mount -o remount,ro,bind '$store' || exit 77
exec "\$@"
EOF
    my ($rc, $out) = $made->check(undef, 'unshare', '-m', 'sh',
                                  $made->dir . '/ro');
    skip 'may not mount', 2 if $rc == 77 || $out =~ /^unshare: /m;
    isnt($rc, 0, 'that turned read-only: refused');
    like($out, qr/data\.mdb" is on a file system that is mounted read-only: mount it/,
         'with what to do');
}

# a key ring that is not one, or that others may read

{
    my $keys = "$dir/keys";
    my $good = CXR::Test::slurp($keys);

    CXR::Test::spew($keys, "these are no keys\n");
    my ($rc, $out) = $t->check;
    isnt($rc, 0, 'bad keys: refused');
    like($out, qr{\Q$keys\E:1\b}, 'bad keys: the line is named');
    unlike($out, qr/these are no keys/, 'bad keys: not their content');

    CXR::Test::spew($keys, $good);
    chmod 0644, $keys;
    ($rc, $out) = $t->check;
    isnt($rc, 0, 'keys for all to read: refused');
    like($out, qr/\Q$keys\E/, 'keys for all to read: named');
    chmod 0600, $keys;
}

# templates, texts and profiles: copies with a mistake

sub copied {
    my ($name, $tree, $directive, $file, $change, @says) = @_;
    my $copy = "$dir/copy";

    system('rm', '-rf', $copy);
    system('cp', '-r', "$root/$tree", $copy);

    my $bytes = CXR::Test::slurp("$copy/$file");
    local $_ = $bytes;
    $change->();
    isnt($_, $bytes, "$name: changed");
    CXR::Test::spew("$copy/$file", $_);

    my $conf = $t->conf;
    $conf =~ s{$directive [^;]*;}{$directive $copy;};

    my ($rc, $out) = $t->check($conf);
    utf8::decode($out);
    isnt($rc, 0, "$name: refused");
    for my $say (@says) {
        like($out, $say, "$name: says $say");
    }
}

copied('template with an open section', 'html', 'cx_returns_html',
       'templates/track.html', sub { $_ .= "\n{{#never_closed}}\n" },
       qr{templates/track\.html:\d+});
copied('template with an unknown name', 'html', 'cx_returns_html',
       'templates/track.html', sub { $_ = "{{no_such_name}}\n$_" },
       qr{templates/track\.html:1\b}, qr/no_such_name/);
copied('texts that are no po file', 'html', 'cx_returns_html', 'i18n/tr.po',
       sub { $_ = "msgid broken\n$_" }, qr{tr\.po:1\b});
copied('profile that is no XML', 'conf/carriers', 'cx_returns_carriers',
       'ups.xml', sub { s{</profile>}{} }, qr{ups\.xml:\d+});
copied('profile with an unknown status', 'conf/carriers',
       'cx_returns_carriers', 'ups.xml',
       sub { s{status="delivered"}{status="eaten"} }, qr{ups\.xml:\d+},
       qr/eaten/);

# ---- the examples of conf/ are themselves good ----

{
    my $module = $t->module;

    my $here = sub {
        local ($_) = @_;
        s{^load_module .*$}{load_module $module;}m;
        s{^user .*$}{}m;
        s{/run/nginx\.pid}{$dir/nginx.pid};
        s{/var/log/nginx}{$dir}g;
        s{/etc/nginx/(modules-enabled|conf\.d|sites-enabled)}{$dir/$1}g;
        s{/var/lib/cx-returns}{$dir}g;
        s{/etc/cx-returns/keys}{$dir/keys}g;
        s{/usr/share/cx-returns/html}{$root/html}g;
        s{/etc/cx-returns/(carriers|shops)}{$root/conf/$1}g;
        s{/etc/ssl/}{$dir/}g;
        s{(http \{)}{$1 client_body_temp_path $dir/tmp/body;
            proxy_temp_path $dir/tmp/proxy; fastcgi_temp_path $dir/tmp/fastcgi;
            uwsgi_temp_path $dir/tmp/uwsgi; scgi_temp_path $dir/tmp/scgi;};
        return $_;
    };

    my $conf = $here->(CXR::Test::slurp("$root/conf/nginx.conf"));

    system("openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=t -days 2 "
           . "-keyout $dir/kahvegurusu.key -out $dir/kahvegurusu.pem "
           . ">/dev/null 2>&1");

    my ($rc, $out) = $t->check($conf);
    is($rc, 0, 'conf/nginx.conf passes') or diag($out);
    unlike($out, qr/warn/, 'with nothing to warn of') or diag($out);

    # beside Debian's own, by the commands that README.md gives

    SKIP: {
        my $debian = '/etc/nginx/nginx.conf';
        skip "no $debian of Debian's", 3 if !-e $debian
            || CXR::Test::slurp($debian) !~ m{include /etc/nginx/modules-enabled/};
        my @commands = CXR::Test::slurp("$root/README.md")
                       =~ m{^    (sed .* conf/nginx\.conf >/etc/nginx/\S+)$}mg;
        is(scalar @commands, 2, 'README.md has two commands');

        make_path(map { "$dir/$_" } 'modules-enabled', 'conf.d', 'sites-enabled');
        for (@commands) {
            s{>/etc/nginx}{>$dir};
            system("cd $root && $_") == 0 or die "$_ failed\n";
        }
        for (glob "$dir/modules-enabled/*.conf $dir/conf.d/*.conf") {
            CXR::Test::spew($_, $here->(CXR::Test::slurp($_)));
        }

        ($rc, $out) = $t->check($here->(CXR::Test::slurp($debian)));
        is($rc, 0, 'its parts pass in Debian\'s nginx.conf') or diag($out);
        unlike($out, qr/warn/, 'with nothing to warn of there, too') or diag($out);
    }
}

ok(!-e "$dir/store/data.mdb", 'and still there is no store');

done_testing;

#!/usr/bin/perl
# What an operator gets wrong although each line by itself is right, and what
# goes wrong around a running nginx: it is said, nothing is lost, and no worker
# dies again and again.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Path qw(make_path);
use Test::More;

use CXR::Test;

my $root = CXR::Test::root();

# ---- nginx -t ----

{
    my $t = CXR::Test->new;
    my $dir = $t->dir;

    my $check = sub {
        my ($name, $edit, @says) = @_;
        local $_ = my $conf = $t->conf;
        $edit->();
        isnt($_, $conf, "$name: changed");
        my ($rc, $out) = $t->check($_);
        utf8::decode($out);
        isnt($rc, 0, "$name: refused");
        like($out, $_, "$name: says $_") for @says;
    };

    CXR::Test::spew("$dir/file", 'x');
    my $line = qr{in \Q$dir\E/nginx\.conf:\d+};

    $check->('the store is a file',
             sub { s{cx_returns_store \S+}{cx_returns_store $dir/file} },
             qr{"\Q$dir\E/file" is no directory}, $line);
    $check->('the store is below a file',
             sub { s{cx_returns_store \S+}{cx_returns_store $dir/file/x} },
             qr{"\Q$dir\E/file/x" cannot be reached}, $line);
    $check->('the store has no name',
             sub { s{cx_returns_store \S+}{cx_returns_store ""} },
             qr/the directory has no name/, $line);
    $check->('the quarantine is a file',
             sub { s{(cx_returns_keys)}{cx_returns_quarantine $dir/file; $1} },
             qr{"\Q$dir\E/file" is no directory}, $line);
    $check->('forms of no size',
             sub { s{(cx_returns_shop)}{cx_returns_form_size 0; $1} },
             qr/"cx_returns_form_size" must be from 1k to 64m, not "0"/, $line);

    for my $s ([ portal => '/returns/' ], [ track => '/track/' ],
               [ staff => '/staff/' ], [ assets => '/assets/' ])
    {
        my ($what, $path) = @$s;
        $check->("$what elsewhere than in the shop's file",
                 sub { s{location \Q$path}{location /elsewhere/} },
                 qr{"cx_returns $what" stands in location "/elsewhere/"},
                 qr{"$what": "\Q$path\E"}, $line);
    }

    $check->('a language that the shop has not',
             sub { s{location /en/track/}{location /fr/track/} },
             qr{in location "/fr/track/"});

    for my $good ('location ~ ^/returns/', 'location /retur',
                  'location /returns/more/', 'location ^~ /returns/')
    {
        my $conf = $t->conf;
        $conf =~ s{location /returns/}{$good};
        my ($rc, $out) = $t->check($conf);
        is($rc, 0, "$good: is well") or diag($out);
    }

    # two profiles of one carrier; and none at all

    my $copy = "$dir/carriers";
    system('cp', '-r', "$root/conf/carriers", $copy);
    system('cp', "$copy/ups.xml", "$copy/ups-old.xml");
    $check->('two profiles of one carrier',
             sub { s{cx_returns_carriers [^;]*}{cx_returns_carriers $copy} },
             qr{another profile of the carrier "ups"});

    make_path("$dir/empty");
    my $conf = $t->conf;
    $conf =~ s{cx_returns_carriers [^;]*}{cx_returns_carriers $dir/empty};
    my ($rc, $out) = $t->check($conf);
    is($rc, 0, 'no profiles: may be');
    like($out, qr{\[warn\].*no <carrier>\.xml in "\Q$dir\E/empty"},
         'but is said');

    # keys that are there are never to be made anew

    chmod 0640, "$dir/keys";
    ($rc, $out) = $t->check;
    isnt($rc, 0, 'keys for the group: refused');
    like($out, qr/chmod 600/, 'with what to do');
    unlike($out, qr/keys create/, 'and that is not to make others');
    chmod 0600, "$dir/keys";

    is(join(' ', glob "$dir/store/*"), '', 'nothing was made in the store');
}

# ---- one directory for two things ----

{
    my $t = CXR::Test->new;
    my $dir = $t->dir;

    for my $two ([ "cx_returns_labels $dir/x; cx_returns_photos $dir/x;",
                   'cx_returns_labels', 'cx_returns_photos' ],
                 [ "cx_returns_photos $dir/x; cx_returns_labels $dir//./x/;",
                   'cx_returns_labels', 'cx_returns_photos' ],
                 [ "cx_returns_quarantine $dir/x; cx_returns_photos $dir/x;",
                   'cx_returns_quarantine', 'cx_returns_photos' ],
                 [ "cx_returns_photos $dir/store/.;",
                   'cx_returns_photos', 'cx_returns_store' ],
                 [ "cx_returns_quarantine $dir/tmp/../store;",
                   'cx_returns_quarantine', 'cx_returns_store' ])
    {
        my ($what, @names) = @$two;
        mkdir "$dir/store";
        $t->{http} = $what;
        my ($rc, $out) = $t->check;
        isnt($rc, 0, "$what: refused");
        like($out, qr/"$names[0]" names the directory of "$names[1]"/, 'says so');
    }

    $t->{http} = "cx_returns_photos $dir/x; cx_returns_labels $dir/xy;"
                 . "cx_returns_quarantine $dir/store/x;";
    is(($t->check)[0], 0, 'one each');
}

# ---- a store that is damaged: said, left alone, and no worker dies of it ----

{
    my $t = CXR::Test->new->start;
    $t->put_order("D-$_") for 1 .. 60;
    $t->stop;

    my $dir = $t->dir;
    my $whole = CXR::Test::slurp("$dir/store/data.mdb");
    my %damage = (
        'cut after the first pages' => substr($whole, 0, 5000),
        'cut in the middle' => substr($whole, 0, length($whole) / 2),
        'rubbish behind the first pages' =>
            substr($whole, 0, 8192) . "\xff" x (length($whole) - 8192),
    );

    for my $name (sort keys %damage) {
        my $u = CXR::Test->new(store => "$dir/broken", keys => "$dir/keys",
                               log_ok => qr/cannot be used/);
        make_path("$dir/broken", { mode => 0700 });
        CXR::Test::spew("$dir/broken/data.mdb", $damage{$name});

        ok(eval { $u->start; 1 }, "$name: nginx starts") or next;
        my @w = $u->workers;
        is($u->get('/healthz')->status, 503, "$name: not healthy");
        is($u->put_order('D-0')->status, 503, "$name: nothing is taken");
        is($u->get('/returns/')->status, 200, "$name: other pages are served");
        is(join(' ', $u->workers), "@w", "$name: no worker died");
        like($u->log, qr{broken/data\.mdb: it is damaged or was cut short: of the \d+ bytes that it tells of, it has \d+; .*put a backup in its place},
             "$name: the operator is told");
        is(CXR::Test::slurp("$dir/broken/data.mdb"), $damage{$name},
           "$name: left as it is");
        my $out = `@{[ CXR::Test::cx() ]} journal verify --store $dir/broken 2>&1`;
        isnt($?, 0, "$name: the command says so too");
        like($out, qr/damaged or was cut short/, "$name: in the same words");
        $u->finish;
        system('rm', '-rf', "$dir/broken");
    }

    $t->start;
    is($t->api(GET => '/orders/D-60')->status, 200, 'the whole one opens');
    $t->journal_ok;
    $t->finish;
}

# ---- the keys of another store: nothing is sealed with them ----

{
    my $t = CXR::Test->new->start;
    $t->put_order('K-1');
    $t->stop;

    my $u = CXR::Test->new(store => $t->{store}, log_ok => qr/cannot be used/);
    $u->start;
    is($u->get('/healthz')->status, 503, 'other keys: not healthy');
    is($u->put_order('K-2')->status, 503, 'other keys: nothing is taken');
    like($u->log, qr/sealed with other keys than those of the key ring/,
         'other keys: the operator is told');
    my $out = `@{[ CXR::Test::cx() ]} rebuild --store $t->{store} --into $t->{dir}/anew --keys $u->{keys} 2>&1`;
    isnt($?, 0, 'other keys: no rebuilding');
    like($out, qr/sealed with other keys/, 'and why');
    $u->finish;

    $t->start;
    is($t->api(GET => '/orders/K-1')->json->{person}{email},
       'ayse@example.com', 'with its own keys all is there');
    $t->finish;
}

# ---- no reader is left: said once, with what to do ----

{
    my $t = CXR::Test->new(store_args => 'readers=16')->start;
    $t->put_order("L-$_") for 1 .. 60;

    # who prints the store and is not listened to holds a snapshot; the last
    # one finds no place for its own

    my (@held, $left);
    for (1 .. 17) {
        my $pid = open my $pipe, '-|', 'exec ' . CXR::Test::cx()
                       . " dump --store $t->{store} 2>$t->{dir}/left" or die "dump: $!\n";
        push @held, [ $pid, $pipe ];
        last if !sysread $pipe, my $first, 1;
    }
    like(CXR::Test::slurp("$t->{dir}/left"), qr/more readers= and restart nginx/,
         'the command says that no reader is left, and what to do');

    my $u = CXR::Test->new(store => $t->{store}, keys => $t->{keys},
                           store_args => 'readers=16',
                           log_ok => qr/cannot be (?:read|used)/)->start;
    is($u->get('/healthz')->status, 503, 'no reader is left: not healthy');
    is($u->api(GET => '/orders/L-1')->status, 503, 'the API says so');
    is($u->get('/returns/')->status, 200, 'what reads nothing is served');
    my @said = $u->log =~ /(the store .* cannot be (?:read|used): .*)/g;
    is(scalar @said, 1, 'it is said once');
    like($said[0] // '', qr/more readers= and restart nginx/, 'with what to do');

    kill 'KILL', $_->[0] for @held;
    close $_->[1] for @held;
    ok($u->wait_for(60, sub { $u->get('/healthz')->status == 200 }),
       'their ends free what they held');
    is($u->put_order('L-61')->status, 201, 'and the worker goes on by itself');
    $u->finish;
    $t->finish;
}

# ---- a location in a location answers as it does ----

{
    my $t = CXR::Test->new(
        api => 'limit_except GET { allow 127.0.0.1; deny all; }',
        portal => 'if ($arg_x) { set $x 1; }',
        server => 'location /closed/ { cx_returns api;
                     limit_except GET { deny all; } }')->start;
    is($t->put_order('I-1')->status, 201, 'limit_except: let through, it is served');
    is($t->get('/en/returns/?x=1')->status, 200, '"if" takes no page away');
    my @staff = CXR::Test::staff_headers();
    is($t->get('/closed/orders/I-1', @staff)->status, 200, 'what is open');
    is($t->request(PUT => '/closed/orders/I-1', headers => \@staff,
                   body => '{}')->status, 403, 'what is closed');
    $t->finish;
}

# ---- a map that no address space holds ----

{
    my $t = CXR::Test->new(map_size => '1000000g',
                           log_ok => qr/cannot be used/)->start;
    is($t->get('/healthz')->status, 503, 'too large a map: not healthy');
    like($t->log, qr/choose a smaller map_size/, 'with what to do');
    $t->{map_size} = '64m';
    ok($t->reload, 'a smaller one, by a reload');
    is($t->put_order('Z-1')->status, 201, 'and all is well');
    $t->finish;
}

# ---- a hundred reloads while orders come ----

{
    my $t = CXR::Test->new(workers => 2)->start;
    my $fds = sub { my @f = glob "/proc/$t->{pid}/fd/*"; return scalar @f };
    my $before = do { $t->reload(keep => 1); $fds->() };
    my ($n, $ok) = (0, 0);

    for my $i (1 .. 100) {
        kill 'HUP', $t->{pid};
        for (1 .. 5) {
            $n++;
            $ok++ if $t->put_order("S-$n")->status == 201;
        }
        select undef, undef, undef, 0.03;
    }

    ok($t->wait_for(60, sub { my @w = $t->workers; @w == 2 }),
       'two workers are left');
    is($ok, $n, 'each order was taken');
    is(scalar(grep { $t->again(GET => "/api/v1/orders/S-$_", headers =>
           [ CXR::Test::staff_headers() ])->status != 200 } 1 .. $n), 0,
       'and is there');
    # fewer: of the first reload an old worker's may have been open still
    ok($t->wait_for(60, sub { $fds->() <= $before }),
       'the master holds no more descriptors than before')
        or diag($fds->() . " instead of $before");
    my $stat = `@{[ CXR::Test::cx() ]} stat --store $t->{store}`;
    like($stat, qr/readers\s+[0-4] of/, 'no reader of a worker that went is left')
        or diag($stat);
    $t->journal_ok;
    $t->finish;
}

done_testing;

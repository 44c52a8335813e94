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
             qr/must be at least 1k/, $line);

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

done_testing;

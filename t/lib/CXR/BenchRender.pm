package CXR::BenchRender;

# Two cases of scripts/bench: rendering alone beside another engine, and pages
# in gzip by ours and by nginx's filter.

use strict;
use warnings;

use File::Path qw(make_path);
use JSON::PP;

use CXR::Bench qw(median run_output);

use constant {
    MUSTACHE => '4.2.0',        # of npm; lustache is in neither npm nor Debian
};

my $json = JSON::PP->new->utf8;

# $b: root, place, rounds, seconds, say, row, figures

sub render {
    my ($b) = @_;
    my ($root, $rooms) = ($b->{root}, "$b->{root}/ngx_cx_returns_module");
    my $dir = "$root/build/bench";
    my $ms = 400 * $b->{seconds};

    my @libs = split ' ', run_output('pkg-config', '--libs', qw(lmdb libxml-2.0
        libsodium libgcrypt libcrypto jansson icu-i18n icu-uc libdeflate));
    run_output('cc', qw(-std=c11 -Wall -Wextra -Werror -O2 -D_GNU_SOURCE
               -Wno-missing-field-initializers),
               (map { "-I$rooms/$_" } qw(base page)), '-o', "$dir/render",
               "$root/t/bench/render.c", "$root/build/release/libcxr.a",
               @libs, '-lm');

    my $peer = "$dir/node_modules/mustache/mustache.js";
    my $node = !system('command -v node npm >/dev/null 2>&1');

    if ($node && !-e $peer) {
        $node = !system("cd $dir && npm install --no-audit --no-fund "
            . "--ignore-scripts --loglevel=error --prefix . mustache@"
            . MUSTACHE . ' >/dev/null 2>&1');
    }

    my (@ours, @theirs);

    for (1 .. $b->{rounds}) {
        push @ours, $json->decode(run_output("$dir/render",
            "$root/t/bench/templates", $ms, $dir));
        push @theirs, $json->decode(run_output('node',
            "$root/t/bench/render.mjs", $peer,
            "$root/t/bench/templates/page.html", $dir, $ms)) if $node;
        $b->{say}->(sprintf 'render: ours %.0f ns, in gzip %.0f ns%s',
            @{ $ours[-1] }{qw(ns gzip_ns)},
            $node ? sprintf ', mustache.js %.0f ns', $theirs[-1]{ns} : '');
    }

    my ($ns, $gzip) = map { my $k = $_; median(map { $_->{$k} } @ours) }
                      qw(ns gzip_ns);
    my ($bytes, $packed) = @{ $ours[0] }{qw(bytes gzip_bytes)};

    $b->{row}->('render', 'size of the page', $bytes, 'bytes');
    $b->{row}->('render', 'the same in gzip', $packed, 'bytes');
    $b->{row}->('render', 'rendering alone', 1e9 / $ns, 'pages/s');
    $b->{row}->('render', 'a byte out', $ns / $bytes, 'ns');
    $b->{row}->('render', 'rendering in gzip', 1e9 / $gzip, 'pages/s');

    if ($node) {
        my $js = median(map { $_->{ns} } @theirs);
        $b->{row}->('render', "mustache.js on Node $theirs[0]{version}",
                    1e9 / $js, 'pages/s');
        $b->{row}->('render', 'a byte out of mustache.js', $js / $bytes,
                    'ns');
        $b->{row}->('render', 'pages/s, to mustache.js', $js / $ns, 'x');
    } else {
        $b->{say}->('render: no node, npm or mustache.js: alone');
    }

    $b->{figures}{render} = { ours => \@ours, mustache_js => \@theirs };
    return;
}

# Tracking pages by link: plain, put together in gzip, and compressed by
# nginx's filter at its fastest.

sub gzip {
    my ($b) = @_;
    my $server = $b->{server};
    my %ask = (plain => {}, composed => { encoding => 'gzip' },
               filter => { encoding => 'gzip', host => 'filter.example' });
    my $get = sub {
        my ($case, $for) = @_;
        return $server->wrk(
            script => "$b->{root}/t/bench/get.lua",
            connections => $b->{clients}, seconds => $for,
            args => [ $b->{links} ], %{ $ask{$case} });
    };

    $server->start;
    $get->($_, 1) for sort keys %ask;

    my @r = $server->rounds($b->{rounds}, sub {
        my %w;

        for my $case (qw(plain composed filter)) {
            my $w = $w{$case} = $get->($case, $b->{seconds});
            $b->{say}->(sprintf 'gzip %-8s %7.0f/s %6.2f us cpu %6.0f bytes',
                $case, @$w{qw(rps cpu_us)}, $w->{bytes} / $w->{requests});
        }

        return \%w;
    });

    $server->stop;
    $b->{figures}{gzip} = { rounds => \@r };

    my %cpu;

    for my $case (qw(plain composed filter)) {
        $cpu{$case} = median(map { $_->{$case}{cpu_us} } @r);
        $b->{row}->('gzip', "$case: cpu_us", $cpu{$case}, 'us');
        $b->{row}->('gzip', "$case: size with headers",
            median(map { $_->{$case}{bytes} / $_->{$case}{requests} } @r),
            'bytes');
    }

    $b->{row}->('gzip', 'cpu, put together to plain',
                $cpu{composed} / $cpu{plain}, 'x', '<1.5');
    $b->{row}->('gzip', 'cpu, nginx\'s filter to put together',
                $cpu{filter} / $cpu{composed}, 'x', 5);
    return;
}

1;

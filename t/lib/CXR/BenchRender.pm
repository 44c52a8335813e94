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
    HOGAN    => '3.0.2',
};

my $json = JSON::PP->new->utf8;

# Others that render Mustache, each over the same page, byte for byte: the
# usual one of JavaScript, the fastest of it (templates become functions), and
# one that is compiled.  Each: its name, the command (the last arguments are
# ours), and what makes it be there.

sub peers {
    my ($root, $dir) = @_;
    my @peers;
    my %npm = (mustache => [ MUSTACHE, 'mustache/mustache.js' ],
               'hogan.js' => [ HOGAN, 'hogan.js/lib/hogan.js' ]);

    for my $name (sort { $b cmp $a } keys %npm) {
        my ($version, $file) = @{ $npm{$name} };
        my $at = "$dir/node_modules/$file";
        my ($kind) = $name =~ /^(\w+)/;

        next if system('command -v node npm >/dev/null 2>&1')
                || (!-e $at && system("cd $dir && npm install --no-audit "
                    . "--no-fund --ignore-scripts --loglevel=error --prefix . "
                    . "$name\@$version >/dev/null 2>&1"));

        push @peers, { name => $kind eq 'hogan' ? 'hogan.js' : 'mustache.js',
            on => ' on Node', run => [ 'node', "$root/t/bench/render.mjs",
                                       $kind, $at ] };
    }

    if (!system("c++ -std=c++11 -O2 -o $dir/render-cc $root/t/bench/render.cc "
                . '-ljansson >/dev/null 2>&1'))
    {
        push @peers, { name => 'kainjow-mustache', on => ' in C++',
                       run => [ "$dir/render-cc" ] };
    }

    return @peers;
}

# $b: root, place, rounds, seconds, say, row, figures

sub render {
    my ($b) = @_;
    my ($root, $rooms) = ($b->{root}, "$b->{root}/ngx_cx_returns_module");
    my $dir = "$root/build/bench";
    my $ms = 400 * $b->{seconds};
    my $template = "$root/t/bench/templates/page.html";

    my @libs = split ' ', run_output('pkg-config', '--libs', qw(lmdb libxml-2.0
        libsodium libgcrypt libcrypto libxxhash jansson icu-i18n icu-uc
        libdeflate));
    run_output('cc', qw(-std=c11 -Wall -Wextra -Werror -O2 -D_GNU_SOURCE
               -Wno-missing-field-initializers),
               (map { "-I$rooms/$_" } qw(base page)), '-o', "$dir/render",
               "$root/t/bench/render.c", "$root/build/release/libcxr.a",
               @libs, '-lm');

    my @peers = peers($root, $dir);
    my (@ours, %theirs);

    for (1 .. $b->{rounds}) {
        push @ours, $json->decode(run_output("$dir/render",
            "$root/t/bench/templates", $ms, $dir));
        push @{ $theirs{$_->{name}} }, $json->decode(run_output(
            @{ $_->{run} }, $template, $dir, $ms)) for @peers;
        $b->{say}->(join ', ', sprintf('render: ours %.0f ns, in gzip %.0f ns',
            @{ $ours[-1] }{qw(ns gzip_ns)}),
            map { sprintf '%s %.0f ns', $_->{name},
                  $theirs{$_->{name}}[-1]{ns} } @peers);
    }

    my ($ns, $gzip) = map { my $k = $_; median(map { $_->{$k} } @ours) }
                      qw(ns gzip_ns);
    my ($bytes, $packed) = @{ $ours[0] }{qw(bytes gzip_bytes)};

    $b->{row}->('render', 'size of the page', $bytes, 'bytes');
    $b->{row}->('render', 'the same in gzip', $packed, 'bytes');
    $b->{row}->('render', 'rendering alone', 1e9 / $ns, 'pages/s');
    $b->{row}->('render', 'a byte out', $ns / $bytes, 'ns');
    $b->{row}->('render', 'rendering in gzip', 1e9 / $gzip, 'pages/s');

    for my $peer (@peers) {
        my $name = $peer->{name};
        my $its = median(map { $_->{ns} } @{ $theirs{$name} });
        my $version = $theirs{$name}[0]{version};

        $b->{row}->('render', $name . $peer->{on}
                    . ($version ? " $version" : ''), 1e9 / $its, 'pages/s');
        $b->{row}->('render', "a byte out of $name", $its / $bytes, 'ns');
        $b->{row}->('render', "pages/s, to $name", $its / $ns, 'x');
    }

    $b->{say}->('render: no other engine is here: alone') if !@peers;
    $b->{figures}{render} = { ours => \@ours, peers => \%theirs };
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

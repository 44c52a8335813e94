#!/usr/bin/perl
# Pages are sent from the buffer the next one is rendered into: whoever reads
# slowly, many at once, from one worker, gets every byte of her own page and none
# of another's; over HTTP/1.1 (pipelined) and HTTP/2 (streams, small windows), in
# gzip and plain, with clients among them that go away.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use IO::Select;
use Socket qw(:DEFAULT SO_RCVBUF inet_aton pack_sockaddr_in);
use Test::More;
use Time::HiRes qw(time);

use CXR::Test;

use constant { CONNS => 24, DEPTH => 12, UNTIL => 40 };

my ($slow, $h2) = map { CXR::Test::free_port() } 1, 2;
my $t = CXR::Test->new(workers => 1, server =>
    "cx_returns_gzip on; listen 127.0.0.1:$slow sndbuf=2048; "
    . "listen 127.0.0.1:$h2 http2 sndbuf=4096;")->start;

# ---- pages that are the same each time, and all different ----

my @pages;

for my $i (1 .. 6) {
    $t->delivered_order("SL-$i", 1, lines => [ { line => '1',
        sku => "K$i", title => "Kahve $i " . ($i x 20), quantity => $i,
        unit_price => 1000 * $i, tax => 10, product => "P$i" } ]);
    my $path = $t->link_path('track', order => "SL-$i");
    push @pages, map { { path => "$_$path" } } '/tr', '/en';
}

for my $p (@pages) {
    for my $coding ('', 'gzip') {
        my $res = $t->get($p->{path}, 'Accept-Encoding' => $coding);
        $p->{body}{$coding} = $res->body;
        $p->{etag}{$coding} = $res->header('etag');
    }
}

my %known = map { $_ => 1 } map { values %{ $_->{body} } } @pages;
is(scalar keys %known, 2 * @pages, 'every page is another');

sub connected {
    my ($port) = @_;
    socket(my $s, PF_INET, SOCK_STREAM, 0) or die "socket: $!\n";
    setsockopt($s, SOL_SOCKET, SO_RCVBUF, 2048) or die "SO_RCVBUF: $!\n";
    connect($s, pack_sockaddr_in($port, inet_aton('127.0.0.1')))
        or die "connect: $!\n";
    return $s;
}

sub send_all {
    my ($s, $bytes) = @_;
    while (length $bytes) {
        my $n = syswrite $s, $bytes;
        return 0 if !$n;
        substr $bytes, 0, $n, '';
    }
    return 1;
}

# A piece of every one in turn, until each has said that it has enough, or that
# nothing comes; how many neither did.

sub drip {
    my (@clients) = @_;
    my $until = time + UNTIL;
    my $sel = IO::Select->new(map { $_->{sock} } @clients);
    my %of = map { fileno($_->{sock}) => $_ } @clients;

    while ($sel->count && time < $until) {
        for my $s ($sel->can_read(1)) {
            my $c = $of{ fileno $s };
            my $n = sysread $s, $c->{buf}, 500 + int rand 2500,
                            length $c->{buf};

            if (!$n || !$c->{more}->($c)) {
                $sel->remove($s);
                close $s;
            }
        }
    }

    return $sel->count;
}

# ---- HTTP/1.1: all that is asked for in one packet ----

sub pipeline {
    my ($gone) = @_;
    my (@want, $ask);

    for my $i (1 .. DEPTH) {
        my $p = $pages[ rand @pages ];
        my $coding = rand() < 0.5 ? 'gzip' : '';
        my $how = rand;
        my %w = (status => 200, body => $p->{body}{$coding});
        my ($method, $match) = ('GET', '');

        if ($how < 0.1) {
            ($method, $w{body}) = ('HEAD', '');

        } elsif ($how < 0.2) {
            $match = "If-None-Match: $p->{etag}{$coding}\r\n";
            %w = (status => 304, body => '');
        }

        $ask .= "$method $p->{path} HTTP/1.1\r\nHost: localhost\r\n"
              . "Accept-Encoding: $coding\r\n$match"
              . ($i == DEPTH ? "Connection: close\r\n" : '') . "\r\n";
        push @want, \%w;
    }

    my $s = connected($slow);
    send_all($s, $ask);

    return { sock => $s, buf => '', want => \@want, gone => $gone,
             more => sub { !$gone || length $_[0]{buf} < $gone } };
}

# How many answers of a connection are what was asked for.

sub right {
    my ($c) = @_;
    my ($buf, $right) = ($c->{buf}, 0);

    for my $w (@{ $c->{want} }) {
        $buf =~ s/\AHTTP\/1\.1 (\d+) .*?\r\n\r\n//s or last;
        my $n = length $w->{body};
        last if $1 != $w->{status} || substr($buf, 0, $n) ne $w->{body};
        substr $buf, 0, $n, '';
        $right++;
    }

    return $buf eq '' ? $right : 0;
}

for my $round (1 .. 3) {
    my @stay = map { pipeline(0) } 1 .. CONNS;
    my @go = map { pipeline(3000 + 700 * $_) } 1 .. CONNS / 3;

    is(drip(map { $_, @go ? shift @go : () } @stay), 0,
       "HTTP/1.1, round $round: all came to an end");
    is(scalar(grep { right($_) == DEPTH } @stay), CONNS,
       'each with its own pages');
}

# ---- HTTP/2: frames written by hand, so that windows can be small ----

sub frame {
    my ($type, $flags, $stream, $payload) = @_;
    return substr(pack('N', length $payload), 1)
           . pack('CCN', $type, $flags, $stream) . $payload;
}

sub hpack {
    my $out = '';

    while (my ($k, $v) = splice @_, 0, 2) {
        for my $s ($k, $v) {
            my $n = length $s;
            my $len = chr($n < 127 ? $n : 127);

            if ($n >= 127) {
                $n -= 127;
                while ($n >= 128) {
                    $len .= chr(128 | $n & 127);
                    $n >>= 7;
                }
                $len .= chr $n;
            }

            $out .= ($s eq $k ? "\0" : '') . $len . $s;
        }
    }

    return $out;
}

sub streams {
    my ($window, $reset) = @_;
    my %want;
    my $ask = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
            . frame(4, 0, 0, pack 'nN', 4, $window)
            . frame(8, 0, 0, pack 'N', 1 << 24);

    for my $i (0 .. DEPTH - 1) {
        my $p = $pages[ rand @pages ];
        my $coding = rand() < 0.5 ? 'gzip' : '';
        $want{ 2 * $i + 1 } = $p->{body}{$coding};
        $ask .= frame(1, 5, 2 * $i + 1, hpack(':method', 'GET', ':scheme',
            'http', ':path', $p->{path}, ':authority', 'localhost',
            'accept-encoding', $coding));
    }

    my $s = connected($h2);
    send_all($s, $ask);

    return { sock => $s, buf => '', want => \%want, got => {}, ended => 0,
             more => sub {
        my ($c) = @_;

        while (length $c->{buf} >= 9) {
            my ($hi, $lo, $type, $flags, $id) = unpack 'CnCCN', $c->{buf};
            my $n = $hi << 16 | $lo;
            last if length $c->{buf} < 9 + $n;
            my $payload = substr $c->{buf}, 9, $n;
            substr $c->{buf}, 0, 9 + $n, '';

            return 0 if $type == 7;
            next if $type > 1;
            $c->{got}{$id} .= $payload if $type == 0;

            if ($flags & 1) {
                $c->{ended}++;

            } elsif ($reset && $type == 0 && $id % 3 == 0
                     && !$c->{reset}{$id}++)
            {
                # this page is wanted no more

                delete $c->{want}{$id};
                $c->{ended}++;
                send_all($s, frame(3, 0, $id, pack 'N', 8));

            } elsif ($type == 0 && $n && !$c->{reset}{$id}) {
                send_all($s, frame(8, 0, $id, pack 'N', $n));
            }
        }

        return $c->{ended} < DEPTH;
    } };
}

sub own {
    my ($c) = @_;
    return !grep { ($c->{got}{$_} // '') ne $c->{want}{$_} }
           keys %{ $c->{want} };
}

for my $case ([ 300, 0 ], [ 2000, 1 ], [ 65535, 0 ]) {
    my ($window, $reset) = @$case;
    my @c = map { streams($window, $reset) } 1 .. CONNS;

    is(drip(@c), 0, "HTTP/2, windows of $window: all came to an end");
    is(scalar(grep { own($_) } @c), CONNS, 'each with its own pages');
}

# ---- and after all that ----

is(scalar(grep { $t->get($_->{path})->body ne $_->{body}{''} } @pages), 0,
   'the pages are as they were');

$t->finish;
done_testing;

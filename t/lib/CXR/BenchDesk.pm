package CXR::BenchDesk;

# A case of scripts/bench: order and RMA pages beside the tracking page, and what
# each page of the desk's queues and searches takes of the worker's event loop,
# with three RMAs for each ten orders.
#
# The desk's figures are of one request after another, each by itself: processor
# time of the worker's own thread before and after it, in nanoseconds, as the
# kernel counts it.  So they have a median and a p99, and neither the client nor
# whoever else uses the machine is in them.

use strict;
use warnings;
use utf8;

use Encode;
use JSON::PP;
use IO::Socket::INET;
use List::Util qw(max sum);
use Time::HiRes qw(usleep);

use CXR::Bench qw(median run_output slurp spew);

use constant {
    SHARE   => 0.3,             # RMAs for an order
    PAGES   => 5000,            # links of each kind
    CLIENTS => 64,
    ASKED   => 400,             # how often each question is asked
    SETTLE  => 50,              # microseconds between two looks at a counter
};

# what is asked at the desk, most of it met by thousands of RMAs; no claim is
# among them and nobody is called Mehmet Kaya, so that these two are looked for
# in vain up to their bounds
my %asked = (
    queue  => [ '', '?queue=decide', '?queue=expected', '?queue=late',
                '?queue=expected&sort=newest', '?status=approved',
                '?kind=claim' ],
    name   => [ map { "?q=$_" } 'ayşe', 'ibrahim+ışık', 'öztürk',
                'Mehmet+Kaya', 'nobody', 'ayşe&status=completed' ],
    number => [ map { "?q=$_" } 'BN-0000', 'BN-00001', '3000', 'R-7K' ],
    person => [ map { "?q=$_" } 'shopper1200@example.com', '05550001200',
                '%2B90+555+000+12+01', 'shopper77%40example.com' ],
);

# $b: root, place, rounds, seconds, server, links, shipments, now, shop,
# say, row, figures

sub desk {
    my ($b) = @_;
    my ($s, $place) = @$b{qw(server place)};

    $s->start;
    my $made = fill($b);
    my %file = (track => $b->{links}, links($b));

    my $get = sub {
        my ($case, $for) = @_;
        return $s->wrk(script => "$b->{root}/t/bench/get.lua",
                       connections => CLIENTS, seconds => $for,
                       args => [ $file{$case} ]);
    };

    $get->('track', 1);                                 # warms up

    my @r = $s->rounds($b->{rounds}, sub {
        my %w;

        for my $case (qw(track order rma)) {
            my $w = $w{$case} = $get->($case, $b->{seconds});
            $b->{say}->(sprintf 'desk %-7s %7.0f/s %7.2f us cpu %6.2f ms p99',
                        $case, @$w{qw(rps cpu_us p99_ms)});
        }

        for my $kind (sort keys %asked) {
            $w{$kind} = { map { $_ => ask($s, $_) } @{ $asked{$kind} } };
            my @all = map { @$_ } values %{ $w{$kind} };
            $b->{say}->(sprintf 'desk %-7s %7.1f us cpu, p50 %7.1f, p99 %7.1f',
                        $kind, sum(@all) / @all, map { part(\@all, $_) }
                        0.5, 0.99);
        }

        return \%w;
    });

    $s->stop;
    $b->{row}->('desk', 'RMAs in the store', $made, '');

    for my $case (qw(order rma)) {
        $b->{row}->('desk', "$case page to tracking page, by cpu",
                    median(map { $_->{track}{cpu_us} } @r)
                    / median(map { $_->{$case}{cpu_us} } @r), 'x', 0.5);
    }

    my %each;

    for my $kind (sort keys %asked) {
        my @all = map { map { @$_ } values %{ $_->{$kind} } } @r;

        $b->{row}->('desk', "$kind: worker\'s cpu of a request, p50",
                    part(\@all, 0.5), 'us');
        $b->{row}->('desk', "$kind: worker\'s cpu of a request, p99",
                    part(\@all, 0.99), 'us', '<5000');

        for my $q (@{ $asked{$kind} }) {
            my @one = map { @{ $_->{$kind}{$q} } } @r;
            $each{$q} = { p50 => part(\@one, 0.5), p99 => part(\@one, 0.99) };
        }
    }

    my $most = max(map { $_->{p99} } values %each);
    my ($dearest) = grep { $each{$_}{p99} == $most } sort keys %each;
    $b->{row}->('desk', 'dearest question, p99: '
                . encode('UTF-8', $dearest), $each{$dearest}{p99}, 'us',
                '<5000');
    $b->{figures}{desk} = { rmas => $made, questions => \%each,
                            rounds => \@r };
    return;
}

# The value below which that part of all of them is.

sub part {
    my ($all, $part) = @_;
    my @v = sort { $a <=> $b } @$all;
    return $v[ int $part * $#v + 0.5 ];
}

# One question, time and again: microseconds of the worker for each.

sub ask {
    my ($s, $query) = @_;
    my $c = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                  PeerPort => $s->{port})
        or die "bench: desk: $!\n";
    my $get = 'GET ' . path($query) . " HTTP/1.1\r\nHost: bench.example\r\n"
        . "Accept-Language: tr\r\nX-Actor: bench\r\nX-Roles: read\r\n\r\n";
    my @us;

    for my $n (0 .. ASKED) {
        my $before = worked($s);

        print $c $get or die "bench: desk: $!\n";
        answered($c, $query);
        push @us, (worked($s) - $before) / 1000 if $n > 0;  # after the first
    }

    return \@us;
}

sub answered {
    my ($c, $query) = @_;
    local $/ = "\r\n\r\n";
    my $head = <$c> // '';
    my ($length) = $head =~ /^Content-Length: (\d+)/mi;

    die "bench: desk: $query: $head\n"
        if $head !~ m{^HTTP/1.1 200 } || !defined $length;
    read($c, my $body, $length) == $length or die "bench: desk: cut\n";
    return;
}

# Nanoseconds that the event loop's thread has run.  It is asked until it rests,
# since what follows an answer belongs to it, too.

sub worked {
    my ($s) = @_;
    my $file = "/proc/$s->{worker}/task/$s->{worker}/schedstat";
    my ($was, $is) = (-1, (split ' ', slurp($file))[0]);

    while ($was != $is) {
        usleep(SETTLE);
        ($was, $is) = ($is, (split ' ', slurp($file))[0]);
    }

    return $is;
}

sub path {
    my ($query) = @_;
    my $q = encode('UTF-8', $query);
    $q =~ s/([^\x21-\x7e])/sprintf '%%%02X', ord $1/ge;
    return "/staff/$q";
}

# RMAs by the API, as a shop makes them.

sub fill {
    my ($b) = @_;
    my $s = $b->{server};
    my $want = int $b->{shipments} * SHARE;
    my ($made, $taken) = (0, 0);

    while ($made < $want) {
        my $w = $s->wrk(script => "$b->{root}/t/bench/rma.lua",
            connections => CLIENTS, seconds => 2,
            args => [ 0, $b->{shipments}, $taken ]);
        $taken = $w->{taken};
        $made += $w->{requests};
        $b->{say}->("desk: $made of $want RMAs");
    }

    return $made;
}

# Tokens of orders that have an RMA, and of these.

sub links {
    my ($b) = @_;
    my ($s, $place) = @$b{qw(server place)};
    my (@order, @rma, %file);
    my $cursor = '';

    while (@rma < PAGES) {
        my $a = $s->request('GET', '/api/v1/rmas?limit=200&cursor=' . $cursor,
                            'X-Actor' => 'bench', 'X-Roles' => 'read');
        my $list = JSON::PP->new->utf8->decode($a->{body});

        push @rma, map { $_->{id} } @{ $list->{rmas} };
        push @order, map { $_->{order} } @{ $list->{rmas} };
        $cursor = $list->{next} // last;
    }

    my %of = (order => [ 'o', \@order ], rma => [ 'r', \@rma ]);

    for my $kind (sort keys %of) {
        my ($letter, $ids) = @{ $of{$kind} };
        my $in = "$place/run/ids-$kind.txt";

        spew($in, map { "$_\n" } @$ids);
        my $out = run_output('/bin/sh', '-c', "'$b->{tokens}' $kind $b->{now} "
            . "'$place/run/keys' $b->{shop} <'$in'");
        $file{$kind} = "$place/run/links-$kind.txt";
        spew($file{$kind}, map { "/returns/$letter/$_\n" } split /\n/, $out);
    }

    return %file;
}

1;

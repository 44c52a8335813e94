package CXR::BenchDesk;

# A case of scripts/bench: order and RMA pages beside the tracking page, and how
# long the desk's queue and searches take, with three RMAs for each ten orders.

use strict;
use warnings;
use utf8;

use Encode;
use JSON::PP;
use List::Util qw(max);

use CXR::Bench qw(median run_output slurp spew);

use constant {
    SHARE   => 0.3,             # RMAs for an order
    PAGES   => 5000,            # links of each kind
    CLIENTS => 64,
};

# what is asked at the desk, most of it met by thousands of RMAs
my %asked = (
    queue  => [ '', '?status=requested', '?status=approved' ],
    name   => [ map { "?q=$_" } 'ayşe', 'ibrahim+ışık', 'öztürk',
                'Mehmet+Kaya', 'nobody' ],
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

    for my $kind (sort keys %asked) {
        $file{$kind} = "$place/run/desk-$kind.txt";
        spew($file{$kind}, map { path($_) } @{ $asked{$kind} });
    }

    my $get = sub {
        my ($case, $clients, $for) = @_;
        local $ENV{CX_ACTOR} = $asked{$case} || $case eq 'one' ? 'bench' : '';
        return $s->wrk(script => "$b->{root}/t/bench/get.lua",
                       connections => $clients, seconds => $for,
                       args => [ $file{$case} ]);
    };

    $get->('track', CLIENTS, 1);                        # warms up

    my @r = $s->rounds($b->{rounds}, sub {
        my %w;

        for my $case (qw(track order rma), sort keys %asked) {
            my $w = $w{$case} = $get->($case, $asked{$case} ? 1 : CLIENTS,
                                       $b->{seconds});
            $b->{say}->(sprintf 'desk %-7s %7.0f/s %7.2f us cpu %6.2f ms p99',
                        $case, @$w{qw(rps cpu_us p99_ms)});
        }

        return \%w;
    });

    # each question by itself: the dearest one must not stop the event loop

    my %cpu;

    for my $q (map { @$_ } @asked{ sort keys %asked }) {
        spew("$place/run/desk-one.txt", path($q));
        $file{one} = "$place/run/desk-one.txt";
        $cpu{$q} = $get->('one', 1, 1)->{cpu_us};
    }

    my $most = max(values %cpu);
    my ($dearest) = grep { $cpu{$_} == $most } keys %cpu;

    $s->stop;
    $b->{figures}{desk} = { rmas => $made, rounds => \@r, questions => \%cpu };
    $b->{row}->('desk', 'RMAs in the store', $made, '');

    my $of = sub {
        my ($case, $key) = @_;
        return median(map { $_->{$case}{$key} } @r);
    };

    for my $case (qw(order rma)) {
        $b->{row}->('desk', "$case page to tracking page, by cpu",
                    $of->('track', 'cpu_us') / $of->($case, 'cpu_us'), 'x',
                    0.5);
    }

    for my $case (sort keys %asked) {
        $b->{row}->('desk', "$case: one request, p99",
                    $of->($case, 'p99_ms'), 'ms', '<5');
        $b->{row}->('desk', "$case: cpu", $of->($case, 'cpu_us'), 'us');
    }

    $b->{row}->('desk', 'dearest question, cpu: ' . encode('UTF-8', $dearest),
                $cpu{$dearest}, 'us', '<5000');
    return;
}

sub path {
    my ($query) = @_;
    my $q = encode('UTF-8', $query);
    $q =~ s/([^\x21-\x7e])/sprintf '%%%02X', ord $1/ge;
    return "/staff/$q\n";
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

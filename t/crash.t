#!/usr/bin/perl
# kill -9 of workers, and of all of nginx, twenty times under 32 clients:
# whatever was acknowledged is there afterwards, none of it half, none twice.
# Then reloads under the same load: no request fails.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Load;
use CXR::Test;

use constant {
    KILLS   => $ENV{CXR_KILLS} // 20,
    RELOADS => $ENV{CXR_RELOADS} // 5,
    RMAS    => 24,              # clients that create RMAs
    FEEDS   => 8,               # clients that send feeds
    ORDERS  => 100,             # for each of the former
    UNITS   => 30,              # RMAs that one order can have
    PARCELS => 3,               # in a feed's document
};

my $t = CXR::Test->new(workers => 2, map_size => '1g')->start;
my $json = $CXR::Test::json;
my $now = time;

# ---- orders that arrived yesterday, for every client its own ----

sub prepare {
    my ($prefix) = @_;
    my (@orders, @records);

    for my $c (0 .. RMAS - 1) {
        for my $o (0 .. ORDERS - 1) {
            my $parcel = sprintf '%s%03d%05d', $prefix, $c, $o;
            push @orders, $json->encode(CXR::Test::order(sprintf('%s-%02d-%03d', $prefix, $c, $o),
                placed_at => CXR::Test::iso($now - 4 * 86400),
                lines => [ { line => '1', sku => 'S', title => 'Kahve',
                             quantity => UNITS, unit_price => 1000 } ],
                shipments => [ { carrier => 'yurtici', number => $parcel } ]));
            my $x = CXR::Test::yurtici($parcel,
                                       [ $now - 86400, 'Teslim edildi' ]);
            $x =~ s{.*(<shippingDeliveryDetailVO>.*</shippingDeliveryDetailVO>).*}{$1}s;
            push @records, $x;
        }
    }

    my $res = $t->request(POST => '/api/v1/orders',
        headers => [ CXR::Test::staff_headers(),
                     'Content-Type' => 'application/x-ndjson' ],
        body => join '', map { "$_\n" } @orders);
    is($res->status, 200, 'orders');
    $res = $t->feed('yurtici', '<ShippingDeliveryVO><outFlag>0</outFlag>'
                    . join('', @records) . '</ShippingDeliveryVO>');
    is($res->json->{stored}, scalar @orders, 'delivered');
}

# One RMA of one unit; the same key until it is acknowledged.

sub make_rma {
    my ($prefix, $once) = @_;

    return sub {
        my ($c) = @_;
        my $n = $c->{n}++;
        return 0 if $n >= ORDERS * UNITS;
        my $order = sprintf '%s-%02d-%03d', $prefix, $c->{i}, $n % ORDERS;
        my $key = "$prefix.$c->{i}.$n";
        my @request = (POST => '/api/v1/rmas',
            headers => [ CXR::Test::staff_headers(),
                         'Content-Type' => 'application/json',
                         'Idempotency-Key' => $key,
                         $once ? (Connection => 'close') : () ],
            body => qq({"order":"$order","lines":[{"line":"1","quantity":1,)
                    . qq("reason":"changed_mind","outcome":"refund"}]}));
        my $res = $once ? $c->once(@request) : $c->until_answered(@request);
        my $id = $res && $res->status == 201
                 && ($res->body =~ /"(R-[0-9A-Z]{4}-[0-9A-Z]{4})"/)[0];
        $c->note($id ? "rma $key $order $id"
                     : 'fail rma ' . ($res ? $res->status . ' '
                                             . substr $res->body, 0, 200
                                           : 'none'));
        return 1;
    };
}

sub send_feed {
    my ($prefix, $once) = @_;

    return sub {
        my ($c) = @_;
        my $n = $c->{n}++;
        my $xml = '<ShippingDeliveryVO><outFlag>0</outFlag>';
        my @numbers;

        for my $p (1 .. PARCELS) {
            my $number = sprintf '%s9%02d%07d%d', $prefix, $c->{i}, $n, $p;
            push @numbers, $number;
            my $x = CXR::Test::yurtici($number,
                [ $now - 7200, 'Kargo teslim alındı' ],
                [ $now - 3600, 'Kargo Yüklendi' ]);
            $x =~ s{.*(<shippingDeliveryDetailVO>.*</shippingDeliveryDetailVO>).*}{$1}s;
            $xml .= $x;
        }

        $xml .= '</ShippingDeliveryVO>';
        utf8::encode($xml);

        my @request = (POST => '/feeds/yurtici',
            headers => [ 'X-Actor' => 'f', 'X-Roles' => 'feed:yurtici',
                         'Content-Type' => 'application/xml',
                         $once ? (Connection => 'close') : () ],
            body => [ unpack '(a700)*', $xml ]);
        my $res = $once ? $c->once(@request) : $c->until_answered(@request);
        my $j = $res && $res->status == 200 ? $res->json : undef;
        my $ok = $j && $j->{stored} + $j->{repeated} == PARCELS;
        $c->note($ok ? "feed @numbers"
                     : 'fail feed ' . ($res ? $res->status . ' '
                                              . substr $res->body, 0, 200
                                            : 'none'));
        select undef, undef, undef, 0.005;
        return 1;
    };
}

# The whole journal, as its readers see it: what was made, how often.

sub journal {
    my (%rmas, %scans);
    my $after = 0;

    for (;;) {
        my $res = $t->again(GET => "/api/v1/events?limit=1000&after=$after",
                              headers => [ CXR::Test::staff_headers() ]);
        die "events: $res->{status}\n" if $res->status != 200;
        last if $res->body eq '';

        for my $line (split /\n/, $res->body) {
            my ($seq, $type, $agg, $id)
                = $line =~ /^\{"seq":(\d+),"type":"([^"]+)",.*?"aggregate":"([^"]+)","id":"([^"]*)"/
                or die "event: $line\n";
            die "a gap before $seq\n" if $seq != $after + 1;
            $after = $seq;

            if ($type eq 'rma.created' || $type =~ /rma.*create/) {
                my ($rma) = $line =~ /"(R-[0-9A-Z]{4}-[0-9A-Z]{4})"/;
                $rmas{$rma}++;

            } elsif ($agg eq 'shipment') {
                my ($number) = $line =~ /"number":"([^"]+)"/;
                $scans{ $number // $id } += () = $line =~ /"time_text":/g;
            }
        }
    }

    return (\%rmas, \%scans, $after);
}

sub compare {
    my ($name, @notes) = @_;
    my ($rmas, $scans, $last) = journal();
    my (%ids, %keys, @missing, @twice, @wrong);

    for my $n (grep { $_->[0] eq 'rma' } @notes) {
        my (undef, $key, $order, $id) = @$n;
        push @twice, "$key and $ids{$id} are both $id" if $ids{$id};
        $ids{$id} = $key;
        push @missing, "$id of $key" if !$rmas->{$id};
        push @twice, "$id $rmas->{$id} times" if ($rmas->{$id} // 0) > 1;
    }

    is("@missing", '', "$name: every acknowledged RMA is there");
    is("@twice", '', "$name: none twice");
    my @surplus = grep { !$ids{$_} } keys %$rmas;
    is("@surplus[0 .. ($#surplus > 5 ? 5 : $#surplus)]", '',
       "$name: none that nobody asked for");

    @missing = ();
    my $parcels = 0;
    for my $n (grep { $_->[0] eq 'feed' } @notes) {
        for my $number (@$n[ 1 .. $#$n ]) {
            $parcels++;
            push @missing, $number if !exists $scans->{$number};
            push @wrong, "$number: $scans->{$number}"
                if ($scans->{$number} // 2) != 2;
        }
    }
    is("@missing", '', "$name: every acknowledged parcel is there");
    is("@wrong[0 .. ($#wrong > 5 ? 5 : $#wrong)]", '',
       "$name: whole, its scans neither half nor twice");

    note("$name: " . keys(%ids) . " RMAs, $parcels parcels, $last entries");

    return scalar keys %ids;
}

sub clients {
    my ($prefix, $once) = @_;
    return [ (map { make_rma($prefix, $once) } 1 .. RMAS),
             (map { send_feed($prefix, $once) } 1 .. FEEDS) ];
}

# ---- killed ----

prepare('A');

my $dir = $t->dir . '/load';
mkdir $dir;

my $load = CXR::Load->start(port => $t->port, dir => $dir,
                            clients => clients('A'));
my ($verified, $up) = (0, 0);

srand $$;

for my $k (1 .. KILLS) {
    select undef, undef, undef, 0.05 + rand 0.35;

    if ($k % 2) {
        my @workers = $t->workers;
        kill 'KILL', $workers[ rand @workers ];
        $up += $t->wait_for(60, sub { $t->workers >= 2 });

    } else {
        $t->kill_all;
        system(CXR::Test::cx() . " journal verify --store " . $t->dir
               . "/store >$dir/verify.log 2>&1");
        $verified++ if $? == 0;
        diag(CXR::Test::slurp("$dir/verify.log")) if $?;
        $t->start;
        $up++;
    }
}

select undef, undef, undef, 0.3;
is($load->stop, 0, 'no client gave up');
is($up, KILLS, 'nginx was there again after each kill');
is($verified, int(KILLS / 2), 'the chain verified after each sudden end');

my @notes = $load->notes;
my @failed = grep { $_->[0] ne 'rma' && $_->[0] ne 'feed' } @notes;
is(join("\n", map { "@$_" } @failed[ 0 .. ($#failed > 5 ? 5 : $#failed) ]),
   '', 'nothing but losses of the connection and 5xx, all repeated');
cmp_ok(compare('killed', @notes), '>', 100, 'there was a load');

# orders agree with their RMAs

{
    my (%units, @bad);
    $units{ $_->[2] }++ for grep { $_->[0] eq 'rma' } @notes;
    for my $order (sort keys %units) {
        my $s = $t->again(GET => "/api/v1/orders/$order",
                            headers => [ CXR::Test::staff_headers() ])
                  ->json->{state};
        push @bad, $order if $s->{returning}[0]{quantity} != $units{$order}
                             || @{ $s->{rmas} } != $units{$order};
    }
    is("@bad", '', 'every order counts its RMAs and units right');
}

$t->journal_ok('the chain verifies');

# ---- reloaded ----

{
    prepare('B');
    my $rdir = $t->dir . '/reload';
    mkdir $rdir;

    my $l = CXR::Load->start(port => $t->port, dir => $rdir, keep => 0,
                             clients => clients('B', 1));
    my $done = 0;

    for (1 .. RELOADS) {
        select undef, undef, undef, 0.2 + rand 0.3;
        $done++ if $t->reload;
    }

    select undef, undef, undef, 0.2;
    is($l->stop, 0, 'reloads: no client gave up');
    is($done, RELOADS, 'reloaded each time');
    my @n = $l->notes;
    my @f = grep { $_->[0] ne 'rma' && $_->[0] ne 'feed' } @n;
    is(join("\n", map { "@$_" } @f[ 0 .. ($#f > 5 ? 5 : $#f) ]), '',
       'no request failed, at the first try');
    compare('reloaded', @notes, @n);
}

# ---- and what stands there is what the journal says, byte for byte ----

$t->{log_ok} = qr/exited on signal 9/;
ok($t->stop, 'stopped');
my $out = `@{[ CXR::Test::cx() ]} rebuild --store @{[ $t->dir ]}/store --into @{[ $t->dir ]}/again --keys @{[ $t->dir ]}/keys 2>&1`;
is($?, 0, 'rebuilt from the journal: equal') or diag($out);

$t->finish;
done_testing;

#!/usr/bin/perl
# What falls due is done by one worker's timer, by itself, once, also when it
# fell due while nothing ran: personal data that has come of age.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP;
use Test::More;

use CXR::Test;

my %keep = (workers => 3, shop => { retention => { person_days => 30 } },
            http => 'cx_returns_due_interval 1s;');
my $t = CXR::Test->new(%keep)->start;

sub erased {
    my ($nginx) = @_;
    return grep { $_->{type} eq 'person.erased' }
        map { decode_json($_) }
        grep { length } split /\n/,
        $nginx->api(GET => '/events?after=0&limit=1000')->body;
}

$t->put_order("KG-$_") for 1 .. 5;
sleep 2;
is(scalar erased($t), 0, 'what is young stays');
like($t->api(GET => '/orders/KG-1')->body, qr/example\.com/,
     'the person is known');
ok($t->stop, 'nginx stops');

my $later = CXR::Test->new(%keep, faketime => '+31d',
                           store => $t->dir . '/store',
                           keys => $t->dir . '/keys')->start;
ok($later->wait_for(15, sub { erased($later) == 5 }),
   'erased when nginx comes up after its time');
my @e = erased($later);
is($_->{actor}, 'due', "$_->{id}: by the clock") for @e;
sleep 2;
is(scalar erased($later), 5, 'each once');
is($later->metric('cx_returns_due_total'), 5, 'and counted');

my $order = $later->api(GET => '/orders/KG-1');
is($order->status, 200, 'the order is there');
unlike($order->body, qr/example\.com/, 'without its person');
$later->journal_ok;
$later->finish;
$t->finish;
done_testing();

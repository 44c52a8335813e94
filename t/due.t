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

# It has looked from beginning to end since: the run under way may have read
# before.

sub looked {
    my ($nginx) = @_;
    my $before = $nginx->metric('cx_returns_due_runs_total');
    ok($nginx->wait_for(60, sub {
        $nginx->metric('cx_returns_due_runs_total') >= $before + 2 }),
       'it was looked for what is due');
}

# a withdrawal that no order is there for

sub unmatched {
    my ($nginx) = @_;
    my ($form) = grep { $_->{action} =~ m{/withdraw/review$} }
                 $nginx->get('/en/returns/withdraw')->forms;
    my $res = $nginx->submit($form, { name => 'Ayla', contract => 'XX-404',
        email => 'Ayla@Example.com', scope => 'whole' });
    ($form) = grep { $_->{action} =~ m{/withdraw/confirm$} } $res->forms;
    $nginx->submit($form);
    return $nginx->api(GET => '/withdrawals')->json->{withdrawals}[0]{id};
}

my $number = unmatched($t);
my $cli = "--store @{[ $t->dir ]}/store --keys @{[ $t->dir ]}/keys "
    . "--shop @{[ $t->dir ]}/shops/kahve-gurusu.json";

sub person {
    my ($verb, @args) = @_;
    my $out = `@{[ CXR::Test::cx() ]} person $verb $cli @args 2>&1`;
    return ($? >> 8, $out);
}

for my $who ('ayla@example.com', $number) {
    my ($rc, $out) = person('export', $who);
    is($rc, 0, "$who is known") or diag $out;
    my $all = eval { decode_json($out) } // {};
    is($all->{withdrawals}[0]{statement}{name}, 'Ayla', 'by the statement');
    is(scalar @{ $all->{orders} // [ 1 ] }, 0, 'though by no order');
    ok((grep { $_->{type} eq 'withdrawal.declared' } @{ $all->{events} // [] }),
       'and when it came');
}

my $other = unmatched($t);
isnt($other, $number, 'another one');
my ($rc, $out) = person('erase', '--by staff:ayse', $other);
is($rc, 0, 'is erased by its number') or diag $out;
is(($t->api(GET => "/withdrawals/$other")->json->{statement} // {})->{name},
   undef, 'its statement is gone');
is($t->api(GET => "/withdrawals/$other")->json->{withdrawal}{state}, 'judged',
   'and nobody waits for its order');
looked($t);
is(scalar erased($t), 1, 'what is young stays');
like($t->api(GET => '/orders/KG-1')->body, qr/example\.com/,
     'the person is known');
ok($t->stop, 'nginx stops');

my $later = CXR::Test->new(%keep, faketime => '+31d',
                           store => $t->dir . '/store',
                           keys => $t->dir . '/keys')->start;
ok($later->wait_for(60, sub { erased($later) == 7 }),
   'erased when nginx comes up after its time');
my @e = erased($later);
is($_->{actor}, 'due', "$_->{id}: by the clock") for @e[ 1 .. 6 ];
is($later->api(GET => "/withdrawals/$number")->json->{withdrawal}{state},
   'judged', 'a statement that nobody had an order for, too');
looked($later);
is(scalar erased($later), 7, 'each once');
is($later->metric('cx_returns_due_total'), 6, 'and counted');

my $order = $later->api(GET => '/orders/KG-1');
is($order->status, 200, 'the order is there');
unlike($order->body, qr/example\.com/, 'without its person');
$later->journal_ok;
$later->finish;
$t->finish;
done_testing();

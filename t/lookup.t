#!/usr/bin/perl
# Guessing at an order's postal code: few tries an hour whatever addresses they
# come from, the true time in Retry-After, the same for orders that there are
# and that there are not; and who has the e-mail address gets in meanwhile.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 1,
    server => 'set_real_ip_from 127.0.0.1; real_ip_header X-Real-IP;',
    edit => sub {
        my ($conf) = @_;
        $conf =~ s/(cx_returns_lookup_order_rate) \S+/$1 12r\/h;/;
        return $conf;
    })->start;

$t->put_order($_) for qw(KG-1 KG-3 KG-5);

# windows are hours of the clock: begin none that ends while we look
my $left = 3600 - time % 3600;
sleep $left + 1 if $left < 20;

my $host = 0;

sub try_at {
    my ($order, $proof, $from) = @_;
    return $t->form('/en/returns/lookup',
        [ [ number => $order ], [ proof => $proof ] ], 'X-Real-IP' => $from);
}

sub track_at {
    my ($order, $proof, $from) = @_;
    return $t->form('/en/track/',
        [ [ order => $order ], [ contact => $proof ] ], 'X-Real-IP' => $from);
}

sub bare {
    my ($res, $order) = @_;
    (my $body = $res->body) =~ s/\b\Q$order\E\b//g;
    $body =~ s/\b\d+ minutes?\b/N min/g;
    return $body;
}

# the seconds until the hour ends, as they were between then and now

sub told {
    my ($res, $asked, $name) = @_;
    my $wait = $res->header('retry-after');
    cmp_ok($wait, '<=', 3600 - $asked % 3600 + 1, $name);
    cmp_ok($wait, '>=', 3600 - time % 3600 - 1, $name);
    return $wait;
}

my %seen;

for my $order ('KG-1', 'KG-2') {       # there is no KG-2
    my $is = $order eq 'KG-1' ? 'an order' : 'no order';

    # ---- one address has a quarter of the tries ----

    is(join(' ', map { try_at($order, "1000$_", '192.0.2.1')->status }
                 1 .. 4), '404 404 404 429', "$is: one address");

    my $asked = time;
    my $res = try_at($order, 'ayse@example.com', '192.0.2.1');
    is($res->status, 429, 'whatever it tries');
    my $wait = told($res, $asked, 'is told the true time');
    my $min = int(($wait + 59) / 60);
    like($res->text, qr/try again in (?:$min|@{[ $min + 1 ]}) minutes?\b/, 'in words');
    like($res->text, qr/value="\Q$order\E"/, 'and keeps what it typed');
    $seen{$order} = [ bare($res, $order) ];

    # ---- all addresses together ----

    is(join(' ', map { try_at($order, '10009', "192.0.2." . (10 + $_))->status }
                 1 .. 10), '404 404 404 404 404 404 404 404 404 429',
       "$is: all addresses");

    $res = try_at($order, '34394', '198.51.100.1');
    is($res->status, 429, 'the right one comes too late, too');
    like($res->text, qr/Enter the e-mail address you ordered with/,
         'which says what will do');
    like($res->text, qr/<p class="wrong-text" id="proof-error">/,
         'beside the field');
    push @{ $seen{$order} }, bare($res, $order);

    $asked = time;
    $res = track_at($order, '34394', '198.51.100.1');
    is($res->status, 429, 'nor by the other door');
    like($res->text, qr/<p class="wrong-text" id="contact-error">/,
         'which says it, too');
    told($res, $asked, 'with its time');
    push @{ $seen{$order} }, bare($res, $order);
}

is_deeply($seen{'KG-1'}, $seen{'KG-2'},
          'nothing tells the order that there is');

# ---- who spends the tries locks nobody out ----

my $mine = '198.51.100.7';
is(try_at('KG-1', '34394', $mine)->status, 429, 'the shopper types her code');
my $res = try_at('KG-1', 'ayse@example.com', $mine);
is($res->status, 303, 'and then her e-mail address, which opens it');
like($res->header('location'), qr{/en/returns/o/v4\.local\.}, 'her order');
is(track_at('KG-1', 'Ayse@Example.com', $mine)->status, 303,
   'and her parcels');

# ---- one postal code at a row of orders: one address has as many tries as one order ----

for my $there (1, 0) {
    my $from = "192.0.2.20$there";
    my $row = $there ? 'KG-7' : 'KG-8';
    $t->put_order($_) for $there ? map { "KG-7$_" } 0 .. 13 : ();
    my $name = $there ? 'a row of orders' : 'a row of none';
    is(join(' ', map { try_at("$row$_", '34000', $from)->status } 0 .. 12),
       join(' ', (404) x 12, 429), "$name: twelve tries");
    my $res = try_at("${row}13", '34394', $from);
    is($res->status, 429, 'then none, though it were right');
    like($res->text, qr/Enter the e-mail address you ordered with/, 'which says what will do');
    push @{ $seen{row} }, bare($res, "${row}13");
    is(track_at("${row}13", '34394', $from)->status, 429, 'nor by the other door');
    is(try_at("${row}13", 'ayse@example.com', $from)->status, $there ? 303 : 404,
       'the e-mail address does');
    is(try_at("${row}13", '34394', '192.0.2.210')->status, $there ? 303 : 404,
       'and elsewhere the postal code');
}

is($seen{row}[0], $seen{row}[1], 'alike, whether or not there are any');

# ---- what does not fail does not count ----

is(join(' ', map { try_at('KG-3', '34394', '203.0.113.9')->status } 1 .. 20),
   join(' ', (303) x 20), 'twenty times the right postal code');
is(try_at('KG-3', '99999', '203.0.113.9')->status, 404,
   'and there is still a try');

# ---- a mistake or two ----

is(join(' ', map { try_at('KG-5', $_, '203.0.113.10')->status }
             '34395', '34493', '34394'), '404 404 303',
   'two mistakes, and the right one');

cmp_ok($t->metric('cx_returns_lookups_limited_total'), '>=', 8,
       'the limit is counted');

$t->finish;
done_testing;

#!/usr/bin/perl
# Searching the RMAs, at the desk and by the API: by number, order and parcel,
# by e-mail, telephone and name, as people type them, page by page; and nothing
# of a person stands in the store in clear.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Encode;
use JSON::PP;
use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 2)->start;
my @desk = ('X-Actor' => 'ayse', 'X-Roles' => 'read approve');

sub rma {
    my ($order, $quantity) = @_;
    my $res = $t->api(POST => '/rmas', { order => $order, locale => 'tr',
        method => 'label', lines => [ { line => '1', quantity => $quantity,
            reason => 'changed_mind', outcome => 'refund' } ] });
    is($res->status, 201, "an RMA of $order") or diag($res->body);
    return $res->json->{rma}{id} // $res->json->{id};
}

sub person {
    my ($name, $email, $phone) = @_;
    return (person => { name => $name, email => $email,
                        $phone ? (phone => $phone) : () });
}

$t->put_order('KG-1', person('Ayşe Yılmaz', 'ayse@ornek.example',
                             '+90 532 111 22 33'),
              shipments => [ { carrier => 'yurtici', number => '778899001' } ]);
$t->put_order('KG-2', person('İpek Işık Öztürk', 'ipek@ornek.example',
                             '0533 444 55 66'));
$t->put_order('KG-3', person('Mehmet Yılmaz', 'mehmet@ornek.example', ''));

my @id = (rma('KG-1', 1), rma('KG-1', 1), rma('KG-2', 1), rma('KG-3', 1));

# newest first; of one millisecond, by number

my %at = map {
    my $at = $t->api(GET => "/rmas/$_")->json->{rma}{created_at};
    $at =~ s/(?<!\.\d\d\d)Z$/.000Z/;
    ($_ => $at)
} @id;

sub newest { return [ sort { $at{$b} cmp $at{$a} || $a cmp $b } @_ ] }

sub uri {
    my ($s) = @_;
    $s = encode('UTF-8', $s);
    $s =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ge;
    return $s;
}

sub ids {
    my ($args) = @_;
    my $res = $t->api(GET => "/rmas?$args");
    is($res->status, 200, "GET /rmas?$args");
    return [ map { $_->{id} } @{ $res->json->{rmas} } ];
}

for my $e ([ 'ayse@ornek.example', 1, 0 ], [ ' AYSE@Ornek.example', 1, 0 ],
           [ '05321112233', 1, 0 ], [ '532 111 22 33', 1, 0 ],
           [ 'IPEK', 2 ], [ 'ipek isik', 2 ], [ 'İpek Öztürk', 2 ],
           [ 'yılmaz', 3, 1, 0 ], [ 'YILMAZ mehmet', 3 ], [ 'yılmaz ipek' ],
           [ 'kg-1', 1, 0 ], [ 'kg', 3, 2, 1, 0 ], [ '7788', 1, 0 ],
           [ lc $id[2], 2 ], [ substr($id[2], 0, 9), 2 ],
           [ 'nobody@ornek.example' ], [ '"><script>' ])
{
    my ($q, @want) = @$e;
    my $q8 = encode('UTF-8', $q);
    is_deeply(ids('q=' . uri($q)), newest(map { $id[$_] } @want),
              "API: $q8");

    my $res = $t->get('/staff/?q=' . uri($q), @desk);
    is($res->status, 200, "desk: $q8");
    is_deeply([ $res->body =~ m{/staff/rma/([^"/?]+)"}g ],
              newest(map { $id[$_] } @want), 'finds the same');
}

# ---- with the filters ----

is_deeply(ids('order=kg1'), newest(@id[1, 0]), 'of an order');
is_deeply(ids('order=kg1&q=' . uri('yılmaz')), newest(@id[1, 0]),
          'and a name');
is_deeply(ids('order=kg1&q=mehmet'), [], 'and another');
is_deeply(ids('status=declined&q=ipek'), [], 'of a status');
is_deeply(ids('from=2020-01-01&to=2020-12-31'), [], 'between two days');
is_deeply(ids('from=2020-01-01'), newest(@id), 'from');
is_deeply(ids('to=2020-01-01'), [], 'to');
is_deeply(ids('from=' . uri(CXR::Test::iso(time + 60))), [], 'a time');
is($t->api(GET => "/rmas?$_")->status, 400, "refused: $_")
    for 'from=yesterday', 'to=2026-13-01', 'status=lost', 'limit=0',
        'cursor=AAAA', 'q=' . 'x' x 201, 'q=%FF';

# ---- page by page ----

{
    my (@seen, $cursor);
    for (1 .. 9) {
        my $res = $t->api(GET => '/rmas?limit=1&q=' . uri('yılmaz')
                                 . ($cursor ? "&cursor=$cursor" : ''))->json;
        push @seen, map { $_->{id} } @{ $res->{rmas} };
        $cursor = $res->{next} // last;
    }
    is_deeply(\@seen, newest(@id[3, 1, 0]), 'newest first, each once');
}

# ---- nothing of a person stands in the store ----

{
    my $bytes = CXR::Test::slurp($t->dir . '/store/data.mdb');
    for my $s ('ornek.example', '5321112233', '21112233', 'mehmet', 'Mehmet',
               'YILMAZ', 'ipek')
    {
        is(index($bytes, $s), -1, "no \"$s\" in data.mdb");
    }
}

$t->journal_ok;
$t->finish;
done_testing();

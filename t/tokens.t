#!/usr/bin/perl
# Links: altered in any byte, cut, of another purpose, of another key, expired.
# None of it opens anything, all of it gets one page, and it is counted.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use MIME::Base64 qw(encode_base64url decode_base64url);
use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 1)->start;

$t->delivered_order('KG-1', 1);
my $res = $t->api(POST => '/rmas', { order => 'KG-1', lines => [ {
    line => '1', quantity => 1, reason => 'changed_mind' } ] });
my $id = $res->json->{rma}{id};

my %link = (track => $t->link_path('track', order => 'KG-1'),
            order => $t->link_path('order', order => 'KG-1'),
            rma => $t->link_path('rma', rma => $id));
my %root = (track => '/track/t/', order => '/returns/o/',
            rma => '/returns/r/');
my $conn = $t->conn;

sub get {
    my ($path) = @_;
    my $r = $conn->request(GET => $path);
    if (!$r) {
        $conn = $t->conn;
        $r = $conn->request(GET => $path)
            // CXR::HTTP::Response->new(0, {}, '');
    }
    if (($r->header('connection') // '') eq 'close') {
        $conn = $t->conn;
    }
    return $r;
}

is(get($link{$_})->status, 200, "$_: the link opens") for sort keys %link;

my $refused = $t->metric('cx_returns_tokens_refused_total');
my $n = 0;

for my $p (sort keys %link) {
    my $token = substr $link{$p}, length $root{$p};
    my ($head, $payload, $footer)
        = $token =~ /^(v4\.local\.)([\w-]+)\.([\w-]+)$/
        or die "token: $token\n";
    my %status;

    # every character, changed to another of the alphabet

    for my $i (0 .. length($token) - 1) {
        my $c = substr $token, $i, 1;
        my $bad = $token;
        substr $bad, $i, 1, $c eq 'A' ? 'B' : 'A';
        $status{ get($root{$p} . $bad)->status }++;
        $n++;
    }

    # every bit of the bytes behind it

    my $bytes = decode_base64url($payload);
    for my $i (0 .. length($bytes) - 1) {
        my $bad = $bytes;
        substr($bad, $i, 1) ^= chr(1 << ($i % 8));
        $status{ get("$root{$p}$head" . encode_base64url($bad)
                     . ".$footer")->status }++;
        $n++;
    }

    # every length

    for my $i (1 .. length($token) - 1) {
        $status{ get($root{$p} . substr $token, 0, $i)->status }++;
        $n++;
    }

    is_deeply([ keys %status ], [ '404' ], "$p: altered or cut: one answer");

    # another footer, none, more

    for my $bad ("$head$payload", "$head$payload.", "$head$payload.$footer.",
                 "$head$payload.$footer.x", "$head$payload.YTE",
                 "$head$payload.$footer=", "$token%00", "$token%0a",
                 "$token$token", "v4.public.$payload.$footer",
                 "v3.local.$payload.$footer", "v4.local..$footer",
                 'v4.local.' . 'A' x 6000 . ".$footer", 'x' x 7000,
                 "$head$payload.$footer%20", "%ff%fe")
    {
        my $r = get($root{$p} . $bad);
        like($r->status, qr/^(?:400|404|414)$/, "$p: " . substr($bad, 0, 40));
        unlike($r->body, qr/Etiyopya|KG-1\b/, 'and says nothing');
    }

    # at the doors of the others

    for my $q (grep { $_ ne $p } sort keys %root) {
        is(get($root{$q} . $token)->status, 404, "$p: not for $q");
        $n++;
    }
}

cmp_ok($t->metric('cx_returns_tokens_refused_total'), '>=', $refused + $n,
       'counted');

# a post with a bad link changes nothing

my ($form) = $t->get($link{rma})->forms;
(my $bad = $link{rma}) =~ s/(.)(.{40})$/($1 eq 'A' ? 'B' : 'A') . $2/e;
is($t->form("$bad/cancel", [ [ expect => 1 ] ])->status, 404,
   'a cancellation by an altered link');
is($t->form("$root{rma}" . substr($link{order}, length $root{order})
            . '/cancel', [])->status, 404, 'by a link of an order');
is($t->api(GET => "/rmas/$id")->json->{rma}{cancelled} ? 1 : 0, 0,
   'nothing was cancelled');

# ---- expired: the same keys and store, two days later ----

{
    my $path = $t->link_path('track', order => 'KG-1', days => 1);
    my $long = $t->link_path('track', order => 'KG-1', days => 5);
    is($t->get($path)->status, 200, 'a link of one day');

    my $later = CXR::Test->new(faketime => '+2d', store => $t->dir . '/store',
                               keys => $t->dir . '/keys')->start;
    my $expired = $later->metric('cx_returns_tokens_expired_total');
    my $r = $later->get($path);
    is($r->status, 410, 'two days later: gone');
    unlike($r->body, qr/Etiyopya|KG-1\b/, 'and it says nothing');
    like($r->body, qr/\/returns\//, 'but where to go');
    is($later->metric('cx_returns_tokens_expired_total'), $expired + 1,
       'counted');
    is($later->get($long)->status, 200, 'a longer one opens');
    (my $altered = $path) =~ s/(.)(.{40})$/($1 eq 'A' ? 'B' : 'A') . $2/e;
    is($later->get($altered)->status, 404,
       'expired and altered: it is not told apart');
    $later->finish;
}

# ---- a label past its time is not printed again ----

{
    is($t->get("$link{rma}/label.html")->status, 200, 'a label');
    my $later = CXR::Test->new(faketime => '+40d', store => $t->dir . '/store',
                               keys => $t->dir . '/keys')->start;
    for my $label (qw(label.html label.svg)) {
        my $r = $later->get("$link{rma}/$label");
        is($r->status, 303, "forty days later: no $label");
        like($r->header('location'), qr{/returns/r/[^/]+$},
             'but the page that says why');
    }
    is($later->get($link{rma})->status, 200, 'which is there');
    $later->finish;
}

# ---- another key ring: none of the links is of it ----

{
    my $keys = $t->dir . '/keys';
    my $old = CXR::Test::slurp($keys);
    unlink $keys;
    is(system(CXR::Test::cx() . " keys create $keys >/dev/null"), 0,
       'another key ring');
    $t->{log_ok} = qr/personal data in it is sealed with other keys/;
    ok($t->reload, 'reload');
    for my $p (sort keys %link) {
        is($t->get($link{$p})->status, 404, "$p: a link of another key");
    }
    is($t->put_order('KG-9')->status, 503, 'and nothing is sealed with it');
    CXR::Test::spew($keys, $old);
    chmod 0600, $keys;
    ok($t->reload, 'the old one again');
    is($t->get($link{$_})->status, 200, "$_: opens again") for sort keys %link;
}

# ---- a rotation breaks no link ----

for my $use (qw(local public person)) {
    is(system(CXR::Test::cx() . ' keys rotate ' . $t->dir
              . "/keys --use $use >/dev/null"), 0, "$use keys rotated");
}
ok($t->reload, 'reload');
is($t->get($link{$_})->status, 200, "$_: an older key's link opens")
    for sort keys %link;
my $new = $t->link_path('track', order => 'KG-1');
isnt((split /\./, $new)[-1], (split /\./, $link{track})[-1],
     'new links are made with the new key');
is($t->get($new)->status, 200, 'and open');

# ---- public links, for shops that want edges unable to mint ----

{
    my $p = CXR::Test->new(server => 'cx_returns_link_format public;')->start;
    $p->delivered_order('KG-1', 1);
    my $path = $p->link_path('track', order => 'KG-1');
    like($path, qr{/track/t/v4\.public\.}, 'a public link');
    is($p->get($path)->status, 200, 'opens');
    (my $bad = $path) =~ s/(.)(.{40})$/($1 eq 'A' ? 'B' : 'A') . $2/e;
    is($p->get($bad)->status, 404, 'altered: not');
    (my $order = $path) =~ s{^/track/t/}{/returns/o/};
    is($p->get($order)->status, 404, 'not for another purpose');
    $p->finish;
}

$t->finish;
done_testing;

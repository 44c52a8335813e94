#!/usr/bin/perl
# The ways to the messages: from the parcel, the order and the return, with what
# is new on each; a number alone leads nowhere near an order.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 1)->start;

my $parcel = $t->delivered_order('KG-1', 2);
my $rma = $t->api(POST => '/rmas', { order => 'KG-1',
    lines => [ { line => '1', quantity => 1, reason => 'changed_mind',
                 outcome => 'refund' } ] })->json->{rma}{id};

sub page {
    my ($purpose, %o) = @_;
    return '/en' . $t->link_path($purpose, order => 'KG-1', %o);
}

my $track = page('track');
my $order = page('order');
my $return = page('rma', rma => $rma);

sub says {
    my ($path, $re, $name) = @_;
    like($t->get($path)->text, $re, $name);
}

sub hides {
    my ($path, $re, $name) = @_;
    unlike($t->get($path)->text, $re, $name);
}

sub goes {
    my ($path, $re, $name) = @_;
    my $res = $t->get($path);
    is($res->status, 303, "$name: leads on");
    like($res->header('location'), $re, "$name: where to");
    return $res->header('location');
}

# ---- nobody has written ----

says($track, qr{href="\Q$track\E/talk"[^>]*>Write to us}, 'the parcel');
hides($track, qr/new message/, 'with nothing new');
says($order, qr{href="\Q$order\E/talk">Write to us}, 'the order');
hides($return, qr{Messages about your order}, 'the return has its own');

my $talk = goes("$track/talk", qr{^/en/returns/o/v4\.local\.[^/]+/talk$},
                'from the parcel');
my $res = $t->get($talk);
is($res->status, 200, 'the page');
my ($form) = grep { $_->{action} =~ m{/message$} } $res->forms;
like($res->text, qr/mailto:[^"]+\?subject=KG-1"/, 'a mail names the order');
like($t->get($order)->text, qr{wa\.me/\d+\?text=KG-1"}, 'so does WhatsApp');
is($t->submit($form, { message => 'When will it come?' })->status, 303,
   'a message');

# ---- the shop answers ----

is($t->api(POST => '/orders/KG-1/message', { text => 'Tomorrow.',
    from => 'shop' })->status, 201, 'an answer') or diag($res->body);

says($track, qr{href="\Q$track\E/talk">1 new message<}, 'the parcel tells');
says($order, qr{/talk">Messages</a> <a class="pill busy" href="[^"]+/talk">1 new message<},
     'the order tells');
says($return, qr{/talk">Messages about your order</a> <a class="pill busy" href="[^"]+/talk">1 new},
     'the return tells');

my $etag = $t->get($track)->header('etag');
ok($etag, 'the page has a mark');
is($t->get($track, 'If-None-Match' => $etag)->status, 304, 'nothing newer');

# ---- and writes about the return ----

$t->api(POST => "/rmas/$rma/message", { text => 'Got it.', from => 'shop' });
$t->api(POST => "/rmas/$rma/message", { text => 'Both.', from => 'shop' });

is($t->get($track, 'If-None-Match' => $etag)->status, 200,
   'a message is news of the page');
says($track, qr{/talk">3 new messages<}, 'all of them');
says($order, qr{\Q$rma\E.*?/r/[^"]+#talk">2 new messages<}s,
     'beside the return');
says($return, qr{<a class="btn quiet" href="#talk">2 new messages<},
     'at the top of its page');
goes("$track/talk", qr{/returns/o/[^/]+/talk$}, 'the order\'s first');

# ---- read ----

sub reads {
    my ($path) = @_;
    my ($f) = grep { $_->{action} =~ m{/read$} } $t->get($path)->forms;
    is($t->submit($f)->status, 303, 'read');
}

reads($talk);
says($track, qr{/talk">2 new messages<}, 'those of the return are left');
goes("$track/talk", qr{/returns/r/[^/]+#talk$}, 'which is where they are');
hides($order, qr{pill busy" href="[^"]+/talk"}, 'none of the order');
reads($return);
hides($_, qr/new message/, 'nothing new') for $track, $order, $return;

# ---- a number alone ----

$res = $t->form('/en/track/', [ [ number => $parcel ] ]);
my $bare = $res->header('location');
like($bare, qr{^/en/track/t/}, 'the parcel, by its number');
$t->api(POST => '/orders/KG-1/message', { text => 'Psst.', from => 'shop' });
my $text = $t->get($bare)->text;
my $words = $text =~ s/v4\.local\.[\w-]+/-/gr;    # which may spell a number

for my $word ('Ayşe', 'Yılmaz', 'ayse@example.com', '34394', '905550000000',
              'KG-1', 'Etiyopya', 'Fincan', $rma, 'new message', '/returns/o/',
              '/returns/r/', "$bare/")
{
    unlike($word =~ m{/} ? $text : $words, qr/\Q$word\E/,
           "not a word of \"$word\"");
}

is($t->get("$bare/$_")->status, 404, "nor a way to its $_")
    for qw(talk return);
is($t->form("$bare/survey", [ [ score => 5 ] ])->status, 404,
   'nor a word in its survey');

(my $token = $bare) =~ s{.*/}{};
is($t->get("/en/returns/$_/$token")->status, 404, "nor is it a link to $_/")
    for qw(o r w);

$t->journal_ok;
$t->finish;
done_testing;

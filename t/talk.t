#!/usr/bin/perl
# Conversation: the shopper's page, the desk and the shop's other channels write
# in one thread; what is unread and what waits; the answer that moves an RMA.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP;
use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 2)->start;

sub events {
    my ($type) = @_;
    return grep { $_->{type} eq $type }
        map { decode_json($_) }
        grep { length } split /\n/,
        $t->api(GET => '/events?after=0&limit=1000')->body;
}

sub form_of {
    my ($html, $action) = @_;
    my ($f) = grep { ($_->{action} // '') =~ m{\Q$action\E$} } $html->forms;
    return $f;
}

$t->delivered_order('KG-1', 2);
my $rma = $t->api(POST => '/rmas', { order => 'KG-1', locale => 'tr',
    lines => [ { line => '1', quantity => 1, reason => 'damaged',
                 note => 'Kırık geldi.', outcome => 'refund' } ] })->json->{rma};
my $page = $t->link_path('rma', order => 'KG-1', rma => $rma->{id});
$page =~ s{^/(?:tr|en)/}{/};
my $desk = "/staff/rma/$rma->{id}";
my @who = ($t->staff_headers);

# ---- the shopper writes ----

# the desk's own counts: of a queue, of new messages on a row

sub waiting {
    my ($name) = @_;
    return $t->get('/en/staff/', @who)->text
        =~ m{$name"[^>]*>[^<]*<span class="count[^>]*>(\d+)} ? $1 : -1;
}

sub row {
    my ($id) = @_;
    return $t->get('/en/staff/?queue=answer', @who)->text
        =~ m{(<tr>(?:(?!</tr>).)*/rma/\Q$id\E.*?</tr>)}s ? $1 : '';
}

is(waiting('queue=answer'), 0, 'nobody waits for an answer yet');
is(waiting('/staff/messages'), 0, 'and no conversation does');

my $html = $t->get("/tr$page");
like($html->text, qr/Sorunuz mu var\?/, 'there is room to write');
my $form = form_of($html, '/message');
ok($form, 'a form');
my $res = $t->submit($form, { message => "Kutu ezik.\n<b>İki</b> fincan kırık" });
is($res->status, 303, 'a message');
like($res->header('location'), qr{\?said=1#talk$}, 'leads back to it');
$t->submit($form, { message => "Kutu ezik.\n<b>İki</b> fincan kırık" });
is(scalar events('message.posted'), 1, 'sent twice it says it once');
like($t->get("/tr$page?said=1")->text, qr/Mesajınız gönderildi/, 'thanks');
$html = $t->get("/tr$page")->text;
like($html, qr/&lt;b&gt;İki&lt;\/b&gt;/, 'escaped');
unlike($t->api(GET => '/events?after=0&limit=1000')->body, qr/fincan/,
       'the words are not in the feed of events');
my $event = (events('message.posted'))[0];
is($event->{data}{rma}, $rma->{id}, 'whose event names the RMA');
is($event->{data}{from}, 'shopper', 'and who wrote');

like($html, qr/mailto:[^"]+\?subject=\Q$rma->{id}\E"/, 'a mail names the RMA');
like($html, qr{wa\.me/\d+\?text=\Q$rma->{id}\E"}, 'so does WhatsApp');

# ---- what is to be mended ----

$res = $t->submit($form, { message => "  \n " });
is($res->status, 422, 'nothing');
like($res->text, qr/bir şeyler yazın/, 'says so in her language');
$res = $t->submit($form, { message => 'ğ' x 4001 });
is($res->status, 422, 'too much');
like($res->text, qr/en çok 4[.]?000 karakter.*ğğğğ/s, 'says so, keeps the text');
is($t->request(POST => "$page/message",
       headers => [ 'Content-Type' => 'application/x-www-form-urlencoded' ],
       body => 'message=a%FF')->status, 400, 'not UTF-8');
is($t->get("/tr$page/message")->status, 303, 'to look at, it is the page');

# ---- the desk ----

$html = $t->get('/staff/messages', @who)->text;
like($html, qr/\Q$rma->{id}\E/, 'it waits for the shop');
like($html, qr/Kutu ezik/, 'with its beginning');
like($t->get('/en/staff/messages', @who)->text,
     qr/(?:Just now|\d minutes?) <span[^>]*>· no answer yet</, 'how long, and that nobody answered');
is(waiting('queue=answer'), 1, 'the RMA stands in the queue of answers');
is(waiting('/staff/messages'), 1, 'and its conversation in theirs');
like(row($rma->{id}), qr/#talk">1 new message</, 'with what is new');
is($t->api(GET => "/rmas/$rma->{id}")->json->{rma}{revision}, $rma->{revision},
   'though no message changes the RMA');
$html = $t->get($desk, @who);
like($html->text, qr/fincan/, 'the desk reads it');
like($html->text, qr/Kahve Gurusu|beri yanıt bekliyor|Waiting for an answer/,
     'and sees that it waits');
$res = $t->submit(form_of($html, '/message'), { message => 'Hemen bakıyoruz.' },
                  @who);
is($res->status, 303, 'an answer');
unlike($t->get('/staff/messages', @who)->text, qr/\Q$rma->{id}\E/,
       'nothing waits any more');
is(waiting('queue=answer'), 0, 'the queue is empty again');
is(row($rma->{id}), '', 'and lists nothing');
is($t->form("$desk/message", [ [ message => 'x' ] ], @who)->status, 403,
   'no form of the desk, no message');
my $metrics = $t->get('/metrics')->body;
like($metrics, qr/^cx_returns_first_responses_total 1$/m, 'a first response');
like($metrics, qr/^cx_returns_messages_from_shop_total 1$/m, 'counted');

$html = $t->get("/tr$page");
like($html->text, qr/Hemen bakıyoruz/, 'the shopper reads it');
like($html->text, qr/1 yeni mesaj/, 'as a new one');
unlike($html->text, qr/staff:|>ayse</, 'from the shop, not from a login');
is($t->submit(form_of($html, '/read'), {})->status, 303, 'she has read it');
unlike($t->get("/tr$page")->text, qr/yeni mesaj/, 'and it is new no more');
is(scalar events('message.read'), 1, 'an event too');

# ---- canned replies ----

$html = $t->get("$desk?reply=photo", @who)->text;
like($html, qr/Merhaba Ayşe Yılmaz/, 'a reply with its fields filled in')
    or diag $html =~ /(<textarea id="message".{0,400})/s;
like($html, qr{https?://[^\s]+/returns/r/v4}, 'and a link to her page');

# ---- staff ask, the shopper's message answers ----

is($t->api(POST => "/rmas/$rma->{id}/request-info",
           { reason => 'Fotoğraf gönderir misiniz?' })->status, 200, 'asked');
is($t->api(GET => "/rmas/$rma->{id}")->json->{rma}{status}, 'info_needed',
   'the RMA waits for her');
$html = $t->get("/tr$page");
like($html->text, qr/href="#talk"/, 'her page leads to the thread');
$t->submit(form_of($html, '/message'), { message => 'Ekte.' });
is($t->api(GET => "/rmas/$rma->{id}")->json->{rma}{status}, 'requested',
   'her message moves it on');

# ---- other channels ----

my $mail = { text => 'E-postayla yazıyorum.', from => 'shopper',
             channel => 'email', id => '<abc@mail.example>' };
$res = $t->api(POST => "/rmas/$rma->{id}/message", $mail);
is($res->status, 201, 'an e-mail comes in');
$res = $t->api(POST => "/rmas/$rma->{id}/message",
               { %$mail, text => 'E-postayla  yazıyorum. ' });
is($res->status, 200, 'delivered again');
ok($res->json->{repeated}, 'it is the same one');
like($t->get("/tr$page")->text, qr/E-postayla yazıyorum.*e-postayla/s,
     'it stands in the thread with its channel');
unlike($t->api(GET => '/events?after=0&limit=1000')->body, qr/mail\.example/,
       'its id is kept nowhere');

my $list = $t->api(GET => "/rmas/$rma->{id}/messages")->json;
is(scalar @{ $list->{messages} }, 4, 'all of the thread over the API');
is($list->{messages}[-1]{channel}, 'email', 'with channels');
is($list->{messages}[1]{from}, 'shop', 'and sides');
is($list->{unread_by_shop}, 2, 'and what is unread');
$list = $t->api(GET => "/rmas/$rma->{id}/messages?after=3")->json;
is(scalar @{ $list->{messages} }, 1, 'from a place on');

for my $bad ([ {}, '/text' ], [ { %$mail, from => 'me' }, '/from' ],
             [ { %$mail, channel => 'fax' }, '/channel' ],
             [ { %$mail, more => 1 }, '/more' ],
             [ { %$mail, text => 'x' x 4001 }, '/text' ])
{
    $res = $t->api(POST => "/rmas/$rma->{id}/message", $bad->[0]);
    is($res->status, 400, "fault at $bad->[1]");
    like($res->body, qr/"\Q$bad->[1]\E"/, 'named');
}

is($t->api(POST => '/rmas/KG-AAAA-AAAA/message', $mail)->status, 404,
   'no such RMA');
is($t->api(POST => '/orders/NONE/message', $mail)->status, 404,
   'no such order');
is($t->api(POST => "/rmas/$rma->{id}/close", {})->status, 200, 'closed');
like($t->get('/metrics')->body, qr/^cx_returns_resolutions_total 1$/m,
     'a resolution');

# ---- an order's own thread ----

my $order = $t->link_path('order', order => 'KG-1');
$order =~ s{^/(?:tr|en)/}{/};
$html = $t->get("/en$order/talk");
is($html->status, 200, 'a page of its own');
$t->submit(form_of($html, '/message'), { message => 'When will you ship?' });
like($t->get("/en$order/talk")->text, qr/When will you ship/, 'written');
unlike($t->get("/en$page")->text, qr/When will you ship/,
       'not in the thread of an RMA');
like($t->get('/staff/messages', @who)->text,
     qr{messages/KG1#talk"[^>]*>KG-1<}, 'named as the shop writes its number');
$html = $t->get('/staff/messages/KG1', @who);
like($html->text, qr/When will you ship/, 'the desk has it');
is($t->submit(form_of($html, '/message'), { message => 'Tomorrow.' }, @who)
       ->status, 303, 'and answers');
is($t->submit(form_of($t->get('/staff/messages/KG1', @who), '/close'), {},
              @who)->status, 303, 'and closes it');
is(scalar @{ $t->api(GET => '/orders/KG-1/messages')->json->{messages} }, 6,
   'all of the order over the API');
is($t->get("/staff/messages/NONE", @who)->status, 404, 'no such order');
is($t->get("/tr$order/talk/close")->status, 404, 'shoppers close nothing');

# ---- too many ----

my $few = CXR::Test->new(server => 'cx_returns_message_rate 2r/h;')->start;
$few->delivered_order('KG-2', 1);
$order = $few->link_path('order', order => 'KG-2');
for my $i (1 .. 3) {
    $form = form_of($few->get("$order/talk"), '/message');
    $res = $few->submit($form, { message => "Mesaj $i" });
    is($res->status, $i < 3 ? 303 : 429, "message $i");
}
like($res->text, qr/birkaç dakika sonra.*Mesaj 3/s,
     'says when, and keeps what was written');
is($few->metric('cx_returns_messages_limited_total'), 1, 'counted');
$few->finish;

# ---- a store without room ----

my $full = CXR::Test->new(map_size => '1m', log_ok => qr/no room/,
    server => 'cx_returns_message_rate 1000r/h;')->start;
$full->delivered_order('KG-3', 1);
$order = $full->link_path('order', order => 'KG-3');
my $words = 'Uzun bir mesaj ' x 200;
for my $i (1 .. 200) {
    $res = $full->form("$order/talk/message",
                       [ [ key => "k$i" ], [ message => "$words $i." ] ]);
    last if $res->status != 303;
}
is($res->status, 503, 'no room for a message');
is($res->header('retry-after'), 5, 'for now');
like($res->text, qr/şu anda kaydedilemedi.*Uzun bir mesaj \d+\.<\/textarea>/s,
     'says so, and keeps what was written');
$full->finish;

# ---- very much of it ----

for my $i (1 .. 60) {
    $t->api(POST => '/orders/KG-1/message', { from => 'shopper', id => "l$i",
            channel => 'email', text => "Nr. $i " . "\x{1f600}" x 3990 });
}
$order = $t->link_path('order', order => 'KG-1');
for my $q ('', '?talk=all') {
    $res = $t->get("$order/talk$q");
    is($res->status, 200, "long messages: a page$q");
    cmp_ok(length $res->body, '<', 640 * 1024, 'of bounded size');
    like($res->text, qr/Nr\. 60 /, 'with the latest');
}

my $dir = $t->dir;
my $cx = CXR::Test::cx();
is(system("$cx rebuild --store $dir/store --into $dir/anew --keys $dir/keys"
          . " >/dev/null 2>&1"), 0, 'all of it comes out of the journal again');

$t->finish;
done_testing;

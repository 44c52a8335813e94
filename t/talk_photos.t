#!/usr/bin/perl
# Photos in messages that come over the API and from the desk's page of an order;
# the threads of an order's RMAs on the order's own; messages that show nothing.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Photo qw(png multipart submit_files);
use CXR::Test;

my $t = CXR::Test->new(workers => 2, server => 'client_max_body_size 4m;');
my $photos = $t->dir . '/photos';
$t->{http} = "cx_returns_photos $photos max_size=512k count=3;";
$t->start;

my @staff = $t->staff_headers;

sub post_photo {
    my ($where, $png) = @_;
    my $res = $t->request(POST => "/api/v1/$where/photos", body => $png,
        headers => [ @staff, 'Content-Type' => 'image/png' ]);
    is($res->status, 201, "a photo for $where") or diag($res->body);
    return $res->json->{photos}[0];
}

$t->delivered_order($_, 2) for 'KG-1', 'KG-2';
my $rma = $t->api(POST => '/rmas', { order => 'KG-1', locale => 'tr',
    lines => [ { line => '1', quantity => 1, reason => 'damaged', note => 'x',
                 outcome => 'refund' } ] })->json->{rma}{id};
my $page = $t->link_path('rma', rma => $rma);
my $talk = $t->link_path('order', order => 'KG-1') . '/talk';

# ---- what came by WhatsApp, with a photo ----

my $photo = post_photo("rmas/$rma", png(60, 40));
my $said = { text => 'Kutu böyle geldi.', from => 'shopper',
             channel => 'whatsapp', id => 'wamid.1',
             photos => [ $photo->{id} ] };
my $res = $t->api(POST => "/rmas/$rma/message", $said);
is($res->status, 201, 'a message that names it') or diag($res->body);
is($t->api(POST => "/rmas/$rma/message", $said)->json->{repeated}, 1,
   'delivered again: no other one');
my $list = $t->api(GET => "/rmas/$rma/messages")->json->{messages};
is(scalar @$list, 1, 'one message');
is($list->[0]{photos}[0]{width}, 60, 'with its photo');
is($t->api(GET => "/rmas/$rma/photos/$list->[0]{photos}[0]{hash}")->status, 200,
   'which the API shows');
my ($src) = $t->get($page)->text =~ m{<a href="([^"]+/photo/[0-9a-f]{64})"};
ok($src, 'it stands on the shopper\'s page');
is($t->get($src)->status, 200, 'and is shown there');
like($t->get("/staff/rma/$rma", @staff)->text, qr{/photo/[0-9a-f]{64}},
     'and at the desk');

# a photo alone; none at all

$photo = post_photo('orders/KG-1', png(61, 41));
is($t->api(POST => '/orders/KG-1/message', { from => 'shopper',
   channel => 'email', photos => [ $photo->{id} ] })->status, 201,
   'a photo alone is a message');
($src) = $t->get($talk)->text =~ m{<a href="([^"]+/photo/[0-9a-f]{64})"};
is($t->get($src)->status, 200, 'on the order\'s page of messages');
$res = $t->api(POST => '/orders/KG-1/message', { from => 'shopper' });
is($res->status, 400, 'neither');
like($res->body, qr{"/text"}, 'the text is missed');

# ---- what is not hers ----

my $other = post_photo('orders/KG-2', png(62, 42));
for my $bad ([ $other->{id}, 'another order\'s' ], [ 'x', 'none' ],
             [ $photo->{id} . 'A', 'a forged one' ])
{
    $res = $t->api(POST => "/rmas/$rma/message", { text => 'Merhaba',
        from => 'shopper', photos => [ $bad->[0] ] });
    is($res->status, 400, $bad->[1]);
    like($res->body, qr{"/photos"}, 'is told');
}

is($t->api(POST => '/rmas/R-0000-0000/message', { text => 'Merhaba',
   from => 'shopper', photos => [ $photo->{id} ] })->status, 404,
   'no such RMA');
is($t->request(POST => '/api/v1/rmas/R-0000-0000/photos', body => png(5, 5),
   headers => [ @staff, 'Content-Type' => 'image/png' ])->status, 404,
   'to which nothing is kept');
is($t->api(POST => "/rmas/$rma/message", { text => 'Merhaba', from => 'shopper',
   photos => [ ($photo->{id}) x 21 ] })->status, 400, 'too many');
unlink glob "$photos/*/*";
$res = $t->api(POST => "/rmas/$rma/message", { text => 'Merhaba',
    from => 'shopper', photos => [ $photo->{id} ] });
is($res->status, 422, 'one that was swept meanwhile');
like($res->json->{type}, qr/photo_gone/, 'is told');

# ---- the desk's page of an order ----

my $desk = '/staff/messages/KG1';
my $html = $t->get($desk, @staff);
my ($form) = grep { ($_->{action} // '') =~ m{/message$} } $html->forms;
like($html->text, qr/enctype="multipart\/form-data"/, 'its form takes photos');
like($html->text, qr/<input type="file"[^>]*name="photo"/, 'and asks for them');
$res = $t->request(POST => $form->{action}, headers => [ @staff,
    'Content-Type' => (multipart(map { [ @$_ ] } (
        (map { [ $_->[0], $_->[1] ] } grep { $_->[0] ne 'message'
                                             && $_->[0] ne 'photo' }
            @{ $form->{fields} }),
        [ message => 'Böyle görünmeli.' ], [ photo => png(70, 50), 'a.png' ])))[0] ],
    body => (multipart(map { [ @$_ ] } (
        (map { [ $_->[0], $_->[1] ] } grep { $_->[0] ne 'message'
                                             && $_->[0] ne 'photo' }
            @{ $form->{fields} }),
        [ message => 'Böyle görünmeli.' ], [ photo => png(70, 50), 'a.png' ])))[1]);
is($res->status, 303, 'staff send one') or diag($res->body);
like($t->get($desk, @staff)->text, qr/width="70" height="50"/, 'it stands there');
like($t->get($talk)->text, qr/width="70" height="50"/, 'and is the shopper\'s');
my ($type, $body) = multipart([ t => 'no' ], [ message => 'x' ],
                              [ photo => png(5, 5), 'a.png' ]);
is($t->request(POST => $form->{action}, body => $body,
   headers => [ @staff, 'Content-Type' => $type ])->status, 403,
   'without the form\'s token nothing');

# ---- the threads of its RMAs ----

$html = $t->get($talk)->text;
like($html, qr{href="[^"]*/r/[^"]+#talk"><span class="num">\Q$rma\E},
     'the order\'s own page leads to the RMA\'s thread');
like($html, qr/\Q$rma\E.*?1 mesaj|\Q$rma\E.*?1 message/s, 'and counts it');
like($t->get($desk, @staff)->text,
     qr{/staff/rma/\Q$rma\E#talk"><span class="num">\Q$rma\E},
     'so does the desk\'s');
unlike($t->get($t->link_path('order', order => 'KG-2') . '/talk')->text,
       qr/id="threads"/, 'an order without any has none');
my $quiet = $t->api(POST => '/rmas', { order => 'KG-2', lines => [ {
    line => '1', quantity => 1, reason => 'changed_mind',
    outcome => 'refund' } ] })->json->{rma}{id};
like($t->get('/tr' . $t->link_path('order', order => 'KG-2') =~ s{^/tr}{}r
             . '/talk')->text,
     qr/\Q$quiet\E.*?henüz mesaj yok/s, 'one that nobody wrote in is told so');

# ---- what shows nothing says nothing ----

for my $nothing ("\x{200b}", " \x{2060}\n\x{00ad} ", "\x{3164}\x{fe0f}") {
    $res = $t->api(POST => "/rmas/$rma/message",
                   { text => $nothing, from => 'shopper' });
    is($res->status, 400, 'a message of nothing that shows') or diag $res->body;
    my ($f) = grep { ($_->{action} // '') =~ m{/message$} }
              $t->get($page)->forms;
    is($t->submit($f, { message => $nothing })->status, 422,
       'on the page, too');
}

$t->journal_ok;
$t->finish;
done_testing();

#!/usr/bin/perl
# Claims: something is wrong with what came, or it never came.  Told by the
# shopper with photos, over the API, and looked at by the desk.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Photo qw(png submit_files multipart);
use CXR::Test;

my %shop = (
    'policy.outcomes' => [ 'refund', 'exchange', 'replacement' ],
    'policy.reasons' => [
        { code => 'changed_mind' },
        { code => 'damaged', claim => 'damaged', note => JSON::PP::true },
        { code => 'wrong_item', claim => 'wrong' },
        { code => 'missing_parts', claim => 'missing',
          review => JSON::PP::true },
        { code => 'never_came', claim => 'lost',
          text => { tr => 'Paket gelmedi', en => 'It never came' } },
        { code => 'other', note => JSON::PP::true } ],
    'policy.claims' => {
        damaged => { photos => 'required', goods_back => JSON::PP::false,
                     window_days => 30,
                     outcomes => [ 'refund', 'replacement' ] },
        wrong => { photos => 'optional' },
        lost => { after_hours => 24, late_days => 3, window_days => 60 } },
    four_eyes => JSON::PP::true,
);

my $t = CXR::Test->new(workers => 2, shop => \%shop,
    server => 'client_max_body_size 8m; cx_returns_message_rate 1000r/h;');
my $photos = $t->dir . '/photos';
$t->{http} = "cx_returns_photos $photos max_size=512k count=3 claim=4;";
$t->start;

sub files { return grep { -f && !/-s\.jpg$/ } glob "$photos/*/*" }
sub order_page { return '/tr' . ($t->link_path('order', order => $_[0]) =~ s{^/(?:tr|en)/}{/}r) }
sub post_form { return (grep { $_->{method} eq 'POST' } $_[0]->forms)[0] }
sub tickets { return $_[0]->text =~ m{name="p\.\d+" value="([^"]+)"}g }

# ---- from the order's page to the claim ----

$t->delivered_order('KG-1', 2);
my $page = order_page('KG-1');
my $html = $t->get($page)->text;
like($html, qr/Üründe bir sorun mu var/, 'the order\'s page asks');
my ($way) = grep { /[?]k=1$/ } $t->get($page)->links;
ok($way, 'and leads on');

my $res = $t->get($way);
is($res->status, 200, 'which item');
like($res->text, qr/Sorun hangi üründe/, '... in its own words');
my $form = ($res->forms)[0];
is($form->{method}, 'GET', 'a form that can be gone back to');
$res = $t->submit($form, { 'c.0' => 1, 'q.0' => 1 });
is($res->status, 200, 'what happened');
$html = $res->text;
like($html, qr/Ne oldu\?/, '... is asked');
like($html, qr/name="photo\.0"[^>]*multiple/, '... with photos');
like($html, qr/value="never_came"/, '... of every claim');
unlike($html, qr/value="changed_mind"/, '... and of no return');
unlike($html, qr/name="w"/, 'nothing has to be chosen of how to send it')
    if $html !~ /class="picks"[^<]*<label[^>]*><input type="radio" name="w"/;

my $details = post_form($res);
my %said = ('r.0' => 'damaged', 'o.0' => 'refund',
            'n.0' => 'Kavanoz çatlak geldi.');

# ---- a photo is wanted, and what was said is kept ----

$res = submit_files($t, $details, \%said, []);
is($res->status, 422, 'without the photo that its kind wants');
like($res->text, qr/en az bir fotoğraf/, '... which is said');
like($res->text, qr/href="#p-0"/, '... with a link to its field');
like($res->text, qr/Kavanoz çatlak geldi\./, 'the words are kept');
like($res->text, qr/geri göndermeniz gerekmiyor/,
     'and that nothing need come back');

$res = submit_files($t, $details, { %said, 'n.0' => '' },
                    [ [ 'photo.0', png(60, 40) ] ]);
is($res->status, 422, 'a photo, but no words');
my @tickets = tickets($res);
is(scalar @tickets, 1, 'the photo is kept');
like($tickets[0], qr/^[0-9a-f]{64}\.60\.40\.\d+\.[\w-]{22}$/, 'by a ticket');
my ($small) = $res->text =~ m{<img src="([^"]+/small)"};
is($t->get($small)->header('content-type'), 'image/jpeg', 'and shown');
is($t->get($small)->header('cache-control'), 'private, no-store',
   '... to her alone');

# one more, one that is none, and the words: what is good stays

$form = post_form($res);
$res = submit_files($t, $form, { %said },
    [ [ 'photo.0', png(50, 50, undef, "\x10\x20\x30") ],
      [ 'photo.0', 'GIF89a' ] ]);
is($res->status, 422, 'one of two files is no photo');
like($res->text, qr/fotoğraf değil/, '... which is said');
is(scalar(@tickets = tickets($res)), 2, '... the other one is kept');
is(scalar files(), 2, '... and none else');

# the same once more is the same

$form = post_form($res);
$res = submit_files($t, $form, {}, [ [ 'photo.0', png(60, 40) ] ]);
is($res->status, 200, 'review');

is(scalar(() = $res->text =~ m{/small"}g), 2, 'with the photos, each once');
like($res->text, qr/Bildirdiğiniz ürünler/, 'in the words of a claim');
my $review = post_form($res);
is(scalar(grep { $_->[0] eq 'p.0' } @{ $review->{fields} }), 2,
   'which the form carries on');

# ---- it is sent, once ----

$res = $t->submit($review, {});
is($res->status, 303, 'sent');
my $rma_page = $res->header('location') =~ s{^https?://[^/]+}{}r;
my $again = $t->submit($review, {});
is($again->status, 303, 'sent again');
is($again->header('location') =~ s/[?].*//r =~ s{.*/r/}{}r ne '', 1,
   'there is its page');
my ($id) = $t->get($rma_page)->text =~ /(R-[0-9A-Z]{4}-[0-9A-Z]{4})/;
my $rma = $t->api(GET => "/rmas/$id")->json->{rma};
is($rma->{kind}, 'claim', 'a claim');
is(scalar @{ $t->api(GET => '/rmas?order=KG-1')->json->{rmas} }, 1, 'one');
is($rma->{lines}[0]{claim}, 'damaged', 'of its kind');
is($rma->{method}, 'nothing', 'nothing goes back');
is(scalar @{ $rma->{lines}[0]{photos} }, 2, 'with both photos');

$res = submit_files($t, $details, { %said }, [ [ 'photo.0', png(9, 9) ] ]);
is($res->status, 303, 'back to the form, and sent: its RMA is the answer');

# ---- who sees the photos ----

$html = $t->get($rma_page)->text;
my ($full) = $html =~ m{<a href="([^"]+/photo/[0-9a-f]{64})"};
ok($full, 'the RMA\'s page shows them');
is($t->get($full)->status, 200, '... whole');
is($t->get("$full/small")->status, 200, '... and small');
my ($hash) = $full =~ m{(\w+)$};
my @staff = $t->staff_headers;
$html = $t->get("/tr/staff/rma/$id", @staff)->text;
like($html, qr{/staff/rma/\Q$id\E/photo/$hash/small}, 'the desk has them');
is($t->get("/staff/rma/$id/photo/$hash", @staff)->status, 200, '... shows them');
is($t->get("/staff/rma/$id/photo/$hash")->status, 403, '... to staff alone');

$t->delivered_order('KG-2', 2);
my $other = order_page('KG-2');
is($t->get("$other/photo/$tickets[0]")->status, 404,
   'a ticket of another order opens nothing');
is($t->get("$page/photo/$hash")->status, 404, 'nor does a bare hash');
(my $forged = $tickets[0]) =~ s/\.60\./.61./;
is($t->get("$page/photo/$forged")->status, 404, 'nor a ticket that was changed');
is($t->get("$page/photo/../$tickets[0]")->status, 404, 'nor a path');

# ---- somebody else's photo is not hers to send ----

$form = post_form($t->submit(($t->get("$other?k=1")->forms)[0],
                             { 'c.0' => 1, 'q.0' => 1 }));
for my $bad ([ 'another order\'s', $tickets[0] ], [ 'a forged one', $forged ],
             [ 'nonsense', 'x' x 100 ], [ 'markup', '"><script>' x 9 ])
{
    $res = submit_files($t, $form, { %said, 'p.0' => $bad->[1] }, []);
    is($res->status, 422, "$bad->[0] is refused");
    unlike($res->text, qr/\Q$bad->[1]\E/, '... and not carried on');
}

# ---- limits ----

$res = submit_files($t, $form, { %said },
    [ map { [ 'photo.0', png(10 + $_, 10) ] } 1 .. 5 ]);
is($res->status, 422, 'more at once than are taken');
like($res->text, qr/en çok 4 fotoğraf|En fazla 4|4 fotoğraf/, '... which is said');
is(scalar(() = tickets($res)), 4, '... the first of them are kept');

$res = submit_files($t, $form, { %said },
                    [ [ 'photo.0', "\xff\xd8\xff" . ("\0" x 600_000) ] ]);
is($res->status, 422, 'a photo of too many bytes');
$res = submit_files($t, $form, { %said, 'o.0' => 'exchange:CUP-B' },
                    [ [ 'photo.0', png(5, 5) ] ]);
is($res->status, 422, 'what this kind of claim does not offer');

for my $r ([ 'a field of a line that there is not', 'photo.7' ],
           [ 'a name of no line', 'photo.x' ], [ 'no line', 'x' ])
{
    is(submit_files($t, $form, { %said }, [ [ $r->[1], png(5, 5) ] ])->status,
       422, "$r->[0] is no photo of a line");
}

# ---- a reason of the ordinary return leads to the claim ----

$t->delivered_order('KG-3', 2);
$page = order_page('KG-3');
$form = post_form($t->submit(($t->get($page)->forms)[0],
                             { c => 1, 'c.0' => 1, 'q.0' => 2, 'c.1' => 1 }));
unlike($form->{html}, qr/type="file"/, 'a return asks for no photos');
$res = $t->submit($form, { 'r.0' => 'damaged', 'n.0' => 'Kırık.',
    'o.0' => 'refund', 'r.1' => 'changed_mind', 'o.1' => 'refund', w => 'label' });
is($res->status, 200, 'a reason that claims something is no mistake');
like($res->text, qr/Böyle ulaştığı için üzgünüz/, '... it asks for more');
like($res->text, qr/name="photo\.0"/, '... for photos of that line');
unlike($res->text, qr/name="photo\.1"/, '... not of the other');
like($res->text, qr/Kırık\./, 'nothing is lost: the words');
like($res->text, qr/value="damaged" selected/, '... the reason');
like($res->text, qr/value="changed_mind" selected/, '... of each line');
like($res->text, qr/name="o\.0" value="refund" required checked/,
     '... what is wanted instead');
$res = submit_files($t, post_form($res), {}, [ [ 'photo.0', png(64, 48) ] ]);
is($res->status, 200, 'and then the review');
$res = $t->submit(post_form($res), {});
is($res->status, 303, 'sent');
($id) = $t->get($res->header('location') =~ s{^https?://[^/]+}{}r)->text
        =~ /(R-[0-9A-Z]{4}-[0-9A-Z]{4})/;
$rma = $t->api(GET => "/rmas/$id")->json->{rma};
is($rma->{kind}, 'return', 'a return, of which one line is a claim');
is_deeply([ map { $_->{claim} // 'none' } @{ $rma->{lines} } ],
          [ 'damaged', 'none' ], 'each line its own');
is(scalar @{ $rma->{lines}[0]{photos} }, 1, 'with its photo');

# ---- a photo whose file has gone ----

$t->delivered_order('KG-4', 2);
$page = order_page('KG-4');
$form = post_form($t->submit(($t->get("$page?k=1")->forms)[0],
                             { 'c.1' => 1 }));
$res = submit_files($t, $form, { 'r.1' => 'wrong_item', 'o.1' => 'refund' },
                    [ [ 'photo.1', png(33, 33) ] ]);
is($res->status, 200, 'to the review');
$review = post_form($res);
my ($ticket) = map { $_->[1] } grep { $_->[0] eq 'p.1' } @{ $review->{fields} };
unlink grep { /\Q@{[ substr $ticket, 0, 64 ]}\E/ } glob "$photos/*/*";
$res = $t->submit($review, {});
is($res->status, 422, 'its photo was swept meanwhile');
like($res->text, qr/fotoğraf artık yok/, '... which is said');
$res = submit_files($t, post_form($res), {}, [ [ 'photo.1', png(33, 33) ] ]);
is($res->status, 200, 'added again');
is($t->submit(post_form($res), {})->status, 303, 'and sent');

# ---- a client that goes ----

my $before = files();
$t->delivered_order('KG-5', 2);
$form = post_form($t->submit(($t->get(order_page('KG-5') . '?k=1')->forms)[0],
                             { 'c.1' => 1 }));
my ($type, $body) = multipart([ 'f', 'x' x 20 ],
                              [ 'photo.1', png(300, 300), 'x.png' ]);
my $c = $t->conn;
$c->write("POST $form->{action} HTTP/1.1\r\nHost: x\r\nContent-Type: $type\r\n"
          . 'Content-Length: ' . length($body) . "\r\n\r\n"
          . substr($body, 0, length($body) - 50));
$c->abort;
is($t->get('/healthz')->status, 200, 'gone in the middle of its photo');
is(scalar files(), $before, 'which leaves nothing');

my $sweep = sub { return scalar `@{[ CXR::Test::cx() ]} photos sweep --store $t->{store} --photos $photos 2>&1` };
my $named = 4;
like($sweep->(), qr/, 0 erased$/m, 'what is young is left: its form may be open');
utime 1, 1, glob "$photos/*/*";
like($sweep->(), qr/(\d+) photos, (\d+) erased/, 'what no claim names goes');
is(scalar files(), $named, 'and what one names stays');
is(scalar(grep { /-s\.jpg$/ } glob "$photos/*/*"), $named,
   '... with its small ones');

# ---- the desk answers with a photo ----

my ($desk) = grep { $_->{action} =~ m{/message$} }
             $t->get("/tr/staff/rma/$id", @staff)->forms;
my ($mtype, $mbody) = multipart((map { [ @$_ ] } grep { $_->[0] ne 'photo' && $_->[0] ne 'message' }
                                 @{ $desk->{fields} }),
    [ 'message', 'Yenisi böyle görünüyor.' ], [ 'photo', png(77, 33), 'y.png' ]);
$res = $t->request(POST => $desk->{action}, body => $mbody,
                   headers => [ @staff, 'Content-Type' => $mtype ]);
is($res->status, 303, 'the desk answers with a photo');
like($t->get($t->link_path('rma', rma => $id))->text, qr/width="77" height="33"/,
     'which the shopper sees');
(my $forged_form = $mbody) =~ s/(name="t"\r\n\r\n)[\w-]+/$1x/;
is($t->request(POST => $desk->{action}, body => $forged_form,
               headers => [ @staff, 'Content-Type' => $mtype ])->status, 403,
   'not with another\'s form');

# ---- over the API ----

$t->delivered_order('KG-6', 2);
sub post_photo {
    my ($number, $type, $body, @h) = @_;
    return $t->request(POST => "/api/v1/orders/$number/photos",
        headers => [ @h ? @h : @staff, 'Content-Type' => $type ],
        body => $body);
}
$res = post_photo('KG-6', 'image/png', png(21, 12));
is($res->status, 201, 'a photo is posted');
my $one = $res->json->{photos}[0];
is("$one->{width}x$one->{height}", '21x12', '... told with its size');
$res = post_photo('KG-6', multipart([ 'a', png(22, 12), 'a.png' ],
                                    [ 'b', png(23, 12), 'b.png' ]));
is($res->status, 201, 'two with a form');
my @ids = map { $_->{id} } @{ $res->json->{photos} };
is(scalar @ids, 2, '... in their order');
like(post_photo('KG-6', 'image/png', 'GIF89a')->body, qr/photo_kind/,
   'what is none is refused');
is(post_photo('KG-6', multipart([ 'a', png(5, 5), 'a' ], [ 'b', 'x', 'b' ]))
       ->json->{errors}[0]{pointer} // '/photos/1', '/photos/1', '... and named');
is(post_photo('KG-6', 'image/png', '')->status, 400, 'nothing is none');
is(post_photo('KG-6', 'text/plain', png(5, 5))->status, 415, 'nor another type');
is(post_photo('KG-6', 'multipart/form-data; boundary=b', 'x')->status, 400,
   'nor a broken form');
is(post_photo('NONE', 'image/png', png(5, 5))->status, 404, 'of no order');
is(post_photo('KG-6', 'image/png', png(5, 5), 'X-Actor' => 'x',
              'X-Roles' => 'read')->status, 403, 'not by who only reads');

my %line = (line => '1', quantity => 1, reason => 'damaged',
            outcome => 'refund', note => 'Kırık');
my $ask = sub {
    return $t->api(POST => '/rmas', { order => $_[0], locale => 'tr',
                                      lines => [ { %line, @_[1 .. $#_] } ] });
};
$res = $ask->('KG-6');
is($res->status, 409, 'a claim without the photo that its kind wants');
like($res->body, qr/photo_missing/, '... which is the reason');
$res = $ask->('KG-2', photos => [ $ids[0] ]);
is($res->status, 400, 'a photo of another order');
like($res->body, qr{/lines/0/photos}, '... is pointed at');
is($ask->('KG-6', photos => [ map { $one->{id} } 1 .. 11 ])->status, 400,
   'more than a line may have');
$res = $ask->('KG-6', photos => [ $one->{id}, @ids ]);
is($res->status, 201, 'a claim with photos');
$rma = $res->json->{rma};
is(scalar @{ $rma->{lines}[0]{photos} }, 3, '... has them');
is($t->request(GET => "/api/v1/rmas/$rma->{id}/photos/$one->{hash}",
               headers => [ @staff ])->header('content-type'), 'image/jpeg',
   'which the API gives');
is($t->api(GET => "/rmas/$rma->{id}/photos/$one->{hash}/small")->status, 200,
   '... small too');
is($t->request(GET => "/api/v1/rmas/$rma->{id}/photos/$one->{hash}",
               headers => [ 'X-Actor' => 'x', 'X-Roles' => 'orders' ])->status,
   403, '... to who may read');
is($t->api(GET => "/rmas/$id/photos/$one->{hash}")->status, 404,
   '... of that RMA alone');

# ---- four eyes: who approved it does not settle it ----

my $who = sub {
    my ($name, $verb, $data) = @_;
    return $t->request(POST => "/api/v1/rmas/$rma->{id}/$verb",
        headers => [ 'X-Actor' => $name, 'X-Roles' => CXR::Test::ALL_ROLES,
                     'Content-Type' => 'application/json' ],
        body => JSON::PP->new->utf8->encode($data // {}));
};

$t->delivered_order('KG-9', 2);
$rma = $t->api(POST => '/rmas', { order => 'KG-9', lines => [ { line => '1',
    quantity => 1, reason => 'missing_parts', outcome => 'refund' } ] })
    ->json->{rma};
is($rma->{lines}[0]{decision}, 'pending', 'somebody looks at it');
is($rma->{lines}[0]{no_return} ? 1 : 0, 1, 'what is missing cannot come back');
is($who->('ayse', 'approve')->status, 200, 'approved');
is($who->('ayse', 'release', { reason => 'eksik' })->status, 409,
   'not settled by the same person');
is($who->('mehmet', 'release', { reason => 'eksik' })->status, 200,
   'but by another');

# ---- a parcel that did not come ----

$t->delivered_order('KG-7', 2);
$t->put_order('KG-8', placed_at => CXR::Test::iso(time - 86400),
    shipments => [ { carrier => 'yurtici', number => '700000000088' } ]);
$t->feed('yurtici', CXR::Test::yurtici('700000000088',
    [ time - 40000, 'Kargo teslim alındı' ], [ time - 7200, 'Teslim edildi' ]));

my $track = $t->link_path('track', order => 'KG-7');
my ($missing) = grep { m{/missing$} } $t->get($track)->links;
ok($missing, 'the tracking page of a parcel of two days ago');
ok(!(grep { m{/missing$} } $t->get($t->link_path('track', order => 'KG-8'))->links),
   '... not of one of two hours');
$res = $t->get($missing);
is($res->status, 303, 'leads to the order\'s own page');
$missing = $res->header('location') =~ s{^https?://[^/]+}{}r;
$res = $t->get($missing);
is($res->status, 200, 'which shows');
like($res->text, qr/Kargo firmasının bildirdiği|What the carrier says/,
     '... what its carrier says, first');
$form = (grep { $_->{html} =~ /never_came/ } $res->forms)[0];
ok($form, 'and lets her say it');
$res = $t->submit($form, {});
is($res->status, 200, 'then: what instead');
like($res->text, qr/value="never_came" selected/, '... the reason chosen');
unlike($res->text, qr/type="file"/, '... no photos of what is not there');
unlike($res->text, qr/name="w"/, '... and no way back');
$res = $t->submit(post_form($res), { 'o.0' => 'refund', 'o.1' => 'refund' });
is($res->status, 200, 'review');
$res = $t->submit(post_form($res), {});
is($res->status, 303, 'sent');
$rma = $t->api(GET => '/rmas?order=KG-7')->json->{rmas}[0];
is($rma->{kind}, 'claim', 'a claim');
is($rma->{lines}[0]{claim}, 'lost', '... that it never came');
is($rma->{method}, 'nothing', '... of which nothing comes back');
is(scalar @{ $rma->{lines} }, 2, '... with all that was in the parcel');
unlike($t->get($missing)->text, qr/value="never_came"/, 'and said once');

my $early = order_page('KG-8');
unlike($t->get($early)->text, qr{/missing"}, 'too early: no way to it');
$res = $t->get("$early/missing");
like($res->text, qr/Hâlâ gelebilir/, '... and the page says so');
$res = $t->get("$early?step=details&k=1&q.0=1&r.0=never_came&k.0=lost");
is($res->status, 422, '... nor by hand');
like($t->api(POST => '/rmas', { order => 'KG-8', lines => [ { line => '1',
         quantity => 1, reason => 'never_came' } ] })->body, qr/too_early/,
   '... nor over the API');

# never from the number alone

$res = $t->form('/tr/track/', { number => '700000000007' });
is($res->status, 303, 'by its number');
my $bare = $res->header('location') =~ s{^https?://[^/]+}{}r;
unlike($t->get($bare)->text, qr{/missing}, 'nothing of that is shown');
is($t->get("$bare/missing")->status, 404, '... nor there');

is(system(CXR::Test::cx() . " rebuild --store $t->{store} --into "
          . $t->dir . "/anew --keys $t->{keys} >/dev/null 2>&1"), 0,
   'all of it comes out of the journal again');
$t->journal_ok;
$t->finish;

# ---- what nginx -t says ----

like(join('', CXR::Test->new(shop => \%shop)->check),
     qr/the reason "damaged" wants photos, and "cx_returns_photos".* is missing/,
     'photos that are wanted, and not taken');

done_testing;

#!/usr/bin/perl
# The way back: somebody names the parcel, the carrier's feed moves the RMA's
# facts, the facts release what the policy waits for; and the delivery of the
# way out starts the window.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 2)->start;
my $now = time;

sub product {
    my ($id, @v) = @_;
    return $t->api(PUT => "/products/$id",
        { id => $id, title => 'Etiyopya', currency => 'TRY',
          variants => [ map { { sku => $_->[0], title => $_->[1],
                                price => $_->[2], stock => $_->[3] } } @v ] });
}

sub rma { return $t->api(GET => "/rmas/$_[0]")->json->{rma} }

sub ask {
    my ($order, @lines) = @_;
    my $res = $t->api(POST => '/rmas',
        { order => $order, locale => 'tr', lines => \@lines });
    is($res->status, 201, "$order: asked") or diag($res->body);
    return $res->json->{rma};
}

sub name {
    my ($id, $number, @headers) = @_;
    return $t->api(POST => "/rmas/$id/parcel",
        { carrier => 'yurtici', number => $number }, @headers);
}

sub scans {
    my ($number, @events) = @_;
    my $res = $t->feed('yurtici', CXR::Test::yurtici($number, @events));
    is($res->status, 200, "feed of $number") or diag($res->body);
    return $res->json;
}

sub head { return $t->api(GET => '/events?after=0&limit=1000')->body =~ tr/\n// }

sub facts {
    my ($rma) = @_;
    return join ' ', map { "$_->{parcel}/$_->{settlement}" } @{ $rma->{lines} };
}

sub problem {
    my ($name, $res, $status, $code, $pointer) = @_;
    is($res->status, $status, "$name: $status") or diag($res->body);
    my $j = $res->json // {};
    is($j->{type}, "urn:cx-returns:problem:$code", "$name: $code");
    like($res->body, qr/\Q"$pointer"\E/, "$name: where") if defined $pointer;
    ok(length($j->{detail} // ''), "$name: a sentence");
}

product('ETH', [ 'ETH-250', '250 g', 42000, 9 ],
        [ 'ETH-250-F', '250 g filtre', 42000, 9 ]);

# ---- the way out starts the window ----

my $parcel = $t->delivered_order('KG-1', 2);
my $page = $t->get($t->link_path('order', order => 'KG-1'));
my $until = POSIX::strftime('%Y-%m-%d',
    gmtime($now - 2 * 86400 - 3600 + 3 * 3600 + 14 * 86400));
my ($y, $m, $d) = split /-/, $until;
like($page->text, qr/\b@{[ $d + 0 ]}\b/,
     'the window ends 14 days after the carrier delivered');

$t->delivered_order('KG-2', 40);
problem('delivered 40 days ago', $t->api(POST => '/rmas', { order => 'KG-2',
    lines => [ { line => '1', quantity => 1, reason => 'changed_mind',
                 outcome => 'refund' } ] }), 409, 'window_over',
    '/lines/0/line');

# ---- a refund and an exchange in one request ----

my $rma = ask('KG-1',
    { line => '1', quantity => 1, reason => 'changed_mind',
      outcome => 'exchange', exchange_sku => 'ETH-250-F' },
    { line => '2', quantity => 1, reason => 'changed_mind',
      outcome => 'refund' });
my $id = $rma->{id};

is($rma->{status}, 'approved', 'approved at once');
is(facts($rma), 'label_issued/owed label_issued/owed', 'a label, and owed');
is(join(' ', map { $_->{release} } @{ $rma->{lines} }), 'first_scan received',
   'when each is settled, as the shop did not say otherwise');
is_deeply($rma->{parcels}, [], 'no parcel yet');

# ---- naming it: what may not be named ----

problem('no number', $t->api(POST => "/rmas/$id/parcel",
    { carrier => 'yurtici' }), 400, 'invalid', '/number');
problem('no number that can be', $t->api(POST => "/rmas/$id/parcel",
    { carrier => 'yurtici', number => 'a?b' }), 400, 'invalid', '/number');
problem('no carrier that can be', $t->api(POST => "/rmas/$id/parcel",
    { carrier => 'Yurtiçi!', number => '1' }), 400, 'invalid', '/carrier');
problem('a word too many', $t->api(POST => "/rmas/$id/parcel",
    { carrier => 'yurtici', number => '1', x => 1 }), 400, 'invalid', '/x');
problem('the parcel that brought it', name($id, $parcel), 409, 'parcel_taken',
        '/number');
problem('an RMA that is none', name('R-0000-0000', '1'), 404, 'not_found');
is($t->request(POST => "/api/v1/rmas/$id/parcel",
     headers => [ 'X-Actor' => 'x', 'X-Roles' => 'read receive',
                  'Content-Type' => 'application/json' ],
     body => '{"carrier":"yurtici","number":"900000000001"}')->status, 403,
   'a role is needed');
is($t->get("/api/v1/rmas/$id/parcel", CXR::Test::staff_headers())->status, 405,
   'there is nothing to read');

scans('900000000099', [ $now - 3 * 86400, 'Kargo teslim alındı' ]);
problem('one that was sent long before', name($id, '900000000099'), 409,
        'parcel_too_old', '/number');
is(facts(rma($id)), 'label_issued/owed label_issued/owed', 'nothing came of it');

problem('If-Match of another revision', name($id, '900000000001',
    'If-Match' => '"77"'), 412, 'changed_meanwhile');

# ---- naming it ----

my $before = head();
my $res = $t->request(POST => "/api/v1/rmas/$id/parcel",
    headers => [ 'X-Actor' => 'erp', 'X-Roles' => 'orders',
                 'Content-Type' => 'application/json',
                 'Idempotency-Key' => 'name-1', 'If-Match' => '"1"' ],
    body => '{"carrier":"yurtici","number":" 9000 0000 0001 "}');
is($res->status, 200, 'named') or diag($res->body);
is_deeply([ map { "$_->{carrier} $_->{number} $_->{fact}" }
            @{ $res->json->{rma}{parcels} } ], [ 'yurtici 900000000001 none' ],
          'the number as carriers write it, and no fact yet');
is(facts($res->json->{rma}), 'label_issued/owed label_issued/owed',
   'a name alone moves nothing');
is(head() - $before, 2, 'two events: the RMA\'s and the parcel\'s');

$before = head();
$res = $t->request(POST => "/api/v1/rmas/$id/parcel",
    headers => [ 'X-Actor' => 'erp', 'X-Roles' => 'orders',
                 'Content-Type' => 'application/json',
                 'Idempotency-Key' => 'name-1', 'If-Match' => '"1"' ],
    body => '{"carrier":"yurtici","number":" 9000 0000 0001 "}');
is($res->status, 200, 'once more with its key');
is($res->header('idempotent-replay'), 'true', 'a replay');
is(name($id, '900000000001')->status, 200, 'and without');
is(head(), $before, 'no news');

my $ship = $t->api(GET => '/shipments/yurtici/900000000001')->json;
$ship = $ship->{shipment} // $ship;
is("$ship->{rma} $ship->{direction} $ship->{order}", "$id return KG1",
   'the parcel knows whose it is');

my $other = ask('KG-1', { line => '1', quantity => 1,
    reason => 'changed_mind', outcome => 'refund' });
problem('another RMA\'s parcel', name($other->{id}, '900000000001'), 409,
        'parcel_taken', '/number');

# ---- the carrier has it ----

my @way = ([ $now - 7200, 'Kargo teslim alındı' ]);
$before = head();
is(scans('900000000001', @way)->{stored}, 1, 'stored');
is(head() - $before, 4, 'the parcel, the RMA\'s fact, what it releases, and the stock');
$rma = rma($id);
is(facts($rma), 'in_transit/released in_transit/owed',
   'the exchange is released by the first scan; the refund waits');
is($rma->{status}, 'in_transit', 'the header follows');
is($rma->{parcels}[0]{fact}, 'in_transit', 'so does the parcel');
like($rma->{parcels}[0]{at}, qr/^20\d\d-.*Z$/, 'since when');

my @events = map { $CXR::Test::json->decode($_) } grep { length } split /\n/,
    $t->api(GET => "/events?after=$before&limit=10")->body;
is(join(' ', map { $_->{kind} // $_->{type} // '?' } @events),
   'shipment.reported rma.parcel_moved settlement.released stock.taken',
   'in one go, in that order') or diag(explain($events[-1]));

$before = head();
my $etag = $t->api(GET => "/rmas/$id")->header('etag');
is(scans('900000000001', @way)->{repeated}, 1, 'the same feed again');
is(head(), $before, 'changes nothing');

push @way, [ $now - 3600, 'Kargo Yüklendi' ];
scans('900000000001', @way);
is($t->api(GET => "/rmas/$id")->header('etag'), $etag,
   'a further scan on the way is the parcel\'s own matter');

problem('too late to cancel', $t->api(POST => "/rmas/$id/cancel", {}), 409,
        'too_late_to_cancel');

# ---- the pages tell it ----

for my $l ([ 'tr', qr/bize doğru yolda/, qr/Yenisini göndermeye hazırlanıyoruz/,
             qr/teslim alıp sayınca/ ],
           [ 'en', qr/on its way to us/, qr/new one is about to be sent/,
             qr/received and counted/ ])
{
    my ($lang, $way, $released, $waits) = @$l;
    my $p = $t->get("/$lang" . ($t->link_path('rma', rma => $id)
                                =~ s{^/(?:tr|en)/}{/}r));
    is($p->status, 200, "$lang: the page");
    like($p->text, $way, "$lang: the parcel's sentence");
    like($p->text, $released, "$lang: what the shop was told");
    like($p->text, $waits, "$lang: what the refund waits for");
    unlike($p->text, qr/payment has been ordered|Ödeme talimatınız verildi/,
           "$lang: and no more");
    my ($url) = $p->body =~ m{href="([^"]*/track/t/[^"]+)">[^<]*(?:takip|Follow)};
    ok($url, "$lang: a link to follow the parcel");
    is(join(' ', grep { m{/(?:track/t|returns/o)/} && !m{^/$lang/} }
                 $p->body =~ /href="(\/[^"]+)"/g), '',
       "$lang: every link stays in the language");
    my $tp = $t->get($url);
    is($tp->status, 200, "$lang: it opens");
    like($tp->text, qr/900000000001/, "$lang: on that parcel");
}

$page = $t->get($t->link_path('track', order => 'KG-1'));
like($page->text, qr/900000000001/, 'the order\'s tracking page has it too');
unlike($page->text, qr/Henüz yola çıkmayanlar/,
       'and does not say that what comes back was never sent');
like($page->text, qr/\Q$parcel\E/, 'beside the one that came');

$page = $t->get("/tr/staff/rma/$id", CXR::Test::staff_headers());
is($page->status, 200, 'the desk');
like($page->text, qr/900000000001/, 'the desk: the parcel');
like($page->text, qr/Yenisini göndermeye hazırlanıyoruz/, 'the desk: settlement');
like($page->text, qr/takip numarası eklendi/, 'the desk: who named it');

my ($desk) = grep { $_->{action} =~ m{/parcel$} } @{ [ $page->forms ] };
ok($desk, 'the desk: a form for another parcel');
is($t->submit($desk, { carrier => 'ups', number => '1Z', t => 'x' },
              CXR::Test::staff_headers())->status, 403, 'its token is looked at');
is($t->submit($desk, { carrier => 'ups', number => '1Z' }, 'X-Actor' => 'b',
              'X-Roles' => 'read')->status, 403, 'its role is looked at');
$res = $t->submit($desk, { carrier => 'ups', number => '?' },
                  CXR::Test::staff_headers());
is($res->status, 422, 'the desk: no number');
like($res->body, qr/id="send-number-error"/, 'the desk: beside the field');
$res = $t->submit($desk, { carrier => 'yurtici', number => $parcel },
                  CXR::Test::staff_headers());
is($res->status, 409, 'the desk: not the parcel that brought it');
like($res->body, qr/id="send-number-error"/, 'the desk: beside the field too');

# ---- delivered; what is late changes nothing ----

push @way, [ $now - 600, 'Teslim edildi' ];
scans('900000000001', @way);
$rma = rma($id);
is(facts($rma), 'delivered/released delivered/owed', 'delivered');
is($rma->{status}, 'in_transit', 'but not received: nobody counted it');
$page = $t->get($t->link_path('rma', rma => $id));
like($page->text, qr/adresimize teslim edildi/, 'the page says just that');
unlike($page->text, qr/Takip numarasını ekleyin/, 'there is nothing left to be sent');

$before = rma($id);
scans('900000000001', [ $now - 5400, 'Kargo İndirildi' ]);
is_deeply(rma($id), $before, 'a late scan changes nothing of the RMA');
scans('900000000001', [ $now - 9000, 'Kargo teslim alındı' ]);
is(facts(rma($id)), 'delivered/released delivered/owed', 'nor an older one');

is($t->put_order('KG-1', placed_at => CXR::Test::iso($now - 5 * 86400),
     shipments => [ { carrier => 'yurtici', number => $parcel },
                    { carrier => 'yurtici', number => '900000000001' } ])
   ->status, 200, 'the shop sends all parcels of the order');
$ship = $t->api(GET => '/shipments/yurtici/900000000001')->json;
is(($ship->{shipment} // $ship)->{rma}, $id, 'it still brings the RMA back');

# ---- the shopper's form ----

my $link = $t->link_path('rma', rma => $other->{id});
$page = $t->get($link);
my ($form) = grep { $_->{action} =~ m{/parcel$} } @{ [ $page->forms ] };
ok($form, 'a form to tell what was sent') or diag($page->body);
is($form->{method}, 'POST', 'that posts');

$res = $t->submit($form, { carrier => '', number => '' });
is($res->status, 422, 'nothing chosen');
like($res->body, qr/id="send-carrier-error"/, 'beside the carrier');
like($res->body, qr/id="send-number-error"/, 'beside the number');
like($res->body, qr/href="#send-number"/, 'and above');

$res = $t->submit($form, { carrier => 'nobody', number => '<b>1' });
is($res->status, 422, 'nonsense');
like($res->body, qr/value="&lt;b&gt;1"/, 'is shown again as text');

$res = $t->submit($form, { carrier => 'yurtici', number => '900000000001' });
is($res->status, 409, 'another\'s parcel');
like($res->body, qr/id="send-number-error"/, 'is said beside the number');
like($res->text, qr/başka bir pakete/, 'in words');

$res = $t->submit($form, { carrier => 'yurtici', number => '900000000002' });
is($res->status, 303, 'sent') or diag($res->text);
$page = $t->get($res->header('location'));
like($page->text, qr/numarayı kaydettik/, 'thanks');
like($page->text, qr/900000000002/, 'the parcel');
is(rma($other->{id})->{steps}[-1]{actor_kind}, 'shopper', 'who said so');
is($t->get("$link/parcel")->status, 303, 'a GET leads back to the page');

# ---- the feed came first ----

$t->delivered_order('KG-3', 1);
my $third = ask('KG-3', { line => '1', quantity => 1,
    reason => 'changed_mind', outcome => 'exchange',
    exchange_sku => 'ETH-250-F' });
scans('900000000003', [ $now - 1200, 'Kargo teslim alındı' ],
      [ $now - 300, 'Teslim edildi' ]);
$res = name($third->{id}, '900000000003');
is(facts($res->json->{rma}), 'delivered/released',
   'what the carrier said before counts');

# ---- the desk ----

$t->delivered_order('KG-6', 1);
my $sixth = ask('KG-6', { line => '1', quantity => 1,
    reason => 'changed_mind', outcome => 'refund' });
$page = $t->get("/tr/staff/rma/$sixth->{id}", CXR::Test::staff_headers());
($desk) = grep { $_->{action} =~ m{/parcel$} } @{ [ $page->forms ] };
$res = $t->submit($desk, { carrier => 'ups', number => '1z 999' },
                  CXR::Test::staff_headers());
is($res->status, 303, 'named at the desk') or diag($res->text);
$page = $t->get($res->header('location'), CXR::Test::staff_headers());
like($page->text, qr/1Z999/, 'it is there');
like($page->text, qr/numarası eklendi\./, 'and said');
is(rma($sixth->{id})->{steps}[-1]{actor_kind}, 'staff', 'who said so');
is($t->get("/tr/staff/rma/$sixth->{id}/parcel", CXR::Test::staff_headers())
   ->header('location'), "/tr/staff/rma/$sixth->{id}",
   'a GET leads back');

# ---- pending, cancelled ----

$t->delivered_order('KG-4', 1);
my $fourth = ask('KG-4', { line => '2', quantity => 1, reason => 'damaged',
    note => 'kırık', outcome => 'refund' });
is($fourth->{status}, 'requested', 'one that waits');
is(facts($fourth), 'none/none', 'owes nothing');
problem('naming before approval', name($fourth->{id}, '900000000004'), 409,
        'not_approved');
unlike($t->get($t->link_path('rma', rma => $fourth->{id}))->body, qr{/parcel"},
       'no form either');
$res = $t->api(POST => "/rmas/$fourth->{id}/approve");
is(facts($res->json->{rma}), 'label_issued/owed', 'approved: owed');
$res = $t->api(POST => "/rmas/$fourth->{id}/cancel", {});
is(facts($res->json->{rma}), 'label_issued/none', 'cancelled: nothing owed');
problem('naming after', name($fourth->{id}, '900000000004'), 409,
        'rma_closed');

# ---- another policy: the refund at once, or when delivered ----

$t->journal_ok('the journal verifies');
$t->stop;

my $dir = $t->dir;
is(system(CXR::Test::cx() . " rebuild --store $dir/store --into $dir/anew --keys "
          . "$dir/keys >$dir/rebuild.txt 2>&1"), 0, 'rebuilt')
    or diag(CXR::Test::slurp("$dir/rebuild.txt"));

$t->finish;

my $u = CXR::Test->new(shop => { 'policy.release' =>
    { refund => 'delivered', exchange => 'on_submit' } })->start;
$t = $u;
product('ETH', [ 'ETH-250-F', '250 g filtre', 42000, 9 ]);
$t->delivered_order('KG-5', 1);
$rma = ask('KG-5',
    { line => '1', quantity => 1, reason => 'changed_mind',
      outcome => 'exchange', exchange_sku => 'ETH-250-F' },
    { line => '2', quantity => 1, reason => 'changed_mind' });
is(facts($rma), 'label_issued/released label_issued/owed',
   'on_submit: with the approval');
name($rma->{id}, "90000000000$_") for 5, 6;
scans('900000000005', [ $now - 500, 'Kargo teslim alındı' ],
      [ $now - 400, 'Teslim edildi' ]);
is(facts(rma($rma->{id})), 'in_transit/released in_transit/owed',
   'delivered waits for every parcel');
scans('900000000006', [ $now - 500, 'Kargo teslim alındı' ],
      [ $now - 300, 'Teslim edildi' ]);
is(facts(rma($rma->{id})), 'delivered/released delivered/released',
   'then releases');
my ($last) = reverse grep { length } split /\n/,
    $t->api(GET => '/events?after=0&limit=1000')->body;
like($last, qr/settlement\.released/, 'the shop\'s system reads it');
like($last, qr/"money":56000/, 'with the money');

$u->finish;

# ---- mistakes in the shop's file ----

for my $bad ([ { refund => 'never' }, '/policy/release/refund' ],
             [ { exchange => 'none' }, '/policy/release/exchange' ],
             [ { voucher => 'received' }, '/policy/release/voucher' ],
             [ 'received', '/policy/release' ])
{
    my $x = CXR::Test->new(shop => { 'policy.release' => $bad->[0] });
    my ($code, $out) = $x->check;
    isnt($code, 0, "$bad->[1]: refused");
    like($out, qr/kahve-gurusu\.json:\d+.*\Q$bad->[1]\E/s,
         "$bad->[1]: with its line") or diag($out);
}

done_testing;

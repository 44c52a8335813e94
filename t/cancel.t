#!/usr/bin/perl
# Cancelling what was not sent yet: the shopper asks, the shop answers, and a
# parcel that is named meanwhile wins.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP ();
use POSIX ();
use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 2, shop => {
    'policy.cancellation' => {
        window_minutes => 600, auto_approve => \0, except_tags => [ 'engraved' ],
        text => { tr => 'Öğlene kadar kavuruyoruz.',
                  en => 'We roast until noon.' } } })->start;
my $json = $CXR::Test::json;

sub lines {
    my (%o) = @_;
    return [
        { line => '1', sku => 'ETH-250', title => 'Etiyopya',
          variant => '250 g', quantity => 3, unit_price => 40000,
          discount => 0, tax => 10909, %o },
        { line => '2', sku => 'MUG', title => 'Fincan', quantity => 1,
          unit_price => 56000, tax => 5090 } ];
}

# placed a moment ago, unsent
sub placed {
    my ($number, %o) = @_;
    my $res = $t->put_order($number, placed_at => CXR::Test::iso(time - 600),
                            lines => lines(), %o);
    like($res->status, qr/^20[01]$/, "$number is there") or diag($res->body);
    return $t->link_path('order', order => $number);
}

sub sent {
    my ($number, $parcels, %o) = @_;
    return $t->put_order($number, placed_at => CXR::Test::iso(time - 600),
                         lines => lines(), shipments => $parcels, %o);
}

my $parcel = 70000000000;
sub parcel {
    my (@lines) = @_;
    return { carrier => 'yurtici', number => '' . ++$parcel,
             @lines ? (lines => [ @lines ]) : () };
}

sub cancel_form {
    my ($res) = @_;
    my ($form) = grep { $_->{action} =~ m{/cancel/(review|send)$} }
                 $res->forms;
    return $form;
}

# choose, review, confirm: the last answer
sub ask {
    my ($url, $set) = @_;
    my $res = $t->submit(cancel_form($t->get("$url/cancel")), $set);
    return $res if $res->status != 200;
    return $t->submit(cancel_form($res));
}

sub rmas_of {
    my ($number) = @_;
    return @{ $t->api(GET => "/rmas?order=$number")->json->{rmas} };
}

sub rma_of { return (rmas_of($_[0]))[0] }

sub page_of {
    my ($rma) = @_;
    return $t->get($t->link_path('rma', order => $rma->{order_number},
                                 rma => $rma->{id}));
}

# the answer, or the RMA as it is then
sub act {
    my ($rma, $verb, $body) = @_;
    my $res = $t->api(POST => "/rmas/$rma->{id}/$verb", $body // {});
    return $res->status == 200 ? $res->json->{rma}
                               : { status => $res->status };
}

sub events {
    my ($number, $kind) = @_;
    return grep { $_->{type} eq $kind }
           map { $json->decode($_) }
           grep { /"\Q@{[ lc $number =~ s{\W}{}gr ]}\E"/i }
           split /\n/, $t->api(GET => '/events?limit=1000')->body;
}

# ---- the door ----

my $url = placed('KC-1');
my $res = $t->get($url);
like($res->text, qr{href="(?:/tr)?\Q$url\E/cancel"}, 'the order\'s page says so');
$res = $t->get("$url/cancel");
is($res->status, 200, 'the page');
like($res->text, qr/Etiyopya/, 'what may be cancelled');
like($res->text, qr/Öğlene kadar/, 'the shop\'s own words');
is($res->header('referrer-policy'), 'no-referrer', 'its address is a secret');
is($res->header('cache-control'), 'private, no-store', 'and kept nowhere');

my $track = $t->link_path('track', order => 'KC-1');
$res = $t->get($track);
like($res->text, qr{href="(?:/tr)?\Q$track\E/cancel"}, 'the tracking page says so');
$res = $t->get("$track/cancel");
is($res->status, 303, 'and leads there');
like($res->header('location'), qr{/returns/o/v4\.local\.[^/]+/cancel$},
     'by a link of the order\'s');

is($t->get("$url/cancel/$_")->status, 303, "a reload of $_ begins anew")
    for qw(review send);
is($t->get("$url/cancel/what")->status, 404, 'nothing else is below it');

# ---- what is typed ----

my $form = cancel_form($t->get("$url/cancel"));
$res = $t->submit($form);
is($res->status, 422, 'nothing chosen');
like($res->text, qr/en az bir ürün/, 'and it says so');
$res = $t->submit($form, { 'c.0' => 1, 'q.0' => 9 });
is($res->status, 422, 'more than there are');
like($res->text, qr/En çok 3 adedini/, 'how many there are');
$res = $t->submit($form, { 'c.0' => 1, 'q.0' => 1, reason => 'nonsense' });
is($res->status, 422, 'a reason that is none');
is(scalar rmas_of('KC-1'), 0, 'nothing came of these');

$res = $t->submit($form, { 'c.0' => 1, 'q.0' => 2, reason => 'too_slow' });
is($res->status, 200, 'the review');
like($res->text, qr/800,00/, 'what is paid back');
like($res->text, qr/Çok uzun sürüyor/, 'why');
like($res->text, qr/durdurabiliyor muyuz/, 'and that the shop answers first');
my $review = cancel_form($res);
my ($back) = $t->submit({ %$review, action => "$url/cancel" });
is($back->status, 200, 'back to the choice');
like($back->text, qr/value="2" selected/, 'which is as it was');
like($back->text, qr/value="too_slow" selected/, 'with the reason');

# ---- the request ----

$res = $t->submit($review);
is($res->status, 303, 'sent') or diag($res->text);
like($res->header('location'), qr{/returns/r/}, 'to its page');
my $again = $t->submit($review);
is($again->status, 303, 'sent once more');
my $rma = rma_of('KC-1');
is(scalar rmas_of('KC-1'), 1, 'makes one request');
is($rma->{kind}, 'cancellation', 'which is one');
is($rma->{status}, 'requested', 'and waits');
is($rma->{refund}, 80000, 'for what was paid');
is_deeply($rma->{held_by}, [ 'cancellation' ], 'because the shop answers');
is($rma->{method}, 'nothing', 'nothing goes back');
is(scalar events('KC-1', 'rma.created'), 1, 'the shop was told at once');

$res = page_of($rma);
like($res->text, qr/İptal talebiniz bize ulaştı/, 'its page says so');
like($res->text, qr/hiçbir şey iptal edilmiş sayılmaz/, 'and no more');
unlike($res->text, qr/etiket|Kanun gereği/i, 'no label, no deadline yet');
like($t->get($track)->text, qr/\Q$rma->{id}\E/, 'so does the tracking page');

# one unit is left: neither cancelled twice nor returned as well
$res = $t->submit(cancel_form($t->get("$url/cancel")),
                  { 'c.0' => 1, 'q.0' => 2 });
is($res->status, 422, 'two more cannot be');
$res = $t->api(POST => '/rmas', { order => 'KC-1', lines => [
    { line => '1', quantity => 2, reason => 'changed_mind' } ] });
like($res->json->{type}, qr/quantity_over$/, 'nor come back');

# ---- the shop answers ----

is(act($rma, 'decline')->{status}, 409, 'a refusal wants a reason');
my $now = act($rma, 'approve');
is($now->{status}, 'approved', 'it can be stopped');
is($now->{lines}[0]{settlement}, 'released', 'and the shop is to pay at once');
is($now->{told}, 80000, 'all of it');
$res = page_of($rma);
like($res->text, qr/İptal edildi/, 'she reads it');
like($res->text, qr/800,00/, 'and how much');
like($res->text, qr/Kanun gereği|yasa gereği|yasal/i, 'and by when');
unlike($res->text, qr/Talebi geri al/, 'which cannot be taken back');
is(act($rma, 'cancel')->{status}, 409, 'nobody can');
is(act($rma, 'confirm', { amount => 80000, reference => 'P-1' })->{status},
   'completed', 'the shop says that it paid');
unlike(page_of($rma)->text, qr/anket|survey/i, 'nobody is asked how it was');

# the rest of the line, and the mug, go out as usual
$res = sent('KC-1', [ parcel() ]);
is($res->status, 200, 'the rest is sent');
is(scalar events('KC-1', 'rma.overtaken'), 0, 'it has nothing of it');
like($t->get($track)->text, qr{Etiyopya.{0,300}?1 adet}s,
     'the tracking page has one bag left');
$res = $t->get("$url/cancel");
like($res->text, qr/ptal edilebilecek bir şey kalmadı/,
     'and now nothing can be cancelled');
unlike($t->get($url)->text, qr{/cancel"}, 'nor is it offered');

# ---- taken back, and declined ----

$url = placed('KC-2');
$res = ask($url, { 'c.1' => 1, 'q.1' => 1 });
is($res->status, 303, 'the mug');
$rma = rma_of('KC-2');
is($rma->{lines}[0]{reason}, '', 'without a reason');
$res = $t->get($res->header('location'));
like($res->text, qr/Belirtilmedi/, 'which is said so');
my ($take) = grep { $_->{action} =~ m{/cancel$} } $res->forms;
$res = $t->submit($take, { confirm => 1 });
is($res->status, 303, 'she takes it back');
like($t->get($res->header('location'))->text, qr/geri aldınız/, 'it says so');
is(rma_of('KC-2')->{status}, 'cancelled', 'it is over');

is(ask($url, { 'c.1' => 1, 'q.1' => 1 })->status, 303, 'and asks anew');
($rma) = grep { $_->{status} eq 'requested' } rmas_of('KC-2');
is(act($rma, 'decline', { reason => 'Paketlendi bile.' })->{status},
   'declined', 'too late, the shop says');
$res = page_of($rma);
like($res->text, qr/Paketlendi bile/, 'and why');
like($res->text, qr/cayma hakkınız/, 'and what stays hers');

# ---- all of it ----

$url = placed('KC-3', delivery => { price => 4990, tax => 450 });
is(ask($url, { 'c.0' => 1, 'q.0' => 3, 'c.1' => 1, 'q.1' => 1 })->status, 303,
   'the whole order');
$rma = rma_of('KC-3');
is($rma->{refund}, 176000 + 4990, 'with what the delivery would have cost');
is(act($rma, 'approve')->{told}, 176000 + 4990, 'told with it');
$res = $t->get($t->link_path('track', order => 'KC-3'));
like($res->text, qr/Bu sipariş iptal edildi/, 'the tracking page says so');
unlike($res->text, qr/hazırlıyoruz|Etiyopya/, 'and of nothing to come');

# ... and it leaves all the same
is(sent('KC-3', [ parcel() ], delivery => { price => 4990, tax => 450 })->status,
   200, 'a parcel is named');
my @over = events('KC-3', 'rma.overtaken');
is(scalar @over, 1, 'the shop is told');
$rma = rma_of('KC-3');
is($rma->{lines}[0]{decision}, 'approved', 'it stays cancelled');
ok($rma->{lines}[0]{overtaken}, 'and says that it set out');
is($rma->{told}, 176000 + 4990, 'and paid back');
like(page_of($rma)->text, qr/Kapıda teslim almayın/, 'she is told what to do');
sent('KC-3', [ parcel() ], delivery => { price => 4990, tax => 450 });
is(scalar events('KC-3', 'rma.overtaken'), 1, 'once');

# ---- the parcel is quicker ----

$url = placed('KC-4');
is(ask($url, { 'c.0' => 1, 'q.0' => 1, 'c.1' => 1, 'q.1' => 1 })->status, 303,
   'a bag and the mug');
$rma = rma_of('KC-4');
is(sent('KC-4', [ parcel('2') ])->status, 200, 'the mug is sent');
$rma = rma_of('KC-4');
is($rma->{lines}[0]{decision}, 'pending', 'the bag waits on');
is($rma->{lines}[1]{decision}, 'declined', 'the mug was too late');
ok($rma->{lines}[1]{overtaken}, 'for that reason');
is($rma->{refund}, 40000, 'and is not paid back');
like(page_of($rma)->text, qr/yanıtlanmadan/, 'she reads it');
$res = $t->submit(cancel_form($t->get("$url/cancel")),
                  { 'c.1' => 1, 'q.1' => 1 });
is($res->status, 422, 'it cannot be asked for again');
$res = $t->api(POST => '/rmas', { order => 'KC-4', override => \1,
    override_reason => 'said on the telephone', lines => [
    { line => '2', quantity => 1, reason => 'changed_mind' } ] });
is($res->status, 201, 'but come back') or diag($res->body);

# the review stands open while the parcel is named
$url = placed('KC-5');
$res = $t->submit(cancel_form($t->get("$url/cancel")),
                  { 'c.1' => 1, 'q.1' => 1 });
$review = cancel_form($res);
sent('KC-5', [ parcel('2') ]);
$res = $t->submit($review);
is($res->status, 422, 'then it is too late');
is(scalar rmas_of('KC-5'), 0, 'and nothing is made');
$res = $t->api(POST => '/rmas', { order => 'KC-5', cancellation => \1,
    lines => [ { line => '2', quantity => 1 } ] });
is($res->status, 409, 'nor by the shop');
like($res->body, qr/cancel_sent/, 'which is told why');

# the shop pulls it out of the parcel after all
($rma) = rma_of('KC-4');
($rma) = grep { $_->{kind} eq 'cancellation' } rmas_of('KC-4');
$url = placed('KC-6');
ask($url, { 'c.1' => 1, 'q.1' => 1 });
sent('KC-6', [ parcel('2') ]);
$rma = rma_of('KC-6');
is($rma->{status}, 'declined', 'overtaken');
is(act($rma, 'reopen')->{status}, 'requested', 'opened again');
$now = act($rma, 'approve');
is($now->{status}, 'approved', 'and stopped');
ok(!$now->{lines}[0]{overtaken}, 'so it has not set out');

# ---- what the policy says ----

$url = placed('KC-7', lines => lines(tags => [ 'engraved' ]));
$res = $t->get("$url/cancel");
like($res->text, qr/Size özel/, 'made for her');
$res = $t->submit(cancel_form($res), { 'c.0' => 1, 'q.0' => 1 });
is($res->status, 422, 'cannot be cancelled');

$t->put_order('KC-8', placed_at => CXR::Test::iso(time - 11 * 3600),
              lines => lines());
$url = $t->link_path('order', order => 'KC-8');
like($t->get("$url/cancel")->text, qr/İptal süresi doldu/, 'past its time');
unlike($t->get($url)->text, qr{/cancel"}, 'it is not offered');

$url = placed('KC-9');
$t->api(POST => '/rmas', { order => 'KC-9', cancellation => \1,
    lines => [ { line => '1', quantity => 1 } ] },
    'Idempotency-Key' => 'telephone');
$res = $t->api(POST => '/rmas', { order => 'KC-9', cancellation => \1,
    lines => [ { line => '1', quantity => 1 } ] },
    'Idempotency-Key' => 'telephone');
is($res->status, 201, 'the shop asks for her');
is($res->header('idempotent-replay'), 'true', 'once');
is($res->json->{rma}{kind}, 'cancellation', 'a cancellation');
for my $with (qw(withdrawal instant)) {
    is($t->api(POST => '/rmas', { order => 'KC-9', cancellation => \1,
        $with => \1, lines => [ { line => '2', quantity => 1 } ] })->status,
       409, "nothing else: $with");
}

is($t->get("/tr/returns/g/x/cancel")->status, 404, 'not by a gift\'s link');

# ---- two at once: each unit once, whoever is first ----

$url = placed('KC-A');
my @forms = map {
    cancel_form($t->submit(cancel_form($t->get("$url/cancel")),
                           { 'c.1' => 1, 'q.1' => 1 }))
} 1 .. 2;
my @said = map { $t->submit($_)->status } @forms;
is_deeply([ sort @said ], [ 303, 422 ], 'the mug is cancelled once');

# a parcel and the request at the same moment: one wins, and the other is told

for my $i (1 .. 6) {
    my $n = "KC-B$i";
    my $at = placed($n);
    my $last = cancel_form($t->submit(cancel_form($t->get("$at/cancel")),
                                      { 'c.1' => 1, 'q.1' => 1 }));
    my @parcels = (parcel('2'));
    my $pid = fork // die "fork: $!\n";

    if ($pid == 0) {
        sent($n, \@parcels);
        POSIX::_exit(0);
    }

    my $status = $t->submit($last)->status;
    waitpid $pid, 0;
    my ($made) = rmas_of($n);

    if ($status == 303) {
        is_deeply([ @{ $made->{lines}[0] }{qw(decision overtaken)} ],
                  [ 'declined', JSON::PP::true ], "$n: the parcel was next");
    } else {
        ok(!$made && $status =~ /^4(?:09|22)$/, "$n: the parcel was first")
            or diag("$status");
    }
}

# ---- the desk ----

my @staff = CXR::Test::staff_headers();
$res = $t->get('/staff/?kind=cancellation', @staff);
($rma) = grep { $_->{status} eq 'requested' } rmas_of('KC-A');
like($res->text, qr/\Q$rma->{id}\E/, 'it stands in the list');
$res = $t->get("/staff/rma/$rma->{id}", @staff);
is($res->status, 200, 'and has a page');
like($res->text, qr/iptal/i, 'which says what it is');

# ---- whole ----

my $cx = CXR::Test::cx();
$t->stop;
my $said = `$cx rebuild --store $t->{store} --into $t->{dir}/anew --keys $t->{keys} 2>&1`;
is($?, 0, 'and gives the same store again') or diag($said);

done_testing();

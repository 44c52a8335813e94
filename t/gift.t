#!/usr/bin/perl
# Gift returns: who was given the goods sends them back; she sees no price and
# no buyer, the buyer sees nothing of it, and nobody gets the buyer's money.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 2, shop => {
    'policy.gift_returns' => { outcomes => [ 'store_credit', 'exchange' ],
                               window_days => 60 } })->start;
my $json = $CXR::Test::json;

$t->api(PUT => '/products/ETH', { id => 'ETH', title => 'Etiyopya',
    currency => 'TRY', variants => [
        { sku => 'ETH-250', title => '250 g', price => 45100, stock => 9 },
        { sku => 'ETH-250-F', title => 'Moka öğütüm', price => 45100,
          stock => 4 },
        { sku => 'ETH-1000', title => '1 kg', price => 152000, stock => 2 } ] });

# A gift of two bags beside something of the buyer's own.  What was paid: 791,37
# for both bags, 418,63 and 372,74 nowhere; 567,89 for the mug.

sub lines {
    return [
        { line => '1', sku => 'ETH-250', title => 'Etiyopya',
          variant => '250 g', quantity => 2, unit_price => 41863,
          discount => 4589, tax => 7100, product => 'ETH', gift => \1 },
        { line => '2', sku => 'MUG', title => 'Gizli Fincan', quantity => 1,
          unit_price => 56789, tax => 5090 } ];
}

sub given {
    my ($number, %o) = @_;
    $t->delivered_order($number, delete $o{days} // 2, lines => lines(),
                        gift_code => 'K7P2-9QXM',
                        person => { name => 'Buyer Bulut',
                                    email => "buyer\@example.com",
                                    phone => '+905551112233' }, %o);
}

# money in any writing, the buyer, and what else she bought
my $secret = qr/418[.,]?63|372[.,]?74|791[.,]?37|395[.,]?6[89]|567[.,]?89
               |451[.,]?00|837[.,]?26|45[.,]?89|₺|\bTL\b|TRY|Bulut|buyer\@
               |1112233|Gizli|MUG\b/x;

sub hides {
    my ($name, $res) = @_;
    my $html = $res->text;
    $html =~ s/v4\.local\.[\w.-]+//g;          # a token may hold any digits
    $html =~ s/name="[fv]" value="[\w-]*"//g;
    $html =~ s/(?<=\d)1000 gram//g;
    my ($seen) = $html =~ /(.{0,60}$secret.{0,60})/s;
    is($seen, undef, "$name: no price, no buyer");
    return $html;
}

sub find {
    my ($number, $proof) = @_;
    my ($form) = $t->get('/returns/')->forms;
    return $t->submit($form, { number => $number, proof => $proof });
}

my %who = ('g.name' => 'Deniz Alıcı', 'g.email' => 'deniz@example.com');

sub review {
    my ($url, $set, %more) = @_;
    my ($items) = $t->get($url)->forms;
    my $details = $t->submit($items, { 'c.0' => 1, 'q.0' => $more{q} // 1 });
    return $details if $details->status != 200;
    hides('details', $details);
    my ($form) = $details->forms;
    return $t->submit($form, { 'r.0' => 'changed_mind',
                               'o.0' => 'store_credit', %who, %$set });
}

sub send_it {
    my ($review) = @_;
    my ($form) = grep { $_->{action} =~ m{/rma$} } $review->forms;
    return $t->submit($form);
}

# ---- the doors ----

given('KG-1');

like($t->get('/returns/')->text, qr/Hediye mi geldi/, 'the portal says so');
my $gift = qr{^/tr/returns/g/v4\.local\.};
my $res = find('KG-1', ' k7p29qxm ');
is($res->status, 303, 'the code opens it') or diag($res->text);
like($res->header('location'), $gift, 'her page');
my $hers = $res->header('location');
like(find('KG-1', '34394')->header('location'), $gift,
     'so does the postal code, which is hers');
is(find('KG-1', 'AAAA1111')->status, 404, 'another code does not');
like(find('KG-1', 'buyer@example.com')->header('location'),
     qr{^/tr/returns/o/}, 'the e-mail opens the order');
my $order = find('KG-1', 'buyer@example.com')->header('location');

my ($track) = $t->get('/track/')->forms;
is($t->submit($track, { order => 'KG-1', contact => '34394' })->status, 404,
   'the postal code does not open what the buyer tracks');

$t->delivered_order('KG-2', 2);
like(find('KG-2', '34394')->header('location'), qr{^/tr/returns/o/},
     'an order that is no gift is opened by it as ever');

my $link = $t->api(POST => '/links', { purpose => 'gift', order => 'KG-2',
                                       qr => \1 });
is($link->status, 201, 'the shop makes a link for any order');
like($link->json->{qr_svg}, qr/<svg/, 'and its code');
(my $path = $link->json->{url}) =~ s{^https?://[^/]+}{};
hides('by link', $t->get($path));

my ($token) = $hers =~ m{/g/(.+)};
my ($otoken) = $order =~ m{/o/(.+)};
is($t->get("/tr/returns/o/$token")->status, 404, 'no link to the order');
is($t->get("/tr/returns/o/$token/talk")->status, 404, 'nor to its messages');
is($t->get("/tr/track/t/$token")->status, 404, 'nor to its parcels');
is($t->get("/tr/returns/r/$token")->status, 404, 'nor to an RMA');
is($t->get("/tr/returns/g/$otoken")->status, 404, 'an order link is no gift\'s');
is($t->get("$hers/$_")->status, 404, "no $_") for qw(talk missing);

given('KG-5', days => 20);
my ($late) = $t->get($t->link_path('gift', order => 'KG-5'))->forms;
like($late->{action}, qr{/g/}, 'gifts have a time of their own');
($late) = grep { $_->{action} =~ m{/o/} }
          $t->get(find('KG-5', 'buyer@example.com')->header('location'))->forms;
is($late, undef, 'when the buyer\'s is over');

# ---- what she sees, and asks ----

my $html = hides('items', $t->get($hers));
like($html, qr/Etiyopya/, 'what was given');
unlike($html, qr{/track/t/|/talk}, 'nothing of the order');

my ($items) = $t->get($hers)->forms;
$res = $t->submit($items, { 'c.1' => 1, 'q.1' => 1 });
hides('a line that is not hers', $res);
is($res->status, 422, 'and she cannot choose it');
$res = $t->submit($items, { 'c.0' => 1, 'q.0' => 99 });
is($res->status, 422, 'more than there are');
hides('more than there are', $res);

$res = review($hers, { 'g.name' => '', 'g.email' => 'nonsense' });
is($res->status, 422, 'she says who she is');
$html = hides('faults', $res);
like($html, qr/id="g-name-error"/, 'beside the name');
like($html, qr/id="g-email-error"/, 'beside the address');
like($html, qr/value="nonsense"/, 'what she typed is kept');

is(review($hers, { 'o.0' => 'refund' })->status, 422, 'no refund');
is(review($hers, { 'o.0' => $_ })->status, 422, "no $_")
    for 'keep_item', 'replacement', 'exchange:ETH-1000';
$res = review($hers, { 'o.0' => 'exchange:ETH-250-F' });
is($res->status, 422, 'goods want an address');
like($res->text, qr/id="g-address-error"/, 'beside it');

is(review($hers, { 'g.name' => 'x' x 300 })->status, 422, 'a name too long');
is($t->form("$hers/review", [ [ 'g.name', 'a' ], [ 'g.name', 'b' ] ])->status,
   400, 'a field twice');

my $review = review($hers, {});
is($review->status, 200, 'review') or diag($review->text);
$html = hides('review', $review);
like($html, qr/Deniz Alıcı/, 'who she is, once more');
unlike($html, qr/name="m"/, 'no sums in a hidden field either');

# ---- the RMA ----

my $made = send_it($review);
is($made->status, 303, 'made') or diag($made->text);
like(send_it($review)->header("location"), qr{^/tr/returns/r/},
   'twice sent is one');
(my $rma_url = $made->header('location')) =~ s/\?.*//;
$html = hides('RMA', $t->get($rma_url));
my ($id) = $html =~ /\b(R-[0-9A-Z]{4}-[0-9A-Z]{4})\b/;
unlike($html, qr{/returns/o/|/track/t/|withdraw\?order}, 'no way to the order');
like($html, qr{/returns/g/}, 'but back to the gift');
hides('RMA in English', $t->get($rma_url =~ s{^/tr}{/en}r));

my $rma = $t->api(GET => "/rmas/$id")->json;
ok($rma->{rma}{gift}, 'the API says so');
is($rma->{recipient}{email}, 'deniz@example.com', 'and who she is');
is($rma->{rma}{status}, 'approved', 'approved');
is($rma->{rma}{lines}[0]{release}, 'received', 'nothing before it is here');
is($rma->{rma}{lines}[0]{refund}, 39569, 'worth what was paid');
is($rma->{rma}{delivery}, 0, 'nothing of the delivery');
unlike($json->encode($rma->{rma}), qr/deniz/i, 'not in the RMA itself');

hides("paper $_", $t->get("$rma_url/$_")) for qw(label.html slip.html qr.html);
like($t->get("$rma_url/label.html")->text, qr/Deniz Alıcı/,
     'she is the sender');

my $pdf = `@{[ CXR::Test::cx() ]} label render --store $t->{store} --keys $t->{keys} --shop $t->{dir}/shops/kahve-gurusu.json --html @{[ CXR::Test::root() ]}/html $rma->{rma}{id}`;
is($?, 0, 'a label by the command');
ok($pdf eq $t->get("$rma_url/label.pdf")->body, 'is the same');

# ---- what the buyer sees ----

$html = $t->get($order)->text;
unlike($html, qr/\Q$id\E|Deniz|deniz/, 'the order page knows of no RMA');
unlike($html, qr/id="u-0"/, 'one bag is left to return');
unlike($html, qr/hediye/i, 'and says no word of it');
my $follow = $t->link_path('track', order => 'KG-1');
unlike($t->get($follow)->text, qr/\Q$id\E|Deniz/, 'nor does the tracking page');
is($t->get("$follow/r/$id")->status, 404, 'nor is there a way to it from there');
unlike($t->get("$order/talk")->text, qr/\Q$id\E/, 'nor the messages');

is($t->api(POST => "/rmas/$id/message", { text => 'Merhaba Deniz',
    from => 'shop', channel => 'email', id => 'x1' })->status, 201, 'written');
unlike($t->get($follow)->text, qr/pill busy/, 'the buyer has nothing new');
unlike($t->get("$follow/talk")->header('location'), qr{/r/},
       'and is not led to it');
like($t->get($rma_url)->text, qr/Merhaba Deniz/, 'the recipient reads it');

# ---- two of one line at once ----

my @late = map { review($hers, { 'g.email' => $_ }) } 'a@example.com',
                                                       'b@example.com';
my @ends = map {
    my $one = $_;
    pipe(my $read, my $write) or die "pipe: $!\n";
    my $pid = fork // die "fork: $!\n";
    if ($pid == 0) {
        print $write send_it($one)->status;
        close $write;
        require POSIX;
        POSIX::_exit(0);
    }
    close $write;
    [ $pid, $read ];
} @late;
my @got = sort map { my $s = readline $_->[1]; waitpid $_->[0], 0; $s } @ends;
is($got[0], 303, 'one gets it');
like($got[1], qr/^(?:409|422)$/, 'the other does not');
$res = $t->get($hers);
$html = hides('who comes later', $res);
like($html, qr/artık iade edilemiyor/, 'and is told no more than that');
unlike($html, qr/[ab]\@example/, 'not by whom');

$html = $t->get($order)->text;
like($html, qr/artık iade edilemiyor/, 'the buyer is told the same');
unlike($html, qr/talebiniz var|R-[0-9A-Z]{4}-/, 'and not that she had asked');
my ($own) = grep { $_->{action} =~ m{/o/} } $t->get($order)->forms;
like($t->submit($own, { 'c.0' => 1, 'q.0' => 1 })->text,
     qr/artık iade edilemiyor/, 'nor when she tries');

# ---- settled: the code is hers ----

is($t->api(POST => "/rmas/$id/receive", {})->status, 200, 'received');
is($t->api(GET => "/rmas/$id")->json->{rma}{lines}[0]{settlement}, 'released',
   'and told to the shop');
hides('received', $t->get($rma_url));
is($t->api(POST => "/rmas/$id/confirm", { reference => 'CARD-77-XYZ' })->status,
   200, 'the shop has made a card');
$html = hides('settled', $t->get($rma_url));
like($html, qr/CARD-77-XYZ/, 'its code is on her page');
unlike($t->get($order)->text . $t->get($follow)->text, qr/CARD-77/,
       'and on no page of the buyer');

my @events = map { $json->decode($_) }
             split /\n/, $t->api(GET => '/events?limit=1000')->body;
my @about = grep { ($_->{data}{rma} // $_->{data}{id} // '') eq $id } @events;
ok(@about >= 5, 'its events');
is(scalar(grep { !$_->{gift} } @about), 0, 'each says that it is a gift');
is(scalar(grep { $_->{gift} && $_->{type} eq 'order.put' } @events), 0,
   'and no other does');
unlike($json->encode(\@events), qr/deniz\@/i, 'nobody is in the events');

# ---- an exchange costs nothing, and what it gave is hidden ----

given('KG-3');
my $third = $t->link_path('gift', order => 'KG-3');
$review = review($third, { 'o.0' => 'exchange:ETH-250-F', 'g.city' => 'İzmir',
    'g.address' => "Sokak 1\nDaire 2", 'g.postcode' => '35000' }, q => 2);
is($review->status, 200, 'an exchange') or diag($review->text);
hides('exchange', $review);
$made = send_it($review);
($id) = $t->get($made->header('location'))->text
        =~ /\b(R-[0-9A-Z]{4}-[0-9A-Z]{4})\b/;
hides('exchange RMA', $t->get($made->header('location')));
$rma = $t->api(GET => "/rmas/$id")->json;
is($rma->{rma}{due} + $rma->{rma}{refund}, 0, 'even');
is($rma->{recipient}{city}, 'İzmir', 'where to send it');
$t->api(POST => "/rmas/$id/receive", {});
my $state = $t->api(GET => '/orders/KG-3')->json->{state};
is($state->{given}[0]{sku}, 'ETH-250-F', 'the goods are a line of the order');
$order = find('KG-3', 'buyer@example.com')->header('location');
unlike($t->get($order)->text, qr/Moka/, 'which the buyer does not see');
unlike($t->get($t->link_path('track', order => 'KG-3'))->text, qr/Moka/,
       'nor where she tracks');
($own) = grep { $_->{action} =~ m{/o/} } $t->get($order)->forms;
unlike($t->submit($own, { 'c.2' => 1, 'q.2' => 1 })->text, qr/Moka/,
       'nor by guessing its place');
like(hides('again', $t->get($third)), qr/Moka/, 'and the recipient does');

# ---- the law's rights stay with the buyer ----

my $declare = $t->get($t->link_path('withdrawal', order => 'KG-3'))->text;
like($declare, qr/Etiyopya/, 'her withdrawal form has what she bought');
unlike($declare, qr/Moka/, 'and not what an exchange of a gift gave');
my ($wform) = grep { $_->{action} =~ /withdraw/ }
              $t->get('/returns/withdraw')->forms;
$res = $t->submit($wform, { name => 'Buyer Bulut', contract => 'KG-3',
                            email => 'buyer\@example.com', part => 'all' });
my ($confirm) = grep { $_->{action} =~ /withdraw/ } $res->forms;
$res = $t->submit($confirm, {});
like($res->status, qr/^(?:200|201|303)$/, 'her withdrawal is taken')
    or diag($res->text);
my ($wd) = @{ $t->api(GET => '/withdrawals')->json->{withdrawals} };
ok($wd, 'and kept') or diag($t->api(GET => '/withdrawals')->body);
my $hers_too = $wd && $wd->{rma}
               ? $t->api(GET => "/rmas/$wd->{rma}")->body : '';
unlike($hers_too, qr/Moka/, 'of what is hers alone');

my ($w) = grep { $_->{action} =~ /withdraw/ } $t->get('/returns/withdraw')->forms;
given('KG-4');
$res = $t->api(POST => '/rmas', { order => 'KG-4', gift => \1,
    recipient => { name => 'D', email => 'd@example.com' }, withdrawal => \1,
    lines => [ { line => '1', quantity => 1 } ] });
is($res->status, 409, 'a gift return is no withdrawal') or diag($res->body);

# ---- the API's own door ----

my %ask = (order => 'KG-4', gift => \1, recipient => { name => 'Deniz A',
           email => 'd@example.com' },
           lines => [ { line => '1', quantity => 1, reason => 'changed_mind' } ]);
$res = $t->api(POST => '/rmas', { %ask, recipient => undef });
is($res->status, 400, 'it names who was given it');
$res = $t->api(POST => '/rmas', { %ask, recipient => { name => 'x',
               email => 'none' } });
is($res->status, 400, 'by an address');
is($res->json->{errors}[0]{pointer}, '/recipient/email', 'which is pointed to');
$res = $t->api(POST => '/rmas', { %ask, override => \1, override_reason => 'x',
    lines => [ { line => '1', quantity => 1, reason => 'changed_mind',
                 outcome => 'refund' } ] });
is($res->status, 409, 'no refund, by nobody') or diag($res->body);
$res = $t->api(POST => '/rmas', { %ask, lines => [ { line => '2',
    quantity => 1, reason => 'changed_mind' } ] });
is($res->status, 409, 'nor a line that was not given');
$res = $t->api(POST => '/rmas', { %ask });
is($res->status, 201, 'made') or diag($res->body);
is($res->json->{rma}{lines}[0]{outcome}, 'store_credit', 'as store credit');
$id = $res->json->{rma}{id};

is($t->api(PUT => '/orders/KG-9', CXR::Test::order('KG-9',
   gift_code => 'ab'))->status, 400, 'a code of two letters');
my $read = $t->api(GET => '/orders/KG-4')->json;
is($read->{gift_code}, 'K7P2-9QXM', 'an order is read with its code');
ok($read->{lines}[0]{gift}, 'and its mark');
delete $read->{state};
is($t->api(PUT => '/orders/KG-4', $read)->json->{status}, 'unchanged',
   'and sent again changes nothing');

# ---- the desk ----

my @staff = (headers => [ CXR::Test::staff_headers() ]);
$html = $t->request(GET => "/staff/rma/$id", @staff)->text;
like($html, qr/Deniz A/, 'the desk: the recipient');
like($html, qr/Buyer Bulut/, 'the buyer, too');
like($html, qr/Hediye edilen/, 'and which is which');
like($t->request(GET => '/staff/?q=' . CXR::Test::uri('d@example.com'),
     @staff)->text, qr/\Q$id\E/, 'she is found by her address');
$html = $t->request(GET => '/staff/messages/KG-4', @staff)->text;
like($html, qr{/returns/g/v4}, 'a gift link on the desk');
$res = $t->request(GET => '/staff/messages/KG-4/gift.svg', @staff);
is($res->header('content-type'), 'image/svg+xml', 'and its code');

my $kept = $t->conn(timeout => 5);
is(join(' ', map { $_ ? $_->status : 'none' }
        map { $kept->request(GET => '/staff/messages/KG-4/gift.svg', @staff) }
        1 .. 3), '200 200 200', 'which a kept connection may ask for again');
$kept->close;

# ---- the command ----

my $cx = CXR::Test::cx();
my $at = "--store $t->{store} --keys $t->{keys} "
         . "--shop $t->{dir}/shops/kahve-gurusu.json";
my %why = map {
    my ($line) = @{ $json->decode(scalar `$cx policy explain KG-5 $at $_ --json`)
                        ->{lines} };
    ($_ => $line->{outcomes});
} '', '--gift';
ok($why{'--gift'}{store_credit}{offered}, 'explained: credit for who was given it');
ok(!$why{'--gift'}{refund}{offered}, 'and no refund');
ok(!$why{''}{store_credit}{offered}, 'which the buyer is not offered');

# ---- whose data it is ----

my $said = `$cx person export $at KG-1 2>&1`;
is($?, 0, 'an export for the buyer');
like($said, qr/buyer\@example/, 'has her own');
unlike($said, qr/deniz|Deniz|CARD-77|Merhaba|rma\.created/,
       'and nothing of who was given it');
$said = `$cx person export $at $id 2>&1`;
is($?, 0, 'one for the recipient');
like($said, qr/d\@example\.com/, 'has hers');
unlike($said, $secret, 'and nothing of the buyer or a price');

# ---- erased alone ----

like($t->request(GET => '/staff/', @staff)->text,
     qr{>\Q$id\E</a><br><span class="small soft">İade, hediye</span>},
     'the desk\'s list has a mark');
my $rows = $t->request(GET => '/staff/export.csv', @staff)->text;
like($rows, qr/,gift\r\n/, 'the file a column');
like($rows, qr/^\Q$id\E,.*,true\r$/m, 'that says so');
is($t->api(GET => '/rmas?order=KG-4')->json->{rmas}[0]{gift}, JSON::PP::true,
   'and the API');

$said = `$cx person erase $at --by=staff:ayse $id 2>&1`;
isnt($?, 0, 'not while it is under way');
like($said, qr/\Q$id\E is under way/, 'which is said');
$said = `$cx person erase $at --by=staff:ayse --open $id 2>&1`;
is($?, 0, 'unless it is said') or diag($said);
like($said, qr/\Q$id\E: the person is erased/, 'who was given it');
$said = `$cx person erase $at --by=staff:ayse --open $id 2>&1`;
like($said, qr/nothing of a person was left/, 'once');
$read = $t->api(GET => "/rmas/$id")->json;
is($read->{recipient}, undef, 'the recipient alone');
like($read->{rma}{erased_at}, qr/^20/, 'and when');
is($t->api(GET => '/orders/KG-4')->json->{person}{name}, 'Buyer Bulut',
   'the buyer stays');
unlike($t->request(GET => '/staff/?q=' . CXR::Test::uri('d@example.com'),
       @staff)->text, qr/\Q$id\E/, 'she is found no more');
($read) = grep { $_->{type} eq 'recipient.erased' } map { $json->decode($_) }
          split /\n/, $t->api(GET => '/events?limit=1000')->body;
is($read->{data}{rma}, $id, 'an event');
ok($read->{gift}, 'of a gift');
is($read->{actor}, 'staff:ayse', 'that says who did it');
like($t->request(GET => "/staff/rma/$id", @staff)->text,
     qr/Hediyeyi alan kişinin kişisel verileri silindi/, 'the desk tells it');
$said = `$cx person erase $at --by=staff:ayse R-0000-0000 2>&1`;
isnt($?, 0, 'a number that nothing has');

# ---- and with the order ----

$id = $t->api(POST => '/rmas', { %ask })->json->{rma}{id};
ok($id, 'another gift return');
is($t->api(GET => "/rmas/$id")->json->{recipient}{name}, 'Deniz A', 'of hers');
$said = `$cx person erase $at --by=staff:ayse --open KG-4 2>&1`;
is($?, 0, 'erased') or diag($said);
is($t->api(GET => "/rmas/$id")->json->{recipient}, undef,
   'the recipient with the order');
unlike($t->request(GET => '/staff/?q=' . CXR::Test::uri('d@example.com'),
       @staff)->text, qr/\Q$id\E/, 'and found no more');

$t->finish;
$said = `$cx rebuild --store $t->{store} --into $t->{dir}/anew --keys $t->{keys} 2>&1`;
is($?, 0, 'rebuilt, byte for byte') or diag($said);
unlike(join('', map { CXR::Test::slurp($_) } "$t->{store}/data.mdb"),
       qr/deniz\@example/, 'nobody stands in the store in the clear');

# ---- off ----

my $off = CXR::Test->new(shop => { 'policy.gift_returns' => undef })->start;
$off->delivered_order('KG-1', 2, gift => \1);
unlike($off->get('/returns/')->text, qr/Hediye/, 'off: not a word');
is($off->api(POST => '/links', { purpose => 'gift', order => 'KG-1' })->status,
   422, 'no link');
my ($f) = $off->get('/returns/')->forms;
like($off->submit($f, { number => 'KG-1', proof => '34394' })
     ->header('location'), qr{/returns/o/}, 'the postal code opens the order');
is($off->api(POST => '/rmas', { %ask, order => 'KG-1' })->status, 409,
   'and no RMA');
$off->finish;

done_testing;

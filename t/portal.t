#!/usr/bin/perl
# The portal: from the order's number to the RMA's page and its label, as a
# browser without script goes; and every way to ask for what is not there.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::Scan;
use CXR::Test;

my $t = CXR::Test->new(workers => 2)->start;
my $json = $CXR::Test::json;

for my $p ([ 'ETH', 'Etiyopya', [ 'ETH-250', '250 g', 42000, 9 ],
             [ 'ETH-250-F', '250 g filtre', 42000, 4 ],
             [ 'ETH-1000', '1 kg', 152000, 2 ],
             [ 'ETH-GONE', 'tükendi', 42000, 0 ] ],
           [ 'CUP', 'Fincan', [ 'CUP-W', 'beyaz', 56000, 3 ],
             [ 'CUP-B', 'siyah', 56000, 3 ] ])
{
    my ($id, $title, @v) = @$p;
    $t->api(PUT => "/products/$id", { id => $id, title => $title,
        currency => 'TRY', variants => [ map { { sku => $_->[0],
            title => $_->[1], price => $_->[2], stock => $_->[3] } } @v ] });
}

sub page {
    my ($name, $res, $status) = @_;
    is($res->status, $status, "$name: $status")
        or diag(substr $res->text, 0, 3000);
    like($res->header('content-security-policy') // '',
         qr/^default-src 'none'/, "$name: CSP");
    is($res->header('cache-control'), 'private, no-store', "$name: no cache");
    is($res->header('referrer-policy'), 'no-referrer', "$name: no referrer");
    unlike($res->body, qr/\{\{|<script(?! type="application\/ld\+json">)/i,
           "$name: no template, no script");
    return $res->text;
}

sub find {
    my ($number, $proof, $prefix) = @_;
    my $path = ($prefix // '') . '/returns/';
    my ($form) = $t->get($path)->forms;
    return $t->submit($form, { number => $number, proof => $proof });
}

# To the review, with these lines: index => { q, r, o, n }; the last answer

sub review {
    my ($url, %lines) = @_;
    my ($items) = $t->get($url)->forms;
    my %set;

    for my $i (keys %lines) {
        $set{"c.$i"} = 1;
        $set{"q.$i"} = $lines{$i}{q} if defined $lines{$i}{q};
    }

    my $details = $t->submit($items, \%set);
    return $details if $details->status != 200;

    my ($form) = $details->forms;
    %set = ();

    for my $i (keys %lines) {
        $set{"r.$i"} = $lines{$i}{r} // 'changed_mind';
        $set{"o.$i"} = $lines{$i}{o} // 'refund';
        $set{"n.$i"} = $lines{$i}{n} if defined $lines{$i}{n};

        # its form asks what a claim asks (t/claims.t comes to it by the pages)

        $set{"k.$i"} = 'damaged' if $set{"r.$i"} eq 'damaged';
    }

    return $t->submit($form, \%set);
}

sub submit_review {
    my ($review) = @_;
    my ($form) = grep { $_->{action} =~ m{/rma$} } $review->forms;
    return $t->submit($form);
}

# ---- find my order ----

$t->delivered_order('KG-1', 2);

my $html = page('find', $t->get('/returns/'), 200);
like($html, qr/<html lang="tr"/, 'Turkish');
like(page('find in English', $t->get('/en/returns/'), 200),
     qr/<html lang="en"/, 'English by path');

my $failed = $t->metric('cx_returns_lookups_failed_total');
my $wrong = find('KG-1', 'other@example.com');
my $none = find('KG-999', 'other@example.com');
page('wrong e-mail', $wrong, 404);
page('unknown order', $none, 404);
(my $same = $wrong->text) =~ s/KG-1\b/KG-999/g;
is($same, $none->text, 'both get the same answer');
is($t->metric('cx_returns_lookups_failed_total'), $failed + 2, 'counted');
page('nothing typed', find('', ''), 422);
page('no proof', find('KG-1', ''), 422);

my $res = find('kg-1', ' Ayse@Example.com ');
is($res->status, 303, 'found by e-mail') or diag($res->text);
my $order = $res->header('location');
like($order, qr{^/tr/returns/o/v4\.local\.}, 'a link with a token');
is(find('KG-1', '34394')->status, 303, 'found by postal code');
is($t->get('/returns/lookup')->status, 303, 'a reload of the answer');

# ---- choose, say why, review ----

$html = page('items', $t->get($order), 200);
like($html, qr/Etiyopya/, 'the lines');
like($html, qr/Fincan/, 'both');
unlike($html, qr/ayse\@example\.com|\+90555/, 'no contact of the person');

my $review = review($order, 0 => { q => 1, r => 'wrong_grind',
                    o => 'exchange:ETH-250-F' },
                    1 => { q => 1, r => 'damaged', n => 'Kulpu <kırık> & "x"' });
$html = page('review', $review, 200);
like($html, qr/250 g filtre/, 'the other variant');
like($html, qr/560,00|₺\s?560/, 'the money');
like($html, qr/Kulpu &lt;kırık&gt; &amp;/, 'the note, escaped');
is($t->api(GET => '/rmas')->json->{rmas}[0], undef, 'a review makes nothing');

my $made = submit_review($review);
is($made->status, 303, 'submitted') or diag($made->text);
my $rma_url = $made->header('location');
like($rma_url, qr{^/tr/returns/r/v4\.local\.[\w.-]+\?new=1$}, 'to its page');
(my $permanent = $rma_url) =~ s/\?.*//;

# double click, reload, back: the same RMA

sub rma_of {
    my ($url) = @_;
    my ($id) = $t->get($url)->text =~ /\b(R-[0-9A-Z]{4}-[0-9A-Z]{4})\b/;
    return $id;
}

for (1 .. 3) {
    my $again = submit_review($review);
    is($again->status, 303, 'submitted again');
    is(rma_of($again->header('location')), rma_of($permanent), 'the same RMA');
}

is($t->get($order . '/rma')->status, 303, 'reload of the target');
my ($rform) = grep { $_->{action} =~ m{/rma$} } $review->forms;
is($t->submit({ %$rform, action => "$order/review" })->status, 303,
   'back to the review: to the RMA');
is(scalar @{ $t->api(GET => '/rmas')->json->{rmas} }, 1, 'one RMA');

$html = page('RMA', $t->get($rma_url), 200);
my ($id) = $html =~ /\b(R-[0-9A-Z]{4}-[0-9A-Z]{4})\b/;
ok($id, 'its number') or diag($html);
like($html, qr/Kulpu &lt;kırık&gt;/, 'the note');
page('RMA in English', $t->get($permanent =~ s{^/tr}{/en}r), 200);

my $rma = $t->api(GET => "/rmas/$id")->json;
is($rma->{rma}{order_number}, 'KG-1', 'of its order');
is(scalar @{ $rma->{rma}{lines} }, 2, 'with its lines');
is($rma->{notes}[0]{note}, 'Kulpu <kırık> & "x"', 'with its note');
is($rma->{rma}{lines}[0]{exchange_sku}, 'ETH-250-F', 'exchange');
is($rma->{rma}{status}, 'requested', 'damaged goods are looked at first')
    or diag(explain $rma);

# ---- what is left ----

$html = page('items, after', $t->get($order), 200);
like($html, qr/\Q$id\E/, 'the RMA stands there');

$res = review($order, 0 => { q => 2 });
is($res->status, 422, 'two, where one is left');
$res = review($order, 1 => { q => 1 });
is($res->status, 422, 'one, where none is left');

my $second = review($order, 0 => { q => 1 });
page('the last one: review', $second, 200);
my $r2 = submit_review($second);
is($r2->status, 303, 'the last one');
is($t->get("$order?step=details&c=1&c.0=1&q.0=1")->status, 422,
   'then nothing is left');

# ---- two browsers at once ----

$t->delivered_order('KG-2', 1);
$order = find('KG-2', 'ayse@example.com')->header('location');

# in the middle of it she finds that she would rather read English

{
    my $html = $t->get("$order?step=details&c=1&c.0=1&q.0=2")->text;
    my ($en) = $html =~ m{href="(/en/returns/[^"]+)"[^>]*hreflang="en"};
    $en =~ s/&amp;/&/g;
    my $res = $t->get($en);
    is($res->status, 200, 'the same step in another language');
    is($res->header('content-language'), 'en', 'is in it');
    like($res->text, qr{<form[^>]* action="[^"]*/review"}, 'and no other');
    is(scalar(() = $res->text =~ /name="q\.0" value="2"/g), 1,
       'and what was chosen is');
}


my @reviews = map { review($order, 0 => { q => 2 }) } 1 .. 8;
my @conns = map { $t->conn } @reviews;
for my $i (0 .. $#reviews) {
    my ($form) = grep { $_->{action} =~ m{/rma$} } $reviews[$i]->forms;
    my $body = CXR::Test::encode_form(@{ $form->{fields} });
    $conns[$i]->write(CXR::HTTP::head(POST => $form->{action},
        'Content-Type' => 'application/x-www-form-urlencoded',
        'Content-Length' => length $body) . $body);
}
my @answers = map { $_->response } @conns;
is(scalar(grep { $_->status == 303 } @answers), 1, 'of eight, one is made');
is(scalar(grep { $_->status == 409 || $_->status == 422 } @answers), 7,
   'seven are told')
    or diag(join ' ', map { $_->status } @answers);
is($t->api(GET => '/orders/KG-2')->json->{state}{returning}[0]{quantity}, 2,
   'never more than were bought');

# the same form sent eight times at once: one RMA, eight times its page

$t->delivered_order('KG-3', 1);
$order = find('KG-3', 'ayse@example.com')->header('location');
$review = review($order, 0 => { q => 1 });
my ($form) = grep { $_->{action} =~ m{/rma$} } $review->forms;
my $body = CXR::Test::encode_form(@{ $form->{fields} });
@conns = map { $t->conn } 1 .. 8;
$_->write(CXR::HTTP::head(POST => $form->{action},
    'Content-Type' => 'application/x-www-form-urlencoded',
    'Content-Length' => length $body) . $body) for @conns;
my %to;
for my $a (map { $_->response } @conns) {
    is($a->status, 303, 'one of eight clicks');
    $to{ rma_of($a->header('location')) }++;
}
is(scalar keys %to, 1, 'all lead to one RMA');
is(scalar @{ $t->api(GET => '/orders/KG-3')->json->{state}{rmas} }, 1,
   'there is one');

# ---- many lines: why, and what instead, is said once for all ----

$t->delivered_order('KG-3A', 2, lines => [ map {
    { line => "$_", sku => "S$_", title => "Ürün $_", quantity => 1,
      unit_price => 100 } } 1 .. 12 ]);
$order = find('KG-3A', 'ayse@example.com')->header('location');
my $chosen = join '&', map { "c.$_=1" } 0 .. 11;
my ($all) = $t->get("$order?step=details&c=1&$chosen")->forms;

$res = $t->submit($all, { 'r.3' => 'wrong_grind' });
$html = page('nothing said for the others', $res, 422);
like($html, qr{<title>Hata: }, 'its title begins with it');
is(() = $html =~ /<li><a href="#/g, 9, 'its summary ends after the first ones');
is(() = $html =~ /id="r-\d+-error"/g, 11, 'and all are marked');

($all) = grep { $_->{action} =~ m{/review$} } $res->forms;
$made = submit_review($t->submit($all, { 'r.all' => 'changed_mind' }));
is(join(' ', map { $_->{reason} }
        @{ $t->api(GET => '/rmas/' . rma_of($made->header('location')))
             ->json->{rma}{lines} }),
   join(' ', map { $_ == 3 ? 'wrong_grind' : 'changed_mind' } 0 .. 11),
   'each has it, but one has its own');

# ---- what cannot be returned is shown, with why ----

$t->delivered_order('KG-4', 20);
$order = find('KG-4', 'ayse@example.com')->header('location');
$html = page('window over', $t->get($order), 200);
my ($items) = grep { $_->{action} =~ m{/o/} } $t->get($order)->forms;
ok(!$items, 'no form to choose with');
is($t->get("$order?step=details&c=1&c.0=1&q.0=1")->status, 422,
   'asked for all the same: refused');

$t->delivered_order('KG-5', 1, lines => [
    { line => '1', sku => 'A', title => 'Son Fırsat', quantity => 1,
      unit_price => 100, tags => ['son-firsat'] },
    { line => '2', sku => 'B', title => 'Olağan', quantity => 1,
      unit_price => 100 },
    { line => '3', sku => 'C', title => 'Kesin satış', quantity => 1,
      unit_price => 100, final_sale => \1 } ]);
$order = find('KG-5', 'ayse@example.com')->header('location');
$html = page('final sale', $t->get($order), 200);
like($html, qr/Son Fırsat/, 'shown');
is($t->get("$order?step=details&c=1&c.0=1")->status, 422, 'refused');
is($t->get("$order?step=details&c=1&c.1=1")->status, 200, 'the other is fine');
is($t->get("$order?step=details&c=1&c.2=1")->status, 200,
   'a sale that is final for the shop alone is not, where the law says so');

# not yet delivered

$t->put_order('KG-6');
$order = find('KG-6', 'ayse@example.com')->header('location');
page('not delivered', $t->get($order), 200);

# ---- forms that no page made ----

$t->delivered_order('KG-7', 1);
$order = find('KG-7', 'ayse@example.com')->header('location');
my ($v) = $t->get($order)->body =~ /name="v" value="([^"]+)"/;
my ($f) = $t->get($order)->body =~ /name="f" value="([^"]+)"/;
my @ok = ([ f => $f ], [ v => $v ], [ c => 1 ], [ 'c.0' => 1 ],
          [ 'q.0' => 1 ], [ 'r.0' => 'changed_mind' ], [ 'o.0' => 'refund' ]);

sub asked {
    my ($name, $status, %with) = @_;
    my @fields = map { exists $with{ $_->[0] }
                       ? defined $with{ $_->[0] }
                         ? [ $_->[0], delete $with{ $_->[0] } ] : ()
                       : $_ } @ok;
    push @fields, map { [ $_, $with{$_} ] } grep { defined $with{$_} }
                  sort keys %with;
    my $r = $t->form("$order/rma", \@fields);
    is($r->status, $status, "$name: $status")
        or diag(join ' ', $r->status, $r->header('location') // '');
    return $r;
}

asked('a quantity of 3', 422, 'q.0' => 3);
asked('a quantity of -1', 422, 'q.0' => -1);
asked('a quantity of 1e9', 422, 'q.0' => '1000000000000');
asked('a quantity of one half', 422, 'q.0' => '0.5');
asked('an unknown reason', 422, 'r.0' => 'because');
asked('no reason', 422, 'r.0' => '');
asked('an unknown outcome', 422, 'o.0' => 'gold');
asked('an exchange for what is sold out', 422, 'o.0' => 'exchange:ETH-GONE');
asked('an exchange for another product', 422, 'o.0' => 'exchange:CUP-W');
asked('an exchange for nothing', 422, 'o.0' => 'exchange:');
asked('a reason that needs a note', 422, 'r.0' => 'damaged',
      'k.0' => 'damaged');
asked('no line', 422, 'c.0' => undef);
asked('an order that is another now', 422, v => 'ffffffff');
asked('no flow', 422, f => undef);
asked('a line that is not there', 422, 'c.0' => undef, 'c.7' => 1, 'q.7' => 1);
asked('a note of 2,000 letters', 422, 'n.0' => 'a' x 2000);
is($t->form("$order/rma", [ @ok, [ 'q.0' => 2 ] ])->status, 400,
   'a field twice');
is($t->form("$order/rma", [ @ok, map { [ "x$_" => 1 ] } 1 .. 3000 ])->status,
   413, 'too many fields');
is($t->form("$order/rma", [ @ok, [ x => 'x' x 70_000 ] ])->status, 413,
   'too large');
is($t->request(POST => "$order/rma", headers => [ 'Content-Type' =>
   'multipart/form-data; boundary=x' ], body => '')->status, 400,
   'of another type');
is($t->request(POST => "$order/rma", headers => [ 'Content-Type' =>
   'application/x-www-form-urlencoded' ], body => "c.0=1&r.0=%ff%ff&c=1&v=$v&f=$f&q.0=1")
   ->status, 422, 'not UTF-8');
is($t->request(PUT => $order, body => '')->status, 405, 'PUT');
is($t->get("$order/nothing")->status, 404, 'a step that is none');
is($t->api(GET => '/orders/KG-7')->json->{state}{rmas}[0], undef,
   'nothing was made of all that');
asked('and then the good one', 303);

# ---- cancel ----

($form) = grep { $_->{action} =~ m{/cancel$} } $t->get($permanent)->forms;
ok($form, 'an RMA can be cancelled');
$res = $t->submit($form);
is($res->status, 303, 'cancelled');
page('cancelled', $t->get($res->header('location')), 200);
is($t->api(GET => "/rmas/$id")->json->{rma}{status}, 'cancelled', 'it is');
is($t->submit($form)->status, 409, 'not twice');
$order = find('KG-1', 'ayse@example.com')->header('location');
is(review($order, 1 => { q => 1 })->status, 200, 'its goods may come back');

# ---- the label ----

SKIP: {
    $order = find('KG-5', 'ayse@example.com')->header('location');
    $made = submit_review(review($order, 1 => { q => 1 }));
    is($made->status, 303, 'an RMA that needs nobody');
    (my $base = $made->header('location')) =~ s/\?.*//;
    my ($n) = $t->get($base)->text =~ /\b(R-[0-9A-Z]{4}-[0-9A-Z]{4})\b/;

    my $label = $t->get("$base/label.html");
    page('label', $label, 200);
    like($label->text, qr/\Q$n\E/, 'its number');
    like($label->text, qr/Ayşe Yılmaz/, 'from whom');
    like($label->text, qr/Kahve Gurusu İade/, 'to whom');

    my $svg = $t->get("$base/label.svg");
    is($svg->status, 200, 'as a picture');
    is($svg->header('content-type'), 'image/svg+xml', 'of its type');

    skip 'no rsvg-convert or zbarimg', 4
        if system('command -v rsvg-convert zbarimg >/dev/null 2>&1') != 0;

    my $dir = $t->dir;
    CXR::Test::spew("$dir/label.svg", $svg->body);
    is(system("rsvg-convert -b white -w 1600 $dir/label.svg -o $dir/label.png"),
       0, 'it is drawn');
    my $code128 = CXR::Scan::code('CODE-128', "$dir/label.png");
    my $qr = CXR::Scan::code('QR-Code', "$dir/label.png");
    is($code128, $n, 'a scanner reads the number');
    like($qr // '', qr/v4\.public\./, 'and the signed payload')
        or diag($code128);

    # what it says holds without the shop: by the public key alone, and after
    # a rotation too

    CXR::Test::spew("$dir/public", $t->get('/.well-known/paserk')->body);
    my ($token) = ($qr // '') =~ /(v4\.public\.[\w.-]+)/;
    my $cx = CXR::Test::cx();
    my $said = `$cx label verify --keys $dir/public '$token' 2>&1`;
    is($?, 0, 'it verifies offline') or diag($said);
    like($said, qr/\Q$n\E/, 'and says the number');

    is(system("$cx keys rotate $dir/keys >/dev/null 2>&1"), 0,
       'the key is rotated') or diag(`$cx keys 2>&1`);
    ok($t->reload, 'reloaded');
    CXR::Test::spew("$dir/public", $t->get('/.well-known/paserk')->body);
    $said = `$cx label verify --keys $dir/public '$token' 2>&1`;
    is($?, 0, 'a label made before verifies after') or diag($said);

    (my $bad = $token) =~ s/(.)(.{20})$/($1 eq 'A' ? 'B' : 'A') . $2/e;
    `$cx label verify --keys $dir/public '$bad' 2>&1`;
    isnt($?, 0, 'an altered one does not');
}

cmp_ok($t->metric('cx_returns_rmas_created_total'), '>=', 5, 'RMAs counted');
$t->journal_ok;
$t->finish;
done_testing;

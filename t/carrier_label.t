#!/usr/bin/perl
# A carrier's label that the shop supplies as a file: looked at, kept outside the
# store, replaced, shown to whoever has the RMA's link and to the desk, reminded
# of, and gone with its RMA's person.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP;
use MIME::Base64 ();
use Test::More;

use CXR::Photo qw(png multipart);
use CXR::Test;

my %keep = (workers => 2, shop => {
    'policy.methods' => [ 'carrier_label', 'label' ], 'policy.label_days' => 14,
    retention => { person_days => 30 }, });
my $t = CXR::Test->new(%keep, server => 'client_max_body_size 4m;');
my ($labels, $photos) = map { $t->dir . "/$_" } qw(labels photos);
my $http = "cx_returns_labels $labels max_size=64k;"
           . "cx_returns_photos $photos; cx_returns_due_interval 1s;";

# ---- the directive ----

for my $bad ([ "cx_returns_labels $labels max_size=1k;", qr/from 16k to 16m/ ],
             [ "cx_returns_labels $labels size=1m;", qr/from 16k to 16m/ ],
             [ "cx_returns_labels $labels; cx_returns_labels $labels;",
               qr/is duplicate/ ],
             [ "cx_returns_photos $photos; cx_returns_labels $photos;",
               qr/"cx_returns_labels" names the directory of "cx_returns_photos"/ ],
             [ 'cx_returns_labels /proc/nothing/here;', qr{/proc/nothing} ])
{
    $t->{http} = $bad->[0];
    my ($rc, $said) = $t->check;
    ok($rc, "nginx -t refuses $bad->[0]");
    like($said, $bad->[1], 'and says why');
}

$t->{http} = $http;
$t->start;

# a PDF as small as they come, with something in it

sub pdf {
    my ($say, $more) = @_;
    my $pdf = "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        . "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        . "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 283 425]"
        . ($more // '') . ">>\nendobj\n% $say\n";
    my $at = length $pdf;
    return "${pdf}xref\n0 1\n0000000000 65535 f \ntrailer\n"
           . "<</Root 1 0 R/Size 4>>\nstartxref\n$at\n%%EOF\n";
}

sub rma {
    my ($order) = @_;
    $t->delivered_order($order, 1);
    my $res = $t->api(POST => '/rmas', { order => $order, locale => 'en',
        method => 'carrier_label', lines => [ { line => '1', quantity => 1,
        reason => 'changed_mind', outcome => 'refund' } ] });
    is($res->status, 201, "$order: an RMA") or diag($res->body);
    return $res->json->{rma}{id};
}

sub supply {
    my ($id, $bytes, %o) = @_;
    return $t->request(POST => "/api/v1/rmas/$id/label" . ($o{query} // ''),
        headers => [ CXR::Test::staff_headers(),
                     'Content-Type' => $o{type} // 'application/pdf',
                     @{ $o{headers} // [] } ],
        body => $bytes);
}

sub files { return grep { -f } glob "$labels/*/*" }

sub events {
    my ($type) = @_;
    return grep { $_->{type} eq $type } map { decode_json($_) }
           grep { length }
           split /\n/, $t->api(GET => '/events?after=0&limit=1000')->body;
}

my $id = rma('KG-1');
my $page = $t->link_path('rma', rma => $id);
is(scalar events('label.requested'), 1, 'the shop is asked for a label');
like($t->get($page)->text, qr/having your shipping label made|etiketiniz hazırlanıyor|etiket/i,
     'the shopper waits for it');
unlike($t->get($page)->text, qr/carrier-label/, 'and has none yet');
is($t->get("$page/carrier-label.pdf")->status, 303, 'its address leads back');

# ---- what is none ----

for my $bad ([ 'a page', '<html><script>alert(1)</script>' ],
             [ 'a picture that says it is a PDF', substr(png(9, 9), 0, 80) ],
             [ 'a PDF cut short', substr(pdf('a'), 0, -20) ],
             [ 'a PDF with a page behind it', pdf('a') . '<html>' ],
             [ 'a PDF with a script', pdf('a', '/S/JavaScript') ],
             [ 'nothing', '' ])
{
    my $res = supply($id, $bad->[1]);
    is($res->status, 422, $bad->[0]);
    like($res->json->{type}, qr/not_a_label/, 'is told');
}

is(supply($id, pdf('a') . ' ' x 70000)->status, 413, 'one too large');
is(supply($id, pdf('a'), query => '?expires=soon')->status, 400,
   'a day that is none');
is(supply($id, pdf('a'), query => '?expires=%zz')->status, 400,
   'a query that is none');
is(supply($id, pdf('a'), query => '?expires=%ff')->status, 400,
   'one that is no UTF-8');
is(supply($id, pdf('a'), query => '?carrier=yurtici')->status, 400,
   'a carrier without a number');
is(supply($id, pdf('a'), query => '?colour=red')->status, 400,
   'what is not known');
is(supply($id, pdf('a'), query => '?expires=2020-01-01T00:00:00Z')->status,
   409, 'one that is over');
is(supply('R-0000-0000', pdf('a'))->status, 404, 'no such RMA');
is($t->request(POST => "/api/v1/rmas/$id/label", body => pdf('a'),
   headers => [ 'X-Actor' => 'x', 'X-Roles' => 'read approve',
                'Content-Type' => 'application/pdf' ])->status, 403,
   'who may not');
is(supply($id, pdf('a'), headers => [ 'If-Match' => '"99"' ])->status, 412,
   'another revision')
    or diag('If-Match');
is(scalar files(), 0, 'nothing of it stays on the disk');

# ---- one ----

my $res = supply($id, pdf('first'), query => '?carrier=yurtici&number=990000000077'
                 . '&expires=' . CXR::Test::iso(time + 86400 * 5),
                 headers => [ 'Idempotency-Key' => 'label-1' ]);
is($res->status, 200, 'a PDF') or diag($res->body);
my $rma = $res->json->{rma};
is($rma->{carrier_label_kind}, 'pdf', 'is told as such');
is($rma->{carrier_label_bytes}, length pdf('first'), 'with its size');
is($rma->{parcels}[0]{number}, '990000000077', 'its number names the parcel');
ok(!exists $rma->{carrier_label_hash}, 'where it stands is nobody\'s business');
cmp_ok($rma->{label_expires}, 'lt', CXR::Test::iso(time + 86400 * 6),
       'the time to send it ends with the label');
my @files = files();
is(scalar @files, 1, 'one file');
is((stat $files[0])[2] & 07777, 0600, 'for the worker alone');

$res = $t->get("$page/carrier-label.pdf");
is($res->status, 200, 'the shopper has it');
is($res->body, pdf('first'), 'as it came');
is($res->header('content-type'), 'application/pdf', 'as a PDF');
is($res->header('content-disposition'), "attachment; filename=\"$id.pdf\"",
   'to save');
is($res->header('x-content-type-options'), 'nosniff', 'nosniff');
is($res->header('cache-control'), 'private, no-store', 'kept nowhere');
like($res->header('content-security-policy'), qr/default-src 'none'; sandbox/,
     'in a sandbox');
my $html = $t->get($page)->text;
like($html, qr{href="[^"]*/carrier-label\.pdf">[^<]*PDF}, 'her page leads to it');
like($t->get("$page/label.html")->text, qr{carrier-label\.pdf},
     'so does what is printed');
my $api = $t->api(GET => "/rmas/$id/label");
is($api->body, pdf('first'), 'the shop\'s mailer has it');
is($t->get("/api/v1/rmas/$id/label")->status, 403, 'who is nobody has not');
like($t->get("/staff/rma/$id", $t->staff_headers)->text,
     qr{/staff/rma/\Q$id\E/carrier-label\.pdf}, 'the desk\'s page leads to it');
is($t->get("/staff/rma/$id/carrier-label.pdf", $t->staff_headers)->status, 200,
   'and shows it');
is($t->get("/staff/rma/$id/carrier-label.pdf")->status, 403, 'to staff alone');

# ---- again, and another ----

is(supply($id, pdf('first'), query => '?carrier=yurtici&number=990000000077'
          . '&expires=' . CXR::Test::iso(time + 86400 * 5),
          headers => [ 'Idempotency-Key' => 'label-2' ])->status, 200,
   'the same once more');
is(scalar events('label.supplied'), 1, 'is nothing new');
is_deeply([ files() ], \@files, 'nor another file');
is(supply($id, pdf('other'), headers => [ 'Idempotency-Key' => 'label-1' ])
       ->status, 409, 'another one with a key that was used');
is(scalar files(), 1, 'stays nowhere');

$res = supply($id, png(40, 60), type => 'image/png');
is($res->status, 200, 'a PNG takes its place') or diag($res->body);
is($res->json->{rma}{carrier_label_kind}, 'png', 'as such');
@files = files();
is(scalar @files, 1, 'the old one is erased');
like($files[0], qr/\.png$/, 'not the new one');
is($t->get("$page/carrier-label.png")->header('content-type'), 'image/png',
   'the page has the new one');
is($t->get("$page/carrier-label.pdf")->header('content-type'), 'image/png',
   'an old letter\'s link, too');
is(supply($id, png(40, 60) . '<html>', type => 'image/png')->status, 422,
   'a PNG with something behind it is none');

is($t->api(POST => "/rmas/$id/label",
           { url => 'https://carrier.example/1.pdf' })->status, 200,
   'a URL takes the file\'s place');
is(scalar files(), 0, 'which goes');
like($t->get($page)->text, qr{https://carrier\.example/1\.pdf}, 'is shown');
is($t->get("$page/carrier-label.png")->status, 303, 'the other is not');
is(supply($id, pdf('last'))->status, 200, 'and a file that of the URL');
unlike($t->get($page)->text, qr{https://carrier\.example}, 'which is gone');

# ---- the same one several times at once: none takes another's file away ----

{
    my (@ids) = map { rma("KG-9$_") } 1 .. 4;
    my $gone = 0;
    for my $round (1 .. 6) {
        for my $n (@ids) {
            my @at_once = map {
                my $c = $t->conn;
                $c->write(CXR::HTTP::head(POST => "/api/v1/rmas/$n/label",
                    CXR::Test::staff_headers(), 'Content-Type' => 'application/pdf',
                    'Idempotency-Key' => "$n-$round-" . $_ % 2,
                    'Content-Length' => length pdf("race $round")));
                $c;
            } 1 .. 6;
            $_->write(pdf("race $round")) for @at_once;
            $_->response for @at_once;
            $gone++ if $t->api(GET => "/rmas/$n/label")->body ne pdf("race $round");
        }
    }
    is($gone, 0, 'sent six times at once, each is there');
    is(scalar files(), 1 + @ids, 'once');
    $t->api(POST => "/rmas/$_/label", { url => 'https://carrier.example/2.pdf' })
        for @ids;
    is(scalar files(), 1, 'and replaced, gone');
}

# ---- another's link, and one that is over ----

my $other = rma('KG-2');
is($t->get($t->link_path('rma', rma => $other) . '/carrier-label.pdf')->status,
   303, 'another RMA has none');
is(supply($other, pdf('two'))->status, 200, 'a label for it');
is($t->api(POST => "/rmas/$other/cancel", {})->status, 200, 'cancelled');
is($t->get($t->link_path('rma', rma => $other) . '/carrier-label.pdf')->status,
   303, 'its label is given to nobody');
is(supply($other, pdf('three'))->status, 409, 'and none is taken');
is(scalar files(), 2, 'nor kept');

# ---- what nothing names ----

my $cx = CXR::Test::cx();
my $sweep = sub {
    return scalar `$cx photos sweep --store $t->{store} --labels $labels 2>&1`;
};
my $lost = "$labels/ab/ab" . '0' x 62 . '.pdf';
mkdir "$labels/ab";
CXR::Test::spew($lost, pdf('lost'));
like($sweep->(), qr/^3 labels, 0 erased$/m, 'what is young is left');
utime 1, 1, $lost, files();
like($sweep->(), qr/^3 labels, 1 erased$/m, 'what nothing names goes');
ok(!-e $lost, 'that one');

# ---- with the person: photos and labels, by age ----

my $claim = do {
    my ($type, $body) = multipart([ photo => png(30, 20), 'a.png' ]);
    my $photo = $t->request(POST => '/api/v1/orders/KG-1/photos',
        headers => [ CXR::Test::staff_headers(), 'Content-Type' => $type ],
        body => $body);
    $photo->json->{photos}[0]{id};
};
$t->delivered_order('KG-3', 1);
($res) = map { $t->request(POST => '/api/v1/orders/KG-3/photos',
    headers => [ CXR::Test::staff_headers(), 'Content-Type' => 'image/png' ],
    body => png(31, 21)) } 1;
$res = $t->api(POST => '/rmas', { order => 'KG-3', lines => [ { line => '1',
    quantity => 1, reason => 'damaged', outcome => 'refund', note => 'x',
    photos => [ $res->json->{photos}[0]{id} ] } ] });
is($res->status, 201, 'a claim with a photo') or diag($res->body);
my $with_photo = $res->json->{rma}{id};
my $hash = $res->json->{rma}{lines}[0]{photos}[0]{hash};
is($t->api(GET => "/rmas/$with_photo/photos/$hash")->status, 200, 'is shown');
is($t->api(POST => "/rmas/$_/cancel", {})->status, 200, "$_ is over")
    for $id, $with_photo;
ok($t->stop, 'nginx stops');

my $later = CXR::Test->new(%keep, faketime => '+50d', http => $http,
                           store => $t->{store}, keys => $t->{keys})->start;
ok($later->wait_for(60, sub { !files() }), 'by age the labels go')
    or diag(join ' ', files());
is($later->api(GET => "/rmas/$with_photo/photos/$hash")->status, 404,
   'and the photos');
my ($name) = $hash;
$name =~ tr{-_}{+/};
$name = unpack 'H*', MIME::Base64::decode_base64($name);
ok($later->wait_for(60, sub { !-e "$photos/" . substr($name, 0, 2)
                              . "/$name.jpg" }), 'with their files');
unlike($later->api(GET => "/rmas/$id")->body, qr/carrier_label_kind/,
       'nothing is said of a label any more');
$later->journal_ok;
is(system("$cx rebuild --store $t->{store} --into $t->{dir}/anew "
          . "--keys $t->{keys} >/dev/null"), 0, 'all of it comes out again');
$later->finish;
$t->finish;
done_testing();

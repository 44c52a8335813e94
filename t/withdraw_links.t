#!/usr/bin/perl
# The withdrawal form from the shop's own mails and pages: filled in by a link,
# included by SSI; and receipts that are brought as a file.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Compress::Zlib;
use Test::More;

use CXR::Test;

my $t = CXR::Test->new(workers => 1, edit => sub {
    my ($conf) = @_;
    my ($dir) = $conf =~ m{pid (\S+)/nginx\.pid};
    mkdir "$dir/page";
    CXR::Test::spew("$dir/page/order.html",
        "<p>Your order</p>\n<!--# include virtual=\"/en/returns/withdraw/link"
        . "?order=\$arg_order\" -->\n<p>Thank you</p>\n");
    CXR::Test::spew("$dir/page/bare.html",
        "<!--# include virtual=\"/tr/returns/withdraw/link\" -->\n");
    $conf =~ s|(location /returns/)|
        location /page/ { root $dir; default_type text/html; ssi on;
                          gzip on; gzip_min_length 1; }
        $1|;
    return $conf;
})->start;

$t->delivered_order('KG-1', 2);

sub value {
    my ($html, $name) = @_;
    my ($form) = grep { ($_->{action} // '') =~ m{withdraw/review$} }
                      $html->forms;
    my ($f) = grep { $_->[0] eq $name } @{ $form->{fields} };
    return $f ? $f->[1] : undef;
}

# ---- a link of the shop's own making ----

my $res = $t->api(POST => '/links', { purpose => 'withdrawal',
    order => 'kg1', language => 'en' });
is($res->status, 201, 'a link') or diag($res->body);
is($res->json->{purpose}, 'withdrawal', 'by its purpose');
(my $link = $res->json->{url}) =~ s{^https?://[^/]+}{};
like($link, qr{^/en/returns/d/v4\.local\.}, 'below the portal');

my $page = $t->get($link);
is($page->status, 200, 'its page');
is(value($page, 'contract'), 'KG-1', 'the order');
is(value($page, 'name'), 'Ayşe Yılmaz', 'who ordered');
is(value($page, 'email'), 'ayse@example.com', 'her address');
is(value($page, 'words'), "2 x Etiyopya, 250 g\n1 x Fincan",
   'the goods, a row for each');
like($page->text, qr{name="scope" value="whole"[^>]*checked}, 'all of it, unless she says another thing');
(my $tr = $link) =~ s{^/en/}{/tr/};
like($page->text, qr{href="\Q$tr\E"}, 'in the other language, too');
like($page->header('cache-control'), qr/private.*no-store/, 'kept nowhere');
is($page->header('referrer-policy'), 'no-referrer', 'told to nobody');
like($page->text, qr{<meta name="robots" content="noindex}, 'found by no search');

# ---- what was filled in is read as it stands ----

my ($form) = grep { $_->{action} =~ m{withdraw/review$} } $page->forms;
my $review = $t->submit($form, { scope => 'part',
                                 words => "2 x Etiyopya, 250 g" });
is($review->status, 200, 'the statement once more');
my ($confirm) = grep { $_->{action} =~ m{withdraw/confirm$} } $review->forms;
$res = $t->submit($confirm);
is($res->status, 303, 'declared');
my $receipt = $t->get($res->header('location') . '/receipt.json')->body;
my $w = $t->api(GET => '/withdrawals')->json->{withdrawals}[0];
is($w->{state}, 'judged', 'understood') or diag(explain($w));
my $rma = $t->api(GET => '/rmas?order=KG-1')->json->{rmas}[0];
is(join(' ', map { "$_->{line}x$_->{quantity}" } @{ $rma->{lines} }), '1x2',
   'as the goods that she left in the box');

# ---- the function is there whatever became of the link ----

(my $bad = $link) =~ s/.{6}$/AAAAAA/;
$res = $t->get($bad);
is($res->status, 303, 'an altered link');
is($res->header('location'), '/en/returns/withdraw', 'leads to the form');
$res = $t->get($link . 'x');
is($res->header('location'), '/en/returns/withdraw', 'so does a cut one');
is($t->get("/en/returns/$_/" . ($link =~ m{([^/]+)$})[0])->status, 404,
   "it opens nothing else: $_") for qw(o r w);
(my $order = $t->link_path('order', order => 'KG-1')) =~ s{/o/}{/d/};
is($t->get($order)->status, 303, 'and no other link opens it');

is($t->api(POST => '/links', { purpose => 'withdrawal' })->status, 400,
   'of no order');
is($t->api(POST => '/links', { purpose => 'withdrawal',
                               order => 'NONE' })->status, 404,
   'of one that is not there');

# ---- pages of the order know its number, and nobody's name ----

my $html = $t->get('/en' . $t->link_path('order', order => 'KG-1'))->text;
like($html, qr{href="/en/returns/withdraw\?order=KG-1"}, 'the order\'s foot');
like($t->get('/en' . $t->link_path('rma', rma => $rma->{id}))->text,
     qr{href="/en/returns/withdraw\?order=KG-1"}, 'the return\'s foot');
$page = $t->get('/en/returns/withdraw?order=KG-1');
is(value($page, 'contract'), 'KG-1', 'fills the number in');
is(value($page, 'name') // '', '', 'and nothing else');

# ---- on the shop's own pages, by SSI ----

is($t->get('/page/order.html?order=KG-1')->text, "<p>Your order</p>\n"
   . '<a class="cx-withdraw" href="/en/returns/withdraw?order=KG-1">'
   . "Withdraw from contract here</a>\n\n<p>Thank you</p>\n", 'included');
like($t->get('/page/bare.html')->text,
     qr{^<a class="cx-withdraw" href="/tr/returns/withdraw">Cayma hakkımı kullan</a>},
     'in the page\'s language');
$res = $t->get('/page/order.html?order=KG-1', 'Accept-Encoding' => 'gzip');
is($res->header('content-encoding'), 'gzip', 'in a page that is compressed');
like(Compress::Zlib::memGunzip($res->body), qr{href="/en/returns/withdraw\?order=KG-1"},
     'it is text');
like($t->get('/page/order.html?order=%22%3E%3Cb%3E')->text,
     qr{withdraw\?order=%22%3E%3Cb%3E"}, 'whatever the number is');

# ---- a receipt as a file ----

sub brought {
    my (%part) = @_;
    my $body = join '', map {
        my ($name, $value) = ($_, $part{$_});
        my $file = $name eq 'file' ? '; filename="W.json"' : '';
        "--B0\r\nContent-Disposition: form-data; name=\"$name\"$file\r\n"
            . ($file ? "Content-Type: application/json\r\n" : '')
            . "\r\n$value\r\n";
    } sort keys %part;
    return $t->request(POST => '/en/returns/receipt', headers => [
        'Content-Type' => 'multipart/form-data; boundary=B0' ],
        body => "$body--B0--\r\n");
}

$res = brought(file => $receipt, receipt => '');
is($res->status, 200, 'a file');
like($res->text, qr/genuine, and the statement is unaltered/, 'is whole');
like($res->text, qr/\Q$w->{id}\E/, 'by its number');
my ($token) = $receipt =~ /(v4\.public\.[\w-]{40})/;
unlike($res->text, qr/\Q$token\E/, 'and is not shown again');
(my $altered = $receipt) =~ s/"Ay\S+ /"Can /;
isnt($altered, $receipt, 'somebody else\'s name in it');
like(brought(file => $altered, receipt => '')->text, qr/statement was altered/,
     'shows');
like(brought(file => '', receipt => $receipt)->text, qr/genuine, and/,
     'pasted, without a file');
like(brought(file => "\xff\xfe\x00junk", receipt => $receipt)->text,
     qr/isn’t a receipt of ours/, 'the file is what is meant');
$res = brought(file => '', receipt => " \n");
is($res->status, 422, 'neither');
like($res->text, qr/id="file-error"[^>]*>Choose the file/, 'is said beside it');
is(brought(file => 'x' x 80_000, receipt => '')->status, 413, 'too large a file');
is($t->request(POST => '/en/returns/receipt', headers => [ 'Content-Type' =>
    'multipart/form-data; boundary=B0' ], body => 'junk')->status, 400,
   'no form');
is($t->form('/en/returns/receipt', [ [ receipt => $receipt ] ])->status, 200,
   'and as it was before');

$t->journal_ok;
$t->finish;
done_testing;

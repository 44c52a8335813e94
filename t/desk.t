#!/usr/bin/perl
# The desk at work: queues and their counts, many RMAs at once, files for
# spreadsheets, boxes that are scanned and counted, two people at one RMA, and
# two pairs of eyes on the money.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;

use CXR::HTTP;
use CXR::Scan;
use CXR::Test;
use CXR::ZPL;
use JSON::PP;

my $t = CXR::Test->new(workers => 2, shop => {
    four_eyes => JSON::PP::true,
})->start;

sub who {
    my ($name, @roles) = @_;
    return ('X-Actor' => $name, 'X-Roles' => join ' ', 'read', @roles);
}

my @ayse = who('ayse', qw(approve receive settle));
my @can = who('can', qw(approve receive settle));
my @reader = who('veli');
my @hall = who('hatice', 'receive');

sub page {
    my ($name, $res, $status) = @_;
    is($res->status, $status, "$name: $status")
        or diag(substr $res->text, 0, 2000);
    is($res->header('cache-control'), 'private, no-store', "$name: no cache");
    unlike($res->body, qr/\{\{|<script/i, "$name: no template, no script");
    return $res->text;
}

sub rma {
    my ($number, %line) = @_;
    $t->delivered_order($number, 1);
    my $res = $t->api(POST => '/rmas', { order => $number, lines => [ {
        line => '1', quantity => 1, reason => 'damaged', note => 'kırık',
        outcome => 'refund', %line } ] });
    is($res->status, 201, "an RMA of $number") or diag($res->body);
    return $res->json->{rma}{id};
}

sub form {
    my ($path, $action, @who) = @_;
    my ($f) = grep { $_->{action} =~ $action } $t->get($path, @who)->forms;
    return $f;
}

# what a scanner reads off the printed label

sub token {
    my ($id) = @_;
    my $dir = $t->dir;
    my ($label) = CXR::ZPL::labels($t->get("/staff/rma/$id/label.zpl?size=100x150",
                                           @ayse)->body);
    CXR::Test::spew("$dir/out.pbm", CXR::ZPL::pbm($label));
    return CXR::Scan::code('QR-Code', "$dir/out.pbm") // '';
}

# the same moment, as near as one process gets: both are sent before either is
# answered

sub together {
    my @conns = map {
        my ($form, $set, @who) = @$_;
        my %set = (( map { $_->[0] => $_->[1] } @{ $form->{fields} } ), %$set);
        my $body = CXR::Test::encode_form(map { [ $_, $set{$_} ] }
                                          sort keys %set);
        my $c = $t->conn;
        $c->write(CXR::HTTP::head('POST', $form->{action}, @who,
            'Content-Type' => 'application/x-www-form-urlencoded',
            'Content-Length' => length $body) . $body);
        $c;
    } @_;
    return map { $_->response } @conns;
}

sub now { return $t->api(GET => "/rmas/$_[0]")->json->{rma} }

sub count {
    my ($queue) = @_;
    my $html = $t->get('/en/staff/', @ayse)->text;
    return $html =~ m{queue=$queue"[^>]*>[^<]*<span class="count[^>]*>(\d+)}
           ? $1 : -1;
}

# ---- queues ----

my @ids = map { rma("KQ-$_") } 1 .. 5;

is(count('decide'), 5, 'five wait for a decision');
is(count('late'), 0, 'none for too long');

my $html = page('the queue', $t->get('/staff/?queue=decide', @ayse), 200);
like($html, qr/aria-current="page"[^>]*>Karar bekleyen/, 'its tab');
like($html, qr/\Q$_\E/, 'on it') for @ids;
ok(index($html, $ids[0]) < index($html, $ids[4]),
   'what waits longest comes first');
$html = page('the other way round',
             $t->get('/staff/?queue=decide&sort=newest', @ayse), 200);
ok(index($html, $ids[0]) > index($html, $ids[4]), 'the newest first');
unlike(page('of another kind', $t->get('/staff/?queue=decide&kind=exchange',
       @ayse), 200), qr/\Q$ids[0]\E/, 'left out');
unlike(page('who may only read', $t->get('/staff/?queue=decide', @reader),
       200), qr/action="[^"]*bulk"/, 'nothing to do for her');
page('a queue that is none', $t->get('/staff/?queue=nope', @ayse), 200);

# ---- a file ----

my $res = $t->get('/staff/export.csv?queue=decide', @reader);
is($res->status, 200, 'CSV');
like($res->header('content-type'), qr{^text/csv}, 'its type');
like($res->header('content-disposition'), qr/attachment/, 'to be kept');
my @rows = split /\r\n/, $res->text;
is(scalar @rows, 6, 'a head and five rows');
like($rows[0], qr/^\x{feff}?rma,order,kind,status,/, 'names');
like($rows[1], qr/^\Q$ids[0]\E,KQ-1,claim,requested,decide,\d{4}-/, 'a row')
    or diag($rows[1]);
unlike($res->text, qr/Ayşe|example\.com/, 'nobody is named');
is($t->get('/staff/export.csv', 'X-Actor' => 'x', 'X-Roles' => 'orders')
     ->status, 403, 'not for another role');

$t->put_order('KX-1', lines => [ { line => '1', sku => '=1+1', title => '@x',
    quantity => 1, unit_price => 100, tax => 0 } ]);
is($t->api(POST => '/rmas', { order => 'KX-1', override_reason => 'x',
   lines => [ { line => '1', quantity => 1, reason => 'damaged',
                note => 'x', outcome => 'refund' } ] })->status, 201,
   'an article that looks like a formula');
@rows = split /\r\n/, $t->get('/staff/export.csv?sort=newest', @reader)->text;
like($rows[1], qr/,'=1\+1,/, 'is none') or diag($rows[1]);

# ---- many at once ----

ok(form('/staff/?queue=decide', qr/bulk$/, @ayse), 'a form for many');
my %rev = map { $_ => now($_)->{revision} } @ids;
my @r = map { (r => "$_:$rev{$_}") } @ids[0 .. 2];

sub many {
    my ($who, @pairs) = @_;
    my ($t_) = grep { $_->[0] eq 't' }
               @{ form('/staff/', qr/bulk$/, @$who)->{fields} };
    my @fields = ($t_, [ back => 'queue=decide' ]);
    push @fields, [ splice @pairs, 0, 2 ] while @pairs;
    return $t->form('/staff/bulk', \@fields, @$who);
}

page('nothing chosen', many(\@ayse, verb => 'approve'), 422);
$html = page('declined without a reason', many(\@ayse, verb => 'decline', @r),
             422);
like($html, qr/name="r" value="\Q$ids[0]:$rev{$ids[0]}\E" checked/,
     'what was chosen is kept');
is(now($ids[0])->{status}, 'requested', 'and nothing was done');
page('a verb that is none', many(\@ayse, verb => 'eat', @r), 400);
page('a row that is none', many(\@ayse, verb => 'approve', r => 'x'), 400);
page('another site', $t->form('/staff/bulk', { verb => 'approve' }, @ayse,
     'Sec-Fetch-Site' => 'cross-site'), 403);
page('no token', $t->form('/staff/bulk', { verb => 'approve' }, @ayse),
     403);

# one of the three is decided meanwhile

my $one = form("/staff/rma/$ids[1]", qr/decide$/, @can);
is($t->submit($one, { decision => 'decline', 'l.0' => 1, reason => 'hayır' },
              @can)->status, 303, 'a colleague is faster with one');

$html = page('three approved', many(\@ayse, verb => 'approve', @r), 200);
is(() = $html =~ /class="pill good"/g, 2, 'two are done');
is(() = $html =~ /class="pill bad"/g, 1, 'one is not');
like($html, qr/Siz listeye bakarken değişti/, 'and why');
is(now($ids[0])->{status}, 'approved', 'approved');
is(now($ids[1])->{status}, 'declined', 'nothing is overwritten');
is(now($ids[2])->{status}, 'approved', 'approved, too');

my $steps = @{ now($ids[0])->{steps} };
$html = page('the same form again', many(\@ayse, verb => 'approve', @r), 200);
like($html, qr/ikinci kez yapılmadı/, 'is told so');
is(scalar @{ now($ids[0])->{steps} }, $steps, 'nothing is done twice');
my ($step) = grep { $_->{actor} eq 'ayse' } @{ now($ids[0])->{steps} };
ok($step, 'each has a step with who it was');
is(count('decide'), 3, 'the queue is shorter');
is(count('expected'), 2, 'and another longer');
page('its address by hand', $t->get('/staff/bulk', @ayse), 303);

# ---- receiving ----

sub scan {
    my ($code, @who) = @_;
    @who = @hall if !@who;
    my $f = form('/staff/receive', qr/receive$/, @who);
    return $t->submit($f, { scan => $code }, @who);
}

sub refused {
    my ($name, $code, $text) = @_;
    my $html = page($name, scan($code), 422);
    like($html, qr/class="refusal" role="alert"/, "$name: in red");
    like($html, $text, "$name: says why");
    like($html, qr/name="scan"[^>]*autofocus/, "$name: ready for the next");
}

page('receiving is not for who decides', $t->get('/staff/receive',
     who('ayse', 'approve')), 403);
like(page('the field', $t->get('/staff/receive', @hall), 200),
     qr/name="scan"[^>]*autofocus/, 'has the focus');

my $label = $t->get("/staff/rma/$ids[0]/label.html", @ayse);
is($label->status, 200, 'a label');

my $token = token($ids[0]);
like($token, qr/^v4\.public\./, 'its token, read by a scanner');

like(scan($token)->header('location') // '', qr{/staff/receive/\Q$ids[0]\E$},
     'the label leads to its RMA');
(my $typed = $token) =~ tr/.\-_/ç*?/;
$typed =~ s/i/ı/g;
like(scan($typed)->header('location') // '', qr{/staff/receive/\Q$ids[0]\E$},
     'typed on a Turkish keyboard by an American scanner, too');
like(scan(lc $ids[0])->header('location') // '', qr{\Q$ids[0]\E$},
     'the RMA number');
like(scan('kq1')->header('location') // '', qr{\Q$ids[0]\E$},
     'the order number');

(my $forged = $token) =~ s/(.{40})(.)/$1 . ($2 eq 'A' ? 'B' : 'A')/e;
refused('forged', $forged, qr/SAHTE ETİKET/);
refused('no token at all', 'v4.public.x', qr/SAHTE ETİKET/);
refused('unknown', 'YOK-999', qr/Böyle bir numara yok/);
refused('undecided', $ids[3], qr/HENÜZ ONAYLANMAMIŞ/);
refused('declined', $ids[1], qr/TALEP KAPALI/);
refused('control characters', "R-\x01X", qr/Okunamadı/);

my $count = form("/staff/receive/$ids[0]", qr/receive\/R-/, @hall);
ok($count, 'a form to count with');
page('more than were announced', $t->submit($count, { 'n.0' => 5 }, @hall),
     422);
$html = page('a condition without a place', $t->submit($count, { 'n.0' => 1,
             'g.0' => 'opened', reason => 'kutu <ezik>' }, @hall), 422);
like($html, qr/kutu &lt;ezik&gt;/, 'the note is kept');
like($html, qr/value="opened" selected/, 'and what was chosen');
page('nothing counted', $t->submit($count, { 'n.0' => 0 }, @hall), 422);
is(now($ids[0])->{lines}[0]{counted}, 0, 'nothing of it was saved');

# a colleague counts it first

my $other = form("/staff/receive/$ids[2]", qr/receive\/R-/, @can);
my $mine = form("/staff/receive/$ids[2]", qr/receive\/R-/, @hall);
is($t->submit($other, { 'n.0' => 1 }, @can)->status, 303, 'one counts');
$html = page('the other is told', $t->submit($mine, { 'n.0' => 1,
             reason => 'benim notum' }, @hall), 409);
like($html, qr/Siz bu sayfayı açtıktan sonra olanlar/, 'what happened');
like($html, qr/<span class="soft">[^<]*can/, 'and who it was');
like($html, qr/benim notum/, 'her words are kept');
is(now($ids[2])->{lines}[0]{counted}, 1, 'counted once');

$res = $t->submit($count, { 'n.0' => 1, 'g.0' => 'opened',
                            'd.0' => 'restock', reason => 'ezik' }, @hall);
is($res->status, 303, 'counted and graded') or diag($res->text);
$html = page('ready for the next', $t->get($res->header('location'), @hall),
             200);
like($html, qr/name="scan"[^>]*autofocus/, 'the field has the focus again');
like($html, qr/\Q$ids[0]\E kaydedildi/, 'and says what was saved');

my $rma = now($ids[0]);
is($rma->{lines}[0]{counted}, 1, 'counted');
is($rma->{lines}[0]{graded}, 1, 'graded');
is($rma->{gradings}[0]{disposition}, 'restock', 'and where it goes');
is($rma->{lines}[0]{received_by}, 'hatice', 'by whom');
refused('once more', $token, qr/DAHA ÖNCE KABUL EDİLMİŞ/);

# ---- two at one RMA ----

my $a = form("/staff/rma/$ids[3]", qr/decide$/, @ayse);
my $b = form("/staff/rma/$ids[3]", qr/decide$/, @can);
is($t->submit($a, { decision => 'approve', 'l.0' => 1 }, @ayse)->status, 303,
   'one decides');
$html = page('the other is late', $t->submit($b, { decision => 'decline',
             'l.0' => 1, reason => 'olmaz' }, @can), 409);
like($html, qr/role="alert".*Siz bu sayfayı açtıktan sonra olanlar.*ayse/s,
     'and reads what ayse did');
is(now($ids[3])->{status}, 'approved', 'the first holds');

# ---- two pairs of eyes ----

ok(!form("/staff/rma/$ids[0]", qr/act$/, who('ayse', 'settle'))
   || $t->get("/staff/rma/$ids[0]", @ayse)->text !~ /value="release"/,
   'who approved has no button to pay');
like($t->get("/staff/rma/$ids[0]", @ayse)->text, qr/dört göz|Dört göz/,
     'and reads why');
like($t->get("/staff/rma/$ids[0]", who('deniz', 'settle'))->text,
     qr/value="release"/, 'somebody else has it');
is(count('settle') >= 1, 1, 'it stands in the queue to settle');

my $row = "$ids[0]:" . now($ids[0])->{revision};
$html = page('by the one who approved', many(\@ayse, verb => 'release',
             reason => 'tamam', r => $row), 200);
like($html, qr/class="pill bad"/, 'refused here, too');

my @deniz = who('deniz', qw(approve settle));
$html = page('by another', many(\@deniz, verb => 'release', reason => 'tamam',
             r => $row), 200);
like($html, qr/class="pill good"/, 'released');
$row = "$ids[0]:" . now($ids[0])->{revision};
$html = page('paid', many(\@deniz, verb => 'confirm', r => $row), 200);
like($html, qr/class="pill good"/, 'confirmed');
is(now($ids[0])->{status}, 'completed', 'and that is the end of it');

# ---- the customer's history ----

$html = $t->get("/staff/rma/$ids[3]", @ayse)->text;
like($html, qr/Müşterinin geçmişi/, 'what the customer did before');
like($html, qr/\Q$ids[0]\E/, 'another of hers');

# ---- two at once, for real ----

for my $n (1 .. 6) {
    my $id = rma("KR-$n");
    my $rev = now($id)->{revision};
    my @got = together(
        map {
            my ($who, $verb) = @$_;
            my $f = form("/staff/rma/$id", qr/decide$/, @$who);
            [ $f, { decision => $verb, 'l.0' => 1, reason => 'yarış' }, @$who ]
        } [ \@ayse, 'approve' ], [ \@can, 'decline' ]);
    is(join(' ', sort map { $_->status } @got), '303 409',
       "of two at once one is told ($n)");
    is(now($id)->{revision}, $rev + 1, 'and one thing happened');
}

# ---- a label whose time is over ----

{
    my $id = rma('KE-1');
    is($t->submit(form("/staff/rma/$id", qr/decide$/, @ayse),
                  { decision => 'approve', 'l.0' => 1 }, @ayse)->status, 303,
       'one more is approved');
    my $old = token($id);
    my $ends = now($id)->{label_expires};
    ok($ends, 'its label ends');

    my $later = CXR::Test->new(faketime => '+40d', store => $t->dir . '/store',
                               keys => $t->dir . '/keys')->start;
    my ($f) = grep { $_->{action} =~ /receive$/ }
              $later->get('/staff/receive', @hall)->forms;
    $html = page('past its time', $later->submit($f, { scan => $old }, @hall),
                 422);
    like($html, qr/ETİKETİN SÜRESİ DOLMUŞ|TALEP KAPALI/, 'says so');
    $later->finish;
}

$t->journal_ok;
$t->finish;
done_testing;

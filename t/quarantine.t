#!/usr/bin/perl
# The quarantine: what a feed refused is kept whole, without credentials, for
# its owner alone; replayed after the profile was mended; swept.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Temp;
use JSON::PP ();
use Test::More;

use CXR::Carrier;
use CXR::Test;

my $files = File::Temp->newdir('cxr-XXXXXXXX', TMPDIR => 1);
my $dir = "$files/quarantine";
my $t = CXR::Test->new(workers => 2, profiles("$files/carriers", 'aa', 'bb'),
    http => "cx_returns_quarantine $dir max_size=64k keep=1h total=1m;",
    feed => 'cx_returns_feed_buffer 4k;')->start;
my $cx = CXR::Test::cx();
my $json = JSON::PP->new->utf8;

sub run { my $out = `@_ 2>&1`; utf8::decode($out); return ($? >> 8, $out) }

sub docs {
    my ($rc, $out) = run("$cx quarantine list --dir $dir --json");
    is($rc, 0, 'listed') or diag($out);
    utf8::encode($out);
    return map { $json->decode($_) } split /\n/, $out;
}

sub content { return (run("$cx quarantine show --dir $dir $_[0]{id}"))[1] }

sub clean { run("$cx quarantine drop --dir $dir $_->{id}") for docs() }

sub mode { return sprintf '%04o', (stat $_[0])[2] & 07777 }

# ---- what is kept, and what is not ----

is(mode($dir), '0700', 'the directory is its owner\'s');
is(scalar(docs()), 0, 'empty');

is($t->feed('aa', document(record('N1', 'OK')))->status, 200, 'a good document');
is(scalar(docs()), 0, 'is not kept');

my $bad = document(record('N2', 'OK')) =~ s{</parcels>}{<password>geheim</password><x }r;
is($t->feed('aa', $bad)->status, 400, 'a broken one');

my ($d, @more) = docs();
ok($d && !@more, 'is kept') or BAIL_OUT('nothing is kept');
is($d->{carrier}, 'aa', 'its carrier');
is($d->{shop}, 'kahve-gurusu', 'its shop');
is($d->{reason}, 'malformed', 'why');
cmp_ok($d->{line}, '>', 1, 'the line');
is($d->{bytes}, length $bad, 'its size');
is($d->{stored}, 1, 'how much of it was stored');
like($d->{id}, qr/^\d{8}T\d{6}Z-aa-[0-9a-f]{16}$/, 'a name of our own');
is(mode("$dir/$d->{id}.$_"), '0600', ".$_: its owner's") for qw(doc json);
is(content($d), $bad =~ s/geheim/REDACTED/r, 'whole, but for its password');
is(scalar(my @all = glob("$dir/* $dir/.[a-z]*")), 2, 'nothing else lies about');

clean();
is(scalar(docs()), 0, 'dropped');

# records that the profile refuses

$bad = document(record('N3', 'OK'), record('no good#', 'OK'), record('N4', 'OK'));
my $res = $t->feed('aa', $bad);
is($res->status, 200, 'one bad record among good ones');
is($res->json->{stored}, 2, 'the good ones are stored');
($d) = docs();
is($d->{reason}, 'records', 'kept for its records');
is($d->{refused}, 1, 'one');
is(content($d), $bad, 'whole');

# a fault early in a long document: it is read on, and kept whole

clean();
my $long = document(record('N5', 'OK')) =~ s{<parcels>}{<parcels><y></z>}r
    . 'x' x 40_000 . 'END';
is($t->feed('aa', [ map { substr $long, $_ * 1000, 1000 } 0 .. length($long) / 1000 ])
     ->status, 400, 'a fault at the beginning');
($d) = docs();
is(content($d), $long, 'kept to its end');

# larger than max_size: the note alone

clean();
$long = '<parcels><y></z>' . 'x' x 100_000;
is($t->feed('aa', $long)->status, 400, 'a fault in a large one');
($d) = docs();
is($d->{kept}, JSON::PP::false, 'is not kept, but noted');
ok(!-e "$dir/$d->{id}.doc", 'no file of it');
is((run("$cx quarantine show --dir $dir $d->{id}"))[0], 4, 'show says so');
clean();

# refused before anything is read, or by the store's rules: not kept

$t->feed('aa', 'x', 'Content-Type' => 'application/xml; charset=ebcdic');
is($t->request(POST => '/feeds/nobody', body => 'x', headers =>
   [ 'X-Actor' => 'f', 'X-Roles' => 'feed:*' ])->status, 404, 'no such carrier');
is($t->request(POST => '/feeds/aa', body => '<x', headers =>
   [ 'X-Actor' => 'f', 'X-Roles' => 'feed:bb' ])->status, 403,
   'another carrier\'s feed');
is(scalar(docs()), 0, 'none of it is kept');

# an encoding in which nothing can be seen

is($t->feed('aa', '<?xml version="1.0" encoding="UTF-7"?><parcels>'
   . '+ADw-password+AD4-geheim+ADw-/password+AD4-')->status, 400, 'UTF-7');
($d) = docs();
is("$d->{reason} $d->{kept}", 'encoding 0', 'noted, not kept');
clean();

# a connection that breaks: nothing

{
    my $c = $t->conn;
    $c->write(CXR::HTTP::head(POST => '/feeds/aa', 'X-Actor' => 'f',
        'X-Roles' => 'feed:aa', 'Content-Length' => 100_000));
    $c->write('<parcels><y></z>' . 'x' x 20_000);
    $c->abort;
    is($t->get('/healthz')->status, 200, 'a broken connection');
    is(scalar(docs()), 0, 'leaves nothing');
}

# ---- credentials ----

for my $c (
    [ 'an element', '<wsUserName>geheim</wsUserName>' ],
    [ 'with a prefix', '<n:Password xmlns:n="u">geheim</n:Password >' ],
    [ 'with children', '<UsernameToken><a>geheim</a><b/>geheim</UsernameToken>' ],
    [ 'CDATA', '<PasswordHash><![CDATA[geheim</PasswordHash>geheim]]></PasswordHash>' ],
    [ 'an attribute', '<auth user="geheim" password=\'geheim\' ok="ja"/>' ],
    [ 'a name beside', '<p name="password">geheim</p><q key="apiKey" value="geheim"/>' ],
    [ 'escaped', '<body>&lt;Password&gt;geheim&lt;/Password&gt;</body>' ],
    [ 'in CDATA', '<body><![CDATA[<AccessLicenseNumber>geheim</AccessLicenseNumber>]]></body>' ],
    [ 'never closed', '<a><password>geheim <b>geheim' ],
    [ 'with a < in it', '<a><password>geheim<geheim</password>' ],
    [ 'unquoted', '<a password=geheim>' ],
)
{
    my ($name, $xml) = @$c;
    my @pieces = split //, "<parcels>\n<before/>$xml<after/>";
    $t->feed('aa', \@pieces);
    ($d) = docs();
    my $got = content($d);
    unlike($got, qr/geheim/, "credentials: $name");
    like($got, qr/^<parcels>\n<before\/>.*REDACTED/s, "$name: the rest stays");
    clean();
}

$t->feed('aa', 'UserName=geheim&password=geheim&xml=%3Cparcels%3E%3Cpwd%3Egeheim'
         . '%3C%2Fpwd%3E&after=1',
         'Content-Type' => 'application/x-www-form-urlencoded');
($d) = docs();
is(content($d), 'UserName=REDACTED&password=REDACTED&xml=%3Cparcels%3E%3Cpwd%3E'
   . 'REDACTED%3C%2Fpwd%3E&after=1', 'a form');
clean();

unlike($t->log, qr/geheim/, 'error.log has none of it');

# ---- the desk, the metrics ----

$t->feed('bb', '<html/>');
$t->feed('aa', $bad);
is(scalar(docs()), 2, 'two documents');
is($t->metric('cx_returns_quarantine_documents') >= 2, 1, 'metric: documents');
cmp_ok($t->metric('cx_returns_quarantine_bytes'), '>', 100, 'metric: bytes');

my $page = $t->get('/en/staff/feeds', 'X-Actor' => 'a', 'X-Roles' => 'read');
is($page->status, 200, 'the desk') or diag($page->text);
like($page->text, qr/$_->{id}/, "lists $_->{id}") for docs();
like($page->text, qr/It is none of the formats that the profile knows/, 'says why');
unlike($page->text, qr/no good#/, 'and shows no content');
like($t->get('/staff/feeds', 'X-Actor' => 'a', 'X-Roles' => 'read')->text,
     qr/Bazı kayıtları okunamadı/, 'in Turkish');

# ---- replay ----

my @world = ("--store $t->{store} --keys $t->{keys}",
             "--shop $t->{dir}/shops/kahve-gurusu.json",
             "--profiles $files/carriers");
my ($rc, $out) = run("$cx quarantine replay --dir $dir @world --all");
is($rc, 1, 'a replay without a mended profile') or diag($out);
is(scalar(docs()), 2, 'leaves them');
like($out, qr/is refused again; left/, 'and says so');

clean();
$t->feed('aa', document(record('N77', 'OK')) =~ s/parcels>/paket>/gr);
is($t->api(GET => '/shipments/aa/N77')->status, 404, 'a format that is not known');

CXR::Test::spew("$files/carriers/aa.xml",
    CXR::Test::slurp("$files/carriers/aa.xml") =~ s/path="parcels"/path="paket"/r);
($rc, $out) = run("$cx quarantine replay --dir $dir @world --all --carrier bb");
is($rc, 0, 'of another carrier: nothing to do') or diag($out);
is(scalar(docs()), 1, 'it is still there');
($d) = docs();
($rc, $out) = run("$cx quarantine replay --dir $dir @world $d->{id}");
is($rc, 0, 'mended, it is taken') or diag($out);
is(scalar(docs()), 0, 'and leaves the quarantine');
is($t->api(GET => '/shipments/aa/N77')->json->{status}, 'delivered', 'stored');

($rc, $out) = run("$cx quarantine replay --dir $dir @world ../../etc/passwd");
is($rc, 4, 'a name that is none');
($rc, $out) = run("$cx quarantine drop --dir $dir ../$d->{id}");
is($rc, 4, 'nor for drop');

# a body in an envelope, kept as it came: a form's field

{
    my $id = '20261101T000000Z-bb-0123456789abcdef';
    my $form = 'password=REDACTED&xml='
        . CXR::Test::uri(document(record('N88', 'OK'))) . '&z=1';
    CXR::Test::spew("$dir/$id.doc", $form);
    CXR::Test::spew("$dir/$id.json", $json->encode({ id => $id, carrier => 'bb',
        shop => 'kahve-gurusu', reason => 'format', form => JSON::PP::true,
        kept => JSON::PP::true, at => '2026-11-01T00:00:00Z' }));
    ($rc, $out) = run("$cx quarantine replay --dir $dir @world $id");
    is($rc, 1, 'a form without an envelope in the profile');
    CXR::Test::spew("$files/carriers/bb.xml",
        CXR::Test::slurp("$files/carriers/bb.xml")
        =~ s{(<dates)}{<envelope as="form" field="xml"/>$1}r);
    ($rc, $out) = run("$cx quarantine replay --dir $dir @world $id");
    is($rc, 0, 'and with it') or diag($out);
    is($t->api(GET => '/shipments/bb/N88')->json->{status}, 'delivered', 'stored');
    ok(!-e "$dir/$id.doc", 'and out of the quarantine');
    profile("$files/carriers", 'bb');
}

# ---- room and age ----

$t->feed('bb', '<html>' . $_ . 'y' x 60_000 . '</html>') for 1 .. 30;
my @left = docs();
my $bytes = 0;
$bytes += -s $_ for glob "$dir/*";
cmp_ok(scalar @left, '<', 30, 'not all of a flood stay') or diag($bytes);
cmp_ok($bytes, '<=', 1024 * 1024, 'the room is held, by all workers together');
cmp_ok(scalar @left, '>', 5, 'the newest do stay');

my $old = time - 7200;
utime $old, $old, glob "$dir/*";
ok($t->reload, 'a reload');
ok($t->wait_for(60, sub { !(() = glob "$dir/*") }), 'what is too old goes');
ok($t->wait_for(60, sub { $t->metric('cx_returns_quarantine_documents') == 0 }),
   'the gauge follows');

# ---- mistakes in the configuration ----

for my $c ([ "$dir max_size=1x", 'invalid "max_size=1x"' ],
           [ "$dir keep=soon", 'invalid "keep=soon"' ],
           [ "$dir max_size=2g total=1g", 'max_size, of one document, is more than total' ],
           [ "$dir colour=red", 'invalid "colour=red"' ])
{
    local $t->{http} = "cx_returns_quarantine $c->[0];";
    my ($code, $said) = $t->check;
    is($code, 1, "nginx -t: $c->[0]");
    like($said, qr/\Q$c->[1]\E/, 'and says what is wrong');
}

$t->journal_ok;
$t->finish;
done_testing;

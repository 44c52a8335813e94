#!/usr/bin/perl
# cx-returns feed ingest: files, directories and archives into a store that
# nginx serves; again, interrupted, with broken and hostile ones among them.
# And what a carrier may not do: another one's parcels, unknown ones.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Path qw(make_path);
use File::Temp;
use JSON::PP ();
use POSIX qw(:sys_wait_h);
use Test::More;

use CXR::Carrier;
use CXR::Test;

my $files = File::Temp->newdir('cxr-XXXXXXXX', TMPDIR => 1);
my $t = CXR::Test->new(workers => 2, profiles("$files/carriers", 'aa', 'bb'),
    feed => 'cx_returns_feed_batch 100; cx_returns_feed_buffer 16k;')->start;
my $cx = CXR::Test::cx();
my $json = JSON::PP->new->utf8;
my @world = ("--store $t->{store} --keys $t->{keys}",
             "--shop $t->{dir}/shops/kahve-gurusu.json",
             "--profiles $files/carriers");

sub spew { CXR::Test::spew("$files/$_[0]", $_[1]); return "$files/$_[0]" }

sub ingest {
    my ($args, %o) = @_;
    my $out = `$cx feed ingest --carrier @{[ $o{carrier} // 'aa' ]} @world --json $args 2>$files/stderr`;
    my $rc = $? >> 8;
    return ($rc, $out =~ /^\{/ ? $json->decode($out) : {},
            CXR::Test::slurp("$files/stderr"));
}

sub counts { my $r = shift; return join ' ', map { "$_=" . ($r->{$_} // '?') } @_ }

sub ship {
    my $r = $t->api(GET => "/shipments/$_[0]/$_[1]");
    return $r->status == 200 ? $r->json : undef;
}

# ---- a file ----

my $one = spew('one.xml', document(record('A1', 'OK'), record('A2', 'Q9')));
my ($rc, $r, $err) = ingest($one);
is($rc, 0, 'a file') or diag($err);
is(counts($r, qw(documents records stored repeated refused unmapped broken)),
   'documents=1 records=2 stored=2 repeated=0 refused=0 unmapped=1 broken=0',
   'the report');
is(ship('aa', 'A1')->{status}, 'delivered', 'nginx serves it');
($rc, $r) = ingest($one);
is(counts($r, qw(stored repeated)), 'stored=0 repeated=2', 'again: nothing new');
like($err, qr/100 %, 1 documents, 2 records/, 'progress in plain lines');

my $text = `$cx feed ingest --carrier aa @world $one 2>/dev/null`;
like($text, qr/^records +2\n +stored +0\n +repeated 2$/m, 'the report in words');

# ---- broken and refused: the others go on ----

make_path("$files/in/deep/.hidden");
spew('in/1.xml', document(record('B1', 'OK'), record('no good#', 'OK')));
spew('in/2.xml', '<parcels>' . record('B2', 'OK') . '<broken');
spew('in/deep/3.xml', document(record('B3', 'OK')));
spew('in/deep/.hidden/4.xml', document(record('B4', 'OK')));
spew('in/.5.xml', document(record('B5', 'OK')));
symlink "$files/one.xml", "$files/in/6.xml";
spew("in/7\e[31m\n.xml", '<x');
($rc, $r, $err) = ingest("$files/in $files/nothing");
is($rc, 4, 'a directory, and one that is not there');
is(counts($r, qw(documents stored refused broken unread)),
   'documents=4 stored=3 refused=1 broken=2 unread=1', 'counted') or diag($err);
ok(ship('aa', "B$_"), "B$_ is there") for 1 .. 3;
ok(!ship('aa', "B$_"), "B$_ was hidden") for 4, 5;
my @no = @{ $r->{refusals} };
like($no[0], qr{/in/1\.xml:\d+: record 2: number_bad: }, 'a record with its place');
is(scalar(grep { m{/in/2\.xml:\d+:\d+: malformed: } } @no), 1, 'a fault with its place');
is(scalar(grep { /[\x00-\x1f]/ } @no, $text), 1, 'no control characters but in the words');
like($err, qr/nothing: cannot read: No such file/, 'and says what it could not read');

($rc) = ingest("$files/in/1.xml");
is($rc, 1, 'refused records: 1');

# ---- archives ----

make_path("$files/pack");
spew("pack/$_.xml", document(record("C$_", 'OK'))) for 1 .. 3;
system("cd $files && tar cf a.tar pack && tar czf a.tgz pack && gzip -k one.xml "
       . "&& tar cJf a.txz pack") == 0 or die;
($rc, $r, $err) = ingest("$files/a.tar");
is("$rc " . counts($r, qw(documents stored)), '0 documents=3 stored=3', 'tar') or diag($err);
for my $f (qw(a.tgz a.txz)) {
    ($rc, $r, $err) = ingest("$files/$f");
    is("$rc " . counts($r, qw(documents repeated)), '0 documents=3 repeated=3', $f) or diag($err);
}
($rc, $r, $err) = ingest("$files/one.xml.gz");
is("$rc " . counts($r, qw(documents repeated)), '0 documents=1 repeated=2', 'one.xml.gz') or diag($err);

# a zip, written by hand: stored, no compression
{
    my ($body, $dir, $n) = ('', '', 0);
    for my $name ('x/1.xml', '../../2.xml') {
        $n++;
        my $doc = document(record("D$n", 'OK'));
        my $crc = do {
            my $c = 0xffffffff;
            for my $b (unpack 'C*', $doc) {
                $c ^= $b;
                $c = $c & 1 ? ($c >> 1) ^ 0xedb88320 : $c >> 1 for 1 .. 8;
            }
            $c ^ 0xffffffff;
        };
        my $h = pack 'v5V3v2', 20, 0, 0, 0, 0x5a21, $crc, length $doc, length $doc,
                length $name, 0;
        $dir .= "PK\1\2" . pack('v', 20) . $h . pack('v3V2', 0, 0, 0, 0, length $body) . $name;
        $body .= "PK\3\4$h$name$doc";
    }
    spew('a.zip', $body . $dir . "PK\5\6" . pack('v4V2v', 0, 0, $n, $n, length $dir, length $body, 0));
    ($rc, $r, $err) = ingest("$files/a.zip");
    is("$rc " . counts($r, qw(documents stored)), '0 documents=2 stored=2', 'zip') or diag($err);
    ok(!-e "$files/../2.xml", 'a name leads nowhere');
}

my $tgz = CXR::Test::slurp("$files/a.tgz");
spew('cut.tgz', substr $tgz, 0, length($tgz) / 2);
($rc, $r, $err) = ingest("$files/cut.tgz $one");
is($rc, 4, 'half an archive');
like($err, qr/cannot be unpacked/, 'says so');
is($r->{repeated} >= 2, 1, 'what comes after it is read');

# a document that is packed again and again grows by the thousand each time
system("cd $files && cp one.xml deep.xml && gzip deep.xml && cp deep.xml.gz x && "
       . "gzip x && cp x.gz two.gz && gzip -c x.gz > three.gz") == 0 or die;
($rc, $r, $err) = ingest("$files/two.gz");
is("$rc " . counts($r, qw(documents repeated)), '0 documents=1 repeated=2', 'packed twice') or diag($err);
($rc, $r, $err) = ingest("$files/three.gz");
is("$rc " . counts($r, qw(documents unread)), '4 documents=0 unread=1', 'three times');
like($err, qr/three\.gz: is packed more than 2 times over/, 'says so');

# names that would speak to a terminal, or turn what follows around
mkdir "$files/odd";
for my $name ("\xc2\x9b31m", "\xe2\x80\xae", "\xff\xfe", "\x1b[31m") {
    system('mkfifo', "$files/odd/pipe$name");
    CXR::Test::spew("$files/odd/doc$name", '<x');
    CXR::Test::spew("$files/odd/cut$name.gz", "\x1f\x8b");
}
$text = `$cx feed ingest --carrier aa @world $files/odd 2>&1`;
is(scalar(() = $text =~ m{/odd/(?:pipe|doc|cut)\?}g), 12, 'each is named') or diag($text);
unlike($text, qr/\x1b|\xc2\x9b|\xe2\x80\xae|\xff/, 'in print');

# ---- the state file ----

my $state = "$files/state";
($rc, $r) = ingest("--state $state $files/pack $files/a.tgz $one");
is("$rc " . counts($r, qw(documents done_before)), '0 documents=7 done_before=0', 'a first run');
spew('pack/4.xml', document(record('C4', 'OK')));
($rc, $r) = ingest("--state $state $files/pack $files/a.tgz $one");
is("$rc " . counts($r, qw(documents done_before stored)),
   '0 documents=1 done_before=5 stored=1', 'a second: only what is new');
rename "$files/one.xml", "$files/other.xml";
($rc, $r) = ingest("--state $state $files/other.xml");
is($r->{done_before}, 1, 'by content, not by name');
($rc, $r) = ingest("--state $state $files/in/2.xml") for 1 .. 2;
is(counts($r, qw(broken done_before)), 'broken=1 done_before=0', 'what broke is done again');
profile("$files/carriers", 'aa', codes => ['Q9']);
($rc, $r) = ingest("--state $state $files/other.xml");
is(counts($r, qw(done_before stored unmapped)), 'done_before=0 stored=1 unmapped=0',
   'and what was read with another profile');
spew('nostate', "hello\n" x 20);
is((ingest("--state $files/nostate $files/other.xml"))[0], 4, 'a file that is no state');
is(CXR::Test::slurp("$files/nostate"), "hello\n" x 20, 'is left as it is');
open my $s, '>>', $state; print $s 'abc'; close $s;
is((ingest("--state $state $files/other.xml"))[1]{done_before}, 1, 'half a line does no harm');

# ---- interrupted ----

{
    my $n = 30_000;
    open my $f, '>', "$files/big.xml" or die;
    print $f "<parcels>\n", (map { record("E$_", 'OK', 'Q9') } 1 .. $n), "</parcels>\n";
    close $f;

    my $pid = fork // die;
    if ($pid == 0) {
        open STDOUT, '>', "$files/out"; open STDERR, '>', "$files/stderr";
        { exec "exec $cx feed ingest --carrier aa @world --json --batch 200 --state $state $files/big.xml" }
        POSIX::_exit(127);
    }
    $t->wait_for(60, sub { ship('aa', 'E300') });
    kill 'INT', $pid;
    waitpid $pid, 0;
    is($? >> 8, 4, 'Ctrl-C: 4') or diag(CXR::Test::slurp("$files/stderr"));
    my $half = $json->decode(CXR::Test::slurp("$files/out"));
    is($half->{stopped}, JSON::PP::true, 'the report says so');
    cmp_ok($half->{stored}, '<', $n, 'not all of it');
    is($half->{stored} % 200, 0, 'whole batches');
    ok(ship('aa', "E$half->{stored}"), 'the last of them is there');
    ok(!ship('aa', 'E' . ($half->{stored} + 1)), 'and no more');
    like(CXR::Test::slurp("$files/stderr"), qr/run it again with the same state file/, 'and what to do');

    # while nginx writes too
    $pid = fork // die;
    if ($pid == 0) {
        open STDOUT, '>', "$files/out"; open STDERR, '>', "$files/stderr";
        { exec "exec $cx feed ingest --carrier aa @world --json --state $state $files/big.xml" }
        POSIX::_exit(127);
    }
    my ($posts, $good) = (0, 0);
    while (waitpid($pid, WNOHANG) == 0) {
        $posts++;
        $good++ if $t->feed('aa', document(record("F$posts", 'OK')))->status == 200;
    }
    is($? >> 8, 0, 'again, to its end');
    my $rest = $json->decode(CXR::Test::slurp("$files/out"));
    is($rest->{stored} + $rest->{repeated}, $n, 'all of it');
    is($rest->{repeated}, $half->{stored}, 'of which some was there');
    cmp_ok($posts, '>', 0, "nginx took $posts feeds meanwhile");
    is($good, $posts, 'every one');
    ok(ship('aa', "F$_"), "F$_ is there") for 1, $posts;
}

# ---- a connection that breaks: whole records, and posting again completes ----

{
    my $n = 5000;
    my $doc = document(map { record("G$_", 'OK', 'Q9') } 1 .. $n);
    my @ends;
    push @ends, pos $doc while $doc =~ m{</parcel>}g;

    for my $cut (0.3, 0.6, 0.9) {
        my $c = $t->conn;
        my $part = substr $doc, 0, int($cut * length $doc);
        $c->write(CXR::HTTP::head(POST => '/feeds/aa', 'X-Actor' => 'f',
            'X-Roles' => 'feed:aa', 'Content-Length' => length $doc));
        $c->write($part);

        # some of it is committed while the rest is awaited
        my $whole = grep { $_ <= length $part } @ends;
        $t->wait_for(60, sub { ship('aa', 'G' . int($whole / 3)) });
        $c->abort;
        ok($t->wait_for(60, sub { $t->get('/healthz')->status == 200 }), "cut at $cut");
        ok(!ship('aa', 'G' . ($whole + 1)), 'the record that was cut is not there');
        is(scalar @{ ship('aa', 'G1')->{scans} }, 2, 'a record that is there is whole');
    }

    my $res = $t->feed('aa', $doc);
    is($res->status, 200, 'posted again');
    is($res->json->{stored} + $res->json->{repeated}, $n, 'it is complete');
    cmp_ok($res->json->{repeated}, '>', 0, 'and finds what was stored');
    is(scalar @{ ship('aa', "G$_")->{scans} }, 2, "G$_ is whole") for 1, $n / 2, $n;
}

# ---- one carrier can never touch another's ----

$t->feed('aa', document(record('S1', 'Q9')));
my $before = ship('aa', 'S1');
$t->feed('bb', document(record('S1', 'OK')));
ingest(spew('s1.xml', document(record('S1', 'OK', 'OK'))), carrier => 'bb');
is_deeply(ship('aa', 'S1'), $before, 'another carrier\'s feed leaves a parcel as it was');
is(ship('bb', 'S1')->{status}, 'delivered', 'and has one of its own');
is($t->request(POST => '/feeds/bb', body => document(record('S1', 'OK')), headers =>
   [ 'X-Actor' => 'f', 'X-Roles' => 'feed:aa' ])->status, 403, 'nor may it post there');

# ---- unknown parcels ----

$t->put_order('KG-9', shipments => [ { carrier => 'aa', number => 'K1' } ]);
my $both = spew('both.xml', document(record('K1', 'OK'), record('K2', 'OK')));
($rc, $r) = ingest("--unknown refuse $both");
is("$rc " . counts($r, qw(stored refused)), '1 stored=1 refused=1', 'refuse: one that no order announced');
like($r->{refusals}[0], qr/K2: parcel_unknown: /, 'told');
ok(!ship('aa', 'K2'), 'and not stored');
($rc, $r) = ingest($both);
is("$rc " . counts($r, qw(stored repeated)), '0 stored=1 repeated=1', 'keep: stored');
is((ingest("--unknown perhaps $both"))[0], 2, 'neither: usage');

{
    my $d = File::Temp->newdir('cxr-XXXXXXXX', TMPDIR => 1);
    my $u = CXR::Test->new(profiles("$d/carriers", 'aa', 'bb'),
                           feed => 'cx_returns_unknown_shipments refuse;')->start;
    $u->put_order('KG-9', shipments => [ { carrier => 'aa', number => 'K1' } ]);
    my $res = $u->feed('aa', document(record('K1', 'OK'), record('K2', 'OK')));
    is(counts($res->json, qw(stored refused)), 'stored=1 refused=1', 'in nginx: refused');
    is($res->json->{refusals}[0]{code}, 'parcel_unknown', 'which and why');
    $res = $u->feed('bb', document(record('K1', 'OK')));
    is($res->json->{refused}, 1, 'the number of another carrier is unknown too');
    is($u->api(GET => '/shipments/bb/K1')->status, 404, 'and made nothing');
    $u->finish;
}

# ---- as carriers posted it, and replies that do not say which parcel they are of ----

{
    my $own = "$FindBin::Bin/../conf/carriers";
    my $posted = sub {
        my ($carrier, $args) = @_;
        my @as = @world;
        $world[-1] = "--carriers $own";
        my @got = ingest($args, carrier => $carrier);
        @world = @as;
        return @got;
    };
    ($rc, $r, $err) = $posted->('yto', spew('form', 'a=1&logistics_interface='
        . '%3CUpdateInfo%3E%3CmailNo%3EYT9%3C/mailNo%3E%3CinfoType%3ESTATUS%3C/infoType%3E'
        . '%3CinfoContent%3EGOT%3C/infoContent%3E%3C/UpdateInfo%3E&data_digest=x'));
    is("$rc " . counts($r, qw(stored broken)), '0 stored=1 broken=0', 'a form') or diag($err);
    is(ship('yto', 'YT9')->{status}, 'picked_up', 'its document');
    ($rc, $r, $err) = $posted->('dpd', spew('query',
        "pushid=7&pnr=01234567890123&status=delivery_customer&statusdate=20112026093000\n"));
    is("$rc " . counts($r, qw(stored broken)), '0 stored=1 broken=0', 'a query') or diag($err);
    is(ship('dpd', '01234567890123')->{status}, 'delivered', 'its parameters');
    ($rc, $r) = $posted->('dpd', spew('query', 'pnr=%zz'));
    is("$rc " . counts($r, qw(stored broken)), '1 stored=0 broken=1', 'a query that is none');

    my $lines = "$FindBin::Bin/data/carriers/surat/lines.xml";
    ($rc, $r) = $posted->('surat', $lines);
    is(counts($r, qw(stored refused)), 'stored=0 refused=1', 'a reply without a number');
    ($rc, $r) = $posted->('surat', "--number 5544001 $lines");
    is(counts($r, qw(stored refused)), 'stored=1 refused=0', 'with the one that was asked for');
    ok(ship('surat', '5544001'), 'it is there');

    make_path("$files/replies");
    CXR::Test::spew("$files/replies/$_.xml", CXR::Test::slurp($lines)) for 5544002, 5544003;
    my $state = "--state $files/by-name";
    ($rc, $r) = $posted->('surat', "--number-by-name $state $files/replies");
    is(counts($r, qw(documents stored refused)), 'documents=2 stored=2 refused=0',
       'the same reply under two names');
    ok(ship('surat', '5544003'), 'is of two parcels');
    ($rc, $r) = $posted->('surat', "--number-by-name $state $files/replies");
    is(counts($r, qw(documents done_before)), 'documents=0 done_before=2', 'done');
    is(($posted->('surat', "--number 1 --number-by-name $lines"))[0], 2, 'both: usage');

    # in archives it is the members' names that count, wherever they stand
    my $deep = join '/', ('d' x 200) x 2;
    make_path("$files/$deep");
    CXR::Test::spew("$files/$_", CXR::Test::slurp($lines))
        for '5544004.xml', '5544005', "$deep/5544006.xml", '5544007.xml';
    system("cd $files && tar czf replies.tgz 5544004.xml 5544005 $deep && gzip 5544007.xml") == 0 or die;
    ($rc, $r, $err) = $posted->('surat', "--number-by-name $files/replies.tgz $files/5544007.xml.gz");
    is("$rc " . counts($r, qw(documents stored)), '0 documents=4 stored=4', 'replies in archives') or diag($err);
    ok(ship('surat', "554400$_"), "554400$_ is there") for 4 .. 7;
    ok(!ship('surat', 'REPLIES'), 'none is the archive\'s own name\'s');
}

# ---- wrong usage ----

# ---- a store that is not there yet ----

for my $how ('', '--create') {
    (my $other = "@world") =~ s{--store \S+}{--store $files/fresh};
    my $made = `$cx feed ingest --carrier aa $other $how --json $both 2>/dev/null`;

    is($? >> 8, $how ? 0 : 4, "ingest into no store $how");
    is(-d "$files/fresh" ? 1 : 0, $how ? 1 : 0, '... which is made when asked');

    next if !$how;
    is($json->decode($made)->{stored}, 2, '... and holds what was read');
    is((stat "$files/fresh")[2] & 07777, 0700, '... for its owner alone');
    `$cx feed ingest --carrier aa $other --create --json $both 2>/dev/null`
        =~ /"repeated":2/ or $made = '';
    isnt($made, '', 'one that is there stays');
}

# without --profiles: those that are installed, wherever one stands
{
    my $out = `cd / && $cx feed ingest --carrier none --store $t->{store} --keys $t->{keys} --shop $t->{dir}/shops/kahve-gurusu.json $both 2>&1`;
    like($out, qr{/etc/cx-returns/carriers/none\.xml: }, 'installed profiles');
    $out = `cd $FindBin::Bin/.. && $cx feed ingest --carrier none --store $t->{store} --keys $t->{keys} --shop $t->{dir}/shops/kahve-gurusu.json $both 2>&1`;
    like($out, qr{(?<!/)conf/carriers/none\.xml: }, 'or those here');
}

is(system("$cx feed ingest @world $both >/dev/null 2>&1") >> 8, 2, 'no carrier');
is((ingest($both, carrier => '../aa'))[0], 2, 'no carrier\'s name');
is((ingest($both, carrier => 'zz'))[0], 4, 'a carrier without a profile');

$t->journal_ok;
my $out = `$cx rebuild --store $t->{store} --into $files/copy --keys $t->{keys} 2>&1`;
is($? >> 8, 0, 'rebuilt, it is equal') or diag($out);
$t->finish;
done_testing;

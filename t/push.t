#!/usr/bin/perl
# Carriers that push: what the document comes in, who proves to have sent it,
# and what the carrier reads in return.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Digest::MD5 qw(md5_base64);
use Digest::SHA qw(sha1_hex);
use Encode qw(encode);
use Test::More;

use CXR::Test;

my %secrets = (
    yto => { partner => 'Kü9-partner' },
    sf_express => { checkword => 'j8DzkIFgmlomPt0aLuwU' },
    aras => { username => 'kahve', password => 'cok<gizli>&1' },
    pilot_freight => { username => 'Shop', password => 'freight' },
);

sub secrets {
    my ($t, $data, $mode) = @_;
    my $path = $t->dir . '/secrets';
    CXR::Test::spew($path, ref $data ? JSON::PP->new->utf8->encode($data)
                                     : $data);
    chmod $mode // 0600, $path;
    return $path;
}

my $t = CXR::Test->new(workers => 1,
    feed => 'cx_returns_feed_buffer 4k; cx_returns_auth_body_max 64k;');
mkdir $t->dir . '/quarantine', 0700;
$t->{http} = 'cx_returns_feed_secrets ' . secrets($t, \%secrets) . ';'
             . 'cx_returns_quarantine ' . $t->dir . '/quarantine;';
$t->{server} = 'location /poll/ { cx_returns feed; cx_returns_feed_auth off; }';
$t->start;

sub ship {
    my ($carrier, $number) = @_;
    my $res = $t->api(GET => "/shipments/$carrier/$number");
    return $res->status == 200 ? $res->json : undef;
}

sub push_to {
    my ($carrier, $body, $type, @headers) = @_;
    return $t->request(POST => "/feeds/$carrier", body => $body,
        headers => [ 'X-Actor' => 'f', 'X-Roles' => "feed:$carrier",
                     'Content-Type' => $type // 'text/xml', @headers ]);
}

my $form_type = 'application/x-www-form-urlencoded';

sub form_to {
    my ($carrier, $fields, @headers) = @_;
    return push_to($carrier, CXR::Test::encode_form(@$fields), $form_type,
                   @headers);
}

sub b64 { my $d = shift; return md5_base64($d) . '==' }

# ---- YTO: a form, a digest over the field, its own words ----

sub yto {
    my ($number, $code) = @_;
    return '<UpdateInfo><logisticProviderID>YTO</logisticProviderID>'
        . "<txLogisticID>LP&amp;$number</txLogisticID><mailNo>$number</mailNo>"
        . "<infoType>STATUS</infoType><infoContent>$code</infoContent>"
        . '<remark>已收件</remark>'
        . '<acceptTime>2026-11-20 08:00:00.0 CST</acceptTime></UpdateInfo>';
}

my $key = encode('UTF-8', $secrets{yto}{partner});

sub yto_form {
    my ($doc, %o) = @_;
    return [ [ logistics_interface => $doc ],
             [ data_digest => $o{digest} // b64($doc . $key) ],
             [ type => 'online' ], [ clientId => 'KAHVE' ] ];
}

{
    my $doc = encode('UTF-8', yto('YT1001', 'GOT'));
    my $res = form_to('yto', yto_form($doc));
    is($res->status, 200, 'yto: taken') or diag($res->body);
    is($res->header('content-type'), 'text/xml; charset=utf-8', 'yto: XML');
    is($res->body, '<Response><logisticProviderID>YTO</logisticProviderID>'
       . '<txLogisticID>LP&amp;YT1001</txLogisticID><success>true</success>'
       . '</Response>', 'yto: the answer repeats the ids, escaped');
    is(ship('yto', 'YT1001')->{status}, 'picked_up', 'yto: stored');
    is(ship('yto', 'YT1001')->{scans}[0]{at}, '2026-11-20T00:00:00Z',
       'yto: CST is China');
    like(join('', map { $_->{text} } @{ ship('yto', 'YT1001')->{scans} }),
         qr/已收件/, 'yto: the text');

    $res = form_to('yto', yto_form($doc));
    like($res->body, qr{<success>true</success>}, 'yto: the same again');
    is(scalar @{ ship('yto', 'YT1001')->{scans} }, 1, 'yto: stored once');

    $res = form_to('yto', yto_form($doc), 'Accept' => 'application/json');
    is($res->json->{repeated}, 1, 'yto: our own answer for who asks for it');

    # whatever is wrong with the proof: the same words, and nothing stored

    my $other = encode('UTF-8', yto('YT1002', 'SIGNED'));
    my %bad = (
        'no digest' => [ [ logistics_interface => $other ] ],
        'an empty digest' => yto_form($other, digest => ''),
        'a digest of something else' => yto_form($other, digest => b64('x')),
        'no base64' => yto_form($other, digest => '!!!!'),
        'half a digest' => yto_form($other,
            digest => substr(b64($other . $key), 0, 12)),
        'a digest without the key' => yto_form($other,
                                               digest => b64($other)),
        'the digest of another document' => yto_form($other,
                                                digest => b64($doc . $key)),
        'a byte altered' => [ [ logistics_interface =>
                                $other =~ s/SIGNED/FAILED/r ],
                              [ data_digest => b64($other . $key) ] ],
        'a blank more' => [ [ logistics_interface => "$other " ],
                            [ data_digest => b64($other . $key) ] ],
    );

    for my $name (sort keys %bad) {
        $res = form_to('yto', $bad{$name});
        is($res->status, 200, "yto, $name: 200");
        is($res->body, '<Response><logisticProviderID></logisticProviderID>'
           . '<txLogisticID></txLogisticID><success>false</success>'
           . '<reason>data_digest</reason></Response>', "yto, $name: no");
        is(ship('yto', 'YT1002'), undef, "yto, $name: nothing is stored");
    }

    is($t->get('/feeds/yto', 'Accept' => 'application/json', 'X-Actor' => 'f',
               'X-Roles' => 'feed:yto')->body, 'success', 'yto: a probe');
    is(form_to('yto', $bad{'no digest'},
               'Accept' => 'application/json')->status, 403,
       'yto: 403 in our own answer');

    my $head = $t->request(HEAD => '/feeds/yto', headers => [
        'X-Actor' => 'f', 'X-Roles' => 'feed:yto' ]);
    is($head->status, 200, 'yto: a probe by HEAD');
    is($t->get('/feeds/yto', 'X-Actor' => 'f')->status, 200,
       'yto: without the role the words of a carrier without a proof');
    like($t->get('/feeds/yto', 'X-Actor' => 'f')->body,
         qr{<success>false}, 'yto: which are no success');

    # a plus that was not escaped is a blank by now

    my $n = 2000;
    my $digest;
    my $plus;
    do {
        $plus = encode('UTF-8', yto('YT' . ++$n, 'GOT'));
        $digest = b64($plus . $key);
    } until $digest =~ /\+/;
    $res = push_to('yto', 'logistics_interface=' . CXR::Test::uri($plus)
                   . "&data_digest=$digest", $form_type);
    like($res->body, qr{<success>true}, 'yto: a plus left as it is');
    ok(ship('yto', "YT$n"), 'yto: and stored');

    # the shop's own poller, at a place of its own

    my $poll = sub {
        return $t->request(POST => '/poll/yto', body => $_[0], headers => [
            'X-Actor' => 'p', 'X-Roles' => $_[1], 'Content-Type' => 'text/xml',
            'Accept' => 'application/json' ]);
    };
    my $polled = encode('UTF-8', yto('YT1010', 'GOT'));
    is($poll->($polled, 'feed:ups')->status, 403, 'poller: needs its role');
    is($poll->($polled, 'feed:yto')->json->{stored}, 1,
       'poller: and no proof there');

    # other orders of fields, and in pieces of a byte

    my $last = encode('UTF-8', yto('YT1003', 'SENT_SCAN'));
    my $body = CXR::Test::encode_form(reverse @{ yto_form($last) });
    $res = push_to('yto', [ split //, $body ], $form_type);
    like($res->body, qr{<success>true}, 'yto: the digest first, by the byte')
        or diag($res->body);
    is(ship('yto', 'YT1003')->{status}, 'out_for_delivery', 'yto: stored');

    # the document twice: the one that is proven might not be the one read

    my $twice = yto_form($other);
    $res = form_to('yto', [ [ logistics_interface => $doc ], @$twice ]);
    like($res->body, qr{<success>false}, 'yto: two documents');
    is(ship('yto', 'YT1002'), undef, 'yto: neither is stored');

    # GBK, as the Content-Type says, with a digest over those bytes

    my $gbk = encode('GBK', yto('YT1004', 'TRACKING'));
    $res = push_to('yto', CXR::Test::encode_form(@{ yto_form($gbk) }),
                   "$form_type; charset=GBK");
    like($res->body, qr{<success>true}, 'yto: GBK') or diag($res->body);
    is(ship('yto', 'YT1004')->{scans}[0]{text}, '已收件', 'yto: read as GBK');

    $gbk = "<?xml version='1.0' encoding='GBK'?>"
           . encode('GBK', yto('YT1005', 'TRACKING'));
    form_to('yto', yto_form($gbk));
    is(ship('yto', 'YT1005')->{scans}[0]{text}, '已收件',
       'yto: GBK, as the document says');

    # unknown code: kept, and answered like any other

    my $unknown = encode('UTF-8', yto('YT1006', 'BLUE_MOON'));
    like(form_to('yto', yto_form($unknown))->body, qr{<success>true},
         'yto: a code that no rule maps is no error');

    # proven, and no good

    my $broken = '<UpdateInfo><txLogisticID>LP7</txLogisticID><mailNo>YT1007';
    $res = form_to('yto', yto_form($broken));
    like($res->body, qr{<txLogisticID>LP7</txLogisticID>
                        <success>false</success><reason>malformed}x,
         'yto: half a document');
    ok(grep({ /yto/ } map { CXR::Test::slurp($_) }
            glob $t->dir . '/quarantine/*.json'),
       'yto: which is in quarantine');
    unlike(join('', map { CXR::Test::slurp($_) }
                glob $t->dir . '/quarantine/*.doc'),
           qr/data_digest=(?!REDACTED)/, 'yto: without its digest');

    # too large to wait for a proof

    my $large = $other =~ s{<remark>}{'<remark>' . 'x' x 70000}er;
    $res = form_to('yto', yto_form($large));
    like($res->body, qr{<success>false</success><reason>limit},
         'yto: too large');

    # half a body: the connection breaks, nothing is stored, and again

    my $c = $t->conn;
    my $whole = CXR::Test::encode_form(@{ yto_form($other) });
    $c->write(CXR::HTTP::head('POST', '/feeds/yto', 'X-Actor' => 'f',
        'X-Roles' => 'feed:yto', 'Content-Type' => $form_type,
        'Content-Length' => length $whole));
    $c->write(substr $whole, 0, length($whole) - 10);
    $c->close;
    is(ship('yto', 'YT1002'), undef, 'yto: half a body stores nothing');
    like(form_to('yto', yto_form($other))->body, qr{<success>true},
         'yto: all of it does');
    is(ship('yto', 'YT1002')->{status}, 'delivered', 'yto: stored now');
}

# ---- SF: a form, a plain document, one that is encoded as a whole ----

sub sf {
    my ($number) = @_;
    return encode('UTF-8',
        "<?xml version='1.0' encoding='UTF-8'?><Request service=\"Route"
        . 'PushService" lang="zh-CN"><Body><WaybillRoute id="9' . $number
        . "\" mailno=\"SF$number\" orderid=\"KG-$number\" "
        . 'acceptTime="2026-11-20 07:09:04" acceptAddress="潍坊市" '
        . 'remark="快件到达 + 100%" opCode="31"/></Body></Request>');
}

{
    my $word = $secrets{sf_express}{checkword};
    my $ok = '<Response service="RoutePushService"><Head>OK</Head></Response>';
    my $code = sub { return b64($_[0] . $word) };

    my $doc = sf(11);
    is(form_to('sf_express', [ [ content => $doc ],
                               [ verifyCode => $code->($doc) ] ])->body, $ok,
       'sf: a form');
    is(ship('sf_express', 'SF11')->{status}, 'in_transit', 'sf: stored');

    my $post = sub {
        my ($body, $type, $sum) = @_;
        return $t->request(POST => '/feeds/sf_express?verifyCode='
            . CXR::Test::uri($sum), body => $body,
            headers => [ 'X-Actor' => 'f', 'X-Roles' => 'feed:sf_express',
                         'Content-Type' => $type ]);
    };

    $doc = sf(12);
    is($post->($doc, 'text/xml', $code->($doc))->body, $ok, 'sf: plain');
    ok(ship('sf_express', 'SF12'), 'sf: stored');

    $doc = sf(13);
    is($post->(CXR::Test::uri($doc), $form_type, $code->($doc))->body, $ok,
       'sf: encoded as a whole');
    is(ship('sf_express', 'SF13')->{scans}[0]{text}, '快件到达 + 100%',
       'sf: with a plus and a per cent');

    $doc = sf(14);
    my $res = $post->($doc, 'text/xml', $code->(sf(15)));
    like($res->body, qr{<Head>ERR</Head><ERROR code="4001">}, 'sf: no proof');
    is(ship('sf_express', 'SF14'), undef, 'sf: not stored');

    $res = form_to('sf_express', [ [ contents => $doc ] ]);
    like($res->body, qr{<Head>ERR</Head><ERROR code="4002">envelope},
         'sf: none of the field');
    $res = push_to('sf_express', 'content=%3Cx%zz', $form_type);
    like($res->body, qr{code="4002">envelope}, 'sf: a bad escape');
}

# ---- Aras calls a SOAP service of ours, with its credentials in the body ----

sub aras {
    my ($ref, $user, $password) = @_;
    return '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap='
        . '"http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        . '<KargoBilgi xmlns="http://tempuri.org/">'
        . "<IntegrationCode>$ref</IntegrationCode><CargoStatus>6</CargoStatus>"
        . '<ProcessDate>2026-11-20T14:05:00</ProcessDate>'
        . '<Description>TESLİM EDİLDİ</Description>'
        . "<UserName>$user</UserName><Password>$password</Password>"
        . '</KargoBilgi></soap:Body></soap:Envelope>';
}

{
    my $good = encode('UTF-8', aras('ARS1', 'kahve', 'cok&lt;gizli>&amp;1'));
    my $res = push_to('aras', $good);
    is($res->status, 200, 'aras: taken') or diag($res->body);
    like($res->body, qr{<KargoBilgiResponse\ xmlns="http://tempuri.org/">
        <KargoBilgiResult><Result>true</Result>}x, 'aras: Result true');

    # it knows the parcel by our own number alone, and no parcel has that yet:
    # the document waits in quarantine, without the password

    my ($note) = grep { /"aras"/ } map { CXR::Test::slurp($_) }
                 glob $t->dir . '/quarantine/*-aras-*.json';
    like($note, qr/1 of its records have a reference that no parcel has yet/,
         'aras: kept for later');
    like($note, qr/"unplaced"/, 'and not as one that could not be read');
    my ($kept) = map { CXR::Test::slurp($_) }
                 glob $t->dir . '/quarantine/*-aras-*.doc';
    like($kept, qr/ARS1/, 'aras: the document');
    unlike($kept, qr/gizli|>kahve</, 'aras: without what proves it');

    my $cx = CXR::Test::cx();
    my $world = "--store $t->{store} --keys $t->{keys} --shop "
        . $t->dir . '/shops/kahve-gurusu.json --profiles '
        . CXR::Test::root() . '/conf/carriers';
    CXR::Test::spew($t->dir . '/row.xml', '<QueryResult><Collection>'
        . '<KARGO_TAKIP_NO>700700</KARGO_TAKIP_NO><MUSTERI_OZEL_KODU>ARS1'
        . '</MUSTERI_OZEL_KODU><DURUM_KODU>2</DURUM_KODU><ISLEM_TARIHI>'
        . '19.11.2026 09:00:00</ISLEM_TARIHI></Collection></QueryResult>');
    my $said = `$cx feed ingest --carrier aras $world @{[ $t->dir ]}/row.xml 2>&1`;
    is($?, 0, 'aras: the parcel, with its number and ours') or diag($said);
    is(ship('aras', '700700')->{status}, 'in_transit', 'aras: on its way');
    $said = `$cx quarantine replay --dir @{[ $t->dir ]}/quarantine $world --all --carrier aras 2>&1`;
    is($?, 0, 'aras: what waited is taken in, proven long ago') or diag($said);
    is(ship('aras', '700700')->{status}, 'delivered', 'aras: delivered');

    for my $bad ([ 'kahve', 'wrong' ], [ 'someone', 'cok&lt;gizli>&amp;1' ],
                 [ '', '' ])
    {
        my $doc = encode('UTF-8', aras('ARS2', @$bad));
        $res = push_to('aras', $doc);
        like($res->body, qr{<Result>false</Result><ErrorDescription>UserName},
             "aras: Result false for '@$bad'");
        unlike($res->body, qr/wrong|gizli/, 'aras: which repeats no password');
    }

    my $none = encode('UTF-8', aras('ARS2', 'kahve', ''))
               =~ s{<Password></Password>}{}r;
    like(push_to('aras', $none)->body, qr{<Result>false}, 'aras: no password');

    like(push_to('aras', '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY p "y">]>'
                 . '<x>&p;</x>')->body, qr{<Result>false}, 'aras: a DOCTYPE');
}

# ---- Acutrack: an answer for each order ----

{
    my $doc = '<ShippingConfirmation><Orders>'
        . '<Order><ApprovalCode>PO &lt;1&gt;</ApprovalCode>'
        . '<TrackingNumber>1ZACU0001</TrackingNumber></Order>'
        . '<Order><ApprovalCode/><TrackingNumber>bad#number</TrackingNumber>'
        . '</Order>'
        . '<Order><ApprovalCode>PO3</ApprovalCode>'
        . '<TrackingNumber>1ZACU0003</TrackingNumber></Order>'
        . '</Orders></ShippingConfirmation>';
    my $res = form_to('acutrack', [ [ xmlStrShipping => $doc ] ]);
    is($res->status, 200, 'acutrack: taken');
    my @status = $res->body =~ m{<ApprovalCode>([^<]*)</ApprovalCode>
                                 <Status>(\w+)</Status>}gx;
    is_deeply(\@status, [ 'PO &lt;1&gt;', 'Success', '', 'Error', 'PO3',
                          'Success' ], 'acutrack: one for each order')
        or diag($res->body);
    ok(ship('acutrack', '1ZACU0003'), 'acutrack: the good ones are stored');
}

# ---- Pilot: SHA-1 over texts of the body ----

sub pilot {
    my ($id, $number, $hash) = @_;
    my $at = '2026-11-20T16:23:11Z';
    $hash //= '0x' . uc sha1_hex("Shop|$id|$at|freight");
    return "<StatusEntry><TransmissionID>\n$id\n</TransmissionID>"
        . "<TransmissionGeneratedUTC>\n$at\n</TransmissionGeneratedUTC>"
        . "<Authentication><UserName>\nShop\n</UserName>"
        . "<PasswordHash>\n$hash\n</PasswordHash></Authentication>"
        . '<StatusSubmissions><StatusSubmission><Shipment><ControlNumbers>'
        . "<ManifestTranID>$number</ManifestTranID></ControlNumbers></Shipment>"
        . '<Status><StatusType>Delivery</StatusType>'
        . '<StatusDateTime>2026-11-20T10:00:00</StatusDateTime>'
        . '<VendorStatusID>88</VendorStatusID></Status></StatusSubmission>'
        . '</StatusSubmissions></StatusEntry>';
}

{
    my $res = push_to('pilot_freight', pilot('781912826', '1234568'));
    like($res->body, qr{<VendorTransmissionID>781912826</VendorTransmissionID>
        .*<ErrorID></ErrorID>}x, 'pilot: taken') or diag($res->body);
    is(ship('pilot_freight', '1234568')->{status}, 'delivered',
       'pilot: stored');
    $res = push_to('pilot_freight', pilot('781912827', '1234569',
                   '0x' . uc sha1_hex('Shop|781912826|x|freight')));
    like($res->body, qr{<VendorTransmissionID>781912827</VendorTransmissionID>
        .*<ErrorID>403</ErrorID>}x, 'pilot: another transmission\'s hash');
    is(ship('pilot_freight', '1234569'), undef, 'pilot: not stored');
}

# ---- DPD: a GET is all there is ----

sub dpd {
    my ($query, @roles) = @_;
    return $t->get("/feeds/dpd$query", 'X-Actor' => 'f',
                   'X-Roles' => @roles ? "@roles" : 'feed:dpd');
}

{
    my $query = '?pushid=4711&pnr=01234567890123&depot=0197'
        . '&status=delivery_customer&statusdate=20112026093000'
        . '&receiver=M%26uuml%3Bller+%3Cx%3E';
    my $res = dpd($query);
    is($res->status, 200, 'dpd: taken');
    is($res->body, '<push><pushid>4711</pushid><status>OK</status></push>',
       'dpd: OK');
    my $s = ship('dpd', '01234567890123');
    is("$s->{status} $s->{scans}[0]{at}", 'delivered 2026-11-20T08:30:00Z',
       'dpd: stored, German time');
    is(dpd($query)->body, $res->body, 'dpd: again');
    is(scalar @{ ship('dpd', '01234567890123')->{scans} }, 1, 'dpd: once');
    like(dpd('?pushid=4712&pnr=%3C%3E')->body, qr{<pushid>4712</pushid>
        <status>ERROR}x, 'dpd: no number');
    like(dpd('')->body, qr{<status>ERROR}, 'dpd: nothing at all');
    is(dpd('?pnr=%zz')->status, 400, 'dpd: a broken query');
    my $no = dpd($query, 'feed:yto');
    is($no->status, 403, 'dpd: without the role');
    like($no->body, qr{<status>ERROR}, 'dpd: in its own words');
    is($t->request(PUT => '/feeds/dpd', body => 'x', headers => [
        'X-Actor' => 'f', 'X-Roles' => 'feed:dpd' ])->header('allow'),
       'GET, POST', 'dpd: what it allows');
}

# ---- a secret in the address ----

{
    my $x = CXR::Test->new;
    mkdir $x->dir . '/quarantine', 0700;
    $x->{http} = 'cx_returns_feed_secrets '
        . secrets($x, { dpd => { key => 'a+b c' }, acutrack => { key => 'k' } })
        . '; cx_returns_quarantine ' . $x->dir . '/quarantine;';
    $x->start;
    my $get = sub {
        return $x->request(GET => "/feeds/dpd?pushid=1&pnr=$_[0]"
            . "&status=pickup_depot&statusdate=20112026093000$_[1]",
            headers => [ 'X-Actor' => 'f', 'X-Roles' => 'feed:dpd' ]);
    };
    my $has = sub { $x->api(GET => "/shipments/dpd/$_[0]")->status };

    is($get->('0001', '')->status, 403, 'key: none');
    is($get->('0001', '&key=')->status, 403, 'key: empty');
    is($get->('0001', '&key=a+b+c')->status, 403, 'key: another');
    is($get->('0001', '&KEY=a%2Bb+c')->status, 403, 'key: another name');
    is($has->('0001'), 404, 'key: and nothing is stored');
    like($get->('0001', '&key=a%2Bb+c')->body, qr/OK/, 'key: the one');
    is($has->('0001'), 200, 'key: and it is stored');

    like($get->('%3C', '&key=a%2Bb%20c')->body, qr/ERROR/, 'key: no number');
    my @docs = map { CXR::Test::slurp($_) }
               glob $x->dir . '/quarantine/*-dpd-*.doc';
    is(scalar @docs, 1, 'key: is kept as the document that it is');
    like($docs[0], qr{^<push><pushid>1</pushid>}, 'key: which can be read');
    unlike($docs[0], qr/a\+b/, 'key: without the key');
    $x->finish;
}

# ---- unknown numbers, refused by the shop: the same words ----

{
    my $shop = CXR::Test->new(feed => 'cx_returns_unknown_shipments refuse;')
        ->start;
    my $res = $shop->request(GET => '/feeds/dpd?pushid=1&pnr=0999'
        . '&status=delivery_customer&statusdate=20112026093000',
        headers => [ 'X-Actor' => 'f', 'X-Roles' => 'feed:dpd' ]);
    is($res->body, '<push><pushid>1</pushid><status>OK</status></push>',
       'a number that nobody knows is OK to its carrier');
    my $doc = encode('UTF-8', yto('YT1', 'GOT'));
    $res = $shop->request(POST => '/feeds/yto', headers => [ 'X-Actor' => 'f',
        'X-Roles' => 'feed:yto', 'Content-Type' => $form_type ],
        body => CXR::Test::encode_form([ logistics_interface => $doc ]));
    like($res->body, qr{<success>true},
         'and without secrets the role alone lets in');

    # a form of any size is decoded as it comes

    my $routes = join '', map {
        "<WaybillRoute id=\"$_\" mailno=\"SFM$_\" acceptTime=\"2026-11-20 "
        . '07:09:04" acceptAddress="潍坊市" remark="快件到达" opCode="31"/>'
    } 1 .. 5000;
    my $big = 'a=b&content=' . CXR::Test::uri(encode('UTF-8',
        "<Request><Body>$routes</Body></Request>"));
    cmp_ok(length $big, '>', 1_000_000, 'a large form');
    $res = $shop->request(POST => '/feeds/sf_express', headers => [
        'X-Actor' => 'f', 'X-Roles' => 'feed:sf_express',
        'Content-Type' => $form_type, 'Accept' => 'application/json' ],
        body => $big);
    is($res->json->{records}, 5000, 'is read whole') or diag($res->body);
    is($res->json->{refused}, 5000,
       'and what this shop does not know is refused, each');
    $shop->finish;
}

# ---- a store that is full: an error, never an OK for what is not stored ----

{
    my $full = CXR::Test->new(map_size => '1m')->start;
    my ($res, $n) = (undef, 0);
    my $get = sub {
        return $full->request(GET => "/feeds/dpd?pushid=$_[0]&pnr=FULL$_[0]"
            . '&status=pickup_depot&statusdate=20112026093000&depot='
            . 'x' x 150,
            headers => [ 'X-Actor' => 'f', 'X-Roles' => 'feed:dpd' ]);
    };
    my @ok;
    while (++$n < 3000) {
        $res = $get->($n);
        last if $res->body !~ /<status>OK/;
        push @ok, $n;
    }
    is($res->status, 503, 'full: 503') or diag("after $n: " . $res->body);
    is($res->body, "<push><pushid>$n</pushid><status>ERROR</status></push>",
       'full: in the carrier\'s words');
    is($res->header('retry-after'), 30, 'full: and when to send it again');
    is(scalar(grep { $full->api(GET => "/shipments/dpd/FULL$_")->status != 200 }
              @ok[ 0, -5 .. -1 ]), 0, 'full: what was OK is stored');
    is($full->api(GET => "/shipments/dpd/FULL$n")->status, 404,
       'full: what was not is not');
    $full->finish;
}

# ---- the file of secrets ----

{
    my $x = CXR::Test->new;
    my $try = sub {
        my ($data, $mode) = @_;
        $x->{http} = 'cx_returns_feed_secrets ' . secrets($x, $data, $mode)
                     . ';';
        return $x->check;
    };

    my ($status, $out) = $try->(\%secrets);
    is($status, 0, 'secrets: good') or diag($out);
    ($status, $out) = $try->(\%secrets, 0640);
    isnt($status, 0, 'secrets: the group may read it');
    like($out, qr/chmod 600/, 'secrets: what to do');
    unlike($out, qr/partner|gizli/, 'secrets: none is told');
    ($status, $out) = $try->({ aras => { username => 'x' } });
    like($out, qr/"password" of "aras" is missing/, 'secrets: one is missing');
    isnt($status, 0, 'secrets: and that is an error');
    ($status, $out) = $try->({ yto => { partner => 'x', key => 'y' } });
    like($out, qr/asks for the secret "key"/, 'secrets: one too many');
    ($status, $out) = $try->({ ytoo => { partner => 'x' } });
    like($out, qr/no profile of the carrier "ytoo"/, 'secrets: no carrier');
    ($status, $out) = $try->('{"yto": {"partner": ""}}');
    like($out, qr/1 to 512 bytes/, 'secrets: an empty one');
    ($status, $out) = $try->("{\"yto\":\n {\"partner\" \"sEcReT\"}}");
    isnt($status, 0, 'secrets: no JSON');
    unlike($out, qr/sEcReT/, 'secrets: which is not quoted');
    like($out, qr/:2:/, 'secrets: but its line is told');
}

unlike($t->log, qr/gizli|partner"|checkword|data_digest=/,
       'no secret in error.log');
is(scalar(glob($t->dir . '/tmp/body/.part*') // 0), 0,
   'no body is left behind');
$t->finish;

done_testing;

package CXR::Demo;

# The demo shop: products, orders and carriers' documents of Kahve Gurusu, with
# times counted back from a given moment, so that return windows are open and
# parcels under way whenever it is loaded.  Plain data; it asks no server.

use strict;
use warnings;
use utf8;

use Exporter 'import';
use POSIX ();

our @EXPORT_OK = qw(products orders feeds rmas tracking iso);

use constant { HOUR => 3600, DAY => 86400 };

# id, title (tr, en), picture, [sku suffix, variant, price, stock]...
my @PRODUCTS = (
    [ 'ETH-YIRG', 'Etiyopya Yirgacheffe', 'Ethiopia Yirgacheffe', 'beans-light',
      [ '250-CEK', '250 g / Çekirdek', 42000, 120 ],
      [ '250-FIL', '250 g / Filtre', 42000, 45 ],
      [ '250-ESP', '250 g / Espresso', 42000, 0 ],
      [ '1000-CEK', '1 kg / Çekirdek', 152000, 30 ] ],
    [ 'COL-HUILA', 'Kolombiya Huila', 'Colombia Huila', 'beans-dark',
      [ '250-CEK', '250 g / Çekirdek', 38500, 80 ],
      [ '250-FIL', '250 g / Filtre', 38500, 64 ],
      [ '250-MOKA', '250 g / Moka pot', 38500, 22 ] ],
    [ 'DECAF-PERU', 'Kafeinsiz Peru', 'Decaf Peru', 'beans-decaf',
      [ '250-CEK', '250 g / Çekirdek', 44500, 18 ],
      [ '250-FIL', '250 g / Filtre', 44500, 9 ] ],
    [ 'MOKA', 'Moka Pot', 'Moka pot', 'moka-pot',
      [ '3', '3 fincan', 129000, 14 ],
      [ '6', '6 fincan', 164000, 7 ] ],
    [ 'GRINDER', 'El Değirmeni', 'Hand grinder', 'grinder',
      [ 'BLK', 'Siyah', 289000, 11 ],
      [ 'SLV', 'Gümüş', 289000, 0 ] ],
    [ 'CUP', 'Porselen Fincan, 2’li', 'Porcelain cups, set of 2', 'cup',
      [ 'WHT', 'Beyaz', 56000, 40 ],
      [ 'BLK', 'Siyah', 56000, 33 ] ],
    [ 'V60', 'Filtre Kâğıdı', 'Paper filters', 'filter',
      [ '01', '01 / 100 adet', 16500, 200 ],
      [ '02', '02 / 100 adet', 18500, 180 ] ],
    [ 'GIFT', 'Tadım Seti', 'Tasting set', 'gift-set',
      [ 'CLASSIC', 'Klasik', 119000, 25 ],
      [ 'NEWYEAR', 'Yılbaşı', 134000, 6 ] ],
);

my @PEOPLE = (
    [ 'Ayşe Yılmaz', 'ayse@example.com', '+905550000001',
      'Moda Caddesi No: 12 D: 4', '34710', 'Kadıköy', 'İstanbul', 'TR' ],
    [ 'Mehmet Demir', 'mehmet@example.com', '+905550000002',
      'Tunalı Hilmi Caddesi No: 81/7', '06680', 'Çankaya', 'Ankara', 'TR' ],
    [ 'Zeynep Kaya', 'zeynep@example.com', '+905550000003',
      'Kıbrıs Şehitleri Caddesi No: 40', '35220', 'Konak', 'İzmir', 'TR' ],
    [ 'İbrahim Işık', 'ibrahim@example.com', '+905550000004',
      'Atatürk Bulvarı No: 5', '07040', 'Muratpaşa', 'Antalya', 'TR' ],
    [ 'Elif Şahin', 'elif@example.com', '+905550000005',
      'FSM Bulvarı No: 118', '16140', 'Nilüfer', 'Bursa', 'TR' ],
    [ 'Çağlar Öztürk', 'caglar@example.com', '+905550000006',
      'Uzun Sokak No: 33', '61030', 'Ortahisar', 'Trabzon', 'TR' ],
    [ 'Emma Fischer', 'emma@example.com', '+4915550000007',
      'Kastanienallee 24', '10435', 'Berlin', undef, 'DE' ],
    [ 'Oliver Hughes', 'oliver@example.com', '+447700900008',
      '18 Gloucester Road', 'BS7 8AE', 'Bristol', undef, 'GB' ],
    [ 'Grace Miller', 'grace@example.com', '+12025550109',
      '412 Elm Street', '11201', 'Brooklyn', 'NY', 'US' ],
    [ 'Daniel Carter', 'daniel@example.com', '+13035550110',
      '77 Lakeview Drive', '60614', 'Chicago', 'IL', 'US' ],
);

# number, person, days since the order, lines as "product/variant*quantity"
# (a "!" after it: final sale, a "-" with a number: discount), then parcels:
# carrier, state, hours since that state, lines (1-based; all when absent)
my @ORDERS = (
    [ 1001, 0, 5, 'ETH-YIRG/250-FIL*2 GRINDER/BLK*1 V60/02*1',
      [ 'yurtici', 'delivered', 44 ] ],
    [ 1002, 1, 2, 'COL-HUILA/250-CEK*1 CUP/WHT*1', [ 'yurtici', 'out', 3 ] ],
    [ 1003, 2, 3, 'ETH-YIRG/1000-CEK*1', [ 'yurtici', 'transit', 7 ] ],
    [ 1004, 3, 6, 'MOKA/6*1 COL-HUILA/250-MOKA*2', [ 'yurtici', 'pickup', 20 ] ],
    [ 1005, 4, 4, 'DECAF-PERU/250-FIL*3', [ 'yurtici', 'attempt', 5 ] ],
    [ 1006, 5, 24, 'ETH-YIRG/250-CEK*1 CUP/BLK*1',
      [ 'yurtici', 'delivered', 20 * 24 ] ],
    [ 1007, 0, 8, 'GIFT/NEWYEAR*1! V60/01*2', [ 'yurtici', 'delivered', 90 ] ],
    [ 1008, 1, 4,
      'ETH-YIRG/250-FIL*1 MOKA/3*1 GRINDER/BLK*1 CUP/WHT*2',
      [ 'yurtici', 'delivered', 20, '1 2' ], [ 'yurtici', 'transit', 9, '3' ],
      [ 'yurtici', 'label', 4, '4' ] ],
    [ 1009, 2, 1, 'V60/02*4', [ 'yurtici', 'label', 6 ] ],
    [ 1010, 3, 0, 'COL-HUILA/250-FIL*2' ],
    [ 1011, 6, 6, 'ETH-YIRG/250-CEK*2 CUP/BLK*1', [ 'ups', 'delivered', 30 ] ],
    [ 1012, 7, 4, 'GRINDER/BLK*1', [ 'ups', 'delayed', 6 ] ],
    [ 1013, 6, 3, 'COL-HUILA/250-CEK*3 V60/02*1', [ 'ups', 'out', 2 ] ],
    [ 1014, 7, 5, 'MOKA/3*1', [ 'ups', 'attempt', 4 ] ],
    [ 1015, 8, 9, 'ETH-YIRG/250-FIL*2', [ 'usps', 'delivered', 50 ] ],
    [ 1016, 9, 6, 'DECAF-PERU/250-CEK*1 GIFT/CLASSIC*1',
      [ 'usps', 'transit', 8 ] ],
    [ 1017, 8, 4, 'CUP/WHT*2', [ 'usps', 'out', 3 ] ],
    [ 1018, 9, 7, 'COL-HUILA/250-FIL*1', [ 'usps', 'pickup', 22 ] ],
    [ 1019, 8, 27, 'MOKA/6*1 V60/01*1', [ 'usps', 'delivered', 21 * 24 ] ],
    [ 1020, 4, 12,
      'ETH-YIRG/250-CEK*2-8400 ETH-YIRG/250-FIL*1 COL-HUILA/250-CEK*2 '
      . 'COL-HUILA/250-MOKA*1 DECAF-PERU/250-FIL*1 MOKA/3*1 GRINDER/BLK*1 '
      . 'CUP/WHT*2 CUP/BLK*1! V60/01*3 V60/02*2 GIFT/CLASSIC*1',
      [ 'yurtici', 'delivered', 5 * 24, '1 2 3 4 5 8 9 10 11' ],
      [ 'yurtici', 'delivered', 3 * 24, '6 7 12' ] ],
    [ 1021, 0, 3, 'DECAF-PERU/250-CEK*1', [ 'yurtici', 'transit', 5 ] ],
    [ 1022, 5, 7, 'COL-HUILA/250-FIL*2 V60/01*1',
      [ 'yurtici', 'delivered', 60 ] ],
    [ 1023, 1, 11, 'GRINDER/BLK*1', [ 'yurtici', 'delivered', 8 * 24 ] ],
    [ 1024, 2, 15, 'CUP/WHT*3 CUP/BLK*3', [ 'yurtici', 'delivered', 12 * 24 ] ],
    [ 1025, 3, 4, 'GIFT/CLASSIC*2', [ 'yurtici', 'out', 4 ] ],
    [ 1026, 7, 10, 'ETH-YIRG/250-ESP*2', [ 'ups', 'delivered', 6 * 24 ] ],
    [ 1027, 6, 2, 'CUP/WHT*1', [ 'ups', 'label', 12 ] ],
    [ 1028, 9, 8, 'V60/02*6', [ 'usps', 'delivered', 70 ] ],
    [ 1029, 4, 2, 'ETH-YIRG/250-FIL*1', [ 'yurtici', 'transit', 3 ] ],
    [ 1030, 5, 6, 'MOKA/3*1 COL-HUILA/250-MOKA*1',
      [ 'yurtici', 'delivered', 26 ] ],
    [ 1031, 0, 40, 'GIFT/CLASSIC*1', [ 'yurtici', 'delivered', 36 * 24 ] ],
    [ 1032, 1, 9, 'ETH-YIRG/1000-CEK*2-30400',
      [ 'yurtici', 'delivered', 5 * 24 ] ],
    [ 1033, 2, 5, 'DECAF-PERU/250-FIL*1! CUP/BLK*1',
      [ 'yurtici', 'delivered', 36 ] ],
    [ 1034, 3, 10, 'GRINDER/SLV*1', [ 'yurtici', 'returning', 18 ] ],
    [ 1035, 8, 5, 'COL-HUILA/250-CEK*2', [ 'usps', 'attempt', 6 ] ],
    [ 1036, 6, 12, 'MOKA/6*1', [ 'ups', 'delivered', 9 * 24 ] ],
    [ 1037, 4, 1, 'COL-HUILA/250-FIL*1' ],
    [ 1038, 5, 6, 'ETH-YIRG/250-CEK*1 ETH-YIRG/250-FIL*1',
      [ 'yurtici', 'delivered', 12 ] ],
    [ 1039, 7, 14, 'GIFT/CLASSIC*1 CUP/WHT*1', [ 'ups', 'delivered', 10 * 24 ] ],
    [ 1040, 9, 3, 'GRINDER/BLK*1 V60/02*2', [ 'usps', 'transit', 10 ] ],
);

# order, lines as [number of the line, quantity, reason, outcome, sku, note]
my @RMAS = (
    [ 1022, [ 1, 1, 'wrong_grind', 'exchange', 'COL-HUILA-250-CEK' ] ],
    [ 1023, [ 1, 1, 'damaged', 'refund', undef,
              'Ayar halkası çatlak geldi, dönmüyor.' ] ],
    [ 1024, [ 1, 1, 'changed_mind', 'refund' ],
            [ 2, 2, 'wrong_item', 'refund', undef, 'Siyah yerine gri geldi.' ] ],
    [ 1030, [ 1, 1, 'not_as_expected', 'refund' ] ],
    [ 1036, [ 1, 1, 'other', 'refund', undef,
              'It does not work on my induction hob.' ] ],
);


sub iso {
    return POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime($_[0]));
}

sub find_product {
    my ($id) = @_;
    my ($p) = grep { $_->[0] eq $id } @PRODUCTS;
    return $p || die "demo: no product $id\n";
}

sub products {
    return map {
        my ($id, $tr, $en, $image, @variants) = @$_;
        {
            id => $id, title => $tr, currency => 'TRY',
            variants => [ map { {
                sku => "$id-$_->[0]", title => $_->[1], price => $_->[2],
                stock => $_->[3], image => "/assets/demo/$image.svg",
            } } @variants ],
        }
    } @PRODUCTS;
}

# A parcel's number: it looks like the carrier's, and is another one for
# another day of loading, because a parcel's history is not rewritten.

sub tracking {
    my ($carrier, $order, $parcel, $now) = @_;
    my $day = int($now / DAY) % 100000;

    return sprintf('3%05d%05d%d', $day, $order, $parcel)
        if $carrier eq 'yurtici';
    return sprintf('1ZK4%s6703%05d%04d%d', 'C', $day % 100000, $order, $parcel)
        if $carrier eq 'ups';
    return sprintf('940011%010d%05d%d', $day, $order, $parcel);
}

sub orders {
    my ($now) = @_;
    return map { order($_, $now) } @ORDERS;
}

sub order {
    my ($spec, $now) = @_;
    my ($number, $who, $days, $lines, @parcels) = @$spec;
    my ($name, $email, $phone, $street, $postcode, $city, $region, $country)
        = @{ $PEOPLE[$who] };
    my $tr = $country eq 'TR';
    my $i = 0;

    my @lines = map {
        m{^([A-Z0-9-]+)/([A-Z0-9-]+)\*(\d+)(!)?(?:-(\d+))?$}
            or die "demo: line $_\n";
        my ($id, $suffix, $quantity, $final, $discount) = ($1, $2, $3, $4, $5);
        my $p = find_product($id);
        my ($v) = grep { $_->[0] eq $suffix } @{$p}[ 4 .. $#$p ];
        die "demo: no variant $_\n" if !$v;
        my $paid = $quantity * $v->[2] - ($discount // 0);
        +{
            line => '' . ++$i, sku => "$id-$suffix",
            title => $tr ? $p->[1] : $p->[2], variant => $v->[1],
            quantity => $quantity, unit_price => $v->[2],
            discount => ($discount // 0) + 0,
            tax => int($paid / 11),
            image => "/assets/demo/$p->[3].svg", product => $id,
            tags => [ $id =~ /^(?:ETH|COL|DECAF)/ ? 'kahve' : 'ekipman',
                      $final ? 'son-firsat' : () ],
            final_sale => $final ? \1 : \0,
        }
    } split ' ', $lines;

    my $n = 0;

    return {
        number => "KG-$number",
        placed_at => iso($now - $days * DAY - 2 * HOUR),
        currency => 'TRY', locale => $tr ? 'tr' : 'en',
        $number == 1010 ? (tags => [ 'kavruluyor' ]) : (),
        person => { name => $name, email => $email, phone => $phone },
        ship_to => {
            country => $country, postcode => $postcode, city => $city,
            address => $street, defined $region ? (region => $region) : (),
        },
        lines => \@lines,
        delivery => $tr ? { price => 5990, tax => 998 }
                        : { price => 24900, tax => 4150, standard => 17900 },
        shipments => [ map { {
            carrier => $_->[0],
            number => tracking($_->[0], $number, ++$n, $now),
            lines => [ $_->[3] ? split(' ', $_->[3])
                               : map { $_->{line} } @lines ],
        } } @parcels ],
    };
}

sub rmas {
    my ($now) = @_;
    return map {
        my ($number, @lines) = @$_;
        {
            order => "KG-$number",
            lines => [ map { {
                line => "$_->[0]", quantity => $_->[1], reason => $_->[2],
                outcome => $_->[3],
                defined $_->[4] ? (exchange_sku => $_->[4]) : (),
                defined $_->[5] ? (note => $_->[5]) : (),
            } } @lines ],
        }
    } @RMAS;
}

# The history of one parcel by what it is now: [hours before that, step], oldest
# first.

sub history {
    my ($state) = @_;

    my %before = (
        label     => [],
        transit   => [ [ 26, 'label' ], [ 18, 'picked' ], [ 9, 'departed' ] ],
        out       => [ [ 52, 'label' ], [ 44, 'picked' ], [ 33, 'departed' ],
                       [ 5, 'arrived' ] ],
        delivered => [ [ 52, 'label' ], [ 47, 'picked' ], [ 44, 'departed' ],
                       [ 8, 'arrived' ], [ 5, 'out' ] ],
        pickup    => [ [ 80, 'label' ], [ 71, 'picked' ], [ 60, 'departed' ],
                       [ 30, 'arrived' ], [ 25, 'out' ], [ 20, 'attempt' ] ],
        attempt   => [ [ 60, 'label' ], [ 51, 'picked' ], [ 39, 'departed' ],
                       [ 10, 'arrived' ], [ 6, 'out' ] ],
        delayed   => [ [ 60, 'label' ], [ 51, 'picked' ], [ 39, 'departed' ] ],
        returning => [ [ 130, 'label' ], [ 120, 'picked' ], [ 100, 'departed' ],
                       [ 70, 'arrived' ], [ 66, 'out' ], [ 60, 'attempt' ] ],
    );
    my %last = (transit => 'arrived');

    return (@{ $before{$state} }, [ 0, $last{$state} // $state ]);
}

sub local_time {
    my ($zone, $time, $format) = @_;
    my $text;
    {
        local $ENV{TZ} = $zone;
        POSIX::tzset();
        $text = POSIX::strftime($format, localtime($time));
    }
    POSIX::tzset();
    return $text;
}

sub xml {
    my ($text) = @_;
    $text =~ s/&/&amp;/g;
    $text =~ s/</&lt;/g;
    $text =~ s/>/&gt;/g;
    $text =~ s/"/&quot;/g;
    return $text;
}

# carrier => document (characters, not bytes)

sub feeds {
    my ($now) = @_;
    my %records;

    for my $spec (@ORDERS) {
        my ($number, $who, $days, $lines, @parcels) = @$spec;
        my $n = 0;

        for my $p (@parcels) {
            my ($carrier, $state, $since) = @$p;
            my $person = $PEOPLE[$who];

            # parcels arrive in daylight, whenever the demo is loaded

            my $at = $now - $since * HOUR;

            if ($state eq 'delivered' && $since >= 20) {
                $at = int(($at + 3 * HOUR) / DAY) * DAY + 11 * HOUR;
                $at -= DAY if $at > $now - HOUR;
            }

            # an odd minute for each, so that they differ as real scans do

            my @steps = map {
                my ($hours, $step) = @$_;
                [ $at - $hours * HOUR
                  + (($number * 7 + $hours * 13) % 37) * 60, $step ]
            } history($state);

            push @{ $records{$carrier} }, {
                number => tracking($carrier, $number, ++$n, $now),
                order => "KG-$number", state => $state, person => $person,
                steps => \@steps, now => $now,
            };
        }
    }

    return (
        yurtici => yurtici(@{ $records{yurtici} }),
        ups => ups(@{ $records{ups} }),
        usps => usps(@{ $records{usps} }),
    );
}

sub yurtici {
    my %text = (
        label => 'Kargo hazırlanıyor', picked => 'Kargo teslim alındı',
        departed => 'Kargo Yüklendi', arrived => 'Kargo İndirildi',
        out => 'Kargo dağıtıma çıktı', delivered => 'Teslim edildi',
        pickup => 'Kargo şubede bekletiliyor',
        attempt => 'Alıcı adreste bulunamadı, teslim edilemedi',
        returning => 'Kargo iade sürecinde',
    );
    my $out = '';

    for my $r (@_) {
        my ($name, $city, $town) = @{ $r->{person} }[ 0, 6, 5 ];
        my $done = $r->{state} eq 'delivered';
        my $events = '';

        for my $e (reverse @{ $r->{steps} }) {
            my ($time, $step) = @$e;
            next if $step eq 'delivered';
            my $first = $step =~ /^(?:label|picked|departed)$/;
            $events .= sprintf
                "<invDocCargoVOArray><unitName>%s</unitName>"
                . "<eventName>%s</eventName><reasonName/>"
                . "<eventDate>%s</eventDate><eventTime>%s</eventTime>"
                . "<cityName>%s</cityName><townName>%s</townName>"
                . "</invDocCargoVOArray>",
                xml($first ? 'BEYOĞLU ŞUBE' : 'TRANSFER MERKEZİ'),
                xml($text{$step}),
                local_time('Europe/Istanbul', $time, '%Y%m%d'),
                local_time('Europe/Istanbul', $time, '%H%M%S'),
                xml($first ? 'İstanbul' : $city), xml($first ? 'Beyoğlu' : $town);
        }

        my $label = @{ $r->{steps} } == 1 && $r->{state} eq 'label';
        my $last = $r->{steps}[-1][0];

        $out .= sprintf
            "<shippingDeliveryDetailVO><cargoKey>%s</cargoKey>"
            . "<invoiceKey>%s</invoiceKey><operationCode>%d</operationCode>"
            . "<operationMessage>%s</operationMessage>"
            . "<operationStatus>%s</operationStatus><errCode>0</errCode>"
            . "<shippingDeliveryItemDetailVO><docId>%s</docId>%s%s"
            . "</shippingDeliveryItemDetailVO></shippingDeliveryDetailVO>\n",
            $r->{order}, $r->{order}, $done ? 5 : $label ? 0 : 1,
            xml($done ? 'Kargo teslim edilmiştir.'
                : $label ? 'Kargo işlem görmemiş.' : 'Kargo Teslimattadır.'),
            $done ? 'DLV' : $label ? 'NOP' : 'IND', $r->{number},
            $done ? sprintf(
                "<receiverInfo>%s</receiverInfo><deliveryDate>%s</deliveryDate>"
                . "<deliveryTime>%s</deliveryTime>", xml($name),
                local_time('Europe/Istanbul', $last, '%Y%m%d'),
                local_time('Europe/Istanbul', $last, '%H%M%S')) : '',
            $events;
    }

    return qq{<?xml version="1.0" encoding="UTF-8"?>\n}
        . '<soap:Envelope '
        . 'xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        . '<ns2:queryShipmentResponse xmlns:ns2="http://yurticikargo.com.tr/'
        . 'ShippingOrderDispatcherServices"><ShippingDeliveryVO>'
        . '<outFlag>0</outFlag><outResult>Başarılı</outResult><count>'
        . @_ . "</count>\n$out</ShippingDeliveryVO>"
        . "</ns2:queryShipmentResponse></soap:Body></soap:Envelope>\n";
}

sub ups {
    my %code = (
        label => [ 'M', 'MP', 'BILLING INFORMATION RECEIVED' ],
        picked => [ 'P', 'PU', 'PICKUP SCAN' ],
        departed => [ 'I', 'DP', 'DEPARTURE SCAN' ],
        arrived => [ 'I', 'AR', 'ARRIVAL SCAN' ],
        out => [ 'I', 'OF', 'OUT FOR DELIVERY' ],
        delivered => [ 'D', 'FS', 'DELIVERED' ],
        attempt => [ 'X', '48', 'THE RECEIVER WAS NOT AVAILABLE AT THE TIME OF '
                     . 'THE 1ST DELIVERY ATTEMPT. A 2ND ATTEMPT WILL BE MADE' ],
        delayed => [ 'X', 'DJ', 'ADVERSE WEATHER CONDITIONS CAUSED THIS DELAY' ],
        pickup => [ 'I', 'RP', 'READY FOR PICKUP' ],
        returning => [ 'X', 'RS', 'RETURNED TO SHIPPER' ],
    );
    my %zone = (DE => 'Europe/Berlin', GB => 'Europe/London');
    my $out = '';

    for my $r (@_) {
        my ($city, $country) = @{ $r->{person} }[ 5, 7 ];
        my $activities = '';

        for my $e (reverse @{ $r->{steps} }) {
            my ($time, $step) = @$e;
            my ($type, $code, $text) = @{ $code{$step} };
            my $here = $step =~ /^(?:label|picked|departed)$/;
            my $zone = $here ? 'Europe/Istanbul' : $zone{$country};

            $activities .= sprintf
                "<Activity><ActivityLocation><Address>%s"
                . "<CountryCode>%s</CountryCode></Address></ActivityLocation>"
                . "<Status><StatusType><Code>%s</Code>"
                . "<Description>%s</Description></StatusType><StatusCode>"
                . "<Code>%s</Code></StatusCode></Status>"
                . "<Date>%s</Date><Time>%s</Time></Activity>\n",
                $step eq 'label' ? ''
                    : '<City>' . xml($here ? 'ISTANBUL' : uc $city) . '</City>',
                $here ? 'TR' : $country, $type, xml($text), $code,
                local_time($zone, $time, '%Y%m%d'),
                local_time($zone, $time, '%H%M%S');
        }

        my $eta = $r->{state} eq 'delivered' ? $r->{steps}[-1][0]
                : $r->{state} =~ /^(?:out|attempt)$/ ? $r->{now}
                : $r->{now} + 2 * DAY;

        $out .= sprintf
            "<Shipment><Service><Code>011</Code>"
            . "<Description>UPS STANDARD</Description></Service>"
            . "<ScheduledDeliveryDate>%s</ScheduledDeliveryDate>"
            . "<Package><TrackingNumber>%s</TrackingNumber>%s\n%s"
            . "<ReferenceNumber><Code>01</Code><Value>%s</Value>"
            . "</ReferenceNumber></Package></Shipment>\n",
            local_time($zone{$country}, $eta, '%Y%m%d'), $r->{number},
            $r->{state} eq 'delayed'
                ? '<RescheduledDeliveryDate>'
                  . local_time($zone{$country}, $r->{now} + 3 * DAY, '%Y%m%d')
                  . '</RescheduledDeliveryDate>' : '',
            $activities, $r->{order};
    }

    return qq{<?xml version="1.0"?>\n<TrackResponse><Response>}
        . '<ResponseStatusCode>1</ResponseStatusCode><ResponseStatusDescription>'
        . "Success</ResponseStatusDescription></Response>\n"
        . "$out</TrackResponse>\n";
}

sub usps {
    my %code = (
        label => [ 'GX', 'Shipping Label Created' ],
        picked => [ 'OA', 'Accepted at USPS Origin Sort Facility' ],
        departed => [ 'EF', 'Departed USPS Facility' ],
        arrived => [ '10', 'Arrived at USPS Facility' ],
        out => [ 'OF', 'Out for Delivery' ],
        delivered => [ '01', 'Delivered, In/At Mailbox' ],
        attempt => [ '02', 'Notice Left (No Authorized Recipient Available)' ],
        pickup => [ '14', 'Available for Pickup' ],
        returning => [ '09', 'Return to Sender' ],
    );
    my %category = (
        delivered => 'Delivered', out => 'Out for Delivery',
        label => 'Pre-Shipment', attempt => 'Delivery Attempt',
        pickup => 'Available for Pickup', transit => 'In Transit',
        returning => 'Alert',
    );
    my $out = '';

    for my $r (@_) {
        my ($zip, $city, $state) = @{ $r->{person} }[ 4, 5, 6 ];
        my $zone = $state eq 'NY' ? 'America/New_York' : 'America/Chicago';
        my @events = reverse @{ $r->{steps} };
        my $details = '';

        for my $i (0 .. $#events) {
            my ($time, $step) = @{ $events[$i] };
            my ($code, $text) = @{ $code{$step} };
            my $gate = $step =~ /^(?:label|picked|departed)$/;
            my $element = $i ? 'TrackDetail' : 'TrackSummary';
            my $clock = local_time($gate ? 'America/New_York' : $zone, $time,
                                   '%I:%M %p');
            my $date = local_time($gate ? 'America/New_York' : $zone, $time,
                                  '%B %d, %Y');
            $clock =~ s/^0//;
            $date =~ s/ 0/ /;

            $details .= sprintf
                "<%s><EventTime>%s</EventTime><EventDate>%s</EventDate>"
                . "<Event>%s</Event><EventCity>%s</EventCity>"
                . "<EventState>%s</EventState><EventZIPCode>%s</EventZIPCode>"
                . "<EventCountry/><FirmName/><Name/>"
                . "<AuthorizedAgent>false</AuthorizedAgent>"
                . "<EventCode>%s</EventCode></%s>\n",
                $element, lc $clock, $date, xml($text),
                $gate ? 'JAMAICA' : uc $city, $gate ? 'NY' : $state,
                $gate ? '11430' : $zip, $code, $element;
        }

        my $eta = local_time($zone, $r->{state} eq 'delivered'
                                    ? $r->{steps}[-1][0]
                                    : $r->{now} + 2 * DAY, '%B %d, %Y');
        $eta =~ s/ 0/ /;

        $out .= sprintf
            qq{<TrackInfo ID="%s"><Class>First-Class Package Service</Class>}
            . "<DestinationCity>%s</DestinationCity>"
            . "<DestinationState>%s</DestinationState>"
            . "<DestinationZip>%s</DestinationZip>"
            . "<ExpectedDeliveryDate>%s</ExpectedDeliveryDate>"
            . "<PredictedDeliveryDate>%s</PredictedDeliveryDate>"
            . "<Service>USPS Tracking&lt;SUP&gt;&amp;#153;&lt;/SUP&gt;"
            . "</Service><Status>%s</Status>"
            . "<StatusCategory>%s</StatusCategory>\n%s</TrackInfo>\n",
            $r->{number}, uc $city, $state, $zip, $eta, $eta,
            xml($code{ $events[0][1] }[1]), $category{ $r->{state} }, $details;
    }

    return qq{<?xml version="1.0" encoding="UTF-8"?>\n}
        . "<TrackResponse>\n$out</TrackResponse>\n";
}

1;

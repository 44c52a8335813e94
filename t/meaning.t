#!/usr/bin/perl
# What pages tell machines: schema.org's words, held against what of its
# vocabulary they use; Open Graph; who may be found by a search; and that none
# of it names a person.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP;
use Test::More;

use CXR::Test;

my $json = JSON::PP->new->utf8->canonical;
my $t = CXR::Test->new;
my $dir = $t->dir;
my $file = "$dir/shops/kahve-gurusu.json";
my $first = CXR::Test::slurp($file);
my $origin = 'https://kahvegurusu.example';

# ---- schema.org, release 29: the properties that each type may have here ----

my $S = 'https://schema.org/';
my $date = qr/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d))?$/;
my $url = qr{^https?://[^\s"<>]+$};
my $one = sub { my @of = @_; return qr/^(?:@{[ join '|', map { quotemeta "$S$_" } @of ]})$/ };

my %type = (
    ParcelDelivery => {
        trackingNumber => qr/\S/, trackingUrl => $url,
        provider => [ 'Organization' ], partOfOrder => [ 'Order' ],
        hasDeliveryMethod => qr{^http://purl\.org/goodrelations/v1#DeliveryMode(?:Mail|PickUp)$},
        expectedArrivalFrom => $date, expectedArrivalUntil => $date,
    },
    Order => { orderNumber => qr/\S/, merchant => [ 'Organization' ] },
    Organization => { name => qr/\S/, url => $url },
    OnlineStore => { name => qr/\S/, url => $url,
        hasMerchantReturnPolicy => [ 'MerchantReturnPolicy' ] },
    MerchantReturnPolicy => {
        applicableCountry => qr/^[A-Z]{2}$/,
        returnPolicyCountry => qr/^[A-Z]{2}$/,
        returnPolicyCategory => $one->(qw(MerchantReturnFiniteReturnWindow
            MerchantReturnNotPermitted MerchantReturnUnlimitedWindow)),
        merchantReturnDays => qr/^[1-9]\d*$/, merchantReturnLink => $url,
        returnMethod => $one->(qw(ReturnByMail ReturnInStore ReturnAtKiosk
            KeepProduct)),
        refundType => $one->(qw(FullRefund ExchangeRefund StoreCreditRefund)),
        returnFees => $one->(qw(FreeReturn ReturnShippingFees
            ReturnFeesCustomerResponsibility OriginalShippingFees
            RestockingFees)),
        returnShippingFeesAmount => [ 'MonetaryAmount' ],
    },
    MonetaryAmount => { value => qr/^\d+(?:\.\d+)?$/,
                        currency => qr/^[A-Z]{3}$/ },
);

my %needs = (
    ParcelDelivery => [ qw(trackingNumber provider partOfOrder) ],
    MerchantReturnPolicy => [ qw(applicableCountry returnPolicyCategory
        merchantReturnDays returnFees returnMethod) ],
    MonetaryAmount => [ qw(value currency) ],
);

sub wrong {
    my ($node, $at) = @_;
    my $is = $node->{'@type'} // '';
    my $may = $type{$is} or return "$at: what is a \"$is\"?";

    for my $k (@{ $needs{$is} // [] }) {
        return "$at: no $k" if !defined $node->{$k};
    }

    for my $k (grep { !/^\@/ } sort keys %$node) {
        my $want = $may->{$k} or return "$at: $is has no $k";
        my @v = ref $node->{$k} eq 'ARRAY' ? @{ $node->{$k} } : $node->{$k};
        return "$at/$k: nothing" if !@v;

        for my $v (@v) {
            if (ref $want eq 'ARRAY') {
                return "$at/$k: text" if ref $v ne 'HASH';
                return "$at/$k: a $v->{'@type'}"
                    if !grep { $_ eq $v->{'@type'} } @$want;
                my $w = wrong($v, "$at/$k");
                return $w if $w;
            } elsif (ref $v || $v !~ $want) {
                return "$at/$k: " . $json->encode([ $v ]);
            }
        }
    }

    return '';
}

sub meaning {
    my ($res) = @_;
    return map { $json->decode($_) }
           $res->body =~ m{<script type="application/ld\+json">(.*?)</script>}gs;
}

sub metas {
    my ($res) = @_;
    my $text = $res->text;
    my %m;
    while ($text =~ m{<meta (?:name|property)="([^"]+)" content="([^"]*)">}g) {
        push @{ $m{$1} }, $2;
    }
    return \%m;
}

sub good {
    my ($name, @nodes) = @_;
    for my $n (@nodes) {
        is($n->{'@context'}, 'https://schema.org', "$name: its context");
        is(wrong($n, ''), '', "$name: schema.org has it so");
    }
}

# ---- parcels ----

$t->start;
my @seen = ([ time - 2 * 86400, 'Kargo teslim alındı' ],
            [ time - 3600, 'Kargo dağıtıma çıktı' ]);
$t->put_order('KG-1', shipments => [ { carrier => 'yurtici',
                                       number => '700000000011' },
                                     { carrier => 'yurtici',
                                       number => '700000000012' } ]);
$t->feed('yurtici', CXR::Test::yurtici($_, @seen))
    for qw(700000000011 700000000012);
my $order = $t->api(GET => '/orders/KG-1')->json;
my @person = grep { defined && length > 3 }
             @{ $order->{person} }{qw(name email phone)},
             split(/ /, $order->{person}{name});

my $track = $t->get('/tr' . $t->link_path('track', order => 'KG-1'));
my @parcels = meaning($track);
is(scalar @parcels, 2, 'each parcel is told of');
good('a parcel', @parcels);
is($parcels[0]{'@type'}, 'ParcelDelivery', 'as one');
is($parcels[0]{partOfOrder}{orderNumber}, 'KG-1', 'of its order');

my ($to) = $t->form('/tr/track/', [ [ number => '700000000011' ] ])
             ->header('location');
my @alone = meaning($t->get($to));
good('a parcel by its number', @alone);
ok(!exists $alone[0]{partOfOrder}{orderNumber},
   'which alone does not tell the order\'s');

# ---- what the shop takes back ----

for my $lang (qw(tr en)) {
    my ($store) = meaning($t->get("/$lang/returns/"));
    good("the policy ($lang)", $store);
    my $p = $store->{hasMerchantReturnPolicy};
    is(JSON::PP->new->allow_nonref->encode($p->{merchantReturnDays}), 14,
       'days are a number');
    is($p->{merchantReturnLink}, "$origin/$lang/returns/", 'and where it is');
}

my @cases = (
    [ { fee => 0, methods => [ 'label' ] }, 'FreeReturn', 'ReturnByMail' ],
    [ { fee => 4990, methods => [ 'label', 'in_store' ] },
      'ReturnShippingFees', 'ReturnByMail ReturnInStore' ],
    [ { fee => 4990, methods => [ 'own_carrier' ] },
      'ReturnFeesCustomerResponsibility', 'ReturnByMail' ],
    [ { fee => 4990, methods => [ 'in_store' ] }, 'FreeReturn',
      'ReturnInStore' ],
    [ { fee => 0, methods => [ 'own_carrier', 'qr' ] }, 'FreeReturn',
      'ReturnByMail' ],
);

for my $case (@cases) {
    my ($policy, $fees, $by) = @$case;
    my $s = $json->decode($first);
    $s->{policy}{$_} = $policy->{$_} for keys %$policy;
    CXR::Test::spew($file, $json->encode($s));
    $t->reload;
    my ($store) = meaning($t->get('/tr/returns/'));
    my $p = $store->{hasMerchantReturnPolicy};
    my $name = "fee $policy->{fee}, @{ $policy->{methods} }";
    good($name, $store);
    is($p->{returnFees}, "$S$fees", "$name: $fees");
    is(join(' ', map { s/^\Q$S\E//r } @{ $p->{returnMethod} }), $by,
       "$name: $by");
    is($p->{returnShippingFeesAmount}{value} // '',
       $fees eq 'ReturnShippingFees' ? '49.90' : '', "$name: how much");
}

CXR::Test::spew($file, $first);
$t->reload;

# ---- who is found by a search ----

for my $path ('/track/', '/returns/', '/returns/withdraw', '/returns/receipt') {
    for my $lang (qw(tr en)) {
        my $res = $t->get("/$lang$path");
        my $m = metas($res);
        my %other = $res->body =~ m{<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">}g;
        my ($canonical) = $res->body =~ m{<link rel="canonical" href="([^"]+)">};
        ok(!$m->{robots}, "/$lang$path: may be found");
        is($canonical, "$origin/$lang$path", "/$lang$path: by this address");
        is($m->{'og:url'}[0], $canonical, "/$lang$path: and shared by it");
        is_deeply(\%other, { tr => "$origin/tr$path", en => "$origin/en$path",
                             'x-default' => "$origin$path" },
                  "/$lang$path: in these languages");
        ok(length $m->{description}[0], "/$lang$path: with a description");
    }

    is(($t->get($path, 'Accept-Language' => 'en')->body
        =~ m{<link rel="canonical" href="([^"]+)">})[0], "$origin/en$path",
       "$path: without a language it is the other's");
}

# ---- pages of one person ----

$t->delivered_order('KG-2', 1);
my $rma = $t->api(POST => '/rmas', { order => 'KG-2', lines => [ {
    line => '1', quantity => 1, reason => 'changed_mind',
    outcome => 'refund' } ] })->json->{rma}{id};
my %link = map { $_->[0] => '/tr' . $t->link_path(@$_) }
    [ track => order => 'KG-2' ], [ order => order => 'KG-2' ],
    [ rma => rma => $rma ];
my @staff = $t->staff_headers;

for my $case ([ $link{track} ], [ $link{order} ], [ $link{rma} ],
              [ "$link{order}/talk" ], [ "$link{rma}/label.html" ],
              [ "$link{rma}/slip.html" ], [ "$link{rma}/qr.html" ],
              [ '/tr/staff/', @staff ], [ "/tr/staff/rma/$rma", @staff ],
              [ '/tr/track/t/x' ])
{
    my ($path, @h) = @$case;
    my $res = $t->get($path, @h);
    (my $name = $path) =~ s/v4\.local\.[\w.-]+/-/;
    my $m = metas($res);

    is($m->{robots}[0], 'noindex, nofollow', "$name: is not found");
    unlike($res->body, qr/rel="canonical"|hreflang="x-default"|og:url/,
           "$name: tells no address of its own");
    is($m->{'og:title'}[0], 'Kahve Gurusu', "$name: is shared as the shop's");
    is($res->header('referrer-policy'), 'no-referrer', "$name: no referrer");

    my $said = join "\n", map({ @$_ } values %$m),
                    map { $json->encode($_) } meaning($res);
    utf8::decode($said);
    is(join(' ', grep { index($said, $_) >= 0 } @person, 'v4.local'), '',
       "$name: tells machines of nobody");
}

is($t->get("$link{rma}/label.$_")->header('x-robots-tag'), 'noindex',
   "label.$_: is not found") for qw(pdf zpl svg);
$t->finish;
done_testing;

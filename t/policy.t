#!/usr/bin/perl
# Rules and the law over HTTP: what the portal shows, what a request is made
# of, and what the commands say of the same store.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP;
use Test::More;

use CXR::Test;

my $root = "$FindBin::Bin/..";
my $json = JSON::PP->new->utf8->canonical;

my $t = CXR::Test->new(shop => {
    'policy.outcomes' => ['refund', 'store_credit'],
    'policy.auto_approve' => JSON::PP::true,
    'policy.review_above' => 0,
    'policy.rules' => [
        { id => 'loyal', when => { customer_returns => { min => 1 } },
          then => { approval => 'review' } },
        { id => 'bonus', then => {
            bonus => { store_credit => { basis_points => 1000 } },
            window_days => { store_credit => 60 } } },
        { id => 'no-cards', when => { tag => 'card' },
          then => { deny => { tr => 'Kart geri alınmaz.',
                              en => 'Cards stay sold.' } } },
        { id => 'fee', then => { shipping_fee => 700,
            restocking_fee => { basis_points => 500 } } },
    ] })->start;

my @lines = ({ line => '1', sku => 'A', title => 'Kahve', quantity => 1,
               unit_price => 10000 },
             { line => '2', sku => 'B', title => 'Kart', quantity => 1,
               unit_price => 5000, tags => ['card'] });

# outside of any law a rule's word is the last

$t->delivered_order('P-1', 1, lines => \@lines,
                    ship_to => { country => 'US', postcode => '34394' });
# where the law gives the right to withdraw it is not

$t->delivered_order('P-2', 1, lines => \@lines);

sub find {
    my ($number) = @_;
    my ($form) = $t->get('/returns/')->forms;
    my $a = $t->submit($form, { number => $number,
                                proof => 'ayse@example.com' });
    is($a->status, 303, "$number found");
    return $a->header('location');
}

sub text { my $b = $_[0]->body; utf8::decode($b); return $b }

my $us = find('P-1');
my $html = text($t->get($us));
like($html, qr/Kart geri alınmaz\./, 'a refusal in the words of the shop');

my $tr = find('P-2');
$html = text($t->get($tr));
unlike($html, qr/Kart geri alınmaz\./, 'which does not hold under the law');

my $details = text($t->get("$us?step=details&c=1&c.0=1&q.0=1"));
like($details, qr/tutarınızdan .*5,00.* düşülür/, 'what is kept back');
like($details, qr/7,00/, 'what the way back costs');
like($details, qr/Üstüne .*10,00.* bizden/, 'what there is on top');
like($details, qr/tarihine kadar geçerli/, 'until when, where it differs');

$details = text($t->get("$tr?step=details&c=1&c.0=1&q.0=1"));
my ($refund) = $details =~ /value="refund"(.*?)<\/label>/s;
unlike($refund, qr/kesilir|7,00/, 'nothing is kept back of a refund in Turkey');

# by the API, for staff: the money follows

my $a = $t->api(POST => '/rmas', {
    order => 'P-1', lines => [ { line => '1', quantity => 1,
    reason => 'changed_mind', outcome => 'refund' } ] });
is($a->status, 201, 'an RMA by the API') or diag($a->body);
my $rma = $a->json->{rma};
is($rma->{refund}, 10000 - 700 - 500, 'refund less both fees');

$a = $t->api(POST => '/rmas', {
    order => 'P-2', lines => [ { line => '1', quantity => 1,
    reason => 'changed_mind', outcome => 'store_credit' } ] });
is($a->status, 201, 'store credit') or diag($a->body);
is($a->json->{rma}{refund}, 10000 - 700 - 500 + 1000, 'with its bonus');
is($a->json->{rma}{status}, 'requested',
   'a customer with a return before waits for a person');

# the commands

my $shop = $t->dir . '/shops/kahve-gurusu.json';
my $cli = "$root/build/release/cx-returns";
my $store = $t->dir . '/store';

my $keys = $t->dir . '/keys';
my $out = qx($cli policy explain P-1 --store $store --shop $shop 2>&1);
isnt($?, 0, 'explain: not without what a rule looks at');
like($out, qr/customer's\s+history.*--keys/s, 'and says what is needed');
my $said = $json->decode(scalar
    qx($cli policy explain P-1 --store $store --shop $shop --keys $keys --json));
is($said->{lines}[1]{verdict}, 'denied', 'explain: the verdict');
is($said->{lines}[1]{outcomes}{refund}{by}{may_return}, 'no-cards',
   'explain: the rule');
$said = $json->decode(scalar
    qx($cli policy explain P-2 --store $store --shop $shop --keys $keys --json));
is($said->{lines}[1]{outcomes}{refund}{by}{may_return}, 'tr',
   'explain: the law');

my $new = $json->decode(CXR::Test::slurp($shop));
$new->{policy}{rules} = [];
my $other = $t->dir . '/shops/new.json';
CXR::Test::spew($other, $json->encode($new));
$said = $json->decode(scalar
    qx($cli policy simulate $other --store $store --shop $shop --json));
is($said->{orders}, 2, 'simulate: orders');
is($said->{rmas}, 2, 'simulate: RMAs');
is($said->{differences}{rma_fee}{count}, 2, 'simulate: fees');
is_deeply($said->{money}{TRY}{fees}, [2400, 0], 'simulate: and their sums');
is_deeply($said->{money}{TRY}{bonuses}, [1000, 0], 'simulate: bonuses');
is($said->{differences}{line_gained}{count}, 2, 'simulate: lines for more');

# a bonus of each unit, so large that all of them had none

{
    my $u = CXR::Test->new(shop => { 'policy.rules' => [ { id => 'too-much',
        then => { bonus => { store_credit => { amount => 10**14 } } } } ] });
    my ($bad, $said) = $u->check($u->conf);
    isnt($bad, 0, 'a bonus that no sum can hold');
    like($said, qr{bonus/store_credit.*amount.*for each unit}s,
         'is refused where it stands');
    $u->finish;
}

# ---- a rule on all that is asked for at once ----

{
    my $all = CXR::Test->new(shop => {
        'policy.auto_approve' => JSON::PP::true, 'policy.review_above' => 0,
        'policy.rules' => [
            { id => 'much', when => { request_value => { min => 15000 } },
              then => { approval => 'review' } },
            { id => 'part', when => { request_whole => JSON::PP::false },
              then => { shipping_fee => 300 } } ] })->start;

    for my $n (1, 2) {
        my $number = "PA-$n";
        $all->delivered_order($number, 1, lines => [ { line => '1', sku => 'A',
            title => 'Kahve', quantity => 2, unit_price => 10000 } ],
            ship_to => { country => 'US', postcode => '34394' });
        my $rma = $all->api(POST => '/rmas', { order => $number, lines => [
            { line => '1', quantity => $n, reason => 'changed_mind',
              outcome => 'refund' } ] })->json->{rma};
        is($rma->{status}, $n == 1 ? 'approved' : 'requested',
           "$n of 2: looked at when it is much");
        is($rma->{fee}, $n == 1 ? 300 : 0, 'and a part costs its way');
    }

    $all->journal_ok;
    $all->finish;
}

# ---- the code that an order was bought with ----

{
    my $bad = CXR::Test->new(shop => { 'policy.rules' => [ { id => 'code',
        when => { discount_code => ['SON*25'] },
        then => { deny => JSON::PP::true } } ] });
    my ($rc, $said) = $bad->check($bad->conf);
    isnt($rc, 0, 'a code that no order can meet');
    like($said, qr{discount_code.*"SON\*25" may have \* at its end only}s,
         'is refused where it stands');
    $bad->finish;

    my $codes = CXR::Test->new(shop => {
        'policy.auto_approve' => JSON::PP::true, 'policy.review_above' => 0,
        'policy.rules' => [ { id => 'outlet',
            when => { discount_code => ['SON-*'] },
            then => { shipping_fee => 900 } } ] })->start;

    for my $of ([ 'PC-1', ['son-8F3K', 'YAZ'], 900 ], [ 'PC-2', ['YAZ'], 0 ]) {
        my ($number, $with, $fee) = @$of;
        $codes->delivered_order($number, 1, discount_codes => $with,
            ship_to => { country => 'US', postcode => '34394' });
        is_deeply($codes->api(GET => "/orders/$number")->json
                  ->{discount_codes}, $with, "$number keeps its codes");
        is($codes->api(POST => '/rmas', { order => $number, lines => [
               { line => '1', quantity => 1, reason => 'changed_mind',
                 outcome => 'refund' } ] })->json->{rma}{fee}, $fee,
           "and is judged by them");
    }

    my $dir = $codes->dir;
    $said = $json->decode(scalar
        qx($cli policy explain PC-1 --store $dir/store --shop $dir/shops/kahve-gurusu.json --json));
    is($said->{lines}[0]{outcomes}{refund}{by}{shipping_fee}, 'outlet',
       'explain: the rule that asks for the code');
    $codes->journal_ok;
    $codes->finish;
}

# ---- lists of people, each a file ----

{
    my $lists = CXR::Test->new(shop => {
        'policy.auto_approve' => JSON::PP::true, 'policy.review_above' => 0,
        'policy.lists' => { watch => 'watch.csv' },
        'policy.rules' => [ { id => 'watched',
            when => { customer_list => 'watch' },
            then => { approval => 'review', shipping_fee => 800 } } ] });
    my $dir = $lists->dir;
    my $file = "$dir/shops/watch.csv";

    my ($rc, $said) = $lists->check($lists->conf);
    isnt($rc, 0, 'a list that is not there');
    like($said, qr{watch\.csv.*kahve-gurusu\.json:\d+.*/policy/lists/watch}s,
         'is told by its name, and where it is named');

    CXR::Test::spew($file, "customer,why\nmallory\@\n");
    ($rc, $said) = $lists->check($lists->conf);
    isnt($rc, 0, 'a line that is nobody');
    like($said, qr{watch\.csv:2.*no e-mail address}, 'by file and line');
    unlike($said, qr{mallory}, 'and not in its words');

    CXR::Test::spew($file, "customer,why\nMALLORY\@example.com,May\n"
                           . "\"Gul Sokak, 12\"\n");
    $lists->start;

    for my $of ([ 'PL-1', 'mallory@example.com', 'Moda 1', 'requested', 800 ],
                [ 'PL-2', 'eve@example.com', 'Gül Sokak No 1', 'approved', 0 ],
                [ 'PL-3', 'eve@example.com', "Daire 3\nGÜL SOKAK 12",
                  'requested', 800 ])
    {
        my ($number, $email, $street, $status, $fee) = @$of;
        $lists->delivered_order($number, 1,
            person => { name => 'M', email => $email },
            ship_to => { country => 'US', postcode => '34394',
                         address => $street });
        my $rma = $lists->api(POST => '/rmas', { order => $number, lines => [
            { line => '1', quantity => 1, reason => 'changed_mind',
              outcome => 'refund' } ] })->json->{rma};
        is($rma->{status}, $status, "$number by $email of $street: $status");
        is($rma->{fee}, $fee, 'and its fee');
    }

    my $with = "--store $dir/store --shop $dir/shops/kahve-gurusu.json "
               . "--keys $dir/keys --json";
    $said = $json->decode(scalar qx($cli policy explain PL-3 $with));
    is($said->{lines}[0]{outcomes}{refund}{by}{shipping_fee}, 'watched',
       'explain: by the list');
    $said = $json->decode(scalar qx($cli policy explain PL-2 $with));
    is($said->{lines}[0]{outcomes}{refund}{by}{shipping_fee}, 'policy',
       'explain: who is on none');

    # the list changes with a reload

    CXR::Test::spew($file, "eve\@example.com\n");
    $lists->reload;
    $lists->delivered_order('PL-4', 1, person => { name => 'M',
        email => 'eve@example.com' }, ship_to => { country => 'US',
        postcode => '34394' });
    is($lists->api(POST => '/rmas', { order => 'PL-4', lines => [
           { line => '1', quantity => 1, reason => 'changed_mind',
             outcome => 'refund' } ] })->json->{rma}{status}, 'requested',
       'a changed list counts after a reload');

    $lists->journal_ok;
    $lists->finish;
}

# ---- reasons by their group ----

{
    my $groups = CXR::Test->new(shop => {
        'policy.auto_approve' => JSON::PP::true, 'policy.review_above' => 0,
        'policy.reasons' => [
            { code => 'changed_mind', text => { tr => 'Fikir', en => 'Mind' } },
            { code => 'leaks', group => 'ours',
              text => { tr => 'Akıyor', en => 'Leaks' } } ],
        'policy.rules' => [ { id => 'keep-ours',
            when => { reason_group => 'ours' },
            then => { keep_item => JSON::PP::true } } ] })->start;

    for my $of ([ 'PG-1', 'leaks', 1 ], [ 'PG-2', 'changed_mind', 0 ]) {
        my ($number, $reason, $keeps) = @$of;
        $groups->delivered_order($number, 1);
        my $a = $groups->api(POST => '/rmas', { order => $number, lines => [
            { line => '1', quantity => 1, reason => $reason,
              outcome => 'refund' } ] });
        is($a->status, 201, "$number for $reason") or diag($a->body);
        is(!!$a->json->{rma}{lines}[0]{no_return}, !!$keeps,
           $keeps ? 'need not come back' : 'comes back');
    }

    $groups->journal_ok;
    $groups->finish;
}

# ---- who kept much, and for whom much never came ----

{
    my $kept = CXR::Test->new(shop => {
        'policy.auto_approve' => JSON::PP::true, 'policy.review_above' => 0,
        'policy.reasons' => [
            { code => 'changed_mind', text => { tr => 'Fikir', en => 'Mind' } },
            { code => 'scratched', text => { tr => 'Çizik', en => 'Scratched' } },
            { code => 'missing', claim => 'missing',
              text => { tr => 'Eksik', en => 'Missing' } } ],
        'policy.rules' => [
            { id => 'enough', when => { customer_kept => { min => 2 } },
              then => { keep_item => JSON::PP::false,
                        shipping_fee => 60 } },
            { id => 'lost-much', when => { customer_missing => { min => 1 } },
              then => { approval => 'review' } },
            { id => 'keep', when => { reason => 'scratched' },
              then => { keep_item => JSON::PP::true } } ] })->start;

    my $ask = sub {
        my ($number, $reason, $n) = @_;
        $kept->delivered_order($number, 1, lines => [ { line => '1',
            sku => 'A', title => 'Kahve', quantity => 2, unit_price => 100 } ],
            ship_to => { country => 'US', postcode => '34394' });
        my $a = $kept->api(POST => '/rmas', { order => $number, lines => [
            { line => '1', quantity => $n, reason => $reason,
              outcome => 'refund' } ] });
        is($a->status, 201, "$number: $reason") or diag($a->body);
        return $a->json->{rma};
    };

    my $rma = $ask->('PK-1', 'changed_mind', 1);
    is($rma->{fee}, 0, 'who kept nothing pays nothing');
    $rma = $ask->('PK-2', 'scratched', 2);
    ok($rma->{lines}[0]{no_return}, 'two units are kept');
    is($ask->('PK-3', 'changed_mind', 1)->{fee}, 60,
       'and count, what was sent back does not');
    is($ask->('PK-4', 'missing', 1)->{status}, 'approved',
       'nothing was said to be missing yet');
    is($ask->('PK-5', 'missing', 1)->{status}, 'requested',
       'the second time somebody looks');

    $kept->journal_ok;
    $kept->finish;
}

done_testing();

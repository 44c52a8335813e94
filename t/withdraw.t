#!/usr/bin/perl
# The withdrawal function: two steps without login, a receipt that anybody can
# check, an RMA where the order is known, nothing lost where it is not, and the
# same answer for both.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;
use Time::HiRes qw(time);

use CXR::Test;

my $t = CXR::Test->new(workers => 2,
    server => 'cx_returns_withdraw_rate 100000r/m;')->start;
my $cx = CXR::Test::cx();

sub page {
    my ($name, $res, $status) = @_;
    is($res->status, $status, "$name: $status")
        or diag(substr $res->text, 0, 3000);
    like($res->header('content-security-policy') // '',
         qr/^default-src 'none'/, "$name: CSP");
    is($res->header('cache-control'), 'private, no-store', "$name: no cache");
    is($res->header('referrer-policy'), 'no-referrer', "$name: no referrer");
    unlike($res->body, qr/\{\{|<script/i, "$name: no template, no script");
    return $res->text;
}

my %ayse = (name => 'Ayşe Yılmaz', contract => 'KG-1',
            email => 'Ayse@Example.com', scope => 'whole');

# Both steps; the last answer, a redirect to the receipt.

sub review {
    my ($set, $prefix) = @_;
    my ($form) = grep { $_->{action} =~ m{/withdraw/review$} }
                 $t->get(($prefix // '') . '/returns/withdraw')->forms;
    return $t->submit($form, $set);
}

sub declare {
    my ($set, $prefix) = @_;
    my ($form) = grep { $_->{action} =~ m{/withdraw/confirm$} }
                 review($set, $prefix)->forms;
    return $t->submit($form);
}

sub number {
    my ($res) = @_;
    my ($w) = $t->get($res->header('location'))->text =~ /(W-\w{4}-\w{4})/;
    return $w;
}

sub seen {
    my ($w) = @_;
    my $got = $t->api(GET => "/withdrawals/$w")->json;
    return { %{ $got->{withdrawal} }, statement => $got->{statement},
             receipt_url => $got->{receipt_url} };
}

sub made {
    my ($got) = @_;
    return $t->api(GET => "/rmas/$got->{rma}")->json->{rma};
}

sub cli {
    my (@args) = @_;
    my $out = `$cx @args 2>&1`;
    return ($? >> 8, $out);
}

my $keys = "$t->{dir}/public.txt";
system("$cx keys public $t->{keys} > $keys") == 0 or die;

# ---- reachable from every page ----

$t->delivered_order('KG-1', 2);

for my $at ('/returns/', '/track/', '/returns/withdraw', '/returns/receipt') {
    like($t->get("/tr$at")->text,
         qr{href="/tr/returns/withdraw">Cayma hakkımı kullan<},
         "$at leads to it");
}

like($t->get('/en/returns/')->text,
     qr{href="/en/returns/withdraw">Withdraw from contract here<},
     'in English, with the words of the law');

my $link = $t->get('/en/returns/withdraw/link');
is($link->text, qq{<a class="cx-withdraw" href="/en/returns/withdraw">}
                . "Withdraw from contract here</a>\n", 'a link to include');
like($t->get('/returns/withdraw?order=KG-7')->text, qr/value="KG-7"/,
     'the shop may name the order');

# ---- the two steps ----

my $html = page('the form', $t->get('/en/returns/withdraw'), 200);
unlike($html, qr/password|noindex/i, 'no login, open to all');
page('nothing typed', review({ name => '', contract => '', email => '' }), 422);
$html = page('faults', review({ %ayse, email => 'ayse', scope => 'part' }), 422);
like($html, qr/id="email-error"/, 'beside its field');
like($html, qr/id="words-error"/, 'which goods');
like($html, qr/value="Ayşe Yılmaz"/, 'what was typed is kept');

$html = page('the second step', review(\%ayse, '/en'), 200);
like($html, qr{<button class="btn">Confirm withdrawal</button>},
     'with the words of the law');
like($html, qr/KG-1/, 'and what is declared');

my $before = $t->metric('cx_returns_withdrawals_total');
my ($confirm) = grep { $_->{action} =~ m{/confirm$} } review(\%ayse)->forms;
my $res = $t->submit($confirm);
is($res->status, 303, 'taken') or diag($res->text);
like($res->header('location'), qr{^/tr/returns/w/v4\.local\.}, 'to its receipt');
$html = page('the receipt', $t->get($res->header('location')), 200);
like($html, qr/Ayşe Yılmaz.*KG-1.*Ayse\@Example\.com/s, 'what was declared');
my ($iso) = $html =~ /datetime="([^"]+)"/;
my ($token) = $html =~ /(v4\.public\.[\w.-]+)/;
my $w = number($res);
ok($w && $iso && $token, 'number, time, signature');
unlike($html, qr/R-\w{4}-\w{4}/, 'and nothing of what became of it');
is($t->metric('cx_returns_withdrawals_total'), $before + 1, 'counted');

# ---- the same form twice ----

my $twice = $t->submit($confirm);
is($twice->status, 303, 'sent twice');
is(number($twice), $w, 'is one statement');
like($t->get($twice->header('location'))->text, qr/\Q$token\E/,
     'with one receipt');
is($t->metric('cx_returns_withdrawals_total'), $before + 1, 'counted once');
isnt(number($t->submit($confirm, { name => 'Ayse Yilmaz' })), $w,
     'other words are another statement');

# ---- what became of it ----

my $got = seen($w);
is($got->{state}, 'judged', 'its lines may come back: nothing to judge');
is($got->{proof}, 'email', 'by the e-mail');
is($got->{order}, 'KG1', 'the order');
is($got->{statement}{name}, 'Ayşe Yılmaz', 'the API tells what was declared');
is($got->{receipt}, $token, 'and has the receipt, to be mailed');
like($got->{receipt_url}, qr{^http.*/returns/w/v4\.local\.}, 'and its link');
my $rma = made($got);
is($rma->{kind}, 'withdrawal', 'an RMA of its kind');
is(scalar @{ $rma->{lines} }, 2, 'all that was left');
is($rma->{fee}, 0, 'no fee');
is($rma->{refund}, 2 * 42000 + 56000, 'everything back');
is($rma->{status}, 'approved', 'with a label');
my $at = $t->link_path('rma', rma => $got->{rma}, order => 'KG-1');
like($t->get($at)->text, qr/Cayma hakkı/, 'its page');
is($t->get("$at/label.svg")->status, 200, 'its label');

my $late = declare(\%ayse);
is($late->status, 303, 'a second statement');
$got = seen(number($late));
is($got->{state}, 'matched', 'is matched');
ok(!$got->{rma}, 'and makes no second RMA');

# ---- the receipt, by anybody ----

my $file = $t->get($res->header('location') . '/receipt.json');
is($file->status, 200, 'a file to keep');
like($file->header('content-disposition'), qr/^attachment; filename="\Q$w\E\.json"/,
     'by its number');
is($file->json->{statement}{number}, $w, 'names itself');
is($file->json->{statement}{declared_at}, $iso, 'and its time');
CXR::Test::spew("$t->{dir}/r.json", $file->body);
my ($status, $out) = cli('receipt verify', "--keys $keys", "$t->{dir}/r.json");
is($status, 0, 'verified offline') or diag($out);
like($out, qr/\Q$w\E/, 'and named');
is((cli('receipt verify', "--keys $keys --json", $token))[1] =~ /"good"/, 1,
   'the token alone');
is((cli('receipt verify', "--keys $keys --shop other", $token))[0], 1,
   "another shop's");

(my $altered = $file->body) =~ s/"name":"Ay/"name":"Fa/ or die;
CXR::Test::spew("$t->{dir}/x.json", $altered);
is((cli('receipt verify', "--keys $keys", "$t->{dir}/x.json"))[0], 1,
   'an altered statement');
is((cli('receipt verify', "--keys $keys", "$t->{dir}/none.json"))[0], 4,
   'no such file');

sub check {
    my ($text, $prefix) = @_;
    return $t->form(($prefix // '/en') . '/returns/receipt',
                    [ [ receipt => $text ] ]);
}

like(page('check', check($file->text), 200), qr/genuine, and the statement/,
     'by the page');
like(check($token)->text, qr/The signature is genuine/, 'a token');
like($t->get("/en/returns/receipt/$token")->text, qr/The signature is genuine/,
     'by a link');
my $x = $altered;
utf8::decode($x);
like(check($x)->text, qr/was altered/, 'an altered one');

for my $bad ('', 'x', '{', '{"receipt":1}', '{"receipt":"v4.public.AA"}',
             substr($token, 0, -4) . 'AAAA', 'v4.local.' . 'A' x 200,
             '[' x 5000, "\x{0}", 'A' x 70000,
             '{"receipt":"' . $token . '","statement":{"a":{}}}')
{
    my $r = check($bad);
    like($r->status, qr{^(?:200|400|413|422)$}, 'a hostile receipt is answered');
    unlike($r->text, qr/class="notice good"/, 'and is not good');
}

my ($rmas_label) = $t->get($at)->text =~ /(v4\.public\.[\w.-]+)/;
unlike(check($rmas_label // 'v4.public.x')->text, qr/notice good/,
       "a label is no receipt");

# rotation never breaks it

is((cli("keys rotate", $t->{keys}, "--use public"))[0], 0, "keys rotated");
ok($t->reload, 'reloaded');
like(check($file->text)->text, qr/genuine, and the statement/,
     'an old receipt holds');
like($t->get($res->header('location'))->text, qr/\Q$token\E/, 'and is the same');
my $new = declare({ %ayse, contract => 'KG-404' });
my ($token2) = $t->get($new->header('location'))->text =~ /(v4\.public\.[\w.-]+)/;
is((cli('receipt verify', "--keys $keys", $token2))[0], 1,
   'a newer one needs the newer key');
like(check($token2)->text, qr/The signature is genuine/, 'which the page has');

# ---- known and unknown alike ----

$t->delivered_order('KG-2', 2);

sub shape {
    my ($contract, $email) = @_;
    my $r = declare({ name => 'Kim Se', contract => $contract,
                      email => $email, scope => 'whole' });
    my $text = $t->get($r->header('location'))->text;
    my $w = number($r);
    $text =~ s/\Q$_\E/X/g for $w, $contract, $email;
    $text =~ s/v4\.(?:local|public)\.[\w.-]+/T/g;
    $text =~ s/\d{4}-\d\d-\d\dT[\d:.]+Z?|\d\d:\d\d/D/g;
    return (join(' ', $r->status, map { $_ // '' } map { $r->header($_) }
            qw(content-length cache-control)), $text);
}

my @known = shape('KG-2', 'kim@example.com');
my @unknown = shape('KG-9', 'kim@example.org');
my @matched = shape('KG-2', 'ayse@example.com');
is_deeply(\@known, \@unknown, 'known and unknown: one answer');
is_deeply(\@matched, \@unknown, 'and a statement that fits');

sub cost {
    my ($contract) = @_;
    my ($form) = grep { $_->{action} =~ m{/confirm$} }
                 review({ name => 'Kim Se', contract => $contract,
                          email => 'kim@example.com', scope => 'whole' })
                     ->forms;
    my $from = time;
    $t->submit($form);
    return time - $from;
}

# One round may be disturbed; what leaks shows in every one.

my ($alike, @rounds);

for my $round (1 .. 10) {
    my (@a, @b);

    for (1 .. 40) {
        # a disk may favour every other commit

        for my $known (rand() < 0.5 ? (0, 1) : (1, 0)) {
            $known ? push(@a, cost('KG-2')) : push(@b, cost('KG-8'));
        }
    }

    @a = sort { $a <=> $b } @a;
    @b = sort { $a <=> $b } @b;
    push @rounds, "known $a[10], unknown $b[10]";
    $alike = abs($a[10] - $b[10]) < 0.2 * ($a[10] + $b[10]);
    last if $alike;
}

ok($alike, 'and as long') or diag(join "\n", @rounds);

# ---- an order that comes later ----

my $early = number(declare({ %ayse, contract => 'KG-77' }));
my $other = number(declare({ %ayse, contract => 'kg 77', name => 'X',
                             email => 'x@example.com' }));
is(seen($early)->{state}, 'unmatched', 'no such order yet');
is($t->put_order('KG-77')->status, 201, 'the order comes');
$got = seen($early);
is($got->{proof}, 'email', 'the statement finds it');
is(made($got)->{kind}, 'withdrawal',
   'and makes the RMA');
is(seen($other)->{state}, 'unmatched', "a stranger's does not");

my $bulk = number(declare({ %ayse, contract => 'KG-78' }));
my $line = JSON::PP->new->utf8->encode(CXR::Test::order('KG-78')) . "\n";
is($t->request(POST => '/api/v1/orders', body => $line,
    headers => [ CXR::Test::staff_headers(),
                 'Content-Type' => 'application/x-ndjson' ])->status, 200,
   'a bulk import')
    if $t->can('request');
is(seen($bulk)->{state}, 'judged', 'finds it as well');

# ---- some of the goods ----

$t->delivered_order('KG-3', 2);
$got = seen(number(declare({ %ayse, contract => 'KG-3', scope => 'part',
                             words => "1 x etiyopya 250 G\nCUP-W" })));
$rma = made($got);
is(join(' ', map { "$_->{line}x$_->{quantity}" } @{ $rma->{lines} }),
   '1x1 2x1', 'the lines that the words name');

$t->delivered_order('KG-4', 2);
$w = number(declare({ %ayse, contract => 'KG-4', scope => 'part',
                      words => 'şu kahvelerden biri' }));
$got = seen($w);
is($got->{state}, 'matched', 'words that name no line are taken');
ok(!$got->{rma}, 'and nothing is guessed');

# ---- what the policy would not take ----

$t->delivered_order('KG-5', 90);
$got = seen(number(declare({ %ayse, contract => 'KG-5' })));
$rma = made($got);
is($got->{state}, 'matched', 'late: taken, and to be judged');
is($rma->{status}, 'requested', 'by staff');
is($t->api(POST => "/rmas/$got->{rma}/decline",
           { reason => 'Süre dolmuş.' })->status, 200, 'declined');
is(seen($got->{id})->{state}, 'judged', 'judged');

$t->delivered_order('KG-6', 2);
$got = seen(number(declare({ %ayse, contract => 'KG-6',
                             email => 'baska@example.com',
                             name => 'AYŞE YILMAZ' })));
is($got->{proof}, 'name', 'by the name alone');
is(made($got)->{status}, 'requested',
   'a person looks at it');

# ---- by hand ----

sub act {
    my ($w, $what, $body) = @_;
    return $t->api(POST => "/withdrawals/$w/$what", $body);
}

is(act($other, 'match', { order => 'KG-99' })->status, 409, 'no such order');
is(act($other, 'match', { order => '' })->status, 400, 'no order');
is(act('W-0000-0000', 'match', { order => 'KG-4' })->status, 404, 'none such');
is(act($w, 'match', { order => 'KG-4',
    lines => [ { line => '1', quantity => 1 } ] })->status, 200, 'lines chosen');
$got = seen($w);
is($got->{proof}, 'staff', 'by hand');
is(made($got)->{lines}[0]{quantity}, 1,
   'those lines');
is(act($w, 'match', { order => 'KG-4' })->status, 409, 'matched already');
is(act($other, 'judge', {})->status, 400, 'no reason');
is(act($other, 'judge', { reason => 'Bizde böyle bir sipariş yok.' })->status,
   200, 'closed with a reason');
is(seen($other)->{state}, 'judged', 'judged');

my $list = $t->api(GET => '/withdrawals?state=unmatched')->json->{withdrawals};
ok(@$list > 0 && !(grep { $_->{state} ne 'unmatched' } @$list), 'a list by state');
my $first = $t->api(GET => '/withdrawals?limit=2')->json;
is(scalar @{ $first->{withdrawals} }, 2, 'a page');
my $next = $t->api(GET => "/withdrawals?limit=2&cursor=$first->{next}")->json;
isnt($next->{withdrawals}[0]{id}, $first->{withdrawals}[1]{id}, 'and the next');
is($t->api(GET => '/withdrawals?state=x')->status, 400, 'no such state');
is($t->get("/api/v1/withdrawals/$w")->status, 403, 'not for everybody');

# ---- the desk ----

my @desk = ('X-Actor' => 'ayse', 'X-Roles' => 'read approve');
my $lost = number(declare({ %ayse, contract => 'kahve <b>', scope => 'part',
                            words => 'biri' }));
is($t->get('/staff/withdrawals')->status, 403, 'not for everybody');
$html = page('the desk', $t->get('/staff/withdrawals?state=unmatched', @desk),
             200);
like($html, qr/\Q$lost\E.*kahve &lt;b&gt;/s, 'tells what was declared');
unlike($t->get('/staff/withdrawals', 'X-Actor' => 'x', 'X-Roles' => 'read')
         ->text, qr/<form/, 'reading alone changes nothing');

sub desk_form {
    my ($what) = @_;
    my ($f) = grep { $_->{action} =~ m{/\Q$lost\E/$what$} }
              $t->get('/staff/withdrawals', @desk)->forms;
    return $f;
}

is($t->submit(desk_form('match'), { order => 'KG-404' }, @desk)->status, 409,
   'no such order');
is($t->submit(desk_form('match'), { t => 'x' }, @desk)->status, 403,
   'a form of nobody');
is($t->submit(desk_form('match'), { order => 'KG-4' }, @desk)->status, 303,
   'matched');
is(seen($lost)->{order}, 'KG4', 'with its order');
is($t->submit(desk_form('match'), { l => '2' }, @desk)->status, 303,
   'and its goods chosen');
is(made(seen($lost))->{lines}[0]{line}, '2', 'those');
$lost = number(declare({ %ayse, contract => 'spam' }));
is($t->submit(desk_form('judge'), { reason => '' }, @desk)->status, 409,
   'no reason');
is($t->submit(desk_form('judge'), { reason => 'Bizde yok.' }, @desk)->status,
   303, 'closed');
is(seen($lost)->{reason}, 'Bizde yok.', 'with the reason');
page('in English', $t->get('/en/staff/withdrawals?state=judged', @desk), 200);
page('a bad cursor', $t->get('/staff/withdrawals?cursor=x', @desk), 200);
page('no such', $t->get('/staff/withdrawals/W-1/match', @desk), 404);

# ---- hostile input ----

my @big = ('x' x 300, "\x{202e}kg", '<script>alert(1)</script>', "a\x{0}b",
           'İ' x 100, '"><img src=x>');

for my $v (@big) {
    for my $f (qw(name contract email words)) {
        my $r = review({ %ayse, scope => 'part', words => 'x', $f => $v });
        ok($r->status == 200 || $r->status == 422 || $r->status == 400,
           'hostile input is answered') or diag($r->status);
        unlike($r->text, qr/<script|<img src=x/, 'and escaped');
    }
}

page('a field twice', $t->form('/returns/withdraw/confirm',
     [ [ name => 'a' ], [ name => 'b' ] ]), 400);
page('no form', $t->request(POST => '/returns/withdraw/confirm', body => '{}',
     headers => [ 'Content-Type' => 'application/json' ]), 400)
    if $t->can('request');
is($t->get('/returns/withdraw/confirm')->status, 303, 'a reload begins anew');
page('a forged link', $t->get('/returns/w/v4.local.AAAA'), 404);
my $order_link = $t->link_path('order', order => 'KG-1');
$order_link =~ s{/o/}{/w/};
page("another purpose's link", $t->get($order_link), 404);
is($t->get('/returns/w/')->status, 404, 'no link');

# ---- the events tell of it without persons ----

my $events = join '', map { $_->body }
    $t->get('/api/v1/events?after=0&limit=1000', CXR::Test::staff_headers());
like($events, qr/"withdrawal\.declared"/, 'declared');
like($events, qr/"withdrawal\.matched"/, 'matched');
like($events, qr/"withdrawal\.judged"/, 'judged');
unlike($events, qr/Kim Se|ayse\@|example\.com/i, 'without persons');
unlike($t->log, qr/Kim Se|ayse\@example/i, 'nor in the log');
unlike(join('', map { CXR::Test::slurp($_) } "$t->{store}/data.mdb"),
       qr/Kim Se|kim\@example/, 'nor in the store');

# ---- the answer is never before the disk ----

for my $i (1 .. 3) {
    my $r = declare({ %ayse, contract => "KG-K$i" });
    my $to = $r->header('location');
    $t->kill_all;
    $t->start;
    is($t->get($to)->status, 200, 'kept, though all was killed at once');
}

$t->journal_ok;
$t->finish;

# ---- too many at once ----

{
    my $t2 = CXR::Test->new(workers => 1,
        server => 'cx_returns_withdraw_rate 2r/m;')->start;
    my ($f) = grep { $_->{action} =~ m{/review$} }
              $t2->get('/en/returns/withdraw')->forms;
    my ($c) = grep { $_->{action} =~ m{/confirm$} }
              $t2->submit($f, \%ayse)->forms;
    my @s = map { $t2->submit($c, { name => "N $_" }) } 1 .. 4;
    is(join(' ', map { $_->status } @s), '303 303 429 429', 'limited');
    like($s[3]->text, qr/has not been sent yet.*value="N 4"/s,
         'says so, and keeps the statement to be sent again');
    ok($s[3]->header('retry-after'), 'says when');
    is($t2->metric('cx_returns_withdrawals_limited_total'), 2, 'counted');
    $t2->finish;
}

# ---- how long one has is what the shop's laws say, each its own ----

{
    my $dir = tempdir(CLEANUP => 1);
    my $eu = decode_json(CXR::Test::slurp("$FindBin::Bin/../conf/laws/eu.json"));
    my $tr = "$FindBin::Bin/../conf/laws/tr.json";

    $_->{window_days} = 30 for @{ $eu->{versions} };
    CXR::Test::spew("$dir/eu.json", encode_json($eu));

    for my $c ([ [ $tr ], 'You have 14 days\.' ],
               [ [ "$dir/eu.json" ], 'You have 30 days\.' ],
               [ [ $tr, "$dir/eu.json" ],
                 'You have 14 to 30 days, depending on your country\.' ],
               [ undef, 'Mind the time limit\.' ]) {
        my $t4 = CXR::Test->new(workers => 1,
            shop => { 'policy.laws' => $c->[0], order_example => undef,
                      $c->[0] ? () : ('policy.exceptions' => undef) })->start;
        my $text = $t4->get('/en/returns/withdraw')->text;

        like($text, qr/<strong>$c->[1]/, $c->[1]);
        unlike($text, qr/KG-1001/, 'no example, since the shop has none');
        $t4->finish;
    }
}

# ---- what is no form ends with its answer, and leaves no connection open ----

{
    my $t3 = CXR::Test->new->start;

    for my $step (qw(review change confirm)) {
        for my $body ('name=%00', 'name=a&name=b', '%', 'name=%zz') {
            is($t3->request(POST => "/returns/withdraw/$step",
                   headers => [ 'Content-Type'
                                => 'application/x-www-form-urlencoded' ],
                   body => $body)->status, 400, "$step: $body");
        }
        is($t3->request(POST => "/returns/withdraw/$step",
               headers => [ 'Content-Type' => 'application/json' ],
               body => '{}')->status, 400, "$step: JSON");
    }

    $t3->finish;
}

done_testing();

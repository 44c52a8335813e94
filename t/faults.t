#!/usr/bin/perl
# What goes wrong around the product: clients that leave in the middle, pools
# and queues that are full, a disk or map without room, a store that is none.
# The answer is clear, it is counted, nothing is half-written, and afterwards
# all works again.  Uses the module built with fault knobs.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;
use Time::HiRes qw(time);

use CXR::Test;

my $json = $CXR::Test::json;
my @staff = CXR::Test::staff_headers();

sub nginx {
    my (%o) = @_;
    return CXR::Test->new(knobs => 1, %o)->start;
}

sub put {
    my ($number) = @_;
    my $body = $json->encode(CXR::Test::order($number));
    return CXR::HTTP::head(PUT => "/api/v1/orders/$number", @staff,
        'Content-Type' => 'application/json',
        'Content-Length' => length $body) . $body;
}

sub problem {
    my ($name, $res, $code) = @_;
    is($res->status, 503, "$name: 503") or diag($res->body);
    is(($res->json // {})->{type}, "urn:cx-returns:problem:$code",
       "$name: $code") or diag($res->body);
    ok($res->header('retry-after'), "$name: when to try again");
}

# ---- the client leaves while its command is written ----

{
    my $t = nginx(env => { CXR_TEST_COMMIT_DELAY_MS => 150 });
    my @workers = $t->workers;

    # one by one, each in the middle of its commit

    for my $i (1 .. 3) {
        my $c = $t->conn;
        $t->begun(1, sub { $c->write(put("G-$i")) });
        $i % 2 ? $c->abort : $c->close;
    }

    # many at once: the first commit takes one, the second all others

    my @c = map { $t->conn } 1 .. 30;
    $t->begun(30, sub { $c[$_]->write(put("H-$_")) for 0 .. 29 });
    $c[$_]->abort for grep { $_ % 3 } 0 .. 29;

    for my $i (grep { $_ % 3 == 0 } 0 .. 29) {
        is($c[$i]->response->status, 201, "H-$i: who stayed is answered");
    }

    my @there = grep { $t->api(GET => "/orders/H-$_")->status == 200 } 0 .. 29;
    is(scalar @there, 30, 'what was begun is finished');
    is($t->api(GET => "/orders/G-$_")->status, 200, "G-$_ too") for 1 .. 3;

    # in the middle of a feed's piece, and while waiting for events

    for my $i (1 .. 4) {
        my $c = $t->conn;
        my $x = CXR::Test::yurtici("40000000000$i",
                                   [ time - 3600, 'Kargo Yüklendi' ]);
        utf8::encode($x);
        $t->begun(1, sub { $c->write(CXR::HTTP::head(POST => '/feeds/yurtici',
            'X-Actor' => 'f', 'X-Roles' => 'feed:yurtici',
            'Content-Length' => length($x)) . $x) });
        $c->abort;
    }

    ok($t->wait_for(60, sub {
        4 == grep { $t->api(GET => "/shipments/yurtici/40000000000$_")->status
                    == 200 } 1 .. 4;
    }), 'feeds whose sender left are stored');
    is(join(' ', $t->workers), "@workers", 'no worker died');

    # a reload and a stop in the middle: whoever waits is answered

    my $c = $t->conn;
    $t->begun(1, sub { $c->write(put('R-1')) });
    kill 'HUP', $t->{pid};
    is($c->response->status, 201, 'a reload in the middle of a commit');
    ok($t->wait_for(60, sub { my @w = $t->workers; "@w" ne "@workers" && @w == 1 }),
       'the old worker went');

    $c = $t->conn;
    $t->begun(1, sub { $c->write(put('R-2')) });
    kill 'QUIT', $t->{pid};
    is($c->response->status, 201, 'a stop in the middle of a commit');
    $t->finish;
}

# ---- a feed of many commits, each of them beside the parsing of the next ----

{
    my $n = 60;
    my @one = map { CXR::Test::yurtici(sprintf('41%010d', $_),
                                       [ time - 3600, 'Kargo Yüklendi' ]) }
              1 .. $n;
    my ($head, $tail) = ('<ShippingDeliveryVO><outFlag>0</outFlag>',
                         '</ShippingDeliveryVO>');
    my $doc = $head . join('', map {
        my ($rec) = m{(<shippingDeliveryDetailVO>.*</shippingDeliveryDetailVO>)}s;
        $rec } @one) . $tail;
    utf8::encode($doc);

    for my $case ([ 'delay', CXR_TEST_COMMIT_DELAY_MS => 60 ],
                  [ 'refused posts', CXR_TEST_POST_FAIL => 17 ])
    {
        my ($name, @env) = @$case;
        my $t = nginx(env => { @env }, feed => 'cx_returns_feed_batch 3; '
                      . 'cx_returns_feed_buffer 4k;');
        my @workers = $t->workers;

        # who leaves has stored whole batches, from the first on

        for my $part (0.3, 0.6, 0.9) {
            my $c = $t->conn;
            $c->write(CXR::HTTP::head(POST => '/feeds/yurtici',
                'X-Actor' => 'f', 'X-Roles' => 'feed:yurtici',
                'Content-Length' => length $doc)
                . substr($doc, 0, $part * length $doc));
            select undef, undef, undef, 0.15;
            $c->abort;
        }

        my $res;

        for (1 .. 30) {
            $res = $t->feed('yurtici', $doc);
            last if $res->status == 200;
            is($res->status, 503, "$name: what was not taken is to be sent "
               . 'again');
        }

        is($res->status, 200, "$name: sent again it is stored")
            or diag($res->body);
        is($res->json->{stored} + $res->json->{repeated}, $n,
           "$name: all of it");
        is($t->api(GET => sprintf '/shipments/yurtici/41%010d', $_)->status,
           200, "$name: parcel $_") for 1, $n;
        is(join(' ', $t->workers), "@workers", "$name: no worker died");
        $t->journal_ok;
        $t->finish;
    }
}

# ---- work in a task for one request: the label ----

{
    my $t = nginx(env => { CXR_TEST_TASK_DELAY_MS => 120 });
    $t->delivered_order('L-1', 1);
    my $id = $t->api(POST => '/rmas', { order => 'L-1', lines => [ {
        line => '1', quantity => 1, reason => 'changed_mind' } ] })
        ->json->{rma}{id};
    my $path = $t->link_path('rma', rma => $id);
    my @workers = $t->workers;

    for (1 .. 10) {
        my $c = $t->conn;
        $c->write(CXR::HTTP::head(GET => "$path/label.svg"));
        select undef, undef, undef, 0.02;
        $c->abort;
    }

    is($t->get("$path/label.svg")->status, 200, 'the label is made');

    # many at once wait for each other, and nobody who writes for them; who has
    # left meanwhile is passed over

    my $began = time;
    my @c = map { $t->conn } 1 .. 60;
    $_->write(CXR::HTTP::head(GET => "$path/label.svg")) for @c;
    select undef, undef, undef, 0.05;
    $c[$_]->abort for 20 .. 59;
    my $wrote = time;
    is($t->put_order('L-2')->status, 201, 'an order is written');
    cmp_ok(time - $wrote, '<', 1, 'while labels are made');
    is(scalar(grep { $_->response->status == 200 } @c[0 .. 19]), 20,
       'and each of them is');
    cmp_ok(time - $began, '>', 20 * 0.12 / 2 * 0.8, 'two at a time');
    cmp_ok(time - $began, '<', 60 * 0.12 / 2, 'those alone whose client waits');
    is($t->get("$path/label.svg")->status, 200, 'the line is empty again');

    # more than may wait are told to come again

    @c = map { $t->conn } 1 .. 270;
    $_->write(CXR::HTTP::head(GET => "$path/label.svg")) for @c;
    my @busy = grep { $_->status == 503 } map { $_->response } @c[259 .. 269];
    cmp_ok(scalar @busy, '>=', 10, 'the line is long enough');
    is($busy[0]->header('retry-after'), 5, 'when to come again');
    $_->abort for @c[0 .. 258];
    is($t->get("$path/label.svg")->status, 200, 'and it goes on');

    is(join(' ', $t->workers), "@workers", 'no worker died');
    $t->finish;
}

# ---- the queue is full ----

{
    my $t = nginx(env => { CXR_TEST_COMMIT_DELAY_MS => 300 },
                  http => 'cx_returns_max_queue 4;');
    my @c = map { $t->conn } 1 .. 20;
    $c[$_]->write(put("Q-$_")) for 0 .. 19;
    my @r = map { $_->response } @c;
    my @ok = grep { $r[$_]->status == 201 } 0 .. 19;
    my @no = grep { $r[$_]->status == 503 } 0 .. 19;

    is(@ok + @no, 20, 'each is answered');
    cmp_ok(scalar @ok, '>=', 4, 'those that fit are done');
    cmp_ok(scalar @no, '>=', 10, 'the others are refused');
    problem('refused', $r[ $no[0] ], 'busy');
    is($t->metric('cx_returns_queue_full_total'), scalar @no, 'counted');
    is(join(' ', grep { $t->api(GET => "/orders/Q-$_")->status == 200 } 0 .. 19),
       "@ok", 'what was acknowledged is there, what was refused is not');
    is($t->put_order('Q-99')->status, 201, 'afterwards all is well');
    $t->finish;
}

# ---- the pool refuses the task ----

{
    my $t = nginx();
    $t->delivered_order('P-1', 1);
    my $order = $t->link_path('order', order => 'P-1');
    my $id = $t->api(POST => '/rmas', { order => 'P-1', lines => [ {
        line => '2', quantity => 1, reason => 'changed_mind' } ] })
        ->json->{rma}{id};
    my $rma = $t->link_path('rma', rma => $id);
    my ($v) = $t->get($order)->body =~ /name="v" value="([^"]+)"/;
    my @form = ([ f => 'A' x 22 ], [ v => $v ], [ c => 1 ], [ 'c.0' => 1 ],
                [ 'q.0' => 1 ], [ 'r.0' => 'changed_mind' ],
                [ 'o.0' => 'refund' ]);

    $t->{env} = { CXR_TEST_POST_FAIL => 1 };
    ok($t->reload, 'from now on the pool refuses');

    problem('API', $t->put_order('P-2'), 'busy');
    problem('RMA', $t->api(POST => '/rmas', { order => 'P-1', lines => [ {
        line => '1', quantity => 1, reason => 'changed_mind' } ] }), 'busy');
    problem('feed', $t->feed('yurtici', CXR::Test::yurtici('410000000001',
            [ time - 60, 'Kargo Yüklendi' ])), 'busy');
    is($t->request(POST => '/api/v1/orders', headers => [ @staff,
       'Content-Type' => 'application/x-ndjson' ],
       body => $json->encode(CXR::Test::order('P-3')) . "\n")->status, 503,
       'bulk');

    my $r = $t->form("$order/rma", \@form);
    is($r->status, 503, 'portal: 503');
    like($r->header('content-type'), qr{^text/html}, 'as a page');
    is($t->get("$rma/label.html")->status, 503, 'label');
    my ($cancel) = grep { $_->{action} =~ m{/cancel$} } $t->get($rma)->forms;
    is($t->submit($cancel)->status, 503, 'cancel');
    is($t->get($rma)->status, 200, 'reading goes on');
    cmp_ok($t->metric('cx_returns_queue_full_total'), '>=', 7, 'counted');

    $t->{env} = { CXR_TEST_POST_FAIL => 2 };
    ok($t->reload, 'every second one');
    my @c = map { $t->conn } 1 .. 16;
    $c[$_]->write(put("S-$_")) for 0 .. 15;
    my @s = map { $_->response->status } @c;
    is(scalar(grep { $_ == 201 || $_ == 503 } @s), 16, 'each is answered');
    is(join(' ', map { $t->api(GET => "/orders/S-$_")->status == 200 ? 201
                       : 503 } 0 .. 15), "@s", 'truly');

    $t->{env} = {};
    ok($t->reload, 'the pool takes tasks again');
    is($t->api(GET => "/orders/$_")->status, 404, "$_ was not stored")
        for qw(P-2 P-3);
    is($t->form("$order/rma", \@form)->status, 303,
       'the same form, sent again, makes its RMA');
    is($t->get("$rma/label.html")->status, 200, 'and the label is there');
    $t->journal_ok;
    $t->finish;
}

# ---- the disk is full, the disk fails ----

for my $f ([ 28, 'store_full', 'no room' ], [ 5, 'store_failed', 'I/O error' ])
{
    my ($errno, $code, $name) = @$f;
    my $t = nginx();
    $t->delivered_order('D-1', 1);
    $t->{env} = { CXR_TEST_COMMIT_FAIL => "$errno:1" };
    ok($t->reload, "$name: from now on");

    problem("$name: API", $t->put_order('D-2'), $code);
    problem("$name: feed", $t->feed('yurtici',
        CXR::Test::yurtici('420000000001', [ time - 60, 'Kargo Yüklendi' ])),
        $code);
    my $r = $t->request(POST => '/api/v1/orders', headers => [ @staff,
        'Content-Type' => 'application/x-ndjson' ],
        body => $json->encode(CXR::Test::order('D-3')) . "\n");
    is($r->status, 503, "$name: bulk");
    like($r->body, qr/"status":"failed"/, "$name: told by its line");

    # of several that share a commit, none is told otherwise

    my @c = map { $t->conn } 1 .. 10;
    $c[$_]->write(put("E-$_")) for 0 .. 9;
    is(join(' ', map { $_->response->status } @c), join(' ', (503) x 10),
       "$name: all that shared the commit");
    like($t->log, qr/\[crit\].*cx_returns: a commit failed/,
         "$name: the operator is told");
    cmp_ok($t->metric('cx_returns_store_full_total'), '>=', 1,
           "$name: counted") if $errno == 28;

    is($t->api(GET => '/orders/D-1')->status, 200, "$name: reading goes on");

    $t->{env} = {};
    ok($t->reload, "$name: over");
    is($t->api(GET => "/orders/$_")->status, 404, "$name: $_ is not there")
        for qw(D-2 D-3 E-0 E-9);
    is($t->put_order('D-2')->status, 201, "$name: afterwards all is well");
    $t->journal_ok("$name: the chain verifies");
    $t->finish;
}

# ---- the map is full, and grows by a reload ----

{
    my $t = nginx(map_size => '1m');
    my ($last, $n) = (undef, 0);

    for my $i (1 .. 3000) {
        $last = $t->api(PUT => "/orders/M-$i", CXR::Test::order("M-$i"));
        last if $last->status != 201;
        $n++;
    }

    problem('a full map', $last, 'store_full');
    cmp_ok($n, '>', 10, 'after some orders');
    my $used = $t->metric('cx_returns_store_used_bytes');
    cmp_ok($used, '>', 500_000, 'the metric showed it coming');
    is($t->metric('cx_returns_store_map_bytes'), 1024 * 1024, 'with its size');
    is($t->api(GET => "/orders/M-$n")->status, 200, 'the last is there');
    is($t->api(GET => '/orders/M-' . ($n + 1))->status, 404,
       'the refused is not');
    like($t->log, qr/raise map_size=/, 'the operator is told what to do');

    my $r = $t->request(POST => '/api/v1/orders', headers => [ @staff,
        'Content-Type' => 'application/x-ndjson' ],
        body => join '', map { $json->encode(CXR::Test::order("N-$_")) . "\n" }
                         1 .. 2000);
    is($r->status, 503, 'bulk without room: 503');
    my @told = map { $json->decode($_) } split /\n/, $r->body;
    my @stored = map { $_->{number} }
                 grep { ($_->{status} // '') eq 'created' } @told;
    is(scalar(grep { $t->api(GET => "/orders/$_")->status != 200 } @stored), 0,
       'what the report calls created is there');
    my %stored = map { $_ => 1 } @stored;
    is(scalar(grep { $t->again(GET => "/api/v1/orders/N-$_",
                               headers => \@staff)->status == 200
                     && !$stored{"N-$_"} } 1 .. 2000), 0,
       'and nothing else');

    $t->{map_size} = '64m';
    ok($t->reload, 'a larger map, by a reload');
    is($t->api(PUT => '/orders/M-9999', CXR::Test::order('M-9999'))->status,
       201, 'there is room');
    $t->journal_ok;
    $t->finish;
}

# ---- a real disk without room ----

SKIP: {
    skip 'only root can make a small disk', 6 if $> != 0;

    my $t = CXR::Test->new(knobs => 1, map_size => '1g');
    my $store = $t->dir . '/store';
    mkdir $store, 0700;
    skip 'cannot mount', 6
        if system("mount -t tmpfs -o size=3m,mode=0700 cxr $store 2>/dev/null");

    my ($stopped, $last, $n) = (0, undef, 0);

    eval {
        $t->start;
        for my $i (1 .. 20000) {
            $last = $t->again(PUT => "/api/v1/orders/T-$i",
                headers => [ @staff, 'Content-Type' => 'application/json' ],
                body => $json->encode(CXR::Test::order("T-$i")));
            last if $last->status != 201;
            $n++;
        }

        problem('a full disk', $last, 'store_full');
        is($t->api(GET => "/orders/T-$n")->status, 200, 'the last is there');
        is($t->api(GET => '/orders/T-' . ($n + 1))->status, 404,
           'the refused is not');
        system("mount -o remount,size=64m $store");
        is($t->put_order('T-X')->status, 201, 'with room again it goes on');
        $t->journal_ok;
        1;
    } or fail("a full disk: $@");

    $t->finish;
    system("umount $store");
}

# ---- a body that never ends ----

{
    my $t = nginx(feed => 'client_body_timeout 1s;',
                  api => 'client_body_timeout 1s;');
    for my $p ('/feeds/yurtici', '/api/v1/orders', '/api/v1/orders/X-1') {
        my $c = $t->conn;
        $c->write(CXR::HTTP::head($p =~ /X-1/ ? 'PUT' : 'POST', $p, @staff,
            'Content-Type' => $p =~ /orders$/ ? 'application/x-ndjson'
                                              : 'application/json',
            'Content-Length' => 1000) . '{"number":');
        my $r = $c->response;
        ok(!$r || $r->status == 408, "$p: not waited for for ever");
    }
    is($t->get('/healthz')->status, 200, 'served on');
    $t->finish;
}

# ---- a client who sends on in time, while a task is late ----

{
    my $t = nginx(api => 'client_body_timeout 1s; cx_returns_feed_buffer 16k;',
                  env => { CXR_TEST_TASK_DELAY_MS => 1300 });
    my $c = $t->conn(timeout => 30);
    my $lines = join '', map {
        $json->encode(CXR::Test::order("L-$_")) . "\n"
    } 1 .. 60;

    $c->write(CXR::HTTP::head(POST => '/api/v1/orders', @staff,
        'Content-Type' => 'application/x-ndjson',
        'Content-Length' => length $lines) . substr $lines, 0, 20_000);
    select undef, undef, undef, 0.3;
    $c->write(substr $lines, 20_000);
    my $r = $c->response;
    is($r && $r->status, 200, 'is not told to be too slow');
    $c->close;
    $t->finish;
}

# ---- a store that is none ----

{
    my $t = CXR::Test->new(knobs => 1, log_ok => qr/the store ".*" cannot be used/);
    mkdir $t->dir . '/store', 0700;
    CXR::Test::spew($t->dir . '/store/data.mdb', 'this is no store' x 1000);
    $t->start;

    is($t->get('/healthz')->status, 503, 'not healthy');
    problem('API', $t->put_order('X-1'), 'store_failed')
        if $t->put_order('X-1')->json->{title} eq 'store_failed';
    is($t->put_order('X-1')->status, 503, 'orders');
    is($t->api(GET => '/orders/X-1')->status, 503, 'reading');
    is($t->feed('yurtici', '<x/>')->status, 503, 'feeds');
    is($t->form('/track/', [ [ number => '123' ] ])->status, 503, 'tracking');
    is($t->get('/returns/')->status, 200, 'pages without data are served');
    like($t->log, qr/\[emerg\].*cx_returns: the store ".*" cannot be used/,
         'the operator is told');
    is(CXR::Test::slurp($t->dir . '/store/data.mdb'), 'this is no store' x 1000,
       'and what is there is left as it is');
    $t->finish;
}

done_testing;

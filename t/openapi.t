#!/usr/bin/perl
# html/openapi.json and the code say the same: every route of the code stands in
# the document, every operation of the document is asked of a running nginx, and
# every answer is what the document says of it.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP;
use Test::More;

use CXR::Photo qw(png);
use CXR::Test;

my $root = CXR::Test::root();
my $json = JSON::PP->new->utf8->canonical;
my $doc = $json->decode(CXR::Test::slurp("$root/html/openapi.json"));

# ---- a validator of what the document uses of JSON Schema ----

my %known = map { $_ => 1 } qw($ref type properties required items enum format
    additionalProperties description minimum maximum pattern oneOf example
    minLength maxLength minItems maxItems);

sub resolve {
    my ($s) = @_;

    while (my $ref = $s->{'$ref'}) {
        my $at = $doc;
        $ref =~ s{^#/}{} or die "\$ref $ref";
        $at = $at->{$_} // die "no $ref" for split m{/}, $ref;
        $s = $at;
    }

    return $s;
}

sub type_of {
    my ($v) = @_;
    return 'null' if !defined $v;
    return 'object' if ref $v eq 'HASH';
    return 'array' if ref $v eq 'ARRAY';
    return 'boolean' if ref $v;
    my $raw = $json->allow_nonref->encode($v);
    return $raw =~ /^"/ ? 'string' : $raw =~ /^-?\d+$/ ? 'integer' : 'number';
}

sub faults {
    my ($v, $s, $at) = @_;
    $s = resolve($s);
    my @wrong = map { "$at: the document uses \"$_\", which the test does not "
                      . "know" } grep { !$known{$_} } keys %$s;

    if ($s->{oneOf}) {
        my @ok = grep { !faults($v, $_, $at) } @{ $s->{oneOf} };
        return @ok == 1 ? @wrong : (@wrong, "$at: fits " . @ok . " of oneOf");
    }

    my $type = type_of($v);
    my @may = !defined $s->{type} ? () : ref $s->{type} ? @{ $s->{type} }
                                                        : $s->{type};
    if (@may && !grep { $_ eq $type
                        || ($_ eq 'number' && $type eq 'integer') } @may) {
        return (@wrong, "$at: is $type, not @may");
    }

    push @wrong, "$at: \"$v\" is none of its values"
        if $s->{enum} && defined $v && !grep { $_ eq $v } @{ $s->{enum} };
    push @wrong, "$at: \"$v\" is not like $s->{pattern}"
        if $s->{pattern} && $type eq 'string' && $v !~ /$s->{pattern}/;
    push @wrong, "$at: \"$v\" is no time"
        if ($s->{format} // '') eq 'date-time' && $type eq 'string'
           && $v !~ /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
    push @wrong, "$at: $v is under $s->{minimum}"
        if defined $s->{minimum} && $type eq 'integer' && $v < $s->{minimum};

    if ($type eq 'object') {
        my $p = $s->{properties} // {};
        push @wrong, map { "$at: lacks \"$_\"" }
                     grep { !exists $v->{$_} } @{ $s->{required} // [] };

        for my $k (sort keys %$v) {
            if ($p->{$k}) {
                push @wrong, faults($v->{$k}, $p->{$k}, "$at/$k");
            } elsif (ref $s->{additionalProperties} eq 'HASH') {
                push @wrong, faults($v->{$k}, $s->{additionalProperties},
                                    "$at/$k");
            } elsif (!$s->{additionalProperties}) {
                push @wrong, "$at: \"$k\" stands not in the document";
            }
        }
    }

    if ($type eq 'array' && $s->{items}) {
        push @wrong, map { faults($v->[$_], $s->{items}, "$at/$_") } 0 .. $#$v;
    }

    return @wrong;
}

ok(faults({ a => 1 }, { type => 'object', properties => {} }, ''),
   'the validator finds what is not described');
ok(faults({}, { type => 'object', required => [ 'a' ] }, ''),
   'what is missing');
ok(faults('x', { type => 'integer' }, ''), 'and what is of another type');

# ---- every route of the code stands in the document ----

my %ops;                                     # operationId -> [method, path]

for my $path (sort keys %{ $doc->{paths} }) {
    for my $method (grep { /^(get|put|post|patch)$/ }
                    sort keys %{ $doc->{paths}{$path} }) {
        my $op = $doc->{paths}{$path}{$method};
        ok(!$ops{ $op->{operationId} }, "$op->{operationId} is one operation");
        $ops{ $op->{operationId} } = [ uc $method, $path, $op ];
        ok($op->{summary}, "$op->{operationId} says what it does");
        ok(defined $op->{'x-roles'}, "$op->{operationId} tells its roles");

        my %named = map { $_ => 1 } $path =~ /\{(\w+)\}/g;
        delete $named{ resolve($_)->{name} } for @{ $op->{parameters} // [] },
            @{ $doc->{paths}{$path}{parameters} // [] };
        is(join(' ', sort keys %named), '',
           "$op->{operationId}: its path's parameters are described");
    }
}

my $routes = CXR::Test::slurp("$root/ngx_cx_returns_module/nginx/"
                              . 'ngx_cx_returns_api.c');
my @heads = $routes =~ /cxr_str_is\(head, "(\w+)"\)/g;
cmp_ok(scalar @heads, '>=', 9, 'the code has routes');

for my $head (@heads) {
    ok((grep { m{^/\Q$head\E(/|$)} } keys %{ $doc->{paths} }),
       "/$head is described");
}

my $table = CXR::Test::slurp("$root/ngx_cx_returns_module/domain/"
                             . 'cxr_rma_table.c');
my @verbs = $table =~ /^        "([a-z-]+)", \{ "/mg;
cmp_ok(scalar @verbs, '>=', 15, 'the table has verbs');
ok($doc->{paths}{"/rmas/{rma}/$_"}{post}, "the verb $_ is described")
    for @verbs, 'label';

my $talk = CXR::Test::slurp("$root/ngx_cx_returns_module/nginx/"
                            . 'ngx_cx_returns_api_talk.c');
my %tails = map { $_ => 1 } $talk =~ /cxr_str_is\(name, "(\w+)"\)/g;
cmp_ok(scalar keys %tails, '>=', 4, 'threads have routes');

for my $tail (sort keys %tails) {
    ok($doc->{paths}{"$_/$tail"}, "$_/$tail is described")
        for '/rmas/{rma}', '/orders/{number}';
}

for my $path (keys %{ $doc->{paths} }) {
    my ($head) = $path =~ m{^/(\w+)};
    ok((grep { $_ eq $head } @heads), "$path has code") if $head;
}

# ---- every operation is asked ----

my $t = CXR::Test->new(shop => {
    'policy.methods' => [ 'label', 'carrier_code', 'carrier_label' ],
    'policy.lists' => { watch => { api => JSON::PP::true } },
    return_codes => [ { carrier => 'yurtici', low => 1 } ],
}, server => 'client_max_body_size 4m;');
$t->{http} = 'cx_returns_photos ' . $t->dir . '/photos max_size=512k;'
             . 'cx_returns_labels ' . $t->dir . '/labels;';
$t->start;

my (%asked, @samples);

sub call {
    my ($id, $args, %o) = @_;
    my ($method, $path, $op) = @{ $ops{$id} // [] };
    return fail("$id stands in the document") if !$op;
    my $type = $o{type};
    $path =~ s/\{(\w+)\}/$args->{$1} \/\/ die "$id wants $1"/ge;
    my $body = $o{body};
    my @types = keys %{ resolve($op->{requestBody} // {})->{content} // {} };

    if (defined $body && ref $body) {
        my $s = resolve($op->{requestBody})->{content}{'application/json'};
        my @wrong = faults($body, $s->{schema}, '');
        is("@wrong", '', "$id: what is sent is what the document says");
    }

    $type //= 'application/json' if defined $body;
    my $res = $t->request($method => "/api/v1$path$o{query}",
        headers => [ CXR::Test::staff_headers(),
                     defined $type ? ('Content-Type' => $type) : () ],
        body => ref $body ? $json->encode($body) : $body)
        if defined($o{query} //= '');
    my $status = $res->status;
    $asked{$id}++;

    is($status, $o{status} // 200, "$id: $status") or diag($res->body);
    my $answer = $op->{responses}{$status} // $op->{responses}{default};
    return fail("$id: $status stands in the document") if !$answer;

    my ($got) = ($res->header('content-type') // '') =~ /^([^;]+)/;
    my $as = resolve($answer)->{content}{$got};
    ok($as, "$id: $status is $got") or return $res;

    my @bodies = $got eq 'application/x-ndjson'
                 ? split(/\n/, $res->body)
                 : $got =~ m{^image/} ? () : ($res->body);
    my @wrong = map { faults($json->decode($_), $as->{schema}, '') } @bodies;
    is(join("\n", @wrong[0 .. ($#wrong > 9 ? 9 : $#wrong)]), '',
       "$id: $status is what the document says");
    push @samples, { id => $id, status => $status, bodies => \@bodies };

    return $res;
}

sub ask {
    my ($number, $method, %o) = @_;
    return { order => $number, method => $method,
             lines => [ { line => '1', quantity => 1,
                          reason => 'changed_mind', outcome => 'refund' } ],
             %o };
}

sub made {
    my ($n, $method, %o) = @_;
    my $parcel = $t->delivered_order("OA-$n", 1);
    my $res = call('createRma', {}, body => ask("OA-$n", $method, %o),
                   status => 201);
    return ($res->json->{rma}{id}, $parcel);
}

# ---- photos ----

$t->delivered_order('OA-9000', 1);
my $photo = call('postPhotos', { number => 'OA-9000' }, body => png(8, 6),
                 type => 'image/png', status => 201)->json->{photos}[0];
call('postPhotos', { number => 'NONE' }, body => png(8, 6),
     type => 'image/png', status => 404);
call('postPhotos', { number => 'OA-9000' }, body => 'GIF89a',
     type => 'image/png', status => 422);
my $claim = call('createRma', {}, status => 201,
    body => ask('OA-9000', 'label', lines => [ { line => '1', quantity => 1,
        reason => 'wrong_item', outcome => 'refund',
        photos => [ $photo->{id} ] } ]))->json->{rma};
is($claim->{lines}[0]{photos}[0]{hash}, $photo->{hash}, 'it stands in the RMA');
call('getRmaPhoto', { rma => $claim->{id}, hash => $photo->{hash} });
call('getRmaPhoto', { rma => $claim->{id}, hash => 'x' }, status => 404);
call('getOrderPhoto', { number => 'OA-9000', hash => $photo->{hash} },
     status => 404);

call('putProduct', { id => 'ETH' }, status => 201, body => {
    id => 'ETH', title => 'Etiyopya', currency => 'TRY',
    variants => [ { sku => 'ETH-1000', title => '1 kg', price => 150000,
                    stock => 5 } ] });
call('getProduct', { id => 'ETH' });
call('getProduct', { id => 'NONE' }, status => 404);
call('putOrder', { number => 'OA-1' }, status => 201,
     body => CXR::Test::order('OA-1'));
call('getOrder', { number => 'OA-1' });
call('getOrder', { number => 'OA-404' }, status => 404);
call('putOrders', {}, type => 'application/x-ndjson',
     body => join '', map { $json->encode($_) . "\n" }
                      CXR::Test::order('OA-2'), { number => 'OA-3' });

call('importCodes', { carrier => 'yurtici' }, type => 'text/csv',
     body => "code\nY-1\nY-2\nY-1\n");
call('importCodes', { carrier => 'yurtici' }, type => 'text/csv',
     body => "no code\n", status => 400);
call('importCodes', { carrier => 'ups' }, type => 'text/csv', body => "A\n",
     status => 404);
call('listCodes', {});

# one from the request to the payment

my ($rma, $parcel) = made(11, 'label');
call('createRma', {}, body => ask('OA-11', 'qr'), status => 409);
call('createRma', {}, body => '{"order":"","lines":7}', status => 400);
call('listRmas', {}, query => '?status=approved&limit=10');
call('getRma', { rma => $rma });
call('getRma', { rma => 'R-0000-0000' }, status => 404);
call('noteRma', { rma => $rma }, body => { text => 'Kutu ezik.' });
call('nameParcel', { rma => $rma },
     body => { carrier => 'yurtici', number => '990000000011' });
call('receiveRma', { rma => $rma },
     body => { lines => [ { line => '1', count => 1 } ] });
call('gradeRma', { rma => $rma }, body => { lines => [ {
     line => '1', units => 1, grade => 'as_new', disposition => 'restock' } ] });
call('releaseRma', { rma => $rma }, status => 409, body => {});
call('failRma', { rma => $rma }, body => { reason => 'bank' });
call('releaseRma', { rma => $rma }, body => { reason => 'once more' });
call('confirmRma', { rma => $rma }, body => { reference => 'PAY-1' });
call('getRma', { rma => $rma });

# with a code, with a carrier's label, and those that end otherwise

($rma) = made(12, 'carrier_code');
like(call('getRma', { rma => $rma })->json->{rma}{code}, qr/^Y-\d$/,
     'its code');
call('overdueRma', { rma => $rma }, body => {}, status => 409);
call('expireRma', { rma => $rma }, body => {}, status => 409);
call('cancelRma', { rma => $rma }, body => { reason => 'asked to' });
call('reopenRma', { rma => $rma }, body => { reason => 'asked to' });

($rma) = made(13, 'carrier_label');
call('supplyLabel', { rma => $rma }, body => {
     url => 'https://carrier.example/13.pdf', carrier => 'yurtici',
     number => '990000000013' });
call('getRma', { rma => $rma });
call('supplyLabel', { rma => $rma }, type => 'image/png', body => png(8, 8),
     query => '?expires=2099-01-01T00:00:00Z');
call('getLabel', { rma => $rma });
call('supplyLabel', { rma => $rma }, type => 'application/pdf', body => 'x',
     status => 422);
call('getRma', { rma => $rma });

$t->delivered_order('OA-16', 1, lines => [ { line => '1', sku => 'ETH',
    title => 'Etiyopya', quantity => 1, unit_price => 42000, tax => 0,
    product => 'ETH' } ]);
my $dear = call('createRma', {}, body => { order => 'OA-16', method => 'label',
    lines => [ { line => '1', quantity => 1, reason => 'changed_mind',
                 outcome => 'exchange', exchange_sku => 'ETH-1000' } ] },
    status => 201)->json->{rma}{id};
call('paidRma', { rma => $dear }, body => { amount => 100, reference => 'P' });
call('cancelRma', { rma => $dear }, body => {});
call('repaidRma', { rma => $dear }, body => {});
call('repaidRma', { rma => $dear }, body => {}, status => 409);

($rma) = made(14, 'label', override => JSON::PP::true,
              override_reason => 'kindness');
$t->put_order('OA-15', placed_at => CXR::Test::iso(time - 86400 * 4));
$t->delivered_order('OA-15', 1, lines => [ {
    line => '1', sku => 'S', title => 'Kazan', quantity => 1,
    unit_price => 900000, tax => 0 } ]);
my $waits = call('createRma', {}, body => ask('OA-15', 'label'),
                 status => 201)->json->{rma};
is($waits->{status}, 'requested', 'one that waits for a person');
call('requestInfo', { rma => $waits->{id} }, body => { reason => 'Which?' });
call('answerRma', { rma => $waits->{id} }, body => { text => 'That one.' });
call('declineRma', { rma => $waits->{id} }, body => { reason => 'No.' });
call('reopenRma', { rma => $waits->{id} }, body => { reason => 'Yes.' });
call('approveRma', { rma => $waits->{id} }, body => {});
call('approveRma', { rma => $waits->{id} }, body => {}, status => 409);

# what is said of it

my $seen = call('postRmaPhotos', { rma => $waits->{id} }, body => png(9, 7),
                type => 'image/png', status => 201)->json->{photos}[0]{id};
call('postRmaMessage', { rma => $waits->{id} }, status => 201, body => {
     from => 'shopper', channel => 'whatsapp', photos => [ $seen ] });

for my $of ([ Rma => rma => $waits->{id} ], [ Order => number => 'OA-11' ]) {
    my ($name, $by, $id) = @$of;
    call("post${name}Message", { $by => $id }, status => 201, body => {
         text => 'Merhaba', from => 'shopper', channel => 'email',
         id => "m-$name" });
    call("list${name}Messages", { $by => $id });
    call("read${name}Messages", { $by => $id }, body => { by => 'shop' });
    call("close${name}Thread", { $by => $id }, body => {});
    call("list${name}Messages", { $by => $id }, query => '?after=x',
         status => 400);
}

call('getShipment', { carrier => 'yurtici', number => $parcel });
call('getShipment', { carrier => 'yurtici', number => '1' }, status => 404);
call('createLink', {}, body => { purpose => 'track', order => 'OA-11' },
     status => 201);
call('createLink', {}, body => { purpose => 'track', order => 'NO-1' },
     status => 404);
call('listEvents', {}, query => '?after=0&limit=1000');
call('listEvents', {}, query => '?after=x', status => 400);
call('listEvents', {}, query => '?after=999999', status => 409);
call('getWorklist', {});

# lists of people

call('changeList', { list => 'watch' }, body => {
     add => [ { customer => 'ayse@example.com', why => 'chargeback' },
              { customer => '+90 555 123 45 67' } ] });
call('getList', { list => 'watch' }, query => '?limit=1');
call('changeList', { list => 'watch' }, body => {
     remove => [ { customer => 'AYSE@example.com' } ] });
call('changeList', { list => 'watch' }, body => '{"add":[{}]}', status => 400);
call('listLists', {});
call('getList', { list => 'none' }, status => 404);

# surveys

$t->form($t->link_path('track', order => 'OA-16') . '/survey',
         [ [ score => 2 ], [ comment => 'Geç geldi.' ] ]);
is(call('listSurveys', {}, query => '?mood=bad&limit=5')->json
       ->{surveys}[0]{comment}, 'Geç geldi.', 'what was written');
call('listSurveys', {}, query => '?mood=x', status => 400);

# withdrawals

$t->delivered_order('OA-16', 1);
$t->delivered_order('OA-17', 1);

for my $n (qw(OA-16 OA-404)) {
    my ($form) = grep { $_->{action} =~ m{/withdraw/review$} }
                 $t->get('/returns/withdraw')->forms;
    my $res = $t->submit($form, { contract => $n, name => 'Ayşe Yılmaz',
                                  email => 'ayse@example.com',
                                  scope => 'whole' });
    ($form) = grep { $_->{action} =~ m{/withdraw/confirm$} } $res->forms;
    $t->submit($form);
}

my $list = call('listWithdrawals', {}, query => '?limit=10')->json;
my @w = @{ $list->{withdrawals} };
cmp_ok(scalar @w, '>=', 2, 'two withdrawals');
call('getWithdrawal', { number => $_->{id} }) for @w;
my ($open) = grep { $_->{state} eq 'unmatched' } @w;
call('matchWithdrawal', { number => $open->{id} }, body => {
     order => 'OA-17', lines => [ { line => '1', quantity => 1 } ] });
call('judgeWithdrawal', { number => $open->{id} },
     body => { reason => 'twice' }, status => 409);
call('getWithdrawal', { number => $open->{id} });

is(join(' ', grep { !$asked{$_} } sort keys %ops), '',
   'every operation was asked');

# ---- who may not, and where the document itself is ----

for my $id (sort keys %ops) {
    my ($method, $path) = @{ $ops{$id} };
    $path =~ s/\{rma\}/$waits->{id}/;
    $path =~ s/\{\w+\}/x/g;
    my $res = $t->request($method => "/api/v1$path",
        headers => [ 'X-Actor' => 'nobody', 'X-Roles' => 'none',
                     'Content-Type' => 'application/json' ],
        body => $method eq 'GET' ? undef : '{}');
    is($res->status, 403, "$id wants a role");
}

my $served = $t->request(GET => '/api/v1/openapi.json');
is($served->status, 200, 'the document is served');
is_deeply($json->decode($served->body), $doc, 'as it is');

if ($ENV{CX_OPENAPI_SAMPLES}) {
    CXR::Test::spew($ENV{CX_OPENAPI_SAMPLES}, $json->encode(\@samples));
}

$t->finish;
done_testing;

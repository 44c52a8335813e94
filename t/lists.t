#!/usr/bin/perl
# Lists of people that the shop's systems change by the API: rules ask for them
# at once, and whom they name stands in no key, event or log.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP;
use Test::More;

use CXR::Test;

my $json = JSON::PP->new->utf8;

sub shop {
    my ($lists, %more) = @_;
    return CXR::Test->new(workers => 2, %more, shop => {
        'policy.auto_approve' => JSON::PP::true, 'policy.review_above' => 0,
        'policy.lists' => $lists,
        'policy.rules' => [ { id => 'watched',
            when => { customer_list => 'watch' },
            then => { approval => 'review' } } ] });
}

# ---- what the shop's file may say ----

for my $bad ([ {}, 'must have a \\\\?"file' ],
             [ { api => \0 }, 'must have a \\\\?"file' ],
             [ { api => 1 }, 'true or false' ],
             [ { api => \1, fiel => 'x' }, 'is not known here' ]) {
    my $t = shop({ watch => $bad->[0] });
    my ($rc, $said) = $t->check($t->conf);
    isnt($rc, 0, 'refused');
    like($said, qr{$bad->[1]}, 'and why') or diag($said);
    like($said, qr{kahve-gurusu\.json:\d+.*/policy/lists/watch}s, 'and where');
}

{
    my $t = shop({ 'watch' => { api => \1 }, 'Kötü niyetli' => { api => \1 } });
    my ($rc, $said) = $t->check($t->conf);
    like($said, qr{its name must be of a-z}, 'a name that no path has');
}

# ---- one by file and API, one by the API, one by file ----

my $t = shop({ watch => { api => \1, file => 'watch.csv' },
               friends => { api => \1 }, old => 'watch.csv' });
my $dir = $t->dir;
CXR::Test::spew("$dir/shops/watch.csv", "mallory\@example.com\n");
$t->start;

is_deeply($t->api(GET => '/lists')->json->{lists}, [
    { list => 'friends', api => JSON::PP::true, entries => 0, in_file => 0,
      revision => 0 },
    { list => 'old', api => JSON::PP::false, entries => 0, in_file => 1,
      revision => 0 },
    { list => 'watch', api => JSON::PP::true, entries => 0, in_file => 1,
      revision => 0 } ], 'the lists')
    or diag($t->api(GET => '/lists')->body);

sub change {
    my ($body, @headers) = @_;
    return $t->api(PATCH => '/lists/watch', $body, @headers);
}

my $n = 0;

sub status {
    my (%person) = @_;
    my $number = 'LI-' . ++$n;
    my $street = delete $person{street};
    $t->delivered_order($number, 1, person => { name => 'M', %person },
        ship_to => { country => 'US', postcode => '34394',
                     address => $street // 'Moda 1' });
    return $t->api(POST => '/rmas', { order => $number, lines => [
        { line => '1', quantity => 1, reason => 'changed_mind',
          outcome => 'refund' } ] })->json->{rma}{status};
}

is(status(email => 'mallory@example.com'), 'requested', 'by the file');
is(status(email => 'eve@example.com'), 'approved', 'who is on none');

my $res = change({ add => [ { customer => 'Eve@Example.com', why => 'May' },
                            { customer => '+90 555 123 45 67' },
                            { customer => 'Gül Sokak 12' } ] });
is($res->status, 200, 'put on it') or diag($res->body);
is_deeply($res->json, { list => 'watch', status => 'changed', revision => 1 },
          'answered');
is($res->header('etag'), '"1"', 'with its revision');
is(status(email => 'eve@example.com'), 'requested', 'it holds at once')
    for 1 .. 4;
is(status(email => 'x@example.com', phone => '0555 123 45 67'), 'requested',
   'by the telephone');
is(status(email => 'x@example.com', street => "No 3\nGÜL SOKAK 12"),
   'requested', 'by the street');
is(status(email => 'x@example.com', street => 'Gül Sokak 13'), 'approved',
   'and no other');

# ---- read ----

my $list = $t->api(GET => '/lists/watch')->json;
my %by = map { $_->{customer} => $_ } @{ $list->{entries} };
is(join(' | ', sort keys %by),
   '+90 555 123 45 67 | Eve@Example.com | Gül Sokak 12', 'who stands on it');
is($by{'Eve@Example.com'}{why}, 'May', 'and why');
is($by{'Gül Sokak 12'}{why}, undef, 'which need not be said');
like($by{'Gül Sokak 12'}{by}, qr/./, 'who put it there');

my @paged;
my $cursor = '';

for (1 .. 5) {
    my $page = $t->api(GET => "/lists/watch?limit=1&cursor=$cursor")->json;
    push @paged, @{ $page->{entries} };
    $cursor = $page->{next} // last;
}

is_deeply(\@paged, $list->{entries}, 'page by page it is the same');

# ---- sent again, meanwhile, and by whom ----

is(change({ add => [ { customer => 'Eve@Example.com', why => 'May' } ] })
       ->json->{status}, 'unchanged', 'the same again');
is(change({})->json->{status}, 'unchanged', 'nothing');
is(change({ add => [ { customer => 'a@example.com' } ] }, 'If-Match' => '"9"')
       ->status, 412, 'of another revision');
my @key = ('Idempotency-Key' => 'once');
my $add = { add => [ { customer => 'once@example.com' } ] };
is(change($add, @key)->json->{revision}, 2, 'with a key');
is(change({ remove => [ { customer => 'once@example.com' } ] })
       ->json->{revision}, 3, 'taken off');
$res = change($add, @key);
is($res->json->{revision}, 2, 'the key has the first answer');
is($res->header('idempotent-replay'), 'true', 'and says so');
is(change({ add => [ { customer => 'two@example.com' } ] }, @key)->status, 409,
   'and no other question') or diag($res->body);
is(status(email => 'once@example.com'), 'approved', 'nobody was put back');

$res = change({ remove => [ { id => $by{'Gül Sokak 12'}{id} } ] });
is($res->json->{status}, 'changed', 'taken off by its id');
is(status(email => 'x@example.com', street => 'Gül Sokak 12'), 'approved',
   'it holds at once');

my @as = (headers => [ 'X-Actor' => 'x', 'X-Roles' => 'read',
                       'Content-Type' => 'application/json' ]);
is($t->request(GET => '/api/v1/lists/watch', @as)->status, 200, 'read');
is($t->request(PATCH => '/api/v1/lists/watch', @as, body => '{}')->status, 403,
   'is not change');
$as[1][3] = 'approve';
is($t->request(GET => '/api/v1/lists', @as)->status, 403, 'nor the reverse');
is($t->request(PATCH => '/api/v1/lists/watch', @as, body => '{}')->status, 200,
   'as it is told');

# ---- mistakes ----

my $faults = change({ add => [ { customer => 'no@' }, 'x', { why => 'y' },
                               { customer => 'a b c d e f g h i' },
                               { customer => 'ok@example.com', note => 1 } ],
                      remove => [ {}, { id => 'zz' },
                                  { id => '0' x 22, customer => 'a@b.de' } ],
                      put => [] });
is($faults->status, 400, 'mistakes');
is(join(' ', sort map { $_->{pointer} } @{ $faults->json->{errors} }),
   join(' ', sort qw(/add/0/customer /add/1 /add/2/customer /add/3/customer
                     /add/4/note /put /remove/0 /remove/1/id /remove/2)),
   'each where it is') or diag($faults->body);
is($t->api(GET => '/lists/watch')->json->{revision}, 4, 'and nothing done');
is(change({ add => [ map { { customer => "p$_\@example.com" } } 1 .. 201 ] })
       ->json->{errors}[0]{pointer}, '/add', 'too many at once');
is(change({ add => [ map { { customer => "p$_\@example.com" } } 1 .. 200 ] })
       ->json->{revision}, 5, 'as many as may be');
is($t->api(GET => '/lists')->json->{lists}[2]{entries}, 202, 'counted');
is($t->api(GET => '/lists/watch?cursor=../x')->json->{errors}[0]{pointer},
   '?cursor', 'a cursor of nobody\'s');
is($t->api(GET => '/lists/old')->status, 404, 'a list of a file alone');
is($t->api(PATCH => '/lists/none', {})->status, 404, 'none');
is($t->api(PATCH => '/lists', {})->status, 405, 'all of them');
is($t->api(PUT => '/lists/watch', {})->status, 405, 'PUT');
is($t->api(POST => '/lists/watch', {})->header('allow'), 'GET, HEAD, PATCH',
   'which is told');

# ---- nobody is in events, logs, or the store's bytes ----

my $events = $t->api(GET => '/events?after=0&limit=1000')->body;
my ($event) = grep { $_->{type} eq 'list.changed' }
              map { $json->decode($_) } split /\n/, $events;
is($event->{data}{list}, 'watch', 'an event');
is(scalar @{ $event->{data}{added} }, 3, 'of three');
is_deeply([ keys %{ $event->{data}{added}[0] } ], [ 'id' ], 'that names nobody');
unlike($events, qr/once\@|eve\@example|123 45 67/i, 'in clear');

# ---- who asks what is known of her, and to be forgotten ----

my $cx = CXR::Test::cx();
my $at = "--store $t->{store} --keys $t->{keys} "
         . "--shop $dir/shops/kahve-gurusu.json";
my $known = $json->decode(scalar `$cx person export $at eve\@example.com`);
is_deeply([ map { [ $_->{list}, $_->{customer}, $_->{why} ] }
            @{ $known->{lists} } ], [ [ 'watch', 'Eve@Example.com', 'May' ] ],
          'exported');
my $said = `$cx person erase $at --open --by=staff:ayse eve\@example.com 2>&1`;
is($?, 0, 'erased') or diag($said);
like($said, qr/the list watch: an entry is removed/, 'off the list');
$said = `$cx person erase $at --by=staff:ayse p7\@example.com 2>&1`;
is($?, 0, 'who never ordered, too') or diag($said);
is(status(email => 'eve@example.com'), 'approved', 'it holds at once');
is($t->api(GET => '/lists')->json->{lists}[2]{entries}, 200, 'two less');

# ---- the journal ----

my @logs = glob("$dir/*.log");
ok(@logs > 0, 'there are logs');
unlike(join('', map { CXR::Test::slurp($_) } @logs),
       qr/once\@example|p7\@example/, 'nobody in them');
$t->journal_ok;
$t->finish;
my $bytes = CXR::Test::slurp("$t->{store}/data.mdb");
unlike($bytes, qr/once\@example|p8\@example|P8\@EXAMPLE/,
       'nor in the store\'s bytes');
$said = `$cx rebuild --store $t->{store} --into $dir/anew --keys $t->{keys} 2>&1`;
is($?, 0, 'rebuilt, byte for byte') or diag($said);

done_testing;

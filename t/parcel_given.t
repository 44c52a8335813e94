#!/usr/bin/perl
# A stranger names a parcel first.  The shop gives it to the one whose it is, at
# the desk and over the API: what hung on it goes along, both histories say so.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP;
use Test::More;

use CXR::Test;

my $t = CXR::Test->new(shop => { 'policy.release' =>
    { refund => 'delivered' } })->start;
my @staff = $t->staff_headers;
my $now = time;

sub ask {
    my ($order) = @_;
    $t->delivered_order($order, 1);
    my $res = $t->api(POST => '/rmas', { order => $order, locale => 'en',
        lines => [ { line => '1', quantity => 1, reason => 'changed_mind',
                     outcome => 'refund' } ] });
    is($res->status, 201, "$order: asked") or diag($res->body);
    return $res->json->{rma}{id};
}

sub rma { return $t->api(GET => "/rmas/$_[0]")->json->{rma} }

sub send_form {
    my ($page, @headers) = @_;
    my ($f) = grep { ($_->{action} // '') =~ m{/parcel$} }
              $t->get($page, @headers)->forms;
    return $f;
}

sub events {
    my ($type) = @_;
    return grep { $_->{type} eq $type } map { decode_json($_) }
           grep { length }
           split /\n/, $t->api(GET => '/events?after=0&limit=1000')->body;
}

my ($true, $stranger) = map { ask($_) } 'KG-1', 'KG-2';
my $page = $t->link_path('rma', rma => $stranger);
is($t->submit(send_form($page), { carrier => 'yurtici',
   number => '910000000001' })->status, 303, 'the stranger names the number');
$t->feed('yurtici', CXR::Test::yurtici('910000000001',
    [ $now - 500, 'Kargo teslim alındı' ], [ $now - 300, 'Teslim edildi' ]));
is(rma($stranger)->{lines}[0]{parcel}, 'delivered', 'which shows there');
is(rma($stranger)->{lines}[0]{settlement}, 'owed', 'and releases nothing');

# she whose it is cannot, and learns nothing of it

my $hers = $t->link_path('rma', rma => $true);
my $res = $t->submit(send_form($hers), { carrier => 'yurtici',
    number => '910000000001', take => 1, reason => 'it is mine' });
is($res->status, 409, 'the owner is refused');
unlike($res->text, qr/\Q$stranger\E|name="take"/, 'and is told of nobody');

# the desk: refused, offered, reason wanted, done

my $desk = "/en/staff/rma/$true";
my $form = send_form($desk, @staff);
ok(!(grep { $_->[0] eq 'take' } @{ $form->{fields} }),
   'nothing is offered before it is needed');
sub desk_send {
    my ($said) = @_;
    return $t->submit($form, { carrier => 'yurtici',
                               number => '910000000001', %$said }, @staff);
}
$res = desk_send({});
is($res->status, 409, 'the desk is refused at first');
like($res->text, qr/name="take" value="1"/, 'and offered to take it');
is($res->text =~ /value="910000000001"/, 1, 'what was typed is there');
$res = desk_send({ take => 1, reason => " \x{200b} " });
is($res->status, 409, 'not without a reason');
like($res->text, qr/id="take-reason-error"/, 'which is said there');
is(desk_send({ take => 1, reason => 'x' x 501 })->status, 422,
   'nor with one too long');
is(desk_send({ take => 1, reason => 'Fişi gördüm' })->status, 303, 'taken');

my $now_hers = rma($true);
is($now_hers->{parcels}[0]{number}, '910000000001', 'it is hers');
is($now_hers->{lines}[0]{settlement}, 'released', 'and what waited for it goes');
my $theirs = rma($stranger);
is(scalar @{ $theirs->{parcels} }, 0, 'the stranger has it no more');
is($theirs->{lines}[0]{parcel}, 'label_issued', 'nor what it showed');
is($theirs->{status}, 'approved', 'her return waits for its parcel again');
my ($given) = events('rma.parcel_given');
is($given->{data}{rma}, $stranger, 'the journal tells whose it was');
is($given->{data}{other}, $true, 'whose it is');
is($given->{data}{reason}, 'Fişi gördüm', 'and why');
like($t->get("/en/staff/rma/$stranger", @staff)->text, qr/Fişi gördüm/,
     'the desk reads it in her history');
like($t->get("/en/staff/rma/$true", @staff)->text, qr/Fişi gördüm/,
     'and in the other\'s');
like($t->get("/en$page" =~ s{^/en/en}{/en}r)->text,
     qr/belongs to another return/, 'the shopper reads what became of it');
unlike($t->get($page)->text, qr/Fişi gördüm|\Q$true\E/, '... and no more');

# what the carrier says from now on follows the true one alone

$t->feed('yurtici', CXR::Test::yurtici('910000000001',
    [ $now - 500, 'Kargo teslim alındı' ], [ $now - 300, 'Teslim edildi' ],
    [ $now - 100, 'Teslim edildi' ]));
is(rma($stranger)->{revision}, $theirs->{revision},
   'the other hears of it no more');

# the API: back only where nothing was released by the shop's own word

$res = $t->api(POST => "/rmas/$stranger/parcel", { carrier => 'yurtici',
    number => '910000000001', take => JSON::PP::true, reason => 'no' });
is($res->status, 409, 'not from where money follows it');
like($res->json->{type}, qr/parcel_relied_on/, 'is told');
is($t->api(POST => "/rmas/$true/fail", { reason => 'wrong parcel' })->status,
   200, 'once that is stopped');
$res = $t->api(POST => "/rmas/$stranger/parcel", { carrier => 'yurtici',
    number => '910000000001', take => JSON::PP::true, reason => 'yes' });
is($res->status, 200, 'it goes') or diag($res->body);
is($res->json->{rma}{lines}[0]{settlement}, 'released', 'and releases there');
is(scalar @{ rma($true)->{parcels} }, 0, 'and is gone here');
is($t->api(POST => "/rmas/$true/parcel", { carrier => 'yurtici',
   number => '920000000001', take => JSON::PP::true })->status, 200,
   'nobody\'s number needs no reason');
is($t->request(POST => "/api/v1/rmas/$true/parcel",
   headers => [ 'X-Actor' => 'x', 'X-Roles' => 'read settle',
                'Content-Type' => 'application/json' ],
   body => '{"carrier":"yurtici","number":"910000000001","take":true,'
           . '"reason":"x"}')->status, 403, 'who may not name one takes none');

$t->journal_ok;
is(system(CXR::Test::cx() . " rebuild --store $t->{store} --into $t->{dir}/anew "
          . "--keys $t->{keys} >/dev/null"), 0, 'all of it comes out again');
$t->finish;
done_testing();

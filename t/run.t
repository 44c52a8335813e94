#!/usr/bin/perl
# scripts/run: the demo comes up with all its facts, a second run is quick and
# keeps the data, Ctrl-C ends it, and no demo.env is left that nobody answers.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Temp ();
use MIME::Base64 qw(encode_base64);
use POSIX qw(_exit setsid WNOHANG);
use Test::More;

use CXR::HTTP;
use CXR::Test;

my $root = CXR::Test::root();
my $dir = File::Temp->newdir('cxr-run-XXXXXX', TMPDIR => 1);
my $port = CXR::Test::free_port();
my $pid;

sub run {
    $pid = fork // die "fork: $!\n";

    if ($pid == 0) {
        setsid();
        $SIG{INT} = 'DEFAULT';
        open STDOUT, '>', "$dir/out";
        open STDERR, '>&', \*STDOUT;
        $ENV{CX_DIR} = "$dir/var";
        $ENV{CX_PORT} = $port;
        { exec "$root/scripts/run" }
        _exit(127);
    }
}

sub until_up {
    my $until = time + 300;
    while (time < $until) {
        return 1 if -e "$dir/var/demo.env";
        if (waitpid($pid, WNOHANG) == $pid) {
            $pid = 0;
            return 0;
        }
        select undef, undef, undef, 0.05;
    }
    return 0;
}

sub end {
    my ($signal) = @_;
    kill $signal, -$pid;
    my $until = time + 20;
    while (time < $until) {
        return $? if waitpid($pid, WNOHANG) == $pid;
        select undef, undef, undef, 0.05;
    }
    kill 'KILL', -$pid;
    return -1;
}

sub facts {
    my %f = CXR::Test::slurp("$dir/var/demo.env") =~ /^(\w+)='([^']*)'$/mg;
    return %f;
}

sub get {
    my ($url, @h) = @_;
    $url =~ s{^http://127\.0\.0\.1:$port}{} or return undef;
    my $c = CXR::HTTP->new($port) or return undef;
    return $c->request(GET => $url, headers => [ Connection => 'close', @h ]);
}

run();
ok(until_up(), 'it comes up') or do {
    diag(CXR::Test::slurp("$dir/out"));
    done_testing;
    exit;
};

my %f = facts();
is(join(' ', sort keys %f), 'CX_EMAIL CX_LANGUAGES CX_ORDER CX_STAFF_PASSWORD '
   . 'CX_STAFF_USER CX_TRACK_LINK CX_URL', 'demo.env tells all');
my @auth = (Authorization => 'Basic '
            . encode_base64("$f{CX_STAFF_USER}:$f{CX_STAFF_PASSWORD}", ''));

is(get("$f{CX_URL}/")->header('location'), '/returns/', 'the root leads on');
is(get("$f{CX_URL}/returns/")->status, 200, 'the portal');
is(get($f{CX_TRACK_LINK})->status, 200, 'the tracking link');
is(get("$f{CX_URL}/staff/")->status, 401, 'the desk asks who');
is(get("$f{CX_URL}/staff/", @auth)->status, 200, 'and knows the password');
is(get("$f{CX_URL}/api/v1/orders/KG-1020", @auth)->status, 200, 'the API');
is(get("$f{CX_URL}/assets/demo/cup.svg")->status, 200, 'a picture');
is(get("$f{CX_URL}/metrics")->status, 200, 'metrics');
is(get("$f{CX_URL}/templates/error.html")->status, 404, 'no template as it is');

{
    my $c = CXR::HTTP->new($port);
    my ($form) = $c->request(GET => '/returns/')->forms;
    my $r = $c->request(POST => $form->{action}, headers => [
        'Content-Type' => 'application/x-www-form-urlencoded' ],
        body => CXR::Test::encode_form([ number => $f{CX_ORDER} ],
                                       [ proof => $f{CX_EMAIL} ]));
    is($r->status, 303, 'the order to try is found');
    like($c->request(GET => $r->header('location'))->body,
         qr/type="checkbox"/, 'and can be returned');
}

{
    # more than the buffer holds and no length: it goes through a file, which
    # the workers must be able to make

    my $c = CXR::HTTP->new($port);
    $c->write("POST /returns/lookup HTTP/1.1\r\nHost: x\r\n"
              . "Connection: close\r\nTransfer-Encoding: chunked\r\n"
              . "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
              . sprintf("%x\r\n%s\r\n", 50_000, 'a' x 50_000) x 6
              . "0\r\n\r\n");
    is($c->response('POST')->status, 413, 'a form of 300 kB is too large');
}

my $orders = 0;
for my $n (1001 .. 1040) {
    $orders++ if get("$f{CX_URL}/api/v1/orders/KG-$n", @auth)->status == 200;
}
is($orders, 40, 'forty orders');
my $events = get("$f{CX_URL}/api/v1/events?limit=1000", @auth)->body;

my $log = CXR::Test::slurp("$dir/var/access.log");
unlike($log, qr/v4\.local/, 'no token in the access log');
like(CXR::Test::slurp("$dir/out"), qr/KG-1001.*\Q$f{CX_STAFF_PASSWORD}\E/s,
     'it says where to go');

is(end('INT'), 0, 'Ctrl-C ends it well');
ok(!-e "$dir/var/demo.env", 'and its demo.env');
ok(!CXR::HTTP->new($port), 'nobody answers');

my $start = time;
run();
ok(until_up(), 'it comes up again');
cmp_ok(time - $start, '<=', 60, 'in seconds');
my %g = facts();
is($g{CX_STAFF_PASSWORD}, $f{CX_STAFF_PASSWORD}, 'with the same password');
is(get("$f{CX_URL}/api/v1/events?limit=1000", @auth)->body, $events,
   'and the same data');
is(get($f{CX_TRACK_LINK})->status, 200, 'links hold on');
is(end('TERM'), 0, 'TERM ends it well, too');

done_testing;

END { kill 'KILL', -$pid if $pid && kill 0, $pid }

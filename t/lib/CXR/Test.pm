package CXR::Test;

# Starts a real nginx with the module for a test, in a directory of its own,
# and talks to it.  Core Perl alone.
#
#   my $t = CXR::Test->new(workers => 2)->start;
#   my $res = $t->get('/healthz');
#   $t->finish;                  # stops nginx, looks at error.log, plan
#
# The environment is that of nginx's own tests:
#
#   TEST_NGINX_BINARY        nginx; default: /usr/sbin/nginx
#   TEST_NGINX_MODULES       where ngx_cx_returns_module.so is; default:
#                            build/nginx (build/nginx-knobs with knobs => 1)
#   TEST_NGINX_GLOBALS       put into the main context of the configuration
#   TEST_NGINX_GLOBALS_HTTP  put into the http block
#   TEST_NGINX_LEAVE         leave the directory behind, and say where
#   TEST_NGINX_CATLOG        print error.log at the end
#   TEST_NGINX_VERBOSE       print requests and answers
#   TEST_CX_RETURNS          the command; default: build/release/cx-returns

use strict;
use warnings;
use utf8;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp ();
use IO::Socket::INET;
use JSON::PP;
use POSIX qw(WNOHANG _exit);
use Test::More ();
use Time::HiRes qw(time);

use CXR::HTTP;

use constant {
    UP_TIMEOUT   => 60,
    DOWN_TIMEOUT => 60,
    FIRST_PORT   => 20000,
    PORTS        => 12000,
};

my $root = abs_path(dirname(__FILE__) . '/../../..');
my $owner = $$;
my @live;

# an end of any kind passes END, which stops nginx

$SIG{PIPE} = 'IGNORE';
$SIG{$_} = sub { exit 130 } for qw(INT TERM HUP);

for my $out (Test::More->builder->output, Test::More->builder->failure_output,
             Test::More->builder->todo_output)
{
    binmode $out, ':utf8';
}

our $json = JSON::PP->new->utf8->canonical;

sub root { return $root }
sub cx { return $ENV{TEST_CX_RETURNS} // "$root/build/release/cx-returns" }

sub new {
    my ($class, %o) = @_;

    my $self = bless {
        workers => 1, map_size => '64m', conf => '', http => '', server => '',
        store_args => '', knobs => 0, env => {}, shop => {}, edit => undef,
        keys => undef, store => undef, faketime => undef,
        portal => '', feed => '', api => '', log_ok => undef,
        %o,
    }, $class;

    $self->{dir} = File::Temp->newdir(
        'cxr-XXXXXXXX', TMPDIR => 1, CLEANUP => !$ENV{TEST_NGINX_LEAVE});
    chmod 0700, $self->{dir};
    Test::More::diag("directory: $self->{dir}") if $ENV{TEST_NGINX_LEAVE};

    make_path("$self->{dir}/tmp", "$self->{dir}/shops");

    $self->{keys} //= "$self->{dir}/keys";
    $self->{store} //= "$self->{dir}/store";

    system(cx() . " keys create $self->{keys} >/dev/null") == 0
        || die "cx-returns keys create failed\n"
        if !-e $self->{keys};

    $self->write_shop;
    push @live, $self;

    return $self;
}

sub dir { return "$_[0]{dir}" }

sub module {
    my ($self) = @_;
    my $dir = $ENV{TEST_NGINX_MODULES}
              && !$self->{knobs} ? $ENV{TEST_NGINX_MODULES}
            : $self->{knobs} ? "$root/build/nginx-knobs" : "$root/build/nginx";
    return "$dir/ngx_cx_returns_module.so";
}

sub binary { return $ENV{TEST_NGINX_BINARY} // '/usr/sbin/nginx' }

# The shop's file with what the test changes in it.

sub write_shop {
    my ($self) = @_;
    my $shop = $json->decode(slurp("$root/conf/shops/kahve-gurusu.json"));

    # the copy stands elsewhere, and paths are from where it stands

    s{^\.\./}{$root/conf/} for @{ $shop->{policy}{laws} };
    s{^}{$root/conf/shops/} for $shop->{label}{logo};

    for my $k (keys %{ $self->{shop} }) {
        if (!defined $self->{shop}{$k}) {
            delete $_->{$k =~ s/^policy\.//r}
                for $k =~ /^policy\./ ? $shop->{policy} : $shop;
        } elsif ($k =~ /^policy\.(.+)/) {
            $shop->{policy}{$1} = $self->{shop}{$k};
        } else {
            $shop->{$k} = $self->{shop}{$k};
        }
    }

    spew("$self->{dir}/shops/kahve-gurusu.json", $json->encode($shop));
}

sub slurp {
    my ($path) = @_;
    open my $f, '<:raw', $path or die "$path: $!\n";
    local $/;
    return scalar <$f>;
}

sub spew {
    my ($path, $bytes) = @_;
    open my $f, '>:raw', $path or die "$path: $!\n";
    print $f $bytes;
    close $f or die "$path: $!\n";
}

# None of those that the kernel gives to whoever connects somewhere: one of them
# might have it when nginx comes up.  Tests that run at once begin apart.

my $last_port;

sub free_port {
    for (1 .. PORTS) {
        $last_port = ($last_port // $$ * 16) % PORTS + 1;
        return FIRST_PORT + $last_port
            if IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1',
                                     LocalPort => FIRST_PORT + $last_port,
                                     ReuseAddr => 1);
    }

    die "no free port: $!\n";
}

sub port {
    my ($self) = @_;
    return $self->{port} //= free_port();
}

sub conf {
    my ($self) = @_;
    my $dir = $self->{dir};
    my $port = $self->port;
    my $user = $> == 0 ? 'user root;' : '';
    my $globals = $ENV{TEST_NGINX_GLOBALS} // '';
    my $globals_http = $ENV{TEST_NGINX_GLOBALS_HTTP} // '';
    my $env = join "", map { "env $_=$self->{env}{$_};\n" }
                       sort keys %{ $self->{env} };
    my $module = $self->module;

    my $conf = <<"END";
load_module $module;
$user
$globals
$env
daemon off;
worker_processes $self->{workers};
pid $dir/nginx.pid;
error_log $dir/error.log info;
thread_pool cx_returns threads=3 max_queue=256;
thread_pool cx_feeds threads=2 max_queue=256;
$self->{conf}

events {
    worker_connections 512;
}

http {
    $globals_http
    access_log $dir/access.log;
    client_body_temp_path $dir/tmp/body;
    proxy_temp_path $dir/tmp/proxy;
    fastcgi_temp_path $dir/tmp/fastcgi;
    uwsgi_temp_path $dir/tmp/uwsgi;
    scgi_temp_path $dir/tmp/scgi;
    absolute_redirect off;
    lingering_close off;

    cx_returns_store $self->{store} map_size=$self->{map_size} $self->{store_args};
    cx_returns_keys $self->{keys};
    cx_returns_html $root/html;
    cx_returns_carriers $root/conf/carriers;
    cx_returns_thread_pool cx_returns nice=2;
    cx_returns_feed_pool cx_feeds nice=5;
    $self->{http}

    cx_returns_actor \$http_x_actor;
    cx_returns_roles \$http_x_roles;

    server {
        listen 127.0.0.1:$port;
        cx_returns_shop $dir/shops/kahve-gurusu.json;
        cx_returns_lookup_rate 100000r/m;
        cx_returns_lookup_order_rate 100000r/h;
        client_body_buffer_size 128k;
        error_page 400 403 404 405 412 413 414 497 500 502 503 504 /cx-error;
        error_page 494 =431 /cx-error;
        $self->{server}

        location /returns/ { cx_returns portal; $self->{portal} }
        location /tr/returns/ { cx_returns portal; $self->{portal} }
        location /en/returns/ { cx_returns portal; $self->{portal} }
        location /track/ { cx_returns track; }
        location /tr/track/ { cx_returns track; }
        location /en/track/ { cx_returns track; }
        location /staff/ { cx_returns staff; }
        location /tr/staff/ { cx_returns staff; }
        location /en/staff/ { cx_returns staff; }
        location = /api/v1/openapi.json {
            types { } default_type application/json;
            alias $root/html/openapi.json;
        }
        location /api/v1/ {
            cx_returns api;
            client_body_buffer_size 1m;
            client_max_body_size 0;
            $self->{api}
        }
        location /feeds/ {
            cx_returns feed;
            client_max_body_size 0;
            $self->{feed}
        }
        location /assets/ { cx_returns assets; }
        location /.well-known/ { cx_returns keys; }
        location = /cx-error {
            internal; cx_returns error; client_max_body_size 0;
        }
        location = /metrics { cx_returns metrics; }
        location = /healthz { cx_returns health; }
    }
}
END
    $conf = $self->{edit}->($conf) if $self->{edit};

    return $conf;
}

sub write_conf {
    my ($self, $conf) = @_;
    $conf //= $self->conf;
    utf8::encode($conf) if utf8::is_utf8($conf);
    spew("$self->{dir}/nginx.conf", $conf);
}

# nginx -t: (0 or its exit code, what it said)

# nginx -t: its exit code, what it says; behind another command, if one is given.

sub check {
    my ($self, $conf, @behind) = @_;
    $self->write_conf($conf);

    my @cmd = (@behind, binary(), '-p', $self->{dir}, '-e', 'stderr', '-c',
               "$self->{dir}/nginx.conf", '-t');
    my $out = `@cmd 2>&1`;

    return ($? >> 8 || $?, $out);
}

sub start {
    my ($self) = @_;

    $self->write_conf;
    unlink "$self->{dir}/nginx.pid";

    my $pid = fork // die "fork: $!\n";

    if ($pid == 0) {
        $SIG{PIPE} = 'DEFAULT';
        open STDOUT, '>>', "$self->{dir}/stdout";
        open STDERR, '>>', "$self->{dir}/stdout";
        if ($self->{faketime}) {
            $ENV{LD_PRELOAD} = (glob '/usr/lib/*/faketime/libfaketime.so.1')[0]
                // die "the package faketime is missing\n";
            $ENV{FAKETIME} = $self->{faketime};
            $ENV{FAKETIME_DONT_FAKE_MONOTONIC} = 1;
        }

        { exec binary(), '-p', $self->{dir}, '-e', "$self->{dir}/error.log",
            '-c', "$self->{dir}/nginx.conf" }
        _exit(127);
    }

    $self->{pid} = $pid;

    $self->wait_for(UP_TIMEOUT, sub {
        if (waitpid($pid, WNOHANG) == $pid) {
            $self->{pid} = undef;
            die "nginx did not start:\n"
                . slurp("$self->{dir}/stdout")
                . (-e "$self->{dir}/error.log" ? $self->log : '');
        }
        return -s "$self->{dir}/nginx.pid" && $self->answers;
    }) or die "nginx does not answer:\n" . $self->log;

    return $self;
}

sub answers {
    my ($self) = @_;
    my $c = CXR::HTTP->new($self->port, timeout => 5) or return 0;
    my $r = $c->request(GET => '/healthz');
    return defined $r;
}

# Graceful, or with a signal of the caller's; true when it ended in time.

sub stop {
    my ($self, $signal) = @_;
    my $pid = $self->{pid} or return 1;

    kill $signal // 'QUIT', $pid;

    my $gone = $self->wait_for(DOWN_TIMEOUT, sub {
        return waitpid($pid, WNOHANG) == $pid;
    });

    if (!$gone) {
        kill 'KILL', $pid, $self->workers;
        waitpid $pid, 0;
    }

    $self->{pid} = undef;

    return $gone;
}

# Everything at once, as when the power goes: master first, so that nobody
# starts a worker anew.

sub kill_all {
    my ($self) = @_;
    my @workers = $self->workers;

    kill 'KILL', $self->{pid}, @workers;
    waitpid $self->{pid}, 0;
    $self->wait_for(DOWN_TIMEOUT,
                    sub { return !grep { alive($_) } @workers });
    $self->{pid} = undef;
}

sub alive {
    my ($pid) = @_;
    open my $f, '<', "/proc/$pid/stat" or return 0;
    my $stat = <$f> // '';
    return $stat !~ /^\d+ \(.*\) [ZX]/;
}

sub workers {
    my ($self) = @_;
    my $pid = $self->{pid} or return;
    my @w;

    opendir my $d, '/proc' or die "/proc: $!\n";

    for my $p (grep { /^\d+$/ } readdir $d) {
        open my $f, '<', "/proc/$p/stat" or next;
        my $stat = <$f> // next;
        push @w, $p if $stat =~ /^\d+ \(.*\) (\S) (\d+)/ && $2 == $pid
                       && $1 ne 'Z';
    }

    @w = sort { $a <=> $b } @w;

    return @w;
}

# A reload is over when the old workers are gone and the new ones are there.

sub reload {
    my ($self, %o) = @_;
    my %old = map { $_ => 1 } $self->workers;

    $self->write_conf if !$o{keep};
    kill 'HUP', $self->{pid};

    return $self->wait_for($o{timeout} // UP_TIMEOUT, sub {
        my @now = $self->workers;
        return @now >= $self->{workers} && !grep { $old{$_} } @now;
    });
}

# The only waiting there is: until something holds, or too long.

sub wait_for {
    my ($self, $timeout, $cond) = @_;
    my $until = time + $timeout;

    for (;;) {
        return 1 if $cond->();
        return 0 if time > $until;
        select undef, undef, undef, 0.01;
    }
}

# ---- requests ----

# Sends so many requests, and comes back when nginx has them all in hand.

sub begun {
    my ($self, $n, $send) = @_;
    my $have = sub { $self->metric('cx_returns_requests_total') };
    my $was = $have->();

    $send->();

    return $self->wait_for(UP_TIMEOUT, sub { $have->() >= $was + $n })
        || die "nginx has not begun what was asked for\n";
}

sub conn {
    my ($self, %o) = @_;
    return CXR::HTTP->new($self->port, %o)
        // die "cannot connect to nginx: $!\n";
}

sub request {
    my ($self, $method, $path, %o) = @_;
    my $c = $self->conn;
    my @h = (Connection => 'close', @{ $o{headers} // [] });

    my $res = $c->request($method, $path, %o, headers => \@h)
        // CXR::HTTP::Response->new(0, {}, '');
    $c->close;

    if ($ENV{TEST_NGINX_VERBOSE}) {
        Test::More::diag("$method $path -> $res->{status}\n"
                         . substr($res->{body}, 0, 2000));
    }

    return $res;
}

sub get {
    my ($self, $path, @headers) = @_;
    return $self->request(GET => $path, headers => \@headers);
}

# The same over a connection that is kept, and made anew when nginx has closed
# it: for thousands of requests.

sub again {
    my ($self, $method, $path, %o) = @_;

    for (1 .. 2) {
        my $c = $self->{kept} // $self->conn;
        my $res = $c->request($method, $path, %o);
        $self->{kept} = $res && ($res->header('connection') // '') ne 'close'
                        ? $c : undef;
        return $res if $res;
    }

    return CXR::HTTP::Response->new(0, {}, '');
}

use constant ALL_ROLES => 'read approve receive settle orders feed:*';

sub staff_headers {
    return ('X-Actor' => 'tester', 'X-Roles' => ALL_ROLES);
}

sub api {
    my ($self, $method, $path, $data, @headers) = @_;
    my $body = !defined $data ? undef
             : ref $data ? $json->encode($data) : $data;

    return $self->request($method, "/api/v1$path",
        headers => [ staff_headers(),
                     defined $body ? ('Content-Type' => 'application/json')
                                   : (),
                     @headers ],
        body => $body);
}

sub form {
    my ($self, $path, $fields, @headers) = @_;
    return $self->request(POST => $path,
        headers => [ 'Content-Type' => 'application/x-www-form-urlencoded',
                     @headers ],
        body => encode_form(ref $fields eq 'HASH'
                            ? map { [ $_, $fields->{$_} ] }
                                  sort keys %$fields
                            : @$fields));
}

sub feed {
    my ($self, $carrier, $xml, @headers) = @_;
    utf8::encode($xml) if !ref $xml && utf8::is_utf8($xml);
    my %given = @headers;

    return $self->request(POST => "/feeds/$carrier",
        headers => [ 'X-Actor' => 'feeder', 'X-Roles' => "feed:$carrier",
                     'Content-Type' => $given{'Content-Type'}
                                       // 'application/xml',
                     grep { !/^Content-Type$/ && $_ ne ($given{'Content-Type'} // '') }
                     @headers ],
        body => $xml);
}

sub encode_form {
    return join '&', map {
        my ($k, $v) = @$_;
        join '=', map { uri($_) } $k, $v // ''
    } @_;
}

sub uri {
    my ($s) = @_;
    utf8::encode($s) if utf8::is_utf8($s);
    $s =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ge;
    return $s;
}

# Sends a form that CXR::HTTP::Response::forms() found, with other values: a
# name that the form has not is added, undef takes a field away.

sub submit {
    my ($self, $form, $set, @headers) = @_;
    my %set = %{ $set // {} };
    my @fields;

    for my $f (@{ $form->{fields} }) {
        if (exists $set{ $f->[0] }) {
            my $v = delete $set{ $f->[0] };
            push @fields, [ $f->[0], $v ] if defined $v;

        } else {
            push @fields, $f;
        }
    }

    push @fields, map { [ $_, $set{$_} ] } grep { defined $set{$_} }
                  sort keys %set;

    return $form->{method} eq 'GET'
           ? $self->get("$form->{action}?" . encode_form(@fields), @headers)
           : $self->form($form->{action}, \@fields, @headers);
}

# An order whose parcel arrived so many days ago, through both doors.

sub delivered_order {
    my ($self, $number, $days, %o) = @_;
    my $digits = $number =~ s{\D}{}gr || 0;
    my $parcel = sprintf '7%011d', $digits;

    my $res = $self->put_order($number,
        placed_at => iso(time - ($days + 3) * 86400),
        shipments => [ { carrier => 'yurtici', number => $parcel } ], %o);
    die "order $number: $res->{status} $res->{body}\n"
        if $res->{status} !~ /^20[01]$/;

    $res = $self->feed('yurtici', yurtici($parcel,
        [ time - ($days + 2) * 86400, 'Kargo teslim alındı' ],
        [ time - $days * 86400 - 3600, 'Teslim edildi' ]));
    die "feed of $number: $res->{status} $res->{body}\n"
        if $res->{status} != 200;

    return $parcel;
}

# A link of the API as a path.

sub link_path {
    my ($self, $purpose, %o) = @_;
    my $res = $self->api(POST => '/links', { purpose => $purpose, %o });
    die "link: $res->{status} $res->{body}\n" if $res->{status} != 201;
    (my $path = $res->json->{url}) =~ s{^https?://[^/]+}{};
    return $path;
}

# The value of a metric, with its labels as they stand: 'name{carrier="ups"}'

sub metric {
    my ($self, $name) = @_;
    my $body = $self->get('/metrics')->body;
    return $body =~ /^\Q$name\E (\S+)$/m ? $1 : undef;
}

# ---- data ----

# An order delivered (by its feed) or not; the smallest the portal works with.

sub order {
    my ($number, %o) = @_;
    my $lines = delete $o{lines} // [
        { line => '1', sku => 'ETH-250', title => 'Etiyopya', variant => '250 g',
          quantity => 2, unit_price => 42000, discount => 0, tax => 7636,
          product => 'ETH' },
        { line => '2', sku => 'CUP-W', title => 'Fincan', quantity => 1,
          unit_price => 56000, tax => 5090, product => 'CUP' },
    ];

    return {
        number => $number,
        placed_at => iso(time - 86400),
        currency => 'TRY', locale => 'tr',
        person => { name => 'Ayşe Yılmaz', email => "ayse\@example.com",
                    phone => '+905550000000' },
        ship_to => { country => 'TR', postcode => '34394',
                     city => 'İstanbul' },
        lines => $lines, shipments => [], %o,
    };
}

sub put_order {
    my ($self, $number, %o) = @_;
    return $self->api(PUT => "/orders/$number", order($number, %o));
}

sub iso {
    return POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime(int $_[0]));
}

# A Yurtiçi reply with one parcel: [epoch, text] events, oldest first.

sub yurtici {
    my ($number, @events) = @_;
    my $rec = '';
    my ($done, $items) = (0, '');

    for my $e (@events) {
        my ($time, $text) = @$e;
        my ($d, $h) = split ' ', POSIX::strftime('%Y%m%d %H%M%S',
                                                 gmtime($time + 3 * 3600));
        $done ||= $text eq 'Teslim edildi';
        $items .= "<invDocCargoVOArray><unitName>ŞUBE</unitName>"
            . "<eventName>$text</eventName><eventDate>$d</eventDate>"
            . "<eventTime>$h</eventTime><cityName>İstanbul</cityName>"
            . "</invDocCargoVOArray>";
    }

    return '<?xml version="1.0" encoding="UTF-8"?><ShippingDeliveryVO>'
        . '<outFlag>0</outFlag><shippingDeliveryDetailVO>'
        . "<operationStatus>" . ($done ? 'DLV' : 'IND') . "</operationStatus>"
        . "<shippingDeliveryItemDetailVO><docId>$number</docId>$items"
        . "</shippingDeliveryItemDetailVO></shippingDeliveryDetailVO>"
        . '</ShippingDeliveryVO>';
}

# ---- what it said, and the end ----

sub log {
    my ($self) = @_;
    return '' if !-e "$self->{dir}/error.log";
    my $text = slurp("$self->{dir}/error.log");
    utf8::decode($text);
    return $text;
}

# Lines that no test may leave behind.

sub complaints {
    my ($self) = @_;
    my $ok = $self->{log_ok};

    return grep {
        (/\[(?:alert|emerg)\]/ || /Sanitizer|runtime error:/)
        && !($ok && /$ok/)
    } split /\n/, $self->log;
}

sub journal_ok {
    my ($self, $name) = @_;
    my $out = join '', map { decode($_) } `@{[ cx() ]} journal verify --store $self->{store} 2>&1`;
    return Test::More::is($?, 0, $name // 'the journal verifies')
        || Test::More::diag($out);
}

sub decode {
    my ($s) = @_;
    utf8::decode($s);
    return $s;
}

sub finish {
    my ($self) = @_;

    Test::More::ok($self->stop, 'nginx stops gracefully') if $self->{pid};
    Test::More::is(join("\n", $self->complaints), '',
                   'nothing alarming in error.log');
    Test::More::diag($self->log) if $ENV{TEST_NGINX_CATLOG};

    @live = grep { $_ != $self } @live;

    return 1;
}

END {
    if ($$ == $owner) {
        my $status = $?;
        for my $t (@live) {
            $t->stop('TERM') if $t->{pid};
        }
        $? = $status;
    }
}

1;

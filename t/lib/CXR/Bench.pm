package CXR::Bench;

# What scripts/bench measures with: one nginx worker on one core, the load on
# the other, processor time from /proc.  Core Perl alone.

use strict;
use warnings;
use utf8;

use Exporter 'import';
use IO::Socket::INET;
use JSON::PP;
use POSIX ();
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(median run_output wrk slurp spew);

use constant {
    UP_SECONDS   => 30,
    DOWN_SECONDS => 60,
    OTHERS       => 0.12,       # of the processors: more, and a run is disturbed
    TICK         => 1e6 / POSIX::sysconf(&POSIX::_SC_CLK_TCK),  # microseconds
};

my $json = JSON::PP->new->utf8->canonical;

sub slurp {
    my ($path) = @_;
    open my $f, '<:raw', $path or die "bench: $path: $!\n";
    local $/;
    return scalar <$f>;
}

sub spew {
    my ($path, @bytes) = @_;
    open my $f, '>:raw', $path or die "bench: $path: $!\n";
    print $f @bytes or die "bench: $path: $!\n";
    close $f or die "bench: $path: $!\n";
}

sub median {
    my @v = sort { $a <=> $b } @_;
    die "bench: a median of nothing\n" if !@v;
    return @v % 2 ? $v[ $#v / 2 ] : ($v[ @v / 2 - 1 ] + $v[ @v / 2 ]) / 2;
}

sub run_output {
    my (@cmd) = @_;

    open my $out, '-|', @cmd or die "bench: $cmd[0]: $!\n";
    local $/;
    my $text = <$out> // '';
    close $out or die "bench: @cmd: exit status " . ($? >> 8) . "\n$text";

    return $text;
}

# ---- a server ----

# dir, root, module, port; then start(directives of the http block, environment)

sub new {
    my ($class, %o) = @_;
    return bless { pid => 0, %o }, $class;
}

sub conf {
    my ($self, $http) = @_;
    my ($dir, $root) = @$self{qw(dir root)};
    my $user = $> == 0 ? 'user root;' : '';
    my $carriers = $self->{carriers} // "$root/conf/carriers";

    return <<"END";
load_module $self->{module};
$user
worker_processes 1;
daemon off;
pid $dir/nginx.pid;
error_log $dir/error.log warn;
thread_pool cx_returns threads=4 max_queue=1024;
thread_pool cx_feeds threads=2 max_queue=1024;

events {
    worker_connections 1024;
}

http {
    default_type text/html;
    charset utf-8;
    sendfile on;
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 600s;
    client_body_temp_path $dir/tmp/body;
    proxy_temp_path $dir/tmp/proxy;
    fastcgi_temp_path $dir/tmp/fastcgi;
    uwsgi_temp_path $dir/tmp/uwsgi;
    scgi_temp_path $dir/tmp/scgi;

    cx_returns_store $dir/store map_size=32g;
    cx_returns_keys $dir/keys;
    cx_returns_html $root/html;
    cx_returns_carriers $carriers;
    cx_returns_thread_pool cx_returns nice=5;
    cx_returns_feed_pool cx_feeds nice=10;
    cx_returns_actor \$http_x_actor;
    cx_returns_roles \$http_x_roles;
    $http

    server {
        listen 127.0.0.1:$self->{port} backlog=1024;
        cx_returns_shop $dir/shops/kahve-gurusu.json;
        client_body_buffer_size 128k;
        cx_returns_gzip on;

        location /static/ { alias $dir/static/; }
        location /track/  { cx_returns track; }
        location /returns/ { cx_returns portal; }
        location /assets/ { cx_returns assets; }
        location /staff/ { cx_returns staff; }
        location /api/v1/ {
            cx_returns api;
            client_max_body_size 0;
            cx_returns_bulk_lines 1000000;
        }
        location /feeds/ {
            cx_returns feed;
            client_max_body_size 0;
        }
        location = /metrics { cx_returns metrics; }
        location = /healthz { cx_returns health; }
    }

    # the same pages through nginx's own filter
    server {
        listen 127.0.0.1:$self->{port};
        server_name filter.example;
        cx_returns_shop $dir/shops/kahve-gurusu.json;
        cx_returns_gzip off;
        gzip on;
        gzip_comp_level 1;

        location /track/  { cx_returns track; }
    }
}
END
}

sub start {
    my ($self, $http, %env) = @_;
    my $dir = $self->{dir};
    my $conf = $self->conf($http // '');

    utf8::encode($conf);
    spew("$dir/nginx.conf", $conf);
    mkdir "$dir/tmp";
    mkdir "$dir/static";
    unlink "$dir/nginx.pid";

    my $pid = fork // die "bench: fork: $!\n";

    if ($pid == 0) {
        $ENV{$_} = $env{$_} for keys %env;
        POSIX::setsid();
        exec 'taskset', '-c', $self->{core} // 0, $self->{binary}, '-p', $dir,
             '-e', "$dir/error.log", '-c', "$dir/nginx.conf"
            or POSIX::_exit(127);
    }

    $self->{pid} = $pid;

    for (1 .. UP_SECONDS * 20) {
        if (waitpid($pid, POSIX::WNOHANG()) == $pid) {
            $self->{pid} = 0;
            die "bench: nginx ended:\n" . $self->log_tail;
        }

        if ($self->request('GET', '/healthz')->{status} == 200) {
            ($self->{worker}) = $self->children;
            return $self;
        }

        sleep 0.05;
    }

    die "bench: nginx does not answer:\n" . $self->log_tail;
}

sub log_tail {
    my ($self) = @_;
    my @lines = -e "$self->{dir}/error.log"
                ? split /\n/, slurp("$self->{dir}/error.log") : ();
    return join "\n", @lines[ @lines > 10 ? -10 : 0 .. -1 ], '' if @lines > 10;
    return join "\n", @lines, '';
}

sub stop {
    my ($self) = @_;
    my $pid = $self->{pid} or return;

    $self->{pid} = 0;
    kill 'TERM', $pid;

    for (1 .. DOWN_SECONDS * 20) {
        return if waitpid($pid, POSIX::WNOHANG()) == $pid;
        sleep 0.05;
    }

    kill 'KILL', $pid;
    waitpid $pid, 0;
    die "bench: nginx did not stop\n";
}

sub url { return "http://127.0.0.1:$_[0]{port}" }

# A small request of our own: status, headers' text, body.

sub request {
    my ($self, $method, $path, %headers) = @_;
    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                  PeerPort => $self->{port}, Timeout => 5)
        or return { status => 0, body => '' };

    print $s "$method $path HTTP/1.0\r\nHost: bench.example\r\n",
             (map { "$_: $headers{$_}\r\n" } sort keys %headers), "\r\n";

    local $/;
    my $text = <$s> // '';
    my ($head, $body) = split /\r\n\r\n/, $text, 2;

    return {
        status => ($head // '') =~ m{^HTTP/\S+ (\d+)} ? $1 : 0,
        head => $head, body => $body // '',
    };
}

sub metric {
    my ($self, $name) = @_;
    my $text = $self->request('GET', '/metrics')->{body};
    my ($value) = $text =~ /^\Q$name\E ([0-9.e+]+)$/m
        or die "bench: no metric $name\n";
    return $value;
}

sub children {
    my ($self) = @_;
    my $pid = $self->{pid};
    return split ' ', slurp("/proc/$pid/task/$pid/children");
}

# Microseconds of processor time of all of nginx's processes, threads included.

sub cpu {
    my ($self) = @_;
    my $ticks = 0;

    for my $pid ($self->{pid}, $self->children) {
        my $stat = slurp("/proc/$pid/stat");
        $stat =~ s/^.*\) //s;
        my @f = split ' ', $stat;
        $ticks += $f[11] + $f[12];
    }

    return $ticks * TICK;
}

# Microseconds of processor time: what we and all that we started used, and what
# the machine did in all, time taken by other virtual machines included.

sub ours {
    my ($self) = @_;
    my $sum = 0;
    $sum += $_ for times;
    return $sum * 1e6 + ($self->{pid} ? $self->cpu : 0);
}

sub machine {
    my ($cpu) = slurp('/proc/stat') =~ /^cpu +(.*)$/m;
    my ($user, $nice, $system, $idle, $iowait, $irq, $softirq, $steal)
        = split ' ', $cpu;
    return ($user + $nice + $system + $irq + $softirq + $steal) * TICK;
}

# Runs code, which measures and returns a hash, until "rounds" runs were not
# disturbed, or three times as often; returns those disturbed least.  Each gets
# "others": the part of the processors that others used meanwhile.

sub rounds {
    my ($self, $rounds, $code) = @_;
    my ($cores) = run_output('nproc', '--all') =~ /(\d+)/;
    my @r;

    while (@r < 3 * $rounds
           && (grep { $_->{others} <= OTHERS } @r) < $rounds)
    {
        my ($ours, $all, $at) = ($self->ours, machine(), time);
        my $r = $code->();

        $r->{others} = (machine() - $all - $self->ours + $ours)
                       / 1e6 / $cores / (time - $at);
        $r->{others} = 0 if $r->{others} < 0;

        printf STDERR "others used %.0f %%%s\n", 100 * $r->{others},
            $r->{others} > OTHERS ? ': disturbed' : '';
        push @r, $r;
    }

    @r = sort { $a->{others} <=> $b->{others} } @r;

    return @r[ 0 .. $rounds - 1 ];
}

# Kilobytes of anonymous memory of the worker.

sub rss_anon {
    my ($self) = @_;
    return slurp("/proc/$self->{worker}/status") =~ /^RssAnon:\s+(\d+) kB/m
           ? $1 : die "bench: no RssAnon\n";
}

# ---- load ----

# One run of wrk on the other core: its figures, and what they cost the server.
# script, args => [], connections, seconds; for get.lua pause (milliseconds),
# encoding (Accept-Encoding), host

sub wrk {
    my ($self, %o) = @_;
    my $before = $self->cpu;
    my $at = time;

    local $ENV{CX_PAUSE} = $o{pause} // 0;
    local $ENV{CX_ENCODING} = $o{encoding} // '';
    local $ENV{CX_HOST} = $o{host} // 'bench.example';

    my $text = run_output('taskset', '-c', $self->{load_core} // 1, 'wrk',
                          '-t1', "-c$o{connections}", "-d$o{seconds}s",
                          '--timeout', '30s', '-s', $o{script},
                          $self->url . '/', '--', @{ $o{args} });
    my $cpu = $self->cpu - $before;

    my ($line) = $text =~ /^BENCH (.*)$/m or die "bench: wrk said:\n$text";
    my $r = $json->decode($line);

    die "bench: $r->{bad} of $r->{requests} requests failed:\n"
        . $self->log_tail if $r->{bad} || !$r->{requests};

    return {
        %$r,
        rps => $r->{requests} * 1e6 / $r->{usec},
        cpu_us => $cpu / $r->{requests},
        busy => $cpu / 1e6 / (time - $at),
        p50_ms => $r->{p50} / 1000, p99_ms => $r->{p99} / 1000,
    };
}

# Starts something beside; returns a handle for wait_for().

sub beside {
    my ($self, $code) = @_;

    pipe my $in, my $out or die "bench: pipe: $!\n";
    my $pid = fork // die "bench: fork: $!\n";

    if ($pid == 0) {
        close $in;
        my $result = eval { $code->() };
        print $out $json->encode($result // { error => "$@" });
        close $out;
        POSIX::_exit(0);
    }

    close $out;
    return { pid => $pid, in => $in };
}

sub wait_for {
    my ($self, $h) = @_;
    local $/;
    my $text = readline $h->{in};

    waitpid $h->{pid}, 0;

    my $r = $json->decode($text || '{"error":"it ended"}');
    die $r->{error} if exists $r->{error};

    return $r;
}

# POSTs a file (or "-", what a command writes) and returns the answer.

sub post {
    my ($self, $path, $type, $from, $save) = @_;
    my $at = time;

    my @curl = ('taskset', '-c', $self->{load_core} // 1, 'curl', '-sS',
                '-X', 'POST', '-T', ref $from ? '-' : $from,
                '-H', "Content-Type: $type", '-H', 'X-Actor: bench',
                '-H', 'X-Roles: orders feed:*', '-H', 'Expect:',
                '-o', $save, '-w', '%{http_code}', $self->url . $path);

    my $status;

    if (ref $from) {
        my ($cmd) = join ' ', map { "'$_'" } @$from;
        my ($curl) = join ' ', map { "'$_'" } @curl;
        $status = run_output('/bin/sh', '-c', "$cmd | $curl");

    } else {
        $status = run_output(@curl);
    }

    return { status => $status, seconds => time - $at };
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $@);
    eval { $self->stop };
}

1;

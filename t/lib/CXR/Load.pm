package CXR::Load;

# Clients in processes of their own that create RMAs and send feeds for as
# long as they are let, and write down what was acknowledged.
#
#   my $load = CXR::Load->start(port => ..., dir => ..., clients => [ sub ... ]);
#   $load->stop;
#
# A client is a sub that gets a CXR::Load::Client and does one thing; it is
# called again and again.

use strict;
use warnings;

use POSIX qw(_exit);
use Time::HiRes ();

use CXR::HTTP;

sub start {
    my ($class, %o) = @_;
    my $self = bless { pids => [], dir => $o{dir} }, $class;
    my $n = 0;

    for my $code (@{ $o{clients} }) {
        my $i = $n++;
        my $pid = fork // die "fork: $!\n";

        if ($pid == 0) {
            my $ended = 0;
            my $parent = getppid;
            local $SIG{TERM} = sub { $ended = 1 };
            srand $i + 1;
            my $c = CXR::Load::Client->new($i, \$ended, %o);
            my $ok = eval {
                while (!$ended && getppid == $parent) {
                    $code->($c) or last;
                }
                1;
            };
            $c->note("died $@") if !$ok;
            close $c->{log};
            _exit($ok ? 0 : 1);
        }

        push @{ $self->{pids} }, $pid;
    }

    return $self;
}

# Each finishes what it began; returns how many ended badly.

sub stop {
    my ($self) = @_;
    my $bad = 0;

    kill 'TERM', @{ $self->{pids} };

    for my $pid (@{ $self->{pids} }) {
        waitpid $pid, 0;
        $bad++ if $?;
    }

    return $bad;
}

# What the clients noted: [kind, words...]

sub notes {
    my ($self) = @_;
    my @notes;

    for my $file (sort glob "$self->{dir}/client-*") {
        open my $f, '<', $file or die "$file: $!\n";
        while (my $line = <$f>) {
            chomp $line;
            push @notes, [ split / /, $line ];
        }
    }

    return @notes;
}


package CXR::Load::Client;

sub new {
    my ($class, $i, $ended, %o) = @_;
    open my $log, '>', "$o{dir}/client-$i" or die "client-$i: $!\n";
    $log->autoflush(1);
    return bless { i => $i, n => 0, log => $log, port => $o{port},
                   ended => $ended, keep => $o{keep} // 1 }, $class;
}

sub note {
    my ($self, @words) = @_;
    print { $self->{log} } "@words\n";
}

# One request, once: the answer or undef.

sub once {
    my ($self, @request) = @_;
    my $c = $self->{conn};

    if (!$c) {
        $c = CXR::HTTP->new($self->{port}, timeout => 20) or return undef;
    }

    my $res = $c->request(@request);

    if ($res && $self->{keep}
        && ($res->header('connection') // '') ne 'close')
    {
        $self->{conn} = $c;

    } else {
        $c->close;
        $self->{conn} = undef;
    }

    return $res;
}

# The same again until it is answered by what is no 5xx: what a client does
# whose reply was lost.  It carries its idempotency with it.

sub until_answered {
    my ($self, @request) = @_;
    my $until = Time::HiRes::time() + 60;

    while (Time::HiRes::time() < $until && getppid != 1) {
        my $res = $self->once(@request);
        return $res if $res && $res->status < 500;
        $self->{retries}++;
        select undef, undef, undef, 0.01 + rand 0.02;
    }

    die "no answer for a minute\n";
}

1;

package CXR::HTTP;

# A small HTTP/1.1 client on a raw socket: keep-alive, chunked bodies in pieces
# of any size and pace, half requests, and the connection that breaks.

use strict;
use warnings;

use Errno ();
use IO::Socket::INET;
use Socket qw(IPPROTO_TCP TCP_NODELAY SOL_SOCKET SO_LINGER);
use Time::HiRes qw(time);

use constant TIMEOUT => 30;

sub new {
    my ($class, $port, %o) = @_;
    my $sock;

    do {
        $sock = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                      PeerPort => $port, Proto => 'tcp');
    } while (!$sock && $!{EINTR});

    return undef if !$sock;

    setsockopt($sock, IPPROTO_TCP, TCP_NODELAY, 1);
    $sock->autoflush(1);

    return bless {
        sock => $sock, buf => '', port => $port,
        timeout => $o{timeout} // TIMEOUT,
    }, $class;
}

sub socket { return $_[0]{sock} }

sub close {
    my ($self) = @_;
    CORE::close($self->{sock}) if $self->{sock};
    $self->{sock} = undef;
}

# RST instead of FIN: what a client looks like that crashed

sub abort {
    my ($self) = @_;
    setsockopt($self->{sock}, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0));
    $self->close;
}

sub write {
    my ($self, $bytes) = @_;
    my $off = 0;

    local $SIG{PIPE} = 'IGNORE';

    while ($off < length $bytes) {
        my $n = syswrite $self->{sock}, $bytes, length($bytes) - $off, $off;
        next if !defined $n && $!{EINTR};
        return 0 if !defined $n;
        $off += $n;
    }

    return 1;
}

sub fill {
    my ($self) = @_;
    my $until = time + $self->{timeout};

    # a signal is not an end of the connection

    for (;;) {
        my $rin = '';
        vec($rin, fileno($self->{sock}), 1) = 1;

        my $ready = select $rin, undef, undef, $until - time;
        next if $ready < 0 && $!{EINTR};
        return 0 if $ready < 1;

        my $n = sysread $self->{sock}, $self->{buf}, 65536,
                        length $self->{buf};
        next if !defined $n && $!{EINTR};
        return $n ? 1 : 0;
    }
}

sub take {
    my ($self, $n) = @_;
    while (length $self->{buf} < $n) {
        return undef if !$self->fill;
    }
    return substr $self->{buf}, 0, $n, '';
}

sub line {
    my ($self) = @_;
    my $at;
    while (($at = index $self->{buf}, "\r\n") < 0) {
        return undef if !$self->fill;
    }
    my $line = substr $self->{buf}, 0, $at + 2, '';
    return substr $line, 0, $at;
}

# The head of a request; the body is the caller's.

sub head {
    my ($method, $path, @headers) = @_;
    my $h = "$method $path HTTP/1.1\r\n";
    my %seen;

    while (@headers) {
        my ($k, $v) = splice @headers, 0, 2;
        next if !defined $v;
        $seen{ lc $k } = 1;
        $h .= "$k: $v\r\n";
    }

    $h .= "Host: localhost\r\n" if !$seen{host};

    return "$h\r\n";
}

# body: a string, or a list of strings, each sent as one chunk.

sub request {
    my ($self, $method, $path, %o) = @_;
    my @headers = @{ $o{headers} // [] };
    my $body = $o{body};

    if (ref $body) {
        push @headers, 'Transfer-Encoding' => 'chunked';

    } elsif (defined $body) {
        push @headers, 'Content-Length' => length $body;
    }

    my $bytes = head($method, $path, @headers);

    if (ref $body) {
        $self->write($bytes);
        for my $piece (@$body) {
            next if $piece eq '';
            last if !$self->write(sprintf "%x\r\n%s\r\n", length $piece,
                                  $piece);
        }
        $self->write("0\r\n\r\n");

    } else {
        $self->write($bytes . ($body // ''));
    }

    return $self->response($method eq 'HEAD');
}

# The next answer, or undef when the connection ended without a whole one.

sub response {
    my ($self, $head_only) = @_;
    my (%h, $status, $line);

    {
        $line = $self->line;
        return undef if !defined $line;
        ($status) = $line =~ m{^HTTP/1\.[01] (\d{3})};
        return undef if !$status;
        %h = ();

        while (defined($line = $self->line) && $line ne '') {
            my ($k, $v) = $line =~ /^([^:]+):\s*(.*)$/ or return undef;
            $k = lc $k;
            $h{$k} = exists $h{$k} ? "$h{$k}, $v" : $v;
        }

        return undef if !defined $line;
        redo if $status == 100;
    }

    my $body = '';

    if ($head_only || $status == 204 || $status == 304) {

    } elsif (($h{'transfer-encoding'} // '') eq 'chunked') {
        for (;;) {
            $line = $self->line;
            return undef if !defined $line || $line !~ /^([0-9a-fA-F]+)/;
            my $n = hex $1;
            my $piece = $self->take($n + 2);
            return undef if !defined $piece;
            last if $n == 0;
            $body .= substr $piece, 0, $n;
        }

    } elsif (defined $h{'content-length'}) {
        $body = $self->take($h{'content-length'});
        return undef if !defined $body;

    } else {
        1 while $self->fill;
        $body = $self->{buf};
        $self->{buf} = '';
    }

    return CXR::HTTP::Response->new($status, \%h, $body);
}


package CXR::HTTP::Response;

use JSON::PP;

sub new {
    my ($class, $status, $headers, $body) = @_;
    return bless { status => $status, headers => $headers, body => $body },
        $class;
}

sub status { return $_[0]{status} }
sub body { return $_[0]{body} }
sub header { return $_[0]{headers}{ lc $_[1] } }

# undef when it is no JSON

sub json {
    my ($self) = @_;
    return eval { JSON::PP->new->utf8->decode($self->{body}) };
}

sub text {
    my ($self) = @_;
    my $text = $self->{body};
    utf8::decode($text);
    return $text;
}

# Forms of a page: { method, action, fields => [[name, value], ...] }.  What a
# browser would send without any typing: checked boxes, the selected option or
# the first, buttons only by name in "buttons".

sub forms {
    my ($self) = @_;
    my $html = $self->text;
    my @forms;

    while ($html =~ m{<form\b([^>]*)>(.*?)</form>}gs) {
        my ($open, $inner) = ($1, $2);
        my %form = (method => uc(attr($open, 'method') // 'GET'),
                    action => attr($open, 'action') // '',
                    fields => [], buttons => [], html => $inner);

        while ($inner =~ m{<input\b([^>]*)>
                          |<select\b([^>]*)>(.*?)</select>
                          |<textarea\b([^>]*)>(.*?)</textarea>
                          |<button\b([^>]*)>}gsx)
        {
            my ($input, $select, $options, $area, $typed, $button)
                = ($1, $2, $3, $4, $5, $6);

            if (defined $input) {
                my $name = attr($input, 'name');
                my $type = lc(attr($input, 'type') // 'text');
                next if !defined $name || $input =~ /\sdisabled\b/;
                next if $type =~ /^(?:checkbox|radio)$/
                        && $input !~ /\schecked\b/;
                next if $type =~ /^(?:submit|image|button)$/;
                push @{ $form{fields} },
                    [ $name, attr($input, 'value')
                             // ($type =~ /^(?:checkbox|radio)$/ ? 'on' : '') ];

            } elsif (defined $select) {
                my $name = attr($select, 'name');
                next if !defined $name;
                my @o;
                while ($options =~ m{<option\b([^>]*)>([^<]*)}gs) {
                    push @o, [ $1, attr($1, 'value') // unescape($2) ];
                }
                my ($o) = grep { $_->[0] =~ /\sselected\b/ } @o;
                $o //= $o[0];
                push @{ $form{fields} }, [ $name, $o->[1] ] if $o;

            } elsif (defined $area) {
                my $name = attr($area, 'name');
                $typed =~ s/^\r?\n//;
                push @{ $form{fields} }, [ $name, unescape($typed) ]
                    if defined $name;

            } elsif (defined $button) {
                my $name = attr($button, 'name');
                push @{ $form{buttons} },
                    [ $name, attr($button, 'value') // '' ] if defined $name;
                my $to = attr($button, 'formaction');
                push @{ $form{formactions} }, $to if defined $to;
            }
        }

        push @forms, \%form;
    }

    return @forms;
}

sub links {
    my ($self) = @_;
    my $html = $self->text;
    my @links;
    push @links, attr($1, 'href') while $html =~ /<a\b([^>]*)>/g;
    return grep { defined } @links;
}

sub attr {
    my ($text, $name) = @_;
    return unescape($2) if $text =~ /(?:^|\s)\Q$name\E\s*=\s*(["'])(.*?)\1/s;
    return $1 if $text =~ /(?:^|\s)\Q$name\E\s*=\s*([^\s"'>]+)/;
    return $text =~ /(?:^|\s)\Q$name\E(?=\s|$)/ ? '' : undef;
}

sub unescape {
    my ($s) = @_;
    $s =~ s/&lt;/</g;
    $s =~ s/&gt;/>/g;
    $s =~ s/&quot;/"/g;
    $s =~ s/&#x([0-9a-fA-F]+);/chr hex $1/ge;
    $s =~ s/&#(\d+);/chr $1/ge;
    $s =~ s/&amp;/&/g;
    return $s;
}

1;

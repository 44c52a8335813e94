package CXR::ZPL;

# A label printer that takes ZPL II as our labels use it: one graphic for each
# label, in ASCII hexadecimal with the alternative data compression scheme of
# the ZPL II Programming Guide.  A command that it does not know dies, so that
# nothing gets by it that a test has not looked at.

use strict;
use warnings;

my %plain = map { $_ => 1 } qw(CI LH LS PO PQ FS);

# The labels in it: { width, height, rows => [ bits as bytes of '0' and '1' ] }

sub labels {
    my ($zpl) = @_;
    my (@labels, $label);

    die "ZPL is ASCII alone\n" if $zpl =~ /[^\x20-\x7e\n]/;
    die "a control of the printer\n" if $zpl =~ /~/;

    for my $field (split /\^/, $zpl =~ s/\n//gr) {
        next if $field eq '';
        my ($name, $args) = $field =~ /^([A-Z]{2})(.*)$/
            or die "no command: " . substr($field, 0, 20) . "\n";

        if ($name eq 'XA') {
            $label = { x => 0, y => 0, rows => [] };
        } elsif ($name eq 'XZ') {
            push @labels, $label;
            undef $label;
        } elsif (!$label) {
            die "^$name outside a label\n";
        } elsif ($name eq 'PW') {
            $label->{width} = $args;
        } elsif ($name eq 'LL') {
            $label->{height} = $args;
        } elsif ($name eq 'FO') {
            @$label{qw(x y)} = split /,/, $args;
        } elsif ($name eq 'GF') {
            graphic($label, $args);
        } elsif (!$plain{$name}) {
            die "^$name is not known\n";
        }
    }

    die "a label without its end\n" if $label;
    return @labels;
}

sub graphic {
    my ($label, $args) = @_;
    my ($format, $bytes, $count, $wide, $data)
        = $args =~ /^(A),(\d+),(\d+),(\d+),(.*)$/ or die "^GF: bad head\n";

    die "^GF: $bytes bytes, $count in the field\n" if $bytes != $count;
    die "the graphic is not at 0,0\n" if $label->{x} || $label->{y};

    my ($row, $times, @rows) = ('', 0);
    my $done = sub {
        die "^GF: a row of " . length($row) . " digits\n"
            if length $row != 2 * $wide;
        push @rows, $row;
        $row = '';
    };

    for my $c (split //, $data) {
        if ($c =~ /[G-Y]/) {
            $times += ord($c) - ord('F');
        } elsif ($c =~ /[g-z]/) {
            $times += 20 * (ord($c) - ord('f'));
        } elsif ($c =~ /[0-9A-F]/) {
            $row .= $c x ($times || 1);
            $times = 0;
            $done->() if length $row >= 2 * $wide;
        } elsif ($c eq ',') {
            $row .= '0' x (2 * $wide - length $row);
            $done->();
        } elsif ($c eq ':') {
            die "^GF: a row again, in the middle of one\n" if length $row;
            die "^GF: no row before the first\n" if !@rows;
            push @rows, $rows[-1];
        } else {
            die "^GF: \"$c\"\n";
        }
    }

    die "^GF: a row is not whole\n" if length $row || $times;
    die '^GF: ' . @rows . " rows of $wide bytes are not $count\n"
        if @rows * $wide != $count;
    $label->{rows} = [ map { pack 'H*', $_ } @rows ];
    $label->{bytes} = $wide;
}

# As a head that is too hot prints it ("dark": what is black grows by a dot to
# the right and below), or one that is too cold ("light": it shrinks by one),
# with dirt: one dot in 300 is what it should not be.

sub worn {
    my ($label, $how) = @_;
    my @rows = map { unpack 'B*', $_ } @{ $label->{rows} };
    my $white = '0' x length $rows[0];
    my $seed = 1;
    my @worn;

    for my $y (0 .. $#rows) {
        my $above = $y ? $rows[$y - 1] : $white;
        my $beside = '0' . substr $rows[$y], 0, -1;
        my $row = $how eq 'dark' ? $rows[$y] | $above | $beside
                                 : $rows[$y] & $above & $beside;

        for (1 .. length($row) / 300) {
            $seed = ($seed * 1103515245 + 12345) % 2 ** 31;
            my $x = $seed % length $row;
            substr($row, $x, 1) = 1 - substr $row, $x, 1;
        }

        push @worn, pack 'B*', $row;
    }

    return { %$label, rows => \@worn };
}

# As a portable bitmap, with white around it as paper has.

sub pbm {
    my ($label) = @_;
    my $h = @{ $label->{rows} };

    return sprintf("P4\n%d %d\n", 8 * $label->{bytes}, $h)
        . join '', @{ $label->{rows} };
}

1;

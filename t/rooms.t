#!/usr/bin/perl
# The shape of the source: which room may use which, who includes whose
# headers, and how long files and functions may get.

use strict;
use warnings;

use FindBin;
use Test::More;

chdir "$FindBin::Bin/.." or die;

use constant {
    FILE     => 900,        # lines
    FUNCTION => 165,
};

my @rooms = qw(base domain sign store carrier page label photo);
my %may = (base => [], domain => [ 'base' ],
           sign => [ qw(base domain) ],
           store => [ qw(base domain sign) ],
           carrier => [ qw(base domain sign store) ],
           page => [ qw(base domain sign store carrier) ],
           label => [ qw(base domain sign store carrier page) ],
           photo => [ qw(base domain sign store carrier page label) ],
           nginx => \@rooms, cli => \@rooms);

# a library's headers and the only room that may include them

my %owner = (qr/^lmdb\.h$/ => 'store', qr/^libxml\// => 'carrier',
             qr/^sodium|^gcrypt|^openssl\// => 'sign', qr/^ngx_(?!cx_returns)/ => 'nginx',
             qr/^(?:jpeglib|jerror|png\.|webp|libheif)/ => 'photo',
             qr/^zint|^cairo|^ft2build/ => 'label', qr/^libdeflate/ => 'page', qr/^xxhash/ => 'carrier page');

my (%room, @files);

for my $room (sort keys %may) {
    for my $f (glob "ngx_cx_returns_module/$room/*.[ch]") {
        push @files, [ $room, $f ];
        (my $name = $f) =~ s{.*/}{};
        fail("$f: the name is used twice") if $room{$name} && $f =~ /\.h$/;
        $room{$name} = $room;
    }
}

cmp_ok(scalar @files, '>', 50, 'there are sources');

my (@include, @library, @names, @long, @functions, @style);

for my $e (@files) {
    my ($room, $f) = @$e;
    my $prefix = $room eq 'nginx' ? 'ngx_cx_returns' : 'cxr_';

    push @names, $f if $f !~ m{/\Q$prefix\E};

    open my $in, '<', $f or die "$f: $!\n";
    my ($n, $begin) = (0, 0);

    while (my $line = <$in>) {
        $n++;

        if ($line =~ /^\s*#\s*include\s*[<"]([^>"]+)[>"]/) {
            my $h = $1;
            my $from = $room{$h};

            if ($from && $from ne $room
                && !grep { $_ eq $from } @{ $may{$room} })
            {
                push @include, "$f:$n: $h of $from/";
            }

            for my $pattern (keys %owner) {
                push @library, "$f:$n: $h" if $h =~ $pattern
                    && !grep { $_ eq $room } split ' ', $owner{$pattern};
            }
        }

        $begin = $n if $line =~ /^\{$/;

        if ($line =~ /^\}$/ && $begin) {
            push @functions, "$f:$begin: " . ($n - $begin + 1) . ' lines'
                if $n - $begin > FUNCTION;
            $begin = 0;
        }

        push @style, "$f:$n: a tab" if $line =~ /\t/;
        push @style, "$f:$n: //" if $line =~ m{^\s*//};
    }

    push @long, "$f: $n lines" if $n > FILE;
}

is(join("\n", @include), '', 'rooms use only the rooms before them');
is(join("\n", @library), '', 'each library stays in its room');
is(join("\n", @names), '', 'names carry their prefix');
is(join("\n", @long), '', 'no file is longer than ' . FILE . ' lines');
is(join("\n", @functions), '', 'no function is longer than ' . FUNCTION . ' lines');
is(join("\n", @style), '', 'the style of comments and indents');

# the clock is read outside the domain

my @clock;
for my $f (glob 'ngx_cx_returns_module/domain/*.c') {
    open my $in, '<', $f or die "$f: $!\n";
    while (<$in>) {
        push @clock, "$f:$." if /\b(?:time|gettimeofday|clock_gettime|rand|random|getenv|fopen|open)\s*\(/
                                && !/^\s*\*|\/\*/;
    }
}
is(join("\n", @clock), '', 'the domain reads no clock, chance, or file');

done_testing;

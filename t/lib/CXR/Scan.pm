package CXR::Scan;

# What a reader that is not ours takes off a picture.
#
#   my $number = CXR::Scan::code('CODE-128', "$dir/label.png");
#
# It sweeps a picture line by line, so that specks and letters which happen to
# fall on one line like bars may be a code to it, once in some thousand pictures:
# a person's reader, too, beeps only at what several sweeps agree about.  The
# code that most sweeps saw is the one that is told.

use strict;
use warnings;

sub code {
    my ($symbology, $picture) = @_;
    my $xml = `zbarimg -q --xml '$picture' 2>/dev/null`;
    my ($best, $text) = (0, undef);

    while ($xml =~ m{<symbol\ type='(.*?)'\ quality='(\d+)'.*?>
                     <data><!\[CDATA\[(.*?)\]\]></data>}gsx)
    {
        next if $1 ne $symbology || $2 <= $best;
        ($best, $text) = ($2, $3);
    }

    return $text;
}

1;

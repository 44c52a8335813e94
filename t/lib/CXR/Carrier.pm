# A carrier of the tests' own: a small profile that can be mended while nginx
# runs, and documents of it.

package CXR::Carrier;

use strict;
use warnings;
use utf8;

use Exporter 'import';
use File::Path qw(make_path);
use POSIX ();

use CXR::Test;

our @EXPORT = qw(profile profiles document record);

# Writes <dir>/<carrier>.xml; "codes" are what its table maps to in_transit.

sub profile {
    my ($dir, $carrier, %o) = @_;
    my $maps = join '', map { qq{<map code="$_" status="in_transit"/>} }
                        @{ $o{codes} // [] };
    my $xml = <<"END";
<profile carrier="$carrier" name="Carrier \u$carrier" zone="UTC">
  <dates name="d"><date>yyyy-MM-dd'T'HH:mm:ss</date></dates>
  <table name="t" source="the test">
    <map code="OK" status="delivered"/>$maps
  </table>
  <format path="parcels">
    <record path="parcel">
      <number path="n"/>
      <events path="e" table="t">
        <code path="c"/><text path="x"/><time path="t" dates="d"/>
      </events>
    </record>
  </format>
</profile>
END
    utf8::encode($xml);
    CXR::Test::spew("$dir/$carrier.xml", $xml);
}

# Options for CXR::Test->new(): the profiles of a directory of one's own.

sub profiles {
    my ($dir, @carriers) = @_;
    make_path($dir);
    profile($dir, $_) for @carriers;

    return (edit => sub {
        my ($conf) = @_;
        $conf =~ s/cx_returns_carriers [^;]+;/cx_returns_carriers $dir;/;
        return $conf;
    });
}

sub record {
    my ($number, @events) = @_;
    my $at = int(time / 86400) * 86400 - 86400;
    my $i = 0;

    return "<parcel><n>$number</n>" . join('', map {
        my ($code, $text) = ref $_ ? @$_ : ($_, "text of $_");
        "<e><c>$code</c><x>$text</x><t>"
            . POSIX::strftime('%Y-%m-%dT%H:%M:%S', gmtime($at + 60 * $i++))
            . '</t></e>'
    } @events) . "</parcel>\n";
}

sub document {
    return '<?xml version="1.0" encoding="UTF-8"?>' . "\n<parcels>\n"
        . join('', @_) . "</parcels>\n";
}

1;

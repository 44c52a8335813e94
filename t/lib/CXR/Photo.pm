package CXR::Photo;

# Pictures, and forms that carry them.

use strict;
use warnings;
use utf8;

use Compress::Zlib qw(compress crc32);
use Exporter 'import';

our @EXPORT_OK = qw(png multipart submit_files);

sub chunk {
    my ($type, $data) = @_;
    return pack('N', length $data) . $type . $data
           . pack('N', crc32($type . $data));
}

# A PNG of one colour; with fewer rows than it says where they are given.

sub png {
    my ($w, $h, $rows, $colour) = @_;
    my $row = "\0" . (($colour // "\xc0\x40\x20") x $w);
    return "\x89PNG\r\n\x1a\n"
           . chunk('IHDR', pack 'NNCCCCC', $w, $h, 8, 2, 0, 0, 0)
           . chunk('tEXt', "Comment\0GPS 41.0082 28.9784")
           . chunk('IDAT', compress($row x ($rows // $h)))
           . chunk('IEND', '');
}

# [name, value] and [name, bytes, file name] as a body, with its type.

sub multipart {
    my @parts = map { [ @$_ ] } @_;
    my $b = 'x7d81fJ2';
    my $body = join '', map {
        utf8::encode($_->[1]) if utf8::is_utf8($_->[1]);
        "--$b\r\nContent-Disposition: form-data; name=\"$_->[0]\""
        . (defined $_->[2] ? "; filename=\"$_->[2]\"" : '')
        . "\r\n\r\n$_->[1]\r\n" } @parts;
    return ("multipart/form-data; boundary=$b", "$body--$b--\r\n");
}

# A form of a page as a browser sends it: "set" as CXR::Test's submit(), "files"
# are [name, bytes] each; "to" another address than its own (a formaction).

sub submit_files {
    my ($t, $form, $set, $files, $to) = @_;
    my %set = %{ $set // {} };
    my @fields;

    for my $f (@{ $form->{fields} }) {
        next if $f->[0] =~ /^photo\.?/;
        if (exists $set{ $f->[0] }) {
            my $v = delete $set{ $f->[0] };
            push @fields, [ $f->[0], $v ] if defined $v;
        } else {
            push @fields, $f;
        }
    }

    push @fields, map { [ $_, $set{$_} ] } grep { defined $set{$_} }
                  sort keys %set;
    my ($type, $body) = multipart(@fields,
        map { [ $_->[0], $_->[1], $_->[2] // 'foto.png' ] } @{ $files // [] });

    return $t->request(POST => $to // $form->{action},
                       headers => [ 'Content-Type' => $type ], body => $body);
}

1;

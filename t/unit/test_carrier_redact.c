
/*
 * No credential comes through, whatever the document is made of and however it
 * is cut; all else does.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cxr_buf.h"
#include "cxr_redact.h"

#define R  "REDACTED"

typedef struct {
    const char  *in;
    const char  *out;
} case_t;


static void
add(void *ctx, const void *data, size_t len)
{
    cxr_buf_add(ctx, data, len);
}


static void
redact(cxr_buf_t *out, const void *data, size_t len, bool form, size_t piece)
{
    size_t         at, n;
    cxr_redact_t  *r = malloc(sizeof(*r));

    cxr_buf_reset(out);
    cxr_redact_init(r, form, add, out);

    for (at = 0; at < len; at += n) {
        n = len - at < piece ? len - at : piece;
        cxr_redact_push(r, (const char *) data + at, n);
    }

    cxr_redact_end(r);
    free(r);
    assert_true(cxr_buf_ok(out));
}


static void
expect(const case_t *c, size_t n, bool form)
{
    size_t     i, piece;
    cxr_buf_t  out;

    cxr_buf_init(&out, 1 << 20);

    for (i = 0; i < n; i++) {
        for (piece = 1; piece < 9; piece++) {
            redact(&out, c[i].in, strlen(c[i].in), form, piece);

            if (!cxr_str_is(cxr_buf_str(&out), c[i].out)) {
                fail_msg("%s\n  gave %.*s\n  not  %s", c[i].in,
                         cxr_str_arg(cxr_buf_str(&out)), c[i].out);
            }
        }
    }

    cxr_buf_free(&out);
}


static void
test_markup(void **state)
{
    static const case_t  cases[] = {
        { "", "" },
        { "<a/>", "<a/>" },
        { "x", "x" },
        { "<a b='c'>d &amp; e &#65; &lt; f & g &toolong; h</a>",
          "<a b='c'>d &amp; e &#65; &lt; f & g &toolong; h</a>" },
        { "<a><!-- c --><?p i?><![CDATA[ x ]]></a>",
          "<a><!-- c --><?p i?><![CDATA[ x ]]></a>" },
        { "<password>s</password>t", "<password>" R "</password>t" },
        { "<n:wsPassword a='b' >s</n:wsPassword >t",
          "<n:wsPassword a='b' >" R "</n:wsPassword >t" },
        { "<x:Password>s</Password>", "<x:Password>" R "</Password>" },
        { "<Pwd></Pwd>t", "<Pwd>" R "</Pwd>t" },
        { "<Pwd/>t<Pwd />u", "<Pwd/>t<Pwd />u" },
        { "<pin>s\n s\n</pin>", "<pin>" R "\n\n</pin>" },
        { "<pin>a</pinx>s</pin>t", "<pin>" R "</pin>t" },
        { "<pin>a<pin2>s</pin2></pin>t", "<pin>" R "</pin>t" },
        { "<pin>a<b></c></pin>t", "<pin>" R "</pin>t" },
        { "<pin>a<</pin>t", "<pin>" R "</pin>t" },
        { "<pin><![CDATA[</pin>s]]></pin>t", "<pin>" R "</pin>t" },
        { "<pin><!-- s --></pin>t", "<pin>" R "</pin>t" },
        { "<pin>s", "<pin>" R },
        { "<a><pin>s</a>", "<a><pin>" R },
        { "<opinion>o</opinion><spin>o</spin>",
          "<opinion>o</opinion><spin>o</spin>" },
        { "<accessTokenX>s</accessTokenX>",
          "<accessTokenX>" R "</accessTokenX>" }
    };

    expect(cases, cxr_nelts(cases), false);
}


static void
test_attributes(void **state)
{
    static const case_t  cases[] = {
        { "<a password=\"s\" b='o'>o</a>",
          "<a password=\"" R "\" b='o'>o</a>" },
        { "<a n:Password = 's\"s' />o", "<a n:Password = '" R "' />o" },
        { "<a password=''>o", "<a password=''>o" },
        { "<a password=s b=o>o", "<a password=" R " b=o>o" },
        { "<a password=s>o", "<a password=" R ">o" },
        { "<a password='s<s>s'>o", "<a password='" R "'>o" },
        { "<a b='<pin>s</pin>'>", "<a b='<pin>" R "</pin>'>" },
        { "<p name='password'>s</p>o", "<p name='password'>" R "</p>o" },
        { "<p name='ok' value='o'>o</p>", "<p name='ok' value='o'>o</p>" },
        { "<p key=\"apiKey\" value=\"s\"/>o",
          "<p key=\"apiKey\" value=\"" R "\"/>o" },
        { "<a b='o' / >o", "<a b='o' / >o" },
        { "<a checked>o<pin>s</pin>", "<a checked>o<pin>" R "</pin>" },
        { "<a 'pin=x><pin>s</pin>", "<a 'pin=" R "><pin>" R "</pin>" }
    };

    expect(cases, cxr_nelts(cases), false);
}


static void
test_nested(void **state)
{
    static const case_t  cases[] = {
        { "<a>&lt;pin&gt;s&lt;/pin&gt;o</a>",
          "<a>&lt;pin&gt;" R "&lt;/pin&gt;o</a>" },
        { "<a>&lt;pin>s&lt;/pin>o</a>", "<a>&lt;pin>" R "&lt;/pin>o</a>" },
        { "<a>&#60;pin&#x3e;s&#60;/pin&#62;o</a>",
          "<a>&#60;pin&#x3e;" R "&#60;/pin&#62;o</a>" },
        { "<a>&lt;b pin=&quot;s&quot; c=\"o\"&gt;</a>",
          "<a>&lt;b pin=&quot;" R "&quot; c=\"o\"&gt;</a>" },
        { "<a>&lt;b pin=\"s\"&gt;</a>", "<a>&lt;b pin=\"" R "\"&gt;</a>" },
        { "<a><![CDATA[<pin>s</pin>o]]></a>",
          "<a><![CDATA[<pin>" R "</pin>o]]></a>" },
        { "<a>it's 5 &lt; 6 and 'so'</a><pin>s</pin>",
          "<a>it's 5 &lt; 6 and 'so'</a><pin>" R "</pin>" },
        { "<a b='&lt;c'/><d password='s'/>",
          "<a b='&lt;c'/><d password='" R "'/>" }
    };

    expect(cases, cxr_nelts(cases), false);
}


/* Text that holds escaped markup is over with the element around it. */
static void
test_nested_end(void **state)
{
    cxr_buf_t  out;

    static const char  in[] = "<a>&lt;pin&gt;geheim</a><b>shown</b>";

    cxr_buf_init(&out, 4096);
    redact(&out, in, sizeof(in) - 1, false, 1);
    assert_null(memmem(out.data, out.len, "geheim", 6));
    cxr_buf_free(&out);
}


static void
test_forms(void **state)
{
    static const case_t  cases[] = {
        { "a=b&c=d", "a=b&c=d" },
        { "UserName=s%20s&x=o", "UserName=" R "&x=o" },
        { "password=&x=o", "password=&x=o" },
        { "%70assword=s&x=o", "%70assword=" R "&x=o" },
        { "x=%3Cpin%3Es%3C%2Fpin%3Eo&pin=s",
          "x=%3Cpin%3E" R "%3C%2Fpin%3Eo&pin=" R },
        { "x=%3Cpin%3Es&y=o", "x=%3Cpin%3E" R "&y=o" },
        { "x=%26lt%3Bpin%26gt%3Bs%26lt%3B%2Fpin%26gt%3Bo",
          "x=%26lt%3Bpin%26gt%3B" R "%26lt%3B%2Fpin%26gt%3Bo" },
        { "x=%&y=%4&z=%zz&%", "x=%&y=%4&z=%zz&%" },
        { "password=%", "password=" R }
    };

    expect(cases, cxr_nelts(cases), true);
}


static size_t
widen(const char *in, char *out, bool big, bool bom)
{
    size_t  n = 0;

    if (bom) {
        out[n++] = (char) (big ? 0xfe : 0xff);
        out[n++] = (char) (big ? 0xff : 0xfe);
    }

    for ( /* void */ ; *in; in++) {
        out[n++] = big ? 0 : *in;
        out[n++] = big ? *in : 0;
    }

    return n;
}


/* Bodies that are no XML and do not say what they are. */
static void
test_plain(void **state)
{
    static const case_t  cases[] = {
        { "user=s s&number=1&Password=s", "user=" R "&number=1&Password=" R },
        { "/push?pwd=s&pnr=1\n", "/push?pwd=" R "&pnr=1\n" },
        { "Authorization: Basic s==\r\nX: 1\r\n",
          "Authorization: " R "\r\nX: 1\r\n" },
        { "{\"password\": \"s\\\"s\", \"n\":\"1\"}",
          "{\"password\": \"" R "\", \"n\":\"1\"}" },
        { "{'Pin' : 12, 'n':[1,2]}", "{'Pin' : " R ", 'n':[1,2]}" },
        { "{\"a\":\"{\\\"pwd\\\":\\\"s\\\",\\\"n\\\":1}\"}",
          "{\"a\":\"{\\\"pwd\\\":\\\"" R "\",\\\"n\\\":1}\"}" },
        { "{\"credentials\":{\"a\":[\"}s\"],\"b\":\"s\\\"}\"},\"n\":1}",
          "{\"credentials\":" R ",\"n\":1}" },
        { "{\"secret\":\"s\ns", "{\"secret\":\"" R "\n" },
        { "the user said: yes, and \"pin\" too; opinion=1",
          "the user said: yes, and \"pin\" too; opinion=1" },
        { "POST / HTTP/1.1\nToken: s\n\n<r><pin>s</pin><x pwd='s'/>&lt;</r>",
          "POST / HTTP/1.1\nToken: " R "\n\n<r><pin>" R "</pin><x pwd='" R
          "'/>&lt;</r>" },
        { "a &am pwd=s", "a &am pwd=" R },
        { " \n<a>user=s</a>", " \n<a>user=s</a>" },
        { "\xef\xbb\xbf<a>user: s</a>", "\xef\xbb\xbf<a>user: s</a>" }
    };

    static const case_t  calls_itself_a_form[] = {
        { "{\"password\":\"s\",\"n\":1}", "{\"password\":\"" R "\",\"n\":1}" }
    };

    expect(cases, cxr_nelts(cases), false);
    expect(calls_itself_a_form, 1, true);
}


static void
test_encodings(void **state)
{
    int        i;
    char       in[512], want[512];
    size_t     n, m, piece;
    cxr_buf_t  out;

    static const char *const  blind[] = {
        "\0\0\0<pin>", "<\0\0\0p\0\0\0", "\x4c\x6f\xa7\x94\x93\x40"
    };
    static const size_t  blind_len[] = { 8, 8, 6 };

    cxr_buf_init(&out, 4096);

    for (i = 0; i < 4; i++) {
        n = widen("<a><pin>s</pin>o</a>", in, i & 1, i & 2);
        m = widen("<a><pin>" R "</pin>o</a>", want, i & 1, i & 2);

        for (piece = 1; piece < 6; piece++) {
            redact(&out, in, n, false, piece);
            assert_int_equal(out.len, m);
            assert_memory_equal(out.data, want, m);
        }
    }

    /* names cannot be seen in these: nothing is let through */
    for (i = 0; i < 3; i++) {
        redact(&out, blind[i], blind_len[i], false, 1);
        assert_int_equal(out.len, 0);
    }

    cxr_buf_free(&out);
}


static void
test_long(void **state)
{
    char       *doc = malloc(100000);
    size_t      n;
    cxr_buf_t   out;

    cxr_buf_init(&out, 1 << 20);

    /* a name longer than any of the list, and an end tag that never ends */
    n = (size_t) sprintf(doc, "<pin>s</");
    memset(doc + n, 'p', 50000);
    n += 50000;
    n += (size_t) sprintf(doc + n, ">geheim</pin>o");
    redact(&out, doc, n, false, 997);
    assert_true(cxr_str_is(cxr_buf_str(&out), "<pin>" R "</pin>o"));

    doc[0] = '<';
    memset(doc + 1, 'a', 50000);
    n = 50001 + (size_t) sprintf(doc + 50001, ">o<pin>s</pin>");
    redact(&out, doc, n, false, 997);
    assert_int_equal(out.len, n - 1 + strlen(R));

    free(doc);
    cxr_buf_free(&out);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_markup),
        cmocka_unit_test(test_attributes),
        cmocka_unit_test(test_nested),
        cmocka_unit_test(test_nested_end),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}


/*
 * Envelopes, proofs and answers: what a push gives on, when, and what it says.
 * Every run is made in one piece, by the byte, and in pieces of a few bytes,
 * and must give the same.
 */

#include <dirent.h>
#include <unistd.h>

#include "carrier_kit.h"
#include "digest_kit.h"
#include "cxr_push.h"
#include "cxr_redact.h"


#define FORMAT                                                                \
    "<table name='t' source='s'><map code='1' status='delivered'/></table>"   \
    "<format path='r'><record path='o'><number path='n'/>"                    \
    "<header table='t'><code path='c'/></header></record></format></profile>"

#define PROFILE(push)  "<profile carrier='x' name='X'>" push FORMAT

#define OUT_MAX  65536

typedef struct {
    size_t           n;
    char             out[OUT_MAX];
    char             charset[32];
    bool             over;            /* the document's end was told          */
    unsigned         calls;
    cxr_rc_t         rc;
    cxr_push_end_t   end;
    char             detail[128];
    char             ack[4096];
    cxr_rc_t         ack_rc;
    cxr_ack_head_t   head;
    char             type[64];        /* outlives the profile                 */
} run_t;

typedef struct {
    const char            *query;
    const char            *header;     /* of the name "X-Sum"                 */
    const char            *charset;
    bool                   get;
    const cxr_secrets_t   *secrets;
    uint64_t               max;
    cxr_ack_outcome_t      outcome;
    unsigned               unread;     /* a record                            */
} with_t;


static cxr_str_t
on_header(void *ctx, cxr_str_t name)
{
    run_t  *run = ctx;

    return cxr_str_is(name, "X-Sum") ? cxr_strz(run->detail) : CXR_STR_NONE;
}


static cxr_rc_t
on_charset(void *ctx, cxr_str_t charset)
{
    run_t  *run = ctx;

    assert_int_equal(run->calls, 0);
    snprintf(run->charset, sizeof(run->charset), "%.*s", cxr_str_arg(charset));

    return CXR_OK;
}


static cxr_rc_t
on_document(void *ctx, const void *data, size_t len)
{
    run_t  *run = ctx;

    assert_false(run->over);
    run->calls++;

    if (data == NULL) {
        run->over = true;
        return CXR_OK;
    }

    assert_true(run->n + len < OUT_MAX);
    memcpy(run->out + run->n, data, len);
    run->n += len;

    return CXR_OK;
}


static void
run_pieces(run_t *run, const cxr_profile_t *p, cxr_str_t body, with_t with,
    size_t piece)
{
    size_t           n;
    cxr_buf_t        b;
    cxr_push_t      *push;
    cxr_push_conf_t  conf;
    cxr_ack_facts_t  facts;

    memset(run, 0, sizeof(run_t));
    memset(&conf, 0, sizeof(conf));

    conf.profile = p;
    conf.secrets = with.secrets;
    conf.dir = "/tmp";
    conf.auth_max = with.max ? with.max : CXR_PUSH_AUTH_MAX;
    conf.get = with.get;
    conf.query = cxr_strz(with.query);
    conf.charset = cxr_strz(with.charset);
    conf.header = on_header;
    conf.charset_is = on_charset;
    conf.document = on_document;
    conf.ctx = run;

    snprintf(run->detail, sizeof(run->detail), "%s",
             with.header ? with.header : "");

    run->rc = cxr_push_open(&conf, &push);

    if (run->rc != CXR_OK) {
        return;
    }

    memset(run->detail, 'z', sizeof(run->detail) - 1);   /* headers: copied */

    while (body.len > 0 && run->rc == CXR_OK) {
        n = body.len < piece ? body.len : piece;
        run->rc = cxr_push_piece(push, body.data, n);
        body.data += n;
        body.len -= n;
    }

    if (run->rc == CXR_OK) {
        run->rc = cxr_push_piece(push, NULL, 0);
    }

    assert_int_equal(run->over, run->rc == CXR_OK);

    run->end = cxr_push_end(push);
    snprintf(run->detail, sizeof(run->detail), "%.*s",
             cxr_str_arg(cxr_push_detail(push)));

    if (with.unread) {
        cxr_push_unread(push, with.unread);
    }

    memset(&facts, 0, sizeof(facts));
    facts.outcome = run->end == CXR_PUSH_AUTH ? CXR_ACK_AUTH
                    : run->rc != CXR_OK ? CXR_ACK_PARSE_ERROR : with.outcome;
    facts.code = cxr_str("co<de");
    facts.detail = cxr_strz(run->detail);
    facts.records = 7;
    facts.now = 1763640000000;

    cxr_buf_init(&b, CXR_PUSH_ACK_MAX);
    run->ack_rc = cxr_ack_render(p, push, &facts, &run->head, &b);
    snprintf(run->ack, sizeof(run->ack), "%.*s", cxr_str_arg(cxr_buf_str(&b)));
    if (run->ack_rc == CXR_OK) {
        snprintf(run->type, sizeof(run->type), "%.*s",
                 cxr_str_arg(run->head.type));
    }

    cxr_buf_free(&b);
    cxr_push_close(push);
}


static void
run_with(run_t *run, const char *profile, cxr_str_t body, with_t with)
{
    size_t          i;
    run_t          *again;
    cxr_profile_t  *p = kit_profile(profile);

    static const size_t  pieces[] = { 1, 2, 3, 7, 300 };

    again = malloc(sizeof(run_t));
    assert_non_null(again);
    run_pieces(run, p, body, with, body.len + 1);

    for (i = 0; i < cxr_nelts(pieces); i++) {
        run_pieces(again, p, body, with, pieces[i]);
        assert_int_equal(again->rc, run->rc);
        assert_int_equal(again->end, run->end);
        assert_string_equal(again->detail, run->detail);
        assert_string_equal(again->ack, run->ack);
        assert_string_equal(again->charset, run->charset);

        /* what is no good in the middle has been given on up to there */

        if (run->rc == CXR_OK) {
            assert_int_equal(again->n, run->n);
            assert_memory_equal(again->out, run->out, run->n);
        }
    }

    free(again);
    cxr_profile_free(p);
}


static run_t  run;

#define gives(text)                                                           \
    do {                                                                      \
        assert_int_equal(run.rc, CXR_OK);                                     \
        assert_int_equal(run.n, strlen(text));                                \
        assert_memory_equal(run.out, text, run.n);                            \
    } while (0)

#define gives_nothing(r, e)                                                   \
    do {                                                                      \
        assert_int_equal(run.rc, r);                                          \
        assert_int_equal(run.end, e);                                         \
        assert_int_equal(run.calls, 0);                                       \
    } while (0)


static void
test_raw(void **state)
{
    run_with(&run, PROFILE(""), cxr_str("<a>%3C+&</a>"), (with_t) { 0 });
    gives("<a>%3C+&</a>");
    assert_int_equal(run.ack_rc, CXR_NOTFOUND);

    run_with(&run, PROFILE("<envelope as='raw'/>"), cxr_str("doc=%3C"),
             (with_t) { 0 });
    gives("doc=%3C");

    run_with(&run, PROFILE(""), cxr_str(""), (with_t) { 0 });
    gives("");
}


#define FORM  PROFILE("<envelope as='form' field='doc|xml'/>")

static void
test_form(void **state)
{
    size_t  i;
    char    many[4096];

    static const struct {
        const char  *body;
        const char  *doc;
    } good[] = {
        { "doc=%3Ca%3E%2B+%26%c3%BC%3C/a%3E", "<a>+ &\xc3\xbc</a>" },
        { "a=1&doc=<a/>", "<a/>" },
        { "xml=<b/>&doc2=x", "<b/>" },
        { "a&b=&=c&&doc=<a/>\r\n", "<a/>" },
        { "d%6Fc=<a/>", "<a/>" },
        { "doc=\n<a>\r\n\r\n%0A</a>\r\n", "\n<a>\r\n\r\n\n</a>" },
        { "doc=<a/>%0D%0A\n", "<a/>\r\n" },
        { "doc=<a/>\r\n\r\n\r\n", "<a/>\r\n\r\n" },
        { "doc=a=b", "a=b" },
        { "doc=", "" },
        { " \r\n<a>%3C</a>", "<a>%3C</a>" },
        { "\xef\xbb\xbf<a/>", "\xef\xbb\xbf<a/>" },
        { "%3ca%3E+%2b&=%3c/a%3e", "<a> +&=</a>" },
        { "%EF%bb%BF%3Ca/%3E", "\xef\xbb\xbf<a/>" }
    };

    static const char *const  bad[] = {
        "doc=%3", "doc=%", "doc=%g1<a/>", "doc=%1g", "x=1", "Doc=<a/>", "do",
        "doc2=<a/>", "x=%zz&doc=<a/>", "%3Ca%3", "a=b&c"
    };

    for (i = 0; i < cxr_nelts(good); i++) {
        run_with(&run, FORM, cxr_strz(good[i].body), (with_t) { 0 });
        gives(good[i].doc);
    }

    for (i = 0; i < cxr_nelts(bad); i++) {
        run_with(&run, FORM, cxr_strz(bad[i]), (with_t) { 0 });
        assert_int_equal(run.rc, CXR_INVALID);
        assert_int_equal(run.end, CXR_PUSH_ENVELOPE);
        assert_true(strlen(run.detail) > 10);
        assert_false(run.over);
    }

    run_with(&run, FORM, cxr_str("doc=<a/>&doc=<b/>"), (with_t) { 0 });
    assert_int_equal(run.rc, CXR_INVALID);
    run_with(&run, FORM, cxr_str("doc=<a/>&xml=<b/>"), (with_t) { 0 });
    assert_int_equal(run.rc, CXR_INVALID);

    /* fields: so many, and a name past what any profile can want */

    memset(many, '&', 2);
    for (i = 0; i < 256; i++) {
        memcpy(many + i * 2, "a&", 2);
    }
    memcpy(many + 510, "&doc=x", 7);
    run_with(&run, FORM, cxr_strz(many), (with_t) { 0 });
    gives("x");
    memcpy(many + 512, "a&doc=x", 8);
    run_with(&run, FORM, cxr_strz(many), (with_t) { 0 });
    assert_int_equal(run.rc, CXR_INVALID);

    memset(many, 'd', 3000);
    memcpy(many + 3000, "=1&doc=x", 9);
    run_with(&run, FORM, cxr_strz(many), (with_t) { 0 });
    gives("x");
}


/* the request's charset holds for a document that names none */
static void
test_charset(void **state)
{
    run_with(&run, FORM, cxr_str("doc=<a>%B2</a>"),
             (with_t) { .charset = "GBK" });
    gives("<a>\xb2</a>");
    assert_string_equal(run.charset, "GBK");

    run_with(&run, FORM, cxr_str("doc=<?xml version='1.0'?><a/>"),
             (with_t) { .charset = "GBK" });
    assert_string_equal(run.charset, "GBK");

    run_with(&run, FORM, cxr_str("doc=<?xml version='1.0' encoding='UTF-8'?>"
                                 "<a/>"), (with_t) { .charset = "GBK" });
    gives("<?xml version='1.0' encoding='UTF-8'?><a/>");
    assert_string_equal(run.charset, "");

    run_with(&run, FORM, cxr_str("doc=<a/>"), (with_t) { .charset = "utf-8" });
    assert_string_equal(run.charset, "");

    run_with(&run, PROFILE("<envelope as='form' field='doc' charset='GBK'/>"),
             cxr_str("doc=+<a/>"), (with_t) { 0 });
    gives("<a/>");
    assert_string_equal(run.charset, "GBK");
}


static void
test_query(void **state)
{
    const char  *p = PROFILE("<envelope as='query' root='q'/>");

    run_with(&run, p, cxr_str("ignored"), (with_t) { .get = true,
             .query = "a=1&b=%3Cx%3E%26+y&c&3=no&x:y=no&d.e-f_1=%C3%BC" });
    gives("<q><a>1</a><b>&lt;x&gt;&amp; y</b><c></c>"
          "<d.e-f_1>\xc3\xbc</d.e-f_1></q>");

    run_with(&run, p, cxr_str("<a/>"), (with_t) { .query = "a=1" });
    gives("<a/>");

    run_with(&run, p, cxr_str(""), (with_t) { .get = true });
    gives_nothing(CXR_INVALID, CXR_PUSH_ENVELOPE);
    run_with(&run, p, cxr_str(""), (with_t) { .get = true,
                                              .query = "a=%4" });
    gives_nothing(CXR_INVALID, CXR_PUSH_FINE);
}


static const cxr_secrets_t *
secrets(void)
{
    static cxr_secrets_t  *s;

    if (s == NULL) {
        s = kit_secrets("{\"x\": {\"k\": \"ke&y\", \"u\": \"me\"}}");
    }

    return s;
}


static unsigned
files_open(void)
{
    DIR       *d = opendir("/proc/self/fd");
    unsigned   n = 0;

    assert_non_null(d);

    while (readdir(d) != NULL) {
        n++;
    }

    closedir(d);

    return n;
}


static void
test_digest(void **state)
{
    char      body[512], sum[140];
    unsigned  i, before;

    const char  *p = PROFILE("<envelope as='form' field='doc'/>"
        "<auth is='md5' as='base64' of='{document}{secret}' secret='k'"
        " field='sum'/><ack><ok>{outcome}</ok><auth http='401'>no</auth>"
        "</ack>");

    before = files_open();

    kit_sum(sum, CXR_DIGEST_MD5, "", "<a>+</a>ke&y", true);
    snprintf(body, sizeof(body), "doc=%%3Ca>%%2B</a>&sum=%s", sum);
    run_with(&run, p, cxr_strz(body), (with_t) { .secrets = secrets() });
    gives("<a>+</a>");
    assert_string_equal(run.ack, "ok");

    snprintf(body, sizeof(body), "sum=%s&doc=%%3Ca>%%2B</a>", sum);
    run_with(&run, p, cxr_strz(body), (with_t) { .secrets = secrets() });
    gives("<a>+</a>");

    /* each character of the digest, and of the document, counts */

    for (i = 4; i < strlen(body); i++) {
        body[i] ^= 1;
        run_with(&run, p, cxr_strz(body), (with_t) { .secrets = secrets() });
        body[i] ^= 1;

        if (i >= 4 + 21 && i < 4 + 24) {
            continue;           /* stray bits of the last one, and padding */
        }

        assert_int_not_equal(run.rc, CXR_OK);
        assert_int_equal(run.calls, 0);
    }

    run_with(&run, p, cxr_str("doc=<a/>"), (with_t) { .secrets = secrets() });
    gives_nothing(CXR_FORGED, CXR_PUSH_AUTH);
    assert_string_equal(run.ack, "no");
    assert_int_equal(run.head.status, 401);

    snprintf(body, sizeof(body), "sum=%s&sum=%s&doc=<a/>", sum, sum);
    run_with(&run, p, cxr_strz(body), (with_t) { .secrets = secrets() });
    gives_nothing(CXR_INVALID, CXR_PUSH_ENVELOPE);

    /* no secrets of this carrier: no proof is asked for */

    run_with(&run, p, cxr_str("doc=<a/>"), (with_t) { 0 });
    gives("<a/>");

    /* so much, and no more */

    kit_sum(sum, CXR_DIGEST_MD5, "", "<a>+</a>ke&y", true);
    snprintf(body, sizeof(body), "doc=<a>%%2B</a>&sum=%s", sum);
    run_with(&run, p, cxr_strz(body), (with_t) { .secrets = secrets(),
                                                 .max = strlen(body) });
    gives("<a>+</a>");
    run_with(&run, p, cxr_strz(body), (with_t) { .secrets = secrets(),
                                                 .max = strlen(body) - 1 });
    gives_nothing(CXR_LIMIT, CXR_PUSH_LIMIT);

    assert_int_equal(files_open(), before);
}


static void
test_hmac(void **state)
{
    char  sum[140], head[200];

    const char  *p = PROFILE("<auth is='hmac-sha256' secret='k' header='X-Sum'"
        " prefix='sha256='/>");
    const char  *b = PROFILE("<auth is='hmac-sha512' secret='k' header='X-Sum'"
        " as='base64' of='{time}.{body}'><value name='time' query='t'/>"
        "</auth>");

    kit_sum(sum, CXR_DIGEST_SHA256, "ke&y", " <a/>\n", false);
    snprintf(head, sizeof(head), "sha256=%s", sum);
    run_with(&run, p, cxr_str(" <a/>\n"), (with_t) { .secrets = secrets(),
                                                     .header = head });
    gives(" <a/>\n");
    run_with(&run, p, cxr_str("<a/>\n"), (with_t) { .secrets = secrets(),
                                                    .header = head });
    gives_nothing(CXR_FORGED, CXR_PUSH_AUTH);
    run_with(&run, p, cxr_str(" <a/>\n"), (with_t) { .secrets = secrets(),
                                                     .header = sum });
    gives_nothing(CXR_FORGED, CXR_PUSH_AUTH);
    run_with(&run, p, cxr_str(" <a/>\n"), (with_t) { .secrets = secrets(),
                                                     .header = "sha256=" });
    gives_nothing(CXR_FORGED, CXR_PUSH_AUTH);

    kit_sum(sum, CXR_DIGEST_SHA512, "ke&y", "17.<a/>", true);
    run_with(&run, b, cxr_str("<a/>"), (with_t) { .secrets = secrets(),
                                         .header = sum, .query = "t=17" });
    gives("<a/>");
    run_with(&run, b, cxr_str("<a/>"), (with_t) { .secrets = secrets(),
                                         .header = sum, .query = "t=18" });
    gives_nothing(CXR_FORGED, CXR_PUSH_AUTH);
}


static void
test_credentials(void **state)
{
    size_t  i;

    const char  *p = PROFILE("<auth is='text' secret='u' path='r/*/@user'/>"
        "<auth is='text' secret='k' path='r/h/word'/>"
        "<ack><value name='id' path='r/id'/><ok>[{id}]</ok>"
        "<auth>{code}</auth></ack>");

    static const char *const  good[] = {
        "<r><h user='me'><word> ke&amp;y\n</word></h></r>",
        "<r><h user='me'><word><![CDATA[ke&y]]></word></h><word>x</word></r>",
        "\n<?xml version='1.0'?><x:r xmlns:x='u'><x:h user='me'>"
        "<word>ke&#38;y</word></x:h></x:r>",
        "<r><h user='me'><word>ke&amp;y</word></h>"
    };

    static const char *const  bad[] = {
        "<r><h user='me'><word>ke&amp;Y</word></h></r>",
        "<r><h user='mi'><word>ke&amp;y</word></h></r>",
        "<r><h><word>ke&amp;y</word></h></r>",
        "<r><h user='me'/></r>",
        "<r><x><h user='me'><word>ke&amp;y</word></h></x></r>",
        "<r><h user='me'><word>x</word><word>ke&amp;y</word></h></r>",
        "<!DOCTYPE r><r><h user='me'><word>ke&amp;y</word></h></r>",
        "<r><h user='me'><word>ke&amp;y",
        "x", ""
    };

    for (i = 0; i < cxr_nelts(good); i++) {
        run_with(&run, p, cxr_strz(good[i]), (with_t) { .secrets = secrets() });
        gives(good[i]);
    }

    for (i = 0; i < cxr_nelts(bad); i++) {
        run_with(&run, p, cxr_strz(bad[i]), (with_t) { .secrets = secrets() });
        gives_nothing(CXR_FORGED, CXR_PUSH_AUTH);
        assert_string_equal(run.ack, "co&lt;de");
    }
}


static void
test_answers(void **state)
{
    char    long_one[3000];

    const char  *p = PROFILE("<envelope as='form' field='doc'/>"
        "<ack type='text/xml'><value name='id' path='r/id'/>"
        "<value name='f' field='f'/><value name='q' query='q'/>"
        "<value name='op' path='r/*/name()'/><value name='deep' path='//d/@z'/>"
        "<each name='rows' path='r/o'><value name='n' path='n'/>"
        "<value name='at' path='@t'/><ok>({n},{at},{id})</ok>"
        "<error>!{n}</error></each>"
        "<ok>{{x} {id}|{f}|{q}|{op}|{deep}|{rows}|{records}</ok>"
        "<partly http='207' type='text/plain'>{rows}</partly>"
        "<parse-error>{rows} {code} {now}</parse-error>"
        "<probe>here</probe></ack>");

    run_with(&run, p, cxr_str("f=<f>&doc=<r><id>%26lt;1</id><o t='7'><n>A</n>"
             "<n>x</n></o><o/><o><n>C</n></o><k><d z='Z'/></k></r>"),
             (with_t) { .query = "q=%22&q=2" });
    assert_int_equal(run.ack_rc, CXR_OK);
    assert_string_equal(run.ack, "{x} &lt;1|&lt;f&gt;|&quot;|id|Z|"
                        "(A,7,&lt;1)(,,&lt;1)(C,,&lt;1)|7");
    assert_int_equal(run.head.status, 200);
    assert_string_equal(run.type, "text/xml");

    run_with(&run, p, cxr_str("doc=<r><o><n>A</n></o><o><n>B</n></o></r>"),
             (with_t) { .outcome = CXR_ACK_PARTLY, .unread = 2 });
    assert_string_equal(run.ack, "(A,,)!B");
    assert_int_equal(run.head.status, 207);

    run_with(&run, p, cxr_str("doc=<r><o><n>A</n></o>"),
             (with_t) { .outcome = CXR_ACK_PARSE_ERROR });
    assert_string_equal(run.ack, "!A co&lt;de 2025-11-20T12:00:00Z");
    assert_int_equal(run.head.status, 400);

    run_with(&run, p, cxr_str("doc=<r/>"), (with_t) { .outcome
                                                      = CXR_ACK_INTERNAL });
    assert_int_equal(run.ack_rc, CXR_NOTFOUND);

    /* a value that is too long is not there, cut or not */

    snprintf(long_one, sizeof(long_one), "doc=<r><id>%01024d</id></r>", 0);
    run_with(&run, p, cxr_strz(long_one), (with_t) { 0 });
    assert_int_equal(strlen(run.ack), 4 + 1024 + 9);
    snprintf(long_one, sizeof(long_one), "doc=<r><id>%01025d</id></r>", 0);
    run_with(&run, p, cxr_strz(long_one), (with_t) { 0 });
    assert_string_equal(run.ack, "{x} |||id|||7");
}


static void
test_many_rows(void **state)
{
    size_t          i, n;
    char           *body;

    const char  *p = PROFILE("<ack><each name='rows' path='r/o'><ok>.</ok>"
        "<error>!</error></each><ok>{rows}</ok></ack>");

    body = malloc(CXR_PUSH_ROWS_MAX * 5);
    assert_non_null(body);
    n = (size_t) sprintf(body, "<r>");
    for (i = 0; i < CXR_PUSH_ROWS_MAX + 1; i++) {
        n += (size_t) sprintf(body + n, "<o/>");
    }

    /* the document is given on whole; no more are answered for */

    run_with(&run, p, cxr_strn(body, n), (with_t) { 0 });
    assert_int_equal(run.n, n);
    assert_int_equal(strlen(run.ack), CXR_PUSH_ROWS_MAX);
    free(body);
}


/* each mistake is told, with its line */
static void
test_mistakes(void **state)
{
    size_t          i, n;
    char            text[2048], line[800];
    cxr_diag_t      d[4];
    cxr_profile_t  *p;

    static const struct {
        const char  *push;
        const char  *want;
    } bad[] = {
        { "<envelope/>", "\"as\" is missing" },
        { "<envelope as='soap'/>", "no as there is" },
        { "<envelope as='form'/>", "\"field\" is missing" },
        { "<envelope as='raw' field='x'/>", "is a form's" },
        { "<envelope as='raw' charset='utf-7'/>", "no encoding" },
        { "<envelope as='query'/>", "\"root\" is missing" },
        { "<envelope as='query' root='a b'/>", "name of letters" },
        { "<envelope as='raw'/><envelope as='raw'/>", "one <envelope>" },
        { "<auth is='text' path='a'/>", "\"secret\" is missing" },
        { "<auth is='text' secret='Hush hush' path='a'/>", "names a secret" },
        { "<auth is='text' secret='k'/>", "is wanted" },
        { "<auth is='text' secret='k' path='a[1]'/>", "a path here" },
        { "<auth is='text' secret='k' path='/a'/>", "a path here" },
        { "<auth is='text' secret='k' path='a/@b/c'/>", "ends a path" },
        { "<auth is='text' secret='k' path='//a/b'/>", "one name" },
        { "<auth is='text' secret='k' field='f'/>", "has fields" },
        { "<auth is='text' secret='k' path='a' of='x'/>", "are a digest's" },
        { "<auth is='md5' secret='k' path='a'/>", "\"of\" is missing" },
        { "<auth is='md5' secret='k' path='a' of='{body}'/>",
          "proves nothing" },
        { "<auth is='md5' secret='k' path='a' of='{secret'/>", "has no '}'" },
        { "<auth is='md5' secret='k' path='a' of='{secret}{x}'/>",
          "nothing that is known" },
        { "<auth is='md5' secret='k' path='a' of='{secret}{outcome}'/>",
          "nothing that is known" },
        { "<auth is='hmac-sha1' secret='k' path='a' of='{secret}'/>",
          "is the key" },
        { "<auth is='rot13' secret='k' path='a'/>", "no is there is" },
        { "<ack/>", "<ok> is missing" },
        { "<ack><ok/><ok/></ack>", "two of it" },
        { "<ack><ok>{document}</ok></ack>", "nothing that is known" },
        { "<ack><ok>{secret}</ok></ack>", "nothing that is known" },
        { "<ack><fine/><ok/></ack>", "not known in <ack>" },
        { "<ack><ok http='99'/></ack>", "from 200 to 599" },
        { "<ack><ok http='204'/></ack>", "has a body" },
        { "<ack type='a&#10;b/c'><ok/></ack>", "no media type" },
        { "<ack type='xml'><ok/></ack>", "no media type" },
        { "<ack><value name='code' path='a'/><ok/></ack>",
          "something else already" },
        { "<ack><value name='a' path='a'/><value name='a' path='b'/><ok/>"
          "</ack>", "two <value>" },
        { "<ack><each name='e' path='a'><ok>1</ok></each><ok/></ack>",
          "an <error>" },
        { "<ack><each name='e' path='a/@b'><ok>1</ok><error>2</error></each>"
          "<ok/></ack>", "a row is an element" },
        { "<ack><each name='e' path='a'><value name='v' path='b'/><ok>1</ok>"
          "<error>2</error></each><ok>{v}</ok></ack>", "another <each>" },
        { "<ack><each name='e' path='a'><ok>{e}</ok><error>2</error></each>"
          "<ok/></ack>", "within another" },
        { "<ack><ok/></ack><ack><ok/></ack>", "two <ack>" },
        { "<ack><ok/></ack><envelope as='raw'/>", "before <auth>" }
    };

    for (i = 0; i < cxr_nelts(bad); i++) {
        snprintf(text, sizeof(text), "<profile carrier='x' name='X'>\n%s%s",
                 bad[i].push, FORMAT);

        if (cxr_profile_parse(cxr_strz(text), "p.xml", &p, d, 4, &n)
            != CXR_INVALID)
        {
            fail_msg("%s is taken", bad[i].push);
        }

        assert_true(n > 0);
        (void) cxr_diag_print(&d[0], line, sizeof(line));

        if (strstr(line, bad[i].want) == NULL) {
            fail_msg("%s: \"%s\", not \"%s\"", bad[i].push, line,
                     bad[i].want);
        }

        assert_non_null(strstr(line, "p.xml:2"));
    }
}


static void
test_secrets_fit(void **state)
{
    cxr_diag_t      d;
    cxr_secrets_t  *s;
    cxr_profile_t  *p;

    p = kit_profile(PROFILE("<auth is='text' secret='a' path='r/pWord'/>"
                            "<auth is='text' secret='b' path='r/@Id'/>"));

    s = kit_secrets("{\"x\": {\"a\": \"1\", \"b\": \"2\"}, "
                    "\"y\": {\"c\": \"3\"}}");
    assert_int_equal(cxr_profile_secrets(p, s, &d), CXR_OK);
    cxr_secrets_free(s);
    s = kit_secrets("{\"x\": {\"a\": \"1\"}}");
    assert_int_equal(cxr_profile_secrets(p, s, &d), CXR_INVALID);
    cxr_secrets_free(s);
    s = kit_secrets("{\"x\": {\"a\": \"1\", \"b\": \"2\", \"c\": \"3\"}}");
    assert_int_equal(cxr_profile_secrets(p, s, &d), CXR_INVALID);
    cxr_secrets_free(s);
    s = kit_secrets("{\"y\": {\"c\": \"3\"}}");
    assert_int_equal(cxr_profile_secrets(p, s, &d), CXR_OK);
    cxr_secrets_free(s);

    cxr_profile_free(p);
}


static char    kept[1024];
static size_t  nkept;


static void
keep(void *ctx, const void *data, size_t len)
{
    assert_true(nkept + len < sizeof(kept));
    memcpy(kept + nkept, data, len);
    nkept += len;
    kept[nkept] = '\0';
}


/* what a profile says is a credential is not kept, whatever its name */
static void
test_redacted(void **state)
{
    cxr_redact_t   *r = malloc(sizeof(cxr_redact_t));
    cxr_profile_t  *p;

    size_t          i, k;

    /* a form; what says so and is none; what does not say what it is */

    static const char *const  bodies[] = {
        "Fld=hush&doc=<r its='hush'><z:myOWN>hush</z:myOWN><x>told</x></r>"
        "&fld=hush",
        "<r><MyOwn>hush</MyOwn><x its='hush' y='1'>told</x></r>",
        " \n<r><MyOwn>hush</MyOwn><x>told</x></r>",
        "%3Cr%3E%3CMyOwn%3Ehush%3C/MyOwn%3E%3Cx%3Etold%3C/x%3E%3C/r%3E",
        "\xef\xbb\xbf<r><Password>hush</Password><x>told</x></r>"
    };

    static const char *const  plain[] = {
        "x=told&Fld=hush",
        "MyOwn: hush\r\nX: told\r\n",
        "{\"its\":\"hush\", \"x\":\"told\"}",
        "told MYOWN=hush"
    };

    assert_non_null(r);
    p = kit_profile(PROFILE("<envelope as='form' field='doc'/>"
                            "<auth is='text' secret='a' path='r/MyOwn'/>"
                            "<auth is='text' secret='b' path='r/@Its'/>"
                            "<auth is='text' secret='c' field='Fld'/>"));

    for (i = 0, k = 0; i < cxr_nelts(bodies) + cxr_nelts(plain); i++) {
        const char  *body = i < cxr_nelts(bodies) ? bodies[i] : plain[k++];

        nkept = 0;
        cxr_redact_init(r, i < cxr_nelts(bodies), keep, NULL);
        cxr_redact_more(r, cxr_profile_credentials(p));
        cxr_redact_push(r, body, strlen(body));
        cxr_redact_end(r);
        assert_null(strstr(kept, "hush"));
        assert_non_null(strstr(kept, "told"));
    }

    cxr_profile_free(p);

    p = kit_profile(PROFILE(""));
    assert_null(cxr_profile_credentials(p));
    cxr_profile_free(p);
    free(r);
}


static int
setup(void **state)
{
    cxr_feed_init();

    return cxr_sign_init() == CXR_OK ? 0 : -1;
}


static int
teardown(void **state)
{
    cxr_secrets_free((cxr_secrets_t *) secrets());

    return 0;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_raw),
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_charset),
        cmocka_unit_test(test_query),
        cmocka_unit_test(test_digest),
        cmocka_unit_test(test_hmac),
        cmocka_unit_test(test_credentials),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_many_rows),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_secrets_fit),
        cmocka_unit_test(test_redacted),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}

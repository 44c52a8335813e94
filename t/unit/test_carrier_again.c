
/*
 * Records that come again byte for byte are passed over, and nothing else is:
 * what a feed comes to is the same with that and without it.
 */

#include <string.h>

#include "carrier_kit.h"

#define AGAIN_KEPT     512
#define AGAIN_RAW      20              /* where the digest of the bytes stands */
#define AGAIN_RECORDS  120


typedef struct {
    struct {
        char      number[64];
        char      digest[CXR_DIGEST_LEN];
        size_t    len;
    }             kept[AGAIN_KEPT];
    unsigned      n;
} store_t;

typedef struct {
    kit_run_t     kit;                 /* first: its callbacks take it         */
    store_t      *store;               /* what is known                        */
    store_t      *into;                /* what was told; NULL: nobody keeps it */
    bool          by_bytes;            /* may be asked for                     */
    unsigned      passed;
} again_t;


static const char  profile_text[] =
    "<profile carrier='xx' name='X'>"
    "<dates name='d'><date>yyyy-MM-dd</date></dates>"
    "<table name='t' source='s'><map code='D' status='delivered'/>"
    "<map code='T' status='in_transit'/></table>"
    "<format path='r'><record path='l/p'><number path='n | @n'/>"
    "<reference path='../q'/>"
    "<events path='e' table='t'><code path='c'/><text path='x'/>"
    "<time path='d' dates='d'/></events></record></format></profile>";


static bool
again_known(void *ctx, cxr_str_t number, size_t at, cxr_str_t digest,
    cxr_str_t *kept)
{
    unsigned   i;
    again_t   *run = ctx;
    store_t   *s = run->store;

    assert_true(at == 0 || at == AGAIN_RAW);

    if (s == NULL || (at != 0 && !run->by_bytes)) {
        return false;
    }

    for (i = 0; i < s->n; i++) {
        if (cxr_str_eq(number, cxr_strz(s->kept[i].number))
            && s->kept[i].len >= at + digest.len
            && memcmp(s->kept[i].digest + at, digest.data, digest.len) == 0)
        {
            *kept = cxr_strn(s->kept[i].digest, s->kept[i].len);
            run->passed += at != 0;
            return true;
        }
    }

    return false;
}


static cxr_rc_t
again_report(void *ctx, const cxr_report_t *report, cxr_arena_t *arena)
{
    unsigned   i;
    again_t   *run = ctx;
    store_t   *s = run->into;

    if (s != NULL && report->digest.len != 0) {

        for (i = 0; i < s->n; i++) {
            if (cxr_str_eq(report->number, cxr_strz(s->kept[i].number))) {
                break;
            }
        }

        assert_true(i < AGAIN_KEPT && report->digest.len <= CXR_DIGEST_LEN);
        s->n = i == s->n ? i + 1 : s->n;
        snprintf(s->kept[i].number, sizeof(s->kept[i].number), "%.*s",
                 cxr_str_arg(report->number));
        memset(s->kept[i].digest, 0, CXR_DIGEST_LEN);
        memcpy(s->kept[i].digest, report->digest.data, report->digest.len);
        s->kept[i].len = report->digest.len;
    }

    return kit_report(ctx, report, arena);
}


/* "store": what is known; "into": where what is told is kept */
static void
again_run(again_t *run, const cxr_profile_t *p, const cxr_feed_limits_t *limits,
    cxr_str_t asked, cxr_str_t doc, int pieces, unsigned seed)
{
    size_t           n;
    cxr_feed_t      *f;
    cxr_feed_sink_t  sink = { run, kit_arena, again_report, kit_refused,
                              again_known, NULL };

    memset(&run->kit, 0, sizeof(kit_run_t));
    run->passed = 0;
    run->kit.arena = cxr_arena_create(4 * 1024 * 1024);
    cxr_buf_init(&run->kit.out, KIT_OUT_MAX);
    assert_non_null(run->kit.arena);
    assert_int_equal(cxr_feed_open(p, limits, CXR_STR_NONE, &sink, &f),
                     CXR_OK);
    assert_int_equal(cxr_feed_request(f, asked), CXR_OK);

    while (doc.len > 0 && run->kit.rc == CXR_OK) {
        n = pieces == 0 ? doc.len : pieces > 0 ? (size_t) pieces
            : 1 + (size_t) rand_r(&seed) % 997;
        n = n < doc.len ? n : doc.len;

        run->kit.rc = cxr_feed_push(f, doc.data, n);
        doc.data += n;
        doc.len -= n;
    }

    if (run->kit.rc == CXR_OK) {
        run->kit.rc = cxr_feed_finish(f);
    }

    run->kit.end = cxr_feed_end(f);
    run->kit.diag = *cxr_feed_diag(f);
    run->kit.stats = *cxr_feed_stats(f);
    cxr_feed_close(f);
    assert_true(cxr_buf_ok(&run->kit.out));
}


static void
same(const again_t *a, const again_t *b)
{
    cxr_feed_stats_t  sa, sb;

    assert_int_equal(a->kit.rc, b->kit.rc);
    assert_int_equal(a->kit.end, b->kit.end);
    assert_int_equal(a->kit.diag.line, b->kit.diag.line);
    assert_int_equal(a->kit.diag.column, b->kit.diag.column);
    assert_string_equal(a->kit.diag.text, b->kit.diag.text);

    /* of a broken document, those are counted that came with the fault */

    sa = a->kit.stats;
    sb = b->kit.stats;
    sa.bytes = a->kit.rc == CXR_OK ? sa.bytes : 0;
    sb.bytes = a->kit.rc == CXR_OK ? sb.bytes : 0;
    assert_memory_equal(&sa, &sb, sizeof(cxr_feed_stats_t));
    assert_int_equal(a->kit.out.len, b->kit.out.len);

    if (a->kit.out.len > 0) {
        assert_memory_equal(a->kit.out.data, b->kit.out.data, a->kit.out.len);
    }
}


/* another size of pieces, for the next runs */
static int  split;


/* What "doc" comes to for who knows "store", by the bytes and without; how many
   records were passed over, in one piece. */
static unsigned
told_again(store_t *store, const cxr_profile_t *p,
    const cxr_feed_limits_t *limits, cxr_str_t asked, cxr_str_t doc)
{
    size_t         i;
    again_t        plain = { .store = store }, run;
    unsigned       passed = 0;
    const int      pieces[] = { 0, split, 1, 7, 300, 1000, 40000, -1, -1 };

    again_run(&plain, p, limits, asked, doc, 0, 0);
    assert_int_equal(plain.passed, 0);

    for (i = 0; i < cxr_nelts(pieces); i++) {
        run = (again_t) { .store = store, .by_bytes = true };
        again_run(&run, p, limits, asked, doc, pieces[i], (unsigned) i);
        same(&plain, &run);
        passed = i == 0 ? run.passed : passed;
        kit_free(&run.kit);
    }

    kit_free(&plain.kit);

    return passed;
}


static void
learn(store_t *store, const cxr_profile_t *p, cxr_str_t doc, int pieces,
    unsigned seed)
{
    again_t  run = { .store = NULL, .into = store };

    memset(store, 0, sizeof(store_t));
    again_run(&run, p, NULL, CXR_STR_NONE, doc, pieces, seed);
    assert_int_equal(run.kit.rc, CXR_OK);
    kit_free(&run.kit);
}


/* ---- documents ---- */

static char  doc_text[512 * 1024];

typedef struct {
    const char  *head;
    const char  *lead;          /* what holds the records begins with           */
    const char  *tag;
    const char  *in;            /* within each record                           */
    const char  *between;
    const char  *tail;
    const char  *day;
    unsigned     other;         /* a record whose text is another; 0: none      */
    const char  *word;          /* that text                                    */
} doc_t;

static const doc_t  doc_usual = {
    .head = "<r><l>", .lead = "", .tag = "p", .in = "", .between = "\n",
    .tail = "</l></r>", .day = "2026-01-02", .word = "x"
};


static cxr_str_t
document(const doc_t *d)
{
    unsigned  i;
    size_t    n;

    n = (size_t) snprintf(doc_text, sizeof(doc_text), "%s%s", d->head,
                          d->lead);

    for (i = 1; i <= AGAIN_RECORDS; i++) {
        n += (size_t) snprintf(doc_text + n, sizeof(doc_text) - n,
            "<%s a='%u'><n>N%05u</n>%s<e><c>T</c><d>2026-01-01</d></e>"
            "<e><c>D</c><x>%s é %u</x><d>%s</d></e></%s>%s",
            d->tag, i % 7, i, d->in, i == d->other ? d->word : "word", i / 3,
            d->day, d->tag, d->between);
        assert_true(n + 1000 < sizeof(doc_text));
    }

    n += (size_t) snprintf(doc_text + n, sizeof(doc_text) - n, "%s", d->tail);

    return cxr_strn(doc_text, n);
}


static cxr_profile_t  *profile;
static store_t         store;


static int
begin(void **state)
{
    profile = kit_profile(profile_text);
    learn(&store, profile, document(&doc_usual), 0, 0);
    assert_int_equal(store.n, AGAIN_RECORDS);

    return 0;
}


static int
end(void **state)
{
    cxr_profile_free(profile);

    return 0;
}


/* ---- tests ---- */

/* The digest of a record does not depend on how it arrived. */
static void
test_pieces(void **state)
{
    doc_t          d = doc_usual;
    size_t         i;
    store_t       *one = malloc(2 * sizeof(store_t)), *many = one + 1;
    cxr_str_t      doc;
    unsigned       k;

    static const char *const  ins[] = {
        "", "<!-- a comment --><?pi x?>", "<x><![CDATA[ <&]]></x>",
        "<y z=' &lt; &#65; &quot; >'/>\r\n", "\r\r\n<w>\r</w>\r"
    };

    assert_non_null(one);

    for (i = 0; i < cxr_nelts(ins); i++) {
        d.in = ins[i];
        d.between = i % 2 ? "\r\n" : "";
        doc = document(&d);
        learn(one, profile, doc, 0, 0);
        assert_int_equal(one->n, AGAIN_RECORDS);

        for (k = 0; k < one->n; k++) {
            assert_int_equal(one->kept[k].len, CXR_DIGEST_LEN);
        }

        learn(many, profile, doc, 1, 0);
        assert_memory_equal(one, many, sizeof(store_t));
        learn(many, profile, doc, -1, (unsigned) i);
        assert_memory_equal(one, many, sizeof(store_t));
        learn(many, profile, doc, 4099, 0);
        assert_memory_equal(one, many, sizeof(store_t));
    }

    free(one);
}


/* Many records: the first piece is read, the rest passed over. */
static cxr_str_t
document_long(const doc_t *d, unsigned times)
{
    size_t     n, body, head = strlen(d->head) + strlen(d->lead);
    cxr_str_t  doc = document(d);

    body = doc.len - head - strlen(d->tail);
    n = head + body;

    while (times-- > 1) {
        assert_true(n + body + 1000 < sizeof(doc_text));
        memcpy(doc_text + n, doc_text + head, body);
        n += body;
    }

    n += (size_t) sprintf(doc_text + n, "%s", d->tail);

    return cxr_strn(doc_text, n);
}


static void
test_long(void **state)
{
    doc_t      d = doc_usual;
    unsigned   passed, all;

    all = AGAIN_RECORDS * 10;
    passed = told_again(&store, profile, NULL, CXR_STR_NONE,
                        document_long(&d, 10));
    assert_in_range(passed, all / 2, all - 1);

    /* with blanks between them, and with none */

    d.between = " \r\n\t\n ";
    assert_in_range(told_again(&store, profile, NULL, CXR_STR_NONE,
                               document_long(&d, 10)), all / 2, all - 1);
    d.between = "";
    assert_in_range(told_again(&store, profile, NULL, CXR_STR_NONE,
                               document_long(&d, 10)), all / 2, all - 1);

    /* a word, an element that nothing reads, a text between them */

    d = doc_usual;
    d.other = 40;
    d.word = "wird";
    passed = told_again(&store, profile, NULL, CXR_STR_NONE,
                        document_long(&d, 10));
    assert_in_range(passed, all / 2, all - 10);

    d = doc_usual;
    d.in = "<f/>";
    assert_int_equal(told_again(&store, profile, NULL, CXR_STR_NONE,
                                document_long(&d, 10)), 0);

    d = doc_usual;
    d.between = "text";
    assert_int_equal(told_again(&store, profile, NULL, CXR_STR_NONE,
                                document_long(&d, 10)), 0);
    d.between = "<!-- </p> -->";
    assert_int_equal(told_again(&store, profile, NULL, CXR_STR_NONE,
                                document_long(&d, 10)), 0);
}


/* The same bytes in other surroundings are read. */
static void
test_around(void **state)
{
    size_t               i;
    doc_t                d = doc_usual;
    cxr_str_t            asked = cxr_str("A1");
    cxr_profile_t       *other;
    cxr_feed_limits_t    limits;

    static const struct {
        const char  *head, *tail;
    } around[] = {
        { "<r xmlns='urn:x'><l>", "</l></r>" },
        { "<r xmlns:a='urn:x'><l>", "</l></r>" },
        { "<r><l><q>Q1</q>", "</l></r>" },
        { "<r><l><q/>", "</l></r>" },
        { "<s><r><l>", "</l></r></s>" },
        { "<?xml version='1.0' encoding='ISO-8859-9'?><r><l>", "</l></r>" }
    };

    for (i = 0; i < cxr_nelts(around); i++) {
        d.head = around[i].head;
        d.tail = around[i].tail;
        assert_int_equal(told_again(&store, profile, NULL, CXR_STR_NONE,
                                    document_long(&d, 8)), 0);
    }

    /* the number that was asked for, and limits */

    d = doc_usual;
    assert_int_equal(told_again(&store, profile, NULL, asked,
                                document_long(&d, 8)), 0);
    cxr_feed_limits(&limits);
    limits.elements = 9;
    assert_int_equal(told_again(&store, profile, &limits, CXR_STR_NONE,
                                document_long(&d, 8)), 0);

    /* another profile */

    other = kit_profile(
        "<profile carrier='xx' name='Y'>"
        "<dates name='d'><date>yyyy-MM-dd</date></dates>"
        "<table name='t' source='s'><map code='D' status='delivered'/>"
        "<map code='T' status='in_transit'/></table>"
        "<format path='r'><record path='l/p'><number path='n'/>"
        "<events path='e' table='t'><code path='c'/><text path='x'/>"
        "<time path='d' dates='d'/></events></record></format></profile>");
    assert_int_equal(told_again(&store, other, NULL, CXR_STR_NONE,
                                document_long(&d, 8)), 0);
    cxr_profile_free(other);
}


/* What changes in the middle of a document changes what follows it alone. */
static void
test_middle(void **state)
{
    doc_t        d = doc_usual;
    size_t       n, i;
    store_t     *s = calloc(1, sizeof(store_t));
    cxr_str_t    doc;
    unsigned     all;
    again_t      run = { .store = NULL, .into = s };
    char        *text = malloc(sizeof(doc_text));
    const char  *between;

    static const char *const  middles[] = {
        "<q>Q2</q>", "</l><l>", "</l><l xmlns:z='urn:z'>", "</l><l><q>1</q>",
        "<dead><p><n>N00001</n></p></dead>", "<p><n>N00009</n></p>",
        "</l></r>", "&bad;", "<p><n>N00002</n>", "<![CDATA[x]]>", "</x>",
        "</l><l><q>Q2</q>"
    };

    assert_non_null(s);
    assert_non_null(text);

    for (i = 0; i < cxr_nelts(middles); i++) {
        d.head = i + 1 < cxr_nelts(middles) ? "<r><l>" : "<r><l><q>Q1</q>";
        learn(s, profile, document(&d), 0, 0);
        doc = document_long(&d, 12);
        between = memmem(doc.data + doc.len / 2, doc.len / 2, "</p>", 4);
        assert_non_null(between);
        n = (size_t) (between + 4 - doc.data);
        memcpy(text, doc.data, n);
        n += (size_t) sprintf(text + n, "%s", middles[i]);
        split = (int) n;
        memcpy(text + n, between + 4, doc.len - (size_t) (between + 4
                                                          - doc.data));
        n += doc.len - (size_t) (between + 4 - doc.data);

        all = told_again(s, profile, NULL, CXR_STR_NONE, cxr_strn(text, n));
        assert_true(all > AGAIN_RECORDS);

        /* and of what this one tells */

        memset(s, 0, sizeof(store_t));
        again_run(&run, profile, NULL, CXR_STR_NONE, cxr_strn(text, n), 0, 0);
        kit_free(&run.kit);
        all = told_again(s, profile, NULL, CXR_STR_NONE, cxr_strn(text, n));
        assert_true(all > AGAIN_RECORDS);
    }

    split = 0;
    free(text);
    free(s);
}


/* Bytes changed at random, anywhere. */
static void
test_random(void **state)
{
    char      *text;
    unsigned   i, k, seed = 7;
    cxr_str_t  doc = document_long(&doc_usual, 3);

    static const char  bytes[] = "<>/p&' \n\"x-]!";

    text = malloc(doc.len);
    assert_non_null(text);

    for (i = 0; i < 60; i++) {
        memcpy(text, doc.data, doc.len);

        for (k = 0; k < 1 + i % 5; k++) {
            text[(size_t) rand_r(&seed) * 7919 % doc.len]
                = bytes[(size_t) rand_r(&seed) % (sizeof(bytes) - 1)];
        }

        (void) told_again(&store, profile, NULL, CXR_STR_NONE,
                          cxr_strn(text, doc.len));
    }

    free(text);
}


/* No more records than a document may have, and those that are refused. */
static void
test_limit(void **state)
{
    doc_t               d = doc_usual;
    cxr_feed_limits_t   limits;
    again_t             run = { .store = NULL, .into = &store };

    cxr_feed_limits(&limits);
    limits.records = AGAIN_RECORDS * 9 + 5;

    again_run(&run, profile, &limits, CXR_STR_NONE, document(&d), 0, 0);
    kit_free(&run.kit);
    assert_true(told_again(&store, profile, &limits, CXR_STR_NONE,
                           document_long(&d, 10)) > AGAIN_RECORDS * 4);

    /* the store that others go on with */

    learn(&store, profile, document(&doc_usual), 0, 0);
}


/* A number in an attribute, or one that stands elsewhere too. */
static void
test_number(void **state)
{
    size_t     n, i;
    unsigned   k, way, passed;
    store_t   *s = calloc(1, sizeof(store_t));

    assert_non_null(s);

    for (way = 0; way < 4; way++) {
        n = (size_t) sprintf(doc_text, "<r><l>");

        for (i = 0; i < 2400; i++) {
            k = (unsigned) (i % 300);
            n += (size_t) sprintf(doc_text + n,
                way == 0 ? "<p n='N%u' m='%u'><e><c>T</c></e></p>"
                : way == 1 ? "<p m='N%u' k='%u'><n>N%u</n><e><c>T</c></e></p>"
                : way == 2 ? "<p><z>%u</z><n> n-%u </n><e><c>T</c></e></p>"
                : "<p x='%u'><n><![CDATA[N%u]]></n><e><c>T</c></e></p>",
                k, k, k);
        }

        n += (size_t) sprintf(doc_text + n, "</l></r>");
        learn(s, profile, cxr_strn(doc_text, n), 0, 0);
        passed = told_again(s, profile, NULL, CXR_STR_NONE,
                            cxr_strn(doc_text, n));

        /* what stands in no plain way is read */

        assert_true(way >= 2 ? passed == 0 : passed > 100);
    }

    free(s);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_around),
        cmocka_unit_test(test_middle),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_number)
    };

    cxr_feed_init();

    return cmocka_run_group_tests(tests, begin, end);
}


/*
 * What a feed remembers of texts and codes changes nothing: a record reads in
 * a long document as it reads alone.
 */

#include <string.h>

#include "carrier_kit.h"

#define MEMO_KINDS    12
#define MEMO_TEXTS    40
#define MEMO_RECORDS  3000


static const char  memo_profile[] =
    "<profile carrier='x' name='X'>"
    "<table name='t' source='s' fold='turkish'>"
    "<map code='A' code2='BC' status='picked_up'/>"
    "<map code='AB' code2='C' status='delivered'/>"
    "<map code='ABC' status='attempt_failed'/>"
    "<map text-contains='dağıtım' status='out_for_delivery'/>"
    "<map text-contains='7' status='in_transit'/>"
    "<ignore text='bırak'/>"
    "</table>"
    "<format path='r'><record path='p'><number path='n'/>"
    "<events path='e' table='t'><code path='c'/><code2 path='c2'/>"
    "<text path='x'/><place path='y'/></events></record></format></profile>";


static size_t
memo_record(unsigned i, char *out, size_t size)
{
    char      text[300];
    unsigned  k = i % MEMO_TEXTS;

    static const struct {
        const char  *codes;
        const char  *text;
    }  kinds[MEMO_KINDS] = {
        { "<c>A</c><c2>BC</c2>", "" },
        { "<c>AB</c><c2>C</c2>", "" },
        { "<c>ABC</c>", "" },
        { "<c>A</c><c2>B</c2>", "C" },
        { "", "DAĞITIM %u" },
        { "", "DAĞITIM   %u " },
        { "", "Şube \xe2\x80\x8b%u" },
        { "<c>Ş%u</c>", "Şube" },
        { "", "BIRAK" },
        { "<c>A</c>", "ığüşöç ığüşöç ığüşöç ığüşöç ığüşöç ığüşöç ığüşöç "
                      "ığüşöç ığüşöç %u" },
        { "<c>%u</c>", "%u" },
        { "", "Şube %u" }
    };

    /* each kind's place in the alphabet is its own, so that neighbours differ */

    snprintf(text, sizeof(text), "%s<x>%s</x><y>%s</y>",
             kinds[i % MEMO_KINDS].codes, kinds[i % MEMO_KINDS].text,
             kinds[(i / 7) % MEMO_KINDS].text);

    size = (size_t) snprintf(out, size, "<p><n>1</n><e>");

    /* "%u" stands once, twice or three times */

    for (const char *p = text; *p != '\0'; p++) {
        if (p[0] == '%' && p[1] == 'u') {
            size += (size_t) sprintf(out + size, "%u", k);
            p++;

        } else {
            out[size++] = *p;
        }
    }

    return size + (size_t) sprintf(out + size, "</e></p>");
}


static void
alike(void **state)
{
    char           *doc, one[1200];
    size_t          n = 0, len;
    unsigned        i, h, seed = 1;
    unsigned       *order;
    kit_run_t       all, alone;
    const char     *p, *end;
    cxr_profile_t  *profile = kit_profile(memo_profile);

    doc = malloc(MEMO_RECORDS * 1000);
    order = malloc(MEMO_RECORDS * sizeof(unsigned));
    assert_non_null(doc);
    assert_non_null(order);

    n = (size_t) sprintf(doc, "<r>");

    for (i = 0; i < MEMO_RECORDS; i++) {
        order[i] = (unsigned) rand_r(&seed) % (MEMO_KINDS * MEMO_TEXTS * 7);
        n += memo_record(order[i], doc + n, 1000);
    }

    n += (size_t) sprintf(doc + n, "</r>");

    kit_run(&all, profile, NULL, cxr_strn(doc, n), 0, 0);
    assert_int_equal(all.rc, CXR_OK);
    assert_int_equal(all.stats.reports, MEMO_RECORDS);

    p = all.out.data;

    for (i = 0; i < MEMO_RECORDS; i++) {
        end = memchr(p, '\n', all.out.len - (size_t) (p - all.out.data));
        assert_non_null(end);
        h = order[i];

        len = (size_t) sprintf(one, "<r>");
        len += memo_record(h, one + len, 1000);
        len += (size_t) sprintf(one + len, "</r>");

        kit_run(&alone, profile, NULL, cxr_strn(one, len), 0, 0);

        if (alone.out.len != (size_t) (end + 1 - p)
            || memcmp(alone.out.data, p, alone.out.len) != 0)
        {
            fail_msg("record %u: %.*s is %.*salone", i, (int) (end - p), p,
                     (int) alone.out.len, alone.out.data);
        }

        kit_free(&alone);
        p = end + 1;
    }

    kit_free(&all);
    free(doc);
    free(order);
    cxr_profile_free(profile);
}


#define MEMO_ERA  70              /* reports that share an arena              */

typedef struct {
    kit_run_t  run;
    uint64_t   era;
    unsigned   n;
} memo_run_t;


/* the run stands first, so that the kit takes one for the other */
static cxr_arena_t *
memo_arena(void *ctx)
{
    memo_run_t  *m = ctx;

    if (m->n++ % MEMO_ERA == 0) {
        cxr_arena_reset(m->run.arena);
        m->era++;
    }

    return m->run.arena;
}


/* Texts that reports share with those before them are theirs all the same. */
static void
shared(void **state)
{
    char             *doc;
    size_t            n;
    unsigned          i, seed = 2;
    kit_run_t         apart;
    memo_run_t        m;
    cxr_feed_t       *f;
    cxr_profile_t    *profile = kit_profile(memo_profile);
    cxr_feed_sink_t   sink = {
        .ctx = &m, .arena = memo_arena, .on_report = kit_report,
        .on_refused = kit_refused, .era = &m.era
    };

    doc = malloc(MEMO_RECORDS * 1000);
    assert_non_null(doc);

    n = (size_t) sprintf(doc, "<r>");

    for (i = 0; i < MEMO_RECORDS; i++) {
        n += memo_record((unsigned) rand_r(&seed)
                         % (MEMO_KINDS * MEMO_TEXTS * 7), doc + n, 1000);
    }

    n += (size_t) sprintf(doc + n, "</r>");

    kit_run(&apart, profile, NULL, cxr_strn(doc, n), 0, 0);
    assert_int_equal(apart.rc, CXR_OK);

    memset(&m, 0, sizeof(m));
    m.run.arena = cxr_arena_create(4 * 1024 * 1024);
    cxr_buf_init(&m.run.out, KIT_OUT_MAX);

    assert_int_equal(cxr_feed_open(profile, NULL, CXR_STR_NONE, &sink, &f),
                     CXR_OK);
    assert_int_equal(cxr_feed_push(f, doc, n), CXR_OK);
    assert_int_equal(cxr_feed_finish(f), CXR_OK);
    assert_int_equal(cxr_feed_stats(f)->reports, MEMO_RECORDS);
    cxr_feed_close(f);

    assert_int_equal(m.run.out.len, apart.out.len);
    assert_memory_equal(m.run.out.data, apart.out.data, apart.out.len);

    kit_free(&apart);
    kit_free(&m.run);
    free(doc);
    cxr_profile_free(profile);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(alike),
        cmocka_unit_test(shared)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

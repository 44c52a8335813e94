
/*
 * Every profile loads; our own documents in the carriers' formats give the
 * reports that stand beside them, however they are cut into pieces; and, where
 * real samples are at hand, each gives what t/data/carriers/CARRIER/samples.txt
 * says: name, end, reports, refused, faults, events, unmapped.
 *
 * CXR_GOLDEN_WRITE=1 writes the golden files anew.
 */

#include "carrier_kit.h"
#include "cxr_text.h"

#include <glob.h>

#define DATA  "t/data/carriers/"


static cxr_profile_t *
profile_of(const char *document)
{
    char  path[128];

    document += sizeof(DATA) - 1;
    snprintf(path, sizeof(path), "conf/carriers/%.*s.xml",
             (int) strcspn(document, "/"), document);

    return kit_load(path);
}


/* X.asked holds the number that the reply X.xml has been asked for */
static void
ask(const char *document)
{
    char         path[160];
    cxr_str_t    s;

    static char  asked[128];

    snprintf(path, sizeof(path), "%.*s.asked", (int) strlen(document) - 4,
             document);
    s = kit_file(path);
    assert_true(s.len < sizeof(asked));

    if (s.len > 0) {
        memcpy(asked, s.data, s.len);
    }

    kit_asked = cxr_str_trim(cxr_strn(asked, s.len));
    free((void *) s.data);
}


static void
documents(glob_t *g)
{
    assert_int_equal(glob(DATA "*/*.xml", 0, NULL, g), 0);
    assert_true(g->gl_pathc > 0);
}


static void
profiles(void **state)
{
    size_t  i;
    glob_t  g;

    assert_int_equal(glob("conf/carriers/*.xml", 0, NULL, &g), 0);

    for (i = 0; i < g.gl_pathc; i++) {
        cxr_profile_free(kit_load(g.gl_pathv[i]));
    }

    globfree(&g);
}


static void
golden(void **state)
{
    char            path[160];
    FILE           *f;
    size_t          i;
    glob_t          g;
    kit_run_t       run;
    cxr_str_t       doc, want;
    cxr_profile_t  *p;

    documents(&g);

    for (i = 0; i < g.gl_pathc; i++) {
        p = profile_of(g.gl_pathv[i]);
        doc = kit_file(g.gl_pathv[i]);
        assert_true(doc.len > 0);

        ask(g.gl_pathv[i]);
        kit_run(&run, p, NULL, doc, 0, 0);

        if (run.rc != CXR_OK) {
            fail_msg("%s: %s, %s", g.gl_pathv[i], cxr_feed_end_names[run.end],
                     run.diag.text);
        }

        snprintf(path, sizeof(path), "%.*s.json",
                 (int) strlen(g.gl_pathv[i]) - 4, g.gl_pathv[i]);

        if (getenv("CXR_GOLDEN_WRITE") != NULL) {
            f = fopen(path, "wb");
            assert_non_null(f);
            fwrite(run.out.data, 1, run.out.len, f);
            fclose(f);
        }

        want = kit_file(path);

        if (!cxr_str_eq(want, cxr_buf_str(&run.out))) {
            fail_msg("%s: got\n%.*s", path, cxr_str_arg(cxr_buf_str(&run.out)));
        }

        free((void *) want.data);
        free((void *) doc.data);
        kit_free(&run);
        cxr_profile_free(p);
    }

    globfree(&g);
}


static void
pieces(void **state)
{
    size_t          i;
    glob_t          g;
    unsigned        seed;
    kit_run_t       whole, cut;
    cxr_str_t       doc;
    cxr_profile_t  *p;

    documents(&g);

    for (i = 0; i < g.gl_pathc; i++) {
        p = profile_of(g.gl_pathv[i]);
        doc = kit_file(g.gl_pathv[i]);

        ask(g.gl_pathv[i]);
        kit_run(&whole, p, NULL, doc, 0, 0);

        for (seed = 0; seed < 20; seed++) {
            kit_run(&cut, p, NULL, doc, seed == 0 ? 1 : -1, seed);
            assert_int_equal(cut.end, whole.end);
            assert_true(cxr_str_eq(cxr_buf_str(&cut.out),
                                   cxr_buf_str(&whole.out)));
            assert_memory_equal(&cut.stats, &whole.stats,
                                sizeof(cxr_feed_stats_t));
            kit_free(&cut);
        }

        kit_free(&whole);
        free((void *) doc.data);
        cxr_profile_free(p);
    }

    kit_asked = CXR_STR_NONE;
    globfree(&g);
}


/* What came whole before the cut is delivered, and never a half record. */
static void
truncated(void **state)
{
    size_t          n;
    kit_run_t       whole, cut;
    cxr_str_t       doc;
    cxr_profile_t  *p = kit_load("conf/carriers/yurtici.xml");

    doc = kit_file("t/data/carriers/yurtici/query.xml");
    kit_run(&whole, p, NULL, doc, 0, 0);

    while (doc.len > 0 && doc.data[doc.len - 1] != '>') {
        doc.len--;
    }

    for (n = 0; n < doc.len; n++) {
        kit_run(&cut, p, NULL, cxr_strn(doc.data, n), 0, 0);
        assert_int_equal(cut.rc, CXR_INVALID);
        /* within a character or the declaration it may be the encoding that
           does not hold */
        if (cut.end != CXR_FEED_ENCODING
            || (n > 40 && ((unsigned char) doc.data[n] & 0xc0) != 0x80))
        {
            assert_int_equal(cut.end, CXR_FEED_MALFORMED);
        }

        assert_true(cut.out.len <= whole.out.len);
        assert_true(cut.out.len == 0
                    || memcmp(cut.out.data, whole.out.data, cut.out.len) == 0);
        kit_free(&cut);
    }

    kit_free(&whole);
    free((void *) doc.data);
    cxr_profile_free(p);
}


/* one carrier's samples; how many of the list were there */
static size_t
samples_of(const char *list, const char *root)
{
    char            path[1024], line[400], want[400], name[200];
    FILE           *f;
    size_t          seen = 0;
    kit_run_t       run;
    cxr_str_t       doc;
    cxr_profile_t  *p = profile_of(list);

    f = fopen(list, "r");
    assert_non_null(f);

    while (fgets(want, sizeof(want), f) != NULL) {
        assert_int_equal(sscanf(want, "%199s", name), 1);

        snprintf(path, sizeof(path), "%s/%.*s/%s", root,
                 (int) strcspn(list + sizeof(DATA) - 1, "/"),
                 list + sizeof(DATA) - 1, name);
        doc = kit_file(path);

        if (doc.data == NULL) {
            continue;
        }

        kit_run(&run, p, NULL, doc, 0, 0);
        seen++;

        snprintf(line, sizeof(line), "%s %s %u %u %u %u %u\n", name,
                 cxr_feed_end_names[run.end], (unsigned) run.stats.reports,
                 (unsigned) run.stats.refused, (unsigned) run.stats.faults,
                 (unsigned) run.stats.events, (unsigned) run.stats.unmapped);

        if (strcmp(line, want) != 0) {
            fail_msg("%s: got %swant %s%s", path, line, want, run.diag.text);
        }

        kit_free(&run);
        free((void *) doc.data);
    }

    fclose(f);
    cxr_profile_free(p);

    return seen;
}


static void
samples(void **state)
{
    size_t       i, seen = 0;
    glob_t       g;
    const char  *root;

    root = getenv("CXR_CARRIER_SAMPLES");
    if (root == NULL) {
        root = "../shared/carriers/samples";
    }

    assert_int_equal(glob(DATA "*/samples.txt", 0, NULL, &g), 0);

    for (i = 0; i < g.gl_pathc; i++) {
        seen += samples_of(g.gl_pathv[i], root);
    }

    globfree(&g);

    if (seen == 0) {
        print_message("no samples in %s (CXR_CARRIER_SAMPLES)\n", root);
        skip();
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(profiles),
        cmocka_unit_test(golden),
        cmocka_unit_test(pieces),
        cmocka_unit_test(truncated),
        cmocka_unit_test(samples)
    };

    cxr_feed_init();

    return cmocka_run_group_tests(tests, NULL, NULL);
}

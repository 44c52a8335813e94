
/*
 * Our own documents in the carriers' formats give the reports that stand
 * beside them, however they are cut into pieces; and, where real samples are at
 * hand, every well-formed one is read.  CXR_GOLDEN_WRITE=1 writes the golden files anew.
 */

#include "carrier_kit.h"

#include <dirent.h>


static const char *const  carriers[] = { "ups", "usps", "yurtici" };


static const char *const  documents[] = {
    "ups/track", "ups/soap", "ups/quantum", "ups/fault",
    "usps/batch", "usps/sentences", "usps/error",
    "yurtici/query", "yurtici/report", "yurtici/error"
};


static cxr_profile_t *
profile_of(const char *document)
{
    char  path[128];

    snprintf(path, sizeof(path), "conf/carriers/%.*s.xml",
             (int) strcspn(document, "/"), document);

    return kit_load(path);
}


static void
golden(void **state)
{
    char            path[128];
    FILE           *f;
    size_t          i;
    kit_run_t       run;
    cxr_str_t       doc, want;
    cxr_profile_t  *p;

    for (i = 0; i < cxr_nelts(documents); i++) {
        p = profile_of(documents[i]);

        snprintf(path, sizeof(path), "t/data/carriers/%s.xml", documents[i]);
        doc = kit_file(path);
        assert_true(doc.len > 0);

        kit_run(&run, p, NULL, doc, 0, 0);
        assert_int_equal(run.rc, CXR_OK);
        assert_int_equal(run.end, CXR_FEED_DONE);

        snprintf(path, sizeof(path), "t/data/carriers/%s.json", documents[i]);

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
}


static void
pieces(void **state)
{
    char            path[128];
    size_t          i;
    unsigned        seed;
    kit_run_t       whole, cut;
    cxr_str_t       doc;
    cxr_profile_t  *p;

    for (i = 0; i < cxr_nelts(documents); i++) {
        p = profile_of(documents[i]);

        snprintf(path, sizeof(path), "t/data/carriers/%s.xml", documents[i]);
        doc = kit_file(path);

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


/* samples that hold no parcel, only an error or nothing that has a key */
static bool
sample_is_empty(const char *name)
{
    size_t  i;

    static const char *const  words[] = {
        "error", "invalid", "failure", "unknown_code"
    };

    for (i = 0; i < cxr_nelts(words); i++) {
        if (strstr(name, words[i]) != NULL) {
            return true;
        }
    }

    return false;
}


static void
samples(void **state)
{
    DIR            *dir;
    char            path[1024], folder[512];
    size_t          i, seen = 0;
    kit_run_t       run;
    cxr_str_t       doc;
    const char     *root;
    cxr_profile_t  *p;
    struct dirent  *e;

    root = getenv("CXR_CARRIER_SAMPLES");
    if (root == NULL) {
        root = "../shared/carriers/samples";
    }

    for (i = 0; i < cxr_nelts(carriers); i++) {
        snprintf(folder, sizeof(folder), "%s/%s", root, carriers[i]);
        dir = opendir(folder);

        if (dir == NULL) {
            print_message("no samples in %s (CXR_CARRIER_SAMPLES)\n", folder);
            continue;
        }

        p = profile_of(carriers[i]);

        while ((e = readdir(dir)) != NULL) {
            if (strstr(e->d_name, ".xml") == NULL) {
                continue;
            }

            snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
            doc = kit_file(path);
            kit_run(&run, p, NULL, doc, 0, 0);
            seen++;

            if (sample_is_empty(e->d_name)) {
                assert_int_equal(run.stats.reports, 0);
                assert_true(run.rc == CXR_OK || run.end == CXR_FEED_FORMAT);

            } else if (run.rc != CXR_OK || run.stats.reports == 0) {
                fail_msg("%s: %s, %s", path, cxr_feed_end_names[run.end],
                         run.diag.text);
            }

            kit_free(&run);
            free((void *) doc.data);
        }

        closedir(dir);
        cxr_profile_free(p);
    }

    if (seen == 0) {
        skip();
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(golden),
        cmocka_unit_test(pieces),
        cmocka_unit_test(truncated),
        cmocka_unit_test(samples)
    };

    cxr_feed_init();

    return cmocka_run_group_tests(tests, NULL, NULL);
}

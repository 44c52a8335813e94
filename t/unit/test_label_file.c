
/*
 * Carriers' labels as files: what is taken for one, and where it stands.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "cxr_label_file.h"
#include "cxr_photo.h"


#define BODY  "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"              \
              "2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"


/* "%s" stands in an object of it; "at" 0: startxref is right */

static cxr_str_t
pdf(char *mem, size_t size, const char *more, unsigned long at,
    const char *behind)
{
    int  n, xref;

    n = snprintf(mem, size, "%%PDF-1.7\n%s3 0 obj\n<<%s>>\nendobj\n", BODY,
                 more);
    xref = n;
    n += snprintf(mem + n, size - (size_t) n,
                  "xref\n0 1\n0000000000 65535 f \ntrailer\n"
                  "<</Root 1 0 R/Size 4>>\nstartxref\n%lu\n%%%%EOF%s",
                  at ? at : (unsigned long) xref, behind);

    return cxr_strn(mem, (size_t) n);
}


static void
takes(const char *more, const char *behind)
{
    char         mem[4096];
    const char  *what;

    what = cxr_pdf_check(pdf(mem, sizeof(mem), more, 0, behind));
    assert_null(what);
}


static void
refuses(const char *more, unsigned long at, const char *behind,
    const char *why)
{
    char         mem[4096];
    const char  *what;

    what = cxr_pdf_check(pdf(mem, sizeof(mem), more, at, behind));
    assert_non_null(what);
    assert_non_null(strstr(what, why));
}


static void
test_pdf(void **state)
{
    char      mem[4096];
    size_t    i;
    cxr_str_t file;

    takes("/A 1", "");
    takes("/OpenAction[4 0 R/XYZ null null 1]", "\r\n");
    takes("/Title(It is (a /label\\) ))", "\n\n  \n");
    takes("/JavaScriptless 1/MyLaunch 2", "");

    refuses("/S/JavaScript/JS(app.alert\\(1\\))", 0, "", "script");
    refuses("/S/Java#53cript", 0, "", "script");
    refuses("/S/#4aavaScript", 0, "", "script");
    refuses("/S /Launch /F(x)", 0, "", "script");
    refuses("/Type/EmbeddedFile", 0, "", "another file");
    refuses("/AcroForm<</XFA[]>>", 0, "", "form");
    refuses("/S/SubmitForm", 0, "", "form");
    refuses("", 0, "<script>alert(1)</script>", "cut short");
    refuses("", 9999, "", "startxref");
    refuses("", 12, "", "startxref");

    /* from its beginning, and to its end */

    file = pdf(mem, sizeof(mem), "", 0, "");

    for (i = 1; i < file.len; i++) {
        assert_non_null(cxr_pdf_check(cxr_strn(file.data, file.len - i)));
        assert_non_null(cxr_pdf_check(cxr_strn(file.data + i, file.len - i)));
    }

    assert_non_null(cxr_pdf_check(CXR_STR_NONE));
}


static void
test_xref_stream(void **state)
{
    char  mem[1024];
    int   n, at;

    n = snprintf(mem, sizeof(mem), "%%PDF-2.0\n%s", BODY);
    at = n;
    n += snprintf(mem + n, sizeof(mem) - (size_t) n,
                  "9 0 obj\n<</Type/XRef/Root 1 0 R>>stream\nx\nendstream\n"
                  "endobj\nstartxref %d\n%%%%EOF\n", at);

    assert_null(cxr_pdf_check(cxr_strn(mem, (size_t) n)));
    mem[at + 2] = 'x';
    assert_non_null(cxr_pdf_check(cxr_strn(mem, (size_t) n)));
}


static void
test_kinds(void **state)
{
    char         mem[4096];
    cxr_str_t    file = pdf(mem, sizeof(mem), "", 0, "");
    const char  *what;

    assert_int_equal(cxr_label_file_kind(file), CXR_LABEL_FILE_PDF);
    assert_int_equal(cxr_label_file_kind(cxr_str("\x89PNG\r\n\x1a\nxxxxxxxx")),
                     CXR_LABEL_FILE_PNG);
    assert_int_equal(cxr_label_file_kind(cxr_str("^XA^FO0,0^XZ")),
                     CXR_LABEL_FILE_NONE);
    assert_int_equal(cxr_label_file_kind(cxr_str("<html>")),
                     CXR_LABEL_FILE_NONE);
    assert_int_equal(cxr_label_file_kind(CXR_STR_NONE), CXR_LABEL_FILE_NONE);

    assert_int_equal(cxr_label_file_check(file, CXR_LABEL_FILE_PDF, &what),
                     CXR_OK);
    assert_int_equal(cxr_label_file_check(cxr_str("\x89PNG\r\n\x1a\nxxxxxxxx"),
                                          CXR_LABEL_FILE_PNG, &what),
                     CXR_INVALID);
    assert_non_null(strstr(what, "cut short"));
    assert_int_equal(cxr_label_file_check(cxr_strn("\x89PNG\r\n\x1a\nxxxx"
                     "\0\0\0\0IEND\xae\x42\x60\x82", 24),
                                          CXR_LABEL_FILE_PNG, &what),
                     CXR_INVALID);
    assert_non_null(strstr(what, "broken"));
    assert_int_equal(cxr_label_file_check(file, CXR_LABEL_FILE_NONE, &what),
                     CXR_INVALID);
}


static bool
named_none(void *ctx, cxr_str_t hash)
{
    return false;
}


static void
test_files(void **state)
{
    char          dir[] = "/tmp/cxr-label-XXXXXX", cmd[64];
    uint8_t       secret[CXR_SECRET_LEN] = { 7 };
    uint64_t      seen, erased;
    cxr_str_t     a, b, one = cxr_str("one"), two = cxr_str("two");
    struct stat   st;
    cxr_arena_t  *arena = cxr_arena_create(1 << 20);

    assert_non_null(mkdtemp(dir));
    assert_int_equal(cxr_label_file_keep(dir, secret, cxr_str("1:A:R"), one,
                                         CXR_LABEL_FILE_PDF, arena, &a),
                     CXR_OK);
    assert_int_equal(cxr_label_file_keep(dir, secret, cxr_str("1:A:R"), two,
                                         CXR_LABEL_FILE_PNG, arena, &b),
                     CXR_OK);
    assert_int_equal(stat(cxr_label_file_path(dir, a, CXR_LABEL_FILE_PDF,
                                              arena), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_not_equal(stat(cxr_label_file_path(dir, a, CXR_LABEL_FILE_PNG,
                                                  arena), &st), 0);
    assert_null(cxr_label_file_path(dir, a, CXR_LABEL_FILE_NONE, arena));

    assert_true(cxr_label_file_same(dir, a, CXR_LABEL_FILE_PDF, one));
    assert_false(cxr_label_file_same(dir, a, CXR_LABEL_FILE_PDF, two));
    assert_false(cxr_label_file_same(dir, a, CXR_LABEL_FILE_PDF,
                                     cxr_str("one more")));
    assert_false(cxr_label_file_same(dir, b, CXR_LABEL_FILE_PDF, two));
    assert_false(cxr_label_file_same(dir, CXR_STR_NONE, CXR_LABEL_FILE_PDF,
                                     one));

    /* one sweep for both directories' files */

    assert_int_equal(cxr_photo_sweep(dir, 3600, named_none, NULL, &seen,
                                     &erased), CXR_OK);
    assert_int_equal(seen, 2);
    assert_int_equal(erased, 0);

    assert_int_equal(cxr_label_file_forget(dir, a), CXR_OK);
    assert_int_equal(cxr_label_file_forget(dir, a), CXR_OK);
    assert_false(cxr_label_file_same(dir, a, CXR_LABEL_FILE_PDF, one));
    assert_true(cxr_label_file_same(dir, b, CXR_LABEL_FILE_PNG, two));

    snprintf(cmd, sizeof(cmd), "rm -r %s", dir);
    assert_int_equal(system(cmd), 0);
    cxr_arena_destroy(arena);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_pdf),
        cmocka_unit_test(test_xref_stream),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

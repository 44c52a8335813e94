
/*
 * JSON: what is refused and where, all faults of one object, and the printer.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "cxr_json.h"


static json_t *
parse(const char *text)
{
    json_t      *v;
    cxr_diag_t   d;

    assert_int_equal(cxr_json_parse(cxr_strz(text), &v, &d), CXR_OK);

    return v;
}


static void
refused(cxr_str_t text, cxr_rc_t rc, unsigned line, unsigned column)
{
    json_t      *v;
    cxr_diag_t   d;

    assert_int_equal(cxr_json_parse(text, &v, &d), rc);
    assert_null(v);
    assert_int_equal(d.rc, rc);
    assert_int_equal(d.line, line);

    if (column != 0) {
        assert_int_equal(d.column, column);
    }

    assert_string_not_equal(d.text, "");
}


static void
bad_json_has_a_place(void **state)
{
    json_t      *v;
    cxr_diag_t   d;

    refused(CXR_STR_NONE, CXR_INVALID, 1, 1);
    refused(cxr_str("{\n  \"a\": x\n}"), CXR_INVALID, 2, 8);
    refused(cxr_str("{\"a\":1,\n\"a\":2}"), CXR_INVALID, 2, 0);
    refused(cxr_str("{\"a\":1}\n\nx"), CXR_INVALID, 3, 1);
    refused(cxr_str("{\"a\":\n"), CXR_INVALID, 2, 1);
    refused(cxr_str("\n\"\xff\""), CXR_INVALID, 2, 2);
    refused(cxr_str("\"a\\u0000b\""), CXR_INVALID, 1, 0);
    refused(cxr_str("{\"a\\u0000b\":1}"), CXR_INVALID, 1, 0);
    refused(cxr_str("\"a\0b\""), CXR_INVALID, 1, 0);
    refused(cxr_str("[99999999999999999999]"), CXR_INVALID, 1, 0);
    refused(cxr_str("[01]"), CXR_INVALID, 1, 0);
    refused(cxr_str("\xef\xbb\xbf{}"), CXR_INVALID, 1, 1);
    refused(cxr_str("[[[[[[[[[[[[[[[[\n [1]]]]]]]]]]]]]]]]]"), CXR_LIMIT, 2, 2);

    json_decref(parse("[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]"));
    json_decref(parse("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[[[\""));

    /* what was sent may be personal, and is not told again */

    assert_int_equal(cxr_json_parse(cxr_str("{\"a\":secret}"), &v, &d),
                     CXR_INVALID);
    assert_null(strstr(d.text, "secret"));
}


static void
files_are_loaded(void **state)
{
    int          fd;
    char         path[] = "/tmp/cxr_json_XXXXXX", *text;
    json_t      *v;
    cxr_diag_t   d;

    static const char  body[] = "{\n\"a\": [1,\n2]}";

    fd = mkstemp(path);
    assert_true(fd != -1);
    assert_int_equal(write(fd, body, sizeof(body) - 1), sizeof(body) - 1);

    assert_int_equal(cxr_json_load(path, 100, &v, &text, &d), CXR_OK);
    assert_string_equal(text, body);
    assert_int_equal(cxr_json_line(cxr_strz(text), "/a/1"), 3);
    free(text);
    json_decref(v);

    assert_int_equal(cxr_json_load(path, sizeof(body) - 2, &v, NULL, &d),
                     CXR_LIMIT);
    assert_string_equal(d.file, path);

    assert_int_equal(write(fd, "x", 1), 1);
    assert_int_equal(cxr_json_load(path, 100, &v, &text, &d), CXR_INVALID);
    assert_null(text);
    assert_string_equal(d.file, path);
    assert_int_equal(d.line, 3);
    assert_int_equal(cxr_json_load(path, 100, &v, NULL, NULL), CXR_INVALID);

    close(fd);
    unlink(path);

    assert_int_equal(cxr_json_load(path, 100, &v, &text, &d), CXR_NOTFOUND);
    assert_int_equal(cxr_json_load("/tmp", 100, &v, &text, &d), CXR_IO);
    assert_string_equal(d.file, "/tmp");
}


static void
lines_are_found(void **state)
{
    size_t  i;

    static const char  text[] =
        "\n{ \"a\": 1,\n"
        "  \"b\": [ {\"x\": \"\\\"}],\"},\n"
        "    {\"x\":\n"
        "        2, \"y/z~\": 3} ],\n"
        "  \"\\u015f\": 4,\n"
        "  \"c\": { \"d\": {\n"
        "      \"e\": null } }\n"
        "}\n";

    static const struct { const char *pointer; unsigned line; } places[] = {
        { "", 2 }, { "/a", 2 }, { "/b", 3 }, { "/b/0", 3 }, { "/b/1", 4 },
        { "/b/1/x", 5 }, { "/b/1/y~1z~0", 5 }, { "/\xc5\x9f", 6 },
        { "/c/d", 7 }, { "/c/d/e", 8 }, { "/c/d/nope", 7 }, { "/b/9", 3 },
        { "/b/x", 3 }, { "/nope/a", 2 }, { "/a/b/c", 2 }, { "/b/1/", 4 }
    };

    for (i = 0; i < cxr_nelts(places); i++) {

        if (cxr_json_line(cxr_strz(text), places[i].pointer)
            != places[i].line)
        {
            fail_msg("%s", places[i].pointer);
        }
    }

    assert_int_equal(cxr_json_line(CXR_STR_NONE, "/a"), 1);
}


static void
good_fields_are_read(void **state)
{
    bool               flag = false;
    json_t            *v, *list = NULL, *object = NULL;
    int64_t            n = 0;
    unsigned           choice = 9;
    cxr_jr_t           r;
    cxr_str_t          s, block, slug, absent = cxr_str("kept");
    cxr_time_t         t = 0;
    cxr_strs_t         strs;
    cxr_arena_t       *a = cxr_arena_create(1 << 20);
    cxr_json_faults_t  f = { .n = 0 };

    static const char *const  names[] = { "one", "two", NULL };

    v = parse("{\"line\":\" a  b\",\"block\":\"x\\r\\ny\",\"slug\":\"s-1\","
              "\"int\":-5,\"bool\":true,\"time\":\"2026-11-02T09:14:00Z\","
              "\"choice\":\"two\",\"list\":[1],\"object\":{},"
              "\"strs\":[\" p \",\"q\"],\"null\":null}");

    assert_true(cxr_jr_begin(&r, v, "", a, &f));
    assert_true(cxr_jr_line(&r, "line", 3, CXR_JR_REQUIRED, &s));
    assert_true(cxr_jr_block(&r, "block", 9, 0, &block));
    assert_true(cxr_jr_slug(&r, "slug", 9, 0, &slug));
    assert_true(cxr_jr_int(&r, "int", -5, 5, 0, &n));
    assert_true(cxr_jr_bool(&r, "bool", 0, &flag));
    assert_true(cxr_jr_time(&r, "time", 0, &t));
    assert_true(cxr_jr_choice(&r, "choice", names, 0, &choice));
    assert_true(cxr_jr_array(&r, "list", 1, 0, &list));
    assert_true(cxr_jr_object(&r, "object", 0, &object));
    assert_true(cxr_jr_strs(&r, "strs", 2, 1, 0, &strs));
    assert_true(cxr_jr_line(&r, "null", 3, 0, &absent));
    assert_true(cxr_jr_line(&r, "absent", 3, 0, &absent));
    assert_true(cxr_jr_end(&r));
    assert_int_equal(f.total, 0);

    json_decref(v);

    assert_true(cxr_str_is(s, "a b"));
    assert_true(cxr_str_is(block, "x\ny"));
    assert_true(cxr_str_is(slug, "s-1"));
    assert_int_equal(n, -5);
    assert_true(flag);
    assert_int_equal(t, 1793610840000);
    assert_int_equal(choice, 1);
    assert_non_null(list);
    assert_non_null(object);
    assert_int_equal(strs.n, 2);
    assert_true(cxr_str_is(strs.items[0], "p"));
    assert_true(cxr_str_is(absent, "kept"));

    cxr_arena_destroy(a);
}


static void
fault_is(const cxr_json_faults_t *f, unsigned i, const char *pointer,
    const char *text)
{
    assert_in_range(i, 0, f->n - 1);
    assert_string_equal(f->faults[i].pointer, pointer);
    assert_non_null(strstr(f->faults[i].text, text));
}


static void
all_faults_are_told(void **state)
{
    bool               flag = true;
    json_t            *v, *j = NULL;
    int64_t            n = 7;
    unsigned           choice = 7;
    cxr_jr_t           r;
    cxr_str_t          s = cxr_str("kept");
    cxr_time_t         t = 7;
    cxr_strs_t         strs = { NULL, 0 };
    cxr_arena_t       *a = cxr_arena_create(1 << 20);
    cxr_json_faults_t  f = { .n = 0 };

    static const char *const  names[] = { "one", "two", NULL };

    v = parse("{\"line\":\"abcd\",\"empty\":\" \",\"slug\":\"A\","
              "\"int\":1.0,\"far\":6,\"bool\":1,\"time\":\"today\","
              "\"choice\":\"three\",\"list\":[1,2],\"object\":[],"
              "\"strs\":[\"p\",5,\"\"],\"who~am/i\":1}");

    assert_true(cxr_jr_begin(&r, v, "/lines/0", a, &f));
    assert_false(cxr_jr_line(&r, "line", 3, 0, &s));
    assert_false(cxr_jr_line(&r, "empty", 3, 0, &s));
    assert_false(cxr_jr_slug(&r, "slug", 9, 0, &s));
    assert_false(cxr_jr_int(&r, "int", -5, 5, 0, &n));
    assert_false(cxr_jr_int(&r, "far", -5, 5, 0, &n));
    assert_false(cxr_jr_bool(&r, "bool", 0, &flag));
    assert_false(cxr_jr_time(&r, "time", 0, &t));
    assert_false(cxr_jr_choice(&r, "choice", names, 0, &choice));
    assert_false(cxr_jr_array(&r, "list", 1, 0, &j));
    assert_false(cxr_jr_object(&r, "object", 0, &j));
    assert_false(cxr_jr_strs(&r, "strs", 3, 1, 0, &strs));
    assert_false(cxr_jr_int(&r, "absent", 0, 1, CXR_JR_REQUIRED, &n));
    assert_false(cxr_jr_end(&r));

    fault_is(&f, 0, "/lines/0/line", "1 to 3 characters");
    fault_is(&f, 1, "/lines/0/empty", "1 to 3 characters");
    fault_is(&f, 2, "/lines/0/slug", "a-z");
    fault_is(&f, 3, "/lines/0/int", "whole number from -5 to 5");
    fault_is(&f, 4, "/lines/0/far", "whole number from -5 to 5");
    fault_is(&f, 5, "/lines/0/bool", "true or false");
    fault_is(&f, 6, "/lines/0/time", "2026-11-02T09:14:00Z");
    fault_is(&f, 7, "/lines/0/choice", "one of: one, two");
    fault_is(&f, 8, "/lines/0/list", "at most 1");
    fault_is(&f, 9, "/lines/0/object", "an object");
    fault_is(&f, 10, "/lines/0/strs/1", "1 to 1 characters");
    fault_is(&f, 11, "/lines/0/strs/2", "1 to 1 characters");
    fault_is(&f, 12, "/lines/0/absent", "required");
    fault_is(&f, 13, "/lines/0/who~0am~1i", "not known");
    assert_int_equal(f.total, 14);

    assert_true(cxr_str_is(s, "kept"));
    assert_int_equal(n, 7);
    assert_int_equal(t, 7);
    assert_int_equal(choice, 7);
    assert_true(flag);
    assert_null(j);
    assert_int_equal(strs.n, 0);

    json_decref(v);

    /* no more are kept than there is room for, but all are counted */

    v = parse("[]");

    for (n = 0; n < 20; n++) {
        assert_false(cxr_jr_begin(&r, v, "/x", a, &f));
        assert_false(cxr_jr_begin(&r, NULL, "/x", a, &f));
    }

    assert_int_equal(f.n, 16);
    assert_int_equal(f.total, 54);
    fault_is(&f, 15, "/x", "must be an object");

    json_decref(v);
    cxr_arena_destroy(a);
}


static void
printer_keeps_commas(void **state)
{
    int         i;
    cxr_jw_t    w;
    cxr_buf_t   b;

    cxr_buf_init(&b, 1000);
    cxr_jw_init(&w, &b);

    cxr_jw_open(&w, NULL, '{');
    cxr_jw_open(&w, "e", '[');
    cxr_jw_close(&w);
    cxr_jw_open(&w, "a", '[');
    cxr_jw_int(&w, NULL, -1);
    cxr_jw_uint(&w, NULL, UINT64_MAX);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_bool(&w, "t", true);
    cxr_jw_bool(&w, "f", false);
    cxr_jw_close(&w);
    cxr_jw_null(&w, NULL);
    cxr_jw_close(&w);
    cxr_jw_str(&w, "s\"", cxr_str("\"x"));
    cxr_jw_strz(&w, "z", "");
    cxr_jw_bytes(&w, "b", cxr_str("\xff"));
    cxr_jw_bytes(&w, "n", CXR_STR_NONE);
    cxr_jw_time(&w, "w", 1793610840000);
    cxr_jw_time(&w, "never", CXR_TIME_NONE);
    cxr_jw_close(&w);
    cxr_buf_addc(&b, '\0');

    assert_string_equal(b.data,
        "{\"e\":[],\"a\":[-1,18446744073709551615,{\"t\":true,\"f\":false},"
        "null],\"s\\\"\":\"\\\"x\",\"z\":\"\",\"b\":\"_w\",\"n\":\"\","
        "\"w\":\"2026-11-02T09:14:00Z\",\"never\":null}");
    assert_true(cxr_buf_ok(&b));

    /* one bracket too many, either way, spoils the buffer */

    cxr_jw_close(&w);
    assert_false(cxr_buf_ok(&b));

    cxr_buf_reset(&b);
    cxr_jw_init(&w, &b);

    for (i = 0; i < 32; i++) {
        cxr_jw_open(&w, NULL, '[');
    }

    assert_true(cxr_buf_ok(&b));
    cxr_jw_open(&w, NULL, '[');
    assert_false(cxr_buf_ok(&b));

    cxr_buf_free(&b);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(bad_json_has_a_place),
        cmocka_unit_test(files_are_loaded),
        cmocka_unit_test(lines_are_found),
        cmocka_unit_test(good_fields_are_read),
        cmocka_unit_test(all_faults_are_told),
        cmocka_unit_test(printer_keeps_commas)
    };

    return cmocka_run_group_tests_name("base json", tests, NULL, NULL);
}

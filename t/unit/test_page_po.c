
/* Catalogues: what a translator may write, and how a slip is reported. */

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cxr_i18n.h"
#include "cxr_po.h"


static char  dir[64];


static void
put(const char *name, const char *text)
{
    char   path[128];
    FILE  *f;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}


static void
drop(const char *name)
{
    char  path[128];

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    unlink(path);
}


static int
setup(void **state)
{
    snprintf(dir, sizeof(dir), "/tmp/cxr-po-XXXXXX");
    return mkdtemp(dir) == NULL;
}


static int
teardown(void **state)
{
    drop("tr.po");
    drop("en.po");
    drop("pl.po");
    return rmdir(dir);
}


static cxr_rc_t
parse(const char *src, cxr_arena_t *a, cxr_po_t *po, cxr_diag_t *d)
{
    memset(d, 0, sizeof(cxr_diag_t));
    return cxr_po_parse(cxr_strz(src), "x.po", a, po, d);
}


static void
entries_are_read(void **state)
{
    cxr_po_t      po;
    cxr_diag_t    d;
    cxr_arena_t  *a = cxr_arena_create(1 << 20);

    assert_int_equal(parse(
        "\xef\xbb\xbf# a comment\r\n"
        "msgid \"\"\n"
        "msgstr \"Content-Type: text/plain; charset=utf-8\\n\"\n"
        "\n"
        "#: where it is used\n"
        "msgid \"b.two\"\n"
        "msgstr \"\"\n"
        "  \"one \\\"line\\\"\\n\"\n"
        "\"two\\t\\\\\"\n"
        "msgid \"a.one\"\n"
        "msgstr \"\xc5\x9eimdi\"\n"
        "#, fuzzy, c-format\n"
        "msgid \"c.guess\"\n"
        "msgstr \"not sure\"\n"
        "msgid \"e.later\"\n"
        "msgstr \"\"\n"
        "#~ msgid \"d.old\"\n"
        "#~ msgstr \"gone\"\n", a, &po, &d), CXR_OK);

    assert_int_equal(po.n, 2);
    assert_true(cxr_str_is(po.items[0].key, "a.one"));
    assert_true(cxr_str_is(po.items[0].text, "\xc5\x9eimdi"));
    assert_int_equal(po.items[0].line, 10);
    assert_true(cxr_str_is(po.items[1].key, "b.two"));
    assert_true(cxr_str_is(po.items[1].text, "one \"line\"\ntwo\t\\"));
    assert_int_equal(cxr_po_line(&po.items[1], 3), 8);
    assert_int_equal(cxr_po_line(&po.items[1], 12), 9);

    cxr_arena_destroy(a);
}


static void
faults_have_their_line(void **state)
{
    size_t        i;
    cxr_po_t      po;
    cxr_diag_t    d;
    cxr_arena_t  *a = cxr_arena_create(1 << 20);

    static const struct {
        const char  *src;
        unsigned     line;
        const char  *says;
    } cases[] = {
        { "msgid \"a\"\nmsgstr \"x\"\n\nmsgid \"a\"\nmsgstr \"y\"\n", 4,
          "twice, first on line 1" },
        { "msgid \"a\"\nmsgid_plural \"b\"\n", 2, "plural" },
        { "msgid \"a\"\nmsgstr[0] \"b\"\n", 2, "plural" },
        { "msgctxt \"m\"\n", 1, "msgctxt" },
        { "msgid \"a\"\nmsgstr \"x\n", 2, "closing quote" },
        { "msgid \"a\"\nmsgstr \"x\" y\n", 2, "after the closing quote" },
        { "msgid \"a\"\nmsgstr \"\\q\"\n", 2, "backslash" },
        { "msgid \"a\"\nmsgstr x\n", 2, "double quotes" },
        { "msgid \"a\"\n\nmsgid \"b\"\n", 1, "no msgstr" },
        { "msgstr \"x\"\n", 1, "without a msgid" },
        { "\"x\"\n", 1, "without a msgid" },
        { "hello\n", 1, "is expected" },
        { "msgid \"A b\"\nmsgstr \"x\"\n", 1, "small letters" },
        { "msgid \"a\"\nmsgstr \"\xff\"\n", 2, "UTF-8" },
        { "msgid \"a\"\nmsgstr \"\x01\"\n", 2, "control" },
        { "msgid \"\"\nmsgstr \"charset=ISO-8859-9\\n\"\n", 1, "charset" }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        assert_int_equal(parse(cases[i].src, a, &po, &d), CXR_INVALID);
        assert_int_equal(d.line, cases[i].line);
        assert_string_equal(d.file, "x.po");
        assert_non_null(strstr(d.text, cases[i].says));
    }

    cxr_arena_destroy(a);
}


static void
limits_hold(void **state)
{
    char         *big;
    size_t        i;
    cxr_po_t      po;
    cxr_buf_t     b;
    cxr_diag_t    d;
    cxr_arena_t  *a = cxr_arena_create(16 << 20);

    big = malloc(CXR_PO_TEXT_MAX + 100);
    assert_non_null(big);
    memset(big, 'x', CXR_PO_TEXT_MAX + 99);
    memcpy(big, "msgid \"a\"\nmsgstr \"", 18);
    memcpy(big + CXR_PO_TEXT_MAX + 90, "\"\n", 3);
    assert_int_equal(parse(big, a, &po, &d), CXR_LIMIT);
    assert_int_equal(d.line, 2);
    free(big);

    cxr_buf_init(&b, CXR_PO_FILE_MAX);
    for (i = 0; i <= CXR_PO_KEYS_MAX; i++) {
        cxr_buf_addf(&b, "msgid \"k%zu\"\nmsgstr \"x\"\n", i);
    }

    assert_true(cxr_buf_ok(&b));
    assert_int_equal(cxr_po_parse(cxr_buf_str(&b), "x.po", a, &po, &d),
                     CXR_LIMIT);
    cxr_buf_free(&b);
    cxr_arena_destroy(a);
}


/* Loads tr.po and en.po of which one is at fault. */
static void
refused(const char *tr, const char *en, const char *file, unsigned line,
    const char *says)
{
    cxr_diag_t      d;
    cxr_catalog_t  *cat;

    put("tr.po", tr);
    put("en.po", en);

    memset(&d, 0, sizeof(d));
    assert_int_equal(cxr_catalog_load(dir, &cat, &d), CXR_INVALID);
    assert_null(cat);
    assert_non_null(strstr(d.file, file));
    assert_int_equal(d.line, line);

    if (strstr(d.text, says) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", d.text, says);
    }
}


static void
languages_are_compared(void **state)
{
    refused("msgid \"a\"\nmsgstr \"{name}\"\n",
            "msgid \"a\"\nmsgstr \"{nmae}\"\n", "tr.po", 1,
            "has a placeholder {name}, which it has not in \"en\"");

    refused("msgid \"a\"\nmsgstr \"x\"\nmsgid \"b\"\nmsgstr \"y\"\n",
            "msgid \"b\"\nmsgstr \"{n}\"\n", "tr.po", 3,
            "lacks the placeholder {n}, which it has in \"en\"");

    drop("tr.po");
    drop("en.po");
}


static void
note(void *ctx, const cxr_diag_t *d)
{
    cxr_buf_t  *b = ctx;

    cxr_buf_addf(b, "%s: %s\n", strrchr(d->file, '/') + 1, d->text);
}


/* What a language lacks is English, or of another that has it. */
static void
what_is_missing_is_borrowed(void **state)
{
    char               mem[1024], *lines;
    cxr_arg_t          arg;
    cxr_buf_t          b;
    cxr_diag_t         d;
    cxr_catalog_t     *cat;
    const cxr_lang_t  *de;

    put("tr.po", "msgid \"a\"\nmsgstr \"bir\"\n"
                 "msgid \"c\"\nmsgstr \"\xc3\xbc\xc3\xa7\"\n");
    put("en.po", "msgid \"a\"\nmsgstr \"one\"\n"
                 "msgid \"b\"\nmsgstr \"{n, plural, one{# day} "
                 "other{# days}}\"\n");
    put("de.po", "#, fuzzy\nmsgid \"a\"\nmsgstr \"zwei\"\n"
                 "msgid \"b\"\nmsgstr \"\"\n"
                 "msgid \"d\"\nmsgstr \"vier\"\n");

    assert_int_equal(cxr_catalog_load(dir, &cat, &d), CXR_OK);
    de = cxr_catalog_lang(cat, cxr_str("de"));
    assert_true(cxr_str_is(cxr_lang_text(de, cxr_str("a")), "one"));
    assert_true(cxr_str_is(cxr_lang_text(de, cxr_str("c")),
                           "\xc3\xbc\xc3\xa7"));
    assert_true(cxr_str_is(cxr_lang_text(de, cxr_str("d")), "vier"));

    arg = cxr_arg_int("n", 1200);
    cxr_buf_init_fixed(&b, mem, sizeof(mem));
    assert_int_equal(cxr_lang_format(de, cxr_str("b"), &arg, 1, &b), CXR_OK);
    assert_true(cxr_str_is(cxr_buf_str(&b), "1.200 days"));

    /* each of them is told of, and the languages in short */

    cxr_buf_init_fixed(&b, mem, sizeof(mem));
    cxr_catalog_borrowed(cat, true, note, &b);
    cxr_buf_addc(&b, '\0');
    assert_string_equal(mem,
        "de.po: there is no text \"a\": that of \"en\" stands in\n"
        "de.po: there is no text \"b\": that of \"en\" stands in\n"
        "de.po: there is no text \"c\": that of \"tr\" stands in\n"
        "en.po: there is no text \"d\": that of \"de\" stands in\n"
        "en.po: there is no text \"c\": that of \"tr\" stands in\n"
        "tr.po: there is no text \"b\": that of \"en\" stands in\n"
        "tr.po: there is no text \"d\": that of \"de\" stands in\n");

    cxr_buf_init_fixed(&b, mem, sizeof(mem));
    cxr_catalog_borrowed(cat, false, note, &b);
    cxr_buf_addc(&b, '\0');
    lines = strstr(mem, "de.po: 3 texts are missing, empty or fuzzy, \"a\" "
                        "first: \"en\" stands in");
    assert_ptr_equal(lines, mem);
    assert_non_null(strstr(mem, "\nen.po: 2 texts are"));

    cxr_catalog_free(cat);
    drop("tr.po");
    drop("en.po");
    drop("de.po");
}


/* The languages that are shipped lack nothing, or this would say it. */
static void
the_own_languages_are_whole(void **state)
{
    char            mem[1024];
    cxr_buf_t       b;
    cxr_diag_t      d;
    cxr_catalog_t  *cat;

    assert_int_equal(cxr_catalog_load("html/i18n", &cat, &d), CXR_OK);
    cxr_buf_init_fixed(&b, mem, sizeof(mem));
    cxr_catalog_borrowed(cat, true, note, &b);
    cxr_buf_addc(&b, '\0');
    assert_string_equal(mem, "");
    cxr_catalog_free(cat);
}


/* All forms of the language, or "other" alone. */
static void
plurals_have_their_forms(void **state)
{
    size_t          i;
    char            po[256], name[16];
    cxr_diag_t      d;
    cxr_catalog_t  *cat;

    static const struct {
        const char  *lang;
        const char  *forms;
        const char  *lacks;        /* NULL: nothing                           */
    } cases[] = {
        { "ar", "one{a} other{b}", "zero{...}, which this language wants "
          "for 0" },
        { "ar", "=0{z} one{a} other{b}", "two{...}, which this language "
          "wants for 2" },
        { "ar", "zero{z} one{a} two{b} few{c} many{d} other{e}", NULL },
        { "ar", "other{b}", NULL },
        { "de", "one{a} other{b}", NULL },
        { "de", "=1{a} other{b}", NULL },
        { "fr", "one{a} other{b}", NULL },     /* "many" begins at a million  */
        { "pl", "one{a} few{b} other{c}", "many{...}, which this language "
          "wants for 0" },
        { "ru", "=1{a} few{b} many{c} other{d}", "one{...}, which this "
          "language wants for 21" },
        { "tr", "one{a} other{b}", NULL },
        { "tr", "=5{a} other{{n, plural, one{b} other{c}}}", NULL },
        { "pl", "other{{n, plural, one{b} other{c}}}", "many{...}" }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        snprintf(po, sizeof(po), "\nmsgid \"a\"\nmsgstr \"{n, plural, %s}\"\n",
                 cases[i].forms);
        snprintf(name, sizeof(name), "%s.po", cases[i].lang);
        put(name, po);

        memset(&d, 0, sizeof(d));
        assert_int_equal(cxr_catalog_load(dir, &cat, &d),
                         cases[i].lacks ? CXR_INVALID : CXR_OK);

        if (cases[i].lacks != NULL) {
            assert_int_equal(d.line, 3);
            if (strstr(d.text, cases[i].lacks) == NULL) {
                fail_msg("%s: \"%s\"", cases[i].forms, d.text);
            }
        }

        cxr_catalog_free(cat);
        drop(name);
    }
}


static void
messages_are_checked(void **state)
{
    size_t  i;
    char    tr[512];

    static const struct {
        const char  *text;
        const char  *says;
    } cases[] = {
        { "{n", "closing brace" },
        { "{}", "name" },
        { "{A}", "name" },
        { "x }", "closing brace without" },
        { "{n, select, a{b}}", "only {name}" },
        { "{n, plural, one{x}}", "other{...}" },
        { "{n, plural, few{x} other{y}}", "no plural form \\\"few\\\"" },
        { "{n, plural, one{x} one{y} other{z}}", "twice" },
        { "{n, plural, =x{x} other{z}}", "whole number" },
        { "{n, plural, other{z}", "closing brace" },
        { "{n, plural, other z}", "no {text}" },
        { "'{x", "apostrophe" }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        char    says[64];
        size_t  k, n = 0;

        for (k = 0; cases[i].says[k] != '\0'; k++) {
            if (cases[i].says[k] != '\\') {
                says[n++] = cases[i].says[k];
            }
        }

        says[n] = '\0';

        snprintf(tr, sizeof(tr),
                 "msgid \"a\"\nmsgstr \"\"\n\"fine \"\n\"%s\"\n",
                 cases[i].text);
        refused(tr, "msgid \"a\"\nmsgstr \"x\"\n", "tr.po", 4, says);
    }

    drop("tr.po");
    drop("en.po");
}


static void
texts_are_formatted(void **state)
{
    char              mem[256];
    cxr_buf_t         b;
    cxr_diag_t        d;
    cxr_arg_t         args[2];
    cxr_catalog_t    *cat;
    const cxr_lang_t *pl;

    put("pl.po",
        "msgid \"files\"\n"
        "msgstr \"{who}: {n, plural, =0{nic} one{# plik} few{# pliki} "
        "many{# plik\xc3\xb3w} other{# pliku}} '{'it''s'}' don't #\"\n"
        "msgid \"plain\"\nmsgstr \"it''s '{'\"\n");

    assert_int_equal(cxr_catalog_load(dir, &cat, &d), CXR_OK);
    pl = cxr_catalog_lang(cat, cxr_str("PL"));
    assert_non_null(pl);
    assert_true(cxr_str_is(cxr_lang_text(pl, cxr_str("plain")), "it's {"));
    assert_null(cxr_lang_text(pl, cxr_str("other")).data);

    args[0] = cxr_arg_str("who", cxr_str("<A>"));

#define FORMAT(v, rc)                                                         \
    args[1] = cxr_arg_int("n", v);                                            \
    cxr_buf_init_fixed(&b, mem, sizeof(mem));                                 \
    assert_int_equal(cxr_lang_format(pl, cxr_str("files"), args, 2, &b), rc); \
    cxr_buf_addc(&b, '\0')

    FORMAT(0, CXR_OK);
    assert_string_equal(mem, "<A>: nic {it's} don't #");
    FORMAT(1, CXR_OK);
    assert_string_equal(mem, "<A>: 1 plik {it's} don't #");
    FORMAT(3, CXR_OK);
    assert_string_equal(mem, "<A>: 3 pliki {it's} don't #");
    FORMAT(12, CXR_OK);
    assert_string_equal(mem, "<A>: 12 plik\xc3\xb3w {it's} don't #");
    FORMAT(1002, CXR_OK);
    assert_string_equal(mem, "<A>: 1002 pliki {it's} don't #");
    FORMAT(1000022, CXR_OK);
    assert_string_equal(mem, "<A>: 1\xc2\xa0" "000\xc2\xa0" "022 pliki {it's} "
                        "don't #");

    args[0].name = "nobody";
    FORMAT(1, CXR_INVALID);
    assert_string_equal(mem, "{who}: 1 plik {it's} don't #");

    assert_int_equal(cxr_lang_format(pl, cxr_str("nothing"), args, 2, &b),
                     CXR_NOTFOUND);

    cxr_buf_init_fixed(&b, mem, 4);
    assert_int_equal(cxr_lang_format(pl, cxr_str("files"), args, 2, &b),
                     CXR_NOMEM);

    cxr_catalog_free(cat);
    drop("pl.po");
}


/* Where text runs from right to left, what it is given runs its own way. */
static void
values_are_isolated(void **state)
{
    char               mem[256];
    cxr_arg_t          args[2];
    cxr_buf_t          b;
    cxr_diag_t         d;
    cxr_catalog_t     *cat;
    const cxr_lang_t  *he;

    put("he.po",
        "msgid \"first\"\nmsgstr \"{who}: {n}\"\n"
        "msgid \"later\"\nmsgstr \"\xd7\xa9 {who}\"\n");

    assert_int_equal(cxr_catalog_load(dir, &cat, &d), CXR_OK);
    he = cxr_catalog_lang(cat, cxr_str("he"));
    assert_non_null(he);

    args[0] = cxr_arg_str("who", cxr_str("+90 2"));
    args[1] = cxr_arg_int("n", 7);

    /* and what stands first does not pass for the direction of all */

    cxr_buf_init_fixed(&b, mem, sizeof(mem));
    assert_int_equal(cxr_lang_format(he, cxr_str("first"), args, 2, &b),
                     CXR_OK);
    cxr_buf_addc(&b, '\0');
    assert_string_equal(mem, "\xe2\x80\x8f\xe2\x81\xa8+90 2\xe2\x81\xa9: 7");

    cxr_buf_init_fixed(&b, mem, sizeof(mem));
    assert_int_equal(cxr_lang_format(he, cxr_str("later"), args, 2, &b),
                     CXR_OK);
    cxr_buf_addc(&b, '\0');
    assert_string_equal(mem, "\xd7\xa9 \xe2\x81\xa8+90 2\xe2\x81\xa9");

    cxr_catalog_free(cat);
    drop("he.po");
}


static void
an_empty_directory_is_refused(void **state)
{
    cxr_diag_t      d;
    cxr_catalog_t  *cat;

    assert_int_equal(cxr_catalog_load(dir, &cat, &d), CXR_NOTFOUND);
    assert_int_equal(cxr_catalog_load("/nowhere/at/all", &cat, &d),
                     CXR_NOTFOUND);
    cxr_catalog_free(NULL);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(entries_are_read),
        cmocka_unit_test(faults_have_their_line),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(languages_are_compared),
        cmocka_unit_test(what_is_missing_is_borrowed),
        cmocka_unit_test(the_own_languages_are_whole),
        cmocka_unit_test(plurals_have_their_forms),
        cmocka_unit_test(messages_are_checked),
        cmocka_unit_test(texts_are_formatted),
        cmocka_unit_test(values_are_isolated),
        cmocka_unit_test(an_empty_directory_is_refused)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}

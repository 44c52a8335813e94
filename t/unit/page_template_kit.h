
/*
 * A view with a field of each kind, its texts in three languages, and what a
 * template in them gives or is refused for.
 */

#ifndef _PAGE_TEMPLATE_KIT_H_INCLUDED_
#define _PAGE_TEMPLATE_KIT_H_INCLUDED_

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cxr_template.h"


typedef struct {
    cxr_str_t   label;
    cxr_str_t   url;
    uint16_t    count;
} item_t;

typedef struct deep_s  deep_t;

struct deep_s {
    cxr_str_t   name;
    deep_t     *next;
    uint32_t    n;
};

typedef struct {
    cxr_str_t              title;
    cxr_str_t              link;
    cxr_str_t              svg;
    cxr_str_t              empty;
    bool                   yes;
    bool                   no;
    uint8_t                u8;
    uint32_t               u32;
    int64_t                i64;
    uint64_t               u64;
    cxr_time_t             at;
    cxr_money_t            sum;
    uint8_t                state;
    cxr_strs_t             tags;
    CXR_LIST_OF(item_t)    items;
    deep_t                *deep;
    deep_t                *none;
} view_t;

static const cxr_field_t  item_fields[] = {
    CXR_FIELD(item_t, label, STR),
    CXR_FIELD_X(item_t, url, STR, CXR_FIELD_URL),
    CXR_FIELD(item_t, count, U16),
    CXR_FIELD_END
};

static const cxr_type_t  item_type = {
    "item", 0, 1, sizeof(item_t), item_fields
};

extern const cxr_type_t  deep_type;

static const cxr_field_t  deep_fields[] = {
    CXR_FIELD(deep_t, name, STR),
    CXR_FIELD_SUB(deep_t, next, REC, &deep_type),
    CXR_FIELD(deep_t, n, U32),
    CXR_FIELD_END
};

const cxr_type_t  deep_type = { "deep", 0, 1, sizeof(deep_t), deep_fields };

static const char *const  states[] = { "new", "a<b", NULL };

static const cxr_field_t  view_fields[] = {
    CXR_FIELD(view_t, title, STR),
    CXR_FIELD_X(view_t, link, STR, CXR_FIELD_URL),
    CXR_FIELD_X(view_t, svg, STR, CXR_FIELD_RAW),
    CXR_FIELD(view_t, empty, STR),
    CXR_FIELD(view_t, yes, BOOL),
    CXR_FIELD(view_t, no, BOOL),
    CXR_FIELD(view_t, u8, U8),
    CXR_FIELD(view_t, u32, U32),
    CXR_FIELD(view_t, i64, I64),
    CXR_FIELD(view_t, u64, U64),
    CXR_FIELD(view_t, at, TIME),
    CXR_FIELD(view_t, sum, MONEY),
    CXR_FIELD_ENUM(view_t, state, states),
    CXR_FIELD(view_t, tags, STRS),
    CXR_FIELD_SUB(view_t, items, LIST, &item_type),
    CXR_FIELD_SUB(view_t, deep, REC, &deep_type),
    CXR_FIELD_SUB(view_t, none, REC, &deep_type),
    CXR_FIELD_END
};

static const cxr_type_t  view_type = {
    "view", 0, 1, sizeof(view_t), view_fields
};


static char            base[64];
static cxr_catalog_t  *cat;
static view_t          view;


static inline void
put_bytes(const char *name, const char *text, size_t n)
{
    char   path[160];
    FILE  *f;

    snprintf(path, sizeof(path), "%s/%s", base, name);
    f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    fclose(f);
}


static inline void
put(const char *name, const char *text)
{
    put_bytes(name, text, strlen(text));
}


static inline void
make_view(void)
{
    static cxr_str_t  tags[] = { cxr_str_init("x"), cxr_str_init("y&z") };
    static item_t     items[] = {
        { cxr_str_init("one"), cxr_str_init("/1?a=b&c"), 1 },
        { cxr_str_init("<two>"), cxr_str_init("/2"), 2000 }
    };
    static deep_t     second = { cxr_str_init("second"), NULL, 2 };
    static deep_t     first = { cxr_str_init("first"), &second, 1 };

    memset(&view, 0, sizeof(view));
    view.title = cxr_str("T & <i>\"'");
    view.link = cxr_str("https://a.example/x?y=1&z=2");
    view.svg = cxr_str("<svg/>");
    view.yes = true;
    view.u8 = 255;
    view.u32 = 1234567;
    view.i64 = INT64_MIN;
    view.u64 = UINT64_MAX;
    view.at = 5;
    view.state = 1;
    view.tags.items = tags;
    view.tags.n = 2;
    view.items.items = items;
    view.items.n = 2;
    view.deep = &first;
}


static inline int
setup(void **state)
{
    char        path[100];
    cxr_diag_t  d;

    snprintf(base, sizeof(base), "/tmp/cxr-tpl-XXXXXX");
    if (mkdtemp(base) == NULL) {
        return 1;
    }

    snprintf(path, sizeof(path), "%s/po", base);
    mkdir(path, 0700);
    snprintf(path, sizeof(path), "%s/shop", base);
    mkdir(path, 0700);

    put("po/en.po",
        "msgid \"hi\"\nmsgstr \"Hello <you> & \\\"me\\\"\"\n"
        "msgid \"who\"\nmsgstr \"By {title}, {deep.name}\"\n"
        "msgid \"many\"\n"
        "msgstr \"{u32, plural, =0{none} one{# item} other{# items}} of "
        "{u8}\"\n"
        "msgid \"each\"\nmsgstr \"{count, plural, one{a piece} other{# "
        "pieces of {label}}}\"\n"
        "msgid \"bad\"\nmsgstr \"{nothing}\"\n"
        "msgid \"badplural\"\nmsgstr \"{title, plural, other{x}}\"\n");
    put("po/tr.po",
        "msgid \"hi\"\nmsgstr \"Merhaba\"\n"
        "msgid \"who\"\nmsgstr \"{deep.name}, {title}\"\n"
        "msgid \"many\"\nmsgstr \"{u8} i\xc3\xa7inde {u32, plural, "
        "other{# adet}}\"\n"
        "msgid \"each\"\nmsgstr \"{count, plural, other{# adet {label}}}\"\n"
        "msgid \"bad\"\nmsgstr \"{nothing}\"\n"
        "msgid \"badplural\"\nmsgstr \"{title, plural, other{x}}\"\n");

    put("po/he.po",
        "msgid \"hi\"\nmsgstr \"\xd7\xa9\"\n"
        "msgid \"who\"\nmsgstr \"\xd7\xa9 {title}, {deep.name}\"\n"
        "msgid \"many\"\n"
        "msgstr \"{u8} \xd7\xa9 {u32, plural, other{#}}\"\n"
        "msgid \"each\"\nmsgstr \"{count, plural, other{# {label}}}\"\n"
        "msgid \"bad\"\nmsgstr \"{nothing}\"\n"
        "msgid \"badplural\"\nmsgstr \"{title, plural, other{x}}\"\n");

    snprintf(path, sizeof(path), "%s/po", base);
    memset(&d, 0, sizeof(d));
    if (cxr_catalog_load(path, &cat, &d) != CXR_OK) {
        print_error("%s\n", d.text);
        return 1;
    }

    make_view();

    return 0;
}


static inline int
teardown(void **state)
{
    char  command[128];

    cxr_catalog_free(cat);
    snprintf(command, sizeof(command), "rm -rf %s", base);

    return system(command);
}


static inline cxr_templates_t *
open_set(void)
{
    char              shop[100];
    cxr_diag_t        d;
    const char       *dirs[2];
    cxr_templates_t  *set;

    snprintf(shop, sizeof(shop), "%s/shop", base);
    dirs[0] = base;
    dirs[1] = shop;
    assert_int_equal(cxr_templates_open(dirs, 2, &set, &d), CXR_OK);

    return set;
}


/* ---- what does not change, folded in ---- */

typedef struct {
    const view_t  *in;
} outer_t;


/*
 * The text in a section of a view that is known, of whose fields every one,
 * none and every other one does not change: the page is the same each time.
 */
static inline void
folds(const char *name, const char *code, const char *text)
{
    size_t            i, k;
    outer_t           outer = { &view };
    cxr_buf_t         b, same;
    cxr_diag_t        d;
    char              whole[8192];
    cxr_type_t        in = view_type, out;
    cxr_field_t       fields[cxr_nelts(view_fields)];
    cxr_template_t   *tpl, *folded;
    cxr_templates_t  *set;

    static const uint32_t  fixed[] = {
        0, UINT32_MAX, 0x55555555, 0xaaaaaaaa, 0x33333333, 0xcccccccc
    };

    const cxr_field_t  outer_fields[] = {
        CXR_FIELD_SUB(outer_t, in, REC, &in),
        CXR_FIELD_END
    };

    out = (cxr_type_t) { "outer", 0, 1, sizeof(outer_t), outer_fields };
    in.fields = fields;

    snprintf(whole, sizeof(whole), "{{#in}}%s{{/in}}", text);
    put(name, whole);
    cxr_buf_init(&b, 1 << 20);
    cxr_buf_init(&same, 1 << 20);

    for (i = 0; i < cxr_nelts(fixed); i++) {
        memcpy(fields, view_fields, sizeof(view_fields));

        for (k = 0; k < cxr_nelts(fields); k++) {
            fields[k].flags |= fixed[i] & (1u << k) ? CXR_FIELD_FIXED : 0;
        }

        set = open_set();
        memset(&d, 0, sizeof(d));

        if (cxr_template_compile(set, name,
                                 cxr_catalog_lang(cat, cxr_strz(code)), &out,
                                 &tpl, &d) != CXR_OK)
        {
            fail_msg("%s:%u: %s", d.file, d.line, d.text);
        }

        cxr_templates_close(set);
        cxr_buf_reset(&b);
        cxr_buf_reset(&same);

        assert_int_equal(cxr_template_fold(tpl, &out, &in, &view, &folded),
                         CXR_OK);
        assert_int_equal(cxr_template_render(tpl, &outer, &b), CXR_OK);
        assert_int_equal(cxr_template_render(folded, &outer, &same), CXR_OK);

        if (!cxr_str_eq(cxr_buf_str(&b), cxr_buf_str(&same))) {
            fail_msg("\"%s\" with %x fixed\ngave \"%.*s\"\nnot  \"%.*s\"",
                     whole, fixed[i], (int) same.len, same.data, (int) b.len,
                     b.data);
        }

        if (fixed[i] == UINT32_MAX && cxr_template_nsegments(folded) > 1)
        {
            fail_msg("\"%s\" has %zu parts", whole,
                     cxr_template_nsegments(folded));
        }

        cxr_template_free(folded);
        cxr_template_free(tpl);
    }

    cxr_buf_free(&same);
    cxr_buf_free(&b);
}


/* Compiles the text as a file and renders it in a language. */
static inline void
gives(const char *name, const char *code, const char *text, const char *want)
{
    cxr_rc_t          rc;
    cxr_buf_t         b;
    cxr_diag_t        d;
    cxr_template_t   *tpl;
    cxr_templates_t  *set;

    put(name, text);
    set = open_set();

    memset(&d, 0, sizeof(d));
    rc = cxr_template_compile(set, name, cxr_catalog_lang(cat, cxr_strz(code)),
                              &view_type, &tpl, &d);
    cxr_templates_close(set);

    if (rc != CXR_OK) {
        fail_msg("%s:%u: %s", d.file, d.line, d.text);
    }

    cxr_buf_init(&b, 1 << 20);
    assert_int_equal(cxr_template_render(tpl, &view, &b), CXR_OK);

    if (!cxr_str_is(cxr_buf_str(&b), want)) {
        fail_msg("\"%s\"\ngave \"%.*s\"\nnot  \"%s\"", text, (int) b.len,
                 b.data, want);
    }

    cxr_buf_free(&b);
    cxr_template_free(tpl);

    folds(name, code, text);
}


static inline void
refuses_bytes(const char *name, const char *text, size_t n, unsigned line,
    unsigned column, const char *says)
{
    cxr_rc_t          rc;
    cxr_diag_t        d;
    cxr_template_t   *tpl;
    cxr_templates_t  *set;

    put_bytes(name, text, n);
    set = open_set();

    memset(&d, 0, sizeof(d));
    rc = cxr_template_compile(set, name, cxr_catalog_lang(cat, cxr_str("en")),
                              &view_type, &tpl, &d);
    cxr_templates_close(set);

    if (rc == CXR_OK) {
        cxr_template_free(tpl);
        fail_msg("\"%s\" was compiled", text);
    }

    assert_null(tpl);

    if (strstr(d.text, says) == NULL || d.line != line
        || (column != 0 && d.column != column))
    {
        fail_msg("\"%s\": %u:%u \"%s\"", text, d.line, d.column, d.text);
    }

    assert_non_null(strstr(d.file, name));
}

static inline void
refuses(const char *name, const char *text, unsigned line, unsigned column,
    const char *says)
{
    refuses_bytes(name, text, strlen(text), line, column, says);
}

#endif /* _PAGE_TEMPLATE_KIT_H_INCLUDED_ */

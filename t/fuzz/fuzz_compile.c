
/*
 * Any bytes as a page's template: what compiles is rendered twice, with values
 * that mean no harm and with values that would, and both pages must have the
 * same structure.  The first byte says what kind of file it is.
 */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cxr_template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


typedef struct {
    cxr_str_t              label;
    cxr_str_t              url;
} item_t;

typedef struct {
    cxr_str_t              title;
    cxr_str_t              link;
    cxr_str_t              svg;
    cxr_str_t              empty;
    bool                   yes;
    bool                   no;
    uint32_t               n;
    cxr_strs_t             tags;
    CXR_LIST_OF(item_t)    items;
    item_t                *one;
    item_t                *none;
} view_t;

static const cxr_field_t  item_fields[] = {
    CXR_FIELD(item_t, label, STR),
    CXR_FIELD_X(item_t, url, STR, CXR_FIELD_URL),
    CXR_FIELD_END
};

static const cxr_type_t  item_type = {
    "item", 0, 1, sizeof(item_t), item_fields
};

static const cxr_field_t  view_fields[] = {
    CXR_FIELD(view_t, title, STR),
    CXR_FIELD_X(view_t, link, STR, CXR_FIELD_URL),
    CXR_FIELD_X(view_t, svg, STR, CXR_FIELD_RAW),
    CXR_FIELD(view_t, empty, STR),
    CXR_FIELD(view_t, yes, BOOL),
    CXR_FIELD(view_t, no, BOOL),
    CXR_FIELD(view_t, n, U32),
    CXR_FIELD(view_t, tags, STRS),
    CXR_FIELD_SUB(view_t, items, LIST, &item_type),
    CXR_FIELD_SUB(view_t, one, REC, &item_type),
    CXR_FIELD_SUB(view_t, none, REC, &item_type),
    CXR_FIELD_END
};

static const cxr_type_t  view_type = {
    "view", 0, 1, sizeof(view_t), view_fields
};

static char  dir[] = "/tmp/cxr-fuzz-XXXXXX";


static void
put(const char *name, const void *text, size_t n)
{
    char   path[64];
    FILE  *f;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    f = fopen(path, "wb");

    if (f == NULL || fwrite(text, 1, n, f) != n || fclose(f) != 0) {
        abort();
    }
}


static void
gone(void)
{
    char  command[64];

    snprintf(command, sizeof(command), "rm -rf %s", dir);

    if (system(command) != 0) {
        abort();
    }
}


static void
begin(void)
{
    static const char  part[] = "<b>{{title}}</b>";
    static const char  frame[] = "<p a=\"{{$a}}{{/a}}\">\n  {{$b}}x{{/b}}\n</p>";

    if (mkdtemp(dir) == NULL || atexit(gone) != 0) {
        abort();
    }

    put("p.html", part, sizeof(part) - 1);
    put("l.html", frame, sizeof(frame) - 1);
}


/* What a value must not be able to add to. */
static unsigned
structure(const char *ext, cxr_str_t s)
{
    bool      string = false, escape = false;
    size_t    i;
    unsigned  n = 0;

    for (i = 0; i < s.len; i++) {
        switch (ext[1]) {

        case 'h':
            n += s.data[i] == '<' || s.data[i] == '>';
            break;

        case 'z':
            n += s.data[i] == '^' || s.data[i] == '~';
            break;

        case 'j':

            /* ends of strings, and what stands outside of them */

            if (escape) {
                escape = false;

            } else if (string && s.data[i] == '\\') {
                escape = true;

            } else if (s.data[i] == '"') {
                string = !string;
                n++;
            }

            break;

        case 'c':
            string ^= s.data[i] == '"';
            n += !string && (s.data[i] == '\n' || s.data[i] == ',');
            break;

        default:
            break;
        }
    }

    return n * 2 + string;
}


static cxr_str_t
render(const cxr_template_t *tpl, const char *value, cxr_buf_t *b)
{
    char       small[64];
    item_t     items[2];
    view_t     view;
    cxr_rc_t   rc;
    cxr_buf_t  fixed;
    cxr_str_t  tags[2];

    memset(&view, 0, sizeof(view));
    tags[0] = cxr_strz(value);
    tags[1] = cxr_strz(value);
    items[0].label = cxr_strz(value);
    items[0].url = cxr_str("/a?b=c&d");
    items[1] = items[0];

    view.title = cxr_strz(value);
    view.link = cxr_str("https://a.example/");
    view.svg = cxr_str("<svg/>");
    view.yes = true;
    view.n = 1234;
    view.tags.items = tags;
    view.tags.n = 2;
    view.items.items = items;
    view.items.n = 2;
    view.one = items;

    rc = cxr_template_render(tpl, &view, b);

    if (rc != CXR_OK && rc != CXR_NOMEM) {
        abort();
    }

    /* where there is no room for it, nothing is written past the end */

    cxr_buf_init_fixed(&fixed, small, sizeof(small));

    if (cxr_template_render(tpl, &view, &fixed) == CXR_OK
        && (rc != CXR_OK
            || !cxr_str_eq(cxr_buf_str(&fixed), cxr_buf_str(b))))
    {
        abort();
    }

    return rc == CXR_OK ? cxr_buf_str(b) : CXR_STR_NONE;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char              name[16];
    cxr_rc_t          rc;
    cxr_buf_t         calm, wild;
    cxr_str_t         one, two;
    cxr_diag_t        d;
    const char       *ext, *dirs[1] = { dir };
    cxr_template_t   *tpl;
    cxr_templates_t  *set;

    static bool               begun;
    static const char *const  exts[] = {
        ".html", ".json", ".csv", ".zpl", ".txt"
    };

    if (size == 0 || size > 4096) {
        return 0;
    }

    if (!begun) {
        begin();
        begun = true;
    }

    ext = exts[data[0] % cxr_nelts(exts)];
    snprintf(name, sizeof(name), "t%s", ext);
    put(name, data + 1, size - 1);

    memset(&d, 0, sizeof(d));

    if (cxr_templates_open(dirs, 1, &set, &d) != CXR_OK) {
        abort();
    }

    rc = cxr_template_compile(set, name, NULL, &view_type, &tpl, &d);
    cxr_templates_close(set);

    if (rc != CXR_OK) {

        /* whoever wrote it is told where, and what is wrong */

        if (d.rc != rc || d.text[0] == '\0' || d.file[0] == '\0'
            || d.line == 0)
        {
            abort();
        }

        return 0;
    }

    cxr_buf_init(&calm, 1 << 20);
    cxr_buf_init(&wild, 1 << 20);

    one = render(tpl, "abc", &calm);
    two = render(tpl, "=\"'><script>&`\\,;\n^FS~JA_5E</title>-->javascript:",
                 &wild);

    if (one.data != NULL && two.data != NULL
        && structure(ext, one) != structure(ext, two))
    {
        fprintf(stderr, "\"%.*s\"\n\"%.*s\"\n", cxr_str_arg(one),
                cxr_str_arg(two));
        abort();
    }

    cxr_buf_free(&calm);
    cxr_buf_free(&wild);
    cxr_template_free(tpl);

    return 0;
}

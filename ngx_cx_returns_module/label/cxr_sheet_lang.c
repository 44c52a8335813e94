
/*
 * A PDF's language, and that its title is what a window shows: who hears a page
 * instead of seeing it hears it in its own language (ISO 32000-1, 14.9.2; PDF/UA).
 * cairo has no word for either, so both are said in an incremental update behind
 * what it wrote (ISO 32000-1, 7.5.6): the catalogue once more, its cross-reference
 * section, a trailer.
 */

#include "cxr_sheet_private.h"

#include <stdio.h>


/* What cairo's trailer says. */
typedef struct {
    uint64_t   size;
    uint64_t   root;
    uint64_t   info;
    uint64_t   xref;
    uint64_t   pages;              /* of the catalogue                        */
} cxr_sheet_trailer_t;


/* The last place of it, or NULL. */

static const char *
cxr_sheet_last(cxr_str_t in, const char *what)
{
    size_t       n = strlen(what);
    const char  *p;

    if (in.len < n) {
        return NULL;
    }

    for (p = in.data + in.len - n; p >= in.data; p--) {
        if (memcmp(p, what, n) == 0) {
            return p;
        }
    }

    return NULL;
}


/* The number behind a name, which stands in front of "end". */

static bool
cxr_sheet_number(const char *p, const char *end, const char *name,
    uint64_t *n)
{
    bool         any;
    size_t       len = strlen(name);
    const char  *at;

    at = memmem(p, (size_t) (end - p), name, len);

    if (at == NULL) {
        return false;
    }

    for (at += len; at < end && (*at == ' ' || *at == '\n'); at++) {
        /* void */
    }

    any = false;

    for (*n = 0; at < end && *at >= '0' && *at <= '9' && *n < 1000000000; at++) {
        *n = *n * 10 + (uint64_t) (*at - '0');
        any = true;
    }

    return any;
}


static bool
cxr_sheet_trailer(cxr_str_t pdf, cxr_sheet_trailer_t *t)
{
    char         head[32];
    const char  *p, *end, *object;

    p = cxr_sheet_last(pdf, "\ntrailer");
    end = pdf.data + pdf.len;

    if (p == NULL || !cxr_sheet_number(p, end, "/Size", &t->size)
        || !cxr_sheet_number(p, end, "/Root", &t->root)
        || !cxr_sheet_number(p, end, "/Info", &t->info)
        || !cxr_sheet_number(p, end, "startxref", &t->xref))
    {
        return false;
    }

    (void) snprintf(head, sizeof(head), "\n%u 0 obj", (unsigned) t->root);
    object = cxr_sheet_last(cxr_strn(pdf.data, (size_t) (p - pdf.data)), head);

    return object != NULL
           && memmem(object, (size_t) (p - object), "/Catalog", 8) != NULL
           && cxr_sheet_number(object, p, "/Pages", &t->pages);
}


cxr_rc_t
cxr_sheet_pdf_lang(cxr_str_t lang, size_t from, cxr_buf_t *out)
{
    size_t               i, at;
    cxr_str_t            pdf;
    cxr_sheet_trailer_t  t;

    pdf = cxr_buf_str(out);
    pdf = cxr_strn(pdf.data + from, pdf.len - from);

    for (i = 0; i < lang.len; i++) {
        if (!((lang.data[i] >= 'a' && lang.data[i] <= 'z')
              || (lang.data[i] >= 'A' && lang.data[i] <= 'Z')
              || (lang.data[i] >= '0' && lang.data[i] <= '9')
              || lang.data[i] == '-'))
        {
            return CXR_INVALID;
        }
    }

    /* a cairo that writes its cross-references as a stream has no such trailer:
       the file is good without a language, too */

    if (lang.len == 0 || !cxr_sheet_trailer(pdf, &t)) {
        return CXR_OK;
    }

    cxr_buf_addc(out, '\n');
    at = cxr_buf_str(out).len - from;
    cxr_buf_addf(out, "%u 0 obj\n<< /Type /Catalog\n   /Pages %u 0 R\n"
                 "   /Lang (%.*s)\n"
                 "   /ViewerPreferences << /DisplayDocTitle true >>\n"
                 ">>\nendobj\n", (unsigned) t.root, (unsigned) t.pages,
                 cxr_str_arg(lang));

    /* a row of the section is 20 bytes long, its end of line among them */

    i = cxr_buf_str(out).len - from;
    cxr_buf_addf(out, "xref\n%u 1\n%010u 00000 n \ntrailer\n"
                 "<< /Size %u\n   /Root %u 0 R\n   /Info %u 0 R\n"
                 "   /Prev %u\n>>\nstartxref\n%u\n%%%%EOF\n",
                 (unsigned) t.root, (unsigned) at, (unsigned) t.size,
                 (unsigned) t.root, (unsigned) t.info, (unsigned) t.xref,
                 (unsigned) i);

    return cxr_buf_ok(out) ? CXR_OK : CXR_LIMIT;
}

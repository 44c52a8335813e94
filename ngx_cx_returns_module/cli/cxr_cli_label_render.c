
/*
 * "label render": what the pages print, from the store, without nginx.
 */

#include "cxr_cli_label.h"

#include <unistd.h>

#include "cxr_cli_templates.h"
#include "cxr_cli_world.h"
#include "cxr_label.h"
#include "cxr_pages.h"
#include "cxr_rma.h"
#include "cxr_text.h"

#define CXR_CLI_PAPER_MAX  (16 * 1024 * 1024)      /* bytes of one output     */
#define CXR_CLI_HTML       "html"


typedef enum {
    CXR_CLI_LABEL_PDF = 0,
    CXR_CLI_LABEL_ZPL,
    CXR_CLI_LABEL_SVG,
    CXR_CLI_SLIP_PDF
} cxr_cli_paper_t;

static const char *const  cxr_cli_papers[] = { "pdf", "zpl", "svg", "slip",
                                               NULL };

typedef struct {
    cxr_cli_world_t    w;
    cxr_cli_html_t     html;
    cxr_fonts_t       *fonts;
    cxr_view_ctx_t    *view;
    cxr_cli_paper_t    paper;
    cxr_label_size_t   size;
    unsigned           dpi;
} cxr_cli_render_t;


/* "regular.ttf,bold.ttf,more.ttf", or the usual ones */

static int
cxr_cli_fonts(const char *list, cxr_fonts_t **fonts)
{
    char        *copy, *p;
    size_t       n;
    cxr_rc_t     rc;
    cxr_diag_t   d;
    const char  *files[CXR_FONT_FILES_MAX + 1];

    memset(&d, 0, sizeof(d));
    copy = NULL;
    n = 0;

    if (list == NULL) {
        while (cxr_font_usual[n] != NULL) {
            files[n] = cxr_font_usual[n];
            n++;
        }

    } else {
        copy = strdup(list);

        if (copy == NULL) {
            cxr_cli_say("not enough memory");
            return CXR_EXIT_FAILED;
        }

        for (p = strtok(copy, ","); p != NULL && n <= CXR_FONT_FILES_MAX;
             p = strtok(NULL, ","))
        {
            files[n++] = p;
        }
    }

    rc = cxr_fonts_load(files, n, fonts, &d);

    if (rc != CXR_OK) {
        (void) cxr_cli_diag(&d, rc);
    }

    free(copy);

    return rc == CXR_OK ? CXR_EXIT_OK : CXR_EXIT_FAILED;
}


static int
cxr_cli_render_lang(const char *code, cxr_cli_render_t *r)
{
    cxr_rc_t           rc;
    cxr_diag_t         d;
    const cxr_lang_t  *lang;

    memset(&d, 0, sizeof(d));

    lang = cxr_catalog_lang(r->html.cat,
                            code != NULL ? cxr_strz(code)
                                         : r->w.shop->languages.items[0]);

    if (lang == NULL) {
        cxr_cli_say("there are no texts in that language in the directory of "
                    "texts");
        return CXR_EXIT_USAGE;
    }

    rc = cxr_view_ctx_make(r->w.shop, r->html.cat, lang, CXR_STR_NONE,
                           CXR_STR_NONE, r->w.arena, &r->view, &d);

    return rc == CXR_OK ? CXR_EXIT_OK : cxr_cli_diag(&d, rc);
}


static cxr_rc_t
cxr_cli_render_svg(const cxr_cli_render_t *r, const cxr_view_label_t *view,
    cxr_buf_t *out)
{
    cxr_rc_t         rc;
    cxr_diag_t       d;
    cxr_template_t  *tpl;

    memset(&d, 0, sizeof(d));
    rc = cxr_template_compile(r->html.set, "label.svg", r->view->lang,
                              &cxr_view_label_type, &tpl, &d);

    if (rc != CXR_OK) {
        (void) cxr_cli_diag(&d, rc);
        return rc;
    }

    rc = cxr_template_render(tpl, view, out);
    cxr_template_free(tpl);

    return rc;
}


static cxr_rc_t
cxr_cli_render_make(const cxr_cli_render_t *r, const cxr_rma_t *rma,
    const cxr_order_t *order, const cxr_person_t *person, cxr_buf_t *out)
{
    cxr_rc_t           rc;
    cxr_str_t          token;
    cxr_arena_t       *a = r->w.arena;
    cxr_sheet_t        sheet;
    cxr_view_page_t   *page;
    cxr_view_label_t   view;

    rc = cxr_label_token(r->w.shop_ring ? r->w.shop_ring : r->w.ring, r->w.shop,
                         rma, a, &token);

    if (rc == CXR_OK) {
        rc = cxr_view_page(r->view, rma->id, CXR_STR_NONE, a, &page);
    }

    if (rc == CXR_OK) {
        rc = cxr_label_view(r->view, rma, order, person, token, page, a,
                            &view);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    switch (r->paper) {

    case CXR_CLI_LABEL_SVG:
        return cxr_cli_render_svg(r, &view, out);

    case CXR_CLI_SLIP_PDF:
        rc = cxr_slip_sheet(r->view, &view, r->size, a, &sheet);
        break;

    case CXR_CLI_LABEL_ZPL:
        rc = cxr_label_sheet(r->view, &view,
                             r->size == CXR_LABEL_A4 ? CXR_LABEL_100X150
                                                     : r->size, a, &sheet);

        return rc == CXR_OK ? cxr_sheet_zpl(&sheet, r->fonts, r->dpi, out)
                            : rc;

    default:
        rc = cxr_label_sheet(r->view, &view, r->size, a, &sheet);
    }

    return rc == CXR_OK ? cxr_sheet_pdf(&sheet, r->fonts, out) : rc;
}


static cxr_rc_t
cxr_cli_render_read(const cxr_cli_render_t *r, cxr_str_t id, cxr_buf_t *out)
{
    bool           known;
    cxr_rc_t       rc;
    cxr_rma_t      rma;
    cxr_read_t    *rd;
    cxr_order_t    order;
    cxr_person_t   person;

    rc = cxr_read_begin(r->w.st, &rd);

    if (rc != CXR_OK) {
        return rc;
    }

    known = false;
    rc = cxr_read_rma(rd, r->w.shop, id, r->w.arena, &rma);

    if (rc == CXR_OK) {
        rc = cxr_read_order(rd, r->w.shop, rma.order, r->w.arena, &order);
    }

    if (rc == CXR_OK) {
        rc = rma.gift ? cxr_read_recipient(rd, r->w.shop, &rma, r->w.arena,
                                           &person)
                      : cxr_read_person(rd, r->w.shop, &order, r->w.arena,
                                        &person);
        known = rc == CXR_OK;
        rc = rc == CXR_NOTFOUND ? CXR_OK : rc;
    }

    if (rc == CXR_OK) {
        rc = cxr_cli_render_make(r, &rma, &order, known ? &person : NULL,
                                 out);
    }

    cxr_read_end(rd);

    return rc;
}


static int
cxr_cli_render_out(const cxr_cli_render_t *r, const char *name)
{
    int        status;
    char       id[CXR_RMA_ID_LEN];
    cxr_rc_t   rc;
    cxr_buf_t  out;

    if (cxr_rma_id_parse(cxr_strz(name), id) != CXR_OK) {
        cxr_cli_say("\"%s\" is no number of a return", name);
        return CXR_EXIT_USAGE;
    }

    cxr_buf_init(&out, CXR_CLI_PAPER_MAX);

    rc = cxr_cli_render_read(r, cxr_strn(id, sizeof(id)), &out);
    status = CXR_EXIT_OK;

    if (rc == CXR_OK) {
        (void) fwrite(out.data, 1, out.len, stdout);

    } else if (rc == CXR_NOTFOUND || rc == CXR_REFUSED) {
        cxr_cli_say("%s: there is no such return, or it has no label (any "
                    "more)", name);
        status = CXR_EXIT_WRONG;

    } else {
        cxr_cli_say("%s: %s", name, cxr_rc_name(rc));
        status = CXR_EXIT_FAILED;
    }

    cxr_buf_free(&out);

    return cxr_cli_flush(status);
}


/* What --format, --size and --dpi say, once the shop is there. */

static int
cxr_cli_render_ask(const cxr_cli_command_t *cmd, cxr_cli_render_t *r,
    const char *format, const char *size, const char *dpi)
{
    int       i;
    uint64_t  n;

    i = format != NULL ? cxr_name_index(cxr_cli_papers, cxr_strz(format)) : 0;

    if (i < 0) {
        return cxr_cli_usage(cmd, "\"--format\" takes pdf, zpl, svg or slip");
    }

    r->paper = (cxr_cli_paper_t) i;
    i = size != NULL ? cxr_name_index(cxr_label_size_names, cxr_strz(size))
                     : r->w.shop->label.size;

    if (i < 0) {
        return cxr_cli_usage(cmd, "\"--size\" takes 100x150, 4x6 or a4");
    }

    r->size = (cxr_label_size_t) i;
    n = r->w.shop->label.dpi;

    if (dpi != NULL
        && (!cxr_parse_uint(cxr_strz(dpi), CXR_ZPL_DPI_MAX, &n)
            || n < CXR_ZPL_DPI_MIN))
    {
        return cxr_cli_usage(cmd, "\"--dpi\" takes a number from %d to %d",
                             CXR_ZPL_DPI_MIN, CXR_ZPL_DPI_MAX);
    }

    r->dpi = (unsigned) n;

    return CXR_EXIT_OK;
}


int
cxr_cli_label_render(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int                n, status;
    const char        *html = NULL, *lang = NULL, *size = NULL,
                      *dpi = NULL, *format = NULL, *fonts = NULL;
    cxr_cli_render_t   r;
    cxr_cli_option_t   opts[] = {
        { "store", &r.w.store, NULL },
        { "keys", &r.w.keys, NULL },
        { "shop", &r.w.shop_file, NULL },
        { "html", &html, NULL },
        { "lang", &lang, NULL },
        { "format", &format, NULL },
        { "size", &size, NULL },
        { "dpi", &dpi, NULL },
        { "fonts", &fonts, NULL },
        { NULL, NULL, NULL }
    };

    memset(&r, 0, sizeof(r));

    n = cxr_cli_options(cmd, argc, argv, opts, 1, 1, &status);

    if (n == -1) {
        return status;
    }

    status = cxr_cli_world_open(cmd, &r.w);

    if (status != CXR_EXIT_OK) {
        return status;
    }

    status = cxr_cli_render_ask(cmd, &r, format, size, dpi);

    if (status == CXR_EXIT_OK) {
        status = cxr_cli_html_open(html != NULL ? html : CXR_CLI_HTML,
                                   r.w.shop_file, &r.html);

        if (status == CXR_EXIT_OK) {
            status = cxr_cli_render_lang(lang, &r);
        }

        if (status == CXR_EXIT_OK) {
            status = cxr_cli_fonts(fonts, &r.fonts);
        }

        if (status == CXR_EXIT_OK) {
            status = cxr_cli_render_out(&r, argv[1]);
        }

        cxr_fonts_free(r.fonts);
        cxr_cli_html_close(&r.html);
    }

    cxr_cli_world_close(&r.w);

    return status;
}

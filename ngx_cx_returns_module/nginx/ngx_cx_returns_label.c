
/*
 * What of an RMA is printed, or shown in print's place: the label as a page, a
 * picture, a PDF and a printer's ZPL, the slip, the code on a phone.  Bar codes
 * take up to a millisecond and a PDF some more, so all of it is made in a task.
 */

#include "ngx_cx_returns_photo.h"


typedef enum {
    NGX_CX_RETURNS_PAPER_PAGE = 0,     /* a template                          */
    NGX_CX_RETURNS_PAPER_LABEL_PDF,
    NGX_CX_RETURNS_PAPER_LABEL_ZPL,
    NGX_CX_RETURNS_PAPER_SLIP_PDF,
    NGX_CX_RETURNS_PAPER_CARRIER       /* the shop's file, made by a carrier  */
} ngx_cx_returns_paper_kind_t;


typedef struct {
    const char                   *name;
    ngx_cx_returns_paper_kind_t   kind;
    ngx_uint_t                    page;
    const char                   *type;
    const char                   *file;    /* "%s": the RMA's number          */
    const char                   *title;   /* of a page: its text's key       */
} ngx_cx_returns_paper_t;


/* what it is made from, in a task: nothing of it is in the map */
typedef struct {
    const ngx_cx_returns_paper_t  *paper;
    const cxr_keyring_t   *ring;
    const cxr_fonts_t     *fonts;
    const cxr_view_ctx_t  *view;
    cxr_template_t        *tpl;
    cxr_arena_t           *arena;
    cxr_str_t              url;
    cxr_label_size_t       size;
    bool                   sized;      /* by the query                       */
    unsigned               dpi;
    uint32_t               boxes;      /* by the query; 1                    */
    uint32_t               box;        /* of them, label.svg's               */
    cxr_rma_t              rma;
    cxr_order_t            order;
    cxr_person_t           person;
    bool                   has_person;
    cxr_buf_t              out;
    cxr_rc_t               rc;
} ngx_cx_returns_label_t;


static ngx_int_t ngx_cx_returns_label_read(ngx_http_request_t *r,
    ngx_cx_returns_label_t *l, cxr_str_t id, ngx_int_t *answer);
static ngx_int_t ngx_cx_returns_label_query(ngx_http_request_t *r,
    ngx_cx_returns_label_t *l);
static void ngx_cx_returns_label_work(void *data);
static ngx_int_t ngx_cx_returns_label_done(ngx_http_request_t *r, void *data);
static void ngx_cx_returns_label_free(void *data);


static const ngx_cx_returns_paper_t  ngx_cx_returns_papers[] = {

    { "label.html", NGX_CX_RETURNS_PAPER_PAGE, NGX_CX_RETURNS_PAGE_LABEL,
      "text/html; charset=utf-8", NULL, "label.title" },

    { "label.svg", NGX_CX_RETURNS_PAPER_PAGE, NGX_CX_RETURNS_PAGE_LABEL_SVG,
      "image/svg+xml", "inline; filename=\"%.*s.svg\"", "label.title" },

    { "label.pdf", NGX_CX_RETURNS_PAPER_LABEL_PDF, 0, "application/pdf",
      "inline; filename=\"%.*s.pdf\"", NULL },

    { "label.zpl", NGX_CX_RETURNS_PAPER_LABEL_ZPL, 0,
      "application/zpl", "attachment; filename=\"%.*s.zpl\"", NULL },

    { "slip.html", NGX_CX_RETURNS_PAPER_PAGE, NGX_CX_RETURNS_PAGE_SLIP,
      "text/html; charset=utf-8", NULL, "slip.heading" },

    { "slip.pdf", NGX_CX_RETURNS_PAPER_SLIP_PDF, 0, "application/pdf",
      "inline; filename=\"%.*s-slip.pdf\"", NULL },

    { "carrier-label.pdf", NGX_CX_RETURNS_PAPER_CARRIER, 0, NULL, NULL, NULL },

    { "carrier-label.png", NGX_CX_RETURNS_PAPER_CARRIER, 0, NULL, NULL, NULL },

    { "qr.html", NGX_CX_RETURNS_PAPER_PAGE, NGX_CX_RETURNS_PAGE_QR,
      "text/html; charset=utf-8", NULL, "qr.title" },
};


static const ngx_cx_returns_paper_t *
ngx_cx_returns_paper(cxr_str_t name)
{
    ngx_uint_t  i;

    for (i = 0; i < cxr_nelts(ngx_cx_returns_papers); i++) {
        if (cxr_str_eq(name, cxr_strz(ngx_cx_returns_papers[i].name))) {
            return &ngx_cx_returns_papers[i];
        }
    }

    return NULL;
}


ngx_int_t
ngx_cx_returns_is_paper(cxr_str_t name)
{
    return ngx_cx_returns_paper(name) != NULL;
}


ngx_int_t
ngx_cx_returns_rma_paper(ngx_http_request_t *r, cxr_str_t url, cxr_str_t rma,
    cxr_str_t name)
{
    ngx_int_t                      answer;
    ngx_pool_cleanup_t            *cln;
    ngx_cx_returns_ctx_t          *ctx;
    ngx_cx_returns_label_t        *l;
    const ngx_cx_returns_paper_t  *paper;
    ngx_cx_returns_main_conf_t    *mcf;

    paper = ngx_cx_returns_paper(name);

    if (paper == NULL) {
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);
    }

    if (paper->kind == NGX_CX_RETURNS_PAPER_CARRIER) {
        return ngx_cx_returns_carrier_label(r, url, rma);
    }

    ctx = ngx_cx_returns_ctx(r);
    mcf = ngx_cx_returns_main(r);

    l = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_label_t));
    cln = ngx_pool_cleanup_add(r->pool, 0);

    if (l == NULL || cln == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cxr_buf_init(&l->out, NGX_CX_RETURNS_PAGE_MAX);
    cln->handler = ngx_cx_returns_label_free;
    cln->data = l;

    l->paper = paper;
    l->ring = ngx_cx_returns_ring(r);
    l->fonts = mcf->fonts;
    l->view = ctx->view;
    l->arena = ctx->arena;
    l->url = url;

    if (l->paper->kind == NGX_CX_RETURNS_PAPER_PAGE) {
        l->tpl = ngx_cx_returns_loc(r)->shop->pages[l->paper->page]
                                                   [ctx->ilang];
    }

    if (ngx_cx_returns_label_query(r, l) != NGX_OK) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
    }

    if (ngx_cx_returns_label_read(r, l, rma, &answer) != NGX_OK) {
        return answer;
    }

    if (ngx_cx_returns_draw(r, ngx_cx_returns_label_work,
                            ngx_cx_returns_label_done, l)
        == NGX_DONE)
    {
        return NGX_DONE;
    }

    return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
}


/* 1 to "most"; 1 for anything else. */

static uint32_t
ngx_cx_returns_label_number(const cxr_pairs_t *args, const char *name,
    uint32_t most)
{
    uint64_t  n;

    return cxr_parse_uint(ngx_cx_returns_pair(args, name), most, &n) && n != 0
           ? (uint32_t) n : 1;
}


/*
 * ?size=, ?dpi= and ?boxes=, else the shop's, and one.  A size that there is none of is the
 * shop's, too: a link in an old mail still prints.
 */

static ngx_int_t
ngx_cx_returns_label_query(ngx_http_request_t *r, ngx_cx_returns_label_t *l)
{
    uint64_t           dpi;
    cxr_str_t          given;
    cxr_pairs_t        args;
    const cxr_shop_t  *shop;

    shop = l->view->shop;
    dpi = shop->label.dpi;

    if (ngx_cx_returns_form(l->arena, ngx_cx_returns_str(r->args), &args)
        != CXR_OK)
    {
        ngx_memzero(&args, sizeof(cxr_pairs_t));
    }

    l->size = cxr_label_size(ngx_cx_returns_pair(&args, "size"),
                             (cxr_label_size_t) shop->label.size);
    l->sized = ngx_cx_returns_pair(&args, "size").len != 0;
    given = ngx_cx_returns_pair(&args, "dpi");

    if (given.len != 0
        && (!cxr_parse_uint(given, CXR_ZPL_DPI_MAX, &dpi)
            || dpi < CXR_ZPL_DPI_MIN))
    {
        return NGX_ERROR;
    }

    l->dpi = (unsigned) dpi;

    /* as a size: what is no number of boxes is one */

    l->boxes = ngx_cx_returns_label_number(&args, "boxes",
                                           CXR_LABEL_BOXES_MAX);
    l->box = ngx_cx_returns_label_number(&args, "box", l->boxes);

    return NGX_OK;
}


static ngx_int_t
ngx_cx_returns_label_read(ngx_http_request_t *r, ngx_cx_returns_label_t *l,
    cxr_str_t id, ngx_int_t *answer)
{
    cxr_rc_t           rc;
    cxr_rma_t          rma;
    cxr_order_t        order;
    cxr_person_t       person;
    cxr_read_t        *rd;
    const cxr_shop_t  *shop;

    shop = l->view->shop;
    rd = ngx_cx_returns_page_read(r, answer);

    if (rd == NULL) {
        return NGX_ERROR;
    }

    rc = cxr_read_rma(rd, shop, id, l->arena, &rma);

    if (rc == CXR_OK && rma.label_expires != CXR_TIME_NONE
        && rma.label_expires < ngx_cx_returns_now())
    {
        /* no warehouse takes it any more: the RMA's page says so */

        cxr_read_end(rd);
        *answer = ngx_cx_returns_page_redirect(r, l->url, "");
        return NGX_ERROR;
    }

    if (rc == CXR_OK) {
        rc = cxr_read_order(rd, shop, rma.order, l->arena, &order);
    }

    if (rc == CXR_OK) {
        rc = ngx_cx_returns_person_of(r, rd, &rma, &order, &person);
        l->has_person = rc == CXR_OK;

        if (rc == CXR_NOTFOUND) {
            rc = CXR_OK;           /* erased: a label without a sender */
        }
    }

    if (rc == CXR_OK) {
        rc = cxr_rec_copy(&cxr_rma_type, &rma, &l->rma, l->arena);
    }

    if (rc == CXR_OK) {
        rc = cxr_rec_copy(&cxr_order_type, &order, &l->order, l->arena);
    }

    if (rc == CXR_OK && l->has_person) {
        rc = cxr_rec_copy(&cxr_person_type, &person, &l->person, l->arena);
    }

    cxr_read_end(rd);

    if (rc != CXR_OK) {
        *answer = ngx_cx_returns_error_page(r, rc == CXR_NOTFOUND
                                               ? CXR_PAGE_NOT_FOUND
                                               : CXR_PAGE_BROKEN);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static void
ngx_cx_returns_label_free(void *data)
{
    ngx_cx_returns_label_t  *l = data;

    cxr_buf_free(&l->out);
}


static cxr_rc_t
ngx_cx_returns_label_make(ngx_cx_returns_label_t *l,
    const cxr_view_label_t *view)
{
    cxr_rc_t     rc;
    cxr_sheet_t  sheet;

    switch (l->paper->kind) {

    case NGX_CX_RETURNS_PAPER_LABEL_PDF:
        rc = cxr_label_sheet(l->view, view, l->size, l->arena, &sheet);

        return rc == CXR_OK ? cxr_sheet_pdf(&sheet, l->fonts, &l->out) : rc;

    case NGX_CX_RETURNS_PAPER_SLIP_PDF:
        rc = cxr_slip_sheet(l->view, view, l->size, l->arena, &sheet);

        return rc == CXR_OK ? cxr_sheet_pdf(&sheet, l->fonts, &l->out) : rc;

    case NGX_CX_RETURNS_PAPER_LABEL_ZPL:

        /* no label printer takes A4 */

        rc = cxr_label_sheet(l->view, view,
                             l->size == CXR_LABEL_A4 ? CXR_LABEL_100X150
                                                     : l->size,
                             l->arena, &sheet);

        return rc == CXR_OK ? cxr_sheet_zpl(&sheet, l->fonts, l->dpi, &l->out)
                            : rc;

    default:
        return cxr_template_render(l->tpl, view, &l->out);
    }
}


/* in a thread of the pool */

static void
ngx_cx_returns_label_work(void *data)
{
    ngx_cx_returns_label_t  *l = data;

    cxr_str_t          token, self, title, more;
    cxr_view_page_t   *page;
    cxr_view_label_t   view;

    l->rc = cxr_label_token(l->ring, l->view->shop, &l->rma, l->arena, &token);

    if (l->rc == CXR_OK) {
        more = l->boxes > 1 ? cxr_sprintf(l->arena, "%sboxes=%u",
                                          l->sized ? "&" : "?",
                                          (unsigned) l->boxes)
                            : CXR_STR_NONE;
        self = cxr_sprintf(l->arena, "%.*s/%s%s%s%.*s", cxr_str_arg(l->url),
                           l->paper->name, l->sized ? "?size=" : "",
                           l->sized ? cxr_label_size_names[l->size] : "",
                           cxr_str_arg(more));
        title = cxr_sprintf(l->arena, "%.*s %.*s",
                            cxr_str_arg(cxr_lang_text(l->view->lang,
                                            cxr_strz(l->paper->title))),
                            cxr_str_arg(l->rma.id));
        l->rc = cxr_view_page(l->view, title, self, l->arena, &page);
    }

    if (l->rc == CXR_OK) {
        l->rc = cxr_label_view(l->view, &l->rma, &l->order,
                               l->has_person ? &l->person : NULL, token, page,
                               l->arena, &view);
    }

    if (l->rc == CXR_OK) {
        l->rc = cxr_label_boxes(l->boxes, l->box, l->arena, &view);
    }

    if (l->rc == CXR_OK) {
        l->rc = cxr_label_urls(l->view, &l->rma, l->url, l->size, l->arena, &view);
    }

    if (l->rc == CXR_OK) {
        l->rc = ngx_cx_returns_label_make(l, &view);
    }
}


static ngx_int_t
ngx_cx_returns_label_done(ngx_http_request_t *r, void *data)
{
    ngx_cx_returns_label_t  *l = data;

    cxr_str_t  file;

    switch (l->rc) {

    case CXR_OK:

        if (l->paper->file != NULL) {
            file = cxr_sprintf(l->arena, l->paper->file,
                               cxr_str_arg(l->rma.id));

            if (file.len == 0
                || ngx_cx_returns_add_header(r, "Content-Disposition", file)
                   != NGX_OK)
            {
                return NGX_HTTP_INTERNAL_SERVER_ERROR;
            }
        }

        return ngx_cx_returns_send_rendered(r, NGX_HTTP_OK, l->paper->type,
                                            cxr_buf_str(&l->out));

    case CXR_NOTFOUND:
    case CXR_REFUSED:

        /* no label yet, or none any more: the RMA's page says why */

        return ngx_cx_returns_page_redirect(r, l->url, "");

    default:
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "cx_returns: %s could not be made: %s", l->paper->name,
                      cxr_rc_name(l->rc));
        return ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    }
}

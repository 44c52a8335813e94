
#include "cxr_label.h"

#include "cxr_label_text.h"

/* the drawing, in tenths of a millimetre; label_art.svg has the same places */
#define CXR_LABEL_LEFT        40
#define CXR_LABEL_SIDE        920
#define CXR_LABEL_SHOP_SIZE   50
#define CXR_LABEL_SHOP_WIDTH  560
#define CXR_LABEL_FACT_SIZE   38
#define CXR_LABEL_FACT_WIDTH  430

/* places of the codes, in micrometres; a step is a dot of 203 to the inch */
#define CXR_LABEL_DOT         125

static const cxr_barcode_box_t  cxr_label_qr_box = {
    4000, 81250, 46500, 46500, CXR_LABEL_DOT, 500
};

static const cxr_barcode_box_t  cxr_label_code_box = {
    4000, 129500, 92000, 14000, CXR_LABEL_DOT, 330
};

static const cxr_label_block_t  cxr_label_to_block = {
    180, 350, CXR_LABEL_SIDE, 46, 32
};

static const cxr_label_block_t  cxr_label_from_block = {
    592, 198, CXR_LABEL_SIDE, 34, 26
};

const char *const  cxr_label_size_names[] = { "100x150", "4x6", NULL };


static const cxr_field_t  cxr_view_label_row_fields[] = {
    CXR_FIELD(cxr_view_label_row_t, text, STR),
    CXR_FIELD(cxr_view_label_row_t, y, U32),
    CXR_FIELD(cxr_view_label_row_t, size, U32),
    CXR_FIELD(cxr_view_label_row_t, strong, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_label_row_type = {
    "row", 0, 1, sizeof(cxr_view_label_row_t), cxr_view_label_row_fields
};

static const cxr_field_t  cxr_view_label_fields[] = {
    CXR_VIEW_PAGE(cxr_view_label_t),
    CXR_FIELD(cxr_view_label_t, id, STR),
    CXR_FIELD(cxr_view_label_t, number, STR),
    CXR_FIELD(cxr_view_label_t, number_short, STR),
    CXR_FIELD(cxr_view_label_t, shop_short, STR),
    CXR_FIELD_SUB(cxr_view_label_t, to, LIST, &cxr_view_label_row_type),
    CXR_FIELD_SUB(cxr_view_label_t, from, LIST, &cxr_view_label_row_type),
    CXR_FIELD(cxr_view_label_t, has_from, BOOL),
    CXR_FIELD(cxr_view_label_t, items, U32),
    CXR_FIELD(cxr_view_label_t, expires, STR),
    CXR_FIELD_X(cxr_view_label_t, code128, STR, CXR_FIELD_RAW),
    CXR_FIELD_X(cxr_view_label_t, qr, STR, CXR_FIELD_RAW),
    CXR_FIELD_ENUM(cxr_view_label_t, size, cxr_label_size_names),
    CXR_FIELD(cxr_view_label_t, inch, BOOL),
    CXR_VIEW_URL(cxr_view_label_t, svg_url),
    CXR_VIEW_URL(cxr_view_label_t, size_url),
    CXR_VIEW_URL(cxr_view_label_t, back_url),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_label_type = {
    "label", 0, 1, sizeof(cxr_view_label_t), cxr_view_label_fields
};


/* "34394 Kadıköy"; data is NULL when out of memory */

static cxr_str_t
cxr_label_town(cxr_str_t postcode, cxr_str_t city, cxr_str_t region,
    cxr_arena_t *a)
{
    return cxr_sprintf(a, "%.*s%s%.*s%s%.*s", cxr_str_arg(postcode),
                       postcode.len && city.len ? " " : "", cxr_str_arg(city),
                       region.len && (city.len || postcode.len) ? ", " : "",
                       cxr_str_arg(region));
}


/* Lines of an address that a shopper typed are one flowing piece here. */

static cxr_str_t
cxr_label_street(cxr_str_t address, cxr_arena_t *a)
{
    size_t     i;
    cxr_buf_t  out;
    char      *data;

    data = cxr_alloc(a, 2 * address.len + 1);

    if (data == NULL) {
        return CXR_STR_NONE;
    }

    cxr_buf_init_fixed(&out, data, 2 * address.len + 1);

    for (i = 0; i < address.len; i++) {
        if (address.data[i] == '\n') {
            cxr_buf_addz(&out, ", ");

        } else {
            cxr_buf_addc(&out, address.data[i]);
        }
    }

    return cxr_buf_str(&out);
}


static cxr_rc_t
cxr_label_to(const cxr_address_t *to, bool abroad, cxr_arena_t *a,
    cxr_view_label_rows_t *rows)
{
    size_t     n;
    uint32_t   i;
    cxr_str_t  pieces[CXR_LABEL_PIECES_MAX];

    n = 0;
    pieces[n++] = to->name;

    for (i = 0; i < to->lines.n && n < cxr_nelts(pieces) - 2; i++) {
        pieces[n++] = to->lines.items[i];
    }

    pieces[n] = cxr_label_town(to->postcode, to->city, CXR_STR_NONE, a);

    if (pieces[n++].data == NULL) {
        return CXR_NOMEM;
    }

    if (abroad) {
        pieces[n++] = to->country;
    }

    return cxr_label_set(&cxr_label_to_block, pieces, n, a, rows);
}


static cxr_rc_t
cxr_label_from(const cxr_person_t *person, cxr_str_t country, bool abroad,
    cxr_arena_t *a, cxr_view_label_rows_t *rows)
{
    size_t     n;
    cxr_str_t  pieces[CXR_LABEL_PIECES_MAX];

    n = 0;
    pieces[n++] = person->name;
    pieces[n++] = cxr_label_street(person->address, a);
    pieces[n++] = cxr_label_town(person->postcode, person->city,
                                 person->region, a);

    if (pieces[1].data == NULL || pieces[2].data == NULL) {
        return CXR_NOMEM;
    }

    if (abroad) {
        pieces[n++] = country;
    }

    return cxr_label_set(&cxr_label_from_block, pieces, n, a, rows);
}


/* The codes; a token that would need smaller modules is CXR_LIMIT. */

static cxr_rc_t
cxr_label_codes(cxr_str_t token, cxr_arena_t *a, cxr_view_label_t *v)
{
    cxr_rc_t  rc;

    if (token.len > CXR_LABEL_TOKEN_MAX) {
        return CXR_LIMIT;
    }

    rc = cxr_code128_svg(v->id, &cxr_label_code_box, a, &v->code128);

    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_qr_svg(token, &cxr_label_qr_box, a, &v->qr);
}


cxr_rc_t
cxr_label_view(const cxr_view_ctx_t *ctx, const cxr_rma_t *rma,
    const cxr_order_t *order, const cxr_person_t *person, cxr_str_t token,
    cxr_view_page_t *page, cxr_arena_t *a, cxr_view_label_t *v)
{
    bool                  abroad;
    uint32_t              i;
    cxr_rc_t              rc;
    const cxr_address_t  *to;

    memset(v, 0, sizeof(*v));

    to = &ctx->shop->warehouse;
    abroad = order->country.len != 0
             && !cxr_str_eq(order->country, to->country);

    v->page = page;
    v->id = rma->id;
    v->number = rma->order_number;

    v->number_short = cxr_label_cut(rma->order_number, CXR_LABEL_FACT_WIDTH,
                                    CXR_LABEL_FACT_SIZE, true, a);
    v->shop_short = cxr_label_cut(ctx->shop->name, CXR_LABEL_SHOP_WIDTH,
                                  CXR_LABEL_SHOP_SIZE, true, a);
    v->expires = cxr_view_date_shop(ctx, rma->label_expires, CXR_DATE_DAY, a);

    if (v->number_short.data == NULL || v->shop_short.data == NULL
        || v->expires.data == NULL)
    {
        return CXR_NOMEM;
    }

    for (i = 0; i < rma->lines.n; i++) {
        if (rma->lines.items[i].decision != CXR_DECISION_DECLINED) {
            v->items += rma->lines.items[i].quantity;
        }
    }

    rc = cxr_label_to(to, abroad, a, &v->to);

    if (rc != CXR_OK) {
        return rc;
    }

    if (person != NULL) {
        rc = cxr_label_from(person, order->country, abroad, a, &v->from);

        if (rc != CXR_OK) {
            return rc;
        }
    }

    v->has_from = v->from.n != 0;

    return cxr_label_codes(token, a, v);
}


cxr_label_size_t
cxr_label_size(cxr_str_t name)
{
    int  i;

    i = cxr_name_index(cxr_label_size_names, name);

    return i < 0 ? CXR_LABEL_100X150 : (cxr_label_size_t) i;
}


cxr_rc_t
cxr_label_urls(const cxr_view_ctx_t *ctx, cxr_str_t base,
    cxr_label_size_t size, cxr_arena_t *a, cxr_view_label_t *v)
{
    cxr_str_t         url;
    cxr_label_size_t  other;

    url = cxr_view_url(ctx, base, a);
    other = size == CXR_LABEL_4X6 ? CXR_LABEL_100X150 : CXR_LABEL_4X6;

    v->size = (uint8_t) size;
    v->inch = size == CXR_LABEL_4X6;
    v->back_url = url;
    v->svg_url = cxr_sprintf(a, "%.*s/label.svg", cxr_str_arg(url));
    v->size_url = cxr_sprintf(a, "%.*s/label.html?size=%s", cxr_str_arg(url),
                              cxr_label_size_names[other]);

    return url.len != 0 && v->svg_url.len != 0 && v->size_url.len != 0
           ? CXR_OK : CXR_NOMEM;
}

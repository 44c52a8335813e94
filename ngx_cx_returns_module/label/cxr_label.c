
#include "cxr_label.h"

#include "cxr_country.h"
#include "cxr_label_text.h"
#include "cxr_say.h"
#include "cxr_view_rma.h"

/* the drawing, in tenths of a millimetre; label.svg has the same places */
#define CXR_LABEL_SIDE        920
#define CXR_LABEL_SHOP_SIZE   50
#define CXR_LABEL_SHOP_WIDTH  560
#define CXR_LABEL_FACT_SIZE   38
#define CXR_LABEL_FACT_LEAST  24
#define CXR_LABEL_FACT_WIDTH  430

static const cxr_label_block_t  cxr_label_to_block = {
    180, 350, CXR_LABEL_SIDE, 46, 32
};

static const cxr_label_block_t  cxr_label_from_block = {
    592, 198, CXR_LABEL_SIDE, 34, 26
};


static const cxr_field_t  cxr_view_label_row_fields[] = {
    CXR_FIELD(cxr_view_label_row_t, text, STR),
    CXR_FIELD(cxr_view_label_row_t, y, U32),
    CXR_FIELD(cxr_view_label_row_t, size, U32),
    CXR_FIELD(cxr_view_label_row_t, strong, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_label_row_type = {
    "label_row", 0, 1, sizeof(cxr_view_label_row_t), cxr_view_label_row_fields
};

static const cxr_field_t  cxr_view_slip_line_fields[] = {
    CXR_FIELD(cxr_view_slip_line_t, title, STR),
    CXR_FIELD(cxr_view_slip_line_t, variant, STR),
    CXR_FIELD(cxr_view_slip_line_t, sku, STR),
    CXR_FIELD(cxr_view_slip_line_t, quantity, U32),
    CXR_FIELD(cxr_view_slip_line_t, reason, STR),
    CXR_FIELD(cxr_view_slip_line_t, reason_home, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_slip_line_type = {
    "slip_line", 0, 1, sizeof(cxr_view_slip_line_t), cxr_view_slip_line_fields
};

static const cxr_field_t  cxr_view_label_size_fields[] = {
    CXR_FIELD_ENUM(cxr_view_label_size_t, size, cxr_label_size_names),
    CXR_FIELD(cxr_view_label_size_t, text, STR),
    CXR_VIEW_URL(cxr_view_label_size_t, url),
    CXR_FIELD(cxr_view_label_size_t, current, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_label_size_type = {
    "size", 0, 1, sizeof(cxr_view_label_size_t), cxr_view_label_size_fields
};

static const cxr_field_t  cxr_view_label_copy_fields[] = {
    CXR_FIELD(cxr_view_label_copy_t, box, STR),
    CXR_VIEW_URL(cxr_view_label_copy_t, svg_url),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_label_copy_type = {
    "copy", 0, 1, sizeof(cxr_view_label_copy_t), cxr_view_label_copy_fields
};

static const cxr_field_t  cxr_view_label_boxes_fields[] = {
    CXR_FIELD(cxr_view_label_boxes_t, value, U32),
    CXR_FIELD(cxr_view_label_boxes_t, selected, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_label_boxes_type = {
    "boxes", 0, 1, sizeof(cxr_view_label_boxes_t), cxr_view_label_boxes_fields
};

static const cxr_field_t  cxr_view_label_fields[] = {
    CXR_VIEW_PAGE(cxr_view_label_t),
    CXR_FIELD(cxr_view_label_t, id, STR),
    CXR_FIELD(cxr_view_label_t, number, STR),
    CXR_FIELD(cxr_view_label_t, number_short, STR),
    CXR_FIELD(cxr_view_label_t, number_size, U32),
    CXR_FIELD(cxr_view_label_t, shop_short, STR),
    CXR_VIEW_URL(cxr_view_label_t, logo_url),
    CXR_FIELD_SUB(cxr_view_label_t, to, LIST, &cxr_view_label_row_type),
    CXR_FIELD_SUB(cxr_view_label_t, from, LIST, &cxr_view_label_row_type),
    CXR_FIELD(cxr_view_label_t, has_from, BOOL),
    CXR_FIELD(cxr_view_label_t, items, U32),
    CXR_FIELD(cxr_view_label_t, expires, STR),
    CXR_FIELD_X(cxr_view_label_t, code128, STR, CXR_FIELD_RAW),
    CXR_FIELD_X(cxr_view_label_t, qr, STR, CXR_FIELD_RAW),
    CXR_FIELD_ENUM(cxr_view_label_t, size, cxr_label_size_names),
    CXR_FIELD(cxr_view_label_t, inch, BOOL),
    CXR_FIELD(cxr_view_label_t, a4, BOOL),
    CXR_VIEW_URL(cxr_view_label_t, svg_url),
    CXR_VIEW_URL(cxr_view_label_t, size_url),
    CXR_VIEW_URL(cxr_view_label_t, back_url),
    CXR_FIELD_SUB(cxr_view_label_t, sizes, LIST, &cxr_view_label_size_type),
    CXR_VIEW_URL(cxr_view_label_t, label_url),
    CXR_VIEW_URL(cxr_view_label_t, pdf_url),
    CXR_VIEW_URL(cxr_view_label_t, zpl_url),
    CXR_VIEW_URL(cxr_view_label_t, carrier_url),
    CXR_VIEW_URL(cxr_view_label_t, slip_url),
    CXR_VIEW_URL(cxr_view_label_t, slip_pdf_url),
    CXR_VIEW_URL(cxr_view_label_t, qr_url),
    CXR_FIELD_X(cxr_view_label_t, qr_large, STR, CXR_FIELD_RAW),
    CXR_FIELD(cxr_view_label_t, created, STR),
    CXR_FIELD_SUB(cxr_view_label_t, lines, LIST, &cxr_view_slip_line_type),
    CXR_FIELD(cxr_view_label_t, note, STR),
    CXR_FIELD(cxr_view_label_t, boxes, U32),
    CXR_FIELD(cxr_view_label_t, many, BOOL),
    CXR_FIELD(cxr_view_label_t, box, STR),
    CXR_FIELD_SUB(cxr_view_label_t, copies, LIST, &cxr_view_label_copy_type),
    CXR_FIELD_SUB(cxr_view_label_t, box_choices, LIST,
                  &cxr_view_label_boxes_type),
    CXR_VIEW_URL(cxr_view_label_t, boxes_url),
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
cxr_label_to(const cxr_address_t *to, cxr_str_t country, cxr_arena_t *a,
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

    pieces[n++] = country;

    return cxr_label_set(&cxr_label_to_block, pieces, n, a, rows);
}


static cxr_rc_t
cxr_label_from(const cxr_person_t *person, cxr_str_t country, cxr_arena_t *a,
    cxr_view_label_rows_t *rows)
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

    pieces[n++] = country;

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

    rc = cxr_code128_bits(v->id, a, &v->code128_bits);

    if (rc == CXR_OK) {
        rc = cxr_barcode_svg(&v->code128_bits, &cxr_label_code_box, a,
                             &v->code128);
    }

    if (rc == CXR_OK) {
        rc = cxr_qr_bits(token, a, &v->qr_bits);
    }

    if (rc == CXR_OK) {
        rc = cxr_barcode_svg(&v->qr_bits, &cxr_label_qr_box, a, &v->qr);
    }

    return rc == CXR_OK ? cxr_barcode_svg(&v->qr_bits, NULL, a, &v->qr_large)
                        : rc;
}


/* What goes into the box. */

static cxr_rc_t
cxr_label_goods(const cxr_view_ctx_t *ctx, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_view_label_t *v)
{
    uint32_t               i;
    cxr_say_t              say = cxr_say_to(ctx, a);
    cxr_view_slip_line_t  *line;
    const cxr_rma_line_t  *l;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->decision == CXR_DECISION_DECLINED) {
            continue;
        }

        line = cxr_say_push(&say, &v->lines, sizeof(cxr_view_slip_line_t));

        if (line == NULL) {
            return CXR_NOMEM;
        }

        line->title = l->title;
        line->variant = l->variant;
        line->sku = l->sku;
        line->quantity = l->quantity;
        line->reason = cxr_say_reason(&say, l->reason);
        line->reason_home = cxr_say_reason_home(&say, l->reason);

        v->items += l->quantity;
    }

    v->created = cxr_say_date(&say, rma->created_at, CXR_DATE_DAY);
    v->note = cxr_texts_in(&ctx->shop->label.note, cxr_lang_code(ctx->lang));

    return cxr_say_rc(&say);
}


cxr_rc_t
cxr_label_view(const cxr_view_ctx_t *ctx, const cxr_rma_t *rma,
    const cxr_order_t *order, const cxr_person_t *person, cxr_str_t token,
    cxr_view_page_t *page, cxr_arena_t *a, cxr_view_label_t *v)
{
    cxr_rc_t              rc;
    cxr_str_t             theirs, hers;
    const cxr_address_t  *to;

    memset(v, 0, sizeof(*v));

    to = cxr_shop_destination(ctx->shop, rma->destination);
    theirs = CXR_STR_NONE;
    hers = CXR_STR_NONE;

    if (order->country.len != 0
        && !cxr_str_eq(order->country, to->country))
    {
        theirs = cxr_country_name(cxr_lang_code(ctx->lang), to->country, a);
        hers = cxr_country_name(cxr_lang_code(ctx->lang), order->country, a);

        if (theirs.data == NULL || hers.data == NULL) {
            return CXR_NOMEM;
        }
    }

    v->page = page;
    v->id = rma->id;
    v->number = rma->order_number;
    v->issued = rma->label_issued;
    v->logo_url = ctx->shop->label.logo_url;

    v->number_size = cxr_label_size_of(rma->order_number, CXR_LABEL_FACT_WIDTH,
                                       CXR_LABEL_FACT_SIZE,
                                       CXR_LABEL_FACT_LEAST, true);
    v->number_short = cxr_label_cut(rma->order_number, CXR_LABEL_FACT_WIDTH,
                                    v->number_size, true, a);
    v->shop_short = cxr_label_cut(ctx->shop->name, CXR_LABEL_SHOP_WIDTH,
                                  CXR_LABEL_SHOP_SIZE, true, a);
    v->expires = cxr_view_date_shop(ctx, rma->label_expires, CXR_DATE_DAY, a);

    if (v->number_short.data == NULL || v->shop_short.data == NULL
        || v->expires.data == NULL)
    {
        return CXR_NOMEM;
    }

    rc = cxr_label_goods(ctx, rma, a, v);

    if (rc == CXR_OK) {
        rc = cxr_label_to(to, theirs, a, &v->to);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    if (person != NULL) {
        rc = cxr_label_from(person, hers, a, &v->from);

        if (rc != CXR_OK) {
            return rc;
        }
    }

    v->has_from = v->from.n != 0;

    rc = cxr_label_boxes(1, 1, a, v);

    return rc == CXR_OK ? cxr_label_codes(token, a, v) : rc;
}


cxr_rc_t
cxr_label_boxes(uint32_t boxes, uint32_t box, cxr_arena_t *a,
    cxr_view_label_t *v)
{
    uint32_t                 i;
    cxr_view_label_copy_t   *copy;
    cxr_view_label_boxes_t  *choice;

    v->boxes = boxes;
    v->many = boxes > 1;
    v->box = CXR_STR_NONE;
    v->copies.n = 0;
    v->box_choices.n = 0;

    for (i = 1; i <= CXR_LABEL_BOXES_MAX; i++) {
        choice = cxr_list_push(a, &v->box_choices, sizeof(*choice));
        if (choice == NULL) {
            return CXR_NOMEM;
        }

        choice->value = i;
        choice->selected = i == boxes;

        if (i > boxes) {
            continue;
        }

        copy = cxr_list_push(a, &v->copies, sizeof(*copy));
        if (copy == NULL) {
            return CXR_NOMEM;
        }

        if (!v->many) {
            continue;
        }

        copy->box = cxr_sprintf(a, "%u/%u", (unsigned) i, (unsigned) boxes);
        if (copy->box.len == 0) {
            return CXR_NOMEM;
        }

        if (i == box) {
            v->box = copy->box;
        }
    }

    return CXR_OK;
}


cxr_label_size_t
cxr_label_size(cxr_str_t name, cxr_label_size_t usual)
{
    int  i;

    i = cxr_name_index(cxr_label_size_names, name);

    return i < 0 ? usual : (cxr_label_size_t) i;
}


cxr_rc_t
cxr_label_urls(const cxr_view_ctx_t *ctx, const cxr_rma_t *rma, cxr_str_t base,
    cxr_label_size_t size, cxr_arena_t *a, cxr_view_label_t *v)
{
    size_t                  i;
    cxr_say_t               say = cxr_say_to(ctx, a);
    cxr_str_t               url, query, more;
    cxr_view_label_copy_t  *copy;
    cxr_view_label_size_t  *s;

    url = cxr_say_url(&say, base, "");
    more = v->many ? cxr_sprintf(a, "&boxes=%u", (unsigned) v->boxes)
                   : CXR_STR_NONE;
    query = cxr_sprintf(a, "?size=%s%.*s", cxr_label_size_names[size],
                        cxr_str_arg(more));

    v->size = (uint8_t) size;
    v->inch = size == CXR_LABEL_4X6;
    v->a4 = size == CXR_LABEL_A4;
    v->back_url = url;
    v->carrier_url = cxr_view_carrier_label(&say, rma, base);
    v->svg_url = cxr_say_join(&say, url, "/label.svg", CXR_STR_NONE);
    v->label_url = cxr_say_join(&say, url, "/label.html", query);
    v->pdf_url = cxr_say_join(&say, url, "/label.pdf", query);
    v->zpl_url = cxr_say_join(&say, url, "/label.zpl", query);
    v->slip_url = cxr_say_join(&say, url, "/slip.html", query);
    v->slip_pdf_url = cxr_say_join(&say, url, "/slip.pdf", query);
    v->qr_url = cxr_say_join(&say, url, "/qr.html", query);
    v->boxes_url = cxr_say_join(&say, url, "/label.html", CXR_STR_NONE);
    v->sizes.n = 0;

    for (i = 0; i < v->copies.n; i++) {
        copy = &v->copies.items[i];
        copy->svg_url = v->many
                        ? cxr_sprintf(a, "%.*s?boxes=%u&box=%u",
                                      cxr_str_arg(v->svg_url),
                                      (unsigned) v->boxes, (unsigned) i + 1)
                        : v->svg_url;
        say.failed |= copy->svg_url.data == NULL;
    }

    for (i = 0; i < CXR_LABEL_SIZES; i++) {
        s = cxr_say_push(&say, &v->sizes, sizeof(cxr_view_label_size_t));

        if (s == NULL) {
            return CXR_NOMEM;
        }

        s->size = (uint8_t) i;
        s->current = i == size;
        s->text = cxr_say_name(&say, "label.size.", cxr_label_size_names[i]);
        s->url = cxr_sprintf(a, "%.*s/label.html?size=%s%.*s",
                             cxr_str_arg(url), cxr_label_size_names[i],
                             cxr_str_arg(more));

        if (s->url.len == 0) {
            return CXR_NOMEM;
        }
    }

    /* the other size for label printers: what this page led to before there
       were more */

    v->size_url = v->sizes.items[v->inch ? CXR_LABEL_100X150
                                         : CXR_LABEL_4X6].url;

    return query.len != 0 ? cxr_say_rc(&say) : CXR_NOMEM;
}

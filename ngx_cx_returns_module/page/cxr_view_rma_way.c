
/*
 * How an approved return goes back, told to the shopper: what to do, with which
 * code or label, and where to.
 */

#include "cxr_rma_way.h"
#include "cxr_view_rma.h"

#include <stdio.h>

#define CXR_WAY_STEPS_MAX  5


static const cxr_field_t  cxr_view_way_step_fields[] = {
    CXR_FIELD(cxr_view_way_step_t, title, STR),
    CXR_FIELD(cxr_view_way_step_t, text, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_way_step_type = {
    "way_step", 0, 1, sizeof(cxr_view_way_step_t), cxr_view_way_step_fields
};

static const cxr_field_t  cxr_view_place_fields[] = {
    CXR_FIELD(cxr_view_place_t, name, STR),
    CXR_FIELD(cxr_view_place_t, lines, STRS),
    CXR_FIELD(cxr_view_place_t, hours, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_place_type = {
    "place", 0, 1, sizeof(cxr_view_place_t), cxr_view_place_fields
};


/*
 * Who bears what her own carrier costs: she, of a return; the shop, of a claim
 * (Directive (EU) 2019/771 art. 14(2); Law 6502 art. 11); of both in one parcel
 * each their own.
 */

const char *
cxr_view_bears(const cxr_rma_t *rma)
{
    uint32_t               i;
    bool                   claims, others;
    const cxr_rma_line_t  *l;

    claims = false;
    others = false;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->no_return || l->decision == CXR_DECISION_DECLINED) {
            continue;
        }

        claims |= (l->claim != CXR_CLAIM_NONE);
        others |= (l->claim == CXR_CLAIM_NONE);
    }

    return !claims ? "own" : others ? "mixed" : "claim";
}


const char *
cxr_view_carriage(const cxr_rma_t *rma)
{
    const char  *who = cxr_view_bears(rma);

    return strcmp(who, "own") == 0 ? "way.cost.own"
           : strcmp(who, "mixed") == 0 ? "way.cost.own_mixed"
                                       : "way.cost.own_claim";
}


/* Where others bear the carrier's cost a step has words of its own. */

static void
cxr_view_way_steps(cxr_say_t *say, const cxr_rma_t *rma, const char *method,
    cxr_view_rma_t *view)
{
    char                  key[64];
    unsigned              i;
    cxr_str_t             title, other;
    cxr_arg_t             args[2];
    cxr_view_way_step_t  *step;

    args[0] = cxr_arg_str("carrier", view->code_carrier);
    args[1] = cxr_arg_str("id", view->id);

    for (i = 1; i <= CXR_WAY_STEPS_MAX; i++) {
        (void) snprintf(key, sizeof(key), "way.%s.%u", method, i);

        title = cxr_say_with(say, key, args, 2);

        if (title.len == 0) {
            return;
        }

        step = cxr_say_push(say, &view->way_steps, sizeof(*step));
        if (step == NULL) {
            return;
        }

        (void) snprintf(key, sizeof(key), "way.%s.%u.text", method, i);

        step->title = title;
        step->text = cxr_say_with(say, key, args, 2);

        (void) snprintf(key, sizeof(key), "way.%s.%u.text.%s", method, i,
                        cxr_view_bears(rma));

        other = cxr_say_with(say, key, args, 2);

        if (other.len != 0) {
            step->text = other;
        }
    }
}


static void
cxr_view_way_stores(const cxr_shop_t *shop, cxr_str_t lang, cxr_say_t *say,
    cxr_view_rma_t *view)
{
    uint32_t                  i;
    cxr_view_place_t         *place;
    const cxr_store_place_t  *from;

    for (i = 0; i < shop->stores.n; i++) {
        from = &shop->stores.items[i];

        place = cxr_say_push(say, &view->stores, sizeof(*place));
        if (place == NULL) {
            return;
        }

        place->name = from->name;
        place->lines = from->lines;
        place->hours = cxr_texts_in(&from->hours, lang);
    }
}


cxr_str_t
cxr_view_carrier_label(cxr_say_t *say, const cxr_rma_t *rma, cxr_str_t base)
{
    char  name[32];

    if (rma->carrier_label_hash.len == 0) {
        return cxr_view_safe_url(rma->carrier_label_url);
    }

    (void) snprintf(name, sizeof(name), "/carrier-label.%s",
                    cxr_label_file_names[rma->carrier_label_kind]);

    return cxr_say_url(say, base, name);
}


static cxr_str_t
cxr_view_label_file(const cxr_rma_t *rma)
{
    switch (rma->carrier_label_kind) {

    case CXR_LABEL_FILE_PDF:
        return cxr_str("PDF");

    case CXR_LABEL_FILE_PNG:
        return cxr_str("PNG");

    default:
        return CXR_STR_NONE;
    }
}


void
cxr_view_rma_way(const cxr_rma_page_t *p, cxr_say_t *say,
    cxr_view_rma_t *view)
{
    int               k;
    const char       *name;
    const cxr_rma_t  *rma = p->rma;

    k = cxr_name_index(cxr_method_names, rma->method);

    if (k < 0 || k == CXR_METHOD_NOTHING) {
        k = CXR_METHOD_LABEL;
    }

    name = cxr_method_names[k];

    view->method = cxr_strz(name);
    view->way = cxr_say_name(say, "way.", name);
    view->by_label = k == CXR_METHOD_LABEL;
    view->by_qr = k == CXR_METHOD_QR;
    view->by_code = k == CXR_METHOD_CARRIER_CODE;
    view->by_carrier_label = k == CXR_METHOD_CARRIER_LABEL;
    view->in_store = k == CXR_METHOD_IN_STORE;
    view->to_address = !view->in_store;

    if (view->by_code) {
        view->code = rma->code;
        view->code_waits = rma->code.len == 0;
        view->code_carrier = cxr_shop_carrier_name(p->ctx->shop,
                                                   rma->code_carrier);

        if (rma->code_expires != 0) {
            view->code_until = cxr_say_date(say, rma->code_expires,
                                            CXR_DATE_DAY);
        }
    }

    if (view->by_carrier_label) {
        view->label_waits = !cxr_rma_has_supplied(rma);
        view->carrier_label_url = cxr_view_carrier_label(say, rma, p->url);
        view->carrier_label_file = cxr_view_label_file(rma);
    }

    /* what cannot be done yet is not told to be done */

    if (!view->code_waits && !view->label_waits) {
        cxr_view_way_steps(say, rma, name, view);
    }

    if (view->in_store) {
        cxr_view_way_stores(p->ctx->shop, view->page->lang, say, view);
    }
}


/*
 * Around one RMA: what the customer did before, and what colleagues did
 * meanwhile.
 */

#include "cxr_view_customer.h"


static const cxr_field_t  cxr_view_changes_fields[] = {
    CXR_FIELD_SUB(cxr_view_changes_t, steps, LIST, &cxr_view_step_type),
    CXR_FIELD(cxr_view_changes_t, has_steps, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_changes_type = {
    "changes", 0, 1, sizeof(cxr_view_changes_t), cxr_view_changes_fields
};

static const cxr_field_t  cxr_view_past_fields[] = {
    CXR_FIELD(cxr_view_past_t, id, STR),
    CXR_VIEW_URL(cxr_view_past_t, url),
    CXR_FIELD(cxr_view_past_t, number, STR),
    CXR_FIELD(cxr_view_past_t, at, STR),
    CXR_FIELD(cxr_view_past_t, status_text, STR),
    CXR_FIELD(cxr_view_past_t, tone, STR),
    CXR_FIELD(cxr_view_past_t, refund, STR),
    CXR_FIELD(cxr_view_past_t, open, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_past_type = {
    "past", 0, 1, sizeof(cxr_view_past_t), cxr_view_past_fields
};

static const cxr_field_t  cxr_view_customer_fields[] = {
    CXR_FIELD(cxr_view_customer_t, known, BOOL),
    CXR_FIELD(cxr_view_customer_t, orders, U32),
    CXR_FIELD(cxr_view_customer_t, returns, U32),
    CXR_FIELD(cxr_view_customer_t, open, U32),
    CXR_FIELD(cxr_view_customer_t, returned, STR),
    CXR_FIELD_SUB(cxr_view_customer_t, items, LIST, &cxr_view_past_type),
    CXR_FIELD(cxr_view_customer_t, more, BOOL),
    CXR_FIELD(cxr_view_customer_t, missing, U32),
    CXR_FIELD(cxr_view_customer_t, kept, U32),
    CXR_FIELD(cxr_view_customer_t, lists, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_customer_type = {
    "customer", 0, 1, sizeof(cxr_view_customer_t), cxr_view_customer_fields
};


uint64_t
cxr_rma_newest(const cxr_rma_t *rma)
{
    return rma->steps.n ? rma->steps.items[rma->steps.n - 1].seq : 0;
}


cxr_view_changes_t *
cxr_view_changes(cxr_say_t *say, const cxr_rma_t *rma, uint64_t seen)
{
    uint32_t             i, n;
    cxr_view_changes_t  *c;

    c = cxr_say_room(say, 1, sizeof(*c));

    if (c == NULL
        || cxr_view_rma_steps(say, rma, true, &c->steps) != CXR_OK)
    {
        return NULL;
    }

    for (i = rma->steps.n, n = 0;
         i > 0 && rma->steps.items[i - 1].seq > seen;
         i--)
    {
        n++;
    }

    if (c->steps.n > n) {
        c->steps.n = n;
    }

    c->has_steps = c->steps.n > 0;

    return c;
}


static void
cxr_view_past_rma(cxr_say_t *say, const cxr_rma_t *rma, cxr_view_past_t *to)
{
    to->id = rma->id;
    to->number = rma->order_number;
    to->url = cxr_say_url(say, cxr_say_join(say, say->ctx->shop->staff,
                                            "rma/", rma->id), "");
    to->at = cxr_say_date(say, rma->created_at, CXR_DATE_SHORT_DAY);
    to->status_text = cxr_say_status(say, rma->status);
    to->tone = cxr_tone_of_status(rma->status);
    to->refund = cxr_say_some(say, rma->currency, rma->refund);
    to->open = rma->status != CXR_RMA_COMPLETED
               && rma->status != CXR_RMA_DECLINED
               && rma->status != CXR_RMA_CANCELLED
               && rma->status != CXR_RMA_EXPIRED;
}


static void
cxr_view_customer_lists(cxr_say_t *say, const cxr_history_t *history,
    cxr_view_customer_t *c)
{
    uint32_t             i;
    cxr_str_t            name;
    const cxr_policy_t  *policy = &say->ctx->shop->policy;

    for (i = 0; i < policy->people.n; i++) {
        name = policy->people.items[i].name;

        if (history->lists & (uint32_t) 1 << i) {
            c->lists = c->lists.len ? cxr_say_join(say, c->lists, ", ", name)
                                    : name;
        }
    }
}


cxr_view_customer_t *
cxr_view_customer(cxr_say_t *say, const cxr_staff_customer_t *from,
    cxr_str_t currency)
{
    size_t                i;
    cxr_view_past_t      *past;
    cxr_view_customer_t  *c;

    if (from == NULL || !from->history.known) {
        return NULL;
    }

    c = cxr_say_room(say, 1, sizeof(*c));
    if (c == NULL) {
        return NULL;
    }

    c->known = true;
    c->orders = from->history.orders;
    c->returns = from->history.returns;
    c->returned = cxr_say_some(say, currency, from->history.returned);
    c->more = from->more;
    c->missing = from->history.missing;
    c->kept = from->history.kept;
    cxr_view_customer_lists(say, &from->history, c);

    for (i = 0; i < from->nrmas; i++) {
        past = cxr_say_push(say, &c->items, sizeof(*past));

        if (past != NULL) {
            cxr_view_past_rma(say, &from->rmas[i], past);
            c->open += past->open;
        }
    }

    for (i = 0; i < from->norders; i++) {
        past = cxr_say_push(say, &c->items, sizeof(*past));

        if (past != NULL) {
            past->number = from->orders[i].number;
            past->at = cxr_say_date(say, from->orders[i].placed_at,
                                    CXR_DATE_SHORT_DAY);
        }
    }

    return c;
}


/*
 * The selection after it was read: checked early against what the domain will
 * say, turned into the command, and written back into the next page.
 */

#include "cxr_gift.h"
#include "cxr_portal_gift.h"
#include "cxr_portal_split.h"

#include <stdio.h>

#include "cxr_text.h"


/* whoever has sent it back */
#define CXR_PORTAL_NO_LONGER  "refusal.no_longer"

static const char *const  cxr_verdict_refusals[] = {
    [CXR_MAY_RETURN] = NULL,
    [CXR_NO_FINAL_SALE] = "refusal.final_sale",
    [CXR_NO_WINDOW_OVER] = "refusal.window_over",
    [CXR_NO_NOT_DELIVERED] = "refusal.not_delivered",
    [CXR_NO_ALREADY] = "refusal.already_returned",
    [CXR_NO_OUTCOME] = "refusal.outcome_not_offered",
    [CXR_NO_DENIED] = "refusal.denied",
    [CXR_NO_EARLY] = "refusal.too_early"
};


bool
cxr_portal_check_items(cxr_portal_form_t *form, const cxr_order_t *order,
    const cxr_judgement_t *judgements, cxr_arena_t *a)
{
    uint32_t                  i;
    cxr_rc_t                  rc;
    const cxr_judgement_t    *j;
    const cxr_portal_pick_t  *pick;

    for (i = 0; i < form->picks.n; i++) {
        pick = &form->picks.items[i];
        j = &judgements[pick->index];

        if (pick->quantity == 0) {
            continue;
        }

        if (j->verdict != CXR_MAY_RETURN) {
            rc = cxr_portal_fault_of(&form->faults, a, CXR_AT_QUANTITY,
                                     pick->index,
                                     form->discreet
                                     && j->verdict == CXR_NO_ALREADY
                                     ? CXR_PORTAL_NO_LONGER
                                     : cxr_verdict_refusals[j->verdict],
                                     0, pick->quantity,
                                     j->verdict == CXR_NO_EARLY ? j->from
                                                                : j->deadline);

        } else if (pick->quantity > j->returnable) {
            rc = cxr_portal_fault_of(&form->faults, a, CXR_AT_QUANTITY,
                                     pick->index, "refusal.quantity_over",
                                     j->returnable, pick->quantity,
                                     CXR_TIME_NONE);
        } else {
            continue;
        }

        if (rc != CXR_OK) {
            return false;
        }
    }

    if (cxr_portal_chosen(form) == 0 && form->faults.n == 0) {
        (void) cxr_portal_fault(&form->faults, a, CXR_AT_FORM, 0,
                                "refusal.nothing_chosen");
        return false;
    }

    /* what is wrong with a note or a photo is mended where these are */

    for (i = 0; i < form->faults.n; i++) {
        if (form->faults.items[i].at == CXR_AT_FORM
            || form->faults.items[i].at == CXR_AT_QUANTITY)
        {
            return false;
        }
    }

    return cxr_portal_chosen(form) != 0;
}


static cxr_rc_t
cxr_portal_check_exchange(cxr_portal_form_t *form, unsigned at,
    const cxr_portal_pick_t *pick, const cxr_order_t *order,
    const cxr_product_t *const *products, size_t nproducts, cxr_arena_t *a)
{
    size_t                   i;
    uint32_t                 k, has = 0;
    const cxr_product_t     *own = NULL;
    const cxr_variant_t     *v = NULL;
    const cxr_order_line_t  *line = &order->lines.items[pick->index];

    if (cxr_str_eq(pick->exchange_sku, line->sku)) {
        return cxr_portal_fault(&form->faults, a, at, pick->index,
                                "refusal.exchange_same");
    }

    for (i = 0; i < nproducts && line->product.len != 0; i++) {
        if (products[i] != NULL && cxr_str_eq(products[i]->id, line->product))
        {
            own = products[i];
        }
    }

    for (i = 0; own != NULL && i < nproducts && v == NULL; i++) {
        if (products[i] == NULL
            || !cxr_product_fits(own, products[i])
            || !cxr_str_eq(products[i]->currency, order->currency))
        {
            continue;
        }

        for (k = 0; k < products[i]->variants.n; k++) {
            if (cxr_str_eq(products[i]->variants.items[k].sku,
                           pick->exchange_sku))
            {
                v = &products[i]->variants.items[k];
                has = cxr_product_free(products[i], v->sku);
                break;
            }
        }
    }

    if (v == NULL) {
        return cxr_portal_fault(&form->faults, a, at, pick->index,
                                "refusal.exchange_unknown");
    }

    if (has < pick->quantity) {
        return cxr_portal_fault_of(&form->faults, a, at,
                                   pick->index,
                                   "refusal.exchange_out_of_stock", has,
                                   pick->quantity, CXR_TIME_NONE);
    }

    return CXR_OK;
}


uint32_t
cxr_portal_methods(const cxr_portal_form_t *form,
    const cxr_judgement_t *judgements)
{
    uint32_t                  i, set, of;
    bool                      any;
    const cxr_portal_pick_t  *pick;

    set = CXR_METHODS_WAYS;
    any = false;

    for (i = 0; i < form->picks.n; i++) {
        pick = &form->picks.items[i];

        if (pick->quantity == 0) {
            continue;
        }

        /* what need not come back does not say how */

        of = judgements[pick->index].methods & CXR_METHODS_WAYS;

        if (of != 0) {
            set &= of;
            any = true;
        }
    }

    return any ? set : 0;
}


/* Of all units, or of those that are to have one and those with another. */

static cxr_rc_t
cxr_portal_check_outcomes(cxr_portal_form_t *form,
    const cxr_portal_pick_t *pick, const cxr_order_t *order,
    uint32_t outcomes, const cxr_product_t *const *products,
    size_t nproducts, cxr_arena_t *a)
{
    cxr_rc_t            rc = CXR_OK;
    unsigned            part, at;
    cxr_portal_pick_t   of;

    if (pick->split >= pick->quantity) {
        rc = cxr_portal_fault_of(&form->faults, a, CXR_AT_OTHER, pick->index,
                                 "form.split_over", 0, pick->quantity - 1,
                                 CXR_TIME_NONE);

    } else if (pick->split != 0 && !pick->has_other) {
        rc = cxr_portal_fault(&form->faults, a, CXR_AT_OTHER, pick->index,
                              "form.outcome_missing");
    }

    for (part = 0; rc == CXR_OK && cxr_portal_part(pick, part, &of); part++) {
        at = part ? CXR_AT_OTHER : CXR_AT_OUTCOME;

        if (!of.has_outcome) {
            rc = cxr_portal_fault(&form->faults, a, at, pick->index,
                                  "form.outcome_missing");

        } else if (!((part && pick->other_outcomes ? pick->other_outcomes
                                                   : outcomes)
                     & (1u << of.outcome)))
        {
            rc = cxr_portal_fault(&form->faults, a, at, pick->index,
                                  "refusal.outcome_not_offered");

        } else if (of.outcome == CXR_OUT_EXCHANGE) {
            rc = cxr_portal_check_exchange(form, at, &of, order, products,
                                           nproducts, a);
        }
    }

    return rc;
}


bool
cxr_portal_check_details(cxr_portal_form_t *form, const cxr_order_t *order,
    const cxr_judgement_t *judgements, const cxr_policy_t *policy,
    const cxr_product_t *const *products, size_t nproducts, cxr_arena_t *a)
{
    uint32_t                  i, methods;
    const char               *key;
    const cxr_reason_t       *reason;
    const cxr_portal_pick_t  *pick;

    for (i = 0; i < form->picks.n; i++) {
        pick = &form->picks.items[i];

        if (pick->quantity == 0) {
            continue;
        }

        reason = cxr_policy_reason(policy, pick->reason);
        key = NULL;

        if (pick->reason.len == 0) {
            key = "form.reason_missing";

        } else if (reason == NULL) {
            key = "refusal.reason_unknown";
        }

        if (key != NULL
            && cxr_portal_fault(&form->faults, a, CXR_AT_REASON, pick->index,
                                key)
               != CXR_OK)
        {
            return false;
        }

        if (cxr_portal_check_outcomes(form, pick, order,
                                      judgements[pick->index].outcomes,
                                      products, nproducts, a)
            != CXR_OK)
        {
            return false;
        }

        pick = cxr_portal_check_other(form, i, policy, a);

        if (pick == NULL) {
            return false;
        }

        if (reason != NULL && pick->photos.n == 0
            && cxr_claim_photos(policy, reason) == CXR_NEED_REQUIRED
            && cxr_portal_fault(&form->faults, a, CXR_AT_PHOTO, pick->index,
                                "refusal.photo_missing")
               != CXR_OK)
        {
            return false;
        }

        /* named last, as it stands last on the page */

        if (reason != NULL && reason->note && pick->note.len == 0
            && cxr_portal_fault(&form->faults, a, CXR_AT_NOTE, pick->index,
                                "refusal.note_missing")
               != CXR_OK)
        {
            return false;
        }
    }

    if (form->gift && cxr_portal_gift_check(form, a) != CXR_OK) {
        return false;
    }

    methods = cxr_portal_methods(form, judgements);

    if (form->method.len != 0
        && (methods & (1u << cxr_name_index(cxr_method_names, form->method)))
           == 0)
    {
        if (methods == 0) {
            form->method = CXR_STR_NONE;

        } else if (cxr_portal_fault(&form->faults, a, CXR_AT_METHOD, 0,
                                    "refusal.method_not_offered")
                   != CXR_OK)
        {
            return false;
        }
    }

    return form->faults.n == 0;
}


/* "/lines/<k>/<field>" of the command -> the line of the order, and where. */
static unsigned
cxr_portal_where(const cxr_portal_form_t *form, const char *where,
    uint32_t *line)
{
    size_t       len;
    uint64_t     k;
    uint32_t     i;
    unsigned     at;
    unsigned     part;
    const char  *p;
    cxr_portal_pick_t  of;

    *line = 0;

    if (strcmp(where, "/method") == 0) {
        return CXR_AT_METHOD;
    }

    if (strncmp(where, "/lines/", 7) != 0) {
        return CXR_AT_FORM;
    }

    where += 7;
    p = strchr(where, '/');
    len = p ? (size_t) (p - where) : strlen(where);

    if (!cxr_parse_uint(cxr_strn(where, len), UINT32_MAX, &k)) {
        return CXR_AT_FORM;
    }

    at = CXR_AT_QUANTITY;

    if (p != NULL && strcmp(p, "/reason") == 0) {
        at = CXR_AT_REASON;

    } else if (p != NULL && strcmp(p, "/note") == 0) {
        at = CXR_AT_NOTE;

    } else if (p != NULL && strcmp(p, "/photos") == 0) {
        at = CXR_AT_PHOTO;

    } else if (p != NULL && (strcmp(p, "/outcome") == 0
                             || strcmp(p, "/exchange_sku") == 0))
    {
        at = CXR_AT_OUTCOME;
    }

    for (i = 0; i < form->picks.n; i++) {
        if (form->picks.items[i].quantity == 0) {
            continue;
        }

        for (part = 0; cxr_portal_part(&form->picks.items[i], part, &of);
             part++)
        {
            if (k-- == 0) {
                *line = form->picks.items[i].index;
                return part ? cxr_portal_other_at(&form->picks.items[i], at)
                            : at;
            }
        }
    }

    return CXR_AT_FORM;
}


cxr_rc_t
cxr_portal_refused(cxr_portal_form_t *form, const cxr_refusal_t *no,
    cxr_arena_t *a)
{
    char      key[128];
    uint32_t  line;
    unsigned  at;

    at = cxr_portal_where(form, no->where, &line);
    (void) snprintf(key, sizeof(key), "refusal.%s", no->code);

    if (form->discreet && strcmp(no->code, "already_returned") == 0) {
        (void) snprintf(key, sizeof(key), CXR_PORTAL_NO_LONGER);
    }

    return cxr_portal_fault_of(&form->faults, a, at, line, key, no->have,
                               no->want, no->when);
}


cxr_rc_t
cxr_portal_ask(const cxr_portal_form_t *form, const cxr_order_t *order,
    cxr_str_t folded, cxr_str_t locale, cxr_arena_t *a, cxr_rma_ask_t *ask,
    cxr_str_t **notes)
{
    uint32_t                  i, n, k;
    cxr_str_t                *words;
    unsigned                  part;
    cxr_agreed_t             *agreed;
    cxr_portal_pick_t         of;
    cxr_rma_ask_line_t       *line;
    const cxr_portal_pick_t  *pick;

    memset(ask, 0, sizeof(*ask));

    /* a line that is split is asked for twice */

    n = 2 * cxr_portal_chosen(form);

    ask->order = folded;
    ask->locale = locale;
    ask->method = form->method;
    ask->gift = form->gift;
    ask->cancellation = form->cancel;
    ask->has_sums = form->has_sums;
    ask->refund = form->refund;
    ask->due = form->due;
    ask->lines.items = cxr_calloc(a, cxr_list_room(n), sizeof(*line));
    words = cxr_calloc(a, n, sizeof(*words));

    if (ask->lines.items == NULL || words == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < form->agreed.n; i++) {
        agreed = cxr_list_push(a, &ask->consents, sizeof(*agreed));
        if (agreed == NULL) {
            return CXR_NOMEM;
        }

        *agreed = form->agreed.items[i];
    }

    for (i = 0, k = 0; i < form->picks.n; i++) {
        pick = &form->picks.items[i];

        if (pick->quantity == 0) {
            continue;
        }

        for (part = 0; cxr_portal_part(pick, part, &of); part++) {
            line = &ask->lines.items[k];
            line->line = order->lines.items[of.index].line;
            line->quantity = of.quantity;
            line->reason = of.reason;
            line->has_note = of.note.len > 0;
            line->outcome = of.outcome;
            line->exchange_sku = of.exchange_sku;

            /* of an exchange that became a refund it means nothing */

            ask->instant |= form->instant && of.outcome == CXR_OUT_EXCHANGE;
            words[k++] = of.note;

            if (cxr_portal_refs(&of, a, &line->photos) != CXR_OK) {
                return CXR_NOMEM;
            }
        }
    }

    ask->lines.n = k;

    if (notes != NULL) {
        *notes = words;
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_portal_put(cxr_arena_t *a, cxr_pairs_t *out, char letter, uint32_t index,
    cxr_str_t value)
{
    cxr_pair_t  *pair;

    pair = cxr_list_push(a, out, sizeof(*pair));
    if (pair == NULL) {
        return CXR_NOMEM;
    }

    pair->name = cxr_sprintf(a, "%c.%u", letter, (unsigned) index);
    pair->value = value;

    return pair->name.data ? CXR_OK : CXR_NOMEM;
}


/* "refund", "exchange:<sku>" */
static cxr_str_t
cxr_portal_outcome_value(unsigned outcome, cxr_str_t sku, cxr_arena_t *a)
{
    return outcome == CXR_OUT_EXCHANGE
           ? cxr_sprintf(a, "%s:%.*s", cxr_outcome_names[outcome],
                         cxr_str_arg(sku))
           : cxr_strz(cxr_outcome_names[outcome]);
}


static cxr_str_t
cxr_portal_seen_value(unsigned seen)
{
    return seen == CXR_CLAIMS ? cxr_str(CXR_PORTAL_SEEN_ANY)
                              : cxr_strz(cxr_claim_names[seen]);
}


static cxr_rc_t
cxr_portal_put_other(const cxr_portal_pick_t *p, cxr_arena_t *a,
    cxr_pairs_t *out)
{
    cxr_rc_t   rc;
    cxr_str_t  v;

    v = cxr_sprintf(a, "%u", (unsigned) p->split);
    rc = v.data ? cxr_portal_put(a, out, 's', p->index, v) : CXR_NOMEM;

    if (rc == CXR_OK && p->has_other) {
        v = cxr_portal_outcome_value(p->other, p->other_sku, a);
        rc = v.data ? cxr_portal_put(a, out, 'x', p->index, v) : CXR_NOMEM;
    }

    if (rc == CXR_OK && p->other_reason.len) {
        rc = cxr_portal_put(a, out, 'y', p->index, p->other_reason);
    }

    if (rc == CXR_OK && p->other_note.len) {
        rc = cxr_portal_put(a, out, 'z', p->index, p->other_note);
    }

    if (rc == CXR_OK && p->other_seen != CXR_CLAIM_NONE) {
        rc = cxr_portal_put(a, out, 'j', p->index,
                            cxr_portal_seen_value(p->other_seen));
    }

    return rc;
}


static cxr_rc_t
cxr_portal_put_claim(const cxr_portal_pick_t *p, unsigned which,
    cxr_arena_t *a, cxr_pairs_t *out)
{
    uint32_t  i;
    cxr_rc_t  rc = CXR_OK;

    if ((which & CXR_FIELDS_DETAILS) && p->seen != CXR_CLAIM_NONE) {
        rc = cxr_portal_put(a, out, 'k', p->index,
                            cxr_portal_seen_value(p->seen));
    }

    for (i = 0; rc == CXR_OK && (which & CXR_FIELDS_DETAILS)
                && i < p->photos.n; i++)
    {
        rc = cxr_portal_put(a, out, 'p', p->index,
                            p->photos.items[i].ticket);
    }

    return rc;
}


/* f and v, which every form of the flow has, and k, which says what flow */
static cxr_rc_t
cxr_portal_put_head(const cxr_portal_form_t *form, const cxr_order_t *order,
    cxr_arena_t *a, cxr_pairs_t *out)
{
    char         key[CXR_PORTAL_KEY_LEN];
    cxr_pair_t  *pair;

    if (form->flow.len) {
        pair = cxr_list_push(a, out, sizeof(*pair));
        if (pair == NULL) {
            return CXR_NOMEM;
        }

        pair->name = cxr_str("f");
        pair->value = form->flow;
    }

    if (form->claim) {
        pair = cxr_list_push(a, out, sizeof(*pair));
        if (pair == NULL) {
            return CXR_NOMEM;
        }

        pair->name = cxr_str("k");
        pair->value = cxr_str("1");
    }

    pair = cxr_list_push(a, out, sizeof(*pair));
    if (pair == NULL) {
        return CXR_NOMEM;
    }

    cxr_portal_lines_key(order, key);
    pair->name = cxr_str("v");

    return cxr_str_dup(a, cxr_strn(key, sizeof(key)), &pair->value);
}


cxr_rc_t
cxr_portal_form_fields(const cxr_portal_form_t *form,
    const cxr_order_t *order, unsigned which, cxr_arena_t *a,
    cxr_pairs_t *out)
{
    uint32_t                  i;
    cxr_rc_t                  rc;
    cxr_str_t                 v;
    cxr_pair_t               *pair;
    const cxr_portal_pick_t  *p;

    memset(out, 0, sizeof(*out));

    rc = cxr_portal_put_head(form, order, a, out);

    if (rc == CXR_OK && (which & CXR_FIELDS_DETAILS) && form->method.len) {
        pair = cxr_list_push(a, out, sizeof(*pair));
        if (pair == NULL) {
            return CXR_NOMEM;
        }

        pair->name = cxr_str("w");
        pair->value = form->method;
    }

    for (i = 0; rc == CXR_OK && (which & CXR_FIELDS_REVIEW)
                && i < form->ticked.n; i++)
    {
        pair = cxr_list_push(a, out, sizeof(*pair));
        if (pair == NULL) {
            return CXR_NOMEM;
        }

        pair->name = cxr_str("a");
        pair->value = form->ticked.items[i];
    }

    if (rc == CXR_OK && (which & CXR_FIELDS_REVIEW) && form->instant) {
        pair = cxr_list_push(a, out, sizeof(*pair));
        if (pair == NULL) {
            return CXR_NOMEM;
        }

        pair->name = cxr_str("i");
        pair->value = cxr_str("1");
    }

    if (rc == CXR_OK && (which & CXR_FIELDS_DETAILS) && form->gift) {
        rc = cxr_portal_gift_fields(form, a, out);
    }

    for (i = 0; i < form->picks.n && rc == CXR_OK; i++) {
        p = &form->picks.items[i];

        if ((which & CXR_FIELDS_QUANTITY) && p->quantity) {
            v = cxr_sprintf(a, "%u", (unsigned) p->quantity);
            rc = v.data ? cxr_portal_put(a, out, 'q', p->index, v) : CXR_NOMEM;
        }

        if (!(which & CXR_FIELDS_DETAILS)) {
            continue;
        }

        if (rc == CXR_OK && p->reason.len) {
            rc = cxr_portal_put(a, out, 'r', p->index, p->reason);
        }

        if (rc == CXR_OK && p->note.len) {
            rc = cxr_portal_put(a, out, 'n', p->index, p->note);
        }

        if (rc == CXR_OK && p->has_outcome) {
            v = cxr_portal_outcome_value(p->outcome, p->exchange_sku, a);
            rc = v.data ? cxr_portal_put(a, out, 'o', p->index, v) : CXR_NOMEM;
        }

        if (rc == CXR_OK && p->split != 0) {
            rc = cxr_portal_put_other(p, a, out);
        }

        if (rc == CXR_OK) {
            rc = cxr_portal_put_claim(p, which, a, out);
        }
    }

    return rc;
}


void
cxr_portal_form_query(const cxr_portal_form_t *form,
    const cxr_order_t *order, cxr_buf_t *out)
{
    char      key[CXR_PORTAL_KEY_LEN];
    uint32_t  i;

    if (form->flow.len) {
        cxr_buf_addz(out, "f=");
        cxr_buf_url(out, form->flow);
        cxr_buf_addc(out, '&');
    }

    if (form->claim) {
        cxr_buf_addz(out, "k=1&");
    }

    cxr_portal_lines_key(order, key);
    cxr_buf_addz(out, "v=");
    cxr_buf_add(out, key, sizeof(key));

    for (i = 0; i < form->picks.n; i++) {
        if (form->picks.items[i].quantity) {
            cxr_buf_addz(out, "&q.");
            cxr_buf_addu(out, form->picks.items[i].index);
            cxr_buf_addc(out, '=');
            cxr_buf_addu(out, form->picks.items[i].quantity);
        }
    }
}

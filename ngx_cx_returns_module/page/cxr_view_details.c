
/*
 * The portal's later steps: why and what instead, and the whole once more
 * before it is sent.
 */

#include "cxr_view_portal_private.h"

#include <stdio.h>

/* units left at which a variant is said to run out */
#define CXR_STOCK_LOW  5


/* Who pays a carrier that the shopper chooses, by the sentence's key. */
typedef enum {
    CXR_CARRIAGE_SHOPPER = 0,
    CXR_CARRIAGE_SHOP,
    CXR_CARRIAGE_EITHER
} cxr_carriage_t;

static const char *const  cxr_view_carriage_keys[] = {
    "own", "own_claim", "own_either"
};

static const cxr_field_t  cxr_view_reason_fields[] = {
    CXR_FIELD(cxr_view_reason_t, code, STR),
    CXR_FIELD(cxr_view_reason_t, text, STR),
    CXR_FIELD(cxr_view_reason_t, selected, BOOL),
    CXR_FIELD(cxr_view_reason_t, note, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_reason_type = {
    "reason", 0, 1, sizeof(cxr_view_reason_t), cxr_view_reason_fields
};

static const cxr_field_t  cxr_view_choice_fields[] = {
    CXR_FIELD(cxr_view_choice_t, value, STR),
    CXR_FIELD(cxr_view_choice_t, id, STR),
    CXR_FIELD(cxr_view_choice_t, title, STR),
    CXR_FIELD(cxr_view_choice_t, note, STR),
    CXR_FIELD(cxr_view_choice_t, stock, STR),
    CXR_VIEW_URL(cxr_view_choice_t, image),
    CXR_FIELD(cxr_view_choice_t, selected, BOOL),
    CXR_FIELD(cxr_view_choice_t, off, BOOL),
    CXR_FIELD(cxr_view_choice_t, terms, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_choice_type = {
    "choice", 0, 1, sizeof(cxr_view_choice_t), cxr_view_choice_fields
};

static const cxr_field_t  cxr_view_detail_fields[] = {
    CXR_FIELD(cxr_view_detail_t, index, U32),
    CXR_FIELD(cxr_view_detail_t, title, STR),
    CXR_FIELD(cxr_view_detail_t, variant, STR),
    CXR_VIEW_URL(cxr_view_detail_t, image),
    CXR_FIELD(cxr_view_detail_t, quantity, U32),
    CXR_FIELD(cxr_view_detail_t, paid, STR),
    CXR_FIELD_SUB(cxr_view_detail_t, reasons, LIST, &cxr_view_reason_type),
    CXR_FIELD(cxr_view_detail_t, note, STR),
    CXR_FIELD_SUB(cxr_view_detail_t, choices, LIST, &cxr_view_choice_type),
    CXR_FIELD_SUB(cxr_view_detail_t, variants, LIST, &cxr_view_choice_type),
    CXR_FIELD(cxr_view_detail_t, has_choices, BOOL),
    CXR_FIELD(cxr_view_detail_t, has_variants, BOOL),
    CXR_FIELD(cxr_view_detail_t, exchange_terms, STR),
    CXR_FIELD(cxr_view_detail_t, variants_open, BOOL),
    CXR_FIELD(cxr_view_detail_t, variant_count, U32),
    CXR_FIELD(cxr_view_detail_t, can_split, BOOL),
    CXR_FIELD(cxr_view_detail_t, split_open, BOOL),
    CXR_FIELD(cxr_view_detail_t, split, STR),
    CXR_FIELD(cxr_view_detail_t, split_max, U32),
    CXR_FIELD_SUB(cxr_view_detail_t, others, LIST, &cxr_view_choice_type),
    CXR_FIELD(cxr_view_detail_t, other_error, STR),
    CXR_FIELD_SUB(cxr_view_detail_t, other_reasons, LIST,
                  &cxr_view_reason_type),
    CXR_FIELD(cxr_view_detail_t, other_note, STR),
    CXR_FIELD(cxr_view_detail_t, other_seen, STR),
    CXR_FIELD(cxr_view_detail_t, other_claim_text, STR),
    CXR_FIELD(cxr_view_detail_t, other_reason_error, STR),
    CXR_FIELD(cxr_view_detail_t, other_note_error, STR),
    CXR_FIELD(cxr_view_detail_t, quantity_error, STR),
    CXR_FIELD(cxr_view_detail_t, reason_error, STR),
    CXR_FIELD(cxr_view_detail_t, note_error, STR),
    CXR_FIELD(cxr_view_detail_t, outcome_error, STR),
    CXR_FIELD(cxr_view_detail_t, claim, BOOL),
    CXR_FIELD(cxr_view_detail_t, seen, STR),
    CXR_FIELD(cxr_view_detail_t, claim_text, STR),
    CXR_FIELD(cxr_view_detail_t, keeps, BOOL),
    CXR_FIELD(cxr_view_detail_t, photo_field, BOOL),
    CXR_FIELD(cxr_view_detail_t, photo_required, BOOL),
    CXR_FIELD_SUB(cxr_view_detail_t, photos, LIST, &cxr_view_photo_type),
    CXR_FIELD(cxr_view_detail_t, has_photos, BOOL),
    CXR_FIELD(cxr_view_detail_t, photo_error, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_detail_type = {
    "detail", 0, 1, sizeof(cxr_view_detail_t), cxr_view_detail_fields
};

static const cxr_field_t  cxr_view_way_fields[] = {
    CXR_FIELD(cxr_view_way_t, value, STR),
    CXR_FIELD(cxr_view_way_t, title, STR),
    CXR_FIELD(cxr_view_way_t, note, STR),
    CXR_FIELD(cxr_view_way_t, cost, STR),
    CXR_FIELD(cxr_view_way_t, selected, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_way_type = {
    "way", 0, 1, sizeof(cxr_view_way_t), cxr_view_way_fields
};

static const cxr_field_t  cxr_view_details_fields[] = {
    CXR_VIEW_PAGE(cxr_view_details_t),
    CXR_VIEW_URL(cxr_view_details_t, action),
    CXR_VIEW_URL(cxr_view_details_t, back),
    CXR_FIELD_SUB(cxr_view_details_t, hidden, LIST, &cxr_pair_type),
    CXR_FIELD(cxr_view_details_t, number, STR),
    CXR_FIELD(cxr_view_details_t, note_max, U32),
    CXR_FIELD_SUB(cxr_view_details_t, lines, LIST, &cxr_view_detail_type),
    CXR_FIELD(cxr_view_details_t, fee, STR),
    CXR_FIELD(cxr_view_details_t, form_error, STR),
    CXR_FIELD_SUB(cxr_view_details_t, errors, LIST, &cxr_view_fault_type),
    CXR_FIELD(cxr_view_details_t, has_errors, BOOL),
    CXR_FIELD_SUB(cxr_view_details_t, ways, LIST, &cxr_view_way_type),
    CXR_FIELD(cxr_view_details_t, has_ways, BOOL),
    CXR_FIELD(cxr_view_details_t, way_choice, BOOL),
    CXR_FIELD(cxr_view_details_t, way_error, STR),
    CXR_FIELD(cxr_view_details_t, claim, BOOL),
    CXR_FIELD(cxr_view_details_t, turned, BOOL),
    CXR_FIELD(cxr_view_details_t, multipart, BOOL),
    CXR_FIELD(cxr_view_details_t, photo_count, U32),
    CXR_FIELD(cxr_view_details_t, photo_mb, U32),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_details_type = {
    "details", 0, 1, sizeof(cxr_view_details_t), cxr_view_details_fields
};

static const cxr_field_t  cxr_view_review_line_fields[] = {
    CXR_FIELD(cxr_view_review_line_t, title, STR),
    CXR_FIELD(cxr_view_review_line_t, variant, STR),
    CXR_VIEW_URL(cxr_view_review_line_t, image),
    CXR_FIELD(cxr_view_review_line_t, quantity, U32),
    CXR_FIELD(cxr_view_review_line_t, reason, STR),
    CXR_FIELD(cxr_view_review_line_t, note, STR),
    CXR_FIELD(cxr_view_review_line_t, outcome, STR),
    CXR_FIELD(cxr_view_review_line_t, exchange, STR),
    CXR_FIELD(cxr_view_review_line_t, paid, STR),
    CXR_FIELD(cxr_view_review_line_t, refund, STR),
    CXR_FIELD(cxr_view_review_line_t, due, STR),
    CXR_FIELD_SUB(cxr_view_review_line_t, photos, LIST, &cxr_view_photo_type),
    CXR_FIELD(cxr_view_review_line_t, has_photos, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_review_line_type = {
    "review_line", 0, 1, sizeof(cxr_view_review_line_t),
    cxr_view_review_line_fields
};

static const cxr_field_t  cxr_view_review_fields[] = {
    CXR_VIEW_PAGE(cxr_view_review_t),
    CXR_VIEW_URL(cxr_view_review_t, action),
    CXR_VIEW_URL(cxr_view_review_t, back),
    CXR_VIEW_URL(cxr_view_review_t, change),
    CXR_FIELD_SUB(cxr_view_review_t, hidden, LIST, &cxr_pair_type),
    CXR_FIELD(cxr_view_review_t, number, STR),
    CXR_FIELD_SUB(cxr_view_review_t, lines, LIST, &cxr_view_review_line_type),
    CXR_FIELD_SUB(cxr_view_review_t, money, LIST, &cxr_view_sum_type),
    CXR_FIELD(cxr_view_review_t, delivery_note, STR),
    CXR_FIELD(cxr_view_review_t, refund, STR),
    CXR_FIELD(cxr_view_review_t, due, STR),
    CXR_FIELD(cxr_view_review_t, even, BOOL),
    CXR_FIELD(cxr_view_review_t, by_person, BOOL),
    CXR_FIELD(cxr_view_review_t, label_days, U32),
    CXR_FIELD(cxr_view_review_t, send_by, STR),
    CXR_FIELD(cxr_view_review_t, until, STR),
    CXR_FIELD(cxr_view_review_t, form_error, STR),
    CXR_FIELD_SUB(cxr_view_review_t, errors, LIST, &cxr_view_fault_type),
    CXR_FIELD(cxr_view_review_t, has_errors, BOOL),
    CXR_FIELD(cxr_view_review_t, way, STR),
    CXR_FIELD(cxr_view_review_t, way_note, STR),
    CXR_FIELD(cxr_view_review_t, goes, BOOL),
    CXR_FIELD(cxr_view_review_t, has_instant, BOOL),
    CXR_FIELD(cxr_view_review_t, instant, BOOL),
    CXR_FIELD(cxr_view_review_t, instant_days, U32),
    CXR_FIELD(cxr_view_review_t, instant_later, STR),
    CXR_FIELD(cxr_view_review_t, claim, BOOL),
    CXR_FIELD_SUB(cxr_view_review_t, consents, LIST, &cxr_view_consent_type),
    CXR_FIELD(cxr_view_review_t, has_consents, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_review_type = {
    "review", 0, 1, sizeof(cxr_view_review_t), cxr_view_review_fields
};


/* On the way of a claim what is no claim is not asked about; but a reason that
   was chosen stays where it is seen. */
void
cxr_view_detail_reasons(const cxr_portal_t *p, const cxr_portal_form_t *form,
    const cxr_portal_pick_t *pick, cxr_say_t *say, cxr_view_detail_t *d)
{
    uint32_t             i;
    cxr_view_reason_t   *r;
    const cxr_reason_t  *reason;
    const cxr_policy_t  *policy = &p->ctx->shop->policy;

    for (i = 0; i < policy->reasons.n; i++) {
        reason = &policy->reasons.items[i];

        if (form->claim && reason->claim == CXR_CLAIM_NONE
            && !cxr_str_eq(reason->code, pick->reason))
        {
            continue;
        }

        r = cxr_say_push(say, &d->reasons, sizeof(*r));
        if (r == NULL) {
            return;
        }

        r->code = reason->code;
        r->text = cxr_say_reason(say, reason->code);
        r->note = reason->note;
        r->selected = cxr_str_eq(reason->code, pick->reason);
    }
}


/* The first input of a line has the id that the summary of errors leads to. */
static cxr_str_t
cxr_view_choice_id(cxr_say_t *say, const cxr_view_detail_t *d)
{
    cxr_str_t  id;
    uint32_t   n = d->choices.n + d->variants.n - 1;

    if (n == 0) {
        id = cxr_sprintf(say->a, "o-%u", (unsigned) d->index);

    } else {
        id = cxr_sprintf(say->a, "o-%u-%u", (unsigned) d->index, (unsigned) n);
    }

    say->failed |= id.data == NULL;

    return id;
}


void
cxr_view_detail_choices(const cxr_portal_t *p, const cxr_portal_pick_t *pick,
    uint32_t outcomes, cxr_money_t paid, cxr_say_t *say, cxr_view_detail_t *d)
{
    char                key[64];
    unsigned            out;
    cxr_arg_t           arg;
    cxr_view_choice_t  *c;

    for (out = 0; cxr_outcome_names[out] != NULL; out++) {
        if (out == CXR_OUT_EXCHANGE || !(outcomes & (1u << out))) {
            continue;
        }

        c = cxr_say_push(say, &d->choices, sizeof(*c));
        if (c == NULL) {
            return;
        }

        c->value = cxr_strz(cxr_outcome_names[out]);
        c->id = cxr_view_choice_id(say, d);
        c->title = cxr_say_name(say, "outcome.", cxr_outcome_names[out]);

        (void) snprintf(key, sizeof(key), "outcome.%s.note",
                        cxr_outcome_names[out]);

        arg = cxr_arg_str("amount", cxr_say_money(say, p->order->currency,
                                                  paid));
        c->note = cxr_say_with(say, key, &arg, 1);
        c->terms = cxr_view_terms(p, say, pick->index, out, paid,
                                  pick->quantity);
        c->selected = pick->has_outcome && pick->outcome == out;
    }
}


static cxr_str_t
cxr_view_difference(cxr_say_t *say, cxr_str_t currency, cxr_money_t diff)
{
    cxr_arg_t  arg;

    if (diff == 0) {
        return cxr_say(say, "portal.details.diff_none");
    }

    arg = cxr_arg_str("amount", cxr_say_money(say, currency,
                                              diff < 0 ? -diff : diff));

    return cxr_say_with(say, diff < 0 ? "portal.details.diff_back"
                                      : "portal.details.diff_due", &arg, 1);
}


static void
cxr_view_detail_product(const cxr_portal_t *p, const cxr_portal_pick_t *pick,
    const cxr_product_t *prod, bool other, cxr_money_t paid, cxr_say_t *say,
    cxr_view_detail_t *d)
{
    uint32_t                 i, stock;
    cxr_arg_t                arg;
    cxr_money_t              price;
    cxr_view_choice_t       *c;
    const cxr_variant_t     *v;
    const cxr_order_line_t  *line = &p->order->lines.items[pick->index];

    for (i = 0; i < prod->variants.n; i++) {
        v = &prod->variants.items[i];

        if (cxr_str_eq(v->sku, line->sku)
            || !cxr_money_muldiv(v->price, pick->quantity, 1, &price)
            || !cxr_money_sub(price, paid, &price))
        {
            continue;
        }

        c = cxr_say_push(say, &d->variants, sizeof(*c));
        if (c == NULL) {
            return;
        }

        c->value = cxr_say_join(say, cxr_str("exchange"), ":", v->sku);
        c->id = cxr_view_choice_id(say, d);
        c->title = other ? cxr_say_join(say, prod->title, ", ", v->title)
                         : v->title;
        c->image = cxr_view_safe_url(v->image);
        c->note = cxr_view_difference(say, p->order->currency, price);
        stock = cxr_product_free(prod, v->sku);
        c->off = stock < pick->quantity;
        c->selected = pick->has_outcome && pick->outcome == CXR_OUT_EXCHANGE
                      && cxr_str_eq(pick->exchange_sku, v->sku) && !c->off;
        arg = cxr_arg_int("count", stock);

        if (stock == 0) {
            c->stock = cxr_say(say, "portal.details.stock_none");

        } else if (c->off) {
            c->stock = cxr_say_with(say, "portal.details.stock_short", &arg,
                                    1);

        } else if (stock <= CXR_STOCK_LOW) {
            c->stock = cxr_say_with(say, "portal.details.stock_low", &arg, 1);
        }
    }
}


/* The line's own product first, then those that the shop lets it go for. */

void
cxr_view_detail_variants(const cxr_portal_t *p, const cxr_portal_pick_t *pick,
    cxr_money_t paid, cxr_say_t *say, cxr_view_detail_t *d)
{
    size_t                i;
    const cxr_product_t  *own, *prod;

    own = cxr_portal_product(p, &p->order->lines.items[pick->index]);

    if (own == NULL) {
        return;
    }

    cxr_view_detail_product(p, pick, own, false, paid, say, d);

    for (i = 0; i < p->nproducts; i++) {
        prod = p->products[i];

        if (prod != NULL && prod != own && cxr_product_fits(own, prod)
            && cxr_str_eq(prod->currency, p->order->currency))
        {
            cxr_view_detail_product(p, pick, prod, true, paid, say, d);
        }
    }
}


/*
 * What a claim wants of a line.  Before its reason is chosen the form is one
 * for any claim; afterwards it is that claim's.
 */
static void
cxr_view_detail_claim(const cxr_portal_t *p, const cxr_portal_form_t *form,
    const cxr_portal_pick_t *pick, cxr_say_t *say, cxr_view_detail_t *d)
{
    cxr_need_t           need;
    const cxr_policy_t  *policy = &p->ctx->shop->policy;
    const cxr_reason_t  *other;
    const cxr_reason_t  *reason = cxr_policy_reason(policy, pick->reason);

    if (reason == NULL) {
        d->claim = form->claim;
        need = form->claim ? CXR_NEED_OPTIONAL : CXR_NEED_NONE;

        if (d->claim) {
            d->seen = cxr_str(CXR_PORTAL_SEEN_ANY);
            d->claim_text = cxr_say(say, "claim.text.any");
        }

    } else {
        d->claim = reason->claim != CXR_CLAIM_NONE;
        need = cxr_claim_photos(policy, reason);
        d->keeps = cxr_claim_keeps(policy, reason);

        if (d->claim) {
            d->seen = cxr_strz(cxr_claim_names[reason->claim]);
            d->claim_text = cxr_say_name(say, "claim.text.",
                                         cxr_claim_names[reason->claim]);
        }
    }

    other = pick->split != 0 ? cxr_policy_reason(policy, pick->other_reason)
                             : NULL;

    if (other != NULL && cxr_claim_photos(policy, other) > need) {
        need = cxr_claim_photos(policy, other);
    }

    cxr_view_tickets(say, p->url, pick, &d->photos);

    d->has_photos = d->photos.n > 0;
    d->photo_required = need == CXR_NEED_REQUIRED;
    d->photo_field = p->photos && (need > CXR_NEED_NONE || d->has_photos);
    d->photo_error = cxr_portal_fault_text(say, &form->faults, CXR_AT_PHOTO,
                                           pick->index);
}


static void
cxr_view_detail(const cxr_portal_t *p, const cxr_portal_form_t *form,
    const cxr_portal_pick_t *pick, cxr_say_t *say, cxr_view_detail_t *d)
{
    uint32_t                    outcomes;
    cxr_money_t                 paid = 0, tax = 0;
    const cxr_order_line_t     *line = &p->order->lines.items[pick->index];
    const cxr_portal_faults_t  *faults = &form->faults;

    d->index = pick->index;
    d->title = line->title;
    d->variant = line->variant;
    d->image = cxr_portal_image(p, line);
    d->quantity = pick->quantity;
    d->note = pick->note;

    /* more than is there to return: an error says so, and no sum is shown */

    if (cxr_order_line_share(line, pick->quantity, &paid, &tax)) {
        d->paid = cxr_say_money(say, p->order->currency, paid);
    }

    cxr_view_detail_reasons(p, form, pick, say, d);
    cxr_view_detail_claim(p, form, pick, say, d);

    outcomes = p->judgements[pick->index].outcomes;
    cxr_view_detail_choices(p, pick, outcomes, paid, say, d);
    d->has_choices = d->choices.n > 0;

    if (outcomes & (1u << CXR_OUT_EXCHANGE)) {
        cxr_view_detail_variants(p, pick, paid, say, d);
        d->exchange_terms = cxr_view_terms(p, say, pick->index,
                                           CXR_OUT_EXCHANGE, paid,
                                           pick->quantity);
    }

    d->has_variants = d->variants.n > 0;
    d->variant_count = d->variants.n;
    cxr_view_detail_split(p, form, pick, say, d);

    d->quantity_error = cxr_portal_fault_text(say, faults, CXR_AT_QUANTITY,
                                              pick->index);
    d->reason_error = cxr_portal_fault_text(say, faults, CXR_AT_REASON,
                                            pick->index);
    d->note_error = cxr_portal_fault_text(say, faults, CXR_AT_NOTE,
                                          pick->index);
    d->outcome_error = cxr_portal_fault_text(say, faults, CXR_AT_OUTCOME,
                                             pick->index);

    if (d->choices.n == 1 && !d->has_variants && d->outcome_error.len == 0) {
        d->choices.items[0].selected = true;
    }

    d->variants_open = d->variants.n <= CXR_VARIANTS_OPEN || !d->has_choices
                       || d->outcome_error.len
                       || (pick->has_outcome
                           && pick->outcome == CXR_OUT_EXCHANGE);
}


static void
cxr_view_hidden(cxr_say_t *say, const cxr_portal_t *p,
    const cxr_portal_form_t *form, unsigned which, cxr_pairs_t *out)
{
    cxr_portal_form_t  kept = *form;

    if (kept.flow.len == 0) {
        kept.flow = p->flow;
    }

    if (cxr_portal_form_fields(&kept, p->order, which, say->a, out)
        != CXR_OK)
    {
        say->failed = true;
    }
}


/*
 * What is chosen until now: a claim alone, whose way back the seller pays
 * (Directive (EU) 2019/771 art. 14(2); Law 6502 art. 11); a return alone; or
 * what may become either, since the page that says what a way costs is the one
 * that asks for the reasons.
 */

static cxr_carriage_t
cxr_view_details_carriage(const cxr_portal_t *p, const cxr_portal_form_t *form)
{
    bool                      claims;
    uint32_t                  i;
    const cxr_reason_t       *reason;
    const cxr_policy_t       *policy = &p->ctx->shop->policy;
    const cxr_portal_pick_t  *pick;

    claims = true;

    for (i = 0; i < form->picks.n; i++) {
        pick = &form->picks.items[i];

        if (pick->quantity == 0) {
            continue;
        }

        reason = cxr_policy_reason(policy, pick->reason);

        claims &= reason != NULL ? reason->claim != CXR_CLAIM_NONE
                                 : form->claim;

        reason = pick->split != 0
                 ? cxr_policy_reason(policy, pick->other_reason) : NULL;

        claims &= reason == NULL || reason->claim != CXR_CLAIM_NONE;
    }

    return claims ? CXR_CARRIAGE_SHOP
           : cxr_claims_any(policy) ? CXR_CARRIAGE_EITHER
                                    : CXR_CARRIAGE_SHOPPER;
}


/* The ways that all the chosen lines have, the first chosen until another is. */
static void
cxr_view_details_ways(const cxr_portal_t *p, const cxr_portal_form_t *form,
    cxr_carriage_t carriage, cxr_say_t *say, cxr_view_details_t *view)
{
    char             key[64];
    unsigned         k;
    uint32_t         set;
    const char      *name;
    cxr_view_way_t  *way;

    set = cxr_portal_methods(form, p->judgements);

    for (k = 0; k < CXR_METHODS; k++) {
        if ((set & (1u << k)) == 0) {
            continue;
        }

        way = cxr_say_push(say, &view->ways, sizeof(*way));
        if (way == NULL) {
            return;
        }

        name = cxr_method_names[k];

        way->value = cxr_strz(name);
        way->title = cxr_say_name(say, "way.", name);

        (void) snprintf(key, sizeof(key), "way.%s.note", name);
        way->note = cxr_say(say, key);

        (void) snprintf(key, sizeof(key), "way.cost.%s",
                        k == CXR_METHOD_OWN_CARRIER
                        ? cxr_view_carriage_keys[carriage]
                        : k == CXR_METHOD_IN_STORE || view->fee.len == 0
                          ? "free" : "fee");
        way->cost = cxr_say(say, key);

        if (strcmp(key, "way.cost.fee") == 0) {
            cxr_arg_t  arg = cxr_arg_str("fee", view->fee);

            way->cost = cxr_say_with(say, key, &arg, 1);
        }

        way->selected = form->method.len != 0
                        ? cxr_str_eq(form->method, way->value)
                        : view->ways.n == 1;
    }

    view->has_ways = view->ways.n > 0;
    view->way_choice = view->ways.n > 1;
    view->way_error = cxr_portal_fault_text(say, &form->faults, CXR_AT_METHOD,
                                            0);
}


cxr_rc_t
cxr_view_details(const cxr_portal_t *p, const cxr_portal_form_t *form,
    cxr_view_details_t *view)
{
    uint32_t            i, days;
    cxr_say_t           say = cxr_say_to(p->ctx, p->arena);
    cxr_pairs_t         hidden;
    cxr_carriage_t      carriage;
    cxr_view_detail_t  *d;

    memset(view, 0, sizeof(*view));

    view->page = p->page;
    view->action = cxr_say_url(&say, p->url, "/review");
    view->back = cxr_say_url(&say, p->url, "/items");
    view->number = p->order->number;
    view->note_max = CXR_NOTE_MAX;
    carriage = cxr_view_details_carriage(p, form);

    /* a claim's lines bear no share of it: cxr_rma_flat_fee() */

    if (carriage != CXR_CARRIAGE_SHOP) {
        view->fee = cxr_say_some(&say, p->order->currency,
                                 cxr_view_return_fee(p, &days));
    }


    for (i = 0; i < form->picks.n && !say.failed; i++) {
        if (form->picks.items[i].quantity == 0) {
            continue;
        }

        d = cxr_say_push(&say, &view->lines, sizeof(*d));
        if (d == NULL) {
            break;
        }

        cxr_view_detail(p, form, &form->picks.items[i], &say, d);
        view->multipart |= d->photo_field;
    }

    view->claim = form->claim;
    view->turned = form->turned;
    view->photo_count = p->photo_count;
    view->photo_mb = p->photo_mb;

    cxr_view_details_ways(p, form, carriage, &say, view);
    cxr_view_hidden(&say, p, form, CXR_FIELDS_QUANTITY | CXR_FIELDS_REVIEW,
                    &hidden);
    view->hidden.items = hidden.items;
    view->hidden.n = hidden.n;

    view->form_error = cxr_portal_fault_text(&say, &form->faults, CXR_AT_FORM,
                                             0);
    cxr_portal_summary(&say, &form->faults, p->order, &view->errors);
    view->has_errors = view->errors.n > 0;

    return cxr_say_rc(&say);
}


/* ---- review ---- */

static void
cxr_view_review_line(const cxr_portal_t *p, const cxr_portal_pick_t *pick,
    const cxr_rma_t *rma, const cxr_rma_line_t *from, cxr_say_t *say,
    cxr_view_review_line_t *line)
{
    line->title = from->title;
    line->variant = from->variant;
    line->image = cxr_portal_image(p, &p->order->lines.items[pick->index]);
    line->quantity = from->quantity;
    line->reason = cxr_say_reason(say, from->reason);
    line->note = pick->note;
    line->outcome = cxr_say_name(say, "outcome.",
                                 cxr_outcome_names[from->outcome]);

    if (from->outcome == CXR_OUT_EXCHANGE) {
        line->exchange = from->exchange_title.len ? from->exchange_title
                                                  : from->exchange_sku;
    }

    line->paid = cxr_say_money(say, rma->currency, from->paid);
    line->refund = cxr_say_some(say, rma->currency, from->refund);
    line->due = cxr_say_some(say, rma->currency, from->due);

    cxr_view_tickets(say, p->url, pick, &line->photos);
    line->has_photos = line->photos.n > 0;
}


static void
cxr_view_review_way(const cxr_rma_t *preview, cxr_say_t *say,
    cxr_view_review_t *view)
{
    int   k;
    char  key[64];

    k = cxr_name_index(cxr_method_names, preview->method);

    if (k < 0) {
        return;
    }

    view->goes = k != CXR_METHOD_NOTHING;
    view->way = cxr_say_name(say, "way.", cxr_method_names[k]);

    (void) snprintf(key, sizeof(key), "way.%s.note", cxr_method_names[k]);
    view->way_note = cxr_say(say, key);

    if (k == CXR_METHOD_OWN_CARRIER) {
        view->way_note = cxr_say_join(say, view->way_note, " ",
                                      cxr_say(say, view->claim
                                                   ? "way.cost.own_claim"
                                                   : "way.cost.own"));
    }
}


/* Where the policy lets exchange goods go out first, she says whether. */

static void
cxr_view_review_instant(const cxr_portal_t *p, const cxr_portal_form_t *form,
    const cxr_rma_t *preview, cxr_say_t *say, cxr_view_review_t *view)
{
    char                   key[64];
    uint32_t               i;
    unsigned               release;
    const cxr_policy_t    *policy = &p->ctx->shop->policy;
    const cxr_rma_line_t  *line;

    for (i = 0; i < preview->lines.n && policy->instant_days != 0; i++) {
        line = &preview->lines.items[i];

        if (line->outcome != CXR_OUT_EXCHANGE || line->no_return) {
            continue;
        }

        release = line->instant ? policy->release[CXR_OUT_EXCHANGE]
                                : line->release;

        /* it goes out at once in any case */

        if (release == CXR_RELEASE_ON_SUBMIT) {
            continue;
        }

        (void) snprintf(key, sizeof(key), "instant.later.%s",
                        release == CXR_RELEASE_FIRST_SCAN ? "first_scan"
                        : release == CXR_RELEASE_INSPECTED ? "inspected"
                                                           : "received");
        view->has_instant = true;
        view->instant = form->instant;
        view->instant_days = policy->instant_days;
        view->instant_later = cxr_say(say, key);
        return;
    }
}


cxr_rc_t
cxr_view_review(const cxr_portal_t *p, const cxr_portal_form_t *form,
    const cxr_rma_t *preview, cxr_view_review_t *view)
{
    unsigned                  part;
    cxr_portal_pick_t         of;
    uint32_t                  i, k;
    cxr_say_t                 say = cxr_say_to(p->ctx, p->arena);
    cxr_breakdown_part_t  net;
    cxr_time_t                t, until = CXR_TIME_NONE;
    cxr_pair_t              *pair;
    cxr_pairs_t               hidden;
    const cxr_shop_t         *shop = p->ctx->shop;
    cxr_view_review_line_t   *line;
    const cxr_portal_pick_t  *pick;

    memset(view, 0, sizeof(*view));

    view->page = p->page;
    view->action = cxr_say_url(&say, p->url, "/rma");
    view->back = cxr_say_url(&say, p->url, "/details");
    view->change = cxr_say_url(&say, p->url, "/items");
    view->number = p->order->number;

    for (i = 0, k = 0; i < form->picks.n && k < preview->lines.n; i++) {
        pick = &form->picks.items[i];

        if (pick->quantity == 0) {
            continue;
        }

        for (part = 0; k < preview->lines.n
                       && cxr_portal_part(pick, part, &of); part++)
        {
            line = cxr_say_push(&say, &view->lines, sizeof(*line));
            if (line == NULL) {
                break;
            }

            view->by_person |= preview->lines.items[k].decision
                               == CXR_DECISION_PENDING;

            cxr_view_review_line(p, &of, preview,
                                 &preview->lines.items[k++], &say, line);
        }

        t = p->judgements[pick->index].deadline;

        if (t != CXR_TIME_NONE && (until == CXR_TIME_NONE || t < until)) {
            until = t;
        }
    }

    view->claim = preview->kind == CXR_KIND_CLAIM;
    cxr_view_review_way(preview, &say, view);
    cxr_view_review_instant(p, form, preview, &say, view);
    cxr_view_consents(p, form, preview, &say, view);
    cxr_say_sums(&say, preview, &view->money, &net, &view->delivery_note);
    view->refund = cxr_say_some(&say, preview->currency, net.refund);
    view->due = cxr_say_some(&say, preview->currency, net.due);
    view->even = net.refund == 0 && net.due == 0;
    view->label_days = shop->policy.label_days;
    view->until = cxr_say_date(&say, until, CXR_DATE_DAY);

    if (!view->by_person) {
        t = preview->label_expires;

        if (t == CXR_TIME_NONE) {
            t = p->now + shop->policy.label_days * CXR_DAY;
        }

        view->send_by = cxr_say_date(&say, t, CXR_DATE_DAY);
    }

    cxr_view_hidden(&say, p, form, CXR_FIELDS_QUANTITY | CXR_FIELDS_DETAILS,
                    &hidden);

    pair = cxr_say_push(&say, &hidden, sizeof(*pair));

    if (pair != NULL) {
        pair->name = cxr_str("m");
        pair->value = cxr_sprintf(p->arena, "%lld.%lld",
                                  (long long) preview->refund,
                                  (long long) preview->due);
    }

    view->hidden.items = hidden.items;
    view->hidden.n = hidden.n;

    view->form_error = cxr_portal_fault_text(&say, &form->faults, CXR_AT_FORM,
                                             0);
    cxr_portal_summary(&say, &form->faults, p->order, &view->errors);
    view->has_errors = view->errors.n > 0;

    return cxr_say_rc(&say);
}

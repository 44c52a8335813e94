
/* The portal's second step: why, and what instead. */

#include "cxr_gift.h"
#include "cxr_view_portal_private.h"

#include <stdio.h>

/* units left at which a variant is said to run out */
#define CXR_STOCK_LOW  5

/* lines from which on a reason may be given once for all of them */
#define CXR_ALL_LINES  3


/* Who pays a carrier that the shopper chooses, by the sentence's key. */
typedef enum {
    CXR_CARRIAGE_SHOPPER = 0,
    CXR_CARRIAGE_SHOP,
    CXR_CARRIAGE_EITHER,
    CXR_CARRIAGE_MIXED
} cxr_carriage_t;

static const char *const  cxr_view_carriage_keys[] = {
    "own", "own_claim", "own_either", "own_mixed"
};

static const cxr_field_t  cxr_view_reason_fields[] = {
    CXR_FIELD(cxr_view_reason_t, code, STR),
    CXR_FIELD(cxr_view_reason_t, text, STR),
    CXR_FIELD(cxr_view_reason_t, selected, BOOL),
    CXR_FIELD(cxr_view_reason_t, note, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_reason_type = {
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
    CXR_FIELD(cxr_view_details_t, has_all, BOOL),
    CXR_FIELD_SUB(cxr_view_details_t, all_reasons, LIST,
                  &cxr_view_reason_type),
    CXR_FIELD_SUB(cxr_view_details_t, all_choices, LIST,
                  &cxr_view_choice_type),
    CXR_FIELD(cxr_view_details_t, has_all_choices, BOOL),
    CXR_FIELD(cxr_view_details_t, fee, STR),
    CXR_FIELD(cxr_view_details_t, fee_some, BOOL),
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
    CXR_FIELD(cxr_view_details_t, photo_mb, STR),
    CXR_FIELD_SUB(cxr_view_details_t, gift, REC, &cxr_view_gift_type),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_details_type = {
    "details", 0, 1, sizeof(cxr_view_details_t), cxr_view_details_fields
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

        /* that something never came is for the buyer to say */

        if (form->gift && reason->claim >= CXR_CLAIM_MISSING) {
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
    bool                goods;
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

        goods = out == CXR_OUT_REPLACEMENT || out == CXR_OUT_REPAIR;

        (void) snprintf(key, sizeof(key), p->gift || (paid == 0 && goods)
                                          ? "outcome.%s.gift"
                                          : "outcome.%s.note",
                        cxr_outcome_names[out]);

        c->selected = pick->has_outcome && pick->outcome == out;

        /* what it is worth is what was paid */

        if (p->gift) {
            c->note = cxr_say(say, key);
            continue;
        }

        arg = cxr_arg_str("amount", cxr_say_money(say, p->order->currency,
                                                  paid));
        c->note = paid == 0 && !goods ? cxr_say(say, "outcome.free")
                                      : cxr_say_with(say, key, &arg, 1);
        c->terms = cxr_view_terms(p, say, pick->index, out, paid,
                                  pick->quantity, d->claim);
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


/* What the line counts for against new goods, as cxr_line_money() has it: the
   difference that is shown is the one that is paid. */

static bool
cxr_view_detail_counts(const cxr_portal_t *p, const cxr_portal_pick_t *pick,
    bool claim, cxr_money_t paid, cxr_money_t *counts)
{
    cxr_money_t         fee;
    const cxr_offer_t  *o;

    o = &p->judgements[pick->index].offers[CXR_OUT_EXCHANGE];
    fee = claim ? 0 : cxr_offer_fee(o, paid, pick->quantity);

    return cxr_money_add(paid, cxr_offer_bonus(o, paid, pick->quantity),
                         counts)
           && cxr_money_sub(*counts, fee < paid ? fee : paid, counts);
}


static void
cxr_view_detail_product(const cxr_portal_t *p, const cxr_portal_pick_t *pick,
    const cxr_product_t *prod, bool other, cxr_money_t paid, cxr_say_t *say,
    cxr_view_detail_t *d)
{
    uint32_t                 i, stock;
    cxr_arg_t                arg;
    cxr_money_t              price, counts;
    cxr_view_choice_t       *c;
    const cxr_variant_t     *v;
    const cxr_order_line_t  *line = &p->order->lines.items[pick->index];

    if (!cxr_view_detail_counts(p, pick, d->claim, paid, &counts)) {
        return;
    }

    for (i = 0; i < prod->variants.n; i++) {
        v = &prod->variants.items[i];

        if (cxr_str_eq(v->sku, line->sku)
            || !cxr_money_muldiv(v->price, pick->quantity, 1, &price)
            || !cxr_money_sub(price, counts, &price)
            || (p->gift && !cxr_gift_even(cxr_portal_product(p, line), line,
                                          v)))
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
        c->note = p->gift ? CXR_STR_NONE
                  : cxr_view_difference(say, p->order->currency, price);
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
    bool                        some = false;
    uint32_t                    i, outcomes;
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

    if (cxr_order_line_share(line, pick->quantity, &paid, &tax) && !p->gift) {
        d->paid = cxr_say_money(say, p->order->currency, paid);
    }

    cxr_view_detail_reasons(p, form, pick, say, d);
    cxr_view_detail_claim(p, form, pick, say, d);

    outcomes = p->judgements[pick->index].outcomes;
    cxr_view_detail_choices(p, pick, outcomes, paid, say, d);
    d->has_choices = d->choices.n > 0;

    if (outcomes & (1u << CXR_OUT_EXCHANGE)) {
        cxr_view_detail_variants(p, pick, paid, say, d);
        d->exchange_terms = p->gift ? CXR_STR_NONE
                            : cxr_view_terms(p, say, pick->index,
                                             CXR_OUT_EXCHANGE, paid,
                                             pick->quantity, d->claim);
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

    /* a few are shown at once, but not when all of them are sold out */

    for (i = 0; i < d->variants.n; i++) {
        some = some || !d->variants.items[i].off;
    }

    d->variants_open = (some && d->variants.n <= CXR_VARIANTS_OPEN)
                       || !d->has_choices || d->outcome_error.len
                       || (pick->has_outcome
                           && pick->outcome == CXR_OUT_EXCHANGE);
}


void
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
 * (Directive (EU) 2019/771 art. 14(2); Law 6502 art. 11); one beside a return;
 * a return alone; or what may become any of these, since the page that says
 * what a way costs is the one that asks for the reasons.
 */

static cxr_carriage_t
cxr_view_details_carriage(const cxr_portal_t *p, const cxr_portal_form_t *form)
{
    bool                      claims, others, open;
    uint32_t                  i, k;
    const cxr_reason_t       *reason;
    const cxr_policy_t       *policy = &p->ctx->shop->policy;
    const cxr_portal_pick_t  *pick;

    claims = false;
    others = false;
    open = false;

    for (i = 0; i < form->picks.n; i++) {
        pick = &form->picks.items[i];

        for (k = 0; pick->quantity != 0 && k < (pick->split != 0 ? 2 : 1); k++)
        {
            reason = cxr_policy_reason(policy, k ? pick->other_reason
                                                 : pick->reason);

            if (reason != NULL) {
                claims |= (reason->claim != CXR_CLAIM_NONE);
                others |= (reason->claim == CXR_CLAIM_NONE);

            } else if (k == 0) {
                claims |= form->claim;
                open |= !form->claim;
            }
        }
    }

    return claims && others ? CXR_CARRIAGE_MIXED
           : claims && !open ? CXR_CARRIAGE_SHOP
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
    cxr_arg_t        arg;
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
                          ? "free" : view->fee_some ? "some" : "fee");

        arg = cxr_arg_str("fee", view->fee);
        way->cost = cxr_say_with(say, key, &arg, 1);

        way->selected = form->method.len != 0
                        ? cxr_str_eq(form->method, way->value)
                        : view->ways.n == 1;
    }

    view->has_ways = view->ways.n > 0;
    view->way_choice = view->ways.n > 1;
    view->way_error = cxr_portal_fault_text(say, &form->faults, CXR_AT_METHOD,
                                            0);
}


/*
 * With many lines, most come back for one reason.  Those can be given for all
 * that ask for nothing more: no claim, no note; and what every line may have.
 */

static void
cxr_view_details_all(const cxr_portal_t *p, const cxr_portal_form_t *form,
    cxr_say_t *say, cxr_view_details_t *view)
{
    bool                      open = false, several = false;
    uint32_t                  i, outcomes = UINT32_MAX;
    unsigned                  out;
    cxr_view_choice_t        *c;
    cxr_view_reason_t        *r;
    const cxr_reason_t       *reason;
    const cxr_policy_t       *policy = &p->ctx->shop->policy;
    const cxr_portal_pick_t  *pick;

    if (form->claim || form->turned || view->lines.n < CXR_ALL_LINES) {
        return;
    }

    for (i = 0; i < form->picks.n; i++) {
        pick = &form->picks.items[i];

        if (pick->quantity != 0) {
            outcomes &= p->judgements[pick->index].outcomes;
            open |= pick->reason.len == 0;
        }
    }

    for (i = 0; i < view->lines.n; i++) {
        several |= view->lines.items[i].choices.n > 1
                   || view->lines.items[i].has_variants;
    }

    for (i = 0; open && i < policy->reasons.n; i++) {
        reason = &policy->reasons.items[i];

        if (reason->claim != CXR_CLAIM_NONE || reason->note) {
            continue;
        }

        r = cxr_say_push(say, &view->all_reasons, sizeof(*r));
        if (r == NULL) {
            return;
        }

        r->code = reason->code;
        r->text = cxr_say_reason(say, reason->code);
    }

    view->has_all = view->all_reasons.n > 0;

    for (out = 0; view->has_all && several && cxr_outcome_names[out] != NULL;
         out++)
    {
        if (out == CXR_OUT_EXCHANGE || !(outcomes & (1u << out))) {
            continue;
        }

        c = cxr_say_push(say, &view->all_choices, sizeof(*c));
        if (c == NULL) {
            return;
        }

        c->value = cxr_strz(cxr_outcome_names[out]);
        c->title = cxr_say_name(say, "outcome.", cxr_outcome_names[out]);
    }

    view->has_all_choices = view->all_choices.n > 0;
}


cxr_rc_t
cxr_view_details(const cxr_portal_t *p, const cxr_portal_form_t *form,
    cxr_view_details_t *view)
{
    uint32_t            i;
    cxr_say_t           say = cxr_say_to(p->ctx, p->arena);
    cxr_money_t         fee, most;
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

    /* a claim's lines bear no share of it: cxr_rma_terms() */

    if (carriage != CXR_CARRIAGE_SHOP) {
        fee = cxr_view_return_fee(p, form, &most);
        view->fee = cxr_say_some(&say, p->order->currency, most);
        view->fee_some = fee != most;
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

    cxr_view_details_all(p, form, &say, view);

    view->claim = form->claim;
    view->turned = form->turned;
    view->gift = cxr_view_gift(form, &say);

    for (i = 0; view->gift != NULL && i < form->picks.n; i++) {

        /* what is offered may yet be chosen, and then is sent to her */

        view->gift->goods |= form->picks.items[i].quantity != 0
                             && (p->judgements[form->picks.items[i].index]
                                     .outcomes
                                 & ~(1u << CXR_OUT_STORE_CREDIT)) != 0;
    }

    view->photo_count = p->photo_count;
    view->photo_mb = cxr_say_mb(&say, p->photo_bytes);

    cxr_view_details_ways(p, form, carriage, &say, view);
    cxr_view_hidden(&say, p, form, CXR_FIELDS_QUANTITY | CXR_FIELDS_REVIEW,
                    &hidden);
    view->hidden.items = hidden.items;
    view->hidden.n = hidden.n;

    view->form_error = cxr_portal_fault_text(&say, &form->faults, CXR_AT_FORM,
                                             0);
    cxr_portal_summary(&say, &form->faults, p->order, &view->errors);
    view->has_errors = view->errors.n > 0;
    view->page->wrong = view->has_errors;

    return cxr_say_rc(&say);
}


/*
 * The part of the portal's form where some of several units get another reason
 * or another outcome than the rest.
 */

#include "cxr_view_portal_private.h"


/* "exchange:<sku>" */
static bool
cxr_view_is_sku(cxr_str_t value, cxr_str_t sku)
{
    return sku.len != 0 && value.len > sku.len
           && value.data[value.len - sku.len - 1] == ':'
           && memcmp(value.data + value.len - sku.len, sku.data, sku.len)
              == 0;
}


/* All that they may be made good by, as one list. */

static void
cxr_view_split_others(const cxr_portal_t *p, const cxr_portal_pick_t *pick,
    const cxr_view_detail_t *all, cxr_say_t *say, cxr_view_detail_t *d)
{
    uint32_t                  i, n;
    cxr_view_choice_t        *c;
    const cxr_view_choice_t  *of;

    n = all->choices.n + all->variants.n;

    for (i = 0; i < n; i++) {
        of = i < all->choices.n ? &all->choices.items[i]
                                : &all->variants.items[i - all->choices.n];

        c = cxr_say_push(say, &d->others, sizeof(*c));
        if (c == NULL) {
            return;
        }

        c->value = of->value;
        c->title = i < all->choices.n ? of->title
                   : cxr_say_join(say, cxr_say_name(say, "outcome.",
                                                    "exchange"),
                                  ": ", of->title);
        c->off = of->off && cxr_str_eq(of->stock,
                                cxr_say(say, "portal.details.stock_none"));
        c->selected = pick->has_other
                      && (i < all->choices.n
                          ? cxr_str_eq(c->value, cxr_strz(
                                           cxr_outcome_names[pick->other]))
                          : pick->other == CXR_OUT_EXCHANGE
                            && cxr_view_is_sku(c->value, pick->other_sku));
    }
}


/* Their reason: the line's until another is chosen, whatever way led here. */

static void
cxr_view_split_why(const cxr_portal_t *p, const cxr_portal_form_t *form,
    const cxr_portal_pick_t *pick, cxr_say_t *say, cxr_view_detail_t *d)
{
    cxr_view_detail_t    of;
    cxr_portal_form_t    any;
    cxr_portal_pick_t    other;
    const cxr_reason_t  *reason;

    memset(&of, 0, sizeof(of));

    any = *form;
    any.claim = false;
    other = *pick;
    other.reason = pick->other_reason;

    cxr_view_detail_reasons(p, &any, &other, say, &of);

    d->other_reasons.items = of.reasons.items;
    d->other_reasons.n = of.reasons.n;
    d->other_note = pick->other_note;

    reason = cxr_policy_reason(&p->ctx->shop->policy, pick->other_reason);

    if (pick->split != 0 && reason != NULL && reason->claim != CXR_CLAIM_NONE)
    {
        d->other_seen = cxr_strz(cxr_claim_names[reason->claim]);
        d->other_claim_text = cxr_say_name(say, "claim.text.",
                                           cxr_claim_names[reason->claim]);
    }

    d->other_reason_error = cxr_portal_fault_text(say, &form->faults,
                                                  CXR_AT_OTHER_REASON,
                                                  pick->index);
    d->other_note_error = cxr_portal_fault_text(say, &form->faults,
                                                CXR_AT_OTHER_NOTE,
                                                pick->index);
}


void
cxr_view_detail_split(const cxr_portal_t *p, const cxr_portal_form_t *form,
    const cxr_portal_pick_t *pick, cxr_say_t *say, cxr_view_detail_t *d)
{
    uint32_t           outcomes;
    cxr_view_detail_t  all;
    cxr_portal_pick_t  some;

    d->other_error = cxr_portal_fault_text(say, &form->faults, CXR_AT_OTHER,
                                           pick->index);

    if (pick->quantity < 2) {
        return;
    }

    memset(&all, 0, sizeof(all));

    some = *pick;
    some.has_outcome = false;
    outcomes = p->judgements[pick->index].outcomes;
    outcomes = pick->other_outcomes ? pick->other_outcomes : outcomes;

    cxr_view_detail_choices(p, &some, outcomes, 0, say, &all);

    if (outcomes & (1u << CXR_OUT_EXCHANGE)) {
        cxr_view_detail_variants(p, &some, 0, say, &all);
    }

    cxr_view_split_others(p, pick, &all, say, d);
    cxr_view_split_why(p, form, pick, say, d);

    if (d->others.n < 2 && d->other_reasons.n < 2) {
        return;
    }

    d->can_split = true;
    d->split_max = pick->quantity - 1;
    d->split_open = pick->split != 0 || d->other_error.len != 0
                    || d->other_reason_error.len != 0
                    || d->other_note_error.len != 0;
    d->split = cxr_sprintf(say->a, "%u", (unsigned) pick->split);
    say->failed |= d->split.data == NULL;
}


#include "cxr_view_portal_private.h"
#include "cxr_view_talk.h"

#include <stdio.h>


static const cxr_field_t  cxr_view_find_fields[] = {
    CXR_VIEW_PAGE(cxr_view_find_t),
    CXR_VIEW_URL(cxr_view_find_t, action),
    CXR_FIELD(cxr_view_find_t, number, STR),
    CXR_FIELD(cxr_view_find_t, example, STR),
    CXR_FIELD(cxr_view_find_t, proof, STR),
    CXR_FIELD(cxr_view_find_t, number_error, STR),
    CXR_FIELD(cxr_view_find_t, proof_error, STR),
    CXR_FIELD(cxr_view_find_t, form_error, STR),
    CXR_FIELD_SUB(cxr_view_find_t, errors, LIST, &cxr_view_fault_type),
    CXR_FIELD(cxr_view_find_t, has_errors, BOOL),
    CXR_VIEW_URL(cxr_view_find_t, track_url),
    CXR_VIEW_URL(cxr_view_find_t, withdraw_url),
    CXR_FIELD(cxr_view_find_t, window_days, U32),
    CXR_FIELD(cxr_view_find_t, gift, BOOL),
    CXR_FIELD(cxr_view_find_t, has_policy, BOOL),
    CXR_FIELD(cxr_view_find_t, return_country, STR),
    CXR_FIELD(cxr_view_find_t, return_free, BOOL),
    CXR_FIELD(cxr_view_find_t, return_fee, STR),
    CXR_FIELD(cxr_view_find_t, return_currency, STR),
    CXR_FIELD(cxr_view_find_t, return_by_mail, BOOL),
    CXR_FIELD(cxr_view_find_t, return_in_store, BOOL),
    CXR_FIELD(cxr_view_find_t, return_own_cost, BOOL),
    CXR_FIELD(cxr_view_find_t, refund_exchange, BOOL),
    CXR_FIELD(cxr_view_find_t, refund_credit, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_find_type = {
    "find", 0, 1, sizeof(cxr_view_find_t), cxr_view_find_fields
};

static const cxr_field_t  cxr_view_quantity_fields[] = {
    CXR_FIELD(cxr_view_quantity_t, value, U32),
    CXR_FIELD(cxr_view_quantity_t, selected, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_quantity_type = {
    "quantity", 0, 1, sizeof(cxr_view_quantity_t), cxr_view_quantity_fields
};

static const cxr_field_t  cxr_view_item_fields[] = {
    CXR_FIELD(cxr_view_item_t, index, U32),
    CXR_FIELD(cxr_view_item_t, title, STR),
    CXR_FIELD(cxr_view_item_t, variant, STR),
    CXR_VIEW_URL(cxr_view_item_t, image),
    CXR_FIELD(cxr_view_item_t, quantity, U32),
    CXR_FIELD(cxr_view_item_t, price, STR),
    CXR_FIELD(cxr_view_item_t, may_return, BOOL),
    CXR_FIELD_ENUM(cxr_view_item_t, verdict, cxr_verdict_names),
    CXR_FIELD(cxr_view_item_t, returnable, U32),
    CXR_FIELD(cxr_view_item_t, single, BOOL),
    CXR_FIELD(cxr_view_item_t, checked, BOOL),
    CXR_FIELD_SUB(cxr_view_item_t, quantities, LIST, &cxr_view_quantity_type),
    CXR_FIELD(cxr_view_item_t, typing, BOOL),
    CXR_FIELD(cxr_view_item_t, typed, STR),
    CXR_FIELD(cxr_view_item_t, until, STR),
    CXR_FIELD(cxr_view_item_t, until_by_order, BOOL),
    CXR_FIELD(cxr_view_item_t, why, STR),
    CXR_FIELD(cxr_view_item_t, error, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_item_type = {
    "item", 0, 1, sizeof(cxr_view_item_t), cxr_view_item_fields
};

static const cxr_field_t  cxr_view_order_rma_fields[] = {
    CXR_FIELD(cxr_view_order_rma_t, id, STR),
    CXR_VIEW_URL(cxr_view_order_rma_t, url),
    CXR_FIELD_ENUM(cxr_view_order_rma_t, status, cxr_rma_status_names),
    CXR_FIELD(cxr_view_order_rma_t, status_text, STR),
    CXR_FIELD(cxr_view_order_rma_t, tone, STR),
    CXR_FIELD(cxr_view_order_rma_t, created, STR),
    CXR_FIELD(cxr_view_order_rma_t, units, U32),
    CXR_FIELD(cxr_view_order_rma_t, unread, STR),
    CXR_FIELD(cxr_view_order_rma_t, cancellation, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_order_rma_type = {
    "order_rma", 0, 1, sizeof(cxr_view_order_rma_t),
    cxr_view_order_rma_fields
};

static const cxr_field_t  cxr_view_items_fields[] = {
    CXR_VIEW_PAGE(cxr_view_items_t),
    CXR_VIEW_URL(cxr_view_items_t, action),
    CXR_FIELD(cxr_view_items_t, by_post, BOOL),
    CXR_FIELD_SUB(cxr_view_items_t, hidden, LIST, &cxr_pair_type),
    CXR_FIELD(cxr_view_items_t, number, STR),
    CXR_FIELD(cxr_view_items_t, placed, STR),
    CXR_VIEW_URL(cxr_view_items_t, track_url),
    CXR_VIEW_URL(cxr_view_items_t, talk_url),
    CXR_FIELD(cxr_view_items_t, talk_unread, STR),
    CXR_FIELD(cxr_view_items_t, talk_begun, BOOL),
    CXR_FIELD_SUB(cxr_view_items_t, items, LIST, &cxr_view_item_type),
    CXR_FIELD_SUB(cxr_view_items_t, kept, LIST, &cxr_view_item_type),
    CXR_FIELD(cxr_view_items_t, has_items, BOOL),
    CXR_FIELD(cxr_view_items_t, has_kept, BOOL),
    CXR_FIELD_SUB(cxr_view_items_t, rmas, LIST, &cxr_view_order_rma_type),
    CXR_FIELD(cxr_view_items_t, has_rmas, BOOL),
    CXR_FIELD(cxr_view_items_t, until, STR),
    CXR_FIELD(cxr_view_items_t, window_days, U32),
    CXR_FIELD(cxr_view_items_t, fee, STR),
    CXR_FIELD(cxr_view_items_t, form_error, STR),
    CXR_FIELD_SUB(cxr_view_items_t, errors, LIST, &cxr_view_fault_type),
    CXR_FIELD(cxr_view_items_t, has_errors, BOOL),
    CXR_FIELD(cxr_view_items_t, claim, BOOL),
    CXR_VIEW_URL(cxr_view_items_t, claim_url),
    CXR_VIEW_URL(cxr_view_items_t, missing_url),
    CXR_VIEW_URL(cxr_view_items_t, return_url),
    CXR_FIELD(cxr_view_items_t, gift, BOOL),
    CXR_VIEW_URL(cxr_view_items_t, cancel_url),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_items_type = {
    "items", 0, 1, sizeof(cxr_view_items_t), cxr_view_items_fields
};


cxr_str_t
cxr_portal_fault_text(cxr_say_t *say, const cxr_portal_faults_t *faults,
    unsigned at, uint32_t line)
{
    uint32_t  i;

    for (i = 0; i < faults->n; i++) {
        if (faults->items[i].at == at && faults->items[i].line == line) {
            return cxr_say_fault(say, &faults->items[i]);
        }
    }

    return CXR_STR_NONE;
}


/*
 * A list of fifty faults is as long as the form and helps nobody: the first of
 * them, and a link to the next one, which says that there are more.
 */

#define CXR_SUMMARY_MAX  8

void
cxr_portal_summary(cxr_say_t *say, const cxr_portal_faults_t *faults,
    const cxr_order_t *order, cxr_view_faults_t *out)
{
    uint32_t                   i;
    cxr_view_fault_t          *e;
    const cxr_portal_fault_t  *f;

    static const char *const  letters[] = {
        [CXR_AT_QUANTITY] = "q", [CXR_AT_REASON] = "r", [CXR_AT_NOTE] = "n",
        [CXR_AT_OUTCOME] = "o", [CXR_AT_PHOTO] = "p", [CXR_AT_OTHER] = "x",
        [CXR_AT_OTHER_REASON] = "y", [CXR_AT_OTHER_NOTE] = "z"
    };

    for (i = 0; i < faults->n && i <= CXR_SUMMARY_MAX; i++) {
        f = &faults->items[i];

        e = cxr_say_push(say, out, sizeof(*e));
        if (e == NULL) {
            return;
        }

        e->text = cxr_say_fault(say, f);

        switch (f->at) {

        case CXR_AT_FORM:
            e->field_url = cxr_str("#form");
            break;

        case CXR_AT_NUMBER:
            e->field_url = cxr_str("#number");
            break;

        case CXR_AT_PROOF:
            e->field_url = cxr_str("#proof");
            break;

        case CXR_AT_METHOD:
            e->field_url = cxr_str("#way");
            break;

        case CXR_AT_CONSENT:
            e->field_url = cxr_sprintf(say->a, "#a-%u", (unsigned) f->line);
            say->failed |= e->field_url.data == NULL;
            break;

        case CXR_AT_NAME:
        case CXR_AT_EMAIL:
        case CXR_AT_ADDRESS:
        case CXR_AT_POSTCODE:
        case CXR_AT_CITY:
            e->field_url = cxr_strz(cxr_view_gift_id(f->at));
            break;

        default:
            if (order != NULL && f->line < order->lines.n) {
                e->text = cxr_say_join(say, order->lines.items[f->line].title,
                                       ": ", e->text);
            }

            e->field_url = cxr_sprintf(say->a, "#%s-%u", letters[f->at],
                                       (unsigned) f->line);
            say->failed |= e->field_url.data == NULL;
        }

        if (i == CXR_SUMMARY_MAX && faults->n > CXR_SUMMARY_MAX + 1) {
            e->text = cxr_say(say, "form.more");
        }
    }
}


const cxr_product_t *
cxr_portal_product(const cxr_portal_t *p, const cxr_order_line_t *line)
{
    size_t  i;

    for (i = 0; i < p->nproducts && line->product.len; i++) {
        if (p->products[i] != NULL
            && cxr_str_eq(p->products[i]->id, line->product)
            && cxr_str_eq(p->products[i]->currency, p->order->currency))
        {
            return p->products[i];
        }
    }

    return NULL;
}


cxr_str_t
cxr_portal_image(const cxr_portal_t *p, const cxr_order_line_t *line)
{
    uint32_t              k;
    const cxr_product_t  *prod;

    if (line->image.len) {
        return cxr_view_safe_url(line->image);
    }

    /* an order that was sent without pictures: the product's own */

    prod = cxr_portal_product(p, line);

    for (k = 0; prod != NULL && k < prod->variants.n; k++) {
        if (cxr_str_eq(prod->variants.items[k].sku, line->sku)) {
            return cxr_view_safe_url(prod->variants.items[k].image);
        }
    }

    return CXR_STR_NONE;
}


/*
 * What the policy's flat keys say, for schema.org's MerchantReturnPolicy, in
 * the shop's own country.  What its law gives beyond them is not told: a page
 * that is found by a search must not have to know the day.
 */
static void
find_policy(cxr_say_t *say, cxr_view_find_t *view)
{
    int                  exponent;
    bool                 own, sent;
    cxr_money_t          unit;
    const cxr_shop_t    *shop = say->ctx->shop;
    const cxr_policy_t  *policy = &shop->policy;

    exponent = cxr_currency_exponent(shop->currency);

    /* a fee is taken for what the shop sends for alone */

    own = (policy->methods & (1u << CXR_METHOD_OWN_CARRIER)) != 0;
    sent = (policy->methods & CXR_METHODS_SHIPPED) != 0;
    view->return_in_store = (policy->methods & (1u << CXR_METHOD_IN_STORE))
                            != 0;

    view->has_policy = policy->rules == NULL
                       && (own || sent || view->return_in_store)
                       && policy->window_days != 0
                       && (policy->outcomes & (1u << CXR_OUT_REFUND)) != 0
                       && shop->warehouse.country.len != 0 && exponent >= 0;

    if (!view->has_policy) {
        return;
    }

    view->return_country = shop->warehouse.country;
    view->return_currency = shop->currency;
    view->return_by_mail = sent || own;
    view->return_own_cost = own && !sent;
    view->return_free = !view->return_own_cost && (policy->fee == 0 || !sent);
    view->refund_exchange = (policy->outcomes & (1u << CXR_OUT_EXCHANGE)) != 0;
    view->refund_credit = (policy->outcomes & (1u << CXR_OUT_STORE_CREDIT))
                          != 0;

    if (view->return_free || view->return_own_cost) {
        return;
    }

    for (unit = 1; exponent > 0; exponent--) {
        unit *= 10;
    }

    exponent = cxr_currency_exponent(shop->currency);
    view->return_fee = exponent == 0
        ? cxr_sprintf(say->a, "%lld", (long long) policy->fee)
        : cxr_sprintf(say->a, "%lld.%0*lld", (long long) (policy->fee / unit),
                      exponent, (long long) (policy->fee % unit));
}


cxr_rc_t
cxr_view_find(const cxr_view_ctx_t *ctx, cxr_view_page_t *page,
    cxr_arena_t *a, const cxr_portal_find_t *find, cxr_view_find_t *view)
{
    cxr_say_t  say = cxr_say_to(ctx, a);

    memset(view, 0, sizeof(*view));

    view->page = page;
    view->action = cxr_say_url(&say, ctx->shop->portal, "lookup");
    view->track_url = page->track_url;
    view->withdraw_url = page->withdraw_url;
    view->window_days = ctx->shop->policy.window_days;
    view->gift = ctx->shop->policy.gifts.outcomes != 0;
    find_policy(&say, view);

    if (find == NULL) {
        return cxr_say_rc(&say);
    }

    view->number = find->number;
    view->example = ctx->shop->order_example;
    view->proof = find->proof;
    view->number_error = cxr_portal_fault_text(&say, &find->faults,
                                               CXR_AT_NUMBER, 0);
    view->proof_error = cxr_portal_fault_text(&say, &find->faults,
                                              CXR_AT_PROOF, 0);
    view->form_error = cxr_portal_fault_text(&say, &find->faults,
                                             CXR_AT_FORM, 0);
    cxr_portal_summary(&say, &find->faults, NULL, &view->errors);
    view->has_errors = view->errors.n > 0;
    view->page->wrong = view->has_errors;

    return cxr_say_rc(&say);
}


/* ---- choose items ---- */

static void
cxr_view_item_quantities(cxr_say_t *say, const cxr_portal_pick_t *pick,
    cxr_view_item_t *it)
{
    uint32_t              i, want;
    cxr_view_quantity_t  *q;

    want = it->returnable;

    if (pick && pick->quantity && (pick->quantity < want || it->typing)) {
        want = pick->quantity;
    }

    if (it->typing) {
        it->typed = pick && pick->typed.len ? pick->typed
                    : cxr_sprintf(say->a, "%u", (unsigned) want);
        return;
    }

    for (i = 1; i <= it->returnable; i++) {
        q = cxr_say_push(say, &it->quantities, sizeof(*q));
        if (q == NULL) {
            return;
        }

        q->value = i;
        q->selected = i == want;
    }
}


static cxr_str_t
cxr_view_item_why(cxr_say_t *say, const cxr_judgement_t *j, bool discreet)
{
    char       key[64];
    cxr_str_t  text;

    text = cxr_view_denial(say, j);
    if (text.len != 0) {
        return text;
    }

    (void) snprintf(key, sizeof(key), "verdict.%s",
                    cxr_verdict_names[j->verdict]);

    /* whoever has sent it back */

    if (discreet && j->verdict == CXR_NO_ALREADY) {
        return cxr_say(say, "verdict.no_longer");
    }

    return cxr_say_why(say, cxr_strz(key), j->returnable, 0,
                       j->verdict == CXR_NO_EARLY ? j->from : j->deadline);
}


/* What was paid for one, after all discounts: what may come back for it. */

static cxr_str_t
cxr_view_item_price(const cxr_portal_t *p, const cxr_order_line_t *line,
    cxr_say_t *say)
{
    cxr_arg_t    arg;
    cxr_money_t  paid = 0, tax = 0;

    if (!cxr_order_line_share(line, 1, &paid, &tax)) {
        return CXR_STR_NONE;
    }

    arg = cxr_arg_str("price", cxr_say_money(say, p->order->currency, paid));

    return line->quantity == 1 ? arg.str
                               : cxr_say_with(say, "portal.items.each", &arg,
                                              1);
}


void
cxr_view_item(const cxr_portal_t *p, const cxr_portal_form_t *form,
    uint32_t index, cxr_say_t *say, cxr_view_items_t *view)
{
    cxr_view_item_t          *it;
    const cxr_judgement_t    *j = &p->judgements[index];
    const cxr_order_line_t   *line = &p->order->lines.items[index];
    const cxr_portal_pick_t  *pick = cxr_portal_pick(form, index);

    if (j->verdict == CXR_MAY_RETURN) {
        it = cxr_say_push(say, &view->items, sizeof(*it));

    } else {
        it = cxr_say_push(say, &view->kept, sizeof(*it));
    }

    if (it == NULL) {
        return;
    }

    it->index = index;
    it->title = line->title;
    it->variant = line->variant;
    it->image = cxr_portal_image(p, line);
    it->quantity = line->quantity;

    if (!p->gift) {
        it->price = cxr_view_item_price(p, line, say);
    }

    it->may_return = j->verdict == CXR_MAY_RETURN;
    it->verdict = j->verdict;
    it->returnable = j->returnable;
    it->single = j->returnable == 1;
    it->typing = j->returnable > CXR_QUANTITY_CHOICES;
    it->error = cxr_portal_fault_text(say, &form->faults, CXR_AT_QUANTITY,
                                      index);
    it->checked = (pick && (pick->quantity || pick->typed.len))
                  || it->error.len > 0;
    it->until = cxr_say_date(say, j->deadline, CXR_DATE_DAY);
    it->until_by_order = j->deadline_by_order;

    if (it->may_return) {
        cxr_view_item_quantities(say, pick, it);

    } else {
        it->why = cxr_view_cancelled(p, line)
                  ? cxr_say(say, "cancel.why.asked")
                  : cxr_view_item_why(say, j, form->discreet);
    }
}


/* Of the thread of an RMA, or of the order's own; empty: nothing is new. */
static cxr_str_t
cxr_view_unread(const cxr_portal_t *p, cxr_str_t rma, cxr_say_t *say)
{
    const cxr_thread_t  *t;

    t = p->talk != NULL ? cxr_talk_thread(p->talk, rma) : NULL;

    return t != NULL && t->unread[CXR_SIDE_SHOPPER] != 0
           ? cxr_say_unread(say, t->unread[CXR_SIDE_SHOPPER]) : CXR_STR_NONE;
}


static void
cxr_view_order_rmas(const cxr_portal_t *p, cxr_say_t *say,
    cxr_view_items_t *view)
{
    size_t                 i;
    uint32_t               k;
    const cxr_rma_t       *rma;
    cxr_view_order_rma_t  *r;

    for (i = p->nrmas; i-- > 0; /* void */ ) {
        rma = p->rmas[i].rma;

        r = cxr_say_push(say, &view->rmas, sizeof(*r));
        if (r == NULL) {
            return;
        }

        r->id = rma->id;
        r->url = p->rmas[i].url;
        r->status = rma->status;
        r->status_text = cxr_say_status_of(say, rma);
        r->tone = cxr_tone_of_status(rma->status);
        r->created = cxr_say_date(say, rma->created_at, CXR_DATE_DAY);
        r->unread = cxr_view_unread(p, rma->id, say);
        r->cancellation = rma->kind == CXR_KIND_CANCELLATION;

        for (k = 0; k < rma->lines.n; k++) {
            r->units += rma->lines.items[k].quantity;
        }
    }
}


/* The first step goes by GET, so that it can be linked to and gone back to,
   until there are words to carry that have no place in a URL. */
static void
cxr_view_items_form(const cxr_portal_t *p, const cxr_portal_form_t *form,
    cxr_say_t *say, cxr_view_items_t *view)
{
    uint32_t     i;
    cxr_pair_t  *pair;
    cxr_pairs_t  hidden;

    view->by_post = form->gift && form->recipient.name.len
                                  + form->recipient.email.len
                                  + form->recipient.address.len
                                  + form->recipient.postcode.len
                                  + form->recipient.city.len != 0;

    for (i = 0; i < form->picks.n && !view->by_post; i++) {
        view->by_post = form->picks.items[i].reason.len
                        || form->picks.items[i].note.len
                        || form->picks.items[i].has_outcome;
    }

    if (cxr_portal_form_fields(form, p->order, CXR_FIELDS_DETAILS | CXR_FIELDS_REVIEW, say->a,
                               &hidden)
        != CXR_OK)
    {
        say->failed = true;
        return;
    }

    if (view->by_post) {
        view->action = cxr_say_url(say, p->url, "/details");

    } else {
        view->action = cxr_say_url(say, p->url, "");

        pair = cxr_say_push(say, &hidden, sizeof(*pair));
        if (pair == NULL) {
            return;
        }

        pair->name = cxr_str("step");
        pair->value = cxr_str("details");
    }

    view->hidden.items = hidden.items;
    view->hidden.n = hidden.n;
}


/* From a return to a claim, and back. */
static void
cxr_view_items_claim(const cxr_portal_t *p, const cxr_portal_form_t *form,
    cxr_say_t *say, cxr_view_items_t *view)
{
    const cxr_policy_t  *policy = &p->ctx->shop->policy;

    view->claim = form->claim;

    if (form->claim) {
        view->return_url = cxr_say_url(say, p->url, "");

    } else if (cxr_claims_any(policy)) {
        view->claim_url = cxr_say_url(say, p->url, "?k=1");
    }

    if (!p->gift
        && cxr_claim_may_miss(policy, p->parcels, p->nparcels, p->now))
    {
        view->missing_url = cxr_say_url(say, p->url, "/missing");
    }
}


/* What the way back costs; where that depends on what she chooses, so it says. */
static cxr_str_t
cxr_view_items_fee(const cxr_portal_t *p, cxr_say_t *say)
{
    cxr_arg_t    arg;
    cxr_str_t    text;
    cxr_money_t  fee, most;

    fee = cxr_view_return_fee(p, NULL, &most);
    text = cxr_say_some(say, p->order->currency, most);

    if (fee == most) {
        return text;
    }

    arg = cxr_arg_str("fee", text);

    return cxr_say_with(say, "portal.items.fee_some", &arg, 1);
}


cxr_rc_t
cxr_view_items(const cxr_portal_t *p, const cxr_portal_form_t *form,
    cxr_view_items_t *view)
{
    uint32_t           i;
    cxr_say_t          say = cxr_say_to(p->ctx, p->arena);
    cxr_time_t         until = CXR_TIME_NONE, t;
    cxr_portal_form_t  kept = *form;

    memset(view, 0, sizeof(*view));

    if (kept.flow.len == 0) {
        kept.flow = p->flow;
    }

    view->page = p->page;
    view->number = p->order->number;
    view->placed = cxr_say_date(&say, p->order->placed_at, CXR_DATE_DAY);
    view->track_url = cxr_say_url(&say, p->track_url, "");
    view->gift = p->gift;

    if (!p->gift) {
        view->talk_url = cxr_say_url(&say, p->url, "/talk");
    }

    view->talk_unread = cxr_view_unread(p, CXR_STR_NONE, &say);
    view->talk_begun = p->talk != NULL
                       && cxr_talk_thread(p->talk, CXR_STR_NONE) != NULL;
    view->window_days = cxr_view_return_days(p);
    view->fee = cxr_view_items_fee(p, &say);

    for (i = 0; i < p->order->lines.n && !say.failed; i++) {

        if (p->hidden != NULL && p->hidden[i]) {
            continue;
        }

        cxr_view_item(p, form, i, &say, view);

        t = p->judgements[i].deadline;

        if (p->judgements[i].verdict == CXR_MAY_RETURN && t != CXR_TIME_NONE
            && (until == CXR_TIME_NONE || t < until))
        {
            until = t;
        }
    }

    view->has_items = view->items.n > 0;
    view->has_kept = view->kept.n > 0;
    view->until = cxr_say_date(&say, until, CXR_DATE_DAY);

    cxr_view_order_rmas(p, &say, view);
    view->has_rmas = view->rmas.n > 0;

    cxr_view_items_form(p, &kept, &say, view);
    cxr_view_items_claim(p, form, &say, view);

    if (cxr_view_cancels(p)) {
        view->cancel_url = cxr_say_url(&say, p->url, "/cancel");
    }

    view->form_error = cxr_portal_fault_text(&say, &form->faults, CXR_AT_FORM,
                                             0);
    cxr_portal_summary(&say, &form->faults, p->order, &view->errors);
    view->has_errors = view->errors.n > 0;
    view->page->wrong = view->has_errors;

    return cxr_say_rc(&say);
}

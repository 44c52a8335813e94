
/*
 * Which rules of a policy are of an order, and of a line of it.
 */

#include <strings.h>

#include "cxr_policy_rule.h"

/* What case.bits[] holds, one word of hash bits for each. */
enum {
    CXR_BITS_COUNTRY = 0,
    CXR_BITS_CURRENCY,
    CXR_BITS_ORDER_TAG,
    CXR_BITS_DISCOUNT_CODE,
    CXR_BITS_CHANNEL,
    CXR_BITS_LAW
};

const char *const  cxr_when_names[] = {
    "all", "any", "not",
    "country", "currency", "order_tag", "discount_code", "channel", "language",
    "law", "tag", "sku", "product", "reason",
    "order_value", "order_units", "days_since_placed", "placed",
    "order_returns", "order_returned", "customer_orders", "customer_returns",
    "customer_returned", "customer_kept", "customer_missing", "price",
    "quantity", "discount",
    "request_value", "request_units", "days_since_delivery",
    "kind", "outcome", "method", "final_sale", "delivered", "request_whole",
    "customer_list", "gift",
    NULL
};


static bool cxr_when_has(const cxr_when_t *cond, cxr_str_t s);
static bool cxr_when_is(const cxr_when_t *cond, cxr_str_t v, cxr_str_t s);
static bool cxr_when_set(const cxr_when_t *cond, const cxr_when_facts_t *f);
static bool cxr_when_one(const cxr_when_t *cond, uint64_t bits, cxr_str_t s);
static bool cxr_when_some(const cxr_when_t *cond, uint64_t bits,
    const cxr_strs_t *strs);
static bool cxr_when_range(const cxr_when_t *cond, const cxr_when_facts_t *f);
static bool cxr_when_flag(const cxr_when_t *cond, const cxr_when_facts_t *f);


uint64_t
cxr_when_bit(cxr_str_t s)
{
    size_t    i;
    uint64_t  h;

    h = 0xcbf29ce484222325u;

    for (i = 0; i < s.len; i++) {
        h = (h ^ (unsigned char) s.data[i]) * 0x100000001b3u;
    }

    return (uint64_t) 1 << (h >> 58);
}


uint64_t
cxr_when_code_bit(cxr_str_t s)
{
    size_t  i;
    char    code[CXR_DISCOUNT_CODE_MAX * 4];

    for (i = 0; i < s.len && i < sizeof(code); i++) {
        code[i] = s.data[i];

        if (code[i] >= 'A' && code[i] <= 'Z') {
            code[i] += 'a' - 'A';
        }
    }

    return cxr_when_bit(cxr_strn(code, i));
}


void
cxr_policy_live(cxr_policy_case_t *c)
{
    uint32_t            i, k, n;
    cxr_when_facts_t    f;
    const cxr_rule_t   *rule;
    const cxr_when_t   *cond;
    const cxr_order_t  *order;

    c->nlive = 0;

    if (c->policy->rules == NULL) {
        return;
    }

    order = c->order;
    memset(&f, 0, sizeof(f));
    f.c = c;

    c->bits[CXR_BITS_COUNTRY] = cxr_when_bit(order->country);
    c->bits[CXR_BITS_CURRENCY] = cxr_when_bit(order->currency);
    c->bits[CXR_BITS_CHANNEL] = cxr_when_bit(order->channel);
    c->bits[CXR_BITS_LAW] = c->law ? cxr_when_bit(c->law->id) : 0;
    c->bits[CXR_BITS_ORDER_TAG] = 0;

    for (i = 0; i < order->tags.n; i++) {
        c->bits[CXR_BITS_ORDER_TAG] |= cxr_when_bit(order->tags.items[i]);
    }

    c->bits[CXR_BITS_DISCOUNT_CODE] = 0;

    for (i = 0; i < order->discount_codes.n; i++) {
        c->bits[CXR_BITS_DISCOUNT_CODE] |=
            cxr_when_code_bit(order->discount_codes.items[i]);
    }

    for (i = 0; i < c->policy->rules->n; i++) {
        rule = &c->policy->rules->items[i];

        if (!rule->active || c->today < rule->from || c->today > rule->to) {
            continue;
        }

        f.currency = rule->currency;

        for (k = 0; k < rule->nconds; k += n) {
            cond = &rule->conds[k];
            n = cond->kind <= CXR_WHEN_NOT ? cond->n + 1 : 1;

            if (cond->of_order && cxr_when_holds(cond, &f) == 0) {
                break;
            }
        }

        if (k == rule->nconds) {
            c->live[c->nlive++] = (uint16_t) i;
        }
    }
}


uint32_t
cxr_rule_match(const cxr_rule_t *rule, cxr_when_facts_t *f)
{
    uint32_t           k, n, m;
    const cxr_when_t  *cond;

    m = CXR_OUTCOMES_ALL;
    f->currency = rule->currency;

    for (k = 0; k < rule->nconds && m != 0; k += n) {
        cond = &rule->conds[k];
        n = cond->kind <= CXR_WHEN_NOT ? cond->n + 1 : 1;

        if (!cond->of_order) {
            m &= cxr_when_holds(cond, f);
        }
    }

    return m;
}


uint32_t
cxr_when_holds(const cxr_when_t *cond, const cxr_when_facts_t *f)
{
    uint32_t           m, one;
    const cxr_when_t  *p, *end;

    if (cond->kind > CXR_WHEN_NOT) {

        if (cond->kind == CXR_WHEN_OUTCOME) {
            return cond->u.bits;
        }

        if (cond->kind <= CXR_WHEN_REASON) {
            return cxr_when_set(cond, f) ? CXR_OUTCOMES_ALL : 0;
        }

        if (cond->kind <= CXR_WHEN_DAYS_DELIVERED) {
            return cxr_when_range(cond, f) ? CXR_OUTCOMES_ALL : 0;
        }

        return cxr_when_flag(cond, f) ? CXR_OUTCOMES_ALL : 0;
    }

    m = cond->kind == CXR_WHEN_ANY ? 0 : CXR_OUTCOMES_ALL;
    end = cond + 1 + cond->n;

    for (p = cond + 1; p < end;
         p += p->kind <= CXR_WHEN_NOT ? p->n + 1 : 1)
    {
        one = cxr_when_holds(p, f);

        if (cond->kind == CXR_WHEN_ANY) {
            m |= one;

        } else {
            m &= one;
        }
    }

    return cond->kind == CXR_WHEN_NOT ? ~m & CXR_OUTCOMES_ALL : m;
}


static bool
cxr_when_set(const cxr_when_t *cond, const cxr_when_facts_t *f)
{
    const cxr_policy_case_t  *c;

    c = f->c;

    switch (cond->kind) {

    case CXR_WHEN_COUNTRY:
        return cxr_when_one(cond, c->bits[CXR_BITS_COUNTRY],
                            c->order->country);

    case CXR_WHEN_CURRENCY:
        return cxr_when_one(cond, c->bits[CXR_BITS_CURRENCY],
                            c->order->currency);

    case CXR_WHEN_ORDER_TAG:
        return cxr_when_some(cond, c->bits[CXR_BITS_ORDER_TAG],
                             &c->order->tags);

    case CXR_WHEN_DISCOUNT_CODE:
        return cxr_when_some(cond, c->bits[CXR_BITS_DISCOUNT_CODE],
                             &c->order->discount_codes);

    case CXR_WHEN_CHANNEL:
        return cxr_when_one(cond, c->bits[CXR_BITS_CHANNEL],
                            c->order->channel);

    case CXR_WHEN_LAW:
        return c->law != NULL
               && cxr_when_one(cond, c->bits[CXR_BITS_LAW], c->law->id);

    case CXR_WHEN_LANGUAGE:
        return cxr_when_has(cond, f->ask->language.len != 0
                                  ? f->ask->language : c->order->locale);

    case CXR_WHEN_TAG:
        return cxr_when_some(cond, f->tags, &f->line->tags);

    case CXR_WHEN_SKU:
        return cxr_when_one(cond, f->sku, f->line->sku);

    case CXR_WHEN_PRODUCT:
        return cxr_when_one(cond, f->product, f->line->product);

    default:                         /* CXR_WHEN_REASON */
        return f->ask->reason.len != 0 && cxr_when_has(cond, f->ask->reason);
    }
}


static bool
cxr_when_one(const cxr_when_t *cond, uint64_t bits, cxr_str_t s)
{
    return (cond->u.set.bits & bits) != 0 && cxr_when_has(cond, s);
}


static bool
cxr_when_some(const cxr_when_t *cond, uint64_t bits, const cxr_strs_t *strs)
{
    uint32_t  i;

    if ((cond->u.set.bits & bits) == 0) {
        return false;
    }

    for (i = 0; i < strs->n; i++) {
        if (cxr_when_has(cond, strs->items[i])) {
            return true;
        }
    }

    return false;
}


static bool
cxr_when_has(const cxr_when_t *cond, cxr_str_t s)
{
    uint32_t  i;

    for (i = 0; i < cond->u.set.n; i++) {
        if (cxr_when_is(cond, cond->u.set.items[i], s)) {
            return true;
        }
    }

    return false;
}


/* SKUs and discount codes may be told by what they begin with; tills take a
   code in any case.  An order may say "en-GB" where the rule says "en": RFC
   4647, 3.3.1. */

static bool
cxr_when_is(const cxr_when_t *cond, cxr_str_t v, cxr_str_t s)
{
    bool  code;

    code = (cond->kind == CXR_WHEN_DISCOUNT_CODE);

    if (cond->kind == CXR_WHEN_LANGUAGE) {
        return s.len >= v.len && strncasecmp(s.data, v.data, v.len) == 0
               && (s.len == v.len || s.data[v.len] == '-');
    }

    if (!code && cond->kind != CXR_WHEN_SKU) {
        return cxr_str_eq(v, s);
    }

    if (v.data[v.len - 1] == '*') {
        v.len--;

        if (s.len < v.len) {
            return false;
        }

        s.len = v.len;
    }

    return s.len == v.len && (code ? strncasecmp(s.data, v.data, v.len)
                                   : memcmp(s.data, v.data, v.len)) == 0;
}


/* An amount in another currency than the order's is no amount of it. */

static bool
cxr_when_range(const cxr_when_t *cond, const cxr_when_facts_t *f)
{
    bool                      money;
    int64_t                   v;
    const cxr_policy_case_t  *c;

    c = f->c;
    money = false;

    switch (cond->kind) {

    case CXR_WHEN_ORDER_VALUE:
        v = c->value;
        money = true;
        break;

    case CXR_WHEN_ORDER_UNITS:
        v = c->units;
        break;

    case CXR_WHEN_DAYS_PLACED:
        v = c->today - c->placed;
        break;

    case CXR_WHEN_PLACED:
        v = c->placed;
        break;

    case CXR_WHEN_RETURNS:
        v = c->order->rmas.n;
        break;

    case CXR_WHEN_RETURNED:
        v = c->returned;
        money = true;
        break;

    case CXR_WHEN_CUSTOMER_ORDERS:
    case CXR_WHEN_CUSTOMER_RETURNS:
    case CXR_WHEN_CUSTOMER_RETURNED:
    case CXR_WHEN_CUSTOMER_KEPT:
    case CXR_WHEN_CUSTOMER_MISSING:

        if (!c->history.known) {
            return false;
        }

        money = (cond->kind == CXR_WHEN_CUSTOMER_RETURNED);
        v = money ? c->history.returned
            : cond->kind == CXR_WHEN_CUSTOMER_ORDERS ? c->history.orders
            : cond->kind == CXR_WHEN_CUSTOMER_KEPT ? c->history.kept
            : cond->kind == CXR_WHEN_CUSTOMER_MISSING ? c->history.missing
            : c->history.returns;
        break;

    case CXR_WHEN_PRICE:
        v = f->price;
        money = true;
        break;

    case CXR_WHEN_QUANTITY:
        v = f->line->quantity;
        break;

    case CXR_WHEN_DISCOUNT:
        v = cxr_order_line_paid(f->line) + f->line->discount;

        if (v == 0 || !cxr_money_muldiv(f->line->discount, 10000, v, &v)) {
            v = 0;
        }

        break;

    case CXR_WHEN_REQUEST_VALUE:
    case CXR_WHEN_REQUEST_UNITS:

        if (!c->request.known) {
            return false;
        }

        money = (cond->kind == CXR_WHEN_REQUEST_VALUE);
        v = money ? c->request.value : c->request.units;
        break;

    default:                         /* CXR_WHEN_DAYS_DELIVERED */

        if (f->delivered == 0) {
            return false;
        }

        v = c->today - f->delivered;
    }

    if (money && f->currency.len != 0
        && !cxr_str_eq(f->currency, c->order->currency))
    {
        return false;
    }

    return v >= cond->u.range.from && v <= cond->u.range.to;
}


static bool
cxr_when_flag(const cxr_when_t *cond, const cxr_when_facts_t *f)
{
    unsigned  bit;

    switch (cond->kind) {

    case CXR_WHEN_KIND:
        bit = f->ask->kind;
        break;

    case CXR_WHEN_METHOD:

        if (f->ask->method == 0) {
            return false;
        }

        bit = f->ask->method - 1u;
        break;

    case CXR_WHEN_FINAL_SALE:
        bit = f->final_sale;
        break;

    case CXR_WHEN_REQUEST_WHOLE:

        if (!f->c->request.known) {
            return false;
        }

        bit = f->c->request.whole;
        break;

    case CXR_WHEN_GIFT:
        bit = f->ask->gift;
        break;

    case CXR_WHEN_CUSTOMER_LIST:
        return f->c->history.person
               && (cond->u.bits & f->c->history.lists) != 0;

    default:                         /* CXR_WHEN_DELIVERED */
        bit = f->delivered != 0;
    }

    return (cond->u.bits & (1u << bit)) != 0;
}

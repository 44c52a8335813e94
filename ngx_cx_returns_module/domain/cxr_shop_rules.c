
/*
 * The rules of a shop's policy: who they are and when they are of something.
 * What they do is read in cxr_shop_effects.c.
 */

#include <stdio.h>

#include "cxr_rma.h"
#include "cxr_shop_private.h"


/* The conditions of one rule on their way into one run of memory. */
typedef struct {
    cxr_arena_t        *arena;
    const cxr_shop_t   *shop;
    cxr_json_faults_t  *faults;
    cxr_when_t          conds[CXR_RULE_CONDS_MAX];
    uint32_t            n;
    bool                full;
} cxr_conds_t;


static cxr_rc_t cxr_rule_read(json_t *json, uint32_t i, cxr_rule_t *rules,
    cxr_shop_t *shop, cxr_arena_t *a, cxr_json_faults_t *faults);
static cxr_rc_t cxr_rule_when(json_t *when, const char *path, cxr_rule_t *rule,
    cxr_shop_t *shop, cxr_arena_t *a, cxr_json_faults_t *faults);
static void cxr_conds_read(cxr_conds_t *b, json_t *json, const char *path,
    unsigned depth);
static void cxr_conds_group(cxr_conds_t *b, cxr_jr_t *r, unsigned kind,
    unsigned depth);
static void cxr_conds_set(cxr_conds_t *b, cxr_jr_t *r, unsigned kind);
static void cxr_conds_reasons(cxr_conds_t *b, cxr_jr_t *r);
static void cxr_conds_check(cxr_conds_t *b, cxr_jr_t *r, unsigned kind,
    const cxr_strs_t *values);
static void cxr_conds_range(cxr_conds_t *b, cxr_jr_t *r, unsigned kind);
static void cxr_conds_bits(cxr_conds_t *b, cxr_jr_t *r, unsigned kind);
static uint32_t cxr_conds_lists(cxr_conds_t *b, cxr_jr_t *r);
static cxr_when_t *cxr_conds_add(cxr_conds_t *b, cxr_jr_t *r, unsigned kind);
static cxr_rc_t cxr_rules_reasons(cxr_rules_t *rules, cxr_arena_t *a);


cxr_rc_t
cxr_shop_rules(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    size_t        i, n;
    cxr_rc_t      rc;
    cxr_rule_t   *items;
    cxr_rules_t  *rules;

    n = json_array_size(json);
    rules = cxr_calloc(a, 1, sizeof(cxr_rules_t));
    items = cxr_calloc(a, n, sizeof(cxr_rule_t));

    if (rules == NULL || items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < n; i++) {
        rc = cxr_rule_read(json_array_get(json, i), (uint32_t) i, items, shop,
                           a, faults);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    rules->items = items;
    rules->n = (uint32_t) n;
    shop->policy.rules = rules;

    return cxr_rules_reasons(rules, a);
}


static cxr_rc_t
cxr_rule_read(json_t *json, uint32_t i, cxr_rule_t *rules, cxr_shop_t *shop,
    cxr_arena_t *a, cxr_json_faults_t *faults)
{
    char         path[48];
    json_t      *when, *then;
    uint32_t     j;
    unsigned     status;
    cxr_jr_t     r;
    cxr_rc_t     rc;
    cxr_rule_t  *rule;

    static const char *const  statuses[] = { "active", "draft", NULL };

    snprintf(path, sizeof(path), "/policy/rules/%u", i);

    rule = &rules[i];
    rule->from = INT32_MIN;
    rule->to = INT32_MAX;
    rule->currency = shop->currency;

    if (!cxr_jr_begin(&r, json, path, a, faults)) {
        return CXR_OK;
    }

    when = NULL;
    then = NULL;
    status = 0;

    cxr_jr_slug(&r, "id", CXR_RULE_ID_MAX, CXR_JR_REQUIRED, &rule->id);
    cxr_jr_line(&r, "note", CXR_RULE_NOTE_MAX, 0, &rule->note);
    cxr_jr_choice(&r, "status", statuses, 0, &status);
    cxr_jr_date(&r, "from", 0, &rule->from);
    cxr_jr_date(&r, "to", 0, &rule->to);
    cxr_jr_object(&r, "when", 0, &when);
    cxr_jr_object(&r, "then", CXR_JR_REQUIRED, &then);
    cxr_jr_end(&r);

    rule->active = (status == 0);

    if (rule->from > rule->to) {
        cxr_jr_fault(&r, "to", "must not be before \"from\"");
    }

    if (cxr_str_is(rule->id, "policy") || cxr_str_is(rule->id, "law")) {
        cxr_jr_fault(&r, "id", "must be another name: \"policy\" and \"law\" "
                     "stand for what is under the rules");
    }

    for (j = 0; j < i; j++) {
        if (rule->id.len != 0 && cxr_str_eq(rules[j].id, rule->id)) {
            cxr_jr_fault(&r, "id", "must differ from the rules before it");
            break;
        }
    }

    if (when != NULL) {
        snprintf(path, sizeof(path), "/policy/rules/%u/when", i);

        rc = cxr_rule_when(when, path, rule, shop, a, faults);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (then == NULL) {
        return CXR_OK;
    }

    snprintf(path, sizeof(path), "/policy/rules/%u/then", i);

    return cxr_shop_effects(then, path, a, shop, rule, faults);
}


static cxr_rc_t
cxr_rule_when(json_t *when, const char *path, cxr_rule_t *rule,
    cxr_shop_t *shop, cxr_arena_t *a, cxr_json_faults_t *faults)
{
    uint32_t      i;
    cxr_when_t   *conds;
    cxr_conds_t   b;

    memset(&b, 0, sizeof(b));

    b.arena = a;
    b.shop = shop;
    b.faults = faults;

    cxr_conds_read(&b, when, path, 0);

    conds = cxr_calloc(a, b.n, sizeof(cxr_when_t));
    if (conds == NULL) {
        return CXR_NOMEM;
    }

    memcpy(conds, b.conds, b.n * sizeof(cxr_when_t));

    rule->conds = conds;
    rule->nconds = b.n;

    /* a rule of one currency has its amounts in it */

    for (i = 0; i < b.n; i += conds[i].kind <= CXR_WHEN_NOT
                               ? conds[i].n + 1u : 1)
    {
        if (conds[i].kind == CXR_WHEN_CURRENCY && conds[i].u.set.n == 1) {
            rule->currency = conds[i].u.set.items[0];
        }
    }

    return CXR_OK;
}


static void
cxr_conds_read(cxr_conds_t *b, json_t *json, const char *path, unsigned depth)
{
    unsigned  kind;
    cxr_jr_t  r;

    if (!cxr_jr_begin(&r, json, path, b->arena, b->faults)) {
        return;
    }

    for (kind = 0; kind < CXR_WHENS; kind++) {

        if (kind <= CXR_WHEN_NOT) {
            cxr_conds_group(b, &r, kind, depth);

        } else if (kind <= CXR_WHEN_REASON) {
            cxr_conds_set(b, &r, kind);

        } else if (kind <= CXR_WHEN_DAYS_DELIVERED) {
            cxr_conds_range(b, &r, kind);

        } else {
            cxr_conds_bits(b, &r, kind);
        }
    }

    cxr_conds_reasons(b, &r);
    cxr_jr_end(&r);
}


/*
 * "all" and "any" have a list of groups, "not" has one.  A group of one member
 * is that member; of several it is an "all" of its own.
 */

static void
cxr_conds_group(cxr_conds_t *b, cxr_jr_t *r, unsigned kind, unsigned depth)
{
    char         path[sizeof(r->path)];
    int          len;
    json_t      *v, *one;
    size_t       i, n;
    uint32_t     at, inner, k;
    cxr_when_t  *group, *all;

    v = NULL;

    if (kind == CXR_WHEN_NOT) {
        cxr_jr_object(r, "not", 0, &v);

    } else {
        cxr_jr_array(r, cxr_when_names[kind], CXR_RULE_VALUES_MAX, 0, &v);
    }

    if (v == NULL) {
        return;
    }

    if (depth >= CXR_RULE_DEPTH) {
        cxr_jr_fault(r, cxr_when_names[kind], "must not nest deeper than %d "
                     "groups", CXR_RULE_DEPTH);
        return;
    }

    n = json_is_array(v) ? json_array_size(v) : 1;

    if (n == 0) {
        cxr_jr_fault(r, cxr_when_names[kind], "must have at least one entry");
        return;
    }

    at = b->n;
    group = cxr_conds_add(b, r, kind);
    if (group == NULL) {
        return;
    }

    for (i = 0; i < n; i++) {
        one = json_is_array(v) ? json_array_get(v, i) : v;

        len = json_is_array(v)
              ? snprintf(path, sizeof(path), "%s/%s/%zu", r->path,
                         cxr_when_names[kind], i)
              : snprintf(path, sizeof(path), "%s/not", r->path);

        if (len < 0 || (size_t) len >= sizeof(path)) {
            return;
        }

        inner = b->n;
        all = cxr_conds_add(b, r, CXR_WHEN_ALL);
        if (all == NULL) {
            return;
        }

        cxr_conds_read(b, one, path, depth + 1);

        if (b->n == inner + 1 && json_is_object(one)
            && json_object_size(one) == 0)
        {
            cxr_jr_fault(r, cxr_when_names[kind], "must have a condition in "
                         "each of its groups");
        }

        all->n = (uint16_t) (b->n - inner - 1);
        all->of_order = true;

        for (k = inner + 1; k < b->n; k++) {
            all->of_order &= b->conds[k].of_order;
        }
    }

    group->n = (uint16_t) (b->n - at - 1);
    group->of_order = true;

    for (k = at + 1; k < b->n; k++) {
        group->of_order &= b->conds[k].of_order;
    }
}


static void
cxr_conds_set(cxr_conds_t *b, cxr_jr_t *r, unsigned kind)
{
    uint32_t     i;
    cxr_strs_t   values;
    cxr_when_t  *cond;

    memset(&values, 0, sizeof(values));

    if (!cxr_jr_some_strs(r, cxr_when_names[kind], CXR_RULE_VALUES_MAX,
                          CXR_SKU_MAX, 0, &values)
        || values.n == 0)
    {
        return;
    }

    cxr_conds_check(b, r, kind, &values);

    cond = cxr_conds_add(b, r, kind);
    if (cond == NULL) {
        return;
    }

    cond->of_order = (kind <= CXR_WHEN_CHANNEL || kind == CXR_WHEN_LAW);
    cond->u.set.items = values.items;
    cond->u.set.n = values.n;

    for (i = 0; i < values.n; i++) {

        if ((kind == CXR_WHEN_SKU || kind == CXR_WHEN_DISCOUNT_CODE)
            && values.items[i].data[values.items[i].len - 1] == '*')
        {
            cond->u.set.bits = UINT64_MAX;

        } else if (kind == CXR_WHEN_DISCOUNT_CODE) {
            cond->u.set.bits |= cxr_when_code_bit(values.items[i]);

        } else {
            cond->u.set.bits |= cxr_when_bit(values.items[i]);
        }
    }
}


/* "reason_group" is "reason" with the codes of the reasons that are of it. */

static void
cxr_conds_reasons(cxr_conds_t *b, cxr_jr_t *r)
{
    bool                 any;
    uint32_t             i, k;
    cxr_str_t           *code;
    cxr_strs_t           groups, codes;
    cxr_when_t          *cond;
    const cxr_policy_t  *p;

    p = &b->shop->policy;
    memset(&groups, 0, sizeof(groups));
    memset(&codes, 0, sizeof(codes));

    if (!cxr_jr_some_strs(r, "reason_group", CXR_RULE_VALUES_MAX,
                          CXR_REASON_CODE_MAX, 0, &groups)
        || groups.n == 0)
    {
        return;
    }

    cond = cxr_conds_add(b, r, CXR_WHEN_REASON);
    if (cond == NULL) {
        return;
    }

    for (i = 0; i < groups.n; i++) {
        any = false;

        for (k = 0; k < p->reasons.n; k++) {

            if (!cxr_str_eq(p->reasons.items[k].group, groups.items[i])) {
                continue;
            }

            any = true;
            code = cxr_list_push(b->arena, &codes, sizeof(*code));

            if (code == NULL) {
                cxr_jr_fault(r, "reason_group", "finds no memory");
                return;
            }

            *code = p->reasons.items[k].code;
            cond->u.set.bits |= cxr_when_bit(*code);
        }

        if (!any) {
            cxr_jr_fault(r, "reason_group", "\"%.*s\" is the \"group\" of none "
                         "of /policy/reasons", cxr_str_arg(groups.items[i]));
        }
    }

    cond->u.set.items = codes.items;
    cond->u.set.n = codes.n;
}


/* What can be known to match nothing is a mistake. */

static void
cxr_conds_check(cxr_conds_t *b, cxr_jr_t *r, unsigned kind,
    const cxr_strs_t *values)
{
    uint32_t     i, j;
    cxr_str_t    v;
    const char  *star;

    for (i = 0; i < values->n; i++) {
        v = values->items[i];

        switch (kind) {

        case CXR_WHEN_COUNTRY:

            if (v.len != 2 || v.data[0] < 'A' || v.data[0] > 'Z'
                || v.data[1] < 'A' || v.data[1] > 'Z')
            {
                cxr_jr_fault(r, "country", "\"%.*s\" must be two upper-case "
                             "letters of ISO 3166 like \"TR\"",
                             cxr_str_arg(v));
            }

            break;

        case CXR_WHEN_CURRENCY:

            if (cxr_currency_exponent(v) < 0) {
                cxr_jr_fault(r, "currency", "\"%.*s\" must be a currency of "
                             "ISO 4217 like \"TRY\"", cxr_str_arg(v));
            }

            break;

        case CXR_WHEN_LANGUAGE:

            for (j = 0; j < b->shop->languages.n; j++) {
                if (cxr_str_eq(b->shop->languages.items[j], v)) {
                    break;
                }
            }

            if (j == b->shop->languages.n) {
                cxr_jr_fault(r, "language", "\"%.*s\" is none of the shop's "
                             "languages", cxr_str_arg(v));
            }

            break;

        case CXR_WHEN_REASON:

            if (cxr_policy_reason(&b->shop->policy, v) == NULL) {
                cxr_jr_fault(r, "reason", "\"%.*s\" is none of the codes in "
                             "/policy/reasons", cxr_str_arg(v));
            }

            break;

        case CXR_WHEN_SKU:
        case CXR_WHEN_DISCOUNT_CODE:
            star = memchr(v.data, '*', v.len);

            if (star != NULL && (v.len == 1 || star != v.data + v.len - 1)) {
                cxr_jr_fault(r, cxr_when_names[kind], "\"%.*s\" may have * at "
                             "its end only, after what it begins with",
                             cxr_str_arg(v));
            }

            break;

        default:
            break;
        }
    }
}


static void
cxr_conds_range(cxr_conds_t *b, cxr_jr_t *r, unsigned kind)
{
    char         path[sizeof(r->path)];
    bool         dates;
    json_t      *v;
    int32_t      from, to;
    int64_t      min, max;
    cxr_jr_t     in;
    cxr_when_t  *cond;

    v = NULL;
    cxr_jr_object(r, cxr_when_names[kind], 0, &v);

    if (v == NULL
        || snprintf(path, sizeof(path), "%s/%s", r->path,
                    cxr_when_names[kind]) >= (int) sizeof(path)
        || !cxr_jr_begin(&in, v, path, b->arena, b->faults))
    {
        return;
    }

    dates = (kind == CXR_WHEN_PLACED);
    min = INT64_MIN;
    max = INT64_MAX;

    if (dates) {
        from = INT32_MIN;
        to = INT32_MAX;
        cxr_jr_date(&in, "from", 0, &from);
        cxr_jr_date(&in, "to", 0, &to);
        min = from;
        max = to;

    } else {
        cxr_jr_int(&in, "min", 0, CXR_MONEY_MAX, 0, &min);
        cxr_jr_int(&in, "max", 0, CXR_MONEY_MAX, 0, &max);
    }

    cxr_jr_end(&in);

    if (json_object_size(v) == 0) {
        cxr_jr_fault(r, cxr_when_names[kind], "must have %s, or both",
                     dates ? "\"from\" or \"to\"" : "\"min\" or \"max\"");
        return;
    }

    if (min > max) {
        cxr_jr_fault(r, cxr_when_names[kind], "can never hold: it ends before "
                     "it begins");
        return;
    }

    cond = cxr_conds_add(b, r, kind);
    if (cond == NULL) {
        return;
    }

    cond->of_order = (kind <= CXR_WHEN_CUSTOMER_MISSING);
    cond->u.range.from = min;
    cond->u.range.to = max;
}


static void
cxr_conds_bits(cxr_conds_t *b, cxr_jr_t *r, unsigned kind)
{
    bool         flag;
    uint32_t     bits;
    cxr_when_t  *cond;

    bits = 0;

    switch (kind) {

    case CXR_WHEN_KIND:
        cxr_jr_names(r, "kind", cxr_rma_kind_names, 0, &bits);
        break;

    case CXR_WHEN_OUTCOME:
        cxr_jr_names(r, "outcome", cxr_outcome_names, 0, &bits);
        break;

    case CXR_WHEN_METHOD:
        cxr_jr_names(r, "method", cxr_method_names, 0, &bits);
        break;

    case CXR_WHEN_CUSTOMER_LIST:
        bits = cxr_conds_lists(b, r);
        break;

    default:                   /* final_sale, delivered, request_whole, gift */
        flag = false;

        if (cxr_jr_bool(r, cxr_when_names[kind], 0, &flag)
            && json_is_boolean(json_object_get(r->obj, cxr_when_names[kind])))
        {
            bits = flag ? 2 : 1;
        }
    }

    if (bits == 0) {
        return;
    }

    cond = cxr_conds_add(b, r, kind);

    if (cond != NULL) {
        cond->u.bits = bits;
        cond->of_order = (kind == CXR_WHEN_CUSTOMER_LIST);
    }
}


/* Names of the policy's lists of people, as bits. */

static uint32_t
cxr_conds_lists(cxr_conds_t *b, cxr_jr_t *r)
{
    uint32_t             i, k, bits;
    cxr_strs_t           names;
    const cxr_policy_t  *p;

    p = &b->shop->policy;
    bits = 0;
    memset(&names, 0, sizeof(names));

    if (!cxr_jr_some_strs(r, "customer_list", CXR_PEOPLE_LISTS_MAX,
                          CXR_PEOPLE_NAME_MAX, 0, &names))
    {
        return 0;
    }

    for (i = 0; i < names.n; i++) {

        for (k = 0; k < p->people.n; k++) {
            if (cxr_str_eq(p->people.items[k].name, names.items[i])) {
                bits |= (uint32_t) 1 << k;
                break;
            }
        }

        if (k == p->people.n) {
            cxr_jr_fault(r, "customer_list", "\"%.*s\" is none of the names in "
                         "/policy/lists", cxr_str_arg(names.items[i]));
        }
    }

    return bits;
}


static cxr_when_t *
cxr_conds_add(cxr_conds_t *b, cxr_jr_t *r, unsigned kind)
{
    cxr_when_t  *cond;

    if (b->n == CXR_RULE_CONDS_MAX) {

        if (!b->full) {
            cxr_jr_fault(r, cxr_when_names[kind], "is one too many: a rule "
                         "has at most %d conditions and groups",
                         CXR_RULE_CONDS_MAX);
            b->full = true;
        }

        return NULL;
    }

    cond = &b->conds[b->n++];
    cond->kind = (uint8_t) kind;

    return cond;
}


/* The reasons that any rule asks for, each once; and whether one asks for what
   the customer did before, or for the method. */

static cxr_rc_t
cxr_rules_reasons(cxr_rules_t *rules, cxr_arena_t *a)
{
    uint32_t           i, j, k, m, n;
    cxr_str_t         *items;
    const cxr_when_t  *cond;

    items = cxr_calloc(a, CXR_POLICY_REASONS_MAX, sizeof(cxr_str_t));
    if (items == NULL) {
        return CXR_NOMEM;
    }

    n = 0;

    for (i = 0; i < rules->n; i++) {

        if (!rules->items[i].active) {
            continue;
        }

        for (j = 0; j < rules->items[i].nconds; j++) {
            cond = &rules->items[i].conds[j];

            rules->customer |= (cond->kind >= CXR_WHEN_CUSTOMER_ORDERS
                                && cond->kind <= CXR_WHEN_CUSTOMER_MISSING)
                               || cond->kind == CXR_WHEN_CUSTOMER_LIST;
            rules->kept |= (cond->kind == CXR_WHEN_CUSTOMER_KEPT
                            || cond->kind == CXR_WHEN_CUSTOMER_MISSING);
            rules->method |= (cond->kind == CXR_WHEN_METHOD);

            if (cond->kind != CXR_WHEN_REASON) {
                continue;
            }

            for (k = 0; k < cond->u.set.n; k++) {

                for (m = 0; m < n; m++) {
                    if (cxr_str_eq(items[m], cond->u.set.items[k])) {
                        break;
                    }
                }

                if (m == n && n < CXR_POLICY_REASONS_MAX) {
                    items[n++] = cond->u.set.items[k];
                }
            }
        }
    }

    rules->reasons.items = items;
    rules->reasons.n = n;

    return CXR_OK;
}


/*
 * What a rule of a shop's policy does.
 */

#include <stdio.h>

#include "cxr_shop_private.h"


/* A rule's "then" while it is read. */
typedef struct {
    cxr_jr_t             r;
    cxr_rule_t          *rule;
    cxr_arena_t         *arena;
    cxr_json_faults_t   *faults;
    const cxr_shop_t   *shop;
} cxr_then_t;

/* Reads the value of one outcome: the member "key" of "r". */
typedef void (*cxr_then_one_pt)(cxr_then_t *t, cxr_jr_t *r, const char *key,
    unsigned outcome);


static void cxr_then_outcomes(cxr_then_t *t, const char *key, unsigned effect,
    cxr_then_one_pt read);
static void cxr_then_days(cxr_then_t *t, cxr_jr_t *r, const char *key,
    unsigned outcome);
static void cxr_then_bonus(cxr_then_t *t, cxr_jr_t *r, const char *key,
    unsigned outcome);
static void cxr_then_release(cxr_then_t *t, cxr_jr_t *r, const char *key,
    unsigned outcome);
static void cxr_then_restock(cxr_then_t *t);
static bool cxr_then_amount(cxr_then_t *t, json_t *json, const char *path,
    uint32_t bp_max, cxr_money_t *amount, uint32_t *bp);
static cxr_rc_t cxr_then_may(cxr_then_t *t, const cxr_shop_t *shop);
static void cxr_then_rest(cxr_then_t *t);
static void cxr_then_destination(cxr_then_t *t);
static bool cxr_then_has(const cxr_then_t *t, const char *key);
static void cxr_then_set(cxr_then_t *t, unsigned effect);


cxr_rc_t
cxr_shop_effects(json_t *json, const char *path, cxr_arena_t *a,
    const cxr_shop_t *shop, cxr_rule_t *rule, cxr_json_faults_t *faults)
{
    unsigned    e;
    cxr_rc_t    rc;
    cxr_then_t  t;

    memset(&t, 0, sizeof(t));

    if (!cxr_jr_begin(&t.r, json, path, a, faults)) {
        return CXR_OK;
    }

    t.rule = rule;
    t.arena = a;
    t.faults = faults;
    t.shop = shop;

    cxr_then_outcomes(&t, "window_days", CXR_EFFECT_WINDOW, cxr_then_days);
    cxr_then_outcomes(&t, "bonus", CXR_EFFECT_BONUS, cxr_then_bonus);
    cxr_then_outcomes(&t, "release", CXR_EFFECT_RELEASE, cxr_then_release);
    cxr_then_restock(&t);
    cxr_then_rest(&t);

    rc = cxr_then_may(&t, shop);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_jr_end(&t.r);

    for (e = 0; e < CXR_EFFECTS; e++) {
        if (rule->sets[e] != 0) {
            rule->has |= 1u << e;
        }
    }

    if (json_object_size(json) == 0) {
        cxr_jr_fault(&t.r, NULL, "must have at least one effect");
    }

    return CXR_OK;
}


static void
cxr_then_rest(cxr_then_t *t)
{
    cxr_jr_t    *r;
    unsigned     which;
    cxr_rule_t  *rule;

    static const char *const  approvals[] = { "auto", "review", NULL };

    r = &t->r;
    rule = t->rule;

    which = rule->anchor;
    cxr_jr_choice(r, "anchor", cxr_anchor_names, 0, &which);
    rule->anchor = (uint8_t) which;

    rule->has_fallback = cxr_then_has(t, "fallback_days");
    cxr_jr_u32(r, "fallback_days", 0, CXR_POLICY_DAYS_MAX, 0,
               &rule->fallback_days);

    if (cxr_then_has(t, "anchor") || rule->has_fallback) {
        cxr_then_set(t, CXR_EFFECT_ANCHOR);
    }

    if (cxr_jr_date(r, "open_until", 0, &rule->until)
        && cxr_then_has(t, "open_until"))
    {
        cxr_then_set(t, CXR_EFFECT_UNTIL);
    }

    if (cxr_jr_names(r, "outcomes", cxr_outcome_names, 0, &rule->outcomes)
        && cxr_then_has(t, "outcomes"))
    {
        cxr_then_set(t, CXR_EFFECT_OUTCOMES);
    }

    if (cxr_jr_names(r, "methods", cxr_method_names, 0, &rule->methods)
        && cxr_then_has(t, "methods"))
    {
        cxr_then_set(t, CXR_EFFECT_METHODS);
    }

    cxr_jr_names(r, "exclude_outcomes", cxr_outcome_names, 0,
                 &rule->not_outcomes);
    cxr_jr_names(r, "exclude_methods", cxr_method_names, 0,
                 &rule->not_methods);

    if (cxr_jr_int(r, "shipping_fee", 0, CXR_MONEY_MAX, 0, &rule->shipping)
        && cxr_then_has(t, "shipping_fee"))
    {
        cxr_then_set(t, CXR_EFFECT_SHIPPING);
    }

    which = 0;

    if (cxr_jr_choice(r, "approval", approvals, 0, &which)
        && cxr_then_has(t, "approval"))
    {
        rule->review = (which == 1);
        cxr_then_set(t, CXR_EFFECT_APPROVAL);
    }

    if (cxr_jr_bool(r, "keep_item", 0, &rule->keep)
        && cxr_then_has(t, "keep_item"))
    {
        cxr_then_set(t, CXR_EFFECT_KEEP);
    }

    if (cxr_jr_u32(r, "label_days", 1, CXR_POLICY_LABEL_MAX, 0,
                   &rule->label_days)
        && cxr_then_has(t, "label_days"))
    {
        cxr_then_set(t, CXR_EFFECT_LABEL);
    }

    cxr_then_destination(t);

    which = 0;

    if (cxr_jr_choice(r, "delivery_refund", cxr_delivery_names, 0, &which)
        && cxr_then_has(t, "delivery_refund"))
    {
        rule->delivery = (uint8_t) which;
        cxr_then_set(t, CXR_EFFECT_DELIVERY);
    }
}


static void
cxr_then_destination(cxr_then_t *t)
{
    uint32_t    i;
    cxr_str_t   id;
    cxr_strs_t  all;

    id = CXR_STR_NONE;

    if (!cxr_jr_slug(&t->r, "destination", CXR_DESTINATION_ID_MAX, 0, &id)
        || !cxr_then_has(t, "destination"))
    {
        return;
    }

    all = t->shop->policy.destinations;

    for (i = 0; i < all.n && !cxr_str_eq(all.items[i], id); i++) { /* void */ }

    if (i == all.n && !cxr_str_is(id, CXR_DESTINATION_WAREHOUSE)) {
        cxr_jr_fault(&t->r, "destination", "must be the id of one of the "
                     "file's \"destinations\", or \"warehouse\"");
        return;
    }

    t->rule->destination = i == all.n ? 0 : (uint8_t) (i + 1);
    cxr_then_set(t, CXR_EFFECT_DESTINATION);
}


/*
 * A value for each outcome by its name.  window_days may also be one number,
 * of all of them.
 */

static void
cxr_then_outcomes(cxr_then_t *t, const char *key, unsigned effect,
    cxr_then_one_pt read)
{
    char      path[sizeof(t->r.path)];
    json_t   *v;
    unsigned  o;
    cxr_jr_t  in;

    v = json_object_get(t->r.obj, key);

    if (effect == CXR_EFFECT_WINDOW && v != NULL && !json_is_object(v)) {

        read(t, &t->r, key, 0);

        for (o = 1; o < CXR_OUTCOMES; o++) {
            t->rule->window_days[o] = t->rule->window_days[0];
        }

        cxr_then_set(t, effect);
        return;
    }

    v = NULL;
    cxr_jr_object(&t->r, key, 0, &v);

    if (v == NULL
        || snprintf(path, sizeof(path), "%s/%s", t->r.path, key)
           >= (int) sizeof(path)
        || !cxr_jr_begin(&in, v, path, t->arena, t->faults))
    {
        return;
    }

    for (o = 0; o < CXR_OUTCOMES; o++) {
        if (json_object_get(v, cxr_outcome_names[o]) != NULL) {
            read(t, &in, cxr_outcome_names[o], o);
            t->rule->sets[effect] |= (uint8_t) (1u << o);
        }
    }

    cxr_jr_end(&in);

    if (json_object_size(v) == 0) {
        cxr_jr_fault(&t->r, key, "must have at least one outcome, like "
                     "\"refund\"");
    }
}


static void
cxr_then_days(cxr_then_t *t, cxr_jr_t *r, const char *key, unsigned outcome)
{
    cxr_jr_u32(r, key, 0, CXR_POLICY_DAYS_MAX, CXR_JR_REQUIRED,
               &t->rule->window_days[outcome]);
}


static void
cxr_then_release(cxr_then_t *t, cxr_jr_t *r, const char *key,
    unsigned outcome)
{
    unsigned  which;

    which = 0;

    /* "none" is of old RMAs, nothing that a shop may choose */

    cxr_jr_choice(r, key, cxr_release_names + 1, CXR_JR_REQUIRED, &which);
    t->rule->release[outcome] = (uint8_t) (which + 1);
}


static void
cxr_then_bonus(cxr_then_t *t, cxr_jr_t *r, const char *key, unsigned outcome)
{
    char     path[sizeof(r->path)];
    json_t  *v;

    v = NULL;
    cxr_jr_object(r, key, CXR_JR_REQUIRED, &v);

    if (v == NULL
        || snprintf(path, sizeof(path), "%s/%s", r->path, key)
           >= (int) sizeof(path))
    {
        return;
    }

    if (outcome != CXR_OUT_STORE_CREDIT && outcome != CXR_OUT_EXCHANGE) {
        cxr_jr_fault(r, key, "has no bonus: \"store_credit\" and \"exchange\" "
                     "have");
        return;
    }

    (void) cxr_then_amount(t, v, path, CXR_BONUS_BP_MAX,
                           &t->rule->bonus[outcome],
                           &t->rule->bonus_bp[outcome]);

    /* so many units of a line may have it, and their sum is money, too */

    if (t->rule->bonus[outcome] > CXR_BONUS_MAX) {
        cxr_jr_fault(r, key, "\"amount\" is for each unit: at most %lld, so "
                     "that %d units have no more than can be",
                     (long long) CXR_BONUS_MAX, CXR_LINE_QUANTITY_MAX);
    }
}


static void
cxr_then_restock(cxr_then_t *t)
{
    char         path[sizeof(t->r.path)];
    json_t      *v;
    unsigned     o;
    uint32_t     bp;
    cxr_money_t  amount;

    v = NULL;
    cxr_jr_object(&t->r, "restocking_fee", 0, &v);

    if (v == NULL
        || snprintf(path, sizeof(path), "%s/restocking_fee", t->r.path)
           >= (int) sizeof(path))
    {
        return;
    }

    amount = 0;
    bp = 0;

    if (!cxr_then_amount(t, v, path, 10000, &amount, &bp)) {
        return;
    }

    for (o = 0; o < CXR_OUTCOMES; o++) {
        t->rule->restock[o] = amount;
        t->rule->restock_bp[o] = bp;
    }

    cxr_then_set(t, CXR_EFFECT_RESTOCK);
}


static bool
cxr_then_amount(cxr_then_t *t, json_t *json, const char *path,
    uint32_t bp_max, cxr_money_t *amount, uint32_t *bp)
{
    cxr_jr_t  r;

    if (!cxr_jr_begin(&r, json, path, t->arena, t->faults)) {
        return false;
    }

    cxr_jr_int(&r, "amount", 0, CXR_MONEY_MAX, 0, amount);
    cxr_jr_u32(&r, "basis_points", 0, bp_max, 0, bp);

    if (json_object_size(json) == 0) {
        cxr_jr_fault(&r, "amount", "is missing: give \"amount\" (minor units, "
                     "for each unit), \"basis_points\" (100 are one percent "
                     "of what was paid), or both");
        return false;
    }

    return cxr_jr_end(&r);
}


/* "deny": true leaves the words to the translations. */

static cxr_rc_t
cxr_then_may(cxr_then_t *t, const cxr_shop_t *shop)
{
    char     path[sizeof(t->r.path)];
    bool     flag;
    json_t  *v;

    flag = true;

    if (cxr_then_has(t, "allow") && cxr_jr_bool(&t->r, "allow", 0, &flag)) {

        if (!flag) {
            cxr_jr_fault(&t->r, "allow", "can only be true: \"deny\" is what "
                         "refuses");
        }

        t->rule->allow = true;
        cxr_then_set(t, CXR_EFFECT_MAY);
    }

    if (!cxr_then_has(t, "deny")) {
        return CXR_OK;
    }

    if (t->rule->allow) {
        cxr_jr_fault(&t->r, "deny", "contradicts \"allow\" beside it");
    }

    cxr_then_set(t, CXR_EFFECT_MAY);

    v = json_object_get(t->r.obj, "deny");

    if (json_is_boolean(v)) {
        cxr_jr_bool(&t->r, "deny", 0, &flag);

        if (!flag) {
            cxr_jr_fault(&t->r, "deny", "can only be true or texts: \"allow\" "
                         "is what permits");
        }

        return CXR_OK;
    }

    v = NULL;
    cxr_jr_object(&t->r, "deny", 0, &v);

    if (v == NULL
        || snprintf(path, sizeof(path), "%s/deny", t->r.path)
           >= (int) sizeof(path))
    {
        return CXR_OK;
    }

    return cxr_shop_texts(v, path, CXR_DENIAL_MAX, t->arena, shop,
                          &t->rule->denial, t->faults);
}


static bool
cxr_then_has(const cxr_then_t *t, const char *key)
{
    json_t  *v;

    v = json_object_get(t->r.obj, key);

    return v != NULL && !json_is_null(v);
}


static void
cxr_then_set(cxr_then_t *t, unsigned effect)
{
    t->rule->sets[effect] = CXR_OUTCOMES_ALL;
}

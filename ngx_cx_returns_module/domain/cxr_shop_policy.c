
/*
 * The returns policy of a shop's file.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_gift.h"
#include "cxr_shop_private.h"
#include "cxr_text.h"


static cxr_rc_t cxr_policy_lists(json_t *json, cxr_arena_t *a,
    cxr_policy_t *policy, cxr_json_faults_t *faults);
static void cxr_policy_list(json_t *json, cxr_arena_t *a,
    cxr_people_t *people, cxr_json_faults_t *faults);
static cxr_rc_t cxr_policy_exempt(json_t *json, cxr_arena_t *a,
    cxr_policy_t *policy, cxr_json_faults_t *faults);
static void cxr_policy_outcomes(cxr_jr_t *r, cxr_policy_t *policy);
static void cxr_policy_release(json_t *json, cxr_arena_t *a,
    cxr_policy_t *policy, cxr_json_faults_t *faults);
static void cxr_policy_gives_delivery(json_t *json, cxr_arena_t *a,
    cxr_policy_t *policy, cxr_json_faults_t *faults);
static void cxr_policy_gifts(json_t *json, cxr_arena_t *a,
    cxr_policy_t *policy, cxr_json_faults_t *faults);
static cxr_rc_t cxr_policy_reasons(json_t *json, cxr_arena_t *a,
    cxr_shop_t *shop, cxr_json_faults_t *faults);
static cxr_rc_t cxr_policy_reason_read(json_t *json, uint32_t i,
    cxr_arena_t *a, cxr_shop_t *shop, cxr_json_faults_t *faults);


cxr_rc_t
cxr_shop_policy(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    json_t        *reasons, *release, *rules, *exempt, *lists, *claims;
    json_t        *delivery, *gifts, *cancel;
    cxr_rc_t       rc;
    cxr_jr_t       r;
    cxr_policy_t  *p;

    p = &shop->policy;

    if (!cxr_jr_begin(&r, json, "/policy", a, faults)) {
        return CXR_OK;
    }

    reasons = NULL;
    release = NULL;
    rules = NULL;
    exempt = NULL;
    lists = NULL;
    claims = NULL;
    delivery = NULL;
    gifts = NULL;
    cancel = NULL;
    p->currency = shop->currency;
    p->fallback_days = 5;
    p->label_days = 30;

    cxr_jr_u32(&r, "window_days", 0, CXR_POLICY_DAYS_MAX, CXR_JR_REQUIRED,
               &p->window_days);
    cxr_jr_u32(&r, "fallback_days", 0, CXR_POLICY_DAYS_MAX, 0,
               &p->fallback_days);
    cxr_jr_strs(&r, "final_sale_tags", CXR_POLICY_TAGS_MAX, CXR_TAG_MAX, 0,
                &p->final_sale_tags);
    cxr_policy_outcomes(&r, p);
    cxr_jr_int(&r, "review_above", 0, CXR_MONEY_MAX, 0, &p->review_above);
    cxr_jr_bool(&r, "auto_approve", CXR_JR_REQUIRED, &p->auto_approve);
    cxr_jr_int(&r, "fee", 0, CXR_MONEY_MAX, 0, &p->fee);
    cxr_jr_u32(&r, "label_days", 1, CXR_POLICY_LABEL_MAX, 0, &p->label_days);
    cxr_jr_u32(&r, "instant_exchange_days", 1, CXR_POLICY_LABEL_MAX, 0,
               &p->instant_days);
    cxr_jr_object(&r, "release", 0, &release);
    cxr_jr_array(&r, "reasons", CXR_POLICY_REASONS_MAX, CXR_JR_REQUIRED,
                 &reasons);
    cxr_jr_names(&r, "methods", cxr_method_names, 0, &p->methods);
    cxr_jr_array(&r, "rules", CXR_RULES_MAX, 0, &rules);
    cxr_jr_strs(&r, "laws", CXR_LAWS_MAX, CXR_URL_MAX, 0, &shop->law_files);
    cxr_jr_object(&r, "lists", 0, &lists);
    cxr_jr_object(&r, "exceptions", 0, &exempt);
    cxr_jr_object(&r, "claims", 0, &claims);
    cxr_jr_object(&r, "delivery_refund", 0, &delivery);
    cxr_jr_object(&r, "gift_returns", 0, &gifts);
    cxr_jr_object(&r, "cancellation", 0, &cancel);
    cxr_jr_end(&r);

    cxr_policy_release(release, a, p, faults);
    cxr_policy_gives_delivery(delivery, a, p, faults);
    cxr_policy_gifts(gifts, a, p, faults);
    cxr_shop_claims(claims, a, p, faults);

    rc = cxr_shop_cancel(cancel, a, shop, faults);
    if (rc != CXR_OK) {
        return rc;
    }

    if (reasons != NULL) {
        if (json_array_size(reasons) == 0) {
            cxr_jr_fault(&r, "reasons", "must have at least one reason");
        }

        rc = cxr_policy_reasons(reasons, a, shop, faults);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (lists != NULL) {
        rc = cxr_policy_lists(lists, a, p, faults);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (rules != NULL) {
        rc = cxr_shop_rules(rules, a, shop, faults);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (exempt != NULL) {
        rc = cxr_policy_exempt(exempt, a, p, faults);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    rc = cxr_json_hash(json, &p->hash);

    return rc == CXR_OK ? cxr_policy_stamp(p, a) : rc;
}


/*
 * An RMA names the version that decided it, and a file that was only laid out
 * anew must not make another.
 */

cxr_rc_t
cxr_json_hash(json_t *json, uint64_t *hash)
{
    char      *text, *p;
    uint64_t   h;

    text = json_dumps(json, JSON_COMPACT|JSON_SORT_KEYS|JSON_ENCODE_ANY);
    if (text == NULL) {
        return CXR_NOMEM;
    }

    h = 0xcbf29ce484222325u;

    for (p = text; *p != '\0'; p++) {
        h = (h ^ (unsigned char) *p) * 0x100000001b3u;
    }

    free(text);

    *hash = h;

    return CXR_OK;
}


cxr_rc_t
cxr_policy_stamp(cxr_policy_t *policy, cxr_arena_t *a)
{
    uint32_t   i;
    uint64_t   h;

    h = policy->hash;

    for (i = 0; i < policy->laws.n; i++) {
        h = (h ^ policy->laws.items[i]->hash) * 0x100000001b3u;
    }

    policy->version = cxr_sprintf(a, "%016llx", (unsigned long long) h);

    return policy->version.data != NULL ? CXR_OK : CXR_NOMEM;
}


/* Names of lists of people, each with its file, which cxr_shop_load() reads. */

static cxr_rc_t
cxr_policy_lists(json_t *json, cxr_arena_t *a, cxr_policy_t *policy,
    cxr_json_faults_t *faults)
{
    void          *at;
    cxr_jr_t       r;
    cxr_people_t  *people;

    if (!cxr_jr_begin(&r, json, "/policy/lists", a, faults)) {
        return CXR_OK;
    }

    if (json_object_size(json) > CXR_PEOPLE_LISTS_MAX) {
        cxr_jr_fault(&r, NULL, "must not have more than %d lists",
                     CXR_PEOPLE_LISTS_MAX);
        return CXR_OK;
    }

    for (at = json_object_iter(json); at != NULL;
         at = json_object_iter_next(json, at))
    {
        people = cxr_list_push(a, &policy->people, sizeof(*people));

        if (people == NULL
            || cxr_str_dup(a, cxr_strz(json_object_iter_key(at)),
                           &people->name) != CXR_OK)
        {
            return CXR_NOMEM;
        }

        if (people->name.len == 0 || people->name.len > CXR_PEOPLE_NAME_MAX) {
            cxr_jr_fault(&r, NULL, "must name lists by 1 to %d characters",
                         CXR_PEOPLE_NAME_MAX);
            continue;
        }

        if (json_is_object(json_object_iter_value(at))) {
            cxr_policy_list(json_object_iter_value(at), a, people, faults);

        } else {
            cxr_jr_line(&r, people->name.data, CXR_URL_MAX, CXR_JR_REQUIRED,
                        &people->file);
        }
    }

    return CXR_OK;
}


/* {"api": true}, or with a "file" as well */

static void
cxr_policy_list(json_t *json, cxr_arena_t *a, cxr_people_t *people,
    cxr_json_faults_t *faults)
{
    char      path[sizeof("/policy/lists/") + CXR_PEOPLE_NAME_MAX];
    cxr_jr_t  r;

    (void) snprintf(path, sizeof(path), "/policy/lists/%.*s",
                    cxr_str_arg(people->name));

    if (!cxr_jr_begin(&r, json, path, a, faults)) {
        return;
    }

    cxr_jr_line(&r, "file", CXR_URL_MAX, 0, &people->file);
    cxr_jr_bool(&r, "api", 0, &people->api);

    if (!people->api && people->file.len == 0) {
        cxr_jr_fault(&r, NULL, "must have a \"file\", or \"api\": true");
    }

    if (people->api && !cxr_is_slug(people->name, CXR_PEOPLE_NAME_MAX)) {
        cxr_jr_fault(&r, NULL, "is changed by the API, so its name must be of "
                     "a-z, 0-9, - and _");
    }

    cxr_jr_end(&r);
}


/* A tag, and the law's word for goods that cannot be withdrawn from. */

static cxr_rc_t
cxr_policy_exempt(json_t *json, cxr_arena_t *a, cxr_policy_t *policy,
    cxr_json_faults_t *faults)
{
    void          *at;
    cxr_jr_t       r;
    cxr_exempt_t  *e;

    if (!cxr_jr_begin(&r, json, "/policy/exceptions", a, faults)) {
        return CXR_OK;
    }

    if (json_object_size(json) > CXR_POLICY_TAGS_MAX) {
        cxr_jr_fault(&r, NULL, "must not have more than %d tags",
                     CXR_POLICY_TAGS_MAX);
        return CXR_OK;
    }

    policy->exempt.items = cxr_calloc(a, json_object_size(json),
                                      sizeof(cxr_exempt_t));
    if (policy->exempt.items == NULL) {
        return CXR_NOMEM;
    }

    for (at = json_object_iter(json); at != NULL;
         at = json_object_iter_next(json, at))
    {
        e = &policy->exempt.items[policy->exempt.n];

        if (cxr_str_dup(a, cxr_strz(json_object_iter_key(at)), &e->tag)
            != CXR_OK)
        {
            return CXR_NOMEM;
        }

        if (e->tag.len == 0 || e->tag.len > 4 * CXR_TAG_MAX) {
            cxr_jr_fault(&r, NULL, "must name tags of 1 to %d characters",
                         CXR_TAG_MAX);
            continue;
        }

        if (cxr_jr_slug(&r, e->tag.data, CXR_LAW_ID_MAX, CXR_JR_REQUIRED,
                        &e->code))
        {
            policy->exempt.n++;
        }
    }

    return CXR_OK;
}


static void
cxr_policy_outcomes(cxr_jr_t *r, cxr_policy_t *policy)
{
    (void) cxr_jr_names(r, "outcomes", cxr_outcome_names, CXR_JR_REQUIRED,
                        &policy->outcomes);
}


/*
 * When the shop is told to settle.  Unsaid: money when the goods are counted;
 * a replacement as soon as a carrier has what it replaces.
 */

static void
cxr_policy_release(json_t *json, cxr_arena_t *a, cxr_policy_t *policy,
    cxr_json_faults_t *faults)
{
    size_t     i;
    cxr_jr_t   r;
    unsigned   which;

    static const struct {
        uint8_t  outcome;
        uint8_t  unsaid;
    } outcomes[] = {
        { CXR_OUT_REFUND, CXR_RELEASE_RECEIVED },
        { CXR_OUT_EXCHANGE, CXR_RELEASE_FIRST_SCAN },
        { CXR_OUT_STORE_CREDIT, CXR_RELEASE_RECEIVED },
        { CXR_OUT_REPLACEMENT, CXR_RELEASE_FIRST_SCAN },
        { CXR_OUT_REPAIR, CXR_RELEASE_INSPECTED },
        { CXR_OUT_KEEP_ITEM, CXR_RELEASE_ON_SUBMIT }
    };

    for (i = 0; i < cxr_nelts(outcomes); i++) {
        policy->release[outcomes[i].outcome] = outcomes[i].unsaid;
    }

    if (json == NULL
        || !cxr_jr_begin(&r, json, "/policy/release", a, faults))
    {
        return;
    }

    for (i = 0; i < cxr_nelts(outcomes); i++) {

        /* "none" is of old RMAs, nothing that a shop may choose */

        which = outcomes[i].unsaid - 1;

        cxr_jr_choice(&r, cxr_outcome_names[outcomes[i].outcome],
                      cxr_release_names + 1, 0, &which);

        policy->release[outcomes[i].outcome] = (uint8_t) (which + 1);
    }

    cxr_jr_end(&r);
}


/*
 * What the delivery to the shopper cost.  Unsaid: who withdraws, or has a claim,
 * has it back when nothing of the order is left with her.
 */

static void
cxr_policy_gives_delivery(json_t *json, cxr_arena_t *a, cxr_policy_t *policy,
    cxr_json_faults_t *faults)
{
    cxr_jr_t  r;
    unsigned  withdrawal, returned, claim;

    withdrawal = CXR_DELIVERY_LAST;
    returned = CXR_DELIVERY_NONE;
    claim = CXR_DELIVERY_BY_RIGHT;

    if (json != NULL
        && cxr_jr_begin(&r, json, "/policy/delivery_refund", a, faults))
    {
        cxr_jr_choice(&r, "withdrawal", cxr_delivery_names, 0, &withdrawal);
        cxr_jr_choice(&r, "return", cxr_delivery_names, 0, &returned);
        cxr_jr_choice(&r, "claim", cxr_delivery_names, 0, &claim);
        cxr_jr_end(&r);
    }

    policy->delivery_withdrawal = (uint8_t) withdrawal;
    policy->delivery_return = (uint8_t) returned;
    policy->delivery_claim = (uint8_t) claim;
}


/* Absent: there are no gift returns. */

static void
cxr_policy_gifts(json_t *json, cxr_arena_t *a, cxr_policy_t *policy,
    cxr_json_faults_t *faults)
{
    cxr_jr_t           r;
    cxr_gift_terms_t  *g;

    if (json == NULL
        || !cxr_jr_begin(&r, json, "/policy/gift_returns", a, faults))
    {
        return;
    }

    g = &policy->gifts;

    if (cxr_jr_names(&r, "outcomes", cxr_outcome_names, CXR_JR_REQUIRED,
                     &g->outcomes)
        && (g->outcomes & ~CXR_GIFT_OUTCOMES) != 0)
    {
        cxr_jr_fault(&r, "outcomes", "may have \"store_credit\", \"exchange\" "
                     "and \"replacement\": what was paid goes back to the "
                     "buyer alone");
    }

    g->has_window = json_object_get(json, "window_days") != NULL;
    cxr_jr_u32(&r, "window_days", 0, CXR_POLICY_DAYS_MAX, 0, &g->window_days);
    cxr_jr_int(&r, "review_above", 0, CXR_MONEY_MAX, 0, &g->review_above);
    cxr_jr_end(&r);
}


static cxr_rc_t
cxr_policy_reasons(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    size_t    i;
    cxr_rc_t  rc;

    shop->policy.reasons.items = cxr_calloc(a, json_array_size(json),
                                            sizeof(cxr_reason_t));
    if (shop->policy.reasons.items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < json_array_size(json); i++) {
        rc = cxr_policy_reason_read(json_array_get(json, i), (uint32_t) i, a,
                                    shop, faults);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_policy_reason_read(json_t *json, uint32_t i, cxr_arena_t *a,
    cxr_shop_t *shop, cxr_json_faults_t *faults)
{
    char           path[48];
    json_t        *text;
    cxr_jr_t       r;
    bool           back;
    unsigned       claim;
    uint32_t       j;
    cxr_reason_t  *reason;

    snprintf(path, sizeof(path), "/policy/reasons/%u", i);

    if (!cxr_jr_begin(&r, json, path, a, faults)) {
        return CXR_OK;
    }

    reason = &shop->policy.reasons.items[shop->policy.reasons.n++];
    text = NULL;

    cxr_jr_slug(&r, "code", CXR_REASON_CODE_MAX, CXR_JR_REQUIRED,
                &reason->code);
    cxr_jr_object(&r, "text", 0, &text);
    cxr_jr_slug(&r, "group", CXR_REASON_CODE_MAX, 0, &reason->group);
    cxr_jr_bool(&r, "note", 0, &reason->note);
    cxr_jr_bool(&r, "review", 0, &reason->review);

    claim = CXR_CLAIM_NONE;
    cxr_jr_choice(&r, "claim", cxr_claim_names, 0, &claim);
    reason->claim = (uint8_t) claim;
    reason->photos = (uint8_t) cxr_shop_need(&r);

    if (json_object_get(json, "goods_back") != NULL) {
        back = true;
        cxr_jr_bool(&r, "goods_back", 0, &back);
        reason->goods = back ? CXR_NEED_REQUIRED : CXR_NEED_NONE;

        if (claim == CXR_CLAIM_NONE || (back && claim >= CXR_CLAIM_MISSING)) {
            cxr_jr_fault(&r, "goods_back", claim == CXR_CLAIM_NONE
                         ? "is of reasons that have a \"claim\""
                         : "cannot hold of what never came");
        }
    }

    for (j = 0; j + 1 < shop->policy.reasons.n; j++) {
        if (reason->code.len != 0
            && cxr_str_eq(shop->policy.reasons.items[j].code, reason->code))
        {
            cxr_jr_fault(&r, "code", "must differ from the reasons before it");
            break;
        }
    }

    cxr_jr_end(&r);

    if (text == NULL) {
        return CXR_OK;
    }

    snprintf(path, sizeof(path), "/policy/reasons/%u/text", i);

    return cxr_shop_texts(text, path, CXR_REASON_TEXT_MAX, a, shop,
                          &reason->text, faults);
}

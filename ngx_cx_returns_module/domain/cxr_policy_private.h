
/*
 * What the files that judge a line share.
 */

#ifndef _CXR_POLICY_PRIVATE_H_INCLUDED_
#define _CXR_POLICY_PRIVATE_H_INCLUDED_

#include "cxr_policy_rule.h"

/* A line on its way through the policy. */
typedef struct {
    cxr_when_facts_t  facts;
    cxr_time_t        delivered_at;
    cxr_time_t        shipped_at;
    bool              underway;    /* a parcel with it is not delivered        */
    bool              early;       /* it may be asked for before that          */
    const cxr_claim_terms_t  *terms;   /* of what is claimed; or NULL          */
    bool              keep;        /* what is claimed stays where it is        */
    cxr_time_t        from;        /* it may not be claimed before that        */
} cxr_policy_line_t;

bool cxr_strs_have(const cxr_strs_t *strs, cxr_str_t s);

/* Is the line in the parcel, as the shop told? */
bool cxr_policy_holds(const cxr_order_t *order, const cxr_shipment_t *parcel,
    cxr_str_t line);

void cxr_policy_facts(const cxr_policy_case_t *c, const cxr_order_line_t *line,
    const cxr_policy_ask_t *ask, cxr_policy_line_t *l);

/* the end of the local day "days" after that of "from" */
cxr_time_t cxr_policy_end(cxr_policy_case_t *c, cxr_time_t from,
    uint32_t days);

/* Is a rule's amount (NULL: the flat keys') one of the order's currency? */
bool cxr_policy_same_currency(const cxr_policy_case_t *c,
    const cxr_rule_t *rule);

/* The law under the line, and what it adds to what was decided. */
void cxr_floor_of(cxr_policy_case_t *c, const cxr_policy_line_t *l,
    cxr_floor_t *floor);
void cxr_floor_raise(const cxr_policy_case_t *c, const cxr_policy_line_t *l,
    const cxr_policy_ask_t *ask, unsigned outcome, cxr_floor_t *floor,
    cxr_offer_t *offer);

#endif /* _CXR_POLICY_PRIVATE_H_INCLUDED_ */

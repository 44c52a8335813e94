
/*
 * A policy's rules as they are kept once the shop's file has been read:
 * conditions as flat trees, texts beside a bit of their hash, so that a rule
 * that does not match costs a few comparisons.
 *
 * A condition is evaluated for all outcomes at once: its value is the set of
 * outcomes (bits 1 << cxr_outcome_t) for which it holds.
 */

#ifndef _CXR_POLICY_RULE_H_INCLUDED_
#define _CXR_POLICY_RULE_H_INCLUDED_

#include "cxr_policy.h"

#define CXR_RULE_ID_MAX       60
#define CXR_RULE_NOTE_MAX     300
#define CXR_RULE_VALUES_MAX   200     /* of one condition                      */
#define CXR_RULE_DEPTH        4       /* groups within groups; CXR_JSON_DEPTH  */
#define CXR_RULE_CONDS_MAX    200     /* of one rule, groups among them        */
#define CXR_DENIAL_MAX        300     /* characters                            */
/* of each unit of a line, so that all of them stay within what money can be */
#define CXR_BONUS_MAX         (CXR_MONEY_MAX / CXR_LINE_QUANTITY_MAX / 2)
#define CXR_BONUS_BP_MAX      100000  /* ten times what was paid               */
#define CXR_OUTCOMES_ALL      ((1u << CXR_OUTCOMES) - 1)

typedef enum {
    CXR_WHEN_ALL = 0,          /* groups: the "n" conditions that follow       */
    CXR_WHEN_ANY,
    CXR_WHEN_NOT,              /* not all of them                              */

    /* sets of texts */
    CXR_WHEN_COUNTRY,
    CXR_WHEN_CURRENCY,
    CXR_WHEN_ORDER_TAG,
    CXR_WHEN_DISCOUNT_CODE,    /* in any case; "VIP-*": those that begin so    */
    CXR_WHEN_CHANNEL,
    CXR_WHEN_LANGUAGE,
    CXR_WHEN_LAW,
    CXR_WHEN_TAG,
    CXR_WHEN_SKU,              /* "ETH-*": those that begin so                 */
    CXR_WHEN_PRODUCT,
    CXR_WHEN_REASON,

    /* from..to */
    CXR_WHEN_ORDER_VALUE,
    CXR_WHEN_ORDER_UNITS,
    CXR_WHEN_DAYS_PLACED,
    CXR_WHEN_PLACED,           /* local date                                   */
    CXR_WHEN_RETURNS,          /* earlier RMAs of the order                    */
    CXR_WHEN_RETURNED,         /* their value                                  */
    CXR_WHEN_CUSTOMER_ORDERS,
    CXR_WHEN_CUSTOMER_RETURNS,
    CXR_WHEN_CUSTOMER_RETURNED,
    CXR_WHEN_CUSTOMER_KEPT,
    CXR_WHEN_CUSTOMER_MISSING,
    CXR_WHEN_PRICE,
    CXR_WHEN_QUANTITY,
    CXR_WHEN_DISCOUNT,         /* 1/100 percent                                */
    CXR_WHEN_REQUEST_VALUE,    /* of all that is asked for with it             */
    CXR_WHEN_REQUEST_UNITS,
    CXR_WHEN_DAYS_DELIVERED,

    /* bits */
    CXR_WHEN_KIND,
    CXR_WHEN_OUTCOME,
    CXR_WHEN_METHOD,
    CXR_WHEN_FINAL_SALE,       /* 1: no, 2: yes                                */
    CXR_WHEN_DELIVERED,        /* 1: not known to be, 2: yes                   */
    CXR_WHEN_REQUEST_WHOLE,    /* 1: a part of the order, 2: all of it         */
    CXR_WHEN_CUSTOMER_LIST,    /* of policy.people                             */
    CXR_WHEN_GIFT              /* 1: no, 2: a gift return                      */
} cxr_when_kind_t;

#define CXR_WHENS  (CXR_WHEN_GIFT + 1)

extern const char *const  cxr_when_names[];      /* "all", ..., as in the file */

typedef struct {
    uint8_t           kind;
    bool              of_order;   /* it and what is in it is of the whole order */
    uint16_t          n;          /* groups: conditions in it, at any depth    */
    union {
        struct {
            const cxr_str_t  *items;
            uint32_t          n;
            uint64_t          bits;     /* of the hashes; all: a prefix        */
        } set;
        struct {
            int64_t           from;
            int64_t           to;
        } range;
        uint32_t              bits;
    } u;
} cxr_when_t;

struct cxr_rule_s {
    cxr_str_t          id;
    cxr_str_t          note;       /* the shop's own words on it               */
    bool               active;
    int32_t            from;       /* local days since 1970, both included     */
    int32_t            to;
    const cxr_when_t  *conds;      /* all of them must hold                    */
    uint32_t           nconds;
    cxr_str_t          currency;   /* of its amounts                           */

    uint8_t            sets[CXR_EFFECTS];    /* outcomes that it says it of    */
    uint32_t           has;        /* bits 1 << cxr_effect_t of those          */
    uint32_t           not_outcomes;         /* excluded                       */
    uint32_t           not_methods;

    uint32_t           window_days[CXR_OUTCOMES];
    cxr_money_t        restock[CXR_OUTCOMES];
    uint32_t           restock_bp[CXR_OUTCOMES];
    cxr_money_t        bonus[CXR_OUTCOMES];
    uint32_t           bonus_bp[CXR_OUTCOMES];
    uint8_t            release[CXR_OUTCOMES];
    bool               allow;
    cxr_texts_t        denial;
    uint8_t            anchor;
    bool               has_fallback;
    uint32_t           fallback_days;
    int32_t            until;      /* local days since 1970                    */
    uint32_t           outcomes;
    uint32_t           methods;
    cxr_money_t        shipping;
    bool               review;     /* approval: review, else auto              */
    bool               keep;
    uint32_t           label_days;
    uint8_t            delivery;   /* cxr_gives_delivery_t                           */
    uint8_t            destination;   /* as cxr_offer_t's                      */
};

struct cxr_rules_s {
    const cxr_rule_t  *items;      /* in the file's order                      */
    uint32_t           n;
    cxr_strs_t         reasons;    /* that a condition names                   */
    bool               customer;   /* a condition is of the customer: of her
                                      history, or of a list of people          */
    bool               kept;       /* and of what came of her RMAs             */
    bool               method;     /* or of how the goods go back              */
};

/* the bit of a text, for cxr_when_t.u.set.bits; of a discount code whose case
   makes no difference */
uint64_t cxr_when_bit(cxr_str_t s);
uint64_t cxr_when_code_bit(cxr_str_t s);

/* What a condition looks at, beside the case. */
typedef struct {
    const cxr_policy_case_t  *c;
    const cxr_order_line_t   *line;
    const cxr_policy_ask_t   *ask;
    cxr_str_t                 currency;      /* of the rule's amounts          */
    uint64_t                  tags;          /* bits                           */
    uint64_t                  sku;
    uint64_t                  product;
    cxr_money_t               price;         /* paid for one unit              */
    int32_t                   delivered;     /* local day; 0: not known        */
    bool                      final_sale;
} cxr_when_facts_t;

/* The outcomes for which the rule's conditions hold; those that are of the
   order are taken to hold when "line" is there (cxr_policy_live() looked). */
uint32_t cxr_rule_match(const cxr_rule_t *rule, cxr_when_facts_t *f);

/* Fills c->live with the rules that the order and the day do not rule out. */
void cxr_policy_live(cxr_policy_case_t *c);

/* The outcomes for which one condition (a group with all in it) holds. */
uint32_t cxr_when_holds(const cxr_when_t *cond, const cxr_when_facts_t *f);

/* The rule that an offer's "by" names; NULL: the flat keys or the law. */
const cxr_rule_t *cxr_policy_rule(const cxr_policy_case_t *c, uint16_t by);

#endif /* _CXR_POLICY_RULE_H_INCLUDED_ */


/*
 * The parcels that bring an RMA's goods back, for the shopper's page and the
 * desk, and the shopper's form "I have sent it": POST
 * /returns/r/<token>/parcel (fields: carrier, number).
 */

#ifndef _CXR_VIEW_SENT_H_INCLUDED_
#define _CXR_VIEW_SENT_H_INCLUDED_

#include "cxr_say.h"

/* One parcel of the RMA, beside rma->parcels. */
typedef struct {
    const cxr_shipment_t  *ship;      /* NULL: the carrier has not been heard */
    cxr_str_t              url;       /* of its tracking page, or empty       */
} cxr_sent_parcel_t;

typedef struct {
    cxr_str_t    carrier;          /* "Yurtiçi Kargo"                         */
    cxr_str_t    number;
    uint8_t      fact;             /* cxr_parcel_fact_t                       */
    cxr_str_t    sentence;         /* what the carrier last told              */
    cxr_str_t    tone;
    cxr_str_t    at;               /* of the fact, "22 Kasım 2026", or empty  */
    cxr_str_t    iso;
    cxr_str_t    url;
    bool         unproven;         /* the shopper's word alone, and awaited   */
    cxr_str_t    slug;             /* of the carrier: names it in forms       */
} cxr_view_sent_t;

typedef CXR_LIST_OF(cxr_view_sent_t)  cxr_view_sents_t;

extern const cxr_type_t  cxr_view_sent_type;

/* "parcels": one for each of rma->parcels, or NULL */
void cxr_view_sent(cxr_say_t *say, const cxr_rma_t *rma,
    const cxr_sent_parcel_t *parcels, cxr_view_sents_t *out);


/* ---- the form ---- */

typedef struct {
    cxr_str_t    carrier;          /* slug, one of the shop's, or empty       */
    cxr_str_t    number;           /* as typed, cleaned                       */
    cxr_str_t    carrier_key;      /* translation key of a fault, or empty    */
    cxr_str_t    number_key;
    cxr_str_t    reason;           /* the desk: why it is taken from another  */
    cxr_str_t    reason_key;
    bool         take;
} cxr_sent_form_t;

/*
 * What a person can mend becomes a key in the form.  With none, cmd->carrier
 * and ->number are what was chosen, in the arena.  CXR_NOMEM only.
 */
cxr_rc_t cxr_sent_form_parse(const cxr_shop_t *shop, const cxr_pairs_t *pairs,
    cxr_arena_t *a, cxr_sent_form_t *form, cxr_rma_name_t *cmd);
bool cxr_sent_form_ok(const cxr_sent_form_t *form);

typedef struct {
    cxr_str_t    value;
    cxr_str_t    text;
    bool         selected;
} cxr_view_carrier_t;

typedef struct {
    cxr_str_t    url;
    CXR_LIST_OF(cxr_view_carrier_t)  carriers;
    cxr_str_t    number;
    uint32_t     number_max;
    cxr_str_t    carrier_error;
    cxr_str_t    number_error;
    bool         open;             /* something in it is to be mended         */
    bool         can_take;         /* the desk: another RMA has the number    */
    bool         take;
    cxr_str_t    reason;
    uint32_t     reason_max;
    cxr_str_t    reason_error;
} cxr_view_sent_form_t;

extern const cxr_type_t  cxr_view_sent_form_type;

/*
 * NULL when there is nothing to tell: the RMA awaits no parcel, all of it has
 * been delivered, or the shop names no carriers.  "form" NULL: the empty one.  A
 * refusal of the command that points at the number stands beside it.
 */
cxr_view_sent_form_t *cxr_view_sent_form(cxr_say_t *say, const cxr_rma_t *rma,
    const cxr_sent_form_t *form, const cxr_refusal_t *no, cxr_str_t url);

#endif /* _CXR_VIEW_SENT_H_INCLUDED_ */

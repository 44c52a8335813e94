
/* What the portal's views share with each other, and with nobody else. */

#ifndef _CXR_VIEW_PORTAL_PRIVATE_H_INCLUDED_
#define _CXR_VIEW_PORTAL_PRIVATE_H_INCLUDED_

#include "cxr_view_portal.h"

/* The text of the fault at a field, or empty. */
cxr_str_t cxr_portal_fault_text(cxr_say_t *say,
    const cxr_portal_faults_t *faults, unsigned at, uint32_t line);

/* The first faults, each with a link to its field: "#q-0", "#form"; one about a
   line names it first (order NULL: none is). */
void cxr_portal_summary(cxr_say_t *say, const cxr_portal_faults_t *faults,
    const cxr_order_t *order, cxr_view_faults_t *out);

/* The product of a line, or NULL; the line's picture, or the product's. */
const cxr_product_t *cxr_portal_product(const cxr_portal_t *p,
    const cxr_order_line_t *line);
cxr_str_t cxr_portal_image(const cxr_portal_t *p,
    const cxr_order_line_t *line);

/* The terms of one outcome of a line for so many units; empty: there are none
   to tell.  claim: its reason is one, of which nothing is kept back. */
cxr_str_t cxr_view_terms(const cxr_portal_t *p, cxr_say_t *say, uint32_t index,
    unsigned outcome, cxr_money_t paid, uint32_t quantity, bool claim);

/*
 * What the way back costs at least, whatever she chooses of what pays her back,
 * and in "*most" what it may cost: of the form's lines that claim nothing, or of
 * all (form NULL), the policy's flat keys where nothing may be returned.
 */
cxr_money_t cxr_view_return_fee(const cxr_portal_t *p,
    const cxr_portal_form_t *form, cxr_money_t *most);
/* the days of the window, in the same way */
uint32_t cxr_view_return_days(const cxr_portal_t *p);

/* A line as the first step has it, into view->items or view->kept. */
extern const cxr_type_t  cxr_view_item_type;
extern const cxr_type_t  cxr_view_reason_type;
void cxr_view_item(const cxr_portal_t *p, const cxr_portal_form_t *form,
    uint32_t index, cxr_say_t *say, cxr_view_items_t *view);

/* May anything of the order be cancelled?  Is all of the line that is in RMAs in
   cancellations: cxr_view_cancel.c. */
bool cxr_view_cancels(const cxr_portal_t *p);
bool cxr_view_cancelled(const cxr_portal_t *p, const cxr_order_line_t *line);

/* Who was given it, as typed: cxr_view_gift.c. */
extern const cxr_type_t  cxr_view_gift_type;
cxr_view_gift_t *cxr_view_gift(const cxr_portal_form_t *form, cxr_say_t *say);
/* The ids of her fields, for the summary of errors; NULL: of another field. */
const char *cxr_view_gift_id(unsigned at);

/* The shop's own words for a rule that refuses; empty: it has none. */
cxr_str_t cxr_view_denial(cxr_say_t *say, const cxr_judgement_t *j);

/* The boxes to tick before the last button. */
void cxr_view_consents(const cxr_portal_t *p, const cxr_portal_form_t *form,
    const cxr_rma_t *preview, cxr_say_t *say, cxr_view_review_t *view);

/* The fields that a step hands on ("which": CXR_FIELDS_..), with a flow id. */
void cxr_view_hidden(cxr_say_t *say, const cxr_portal_t *p,
    const cxr_portal_form_t *form, unsigned which, cxr_pairs_t *out);

/* ---- a line's part of the form: d->index is set ---- */

void cxr_view_detail_reasons(const cxr_portal_t *p,
    const cxr_portal_form_t *form, const cxr_portal_pick_t *pick,
    cxr_say_t *say, cxr_view_detail_t *d);
void cxr_view_detail_choices(const cxr_portal_t *p,
    const cxr_portal_pick_t *pick, uint32_t outcomes, cxr_money_t paid,
    cxr_say_t *say, cxr_view_detail_t *d);           /* d->claim is set, too  */
void cxr_view_detail_variants(const cxr_portal_t *p,
    const cxr_portal_pick_t *pick, cxr_money_t paid, cxr_say_t *say,
    cxr_view_detail_t *d);
/* Some of several units for another reason, or something else in their place. */
void cxr_view_detail_split(const cxr_portal_t *p,
    const cxr_portal_form_t *form, const cxr_portal_pick_t *pick,
    cxr_say_t *say, cxr_view_detail_t *d);

#endif /* _CXR_VIEW_PORTAL_PRIVATE_H_INCLUDED_ */

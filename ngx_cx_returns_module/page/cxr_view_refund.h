
/*
 * Where a shopper's money is: what was done, what it waits for by the shop's
 * own rule, and until when the law wants it paid.  Nothing is said that the
 * journal does not hold.
 */

#ifndef _CXR_VIEW_REFUND_H_INCLUDED_
#define _CXR_VIEW_REFUND_H_INCLUDED_

#include "cxr_policy.h"
#include "cxr_rma.h"
#include "cxr_say.h"

typedef struct {
    cxr_str_t    text;             /* "420,00 ödendi"                         */
    cxr_str_t    at;               /* date; empty: still to come              */
    cxr_str_t    iso;
    bool         newest;           /* of what was done                        */
} cxr_view_refund_t;

typedef CXR_LIST_OF(cxr_view_refund_t)  cxr_view_refunds_t;

extern const cxr_type_t  cxr_view_refund_type;

/*
 * What a line's settlement waits for, as it is told: CXR_RELEASE_ON_SUBMIT,
 * whatever its rule, when nothing comes back that could be waited for, or what
 * it waits for has happened and a person is to say so; the count, where the
 * carrier has a parcel that may be anybody's.
 */
unsigned cxr_view_release(const cxr_rma_t *rma, const cxr_rma_line_t *line);
/* the last of these alone, of any rule */
unsigned cxr_view_release_by(const cxr_rma_t *rma, unsigned release);

/*
 * Rows of money, and of store credit, that goes to the shopper, what is done
 * before what is to come; none when nothing was ever to be paid.  What is to come
 * is what is left of it once her dues for other lines are taken off.
 */
void cxr_view_refunds(cxr_say_t *say, const cxr_rma_t *rma,
    cxr_view_refunds_t *rows);

/* Is some of it paid back in money? */
bool cxr_view_pays(const cxr_rma_t *rma);

/* cxr_view_refunds() of a request that was not sent yet: nothing is being prepared. */
void cxr_view_refunds_planned(cxr_say_t *say, const cxr_rma_t *preview,
    cxr_view_refunds_t *rows);

/*
 * "law" and "version" are of the right of withdrawal that held when the RMA
 * was made; NULL: none did.  Its clock runs for money that goes back for goods
 * that are returned, and neither for a claim nor for what was taken in money's
 * place.  Empty without any of that, and once all of it is paid.  A day when the
 * clock runs already, else how long it will run and from what.
 */
cxr_str_t cxr_view_refund_law(cxr_say_t *say, const cxr_tz_t *tz,
    const cxr_rma_t *rma, const cxr_law_t *law,
    const cxr_law_version_t *version);

#endif /* _CXR_VIEW_REFUND_H_INCLUDED_ */

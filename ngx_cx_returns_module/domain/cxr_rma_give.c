
/*
 * A parcel that was named for another RMA than the one whose it is: a stranger
 * guessed its number, a shopper mixed two up, somebody at the desk mistyped.  The
 * shop's word takes it from the one and gives it to the other.
 */

#include "cxr_rma_private.h"


/*
 * What only a shopper said released nothing.  What was released by a parcel that
 * the shop had named is with the shop's system already: that is undone there
 * first, and told by "fail".
 */
static bool
cxr_rma_relied(const cxr_rma_t *rma, const cxr_rma_parcel_t *p)
{
    uint32_t               i;
    const cxr_rma_line_t  *l;

    for (i = 0; !p->unproven && i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->told_units != 0 && !l->failed && l->counted == 0
            && (l->release == CXR_RELEASE_FIRST_SCAN
                || l->release == CXR_RELEASE_DELIVERED))
        {
            return true;
        }
    }

    return false;
}


cxr_rc_t
cxr_rma_give_parcel(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_name_t *cmd, cxr_arena_t *a, cxr_events_t *out,
    cxr_refusal_t *no)
{
    cxr_rc_t                 rc;
    cxr_rma_name_t          *body;
    const cxr_rma_parcel_t  *p;

    p = cxr_rma_parcel(rma, cmd->carrier, cmd->number);

    if (p == NULL) {
        return cxr_refuse(no, "parcel_taken", "/number",
                          "the number belongs to another parcel");
    }

    if (cmd->reason.len == 0) {
        return cxr_refuse(no, "reason_missing", "/reason",
                          "taking a parcel from another RMA needs a reason");
    }

    rc = cxr_rma_check_reason(cmd->reason, no);
    if (rc != CXR_OK) {
        return rc;
    }

    if (cxr_rma_relied(rma, p)) {
        return cxr_refuse(no, "parcel_relied_on", "/number",
                          "by that parcel %.*s was released: stop it there "
                          "first", cxr_str_arg(rma->id));
    }

    body = cxr_calloc(a, 1, sizeof(cxr_rma_name_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->rma = rma->id;
    body->carrier = p->carrier;
    body->number = p->number;
    body->other = cmd->rma;
    body->reason = cmd->reason;

    return cxr_rma_event(order, CXR_EV_RMA_PARCEL_GIVEN, body, a, out);
}


cxr_rc_t
cxr_rma_apply_given(cxr_rma_t *rma, const cxr_rma_name_t *body,
    cxr_arena_t *a)
{
    uint32_t           i, n;
    cxr_rma_parcel_t  *items;

    items = cxr_calloc(a, (size_t) rma->parcels.n + 1,
                       sizeof(cxr_rma_parcel_t));
    if (items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0, n = 0; i < rma->parcels.n; i++) {
        if (!cxr_str_eq(rma->parcels.items[i].carrier, body->carrier)
            || !cxr_str_eq(rma->parcels.items[i].number, body->number))
        {
            items[n++] = rma->parcels.items[i];
        }
    }

    if (n == rma->parcels.n) {
        return CXR_INVALID;
    }

    rma->parcels.items = items;
    rma->parcels.n = n;

    return CXR_OK;
}

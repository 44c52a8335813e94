
/*
 * What is in which parcel: of an order, of what comes back, and what is in none
 * yet.
 */

#include "cxr_view_texts.h"


cxr_rc_t
cxr_track_goods(const cxr_order_t *order, const cxr_shipment_t *ships,
    size_t n, const cxr_shipment_t *ship, cxr_arena_t *a,
    cxr_track_parcel_t *parcel)
{
    size_t                   k, outbound = 0;
    uint32_t                 i, m;
    cxr_track_good_t        *goods;
    const cxr_order_line_t  *line;

    if (ship->direction == CXR_PARCEL_RETURN) {
        return CXR_OK;
    }

    for (k = 0; k < n; k++) {
        outbound += (ships[k].direction == CXR_PARCEL_OUTBOUND);
    }

    if (ship->lines.n == 0 && outbound != 1) {
        return CXR_OK;
    }

    goods = cxr_calloc(a, order->lines.n + 1, sizeof(cxr_track_good_t));
    if (goods == NULL) {
        return CXR_NOMEM;
    }

    parcel->goods = goods;

    for (i = 0; i < order->lines.n; i++) {
        line = &order->lines.items[i];

        for (m = 0; m < ship->lines.n; m++) {
            if (cxr_str_eq(ship->lines.items[m], line->line)) {
                break;
            }
        }

        if (ship->lines.n && m == ship->lines.n) {
            continue;
        }

        goods[parcel->ngoods].title = line->title;
        goods[parcel->ngoods].variant = line->variant;
        goods[parcel->ngoods].image_url = line->image;
        goods[parcel->ngoods].quantity = line->quantity;
        parcel->ngoods++;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_track_goods_back(const cxr_rma_t *rma, cxr_arena_t *a,
    cxr_track_parcel_t *parcel)
{
    uint32_t               i;
    cxr_track_good_t      *goods;
    const cxr_rma_line_t  *line;

    if (rma->parcels.n > 1) {
        return CXR_OK;
    }

    goods = cxr_calloc(a, rma->lines.n + 1, sizeof(cxr_track_good_t));
    if (goods == NULL) {
        return CXR_NOMEM;
    }

    parcel->goods = goods;

    for (i = 0; i < rma->lines.n; i++) {
        line = &rma->lines.items[i];

        if (line->decision != CXR_DECISION_APPROVED || line->no_return) {
            continue;
        }

        goods[parcel->ngoods].title = line->title;
        goods[parcel->ngoods].variant = line->variant;
        goods[parcel->ngoods].image_url = line->image;
        goods[parcel->ngoods].quantity = line->quantity;
        parcel->ngoods++;
    }

    return CXR_OK;
}


static bool
goods_sent(const cxr_shipment_t *ships, size_t n, cxr_str_t line)
{
    size_t    i;
    uint32_t  m;

    for (i = 0; i < n; i++) {
        if (ships[i].direction != CXR_PARCEL_OUTBOUND) {
            continue;
        }

        if (ships[i].lines.n == 0) {
            return true;
        }

        for (m = 0; m < ships[i].lines.n; m++) {
            if (cxr_str_eq(ships[i].lines.items[m], line)) {
                return true;
            }
        }
    }

    return false;
}


cxr_rc_t
cxr_track_rest(const cxr_order_t *order, const cxr_shipment_t *ships,
    size_t n, cxr_arena_t *a, cxr_track_in_t *in)
{
    size_t                   k;
    bool                     sent = false, back = false;
    uint32_t                 i;
    cxr_track_good_t        *goods;
    const cxr_order_line_t  *line;

    /* what has not been sent for so long is nothing that is sent */

    if (order->placed_at == CXR_TIME_NONE
        || in->now > order->placed_at + CXR_TRACK_REST)
    {
        return CXR_OK;
    }

    goods = cxr_calloc(a, order->lines.n + 1, sizeof(cxr_track_good_t));
    if (goods == NULL) {
        return CXR_NOMEM;
    }

    in->rest = goods;

    for (k = 0; k < n; k++) {
        sent |= ships[k].direction == CXR_PARCEL_OUTBOUND;
    }

    for (i = 0; i < order->lines.n; i++) {
        back |= order->lines.items[i].returning != 0;
    }

    /* what comes back has been sent, whether or not a parcel is known; and where
       none is, the shop tells of none */

    if (back && !sent) {
        return CXR_OK;
    }

    for (i = 0; i < order->lines.n; i++) {
        line = &order->lines.items[i];

        if (line->origin.len != 0 || line->returning != 0
            || goods_sent(ships, n, line->line))
        {
            continue;
        }

        goods[in->nrest].title = line->title;
        goods[in->nrest].variant = line->variant;
        goods[in->nrest].image_url = line->image;
        goods[in->nrest].quantity = line->quantity;
        in->nrest++;
    }

    return CXR_OK;
}

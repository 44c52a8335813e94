
/*
 * Which of the parcels that have had a number a report is of, where the
 * carrier tells them apart.
 */

#include "cxr_store_private.h"


/* More than this of one number are not looked through: the newest are. */
#define CXR_GENERATIONS_MAX  32

typedef struct {
    cxr_dbkey_t  keys[CXR_GENERATIONS_MAX];
    uint32_t     days[CXR_GENERATIONS_MAX];
    unsigned     n;
} cxr_generations_t;


/* in the order of their days, from the oldest */
static cxr_rc_t
cxr_generations(cxr_writer_t *w, uint32_t shop, const cxr_report_t *report,
    cxr_generations_t *g)
{
    MDB_val      k, v;
    unsigned     i;
    cxr_rc_t     rc;
    cxr_dbkey_t  prefix;

    g->n = 0;
    cxr_dbkey_parcel(&prefix, shop, report->carrier, report->number);

    for (rc = cxr_writer_seek(w, CXR_T_SHIPMENTS, &prefix, &k, &v);
         rc == CXR_OK && cxr_dbkey_prefixes(&prefix, k);
         rc = cxr_writer_step(w, CXR_T_SHIPMENTS, &k, &v))
    {
        if (g->n == CXR_GENERATIONS_MAX) {
            for (i = 1; i < g->n; i++) {
                g->days[i - 1] = g->days[i];
            }

            g->n--;
        }

        g->days[g->n++] = cxr_be32((uint8_t *) k.mv_data + k.mv_size - 4);
    }

    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return rc;
    }

    for (i = 0; i < g->n; i++) {
        cxr_dbkey_shipment(&g->keys[i], shop, report->carrier, report->number,
                           g->days[i]);
    }

    return CXR_OK;
}


/* Parcels stand in the order of the days on which they began, however late
   each of them is told of. */
static uint32_t
cxr_generation_day(const cxr_generations_t *g, const cxr_report_t *report,
    cxr_time_t now)
{
    unsigned  i;
    uint32_t  day, today = now > 0 ? (uint32_t) (now / CXR_DAY) : 0;

    day = cxr_shipment_first_day(report);

    if (day == 0 || day > today) {
        day = today;
    }

    for (i = g->n; i > 0; i--) {
        if (g->days[i - 1] == day && day > 1) {
            day--;
        }
    }

    return day;
}


cxr_rc_t
cxr_slot_told(cxr_writer_t *w, uint32_t shop, const cxr_report_t *report,
    cxr_time_t now, cxr_slot_t **slot, uint32_t *day)
{
    unsigned            i, pass;
    cxr_rc_t            rc;
    cxr_slot_t         *s;
    cxr_shipment_t     *ship;
    cxr_generations_t   g;

    *slot = NULL;

    rc = cxr_generations(w, shop, report, &g);
    if (rc != CXR_OK) {
        return rc;
    }

    /* by the key; then one that has not been told its key yet */
    for (pass = 0; pass < 2; pass++) {
        for (i = g.n; i > 0; i--) {
            rc = cxr_slot_load(w, CXR_T_SHIPMENTS, &g.keys[i - 1], &s);
            if (rc != CXR_OK) {
                return rc;
            }

            ship = s->obj;

            if ((pass == 0) == (ship->unique.len != 0)
                && cxr_shipment_same(ship, report))
            {
                *slot = s;
                return CXR_OK;
            }
        }
    }

    *day = cxr_generation_day(&g, report, now);

    return CXR_OK;
}

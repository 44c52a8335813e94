
/*
 * What the shop knows of a parcel where its carrier says nothing: what becomes
 * of it before it is handed over, and how long it takes.
 */

#include <stdio.h>

#include "cxr_shop_private.h"


static bool
transit_has(const cxr_strs_t *list, cxr_str_t s)
{
    uint32_t  i;

    for (i = 0; i < list->n; i++) {
        if (cxr_str_eq(list->items[i], s)) {
            return true;
        }
    }

    return list->n == 0;
}


const cxr_transit_t *
cxr_shop_transit(const cxr_tracking_t *t, cxr_str_t country, cxr_str_t carrier)
{
    uint32_t  i;

    for (i = 0; i < t->transits.n; i++) {
        if (transit_has(&t->transits.items[i].countries, country)
            && transit_has(&t->transits.items[i].carriers, carrier))
        {
            return &t->transits.items[i];
        }
    }

    return NULL;
}


const cxr_stage_t *
cxr_shop_stage(const cxr_tracking_t *t, const cxr_strs_t *tags)
{
    uint32_t  i, k;

    for (i = 0; i < t->stages.n; i++) {
        for (k = 0; k < tags->n; k++) {
            if (cxr_str_eq(t->stages.items[i].tag, tags->items[k])) {
                return &t->stages.items[i];
            }
        }
    }

    return NULL;
}


/* "15:00" as a minute of the day */
static bool
transit_clock(cxr_str_t s, uint32_t *minute)
{
    unsigned  h, m;

    if (s.len != 5 || s.data[2] != ':' || s.data[0] < '0' || s.data[0] > '2'
        || s.data[1] < '0' || s.data[1] > '9' || s.data[3] < '0'
        || s.data[3] > '5' || s.data[4] < '0' || s.data[4] > '9')
    {
        return false;
    }

    h = (unsigned) (s.data[0] - '0') * 10 + (unsigned) (s.data[1] - '0');
    m = (unsigned) (s.data[3] - '0') * 10 + (unsigned) (s.data[4] - '0');

    *minute = h * 60 + m;

    return h < 24;
}


static void
transit_read(cxr_jr_t *r, cxr_transit_t *t)
{
    uint32_t   i;
    cxr_str_t  clock = CXR_STR_NONE;

    t->cutoff = (uint32_t) (CXR_DAY / CXR_MINUTE);

    cxr_jr_strs(r, "countries", 250, 2, 0, &t->countries);
    cxr_jr_strs(r, "carriers", CXR_TRANSITS_MAX, CXR_CARRIER_MAX, 0,
                &t->carriers);
    cxr_jr_u32(r, "from", 0, CXR_TRANSIT_DAYS_MAX, CXR_JR_REQUIRED, &t->from);
    cxr_jr_u32(r, "to", 0, CXR_TRANSIT_DAYS_MAX, CXR_JR_REQUIRED, &t->to);
    cxr_jr_u32(r, "handling", 0, CXR_TRANSIT_DAYS_MAX, 0, &t->handling);

    for (i = 0; i < t->countries.n; i++) {
        if (!cxr_is_country(t->countries.items[i])) {
            cxr_jr_fault(r, "countries", "must be codes of ISO 3166-1 like "
                         "\"TR\"");
            break;
        }
    }

    if (t->from > t->to) {
        cxr_jr_fault(r, "to", "must not be less than \"from\"");
    }

    if (cxr_jr_line(r, "cutoff", 5, 0, &clock) && clock.len != 0
        && !transit_clock(clock, &t->cutoff))
    {
        cxr_jr_fault(r, "cutoff", "must be a time of day like \"15:00\"");
    }
}


cxr_rc_t
cxr_shop_transits(json_t *json, cxr_arena_t *a, cxr_tracking_t *tracking,
    cxr_json_faults_t *faults)
{
    char            at[48];
    size_t          i;
    cxr_jr_t        r;
    cxr_transit_t  *t;

    for (i = 0; i < json_array_size(json); i++) {
        (void) snprintf(at, sizeof(at), "/tracking/transit/%u", (unsigned) i);

        if (!cxr_jr_begin(&r, json_array_get(json, i), at, a, faults)) {
            continue;
        }

        t = cxr_list_push(a, &tracking->transits, sizeof(*t));
        if (t == NULL) {
            return CXR_NOMEM;
        }

        transit_read(&r, t);
        cxr_jr_end(&r);
    }

    return CXR_OK;
}


cxr_rc_t
cxr_shop_stages(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    char          at[48];
    size_t        i;
    cxr_jr_t      r;
    cxr_rc_t      rc;
    uint32_t      k;
    cxr_stage_t  *stage;

    for (i = 0; i < json_array_size(json); i++) {
        (void) snprintf(at, sizeof(at), "/tracking/stages/%u", (unsigned) i);

        if (!cxr_jr_begin(&r, json_array_get(json, i), at, a, faults)) {
            continue;
        }

        stage = cxr_list_push(a, &shop->tracking.stages, sizeof(*stage));
        if (stage == NULL) {
            return CXR_NOMEM;
        }

        cxr_jr_line(&r, "tag", CXR_TAG_MAX, CXR_JR_REQUIRED, &stage->tag);

        for (k = 0; k + 1 < shop->tracking.stages.n; k++) {
            if (stage->tag.len != 0
                && cxr_str_eq(shop->tracking.stages.items[k].tag, stage->tag))
            {
                cxr_jr_fault(&r, "tag", "must differ from the stages before "
                             "it");
                break;
            }
        }

        rc = cxr_jr_texts(&r, "headline", CXR_MESSAGE_TEXT_MAX, CXR_JR_REQUIRED,
                          shop, &stage->headline);
        if (rc == CXR_OK) {
            rc = cxr_jr_texts(&r, "text", CXR_MESSAGE_TEXT_MAX, 0, shop,
                              &stage->text);
        }

        if (rc != CXR_OK) {
            return rc;
        }

        cxr_jr_end(&r);
    }

    return CXR_OK;
}

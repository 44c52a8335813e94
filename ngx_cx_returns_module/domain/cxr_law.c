
/*
 * Which law covers an order, and what it said on the day.
 */

#include "cxr_law.h"


const char *const  cxr_law_pays_names[] = { "consumer", "seller", NULL };

const char *const  cxr_law_refund_from_names[] = {
    "notice", "handover", "receipt", NULL
};

const char *const  cxr_law_delivery_names[] = {
    "none", "standard", "paid", NULL
};


bool
cxr_law_covers(const cxr_law_t *law, cxr_str_t country)
{
    uint32_t  i;

    for (i = 0; i < law->countries.n; i++) {
        if (cxr_str_eq(law->countries.items[i], country)) {
            return true;
        }
    }

    return false;
}


const cxr_law_version_t *
cxr_law_at(const cxr_law_t *law, const cxr_tz_t *tz, cxr_time_t placed_at)
{
    int64_t                    local;
    uint32_t                   i;
    const cxr_law_version_t   *v;

    local = placed_at + cxr_tz_offset(tz, placed_at) * CXR_SECOND;
    v = NULL;

    for (i = 0; i < law->versions.n; i++) {
        if (law->versions.items[i].valid_from <= local / CXR_DAY) {
            v = &law->versions.items[i];
        }
    }

    return v;
}


const cxr_law_exception_t *
cxr_law_exception(const cxr_law_version_t *v, cxr_str_t code)
{
    uint32_t  i;

    for (i = 0; i < v->exceptions.n; i++) {
        if (cxr_str_eq(v->exceptions.items[i].code, code)) {
            return &v->exceptions.items[i];
        }
    }

    return NULL;
}


/*
 * Public holidays are not known here: a period that ends on one ends a day or
 * two later by some laws, and a shop that wants to be exact gives more days.
 */

cxr_time_t
cxr_law_deadline(const cxr_law_version_t *v, const cxr_tz_t *tz,
    cxr_time_t from, uint32_t days)
{
    cxr_time_t   end;
    cxr_civil_t  c;

    end = cxr_tz_end_of_day(tz, from, (int32_t) days);

    if (!v->rolls || end == CXR_TIME_NONE || end == CXR_TIME_MAX) {
        return end;
    }

    cxr_civil(end, cxr_tz_offset(tz, end), &c);

    if (c.weekday == 6) {
        days += 2;

    } else if (c.weekday == 0) {
        days += 1;

    } else {
        return end;
    }

    return cxr_tz_end_of_day(tz, from, (int32_t) days);
}


#include "cxr_view_refund.h"

#include <stdio.h>


static const cxr_field_t  cxr_view_refund_fields[] = {
    CXR_FIELD(cxr_view_refund_t, text, STR),
    CXR_FIELD(cxr_view_refund_t, at, STR),
    CXR_FIELD(cxr_view_refund_t, iso, STR),
    CXR_FIELD(cxr_view_refund_t, newest, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_refund_type = {
    "refund", 0, 1, sizeof(cxr_view_refund_t), cxr_view_refund_fields
};


/* Money goes back: an exchange's is a difference, and is told with the sums. */
static bool
refund_is_money(const cxr_rma_line_t *line)
{
    return line->outcome == CXR_OUT_REFUND
           || line->outcome == CXR_OUT_STORE_CREDIT
           || line->outcome == CXR_OUT_KEEP_ITEM;
}


static cxr_view_refund_t *
refund_row(cxr_say_t *say, cxr_view_refunds_t *rows, const cxr_rma_t *rma,
    const char *key, cxr_money_t amount)
{
    cxr_arg_t           args[1];
    cxr_view_refund_t  *row;

    row = cxr_say_push(say, rows, sizeof(*row));

    if (row != NULL) {
        args[0] = cxr_arg_str("amount",
                              cxr_say_money(say, rma->currency, amount));
        row->text = cxr_say_with(say, key, args, 1);
    }

    return row;
}


static void
refund_done(cxr_say_t *say, const cxr_rma_t *rma, cxr_view_refunds_t *rows)
{
    char                   iso[CXR_TIME_PRINTED];
    uint32_t               i;
    const char            *key;
    cxr_view_refund_t     *row, *last;
    const cxr_rma_step_t  *step;

    last = NULL;

    for (i = 0; i < rma->steps.n; i++) {
        step = &rma->steps.items[i];

        if (step->kind == CXR_EV_SETTLEMENT_RELEASED) {
            key = "rma.refund.released";

        } else if (step->kind == CXR_EV_SETTLEMENT_CONFIRMED) {
            key = "rma.refund.confirmed";

        } else {
            continue;
        }

        if (step->money <= 0) {
            continue;
        }

        row = refund_row(say, rows, rma, key, step->money);

        if (row == NULL) {
            return;
        }

        row->at = cxr_say_date(say, step->at, CXR_DATE_DAY);
        last = row;

        if (cxr_str_dup(say->a, cxr_strn(iso, cxr_time_snprint(step->at, iso)),
                        &row->iso)
            != CXR_OK)
        {
            say->failed = true;
        }
    }

    if (last != NULL) {
        last->newest = true;
    }
}


unsigned
cxr_view_release(const cxr_rma_line_t *line)
{
    return line->no_return && line->release != CXR_RELEASE_NONE
           ? CXR_RELEASE_ON_SUBMIT : line->release;
}


/* What of "release" is still to come, by the rule of the line that wants it. */
static void
refund_next(cxr_say_t *say, const cxr_rma_t *rma, unsigned release,
    cxr_view_refunds_t *rows)
{
    char                   key[64];
    uint32_t               i;
    cxr_money_t            owed, asked, left;
    const cxr_rma_line_t  *line;

    owed = 0;
    asked = 0;

    for (i = 0; i < rma->lines.n; i++) {
        line = &rma->lines.items[i];

        if (!refund_is_money(line) || cxr_view_release(line) != release
            || line->decision == CXR_DECISION_DECLINED)
        {
            continue;
        }

        left = line->refund - line->told;

        if (left <= 0) {
            continue;
        }

        if (line->decision == CXR_DECISION_APPROVED) {
            owed += left;
        } else {
            asked += left;
        }
    }

    /* a parcel that may be anybody's: the count decides */

    if (cxr_rma_unproven(rma) && (release == CXR_RELEASE_FIRST_SCAN
                                  || release == CXR_RELEASE_DELIVERED))
    {
        release = CXR_RELEASE_RECEIVED;
    }

    if (owed > 0) {
        (void) snprintf(key, sizeof(key), "rma.refund.next.%s",
                        cxr_release_names[release]);
        (void) refund_row(say, rows, rma, key, owed);
    }

    if (asked > 0) {
        (void) snprintf(key, sizeof(key), "rma.refund.asked.%s",
                        cxr_release_names[release]);
        (void) refund_row(say, rows, rma, key, asked);
    }
}


void
cxr_view_refunds(cxr_say_t *say, const cxr_rma_t *rma,
    cxr_view_refunds_t *rows)
{
    bool         failed;
    uint32_t     i;
    unsigned     release;
    cxr_money_t  left;

    memset(rows, 0, sizeof(*rows));

    if (rma->told > 0 || rma->settled > 0) {
        refund_done(say, rma, rows);
    }

    if (rma->cancelled || rma->expired) {
        return;
    }

    left = rma->told - rma->settled;
    failed = false;

    for (i = 0; i < rma->lines.n; i++) {
        failed |= rma->lines.items[i].failed;
    }

    if (left > 0) {
        (void) refund_row(say, rows, rma, failed ? "rma.refund.failed"
                                                 : "rma.refund.under_way",
                          left);
    }

    for (release = 0; release < CXR_RELEASES; release++) {
        refund_next(say, rma, release, rows);
    }
}


/* The moment that the law counts the refund from; NONE: not yet. */
static cxr_time_t
refund_from(const cxr_rma_t *rma, const cxr_law_version_t *version)
{
    uint32_t               i;
    cxr_time_t             at;
    const cxr_rma_step_t  *step;

    if (version->refund_from == CXR_REFUND_FROM_NOTICE) {
        return rma->created_at;
    }

    at = CXR_TIME_NONE;

    for (i = 0; i < rma->steps.n && at == CXR_TIME_NONE; i++) {
        step = &rma->steps.items[i];

        if (step->kind == CXR_EV_RMA_RECEIVED
            || (step->kind == CXR_EV_RMA_PARCEL_MOVED
                && (step->parcel == CXR_PARCEL_DELIVERED
                    || (step->parcel == CXR_PARCEL_IN_TRANSIT
                        && version->refund_from == CXR_REFUND_FROM_HANDOVER))))
        {
            at = step->at;
        }
    }

    return at;
}


cxr_str_t
cxr_view_refund_law(cxr_say_t *say, const cxr_tz_t *tz, const cxr_rma_t *rma,
    const cxr_law_t *law, const cxr_law_version_t *version)
{
    char         key[64];
    uint32_t     i;
    cxr_arg_t    args[3];
    cxr_time_t   from;
    cxr_money_t  left;

    if (law == NULL || version == NULL || version->refund_days == 0
        || rma->cancelled || rma->expired)
    {
        return CXR_STR_NONE;
    }

    left = 0;

    for (i = 0; i < rma->lines.n; i++) {
        if (rma->lines.items[i].decision != CXR_DECISION_DECLINED
            && refund_is_money(&rma->lines.items[i]))
        {
            left += rma->lines.items[i].refund - rma->lines.items[i].settled;
        }
    }

    if (left <= 0) {
        return CXR_STR_NONE;
    }

    from = refund_from(rma, version);

    args[0] = cxr_arg_str("law", cxr_texts_in(&law->name,
                                              cxr_lang_code(say->ctx->lang)));
    args[1] = cxr_arg_int("days", version->refund_days);
    args[2] = cxr_arg_str("when", from == CXR_TIME_NONE ? CXR_STR_NONE
                          : cxr_say_date(say,
                                cxr_law_deadline(version, tz, from,
                                                 version->refund_days),
                                CXR_DATE_DAY));

    if (from != CXR_TIME_NONE) {
        return cxr_say_with(say, version->withhold ? "rma.law.by_withhold"
                                                   : "rma.law.by", args, 3);
    }

    (void) snprintf(key, sizeof(key), "rma.law.from.%s",
                    cxr_law_refund_from_names[version->refund_from]);

    return cxr_say_with(say, key, args, 3);
}

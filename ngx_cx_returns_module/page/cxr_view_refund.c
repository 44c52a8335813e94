
#include "cxr_view_refund.h"
#include "cxr_rma_act.h"
#include "cxr_view_rma.h"

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


/* the two that are told apart: what is paid, and what is credited */
enum {
    REFUND_MONEY = 0, REFUND_CREDIT, REFUND_SORTS
};

static const char *const  refund_sorts[REFUND_SORTS] = {
    "rma.refund", "rma.credit"
};


static unsigned
refund_sort(const cxr_rma_line_t *line)
{
    return line->outcome == CXR_OUT_STORE_CREDIT ? REFUND_CREDIT
                                                 : REFUND_MONEY;
}


/* What was done is told of the RMA, not of its lines: as a credit where it is
   nothing else. */
static unsigned
refund_sort_of(const cxr_rma_t *rma)
{
    return strcmp(cxr_view_settles(rma), "credit") == 0 ? REFUND_CREDIT
                                                        : REFUND_MONEY;
}


static cxr_view_refund_t *
refund_row(cxr_say_t *say, cxr_view_refunds_t *rows, const cxr_rma_t *rma,
    unsigned sort, const char *what, cxr_money_t amount)
{
    char                key[64];
    cxr_arg_t           args[1];
    cxr_view_refund_t  *row;

    row = cxr_say_push(say, rows, sizeof(*row));

    if (row != NULL) {
        args[0] = cxr_arg_str("amount",
                              cxr_say_money(say, rma->currency, amount));

        /* what was cancelled may never have been paid */

        if (rma->kind == CXR_KIND_CANCELLATION) {
            (void) snprintf(key, sizeof(key), "cancel.refund.%s", what);
            row->text = cxr_say_with(say, key, args, 1);
        }

        if (row->text.len == 0) {
            (void) snprintf(key, sizeof(key), "%s.%s", refund_sorts[sort],
                            what);
            row->text = cxr_say_with(say, key, args, 1);
        }
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
            key = "released";

        } else if (step->kind == CXR_EV_SETTLEMENT_CONFIRMED) {
            key = "confirmed";

        } else {
            continue;
        }

        if (step->money <= 0) {
            continue;
        }

        row = refund_row(say, rows, rma, refund_sort_of(rma), key,
                         step->money);

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
cxr_view_release(const cxr_rma_t *rma, const cxr_rma_line_t *line)
{
    if (line->release == CXR_RELEASE_NONE) {
        return CXR_RELEASE_NONE;
    }

    if (line->no_return || cxr_line_fired(rma, line) > line->told_units) {
        return CXR_RELEASE_ON_SUBMIT;
    }

    return cxr_view_release_by(rma, line->release);
}


/* A parcel that may be anybody's: the count decides.  Of her own carrier there is
   no other until somebody else names it, too, so no more is promised. */

unsigned
cxr_view_release_by(const cxr_rma_t *rma, unsigned release)
{
    return (release == CXR_RELEASE_FIRST_SCAN
            || release == CXR_RELEASE_DELIVERED)
           && (cxr_rma_unproven(rma)
               || cxr_str_is(rma->method,
                             cxr_method_names[CXR_METHOD_OWN_CARRIER]))
           ? CXR_RELEASE_RECEIVED : release;
}


/* What of "release" is still to come, by the rule of the line that wants it;
   no more than "*rest", which it is taken off. */
static void
refund_next(cxr_say_t *say, const cxr_rma_t *rma, unsigned release,
    unsigned sort, cxr_money_t *rest, cxr_view_refunds_t *rows)
{
    char                   what[64];
    unsigned               k;
    uint32_t               i;
    cxr_money_t            left, sums[2];
    const cxr_rma_line_t  *line;

    static const char *const  of[2] = { "next", "asked" };

    sums[0] = 0;
    sums[1] = 0;

    for (i = 0; i < rma->lines.n; i++) {
        line = &rma->lines.items[i];

        if (refund_sort(line) != sort
            || cxr_view_release(rma, line) != release
            || line->decision == CXR_DECISION_DECLINED)
        {
            continue;
        }

        left = line->refund - line->told;

        if (left > 0) {
            sums[line->decision != CXR_DECISION_APPROVED] += left;
        }
    }

    for (k = 0; k < cxr_nelts(of); k++) {
        left = sums[k] < *rest ? sums[k] : *rest;

        if (left <= 0) {
            continue;
        }

        *rest -= left;
        (void) snprintf(what, sizeof(what), "%s.%s", of[k],
                        cxr_release_names[release]);
        (void) refund_row(say, rows, rma, sort, what, left);
    }
}


void
cxr_view_refunds(cxr_say_t *say, const cxr_rma_t *rma,
    cxr_view_refunds_t *rows)
{
    bool         failed;
    uint32_t     i;
    unsigned     release, sort;
    cxr_money_t  left, rest;

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
        (void) refund_row(say, rows, rma, refund_sort_of(rma),
                          failed ? "failed" : "under_way", left);
    }

    /* what she owes for dearer goods is held back from it */

    rest = rma->refund - rma->due - rma->told;

    for (release = 0; release < CXR_RELEASES; release++) {
        for (sort = 0; sort < REFUND_SORTS; sort++) {
            refund_next(say, rma, release, sort, &rest, rows);
        }
    }
}


bool
cxr_view_pays(const cxr_rma_t *rma)
{
    uint32_t               i;
    const cxr_rma_line_t  *l;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->refund > 0 && refund_sort(l) == REFUND_MONEY
            && l->decision != CXR_DECISION_DECLINED)
        {
            return true;
        }
    }

    return false;
}


void
cxr_view_refunds_planned(cxr_say_t *say, const cxr_rma_t *preview,
    cxr_view_refunds_t *rows)
{
    uint32_t         i;
    unsigned         release;
    cxr_rma_t        rma = *preview;
    cxr_rma_line_t  *line;

    memset(rows, 0, sizeof(*rows));

    rma.lines.items = cxr_say_room(say, rma.lines.n, sizeof(cxr_rma_line_t));
    if (rma.lines.items == NULL) {
        return;
    }

    for (i = 0; i < rma.lines.n; i++) {
        line = &rma.lines.items[i];
        *line = preview->lines.items[i];
        release = cxr_view_release(preview, line);

        if (release == CXR_RELEASE_ON_SUBMIT || release == CXR_RELEASE_NONE) {
            line->decision = CXR_DECISION_PENDING;
        }
    }

    cxr_view_refunds(say, &rma, rows);
}


/* Money that the law's clock runs for. */
static bool
refund_by_law(const cxr_rma_t *rma, const cxr_rma_line_t *line)
{
    return line->outcome == CXR_OUT_REFUND && line->claim == CXR_CLAIM_NONE
           && (rma->kind == CXR_KIND_CANCELLATION
               ? line->decision == CXR_DECISION_APPROVED
               : line->decision != CXR_DECISION_DECLINED);
}


/* The moment that the law counts the refund from; NONE: not yet. */
static cxr_time_t
refund_from(const cxr_rma_t *rma, const cxr_law_version_t *version)
{
    uint32_t               i;
    cxr_time_t             at;
    const cxr_rma_step_t  *step;

    /* of what was cancelled nothing travels that the days could wait for */

    if (version->refund_from == CXR_REFUND_FROM_NOTICE
        || rma->kind == CXR_KIND_CANCELLATION)
    {
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
    char                   key[64];
    uint32_t               i;
    cxr_arg_t              args[4];
    cxr_time_t             from;
    cxr_money_t            left, rest;
    const cxr_rma_line_t  *line;

    if (law == NULL || version == NULL || version->refund_days == 0
        || rma->cancelled || rma->expired)
    {
        return CXR_STR_NONE;
    }

    left = 0;

    for (i = 0; i < rma->lines.n; i++) {
        line = &rma->lines.items[i];

        if (refund_by_law(rma, line)) {
            left += line->refund - line->settled;
        }
    }

    rest = rma->refund - rma->due - rma->settled;

    if (left > rest) {
        left = rest;
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
    args[3] = cxr_arg_str("amount", cxr_say_money(say, rma->currency, left));

    if (from != CXR_TIME_NONE) {
        return cxr_say_with(say, rma->kind == CXR_KIND_CANCELLATION
                                 ? "cancel.law.by"
                                 : version->withhold ? "rma.law.by_withhold"
                                                     : "rma.law.by",
                            args, 4);
    }

    (void) snprintf(key, sizeof(key), "rma.law.from.%s",
                    cxr_law_refund_from_names[version->refund_from]);

    return cxr_say_with(say, key, args, 4);
}

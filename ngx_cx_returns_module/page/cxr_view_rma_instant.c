
/*
 * An exchange whose goods go out first, on the RMA's page: what is expected of
 * the shopper until when, what happens else, and that it did not.
 */

#include "cxr_view_rma.h"


static const cxr_rma_line_t *
instant_line(const cxr_rma_t *rma)
{
    uint32_t               i;
    const cxr_rma_line_t  *l;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->instant && l->decision != CXR_DECISION_DECLINED) {
            return l;
        }
    }

    return NULL;
}


void
cxr_view_instant(cxr_say_t *say, const cxr_rma_t *rma, cxr_view_rma_t *view)
{
    cxr_arg_t              args[2];
    const char            *title, *text, *tone;
    const cxr_rma_line_t  *l;

    l = instant_line(rma);

    if (l == NULL || rma->cancelled || rma->expired) {
        return;
    }

    title = "instant.first";
    tone = "";

    if (rma->overdue) {
        title = "instant.overdue";
        text = "instant.overdue_text";
        tone = "bad";

    } else if (l->receipt != CXR_RECEIPT_AWAITING) {
        return;

    } else if (rma->instant_due == CXR_TIME_NONE) {
        text = "instant.soon_text";

    } else if (cxr_rma_unproven(rma)) {
        text = "instant.unproven_text";
        tone = "warn";

    } else if (l->parcel > CXR_PARCEL_LABEL_ISSUED) {
        title = "instant.sent";
        text = "instant.sent_text";
        tone = "good";

    } else {
        text = "instant.due_text";
        tone = "warn";
    }

    args[0] = cxr_arg_str("date", cxr_say_date(say, cxr_rma_instant_by(rma),
                                               CXR_DATE_DAY));
    args[1] = cxr_arg_int("days", rma->instant_days);

    view->instant_title = cxr_say(say, title);
    view->instant_text = cxr_say_with(say, text, args, 2);
    view->instant_tone = cxr_strz(tone);
}

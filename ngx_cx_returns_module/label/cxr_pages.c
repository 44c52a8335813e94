
/* The table of pages. */

#include "cxr_label.h"
#include "cxr_pages.h"
#include "cxr_view.h"
#include "cxr_view_cancel.h"
#include "cxr_view_desk.h"
#include "cxr_view_feeds.h"
#include "cxr_view_portal.h"
#include "cxr_view_rma.h"
#include "cxr_view_staff.h"
#include "cxr_view_surveys.h"
#include "cxr_view_talk.h"
#include "cxr_view_track.h"
#include "cxr_view_withdraw.h"
#include "cxr_view_withdrawals.h"


const cxr_template_use_t  cxr_pages[CXR_PAGES + 1] = {
    { "error.html", &cxr_view_error_type },
    { "track_find.html", &cxr_view_track_find_type },
    { "track.html", &cxr_view_track_type },
    { "portal_find.html", &cxr_view_find_type },
    { "portal_items.html", &cxr_view_items_type },
    { "portal_details.html", &cxr_view_details_type },
    { "portal_review.html", &cxr_view_review_type },
    { "rma.html", &cxr_view_rma_type },
    { "label.html", &cxr_view_label_type },
    { "label.svg", &cxr_view_label_type },
    { "slip.html", &cxr_view_label_type },
    { "qr.html", &cxr_view_label_type },
    { "staff_list.html", &cxr_view_staff_list_type },
    { "staff_rma.html", &cxr_view_staff_rma_type },
    { "staff_feeds.html", &cxr_view_staff_feeds_type },
    { "withdraw.html", &cxr_view_withdraw_type },
    { "withdraw_review.html", &cxr_view_withdraw_type },
    { "withdraw_link.html", &cxr_view_withdraw_link_type },
    { "withdraw_receipt.html", &cxr_view_declared_type },
    { "receipt.html", &cxr_view_receipt_type },
    { "staff_withdrawals.html", &cxr_view_withdrawals_type },
    { "order_talk.html", &cxr_view_order_talk_type },
    { "staff_talk.html", &cxr_view_order_talk_type },
    { "staff_messages.html", &cxr_view_waitings_type },
    { "staff_bulk.html", &cxr_view_bulk_type },
    { "staff_receive.html", &cxr_view_receive_type },
    { "claim_missing.html", &cxr_view_missing_type },
    { "staff_surveys.html", &cxr_view_surveys_type },
    { "portal_cancel.html", &cxr_view_cancel_type },
    { NULL, NULL }
};

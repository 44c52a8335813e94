
/*
 * The state machine of a line of an RMA: every verb and every change of a fact,
 * as one table.  Decisions ask it, apply holds events to it, tests walk it, and
 * docs/states.md is printed from it.
 */

#include "cxr_rma_act.h"
#include "cxr_rma_private.h"


#define CXR_WHO(x)    (1u << CXR_ACTOR_##x)
#define CXR_SHOP      (CXR_WHO(STAFF) | CXR_WHO(API))

#define D(x)          (1u << CXR_DECISION_##x)
#define P(x)          (1u << CXR_PARCEL_##x)
#define R(x)          (1u << CXR_RECEIPT_##x)
#define S(x)          (1u << CXR_SETTLEMENT_##x)

#define CXR_PARCEL_ANY  (P(NONE) | P(LABEL_ISSUED) | P(IN_TRANSIT)            \
                         | P(DELIVERED) | P(LOST))


const char *const  cxr_fact_names[] = {
    "decision", "parcel", "receipt", "settlement", NULL
};


const cxr_verb_rule_t  cxr_verbs[CXR_VERBS] = {

    [CXR_VERB_APPROVE] = {
        "approve", { "approve" }, CXR_SHOP, CXR_EV_RMA_DECIDED,
        "already_decided", "the line has been decided",
        "Lines that wait are approved. The first approval brings the label."
    },

    [CXR_VERB_DECLINE] = {
        "decline", { "approve" }, CXR_SHOP, CXR_EV_RMA_DECIDED,
        "already_decided", "the line has been decided",
        "Lines that wait are declined, with a reason that the shopper reads. "
        "Their units may be returned again."
    },

    [CXR_VERB_REQUEST_INFO] = {
        "request-info", { "approve" }, CXR_SHOP, CXR_EV_RMA_DECIDED,
        "already_decided", "the line has been decided",
        "The shopper is asked something before lines are decided."
    },

    [CXR_VERB_ANSWER] = {
        "answer", { "approve" }, CXR_SHOP | CXR_WHO(SHOPPER),
        CXR_EV_RMA_ANSWERED,
        "nothing_asked", "nobody asked for more on the line",
        "The shopper, or the shop for them, answers what was asked."
    },

    [CXR_VERB_PARCEL] = {
        "parcel", { "approve", "orders" },
        CXR_SHOP | CXR_WHO(SHOPPER), CXR_EV_RMA_PARCEL_NAMED,
        "not_approved", "nothing is to be sent before it is approved",
        "A parcel that brings goods back is named by its carrier and number."
    },

    [CXR_VERB_RECEIVE] = {
        "receive", { "receive" }, CXR_SHOP, CXR_EV_RMA_RECEIVED,
        "nothing_awaited", "nothing more is awaited of the line",
        "A box was counted: so many units of each line, so many things that "
        "are something else. May be said again for another box, until "
        "`no_more`. From the first count on, money follows the counted units."
    },

    [CXR_VERB_GRADE] = {
        "grade", { "receive" }, CXR_SHOP, CXR_EV_RMA_GRADED,
        "nothing_received", "no counted unit of the line is left to grade",
        "Counted units were looked at: their condition, where they go, what is "
        "deducted. Those that go back to the shopper are not settled."
    },

    [CXR_VERB_RELEASE] = {
        "release", { "settle" }, CXR_SHOP, CXR_EV_SETTLEMENT_RELEASED,
        "nothing_owed", "nothing of the line waits to be released",
        "Staff tell the shop to settle: before the policy's trigger (with a "
        "reason), again after it failed, or always where two people are wanted "
        "for it."
    },

    [CXR_VERB_CONFIRM] = {
        "confirm", { "settle" }, CXR_SHOP, CXR_EV_SETTLEMENT_CONFIRMED,
        "nothing_released", "nothing of the line was released and is unpaid",
        "The shop says what it paid or sent, whole or in part, with the "
        "payment's reference."
    },

    [CXR_VERB_FAIL] = {
        "fail", { "settle" }, CXR_SHOP, CXR_EV_SETTLEMENT_FAILED,
        "nothing_released", "nothing of the line was released and is unpaid",
        "The shop could not pay. It is released again, or confirmed after all."
    },

    [CXR_VERB_CANCEL] = {
        "cancel", { "approve" }, CXR_SHOP | CXR_WHO(SHOPPER),
        CXR_EV_RMA_CANCELLED,
        "too_late_to_cancel", "the goods are on their way back",
        "The whole request is taken back, while nothing is on its way, counted "
        "or released."
    },

    [CXR_VERB_REOPEN] = {
        "reopen", { "approve" }, CXR_SHOP, CXR_EV_RMA_REOPENED,
        "not_closed", "the line was neither declined nor closed",
        "A cancelled or expired request lives again as it was, or declined "
        "lines wait again, if their units and the exchange's stock are still "
        "free."
    },

    [CXR_VERB_NOTE] = {
        "note", { "approve", "receive", "settle" }, CXR_SHOP,
        CXR_EV_RMA_NOTED,
        "rma_closed", "the RMA is closed",
        "Words that staff alone read."
    },

    [CXR_VERB_EXPIRE] = {
        "expire", { "approve" }, CXR_SHOP | CXR_WHO(SYSTEM),
        CXR_EV_RMA_EXPIRED,
        "label_used", "something of the request came, is on its way, or was "
        "released",
        "The label's time is over and nothing was sent: the request is closed "
        "and its units may be returned again."
    },

    [CXR_VERB_OVERDUE] = {
        "overdue", { "settle" }, CXR_SHOP | CXR_WHO(SYSTEM),
        CXR_EV_RMA_OVERDUE,
        "nothing_overdue", "no instant exchange waits for its goods",
        "The goods of an instant exchange did not set out in time. The card "
        "is the shop's to charge."
    },

    [CXR_VERB_PAID] = {
        "paid", { "settle", "orders" }, CXR_SHOP, CXR_EV_DUE_PAID,
        "nothing_due", "the shopper owes nothing",
        "The shop says what the shopper paid of what she owes for a dearer "
        "exchange, whose goods are released when all of it is paid."
    },

    [CXR_VERB_REPAID] = {
        "repaid", { "settle" }, CXR_SHOP, CXR_EV_DUE_REPAID,
        "nothing_to_repay", "nothing that the shopper paid is to be paid back",
        "The shop says what it paid back of that, since the request was taken "
        "back or fewer goods came."
    },

    [CXR_VERB_FOLLOW] = {
        "follow", { NULL }, CXR_WHO(CARRIER) | CXR_WHO(SYSTEM),
        CXR_EV_RMA_PARCEL_MOVED,
        "parcel_unknown", "the RMA does not know the parcel",
        "What a carrier tells of a parcel that was named. No command: it comes "
        "with the parcel's own event."
    },

    [CXR_VERB_TRIGGER] = {
        "trigger", { NULL }, CXR_WHO(SYSTEM), CXR_EV_SETTLEMENT_RELEASED,
        "nothing_owed", "nothing of the line waits to be released",
        "What the policy waited for has happened, so the shop is told to "
        "settle. No command: it comes with what happened."
    },

    [CXR_VERB_DELIVERY] = {
        "delivery", { NULL }, CXR_WHO(SYSTEM), CXR_EV_RMA_DELIVERY,
        "nothing_owed", "nothing of the delivery's cost is due otherwise",
        "Another RMA of the order changed, and with it what of the cost of the "
        "delivery to the shopper goes back with this one. No command: it comes "
        "with what happened."
    },

    [CXR_VERB_GIVE] = {
        "give", { NULL }, CXR_SHOP, CXR_EV_RMA_PARCEL_GIVEN,
        "parcel_taken", "the RMA does not have the parcel",
        "The shop says that a parcel which was named for this RMA is another "
        "one's. No command: it comes with `parcel` of that one."
    },

    [CXR_VERB_OVERTAKE] = {
        "overtake", { NULL }, CXR_SHOP,
        CXR_EV_RMA_OVERTAKEN,
        "nothing_overtaken", "no parcel was named that has it",
        "The shop named a parcel with goods of a cancellation. What had not "
        "been answered is declined, and its units may be returned again; what "
        "had been approved stays so and says that it set out. No command: it "
        "comes with the order that names the parcel."
    }
};


const cxr_rma_row_t  cxr_rma_rows[] = {

    { CXR_VERB_APPROVE, CXR_FACT_DECISION,
      D(PENDING) | D(INFO_NEEDED), D(APPROVED), false },
    { CXR_VERB_APPROVE, CXR_FACT_PARCEL,
      P(NONE), P(LABEL_ISSUED) | P(IN_TRANSIT) | P(DELIVERED) | P(LOST),
      true },
    { CXR_VERB_APPROVE, CXR_FACT_SETTLEMENT, S(NONE), S(OWED), true },

    { CXR_VERB_DECLINE, CXR_FACT_DECISION,
      D(PENDING) | D(INFO_NEEDED), D(DECLINED), false },

    { CXR_VERB_REQUEST_INFO, CXR_FACT_DECISION,
      D(PENDING) | D(INFO_NEEDED), D(INFO_NEEDED), false },

    { CXR_VERB_ANSWER, CXR_FACT_DECISION,
      D(INFO_NEEDED), D(PENDING), false },

    { CXR_VERB_PARCEL, CXR_FACT_PARCEL,
      P(NONE) | P(LABEL_ISSUED) | P(DELIVERED), P(IN_TRANSIT), true },

    { CXR_VERB_FOLLOW, CXR_FACT_PARCEL,
      CXR_PARCEL_ANY, CXR_PARCEL_ANY, false },

    { CXR_VERB_GIVE, CXR_FACT_PARCEL,
      CXR_PARCEL_ANY, CXR_PARCEL_ANY, true },

    { CXR_VERB_OVERTAKE, CXR_FACT_DECISION,
      D(PENDING) | D(INFO_NEEDED), D(DECLINED), false },

    { CXR_VERB_RECEIVE, CXR_FACT_RECEIPT,
      R(AWAITING) | R(SHORT) | R(WRONG_ITEM) | R(MISSING),
      R(RECEIVED) | R(SHORT) | R(WRONG_ITEM) | R(MISSING), false },
    { CXR_VERB_RECEIVE, CXR_FACT_SETTLEMENT,
      S(OWED), S(NONE) | S(RELEASED) | S(CONFIRMED), true },
    { CXR_VERB_RECEIVE, CXR_FACT_SETTLEMENT,
      S(NONE) | S(RELEASED) | S(CONFIRMED), S(OWED), true },

    { CXR_VERB_GRADE, CXR_FACT_SETTLEMENT,
      S(OWED), S(NONE) | S(RELEASED) | S(CONFIRMED), true },

    { CXR_VERB_TRIGGER, CXR_FACT_SETTLEMENT,
      S(OWED) | S(RELEASED) | S(CONFIRMED), S(RELEASED), false },

    { CXR_VERB_RELEASE, CXR_FACT_SETTLEMENT,
      S(OWED) | S(FAILED), S(RELEASED) | S(OWED), false },

    { CXR_VERB_DELIVERY, CXR_FACT_SETTLEMENT,
      S(NONE) | S(RELEASED) | S(CONFIRMED), S(OWED), false },
    { CXR_VERB_DELIVERY, CXR_FACT_SETTLEMENT,
      S(OWED), S(NONE) | S(RELEASED) | S(CONFIRMED), false },

    { CXR_VERB_CONFIRM, CXR_FACT_SETTLEMENT,
      S(OWED) | S(RELEASED) | S(FAILED), S(CONFIRMED) | S(RELEASED) | S(OWED),
      false },

    { CXR_VERB_FAIL, CXR_FACT_SETTLEMENT,
      S(OWED) | S(RELEASED), S(FAILED), false },

    { CXR_VERB_CANCEL, CXR_FACT_SETTLEMENT, S(OWED), S(NONE), true },

    { CXR_VERB_EXPIRE, CXR_FACT_SETTLEMENT, S(OWED), S(NONE), true },

    { CXR_VERB_REOPEN, CXR_FACT_DECISION,
      D(DECLINED), D(PENDING), false },
    { CXR_VERB_REOPEN, CXR_FACT_SETTLEMENT, S(NONE), S(OWED), true }
};

const size_t  cxr_rma_nrows = cxr_nelts(cxr_rma_rows);


static void cxr_rows_verb(cxr_buf_t *out, unsigned verb);
static void cxr_rows_bits(cxr_buf_t *out, unsigned fact, unsigned bits);


int
cxr_verb(cxr_str_t name)
{
    int  i;

    for (i = 0; i < CXR_VERBS; i++) {
        if (cxr_verbs[i].roles[0] != NULL
            && cxr_str_is(name, cxr_verbs[i].name))
        {
            return i;
        }
    }

    return -1;
}


const char *const *
cxr_fact_values(unsigned fact)
{
    switch (fact) {

    case CXR_FACT_DECISION:
        return cxr_decision_names;

    case CXR_FACT_PARCEL:
        return cxr_parcel_fact_names;

    case CXR_FACT_RECEIPT:
        return cxr_receipt_names;

    default:
        return cxr_settlement_names;
    }
}


uint8_t
cxr_line_fact(const cxr_rma_line_t *line, unsigned fact)
{
    switch (fact) {

    case CXR_FACT_DECISION:
        return line->decision;

    case CXR_FACT_PARCEL:
        return line->parcel;

    case CXR_FACT_RECEIPT:
        return line->receipt;

    default:
        return line->settlement;
    }
}


bool
cxr_rma_allows(unsigned event, const cxr_rma_line_t *before,
    const cxr_rma_line_t *after)
{
    size_t                i;
    unsigned              fact, from, to;
    const cxr_rma_row_t  *row;

    for (fact = 0; fact < CXR_FACTS; fact++) {
        from = cxr_line_fact(before, fact);
        to = cxr_line_fact(after, fact);

        if (from == to) {
            continue;
        }

        for (i = 0; i < cxr_rma_nrows; i++) {
            row = &cxr_rma_rows[i];

            if (cxr_verbs[row->verb].event == event && row->fact == fact
                && (row->from & (1u << from)) != 0
                && (row->to & (1u << to)) != 0)
            {
                break;
            }
        }

        if (i == cxr_rma_nrows) {
            return false;
        }
    }

    return true;
}


bool
cxr_line_movable(const cxr_rma_line_t *l, unsigned verb)
{
    size_t                i;
    const cxr_rma_row_t  *row;

    for (i = 0; i < cxr_rma_nrows; i++) {
        row = &cxr_rma_rows[i];

        if (row->verb == verb && !row->derived
            && (row->from & (1u << cxr_line_fact(l, row->fact))) != 0)
        {
            return true;
        }
    }

    return false;
}


void
cxr_rma_rows_print(cxr_buf_t *out)
{
    unsigned            i, fact;
    const char *const  *names;

    cxr_buf_addz(out,
        "# States of an RMA\n\n"
        "Printed by `cx-returns states` from the table that decides "
        "(`ngx_cx_returns_module/domain/cxr_rma_table.c`); a test compares "
        "the two.\n\n"
        "An RMA has lines, and each line four facts that do not depend on "
        "one another. The status of the RMA is derived from them.\n\n"
        "| fact | values |\n|---|---|\n");

    for (fact = 0; fact < CXR_FACTS; fact++) {
        cxr_buf_addz(out, "| ");
        cxr_buf_addz(out, cxr_fact_names[fact]);
        cxr_buf_addz(out, " | ");

        names = cxr_fact_values(fact);

        for (i = 0; names[i] != NULL; i++) {
            cxr_buf_addz(out, i ? ", " : "");
            cxr_buf_addz(out, names[i]);
        }

        cxr_buf_addz(out, " |\n");
    }

    cxr_buf_addz(out, "\nStatuses: ");

    for (i = 0; i < CXR_RMA_NSTATUS; i++) {
        cxr_buf_addz(out, i ? ", " : "");
        cxr_buf_addz(out, cxr_rma_status_names[i]);
    }

    cxr_buf_addz(out, ".\n\n## Verbs\n\n"
        "Each is an action of the API, `POST /api/v1/rmas/<rma>/<verb>`, "
        "but for the last, which say so, and is decided alike for the desk, the "
        "API and the portal. A change in *italics* follows from the verb's "
        "own. What no row allows is refused, with the code at the end.\n");

    for (i = 0; i < CXR_VERBS; i++) {
        cxr_rows_verb(out, i);
    }
}


static void
cxr_rows_verb(cxr_buf_t *out, unsigned verb)
{
    bool                    any;
    size_t                  i;
    const cxr_rma_row_t    *row;
    const cxr_verb_rule_t  *v;

    v = &cxr_verbs[verb];

    cxr_buf_addz(out, "\n### ");
    cxr_buf_addz(out, v->name);
    cxr_buf_addz(out, "\n\n");
    cxr_buf_addz(out, v->what);
    cxr_buf_addz(out, "\n\nBy ");

    for (i = 0, any = false; cxr_actor_names[i] != NULL; i++) {
        if (v->who & (1u << i)) {
            cxr_buf_addz(out, any ? ", " : "");
            cxr_buf_addz(out, cxr_actor_names[i]);
            any = true;
        }
    }

    for (i = 0; v->roles[i] != NULL; i++) {
        cxr_buf_addz(out, i ? " or " : "; staff and API with the role ");
        cxr_buf_addz(out, v->roles[i]);
    }

    cxr_buf_addz(out, ". Event `");
    cxr_buf_addz(out, cxr_event_names[v->event]);
    cxr_buf_addz(out, "`.\n");

    for (i = 0, any = false; i < cxr_rma_nrows; i++) {
        row = &cxr_rma_rows[i];

        if (row->verb != verb) {
            continue;
        }

        cxr_buf_addz(out, any ? "" : "\n| fact | from | to |\n|---|---|---|\n");
        any = true;

        cxr_buf_addz(out, row->derived ? "| *" : "| ");
        cxr_buf_addz(out, cxr_fact_names[row->fact]);
        cxr_buf_addz(out, row->derived ? "* | " : " | ");
        cxr_rows_bits(out, row->fact, row->from);
        cxr_buf_addz(out, " | ");
        cxr_rows_bits(out, row->fact, row->to);
        cxr_buf_addz(out, " |\n");
    }

    cxr_buf_addz(out, "\nElse `");
    cxr_buf_addz(out, v->refusal);
    cxr_buf_addz(out, "`: ");
    cxr_buf_addz(out, v->refusal_text);
    cxr_buf_addz(out, ".\n");
}


static void
cxr_rows_bits(cxr_buf_t *out, unsigned fact, unsigned bits)
{
    bool                any;
    unsigned            i;
    const char *const  *names;

    names = cxr_fact_values(fact);

    for (i = 0, any = false; names[i] != NULL; i++) {
        if (bits & (1u << i)) {
            cxr_buf_addz(out, any ? ", " : "");
            cxr_buf_addz(out, names[i]);
            any = true;
        }
    }
}

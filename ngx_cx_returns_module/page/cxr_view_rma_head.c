
/*
 * The head of an RMA's page: the state in one sentence, what happens next or
 * is to be done, and the bar of its stages.  A sentence says no more than the
 * facts hold: of goods that stay where they are it does not say that they
 * travel, nor of a replacement that money comes.
 */

#include "cxr_cancel.h"
#include "cxr_view_rma.h"

#include <stdio.h>


/* What the lines that were not declined have come to. */
typedef struct {
    bool  declined;              /* another line was                          */
    bool  goes;                  /* something is to be sent back              */
    bool  came;                  /* a box was counted that some of it was in  */
    bool  counted;               /* and a unit of it was                      */
    bool  awaited;               /* some of it is waited for yet              */
    bool  owed;
    bool  told;
    bool  failed;
    bool  worth;                 /* something was paid for them               */
} cxr_rma_sight_t;

enum {
    CXR_STAGE_ASKED = 0, CXR_STAGE_APPROVED, CXR_STAGE_SENT, CXR_STAGE_HERE,
    CXR_STAGE_SETTLED, CXR_STAGES
};


/* how far along the bar a status is; -1: off it */
static const int  cxr_rma_stage_now[CXR_RMA_NSTATUS] = {
    [CXR_RMA_REQUESTED] = CXR_STAGE_ASKED,
    [CXR_RMA_INFO_NEEDED] = CXR_STAGE_ASKED,
    [CXR_RMA_APPROVED] = CXR_STAGE_APPROVED,
    [CXR_RMA_DECLINED] = -1,
    [CXR_RMA_IN_TRANSIT] = CXR_STAGE_SENT,
    [CXR_RMA_RECEIVED] = CXR_STAGE_HERE,
    [CXR_RMA_COMPLETED] = CXR_STAGE_SETTLED,
    [CXR_RMA_CANCELLED] = -1,
    [CXR_RMA_EXPIRED] = -1
};

static const char *const  cxr_rma_heroes[CXR_RMA_NSTATUS] = {
    [CXR_RMA_INFO_NEEDED] = "warn",
    [CXR_RMA_APPROVED] = "good",
    [CXR_RMA_DECLINED] = "bad",
    [CXR_RMA_COMPLETED] = "good"
};


static void
head_sight(const cxr_rma_t *rma, cxr_rma_sight_t *s)
{
    uint32_t               i;
    const cxr_rma_line_t  *l;

    memset(s, 0, sizeof(*s));

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->decision == CXR_DECISION_DECLINED) {
            s->declined = true;
            continue;
        }

        s->owed |= (l->settlement == CXR_SETTLEMENT_OWED);
        s->failed |= l->failed;
        s->told |= (l->told_units != 0 || l->told != 0);
        s->worth |= (l->paid != 0);

        if (!l->no_return) {
            s->goes = true;
            s->came |= (l->receipt != CXR_RECEIPT_AWAITING);
            s->counted |= (l->counted != 0);
            s->awaited |= !l->no_more && l->counted < l->quantity
                          && l->receipt != CXR_RECEIPT_RECEIVED;
        }
    }
}


/* What the carriers say of those lines that are awaited. */
static const char *
head_transit(const cxr_rma_t *rma, const cxr_rma_sight_t *s)
{
    bool                   delivered = true;
    uint32_t               i;
    const cxr_rma_line_t  *l;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->decision == CXR_DECISION_DECLINED
            || l->receipt != CXR_RECEIPT_AWAITING)
        {
            continue;
        }

        if (l->parcel == CXR_PARCEL_LOST) {
            return "lost";
        }

        delivered &= (l->parcel == CXR_PARCEL_DELIVERED);
    }

    return s->came ? "part" : delivered ? "delivered" : "moving";
}


/* What is kept travels nowhere, and what is brought to a store has no carrier. */
static bool
head_has_stage(const cxr_rma_t *rma, const cxr_rma_sight_t *s, int stage)
{
    switch (stage) {

    case CXR_STAGE_SENT:
        return s->goes
               && (!cxr_str_is(rma->method,
                               cxr_method_names[CXR_METHOD_IN_STORE])
                   || rma->status == CXR_RMA_IN_TRANSIT);

    case CXR_STAGE_HERE:
        return s->goes;

    default:
        return true;
    }
}


/* All of it is over, and nothing of what was paid for comes of it. */
static bool
head_came_to_nothing(const cxr_rma_sight_t *s)
{
    return s->worth && !s->owed && !s->told && !s->failed;
}


static void
head_stages(const cxr_rma_t *rma, const cxr_rma_sight_t *s, cxr_say_t *say,
    cxr_view_rma_t *view)
{
    int                i, now;
    cxr_view_stage_t  *stage;

    static const char *const  names[CXR_STAGES] = {
        "asked", "approved", "sent", "here", "settled"
    };

    now = rma->status < CXR_RMA_NSTATUS ? cxr_rma_stage_now[rma->status] : -1;

    /* steps that all lead to a payment say too much where none was made */

    if (rma->status == CXR_RMA_COMPLETED && head_came_to_nothing(s)) {
        now = -1;
    }

    for (i = 0; now >= 0 && i < CXR_STAGES; i++) {

        if (!head_has_stage(rma, s, i)) {
            continue;
        }

        stage = cxr_say_push(say, &view->stages, sizeof(*stage));
        if (stage == NULL) {
            return;
        }

        stage->text = cxr_say_name(say, "rma.stage.",
                                   i == CXR_STAGE_SENT && now == i
                                   ? head_transit(rma, s) : names[i]);
        stage->done = i < now || rma->status == CXR_RMA_COMPLETED;
        stage->now = i == now && !stage->done;
        stage->state = cxr_say(say, stage->done ? "rma.stage.state_done"
                                    : stage->now ? "rma.stage.state_now"
                                                 : "rma.stage.state_todo");
    }

    view->has_stages = view->stages.n > 0;
}


/* A headline or a "next" has its own words where those of a return would not
   do. */
static cxr_str_t
head_words(cxr_say_t *say, const char *prefix, unsigned of, const char *twist,
    const cxr_arg_t *args, size_t n)
{
    char         key[96];
    cxr_str_t    text;
    const char  *status = cxr_rma_status_names[of];

    (void) snprintf(key, sizeof(key), "rma.%s.%s.%s", prefix, status, twist);

    text = cxr_say_with(say, key, args, n);
    if (text.len) {
        return text;
    }

    (void) snprintf(key, sizeof(key), "rma.%s.%s", prefix, status);

    return cxr_say_with(say, key, args, n);
}


/* The status that the head speaks of: a question to the shopper comes before
   whatever else waits, since only they can answer it. */
static unsigned
head_speaks_of(const cxr_rma_t *rma)
{
    uint32_t  i;

    if (rma->status >= CXR_RMA_NSTATUS) {
        return CXR_RMA_REQUESTED;
    }

    for (i = 0; rma->status == CXR_RMA_REQUESTED && i < rma->lines.n; i++) {
        if (rma->lines.items[i].decision == CXR_DECISION_INFO_NEEDED) {
            return CXR_RMA_INFO_NEEDED;
        }
    }

    return rma->status;
}


/* What it is called: where nothing goes back it is no return. */
static const char *
head_kind(const cxr_rma_t *rma, const cxr_rma_sight_t *s)
{
    return rma->kind == CXR_KIND_WITHDRAWAL ? "withdrawal"
           : rma->kind == CXR_KIND_CANCELLATION ? "cancellation"
           : rma->kind == CXR_KIND_CLAIM || !s->goes ? "claim"
           : rma->kind == CXR_KIND_EXCHANGE ? "exchange" : "return";
}


/* What a cancellation has come to: the parcel may have been quicker. */
static const char *
head_cancelled(const cxr_rma_t *rma, unsigned of)
{
    uint32_t  i;

    for (i = 0; of == CXR_RMA_DECLINED && i < rma->lines.n; i++) {
        if (rma->lines.items[i].overtaken) {
            return "overtaken";
        }
    }

    return cxr_rma_overtaken(rma) ? "overtaken" : "cancellation";
}


static const char *
head_headline(const cxr_rma_t *rma, const cxr_rma_sight_t *s, unsigned of)
{
    switch (of) {

    case CXR_RMA_IN_TRANSIT:
        return head_transit(rma, s);

    case CXR_RMA_RECEIVED:
        return s->awaited && s->counted ? "part" : "return";

    case CXR_RMA_COMPLETED:
        return head_came_to_nothing(s) ? "nothing" : head_kind(rma, s);

    default:
        return head_kind(rma, s);
    }
}


/* What there is to do now that it is approved. */
static const char *
head_approved(const cxr_rma_page_t *p, const cxr_rma_sight_t *s,
    const cxr_view_rma_t *view)
{
    const cxr_rma_t  *rma = p->rma;

    if (!s->goes) {
        return "nothing";
    }

    if (rma->parcels.n != 0 && !view->by_carrier_label) {
        return "named";
    }

    if (!view->has_label) {
        return !view->label_expired ? "none"
               : cxr_str_is(rma->method, cxr_method_names[CXR_METHOD_LABEL])
                 || cxr_str_is(rma->method,
                               cxr_method_names[CXR_METHOD_CARRIER_LABEL])
               ? "expired" : "over";
    }

    return view->by_label ? "label"
           : view->by_qr ? "qr"
           : view->by_code ? view->code_waits ? "code_waits" : "code"
           : view->by_carrier_label ? view->label_waits ? "label_waits"
                                                        : "label"
           : view->in_store ? "store" : "own";
}


/* What follows now that it is here: by what is owed yet, and to whom. */
static const char *
head_received(const cxr_rma_t *rma, const cxr_rma_sight_t *s)
{
    return s->failed ? "failed"
           : !s->counted && head_came_to_nothing(s) ? "unclear"
           : s->awaited ? "part"
           : !s->owed ? "told"
           : cxr_rma_due_open(rma) != 0 ? "unpaid" : cxr_view_settles(rma);
}


static const char *
head_next(const cxr_rma_page_t *p, const cxr_rma_sight_t *s, unsigned of,
    const cxr_view_rma_t *view)
{
    if (p->rma->kind == CXR_KIND_CANCELLATION) {
        return head_cancelled(p->rma, of);
    }

    switch (of) {

    case CXR_RMA_REQUESTED:
        return !s->goes ? "nothing"
               : p->rma->kind == CXR_KIND_WITHDRAWAL ? "withdrawal" : "return";

    case CXR_RMA_APPROVED:
        return head_approved(p, s, view);

    case CXR_RMA_IN_TRANSIT:
        return head_transit(p->rma, s);

    case CXR_RMA_RECEIVED:
        return head_received(p->rma, s);

    case CXR_RMA_COMPLETED:
        return head_came_to_nothing(s) ? "nothing"
               : view->credit_code.len != 0 ? "gift" : "return";

    case CXR_RMA_CANCELLED:
        return p->rma->due_told > p->rma->due_back ? "repaid" : "return";

    default:
        return "return";
    }
}


void
cxr_view_rma_head(const cxr_rma_page_t *p, cxr_say_t *say,
    cxr_view_rma_t *view)
{
    unsigned          of;
    cxr_arg_t         args[2];
    const char       *headline;
    cxr_rma_sight_t   s;
    const cxr_rma_t  *rma = p->rma;

    head_sight(rma, &s);
    head_stages(rma, &s, say, view);

    of = head_speaks_of(rma);
    headline = head_headline(rma, &s, of);

    args[0] = cxr_arg_str("when", view->label_until);
    args[1] = cxr_arg_str("refund", view->refund);

    view->status = rma->status;
    view->status_text = cxr_say_status_of(say, rma);
    view->tone = cxr_tone_of_status(rma->status);
    view->hero = cxr_strz(strcmp(headline, "nothing") == 0
                          || strcmp(headline, "lost") == 0
                          ? "warn" : cxr_rma_heroes[of]);
    view->headline = head_words(say, "headline", of, headline, args, 2);
    view->ask = of == CXR_RMA_INFO_NEEDED;
    view->next = head_words(say, "next", of, head_next(p, &s, of, view), args,
                            2);

    if (cxr_rma_due_open(rma) != 0
        && (of == CXR_RMA_APPROVED || of == CXR_RMA_IN_TRANSIT))
    {
        view->next = cxr_say_join(say, view->next, " ",
                                  cxr_say(say, view->pay_url.len != 0
                                               ? "rma.next.pay"
                                               : "rma.next.pay_later"));
    }

    if (s.declined && cxr_rma_stage_now[of] >= CXR_STAGE_APPROVED) {
        view->next = cxr_say_join(say, view->next, " ",
                                  cxr_say(say, "rma.next.part_declined"));
    }
}

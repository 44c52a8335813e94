
/*
 * What has happened to an RMA, in sentences.
 */

#include "cxr_view_rma.h"

#include <stdio.h>


static const cxr_field_t  cxr_view_step_fields[] = {
    CXR_FIELD(cxr_view_step_t, at, STR),
    CXR_FIELD(cxr_view_step_t, iso, STR),
    CXR_FIELD(cxr_view_step_t, text, STR),
    CXR_FIELD(cxr_view_step_t, actor, STR),
    CXR_FIELD(cxr_view_step_t, reason, STR),
    CXR_FIELD(cxr_view_step_t, policy, STR),
    CXR_FIELD(cxr_view_step_t, newest, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_step_type = {
    "step", 0, 1, sizeof(cxr_view_step_t), cxr_view_step_fields
};


const char *
cxr_view_settles(const cxr_rma_t *rma)
{
    uint32_t               i;
    const char            *one, *all;
    const cxr_rma_line_t  *line;

    all = NULL;

    for (i = 0; i < rma->lines.n; i++) {
        line = &rma->lines.items[i];

        if (line->decision == CXR_DECISION_DECLINED) {
            continue;
        }

        one = cxr_view_settles_line(line);

        if (all != NULL && strcmp(all, one) != 0) {
            return "mixed";
        }

        all = one;
    }

    return all != NULL ? all : "mixed";
}


const char *
cxr_view_settles_line(const cxr_rma_line_t *line)
{
    switch (line->outcome) {

    case CXR_OUT_EXCHANGE:
    case CXR_OUT_REPLACEMENT:
        return "exchange";

    case CXR_OUT_STORE_CREDIT:
        return "credit";

    case CXR_OUT_REPAIR:
        return "repair";

    default:
        return "refund";
    }
}


/* Of the sentence's key; a kind that is not here is of a version to come. */
static const char *const  cxr_view_step_names[] = {
    [CXR_EV_RMA_CREATED] = "created",
    [CXR_EV_RMA_DECIDED] = "decided",
    [CXR_EV_RMA_CANCELLED] = "cancelled",
    [CXR_EV_RMA_PARCEL_NAMED] = "parcel_named",
    [CXR_EV_RMA_PARCEL_MOVED] = "parcel_moved",
    [CXR_EV_SETTLEMENT_RELEASED] = "released",
    [CXR_EV_RMA_ANSWERED] = "answered",
    [CXR_EV_RMA_RECEIVED] = "received",
    [CXR_EV_RMA_GRADED] = "graded",
    [CXR_EV_SETTLEMENT_CONFIRMED] = "confirmed",
    [CXR_EV_SETTLEMENT_FAILED] = "failed",
    [CXR_EV_DUE_PAID] = "due_paid",
    [CXR_EV_DUE_TO_REPAY] = "due_to_repay",
    [CXR_EV_DUE_REPAID] = "due_repaid",
    [CXR_EV_RMA_DELIVERY] = "delivery",
    [CXR_EV_RMA_PARCEL_GIVEN] = "parcel_given",
    [CXR_EV_RMA_REOPENED] = "reopened",
    [CXR_EV_RMA_NOTED] = "noted",
    [CXR_EV_RMA_EXPIRED] = "expired",
    [CXR_EV_RMA_OVERDUE] = "overdue",
    [CXR_EV_RMA_OVERTAKEN] = "overtaken",
    [CXR_EV_CODE_ASSIGNED] = "code_assigned",
    [CXR_EV_CODE_RETURNED] = "code_returned",
    [CXR_EV_LABEL_REQUESTED] = "label_requested",
    [CXR_EV_LABEL_SUPPLIED] = "label_supplied",
    [CXR_EV_LABEL_EXPIRING] = "label_expiring",
    [CXR_EV_RECIPIENT_ERASED] = "recipient_erased"
};


/* A parcel's step tells where it is, a settlement's what is settled; all others
   what the RMA has come to. */

static const char *
cxr_view_step_about(const cxr_rma_t *rma, const cxr_rma_step_t *step)
{
    switch (step->kind) {

    case CXR_EV_RMA_PARCEL_MOVED:
        return cxr_parcel_fact_names[step->parcel <= CXR_PARCEL_LOST
                                     ? step->parcel : CXR_PARCEL_NONE];

    case CXR_EV_SETTLEMENT_RELEASED:
    case CXR_EV_SETTLEMENT_CONFIRMED:
        return rma->kind == CXR_KIND_CANCELLATION ? "cancellation"
               : cxr_view_settles(rma);

    default:
        return step->status < CXR_RMA_NSTATUS
               ? cxr_rma_status_names[step->status] : "requested";
    }
}


/* The shop paid, and by then had not yet paid all that the RMA comes to. */

static bool
cxr_view_step_part(const cxr_rma_t *rma, const cxr_rma_step_t *step)
{
    cxr_money_t            paid;
    const cxr_rma_step_t  *s;

    if (step->kind != CXR_EV_SETTLEMENT_CONFIRMED || step->money <= 0) {
        return false;
    }

    paid = 0;

    for (s = rma->steps.items; s <= step; s++) {
        if (s->kind == CXR_EV_SETTLEMENT_CONFIRMED
            && !cxr_money_add(paid, s->money, &paid))
        {
            return false;
        }
    }

    return paid < rma->refund;
}


static cxr_str_t
cxr_view_step_text(cxr_say_t *say, const cxr_rma_t *rma,
    const cxr_rma_step_t *step)
{
    cxr_arg_t    arg;
    char         key[96];
    cxr_str_t    text;
    const char  *what;

    what = step->kind < cxr_nelts(cxr_view_step_names)
           ? cxr_view_step_names[step->kind] : NULL;

    if (what == NULL) {
        what = "updated";
    }

    if (!rma->gift && cxr_view_step_part(rma, step)) {
        arg = cxr_arg_str("amount", cxr_say_money(say, rma->currency,
                                                  step->money));

        return cxr_say_with(say, "rma.step.confirmed.part", &arg, 1);
    }

    (void) snprintf(key, sizeof(key), "rma.step.%s.%s", what,
                    cxr_view_step_about(rma, step));

    text = cxr_say(say, key);

    return text.len ? text : cxr_say_name(say, "rma.step.", what);
}


/* "staff:ayse" -> "Ekip: ayse"; whoever has no name is only their kind */
static cxr_str_t
cxr_view_actor(cxr_say_t *say, unsigned kind, cxr_str_t actor)
{
    char         key[64];
    cxr_arg_t    arg;
    const char  *colon;

    if (kind > CXR_ACTOR_CARRIER) {
        return CXR_STR_NONE;
    }

    colon = actor.len ? memchr(actor.data, ':', actor.len) : NULL;

    if (colon != NULL) {
        actor.len -= (size_t) (colon + 1 - actor.data);
        actor.data = colon + 1;
    }

    /* shoppers have no name here but what they are */

    if (actor.len == 0
        || (colon == NULL && cxr_str_is(actor, cxr_actor_names[kind])))
    {
        return cxr_say_name(say, "staff.actor.", cxr_actor_names[kind]);
    }

    (void) snprintf(key, sizeof(key), "staff.actor.%s.named",
                    cxr_actor_names[kind]);

    arg = cxr_arg_str("name", actor);

    return cxr_say_with(say, key, &arg, 1);
}


cxr_rc_t
cxr_view_rma_steps(cxr_say_t *say, const cxr_rma_t *rma, bool actor,
    cxr_view_steps_t *out)
{
    char                   iso[CXR_TIME_PRINTED];
    uint32_t               i;
    cxr_view_step_t       *step;
    const cxr_rma_step_t  *from;

    memset(out, 0, sizeof(*out));

    for (i = rma->steps.n; i-- > 0; /* void */ ) {
        from = &rma->steps.items[i];

        /* what staff note is theirs alone */

        if (from->kind == CXR_EV_RMA_NOTED && !actor) {
            continue;
        }

        step = cxr_say_push(say, out, sizeof(*step));
        if (step == NULL) {
            return CXR_NOMEM;
        }

        step->at = cxr_say_date(say, from->at, CXR_DATE_DAY_TIME);
        step->text = cxr_view_step_text(say, rma, from);
        step->newest = out->n == 1;

        if (actor) {
            step->actor = cxr_view_actor(say, from->actor_kind, from->actor);
            step->reason = from->reason;
            step->policy = from->policy.len != 0
                           && !cxr_str_eq(from->policy, rma->policy)
                           ? from->policy : CXR_STR_NONE;
        }

        if (cxr_str_dup(say->a, cxr_strn(iso, cxr_time_snprint(from->at, iso)),
                        &step->iso)
            != CXR_OK)
        {
            say->failed = true;
        }
    }

    return cxr_say_rc(say);
}

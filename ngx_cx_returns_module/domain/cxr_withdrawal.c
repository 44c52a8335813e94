
/*
 * The events of a withdrawal: declared, matched with an order, judged.
 */

#include "cxr_withdrawal.h"

#include "cxr_text.h"


const char *const  cxr_withdrawal_state_names[] = {
    "unmatched", "matched", "judged", NULL
};

const char *const  cxr_proof_names[] = {
    "none", "email", "name", "staff", NULL
};


static const cxr_field_t  cxr_statement_fields[] = {
    CXR_FIELD(cxr_statement_t, name, STR),
    CXR_FIELD(cxr_statement_t, email, STR),
    CXR_FIELD(cxr_statement_t, contract, STR),
    CXR_FIELD(cxr_statement_t, words, STR),
    CXR_FIELD(cxr_statement_t, locale, STR),
    CXR_FIELD(cxr_statement_t, salt, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_statement_type = {
    "statement", CXR_TYPE_STATEMENT, 1, sizeof(cxr_statement_t),
    cxr_statement_fields
};


static const cxr_field_t  cxr_withdrawal_fields[] = {
    CXR_FIELD(cxr_withdrawal_t, id, STR),
    CXR_FIELD(cxr_withdrawal_t, declared_at, TIME),
    CXR_FIELD(cxr_withdrawal_t, locale, STR),
    CXR_FIELD(cxr_withdrawal_t, whole, BOOL),
    CXR_FIELD_X(cxr_withdrawal_t, box, BYTES, CXR_FIELD_SEALED),
    CXR_FIELD_X(cxr_withdrawal_t, blind, BYTES, CXR_FIELD_HIDDEN),
    CXR_FIELD(cxr_withdrawal_t, hash, BYTES),
    CXR_FIELD(cxr_withdrawal_t, receipt, STR),
    CXR_FIELD_ENUM(cxr_withdrawal_t, state, cxr_withdrawal_state_names),
    CXR_FIELD_ENUM(cxr_withdrawal_t, proof, cxr_proof_names),
    CXR_FIELD_X(cxr_withdrawal_t, order, STR, CXR_FIELD_SPARSE),
    CXR_FIELD_X(cxr_withdrawal_t, order_number, STR, CXR_FIELD_SPARSE),
    CXR_FIELD_X(cxr_withdrawal_t, rma, STR, CXR_FIELD_SPARSE),
    CXR_FIELD_X(cxr_withdrawal_t, reason, STR, CXR_FIELD_SPARSE),
    CXR_FIELD_X(cxr_withdrawal_t, matched_at, TIME, CXR_FIELD_SPARSE),
    CXR_FIELD_X(cxr_withdrawal_t, judged_at, TIME, CXR_FIELD_SPARSE),
    CXR_FIELD(cxr_withdrawal_t, revision, U32),
    CXR_FIELD_END
};

const cxr_type_t  cxr_withdrawal_type = {
    "withdrawal", CXR_TYPE_WITHDRAWAL, 1, sizeof(cxr_withdrawal_t),
    cxr_withdrawal_fields
};


static const cxr_field_t  cxr_withdrawal_match_fields[] = {
    CXR_FIELD(cxr_withdrawal_match_t, id, STR),
    CXR_FIELD(cxr_withdrawal_match_t, order, STR),
    CXR_FIELD(cxr_withdrawal_match_t, order_number, STR),
    CXR_FIELD(cxr_withdrawal_match_t, rma, STR),
    CXR_FIELD_ENUM(cxr_withdrawal_match_t, proof, cxr_proof_names),
    CXR_FIELD_END
};

const cxr_type_t  cxr_withdrawal_match_type = {
    "withdrawal_match", CXR_TYPE_WITHDRAWAL_MATCH, 1,
    sizeof(cxr_withdrawal_match_t), cxr_withdrawal_match_fields
};


static const cxr_field_t  cxr_withdrawal_judge_fields[] = {
    CXR_FIELD(cxr_withdrawal_judge_t, id, STR),
    CXR_FIELD(cxr_withdrawal_judge_t, reason, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_withdrawal_judge_type = {
    "withdrawal_judge", CXR_TYPE_WITHDRAWAL_JUDGE, 1,
    sizeof(cxr_withdrawal_judge_t), cxr_withdrawal_judge_fields
};


void
cxr_withdrawal_id_make(const uint8_t random[5],
    char out[CXR_WITHDRAWAL_ID_LEN])
{
    cxr_rma_id_make(random, out);
    out[0] = 'W';
}


cxr_rc_t
cxr_withdrawal_id_parse(cxr_str_t in, char out[CXR_WITHDRAWAL_ID_LEN])
{
    cxr_rc_t  rc;

    in = cxr_str_trim(in);

    if (in.len != 0 && (in.data[0] == 'R' || in.data[0] == 'r')) {
        return CXR_INVALID;        /* an RMA's number is none of these */
    }

    if (in.len != 0 && (in.data[0] == 'W' || in.data[0] == 'w')
        && in.len > CXR_WITHDRAWAL_ID_LEN - 3)
    {
        in.data++;
        in.len--;
    }

    rc = cxr_rma_id_parse(in, out);

    if (rc == CXR_OK) {
        out[0] = 'W';
    }

    return rc;
}


static cxr_rc_t
cxr_withdrawal_event(cxr_str_t id, unsigned kind, uint32_t expect,
    const void *body, cxr_arena_t *a, cxr_events_t *out)
{
    cxr_event_t  *ev;

    ev = cxr_list_push(a, out, sizeof(cxr_event_t));
    if (ev == NULL) {
        return CXR_NOMEM;
    }

    ev->kind = kind;
    ev->aggregate = CXR_AGG_WITHDRAWAL;
    ev->fresh = expect == 0;
    ev->id = id;
    ev->expect = expect;
    ev->body = body;

    return CXR_OK;
}


cxr_rc_t
cxr_withdrawal_declare(const cxr_withdrawal_t *w, cxr_arena_t *a,
    cxr_events_t *out)
{
    return cxr_withdrawal_event(w->id, CXR_EV_WITHDRAWAL_DECLARED, 0, w, a,
                                out);
}


cxr_rc_t
cxr_withdrawal_match(const cxr_withdrawal_t *w,
    const cxr_withdrawal_match_t *match, cxr_arena_t *a, cxr_events_t *out,
    cxr_refusal_t *no)
{
    if (w->state == CXR_WITHDRAWAL_JUDGED) {
        return cxr_refuse(no, "withdrawal_judged", "",
                          "the withdrawal has been judged");
    }

    /* a second word may add the RMA that the first could not make */

    if (w->state == CXR_WITHDRAWAL_MATCHED
        && (w->rma.len != 0 || !cxr_str_eq(w->order, match->order)
            || match->rma.len == 0))
    {
        return cxr_refuse(no, "withdrawal_matched", "",
                          "the withdrawal belongs to an order already");
    }

    return cxr_withdrawal_event(w->id, CXR_EV_WITHDRAWAL_MATCHED, w->revision,
                                match, a, out);
}


cxr_rc_t
cxr_withdrawal_judge(const cxr_withdrawal_t *w,
    const cxr_withdrawal_judge_t *cmd, cxr_arena_t *a, cxr_events_t *out,
    cxr_refusal_t *no)
{
    cxr_rc_t  rc;

    if (w->state == CXR_WITHDRAWAL_JUDGED) {
        return cxr_refuse(no, "withdrawal_judged", "",
                          "the withdrawal has been judged");
    }

    if (w->rma.len != 0) {
        return cxr_refuse(no, "withdrawal_matched", "",
                          "the withdrawal has an RMA: decide its lines");
    }

    if (cmd->reason.len == 0) {
        return cxr_refuse(no, "reason_missing", "/reason",
                          "a withdrawal is closed with a reason only");
    }

    if (cxr_utf8_length(cmd->reason) > CXR_STAFF_REASON_MAX) {
        rc = cxr_refuse(no, "reason_too_long", "/reason",
                        "the reason may have %d characters",
                        CXR_STAFF_REASON_MAX);
        if (no != NULL) {
            no->want = CXR_STAFF_REASON_MAX;
        }

        return rc;
    }

    return cxr_withdrawal_event(w->id, CXR_EV_WITHDRAWAL_JUDGED, w->revision,
                                cmd, a, out);
}


cxr_rc_t
cxr_withdrawal_apply(cxr_withdrawal_t *w, const cxr_event_t *ev, cxr_time_t at)
{
    uint32_t                       revision = w->revision;
    const cxr_withdrawal_match_t  *match = ev->body;
    const cxr_withdrawal_judge_t  *judge = ev->body;

    if (ev->body == NULL) {
        return CXR_INVALID;
    }

    switch (ev->kind) {

    case CXR_EV_WITHDRAWAL_DECLARED:
        if (revision != 0) {
            return CXR_INVALID;
        }

        *w = *(const cxr_withdrawal_t *) ev->body;

        /* what only other events tell */

        w->declared_at = at;
        w->state = CXR_WITHDRAWAL_UNMATCHED;
        w->proof = CXR_PROOF_NONE;
        w->order = CXR_STR_NONE;
        w->order_number = CXR_STR_NONE;
        w->rma = CXR_STR_NONE;
        w->reason = CXR_STR_NONE;
        w->matched_at = CXR_TIME_NONE;
        w->judged_at = CXR_TIME_NONE;
        break;

    case CXR_EV_WITHDRAWAL_MATCHED:
        if (revision == 0 || !cxr_str_eq(match->id, w->id)) {
            return CXR_INVALID;
        }

        w->state = CXR_WITHDRAWAL_MATCHED;
        w->proof = match->proof;
        w->order = match->order;
        w->order_number = match->order_number;
        w->rma = match->rma;
        w->matched_at = at;
        break;

    case CXR_EV_WITHDRAWAL_JUDGED:
        if (revision == 0 || !cxr_str_eq(judge->id, w->id)) {
            return CXR_INVALID;
        }

        w->state = CXR_WITHDRAWAL_JUDGED;
        w->reason = judge->reason;
        w->judged_at = at;
        break;

    default:
        return CXR_INVALID;
    }

    w->revision = revision + 1;

    return CXR_OK;
}


bool
cxr_withdrawal_follow(cxr_withdrawal_t *w, const cxr_rma_t *rma,
    cxr_time_t at)
{
    uint8_t   state;
    uint32_t  i;

    state = CXR_WITHDRAWAL_JUDGED;

    for (i = 0; i < rma->lines.n; i++) {
        if (rma->lines.items[i].decision == CXR_DECISION_PENDING
            || rma->lines.items[i].decision == CXR_DECISION_INFO_NEEDED)
        {
            state = CXR_WITHDRAWAL_MATCHED;
        }
    }

    if (rma->cancelled) {
        state = CXR_WITHDRAWAL_JUDGED;
    }

    if (state == w->state) {
        return false;
    }

    w->state = state;
    w->judged_at = state == CXR_WITHDRAWAL_JUDGED ? at : CXR_TIME_NONE;

    return true;
}

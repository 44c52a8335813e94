
/*
 * Answers as a carrier wants to read them.
 */

#include "cxr_push_types.h"


const char *const  cxr_ack_names[] = {
    "ok", "partly", "parse-error", "auth", "internal", "probe", NULL
};


typedef struct {
    const cxr_push_rules_t  *rules;
    const cxr_push_t        *push;        /* or NULL                          */
    const cxr_ack_facts_t   *facts;
    cxr_buf_t               *out;
} cxr_acking_t;


static void
cxr_ack_value(cxr_acking_t *k, uint16_t index, unsigned row)
{
    const cxr_source_t  *s = &k->rules->sources.items[index];

    if (k->push != NULL) {
        cxr_buf_xml(k->out, cxr_push_row(k->push, s, row));
    }
}


static void
cxr_ack_now(cxr_acking_t *k)
{
    cxr_civil_t  c;

    cxr_civil(k->facts->now, 0, &c);
    cxr_buf_addf(k->out, "%04d-%02u-%02uT%02u:%02u:%02uZ", c.year, c.month,
                 c.day, c.hour, c.minute, c.second);
}


static void
cxr_ack_piece(cxr_acking_t *k, const cxr_piece_t *piece, unsigned row)
{
    const cxr_ack_facts_t  *f = k->facts;

    switch (piece->kind) {

    case CXR_PIECE_TEXT:
        cxr_buf_adds(k->out, piece->text);
        return;

    case CXR_PIECE_VALUE:
        cxr_ack_value(k, piece->index, row);
        return;

    case CXR_PIECE_OUTCOME:
        cxr_buf_addz(k->out, cxr_ack_names[f->outcome]);
        return;

    case CXR_PIECE_CODE:
        cxr_buf_xml(k->out, f->code);
        return;

    case CXR_PIECE_DETAIL:
        cxr_buf_xml(k->out, f->detail);
        return;

    case CXR_PIECE_RECORDS:
        cxr_buf_addu(k->out, f->records);
        return;

    case CXR_PIECE_STORED:
        cxr_buf_addu(k->out, f->stored);
        return;

    case CXR_PIECE_REPEATED:
        cxr_buf_addu(k->out, f->repeated);
        return;

    case CXR_PIECE_REFUSED:
        cxr_buf_addu(k->out, f->refused);
        return;

    case CXR_PIECE_NOW:
        cxr_ack_now(k);
        return;
    }
}


/* Only what could be read can have been stored, so an outcome that says that
   nothing was makes every row an error. */
static void
cxr_ack_each(cxr_acking_t *k, uint16_t index)
{
    bool                 bad;
    unsigned             row, n;
    uint32_t             i;
    const cxr_each_t    *each = &k->rules->eaches.items[index];
    const cxr_pieces_t  *pieces;

    n = k->push != NULL ? cxr_push_rows(k->push, index) : 0;
    bad = k->facts->outcome != CXR_ACK_OK
          && k->facts->outcome != CXR_ACK_PARTLY;

    for (row = 0; row < n; row++) {
        pieces = bad || cxr_push_row_unread(k->push, row) ? &each->error
                                                          : &each->ok;

        for (i = 0; i < pieces->n; i++) {
            cxr_ack_piece(k, &pieces->items[i], row);
        }
    }
}


cxr_rc_t
cxr_ack_render(const cxr_profile_t *profile, const cxr_push_t *p,
    const cxr_ack_facts_t *facts, cxr_ack_head_t *head, cxr_buf_t *out)
{
    uint32_t               i;
    cxr_acking_t           k = { profile->push, p, facts, out };
    const cxr_ack_rule_t  *ack;

    if (profile->push == NULL) {
        return CXR_NOTFOUND;
    }

    ack = &profile->push->acks[facts->outcome];

    if (!ack->set && facts->outcome == CXR_ACK_PARTLY) {
        ack = &profile->push->acks[CXR_ACK_PARSE_ERROR];
    }

    if (!ack->set) {
        return CXR_NOTFOUND;
    }

    head->status = ack->status;
    head->type = ack->type;

    for (i = 0; i < ack->body.n; i++) {
        if (ack->body.items[i].kind == CXR_PIECE_EACH) {
            cxr_ack_each(&k, ack->body.items[i].index);

        } else {
            cxr_ack_piece(&k, &ack->body.items[i], 0);
        }
    }

    return cxr_buf_ok(out) ? CXR_OK : CXR_NOMEM;
}


/*
 * What became of many RMAs at once.
 */

#include "cxr_view_desk.h"

#include "cxr_text.h"


static const cxr_field_t  cxr_view_bulk_row_fields[] = {
    CXR_FIELD(cxr_view_bulk_row_t, id, STR),
    CXR_VIEW_URL(cxr_view_bulk_row_t, url),
    CXR_FIELD(cxr_view_bulk_row_t, pick, STR),
    CXR_FIELD(cxr_view_bulk_row_t, ok, BOOL),
    CXR_FIELD(cxr_view_bulk_row_t, text, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_bulk_row_type = {
    "bulk_row", 0, 1, sizeof(cxr_view_bulk_row_t), cxr_view_bulk_row_fields
};

static const cxr_field_t  cxr_view_bulk_fields[] = {
    CXR_VIEW_PAGE(cxr_view_bulk_t),
    CXR_FIELD(cxr_view_bulk_t, verb, STR),
    CXR_FIELD(cxr_view_bulk_t, verb_text, STR),
    CXR_VIEW_URL(cxr_view_bulk_t, list_url),
    CXR_FIELD_SUB(cxr_view_bulk_t, rows, LIST, &cxr_view_bulk_row_type),
    CXR_FIELD(cxr_view_bulk_t, has_rows, BOOL),
    CXR_FIELD(cxr_view_bulk_t, good, U32),
    CXR_FIELD(cxr_view_bulk_t, bad, U32),
    CXR_FIELD(cxr_view_bulk_t, error, STR),
    CXR_FIELD(cxr_view_bulk_t, can_mend, BOOL),
    CXR_VIEW_URL(cxr_view_bulk_t, act_url),
    CXR_FIELD(cxr_view_bulk_t, back, STR),
    CXR_FIELD(cxr_view_bulk_t, token, STR),
    CXR_FIELD(cxr_view_bulk_t, reason, STR),
    CXR_FIELD(cxr_view_bulk_t, reason_max, U32),
    CXR_FIELD(cxr_view_bulk_t, actor, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_bulk_type = {
    "staff_bulk", 0, 1, sizeof(cxr_view_bulk_t), cxr_view_bulk_fields
};


/* "R-XXXX-XXXC:7"; one that is there already is not taken twice */

static cxr_rc_t
cxr_bulk_row(cxr_str_t s, cxr_arena_t *a, cxr_bulk_t *bulk)
{
    char             id[CXR_RMA_ID_LEN];
    uint32_t         i;
    uint64_t         expect;
    cxr_bulk_row_t  *row;

    if (s.len < CXR_RMA_ID_LEN + 2 || s.data[CXR_RMA_ID_LEN] != ':'
        || cxr_rma_id_parse(cxr_strn(s.data, CXR_RMA_ID_LEN), id) != CXR_OK
        || !cxr_parse_uint(cxr_strn(s.data + CXR_RMA_ID_LEN + 1,
                                    s.len - CXR_RMA_ID_LEN - 1),
                           UINT32_MAX, &expect)
        || expect == 0)
    {
        return CXR_INVALID;
    }

    for (i = 0; i < bulk->rows.n; i++) {
        if (memcmp(bulk->rows.items[i].id.data, id, CXR_RMA_ID_LEN) == 0) {
            return CXR_OK;
        }
    }

    if (bulk->rows.n == CXR_BULK_MAX) {
        return CXR_LIMIT;
    }

    row = cxr_list_push(a, &bulk->rows, sizeof(*row));
    if (row == NULL) {
        return CXR_NOMEM;
    }

    row->expect = (uint32_t) expect;

    return cxr_str_dup(a, cxr_strn(id, CXR_RMA_ID_LEN), &row->id);
}


/* The list's query again, written by us from what of it we know. */

static cxr_rc_t
cxr_bulk_back(cxr_str_t text, cxr_arena_t *a, cxr_bulk_t *bulk)
{
    char               mem[CXR_VIEW_URL_MAX];
    size_t             i, begin, n = 0;
    cxr_rc_t           rc;
    cxr_buf_t          out;
    cxr_pair_t         pairs[5];
    cxr_staff_query_t  query;
    const char        *eq;

    /* the values of ours that hold here are plain; "q" is none of them */

    for (begin = 0, i = 0; i <= text.len && n < cxr_nelts(pairs); i++) {
        if (i < text.len && text.data[i] != '&') {
            continue;
        }

        eq = i > begin ? memchr(text.data + begin, '=', i - begin) : NULL;

        if (eq != NULL) {
            pairs[n].name = cxr_strn(text.data + begin,
                                     (size_t) (eq - text.data) - begin);
            pairs[n].value = cxr_strn(eq + 1, i - (size_t) (eq - text.data)
                                              - 1);
            n += !cxr_str_is(pairs[n].name, "q")
                 && !cxr_str_is(pairs[n].name, "cursor");
        }

        begin = i + 1;
    }

    rc = cxr_staff_query_parse(pairs, n, a, &query);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_buf_init_fixed(&out, mem, sizeof(mem));
    cxr_staff_query_print(&query, &out);

    return cxr_buf_ok(&out) ? cxr_str_dup(a, cxr_buf_str(&out), &bulk->back)
                            : CXR_LIMIT;
}


cxr_rc_t
cxr_bulk_parse(const cxr_pairs_t *pairs, cxr_arena_t *a, cxr_bulk_t *bulk)
{
    int        verb;
    size_t     over;
    cxr_rc_t   rc;
    uint32_t   i;

    memset(bulk, 0, sizeof(*bulk));

    verb = cxr_verb(cxr_staff_field(pairs, "verb", UINT32_MAX));

    if (verb != CXR_VERB_APPROVE && verb != CXR_VERB_DECLINE
        && verb != CXR_VERB_RELEASE && verb != CXR_VERB_CONFIRM)
    {
        return CXR_INVALID;
    }

    bulk->verb = (uint8_t) verb;

    for (i = 0; i < pairs->n; i++) {
        if (!cxr_str_is(pairs->items[i].name, "r")) {
            continue;
        }

        rc = cxr_bulk_row(pairs->items[i].value, a, bulk);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    rc = cxr_bulk_back(cxr_staff_field(pairs, "back", UINT32_MAX), a, bulk);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_form_text(a, cxr_staff_field(pairs, "reason", UINT32_MAX),
                       CXR_TEXT_BLOCK, CXR_STAFF_REASON_MAX, &bulk->reason,
                       &over);
    if (rc == CXR_NOMEM) {
        return rc;
    }

    if (bulk->rows.n == 0) {
        bulk->error_key = cxr_str("staff.error.rows_missing");

    } else if (over) {
        bulk->error_key = cxr_str("staff.error.reason_long");

    } else if (bulk->reason.len == 0 && verb == CXR_VERB_DECLINE) {
        bulk->error_key = cxr_str("staff.error.reason_missing");
    }

    return CXR_OK;
}


static cxr_str_t
cxr_view_bulk_text(cxr_say_t *say, const cxr_bulk_t *bulk,
    const cxr_bulk_row_t *row)
{
    switch (row->rc) {

    case CXR_OK:
        return row->repeated ? cxr_say(say, "staff.bulk.repeated")
                             : cxr_say_name(say, "staff.bulk.done.",
                                            cxr_verbs[bulk->verb].name);

    case CXR_REFUSED:
        return cxr_say_refusal(say, row->refusal);

    case CXR_CONFLICT:
        return cxr_say(say, "staff.bulk.conflict");

    case CXR_NOTFOUND:
        return cxr_say(say, "staff.bulk.unknown");

    default:
        return cxr_say(say, "staff.bulk.failed");
    }
}


cxr_rc_t
cxr_view_bulk(const cxr_bulk_page_t *p, cxr_view_bulk_t *view)
{
    uint32_t               i;
    cxr_say_t              say = cxr_say_to(p->ctx, p->arena);
    cxr_str_t              staff = p->ctx->shop->staff;
    const cxr_bulk_t      *bulk = p->bulk;
    cxr_view_bulk_row_t   *row;
    const cxr_bulk_row_t  *from;

    memset(view, 0, sizeof(*view));

    view->page = p->page;
    view->actor = p->actor;
    view->token = p->token;
    view->verb = cxr_strz(cxr_verbs[bulk->verb].name);
    view->verb_text = cxr_say_name(&say, "staff.bulk.",
                                   cxr_verbs[bulk->verb].name);
    view->list_url = cxr_say_url(&say, cxr_say_join(&say, staff,
                                                    bulk->back.len ? "?" : "",
                                                    bulk->back), "");
    view->act_url = cxr_say_url(&say, staff, "bulk");
    view->back = bulk->back;
    view->reason = bulk->reason;
    view->reason_max = CXR_STAFF_REASON_MAX;

    if (bulk->error_key.len) {
        view->error = cxr_say_why(&say, bulk->error_key, 0,
                                  CXR_STAFF_REASON_MAX, CXR_TIME_NONE);
        view->can_mend = bulk->rows.n > 0;
    }

    for (i = 0; i < bulk->rows.n; i++) {
        row = cxr_say_push(&say, &view->rows, sizeof(*row));
        if (row == NULL) {
            break;
        }

        from = &bulk->rows.items[i];

        row->id = from->id;
        row->url = cxr_say_url(&say, cxr_say_join(&say, staff, "rma/",
                                                  from->id), "");
        row->pick = cxr_sprintf(p->arena, "%.*s:%u", cxr_str_arg(from->id),
                                from->expect);

        if (bulk->error_key.len == 0) {
            row->ok = from->rc == CXR_OK;
            row->text = cxr_view_bulk_text(&say, bulk, from);
            view->good += row->ok;
            view->bad += !row->ok;
        }
    }

    view->has_rows = view->rows.n > 0;

    return cxr_say_rc(&say);
}

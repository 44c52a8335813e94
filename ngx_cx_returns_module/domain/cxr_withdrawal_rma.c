
/*
 * What a withdrawal makes of its order: does it fit, which lines are meant,
 * and the RMA.
 */

#include "cxr_text.h"
#include "cxr_withdrawal.h"


/* Letters that are not ASCII and that names in our languages have, large and
   small; the dotless ones become i. */
static const struct {
    uint16_t  from;
    uint16_t  to;
} cxr_statement_small[] = {
    { 0x00c2, 0x00e2 }, { 0x00c4, 0x00e4 }, { 0x00c7, 0x00e7 },
    { 0x00c9, 0x00e9 }, { 0x00ce, 0x00ee }, { 0x00d6, 0x00f6 },
    { 0x00db, 0x00fb }, { 0x00dc, 0x00fc }, { 0x011e, 0x011f },
    { 0x0130, 'i' },    { 0x0131, 'i' },    { 0x015e, 0x015f }
};


size_t
cxr_statement_fold(cxr_str_t s, char *out)
{
    char        *p = out;
    size_t       i;
    uint32_t     cp;
    const char  *from;

    while (s.len != 0) {
        from = s.data;
        cp = cxr_utf8_next(&s);

        if (cp == CXR_UTF8_BAD || cxr_utf8_is_blank(cp)
            || cxr_utf8_is_hidden(cp) || cp == 0x0307)
        {
            continue;
        }

        if (cp < 0x80) {
            if (cp >= 'A' && cp <= 'Z') {
                cp = cp - 'A' + 'a';
            }

            if ((cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9')) {
                *p++ = (char) cp;
            }

            continue;
        }

        for (i = 0; i < cxr_nelts(cxr_statement_small); i++) {
            if (cxr_statement_small[i].from == cp) {
                cp = cxr_statement_small[i].to;
                break;
            }
        }

        if (cp < 0x80) {
            *p++ = (char) cp;

        } else if (cp < 0x800) {
            *p++ = (char) (0xc0 | cp >> 6);
            *p++ = (char) (0x80 | (cp & 0x3f));

        } else if (cp > 0x2000 && cp < 0x2070) {
            continue;                               /* dashes, quotes */

        } else {
            memcpy(p, from, (size_t) (s.data - from));
            p += s.data - from;
        }
    }

    return (size_t) (p - out);
}


static cxr_rc_t
cxr_statement_folded(cxr_arena_t *a, cxr_str_t s, cxr_str_t *out)
{
    char  *p;

    p = cxr_alloc(a, s.len + 1);
    if (p == NULL) {
        return CXR_NOMEM;
    }

    *out = cxr_strn(p, cxr_statement_fold(s, p));

    return CXR_OK;
}


cxr_proof_t
cxr_withdrawal_proof(const cxr_statement_t *st, const cxr_person_t *person,
    cxr_arena_t *a)
{
    char       ours[256], theirs[256];
    size_t     n, m;
    cxr_str_t  x, y;

    if (cxr_fold_email(st->email, theirs, &m) == CXR_OK
        && cxr_fold_email(person->email, ours, &n) == CXR_OK
        && cxr_str_eq(cxr_strn(ours, n), cxr_strn(theirs, m)))
    {
        return CXR_PROOF_EMAIL;
    }

    if (cxr_statement_folded(a, st->name, &x) == CXR_OK
        && cxr_statement_folded(a, person->name, &y) == CXR_OK
        && x.len != 0 && cxr_str_eq(x, y))
    {
        return CXR_PROOF_NAME;
    }

    return CXR_PROOF_NONE;
}


static uint32_t
cxr_withdrawal_left(const cxr_order_line_t *line)
{
    /* what somebody else was given is not the buyer's to send back */

    if (line->gift_given) {
        return 0;
    }

    return line->returning < line->quantity
           ? line->quantity - line->returning : 0;
}


/*
 * "2 x Etiyopya", "2 adet Etiyopya", "Etiyopya": units, or 0 when it does not
 * say; *row becomes what is left of it.
 */

static uint32_t
cxr_withdrawal_units(cxr_str_t *row)
{
    size_t     i, k;
    uint64_t   n;
    cxr_str_t  rest;

    static const cxr_str_t  words[] = {
        cxr_str_init("x "), cxr_str_init("X "), cxr_str_init("\xc3\x97 "),
        cxr_str_init("adet "), cxr_str_init("Adet "), cxr_str_init("pcs "),
        cxr_str_init("pieces ")
    };

    for (i = 0; i < row->len && row->data[i] >= '0' && row->data[i] <= '9';
         i++)
    {
        /* void */
    }

    if (i == 0 || !cxr_parse_uint(cxr_strn(row->data, i),
                                  CXR_LINE_QUANTITY_MAX, &n))
    {
        return 0;
    }

    rest = cxr_str_trim(cxr_strn(row->data + i, row->len - i));

    for (k = 0; k < cxr_nelts(words); k++) {
        if (rest.len > words[k].len
            && memcmp(rest.data, words[k].data, words[k].len) == 0)
        {
            row->data = rest.data + words[k].len;
            row->len = rest.len - words[k].len;
            return (uint32_t) n;
        }
    }

    return 0;
}


static cxr_rc_t
cxr_withdrawal_names(const cxr_order_line_t *line, cxr_str_t row,
    cxr_arena_t *a, bool *names)
{
    size_t     i;
    cxr_rc_t   rc;
    cxr_str_t  whole, text[3], folded;

    whole = cxr_sprintf(a, "%.*s %.*s", cxr_str_arg(line->title),
                        cxr_str_arg(line->variant));
    if (whole.data == NULL) {
        return CXR_NOMEM;
    }

    text[0] = line->sku;
    text[1] = line->title;
    text[2] = whole;
    *names = false;

    for (i = 0; i < cxr_nelts(text); i++) {
        rc = cxr_statement_folded(a, text[i], &folded);
        if (rc != CXR_OK) {
            return rc;
        }

        *names |= folded.len != 0 && cxr_str_eq(folded, row);
    }

    return CXR_OK;
}


/* One row of words.  CXR_NOTFOUND: it names no line, or more than one. */

static cxr_rc_t
cxr_withdrawal_row(const cxr_order_t *order, cxr_str_t row, cxr_arena_t *a,
    cxr_withdrawal_lines_t *out)
{
    bool                     names;
    cxr_rc_t                 rc;
    uint32_t                 i, units, left;
    cxr_str_t                folded;
    const cxr_order_line_t  *line;
    cxr_withdrawal_line_t   *item;

    units = cxr_withdrawal_units(&row);

    rc = cxr_statement_folded(a, row, &folded);
    if (rc != CXR_OK) {
        return rc;
    }

    line = NULL;

    for (i = 0; i < order->lines.n; i++) {
        rc = cxr_withdrawal_names(&order->lines.items[i], folded, a, &names);
        if (rc != CXR_OK) {
            return rc;
        }

        if (names && line != NULL) {
            return CXR_NOTFOUND;
        }

        if (names) {
            line = &order->lines.items[i];
        }
    }

    left = line ? cxr_withdrawal_left(line) : 0;

    if (left == 0 || units > left) {
        return CXR_NOTFOUND;
    }

    for (i = 0; i < out->n; i++) {
        if (cxr_str_eq(out->items[i].line, line->line)) {
            return CXR_NOTFOUND;
        }
    }

    item = cxr_list_push(a, out, sizeof(*item));
    if (item == NULL) {
        return CXR_NOMEM;
    }

    item->line = line->line;
    item->quantity = units ? units : left;

    return CXR_OK;
}


static cxr_rc_t
cxr_withdrawal_all(const cxr_order_t *order, cxr_arena_t *a,
    cxr_withdrawal_lines_t *out)
{
    uint32_t                i, left;
    cxr_withdrawal_line_t  *item;

    for (i = 0; i < order->lines.n; i++) {
        left = cxr_withdrawal_left(&order->lines.items[i]);

        if (left == 0) {
            continue;
        }

        item = cxr_list_push(a, out, sizeof(*item));
        if (item == NULL) {
            return CXR_NOMEM;
        }

        item->line = order->lines.items[i].line;
        item->quantity = left;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_withdrawal_lines(const cxr_order_t *order, const cxr_statement_t *st,
    cxr_arena_t *a, cxr_withdrawal_lines_t *out)
{
    size_t       n;
    cxr_rc_t     rc;
    uint32_t     rows;
    cxr_str_t    rest, row;
    const char  *end;

    memset(out, 0, sizeof(*out));

    if (st->words.len == 0) {
        return cxr_withdrawal_all(order, a, out);
    }

    rest = st->words;
    rows = 0;

    while (rest.len != 0) {
        end = memchr(rest.data, '\n', rest.len);
        n = end ? (size_t) (end - rest.data) : rest.len;
        row = cxr_str_trim(cxr_strn(rest.data, n));
        n += end != NULL;
        rest.data += n;
        rest.len -= n;

        if (row.len == 0) {
            continue;
        }

        rc = ++rows > CXR_STATEMENT_ROWS_MAX
             ? CXR_NOTFOUND : cxr_withdrawal_row(order, row, a, out);

        if (rc == CXR_NOTFOUND) {
            out->n = 0;
            return CXR_OK;
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


cxr_rc_t
cxr_withdrawal_rma(const cxr_order_t *order, cxr_str_t locale,
    const cxr_withdrawal_lines_t *lines, bool doubtful,
    const uint8_t random[32], const cxr_rma_world_t *world, cxr_time_t now,
    cxr_arena_t *a, cxr_str_t *id, cxr_events_t *out, cxr_refusal_t *no)
{
    char             *folded;
    size_t            len;
    cxr_rc_t          rc;
    uint32_t          i, n;
    cxr_rma_ask_t     ask;

    *id = CXR_STR_NONE;

    if (lines->n == 0 || order->rmas.n >= CXR_ORDER_RMAS_MAX) {
        return CXR_OK;
    }

    memset(&ask, 0, sizeof(ask));

    folded = cxr_alloc(a, CXR_NUMBER_MAX);
    ask.lines.items = cxr_calloc(a, lines->n, sizeof(cxr_rma_ask_line_t));

    if (folded == NULL || ask.lines.items == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_fold_number(order->number, folded, &len);
    if (rc != CXR_OK) {
        return rc;
    }

    for (i = 0; i < lines->n; i++) {
        ask.lines.items[i].line = lines->items[i].line;
        ask.lines.items[i].quantity = lines->items[i].quantity;
        ask.lines.items[i].outcome = CXR_OUT_REFUND;
    }

    ask.lines.n = lines->n;
    ask.order = cxr_strn(folded, len);
    ask.locale = locale;
    ask.withdrawal = true;
    ask.doubtful = doubtful;
    memcpy(ask.random, random, sizeof(ask.random));

    n = out->n;

    rc = cxr_rma_create(order, &ask, world, now, a, out, no);

    if (rc == CXR_OK) {
        *id = cxr_rma_event_id(&out->items[n]);
    }

    return rc;
}

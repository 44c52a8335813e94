
/*
 * Pairs are first put to the line they name, each at most once, and only then
 * read: so a fault of a note can depend on whether its line was chosen, however
 * the browser ordered them.
 */

#include "cxr_portal_split.h"

#include "cxr_text.h"


/* more of one line are not looked at */
#define CXR_PORTAL_TICKETS_MAX  (2 * CXR_LINE_PHOTOS_MAX)

static const char  cxr_raw_letters[] = "cqrnokpsxyzj";

typedef struct {
    cxr_raw_line_t  *lines;
    uint32_t         nlines;
    bool             has_flow;
    bool             has_key;
    bool             has_sums;
    bool             checks;         /* "c": check boxes rule                 */
    bool             claim;          /* "k"                                   */
    bool             has_method;
    bool             has_instant;
    bool             instant;
    cxr_strs_t       ticked;
    bool             beyond;         /* a line that the order does not have   */
    cxr_str_t        flow;
    cxr_str_t        key;
    cxr_str_t        sums;
    cxr_str_t        method;
    bool             has_all_reason;
    bool             has_all_outcome;
    cxr_str_t        all_reason;     /* of lines that name none               */
    cxr_str_t        all_outcome;
} cxr_raw_form_t;


static const cxr_field_t  cxr_pair_fields[] = {
    CXR_FIELD(cxr_pair_t, name, STR),
    CXR_FIELD(cxr_pair_t, value, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_pair_type = {
    "pair", 0, 1, sizeof(cxr_pair_t), cxr_pair_fields
};


cxr_rc_t
cxr_portal_fault(cxr_portal_faults_t *faults, cxr_arena_t *a, unsigned at,
    uint32_t line, const char *key)
{
    uint32_t             i;
    cxr_portal_fault_t  *f;

    /* the first complaint about a field is the one to mend first */

    for (i = 0; i < faults->n; i++) {
        if (faults->items[i].at == at && faults->items[i].line == line) {
            return CXR_OK;
        }
    }

    if (faults->n == CXR_PORTAL_FAULTS_MAX) {
        return CXR_OK;
    }

    f = cxr_list_push(a, faults, sizeof(*f));
    if (f == NULL) {
        return CXR_NOMEM;
    }

    f->at = (uint8_t) at;
    f->line = line;

    return cxr_str_dup(a, cxr_strz(key), &f->key);
}


cxr_rc_t
cxr_portal_fault_of(cxr_portal_faults_t *faults, cxr_arena_t *a, unsigned at,
    uint32_t line, const char *key, int64_t have, int64_t want,
    cxr_time_t when)
{
    cxr_rc_t  rc;
    uint32_t  n = faults->n;

    rc = cxr_portal_fault(faults, a, at, line, key);

    if (rc == CXR_OK && faults->n > n) {
        faults->items[n].have = have;
        faults->items[n].want = want;
        faults->items[n].when = when;
    }

    return rc;
}


static bool
cxr_portal_is_flow(cxr_str_t s)
{
    size_t  i;
    char    c;

    if (s.len < CXR_FLOW_MIN || s.len > CXR_FLOW_MAX) {
        return false;
    }

    for (i = 0; i < s.len; i++) {
        c = s.data[i];

        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z') || c == '-' || c == '_'))
        {
            return false;
        }
    }

    return true;
}


cxr_rc_t
cxr_form_text(cxr_arena_t *a, cxr_str_t in, cxr_text_kind_t kind, size_t max,
    cxr_str_t *out, size_t *over)
{
    size_t     n;
    cxr_rc_t   rc;
    cxr_str_t  rest;

    *over = 0;
    *out = CXR_STR_NONE;

    rc = cxr_text_clean(a, in, kind, SIZE_MAX, out);
    if (rc != CXR_OK) {
        return rc;
    }

    n = cxr_utf8_length(*out);

    if (n > max) {
        *over = n;

        for (rest = *out, n = 0; n < max; n++) {
            (void) cxr_utf8_next(&rest);
        }

        /* the cut may fall behind a blank: text stays as clean as it was */

        out->len -= rest.len;
        *out = cxr_str_trim(*out);
    }

    return CXR_OK;
}


/* ---- find my order ---- */

cxr_rc_t
cxr_portal_find_parse(const cxr_pair_t *pairs, size_t n, cxr_arena_t *a,
    cxr_portal_find_t *find)
{
    char        buf[256];
    bool        got[2] = { false, false };
    size_t      i, len, over;
    cxr_rc_t    rc;
    cxr_str_t  *out;

    memset(find, 0, sizeof(*find));

    if (n > CXR_PORTAL_PAIRS_MAX) {
        return CXR_LIMIT;
    }

    for (i = 0; i < n; i++) {
        if (cxr_str_is(pairs[i].name, "number")) {
            out = &find->number;

        } else if (cxr_str_is(pairs[i].name, "proof")) {
            out = &find->proof;

        } else {
            continue;
        }

        if (got[out == &find->proof]) {
            return CXR_INVALID;
        }

        got[out == &find->proof] = true;

        rc = cxr_form_text(a, pairs[i].value, CXR_TEXT_LINE, CXR_EMAIL_MAX,
                             out, &over);
        if (rc == CXR_NOMEM) {
            return rc;
        }
    }

    if (find->number.len == 0) {
        rc = cxr_portal_fault(&find->faults, a, CXR_AT_NUMBER, 0,
                              "form.number_missing");

    } else if (cxr_fold_number(find->number, buf, &len) == CXR_OK) {
        rc = cxr_str_dup(a, cxr_strn(buf, len), &find->folded);

    } else {
        rc = cxr_portal_fault(&find->faults, a, CXR_AT_NUMBER, 0,
                              "form.number_wrong");
    }

    if (rc != CXR_OK) {
        return rc;
    }

    if (find->proof.len == 0) {
        return cxr_portal_fault(&find->faults, a, CXR_AT_PROOF, 0,
                                "form.proof_missing");
    }

    if (memchr(find->proof.data, '@', find->proof.len) != NULL) {
        if (cxr_fold_email(find->proof, buf, &len) == CXR_OK) {
            return cxr_str_dup(a, cxr_strn(buf, len), &find->email);
        }

    } else if (cxr_fold_postcode(find->proof, buf, &len) == CXR_OK) {
        return cxr_str_dup(a, cxr_strn(buf, len), &find->postcode);
    }

    return cxr_portal_fault(&find->faults, a, CXR_AT_PROOF, 0,
                            "form.proof_wrong");
}


cxr_rc_t
cxr_portal_not_found(cxr_portal_find_t *find, cxr_arena_t *a)
{
    return cxr_portal_fault(&find->faults, a, CXR_AT_FORM, 0,
                            "form.not_found");
}


cxr_rc_t
cxr_portal_find_busy(cxr_portal_find_t *find, bool guessed, uint64_t seconds,
    cxr_arena_t *a)
{
    return cxr_portal_fault_of(&find->faults, a,
                               guessed ? CXR_AT_PROOF : CXR_AT_FORM, 0,
                               guessed ? "form.postcode_busy" : "form.busy",
                               0, (int64_t) (seconds + 59) / 60,
                               CXR_TIME_NONE);
}


/* ---- the selection ---- */

void
cxr_portal_lines_key(const cxr_order_t *order, char out[CXR_PORTAL_KEY_LEN])
{
    size_t     i;
    uint32_t   k, h = 2166136261u;
    cxr_str_t  id;
    const char *const  hex = "0123456789abcdef";

    /* FNV-1a; the zero after each id keeps "1","23" apart from "12","3" */

    for (k = 0; k < order->lines.n; k++) {
        id = order->lines.items[k].line;

        for (i = 0; i <= id.len; i++) {
            h ^= i < id.len ? (uint8_t) id.data[i] : 0;
            h *= 16777619u;
        }
    }

    for (i = 0; i < CXR_PORTAL_KEY_LEN; i++) {
        out[i] = hex[(h >> (28 - 4 * i)) & 15];
    }
}


/* "q.12" -> field and index.  false: no name of ours. */
static bool
cxr_portal_name(cxr_str_t name, unsigned *field, uint64_t *index)
{
    const char  *p;
    cxr_str_t    digits;

    if (name.len < 3 || name.data[1] != '.') {
        return false;
    }

    p = memchr(cxr_raw_letters, name.data[0], CXR_RAW_FIELDS);
    if (p == NULL) {
        return false;
    }

    digits = cxr_strn(name.data + 2, name.len - 2);

    if (digits.len > 1 && digits.data[0] == '0') {
        return false;
    }

    *field = (unsigned) (p - cxr_raw_letters);

    return cxr_parse_uint(digits, UINT32_MAX, index);
}


/* No page of ours says it twice. */

static bool
cxr_portal_once(cxr_str_t value, bool *had, cxr_str_t *out)
{
    if (*had) {
        return false;
    }

    *had = true;
    *out = value;

    return true;
}


/* What stands once in a form; CXR_NOTFOUND: the field is none of these. */

static cxr_rc_t
cxr_portal_single(const cxr_pair_t *pair, cxr_raw_form_t *raw)
{
    size_t  i;

    const struct {
        const char  *name;
        bool        *had;
        cxr_str_t   *out;
    } fields[] = {
        { "f", &raw->has_flow, &raw->flow },
        { "v", &raw->has_key, &raw->key },
        { "m", &raw->has_sums, &raw->sums },
        { "w", &raw->has_method, &raw->method },
        { "r.all", &raw->has_all_reason, &raw->all_reason },
        { "o.all", &raw->has_all_outcome, &raw->all_outcome },
    };

    for (i = 0; i < cxr_nelts(fields); i++) {
        if (cxr_str_is(pair->name, fields[i].name)) {
            return cxr_portal_once(pair->value, fields[i].had, fields[i].out)
                   ? CXR_OK : CXR_INVALID;
        }
    }

    return CXR_NOTFOUND;
}


/* More boxes than a shop can have, or longer, were never on a page of ours. */

static cxr_rc_t
cxr_portal_tick(cxr_str_t value, cxr_arena_t *a, cxr_raw_form_t *raw)
{
    cxr_str_t  *ticked;

    if (raw->ticked.n == CXR_CONSENTS_MAX
        || value.len > CXR_CONSENT_VALUE_MAX)
    {
        return CXR_OK;
    }

    ticked = cxr_list_push(a, &raw->ticked, sizeof(*ticked));

    return ticked ? cxr_str_dup(a, value, ticked) : CXR_NOMEM;
}


static cxr_rc_t
cxr_portal_sort(const cxr_pair_t *pairs, size_t n, cxr_arena_t *a,
    cxr_raw_form_t *raw)
{
    size_t           i;
    cxr_str_t       *photo;
    uint64_t         index;
    unsigned         field;
    cxr_rc_t         rc;
    cxr_raw_line_t  *line;

    for (i = 0; i < n; i++) {
        rc = cxr_portal_single(&pairs[i], raw);

        if (rc == CXR_OK) {
            continue;
        }

        if (rc != CXR_NOTFOUND) {
            return rc;
        }

        if (cxr_str_is(pairs[i].name, "i")) {
            if (raw->has_instant) {
                return CXR_INVALID;
            }

            raw->has_instant = true;
            raw->instant = cxr_str_is(pairs[i].value, "1");
            continue;
        }

        if (cxr_str_is(pairs[i].name, "a")) {
            if (cxr_portal_tick(pairs[i].value, a, raw) != CXR_OK) {
                return CXR_NOMEM;
            }

            continue;
        }

        if (cxr_str_is(pairs[i].name, "c")) {
            raw->checks = true;
            continue;
        }

        if (cxr_str_is(pairs[i].name, "k")) {
            raw->claim |= cxr_str_is(pairs[i].value, "1");
            continue;
        }

        if (!cxr_portal_name(pairs[i].name, &field, &index)) {
            continue;
        }

        if (index >= raw->nlines) {
            raw->beyond = true;
            continue;
        }

        line = &raw->lines[index];

        if (field == CXR_RAW_PHOTO) {
            line->seen |= 1u << field;

            if (line->photos.n < CXR_PORTAL_TICKETS_MAX) {
                photo = cxr_list_push(a, &line->photos, sizeof(*photo));
                if (photo == NULL) {
                    return CXR_NOMEM;
                }

                *photo = pairs[i].value;
            }

            continue;
        }

        if (line->seen & (1u << field)) {
            return CXR_INVALID;
        }

        line->seen |= 1u << field;
        line->value[field] = pairs[i].value;
    }

    return CXR_OK;
}


/* "refund", or "exchange:<sku>" */
cxr_rc_t
cxr_portal_outcome(cxr_str_t v, cxr_arena_t *a, cxr_portal_pick_t *pick,
    const char **wrong)
{
    int          out;
    cxr_rc_t     rc;
    cxr_str_t    sku = CXR_STR_NONE, clean;
    const char  *colon;

    if (v.len == 0) {
        return CXR_OK;
    }

    colon = memchr(v.data, ':', v.len);

    if (colon != NULL) {
        sku = cxr_strn(colon + 1, v.len - (size_t) (colon - v.data) - 1);
        v.len = (size_t) (colon - v.data);
    }

    out = cxr_name_index(cxr_outcome_names, v);

    if (out < 0 || (colon != NULL && out != CXR_OUT_EXCHANGE)) {
        *wrong = "refusal.outcome_not_offered";
        return CXR_OK;
    }

    /* a SKU is clean wherever we keep one, so one that is not is no SKU */

    if (out == CXR_OUT_EXCHANGE) {
        rc = cxr_text_clean(a, sku, CXR_TEXT_LINE, CXR_PORTAL_SKU_MAX, &clean);

        if (rc == CXR_NOMEM) {
            return rc;
        }

        if (rc != CXR_OK || sku.len == 0 || sku.len > CXR_PORTAL_SKU_MAX
            || !cxr_str_eq(clean, sku))
        {
            *wrong = "refusal.exchange_unknown";
            return CXR_OK;
        }
    }

    pick->outcome = (uint8_t) out;
    pick->has_outcome = true;

    return cxr_str_dup(a, sku, &pick->exchange_sku);
}


static cxr_rc_t
cxr_portal_quantity(const cxr_raw_form_t *raw, const cxr_raw_line_t *line,
    cxr_arena_t *a, cxr_portal_pick_t *pick, bool *wrong)
{
    bool       checked = line->seen & (1u << CXR_RAW_CHECK);
    uint64_t   v;
    cxr_str_t  s;

    if (raw->checks && !checked) {
        return CXR_OK;
    }

    if (!(line->seen & (1u << CXR_RAW_QUANTITY))) {
        pick->quantity = checked ? 1 : 0;
        return CXR_OK;
    }

    s = cxr_str_trim(line->value[CXR_RAW_QUANTITY]);

    if (s.len == 0) {
        return CXR_OK;
    }

    /* more than a line can have is still a number: it is "too many" then */

    if (cxr_parse_uint(s, CXR_LINE_QUANTITY_MAX, &v)) {
        pick->quantity = (uint32_t) v;
        return CXR_OK;
    }

    *wrong = true;

    if (!cxr_utf8_valid(s)) {
        return CXR_OK;
    }

    return cxr_text_clean(a, cxr_utf8_cut(s, CXR_PORTAL_TYPED_MAX),
                          CXR_TEXT_LINE, CXR_PORTAL_TYPED_MAX, &pick->typed);
}


/* Twice the same is one; more than a line may have are not kept. */
static cxr_rc_t
cxr_portal_tickets(const cxr_raw_line_t *line, uint32_t index, cxr_arena_t *a,
    cxr_portal_pick_t *pick, cxr_portal_faults_t *faults)
{
    uint32_t             i, k;
    cxr_rc_t             rc;
    cxr_portal_photo_t  *photo;

    for (i = 0; i < line->photos.n; i++) {

        for (k = 0; k < pick->photos.n; k++) {
            if (cxr_str_eq(pick->photos.items[k].ticket,
                           line->photos.items[i]))
            {
                break;
            }
        }

        if (k < pick->photos.n || !cxr_ticket_like(line->photos.items[i])) {
            continue;
        }

        if (pick->photos.n == CXR_LINE_PHOTOS_MAX) {
            return cxr_portal_fault_of(faults, a, CXR_AT_PHOTO, index,
                                       "refusal.too_many_photos", 0,
                                       CXR_LINE_PHOTOS_MAX, CXR_TIME_NONE);
        }

        photo = cxr_list_push(a, &pick->photos, sizeof(*photo));
        if (photo == NULL) {
            return CXR_NOMEM;
        }

        rc = cxr_str_dup(a, line->photos.items[i], &photo->ticket);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_portal_line(const cxr_raw_form_t *raw, uint32_t index, cxr_arena_t *a,
    cxr_portal_form_t *form)
{
    bool                   wrong = false, told;
    size_t                 over = 0;
    cxr_rc_t               rc;
    cxr_str_t              s;
    const char            *outcome = NULL;
    cxr_portal_pick_t     *pick;
    cxr_portal_faults_t   *faults = &form->faults;
    const cxr_raw_line_t  *line = &raw->lines[index];

    pick = cxr_list_push(a, &form->picks, sizeof(*pick));
    if (pick == NULL) {
        return CXR_NOMEM;
    }

    pick->index = index;

    rc = cxr_portal_quantity(raw, line, a, pick, &wrong);
    if (rc != CXR_OK) {
        return rc;
    }

    if (wrong) {
        rc = cxr_portal_fault(faults, a, CXR_AT_QUANTITY, index,
                              "form.quantity_wrong");
        if (rc != CXR_OK) {
            return rc;
        }
    }

    /* a line that is not chosen keeps what was said of it, without complaint */

    told = pick->quantity > 0;

    s = line->value[CXR_RAW_REASON];

    if (s.len <= CXR_PORTAL_CODE_MAX && cxr_is_slug(s, CXR_PORTAL_CODE_MAX)) {
        rc = cxr_str_dup(a, s, &pick->reason);

    } else if (s.len && told) {
        rc = cxr_portal_fault(faults, a, CXR_AT_REASON, index,
                              "refusal.reason_unknown");
    }

    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_form_text(a, line->value[CXR_RAW_NOTE], CXR_TEXT_BLOCK,
                         CXR_NOTE_MAX, &pick->note, &over);
    if (rc == CXR_NOMEM) {
        return rc;
    }

    if (rc != CXR_OK && told) {
        rc = cxr_portal_fault(faults, a, CXR_AT_NOTE, index,
                              "form.note_unreadable");

    } else if (over && told) {
        rc = cxr_portal_fault_of(faults, a, CXR_AT_NOTE, index,
                                 "form.note_long", (int64_t) over,
                                 CXR_NOTE_MAX, CXR_TIME_NONE);
    }

    if (rc == CXR_NOMEM) {
        return rc;
    }

    rc = cxr_portal_outcome(line->value[CXR_RAW_OUTCOME], a, pick, &outcome);

    if (rc == CXR_OK && outcome != NULL && told) {
        rc = cxr_portal_fault(faults, a, CXR_AT_OUTCOME, index, outcome);
    }

    pick->seen = cxr_portal_seen(line->value[CXR_RAW_CLAIM]);

    if (rc == CXR_OK) {
        rc = cxr_portal_split(line, a, pick, faults);
    }

    return rc == CXR_OK ? cxr_portal_tickets(line, index, a, pick, faults)
                        : rc;
}


/* What was said once for all lines stands in each that says nothing itself,
   before any is read: so it is checked, judged and handed on as a line's own. */

static void
cxr_portal_all(cxr_raw_form_t *raw)
{
    uint32_t         i;
    cxr_raw_line_t  *line;

    for (i = 0; i < raw->nlines; i++) {
        line = &raw->lines[i];

        if (line->value[CXR_RAW_REASON].len == 0) {
            line->value[CXR_RAW_REASON] = raw->all_reason;
        }

        if (line->value[CXR_RAW_OUTCOME].len == 0) {
            line->value[CXR_RAW_OUTCOME] = raw->all_outcome;
        }
    }
}


/* "1200.0" */
static bool
cxr_portal_sums(cxr_str_t s, cxr_portal_form_t *form)
{
    uint64_t     refund, due;
    const char  *dot;

    dot = s.len ? memchr(s.data, '.', s.len) : NULL;

    if (dot == NULL
        || !cxr_parse_uint(cxr_strn(s.data, (size_t) (dot - s.data)),
                           CXR_MONEY_MAX, &refund)
        || !cxr_parse_uint(cxr_strn(dot + 1,
                                    s.len - (size_t) (dot - s.data) - 1),
                           CXR_MONEY_MAX, &due))
    {
        return false;
    }

    form->has_sums = true;
    form->refund = (cxr_money_t) refund;
    form->due = (cxr_money_t) due;

    return true;
}


cxr_rc_t
cxr_portal_form_parse(const cxr_pair_t *pairs, size_t n,
    const cxr_order_t *order, cxr_arena_t *a, cxr_portal_form_t *form)
{
    int             way;
    char            key[CXR_PORTAL_KEY_LEN];
    uint32_t        i;
    cxr_rc_t        rc;
    cxr_raw_form_t  raw;

    memset(form, 0, sizeof(*form));
    memset(&raw, 0, sizeof(raw));

    if (n > CXR_PORTAL_PAIRS_MAX) {
        return CXR_LIMIT;
    }

    raw.nlines = order->lines.n;
    raw.lines = cxr_calloc(a, raw.nlines, sizeof(*raw.lines));

    if (raw.lines == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_portal_sort(pairs, n, a, &raw);
    if (rc != CXR_OK) {
        return rc;
    }

    if (cxr_portal_is_flow(raw.flow)) {
        rc = cxr_str_dup(a, raw.flow, &form->flow);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (raw.has_key) {
        cxr_portal_lines_key(order, key);

        if (!cxr_str_eq(raw.key, cxr_strn(key, sizeof(key)))) {
            form->stale = true;

            return cxr_portal_fault(&form->faults, a, CXR_AT_FORM, 0,
                                    "form.stale");
        }
    }

    form->claim = raw.claim;
    form->instant = raw.instant;
    form->ticked = raw.ticked;

    if (raw.has_sums && !cxr_portal_sums(raw.sums, form)) {
        return CXR_INVALID;
    }

    if (raw.method.len != 0) {
        way = cxr_name_index(cxr_method_names, raw.method);

        if (way >= 0) {
            form->method = cxr_strz(cxr_method_names[way]);

        } else if (cxr_portal_fault(&form->faults, a, CXR_AT_METHOD, 0,
                                    "refusal.method_not_offered")
                   != CXR_OK)
        {
            return CXR_NOMEM;
        }
    }

    if (raw.beyond) {
        rc = cxr_portal_fault(&form->faults, a, CXR_AT_FORM, 0,
                              "refusal.line_unknown");
        if (rc != CXR_OK) {
            return rc;
        }
    }

    cxr_portal_all(&raw);

    for (i = 0; i < raw.nlines; i++) {
        if (raw.lines[i].seen == 0) {
            continue;
        }

        rc = cxr_portal_line(&raw, i, a, form);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


const cxr_portal_pick_t *
cxr_portal_pick(const cxr_portal_form_t *form, uint32_t index)
{
    uint32_t  lo = 0, hi = form->picks.n, mid;

    while (lo < hi) {
        mid = lo + (hi - lo) / 2;

        if (form->picks.items[mid].index < index) {
            lo = mid + 1;

        } else {
            hi = mid;
        }
    }

    if (lo < form->picks.n && form->picks.items[lo].index == index) {
        return &form->picks.items[lo];
    }

    return NULL;
}


uint32_t
cxr_portal_chosen(const cxr_portal_form_t *form)
{
    uint32_t  i, n;

    for (i = 0, n = 0; i < form->picks.n; i++) {
        n += form->picks.items[i].quantity > 0;
    }

    return n;
}

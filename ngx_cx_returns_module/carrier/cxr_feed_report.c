
/*
 * A whole record to a report or a refusal.
 */

#include <stdio.h>

#include "cxr_feed_private.h"
#include "cxr_text.h"


/* each byte the same */
#define cxr_bytes(c)  (0x0101010101010101ULL * (c))

/*
 * Nothing but printable ASCII, no two blanks in a row?  A word at a time, each
 * with the last byte of the one before it.  "No" of some that are ("a !") does
 * no harm: they are looked at closely, and kept as they are.
 */
static bool
cxr_field_plain(cxr_str_t s)
{
    size_t         i;
    uint64_t       w, del, blank, bad;
    unsigned char  c;

    if (s.len < sizeof(w)) {
        for (i = 0; i < s.len; i++) {
            c = (unsigned char) s.data[i];

            if (c < 0x20 || c >= 0x7f
                || (c == ' ' && i > 0 && s.data[i - 1] == ' '))
            {
                return false;
            }
        }

        return true;
    }

    for (i = 0; ; i = i + 15 <= s.len ? i + 7 : s.len - 8) {
        memcpy(&w, s.data + i, sizeof(w));

        del = w ^ cxr_bytes(0x7f);
        blank = w ^ cxr_bytes(' ');
        blank = (blank - cxr_bytes(1)) & ~blank & cxr_bytes(0x80);

        bad = w | ((w - cxr_bytes(0x20)) & ~w)
              | ((del - cxr_bytes(1)) & ~del);

        if ((bad & cxr_bytes(0x80)) | (blank & blank << 8)) {
            return false;
        }

        if (i + sizeof(w) == s.len) {
            return true;
        }
    }
}


/* Not clean ASCII: cleaned, and cut by characters. */
static cxr_str_t
cxr_field_clean(cxr_feed_t *f, cxr_str_t s, size_t max)
{
    cxr_str_t  clean;

    switch (cxr_text_clean(f->scratch, s, CXR_TEXT_LINE, s.len, &clean)) {
    case CXR_OK:
        return cxr_utf8_cut(clean, max);

    case CXR_NOMEM:
        f->starved = true;
        break;

    default:
        break;
    }

    return CXR_STR_NONE;
}


/*
 * A field as it is kept: one line, no controls, cut to "max" bytes, in the
 * report's arena, of which it takes no more than that.  Most values are clean
 * ASCII and are only copied.
 */
cxr_str_t
cxr_field(cxr_feed_t *f, cxr_arena_t *a, cxr_str_t s, size_t max)
{
    char  *p;

    if (!cxr_field_plain(s)) {
        s = cxr_field_clean(f, s, max);
    }

    if (s.len == 0) {
        return CXR_STR_NONE;
    }

    if (s.len > max) {
        s.len = max;
    }

    p = cxr_alloc(a, s.len);

    if (p == NULL) {
        f->starved = true;
        return CXR_STR_NONE;
    }

    (void) cxr_str_put(p, s);

    return cxr_strn(p, s.len);
}


/* The same of what carriers say of many parcels. */
static cxr_str_t
cxr_field_often(cxr_feed_t *f, cxr_arena_t *a, cxr_str_t s, size_t max)
{
    cxr_str_t         kept;
    const char       *known;
    cxr_memo_text_t  *place;

    place = s.len <= max ? cxr_memo_text(f, s, &known) : NULL;

    if (place != NULL && known != NULL) {
        return cxr_strn(known, s.len);
    }

    kept = cxr_field(f, a, s, max);

    if (place != NULL && cxr_str_eq(s, kept)) {
        cxr_memo_keep(f, place, kept);
    }

    return kept;
}


cxr_str_t
cxr_field_get(cxr_feed_t *f, cxr_arena_t *a, const cxr_value_t *v,
    uint32_t base, size_t max)
{
    cxr_str_t  s;

    if (v->alts.n == 0) {
        return CXR_STR_NONE;
    }

    s = cxr_value_get(f, v, base);

    return s.len > 0 ? cxr_field_often(f, a, s, max) : CXR_STR_NONE;
}


static void
cxr_feed_tell(cxr_feed_t *f, uint64_t record, unsigned line, cxr_str_t number,
    const char *code, cxr_fault_t fault, cxr_str_t text)
{
    cxr_feed_refusal_t  r;

    if (record > 0) {
        f->stats.refused++;

    } else {
        f->stats.faults++;
    }

    f->stats.failed += (fault > CXR_FAULT_NOT_FOUND);

    if (f->sink.on_refused == NULL) {
        return;
    }

    r.record = record;
    r.line = line;
    r.number = number;
    r.code = code;
    r.fault = fault;
    r.text = text;

    f->sink.on_refused(f->sink.ctx, &r);
}


/* The carrier's own words, cleaned; CXR_FAULT_NONE: there is no error. */
static cxr_fault_t
cxr_error_get(cxr_feed_t *f, const cxr_error_rule_t *e, uint32_t base,
    cxr_str_t *words)
{
    char               *p;
    size_t              n;
    uint32_t            i;
    cxr_str_t           code, text;
    cxr_subject_t       s;
    const cxr_rule_t   *rule;

    code = cxr_value_get(f, &e->code, base);

    if (code.len == 0) {
        return CXR_FAULT_NONE;
    }

    for (i = 0; i < e->ok.n; i++) {
        if (cxr_str_eq(code, e->ok.items[i])) {
            return CXR_FAULT_NONE;
        }
    }

    text = cxr_value_get(f, &e->text, base);

    memset(&s, 0, sizeof(cxr_subject_t));
    s.code[0] = code;
    s.text = text;
    s.scratch = f->scratch;

    rule = cxr_table_find(&e->classes, &s);

    code = cxr_field(f, f->scratch, code, CXR_CODE_MAX);
    text = cxr_field(f, f->scratch, text, CXR_TEXT_MAX);
    p = cxr_alloc(f->scratch, code.len + text.len + 2);

    if (p == NULL) {
        *words = CXR_STR_NONE;

    } else {
        n = code.len;
        (void) cxr_str_put(p, code);

        if (text.len > 0) {
            p[n++] = ':';
            p[n++] = ' ';
            (void) cxr_str_put(p + n, text);
            n += text.len;
        }

        *words = cxr_strn(p, n);
    }

    if (f->trace != NULL) {
        cxr_trace_error(f, e, rule ? rule->fault : e->fault, *words);
    }

    return rule ? rule->fault : e->fault;
}


void
cxr_feed_faults(cxr_feed_t *f, const cxr_format_rule_t *r,
    const cxr_open_t *e)
{
    uint32_t     i;
    cxr_str_t    words;
    cxr_fault_t  fault;

    f->whole = true;

    for (i = 0; i < r->errors.n; i++) {
        fault = cxr_error_get(f, &r->errors.items[i], e->node, &words);

        if (fault != CXR_FAULT_NONE) {
            cxr_feed_tell(f, 0, 0, CXR_STR_NONE, "carrier_error", fault, words);
            break;
        }
    }

    f->whole = false;
    cxr_arena_reset(f->scratch);
}


/* all that there are, for what is kept of them */
static cxr_str_t
cxr_codes_join(cxr_feed_t *f, cxr_arena_t *a, const cxr_subject_t *s)
{
    char      *p;
    size_t     n;
    uint32_t   i;

    p = cxr_alloc(a, s->code[0].len + s->code[1].len + s->code[2].len + 2);

    if (p == NULL) {
        f->starved = true;
        return CXR_STR_NONE;
    }

    for (i = 0, n = 0; i < CXR_CODES; i++) {
        if (s->code[i].len == 0) {
            continue;
        }

        if (n > 0) {
            p[n++] = '/';
        }

        (void) cxr_str_put(p + n, s->code[i]);
        n += s->code[i].len;
    }

    return cxr_utf8_cut(cxr_strn(p, n), CXR_CODE_MAX);
}


cxr_str_t
cxr_codes_get(cxr_feed_t *f, cxr_arena_t *a, const cxr_value_t *code,
    uint32_t base, cxr_subject_t *s)
{
    cxr_str_t  first;

    first = cxr_field_get(f, a, &code[0], base, CXR_CODE_MAX);

    s->have = 0;
    s->text = CXR_STR_NONE;
    s->scratch = f->scratch;
    s->code[0] = first;
    s->code[1] = cxr_field_get(f, a, &code[1], base, CXR_CODE_MAX);
    s->code[2] = cxr_field_get(f, a, &code[2], base, CXR_CODE_MAX);

    return s->code[1].len == 0 && s->code[2].len == 0
           ? first : cxr_codes_join(f, a, s);
}


const cxr_override_t *
cxr_override_find(cxr_feed_t *f, const cxr_override_t *items, uint32_t n,
    uint32_t base, uint8_t status)
{
    uint32_t  i;

    for (i = 0; i < n; i++) {
        if ((items[i].from & (1u << status))
            && cxr_cond_holds(f, &items[i].cond, base))
        {
            if (f->trace != NULL) {
                cxr_trace_cond(f, CXR_TRACE_OVERRIDE, &items[i].cond, base,
                               &items[i], 0);
            }

            return &items[i];
        }
    }

    return NULL;
}


static void
cxr_header_read(cxr_feed_t *f, const cxr_record_rule_t *r, uint32_t base,
    cxr_arena_t *a, cxr_report_t *report)
{
    uint32_t               i;
    cxr_moment_t           when;
    cxr_subject_t          s;
    const cxr_rule_t      *rule;
    const cxr_override_t  *o;

    if (r->header.set) {
        if (f->trace != NULL) {
            cxr_trace_begin(f, CXR_TRACE_HEADER, r->header.line, 0);
        }

        report->header_code = cxr_codes_get(f, a, r->header.code, base, &s);
        s.text = cxr_field_get(f, a, &r->header.text, base, CXR_TEXT_MAX);

        if (report->header_code.len == 0) {
            report->header_code = cxr_utf8_cut(s.text, CXR_CODE_MAX);
        }
    }

    if (report->header_code.len > 0) {
        rule = cxr_memo_rule(f, r->header.table, &s);

        if (f->trace != NULL) {
            cxr_trace_rule(f, r->header.table, rule, &s);
        }

        if (rule != NULL && rule->act == CXR_RULE_IGNORE) {
            report->header_code = CXR_STR_NONE;

        } else if (rule != NULL) {
            report->header_mapped = true;
            report->header_status = rule->status;
            report->header_reason = rule->reason;
            report->header_wins = rule->act == CXR_RULE_MAP
                                  && (r->header.wins & (1u << rule->status));
        }
    }

    o = cxr_override_find(f, r->overrides.items, r->overrides.n, base,
                          report->header_status);
    if (o != NULL) {
        report->header_mapped = true;
        report->header_status = o->status;
        report->header_reason = o->reason;
        report->header_wins = true;
    }

    if (report->header_code.len == 0 && o == NULL) {
        return;
    }

    cxr_when_get(f, &r->header.time, base, &when);
    report->header_at = when.at;

    if (when.at == CXR_TIME_NONE) {
        for (i = 0; i < report->scans.n; i++) {
            if (report->scans.items[i].at > report->header_at) {
                report->header_at = report->scans.items[i].at;
            }
        }
    }
}


bool
cxr_fold_into(cxr_arena_t *a, cxr_str_t s,
    cxr_rc_t (*fold)(cxr_str_t, char *, size_t *), cxr_str_t *out)
{
    char    buf[CXR_TRACKING_MAX > CXR_NUMBER_MAX ? CXR_TRACKING_MAX
                                                  : CXR_NUMBER_MAX];
    size_t  len = sizeof(buf);

    *out = CXR_STR_NONE;

    return s.len > 0 && fold(s, buf, &len) == CXR_OK
           && cxr_str_dup(a, cxr_strn(buf, len), out) == CXR_OK;
}


/* What had to be cut would make two parcels one. */
static void
cxr_unique_read(cxr_feed_t *f, const cxr_record_rule_t *r, uint32_t base,
    cxr_arena_t *a, cxr_report_t *report)
{
    cxr_str_t     s;
    cxr_moment_t  since;

    s = cxr_value_get(f, &r->unique, base);

    if (s.len == 0 || s.len > CXR_ID_MAX) {
        return;
    }

    cxr_when_get(f, &r->since, base, &since);

    if (since.at > 0) {
        report->day = (uint32_t) (since.at / CXR_DAY);
    }

    report->unique = cxr_field(f, a, s, CXR_ID_MAX);
}


/* the same for all reports of an era */
static cxr_rc_t
cxr_carrier_read(cxr_feed_t *f, cxr_arena_t *a, cxr_report_t *report)
{
    if (f->carrier_era != f->era) {
        if (cxr_str_dup(a, f->profile->carrier, &f->carrier) != CXR_OK) {
            return CXR_NOMEM;
        }

        f->carrier_era = f->era;
    }

    report->carrier = f->carrier;

    return CXR_OK;
}


static cxr_rc_t
cxr_report_fill(cxr_feed_t *f, const cxr_record_rule_t *r, uint32_t base,
    cxr_arena_t *a, cxr_report_t *report)
{
    cxr_rc_t   rc;
    uint64_t   pieces;

    (void) cxr_fold_into(a, cxr_value_get(f, &r->order, base),
                         cxr_fold_number, &report->order);

    rc = cxr_scans_read(f, r, base, a, report);

    if (rc != CXR_OK) {
        return rc;
    }

    report->service = cxr_field_get(f, a, &r->service, base, CXR_SERVICE_MAX);

    cxr_header_read(f, r, base, a, report);
    cxr_arrival_read(f, r, base, a, report);

    if (r->pieces.alts.n > 0
        && cxr_parse_uint(cxr_value_get(f, &r->pieces, base),
                          CXR_FEED_PIECES_MAX, &pieces))
    {
        report->pieces = (uint32_t) pieces;
    }

    if (r->return_number.alts.n > 0) {
        (void) cxr_fold_into(a, cxr_value_get(f, &r->return_number, base),
                             cxr_fold_tracking, &report->return_number);
    }

    if (r->unique.alts.n > 0) {
        cxr_unique_read(f, r, base, a, report);
    }

    return f->starved ? CXR_NOMEM : cxr_carrier_read(f, a, report);
}


/* false: it is there and cannot be one */
static bool
cxr_number_read(cxr_feed_t *f, const cxr_record_rule_t *r, uint32_t base,
    cxr_report_t *keys)
{
    cxr_str_t  number;

    number = cxr_value_get(f, &r->number, base);

    return cxr_fold_into(f->scratch, number, cxr_fold_tracking, &keys->number)
           || number.len == 0;
}


/*
 * Has the parcel taken the record in?  Then it neither was an error of the
 * carrier's nor is one now, nor is it to be left out.  *seen: the digest that
 * is to be kept with what comes of the record.
 */
static bool
cxr_record_known(cxr_feed_t *f, const cxr_record_rule_t *r,
    const cxr_open_t *e, cxr_str_t number, cxr_seen_t *seen)
{
    cxr_str_t  kept;

    seen->made = false;

    if (f->sink.known == NULL || f->trace != NULL || f->broken != NULL
        || number.len == 0)
    {
        return false;
    }

    cxr_seen_digest(f, e, seen);

    if (seen->raw) {
        cxr_again_learn(f, r, e);
    }

    if (!seen->made
        || !f->sink.known(f->sink.ctx, number, 0,
                          cxr_strn(seen->tape, CXR_SEEN_LEN), &kept))
    {
        return false;
    }

    cxr_seen_count(f, kept);

    return true;
}


/* NULL: fine; else the code of the refusal */
static const char *
cxr_keys_read(cxr_feed_t *f, const cxr_record_rule_t *r, uint32_t base,
    cxr_arena_t *a, cxr_report_t *report)
{
    bool       bad;
    cxr_str_t  reference;

    reference = cxr_value_get(f, &r->reference, base);

    bad = !cxr_fold_into(a, reference, cxr_fold_number, &report->reference)
          && reference.len > 0;

    if (report->number.len > 0 || report->reference.len > 0) {
        return NULL;
    }

    return bad ? "bad_reference" : "number_missing";
}


/* A limit is told with its number, and with what can be done about it. */
static cxr_str_t
cxr_refuse_limit(const cxr_feed_t *f, const char *code, char *buf, size_t size)
{
    if (strcmp(code, "too_many_events") == 0) {
        (void) snprintf(buf, size, "the record has %u events, more than the "
                        "%u that one may have: ask the carrier for a shorter "
                        "time, let <events path> of the profile pass over "
                        "those that say nothing, or make each event a "
                        "<record>", f->met, f->limits.scans);

    } else if (strcmp(code, "too_many_elements") == 0) {
        (void) snprintf(buf, size, "the record has more than the %u elements "
                        "that one may have: it is perhaps not one parcel, so "
                        "look at <record path> of the profile",
                        f->limits.elements);

    } else {
        (void) snprintf(buf, size, "more than %u bytes of the record would be "
                        "kept: it is perhaps not one parcel, or its values "
                        "are no texts, so look at the paths of the profile",
                        f->limits.kept);
    }

    return cxr_strz(buf);
}


static void
cxr_feed_refuse(cxr_feed_t *f, const cxr_open_t *e, cxr_str_t number,
    const char *code)
{
    char    buf[320];
    size_t  i;

    static const struct {
        const char  *code;
        cxr_str_t    text;
    }  texts[] = {
        { "number_missing", cxr_str_init("the record has no tracking number "
                                         "and no reference") },
        { "number_bad", cxr_str_init("the tracking number is longer than 64 "
                            "or holds other than letters, digits and ._/-") },
        { "bad_reference", cxr_str_init("the reference cannot be read, and "
                                        "there is no tracking number") }
    };

    for (i = 0; i < cxr_nelts(texts); i++) {
        if (strcmp(texts[i].code, code) == 0) {
            break;
        }
    }

    cxr_feed_tell(f, f->stats.records, e->line, number, code, CXR_FAULT_NONE,
                  i < cxr_nelts(texts) ? texts[i].text
                                       : cxr_refuse_limit(f, code, buf,
                                                          sizeof(buf)));
}


/* An element that fits the record's path and is no parcel all the same. */
static bool
cxr_record_ignored(cxr_feed_t *f, const cxr_record_rule_t *r, uint32_t base)
{
    uint32_t  i;

    for (i = 0; i < r->ignores.n; i++) {
        if (!cxr_cond_holds(f, &r->ignores.items[i], base)) {
            continue;
        }

        if (f->trace != NULL) {
            cxr_trace_cond(f, CXR_TRACE_IGNORE, &r->ignores.items[i], base,
                           NULL, 0);
        }

        return true;
    }

    return false;
}


/* Does the carrier say, in the record's place, that it knows nothing of it? */

static bool
cxr_record_failed(cxr_feed_t *f, const cxr_record_rule_t *r,
    const cxr_open_t *e, cxr_str_t number)
{
    uint32_t     i;
    cxr_str_t    words;
    cxr_fault_t  fault;

    for (i = 0; i < r->errors.n; i++) {
        fault = cxr_error_get(f, &r->errors.items[i], e->node, &words);

        if (fault != CXR_FAULT_NONE) {
            cxr_feed_tell(f, f->stats.records, e->line, number,
                          "carrier_error", fault, words);
            return true;
        }
    }

    return false;
}


/* The report is the sink's: the keys were read into what the next record has. */

static cxr_rc_t
cxr_record_read(cxr_feed_t *f, const cxr_record_rule_t *r,
    const cxr_open_t *e, const cxr_report_t *keys, cxr_arena_t *a,
    cxr_report_t *report)
{
    cxr_rc_t  rc;

    rc = cxr_str_dup(a, keys->number, &report->number);

    if (rc == CXR_OK) {
        rc = cxr_str_dup(a, keys->reference, &report->reference);
    }

    if (rc == CXR_OK) {
        rc = cxr_report_fill(f, r, e->node, a, report);
    }

    return rc;
}


void
cxr_feed_record(cxr_feed_t *f, const cxr_record_rule_t *r,
    const cxr_open_t *e)
{
    bool               good;
    cxr_rc_t           rc;
    const char        *code;
    cxr_seen_t         seen;
    cxr_arena_t       *a;
    cxr_report_t      *report, keys;
    cxr_feed_stats_t   before;

    if (f->stats.records >= f->limits.records) {
        cxr_feed_stop(f, CXR_FEED_LIMIT, CXR_LIMIT, "the document has more "
                      "than %u records", f->limits.records);
        return;
    }

    f->stats.records++;
    cxr_arena_reset(f->lists);
    cxr_arena_reset(f->scratch);

    f->event = 0;

    if (f->trace != NULL) {
        cxr_trace_begin(f, CXR_TRACE_RECORD, r->line, e->line);
    }

    memset(&keys, 0, sizeof(cxr_report_t));
    good = cxr_number_read(f, r, e->node, &keys);

    seen.made = false;

    if (good && cxr_record_known(f, r, e, keys.number, &seen)) {
        return;
    }

    if (f->broken == NULL && cxr_record_ignored(f, r, e->node)) {
        f->stats.passed++;
        return;
    }

    code = good ? cxr_keys_read(f, r, e->node, f->scratch, &keys)
                : "number_bad";

    if (f->broken != NULL) {
        code = f->broken;
    }

    if (f->broken == NULL && cxr_record_failed(f, r, e, keys.number)) {
        return;
    }

    if (code != NULL) {
        cxr_feed_refuse(f, e, keys.number, code);
        return;
    }

    before = f->stats;
    a = f->sink.arena(f->sink.ctx);
    f->era = f->sink.era != NULL ? *f->sink.era : f->stats.records;
    f->starved = false;
    report = a ? cxr_calloc(a, 1, sizeof(cxr_report_t)) : NULL;

    if (report == NULL) {
        cxr_feed_stop(f, CXR_FEED_MEMORY, CXR_NOMEM, "there is no arena, or "
                      "no room in it, for a report");
        return;
    }

    rc = cxr_record_read(f, r, e, &keys, a, report);

    if (rc == CXR_OK && seen.made
        && !cxr_seen_keep(f, a, &seen, &before, report))
    {
        rc = CXR_NOMEM;
    }

    if (rc == CXR_LIMIT) {
        cxr_feed_refuse(f, e, report->number, "too_many_events");
        return;
    }

    if (rc != CXR_OK) {
        cxr_feed_stop(f, CXR_FEED_MEMORY, CXR_NOMEM, "a report does not fit "
                      "into its arena");
        return;
    }

    if (f->end != CXR_FEED_GOING) {
        return;
    }

    rc = f->sink.on_report(f->sink.ctx, report, a);

    if (rc != CXR_OK) {
        cxr_feed_stop(f, CXR_FEED_SINK, rc, "a report could not be taken "
                      "(%s)", cxr_rc_name(rc));
        return;
    }

    f->stats.reports++;
}

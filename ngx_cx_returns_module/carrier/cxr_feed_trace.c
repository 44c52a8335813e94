
/*
 * Telling what a feed does, for "explain".
 */

#include "cxr_feed_private.h"


const char *const  cxr_trace_names[] = {
    "record", "event", "header", "value", "time", "rule", "unmapped",
    "override", "retract", "ignore", "padding", "error", NULL
};


static void
cxr_trace_init(cxr_feed_t *f, cxr_trace_t *t, cxr_trace_kind_t kind)
{
    memset(t, 0, sizeof(cxr_trace_t));

    t->kind = (uint8_t) kind;
    t->record = f->whole ? 0 : f->stats.records;
    t->event = f->event;
}


void
cxr_trace_begin(cxr_feed_t *f, cxr_trace_kind_t kind, unsigned line,
    unsigned at_line)
{
    cxr_trace_t  t;

    cxr_trace_init(f, &t, kind);
    t.line = line;
    t.at_line = at_line;

    f->trace(f->trace_ctx, &t);
}


static void
cxr_trace_alt(cxr_trace_t *t, const cxr_value_t *v, uint32_t alt)
{
    t->field = v->field;

    if (alt < v->alts.n) {
        t->alternative = alt + 1;
        t->path = v->alts.items[alt].source;
        t->line = v->alts.items[alt].line;

    } else if (v->alts.n > 0) {
        t->line = v->alts.items[0].line;
    }
}


void
cxr_trace_value(cxr_feed_t *f, const cxr_value_t *v, uint32_t alt,
    cxr_str_t value)
{
    cxr_trace_t  t;

    cxr_trace_init(f, &t, CXR_TRACE_VALUE);
    cxr_trace_alt(&t, v, alt);
    t.value = value;

    if (alt < v->alts.n && v->alts.items[alt].cuts) {
        t.raw = f->raw;
    }

    f->trace(f->trace_ctx, &t);
}


/* "alt" counts from 1; 0: there is no text of a time */
void
cxr_trace_time(cxr_feed_t *f, const cxr_when_t *w, uint32_t alt,
    const cxr_datefmt_t *fmt, const cxr_moment_t *when)
{
    cxr_trace_t  t;

    cxr_trace_init(f, &t, CXR_TRACE_TIME);
    cxr_trace_alt(&t, &w->value, alt > 0 ? alt - 1 : w->value.alts.n);
    t.value = when->text;

    if (fmt != NULL) {
        t.format = fmt->text;
        t.at = when->at;
        t.offset = when->offset;
        t.precision = when->precision;
        t.zone = when->zone;
        t.tz = when->tz ? cxr_tz_name(when->tz) : NULL;
        t.place = when->place ? when->place->name : CXR_STR_NONE;
    }

    f->trace(f->trace_ctx, &t);
}


void
cxr_trace_rule(cxr_feed_t *f, const cxr_table_t *t, const cxr_rule_t *r,
    const cxr_subject_t *s)
{
    size_t       n = 0;
    uint32_t     i;
    char         code[CXR_CODES * (CXR_CODE_MAX + 1)];
    cxr_trace_t  out;

    static const char *const  acts[] = { "map", "note", "ignore" };

    cxr_trace_init(f, &out, r ? CXR_TRACE_RULE : CXR_TRACE_UNMAPPED);

    for (i = 0; i < CXR_CODES; i++) {
        if (s->code[i].len == 0) {
            continue;
        }

        if (n > 0) {
            code[n++] = '/';
        }

        (void) cxr_str_put(code + n, s->code[i]);
        n += s->code[i].len;
    }

    out.table = t->name;
    out.code = cxr_strn(code, n);
    out.text = s->text;

    if (r != NULL) {
        out.line = r->line;
        out.act = acts[r->act];
        out.status = r->status;
        out.reason = r->reason;
        out.action = r->action;
        out.left = r->left;
        out.sure = r->sure;
    }

    f->trace(f->trace_ctx, &out);
}


void
cxr_trace_cond(cxr_feed_t *f, cxr_trace_kind_t kind, const cxr_cond_t *c,
    uint32_t base, const cxr_override_t *o, uint8_t retract)
{
    cxr_trace_t  t;

    cxr_trace_init(f, &t, kind);
    t.value = cxr_value_get(f, &c->value, base);
    t.line = c->line;
    t.retract = retract;

    if (c->value.alts.n > 0) {
        t.path = c->value.alts.items[0].source;
    }

    if (o != NULL) {
        t.status = o->status;
        t.reason = o->reason;
        t.action = o->action;
        t.left = o->left;
    }

    f->trace(f->trace_ctx, &t);
}


void
cxr_trace_error(cxr_feed_t *f, const cxr_error_rule_t *e, cxr_fault_t fault,
    cxr_str_t words)
{
    cxr_trace_t  t;

    cxr_trace_init(f, &t, CXR_TRACE_ERROR);
    t.line = e->line;
    t.value = words;
    t.fault = (uint8_t) fault;

    if (e->code.alts.n > 0) {
        t.path = e->code.alts.items[0].source;
    }

    f->trace(f->trace_ctx, &t);
}


/*
 * A record's events: what each says, what the profile's tables and conditions
 * make of it.
 */

#include <strings.h>

#include "cxr_feed_private.h"
#include "cxr_text.h"


static void
cxr_country(cxr_str_t s, cxr_arena_t *a, cxr_str_t *out)
{
    char  *p;

    *out = CXR_STR_NONE;

    if (s.len != 2 || !((s.data[0] | 0x20) >= 'a' && (s.data[0] | 0x20) <= 'z')
        || !((s.data[1] | 0x20) >= 'a' && (s.data[1] | 0x20) <= 'z'))
    {
        return;
    }

    p = cxr_alloc(a, 2);

    if (p != NULL) {
        p[0] = (char) (s.data[0] & ~0x20);
        p[1] = (char) (s.data[1] & ~0x20);
        *out = cxr_strn(p, 2);
    }
}


/*
 * Who took a parcel is a third person's name, which nothing here needs: some
 * carriers write it behind the words of the event ("Delivered - Signed for by:
 * ..."), where nobody could seal or erase it.  What stands before is kept; the
 * words themselves only where there is nothing else.  The table is asked of the
 * text as it came.
 */
static cxr_str_t
cxr_text_nobody(cxr_str_t s)
{
    size_t       i, n, end;
    const char  *colon;

    static const char *const  words[] = {
        "signed for by", "signed by", "received by", "accepted by",
        "teslim alan", "teslim alan ki\xc5\x9fi", "tesl\xc4\xb0m alan",
        "recebedor", "recebido por", "recibido por", "firmado por",
        "ricevuto da", "sign\xc3\xa9 par", "re\xc3\xa7u par",
        "ontvangen door", "quittiert von", "\xe7\xad\xbe\xe6\x94\xb6\xe4\xba\xba"
    };

    colon = s.len > 0 ? memchr(s.data, ':', s.len) : NULL;

    while (colon != NULL) {
        end = (size_t) (colon - s.data);

        while (end > 0 && s.data[end - 1] == ' ') {
            end--;
        }

        for (i = 0; i < cxr_nelts(words); i++) {
            n = strlen(words[i]);

            if (n > end || strncasecmp(s.data + end - n, words[i], n) != 0) {
                continue;
            }

            n = end - n;

            while (n > 0 && memchr(" -,;.|(", s.data[n - 1], 7) != NULL) {
                n--;
            }

            return cxr_strn(s.data, n > 0 ? n : end);
        }

        colon = memchr(colon + 1, ':', s.len - (size_t) (colon + 1 - s.data));
    }

    return s;
}


typedef enum {
    CXR_SCAN_TAKEN = 0,
    CXR_SCAN_LEFT,
    CXR_SCAN_NOMEM
} cxr_scan_result_t;


/* Does the event take something back?  Then it says nothing of the status. */
static bool
cxr_scan_retracts(cxr_feed_t *f, const cxr_events_rule_t *ev, uint32_t node,
    cxr_arena_t *a, cxr_scan_t *scan)
{
    uint32_t                   i;
    cxr_str_t                  name;
    cxr_moment_t               when;
    const cxr_retract_rule_t  *r = NULL;

    for (i = 0; i < ev->retracts.n; i++) {
        r = &ev->retracts.items[i];

        if (cxr_cond_holds(f, &r->cond, node)) {
            break;
        }
    }

    if (i == ev->retracts.n) {
        return false;
    }

    scan->mapped = true;
    scan->retract = r->what;

    if (r->what == CXR_RETRACT_NAMED) {
        name = cxr_value_get(f, r->id.alts.n > 0 ? &r->id : &r->code, node);
        cxr_when_get(f, &r->time, node, &when);
        scan->retracts_at = when.at;

        /* what had to be cut, or has no time, would name another one */
        if (name.len > CXR_ID_MAX
            || (r->id.alts.n == 0 && when.at == CXR_TIME_NONE))
        {
            name.len = 0;
        }

        scan->retracts = cxr_field(f, a, name, CXR_ID_MAX);
    }

    if (f->trace != NULL) {
        cxr_trace_cond(f, CXR_TRACE_RETRACT, &r->cond, node, NULL, r->what);
    }

    return true;
}


/* false: a rule leaves the event out */
static bool
cxr_scan_status(cxr_feed_t *f, const cxr_events_rule_t *ev, uint32_t node,
    cxr_subject_t *s, cxr_scan_t *scan, bool *unsure)
{
    const cxr_rule_t      *rule;
    const cxr_override_t  *o;

    rule = cxr_memo_rule(f, ev->table, s);

    if (f->trace != NULL) {
        cxr_trace_rule(f, ev->table, rule, s);
    }

    if (rule != NULL && rule->act == CXR_RULE_IGNORE) {
        return false;
    }

    *unsure = rule != NULL && !rule->sure;

    if (rule != NULL) {
        scan->mapped = true;
        scan->status = rule->status;
        scan->reason = rule->reason;
        scan->action = rule->action;
        scan->left = rule->left;
    }

    o = cxr_override_find(f, ev->overrides.items, ev->overrides.n, node,
                          scan->status);
    if (o != NULL) {
        scan->mapped = true;
        scan->status = o->status;
        scan->reason = o->reason;
        scan->action = o->action;
        scan->left = o->left;
    }

    return true;
}


/* copied, where to clear so many bytes takes longer */
static const cxr_scan_t  cxr_scan_nothing;


static cxr_scan_result_t
cxr_scan_read(cxr_feed_t *f, const cxr_events_rule_t *ev, uint32_t node,
    cxr_arena_t *a, cxr_scan_t *scan, bool *unsure)
{
    uint32_t       i;
    uint64_t       seq;
    cxr_str_t      id, code, text;
    cxr_moment_t   when;
    cxr_subject_t  s;

    *scan = cxr_scan_nothing;
    cxr_arena_reset(f->scratch);

    for (i = 0; i < ev->ignores.n; i++) {
        if (!cxr_cond_holds(f, &ev->ignores.items[i], node)) {
            continue;
        }

        if (f->trace != NULL) {
            cxr_trace_cond(f, CXR_TRACE_IGNORE, &ev->ignores.items[i], node,
                           NULL, 0);
        }

        return CXR_SCAN_LEFT;
    }

    code = cxr_codes_get(f, a, ev->code, node, &s);
    text = cxr_field_get(f, a, &ev->text, node, CXR_TEXT_MAX);

    scan->code = code;
    scan->text = cxr_text_nobody(text);
    s.text = text;

    if (f->starved) {
        return CXR_SCAN_NOMEM;
    }

    /* padding: says neither what nor, for want of words, anything else */
    if (code.len == 0 && text.len == 0) {
        if (f->trace != NULL) {
            cxr_trace_begin(f, CXR_TRACE_PADDING, 0, 0);
        }

        return CXR_SCAN_LEFT;
    }

    *unsure = false;

    if ((ev->retracts.n == 0 || !cxr_scan_retracts(f, ev, node, a, scan))
        && !cxr_scan_status(f, ev, node, &s, scan, unsure))
    {
        return CXR_SCAN_LEFT;
    }

    cxr_when_get(f, &ev->time, node, &when);
    scan->at = when.at;
    scan->offset = when.offset;
    scan->precision = when.precision;
    scan->zone = when.zone;

    scan->time_text = cxr_field(f, a, when.text, CXR_TIME_TEXT_MAX);
    scan->place = cxr_field_get(f, a, &ev->place, node, CXR_PLACE_MAX);

    cxr_country(cxr_value_get(f, &ev->country, node), a, &scan->country);

    /* an id that had to be cut would make two events one */
    id = cxr_value_get(f, &ev->id, node);

    if (id.len <= CXR_ID_MAX) {
        scan->id = cxr_field(f, a, id, CXR_ID_MAX);
    }

    if (cxr_parse_uint(cxr_value_get(f, &ev->seq, node), UINT32_MAX, &seq)) {
        scan->seq = (uint32_t) seq;
    }

    /* on other events the field holds anything; of whom it is stays there */

    scan->signature = scan->status == CXR_SHIP_DELIVERED
                      && ev->signature.alts.n > 0
                      && cxr_value_get(f, &ev->signature, node).len > 0;

    return f->starved ? CXR_SCAN_NOMEM : CXR_SCAN_TAKEN;
}


/* CXR_LIMIT: too many; CXR_NOMEM: no room */
cxr_rc_t
cxr_scans_read(cxr_feed_t *f, const cxr_record_rule_t *r, uint32_t base,
    cxr_arena_t *a, cxr_report_t *report)
{
    bool                      unsure;
    uint32_t                  i, k, total = 0;
    cxr_nodes_t              *nodes;
    cxr_scan_t               *scan;
    cxr_scan_result_t         got;
    const cxr_events_rule_t  *ev;

    if (r->events.n == 0) {
        return CXR_OK;
    }

    nodes = cxr_calloc(f->lists, r->events.n, sizeof(cxr_nodes_t));
    if (nodes == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < r->events.n; i++) {
        if (cxr_select(f, &r->events.items[i].paths, base, &nodes[i])
            != CXR_OK)
        {
            return CXR_NOMEM;
        }

        total += nodes[i].n;
    }

    if (total > f->limits.scans) {
        f->met = total;
        return CXR_LIMIT;
    }

    if (total == 0) {
        return CXR_OK;
    }

    report->scans.items = cxr_alloc(a, total * sizeof(cxr_scan_t));
    if (report->scans.items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < r->events.n; i++) {
        ev = &r->events.items[i];

        for (k = 0; k < nodes[i].n; k++) {
            scan = &report->scans.items[report->scans.n];
            f->event++;

            if (f->trace != NULL) {
                cxr_trace_begin(f, CXR_TRACE_EVENT, ev->line, 0);
            }

            if (ev->grouped) {
                f->fence = f->nodes[nodes[i].items[k]].name;
            }

            got = cxr_scan_read(f, ev, nodes[i].items[k], a, scan, &unsure);
            f->fence = CXR_NAME_ANY;

            switch (got) {
            case CXR_SCAN_NOMEM:
                return CXR_NOMEM;

            case CXR_SCAN_LEFT:
                f->stats.ignored++;
                continue;

            default:
                break;
            }

            if (ev->order == CXR_ORDER_ASC) {
                scan->seq = k + 1;

            } else if (ev->order == CXR_ORDER_DESC) {
                scan->seq = nodes[i].n - k;
            }

            if (!scan->mapped) {
                f->stats.unmapped++;
            }

            /* one that has no time at all is as the carrier tells it */

            if (scan->at == CXR_TIME_NONE && scan->time_text.len > 0) {
                f->stats.untimed++;
            }

            f->stats.unsure += unsure;

            report->scans.n++;
        }
    }

    f->event = 0;
    f->stats.events += report->scans.n;

    return CXR_OK;
}

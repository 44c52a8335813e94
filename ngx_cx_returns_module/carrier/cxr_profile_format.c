
/*
 * The parts of a profile that say where things stand in the XML: <format> and
 * all below it.
 */

#include <stdio.h>

#include "cxr_profile_read.h"
#include "cxr_text.h"


static const char *const  cxr_order_names[] = { "none", "asc", "desc", NULL };
static const char *const  cxr_group_names[] = { "no", "siblings", NULL };


void
cxr_read_value_text(cxr_reader_t *x, const xmlNode *node, const char *attr,
    cxr_value_t *value)
{
    uint32_t     i;
    cxr_str_t    s;
    const char  *why = "";

    i = value->alts.n;

    if (cxr_attr(x, node, attr, false, &s)
        && cxr_value_parse(x->profile, s, value, &why) != CXR_OK)
    {
        cxr_complain(x, node, "\"%s\": %s", attr, why);
    }

    while (i < value->alts.n) {
        value->alts.items[i++].line = cxr_line_of(node);
    }
}


static void
cxr_read_capture(cxr_reader_t *x, const xmlNode *node, cxr_capture_t **out)
{
    cxr_str_t    s;
    const char  *why = "";

    if (cxr_attr_raw(x, node, "capture", &s)
        && cxr_capture_compile(x->profile->arena, s, out, &why) != CXR_OK)
    {
        cxr_complain(x, node, "\"capture\": %s", why);
    }
}


/* "path" and what it is cut by, of a value or of one of its <or> */
static void
cxr_read_alts(cxr_reader_t *x, const xmlNode *node, const char *join,
    cxr_value_t *value)
{
    uint32_t        i, first = value->alts.n;
    uint8_t         as;
    cxr_alt_t      *alt;
    cxr_capture_t  *capture = NULL;

    cxr_read_value_text(x, node, "path", value);
    cxr_read_capture(x, node, &capture);
    as = cxr_attr_name(x, node, "as", cxr_as_names, false);

    if (value->alts.n == first) {
        cxr_complain(x, node, "the attribute \"path\" is missing");
    }

    for (i = first; i < value->alts.n; i++) {
        alt = &value->alts.items[i];
        alt->join = cxr_strz(join);

        (void) cxr_attr_raw(x, node, "join", &alt->join);
        (void) cxr_attr_raw(x, node, "after", &alt->after);
        (void) cxr_attr_raw(x, node, "until", &alt->until);
        alt->capture = capture;
        alt->as = as;
        alt->cuts = alt->after.len > 0 || alt->until.len > 0
                    || capture != NULL || as != CXR_AS_TEXT;
    }
}


void
cxr_read_value(cxr_reader_t *x, const xmlNode *node, const char *more,
    const char *join, cxr_value_t *value)
{
    char            all[160];
    const xmlNode  *child;

    snprintf(all, sizeof(all), "path join after until capture as %s", more);
    cxr_attrs_only(x, node, all);

    if (value->alts.n > 0) {
        cxr_complain(x, node, "stands here twice");
    }

    cxr_read_alts(x, node, join, value);

    for (child = cxr_first_element(node);
         child != NULL;
         child = cxr_next_element(child))
    {
        if (cxr_is_element(child, "where") && strstr(more, "where") != NULL) {
            continue;
        }

        if (!cxr_is_element(child, "or")) {
            cxr_complain(x, child, "a value holds <or>");
            continue;
        }

        cxr_attrs_only(x, child, "path join after until capture as");
        cxr_read_alts(x, child, join, value);

        if (cxr_first_element(child) != NULL) {
            cxr_complain(x, child, "nothing belongs inside");
        }
    }

    if (value->alts.n == 1 && !value->alts.items[0].cuts
        && value->alts.items[0].parts.n == 1)
    {
        value->child = value->alts.items[0].parts.items[0].child;
    }
}


/* "where" is looked up in "zones": one is of no use without the other */
static void
cxr_read_zones_ref(cxr_reader_t *x, const xmlNode *node, cxr_when_t *when)
{
    uint32_t   i;
    cxr_str_t  name;

    if (!cxr_attr(x, node, "zones", false, &name)) {
        if (when->where.alts.n > 0) {
            cxr_complain(x, node, "\"where\" needs \"zones\", the name of a "
                         "<zones>");
        }
        return;
    }

    if (when->where.alts.n == 0) {
        cxr_complain(x, node, "\"zones\" needs \"where\"");
    }

    for (i = 0; i < x->profile->places.n; i++) {
        if (cxr_str_eq(x->profile->places.items[i].name, name)) {
            when->zones = &x->profile->places.items[i];
            return;
        }
    }

    cxr_complain(x, node, "there is no <zones name=\"%.*s\"> above",
                 cxr_str_arg(name));
}


/* places that have to be cut out of a value stand in elements of their own */
static void
cxr_read_wheres(cxr_reader_t *x, const xmlNode *node, cxr_value_t *where)
{
    const xmlNode  *child;

    cxr_read_value_text(x, node, "where", where);

    for (child = cxr_first_element(node);
         child != NULL;
         child = cxr_next_element(child))
    {
        if (!cxr_is_element(child, "where")) {
            continue;
        }

        cxr_attrs_only(x, child, "path join after until capture as");
        cxr_read_alts(x, child, " ", where);

        if (cxr_first_element(child) != NULL) {
            cxr_complain(x, child, "nothing belongs inside");
        }
    }
}


/* the date itself, in an attribute or an element, has been read already */
static bool
cxr_read_dates_ref(cxr_reader_t *x, const xmlNode *node,
    const cxr_dates_t **dates)
{
    uint32_t   i;
    cxr_str_t  name;

    if (!cxr_attr(x, node, "dates", true, &name)) {
        return false;
    }

    for (i = 0; i < x->profile->dates.n; i++) {
        if (cxr_str_eq(x->profile->dates.items[i].name, name)) {
            *dates = &x->profile->dates.items[i];
            return true;
        }
    }

    cxr_complain(x, node, "there is no <dates name=\"%.*s\"> above",
                 cxr_str_arg(name));

    return false;
}


static void
cxr_read_when(cxr_reader_t *x, const xmlNode *node, cxr_when_t *when)
{
    cxr_read_value(x, node, "dates zone where zones form shown", " ",
                   &when->value);
    cxr_read_value_text(x, node, "zone", &when->zone);
    cxr_read_wheres(x, node, &when->where);
    cxr_read_value_text(x, node, "form", &when->form);
    cxr_read_value_text(x, node, "shown", &when->shown);
    cxr_read_zones_ref(x, node, when);
    (void) cxr_read_dates_ref(x, node, &when->dates);
}


static const cxr_table_t *
cxr_read_table_ref(cxr_reader_t *x, const xmlNode *node)
{
    uint32_t   i;
    cxr_str_t  name;

    if (!cxr_attr(x, node, "table", true, &name)) {
        return NULL;
    }

    for (i = 0; i < x->profile->tables.n; i++) {
        if (cxr_str_eq(x->profile->tables.items[i].name, name)) {
            return &x->profile->tables.items[i];
        }
    }

    cxr_complain(x, node, "there is no <table name=\"%.*s\"> above",
                 cxr_str_arg(name));

    return NULL;
}


/* room for one more in a list; NULL has been complained of */
static void *
cxr_read_slot(cxr_reader_t *x, const xmlNode *node, void *list, size_t size)
{
    void  *slot = cxr_list_push(x->profile->arena, list, size);

    if (slot == NULL) {
        cxr_complain(x, node, "out of memory");
    }

    return slot;
}


/* the children that <header> and <events> share */
static bool
cxr_read_subject(cxr_reader_t *x, const xmlNode *node, cxr_value_t *code,
    cxr_value_t *text, cxr_when_t *time)
{
    if (cxr_is_element(node, "code")) {
        cxr_read_value(x, node, "", " ", &code[0]);

    } else if (cxr_is_element(node, "code2")) {
        cxr_read_value(x, node, "", " ", &code[1]);

    } else if (cxr_is_element(node, "code3")) {
        cxr_read_value(x, node, "", " ", &code[2]);

    } else if (cxr_is_element(node, "text")) {
        cxr_read_value(x, node, "", " ", text);

    } else if (cxr_is_element(node, "time")) {
        cxr_read_when(x, node, time);

    } else {
        return false;
    }

    return true;
}


static void
cxr_read_header(cxr_reader_t *x, const xmlNode *node, cxr_header_rule_t *h)
{
    const xmlNode  *child;

    cxr_attrs_only(x, node, "table wins");

    if (h->set) {
        cxr_complain(x, node, "stands here twice");
    }

    h->set = true;
    h->line = cxr_line_of(node);
    h->table = cxr_read_table_ref(x, node);
    h->wins = cxr_attr_statuses(x, node, "wins", true, 0);

    for (child = cxr_first_element(node);
         child != NULL;
         child = cxr_next_element(child))
    {
        if (!cxr_read_subject(x, child, h->code, &h->text, &h->time)) {
            cxr_complain(x, child, "is not known in <header>, which holds "
                         "code code2 code3 text time");
        }
    }

    if (h->code[0].alts.n == 0 && h->text.alts.n == 0) {
        cxr_complain(x, node, "<code> or <text> is missing");
    }
}


/* what is taken back: "what", or "id", or "code" with "time" and "dates" */
static void
cxr_read_retract(cxr_reader_t *x, const xmlNode *node, cxr_retract_rule_t *r)
{
    bool  timed;

    cxr_read_cond(x, node, &r->cond, "present is prefix contains what id code "
                  "time dates");

    r->what = cxr_attr_name(x, node, "what", cxr_retract_names, false);

    cxr_read_value_text(x, node, "id", &r->id);
    cxr_read_value_text(x, node, "code", &r->code);
    cxr_read_value_text(x, node, "time", &r->time.value);

    timed = r->code.alts.n > 0 || r->time.value.alts.n > 0;

    if (timed && (r->code.alts.n == 0 || r->time.value.alts.n == 0)) {
        cxr_complain(x, node, "\"code\" and \"time\" go together");
    }

    if (timed) {
        (void) cxr_read_dates_ref(x, node, &r->time.dates);
    }

    if ((r->what != CXR_RETRACT_NONE) + (r->id.alts.n > 0) + timed != 1
        || r->what == CXR_RETRACT_NAMED)
    {
        cxr_complain(x, node, "one of what=\"itself\", what=\"previous\", "
                     "\"id\", and \"code\" with \"time\" is wanted");
    }

    if (r->what == CXR_RETRACT_NONE) {
        r->what = CXR_RETRACT_NAMED;
    }
}


static void
cxr_read_events(cxr_reader_t *x, const xmlNode *node, cxr_events_rule_t *ev)
{
    void           *slot;
    cxr_str_t       path;
    const char     *why = "";
    const xmlNode  *child;

    cxr_attrs_only(x, node, "path table order group");
    ev->line = cxr_line_of(node);

    if (cxr_attr(x, node, "path", true, &path)
        && cxr_paths_parse(x->profile, path, &ev->paths, &why) != CXR_OK)
    {
        cxr_complain(x, node, "\"path\": %s", why);
    }

    ev->table = cxr_read_table_ref(x, node);
    ev->order = cxr_attr_name(x, node, "order", cxr_order_names, false);
    ev->grouped = cxr_attr_name(x, node, "group", cxr_group_names, false) == 1;

    for (child = cxr_first_element(node);
         child != NULL;
         child = cxr_next_element(child))
    {
        if (cxr_read_subject(x, child, ev->code, &ev->text, &ev->time)) {
            continue;
        }

        if (cxr_is_element(child, "place")) {
            cxr_read_value(x, child, "", ", ", &ev->place);

        } else if (cxr_is_element(child, "country")) {
            cxr_read_value(x, child, "", " ", &ev->country);

        } else if (cxr_is_element(child, "id")) {
            cxr_read_value(x, child, "", " ", &ev->id);

        } else if (cxr_is_element(child, "seq")) {
            cxr_read_value(x, child, "", " ", &ev->seq);

        } else if (cxr_is_element(child, "signature")) {
            cxr_read_value(x, child, "", " ", &ev->signature);

        } else if (cxr_is_element(child, "ignore")) {
            slot = cxr_read_slot(x, child, &ev->ignores,
                                 sizeof(cxr_cond_t));
            if (slot != NULL) {
                cxr_read_cond(x, child, slot, "present is prefix contains");
            }

        } else if (cxr_is_element(child, "override")) {
            slot = cxr_read_slot(x, child, &ev->overrides,
                                 sizeof(cxr_override_t));
            if (slot != NULL) {
                cxr_read_override(x, child, slot);
            }

        } else if (cxr_is_element(child, "retract")) {
            slot = cxr_read_slot(x, child, &ev->retracts,
                                 sizeof(cxr_retract_rule_t));
            if (slot != NULL) {
                cxr_read_retract(x, child, slot);
            }

        } else {
            cxr_complain(x, child, "is not known in <events>, which holds "
                         "code code2 code3 text time place "
                         "country id seq signature ignore override retract");
        }
    }

    if (ev->code[0].alts.n == 0 && ev->text.alts.n == 0) {
        cxr_complain(x, node, "<code> or <text> is missing");
    }

    if (ev->order != CXR_ORDER_NONE && ev->seq.alts.n > 0) {
        cxr_complain(x, node, "<seq> and \"order\" exclude each other");
    }
}


static bool
cxr_path_is_early(const cxr_path_t *path)
{
    uint32_t             i;
    const cxr_step_t    *last = &path->steps.items[path->steps.n - 1];
    const cxr_pred_t    *pred;

    for (i = 0; i < last->preds.n; i++) {
        pred = &last->preds.items[i];

        if (pred->path.steps.n != 1
            || pred->path.steps.items[0].axis != CXR_AXIS_ATTR)
        {
            return false;
        }
    }

    return true;
}


/* where a document can be matched as it comes: names, tests at the end only */
static void
cxr_check_down(cxr_reader_t *x, const xmlNode *node, const cxr_path_t *path,
    bool tests)
{
    uint32_t           i;
    const cxr_step_t  *step;

    for (i = 0; i < path->steps.n; i++) {
        step = &path->steps.items[i];

        /* alone it is a record that is its format's own element */
        if (step->axis == CXR_AXIS_SELF && i == 0
            && (tests || path->steps.n > 1))
        {
            continue;
        }

        if (step->axis != CXR_AXIS_CHILD && step->axis != CXR_AXIS_DESC) {
            cxr_complain(x, node, "this path goes down only: names, \"*\" and "
                         "\"//\"");
        }

        if (step->preds.n > 0 && (!tests || i + 1 < path->steps.n)) {
            cxr_complain(x, node, "a test [...] can only stand at the end of "
                         "a record's path");
        }

        if (step->counts) {
            cxr_complain(x, node, "records cannot be chosen by position");
        }
    }
}


static uint8_t
cxr_read_hold(cxr_reader_t *x, const xmlNode *node)
{
    uint64_t   v;
    cxr_str_t  s;

    if (!cxr_attr(x, node, "hold", false, &s)) {
        return 0;
    }

    if (!cxr_parse_uint(s, CXR_HOLD_MAX, &v) || v == 0) {
        cxr_complain(x, node, "\"hold\" is a number of levels, from 1 to %d",
                     CXR_HOLD_MAX);
        return 0;
    }

    return (uint8_t) v;
}


/* what the values are called in traces: those of conditions have no name */
static void
cxr_record_fields(cxr_record_rule_t *r)
{
    size_t              i, k;
    cxr_events_rule_t  *ev;

    static const char *const  codes[CXR_CODES] = { "code", "code2", "code3" };

    r->number.field = "number";
    r->reference.field = "reference";
    r->order.field = "order";
    r->service.field = "service";
    r->pieces.field = "pieces";
    r->return_number.field = "return-number";
    r->partner.field = "partner";
    r->partner_number.field = "partner-number";
    r->unique.field = "unique";
    r->since.value.field = "since";
    r->eta.value.field = "eta";
    r->eta_to.value.field = "eta-to";
    r->pickup_until.value.field = "pickup-until";
    r->pickup_point.field = "pickup-point";
    r->pickup_hours.field = "pickup-hours";
    r->header.text.field = "text";
    r->header.time.value.field = "time";

    for (k = 0; k < CXR_CODES; k++) {
        r->header.code[k].field = codes[k];
    }

    for (i = 0; i < r->events.n; i++) {
        ev = &r->events.items[i];

        for (k = 0; k < CXR_CODES; k++) {
            ev->code[k].field = codes[k];
        }

        ev->text.field = "text";
        ev->time.value.field = "time";
        ev->place.field = "place";
        ev->country.field = "country";
        ev->id.field = "id";
        ev->seq.field = "seq";
    }
}


/* the children that are values and nothing more */
static bool
cxr_read_record_value(cxr_reader_t *x, const xmlNode *node,
    cxr_record_rule_t *r)
{
    size_t  i;

    const struct {
        const char   *name;
        const char   *join;
        cxr_value_t  *value;
    }  values[] = {
        { "number", " ", &r->number },
        { "reference", " ", &r->reference },
        { "order", " ", &r->order },
        { "service", " ", &r->service },
        { "pieces", " ", &r->pieces },
        { "return-number", " ", &r->return_number },
        { "partner", " ", &r->partner },
        { "partner-number", " ", &r->partner_number },
        { "unique", " ", &r->unique },
        { "pickup-point", ", ", &r->pickup_point },
        { "pickup-hours", ", ", &r->pickup_hours }
    };

    for (i = 0; i < cxr_nelts(values); i++) {
        if (cxr_is_element(node, values[i].name)) {
            cxr_read_value(x, node, "", values[i].join, values[i].value);
            return true;
        }
    }

    return false;
}


/* What a record needs, once all of it was read. */

static void
cxr_check_record(cxr_reader_t *x, const xmlNode *node,
    const cxr_record_rule_t *r)
{
    if (r->number.alts.n == 0 && r->reference.alts.n == 0) {
        cxr_complain(x, node, "<number> or <reference> is missing");
    }

    if (r->since.value.alts.n > 0 && r->unique.alts.n == 0) {
        cxr_complain(x, node, "<since> needs <unique>");
    }

    if (r->pickup_hours.alts.n > 0 && r->pickup_point.alts.n == 0) {
        cxr_complain(x, node, "<pickup-hours> needs <pickup-point>");
    }

    if (!r->header.set && r->events.n == 0) {
        cxr_complain(x, node, "<events> or <header> is missing");
    }
}


static void
cxr_read_record(cxr_reader_t *x, const xmlNode *node, unsigned format)
{
    void               *slot;
    cxr_str_t           path;
    const char         *why = "";
    const xmlNode      *child;
    cxr_record_rule_t  *r;

    cxr_attrs_only(x, node, "path hold");

    if (x->profile->records.n == CXR_RECORD_RULES_MAX) {
        cxr_complain(x, node, "a profile has at most %d records",
                     CXR_RECORD_RULES_MAX);
        return;
    }

    r = cxr_read_slot(x, node, &x->profile->records,
                      sizeof(cxr_record_rule_t));
    if (r == NULL) {
        return;
    }

    r->format = format;
    r->line = cxr_line_of(node);

    if (cxr_attr(x, node, "path", true, &path)) {
        if (cxr_path_parse(x->profile, path, &r->path, &why) != CXR_OK) {
            cxr_complain(x, node, "\"path\": %s", why);

        } else {
            cxr_check_down(x, node, &r->path, true);
            r->early = cxr_path_is_early(&r->path);
        }
    }

    r->hold = cxr_read_hold(x, node);

    for (child = cxr_first_element(node);
         child != NULL;
         child = cxr_next_element(child))
    {
        if (cxr_read_record_value(x, child, r)) {
            continue;
        }

        if (cxr_is_element(child, "ignore")) {
            slot = cxr_read_slot(x, child, &r->ignores,
                                 sizeof(cxr_cond_t));
            if (slot != NULL) {
                cxr_read_cond(x, child, slot, "present is prefix contains");
            }

        } else if (cxr_is_element(child, "eta")) {
            cxr_read_when(x, child, &r->eta);

        } else if (cxr_is_element(child, "eta-to")) {
            cxr_read_when(x, child, &r->eta_to);

        } else if (cxr_is_element(child, "pickup-until")) {
            cxr_read_when(x, child, &r->pickup_until);

        } else if (cxr_is_element(child, "since")) {
            cxr_read_when(x, child, &r->since);

        } else if (cxr_is_element(child, "header")) {
            cxr_read_header(x, child, &r->header);

        } else if (cxr_is_element(child, "events")) {
            slot = cxr_read_slot(x, child, &r->events,
                                 sizeof(cxr_events_rule_t));
            if (slot != NULL) {
                cxr_read_events(x, child, slot);
            }

        } else if (cxr_is_element(child, "error")) {
            slot = cxr_read_slot(x, child, &r->errors,
                                 sizeof(cxr_error_rule_t));
            if (slot != NULL) {
                cxr_read_error(x, child, slot);
            }

        } else if (cxr_is_element(child, "override")) {
            slot = cxr_read_slot(x, child, &r->overrides,
                                 sizeof(cxr_override_t));
            if (slot != NULL) {
                cxr_read_override(x, child, slot);

                if (((cxr_override_t *) slot)->left != CXR_LEFT_NONE) {
                    cxr_complain(x, child, "\"left\" is for events");
                }
            }

        } else {
            cxr_complain(x, child, "is not known in <record>, which holds "
                         "number reference order service pieces return-number "
                         "partner partner-number unique eta eta-to since "
                         "pickup-until pickup-point pickup-hours header events error ignore override");
        }
    }

    cxr_record_fields(r);
    cxr_check_record(x, node, r);
}


/* a row ends at the end of a line and a cell at "|", unless it is said */
static void
cxr_read_reparse(cxr_reader_t *x, const xmlNode *node, unsigned format)
{
    cxr_str_t       path, sep;
    const char     *why = "";
    cxr_reparse_t  *r;

    static const char *const  as[] = { "xml", "lines", NULL };

    cxr_attrs_only(x, node, "path as rows columns");

    if (cxr_first_element(node) != NULL) {
        cxr_complain(x, node, "nothing belongs inside");
    }

    if (x->profile->reparses.n == CXR_REPARSES_MAX) {
        cxr_complain(x, node, "a profile has at most %d <reparse>",
                     CXR_REPARSES_MAX);
        return;
    }

    r = cxr_list_push(x->profile->arena, &x->profile->reparses,
                      sizeof(cxr_reparse_t));
    if (r == NULL) {
        cxr_complain(x, node, "out of memory");
        return;
    }

    r->format = format;
    r->lines = cxr_attr_name(x, node, "as", as, true) == 1;
    r->rows = cxr_str("\n");
    r->columns = cxr_str("|");

    if (cxr_attr(x, node, "path", true, &path)) {
        if (cxr_path_parse(x->profile, path, &r->path, &why) != CXR_OK) {
            cxr_complain(x, node, "\"path\": %s", why);

        } else {
            cxr_check_down(x, node, &r->path, false);
        }
    }

    if (cxr_attr_raw(x, node, "rows", &sep)) {
        r->rows = sep;

        if (!r->lines || sep.len == 0 || sep.len > CXR_SEPARATOR_MAX) {
            cxr_complain(x, node, "\"rows\" is what ends a row of \"lines\", "
                         "1 to %d bytes", CXR_SEPARATOR_MAX);
        }
    }

    if (cxr_attr_raw(x, node, "columns", &sep)) {
        r->columns = sep;

        if (!r->lines || sep.len > CXR_SEPARATOR_MAX) {
            cxr_complain(x, node, "\"columns\" is what ends a cell of "
                         "\"lines\", at most %d bytes", CXR_SEPARATOR_MAX);
        }
    }

    if (cxr_str_eq(r->columns, r->rows)) {
        cxr_complain(x, node, "\"columns\" and \"rows\" are the same");
    }
}


void
cxr_read_format(cxr_reader_t *x, const xmlNode *node)
{
    void               *slot;
    unsigned            index;
    cxr_str_t           path;
    const char         *why = "";
    const xmlNode      *child;
    cxr_format_rule_t  *f;

    cxr_attrs_only(x, node, "path");

    if (x->profile->formats.n == CXR_FORMATS_MAX) {
        cxr_complain(x, node, "a profile has at most %d formats",
                     CXR_FORMATS_MAX);
        return;
    }

    f = cxr_list_push(x->profile->arena, &x->profile->formats,
                      sizeof(cxr_format_rule_t));
    if (f == NULL) {
        cxr_complain(x, node, "out of memory");
        return;
    }

    index = x->profile->formats.n - 1;

    if (cxr_attr(x, node, "path", true, &path)) {
        if (cxr_path_parse(x->profile, path, &f->path, &why) != CXR_OK) {
            cxr_complain(x, node, "\"path\": %s", why);

        } else {
            cxr_check_down(x, node, &f->path, false);
        }
    }

    for (child = cxr_first_element(node);
         child != NULL;
         child = cxr_next_element(child))
    {
        if (cxr_is_element(child, "record")) {
            cxr_read_record(x, child, index);

        } else if (cxr_is_element(child, "reparse")) {
            cxr_read_reparse(x, child, index);

        } else if (cxr_is_element(child, "error")) {
            slot = cxr_read_slot(x, child, &f->errors,
                                 sizeof(cxr_error_rule_t));
            if (slot != NULL) {
                cxr_read_error(x, child, slot);
            }

        } else {
            cxr_complain(x, child, "is not known in <format>, which holds "
                         "error reparse record");
        }
    }
}

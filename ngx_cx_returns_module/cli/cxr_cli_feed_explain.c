
/*
 * Why a profile makes of a document what it does: every field and where it
 * came from, the rule behind every status, and the codes that no rule maps.
 */

#include "cxr_cli_explain.h"
#include "cxr_cli_world.h"

#include <stdlib.h>

#include "cxr_json.h"
#include "cxr_text.h"
#include "cxr_trace.h"

#define CXR_EXPLAIN_CODES   1000    /* different ones that are counted        */
#define CXR_EXPLAIN_WIDTH   160     /* bytes of a value that are shown        */


static cxr_arena_t *
cxr_explain_arena(void *ctx)
{
    cxr_explain_t  *x = ctx;

    cxr_arena_reset(x->arena);

    return x->arena;
}


const char *
cxr_explain_text(cxr_explain_t *x, cxr_str_t s)
{
    char       *z;
    bool        cut;
    cxr_str_t   clean;

    if (cxr_text_clean(x->scratch, s, CXR_TEXT_LINE, s.len, &clean)
        != CXR_OK)
    {
        return "(not to be shown)";
    }

    s = cxr_utf8_cut(clean, CXR_EXPLAIN_WIDTH);
    cut = s.len < clean.len;
    z = cxr_alloc(x->scratch, s.len + 8);

    if (z == NULL) {
        return "";
    }

    if (s.len > 0) {
        memcpy(z, s.data, s.len);
    }

    strcpy(z + s.len, cut ? "..." : "");

    return z;
}


static void
cxr_explain_outcome(const cxr_trace_t *t)
{
    (void) printf("%s", cxr_ship_status_names[t->status]);

    if (t->reason != CXR_WHY_NONE) {
        (void) printf(", %s", cxr_ship_reason_names[t->reason]);
    }

    if (t->action != CXR_DO_NOTHING) {
        (void) printf(", asks to %s", cxr_ship_action_names[t->action]);
    }

    if (t->left != CXR_LEFT_NONE) {
        (void) printf(", left: %s", cxr_left_names[t->left]);
    }
}


static void
cxr_explain_value(cxr_explain_t *x, const cxr_trace_t *t, const char *in)
{
    if (t->value.len == 0) {
        (void) printf("%s%-13s -          line %u: none of its paths has a "
                      "value\n", in, t->field, t->line);
        return;
    }

    (void) printf("%s%-13s \"%s\"", in, t->field, cxr_explain_text(x, t->value));

    if (t->raw.len > 0 && !cxr_str_eq(t->raw, t->value)) {
        (void) printf(" out of \"%s\"", cxr_explain_text(x, t->raw));
    }

    (void) printf("   line %u: %s", t->line, cxr_explain_text(x, t->path));

    if (t->alternative > 1) {
        (void) printf(" (alternative %u)", t->alternative);
    }

    (void) putchar('\n');
}


static void
cxr_explain_time(cxr_explain_t *x, const cxr_trace_t *t, const char *in)
{
    char     at[CXR_TIME_PRINTED];
    int64_t  off = t->offset < 0 ? -t->offset : t->offset;

    static const char *const  zones[] = {
        "zone not known, taken as UTC", "offset in the value",
        "zone of its field", "zone of the profile"
    };

    cxr_explain_value(x, t, in);

    if (t->value.len == 0) {
        return;
    }

    if (t->format.len == 0) {
        (void) printf("%s              fits no format of its dates\n", in);
        return;
    }

    (void) cxr_time_snprint(t->at, at);
    (void) printf("%s              = %s, %c%02u:%02u, to the %s, ", in, at,
                  t->offset < 0 ? '-' : '+', (unsigned) (off / 3600),
                  (unsigned) (off / 60 % 60),
                  cxr_precision_names[t->precision]);

    if (t->place.len > 0) {
        (void) printf("zone of \"%s\"", cxr_explain_text(x, t->place));

    } else {
        (void) printf("%s", zones[t->zone]);
    }

    if (t->tz != NULL) {
        (void) printf(" (%s)", t->tz);
    }

    (void) printf("; format \"%s\"\n", cxr_explain_text(x, t->format));
}


static void
cxr_explain_print(cxr_explain_t *x, const cxr_trace_t *t)
{
    const char  *in = t->event > 0 ? "      " : "    ";

    switch (t->kind) {

    case CXR_TRACE_RECORD:
        (void) printf("\nrecord %llu, line %u of the document, by the <record> "
                      "of line %u\n", (unsigned long long) t->record,
                      t->at_line, t->line);
        break;

    case CXR_TRACE_EVENT:
        (void) printf("    event %u, by the <events> of line %u\n", t->event,
                      t->line);
        break;

    case CXR_TRACE_HEADER:
        (void) printf("    header, of line %u\n", t->line);
        break;

    case CXR_TRACE_VALUE:
        cxr_explain_value(x, t, in);
        break;

    case CXR_TRACE_TIME:
        cxr_explain_time(x, t, in);
        break;

    case CXR_TRACE_RULE:
        (void) printf("%s-> ", in);

        if (strcmp(t->act, "map") == 0) {
            cxr_explain_outcome(t);

        } else {
            (void) printf("%s", strcmp(t->act, "note") == 0
                                ? "says nothing of the status" : "left out");
        }

        (void) printf("   line %u: <%s> of table \"%s\"%s\n", t->line, t->act,
                      cxr_explain_text(x, t->table),
                      t->sure ? "" : ", not confirmed");
        break;

    case CXR_TRACE_UNMAPPED:
        (void) printf("%s-> unknown   NO RULE of table \"%s\" maps code \"%s\"",
                      in, cxr_explain_text(x, t->table),
                      cxr_explain_text(x, t->code));

        if (t->text.len > 0) {
            (void) printf(", text \"%s\"", cxr_explain_text(x, t->text));
        }

        (void) putchar('\n');
        break;

    case CXR_TRACE_OVERRIDE:
        (void) printf("%s-> ", in);
        cxr_explain_outcome(t);
        (void) printf("   line %u: <override>, as %s is \"%s\"\n", t->line,
                      cxr_explain_text(x, t->path),
                      cxr_explain_text(x, t->value));
        break;

    case CXR_TRACE_RETRACT:
        (void) printf("%s-> takes back: %s   line %u: <retract>, as %s is "
                      "\"%s\"\n", in, cxr_retract_names[t->retract], t->line,
                      cxr_explain_text(x, t->path),
                      cxr_explain_text(x, t->value));
        break;

    case CXR_TRACE_IGNORE:
        (void) printf("%s-> left out   line %u: <ignore>, as %s is \"%s\"\n",
                      in, t->line, cxr_explain_text(x, t->path),
                      cxr_explain_text(x, t->value));
        break;

    case CXR_TRACE_PADDING:
        (void) printf("%s-> left out: it has neither code nor text\n", in);
        break;

    default:
        (void) printf("%s<error> of line %u stands: %s (%s)\n",
                      t->record > 0 ? in : "\n", t->line,
                      cxr_explain_text(x, t->value),
                      cxr_fault_names[t->fault]);
        break;
    }
}


static void
cxr_explain_put(cxr_explain_t *x)
{
    if (cxr_buf_ok(&x->line)) {
        (void) printf("%.*s\n", cxr_str_arg(cxr_buf_str(&x->line)));
    }
}


static void
cxr_explain_open(cxr_explain_t *x, cxr_jw_t *w)
{
    cxr_buf_reset(&x->line);
    cxr_jw_init(w, &x->line);
    cxr_jw_open(w, NULL, '{');
    cxr_jw_strz(w, "file", x->file);
}


static void
cxr_explain_str(cxr_jw_t *w, const char *key, cxr_str_t s)
{
    if (s.len > 0) {
        cxr_jw_str(w, key, s);
    }
}


static void
cxr_explain_json(cxr_explain_t *x, const cxr_trace_t *t)
{
    bool      rule;
    cxr_jw_t  w;

    cxr_explain_open(x, &w);
    cxr_jw_open(&w, cxr_trace_names[t->kind], '{');
    cxr_jw_uint(&w, "record", t->record);

    if (t->event > 0) {
        cxr_jw_uint(&w, "event", t->event);
    }

    if (t->line > 0) {
        cxr_jw_uint(&w, "line", t->line);
    }

    if (t->kind == CXR_TRACE_RECORD) {
        cxr_jw_uint(&w, "document_line", t->at_line);
    }

    if (t->field != NULL) {
        cxr_jw_strz(&w, "field", t->field);
        cxr_jw_str(&w, "value", t->value);
        cxr_jw_uint(&w, "alternative", t->alternative);

    } else {
        cxr_explain_str(&w, "value", t->value);
    }

    cxr_explain_str(&w, "raw", t->raw);
    cxr_explain_str(&w, "path", t->path);

    if (t->kind == CXR_TRACE_TIME) {
        cxr_jw_str(&w, "format", t->format);
        cxr_jw_time(&w, "at", t->at);
        cxr_jw_int(&w, "offset", t->offset);
        cxr_jw_strz(&w, "precision", cxr_precision_names[t->precision]);
        cxr_jw_strz(&w, "zone", cxr_zone_source_names[t->zone]);
        cxr_explain_str(&w, "place", t->place);

        if (t->tz != NULL) {
            cxr_jw_strz(&w, "tz", t->tz);
        }
    }

    cxr_explain_str(&w, "table", t->table);
    cxr_explain_str(&w, "code", t->code);
    cxr_explain_str(&w, "text", t->text);

    if (t->act != NULL) {
        cxr_jw_strz(&w, "act", t->act);
        cxr_jw_bool(&w, "sure", t->sure);
    }

    rule = t->act != NULL && strcmp(t->act, "map") == 0;

    if (rule || t->kind == CXR_TRACE_OVERRIDE) {
        cxr_jw_strz(&w, "status", cxr_ship_status_names[t->status]);
        cxr_jw_strz(&w, "reason", cxr_ship_reason_names[t->reason]);
        cxr_jw_strz(&w, "action", cxr_ship_action_names[t->action]);
        cxr_jw_strz(&w, "left", cxr_left_names[t->left]);
    }

    if (t->kind == CXR_TRACE_RETRACT) {
        cxr_jw_strz(&w, "retract", cxr_retract_names[t->retract]);
    }

    if (t->kind == CXR_TRACE_ERROR) {
        cxr_jw_strz(&w, "fault", cxr_fault_names[t->fault]);
    }

    cxr_jw_close(&w);
    cxr_jw_close(&w);
    cxr_explain_put(x);
}


static void
cxr_explain_count(cxr_explain_t *x, const cxr_trace_t *t)
{
    uint32_t         i;
    cxr_unmapped_t  *u;

    for (i = 0; i < x->codes.n; i++) {
        u = &x->codes.items[i];

        if (cxr_str_eq(u->code, t->code) && cxr_str_eq(u->text, t->text)
            && cxr_str_eq(u->table, t->table))
        {
            u->count++;
            return;
        }
    }

    if (x->codes.n == CXR_EXPLAIN_CODES
        || (u = cxr_list_push(x->kept, &x->codes, sizeof(cxr_unmapped_t)))
           == NULL)
    {
        x->more++;
        return;
    }

    u->count = 1;
    u->record = t->record;
    u->file = x->file;

    if (cxr_str_dup(x->kept, t->table, &u->table) != CXR_OK
        || cxr_str_dup(x->kept, t->code, &u->code) != CXR_OK
        || cxr_str_dup(x->kept, t->text, &u->text) != CXR_OK)
    {
        x->codes.n--;
        x->more++;
    }
}


static void
cxr_explain_untimed(cxr_explain_t *x, const cxr_trace_t *t)
{
    if (t->value.len == 0 || t->format.len > 0) {
        return;
    }

    if (x->untimed++ == 0
        && cxr_str_dup(x->kept, t->value, &x->first_time) == CXR_OK)
    {
        x->first_file = x->file;
        x->first_record = t->record;
        x->first_line = t->line;
    }
}


static void
cxr_explain_trace(void *ctx, const cxr_trace_t *t)
{
    cxr_explain_t  *x = ctx;

    cxr_arena_reset(x->scratch);

    if (x->json) {
        cxr_explain_json(x, t);

    } else if (!x->brief || t->kind == CXR_TRACE_ERROR) {
        cxr_explain_print(x, t);
    }

    if (t->kind == CXR_TRACE_UNMAPPED) {
        cxr_explain_count(x, t);

    } else if (t->kind == CXR_TRACE_TIME) {
        cxr_explain_untimed(x, t);
    }
}


/*
 * Where each event is a record, the next one of the same parcel goes on below
 * the first, unless it tells of more than its scan.
 */
static bool
cxr_explain_goes_on(cxr_explain_t *x, const cxr_report_t *r)
{
    bool  same;

    if (!x->brief || r->number.len == 0 || r->number.len >= sizeof(x->last)) {
        x->last[0] = '\0';
        return false;
    }

    same = cxr_str_is(r->number, x->last) && r->scans.n > 0
           && r->header_code.len == 0 && !r->header_mapped
           && r->service.len == 0 && r->eta_from == CXR_TIME_NONE
           && r->pieces == 0 && r->return_number.len == 0
           && r->partner.len == 0 && r->pickup_point.len == 0
           && r->pickup_until == CXR_TIME_NONE;

    memcpy(x->last, r->number.data, r->number.len);
    x->last[r->number.len] = '\0';

    return same;
}


static cxr_rc_t
cxr_explain_report(void *ctx, const cxr_report_t *r, cxr_arena_t *arena)
{
    cxr_jw_t        w;
    cxr_explain_t  *x = ctx;

    if (x->json) {
        cxr_explain_open(x, &w);
        cxr_rec_json(&cxr_report_type, r, "report", CXR_REC_DUMP, &w);
        cxr_jw_close(&w);
        cxr_explain_put(x);

    } else if (cxr_explain_goes_on(x, r)) {
        cxr_explain_scans(x, r, arena);

    } else {
        cxr_arena_reset(x->scratch);
        (void) printf("  = parcel \"%s\", reference \"%s\"",
                      cxr_explain_text(x, r->number),
                      cxr_explain_text(x, r->reference));

        if (!x->brief || r->scans.n == 0) {
            (void) printf(", %u scans", r->scans.n);
        }

        if (r->header_code.len > 0 || r->header_mapped) {
            (void) printf(", header \"%s\": %s%s",
                          cxr_explain_text(x, r->header_code),
                          cxr_ship_status_names[r->header_status],
                          r->header_wins ? ", which wins" : "");
        }

        (void) putchar('\n');

        if (x->brief) {
            cxr_explain_facts(x, r);
            cxr_explain_scans(x, r, arena);
        }
    }

    return ferror(stdout) ? CXR_IO : CXR_OK;
}


static void
cxr_explain_refused(void *ctx, const cxr_feed_refusal_t *no)
{
    cxr_jw_t        w;
    cxr_explain_t  *x = ctx;

    if (x->json) {
        cxr_explain_open(x, &w);
        cxr_cli_feed_refusal(&w, no);
        cxr_jw_close(&w);
        cxr_explain_put(x);
        return;
    }

    x->last[0] = '\0';
    cxr_arena_reset(x->scratch);
    (void) printf("  = %s: %s, %s\n", no->record > 0 ? "refused"
                                                   : "the whole document",
                  no->code, cxr_explain_text(x, no->text));
}


static cxr_rc_t
cxr_explain_feed(void *ctx, const char *name, cxr_feed_t **f)
{
    cxr_rc_t          rc;
    cxr_explain_t    *x = ctx;
    cxr_feed_sink_t   sink;

    memset(&sink, 0, sizeof(sink));
    sink.ctx = x;
    sink.arena = cxr_explain_arena;
    sink.on_report = cxr_explain_report;
    sink.on_refused = cxr_explain_refused;
    x->file = name;
    x->last[0] = '\0';

    if (!x->json) {
        (void) printf("%s\n", name);
    }

    rc = cxr_feed_open(x->profile, NULL, CXR_STR_NONE, &sink, f);

    if (rc == CXR_OK) {
        cxr_feed_trace(*f, cxr_explain_trace, x);
        rc = cxr_feed_request(*f, x->number);
    }

    return rc;
}


static int
cxr_explain_order(const void *one, const void *two)
{
    const cxr_unmapped_t  *a = one, *b = two;

    if (a->count != b->count) {
        return a->count > b->count ? -1 : 1;
    }

    return cxr_str_cmp(a->code, b->code);
}


static void
cxr_explain_codes(cxr_explain_t *x)
{
    uint32_t         i;
    cxr_jw_t         w;
    cxr_unmapped_t  *u;

    if (x->codes.n > 1) {
        qsort(x->codes.items, x->codes.n, sizeof(cxr_unmapped_t),
              cxr_explain_order);
    }

    cxr_buf_reset(&x->line);
    cxr_jw_init(&w, &x->line);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_open(&w, "unmapped_codes", '[');

    if (!x->json) {
        (void) printf(x->codes.n > 0 ? "\ncodes that no rule maps:\n"
                                     : "\nevery code is mapped\n");
    }

    for (i = 0; i < x->codes.n; i++) {
        u = &x->codes.items[i];

        if (x->json) {
            cxr_jw_open(&w, NULL, '{');
            cxr_jw_str(&w, "table", u->table);
            cxr_jw_str(&w, "code", u->code);
            cxr_jw_str(&w, "text", u->text);
            cxr_jw_uint(&w, "count", u->count);
            cxr_jw_strz(&w, "file", u->file);
            cxr_jw_uint(&w, "record", u->record);
            cxr_jw_close(&w);
            continue;
        }

        cxr_arena_reset(x->scratch);
        (void) printf("  %6llu  table \"%s\", code \"%s\", text \"%s\"; first "
                      "in %s, record %llu\n", (unsigned long long) u->count,
                      cxr_explain_text(x, u->table),
                      cxr_explain_text(x, u->code),
                      cxr_explain_text(x, u->text), u->file,
                      (unsigned long long) u->record);
    }

    if (x->json) {
        cxr_jw_close(&w);
        cxr_jw_uint(&w, "not_listed", x->more);
        cxr_jw_uint(&w, "times_not_read", x->untimed);
        cxr_jw_close(&w);
        cxr_explain_put(x);

    } else if (x->more > 0) {
        (void) printf("  %6llu  of further codes\n",
                      (unsigned long long) x->more);
    }

    if (!x->json && x->untimed > 0) {
        cxr_arena_reset(x->scratch);
        (void) printf("times that no format of their <dates> reads: %llu; the "
                      "first is \"%s\", in %s, record %llu, by line %u\n",
                      (unsigned long long) x->untimed,
                      cxr_explain_text(x, x->first_time),
                      x->first_file ? x->first_file : "",
                      (unsigned long long) x->first_record, x->first_line);
    }
}


static int
cxr_explain_files(cxr_explain_t *x, int n, char **files)
{
    int  i, s, status = CXR_EXIT_OK;

    x->arena = cxr_arena_create(2 * CXR_FEED_REPORT_BYTES);
    x->scratch = cxr_arena_create(CXR_FEED_REPORT_BYTES);
    x->kept = cxr_arena_create(CXR_CLI_ARENA_MAX);
    cxr_buf_init(&x->line, CXR_CLI_LINE_MAX);

    if (x->arena == NULL || x->scratch == NULL || x->kept == NULL) {
        cxr_cli_say("not enough memory");
        status = CXR_EXIT_FAILED;
        n = 0;
    }

    for (i = 0; i < n; i++) {
        s = cxr_cli_feed_through(files[i], x->profile, cxr_explain_feed, x);
        status = s > status ? s : status;
    }

    if (n > 0) {
        cxr_explain_codes(x);
    }

    cxr_buf_free(&x->line);

    if (x->arena != NULL) {
        cxr_arena_destroy(x->arena);
    }

    if (x->scratch != NULL) {
        cxr_arena_destroy(x->scratch);
    }

    if (x->kept != NULL) {
        cxr_arena_destroy(x->kept);
    }

    return cxr_cli_flush(status);
}


/* The carrier's profile: of the directory that is named, installed, or here. */
static bool
cxr_explain_path(const cxr_cli_command_t *cmd, const char *carrier,
    const char *dir, char *path, size_t size, int *status)
{
    if (!cxr_is_slug(cxr_strz(carrier), CXR_PROFILE_SLUG_MAX)) {
        *status = cxr_cli_usage(cmd, "\"--carrier\" is a name of a-z, 0-9, - "
                                "and _");
        return false;
    }

    (void) cxr_cli_profile_path(dir, cxr_strz(carrier), path, size);

    return true;
}


static int
cxr_cli_feed_explain(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int               n, status;
    char              found[4096];
    const char       *path = NULL, *carrier = NULL, *dir = NULL,
                     *number = NULL;
    cxr_explain_t     x;
    cxr_profile_t    *profile;

    memset(&x, 0, sizeof(x));

    cxr_cli_option_t  opts[] = {
        { "carrier", &carrier, NULL },
        { "carriers", &dir, NULL },
        { "carrier-profile", &path, NULL },
        { "number", &number, NULL },
        { "brief", NULL, &x.brief },
        { "json", NULL, &x.json },
        { NULL, NULL, NULL }
    };

    n = cxr_cli_options(cmd, argc, argv, opts, 1, CXR_CLI_FEED_FILES,
                        &status);

    if (n == -1) {
        return status;
    }

    if ((carrier == NULL) == (path == NULL)) {
        return cxr_cli_usage(cmd, "one of \"--carrier\" and "
                             "\"--carrier-profile\" is wanted");
    }

    if (x.brief && x.json) {
        return cxr_cli_usage(cmd, "one of \"--brief\" and \"--json\", not "
                             "both");
    }

    if (carrier != NULL) {
        if (!cxr_explain_path(cmd, carrier, dir, found, sizeof(found),
                              &status))
        {
            return status;
        }

        path = found;
    }

    if (!cxr_cli_feed_profile(path, &profile, &status)) {
        return status;
    }

    if (!x.json) {
        (void) printf("profile %s; lines are its lines\n\n", path);
    }

    x.profile = profile;
    x.number = cxr_strz(number);

    status = cxr_explain_files(&x, n, argv + 1);

    cxr_profile_free(profile);

    return status;
}


const cxr_cli_command_t  cxr_cli_explain[] = {
    { "feed", "explain",
      "--carrier NAME | --carrier-profile FILE\n"
      "        [--number NUMBER] [--brief | --json] XML...",
      "show why a profile makes of documents what it does",
      "    For each record and event: every field with its value, the path\n"
      "    and the line of the profile that gave it, the rule that gave the\n"
      "    status, what was overridden, ignored or taken back; at the end the\n"
      "    codes that no rule maps, the most frequent first. Stores nothing.\n"
      "    A sum of each document goes to standard error. \"-\" reads standard\n"
      "    input.\n\n"
      "OPTIONS\n"
      "    --carrier NAME          its profile NAME.xml, in --carriers, in\n"
      "                            " CXR_CLI_PROFILES " or in " CXR_CLI_PROFILES_HERE
      "\n"
      "    --carriers DIR          the directory of profiles\n"
      "    --carrier-profile FILE  or the profile itself\n"
      "    --number NUMBER         the tracking number that was asked for, for\n"
      "                            replies that do not repeat it\n"
      "    --brief                 one line a scan, the oldest first: the local\n"
      "                            time, what it came to mean, code, text, place\n"
      "    --json                  one JSON object a line, named after what it\n"
      "                            tells: record, value, time, rule ...\n",
      cxr_cli_feed_explain },

    { NULL, NULL, NULL, NULL, NULL, NULL }
};

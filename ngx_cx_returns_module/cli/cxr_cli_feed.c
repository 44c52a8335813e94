
/*
 * What a carrier's profile makes of documents: the reports, as the store would
 * be given them, and what was refused.
 */

#include "cxr_cli_feed.h"
#include "cxr_cli_body.h"

#include <errno.h>

#include "cxr_json.h"

#define CXR_CLI_PIECE       (64 * 1024)     /* bytes read at once             */


typedef struct {
    const char           *file;
    const cxr_profile_t  *profile;
    cxr_str_t             number;           /* that was asked for             */
    cxr_arena_t          *arena;
    cxr_buf_t             line;
} cxr_cli_feed_t;


static cxr_arena_t *
cxr_cli_feed_arena(void *ctx)
{
    cxr_cli_feed_t  *feed = ctx;

    cxr_arena_reset(feed->arena);

    return feed->arena;
}


static cxr_rc_t
cxr_cli_feed_put(cxr_cli_feed_t *feed)
{
    if (!cxr_buf_ok(&feed->line)) {
        return CXR_NOMEM;
    }

    (void) printf("%.*s\n", cxr_str_arg(cxr_buf_str(&feed->line)));

    return ferror(stdout) ? CXR_IO : CXR_OK;
}


static cxr_rc_t
cxr_cli_feed_report(void *ctx, const cxr_report_t *report, cxr_arena_t *arena)
{
    cxr_jw_t         w;
    cxr_cli_feed_t  *feed = ctx;

    (void) arena;
    cxr_buf_reset(&feed->line);
    cxr_jw_init(&w, &feed->line);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_strz(&w, "file", feed->file);
    cxr_rec_json(&cxr_report_type, report, "report", CXR_REC_DUMP, &w);
    cxr_jw_close(&w);

    return cxr_cli_feed_put(feed);
}


void
cxr_cli_feed_refusal(cxr_jw_t *w, const cxr_feed_refusal_t *no)
{
    cxr_jw_open(w, "refused", '{');
    cxr_jw_uint(w, "record", no->record);
    cxr_jw_uint(w, "line", no->line);
    cxr_jw_str(w, "number", no->number);
    cxr_jw_strz(w, "code", no->code);

    if (no->fault != CXR_FAULT_NONE) {
        cxr_jw_strz(w, "fault", cxr_fault_names[no->fault]);
    }

    cxr_jw_str(w, "text", no->text);
    cxr_jw_close(w);
}


static void
cxr_cli_feed_refused(void *ctx, const cxr_feed_refusal_t *no)
{
    cxr_jw_t         w;
    cxr_cli_feed_t  *feed = ctx;

    cxr_buf_reset(&feed->line);
    cxr_jw_init(&w, &feed->line);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_strz(&w, "file", feed->file);
    cxr_cli_feed_refusal(&w, no);
    cxr_jw_close(&w);

    (void) cxr_cli_feed_put(feed);
}


static cxr_rc_t
cxr_cli_feed_document(void *ctx, const void *data, size_t len)
{
    return data != NULL ? cxr_feed_push(ctx, data, len) : cxr_feed_finish(ctx);
}


static cxr_rc_t
cxr_cli_feed_charset(void *ctx, cxr_str_t charset)
{
    return cxr_feed_charset(ctx, charset);
}


/* A file may be a body as a carrier posted it: its envelope is taken off. */
static cxr_rc_t
cxr_cli_feed_read(FILE *in, const char *name, const cxr_profile_t *profile,
    cxr_feed_t *f, bool *unread)
{
    char             piece[CXR_CLI_PIECE];
    size_t           n;
    cxr_rc_t         rc;
    cxr_str_t        fault;
    cxr_cli_body_t   body;

    *unread = false;
    rc = cxr_cli_body_open(&body, profile, CXR_STR_NONE, cxr_cli_feed_charset,
                           cxr_cli_feed_document, f);

    if (rc != CXR_OK) {
        cxr_cli_say("%s: %s", name, cxr_rc_name(rc));
        *unread = true;
        return rc;
    }

    while (rc == CXR_OK && (n = fread(piece, 1, sizeof(piece), in)) != 0) {
        rc = cxr_cli_body_piece(&body, piece, n);
    }

    if (rc == CXR_OK && ferror(in)) {
        cxr_cli_say("%s: cannot read: %s", name, strerror(errno));
        *unread = true;
        rc = CXR_IO;

    } else if (rc == CXR_OK) {
        rc = cxr_cli_body_piece(&body, NULL, 0);
    }

    fault = cxr_cli_body_fault(&body);

    if (fault.len > 0) {
        cxr_cli_say("%s: %.*s", name, cxr_str_arg(fault));
        *unread = true;
    }

    cxr_cli_body_close(&body);

    return rc;
}


static int
cxr_cli_feed_sum(const char *name, const cxr_feed_t *f, cxr_rc_t rc)
{
    cxr_diag_t               d;
    const cxr_feed_stats_t  *s = cxr_feed_stats(f);

    (void) fprintf(stderr, "%s: %s: %llu records, %llu reports, %llu refused, "
                   "%llu scans, %llu left out, %llu not mapped, %llu whose "
                   "time is not read, %llu errors\n",
                   name, cxr_feed_end_names[cxr_feed_end(f)],
                   (unsigned long long) s->records,
                   (unsigned long long) s->reports,
                   (unsigned long long) s->refused,
                   (unsigned long long) s->events,
                   (unsigned long long) s->ignored,
                   (unsigned long long) s->unmapped,
                   (unsigned long long) s->untimed,
                   (unsigned long long) s->faults);

    if (rc != CXR_OK) {
        d = *cxr_feed_diag(f);
        cxr_diag_place(&d, name, d.line, d.column);
        return cxr_cli_diag(&d, rc);
    }

    return s->refused || s->faults ? CXR_EXIT_WRONG : CXR_EXIT_OK;
}


int
cxr_cli_feed_through(const char *path, const cxr_profile_t *profile,
    cxr_cli_feed_open_pt open, void *ctx)
{
    int          status;
    bool         unread;
    FILE        *in;
    cxr_rc_t     rc;
    cxr_feed_t  *f;
    const char  *name;

    name = strcmp(path, "-") == 0 ? "<stdin>" : path;
    in = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");

    if (in == NULL) {
        cxr_cli_say("%s: cannot open: %s", path, strerror(errno));
        return CXR_EXIT_FAILED;
    }

    rc = open(ctx, name, &f);

    if (rc != CXR_OK) {
        cxr_cli_say("%s: %s", path, cxr_rc_name(rc));
        status = CXR_EXIT_FAILED;

    } else {
        rc = cxr_cli_feed_read(in, name, profile, f, &unread);
        status = unread ? CXR_EXIT_FAILED : cxr_cli_feed_sum(name, f, rc);
        cxr_feed_close(f);
    }

    if (in != stdin) {
        (void) fclose(in);
    }

    return status;
}


static cxr_rc_t
cxr_cli_feed_open(void *ctx, const char *name, cxr_feed_t **f)
{
    cxr_rc_t          rc;
    cxr_cli_feed_t   *feed = ctx;
    cxr_feed_sink_t   sink;

    memset(&sink, 0, sizeof(sink));
    sink.ctx = feed;
    sink.arena = cxr_cli_feed_arena;
    sink.on_report = cxr_cli_feed_report;
    sink.on_refused = cxr_cli_feed_refused;
    feed->file = name;

    rc = cxr_feed_open(feed->profile, NULL, CXR_STR_NONE, &sink, f);

    return rc == CXR_OK ? cxr_feed_request(*f, feed->number) : rc;
}


static int
cxr_cli_feed_files(const cxr_profile_t *profile, const char *number, int n,
    char **files)
{
    int             i, s, status;
    cxr_cli_feed_t  feed;

    memset(&feed, 0, sizeof(feed));
    feed.profile = profile;
    feed.number = cxr_strz(number);
    feed.arena = cxr_arena_create(2 * CXR_FEED_REPORT_BYTES);
    cxr_buf_init(&feed.line, CXR_CLI_LINE_MAX);

    if (feed.arena == NULL) {
        cxr_cli_say("not enough memory");
        return CXR_EXIT_FAILED;
    }

    status = CXR_EXIT_OK;

    for (i = 0; i < n; i++) {
        s = cxr_cli_feed_through(files[i], profile, cxr_cli_feed_open, &feed);
        status = s > status ? s : status;
    }

    cxr_buf_free(&feed.line);
    cxr_arena_destroy(feed.arena);

    return status;
}


bool
cxr_cli_feed_profile(const char *path, cxr_profile_t **profile, int *status)
{
    size_t             i, found = 0;
    cxr_rc_t           rc;
    static cxr_diag_t  diags[CXR_CLI_DIAGS_MAX];

    rc = cxr_profile_load(path, profile, diags, CXR_CLI_DIAGS_MAX, &found);

    if (rc == CXR_OK) {
        return true;
    }

    for (i = 0; i < found && i < CXR_CLI_DIAGS_MAX; i++) {
        (void) cxr_cli_diag(&diags[i], rc);
    }

    if (found == 0) {
        cxr_cli_say("%s: %s", path, cxr_rc_name(rc));
    }

    *status = CXR_EXIT_FAILED;

    return false;
}


static int
cxr_cli_feed_parse(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int               n, status;
    const char       *path = NULL, *number = NULL;
    cxr_profile_t    *profile;
    cxr_cli_option_t  opts[] = {
        { "carrier-profile", &path, NULL },
        { "number", &number, NULL },
        { NULL, NULL, NULL }
    };

    n = cxr_cli_options(cmd, argc, argv, opts, 1, CXR_CLI_FEED_FILES,
                        &status);

    if (n == -1) {
        return status;
    }

    if (path == NULL) {
        return cxr_cli_usage(cmd, "\"--carrier-profile\" is missing");
    }

    if (!cxr_cli_feed_profile(path, &profile, &status)) {
        return status;
    }

    status = cxr_cli_feed_files(profile, number, n, argv + 1);

    cxr_profile_free(profile);

    return status;
}


const cxr_cli_command_t  cxr_cli_feed[] = {
    { "feed", "parse", "--carrier-profile FILE [--number NUMBER] XML...",
      "show what a profile makes of carriers' documents",
      "    One JSON object a line: {\"file\", \"report\"} for each parcel as the\n"
      "    store would be given it, {\"file\", \"refused\"} for each record that\n"
      "    gave none. Stores nothing. A sum of each document goes to standard\n"
      "    error. \"-\" reads standard input.\n\n"
      "OPTIONS\n"
      "    --carrier-profile FILE  conf/carriers/<carrier>.xml\n"
      "    --number NUMBER         the tracking number that was asked for, for\n"
      "                            replies that do not repeat it\n",
      cxr_cli_feed_parse },

    { NULL, NULL, NULL, NULL, NULL, NULL }
};

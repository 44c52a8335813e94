
/*
 * feed ingest: carriers' documents into the store, beside a running nginx.
 */

#include "cxr_cli_load.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cxr_json.h"
#include "cxr_text.h"


static void
cxr_cli_signal(int number)
{
    (void) number;
    cxr_cli_stop = 1;
}


/* The second one ends the program at once, as everywhere. */
static void
cxr_cli_signals(void)
{
    struct sigaction  sa;

    memset(&sa, 0, sizeof(sa));
    sa.sa_handler = cxr_cli_signal;
    sa.sa_flags = SA_RESETHAND;
    (void) sigemptyset(&sa.sa_mask);
    (void) sigaction(SIGINT, &sa, NULL);
    (void) sigaction(SIGTERM, &sa, NULL);
}


/* What a document's hash depends on besides the document: the same one is to
   be read again when the profile was mended. */
static int
cxr_cli_ingest_key(cxr_cli_load_t *l, cxr_str_t carrier)
{
    char        path[4096];
    FILE       *in;
    size_t      n;
    cxr_hash_t  h;

    (void) cxr_cli_profile_path(l->world->profiles, carrier, path,
                                sizeof(path));

    in = fopen(path, "rb");

    if (in == NULL) {
        cxr_cli_say("%s: cannot open: %s", path, strerror(errno));
        return CXR_EXIT_FAILED;
    }

    cxr_hash_begin(&h, CXR_CLI_LOAD_HASH, NULL, 0);
    cxr_hash_add(&h, l->world->shop->id.data, l->world->shop->id.len);
    cxr_hash_add(&h, "", 1);
    cxr_hash_add(&h, carrier.data, carrier.len);
    cxr_hash_add(&h, "", 1);

    if (l->number.len > 0) {
        cxr_hash_add(&h, l->number.data, l->number.len);
        cxr_hash_add(&h, "", 1);
    }

    while ((n = fread(l->piece, 1, CXR_CLI_LOAD_PIECE, in)) != 0) {
        cxr_hash_add(&h, l->piece, n);
    }

    (void) fclose(in);
    cxr_hash_end(&h, l->key, sizeof(l->key));

    return CXR_EXIT_OK;
}


/* ---- the inputs ---- */

static int
cxr_cli_by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}


/*
 * Walks the inputs: to add up their sizes, or to load them.  Links in a
 * directory are not followed, and names that begin with a dot are left out.
 */
static void
cxr_cli_ingest_walk(cxr_cli_load_t *l, char **paths, bool load)
{
    FTS     *fts;
    bool     hidden;
    char     name[CXR_CLI_LOAD_NAME];
    FTSENT  *e;

    fts = fts_open(paths, FTS_PHYSICAL|FTS_COMFOLLOW|FTS_NOCHDIR,
                   load ? cxr_cli_by_name : NULL);

    if (fts == NULL) {
        cxr_cli_say("cannot walk: %s", strerror(errno));
        l->failed = true;
        return;
    }

    while (!cxr_cli_stop && (e = fts_read(fts)) != NULL) {

        hidden = e->fts_level > 0 && e->fts_name[0] == '.';

        switch (e->fts_info) {

        case FTS_D:
            if (hidden) {
                (void) fts_set(fts, e, FTS_SKIP);
            }

            break;

        case FTS_F:
            if (hidden) {
                break;
            }

            if (!load) {
                l->total += (uint64_t) e->fts_statp->st_size;

            } else if (!cxr_cli_load_file(l, e->fts_path)) {
                (void) fts_close(fts);
                return;
            }

            break;

        case FTS_DNR:
        case FTS_ERR:
        case FTS_NS:
            if (load) {
                cxr_cli_printable(e->fts_path, name, sizeof(name));
                cxr_cli_say("%s: cannot read: %s", name,
                            strerror(e->fts_errno));
                l->sum.unread++;
            }

            break;

        case FTS_DEFAULT:
            if (load) {
                cxr_cli_printable(e->fts_path, name, sizeof(name));
                cxr_cli_say("%s: is no file", name);
                l->sum.unread++;
            }

            break;

        default:
            break;
        }
    }

    (void) fts_close(fts);
}


/* ---- the report ---- */

static void
cxr_cli_ingest_json(const cxr_cli_load_t *l, bool stopped)
{
    cxr_jw_t              w;
    cxr_buf_t             b;
    cxr_str_t             line, rest;
    const char           *end;
    const cxr_cli_sum_t  *s = &l->sum;

    cxr_buf_init(&b, CXR_CLI_LINE_MAX);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_uint(&w, "documents", s->documents);
    cxr_jw_uint(&w, "broken", s->broken);
    cxr_jw_uint(&w, "done_before", s->done_before);
    cxr_jw_uint(&w, "unread", s->unread);
    cxr_jw_uint(&w, "bytes", s->bytes);
    cxr_jw_uint(&w, "records", s->records);
    cxr_jw_uint(&w, "stored", s->stored);
    cxr_jw_uint(&w, "repeated", s->repeated);
    cxr_jw_uint(&w, "refused", s->refused);
    cxr_jw_uint(&w, "events", s->events);
    cxr_jw_uint(&w, "unmapped", s->unmapped);
    cxr_jw_uint(&w, "untimed", s->untimed);
    cxr_jw_uint(&w, "ignored", s->ignored);
    cxr_jw_bool(&w, "stopped", stopped);
    cxr_jw_open(&w, "refusals", '[');

    for (rest = cxr_buf_str(&l->told); rest.len != 0; /* void */ ) {
        end = memchr(rest.data, '\n', rest.len);
        line = cxr_strn(rest.data, end ? (size_t) (end - rest.data)
                                       : rest.len);
        cxr_jw_str(&w, NULL, line);
        rest.data += line.len + (end != NULL);
        rest.len -= line.len + (end != NULL);
    }

    cxr_jw_close(&w);
    cxr_jw_uint(&w, "untold", l->untold);
    cxr_jw_close(&w);

    if (cxr_buf_ok(&b)) {
        (void) printf("%.*s\n", cxr_str_arg(cxr_buf_str(&b)));

    } else {
        cxr_cli_say("not enough memory for the report");
    }

    cxr_buf_free(&b);
}


static void
cxr_cli_ingest_print(const cxr_cli_load_t *l)
{
    const cxr_cli_sum_t  *s = &l->sum;

    (void) printf("documents  %llu (%llu broken, %llu done before, %llu could "
                  "not be read)\n"
                  "records    %llu\n"
                  "  stored   %llu\n"
                  "  repeated %llu\n"
                  "  refused  %llu\n"
                  "events     %llu (%llu with a code that no rule maps, %llu "
                  "with a time that no format reads, %llu left out)\n",
                  (unsigned long long) s->documents,
                  (unsigned long long) s->broken,
                  (unsigned long long) s->done_before,
                  (unsigned long long) s->unread,
                  (unsigned long long) s->records,
                  (unsigned long long) s->stored,
                  (unsigned long long) s->repeated,
                  (unsigned long long) s->refused,
                  (unsigned long long) s->events,
                  (unsigned long long) s->unmapped,
                  (unsigned long long) s->untimed,
                  (unsigned long long) s->ignored);

    if (l->told.len) {
        (void) printf("\n%.*s", cxr_str_arg(cxr_buf_str(&l->told)));
    }

    if (l->untold) {
        (void) printf("and %llu more\n", (unsigned long long) l->untold);
    }
}


static int
cxr_cli_ingest_with(cxr_cli_load_t *l, char **paths, bool json)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);
    l->start = (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
    l->shown = l->start;

    cxr_cli_signals();
    cxr_cli_ingest_walk(l, paths, false);
    cxr_cli_ingest_walk(l, paths, true);
    cxr_cli_load_progress(l, true);

    if (json) {
        cxr_cli_ingest_json(l, cxr_cli_stop != 0 || l->failed);
    } else {
        cxr_cli_ingest_print(l);
    }

    if (cxr_cli_stop) {
        cxr_cli_say("interrupted: what is told above is stored; %s",
                    l->done.fd != -1
                    ? "run it again with the same state file to go on"
                    : "run it again: what is stored already is not stored "
                      "twice");
    }

    if (cxr_cli_stop || l->failed || l->sum.unread) {
        return CXR_EXIT_FAILED;
    }

    return l->sum.refused || l->sum.broken ? CXR_EXIT_WRONG : CXR_EXIT_OK;
}


static int
cxr_cli_ingest_run(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int               n, status;
    bool              json = false;
    uint64_t          batch = 1024;
    const char       *carrier = NULL, *state = NULL, *size = NULL;
    const char       *number = NULL;
    cxr_profile_t    *profile;
    cxr_cli_load_t    l;
    cxr_cli_world_t   w;
    cxr_cli_option_t  opts[] = {
        { "carrier", &carrier, NULL },
        { "store", &w.store, NULL },
        { "keys", &w.keys, NULL },
        { "shop", &w.shop_file, NULL },
        { "carriers", &w.profiles, NULL },
        { "profiles", &w.profiles, NULL },
        { "unknown", &w.unknown, NULL },
        { "state", &state, NULL },
        { "batch", &size, NULL },
        { "number", &number, NULL },
        { "number-by-name", NULL, &l.by_name },
        { "create", NULL, &w.create },
        { "json", NULL, &json },
        { NULL, NULL, NULL }
    };

    memset(&w, 0, sizeof(w));
    memset(&l, 0, sizeof(l));

    n = cxr_cli_options(cmd, argc, argv, opts, 1, CXR_CLI_LOAD_INPUTS,
                        &status);

    if (n == -1) {
        return status;
    }

    if (!cxr_cli_need(cmd, "carrier", carrier)) {
        return CXR_EXIT_USAGE;
    }

    if (size != NULL
        && (!cxr_parse_uint(cxr_strz(size), CXR_INGEST_BATCH_MAX, &batch)
            || batch == 0))
    {
        return cxr_cli_usage(cmd, "\"--batch\" takes a number from 1 to %u",
                             CXR_INGEST_BATCH_MAX);
    }

    if (number != NULL && l.by_name) {
        return cxr_cli_usage(cmd, "\"--number\" and \"--number-by-name\" "
                             "exclude each other");
    }

    if (number != NULL
        && (strlen(number) > CXR_FEED_REQUEST_MAX
            || !cxr_utf8_valid(cxr_strz(number))))
    {
        return cxr_cli_usage(cmd, "\"--number\" takes at most %u bytes of "
                             "text", CXR_FEED_REQUEST_MAX);
    }

    status = cxr_cli_world_open(cmd, &w);

    if (status != CXR_EXIT_OK) {
        return status;
    }

    l.world = &w;
    l.batch = (unsigned) batch;
    l.number = cxr_strz(number);
    l.tty = isatty(STDERR_FILENO);
    l.piece = malloc(CXR_CLI_LOAD_PIECE);
    l.done.fd = -1;
    cxr_buf_init(&l.told, CXR_CLI_LOAD_TOLD);

    status = l.piece == NULL
             ? CXR_EXIT_FAILED
             : cxr_cli_world_profile(&w, cxr_strz(carrier), &profile);

    if (status == CXR_EXIT_OK) {
        l.profile = profile;

        status = cxr_cli_ingest_key(&l, cxr_strz(carrier));

        if (status == CXR_EXIT_OK) {
            status = cxr_cli_done_open(&l.done, state);
        }

        if (status == CXR_EXIT_OK) {
            argv[n + 1] = NULL;
            status = cxr_cli_ingest_with(&l, argv + 1, json);
        }

        cxr_cli_done_close(&l.done);
        cxr_profile_free(profile);
    }

    cxr_buf_free(&l.told);
    free(l.piece);
    cxr_cli_world_close(&w);

    return status;
}


const cxr_cli_command_t  cxr_cli_ingest[] = {
    { "feed", "ingest", "--carrier NAME --store DIR --keys FILE\n"
      "        --shop FILE [--carriers DIR] [--unknown keep|refuse]\n"
      "        [--number NUMBER | --number-by-name] [--state FILE] [--batch N]\n"
      "        [--create] [--json] FILE|DIR...",
      "load carriers' documents into the store",
      "    What POST /feeds/<carrier> does, for files, directories and\n"
      "    archives of them (tar and zip, and single documents; packed by\n"
      "    gzip, bzip2, xz or zstd, twice at the most). A body that was captured\n"
      "    as its carrier posted it, a form or a query, is one too. May run while\n"
      "    nginx does. Loading a document again stores nothing twice.\n"
      "    Interrupted, it keeps whole batches.\n\n"
      "    The report goes to standard output, with each refused record and\n"
      "    its place; progress to standard error.\n\n"
      "OPTIONS\n"
      "    --carrier NAME   whose documents they are\n"
      "    --store DIR      the store; nginx or this command's user owns it\n"
      "    --create         make the store, and its directory, when it is not\n"
      "                     there yet: as the user that nginx's workers run as\n"
      "    --keys FILE      the key ring\n"
      "    --shop FILE      the shop's file\n"
      "    --carriers DIR   where <carrier>.xml is, as cx_returns_carriers;\n"
      "                     " CXR_CLI_PROFILES " or " CXR_CLI_PROFILES_HERE
      "\n"
      "    --unknown WHAT   shipments that no order has announced: keep (as\n"
      "                     usual) or refuse\n"
      "    --number NUMBER  the tracking number that was asked for, for replies\n"
      "                     that do not repeat it\n"
      "    --number-by-name it is the file's name, up to the first dot; in an\n"
      "                     archive its member's\n"
      "    --state FILE     remembers what is done, by content, so that a\n"
      "                     second run goes on where the first one stopped;\n"
      "                     what was not read to its end, or was read with\n"
      "                     another profile, is done again\n"
      "    --batch N        records of one commit; 1024\n"
      "    --json           the report as one JSON object\n",
      cxr_cli_ingest_run },

    { NULL, NULL, NULL, NULL, NULL, NULL }
};

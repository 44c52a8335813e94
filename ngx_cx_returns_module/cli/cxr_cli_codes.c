
/*
 * Carriers' return codes: what is left of them, and an import from a file.
 */

#include "cxr_cli_world.h"

#include "cxr_cli_templates.h"
#include "cxr_json.h"
#include "cxr_rma_way.h"
#include "cxr_store_codes.h"
#include "cxr_text.h"


#define CLI_CODES_FILE_MAX  ((size_t) 64 << 20)


/* What became of a file's imports. */
typedef struct {
    uint64_t  added;
    uint64_t  duplicates;
    uint64_t  served;
    uint32_t  waiting;
} cli_codes_sum_t;


/* ---- list ---- */

static void
cli_codes_row(const cxr_pool_row_t *row, bool json)
{
    cxr_jw_t   w;
    cxr_buf_t  b;

    if (!json) {
        (void) printf("%-16.*s %8u free%s %8llu assigned %8llu imported, "
                      "%u waiting\n", cxr_str_arg(row->pool.carrier),
                      row->free, row->free <= row->low ? " (low)" : "",
                      (unsigned long long) row->pool.assigned,
                      (unsigned long long) row->pool.total, row->waiting);
        return;
    }

    cxr_buf_init(&b, CXR_CLI_LINE_MAX);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_str(&w, "carrier", row->pool.carrier);
    cxr_jw_uint(&w, "free", row->free);
    cxr_jw_uint(&w, "assigned", row->pool.assigned);
    cxr_jw_uint(&w, "total", row->pool.total);
    cxr_jw_uint(&w, "low", row->low);
    cxr_jw_bool(&w, "is_low", row->free <= row->low);
    cxr_jw_uint(&w, "waiting", row->waiting);
    cxr_jw_time(&w, "imported_at", row->pool.imported_at);
    cxr_jw_close(&w);
    (void) printf("%.*s\n", cxr_str_arg(cxr_buf_str(&b)));
    cxr_buf_free(&b);
}


static int
cli_codes_list(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int               status;
    bool              json = false, low = false;
    uint32_t          i;
    cxr_rc_t          rc;
    cxr_time_t        now;
    cxr_read_t       *rd;
    cxr_pools_t       pools;
    cxr_cli_world_t   w;
    cxr_cli_option_t  opts[] = {
        { "store", &w.store, NULL },
        { "keys", &w.keys, NULL },
        { "shop", &w.shop_file, NULL },
        { "json", NULL, &json },
        { NULL, NULL, NULL }
    };

    memset(&w, 0, sizeof(w));

    if (cxr_cli_options(cmd, argc, argv, opts, 0, 0, &status) == -1) {
        return status;
    }

    if (!cxr_cli_time(cmd, NULL, &now)) {
        return CXR_EXIT_FAILED;
    }

    status = cxr_cli_world_open(cmd, &w);

    if (status != CXR_EXIT_OK) {
        return status;
    }

    rc = cxr_read_begin(w.st, &rd);

    if (rc == CXR_OK) {
        rc = cxr_read_pools(rd, w.shop, now, CXR_POOL_COUNT_MAX, w.arena,
                            &pools);
        cxr_read_end(rd);
    }

    if (rc != CXR_OK) {
        cxr_cli_say("the codes cannot be read: %s", cxr_rc_name(rc));
        status = cxr_cli_status(rc);

    } else if (pools.n == 0) {
        cxr_cli_say("%s: the shop has no \"return_codes\"", w.shop_file);
        status = CXR_EXIT_WRONG;
    }

    for (i = 0; rc == CXR_OK && i < pools.n; i++) {
        cli_codes_row(&pools.items[i], json);
        low |= pools.items[i].free <= pools.items[i].low;
    }

    cxr_cli_world_close(&w);

    return status == CXR_EXIT_OK && low ? CXR_EXIT_WRONG : status;
}


/* ---- import ---- */

/* The first lines of *text, as many as one import takes. */

static cxr_str_t
cli_codes_some(cxr_str_t *text, uint32_t *lines)
{
    cxr_str_t    some = *text;
    const char  *end;

    *lines = 0;

    while (text->len != 0 && *lines < CXR_CODES_IMPORT_MAX) {
        end = memchr(text->data, '\n', text->len);
        end = end != NULL ? end + 1 : text->data + text->len;

        text->len -= (size_t) (end - text->data);
        text->data = end;
        (*lines)++;
    }

    some.len -= text->len;

    return some;
}


static int
cli_codes_job(cxr_cli_world_t *w, cxr_str_t carrier, const char *by,
    const cxr_codes_in_t *codes, cxr_time_t now, cxr_arena_t *a,
    cli_codes_sum_t *sum)
{
    cxr_job_t           job, *jobs = &job;
    cxr_codes_import_t  in;

    memset(&in, 0, sizeof(in));
    memset(&job, 0, sizeof(job));

    in.carrier = carrier;
    in.codes = *codes;

    job.shop = w->shop;
    job.arena = a;
    job.now = now;
    job.kind = CXR_CMD_CODES_IMPORT;
    job.u.codes = &in;
    job.actor_kind = CXR_ACTOR_STAFF;
    job.actor = cxr_strz(by);

    (void) cxr_store_run(w->st, &jobs, 1);

    if (job.rc != CXR_OK) {
        cxr_cli_say("the codes are not imported: %s", cxr_rc_name(job.rc));
        return cxr_cli_status(job.rc);
    }

    sum->added += in.added;
    sum->duplicates += in.duplicates;
    sum->served += in.served;
    sum->waiting = in.waiting;

    return CXR_EXIT_OK;
}


/*
 * All of a file is looked at before any of it is imported, so that a mistake in
 * its last line leaves nothing half done.
 */

static int
cli_codes_file(cxr_cli_world_t *w, const char *path, cxr_str_t text,
    cxr_str_t carrier, const char *by, cxr_time_t now, cxr_arena_t *a,
    cli_codes_sum_t *sum)
{
    int              status;
    bool             json, run;
    uint32_t         at, line, lines;
    cxr_rc_t         rc;
    cxr_str_t        rest, some;
    const char      *what;
    cxr_codes_in_t   codes;

    some = cxr_str_trim(text);
    json = some.len != 0 && some.data[0] == '{';

    for (run = false; /* void */ ; run = true) {

        for (rest = text, at = 0; rest.len != 0; at += lines) {
            some = cli_codes_some(&rest, &lines);
            cxr_arena_reset(a);

            rc = cxr_codes_parse(some, json, a, &codes, &line, &what);

            if (rc != CXR_OK) {
                cxr_cli_say("%s:%u: %s", path, at + line,
                            rc == CXR_INVALID ? what : cxr_rc_name(rc));
                return rc == CXR_INVALID ? CXR_EXIT_WRONG : cxr_cli_status(rc);
            }

            if (run) {
                status = cli_codes_job(w, carrier, by, &codes, now, a, sum);

                if (status != CXR_EXIT_OK) {
                    return status;
                }
            }
        }

        if (run) {
            return CXR_EXIT_OK;
        }
    }
}


static bool
cli_codes_carrier(const cxr_cli_world_t *w, cxr_str_t carrier)
{
    uint32_t  i;

    for (i = 0; i < w->shop->pools.n; i++) {
        if (cxr_str_eq(w->shop->pools.items[i].carrier, carrier)) {
            return true;
        }
    }

    cxr_cli_say("%s: \"return_codes\" has no carrier \"%.*s\"", w->shop_file,
                cxr_str_arg(carrier));

    return false;
}


static int
cli_codes_import(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int               status;
    cxr_buf_t         text;
    cxr_time_t        now;
    cxr_arena_t      *a;
    const char       *by = NULL, *carrier = NULL;
    cli_codes_sum_t   sum;
    cxr_cli_world_t   w;
    cxr_cli_option_t  opts[] = {
        { "store", &w.store, NULL },
        { "keys", &w.keys, NULL },
        { "shop", &w.shop_file, NULL },
        { "carrier", &carrier, NULL },
        { "by", &by, NULL },
        { NULL, NULL, NULL }
    };

    memset(&w, 0, sizeof(w));
    memset(&sum, 0, sizeof(sum));

    if (cxr_cli_options(cmd, argc, argv, opts, 1, 1, &status) == -1) {
        return status;
    }

    if (!cxr_cli_need(cmd, "carrier", carrier)
        || !cxr_cli_need(cmd, "by", by))
    {
        return CXR_EXIT_USAGE;
    }

    if (!cxr_cli_time(cmd, NULL, &now)) {
        return CXR_EXIT_FAILED;
    }

    cxr_buf_init(&text, CLI_CODES_FILE_MAX);

    if (!cxr_cli_slurp(argv[1], &text)) {
        cxr_buf_free(&text);
        return CXR_EXIT_FAILED;
    }

    status = cxr_cli_world_open(cmd, &w);

    if (status == CXR_EXIT_OK) {

        /* the shop lives in the world's arena, which is not emptied */

        a = cxr_arena_create(CXR_CLI_ARENA_MAX);

        if (a == NULL) {
            cxr_cli_say("not enough memory");
            status = CXR_EXIT_FAILED;

        } else {
            status = cli_codes_carrier(&w, cxr_strz(carrier))
                     ? cli_codes_file(&w, argv[1], cxr_buf_str(&text),
                                      cxr_strz(carrier), by, now, a, &sum)
                     : CXR_EXIT_WRONG;
            cxr_arena_destroy(a);
        }

        if (status == CXR_EXIT_OK) {
            (void) printf("%llu codes imported, %llu known before; %llu RMAs "
                          "got the one they waited for, %u still wait\n",
                          (unsigned long long) sum.added,
                          (unsigned long long) sum.duplicates,
                          (unsigned long long) sum.served, sum.waiting);
        }

        cxr_cli_world_close(&w);
    }

    cxr_buf_free(&text);

    return status;
}


#define CLI_CODES_OPTIONS                                                    \
    "OPTIONS\n"                                                              \
    "    --store DIR     the store\n"                                        \
    "    --keys FILE     the key ring\n"                                     \
    "    --shop FILE     the shop's file, whose \"return_codes\" they are of\n"

const cxr_cli_command_t  cxr_cli_codes[] = {
    { "codes", "list", "--store DIR --keys FILE --shop FILE [--json]",
      "what is left of carriers' return codes",
      "    Of each carrier of the shop's \"return_codes\": codes that are free\n"
      "    and have not expired, that were assigned, that were ever imported,\n"
      "    and how many approved RMAs wait for one. The status is 1 when one\n"
      "    has as few as its \"low\", or fewer.\n\n"
      CLI_CODES_OPTIONS
      "    --json          one JSON object a line\n",
      cli_codes_list },

    { "codes", "import",
      "--store DIR --keys FILE --shop FILE\n"
      "        --carrier NAME --by NAME FILE",
      "import return codes that a carrier gave",
      "    FILE is CSV (\"code\" or \"code,expires\" a line, a heading allowed)\n"
      "    or JSON lines ({\"code\":\"...\",\"expires\":\"2027-01-31T00:00:00Z\"});\n"
      "    \"-\" is standard input. Codes of an earlier import are left alone,\n"
      "    so the same file may be given again. RMAs that wait for a code get\n"
      "    one, the oldest first. It may run beside nginx.\n\n"
      CLI_CODES_OPTIONS
      "    --carrier NAME  whose codes they are\n"
      "    --by NAME       who does it, for the journal: \"staff:ayse\"\n",
      cli_codes_import },

    { NULL, NULL, NULL, NULL, NULL, NULL }
};

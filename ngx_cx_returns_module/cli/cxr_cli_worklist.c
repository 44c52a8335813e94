
/*
 * The codes that no rule maps.
 */

#include "cxr_cli.h"

#include "cxr_json.h"
#include "cxr_profile.h"
#include "cxr_shop.h"
#include "cxr_text.h"


typedef struct {
    cxr_arena_t       *arena;
    const cxr_type_t  *type;
    cxr_str_t          shop;         /* "" all                                */
    cxr_str_t          carrier;
    cxr_store_t       *store;
    cxr_buf_t          line;
    cxr_buf_t          key;
    bool               json;
    bool               failed;
    uint64_t           codes;
    uint64_t           overflow;
} cxr_cli_work_t;


/* "kahve-gurusu/yurtici/..." -> "kahve-gurusu" */
static cxr_str_t
cxr_cli_work_shop(cxr_cli_work_t *wl, cxr_str_t key)
{
    size_t     i;
    cxr_str_t  s;

    cxr_buf_reset(&wl->key);
    cxr_store_key_print(wl->store, "worklist", key, &wl->key);
    s = cxr_buf_str(&wl->key);

    for (i = 0; i < s.len && s.data[i] != '/'; i++) { /* void */ }

    return cxr_strn(s.data, i);
}


static void
cxr_cli_work_text(cxr_cli_work_t *wl, cxr_str_t shop, const cxr_work_t *w)
{
    char  last[CXR_TIME_PRINTED];

    (void) cxr_time_snprint(w->last_at, last);

    (void) printf("%8llu  %-12.*s %-16.*s %s  %.*s  (%.*s, %.*s)\n",
                  (unsigned long long) w->count, cxr_str_arg(w->carrier),
                  cxr_str_arg(w->code), last, cxr_str_arg(w->text),
                  cxr_str_arg(shop), cxr_str_arg(w->number));
}


static bool
cxr_cli_work_one(void *ctx, const char *table, cxr_str_t key, cxr_str_t value)
{
    bool             sum;
    cxr_jw_t         w;
    cxr_str_t        shop;
    cxr_work_t       row;
    cxr_cli_work_t  *wl = ctx;

    cxr_arena_reset(wl->arena);

    if (cxr_rec_decode(&cxr_work_type, value.data, value.len, &row, wl->arena)
        != CXR_OK)
    {
        cxr_cli_say("a row of the work list cannot be read; \"cx-returns "
                    "rebuild\" makes it anew");
        wl->failed = true;
        return false;
    }

    shop = cxr_cli_work_shop(wl, key);
    sum = key.len == 4 + row.carrier.len + 1;

    if ((wl->carrier.len && !cxr_str_eq(wl->carrier, row.carrier))
        || (wl->shop.len && !cxr_str_eq(wl->shop, shop)))
    {
        return true;
    }

    if (sum) {
        wl->codes += row.codes;
        wl->overflow += row.count;
    }

    if (wl->json) {
        cxr_buf_reset(&wl->line);
        cxr_jw_init(&w, &wl->line);
        cxr_jw_open(&w, NULL, '{');
        cxr_jw_str(&w, "shop", shop);

        if (sum) {
            cxr_jw_str(&w, "carrier", row.carrier);
            cxr_jw_uint(&w, "codes", row.codes);
            cxr_jw_uint(&w, "overflow", row.count);

        } else {
            cxr_rec_json(&cxr_work_type, &row, "code", 0, &w);
        }

        cxr_jw_close(&w);
        (void) printf("%.*s\n", cxr_str_arg(cxr_buf_str(&wl->line)));

    } else if (!sum) {
        cxr_cli_work_text(wl, shop, &row);
    }

    return !ferror(stdout);
}


static int
cxr_cli_worklist_run(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int               status;
    cxr_rc_t          rc;
    cxr_diag_t        d;
    const char       *dir = NULL, *shop = NULL, *carrier = NULL;
    cxr_cli_work_t    wl;
    cxr_cli_option_t  opts[] = {
        { "store", &dir, NULL },
        { "shop", &shop, NULL },
        { "carrier", &carrier, NULL },
        { "json", NULL, &wl.json },
        { NULL, NULL, NULL }
    };

    memset(&wl, 0, sizeof(wl));

    if (cxr_cli_options(cmd, argc, argv, opts, 0, 0, &status) == -1) {
        return status;
    }

    if (dir == NULL || dir[0] == '\0') {
        return cxr_cli_usage(cmd, "\"--store\" is missing");
    }

    status = cxr_cli_store_open(dir, NULL, &wl.store);

    if (status != CXR_EXIT_OK) {
        return status;
    }

    wl.shop = cxr_strz(shop);
    wl.carrier = cxr_strz(carrier);
    wl.arena = cxr_arena_create(CXR_CLI_ARENA_MAX);
    cxr_buf_init(&wl.line, CXR_CLI_LINE_MAX);
    cxr_buf_init(&wl.key, 4096);
    memset(&d, 0, sizeof(d));

    rc = wl.arena == NULL
         ? CXR_NOMEM
         : cxr_store_dump(wl.store, "worklist", CXR_STR_NONE,
                          cxr_cli_work_one, &wl, &d);

    if (rc != CXR_OK) {
        status = cxr_cli_diag(&d, rc);

    } else if (wl.failed) {
        status = CXR_EXIT_FAILED;

    } else if (!wl.json) {
        (void) printf("%llu codes that no rule maps%s",
                      (unsigned long long) wl.codes,
                      wl.overflow ? "" : "\n");

        if (wl.overflow) {
            (void) printf(", and %llu events with others, for which the list "
                          "has no room\n", (unsigned long long) wl.overflow);
        }
    }

    cxr_buf_free(&wl.line);
    cxr_buf_free(&wl.key);

    if (wl.arena != NULL) {
        cxr_arena_destroy(wl.arena);
    }

    cxr_store_close(wl.store);

    return status;
}


const cxr_cli_command_t  cxr_cli_worklist[] = {
    { "worklist", NULL, "--store DIR [--shop NAME] [--carrier NAME] [--json]",
      "show the carriers' codes that no rule maps",
      "    How many events have the code, of which carrier, when the last one\n"
      "    came, an example of its text, the shop and a tracking number. When\n"
      "    the profile has learnt a code and the documents are sent or loaded\n"
      "    again, it leaves the list.\n\n"
      "OPTIONS\n"
      "    --store DIR     the store\n"
      "    --shop NAME     of this shop alone\n"
      "    --carrier NAME  of this carrier alone\n"
      "    --json          one JSON object a line\n",
      cxr_cli_worklist_run },

    { NULL, NULL, NULL, NULL, NULL, NULL }
};

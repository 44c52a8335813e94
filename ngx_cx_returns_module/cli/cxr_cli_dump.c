
/*
 * Every record of a store, readable: what a table of fields describes as JSON,
 * the rest as base64url.  One record is held at a time.
 */

#include "cxr_store_codes.h"
#include "cxr_cli.h"

#include "cxr_event.h"
#include "cxr_json.h"
#include "cxr_record.h"
#include "cxr_text.h"

#define CXR_CLI_STRUCT_MAX  (16 * 1024)      /* bytes of a record's C struct  */
#define CXR_CLI_KEY_MAX     4096             /* bytes of a key, printed       */


typedef struct {
    cxr_store_t   *store;
    cxr_arena_t   *arena;
    cxr_buf_t      line;
    cxr_buf_t      key;
    cxr_str_t      prefix;        /* of the printed key                       */
    bool           json;
    bool           failed;
    uint64_t       unreadable;
    const char    *tables[32];
    size_t         ntables;
} cxr_cli_dump_t;


static const cxr_type_t *
cxr_cli_type(uint16_t id)
{
    if (id == CXR_TYPE_FORMAT) {
        return &cxr_format_type;
    }

    if (id == CXR_TYPE_IDEM) {
        return &cxr_idem_type;
    }

    if (id == CXR_TYPE_WORK) {
        return &cxr_work_type;
    }

    if (id == CXR_TYPE_LANE) {
        return &cxr_lane_type;
    }

    if (id == CXR_TYPE_FIND) {
        return &cxr_find_type;
    }

    if (id == CXR_TYPE_POOL) {
        return &cxr_pool_type;
    }

    if (id == CXR_TYPE_CODE) {
        return &cxr_code_type;
    }

    return cxr_stored_type(id);
}


/* The struct of a flat record, in the arena; NULL: none of ours. */

static const void *
cxr_cli_decode(cxr_cli_dump_t *dump, cxr_str_t value, const cxr_type_t **type,
    uint16_t *version, uint64_t *seq)
{
    void      *obj;
    uint16_t   id;

    if (cxr_rec_head(value.data, value.len, &id, version, seq) != CXR_OK) {
        return NULL;
    }

    *type = cxr_cli_type(id);

    if (*type == NULL || (*type)->size > CXR_CLI_STRUCT_MAX) {
        return NULL;
    }

    obj = cxr_calloc(dump->arena, 1, (*type)->size);

    if (obj == NULL
        || cxr_rec_decode(*type, value.data, value.len, obj, dump->arena)
           != CXR_OK)
    {
        return NULL;
    }

    return obj;
}


/* An entry's own body, which is a record again. */

static void
cxr_cli_dump_event(cxr_cli_dump_t *dump, const cxr_entry_t *e, cxr_jw_t *w)
{
    uint16_t           version;
    uint64_t           seq;
    const void        *body;
    const cxr_type_t  *type;

    body = cxr_cli_decode(dump, e->body, &type, &version, &seq);

    if (body == NULL) {
        dump->unreadable++;
        cxr_jw_null(w, "event");
        return;
    }

    cxr_jw_strz(w, "event_type", type->name);
    cxr_rec_json(type, body, "event", CXR_REC_DUMP, w);
}


static void
cxr_cli_dump_value(cxr_cli_dump_t *dump, const char *table, cxr_str_t value,
    cxr_jw_t *w)
{
    char               sealed[64];
    uint16_t           version;
    uint64_t           seq;
    const void        *obj;
    const cxr_type_t  *type;

    if (value.len == 0) {
        return;
    }

    if (strcmp(table, "persons") == 0) {
        (void) snprintf(sealed, sizeof(sealed), "<sealed %zu bytes>",
                        value.len);
        cxr_jw_strz(w, "value", sealed);
        return;
    }

    obj = cxr_cli_decode(dump, value, &type, &version, &seq);

    if (obj != NULL) {
        cxr_jw_strz(w, "type", type->name);
        cxr_jw_uint(w, "version", version);
        cxr_jw_uint(w, "seq", seq);
        cxr_rec_json(type, obj, "record", CXR_REC_DUMP, w);

        if (type == &cxr_entry_type) {
            cxr_cli_dump_event(dump, obj, w);
        }

        return;
    }

    if (strcmp(table, "meta") == 0 && cxr_utf8_valid(value)
        && memchr(value.data, '\0', value.len) == NULL)
    {
        cxr_jw_str(w, "value", value);
        return;
    }

    dump->unreadable++;
    cxr_jw_bytes(w, "unreadable", value);
}


static bool
cxr_cli_dump_row(void *ctx, const char *table, cxr_str_t key, cxr_str_t value)
{
    cxr_jw_t         w;
    cxr_str_t        name;
    cxr_cli_dump_t  *dump = ctx;

    cxr_buf_reset(&dump->key);
    cxr_store_key_print(dump->store, table, key, &dump->key);
    name = cxr_buf_str(&dump->key);

    if (name.len < dump->prefix.len
        || (dump->prefix.len != 0
            && memcmp(name.data, dump->prefix.data, dump->prefix.len) != 0))
    {
        return true;
    }

    cxr_arena_reset(dump->arena);
    cxr_buf_reset(&dump->line);
    cxr_jw_init(&w, &dump->line);
    cxr_jw_open(&w, NULL, '{');

    if (dump->json) {
        cxr_jw_strz(&w, "table", table);
        cxr_jw_str(&w, "key", name);
    }

    cxr_cli_dump_value(dump, table, value, &w);
    cxr_jw_close(&w);

    if (!cxr_buf_ok(&dump->line) || !cxr_buf_ok(&dump->key)) {
        cxr_cli_say("not enough memory for a record of \"%s\"", table);
        dump->failed = true;
        return false;
    }

    if (dump->json) {
        (void) printf("%.*s\n", cxr_str_arg(cxr_buf_str(&dump->line)));

    } else {
        (void) printf("%s %.*s %.*s\n", table, cxr_str_arg(name),
                      cxr_str_arg(cxr_buf_str(&dump->line)));
    }

    /* nobody reads any more, or the disk is full: do not go on for hours */

    return !ferror(stdout);
}


static bool
cxr_cli_dump_table_name(void *ctx, const char *table, cxr_str_t key,
    cxr_str_t value)
{
    cxr_cli_dump_t  *dump = ctx;

    (void) key;
    (void) value;

    if (dump->ntables < cxr_nelts(dump->tables)) {
        dump->tables[dump->ntables++] = table;
    }

    return true;
}


/*
 * The bytes that all wanted keys of a table begin with: those of the shop when
 * the prefix names one whole, so that other shops are not even looked at.
 */

static cxr_str_t
cxr_cli_dump_bytes(const char *table, cxr_str_t prefix, uint8_t bytes[4])
{
    uint32_t     key;
    const char  *slash;

    slash = prefix.len ? memchr(prefix.data, '/', prefix.len) : NULL;

    if (slash == NULL || strcmp(table, "meta") == 0) {
        return CXR_STR_NONE;
    }

    key = cxr_shop_key(cxr_strn(prefix.data, (size_t) (slash - prefix.data)));
    bytes[0] = (uint8_t) (key >> 24);
    bytes[1] = (uint8_t) (key >> 16);
    bytes[2] = (uint8_t) (key >> 8);
    bytes[3] = (uint8_t) key;

    return cxr_strn(bytes, 4);
}


static int
cxr_cli_dump_tables(cxr_cli_dump_t *dump, const char *table)
{
    size_t      i;
    uint8_t     bytes[4];
    cxr_rc_t    rc;
    cxr_diag_t  d;

    memset(&d, 0, sizeof(d));
    rc = cxr_store_dump(dump->store, NULL, CXR_STR_NONE,
                        cxr_cli_dump_table_name, dump, &d);

    for (i = 0; i < dump->ntables && table != NULL; i++) {
        if (strcmp(dump->tables[i], table) == 0) {
            break;
        }
    }

    if (rc == CXR_OK && table != NULL && i == dump->ntables) {
        cxr_cli_say("there is no table \"%s\"; there are:", table);

        for (i = 0; i < dump->ntables; i++) {
            (void) fprintf(stderr, "    %s\n", dump->tables[i]);
        }

        return CXR_EXIT_USAGE;
    }

    for (i = 0; i < dump->ntables && rc == CXR_OK && !dump->failed; i++) {

        if (table != NULL && strcmp(dump->tables[i], table) != 0) {
            continue;
        }

        rc = cxr_store_dump(dump->store, dump->tables[i],
                            cxr_cli_dump_bytes(dump->tables[i], dump->prefix,
                                               bytes),
                            cxr_cli_dump_row, dump, &d);
    }

    if (rc != CXR_OK) {
        return cxr_cli_diag(&d, rc);
    }

    if (dump->unreadable != 0) {
        cxr_cli_say("%llu records are none that this version knows; they are "
                    "printed as \"unreadable\"",
                    (unsigned long long) dump->unreadable);
        return CXR_EXIT_WRONG;
    }

    return dump->failed ? CXR_EXIT_FAILED : CXR_EXIT_OK;
}


static int
cxr_cli_dump_run(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int               n, status;
    bool              json = false;
    const char       *dir = NULL;
    cxr_cli_dump_t    dump;
    cxr_cli_option_t  opts[] = {
        { "store", &dir, NULL },
        { "json", NULL, &json },
        { NULL, NULL, NULL }
    };

    n = cxr_cli_options(cmd, argc, argv, opts, 0, 2, &status);

    if (n == -1) {
        return status;
    }

    if (dir == NULL) {
        return cxr_cli_usage(cmd, "\"--store\" is missing");
    }

    memset(&dump, 0, sizeof(dump));
    status = cxr_cli_store_open(dir, NULL, &dump.store);

    if (status != CXR_EXIT_OK) {
        return status;
    }

    dump.json = json;
    dump.prefix = cxr_strz(n == 2 ? argv[2] : NULL);
    dump.arena = cxr_arena_create(CXR_CLI_ARENA_MAX);
    cxr_buf_init(&dump.line, CXR_CLI_LINE_MAX);
    cxr_buf_init(&dump.key, CXR_CLI_KEY_MAX);

    if (dump.arena != NULL) {
        status = cxr_cli_dump_tables(&dump, n > 0 ? argv[1] : NULL);

    } else {
        cxr_cli_say("not enough memory");
        status = CXR_EXIT_FAILED;
    }

    cxr_buf_free(&dump.line);
    cxr_buf_free(&dump.key);
    cxr_arena_destroy(dump.arena);
    cxr_store_close(dump.store);

    return status;
}


const cxr_cli_command_t  cxr_cli_dump[] = {
    { "dump", NULL, "--store DIR [TABLE [KEYPREFIX]] [--json]",
      "print records of the store",
      "    One line a record: table, key, and the record as JSON. Of journal\n"
      "    entries the event is printed too. Personal data stays sealed.\n"
      "    Without TABLE, all tables; a wrong TABLE names those there are.\n"
      "    KEYPREFIX is the beginning of a key as it is printed:\n"
      "    \"kahve-gurusu/KG10\". A table is printed from one snapshot: nginx\n"
      "    goes on, but pages are not reused while it lasts.\n\n"
      "OPTIONS\n"
      "    --store DIR  the store\n"
      "    --json       nothing but a JSON object a line\n",
      cxr_cli_dump_run },

    { NULL, NULL, NULL, NULL, NULL, NULL }
};


/*
 * Files that nothing names any more: photos of messages and claims that were
 * never committed, labels that others took the place of, and those of orders
 * whose person was erased.
 */

#include <stdlib.h>

#include "cxr_cli.h"

#include "cxr_photo.h"
#include "cxr_store.h"
#include "cxr_talk.h"

#define CLI_PHOTOS_AGE  86400     /* seconds: a form that has a photo may be
                                     sent long after the photo was            */
#define CLI_PHOTOS_FEW  20        /* that nothing names: no sign of a mistake */


typedef struct {
    cxr_str_t     key;
    cxr_time_t    at;             /* of the latest erasure                    */
} cxr_cli_gone_t;

typedef struct {
    cxr_arena_t  *kept;
    cxr_arena_t  *scratch;
    cxr_strs_t    persons;        /* keys of the orders that are not erased   */
    CXR_LIST_OF(cxr_cli_gone_t)  gone;   /* and those that once were, and gift
                                            returns whose recipient was       */
    cxr_strs_t    photos;         /* hashes that their messages and RMAs name,
                                     photos' and carriers' labels'            */
    uint64_t      old;            /* files that are old enough to go          */
    uint64_t      strange;        /* of which nothing names so many           */
    cxr_rc_t      rc;
} cxr_cli_photos_t;


/* of keys, which items of both lists begin with */

static int
cli_photos_cmp(const void *a, const void *b)
{
    return cxr_str_cmp(*(const cxr_str_t *) a, *(const cxr_str_t *) b);
}


static bool
cli_photos_has(const cxr_strs_t *list, cxr_str_t s)
{
    return list->n != 0
           && bsearch(&s, list->items, list->n, sizeof(cxr_str_t),
                      cli_photos_cmp)
              != NULL;
}


static bool
cli_photos_add(cxr_cli_photos_t *p, cxr_strs_t *list, cxr_str_t s)
{
    cxr_str_t  *item;

    item = cxr_list_push(p->kept, list, sizeof(*item));

    if (item == NULL || cxr_str_dup(p->kept, s, item) != CXR_OK) {
        p->rc = CXR_NOMEM;
        return false;
    }

    return true;
}


static bool
cli_photos_person(void *ctx, const char *table, cxr_str_t key, cxr_str_t value)
{
    cxr_cli_photos_t  *p = ctx;

    return cli_photos_add(p, &p->persons, key);
}


/* That this one was erased, and when. */

static bool
cli_photos_once(cxr_cli_photos_t *p, cxr_str_t key, cxr_time_t at)
{
    cxr_cli_gone_t  *gone;

    gone = cxr_list_push(p->kept, &p->gone, sizeof(*gone));

    if (gone == NULL || cxr_str_dup(p->kept, key, &gone->key) != CXR_OK) {
        p->rc = CXR_NOMEM;
        return false;
    }

    gone->at = at;

    return true;
}


/* A person who came again after it does not bring the photos back. */

static bool
cli_photos_order(void *ctx, const char *table, cxr_str_t key, cxr_str_t value)
{
    cxr_order_t        order;
    cxr_cli_photos_t  *p = ctx;

    cxr_arena_reset(p->scratch);
    p->rc = cxr_rec_decode(&cxr_order_type, value.data, value.len, &order,
                           p->scratch);

    if (p->rc != CXR_OK || order.gone_at == CXR_TIME_NONE) {
        return p->rc == CXR_OK;
    }

    return cli_photos_once(p, key, order.gone_at);
}


/* The shop's four bytes stand before the number; what is behind them here is no
   order's number, whose letters are large. */

static bool
cli_photos_gift_key(cxr_str_t shop, cxr_str_t rma, cxr_arena_t *a,
    cxr_str_t *out)
{
    if (shop.len < 4) {
        return false;
    }

    *out = cxr_str_join(a, cxr_strn(shop.data, 4), cxr_str("gift:"), rma);

    return out->data != NULL;
}


static bool
cli_photos_recipient(void *ctx, const char *table, cxr_str_t key,
    cxr_str_t value)
{
    cxr_rma_t          rma;
    cxr_str_t          name;
    cxr_cli_photos_t  *p = ctx;

    cxr_arena_reset(p->scratch);
    p->rc = cxr_rec_decode(&cxr_rma_type, value.data, value.len, &rma,
                           p->scratch);

    if (p->rc != CXR_OK || rma.erased_at == CXR_TIME_NONE) {
        return p->rc == CXR_OK;
    }

    if (!cli_photos_gift_key(key, rma.id, p->scratch, &name)) {
        p->rc = CXR_NOMEM;
        return false;
    }

    return cli_photos_once(p, name, rma.erased_at);
}


static bool
cli_photos_gone(const cxr_cli_photos_t *p, cxr_str_t key, cxr_time_t at)
{
    cxr_cli_gone_t         want = { key, at };
    const cxr_cli_gone_t  *gone;

    gone = p->gone.n ? bsearch(&want, p->gone.items, p->gone.n, sizeof(want),
                               cli_photos_cmp)
                     : NULL;

    return gone != NULL && at <= gone->at;
}


static bool
cli_photos_message(void *ctx, const char *table, cxr_str_t key,
    cxr_str_t value)
{
    uint16_t           type, version;
    uint32_t           i;
    uint64_t           seq;
    cxr_str_t          gift;
    cxr_message_t      m;
    cxr_cli_photos_t  *p = ctx;

    if (cxr_rec_head(value.data, value.len, &type, &version, &seq) != CXR_OK) {
        p->rc = CXR_INVALID;
        return false;
    }

    /* beside the messages stand the sums of the threads */

    if (type != CXR_TYPE_MESSAGE || key.len < 5) {
        return true;
    }

    cxr_arena_reset(p->scratch);
    p->rc = cxr_rec_decode(&cxr_message_type, value.data, value.len, &m,
                           p->scratch);

    if (p->rc != CXR_OK) {
        return false;
    }

    /* behind the order: a zero and the message's number */

    if (m.photos.n == 0
        || !cli_photos_has(&p->persons, cxr_strn(key.data, key.len - 5))
        || cli_photos_gone(p, cxr_strn(key.data, key.len - 5), m.at))
    {
        return true;
    }

    if (m.rma.len != 0) {
        if (!cli_photos_gift_key(key, m.rma, p->scratch, &gift)) {
            p->rc = CXR_NOMEM;
            return false;
        }

        if (cli_photos_gone(p, gift, m.at)) {
            return true;
        }
    }

    for (i = 0; i < m.photos.n; i++) {
        if (!cli_photos_add(p, &p->photos, m.photos.items[i].hash)) {
            return false;
        }
    }

    return true;
}


/* An order's key, of the key of one of its RMAs: the shop's four bytes stand
   before both. */

static bool
cli_photos_order_key(cxr_str_t key, cxr_str_t order, cxr_arena_t *a,
    cxr_str_t *out)
{
    char  *mem;

    mem = cxr_alloc(a, 4 + order.len);

    if (mem == NULL || key.len < 4) {
        return false;
    }

    memcpy(mem, key.data, 4);
    memcpy(mem + 4, order.data, order.len);
    *out = cxr_strn(mem, 4 + order.len);

    return true;
}


static bool
cli_photos_line(cxr_cli_photos_t *p, const cxr_photo_refs_t *refs)
{
    uint32_t  k;

    for (k = 0; k < refs->n; k++) {
        if (!cli_photos_add(p, &p->photos, refs->items[k].hash)) {
            return false;
        }
    }

    return true;
}


static bool
cli_photos_rma(void *ctx, const char *table, cxr_str_t key, cxr_str_t value)
{
    bool               any;
    uint32_t           i;
    cxr_rma_t          rma;
    cxr_str_t          order;
    cxr_cli_photos_t  *p = ctx;

    cxr_arena_reset(p->scratch);
    p->rc = cxr_rec_decode(&cxr_rma_type, value.data, value.len, &rma,
                           p->scratch);

    if (p->rc != CXR_OK) {
        return false;
    }

    any = rma.carrier_label_hash.len != 0;

    for (i = 0; i < rma.lines.n; i++) {
        any = any || rma.lines.items[i].photos.n != 0;
    }

    if (!any) {
        return true;
    }

    if (!cli_photos_order_key(key, rma.order, p->scratch, &order)) {
        p->rc = CXR_NOMEM;
        return false;
    }

    /* a label may come, for goods under way, when the person has gone */

    if (rma.carrier_label_hash.len != 0
        && rma.carrier_label_at > rma.erased_at
        && !cli_photos_gone(p, order, rma.carrier_label_at)
        && !cli_photos_add(p, &p->photos, rma.carrier_label_hash))
    {
        return false;
    }

    if (!cli_photos_has(&p->persons, order)
        || rma.created_at <= rma.erased_at
        || cli_photos_gone(p, order, rma.created_at))
    {
        return true;
    }

    for (i = 0; i < rma.lines.n; i++) {
        if (!cli_photos_line(p, &rma.lines.items[i].photos)) {
            return false;
        }
    }

    return true;
}


static bool
cli_photos_named(void *ctx, cxr_str_t hash)
{
    cxr_cli_photos_t  *p = ctx;

    return cli_photos_has(&p->photos, hash);
}


static bool
cli_photos_count(void *ctx, cxr_str_t hash)
{
    cxr_cli_photos_t  *p = ctx;

    p->old++;
    p->strange += !cli_photos_has(&p->photos, hash);

    return true;
}


/*
 * With the store of another shop, or one of last year, nothing would name the
 * photos, and there is no way back: most of them at once is a question first.
 */

static int
cli_photos_ask(cxr_cli_photos_t *p, const char *photos, bool anyway)
{
    uint64_t  seen, erased;

    p->old = 0;
    p->strange = 0;

    if (photos == NULL || anyway
        || cxr_photo_sweep(photos, CLI_PHOTOS_AGE, cli_photos_count, p, &seen,
                           &erased)
           != CXR_OK
        || p->strange <= CLI_PHOTOS_FEW || p->strange * 2 <= p->old)
    {
        return CXR_EXIT_OK;
    }

    cxr_cli_say("%llu of %llu files in \"%s\" are named by nothing in this "
                "store; nothing was erased. If it is the store that they belong "
                "to, say --anyway", (unsigned long long) p->strange,
                (unsigned long long) p->old, photos);

    return CXR_EXIT_FAILED;
}


/* Whatever is not read for certain keeps everything. */

static int
cli_photos_collect(cxr_cli_photos_t *p, cxr_store_t *store)
{
    cxr_rc_t    rc;
    cxr_diag_t  d;

    memset(&d, 0, sizeof(d));

    rc = cxr_store_dump(store, "persons", CXR_STR_NONE, cli_photos_person, p,
                        &d);

    if (rc == CXR_OK && p->rc == CXR_OK) {
        if (p->persons.n != 0) {
            qsort(p->persons.items, p->persons.n, sizeof(cxr_str_t),
                  cli_photos_cmp);
        }

        rc = cxr_store_dump(store, "orders", CXR_STR_NONE, cli_photos_order, p,
                            &d);
    }

    if (rc == CXR_OK && p->rc == CXR_OK) {
        rc = cxr_store_dump(store, "rmas", CXR_STR_NONE, cli_photos_recipient,
                            p, &d);
    }

    if (rc == CXR_OK && p->rc == CXR_OK) {
        if (p->gone.n != 0) {
            qsort(p->gone.items, p->gone.n, sizeof(cxr_cli_gone_t),
                  cli_photos_cmp);
        }

        rc = cxr_store_dump(store, "talk", CXR_STR_NONE, cli_photos_message, p,
                            &d);
    }

    if (rc == CXR_OK && p->rc == CXR_OK) {
        rc = cxr_store_dump(store, "rmas", CXR_STR_NONE, cli_photos_rma, p,
                            &d);
    }

    if (rc != CXR_OK) {
        return cxr_cli_diag(&d, rc);
    }

    if (p->rc != CXR_OK) {
        cxr_cli_say("messages and RMAs cannot be read: %s; nothing was erased",
                    cxr_rc_name(p->rc));
        return CXR_EXIT_FAILED;
    }

    if (p->photos.n != 0) {
        qsort(p->photos.items, p->photos.n, sizeof(cxr_str_t), cli_photos_cmp);
    }

    return CXR_EXIT_OK;
}


static int
cli_photos_sweep(cxr_cli_photos_t *p, const char *dir, const char *what)
{
    cxr_rc_t  rc;
    uint64_t  seen, erased;

    if (dir == NULL) {
        return CXR_EXIT_OK;
    }

    rc = cxr_photo_sweep(dir, CLI_PHOTOS_AGE, cli_photos_named, p, &seen,
                         &erased);

    (void) printf("%llu %s, %llu erased\n", (unsigned long long) seen, what,
                  (unsigned long long) erased);

    if (rc != CXR_OK) {
        cxr_cli_say("\"%s\" could not be swept to its end: %s", dir,
                    cxr_rc_name(rc));
        return CXR_EXIT_FAILED;
    }

    return CXR_EXIT_OK;
}


static int
cxr_cli_photos_run(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int                status, labelled;
    bool               anyway = false;
    const char        *dir = NULL, *photos = NULL, *labels = NULL;
    cxr_store_t       *store;
    cxr_cli_photos_t   p;
    cxr_cli_option_t   opts[] = {
        { "store", &dir, NULL },
        { "photos", &photos, NULL },
        { "labels", &labels, NULL },
        { "anyway", NULL, &anyway },
        { NULL, NULL, NULL }
    };

    if (cxr_cli_options(cmd, argc, argv, opts, 0, 0, &status) == -1) {
        return status;
    }

    if (dir == NULL || !*dir || (photos == NULL && labels == NULL)
        || (photos != NULL && !*photos) || (labels != NULL && !*labels))
    {
        return cxr_cli_usage(cmd, "\"--store\" is wanted, and \"--photos\" or "
                             "\"--labels\"");
    }

    status = cxr_cli_store_open(dir, NULL, &store);

    if (status != CXR_EXIT_OK) {
        return status;
    }

    memset(&p, 0, sizeof(p));
    p.kept = cxr_arena_create(CXR_CLI_ARENA_MAX * 4);
    p.scratch = cxr_arena_create(CXR_CLI_ARENA_MAX);
    p.rc = p.kept && p.scratch ? CXR_OK : CXR_NOMEM;

    status = p.rc == CXR_OK ? cli_photos_collect(&p, store) : CXR_EXIT_FAILED;

    if (status == CXR_EXIT_OK) {
        status = cli_photos_ask(&p, photos, anyway);
    }

    if (status == CXR_EXIT_OK) {
        status = cli_photos_ask(&p, labels, anyway);
    }

    if (status == CXR_EXIT_OK) {
        status = cli_photos_sweep(&p, photos, "photos");
        labelled = cli_photos_sweep(&p, labels, "labels");
        status = status == CXR_EXIT_OK ? labelled : status;
    }

    cxr_arena_destroy(p.kept);
    cxr_arena_destroy(p.scratch);
    cxr_store_close(store);

    return status;
}


const cxr_cli_command_t  cxr_cli_photos[] = {
    { "photos", "sweep",
      "--store DIR [--photos DIR] [--labels DIR] [--anyway]",
      "erase photos and carriers' labels that nothing names any more",
      "    A photo stands on the disk before the message or the claim that names\n"
      "    it is committed, so one may stay behind; and when a person is erased,\n"
      "    the photos of the order go with the next sweep. Files younger than a\n"
      "    day are left alone: whoever took a photo may yet send the form that\n"
      "    has it. So it is with labels that the shop supplied, and with those\n"
      "    that another one took the place of. Safe beside a running nginx.\n\n"
      "OPTIONS\n"
      "    --store DIR     the store\n"
      "    --photos DIR    the directory of \"cx_returns_photos\"\n"
      "    --labels DIR    the directory of \"cx_returns_labels\"\n"
      "    --anyway        also when most of the photos would go, which they do\n"
      "                    not by default: it is likely not their store\n",
      cxr_cli_photos_run },

    { NULL, NULL, NULL, NULL, NULL, NULL }
};

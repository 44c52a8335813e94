
/*
 * A store in a directory of its own, with a shop, a key ring and short ways to
 * make jobs, for the tests of store/.
 */

#ifndef _CXR_TEST_STORE_ENV_H_INCLUDED_
#define _CXR_TEST_STORE_ENV_H_INCLUDED_

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cxr_store.h"
#include "cxr_text.h"

/* 2026-11-21T00:00:00Z */
#define ENV_NOW  INT64_C(1795219200000)

typedef struct {
    char            root[64];
    char            dir[80];
    char            ring_path[96];
    cxr_keyring_t  *ring;
    cxr_store_t    *store;
    cxr_arena_t    *arena;
    cxr_shop_t      shop;
    cxr_reason_t    reasons[1];
} env_t;


static inline void
env_shop(env_t *env, cxr_shop_t *shop, const char *id)
{
    cxr_diag_t  d;

    memset(shop, 0, sizeof(*shop));
    shop->id = cxr_strz(id);
    shop->key = cxr_shop_key(shop->id);

    if (cxr_tz_load("UTC", &shop->tz, &d) != CXR_OK) {
        fprintf(stderr, "%s\n", d.text);
        abort();
    }

    env->reasons[0].code = cxr_str("changed_mind");

    shop->policy.version = cxr_str("0123456789abcdef");
    shop->policy.window_days = 30;
    shop->policy.fallback_days = 14;
    shop->policy.outcomes = 1u << CXR_OUT_REFUND | 1u << CXR_OUT_EXCHANGE;
    shop->policy.auto_approve = true;
    shop->policy.label_days = 30;
    shop->policy.reasons.items = env->reasons;
    shop->policy.reasons.n = 1;
}


static inline cxr_store_t *
env_open(const env_t *env, const char *dir, size_t map, bool read_only)
{
    cxr_diag_t        d;
    cxr_store_t      *store;
    cxr_store_conf_t  conf;

    memset(&conf, 0, sizeof(conf));
    memset(&d, 0, sizeof(d));
    conf.dir = dir;
    conf.map_size = map;
    conf.ring = env->ring;
    conf.read_only = read_only;
    conf.create = !read_only;

    if (cxr_store_open(&conf, &store, &d) != CXR_OK) {
        fprintf(stderr, "open %s: %s\n", dir, d.text);
        abort();
    }

    return store;
}


/* Without the store itself, which a process opens after fork. */
static inline env_t *
env_make(void)
{
    env_t       *env = calloc(1, sizeof(env_t));
    cxr_diag_t   d;

    if (env == NULL || cxr_sign_init() != CXR_OK) {
        abort();
    }

    strcpy(env->root, "/tmp/cxr-store-XXXXXX");
    if (mkdtemp(env->root) == NULL) {
        abort();
    }

    snprintf(env->dir, sizeof(env->dir), "%s/db", env->root);
    snprintf(env->ring_path, sizeof(env->ring_path), "%s/keys", env->root);

    if (mkdir(env->dir, 0700) != 0
        || cxr_keyring_create(env->ring_path, ENV_NOW, &d) != CXR_OK
        || cxr_keyring_load(env->ring_path, &env->ring, &d) != CXR_OK)
    {
        fprintf(stderr, "ring: %s\n", d.text);
        abort();
    }

    env->arena = cxr_arena_create((size_t) 256 << 20);
    env_shop(env, &env->shop, "kahve-gurusu");

    return env;
}


static inline void
env_free(env_t *env)
{
    char  cmd[128];

    if (env->store != NULL) {
        cxr_store_close(env->store);
    }

    snprintf(cmd, sizeof(cmd), "rm -rf %s", env->root);
    if (system(cmd) != 0) {
        abort();
    }

    cxr_tz_free(env->shop.tz);
    cxr_keyring_free(env->ring);
    cxr_arena_destroy(env->arena);
    free(env);
}


static inline const char *
env_dir(const env_t *env, const char *name, char path[96])
{
    snprintf(path, 96, "%s/%s", env->root, name);
    if (mkdir(path, 0700) != 0) {
        abort();
    }

    return path;
}


/* ---- jobs; all live in the arena given ---- */

static inline cxr_job_t *
job_new(const env_t *env, cxr_arena_t *a, cxr_command_kind_t kind)
{
    cxr_job_t  *job = cxr_calloc(a, 1, sizeof(cxr_job_t));

    job->shop = &env->shop;
    job->arena = a;
    job->now = ENV_NOW;
    job->kind = kind;
    job->actor_kind = CXR_ACTOR_API;
    job->actor = cxr_str("api:test");

    return job;
}


/* An order of one line "1" with the given quantity, of 10.00 each. */
static inline cxr_job_t *
job_order(const env_t *env, cxr_arena_t *a, const char *number,
    uint32_t quantity, const char *parcel)
{
    cxr_job_t           *job = job_new(env, a, CXR_CMD_ORDER_PUT);
    cxr_order_t         *o = cxr_calloc(a, 1, sizeof(cxr_order_t));
    cxr_person_t        *p = cxr_calloc(a, 1, sizeof(cxr_person_t));
    cxr_order_line_t    *l = cxr_calloc(a, 1, sizeof(cxr_order_line_t));
    cxr_order_parcel_t  *c;

    cxr_str_dup(a, cxr_strz(number), &o->number);
    o->placed_at = ENV_NOW - 2 * CXR_DAY;
    o->currency = cxr_str("TRY");
    o->locale = cxr_str("tr");
    o->country = cxr_str("TR");
    l->line = cxr_str("1");
    l->sku = cxr_str("ETH-YIRG-250");
    l->title = cxr_str("Etiyopya Yirgacheffe");
    l->variant = cxr_str("250 g / Filtre");
    l->product = cxr_str("ETH-YIRG");
    l->quantity = quantity;
    l->unit_price = 1000;
    l->tax = 100;
    o->lines.items = l;
    o->lines.n = 1;
    o->delivery_price = 250;
    o->delivery_tax = 40;
    o->delivery_standard = 250;

    if (parcel != NULL) {
        c = cxr_calloc(a, 1, sizeof(cxr_order_parcel_t));
        c->carrier = cxr_str("yurtici");
        cxr_str_dup(a, cxr_strz(parcel), &c->number);
        o->parcels.items = c;
        o->parcels.n = 1;
    }

    p->name = cxr_str("Ayşe Yılmaz");
    cxr_str_dup(a, cxr_sprintf(a, "ayse+%s@example.com", number), &p->email);
    p->postcode = cxr_str("34394");
    p->city = cxr_str("İstanbul");

    job->u.put.order = o;
    job->u.put.person = p;

    return job;
}


static inline cxr_job_t *
job_create(const env_t *env, cxr_arena_t *a, const char *order,
    uint32_t quantity, const char *note)
{
    cxr_job_t           *job = job_new(env, a, CXR_CMD_RMA_CREATE);
    cxr_str_t           *notes;
    cxr_rma_ask_t       *ask = cxr_calloc(a, 1, sizeof(cxr_rma_ask_t));
    cxr_rma_ask_line_t  *l = cxr_calloc(a, 1, sizeof(cxr_rma_ask_line_t));

    cxr_str_dup(a, cxr_strz(order), &ask->order);
    ask->locale = cxr_str("tr");
    ask->method = cxr_str("label");
    l->line = cxr_str("1");
    l->quantity = quantity;
    l->reason = cxr_str("changed_mind");
    l->outcome = CXR_OUT_REFUND;
    ask->lines.items = l;
    ask->lines.n = 1;
    job->u.create.ask = ask;
    job->actor_kind = CXR_ACTOR_SHOPPER;
    job->actor = cxr_str("shopper");

    if (note != NULL) {
        notes = cxr_calloc(a, 1, sizeof(cxr_str_t));
        cxr_str_dup(a, cxr_strz(note), notes);
        job->u.create.notes = notes;
    }

    return job;
}


/* "id" as the store has it: an order's folded number, or a withdrawal's */
static inline cxr_job_t *
job_erase(const env_t *env, cxr_arena_t *a, const char *id, bool open)
{
    cxr_job_t  *job = job_new(env, a, CXR_CMD_ERASE);

    cxr_str_dup(a, cxr_strz(id), &job->u.erase.id);
    job->u.erase.open = open;

    return job;
}


/* A verb of cxr_rma_act.h on all lines that it can move. */
static inline cxr_job_t *
job_act(const env_t *env, cxr_arena_t *a, unsigned verb, cxr_str_t rma,
    const char *reason)
{
    cxr_job_t      *job = job_new(env, a, CXR_CMD_RMA_ACT);
    cxr_rma_act_t  *act = cxr_calloc(a, 1, sizeof(cxr_rma_act_t));

    act->verb = (uint8_t) verb;
    act->rma = rma;
    act->reason = cxr_strz(reason);
    job->u.act.act = act;

    return job;
}


/* A statement about the order, as job_order() knows its person; "words" NULL:
   the whole. */
static inline cxr_job_t *
job_declare(const env_t *env, cxr_arena_t *a, const char *order,
    const char *email, const char *name, const char *words)
{
    cxr_job_t        *job = job_new(env, a, CXR_CMD_WITHDRAWAL_DECLARE);
    cxr_statement_t  *st = cxr_calloc(a, 1, sizeof(cxr_statement_t));

    cxr_str_dup(a, cxr_strz(order), &st->contract);
    cxr_str_dup(a, email ? cxr_strz(email)
                         : cxr_sprintf(a, "ayse+%s@example.com", order),
                &st->email);
    cxr_str_dup(a, cxr_strz(name ? name : "Ayşe Yılmaz"), &st->name);
    cxr_str_dup(a, cxr_strz(words ? words : ""), &st->words);
    st->locale = cxr_str("tr");
    job->u.statement = st;
    job->actor_kind = CXR_ACTOR_SHOPPER;
    job->actor = cxr_str("shopper");

    return job;
}


/* "scans" scans, an hour apart, the last a delivery when it is the fifth. */
static inline cxr_job_t *
job_report(const env_t *env, cxr_arena_t *a, const char *number,
    unsigned scans)
{
    unsigned       i;
    cxr_job_t     *job = job_new(env, a, CXR_CMD_SHIPMENT_REPORT);
    cxr_report_t  *r = cxr_calloc(a, 1, sizeof(cxr_report_t));

    static const uint8_t  status[5] = {
        CXR_SHIP_LABEL_CREATED, CXR_SHIP_PICKED_UP, CXR_SHIP_IN_TRANSIT,
        CXR_SHIP_OUT_FOR_DELIVERY, CXR_SHIP_DELIVERED
    };
    static const char *const  text[5] = {
        "Kargo bilgisi alındı", "Şubeye teslim edildi",
        "Transfer merkezinde", "Dağıtıma çıktı", "Teslim edildi"
    };

    r->carrier = cxr_str("yurtici");
    cxr_str_dup(a, cxr_strz(number), &r->number);
    r->scans.items = cxr_calloc(a, scans ? scans : 1, sizeof(cxr_scan_t));
    r->scans.n = scans;

    for (i = 0; i < scans; i++) {
        cxr_scan_t  *s = &r->scans.items[i];

        s->at = ENV_NOW - CXR_DAY + i * CXR_HOUR;
        s->offset = 3 * 3600;
        s->precision = CXR_PRECISION_SECOND;
        s->zone = CXR_ZONE_PROFILE;
        s->status = status[i % 5];
        s->mapped = true;
        s->code = cxr_strz("K1\0K2\0K3\0K4\0K5" + (i % 5) * 3);
        s->text = cxr_strz(text[i % 5]);
        s->place = cxr_str("İstanbul, Kadıköy Şubesi");
        s->country = cxr_str("TR");
        s->time_text = cxr_str("20.11.2026 10:00:00");
    }

    job->u.feed.report = r;
    job->actor_kind = CXR_ACTOR_CARRIER;
    job->actor = cxr_str("carrier:yurtici");

    return job;
}


static inline cxr_job_t *
job_product(const env_t *env, cxr_arena_t *a, const char *id, uint32_t stock)
{
    cxr_job_t      *job = job_new(env, a, CXR_CMD_PRODUCT_PUT);
    cxr_product_t  *p = cxr_calloc(a, 1, sizeof(cxr_product_t));
    cxr_variant_t  *v = cxr_calloc(a, 1, sizeof(cxr_variant_t));

    cxr_str_dup(a, cxr_strz(id), &p->id);
    p->title = cxr_str("Yirgacheffe");
    p->currency = cxr_str("TRY");
    v->sku = cxr_str("ETH-YIRG-1000");
    v->title = cxr_str("1 kg");
    v->price = 1000;
    v->stock = stock;
    p->variants.items = v;
    p->variants.n = 1;
    job->u.product = p;

    return job;
}


static inline void
job_idem(cxr_job_t *job, const char *key, const char *asked)
{
    uint8_t  h[32];

    job->has_idem = true;
    cxr_idem_hash(cxr_str("test"), cxr_strz(key), job->idem);
    cxr_hash(h, 32, asked, strlen(asked), NULL, 0);
    memcpy(job->fingerprint, h, sizeof(job->fingerprint));
}


static inline cxr_rc_t
run1(cxr_store_t *store, cxr_job_t *job)
{
    (void) cxr_store_run(store, &job, 1);

    return job->rc;
}


/* ---- looking ---- */

static inline bool
env_dump_add(void *ctx, const char *table, cxr_str_t key, cxr_str_t value)
{
    cxr_hash_t  *h = ctx;

    cxr_hash_add(h, table, strlen(table));
    cxr_hash_add(h, &key.len, sizeof(key.len));
    cxr_hash_add(h, key.data, key.len);
    cxr_hash_add(h, &value.len, sizeof(value.len));
    cxr_hash_add(h, value.data, value.len);

    return true;
}


static const char *const  env_tables[] = {
    "meta", "journal", "persons", "orders", "rmas", "shipments", "products",
    "idem", "ix_rma", "ix_ref", "ix_email", "worklist", "due",
    "ix_found", "lanes",
    "withdrawals", "ix_withdraw", "talk", "ix_talk", "codes", "surveys",
    "people"
};


/* A hash of all tables. */
static inline void
env_hash(cxr_store_t *store, uint8_t out[32])
{
    size_t      i;
    cxr_hash_t  h;
    cxr_diag_t  d;

    cxr_hash_begin(&h, 32, NULL, 0);

    for (i = 0; i < cxr_nelts(env_tables); i++) {
        if (cxr_store_dump(store, env_tables[i], CXR_STR_NONE, env_dump_add,
                           &h, &d) != CXR_OK)
        {
            abort();
        }
    }

    cxr_hash_end(&h, out, 32);
}


static inline bool
env_count_one(void *ctx, const char *table, cxr_str_t key, cxr_str_t value)
{
    (*(unsigned *) ctx)++;
    return true;
}


static inline unsigned
env_count(cxr_store_t *store, const char *table)
{
    unsigned    n = 0;
    cxr_diag_t  d;

    if (cxr_store_dump(store, table, CXR_STR_NONE, env_count_one, &n, &d)
        != CXR_OK)
    {
        abort();
    }

    return n;
}


/* All of it comes out of the journal again. */

static inline void
env_same_rebuilt(env_t *env)
{
    char          dir[96], name[16];
    cxr_diag_t    d;
    cxr_store_t  *copy;

    static unsigned  n;

    snprintf(name, sizeof(name), "anew%u", ++n);
    env_dir(env, name, dir);
    memset(&d, 0, sizeof(d));

    if (cxr_store_rebuild(env->store, dir, NULL, NULL, &d) != CXR_OK) {
        fail_msg("%s", d.text);
    }

    copy = env_open(env, dir, 0, false);

    if (cxr_store_compare(env->store, copy, &d) != CXR_OK) {
        fail_msg("%s: %s", d.where, d.text);
    }

    cxr_store_close(copy);
}

#endif /* _CXR_TEST_STORE_ENV_H_INCLUDED_ */

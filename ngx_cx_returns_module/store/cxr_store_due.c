
/*
 * The table of what falls due: kept, read, and turned into commands.
 */

#include <stdlib.h>

#include "cxr_store_codes.h"
#include "cxr_store_due.h"
#include "cxr_store_private.h"


#define CXR_DUE_ARENA  ((size_t) 64 << 20)


typedef struct {
    const char  *name;
    bool       (*until)(const cxr_shop_t *shop, cxr_time_t now,
                        cxr_time_t *until);
    /* the job has shop, arena, time and actor */
    cxr_rc_t   (*command)(cxr_job_t *job, const cxr_due_t *due);
} cxr_due_way_t;


static bool
cxr_due_age(const cxr_shop_t *shop, cxr_time_t now, cxr_time_t *until)
{
    *until = now - shop->person_days * CXR_DAY;

    return shop->person_days != 0;
}


static cxr_rc_t
cxr_due_erase(cxr_job_t *job, const cxr_due_t *due)
{
    job->kind = CXR_CMD_ERASE;
    job->u.erase.id = due->id;
    job->u.erase.cause = CXR_ERASE_AGE;

    return CXR_OK;
}


static bool
cxr_due_remind_until(const cxr_shop_t *shop, cxr_time_t now, cxr_time_t *until)
{
    *until = now + shop->remind_days * CXR_DAY;

    return shop->remind_days != 0;
}


static cxr_rc_t
cxr_due_remind(cxr_job_t *job, const cxr_due_t *due)
{
    job->kind = CXR_CMD_RMA_REMIND;
    job->u.remind = due->id;

    return CXR_OK;
}


/* The verbs look for "past", so that an entry's own moment is none yet. */
static bool
cxr_due_past(const cxr_shop_t *shop, cxr_time_t now, cxr_time_t *until)
{
    (void) shop;

    *until = now - 1;

    return true;
}


static cxr_rc_t
cxr_due_verb(cxr_job_t *job, const cxr_due_t *due)
{
    cxr_rma_act_t  *act;

    act = cxr_calloc(job->arena, 1, sizeof(*act));
    if (act == NULL) {
        return CXR_NOMEM;
    }

    act->verb = due->kind == CXR_DUE_RMA_EXPIRY ? CXR_VERB_EXPIRE
                                                : CXR_VERB_OVERDUE;
    act->rma = due->id;

    job->kind = CXR_CMD_RMA_ACT;
    job->u.act.act = act;
    job->u.act.text = CXR_STR_NONE;

    return CXR_OK;
}


static const cxr_due_way_t  cxr_dues[CXR_DUE_KINDS] = {
    [CXR_DUE_ORDER_AGE] = { "order_age", cxr_due_age, cxr_due_erase },
    [CXR_DUE_STATEMENT_AGE] = { "statement_age", cxr_due_age, cxr_due_erase },
    [CXR_DUE_TALK_AGE] = { "talk_age", cxr_due_age, cxr_due_erase },
    [CXR_DUE_RMA_REMIND] = { "rma_remind", cxr_due_remind_until,
                             cxr_due_remind },
    [CXR_DUE_RMA_EXPIRY] = { "rma_expiry", cxr_due_past, cxr_due_verb },
    [CXR_DUE_RMA_OVERDUE] = { "rma_overdue", cxr_due_past, cxr_due_verb },
};


const char *
cxr_due_name(unsigned kind)
{
    return kind > CXR_DUE_NONE && kind < CXR_DUE_KINDS ? cxr_dues[kind].name
                                                       : "?";
}


bool
cxr_due_until(const cxr_shop_t *shop, unsigned kind, cxr_time_t now,
    cxr_time_t *until)
{
    return kind > CXR_DUE_NONE && kind < CXR_DUE_KINDS
           && cxr_dues[kind].until(shop, now, until);
}


static void
cxr_dbkey_due(cxr_dbkey_t *k, uint32_t shop, uint8_t kind, cxr_time_t at,
    cxr_str_t id)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_add(k, &kind, 1);
    cxr_dbkey_u64(k, (uint64_t) at);
    cxr_dbkey_str(k, id);
}


cxr_rc_t
cxr_due_move(cxr_writer_t *w, uint32_t shop, uint8_t kind, cxr_str_t id,
    cxr_time_t was, cxr_time_t is)
{
    cxr_rc_t     rc;
    cxr_dbkey_t  key;

    if (was == is) {
        was = CXR_TIME_NONE;         /* it may be missing all the same */
    }

    if (was != CXR_TIME_NONE) {
        cxr_dbkey_due(&key, shop, kind, was, id);

        rc = cxr_writer_del(w, CXR_T_DUE, &key);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (is == CXR_TIME_NONE) {
        return CXR_OK;
    }

    cxr_dbkey_due(&key, shop, kind, is, id);

    return cxr_writer_put(w, CXR_T_DUE, &key, CXR_STR_NONE);
}


cxr_rc_t
cxr_read_due(cxr_read_t *rd, const cxr_shop_t *shop, unsigned kind,
    cxr_time_t until, const cxr_due_t *after, unsigned max, cxr_arena_t *a,
    cxr_dues_t *out)
{
    int             rc;
    MDB_val         k, v;
    uint8_t         byte = (uint8_t) kind;
    cxr_rc_t        crc = CXR_OK;
    cxr_due_t      *due;
    MDB_cursor     *cur;
    cxr_dbkey_t     prefix, from;
    const uint8_t  *p;

    memset(out, 0, sizeof(*out));

    if (max == 0 || max > CXR_DUE_PAGE_MAX || kind == CXR_DUE_NONE
        || kind >= CXR_DUE_KINDS)
    {
        return CXR_INVALID;
    }

    if (rd->store->lacks[CXR_T_DUE]) {
        return CXR_OK;
    }

    cxr_dbkey_shop(&prefix, shop->key);
    cxr_dbkey_add(&prefix, &byte, 1);
    from = prefix;

    if (after != NULL) {
        cxr_dbkey_due(&from, shop->key, byte, after->at, after->id);
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_DUE], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    k = cxr_dbkey_val(&from);

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && out->n < max && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        p = k.mv_data;

        if (k.mv_size <= (size_t) prefix.len + 8) {
            crc = CXR_INVALID;
            break;
        }

        if ((cxr_time_t) cxr_be64(p + prefix.len) > until) {
            break;
        }

        if (after != NULL && k.mv_size == from.len
            && memcmp(p, from.data, from.len) == 0)
        {
            continue;
        }

        due = cxr_list_push(a, out, sizeof(cxr_due_t));

        if (due == NULL
            || cxr_str_dup(a, cxr_strn((const char *) p + prefix.len + 8,
                                       k.mv_size - prefix.len - 8),
                           &due->id)
               != CXR_OK)
        {
            crc = CXR_NOMEM;
            break;
        }

        due->kind = byte;
        due->at = (cxr_time_t) cxr_be64(p + prefix.len);
    }

    mdb_cursor_close(cur);

    if (crc != CXR_OK) {
        return crc;
    }

    return rc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(rd->store, rc);
}


/* One page of a kind as one group of commands. */
static cxr_rc_t
cxr_due_page(cxr_store_t *store, const cxr_shop_t *shop, cxr_time_t now,
    const cxr_dues_t *dues, cxr_arena_t *a, cxr_due_sum_t *sum)
{
    uint32_t     i;
    cxr_rc_t     rc;
    cxr_job_t   *jobs, **list;

    jobs = cxr_calloc(a, dues->n, sizeof(cxr_job_t));
    list = cxr_calloc(a, dues->n, sizeof(cxr_job_t *));

    if (jobs == NULL || list == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < dues->n; i++) {
        jobs[i].shop = shop;
        jobs[i].arena = a;
        jobs[i].now = now;
        jobs[i].actor_kind = CXR_ACTOR_SYSTEM;
        jobs[i].actor = cxr_str("due");
        list[i] = &jobs[i];

        rc = cxr_dues[dues->items[i].kind].command(&jobs[i], &dues->items[i]);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    rc = cxr_store_run(store, list, dues->n);

    for (i = 0; i < dues->n; i++) {

        switch (jobs[i].rc) {

        case CXR_OK:
            sum->done += jobs[i].changed;

            if (jobs[i].kind == CXR_CMD_ERASE && jobs[i].changed
                && sum->gone != NULL)
            {
                sum->gone(sum->ctx, shop, jobs[i].u.erase.id);
            }
            break;

        case CXR_REFUSED:
        case CXR_CONFLICT:
        case CXR_NOTFOUND:
            sum->refused++;
            break;

        default:
            sum->failed++;
        }
    }

    return rc;
}


/* Leaves out orders that have an RMA under way: no command for them each time. */
static cxr_rc_t
cxr_due_resting(cxr_read_t *rd, const cxr_shop_t *shop, cxr_arena_t *a,
    cxr_dues_t *dues)
{
    uint32_t     i, n = 0;
    cxr_rc_t     rc = CXR_OK;
    cxr_order_t  order;

    for (i = 0; i < dues->n && rc == CXR_OK; i++) {
        rc = cxr_read_order(rd, shop, dues->items[i].id, a, &order);

        if (rc == CXR_NOTFOUND || order.ages_at == CXR_TIME_NONE) {
            dues->items[n++] = dues->items[i];
        }

        rc = rc == CXR_NOTFOUND ? CXR_OK : rc;
    }

    dues->n = n;

    return rc;
}


static cxr_rc_t
cxr_due_kind(cxr_store_t *store, const cxr_shop_t *shop, unsigned kind,
    cxr_time_t now, cxr_arena_t *a, cxr_due_sum_t *sum)
{
    char         id[CXR_DBKEY_MAX];
    bool         begun = false;
    cxr_rc_t     rc;
    uint64_t     before = sum->done;
    cxr_due_t    last;
    cxr_read_t  *rd;
    cxr_dues_t   dues;
    cxr_time_t   until;

    if (!cxr_due_until(shop, kind, now, &until)) {
        return CXR_OK;
    }

    memset(&last, 0, sizeof(last));

    /*
     * What stands there still is passed over, however much it is: were it
     * counted, a run would end before what is behind it, and so the next.
     */

    while (sum->done - before < CXR_DUE_RUN_MAX) {
        cxr_arena_reset(a);

        rc = cxr_read_begin(store, &rd);
        if (rc != CXR_OK) {
            return rc;
        }

        rc = cxr_read_due(rd, shop, kind, until, begun ? &last : NULL,
                          CXR_DUE_PAGE_MAX, a, &dues);

        if (rc != CXR_OK || dues.n == 0) {
            cxr_read_end(rd);
            return rc;
        }

        begun = true;
        last = dues.items[dues.n - 1];
        memcpy(id, last.id.data, last.id.len);
        last.id.data = id;

        if (kind == CXR_DUE_ORDER_AGE) {
            rc = cxr_due_resting(rd, shop, a, &dues);
        }

        cxr_read_end(rd);

        if (rc == CXR_OK && dues.n == 0) {
            continue;
        }

        if (rc != CXR_OK) {
            return rc;
        }

        rc = cxr_due_page(store, shop, now, &dues, a, sum);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    sum->more = true;

    return CXR_OK;
}


/*
 * RMAs that wait for a return code while there are some: more of them than one
 * import serves, or codes that came back since.  An import of nothing gives
 * them out.
 */
static cxr_rc_t
cxr_due_codes(cxr_store_t *store, const cxr_shop_t *shop, cxr_time_t now,
    cxr_arena_t *a, cxr_due_sum_t *sum)
{
    bool                 free;
    uint32_t             i;
    cxr_rc_t             rc;
    cxr_job_t            job, *list[1];
    cxr_read_t          *rd;
    cxr_pools_t          pools;
    cxr_codes_import_t   in;

    if (shop->pools.n == 0) {
        return CXR_OK;
    }

    do {
        cxr_arena_reset(a);

        rc = cxr_read_begin(store, &rd);
        if (rc != CXR_OK) {
            return rc;
        }

        rc = cxr_read_pools(rd, shop, now, 0, a, &pools);
        cxr_read_end(rd);

        if (rc != CXR_OK || pools.n == 0 || pools.items[0].waiting == 0) {
            return rc;
        }

        for (free = false, i = 0; i < pools.n; i++) {
            free = free || pools.items[i].free != 0;
        }

        if (!free) {
            return CXR_OK;
        }

        memset(&job, 0, sizeof(job));
        memset(&in, 0, sizeof(in));

        in.carrier = shop->pools.items[0].carrier;

        job.kind = CXR_CMD_CODES_IMPORT;
        job.u.codes = &in;
        job.shop = shop;
        job.arena = a;
        job.now = now;
        job.actor_kind = CXR_ACTOR_SYSTEM;
        job.actor = cxr_str("due");
        list[0] = &job;

        rc = cxr_store_run(store, list, 1);

        if (rc != CXR_OK || job.rc != CXR_OK) {
            sum->failed += job.rc != CXR_OK;
            return rc;
        }

        sum->done += in.served;

    } while (in.served != 0);

    return CXR_OK;
}


cxr_rc_t
cxr_due_run(cxr_store_t *store, const cxr_shop_t *shop, cxr_time_t now,
    cxr_due_sum_t *sum)
{
    cxr_rc_t      rc = CXR_OK;
    unsigned      kind;
    cxr_arena_t  *a;

    a = cxr_arena_create(CXR_DUE_ARENA);
    if (a == NULL) {
        return CXR_NOMEM;
    }

    for (kind = 1; kind < CXR_DUE_KINDS && rc == CXR_OK; kind++) {
        rc = cxr_due_kind(store, shop, kind, now, a, sum);
    }

    if (rc == CXR_OK) {
        rc = cxr_due_codes(store, shop, now, a, sum);
    }

    cxr_arena_destroy(a);

    return rc;
}

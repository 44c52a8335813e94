
/*
 * What is known of a person, and its removal (Regulation (EU) 2016/679 art. 15,
 * 17 and 20; KVKK art. 7 and 11).
 */

#include <stdlib.h>

#include "cxr_cli_gift.h"
#include "cxr_cli_lists.h"
#include "cxr_id.h"
#include "cxr_json.h"
#include "cxr_label_file.h"
#include "cxr_photo.h"
#include "cxr_text.h"
#include "cxr_withdrawal.h"

#define CXR_CLI_PERSON_MAX    ((size_t) 256 << 20)   /* bytes of an export    */
#define CXR_CLI_PERSON_ORDERS 200


typedef struct {
    cxr_cli_world_t   w;
    cxr_strs_t        orders;
    cxr_strs_t        statements;    /* withdrawals that no order was found for */
    cxr_strs_t        gifts;         /* returns that are another's: not told   */
    const char       *photos;        /* their directory, or NULL              */
    const char       *labels;        /* that of the carriers' labels, or NULL */
    cxr_jw_t          json;
    cxr_buf_t         text;
} cxr_cli_person_t;


/* The withdrawal of that number, or all with that e-mail address, that have no
   order: with one they belong to it.  Each is opened: their addresses are in no
   index. */

static cxr_rc_t
cxr_person_statements(cxr_cli_person_t *p, cxr_read_t *rd, const char *arg)
{
    char                     folded[256], his[256], id[CXR_WITHDRAWAL_ID_LEN];
    size_t                   n, len;
    uint32_t                 i;
    cxr_rc_t                 rc;
    cxr_str_t                who = cxr_strz(arg), cursor = CXR_STR_NONE, *to;
    cxr_arena_t             *a;
    cxr_statement_t          st;
    cxr_withdrawals_t        list;
    const cxr_withdrawal_t  *w;

    len = 0;

    if (cxr_withdrawal_id_parse(who, id) == CXR_OK) {
        who = cxr_strn(id, sizeof(id));

    } else if (strchr(arg, '@') == NULL
               || cxr_fold_email(who, folded, &len) != CXR_OK)
    {
        return CXR_OK;
    }

    a = cxr_arena_create(CXR_CLI_ARENA_MAX);
    if (a == NULL) {
        return CXR_NOMEM;
    }

    do {
        rc = cxr_read_withdrawals(rd, p->w.shop, CXR_WITHDRAWAL_UNMATCHED,
                                  cursor, 200, a, &list, &cursor);

        for (i = 0; rc == CXR_OK && i < list.n; i++) {
            w = &list.items[i];

            if (len == 0
                ? !cxr_str_eq(w->id, who)
                : (cxr_read_statement(rd, p->w.shop, w, a, &st) != CXR_OK
                   || cxr_fold_email(st.email, his, &n) != CXR_OK
                   || n != len || memcmp(his, folded, n) != 0))
            {
                continue;
            }

            to = cxr_list_push(p->w.arena, &p->statements, sizeof(*to));
            rc = to == NULL ? CXR_NOMEM
                            : cxr_str_dup(p->w.arena, w->id, to);
        }

    } while (rc == CXR_OK && cursor.len != 0);

    cxr_arena_destroy(a);

    return rc;
}


/* The order of that number, or all of that e-mail address, and statements. */

static int
cxr_person_who(cxr_cli_person_t *p, const char *arg)
{
    char          folded[CXR_NUMBER_MAX];
    size_t        n;
    cxr_rc_t      rc, found;
    cxr_str_t    *id, who = cxr_strz(arg);
    cxr_read_t   *rd;
    cxr_order_t   order;

    rc = cxr_read_begin(p->w.st, &rd);

    if (rc != CXR_OK) {
        cxr_cli_say("cannot read the store: %s", cxr_rc_name(rc));
        return cxr_cli_status(rc);
    }

    if (strchr(arg, '@') != NULL) {
        rc = cxr_read_by_email(rd, p->w.shop, who, CXR_CLI_PERSON_ORDERS,
                               p->w.arena, &p->orders);

        for (n = 0; rc == CXR_OK && n < p->orders.n; n++) {
            /* the map's bytes end with the snapshot */
            rc = cxr_str_dup(p->w.arena, p->orders.items[n],
                             &p->orders.items[n]);
        }

    } else {
        rc = cxr_fold_number(who, folded, &n);

        if (rc == CXR_OK) {
            rc = cxr_read_order(rd, p->w.shop, cxr_strn(folded, n),
                                p->w.arena, &order);
        }

        if (rc == CXR_OK) {
            id = cxr_list_push(p->w.arena, &p->orders, sizeof(cxr_str_t));
            rc = id == NULL ? CXR_NOMEM
                 : cxr_str_dup(p->w.arena, cxr_strn(folded, n), id);
        }
    }

    if (rc == CXR_OK || rc == CXR_NOTFOUND || rc == CXR_INVALID) {
        found = cxr_person_statements(p, rd, arg);
        rc = found != CXR_OK || p->statements.n != 0 ? found : rc;
    }

    cxr_read_end(rd);

    if (rc == CXR_NOTFOUND
        || (rc == CXR_OK && p->orders.n + p->statements.n == 0))
    {
        cxr_cli_say("the shop has no order of %s", arg);
        return CXR_EXIT_WRONG;
    }

    if (rc != CXR_OK) {
        cxr_cli_say("%s: %s", arg, rc == CXR_INVALID
                    ? "is neither an order's number nor an e-mail address"
                    : cxr_rc_name(rc));
        return cxr_cli_status(rc);
    }

    return CXR_EXIT_OK;
}


/* ---- export ---- */

/* What stands sealed, as a member; null: it cannot be read any more. */

static void
cxr_person_words(cxr_cli_person_t *p, cxr_read_t *rd, cxr_str_t order,
    cxr_str_t rma, const char *key, cxr_str_t box)
{
    cxr_str_t  text;

    if (box.len == 0) {
        return;
    }

    if (cxr_read_note(rd, p->w.shop, order, rma, box, p->w.arena, &text)
        == CXR_OK)
    {
        cxr_jw_str(&p->json, key, text);

    } else {
        cxr_jw_null(&p->json, key);
    }
}


static void
cxr_person_rma_words(cxr_cli_person_t *p, cxr_read_t *rd, const cxr_rma_t *r)
{
    uint32_t               i;
    const cxr_rma_note_t  *n;

    cxr_jw_open(&p->json, "notes", '[');

    for (i = 0; i < r->lines.n; i++) {
        if (r->lines.items[i].note.len != 0) {
            cxr_jw_open(&p->json, NULL, '{');
            cxr_jw_str(&p->json, "line", r->lines.items[i].line);
            cxr_person_words(p, rd, r->order, r->id, "text",
                             r->lines.items[i].note);
            cxr_jw_close(&p->json);
        }
    }

    for (i = 0; i < r->notes.n; i++) {
        n = &r->notes.items[i];

        cxr_jw_open(&p->json, NULL, '{');
        cxr_jw_time(&p->json, "at", n->at);
        cxr_jw_strz(&p->json, "by", cxr_actor_names[n->actor_kind]);
        cxr_jw_bool(&p->json, "internal", n->internal);
        cxr_person_words(p, rd, r->order, r->id, "text", n->text);
        cxr_jw_close(&p->json);
    }

    cxr_jw_close(&p->json);
}


static cxr_rc_t
cxr_person_rma(cxr_cli_person_t *p, cxr_read_t *rd, cxr_str_t id)
{
    cxr_rc_t   rc;
    cxr_rma_t  rma;

    rc = cxr_read_rma(rd, p->w.shop, id, p->w.arena, &rma);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_jw_open(&p->json, NULL, '{');
    cxr_rec_json(&cxr_rma_type, &rma, "rma", 0, &p->json);
    cxr_person_rma_words(p, rd, &rma);
    cxr_jw_close(&p->json);

    return CXR_OK;
}


static void
cxr_person_surveys(cxr_cli_person_t *p, cxr_read_t *rd, cxr_str_t id,
    const cxr_order_t *order)
{
    uint32_t             i;
    const cxr_survey_t  *s;

    cxr_jw_open(&p->json, "surveys", '[');

    for (i = 0; i < order->surveys.n; i++) {
        s = &order->surveys.items[i];

        if (cxr_cli_strs_have(&p->gifts, s->rma)) {
            continue;
        }

        cxr_jw_open(&p->json, NULL, '{');
        cxr_rec_json(&cxr_survey_type, s, "survey", 0, &p->json);
        cxr_person_words(p, rd, id, s->rma, "comment", s->comment);
        cxr_jw_close(&p->json);
    }

    cxr_jw_close(&p->json);
}


static cxr_rc_t
cxr_person_messages(cxr_cli_person_t *p, cxr_read_t *rd, cxr_str_t id,
    const cxr_str_t *rma)
{
    uint32_t              i, after = 0;
    cxr_rc_t              rc;
    cxr_messages_t        list;
    const cxr_message_t  *m;

    cxr_jw_open(&p->json, "messages", '[');

    for ( ;; ) {
        rc = cxr_read_messages(rd, p->w.shop, id, rma, after, 200,
                               p->w.arena, &list);

        if (rc != CXR_OK || list.n == 0) {
            break;
        }

        for (i = 0; i < list.n; i++) {
            m = &list.items[i];
            after = m->seq;

            if (rma == NULL && cxr_cli_strs_have(&p->gifts, m->rma)) {
                continue;
            }

            cxr_jw_open(&p->json, NULL, '{');
            cxr_rec_json(&cxr_message_type, m, "message", 0, &p->json);
            cxr_person_words(p, rd, id, m->rma, "text", m->text);
            cxr_jw_close(&p->json);
        }
    }

    cxr_jw_close(&p->json);

    return rc == CXR_NOTFOUND ? CXR_OK : rc;
}


static void
cxr_person_withdrawal(cxr_cli_person_t *p, cxr_read_t *rd,
    const cxr_withdrawal_t *w)
{
    cxr_statement_t  st;

    cxr_jw_open(&p->json, NULL, '{');
    cxr_rec_json(&cxr_withdrawal_type, w, "withdrawal", 0, &p->json);

    if (cxr_read_statement(rd, p->w.shop, w, p->w.arena, &st) == CXR_OK) {
        cxr_rec_json(&cxr_statement_type, &st, "statement", 0, &p->json);
    }

    cxr_jw_close(&p->json);
}


static cxr_rc_t
cxr_person_withdrawals(cxr_cli_person_t *p, cxr_read_t *rd, cxr_str_t id)
{
    uint32_t            i;
    cxr_rc_t            rc;
    cxr_withdrawals_t   list;

    rc = cxr_read_withdrawals_of(rd, p->w.shop, id, p->w.arena, &list);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_jw_open(&p->json, "withdrawals", '[');

    for (i = 0; i < list.n; i++) {
        cxr_person_withdrawal(p, rd, &list.items[i]);
    }

    cxr_jw_close(&p->json);

    return CXR_OK;
}


static cxr_rc_t
cxr_person_order(cxr_cli_person_t *p, cxr_read_t *rd, cxr_str_t id)
{
    uint32_t      i;
    cxr_rc_t      rc;
    cxr_order_t   order;
    cxr_person_t  person;

    rc = cxr_read_order(rd, p->w.shop, id, p->w.arena, &order);

    if (rc == CXR_OK) {
        rc = cxr_cli_gifts(&p->w, rd, &order, &p->gifts);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_read_person(rd, p->w.shop, &order, p->w.arena, &person);
    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return rc;
    }

    cxr_jw_open(&p->json, NULL, '{');
    cxr_rec_json(&cxr_order_type, &order, "order", 0, &p->json);

    if (rc == CXR_OK) {
        cxr_rec_json(&cxr_person_type, &person, "person", 0, &p->json);

    } else {
        cxr_jw_null(&p->json, "person");
    }

    cxr_jw_open(&p->json, "rmas", '[');

    for (i = 0, rc = CXR_OK; i < order.rmas.n && rc == CXR_OK; i++) {
        rc = cxr_person_rma(p, rd, order.rmas.items[i]);
    }

    cxr_jw_close(&p->json);
    cxr_person_surveys(p, rd, id, &order);

    if (rc == CXR_OK) {
        rc = cxr_person_messages(p, rd, id, NULL);
    }

    if (rc == CXR_OK) {
        rc = cxr_person_withdrawals(p, rd, id);
    }

    cxr_jw_close(&p->json);

    return rc;
}


/* Who did what to these orders, and when: the whole journal is walked. */

static cxr_rc_t
cxr_person_events(cxr_cli_person_t *p, cxr_read_t *rd)
{
    uint32_t            i;
    uint64_t            after = 0;
    cxr_rc_t            rc;
    cxr_arena_t        *a;
    cxr_entries_t       list;
    const cxr_entry_t  *e;

    a = cxr_arena_create(CXR_CLI_ARENA_MAX);
    if (a == NULL) {
        return CXR_NOMEM;
    }

    cxr_jw_open(&p->json, "events", '[');

    for ( ;; ) {
        cxr_arena_reset(a);
        rc = cxr_read_entries(rd, p->w.shop, after, 100, a, &list);

        if (rc != CXR_OK || list.n == 0) {
            break;
        }

        for (i = 0; i < list.n; i++) {
            e = &list.items[i];
            after = e->seq;

            if (e->aggregate == CXR_AGG_ORDER
                ? !cxr_cli_strs_have(&p->orders, e->id)
                : e->aggregate != CXR_AGG_WITHDRAWAL
                  || !cxr_cli_strs_have(&p->statements, e->id))
            {
                continue;
            }

            if (cxr_cli_of_gift(&p->gifts, e, a)) {
                continue;
            }

            cxr_jw_open(&p->json, NULL, '{');
            cxr_jw_uint(&p->json, "seq", e->seq);
            cxr_jw_time(&p->json, "at", e->at);
            cxr_jw_strz(&p->json, "type", cxr_event_names[e->kind]);
            cxr_jw_str(&p->json, e->aggregate == CXR_AGG_ORDER ? "order"
                                                              : "withdrawal",
                       e->id);
            cxr_jw_strz(&p->json, "by", cxr_actor_names[e->actor_kind]);
            cxr_jw_str(&p->json, "actor", e->actor);
            cxr_jw_close(&p->json);
        }
    }

    cxr_jw_close(&p->json);
    cxr_arena_destroy(a);

    return rc;
}


static int
cxr_person_print(cxr_cli_person_t *p, const char *who)
{
    uint32_t           i;
    cxr_rc_t           rc;
    cxr_read_t        *rd;
    cxr_withdrawal_t   w;

    rc = cxr_read_begin(p->w.st, &rd);

    if (rc != CXR_OK) {
        cxr_cli_say("cannot read the store: %s", cxr_rc_name(rc));
        return cxr_cli_status(rc);
    }

    cxr_buf_init(&p->text, CXR_CLI_PERSON_MAX);
    cxr_jw_init(&p->json, &p->text);
    cxr_jw_open(&p->json, NULL, '{');
    cxr_jw_str(&p->json, "shop", p->w.shop->name);
    cxr_jw_open(&p->json, "orders", '[');

    for (i = 0; i < p->orders.n && rc == CXR_OK; i++) {
        rc = cxr_person_order(p, rd, p->orders.items[i]);
    }

    cxr_jw_close(&p->json);
    cxr_jw_open(&p->json, "withdrawals", '[');

    for (i = 0; i < p->statements.n && rc == CXR_OK; i++) {
        rc = cxr_read_withdrawal(rd, p->w.shop, p->statements.items[i],
                                 p->w.arena, &w);

        if (rc == CXR_OK) {
            cxr_person_withdrawal(p, rd, &w);
        }
    }

    cxr_jw_close(&p->json);

    if (rc == CXR_OK) {
        rc = cxr_cli_lists_export(&p->w, rd, who, &p->json);
    }

    if (rc == CXR_OK) {
        rc = cxr_person_events(p, rd);
    }

    cxr_jw_close(&p->json);
    cxr_read_end(rd);

    if (rc == CXR_OK && !cxr_buf_ok(&p->text)) {
        rc = CXR_LIMIT;
    }

    if (rc == CXR_OK) {
        (void) printf("%.*s\n", cxr_str_arg(cxr_buf_str(&p->text)));

    } else {
        cxr_cli_say("the export cannot be made: %s", cxr_rc_name(rc));
    }

    cxr_buf_free(&p->text);

    return rc == CXR_OK ? CXR_EXIT_OK : cxr_cli_status(rc);
}


/* Who was given something: her gift return alone, and no price. */

static int
cxr_person_print_gift(cxr_cli_person_t *p, const char *id)
{
    cxr_rc_t      rc;
    cxr_rma_t     rma;
    cxr_read_t   *rd;
    cxr_person_t  who;

    rc = cxr_read_begin(p->w.st, &rd);

    if (rc != CXR_OK) {
        cxr_cli_say("cannot read the store: %s", cxr_rc_name(rc));
        return cxr_cli_status(rc);
    }

    rc = cxr_read_rma(rd, p->w.shop, cxr_strn(id, CXR_RMA_ID_LEN), p->w.arena,
                      &rma);

    if (rc == CXR_OK && !rma.gift) {
        rc = CXR_NOTFOUND;
    }

    cxr_buf_init(&p->text, CXR_CLI_PERSON_MAX);
    cxr_jw_init(&p->json, &p->text);
    cxr_jw_open(&p->json, NULL, '{');
    cxr_jw_str(&p->json, "shop", p->w.shop->name);

    if (rc == CXR_OK) {
        cxr_jw_str(&p->json, "rma", rma.id);
        cxr_jw_time(&p->json, "created_at", rma.created_at);

        if (cxr_read_recipient(rd, p->w.shop, &rma, p->w.arena, &who)
            == CXR_OK)
        {
            cxr_rec_json(&cxr_person_type, &who, "recipient", 0, &p->json);

        } else {
            cxr_jw_null(&p->json, "recipient");
        }

        cxr_person_rma_words(p, rd, &rma);
        rc = cxr_person_messages(p, rd, rma.order, &rma.id);
    }

    cxr_jw_close(&p->json);
    cxr_read_end(rd);

    if (rc == CXR_OK) {
        (void) printf("%.*s\n", cxr_str_arg(cxr_buf_str(&p->text)));

    } else {
        cxr_cli_say("the shop has no gift return %.*s", CXR_RMA_ID_LEN, id);
    }

    cxr_buf_free(&p->text);

    return rc == CXR_OK ? CXR_EXIT_OK : CXR_EXIT_WRONG;
}


static int
cxr_cli_person_export(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int                n, status;
    char               rma[CXR_RMA_ID_LEN];
    cxr_cli_person_t   p;
    cxr_cli_option_t   opts[] = {
        { "store", &p.w.store, NULL },
        { "keys", &p.w.keys, NULL },
        { "shop", &p.w.shop_file, NULL },
        { NULL, NULL, NULL }
    };

    memset(&p, 0, sizeof(p));
    n = cxr_cli_options(cmd, argc, argv, opts, 1, 1, &status);

    if (n == -1) {
        return status;
    }

    status = cxr_cli_world_open(cmd, &p.w);

    if (status != CXR_EXIT_OK) {
        return status;
    }

    if (cxr_rma_id_parse(cxr_strz(argv[1]), rma) == CXR_OK) {
        status = cxr_person_print_gift(&p, rma);
        cxr_cli_world_close(&p.w);
        return status;
    }

    status = cxr_person_who(&p, argv[1]);

    if (status == CXR_EXIT_OK) {
        status = cxr_person_print(&p, argv[1]);
    }

    cxr_cli_world_close(&p.w);

    return status;
}


/* ---- erase ---- */

/* Also of a person who was erased before: the files may still be there. */

static int
cxr_person_files(cxr_cli_person_t *p, cxr_str_t id, const char *dir,
    const char *what, cxr_rc_t (*forget)(const char *dir, cxr_store_t *store,
    const cxr_shop_t *shop, cxr_str_t order, uint64_t *erased))
{
    cxr_rc_t  rc;
    uint64_t  n;

    if (dir == NULL) {
        return CXR_EXIT_OK;
    }

    rc = forget(dir, p->w.st, p->w.shop, id, &n);

    if (n != 0) {
        (void) printf("%.*s: %llu %s are removed\n", cxr_str_arg(id),
                      (unsigned long long) n, what);
    }

    if (rc == CXR_OK) {
        return CXR_EXIT_OK;
    }

    cxr_cli_say("%.*s: the person is erased, but not all %s could be "
                "removed from %s: %s; run \"photos sweep\"", cxr_str_arg(id),
                what, dir, cxr_rc_name(rc));

    return cxr_cli_status(rc);
}


static int
cxr_person_photos(cxr_cli_person_t *p, cxr_str_t id)
{
    int  status, labels;

    status = cxr_person_files(p, id, p->photos, "photos",
                              cxr_photo_forget_order);
    labels = cxr_person_files(p, id, p->labels, "labels",
                              cxr_label_file_forget_order);

    return status == CXR_EXIT_OK ? labels : status;
}


/* "files": the order that its files are named for. */

static int
cxr_person_erase(cxr_cli_person_t *p, cxr_str_t id, cxr_str_t files,
    const char *by, bool open, cxr_time_t now)
{
    cxr_job_t   job, *jobs = &job;

    memset(&job, 0, sizeof(job));
    job.shop = p->w.shop;
    job.arena = p->w.arena;
    job.now = now;
    job.kind = CXR_CMD_ERASE;
    job.u.erase.id = id;
    job.u.erase.cause = CXR_ERASE_ASKED;
    job.u.erase.open = open;
    job.actor_kind = CXR_ACTOR_STAFF;
    job.actor = cxr_strz(by);

    (void) cxr_store_run(p->w.st, &jobs, 1);

    switch (job.rc) {

    case CXR_OK:
        (void) printf("%.*s: %s\n", cxr_str_arg(id),
                      job.changed ? "the person is erased"
                                  : "nothing of a person was left");
        return cxr_person_photos(p, files);

    case CXR_REFUSED:
        cxr_cli_say("%.*s: %s%s", cxr_str_arg(id), job.refusal.text,
                    strcmp(job.refusal.code, "rma_open") == 0
                    ? "; or say --open, and nobody will know who waits for it"
                    : "");
        return CXR_EXIT_WRONG;

    default:
        cxr_cli_say("%.*s: %s", cxr_str_arg(id), cxr_rc_name(job.rc));
        return cxr_cli_status(job.rc);
    }
}


/* Who was given something: her gift return alone. */

static int
cxr_person_erase_gift(cxr_cli_person_t *p, cxr_str_t id, const char *by,
    bool open, cxr_time_t now)
{
    cxr_rc_t     rc;
    cxr_rma_t    rma;
    cxr_str_t    order;
    cxr_read_t  *rd;

    rc = cxr_read_begin(p->w.st, &rd);

    if (rc == CXR_OK) {
        rc = cxr_read_rma(rd, p->w.shop, id, p->w.arena, &rma);

        if (rc == CXR_OK) {
            rc = rma.gift ? cxr_str_dup(p->w.arena, rma.order, &order)
                          : CXR_NOTFOUND;
        }

        cxr_read_end(rd);
    }

    if (rc != CXR_OK) {
        cxr_cli_say(rc == CXR_NOTFOUND ? "the shop has no gift return %.*s"
                                       : "%.*s cannot be read",
                    cxr_str_arg(id));
        return rc == CXR_NOTFOUND ? CXR_EXIT_WRONG : cxr_cli_status(rc);
    }

    return cxr_person_erase(p, id, order, by, open, now);
}


static int
cxr_cli_person_erase(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int                n, status, one, failed = CXR_EXIT_OK;
    bool               open = false;
    char               rma[CXR_RMA_ID_LEN];
    uint32_t           i, listed;
    cxr_time_t         now;
    const char        *by = NULL;
    cxr_cli_person_t   p;
    cxr_cli_option_t   opts[] = {
        { "store", &p.w.store, NULL },
        { "keys", &p.w.keys, NULL },
        { "shop", &p.w.shop_file, NULL },
        { "by", &by, NULL },
        { "photos", &p.photos, NULL },
        { "labels", &p.labels, NULL },
        { "open", NULL, &open },
        { NULL, NULL, NULL }
    };

    memset(&p, 0, sizeof(p));
    n = cxr_cli_options(cmd, argc, argv, opts, 1, 1, &status);

    if (n == -1) {
        return status;
    }

    if (!cxr_cli_need(cmd, "by", by)) {
        return CXR_EXIT_USAGE;
    }

    if (!cxr_cli_time(cmd, NULL, &now)) {
        return CXR_EXIT_FAILED;
    }

    status = cxr_cli_world_open(cmd, &p.w);

    if (status != CXR_EXIT_OK) {
        return status;
    }

    if (cxr_rma_id_parse(cxr_strz(argv[1]), rma) == CXR_OK) {
        status = cxr_person_erase_gift(&p, cxr_strn(rma, sizeof(rma)), by,
                                       open, now);
        cxr_cli_world_close(&p.w);
        return status;
    }

    failed = cxr_cli_lists_erase(&p.w, argv[1], by, now, &listed);

    /* who never ordered may have stood on a list all the same */

    status = cxr_person_who(&p, argv[1]);

    if (status == CXR_EXIT_WRONG && listed != 0) {
        status = CXR_EXIT_OK;
    }

    for (i = 0; status == CXR_EXIT_OK && i < p.orders.n; i++) {
        one = cxr_person_erase(&p, p.orders.items[i], p.orders.items[i], by,
                               open, now);
        failed = one != CXR_EXIT_OK ? one : failed;
    }

    for (i = 0; status == CXR_EXIT_OK && i < p.statements.n; i++) {
        one = cxr_person_erase(&p, p.statements.items[i],
                               p.statements.items[i], by, open, now);
        failed = one != CXR_EXIT_OK ? one : failed;
    }

    status = status == CXR_EXIT_OK ? failed : status;

    cxr_cli_world_close(&p.w);

    return status;
}


#define CXR_CLI_PERSON_OPTIONS                                               \
    "OPTIONS\n"                                                              \
    "    --store DIR  the store\n"                                           \
    "    --keys FILE  the key ring\n"                                        \
    "    --shop FILE  the shop's file\n"

const cxr_cli_command_t  cxr_cli_person[] = {
    { "person", "export",
      "--store DIR --keys FILE --shop FILE\n"
      "        ORDER|EMAIL|WITHDRAWAL|RMA",
      "all that is known of who ordered, as JSON",
      "    Of an order, or of every order with that e-mail address: the order\n"
      "    and its person, requests with their notes, answers to surveys,\n"
      "    messages, withdrawals with their statements, and who did what and\n"
      "    when. It may run beside nginx; it walks the whole journal.\n"
      "    Of an e-mail address also withdrawals that no order could be found\n"
      "    for; one of these by its number (W-...). Gift returns of an order\n"
      "    are not of who ordered, and left out; of who was given it, one by\n"
      "    its number (R-...).\n\n"
      CXR_CLI_PERSON_OPTIONS,
      cxr_cli_person_export },

    { "person", "erase",
      "--store DIR --keys FILE --shop FILE --by NAME\n"
      "        [--photos DIR] [--labels DIR] [--open]\n"
      "        ORDER|EMAIL|WITHDRAWAL|RMA",
      "erase who ordered; what was bought and sent back stays",
      "    Drops the key that name, address, contact, notes, messages and the\n"
      "    statements of withdrawals are sealed under: they cannot be read any\n"
      "    more, in the journal neither. What the person is found by goes,\n"
      "    too. The journal gets an event that says who did it and when, and\n"
      "    nothing of the person. It may run beside nginx. By an e-mail address\n"
      "    its entries on lists of people that the API changes go, too.\n"
      "    Of a gift return (R-...) who was given the goods alone: the buyer's\n"
      "    data stay, and with an order both go.\n"
      "    Then take the bytes out of the file with \"compact\", and destroy\n"
      "    backups of before: whoever has such a one and the key ring can\n"
      "    read it. An order that the shop sends again is known again.\n\n"
      CXR_CLI_PERSON_OPTIONS
      "    --by NAME    who does it, for the journal: \"staff:ayse\"\n"
      "    --photos DIR the photos' directory, whose files go too; unsaid: they\n"
      "                 are shown nowhere, and go with \"photos sweep\"\n"
      "    --labels DIR the same of carriers' labels\n"
      "    --open       also while a request of the order is under way\n",
      cxr_cli_person_erase },

    { NULL, NULL, NULL, NULL, NULL, NULL }
};

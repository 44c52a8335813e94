
/*
 * What another policy would have made of the store's orders and RMAs.
 */

#include "cxr_cli_policy_replay.h"

#include "cxr_json.h"
#include "cxr_text.h"


#define CXR_SIM_CURRENCIES  16
#define CXR_SIM_EXAMPLES    100     /* of one difference                       */
#define CXR_SIM_PAGE        200     /* orders read in one snapshot             */

/* How a thing differs under the other policy. */
typedef enum {
    CXR_SIM_REFUSED = 0,        /* RMAs                                        */
    CXR_SIM_ACCEPTED,
    CXR_SIM_TO_REVIEW,
    CXR_SIM_TO_AUTO,
    CXR_SIM_FEE,
    CXR_SIM_BONUS,
    CXR_SIM_DELIVERY,
    CXR_SIM_LONGER,             /* lines of orders                             */
    CXR_SIM_SHORTER,
    CXR_SIM_GAINED,
    CXR_SIM_LOST
} cxr_sim_t;

#define CXR_SIMS  (CXR_SIM_LOST + 1)

static const char *const  cxr_sim_names[] = {
    "rma_refused", "rma_accepted", "rma_to_review", "rma_to_auto", "rma_fee",
    "rma_bonus", "rma_delivery", "line_longer", "line_shorter", "line_gained",
    "line_lost"
};

static const char *const  cxr_sim_texts[] = {
    "RMAs would be refused", "RMAs would be accepted",
    "RMAs would wait for a person", "RMAs would be approved at once",
    "RMAs would have another fee", "RMAs would have another bonus",
    "RMAs would give back more or less of the delivery",
    "lines could be returned longer", "lines could be returned less long",
    "lines would get an outcome", "lines would lose an outcome"
};

typedef struct {
    cxr_str_t    currency;
    char         code[4];
    cxr_money_t  fee[2];             /* under the one policy and the other     */
    cxr_money_t  bonus[2];
    cxr_money_t  refund[2];
    cxr_money_t  due[2];
    cxr_money_t  delivery[2];
} cxr_sim_sum_t;

typedef struct {
    char         what[CXR_NUMBER_MAX * 2 + 2];
    char         text[240];
} cxr_sim_example_t;

typedef struct {
    cxr_arena_t         *keep;       /* the shops                              */
    cxr_arena_t         *page;
    cxr_arena_t         *scratch;    /* one order                              */
    cxr_shop_t          *shops[2];
    int32_t              from;       /* local days                             */
    int32_t              to;
    unsigned             examples;

    uint64_t             orders;
    uint64_t             lines;
    uint64_t             rmas;
    uint64_t             failed;     /* RMAs that could not be judged again    */
    uint64_t             other_sums; /* in more currencies than there is room  */
    uint64_t             n[CXR_SIMS];
    cxr_sim_sum_t        sums[CXR_SIM_CURRENCIES];
    unsigned             nsums;
    cxr_sim_example_t   *shown[CXR_SIMS];
} cxr_simulate_t;


static void
cxr_sim_found(cxr_simulate_t *s, cxr_sim_t what, cxr_str_t number,
    cxr_str_t part, const char *text)
{
    cxr_sim_example_t  *e;

    if (s->n[what] < s->examples) {
        e = &s->shown[what][s->n[what]];

        (void) snprintf(e->what, sizeof(e->what), "%.*s %.*s",
                        cxr_str_arg(number), cxr_str_arg(part));
        (void) snprintf(e->text, sizeof(e->text), "%s", text);
    }

    s->n[what]++;
}


static cxr_sim_sum_t *
cxr_sim_sum(cxr_simulate_t *s, cxr_str_t currency)
{
    unsigned        i;
    cxr_sim_sum_t  *sum;

    for (i = 0; i < s->nsums; i++) {
        if (cxr_str_eq(s->sums[i].currency, currency)) {
            return &s->sums[i];
        }
    }

    if (s->nsums == CXR_SIM_CURRENCIES || currency.len != 3) {
        s->other_sums++;
        return NULL;
    }

    sum = &s->sums[s->nsums++];
    memcpy(sum->code, currency.data, 3);
    sum->currency = cxr_strn(sum->code, 3);

    return sum;
}


static bool
cxr_sim_within(const cxr_simulate_t *s, cxr_time_t at)
{
    int64_t  day;

    day = (at + cxr_tz_offset(s->shops[0]->tz, at) * CXR_SECOND) / CXR_DAY;

    return day >= s->from && day <= s->to;
}


/*
 * The line as it stood when it could first be sent back: all windows are open
 * then, and what differs is how long, and for what.
 */

static void
cxr_sim_line(cxr_simulate_t *s, const cxr_cli_case_t *c,
    const cxr_order_line_t *line, cxr_policy_case_t *worlds)
{
    bool                 longer, shorter, gained, lost;
    char                 text[200], a[16], b[16];
    unsigned             o, p;
    const cxr_offer_t   *was, *is;
    cxr_judgement_t      j[2];

    for (p = 0; p < 2; p++) {
        cxr_policy_line(&worlds[p], line, NULL, &j[p]);
    }

    s->lines++;
    longer = shorter = gained = lost = false;

    for (o = 0; o < CXR_OUTCOMES; o++) {
        was = &j[0].offers[o];
        is = &j[1].offers[o];

        if (was->offered != is->offered) {
            (void) snprintf(text, sizeof(text), "%s: %s, then %s",
                            cxr_outcome_names[o],
                            was->offered ? "offered"
                                         : cxr_verdict_names[was->refused],
                            is->offered ? "offered"
                                        : cxr_verdict_names[is->refused]);

            if (is->offered ? !gained : !lost) {
                cxr_sim_found(s, is->offered ? CXR_SIM_GAINED : CXR_SIM_LOST,
                              c->order.number, line->line, text);
            }

            gained |= is->offered;
            lost |= was->offered;
            continue;
        }

        if (!is->offered || is->deadline == was->deadline) {
            continue;
        }

        (void) snprintf(text, sizeof(text), "%s: until %s, then until %s",
                        cxr_outcome_names[o],
                        cxr_cli_day(s->shops[0]->tz, was->deadline, a),
                        cxr_cli_day(s->shops[1]->tz, is->deadline, b));

        if (is->deadline > was->deadline ? !longer : !shorter) {
            cxr_sim_found(s, is->deadline > was->deadline ? CXR_SIM_LONGER
                                                          : CXR_SIM_SHORTER,
                          c->order.number, line->line, text);
        }

        longer |= is->deadline > was->deadline;
        shorter |= is->deadline < was->deadline;
    }
}


static cxr_rc_t
cxr_sim_lines(cxr_simulate_t *s, const cxr_cli_case_t *c)
{
    uint32_t           i, p;
    cxr_rc_t           rc;
    cxr_time_t         at;
    cxr_order_t        order;
    cxr_policy_case_t  worlds[2];

    rc = cxr_replay_begin(&c->order, &order, s->scratch);
    if (rc != CXR_OK) {
        return rc;
    }

    at = order.placed_at;

    for (i = 0; i < c->ships.n; i++) {
        if (c->ships.items[i].direction == CXR_PARCEL_OUTBOUND
            && c->ships.items[i].delivered_at > at)
        {
            at = c->ships.items[i].delivered_at;
        }
    }

    for (p = 0; p < 2; p++) {
        cxr_policy_begin(&worlds[p], &s->shops[p]->policy, s->shops[p]->tz,
                         &order, c->parcels, c->ships.n, at, NULL);
    }

    s->orders++;

    for (i = 0; i < order.lines.n; i++) {
        cxr_sim_line(s, c, &order.lines.items[i], worlds);
    }

    return CXR_OK;
}


static void
cxr_sim_compare(cxr_simulate_t *s, const cxr_rma_t *rma,
    const cxr_replayed_t *r)
{
    char            text[240], a[48], b[48];
    unsigned        p;
    cxr_sim_sum_t  *sum;

    sum = cxr_sim_sum(s, rma->currency);

    for (p = 0; sum != NULL && p < 2; p++) {

        if (!cxr_money_add(sum->fee[p], r[p].fee, &sum->fee[p])
            || !cxr_money_add(sum->bonus[p], r[p].bonus, &sum->bonus[p])
            || !cxr_money_add(sum->refund[p], r[p].refund, &sum->refund[p])
            || !cxr_money_add(sum->due[p], r[p].due, &sum->due[p])
            || !cxr_money_add(sum->delivery[p], r[p].delivery,
                              &sum->delivery[p]))
        {
            s->other_sums++;
            break;
        }
    }

    if (r[0].accepted != r[1].accepted) {
        p = r[0].accepted ? 1 : 0;

        (void) snprintf(text, sizeof(text), "%s%s%s, %s", r[p].no.code,
                        r[p].no.where[0] ? " at " : "", r[p].no.where,
                        cxr_cli_money(r[1 - p].refund, rma->currency, a));
        cxr_sim_found(s, p ? CXR_SIM_REFUSED : CXR_SIM_ACCEPTED,
                      rma->order_number, rma->id, text);
        return;
    }

    if (!r[0].accepted) {
        return;
    }

    if (r[0].approved != r[1].approved) {
        (void) snprintf(text, sizeof(text), "refund %s",
                        cxr_cli_money(r[1].refund, rma->currency, a));
        cxr_sim_found(s, r[1].approved ? CXR_SIM_TO_AUTO : CXR_SIM_TO_REVIEW,
                      rma->order_number, rma->id, text);
    }

    if (r[0].fee != r[1].fee) {
        (void) snprintf(text, sizeof(text), "%s, then %s",
                        cxr_cli_money(r[0].fee, rma->currency, a),
                        cxr_cli_money(r[1].fee, rma->currency, b));
        cxr_sim_found(s, CXR_SIM_FEE, rma->order_number, rma->id, text);
    }

    if (r[0].bonus != r[1].bonus) {
        (void) snprintf(text, sizeof(text), "%s, then %s",
                        cxr_cli_money(r[0].bonus, rma->currency, a),
                        cxr_cli_money(r[1].bonus, rma->currency, b));
        cxr_sim_found(s, CXR_SIM_BONUS, rma->order_number, rma->id, text);
    }

    if (r[0].delivery != r[1].delivery) {
        (void) snprintf(text, sizeof(text), "%s, then %s",
                        cxr_cli_money(r[0].delivery, rma->currency, a),
                        cxr_cli_money(r[1].delivery, rma->currency, b));
        cxr_sim_found(s, CXR_SIM_DELIVERY, rma->order_number, rma->id, text);
    }
}


static cxr_rc_t
cxr_sim_rmas(cxr_simulate_t *s, cxr_read_t *rd, const cxr_cli_case_t *c)
{
    cxr_rc_t        rc;
    uint32_t        i;
    unsigned        p;
    cxr_rma_t       rma;
    cxr_order_t     order;
    cxr_replayed_t  r[2];

    rc = cxr_replay_begin(&c->order, &order, s->scratch);
    if (rc != CXR_OK) {
        return rc;
    }

    for (i = 0; i < c->order.rmas.n; i++) {
        rc = cxr_read_rma(rd, s->shops[0], c->order.rmas.items[i], s->scratch,
                          &rma);
        if (rc != CXR_OK) {
            return rc;
        }

        if (cxr_sim_within(s, rma.created_at)) {
            s->rmas++;

            for (p = 0; p < 2; p++) {
                rc = cxr_replay_rma(s->shops[p], c, &order, &rma, s->scratch,
                                    &r[p]);
                if (rc == CXR_NOMEM) {
                    return rc;
                }

                if (rc != CXR_OK) {
                    break;
                }
            }

            if (rc == CXR_OK) {
                cxr_sim_compare(s, &rma, r);

            } else {
                s->failed++;
            }
        }

        cxr_replay_take(&order, &rma);
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_sim_order(cxr_simulate_t *s, cxr_read_t *rd, const cxr_order_t *order)
{
    bool            within;
    cxr_rc_t        rc;
    cxr_cli_case_t  c;

    within = cxr_sim_within(s, order->placed_at);

    if (!within && order->rmas.n == 0) {
        return CXR_OK;
    }

    cxr_arena_reset(s->scratch);
    memset(&c, 0, sizeof(c));
    c.order = *order;

    rc = cxr_cli_policy_parcels(rd, s->shops[0], s->scratch, &c);

    if (rc == CXR_OK && within) {
        rc = cxr_sim_lines(s, &c);
    }

    if (rc == CXR_OK && order->rmas.n != 0) {
        rc = cxr_sim_rmas(s, rd, &c);
    }

    return rc;
}


/* In pages, so that no snapshot is held for long beside a running nginx. */

static cxr_rc_t
cxr_sim_store(cxr_simulate_t *s, cxr_store_t *store)
{
    char           at[CXR_NUMBER_MAX];
    cxr_rc_t       rc;
    uint32_t       i;
    cxr_str_t      after, last;
    cxr_read_t    *rd;
    cxr_orders_t   orders;

    after = cxr_strn(at, 0);

    for ( ;; ) {
        cxr_arena_reset(s->page);

        rc = cxr_read_begin(store, &rd);
        if (rc != CXR_OK) {
            return rc;
        }

        rc = cxr_read_orders(rd, s->shops[0], after, CXR_SIM_PAGE, s->page,
                             &orders, &last);

        for (i = 0; rc == CXR_OK && i < orders.n; i++) {
            rc = cxr_sim_order(s, rd, &orders.items[i]);
        }

        cxr_read_end(rd);

        if (rc != CXR_OK || orders.n == 0) {
            return rc;
        }

        if (last.len > sizeof(at)) {
            return CXR_INVALID;
        }

        memcpy(at, last.data, last.len);
        after = cxr_strn(at, last.len);
    }
}


static void
cxr_sim_text(const cxr_simulate_t *s)
{
    char                  a[48], b[48];
    uint64_t              e;
    unsigned              i;
    const cxr_sim_sum_t  *m;

    (void) printf("policy %.*s, then %.*s\n%llu orders, %llu lines, %llu RMAs\n",
                  cxr_str_arg(s->shops[0]->policy.version),
                  cxr_str_arg(s->shops[1]->policy.version),
                  (unsigned long long) s->orders, (unsigned long long) s->lines,
                  (unsigned long long) s->rmas);

    if (s->failed != 0) {
        (void) printf("%llu RMAs cannot be judged again\n",
                      (unsigned long long) s->failed);
    }

    for (i = 0; i < CXR_SIMS; i++) {

        if (s->n[i] == 0) {
            continue;
        }

        (void) printf("\n%8llu  %s\n", (unsigned long long) s->n[i],
                      cxr_sim_texts[i]);

        for (e = 0; e < s->n[i] && e < s->examples; e++) {
            (void) printf("          %s: %s\n", s->shown[i][e].what,
                          s->shown[i][e].text);
        }
    }

    for (i = 0; i < s->nsums; i++) {
        m = &s->sums[i];

        (void) printf("\n%.*s\n", cxr_str_arg(m->currency));
        (void) printf("    refunds  %s, then %s\n",
                      cxr_cli_money(m->refund[0], m->currency, a),
                      cxr_cli_money(m->refund[1], m->currency, b));
        (void) printf("    fees     %s, then %s\n",
                      cxr_cli_money(m->fee[0], m->currency, a),
                      cxr_cli_money(m->fee[1], m->currency, b));
        (void) printf("    bonuses  %s, then %s\n",
                      cxr_cli_money(m->bonus[0], m->currency, a),
                      cxr_cli_money(m->bonus[1], m->currency, b));
        (void) printf("    due      %s, then %s\n",
                      cxr_cli_money(m->due[0], m->currency, a),
                      cxr_cli_money(m->due[1], m->currency, b));
        (void) printf("    delivery %s, then %s\n",
                      cxr_cli_money(m->delivery[0], m->currency, a),
                      cxr_cli_money(m->delivery[1], m->currency, b));
    }

    if (s->other_sums != 0) {
        (void) printf("\n%llu RMAs are in no sum: too many currencies, or too "
                      "much\n", (unsigned long long) s->other_sums);
    }
}


static void
cxr_sim_json_pair(cxr_jw_t *w, const char *key, const cxr_money_t v[2])
{
    cxr_jw_open(w, key, '[');
    cxr_jw_int(w, NULL, v[0]);
    cxr_jw_int(w, NULL, v[1]);
    cxr_jw_close(w);
}


static int
cxr_sim_json(const cxr_simulate_t *s)
{
    bool                  ok;
    uint64_t              e;
    unsigned              i;
    cxr_jw_t              w;
    cxr_buf_t             out;
    const cxr_sim_sum_t  *m;

    cxr_buf_init(&out, CXR_CLI_LINE_MAX);
    cxr_jw_init(&w, &out);

    cxr_jw_open(&w, NULL, '{');
    cxr_jw_open(&w, "policies", '[');
    cxr_jw_str(&w, NULL, s->shops[0]->policy.version);
    cxr_jw_str(&w, NULL, s->shops[1]->policy.version);
    cxr_jw_close(&w);
    cxr_jw_uint(&w, "orders", s->orders);
    cxr_jw_uint(&w, "lines", s->lines);
    cxr_jw_uint(&w, "rmas", s->rmas);
    cxr_jw_uint(&w, "not_judged", s->failed);
    cxr_jw_uint(&w, "not_summed", s->other_sums);
    cxr_jw_open(&w, "differences", '{');

    for (i = 0; i < CXR_SIMS; i++) {
        cxr_jw_open(&w, cxr_sim_names[i], '{');
        cxr_jw_uint(&w, "count", s->n[i]);
        cxr_jw_open(&w, "examples", '[');

        for (e = 0; e < s->n[i] && e < s->examples; e++) {
            cxr_jw_open(&w, NULL, '{');
            cxr_jw_strz(&w, "what", s->shown[i][e].what);
            cxr_jw_strz(&w, "change", s->shown[i][e].text);
            cxr_jw_close(&w);
        }

        cxr_jw_close(&w);
        cxr_jw_close(&w);
    }

    cxr_jw_close(&w);
    cxr_jw_open(&w, "money", '{');

    for (i = 0; i < s->nsums; i++) {
        m = &s->sums[i];

        cxr_jw_open(&w, m->code, '{');
        cxr_sim_json_pair(&w, "refunds", m->refund);
        cxr_sim_json_pair(&w, "fees", m->fee);
        cxr_sim_json_pair(&w, "bonuses", m->bonus);
        cxr_sim_json_pair(&w, "due", m->due);
        cxr_sim_json_pair(&w, "delivery", m->delivery);
        cxr_jw_close(&w);
    }

    cxr_jw_close(&w);
    cxr_jw_close(&w);

    ok = cxr_buf_ok(&out);

    if (ok) {
        (void) printf("%.*s\n", cxr_str_arg(cxr_buf_str(&out)));
    }

    cxr_buf_free(&out);

    return ok ? CXR_EXIT_OK : CXR_EXIT_FAILED;
}


static bool
cxr_sim_day(const cxr_cli_command_t *cmd, const char *name, const char *text,
    int32_t *day)
{
    char        full[40];
    cxr_time_t  at;

    if (text == NULL) {
        return true;
    }

    (void) snprintf(full, sizeof(full), "%.20sT00:00:00Z", text);

    if (strlen(text) != 10
        || cxr_time_parse(cxr_strz(full), &at) != CXR_OK)
    {
        (void) cxr_cli_usage(cmd, "\"--%s\" must be a date like 2026-11-21",
                             name);
        return false;
    }

    *day = (int32_t) (at / CXR_DAY);

    return true;
}


static int
cxr_sim_run(cxr_simulate_t *s, const char *dir, const char *shop,
    const char *other, bool json)
{
    int           status;
    cxr_rc_t      rc;
    unsigned      i;
    cxr_store_t  *store;

    for (i = 0; i < CXR_SIMS; i++) {
        s->shown[i] = cxr_calloc(s->keep, s->examples,
                                 sizeof(cxr_sim_example_t));
        if (s->shown[i] == NULL) {
            cxr_cli_say("not enough memory");
            return CXR_EXIT_FAILED;
        }
    }

    status = cxr_cli_policy_shop(shop, s->keep, false, &s->shops[0]);

    if (status == CXR_EXIT_OK) {
        status = cxr_cli_policy_shop(other, s->keep, true, &s->shops[1]);
    }

    if (status != CXR_EXIT_OK) {
        return status;
    }

    status = cxr_cli_store_open(dir, NULL, &store);
    if (status != CXR_EXIT_OK) {
        return status;
    }

    rc = cxr_sim_store(s, store);
    cxr_store_close(store);

    if (rc != CXR_OK) {
        cxr_cli_say("the store cannot be read: %s", cxr_rc_name(rc));
        return cxr_cli_status(rc);
    }

    if (json) {
        return cxr_sim_json(s);
    }

    cxr_sim_text(s);

    return CXR_EXIT_OK;
}


int
cxr_cli_policy_simulate(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int               status;
    bool              json = false;
    uint64_t          examples;
    const char       *dir = NULL, *shop = NULL, *from = NULL, *to = NULL;
    const char       *many = NULL;
    cxr_simulate_t    s;
    cxr_cli_option_t  opts[] = {
        { "store", &dir, NULL },
        { "shop", &shop, NULL },
        { "from", &from, NULL },
        { "to", &to, NULL },
        { "examples", &many, NULL },
        { "json", NULL, &json },
        { NULL, NULL, NULL }
    };

    if (cxr_cli_options(cmd, argc, argv, opts, 1, 1, &status) == -1) {
        return status;
    }

    memset(&s, 0, sizeof(s));
    s.from = INT32_MIN;
    s.to = INT32_MAX;
    s.examples = 5;

    if (dir == NULL || shop == NULL) {
        return cxr_cli_usage(cmd, "\"--%s\" is missing",
                             dir ? "shop" : "store");
    }

    if (!cxr_sim_day(cmd, "from", from, &s.from)
        || !cxr_sim_day(cmd, "to", to, &s.to))
    {
        return CXR_EXIT_USAGE;
    }

    if (many != NULL) {

        if (!cxr_parse_uint(cxr_strz(many), CXR_SIM_EXAMPLES, &examples)) {
            return cxr_cli_usage(cmd, "\"--examples\" must be 0 to %d",
                                 CXR_SIM_EXAMPLES);
        }

        s.examples = (unsigned) examples;
    }

    s.keep = cxr_arena_create(CXR_CLI_ARENA_MAX);
    s.page = cxr_arena_create(CXR_CLI_ARENA_MAX);
    s.scratch = cxr_arena_create(CXR_CLI_ARENA_MAX);

    if (s.keep == NULL || s.page == NULL || s.scratch == NULL) {
        cxr_cli_say("not enough memory");
        status = CXR_EXIT_FAILED;

    } else {
        status = cxr_sim_run(&s, dir, shop, argv[1], json);
    }

    cxr_shop_free(s.shops[0]);
    cxr_shop_free(s.shops[1]);

    if (s.scratch != NULL) {
        cxr_arena_destroy(s.scratch);
    }

    if (s.page != NULL) {
        cxr_arena_destroy(s.page);
    }

    if (s.keep != NULL) {
        cxr_arena_destroy(s.keep);
    }

    return status;
}


/*
 * What the policy decides for an order, and why.
 */

#include "cxr_cli_policy.h"

#include "cxr_cancel.h"
#include "cxr_json.h"
#include "cxr_policy_rule.h"
#include "cxr_rma.h"
#include "cxr_text.h"


typedef struct {
    const cxr_cli_command_t  *cmd;
    cxr_shop_t               *owner;     /* whose orders they are             */
    cxr_shop_t               *shop;      /* whose policy is asked             */
    cxr_arena_t              *arena;
    cxr_policy_ask_t          ask;
    cxr_cli_case_t            c;
    cxr_policy_case_t         world;
    cxr_time_t                now;
} cxr_explain_t;


static const char *
cxr_explain_by(const cxr_explain_t *x, const cxr_judgement_t *j, uint16_t by,
    char out[128])
{
    cxr_str_t  id;

    id = cxr_policy_by(&x->shop->policy, &j->floor, by);

    (void) snprintf(out, 128, by == CXR_BY_LAW ? "law %.*s"
                              : by == CXR_BY_DEFAULT ? "%.*s" : "rule %.*s",
                    cxr_str_arg(id));

    return out;
}


static void
cxr_explain_amount(cxr_money_t flat, uint32_t bp, cxr_str_t currency)
{
    char  m[48];

    if (flat != 0) {
        (void) printf("%s a unit", cxr_cli_money(flat, currency, m));
    }

    if (bp != 0) {
        (void) printf("%s%u.%02u %%", flat != 0 ? " and " : "", bp / 100,
                      bp % 100);
    }
}


static void
cxr_explain_offer(const cxr_explain_t *x, const cxr_judgement_t *j, unsigned o)
{
    char                 by[128], m[48], day[16];
    unsigned             k;
    const char          *comma;
    const cxr_offer_t   *f;

    f = &j->offers[o];

    (void) printf("    %-13s ", cxr_outcome_names[o]);

    if (!f->offered) {
        k = f->refused == CXR_NO_OUTCOME ? CXR_EFFECT_OUTCOMES
            : f->refused == CXR_NO_WINDOW_OVER ? CXR_EFFECT_WINDOW
            : CXR_EFFECT_MAY;

        (void) printf("no: %s", cxr_verdict_names[f->refused]);

        if (f->refused == CXR_NO_WINDOW_OVER) {
            (void) printf(" since %s", cxr_cli_day(x->shop->tz, f->deadline,
                                                   day));
        }

        (void) printf("  (%s)\n", cxr_explain_by(x, j, f->by[k], by));

        if (f->denial != NULL && f->denial->n != 0) {
            (void) printf("        \"%.*s\"\n",
                          cxr_str_arg(f->denial->items[0].text));
        }

        return;
    }

    (void) printf("until %s", cxr_cli_day(x->shop->tz, f->deadline, day));
    (void) printf(", %u days  (%s", f->window_days,
                  cxr_explain_by(x, j, f->by[CXR_EFFECT_WINDOW], by));

    if (f->by[CXR_EFFECT_UNTIL] != CXR_BY_DEFAULT) {
        (void) printf("; season: %s",
                      cxr_explain_by(x, j, f->by[CXR_EFFECT_UNTIL], by));
    }

    if (f->by[CXR_EFFECT_ANCHOR] != CXR_BY_DEFAULT) {
        (void) printf("; counted by %s",
                      cxr_explain_by(x, j, f->by[CXR_EFFECT_ANCHOR], by));
    }

    (void) printf(")\n        offered by %s; ",
                  cxr_explain_by(x, j, f->by[CXR_EFFECT_OUTCOMES], by));
    comma = "";

    for (k = 0; k < CXR_METHODS; k++) {
        if (f->methods & (1u << k)) {
            (void) printf("%s%s", comma, cxr_method_names[k]);
            comma = ", ";
        }
    }

    (void) printf("  (%s)\n", cxr_explain_by(x, j,
                  f->keep_item && f->by[CXR_EFFECT_KEEP] != CXR_BY_DEFAULT
                  ? f->by[CXR_EFFECT_KEEP] : f->by[CXR_EFFECT_METHODS], by));

    if (f->shipping_fee != 0 || f->by[CXR_EFFECT_SHIPPING] != CXR_BY_DEFAULT) {
        (void) printf("        way back costs %s  (%s)\n",
                      cxr_cli_money(f->shipping_fee, x->c.order.currency, m),
                      cxr_explain_by(x, j, f->by[CXR_EFFECT_SHIPPING], by));
    }

    if (f->restock != 0 || f->restock_bp != 0) {
        (void) printf("        kept back ");
        cxr_explain_amount(f->restock, f->restock_bp, x->c.order.currency);
        (void) printf("  (%s)\n",
                      cxr_explain_by(x, j, f->by[CXR_EFFECT_RESTOCK], by));

    } else if (f->by[CXR_EFFECT_RESTOCK] != CXR_BY_DEFAULT) {
        (void) printf("        nothing kept back  (%s)\n",
                      cxr_explain_by(x, j, f->by[CXR_EFFECT_RESTOCK], by));
    }

    if (f->delivery_of != 0 || f->by[CXR_EFFECT_DELIVERY] != CXR_BY_DEFAULT) {
        (void) printf("        delivery given back: %s, up to %s  (%s)\n",
                      cxr_delivery_names[f->delivery],
                      cxr_cli_money(f->delivery_of, x->c.order.currency, m),
                      cxr_explain_by(x, j, f->by[CXR_EFFECT_DELIVERY], by));
    }

    if (f->destination != 0) {
        (void) printf("        goes to %.*s  (%s)\n",
                      cxr_str_arg(x->shop->policy.destinations
                                      .items[f->destination - 1]),
                      cxr_explain_by(x, j, f->by[CXR_EFFECT_DESTINATION], by));
    }

    if (f->bonus != 0 || f->bonus_bp != 0) {
        (void) printf("        bonus ");
        cxr_explain_amount(f->bonus, f->bonus_bp, x->c.order.currency);
        (void) printf("  (%s)\n",
                      cxr_explain_by(x, j, f->by[CXR_EFFECT_BONUS], by));
    }

    (void) printf("        %s  (%s); settled %s  (%s)\n",
                  f->review ? "waits for a person"
                  : f->approve ? "approved"
                  : x->shop->policy.auto_approve
                  ? "approved, unless a reason or the sum wants a person"
                  : "waits for a person",
                  cxr_explain_by(x, j, f->by[CXR_EFFECT_APPROVAL], by),
                  cxr_release_names[f->release],
                  cxr_policy_by(&x->shop->policy, &j->floor,
                                f->by[CXR_EFFECT_RELEASE]).data);
}


static void
cxr_explain_floor(const cxr_explain_t *x, const cxr_floor_t *f)
{
    char                       day[16];
    unsigned                   e;
    const char                *comma;
    const cxr_law_version_t   *v;

    if (f->law == NULL) {
        (void) printf("    law           none of the policy's is of %.*s\n",
                      cxr_str_arg(x->c.order.country));
        return;
    }

    v = f->version;

    if (v == NULL) {
        (void) printf("    law           %.*s has no version of that day\n",
                      cxr_str_arg(f->law->id));
        return;
    }

    (void) printf("    law           %.*s: %u days (%.*s)",
                  cxr_str_arg(f->law->id), v->window_days,
                  cxr_str_arg(v->basis));

    if (f->deadline != CXR_TIME_NONE) {
        (void) printf(", until %s", cxr_cli_day(x->shop->tz, f->deadline,
                                                day));
    }

    (void) printf("%s\n", f->holds ? "" : ": not now");

    if (f->exception != NULL) {
        (void) printf("        exception %.*s (%.*s)%s\n",
                      cxr_str_arg(f->exception->code),
                      cxr_str_arg(f->exception->basis),
                      f->exception->if_unsealed
                      ? ", once unsealed: it is for the inspection" : "");
    }

    (void) printf("        way back: the %s pays (%.*s); refund within %u days "
                  "of the %s%s; goods back within %u days\n",
                  cxr_law_pays_names[v->pays], cxr_str_arg(v->pays_basis),
                  v->refund_days, cxr_law_refund_from_names[v->refund_from],
                  v->withhold ? ", once they or the proof of dispatch came"
                              : "", v->ship_back_days);

    if (f->raised == 0) {
        return;
    }

    (void) printf("        it raised ");
    comma = "";

    for (e = 0; e < CXR_EFFECTS; e++) {
        if (f->raised & (1u << e)) {
            (void) printf("%s%s", comma, cxr_effect_names[e]);
            comma = ", ";
        }
    }

    (void) printf("\n");
}


static void
cxr_explain_text(cxr_explain_t *x)
{
    char                     day[16], m[48];
    uint32_t                 i;
    unsigned                 o;
    cxr_judgement_t          j;
    const cxr_order_line_t  *line;

    (void) printf("order %.*s, placed %s, %.*s, %s\npolicy %.*s\n",
                  cxr_str_arg(x->c.order.number),
                  cxr_cli_day(x->shop->tz, x->c.order.placed_at, day),
                  cxr_str_arg(x->c.order.country),
                  cxr_cli_money(x->world.value, x->c.order.currency, m),
                  cxr_str_arg(x->shop->policy.version));

    if (x->shop->policy.rules != NULL) {
        (void) printf("rules of the order: ");

        for (i = 0; i < x->world.nlive; i++) {
            (void) printf("%s%.*s", i ? ", " : "", cxr_str_arg(
                x->shop->policy.rules->items[x->world.live[i]].id));
        }

        (void) printf("%s\n", x->world.nlive ? "" : "none");
    }

    for (i = 0; i < x->c.order.lines.n; i++) {
        line = &x->c.order.lines.items[i];

        cxr_policy_line(&x->world, line, &x->ask, &j);

        (void) printf("\nline %.*s  %.*s, %u x %s: %s",
                      cxr_str_arg(line->line), cxr_str_arg(line->sku),
                      line->quantity,
                      cxr_cli_money(line->unit_price, x->c.order.currency, m),
                      cxr_verdict_names[j.verdict]);

        if (j.delivered_at != CXR_TIME_NONE) {
            (void) printf(", delivered %s",
                          cxr_cli_day(x->shop->tz, j.delivered_at, day));

        } else if (j.deadline_by_order) {
            (void) printf(", delivery unknown");
        }

        (void) printf("%s\n", j.by_reason ? ", the reason matters" : "");

        for (o = 0; o < CXR_OUTCOMES; o++) {
            cxr_explain_offer(x, &j, o);
        }

        cxr_explain_floor(x, &j.floor);
    }
}


static void
cxr_explain_json_offer(const cxr_explain_t *x, const cxr_judgement_t *j,
    unsigned o, cxr_jw_t *w)
{
    unsigned            k;
    const cxr_offer_t  *f;

    f = &j->offers[o];

    cxr_jw_open(w, cxr_outcome_names[o], '{');
    cxr_jw_bool(w, "offered", f->offered);

    if (!f->offered) {
        cxr_jw_strz(w, "why", cxr_verdict_names[f->refused]);
    }

    cxr_jw_time(w, "deadline", f->deadline);
    cxr_jw_uint(w, "window_days", f->window_days);
    cxr_jw_open(w, "methods", '[');

    for (k = 0; k < CXR_METHODS; k++) {
        if (f->methods & (1u << k)) {
            cxr_jw_strz(w, NULL, cxr_method_names[k]);
        }
    }

    cxr_jw_close(w);
    cxr_jw_int(w, "shipping_fee", f->shipping_fee);
    cxr_jw_int(w, "restocking_fee", f->restock);
    cxr_jw_uint(w, "restocking_fee_basis_points", f->restock_bp);
    cxr_jw_int(w, "bonus", f->bonus);
    cxr_jw_uint(w, "bonus_basis_points", f->bonus_bp);
    cxr_jw_strz(w, "delivery_refund", cxr_delivery_names[f->delivery]);
    cxr_jw_int(w, "delivery_refund_at_most", f->delivery_of);
    cxr_jw_strz(w, "approval", f->review ? "review"
                               : f->approve ? "auto" : "policy");
    cxr_jw_bool(w, "keep_item", f->keep_item);
    cxr_jw_strz(w, "release", cxr_release_names[f->release]);
    cxr_jw_uint(w, "label_days", f->label_days);

    if (f->destination != 0) {
        cxr_jw_str(w, "destination", x->shop->policy.destinations
                                         .items[f->destination - 1]);
    }

    cxr_jw_open(w, "by", '{');

    for (k = 0; k < CXR_EFFECTS; k++) {
        cxr_jw_str(w, cxr_effect_names[k],
                   cxr_policy_by(&x->shop->policy, &j->floor, f->by[k]));
    }

    cxr_jw_close(w);
    cxr_jw_close(w);
}


static void
cxr_explain_json_floor(const cxr_floor_t *f, cxr_jw_t *w)
{
    unsigned  e;

    if (f->version == NULL) {
        cxr_jw_null(w, "law");
        return;
    }

    cxr_jw_open(w, "law", '{');
    cxr_jw_str(w, "id", f->law->id);
    cxr_jw_str(w, "basis", f->version->basis);
    cxr_jw_bool(w, "holds", f->holds);
    cxr_jw_uint(w, "window_days", f->version->window_days);
    cxr_jw_time(w, "deadline", f->deadline);
    cxr_jw_time(w, "claim_deadline", f->claim_deadline);
    cxr_jw_strz(w, "return_cost", cxr_law_pays_names[f->version->pays]);
    cxr_jw_uint(w, "refund_days", f->version->refund_days);
    cxr_jw_strz(w, "refund_from",
                cxr_law_refund_from_names[f->version->refund_from]);
    cxr_jw_uint(w, "ship_back_days", f->version->ship_back_days);

    if (f->exception != NULL) {
        cxr_jw_open(w, "exception", '{');
        cxr_jw_str(w, "code", f->exception->code);
        cxr_jw_str(w, "basis", f->exception->basis);
        cxr_jw_bool(w, "if_unsealed", f->exception->if_unsealed);
        cxr_jw_close(w);
    }

    cxr_jw_open(w, "raised", '[');

    for (e = 0; e < CXR_EFFECTS; e++) {
        if (f->raised & (1u << e)) {
            cxr_jw_strz(w, NULL, cxr_effect_names[e]);
        }
    }

    cxr_jw_close(w);
    cxr_jw_close(w);
}


static int
cxr_explain_json(cxr_explain_t *x)
{
    bool                     ok;
    uint32_t                 i;
    unsigned                 o;
    cxr_jw_t                 w;
    cxr_buf_t                out;
    cxr_judgement_t          j;
    const cxr_order_line_t  *line;

    cxr_buf_init(&out, CXR_CLI_LINE_MAX);
    cxr_jw_init(&w, &out);

    cxr_jw_open(&w, NULL, '{');
    cxr_jw_str(&w, "order", x->c.order.number);
    cxr_jw_str(&w, "policy", x->shop->policy.version);
    cxr_jw_time(&w, "at", x->now);
    cxr_jw_open(&w, "rules", '[');

    for (i = 0; i < x->world.nlive; i++) {
        cxr_jw_str(&w, NULL,
                   x->shop->policy.rules->items[x->world.live[i]].id);
    }

    cxr_jw_close(&w);
    cxr_jw_open(&w, "lines", '[');

    for (i = 0; i < x->c.order.lines.n; i++) {
        line = &x->c.order.lines.items[i];

        cxr_policy_line(&x->world, line, &x->ask, &j);

        cxr_jw_open(&w, NULL, '{');
        cxr_jw_str(&w, "line", line->line);
        cxr_jw_str(&w, "sku", line->sku);
        cxr_jw_strz(&w, "verdict", cxr_verdict_names[j.verdict]);
        cxr_jw_uint(&w, "returnable", j.returnable);
        cxr_jw_time(&w, "delivered_at", j.delivered_at);
        cxr_jw_time(&w, "deadline", j.deadline);
        cxr_jw_bool(&w, "reason_matters", j.by_reason);
        cxr_jw_open(&w, "outcomes", '{');

        for (o = 0; o < CXR_OUTCOMES; o++) {
            cxr_explain_json_offer(x, &j, o, &w);
        }

        cxr_jw_close(&w);
        cxr_explain_json_floor(&j.floor, &w);
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


/* What of the order could be cancelled at that time; its parcels are as they are
   now. */

static int
cxr_explain_cancel(cxr_explain_t *x, bool json)
{
    bool                     ok;
    char                     until[CXR_TIME_PRINTED];
    uint32_t                 i;
    cxr_jw_t                 w;
    cxr_buf_t                out;
    cxr_cancel_t             c;
    const cxr_order_line_t  *line;

    cxr_buf_init(&out, CXR_CLI_LINE_MAX);
    cxr_jw_init(&w, &out);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_str(&w, "order", x->c.order.number);
    cxr_jw_str(&w, "policy", x->shop->policy.version);
    cxr_jw_time(&w, "at", x->now);
    cxr_jw_open(&w, "lines", '[');

    for (i = 0; i < x->c.order.lines.n; i++) {
        line = &x->c.order.lines.items[i];
        cxr_cancel_line(&x->world, line, &x->ask, &c);

        if (!json) {
            (void) cxr_time_snprint(c.until, until);
            (void) printf("line %.*s: %s, units %u%s%s%s%.*s\n",
                          cxr_str_arg(line->line),
                          cxr_cancel_verdict_names[c.verdict], c.units,
                          c.until != CXR_TIME_NONE ? ", until " : "",
                          c.until != CXR_TIME_NONE ? until : "",
                          c.rule ? ", by rule " : "",
                          c.rule ? (int) c.rule->id.len : 0,
                          c.rule ? c.rule->id.data : "");
        }

        cxr_jw_open(&w, NULL, '{');
        cxr_jw_str(&w, "line", line->line);
        cxr_jw_str(&w, "sku", line->sku);
        cxr_jw_strz(&w, "verdict", cxr_cancel_verdict_names[c.verdict]);
        cxr_jw_uint(&w, "units", c.units);
        cxr_jw_time(&w, "until", c.until);
        cxr_jw_str(&w, "by", c.rule ? c.rule->id : cxr_str("policy"));
        cxr_jw_close(&w);
    }

    cxr_jw_close(&w);
    cxr_jw_close(&w);

    ok = cxr_buf_ok(&out);

    if (ok && json) {
        (void) printf("%.*s\n", cxr_str_arg(cxr_buf_str(&out)));
    }

    cxr_buf_free(&out);

    return ok ? CXR_EXIT_OK : CXR_EXIT_FAILED;
}


static int
cxr_explain_order(cxr_explain_t *x, cxr_store_t *store, const char *number,
    bool json)
{
    int            status;
    char           folded[CXR_NUMBER_MAX];
    size_t         len;
    cxr_rc_t       rc;
    cxr_read_t    *rd;
    cxr_history_t  history;

    memset(&history, 0, sizeof(history));

    if (cxr_fold_number(cxr_strz(number), folded, &len) != CXR_OK) {
        return cxr_cli_usage(x->cmd, "\"%s\" is no order number", number);
    }

    rc = cxr_read_begin(store, &rd);
    if (rc != CXR_OK) {
        cxr_cli_say("the store cannot be read: %s", cxr_rc_name(rc));
        return cxr_cli_status(rc);
    }

    rc = cxr_read_order(rd, x->owner, cxr_strn(folded, len), x->arena,
                        &x->c.order);

    if (rc == CXR_OK) {
        rc = cxr_cli_policy_parcels(rd, x->owner, x->arena, &x->c);
    }

    if (rc == CXR_OK && cxr_policy_wants_history(&x->shop->policy)) {
        rc = cxr_read_history(rd, x->owner, &x->c.order,
                              cxr_policy_wants_kept(&x->shop->policy),
                              x->arena, &history);
    }

    if (rc == CXR_OK) {
        cxr_policy_begin(&x->world, &x->shop->policy, x->shop->tz, &x->c.order,
                         x->c.parcels, x->c.ships.n, x->now, &history);

        if (x->ask.kind == CXR_KIND_CANCELLATION) {
            status = cxr_explain_cancel(x, json);

        } else if (json) {
            status = cxr_explain_json(x);

        } else {
            cxr_explain_text(x);
            status = CXR_EXIT_OK;
        }

    } else {
        cxr_cli_say("order %s of %.*s: %s", number, cxr_str_arg(x->owner->id),
                    rc == CXR_NOTFOUND ? "there is none" : cxr_rc_name(rc));
        status = rc == CXR_NOTFOUND ? CXR_EXIT_WRONG : cxr_cli_status(rc);
    }

    cxr_read_end(rd);

    return status;
}


/* With the keys when there are any: the history is found by the e-mail. */

static int
cxr_explain_store(cxr_explain_t *x, const char *dir, const char *keys,
    const char *number, bool json)
{
    int             status;
    cxr_rc_t        rc;
    cxr_diag_t      d;
    cxr_store_t    *store;
    cxr_keyring_t  *ring = NULL;

    memset(&d, 0, sizeof(d));

    if (keys == NULL && cxr_policy_wants_history(&x->shop->policy)) {
        return cxr_cli_usage(x->cmd, "the policy has a rule on the customer's "
                             "history or on a list of people, and who she is "
                             "is sealed: \"--keys FILE\", the key ring that "
                             "cx_returns_keys names, is needed to know it");
    }

    if (keys != NULL) {
        rc = cxr_keyring_load(keys, &ring, &d);

        if (rc != CXR_OK) {
            (void) cxr_cli_diag(&d, rc);
            return CXR_EXIT_FAILED;
        }
    }

    status = cxr_cli_store_open(dir, ring, &store);

    if (status == CXR_EXIT_OK) {
        status = cxr_explain_order(x, store, number, json);
        cxr_store_close(store);
    }

    if (ring != NULL) {
        cxr_keyring_free(ring);
    }

    return status;
}


int
cxr_cli_policy_explain(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int               status, k;
    bool              json = false, gift = false;
    const char       *dir = NULL, *shop = NULL, *reason = NULL, *kind = NULL;
    const char       *method = NULL, *at = NULL, *other = NULL, *keys = NULL;
    cxr_explain_t     x;
    cxr_cli_option_t  opts[] = {
        { "store", &dir, NULL },
        { "shop", &shop, NULL },
        { "keys", &keys, NULL },
        { "policy", &other, NULL },
        { "reason", &reason, NULL },
        { "kind", &kind, NULL },
        { "method", &method, NULL },
        { "at", &at, NULL },
        { "gift", NULL, &gift },
        { "json", NULL, &json },
        { NULL, NULL, NULL }
    };

    if (cxr_cli_options(cmd, argc, argv, opts, 1, 1, &status) == -1) {
        return status;
    }

    memset(&x, 0, sizeof(x));
    x.cmd = cmd;
    x.ask.reason = cxr_strz(reason);
    x.ask.gift = gift;

    if (dir == NULL || shop == NULL) {
        return cxr_cli_usage(cmd, "\"--%s\" is missing",
                             dir ? "shop" : "store");
    }

    if (kind != NULL) {
        k = cxr_name_index(cxr_rma_kind_names, cxr_strz(kind));
        if (k < 0) {
            return cxr_cli_usage(cmd, "\"%s\" is no kind", kind);
        }

        x.ask.kind = (uint8_t) k;
    }

    if (method != NULL) {
        k = cxr_name_index(cxr_method_names, cxr_strz(method));
        if (k < 0) {
            return cxr_cli_usage(cmd, "\"%s\" is no method", method);
        }

        x.ask.method = (uint8_t) (k + 1);
    }

    if (!cxr_cli_time(cmd, at, &x.now)) {
        return CXR_EXIT_USAGE;
    }

    x.arena = cxr_arena_create(CXR_CLI_ARENA_MAX);
    if (x.arena == NULL) {
        cxr_cli_say("not enough memory");
        return CXR_EXIT_FAILED;
    }

    status = cxr_cli_policy_shop(shop, x.arena, false, &x.owner);
    x.shop = x.owner;

    if (status == CXR_EXIT_OK && other != NULL) {
        x.shop = NULL;
        status = cxr_cli_policy_shop(other, x.arena, true, &x.shop);
    }

    if (status == CXR_EXIT_OK && reason != NULL
        && (x.ask.kind == CXR_KIND_CANCELLATION
            ? cxr_cancel_reason(&x.shop->policy, x.ask.reason)
            : cxr_policy_reason(&x.shop->policy, x.ask.reason)) == NULL)
    {
        status = cxr_cli_usage(cmd, "the policy has no reason \"%s\"", reason);
    }

    if (status == CXR_EXIT_OK) {
        status = cxr_explain_store(&x, dir, keys, argv[1], json);
    }

    if (x.shop != x.owner) {
        cxr_shop_free(x.shop);
    }

    cxr_shop_free(x.owner);
    cxr_arena_destroy(x.arena);

    return status;
}

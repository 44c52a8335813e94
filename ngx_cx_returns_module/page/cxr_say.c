
#include "cxr_say.h"

#include <stdio.h>

#include "cxr_cancel.h"
#include "cxr_text.h"

#define CXR_SAY_KEY_MAX  (CXR_PO_KEY_MAX + 1)


static const cxr_field_t  cxr_view_sum_fields[] = {
    CXR_FIELD(cxr_view_sum_t, text, STR),
    CXR_FIELD(cxr_view_sum_t, amount, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_sum_type = {
    "sum", 0, 1, sizeof(cxr_view_sum_t), cxr_view_sum_fields
};

static const char *const  cxr_tones[CXR_RMA_NSTATUS] = {
    [CXR_RMA_REQUESTED] = "busy",
    [CXR_RMA_INFO_NEEDED] = "warn",
    [CXR_RMA_APPROVED] = "good",
    [CXR_RMA_DECLINED] = "bad",
    [CXR_RMA_IN_TRANSIT] = "busy",
    [CXR_RMA_RECEIVED] = "busy",
    [CXR_RMA_COMPLETED] = "good",
    [CXR_RMA_CANCELLED] = "quiet",
    [CXR_RMA_EXPIRED] = "quiet"
};


cxr_str_t
cxr_say_with(cxr_say_t *s, const char *key, const cxr_arg_t *args, size_t n)
{
    cxr_str_t  text;

    text = cxr_lang_text(s->ctx->lang, cxr_strz(key));

    if (text.data == NULL || s->failed) {
        return CXR_STR_NONE;
    }

    text = cxr_view_text(s->ctx, key, args, n, s->a);

    if (text.data == NULL) {
        s->failed = true;
    }

    return text;
}


cxr_str_t
cxr_say(cxr_say_t *s, const char *key)
{
    return cxr_say_with(s, key, NULL, 0);
}


cxr_str_t
cxr_say_name(cxr_say_t *s, const char *prefix, const char *name)
{
    char  key[CXR_SAY_KEY_MAX];

    (void) snprintf(key, sizeof(key), "%s%s", prefix, name);

    return cxr_say(s, key);
}


cxr_str_t
cxr_say_money(cxr_say_t *s, cxr_str_t currency, cxr_money_t amount)
{
    cxr_str_t  text;

    text = cxr_view_money(s->ctx, currency, amount, s->a);

    if (text.data == NULL) {
        s->failed = true;
    }

    return text;
}


cxr_str_t
cxr_say_some(cxr_say_t *s, cxr_str_t currency, cxr_money_t amount)
{
    return amount ? cxr_say_money(s, currency, amount) : CXR_STR_NONE;
}


cxr_str_t
cxr_say_mb(cxr_say_t *s, uint64_t bytes)
{
    cxr_buf_t  buf;
    cxr_str_t  text;

    cxr_text_begin(s->a, CXR_VIEW_VALUE_MAX, &buf);
    cxr_i18n_megabytes(s->ctx->lang, bytes, &buf);
    text = cxr_text_end(s->a, &buf);
    s->failed |= text.data == NULL;

    return text;
}


cxr_str_t
cxr_say_date(cxr_say_t *s, cxr_time_t at, cxr_date_style_t style)
{
    cxr_str_t  text;

    if (at == CXR_TIME_NONE) {
        return CXR_STR_NONE;
    }

    text = cxr_view_date_shop(s->ctx, at, style, s->a);

    if (text.len == 0) {
        s->failed = true;
    }

    return text;
}


cxr_str_t
cxr_say_iso(cxr_say_t *s, cxr_time_t at)
{
    char       iso[CXR_TIME_PRINTED];
    cxr_str_t  out = CXR_STR_NONE;

    if (cxr_str_dup(s->a, cxr_strn(iso, cxr_time_snprint(at, iso)), &out)
        != CXR_OK)
    {
        s->failed = true;
    }

    return out;
}


cxr_str_t
cxr_say_url(cxr_say_t *s, cxr_str_t path, const char *more)
{
    cxr_str_t  url;

    if (path.len == 0) {
        return CXR_STR_NONE;
    }

    url = cxr_say_join(s, path, more, CXR_STR_NONE);

    if (url.len == 0) {
        return url;
    }

    url = cxr_view_url(s->ctx, url, s->a);

    if (url.len == 0) {
        s->failed = true;
    }

    return url;
}


cxr_str_t
cxr_say_join(cxr_say_t *s, cxr_str_t a, const char *between, cxr_str_t b)
{
    cxr_str_t  text;

    text = cxr_str_join(s->a, a, cxr_strz(between), b);

    if (text.data == NULL) {
        s->failed = true;
    }

    return text;
}


void *
cxr_say_room(cxr_say_t *s, uint32_t n, size_t size)
{
    void  *p;

    p = cxr_calloc(s->a, cxr_list_room(n), size);

    if (p == NULL) {
        s->failed = true;
    }

    return p;
}


void *
cxr_say_push(cxr_say_t *s, void *list, size_t size)
{
    void  *p;

    p = cxr_list_push(s->a, list, size);

    if (p == NULL) {
        s->failed = true;
    }

    return p;
}


cxr_str_t
cxr_say_why(cxr_say_t *s, cxr_str_t key, int64_t have, int64_t want,
    cxr_time_t when)
{
    char       z[CXR_SAY_KEY_MAX];
    cxr_str_t  text;
    cxr_arg_t  args[3];

    args[0] = cxr_arg_int("have", have);
    args[1] = cxr_arg_int("want", want);
    args[2] = cxr_arg_str("when", cxr_say_date(s, when, CXR_DATE_DAY));

    (void) snprintf(z, sizeof(z), "%.*s", cxr_str_arg(key));

    /* the same refusal with a date that is not known needs other words */

    if (when == CXR_TIME_NONE) {
        (void) snprintf(z, sizeof(z), "%.*s.undated", cxr_str_arg(key));

        text = cxr_say_with(s, z, args, 3);
        if (text.len) {
            return text;
        }

        (void) snprintf(z, sizeof(z), "%.*s", cxr_str_arg(key));
    }

    text = cxr_say_with(s, z, args, 3);

    return text.len ? text : cxr_say(s, "refusal.other");
}


cxr_str_t
cxr_say_refusal(cxr_say_t *s, const cxr_refusal_t *no)
{
    cxr_str_t  key;

    key = cxr_sprintf(s->a, "refusal.%s", no->code);

    return cxr_say_why(s, key, no->have, no->want, no->when);
}


cxr_str_t
cxr_say_fault(cxr_say_t *s, const cxr_portal_fault_t *fault)
{
    return cxr_say_why(s, fault->key, fault->have, fault->want, fault->when);
}


static cxr_str_t
say_reason_in(cxr_say_t *s, const cxr_lang_t *lang, cxr_str_t code)
{
    char                 key[CXR_SAY_KEY_MAX];
    uint32_t             i;
    cxr_str_t            text;
    const cxr_reason_t  *reason;

    /* who withdraws gives none */

    if (code.len == 0) {
        return cxr_lang_text(lang, cxr_str("reason.withdrawal"));
    }

    reason = cxr_policy_reason(&s->ctx->shop->policy, code);

    if (reason == NULL) {
        reason = cxr_cancel_reason(&s->ctx->shop->policy, code);
    }

    if (reason != NULL) {
        for (i = 0; i < reason->text.n; i++) {
            if (cxr_str_eq(reason->text.items[i].lang, cxr_lang_code(lang))) {
                return reason->text.items[i].text;
            }
        }
    }

    (void) snprintf(key, sizeof(key), "reason.%.*s", cxr_str_arg(code));

    text = cxr_lang_text(lang, cxr_strz(key));

    return text.len ? text : code;
}


cxr_str_t
cxr_say_reason(cxr_say_t *s, cxr_str_t code)
{
    return say_reason_in(s, s->ctx->lang, code);
}


cxr_str_t
cxr_say_reason_of(cxr_say_t *s, const cxr_rma_t *rma, cxr_str_t code)
{
    return code.len == 0 && rma->kind == CXR_KIND_CANCELLATION
           ? cxr_say(s, "reason.unsaid") : cxr_say_reason(s, code);
}


cxr_str_t
cxr_say_reason_home(cxr_say_t *s, cxr_str_t code)
{
    cxr_str_t          text;
    const cxr_lang_t  *home;

    home = s->ctx->shop->languages.n != 0
           ? cxr_catalog_lang(s->ctx->cat, s->ctx->shop->languages.items[0])
           : NULL;

    if (home == NULL || home == s->ctx->lang) {
        return CXR_STR_NONE;
    }

    text = say_reason_in(s, home, code);

    return cxr_str_eq(text, cxr_say_reason(s, code)) ? CXR_STR_NONE : text;
}


cxr_str_t
cxr_say_status(cxr_say_t *s, unsigned status)
{
    if (status >= CXR_RMA_NSTATUS) {
        return CXR_STR_NONE;
    }

    return cxr_say_name(s, "rma.status.", cxr_rma_status_names[status]);
}


cxr_str_t
cxr_say_status_of(cxr_say_t *s, const cxr_rma_t *rma)
{
    char       key[CXR_SAY_KEY_MAX];
    cxr_str_t  text;

    if (rma->kind != CXR_KIND_CANCELLATION || rma->status >= CXR_RMA_NSTATUS) {
        return cxr_say_status(s, rma->status);
    }

    (void) snprintf(key, sizeof(key), "rma.status.%s.cancellation",
                    cxr_rma_status_names[rma->status]);

    text = cxr_say(s, key);

    return text.len != 0 ? text : cxr_say_status(s, rma->status);
}


cxr_str_t
cxr_tone_of_status(unsigned status)
{
    return cxr_strz(status < CXR_RMA_NSTATUS ? cxr_tones[status] : NULL);
}


static void
cxr_say_sum(cxr_say_t *s, cxr_view_sums_t *rows, const char *key,
    cxr_str_t currency, cxr_money_t amount)
{
    cxr_view_sum_t  *row;

    row = cxr_say_push(s, rows, sizeof(*row));

    if (row != NULL) {
        row->text = cxr_say(s, key);
        row->amount = cxr_say_money(s, currency, amount);
    }
}


/* What the goods are called that she gets: by one name, where all are one. */
static const char *
cxr_say_goods(const cxr_rma_t *rma)
{
    uint32_t               i, all, same;
    const cxr_rma_line_t  *l;
    const cxr_rma_line_t  *first;

    first = NULL;
    all = 0;
    same = 0;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->decision != CXR_DECISION_DECLINED && l->goods != 0) {
            first = first != NULL ? first : l;
            all++;
            same += (l->outcome == first->outcome);
        }
    }

    return first == NULL || same != all ? "portal.sum.exchange"
           : first->outcome == CXR_OUT_REPLACEMENT ? "portal.sum.replacement"
           : first->outcome == CXR_OUT_REPAIR ? "portal.sum.repair"
                                              : "portal.sum.exchange";
}


void
cxr_say_sums(cxr_say_t *s, const cxr_rma_t *rma, cxr_view_sums_t *rows,
    cxr_breakdown_part_t *net, cxr_str_t *note)
{
    size_t           i;
    cxr_rc_t         rc;
    cxr_money_t      amounts[6];
    cxr_breakdown_t  b;

    const char *const  keys[] = {
        "portal.sum.short", "portal.sum.delivery", "portal.sum.bonus",
        cxr_say_goods(rma), "portal.sum.fee", "portal.sum.deducted"
    };

    memset(rows, 0, sizeof(*rows));
    memset(net, 0, sizeof(*net));
    *note = CXR_STR_NONE;

    /* a record whose sums pass what money can be is one that lies: nothing is
       shown rather than something wrong */

    rc = cxr_rma_breakdown(rma, CXR_STR_NONE, s->a, &b);

    if (rc != CXR_OK) {
        s->failed |= (rc == CXR_NOMEM);
        return;
    }

    *net = *b.sum;

    amounts[0] = -net->short_paid;
    amounts[1] = net->delivery;
    amounts[2] = net->bonus;
    amounts[3] = -net->goods;
    amounts[4] = -net->fee;
    amounts[5] = -net->deducted;

    if (b.delivery_rest != 0 && rma->kind != CXR_KIND_CANCELLATION) {
        *note = cxr_say(s, "portal.sum.delivery_when");
    }

    cxr_say_sum(s, rows, "portal.sum.paid", rma->currency, net->paid);

    for (i = 0; i < cxr_nelts(keys); i++) {
        if (amounts[i] != 0) {
            cxr_say_sum(s, rows, keys[i], rma->currency, amounts[i]);
        }
    }
}


void
cxr_say_totals(cxr_say_t *s, const cxr_rma_t *rma,
    const cxr_breakdown_part_t *net, cxr_view_sums_t *rows)
{
    uint32_t               i;
    cxr_money_t            credit, dues;
    cxr_view_sum_t        *row;
    const cxr_rma_line_t  *l;

    memset(rows, 0, sizeof(*rows));

    credit = 0;
    dues = 0;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->decision == CXR_DECISION_DECLINED) {
            continue;
        }

        dues += l->due;
        credit += l->outcome == CXR_OUT_STORE_CREDIT ? l->refund : 0;
    }

    if (net->due != 0) {
        cxr_say_sum(s, rows, "portal.sum.due", rma->currency, net->due);

    } else if (net->refund == 0 && net->goods == 0 && net->paid != 0) {

        /* there is nothing that the difference could be to */

        cxr_say_sum(s, rows, "portal.sum.refund", rma->currency, 0);

    } else if (net->refund == 0) {
        row = cxr_say_push(s, rows, sizeof(*row));

        if (row != NULL) {
            row->text = cxr_say(s, "portal.sum.even");
            row->amount = cxr_say(s, "portal.sum.nothing");
        }

    } else if (credit == 0) {
        cxr_say_sum(s, rows, "portal.sum.refund", rma->currency, net->refund);

    } else if (credit == net->refund) {
        cxr_say_sum(s, rows, "portal.sum.credit", rma->currency, credit);

    } else if (dues != 0 || credit > net->refund) {
        cxr_say_sum(s, rows, "portal.sum.refund_credit", rma->currency,
                    net->refund);

    } else {
        cxr_say_sum(s, rows, "portal.sum.refund", rma->currency,
                    net->refund - credit);
        cxr_say_sum(s, rows, "portal.sum.credit", rma->currency, credit);
    }
}


void
cxr_say_payments(cxr_say_t *s, const cxr_rma_t *rma, cxr_view_sums_t *rows)
{
    size_t  i;

    const struct {
        const char   *key;
        cxr_money_t   amount;
    } all[] = {
        { "portal.sum.due_paid", rma->due_paid },
        { "portal.sum.due_open", rma->due_paid != 0 ? cxr_rma_due_open(rma)
                                                    : 0 },
        { "portal.sum.to_repay", rma->due_told - rma->due_back },
        { "portal.sum.repaid", rma->due_back }
    };

    memset(rows, 0, sizeof(*rows));

    for (i = 0; i < cxr_nelts(all); i++) {
        if (all[i].amount != 0) {
            cxr_say_sum(s, rows, all[i].key, rma->currency, all[i].amount);
        }
    }
}

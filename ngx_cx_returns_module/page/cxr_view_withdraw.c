
#include "cxr_view_withdraw.h"

#include "cxr_say.h"
#include "cxr_text.h"
#include "cxr_view_portal_private.h"


static const cxr_field_t  cxr_view_withdraw_fields[] = {
    CXR_VIEW_PAGE(cxr_view_withdraw_t),
    CXR_VIEW_URL(cxr_view_withdraw_t, action),
    CXR_VIEW_URL(cxr_view_withdraw_t, back),
    CXR_FIELD(cxr_view_withdraw_t, flow, STR),
    CXR_FIELD(cxr_view_withdraw_t, name, STR),
    CXR_FIELD(cxr_view_withdraw_t, contract, STR),
    CXR_FIELD(cxr_view_withdraw_t, example, STR),
    CXR_FIELD(cxr_view_withdraw_t, window, STR),
    CXR_FIELD(cxr_view_withdraw_t, email, STR),
    CXR_FIELD(cxr_view_withdraw_t, words, STR),
    CXR_FIELD(cxr_view_withdraw_t, whole, BOOL),
    CXR_FIELD(cxr_view_withdraw_t, part, BOOL),
    CXR_FIELD(cxr_view_withdraw_t, words_max, U32),
    CXR_FIELD(cxr_view_withdraw_t, name_error, STR),
    CXR_FIELD(cxr_view_withdraw_t, contract_error, STR),
    CXR_FIELD(cxr_view_withdraw_t, email_error, STR),
    CXR_FIELD(cxr_view_withdraw_t, scope_error, STR),
    CXR_FIELD(cxr_view_withdraw_t, words_error, STR),
    CXR_FIELD_SUB(cxr_view_withdraw_t, errors, LIST, &cxr_view_fault_type),
    CXR_FIELD(cxr_view_withdraw_t, has_errors, BOOL),
    CXR_FIELD(cxr_view_withdraw_t, busy, BOOL),
    CXR_FIELD(cxr_view_withdraw_t, away, BOOL),
    CXR_VIEW_URL(cxr_view_withdraw_t, check_url),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_withdraw_type = {
    "withdraw", 0, 1, sizeof(cxr_view_withdraw_t), cxr_view_withdraw_fields
};

static const cxr_field_t  cxr_view_declared_fields[] = {
    CXR_VIEW_PAGE(cxr_view_declared_t),
    CXR_FIELD(cxr_view_declared_t, number, STR),
    CXR_FIELD(cxr_view_declared_t, declared, STR),
    CXR_FIELD(cxr_view_declared_t, zone, STR),
    CXR_FIELD(cxr_view_declared_t, iso, STR),
    CXR_FIELD(cxr_view_declared_t, erased, BOOL),
    CXR_FIELD(cxr_view_declared_t, name, STR),
    CXR_FIELD(cxr_view_declared_t, contract, STR),
    CXR_FIELD(cxr_view_declared_t, email, STR),
    CXR_FIELD(cxr_view_declared_t, whole, BOOL),
    CXR_FIELD(cxr_view_declared_t, words, STR),
    CXR_FIELD(cxr_view_declared_t, token, STR),
    CXR_FIELD(cxr_view_declared_t, hash, STR),
    CXR_VIEW_URL(cxr_view_declared_t, file_url),
    CXR_VIEW_URL(cxr_view_declared_t, check_url),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_declared_type = {
    "declared", 0, 1, sizeof(cxr_view_declared_t), cxr_view_declared_fields
};

static const cxr_field_t  cxr_view_receipt_fields[] = {
    CXR_VIEW_PAGE(cxr_view_receipt_t),
    CXR_VIEW_URL(cxr_view_receipt_t, action),
    CXR_FIELD(cxr_view_receipt_t, text, STR),
    CXR_FIELD(cxr_view_receipt_t, asked, BOOL),
    CXR_FIELD(cxr_view_receipt_t, good, BOOL),
    CXR_FIELD(cxr_view_receipt_t, whole, BOOL),
    CXR_FIELD(cxr_view_receipt_t, altered, BOOL),
    CXR_FIELD(cxr_view_receipt_t, forged, BOOL),
    CXR_FIELD(cxr_view_receipt_t, busy, BOOL),
    CXR_FIELD(cxr_view_receipt_t, missing, BOOL),
    CXR_FIELD(cxr_view_receipt_t, from_file, BOOL),
    CXR_FIELD(cxr_view_receipt_t, number, STR),
    CXR_FIELD(cxr_view_receipt_t, declared, STR),
    CXR_FIELD(cxr_view_receipt_t, iso, STR),
    CXR_FIELD(cxr_view_receipt_t, kid, STR),
    CXR_FIELD(cxr_view_receipt_t, hash, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_receipt_type = {
    "receipt", 0, 1, sizeof(cxr_view_receipt_t), cxr_view_receipt_fields
};

static const cxr_field_t  cxr_view_withdraw_link_fields[] = {
    CXR_VIEW_PAGE(cxr_view_withdraw_link_t),
    CXR_VIEW_URL(cxr_view_withdraw_link_t, url),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_withdraw_link_type = {
    "withdraw_link", 0, 1, sizeof(cxr_view_withdraw_link_t),
    cxr_view_withdraw_link_fields
};


/* ---- the form ---- */

enum {
    CXR_WITHDRAW_F = 0,
    CXR_WITHDRAW_NAME,
    CXR_WITHDRAW_CONTRACT,
    CXR_WITHDRAW_EMAIL,
    CXR_WITHDRAW_SCOPE,
    CXR_WITHDRAW_WORDS,
    CXR_WITHDRAW_FIELDS
};

static const char *const  cxr_withdraw_names[] = {
    "f", "name", "contract", "email", "scope", "words", NULL
};


/* Words of one field, with its faults. */

static cxr_rc_t
cxr_withdraw_text(cxr_withdraw_form_t *form, cxr_arena_t *a, cxr_str_t in,
    unsigned at, size_t max, const char *missing, cxr_str_t *out)
{
    size_t           over;
    cxr_rc_t         rc;
    cxr_text_kind_t  kind;

    kind = at == CXR_WITHDRAW_AT_WORDS ? CXR_TEXT_BLOCK : CXR_TEXT_LINE;

    rc = cxr_form_text(a, in, kind, max, out, &over);
    if (rc == CXR_NOMEM) {
        return rc;
    }

    if (over != 0) {
        return cxr_portal_fault_of(&form->faults, a, at, 0,
                                   "withdraw.fault.too_long", (int64_t) over,
                                   (int64_t) max, CXR_TIME_NONE);
    }

    if (out->len == 0 && missing != NULL) {
        return cxr_portal_fault(&form->faults, a, at, 0, missing);
    }

    return CXR_OK;
}


static bool
cxr_withdraw_is_flow(cxr_str_t s)
{
    size_t  i;

    for (i = 0; i < s.len; i++) {
        if (memchr("-_0123456789abcdefghijklmnopqrstuvwxyz"
                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ", s.data[i], 64) == NULL)
        {
            return false;
        }
    }

    return s.len >= CXR_FLOW_MIN && s.len <= CXR_FLOW_MAX;
}


cxr_rc_t
cxr_withdraw_parse(const cxr_pair_t *pairs, size_t n, cxr_arena_t *a,
    cxr_withdraw_form_t *form)
{
    int        k;
    char       folded[256];
    size_t     i, len;
    cxr_rc_t   rc = CXR_OK;
    cxr_str_t  v[CXR_WITHDRAW_FIELDS];

    memset(form, 0, sizeof(*form));
    memset(v, 0, sizeof(v));

    if (n > CXR_PORTAL_PAIRS_MAX) {
        return CXR_LIMIT;
    }

    for (i = 0; i < n; i++) {
        k = cxr_name_index(cxr_withdraw_names, pairs[i].name);

        if (k < 0) {
            continue;
        }

        if (v[k].data != NULL) {
            return CXR_INVALID;
        }

        v[k] = pairs[i].value;

        if (v[k].data == NULL) {
            v[k] = cxr_str("");
        }
    }

    if (cxr_withdraw_is_flow(v[CXR_WITHDRAW_F])) {
        rc = cxr_str_dup(a, v[CXR_WITHDRAW_F], &form->flow);
    }

    if (rc == CXR_OK) {
        rc = cxr_withdraw_text(form, a, v[CXR_WITHDRAW_NAME],
                               CXR_WITHDRAW_AT_NAME, CXR_WITHDRAW_NAME_MAX,
                               "withdraw.fault.name", &form->name);
    }

    if (rc == CXR_OK) {
        rc = cxr_withdraw_text(form, a, v[CXR_WITHDRAW_CONTRACT],
                               CXR_WITHDRAW_AT_CONTRACT,
                               CXR_STATEMENT_CONTRACT_MAX,
                               "withdraw.fault.contract", &form->contract);
    }

    if (rc == CXR_OK) {
        rc = cxr_withdraw_text(form, a, v[CXR_WITHDRAW_EMAIL],
                               CXR_WITHDRAW_AT_EMAIL, CXR_EMAIL_MAX,
                               "withdraw.fault.email", &form->email);
    }

    if (rc == CXR_OK && form->email.len != 0
        && cxr_fold_email(form->email, folded, &len) != CXR_OK)
    {
        rc = cxr_portal_fault(&form->faults, a, CXR_WITHDRAW_AT_EMAIL, 0,
                              "withdraw.fault.email_wrong");
    }

    form->whole = cxr_str_is(v[CXR_WITHDRAW_SCOPE], "whole");
    form->part = cxr_str_is(v[CXR_WITHDRAW_SCOPE], "part");

    if (rc == CXR_OK && !form->whole && !form->part) {
        rc = cxr_portal_fault(&form->faults, a, CXR_WITHDRAW_AT_SCOPE, 0,
                              "withdraw.fault.scope");
    }

    if (rc == CXR_OK) {
        rc = cxr_withdraw_text(form, a, v[CXR_WITHDRAW_WORDS],
                               CXR_WITHDRAW_AT_WORDS, CXR_STATEMENT_WORDS_MAX,
                               form->part ? "withdraw.fault.words" : NULL,
                               &form->words);
    }

    return rc;
}


/* ---- the views ---- */

static cxr_str_t
cxr_withdraw_iso(cxr_say_t *say, cxr_time_t at)
{
    char       iso[CXR_TIME_PRINTED];
    cxr_str_t  text;

    if (cxr_str_dup(say->a, cxr_strn(iso, cxr_time_snprint(at, iso)), &text)
        != CXR_OK)
    {
        say->failed = true;
        return CXR_STR_NONE;
    }

    return text;
}


static cxr_str_t
cxr_withdraw_b64(cxr_say_t *say, const void *in, size_t n)
{
    char  *p;

    p = cxr_alloc(say->a, n * 2);
    if (p == NULL) {
        say->failed = true;
        return CXR_STR_NONE;
    }

    return cxr_strn(p, cxr_b64url_encode(in, n, p));
}


static void
cxr_withdraw_errors(cxr_say_t *say, const cxr_withdraw_form_t *form,
    cxr_view_withdraw_t *view)
{
    uint32_t           i;
    cxr_view_fault_t  *e;

    static const char *const  ids[] = {
        "#form", "#name", "#contract", "#email", "#scope", "#words"
    };

    cxr_str_t *const  texts[] = {
        NULL, &view->name_error, &view->contract_error, &view->email_error,
        &view->scope_error, &view->words_error
    };

    for (i = 0; i < form->faults.n; i++) {
        e = cxr_say_push(say, &view->errors, sizeof(*e));
        if (e == NULL) {
            return;
        }

        e->text = cxr_say_fault(say, &form->faults.items[i]);
        e->field_url = cxr_strz(ids[form->faults.items[i].at]);

        if (texts[form->faults.items[i].at] != NULL) {
            *texts[form->faults.items[i].at] = e->text;
        }
    }

    view->has_errors = view->errors.n > 0;
    view->page->wrong = view->has_errors;
}


/*
 * Whose law holds is known only once an order is found, and nothing is looked
 * up here: so the days are told where all of the shop's laws agree, and from
 * the least to the most where they do not.
 */

static cxr_str_t
cxr_withdraw_window(cxr_say_t *say, cxr_time_t now)
{
    uint32_t                  i, least = 0, most = 0;
    cxr_arg_t                 args[2];
    const cxr_shop_t         *shop = say->ctx->shop;
    const cxr_law_version_t  *v;

    for (i = 0; i < shop->policy.laws.n; i++) {
        v = cxr_law_at(shop->policy.laws.items[i], shop->tz, now);

        if (v == NULL || v->window_days == 0) {
            continue;
        }

        if (least == 0 || v->window_days < least) {
            least = v->window_days;
        }

        if (v->window_days > most) {
            most = v->window_days;
        }
    }

    if (most == 0) {
        return cxr_say(say, "withdraw.know_1.any");
    }

    args[0] = cxr_arg_int("from", least);
    args[1] = cxr_arg_int("to", most);

    return cxr_say_with(say, least == most ? "withdraw.know_1"
                                           : "withdraw.know_1.range", args, 2);
}


cxr_rc_t
cxr_view_withdraw(const cxr_view_ctx_t *ctx, cxr_view_page_t *page,
    cxr_arena_t *a, const cxr_withdraw_form_t *form, const char *step,
    cxr_time_t now, cxr_view_withdraw_t *view)
{
    cxr_say_t  say = cxr_say_to(ctx, a);

    memset(view, 0, sizeof(*view));

    view->page = page;
    view->action = cxr_say_url(&say, ctx->shop->portal, step);
    view->back = cxr_say_url(&say, ctx->shop->portal, "withdraw/change");
    view->check_url = cxr_say_url(&say, ctx->shop->portal, "receipt");
    view->flow = form->flow;
    view->name = form->name;
    view->contract = form->contract;
    view->example = ctx->shop->order_example;
    view->window = cxr_withdraw_window(&say, now);
    view->email = form->email;
    view->words = form->words;
    view->whole = form->whole || !form->part;
    view->part = form->part;
    view->words_max = CXR_STATEMENT_WORDS_MAX;

    cxr_withdraw_errors(&say, form, view);

    return cxr_say_rc(&say);
}


cxr_rc_t
cxr_view_declared(const cxr_view_ctx_t *ctx, cxr_view_page_t *page,
    cxr_arena_t *a, const cxr_withdrawal_t *w, const cxr_statement_t *st,
    cxr_str_t file_path, cxr_view_declared_t *view)
{
    cxr_say_t  say = cxr_say_to(ctx, a);

    memset(view, 0, sizeof(*view));

    view->page = page;
    view->number = w->id;
    view->declared = cxr_say_date(&say, w->declared_at, CXR_DATE_DAY_TIME);
    view->zone = ctx->shop->time_zone;
    view->iso = cxr_withdraw_iso(&say, w->declared_at);
    view->whole = w->whole;
    view->token = w->receipt;
    view->hash = cxr_withdraw_b64(&say, w->hash.data, w->hash.len);
    view->check_url = cxr_say_url(&say, ctx->shop->portal, "receipt");
    view->erased = st == NULL;

    if (st != NULL) {
        view->name = st->name;
        view->contract = st->contract;
        view->email = st->email;
        view->words = st->words;
        view->file_url = cxr_say_url(&say, file_path, "");
    }

    return cxr_say_rc(&say);
}


cxr_rc_t
cxr_view_receipt(const cxr_view_ctx_t *ctx, cxr_view_page_t *page,
    cxr_arena_t *a, cxr_str_t text, bool asked, cxr_receipt_result_t result,
    const cxr_receipt_claims_t *claims, const char *kid,
    cxr_view_receipt_t *view)
{
    cxr_say_t  say = cxr_say_to(ctx, a);

    memset(view, 0, sizeof(*view));

    view->page = page;
    view->action = cxr_say_url(&say, ctx->shop->portal, "receipt");
    view->text = text;
    view->asked = asked;

    if (asked) {
        view->good = result == CXR_RECEIPT_GOOD;
        view->whole = result == CXR_RECEIPT_WHOLE;
        view->altered = result == CXR_RECEIPT_ALTERED;
        view->forged = result == CXR_RECEIPT_FORGED;
    }

    if (claims != NULL) {
        view->number = claims->id;
        view->declared = cxr_say_date(&say, claims->at, CXR_DATE_DAY_TIME);
        view->iso = cxr_withdraw_iso(&say, claims->at);
        view->hash = cxr_withdraw_b64(&say, claims->hash,
                                      sizeof(claims->hash));
        view->kid = cxr_strz(cxr_strz_dup(a, cxr_strz(kid)));
        say.failed |= view->kid.data == NULL;
    }

    return cxr_say_rc(&say);
}

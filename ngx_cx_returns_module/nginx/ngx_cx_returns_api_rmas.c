
/*
 * /api/v1/rmas: list, create, read, act.
 */

#include "ngx_cx_returns_api.h"
#include "ngx_cx_returns_photo.h"

#include "cxr_store_find.h"


#define NGX_CX_RETURNS_RMA_JSON  (8 * 1024)     /* most are smaller           */


static ngx_int_t ngx_cx_returns_rmas_list(ngx_http_request_t *r);
static ngx_int_t ngx_cx_returns_rmas_ask(ngx_http_request_t *r,
    const cxr_pairs_t *args, cxr_find_t *f);
static ngx_int_t ngx_cx_returns_rma_get(ngx_http_request_t *r, cxr_str_t id);
static cxr_rc_t ngx_cx_returns_rma_json(ngx_http_request_t *r,
    cxr_read_t *rd, const cxr_rma_t *rma, cxr_buf_t *b);
static ngx_int_t ngx_cx_returns_rma_create(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_rma_ask(ngx_http_request_t *r, json_t *json,
    cxr_arena_t *a, cxr_rma_ask_t *ask, cxr_person_t *who, cxr_str_t **notes,
    cxr_json_faults_t *faults);
static ngx_int_t ngx_cx_returns_rma_words(ngx_http_request_t *r,
    cxr_read_t *rd, const cxr_rma_t *rma, cxr_jw_t *w);
static void ngx_cx_returns_rma_actions(ngx_http_request_t *r,
    const cxr_rma_t *rma, cxr_jw_t *w);


static ngx_int_t
ngx_cx_returns_rmas_refuse(ngx_http_request_t *r, ngx_uint_t status,
    const char *code, const char *detail)
{
    ngx_int_t  rc;

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_cx_returns_problem(r, status, code, detail, NULL);
}


/* any of the verb's roles */

ngx_flag_t
ngx_cx_returns_may(ngx_cx_returns_ctx_t *ctx, unsigned verb)
{
    const char *const  *role;

    for (role = cxr_verbs[verb].roles; *role != NULL; role++) {
        if (ngx_cx_returns_has_role(ctx, cxr_strz(*role))) {
            return 1;
        }
    }

    return 0;
}


/* "The caller lacks the role "approve" or "receive"." */

static const char *
ngx_cx_returns_may_text(ngx_cx_returns_ctx_t *ctx, unsigned verb)
{
    char               *text;
    cxr_buf_t           b;
    const char *const  *role;

    text = cxr_calloc(ctx->arena, 1, 160);
    if (text == NULL) {
        return "The caller lacks the role.";
    }

    cxr_buf_init_fixed(&b, text, 159);
    cxr_buf_addz(&b, "The caller lacks the role ");

    for (role = cxr_verbs[verb].roles; *role != NULL; role++) {
        cxr_buf_addz(&b, role == cxr_verbs[verb].roles ? "\"" : " or \"");
        cxr_buf_addz(&b, *role);
        cxr_buf_addz(&b, "\"");
    }

    cxr_buf_addz(&b, ".");

    return text;
}


static ngx_int_t
ngx_cx_returns_rmas_read(ngx_http_request_t *r, ngx_cx_returns_api_t *api)
{
    ngx_int_t  rc;

    if (!ngx_cx_returns_has_role(ngx_cx_returns_ctx(r), cxr_str("read"))) {
        return ngx_cx_returns_rmas_refuse(r, NGX_HTTP_FORBIDDEN,
                                          "role_missing",
                                          "The caller lacks the role "
                                          "\"read\".");
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    if (api->a.len == 0) {
        return ngx_cx_returns_rmas_list(r);
    }

    if (api->b.len == 0) {
        return ngx_cx_returns_rma_get(r, api->a);
    }

    return ngx_cx_returns_label_get(r);
}


ngx_int_t
ngx_cx_returns_api_rmas(ngx_http_request_t *r, cxr_str_t rest)
{
    int                     verb;
    size_t                  i;
    cxr_str_t               hash;
    ngx_uint_t              label;
    const char             *allow;
    ngx_cx_returns_ctx_t   *ctx;
    ngx_cx_returns_api_t   *api;
    ngx_cx_returns_body_pt  next;

    ctx = ngx_cx_returns_ctx(r);

    api = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_api_t));
    if (api == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->data = api;

    for (i = 0; i < rest.len && rest.data[i] != '/'; i++) { /* void */ }

    api->a = cxr_strn(rest.data, i);

    if (i < rest.len) {
        api->b = cxr_strn(rest.data + i + 1, rest.len - i - 1);
    }

    if (ngx_cx_returns_api_is_talk(api->b)) {
        return ngx_cx_returns_api_talk(r, api->a, api->b, 1);
    }

    if (api->a.len != 0 && ngx_cx_returns_api_is_photos(api->b, &hash)) {
        return hash.len != 0
               ? ngx_cx_returns_api_photo(r, CXR_STR_NONE, api->a, hash)
               : ngx_cx_returns_api_photos(r, CXR_STR_NONE, api->a);
    }

    verb = CXR_VERB_APPROVE;
    next = ngx_cx_returns_rma_create;
    label = api->a.len != 0 && cxr_str_is(api->b, "label");

    if (api->b.len != 0) {
        verb = label ? CXR_VERB_APPROVE : cxr_verb(api->b);
    }

    if (verb < 0 || (api->a.len == 0 && api->b.len != 0)) {
        return ngx_cx_returns_rmas_refuse(r, NGX_HTTP_NOT_FOUND, "not_found",
                                          "An RMA has no such action.");
    }

    allow = api->b.len == 0 ? (api->a.len ? "GET, HEAD" : "GET, HEAD, POST")
            : label ? "GET, HEAD, POST" : "POST";

    if (ngx_strncmp(allow, "GET", 3) == 0
        && (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)))
    {
        return ngx_cx_returns_rmas_read(r, api);
    }

    if (r->method != NGX_HTTP_POST || ngx_strstr(allow, "POST") == NULL) {
        return ngx_cx_returns_not_allowed(r, allow,
                                          "RMAs are read with GET, an action "
                                          "takes POST.");
    }

    if (api->a.len != 0) {
        next = verb == CXR_VERB_PARCEL ? ngx_cx_returns_rma_parcel
                                       : ngx_cx_returns_rma_act;
    }

    if (label) {

        if (!ngx_cx_returns_has_role(ctx, cxr_str("orders"))) {
            return ngx_cx_returns_rmas_refuse(r, NGX_HTTP_FORBIDDEN,
                                              "role_missing",
                                              "The caller lacks the role "
                                              "\"orders\".");
        }

        return ngx_cx_returns_label_post(r);
    }

    api->action = (ngx_uint_t) verb;

    if (!ngx_cx_returns_may(ctx, (unsigned) verb)) {
        return ngx_cx_returns_rmas_refuse(r, NGX_HTTP_FORBIDDEN,
                                          "role_missing",
                                          ngx_cx_returns_may_text(ctx,
                                                         (unsigned) verb));
    }

    return ngx_cx_returns_read_body(r, ngx_cx_returns_loc(r)->json_size, next);
}


/* ---- reading ---- */

static ngx_int_t
ngx_cx_returns_rmas_list(ngx_http_request_t *r)
{
    uint32_t               i;
    cxr_rc_t               rc;
    cxr_jw_t               w;
    unsigned               limit;
    cxr_buf_t              b;
    ngx_int_t              answer;
    cxr_find_t             f;
    cxr_read_t            *rd;
    cxr_found_t            found;
    cxr_pairs_t            args;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    answer = ngx_cx_returns_api_page(r, &args, &limit);

    if (answer == NGX_DECLINED) {
        answer = ngx_cx_returns_rmas_ask(r, &args, &f);
    }

    if (answer != NGX_DECLINED) {
        return answer;
    }

    answer = ngx_cx_returns_api_read(r, &rd);

    if (answer != NGX_OK || rd == NULL) {
        return answer;
    }

    rc = cxr_read_find(rd, ngx_cx_returns_loc(r)->shop->shop, &f,
                       ngx_cx_returns_pair(&args, "cursor"), limit,
                       ctx->arena, &found);

    if (rc != CXR_OK) {
        cxr_read_end(rd);

        if (rc == CXR_INVALID) {
            return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST,
                                          "bad_cursor",
                                          "The cursor is none of ours.",
                                          "?cursor");
        }

        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cxr_buf_init(&b, 32 * 1024 * 1024);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_open(&w, "rmas", '[');

    for (i = 0; i < found.rmas.n; i++) {
        cxr_rec_json(&cxr_rma_type, &found.rmas.items[i], NULL, 0, &w);
    }

    cxr_jw_close(&w);

    ngx_cx_returns_api_next(&w, found.next);

    if (found.cut) {
        cxr_jw_bool(&w, "cut", true);
    }

    cxr_jw_close(&w);
    cxr_read_end(rd);

    return ngx_cx_returns_api_send(r, NGX_HTTP_OK, &b);
}


/* What the query asks for; NGX_DECLINED: it is in "f", else the answer. */

static ngx_int_t
ngx_cx_returns_rmas_ask(ngx_http_request_t *r, const cxr_pairs_t *args,
    cxr_find_t *f)
{
    ngx_int_t  answer;

    ngx_memzero(f, sizeof(cxr_find_t));

    f->q = cxr_str_trim(ngx_cx_returns_pair(args, "q"));
    f->order = ngx_cx_returns_pair(args, "order");

    answer = ngx_cx_returns_api_one_of(r, args, "status", cxr_rma_status_names,
                                       &f->status);

    if (answer != NGX_DECLINED) {
        return answer;
    }

    if (!cxr_utf8_valid(f->q) || cxr_utf8_length(f->q) > CXR_FIND_TEXT) {
        return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "bad_query",
                                      "q has at most 200 characters, in "
                                      "UTF-8.", "?q");
    }

    return ngx_cx_returns_api_range(r, args, &f->from, &f->to);
}


/* The record, and the shopper's notes opened beside it. */

static cxr_rc_t
ngx_cx_returns_rma_json(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_rma_t *rma, cxr_buf_t *b)
{
    uint32_t               i;
    cxr_jw_t               w;
    cxr_str_t              note;
    cxr_person_t           who;
    cxr_breakdown_t        money;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    (void) cxr_buf_need(b, NGX_CX_RETURNS_RMA_JSON);

    cxr_jw_init(&w, b);
    cxr_jw_open(&w, NULL, '{');
    cxr_rec_json(&cxr_rma_type, rma, "rma", 0, &w);

    if (rma->gift) {
        if (cxr_read_recipient(rd, ngx_cx_returns_loc(r)->shop->shop, rma,
                               ctx->arena, &who)
            == CXR_OK)
        {
            cxr_rec_json(&cxr_person_type, &who, "recipient", 0, &w);

        } else {
            cxr_jw_null(&w, "recipient");
        }
    }

    cxr_jw_open(&w, "notes", '[');

    for (i = 0; i < rma->lines.n; i++) {

        if (rma->lines.items[i].note.len == 0
            || cxr_read_note(rd, ngx_cx_returns_loc(r)->shop->shop,
                             rma->order, rma->id, rma->lines.items[i].note,
                             ctx->arena, &note)
               != CXR_OK)
        {
            continue;
        }

        cxr_jw_open(&w, NULL, '{');
        cxr_jw_str(&w, "line", rma->lines.items[i].line);
        cxr_jw_str(&w, "item", rma->lines.items[i].item.len
                               ? rma->lines.items[i].item
                               : rma->lines.items[i].line);
        cxr_jw_str(&w, "note", note);
        cxr_jw_close(&w);
    }

    cxr_jw_close(&w);

    if (cxr_rma_breakdown(rma, ngx_cx_returns_loc(r)->shop->shop->pay_url,
                          ctx->arena, &money)
        == CXR_OK)
    {
        cxr_rec_json(&cxr_breakdown_type, &money, "money", 0, &w);
    }

    if (ngx_cx_returns_rma_words(r, rd, rma, &w) != NGX_OK) {
        return CXR_NOMEM;
    }

    ngx_cx_returns_rma_actions(r, rma, &w);
    cxr_jw_close(&w);

    return cxr_buf_ok(b) ? CXR_OK : CXR_NOMEM;
}


/* What was answered, and what staff noted. */

static ngx_int_t
ngx_cx_returns_rma_words(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_rma_t *rma, cxr_jw_t *w)
{
    uint32_t                i;
    cxr_str_t               text;
    const cxr_rma_note_t   *note;
    ngx_cx_returns_ctx_t   *ctx;

    ctx = ngx_cx_returns_ctx(r);

    cxr_jw_open(w, "words", '[');

    for (i = 0; i < rma->notes.n; i++) {
        note = &rma->notes.items[i];

        if (cxr_read_note(rd, ngx_cx_returns_loc(r)->shop->shop, rma->order,
                          rma->id, note->text, ctx->arena, &text)
            != CXR_OK)
        {
            text = CXR_STR_NONE;    /* erased with the person */
        }

        cxr_jw_open(w, NULL, '{');
        cxr_jw_time(w, "at", note->at);
        cxr_jw_strz(w, "actor_kind", cxr_actor_names[note->actor_kind]);
        cxr_jw_str(w, "actor", note->actor);
        cxr_jw_bool(w, "internal", note->internal);
        cxr_jw_str(w, "text", text);
        cxr_jw_close(w);
    }

    cxr_jw_close(w);

    return NGX_OK;
}


/* What the caller could do with it now. */

static void
ngx_cx_returns_rma_actions(ngx_http_request_t *r, const cxr_rma_t *rma,
    cxr_jw_t *w)
{
    unsigned               verb, may, last;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    may = 0;
    last = CXR_VERBS;

    cxr_jw_open(w, "actions", '[');

    for (verb = 0; verb < CXR_VERBS; verb++) {

        /* verbs that want the same roles stand together, mostly */

        if (last == CXR_VERBS
            || ngx_memcmp(cxr_verbs[verb].roles, cxr_verbs[last].roles,
                          sizeof(cxr_verbs[verb].roles)) != 0)
        {
            may = (unsigned) ngx_cx_returns_may(ctx, verb);
            last = verb;
        }

        if (may && cxr_rma_may(rma, verb, CXR_ACTOR_API)) {
            cxr_jw_strz(w, NULL, cxr_verbs[verb].name);
        }
    }

    cxr_jw_close(w);
}


static ngx_int_t
ngx_cx_returns_rma_get(ngx_http_request_t *r, cxr_str_t id)
{
    char                   folded[CXR_RMA_ID_LEN];
    cxr_rc_t               rc;
    cxr_buf_t              b;
    cxr_rma_t              rma;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    if (cxr_rma_id_parse(id, folded) != CXR_OK) {
        return ngx_cx_returns_problem(r, NGX_HTTP_NOT_FOUND, "not_found",
                                      "There is no such RMA.", NULL);
    }

    answer = ngx_cx_returns_api_read(r, &rd);

    if (answer != NGX_OK || rd == NULL) {
        return answer;
    }

    rc = cxr_read_rma(rd, ngx_cx_returns_loc(r)->shop->shop,
                      cxr_strn(folded, CXR_RMA_ID_LEN), ctx->arena, &rma);

    if (rc != CXR_OK) {
        cxr_read_end(rd);
        return ngx_cx_returns_problem(r, rc == CXR_NOTFOUND
                                         ? NGX_HTTP_NOT_FOUND
                                         : NGX_HTTP_INTERNAL_SERVER_ERROR,
                                      "not_found", "There is no such RMA.",
                                      NULL);
    }

    cxr_buf_init(&b, 4 * 1024 * 1024);
    (void) ngx_cx_returns_rma_json(r, rd, &rma, &b);

    cxr_read_end(rd);

    if (ngx_cx_returns_api_etag(r, rma.revision) != NGX_OK) {
        cxr_buf_free(&b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_api_send(r, NGX_HTTP_OK, &b);
}


/* ---- writing ---- */

static ngx_int_t
ngx_cx_returns_rma_consents(json_t *json, cxr_arena_t *a,
    cxr_agreed_list_t *out, cxr_json_faults_t *faults)
{
    char           path[40];
    size_t         i;
    cxr_jr_t       jr;
    cxr_agreed_t  *agreed;

    for (i = 0; i < json_array_size(json); i++) {
        ngx_snprintf((u_char *) path, sizeof(path), "/consents/%uz%Z", i);

        if (!cxr_jr_begin(&jr, json_array_get(json, i), path, a, faults)) {
            continue;
        }

        agreed = cxr_list_push(a, out, sizeof(cxr_agreed_t));
        if (agreed == NULL) {
            return NGX_ERROR;
        }

        (void) cxr_jr_slug(&jr, "id", CXR_CONSENT_ID_MAX, CXR_JR_REQUIRED,
                           &agreed->id);
        (void) cxr_jr_slug(&jr, "version", CXR_CONSENT_VERSION_MAX,
                           CXR_JR_REQUIRED, &agreed->version);
        (void) cxr_jr_end(&jr);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cx_returns_rma_ask_line(ngx_http_request_t *r, cxr_jr_t *jl,
    cxr_arena_t *a, const cxr_rma_ask_t *ask, cxr_rma_ask_line_t *item,
    cxr_str_t *note)
{
    int64_t     quantity;
    unsigned    outcome;
    cxr_strs_t  tickets;

    quantity = 0;
    outcome = ask->gift ? CXR_OUT_STORE_CREDIT : CXR_OUT_REFUND;
    ngx_memzero(&tickets, sizeof(cxr_strs_t));

    (void) cxr_jr_line(jl, "line", 40, CXR_JR_REQUIRED, &item->line);
    (void) cxr_jr_int(jl, "quantity", 1, CXR_LINE_QUANTITY_MAX,
                      CXR_JR_REQUIRED, &quantity);
    (void) cxr_jr_slug(jl, "reason", 40,
                       ask->withdrawal || ask->cancellation ? 0
                                                            : CXR_JR_REQUIRED,
                       &item->reason);
    (void) cxr_jr_block(jl, "note", CXR_NOTE_MAX, 0, note);
    (void) cxr_jr_choice(jl, "outcome", cxr_outcome_names, 0, &outcome);
    (void) cxr_jr_line(jl, "exchange_sku", 80, 0, &item->exchange_sku);
    (void) cxr_jr_strs(jl, "photos", CXR_LINE_PHOTOS_MAX, CXR_TICKET_MAX, 0,
                       &tickets);

    if (ngx_cx_returns_api_tickets(r, ask->order, &tickets, a, jl,
                                   &item->photos)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    (void) cxr_jr_end(jl);

    item->quantity = (uint32_t) quantity;
    item->outcome = (uint8_t) outcome;
    item->has_note = note->len > 0;

    return NGX_OK;
}


static ngx_int_t
ngx_cx_returns_rma_ask(ngx_http_request_t *r, json_t *json, cxr_arena_t *a,
    cxr_rma_ask_t *ask, cxr_person_t *who, cxr_str_t **notes,
    cxr_json_faults_t *faults)
{
    char                 path[40];
    size_t               len;
    json_t              *lines, *consents, *recipient;
    cxr_jr_t             jr, jl;
    cxr_str_t            number, *texts;
    ngx_uint_t           i, n;
    char                *folded;
    cxr_rma_ask_line_t  *items;

    lines = NULL;
    consents = NULL;
    recipient = NULL;
    number = CXR_STR_NONE;

    if (!cxr_jr_begin(&jr, json, "", a, faults)) {
        return NGX_DECLINED;
    }

    (void) cxr_jr_line(&jr, "order", 64, CXR_JR_REQUIRED, &number);

    if (cxr_jr_line(&jr, "locale", 35, 0, &ask->locale)
        && ask->locale.len != 0 && !cxr_is_language(ask->locale))
    {
        cxr_jr_fault(&jr, "locale", "must be a language like \"tr\" or "
                     "\"pt-BR\"");
    }

    (void) cxr_jr_slug(&jr, "method", 32, 0, &ask->method);
    (void) cxr_jr_bool(&jr, "override", 0, &ask->by_staff);
    (void) cxr_jr_block(&jr, "override_reason", CXR_STAFF_REASON_MAX, 0,
                        &ask->override_reason);
    (void) cxr_jr_bool(&jr, "withdrawal", 0, &ask->withdrawal);
    (void) cxr_jr_bool(&jr, "cancellation", 0, &ask->cancellation);
    (void) cxr_jr_bool(&jr, "instant", 0, &ask->instant);
    (void) cxr_jr_bool(&jr, "gift", 0, &ask->gift);
    (void) cxr_jr_object(&jr, "recipient", 0, &recipient);
    (void) cxr_jr_array(&jr, "lines", CXR_ORDER_LINES_MAX, CXR_JR_REQUIRED,
                        &lines);
    (void) cxr_jr_array(&jr, "consents", CXR_CONSENTS_MAX, 0, &consents);
    (void) cxr_jr_end(&jr);

    if (recipient != NULL) {
        cxr_recipient_from_json(recipient, a, who, faults);
    }

    if (ask->gift != (recipient != NULL)) {
        cxr_jr_fault(&jr, "recipient", ask->gift
                     ? "is missing: a gift return names who was given the goods"
                     : "is of a return with \"gift\": true");
    }

    if (ngx_cx_returns_rma_consents(consents, a, &ask->consents, faults)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    folded = cxr_alloc(a, 64);
    if (folded == NULL) {
        return NGX_ERROR;
    }

    if (number.len) {
        if (cxr_fold_number(number, folded, &len) != CXR_OK) {
            cxr_jr_fault(&jr, "order", "is no order number");

        } else {
            ask->order = cxr_strn(folded, len);
        }
    }

    n = lines ? json_array_size(lines) : 0;
    items = cxr_calloc(a, n + 1, sizeof(cxr_rma_ask_line_t));
    texts = cxr_calloc(a, n + 1, sizeof(cxr_str_t));

    if (items == NULL || texts == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {
        ngx_snprintf((u_char *) path, sizeof(path), "/lines/%ui%Z", i);

        if (cxr_jr_begin(&jl, json_array_get(lines, i), path, a, faults)
            && ngx_cx_returns_rma_ask_line(r, &jl, a, ask, &items[i], &texts[i])
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    ask->lines.items = items;
    ask->lines.n = (uint32_t) n;
    *notes = texts;

    return faults->total ? NGX_DECLINED : NGX_OK;
}


static ngx_int_t
ngx_cx_returns_rma_create(ngx_http_request_t *r, cxr_str_t body)
{
    json_t               *json;
    uint32_t              i;
    cxr_str_t            *notes;
    ngx_int_t             answer, rc;
    cxr_person_t         *who;
    cxr_rma_ask_t        *ask;
    cxr_json_faults_t     faults;
    ngx_cx_returns_op_t  *op;
    const cxr_photo_refs_t  **refs;

    answer = ngx_cx_returns_api_json(r, body, &json);

    if (answer != NGX_OK || json == NULL) {
        return answer;
    }

    op = ngx_cx_returns_op_create(r);
    ask = op ? cxr_calloc(op->arena, 1, sizeof(cxr_rma_ask_t)) : NULL;
    who = op ? cxr_calloc(op->arena, 1, sizeof(cxr_person_t)) : NULL;

    if (ask == NULL || who == NULL) {
        json_decref(json);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memzero(&faults, sizeof(cxr_json_faults_t));
    notes = NULL;

    rc = ngx_cx_returns_rma_ask(r, json, op->arena, ask, who, &notes,
                                &faults);
    json_decref(json);

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    op->job.kind = CXR_CMD_RMA_CREATE;
    op->job.u.create.ask = ask;
    op->job.u.create.notes = notes;
    op->job.u.create.recipient = ask->gift ? who : NULL;
    op->done = ngx_cx_returns_rma_done;

    refs = ngx_palloc(r->pool, (ask->lines.n + 1) * sizeof(*refs));
    if (refs == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    for (i = 0; i < ask->lines.n; i++) {
        refs[i] = &ask->lines.items[i].photos;
    }

    return ngx_cx_returns_api_named(r, body, op, refs, i, &faults);
}


/* Answers with the RMA as it is now. */

ngx_int_t
ngx_cx_returns_rma_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    cxr_rc_t               rc;
    cxr_buf_t              b;
    cxr_rma_t              rma;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    cxr_job_t             *job;
    ngx_uint_t             status;
    ngx_cx_returns_ctx_t  *ctx;

    job = &op->job;

    if (job->rc != CXR_OK) {
        return ngx_cx_returns_problem_job(r, job);
    }

    ctx = ngx_cx_returns_ctx(r);
    status = NGX_HTTP_OK;

    if (job->kind == CXR_CMD_RMA_CREATE) {
        status = NGX_HTTP_CREATED;

        if (!job->repeated) {
            ngx_cx_returns_count(NGX_CX_RETURNS_C_RMAS, 1);
        }
    }

    answer = ngx_cx_returns_api_read(r, &rd);

    if (answer != NGX_OK || rd == NULL) {
        return answer;
    }

    rc = cxr_read_rma(rd, job->shop, job->id, ctx->arena, &rma);

    if (rc != CXR_OK) {
        cxr_read_end(rd);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cxr_buf_init(&b, 4 * 1024 * 1024);
    (void) ngx_cx_returns_rma_json(r, rd, &rma, &b);

    cxr_read_end(rd);

    if (ngx_cx_returns_api_etag(r, rma.revision) != NGX_OK
        || (job->repeated
            && ngx_cx_returns_add_header(r, "Idempotent-Replay",
                                         cxr_str("true"))
               != NGX_OK))
    {
        cxr_buf_free(&b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_api_send(r, status, &b);
}

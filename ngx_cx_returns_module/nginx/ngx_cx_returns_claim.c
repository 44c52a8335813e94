
/*
 * Claims in the portal: photos that come with the form of a step and are
 * carried on by tickets, and the page of parcels that did not come.
 */

#include "ngx_cx_returns_portal.h"


static ngx_int_t ngx_cx_returns_claim_kept(ngx_http_request_t *r,
    ngx_cx_returns_upload_t *up);
static ngx_int_t ngx_cx_returns_claim_touched(ngx_http_request_t *r,
    void *data);


/* Whose photos these are: the order's, since there is no RMA yet. */

static cxr_str_t
ngx_cx_returns_claim_scope(ngx_http_request_t *r,
    const ngx_cx_returns_flow_t *f)
{
    return ngx_cx_returns_photo_scope(r, f->link.order, CXR_STR_NONE);
}


size_t
ngx_cx_returns_claim_max(ngx_http_request_t *r)
{
    return ngx_cx_returns_form_photos(r, ngx_cx_returns_main(r)->claim_count);
}


/* ---- what came ---- */

ngx_int_t
ngx_cx_returns_claim_body(ngx_http_request_t *r, cxr_str_t body)
{
    char                    key[160];
    size_t                  len;
    uint32_t                i;
    cxr_rc_t                rc;
    ngx_int_t               answer;
    ngx_cx_returns_flow_t  *f;

    f = ngx_cx_returns_ctx(r)->data;

    if (!ngx_cx_returns_photos_taken(r)
        || !ngx_cx_returns_is_type(r, "multipart/form-data"))
    {
        return ngx_cx_returns_page_form(r, body, &f->pairs, &answer) == NGX_OK
               ? ngx_cx_returns_portal_run(r, f) : answer;
    }

    if (ngx_cx_returns_upload_parse(r, body,
                                    ngx_cx_returns_main(r)->claim_count,
                                    &f->up, &rc)
        != NGX_OK)
    {
        if (rc == CXR_NOMEM) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, rc == CXR_LIMIT
                                            ? CXR_PAGE_TOO_LARGE
                                            : CXR_PAGE_BAD_REQUEST);
    }

    f->up.order = f->link.order;

    /* nobody keeps the threads busy with pictures */

    len = ngx_snprintf((u_char *) key, sizeof(key), "claim:%uD:%*s",
                       ngx_cx_returns_loc(r)->shop->shop->key,
                       f->link.order.len, f->link.order.data)
          - (u_char *) key;

    if (f->up.files.n != 0
        && !ngx_cx_returns_rate_ok(key, len,
                                   ngx_cx_returns_loc(r)->message_rate, 3600))
    {
        ngx_str_set(&ngx_cx_returns_ctx(r)->outcome, "photo_limited");

        for (i = 0; i < f->up.files.n; i++) {
            f->up.files.items[i].fault = "claim.error.rate";
        }
    }

    answer = ngx_cx_returns_upload_keep(r, &f->up, ngx_cx_returns_claim_kept);

    return answer == NGX_ERROR ? ngx_cx_returns_error_page(r, CXR_PAGE_AWAY)
                               : answer;
}


/* "photo.12" -> 12 */

static ngx_int_t
ngx_cx_returns_claim_line(cxr_str_t field, uint64_t *line)
{
    static const cxr_str_t  name = cxr_str_init("photo.");

    return field.len > name.len
           && ngx_memcmp(field.data, name.data, name.len) == 0
           && cxr_parse_uint(cxr_strn(field.data + name.len,
                                      field.len - name.len),
                             CXR_ORDER_LINES_MAX, line);
}


/* A photo that is kept becomes a field of the form, as if the page had had it. */

static ngx_int_t
ngx_cx_returns_claim_kept(ngx_http_request_t *r, ngx_cx_returns_upload_t *up)
{
    uint32_t                i;
    uint64_t                line;
    cxr_pair_t             *pair;
    cxr_arena_t            *a;
    ngx_cx_returns_file_t  *file;
    ngx_cx_returns_flow_t  *f;

    f = (ngx_cx_returns_flow_t *) up;
    a = ngx_cx_returns_ctx(r)->arena;

    f->pairs = up->pairs;

    for (i = 0; i < up->files.n; i++) {
        file = &up->files.items[i];

        if (file->fault != NULL
            || !ngx_cx_returns_claim_line(file->field, &line))
        {
            continue;
        }

        pair = cxr_list_push(a, &f->pairs, sizeof(*pair));

        if (pair == NULL
            || cxr_ticket_make(ngx_cx_returns_ring(r), up->scope,
                               &file->ref, a, &pair->value)
               != CXR_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        pair->name = cxr_sprintf(a, "p.%u", (unsigned) line);

        if (pair->name.data == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    return ngx_cx_returns_portal_run(r, f);
}


cxr_rc_t
ngx_cx_returns_claim_photos(ngx_http_request_t *r, ngx_cx_returns_flow_t *f)
{
    uint32_t                i;
    uint64_t                line;
    cxr_rc_t                rc;
    cxr_str_t               scope;
    cxr_arena_t            *a;
    ngx_uint_t              k;
    ngx_cx_returns_file_t  *file;

    a = ngx_cx_returns_ctx(r)->arena;
    scope = ngx_cx_returns_claim_scope(r, f);

    if (scope.data == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_portal_photos(&f->form, ngx_cx_returns_ring(r), scope, a);

    for (i = 0; i < f->up.files.n && rc == CXR_OK; i++) {
        file = &f->up.files.items[i];

        if (file->fault == NULL) {
            continue;
        }

        if (ngx_cx_returns_claim_line(file->field, &line)
            && line < f->o.order.lines.n)
        {
            rc = cxr_portal_fault_of(&f->form.faults, a, CXR_AT_PHOTO,
                                     (uint32_t) line, file->fault, 0,
                                     file->want, CXR_TIME_NONE);
        }
    }

    for (k = 0; k < f->touch.n && rc == CXR_OK; k++) {
        if (f->touch.gone[k]) {
            rc = cxr_portal_photo_gone(&f->form, f->touch.refs[k]->hash, a);
        }
    }

    return rc;
}


/* ---- before the command ---- */

ngx_int_t
ngx_cx_returns_claim_touch(ngx_http_request_t *r, ngx_cx_returns_flow_t *f)
{
    uint32_t                  i, k, n;
    ngx_int_t                 rc;
    const cxr_photo_ref_t   **refs;
    const cxr_portal_pick_t  *pick;

    for (i = 0, n = 0; i < f->form.picks.n; i++) {
        n += f->form.picks.items[i].photos.n;
    }

    if (n == 0 || f->touched) {
        return NGX_OK;
    }

    refs = ngx_palloc(r->pool, n * sizeof(*refs));
    f->touch.gone = ngx_pcalloc(r->pool, n);

    if (refs == NULL || f->touch.gone == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    f->touch.n = 0;

    for (i = 0; i < f->form.picks.n; i++) {
        pick = &f->form.picks.items[i];

        for (k = 0; k < pick->photos.n; k++) {
            refs[f->touch.n++] = &pick->photos.items[k].ref;
        }
    }

    f->touch.refs = refs;
    f->touch.next = ngx_cx_returns_claim_touched;
    f->touch.data = f;

    rc = ngx_cx_returns_photos_touch(r, &f->touch);

    return rc == NGX_ERROR ? ngx_cx_returns_error_page(r, CXR_PAGE_AWAY) : rc;
}


static ngx_int_t
ngx_cx_returns_claim_touched(ngx_http_request_t *r, void *data)
{
    ngx_cx_returns_flow_t  *f = data;

    f->touched = 1;

    return ngx_cx_returns_portal_run(r, f);
}


/* ---- a parcel that did not come ---- */

static cxr_rc_t
ngx_cx_returns_claim_goods(ngx_cx_returns_flow_t *f,
    cxr_track_parcel_t **out)
{
    uint32_t                 i, k, m;
    cxr_track_good_t        *goods;
    cxr_track_parcel_t      *parcels;
    const cxr_shipment_t    *s;
    const cxr_order_line_t  *line;

    parcels = cxr_calloc(f->o.arena, f->o.shipments.n + 1,
                         sizeof(cxr_track_parcel_t));
    if (parcels == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < f->o.shipments.n; i++) {
        s = &f->o.shipments.items[i];
        parcels[i].shipment = s;

        goods = cxr_calloc(f->o.arena, s->lines.n + 1,
                           sizeof(cxr_track_good_t));
        if (goods == NULL) {
            return CXR_NOMEM;
        }

        parcels[i].goods = goods;

        for (k = 0; k < f->o.order.lines.n; k++) {
            line = &f->o.order.lines.items[k];

            for (m = 0; m < s->lines.n; m++) {
                if (cxr_str_eq(s->lines.items[m], line->line)) {
                    break;
                }
            }

            if (m == s->lines.n || parcels[i].ngoods == s->lines.n) {
                continue;
            }

            goods[parcels[i].ngoods].title = line->title;
            goods[parcels[i].ngoods].variant = line->variant;
            goods[parcels[i].ngoods].image_url = line->image;
            goods[parcels[i].ngoods].quantity = line->quantity;
            parcels[i].ngoods++;
        }
    }

    *out = parcels;

    return CXR_OK;
}


/* What is judged here: that every line never came. */

static void
ngx_cx_returns_claim_lost(void *data, uint32_t index, cxr_policy_ask_t *ask)
{
    const cxr_reason_t     *reason;
    ngx_cx_returns_flow_t  *f = data;

    reason = cxr_claim_reason(&f->o.shop->policy, CXR_CLAIM_LOST);

    ask->kind = CXR_KIND_CLAIM;
    ask->reason = reason->code;
}


ngx_int_t
ngx_cx_returns_claim_missing(ngx_http_request_t *r, ngx_cx_returns_flow_t *f)
{
    cxr_rc_t               rc;
    cxr_str_t              title;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    cxr_view_missing_t    *view;
    cxr_track_parcel_t    *parcels;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    if (cxr_claim_reason(&ngx_cx_returns_loc(r)->shop->shop->policy,
                         CXR_CLAIM_LOST)
        == NULL)
    {
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);
    }

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    rc = ngx_cx_returns_portal_load(r, rd, f);

    if (rc == CXR_OK) {
        rc = ngx_cx_returns_order_judge_as(r, &f->o, ngx_cx_returns_claim_lost,
                                           f);
    }

    if (rc == CXR_OK) {
        f->p.judgements = f->o.judgements;
        rc = ngx_cx_returns_claim_goods(f, &parcels);
    }

    title = cxr_view_text(ctx->view, "claim.missing.title", NULL, 0,
                          ctx->arena);
    view = cxr_alloc(ctx->arena, sizeof(*view));

    if (rc == CXR_OK && view == NULL) {
        rc = CXR_NOMEM;
    }

    if (rc == CXR_OK) {
        rc = cxr_view_page(ctx->view, title,
                           cxr_sprintf(ctx->arena, "%.*s/missing",
                                       cxr_str_arg(f->url)),
                           ctx->arena, &f->p.page);
    }

    if (rc == CXR_OK) {
        rc = cxr_view_missing(&f->p, parcels, f->o.shipments.n, view);
    }

    answer = rc == CXR_OK
             ? ngx_cx_returns_send_page(r, NGX_HTTP_OK,
                                        NGX_CX_RETURNS_PAGE_MISSING, view)
             : ngx_cx_returns_error_page(r, rc == CXR_NOTFOUND
                                            ? CXR_PAGE_NOT_FOUND
                                            : CXR_PAGE_BROKEN);
    cxr_read_end(rd);

    return answer;
}


/* What the policy is asked of a line: a return, or the claim that it is. */

void
ngx_cx_returns_claim_asks(void *data, uint32_t index, cxr_policy_ask_t *ask)
{
    ngx_cx_returns_flow_t  *f = data;

    cxr_portal_ask_of(&f->form, &f->o.shop->policy, index, ask);
}


/* And of those units of it that may have another reason. */

void
ngx_cx_returns_claim_others(ngx_http_request_t *r, ngx_cx_returns_flow_t *f)
{
    uint32_t                 i;
    cxr_judgement_t          j;
    cxr_policy_ask_t         ask;
    cxr_policy_case_t        world;
    cxr_portal_pick_t       *pick;
    ngx_cx_returns_order_t  *o;

    o = &f->o;
    world.policy = NULL;

    for (i = 0; i < f->form.picks.n; i++) {
        pick = &f->form.picks.items[i];

        if (pick->quantity < 2) {
            continue;
        }

        if (!cxr_portal_ask_other(&f->form, &o->shop->policy, pick->index,
                                  &ask))
        {
            pick->other_outcomes = o->judgements[pick->index].outcomes;

            if (!cxr_claims_any(&o->shop->policy)) {
                continue;
            }
        }

        ask.gift = f->gift;

        if (world.policy == NULL) {
            cxr_policy_begin(&world, &o->shop->policy, o->shop->tz, &o->order,
                             o->parcels, o->shipments.n, o->now, &o->history);
            world.request = o->request;
        }

        if (ngx_cx_returns_ctx(r)->lang != NULL) {
            ask.language = cxr_lang_code(ngx_cx_returns_ctx(r)->lang);
        }

        cxr_policy_line(&world, &o->order.lines.items[pick->index], &ask, &j);

        pick->other_outcomes |= j.outcomes;
    }
}

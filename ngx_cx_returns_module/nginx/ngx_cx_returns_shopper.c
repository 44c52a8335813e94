
/*
 * What the shopper's pages share.
 */

#include "ngx_cx_returns_shopper.h"


#define NGX_CX_RETURNS_PROOF    256    /* what is compared has this length     */
#define NGX_CX_RETURNS_TRY_SHARE  4    /* of an order's tries, that one address
                                          may fail                             */
#define NGX_CX_RETURNS_TRY_LEAST  3    /* a mistake or two are anybody's       */
#define NGX_CX_RETURNS_NETWORK  8      /* bytes of an IPv6 address that a home
                                          or a hoster gives to one customer    */


/* A look-up, as what it counts against is called. */
typedef struct {
    u_char     all[CXR_NUMBER_MAX + 32];
    u_char     own[CXR_NUMBER_MAX + 32 + NGX_SOCKADDR_STRLEN];
    u_char     wide[32 + NGX_SOCKADDR_STRLEN];
    size_t     nall;
    size_t     nown;
    size_t     nwide;
    ngx_int_t  guess;           /* by postal code                              */
} ngx_cx_returns_try_t;


ngx_int_t
ngx_cx_returns_open_link(ngx_http_request_t *r, cxr_link_purpose_t purpose,
    cxr_str_t token, cxr_link_t *link, ngx_int_t *answer)
{
    cxr_rc_t               rc;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    ngx_memzero(link, sizeof(cxr_link_t));

    rc = cxr_link_open(ngx_cx_returns_ring(r),
                       ngx_cx_returns_loc(r)->shop->shop->id, purpose, token, ngx_cx_returns_now(), ctx->arena, link);

    if (rc == CXR_OK) {
        return NGX_OK;
    }

    *answer = ngx_http_discard_request_body(r);

    if (*answer != NGX_OK) {
        return NGX_DECLINED;
    }

    switch (rc) {

    case CXR_EXPIRED:
        ngx_cx_returns_count(NGX_CX_RETURNS_C_EXPIRED_TOKENS, 1);
        ngx_str_set(&ctx->outcome, "link_expired");
        *answer = ngx_cx_returns_error_page(r, CXR_PAGE_EXPIRED);
        break;

    case CXR_NOMEM:
        *answer = NGX_HTTP_INTERNAL_SERVER_ERROR;
        break;

    default:

        /* one answer for all that does not hold: it tells nothing of why */

        ngx_cx_returns_count(NGX_CX_RETURNS_C_REFUSED_TOKENS, 1);
        ngx_str_set(&ctx->outcome, "link_refused");
        *answer = ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);
        break;
    }

    return NGX_DECLINED;
}


cxr_read_t *
ngx_cx_returns_page_read(ngx_http_request_t *r, ngx_int_t *answer)
{
    cxr_read_t  *rd;

    if (ngx_cx_returns_read_begin(r, &rd) == CXR_OK) {
        return rd;
    }

    *answer = ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);

    return NULL;
}


static cxr_rc_t
ngx_cx_returns_order_product(ngx_cx_returns_order_t *o, cxr_str_t id)
{
    cxr_rc_t               rc;
    ngx_uint_t             k;
    cxr_product_t         *product;
    const cxr_product_t  **grown;

    if (id.len == 0) {
        return CXR_OK;
    }

    for (k = 0; k < o->nproducts; k++) {
        if (cxr_str_eq(o->products[k]->id, id)) {
            return CXR_OK;
        }
    }

    product = cxr_calloc(o->arena, 1, sizeof(cxr_product_t));
    if (product == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_read_product(o->rd, o->shop, id, o->arena, product);

    if (rc != CXR_OK) {
        return rc == CXR_NOTFOUND ? CXR_OK : rc;
    }

    /* few: a line's own, and those that it may be exchanged for */

    grown = cxr_calloc(o->arena, o->nproducts + 1, sizeof(cxr_product_t *));
    if (grown == NULL) {
        return CXR_NOMEM;
    }

    if (o->nproducts) {
        ngx_memcpy(grown, o->products,
                   o->nproducts * sizeof(cxr_product_t *));
    }

    grown[o->nproducts++] = product;
    o->products = grown;

    return CXR_OK;
}


static cxr_rc_t
ngx_cx_returns_order_products(ngx_cx_returns_order_t *o)
{
    uint32_t    i;
    cxr_rc_t    rc;
    ngx_uint_t  k, own;

    for (i = 0; i < o->order.lines.n; i++) {
        rc = ngx_cx_returns_order_product(o, o->order.lines.items[i].product);

        if (rc != CXR_OK) {
            return rc;
        }
    }

    own = o->nproducts;

    for (k = 0; k < own; k++) {
        for (i = 0; i < o->products[k]->exchange_for.n; i++) {
            rc = ngx_cx_returns_order_product(o,
                                    o->products[k]->exchange_for.items[i]);
            if (rc != CXR_OK) {
                return rc;
            }
        }
    }

    return CXR_OK;
}


cxr_rc_t
ngx_cx_returns_order_load(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_str_t folded, ngx_uint_t products, ngx_cx_returns_order_t *o)
{
    uint32_t  i;
    cxr_rc_t  rc;

    ngx_memzero(o, sizeof(ngx_cx_returns_order_t));

    o->rd = rd;
    o->shop = ngx_cx_returns_loc(r)->shop->shop;
    o->arena = ngx_cx_returns_ctx(r)->arena;
    o->now = ngx_cx_returns_now();
    o->folded = folded;

    rc = cxr_read_order(rd, o->shop, folded, o->arena, &o->order);

    if (rc == CXR_OK) {
        rc = cxr_read_parcels(rd, o->shop, &o->order, o->arena,
                              &o->shipments);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    o->parcels = cxr_calloc(o->arena, o->shipments.n + 1,
                            sizeof(cxr_shipment_t *));
    if (o->parcels == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < o->shipments.n; i++) {
        o->parcels[i] = &o->shipments.items[i];
    }

    return products ? ngx_cx_returns_order_products(o) : CXR_OK;
}


cxr_rc_t
ngx_cx_returns_order_judge(ngx_http_request_t *r, ngx_cx_returns_order_t *o)
{
    return ngx_cx_returns_order_judge_as(r, o, NULL, NULL);
}


cxr_rc_t
ngx_cx_returns_order_judge_as(ngx_http_request_t *r, ngx_cx_returns_order_t *o,
    void (*as)(void *data, uint32_t index, cxr_policy_ask_t *ask), void *data)
{
    uint32_t           i;
    cxr_rc_t           rc;
    cxr_policy_ask_t   ask;
    cxr_policy_case_t  world;

    /* each is judged whole below; zeroing them first takes as long */

    o->judgements = cxr_alloc(o->arena, (o->order.lines.n + 1)
                                        * sizeof(cxr_judgement_t));
    if (o->judgements == NULL) {
        return CXR_NOMEM;
    }

    if (cxr_policy_wants_history(&o->shop->policy)) {
        rc = cxr_read_history(o->rd, o->shop, &o->order,
                              cxr_policy_wants_kept(&o->shop->policy),
                              o->arena, &o->history);

        if (rc != CXR_OK) {
            return rc;
        }
    }

    ngx_memzero(&ask, sizeof(cxr_policy_ask_t));

    cxr_policy_begin(&world, &o->shop->policy, o->shop->tz, &o->order,
                     o->parcels, o->shipments.n, o->now, &o->history);
    world.request = o->request;

    for (i = 0; i < o->order.lines.n; i++) {

        if (as != NULL) {
            as(data, i, &ask);
        }

        if (ngx_cx_returns_ctx(r)->lang != NULL) {
            ask.language = cxr_lang_code(ngx_cx_returns_ctx(r)->lang);
        }

        cxr_policy_line(&world, &o->order.lines.items[i], &ask,
                        &o->judgements[i]);
    }

    return CXR_OK;
}


/*
 * Whom a look-up counts against.  Anybody at home has 2^64 IPv6 addresses, so
 * it is the network that counts.
 */

ngx_str_t
ngx_cx_returns_caller(ngx_http_request_t *r)
{
    ngx_str_t             addr;
#if (NGX_HAVE_INET6)
    struct sockaddr_in6  *sin6;

    if (r->connection->sockaddr->sa_family == AF_INET6) {
        sin6 = (struct sockaddr_in6 *) r->connection->sockaddr;

        if (!IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)) {
            addr.data = sin6->sin6_addr.s6_addr;
            addr.len = NGX_CX_RETURNS_NETWORK;
            return addr;
        }
    }
#endif

    addr = r->connection->addr_text;

    return addr;
}


ngx_int_t
ngx_cx_returns_lookup_allowed(ngx_http_request_t *r)
{
    ngx_str_t                    addr;
    ngx_cx_returns_loc_conf_t   *lcf;

    lcf = ngx_cx_returns_loc(r);
    addr = ngx_cx_returns_caller(r);

    ngx_cx_returns_count(NGX_CX_RETURNS_C_LOOKUPS, 1);

    if (ngx_cx_returns_rate_ok(addr.data, addr.len, lcf->lookup_rate, 60)) {
        return 1;
    }

    ngx_cx_returns_count(NGX_CX_RETURNS_C_LOOKUPS_LIMITED, 1);

    return 0;
}


/* Both sides have one length, so the comparison tells nothing. */

static ngx_int_t
ngx_cx_returns_same(const char *stored, size_t len, cxr_str_t given)
{
    char  a[NGX_CX_RETURNS_PROOF], b[NGX_CX_RETURNS_PROOF];

    ngx_memzero(a, sizeof(a));
    ngx_memzero(b, sizeof(b));

    if (len > sizeof(a) || given.len > sizeof(b)) {
        return 0;
    }

    ngx_memcpy(a, stored, len);
    ngx_memcpy(b, given.data ? given.data : "", given.len);

    return cxr_secret_eq(a, b, sizeof(a)) && len > 0 && given.len > 0;
}


/*
 * One try more at an order, whether or not there is such an order.  What is
 * counted is what fails.  A postal code is soon guessed, so all addresses
 * together have few tries an hour; an e-mail address is not, so that whoever
 * spends these tries of a stranger's order does not lock her out.  One
 * address has a share of them for both; and as many as one order has for the
 * postal codes of all orders, since one code that many people have, tried at
 * each order of a row, would open some.
 */

static ngx_int_t
ngx_cx_returns_lookup_try(ngx_http_request_t *r, cxr_str_t folded,
    cxr_str_t postcode, ngx_cx_returns_try_t *t)
{
    u_char                     *p;
    ngx_str_t                   addr;
    ngx_uint_t                  share;
    ngx_cx_returns_loc_conf_t  *lcf;

    lcf = ngx_cx_returns_loc(r);
    addr = ngx_cx_returns_caller(r);

    p = ngx_snprintf(t->all, sizeof(t->all), "lookup:%uD:%*s",
                     lcf->shop->shop->key, folded.len, folded.data);
    t->nall = p - t->all;

    p = ngx_snprintf(t->own, sizeof(t->own), "%*s:%V", t->nall, t->all,
                     &addr);
    t->nown = p - t->own;

    p = ngx_snprintf(t->wide, sizeof(t->wide), "lookup:%uD::%V",
                     lcf->shop->shop->key, &addr);
    t->nwide = p - t->wide;

    share = ngx_max(lcf->lookup_order_rate / NGX_CX_RETURNS_TRY_SHARE,
                    ngx_min(lcf->lookup_order_rate, NGX_CX_RETURNS_TRY_LEAST));

    if (!ngx_cx_returns_rate_ok(t->own, t->nown, share, 3600)) {
        return NGX_BUSY;
    }

    t->guess = postcode.len != 0;

    if (!t->guess) {
        return NGX_OK;
    }

    if (!ngx_cx_returns_rate_ok(t->all, t->nall, lcf->lookup_order_rate,
                                3600))
    {
        ngx_cx_returns_rate_back(t->own, t->nown, 3600);
        return NGX_AGAIN;
    }

    if (!ngx_cx_returns_rate_ok(t->wide, t->nwide, lcf->lookup_order_rate,
                                3600))
    {
        ngx_cx_returns_rate_back(t->own, t->nown, 3600);
        ngx_cx_returns_rate_back(t->all, t->nall, 3600);
        return NGX_AGAIN;
    }

    return NGX_OK;
}


ngx_int_t
ngx_cx_returns_lookup(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_str_t folded, cxr_str_t email, cxr_str_t postcode, ngx_uint_t *gift)
{
    char                        mail[256], code[256], given[256];
    size_t                      mlen, clen, glen;
    cxr_rc_t                    rc;
    ngx_int_t                   same, hers, presents;
    cxr_order_t                 order;
    cxr_person_t                person;
    const cxr_shop_t           *shop;
    ngx_cx_returns_try_t        try;
    ngx_cx_returns_ctx_t       *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    same = ngx_cx_returns_lookup_try(r, folded, postcode, &try);

    if (same != NGX_OK) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_LOOKUPS_LIMITED, 1);
        return same;
    }

    ngx_memzero(&person, sizeof(cxr_person_t));

    rc = cxr_read_order(rd, shop, folded, ctx->arena, &order);

    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return NGX_ERROR;
    }

    if (cxr_read_person(rd, shop, rc == CXR_OK ? &order : NULL, ctx->arena,
                        &person)
        != CXR_OK)
    {
        ngx_memzero(&person, sizeof(cxr_person_t));
    }

    if (cxr_fold_email(person.email, mail, &mlen) != CXR_OK) {
        mlen = 0;
    }

    if (cxr_fold_postcode(person.postcode, code, &clen) != CXR_OK) {
        clen = 0;
    }

    if (cxr_fold_postcode(person.gift_code, given, &glen) != CXR_OK) {
        glen = 0;
    }

    same = ngx_cx_returns_same(mail, mlen, email);
    hers = ngx_cx_returns_same(code, clen, postcode);
    presents = rc == CXR_OK && order.gift && shop->policy.gifts.outcomes != 0;

    if (presents) {
        hers |= ngx_cx_returns_same(given, glen, postcode);
        same |= hers & (gift != NULL);

    } else {
        (void) ngx_cx_returns_same(given, glen, postcode);
        same |= hers;
    }

    if (same && rc == CXR_OK) {

        if (gift != NULL) {
            *gift = presents && hers;
        }

        ngx_cx_returns_rate_back(try.own, try.nown, 3600);

        if (try.guess) {
            ngx_cx_returns_rate_back(try.all, try.nall, 3600);
            ngx_cx_returns_rate_back(try.wide, try.nwide, 3600);
        }

        return NGX_OK;
    }

    ngx_cx_returns_count(NGX_CX_RETURNS_C_LOOKUPS_FAILED, 1);

    return NGX_DECLINED;
}


cxr_rc_t
ngx_cx_returns_page_link(ngx_http_request_t *r, cxr_link_purpose_t purpose,
    cxr_str_t order, cxr_str_t rma, cxr_str_t *path)
{
    uint32_t               days;
    cxr_link_t             link;
    const cxr_shop_t      *shop;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    days = purpose == CXR_LINK_TRACK ? shop->track_link_days
           : purpose == CXR_LINK_ORDER || purpose == CXR_LINK_GIFT
             || purpose == CXR_LINK_DECLARE ? shop->order_link_days
                                       : shop->rma_link_days;

    ngx_memzero(&link, sizeof(cxr_link_t));

    link.order = order;
    link.rma = rma;

    /* whole days, so that a page minted twice on a day has like links */

    link.expires = (ngx_cx_returns_now() / CXR_DAY + 1 + days) * CXR_DAY;

    return ngx_cx_returns_link_url(r, purpose, &link, false, ctx->arena, path);
}


ngx_int_t
ngx_cx_returns_page_redirect(ngx_http_request_t *r, cxr_str_t path,
    const char *query)
{
    cxr_str_t              url;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    url = cxr_view_url(ctx->view, path, ctx->arena);

    if (url.len == 0) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    url = cxr_sprintf(ctx->arena, "%.*s%s", cxr_str_arg(url), query);

    return ngx_cx_returns_redirect(r, url);
}


void
ngx_cx_returns_split(cxr_str_t path, cxr_str_t *head, cxr_str_t *rest)
{
    size_t       i;
    const char  *slash;

    slash = path.len ? memchr(path.data, '/', path.len) : NULL;
    i = slash ? (size_t) (slash - path.data) : path.len;

    *head = cxr_strn(path.data, i);

    if (i < path.len) {
        i++;
    }

    *rest = cxr_strn(path.data + i, path.len - i);
}


ngx_int_t
ngx_cx_returns_page_form(ngx_http_request_t *r, cxr_str_t body,
    cxr_pairs_t *pairs, ngx_int_t *answer)
{
    cxr_rc_t  rc;

    if (!ngx_cx_returns_is_type(r, "application/x-www-form-urlencoded")) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        *answer = ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
        return NGX_DECLINED;
    }

    rc = ngx_cx_returns_form(ngx_cx_returns_ctx(r)->arena, body, pairs);

    if (rc == CXR_OK) {
        return NGX_OK;
    }

    ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);

    *answer = ngx_cx_returns_error_page(r, rc == CXR_LIMIT
                                           ? CXR_PAGE_TOO_LARGE
                                           : CXR_PAGE_BAD_REQUEST);
    return NGX_DECLINED;
}


/* NGX_OK, or what to return: a page takes GET and HEAD, a form's target POST */

ngx_int_t
ngx_cx_returns_page_method(ngx_http_request_t *r, ngx_uint_t post)
{
    ngx_int_t  rc;

    if (post) {
        if (r->method == NGX_HTTP_POST) {
            return NGX_OK;
        }

    } else if (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) {
        return ngx_http_discard_request_body(r);
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_cx_returns_add_header(r, "Allow", post ? cxr_str("POST")
                                                   : cxr_str("GET, HEAD"))
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* NGX_OK would be "go on": the page ends the request by itself */

    r->main->count++;

    ngx_http_finalize_request(r, ngx_cx_returns_error_page(r,
                                                      CXR_PAGE_NOT_ALLOWED));

    return NGX_DONE;
}


cxr_rc_t
ngx_cx_returns_sent_parcels(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_rma_t *rma, const cxr_sent_parcel_t **out)
{
    uint32_t                 i;
    cxr_rc_t                 rc;
    cxr_str_t                path;
    cxr_link_t               link;
    cxr_shipment_t          *ship;
    cxr_sent_parcel_t       *parcels;
    const cxr_shop_t        *shop;
    const cxr_rma_parcel_t  *p;
    ngx_cx_returns_ctx_t    *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    parcels = cxr_calloc(ctx->arena, rma->parcels.n + 1,
                         sizeof(cxr_sent_parcel_t));
    if (parcels == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < rma->parcels.n; i++) {
        p = &rma->parcels.items[i];

        ship = cxr_alloc(ctx->arena, sizeof(cxr_shipment_t));
        if (ship == NULL) {
            return CXR_NOMEM;
        }

        rc = cxr_read_shipment(rd, shop, p->carrier, p->number, ctx->arena,
                               ship);

        if (rc == CXR_NOTFOUND) {
            continue;
        }

        if (rc != CXR_OK) {
            return rc;
        }

        /* the carrier has given the number to somebody else since */

        if (!cxr_str_eq(ship->rma, rma->id)) {
            continue;
        }

        parcels[i].ship = ship;

        ngx_memzero(&link, sizeof(cxr_link_t));

        link.carrier = p->carrier;
        link.number = p->number;
        link.expires = (ngx_cx_returns_now() / CXR_DAY + 1
                        + shop->track_link_days) * CXR_DAY;

        rc = ngx_cx_returns_link_url(r, CXR_LINK_TRACK, &link, false,
                                     ctx->arena, &path);
        if (rc != CXR_OK) {
            return rc;
        }

        parcels[i].url = cxr_view_url(ctx->view, path, ctx->arena);
    }

    *out = parcels;

    return CXR_OK;
}


cxr_str_t *
ngx_cx_returns_rma_notes(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_rma_t *rma)
{
    uint32_t           i;
    cxr_str_t         *notes;
    cxr_arena_t       *a;
    const cxr_shop_t  *shop;

    a = ngx_cx_returns_ctx(r)->arena;
    shop = ngx_cx_returns_loc(r)->shop->shop;

    notes = cxr_calloc(a, (size_t) rma->lines.n + 1, sizeof(cxr_str_t));
    if (notes == NULL) {
        return NULL;
    }

    for (i = 0; i < rma->lines.n; i++) {
        if (rma->lines.items[i].note.len) {
            (void) cxr_read_note(rd, shop, rma->order, rma->id,
                                 rma->lines.items[i].note, a, &notes[i]);
        }
    }

    return notes;
}


/*
 * The page that says no: what happened, in words that blame nobody, and one
 * way on.
 */

#include <stdio.h>

#include "cxr_view.h"


static const cxr_field_t  cxr_view_error_fields[] = {
    CXR_VIEW_PAGE(cxr_view_error_t),
    CXR_FIELD(cxr_view_error_t, status, U32),
    CXR_FIELD(cxr_view_error_t, heading, STR),
    CXR_FIELD(cxr_view_error_t, advice, STR),
    CXR_VIEW_URL(cxr_view_error_t, action_url),
    CXR_FIELD(cxr_view_error_t, action, STR),
    CXR_FIELD(cxr_view_error_t, request, STR),
    CXR_FIELD(cxr_view_error_t, offer_help, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_error_type = {
    "error", 0, 1, sizeof(cxr_view_error_t), cxr_view_error_fields
};


typedef enum {
    ERROR_TO_SELF,
    ERROR_TO_PORTAL,
    ERROR_TO_TRACK
} error_way_t;

static const struct {
    unsigned      status;
    const char   *name;
    error_way_t   way;
    bool          offer_help;
} errors[CXR_PAGE_ERRORS] = {
    { 400, "bad_request", ERROR_TO_PORTAL, false },
    { 403, "forbidden",   ERROR_TO_PORTAL, true },
    { 404, "not_found",   ERROR_TO_TRACK,  false },
    { 405, "not_allowed", ERROR_TO_PORTAL, false },
    { 409, "conflict",    ERROR_TO_SELF,   false },
    { 410, "expired",     ERROR_TO_PORTAL, false },
    { 413, "too_large",   ERROR_TO_SELF,   false },
    { 414, "long_address", ERROR_TO_PORTAL, false },
    { 431, "large_header", ERROR_TO_SELF, true },
    { 429, "too_many",    ERROR_TO_SELF,   false },
    { 500, "broken",      ERROR_TO_SELF,   true },
    { 503, "away",        ERROR_TO_SELF,   true },
    { 413, "large_photos", ERROR_TO_SELF,  true }
};


unsigned
cxr_page_error_status(cxr_page_error_t error)
{
    return (unsigned) error < CXR_PAGE_ERRORS ? errors[error].status : 500;
}


cxr_page_error_t
cxr_page_error_of(unsigned status)
{
    unsigned  i;

    for (i = 0; i < CXR_PAGE_ERRORS; i++) {
        if (errors[i].status == status) {
            return (cxr_page_error_t) i;
        }
    }

    if (status == 502 || status == 504) {
        return CXR_PAGE_AWAY;
    }

    return status >= 400 && status < 500 ? CXR_PAGE_BAD_REQUEST
                                         : CXR_PAGE_BROKEN;
}


static cxr_str_t
error_text(const cxr_view_ctx_t *ctx, const char *name, const char *part)
{
    char  key[CXR_PO_KEY_MAX + 1];

    (void) snprintf(key, sizeof(key), "error.%s.%s", name, part);

    return cxr_lang_text(ctx->lang, cxr_strz(key));
}


cxr_rc_t
cxr_view_error(const cxr_view_ctx_t *ctx, cxr_page_error_t error,
    cxr_str_t self, cxr_str_t action_url, cxr_str_t request, cxr_arena_t *a,
    cxr_view_error_t *v)
{
    cxr_rc_t          rc;
    const char       *name;
    error_way_t       way;
    cxr_view_page_t  *page;

    if ((unsigned) error >= CXR_PAGE_ERRORS) {
        error = CXR_PAGE_BROKEN;
    }

    *v = (cxr_view_error_t) { 0 };

    name = errors[error].name;

    v->status = errors[error].status;
    v->heading = error_text(ctx, name, "heading");
    v->advice = error_text(ctx, name, "advice");
    v->action = error_text(ctx, name, "action");
    way = errors[error].way;

    /* who was on the way of a return looks for her order, not for a parcel */

    if (error == CXR_PAGE_NOT_FOUND && self.len >= ctx->shop->portal.len
        && memcmp(self.data, ctx->shop->portal.data, ctx->shop->portal.len)
           == 0)
    {
        way = ERROR_TO_PORTAL;
        v->action = error_text(ctx, "expired", "action");
    }

    v->request = request;

    rc = cxr_view_page(ctx, v->heading, self, a, &page);
    if (rc != CXR_OK) {
        return rc;
    }

    v->page = page;
    v->offer_help = errors[error].offer_help && page->has_support;

    if (action_url.len != 0) {
        v->action_url = cxr_view_url(ctx, action_url, a);

    } else if (way == ERROR_TO_SELF && self.len != 0) {
        v->action_url = cxr_view_url(ctx, self, a);

    } else {
        v->action_url = way == ERROR_TO_TRACK
                        ? page->track_url : page->portal_url;
    }

    return CXR_OK;
}


/*
 * Find my parcel: two short forms, and what is wrong with what was typed.
 */

#include "cxr_text.h"
#include "cxr_view_track.h"


static const cxr_field_t  cxr_view_track_find_fields[] = {
    CXR_VIEW_PAGE(cxr_view_track_find_t),
    CXR_VIEW_URL(cxr_view_track_find_t, action_url),
    CXR_FIELD(cxr_view_track_find_t, order, STR),
    CXR_FIELD(cxr_view_track_find_t, contact, STR),
    CXR_FIELD(cxr_view_track_find_t, number, STR),
    CXR_FIELD(cxr_view_track_find_t, order_error, STR),
    CXR_FIELD(cxr_view_track_find_t, contact_error, STR),
    CXR_FIELD(cxr_view_track_find_t, number_error, STR),
    CXR_FIELD_SUB(cxr_view_track_find_t, errors, LIST, &cxr_view_fault_type),
    CXR_FIELD(cxr_view_track_find_t, has_errors, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_track_find_type = {
    "track_find", 0, 1, sizeof(cxr_view_track_find_t),
    cxr_view_track_find_fields
};


static const char *const  track_find_keys[CXR_FIND_FAULTS] = {
    NULL,
    "track.find.error.order_missing",
    "track.find.error.order_invalid",
    "track.find.error.contact_missing",
    "track.find.error.contact_invalid",
    "track.find.error.number_missing",
    "track.find.error.number_invalid",
    "track.find.error.not_found",
    "track.find.error.number_not_found",
    "form.busy",
    "form.postcode_busy"
};


static cxr_rc_t
track_find_fault(const cxr_view_ctx_t *ctx, unsigned fault,
    uint32_t minutes, const char *at, cxr_arena_t *a, cxr_view_track_find_t *v,
    cxr_str_t *beside)
{
    cxr_arg_t          arg;
    cxr_str_t          text;
    cxr_view_fault_t  *error;

    if (fault == CXR_FIND_OK || fault >= CXR_FIND_FAULTS) {
        return CXR_OK;
    }

    arg = cxr_arg_int("want", minutes);
    text = cxr_view_text(ctx, track_find_keys[fault], &arg, 1, a);

    if (text.data == NULL) {
        return CXR_NOMEM;
    }

    error = cxr_list_push(a, &v->errors, sizeof(cxr_view_fault_t));
    if (error == NULL) {
        return CXR_NOMEM;
    }

    error->field_url = cxr_strz(at);
    error->text = text;
    v->has_errors = true;

    if (beside != NULL) {
        *beside = text;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_view_track_find(const cxr_view_ctx_t *ctx, const cxr_track_find_in_t *in,
    cxr_arena_t *a, cxr_view_track_find_t *v)
{
    bool              by_number;
    cxr_rc_t          rc;
    cxr_view_page_t  *page;

    *v = (cxr_view_track_find_t) { 0 };

    rc = cxr_view_page(ctx,
                       cxr_lang_text(ctx->lang, cxr_str("track.find.title")),
                       in->self, a, &page);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_view_public(ctx, page, in->self,
                         cxr_lang_text(ctx->lang, cxr_str("track.find.lead")),
                         a);
    if (rc != CXR_OK) {
        return rc;
    }

    v->page = page;
    v->action_url = cxr_view_url(ctx, in->action, a);
    v->order = in->order;
    v->contact = in->contact;
    v->number = in->number;

    by_number = in->form_fault == CXR_FIND_NUMBER_NOT_FOUND;

    if (track_find_fault(ctx, in->form_fault, in->minutes,
                         by_number ? "#number" : "#order", a, v, NULL)
        != CXR_OK
        || track_find_fault(ctx, in->order_fault, in->minutes, "#order", a, v,
                            &v->order_error)
           != CXR_OK
        || track_find_fault(ctx, in->contact_fault, in->minutes, "#contact", a, v,
                            &v->contact_error)
           != CXR_OK
        || track_find_fault(ctx, in->number_fault, in->minutes, "#number", a, v,
                            &v->number_error)
           != CXR_OK
        || v->action_url.len == 0)
    {
        return CXR_NOMEM;
    }

    page->wrong = v->has_errors;

    return CXR_OK;
}


bool
cxr_track_find_check(cxr_track_find_in_t *in)
{
    char      folded[CXR_EMAIL_MAX + 2];
    size_t    len;
    cxr_rc_t  rc;

    in->order = cxr_str_trim(in->order);
    in->contact = cxr_str_trim(in->contact);
    in->number = cxr_str_trim(in->number);

    in->order_fault = in->contact_fault = CXR_FIND_OK;
    in->number_fault = in->form_fault = CXR_FIND_OK;

    if (in->order.len == 0 && in->contact.len == 0
        && (in->number.len != 0 || in->number.data != NULL))
    {
        if (in->number.len == 0) {
            in->number_fault = CXR_FIND_NUMBER_MISSING;

        } else if (cxr_fold_tracking(in->number, folded, &len) != CXR_OK) {
            in->number_fault = CXR_FIND_NUMBER_INVALID;
        }

        return in->number_fault == CXR_FIND_OK;
    }

    in->number = CXR_STR_NONE;

    if (in->order.len == 0) {
        in->order_fault = CXR_FIND_ORDER_MISSING;

    } else if (cxr_fold_number(in->order, folded, &len) != CXR_OK) {
        in->order_fault = CXR_FIND_ORDER_INVALID;
    }

    if (in->contact.len == 0) {
        in->contact_fault = CXR_FIND_CONTACT_MISSING;

    } else {
        rc = memchr(in->contact.data, '@', in->contact.len) != NULL
             ? cxr_fold_email(in->contact, folded, &len)
             : cxr_fold_postcode(in->contact, folded, &len);

        if (rc != CXR_OK) {
            in->contact_fault = CXR_FIND_CONTACT_INVALID;
        }
    }

    return in->order_fault == CXR_FIND_OK && in->contact_fault == CXR_FIND_OK;
}

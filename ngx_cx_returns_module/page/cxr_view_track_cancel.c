
/*
 * What was cancelled of an order, and what still may be, on its tracking page.
 */

#include "cxr_say.h"
#include "cxr_view_track.h"


static const cxr_field_t  cxr_view_cancelled_fields[] = {
    CXR_FIELD(cxr_view_cancelled_t, id, STR),
    CXR_VIEW_URL(cxr_view_cancelled_t, url),
    CXR_FIELD(cxr_view_cancelled_t, status_text, STR),
    CXR_FIELD(cxr_view_cancelled_t, tone, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_cancelled_type = {
    "cancelled", 0, 1, sizeof(cxr_view_cancelled_t), cxr_view_cancelled_fields
};


cxr_rc_t
cxr_view_track_cancel(const cxr_view_ctx_t *ctx, const cxr_track_in_t *in,
    cxr_arena_t *a, cxr_view_track_t *v)
{
    size_t                 i;
    cxr_say_t              say = cxr_say_to(ctx, a);
    cxr_str_t              path;
    cxr_view_cancelled_t  *c;

    if (in->cancel_url.len != 0) {
        v->cancel_url = cxr_say_url(&say, in->cancel_url, "");
    }

    for (i = 0; i < in->ncancels; i++) {
        c = cxr_say_push(&say, &v->cancels, sizeof(*c));
        path = cxr_str_join(a, in->self, cxr_str("/r/"), in->cancels[i].id);

        if (c == NULL || path.data == NULL) {
            return CXR_NOMEM;
        }

        c->id = in->cancels[i].id;
        c->url = cxr_say_url(&say, path, "");
        c->status_text = cxr_say_status_of(&say, &in->cancels[i]);
        c->tone = cxr_tone_of_status(in->cancels[i].status);
    }

    v->has_cancels = v->cancels.n != 0;

    /* nothing is left that could be sent */

    v->all_cancelled = v->none && v->has_cancels && in->bought != NULL
                       && in->bought->lines.n == 0;

    if (v->all_cancelled) {
        v->headline = cxr_say(&say, "track.cancel.all_title");
        v->detail = cxr_say(&say, "track.cancel.all_text");
        v->eta = NULL;
    }

    return cxr_say_rc(&say);
}


/*
 * The boxes of the review page: what the shop asks shoppers to agree to.
 */

#include "cxr_view_portal_private.h"


static const cxr_field_t  cxr_view_consent_fields[] = {
    CXR_FIELD(cxr_view_consent_t, index, U32),
    CXR_FIELD(cxr_view_consent_t, value, STR),
    CXR_FIELD(cxr_view_consent_t, text, STR),
    CXR_FIELD(cxr_view_consent_t, link, STR),
    CXR_VIEW_URL(cxr_view_consent_t, url),
    CXR_FIELD(cxr_view_consent_t, required, BOOL),
    CXR_FIELD(cxr_view_consent_t, checked, BOOL),
    CXR_FIELD(cxr_view_consent_t, error, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_consent_type = {
    "consent", 0, 1, sizeof(cxr_view_consent_t), cxr_view_consent_fields
};


/* "<id>@<version>" */

static cxr_str_t
portal_consent_value(const cxr_consent_t *c, cxr_arena_t *a)
{
    return cxr_sprintf(a, "%.*s@%.*s", cxr_str_arg(c->id),
                       cxr_str_arg(c->version));
}


cxr_rc_t
cxr_portal_consents(cxr_portal_form_t *form, const cxr_consents_t *consents,
    cxr_arena_t *a)
{
    uint32_t              i, k;
    cxr_str_t             value;
    cxr_agreed_t         *agreed;
    const cxr_consent_t  *c;

    for (i = 0; i < consents->n; i++) {
        c = &consents->items[i];

        value = portal_consent_value(c, a);
        if (value.data == NULL) {
            return CXR_NOMEM;
        }

        for (k = 0; k < form->ticked.n; k++) {
            if (cxr_str_eq(form->ticked.items[k], value)) {
                break;
            }
        }

        if (k == form->ticked.n) {
            continue;
        }

        agreed = cxr_list_push(a, &form->agreed, sizeof(*agreed));
        if (agreed == NULL) {
            return CXR_NOMEM;
        }

        agreed->id = c->id;
        agreed->version = c->version;
    }

    return CXR_OK;
}


bool
cxr_portal_check_consents(cxr_portal_form_t *form,
    const cxr_consents_t *consents, const cxr_rma_t *rma, cxr_arena_t *a)
{
    bool                  good = true;
    uint32_t              i;
    const cxr_consent_t  *c;

    for (i = 0; i < consents->n; i++) {
        c = &consents->items[i];

        if (c->required && cxr_rma_asks_consent(rma, c)
            && !cxr_agreed(&form->agreed, c))
        {
            good = false;
            (void) cxr_portal_fault(&form->faults, a, CXR_AT_CONSENT, i,
                                    "form.consent_missing");
        }
    }

    return good;
}


void
cxr_view_consents(const cxr_portal_t *p, const cxr_portal_form_t *form,
    const cxr_rma_t *preview, cxr_say_t *say, cxr_view_review_t *view)
{
    uint32_t               i;
    cxr_str_t              lang = cxr_lang_code(p->ctx->lang);
    cxr_view_consent_t    *out;
    const cxr_consent_t   *c;
    const cxr_consents_t  *consents = &p->ctx->shop->consents;

    for (i = 0; i < consents->n; i++) {
        c = &consents->items[i];

        if (!cxr_rma_asks_consent(preview, c)) {
            continue;
        }

        out = cxr_say_push(say, &view->consents, sizeof(*out));
        if (out == NULL) {
            return;
        }

        out->index = i;
        out->value = portal_consent_value(c, p->arena);
        out->text = cxr_texts_in(&c->text, lang);
        out->link = cxr_texts_in(&c->link, lang);
        out->url = c->url;
        out->required = c->required;
        out->checked = cxr_agreed(&form->agreed, c);
        out->error = cxr_portal_fault_text(say, &form->faults, CXR_AT_CONSENT,
                                           i);
        say->failed |= out->value.data == NULL;
    }

    view->has_consents = view->consents.n != 0;
}

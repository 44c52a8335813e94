
/*
 * The "consents" of a shop's file.
 */

#include <stdio.h>

#include "cxr_shop_private.h"
#include "cxr_text.h"


const char *const  cxr_consent_on_names[] = {
    "return", "exchange", "claim", NULL
};


static const cxr_field_t  cxr_agreed_fields[] = {
    CXR_FIELD(cxr_agreed_t, id, STR),
    CXR_FIELD(cxr_agreed_t, version, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_agreed_type = {
    "agreed", 0, 1, sizeof(cxr_agreed_t), cxr_agreed_fields
};


const cxr_consent_t *
cxr_consent(const cxr_consents_t *consents, cxr_str_t id)
{
    uint32_t  i;

    for (i = 0; i < consents->n; i++) {
        if (cxr_str_eq(consents->items[i].id, id)) {
            return &consents->items[i];
        }
    }

    return NULL;
}


bool
cxr_agreed(const cxr_agreed_list_t *agreed, const cxr_consent_t *consent)
{
    uint32_t  i;

    for (i = 0; i < agreed->n; i++) {
        if (cxr_str_eq(agreed->items[i].id, consent->id)
            && cxr_str_eq(agreed->items[i].version, consent->version))
        {
            return true;
        }
    }

    return false;
}


/* Unsaid: of everything that the law leaves to the shop. */

static void
cxr_consent_on(cxr_jr_t *r, cxr_consent_t *c)
{
    c->on = 1u << CXR_CONSENT_RETURN | 1u << CXR_CONSENT_EXCHANGE;

    cxr_jr_names(r, "on", cxr_consent_on_names, 0, &c->on);

    if (c->required && (c->on & 1u << CXR_CONSENT_CLAIM)) {
        cxr_jr_fault(r, "on", "has \"claim\": what the law gives for goods that "
                     "are not as they should be has no conditions; take "
                     "\"claim\" out, or \"required\" away");
    }
}


cxr_rc_t
cxr_shop_consents(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    char            at[48];
    size_t          i;
    cxr_jr_t        r;
    cxr_rc_t        rc;
    cxr_str_t       id;
    cxr_consent_t  *c;

    for (i = 0; i < json_array_size(json); i++) {
        snprintf(at, sizeof(at), "/consents/%u", (unsigned) i);

        if (!cxr_jr_begin(&r, json_array_get(json, i), at, a, faults)) {
            continue;
        }

        id = CXR_STR_NONE;
        cxr_jr_slug(&r, "id", CXR_CONSENT_ID_MAX, CXR_JR_REQUIRED, &id);

        if (id.len != 0 && cxr_consent(&shop->consents, id) != NULL) {
            cxr_jr_fault(&r, "id", "is another consent's already");
        }

        c = cxr_list_push(a, &shop->consents, sizeof(*c));
        if (c == NULL) {
            return CXR_NOMEM;
        }

        c->id = id;

        cxr_jr_slug(&r, "version", CXR_CONSENT_VERSION_MAX, CXR_JR_REQUIRED,
                    &c->version);
        cxr_jr_bool(&r, "required", 0, &c->required);
        cxr_consent_on(&r, c);

        rc = cxr_jr_texts(&r, "text", CXR_CONSENT_TEXT_MAX, CXR_JR_REQUIRED,
                          shop, &c->text);
        if (rc == CXR_OK) {
            rc = cxr_jr_texts(&r, "link", CXR_LINK_TEXT_MAX, 0, shop, &c->link);
        }

        if (rc != CXR_OK) {
            return rc;
        }

        cxr_jr_link(&r, "url", 0, &c->url);

        if ((c->url.len != 0) != (c->link.n != 0)) {
            cxr_jr_fault(&r, c->url.len ? "link" : "url",
                         "is missing: \"url\" and the words of its \"link\" "
                         "belong together");
        }

        cxr_jr_end(&r);
    }

    return CXR_OK;
}

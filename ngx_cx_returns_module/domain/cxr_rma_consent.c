
/*
 * What a shopper agrees to when she asks for an RMA.
 */

#include <stdio.h>

#include "cxr_rma_create_private.h"
#include "cxr_text.h"


bool
cxr_rma_asks_consent(const cxr_rma_t *rma, const cxr_consent_t *consent)
{
    unsigned               on;
    uint32_t               i;
    const cxr_rma_line_t  *line;

    if (rma->kind == CXR_KIND_WITHDRAWAL
        || rma->kind == CXR_KIND_CANCELLATION)
    {
        return false;
    }

    for (i = 0; i < rma->lines.n; i++) {
        line = &rma->lines.items[i];

        on = line->claim != CXR_CLAIM_NONE ? CXR_CONSENT_CLAIM
             : line->outcome == CXR_OUT_EXCHANGE ? CXR_CONSENT_EXCHANGE
                                                 : CXR_CONSENT_RETURN;

        if (consent->on & 1u << on) {
            return true;
        }
    }

    return false;
}


/* A text that is not the shop's, or not any more, was not agreed to. */

static cxr_rc_t
cxr_rma_consents_known(const cxr_rma_ask_t *ask, const cxr_consents_t *shop,
    cxr_refusal_t *no)
{
    char                  where[40];
    uint32_t              i;
    const cxr_agreed_t   *given;
    const cxr_consent_t  *c;

    for (i = 0; i < ask->consents.n; i++) {
        given = &ask->consents.items[i];
        c = shop ? cxr_consent(shop, given->id) : NULL;

        if (c != NULL && cxr_str_eq(c->version, given->version)) {
            continue;
        }

        (void) snprintf(where, sizeof(where), "/consents/%u", i);

        if (c == NULL) {
            return cxr_refuse(no, "consent_unknown", where, "the shop asks for "
                              "no consent \"%.*s\"", cxr_str_arg(given->id));
        }

        return cxr_refuse(no, "consent_unknown", where, "the text of \"%.*s\" "
                          "is in version \"%.*s\" now",
                          cxr_str_arg(given->id), cxr_str_arg(c->version));
    }

    return CXR_OK;
}


cxr_rc_t
cxr_rma_consents(const cxr_rma_ask_t *ask, const cxr_rma_world_t *world,
    cxr_arena_t *a, cxr_rma_t *rma, cxr_refusal_t *no)
{
    cxr_rc_t               rc;
    uint32_t               i;
    cxr_agreed_t          *kept;
    const cxr_consent_t   *c;
    const cxr_consents_t  *shop;

    shop = world->consents;

    rc = cxr_rma_consents_known(ask, shop, no);
    if (rc != CXR_OK || shop == NULL) {
        return rc;
    }

    for (i = 0; i < shop->n; i++) {
        c = &shop->items[i];

        if (!cxr_rma_asks_consent(rma, c)) {
            continue;
        }

        if (cxr_agreed(&ask->consents, c)) {
            kept = cxr_list_push(a, &rma->consents, sizeof(*kept));
            if (kept == NULL) {
                return CXR_NOMEM;
            }

            kept->id = c->id;
            kept->version = c->version;
            continue;
        }

        if (c->required && !ask->by_staff) {
            return cxr_refuse(no, "consent_missing", "/consents",
                              "\"%.*s\" must be agreed to",
                              cxr_str_arg(c->id));
        }
    }

    return CXR_OK;
}

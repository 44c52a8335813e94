
/*
 * What of an order's record is another's than the buyer's.
 */

#include "cxr_cli_gift.h"


bool
cxr_cli_strs_have(const cxr_strs_t *ids, cxr_str_t id)
{
    uint32_t  i;

    for (i = 0; i < ids->n; i++) {
        if (cxr_str_eq(ids->items[i], id)) {
            return true;
        }
    }

    return false;
}


/* Gift returns of the order, and what they gave, are of who was given it: they
   are taken out, and kept apart for what else names them. */

cxr_rc_t
cxr_cli_gifts(const cxr_cli_world_t *w, cxr_read_t *rd, cxr_order_t *order,
    cxr_strs_t *gifts)
{
    uint32_t    i, n;
    cxr_rc_t    rc;
    cxr_str_t  *id;
    cxr_rma_t   rma;

    for (i = 0, n = 0; order->gifted && i < order->rmas.n; i++) {
        rc = cxr_read_rma(rd, w->shop, order->rmas.items[i], w->arena,
                          &rma);
        if (rc != CXR_OK) {
            return rc;
        }

        if (!rma.gift) {
            order->rmas.items[n++] = order->rmas.items[i];
            continue;
        }

        id = cxr_list_push(w->arena, gifts, sizeof(*id));
        if (id == NULL) {
            return CXR_NOMEM;
        }

        *id = rma.id;
    }

    if (!order->gifted) {
        return CXR_OK;
    }

    order->rmas.n = n;

    for (i = 0, n = 0; i < order->lines.n; i++) {
        if (!cxr_cli_strs_have(gifts, order->lines.items[i].origin_rma)) {
            order->lines.items[n++] = order->lines.items[i];
        }
    }

    order->lines.n = n;

    return CXR_OK;
}


/* Is the entry about one of these? */

bool
cxr_cli_of_gift(const cxr_strs_t *gifts, const cxr_entry_t *e, cxr_arena_t *a)
{
    void               *body;
    const char         *name;
    const cxr_type_t   *type;
    const cxr_field_t  *field;

    if (gifts->n == 0) {
        return false;
    }

    type = cxr_event_body(e->kind);
    name = type == &cxr_rma_type ? "id" : "rma";
    field = type != NULL ? cxr_type_field(type, cxr_strz(name)) : NULL;
    body = field != NULL ? cxr_calloc(a, 1, type->size) : NULL;

    return body != NULL && field->kind == CXR_F_STR
           && cxr_rec_decode(type, e->body.data, e->body.len, body, a)
              == CXR_OK
           && cxr_cli_strs_have(gifts,
                             *(cxr_str_t *) (void *) ((char *) body
                                                      + field->offset));
}

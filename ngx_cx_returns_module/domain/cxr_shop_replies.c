
/*
 * The "replies" of a shop's file: what staff answer again and again, with
 * fields that a page fills in.
 */

#include <stdio.h>

#include "cxr_shop_private.h"
#include "cxr_text.h"


const char *const  cxr_reply_field_names[] = {
    "name", "order", "rma", "shop", "agent", "link", "refund", "label_until",
    NULL
};


bool
cxr_reply_next(cxr_str_t *rest, cxr_str_t *before, int *field)
{
    const char  *open, *close, *end;

    *field = -1;

    if (rest->len == 0) {
        return false;
    }

    end = rest->data + rest->len;
    open = memchr(rest->data, '{', rest->len);

    if (open == NULL) {
        *before = *rest;
        *rest = CXR_STR_NONE;
        return true;
    }

    *before = cxr_strn(rest->data, (size_t) (open - rest->data));
    close = memchr(open, '}', (size_t) (end - open));

    if (close == NULL) {
        *rest = CXR_STR_NONE;
        *field = -2;
        return true;
    }

    *field = cxr_name_index(cxr_reply_field_names,
                            cxr_strn(open + 1, (size_t) (close - open) - 1));
    if (*field < 0) {
        *field = -2;
    }

    *rest = cxr_strn(close + 1, (size_t) (end - close) - 1);

    return true;
}


static void
cxr_reply_check(cxr_jr_t *r, const cxr_texts_t *texts)
{
    int        field;
    uint32_t   i;
    cxr_str_t  rest, before;

    for (i = 0; i < texts->n; i++) {
        rest = texts->items[i].text;

        while (cxr_reply_next(&rest, &before, &field)) {
            if (field == -2) {
                cxr_jr_fault(r, "text", "has a field in \"%.*s\" that is not "
                             "known: there are {name}, {order}, {rma}, {shop}, "
                             "{agent}, {link}, {refund} and {label_until}",
                             cxr_str_arg(texts->items[i].lang));
                break;
            }
        }
    }
}


static bool
cxr_reply_twice(const cxr_replies_t *replies, cxr_str_t id)
{
    uint32_t  i, n = 0;

    for (i = 0; i < replies->n; i++) {
        n += cxr_str_eq(replies->items[i].id, id);
    }

    return id.len != 0 && n > 1;
}


cxr_rc_t
cxr_shop_replies(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    char          at[48];
    size_t        i;
    cxr_jr_t      r;
    cxr_rc_t      rc;
    cxr_reply_t  *reply;

    for (i = 0; i < json_array_size(json); i++) {
        snprintf(at, sizeof(at), "/replies/%u", (unsigned) i);

        if (!cxr_jr_begin(&r, json_array_get(json, i), at, a, faults)) {
            continue;
        }

        reply = cxr_list_push(a, &shop->replies, sizeof(*reply));
        if (reply == NULL) {
            return CXR_NOMEM;
        }

        cxr_jr_slug(&r, "id", CXR_REPLY_ID_MAX, CXR_JR_REQUIRED, &reply->id);

        if (cxr_reply_twice(&shop->replies, reply->id)) {
            cxr_jr_fault(&r, "id", "is another reply's already");
        }

        rc = cxr_jr_texts(&r, "title", CXR_REPLY_TITLE_MAX, CXR_JR_REQUIRED,
                          shop, &reply->title);
        if (rc == CXR_OK) {
            rc = cxr_jr_blocks(&r, "text", CXR_REPLY_TEXT_MAX,
                               CXR_JR_REQUIRED, shop, &reply->text);
        }

        if (rc != CXR_OK) {
            return rc;
        }

        cxr_reply_check(&r, &reply->text);
        cxr_jr_end(&r);
    }

    return CXR_OK;
}


/*
 * Photos on a page.
 */

#include "cxr_view_photo.h"

#define PHOTO_PATH_MAX  (CXR_TICKET_MAX + 32)


static const cxr_field_t  cxr_view_photo_fields[] = {
    CXR_VIEW_URL(cxr_view_photo_t, url),
    CXR_VIEW_URL(cxr_view_photo_t, small_url),
    CXR_FIELD(cxr_view_photo_t, name, STR),
    CXR_FIELD(cxr_view_photo_t, width, U32),
    CXR_FIELD(cxr_view_photo_t, height, U32),
    CXR_FIELD(cxr_view_photo_t, ticket, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_photo_type = {
    "photo", 0, 1, sizeof(cxr_view_photo_t), cxr_view_photo_fields
};


static cxr_str_t
photo_url(cxr_say_t *say, cxr_str_t url, const char *before, cxr_str_t name,
    const char *after)
{
    char       mem[PHOTO_PATH_MAX];
    cxr_buf_t  b;

    cxr_buf_init_fixed(&b, mem, sizeof(mem));
    cxr_buf_addz(&b, before);
    cxr_buf_adds(&b, name);
    cxr_buf_addz(&b, after);
    cxr_buf_addc(&b, '\0');

    return cxr_buf_ok(&b) ? cxr_say_url(say, url, mem) : CXR_STR_NONE;
}


static void
photo_push(cxr_say_t *say, cxr_str_t url, cxr_str_t name,
    const cxr_photo_ref_t *ref, cxr_view_photos_t *out)
{
    cxr_arg_t          arg;
    cxr_view_photo_t  *p;

    p = cxr_say_push(say, out, sizeof(*p));
    if (p == NULL) {
        return;
    }

    arg = cxr_arg_int("n", out->n);

    p->url = photo_url(say, url, "/photo/", name, "");
    p->small_url = photo_url(say, url, "/photo/", name, "/small");
    p->name = cxr_say_with(say, "talk.photo", &arg, 1);
    p->width = ref->width;
    p->height = ref->height;
}


void
cxr_view_photos(cxr_say_t *say, cxr_str_t url, const cxr_photo_refs_t *refs,
    cxr_view_photos_t *out)
{
    char       hex[2 * CXR_PHOTO_HASH_LEN];
    uint32_t   i;
    cxr_buf_t  b;

    for (i = 0; i < refs->n; i++) {
        if (refs->items[i].hash.len != CXR_PHOTO_HASH_LEN) {
            continue;
        }

        cxr_buf_init_fixed(&b, hex, sizeof(hex));
        cxr_buf_hex(&b, refs->items[i].hash.data, refs->items[i].hash.len);
        photo_push(say, url, cxr_buf_str(&b), &refs->items[i], out);
    }
}


void
cxr_view_tickets(cxr_say_t *say, cxr_str_t url, const cxr_portal_pick_t *pick,
    cxr_view_photos_t *out)
{
    uint32_t                   i, n;
    const cxr_portal_photo_t  *photo;

    for (i = 0; i < pick->photos.n; i++) {
        photo = &pick->photos.items[i];
        n = out->n;

        photo_push(say, url, photo->ticket, &photo->ref, out);

        if (out->n > n) {
            out->items[n].ticket = photo->ticket;
        }
    }
}


/*
 * Pictures of a shop that are files beside its own: which members name them,
 * and their bytes.  What is in them is looked at by those who can decode them
 * (cxr_shop_pictures_check()).
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_file.h"
#include "cxr_shop_private.h"


typedef void (*shop_picture_pt)(void *ctx, cxr_str_t *field,
    const char *where, size_t max);

typedef struct {
    const char         *path;      /* the shop's file                          */
    cxr_arena_t        *a;
    cxr_shop_t         *shop;
    cxr_json_faults_t  *faults;
    size_t              total;     /* bytes read                               */
    cxr_rc_t            rc;
} shop_pictures_t;

typedef struct {
    const cxr_shop_picture_t  *picture;
    cxr_str_t                  url;
} shop_picture_at_t;


/* What neither a URL's scheme nor a path of the host begins. */

static bool
shop_picture_is_file(cxr_str_t s)
{
    return s.len != 0 && s.data[0] != '/' && memchr(s.data, ':', s.len) == NULL;
}


static cxr_str_t
shop_picture_last(cxr_str_t name)
{
    size_t  i;

    for (i = name.len; i > 0 && name.data[i - 1] != '/'; i--) { /* void */ }

    return cxr_strn(name.data + i, name.len - i);
}


/* The last part stands in an address, which needs no escaping then. */

static bool
shop_picture_named(cxr_str_t name)
{
    size_t     i;
    char       c;
    cxr_str_t  last;

    last = shop_picture_last(name);

    if (last.len == 0 || last.len > CXR_PICTURE_NAME_MAX
        || last.data[0] == '.')
    {
        return false;
    }

    for (i = 0; i < last.len; i++) {
        c = last.data[i];

        if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
            && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-')
        {
            return false;
        }
    }

    return true;
}


bool
cxr_jr_picture(cxr_jr_t *r, const char *key, cxr_str_t *out)
{
    json_t     *v;
    cxr_str_t   s = CXR_STR_NONE;

    v = json_object_get(r->obj, key);

    if (!json_is_string(v)
        || !shop_picture_is_file(cxr_strn(json_string_value(v),
                                          json_string_length(v))))
    {
        return cxr_jr_image(r, key, out);
    }

    if (!cxr_jr_line(r, key, CXR_URL_MAX, 0, &s)) {
        return false;
    }

    if (!shop_picture_named(s)) {
        cxr_jr_fault(r, key, "must be a picture's file, its path from where "
                     "this file stands and its name of up to %d letters "
                     "without accents, digits, \".\", \"_\" and \"-\"; or a "
                     "URL that begins with https://, or a path of the site "
                     "that begins with one /", CXR_PICTURE_NAME_MAX);
        return false;
    }

    *out = s;

    return true;
}


static void
shop_pictures_walk(cxr_shop_t *shop, shop_picture_pt fn, void *ctx)
{
    char          where[80];
    size_t        i;
    uint32_t      k, n;
    cxr_promo_t  *offer;

    const struct {
        cxr_str_t   *field;
        const char  *where;
        size_t       max;
    } brand[] = {
        { &shop->brand.logo, "/brand/logo", CXR_SHOP_LOGO_MAX },
        { &shop->brand.logo_dark, "/brand/logo_dark", CXR_SHOP_LOGO_MAX },
        { &shop->brand.icon, "/brand/icon", CXR_SHOP_LOGO_MAX },
        { &shop->brand.share_image, "/brand/share_image",
          CXR_SHOP_PICTURE_MAX }
    };

    for (i = 0; i < cxr_nelts(brand); i++) {
        fn(ctx, brand[i].field, brand[i].where, brand[i].max);
    }

    for (k = 0; k < shop->offers.n; k++) {
        offer = &shop->offers.items[k];

        (void) snprintf(where, sizeof(where), "/offers/%u/image", k);
        fn(ctx, &offer->image, where, CXR_SHOP_PICTURE_MAX);

        for (n = 0; n < offer->products.n; n++) {
            (void) snprintf(where, sizeof(where),
                            "/offers/%u/products/%u/image", k, n);
            fn(ctx, &offer->products.items[n].image, where,
               CXR_SHOP_PICTURE_MAX);
        }
    }
}


static bool
shop_picture_known(const cxr_shop_t *shop, cxr_str_t name)
{
    uint32_t  i;

    for (i = 0; i < shop->pictures.n; i++) {
        if (cxr_str_eq(shop->pictures.items[i].name, name)) {
            return true;
        }
    }

    return false;
}


/* NULL: what is wrong stands in the faults, or there is no memory. */

static char *
shop_picture_open(shop_pictures_t *p, cxr_str_t name, const char *where,
    size_t max, size_t *n)
{
    char        *data;
    cxr_jr_t     r;
    cxr_rc_t     rc;
    cxr_str_t    file;
    cxr_diag_t   d;
    const char  *slash;

    memset(&r, 0, sizeof(r));
    memset(&d, 0, sizeof(d));
    r.faults = p->faults;
    (void) snprintf(r.path, sizeof(r.path), "%s", where);

    slash = strrchr(p->path, '/');
    file = cxr_sprintf(p->a, "%.*s%.*s",
                       slash ? (int) (slash + 1 - p->path) : 0, p->path,
                       cxr_str_arg(name));

    if (file.data == NULL) {
        p->rc = CXR_NOMEM;
        return NULL;
    }

    rc = cxr_file_read(file.data, max, &data, n, &d);

    if (rc == CXR_NOMEM) {
        p->rc = CXR_NOMEM;
        return NULL;
    }

    if (rc == CXR_LIMIT) {
        cxr_jr_fault(&r, NULL, "\"%.*s\" has more than %u KiB, which is what "
                     "this picture may have: save it smaller",
                     cxr_str_arg(name), (unsigned) (max / 1024));
        return NULL;
    }

    if (rc != CXR_OK) {
        cxr_jr_fault(&r, NULL, "\"%.*s\": %s; paths are from where this file "
                     "stands", cxr_str_arg(name), d.text);
        return NULL;
    }

    p->total += *n;

    if (p->total > CXR_SHOP_PICTURES_MAX) {
        cxr_jr_fault(&r, NULL, "with \"%.*s\" the shop's pictures have more "
                     "than %d MiB together", cxr_str_arg(name),
                     CXR_SHOP_PICTURES_MAX / 1024 / 1024);
        free(data);
        return NULL;
    }

    return data;
}


static void
shop_picture_read(void *ctx, cxr_str_t *field, const char *where, size_t max)
{
    char                *data;
    size_t               n;
    shop_pictures_t     *p = ctx;
    cxr_shop_picture_t  *picture;

    if (p->rc != CXR_OK || !shop_picture_is_file(*field)
        || p->total > CXR_SHOP_PICTURES_MAX
        || shop_picture_known(p->shop, *field))
    {
        return;
    }

    data = shop_picture_open(p, *field, where, max, &n);

    if (data == NULL) {
        return;
    }

    picture = cxr_list_push(p->a, &p->shop->pictures, sizeof(*picture));

    if (picture == NULL
        || cxr_str_dup(p->a, cxr_strn(data, n), &picture->data) != CXR_OK)
    {
        p->rc = CXR_NOMEM;

    } else {
        picture->name = *field;
        picture->last = shop_picture_last(*field);
        picture->where = cxr_strz_dup(p->a, cxr_strz(where));
        p->rc = picture->where == NULL ? CXR_NOMEM : CXR_OK;
    }

    free(data);
}


cxr_rc_t
cxr_shop_pictures(const char *path, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    unsigned         before;
    shop_pictures_t  p;

    before = faults->total;

    memset(&p, 0, sizeof(p));
    p.path = path;
    p.a = a;
    p.shop = shop;
    p.faults = faults;
    p.rc = CXR_OK;

    shop_pictures_walk(shop, shop_picture_read, &p);

    return p.rc == CXR_OK && faults->total != before ? CXR_INVALID : p.rc;
}


static void
shop_picture_place(void *ctx, cxr_str_t *field, const char *where, size_t max)
{
    shop_picture_at_t  *at = ctx;

    if (cxr_str_eq(*field, at->picture->name)) {
        *field = at->url;
    }
}


void
cxr_shop_picture_at(cxr_shop_t *shop, const cxr_shop_picture_t *picture,
    cxr_str_t url)
{
    shop_picture_at_t  at;

    at.picture = picture;
    at.url = url;

    shop_pictures_walk(shop, shop_picture_place, &at);
}

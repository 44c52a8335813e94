
/*
 * What a HEIC file is about to cost, looked at before libheif is let near it.
 *
 * The size that a file tells of itself is in a property; what the decoder makes
 * room for is what the coded picture says, and the two need not agree: 57 KB
 * may claim 64 x 64 and be 16000 x 16000, 1.4 GB when decoded.  Pieces may be
 * used again and again, too.  So the boxes are walked here (ISO/IEC 14496-12
 * and 23008-12), down to the sequence parameter sets of HEVC (Rec. ITU-T H.265,
 * 7.3.2.2), and only what telephones write is taken: pictures coded as HEVC,
 * one each, alone or as tiles of a grid.
 */

#include <stdlib.h>

#include "cxr_photo_private.h"

#define HEIF_ITEMS_MAX     2048      /* tiles of 50 million pixels: 200      */
#define HEIF_PROPS_MAX     2048
#define HEIF_GRIDS_MAX     4         /* the picture, what belongs to it      */
#define HEIF_REFS_MAX      4096
#define HEIF_SETS_MAX      16        /* parameter sets of one property       */
#define HEIF_SLICES_MAX    600       /* of a picture: H.265, table A.8       */
#define HEIF_EXTENTS_MAX   64
#define HEIF_TURNS_MAX     32     /* properties of an item: each may turn it */

#define HEIF_TYPE(a, b, c, d)                                                 \
    ((uint32_t) (a) << 24 | (uint32_t) (b) << 16 | (uint32_t) (c) << 8        \
     | (uint32_t) (d))

#define HEVC_NAL_VPS  32             /* up to here: slices                   */
#define HEVC_NAL_SPS  33
#define HEVC_NAL_PPS  34


/* Bytes that are read from the front; "bad" once there were too few. */
typedef struct {
    const uint8_t  *p;
    size_t          len;
    bool            bad;
} heif_in_t;

typedef struct {
    uint32_t   id;
    uint32_t   type;
    uint64_t   pixels;               /* of the picture that is coded in it   */
    unsigned   props;                /* how many it has                      */
} heif_item_t;

typedef struct {
    cxr_str_t     file;
    heif_in_t     iinf;
    heif_in_t     iloc;
    heif_in_t     ipco;
    heif_in_t     ipma;
    heif_in_t     iref;

    heif_item_t  *items;
    size_t        nitems;
    uint64_t     *props;             /* pixels, or 0: not HEVC               */
    size_t        nprops;
} heif_t;


/* ---- bytes ---- */

static uint64_t
heif_uint(heif_in_t *in, unsigned bytes)
{
    uint64_t  v = 0;

    if (in->bad || in->len < bytes) {
        in->bad = true;
        return 0;
    }

    in->len -= bytes;

    while (bytes--) {
        v = v << 8 | *in->p++;
    }

    return v;
}


static heif_in_t
heif_take(heif_in_t *in, uint64_t len)
{
    heif_in_t  out = { in->p, 0, true };

    if (!in->bad && len <= in->len) {
        out.len = (size_t) len;
        out.bad = false;
        in->p += len;
        in->len -= (size_t) len;

    } else {
        in->bad = true;
    }

    return out;
}


/* False at the end, and (then "bad") where there is no box. */

static bool
heif_box(heif_in_t *in, uint32_t *type, heif_in_t *body)
{
    size_t    before = in->len;
    uint64_t  size;

    if (in->bad || in->len == 0) {
        return false;
    }

    size = heif_uint(in, 4);
    *type = (uint32_t) heif_uint(in, 4);

    if (size == 1) {
        size = heif_uint(in, 8);

    } else if (size == 0) {
        size = before;
    }

    if (in->bad || size < before - in->len) {
        in->bad = true;
        return false;
    }

    *body = heif_take(in, size - (before - in->len));

    return !in->bad;
}


/* ---- HEVC ---- */

typedef struct {
    heif_in_t  in;
    unsigned   zeros;                /* bytes of it just before              */
    unsigned   byte;
    unsigned   left;                 /* bits of "byte"                       */
} hevc_bits_t;


static unsigned
hevc_bit(hevc_bits_t *b)
{
    if (b->left == 0) {
        b->byte = (unsigned) heif_uint(&b->in, 1);

        if (b->zeros >= 2 && b->byte == 3) {     /* keeps 0 0 1 out of it    */
            b->byte = (unsigned) heif_uint(&b->in, 1);
            b->zeros = 0;
        }

        b->zeros = b->byte == 0 ? b->zeros + 1 : 0;
        b->left = 8;
    }

    b->left--;

    return b->byte >> b->left & 1;
}


static void
hevc_skip(hevc_bits_t *b, unsigned n)
{
    while (n-- > 0) {
        (void) hevc_bit(b);
    }
}


static uint32_t
hevc_ue(hevc_bits_t *b)
{
    uint32_t  v = 0;
    unsigned  i, n = 0;

    while (!b->in.bad && hevc_bit(b) == 0) {
        if (++n > 31) {
            b->in.bad = true;
        }
    }

    for (i = 0; i < n && !b->in.bad; i++) {
        v = v << 1 | hevc_bit(b);
    }

    return b->in.bad ? 0 : v + ((uint32_t) 1 << n) - 1;
}


static cxr_rc_t
hevc_sps(heif_in_t nal, uint64_t *pixels)
{
    unsigned     i, layers, has = 0;
    uint32_t     w, h;
    cxr_rc_t     rc;
    hevc_bits_t  b = { nal, 0, 0, 0 };

    hevc_skip(&b, 16 + 4);                       /* NAL header, VPS          */
    layers = hevc_bit(&b) << 2;
    layers |= hevc_bit(&b) << 1;
    layers |= hevc_bit(&b);
    hevc_skip(&b, 1 + 96);                       /* profile, tier and level  */

    for (i = 0; i < 2 * layers; i++) {
        has = has << 1 | hevc_bit(&b);
    }

    hevc_skip(&b, layers ? 2 * (8 - layers) : 0);

    for (i = layers; i-- > 0; /* void */ ) {
        hevc_skip(&b, (has >> (2 * i + 1) & 1 ? 88 : 0)
                      + (has >> (2 * i) & 1 ? 8 : 0));
    }

    (void) hevc_ue(&b);                          /* its id                   */

    if (hevc_ue(&b) == 3) {                      /* chroma format            */
        hevc_skip(&b, 1);
    }

    w = hevc_ue(&b);
    h = hevc_ue(&b);

    if (b.in.bad) {
        return CXR_INVALID;
    }

    rc = cxr_pixels_ok(w, h, CXR_PHOTO_PLAIN_MAX);

    if (rc == CXR_OK && *pixels < (uint64_t) w * h) {
        *pixels = (uint64_t) w * h;
    }

    return rc;
}


/* ISO/IEC 14496-15, 8.3.3.1 */

static cxr_rc_t
heif_hvcc(heif_in_t in, uint64_t *pixels)
{
    cxr_rc_t   rc;
    unsigned   arrays, n, type, sets = 0;
    heif_in_t  nal;

    *pixels = 0;
    (void) heif_take(&in, 21);

    if ((heif_uint(&in, 1) & 3) != 3) {          /* lengths of other sizes   */
        return CXR_INVALID;
    }

    for (arrays = (unsigned) heif_uint(&in, 1); arrays > 0; arrays--) {
        (void) heif_uint(&in, 1);

        for (n = (unsigned) heif_uint(&in, 2); n > 0 && !in.bad; n--) {
            nal = heif_take(&in, heif_uint(&in, 2));

            if (in.bad || nal.len < 2 || ++sets > HEIF_SETS_MAX) {
                return CXR_INVALID;
            }

            type = nal.p[0] >> 1 & 0x3f;
            rc = type < HEVC_NAL_VPS ? CXR_INVALID
                 : type == HEVC_NAL_SPS ? hevc_sps(nal, pixels) : CXR_OK;

            if (rc != CXR_OK) {
                return rc;
            }
        }
    }

    return in.bad || *pixels == 0 ? CXR_INVALID : CXR_OK;
}


/* One picture, and no other parameters than those of its property. */

static cxr_rc_t
hevc_picture(heif_in_t in)
{
    unsigned   type, slices = 0, pictures = 0;
    heif_in_t  nal;

    while (in.len > 0) {
        nal = heif_take(&in, heif_uint(&in, 4));

        if (in.bad || nal.len < 3) {
            return CXR_INVALID;
        }

        type = nal.p[0] >> 1 & 0x3f;

        if (type < HEVC_NAL_VPS) {
            slices++;
            pictures += nal.p[2] >> 7;           /* its first slice          */
        }

        if ((type >= HEVC_NAL_VPS && type <= HEVC_NAL_PPS)
            || slices > HEIF_SLICES_MAX || pictures > 1)
        {
            return CXR_INVALID;
        }
    }

    return CXR_OK;
}


/* ---- boxes ---- */

static heif_item_t *
heif_item(heif_t *h, uint32_t id)
{
    size_t  i;

    for (i = 0; i < h->nitems; i++) {
        if (h->items[i].id == id) {
            return &h->items[i];
        }
    }

    return NULL;
}


static cxr_rc_t
heif_items(heif_t *h)
{
    uint32_t      type, grids = 0;
    unsigned      version;
    heif_in_t     in = h->iinf, box;
    heif_item_t  *item;

    version = (unsigned) (heif_uint(&in, 4) >> 24);
    (void) heif_uint(&in, version == 0 ? 2 : 4);

    while (heif_box(&in, &type, &box)) {
        version = (unsigned) (heif_uint(&box, 4) >> 24);

        if (type != HEIF_TYPE('i', 'n', 'f', 'e') || version < 2
            || version > 3 || h->nitems == HEIF_ITEMS_MAX)
        {
            return CXR_INVALID;
        }

        item = &h->items[h->nitems];
        item->id = (uint32_t) heif_uint(&box, version == 2 ? 2 : 4);
        (void) heif_uint(&box, 2);               /* protection               */
        item->type = (uint32_t) heif_uint(&box, 4);

        if (box.bad || heif_item(h, item->id) != NULL) {
            return CXR_INVALID;
        }

        switch (item->type) {

        case HEIF_TYPE('g', 'r', 'i', 'd'):
            if (++grids > HEIF_GRIDS_MAX) {
                return CXR_INVALID;
            }

            break;

        case HEIF_TYPE('h', 'v', 'c', '1'):
        case HEIF_TYPE('E', 'x', 'i', 'f'):
        case HEIF_TYPE('m', 'i', 'm', 'e'):
        case HEIF_TYPE('u', 'r', 'i', ' '):
        case HEIF_TYPE('t', 'm', 'a', 'p'):     /* tones: libheif passes it  */
            break;

        default:
            return CXR_INVALID;
        }

        h->nitems++;
    }

    return in.bad ? CXR_INVALID : CXR_OK;
}


static cxr_rc_t
heif_properties(heif_t *h)
{
    cxr_rc_t   rc;
    uint32_t   type;
    heif_in_t  in = h->ipco, box;

    while (heif_box(&in, &type, &box)) {
        if (h->nprops == HEIF_PROPS_MAX) {
            return CXR_INVALID;
        }

        if (type == HEIF_TYPE('h', 'v', 'c', 'C')) {
            rc = heif_hvcc(box, &h->props[h->nprops]);
            if (rc != CXR_OK) {
                return rc;
            }
        }

        h->nprops++;
    }

    return in.bad ? CXR_INVALID : CXR_OK;
}


static cxr_rc_t
heif_associations(heif_t *h)
{
    uint64_t      n, i, of;
    unsigned      version, flags, k, index;
    uint32_t      head;
    heif_in_t     in = h->ipma;
    heif_item_t  *item;

    head = (uint32_t) heif_uint(&in, 4);
    version = head >> 24;
    flags = head & 1;

    n = heif_uint(&in, 4);

    for (i = 0; i < n && !in.bad; i++) {
        item = heif_item(h, (uint32_t) heif_uint(&in, version == 0 ? 2 : 4));

        k = (unsigned) heif_uint(&in, 1);

        if (item != NULL && (item->props += k) > HEIF_TURNS_MAX) {
            return CXR_INVALID;
        }

        for ( /* void */ ; k > 0; k--) {
            index = (unsigned) heif_uint(&in, flags ? 2 : 1)
                    & (flags ? 0x7fff : 0x7f);

            of = index != 0 && index <= h->nprops ? h->props[index - 1] : 0;

            if (item != NULL && item->pixels < of) {
                item->pixels = of;
            }
        }
    }

    return in.bad ? CXR_INVALID : CXR_OK;
}


/* Of all items together no more is read than the file twice. */

static cxr_rc_t
heif_extents(heif_t *h)
{
    unsigned      version, sizes, more, method, n, i;
    uint64_t      count, base, at, len, sum = 0;
    heif_in_t     in = h->iloc, data;
    heif_item_t  *item;

    version = (unsigned) (heif_uint(&in, 4) >> 24);
    sizes = (unsigned) heif_uint(&in, 1);
    more = (unsigned) heif_uint(&in, 1);

    if (version > 2 || ((sizes >> 4) | (sizes & 15) | (more >> 4)
                        | (version ? more & 15 : 0)) & ~12u)
    {
        return CXR_INVALID;
    }

    for (count = heif_uint(&in, version < 2 ? 2 : 4); count > 0 && !in.bad;
         count--)
    {
        item = heif_item(h, (uint32_t) heif_uint(&in, version < 2 ? 2 : 4));
        method = version ? (unsigned) heif_uint(&in, 2) & 15 : 0;

        (void) heif_uint(&in, 2);                /* data reference           */
        base = heif_uint(&in, more >> 4);
        n = (unsigned) heif_uint(&in, 2);

        if (in.bad || n > HEIF_EXTENTS_MAX) {
            return CXR_INVALID;
        }

        for (i = 0; i < n; i++) {
            if (version) {
                (void) heif_uint(&in, more & 15);
            }

            at = base + heif_uint(&in, sizes >> 4);
            len = heif_uint(&in, sizes & 15);

            if (in.bad || len > h->file.len || (sum += len) > 2 * h->file.len
                || (method == 0 && (at > h->file.len
                                    || len > h->file.len - at)))
            {
                return CXR_INVALID;
            }

            if (item == NULL || item->type != HEIF_TYPE('h', 'v', 'c', '1')) {
                continue;
            }

            if (method != 0 || n != 1) {
                return CXR_INVALID;
            }

            data.p = (const uint8_t *) h->file.data + at;
            data.len = (size_t) len;
            data.bad = false;

            if (hevc_picture(data) != CXR_OK) {
                return CXR_INVALID;
            }
        }
    }

    return in.bad ? CXR_INVALID : CXR_OK;
}


/* What is put together of others, the same one as often as it is named. */

static cxr_rc_t
heif_references(heif_t *h)
{
    unsigned      version, n, refs = 0;
    uint32_t      type;
    uint64_t      sum = 0;
    heif_in_t     in = h->iref, box;
    heif_item_t  *item;

    if (in.len == 0) {
        return CXR_OK;
    }

    version = (unsigned) (heif_uint(&in, 4) >> 24);

    while (heif_box(&in, &type, &box)) {
        (void) heif_uint(&box, version == 0 ? 2 : 4);

        for (n = (unsigned) heif_uint(&box, 2); n > 0; n--) {
            item = heif_item(h, (uint32_t) heif_uint(&box,
                                                     version == 0 ? 2 : 4));

            if (box.bad || ++refs > HEIF_REFS_MAX) {
                return CXR_INVALID;
            }

            if (type != HEIF_TYPE('d', 'i', 'm', 'g') || item == NULL) {
                continue;
            }

            /* a grid of grids is none that a telephone writes */

            if (item->type == HEIF_TYPE('g', 'r', 'i', 'd')) {
                return CXR_INVALID;
            }

            sum += item->pixels;

            if (sum > 2 * (uint64_t) CXR_PHOTO_PLAIN_MAX) {
                return CXR_LIMIT;
            }
        }
    }

    return in.bad ? CXR_INVALID : CXR_OK;
}


/* Each box once, and those that matter there. */

static bool
heif_once(heif_in_t *to, heif_in_t box)
{
    if (to->p != NULL) {
        return false;
    }

    *to = box;

    return true;
}


static bool
heif_meta(heif_t *h, heif_in_t in)
{
    bool       ok = true;
    uint32_t   type;
    heif_in_t  box, sub;

    (void) heif_uint(&in, 4);

    while (ok && heif_box(&in, &type, &box)) {

        if (type == HEIF_TYPE('i', 'i', 'n', 'f')) {
            ok = heif_once(&h->iinf, box);

        } else if (type == HEIF_TYPE('i', 'l', 'o', 'c')) {
            ok = heif_once(&h->iloc, box);

        } else if (type == HEIF_TYPE('i', 'r', 'e', 'f')) {
            ok = heif_once(&h->iref, box);

        } else if (type == HEIF_TYPE('i', 'p', 'r', 'p')) {

            while (ok && heif_box(&box, &type, &sub)) {
                if (type == HEIF_TYPE('i', 'p', 'c', 'o')) {
                    ok = heif_once(&h->ipco, sub);

                } else if (type == HEIF_TYPE('i', 'p', 'm', 'a')) {
                    ok = heif_once(&h->ipma, sub);
                }
            }

            ok = ok && !box.bad;
        }
    }

    return ok && !in.bad && h->iinf.p && h->iloc.p && h->ipco.p && h->ipma.p;
}


cxr_rc_t
cxr_heic_check(cxr_str_t file)
{
    bool       ok = true, met = false;
    heif_t     h;
    cxr_rc_t   rc = CXR_NOMEM;
    uint32_t   type;
    heif_in_t  in, box;

    memset(&h, 0, sizeof(h));
    h.file = file;
    in.p = (const uint8_t *) file.data;
    in.len = file.len;
    in.bad = false;

    while (ok && heif_box(&in, &type, &box)) {
        if (type == HEIF_TYPE('m', 'e', 't', 'a')) {
            ok = !met && heif_meta(&h, box);
            met = true;

        } else if (type == HEIF_TYPE('m', 'o', 'o', 'v')) {
            ok = false;                          /* a film                   */
        }
    }

    if (!ok || !met || in.bad) {
        return CXR_INVALID;
    }

    h.items = calloc(HEIF_ITEMS_MAX, sizeof(*h.items));
    h.props = calloc(HEIF_PROPS_MAX, sizeof(*h.props));

    if (h.items != NULL && h.props != NULL) {
        rc = heif_items(&h);
        rc = rc == CXR_OK ? heif_properties(&h) : rc;
        rc = rc == CXR_OK ? heif_associations(&h) : rc;
        rc = rc == CXR_OK ? heif_extents(&h) : rc;
        rc = rc == CXR_OK ? heif_references(&h) : rc;
    }

    free(h.items);
    free(h.props);

    return rc;
}

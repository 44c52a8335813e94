
/*
 * A digest of all that a record's report is made of: what the tape holds of
 * it, the request, and the profile.  Two records of one parcel that have the
 * same are the same record told twice.
 *
 * Carriers tell the whole of a parcel again and again; what was taken in once
 * need not be read by the profile again to be found without news.
 */

/* on x86 the library asks the processor how wide its registers are */

#if defined(__x86_64__)
#include <xxh_x86dispatch.h>
#else
#include <xxhash.h>
#endif

#include "cxr_feed_private.h"


/* To be raised when this program makes other reports of the same records. */
#define CXR_SEEN_VERSION   2

/* a record with more than this is read as if it were new */
#define CXR_SEEN_BYTES     (64 * 1024)
/* what stands before it is part of what it says, and is hashed with each */
#define CXR_SEEN_BEFORE    64


uint64_t
cxr_seen_profile(cxr_str_t text)
{
    return XXH3_64bits_withSeed(text.data, text.len, CXR_SEEN_VERSION);
}


/*
 * A node in eight bytes: within CXR_SEEN_BYTES its end is less than 2^16 nodes
 * away, its text begins before 2^16, and is no longer than CXR_FEED_VALUE_MAX.
 */
static inline uint64_t
cxr_seen_node(const cxr_node_t *n, uint32_t at)
{
    uint64_t  w;

    w = n->name | (uint64_t) (n->flags & 3) << 16
        | (uint64_t) (n->end - at) << 32;

    return n->len ? w | (uint64_t) n->len << 18 | (uint64_t) n->text << 48 : w;
}


_Static_assert(CXR_FEED_VALUE_MAX < 1 << 14 && CXR_SEEN_BYTES <= 1 << 16
               && (CXR_NODE_NIL | CXR_NODE_CHILDREN) == 3,
               "a node has no room in eight bytes");


void
cxr_seen_digest(cxr_feed_t *f, const cxr_open_t *e, cxr_seen_t *out)
{
    char                *p;
    size_t               n;
    uint32_t             i;
    uint64_t            *w, names = 0;
    XXH128_hash_t        h;
    const cxr_node_t    *node;
    XXH128_canonical_t   c;

    out->made = false;
    out->raw = false;

    if (e->node > CXR_SEEN_BEFORE || f->nheld > 0) {
        return;
    }

    n = (f->nnodes + 2) * sizeof(uint64_t) + f->ntext + f->request.len;

    if (n > CXR_SEEN_BYTES) {
        return;
    }

    w = cxr_alloc(f->scratch, n);
    if (w == NULL) {
        return;
    }

    for (i = 0, node = f->nodes; i < f->nnodes; i++, node++) {
        w[i] = cxr_seen_node(node, i);

        /* names that the profile does not say are told apart by themselves */

        if (node->name == CXR_NAME_OTHER) {
            names = XXH3_64bits_withSeed(node->local, strlen(node->local),
                                         names + 1);
        }
    }

    w[i++] = f->profile->seen;
    w[i++] = names ^ f->ntext;

    p = cxr_str_put(w + i, cxr_strn(f->text, f->ntext));
    (void) cxr_str_put(p, f->request);

    /* without a seed, which would take as long as a short record does */

    h = XXH3_128bits(w, n);
    XXH128_canonicalFromHash(&c, h);
    memcpy(out->tape, c.digest, CXR_SEEN_LEN);

    out->made = true;
    out->raw = cxr_again_digest(f, out->bytes);
}


_Static_assert(CXR_SEEN_RAW + CXR_AGAIN_LEN == CXR_DIGEST_LEN
               && CXR_SEEN_RAW == CXR_DIGEST_SHORT, "a digest has no room");


/*
 * What is kept with the parcel: the digest, how many events the record had,
 * how many of them a rule maps that nobody has confirmed, and the digest of its
 * bytes if there is one.  Nothing where those counts say more than that (an operator looks for
 * codes that no rule maps, and for times that no format reads, in each document).
 */
bool
cxr_seen_keep(cxr_feed_t *f, cxr_arena_t *a, const cxr_seen_t *seen,
    const cxr_feed_stats_t *before, cxr_report_t *report)
{
    char      *p;
    size_t     len;
    unsigned   unsure;

    if (f->stats.unmapped != before->unmapped
        || f->stats.untimed != before->untimed
        || f->stats.ignored != before->ignored)
    {
        return true;
    }

    unsure = (unsigned) (f->stats.unsure - before->unsure);

    len = seen->raw ? CXR_DIGEST_LEN : CXR_DIGEST_SHORT;

    p = cxr_alloc(a, len);
    if (p == NULL) {
        return false;
    }

    memcpy(p, seen->tape, CXR_SEEN_LEN);
    p[CXR_SEEN_LEN] = (char) (report->scans.n & 0xff);
    p[CXR_SEEN_LEN + 1] = (char) (report->scans.n >> 8);
    p[CXR_SEEN_LEN + 2] = (char) (unsure & 0xff);
    p[CXR_SEEN_LEN + 3] = (char) (unsure >> 8);

    if (seen->raw) {
        memcpy(p + CXR_SEEN_RAW, seen->bytes, CXR_AGAIN_LEN);
    }

    report->digest = cxr_strn(p, len);

    return true;
}


void
cxr_seen_count(cxr_feed_t *f, cxr_str_t kept)
{
    const unsigned char  *p = (const unsigned char *) kept.data;

    p += CXR_SEEN_LEN;
    f->stats.events += p[0] | (unsigned) p[1] << 8;
    f->stats.unsure += p[2] | (unsigned) p[3] << 8;
    f->stats.reports++;
    f->stats.known++;
}

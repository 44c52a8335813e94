
/*
 * A digest of all that a record's report is made of: what the tape holds of
 * it, the request, and the profile.  Two records of one parcel that have the
 * same are the same record told twice.
 *
 * Carriers tell the whole of a parcel again and again; what was taken in once
 * need not be read by the profile again to be found without news.
 */

#include <xxhash.h>

#include "cxr_feed_private.h"


/* To be raised when this program makes other reports of the same records. */
#define CXR_SEEN_VERSION   1

/* a record with more than this is read as if it were new */
#define CXR_SEEN_BYTES     (64 * 1024)
/* what stands before it is part of what it says, and is hashed with each */
#define CXR_SEEN_BEFORE    64


uint64_t
cxr_seen_profile(cxr_str_t text)
{
    return XXH3_64bits_withSeed(text.data, text.len, CXR_SEEN_VERSION);
}


bool
cxr_seen_digest(cxr_feed_t *f, const cxr_open_t *e,
    char out[CXR_SEEN_LEN])
{
    char                *data, *p;
    size_t               size;
    uint32_t             i;
    uint64_t             w[2];
    XXH128_hash_t        h;
    XXH128_canonical_t   c;
    const cxr_node_t    *n;

    if (e->node > CXR_SEEN_BEFORE || f->nheld > 0) {
        return false;
    }

    size = f->nnodes * sizeof(w) + f->ntext + f->request.len;

    if (size > CXR_SEEN_BYTES) {
        return false;
    }

    data = cxr_alloc(f->scratch, size);
    if (data == NULL) {
        return false;
    }

    for (i = 0, p = data; i < f->nnodes; i++, p += sizeof(w)) {
        n = &f->nodes[i];

        w[0] = n->name | (uint64_t) n->flags << 16
               | (uint64_t) (n->end - i) << 32;
        w[1] = n->len ? n->text | (uint64_t) n->len << 32 : 0;

        /* names that the profile does not say are told apart by themselves */

        if (n->name == CXR_NAME_OTHER) {
            w[1] ^= XXH3_64bits(n->local, strlen(n->local)) | 1;
        }

        memcpy(p, w, sizeof(w));
    }

    if (f->ntext > 0) {
        memcpy(p, f->text, f->ntext);
    }

    if (f->request.len > 0) {
        memcpy(p + f->ntext, f->request.data, f->request.len);
    }

    h = XXH3_128bits_withSeed(data, size, f->profile->seen ^ f->ntext);
    XXH128_canonicalFromHash(&c, h);
    memcpy(out, c.digest, CXR_SEEN_LEN);

    return true;
}


/*
 * What is kept with the parcel: the digest, how many events the record had,
 * and how many of them a rule maps that nobody has confirmed.  Nothing where those counts say more than that (an operator looks for
 * codes that no rule maps in each document).
 */
bool
cxr_seen_keep(cxr_feed_t *f, cxr_arena_t *a, const char *digest,
    const cxr_feed_stats_t *before, cxr_report_t *report)
{
    char      *p;
    unsigned   unsure;

    if (f->stats.unmapped != before->unmapped
        || f->stats.ignored != before->ignored)
    {
        return true;
    }

    unsure = (unsigned) (f->stats.unsure - before->unsure);

    p = cxr_alloc(a, CXR_DIGEST_LEN);
    if (p == NULL) {
        return false;
    }

    memcpy(p, digest, CXR_SEEN_LEN);
    p[CXR_SEEN_LEN] = (char) (report->scans.n & 0xff);
    p[CXR_SEEN_LEN + 1] = (char) (report->scans.n >> 8);
    p[CXR_SEEN_LEN + 2] = (char) (unsure & 0xff);
    p[CXR_SEEN_LEN + 3] = (char) (unsure >> 8);
    report->digest = cxr_strn(p, CXR_DIGEST_LEN);

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

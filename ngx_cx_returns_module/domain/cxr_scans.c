
/*
 * Sets of scans: which two are the same one, which of two forms of it holds,
 * and their order.  A feed tells the same scans again and again, so the usual
 * case is that nothing is new: that one must not allocate.
 */

#include <stdlib.h>

#include "cxr_shipment_private.h"


/* below this many comparisons a plain search is quicker than a table */
#define CXR_SCANS_LINEAR  2048


/*
 * Finds a scan among those known and those taken already; a taken one stands
 * before the known one that it replaces.  "slots" holds 1 + index (news after
 * known), 0 is empty; NULL: search one by one.  It is filled when first needed:
 * feeds repeat scans in our order or in its reverse, so that the neighbour of
 * the last one found is nearly always the next one.
 */
typedef struct {
    const cxr_scan_t  *known;
    uint32_t           nknown;
    cxr_scan_t        *news;
    uint32_t           nnews;
    uint32_t          *slots;
    uint32_t           mask;
    bool               filled;
    uint32_t           last;     /* the known one found last            */
    bool               replaced; /* news betters one of known           */
} cxr_scan_index_t;


static cxr_rc_t cxr_scan_index_init(cxr_scan_index_t *x,
    const cxr_scan_t *known, uint32_t n, uint32_t more, cxr_arena_t *a);
static const cxr_scan_t *cxr_scan_index_item(const cxr_scan_index_t *x,
    uint32_t i);
static bool cxr_scan_index_find(cxr_scan_index_t *x, const cxr_scan_t *s,
    uint32_t *i);
static bool cxr_scan_index_search(cxr_scan_index_t *x, const cxr_scan_t *s,
    uint32_t *at);
static void cxr_scan_index_add(cxr_scan_index_t *x, const cxr_scan_t *s,
    uint32_t i);
static uint32_t cxr_scan_hash(const cxr_scan_t *s);
static bool cxr_scan_same(const cxr_scan_t *a, const cxr_scan_t *b);
static int cxr_scan_form_cmp(const cxr_scan_t *a, const cxr_scan_t *b);
static int cxr_scan_sort_cmp(const void *a, const void *b);
static void cxr_scans_sort(cxr_scan_t *s, uint32_t n);
static int cxr_scans_run(const cxr_scan_t *s, uint32_t n, cxr_time_t latest);
static cxr_rc_t cxr_scans_copy(const cxr_scan_t *s, uint32_t n, bool turn,
    cxr_arena_t *a, cxr_scans_t *out);


#define CXR_CMP(x, y)                                                         \
    if ((x) != (y)) {                                                         \
        return (x) < (y) ? -1 : 1;                                            \
    }


int
cxr_scan_cmp(const cxr_scan_t *a, const cxr_scan_t *b)
{
    int  c;

    CXR_CMP(a->at, b->at);
    CXR_CMP(a->seq, b->seq);

    /*
     * A carrier that gives days only has many scans at one time: then the
     * further one along the way counts as the later one.
     */

    CXR_CMP(a->status, b->status);
    CXR_CMP(a->mapped, b->mapped);

    if ((c = cxr_str_cmp(a->code, b->code)) != 0
        || (c = cxr_str_cmp(a->text, b->text)) != 0
        || (c = cxr_str_cmp(a->place, b->place)) != 0
        || (c = cxr_str_cmp(a->time_text, b->time_text)) != 0
        || (c = cxr_str_cmp(a->id, b->id)) != 0
        || (c = cxr_str_cmp(a->country, b->country)) != 0)
    {
        return c < 0 ? -1 : 1;
    }

    CXR_CMP(a->reason, b->reason);
    CXR_CMP(a->action, b->action);
    CXR_CMP(a->precision, b->precision);
    CXR_CMP(a->zone, b->zone);
    CXR_CMP(a->offset, b->offset);
    CXR_CMP(a->retract, b->retract);
    CXR_CMP(a->retracts_at, b->retracts_at);
    CXR_CMP(a->left, b->left);
    CXR_CMP(a->signature, b->signature);

    return cxr_str_cmp(a->retracts, b->retracts);
}


int
cxr_ship_header_cmp(const cxr_ship_header_t *a, const cxr_ship_header_t *b)
{
    int   c;
    bool  mapped_a, mapped_b;

    mapped_a = (a->status != CXR_SHIP_UNKNOWN);
    mapped_b = (b->status != CXR_SHIP_UNKNOWN);

    CXR_CMP(mapped_a, mapped_b);
    CXR_CMP(a->at, b->at);
    CXR_CMP(a->wins, b->wins);
    CXR_CMP(a->status, b->status);
    CXR_CMP(a->reason, b->reason);

    c = cxr_str_cmp(a->code, b->code);

    return (c > 0) - (c < 0);
}


int
cxr_ship_eta_cmp(const cxr_ship_eta_t *a, const cxr_ship_eta_t *b)
{
    CXR_CMP(a->asof, b->asof);
    CXR_CMP(a->to, b->to);
    CXR_CMP(a->from, b->from);
    CXR_CMP(a->precision, b->precision);
    CXR_CMP(a->offset, b->offset);

    return 0;
}


int
cxr_ship_pickup_cmp(const cxr_ship_pickup_t *a, const cxr_ship_pickup_t *b)
{
    int  rc;

    CXR_CMP(a->asof, b->asof);
    CXR_CMP(a->until != CXR_TIME_NONE, b->until != CXR_TIME_NONE);

    /* who comes too early loses nothing */

    CXR_CMP(b->until, a->until);
    CXR_CMP(a->precision, b->precision);
    CXR_CMP(a->offset, b->offset);

    rc = cxr_str_cmp(a->point, b->point);

    return rc != 0 ? rc : cxr_str_cmp(a->hours, b->hours);
}


cxr_rc_t
cxr_scans_news(const cxr_scans_t *known, const cxr_scan_t *in, uint32_t n,
    cxr_time_t latest, cxr_arena_t *a, cxr_scans_t *out, unsigned *skipped)
{
    int                run;
    bool               found;
    cxr_rc_t           rc;
    uint32_t           i, at;
    cxr_scan_index_t   x;
    const cxr_scan_t  *s;

    /* the first that is told of a parcel is mostly in order, or in its reverse */

    run = known->n == 0 ? cxr_scans_run(in, n, latest) : 0;

    if (run != 0) {
        return cxr_scans_copy(in, n, run < 0, a, out);
    }

    rc = cxr_scan_index_init(&x, known->items, known->n, n, a);
    if (rc != CXR_OK) {
        return rc;
    }

    for (i = 0; i < n; i++) {
        s = &in[i];

        if (s->at > latest) {
            (*skipped)++;
            continue;
        }

        found = cxr_scan_index_find(&x, s, &at);

        if (found && cxr_scan_form_cmp(s, cxr_scan_index_item(&x, at)) <= 0) {
            continue;
        }

        if (found && at >= x.nknown) {
            x.news[at - x.nknown] = *s;
            continue;
        }

        if (x.news == NULL) {
            x.news = cxr_alloc(a, (size_t) (n - i) * sizeof(cxr_scan_t));
            if (x.news == NULL) {
                return CXR_NOMEM;
            }
        }

        x.news[x.nnews] = *s;
        cxr_scan_index_add(&x, s, x.nknown + x.nnews);
        x.nnews++;
        x.replaced |= found;
    }

    cxr_scans_sort(x.news, x.nnews);

    out->items = x.news;
    out->n = x.nnews;

    return CXR_OK;
}


/*
 * 1, -1: their times only grow, or only fall, so that without ids no two are
 * the same one and there is nothing to sort.  0: they are to be looked at.
 */

static int
cxr_scans_run(const cxr_scan_t *s, uint32_t n, cxr_time_t latest)
{
    bool      up = true, down = true;
    uint32_t  i;

    for (i = 0; i < n; i++) {

        if (s[i].id.len != 0 || s[i].at > latest) {
            return 0;
        }

        if (i > 0) {
            up &= s[i - 1].at < s[i].at;
            down &= s[i - 1].at > s[i].at;
        }
    }

    return n == 0 ? 0 : up ? 1 : down ? -1 : 0;
}


static cxr_rc_t
cxr_scans_copy(const cxr_scan_t *s, uint32_t n, bool turn, cxr_arena_t *a,
    cxr_scans_t *out)
{
    uint32_t     i;
    cxr_scan_t  *items;

    items = cxr_alloc(a, (size_t) n * sizeof(cxr_scan_t));
    if (items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < n; i++) {
        items[i] = s[turn ? n - 1 - i : i];
    }

    out->items = items;
    out->n = n;

    return CXR_OK;
}


cxr_rc_t
cxr_scans_merge(const cxr_scans_t *known, const cxr_scans_t *news,
    cxr_arena_t *a, cxr_scans_t *out, uint32_t *dropped)
{
    bool              *gone;
    cxr_rc_t           rc;
    uint32_t           i, j, n, at;
    cxr_scan_t        *items, *fresh;
    cxr_scans_t        clean;
    cxr_scan_index_t   x;

    /* an event's scans are each once and in order; hold to it all the same */

    memset(&clean, 0, sizeof(clean));
    n = 0;

    rc = cxr_scans_news(known, news->items, news->n, INT64_MAX, a, &clean, &n);
    if (rc != CXR_OK) {
        return rc;
    }

    if (known->n == 0) {
        *dropped = clean.n > CXR_SCANS_MAX ? clean.n - CXR_SCANS_MAX : 0;

        out->items = clean.items;
        out->n = clean.n - *dropped;

        return CXR_OK;
    }

    rc = cxr_scan_index_init(&x, known->items, known->n, clean.n, a);
    if (rc != CXR_OK) {
        return rc;
    }

    items = cxr_alloc(a, ((size_t) known->n + clean.n) * sizeof(cxr_scan_t));
    gone = cxr_calloc(a, (size_t) known->n + 1, sizeof(bool));

    if (items == NULL || gone == NULL) {
        return CXR_NOMEM;
    }

    fresh = clean.items;

    for (j = 0; j < clean.n; j++) {
        if (cxr_scan_index_find(&x, &fresh[j], &at)) {
            gone[at] = true;
        }
    }

    n = 0;
    j = 0;

    for (i = 0; i < known->n; i++) {

        while (j < clean.n && cxr_scan_cmp(&fresh[j], &known->items[i]) < 0) {
            items[n++] = fresh[j++];
        }

        if (!gone[i]) {
            items[n++] = known->items[i];
        }
    }

    while (j < clean.n) {
        items[n++] = fresh[j++];
    }

    *dropped = n > CXR_SCANS_MAX ? n - CXR_SCANS_MAX : 0;

    out->items = items;
    out->n = n - *dropped;

    return CXR_OK;
}


void
cxr_scans_retract(cxr_scan_t *scans, uint32_t n)
{
    bool               any = false;
    uint32_t           i, j;
    const cxr_scan_t  *r;

    for (i = 0; i < n; i++) {
        scans[i].retracted = (scans[i].retract != CXR_RETRACT_NONE);
        any |= scans[i].retracted;
    }

    if (!any) {
        return;
    }

    /* named ones first: what they take back is not "the one before" */

    for (i = 0; i < n; i++) {
        r = &scans[i];

        if (r->retract != CXR_RETRACT_NAMED || r->retracts.len == 0) {
            continue;
        }

        for (j = 0; j < n; j++) {
            if (r->retracts_at == CXR_TIME_NONE
                ? cxr_str_eq(scans[j].id, r->retracts)
                : scans[j].at == r->retracts_at
                  && cxr_str_eq(scans[j].code, r->retracts))
            {
                scans[j].retracted = true;
            }
        }
    }

    for (i = 0; i < n; i++) {
        if (scans[i].retract != CXR_RETRACT_PREVIOUS) {
            continue;
        }

        for (j = i; j > 0; j--) {
            if (!scans[j - 1].retracted) {
                scans[j - 1].retracted = true;
                break;
            }
        }
    }
}


static cxr_rc_t
cxr_scan_index_init(cxr_scan_index_t *x, const cxr_scan_t *known, uint32_t n,
    uint32_t more, cxr_arena_t *a)
{
    uint32_t  size;

    memset(x, 0, sizeof(*x));

    x->known = known;
    x->nknown = n;
    x->last = UINT32_MAX;       /* the next one is the first */

    if (((uint64_t) n + more) * more <= CXR_SCANS_LINEAR) {
        return CXR_OK;
    }

    if (more > UINT32_MAX / 8 - n) {
        return CXR_LIMIT;
    }

    for (size = 64; size < (n + more) * 2; size *= 2) { /* void */ }

    x->slots = cxr_calloc(a, size, sizeof(uint32_t));
    if (x->slots == NULL) {
        return CXR_NOMEM;
    }

    x->mask = size - 1;

    return CXR_OK;
}


static const cxr_scan_t *
cxr_scan_index_item(const cxr_scan_index_t *x, uint32_t i)
{
    return i < x->nknown ? &x->known[i] : &x->news[i - x->nknown];
}


static bool
cxr_scan_index_find(cxr_scan_index_t *x, const cxr_scan_t *s, uint32_t *at)
{
    uint32_t  i, h;

    if (!x->replaced) {

        for (i = x->last + 1, h = 0; h < 2; i = x->last - 1, h++) {
            if (i < x->nknown && cxr_scan_same(s, &x->known[i])) {
                x->last = i;
                *at = i;
                return true;
            }
        }
    }

    if (x->slots == NULL) {
        return cxr_scan_index_search(x, s, at);
    }

    if (!x->filled) {
        x->filled = true;

        for (i = 0; i < x->nknown + x->nnews; i++) {
            cxr_scan_index_add(x, cxr_scan_index_item(x, i), i);
        }
    }

    for (h = cxr_scan_hash(s) & x->mask;
         x->slots[h] != 0;
         h = (h + 1) & x->mask)
    {
        i = x->slots[h] - 1;

        if (cxr_scan_same(s, cxr_scan_index_item(x, i))) {
            x->last = i;
            *at = i;
            return true;
        }
    }

    return false;
}


static bool
cxr_scan_index_search(cxr_scan_index_t *x, const cxr_scan_t *s, uint32_t *at)
{
    uint32_t  i;

    for (i = 0; i < x->nnews; i++) {
        if (cxr_scan_same(s, &x->news[i])) {
            *at = x->nknown + i;
            return true;
        }
    }

    for (i = 0; i < x->nknown; i++) {
        if (cxr_scan_same(s, &x->known[i])) {
            x->last = i;
            *at = i;
            return true;
        }
    }

    return false;
}


static void
cxr_scan_index_add(cxr_scan_index_t *x, const cxr_scan_t *s, uint32_t i)
{
    uint32_t  h;

    if (!x->filled) {
        return;
    }

    h = cxr_scan_hash(s) & x->mask;

    while (x->slots[h] != 0
           && !cxr_scan_same(s, cxr_scan_index_item(x, x->slots[h] - 1)))
    {
        h = (h + 1) & x->mask;
    }

    x->slots[h] = i + 1;
}


/* Over what makes two scans the same one, so far as that spreads them. */

static uint32_t
cxr_scan_hash(const cxr_scan_t *s)
{
    size_t     i, j;
    uint64_t   h;
    cxr_str_t  parts[4];

    h = 0xcbf29ce484222325u;

    if (s->id.len != 0) {
        parts[0] = s->id;
        j = 1;

    } else {
        h ^= (uint64_t) s->at * 0x9e3779b97f4a7c15u;
        parts[0] = s->time_text;
        parts[1] = s->code;
        parts[2] = s->text;
        parts[3] = s->place;
        j = 4;
    }

    while (j-- > 0) {
        for (i = 0; i < parts[j].len; i++) {
            h = (h ^ (unsigned char) parts[j].data[i]) * 0x100000001b3u;
        }

        h = (h ^ 0xff) * 0x100000001b3u;
    }

    return (uint32_t) (h ^ (h >> 32));
}


static bool
cxr_scan_same(const cxr_scan_t *a, const cxr_scan_t *b)
{
    if (a->id.len != 0 || b->id.len != 0) {
        return cxr_str_eq(a->id, b->id);
    }

    return a->at == b->at
           && cxr_str_eq(a->code, b->code)
           && cxr_str_eq(a->time_text, b->time_text)
           && cxr_str_eq(a->place, b->place)
           && cxr_str_eq(a->text, b->text);
}


/*
 * Of two forms of one scan the greater holds.  Mapped comes before unmapped, so
 * that a feed read again after its profile has learnt a code repairs what is
 * stored; and one that was taken back stays so when it is told again.
 */

static int
cxr_scan_form_cmp(const cxr_scan_t *a, const cxr_scan_t *b)
{
    CXR_CMP(a->retract, b->retract);
    CXR_CMP(a->mapped, b->mapped);

    return cxr_scan_cmp(a, b);
}


static int
cxr_scan_sort_cmp(const void *a, const void *b)
{
    return cxr_scan_cmp(a, b);
}


/* Feeds come oldest first or newest first; both cost one pass. */

static void
cxr_scans_sort(cxr_scan_t *s, uint32_t n)
{
    uint32_t    i, j;
    cxr_scan_t  t;

    for (i = 1; i < n && cxr_scan_cmp(&s[i - 1], &s[i]) <= 0; i++) {
        /* void */
    }

    if (i >= n) {
        return;
    }

    for (i = 1; i < n && cxr_scan_cmp(&s[i - 1], &s[i]) >= 0; i++) {
        /* void */
    }

    if (i >= n) {
        for (i = 0, j = n - 1; i < j; i++, j--) {
            t = s[i];
            s[i] = s[j];
            s[j] = t;
        }

        return;
    }

    if (n > 24) {
        qsort(s, n, sizeof(cxr_scan_t), cxr_scan_sort_cmp);
        return;
    }

    for (i = 1; i < n; i++) {
        t = s[i];

        for (j = i; j > 0 && cxr_scan_cmp(&s[j - 1], &t) > 0; j--) {
            s[j] = s[j - 1];
        }

        s[j] = t;
    }
}

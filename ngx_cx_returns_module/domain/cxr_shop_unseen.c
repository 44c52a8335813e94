
/*
 * Messages and offers of a shop's file that nobody will ever see, since those
 * before them always come first.
 */

#include <stdio.h>

#include "cxr_shop_private.h"


/* Does "all" hold every entry of "some"?  None at all is any. */

static bool
unseen_within(const cxr_strs_t *all, const cxr_strs_t *some)
{
    uint32_t  i, k;

    if (all->n == 0) {
        return true;
    }

    for (i = 0; i < some->n; i++) {
        for (k = 0; k < all->n; k++) {
            if (cxr_str_eq(all->items[k], some->items[i])) {
                break;
            }
        }

        if (k == all->n) {
            return false;
        }
    }

    return some->n != 0;
}


/* Wherever "o" is shown, "before" is shown, too. */

static bool
unseen_covers(const cxr_promo_t *before, const cxr_promo_t *o)
{
    if (before->from != CXR_TIME_NONE
        && (o->from == CXR_TIME_NONE || o->from < before->from))
    {
        return false;
    }

    if (before->until != CXR_TIME_NONE
        && (o->until == CXR_TIME_NONE || o->until > before->until))
    {
        return false;
    }

    if (before->statuses != 0
        && (o->statuses == 0 || (o->statuses & ~before->statuses) != 0))
    {
        return false;
    }

    return unseen_within(&before->countries, &o->countries)
           && unseen_within(&before->tags, &o->tags);
}


static void
unseen_offers(const cxr_shop_t *shop, cxr_jr_t *r)
{
    uint32_t            i, k, n;
    const cxr_promo_t  *o, *last;

    for (i = 0; i < shop->offers.n; i++) {
        o = &shop->offers.items[i];
        last = NULL;

        for (k = 0, n = 0; k < i && n < CXR_OFFER_SHOWN_MAX; k++) {
            if (unseen_covers(&shop->offers.items[k], o)) {
                last = &shop->offers.items[k];
                n++;
            }
        }

        if (n == CXR_OFFER_SHOWN_MAX) {
            (void) snprintf(r->path, sizeof(r->path), "/offers/%u", i);
            cxr_jr_fault(r, NULL, "is never shown: a page shows the first %d "
                         "that fit, and those before it, \"%.*s\" the last of "
                         "them, fit wherever it does", CXR_OFFER_SHOWN_MAX,
                         cxr_str_arg(last->id));
        }
    }
}


static void
unseen_messages(const cxr_shop_t *shop, cxr_jr_t *r)
{
    uint32_t                   i, k;
    const cxr_shop_message_t  *m, *before;

    for (i = 0; i < shop->messages.n; i++) {
        m = &shop->messages.items[i];

        for (k = 0; k < i; k++) {
            before = &shop->messages.items[k];

            if (before->status != m->status
                || (!before->any_reason
                    && (m->any_reason || before->reason != m->reason)))
            {
                continue;
            }

            (void) snprintf(r->path, sizeof(r->path), "/messages/%u", i);
            cxr_jr_fault(r, NULL, "is never shown: the first that fits holds, "
                         "and /messages/%u fits wherever it does; put what is "
                         "for a reason before what is for any", k);
            break;
        }
    }
}


void
cxr_shop_unseen(const cxr_shop_t *shop, cxr_json_faults_t *warnings)
{
    cxr_jr_t  r;

    memset(&r, 0, sizeof(r));
    r.faults = warnings;

    unseen_offers(shop, &r);
    unseen_messages(shop, &r);
}

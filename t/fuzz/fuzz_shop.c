
/*
 * A shop's file from any bytes: either a whole shop or at least one complaint
 * with its place.
 */

#include <stdlib.h>

#include "cxr_shop.h"

#define MUST(x)  do { if (!(x)) { abort(); } } while (0)


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t        i, n;
    cxr_rc_t      rc;
    cxr_diag_t    diags[16];
    cxr_shop_t   *shop;
    cxr_arena_t  *a;

    a = cxr_arena_create(4 * 1024 * 1024);
    MUST(a != NULL);

    rc = cxr_shop_parse(cxr_strn(data, size), cxr_str("shop"), "shop.json", a,
                        &shop, diags, cxr_nelts(diags), &n);

    if (rc == CXR_OK) {
        MUST(n == 0 && shop != NULL && shop->tz != NULL);
        MUST(shop->languages.n > 0 && shop->policy.reasons.n > 0);
        MUST(shop->policy.outcomes != 0 && shop->brand.accent.len == 7);
        MUST(shop->policy.version.len == 16);
        MUST(shop->portal.data[0] == '/'
             && shop->portal.data[shop->portal.len - 1] == '/');

    } else {
        MUST(shop == NULL && n > 0 && n <= cxr_nelts(diags));

        for (i = 0; i < n; i++) {
            MUST(diags[i].text[0] != '\0' && diags[i].line > 0);
        }
    }

    cxr_shop_free(shop);
    cxr_arena_destroy(a);

    return 0;
}

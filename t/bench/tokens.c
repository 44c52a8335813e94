
/*
 * Links for scripts/bench: reads ids, one a line, and prints a token for each.
 *
 *   tokens order|rma NOW KEYS SHOP     order: folded numbers; rma: RMA numbers
 *
 * NOW: seconds.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cxr_sign.h"

#define TOKENS_DAYS  180


static int
tokens_print(cxr_keyring_t *ring, cxr_link_purpose_t purpose, int64_t now,
    const char *shop)
{
    char        line[128];
    cxr_rc_t    rc;
    cxr_buf_t   out;
    cxr_link_t  link;

    cxr_buf_init(&out, CXR_TOKEN_MAX);

    while (fgets(line, sizeof(line), stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';

        memset(&link, 0, sizeof(link));
        link.expires = (now / 86400 + 1 + TOKENS_DAYS) * 86400 * 1000;

        if (purpose == CXR_LINK_RMA) {
            link.rma = cxr_strz(line);
        } else {
            link.order = cxr_strz(line);
        }

        cxr_buf_reset(&out);
        rc = cxr_link_make(ring, cxr_strz(shop), purpose, &link, false, &out);

        if (rc != CXR_OK) {
            fprintf(stderr, "tokens: \"%s\": %s\n", line, cxr_rc_name(rc));
            return 1;
        }

        printf("%.*s\n", cxr_str_arg(cxr_buf_str(&out)));
    }

    cxr_buf_free(&out);

    return 0;
}


int
main(int argc, char **argv)
{
    int             rc;
    char            text[1024];
    cxr_diag_t      d;
    cxr_keyring_t  *ring;

    if (argc != 5 || (strcmp(argv[1], "order") && strcmp(argv[1], "rma"))) {
        fprintf(stderr, "usage: tokens order|rma NOW KEYS SHOP\n");
        return 2;
    }

    memset(&d, 0, sizeof(d));

    if (cxr_sign_init() != CXR_OK
        || cxr_keyring_load(argv[3], &ring, &d) != CXR_OK)
    {
        (void) cxr_diag_print(&d, text, sizeof(text));
        fprintf(stderr, "tokens: %s: %s\n", argv[3], text);
        return 1;
    }

    rc = tokens_print(ring, strcmp(argv[1], "rma") == 0 ? CXR_LINK_RMA
                                                        : CXR_LINK_ORDER,
                      strtoll(argv[2], NULL, 10), argv[4]);
    cxr_keyring_free(ring);

    return fflush(stdout) == 0 ? rc : 1;
}

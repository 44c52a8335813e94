
/*
 * What a warehouse asks of a label: is it ours, and what does it say.
 */

#include "cxr_cli_label.h"

#include <errno.h>

#include "cxr_json.h"
#include "cxr_label.h"
#include "cxr_sign.h"
#include "cxr_text.h"

#define CXR_CLI_LABEL_ARENA  (256 * 1024)
#define CXR_CLI_SAY_MAX      (64 * 1024)   /* bytes said of one label         */


typedef struct {
    const cxr_keyring_t  *ring;
    cxr_str_t             shop;       /* empty: whichever it says             */
    cxr_time_t            now;
    bool                  json;
    cxr_arena_t          *arena;
} cxr_cli_verify_t;


static void
cxr_cli_label_json(const char *result, const char *kid,
    const cxr_label_claims_t *c, cxr_buf_t *b)
{
    uint32_t   i;
    cxr_jw_t   w;

    cxr_jw_init(&w, b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_strz(&w, "result", result);

    if (c != NULL) {
        cxr_jw_str(&w, "shop", c->shop);
        cxr_jw_str(&w, "rma", c->rma);
        cxr_jw_str(&w, "label", c->jti);
        cxr_jw_strz(&w, "kid", kid);
        cxr_jw_time(&w, "issued", c->issued);
        cxr_jw_time(&w, "expires", c->expires);
        cxr_jw_open(&w, "lines", '[');

        for (i = 0; i < c->lines.n; i++) {
            cxr_jw_open(&w, NULL, '{');
            cxr_jw_str(&w, "sku", c->lines.items[i].sku);
            cxr_jw_uint(&w, "quantity", c->lines.items[i].quantity);
            cxr_jw_close(&w);
        }

        cxr_jw_close(&w);
    }

    cxr_jw_close(&w);
    cxr_buf_addc(b, '\n');
}


static void
cxr_cli_label_text(const char *result, const char *kid,
    const cxr_label_claims_t *c, cxr_buf_t *b)
{
    uint32_t  i;

    if (c == NULL) {
        cxr_buf_addf(b, "%s: no label that these keys signed, or one that was "
                     "altered\n", result);
        return;
    }

    cxr_buf_addf(b, "%s: return %.*s of %.*s, valid until ", result,
                 cxr_str_arg(c->rma), cxr_str_arg(c->shop));
    cxr_time_print(c->expires, b);
    cxr_buf_addf(b, " (label %.*s, key %s)\n", cxr_str_arg(c->jti), kid);

    for (i = 0; i < c->lines.n; i++) {

        if (cxr_str_is(c->lines.items[i].sku, CXR_LABEL_ANY_SKU)) {
            cxr_buf_addf(b, "    %u items in all\n",
                         (unsigned) c->lines.items[i].quantity);
            continue;
        }

        cxr_buf_addf(b, "    %u x %.*s\n",
                     (unsigned) c->lines.items[i].quantity,
                     cxr_str_arg(c->lines.items[i].sku));
    }
}


static int
cxr_cli_verify_one(const cxr_cli_verify_t *v, cxr_str_t token)
{
    char                 kid[9];
    bool                 held;
    cxr_rc_t             rc;
    cxr_buf_t            b;
    const char          *result;
    cxr_label_claims_t   c;

    cxr_arena_reset(v->arena);
    kid[0] = '\0';

    rc = cxr_label_verify(v->ring, v->shop, token, v->now, v->arena, &c, kid);

    if (rc == CXR_NOMEM || rc == CXR_ERROR) {
        cxr_cli_say("%s", cxr_rc_name(rc));
        return CXR_EXIT_FAILED;
    }

    held = rc == CXR_OK || rc == CXR_EXPIRED;
    result = rc == CXR_OK ? "good" : held ? "expired" : "forged";

    cxr_buf_init(&b, CXR_CLI_SAY_MAX);

    if (v->json) {
        cxr_cli_label_json(result, kid, held ? &c : NULL, &b);

    } else {
        cxr_cli_label_text(result, kid, held ? &c : NULL, &b);
    }

    (void) printf("%.*s", cxr_str_arg(cxr_buf_str(&b)));
    (void) fflush(stdout);
    cxr_buf_free(&b);

    return held ? cxr_cli_status(rc) : CXR_EXIT_WRONG;
}


/* Of many labels the worst counts: failed, forged, expired. */

static int
cxr_cli_worse(int a, int b)
{
    static const int  rank[] = { CXR_EXIT_FAILED, CXR_EXIT_WRONG,
                                 CXR_EXIT_EXPIRED };
    size_t            i;

    for (i = 0; i < cxr_nelts(rank); i++) {
        if (a == rank[i] || b == rank[i]) {
            return rank[i];
        }
    }

    return CXR_EXIT_OK;
}


/*
 * A token a line, each judged as it comes: a hand scanner types so.  A line
 * longer than any token is forged, whatever follows in it.
 */

static int
cxr_cli_verify_lines(const cxr_cli_verify_t *v)
{
    int        c, status;
    bool       any;
    char       line[CXR_TOKEN_MAX + 2];
    size_t     n;
    cxr_str_t  token;

    status = CXR_EXIT_OK;
    any = false;
    n = 0;

    do {
        c = getc(stdin);

        if (c != '\n' && c != EOF) {
            if (n < sizeof(line)) {
                line[n++] = (char) c;
            }

            continue;
        }

        token = cxr_str_trim(cxr_strn(line, n));
        n = 0;

        if (token.len != 0) {
            status = cxr_cli_worse(status, cxr_cli_verify_one(v, token));
            any = true;
        }

    } while (c != EOF);

    if (ferror(stdin)) {
        cxr_cli_say("cannot read standard input: %s", strerror(errno));
        return CXR_EXIT_FAILED;
    }

    if (!any) {
        cxr_cli_say("there was no token on standard input");
        return CXR_EXIT_USAGE;
    }

    return status;
}


static int
cxr_cli_label_verify(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int                n, status;
    bool               json = false;
    cxr_rc_t           rc;
    cxr_diag_t         d;
    const char        *keys = NULL, *at = NULL, *shop = NULL;
    cxr_keyring_t     *ring;
    cxr_cli_verify_t   v;
    cxr_cli_option_t   opts[] = {
        { "keys", &keys, NULL },
        { "at", &at, NULL },
        { "shop", &shop, NULL },
        { "json", NULL, &json },
        { NULL, NULL, NULL }
    };

    n = cxr_cli_options(cmd, argc, argv, opts, 0, 1, &status);

    if (n == -1) {
        return status;
    }

    if (keys == NULL) {
        return cxr_cli_usage(cmd, "\"--keys\" is missing: the public keys that "
                             "\"keys public\" prints");
    }

    memset(&v, 0, sizeof(v));
    memset(&d, 0, sizeof(d));
    v.json = json;
    v.shop = cxr_strz(shop);

    if (!cxr_cli_time(cmd, at, &v.now)) {
        return CXR_EXIT_USAGE;
    }

    rc = cxr_keyring_load_public(keys, &ring, &d);

    if (rc != CXR_OK) {

        /* bad keys are no verdict on the label, so never the status of one */

        (void) cxr_cli_diag(&d, rc);
        return CXR_EXIT_FAILED;
    }

    v.ring = ring;
    v.arena = cxr_arena_create(CXR_CLI_LABEL_ARENA);

    if (v.arena == NULL) {
        cxr_keyring_free(ring);
        cxr_cli_say("not enough memory");
        return CXR_EXIT_FAILED;
    }

    if (n == 1 && strcmp(argv[1], "-") != 0) {
        status = cxr_cli_verify_one(&v, cxr_str_trim(cxr_strz(argv[1])));

    } else {
        status = cxr_cli_verify_lines(&v);
    }

    cxr_arena_destroy(v.arena);
    cxr_keyring_free(ring);

    return status;
}


const cxr_cli_command_t  cxr_cli_label[] = {
    { "label", "verify",
      "--keys FILE [--shop SHOP] [--at TIME] [--json]\n"
      "        [TOKEN|-]",
      "check the code on a return label, offline",
      "    Says which return the label belongs to, until when it holds and\n"
      "    what is to be in the parcel. Needs no network and no secret: only\n"
      "    the public keys. Without TOKEN, or with \"-\", tokens are read\n"
      "    from standard input, one a line, each answered at once; the exit\n"
      "    status is then that of the worst.\n\n"
      "OPTIONS\n"
      "    --keys FILE  lines of \"keys public\", a JWKS, or a key ring\n"
      "    --shop SHOP  only labels of this shop are good\n"
      "    --at TIME    judge as of this time (2026-11-02T09:14:00Z), not now\n"
      "    --json       one JSON object a label\n",
      cxr_cli_label_verify },

    { "label", "render",
      "--store DIR --keys FILE --shop FILE\n"
      "        [--format FORMAT] [--size SIZE] [--dpi N] [--lang LANG]\n"
      "        [--html DIR] [--fonts FILES] RMA",
      "the label of a return as a PDF, a printer's file or a picture",
      "    Writes what the return's page prints to standard output: the same\n"
      "    bytes each time. May run beside nginx.\n\n"
      "OPTIONS\n"
      "    --store DIR   the store\n"
      "    --keys FILE   the key ring\n"
      "    --shop FILE   the shop's file\n"
      "    --format F    pdf (the default), zpl (for label printers), svg, or\n"
      "                  slip: the slip for the box, a PDF\n"
      "    --size SIZE   100x150 (mm), 4x6 (inches) or a4; else the shop's\n"
      "    --dpi N       dots to the inch of a zpl, 150 to 600; else the shop's\n"
      "    --lang LANG   the language; else the shop's first\n"
      "    --html DIR    templates and texts, as cx_returns_html (html)\n"
      "    --fonts FILES regular, bold and others, with commas between them\n",
      cxr_cli_label_render },

    { NULL, NULL, NULL, NULL, NULL, NULL }
};


/*
 * What a consumer, a court or an arbitration board asks of a receipt: is it
 * the shop's, and is the statement the one that was declared.
 */

#include "cxr_cli.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cxr_json.h"
#include "cxr_receipt.h"
#include "cxr_text.h"

#define CXR_CLI_RECEIPT_ARENA  (1024 * 1024)


/* A token is no file's name: it is longer than most, and begins so. */

static bool
cxr_cli_is_token(const char *arg)
{
    return strncmp(arg, "v4.public.", 10) == 0;
}


/* The file's bytes, of "-" standard input's; the caller frees *text.data. */

static int
cxr_cli_receipt_read(const char *path, cxr_buf_t *text)
{
    char    piece[4096];
    FILE   *f;
    size_t  n;

    f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");

    if (f == NULL) {
        cxr_cli_say("%s: %s", path, strerror(errno));
        return CXR_EXIT_FAILED;
    }

    while (cxr_buf_ok(text) && (n = fread(piece, 1, sizeof(piece), f)) > 0) {
        cxr_buf_add(text, piece, n);
    }

    if (ferror(f)) {
        cxr_cli_say("%s: %s", path, strerror(errno));
        n = CXR_EXIT_FAILED;

    } else if (!cxr_buf_ok(text)) {
        cxr_cli_say("%s: no receipt is longer than %d bytes", path,
                    CXR_RECEIPT_FILE_MAX);
        n = CXR_EXIT_WRONG;

    } else {
        n = CXR_EXIT_OK;
    }

    if (f != stdin) {
        (void) fclose(f);
    }

    return (int) n;
}


static void
cxr_cli_receipt_say(cxr_receipt_result_t result, const char *kid,
    const cxr_receipt_claims_t *c, bool json)
{
    char         mem[4096];
    cxr_jw_t     w;
    cxr_buf_t    b;

    static const char *const  words[] = {
        "forged: no receipt that these keys signed, or one that was altered",
        "good: the signature holds; give the whole file to have the statement "
        "checked",
        "good: the signature holds, and the statement is the one it was made "
        "for",
        "altered: the signature holds, but for another statement than this"
    };

    cxr_buf_init_fixed(&b, mem, sizeof(mem));

    if (json) {
        cxr_jw_init(&w, &b);
        cxr_jw_open(&w, NULL, '{');
        cxr_jw_strz(&w, "result", cxr_receipt_result_names[result]);

        if (result != CXR_RECEIPT_FORGED) {
            cxr_jw_str(&w, "shop", c->shop);
            cxr_jw_str(&w, "number", c->id);
            cxr_jw_time(&w, "declared_at", c->at);
            cxr_jw_bytes(&w, "hash", cxr_strn(c->hash, sizeof(c->hash)));
            cxr_jw_strz(&w, "kid", kid);
        }

        cxr_jw_close(&w);

    } else {
        cxr_buf_addz(&b, words[result]);

        if (result != CXR_RECEIPT_FORGED) {
            cxr_buf_addf(&b, "\n    withdrawal %.*s, declared to %.*s at ",
                         cxr_str_arg(c->id), cxr_str_arg(c->shop));
            cxr_time_print(c->at, &b);
            cxr_buf_addf(&b, " (key %s)", kid);
        }
    }

    cxr_buf_addc(&b, '\n');
    (void) printf("%.*s", cxr_str_arg(cxr_buf_str(&b)));
}


static int
cxr_cli_receipt_verify(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int                    n, status;
    char                   kid[9] = "";
    bool                   json = false;
    cxr_rc_t               rc;
    cxr_buf_t              text;
    cxr_diag_t             d;
    const char            *keys = NULL, *shop = NULL;
    cxr_arena_t           *arena;
    cxr_keyring_t         *ring;
    cxr_cli_option_t       opts[] = {
        { "keys", &keys, NULL },
        { "shop", &shop, NULL },
        { "json", NULL, &json },
        { NULL, NULL, NULL }
    };
    cxr_receipt_result_t   result;
    cxr_receipt_claims_t   claims;

    n = cxr_cli_options(cmd, argc, argv, opts, 1, 1, &status);

    if (n == -1) {
        return status;
    }

    if (keys == NULL) {
        return cxr_cli_usage(cmd, "\"--keys\" is missing: the public keys that "
                             "\"keys public\" prints");
    }

    memset(&d, 0, sizeof(d));
    rc = cxr_keyring_load_public(keys, &ring, &d);

    if (rc != CXR_OK) {

        /* bad keys are no verdict on the receipt */

        (void) cxr_cli_diag(&d, rc);
        return CXR_EXIT_FAILED;
    }

    cxr_buf_init(&text, CXR_RECEIPT_FILE_MAX);
    status = CXR_EXIT_OK;

    if (cxr_cli_is_token(argv[1])) {
        cxr_buf_addz(&text, argv[1]);

    } else {
        status = cxr_cli_receipt_read(argv[1], &text);
    }

    arena = cxr_arena_create(CXR_CLI_RECEIPT_ARENA);

    if (status == CXR_EXIT_OK && arena == NULL) {
        cxr_cli_say("not enough memory");
        status = CXR_EXIT_FAILED;
    }

    if (status == CXR_EXIT_OK) {
        memset(&claims, 0, sizeof(claims));
        rc = cxr_receipt_check(ring, cxr_strz(shop), cxr_buf_str(&text),
                               arena, &result, &claims, kid);

        if (rc == CXR_OK) {
            cxr_cli_receipt_say(result, kid, &claims, json);
            status = result == CXR_RECEIPT_GOOD || result == CXR_RECEIPT_WHOLE
                     ? CXR_EXIT_OK : CXR_EXIT_WRONG;

        } else {
            cxr_cli_say("%s", cxr_rc_name(rc));
            status = CXR_EXIT_FAILED;
        }
    }

    if (arena != NULL) {
        cxr_arena_destroy(arena);
    }

    cxr_buf_free(&text);
    cxr_keyring_free(ring);

    return status;
}


const cxr_cli_command_t  cxr_cli_receipt[] = {
    { "receipt", "verify",
      "--keys FILE [--shop SHOP] [--json] FILE|TOKEN|-",
      "check the receipt of a withdrawal, offline",
      "    Says whether the shop signed it, when the withdrawal was declared\n"
      "    and, of the file that the consumer saved, whether the statement in\n"
      "    it is the one that was declared. Needs no network and no secret.\n"
      "    A receipt does not expire; keep the public keys of before, too.\n"
      "    Of a token alone the statement is not known, so it is not checked.\n\n"
      "OPTIONS\n"
      "    --keys FILE  lines of \"keys public\", a JWKS, or a key ring\n"
      "    --shop SHOP  only receipts of this shop are good\n"
      "    --json       one JSON object: result is whole (token and statement\n"
      "                 hold), good (the token holds), altered or forged\n",
      cxr_cli_receipt_verify },

    { NULL, NULL, NULL, NULL, NULL, NULL }
};


/*
 * The public side of a ring: publishing the keys that check labels, listing,
 * and loading such keys where there are no secrets (a warehouse's scanner).
 */

#include <sodium.h>

#include "cxr_sign_private.h"
#include "cxr_text.h"


void
cxr_keyring_walk(const cxr_keyring_t *ring, cxr_keyring_walk_pt fn, void *ctx)
{
    unsigned          i;
    const cxr_key_t  *k;

    for (i = 0; i < ring->n; i++) {
        k = &ring->keys[i];
        fn(ctx, k->kid, k->use, k->created,
           cxr_keyring_maker(ring, k->use) == k, k->has_secret);
    }
}


void
cxr_keyring_jwks(const cxr_keyring_t *ring, cxr_buf_t *out)
{
    char              x[CXR_PASERK_MAX];
    unsigned          i;
    cxr_jw_t          w;
    const cxr_key_t  *k;

    cxr_jw_init(&w, out);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_open(&w, "keys", '[');

    for (i = 0; i < ring->n; i++) {
        k = &ring->keys[i];

        if (k->use != CXR_KEY_PUBLIC) {
            continue;
        }

        cxr_paserk_write("", k->pub, CXR_KEY_LEN, x);

        /*
         * No "alg": these keys sign PASETO and no JWS, and JOSE libraries do
         * not agree on its name ("EdDSA", since RFC 9864 "Ed25519").
         */

        cxr_jw_open(&w, NULL, '{');
        cxr_jw_strz(&w, "kty", "OKP");
        cxr_jw_strz(&w, "crv", "Ed25519");
        cxr_jw_strz(&w, "use", "sig");
        cxr_jw_strz(&w, "kid", k->kid);
        cxr_jw_strz(&w, "x", x);
        cxr_jw_close(&w);
    }

    cxr_jw_close(&w);
    cxr_jw_close(&w);
}


void
cxr_keyring_paserk(const cxr_keyring_t *ring, cxr_buf_t *out)
{
    char              text[CXR_PASERK_MAX];
    unsigned          i;
    const cxr_key_t  *k;

    for (i = 0; i < ring->n; i++) {
        k = &ring->keys[i];

        if (k->use != CXR_KEY_PUBLIC) {
            continue;
        }

        cxr_buf_addz(out, k->kid);
        cxr_buf_addc(out, ' ');
        cxr_paserk_write(CXR_PASERK_PUBLIC, k->pub, CXR_KEY_LEN, text);
        cxr_buf_addz(out, text);
        cxr_buf_addc(out, ' ');
        cxr_paserk_pid(k->pub, text);
        cxr_buf_addz(out, text);
        cxr_buf_addc(out, '\n');
    }
}


/* Adds one public key; NULL when it went in, else what is wrong. */

static const char *
cxr_public_add(cxr_keyring_t *ring, cxr_str_t kid, const uint8_t *pub)
{
    unsigned    i;
    cxr_key_t  *k;

    if (!cxr_kid_valid(kid)) {
        return "needs a kid of 2 to 8 of a-z and 0-9";
    }

    for (i = 0; i < ring->n; i++) {
        if (cxr_str_is(kid, ring->keys[i].kid)) {
            return "is the kid of an earlier key";
        }
    }

    /* not every 32 bytes are a key, and under some anybody can sign */

    if (!crypto_core_ed25519_is_valid_point(pub)) {
        return "is not an Ed25519 public key";
    }

    k = cxr_keyring_add(ring);

    if (k == NULL) {
        return "is more than the 64 keys a ring can hold";
    }

    memcpy(k->kid, kid.data, kid.len);
    k->use = CXR_KEY_PUBLIC;
    memcpy(k->pub, pub, CXR_KEY_LEN);

    return NULL;
}


/* The next word of a line; its length is 0 at the end. */

static cxr_str_t
cxr_word(cxr_str_t *line)
{
    size_t     n;
    cxr_str_t  word;

    *line = cxr_str_trim(*line);

    for (n = 0; n < line->len; n++) {
        if (line->data[n] == ' ' || line->data[n] == '\t') {
            break;
        }
    }

    word = cxr_strn(line->data, n);
    *line = cxr_strn(line->data + n, line->len - n);

    return word;
}


/* "kid k4.public... [k4.pid...]" */

static const char *
cxr_public_line(cxr_keyring_t *ring, cxr_str_t line)
{
    char       pid[CXR_PASERK_MAX];
    uint8_t    pub[CXR_KEY_LEN];
    cxr_str_t  kid, key, id;

    kid = cxr_word(&line);
    key = cxr_word(&line);
    id = cxr_word(&line);

    if (cxr_str_trim(line).len != 0
        || cxr_paserk_read(CXR_PASERK_PUBLIC, key, pub, sizeof(pub)) != CXR_OK)
    {
        return "must be \"kid k4.public...\", and maybe its k4.pid";
    }

    if (id.len != 0) {
        cxr_paserk_pid(pub, pid);

        if (!cxr_str_is(id, pid)) {
            return "its k4.pid is not that of its key";
        }
    }

    return cxr_public_add(ring, kid, pub);
}


static cxr_rc_t
cxr_public_lines(const cxr_secret_file_t *f, cxr_keyring_t *ring,
    cxr_diag_t *d)
{
    size_t       n;
    unsigned     number;
    cxr_str_t    rest, line;
    const char  *nl, *wrong;

    rest = cxr_strn(f->text, f->len);

    for (number = 1; rest.len != 0; number++) {
        nl = memchr(rest.data, '\n', rest.len);
        n = nl == NULL ? rest.len : (size_t) (nl - rest.data);

        line = cxr_str_trim(cxr_strn(rest.data, n));
        n += nl != NULL;
        rest = cxr_strn(rest.data + n, rest.len - n);

        if (line.len == 0 || line.data[0] == '#') {
            continue;
        }

        wrong = cxr_public_line(ring, line);

        if (wrong != NULL) {
            cxr_diag(d, CXR_INVALID, "", "%s", wrong);
            cxr_diag_place(d, f->path, number, 0);

            return CXR_INVALID;
        }
    }

    return CXR_OK;
}


/* One member of a JWK as text; empty when it is no text. */

static cxr_str_t
cxr_jwk_text(const json_t *jwk, const char *member)
{
    const json_t  *v;

    v = json_object_get(jwk, member);

    if (!json_is_string(v)) {
        return CXR_STR_NONE;
    }

    return cxr_strn(json_string_value(v), json_string_length(v));
}


static cxr_rc_t
cxr_public_jwks(const cxr_secret_file_t *f, const json_t *root,
    cxr_keyring_t *ring, cxr_diag_t *d)
{
    char           pointer[48];
    size_t         i;
    uint8_t        pub[CXR_KEY_LEN];
    cxr_buf_t      b;
    const char    *wrong;
    const json_t  *keys, *jwk;

    keys = json_object_get(root, "keys");

    if (!json_is_array(keys)) {
        return cxr_secret_file_bad(f, keys ? "/keys" : "", "is neither a JWKS "
                                   "nor a key ring: needs \"keys\", an array",
                                   d);
    }

    for (i = 0; i < json_array_size(keys); i++) {
        jwk = json_array_get(keys, i);

        /* RFC 7517 section 5: keys of other types are passed over */

        if (!cxr_str_is(cxr_jwk_text(jwk, "kty"), "OKP")
            || !cxr_str_is(cxr_jwk_text(jwk, "crv"), "Ed25519"))
        {
            continue;
        }

        if (json_object_get(jwk, "d") != NULL) {
            wrong = "holds a private key (\"d\"), which has no place here";

        } else if (cxr_paserk_read("", cxr_jwk_text(jwk, "x"), pub,
                                   sizeof(pub)) != CXR_OK)
        {
            wrong = "needs \"x\", 32 bytes in base64url";

        } else {
            wrong = cxr_public_add(ring, cxr_jwk_text(jwk, "kid"), pub);
        }

        if (wrong != NULL) {
            cxr_buf_init_fixed(&b, pointer, sizeof(pointer) - 1);
            cxr_buf_addz(&b, "/keys/");
            cxr_buf_addu(&b, i);
            pointer[b.len] = '\0';

            return cxr_secret_file_bad(f, pointer, wrong, d);
        }
    }

    return CXR_OK;
}


/* The public keys of a key ring file, and nothing else of it. */

static cxr_rc_t
cxr_public_ring(const cxr_secret_file_t *f, const json_t *root,
    cxr_keyring_t *ring, cxr_diag_t *d)
{
    bool            secrets;
    cxr_rc_t        rc;
    unsigned        i;
    cxr_keyring_t  *full;

    full = cxr_keyring_alloc();

    if (full == NULL) {
        return cxr_diag(d, CXR_NOMEM, "", "no memory for the key ring");
    }

    rc = cxr_keyring_parse(f, root, false, full, d);
    secrets = false;

    for (i = 0; rc == CXR_OK && i < full->n; i++) {
        secrets |= full->keys[i].has_secret;

        if (full->keys[i].use == CXR_KEY_PUBLIC) {
            ring->keys[ring->n] = full->keys[i];
            memset(ring->keys[ring->n].secret, 0, CXR_SECRET_LEN);
            ring->keys[ring->n].has_secret = false;
            ring->n++;
        }
    }

    cxr_keyring_free(full);

    if (rc == CXR_OK && secrets && f->shared) {
        rc = cxr_diag(d, CXR_INVALID, "", "group or others have access to this "
                      "file of secret keys: chmod 600 it");
        cxr_diag_place(d, f->path, 0, 0);
    }

    return rc;
}


cxr_rc_t
cxr_keyring_load_public(const char *path, cxr_keyring_t **out, cxr_diag_t *d)
{
    json_t             *root;
    cxr_rc_t            rc;
    cxr_str_t           text;
    cxr_keyring_t      *ring;
    cxr_secret_file_t   f;

    rc = cxr_secret_file_read(path, &f, d);

    if (rc != CXR_OK) {
        return rc;
    }

    root = NULL;
    ring = cxr_keyring_alloc();

    if (ring == NULL) {
        rc = cxr_diag(d, CXR_NOMEM, "", "no memory for the key ring");
        cxr_diag_place(d, path, 0, 0);
        goto done;
    }

    text = cxr_str_trim(cxr_strn(f.text, f.len));

    if (text.len == 0 || text.data[0] != '{') {
        rc = cxr_public_lines(&f, ring, d);

    } else {
        rc = cxr_secret_file_json(&f, &root, d);

        if (rc == CXR_OK) {
            rc = json_object_get(root, "format") != NULL
                 ? cxr_public_ring(&f, root, ring, d)
                 : cxr_public_jwks(&f, root, ring, d);
        }
    }

    if (rc == CXR_OK && ring->n == 0) {
        rc = cxr_diag(d, CXR_INVALID, "", "holds no Ed25519 public key");
        cxr_diag_place(d, path, 0, 0);
    }

    if (rc == CXR_OK) {
        cxr_keyring_seal(ring);
        *out = ring;
        ring = NULL;
    }

done:

    cxr_keyring_free(ring);
    cxr_secret_json_free(root);
    cxr_secret_file_free(&f);

    return rc;
}


/*
 * The key ring in memory, and reading it from its JSON file.  Everything that
 * is wrong with a file is said with its line and never with its content: a
 * complaint ends up in logs.
 */

#include <sodium.h>

#include "cxr_sign_private.h"


#define CXR_FORM_KEY_DOMAIN  "cxr:v1:form-key"

const char *const  cxr_key_use_names[CXR_KEY_USES + 1] = {
    "local", "public", "person", "index", NULL
};

/* One entry of the file as it is being read. */
typedef struct {
    const cxr_secret_file_t  *file;
    const json_t             *obj;
    unsigned                  index;
    cxr_diag_t               *diag;
} cxr_key_entry_t;


cxr_keyring_t *
cxr_keyring_alloc(void)
{
    unsigned        i;
    cxr_keyring_t  *ring;

    if (cxr_sign_init() != CXR_OK) {
        return NULL;
    }

    ring = sodium_malloc(sizeof(cxr_keyring_t));

    if (ring == NULL) {
        return NULL;
    }

    memset(ring, 0, sizeof(cxr_keyring_t));

    for (i = 0; i < CXR_KEY_USES; i++) {
        ring->maker[i] = -1;
    }

    return ring;
}


cxr_key_t *
cxr_keyring_add(cxr_keyring_t *ring)
{
    if (ring->n == CXR_KEYRING_MAX) {
        return NULL;
    }

    return &ring->keys[ring->n++];
}


void
cxr_key_derive(cxr_key_t *k)
{
    if (k->use == CXR_KEY_LOCAL) {
        /*
         * Form tokens get a key of their own, so that a local key serves
         * PASETO alone.
         */
        cxr_hash(k->form, sizeof(k->form), CXR_FORM_KEY_DOMAIN,
                 sizeof(CXR_FORM_KEY_DOMAIN) - 1, k->secret, CXR_KEY_LEN);
    }

    if (k->use == CXR_KEY_PUBLIC) {
        memcpy(k->pub, k->secret + CXR_KEY_LEN, CXR_KEY_LEN);
    }

    k->has_secret = true;
}


void
cxr_keyring_seal(cxr_keyring_t *ring)
{
    int        *maker;
    unsigned    i;
    cxr_key_t  *k;

    for (i = 0; i < ring->n; i++) {
        k = &ring->keys[i];
        maker = &ring->maker[k->use];

        if (k->has_secret
            && (*maker < 0 || k->created >= ring->keys[*maker].created))
        {
            *maker = (int) i;
        }
    }

    /* a stray write anywhere in the process now stops there and then */

    sodium_mprotect_readonly(ring);
}


void
cxr_keyring_free(cxr_keyring_t *ring)
{
    /* wipes, too; NULL is fine */

    sodium_free(ring);
}


const cxr_key_t *
cxr_keyring_find(const cxr_keyring_t *ring, cxr_key_use_t use, cxr_str_t kid)
{
    unsigned          i;
    const cxr_key_t  *k;

    if (kid.len < CXR_KID_MIN || kid.len > CXR_KID_MAX) {
        return NULL;
    }

    for (i = 0; i < ring->n; i++) {
        k = &ring->keys[i];

        if (k->use == use && cxr_str_is(kid, k->kid)) {
            return k;
        }
    }

    return NULL;
}


const cxr_key_t *
cxr_keyring_maker(const cxr_keyring_t *ring, cxr_key_use_t use)
{
    int  i;

    i = ring->maker[use];

    return i < 0 ? NULL : &ring->keys[i];
}


bool
cxr_kid_valid(cxr_str_t kid)
{
    size_t  i;

    if (kid.len < CXR_KID_MIN || kid.len > CXR_KID_MAX) {
        return false;
    }

    for (i = 0; i < kid.len; i++) {
        if ((kid.data[i] < 'a' || kid.data[i] > 'z')
            && (kid.data[i] < '0' || kid.data[i] > '9'))
        {
            return false;
        }
    }

    return true;
}


/* Complains about one member of an entry ("": about the entry). */

static cxr_rc_t
cxr_key_bad(const cxr_key_entry_t *e, const char *member, const char *text)
{
    char       pointer[64];
    cxr_buf_t  b;

    cxr_buf_init_fixed(&b, pointer, sizeof(pointer) - 1);
    cxr_buf_addz(&b, "/keys/");
    cxr_buf_addu(&b, e->index);

    if (member[0] != '\0') {
        cxr_buf_addc(&b, '/');
        cxr_buf_addz(&b, member);
    }

    pointer[b.len] = '\0';

    return cxr_secret_file_bad(e->file, pointer, text, e->diag);
}


/* A member's text, NULL data when it is absent; false when it is no text. */

static bool
cxr_key_text(const cxr_key_entry_t *e, const char *member, cxr_str_t *out)
{
    const json_t  *v;

    *out = CXR_STR_NONE;
    v = json_object_get(e->obj, member);

    if (v == NULL) {
        return true;
    }

    if (!json_is_string(v)) {
        return false;
    }

    *out = cxr_strn(json_string_value(v), json_string_length(v));

    return true;
}


static cxr_rc_t
cxr_key_parse_members(const cxr_key_entry_t *e)
{
    void                *it;
    const char          *name;
    unsigned             i;
    static const char   *known[] = {
        "kid", "use", "secret", "public", "created", "retired"
    };

    if (!json_is_object(e->obj)) {
        return cxr_key_bad(e, "", "must be an object");
    }

    it = json_object_iter((json_t *) e->obj);

    for ( ; it != NULL; it = json_object_iter_next((json_t *) e->obj, it)) {
        name = json_object_iter_key(it);

        for (i = 0; i < cxr_nelts(known); i++) {
            if (strcmp(name, known[i]) == 0) {
                break;
            }
        }

        if (i == cxr_nelts(known)) {
            /* the name is not repeated: it may be a secret in a wrong place */
            return cxr_key_bad(e, "", "has a member that is not one of kid, "
                               "use, secret, public, created, retired");
        }
    }

    return CXR_OK;
}


/* The key itself: "secret", or "public" alone for a retired one. */

static cxr_rc_t
cxr_key_parse_material(const cxr_key_entry_t *e, cxr_key_t *k)
{
    bool           retired, same;
    uint8_t        pub[CXR_KEY_LEN], pair[CXR_SECRET_LEN];
    cxr_str_t      secret, public;
    const json_t  *v;

    v = json_object_get(e->obj, "retired");

    if (v != NULL && !json_is_boolean(v)) {
        return cxr_key_bad(e, "retired", "must be true or false");
    }

    retired = v != NULL && json_is_true(v);

    if (!cxr_key_text(e, "secret", &secret)) {
        return cxr_key_bad(e, "secret", "must be a PASERK string");
    }

    if (!cxr_key_text(e, "public", &public)) {
        return cxr_key_bad(e, "public", "must be a PASERK string");
    }

    if (retired) {
        if (k->use != CXR_KEY_PUBLIC) {
            return cxr_key_bad(e, "retired", "only a key of use \"public\" "
                               "can be retired: the others check with their "
                               "secret");
        }

        if (secret.data != NULL) {
            return cxr_key_bad(e, "secret", "a retired key keeps \"public\" "
                               "(k4.public...) and no secret");
        }

        if (cxr_paserk_read(CXR_PASERK_PUBLIC, public, k->pub, CXR_KEY_LEN)
            != CXR_OK
            || !crypto_core_ed25519_is_valid_point(k->pub))
        {
            return cxr_key_bad(e, public.data ? "public" : "", "a retired key "
                               "needs \"public\", a PASERK k4.public key");
        }

        return CXR_OK;
    }

    if (public.data != NULL) {
        return cxr_key_bad(e, "public", "stands only in a retired key: the "
                           "public half follows from the secret");
    }

    if (k->use != CXR_KEY_PUBLIC) {
        if (cxr_paserk_read(CXR_PASERK_LOCAL, secret, k->secret, CXR_KEY_LEN)
            != CXR_OK)
        {
            return cxr_key_bad(e, secret.data ? "secret" : "", "a key of this "
                               "use needs \"secret\", a PASERK k4.local key");
        }

        cxr_key_derive(k);

        return CXR_OK;
    }

    if (cxr_paserk_read(CXR_PASERK_SECRET, secret, k->secret, CXR_SECRET_LEN)
        != CXR_OK)
    {
        return cxr_key_bad(e, secret.data ? "secret" : "", "a key of use "
                           "\"public\" needs \"secret\", a PASERK k4.secret "
                           "key");
    }

    /*
     * A k4.secret holds the public half as well.  Signing with a pair that does
     * not belong together gives the secret away.
     */

    crypto_sign_seed_keypair(pub, pair, k->secret);
    same = cxr_secret_eq(pair, k->secret, sizeof(pair));
    sodium_memzero(pair, sizeof(pair));

    if (!same) {
        return cxr_key_bad(e, "secret", "its public half does not belong to "
                           "its secret half");
    }

    cxr_key_derive(k);

    return CXR_OK;
}


static cxr_rc_t
cxr_key_parse(const cxr_key_entry_t *e, cxr_keyring_t *ring)
{
    int          use;
    cxr_rc_t     rc;
    unsigned     i;
    cxr_str_t    s;
    cxr_key_t   *k;

    rc = cxr_key_parse_members(e);

    if (rc != CXR_OK) {
        return rc;
    }

    k = cxr_keyring_add(ring);

    if (k == NULL) {
        return cxr_key_bad(e, "", "is more than the 64 keys a ring can hold");
    }

    if (!cxr_key_text(e, "kid", &s) || !cxr_kid_valid(s)) {
        return cxr_key_bad(e, s.data ? "kid" : "", "needs a \"kid\" of 2 to 8 "
                           "of a-z and 0-9");
    }

    for (i = 0; i < e->index; i++) {
        if (cxr_str_is(s, ring->keys[i].kid)) {
            return cxr_key_bad(e, "kid", "is the kid of an earlier key");
        }
    }

    memcpy(k->kid, s.data, s.len);

    if (!cxr_key_text(e, "use", &s)) {
        s = CXR_STR_NONE;
    }

    for (use = 0; use < CXR_KEY_USES; use++) {
        if (cxr_str_is(s, cxr_key_use_names[use])) {
            break;
        }
    }

    if (use == CXR_KEY_USES) {
        return cxr_key_bad(e, json_object_get(e->obj, "use") ? "use" : "",
                           "needs a \"use\": local, public, person or index");
    }

    k->use = (cxr_key_use_t) use;

    if (!cxr_key_text(e, "created", &s)
        || s.data == NULL
        || cxr_time_parse(s, &k->created) != CXR_OK
        || !cxr_claim_time(k->created))
    {
        k->created = CXR_TIME_NONE;
        return cxr_key_bad(e, json_object_get(e->obj, "created") ? "created"
                                                                 : "",
                           "needs \"created\", a time like "
                           "2026-11-21T00:00:00Z");
    }

    return cxr_key_parse_material(e, k);
}


/* What a ring must have to serve a shop: no page may find out later. */

static cxr_rc_t
cxr_keyring_check_whole(const cxr_secret_file_t *f, const cxr_keyring_t *ring,
    cxr_diag_t *d)
{
    unsigned  i, makes[CXR_KEY_USES];

    memset(makes, 0, sizeof(makes));

    for (i = 0; i < ring->n; i++) {
        makes[ring->keys[i].use] += ring->keys[i].has_secret;
    }

    if (makes[CXR_KEY_LOCAL] == 0) {
        return cxr_secret_file_bad(f, "/keys", "has no key of use \"local\"",
                                   d);
    }

    if (makes[CXR_KEY_PUBLIC] == 0) {
        return cxr_secret_file_bad(f, "/keys", "has no key of use \"public\" "
                                   "with its secret", d);
    }

    if (makes[CXR_KEY_PERSON] == 0) {
        return cxr_secret_file_bad(f, "/keys", "has no key of use \"person\"",
                                   d);
    }

    if (makes[CXR_KEY_INDEX] != 1) {
        return cxr_secret_file_bad(f, "/keys", "must have exactly one key of "
                                   "use \"index\": under another one nothing "
                                   "that was stored is found again", d);
    }

    return CXR_OK;
}


cxr_rc_t
cxr_keyring_parse(const cxr_secret_file_t *f, const json_t *root, bool whole,
    cxr_keyring_t *ring, cxr_diag_t *d)
{
    size_t            n;
    cxr_rc_t          rc;
    unsigned          i;
    const json_t     *format, *keys;
    cxr_key_entry_t   e;

    format = json_object_get(root, "format");
    keys = json_object_get(root, "keys");

    if (!json_is_integer(format) || json_integer_value(format) != 1) {
        return cxr_secret_file_bad(f, format ? "/format" : "", "needs "
                                   "\"format\": 1, the only one known here", d);
    }

    if (!json_is_array(keys)) {
        return cxr_secret_file_bad(f, keys ? "/keys" : "", "needs \"keys\", "
                                   "an array", d);
    }

    if (json_object_size(root) != 2) {
        return cxr_secret_file_bad(f, "", "has a member that is neither "
                                   "\"format\" nor \"keys\"", d);
    }

    n = json_array_size(keys);

    for (i = 0; i < n; i++) {
        e.file = f;
        e.obj = json_array_get(keys, i);
        e.index = i;
        e.diag = d;

        rc = cxr_key_parse(&e, ring);

        if (rc != CXR_OK) {
            return rc;
        }
    }

    return whole ? cxr_keyring_check_whole(f, ring, d) : CXR_OK;
}


/*
 * jansson gives its memory back unwiped, and a key in freed memory is a key in
 * the next core dump.
 */

static void
cxr_json_wipe(json_t *v)
{
    void          *it;
    size_t         i;
    const char    *s;

    switch (json_typeof(v)) {

    case JSON_STRING:
        s = json_string_value(v);
        sodium_memzero((char *) (uintptr_t) s, json_string_length(v));
        break;

    case JSON_ARRAY:
        for (i = 0; i < json_array_size(v); i++) {
            cxr_json_wipe(json_array_get(v, i));
        }
        break;

    case JSON_OBJECT:
        it = json_object_iter(v);

        for ( ; it != NULL; it = json_object_iter_next(v, it)) {
            cxr_json_wipe(json_object_iter_value(it));
        }
        break;

    default:
        break;
    }
}


void
cxr_secret_json_free(json_t *root)
{
    if (root != NULL) {
        cxr_json_wipe(root);
        json_decref(root);
    }
}


cxr_rc_t
cxr_keyring_load(const char *path, cxr_keyring_t **out, cxr_diag_t *d)
{
    json_t             *root;
    cxr_rc_t            rc;
    cxr_keyring_t      *ring;
    cxr_secret_file_t   f;

    rc = cxr_secret_file_read(path, &f, d);

    if (rc != CXR_OK) {
        return rc;
    }

    root = NULL;
    ring = NULL;

    if (f.shared) {
        rc = cxr_diag(d, CXR_INVALID, "", "group or others have access to this "
                      "file of secret keys: chmod 600 it");
        cxr_diag_place(d, path, 0, 0);
        goto done;
    }

    ring = cxr_keyring_alloc();

    if (ring == NULL) {
        rc = cxr_diag(d, CXR_NOMEM, "", "no memory for the key ring");
        cxr_diag_place(d, path, 0, 0);
        goto done;
    }

    rc = cxr_secret_file_json(&f, &root, d);

    if (rc == CXR_OK) {
        rc = cxr_keyring_parse(&f, root, true, ring, d);
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

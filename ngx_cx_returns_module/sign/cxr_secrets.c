
/*
 * Secrets that carriers share with the shop, from a file of their own: a
 * profile is data that people pass around.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_sign_private.h"
#include "cxr_text.h"


typedef struct {
    char       carrier[CXR_SECRETS_NAME + 1];
    char       name[CXR_SECRETS_NAME + 1];
    char       text[CXR_SECRET_TEXT_MAX];
    size_t     len;
} cxr_secret_t;

struct cxr_secrets_s {
    unsigned       n;
    cxr_secret_t   items[CXR_SECRETS_MAX];
};


static cxr_rc_t
cxr_secrets_add(cxr_secrets_t *s, const cxr_secret_file_t *f,
    const char *carrier, const char *name, const json_t *value, cxr_diag_t *d)
{
    char           pointer[160];
    size_t         len;
    cxr_secret_t  *one;

    /* names come from the file and may be of any length */

    (void) snprintf(pointer, sizeof(pointer), "/%.70s/%.70s", carrier, name);

    if (!cxr_is_slug(cxr_strz(name), CXR_SECRETS_NAME)) {
        return cxr_secret_file_bad(f, pointer, "the name of a secret must be "
                                   "of a-z, 0-9, - and _, at most 32", d);
    }

    len = json_is_string(value) ? json_string_length(value) : 0;

    if (len == 0 || len > CXR_SECRET_TEXT_MAX) {
        return cxr_secret_file_bad(f, pointer, "a secret must be a string of "
                                   "1 to 512 bytes", d);
    }

    if (s->n == CXR_SECRETS_MAX) {
        return cxr_secret_file_bad(f, pointer, "there are more than 512 "
                                   "secrets", d);
    }

    one = &s->items[s->n++];

    (void) snprintf(one->carrier, sizeof(one->carrier), "%s", carrier);
    (void) snprintf(one->name, sizeof(one->name), "%s", name);
    memcpy(one->text, json_string_value(value), len);
    one->len = len;

    return CXR_OK;
}


static cxr_rc_t
cxr_secrets_parse(cxr_secrets_t *s, const cxr_secret_file_t *f, json_t *root,
    cxr_diag_t *d)
{
    char         pointer[160];
    json_t      *of, *value;
    cxr_rc_t     rc;
    const char  *carrier, *name;

    if (!json_is_object(root)) {
        return cxr_secret_file_bad(f, "", "must be an object: "
                                   "{\"carrier\": {\"name\": \"secret\"}}", d);
    }

    json_object_foreach(root, carrier, of) {

        (void) snprintf(pointer, sizeof(pointer), "/%.140s", carrier);

        if (!cxr_is_slug(cxr_strz(carrier), CXR_SECRETS_NAME)) {
            return cxr_secret_file_bad(f, pointer, "a carrier must be of a-z, "
                                       "0-9, - and _, at most 32", d);
        }

        if (!json_is_object(of) || json_object_size(of) == 0) {
            return cxr_secret_file_bad(f, pointer, "must be an object that "
                                       "holds the carrier's secrets", d);
        }

        json_object_foreach(of, name, value) {
            rc = cxr_secrets_add(s, f, carrier, name, value, d);

            if (rc != CXR_OK) {
                return rc;
            }
        }
    }

    return CXR_OK;
}


cxr_rc_t
cxr_secrets_load(const char *path, cxr_secrets_t **out, cxr_diag_t *d)
{
    json_t             *root = NULL;
    cxr_rc_t            rc;
    cxr_secrets_t      *s;
    cxr_secret_file_t   f;

    rc = cxr_secret_file_read(path, &f, d);

    if (rc != CXR_OK) {
        return rc;
    }

    s = calloc(1, sizeof(cxr_secrets_t));

    if (s == NULL) {
        rc = cxr_diag(d, CXR_NOMEM, "", "no memory for the secrets");
        cxr_diag_place(d, path, 0, 0);

    } else if (f.shared) {
        rc = cxr_diag(d, CXR_INVALID, "", "group or others have access to "
                      "this file of secrets: chmod 600 it");
        cxr_diag_place(d, path, 0, 0);

    } else {
        rc = cxr_secret_file_json(&f, &root, d);
    }

    if (rc == CXR_OK) {
        rc = cxr_secrets_parse(s, &f, root, d);
    }

    cxr_secret_json_free(root);
    cxr_secret_file_free(&f);

    if (rc != CXR_OK) {
        cxr_secrets_free(s);
        return rc;
    }

    *out = s;

    return CXR_OK;
}


void
cxr_secrets_free(cxr_secrets_t *s)
{
    if (s != NULL) {
        cxr_wipe(s, sizeof(cxr_secrets_t));
        free(s);
    }
}


bool
cxr_secrets_has(const cxr_secrets_t *s, cxr_str_t carrier)
{
    unsigned  i;

    for (i = 0; i < s->n; i++) {
        if (cxr_str_is(carrier, s->items[i].carrier)) {
            return true;
        }
    }

    return false;
}


cxr_str_t
cxr_secrets_find(const cxr_secrets_t *s, cxr_str_t carrier, cxr_str_t name)
{
    unsigned  i;

    for (i = 0; i < s->n; i++) {
        if (cxr_str_is(carrier, s->items[i].carrier)
            && cxr_str_is(name, s->items[i].name))
        {
            return cxr_strn(s->items[i].text, s->items[i].len);
        }
    }

    return CXR_STR_NONE;
}


bool
cxr_secrets_at(const cxr_secrets_t *s, unsigned i, cxr_str_t *carrier,
    cxr_str_t *name)
{
    if (i >= s->n) {
        return false;
    }

    *carrier = cxr_strz(s->items[i].carrier);
    *name = cxr_strz(s->items[i].name);

    return true;
}

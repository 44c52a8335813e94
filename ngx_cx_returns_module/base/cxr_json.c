
/*
 * JSON in: parsing with a place for every error, and the reading of an object
 * field by field.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_file.h"
#include "cxr_json.h"
#include "cxr_text.h"


static cxr_rc_t cxr_json_depth(cxr_str_t text, cxr_diag_t *d);
static cxr_rc_t cxr_json_at(cxr_diag_t *d, cxr_rc_t rc, cxr_str_t text,
    size_t pos, const char *what);
static const char *cxr_json_why(enum json_error_code code);
static json_t *cxr_jr_get(cxr_jr_t *r, const char *key, int flags, bool *ok);
static void cxr_jr_pointer(char *out, size_t size, const char *path,
    const char *key);
static bool cxr_jr_text(cxr_jr_t *r, const char *key, json_t *v,
    cxr_text_kind_t kind, size_t max, cxr_str_t *out);
static void cxr_jr_put(cxr_json_faults_t *f, const char *path,
    const char *key, const char *text);


cxr_rc_t
cxr_json_parse(cxr_str_t text, json_t **out, cxr_diag_t *d)
{
    size_t                pos;
    json_t               *value;
    cxr_rc_t              rc;
    json_error_t          error;
    enum json_error_code  code;

    *out = NULL;

    if (text.len == 0) {
        return cxr_json_at(d, CXR_INVALID, text, 0,
                           "is empty where JSON is wanted");
    }

    if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0) {
        return cxr_json_at(d, CXR_INVALID, text, 0,
                           "starts with a byte order mark, which JSON has not");
    }

    rc = cxr_json_depth(text, d);
    if (rc != CXR_OK) {
        return rc;
    }

    value = json_loadb(text.data, text.len,
                       JSON_REJECT_DUPLICATES|JSON_DECODE_ANY, &error);

    if (value != NULL) {
        *out = value;
        return CXR_OK;
    }

    code = json_error_code(&error);

    /*
     * jansson counts the bytes up to the end of what it did not like; but a
     * byte that is no UTF-8, or the missing one after the end, is not counted.
     */

    pos = error.position > 0 ? (size_t) error.position : 0;

    if (pos != 0 && code != json_error_invalid_utf8
        && code != json_error_premature_end_of_input)
    {
        pos--;
    }

    return cxr_json_at(d, code == json_error_out_of_memory ? CXR_NOMEM
                                                           : CXR_INVALID,
                       text, pos, cxr_json_why(code));
}


/*
 * jansson's own limit of depth is 2048, and a value is freed recursively: what
 * nests deeper than anything here means is refused before it is built.
 */

static cxr_rc_t
cxr_json_depth(cxr_str_t text, cxr_diag_t *d)
{
    char      c;
    bool      inside;
    char      what[64];
    size_t    i;
    unsigned  depth;

    depth = 0;
    inside = false;

    for (i = 0; i < text.len; i++) {

        c = text.data[i];

        if (inside) {

            if (c == '\\') {
                i++;

            } else if (c == '"') {
                inside = false;
            }

            continue;
        }

        if (c == '"') {
            inside = true;

        } else if (c == '{' || c == '[') {

            if (depth == CXR_JSON_DEPTH) {
                (void) snprintf(what, sizeof(what),
                                "nests deeper than %d levels", CXR_JSON_DEPTH);

                return cxr_json_at(d, CXR_LIMIT, text, i, what);
            }

            depth++;

        } else if ((c == '}' || c == ']') && depth != 0) {
            depth--;
        }
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_json_at(cxr_diag_t *d, cxr_rc_t rc, cxr_str_t text, size_t pos,
    const char *what)
{
    size_t    i, start;
    unsigned  line;

    if (pos > text.len) {
        pos = text.len;
    }

    for (i = 0, start = 0, line = 1; i < pos; i++) {

        if (text.data[i] == '\n') {
            line++;
            start = i + 1;
        }
    }

    (void) cxr_diag(d, rc, "", "%s", what);
    cxr_diag_place(d, "", line, (unsigned) (pos - start + 1));

    return rc;
}


/* In our words: jansson's own quote the text, which may be personal. */

static const char *
cxr_json_why(enum json_error_code code)
{
    switch (code) {

    case json_error_duplicate_key:
        return "has a member of this name already";

    case json_error_invalid_utf8:
        return "is not valid UTF-8";

    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "contains a NUL character, which is not allowed";

    case json_error_numeric_overflow:
        return "has a number that is too large";

    case json_error_premature_end_of_input:
        return "ends too early; a bracket or quote is not closed";

    case json_error_end_of_input_expected:
        return "has something after the end of the JSON value";

    case json_error_out_of_memory:
        return "does not fit into memory";

    default:
        return "is not valid JSON here";
    }
}


cxr_rc_t
cxr_json_load(const char *path, size_t max, json_t **out, char **text,
    cxr_diag_t *d)
{
    char      *buf = NULL;
    size_t     len = 0;
    cxr_rc_t   rc;

    *out = NULL;

    if (text != NULL) {
        *text = NULL;
    }

    rc = cxr_file_read(path, max, &buf, &len, d);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_json_parse(cxr_strn(buf, len), out, d);

    if (rc != CXR_OK && d != NULL) {
        cxr_diag_place(d, path, d->line, d->column);
    }

    if (rc == CXR_OK && text != NULL) {
        *text = buf;

    } else {
        free(buf);
    }

    return rc;
}


bool
cxr_jr_begin(cxr_jr_t *r, json_t *value, const char *path, cxr_arena_t *a,
    cxr_json_faults_t *f)
{
    cxr_str_t  cut;

    cut = cxr_utf8_cut(cxr_strz(path), sizeof(r->path) - 1);

    memcpy(r->path, cut.data, cut.len);
    r->path[cut.len] = '\0';

    r->obj = NULL;
    r->faults = f;
    r->arena = a;
    r->nseen = 0;

    if (!json_is_object(value)) {
        cxr_jr_fault(r, NULL, "must be an object");
        return false;
    }

    r->obj = value;

    return true;
}


bool
cxr_jr_end(cxr_jr_t *r)
{
    bool         ok;
    json_t      *value;
    unsigned     i;
    const char  *key;

    ok = true;

    /* a fault of the reader's, and one that its first test will show */

    if (r->nseen > cxr_nelts(r->seen)) {
        cxr_jr_fault(r, NULL, "is read by more than %zu fields",
                     cxr_nelts(r->seen));
        return false;
    }

    json_object_foreach(r->obj, key, value) {

        for (i = 0; i < r->nseen; i++) {

            if (strcmp(r->seen[i], key) == 0) {
                break;
            }
        }

        if (i == r->nseen) {
            cxr_jr_fault(r, key, "is not known here");
            ok = false;
        }
    }

    return ok;
}


void
cxr_jr_fault(cxr_jr_t *r, const char *key, const char *fmt, ...)
{
    char     text[sizeof(((cxr_json_fault_t *) 0)->text)];
    va_list  args;

    va_start(args, fmt);
    (void) vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    cxr_jr_put(r->faults, r->path, key, text);
}


static void
cxr_jr_put(cxr_json_faults_t *f, const char *path, const char *key,
    const char *text)
{
    cxr_str_t          cut;
    cxr_json_fault_t  *fault;

    f->total++;

    if (f->n == cxr_nelts(f->faults)) {
        return;
    }

    fault = &f->faults[f->n++];

    cxr_jr_pointer(fault->pointer, sizeof(fault->pointer), path, key);

    cut = cxr_utf8_cut(cxr_strz(text), sizeof(fault->text) - 1);

    memcpy(fault->text, cut.data, cut.len);
    fault->text[cut.len] = '\0';
}


/* path/key, the key escaped; cut at a character when it is too long */

static void
cxr_jr_pointer(char *out, size_t size, const char *path, const char *key)
{
    cxr_buf_t  b;
    cxr_str_t  k, c;

    cxr_buf_init_fixed(&b, out, size - 1);
    cxr_buf_addz(&b, path);

    if (key != NULL) {
        cxr_buf_addc(&b, '/');

        for (k = cxr_strz(key); k.len != 0 && cxr_buf_ok(&b); /* void */ ) {

            c = k;
            (void) cxr_utf8_next(&k);
            c.len -= k.len;

            if (cxr_str_is(c, "~")) {
                cxr_buf_add(&b, "~0", 2);

            } else if (cxr_str_is(c, "/")) {
                cxr_buf_add(&b, "~1", 2);

            } else {
                cxr_buf_adds(&b, c);
            }
        }
    }

    out[b.len] = '\0';
}


/* NULL when missing; *ok then says whether that is fine. */

static json_t *
cxr_jr_get(cxr_jr_t *r, const char *key, int flags, bool *ok)
{
    json_t  *value;

    if (r->nseen < cxr_nelts(r->seen)) {
        r->seen[r->nseen] = key;
    }

    r->nseen++;

    value = json_object_get(r->obj, key);

    *ok = true;

    if (value != NULL && !json_is_null(value)) {
        return value;
    }

    if (flags & CXR_JR_REQUIRED) {
        cxr_jr_fault(r, key, "is required");
        *ok = false;
    }

    return NULL;
}


bool
cxr_jr_line(cxr_jr_t *r, const char *key, size_t max, int flags,
    cxr_str_t *out)
{
    bool     ok;
    json_t  *v;

    v = cxr_jr_get(r, key, flags, &ok);

    return v ? cxr_jr_text(r, key, v, CXR_TEXT_LINE, max, out) : ok;
}


bool
cxr_jr_block(cxr_jr_t *r, const char *key, size_t max, int flags,
    cxr_str_t *out)
{
    bool     ok;
    json_t  *v;

    v = cxr_jr_get(r, key, flags, &ok);

    return v ? cxr_jr_text(r, key, v, CXR_TEXT_BLOCK, max, out) : ok;
}


static bool
cxr_jr_text(cxr_jr_t *r, const char *key, json_t *v, cxr_text_kind_t kind,
    size_t max, cxr_str_t *out)
{
    cxr_rc_t   rc;
    cxr_str_t  s;

    rc = CXR_INVALID;

    if (json_is_string(v)) {
        s = cxr_strn(json_string_value(v), json_string_length(v));
        rc = cxr_text_clean(r->arena, s, kind, max, &s);
    }

    if (rc == CXR_NOMEM) {
        cxr_jr_fault(r, key, "does not fit into memory");
        return false;
    }

    if (rc != CXR_OK || s.len == 0) {
        cxr_jr_fault(r, key, "must be text of 1 to %zu characters", max);
        return false;
    }

    *out = s;

    return true;
}


bool
cxr_jr_slug(cxr_jr_t *r, const char *key, size_t max, int flags,
    cxr_str_t *out)
{
    bool       ok;
    json_t    *v;
    cxr_str_t  s;

    v = cxr_jr_get(r, key, flags, &ok);
    if (v == NULL) {
        return ok;
    }

    s = CXR_STR_NONE;

    if (json_is_string(v)) {
        s = cxr_strn(json_string_value(v), json_string_length(v));
    }

    if (!cxr_is_slug(s, max)) {
        cxr_jr_fault(r, key, "must be a name of 1 to %zu of the characters "
                     "a-z, 0-9, _ and -, and start with a letter or digit",
                     max);
        return false;
    }

    if (cxr_str_dup(r->arena, s, &s) != CXR_OK) {
        cxr_jr_fault(r, key, "does not fit into memory");
        return false;
    }

    *out = s;

    return true;
}


bool
cxr_jr_int(cxr_jr_t *r, const char *key, int64_t min, int64_t max, int flags,
    int64_t *out)
{
    bool      ok;
    json_t   *v;
    int64_t   n;

    v = cxr_jr_get(r, key, flags, &ok);
    if (v == NULL) {
        return ok;
    }

    n = json_integer_value(v);

    if (!json_is_integer(v) || n < min || n > max) {
        cxr_jr_fault(r, key, "must be a whole number from %lld to %lld",
                     (long long) min, (long long) max);
        return false;
    }

    *out = n;

    return true;
}


bool
cxr_jr_bool(cxr_jr_t *r, const char *key, int flags, bool *out)
{
    bool     ok;
    json_t  *v;

    v = cxr_jr_get(r, key, flags, &ok);
    if (v == NULL) {
        return ok;
    }

    if (!json_is_boolean(v)) {
        cxr_jr_fault(r, key, "must be true or false");
        return false;
    }

    *out = json_is_true(v);

    return true;
}


bool
cxr_jr_time(cxr_jr_t *r, const char *key, int flags, cxr_time_t *out)
{
    bool     ok;
    json_t  *v;

    v = cxr_jr_get(r, key, flags, &ok);
    if (v == NULL) {
        return ok;
    }

    if (!json_is_string(v)
        || cxr_time_parse(cxr_strn(json_string_value(v),
                                   json_string_length(v)), out) != CXR_OK)
    {
        cxr_jr_fault(r, key, "must be a time with its offset, "
                     "such as 2026-11-02T09:14:00Z");
        return false;
    }

    return true;
}


bool
cxr_jr_choice(cxr_jr_t *r, const char *key, const char *const *names,
    int flags, unsigned *out)
{
    int        i;
    bool       ok;
    char       text[sizeof(((cxr_json_fault_t *) 0)->text)];
    json_t    *v;
    cxr_buf_t  b;

    v = cxr_jr_get(r, key, flags, &ok);
    if (v == NULL) {
        return ok;
    }

    if (json_is_string(v)) {
        i = 0;

        while (names[i] != NULL && strcmp(names[i], json_string_value(v))) {
            i++;
        }

        if (names[i] != NULL) {
            *out = (unsigned) i;
            return true;
        }
    }

    cxr_buf_init_fixed(&b, text, sizeof(text));

    for (i = 0; names[i] != NULL; i++) {
        cxr_buf_addz(&b, i ? ", " : "");
        cxr_buf_addz(&b, names[i]);
    }

    cxr_jr_fault(r, key, "must be one of: %.*s", (int) b.len, text);

    return false;
}


bool
cxr_jr_array(cxr_jr_t *r, const char *key, size_t max, int flags,
    json_t **out)
{
    bool     ok;
    json_t  *v;

    v = cxr_jr_get(r, key, flags, &ok);
    if (v == NULL) {
        return ok;
    }

    if (!json_is_array(v) || json_array_size(v) > max) {
        cxr_jr_fault(r, key, "must be a list of at most %zu items", max);
        return false;
    }

    *out = v;

    return true;
}


bool
cxr_jr_object(cxr_jr_t *r, const char *key, int flags, json_t **out)
{
    bool     ok;
    json_t  *v;

    v = cxr_jr_get(r, key, flags, &ok);
    if (v == NULL) {
        return ok;
    }

    if (!json_is_object(v)) {
        cxr_jr_fault(r, key, "must be an object");
        return false;
    }

    *out = v;

    return true;
}


bool
cxr_jr_strs(cxr_jr_t *r, const char *key, size_t nmax, size_t max, int flags,
    cxr_strs_t *out)
{
    bool         ok;
    char         index[24];
    json_t      *list;
    size_t       i;
    cxr_jr_t     items;
    cxr_str_t   *s;
    cxr_strs_t   strs = { NULL, 0 };

    list = NULL;

    if (!cxr_jr_array(r, key, nmax, flags, &list)) {
        return false;
    }

    if (list == NULL) {
        return true;
    }

    /* a reader of its own, so that a complaint names the item */

    items.faults = r->faults;
    items.arena = r->arena;
    cxr_jr_pointer(items.path, sizeof(items.path), r->path, key);

    ok = true;

    for (i = 0; i < json_array_size(list); i++) {

        s = cxr_list_push(r->arena, &strs, sizeof(cxr_str_t));
        if (s == NULL) {
            cxr_jr_fault(r, key, "does not fit into memory");
            return false;
        }

        (void) snprintf(index, sizeof(index), "%zu", i);

        if (!cxr_jr_text(&items, index, json_array_get(list, i),
                         CXR_TEXT_LINE, max, s))
        {
            ok = false;
        }
    }

    if (ok) {
        *out = strs;
    }

    return ok;
}

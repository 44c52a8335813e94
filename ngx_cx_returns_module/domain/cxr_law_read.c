
/*
 * Reads a law's file and checks all of it.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_shop_private.h"
#include "cxr_text.h"


static cxr_rc_t cxr_law_object(json_t *json, cxr_arena_t *a, cxr_law_t *law,
    cxr_json_faults_t *faults);
static cxr_rc_t cxr_law_version(json_t *json, uint32_t i, cxr_arena_t *a,
    cxr_law_t *law, cxr_json_faults_t *faults);
static cxr_rc_t cxr_law_exceptions(json_t *json, const char *path,
    cxr_arena_t *a, cxr_law_version_t *v, cxr_json_faults_t *faults);
static cxr_rc_t cxr_law_sources(json_t *json, const char *path,
    cxr_arena_t *a, cxr_law_version_t *v, cxr_json_faults_t *faults);
static cxr_rc_t cxr_law_texts(json_t *json, const char *path, cxr_arena_t *a,
    cxr_texts_t *texts, cxr_json_faults_t *faults);


cxr_rc_t
cxr_law_load(const char *path, cxr_arena_t *a, cxr_law_t **law,
    cxr_diag_t *diags, size_t max, size_t *n)
{
    char        *text;
    json_t      *json;
    cxr_rc_t     rc;
    cxr_str_t    id;
    cxr_diag_t   d;
    const char  *name;

    *law = NULL;

    name = strrchr(path, '/');
    name = name ? name + 1 : path;
    id = cxr_strz(name);

    if (id.len > 5 && memcmp(id.data + id.len - 5, ".json", 5) == 0) {
        id.len -= 5;
    }

    memset(&d, 0, sizeof(d));

    rc = cxr_json_load(path, CXR_LAW_FILE_MAX, &json, &text, &d);

    if (rc != CXR_OK) {
        cxr_diag_place(&d, path, d.line, d.column);

        if (*n < max) {
            diags[(*n)++] = d;
        }

        return rc;
    }

    json_decref(json);

    rc = cxr_law_parse(cxr_strz(text), id, path, a, law, diags, max, n);

    free(text);

    return rc;
}


cxr_rc_t
cxr_law_parse(cxr_str_t text, cxr_str_t id, const char *file, cxr_arena_t *a,
    cxr_law_t **law, cxr_diag_t *diags, size_t max, size_t *n)
{
    json_t             *json;
    cxr_rc_t            rc;
    cxr_law_t          *l;
    cxr_diag_t          d;
    cxr_json_faults_t   faults;

    *law = NULL;

    memset(&d, 0, sizeof(d));
    memset(&faults, 0, sizeof(faults));

    if (!cxr_is_slug(id, CXR_LAW_ID_MAX)) {
        rc = cxr_diag(&d, CXR_INVALID, "", "the file's name is the law's id: "
                      "it must be 1 to %d of a-z, 0-9, _ and -, then .json",
                      CXR_LAW_ID_MAX);
        cxr_diag_place(&d, file, 0, 0);
        goto failed;
    }

    rc = cxr_json_parse(text, &json, &d);
    if (rc != CXR_OK) {
        cxr_diag_place(&d, file, d.line, d.column);
        goto failed;
    }

    l = cxr_calloc(a, 1, sizeof(cxr_law_t));

    if (l == NULL || cxr_str_dup(a, id, &l->id) != CXR_OK) {
        json_decref(json);
        return CXR_NOMEM;
    }

    rc = cxr_law_object(json, a, l, &faults);

    if (rc == CXR_OK) {
        rc = cxr_json_hash(json, &l->hash);
    }

    json_decref(json);

    if (rc == CXR_OK && faults.total != 0) {
        cxr_shop_tell(&faults, CXR_INVALID, text, file, diags, max, n);
        rc = CXR_INVALID;
    }

    if (rc == CXR_OK) {
        *law = l;
    }

    return rc;

failed:

    if (*n < max) {
        diags[(*n)++] = d;
    }

    return rc;
}


static cxr_rc_t
cxr_law_object(json_t *json, cxr_arena_t *a, cxr_law_t *law,
    cxr_json_faults_t *faults)
{
    size_t      i;
    json_t     *name, *versions;
    cxr_rc_t    rc;
    cxr_jr_t    r;
    cxr_str_t   c;

    if (!cxr_jr_begin(&r, json, "", a, faults)) {
        return CXR_OK;
    }

    name = NULL;
    versions = NULL;

    cxr_jr_object(&r, "name", CXR_JR_REQUIRED, &name);

    if (cxr_jr_some_strs(&r, "countries", CXR_LAW_COUNTRIES_MAX, 2,
                         CXR_JR_REQUIRED, &law->countries))
    {
        for (i = 0; i < law->countries.n; i++) {
            c = law->countries.items[i];

            if (c.len != 2 || c.data[0] < 'A' || c.data[0] > 'Z'
                || c.data[1] < 'A' || c.data[1] > 'Z')
            {
                cxr_jr_fault(&r, "countries", "\"%.*s\" must be two "
                             "upper-case letters of ISO 3166 like \"TR\"",
                             cxr_str_arg(c));
            }
        }
    }

    cxr_jr_array(&r, "versions", CXR_LAW_VERSIONS_MAX, CXR_JR_REQUIRED,
                 &versions);
    cxr_jr_end(&r);

    if (name != NULL) {
        rc = cxr_law_texts(name, "/name", a, &law->name, faults);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (versions == NULL) {
        return CXR_OK;
    }

    if (json_array_size(versions) == 0) {
        cxr_jr_fault(&r, "versions", "must have at least one version");
    }

    law->versions.items = cxr_calloc(a, json_array_size(versions),
                                     sizeof(cxr_law_version_t));
    if (law->versions.items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < json_array_size(versions); i++) {
        rc = cxr_law_version(json_array_get(versions, i), (uint32_t) i, a,
                             law, faults);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_law_version(json_t *json, uint32_t i, cxr_arena_t *a, cxr_law_t *law,
    cxr_json_faults_t *faults)
{
    char                path[64];
    json_t             *exceptions, *sources;
    cxr_rc_t            rc;
    cxr_jr_t            r;
    unsigned            pays, from, delivery;
    cxr_law_version_t  *v;

    snprintf(path, sizeof(path), "/versions/%u", i);

    if (!cxr_jr_begin(&r, json, path, a, faults)) {
        return CXR_OK;
    }

    v = &law->versions.items[law->versions.n++];
    exceptions = NULL;
    sources = NULL;
    pays = 0;
    from = 0;
    delivery = 0;

    cxr_jr_date(&r, "valid_from", CXR_JR_REQUIRED, &v->valid_from);
    cxr_jr_line(&r, "basis", CXR_LAW_TEXT_MAX, CXR_JR_REQUIRED, &v->basis);
    cxr_jr_u32(&r, "window_days", 1, CXR_LAW_DAYS_MAX, CXR_JR_REQUIRED,
               &v->window_days);
    cxr_jr_u32(&r, "unknown_delivery_days", 0, CXR_LAW_DAYS_MAX,
               CXR_JR_REQUIRED, &v->unknown_days);
    cxr_jr_bool(&r, "rolls_over_weekend", 0, &v->rolls);
    cxr_jr_choice(&r, "return_cost", cxr_law_pays_names, CXR_JR_REQUIRED,
                  &pays);
    cxr_jr_line(&r, "return_cost_basis", CXR_LAW_TEXT_MAX, CXR_JR_REQUIRED,
                &v->pays_basis);
    cxr_jr_bool(&r, "fees_allowed", CXR_JR_REQUIRED, &v->fees);
    cxr_jr_u32(&r, "refund_days", 1, CXR_LAW_DAYS_MAX, CXR_JR_REQUIRED,
               &v->refund_days);
    cxr_jr_choice(&r, "refund_from", cxr_law_refund_from_names,
                  CXR_JR_REQUIRED, &from);
    cxr_jr_bool(&r, "may_withhold", CXR_JR_REQUIRED, &v->withhold);
    cxr_jr_line(&r, "refund_basis", CXR_LAW_TEXT_MAX, CXR_JR_REQUIRED,
                &v->refund_basis);
    cxr_jr_u32(&r, "ship_back_days", 1, CXR_LAW_DAYS_MAX, CXR_JR_REQUIRED,
               &v->ship_back_days);
    cxr_jr_u32(&r, "claim_days", 0, CXR_LAW_DAYS_MAX, 0, &v->claim_days);
    cxr_jr_line(&r, "claim_basis", CXR_LAW_TEXT_MAX, 0, &v->claim_basis);
    cxr_jr_bool(&r, "withdrawal_function", 0, &v->function);
    cxr_jr_choice(&r, "delivery_refund", cxr_law_delivery_names, 0, &delivery);
    cxr_jr_line(&r, "delivery_refund_basis", CXR_LAW_TEXT_MAX,
                delivery ? CXR_JR_REQUIRED : 0, &v->delivery_basis);
    cxr_jr_array(&r, "exceptions", CXR_LAW_EXCEPTIONS_MAX, 0, &exceptions);
    cxr_jr_array(&r, "sources", CXR_LAW_SOURCES_MAX, CXR_JR_REQUIRED,
                 &sources);
    cxr_jr_end(&r);

    v->pays = (uint8_t) pays;
    v->refund_from = (uint8_t) from;
    v->delivery = (uint8_t) delivery;

    if (i > 0 && v->valid_from <= law->versions.items[i - 1].valid_from) {
        cxr_jr_fault(&r, "valid_from", "must be later than that of the "
                     "version before it");
    }

    if (exceptions != NULL) {
        rc = cxr_law_exceptions(exceptions, path, a, v, faults);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (sources == NULL) {
        return CXR_OK;
    }

    if (json_array_size(sources) == 0) {
        cxr_jr_fault(&r, "sources", "must have at least one source");
    }

    return cxr_law_sources(sources, path, a, v, faults);
}


static cxr_rc_t
cxr_law_exceptions(json_t *json, const char *path, cxr_arena_t *a,
    cxr_law_version_t *v, cxr_json_faults_t *faults)
{
    char                  here[120], in[120];
    size_t                i, j;
    json_t               *text;
    cxr_rc_t              rc;
    cxr_jr_t              r;
    cxr_law_exception_t  *e;

    v->exceptions.items = cxr_calloc(a, json_array_size(json),
                                     sizeof(cxr_law_exception_t));
    if (v->exceptions.items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < json_array_size(json); i++) {
        snprintf(here, sizeof(here), "%s/exceptions/%zu", path, i);

        if (!cxr_jr_begin(&r, json_array_get(json, i), here, a, faults)) {
            continue;
        }

        e = &v->exceptions.items[v->exceptions.n++];
        text = NULL;

        cxr_jr_slug(&r, "code", CXR_LAW_ID_MAX, CXR_JR_REQUIRED, &e->code);
        cxr_jr_line(&r, "basis", CXR_LAW_TEXT_MAX, CXR_JR_REQUIRED, &e->basis);
        cxr_jr_bool(&r, "if_unsealed", 0, &e->if_unsealed);
        cxr_jr_object(&r, "text", 0, &text);
        cxr_jr_end(&r);

        for (j = 0; j + 1 < v->exceptions.n; j++) {
            if (e->code.len != 0
                && cxr_str_eq(v->exceptions.items[j].code, e->code))
            {
                cxr_jr_fault(&r, "code", "must differ from the exceptions "
                             "before it");
                break;
            }
        }

        if (text != NULL
            && snprintf(in, sizeof(in), "%s/text", here) < (int) sizeof(in))
        {
            rc = cxr_law_texts(text, in, a, &e->text, faults);
            if (rc != CXR_OK) {
                return rc;
            }
        }
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_law_sources(json_t *json, const char *path, cxr_arena_t *a,
    cxr_law_version_t *v, cxr_json_faults_t *faults)
{
    char               here[120];
    size_t             i;
    int32_t            day;
    cxr_jr_t           r;
    cxr_law_source_t  *s;

    v->sources.items = cxr_calloc(a, json_array_size(json),
                                  sizeof(cxr_law_source_t));
    if (v->sources.items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < json_array_size(json); i++) {
        snprintf(here, sizeof(here), "%s/sources/%zu", path, i);

        if (!cxr_jr_begin(&r, json_array_get(json, i), here, a, faults)) {
            continue;
        }

        s = &v->sources.items[v->sources.n++];

        cxr_jr_line(&r, "title", CXR_LAW_TEXT_MAX, CXR_JR_REQUIRED, &s->title);
        cxr_jr_line(&r, "url", CXR_URL_MAX, 0, &s->url);
        cxr_jr_date(&r, "checked", 0, &day);
        cxr_jr_line(&r, "checked", 10, 0, &s->checked);
        cxr_jr_end(&r);
    }

    return CXR_OK;
}


/* In whatever languages the file has: a law is not of one shop. */

static cxr_rc_t
cxr_law_texts(json_t *json, const char *path, cxr_arena_t *a,
    cxr_texts_t *texts, cxr_json_faults_t *faults)
{
    void              *at;
    cxr_jr_t           r;
    const char        *key;
    cxr_local_text_t  *t;

    if (!cxr_jr_begin(&r, json, path, a, faults)) {
        return CXR_OK;
    }

    if (json_object_size(json) == 0
        || json_object_size(json) > CXR_SHOP_LANGS_MAX)
    {
        cxr_jr_fault(&r, NULL, "must have 1 to %d languages",
                     CXR_SHOP_LANGS_MAX);
        return CXR_OK;
    }

    texts->items = cxr_calloc(a, json_object_size(json),
                              sizeof(cxr_local_text_t));
    if (texts->items == NULL) {
        return CXR_NOMEM;
    }

    for (at = json_object_iter(json); at != NULL;
         at = json_object_iter_next(json, at))
    {
        key = json_object_iter_key(at);
        t = &texts->items[texts->n];

        if (!cxr_is_language(cxr_strz(key))) {
            cxr_jr_fault(&r, NULL, "\"%.40s\" must be a language like \"tr\"",
                         key);
            continue;
        }

        if (cxr_str_dup(a, cxr_strz(key), &t->lang) != CXR_OK) {
            return CXR_NOMEM;
        }

        if (cxr_jr_line(&r, t->lang.data, CXR_LAW_TEXT_MAX, CXR_JR_REQUIRED,
                        &t->text))
        {
            texts->n++;
        }
    }

    return CXR_OK;
}


/*
 * Reads a shop's file and checks all of it.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_shop_private.h"
#include "cxr_text.h"


static cxr_rc_t cxr_shop_read(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults);
static void cxr_shop_example(cxr_jr_t *r, cxr_shop_t *shop);
static void cxr_shop_places(cxr_jr_t *r, cxr_shop_t *shop);
static void cxr_shop_languages(cxr_jr_t *r, cxr_shop_t *shop);
static void cxr_shop_pay_url(cxr_jr_t *r, cxr_shop_t *shop);
static void cxr_shop_zone(cxr_jr_t *r, cxr_arena_t *a, cxr_shop_t *shop);
static cxr_rc_t cxr_shop_carriers(json_t *json, cxr_arena_t *a,
    cxr_shop_t *shop, cxr_json_faults_t *faults);
static void cxr_shop_carrier(json_t *json, uint32_t i, cxr_arena_t *a,
    cxr_shop_t *shop, cxr_json_faults_t *faults);
static void cxr_jr_place(cxr_jr_t *r, const char *key, const char *usual,
    cxr_str_t *out);
static cxr_rc_t cxr_shop_keys(const char *path, cxr_arena_t *a,
    cxr_shop_t *shop);
static cxr_rc_t cxr_shop_people(const char *path, cxr_arena_t *a,
    cxr_shop_t *shop, cxr_json_faults_t *faults, cxr_diag_t *diags, size_t max,
    size_t *n);
static cxr_rc_t cxr_shop_laws(const char *path, cxr_arena_t *a,
    cxr_shop_t *shop, cxr_json_faults_t *faults, cxr_diag_t *diags,
    size_t max, size_t *n);
static void cxr_shop_codes(const cxr_shop_t *shop, cxr_json_faults_t *faults);


cxr_rc_t
cxr_shop_load(const char *path, cxr_arena_t *a, cxr_shop_t **shop,
    cxr_diag_t *diags, size_t max, size_t *n)
{
    char               *text;
    json_t             *json;
    cxr_rc_t            rc;
    cxr_str_t           id;
    cxr_diag_t          d;
    const char         *name;
    cxr_json_faults_t   faults, warnings;

    *shop = NULL;
    *n = 0;

    name = strrchr(path, '/');
    name = name ? name + 1 : path;
    id = cxr_strz(name);

    if (id.len > 5 && memcmp(id.data + id.len - 5, ".json", 5) == 0) {
        id.len -= 5;
    }

    memset(&d, 0, sizeof(d));

    rc = cxr_json_load(path, CXR_SHOP_FILE_MAX, &json, &text, &d);
    if (rc != CXR_OK) {
        cxr_diag_place(&d, path, d.line, d.column);

        if (max > 0) {
            diags[(*n)++] = d;
        }

        return rc;
    }

    json_decref(json);

    rc = cxr_shop_parse(cxr_strz(text), id, path, a, shop, diags, max, n);

    if (rc != CXR_OK) {
        free(text);
        return rc;
    }

    memset(&faults, 0, sizeof(faults));
    memset(&warnings, 0, sizeof(warnings));

    rc = cxr_shop_laws(path, a, *shop, &faults, diags, max, n);

    if (rc == CXR_OK) {
        rc = cxr_shop_keys(path, a, *shop);
    }

    if (rc == CXR_OK) {
        rc = cxr_shop_people(path, a, *shop, &faults, diags, max, n);
    }

    if (rc == CXR_OK) {
        rc = cxr_shop_logo(path, a, *shop, &faults);
    }

    if (rc == CXR_OK) {
        rc = cxr_shop_pictures(path, a, *shop, &faults);
    }

    if (faults.total != 0) {
        cxr_shop_tell(&faults, CXR_INVALID, cxr_strz(text), path, diags, max,
                      n);
        rc = rc == CXR_OK ? CXR_INVALID : rc;
    }

    if (rc == CXR_OK) {
        cxr_shop_lint(*shop, &warnings);
        cxr_shop_unseen(*shop, &warnings);
        cxr_shop_tell(&warnings, CXR_OK, cxr_strz(text), path, diags, max, n);

    } else {
        cxr_shop_free(*shop);
        *shop = NULL;
    }

    free(text);

    return rc;
}


static cxr_rc_t
cxr_shop_keys(const char *path, cxr_arena_t *a, cxr_shop_t *shop)
{
    const char  *slash;

    if (shop->keys_file.len == 0) {
        return CXR_OK;
    }

    slash = shop->keys_file.data[0] == '/' ? NULL : strrchr(path, '/');

    shop->keys_file = cxr_sprintf(a, "%.*s%.*s",
                                  slash ? (int) (slash + 1 - path) : 0, path,
                                  cxr_str_arg(shop->keys_file));

    return shop->keys_file.data == NULL ? CXR_NOMEM : CXR_OK;
}


/* Relative paths are from the directory of the shop's file. */

static cxr_rc_t
cxr_shop_laws(const char *path, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults, cxr_diag_t *diags, size_t max, size_t *n)
{
    char           key[16];
    size_t         dir;
    cxr_jr_t       r;
    cxr_rc_t       rc;
    uint32_t       i, j;
    cxr_str_t      file;
    const char    *slash;
    cxr_policy_t  *p;

    p = &shop->policy;

    memset(&r, 0, sizeof(r));
    r.faults = faults;
    (void) snprintf(r.path, sizeof(r.path), "/policy/laws");

    slash = strrchr(path, '/');
    dir = slash ? (size_t) (slash + 1 - path) : 0;

    p->laws.items = cxr_calloc(a, shop->law_files.n, sizeof(cxr_law_t *));
    if (p->laws.items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < shop->law_files.n; i++) {
        file = shop->law_files.items[i];

        file = cxr_sprintf(a, "%.*s%.*s",
                           file.len != 0 && file.data[0] == '/' ? 0
                                                                : (int) dir,
                           path, cxr_str_arg(file));
        if (file.data == NULL) {
            return CXR_NOMEM;
        }

        (void) snprintf(key, sizeof(key), "%u", i);

        rc = cxr_law_load(file.data, a, &p->laws.items[i], diags, max, n);

        if (rc != CXR_OK) {
            cxr_jr_fault(&r, key, "names a law's file that cannot be used, "
                         "see before; paths are from where this file stands");
            return rc;
        }

        for (j = 0; j < i; j++) {
            if (cxr_str_eq(p->laws.items[j]->id, p->laws.items[i]->id)) {
                cxr_jr_fault(&r, key, "is the law \"%.*s\" once more",
                             cxr_str_arg(p->laws.items[i]->id));
                return CXR_INVALID;
            }
        }

        p->laws.n++;
    }

    cxr_shop_codes(shop, faults);

    return cxr_policy_stamp(p, a);
}


/* The lists of people, each with what is wrong in it. */

static cxr_rc_t
cxr_shop_people(const char *path, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults, cxr_diag_t *diags, size_t max, size_t *n)
{
    size_t         dir;
    cxr_jr_t       r;
    cxr_rc_t       rc, worst;
    uint32_t       i;
    cxr_str_t      file;
    cxr_diag_t     d;
    const char    *slash;
    cxr_people_t  *people;

    memset(&r, 0, sizeof(r));
    r.faults = faults;
    (void) snprintf(r.path, sizeof(r.path), "/policy/lists");

    slash = strrchr(path, '/');
    dir = slash ? (size_t) (slash + 1 - path) : 0;
    worst = CXR_OK;

    for (i = 0; i < shop->policy.people.n; i++) {
        people = &shop->policy.people.items[i];
        file = people->file;

        if (file.len == 0) {
            continue;
        }

        file = cxr_sprintf(a, "%.*s%.*s",
                           file.len != 0 && file.data[0] == '/' ? 0
                                                                : (int) dir,
                           path, cxr_str_arg(file));
        if (file.data == NULL) {
            return CXR_NOMEM;
        }

        memset(&d, 0, sizeof(d));
        rc = cxr_people_load(file.data, a, people, &d);

        if (rc == CXR_OK) {
            continue;
        }

        if (*n < max) {
            diags[(*n)++] = d;
        }

        cxr_jr_fault(&r, people->name.data, "names a list of people that "
                     "cannot be used, see before; paths are from where this "
                     "file stands");
        worst = rc;
    }

    return worst;
}


/* A tag's exception must be one that a law has: a slip of the pen would leave
   the goods what they are not. */

static void
cxr_shop_codes(const cxr_shop_t *shop, cxr_json_faults_t *faults)
{
    bool                 known;
    uint32_t             i, j, k;
    cxr_jr_t             r;
    const cxr_law_t     *law;
    const cxr_policy_t  *p;

    p = &shop->policy;

    memset(&r, 0, sizeof(r));
    r.faults = faults;
    (void) snprintf(r.path, sizeof(r.path), "/policy/exceptions");

    for (i = 0; i < p->exempt.n; i++) {
        known = false;

        for (j = 0; j < p->laws.n && !known; j++) {
            law = p->laws.items[j];

            for (k = 0; k < law->versions.n && !known; k++) {
                known = cxr_law_exception(&law->versions.items[k],
                                          p->exempt.items[i].code) != NULL;
            }
        }

        if (!known) {
            cxr_jr_fault(&r, p->exempt.items[i].tag.data, "\"%.*s\" is an "
                         "exception of none of the policy's laws",
                         cxr_str_arg(p->exempt.items[i].code));
        }
    }
}


cxr_rc_t
cxr_shop_parse(cxr_str_t text, cxr_str_t id, const char *file, cxr_arena_t *a,
    cxr_shop_t **shop, cxr_diag_t *diags, size_t max, size_t *n)
{
    json_t             *json;
    cxr_rc_t            rc;
    cxr_diag_t          d;
    cxr_shop_t         *s;
    cxr_json_faults_t   faults;

    *shop = NULL;
    *n = 0;

    memset(&d, 0, sizeof(d));
    memset(&faults, 0, sizeof(faults));

    if (!cxr_is_slug(id, CXR_SHOP_ID_MAX)) {
        rc = cxr_diag(&d, CXR_INVALID, "", "the file's name is the shop's id: "
                      "it must be 1 to %d of a-z, 0-9, _ and -, then .json",
                      CXR_SHOP_ID_MAX);
        cxr_diag_place(&d, file, 0, 0);
        goto failed;
    }

    rc = cxr_json_parse(text, &json, &d);
    if (rc != CXR_OK) {
        cxr_diag_place(&d, file, d.line, d.column);
        goto failed;
    }

    s = cxr_calloc(a, 1, sizeof(cxr_shop_t));

    if (s == NULL || cxr_str_dup(a, id, &s->id) != CXR_OK) {
        json_decref(json);
        return CXR_NOMEM;
    }

    s->key = cxr_shop_key(id);

    rc = cxr_shop_read(json, a, s, &faults);

    json_decref(json);

    if (rc == CXR_OK && faults.total != 0) {
        cxr_shop_tell(&faults, CXR_INVALID, text, file, diags, max, n);
        rc = CXR_INVALID;
    }

    if (rc != CXR_OK) {
        cxr_shop_free(s);
        return rc;
    }

    *shop = s;

    return CXR_OK;

failed:

    if (max > 0) {
        diags[(*n)++] = d;
    }

    return rc;
}


void
cxr_shop_free(cxr_shop_t *shop)
{
    if (shop != NULL && shop->tz != NULL) {
        cxr_tz_free(shop->tz);
        shop->tz = NULL;
    }
}


cxr_str_t
cxr_shop_carrier_name(const cxr_shop_t *shop, cxr_str_t carrier)
{
    uint32_t  i;

    for (i = 0; i < shop->carriers.n; i++) {
        if (cxr_str_eq(shop->carriers.items[i].carrier, carrier)) {
            return shop->carriers.items[i].name;
        }
    }

    for (i = 0; i < shop->known.n; i++) {
        if (cxr_str_eq(shop->known.items[i].carrier, carrier)) {
            return shop->known.items[i].name;
        }
    }

    return carrier;
}


uint32_t
cxr_shop_key(cxr_str_t id)
{
    size_t    i;
    uint32_t  h;

    h = 0x811c9dc5u;

    for (i = 0; i < id.len; i++) {
        h = (h ^ (unsigned char) id.data[i]) * 0x01000193u;
    }

    return h;
}


static cxr_rc_t
cxr_shop_read(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    json_t    *carriers, *warehouse, *destinations, *label, *policy;
    cxr_shop_looks_t  looks;
    cxr_shop_ways_t   ways;
    cxr_rc_t   rc;
    cxr_jr_t   r;

    if (!cxr_jr_begin(&r, json, "", a, faults)) {
        return CXR_OK;
    }

    carriers = NULL;
    warehouse = NULL;
    destinations = NULL;
    label = NULL;
    policy = NULL;

    shop->order_link_days = 30;
    shop->track_link_days = 180;
    shop->rma_link_days = 365;
    shop->overdue_days = 3;

    cxr_jr_line(&r, "name", CXR_NAME_MAX, CXR_JR_REQUIRED, &shop->name);
    cxr_jr_line(&r, "keys", CXR_SHOP_PATH_MAX, 0, &shop->keys_file);
    cxr_shop_example(&r, shop);
    cxr_shop_places(&r, shop);
    cxr_shop_languages(&r, shop);
    cxr_jr_currency(&r, "currency", CXR_JR_REQUIRED, &shop->currency);
    cxr_shop_zone(&r, a, shop);

    cxr_jr_u32(&r, "order_link_days", 1, CXR_SHOP_LINK_DAYS_MAX, 0,
               &shop->order_link_days);
    cxr_jr_u32(&r, "track_link_days", 1, CXR_SHOP_LINK_DAYS_MAX, 0,
               &shop->track_link_days);
    cxr_jr_bool(&r, "four_eyes", 0, &shop->four_eyes);
    cxr_jr_u32(&r, "overdue_days", 1, CXR_SHOP_OVERDUE_MAX, 0,
               &shop->overdue_days);
    cxr_shop_pay_url(&r, shop);
    cxr_jr_u32(&r, "rma_link_days", 1, CXR_SHOP_LINK_DAYS_MAX, 0,
               &shop->rma_link_days);

    cxr_shop_looks_ask(&r, &looks);
    cxr_shop_ways_ask(&r, &ways);
    cxr_jr_array(&r, "carriers", CXR_SHOP_CARRIERS_MAX, 0, &carriers);
    cxr_jr_object(&r, "warehouse", CXR_JR_REQUIRED, &warehouse);
    cxr_jr_array(&r, "destinations", CXR_SHOP_DESTINATIONS_MAX, 0,
                 &destinations);
    cxr_jr_object(&r, "label", 0, &label);
    cxr_jr_object(&r, "policy", CXR_JR_REQUIRED, &policy);
    cxr_jr_end(&r);

    rc = cxr_shop_looks(&looks, a, shop, faults);
    if (rc != CXR_OK) {
        return rc;
    }

    if (carriers != NULL) {
        rc = cxr_shop_carriers(carriers, a, shop, faults);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    rc = cxr_shop_destinations(warehouse, destinations, a, shop, faults);
    if (rc == CXR_OK) {
        rc = cxr_shop_label(label, a, shop, faults);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    rc = policy ? cxr_shop_policy(policy, a, shop, faults) : CXR_OK;

    return rc == CXR_OK ? cxr_shop_ways(&ways, a, shop, faults) : rc;
}


/* Whoever types it as it is shown must be understood. */

static void
cxr_shop_example(cxr_jr_t *r, cxr_shop_t *shop)
{
    char    folded[CXR_NUMBER_MAX];
    size_t  len;

    if (cxr_jr_line(r, "order_example", CXR_NUMBER_MAX, 0,
                    &shop->order_example)
        && shop->order_example.len != 0
        && cxr_fold_number(shop->order_example, folded, &len) != CXR_OK)
    {
        cxr_jr_fault(r, "order_example", "must be an order number like "
                     "\"KG-1001\"");
    }
}


static void
cxr_shop_places(cxr_jr_t *r, cxr_shop_t *shop)
{
    size_t      i, j;
    cxr_str_t  *places[4];

    static const char *const  keys[] = { "portal", "track", "staff", "assets" };

    if (cxr_jr_line(r, "origin", CXR_URL_MAX, CXR_JR_REQUIRED, &shop->origin)
        && !cxr_is_url(shop->origin, true))
    {
        cxr_jr_fault(r, "origin", "must be like \"https://shop.example\": "
                     "no path, no slash at the end");
    }

    if (cxr_jr_line(r, "home", CXR_URL_MAX, CXR_JR_REQUIRED, &shop->home)
        && !cxr_is_url(shop->home, false))
    {
        cxr_jr_fault(r, "home", "must be a URL that begins with https:// or "
                     "http://");
    }

    cxr_jr_place(r, "portal", "/returns/", &shop->portal);
    cxr_jr_place(r, "track", "/track/", &shop->track);
    cxr_jr_place(r, "staff", "/staff/", &shop->staff);
    cxr_jr_place(r, "assets", "/assets/", &shop->assets);

    places[0] = &shop->portal;
    places[1] = &shop->track;
    places[2] = &shop->staff;
    places[3] = &shop->assets;

    for (i = 1; i < 4; i++) {
        for (j = 0; j < i; j++) {
            if (cxr_str_eq(*places[i], *places[j])) {
                cxr_jr_fault(r, keys[i], "must differ from \"%s\"", keys[j]);
                break;
            }
        }
    }
}


static void
cxr_shop_languages(cxr_jr_t *r, cxr_shop_t *shop)
{
    size_t     i, j, k;
    cxr_str_t  s;

    if (!cxr_jr_strs(r, "languages", CXR_SHOP_LANGS_MAX, 35, CXR_JR_REQUIRED,
                     &shop->languages))
    {
        return;
    }

    if (shop->languages.n == 0) {

        /* absent: complained about already */

        if (json_is_array(json_object_get(r->obj, "languages"))) {
            cxr_jr_fault(r, "languages", "must have at least one language");
        }

        return;
    }

    for (i = 0; i < shop->languages.n; i++) {
        s = shop->languages.items[i];

        for (k = 0; k < s.len; k++) {
            if (s.data[k] >= 'A' && s.data[k] <= 'Z') {
                break;
            }
        }

        if (k != s.len || !cxr_is_language(s)) {
            cxr_jr_fault(r, "languages", "\"%.*s\" must be a language like "
                         "\"tr\", in lower case", cxr_str_arg(s));
            continue;
        }

        for (j = 0; j < i; j++) {
            if (cxr_str_eq(shop->languages.items[j], s)) {
                cxr_jr_fault(r, "languages", "\"%.*s\" must be there once",
                             cxr_str_arg(s));
                break;
            }
        }
    }
}


/* Only whole names in braces, and what to pay must be among them. */

static void
cxr_shop_pay_url(cxr_jr_t *r, cxr_shop_t *shop)
{
    bool         amount;
    size_t       i, k;
    cxr_str_t    url;

    static const char *const  names[] = { "{rma}", "{amount}", "{currency}" };

    if (!cxr_jr_line(r, "pay_url", CXR_URL_MAX, 0, &shop->pay_url)
        || shop->pay_url.len == 0)
    {
        return;
    }

    url = shop->pay_url;
    amount = false;

    for (i = 0; i < url.len; i++) {

        if (url.data[i] == '}' || (unsigned char) url.data[i] <= ' ') {
            break;
        }

        if (url.data[i] != '{') {
            continue;
        }

        for (k = 0; k < cxr_nelts(names); k++) {
            if (url.len - i >= strlen(names[k])
                && memcmp(url.data + i, names[k], strlen(names[k])) == 0)
            {
                break;
            }
        }

        if (k == cxr_nelts(names)) {
            break;
        }

        amount |= (k == 1);
        i += strlen(names[k]) - 1;
    }

    if (i < url.len || !amount || url.len < 9
        || memcmp(url.data, "https://", 8) != 0)
    {
        cxr_jr_fault(r, "pay_url", "must be like \"https://shop.example/pay?"
                     "rma={rma}&amount={amount}&currency={currency}\": "
                     "{amount}, in minor units, must be in it, and no other "
                     "name in braces");
    }
}


static void
cxr_shop_zone(cxr_jr_t *r, cxr_arena_t *a, cxr_shop_t *shop)
{
    char        *name;
    cxr_diag_t   d;

    if (!cxr_jr_line(r, "time_zone", 64, CXR_JR_REQUIRED, &shop->time_zone)
        || shop->time_zone.len == 0)
    {
        return;
    }

    memset(&d, 0, sizeof(d));

    name = cxr_strz_dup(a, shop->time_zone);

    if (name == NULL || cxr_tz_load(name, &shop->tz, &d) != CXR_OK) {
        shop->tz = NULL;
        cxr_jr_fault(r, "time_zone", "must be a time zone like "
                     "\"Europe/Istanbul\"%s%s", d.text[0] ? ": " : "", d.text);
    }
}


static cxr_rc_t
cxr_shop_carriers(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    size_t  i;

    shop->carriers.items = cxr_calloc(a, json_array_size(json),
                                      sizeof(cxr_carrier_name_t));
    if (shop->carriers.items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < json_array_size(json); i++) {
        cxr_shop_carrier(json_array_get(json, i), (uint32_t) i, a, shop,
                         faults);
    }

    return CXR_OK;
}


/* Something of it can be dialled. */

static bool
cxr_shop_dialled(cxr_str_t phone)
{
    size_t  i;

    for (i = 0; i < phone.len; i++) {
        if (phone.data[i] >= '0' && phone.data[i] <= '9') {
            return true;
        }
    }

    return false;
}


static void
cxr_shop_carrier(json_t *json, uint32_t i, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    bool                 returns = true;
    char                 path[32];
    cxr_jr_t             r;
    uint32_t             j;
    cxr_carrier_name_t  *c;

    snprintf(path, sizeof(path), "/carriers/%u", i);

    if (!cxr_jr_begin(&r, json, path, a, faults)) {
        return;
    }

    c = &shop->carriers.items[shop->carriers.n++];

    cxr_jr_slug(&r, "carrier", CXR_CARRIER_MAX, CXR_JR_REQUIRED, &c->carrier);
    cxr_jr_line(&r, "name", CXR_NAME_MAX, CXR_JR_REQUIRED, &c->name);
    cxr_jr_bool(&r, "returns", 0, &returns);
    c->no_returns = !returns;

    if (cxr_jr_line(&r, "url", CXR_URL_MAX, 0, &c->url) && c->url.len != 0
        && (!cxr_is_url(c->url, false)
            || memcmp(c->url.data, "https:", 6) != 0
            || memmem(c->url.data, c->url.len, "{number}", 8) == NULL))
    {
        cxr_jr_fault(&r, "url", "must be a URL that begins with https:// and "
                     "has {number} where the tracking number goes");
    }

    if (cxr_jr_line(&r, "phone", CXR_PHONE_MAX, 0, &c->phone)
        && c->phone.len != 0 && !cxr_shop_dialled(c->phone))
    {
        cxr_jr_fault(&r, "phone", "must be a telephone number");
    }

    for (j = 0; j + 1 < shop->carriers.n; j++) {
        if (c->carrier.len != 0
            && cxr_str_eq(shop->carriers.items[j].carrier, c->carrier))
        {
            cxr_jr_fault(&r, "carrier", "must differ from the carriers before "
                         "it");
            break;
        }
    }

    cxr_jr_end(&r);
}


/* Where pages are: plain segments only, because links are made by appending. */

static void
cxr_jr_place(cxr_jr_t *r, const char *key, const char *usual, cxr_str_t *out)
{
    bool       good;
    char       c, last;
    size_t     i;
    cxr_str_t  s;

    s = cxr_strz(usual);
    *out = s;

    if (!cxr_jr_line(r, key, 100, 0, &s)) {
        return;
    }

    good = (s.len >= 2 && s.data[0] == '/' && s.data[s.len - 1] == '/');
    last = 'a';

    for (i = 0; good && i < s.len; i++) {
        c = s.data[i];

        good = (c == '/' ? last != '/'
                         : (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                           || (c >= '0' && c <= '9') || c == '-' || c == '_');
        last = c;
    }

    if (!good) {
        cxr_jr_fault(r, key, "must be a path of letters, digits, - and _ that "
                     "begins and ends with a slash, like \"%s\"", usual);
        return;
    }

    *out = s;
}


bool
cxr_jr_u32(cxr_jr_t *r, const char *key, uint32_t min, uint32_t max, int flags,
    uint32_t *out)
{
    int64_t  v;

    v = *out;

    if (!cxr_jr_int(r, key, min, max, flags, &v)) {
        return false;
    }

    *out = (uint32_t) v;

    return true;
}


bool
cxr_is_url(cxr_str_t s, bool origin)
{
    size_t         i, skip;
    unsigned char  c;

    if (s.len > 8 && memcmp(s.data, "https://", 8) == 0) {
        skip = 8;

    } else if (s.len > 7 && memcmp(s.data, "http://", 7) == 0) {
        skip = 7;

    } else {
        return false;
    }

    if (s.data[skip] == '/' || s.data[skip] == '?' || s.data[skip] == '#') {
        return false;
    }

    for (i = skip; i < s.len; i++) {
        c = s.data[i];

        if (c <= ' ' || c == '"' || c == '<' || c == '>' || c == '\\'
            || c == '\'' || c == 0x7f)
        {
            return false;
        }

        if (origin && (c == '/' || c == '?' || c == '#' || c == '@')) {
            return false;
        }
    }

    return true;
}


void
cxr_shop_tell(const cxr_json_faults_t *faults, cxr_rc_t rc, cxr_str_t text,
    const char *file, cxr_diag_t *diags, size_t max, size_t *n)
{
    unsigned           i;
    cxr_diag_t        *d;

    for (i = 0; i < faults->n && *n < max; i++) {
        d = &diags[(*n)++];
        memset(d, 0, sizeof(*d));

        cxr_diag(d, rc, faults->faults[i].pointer, "%s",
                 faults->faults[i].text);
        cxr_diag_place(d, file, cxr_json_line(text, faults->faults[i].pointer),
                       0);
    }
}

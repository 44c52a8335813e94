
/* A directory of .po files becomes the languages that a shop speaks. */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "cxr_file.h"
#include "cxr_lang.h"
#include "cxr_po.h"
#include "cxr_text.h"


#define CATALOG_ARENA_MAX  (64 * 1024 * 1024)
#define CATALOG_RANGES     32       /* of Accept-Language                     */
#define CATALOG_TAG_MAX    35       /* bytes of a language tag, RFC 5646 4.4  */


struct cxr_catalog_s {
    cxr_arena_t                 *arena;
    const char                  *dir;
    CXR_LIST_OF(cxr_lang_t *)    langs;       /* by code                      */
};


static uint32_t
catalog_hash(cxr_str_t key)
{
    size_t    i;
    uint32_t  h = 2166136261u;       /* FNV-1a: keys are the operator's own   */

    for (i = 0; i < key.len; i++) {
        h = (h ^ (uint8_t) key.data[i]) * 16777619u;
    }

    return h ^ (h >> 15);
}


const cxr_lang_text_t *
cxr_lang_find(const cxr_lang_t *lang, cxr_str_t key)
{
    uint32_t  at, slot;

    if (lang->ntexts == 0) {
        return NULL;
    }

    for (at = catalog_hash(key) & lang->mask;
         (slot = lang->slots[at]) != 0;
         at = (at + 1) & lang->mask)
    {
        if (cxr_str_eq(lang->texts[slot - 1].key, key)) {
            return &lang->texts[slot - 1];
        }
    }

    return NULL;
}


static cxr_rc_t
catalog_read(const char *path, cxr_arena_t *a, cxr_str_t *out, cxr_diag_t *d)
{
    char      *data;
    size_t     n;
    cxr_rc_t   rc;

    rc = cxr_file_read(path, CXR_PO_FILE_MAX, &data, &n, d);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_str_dup(a, cxr_strn(data, n), out);
    free(data);

    return rc == CXR_OK ? CXR_OK
                        : cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
}


/* The texts that a language holds, found by their keys. */
static cxr_rc_t
catalog_index(cxr_lang_t *lang, cxr_lang_text_t *texts, uint32_t n,
    cxr_arena_t *a, cxr_diag_t *d)
{
    uint32_t  i, at;

    for (lang->mask = 16; lang->mask < n * 2; lang->mask *= 2);

    lang->slots = cxr_calloc(a, lang->mask, sizeof(uint32_t));
    if (lang->slots == NULL) {
        return cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
    }

    lang->mask--;
    lang->texts = texts;
    lang->ntexts = n;

    for (i = 0; i < n; i++) {
        for (at = catalog_hash(texts[i].key) & lang->mask;
             lang->slots[at] != 0;
             at = (at + 1) & lang->mask);

        lang->slots[at] = i + 1;
    }

    return CXR_OK;
}


static cxr_rc_t
catalog_texts(cxr_lang_t *lang, const cxr_po_t *po, const char *path,
    cxr_arena_t *a, cxr_diag_t *d)
{
    size_t                 where = 0;
    int64_t                n;
    cxr_rc_t               rc;
    uint32_t               i;
    cxr_plural_t           form;
    cxr_lang_text_t       *t, *texts;
    const cxr_po_entry_t  *e;

    texts = cxr_calloc(a, po->n + 1, sizeof(cxr_lang_text_t));
    if (texts == NULL) {
        return cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
    }

    for (i = 0; i < po->n; i++) {
        e = &po->items[i];
        t = &texts[i];

        t->key = e->key;
        t->text = e->text;
        t->line = e->line;

        rc = cxr_message_parse(e->text, lang->categories, a, &t->msg, &where,
                               d);

        if (rc == CXR_OK && cxr_lang_plural_gap(lang, &t->msg, &form, &n)) {
            rc = cxr_diag(d, CXR_INVALID, NULL, "a plural has no form "
                          "%s{...}, which this language wants for %lld: write "
                          "all its forms, or other{...} alone",
                          cxr_plural_names[form], (long long) n);
            where = 0;
        }

        if (rc != CXR_OK) {
            if (d != NULL) {
                snprintf(d->where, sizeof(d->where), "%.*s",
                         cxr_str_arg(e->key));
            }

            cxr_diag_place(d, path, cxr_po_line(e, where), 0);
            return rc;
        }

        if (t->msg.n == 1 && t->msg.items[0].kind == CXR_MSG_TEXT) {
            t->text = t->msg.items[0].text;
        }
    }

    return catalog_index(lang, texts, po->n, a, d);
}


static cxr_rc_t
catalog_add(cxr_catalog_t *cat, const char *dir, cxr_str_t code, cxr_diag_t *d)
{
    char         path[256];
    cxr_po_t     po;
    cxr_rc_t     rc;
    cxr_str_t    src;
    cxr_lang_t  *lang, **slot;

    if (cat->langs.n == CXR_CATALOG_LANGS) {
        return cxr_diag(d, CXR_LIMIT, NULL, "there are more than %d languages",
                        CXR_CATALOG_LANGS);
    }

    if (snprintf(path, sizeof(path), "%s/%.*s.po", dir, cxr_str_arg(code))
        >= (int) sizeof(path))
    {
        return cxr_diag(d, CXR_LIMIT, NULL, "the path of a language's file is "
                        "longer than %zu bytes", sizeof(path) - 1);
    }

    lang = cxr_calloc(cat->arena, 1, sizeof(cxr_lang_t));
    slot = cxr_list_push(cat->arena, &cat->langs, sizeof(cxr_lang_t *));
    if (lang == NULL || slot == NULL
        || cxr_str_dup(cat->arena, code, &lang->code) != CXR_OK)
    {
        cat->langs.n -= slot != NULL;
        return cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
    }

    *slot = lang;

    rc = cxr_lang_load(lang, cat->arena, d);
    if (rc != CXR_OK) {
        cxr_diag_place(d, path, 0, 0);
        return rc;
    }

    rc = catalog_read(path, cat->arena, &src, d);
    if (rc == CXR_OK) {
        rc = cxr_po_parse(src, path, cat->arena, &po, d);
    }

    if (rc == CXR_OK) {
        rc = catalog_texts(lang, &po, path, cat->arena, d);
    }

    return rc;
}


/* Gives a language what it lacks and "lender" has of its own. */
static cxr_rc_t
catalog_lend(cxr_catalog_t *cat, const cxr_lang_t *lender, cxr_lang_t *lang,
    cxr_diag_t *d)
{
    uint32_t          i, n = 0;
    cxr_lang_text_t  *texts, *t;

    for (i = 0; i < lender->ntexts; i++) {
        n += lender->texts[i].lender == NULL
             && cxr_lang_find(lang, lender->texts[i].key) == NULL;
    }

    if (n == 0) {
        return CXR_OK;
    }

    if (lang->ntexts + n > CXR_PO_KEYS_MAX) {
        return cxr_diag(d, CXR_LIMIT, NULL, "\"%.*s\" and \"%.*s\" have more "
                        "than %d texts together", cxr_str_arg(lender->code),
                        cxr_str_arg(lang->code), CXR_PO_KEYS_MAX);
    }

    texts = cxr_calloc(cat->arena, lang->ntexts + n, sizeof(cxr_lang_text_t));
    if (texts == NULL) {
        return cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
    }

    memcpy(texts, lang->texts, lang->ntexts * sizeof(cxr_lang_text_t));
    t = texts + lang->ntexts;

    for (i = 0; i < lender->ntexts; i++) {
        if (lender->texts[i].lender != NULL
            || cxr_lang_find(lang, lender->texts[i].key) != NULL)
        {
            continue;
        }

        *t = lender->texts[i];
        t->line = 0;
        t->lender = lender;
        t++;
    }

    return catalog_index(lang, texts, lang->ntexts + n, cat->arena, d);
}


/*
 * A language's own texts have the placeholders that "model" has, which has a
 * text for every key: who translates is told of the translation.
 */
static cxr_rc_t
catalog_compare(const cxr_catalog_t *cat, const cxr_lang_t *model,
    const cxr_lang_t *lang, cxr_diag_t *d)
{
    bool                    more;
    char                    path[256];
    cxr_rc_t                rc;
    uint32_t                i;
    cxr_str_t               name;
    const cxr_lang_text_t  *t, *other;

    for (i = 0; i < lang->ntexts; i++) {
        t = &lang->texts[i];

        if (t->lender != NULL) {
            continue;
        }

        other = cxr_lang_find(model, t->key);
        more = cxr_message_lacks(&t->msg, &other->msg, &name);

        if (!more && !cxr_message_lacks(&other->msg, &t->msg, &name)) {
            continue;
        }

        rc = cxr_diag(d, CXR_INVALID, NULL, "\"%.*s\" %s placeholder {%.*s}, "
                      "which it has%s in \"%.*s\"", cxr_str_arg(t->key),
                      more ? "has a" : "lacks the", cxr_str_arg(name),
                      more ? " not" : "",
                      cxr_str_arg((other->lender ? other->lender
                                                 : model)->code));

        snprintf(path, sizeof(path), "%.*s/%.*s.po", 200, cat->dir,
                 cxr_str_arg(lang->code));
        cxr_diag_place(d, path, t->line, 0);

        return rc;
    }

    return CXR_OK;
}


/* English lends before the others: more people can read it. */
static cxr_rc_t
catalog_borrow(cxr_catalog_t *cat, cxr_diag_t *d)
{
    cxr_rc_t           rc = CXR_OK;
    uint32_t           i, k;
    cxr_lang_t        *lang;
    const cxr_lang_t  *model;

    model = cxr_catalog_lang(cat, cxr_str("en"));
    if (model == NULL) {
        model = cat->langs.items[0];
    }

    for (i = 0; i < cat->langs.n && rc == CXR_OK; i++) {
        lang = cat->langs.items[i];

        if (lang != model) {
            rc = catalog_lend(cat, model, lang, d);
        }

        for (k = 0; k < cat->langs.n && rc == CXR_OK; k++) {
            if (k != i) {
                rc = catalog_lend(cat, cat->langs.items[k], lang, d);
            }
        }
    }

    for (i = 0; i < cat->langs.n && rc == CXR_OK; i++) {
        rc = catalog_compare(cat, model, cat->langs.items[i], d);
    }

    return rc;
}


void
cxr_catalog_borrowed(const cxr_catalog_t *cat, bool each,
    cxr_catalog_tell_pt tell, void *ctx)
{
    char                    path[256];
    uint32_t                i, k, n;
    cxr_diag_t              d;
    const cxr_lang_t       *lang;
    const cxr_lang_text_t  *t, *first;

    for (i = 0; i < cat->langs.n; i++) {
        lang = cat->langs.items[i];
        snprintf(path, sizeof(path), "%.*s/%.*s.po", 200, cat->dir,
                 cxr_str_arg(lang->code));

        for (k = 0, n = 0, first = NULL; k < lang->ntexts; k++) {
            t = &lang->texts[k];

            if (t->lender == NULL) {
                continue;
            }

            first = first ? first : t;
            n++;

            if (each) {
                memset(&d, 0, sizeof(cxr_diag_t));
                cxr_diag(&d, CXR_NOTFOUND, NULL, "there is no text \"%.*s\": "
                         "that of \"%.*s\" stands in", cxr_str_arg(t->key),
                         cxr_str_arg(t->lender->code));
                cxr_diag_place(&d, path, 0, 0);
                tell(ctx, &d);
            }
        }

        if (each || n == 0) {
            continue;
        }

        memset(&d, 0, sizeof(cxr_diag_t));
        cxr_diag(&d, CXR_NOTFOUND, NULL, "%u text%s missing, empty or fuzzy, "
                 "\"%.*s\" %s: \"%.*s\" stands in; cx-returns templates check "
                 "names all", n, n == 1 ? " is" : "s are",
                 cxr_str_arg(first->key), n == 1 ? "alone" : "first",
                 cxr_str_arg(first->lender->code));
        cxr_diag_place(&d, path, 0, 0);
        tell(ctx, &d);
    }
}


static int
catalog_po_name(const struct dirent *e)
{
    size_t  n = strlen(e->d_name);

    return n > 3 && e->d_name[0] != '.'
           && strcmp(e->d_name + n - 3, ".po") == 0;
}


cxr_rc_t
cxr_catalog_load(const char *dir, cxr_catalog_t **out, cxr_diag_t *d)
{
    int              i, n;
    cxr_rc_t         rc = CXR_OK;
    cxr_catalog_t   *cat;
    struct dirent  **names;

    *out = NULL;

    n = scandir(dir, &names, catalog_po_name, alphasort);
    if (n <= 0) {
        rc = cxr_diag(d, CXR_NOTFOUND, NULL, n == 0
                      ? "there is no <language>.po in the directory%s"
                      : "the directory of languages cannot be read: %s",
                      n == 0 ? "" : strerror(errno));
        cxr_diag_place(d, dir, 0, 0);

        if (n == 0) {
            free(names);
        }

        return rc;
    }

    cat = calloc(1, sizeof(cxr_catalog_t));
    if (cat != NULL) {
        cat->arena = cxr_arena_create(CATALOG_ARENA_MAX);
    }

    if (cat == NULL || cat->arena == NULL
        || (cat->dir = cxr_strz_dup(cat->arena, cxr_strz(dir))) == NULL)
    {
        rc = cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
    }

    for (i = 0; i < n; i++) {
        if (rc == CXR_OK) {
            rc = catalog_add(cat, dir,
                             cxr_strn(names[i]->d_name,
                                      strlen(names[i]->d_name) - 3), d);
        }

        free(names[i]);
    }

    free(names);

    if (rc == CXR_OK) {
        rc = catalog_borrow(cat, d);
    }

    if (rc != CXR_OK) {
        cxr_catalog_free(cat);
        return rc;
    }

    *out = cat;

    return CXR_OK;
}


void
cxr_catalog_free(cxr_catalog_t *cat)
{
    uint32_t  i;

    if (cat == NULL) {
        return;
    }

    for (i = 0; i < cat->langs.n; i++) {
        cxr_lang_unload(cat->langs.items[i]);
    }

    if (cat->arena != NULL) {
        cxr_arena_destroy(cat->arena);
    }

    free(cat);
}


size_t
cxr_catalog_nlangs(const cxr_catalog_t *cat)
{
    return cat->langs.n;
}


const cxr_lang_t *
cxr_catalog_at(const cxr_catalog_t *cat, size_t i)
{
    return i < cat->langs.n ? cat->langs.items[i] : NULL;
}


static const cxr_lang_t *
catalog_by_code(const cxr_lang_t *const *langs, size_t n, cxr_str_t code)
{
    size_t             i;
    const cxr_lang_t  *lang;

    for (i = 0; i < n; i++) {
        lang = langs[i];

        if (lang->code.len == code.len
            && strncasecmp(lang->code.data, code.data, code.len) == 0)
        {
            return lang;
        }
    }

    return NULL;
}


const cxr_lang_t *
cxr_catalog_lang(const cxr_catalog_t *cat, cxr_str_t code)
{
    return catalog_by_code((const cxr_lang_t *const *) cat->langs.items,
                           cat->langs.n, code);
}


/* The language for one range: itself, one that begins with it, or a prefix. */
static const cxr_lang_t *
catalog_match(const cxr_lang_t *const *langs, size_t n, cxr_str_t range)
{
    size_t             i;
    const cxr_lang_t  *lang;

    lang = catalog_by_code(langs, n, range);
    if (lang != NULL) {
        return lang;
    }

    for (i = 0; i < n; i++) {
        lang = langs[i];

        if (lang->code.len > range.len && lang->code.data[range.len] == '-'
            && strncasecmp(lang->code.data, range.data, range.len) == 0)
        {
            return lang;
        }
    }

    while (range.len != 0) {
        do {
            range.len--;
        } while (range.len != 0 && range.data[range.len] != '-');

        lang = range.len ? catalog_by_code(langs, n, range) : NULL;
        if (lang != NULL) {
            return lang;
        }
    }

    return NULL;
}


/* ";q=0.5" in thousandths; -1 when it is malformed.  "s" is trimmed. */
static int
catalog_weight(cxr_str_t s)
{
    int     v, scale;
    size_t  i;

    if (s.len == 0) {
        return 1000;
    }

    if (s.len < 3 || (s.data[0] != 'q' && s.data[0] != 'Q') || s.data[1] != '='
        || (s.data[2] != '0' && s.data[2] != '1') || s.len > 7
        || (s.len > 3 && s.data[3] != '.'))
    {
        return -1;
    }

    v = (s.data[2] - '0') * 1000;

    for (i = 4, scale = 100; i < s.len; i++, scale /= 10) {
        if (s.data[i] < '0' || s.data[i] > '9') {
            return -1;
        }

        v += (s.data[i] - '0') * scale;
    }

    return v <= 1000 ? v : -1;
}


static bool
catalog_range_valid(cxr_str_t range)
{
    size_t  i;
    char    c;

    if (range.len == 0 || range.len > CATALOG_TAG_MAX) {
        return false;
    }

    if (cxr_str_is(range, "*")) {
        return true;
    }

    for (i = 0; i < range.len; i++) {
        c = range.data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9') || (c == '-' && i != 0)))
        {
            return false;
        }
    }

    return true;
}


const cxr_lang_t *
cxr_lang_negotiate(const cxr_lang_t *const *langs, size_t nlangs,
    cxr_str_t accept)
{
    int                q, best = 0;
    size_t             n;
    unsigned           ranges = 0;
    cxr_str_t          item, range;
    const char        *end, *semi;
    const cxr_lang_t  *lang, *found = NULL;

    if (accept.len > CXR_ACCEPT_MAX) {
        /* not through the middle of a range */

        end = memrchr(accept.data, ',', CXR_ACCEPT_MAX);
        accept.len = end ? (size_t) (end - accept.data) : 0;
    }

    while (accept.len != 0 && ranges < CATALOG_RANGES) {
        end = memchr(accept.data, ',', accept.len);
        n = end ? (size_t) (end - accept.data) : accept.len;

        item = cxr_str_trim(cxr_strn(accept.data, n));
        accept.data += n + (end != NULL);
        accept.len -= n + (end != NULL);

        if (item.len == 0) {
            continue;      /* RFC 9110 5.6.1: empty list members are allowed */
        }

        ranges++;

        semi = memchr(item.data, ';', item.len);
        range = item;
        item = CXR_STR_NONE;

        if (semi != NULL) {
            item = cxr_str_trim(cxr_strn(semi + 1, (size_t) (range.data
                                         + range.len - semi - 1)));
            range = cxr_str_trim(cxr_strn(range.data,
                                          (size_t) (semi - range.data)));
            q = item.len ? catalog_weight(item) : -1;

        } else {
            q = 1000;
        }

        /* what is no range says nothing, and takes nothing from the others */

        if (q < 0 || !catalog_range_valid(range)) {
            continue;
        }

        if (q <= best) {
            continue;
        }

        lang = cxr_str_is(range, "*") ? langs[0]
                                      : catalog_match(langs, nlangs, range);

        if (lang != NULL) {
            found = lang;
            best = q;
        }
    }

    return found ? found : langs[0];
}


cxr_str_t
cxr_lang_code(const cxr_lang_t *lang)
{
    return lang->code;
}


cxr_str_t
cxr_lang_name(const cxr_lang_t *lang)
{
    return lang->name;
}


const char *
cxr_lang_dir(const cxr_lang_t *lang)
{
    return lang->rtl ? "rtl" : "ltr";
}


cxr_str_t
cxr_lang_text(const cxr_lang_t *lang, cxr_str_t key)
{
    const cxr_lang_text_t  *t = cxr_lang_find(lang, key);

    return t ? t->text : CXR_STR_NONE;
}


/*
 * Texts in the shop's languages, as its file gives them.
 */

#include <strings.h>

#include "cxr_shop_private.h"


cxr_str_t
cxr_texts_in(const cxr_texts_t *texts, cxr_str_t lang)
{
    uint32_t   i;
    cxr_str_t  own;

    /* an order may say "en-US" where the shop speaks "en" */

    while (lang.len != 0) {

        for (i = 0; i < texts->n; i++) {
            own = texts->items[i].lang;

            if (own.len == lang.len
                && strncasecmp(own.data, lang.data, own.len) == 0)
            {
                return texts->items[i].text;
            }
        }

        do {
            lang.len--;
        } while (lang.len != 0 && lang.data[lang.len] != '-');
    }

    return texts->n != 0 ? texts->items[0].text : CXR_STR_NONE;
}


/*
 * In every language of the shop, or in none: half of them would show one
 * shopper the shop's words and another one ours.
 */

static cxr_rc_t
shop_texts(json_t *json, const char *path, size_t max, bool block,
    cxr_arena_t *a, const cxr_shop_t *shop, cxr_texts_t *texts,
    cxr_json_faults_t *faults)
{
    char              *lang;
    uint32_t           i;
    cxr_jr_t           r;
    cxr_local_text_t  *t;

    if (!cxr_jr_begin(&r, json, path, a, faults)) {
        return CXR_OK;
    }

    texts->items = cxr_calloc(a, shop->languages.n, sizeof(cxr_local_text_t));
    if (texts->items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < shop->languages.n; i++) {
        t = &texts->items[i];

        lang = cxr_strz_dup(a, shop->languages.items[i]);
        if (lang == NULL) {
            return CXR_NOMEM;
        }

        t->lang = shop->languages.items[i];
        if (block) {
            cxr_jr_block(&r, lang, max, CXR_JR_REQUIRED, &t->text);

        } else {
            cxr_jr_line(&r, lang, max, CXR_JR_REQUIRED, &t->text);
        }
    }

    texts->n = shop->languages.n;

    if (shop->languages.n != 0) {
        cxr_jr_end(&r);
    }

    return CXR_OK;
}


cxr_rc_t
cxr_shop_texts(json_t *json, const char *path, size_t max, cxr_arena_t *a,
    const cxr_shop_t *shop, cxr_texts_t *texts, cxr_json_faults_t *faults)
{
    return shop_texts(json, path, max, false, a, shop, texts, faults);
}


cxr_rc_t
cxr_shop_blocks(json_t *json, const char *path, size_t max, cxr_arena_t *a,
    const cxr_shop_t *shop, cxr_texts_t *texts, cxr_json_faults_t *faults)
{
    return shop_texts(json, path, max, true, a, shop, texts, faults);
}


/*
 * The common part of every view: one shop in one language, the page around
 * each template, and how texts, dates and addresses come into a view.
 */

#include "cxr_view.h"


static const cxr_field_t  cxr_view_alt_fields[] = {
    CXR_FIELD(cxr_view_alt_t, lang, STR),
    CXR_FIELD(cxr_view_alt_t, name, STR),
    CXR_VIEW_URL(cxr_view_alt_t, url),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_alt_type = {
    "alternate", 0, 1, sizeof(cxr_view_alt_t), cxr_view_alt_fields
};


static const cxr_field_t  cxr_view_nav_fields[] = {
    CXR_FIELD(cxr_view_nav_t, name, STR),
    CXR_VIEW_URL(cxr_view_nav_t, url),
    CXR_FIELD(cxr_view_nav_t, current, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_nav_type = {
    "nav", 0, 1, sizeof(cxr_view_nav_t), cxr_view_nav_fields
};


static const cxr_field_t  cxr_view_link_fields[] = {
    CXR_FIELD(cxr_view_link_t, name, STR),
    CXR_VIEW_URL(cxr_view_link_t, url),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_link_type = {
    "link", 0, 1, sizeof(cxr_view_link_t), cxr_view_link_fields
};


static const cxr_field_t  cxr_view_fault_fields[] = {
    CXR_VIEW_URL(cxr_view_fault_t, field_url),
    CXR_FIELD(cxr_view_fault_t, text, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_fault_type = {
    "fault", 0, 1, sizeof(cxr_view_fault_t), cxr_view_fault_fields
};


static const cxr_field_t  cxr_view_page_fields[] = {
    CXR_FIELD_X(cxr_view_page_t, lang, STR, CXR_FIELD_FIXED),
    CXR_FIELD_X(cxr_view_page_t, dir, STR, CXR_FIELD_FIXED),
    CXR_FIELD(cxr_view_page_t, title, STR),
    CXR_FIELD(cxr_view_page_t, wrong, BOOL),
    CXR_FIELD_X(cxr_view_page_t, shop, STR, CXR_FIELD_FIXED),
    CXR_FIELD_X(cxr_view_page_t, tagline, STR, CXR_FIELD_FIXED),
    CXR_FIELD_X(cxr_view_page_t, home_url, STR,
                CXR_FIELD_URL|CXR_FIELD_FIXED),
    CXR_FIELD_X(cxr_view_page_t, logo_url, STR,
                CXR_FIELD_URL|CXR_FIELD_FIXED),
    CXR_FIELD_X(cxr_view_page_t, logo_dark_url, STR,
                CXR_FIELD_URL|CXR_FIELD_FIXED),
    CXR_FIELD_X(cxr_view_page_t, icon_url, STR,
                CXR_FIELD_URL|CXR_FIELD_FIXED),
    CXR_FIELD_X(cxr_view_page_t, share_url, STR,
                CXR_FIELD_URL|CXR_FIELD_FIXED),
    CXR_FIELD_X(cxr_view_page_t, portal_url, STR,
                CXR_FIELD_URL|CXR_FIELD_FIXED),
    CXR_FIELD_X(cxr_view_page_t, track_url, STR,
                CXR_FIELD_URL|CXR_FIELD_FIXED),
    CXR_FIELD_X(cxr_view_page_t, withdraw_url, STR,
                CXR_FIELD_URL|CXR_FIELD_FIXED),
    CXR_VIEW_URL(cxr_view_page_t, withdraw_of),
    CXR_FIELD_X(cxr_view_page_t, css_url, STR,
                CXR_FIELD_URL|CXR_FIELD_FIXED),
    CXR_FIELD_X(cxr_view_page_t, brand_url, STR,
                CXR_FIELD_URL|CXR_FIELD_FIXED),
    CXR_VIEW_URL(cxr_view_page_t, canonical),
    CXR_FIELD_SUB(cxr_view_page_t, translations, LIST, &cxr_view_alt_type),
    CXR_FIELD(cxr_view_page_t, noindex, BOOL),
    CXR_FIELD(cxr_view_page_t, description, STR),
    CXR_FIELD_SUB(cxr_view_page_t, alternates, LIST, &cxr_view_alt_type),
    CXR_FIELD(cxr_view_page_t, has_alternates, BOOL),
    CXR_FIELD_SUB(cxr_view_page_t, nav, LIST, &cxr_view_nav_type),
    CXR_FIELD(cxr_view_page_t, has_nav, BOOL),
    CXR_FIELD_X(cxr_view_page_t, mail, STR, CXR_FIELD_FIXED),
    CXR_VIEW_URL(cxr_view_page_t, mail_url),
    CXR_FIELD_X(cxr_view_page_t, phone, STR, CXR_FIELD_FIXED),
    CXR_FIELD_X(cxr_view_page_t, phone_url, STR,
                CXR_FIELD_URL|CXR_FIELD_FIXED),
    CXR_VIEW_URL(cxr_view_page_t, whatsapp_url),
    CXR_FIELD_X(cxr_view_page_t, chat_url, STR,
                CXR_FIELD_URL|CXR_FIELD_FIXED),
    CXR_FIELD_X(cxr_view_page_t, hours, STR, CXR_FIELD_FIXED),
    CXR_FIELD_X(cxr_view_page_t, has_support, BOOL, CXR_FIELD_FIXED),
    CXR_FIELD_SUB_SINCE(cxr_view_page_t, links, LIST, &cxr_view_link_type,
                        CXR_FIELD_FIXED, 1),
    CXR_FIELD_SUB_SINCE(cxr_view_page_t, legal, LIST, &cxr_view_link_type,
                        CXR_FIELD_FIXED, 1),
    CXR_FIELD_X(cxr_view_page_t, has_legal, BOOL, CXR_FIELD_FIXED),
    CXR_FIELD_X(cxr_view_page_t, legal_text, STR, CXR_FIELD_FIXED),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_page_type = {
    "page", 0, 1, sizeof(cxr_view_page_t), cxr_view_page_fields
};


cxr_str_t
cxr_view_safe_url(cxr_str_t url)
{
    size_t   i;
    uint8_t  bad;

    /* control characters, space, DEL, and what ends an attribute or is read
       as something else */

    static const uint8_t  unsafe[256] = {
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        [' '] = 1, ['"'] = 1, ['<'] = 1, ['>'] = 1, ['\\'] = 1, [0x7f] = 1
    };

    /*
     * A field that is flagged as an address is put into href and src as it
     * is, so what came from outside is looked at here: javascript: and data:
     * are no addresses of a picture or a page, "//host" leads to another host
     * while it looks like a path, and browsers read '\' as '/'.
     */

    if (url.len == 0 || url.len > CXR_VIEW_URL_MAX) {
        return CXR_STR_NONE;
    }

    if (url.data[0] == '/') {
        if (url.len > 1 && (url.data[1] == '/' || url.data[1] == '\\')) {
            return CXR_STR_NONE;
        }

    } else if (!(url.len > 8 && memcmp(url.data, "https://", 8) == 0)
               && !(url.len > 7 && memcmp(url.data, "http://", 7) == 0))
    {
        return CXR_STR_NONE;
    }

    for (i = 0, bad = 0; i < url.len; i++) {
        bad |= unsafe[(uint8_t) url.data[i]];
    }

    return bad ? CXR_STR_NONE : url;
}


cxr_str_t
cxr_view_url(const cxr_view_ctx_t *ctx, cxr_str_t path, cxr_arena_t *a)
{
    char       *p;
    size_t      len;
    cxr_str_t   code;

    if (path.len == 0 || path.data[0] != '/') {
        return cxr_view_safe_url(path);
    }

    code = cxr_lang_code(ctx->lang);
    len = 1 + code.len + path.len;

    if (len > CXR_VIEW_URL_MAX || (p = cxr_alloc(a, len)) == NULL) {
        return CXR_STR_NONE;
    }

    p[0] = '/';
    memcpy(p + 1, code.data, code.len);
    memcpy(p + 1 + code.len, path.data, path.len);

    return cxr_strn(p, len);
}


cxr_str_t
cxr_view_text(const cxr_view_ctx_t *ctx, const char *key,
    const cxr_arg_t *args, size_t n, cxr_arena_t *a)
{
    cxr_buf_t  buf;

    cxr_text_begin(a, CXR_VIEW_TEXT_MAX, &buf);

    (void) cxr_lang_format(ctx->lang, cxr_strz(key), args, n, &buf);

    return cxr_text_end(a, &buf);
}


cxr_str_t
cxr_view_date(const cxr_view_ctx_t *ctx, cxr_time_t at, int32_t offset,
    cxr_date_style_t style, cxr_arena_t *a)
{
    cxr_buf_t  buf;

    if (at == CXR_TIME_NONE) {
        return CXR_STR_NONE;
    }

    cxr_text_begin(a, CXR_VIEW_VALUE_MAX, &buf);
    cxr_i18n_date(ctx->lang, at, offset, style, &buf);

    return cxr_text_end(a, &buf);
}


cxr_str_t
cxr_view_date_shop(const cxr_view_ctx_t *ctx, cxr_time_t at,
    cxr_date_style_t style, cxr_arena_t *a)
{
    int32_t  offset = 0;

    if (at == CXR_TIME_NONE) {
        return CXR_STR_NONE;
    }

    if (ctx->shop->tz != NULL) {
        offset = cxr_tz_offset(ctx->shop->tz, at);
    }

    return cxr_view_date(ctx, at, offset, style, a);
}


cxr_str_t
cxr_view_money(const cxr_view_ctx_t *ctx, cxr_str_t currency,
    cxr_money_t amount, cxr_arena_t *a)
{
    cxr_buf_t  buf;

    cxr_text_begin(a, CXR_VIEW_VALUE_MAX, &buf);
    cxr_i18n_money(ctx->lang, currency, amount, &buf);

    return cxr_text_end(a, &buf);
}


cxr_rc_t
cxr_view_page(const cxr_view_ctx_t *ctx, cxr_str_t title, cxr_str_t self,
    cxr_arena_t *a, cxr_view_page_t **page)
{
    size_t             i;
    cxr_str_t          code, own;
    cxr_view_alt_t    *alt;
    cxr_view_page_t   *p;
    const cxr_lang_t  *lang;

    p = cxr_alloc(a, sizeof(cxr_view_page_t));
    if (p == NULL) {
        return CXR_NOMEM;
    }

    *p = ctx->page;
    p->title = title;

    own = cxr_lang_code(ctx->lang);

    for (i = 0; self.len != 0 && i < ctx->shop->languages.n; i++) {
        code = ctx->shop->languages.items[i];
        lang = cxr_catalog_lang(ctx->cat, code);

        if (lang == NULL || cxr_str_eq(cxr_lang_code(lang), own)) {
            continue;
        }

        alt = cxr_list_push(a, &p->alternates, sizeof(cxr_view_alt_t));
        if (alt == NULL) {
            return CXR_NOMEM;
        }

        alt->lang = cxr_lang_code(lang);
        alt->name = cxr_lang_name(lang);
        alt->url = cxr_str_join(a, cxr_str("/"), alt->lang, self);
        if (alt->url.data == NULL) {
            return CXR_NOMEM;
        }
    }

    p->has_alternates = p->alternates.n != 0;
    *page = p;

    return CXR_OK;
}


/* "https://shop.example/en/track/"; without a language where that is empty */
static cxr_str_t
view_whole(const cxr_view_ctx_t *ctx, cxr_str_t lang, cxr_str_t self,
    cxr_arena_t *a)
{
    return cxr_view_safe_url(cxr_sprintf(a, "%.*s%s%.*s%.*s",
                                         cxr_str_arg(ctx->shop->origin),
                                         lang.len != 0 ? "/" : "",
                                         cxr_str_arg(lang),
                                         cxr_str_arg(self)));
}


cxr_rc_t
cxr_view_public(const cxr_view_ctx_t *ctx, cxr_view_page_t *page,
    cxr_str_t self, cxr_str_t description, cxr_arena_t *a)
{
    size_t           i, n;
    cxr_str_t        lang;
    cxr_view_alt_t  *alt;

    page->noindex = false;
    page->description = description;
    page->canonical = view_whole(ctx, page->lang, self, a);

    if (page->canonical.len == 0) {
        return CXR_NOMEM;
    }

    if (page->alternates.n == 0) {
        return CXR_OK;
    }

    /* each language, this page's own among them; then the page that asks the
       browser for one */

    n = ctx->shop->languages.n;

    for (i = 0; i <= n; i++) {
        lang = i < n ? ctx->shop->languages.items[i] : CXR_STR_NONE;

        alt = cxr_list_push(a, &page->translations, sizeof(cxr_view_alt_t));
        if (alt == NULL) {
            return CXR_NOMEM;
        }

        alt->lang = i < n ? lang : cxr_str("x-default");
        alt->name = CXR_STR_NONE;
        alt->url = view_whole(ctx, lang, self, a);
    }

    return CXR_OK;
}


cxr_rc_t
cxr_view_about(cxr_view_page_t *page, cxr_str_t about, cxr_arena_t *a)
{
    char        mem[CXR_VIEW_URL_MAX];
    size_t      i;
    cxr_buf_t   b;
    cxr_str_t  *url;

    for (i = 0; i < 2 && about.len != 0; i++) {
        url = i ? &page->whatsapp_url : &page->mail_url;

        if (url->len == 0) {
            continue;
        }

        cxr_buf_init_fixed(&b, mem, sizeof(mem));
        cxr_buf_adds(&b, *url);
        cxr_buf_addz(&b, i ? "?text=" : "?subject=");
        cxr_buf_url(&b, about);

        /* too long: without it */

        if (cxr_buf_ok(&b)
            && cxr_str_dup(a, cxr_buf_str(&b), url) != CXR_OK)
        {
            return CXR_NOMEM;
        }
    }

    return CXR_OK;
}

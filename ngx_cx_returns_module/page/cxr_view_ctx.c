
/*
 * Making a context: every text that a request may need is looked up once, by
 * its key, when the configuration is read; so a missing one stops nginx -t
 * rather than leaving a hole in a page.
 */

#include <stdio.h>

#include "cxr_view_texts.h"


typedef struct {
    const cxr_lang_t  *lang;
    cxr_diag_t        *d;
    cxr_rc_t           rc;
    char               key[CXR_PO_KEY_MAX + 1];    /* the last one asked for  */
} ctx_keys_t;


static cxr_str_t
ctx_find(ctx_keys_t *k, const char *fmt, const char *a, const char *b)
{
    (void) snprintf(k->key, sizeof(k->key), fmt, a, b);

    return cxr_lang_text(k->lang, cxr_strz(k->key));
}


static cxr_str_t
ctx_need(ctx_keys_t *k, const char *fmt, const char *a)
{
    cxr_str_t  text;

    text = ctx_find(k, fmt, a, "");

    if (text.data == NULL && k->rc == CXR_OK) {
        k->rc = CXR_NOTFOUND;
        (void) cxr_diag(k->d, CXR_NOTFOUND, k->key,
                        "the language \"%.*s\" lacks this text",
                        cxr_str_arg(cxr_lang_code(k->lang)));
    }

    return text;
}


/* What still matters of a parcel that has come as far as a counter. */
static bool
ctx_at_counter(unsigned reason)
{
    return reason == CXR_WHY_DAMAGED || reason == CXR_WHY_LOST
           || reason == CXR_WHY_PAYMENT_DUE || reason == CXR_WHY_UNCLAIMED
           || reason == CXR_WHY_CUSTOMS;
}


static void
ctx_sentences(ctx_keys_t *k, cxr_view_texts_t *t)
{
    unsigned     dir, status, reason;
    const char  *s, *r, *prefix;
    cxr_str_t    plain, text;
    char         fmt[3][64];

    for (dir = 0; dir < 2; dir++) {
        prefix = dir == CXR_PARCEL_RETURN ? "return." : "";

        (void) snprintf(fmt[0], sizeof(fmt[0]), "track.sentence.%s%%s", prefix);
        (void) snprintf(fmt[1], sizeof(fmt[1]), "track.sentence.%s%%s.%%s",
                        prefix);
        (void) snprintf(fmt[2], sizeof(fmt[2]), "track.sentence.%sany.%%s",
                        prefix);

        for (status = 0; status < CXR_SHIP_STATUSES; status++) {
            s = cxr_ship_status_names[status];
            plain = ctx_need(k, fmt[0], s);
            t->sentence[dir][status][CXR_WHY_NONE] = plain;

            for (reason = 1; reason < CXR_SHIP_REASONS; reason++) {
                r = cxr_ship_reason_names[reason];
                text = ctx_find(k, fmt[1], s, r);

                if (text.data == NULL && cxr_ship_in_motion(status)
                    && (status != CXR_SHIP_READY_FOR_PICKUP
                        || ctx_at_counter(reason)))
                {
                    text = ctx_find(k, fmt[2], r, "");
                }

                t->sentence[dir][status][reason] = text.data ? text : plain;
            }
        }

        t->sentence_none[dir] = ctx_need(k, fmt[0], "none");
    }
}


static void
ctx_details(ctx_keys_t *k, cxr_view_texts_t *t)
{
    unsigned     dir, i;
    const char  *fmt;

    for (dir = 0; dir < 2; dir++) {
        fmt = dir == CXR_PARCEL_RETURN ? "track.detail.return.%s"
                                       : "track.detail.%s";

        for (i = 0; i < CXR_SHIP_STATUSES; i++) {
            t->detail[dir][i] = ctx_need(k, fmt, cxr_ship_status_names[i]);
        }

        t->detail_none[dir] = ctx_need(k, fmt, "none");
        t->detail_lost[dir] = ctx_need(k, fmt, "lost");
        t->detail_damaged[dir] = ctx_need(k, fmt, "damaged");
    }

    for (i = 1; i < CXR_SHIP_REASONS; i++) {
        t->detail_why[i] = ctx_find(k, "track.detail.any.%s",
                                    cxr_ship_reason_names[i], "");
    }

    t->detail_wait = t->detail[CXR_PARCEL_RETURN][CXR_SHIP_READY_FOR_PICKUP];
}


static void
ctx_surveys(ctx_keys_t *k, const cxr_view_ctx_t *ctx, cxr_arena_t *a,
    cxr_view_texts_t *t)
{
    unsigned     ask, score;
    cxr_arg_t    args[2];
    const char  *name;

    for (ask = CXR_ASK_NOTHING + 1; ask < CXR_ASKS; ask++) {
        name = cxr_survey_question_names[ask];

        t->ask[0][ask] = ctx_need(k, "survey.delivery.%s", name);
        t->ask[1][ask] = ctx_need(k, "survey.returns.%s", name);
        t->ask_low[ask] = ctx_need(k, "survey.low.%s", name);
        t->ask_high[ask] = ctx_need(k, "survey.high.%s", name);

        for (score = cxr_survey_min(ask); score <= cxr_survey_max(ask); score++)
        {
            args[0] = cxr_arg_int("score", score);
            args[1] = cxr_arg_int("of", cxr_survey_max(ask));
            t->ask_score[ask][score] = cxr_view_text(ctx, "survey.score", args,
                                                     2, a);

            /* who does not see the ends below hears what they mean */

            if (score == cxr_survey_min(ask) || score == cxr_survey_max(ask)) {
                t->ask_score[ask][score] =
                    cxr_str_join(a, t->ask_score[ask][score], cxr_str(": "),
                                 score == cxr_survey_min(ask)
                                 ? t->ask_low[ask] : t->ask_high[ask]);
            }

            if (t->ask_score[ask][score].data == NULL && k->rc == CXR_OK) {
                k->rc = cxr_diag(k->d, CXR_NOMEM, NULL, "out of memory");
            }
        }
    }
}


/* What the shop says in our place. */
static void
ctx_messages(const cxr_view_ctx_t *ctx, cxr_view_texts_t *t)
{
    unsigned                   status, reason;
    cxr_str_t                  lang, text;
    const cxr_shop_message_t  *m;

    lang = cxr_lang_code(ctx->lang);

    for (status = 0; status < CXR_SHIP_STATUSES; status++) {
        for (reason = 0; reason < CXR_SHIP_REASONS; reason++) {
            m = cxr_shop_message(&ctx->shop->messages, status, reason);
            if (m == NULL) {
                continue;
            }

            /* what fits any other parcel does not fit one that is lost */

            if (m->any_reason && (reason == CXR_WHY_LOST
                                  || reason == CXR_WHY_DAMAGED))
            {
                continue;
            }

            text = cxr_texts_in(&m->headline, lang);
            if (text.len != 0) {
                t->sentence[CXR_PARCEL_OUTBOUND][status][reason] = text;

                if (status == CXR_SHIP_DELIVERED && reason == CXR_WHY_NONE) {
                    memset(t->left_sentence, 0, sizeof(t->left_sentence));
                }
            }

            t->said[status][reason] = cxr_texts_in(&m->text, lang);
        }
    }
}


static void
ctx_labels(ctx_keys_t *k, cxr_view_texts_t *t)
{
    unsigned     i;
    char         n[2] = "0";

    for (i = 0; i < CXR_SHIP_STATUSES; i++) {
        t->status[i] = ctx_need(k, "status.%s", cxr_ship_status_names[i]);
    }

    for (i = 1; i < CXR_SHIP_REASONS; i++) {
        t->why[i] = ctx_need(k, "why.%s", cxr_ship_reason_names[i]);
    }

    for (i = 1; i < CXR_SHIP_ACTIONS; i++) {
        t->action_title[i] = ctx_need(k, "action.%s.title",
                                      cxr_ship_action_names[i]);
        t->action_text[i] = ctx_need(k, "action.%s.text",
                                     cxr_ship_action_names[i]);
    }

    for (i = CXR_LEFT_NONE + 1; i < CXR_VIEW_LEFTS; i++) {
        t->left[i] = ctx_need(k, "track.left.%s", cxr_left_names[i]);
        t->left_sentence[i] = ctx_find(k, "track.sentence.delivered.left.%s",
                                       cxr_left_names[i], "");
    }

    for (i = 0; i < CXR_VIEW_MILES; i++) {
        n[0] = (char) ('0' + i);
        t->mile[CXR_PARCEL_OUTBOUND][i] = ctx_need(k, "track.mile.%s", n);
        t->mile[CXR_PARCEL_RETURN][i] = ctx_need(k, "track.mile.return.%s", n);
    }
}


static void
ctx_singles(ctx_keys_t *k, cxr_view_texts_t *t)
{
    size_t  i;

    const struct {
        cxr_str_t   *text;
        const char  *key;
    } singles[] = {
        { &t->mile_pickup,       "track.mile.pickup" },
        { &t->mile_attempt,      "track.mile.attempt" },
        { &t->mile_returning,    "track.mile.returning" },
        { &t->mile_returned,     "track.mile.returned" },
        { &t->mile_cancelled,    "track.mile.cancelled" },
        { &t->mile_expired,      "track.mile.expired" },
        { &t->mile_damaged,      "track.mile.damaged" },
        { &t->mile_lost,         "track.mile.lost" },
        { &t->mile_done,         "track.mile.done" },
        { &t->mile_now,          "track.mile.now" },
        { &t->mile_todo,         "track.mile.todo" },
        { &t->mile_bad,          "track.mile.bad" },
        { &t->eta_label,         "track.eta.label" },
        { &t->today,             "track.eta.today" },
        { &t->tomorrow,          "track.eta.tomorrow" },
        { &t->yesterday,         "track.eta.yesterday" },
        { &t->delivered_on,      "track.eta.delivered" },
        { &t->collect_by,        "track.eta.collect" },
        { &t->eta_ours,          "track.eta.ours" },
        { &t->delay_title,       "track.delay.title" },
        { &t->delay_late,        "track.delay.late" },
        { &t->delay_eta,         "track.delay.eta" },
        { &t->delay_no_eta,      "track.delay.no_eta" },
        { &t->silence_title,     "track.silence.title" },
        { &t->undelivered,       "track.sentence.undelivered" },
        { &t->carrier_masked,    "track.carrier.masked" },
        { &t->write_to_us,       "track.problem.action" },
        { &t->parcel,            "track.parcel" },
        { &t->return_parcel,     "track.return_parcel" },
        { &t->title_parcel,      "track.title.parcel" },
        { &t->overall_needs_you, "track.overall.needs_you" },
        { &t->overall_detail,    "track.overall.detail" },
        { &t->rest,              "track.rest" },
        { &t->rest_all,          "track.rest.all" },
        { &t->no_parcels_title,  "track.no_parcels.title" },
        { &t->no_parcels_text,   "track.no_parcels.text" }
    };

    for (i = 0; i < cxr_nelts(singles); i++) {
        *singles[i].text = ctx_need(k, "%s", singles[i].key);
    }
}


static cxr_str_t
ctx_prefixed(cxr_arena_t *a, const char *prefix, cxr_str_t s, const char *keep)
{
    char    *p;
    size_t   i, n, len;

    /* an address of support: letters, digits, and what "keep" names */

    n = strlen(prefix);
    p = cxr_alloc(a, n + s.len);
    if (p == NULL) {
        return CXR_STR_NONE;
    }

    memcpy(p, prefix, n);
    len = n;

    for (i = 0; i < s.len; i++) {
        if ((s.data[i] >= '0' && s.data[i] <= '9')
            || (s.data[i] != '\0' && strchr(keep, s.data[i]) != NULL))
        {
            p[len++] = s.data[i];
        }
    }

    return len == n ? CXR_STR_NONE : cxr_strn(p, len);
}


cxr_str_t
cxr_view_unbroken(cxr_arena_t *a, cxr_str_t s)
{
    char    *p;
    size_t   i, n;

    p = cxr_alloc(a, s.len * 2);
    if (p == NULL) {
        return s;
    }

    for (n = 0, i = 0; i < s.len; i++) {
        if (s.data[i] == ' ') {
            p[n++] = '\xc2';
            p[n++] = '\xa0';

        } else {
            p[n++] = s.data[i];
        }
    }

    return cxr_strn(p, n);
}


static cxr_rc_t
ctx_links(const cxr_shop_links_t *from, cxr_str_t lang, cxr_arena_t *a,
    void *list)
{
    uint32_t          i;
    cxr_view_link_t  *link;

    for (i = 0; i < from->n; i++) {
        link = cxr_list_push(a, list, sizeof(*link));
        if (link == NULL) {
            return CXR_NOMEM;
        }

        link->name = cxr_texts_in(&from->items[i].name, lang);
        link->url = cxr_view_safe_url(from->items[i].url);
    }

    return CXR_OK;
}


/* Where links are shared, nobody knows which host a path is of. */
static cxr_str_t
ctx_whole_url(const cxr_shop_t *shop, cxr_str_t url, cxr_arena_t *a)
{
    if (url.len == 0 || url.data[0] != '/') {
        return cxr_view_safe_url(url);
    }

    return cxr_view_safe_url(cxr_sprintf(a, "%.*s%.*s",
                                         cxr_str_arg(shop->origin),
                                         cxr_str_arg(url)));
}


static cxr_rc_t
ctx_page(cxr_view_ctx_t *ctx, cxr_str_t css_url, cxr_str_t brand_url,
    cxr_arena_t *a, cxr_diag_t *d)
{
    size_t             i;
    cxr_view_page_t   *p = &ctx->page;
    const cxr_shop_t  *shop = ctx->shop;

    static const char  digits[] = "";
    static const char  phone[] = "+";
    static const char  mail[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.@_+-";

    const struct {
        const char  *where;
        cxr_str_t   *url;
        cxr_str_t    path;
    } links[] = {
        { "/portal", &p->portal_url, shop->portal },
        { "/track", &p->track_url, shop->track }
    };

    for (i = 0; i < cxr_nelts(links); i++) {
        *links[i].url = cxr_view_url(ctx, links[i].path, a);

        if (links[i].url->len == 0) {
            return cxr_diag(d, CXR_INVALID, links[i].where,
                            "the address of the shop's pages must be a path "
                            "of at most %d bytes", CXR_VIEW_URL_MAX - 16);
        }
    }

    /* no matter what the policy says: the law wants it at hand on every page */

    p->withdraw_url = cxr_view_url(ctx, cxr_sprintf(a, "%.*swithdraw",
                                                    cxr_str_arg(shop->portal)),
                                   a);

    p->lang = cxr_lang_code(ctx->lang);
    p->dir = cxr_strz(cxr_lang_dir(ctx->lang));
    p->shop = shop->name;
    p->tagline = cxr_texts_in(&shop->brand.tagline, p->lang);
    p->home_url = cxr_view_safe_url(shop->home);
    p->logo_url = cxr_view_safe_url(shop->brand.logo);
    p->logo_dark_url = cxr_view_safe_url(shop->brand.logo_dark);
    p->icon_url = shop->brand.icon_data.len != 0
                  ? shop->brand.icon_data
                  : cxr_view_safe_url(shop->brand.icon);
    p->share_url = ctx_whole_url(shop, shop->brand.share_image, a);
    p->css_url = css_url;
    p->brand_url = brand_url;
    p->noindex = true;

    if (p->home_url.len == 0) {
        p->home_url = cxr_str("/");
    }

    p->mail = shop->support.email;
    p->phone = cxr_view_unbroken(a, shop->support.phone);
    p->chat_url = shop->support.chat;
    p->hours = cxr_texts_in(&shop->support.hours, p->lang);
    p->legal_text = cxr_texts_in(&shop->legal_text, p->lang);
    p->has_legal = shop->legal.n != 0 || p->legal_text.len != 0;
    p->mail_url = ctx_prefixed(a, "mailto:", p->mail, mail);
    p->phone_url = ctx_prefixed(a, "tel:", shop->support.phone, phone);
    p->whatsapp_url = ctx_prefixed(a, "https://wa.me/", shop->support.whatsapp,
                                   digits);

    p->has_support = p->mail_url.len != 0 || p->phone_url.len != 0
                     || p->whatsapp_url.len != 0 || p->chat_url.len != 0
                     || p->hours.len != 0;

    if (ctx_links(&shop->links, p->lang, a, &p->links) != CXR_OK
        || ctx_links(&shop->legal, p->lang, a, &p->legal) != CXR_OK)
    {
        return cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
    }

    return CXR_OK;
}


cxr_rc_t
cxr_view_ctx_make(const cxr_shop_t *shop, const cxr_catalog_t *cat,
    const cxr_lang_t *lang, cxr_str_t css_url, cxr_str_t brand_url,
    cxr_arena_t *a, cxr_view_ctx_t **out, cxr_diag_t *d)
{
    ctx_keys_t       k;
    cxr_view_ctx_t  *ctx;

    ctx = cxr_calloc(a, 1, sizeof(cxr_view_ctx_t));
    if (ctx == NULL) {
        return cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
    }

    ctx->shop = shop;
    ctx->cat = cat;
    ctx->lang = lang;

    k.lang = lang;
    k.d = d;
    k.rc = CXR_OK;

    ctx_sentences(&k, &ctx->texts);
    ctx_details(&k, &ctx->texts);
    ctx_labels(&k, &ctx->texts);
    ctx_singles(&k, &ctx->texts);
    ctx_messages(ctx, &ctx->texts);
    ctx_surveys(&k, ctx, a, &ctx->texts);

    if (k.rc != CXR_OK) {
        return k.rc;
    }

    *out = ctx;

    return ctx_page(ctx, css_url, brand_url, a, d);
}

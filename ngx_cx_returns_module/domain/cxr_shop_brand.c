
/*
 * Looks and words of a shop, from its file.
 */

#include <stdio.h>

#include "cxr_shop_private.h"
#include "cxr_text.h"
#include "cxr_theme.h"


const char *const  cxr_face_names[] = {
    "system", "humanist", "geometric", "old_style", "transitional", "slab", NULL
};

const char *const  cxr_corners_names[] = { "round", "soft", "sharp", NULL };


static cxr_rc_t cxr_shop_links_read(json_t *json, const char *path,
    cxr_arena_t *a, const cxr_shop_t *shop, cxr_shop_links_t *links,
    cxr_json_faults_t *faults);
static cxr_rc_t cxr_shop_tracking(json_t *json, cxr_arena_t *a,
    cxr_shop_t *shop, cxr_json_faults_t *faults);
static void cxr_shop_surveys(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults);
static void cxr_shop_retention(json_t *json, cxr_arena_t *a,
    cxr_shop_t *shop, cxr_json_faults_t *faults);
static cxr_rc_t cxr_jr_holidays(cxr_jr_t *r, cxr_calendar_t *cal);
static cxr_rc_t cxr_shop_messages_read(json_t *json, cxr_arena_t *a,
    cxr_shop_t *shop, cxr_json_faults_t *faults);


static void
cxr_jr_colour(cxr_jr_t *r, const char *key, int flags, cxr_str_t *out)
{
    cxr_str_t     s = CXR_STR_NONE;
    cxr_colour_t  c;

    if (!cxr_jr_line(r, key, 40, flags, &s) || s.len == 0) {
        return;
    }

    if (s.len != 7 || !cxr_colour_parse(s, &c)) {
        cxr_jr_fault(r, key, "must be a colour like \"#7a3b12\"");
        return;
    }

    *out = s;
}


/*
 * What is made of the shop's colours can be read (cxr_theme.h); what it gave
 * itself is to be blamed where it cannot.
 */

static void
cxr_shop_contrast(cxr_jr_t *r, const cxr_brand_t *b, bool dark)
{
    size_t             i, n;
    const char        *key;
    cxr_theme_t        theme;
    cxr_theme_pair_t   pairs[CXR_THEME_PAIRS_MAX];

    if (b->accent.len == 0 || cxr_theme(b, dark, &theme) != CXR_OK) {
        return;
    }

    n = cxr_theme_pairs(&theme, dark, pairs);

    for (i = 0; i < n; i++) {

        if (pairs[i].ratio >= pairs[i].needed) {
            continue;
        }

        if (strcmp(pairs[i].front, "on-accent") == 0) {
            cxr_jr_fault(r, dark ? "on_accent_dark" : "on_accent", "must stand "
                         "out from \"%s\": their contrast is %.1f to 1, and "
                         "text needs 4.5 to 1 (WCAG 2.2, 1.4.3)",
                         dark ? "accent_dark" : "accent", pairs[i].ratio);
            return;
        }

        key = dark ? "paper_dark" : "paper";

        cxr_jr_fault(r, key, "must be %s: with it \"--%s\" has a contrast of "
                     "%.1f to 1 to \"--%s\", and needs %.1f to 1 (WCAG 2.2, "
                     "%s)", dark ? "darker" : "lighter", pairs[i].front,
                     pairs[i].ratio, pairs[i].ground, pairs[i].needed,
                     pairs[i].needed < CXR_CONTRAST_TEXT ? "1.4.11" : "1.4.3");
        return;
    }
}


/* One for all languages, or one for each of them. */

static cxr_rc_t
cxr_shop_tagline(cxr_jr_t *r, cxr_shop_t *shop)
{
    json_t            *json;
    uint32_t           i;
    cxr_str_t          text;
    cxr_texts_t       *tagline;
    static const char  key[] = "tagline";

    json = json_object_get(r->obj, key);

    if (json_is_object(json)) {
        return cxr_jr_texts(r, key, CXR_TAGLINE_MAX, 0, shop,
                            &shop->brand.tagline);
    }

    text = CXR_STR_NONE;

    if (!cxr_jr_line(r, key, CXR_TAGLINE_MAX, 0, &text) || text.len == 0) {
        return CXR_OK;
    }

    tagline = &shop->brand.tagline;
    tagline->items = cxr_calloc(r->arena, shop->languages.n,
                                sizeof(cxr_local_text_t));
    if (tagline->items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < shop->languages.n; i++) {
        tagline->items[i].lang = shop->languages.items[i];
        tagline->items[i].text = text;
    }

    tagline->n = shop->languages.n;

    return CXR_OK;
}


static cxr_rc_t
cxr_shop_brand(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    cxr_rc_t      rc;
    cxr_jr_t      r;
    unsigned      text, heading, corners;
    cxr_brand_t  *b;

    if (!cxr_jr_begin(&r, json, "/brand", a, faults)) {
        return CXR_OK;
    }

    b = &shop->brand;
    text = CXR_FACE_SYSTEM;
    heading = CXR_FACE_OLD_STYLE;
    corners = CXR_CORNERS_ROUND;

    cxr_jr_colour(&r, "accent", CXR_JR_REQUIRED, &b->accent);
    cxr_jr_colour(&r, "on_accent", CXR_JR_REQUIRED, &b->on_accent);

    cxr_jr_colour(&r, "accent_dark", 0, &b->accent_dark);
    cxr_jr_colour(&r, "on_accent_dark", 0, &b->on_accent_dark);
    cxr_jr_colour(&r, "paper", 0, &b->paper);
    cxr_jr_colour(&r, "paper_dark", 0, &b->paper_dark);

    if (b->on_accent_dark.len != 0 && b->accent_dark.len == 0) {
        cxr_jr_fault(&r, "on_accent_dark", "must come with \"accent_dark\"");

    } else {
        cxr_shop_contrast(&r, b, true);
    }

    cxr_shop_contrast(&r, b, false);

    cxr_jr_picture(&r, "logo", &b->logo);
    cxr_jr_picture(&r, "logo_dark", &b->logo_dark);
    cxr_jr_picture(&r, "icon", &b->icon);
    cxr_jr_picture(&r, "share_image", &b->share_image);
    rc = cxr_shop_tagline(&r, shop);
    cxr_jr_choice(&r, "text_face", cxr_face_names, 0, &text);
    cxr_jr_choice(&r, "heading_face", cxr_face_names, 0, &heading);
    cxr_jr_choice(&r, "corners", cxr_corners_names, 0, &corners);

    if (b->logo_dark.len != 0 && b->logo.len == 0) {
        cxr_jr_fault(&r, "logo_dark", "must come with \"logo\"");
    }

    cxr_jr_end(&r);

    b->text_face = (uint8_t) text;
    b->heading_face = (uint8_t) heading;
    b->corners = (uint8_t) corners;

    return rc;
}


static bool
cxr_shop_has_digits(cxr_str_t s)
{
    size_t  i, n;

    for (i = 0, n = 0; i < s.len; i++) {
        n += s.data[i] >= '0' && s.data[i] <= '9';
    }

    return n >= 3;
}


static cxr_rc_t
cxr_shop_support(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    uint64_t        v;
    cxr_rc_t        rc;
    cxr_jr_t        r;
    cxr_support_t  *s;

    if (!cxr_jr_begin(&r, json, "/support", a, faults)) {
        return CXR_OK;
    }

    s = &shop->support;

    cxr_jr_email(&r, "email", &s->email);
    if (cxr_jr_line(&r, "phone", CXR_PHONE_MAX, 0, &s->phone)
        && s->phone.len != 0 && !cxr_shop_has_digits(s->phone))
    {
        cxr_jr_fault(&r, "phone", "must be a telephone number, with three "
                     "digits at least: it becomes a link");
    }

    if (cxr_jr_line(&r, "whatsapp", 15, 0, &s->whatsapp)
        && s->whatsapp.len != 0
        && !cxr_parse_uint(s->whatsapp, UINT64_MAX, &v))
    {
        cxr_jr_fault(&r, "whatsapp", "must be digits only, the country's code "
                     "first");
    }

    cxr_jr_link(&r, "chat", 0, &s->chat);
    rc = cxr_jr_texts(&r, "hours", CXR_HOURS_TEXT_MAX, 0, shop, &s->hours);
    cxr_jr_end(&r);

    return rc;
}


void
cxr_shop_looks_ask(cxr_jr_t *r, cxr_shop_looks_t *looks)
{
    memset(looks, 0, sizeof(*looks));

    cxr_jr_object(r, "brand", CXR_JR_REQUIRED, &looks->brand);
    cxr_jr_object(r, "support", 0, &looks->support);
    cxr_jr_array(r, "links", CXR_SHOP_LINKS_MAX, 0, &looks->links);
    cxr_jr_array(r, "legal", CXR_SHOP_LINKS_MAX, 0, &looks->legal);
    cxr_jr_object(r, "legal_text", 0, &looks->legal_text);
    cxr_jr_object(r, "tracking", 0, &looks->tracking);
    cxr_jr_object(r, "surveys", 0, &looks->surveys);
    cxr_jr_object(r, "retention", 0, &looks->retention);
    cxr_jr_array(r, "messages", CXR_SHOP_MESSAGES_MAX, 0, &looks->messages);
    cxr_jr_array(r, "offers", CXR_SHOP_OFFERS_MAX, 0, &looks->offers);
    cxr_jr_array(r, "replies", CXR_SHOP_REPLIES_MAX, 0, &looks->replies);
    cxr_jr_array(r, "consents", CXR_CONSENTS_MAX, 0, &looks->consents);
}


cxr_rc_t
cxr_shop_looks(const cxr_shop_looks_t *looks, cxr_arena_t *a,
    cxr_shop_t *shop, cxr_json_faults_t *faults)
{
    cxr_rc_t  rc;

    rc = CXR_OK;

    if (looks->brand != NULL) {
        rc = cxr_shop_brand(looks->brand, a, shop, faults);
    }

    if (rc == CXR_OK && looks->support != NULL) {
        rc = cxr_shop_support(looks->support, a, shop, faults);
    }

    if (rc == CXR_OK && looks->links != NULL) {
        rc = cxr_shop_links_read(looks->links, "/links", a, shop,
                                 &shop->links, faults);
    }

    if (rc == CXR_OK && looks->legal != NULL) {
        rc = cxr_shop_links_read(looks->legal, "/legal", a, shop,
                                 &shop->legal, faults);
    }

    if (rc == CXR_OK && looks->legal_text != NULL) {
        rc = cxr_shop_texts(looks->legal_text, "/legal_text",
                            CXR_LEGAL_TEXT_MAX, a, shop, &shop->legal_text,
                            faults);
    }

    if (rc == CXR_OK) {
        rc = cxr_shop_tracking(looks->tracking, a, shop, faults);
    }

    cxr_shop_surveys(looks->surveys, a, shop, faults);
    cxr_shop_retention(looks->retention, a, shop, faults);

    if (rc == CXR_OK && looks->messages != NULL) {
        rc = cxr_shop_messages_read(looks->messages, a, shop, faults);
    }

    if (rc == CXR_OK && looks->offers != NULL) {
        rc = cxr_shop_offers(looks->offers, a, shop, faults);
    }

    if (rc == CXR_OK && looks->replies != NULL) {
        rc = cxr_shop_replies(looks->replies, a, shop, faults);
    }

    if (rc == CXR_OK && looks->consents != NULL) {
        rc = cxr_shop_consents(looks->consents, a, shop, faults);
    }

    return rc;
}


static cxr_rc_t
cxr_shop_links_read(json_t *json, const char *path, cxr_arena_t *a,
    const cxr_shop_t *shop, cxr_shop_links_t *links, cxr_json_faults_t *faults)
{
    char              at[48];
    size_t            i;
    cxr_jr_t          r;
    cxr_rc_t          rc;
    cxr_shop_link_t  *link;

    for (i = 0; i < json_array_size(json); i++) {
        snprintf(at, sizeof(at), "%s/%u", path, (unsigned) i);

        if (!cxr_jr_begin(&r, json_array_get(json, i), at, a, faults)) {
            continue;
        }

        link = cxr_list_push(a, links, sizeof(*link));
        if (link == NULL) {
            return CXR_NOMEM;
        }

        rc = cxr_jr_texts(&r, "name", CXR_LINK_TEXT_MAX, CXR_JR_REQUIRED, shop,
                          &link->name);
        if (rc != CXR_OK) {
            return rc;
        }

        cxr_jr_link(&r, "url", CXR_JR_REQUIRED, &link->url);
        cxr_jr_end(&r);
    }

    return CXR_OK;
}


/* Unsaid: after three days, of Monday to Friday; nothing is masked. */

static cxr_rc_t
cxr_shop_tracking(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    int              day;
    cxr_rc_t         rc;
    cxr_jr_t         r;
    json_t          *transit = NULL, *stages = NULL;
    uint32_t         i;
    cxr_strs_t       days;
    cxr_tracking_t  *t;

    t = &shop->tracking;
    t->silence_days = 3;
    t->calendar.week = 0x3e;

    if (json == NULL || !cxr_jr_begin(&r, json, "/tracking", a, faults)) {
        return CXR_OK;
    }

    memset(&days, 0, sizeof(days));

    cxr_jr_u32(&r, "silence_days", 0, CXR_SILENCE_DAYS_MAX, 0,
               &t->silence_days);
    cxr_jr_bool(&r, "mask_carrier", 0, &t->mask_carrier);
    cxr_jr_bool(&r, "mask_places", 0, &t->mask_places);

    if (cxr_jr_strs(&r, "work_days", 7, CXR_WEEKDAY_MAX, 0, &days)
        && days.n != 0)
    {
        t->calendar.week = 0;

        for (i = 0; i < days.n; i++) {
            day = cxr_name_index(cxr_weekday_names, days.items[i]);

            if (day < 0) {
                cxr_jr_fault(&r, "work_days", "must be of mon, tue, wed, "
                             "thu, fri, sat and sun");
                break;
            }

            t->calendar.week |= (uint8_t) (1u << day);
        }
    }

    cxr_jr_array(&r, "transit", CXR_TRANSITS_MAX, 0, &transit);
    cxr_jr_array(&r, "stages", CXR_STAGES_MAX, 0, &stages);

    rc = cxr_jr_holidays(&r, &t->calendar);
    cxr_jr_end(&r);

    if (rc == CXR_OK) {
        rc = cxr_shop_transits(transit, a, t, faults);
    }

    return rc == CXR_OK ? cxr_shop_stages(stages, a, shop, faults) : rc;
}


static cxr_rc_t
cxr_jr_holidays(cxr_jr_t *r, cxr_calendar_t *cal)
{
    int32_t     *day;
    uint32_t     i;
    cxr_strs_t   dates;

    memset(&dates, 0, sizeof(dates));

    if (!cxr_jr_strs(r, "holidays", CXR_HOLIDAYS_MAX, 10, 0, &dates)) {
        return CXR_OK;
    }

    for (i = 0; i < dates.n; i++) {
        day = cxr_list_push(r->arena, &cal->holidays, sizeof(*day));
        if (day == NULL) {
            return CXR_NOMEM;
        }

        if (!cxr_is_date(dates.items[i], day)) {
            cxr_jr_fault(r, "holidays", "must be dates like \"2026-10-29\"");
            return CXR_OK;
        }
    }

    return CXR_OK;
}


/* Unsaid: nothing is asked. */

static void
cxr_shop_surveys(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    cxr_jr_t        r;
    unsigned        delivery, returns;
    cxr_surveys_t  *s;

    s = &shop->surveys;
    s->open_days = 60;
    s->change_days = 14;

    if (json == NULL || !cxr_jr_begin(&r, json, "/surveys", a, faults)) {
        return;
    }

    delivery = CXR_ASK_NOTHING;
    returns = CXR_ASK_NOTHING;

    cxr_jr_choice(&r, "delivery", cxr_survey_question_names, 0, &delivery);
    cxr_jr_choice(&r, "returns", cxr_survey_question_names, 0, &returns);
    cxr_jr_u32(&r, "open_days", 1, CXR_SURVEY_DAYS_MAX, 0, &s->open_days);
    cxr_jr_u32(&r, "change_days", 0, CXR_SURVEY_DAYS_MAX, 0, &s->change_days);
    cxr_jr_end(&r);

    s->delivery = (uint8_t) delivery;
    s->returns = (uint8_t) returns;
}


/* Unsaid: nothing goes by its age. */

static void
cxr_shop_retention(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    cxr_jr_t  r;

    if (json == NULL || !cxr_jr_begin(&r, json, "/retention", a, faults)) {
        return;
    }

    cxr_jr_u32(&r, "person_days", CXR_PERSON_DAYS_MIN, CXR_PERSON_DAYS_MAX,
               CXR_JR_REQUIRED, &shop->person_days);
    cxr_jr_end(&r);
}


static cxr_rc_t
cxr_shop_messages_read(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    char                 at[48];
    size_t               i;
    cxr_jr_t             r;
    cxr_rc_t             rc;
    unsigned             status, reason;
    cxr_shop_message_t  *m;

    for (i = 0; i < json_array_size(json); i++) {
        snprintf(at, sizeof(at), "/messages/%u", (unsigned) i);

        if (!cxr_jr_begin(&r, json_array_get(json, i), at, a, faults)) {
            continue;
        }

        m = cxr_list_push(a, &shop->messages, sizeof(*m));
        if (m == NULL) {
            return CXR_NOMEM;
        }

        status = CXR_SHIP_UNKNOWN;
        reason = (unsigned) -1;

        cxr_jr_choice(&r, "status", cxr_ship_status_names, CXR_JR_REQUIRED,
                      &status);
        cxr_jr_choice(&r, "reason", cxr_ship_reason_names, 0, &reason);

        m->status = (uint8_t) status;
        m->any_reason = (reason == (unsigned) -1);
        m->reason = m->any_reason ? CXR_WHY_NONE : (uint8_t) reason;

        rc = cxr_jr_texts(&r, "headline", CXR_MESSAGE_TEXT_MAX, 0, shop,
                          &m->headline);
        if (rc == CXR_OK) {
            rc = cxr_jr_texts(&r, "text", CXR_MESSAGE_TEXT_MAX, 0, shop,
                              &m->text);
        }

        if (rc != CXR_OK) {
            return rc;
        }

        if (json_object_get(r.obj, "headline") == NULL
            && json_object_get(r.obj, "text") == NULL)
        {
            cxr_jr_fault(&r, "text", "must be there, or \"headline\"");
        }

        cxr_jr_end(&r);
    }

    return CXR_OK;
}


const cxr_shop_message_t *
cxr_shop_message(const cxr_shop_messages_t *messages, unsigned status,
    unsigned reason)
{
    uint32_t                   i;
    const cxr_shop_message_t  *m;

    for (i = 0; i < messages->n; i++) {
        m = &messages->items[i];

        if (m->status == status && (m->any_reason || m->reason == reason)) {
            return m;
        }
    }

    return NULL;
}


cxr_rc_t
cxr_jr_texts(cxr_jr_t *r, const char *key, size_t max, int flags,
    const cxr_shop_t *shop, cxr_texts_t *texts)
{
    char     path[160];
    json_t  *json;

    json = NULL;

    if (!cxr_jr_object(r, key, flags, &json) || json == NULL) {
        return CXR_OK;
    }

    snprintf(path, sizeof(path), "%s/%s", r->path, key);

    return cxr_shop_texts(json, path, max, r->arena, shop, texts, r->faults);
}


cxr_rc_t
cxr_jr_blocks(cxr_jr_t *r, const char *key, size_t max, int flags,
    const cxr_shop_t *shop, cxr_texts_t *texts)
{
    char     path[160];
    json_t  *json;

    json = NULL;

    if (!cxr_jr_object(r, key, flags, &json) || json == NULL) {
        return CXR_OK;
    }

    snprintf(path, sizeof(path), "%s/%s", r->path, key);

    return cxr_shop_blocks(json, path, max, r->arena, shop, texts, r->faults);
}


bool
cxr_jr_link(cxr_jr_t *r, const char *key, int flags, cxr_str_t *out)
{
    cxr_str_t  s = CXR_STR_NONE;

    if (!cxr_jr_line(r, key, CXR_URL_MAX, flags, &s)) {
        return false;
    }

    if (s.len != 0 && !cxr_is_url(s, false)) {
        cxr_jr_fault(r, key, "must be a URL that begins with https:// or "
                     "http://");
        return false;
    }

    *out = s;

    return true;
}


bool
cxr_jr_day(cxr_jr_t *r, const char *key, const cxr_shop_t *shop, bool last,
    cxr_time_t *out)
{
    int32_t      days;
    cxr_time_t   at;
    cxr_civil_t  c;

    days = -1;

    if (!cxr_jr_date(r, key, 0, &days) || days < 0 || shop->tz == NULL) {
        return false;
    }

    memset(&c, 0, sizeof(c));
    cxr_date_of_days(days, &c);
    at = cxr_tz_instant(shop->tz, &c);
    *out = last ? cxr_tz_end_of_day(shop->tz, at, 0) : at;

    return true;
}


/*
 * Views: what the templates see.
 *
 * A view is a plain C struct that a cxr_type_t table describes; its field
 * names are the names that a shop's own template may use, so they are part of
 * the outside contract: they may be added to, never renamed.  Fields of type
 * STR hold text as it is to be read, already in the page's language; fields
 * whose name ends in "_url" hold addresses made by us.
 *
 * Everything that does not change from request to request (texts by key, the
 * shop's addresses, its support) is looked up once for each shop and language,
 * in a cxr_view_ctx_t; a request then copies and fills in.
 */

#ifndef _CXR_VIEW_H_INCLUDED_
#define _CXR_VIEW_H_INCLUDED_

#include "cxr_i18n.h"
#include "cxr_record.h"
#include "cxr_shipment.h"
#include "cxr_shop.h"
#include "cxr_survey.h"

#define CXR_VIEW_URL_MAX     2048   /* bytes of an address that a view makes  */
#define CXR_VIEW_TEXT_MAX    1024   /* bytes of a text that a view makes      */
#define CXR_VIEW_VALUE_MAX   256    /* bytes of a date or of an amount        */
#define CXR_VIEW_CSS_MAX     2048   /* bytes that cxr_brand_css() may write   */


/* {{#page.alternates}}: the same page in another language */
typedef struct {
    cxr_str_t    lang;           /* "en"                                      */
    cxr_str_t    name;           /* "English"                                 */
    cxr_str_t    url;
} cxr_view_alt_t;

/* {{#page.nav}}: the menu of the staff's pages; shoppers have none */
typedef struct {
    cxr_str_t    name;
    cxr_str_t    url;
    bool         current;
} cxr_view_nav_t;

/* {{#page.links}}, {{#page.legal}}: of the foot, as the shop's file says */
typedef struct {
    cxr_str_t    name;
    cxr_str_t    url;
} cxr_view_link_t;

/*
 * {{page.…}}: what the head and the foot of every page need.  Each view's first
 * field is "page", a pointer to one of these.
 */
typedef struct {
    cxr_str_t    lang;           /* "tr"                                      */
    cxr_str_t    dir;            /* "ltr", "rtl"                              */
    cxr_str_t    title;          /* of this page                              */
    cxr_str_t    shop;           /* "Kahve Gurusu"                            */
    cxr_str_t    tagline;
    bool         wrong;          /* a form on it has faults: its title says so */
    cxr_str_t    home_url;
    cxr_str_t    logo_url;       /* or empty: the name in type                */
    cxr_str_t    logo_dark_url;  /* in dark mode; or empty: the same          */
    cxr_str_t    icon_url;       /* of the browser's tab, or "data:..."; or
                                    empty                                     */
    cxr_str_t    share_url;      /* a picture's whole URL, or empty           */
    cxr_str_t    portal_url;
    cxr_str_t    track_url;
    cxr_str_t    withdraw_url;   /* or empty: nothing is served there       */
    cxr_str_t    withdraw_of;    /* the same for the page's order, or empty   */
    cxr_str_t    css_url;        /* the style sheet, a hash of it in its name */
    cxr_str_t    brand_url;      /* the shop's colours, the same              */
    cxr_str_t    canonical;      /* a public page's whole URL, else empty     */
    CXR_LIST_OF(cxr_view_alt_t)  translations; /* of it, with it: whole URLs  */
    bool         noindex;        /* keep search engines out                   */
    cxr_str_t    description;    /* for them, where they are let in; or empty */
    CXR_LIST_OF(cxr_view_alt_t)  alternates;   /* the other languages         */
    bool         has_alternates;
    CXR_LIST_OF(cxr_view_nav_t)  nav;
    bool         has_nav;
    cxr_str_t    mail;           /* "destek@…"                                */
    cxr_str_t    mail_url;       /* "mailto:…"                                */
    cxr_str_t    phone;
    cxr_str_t    phone_url;      /* "tel:…"                                   */
    cxr_str_t    whatsapp_url;   /* "https://wa.me/…"                         */
    cxr_str_t    chat_url;
    cxr_str_t    hours;
    bool         has_support;    /* one of the five above is there            */
    CXR_LIST_OF(cxr_view_link_t)  links;
    CXR_LIST_OF(cxr_view_link_t)  legal;
    bool         has_legal;
    cxr_str_t    legal_text;     /* or empty                                  */
} cxr_view_page_t;

extern const cxr_type_t  cxr_view_alt_type;
extern const cxr_type_t  cxr_view_nav_type;
extern const cxr_type_t  cxr_view_link_type;
extern const cxr_type_t  cxr_view_page_type;

/* for the tables of views: their first field */
#define CXR_VIEW_PAGE(T)                                                      \
    { "page", CXR_F_REC, 0, 1, offsetof(T, page), &cxr_view_page_type, NULL }
#define CXR_VIEW_URL(T, f)                                                    \
    CXR_FIELD_X(T, f, STR, CXR_FIELD_URL)


#define CXR_SHIP_STATUSES    (CXR_SHIP_EXPIRED + 1)
#define CXR_SHIP_REASONS     (CXR_WHY_OTHER + 1)
#define CXR_SHIP_ACTIONS     (CXR_DO_BE_HOME + 1)
#define CXR_VIEW_LEFTS       (CXR_LEFT_PICKUP_POINT + 1)
#define CXR_VIEW_MILES       5
#define CXR_SCORES           11     /* of the survey with the most of them    */

/* Texts by key, looked up when the context is made. */
typedef struct {
    /* [direction]: "track.sentence.<status>.<reason>", else ...<status>; of a
       return parcel "track.sentence.return...." first */
    cxr_str_t    sentence[2][CXR_SHIP_STATUSES][CXR_SHIP_REASONS];
    cxr_str_t    detail[2][CXR_SHIP_STATUSES];   /* what comes next           */
    /* the shop's own words in their place, of a parcel on its way out; or none */
    cxr_str_t    said[CXR_SHIP_STATUSES][CXR_SHIP_REASONS];
    cxr_str_t    status[CXR_SHIP_STATUSES];      /* "status.<status>"        */
    cxr_str_t    why[CXR_SHIP_REASONS];          /* "why.<reason>"            */
    cxr_str_t    action_title[CXR_SHIP_ACTIONS]; /* "action.<action>.title"   */
    cxr_str_t    action_text[CXR_SHIP_ACTIONS];  /* "action.<action>.text"    */
    cxr_str_t    left[CXR_VIEW_LEFTS];           /* "track.left.<left>"       */
    cxr_str_t    mile[2][CXR_VIEW_MILES];        /* "track.mile.<n>"          */
    cxr_str_t    mile_pickup, mile_attempt, mile_returning, mile_returned;
    cxr_str_t    mile_cancelled, mile_expired, mile_damaged, mile_lost;
    cxr_str_t    mile_done, mile_now, mile_todo, mile_bad;   /* read aloud    */
    cxr_str_t    sentence_none[2];               /* no scan, nothing known    */
    cxr_str_t    detail_none[2];
    cxr_str_t    detail_lost[2];
    cxr_str_t    detail_damaged[2];
    /* of a parcel on its way out that something holds up; or none */
    cxr_str_t    detail_why[CXR_SHIP_REASONS];   /* "track.detail.any.<reason>" */
    cxr_str_t    detail_wait;                    /* "there's nothing to do"   */
    cxr_str_t    undelivered;    /* out for delivery, on a day that is over   */
    cxr_str_t    left_sentence[CXR_VIEW_LEFTS];  /* or none: as any delivery  */
    cxr_str_t    eta_label, today, tomorrow, yesterday, delivered_on, collect_by, eta_ours;
    /* of the questions of surveys: [0] a delivery, [1] an RMA */
    cxr_str_t    ask[2][CXR_ASKS];
    cxr_str_t    ask_low[CXR_ASKS];
    cxr_str_t    ask_high[CXR_ASKS];
    cxr_str_t    ask_score[CXR_ASKS][CXR_SCORES];   /* "4 out of 5"           */
    cxr_str_t    delay_title, delay_late, delay_eta, delay_no_eta;
    cxr_str_t    silence_title, carrier_masked, write_to_us;
    cxr_str_t    parcel, return_parcel, title_parcel;
    cxr_str_t    overall_needs_you, overall_detail;
    cxr_str_t    no_parcels_title, no_parcels_text;
    cxr_str_t    rest, rest_all;
} cxr_view_texts_t;

/*
 * One shop in one language.  Immutable once made: any number of threads.
 */
typedef struct {
    const cxr_shop_t      *shop;
    const cxr_catalog_t   *cat;
    const cxr_lang_t      *lang;
    cxr_view_page_t        page;       /* all but title and alternates        */
    cxr_view_texts_t       texts;
} cxr_view_ctx_t;

/*
 * "css_url" and "brand_url" are the style sheets' addresses, the latter may be
 * empty.  Everything given must outlive the context, which lives in the arena.
 * CXR_NOTFOUND: a text is missing in the language ("d" names its key).
 * CXR_INVALID: an address of the shop is longer than CXR_VIEW_URL_MAX.
 */
cxr_rc_t cxr_view_ctx_make(const cxr_shop_t *shop, const cxr_catalog_t *cat,
    const cxr_lang_t *lang, cxr_str_t css_url, cxr_str_t brand_url,
    cxr_arena_t *a, cxr_view_ctx_t **ctx, cxr_diag_t *d);

/*
 * The page's own copy.  "self" is this page's path without the language's
 * prefix ("/track/t/..."); "alternates" are made from it: "/<code><self>" for
 * the shop's other languages.  Empty: no language switch.  A page is kept from
 * search engines but for cxr_view_public().
 */
cxr_rc_t cxr_view_page(const cxr_view_ctx_t *ctx, cxr_str_t title,
    cxr_str_t self, cxr_arena_t *a, cxr_view_page_t **page);

/*
 * A page for everybody: search engines may show it, with the description, and
 * are told its whole address and those of its other languages.  "self" as
 * above.  CXR_NOMEM.
 */
cxr_rc_t cxr_view_public(const cxr_view_ctx_t *ctx, cxr_view_page_t *page,
    cxr_str_t self, cxr_str_t description, cxr_arena_t *a);

/* "/<code><path>" for a path on this host: links that keep the language.  An
   absolute URL stays as it is; empty for an empty path or out of memory. */
cxr_str_t cxr_view_url(const cxr_view_ctx_t *ctx, cxr_str_t path,
    cxr_arena_t *a);

/*
 * A text by key with its placeholders filled in, in the arena; empty when out
 * of memory or there is no such key.
 */
cxr_str_t cxr_view_text(const cxr_view_ctx_t *ctx, const char *key,
    const cxr_arg_t *args, size_t n, cxr_arena_t *a);

/* A date in the arena; empty for CXR_TIME_NONE.  "offset": seconds east of
   UTC.  cxr_view_date_shop(): in the shop's own zone. */
cxr_str_t cxr_view_date(const cxr_view_ctx_t *ctx, cxr_time_t at,
    int32_t offset, cxr_date_style_t style, cxr_arena_t *a);
cxr_str_t cxr_view_date_shop(const cxr_view_ctx_t *ctx, cxr_time_t at,
    cxr_date_style_t style, cxr_arena_t *a);

/* An amount of money in the arena. */
cxr_str_t cxr_view_money(const cxr_view_ctx_t *ctx, cxr_str_t currency,
    cxr_money_t amount, cxr_arena_t *a);

/* Only http, https and paths on this host may become links or images: what is
   anything else comes back empty. */
cxr_str_t cxr_view_safe_url(cxr_str_t url);

/* A telephone number that no line's end breaks: U+00A0 for its blanks. */
cxr_str_t cxr_view_unbroken(cxr_arena_t *a, cxr_str_t phone);


/* {{#errors}}: the summary above a form; each leads to its field */
typedef struct {
    cxr_str_t    field_url;      /* "#order"                                  */
    cxr_str_t    text;
} cxr_view_fault_t;

extern const cxr_type_t  cxr_view_fault_type;


/*
 * Whoever writes or calls elsewhere need not say what it is about: a mail's
 * subject and a WhatsApp message begin with "about", a number of ours.
 */
cxr_rc_t cxr_view_about(cxr_view_page_t *page, cxr_str_t about,
    cxr_arena_t *a);


/*
 * error.html: every page that says no, in the shop's voice.
 */
typedef enum {
    CXR_PAGE_BAD_REQUEST = 0,    /* 400                                       */
    CXR_PAGE_FORBIDDEN,          /* 403                                       */
    CXR_PAGE_NOT_FOUND,          /* 404                                       */
    CXR_PAGE_NOT_ALLOWED,        /* 405: a method that no form of ours sends  */
    CXR_PAGE_CONFLICT,           /* 409: changed meanwhile                    */
    CXR_PAGE_EXPIRED,            /* 410: a link past its time                 */
    CXR_PAGE_TOO_LARGE,          /* 413                                       */
    CXR_PAGE_LONG_ADDRESS,       /* 414                                       */
    CXR_PAGE_LARGE_HEADER,       /* 431: cookies, most likely                 */
    CXR_PAGE_TOO_MANY,           /* 429                                       */
    CXR_PAGE_BROKEN,             /* 500                                       */
    CXR_PAGE_AWAY,               /* 503                                       */
    CXR_PAGE_LARGE_PHOTOS,       /* 413, of a form that takes photos          */
    CXR_PAGE_ERRORS
} cxr_page_error_t;

typedef struct {
    const cxr_view_page_t  *page;
    uint32_t          status;    /* 404                                       */
    cxr_str_t         heading;   /* what happened                             */
    cxr_str_t         advice;    /* what to do now                            */
    cxr_str_t         action_url;
    cxr_str_t         action;    /* the text on the button                    */
    cxr_str_t         request;   /* the request's id, for support; or empty   */
    bool              offer_help;   /* support may help: show how to reach it */
} cxr_view_error_t;

extern const cxr_type_t  cxr_view_error_type;

/*
 * "action_url" is where the button leads; empty: to the page that helps with
 * this error (find my order for an expired link, the tracking look-up for 404,
 * "self" again for those that pass).
 */
cxr_rc_t cxr_view_error(const cxr_view_ctx_t *ctx, cxr_page_error_t error,
    cxr_str_t self, cxr_str_t action_url, cxr_str_t request, cxr_arena_t *a,
    cxr_view_error_t *view);

/* The HTTP status of an error, and the error of a status (by its class when
   the very status has none). */
unsigned cxr_page_error_status(cxr_page_error_t error);
cxr_page_error_t cxr_page_error_of(unsigned status);


/*
 * The shop's looks as a style sheet, :root in light and dark; to come after
 * the common one.  A dark accent that the shop does not give is its accent,
 * lightened until it reads on dark; the text on an accent is black or white,
 * whichever reads better; --link is the accent made to read as text.  Nothing
 * is written for a shop without an accent.
 * CXR_INVALID: a colour is not #rgb or #rrggbb (then nothing is written).
 */
cxr_rc_t cxr_brand_css(const cxr_shop_t *shop, cxr_buf_t *out);


#endif /* _CXR_VIEW_H_INCLUDED_ */

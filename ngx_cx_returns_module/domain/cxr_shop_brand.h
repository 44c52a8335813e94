
/*
 * How a shop looks and what it says on its pages: the parts "brand",
 * "support", "links", "legal", "tracking", "messages" and "offers" of its
 * file.
 */

#ifndef _CXR_SHOP_BRAND_H_INCLUDED_
#define _CXR_SHOP_BRAND_H_INCLUDED_

#include "cxr_calendar.h"
#include "cxr_order.h"
#include "cxr_shipment.h"
#include "cxr_texts.h"

#define CXR_SILENCE_DAYS_MAX   60
#define CXR_SHOP_LINKS_MAX     12      /* of the foot; of the law as many     */
#define CXR_SHOP_MESSAGES_MAX  100
#define CXR_SHOP_OFFERS_MAX    20
#define CXR_SHOP_REPLIES_MAX   100
#define CXR_OFFER_TILES_MAX    6
#define CXR_OFFER_SHOWN_MAX    2       /* on one page                         */

/* bytes of the pictures that the shop's file names as files beside it */
#define CXR_SHOP_LOGO_MAX      (64 * 1024)          /* of a logo, of an icon   */
#define CXR_SHOP_ICON_INLINE   1024                 /* of one within the page  */
#define CXR_SHOP_PICTURE_MAX   (512 * 1024)         /* of another one          */
#define CXR_SHOP_PICTURES_MAX  (8 * 1024 * 1024)    /* of all of a shop's      */
#define CXR_PICTURE_NAME_MAX   64                   /* of the path's last part */

/* characters */
#define CXR_TAGLINE_MAX        120
#define CXR_LINK_TEXT_MAX      60
#define CXR_HOURS_TEXT_MAX     120
#define CXR_LEGAL_TEXT_MAX     600
#define CXR_MESSAGE_TEXT_MAX   300
#define CXR_OFFER_TITLE_MAX    120
#define CXR_REPLY_ID_MAX       40
#define CXR_REPLY_TITLE_MAX    80
#define CXR_REPLY_TEXT_MAX     2000
#define CXR_OFFER_TEXT_MAX     400
#define CXR_OFFER_CODE_MAX     40

/* Typefaces that every system has, in stacks: no file is fetched. */
typedef enum {
    CXR_FACE_SYSTEM = 0,       /* the system's own sans                        */
    CXR_FACE_HUMANIST,
    CXR_FACE_GEOMETRIC,
    CXR_FACE_OLD_STYLE,        /* a book's serif                               */
    CXR_FACE_TRANSITIONAL,     /* a newspaper's serif                          */
    CXR_FACE_SLAB,
    CXR_FACES
} cxr_face_t;

typedef enum {
    CXR_CORNERS_ROUND = 0,
    CXR_CORNERS_SOFT,
    CXR_CORNERS_SHARP,
    CXR_CORNERS
} cxr_corners_t;

extern const char *const  cxr_face_names[];
extern const char *const  cxr_corners_names[];

typedef struct {
    cxr_str_t    accent;       /* "#7a3b12": buttons, the way that was gone    */
    cxr_str_t    on_accent;    /* text on it, 4.5 : 1 at least                 */
    cxr_str_t    accent_dark;  /* the same in dark mode; or empty: made of it  */
    cxr_str_t    on_accent_dark;
    cxr_str_t    paper;        /* the pages' ground; or empty: made of it, too */
    cxr_str_t    paper_dark;
    cxr_str_t    logo;         /* a picture, or empty: the name in type        */
    cxr_str_t    logo_dark;    /* in dark mode; or empty: the same             */
    cxr_str_t    icon;         /* of the browser's tab; or empty: none         */
    cxr_str_t    icon_data;    /* a small one, as a data: URL, which pages have
                                  instead; or empty                            */
    cxr_str_t    share_image;  /* where a link is shared; or empty: none       */
    cxr_texts_t  tagline;      /* or none                                      */
    uint8_t      text_face;    /* cxr_face_t                                   */
    uint8_t      heading_face;
    uint8_t      corners;      /* cxr_corners_t                                */
} cxr_brand_t;

/*
 * A picture that is a file beside the shop's: the pages' assets location
 * serves it, named by its content.
 */
typedef struct {
    cxr_str_t    name;         /* its path from the shop's file, as that has it */
    cxr_str_t    last;         /* the path's last part: "logo.svg"             */
    cxr_str_t    data;
    const char  *where;        /* JSON Pointer of what names it first          */
    const char  *type;         /* its media type, by its content; NULL until
                                  cxr_shop_pictures_check()                    */
} cxr_shop_picture_t;

typedef CXR_LIST_OF(cxr_shop_picture_t)  cxr_shop_pictures_t;

typedef struct {
    cxr_str_t    email;
    cxr_str_t    phone;
    cxr_str_t    whatsapp;     /* digits                                       */
    cxr_str_t    chat;         /* https URL, or empty                          */
    cxr_texts_t  hours;        /* "Hafta içi 09.00-18.00"; or none             */
} cxr_support_t;

typedef struct {
    cxr_texts_t  name;
    cxr_str_t    url;
} cxr_shop_link_t;

/*
 * How long parcels take, where their carrier does not say: working days from
 * hand-over, and before that those from the order.  The first that fits holds.
 */
typedef struct {
    cxr_strs_t   countries;    /* of the order; none: any, and where the order
                                  is not known                                 */
    cxr_strs_t   carriers;     /* none: any, and before there is one           */
    uint32_t     from;         /* working days from pick-up to delivery        */
    uint32_t     to;
    uint32_t     handling;     /* from the order to pick-up                    */
    uint32_t     cutoff;       /* minute of the day, in the shop's zone, from
                                  which an order counts as of the next working
                                  day; CXR_DAY / CXR_MINUTE: none              */
} cxr_transit_t;

#define CXR_TRANSITS_MAX      100
#define CXR_TRANSIT_DAYS_MAX  90

/* What becomes of an order before a carrier has it: while it has the tag. */
typedef struct {
    cxr_str_t    tag;          /* of the order                                 */
    cxr_texts_t  headline;
    cxr_texts_t  text;         /* or none: ours                                */
} cxr_stage_t;

#define CXR_STAGES_MAX        20

/* What the tracking pages tell, and when they tell of a delay themselves. */
typedef struct {
    uint32_t        silence_days;  /* working days without a scan; 0: never    */
    cxr_calendar_t  calendar;
    bool            mask_carrier;  /* neither its name, its page nor its words */
    bool            mask_places;   /* not where a parcel has been              */
    CXR_LIST_OF(cxr_transit_t)  transits;
    CXR_LIST_OF(cxr_stage_t)    stages;
} cxr_tracking_t;

/* The rule for an order to "country" by "carrier", either of which may be
   empty: not known; or NULL. */
const cxr_transit_t *cxr_shop_transit(const cxr_tracking_t *t,
    cxr_str_t country, cxr_str_t carrier);
/* The first stage whose tag is among the order's; or NULL. */
const cxr_stage_t *cxr_shop_stage(const cxr_tracking_t *t,
    const cxr_strs_t *tags);

/*
 * The shop's own words for a parcel's state, in place of ours.  The first that
 * fits holds.
 */
typedef struct {
    uint8_t      status;       /* cxr_ship_status_t                            */
    uint8_t      reason;       /* cxr_ship_reason_t                            */
    bool         any_reason;
    cxr_texts_t  headline;     /* or none: ours                                */
    cxr_texts_t  text;         /* or none: ours                                */
} cxr_shop_message_t;

typedef struct {
    cxr_texts_t  title;
    cxr_texts_t  price;        /* as it is to be read: "420 TL"; or none       */
    cxr_str_t    url;
    cxr_str_t    image;        /* a picture; or empty                          */
} cxr_promo_tile_t;

/* A banner, a coupon or some products, beneath what the page is about. */
typedef struct {
    cxr_str_t    id;           /* slug                                         */
    cxr_texts_t  title;
    cxr_texts_t  text;         /* or none                                      */
    cxr_texts_t  action;       /* the link's words; with url                   */
    cxr_str_t    url;          /* or empty                                     */
    cxr_str_t    image;        /* a picture; or empty                          */
    cxr_str_t    code;         /* of a coupon; or empty                        */
    cxr_time_t   from;         /* the first moment, or NONE                    */
    cxr_time_t   until;        /* the last moment, or NONE                     */
    uint32_t     statuses;     /* bits 1 << cxr_ship_status_t; 0: any          */
    cxr_strs_t   countries;    /* of the order; none: any                      */
    cxr_strs_t   tags;         /* of the order or a line of it; none: any      */
    CXR_LIST_OF(cxr_promo_tile_t)  products;
} cxr_promo_t;

/* A reply that staff may begin a message with. */
typedef struct {
    cxr_str_t    id;           /* slug                                         */
    cxr_texts_t  title;        /* what the desk calls it                       */
    cxr_texts_t  text;         /* lines, with {fields}                         */
} cxr_reply_t;

typedef CXR_LIST_OF(cxr_reply_t)         cxr_replies_t;
typedef CXR_LIST_OF(cxr_shop_link_t)     cxr_shop_links_t;
typedef CXR_LIST_OF(cxr_shop_message_t)  cxr_shop_messages_t;
typedef CXR_LIST_OF(cxr_promo_t)         cxr_promos_t;

/* The message for a state, or NULL: ours. */
const cxr_shop_message_t *cxr_shop_message(const cxr_shop_messages_t *messages,
    unsigned status, unsigned reason);

/*
 * The fields of replies, in the order of cxr_reply_field_names[].  Takes the
 * text up to the next one off "rest": *field is -1 when there is none behind
 * it, -2 when it is none of ours.  False: nothing is left.
 */
typedef enum {
    CXR_REPLY_NAME = 0,
    CXR_REPLY_ORDER,
    CXR_REPLY_RMA,
    CXR_REPLY_SHOP,
    CXR_REPLY_AGENT,
    CXR_REPLY_LINK,
    CXR_REPLY_REFUND,
    CXR_REPLY_LABEL_UNTIL,
    CXR_REPLY_FIELDS
} cxr_reply_field_t;

extern const char *const  cxr_reply_field_names[];

bool cxr_reply_next(cxr_str_t *rest, cxr_str_t *before, int *field);

/* Whom a page is shown to. */
typedef struct {
    cxr_time_t          now;
    uint8_t             status;    /* of the parcel that it is about           */
    const cxr_order_t  *order;     /* NULL: not known to the link              */
} cxr_audience_t;

/* An offer that asks for what is not known of the page is not shown. */
bool cxr_promo_fits(const cxr_promo_t *offer, const cxr_audience_t *to);

#endif /* _CXR_SHOP_BRAND_H_INCLUDED_ */

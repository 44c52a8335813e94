
/*
 * A shop as its file (conf/shops/<shop>.json) describes it: who it is, where
 * its pages are, its languages, its looks, its policy.  Read once, when the
 * configuration is; immutable afterwards.
 */

#ifndef _CXR_SHOP_H_INCLUDED_
#define _CXR_SHOP_H_INCLUDED_

#include "cxr_erase.h"
#include "cxr_policy.h"
#include "cxr_consent.h"
#include "cxr_shop_brand.h"

#define CXR_SHOP_FILE_MAX      (256 * 1024)   /* bytes                         */
#define CXR_SHOP_ID_MAX        40
#define CXR_SHOP_PATH_MAX      200             /* bytes of a file's path       */
#define CXR_SHOP_LANGS_MAX     16
#define CXR_SHOP_CARRIERS_MAX  200
#define CXR_SHOP_LINK_DAYS_MAX 3650
#define CXR_POLICY_DAYS_MAX    3650
#define CXR_SHOP_OVERDUE_MAX   90             /* days                          */
#define CXR_POLICY_TAGS_MAX    50
#define CXR_POLICY_REASONS_MAX 50
#define CXR_POLICY_LABEL_MAX   180            /* days                          */
#define CXR_REASON_CODE_MAX    40
#define CXR_REASON_TEXT_MAX    200

typedef struct {
    cxr_str_t    name;
    cxr_strs_t   lines;        /* as printed, 1..5                             */
    cxr_str_t    postcode;
    cxr_str_t    city;
    cxr_str_t    country;
} cxr_address_t;

typedef struct {
    cxr_str_t    carrier;      /* slug                                         */
    cxr_str_t    name;         /* as shown: "Yurtiçi Kargo"                    */
    cxr_str_t    url;          /* of the carrier's own page, "{number}" in it; or empty */
    cxr_str_t    phone;        /* its shoppers' line, as written; or empty     */
    bool         no_returns;   /* takes no parcel with the shop's return label */
} cxr_carrier_name_t;

/* Where shoppers bring goods themselves. */
typedef struct {
    cxr_str_t    name;
    cxr_strs_t   lines;        /* of its address, as shown, 1..5               */
    cxr_texts_t  hours;        /* when it is open; may be empty                */
} cxr_store_place_t;

/* A carrier whose return codes the shop imports, one for each RMA. */
typedef struct {
    cxr_str_t    carrier;      /* slug                                         */
    uint32_t     low;          /* so few free codes left: the shop is warned   */
} cxr_code_pool_t;

#define CXR_REMIND_DAYS        3               /* unless the file says         */
#define CXR_REMIND_DAYS_MAX    90
#define CXR_SHOP_STORES_MAX    50
#define CXR_SHOP_POOLS_MAX     8
#define CXR_POOL_LOW_DEFAULT   50
#define CXR_POOL_LOW_MAX       1000000

/* The paper that labels are made for. */
typedef enum {
    CXR_LABEL_100X150 = 0,     /* millimetres                                  */
    CXR_LABEL_4X6,             /* inches                                       */
    CXR_LABEL_A4,              /* the label, and the slip below a line to fold */
    CXR_LABEL_SIZES
} cxr_label_size_t;

extern const char *const  cxr_label_size_names[];   /* "100x150", "4x6", "a4"  */

#define CXR_SHOP_NOTE_MAX      200             /* characters                   */
#define CXR_LOGO_FILE_MAX      32768           /* bytes of a label's logo      */
#define CXR_LOGO_SIDE_MAX      2000            /* pixels                       */
#define CXR_LOGO_PIXELS_MAX    1000000

/* Where rules may send goods instead of the warehouse. */
typedef struct {
    cxr_str_t      id;         /* slug, once in a shop                         */
    cxr_address_t  address;
} cxr_destination_t;

#define CXR_SHOP_DESTINATIONS_MAX  20
#define CXR_DESTINATION_ID_MAX     40
#define CXR_DESTINATION_WAREHOUSE  "warehouse"   /* no destination's id        */

typedef struct {
    cxr_str_t    id;           /* slug, the file's name: "kahve-gurusu"        */
    uint32_t     key;          /* prefix of every key in the store: FNV-1a of the id;
                                  nginx -t refuses two shops with one key      */
    cxr_str_t    name;         /* "Kahve Gurusu"                               */
    cxr_str_t    keys_file;    /* of its own key ring, its whole path once
                                  cxr_shop_load() is over; or empty; ends in 0 */
    cxr_str_t    origin;       /* "https://kahvegurusu.example", no slash at the end */
    cxr_str_t    home;         /* URL of the shop itself                       */
    cxr_str_t    order_example;   /* what its order numbers look like, shown
                                  beside their fields; or empty               */
    cxr_str_t    portal;       /* "/returns/"  each begins and ends with '/'   */
    cxr_str_t    track;        /* "/track/"                                    */
    cxr_str_t    staff;        /* "/staff/"                                    */
    cxr_str_t    assets;       /* "/assets/"                                   */
    cxr_strs_t   languages;    /* first: the default                           */
    cxr_str_t    currency;     /* default for display of nothing yet           */
    cxr_str_t    time_zone;
    cxr_tz_t    *tz;
    cxr_brand_t          brand;
    cxr_support_t        support;
    cxr_shop_links_t     links;      /* of the foot                            */
    cxr_shop_links_t     legal;      /* imprint, terms, privacy                */
    cxr_texts_t          legal_text; /* who answers for the pages; or none     */
    cxr_tracking_t       tracking;
    cxr_shop_messages_t  messages;
    cxr_promos_t         offers;
    cxr_shop_pictures_t  pictures;   /* that are files; cxr_shop_load() reads
                                        them                                   */
    CXR_LIST_OF(cxr_carrier_name_t)  carriers;
    CXR_LIST_OF(cxr_carrier_name_t)  known;    /* as their profiles call them,
                                  slug and name alone: not of the shop's file,
                                  set by whoever reads the profiles            */
    cxr_address_t  warehouse;  /* where returns go                             */
    CXR_LIST_OF(cxr_destination_t)  destinations;   /* or, by a rule           */
    struct {
        uint8_t      size;     /* cxr_label_size_t: when nobody asks for one   */
        uint32_t     dpi;      /* of the shop's label printers, 203, 300, 600  */
        cxr_texts_t  note;     /* on the slip; may be empty                    */
        cxr_str_t    logo_file;   /* a PNG's path, from the shop's file; or
                                  empty: the name in type                      */
        cxr_str_t    logo;     /* its bytes, once cxr_shop_load() has read it  */
        cxr_str_t    logo_url; /* the same as "data:image/png;base64,..."      */
    } label;
    uint32_t     order_link_days;   /* life of minted links                    */
    uint32_t     track_link_days;
    uint32_t     rma_link_days;
    bool         four_eyes;    /* who approved or received does not settle     */
    uint32_t     overdue_days; /* what waits for the shop so long is overdue   */
    cxr_str_t    pay_url;      /* where shoppers pay for a dearer exchange, with
                                  {rma}, {amount}, {currency}; or empty        */
    cxr_policy_t policy;
    cxr_strs_t   law_files;    /* as told: paths from the shop's file          */
    cxr_surveys_t        surveys;
    cxr_replies_t        replies;
    cxr_consents_t       consents;
    uint32_t   person_days;    /* "retention": from the last that happened with
                                  an order; 0: for ever                        */
    uint32_t   remind_days;    /* before its time is over; 0: never            */
    CXR_LIST_OF(cxr_store_place_t)   stores;
    CXR_LIST_OF(cxr_code_pool_t)     pools;      /* the first that has a code
                                                    gives it                   */
} cxr_shop_t;

/*
 * Reads and checks it all, the laws that the policy names among it (which
 * cxr_shop_parse() leaves alone, since it opens nothing) and the labels' logo:
 * every mistake is one of the "n" diags, each with file, line and JSON Pointer.  Returns CXR_INVALID when there is one.
 * Diags beside CXR_OK are warnings, with "rc" CXR_OK.  The
 * shop lives in the arena but for the zone: cxr_shop_free().
 */
cxr_rc_t cxr_shop_load(const char *path, cxr_arena_t *a, cxr_shop_t **shop,
    cxr_diag_t *diags, size_t max, size_t *n);
cxr_rc_t cxr_shop_parse(cxr_str_t text, cxr_str_t id, const char *file,
    cxr_arena_t *a, cxr_shop_t **shop, cxr_diag_t *diags, size_t max, size_t *n);
void cxr_shop_free(cxr_shop_t *shop);

/* From now on the shop's pages show the picture from this address. */
void cxr_shop_picture_at(cxr_shop_t *shop, const cxr_shop_picture_t *picture,
    cxr_str_t url);

/* "Yurtiçi Kargo" for "yurtici"; as its profile calls it when the file does not
   say, the slug itself when nobody does */
cxr_str_t cxr_shop_carrier_name(const cxr_shop_t *shop, cxr_str_t carrier);

/* Where an RMA goes: "destination" as it keeps it; the warehouse where that is
   empty, or no destination of the file any more. */
const cxr_address_t *cxr_shop_destination(const cxr_shop_t *shop,
    cxr_str_t destination);

uint32_t cxr_shop_key(cxr_str_t id);

#endif /* _CXR_SHOP_H_INCLUDED_ */


/*
 * The floor that a country's law puts under every policy: when a shopper may
 * withdraw, who pays the way back, the clocks that run, and what the law
 * leaves out.  Laws are data (conf/laws/<law>.json), each with its versions
 * by date and the sources that they were taken from; nothing of a law is in
 * the code.  Not legal advice.
 */

#ifndef _CXR_LAW_H_INCLUDED_
#define _CXR_LAW_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_order.h"
#include "cxr_texts.h"
#include "cxr_time.h"

#define CXR_LAWS_MAX             16    /* of a shop                            */
#define CXR_LAW_FILE_MAX         (128 * 1024)                       /* bytes   */
#define CXR_LAW_ID_MAX           40
#define CXR_LAW_COUNTRIES_MAX    60
#define CXR_LAW_VERSIONS_MAX     20
#define CXR_LAW_EXCEPTIONS_MAX   40
#define CXR_LAW_SOURCES_MAX      20
#define CXR_LAW_DAYS_MAX         3650
#define CXR_LAW_TEXT_MAX         300   /* characters                           */

/* Who bears the direct cost of sending goods back on a withdrawal. */
typedef enum {
    CXR_PAYS_CONSUMER = 0,     /* once told so before the contract             */
    CXR_PAYS_SELLER            /* with the carrier that the seller named       */
} cxr_law_pays_t;

/* From when the days of the refund count. */
typedef enum {
    CXR_REFUND_FROM_NOTICE = 0,    /* the withdrawal is told                   */
    CXR_REFUND_FROM_HANDOVER,      /* the carrier has the goods                */
    CXR_REFUND_FROM_RECEIPT        /* the seller has them                      */
} cxr_law_refund_from_t;

extern const char *const  cxr_law_pays_names[];         /* "consumer", ...     */
extern const char *const  cxr_law_refund_from_names[];  /* "notice", ...       */

/* What is given back of the delivery's cost when the whole contract is withdrawn
   from. */
typedef enum {
    CXR_LAW_DELIVERY_NONE = 0,
    CXR_LAW_DELIVERY_STANDARD, /* but not what a dearer one cost more          */
    CXR_LAW_DELIVERY_PAID      /* whatever was paid for it                     */
} cxr_law_delivery_t;

extern const char *const  cxr_law_delivery_names[];     /* "none", ...         */

/* What has no right of withdrawal. */
typedef struct {
    cxr_str_t    code;         /* slug: "sealed_hygiene"; a shop maps tags to it */
    cxr_str_t    basis;        /* "Art. 16(e)"                                 */
    bool         if_unsealed;  /* only once the seal is broken: nobody can know
                                  that when the request is made, so the floor
                                  holds and the inspection decides             */
    cxr_texts_t  text;         /* in any languages; may be empty               */
} cxr_law_exception_t;

typedef struct {
    cxr_str_t    title;
    cxr_str_t    url;
    cxr_str_t    checked;      /* date on which somebody compared the file with
                                  the text itself; empty: nobody has           */
} cxr_law_source_t;

typedef struct {
    int32_t      valid_from;   /* days since 1970-01-01; orders of that local
                                  date and later                               */
    cxr_str_t    basis;        /* "Directive 2011/83/EU, Art. 9"               */
    uint32_t     window_days;  /* full days after the delivery of the order's
                                  last goods                                   */
    uint32_t     unknown_days; /* added to placed_at when no delivery is known:
                                  the longest that a delivery may take         */
    bool         rolls;        /* ends on Monday when it would on a weekend    */
    uint8_t      pays;         /* cxr_law_pays_t                               */
    cxr_str_t    pays_basis;
    bool         fees;         /* may a withdrawal cost anything beside that?  */
    uint32_t     refund_days;
    uint8_t      refund_from;  /* cxr_law_refund_from_t                        */
    bool         withhold;     /* until the goods or the proof of dispatch came */
    cxr_str_t    refund_basis;
    uint32_t     ship_back_days;   /* from the notice                          */
    uint32_t     claim_days;   /* liability for lack of conformity, free of
                                  charge, from delivery; 0: the law says nothing */
    cxr_str_t    claim_basis;
    bool         function;     /* an online withdrawal function is obligatory  */
    uint8_t      delivery;     /* cxr_law_delivery_t                           */
    cxr_str_t    delivery_basis;
    CXR_LIST_OF(cxr_law_exception_t)  exceptions;
    CXR_LIST_OF(cxr_law_source_t)     sources;
} cxr_law_version_t;

typedef struct {
    cxr_str_t    id;           /* slug, the file's name: "eu"                  */
    cxr_texts_t  name;         /* in any languages, at least one               */
    cxr_strs_t   countries;    /* ISO 3166-1 alpha-2                           */
    CXR_LIST_OF(cxr_law_version_t)  versions;    /* oldest first               */
    uint64_t     hash;         /* of the file's content, laid out one way      */
} cxr_law_t;

/*
 * Reads and checks a law's file.  Every mistake is one of the "n" diags, with
 * file, line and JSON Pointer; CXR_INVALID when there is one.  The law lives
 * in the arena.
 */
cxr_rc_t cxr_law_load(const char *path, cxr_arena_t *a, cxr_law_t **law,
    cxr_diag_t *diags, size_t max, size_t *n);
cxr_rc_t cxr_law_parse(cxr_str_t text, cxr_str_t id, const char *file,
    cxr_arena_t *a, cxr_law_t **law, cxr_diag_t *diags, size_t max, size_t *n);

bool cxr_law_covers(const cxr_law_t *law, cxr_str_t country);

/* The version in force for an order placed at that moment in the shop's zone;
   NULL before the first. */
const cxr_law_version_t *cxr_law_at(const cxr_law_t *law, const cxr_tz_t *tz,
    cxr_time_t placed_at);

const cxr_law_exception_t *cxr_law_exception(const cxr_law_version_t *v,
    cxr_str_t code);

/* The last moment of "days" days after "from", moved as the law moves it. */
cxr_time_t cxr_law_deadline(const cxr_law_version_t *v, const cxr_tz_t *tz,
    cxr_time_t from, uint32_t days);

#endif /* _CXR_LAW_H_INCLUDED_ */


/*
 * What the shop asks shoppers to agree to before they ask for a return: a box
 * beside the last button, with the shop's words.  An RMA keeps which texts, in
 * which version, were agreed to, so that the shop can show it later.
 *
 * Nothing that the law gives may depend on such a box: a withdrawal is never
 * asked for one (2011/83/EU art. 9 and 25), and a claim for goods that are not
 * as they should be only for such as may be left unticked (2019/771 art. 21).
 * No box is ticked beforehand (2011/83/EU art. 22, GDPR recital 32).
 */

#ifndef _CXR_CONSENT_H_INCLUDED_
#define _CXR_CONSENT_H_INCLUDED_

#include "cxr_record.h"
#include "cxr_texts.h"

#define CXR_CONSENTS_MAX         10    /* of a shop                            */
#define CXR_CONSENT_ID_MAX       40
#define CXR_CONSENT_VERSION_MAX  40
#define CXR_CONSENT_TEXT_MAX     400   /* characters of one language's text    */
/* "<id>@<version>", as forms carry it */
#define CXR_CONSENT_VALUE_MAX    (CXR_CONSENT_ID_MAX + 1                      \
                                  + CXR_CONSENT_VERSION_MAX)

/* What a line of a request is, for who asks when; bits 1 << of these. */
typedef enum {
    CXR_CONSENT_RETURN = 0,
    CXR_CONSENT_EXCHANGE,
    CXR_CONSENT_CLAIM
} cxr_consent_on_t;

extern const char *const  cxr_consent_on_names[];  /* "return", "exchange", .. */

typedef struct {
    cxr_str_t    id;           /* slug, once in a shop                         */
    cxr_str_t    version;      /* slug: of the texts, "2026-05"                */
    cxr_texts_t  text;         /* beside the box                               */
    cxr_texts_t  link;         /* words of the link behind it, or none         */
    cxr_str_t    url;          /* and where it leads; or empty                 */
    bool         required;     /* no RMA without it                            */
    uint32_t     on;           /* bits 1 << cxr_consent_on_t, at least one     */
} cxr_consent_t;

typedef CXR_LIST_OF(cxr_consent_t)  cxr_consents_t;

/* What was agreed to, as requests say it and RMAs keep it. */
typedef struct {
    cxr_str_t    id;
    cxr_str_t    version;
} cxr_agreed_t;

typedef CXR_LIST_OF(cxr_agreed_t)  cxr_agreed_list_t;

extern const cxr_type_t  cxr_agreed_type;

/* The shop's consent of that id, or NULL. */
const cxr_consent_t *cxr_consent(const cxr_consents_t *consents, cxr_str_t id);

/* Is it among them, in the version that the shop has now? */
bool cxr_agreed(const cxr_agreed_list_t *agreed, const cxr_consent_t *consent);

#endif /* _CXR_CONSENT_H_INCLUDED_ */


/* Between the two halves of the tracker: HTML's tokenizer, and what a place
   asks of a value. */

#ifndef _CXR_MARKUP_PRIVATE_H_INCLUDED_
#define _CXR_MARKUP_PRIVATE_H_INCLUDED_

#include "cxr_markup.h"

typedef enum {
    M_DATA,
    M_TAG_OPEN,          /* <                                                 */
    M_TAG_NAME,
    M_IN_TAG,            /* a blank before an attribute                       */
    M_ATTR_NAME,
    M_AFTER_NAME,
    M_BEFORE_VALUE,      /* =                                                 */
    M_VALUE,
    M_VALUE_BARE,
    M_AFTER_VALUE,       /* the closing quote                                 */
    M_JOIN,              /* in a tag, after a section                         */
    M_DECL,              /* <! or <?                                          */
    M_COMMENT,           /* .match: see markup_comment()                      */
    M_CONTENT            /* of an element whose text is not markup            */
} markup_state_t;


typedef enum {
    E_NORMAL,
    E_PLAIN,             /* textarea, title                                   */
    E_JSON,              /* script of JSON-LD                                 */
    E_CODE               /* script, style and the like                        */
} markup_element_t;


typedef enum {
    A_PLAIN,
    A_URL,
    A_CODE,              /* on..., style, srcdoc, srcset, a data: URL         */
    A_MOVE,              /* what an SVG animation makes of an attribute       */
    A_PRAGMA,            /* http-equiv                                        */
    A_CONTENT,           /* content of meta                                   */
    A_TYPE
} markup_attr_t;


typedef enum {
    U_START,
    U_MAYBE,             /* at the start, or after a whole URL                */
    U_SCHEME,            /* the ':' behind a scheme                           */
    U_SLASH,             /* a '/' where another makes a host of what follows  */
    U_HOST,
    U_PATH,
    U_QUERY
} markup_url_t;


#define CXR_MARKUP_PRAGMA                                                     \
    "no value may stand in the content of a meta element with http-equiv: "   \
    "a header of the server's is the place for that"

bool cxr_markup_blank(char c);
/* Is the name, in small letters, one of the list that NULL ends. */
bool cxr_markup_one_of(const char *name, size_t n, const char *const *list);

/* NULL, or why the byte may not come next: in HTML, in JSON. */
const char *cxr_markup_html(cxr_markup_t *m, char c);
void cxr_markup_json(cxr_markup_t *m, char c);

#endif /* _CXR_MARKUP_PRIVATE_H_INCLUDED_ */


/*
 * Where in HTML (or JSON) the template stands: fed its static text byte by
 * byte, it tells how a value that comes next must be escaped, or that none may
 * come.  Not a parser of documents: it knows as much of HTML's tokenizer as
 * decides that.
 */

#ifndef _CXR_MARKUP_H_INCLUDED_
#define _CXR_MARKUP_H_INCLUDED_

#include "cxr_base.h"

typedef enum {
    CXR_MARKUP_HTML,
    CXR_MARKUP_JSON,
    CXR_MARKUP_TEXT,
    CXR_MARKUP_CSV,
    CXR_MARKUP_ZPL
} cxr_markup_kind_t;

typedef enum {
    CXR_ESCAPE_NONE,
    CXR_ESCAPE_HTML,
    CXR_ESCAPE_URL,
    CXR_ESCAPE_JSON,
    CXR_ESCAPE_CSV,         /* within a field's quotes                        */
    CXR_ESCAPE_CSV_FIRST,   /* nothing but values stands before it there      */
    CXR_ESCAPE_ZPL
} cxr_escape_t;

/* What a value is, as far as its place minds. */
#define CXR_VALUE_URL      0x01     /* a URL made by us                       */
#define CXR_VALUE_RAW      0x02     /* markup made by us, and asked for raw   */
#define CXR_VALUE_NUMBER   0x04     /* digits, true, false                    */
#define CXR_VALUE_STATIC   0x08     /* a text of the catalogue                */

typedef struct {
    uint8_t    kind;
    uint8_t    state;
    uint8_t    quote;
    uint8_t    attr;        /* what kind of attribute                         */
    uint8_t    url;         /* where in its URL                               */
    uint8_t    element;     /* what an element's content is, after its tag    */
    uint8_t    match;       /* bytes of an ending that were seen; CSV: the
                               field has text; ZPL: bytes of a command        */
    bool       closing;     /* an end tag                                     */
    bool       ldjson;      /* script: its type is JSON-LD                    */
    bool       dir;         /* it says itself which way its text runs         */
    bool       typed;       /* it has a type attribute, and the first counts  */
    bool       pragma;      /* meta: it has http-equiv                        */
    bool       filled;      /* meta: a value stands in its content            */
    bool       string;      /* JSON: inside a string; CSV: inside quotes; ZPL:
                               between ^FD and ^FS                            */
    bool       escape;      /* JSON: after a backslash; ZPL: after ^FH        */
    uint8_t    ntag;
    uint8_t    nname;
    uint8_t    nvalue;
    char       tag[16];     /* small letters                                  */
    char       name[16];
    char       value[24];
} cxr_markup_t;

void cxr_markup_init(cxr_markup_t *m, cxr_markup_kind_t kind);

/* NULL, or what is wrong with the text; *at is the byte where. */
const char *cxr_markup_text(cxr_markup_t *m, cxr_str_t s, size_t *at);

/* NULL and how to escape, or why no such value may stand here. */
const char *cxr_markup_value(cxr_markup_t *m, unsigned flags,
    cxr_escape_t *escape);

/* How a value that comes next is kept from turning round the text beside it. */
typedef enum {
    CXR_ISOLATE_NONE,       /* nothing beside it, or none of it is read       */
    CXR_ISOLATE_MARKS,      /* U+2068 and U+2069: no element may stand there  */
    CXR_ISOLATE_ELEMENT     /* <bdi>, of which nothing is copied with it      */
} cxr_isolate_t;

cxr_isolate_t cxr_markup_isolate(const cxr_markup_t *m);

/* Before a section's opening tag: NULL, or why none may begin here. */
const char *cxr_markup_section(cxr_markup_t *m);

/*
 * Whether a place may be reached both as *a and as *b (the section rendered or
 * not); *a becomes what is true of both.  "loop": b leads back to a.
 */
bool cxr_markup_join(cxr_markup_t *a, const cxr_markup_t *b, bool loop);

/* NULL, or why a template may not end here. */
const char *cxr_markup_end(const cxr_markup_t *m);

#endif /* _CXR_MARKUP_H_INCLUDED_ */


/*
 * Takes credentials out of a document while it goes by: carriers put user
 * names, passwords and access keys into the body.  Works on documents that no
 * parser takes, since those are the ones that are kept.
 *
 * What is replaced by "REDACTED", names compared without prefix and case (see
 * cxr_redact_is_credential()):
 *
 *   the content of an element, up to its end tag:   <wsPassword>..</wsPassword>
 *   an attribute's value:                           <auth password="..">
 *   the value beside such a name:                   <p name="password">..</p>,
 *                                                   <p key="pwd" value=".."/>
 *   a form field:                                   UserName=..&Password=..
 *   in what is no XML, a name that "=" or ":" follows, quoted or not:
 *                                                   {"password": ".."}
 *
 * also within a document that is text or CDATA of another one, or a form's
 * field.  UTF-8 and what else begins as ASCII, UTF-16.  Of a document in
 * another encoding nothing is let through.  An element that is never closed is
 * taken out to the document's end.
 */

#ifndef _CXR_REDACT_H_INCLUDED_
#define _CXR_REDACT_H_INCLUDED_

#include "cxr_base.h"

#define CXR_REDACT_NAME   64      /* a longer name is none of the list        */
#define CXR_REDACT_HELD   512     /* bytes of an end tag, at most             */

typedef void (*cxr_redact_pt)(void *ctx, const void *data, size_t len);

typedef struct {
    const cxr_strs_t  *more;      /* names beside those of the list, or NULL  */
    uint8_t   state;
    uint8_t   quote;
    bool      drop_value;         /* of the attribute at hand                 */
    bool      credential;         /* the element at hand is one               */
    bool      said;               /* "REDACTED" stands for this value already */
    bool      slash;              /* the last character of the tag was a '/'  */
    uint8_t   tail;               /* how much of "]]>" or "[CDATA[" was seen  */
    uint8_t   nname;
    uint8_t   nattr;
    char      name[CXR_REDACT_NAME + 1];     /* of the element                */
    char      attr[CXR_REDACT_NAME + 1];     /* of the attribute, its value   */
    uint16_t  nheld;
    char      held[CXR_REDACT_HELD];         /* a tag that may end it         */
} cxr_redact_scan_t;

/* of a body that is no XML: the word at hand, and the value of a credential */
typedef struct {
    uint8_t   state;
    uint8_t   quote;
    bool      in_quotes;          /* the name was                             */
    bool      escaped;            /* the value's quotes have a backslash      */
    bool      back;               /* the last character was one               */
    bool      said;
    uint16_t  depth;
    uint8_t   nword;
    char      word[CXR_REDACT_NAME + 1];
} cxr_redact_plain_t;

typedef struct {
    cxr_redact_pt      out;
    void              *ctx;
    uint8_t            unit;      /* bytes of a character: 1 or 2; 0: blind   */
    uint8_t            low;       /* UTF-16: which byte is the low one        */
    bool               begun;
    bool               form;
    bool               judged;    /* whether it is XML                        */
    bool               is_plain;
    cxr_redact_plain_t  plain;
    bool               in_value;
    bool               drop_field;
    bool               field_said;
    uint8_t            nhead;
    uint8_t            head[4];   /* the first bytes, until they are judged   */
    uint8_t            nraw;
    char               raw[4];    /* of the character at hand                 */
    uint8_t            nfield;
    char               field[CXR_REDACT_NAME + 1];
    uint8_t            nent;      /* characters of a reference: "&lt;"        */
    char               ent[8];
    uint8_t            entraw;
    char               entbytes[32];
    uint8_t            entlen[8];
    cxr_redact_scan_t  scan[2];   /* markup, and escaped markup in text       */
    size_t             nbuf;
    char               buf[4096];
} cxr_redact_t;

/* "form": the body is application/x-www-form-urlencoded. */
void cxr_redact_init(cxr_redact_t *r, bool form, cxr_redact_pt out, void *ctx);
/* Names in lower case that a profile says are credentials; kept, not copied. */
void cxr_redact_more(cxr_redact_t *r, const cxr_strs_t *names);
void cxr_redact_push(cxr_redact_t *r, const void *data, size_t len);
void cxr_redact_end(cxr_redact_t *r);

/* Is it the name of something that lets one in?  Without a prefix. */
bool cxr_redact_is_credential(cxr_str_t name);

#endif /* _CXR_REDACT_H_INCLUDED_ */

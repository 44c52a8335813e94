
/*
 * What the parts of the redaction share.  Private to carrier/.
 */

#ifndef _CXR_REDACT_PRIVATE_H_INCLUDED_
#define _CXR_REDACT_PRIVATE_H_INCLUDED_

#include "cxr_redact.h"

/* a character that no markup is made of */
#define CXR_REDACT_OTHER  0x80

/* ---- cxr_redact_names.c ---- */

char cxr_redact_lower(char c);
/* without its prefix */
cxr_str_t cxr_redact_local(cxr_str_t name);
void cxr_redact_collect(char *name, uint8_t *n, unsigned c);
/* of the list, or of the profile */
bool cxr_redact_known(const cxr_strs_t *more, const char *s, size_t len);


/* ---- cxr_redact.c ---- */

bool cxr_redact_name_char(unsigned c);
bool cxr_redact_blank(unsigned c);
void cxr_redact_say(cxr_redact_t *r);
/* lets through what was held for a reference */
void cxr_redact_unref(cxr_redact_t *r);


/* ---- cxr_redact_plain.c: a body that is no XML ---- */

/* Is the character a part of a value that is not to be seen? */
bool cxr_redact_plain(cxr_redact_t *r, unsigned c);

#endif /* _CXR_REDACT_PRIVATE_H_INCLUDED_ */

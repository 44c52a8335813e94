
/*
 * A text that the shop's file gives in each of the shop's languages.
 */

#ifndef _CXR_TEXTS_H_INCLUDED_
#define _CXR_TEXTS_H_INCLUDED_

#include "cxr_base.h"

typedef struct {
    cxr_str_t    lang;
    cxr_str_t    text;
} cxr_local_text_t;

/* Every language of the shop, in its order, or none at all. */
typedef CXR_LIST_OF(cxr_local_text_t)  cxr_texts_t;

/* "tr", "pt-BR": a BCP 47 tag of a language, with or without more */
bool cxr_is_language(cxr_str_t s);

/* The text in "lang", else in the language that it begins with ("en-US": "en"),
   else in the shop's first; empty when the shop says nothing. */
cxr_str_t cxr_texts_in(const cxr_texts_t *texts, cxr_str_t lang);

#endif /* _CXR_TEXTS_H_INCLUDED_ */

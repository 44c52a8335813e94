
/*
 * Text from right to left on sheets, whose glyphs are placed from left to
 * right: ICU puts it into the order in which it is seen (Unicode Standard
 * Annex 9) and Arabic letters into the forms that they have between their
 * neighbours (Arabic Presentation Forms, which DejaVu has).
 */

#ifndef _CXR_BIDI_H_INCLUDED_
#define _CXR_BIDI_H_INCLUDED_

#include "cxr_base.h"

/* UTF-16 units that a text may take; a longer one stays as it is */
#define CXR_BIDI_MAX   1024

/* bytes that "mem" has to have */
#define CXR_BIDI_BYTES (3 * CXR_BIDI_MAX)

/*
 * The text as it is seen, in "mem"; or the text itself, when nothing in it is
 * from right to left, or ICU has no memory for it.
 */
cxr_str_t cxr_bidi_seen(cxr_str_t text, char *mem);

#endif /* _CXR_BIDI_H_INCLUDED_ */

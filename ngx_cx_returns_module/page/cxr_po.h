
/*
 * One keyed .po file: comments, msgid "key", msgstr "text", long strings over
 * several lines.  Strict, so that a translator's slip is found with its line.
 */

#ifndef _CXR_PO_H_INCLUDED_
#define _CXR_PO_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_base.h"

/* From which line of the file a text's bytes from "at" on come. */
typedef struct {
    uint32_t  at;
    uint32_t  line;
} cxr_po_piece_t;

typedef struct {
    cxr_str_t                     key;
    cxr_str_t                     text;
    unsigned                      line;      /* of msgid                      */
    CXR_LIST_OF(cxr_po_piece_t)   pieces;    /* of text, at least one         */
} cxr_po_entry_t;

typedef CXR_LIST_OF(cxr_po_entry_t)  cxr_po_t;

/*
 * Entries sorted by key, in the arena.  Those without a text yet, fuzzy and
 * obsolete ones and the header are left out.  CXR_INVALID: malformed, a
 * duplicate, gettext's own plural forms, a msgctxt, bytes that are no UTF-8.
 * CXR_LIMIT: CXR_PO_...
 */
cxr_rc_t cxr_po_parse(cxr_str_t src, const char *file, cxr_arena_t *a,
    cxr_po_t *po, cxr_diag_t *d);

/* The line that byte "at" of the text stands on. */
unsigned cxr_po_line(const cxr_po_entry_t *e, size_t at);

#endif /* _CXR_PO_H_INCLUDED_ */

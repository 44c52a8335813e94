
/*
 * The fonts that PDFs and printers' pictures are set in: files, read whole when
 * the configuration is, checked, and measured.  FreeType and cairo stay behind
 * this header.
 *
 * Loaded fonts are immutable: any number of threads may measure and draw with
 * them at once.
 */

#ifndef _CXR_FONT_H_INCLUDED_
#define _CXR_FONT_H_INCLUDED_

#include "cxr_base.h"

#define CXR_FONT_FILES_MAX   8                    /* regular, bold, others    */
#define CXR_FONT_FILE_MAX    (32 * 1024 * 1024)   /* bytes of one             */

typedef struct cxr_fonts_s  cxr_fonts_t;

/* Debian's: Liberation Sans, and DejaVu Sans for what it has no letters for.
   Ends with NULL. */
extern const char *const  cxr_font_usual[];

/*
 * files[0] is the regular face, files[1] the bold one; those after them lend
 * glyphs that these lack.  Each must be an outline font whose maker lets it be
 * embedded in documents (OS/2 fsType), the first two with every letter of
 * ASCII and of Turkish.
 *
 * CXR_NOTFOUND: no such file; CXR_LIMIT: a file, or too many; CXR_INVALID: not
 * such a font; CXR_NOMEM; CXR_ERROR.  "d" names the file and what to do.
 */
cxr_rc_t cxr_fonts_load(const char *const *files, size_t n,
    cxr_fonts_t **fonts, cxr_diag_t *d);
void cxr_fonts_free(cxr_fonts_t *fonts);           /* NULL is fine            */

typedef struct {
    unsigned     face;            /* which of the files                       */
    uint32_t     glyph;
    uint32_t     advance;         /* in thousandths of the type's size        */
} cxr_glyph_t;

/* Of a character that no file has: the first one's box for such. */
void cxr_font_glyph(const cxr_fonts_t *fonts, uint32_t cp, bool strong,
    cxr_glyph_t *glyph);

/* The text's width in thousandths of the type's size. */
uint32_t cxr_font_width(const cxr_fonts_t *fonts, cxr_str_t text, bool strong);

/* cairo's, for the files of this room; not to be destroyed */
struct _cairo_font_face *cxr_font_cairo(const cxr_fonts_t *fonts,
    unsigned face);

#endif /* _CXR_FONT_H_INCLUDED_ */

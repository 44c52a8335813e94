
#include "cxr_font.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_TRUETYPE_TABLES_H

#include <cairo-ft.h>

#include "cxr_text.h"

/* OS/2 fsType, OpenType specification: bit 1 restricted licence, bit 8 no
   subsetting, bit 9 bitmaps only */
#define CXR_FONT_FORBIDS      0x0302
#define CXR_FONT_RESTRICTED   0x0002

/* A character's place among its page's 256: pages without one are not there. */
#define CXR_FONT_PAGES        0x1100
#define CXR_FONT_DIR          "/usr/share/fonts/truetype/"


typedef struct {
    uint32_t  glyph;                   /* 0: the face has none                */
    uint32_t  advance;
} cxr_font_cell_t;

typedef struct {
    cxr_font_cell_t  cells[256];
} cxr_font_page_t;

typedef struct {
    cxr_font_page_t    *pages[CXR_FONT_PAGES];
    uint32_t            none;          /* advance of the box for no glyph     */
    cairo_font_face_t  *cairo;
} cxr_font_face_t;

/*
 * What must live as long as cairo may look at the face, which keeps scaled
 * fonts for a while after the last use of theirs.
 */
typedef struct {
    FT_Library          library;
    FT_Face             face;
    FT_Byte            *bytes;
} cxr_font_file_t;

struct cxr_fonts_s {
    size_t              n;
    cxr_font_face_t    *faces[CXR_FONT_FILES_MAX];
};

const char *const  cxr_font_usual[] = {
    CXR_FONT_DIR "liberation/LiberationSans-Regular.ttf",
    CXR_FONT_DIR "liberation/LiberationSans-Bold.ttf",
    CXR_FONT_DIR "dejavu/DejaVuSans.ttf",
    NULL
};

static const cairo_user_data_key_t  cxr_font_key;

/* what a Turkish address cannot do without */
static const char  cxr_font_needs[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    " .,:;/-#()&+'çğıöşüÇĞİÖŞÜâîû";


static void
cxr_font_file_free(void *data)
{
    cxr_font_file_t  *f = data;

    if (f->face != NULL) {
        (void) FT_Done_Face(f->face);
    }

    if (f->library != NULL) {
        (void) FT_Done_FreeType(f->library);
    }

    free(f->bytes);
    free(f);
}


static cxr_rc_t
cxr_font_read(const char *path, cxr_font_file_t *f, size_t *size,
    cxr_diag_t *d)
{
    int          fd;
    off_t        at;
    ssize_t      n;
    cxr_rc_t     rc;
    struct stat  st;

    fd = open(path, O_RDONLY|O_CLOEXEC|O_NOCTTY|O_NONBLOCK);

    if (fd == -1 || fstat(fd, &st) == -1) {
        rc = cxr_diag(d, errno == ENOENT ? CXR_NOTFOUND : CXR_ERROR, "",
                      "cannot read the font: %s. Debian's fonts-liberation and "
                      "fonts-dejavu-core have the usual ones; "
                      "cx_returns_label_font names others", strerror(errno));

    } else if (!S_ISREG(st.st_mode) || st.st_size == 0) {
        rc = cxr_diag(d, CXR_INVALID, "", "is no font file");

    } else if (st.st_size > CXR_FONT_FILE_MAX) {
        rc = cxr_diag(d, CXR_LIMIT, "", "is larger than %d bytes",
                      CXR_FONT_FILE_MAX);

    } else {
        rc = CXR_OK;
        f->bytes = malloc((size_t) st.st_size);

        if (f->bytes == NULL) {
            rc = cxr_diag(d, CXR_NOMEM, "", "not enough memory for the font");
        }

        for (at = 0; rc == CXR_OK && at < st.st_size; at += n) {
            n = pread(fd, f->bytes + at, (size_t) (st.st_size - at), at);

            if (n <= 0) {
                rc = cxr_diag(d, CXR_ERROR, "", "cannot read the font: %s",
                              n == 0 ? "it became shorter" : strerror(errno));
                break;
            }
        }

        *size = (size_t) st.st_size;
    }

    if (fd != -1) {
        (void) close(fd);
    }

    return rc;
}


static cxr_rc_t
cxr_font_open(cxr_font_file_t *f, size_t size, cxr_diag_t *d)
{
    TT_OS2  *os2;

    if (FT_Init_FreeType(&f->library) != 0) {
        f->library = NULL;
        return cxr_diag(d, CXR_NOMEM, "", "FreeType does not start");
    }

    if (FT_New_Memory_Face(f->library, f->bytes, (FT_Long) size, 0, &f->face)
        != 0)
    {
        f->face = NULL;
        return cxr_diag(d, CXR_INVALID, "", "is no font that FreeType knows");
    }

    if (!FT_IS_SCALABLE(f->face) || !FT_IS_SFNT(f->face)
        || f->face->units_per_EM == 0)
    {
        return cxr_diag(d, CXR_INVALID, "", "must be a TrueType or OpenType "
                        "font with outlines");
    }

    if (FT_Select_Charmap(f->face, FT_ENCODING_UNICODE) != 0) {
        return cxr_diag(d, CXR_INVALID, "", "must map Unicode");
    }

    os2 = FT_Get_Sfnt_Table(f->face, FT_SFNT_OS2);

    /* the restriction counts when no bit beside it grants more */

    if (os2 != NULL && os2->version != 0xffff
        && ((os2->fsType & 0x000f) == CXR_FONT_RESTRICTED
            || (os2->fsType & CXR_FONT_FORBIDS & ~CXR_FONT_RESTRICTED) != 0))
    {
        return cxr_diag(d, CXR_INVALID, "", "its maker does not let it be "
                        "embedded in documents (fsType 0x%04x): take another",
                        (unsigned) os2->fsType);
    }

    return CXR_OK;
}


static uint32_t
cxr_font_advance(FT_Face face, FT_UInt glyph)
{
    FT_Fixed  advance;

    if (FT_Load_Glyph(face, glyph, FT_LOAD_NO_SCALE) != 0) {
        return 0;
    }

    advance = face->glyph->metrics.horiAdvance;

    return advance <= 0 ? 0
           : (uint32_t) ((uint64_t) advance * 1000 / face->units_per_EM);
}


/* Every character that the font has, with how wide it is. */

static cxr_rc_t
cxr_font_measure(FT_Face ft, cxr_font_face_t *face)
{
    FT_UInt            glyph;
    FT_ULong           cp;
    cxr_font_page_t  **page;

    face->none = cxr_font_advance(ft, 0);

    for (cp = FT_Get_First_Char(ft, &glyph); glyph != 0;
         cp = FT_Get_Next_Char(ft, cp, &glyph))
    {
        if (cp >> 8 >= CXR_FONT_PAGES) {
            continue;
        }

        page = &face->pages[cp >> 8];

        if (*page == NULL) {
            *page = calloc(1, sizeof(cxr_font_page_t));

            if (*page == NULL) {
                return CXR_NOMEM;
            }
        }

        (*page)->cells[cp & 0xff].glyph = glyph;
        (*page)->cells[cp & 0xff].advance = cxr_font_advance(ft, glyph);
    }

    return CXR_OK;
}


static const cxr_font_cell_t *
cxr_font_cell(const cxr_font_face_t *face, uint32_t cp)
{
    const cxr_font_page_t  *page;

    if (cp >> 8 >= CXR_FONT_PAGES) {
        return NULL;
    }

    page = face->pages[cp >> 8];

    return page != NULL && page->cells[cp & 0xff].glyph != 0
           ? &page->cells[cp & 0xff] : NULL;
}


static cxr_rc_t
cxr_font_complete(const cxr_font_face_t *face, cxr_diag_t *d)
{
    cxr_str_t  rest, c;

    rest = cxr_strz(cxr_font_needs);

    while (rest.len != 0) {
        c = rest;

        if (cxr_font_cell(face, cxr_utf8_next(&rest)) == NULL) {
            c.len -= rest.len;

            return cxr_diag(d, CXR_INVALID, "", "has no \"%.*s\": the regular "
                            "and the bold font need the letters of ASCII and "
                            "of Turkish", cxr_str_arg(c));
        }
    }

    return CXR_OK;
}


static void
cxr_font_face_free(cxr_font_face_t *face)
{
    size_t  i;

    if (face == NULL) {
        return;
    }

    for (i = 0; i < CXR_FONT_PAGES; i++) {
        free(face->pages[i]);
    }

    if (face->cairo != NULL) {
        cairo_font_face_destroy(face->cairo);
    }

    free(face);
}


static cxr_rc_t
cxr_font_load(const char *path, bool whole, cxr_font_face_t **out,
    cxr_diag_t *d)
{
    size_t            size;
    cxr_rc_t          rc;
    cxr_font_file_t  *f;
    cxr_font_face_t  *face;

    f = calloc(1, sizeof(cxr_font_file_t));
    face = calloc(1, sizeof(cxr_font_face_t));

    if (f == NULL || face == NULL) {
        free(f);
        free(face);
        return cxr_diag(d, CXR_NOMEM, "", "not enough memory for the font");
    }

    size = 0;
    rc = cxr_font_read(path, f, &size, d);

    if (rc == CXR_OK) {
        rc = cxr_font_open(f, size, d);
    }

    if (rc == CXR_OK && cxr_font_measure(f->face, face) != CXR_OK) {
        rc = cxr_diag(d, CXR_NOMEM, "", "not enough memory for the font");
    }

    if (rc == CXR_OK && whole) {
        rc = cxr_font_complete(face, d);
    }

    if (rc != CXR_OK) {
        cxr_font_file_free(f);
        cxr_font_face_free(face);
        return rc;
    }

    face->cairo = cairo_ft_font_face_create_for_ft_face(f->face, 0);

    if (cairo_font_face_status(face->cairo) != CAIRO_STATUS_SUCCESS
        || cairo_font_face_set_user_data(face->cairo, &cxr_font_key, f,
                                         cxr_font_file_free)
           != CAIRO_STATUS_SUCCESS)
    {
        cxr_font_face_free(face);
        cxr_font_file_free(f);
        return cxr_diag(d, CXR_ERROR, "", "cairo does not take the font");
    }

    *out = face;

    return CXR_OK;
}


cxr_rc_t
cxr_fonts_load(const char *const *files, size_t n, cxr_fonts_t **fonts,
    cxr_diag_t *d)
{
    cxr_rc_t      rc;
    cxr_fonts_t  *f;

    *fonts = NULL;

    if (n < 2 || n > CXR_FONT_FILES_MAX) {
        return cxr_diag(d, CXR_LIMIT, "", "2 to %d fonts are wanted: a regular "
                        "one, a bold one, and others for missing letters",
                        CXR_FONT_FILES_MAX);
    }

    f = calloc(1, sizeof(cxr_fonts_t));

    if (f == NULL) {
        return cxr_diag(d, CXR_NOMEM, "", "not enough memory for the fonts");
    }

    for (f->n = 0; f->n < n; f->n++) {
        rc = cxr_font_load(files[f->n], f->n < 2, &f->faces[f->n], d);

        if (rc != CXR_OK) {
            cxr_diag_place(d, files[f->n], 0, 0);
            cxr_fonts_free(f);
            return rc;
        }
    }

    *fonts = f;

    return CXR_OK;
}


void
cxr_fonts_free(cxr_fonts_t *fonts)
{
    size_t  i;

    if (fonts == NULL) {
        return;
    }

    for (i = 0; i < fonts->n; i++) {
        cxr_font_face_free(fonts->faces[i]);
    }

    free(fonts);
}


void
cxr_font_glyph(const cxr_fonts_t *fonts, uint32_t cp, bool strong,
    cxr_glyph_t *glyph)
{
    size_t                  i;
    unsigned                face;
    const cxr_font_cell_t  *cell;

    for (i = 0; i < fonts->n; i++) {

        /* a letter that only the other weight has is better than a box */

        face = i < 2 && strong ? 1 - (unsigned) i : (unsigned) i;
        cell = cxr_font_cell(fonts->faces[face], cp);

        if (cell != NULL) {
            glyph->face = face;
            glyph->glyph = cell->glyph;
            glyph->advance = cell->advance;
            return;
        }
    }

    glyph->face = strong ? 1 : 0;
    glyph->glyph = 0;
    glyph->advance = fonts->faces[glyph->face]->none;
}


uint32_t
cxr_font_width(const cxr_fonts_t *fonts, cxr_str_t text, bool strong)
{
    uint32_t     w;
    cxr_glyph_t  g;

    for (w = 0; text.len != 0; w += g.advance) {
        cxr_font_glyph(fonts, cxr_utf8_next(&text), strong, &g);
    }

    return w;
}


struct _cairo_font_face *
cxr_font_cairo(const cxr_fonts_t *fonts, unsigned face)
{
    return fonts->faces[face]->cairo;
}

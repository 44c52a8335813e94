
#include "cxr_label_text.h"

#include <stdio.h>

#include "cxr_buf.h"
#include "cxr_text.h"

#define CXR_WIDTH_LATIN    790        /* letters past ASCII, Turkish ones     */
#define CXR_WIDTH_OTHER    1050       /* what we know nothing of              */
#define CXR_ELLIPSIS       "\xe2\x80\xa6"

/* line height, in fifths of the type's size */
#define CXR_LEADING        6


/* Advances of a wide sans-serif for ' ' .. '~', in thousandths of its size. */

static const uint16_t  cxr_widths[] = {
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318,
    337, 636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838,
    838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656,
    557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685,
    390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278,
    278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592,
    592, 525, 636, 337, 636, 838
};


static uint32_t
cxr_label_glyph(uint32_t cp, bool strong)
{
    uint32_t  w;

    if (cp >= 0x20 && cp < 0x7f) {
        w = cxr_widths[cp - 0x20];

    } else if (cp < 0x250) {
        w = CXR_WIDTH_LATIN;

    } else {
        w = CXR_WIDTH_OTHER;
    }

    return strong ? w * 9 / 8 : w;
}


uint32_t
cxr_label_width(cxr_str_t text, bool strong)
{
    uint32_t  w;

    for (w = 0; text.len != 0; /* void */ ) {
        w += cxr_label_glyph(cxr_utf8_next(&text), strong);
    }

    return w;
}


/* Pictures between letters: no font of ours has them, no address needs them. */

static bool
cxr_label_is_picture(uint32_t cp)
{
    return (cp >= 0x1f000 && cp < 0x1fb00) || (cp >= 0xe0000 && cp < 0xe0080);
}


cxr_str_t
cxr_label_clean(cxr_str_t text, cxr_arena_t *a)
{
    bool       blank, picture;
    uint32_t   cp;
    cxr_buf_t  out;
    cxr_str_t  rest, c;

    /* a blank more than the text, so that it is never NULL */

    out.data = cxr_alloc(a, text.len + 1);

    if (out.data == NULL) {
        return CXR_STR_NONE;
    }

    cxr_buf_init_fixed(&out, out.data, text.len + 1);
    blank = false;
    picture = false;

    for (rest = text; rest.len != 0; /* void */ ) {
        c = rest;
        cp = cxr_utf8_next(&rest);
        c.len -= rest.len;

        if (cxr_utf8_is_blank(cp)) {
            blank = out.len != 0;
            continue;
        }

        if (cp == CXR_UTF8_BAD || cxr_utf8_is_hidden(cp)
            || (cp >= 0xfe00 && cp < 0xfe10) || (cp == 0x200d && picture)
            || (cp & 0xfffe) == 0xfffe || (cp >= 0xfdd0 && cp <= 0xfdef))
        {
            continue;
        }

        picture = cxr_label_is_picture(cp);

        if (picture) {
            continue;
        }

        if (blank) {
            cxr_buf_addc(&out, ' ');
            blank = false;
        }

        cxr_buf_adds(&out, c);
    }

    return cxr_buf_str(&out);
}


/* How many bytes fit; "limit" in thousandths of the type's size. */

static size_t
cxr_label_fits(cxr_str_t text, uint32_t limit, bool strong)
{
    uint32_t   w;
    cxr_str_t  rest;

    w = 0;
    rest = text;

    while (rest.len != 0) {
        cxr_str_t  before = rest;

        w += cxr_label_glyph(cxr_utf8_next(&rest), strong);

        if (w > limit) {
            return text.len - before.len;
        }
    }

    return text.len;
}


cxr_str_t
cxr_label_cut(cxr_str_t text, uint32_t width, uint32_t size, bool strong,
    cxr_arena_t *a)
{
    size_t    n;
    uint32_t  limit, dots;

    text = cxr_label_clean(text, a);

    if (text.data == NULL) {
        return text;
    }

    limit = width * 1000 / size;

    if (cxr_label_width(text, strong) <= limit) {
        return text;
    }

    dots = cxr_label_width(cxr_str(CXR_ELLIPSIS), strong);
    n = cxr_label_fits(text, limit > dots ? limit - dots : 0, strong);

    while (n != 0 && text.data[n - 1] == ' ') {
        n--;
    }

    return cxr_sprintf(a, "%.*s" CXR_ELLIPSIS, (int) n, text.data);
}


/*
 * Takes one row off the text: as many words as fit, or as much of a word that
 * is longer than the row.
 */

static cxr_str_t
cxr_label_row(cxr_str_t *text, uint32_t limit, bool strong)
{
    size_t     n, fits;
    cxr_str_t  row, one;

    fits = cxr_label_fits(*text, limit, strong);
    n = fits;

    if (n < text->len) {

        while (n != 0 && text->data[n] != ' ') {
            n--;
        }

        if (n == 0) {
            n = fits;
        }
    }

    if (n == 0) {
        one = *text;
        (void) cxr_utf8_next(&one);
        n = text->len - one.len;
    }

    row = cxr_strn(text->data, n);
    *text = cxr_strn(text->data + n, text->len - n);

    while (text->len != 0 && text->data[0] == ' ') {
        text->data++;
        text->len--;
    }

    return row;
}


static uint32_t
cxr_label_rows_of(cxr_str_t text, uint32_t limit, bool strong)
{
    uint32_t  n;

    for (n = 0; text.len != 0; n++) {
        (void) cxr_label_row(&text, limit, strong);
    }

    return n;
}


static uint32_t
cxr_label_room(const cxr_label_block_t *block, uint32_t size)
{
    return block->height * 5 / (size * CXR_LEADING);
}


static cxr_rc_t
cxr_label_put(const cxr_label_block_t *block, uint32_t size, cxr_str_t text,
    bool strong, cxr_arena_t *a, cxr_view_label_rows_t *rows)
{
    cxr_view_label_row_t  *row;

    row = cxr_list_push(a, rows, sizeof(cxr_view_label_row_t));

    if (row == NULL) {
        return CXR_NOMEM;
    }

    row->text = text;
    row->size = size;
    row->strong = strong;
    row->y = block->top + size + (rows->n - 1) * size * CXR_LEADING / 5;

    return CXR_OK;
}


cxr_rc_t
cxr_label_set(const cxr_label_block_t *block, const cxr_str_t *pieces,
    size_t n, cxr_arena_t *a, cxr_view_label_rows_t *rows)
{
    size_t     i, count;
    uint32_t   size, limit, need, spare, room, most;
    cxr_rc_t   rc;
    cxr_str_t  text[CXR_LABEL_PIECES_MAX], row;

    count = 0;

    for (i = 0; i < n && count < CXR_LABEL_PIECES_MAX; i++) {
        text[count] = cxr_label_clean(pieces[i], a);

        if (text[count].data == NULL) {
            return CXR_NOMEM;
        }

        count += text[count].len != 0;
    }

    for (size = block->largest; /* void */ ; size -= 2) {
        limit = block->width * 1000 / size;
        need = 0;

        for (i = 0; i < count; i++) {
            need += cxr_label_rows_of(text[i], limit, i == 0);
        }

        room = cxr_label_room(block, size);

        if (need <= room || size - 2 < block->smallest) {
            break;
        }
    }

    spare = room > count ? room - (uint32_t) count : 0;

    for (i = 0; i < count && i < room; i++) {

        for (most = spare; text[i].len != 0; most--) {

            if (most == 0) {
                row = cxr_label_cut(text[i], block->width, size, i == 0, a);
                text[i].len = 0;

            } else {
                row = cxr_label_row(&text[i], limit, i == 0);
            }

            if (row.data == NULL) {
                return CXR_NOMEM;
            }

            rc = cxr_label_put(block, size, row, i == 0, a, rows);

            if (rc != CXR_OK) {
                return rc;
            }

            if (text[i].len != 0) {
                spare--;
            }
        }
    }

    return CXR_OK;
}


uint32_t
cxr_label_size_of(cxr_str_t text, uint32_t width, uint32_t largest,
    uint32_t smallest, bool strong)
{
    uint32_t  size, wide;

    wide = cxr_label_width(text, strong);

    for (size = largest; size > smallest && wide > width * 1000 / size;
         size -= 2)
    {
        /* void */
    }

    return size;
}

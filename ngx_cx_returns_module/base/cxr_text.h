
/*
 * Text that comes from outside: UTF-8 checked, controls taken out, numbers
 * and ids brought to one form.  Nothing here depends on a locale; what does
 * (casing, plurals, formatting) is in page/cxr_i18n.h.
 */

#ifndef _CXR_TEXT_H_INCLUDED_
#define _CXR_TEXT_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_base.h"

/* Well-formed UTF-8 (RFC 3629: no overlong form, surrogate, > U+10FFFF). */
bool cxr_utf8_valid(cxr_str_t s);

/*
 * Takes the first character off a string that is not empty.  CXR_UTF8_BAD when
 * it is malformed: then one byte has been taken.
 */
#define CXR_UTF8_BAD  0xffffffffu

/* the slow halves of what follows: most characters are ASCII */
uint32_t cxr_utf8_more(cxr_str_t *s);
bool cxr_utf8_is_blank_more(uint32_t cp);
bool cxr_utf8_is_hidden_more(uint32_t cp);

static inline uint32_t
cxr_utf8_next(cxr_str_t *s)
{
    unsigned char  c = (unsigned char) *s->data;

    if (c < 0x80) {
        s->data++;
        s->len--;
        return c;
    }

    return cxr_utf8_more(s);
}

/* white space, ASCII's and Unicode's */
static inline bool
cxr_utf8_is_blank(uint32_t cp)
{
    return cp < 0x80 ? cp == ' ' || (cp >= '\t' && cp <= '\r')
                     : cxr_utf8_is_blank_more(cp);
}

/* controls (white space among them) and marks of direction: see below */
static inline bool
cxr_utf8_is_hidden(uint32_t cp)
{
    return cp < 0x80 ? cp < 0x20 || cp == 0x7f : cxr_utf8_is_hidden_more(cp);
}

/* Characters (code points) in valid UTF-8. */
size_t cxr_utf8_length(cxr_str_t s);
/* The longest prefix of at most "max" bytes that cuts no character. */
cxr_str_t cxr_utf8_cut(cxr_str_t s, size_t max);

typedef enum {
    CXR_TEXT_LINE,    /* one line: runs of white space become one blank       */
    CXR_TEXT_BLOCK    /* the same within lines; keeps \n (CRLF and CR become
                         \n), at most 2 in a row, without blanks around it    */
} cxr_text_kind_t;

/*
 * A shopper's or carrier's text made safe to keep: trimmed, white space folded
 * as "kind" says; C0/C1 controls, U+FEFF, U+2028/9 and marks of direction
 * (U+202A-202E, U+2066-2069, U+200E/F, U+061C: they can make text read other
 * than it is) removed; text of which nothing would show is empty.  CXR_INVALID: not UTF-8.  CXR_LIMIT: more than "max"
 * characters remain.  The result is in the arena and never longer than the
 * input.
 */
cxr_rc_t cxr_text_clean(cxr_arena_t *a, cxr_str_t in, cxr_text_kind_t kind,
    size_t max, cxr_str_t *out);

/* ASCII white space off both ends; most have none, and need no call */
cxr_str_t cxr_str_strip(cxr_str_t s);

static inline cxr_str_t
cxr_str_trim(cxr_str_t s)
{
    return s.len > 0 && (unsigned char) s.data[0] > ' '
           && (unsigned char) s.data[s.len - 1] > ' ' ? s : cxr_str_strip(s);
}

/*
 * The key form of an order number.  White space, '-', '_', '.', '/', '#' and
 * typographic dashes are dropped; ASCII letters become upper case, and every
 * dotted or dotless i (i, I, U+0130, U+0131) becomes I, so that a Turkish
 * keyboard finds "KG-1001i" too; full-width forms and the digits of Arabic and
 * Persian keyboards become ASCII.  Other characters stay as they are.  The result has 1..CXR_NUMBER_MAX bytes, else
 * CXR_INVALID (empty, a control, not UTF-8) or CXR_LIMIT.  "out" must hold
 * CXR_NUMBER_MAX bytes.
 */
#define CXR_NUMBER_MAX    64

cxr_rc_t cxr_fold_number(cxr_str_t in, char *out, size_t *len);

/*
 * A carrier's tracking number: [A-Za-z0-9._/-], white space dropped, upper
 * case, 1..CXR_TRACKING_MAX bytes (as many as "out" holds).  CXR_INVALID
 * otherwise.
 */
#define CXR_TRACKING_MAX  64

cxr_rc_t cxr_fold_tracking(cxr_str_t in, char *out, size_t *len);

/*
 * For comparing what a shopper typed with what is stored, never for storing.
 * E-mail: trimmed, ASCII lower case, Turkish i's become i; there must be one @
 * with text on both sides.  Postal code: only the ASCII letters and digits are
 * kept, in upper case.  CXR_INVALID: not of that form.  CXR_LIMIT: longer than
 * the limit (RFC 5321 for e-mail).  "out" must hold 256 bytes.
 */
#define CXR_EMAIL_MAX     254
#define CXR_POSTCODE_MAX  16

cxr_rc_t cxr_fold_email(cxr_str_t in, char *out, size_t *len);
cxr_rc_t cxr_fold_postcode(cxr_str_t in, char *out, size_t *len);

/*
 * Takes the next word off a name, in the form that it is looked up by: letters
 * and digits alone, small, without their marks, every i as i, so that "AYSE",
 * "ayşe" and "Ayşe" are one, whatever keyboard they come from; what is no
 * letter or digit ends a word.  Returns its bytes, 0 at the end.  Of a longer
 * word the beginning counts.
 */
#define CXR_WORD_MAX      64

size_t cxr_fold_word(cxr_str_t *in, char out[CXR_WORD_MAX]);

/*
 * A telephone number for looking up: its last eight digits, which are the same
 * with a country's code, a zero, or neither before them (seven where it has no
 * more).  CXR_INVALID: fewer, or anything but digits, blanks and + ( ) - . /
 */
#define CXR_PHONE_DIGITS  8

cxr_rc_t cxr_fold_phone(cxr_str_t in, char out[CXR_PHONE_DIGITS],
    size_t *len);

/* [a-z0-9][a-z0-9_-]{0,max-1}: names of shops, carriers, reasons, methods */
bool cxr_is_slug(cxr_str_t s, size_t max);

/* Decimal digits only, no sign or blank; false on overflow past "max". */
bool cxr_parse_uint(cxr_str_t s, uint64_t max, uint64_t *v);

/*
 * base64url without padding (RFC 4648 section 5).  Encoding writes and returns
 * (n * 4 + 2) / 3 characters.  Decoding is strict: CXR_INVALID for padding, a
 * blank or a stray bit; CXR_LIMIT when "size" does not hold the result.
 */
size_t cxr_b64url_encode(const void *in, size_t n, char *out);
cxr_rc_t cxr_b64url_decode(cxr_str_t in, void *out, size_t size, size_t *n);

#endif /* _CXR_TEXT_H_INCLUDED_ */


/*
 * Languages: a catalogue of texts for each (<lang>.po), and how dates, money
 * and numbers are written in them.
 *
 * All that ICU knows of a language is taken from it once, when the catalogue
 * is loaded; formatting is then ours, because opening an ICU formatter costs
 * more than a whole page.  A loaded catalogue is immutable: any number of
 * threads may use it at once.
 */

#ifndef _CXR_I18N_H_INCLUDED_
#define _CXR_I18N_H_INCLUDED_

#include "cxr_base.h"
#include "cxr_buf.h"
#include "cxr_money.h"
#include "cxr_time.h"

#define CXR_PO_FILE_MAX      (1024 * 1024)  /* bytes of one .po               */
#define CXR_PO_KEYS_MAX      8192           /* texts of one language          */
#define CXR_PO_KEY_MAX       128            /* bytes of a key                 */
#define CXR_PO_TEXT_MAX      8192           /* bytes of one text              */
#define CXR_CATALOG_LANGS    64             /* languages of a catalogue       */
#define CXR_MESSAGE_DEPTH    4              /* a plural in a plural's form    */
#define CXR_ACCEPT_MAX       1024           /* bytes of Accept-Language read  */

typedef struct cxr_catalog_s  cxr_catalog_t;
typedef struct cxr_lang_s     cxr_lang_t;


/*
 * Reads every <lang>.po of a directory; the file's name is the language, as a
 * BCP 47 tag ("tr", "en", "pt-BR").  The files are keyed: msgid is a key
 * ([a-z0-9_.]+), msgstr the text.  A text may hold {name} and
 * {name, plural, =0{..} one{..} other{..}}, where # is the number; ' quotes as
 * in ICU's MessageFormat ('{' is a brace, '' an apostrophe, any other '
 * itself).
 *
 * A duplicate key, a placeholder that one language has and another lacks, and
 * a plural without the forms that the language needs are errors (CXR_INVALID)
 * with file and line in "d".  CXR_LIMIT: past one of the limits above.
 * CXR_NOTFOUND: no directory, or no .po in it.
 *
 * A text that a language lacks (no such key, no msgstr, or fuzzy) is borrowed
 * from English, else from the first language that has it: a translation that
 * is older than the pages must not keep them from being served.
 */
cxr_rc_t cxr_catalog_load(const char *dir, cxr_catalog_t **cat, cxr_diag_t *d);
void cxr_catalog_free(cxr_catalog_t *cat);        /* NULL is fine             */

/* Tells what was borrowed: each text, or in one sentence for each language. */
typedef void (*cxr_catalog_tell_pt)(void *ctx, const cxr_diag_t *d);
void cxr_catalog_borrowed(const cxr_catalog_t *cat, bool each,
    cxr_catalog_tell_pt tell, void *ctx);

/* In order of their code; NULL past the end. */
size_t cxr_catalog_nlangs(const cxr_catalog_t *cat);
const cxr_lang_t *cxr_catalog_at(const cxr_catalog_t *cat, size_t i);

/* By code, ASCII case ignored; NULL when there is none. */
const cxr_lang_t *cxr_catalog_lang(const cxr_catalog_t *cat, cxr_str_t code);

/*
 * Which of "n" languages (at least one) an Accept-Language value asks for
 * (RFC 9110 12.5.4; the first CXR_ACCEPT_MAX bytes).  A range matches a
 * language that it equals or begins ("en" -> "en-GB"), else a shorter one of
 * its own prefixes is tried ("tr-TR" -> "tr", RFC 4647 look-up); higher q
 * first, then the earlier; what is malformed is passed over.  The first
 * language when nothing matches or "*" comes first.
 */
const cxr_lang_t *cxr_lang_negotiate(const cxr_lang_t *const *langs, size_t n,
    cxr_str_t accept_language);


cxr_str_t cxr_lang_code(const cxr_lang_t *lang);       /* "tr"                */
cxr_str_t cxr_lang_name(const cxr_lang_t *lang);       /* "Türkçe"            */
const char *cxr_lang_dir(const cxr_lang_t *lang);      /* "ltr" or "rtl"      */

/*
 * The text of a key; data is NULL when there is none.  Of a text with
 * placeholders: as it is written in the .po.
 */
cxr_str_t cxr_lang_text(const cxr_lang_t *lang, cxr_str_t key);

typedef struct {
    const char  *name;
    cxr_str_t    str;
    int64_t      num;
    bool         is_num;       /* num counts, str does not                    */
} cxr_arg_t;

#define cxr_arg_str(n, s)  ((cxr_arg_t) { .name = (n), .str = (s) })
#define cxr_arg_int(n, v)                                                     \
    ((cxr_arg_t) { .name = (n), .num = (v), .is_num = 1 })

/*
 * Appends the text as plain text, placeholders filled in; numbers are written
 * as the language writes them, and where it runs from right to left, a value
 * stands in a direction of its own (U+2068 ... U+2069).  CXR_NOTFOUND: no such key (nothing appended).
 * CXR_INVALID: an argument is missing, or a plural's is no number (appends
 * "{name}" in its place, so that a page still says something).
 * CXR_NOMEM: the buffer failed.
 */
cxr_rc_t cxr_lang_format(const cxr_lang_t *lang, cxr_str_t key,
    const cxr_arg_t *args, size_t n, cxr_buf_t *out);


typedef enum {
    CXR_DATE_SHORT_DAY,      /* 22 Kas             22 Nov                     */
    CXR_DATE_DAY,            /* 22 Kasım 2026      22 November 2026           */
    CXR_DATE_WEEKDAY_DAY,    /* 22 Kasım Pazar     Sunday, 22 November        */
    CXR_DATE_TIME,           /* 01:26              01:26                      */
    CXR_DATE_DAY_TIME,       /* the DAY and the TIME                         */
    CXR_DATE_STYLES
} cxr_date_style_t;

/*
 * "en" without a region follows Great Britain's conventions; other languages
 * those of their most likely region.  "offset": seconds east of UTC, from
 * cxr_tz_offset().  Appends nothing for CXR_TIME_NONE.
 */
void cxr_i18n_date(const cxr_lang_t *lang, cxr_time_t at, int32_t offset,
    cxr_date_style_t style, cxr_buf_t *out);

/*
 * Minor units with the currency's own number of digits: "₺1.299,90",
 * "-€1,299.90".  A code that cxr_currency_exponent() does not know: the amount
 * with two digits, then the code.
 */
void cxr_i18n_money(const cxr_lang_t *lang, cxr_str_t currency,
    cxr_money_t amount, cxr_buf_t *out);

/* "1.234.567" */
void cxr_i18n_number(const cxr_lang_t *lang, int64_t v, cxr_buf_t *out);

/* Bytes as megabytes of 2^20, to a tenth and never more than they are: "8",
   "1,5". */
void cxr_i18n_megabytes(const cxr_lang_t *lang, uint64_t bytes,
    cxr_buf_t *out);

/* In the language's casing: "i" is "İ" in Turkish.  CXR_INVALID: not UTF-8. */
cxr_rc_t cxr_i18n_upper(const cxr_lang_t *lang, cxr_str_t s, cxr_buf_t *out);


#endif /* _CXR_I18N_H_INCLUDED_ */

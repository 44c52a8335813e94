
/*
 * What a language holds once it is loaded, for the files of this room that
 * format with it.  Everything is in the catalogue's arena and never changes.
 */

#ifndef _CXR_LANG_H_INCLUDED_
#define _CXR_LANG_H_INCLUDED_

#include "cxr_i18n.h"
#include "cxr_message.h"

#define CXR_PLURAL_TABLE   1024     /* numbers whose category is looked up   */
/*
 * Around a value within a text that runs from right to left; and before one
 * that begins such a text, which would pass for its direction.
 */
#define CXR_LANG_ISOLATE   "\xe2\x81\xa8"     /* U+2068                       */
#define CXR_LANG_ISOLATED  "\xe2\x81\xa9"     /* U+2069                       */
#define CXR_LANG_RTL_MARK  "\xe2\x80\x8f"     /* U+200F                       */

#define CXR_DATE_PARTS     24       /* fields and literals of a date pattern */

typedef struct {
    cxr_str_t      key;
    cxr_str_t      text;
    cxr_message_t  msg;
    unsigned       line;             /* 0: of a borrowed one                  */
    const cxr_lang_t *lender;        /* whose text it is; NULL: our own       */
} cxr_lang_text_t;

/* How a kind of number is written; affixes hold sign and currency. */
typedef struct {
    cxr_str_t   prefix[2];       /* of a number >= 0, < 0                    */
    cxr_str_t   suffix[2];
    cxr_str_t   group;
    cxr_str_t   decimal;
    uint8_t     primary;         /* digits of the last group; 0: no groups   */
    uint8_t     secondary;       /* of the others                            */
    uint8_t     group_min;       /* digits before the first group's mark     */
    uint8_t     exponent;        /* digits after the decimal mark            */
} cxr_number_format_t;

typedef struct {
    char                 code[4];
    cxr_number_format_t  format;
} cxr_currency_format_t;

typedef enum {
    CXR_DATE_PART_TEXT,
    CXR_DATE_PART_YEAR,
    CXR_DATE_PART_MONTH,         /* in digits                                */
    CXR_DATE_PART_MONTH_NAME,    /* .names                                   */
    CXR_DATE_PART_MDAY,
    CXR_DATE_PART_WDAY_NAME,
    CXR_DATE_PART_HOUR,          /* .base 0 or 1, .clock 12 or 24            */
    CXR_DATE_PART_MINUTE,
    CXR_DATE_PART_HALF           /* am, pm                                   */
} cxr_date_part_kind_t;

typedef struct {
    cxr_date_part_kind_t  kind;
    uint8_t               width;     /* least digits                          */
    uint8_t               base;
    uint8_t               clock;
    cxr_str_t             text;
    const cxr_str_t      *names;
} cxr_date_part_t;

typedef struct {
    cxr_date_part_t   parts[CXR_DATE_PARTS];
    unsigned          n;
} cxr_date_pattern_t;

struct cxr_lang_s {
    cxr_str_t                code;
    cxr_str_t                name;
    char                     locale[64];          /* ICU's                    */
    bool                     rtl;

    cxr_lang_text_t         *texts;
    uint32_t                 ntexts;
    uint32_t                *slots;               /* index + 1; 0: empty      */
    uint32_t                 mask;

    void                    *rules;               /* UPluralRules             */
    unsigned                 categories;          /* bit of each it knows     */
    uint8_t                  small[CXR_PLURAL_TABLE];

    cxr_str_t                digits[10];
    bool                     ascii_digits;  /* they are 0 to 9                */
    cxr_number_format_t      number;
    cxr_currency_format_t   *currencies;          /* by code                  */
    uint32_t                 ncurrencies;

    cxr_str_t                months[4][12];       /* CXR_NAMES_...            */
    cxr_str_t                weekdays[4][7];
    cxr_str_t                halves[2];
    cxr_date_pattern_t       dates[CXR_DATE_STYLES];
};

#define CXR_NAMES_WIDE          0
#define CXR_NAMES_SHORT         1
#define CXR_NAMES_ALONE_WIDE    2
#define CXR_NAMES_ALONE_SHORT   3

/* Fills in all that comes from ICU; "lang->code" is set. */
cxr_rc_t cxr_lang_load(cxr_lang_t *lang, cxr_arena_t *a, cxr_diag_t *d);
/* Plural rules are the only thing of ICU's that stays open. */
void cxr_lang_unload(cxr_lang_t *lang);

const cxr_lang_text_t *cxr_lang_find(const cxr_lang_t *lang, cxr_str_t key);
cxr_plural_t cxr_lang_plural(const cxr_lang_t *lang, int64_t n);

/*
 * A plural of the text that has some of the language's forms and not all: the
 * form that is missing and a number that wants it.  One with "other" alone is
 * of a language or a sentence that does not change with the number.
 */
bool cxr_lang_plural_gap(const cxr_lang_t *lang, const cxr_message_t *msg,
    cxr_plural_t *form, int64_t *n);

#endif /* _CXR_LANG_H_INCLUDED_ */

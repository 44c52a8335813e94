
/* Dates, money, numbers and texts written from a language's tables. */

#include <stdlib.h>

#include <unicode/ustring.h>

#include "cxr_lang.h"
#include "cxr_record.h"
#include "cxr_text.h"


#define I18N_DIGITS   24       /* of an int64, and then some                  */


/*
 * "s" holds n ASCII digits, the last f->exponent of them after the decimal
 * mark; n > f->exponent.
 */
static void
i18n_digits(const cxr_lang_t *lang, const cxr_number_format_t *f,
    const char *s, size_t n, bool negative, cxr_buf_t *out)
{
    size_t  i, whole, left;
    bool    grouped;

    whole = n - f->exponent;
    grouped = f->primary != 0
              && whole >= (size_t) f->primary + f->group_min;

    cxr_buf_adds(out, f->prefix[negative]);

    for (i = 0; i < n; i++) {
        if (i == whole) {
            cxr_buf_adds(out, f->decimal);

        } else if (grouped && i != 0 && i < whole) {
            left = whole - i;

            if (left == f->primary
                || (left > f->primary
                    && (left - f->primary) % f->secondary == 0))
            {
                cxr_buf_adds(out, f->group);
            }
        }

        cxr_buf_adds(out, lang->digits[s[i] - '0']);
    }

    cxr_buf_adds(out, f->suffix[negative]);
}


static void
i18n_value(const cxr_lang_t *lang, const cxr_number_format_t *f, int64_t v,
    cxr_buf_t *out)
{
    char       s[I18N_DIGITS];
    size_t     at = sizeof(s);
    uint64_t   u;

    u = v < 0 ? -(uint64_t) v : (uint64_t) v;

    do {
        s[--at] = (char) ('0' + u % 10);
        u /= 10;
    } while (u != 0);

    while (sizeof(s) - at <= f->exponent) {
        s[--at] = '0';
    }

    i18n_digits(lang, f, s + at, sizeof(s) - at, v < 0, out);
}


void
cxr_i18n_number(const cxr_lang_t *lang, int64_t v, cxr_buf_t *out)
{
    i18n_value(lang, &lang->number, v, out);
}


static int
i18n_by_code(const void *key, const void *item)
{
    return memcmp(key, ((const cxr_currency_format_t *) item)->code, 3);
}


/* A plain number with so many digits after the mark that the language's money
   has. */

static cxr_number_format_t
i18n_fraction(const cxr_lang_t *lang, uint8_t digits)
{
    cxr_number_format_t  f = lang->number;

    f.exponent = digits;
    f.decimal = lang->ncurrencies != 0 && lang->currencies[0].format.exponent
                ? lang->currencies[0].format.decimal : cxr_str(".");

    return f;
}


void
cxr_i18n_money(const cxr_lang_t *lang, cxr_str_t currency, cxr_money_t amount,
    cxr_buf_t *out)
{
    cxr_number_format_t           f;
    const cxr_currency_format_t  *c = NULL;

    if (currency.len == 3 && lang->ncurrencies != 0) {
        c = bsearch(currency.data, lang->currencies, lang->ncurrencies,
                    sizeof(cxr_currency_format_t), i18n_by_code);
    }

    if (c != NULL) {
        i18n_value(lang, &c->format, amount, out);
        return;
    }

    f = i18n_fraction(lang, 2);
    i18n_value(lang, &f, amount, out);
    cxr_buf_addz(out, "\xc2\xa0");
    cxr_buf_adds(out, currency);
}


void
cxr_i18n_megabytes(const cxr_lang_t *lang, uint64_t bytes, cxr_buf_t *out)
{
    uint64_t             tenths = bytes / 1048576 * 10
                                  + bytes % 1048576 * 10 / 1048576;
    cxr_number_format_t  f = i18n_fraction(lang, tenths % 10 != 0);

    i18n_value(lang, &f, (int64_t) (tenths % 10 != 0 ? tenths : tenths / 10),
               out);
}


static void
i18n_padded(const cxr_lang_t *lang, unsigned v, unsigned width, cxr_buf_t *out)
{
    char    s[I18N_DIGITS];
    size_t  at = sizeof(s);

    /* nearly every day, hour and minute that is written */

    if (v < 100 && width <= 2 && lang->ascii_digits) {
        if (v >= 10 || width == 2) {
            cxr_buf_addc(out, (char) ('0' + v / 10));
        }

        cxr_buf_addc(out, (char) ('0' + v % 10));
        return;
    }

    do {
        s[--at] = (char) ('0' + v % 10);
        v /= 10;
    } while (v != 0);

    while (sizeof(s) - at < width && at > 0) {
        s[--at] = '0';
    }

    for ( /* void */ ; at < sizeof(s); at++) {
        cxr_buf_adds(out, lang->digits[s[at] - '0']);
    }
}


void
cxr_i18n_date(const cxr_lang_t *lang, cxr_time_t at, int32_t offset,
    cxr_date_style_t style, cxr_buf_t *out)
{
    unsigned                   i, hour;
    cxr_civil_t                c;
    const cxr_date_part_t     *part;
    const cxr_date_pattern_t  *p;

    if (at == CXR_TIME_NONE || style >= CXR_DATE_STYLES) {
        return;
    }

    cxr_civil(at, offset, &c);
    p = &lang->dates[style];

    for (i = 0; i < p->n; i++) {
        part = &p->parts[i];

        switch (part->kind) {

        case CXR_DATE_PART_TEXT:
            if (part->text.len == 1) {
                cxr_buf_addc(out, part->text.data[0]);

            } else {
                cxr_buf_adds(out, part->text);
            }

            break;

        case CXR_DATE_PART_YEAR:
            i18n_padded(lang, (unsigned) c.year, part->width, out);
            break;

        case CXR_DATE_PART_MONTH:
            i18n_padded(lang, c.month, part->width, out);
            break;

        case CXR_DATE_PART_MONTH_NAME:
            cxr_buf_adds(out, part->names[c.month - 1]);
            break;

        case CXR_DATE_PART_MDAY:
            i18n_padded(lang, c.day, part->width, out);
            break;

        case CXR_DATE_PART_WDAY_NAME:
            cxr_buf_adds(out, part->names[c.weekday]);
            break;

        case CXR_DATE_PART_HOUR:
            hour = c.hour % part->clock;
            if (part->base == 1 && hour == 0) {
                hour = part->clock;
            }

            i18n_padded(lang, hour, part->width, out);
            break;

        case CXR_DATE_PART_MINUTE:
            i18n_padded(lang, c.minute, part->width, out);
            break;

        case CXR_DATE_PART_HALF:
            cxr_buf_adds(out, lang->halves[c.hour >= 12]);
            break;
        }
    }
}


cxr_rc_t
cxr_i18n_upper(const cxr_lang_t *lang, cxr_str_t s, cxr_buf_t *out)
{
    char        *bytes;
    UChar       *from, *to;
    int32_t      n, m, len;
    cxr_rc_t     rc = CXR_NOMEM;
    UErrorCode   err = U_ZERO_ERROR;

    if (!cxr_utf8_valid(s)) {
        return CXR_INVALID;
    }

    if (s.len == 0) {
        return cxr_buf_ok(out) ? CXR_OK : CXR_NOMEM;
    }

    if (s.len > CXR_RECORD_MAX) {
        return CXR_NOMEM;
    }

    /* a letter may become three (Greek), of at most three bytes each */

    n = (int32_t) s.len;
    m = n * 3;

    from = malloc(sizeof(UChar) * (size_t) n);
    to = malloc(sizeof(UChar) * (size_t) m);
    bytes = malloc((size_t) m * 3);

    if (from != NULL && to != NULL && bytes != NULL) {
        u_strFromUTF8(from, n, &len, s.data, (int32_t) s.len, &err);
        len = u_strToUpper(to, m, from, len, lang->locale, &err);
        u_strToUTF8(bytes, m * 3, &len, to, len, &err);

        if (U_SUCCESS(err)) {
            cxr_buf_add(out, bytes, (size_t) len);
            rc = cxr_buf_ok(out) ? CXR_OK : CXR_NOMEM;
        }
    }

    free(from);
    free(to);
    free(bytes);

    return rc;
}


static const cxr_arg_t *
i18n_arg(const cxr_arg_t *args, size_t n, cxr_str_t name)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if (cxr_str_is(name, args[i].name)) {
            return &args[i];
        }
    }

    return NULL;
}


static bool
i18n_message(const cxr_lang_t *lang, const cxr_message_t *msg,
    const cxr_arg_t *args, size_t n, cxr_buf_t *out)
{
    bool                   ok = true;
    uint32_t               i;
    const cxr_arg_t       *arg;
    const cxr_msg_part_t  *part;

    for (i = 0; i < msg->n; i++) {
        part = &msg->items[i];

        if (part->kind == CXR_MSG_TEXT) {
            cxr_buf_adds(out, part->text);
            continue;
        }

        arg = i18n_arg(args, n, part->text);

        if (arg == NULL || (part->kind != CXR_MSG_ARG && !arg->is_num)) {
            cxr_buf_addc(out, '{');
            cxr_buf_adds(out, part->text);
            cxr_buf_addc(out, '}');
            ok = false;
            continue;
        }

        if (part->kind == CXR_MSG_PLURAL) {
            ok &= i18n_message(lang,
                       &cxr_message_case(part, arg->num,
                                cxr_lang_plural(lang, arg->num))->body,
                       args, n, out);

        } else if (arg->is_num) {
            cxr_i18n_number(lang, arg->num, out);

        } else if (lang->rtl) {
            cxr_buf_adds(out, cxr_str(CXR_LANG_ISOLATE));
            cxr_buf_adds(out, arg->str);
            cxr_buf_adds(out, cxr_str(CXR_LANG_ISOLATED));

        } else {
            cxr_buf_adds(out, arg->str);
        }
    }

    return ok;
}


cxr_rc_t
cxr_lang_format(const cxr_lang_t *lang, cxr_str_t key, const cxr_arg_t *args,
    size_t n, cxr_buf_t *out)
{
    bool                    ok;
    const cxr_lang_text_t  *t;

    t = cxr_lang_find(lang, key);
    if (t == NULL) {
        return CXR_NOTFOUND;
    }

    if (lang->rtl && t->msg.n != 0 && t->msg.items[0].kind == CXR_MSG_ARG) {
        cxr_buf_adds(out, cxr_str(CXR_LANG_RTL_MARK));
    }

    ok = i18n_message(lang, &t->msg, args, n, out);

    if (!cxr_buf_ok(out)) {
        return CXR_NOMEM;
    }

    return ok ? CXR_OK : CXR_INVALID;
}

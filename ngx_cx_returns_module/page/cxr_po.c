
/* The .po parser: one line at a time, one entry in hand. */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_buf.h"
#include "cxr_i18n.h"
#include "cxr_po.h"
#include "cxr_text.h"


typedef enum {
    PO_NOTHING,      /* before an entry, or an entry is complete              */
    PO_ID,           /* msgid was read, its strings go on                     */
    PO_STR           /* msgstr was read, its strings go on                    */
} po_place_t;


typedef struct {
    const char      *file;
    cxr_arena_t     *arena;
    cxr_po_t        *po;
    cxr_diag_t      *diag;
    unsigned         line;
    po_place_t       place;
    bool             fuzzy;        /* the next entry, or the one in hand      */
    bool             next_fuzzy;
    cxr_po_entry_t   entry;        /* in hand                                 */
    cxr_buf_t        text;         /* of the string in hand                   */
} po_parser_t;


static cxr_rc_t po_fail(po_parser_t *p, cxr_rc_t rc, unsigned line,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));


static cxr_rc_t
po_fail(po_parser_t *p, cxr_rc_t rc, unsigned line, const char *fmt, ...)
{
    char     text[320];
    va_list  args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    rc = cxr_diag(p->diag, rc, NULL, "%s", text);
    cxr_diag_place(p->diag, p->file, line, 0);

    return rc;
}


static bool
po_key_valid(cxr_str_t key)
{
    size_t  i;
    char    c;

    for (i = 0; i < key.len; i++) {
        c = key.data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'
              || c == '.'))
        {
            return false;
        }
    }

    return key.len != 0 && key.data[0] != '.' && key.data[key.len - 1] != '.';
}


/* A header that says another charset would be read wrongly as UTF-8. */
static cxr_rc_t
po_header(po_parser_t *p, cxr_str_t text)
{
    const char  *c;

    if (text.len == 0) {
        return CXR_OK;
    }

    c = memmem(text.data, text.len, "charset=", 8);
    if (c == NULL) {
        return CXR_OK;
    }

    c += 8;

    if ((size_t) (text.data + text.len - c) >= 5
        && strncasecmp(c, "UTF-8", 5) == 0)
    {
        return CXR_OK;
    }

    return po_fail(p, CXR_INVALID, p->entry.line,
                   "the header says a charset that is not UTF-8");
}


static cxr_rc_t
po_finish_entry(po_parser_t *p)
{
    cxr_str_t        text;
    cxr_po_entry_t  *e;

    if (p->place == PO_NOTHING) {
        return CXR_OK;
    }

    if (p->place == PO_ID) {
        return po_fail(p, CXR_INVALID, p->entry.line,
                       "the msgid \"%.*s\" has no msgstr",
                       cxr_str_arg(p->entry.key));
    }

    p->place = PO_NOTHING;
    text = cxr_buf_str(&p->text);

    if (p->entry.key.len == 0) {
        return po_header(p, text);
    }

    if (p->fuzzy) {
        return CXR_OK;
    }

    if (!po_key_valid(p->entry.key) || p->entry.key.len > CXR_PO_KEY_MAX) {
        return po_fail(p, CXR_INVALID, p->entry.line,
                       "the key \"%.*s\" is not of small letters, digits, '_' "
                       "and '.', or too long", cxr_str_arg(p->entry.key));
    }

    /* as msginit and Poedit leave what nobody has translated yet */

    if (text.len == 0) {
        return CXR_OK;
    }

    if (p->po->n == CXR_PO_KEYS_MAX) {
        return po_fail(p, CXR_LIMIT, p->entry.line,
                       "there are too many keys at \"%.*s\"",
                       cxr_str_arg(p->entry.key));
    }

    e = cxr_list_push(p->arena, p->po, sizeof(cxr_po_entry_t));
    if (e == NULL || cxr_str_dup(p->arena, text, &p->entry.text) != CXR_OK) {
        return po_fail(p, CXR_NOMEM, p->line, "out of memory");
    }

    *e = p->entry;

    return CXR_OK;
}


/* A quoted string at the end of a line, appended to the one in hand. */
static cxr_rc_t
po_string(po_parser_t *p, cxr_str_t s)
{
    char             c;
    size_t           i;
    cxr_po_piece_t  *piece;

    s = cxr_str_trim(s);

    if (s.len < 2 || s.data[0] != '"') {
        return po_fail(p, CXR_INVALID, p->line,
                       "a string in double quotes is expected");
    }

    if (p->place == PO_STR) {
        piece = cxr_list_push(p->arena, &p->entry.pieces,
                              sizeof(cxr_po_piece_t));
        if (piece == NULL) {
            return po_fail(p, CXR_NOMEM, p->line, "out of memory");
        }

        piece->at = (uint32_t) p->text.len;
        piece->line = p->line;
    }

    for (i = 1; i < s.len; i++) {
        c = s.data[i];

        if (c == '"') {
            break;
        }

        if (c == '\\') {
            if (++i == s.len) {
                break;
            }

            switch (s.data[i]) {
            case 'n':
                c = '\n';
                break;
            case 't':
                c = '\t';
                break;
            case '"':
            case '\\':
                c = s.data[i];
                break;
            default:
                return po_fail(p, CXR_INVALID, p->line,
                               "a backslash may stand only before n, t, \" "
                               "and another backslash");
            }
        }

        cxr_buf_addc(&p->text, c);
    }

    if (i != s.len - 1) {
        return po_fail(p, CXR_INVALID, p->line,
                       i >= s.len ? "the string has no closing quote"
                                  : "there is text after the closing quote");
    }

    if (!cxr_buf_ok(&p->text)) {
        return po_fail(p, CXR_LIMIT, p->line,
                       "the text of \"%.*s\" is too long",
                       cxr_str_arg(p->entry.key));
    }

    return CXR_OK;
}


/* The key is complete as soon as its msgstr begins. */
static cxr_rc_t
po_finish_id(po_parser_t *p)
{
    cxr_rc_t  rc;

    if (p->place != PO_ID) {
        return po_fail(p, CXR_INVALID, p->line,
                       "a msgstr without a msgid before it");
    }

    rc = cxr_str_dup(p->arena, cxr_buf_str(&p->text), &p->entry.key);
    if (rc != CXR_OK) {
        return po_fail(p, rc, p->line, "out of memory");
    }

    cxr_buf_reset(&p->text);
    p->place = PO_STR;

    return CXR_OK;
}


static bool
po_takes(cxr_str_t *s, const char *word)
{
    size_t  n = strlen(word);

    if (s->len < n || memcmp(s->data, word, n) != 0) {
        return false;
    }

    s->data += n;
    s->len -= n;

    return true;
}


static cxr_rc_t
po_line(po_parser_t *p, cxr_str_t s)
{
    cxr_rc_t  rc;

    s = cxr_str_trim(s);

    if (s.len == 0) {
        return CXR_OK;
    }

    if (s.data[0] == '#') {
        /* "#~" is an entry no longer used, whole lines of it */

        if (s.len > 1 && s.data[1] == ',') {
            rc = po_finish_entry(p);
            if (rc != CXR_OK) {
                return rc;
            }

            if (memmem(s.data, s.len, "fuzzy", 5) != NULL) {
                p->next_fuzzy = true;
            }
        }

        return CXR_OK;
    }

    if (s.data[0] == '"') {
        if (p->place == PO_NOTHING) {
            return po_fail(p, CXR_INVALID, p->line,
                           "a string without a msgid before it");
        }

        return po_string(p, s);
    }

    if (po_takes(&s, "msgid_plural") || po_takes(&s, "msgstr[")) {
        return po_fail(p, CXR_INVALID, p->line,
                       "gettext's plural forms are not used here: write "
                       "{n, plural, one{...} other{...}} in the msgstr");
    }

    if (po_takes(&s, "msgctxt")) {
        return po_fail(p, CXR_INVALID, p->line,
                       "msgctxt is not used here: keys are unique");
    }

    if (po_takes(&s, "msgid")) {
        rc = po_finish_entry(p);
        if (rc != CXR_OK) {
            return rc;
        }

        memset(&p->entry, 0, sizeof(cxr_po_entry_t));
        cxr_buf_reset(&p->text);
        p->entry.line = p->line;
        p->place = PO_ID;
        p->fuzzy = p->next_fuzzy;
        p->next_fuzzy = false;

        return po_string(p, s);
    }

    if (po_takes(&s, "msgstr")) {
        rc = po_finish_id(p);
        if (rc != CXR_OK) {
            return rc;
        }

        return po_string(p, s);
    }

    return po_fail(p, CXR_INVALID, p->line,
                   "msgid, msgstr, a string or a comment is expected");
}


static int
po_by_key(const void *one, const void *two)
{
    const cxr_po_entry_t  *a = one;
    const cxr_po_entry_t  *b = two;
    int                    c;

    c = cxr_str_cmp(a->key, b->key);

    return c ? c : (a->line > b->line) - (a->line < b->line);
}


static cxr_rc_t
po_duplicates(po_parser_t *p)
{
    uint32_t               i;
    const cxr_po_entry_t  *e = p->po->items;

    for (i = 1; i < p->po->n; i++) {
        if (cxr_str_eq(e[i - 1].key, e[i].key)) {
            cxr_diag(p->diag, CXR_INVALID, NULL,
                     "the key \"%.*s\" is here twice, first on line %u",
                     cxr_str_arg(e[i].key), e[i - 1].line);
            cxr_diag_place(p->diag, p->file, e[i].line, 0);

            return CXR_INVALID;
        }
    }

    return CXR_OK;
}


cxr_rc_t
cxr_po_parse(cxr_str_t src, const char *file, cxr_arena_t *a, cxr_po_t *po,
    cxr_diag_t *d)
{
    size_t        i, n;
    cxr_rc_t      rc = CXR_OK;
    cxr_str_t     line;
    po_parser_t   p;
    const char   *nl;

    memset(&p, 0, sizeof(po_parser_t));
    memset(po, 0, sizeof(cxr_po_t));

    p.file = file;
    p.arena = a;
    p.po = po;
    p.diag = d;

    if (src.len > CXR_PO_FILE_MAX) {
        return po_fail(&p, CXR_LIMIT, 0, "the file is too large");
    }

    if (src.len >= 3 && memcmp(src.data, "\xef\xbb\xbf", 3) == 0) {
        src.data += 3;
        src.len -= 3;
    }

    cxr_buf_init(&p.text, CXR_PO_TEXT_MAX);

    while (src.len != 0 && rc == CXR_OK) {
        p.line++;

        nl = memchr(src.data, '\n', src.len);
        n = nl ? (size_t) (nl - src.data) : src.len;
        line = cxr_strn(src.data, n);
        src.data += n + (nl != NULL);
        src.len -= n + (nl != NULL);

        if (!cxr_utf8_valid(line)) {
            rc = po_fail(&p, CXR_INVALID, p.line, "the line is not UTF-8");
            break;
        }

        for (i = 0; i < n; i++) {
            if ((uint8_t) line.data[i] < 0x20 && line.data[i] != '\t'
                && !(line.data[i] == '\r' && i == n - 1))
            {
                rc = po_fail(&p, CXR_INVALID, p.line,
                             "there is a control character on the line");
                break;
            }
        }

        if (rc == CXR_OK) {
            rc = po_line(&p, line);
        }
    }

    if (rc == CXR_OK) {
        rc = po_finish_entry(&p);
    }

    cxr_buf_free(&p.text);

    if (rc != CXR_OK) {
        return rc;
    }

    if (po->n != 0) {
        qsort(po->items, po->n, sizeof(cxr_po_entry_t), po_by_key);
    }

    return po_duplicates(&p);
}


unsigned
cxr_po_line(const cxr_po_entry_t *e, size_t at)
{
    uint32_t  i;
    unsigned  line = e->line;

    for (i = 0; i < e->pieces.n && e->pieces.items[i].at <= at; i++) {
        line = e->pieces.items[i].line;
    }

    return line;
}

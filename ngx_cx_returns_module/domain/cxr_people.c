
/*
 * Lists of people: files, and what of a person an item may be.
 */

#include <stdlib.h>

#include "cxr_file.h"
#include "cxr_people.h"
#include "cxr_text.h"


_Static_assert(CXR_PEOPLE_ITEM_MAX > 256, "a folded e-mail address fits");

static const char  cxr_people_nomem[] = "there is no memory for it";


static cxr_str_t cxr_people_field(cxr_str_t line);
static bool cxr_people_digits(cxr_str_t s);
static cxr_rc_t cxr_people_add(cxr_people_t *people, cxr_arena_t *a,
    cxr_str_t item);
static void cxr_people_sort(cxr_people_t *people);
static int cxr_people_cmp(const void *one, const void *two);
static bool cxr_people_find(void *ctx, cxr_str_t item);
static bool cxr_people_address(const cxr_person_t *person,
    bool (*fn)(void *ctx, cxr_str_t item), void *ctx);


cxr_rc_t
cxr_people_parse(cxr_str_t text, cxr_arena_t *a, cxr_people_t *people,
    uint32_t *line, const char **what)
{
    char         item[CXR_PEOPLE_ITEM_MAX];
    size_t       len;
    cxr_str_t    row;
    const char  *end;

    memset(&people->items, 0, sizeof(people->items));
    *what = "";
    *line = 1;

    /* the mark that spreadsheets begin UTF-8 with */

    if (text.len >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0) {
        text.data += 3;
        text.len -= 3;
    }

    for ( /* void */ ; text.len != 0; (*line)++) {
        end = memchr(text.data, '\n', text.len);

        row = end != NULL ? cxr_strn(text.data, (size_t) (end - text.data))
                          : text;
        text = end != NULL
               ? cxr_strn(end + 1, text.len - row.len - 1) : CXR_STR_NONE;

        row = cxr_str_trim(row);

        if (row.len == 0 || row.data[0] == '#') {
            continue;
        }

        row = cxr_people_field(row);

        if (*line == 1 && cxr_str_is(row, "customer")) {
            continue;                            /* the heading */
        }

        *what = cxr_people_item(row, item, &len);

        if (*what != NULL) {
            return CXR_INVALID;
        }

        if (people->items.n == CXR_PEOPLE_MAX) {
            *what = "is one too many: a list has at most 100000";
            return CXR_LIMIT;
        }

        if (cxr_people_add(people, a, cxr_strn(item, len)) != CXR_OK) {
            *what = cxr_people_nomem;
            return CXR_NOMEM;
        }
    }

    cxr_people_sort(people);

    return CXR_OK;
}


/* The first field of a line of CSV; in quotation marks it may have commas. */

static cxr_str_t
cxr_people_field(cxr_str_t line)
{
    size_t  i;

    if (line.data[0] == '"') {
        for (i = 1; i < line.len && line.data[i] != '"'; i++) { /* void */ }

        return cxr_str_trim(cxr_strn(line.data + 1, i - 1));
    }

    for (i = 0; i < line.len; i++) {
        if (line.data[i] == ',' || line.data[i] == ';') {
            break;
        }
    }

    return cxr_str_trim(cxr_strn(line.data, i));
}


const char *
cxr_people_item(cxr_str_t field, char out[CXR_PEOPLE_ITEM_MAX], size_t *len)
{
    char      word[CXR_WORD_MAX];
    size_t    n;
    unsigned  words;

    if (!cxr_utf8_valid(field)) {
        return "must be UTF-8";
    }

    if (field.len != 0 && memchr(field.data, '@', field.len) != NULL) {
        out[0] = 'e';

        if (cxr_fold_email(field, out + 1, len) != CXR_OK) {
            return "has an @, but is no e-mail address";
        }

        (*len)++;
        return NULL;
    }

    if (cxr_people_digits(field)
        && cxr_fold_phone(field, out + 1, len) == CXR_OK)
    {
        out[0] = 'p';
        (*len)++;
        return NULL;
    }

    out[0] = 'a';
    *len = 1;

    for (words = 0; (n = cxr_fold_word(&field, word)) != 0; words++) {

        if (words == CXR_PEOPLE_WORDS_MAX) {
            return "must not have more than 8 words of an address";
        }

        if (words != 0) {
            out[(*len)++] = ' ';
        }

        memcpy(out + *len, word, n);
        *len += n;
    }

    return words != 0 ? NULL : "must begin with an e-mail address, a telephone "
                               "number or words of an address";
}


/* A postal code has fewer digits than a telephone number. */

static bool
cxr_people_digits(cxr_str_t s)
{
    size_t    i;
    unsigned  n;

    for (i = 0, n = 0; i < s.len; i++) {
        n += (s.data[i] >= '0' && s.data[i] <= '9');
    }

    return n >= 7;
}


static cxr_rc_t
cxr_people_add(cxr_people_t *people, cxr_arena_t *a, cxr_str_t item)
{
    cxr_str_t  *to;

    to = cxr_list_push(a, &people->items, sizeof(*to));

    return to != NULL ? cxr_str_dup(a, item, to) : CXR_NOMEM;
}


static void
cxr_people_sort(cxr_people_t *people)
{
    uint32_t    i, n;
    cxr_str_t  *items;

    items = people->items.items;

    if (people->items.n < 2) {
        return;
    }

    qsort(items, people->items.n, sizeof(cxr_str_t), cxr_people_cmp);

    for (i = 1, n = 1; i < people->items.n; i++) {
        if (!cxr_str_eq(items[i], items[n - 1])) {
            items[n++] = items[i];
        }
    }

    people->items.n = n;
}


static int
cxr_people_cmp(const void *one, const void *two)
{
    int               rc;
    const cxr_str_t  *a, *b;

    a = one;
    b = two;

    rc = memcmp(a->data, b->data, a->len < b->len ? a->len : b->len);

    return rc != 0 ? rc : (a->len > b->len) - (a->len < b->len);
}


static bool
cxr_people_find(void *ctx, cxr_str_t item)
{
    const cxr_people_t  *people = ctx;

    return people->items.n != 0
           && bsearch(&item, people->items.items, people->items.n,
                      sizeof(cxr_str_t), cxr_people_cmp) != NULL;
}


cxr_rc_t
cxr_people_load(const char *path, cxr_arena_t *a, cxr_people_t *people,
    cxr_diag_t *d)
{
    char        *text;
    size_t       len;
    cxr_rc_t     rc;
    uint32_t     line;
    const char  *what;

    rc = cxr_file_read(path, CXR_PEOPLE_FILE_MAX, &text, &len, d);

    if (rc != CXR_OK) {
        cxr_diag_place(d, path, 0, 0);
        return rc;
    }

    rc = cxr_people_parse(cxr_strn(text, len), a, people, &line, &what);

    free(text);

    if (rc != CXR_OK) {
        (void) cxr_diag(d, rc, "", "%s", what);
        cxr_diag_place(d, path, line, 0);
    }

    return rc;
}


bool
cxr_people_have(const cxr_people_t *people, const cxr_person_t *person)
{
    return people->items.n != 0
           && cxr_people_each(person, cxr_people_find, (void *) people);
}


bool
cxr_people_each(const cxr_person_t *person,
    bool (*fn)(void *ctx, cxr_str_t item), void *ctx)
{
    char    item[CXR_PEOPLE_ITEM_MAX];
    size_t  len;

    item[0] = 'e';

    if (cxr_fold_email(person->email, item + 1, &len) == CXR_OK
        && fn(ctx, cxr_strn(item, len + 1)))
    {
        return true;
    }

    item[0] = 'p';

    if (cxr_fold_phone(person->phone, item + 1, &len) == CXR_OK
        && fn(ctx, cxr_strn(item, len + 1)))
    {
        return true;
    }

    return cxr_people_address(person, fn, ctx);
}


/*
 * Street, postal code, city and region as one run of words, each few of which
 * may be an item: a lookup for each beginning and length.
 */

static bool
cxr_people_address(const cxr_person_t *person,
    bool (*fn)(void *ctx, cxr_str_t item), void *ctx)
{
    char       item[CXR_PEOPLE_ITEM_MAX], word[CXR_WORD_MAX];
    char       one[CXR_PEOPLE_ITEM_MAX];
    size_t     n, len, gone, at[CXR_PEOPLE_WORDS_MAX];
    unsigned   i, k, words;
    cxr_str_t  parts[4];

    parts[0] = person->address;
    parts[1] = person->postcode;
    parts[2] = person->city;
    parts[3] = person->region;

    /* the last words, where each begins in "item", and the blank after each */

    item[0] = 'a';
    len = 1;
    words = 0;

    for (i = 0; i < cxr_nelts(parts); i++) {
        while ((n = cxr_fold_word(&parts[i], word)) != 0) {

            if (words == CXR_PEOPLE_WORDS_MAX) {
                gone = at[1] - 1;
                len -= gone;
                memmove(item + 1, item + 1 + gone, len - 1);

                for (k = 1; k < words; k++) {
                    at[k - 1] = at[k] - gone;
                }

                words--;
            }

            at[words++] = len;
            memcpy(item + len, word, n);
            len += n;

            for (k = words; k-- > 0; ) {
                one[0] = 'a';
                memcpy(one + 1, item + at[k], len - at[k]);

                if (fn(ctx, cxr_strn(one, len - at[k] + 1))) {
                    return true;
                }
            }

            item[len++] = ' ';
        }
    }

    return false;
}

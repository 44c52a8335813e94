
/*
 * Reads an import of return codes.
 */

#include "cxr_json.h"
#include "cxr_rma_way.h"
#include "cxr_text.h"


/* what is said when nothing is wrong with the line */
static const char  cxr_codes_nomem[] = "there is no memory for it";


bool
cxr_is_code(cxr_str_t s)
{
    size_t  i;
    char    c;

    if (s.len == 0 || s.len > CXR_CODE_MAX) {
        return false;
    }

    for (i = 0; i < s.len; i++) {
        c = s.data[i];

        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z') || c == '.' || c == '_' || c == '-'))
        {
            return false;
        }
    }

    return true;
}


/* "code,expires", the second or both in quotation marks, as spreadsheets do */

static cxr_str_t
cxr_codes_field(cxr_str_t *line)
{
    cxr_str_t    field;
    const char  *end;

    end = line->len ? memchr(line->data, ',', line->len) : NULL;

    if (end == NULL && line->len) {
        end = memchr(line->data, ';', line->len);
    }

    field = end != NULL ? cxr_strn(line->data, (size_t) (end - line->data))
                        : *line;

    if (end != NULL) {
        *line = cxr_strn(end + 1, line->len - field.len - 1);

    } else {
        *line = CXR_STR_NONE;
    }

    field = cxr_str_trim(field);

    if (field.len >= 2 && field.data[0] == '"'
        && field.data[field.len - 1] == '"')
    {
        field.data++;
        field.len -= 2;
    }

    return field;
}


static const char *
cxr_codes_csv(cxr_str_t line, bool first, cxr_arena_t *a, cxr_code_in_t *code)
{
    cxr_str_t  name, when;

    name = cxr_codes_field(&line);
    when = cxr_codes_field(&line);

    code->code = CXR_STR_NONE;
    code->expires = CXR_TIME_NONE;

    if (first && cxr_str_is(name, "code")) {
        return NULL;                             /* the heading */
    }

    if (!cxr_is_code(name)) {
        return "a code is 1 to 40 letters, digits, dots, dashes";
    }

    if (when.len != 0 && cxr_time_parse(when, &code->expires) != CXR_OK) {
        return "expires must be a time like 2027-01-31T00:00:00Z";
    }

    return cxr_str_dup(a, name, &code->code) == CXR_OK ? NULL
                                                         : cxr_codes_nomem;
}


static const char *
cxr_codes_json(cxr_str_t line, cxr_arena_t *a, cxr_code_in_t *code)
{
    json_t             *json;
    cxr_jr_t            r;
    cxr_diag_t          d;
    cxr_json_faults_t   faults;

    memset(&d, 0, sizeof(d));
    memset(&faults, 0, sizeof(faults));

    code->code = CXR_STR_NONE;
    code->expires = CXR_TIME_NONE;

    if (cxr_json_parse(line, &json, &d) != CXR_OK) {
        return "a line must be one JSON object";
    }

    if (cxr_jr_begin(&r, json, "", a, &faults)) {
        (void) cxr_jr_line(&r, "code", CXR_CODE_MAX, CXR_JR_REQUIRED,
                           &code->code);
        (void) cxr_jr_time(&r, "expires", 0, &code->expires);
        (void) cxr_jr_end(&r);
    }

    json_decref(json);

    if (faults.total != 0) {
        return "a line must be like {\"code\":\"...\",\"expires\":"
               "\"2027-01-31T00:00:00Z\"}";
    }

    return cxr_is_code(code->code)
           ? NULL : "a code is 1 to 40 letters, digits, dots, dashes";
}


cxr_rc_t
cxr_codes_parse(cxr_str_t text, bool json, cxr_arena_t *a,
    cxr_codes_in_t *out, uint32_t *line, const char **what)
{
    cxr_str_t       row;
    const char     *end;
    cxr_code_in_t   code, *to;

    memset(out, 0, sizeof(*out));
    *what = "";

    /* the mark that spreadsheets begin UTF-8 with */

    if (text.len >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0) {
        text.data += 3;
        text.len -= 3;
    }

    for (*line = 1; text.len != 0; (*line)++) {
        end = memchr(text.data, '\n', text.len);

        row = end != NULL ? cxr_strn(text.data, (size_t) (end - text.data))
                          : text;
        text = end != NULL
               ? cxr_strn(end + 1, text.len - row.len - 1) : CXR_STR_NONE;

        row = cxr_str_trim(row);

        if (row.len == 0) {
            continue;
        }

        *what = json ? cxr_codes_json(row, a, &code)
                     : cxr_codes_csv(row, *line == 1, a, &code);

        if (*what != NULL) {
            return *what == cxr_codes_nomem ? CXR_NOMEM : CXR_INVALID;
        }

        if (code.code.len == 0) {
            continue;
        }

        if (out->n == CXR_CODES_IMPORT_MAX) {
            return CXR_LIMIT;
        }

        to = cxr_list_push(a, out, sizeof(*to));
        if (to == NULL) {
            return CXR_NOMEM;
        }

        *to = code;
    }

    return CXR_OK;
}

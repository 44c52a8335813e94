
/*
 * multipart/form-data.
 */

#include <strings.h>

#include "cxr_multipart.h"


static bool
part_blank(char c)
{
    return c == ' ' || c == '\t';
}


/* The value of a parameter: ;name=token or ;name="with \" escaped". */

static bool
part_param(cxr_str_t header, const char *name, cxr_arena_t *a, cxr_str_t *out)
{
    bool         found;
    char        *to;
    const char  *p = header.data, *end = header.data + header.len, *key;

    while (p < end && *p != ';') {
        p++;
    }

    while (p < end) {
        p++;                                    /* the ';' */

        while (p < end && part_blank(*p)) {
            p++;
        }

        key = p;

        while (p < end && *p != '=' && *p != ';') {
            p++;
        }

        if (p == end || *p == ';') {
            continue;
        }

        found = (size_t) (p - key) == strlen(name)
                && strncasecmp(key, name, strlen(name)) == 0;
        p++;

        to = a ? cxr_alloc(a, (size_t) (end - p) + 1) : NULL;
        if (a != NULL && to == NULL) {
            return false;
        }

        *out = a ? cxr_strn(to, 0) : cxr_strn(p, 0);

        if (p < end && *p == '"') {

            for (p++; p < end && *p != '"'; p++) {
                if (*p == '\\' && p + 1 < end
                    && (p[1] == '"' || p[1] == '\\'))
                {
                    p++;
                }

                if (a != NULL) {
                    to[out->len++] = *p;
                }
            }

            if (p == end) {
                return false;               /* no closing quote */
            }

            p++;

        } else {
            while (p < end && *p != ';' && !part_blank(*p)) {
                if (a != NULL) {
                    to[out->len] = *p;
                }

                out->len++;
                p++;
            }
        }

        if (found) {
            return true;
        }

        while (p < end && *p != ';') {
            p++;
        }
    }

    return false;
}


cxr_rc_t
cxr_multipart_boundary(cxr_str_t type, cxr_str_t *boundary)
{
    char         mem[CXR_MULTIPART_BOUNDARY_MAX * 4];
    size_t       i, n;
    const char  *p, *end;

    /* what browsers write: boundary=token, or in quotes without escapes */

    static const char  want[] = "multipart/form-data";
    static const char  key[] = "boundary=";

    if (type.len <= sizeof(want) - 1 || type.len >= sizeof(mem)
        || strncasecmp(type.data, want, sizeof(want) - 1) != 0)
    {
        return CXR_INVALID;
    }

    end = type.data + type.len;

    for (p = type.data + sizeof(want) - 1;
         p + sizeof(key) - 1 < end; p++)
    {
        if (strncasecmp(p, key, sizeof(key) - 1) == 0
            && (p[-1] == ';' || part_blank(p[-1])))
        {
            break;
        }
    }

    if (p + sizeof(key) - 1 >= end) {
        return CXR_INVALID;
    }

    p += sizeof(key) - 1;

    if (*p == '"') {
        p++;
        for (n = 0; p + n < end && p[n] != '"'; n++) { /* void */ }

        if (p + n == end) {
            return CXR_INVALID;
        }

    } else {
        for (n = 0; p + n < end && p[n] != ';' && !part_blank(p[n]); n++) {
            /* void */
        }
    }

    if (n == 0 || n > CXR_MULTIPART_BOUNDARY_MAX) {
        return CXR_INVALID;
    }

    for (i = 0; i < n; i++) {
        if ((uint8_t) p[i] < 0x20 || (uint8_t) p[i] > 0x7e) {
            return CXR_INVALID;
        }
    }

    *boundary = cxr_strn(p, n);

    return CXR_OK;
}


/* Name and kind from a part's headers, which end with an empty line. */

static cxr_rc_t
part_headers(cxr_str_t headers, cxr_arena_t *a, cxr_part_t *part)
{
    bool         told = false;
    cxr_str_t    line, skip;
    const char  *p = headers.data, *end = p + headers.len, *nl;

    static const char  disposition[] = "content-disposition:";

    while (p < end) {
        nl = memchr(p, '\n', (size_t) (end - p));
        nl = nl ? nl : end;
        line = cxr_strn(p, (size_t) (nl - p));

        if (line.len && line.data[line.len - 1] == '\r') {
            line.len--;
        }

        if (line.len > sizeof(disposition) - 1
            && strncasecmp(line.data, disposition, sizeof(disposition) - 1)
               == 0)
        {
            if (told || !part_param(line, "name", a, &part->name)) {
                return CXR_INVALID;
            }

            told = true;
            part->file = part_param(line, "filename", NULL, &skip)
                         || part_param(line, "filename*", NULL, &skip);
        }

        p = nl < end ? nl + 1 : end;
    }

    return told ? CXR_OK : CXR_INVALID;
}


/* The next "--boundary" at the beginning of a line; NULL: none. */

static const char *
part_border(const char *p, const char *begin, const char *end,
    cxr_str_t boundary)
{
    size_t  n = boundary.len + 2;

    while ((size_t) (end - p) >= n) {
        p = memchr(p, '-', (size_t) (end - p) - n + 1);

        if (p == NULL) {
            return NULL;
        }

        if (p[1] == '-' && memcmp(p + 2, boundary.data, boundary.len) == 0
            && (p == begin || (p - begin >= 2 && p[-1] == '\n'
                               && p[-2] == '\r')))
        {
            return p;
        }

        p++;
    }

    return NULL;
}


cxr_rc_t
cxr_multipart_parse(cxr_str_t body, cxr_str_t boundary, cxr_arena_t *a,
    cxr_parts_t *parts)
{
    size_t       i, left, max;
    cxr_rc_t     rc;
    cxr_part_t  *part;
    const char  *p, *next, *end, *head;

    memset(parts, 0, sizeof(*parts));

    if (body.len == 0 || boundary.len == 0) {
        return CXR_INVALID;
    }

    end = body.data + body.len;
    p = part_border(body.data, body.data, end, boundary);

    for ( ;; ) {

        if (p == NULL) {
            return CXR_INVALID;
        }

        p += 2 + boundary.len;
        left = (size_t) (end - p);

        if (left >= 2 && p[0] == '-' && p[1] == '-') {
            return CXR_OK;                      /* the last one */
        }

        if (left < 2 || p[0] != '\r' || p[1] != '\n') {
            return CXR_INVALID;
        }

        p += 2;
        left -= 2;
        max = left < CXR_MULTIPART_HEADER_MAX ? left
                                              : CXR_MULTIPART_HEADER_MAX;
        head = NULL;

        for (i = 0; i + 4 <= max; i++) {
            if (memcmp(p + i, "\r\n\r\n", 4) == 0) {
                head = p + i;
                break;
            }
        }

        if (head == NULL) {
            return left > CXR_MULTIPART_HEADER_MAX ? CXR_LIMIT : CXR_INVALID;
        }

        if (parts->n == CXR_MULTIPART_PARTS_MAX) {
            return CXR_LIMIT;
        }

        part = cxr_list_push(a, parts, sizeof(*part));
        if (part == NULL) {
            return CXR_NOMEM;
        }

        rc = part_headers(cxr_strn(p, (size_t) (head - p)), a, part);
        if (rc != CXR_OK) {
            return rc;
        }

        p = head + 4;
        next = part_border(p, body.data, end, boundary);

        if (next == NULL || next - p < 2) {
            /* an empty part's border follows its headers' last line end */

            if (next == NULL || next != p) {
                return CXR_INVALID;
            }
        }

        part->value = cxr_strn(p, next == p ? 0 : (size_t) (next - p) - 2);
        p = next;
    }
}


/*
 * A shop's SVG from any bytes: taken or refused with a reason, and what was
 * taken has nothing in it that the refusal is about, read in the plainest way.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cxr_svg.h"

#define FUZZ_CHECK(x)                                                         \
    do {                                                                      \
        if (!(x)) {                                                           \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);           \
            abort();                                                          \
        }                                                                     \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/* Comments and CDATA may hold anything that looks like a tag. */

static bool
fuzz_plain(cxr_str_t s)
{
    return memmem(s.data, s.len, "<!", 2) == NULL
           && memchr(s.data, '\0', s.len) == NULL
           && memmem(s.data, s.len, "encoding", 8) == NULL;
}


/* "<iframe", but not "<iframes": that is an element of nobody's. */

static bool
fuzz_has(cxr_str_t s, const char *what)
{
    size_t  i, n = strlen(what);

    for (i = 0; i + n < s.len; i++) {
        if (strncasecmp(s.data + i, what, n) == 0
            && strchr(" \t\r\n/>", s.data[i + n]) != NULL)
        {
            return true;
        }
    }

    return false;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cxr_rc_t    rc;
    cxr_str_t   svg;
    cxr_diag_t  d;

    memset(&d, 0, sizeof(d));
    svg = cxr_strn((const char *) data, size);

    rc = cxr_svg_check(svg, &d);

    FUZZ_CHECK(rc == CXR_OK || rc == CXR_INVALID);
    FUZZ_CHECK(rc == CXR_OK || d.text[0] != '\0');

    if (rc == CXR_OK && size > 4 && data[0] == '<' && data[1] == 's'
        && fuzz_plain(svg))
    {
        FUZZ_CHECK(!fuzz_has(svg, "<script"));
        FUZZ_CHECK(!fuzz_has(svg, "<foreignobject"));
        FUZZ_CHECK(!fuzz_has(svg, "<iframe"));
    }

    return 0;
}

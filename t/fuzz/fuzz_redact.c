
/*
 * Taking credentials out: never past its bounds, and the same whichever way
 * the document is cut.  A secret that stands in a plain element stays hidden
 * whatever comes before it, as long as that is no open tag or quote.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cxr_buf.h"
#include "cxr_redact.h"


static void
add(void *ctx, const void *data, size_t len)
{
    cxr_buf_add(ctx, data, len);
}


static void
redact(cxr_buf_t *out, const uint8_t *data, size_t len, bool form,
    size_t piece)
{
    size_t         at, n;
    cxr_redact_t  *r = malloc(sizeof(*r));

    cxr_buf_init(out, 64 << 20);
    cxr_redact_init(r, form, add, out);

    for (at = 0; at < len; at += n) {
        n = len - at < piece ? len - at : piece;
        cxr_redact_push(r, data + at, n);
    }

    cxr_redact_end(r);
    free(r);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool        form;
    size_t      piece, n;
    uint8_t    *doc;
    cxr_buf_t   one, many;

    static const char  secret[] = "</a><password>gEhEiM</password>";

    if (size < 2) {
        return 0;
    }

    form = data[0] & 1;
    piece = 1 + data[1] % 64;
    data += 2;
    size -= 2;

    redact(&one, data, size, form, size ? size : 1);
    redact(&many, data, size, form, piece);

    if (one.len != many.len
        || (one.len && memcmp(one.data, many.data, one.len) != 0))
    {
        abort();
    }

    cxr_buf_free(&one);
    cxr_buf_free(&many);

    /* a real "<" always begins a tag, but within a value that is hidden */

    doc = malloc(size + sizeof(secret) + 2);
    memcpy(doc, "<a", 2);
    n = 2;

    if (size) {
        memcpy(doc + n, data, size);
        n += size;
    }

    memcpy(doc + n, secret, sizeof(secret) - 1);
    n += sizeof(secret) - 1;

    redact(&one, doc, n, false, 4096);

    if (one.len && memmem(one.data, one.len, "gEhEiM", 6) != NULL
        && memmem(doc, n - sizeof(secret) + 1, "gEhEiM", 6) == NULL)
    {
        abort();
    }

    cxr_buf_free(&one);
    free(doc);

    return 0;
}

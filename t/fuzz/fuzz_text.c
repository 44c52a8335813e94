
/*
 * Any bytes as text: cleaned, folded, escaped, read as time, number, id and
 * base64url.  What comes out must stand the check that it was made for.
 */

#include <stdlib.h>

#include "cxr_buf.h"
#include "cxr_id.h"
#include "cxr_text.h"
#include "cxr_time.h"

#define FUZZ_ARENA_MAX  (16 * 1024 * 1024)


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
fuzz_must(bool held)
{
    if (!held) {
        abort();
    }
}


static void
fuzz_clean(cxr_str_t in)
{
    cxr_rc_t      rc;
    cxr_str_t     once, twice;
    cxr_arena_t  *a;

    a = cxr_arena_create(FUZZ_ARENA_MAX);

    rc = cxr_text_clean(a, in, CXR_TEXT_LINE, 1000, &once);
    fuzz_must((rc == CXR_INVALID) == !cxr_utf8_valid(in));

    if (rc == CXR_OK) {
        fuzz_must(once.len <= in.len && cxr_utf8_valid(once));
        fuzz_must(cxr_utf8_length(once) <= 1000);
        fuzz_must(cxr_text_clean(a, once, CXR_TEXT_LINE, 1000, &twice)
                  == CXR_OK && cxr_str_eq(once, twice));
    }

    rc = cxr_text_clean(a, in, CXR_TEXT_BLOCK, 1000, &once);

    if (rc == CXR_OK) {
        fuzz_must(cxr_text_clean(a, once, CXR_TEXT_BLOCK, 1000, &twice)
                  == CXR_OK && cxr_str_eq(once, twice));
        fuzz_must(cxr_utf8_valid(cxr_utf8_cut(once, once.len / 2)));
    }

    cxr_arena_destroy(a);
}


static void
fuzz_fold(cxr_str_t in)
{
    char    out[256], again[256];
    size_t  n, m;

    if (cxr_fold_number(in, out, &n) == CXR_OK) {
        fuzz_must(n >= 1 && n <= CXR_NUMBER_MAX);
        fuzz_must(cxr_fold_number(cxr_strn(out, n), again, &m) == CXR_OK
                  && m == n && memcmp(out, again, n) == 0);
    }

    if (cxr_fold_tracking(in, out, &n) == CXR_OK) {
        fuzz_must(n >= 1 && n <= CXR_TRACKING_MAX);
    }

    if (cxr_fold_email(in, out, &n) == CXR_OK) {
        fuzz_must(n >= 3 && n <= CXR_EMAIL_MAX);
        fuzz_must(cxr_fold_email(cxr_strn(out, n), again, &m) == CXR_OK
                  && m == n && memcmp(out, again, n) == 0);
    }

    if (cxr_fold_postcode(in, out, &n) == CXR_OK) {
        fuzz_must(n >= 1 && n <= CXR_POSTCODE_MAX);
    }
}


static void
fuzz_escape(cxr_str_t in)
{
    size_t     i;
    cxr_buf_t  b;

    cxr_buf_init(&b, 8 * in.len + 16);

    cxr_buf_html(&b, in);
    fuzz_must(b.len == 0 || memchr(b.data, '<', b.len) == NULL);
    cxr_buf_reset(&b);

    cxr_buf_json(&b, in);
    fuzz_must(cxr_utf8_valid(cxr_buf_str(&b)));
    fuzz_must(b.len == 0 || memchr(b.data, '<', b.len) == NULL);
    cxr_buf_reset(&b);

    cxr_buf_xml(&b, in);
    fuzz_must(cxr_utf8_valid(cxr_buf_str(&b)));

    for (i = 0; i < b.len; i++) {
        fuzz_must((unsigned char) b.data[i] >= 0x20);
    }

    cxr_buf_reset(&b);

    cxr_buf_url(&b, in);
    cxr_buf_csv(&b, in);
    cxr_buf_hex(&b, in.data, in.len);
    fuzz_must(cxr_buf_ok(&b));

    cxr_buf_free(&b);
}


static void
fuzz_parse(cxr_str_t in)
{
    char        text[256], id[CXR_RMA_ID_LEN], same[CXR_RMA_ID_LEN];
    size_t      n;
    uint8_t     bytes[180];
    uint64_t    v;
    cxr_time_t  at, back;

    if (cxr_time_parse(in, &at) == CXR_OK) {
        n = cxr_time_snprint(at, text);
        fuzz_must(cxr_time_parse(cxr_strn(text, n), &back) == CXR_OK
                  && back == at);
    }

    if (cxr_parse_uint(in, 70000, &v)) {
        fuzz_must(v <= 70000);
    }

    if (cxr_b64url_decode(in, bytes, sizeof(bytes), &n) == CXR_OK) {
        n = cxr_b64url_encode(bytes, n, text);
        fuzz_must(cxr_str_eq(in, cxr_strn(text, n)));
    }

    if (cxr_rma_id_parse(in, id) == CXR_OK) {
        fuzz_must(cxr_rma_id_parse(cxr_strn(id, CXR_RMA_ID_LEN), same)
                  == CXR_OK && memcmp(id, same, CXR_RMA_ID_LEN) == 0);
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cxr_str_t  in;

    in = cxr_strn(data, size);

    fuzz_clean(in);
    fuzz_fold(in);
    fuzz_escape(in);
    fuzz_parse(in);

    return 0;
}


/*
 * Pages in gzip: what is made when a template is compiled, and how an answer
 * is put together from it.  The header says why its size is no oracle.
 */

#include <endian.h>
#include <stdlib.h>

#include <libdeflate.h>

/* on x86 the library asks the processor how wide its registers are */

#if defined(__x86_64__)
#include <xxh_x86dispatch.h>
#else
#include <xxhash.h>
#endif

#include "cxr_deflate.h"
#include "cxr_template_op.h"


#define GZIP_TREES_MAX   (256 * 1024 * 1024)
#define GZIP_TRAILER     8         /* CRC-32 and the size, RFC 1952, 2.3.1    */
#define GZIP_AT_ONCE     5         /* codes of a value in a word              */
#define GZIP_SLACK       32        /* whole words are written, and the end    */
#define GZIP_FILE_LEVEL  12        /* libdeflate's best                       */

/* No name, no time, no operating system: the same bytes everywhere. */
static const char  gzip_header[10] = {
    0x1f, (char) 0x8b, 8, 0, 0, 0, 0, 0, 0, (char) 0xff
};


/* One text; segments that are the same share it. */
typedef struct {
    cxr_deflate_run_t   run;
    uint32_t            len;       /* bytes of the text                       */
    uint32_t            again;     /* run.nbits above this: refer to it       */
} gzip_text_t;


struct cxr_template_gzip_s {
    cxr_deflate_code_t   code;
    cxr_deflate_run_t    head;     /* gzip's header, the block's header       */
    const gzip_text_t   *texts;
    const uint32_t      *text_of;  /* by segment                              */
    uint32_t             ntexts;
};


typedef struct {
    uint64_t   acc;                /* fewer than 8 bits between two puts      */
    unsigned   n;
    uint8_t   *p;
} gzip_writer_t;


/*
 * What values are made of: names and sentences in two languages, numbers,
 * dates, addresses of pages and their tokens.  Letters in the order in which
 * they are frequent.
 */
static void
gzip_expect(cxr_deflate_counts_t *counts)
{
    size_t  i, k;

    static const struct {
        const char  *bytes;
        uint32_t     count;
    } model[] = {
        { " ea", 60 }, { "inrl", 45 }, { "tksodumy", 28 },
        { "bzgchvpf", 14 }, { "jqwx", 8 },
        { "0123456789", 22 }, { "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 7 },
        { ".,-/", 12 }, { "_:;&#%=?'\n", 5 }, { "()+@\"<>", 2 },
        { "\xc3\xc4\xc5", 10 }, { "\xb1\xbc\x9f\xa7\xb6\xb0\x9e", 6 },
        { "\xe2\x80\xba\xc2\xa0\x99", 2 }
    };

    for (i = 0; i < cxr_nelts(model); i++) {
        for (k = 0; model[i].bytes[k] != '\0'; k++) {
            counts->literal[(uint8_t) model[i].bytes[k]] += model[i].count;
        }
    }

    /* rows of lists: the same text, as far back as a row is long */

    for (i = 0; i < CXR_DEFLATE_DISTANCES; i++) {
        counts->distance[i] += i >= 14 && i <= 24 ? 4 : 1;
    }
}


/* Which segments are the same text. */
static cxr_rc_t
gzip_texts(const cxr_template_t *tpl, cxr_arena_t *trees,
    cxr_template_gzip_t *gz, cxr_str_t *texts)
{
    size_t     room;
    uint32_t   i, k, h, *text_of, *slots;
    cxr_str_t  s;

    for (room = 16; room < 2 * (size_t) tpl->nsegments; room *= 2) {
        /* void */
    }

    text_of = cxr_alloc(tpl->arena, tpl->nsegments * sizeof(uint32_t));
    slots = cxr_calloc(trees, room, sizeof(uint32_t));

    if (text_of == NULL || slots == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < tpl->nsegments; i++) {
        s = tpl->segments[i];
        h = libdeflate_crc32(0, s.data, s.len);

        for ( ;; ) {
            k = slots[h++ & (room - 1)];

            if (k == 0) {
                texts[gz->ntexts++] = s;
                slots[(h - 1) & (room - 1)] = k = gz->ntexts;
                break;
            }

            if (cxr_str_eq(texts[k - 1], s)) {
                break;
            }
        }

        text_of[i] = k - 1;
    }

    gz->text_of = text_of;

    return CXR_OK;
}


static cxr_rc_t
gzip_make(cxr_template_t *tpl, cxr_arena_t *trees, cxr_template_gzip_t *gz)
{
    cxr_rc_t               rc;
    uint32_t               i;
    cxr_str_t             *texts;
    gzip_text_t           *made;
    cxr_deflate_counts_t   counts;
    cxr_deflate_tokens_t  *tokens;

    texts = cxr_alloc(trees, tpl->nsegments * sizeof(cxr_str_t));
    tokens = cxr_alloc(trees, tpl->nsegments * sizeof(cxr_deflate_tokens_t));

    if (texts == NULL || tokens == NULL) {
        return CXR_NOMEM;
    }

    rc = gzip_texts(tpl, trees, gz, texts);
    if (rc != CXR_OK) {
        return rc;
    }

    memset(&counts, 0, sizeof(counts));
    counts.literal[CXR_DEFLATE_END] = 1;

    for (i = 0; i < gz->ntexts; i++) {
        rc = cxr_deflate_parse(texts[i], trees, &tokens[i]);
        if (rc != CXR_OK) {
            return rc;
        }

        cxr_deflate_count(&tokens[i], &counts);
    }

    gzip_expect(&counts);
    cxr_deflate_code(&counts, &gz->code);

    rc = cxr_deflate_head(&gz->code,
                          cxr_strn(gzip_header, sizeof(gzip_header)),
                          tpl->arena, &gz->head);

    made = cxr_calloc(tpl->arena, gz->ntexts, sizeof(gzip_text_t));
    if (made == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < gz->ntexts && rc == CXR_OK; i++) {
        rc = cxr_deflate_encode(&gz->code, &tokens[i], tpl->arena,
                                &made[i].run);
        made[i].len = (uint32_t) texts[i].len;

        /* what referring to it would take at most, for each 258 bytes */

        made[i].again = (CXR_DEFLATE_BITS_MAX * 2 + 5 + 13)
                        * (made[i].len / CXR_DEFLATE_MATCH_MAX + 1);

        if (made[i].len < CXR_DEFLATE_MATCH_MIN) {
            made[i].again = UINT32_MAX;
        }
    }

    gz->texts = made;

    return rc;
}


cxr_rc_t
cxr_template_gzip(cxr_template_t *tpl)
{
    cxr_rc_t              rc;
    cxr_arena_t          *trees;
    cxr_template_gzip_t  *gz;

    trees = cxr_arena_create(GZIP_TREES_MAX);
    gz = cxr_calloc(tpl->arena, 1, sizeof(cxr_template_gzip_t));

    rc = trees != NULL && gz != NULL ? gzip_make(tpl, trees, gz) : CXR_NOMEM;

    if (rc == CXR_OK) {
        tpl->gzip = gz;
    }

    cxr_arena_destroy(trees);

    return rc;
}


/* ---- an answer ---- */

static inline __attribute__((always_inline)) void
gzip_store(uint8_t *p, uint64_t v)
{
    v = htole64(v);
    memcpy(p, &v, sizeof(v));
}


/* At most 56 bits. */
static inline __attribute__((always_inline)) void
gzip_put(gzip_writer_t *w, uint64_t bits, unsigned n)
{
    w->acc |= bits << w->n;
    w->n += n;

    gzip_store(w->p, w->acc);
    w->p += w->n >> 3;
    w->acc >>= w->n & ~7u;
    w->n &= 7;
}


static inline __attribute__((always_inline)) void
gzip_put_run(gzip_writer_t *w, const cxr_deflate_run_t *run)
{
    unsigned         shift = w->n, left = run->nbits % 64;
    const uint64_t  *from = run->words, *end = from + run->nbits / 64;

    for ( /* void */ ; from < end; from++) {
        gzip_store(w->p, w->acc | *from << shift);
        w->acc = *from >> 1 >> (63 - shift);
        w->p += 8;
    }

    if (left != 0) {
        gzip_put(w, *from & 0xffffffff, left < 32 ? left : 32);

        if (left > 32) {
            gzip_put(w, *from >> 32, left - 32);
        }
    }
}


static inline __attribute__((always_inline)) void
gzip_put_values(gzip_writer_t *w, const uint32_t *code, const char *text,
    size_t len)
{
    unsigned        n, i;
    uint32_t        c;
    uint64_t        bits;
    const uint8_t  *s = (const uint8_t *) text, *end = s + len;

    for ( /* void */ ; end - s >= GZIP_AT_ONCE; s += GZIP_AT_ONCE) {
        bits = 0;

        for (i = 0, n = 0; i < GZIP_AT_ONCE; i++) {
            c = code[s[i]];
            bits |= (uint64_t) cxr_deflate_bits(c) << n;
            n += cxr_deflate_nbits(c);
        }

        gzip_put(w, bits, n);
    }

    bits = 0;

    for (n = 0; s < end; s++) {
        c = code[*s];
        bits |= (uint64_t) cxr_deflate_bits(c) << n;
        n += cxr_deflate_nbits(c);
    }

    gzip_put(w, bits, n);
}


/* The text stood "distance" bytes before. */
static inline __attribute__((always_inline)) void
gzip_put_again(gzip_writer_t *w, const cxr_deflate_code_t *code, uint32_t len,
    uint32_t distance)
{
    uint32_t  d, extra, take, dbits;
    unsigned  nextra, dn;

    d = code->distance[cxr_deflate_distance(distance, &extra, &nextra)];
    dbits = cxr_deflate_bits(d) | extra << cxr_deflate_nbits(d);
    dn = cxr_deflate_nbits(d) + nextra;

    for ( /* void */ ; len != 0; len -= take) {
        take = len <= CXR_DEFLATE_MATCH_MAX ? len : CXR_DEFLATE_MATCH_MAX;

        if (len > take && len - take < CXR_DEFLATE_MATCH_MIN) {
            take = len - CXR_DEFLATE_MATCH_MIN;
        }

        d = code->length[take];
        gzip_put(w, cxr_deflate_bits(d) | (uint64_t) dbits
                    << cxr_deflate_nbits(d),
                 cxr_deflate_nbits(d) + dn);
    }
}


static inline __attribute__((always_inline)) void
gzip_compose(const cxr_template_gzip_t *gz, cxr_template_out_t *out)
{
    size_t                      at = 0;
    uint32_t                   *seen, text;
    const char                 *page = out->page.data;
    gzip_writer_t               w;
    const gzip_text_t          *t;
    const cxr_template_mark_t  *mark, *end;

    w.acc = 0;
    w.n = 0;
    w.p = (uint8_t *) out->gzip.data;

    /* where each text stood last, and one more: 0 is nowhere */

    seen = (uint32_t *) (void *) out->seen.data;
    memset(seen, 0, gz->ntexts * sizeof(uint32_t));

    gzip_put_run(&w, &gz->head);

    mark = (const cxr_template_mark_t *) (const void *) out->marks.data;
    end = mark + out->marks.len / sizeof(cxr_template_mark_t);

    for ( /* void */ ; mark < end; mark++) {
        gzip_put_values(&w, gz->code.literal, page + at, mark->at - at);

        text = gz->text_of[mark->segment];
        t = &gz->texts[text];

        if (seen[text] != 0 && t->run.nbits > t->again
            && mark->at - (seen[text] - 1) <= CXR_DEFLATE_WINDOW)
        {
            gzip_put_again(&w, &gz->code, t->len,
                           mark->at - (seen[text] - 1));

        } else {
            gzip_put_run(&w, &t->run);
        }

        seen[text] = mark->at + 1;
        at = mark->at + t->len;
    }

    gzip_put_values(&w, gz->code.literal, page + at, out->page.len - at);

    gzip_put(&w, cxr_deflate_bits(gz->code.literal[CXR_DEFLATE_END]),
             cxr_deflate_nbits(gz->code.literal[CXR_DEFLATE_END]));

    if (w.n != 0) {
        gzip_put(&w, 0, 8 - w.n);
    }

    /*
     * The CRC of a page at hand, at 16 bytes an instruction, takes less than
     * putting it together of those of its texts would.
     */

    gzip_put(&w, libdeflate_crc32(0, page, out->page.len), 32);
    gzip_put(&w, (uint32_t) out->page.len, 32);

    out->gzip.len = (size_t) (w.p - (uint8_t *) out->gzip.data);
}


/*
 * Nearly all of it is shifts by as many bits as a code has, which processors
 * that have the newer instructions for it do with fewer steps.
 */

#if defined(__x86_64__) && defined(__GNUC__)

static __attribute__((target("bmi2"))) void
gzip_compose_bmi2(const cxr_template_gzip_t *gz, cxr_template_out_t *out)
{
    gzip_compose(gz, out);
}

#define gzip_has_bmi2()  __builtin_cpu_supports("bmi2")

#else

#define gzip_compose_bmi2  gzip_compose
#define gzip_has_bmi2()    false

#endif


static void
gzip_compose_any(const cxr_template_gzip_t *gz, cxr_template_out_t *out)
{
    gzip_compose(gz, out);
}


cxr_rc_t
cxr_template_render_gzip(const cxr_template_t *tpl, const void *view,
    cxr_template_out_t *out)
{
    size_t                      room;
    cxr_rc_t                    rc;
    const cxr_template_gzip_t  *gz = tpl->gzip;

    if (gz == NULL) {
        return CXR_INVALID;
    }

    cxr_buf_reset(&out->page);
    cxr_buf_reset(&out->gzip);
    cxr_buf_reset(&out->marks);
    cxr_buf_reset(&out->seen);

    rc = cxr_template_render_marks(tpl, view, &out->page, &out->marks);
    if (rc != CXR_OK) {
        return rc;
    }

    /* no byte takes two of them: a match takes less than its literals may */

    room = gz->head.nbits / 8 + 2 * out->page.len + GZIP_TRAILER + GZIP_SLACK;

    if (!cxr_buf_need(&out->gzip, room)
        || !cxr_buf_need(&out->seen, gz->ntexts * sizeof(uint32_t) + 1))
    {
        return CXR_NOMEM;
    }

    if (gzip_has_bmi2()) {
        gzip_compose_bmi2(gz, out);

    } else {
        gzip_compose_any(gz, out);
    }

    return CXR_OK;
}


void
cxr_template_out_init(cxr_template_out_t *out, size_t max)
{
    cxr_buf_init(&out->page, max);
    cxr_buf_init(&out->gzip, 2 * max + 4096);

    /* a text is at least a byte */

    cxr_buf_init(&out->marks, max * sizeof(cxr_template_mark_t));
    cxr_buf_init(&out->seen, CXR_TEMPLATE_OPS_MAX * sizeof(uint32_t) + 1);
}


void
cxr_template_out_free(cxr_template_out_t *out)
{
    cxr_buf_free(&out->page);
    cxr_buf_free(&out->gzip);
    cxr_buf_free(&out->marks);
    cxr_buf_free(&out->seen);
}


uint64_t
cxr_page_hash(cxr_str_t page)
{
    return XXH3_64bits(page.data, page.len);
}


cxr_rc_t
cxr_gzip_file(cxr_str_t text, cxr_buf_t *out)
{
    size_t                         n;
    struct libdeflate_compressor  *c;

    c = libdeflate_alloc_compressor(GZIP_FILE_LEVEL);

    if (c == NULL
        || !cxr_buf_need(out, libdeflate_gzip_compress_bound(c, text.len)))
    {
        libdeflate_free_compressor(c);
        return CXR_NOMEM;
    }

    n = libdeflate_gzip_compress(c, text.data, text.len, out->data + out->len,
                                 out->cap - out->len);
    libdeflate_free_compressor(c);

    out->len += n;

    return n != 0 ? CXR_OK : CXR_NOMEM;
}


/* RFC 1951, the parts that are made when templates are compiled. */

#include "cxr_deflate.h"


#define DEFLATE_TEXT_MAX    (16 * 1024 * 1024)
#define DEFLATE_LENGTHS     19         /* symbols that code lengths are sent in */
#define DEFLATE_LENGTHS_MAX 7          /* bits of one of those                */
#define DEFLATE_CHAIN       64         /* earlier places that are tried       */
#define DEFLATE_HASH        4096
#define DEFLATE_LITERAL     5          /* bits that a literal costs, about    */
#define DEFLATE_MATCH       12         /* and a match beside its extra bits   */


/* Lengths 3.. by symbols 257..: RFC 1951, 3.2.5. */
static const uint16_t  deflate_base[29] = {
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59,
    67, 83, 99, 115, 131, 163, 195, 227, 258
};

static const uint8_t  deflate_extra[29] = {
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5,
    5, 5, 5, 0
};

/* In which order the lengths of the lengths' codes are sent: 3.2.7. */
static const uint8_t  deflate_order[DEFLATE_LENGTHS] = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
};


typedef struct {
    uint64_t  *words;
    uint32_t   at;
} deflate_bits_t;


static void
deflate_put(deflate_bits_t *b, uint32_t bits, unsigned n)
{
    unsigned  shift = b->at % 64;

    b->words[b->at / 64] |= (uint64_t) bits << shift;

    if (shift + n > 64) {
        b->words[b->at / 64 + 1] |= (uint64_t) bits >> (64 - shift);
    }

    b->at += n;
}


static void
deflate_put_code(deflate_bits_t *b, uint32_t code)
{
    deflate_put(b, cxr_deflate_bits(code), cxr_deflate_nbits(code));
}


static unsigned
deflate_length(unsigned length)
{
    unsigned  i = 28;

    while (deflate_base[i] > length) {
        i--;
    }

    return i;
}


/* ---- the text taken apart ---- */

static uint32_t
deflate_hash(const char *p)
{
    const uint8_t  *s = (const uint8_t *) p;

    return (s[0] * 0x9e5u + s[1] * 0x3d7u + s[2] * 0x85u) % DEFLATE_HASH;
}


static uint32_t
deflate_same(const char *a, const char *b, size_t max)
{
    uint32_t  n = 0;

    while (n < max && n < CXR_DEFLATE_MATCH_MAX && a[n] == b[n]) {
        n++;
    }

    return n;
}


cxr_rc_t
cxr_deflate_parse(cxr_str_t text, cxr_arena_t *a, cxr_deflate_tokens_t *out)
{
    int        gain, best;
    size_t     i, end, to;
    int32_t    at, *prev, *head;
    uint32_t   n, extra, length, distance;
    unsigned   tries, nextra;

    if (text.len > DEFLATE_TEXT_MAX) {
        return CXR_LIMIT;
    }

    out->n = 0;
    out->tokens = cxr_alloc(a, text.len * sizeof(uint32_t));
    prev = cxr_alloc(a, text.len * sizeof(int32_t));
    head = cxr_alloc(a, DEFLATE_HASH * sizeof(int32_t));

    if (out->tokens == NULL || prev == NULL || head == NULL) {
        return CXR_NOMEM;
    }

    memset(head, 0xff, DEFLATE_HASH * sizeof(int32_t));
    end = text.len < CXR_DEFLATE_MATCH_MIN ? 0
          : text.len - CXR_DEFLATE_MATCH_MIN + 1;

    for (i = 0; i < text.len; i = to) {
        best = 0;
        length = 1;
        distance = 0;

        at = i < end ? head[deflate_hash(text.data + i)] : -1;

        for (tries = 0;
             at >= 0 && i - (size_t) at <= CXR_DEFLATE_WINDOW
             && tries < DEFLATE_CHAIN;
             tries++, at = prev[at])
        {
            n = deflate_same(text.data + at, text.data + i, text.len - i);

            if (n < CXR_DEFLATE_MATCH_MIN) {
                continue;
            }

            (void) cxr_deflate_distance((uint32_t) (i - (size_t) at), &extra,
                                        &nextra);
            gain = (int) (n * DEFLATE_LITERAL) - DEFLATE_MATCH - (int) nextra;

            if (gain > best) {
                best = gain;
                length = n;
                distance = (uint32_t) (i - (size_t) at);
            }
        }

        out->tokens[out->n++] = distance != 0 ? length << 16 | distance
                                              : (uint8_t) text.data[i];

        for (to = i + length; i < to && i < end; i++) {
            n = deflate_hash(text.data + i);
            prev[i] = head[n];
            head[n] = (int32_t) i;
        }
    }

    return CXR_OK;
}


void
cxr_deflate_count(const cxr_deflate_tokens_t *tokens,
    cxr_deflate_counts_t *counts)
{
    uint32_t  i, t, extra;
    unsigned  nextra;

    for (i = 0; i < tokens->n; i++) {
        t = tokens->tokens[i];

        if (t < 256) {
            counts->literal[t]++;
            continue;
        }

        counts->literal[257 + deflate_length(t >> 16)]++;
        counts->distance[cxr_deflate_distance(t & 0xffff, &extra, &nextra)]++;
    }
}


/* ---- the code ---- */

/*
 * Huffman's lengths, none above "max".  Every one of the n symbols gets one.
 * Lengths that are too long become "max"; for each that this makes too many,
 * a symbol of the longest length below moves one down and makes room for two.
 */
static void
deflate_lengths(const uint32_t *counts, unsigned n, unsigned max,
    uint8_t *lengths)
{
    int       parent[2 * CXR_DEFLATE_LITERALS];
    bool      used[2 * CXR_DEFLATE_LITERALS];
    uint8_t   depth[2 * CXR_DEFLATE_LITERALS];
    uint16_t  sorted[CXR_DEFLATE_LITERALS], key;
    uint32_t  total, weight[2 * CXR_DEFLATE_LITERALS];
    unsigned  i, j, k, nodes, of[64];

    for (i = 0; i < n; i++) {
        weight[i] = counts[i] ? counts[i] : 1;
        used[i] = false;

        /* by weight, the heaviest first */

        key = (uint16_t) i;

        for (j = i; j > 0 && weight[sorted[j - 1]] < weight[key]; j--) {
            sorted[j] = sorted[j - 1];
        }

        sorted[j] = key;
    }

    for (nodes = n; nodes < 2 * n - 1; nodes++) {
        weight[nodes] = 0;
        used[nodes] = false;

        for (k = 0; k < 2; k++) {
            j = nodes;

            for (i = 0; i < nodes; i++) {
                if (!used[i] && (j == nodes || weight[i] < weight[j])) {
                    j = i;
                }
            }

            used[j] = true;
            parent[j] = (int) nodes;
            weight[nodes] += weight[j];
        }
    }

    memset(of, 0, sizeof(of));
    depth[nodes - 1] = 0;

    for (i = nodes - 1; i > 0; i--) {
        depth[i - 1] = (uint8_t) (depth[parent[i - 1]] + 1);

        if (i - 1 < n) {
            of[depth[i - 1] < max ? depth[i - 1] : max]++;
        }
    }

    total = 0;

    for (i = 1; i <= max; i++) {
        total += of[i] << (max - i);
    }

    for ( /* void */ ; total > 1u << max; total--) {
        of[max]--;

        for (i = max - 1; of[i] == 0; i--) { /* void */ }

        of[i]--;
        of[i + 1] += 2;
    }

    for (i = 1, j = 0; i <= max; i++) {
        for (k = 0; k < of[i]; k++) {
            lengths[sorted[j++]] = (uint8_t) i;
        }
    }
}


/* The canonical codes of these lengths, 3.2.2, turned round for sending. */
static void
deflate_codes(const uint8_t *lengths, unsigned n, uint32_t *codes)
{
    uint32_t  next, turned;
    unsigned  i, bit, len;

    for (len = 1, next = 0; len <= 15; len++, next <<= 1) {
        for (i = 0; i < n; i++) {
            if (lengths[i] != len) {
                continue;
            }

            turned = 0;

            for (bit = 0; bit < len; bit++) {
                turned |= ((next >> bit) & 1) << (len - 1 - bit);
            }

            codes[i] = turned | len << 24;
            next++;
        }
    }
}


void
cxr_deflate_code(const cxr_deflate_counts_t *counts, cxr_deflate_code_t *code)
{
    uint8_t   lengths[CXR_DEFLATE_LITERALS];
    uint32_t  symbol;
    unsigned  i, k, n;

    memset(code, 0, sizeof(cxr_deflate_code_t));

    deflate_lengths(counts->literal, CXR_DEFLATE_LITERALS,
                    CXR_DEFLATE_BITS_MAX, lengths);
    deflate_codes(lengths, CXR_DEFLATE_LITERALS, code->literal);

    deflate_lengths(counts->distance, CXR_DEFLATE_DISTANCES,
                    CXR_DEFLATE_BITS_MAX, lengths);
    deflate_codes(lengths, CXR_DEFLATE_DISTANCES, code->distance);

    for (i = CXR_DEFLATE_MATCH_MIN; i <= CXR_DEFLATE_MATCH_MAX; i++) {
        k = deflate_length(i);
        symbol = code->literal[257 + k];
        n = cxr_deflate_nbits(symbol);

        code->length[i] = cxr_deflate_bits(symbol)
                          | (i - deflate_base[k]) << n
                          | (n + deflate_extra[k]) << 24;
    }
}


/* ---- what is sent ---- */

static cxr_rc_t
deflate_room(cxr_arena_t *a, size_t nbits, deflate_bits_t *b)
{
    b->at = 0;
    b->words = cxr_calloc(a, nbits / 64 + 2, sizeof(uint64_t));

    return b->words != NULL ? CXR_OK : CXR_NOMEM;
}


static void
deflate_done(deflate_bits_t *b, cxr_deflate_run_t *out)
{
    out->words = b->words;
    out->nbits = b->at;
}


/*
 * Code lengths as symbols: a length, or a run of the same (16) or of zeros
 * (17, 18), which do not occur here, since every symbol has a code.
 */
static unsigned
deflate_pack(const uint8_t *lengths, unsigned n, uint8_t *symbols,
    uint8_t *extra)
{
    unsigned  i, run, m = 0;

    for (i = 0; i < n; i += run) {
        for (run = 1; i + run < n && lengths[i + run] == lengths[i]; run++) {
            /* void */
        }

        symbols[m] = lengths[i];
        extra[m++] = 0;

        if (run < 4) {
            run = 1;
            continue;
        }

        run = run - 1 > 6 ? 7 : run;
        symbols[m] = 16;
        extra[m++] = (uint8_t) (run - 1 - 3);
    }

    return m;
}


cxr_rc_t
cxr_deflate_head(const cxr_deflate_code_t *code, cxr_str_t bytes,
    cxr_arena_t *a, cxr_deflate_run_t *out)
{
    size_t          k;
    uint8_t         all[CXR_DEFLATE_LITERALS + CXR_DEFLATE_DISTANCES];
    uint8_t         symbols[sizeof(all)], extra[sizeof(all)];
    uint8_t         lengths[DEFLATE_LENGTHS];
    unsigned        i, n, sent;
    uint32_t        counts[DEFLATE_LENGTHS], codes[DEFLATE_LENGTHS];
    deflate_bits_t  b;

    for (i = 0; i < CXR_DEFLATE_LITERALS; i++) {
        all[i] = (uint8_t) cxr_deflate_nbits(code->literal[i]);
    }

    for (i = 0; i < CXR_DEFLATE_DISTANCES; i++) {
        all[CXR_DEFLATE_LITERALS + i] =
            (uint8_t) cxr_deflate_nbits(code->distance[i]);
    }

    n = deflate_pack(all, cxr_nelts(all), symbols, extra);

    memset(counts, 0, sizeof(counts));

    for (i = 0; i < n; i++) {
        counts[symbols[i]]++;
    }

    deflate_lengths(counts, DEFLATE_LENGTHS, DEFLATE_LENGTHS_MAX, lengths);
    deflate_codes(lengths, DEFLATE_LENGTHS, codes);

    if (deflate_room(a, bytes.len * 8 + 3 + 14 + DEFLATE_LENGTHS * 3
                     + n * (DEFLATE_LENGTHS_MAX + 2), &b)
        != CXR_OK)
    {
        return CXR_NOMEM;
    }

    for (k = 0; k < bytes.len; k++) {
        deflate_put(&b, (uint8_t) bytes.data[k], 8);
    }

    sent = DEFLATE_LENGTHS;

    deflate_put(&b, 1, 1);                                  /* the last block */
    deflate_put(&b, 2, 2);                             /* with its own codes  */
    deflate_put(&b, CXR_DEFLATE_LITERALS - 257, 5);
    deflate_put(&b, CXR_DEFLATE_DISTANCES - 1, 5);
    deflate_put(&b, sent - 4, 4);

    for (i = 0; i < sent; i++) {
        deflate_put(&b, lengths[deflate_order[i]], 3);
    }

    for (i = 0; i < n; i++) {
        deflate_put_code(&b, codes[symbols[i]]);

        if (symbols[i] == 16) {
            deflate_put(&b, extra[i], 2);
        }
    }

    deflate_done(&b, out);

    return CXR_OK;
}


cxr_rc_t
cxr_deflate_encode(const cxr_deflate_code_t *code,
    const cxr_deflate_tokens_t *tokens, cxr_arena_t *a,
    cxr_deflate_run_t *out)
{
    uint32_t        i, t, extra;
    unsigned        nextra;
    deflate_bits_t  b;

    /* a literal takes a code, a match two of them, 5 and 13 bits beside */

    if (deflate_room(a, (size_t) tokens->n * 46, &b) != CXR_OK) {
        return CXR_NOMEM;
    }

    for (i = 0; i < tokens->n; i++) {
        t = tokens->tokens[i];

        if (t < 256) {
            deflate_put_code(&b, code->literal[t]);
            continue;
        }

        deflate_put_code(&b, code->length[t >> 16]);
        t = cxr_deflate_distance(t & 0xffff, &extra, &nextra);
        deflate_put_code(&b, code->distance[t]);
        deflate_put(&b, extra, nextra);
    }

    deflate_done(&b, out);

    return CXR_OK;
}

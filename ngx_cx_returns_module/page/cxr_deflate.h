
/*
 * Parts of a deflate stream (RFC 1951) that are made ahead of time and put
 * together later: one Huffman code for a block, and texts encoded in it that
 * may stand anywhere in the block, since what is encoded refers to nothing
 * outside itself.  A deflate library gives whole streams only; where it leaves
 * off, a byte boundary and a table for each piece would cost more than they
 * save.
 */

#ifndef _CXR_DEFLATE_H_INCLUDED_
#define _CXR_DEFLATE_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_buf.h"

#define CXR_DEFLATE_LITERALS   286       /* literals, the end, lengths        */
#define CXR_DEFLATE_END        256       /* the symbol that ends a block      */
#define CXR_DEFLATE_DISTANCES  30
#define CXR_DEFLATE_MATCH_MIN  3
#define CXR_DEFLATE_MATCH_MAX  258
#define CXR_DEFLATE_WINDOW     32768     /* the farthest distance             */

/*
 * The longest code that is used, shorter than deflate's 15: five of them and
 * the seven bits that may be left of a byte fit a word.
 */
#define CXR_DEFLATE_BITS_MAX   11

/* Bits as they are sent, the first in the lowest place; with how many. */
#define cxr_deflate_bits(code)   ((code) & 0xffffff)
#define cxr_deflate_nbits(code)  ((code) >> 24)

typedef struct {
    uint32_t   literal[CXR_DEFLATE_LITERALS];
    uint32_t   length[CXR_DEFLATE_MATCH_MAX + 1];  /* with its extra bits     */
    uint32_t   distance[CXR_DEFLATE_DISTANCES];
} cxr_deflate_code_t;

/* How often each symbol is expected. */
typedef struct {
    uint32_t   literal[CXR_DEFLATE_LITERALS];
    uint32_t   distance[CXR_DEFLATE_DISTANCES];
} cxr_deflate_counts_t;

/* A run of bits; the last word is filled with zeros. */
typedef struct {
    uint64_t  *words;
    uint32_t   nbits;
} cxr_deflate_run_t;

/* A text taken apart: literals, and matches within the text itself. */
typedef struct {
    uint32_t  *tokens;       /* a byte; or length << 16 | distance            */
    uint32_t   n;
} cxr_deflate_tokens_t;

/* CXR_LIMIT: longer than 16 MB; CXR_NOMEM. */
cxr_rc_t cxr_deflate_parse(cxr_str_t text, cxr_arena_t *a,
    cxr_deflate_tokens_t *out);
void cxr_deflate_count(const cxr_deflate_tokens_t *tokens,
    cxr_deflate_counts_t *counts);

/* A code in which every symbol can be written, whatever was counted. */
void cxr_deflate_code(const cxr_deflate_counts_t *counts,
    cxr_deflate_code_t *code);

/* Appends "bytes" and the header of a last block with this code. */
cxr_rc_t cxr_deflate_head(const cxr_deflate_code_t *code, cxr_str_t bytes,
    cxr_arena_t *a, cxr_deflate_run_t *out);

/* The tokens in this code. */
cxr_rc_t cxr_deflate_encode(const cxr_deflate_code_t *code,
    const cxr_deflate_tokens_t *tokens, cxr_arena_t *a,
    cxr_deflate_run_t *out);

/* The symbol of a distance, 1 to CXR_DEFLATE_WINDOW, and its extra bits. */
static inline unsigned
cxr_deflate_distance(uint32_t distance, uint32_t *extra, unsigned *nextra)
{
    uint32_t  d = distance - 1;
    unsigned  high;

    if (d < 4) {
        *extra = 0;
        *nextra = 0;
        return d;
    }

    /* two symbols for each power of two: the bit below the highest chooses */

    high = 31 - (unsigned) __builtin_clz(d);
    *nextra = high - 1;
    *extra = d & ((1u << *nextra) - 1);

    return 2 * high + ((d >> *nextra) & 1);
}

#endif /* _CXR_DEFLATE_H_INCLUDED_ */


/*
 * Searching the RMAs: by their number, the order's, a parcel's (each by its
 * beginning), and by the e-mail address, telephone number and words of the name
 * of whoever ordered.
 *
 * Each RMA has, for this, entries of a tag and a value:
 *
 *   'o' order's folded number          'e' 6 bytes of the e-mail's keyed hash
 *   't' number of a parcel             'p' of the telephone's last eight digits
 *                                      'w' of each word of the name
 *
 * An order without an RMA has none, and so costs nothing.  Parcels are the
 * order's, and those that bring the RMA back.
 *
 * A row for each entry under its value would be written to as many pages, all
 * over the table, whenever an RMA is made: half of what making one costs.  So
 * the table "ix_found" has, under the shop,
 *
 *   'f' ~created RMA                   -> find    the entries of a fresh RMA
 *   'r' ~run tag value ~created RMA    -> nothing one of them; a number has a
 *                                                 zero behind it
 *   's'                                -> find    where the fresh ones begin
 *
 * The fresh ones are the newest, and stand together.  When there are
 * CXR_FIND_RUN of them they become a run, all at once: "run" is the time from
 * which on RMAs belong into it, until the next one's.  A search reads through
 * the fresh ones and looks into each run, the newest first, until a page is
 * full.  An RMA that is made late, by a clock that is behind, goes into the run
 * of its time.  The journal alone says when a run is made, so a rebuilt table is
 * equal.
 *
 * What the table tells to somebody who has the store but not the key ring: which
 * RMAs share an address, a telephone or a word of a name (not which), how many
 * have each, so how common a word is, and which entries are of one RMA, with
 * its time.  A guess at a name cannot be tried without the ring, whose index
 * key goes into each hash together with its purpose; whoever has the ring can
 * read the persons themselves.  An erased person has no such entries.
 */

#ifndef _CXR_STORE_FIND_H_INCLUDED_
#define _CXR_STORE_FIND_H_INCLUDED_

#include "cxr_store.h"
#include "cxr_text.h"

#define CXR_FIND_HASH      6       /* bytes of a keyed hash                   */
#define CXR_FIND_WORDS_MAX 8       /* words of a name or query that count     */
#define CXR_FIND_TEXT      200     /* characters of a query                   */
#define CXR_FIND_RUN       2048    /* RMAs of a run                           */
#define CXR_FIND_COLLECT   1000    /* RMAs whose number shares a beginning    */
#define CXR_FIND_STEPS     4000    /* entries that one page looks at          */

/* What somebody typed, as what it may mean. */
typedef enum {
    CXR_FIND_NOTHING = 0,      /* empty, or nothing that can be looked for     */
    CXR_FIND_EMAIL,
    CXR_FIND_NUMBER,           /* the beginning of an RMA's, order's or parcel's,
                                  or a telephone number: each that is not empty */
    CXR_FIND_WORDS             /* all of them in the name, in any order        */
} cxr_find_what_t;

typedef struct {
    uint8_t      what;         /* cxr_find_what_t                              */
    char         email[256];
    size_t       email_len;
    char         rma[CXR_RMA_ID_LEN];
    size_t       rma_len;
    bool         whole;        /* it is a whole RMA's number, its R there or left
                                  out: beside the beginning or the words that it
                                  may be just as well                          */
    char         whole_rma[CXR_RMA_ID_LEN];
    char         number[CXR_NUMBER_MAX];
    size_t       number_len;
    char         tracking[CXR_TRACKING_MAX];
    size_t       tracking_len;
    char         phone[CXR_PHONE_DIGITS];
    size_t       phone_len;
    char         words[CXR_FIND_WORDS_MAX][CXR_WORD_MAX];
    size_t       word_len[CXR_FIND_WORDS_MAX];
    unsigned     nwords;
} cxr_typed_t;

/*
 * Anything with an @ is an e-mail address; what has a digit, or begins like an
 * RMA's number ("R-7K"), a number; all else words.  A word of one letter is
 * left out beside others.  Never fails: what cannot be anything is NOTHING.
 */
void cxr_typed_parse(cxr_str_t text, cxr_typed_t *q);

typedef struct {
    cxr_str_t    q;            /* as typed; empty: whatever else says          */
    int          status;       /* cxr_rma_status_t; < 0: any                   */
    cxr_str_t    order;        /* a whole number, as typed; empty: any         */
    cxr_time_t   from;         /* created then or later; NONE: any             */
    cxr_time_t   to;           /* created before; NONE: any                    */
} cxr_find_t;

typedef struct {
    cxr_rmas_t   rmas;         /* newest first                                 */
    cxr_str_t    next;         /* cursor, "" at the end; a page before it may be
                                  shorter than the limit, even empty           */
    bool         cut;          /* more than CXR_FIND_COLLECT RMAs have such a
                                  number: some are missing                     */
} cxr_found_t;

/*
 * One page, in the arena.  limit 1..200; "cursor" of the same question, "" to
 * begin.  CXR_INVALID: a bad cursor or limit.  CXR_ERROR: no key ring.
 */
cxr_rc_t cxr_read_find(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_find_t *f, cxr_str_t cursor, unsigned limit, cxr_arena_t *a,
    cxr_found_t *out);

#endif /* _CXR_STORE_FIND_H_INCLUDED_ */


/*
 * What comes with a carrier's document when the carrier posts it by itself:
 * the envelope that it is in, the proof of who sent it, and the answer that
 * the carrier wants to read.  A profile says all three (<envelope>, <auth>,
 * <ack>); without them the body is the document, and a push costs nothing.
 *
 * Where a proof is asked for nothing of the document is given on before it
 * holds: the body is put into a file without a name and read again.  A proof
 * is no guard against replays and need not be: a document that comes again
 * stores nothing that is not stored already.
 *
 * Blocks on disk: never in an event loop.  One thread at a time.
 */

#ifndef _CXR_PUSH_H_INCLUDED_
#define _CXR_PUSH_H_INCLUDED_

#include "cxr_base.h"
#include "cxr_buf.h"
#include "cxr_profile.h"
#include "cxr_sign.h"
#include "cxr_time.h"

#define CXR_PUSH_AUTH_MAX    ((uint64_t) 16 << 20)  /* of a body, unless told */
#define CXR_PUSH_QUERY_MAX   16384   /* bytes of a query                      */
#define CXR_PUSH_VALUE_MAX   1024    /* bytes of a value that is compared or
                                        echoed; a longer one is absent        */
#define CXR_PUSH_ROWS_MAX    1000    /* rows of an answer that has one for each
                                        record; no more are answered for      */
#define CXR_PUSH_ARENA       ((size_t) 1 << 20)      /* all that is kept      */
#define CXR_PUSH_ACK_MAX     ((size_t) 512 << 10)    /* bytes of an answer    */

/* Why a push stopped that was not the document's doing. */
typedef enum {
    CXR_PUSH_FINE = 0,
    CXR_PUSH_AUTH,             /* the proof is missing or does not hold       */
    CXR_PUSH_ENVELOPE,         /* a bad form, or none of the wanted field     */
    CXR_PUSH_LIMIT             /* past auth_max                               */
} cxr_push_end_t;

extern const char *const  cxr_push_end_names[];

typedef struct {
    const cxr_profile_t   *profile;
    const cxr_secrets_t   *secrets;    /* NULL: no proof is asked for         */
    const char            *dir;        /* where a body waits for its proof    */
    uint64_t               auth_max;   /* bytes of such a body                */
    bool                   get;        /* a GET: the query is all there is    */
    cxr_str_t              query;      /* undecoded; copied                   */
    cxr_str_t              charset;    /* of the Content-Type; copied         */

    /* asked while the push is opened only; empty: no such header */
    cxr_str_t            (*header)(void *ctx, cxr_str_t name);

    /* the charset of a document that names none itself; before document() */
    cxr_rc_t             (*charset_is)(void *ctx, cxr_str_t charset);
    /* the document, piece by piece; NULL: it is over */
    cxr_rc_t             (*document)(void *ctx, const void *data, size_t len);
    void                  *ctx;
} cxr_push_conf_t;

typedef struct cxr_push_s  cxr_push_t;

/* CXR_NOMEM; CXR_LIMIT: the query is too long; CXR_INVALID: it is broken. */
cxr_rc_t cxr_push_open(const cxr_push_conf_t *conf, cxr_push_t **out);

/*
 * The next piece of the body; NULL: it is over.  What document() returns, or
 * CXR_FORGED (AUTH), CXR_INVALID (ENVELOPE), CXR_LIMIT, CXR_IO, CXR_NOMEM.
 */
cxr_rc_t cxr_push_piece(cxr_push_t *p, const void *data, size_t len);
void cxr_push_close(cxr_push_t *p);                      /* NULL is fine */

cxr_push_end_t cxr_push_end(const cxr_push_t *p);
/* a sentence that quotes nothing of the body; empty when all is fine */
cxr_str_t cxr_push_detail(const cxr_push_t *p);

/* The record of that number (1-based) could not be read. */
void cxr_push_unread(cxr_push_t *p, uint64_t record);


/* ---- what the profile says ---- */

/* Is the document, or may it be, a GET's query? */
bool cxr_profile_takes_query(const cxr_profile_t *p);
/* Does it answer a GET that asks whether we are here? */
bool cxr_profile_takes_probe(const cxr_profile_t *p);
/* names of elements, attributes and fields that hold credentials, in lower
   case; NULL: the profile names none */
const cxr_strs_t *cxr_profile_credentials(const cxr_profile_t *p);
/*
 * Do the secrets fit?  A carrier with one must have each that its profile names
 * and no other.  CXR_INVALID with a sentence in "d"; the file is the caller's.
 */
cxr_rc_t cxr_profile_secrets(const cxr_profile_t *p, const cxr_secrets_t *s,
    cxr_diag_t *d);


/* ---- the answer ---- */

typedef enum {
    CXR_ACK_OK = 0,            /* stored, or known already, or not wanted     */
    CXR_ACK_PARTLY,            /* some records could not be read              */
    CXR_ACK_PARSE_ERROR,       /* the document, or all its records            */
    CXR_ACK_AUTH,
    CXR_ACK_INTERNAL,          /* ours: send it again                         */
    CXR_ACK_PROBE,             /* a GET that only asks whether we are here    */
    CXR_NACKS
} cxr_ack_outcome_t;

extern const char *const  cxr_ack_names[];

typedef struct {
    cxr_ack_outcome_t  outcome;
    cxr_str_t          code;           /* "malformed", "auth", "store_full"   */
    cxr_str_t          detail;         /* a sentence                          */
    uint64_t           records;
    uint64_t           stored;
    uint64_t           repeated;
    uint64_t           refused;
    cxr_time_t         now;
} cxr_ack_facts_t;

typedef struct {
    unsigned           status;         /* HTTP's                              */
    cxr_str_t          type;           /* lives as long as the profile        */
} cxr_ack_head_t;

/*
 * Renders the profile's answer.  "p" may be NULL: nothing of a request is
 * known.  CXR_NOTFOUND: the profile has none for this outcome (PARTLY falls
 * back on PARSE_ERROR); CXR_NOMEM: larger than the buffer.
 */
cxr_rc_t cxr_ack_render(const cxr_profile_t *profile, const cxr_push_t *p,
    const cxr_ack_facts_t *facts, cxr_ack_head_t *head, cxr_buf_t *out);

#endif /* _CXR_PUSH_H_INCLUDED_ */

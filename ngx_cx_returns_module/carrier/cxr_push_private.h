
/*
 * A profile's <envelope>, <auth> and <ack> once compiled, and the parts that
 * work on a push.  Private to carrier/.
 */

#ifndef _CXR_PUSH_PRIVATE_H_INCLUDED_
#define _CXR_PUSH_PRIVATE_H_INCLUDED_

#include "cxr_profile_private.h"
#include "cxr_push.h"

#define CXR_PICKS_MAX        32      /* paths of <auth> and <ack>             */
#define CXR_SOURCES_MAX      32
#define CXR_AUTHS_MAX        8
#define CXR_EACHES_MAX       4
#define CXR_PICK_STEPS       16
#define CXR_PICK_DEPTH       64      /* elements that nest deeper end it      */
#define CXR_FORM_FIELDS_MAX  256     /* fields of a form                      */
#define CXR_FORM_NAME_MAX    64      /* a longer name is none that is wanted  */
#define CXR_CHARSET_MAX      64      /* bytes of an encoding's name           */
#define CXR_NONE             0xffff

typedef enum {
    CXR_ENVELOPE_RAW = 0,
    CXR_ENVELOPE_FORM,
    CXR_ENVELOPE_QUERY
} cxr_envelope_kind_t;

/* a path to a value's first occurrence: "a/b/@c", "a/x/d" with any x, "//d",
   "a/x/name()" */
typedef struct {
    cxr_strs_t   steps;        /* elements' names; "*": any                   */
    bool         anywhere;     /* "//d": one step, at any depth               */
    cxr_str_t    attr;         /* empty: the element's text                   */
    bool         local;        /* the element's own name                      */
    uint16_t     each;         /* of the row of this <each>; CXR_NONE         */
    bool         row;          /* it is that row                              */
} cxr_pick_path_t;

/* where a value is: the first of these that is not empty */
typedef struct {
    cxr_str_t    name;
    cxr_str_t    field;
    cxr_str_t    query;
    cxr_str_t    header;
    uint16_t     pick;         /* index; CXR_NONE                             */
    uint16_t     given;        /* index of what query and headers gave        */
} cxr_source_t;

typedef enum {
    CXR_PIECE_TEXT = 0,
    CXR_PIECE_VALUE,           /* a source                                    */
    CXR_PIECE_EACH,
    CXR_PIECE_SECRET,          /* only in <auth of="">                        */
    CXR_PIECE_BODY,
    CXR_PIECE_DOCUMENT,
    CXR_PIECE_OUTCOME,         /* only in <ack>                               */
    CXR_PIECE_CODE,
    CXR_PIECE_DETAIL,
    CXR_PIECE_RECORDS,
    CXR_PIECE_STORED,
    CXR_PIECE_REPEATED,
    CXR_PIECE_REFUSED,
    CXR_PIECE_NOW,
    CXR_NPIECES
} cxr_piece_kind_t;

typedef struct {
    uint8_t      kind;
    uint16_t     index;
    cxr_str_t    text;
} cxr_piece_t;

typedef CXR_LIST_OF(cxr_piece_t)  cxr_pieces_t;

#define CXR_AUTH_TEXT  4       /* after the digests of cxr_digest_kind_t      */

typedef struct {
    unsigned      line;
    uint8_t       how;         /* cxr_digest_kind_t or CXR_AUTH_TEXT          */
    bool          hmac;
    bool          base64;      /* else hexadecimal                            */
    cxr_str_t     secret;      /* its name                                    */
    cxr_str_t     prefix;      /* before what is presented: "sha256="         */
    cxr_source_t  source;
    cxr_pieces_t  of;          /* what is digested                            */
} cxr_auth_rule_t;

typedef struct {
    cxr_str_t     name;
    cxr_pieces_t  ok;
    cxr_pieces_t  error;
} cxr_each_t;

typedef struct {
    bool          set;
    unsigned      status;
    cxr_str_t     type;
    cxr_pieces_t  body;
} cxr_ack_rule_t;

typedef struct cxr_push_rules_s {
    uint8_t                           kind;        /* of the envelope         */
    bool                              enveloped;   /* <envelope> was there    */
    bool                              acked;
    cxr_strs_t                        fields;      /* that hold the document  */
    cxr_str_t                         charset;
    cxr_str_t                         root;        /* of a query's document   */
    CXR_LIST_OF(cxr_auth_rule_t)      auths;
    CXR_LIST_OF(cxr_source_t)         sources;
    CXR_LIST_OF(cxr_each_t)           eaches;
    CXR_LIST_OF(cxr_pick_path_t)      picks;
    cxr_strs_t                        kept;        /* fields that are wanted  */
    cxr_strs_t                        credentials;
    cxr_ack_rule_t                    acks[CXR_NACKS];
} cxr_push_rules_t;


/* ---- cxr_envelope.c: from a body to the document, by the byte ---- */

typedef cxr_rc_t (*cxr_envelope_out_pt)(void *ctx, const void *data,
    size_t len);

typedef struct {
    const cxr_push_rules_t  *rules;
    cxr_envelope_out_pt      out;
    void                    *ctx;
    cxr_arena_t             *arena;       /* of the kept fields               */
    cxr_str_t               *kept;        /* one for each of rules->kept      */
    const char              *why;         /* what is wrong, after CXR_INVALID */
    uint8_t                  mode;
    bool                     in_value;
    bool                     wanted;      /* the field is the document        */
    bool                     found;
    bool                     over;        /* a value that is too long         */
    uint16_t                 keep;        /* index; CXR_NONE                  */
    uint16_t                 nfields;
    uint8_t                  nesc;        /* of "%XX"                         */
    uint8_t                  nlead;
    uint8_t                  nname;
    unsigned char            esc[2];
    uint8_t                  nends;
    unsigned char            ends[2];     /* a line's end that may be the last */
    unsigned char            lead[4];
    char                     name[CXR_FORM_NAME_MAX + 1];
    size_t                   nvalue;
    char                     value[CXR_PUSH_VALUE_MAX];
    size_t                   nbuf;
    char                     buf[4096];
} cxr_envelope_t;

/* "kept" has room for one string for each of rules->kept */
void cxr_envelope_init(cxr_envelope_t *e, const cxr_push_rules_t *rules,
    cxr_arena_t *arena, cxr_str_t *kept, cxr_envelope_out_pt out, void *ctx);
/* CXR_INVALID: see e->why; CXR_NOMEM; or what out() returned */
cxr_rc_t cxr_envelope_push(cxr_envelope_t *e, const void *data, size_t len);
cxr_rc_t cxr_envelope_end(cxr_envelope_t *e);


/* ---- cxr_pick.c: single values out of a document that goes by ---- */

typedef struct cxr_pick_s  cxr_pick_t;

cxr_rc_t cxr_pick_open(const cxr_push_rules_t *rules, cxr_arena_t *arena,
    cxr_pick_t **out);
/* Whatever is wrong with the document ends the picking, and is not told: the
   feed that reads the same bytes tells it. */
void cxr_pick_charset(cxr_pick_t *p, cxr_str_t charset);
void cxr_pick_push(cxr_pick_t *p, const void *data, size_t len);
void cxr_pick_close(cxr_pick_t *p);
/* trimmed; empty: not there */
cxr_str_t cxr_pick_value(const cxr_pick_t *p, unsigned pick);
unsigned cxr_pick_rows(const cxr_pick_t *p, unsigned each);
cxr_str_t cxr_pick_row(const cxr_pick_t *p, unsigned pick, unsigned row);


/* ---- cxr_spool.c: a file without a name ---- */

int cxr_nameless(const char *dir);                      /* -1 with errno */
int cxr_write_all(int fd, const char *p, size_t len);   /* errno, or 0   */


/* ---- cxr_push.c ---- */

cxr_str_t cxr_push_value(const cxr_push_t *p, const cxr_source_t *s);
cxr_str_t cxr_push_row(const cxr_push_t *p, const cxr_source_t *s,
    unsigned row);
unsigned cxr_push_rows(const cxr_push_t *p, unsigned each);
bool cxr_push_row_unread(const cxr_push_t *p, unsigned row);


/* ---- cxr_push_auth.c ---- */

/* gives the document's exact bytes to out(); CXR_IO, CXR_NOMEM */
cxr_rc_t cxr_push_again(cxr_push_t *p, bool body, cxr_envelope_out_pt out,
    void *ctx);
/* CXR_OK: the proof holds; CXR_FORGED; CXR_IO, CXR_NOMEM, CXR_ERROR */
cxr_rc_t cxr_auth_check(cxr_push_t *p, const cxr_auth_rule_t *rule,
    cxr_str_t secret);

#endif /* _CXR_PUSH_PRIVATE_H_INCLUDED_ */

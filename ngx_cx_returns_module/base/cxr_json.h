
/*
 * JSON at the doors: API, shop files, event feed.  Parsing is jansson's (with
 * JSON_REJECT_DUPLICATES), after our own scan of size and depth; reading is
 * field by field with a JSON Pointer (RFC 6901) in every complaint.
 */

#ifndef _CXR_JSON_H_INCLUDED_
#define _CXR_JSON_H_INCLUDED_

#include <jansson.h>

#include "cxr_arena.h"
#include "cxr_base.h"
#include "cxr_buf.h"
#include "cxr_time.h"

#define CXR_JSON_DEPTH   16     /* nothing that we accept nests deeper        */

/* One complaint about one field. */
typedef struct {
    char   pointer[160];        /* "/lines/0/quantity"                        */
    char   text[240];          /* "must be a whole number from 1 to 9999"     */
} cxr_json_fault_t;

/* Collects complaints, so that one answer names all faults (at most 16). */
typedef struct {
    cxr_json_fault_t  faults[16];
    unsigned          n;        /* kept in faults[]                           */
    unsigned          total;    /* met                                        */
} cxr_json_faults_t;

/*
 * Parses one value.  Fails with line and column in "d": CXR_INVALID (not JSON,
 * duplicate key, not UTF-8, NUL character), CXR_LIMIT (depth).  The caller
 * json_decref()s.
 */
cxr_rc_t cxr_json_parse(cxr_str_t text, json_t **out, cxr_diag_t *d);
/*
 * The same from a file of at most "max" bytes, which the diagnosis names.
 * CXR_NOTFOUND, CXR_IO, CXR_LIMIT besides.  *text (may be NULL) is the file's
 * text with a NUL after it, for cxr_json_line(); the caller free()s it.
 */
cxr_rc_t cxr_json_load(const char *path, size_t max, json_t **out,
    char **text, cxr_diag_t *d);

/* The line (1-based) on which the value at "pointer" starts in a text that
   parses; the nearest parent's when it is not there; 0 never. */
unsigned cxr_json_line(cxr_str_t text, const char *pointer);

/*
 * Reading an object: cxr_jr_begin(), then its fields, then cxr_jr_end(), which
 * complains about every member that no call has asked for ("is not known
 * here").  A field that is absent or null is missing.  Complaints go to
 * "faults".  A getter that complained leaves *out untouched and returns false;
 * it returns true without touching *out when the field is missing and not
 * required.  "key" must outlive the reader; at most 48 fields can be read.
 */
typedef struct cxr_jr_s {
    json_t             *obj;
    cxr_json_faults_t  *faults;
    cxr_arena_t        *arena;
    char                path[120];
    const char         *seen[48];
    unsigned            nseen;
} cxr_jr_t;

#define CXR_JR_REQUIRED  1

bool cxr_jr_begin(cxr_jr_t *r, json_t *value, const char *path,
    cxr_arena_t *a, cxr_json_faults_t *f);    /* false: not an object         */
bool cxr_jr_end(cxr_jr_t *r);
void cxr_jr_fault(cxr_jr_t *r, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* cleaned as cxr_text_clean(LINE or BLOCK) does, 1..max characters, copied */
bool cxr_jr_line(cxr_jr_t *r, const char *key, size_t max, int flags,
    cxr_str_t *out);
bool cxr_jr_block(cxr_jr_t *r, const char *key, size_t max, int flags,
    cxr_str_t *out);
bool cxr_jr_slug(cxr_jr_t *r, const char *key, size_t max, int flags,
    cxr_str_t *out);
bool cxr_jr_int(cxr_jr_t *r, const char *key, int64_t min, int64_t max,
    int flags, int64_t *out);
bool cxr_jr_bool(cxr_jr_t *r, const char *key, int flags, bool *out);
bool cxr_jr_time(cxr_jr_t *r, const char *key, int flags, cxr_time_t *out);
/* one of a NULL-terminated list of names; *out is the index */
bool cxr_jr_choice(cxr_jr_t *r, const char *key, const char *const *names,
    int flags, unsigned *out);
/* the member as it is, of the given type; *out borrowed from the object */
bool cxr_jr_array(cxr_jr_t *r, const char *key, size_t max, int flags,
    json_t **out);
bool cxr_jr_object(cxr_jr_t *r, const char *key, int flags, json_t **out);
/* an array of strings, each cleaned as a line of 1..max characters */
bool cxr_jr_strs(cxr_jr_t *r, const char *key, size_t nmax, size_t max,
    int flags, cxr_strs_t *out);

/*
 * Writing.  A small printer that keeps commas and nesting right:
 *     cxr_jw_open(&w, '{'); cxr_jw_str(&w, "a", s); cxr_jw_close(&w);
 * "key" is NULL inside an array.
 */
typedef struct {
    cxr_buf_t  *out;
    unsigned    depth;
    char        close[32];
    bool        comma;
} cxr_jw_t;

void cxr_jw_init(cxr_jw_t *w, cxr_buf_t *out);
void cxr_jw_open(cxr_jw_t *w, const char *key, char bracket);   /* '{' or '[' */
void cxr_jw_close(cxr_jw_t *w);
/* A member's name of ours that needs no escape; its value follows, with key
   NULL. */
void cxr_jw_name(cxr_jw_t *w, const char *name, size_t len);
void cxr_jw_str(cxr_jw_t *w, const char *key, cxr_str_t s);
void cxr_jw_strz(cxr_jw_t *w, const char *key, const char *z);
void cxr_jw_int(cxr_jw_t *w, const char *key, int64_t v);
void cxr_jw_uint(cxr_jw_t *w, const char *key, uint64_t v);
void cxr_jw_bytes(cxr_jw_t *w, const char *key, cxr_str_t s);   /* base64url */
void cxr_jw_bool(cxr_jw_t *w, const char *key, bool v);
void cxr_jw_null(cxr_jw_t *w, const char *key);
void cxr_jw_time(cxr_jw_t *w, const char *key, cxr_time_t at);  /* NONE: null */

#endif /* _CXR_JSON_H_INCLUDED_ */


/*
 * A carrier's profile: how the carrier's XML is to be read, as data.  It is
 * conf/carriers/<carrier>.xml, read and compiled once, when the configuration
 * is; immutable afterwards, so that threads may share it.  The language is
 * described in docs/carrier-profiles.md and conf/carriers/profile.rng.
 */

#ifndef _CXR_PROFILE_H_INCLUDED_
#define _CXR_PROFILE_H_INCLUDED_

#include "cxr_base.h"
#include "cxr_buf.h"

/* Limits of a profile; each is refused by name in the diag. */
#define CXR_PROFILE_BYTES_MAX    (512 * 1024)  /* the file                    */
#define CXR_PROFILE_SLUG_MAX     32            /* carrier, names of tables    */

typedef struct cxr_profile_s  cxr_profile_t;

/*
 * Reads and compiles a profile.  Every mistake is one of the "n" diags (at
 * most "max" are kept), each with file and line; the profile is made only when
 * there is none.  Returns CXR_OK, CXR_INVALID (see diags), CXR_LIMIT (file too
 * large), CXR_IO (cannot be read), CXR_NOMEM.  cxr_feed_init() must have been
 * called.  The owner frees it with cxr_profile_free(), after the last feed
 * that uses it is closed.
 */
cxr_rc_t cxr_profile_load(const char *path, cxr_profile_t **out,
    cxr_diag_t *diags, size_t max, size_t *n);
cxr_rc_t cxr_profile_parse(cxr_str_t text, const char *file,
    cxr_profile_t **out, cxr_diag_t *diags, size_t max, size_t *n);
void cxr_profile_free(cxr_profile_t *p);

/* The carrier's slug ("ups") and name ("UPS"); live as long as the profile. */
cxr_str_t cxr_profile_carrier(const cxr_profile_t *p);
cxr_str_t cxr_profile_name(const cxr_profile_t *p);

/*
 * What the profile holds, for the operator: its formats, and each table with
 * its source, its rules and how many of them nobody has confirmed.
 */
void cxr_profile_print(const cxr_profile_t *p, cxr_buf_t *out);

#endif /* _CXR_PROFILE_H_INCLUDED_ */

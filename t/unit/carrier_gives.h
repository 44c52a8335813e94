
/*
 * What a profile makes of a document, and what is wrong with a profile, in one
 * line each.
 */

#ifndef _CARRIER_GIVES_H_INCLUDED_
#define _CARRIER_GIVES_H_INCLUDED_

#include "carrier_kit.h"


/* what a document comes to, whole and cut: "wants" are parts of it, in order,
   "|" between them */
static inline void
gives(const char *profile, const char *doc, const char *wants)
{
    int             i;
    char           *at, *next, *w, copy[512];
    kit_run_t       run;
    cxr_profile_t  *p = kit_profile(profile);

    for (i = 0; i < 3; i++) {
        kit_run(&run, p, NULL, cxr_strz(doc), i == 2 ? -1 : i, 7);

        if (run.end != CXR_FEED_DONE) {
            fail_msg("%s: %s", doc, run.diag.text);
        }

        cxr_buf_addc(&run.out, '\0');
        at = run.out.data;
        snprintf(copy, sizeof(copy), "%s", wants);

        for (w = copy; w != NULL; w = next) {
            next = strchr(w, '|');
            if (next != NULL) {
                *next++ = '\0';
            }

            at = strstr(at, w);
            if (at == NULL) {
                fail_msg("no %s in\n%s", w, run.out.data);
            }
            at += strlen(w);
        }

        kit_free(&run);
    }

    cxr_profile_free(p);
}


/* the profile is refused, with a complaint that has the word */
static inline void
bad(const char *profile, const char *word)
{
    size_t          n, i;
    cxr_diag_t      d[8];
    cxr_profile_t  *p;

    assert_int_equal(cxr_profile_parse(cxr_strz(profile), "f", &p, d, 8, &n),
                     CXR_INVALID);

    for (i = 0; i < n && strstr(d[i].text, word) == NULL; i++) {
        /* void */
    }

    if (i == n) {
        fail_msg("no complaint of \"%s\" but %s", word, n ? d[0].text : "none");
    }
}

#endif /* _CARRIER_GIVES_H_INCLUDED_ */

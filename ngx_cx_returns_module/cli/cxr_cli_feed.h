
/*
 * What the commands about carriers' documents share.
 */

#ifndef _CXR_CLI_FEED_H_INCLUDED_
#define _CXR_CLI_FEED_H_INCLUDED_

#include "cxr_cli.h"
#include "cxr_feed.h"

#define CXR_CLI_FEED_FILES  4096

/* Loads a profile; false: explained, the program ends with *status. */
bool cxr_cli_feed_profile(const char *path, cxr_profile_t **profile,
    int *status);

/*
 * Opens the file ("-": standard input), puts all of it through the feed that
 * "open" makes and says the sum on standard error.  Returns the exit status.
 */
typedef cxr_rc_t (*cxr_cli_feed_open_pt)(void *ctx, const char *name,
    cxr_feed_t **feed);

int cxr_cli_feed_through(const char *path, const cxr_profile_t *profile,
    cxr_cli_feed_open_pt open, void *ctx);

/* A refused record as a JSON object under "refused". */
void cxr_cli_feed_refusal(cxr_jw_t *w, const cxr_feed_refusal_t *no);

extern const cxr_cli_command_t  cxr_cli_explain[];

#endif /* _CXR_CLI_FEED_H_INCLUDED_ */

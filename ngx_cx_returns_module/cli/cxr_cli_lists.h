
/*
 * Lists of people that the API changes, for who asks what is known of her.
 */

#ifndef _CXR_CLI_LISTS_H_INCLUDED_
#define _CXR_CLI_LISTS_H_INCLUDED_

#include "cxr_cli_world.h"
#include "cxr_json.h"
#include "cxr_store_lists.h"

/* "lists": the entries of that e-mail address, as a member of the open object;
   nothing when "who" is none. */
cxr_rc_t cxr_cli_lists_export(cxr_cli_world_t *w, cxr_read_t *rd,
    const char *who, cxr_jw_t *jw);
/* Takes them off, and says so; *n: how many there were. */
int cxr_cli_lists_erase(cxr_cli_world_t *w, const char *who, const char *by,
    cxr_time_t now, uint32_t *n);

#endif /* _CXR_CLI_LISTS_H_INCLUDED_ */

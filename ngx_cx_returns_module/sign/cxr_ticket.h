
/*
 * Tickets of photos: what a form carries of a photo that was taken in before
 * the RMA or the message is made that will name it.  A MAC over the photo and
 * over whose it is, so that nobody names one that is not hers, and none that
 * is not there by that size.
 *
 *     <hash, 64 hex>.<width>.<height>.<bytes>.<MAC, 22 of base64url>
 *
 * A ticket has no expiry: it is of no use once the photo's file was swept.
 */

#ifndef _CXR_TICKET_H_INCLUDED_
#define _CXR_TICKET_H_INCLUDED_

#include "cxr_rma.h"
#include "cxr_sign.h"

#define CXR_TICKET_MAX  128

/* "scope": whose the photo is, as for cxr_photo_keep().  CXR_NOMEM. */
cxr_rc_t cxr_ticket_make(const cxr_keyring_t *ring, cxr_str_t scope,
    const cxr_photo_ref_t *ref, cxr_arena_t *a, cxr_str_t *out);

/* CXR_INVALID: no ticket, or none of that scope; CXR_NOMEM.  The hash is in
   the arena. */
cxr_rc_t cxr_ticket_open(const cxr_keyring_t *ring, cxr_str_t scope,
    cxr_str_t ticket, cxr_arena_t *a, cxr_photo_ref_t *ref);

/* May it be one: are its letters those of a ticket? */
bool cxr_ticket_like(cxr_str_t ticket);

#endif /* _CXR_TICKET_H_INCLUDED_ */

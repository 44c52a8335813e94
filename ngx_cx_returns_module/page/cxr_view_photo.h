
/*
 * Photos on a page: small ones that lead to the whole, of a message, of an
 * RMA's line, and of a form that is still being filled in.
 */

#ifndef _CXR_VIEW_PHOTO_H_INCLUDED_
#define _CXR_VIEW_PHOTO_H_INCLUDED_

#include "cxr_say.h"

typedef struct {
    cxr_str_t    url;          /* the photo                                   */
    cxr_str_t    small_url;    /* and of a list                               */
    cxr_str_t    name;         /* read aloud: "Photo 1"                       */
    uint32_t     width;        /* of the photo, pixels                        */
    uint32_t     height;
    cxr_str_t    ticket;       /* in a form: of p.<line>                      */
} cxr_view_photo_t;

typedef CXR_LIST_OF(cxr_view_photo_t)  cxr_view_photos_t;

extern const cxr_type_t  cxr_view_photo_type;

/* "url" is the page's that shows them, no language: they stand below it. */
void cxr_view_photos(cxr_say_t *say, cxr_str_t url,
    const cxr_photo_refs_t *refs, cxr_view_photos_t *out);
/* those of a line of the portal's form, by their tickets */
void cxr_view_tickets(cxr_say_t *say, cxr_str_t url,
    const cxr_portal_pick_t *pick, cxr_view_photos_t *out);

#endif /* _CXR_VIEW_PHOTO_H_INCLUDED_ */

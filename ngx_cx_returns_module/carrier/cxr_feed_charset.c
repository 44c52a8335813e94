
/*
 * The encoding of a document that names none itself: its request's.
 */

#include <libxml/encoding.h>
#include <libxml/parserInternals.h>

#include "cxr_feed_private.h"
#include "cxr_push_private.h"


cxr_rc_t
cxr_feed_charset(cxr_feed_t *f, cxr_str_t charset)
{
    xmlCharEncodingHandlerPtr  handler;

    handler = cxr_charset_handler(charset);

    if (handler == NULL || f->begun) {
        return CXR_INVALID;
    }

    return xmlSwitchToEncoding(f->ctxt, handler) == 0 ? CXR_OK : CXR_INVALID;
}


/* NULL: none that is taken */
xmlCharEncodingHandlerPtr
cxr_charset_handler(cxr_str_t charset)
{
    char  name[CXR_CHARSET_MAX + 1];

    if (charset.len > CXR_CHARSET_MAX || !cxr_encoding_taken(charset)) {
        return NULL;
    }

    memcpy(name, charset.data, charset.len);
    name[charset.len] = '\0';

    return xmlFindCharEncodingHandler(name);
}

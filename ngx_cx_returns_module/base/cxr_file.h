
/*
 * A small file, read whole: what an operator writes.
 */

#ifndef _CXR_FILE_H_INCLUDED_
#define _CXR_FILE_H_INCLUDED_

#include "cxr_base.h"

/*
 * The file's bytes and, behind them, a 0; the caller frees "*text".
 *
 * CXR_NOTFOUND: no such file; CXR_LIMIT: more than "max" bytes; CXR_IO: cannot
 * be read, or is no regular file; CXR_NOMEM.  "d" names the file and why.
 */
cxr_rc_t cxr_file_read(const char *path, size_t max, char **text, size_t *len,
    cxr_diag_t *d);

#endif /* _CXR_FILE_H_INCLUDED_ */

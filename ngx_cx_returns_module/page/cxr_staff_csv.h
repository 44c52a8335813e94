
/*
 * The desk's lists as CSV (RFC 4180, UTF-8 with a byte order mark, since
 * spreadsheets take it for a code page otherwise).  Names and values are those of
 * the API, money is decimal in the RMA's currency, times are UTC.  Nothing in it
 * is personal.
 */

#ifndef _CXR_STAFF_CSV_H_INCLUDED_
#define _CXR_STAFF_CSV_H_INCLUDED_

#include "cxr_buf.h"
#include "cxr_rma.h"

#define CXR_STAFF_CSV_ROWS  20000   /* of one file                            */

void cxr_staff_csv_head(cxr_buf_t *out);
/* "asked": since when its conversation waits for the shop, or CXR_TIME_NONE */
void cxr_staff_csv_row(const cxr_rma_t *rma, cxr_time_t asked, cxr_buf_t *out);

#endif /* _CXR_STAFF_CSV_H_INCLUDED_ */

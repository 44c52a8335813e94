
/*
 * What the files of "cx-returns label" share.
 */

#ifndef _CXR_CLI_LABEL_H_INCLUDED_
#define _CXR_CLI_LABEL_H_INCLUDED_

#include "cxr_cli.h"

/* the page, PDF or printer's file of an RMA in the store */
int cxr_cli_label_render(const cxr_cli_command_t *cmd, int argc, char **argv);

#endif /* _CXR_CLI_LABEL_H_INCLUDED_ */

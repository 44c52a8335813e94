
/*
 * What the commands about templates share.
 */

#ifndef _CXR_CLI_TEMPLATES_H_INCLUDED_
#define _CXR_CLI_TEMPLATES_H_INCLUDED_

#include "cxr_cli.h"
#include "cxr_template.h"

typedef struct {
    cxr_catalog_t    *cat;
    cxr_templates_t  *set;
    char              templates[4096];
    char              own[4096];        /* the shop's; empty: it has none     */
} cxr_cli_html_t;

extern const cxr_cli_command_t  cxr_cli_templates[];

/*
 * Opens what cx_returns_html names, and the folder beside the shop's file
 * (NULL: of no shop).  An exit status, explained; close it in any case.
 */
int cxr_cli_html_open(const char *html, const char *shop, cxr_cli_html_t *h);
void cxr_cli_html_close(cxr_cli_html_t *h);

/* Appends a file ("-": standard input); false: explained. */
bool cxr_cli_slurp(const char *path, cxr_buf_t *b);

/* cxr_cli_preview.c */
int cxr_cli_templates_preview(const cxr_cli_command_t *cmd, int argc,
    char **argv);

#endif /* _CXR_CLI_TEMPLATES_H_INCLUDED_ */

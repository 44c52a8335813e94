
/*
 * What the commands about templates share.
 */

#ifndef _CXR_CLI_TEMPLATES_H_INCLUDED_
#define _CXR_CLI_TEMPLATES_H_INCLUDED_

#include "cxr_cli.h"
#include "cxr_shop.h"
#include "cxr_template.h"
#include "cxr_view.h"

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

/* The folder beside a shop's file, with a part of it ("/templates") behind;
   empty when there is none.  An exit status, explained. */
int cxr_cli_shop_folder(const char *shop, const char *part, char *out,
    size_t size);

/* Appends a file ("-": standard input); false: explained. */
bool cxr_cli_slurp(const char *path, cxr_buf_t *b);

/* Where pages of a preview go, and what they are made with. */
typedef struct cxr_cli_sheet_s  cxr_cli_sheet_t;

struct cxr_cli_sheet_s {
    const cxr_shop_t       *shop;
    const cxr_view_ctx_t   *ctx;
    cxr_arena_t            *arena;
    cxr_cli_html_t         *html;
    const char             *out;           /* the directory                   */
    const char             *prefix;        /* of it, in the index: "tr/"      */
    cxr_buf_t              *index;
    unsigned               *pages;
};

/* Renders a view by a template into a file, and lists it; an exit status,
   explained. */
int cxr_cli_sheet_page(const cxr_cli_sheet_t *sheet, const char *template,
    const char *file, const void *view);

/* The pages of an order of the store; an exit status, explained. */
int cxr_cli_preview_order(const cxr_cli_command_t *cmd,
    const cxr_cli_sheet_t *sheet, cxr_store_t *store, const char *number);

/* cxr_cli_preview.c */
int cxr_cli_templates_preview(const cxr_cli_command_t *cmd, int argc,
    char **argv);

#endif /* _CXR_CLI_TEMPLATES_H_INCLUDED_ */


/*
 * A view that is made up: every field of it by its table, so that a page that is
 * new is shown without anything being added here.
 */

#ifndef _CXR_CLI_PREVIEW_H_INCLUDED_
#define _CXR_CLI_PREVIEW_H_INCLUDED_

#include "cxr_cli.h"
#include "cxr_view.h"

/* Which parts of a page are shown: they exclude each other in life. */
typedef enum {
    CXR_CLI_FULL,                /* every section                             */
    CXR_CLI_FAULTS,              /* and every field with its fault            */
    CXR_CLI_BARE,                /* none: the inverted sections               */
    CXR_CLI_VARIANTS
} cxr_cli_variant_t;

typedef struct {
    cxr_arena_t        *a;
    cxr_view_ctx_t     *ctx;
    const char         *title;
    cxr_cli_variant_t   variant;
    unsigned            row;     /* of the list that is being filled          */
    bool                turkish; /* else in English                           */
} cxr_cli_preview_t;

/* Fills "obj", a struct of type "t"; false: out of memory. */
bool cxr_cli_fill(cxr_cli_preview_t *p, const cxr_type_t *t, char *obj,
    unsigned depth);

#endif /* _CXR_CLI_PREVIEW_H_INCLUDED_ */


/*
 * What the headers of the views say of their fields: made from these headers by
 * scripts/view-notes, so that a template's author reads the same words.
 */

#ifndef _CXR_CLI_FIELDS_H_INCLUDED_
#define _CXR_CLI_FIELDS_H_INCLUDED_

#include "cxr_cli.h"
#include "cxr_record.h"

typedef struct {
    const char  *type;         /* cxr_type_t.name; NULL ends the table        */
    const char  *field;        /* NULL: of the struct itself                  */
    const char  *text;
} cxr_cli_note_t;

extern const cxr_cli_note_t  cxr_cli_notes[];

/*
 * Every field that a template of that view may name, struct by struct, the
 * view's own first and the one that all pages share last.
 */
void cxr_cli_fields_print(const char *page, const cxr_type_t *view,
    FILE *out);

int cxr_cli_templates_fields(const cxr_cli_command_t *cmd, int argc,
    char **argv);

#endif /* _CXR_CLI_FIELDS_H_INCLUDED_ */

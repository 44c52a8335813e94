
/* The names that a page's template may use, from the tables of its view. */

#include "cxr_cli_fields.h"

#include "cxr_pages.h"
#include "cxr_view.h"

#define CXR_CLI_STRUCTS_MAX  64      /* that lead out of one view             */
#define CXR_CLI_NAME_WIDTH   20
#define CXR_CLI_KIND_WIDTH   22
#define CXR_CLI_LINE_WIDTH   100


static const char *
fields_note(const char *type, const char *field)
{
    const cxr_cli_note_t  *n;

    for (n = cxr_cli_notes; n->type != NULL; n++) {
        if (strcmp(n->type, type) == 0
            && (field == NULL ? n->field == NULL
                              : n->field != NULL
                                && strcmp(n->field, field) == 0))
        {
            return n->text;
        }
    }

    return "";
}


/* How it may be used, as docs/templates.md explains the words. */
static void
fields_kind(const cxr_field_t *f, char *out, size_t size)
{
    switch ((cxr_kind_t) f->kind) {

    case CXR_F_BOOL:
        (void) snprintf(out, size, "yes or no");
        break;

    case CXR_F_STR:
        (void) snprintf(out, size, "%s", f->flags & CXR_FIELD_URL ? "url"
                        : f->flags & CXR_FIELD_RAW ? "markup" : "text");
        break;

    case CXR_F_STRS:
        (void) snprintf(out, size, "list of texts");
        break;

    case CXR_F_LIST:
        (void) snprintf(out, size, "list of %s", f->sub->name);
        break;

    case CXR_F_REC:
        (void) snprintf(out, size, "%s", f->sub->name);
        break;

    case CXR_F_ENUM:
        (void) snprintf(out, size, "name");
        break;

    case CXR_F_TIME:
    case CXR_F_MONEY:
    case CXR_F_BYTES:
        (void) snprintf(out, size, "in sections only");
        break;

    default:
        (void) snprintf(out, size, "number");
        break;
    }
}


/* The text from column "at" on, broken between words. */
static void
fields_wrap(FILE *out, const char *text, int at)
{
    int          col = at;
    size_t       n;
    const char  *p = text;

    while (*p != '\0') {
        n = strcspn(p, " ");

        if (col != at && col + 1 + (int) n > CXR_CLI_LINE_WIDTH) {
            (void) fprintf(out, "\n%*s", at, "");
            col = at;

        } else if (col != at) {
            (void) fputc(' ', out);
            col++;
        }

        (void) fwrite(p, 1, n, out);
        col += (int) n;
        p += n + (p[n] == ' ');
    }

    (void) fputc('\n', out);
}


/* All that a field of a few fixed words may say. */
static const char *
fields_names(const cxr_field_t *f, char *out, size_t size)
{
    size_t  i, n = 0;

    for (i = 0; f->names[i] != NULL && n < size; i++) {
        n += (size_t) snprintf(out + n, size - n, "%s\"%s\"", i ? ", " : "",
                               f->names[i]);
    }

    return out;
}


static void
fields_of(const cxr_type_t *type, FILE *out)
{
    char                kind[80], names[1024];
    const char         *note;
    const cxr_field_t  *f;

    note = fields_note(type->name, NULL);
    (void) fprintf(out, "\n%s%s", type->name, *note ? "  " : "");
    fields_wrap(out, note, (int) strlen(type->name) + 2);

    for (f = type->fields; f->name != NULL; f++) {
        fields_kind(f, kind, sizeof(kind));
        note = f->kind == CXR_F_ENUM
               ? fields_names(f, names, sizeof(names))
               : fields_note(type->name, f->name);

        (void) fprintf(out, "    %-*s %-*s%s", CXR_CLI_NAME_WIDTH, f->name,
                       *note ? CXR_CLI_KIND_WIDTH : 0, kind, *note ? " " : "");
        fields_wrap(out, note, 4 + CXR_CLI_NAME_WIDTH + 1
                               + CXR_CLI_KIND_WIDTH + 1);
    }
}


/* Breadth first; one that does not fit is not followed. */
static unsigned
fields_reach(const cxr_type_t *view, const cxr_type_t **all, unsigned max)
{
    unsigned            i, k, n = 0;
    const cxr_field_t  *f;

    all[n++] = view;

    for (i = 0; i < n; i++) {
        for (f = all[i]->fields; f->name != NULL; f++) {
            for (k = 0; k < n && all[k] != f->sub; k++) { /* void */ }

            if (f->sub != NULL && k == n && n < max) {
                all[n++] = f->sub;
            }
        }
    }

    return n;
}


void
cxr_cli_fields_print(const char *page, const cxr_type_t *view, FILE *out)
{
    bool               shared, of_page[CXR_CLI_STRUCTS_MAX];
    unsigned           i, k, n, npage, pass;
    const cxr_type_t  *all[CXR_CLI_STRUCTS_MAX], *head[CXR_CLI_STRUCTS_MAX];

    n = fields_reach(view, all, CXR_CLI_STRUCTS_MAX);
    npage = fields_reach(&cxr_view_page_type, head, CXR_CLI_STRUCTS_MAX);

    for (i = 0; i < n; i++) {
        of_page[i] = false;

        for (k = 0; k < npage; k++) {
            of_page[i] |= all[i] == head[k];
        }
    }

    (void) fprintf(out, "%s\n", page);

    for (pass = 0; pass < 2; pass++) {
        shared = pass == 1;

        for (i = 0; i < n; i++) {
            if (of_page[i] == shared) {
                fields_of(all[i], out);
            }
        }
    }
}


int
cxr_cli_templates_fields(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int                        n, status;
    const cxr_template_use_t  *use;

    cxr_cli_option_t  opts[] = { { NULL, NULL, NULL } };

    n = cxr_cli_options(cmd, argc, argv, opts, 0, 1, &status);
    if (n == -1) {
        return status;
    }

    for (use = cxr_pages; use->name != NULL; use++) {
        if (n == 0) {
            (void) printf("%s\n", use->name);

        } else if (strcmp(use->name, argv[1]) == 0) {
            cxr_cli_fields_print(use->name, use->view, stdout);
            return CXR_EXIT_OK;
        }
    }

    if (n == 0) {
        return CXR_EXIT_OK;
    }

    cxr_cli_say("there is no page \"%s\"; a part of pages has the fields of "
                "those that take it in. The pages:", argv[1]);

    for (use = cxr_pages; use->name != NULL; use++) {
        (void) fprintf(stderr, "    %s\n", use->name);
    }

    return CXR_EXIT_WRONG;
}

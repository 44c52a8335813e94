
/* Where templates are found, and the check of all of them at once. */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cxr_file.h"
#include "cxr_template_op.h"
#include "cxr_text.h"


#define SET_ARENA_MAX    (64 * 1024 * 1024)
#define SET_FOLDERS_MAX  4               /* folders in one another            */


typedef struct {
    cxr_str_t    name;
    cxr_str_t    text;
    const char  *path;
} set_file_t;


struct cxr_templates_s {
    cxr_arena_t              *arena;
    size_t                    ndirs;
    const char               *dirs[CXR_TEMPLATE_DIRS_MAX];
    CXR_LIST_OF(set_file_t)   files;
    const cxr_catalog_t      *cat;         /* NULL: not checked, not known    */
};


cxr_rc_t
cxr_templates_open(const char *const *dirs, size_t ndirs,
    cxr_templates_t **out, cxr_diag_t *d)
{
    size_t            i;
    cxr_rc_t          rc = CXR_OK;
    struct stat       st;
    cxr_templates_t  *set;

    *out = NULL;

    if (ndirs == 0 || ndirs > CXR_TEMPLATE_DIRS_MAX) {
        return cxr_diag(d, CXR_LIMIT, NULL, "templates are read from 1 to %d "
                        "directories", CXR_TEMPLATE_DIRS_MAX);
    }

    set = calloc(1, sizeof(cxr_templates_t));
    if (set != NULL) {
        set->arena = cxr_arena_create(SET_ARENA_MAX);
    }

    if (set == NULL || set->arena == NULL) {
        free(set);
        return cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
    }

    for (i = 0; i < ndirs && rc == CXR_OK; i++) {
        if (stat(dirs[i], &st) == -1) {
            rc = cxr_diag(d, CXR_NOTFOUND, NULL, "the directory of templates "
                          "cannot be read: %s", strerror(errno));

        } else if (!S_ISDIR(st.st_mode)) {
            rc = cxr_diag(d, CXR_NOTFOUND, NULL,
                          "this is to be a directory of templates");
        }

        if (rc != CXR_OK) {
            cxr_diag_place(d, dirs[i], 0, 0);
            break;
        }

        set->dirs[i] = cxr_strz_dup(set->arena, cxr_strz(dirs[i]));
        if (set->dirs[i] == NULL) {
            rc = cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
        }
    }

    if (rc != CXR_OK) {
        cxr_templates_close(set);
        return rc;
    }

    set->ndirs = ndirs;
    *out = set;

    return CXR_OK;
}


void
cxr_templates_close(cxr_templates_t *set)
{
    if (set != NULL) {
        cxr_arena_destroy(set->arena);
        free(set);
    }
}


/* A name with ".." or a '/' in front could leave the directories. */
static bool
set_name_valid(cxr_str_t name)
{
    size_t  i;
    char    c;

    if (name.len == 0 || name.len > CXR_TEMPLATE_NAME_MAX
        || name.data[0] == '/' || name.data[0] == '.')
    {
        return false;
    }

    for (i = 0; i < name.len; i++) {
        c = name.data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9') || strchr("_-./", c) != NULL)
            || (c == '.' && i != 0
                && (name.data[i - 1] == '.' || name.data[i - 1] == '/')))
        {
            return false;
        }
    }

    return true;
}


/* The text must be UTF-8 as it is: nobody looks at it again. */
static cxr_rc_t
set_text(const char *path, cxr_str_t text, cxr_diag_t *d)
{
    cxr_rc_t     rc;
    unsigned     line = 1;
    uint32_t     cp;
    cxr_str_t    rest = text;
    const char  *bol = text.data, *at = text.data, *why = NULL;

    if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0) {
        why = "the file begins with a byte order mark: save it as \"UTF-8\" "
              "without one";
    }

    while (rest.len != 0 && why == NULL) {
        at = rest.data;
        cp = cxr_utf8_next(&rest);

        if (cp == CXR_UTF8_BAD) {
            why = "this is not UTF-8: save the file in that encoding";

        } else if (cp == 0) {
            why = "there is a zero byte here, which no text has";

        } else if (cp == '\n') {
            line++;
            bol = rest.data;
        }
    }

    if (why == NULL) {
        return CXR_OK;
    }

    rc = cxr_diag(d, CXR_INVALID, NULL, "%s", why);
    cxr_diag_place(d, path, line, (unsigned) (at - bol) + 1);

    return rc;
}


static cxr_rc_t
set_read(cxr_templates_t *set, const char *path, cxr_str_t *text,
    cxr_diag_t *d)
{
    char         *data;
    size_t        n;
    cxr_rc_t      rc;
    struct stat   st;

    rc = cxr_file_read(path, CXR_TEMPLATE_FILE_MAX, &data, &n, d);

    if (rc == CXR_NOTFOUND && lstat(path, &st) == 0) {
        rc = cxr_diag(d, CXR_IO, NULL, "this link leads nowhere");
    }

    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_str_dup(set->arena, cxr_strn(data, n), text);
    free(data);

    return rc == CXR_OK ? set_text(path, *text, d)
                        : cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
}


/* "a, b" */
static const char *
set_dirs(cxr_templates_t *set, char *out, size_t size)
{
    size_t  i, n = 0;

    for (i = 0, out[0] = '\0'; i < set->ndirs && n < size; i++) {
        n += (size_t) snprintf(out + n, size - n, "%s%s", i ? ", " : "",
                               set->dirs[i]);
    }

    return out;
}


cxr_rc_t
cxr_templates_file(cxr_templates_t *set, const char *name, cxr_str_t *text,
    const char **path, cxr_diag_t *d)
{
    size_t       i;
    char         full[256], dirs[160];
    cxr_rc_t     rc;
    uint32_t     k;
    set_file_t  *file;

    for (k = 0; k < set->files.n; k++) {
        if (cxr_str_is(set->files.items[k].name, name)) {
            *text = set->files.items[k].text;
            *path = set->files.items[k].path;
            return CXR_OK;
        }
    }

    if (!set_name_valid(cxr_strz(name))) {
        return cxr_diag(d, CXR_INVALID, NULL, "\"%.*s\" is not a template's "
                        "name: letters, digits, '_', '-', '/' and single "
                        "dots", cxr_str_arg(cxr_utf8_cut(cxr_strz(name), 100)));
    }

    rc = CXR_NOTFOUND;

    for (i = set->ndirs; i > 0 && rc == CXR_NOTFOUND; i--) {
        if (snprintf(full, sizeof(full), "%s/%s", set->dirs[i - 1], name)
            >= (int) sizeof(full))
        {
            return cxr_diag(d, CXR_LIMIT, NULL, "the path of the template "
                            "\"%s\" is too long", name);
        }

        rc = set_read(set, full, text, d);
    }

    if (rc == CXR_NOTFOUND) {
        rc = cxr_diag(d, rc, NULL, "there is no template \"%s\" in %s", name,
                      set_dirs(set, dirs, sizeof(dirs)));
        cxr_diag_place(d, "", 0, 0);
        return rc;
    }

    if (rc != CXR_OK) {
        cxr_diag_place(d, full, d ? d->line : 0, d ? d->column : 0);
        return rc;
    }

    file = cxr_list_push(set->arena, &set->files, sizeof(set_file_t));
    if (file == NULL
        || cxr_str_dup(set->arena, cxr_strz(name), &file->name) != CXR_OK
        || (file->path = cxr_strz_dup(set->arena, cxr_strz(full))) == NULL)
    {
        set->files.n -= file != NULL;
        return cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
    }

    file->text = *text;
    *path = file->path;

    return CXR_OK;
}


bool
cxr_templates_speak(const cxr_templates_t *set, cxr_str_t code, char *known,
    size_t size)
{
    size_t     i, n = 0;
    cxr_str_t  one;

    known[0] = '\0';

    if (set->cat == NULL) {
        return true;
    }

    for (i = 0; i < cxr_catalog_nlangs(set->cat); i++) {
        one = cxr_lang_code(cxr_catalog_at(set->cat, i));

        if (cxr_str_eq(one, code)) {
            return true;
        }

        if (n < size) {
            n += (size_t) snprintf(known + n, size - n, "%s%.*s", n ? ", " : "",
                                   cxr_str_arg(one));
        }
    }

    return false;
}


typedef CXR_LIST_OF(cxr_diag_t)  set_faults_t;


static bool
set_same_fault(const cxr_diag_t *a, const cxr_diag_t *b)
{
    return a->line == b->line && a->column == b->column && a->rc == b->rc
           && strcmp(a->file, b->file) == 0 && strcmp(a->text, b->text) == 0
           && strcmp(a->where, b->where) == 0;
}


/* Whether a fault is one of before: in a part of many pages it is one fault. */
static bool
set_told(cxr_templates_t *set, set_faults_t *told, const cxr_diag_t *d)
{
    uint32_t     i;
    cxr_diag_t  *one;

    for (i = 0; i < told->n; i++) {
        if (set_same_fault(&told->items[i], d)) {
            return true;
        }
    }

    one = cxr_list_push(set->arena, told, sizeof(cxr_diag_t));
    if (one != NULL) {
        *one = *d;
    }

    return false;
}


/* A part of pages may be empty, a page not. */
static void
set_empty(cxr_templates_t *set, const char *name, cxr_diag_t *d)
{
    cxr_str_t    text;
    const char  *path = name;

    (void) cxr_templates_file(set, name, &text, &path, d);
    (void) cxr_diag(d, CXR_INVALID, NULL, "the page would be empty: write it, "
                    "or take the file away");
    cxr_diag_place(d, path, 1, 0);
}


size_t
cxr_template_check(cxr_templates_t *set, const cxr_catalog_t *cat,
    const cxr_template_use_t *uses,
    void (*fault)(void *ctx, const cxr_diag_t *d), void *ctx)
{
    bool             empty;
    size_t           i, nlangs, faults = 0;
    set_faults_t     told;
    cxr_diag_t       d;
    cxr_template_t  *tpl;

    nlangs = cat ? cxr_catalog_nlangs(cat) : 1;
    set->cat = cat;
    memset(&told, 0, sizeof(set_faults_t));

    for ( /* void */ ; uses->name != NULL; uses++) {
        for (i = 0; i < nlangs; i++) {
            memset(&d, 0, sizeof(cxr_diag_t));

            if (cxr_template_compile(set, uses->name,
                                     cat ? cxr_catalog_at(cat, i) : NULL,
                                     uses->view, &tpl, &d)
                == CXR_OK)
            {
                empty = tpl->nops == 1 && tpl->static_size == 0;
                cxr_template_free(tpl);

                if (!empty) {
                    continue;
                }

                set_empty(set, uses->name, &d);
            }

            if (set_told(set, &told, &d)) {
                continue;
            }

            faults++;
            fault(ctx, &d);
        }
    }

    return faults;
}


typedef struct {
    cxr_templates_t   *set;         /* NULL: only files of "kinds"           */
    const char        *why;
    void             (*fault)(void *ctx, const cxr_diag_t *d);
    void              *ctx;
    size_t             n;
} set_unused_t;


static void
set_unused(set_unused_t *u, const char *path)
{
    bool         told = u->set != NULL;
    uint32_t     i;
    cxr_diag_t   d;
    const char  *ext = strrchr(path, '.');

    /* a shop may well keep its logo there */

    static const char *const  kinds[] = {
        ".html", ".htm", ".mustache", ".css", ".po"
    };

    for (i = 0; u->set != NULL && i < u->set->files.n; i++) {
        if (strcmp(u->set->files.items[i].path, path) == 0) {
            return;
        }
    }

    for (i = 0; ext != NULL && i < cxr_nelts(kinds); i++) {
        told |= strcmp(ext, kinds[i]) == 0;
    }

    if (!told) {
        return;
    }

    memset(&d, 0, sizeof(cxr_diag_t));
    cxr_diag(&d, CXR_NOTFOUND, NULL, "%s", u->why);
    cxr_diag_place(&d, path, 0, 0);
    u->fault(u->ctx, &d);
    u->n++;
}


/* Calls set_unused() for each file below the directory but for those named. */
static void
set_walk(set_unused_t *u, const char *dir, const char *const *known,
    unsigned deep)
{
    int              i, n;
    bool             skip;
    char             path[256];
    unsigned         k;
    struct stat      st;
    struct dirent  **names;

    n = scandir(dir, &names, NULL, alphasort);

    for (i = 0; i < n; i++) {
        skip = names[i]->d_name[0] == '.'
               || snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name)
                  >= (int) sizeof(path);

        for (k = 0; known != NULL && known[k] != NULL; k++) {
            skip |= strcmp(known[k], names[i]->d_name) == 0;
        }

        if (!skip && deep < SET_FOLDERS_MAX && stat(path, &st) == 0
            && S_ISDIR(st.st_mode))
        {
            set_walk(u, path, NULL, deep + 1);

        } else if (!skip) {
            set_unused(u, path);
        }

        free(names[i]);
    }

    if (n >= 0) {
        free(names);
    }
}


size_t
cxr_templates_unused(cxr_templates_t *set,
    void (*fault)(void *ctx, const cxr_diag_t *d), void *ctx)
{
    set_unused_t  u = { set, "no page uses this file: is its name that of the "
                        "one whose place it is to take?", fault, ctx, 0 };

    set_walk(&u, set->dirs[set->ndirs - 1], NULL, 0);

    return u.n;
}


size_t
cxr_shop_folder_unused(const char *folder,
    void (*fault)(void *ctx, const cxr_diag_t *d), void *ctx)
{
    char          css[256];
    set_unused_t  u = { NULL, "nothing reads this file: of a shop's folder, "
                        "templates/, css/shop.css and css/cx.css count",
                        fault, ctx, 0 };

    static const char *const  known[] = { "templates", "css", NULL };
    static const char *const  sheet[] = { "cx.css", "shop.css", NULL };

    set_walk(&u, folder, known, 0);

    if (snprintf(css, sizeof(css), "%s/css", folder) < (int) sizeof(css)) {
        set_walk(&u, css, sheet, 0);
    }

    return u.n;
}

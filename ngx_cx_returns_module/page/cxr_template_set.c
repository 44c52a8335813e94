
/* Where templates are found, and the check of all of them at once. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cxr_template_op.h"
#include "cxr_text.h"


#define SET_ARENA_MAX  (64 * 1024 * 1024)


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
        if (stat(dirs[i], &st) == -1 || !S_ISDIR(st.st_mode)) {
            rc = cxr_diag(d, CXR_NOTFOUND, NULL,
                          "there is no such directory of templates");
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


static cxr_rc_t
set_read(cxr_templates_t *set, int fd, cxr_str_t *text, cxr_diag_t *d)
{
    char        *data;
    size_t       n = 0;
    ssize_t      got;
    struct stat  st;

    if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
        return cxr_diag(d, CXR_IO, NULL, "this is not a file");
    }

    if (st.st_size > CXR_TEMPLATE_FILE_MAX) {
        return cxr_diag(d, CXR_LIMIT, NULL, "the template is larger than %d "
                        "bytes", CXR_TEMPLATE_FILE_MAX);
    }

    data = cxr_alloc(set->arena, (size_t) st.st_size + 1);
    if (data == NULL) {
        return cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
    }

    while (n < (size_t) st.st_size
           && (got = read(fd, data + n, (size_t) st.st_size - n)) > 0)
    {
        n += (size_t) got;
    }

    if (n != (size_t) st.st_size) {
        return cxr_diag(d, CXR_IO, NULL, "the template cannot be read");
    }

    *text = cxr_strn(data, n);

    if (!cxr_utf8_valid(*text) || memchr(data, '\0', n) != NULL) {
        return cxr_diag(d, CXR_INVALID, NULL, "the template is not UTF-8");
    }

    return CXR_OK;
}


cxr_rc_t
cxr_templates_file(cxr_templates_t *set, const char *name, cxr_str_t *text,
    const char **path, cxr_diag_t *d)
{
    int          fd = -1;
    size_t       i;
    char         full[256];
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

    for (i = set->ndirs; i > 0 && fd == -1; i--) {
        if (snprintf(full, sizeof(full), "%s/%s", set->dirs[i - 1], name)
            >= (int) sizeof(full))
        {
            return cxr_diag(d, CXR_LIMIT, NULL, "the path of the template "
                            "\"%s\" is too long", name);
        }

        fd = open(full, O_RDONLY | O_CLOEXEC);

        if (fd == -1 && errno != ENOENT && errno != ENOTDIR) {
            rc = cxr_diag(d, CXR_IO, NULL, "the template cannot be opened: %s",
                          strerror(errno));
            cxr_diag_place(d, full, 0, 0);
            return rc;
        }
    }

    if (fd == -1) {
        return cxr_diag(d, CXR_NOTFOUND, NULL, "there is no template \"%s\"",
                        name);
    }

    rc = set_read(set, fd, text, d);
    close(fd);

    if (rc != CXR_OK) {
        cxr_diag_place(d, full, 0, 0);
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


static bool
set_same_fault(const cxr_diag_t *a, const cxr_diag_t *b)
{
    return a->line == b->line && a->column == b->column && a->rc == b->rc
           && strcmp(a->file, b->file) == 0 && strcmp(a->text, b->text) == 0
           && strcmp(a->where, b->where) == 0;
}


size_t
cxr_template_check(cxr_templates_t *set, const cxr_catalog_t *cat,
    const cxr_template_use_t *uses,
    void (*fault)(void *ctx, const cxr_diag_t *d), void *ctx)
{
    bool             told;
    size_t           i, nlangs, faults = 0;
    cxr_diag_t       d, last;
    cxr_template_t  *tpl;

    nlangs = cat ? cxr_catalog_nlangs(cat) : 1;

    for ( /* void */ ; uses->name != NULL; uses++) {
        told = false;

        for (i = 0; i < nlangs; i++) {
            memset(&d, 0, sizeof(cxr_diag_t));

            if (cxr_template_compile(set, uses->name,
                                     cat ? cxr_catalog_at(cat, i) : NULL,
                                     uses->view, &tpl, &d)
                == CXR_OK)
            {
                cxr_template_free(tpl);
                continue;
            }

            if (told && set_same_fault(&d, &last)) {
                continue;
            }

            faults++;
            fault(ctx, &d);
            last = d;
            told = true;
        }
    }

    return faults;
}


size_t
cxr_templates_unused(cxr_templates_t *set,
    void (*fault)(void *ctx, const cxr_diag_t *d), void *ctx)
{
    DIR            *dir;
    char            path[256];
    size_t          n = 0;
    uint32_t        i;
    cxr_diag_t      d;
    const char     *last = set->dirs[set->ndirs - 1];
    struct dirent  *e;

    dir = opendir(last);
    if (dir == NULL) {
        return 0;
    }

    while ((e = readdir(dir)) != NULL) {
        if (e->d_name[0] == '.' || e->d_type == DT_DIR
            || snprintf(path, sizeof(path), "%s/%s", last, e->d_name)
               >= (int) sizeof(path))
        {
            continue;
        }

        for (i = 0; i < set->files.n; i++) {
            if (strcmp(set->files.items[i].path, path) == 0) {
                break;
            }
        }

        if (i < set->files.n) {
            continue;
        }

        memset(&d, 0, sizeof(cxr_diag_t));
        cxr_diag(&d, CXR_NOTFOUND, NULL, "no page uses this file: is its name "
                 "that of the one whose place it is to take?");
        cxr_diag_place(&d, path, 0, 0);
        fault(ctx, &d);
        n++;
    }

    closedir(dir);

    return n;
}

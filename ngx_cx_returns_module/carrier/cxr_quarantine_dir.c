
/*
 * The directory of quarantined documents: list, read, drop, sweep.  Names come
 * from the directory, never from a document.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cxr_quarantine.h"
#include "cxr_text.h"


#define CXR_Q_STRAY  3600       /* seconds after which nobody writes any more */


typedef struct {
    char        id[CXR_QID_MAX + 1];
    uint64_t    bytes;          /* of both files                              */
    time_t      mtime;          /* of the note                                */
} cxr_qentry_t;

typedef struct {
    cxr_qentry_t  *items;
    size_t         n;
    size_t         room;
} cxr_qentries_t;


/* [0-9]{8}T[0-9]{6}Z-<slug>-[0-9a-f]{16} */
static bool
cxr_q_id_ok(cxr_str_t id)
{
    size_t  i;
    char    c;

    if (id.len < 16 + 1 + 1 + 1 + 16 || id.len > CXR_QID_MAX) {
        return false;
    }

    for (i = 0; i < 16; i++) {
        c = id.data[i];

        if (i == 8 ? c != 'T' : i == 15 ? c != 'Z' : c < '0' || c > '9') {
            return false;
        }
    }

    for (i = id.len - 16; i < id.len; i++) {
        c = id.data[i];

        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return false;
        }
    }

    return id.data[16] == '-' && id.data[id.len - 17] == '-'
           && cxr_is_slug(cxr_strn(id.data + 17, id.len - 34),
                          CXR_PROFILE_SLUG_MAX);
}


static bool
cxr_q_name(char out[4096], const char *dir, cxr_str_t id, const char *what)
{
    return snprintf(out, 4096, "%s/%.*s.%s", dir, cxr_str_arg(id), what)
           < 4096;
}


static int
cxr_q_newest(const void *one, const void *two)
{
    const cxr_qentry_t  *a = one, *b = two;

    return strcmp(b->id, a->id);
}


static cxr_rc_t
cxr_q_entry_add(cxr_qentries_t *all, cxr_str_t id)
{
    size_t         room;
    cxr_qentry_t  *items, *e;

    if (all->n == all->room) {
        room = all->room ? all->room * 2 : 64;
        items = realloc(all->items, room * sizeof(cxr_qentry_t));
        if (items == NULL) {
            return CXR_NOMEM;
        }

        all->items = items;
        all->room = room;
    }

    e = &all->items[all->n++];
    memset(e, 0, sizeof(*e));
    memcpy(e->id, id.data, id.len);

    return CXR_OK;
}


/*
 * What a process that died in the middle left behind: a document without its
 * note, or a note that never got its name.
 */
static void
cxr_q_stray(const char *dir, cxr_str_t name, time_t before)
{
    char         path[4096], note[4096];
    struct stat  st;

    if (snprintf(path, sizeof(path), "%s/%s", dir, name.data)
        >= (int) sizeof(path))
    {
        return;
    }

    if (name.len > 6 && name.data[0] == '.'
        && memcmp(name.data + name.len - 5, ".json", 5) == 0)
    {
        name.data++;
        name.len -= 6;

    } else if (name.len > 4
               && memcmp(name.data + name.len - 4, ".doc", 4) == 0)
    {
        name.len -= 4;

    } else {
        return;
    }

    if (cxr_q_id_ok(name) && cxr_q_name(note, dir, name, "json")
        && access(note, F_OK) == -1 && stat(path, &st) == 0
        && st.st_mtime < before)
    {
        (void) unlink(path);
    }
}


/*
 * The notes of the directory, newest first, without reading them.  Strays from
 * before "before" are taken away.
 */
static cxr_rc_t
cxr_q_scan(const char *dir, cxr_qentries_t *all, time_t before)
{
    DIR            *d;
    cxr_rc_t        rc = CXR_OK;
    cxr_str_t       name;
    struct dirent  *de;

    memset(all, 0, sizeof(*all));

    d = opendir(dir);
    if (d == NULL) {
        return errno == ENOENT ? CXR_NOTFOUND : CXR_IO;
    }

    while (rc == CXR_OK && (de = readdir(d)) != NULL) {
        name = cxr_strz(de->d_name);

        if (before) {
            cxr_q_stray(dir, name, before);
        }

        if (name.len > 5 && memcmp(name.data + name.len - 5, ".json", 5) == 0) {
            name.len -= 5;

            if (cxr_q_id_ok(name)) {
                rc = cxr_q_entry_add(all, name);
            }
        }
    }

    (void) closedir(d);

    if (rc != CXR_OK) {
        free(all->items);
        return rc;
    }

    if (all->n != 0) {
        qsort(all->items, all->n, sizeof(cxr_qentry_t), cxr_q_newest);
    }

    return CXR_OK;
}


static void
cxr_q_size(const char *dir, cxr_qentry_t *e)
{
    char         path[4096];
    struct stat  st;

    if (cxr_q_name(path, dir, cxr_strz(e->id), "doc") && stat(path, &st) == 0)
    {
        e->bytes += (uint64_t) st.st_size;
    }

    if (cxr_q_name(path, dir, cxr_strz(e->id), "json") && stat(path, &st) == 0)
    {
        e->bytes += (uint64_t) st.st_size;
        e->mtime = st.st_mtime;
    }
}


cxr_rc_t
cxr_quarantine_sweep(const cxr_quarantine_t *q, cxr_time_t now,
    cxr_qsum_t *sum)
{
    bool            full = false;
    size_t          i;
    cxr_rc_t        rc;
    cxr_qsum_t      left = { 0, 0 };
    cxr_qentry_t   *e;
    cxr_qentries_t  all;

    rc = cxr_q_scan(q->dir, &all,
                    (time_t) (now / CXR_SECOND) - CXR_Q_STRAY);
    if (rc != CXR_OK) {
        return rc == CXR_NOTFOUND ? CXR_IO : rc;
    }

    for (i = 0; i < all.n; i++) {
        e = &all.items[i];
        cxr_q_size(q->dir, e);

        full |= left.bytes + e->bytes > q->total
                || left.documents == CXR_QUARANTINE_DOCS;

        if (full || (cxr_time_t) e->mtime * CXR_SECOND + q->keep < now) {
            (void) cxr_quarantine_drop(q->dir, cxr_strz(e->id));
            continue;
        }

        left.documents++;
        left.bytes += e->bytes;
    }

    free(all.items);

    if (sum != NULL) {
        *sum = left;
    }

    return CXR_OK;
}


bool
cxr_quarantine_room(const cxr_quarantine_t *q, cxr_time_t now,
    cxr_qsum_t *kept)
{
    cxr_quarantine_t  less;

    if (kept->bytes <= q->total && kept->documents <= CXR_QUARANTINE_DOCS) {
        return false;
    }

    less = *q;
    less.total -= less.total / 8;

    return cxr_quarantine_sweep(&less, now, kept) == CXR_OK;
}


cxr_rc_t
cxr_quarantine_list(const char *dir, unsigned max, cxr_arena_t *a,
    cxr_qnotes_t *out, bool *more)
{
    size_t          i;
    cxr_rc_t        rc;
    cxr_qnote_t    *note, one;
    cxr_qentries_t  all;

    out->items = NULL;
    out->n = 0;
    *more = false;

    rc = cxr_q_scan(dir, &all, 0);
    if (rc != CXR_OK) {
        return rc;
    }

    for (i = 0; rc == CXR_OK && i < all.n; i++) {

        if (out->n == max) {
            *more = true;
            break;
        }

        rc = cxr_quarantine_note(dir, cxr_strz(all.items[i].id), a, &one);

        if (rc == CXR_NOTFOUND || rc == CXR_INVALID) {
            rc = CXR_OK;                 /* swept meanwhile, or not ours */
            continue;
        }

        note = rc == CXR_OK ? cxr_list_push(a, out, sizeof(cxr_qnote_t))
                            : NULL;

        if (note == NULL) {
            rc = rc == CXR_OK ? CXR_NOMEM : rc;
            break;
        }

        *note = one;
    }

    free(all.items);

    return rc;
}


/* A note is ours, but may have been edited: what is of another type is left
   as it is when empty. */
static void
cxr_q_note_read(json_t *root, cxr_arena_t *a, cxr_qnote_t *note)
{
    json_t             *v;
    cxr_str_t           s;
    const cxr_field_t  *f;

    for (f = cxr_qnote_type.fields; f->name != NULL; f++) {
        char  *at = (char *) note + f->offset;

        v = json_object_get(root, f->name);

        if (json_is_string(v)) {
            s = cxr_strn(json_string_value(v), json_string_length(v));

            if (f->kind == CXR_F_STR) {
                (void) cxr_str_dup(a, s, (cxr_str_t *) at);

            } else if (f->kind == CXR_F_TIME) {
                (void) cxr_time_parse(s, (cxr_time_t *) at);
            }

        } else if (json_is_integer(v) && json_integer_value(v) >= 0) {

            if (f->kind == CXR_F_U64) {
                *(uint64_t *) at = (uint64_t) json_integer_value(v);

            } else if (f->kind == CXR_F_U32
                       && json_integer_value(v) <= UINT32_MAX)
            {
                *(uint32_t *) at = (uint32_t) json_integer_value(v);
            }

        } else if (json_is_boolean(v) && f->kind == CXR_F_BOOL) {
            *(bool *) at = json_is_true(v);
        }
    }
}


cxr_rc_t
cxr_quarantine_note(const char *dir, cxr_str_t id, cxr_arena_t *a,
    cxr_qnote_t *note)
{
    char         path[4096];
    json_t      *root;
    cxr_rc_t     rc;
    cxr_diag_t   d;

    memset(note, 0, sizeof(*note));

    if (!cxr_q_id_ok(id) || !cxr_q_name(path, dir, id, "json")) {
        return CXR_INVALID;
    }

    rc = cxr_json_load(path, CXR_QUARANTINE_NOTE_MAX, &root, NULL, &d);
    if (rc != CXR_OK) {
        return rc == CXR_LIMIT ? CXR_INVALID : rc;
    }

    cxr_q_note_read(root, a, note);
    json_decref(root);

    rc = cxr_str_dup(a, id, &note->id);
    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_is_slug(note->carrier, CXR_PROFILE_SLUG_MAX) ? CXR_OK
                                                            : CXR_INVALID;
}


int
cxr_quarantine_open(const char *dir, cxr_str_t id)
{
    char  path[4096];

    if (!cxr_q_id_ok(id) || !cxr_q_name(path, dir, id, "doc")) {
        errno = EINVAL;
        return -1;
    }

    return open(path, O_RDONLY|O_NOFOLLOW|O_CLOEXEC);
}


cxr_rc_t
cxr_quarantine_drop(const char *dir, cxr_str_t id)
{
    int   rc;
    char  path[4096];

    if (!cxr_q_id_ok(id) || !cxr_q_name(path, dir, id, "doc")) {
        return CXR_INVALID;
    }

    if (unlink(path) == -1 && errno != ENOENT) {
        return CXR_IO;
    }

    (void) cxr_q_name(path, dir, id, "json");
    rc = unlink(path);

    return rc == 0 ? CXR_OK : errno == ENOENT ? CXR_NOTFOUND : CXR_IO;
}

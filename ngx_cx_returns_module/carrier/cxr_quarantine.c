
/*
 * The documents' copies while they are read, and their names afterwards.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cxr_push_private.h"
#include "cxr_quarantine.h"
#include "cxr_redact.h"
#include "cxr_sign.h"
#include "cxr_text.h"


#define CXR_Q_PIECE  (64 * 1024)


struct cxr_qdoc_s {
    cxr_quarantine_t   q;
    int                fd;
    uint64_t           bytes;       /* of the document                        */
    bool               over;        /* larger than max_size                   */
    bool               failed;      /* the disk took no more                  */
    const cxr_strs_t  *credentials; /* names, or NULL                         */
};

typedef struct {
    int                fd;
    int                error;
    uint64_t           bytes;
} cxr_qout_t;


static const cxr_field_t  cxr_qnote_fields[] = {
    CXR_FIELD(cxr_qnote_t, id, STR),
    CXR_FIELD(cxr_qnote_t, carrier, STR),
    CXR_FIELD(cxr_qnote_t, shop, STR),
    CXR_FIELD(cxr_qnote_t, at, TIME),
    CXR_FIELD(cxr_qnote_t, reason, STR),
    CXR_FIELD(cxr_qnote_t, detail, STR),
    CXR_FIELD(cxr_qnote_t, line, U32),
    CXR_FIELD(cxr_qnote_t, charset, STR),
    CXR_FIELD(cxr_qnote_t, form, BOOL),
    CXR_FIELD(cxr_qnote_t, kept, BOOL),
    CXR_FIELD(cxr_qnote_t, bytes, U64),
    CXR_FIELD(cxr_qnote_t, records, U64),
    CXR_FIELD(cxr_qnote_t, stored, U64),
    CXR_FIELD(cxr_qnote_t, repeated, U64),
    CXR_FIELD(cxr_qnote_t, refused, U64),
    CXR_FIELD(cxr_qnote_t, events, U64),
    CXR_FIELD(cxr_qnote_t, unmapped, U64),
    CXR_FIELD_X(cxr_qnote_t, number, STR, CXR_FIELD_SPARSE),
    CXR_FIELD_END
};

const cxr_type_t  cxr_qnote_type = {
    "quarantined", 0, 1, sizeof(cxr_qnote_t), cxr_qnote_fields
};


cxr_rc_t
cxr_qdoc_create(const cxr_quarantine_t *q, cxr_qdoc_t **out)
{
    cxr_qdoc_t  *doc;

    doc = calloc(1, sizeof(cxr_qdoc_t));
    if (doc == NULL) {
        return CXR_NOMEM;
    }

    doc->q = *q;
    doc->fd = -1;
    *out = doc;

    return CXR_OK;
}


void
cxr_qdoc_credentials(cxr_qdoc_t *doc, const cxr_strs_t *names)
{
    doc->credentials = names;
}


void
cxr_qdoc_free(cxr_qdoc_t *doc)
{
    if (doc == NULL) {
        return;
    }

    if (doc->fd != -1) {
        (void) close(doc->fd);
    }

    free(doc);
}


void
cxr_qdoc_add(cxr_qdoc_t *doc, const void *data, size_t len)
{
    doc->bytes += len;

    if (doc->over || doc->failed) {
        return;
    }

    if (doc->bytes > doc->q.max_size) {

        /* gives its blocks back at once */

        doc->over = true;

        if (doc->fd != -1) {
            (void) close(doc->fd);
            doc->fd = -1;
        }

        return;
    }

    if (doc->fd == -1) {
        doc->fd = cxr_nameless(doc->q.dir);
    }

    if (doc->fd == -1 || cxr_write_all(doc->fd, data, len) != 0) {
        doc->failed = true;
    }
}


bool
cxr_qdoc_whole(const cxr_qdoc_t *doc)
{
    return !doc->over && !doc->failed;
}


static void
cxr_q_out(void *ctx, const void *data, size_t len)
{
    cxr_qout_t  *out = ctx;

    if (out->error == 0) {
        out->error = cxr_write_all(out->fd, data, len);
        out->bytes += len;
    }
}


/* The copy without credentials, into "to". */
static int
cxr_q_redacted(const cxr_qdoc_t *doc, bool form, int to, uint64_t *bytes)
{
    char           *piece;
    off_t           at = 0;
    ssize_t         n;
    cxr_qout_t      out = { to, 0, 0 };
    cxr_redact_t   *r;

    piece = malloc(CXR_Q_PIECE);
    r = malloc(sizeof(cxr_redact_t));

    if (piece == NULL || r == NULL) {
        free(piece);
        free(r);
        return ENOMEM;
    }

    cxr_redact_init(r, form, cxr_q_out, &out);
    cxr_redact_more(r, doc->credentials);

    while ((n = pread(doc->fd, piece, CXR_Q_PIECE, at)) > 0) {
        cxr_redact_push(r, piece, (size_t) n);
        at += n;
    }

    if (n == -1 && out.error == 0) {
        out.error = errno;
    }

    cxr_redact_end(r);
    free(piece);
    free(r);
    *bytes = out.bytes;

    return out.error;
}


static bool
cxr_q_path(char out[4096], const char *dir, const char *id, const char *what)
{
    return snprintf(out, 4096, "%s/%s.%s", dir, id, what) < 4096;
}


/* Writes a file under a name that begins with a dot, which the last step takes
   off: whoever lists sees whole files only. */
static int
cxr_q_note_write(const char *dir, const char *id, const cxr_qnote_t *note,
    uint64_t *bytes)
{
    int        fd, error;
    char       part[4096], path[4096], dot[CXR_QID_MAX + 2];
    cxr_jw_t   w;
    cxr_buf_t  b;

    (void) snprintf(dot, sizeof(dot), ".%s", id);

    if (!cxr_q_path(part, dir, dot, "json")
        || !cxr_q_path(path, dir, id, "json"))
    {
        return ENAMETOOLONG;
    }

    cxr_buf_init(&b, CXR_QUARANTINE_NOTE_MAX);
    cxr_jw_init(&w, &b);
    cxr_rec_json(&cxr_qnote_type, note, NULL, CXR_REC_DUMP, &w);
    cxr_buf_addc(&b, '\n');

    if (!cxr_buf_ok(&b)) {
        cxr_buf_free(&b);
        return ENOMEM;
    }

    fd = open(part, O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600);
    error = fd == -1 ? errno : cxr_write_all(fd, b.data, b.len);
    *bytes = b.len;
    cxr_buf_free(&b);

    if (fd == -1) {
        return error;
    }

    if (close(fd) == -1 && error == 0) {
        error = errno;
    }

    if (error == 0 && rename(part, path) == -1) {
        error = errno;
    }

    if (error) {
        (void) unlink(part);
    }

    return error;
}


static int
cxr_q_doc_write(const cxr_qdoc_t *doc, const char *id, bool form,
    uint64_t *bytes)
{
    int   fd, error;
    char  path[4096];

    if (!cxr_q_path(path, doc->q.dir, id, "doc")) {
        return ENAMETOOLONG;
    }

    fd = open(path, O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600);
    if (fd == -1) {
        return errno;
    }

    error = cxr_q_redacted(doc, form, fd, bytes);

    if (close(fd) == -1 && error == 0) {
        error = errno;
    }

    if (error) {
        (void) unlink(path);
    }

    return error;
}


/* "20261102T091400Z-ups-0123456789abcdef": sorts by time */
static void
cxr_q_id(const cxr_qnote_t *note, char id[CXR_QID_MAX + 1])
{
    uint8_t      random[8];
    unsigned     i;
    cxr_buf_t    b;
    cxr_civil_t  c;

    cxr_random(random, sizeof(random));
    cxr_civil(note->at, 0, &c);
    cxr_buf_init_fixed(&b, id, CXR_QID_MAX + 1);
    cxr_buf_addf(&b, "%04d%02u%02uT%02u%02u%02uZ-", c.year, c.month, c.day,
                 c.hour, c.minute, c.second);
    cxr_buf_adds(&b, note->carrier);
    cxr_buf_addc(&b, '-');

    for (i = 0; i < sizeof(random); i++) {
        cxr_buf_addf(&b, "%02x", random[i]);
    }

    id[b.len <= CXR_QID_MAX ? b.len : CXR_QID_MAX] = '\0';
}


cxr_rc_t
cxr_qdoc_keep(cxr_qdoc_t *doc, cxr_qnote_t *note, bool readable,
    char id[CXR_QID_MAX + 1], cxr_qsum_t *grown)
{
    int       error;
    char      path[4096];
    uint64_t  bytes = 0, more = 0;

    if (!cxr_is_slug(note->carrier, CXR_PROFILE_SLUG_MAX)) {
        errno = EINVAL;
        return CXR_IO;
    }

    cxr_q_id(note, id);
    note->id = cxr_strz(id);
    note->bytes = doc->bytes;
    note->kept = readable && cxr_qdoc_whole(doc) && doc->fd != -1;

    if (note->kept) {
        error = cxr_q_doc_write(doc, id, note->form, &bytes);

        if (error) {
            note->kept = false;
            bytes = 0;
        }
    }

    error = cxr_q_note_write(doc->q.dir, id, note, &more);

    if (error) {
        if (note->kept && cxr_q_path(path, doc->q.dir, id, "doc")) {
            (void) unlink(path);
        }

        errno = error;
        return CXR_IO;
    }

    grown->documents = 1;
    grown->bytes = bytes + more;

    return CXR_OK;
}

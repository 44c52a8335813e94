
/*
 * Archives of feeds: tar and zip, packed with whatever libarchive knows, and a
 * single packed document.  Members are read as they come, never written to the
 * disk, so their names mean nothing but a place in a report.
 */

#include "cxr_cli_load.h"

#include <archive.h>
#include <archive_entry.h>


typedef struct {
    struct archive  *a;
    const char      *path;
    const char      *shown;       /* the path, as one may print it            */
} cxr_cli_packed_t;

typedef struct {
    struct archive  *a;
    const char      *name;
} cxr_cli_member_t;


bool
cxr_cli_is_archive(const uint8_t *head, size_t len)
{
    size_t  i;

    static const struct {
        const char  *magic;
        uint8_t      at;
        uint8_t      len;
    } known[] = {
        { "PK\3\4", 0, 4 }, { "PK\5\6", 0, 4 }, { "\x1f\x8b", 0, 2 },
        { "BZh", 0, 3 }, { "\xfd" "7zXZ", 0, 5 },
        { "\x28\xb5\x2f\xfd", 0, 4 }
    };

    for (i = 0; i < cxr_nelts(known); i++) {
        if (len >= known[i].len
            && memcmp(head + known[i].at, known[i].magic, known[i].len) == 0)
        {
            return true;
        }
    }

    return len >= 262 && memcmp(head + 257, "ustar", 5) == 0;
}


static ssize_t
cxr_cli_member_read(void *ctx, void *buf, size_t size)
{
    ssize_t            n;
    const char        *why;
    cxr_cli_member_t  *m = ctx;

    n = archive_read_data(m->a, buf, size);

    if (n < 0) {
        why = archive_error_string(m->a);
        cxr_cli_say("%s: cannot be unpacked: %s", m->name,
                    why ? why : "it is damaged");
        return -1;
    }

    return n;
}


static uint64_t
cxr_cli_member_at(void *ctx)
{
    cxr_cli_member_t  *m = ctx;
    la_int64_t         at = archive_filter_bytes(m->a, -1);

    return at > 0 ? (uint64_t) at : 0;
}


/* The archive's hash and the member's number: it can be read only once. */
static void
cxr_cli_member_hash(const uint8_t hash[CXR_CLI_LOAD_HASH], uint64_t number,
    uint8_t out[CXR_CLI_LOAD_HASH])
{
    cxr_hash_t  h;

    cxr_hash_begin(&h, CXR_CLI_LOAD_HASH, NULL, 0);
    cxr_hash_add(&h, hash, CXR_CLI_LOAD_HASH);
    cxr_hash_add(&h, &number, sizeof(number));
    cxr_hash_end(&h, out, CXR_CLI_LOAD_HASH);
}


/* a single packed document has no name but its file's */
static const char *
cxr_cli_member_named(const cxr_cli_packed_t *p, struct archive_entry *e)
{
    const char  *name;

    if (archive_format(p->a) == ARCHIVE_FORMAT_RAW) {
        return p->path;
    }

    name = archive_entry_pathname(e);
    name = name != NULL ? name : archive_entry_pathname_utf8(e);

    return name != NULL ? name : "?";
}


/* false: stop */
static bool
cxr_cli_load_member(cxr_cli_load_t *l, const cxr_cli_packed_t *p,
    const char *member, const uint8_t hash[CXR_CLI_LOAD_HASH], bool *whole)
{
    char               name[CXR_CLI_LOAD_NAME];
    char               shown[2 * CXR_CLI_LOAD_NAME + 2];
    cxr_load_t         end;
    cxr_cli_came_t     came;
    cxr_cli_member_t   m;

    if (cxr_cli_done_has(&l->done, hash)) {
        l->sum.done_before++;
        return true;
    }

    cxr_cli_printable(member, name, sizeof(name));
    (void) snprintf(shown, sizeof(shown), "%s(%s)", p->shown, name);

    memset(&came, 0, sizeof(came));
    came.number = cxr_cli_load_named(l, member);
    m.a = p->a;
    m.name = member == p->path ? p->shown : shown;

    end = cxr_cli_load_doc(l, m.name, &came, cxr_cli_member_read,
                           cxr_cli_member_at, &m);

    if (end == CXR_LOAD_DONE) {
        return cxr_cli_done_add(&l->done, hash);
    }

    *whole = false;

    return end != CXR_LOAD_STOPPED;
}


static bool
cxr_cli_load_members(cxr_cli_load_t *l, const cxr_cli_packed_t *p,
    const uint8_t hash[CXR_CLI_LOAD_HASH], bool *whole)
{
    int                    rc;
    uint8_t                own[CXR_CLI_LOAD_HASH];
    uint64_t               n;
    const char            *why;
    struct archive_entry  *e;

    for (n = 0; n < CXR_CLI_LOAD_MEMBERS; n++) {
        rc = archive_read_next_header(p->a, &e);

        if (rc == ARCHIVE_EOF) {
            return true;
        }

        if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN) {
            why = archive_error_string(p->a);
            cxr_cli_say("%s: cannot be unpacked: %s", p->shown,
                        why ? why : "it is damaged");
            l->sum.unread++;
            *whole = false;
            return true;
        }

        if (archive_filter_count(p->a) > CXR_CLI_LOAD_LAYERS + 1) {
            cxr_cli_say("%s: is packed more than %u times over", p->shown,
                        CXR_CLI_LOAD_LAYERS);
            l->sum.unread++;
            *whole = false;
            return true;
        }

        if (archive_entry_filetype(e) != AE_IFREG) {
            continue;
        }

        cxr_cli_member_hash(hash, n, own);

        if (!cxr_cli_load_member(l, p, cxr_cli_member_named(p, e), own, whole))
        {
            return false;
        }
    }

    cxr_cli_say("%s: has more than %u members: the rest is left out", p->shown,
                CXR_CLI_LOAD_MEMBERS);
    l->sum.unread++;
    *whole = false;

    return true;
}


bool
cxr_cli_load_archive(cxr_cli_load_t *l, const char *path,
    const char *shown, const uint8_t hash[CXR_CLI_LOAD_HASH])
{
    bool               good, whole;
    const char        *why;
    struct archive    *a;
    cxr_cli_packed_t   p;

    a = archive_read_new();

    if (a == NULL) {
        cxr_cli_say("not enough memory");
        l->failed = true;
        return false;
    }

    /* those that cxr_cli_is_archive() knows; for some of the others libarchive
       runs a program that it finds */

    (void) archive_read_support_filter_gzip(a);
    (void) archive_read_support_filter_bzip2(a);
    (void) archive_read_support_filter_xz(a);
    (void) archive_read_support_filter_zstd(a);
    (void) archive_read_support_format_tar(a);
    (void) archive_read_support_format_zip(a);
    (void) archive_read_support_format_raw(a);   /* "feed.xml.gz" */

    whole = true;
    p.a = a;
    p.path = path;
    p.shown = shown;

    if (archive_read_open_filename(a, path, CXR_CLI_LOAD_PIECE) != ARCHIVE_OK)
    {
        why = archive_error_string(a);
        cxr_cli_say("%s: cannot be unpacked: %s", shown,
                    why ? why : "it is damaged");
        l->sum.unread++;
        good = true;
        whole = false;

    } else {
        good = cxr_cli_load_members(l, &p, hash, &whole);
    }

    (void) archive_read_free(a);

    return good && whole ? cxr_cli_done_add(&l->done, hash) : good;
}

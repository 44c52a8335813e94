
/*
 * Documents that feeds refused: what is there, one of them, take it in now,
 * forget it.
 */

#include "cxr_cli_load.h"
#include "cxr_quarantine.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cxr_json.h"


#define CXR_CLI_IDS_MAX  4096


static int
cxr_cli_quarantine_all(const char *dir, cxr_arena_t *a, cxr_qnotes_t *notes)
{
    bool      more;
    cxr_rc_t  rc;

    rc = cxr_quarantine_list(dir, CXR_QUARANTINE_DOCS, a, notes, &more);

    if (rc == CXR_OK) {
        return CXR_EXIT_OK;
    }

    cxr_cli_say("%s: cannot be read: %s", dir,
                rc == CXR_NOMEM ? "not enough memory" : strerror(errno));

    return CXR_EXIT_FAILED;
}


static int
cxr_cli_quarantine_one(const char *dir, const char *id, cxr_arena_t *a,
    cxr_qnote_t *note)
{
    char  shown[128];

    if (cxr_quarantine_note(dir, cxr_strz(id), a, note) == CXR_OK) {
        return CXR_EXIT_OK;
    }

    cxr_cli_printable(id, shown, sizeof(shown));
    cxr_cli_say("%s: there is no document \"%s\"", dir, shown);

    return CXR_EXIT_FAILED;
}


static void
cxr_cli_quarantine_print(const cxr_qnote_t *note, bool json)
{
    char       at[CXR_TIME_PRINTED];
    cxr_jw_t   w;
    cxr_buf_t  b;

    if (json) {
        cxr_buf_init(&b, CXR_CLI_LINE_MAX);
        cxr_jw_init(&w, &b);
        cxr_rec_json(&cxr_qnote_type, note, NULL, CXR_REC_DUMP, &w);
        (void) printf("%.*s\n", cxr_str_arg(cxr_buf_str(&b)));
        cxr_buf_free(&b);
        return;
    }

    (void) cxr_time_snprint(note->at, at);
    (void) printf("%.*s  %s  %-10.*s %-9.*s %9llu bytes%s  %.*s\n",
                  cxr_str_arg(note->id), at, cxr_str_arg(note->carrier),
                  cxr_str_arg(note->reason), (unsigned long long) note->bytes,
                  note->kept ? "" : " (not kept)", cxr_str_arg(note->detail));
}


static int
cxr_cli_quarantine_list(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int                status;
    bool               json = false;
    uint32_t           i;
    const char        *dir = NULL;
    cxr_arena_t       *a;
    cxr_qnotes_t       notes;
    cxr_cli_option_t   opts[] = {
        { "dir", &dir, NULL },
        { "json", NULL, &json },
        { NULL, NULL, NULL }
    };

    if (cxr_cli_options(cmd, argc, argv, opts, 0, 0, &status) == -1) {
        return status;
    }

    if (!cxr_cli_need(cmd, "dir", dir)) {
        return CXR_EXIT_USAGE;
    }

    a = cxr_arena_create(CXR_CLI_ARENA_MAX);

    if (a == NULL) {
        cxr_cli_say("not enough memory");
        return CXR_EXIT_FAILED;
    }

    status = cxr_cli_quarantine_all(dir, a, &notes);

    for (i = 0; status == CXR_EXIT_OK && i < notes.n; i++) {
        cxr_cli_quarantine_print(&notes.items[i], json);
    }

    cxr_arena_destroy(a);

    return status;
}


static int
cxr_cli_quarantine_copy(const char *dir, const cxr_qnote_t *note)
{
    int      fd;
    bool     tty = isatty(STDOUT_FILENO);
    char     piece[64 * 1024];
    ssize_t  n, i;
    uint8_t  c, before = 0;

    fd = cxr_quarantine_open(dir, note->id);

    if (fd == -1) {
        cxr_cli_say("%.*s: the document was not kept: %s",
                    cxr_str_arg(note->id),
                    note->kept ? strerror(errno)
                               : "too large, or of an encoding in which "
                                 "credentials cannot be seen");
        return CXR_EXIT_FAILED;
    }

    while ((n = read(fd, piece, sizeof(piece))) > 0) {
        /* a document is hostile: none of its controls for a terminal, those
           of two bytes in UTF-8 (U+009B begins a command, too) neither */

        for (i = 0; tty && i < n; i++) {
            c = (uint8_t) piece[i];

            if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f
                || (before == 0xc2 && c >= 0x80 && c < 0xa0))
            {
                piece[i] = '?';
            }

            before = c;
        }

        (void) fwrite(piece, 1, (size_t) n, stdout);
    }

    (void) close(fd);

    if (n == -1) {
        cxr_cli_say("%.*s: cannot read: %s", cxr_str_arg(note->id),
                    strerror(errno));
        return CXR_EXIT_FAILED;
    }

    return CXR_EXIT_OK;
}


static int
cxr_cli_quarantine_show(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int                status;
    bool               note_only = false;
    const char        *dir = NULL;
    cxr_arena_t       *a;
    cxr_qnote_t        note;
    cxr_cli_option_t   opts[] = {
        { "dir", &dir, NULL },
        { "note", NULL, &note_only },
        { NULL, NULL, NULL }
    };

    if (cxr_cli_options(cmd, argc, argv, opts, 1, 1, &status) == -1) {
        return status;
    }

    if (!cxr_cli_need(cmd, "dir", dir)) {
        return CXR_EXIT_USAGE;
    }

    a = cxr_arena_create(CXR_CLI_ARENA_MAX);

    if (a == NULL) {
        cxr_cli_say("not enough memory");
        return CXR_EXIT_FAILED;
    }

    status = cxr_cli_quarantine_one(dir, argv[1], a, &note);

    if (status == CXR_EXIT_OK) {
        if (note_only) {
            cxr_cli_quarantine_print(&note, true);

        } else {
            status = cxr_cli_quarantine_copy(dir, &note);
        }
    }

    cxr_arena_destroy(a);

    return status;
}


static int
cxr_cli_quarantine_drop(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int                i, n, status;
    cxr_rc_t           rc;
    const char        *dir = NULL;
    char               shown[128];
    cxr_cli_option_t   opts[] = {
        { "dir", &dir, NULL },
        { NULL, NULL, NULL }
    };

    n = cxr_cli_options(cmd, argc, argv, opts, 1, CXR_CLI_IDS_MAX, &status);

    if (n == -1) {
        return status;
    }

    if (!cxr_cli_need(cmd, "dir", dir)) {
        return CXR_EXIT_USAGE;
    }

    for (i = 1, status = CXR_EXIT_OK; i <= n; i++) {
        rc = cxr_quarantine_drop(dir, cxr_strz(argv[i]));

        if (rc != CXR_OK) {
            cxr_cli_printable(argv[i], shown, sizeof(shown));
            cxr_cli_say("%s: \"%s\": %s", dir, shown,
                        rc == CXR_IO ? strerror(errno)
                                     : "there is no such document");
            status = CXR_EXIT_FAILED;
        }
    }

    return status;
}


/* ---- replay ---- */

static ssize_t
cxr_cli_replay_read(void *ctx, void *buf, size_t size)
{
    ssize_t  n;

    n = read(*(int *) ctx, buf, size);

    if (n == -1) {
        cxr_cli_say("cannot read a document: %s", strerror(errno));
    }

    return n;
}


/* One document; it leaves the quarantine when all of it was taken. */
static int
cxr_cli_replay_one(cxr_cli_load_t *l, const char *dir,
    const cxr_qnote_t *note)
{
    int             fd, status;
    char            name[128];
    uint64_t        refused;
    cxr_load_t      end;
    cxr_cli_came_t  came;
    cxr_profile_t  *profile;

    (void) snprintf(name, sizeof(name), "%.*s", cxr_str_arg(note->id));

    if (!cxr_str_eq(note->shop, l->world->shop->id)) {
        (void) printf("%s: is of the shop %.*s; left\n", name,
                      cxr_str_arg(note->shop));
        return CXR_EXIT_WRONG;
    }

    fd = cxr_quarantine_open(dir, note->id);

    if (fd == -1) {
        (void) printf("%s: its document was not kept; left\n", name);
        return CXR_EXIT_WRONG;
    }

    status = cxr_cli_world_profile(l->world, note->carrier, &profile);

    if (status != CXR_EXIT_OK) {
        (void) close(fd);
        return CXR_EXIT_FAILED;
    }

    l->profile = profile;
    refused = l->sum.refused;
    came.charset = note->charset;
    came.number = note->number;
    end = cxr_cli_load_doc(l, name, &came, cxr_cli_replay_read, NULL, &fd);

    cxr_profile_free(profile);
    (void) close(fd);

    if (end == CXR_LOAD_STOPPED || end == CXR_LOAD_UNREAD) {
        return CXR_EXIT_FAILED;
    }

    if (end == CXR_LOAD_BROKEN || l->sum.refused != refused) {
        (void) printf("%s: is refused again; left\n", name);
        return CXR_EXIT_WRONG;
    }

    if (cxr_quarantine_drop(dir, note->id) == CXR_IO) {
        cxr_cli_say("%s: is stored, but cannot be taken away: %s", name,
                    strerror(errno));
        return CXR_EXIT_FAILED;
    }

    (void) printf("%s: taken in\n", name);

    return CXR_EXIT_OK;
}


static int
cxr_cli_replay_all(cxr_cli_load_t *l, const char *dir, const char *carrier,
    char **ids, int n)
{
    int            i, s, status;
    uint32_t       k;
    cxr_qnote_t    note;
    cxr_qnotes_t   notes;

    status = CXR_EXIT_OK;

    for (i = 0; i < n && !cxr_cli_stop; i++) {
        s = cxr_cli_quarantine_one(dir, ids[i], l->world->arena, &note);
        s = s == CXR_EXIT_OK ? cxr_cli_replay_one(l, dir, &note) : s;
        status = s > status ? s : status;
    }

    if (n > 0) {
        return status;
    }

    status = cxr_cli_quarantine_all(dir, l->world->arena, &notes);

    /* as they came: the oldest first */

    for (k = status == CXR_EXIT_OK ? notes.n : 0; k > 0 && !cxr_cli_stop; k--)
    {
        if (carrier != NULL && !cxr_str_is(notes.items[k - 1].carrier, carrier))
        {
            continue;
        }

        s = cxr_cli_replay_one(l, dir, &notes.items[k - 1]);
        status = s > status ? s : status;
    }

    return status;
}


static int
cxr_cli_quarantine_replay(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int               n, status;
    bool              all = false;
    const char       *dir = NULL, *carrier = NULL;
    cxr_cli_load_t    l;
    cxr_cli_world_t   w;
    cxr_cli_option_t  opts[] = {
        { "dir", &dir, NULL },
        { "carrier", &carrier, NULL },
        { "all", NULL, &all },
        { "store", &w.store, NULL },
        { "keys", &w.keys, NULL },
        { "shop", &w.shop_file, NULL },
        { "carriers", &w.profiles, NULL },
        { "profiles", &w.profiles, NULL },
        { "unknown", &w.unknown, NULL },
        { NULL, NULL, NULL }
    };

    memset(&w, 0, sizeof(w));
    memset(&l, 0, sizeof(l));

    n = cxr_cli_options(cmd, argc, argv, opts, 0, CXR_CLI_IDS_MAX, &status);

    if (n == -1) {
        return status;
    }

    if (!cxr_cli_need(cmd, "dir", dir)) {
        return CXR_EXIT_USAGE;
    }

    if (all ? n != 0 : n == 0) {
        return cxr_cli_usage(cmd, "names of documents are wanted, or "
                             "\"--all\"");
    }

    status = cxr_cli_world_open(cmd, &w);

    if (status != CXR_EXIT_OK) {
        return status;
    }

    l.world = &w;
    l.done.fd = -1;
    l.shown = INT64_MAX;             /* no progress: documents are small */
    l.piece = malloc(CXR_CLI_LOAD_PIECE);
    cxr_buf_init(&l.told, CXR_CLI_LOAD_TOLD);

    if (l.piece == NULL) {
        cxr_cli_say("not enough memory");
        status = CXR_EXIT_FAILED;

    } else {
        status = cxr_cli_replay_all(&l, dir, carrier, argv + 1, n);

        (void) printf("%llu documents: %llu records stored, %llu repeated, "
                      "%llu refused\n%.*s",
                      (unsigned long long) l.sum.documents,
                      (unsigned long long) l.sum.stored,
                      (unsigned long long) l.sum.repeated,
                      (unsigned long long) l.sum.refused,
                      cxr_str_arg(cxr_buf_str(&l.told)));
    }

    cxr_buf_free(&l.told);
    free(l.piece);
    cxr_cli_world_close(&w);

    return status;
}


const cxr_cli_command_t  cxr_cli_quarantine[] = {
    { "quarantine", "list", "--dir DIR [--json]",
      "show which documents feeds refused, and why",
      "    The newest first. DIR is that of cx_returns_quarantine.\n\n"
      "OPTIONS\n"
      "    --dir DIR  the quarantine\n"
      "    --json     one JSON object a line\n",
      cxr_cli_quarantine_list },

    { "quarantine", "show", "--dir DIR [--note] ID",
      "print a refused document, without its credentials",
      "OPTIONS\n"
      "    --dir DIR  the quarantine\n"
      "    --note     what is known about it instead, as JSON\n",
      cxr_cli_quarantine_show },

    { "quarantine", "replay", "--dir DIR --store DIR --keys FILE\n"
      "        --shop FILE [--carriers DIR] [--unknown keep|refuse]\n"
      "        --all [--carrier NAME]|ID...",
      "take refused documents in, when the profile is mended",
      "    Goes the way of \"feed ingest\", and may run while nginx does.\n"
      "    What is taken without a refusal leaves the quarantine; the rest\n"
      "    stays.\n\n"
      "OPTIONS\n"
      "    --dir DIR       the quarantine\n"
      "    --store DIR     the store\n"
      "    --keys FILE     the key ring\n"
      "    --shop FILE     the shop's file; documents of other shops are left\n"
      "    --carriers DIR  where <carrier>.xml is, as cx_returns_carriers;\n"
      "                    " CXR_CLI_PROFILES " or " CXR_CLI_PROFILES_HERE "\n"
      "    --unknown WHAT  shipments that no order has announced: keep (as\n"
      "                    usual) or refuse\n"
      "    --all           all there are, the oldest first\n"
      "    --carrier NAME  with --all: of this carrier alone\n",
      cxr_cli_quarantine_replay },

    { "quarantine", "drop", "--dir DIR ID...",
      "forget refused documents",
      "OPTIONS\n"
      "    --dir DIR  the quarantine\n",
      cxr_cli_quarantine_drop },

    { NULL, NULL, NULL, NULL, NULL, NULL }
};

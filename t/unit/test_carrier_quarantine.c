
/*
 * The quarantine's files: named only when kept, whole or only noted, private,
 * listed, swept by age and room, and nothing else of the directory touched.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <dirent.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "cxr_quarantine.h"

/* 2026-11-21T00:00:00Z */
#define NOW  INT64_C(1795219200000)

static char              dir[64];
static cxr_quarantine_t  q;
static cxr_qsum_t        kept;         /* what all of them come to      */
static cxr_arena_t      *arena;


static int
setup(void **state)
{
    strcpy(dir, "/tmp/cxr-quarantine-XXXXXX");
    assert_non_null(mkdtemp(dir));

    q.dir = dir;
    q.max_size = 4096;
    q.total = 1 << 20;
    q.keep = CXR_DAY;
    arena = cxr_arena_create(1 << 24);

    return 0;
}


static int
teardown(void **state)
{
    char  cmd[128];

    snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
    cxr_arena_destroy(arena);

    return system(cmd);
}


/* files of the directory, hidden ones too */
static unsigned
files(void)
{
    DIR            *d = opendir(dir);
    unsigned        n = 0;
    struct dirent  *de;

    while ((de = readdir(d)) != NULL) {
        n += strcmp(de->d_name, ".") != 0 && strcmp(de->d_name, "..") != 0;
    }

    closedir(d);

    return n;
}


static void
keep(const char *text, size_t len, cxr_time_t at, char id[CXR_QID_MAX + 1])
{
    cxr_qdoc_t   *doc;
    cxr_qsum_t    grown;
    cxr_qnote_t   note;

    memset(&note, 0, sizeof(note));
    note.at = at;
    note.carrier = cxr_str("ups");
    note.shop = cxr_str("kahve-gurusu");
    note.reason = cxr_str("malformed");
    note.detail = cxr_str("a \"sentence\"\n");
    note.line = 7;
    note.refused = 3;

    assert_int_equal(cxr_qdoc_create(&q, &doc), CXR_OK);
    cxr_qdoc_add(doc, text, len / 2);
    cxr_qdoc_add(doc, text + len / 2, len - len / 2);
    assert_int_equal(cxr_qdoc_keep(doc, &note, true, id, &grown), CXR_OK);
    assert_int_equal(grown.documents, 1);
    kept.documents += grown.documents;
    kept.bytes += grown.bytes;
    cxr_qdoc_free(doc);
}


static void
test_kept(void **state)
{
    int          fd;
    char         id[CXR_QID_MAX + 1], path[256], got[256];
    bool         more;
    ssize_t      n;
    cxr_qdoc_t  *doc;
    struct stat  st;
    cxr_qnote_t  note;
    cxr_qnotes_t notes;

    static const char  text[] = "<a><pin>1234</pin>\n<b></a>";

    /* read, and no more: no file has a name */
    assert_int_equal(cxr_qdoc_create(&q, &doc), CXR_OK);
    cxr_qdoc_add(doc, text, sizeof(text) - 1);
    assert_true(cxr_qdoc_whole(doc));
    assert_int_equal(files(), 0);
    cxr_qdoc_free(doc);
    assert_int_equal(files(), 0);

    keep(text, sizeof(text) - 1, NOW, id);
    assert_int_equal(files(), 2);
    assert_memory_equal(id, "20261121T000000Z-ups-", 21);

    snprintf(path, sizeof(path), "%s/%s.doc", dir, id);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    snprintf(path, sizeof(path), "%s/%s.json", dir, id);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);

    fd = cxr_quarantine_open(dir, cxr_strz(id));
    assert_true(fd >= 0);
    n = read(fd, got, sizeof(got));
    close(fd);
    assert_true(cxr_str_is(cxr_strn(got, (size_t) n),
                           "<a><pin>REDACTED</pin>\n<b></a>"));

    assert_int_equal(cxr_quarantine_note(dir, cxr_strz(id), arena, &note),
                     CXR_OK);
    assert_true(cxr_str_is(note.id, id));
    assert_true(cxr_str_is(note.carrier, "ups"));
    assert_true(cxr_str_is(note.shop, "kahve-gurusu"));
    assert_true(cxr_str_is(note.detail, "a \"sentence\"\n"));
    assert_int_equal(note.at, NOW);
    assert_int_equal(note.line, 7);
    assert_int_equal(note.refused, 3);
    assert_int_equal(note.bytes, sizeof(text) - 1);
    assert_true(note.kept);

    assert_int_equal(cxr_quarantine_list(dir, 10, arena, &notes, &more),
                     CXR_OK);
    assert_int_equal(notes.n, 1);
    assert_false(more);

    assert_int_equal(cxr_quarantine_drop(dir, cxr_strz(id)), CXR_OK);
    assert_int_equal(cxr_quarantine_drop(dir, cxr_strz(id)), CXR_NOTFOUND);
    assert_int_equal(files(), 0);
}


static void
test_too_large(void **state)
{
    char         id[CXR_QID_MAX + 1], text[5000];
    cxr_qnote_t  note;

    memset(text, 'x', sizeof(text));
    keep(text, sizeof(text), NOW, id);
    assert_int_equal(files(), 1);
    assert_int_equal(cxr_quarantine_note(dir, cxr_strz(id), arena, &note),
                     CXR_OK);
    assert_false(note.kept);
    assert_int_equal(note.bytes, sizeof(text));
    assert_int_equal(cxr_quarantine_open(dir, cxr_strz(id)), -1);

    keep(text, q.max_size, NOW, id);
    assert_int_equal(files(), 3);
}


static void
test_names(void **state)
{
    size_t       i;
    cxr_qnote_t  note;

    static const char *const  bad[] = {
        "", "x", "../../etc/passwd", "20261121T000000Z-ups-0123456789abcde",
        "20261121T000000Z-ups-0123456789ABCDEF",
        "20261121T000000Z-../-0123456789abcdef",
        "20261121T000000Z--0123456789abcdef",
        "20261121X000000Z-ups-0123456789abcdef",
        "20261121T000000Z-ups-0123456789abcdef.json"
    };

    for (i = 0; i < cxr_nelts(bad); i++) {
        assert_int_equal(cxr_quarantine_note(dir, cxr_strz(bad[i]), arena,
                                             &note), CXR_INVALID);
        assert_int_equal(cxr_quarantine_drop(dir, cxr_strz(bad[i])),
                         CXR_INVALID);
        assert_int_equal(cxr_quarantine_open(dir, cxr_strz(bad[i])), -1);
    }
}


static void
touch(const char *name, const char *text, time_t at)
{
    char             path[256];
    FILE            *f;
    struct timeval   tv[2] = { { at, 0 }, { at, 0 } };

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    f = fopen(path, "w");
    fputs(text, f);
    fclose(f);
    assert_int_equal(utimes(path, tv), 0);
}


static bool
there(const char *name)
{
    char  path[256];

    snprintf(path, sizeof(path), "%s/%s", dir, name);

    return access(path, F_OK) == 0;
}


#define ID(n)  "2026112" #n "T000000Z-ups-0123456789abcdef"

static void
test_sweep(void **state)
{
    char        big[3000];
    time_t      now = (time_t) (NOW / 1000);
    cxr_qsum_t  sum;

    memset(big, 'x', sizeof(big) - 1);
    big[sizeof(big) - 1] = '\0';

    touch(ID(1) ".json", "{}", now - 90000);          /* too old */
    touch(ID(1) ".doc", "x", now - 90000);
    touch(ID(2) ".json", "{}", now - 80000);
    touch(ID(2) ".doc", big, now - 80000);
    touch(ID(3) ".json", "{}", now - 70000);
    touch(ID(3) ".doc", big, now - 70000);
    touch("notes.txt", "mine", now - 900000);
    touch("README.json", "mine", now - 900000);

    /* what died half-way, and what is being written */
    touch(ID(4) ".doc", "x", now - 7200);
    touch("." ID(5) ".json", "x", now - 7200);
    touch(ID(6) ".doc", "x", now - 60);

    assert_int_equal(cxr_quarantine_sweep(&q, NOW, &sum), CXR_OK);
    assert_int_equal(sum.documents, 2);
    assert_int_equal(sum.bytes, 2 * (sizeof(big) - 1 + 2));
    assert_false(there(ID(1) ".doc") || there(ID(1) ".json"));
    assert_true(there(ID(2) ".doc") && there(ID(3) ".json"));
    assert_true(there("notes.txt") && there("README.json"));
    assert_false(there(ID(4) ".doc") || there("." ID(5) ".json"));
    assert_true(there(ID(6) ".doc"));

    /* room for one: the newest */
    q.total = 4096;
    assert_int_equal(cxr_quarantine_sweep(&q, NOW, &sum), CXR_OK);
    assert_int_equal(sum.documents, 1);
    assert_true(there(ID(3) ".doc"));
    assert_false(there(ID(2) ".doc") || there(ID(2) ".json"));

    q.dir = "/nonexistent";
    assert_int_equal(cxr_quarantine_sweep(&q, NOW, &sum), CXR_IO);
}


/* A note that somebody has edited is no danger. */
static void
test_edited(void **state)
{
    bool          more;
    size_t        i;
    cxr_qnotes_t  notes;

    static const char *const  bad[] = {
        "", "[]", "{", "{\"carrier\":7}", "{\"carrier\":\"../x\"}", "null",
        "{\"carrier\":\"ups\",\"line\":-1,\"at\":\"x\",\"kept\":\"yes\","
        "\"bytes\":1e99}"
    };
    static const char *const  name[] = {
        ID(0), ID(1), ID(2), ID(3), ID(4), ID(5), ID(6)
    };

    for (i = 0; i < cxr_nelts(bad); i++) {
        char  file[80];

        snprintf(file, sizeof(file), "%s.json", name[i]);
        touch(file, bad[i], (time_t) (NOW / 1000));
    }

    assert_int_equal(cxr_quarantine_list(dir, 10, arena, &notes, &more),
                     CXR_OK);
    assert_int_equal(notes.n, 1);
    assert_int_equal(notes.items[0].line, 0);
    assert_false(notes.items[0].kept);
}


static void
test_flood(void **state)
{
    char        id[CXR_QID_MAX + 1], text[4096];
    unsigned    i, swept = 0;
    cxr_qsum_t  sum;

    memset(text, 'x', sizeof(text));
    memset(&kept, 0, sizeof(kept));
    q.total = 64 * 1024;

    /* nobody sweeps but the ones that come */
    for (i = 0; i < 100; i++) {
        keep(text, sizeof(text), NOW + i * 1000, id);
        swept += cxr_quarantine_room(&q, NOW + i * 1000, &kept);
        assert_true(kept.bytes <= q.total);
        assert_int_equal(files(), 2 * kept.documents);
    }

    assert_in_range(swept, 5, 60);
    assert_int_equal(cxr_quarantine_sweep(&q, NOW, &sum), CXR_OK);
    assert_int_equal(sum.documents, kept.documents);
    assert_int_equal(sum.bytes, kept.bytes);
    assert_in_range(sum.bytes, 32 * 1024, 64 * 1024);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(test_too_large, setup, teardown),
        cmocka_unit_test_setup_teardown(test_names, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sweep, setup, teardown),
        cmocka_unit_test_setup_teardown(test_edited, setup, teardown),
        cmocka_unit_test_setup_teardown(test_flood, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

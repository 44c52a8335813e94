
/*
 * The key ring's file: created, read, rotated, published; and what is said of
 * one that is not as it must be.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/file.h>

#include <cmocka.h>

#include "cxr_sign.h"
#include "sign_ring.h"


#define SHOP  cxr_str("kahve")
#define SOON  (RING_NOW + CXR_HOUR)

static cxr_arena_t  *arena;


static int
setup(void **state)
{
    ring_dir_make();
    arena = cxr_arena_create(1 << 20);
    assert_non_null(arena);

    return 0;
}


static int
teardown(void **state)
{
    cxr_arena_destroy(arena);
    ring_dir_remove();

    return 0;
}


static const char *
path_of(const char *name)
{
    return ring_path(name);
}


typedef struct {
    unsigned  n;
    char      line[64][64];
} walked_t;


static void
walker(void *ctx, const char *kid, cxr_key_use_t use, cxr_time_t created,
    bool makes, bool has_secret)
{
    walked_t  *w = ctx;

    snprintf(w->line[w->n++], sizeof(w->line[0]), "%s %d %lld%s%s", kid, use,
             (long long) (created - RING_NOW), makes ? " makes" : "",
             has_secret ? " secret" : "");
}


static cxr_keyring_t *
load(const char *name)
{
    cxr_diag_t      d;
    cxr_keyring_t  *ring;

    assert_int_equal(cxr_keyring_load(path_of(name), &ring, &d), CXR_OK);

    return ring;
}


static void
link_make(const cxr_keyring_t *ring, bool public_form, cxr_buf_t *out)
{
    cxr_link_t  l = { .order = cxr_str("KG1001"), .expires = SOON };

    cxr_buf_reset(out);
    assert_int_equal(cxr_link_make(ring, SHOP, CXR_LINK_ORDER, &l, public_form,
                                   out), CXR_OK);
}


static cxr_rc_t
link_open(const cxr_keyring_t *ring, const cxr_buf_t *token)
{
    cxr_link_t  l;

    return cxr_link_open(ring, SHOP, CXR_LINK_ORDER, cxr_buf_str(token),
                         RING_NOW, arena, &l);
}


static void
test_create(void **state)
{
    char            mem[1024];
    walked_t        w;
    cxr_buf_t       token;
    cxr_diag_t      d;
    struct stat     before, after;
    cxr_keyring_t  *ring;

    cxr_buf_init_fixed(&token, mem, sizeof(mem));

    assert_int_equal(cxr_keyring_create(path_of("new"), RING_NOW, &d), CXR_OK);
    assert_int_equal(stat(path_of("new"), &before), 0);
    assert_int_equal(before.st_mode & 07777, 0600);

    ring = load("new");
    memset(&w, 0, sizeof(w));
    cxr_keyring_walk(ring, walker, &w);
    assert_int_equal(w.n, 4);
    assert_string_equal(w.line[0], "l1 0 0 makes secret");
    assert_string_equal(w.line[1], "s1 1 0 makes secret");
    assert_string_equal(w.line[2], "p1 2 0 makes secret");
    assert_string_equal(w.line[3], "b1 3 0 makes secret");

    link_make(ring, false, &token);
    assert_int_equal(link_open(ring, &token), CXR_OK);

    /* a second time: refused, and the first ring is what it was */

    memset(&d, 0, sizeof(d));
    assert_int_equal(cxr_keyring_create(path_of("new"), RING_NOW, &d),
                     CXR_CONFLICT);
    assert_string_equal(d.file, path_of("new"));
    assert_int_equal(stat(path_of("new"), &after), 0);
    assert_true(before.st_ino == after.st_ino
                && before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
    cxr_keyring_free(ring);

    /* nothing is left beside it, and a directory that is not there is said */

    ring = load("new");
    assert_int_equal(link_open(ring, &token), CXR_OK);
    cxr_keyring_free(ring);

    (void) unlink(path_of("new"));
    assert_int_equal(cxr_keyring_create(path_of("no/such"), RING_NOW, &d),
                     CXR_IO);
    assert_int_equal(cxr_keyring_create(path_of("new"), CXR_TIME_NONE, &d),
                     CXR_INVALID);
    assert_int_equal(access(path_of("new"), F_OK), -1);
    assert_int_equal(rmdir(ring_dir), 0);
    assert_int_equal(mkdir(ring_dir, 0700), 0);
}


static void
test_rotate(void **state)
{
    char                 mem[2][1024], kid[9], lmem[1024];
    unsigned             form;
    walked_t             w;
    cxr_buf_t            old[2], label, now;
    cxr_diag_t           d;
    cxr_keyring_t       *ring, *before;
    cxr_label_claims_t   got, c = {
        .shop = SHOP, .rma = cxr_str("R-1"), .jti = cxr_str("j"),
        .issued = RING_NOW, .expires = SOON
    };

    assert_int_equal(cxr_keyring_create(path_of("new"), RING_NOW, &d), CXR_OK);
    before = load("new");

    for (form = 0; form < 2; form++) {
        cxr_buf_init_fixed(&old[form], mem[form], sizeof(mem[form]));
        link_make(before, form, &old[form]);
    }

    cxr_buf_init_fixed(&label, lmem, sizeof(lmem));
    assert_int_equal(cxr_label_sign(before, &c, &label), CXR_OK);

    assert_int_equal(cxr_keyring_rotate(path_of("new"), CXR_KEY_LOCAL,
                                        RING_NOW + CXR_DAY, &d), CXR_OK);
    assert_int_equal(cxr_keyring_rotate(path_of("new"), CXR_KEY_PUBLIC,
                                        RING_NOW + CXR_DAY, &d), CXR_OK);
    /* the clock was set back: the new key makes all the same */
    assert_int_equal(cxr_keyring_rotate(path_of("new"), CXR_KEY_LOCAL,
                                        RING_NOW - CXR_DAY, &d), CXR_OK);
    assert_int_equal(cxr_keyring_rotate(path_of("new"), CXR_KEY_PERSON,
                                        RING_NOW, &d), CXR_OK);

    ring = load("new");
    memset(&w, 0, sizeof(w));
    cxr_keyring_walk(ring, walker, &w);
    assert_int_equal(w.n, 8);
    assert_string_equal(w.line[0], "l1 0 0 secret");
    assert_string_equal(w.line[1], "s1 1 0 secret");
    assert_string_equal(w.line[2], "p1 2 0 secret");
    assert_string_equal(w.line[3], "b1 3 0 makes secret");
    assert_string_equal(w.line[4], "l2 0 86400000 secret");
    assert_string_equal(w.line[5], "s2 1 86400000 makes secret");
    assert_string_equal(w.line[6], "l3 0 86400000 makes secret");
    assert_string_equal(w.line[7], "p2 2 0 makes secret");

    /* what was made still holds; what is made now, the old ring cannot open */

    for (form = 0; form < 2; form++) {
        assert_int_equal(link_open(ring, &old[form]), CXR_OK);
        link_make(ring, form, &old[form]);
        assert_int_equal(link_open(ring, &old[form]), CXR_OK);
        assert_int_equal(link_open(before, &old[form]), CXR_FORGED);
    }

    assert_int_equal(cxr_label_verify(ring, SHOP, cxr_buf_str(&label),
                                      RING_NOW, arena, &got, kid), CXR_OK);
    assert_string_equal(kid, "s1");

    cxr_buf_init_fixed(&now, mem[0], sizeof(mem[0]));
    assert_int_equal(cxr_label_sign(ring, &c, &now), CXR_OK);
    assert_int_equal(cxr_label_verify(ring, SHOP, cxr_buf_str(&now), RING_NOW,
                                      arena, &got, kid), CXR_OK);
    assert_string_equal(kid, "s2");

    cxr_keyring_free(before);
    cxr_keyring_free(ring);
    (void) unlink(path_of("new"));
}


static void
test_rotate_refused(void **state)
{
    int             fd;
    char            target[128], first[256], second[256];
    unsigned        n;
    cxr_rc_t        rc;
    cxr_diag_t      d;
    struct stat     st;
    cxr_keyring_t  *ring;

    ring_write("new", RING_TEXT, 0600);

    assert_int_equal(cxr_keyring_rotate(path_of("new"), CXR_KEY_INDEX,
                                        RING_NOW, &d), CXR_INVALID);
    assert_int_equal(cxr_keyring_rotate(path_of("new"), (cxr_key_use_t) 9,
                                        RING_NOW, &d), CXR_INVALID);
    assert_int_equal(cxr_keyring_rotate(path_of("none"), CXR_KEY_LOCAL,
                                        RING_NOW, &d), CXR_NOTFOUND);

    ring_write("bad", "{\"format\":1,\"keys\":[]}", 0600);
    assert_int_equal(cxr_keyring_rotate(path_of("bad"), CXR_KEY_LOCAL,
                                        RING_NOW, &d), CXR_INVALID);
    ring_write("bad", RING_TEXT, 0640);
    assert_int_equal(cxr_keyring_rotate(path_of("bad"), CXR_KEY_LOCAL,
                                        RING_NOW, &d), CXR_INVALID);

    /* somebody else is at it */

    fd = open(path_of("new"), O_RDONLY);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    assert_int_equal(cxr_keyring_rotate(path_of("new"), CXR_KEY_LOCAL,
                                        RING_NOW, &d), CXR_CONFLICT);
    close(fd);

    /* through a symbolic link it is the file that changes, not the link */

    strcpy(target, path_of("new"));
    assert_int_equal(symlink(target, path_of("link")), 0);
    assert_int_equal(cxr_keyring_rotate(path_of("link"), CXR_KEY_LOCAL,
                                        RING_NOW, &d), CXR_OK);
    assert_int_equal(lstat(path_of("link"), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(stat(target, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);

    /* until it is full; then it is left as it is */

    for (n = 5; n < 64; n++) {
        assert_int_equal(cxr_keyring_rotate(target, CXR_KEY_PUBLIC, RING_NOW,
                                            &d), CXR_OK);
    }

    memset(first, 0, sizeof(first));
    assert_int_equal(stat(target, &st), 0);
    snprintf(first, sizeof(first), "%ju", (uintmax_t) st.st_ino);
    rc = cxr_keyring_rotate(target, CXR_KEY_PUBLIC, RING_NOW, &d);
    assert_int_equal(rc, CXR_LIMIT);
    assert_int_equal(stat(target, &st), 0);
    snprintf(second, sizeof(second), "%ju", (uintmax_t) st.st_ino);
    assert_string_equal(first, second);

    ring = load("new");
    cxr_keyring_free(ring);

    (void) unlink(path_of("link"));
    (void) unlink(target);
}


static void
test_permissions(void **state)
{
    unsigned        i;
    cxr_diag_t      d;
    cxr_keyring_t  *ring;

    static const mode_t  bad[] = { 0640, 0604, 0620, 0602, 0660, 0777, 0610 };

    ring = NULL;

    for (i = 0; i < cxr_nelts(bad); i++) {
        memset(&d, 0, sizeof(d));
        assert_int_equal(cxr_keyring_load(ring_write("ring", RING_TEXT,
                                                     bad[i]), &ring, &d),
                         CXR_INVALID);
        assert_string_equal(d.file, path_of("ring"));
        assert_non_null(strstr(d.text, "chmod 600"));
        assert_null(ring);
    }

    assert_int_equal(cxr_keyring_load(ring_write("ring", RING_TEXT, 0400),
                                      &ring, &d), CXR_OK);
    cxr_keyring_free(ring);

    assert_int_equal(cxr_keyring_load(path_of("none"), &ring, &d),
                     CXR_NOTFOUND);
    assert_int_equal(cxr_keyring_load(ring_dir, &ring, &d), CXR_INVALID);
    assert_int_equal(cxr_keyring_load("/dev/null", &ring, &d), CXR_INVALID);
    assert_int_equal(cxr_keyring_load(path_of("none"), &ring, NULL),
                     CXR_NOTFOUND);
    cxr_keyring_free(NULL);
}


#define AT    "\"created\":\"" RING_AT "\""
#define FILE3 "{\"format\":1,\n\"keys\":[\n"

static void
test_malformed(void **state)
{
    size_t          n;
    char           *big;
    unsigned        i;
    cxr_diag_t      d;
    cxr_keyring_t  *ring;

    static const struct {
        const char  *text;
        unsigned     line;
        const char  *where;
    } v[] = {
        { "", 1, "" },
        { "\n\n{\"format\":1,\n\"keys\":[}\n", 4, "" },
        { "[]", 1, "" },
        { "{\"keys\":[]}", 1, "" },
        { "{\n\"format\":2,\"keys\":[]}", 2, "/format" },
        { "{\n\"format\":1}", 1, "" },
        { "{\n\"format\":1,\n\"keys\":{}}", 3, "/keys" },
        { "{\n\"format\":1,\"keys\":[],\"more\":1}", 1, "" },
        { FILE3 RING_FOUR ",\n7]}", 7, "/keys/4" },
        { FILE3 RING_KEY("l", "local", RING_L1, RING_AT) "]}", 3,
          "/keys/0/kid" },
        { FILE3 RING_KEY("L1", "local", RING_L1, RING_AT) "]}", 3,
          "/keys/0/kid" },
        { FILE3 RING_KEY("l12345678", "local", RING_L1, RING_AT) "]}", 3,
          "/keys/0/kid" },
        { FILE3 RING_FOUR ",\n" RING_KEY("s1", "local", RING_L2, RING_AT) "]}",
          7, "/keys/4/kid" },
        { FILE3 RING_KEY("l1", "locale", RING_L1, RING_AT) "]}", 3,
          "/keys/0/use" },
        { FILE3 RING_KEY("l1", "local", RING_L1, "2026-11-21") "]}", 3,
          "/keys/0/created" },
        { FILE3 RING_KEY("l1", "local", RING_S1, RING_AT) "]}", 3,
          "/keys/0/secret" },
        { FILE3 RING_KEY("l1", "local", RING_S1PUB, RING_AT) "]}", 3,
          "/keys/0/secret" },
        { FILE3 RING_KEY("s1", "public", RING_L1, RING_AT) "]}", 3,
          "/keys/0/secret" },
        { FILE3 RING_KEY("s1", "public", RING_S1 "A", RING_AT) "]}", 3,
          "/keys/0/secret" },
        { FILE3 "{\"kid\":\"l1\",\"use\":\"local\"," AT "}]}", 3, "/keys/0" },
        { FILE3 "{\"kid\":\"l1\",\n\"use\":\"local\",\n\"secret\":7," AT "}]}",
          5, "/keys/0/secret" },
        { FILE3 "{\"kid\":\"l1\",\"use\":\"local\",\"secret\":\"" RING_L1 "\","
          AT ",\"secrets\":1}]}", 3, "/keys/0" },
        { FILE3 "{\"kid\":\"s1\",\"use\":\"public\",\"secret\":\"" RING_S1
          "\"," AT ",\n\"public\":\"" RING_S1PUB "\"}]}", 4,
          "/keys/0/public" },
        { FILE3 "{\"kid\":\"s1\",\"use\":\"public\",\"secret\":\"" RING_S1
          "\"," AT ",\n\"retired\":true}]}", 3, "/keys/0/secret" },
        { FILE3 "{\"kid\":\"s1\",\"use\":\"public\"," AT ",\n\"retired\":1}]}",
          4, "/keys/0/retired" },
        { FILE3 "{\"kid\":\"s1\",\"use\":\"public\"," AT
          ",\n\"retired\":true}]}", 3, "/keys/0" },
        { FILE3 "{\"kid\":\"l1\",\"use\":\"local\"," AT
          ",\n\"retired\":true}]}", 4, "/keys/0/retired" },
        { "{\"format\":1,\n\"keys\":[]}", 2, "/keys" },
        { "{\"format\":1,\n\"keys\":[" RING_FOUR ","
          RING_KEY("b2", "index", RING_L2, RING_AT) "]}", 2, "/keys" },
    };

    for (i = 0; i < cxr_nelts(v); i++) {
        ring = NULL;
        memset(&d, 0, sizeof(d));
        assert_int_equal(cxr_keyring_load(ring_write("bad", v[i].text, 0600),
                                          &ring, &d), CXR_INVALID);
        assert_null(ring);
        assert_string_equal(d.file, path_of("bad"));

        if (d.line != v[i].line || strcmp(d.where, v[i].where) != 0) {
            fail_msg("%s: %u %s: %s", v[i].text, d.line, d.where, d.text);
        }

        assert_true(d.text[0] != '\0');
        assert_null(strstr(d.text, "ERER"));
        assert_int_equal(cxr_keyring_load(path_of("bad"), &ring, NULL),
                         CXR_INVALID);
    }

    /* a complaint about the syntax quotes no key that stands beside it */

    ring_write("bad", "{\"format\":1,\"keys\":[\"" RING_L1 "\" \"" RING_L1
               "\"]}", 0600);
    assert_int_equal(cxr_keyring_load(path_of("bad"), &ring, &d), CXR_INVALID);
    assert_null(strstr(d.text, "ERER"));
    ring_write("bad", RING_L1, 0600);
    assert_int_equal(cxr_keyring_load(path_of("bad"), &ring, &d), CXR_INVALID);
    assert_null(strstr(d.text, "ERER"));

    /* larger than any ring */

    n = 64 * 1024 + 2;
    big = malloc(n);
    assert_non_null(big);
    memset(big, ' ', n);
    big[n - 1] = '\0';
    ring_write("bad", big, 0600);
    assert_int_equal(cxr_keyring_load(path_of("bad"), &ring, &d), CXR_INVALID);
    assert_non_null(strstr(d.text, "64 kB"));
    free(big);
}


/* The two halves of a k4.secret that do not belong together. */

static void
test_mixed_pair(void **state)
{
    cxr_diag_t      d;
    cxr_keyring_t  *ring;

    /* seed of S1, public half of S2 */
    ring_write("bad", FILE3 RING_KEY("s1", "public",
               "k4.secret.tMv7Q99M4hByfZU-SnEzB_oZu32fhQQUONnhG5QqN3Qc"
               "5WpIyC_5kWKhS8VEYSZ05dYfuTF-ZdQFV4D9vLTcNQ", RING_AT) "]}",
               0600);
    assert_int_equal(cxr_keyring_load(path_of("bad"), &ring, &d), CXR_INVALID);
    assert_string_equal(d.where, "/keys/0/secret");
    assert_non_null(strstr(d.text, "does not belong"));
}


static void
test_retired(void **state)
{
    char            mem[1024], out[1024];
    walked_t        w;
    cxr_buf_t       token, text;
    cxr_diag_t      d;
    cxr_keyring_t  *ring, *old;

    cxr_buf_init_fixed(&token, mem, sizeof(mem));
    cxr_buf_init_fixed(&text, out, sizeof(out));

    old = ring_load(RING_TEXT);
    link_make(old, true, &token);
    cxr_keyring_free(old);

    ring = ring_load("{\"format\":1,\"keys\":["
                     RING_KEY("l1", "local", RING_L1, RING_AT) ","
                     RING_KEY("s2", "public", RING_S2, RING_AT) ","
                     RING_KEY("p1", "person", RING_P1, RING_AT) ","
                     RING_KEY("b1", "index", RING_B1, RING_AT) ","
                     "{\"kid\":\"s1\",\"use\":\"public\",\"retired\":true,"
                     "\"public\":\"" RING_S1PUB "\","
                     "\"created\":\"2027-01-01T00:00:00Z\"}]}");

    /* it checks, it makes nothing though it is the newest, it is published */

    assert_int_equal(link_open(ring, &token), CXR_OK);
    memset(&w, 0, sizeof(w));
    cxr_keyring_walk(ring, walker, &w);
    assert_string_equal(w.line[1], "s2 1 0 makes secret");
    assert_string_equal(w.line[4], "s1 1 3542400000");
    cxr_keyring_paserk(ring, &text);
    assert_non_null(memmem(out, text.len, "s1 " RING_S1PUB, 30));
    cxr_keyring_free(ring);

    /* and a rotation keeps it so */

    assert_int_equal(cxr_keyring_rotate(path_of("ring"), CXR_KEY_LOCAL,
                                        RING_NOW, &d), CXR_OK);
    ring = load("ring");
    memset(&w, 0, sizeof(w));
    cxr_keyring_walk(ring, walker, &w);
    assert_int_equal(w.n, 6);
    assert_string_equal(w.line[4], "s1 1 3542400000");
    assert_int_equal(link_open(ring, &token), CXR_OK);
    cxr_keyring_free(ring);
}


/* What is published can be loaded, and checks what the ring signed. */

static void
test_publish(void **state)
{
    char                 mem[1024], out[4096], kid[9];
    size_t               i;
    walked_t             w;
    cxr_buf_t            token, text;
    cxr_diag_t           d;
    cxr_keyring_t       *ring, *pub;
    cxr_label_claims_t   got, c = {
        .shop = SHOP, .rma = cxr_str("R-1"), .jti = cxr_str("j"),
        .issued = RING_NOW, .expires = SOON
    };

    ring = ring_load("{\"format\":1,\"keys\":["
                     RING_FOUR ","
                     RING_KEY("s2", "public", RING_S2, RING_AT) "]}");
    cxr_buf_init_fixed(&token, mem, sizeof(mem));
    cxr_buf_init_fixed(&text, out, sizeof(out) - 1);
    assert_int_equal(cxr_label_sign(ring, &c, &token), CXR_OK);

    for (i = 0; i < 3; i++) {
        cxr_buf_reset(&text);

        if (i == 0) {
            cxr_keyring_jwks(ring, &text);
            out[text.len] = '\0';
            assert_string_equal(out, "{\"keys\":["
                                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                                "\"use\":\"sig\",\"kid\":\"s1\",\"x\":\""
                                "Hrnbu7wEfAP9cGBOAHHwmH4Wsot1ciXBHwBBXQ4gsaI"
                                "\"},"
                                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                                "\"use\":\"sig\",\"kid\":\"s2\",\"x\":\""
                                "HOVqSMgv-ZFioUvFRGEmdOXWH7kxfmXUBVeA_by03DU"
                                "\"}]}");

        } else if (i == 1) {
            cxr_keyring_paserk(ring, &text);
            out[text.len] = '\0';
            assert_non_null(strstr(out, "s1 " RING_S1PUB " k4.pid."));
            assert_non_null(strstr(out, "\ns2 " RING_S2PUB " k4.pid."));
        }

        /* the third time: the secret file itself, which stays private */

        assert_int_equal(cxr_keyring_load_public(i == 2 ? path_of("ring")
                                                 : ring_write("pub", out,
                                                              0644),
                                                 &pub, &d), CXR_OK);
        memset(&w, 0, sizeof(w));
        cxr_keyring_walk(pub, walker, &w);
        assert_int_equal(w.n, 2);
        assert_memory_equal(w.line[0], "s1 1 ", 5);
        assert_null(strstr(w.line[0], "secret"));
        assert_null(strstr(w.line[1], "makes"));

        assert_int_equal(cxr_label_verify(pub, CXR_STR_NONE,
                                          cxr_buf_str(&token), RING_NOW, arena,
                                          &got, kid), CXR_OK);
        assert_string_equal(kid, "s2");

        /* it cannot make anything */

        assert_int_equal(cxr_label_sign(pub, &c, &text), CXR_NOTFOUND);
        cxr_keyring_free(pub);
    }

    cxr_keyring_free(ring);
}


static void
test_public_malformed(void **state)
{
    unsigned        i;
    cxr_diag_t      d;
    cxr_keyring_t  *ring;

#define X1  "\"x\":\"Hrnbu7wEfAP9cGBOAHHwmH4Wsot1ciXBHwBBXQ4gsaI\""
#define OKP "\"kty\":\"OKP\",\"crv\":\"Ed25519\""

    static const struct {
        const char  *text;
        unsigned     line;
    } v[] = {
        { "", 0 },
        { "# none\n\n", 0 },
        { "\ns1\n", 2 },
        { "s1 " RING_S1 "\n", 1 },
        { "s1 " RING_L1 "\n", 1 },
        { "# one\ns1 " RING_S1PUB "\ns1 " RING_S2PUB "\n", 3 },
        { "S1 " RING_S1PUB "\n", 1 },
        { "s1 " RING_S1PUB " k4.pid.wrong\n", 1 },
        { "s1 " RING_S1PUB " k4.pid.S_XQmeEwHbbvRmiyfXfHYpLGjXGzjTRSDoT1YtTakWF"
          "E\n", 1 },
        { "s1 " RING_S1PUB " a b\n", 1 },
        /* of small order: any signature would hold under it */
        { "s1 k4.public.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", 1 },
        { "{}", 1 },
        { "{\"keys\":[]}", 0 },
        { "{\"keys\":[\n{\"kty\":\"RSA\"},7]}", 0 },
        { "{\"keys\":[\n{" OKP "}]}", 2 },
        { "{\"keys\":[\n{" OKP ",\"kid\":\"s1\",\"x\":\"AA\"}]}", 2 },
        { "{\"keys\":[\n{" OKP "," X1 "}]}", 2 },
        { "{\"keys\":[\n{" OKP "," X1 ",\"kid\":\"s1\",\"d\":\"A\"}]}", 2 },
        { "{\"keys\":[\n{" OKP "," X1 ",\"kid\":\"s1\"},\n{" OKP "," X1
          ",\"kid\":\"s1\"}]}", 3 },
        { RING_TEXT, 0 }     /* secrets, and everybody may read them */
    };

    for (i = 0; i < cxr_nelts(v); i++) {
        ring = NULL;
        memset(&d, 0, sizeof(d));
        assert_int_equal(cxr_keyring_load_public(ring_write("bad", v[i].text,
                                                            0644), &ring, &d),
                         CXR_INVALID);
        assert_null(ring);
        assert_string_equal(d.file, path_of("bad"));

        if (d.line != v[i].line) {
            fail_msg("%s: %u: %s", v[i].text, d.line, d.text);
        }
    }

    /* comments, blanks and DOS line ends are fine; so is no last newline */

    assert_int_equal(cxr_keyring_load_public(
                         ring_write("pub", "# keys\r\n\r\n  s1\t" RING_S1PUB
                                    "  \r\ns2 " RING_S2PUB, 0644),
                         &ring, &d), CXR_OK);
    cxr_keyring_free(ring);

    assert_int_equal(cxr_keyring_load_public(path_of("none"), &ring, &d),
                     CXR_NOTFOUND);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_rotate),
        cmocka_unit_test(test_rotate_refused),
        cmocka_unit_test(test_permissions),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_mixed_pair),
        cmocka_unit_test(test_retired),
        cmocka_unit_test(test_publish),
        cmocka_unit_test(test_public_malformed),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}

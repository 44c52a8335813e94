
/*
 * cx-returns as its operator meets it: run as a program, with a store that is
 * open for writing meanwhile, judged by its exit status and what it prints.
 */

#include "store_env.h"

#include <limits.h>
#include <fcntl.h>

#include <jansson.h>

#include "cxr_label.h"

#define OUT_MAX  (1024 * 1024)
#define LATER    "2026-11-25T00:00:00Z"
#define TOO_LATE "2027-02-01T00:00:00Z"

typedef struct {
    env_t      *env;
    char        bin[PATH_MAX];
    char        top[PATH_MAX];       /* the project                           */
    char        token[CXR_TOKEN_MAX + 1];
    cxr_str_t   rma;
} kit_t;

static char  out[OUT_MAX];           /* of the last command                   */
static char  err[OUT_MAX];

static const char *const  commands[] = {
    "keys create", "keys rotate", "keys list", "keys public", "label verify",
    "journal verify", "rebuild", "backup", "stat", "dump", "shop check",
    "carrier check", "feed parse", "feed explain"
};


static void
slurp(const kit_t *k, const char *name, char *to)
{
    FILE    *f;
    char     path[PATH_MAX];
    size_t   n;

    (void) snprintf(path, sizeof(path), "%s/%s", k->env->root, name);
    f = fopen(path, "rb");
    assert_non_null(f);
    n = fread(to, 1, OUT_MAX - 1, f);
    assert_true(n < OUT_MAX - 1);
    to[n] = '\0';
    (void) fclose(f);
}


static int __attribute__((format(printf, 2, 3)))
shell(const kit_t *k, const char *fmt, ...)
{
    int      status;
    char     cmd[16384];
    size_t   n;
    va_list  args;

    n = (size_t) snprintf(cmd, sizeof(cmd), "cd %s && exec 2>err && ",
                          k->env->root);
    va_start(args, fmt);
    n += (size_t) vsnprintf(cmd + n, sizeof(cmd) - n, fmt, args);
    va_end(args);
    assert_true(n < sizeof(cmd));

    status = system(cmd);
    assert_true(WIFEXITED(status));
    slurp(k, "err", err);

    return WEXITSTATUS(status);
}


/* cx-returns with these arguments, in the test's own directory */

static int __attribute__((format(printf, 2, 3)))
cli(const kit_t *k, const char *fmt, ...)
{
    int      status;
    char     args[8192];
    va_list  va;

    va_start(va, fmt);
    assert_true((size_t) vsnprintf(args, sizeof(args), fmt, va)
                < sizeof(args));
    va_end(va);

    status = shell(k, "%s %s >out", k->bin, args);
    slurp(k, "out", out);

    return status;
}


static bool
said(const char *text)
{
    return strstr(err, text) != NULL;
}


static bool
printed(const char *text)
{
    return strstr(out, text) != NULL;
}


static unsigned
lines(const char *text)
{
    unsigned  n;

    for (n = 0; *text != '\0'; text++) {
        n += *text == '\n';
    }

    return n;
}


/* ---- the store that the commands look at ---- */

static void
fill(kit_t *k)
{
    env_t      *e = k->env;
    cxr_job_t  *job;

    assert_int_equal(run1(e->store, job_product(e, e->arena, "ETH-YIRG", 5)),
                     CXR_OK);
    job = job_order(e, e->arena, "KG-1001", 3, "123456789012");
    job_idem(job, "put", "KG-1001");
    assert_int_equal(run1(e->store, job), CXR_OK);
    assert_int_equal(run1(e->store, job_order(e, e->arena, "KG-2002", 1,
                                              NULL)), CXR_OK);
    assert_int_equal(run1(e->store, job_report(e, e->arena, "123456789012",
                                               5)), CXR_OK);
    job = job_create(e, e->arena, "KG1001", 2, "Fazla aldım");
    assert_int_equal(run1(e->store, job), CXR_OK);
    k->rma = job->id;
}


/* The token of the RMA's label, with the ring as it is on disk now. */

static void
sign(kit_t *k, const char *ring_path)
{
    env_t          *e = k->env;
    cxr_rma_t       rma;
    cxr_str_t       token;
    cxr_diag_t      d;
    cxr_read_t     *rd;
    cxr_keyring_t  *ring;

    assert_int_equal(cxr_keyring_load(ring_path, &ring, &d), CXR_OK);
    assert_int_equal(cxr_read_begin(e->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_rma(rd, &e->shop, k->rma, e->arena, &rma),
                     CXR_OK);
    assert_int_equal(cxr_label_token(ring, &e->shop, &rma, e->arena, &token),
                     CXR_OK);
    cxr_read_end(rd);
    cxr_keyring_free(ring);
    (void) snprintf(k->token, sizeof(k->token), "%.*s", cxr_str_arg(token));
}


static int
setup(void **state)
{
    char    *p;
    ssize_t  n;
    kit_t   *k;

    k = calloc(1, sizeof(kit_t));
    assert_non_null(k);
    k->env = env_make();
    k->env->store = env_open(k->env, k->env->dir, 0, false);

    /* build/<flavour>/unit/test_cli -> build/<flavour>/cx-returns */

    n = readlink("/proc/self/exe", k->bin, sizeof(k->bin) - 32);
    assert_true(n > 0);
    k->bin[n] = '\0';
    p = strrchr(k->bin, '/');
    *p = '\0';
    p = strrchr(k->bin, '/');
    strcpy(p, "/cx-returns");

    if (access(k->bin, X_OK) != 0) {
        fail_msg("%s is not there: make it first", k->bin);
    }

    assert_non_null(getcwd(k->top, sizeof(k->top)));
    fill(k);
    sign(k, k->env->ring_path);
    *state = k;

    return 0;
}


static int
teardown(void **state)
{
    kit_t  *k = *state;

    env_free(k->env);
    free(k);

    return 0;
}


/* Help is read in a terminal: how a command is called fits into 80 columns. */

static bool
narrow(void)
{
    const char  *p, *end;

    for (p = strstr(out, "USAGE"); p != NULL && *p != '\0'; p = end + 1) {
        end = strchr(p, '\n');

        if (end == NULL || end - p > 80 || (end > p && end[-1] == ' ')) {
            return false;
        }
    }

    return p != NULL;
}


static void
test_help(void **state)
{
    kit_t   *k = *state;
    size_t   i;

    assert_int_equal(cli(k, "%s", ""), 2);
    assert_true(said("USAGE"));
    assert_int_equal(cli(k, "version"), 0);
    assert_memory_equal(out, "cx-returns ", 11);
    assert_int_equal(cli(k, "help"), 0);
    assert_true(printed("EXIT STATUS"));
    assert_int_equal(cli(k, "help version"), 0);
    assert_true(printed("EXIT STATUS"));

    for (i = 0; i < cxr_nelts(commands); i++) {
        assert_int_equal(cli(k, "help"), 0);
        assert_true(printed(commands[i]));

        assert_int_equal(cli(k, "help %s", commands[i]), 0);
        assert_true(printed("USAGE"));
        assert_true(narrow());
        assert_true(printed("EXIT STATUS"));
        assert_int_equal(cli(k, "%s --help", commands[i]), 0);
        assert_true(printed("USAGE"));

        assert_int_equal(cli(k, "%s --no-such-thing", commands[i]), 2);
        assert_true(said("--no-such-thing"));
        assert_true(said("usage: cx-returns"));
        assert_int_equal(out[0], '\0');
    }

    assert_int_equal(cli(k, "keys"), 2);
    assert_true(said("keys rotate"));
    assert_int_equal(cli(k, "no-such-thing"), 2);
    assert_true(said("cx-returns help"));
    assert_int_equal(cli(k, "help no-such-thing"), 2);
    assert_int_equal(cli(k, "keys list"), 2);
    assert_true(said("missing"));
    assert_int_equal(cli(k, "keys list a b"), 2);
    assert_true(said("\"b\""));
    assert_int_equal(cli(k, "stat --store"), 2);
    assert_true(said("needs a value"));
    assert_int_equal(cli(k, "stat --store a --store b"), 2);
    assert_true(said("twice"));
}


static void
test_keys(void **state)
{
    json_t       *json;
    kit_t        *k = *state;
    struct stat   st;
    char          path[128];

    assert_int_equal(cli(k, "keys create ring"), 0);
    (void) snprintf(path, sizeof(path), "%s/ring", k->env->root);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);

    assert_int_equal(cli(k, "keys create ring"), 4);
    assert_true(said("ring: exists"));

    assert_int_equal(cli(k, "keys list ring"), 0);
    assert_int_equal(lines(out), 5);
    assert_false(printed("k4."));

    assert_int_equal(cli(k, "keys list --json ring"), 0);
    assert_false(printed("k4."));
    json = json_loads(out, 0, NULL);
    assert_int_equal(json_array_size(json), 4);
    json_decref(json);

    assert_int_equal(cli(k, "keys public ring"), 0);
    assert_memory_equal(out, "s1 k4.public.", 13);
    assert_int_equal(lines(out), 1);
    assert_false(printed("k4.secret") || printed("k4.local"));

    assert_int_equal(cli(k, "keys rotate ring"), 0);
    assert_int_equal(cli(k, "keys rotate --use local ring"), 0);
    assert_int_equal(cli(k, "keys rotate --use index ring"), 2);
    assert_int_equal(cli(k, "keys rotate --use nonsense ring"), 2);
    assert_int_equal(cli(k, "keys list ring"), 0);
    assert_int_equal(lines(out), 7);

    assert_int_equal(cli(k, "keys public --jwks ring"), 0);
    json = json_loads(out, 0, NULL);
    assert_int_equal(json_array_size(json_object_get(json, "keys")), 2);
    json_decref(json);

    /* who else may read it could forge with it */

    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(cli(k, "keys list ring"), 1);
    assert_true(said("chmod 600"));
    assert_int_equal(cli(k, "keys rotate ring"), 1);
    assert_int_equal(cli(k, "keys public ring"), 1);
    assert_int_equal(out[0], '\0');

    assert_int_equal(cli(k, "keys list nowhere"), 4);
    assert_true(said("nowhere"));
}


static void
test_label(void **state)
{
    json_t  *json;
    kit_t   *k = *state;
    char    *p;
    size_t   i, n;

    assert_int_equal(cli(k, "keys public keys"), 0);
    assert_int_equal(shell(k, "cp out pub"), 0);
    assert_int_equal(cli(k, "keys public --jwks keys"), 0);
    assert_int_equal(shell(k, "cp out jwks"), 0);

    assert_int_equal(cli(k, "label verify --keys pub --at " LATER " %s",
                         k->token), 0);
    assert_memory_equal(out, "good: return R-", 15);
    assert_true(printed("of kahve-gurusu, valid until 2026-12-21T"));
    assert_true(printed("2 x ETH-YIRG-250\n"));
    assert_int_equal(cli(k, "label verify --keys jwks --at " LATER " %s",
                         k->token), 0);
    assert_int_equal(cli(k, "label verify --keys keys --at " LATER " %s",
                         k->token), 0);

    assert_int_equal(cli(k, "label verify --keys pub --json --at " TOO_LATE
                         " %s", k->token), 3);
    json = json_loads(out, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(json, "result")),
                        "expired");
    assert_string_equal(json_string_value(json_object_get(json, "kid")), "s1");
    json_decref(json);

    assert_int_equal(cli(k, "label verify --keys pub --at " LATER
                         " --shop kahve-gurusu %s", k->token), 0);
    assert_int_equal(cli(k, "label verify --keys pub --at " LATER
                         " --shop another %s", k->token), 1);
    assert_memory_equal(out, "forged:", 7);

    /* one character of it changed, all along it */

    n = strlen(k->token);

    for (i = 0; i < n; i += 13) {
        p = &k->token[i];
        *p ^= *p == '.' ? '.' ^ '_' : 1;
        assert_int_equal(cli(k, "label verify --keys pub --json --at " LATER
                             " '%s'", k->token), 1);
        assert_string_equal(out, "{\"result\":\"forged\"}\n");
        *p ^= *p == '_' ? '.' ^ '_' : 1;
    }

    assert_int_equal(cli(k, "label verify --keys pub --at " LATER " %s",
                         k->token), 0);
}


static void
test_label_stdin(void **state)
{
    kit_t  *k = *state;

    assert_int_equal(cli(k, "keys public keys"), 0);
    assert_int_equal(shell(k, "cp out pub"), 0);

    assert_int_equal(shell(k, "printf '%s\\r\\n\\n%s' | %s label verify --keys "
                           "pub --at " LATER " >out", k->token, k->token,
                           k->bin), 0);
    slurp(k, "out", out);
    assert_int_equal(lines(out), 4);

    assert_int_equal(shell(k, "printf '%s\\nnonsense\\n%s' | %s label verify "
                           "--keys pub --at " TOO_LATE " - >out", k->token,
                           k->token, k->bin), 1);
    slurp(k, "out", out);
    assert_true(printed("expired: return"));
    assert_true(printed("forged: "));

    /* a line past any token, and then a good one */

    assert_int_equal(shell(k, "(head -c 3000000 /dev/zero | tr '\\0' v; echo;"
                           " echo %s) | %s label verify --keys pub --at "
                           LATER " >out", k->token, k->bin), 1);
    slurp(k, "out", out);
    assert_true(printed("good: return"));

    assert_int_equal(shell(k, "%s label verify --keys pub </dev/null >out",
                           k->bin), 2);
    assert_true(said("no token"));

    assert_int_equal(cli(k, "label verify %s", k->token), 2);
    assert_true(said("--keys"));
    assert_int_equal(cli(k, "label verify --keys pub --at tomorrow x"), 2);
    assert_true(said("--at"));
    assert_int_equal(cli(k, "label verify --keys nowhere x"), 4);
    assert_int_equal(shell(k, "echo nonsense >bad"), 0);
    assert_int_equal(cli(k, "label verify --keys bad %s", k->token), 4);
    assert_true(said("bad:1"));
}


static void
test_rotation(void **state)
{
    kit_t  *k = *state;
    char    old[CXR_TOKEN_MAX + 1];

    strcpy(old, k->token);
    assert_int_equal(cli(k, "keys public keys"), 0);
    assert_int_equal(shell(k, "cp out before"), 0);

    assert_int_equal(cli(k, "keys rotate keys"), 0);
    assert_int_equal(cli(k, "keys public keys"), 0);
    assert_int_equal(shell(k, "cp out after"), 0);
    sign(k, k->env->ring_path);

    assert_int_equal(cli(k, "label verify --keys after --at " LATER " %s",
                         old), 0);
    assert_true(printed("key s1"));
    assert_int_equal(cli(k, "label verify --keys after --at " LATER " %s",
                         k->token), 0);
    assert_true(printed("key s2"));
    assert_int_equal(cli(k, "label verify --keys before --at " LATER " %s",
                         k->token), 1);
}


static void
test_dump(void **state)
{
    char        *line, *save;
    json_t      *json, *event;
    kit_t       *k = *state;
    unsigned     all, entries;

    assert_int_equal(cli(k, "dump --store db --json"), 0);
    all = lines(out);
    assert_true(all > 15);

    /* nothing personal, and every record described */

    assert_false(printed("Ayşe") || printed("example.com")
                 || printed("Fazla ald") || printed("unreadable"));
    entries = 0;

    for (line = strtok_r(out, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save))
    {
        json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(json);
        assert_non_null(json_object_get(json, "key"));
        event = json_object_get(json, "event");
        entries += json_is_object(event);
        json_decref(json);
    }

    assert_int_equal(entries, env_count(k->env->store, "journal"));

    assert_int_equal(cli(k, "dump --store db orders"), 0);
    assert_int_equal(lines(out), 2);
    assert_true(printed("orders kahve-gurusu/KG1001 {\"type\":\"order\""));
    assert_int_equal(cli(k, "dump --store db orders kahve-gurusu/KG2"), 0);
    assert_int_equal(lines(out), 1);
    assert_true(printed("KG2002"));
    assert_int_equal(cli(k, "dump --store db orders kahve-g"), 0);
    assert_int_equal(lines(out), 2);
    assert_int_equal(cli(k, "dump --store db orders another/"), 0);
    assert_int_equal(out[0], '\0');

    assert_int_equal(cli(k, "dump --store db persons"), 0);
    assert_true(printed("sealed "));
    assert_int_equal(lines(out), 2);

    assert_int_equal(cli(k, "dump --store db no-such-thing"), 2);
    assert_true(said("shipments"));
    assert_int_equal(cli(k, "dump"), 2);
    assert_true(said("--store"));

    assert_int_equal(shell(k, "%s dump --store db >/dev/full", k->bin), 4);
    assert_true(said("standard output"));
}


static void
test_store(void **state)
{
    char         text[128];
    env_t       *e;
    json_t      *json;
    kit_t       *k = *state;

    e = k->env;

    assert_int_equal(cli(k, "journal verify --store db"), 0);
    (void) snprintf(text, sizeof(text), "db: %u entries,",
                    env_count(e->store, "journal"));
    assert_memory_equal(out, text, strlen(text));
    assert_int_equal(err[0], '\0');          /* no progress into a file */

    assert_int_equal(cli(k, "stat --store db --json"), 0);
    json = json_loads(out, 0, NULL);
    assert_true(json_integer_value(json_object_get(json, "map_used")) > 0);
    json_decref(json);
    assert_int_equal(cli(k, "stat --store db"), 0);
    assert_true(printed("MiB"));

    assert_int_equal(cli(k, "backup --store db --into copy"), 0);
    assert_int_equal(cli(k, "backup --store db --into copy"), 4);
    assert_int_equal(cli(k, "journal verify --store copy"), 0);
    assert_int_equal(shell(k, "%s dump --store db >a && %s dump --store copy "
                           ">b && cmp a b", k->bin, k->bin), 0);

    assert_int_equal(cli(k, "rebuild --store copy --into new --keys keys"), 0);
    assert_true(printed("equal to copy"));
    assert_int_equal(shell(k, "%s dump --store new >b && cmp a b", k->bin),
                     0);
    assert_int_equal(cli(k, "rebuild --store copy --into new --keys keys"), 4);
    assert_true(said("there is a store already"));
    assert_int_equal(cli(k, "rebuild --store copy --into other"), 2);
    assert_true(said("--keys"));
    assert_int_equal(cli(k, "rebuild --store copy --into no/where --keys keys"),
                     4);

    /* all of that beside a writer, which goes on */

    assert_int_equal(run1(e->store, job_order(e, e->arena, "KG-3003", 1,
                                              NULL)), CXR_OK);
    assert_int_equal(cli(k, "dump --store db orders kahve-gurusu/KG3003"), 0);
    assert_int_equal(lines(out), 1);
}


/*
 * Changes "from" in the file to "to", which is as long: where it stands for
 * the "which"th time (from 1), or everywhere when that is 0.  False: it does
 * not stand there so often.
 */

static bool
tamper(const char *path, const char *from, const char *to, unsigned which)
{
    FILE      *f;
    char      *data, *p, *end;
    long       size;
    bool       done;
    size_t     n;
    unsigned   found;

    f = fopen(path, "r+b");
    assert_non_null(f);
    (void) fseek(f, 0, SEEK_END);
    size = ftell(f);
    data = malloc((size_t) size);
    assert_non_null(data);
    rewind(f);
    assert_int_equal(fread(data, 1, (size_t) size, f), size);
    end = data + size;
    n = strlen(from);
    found = 0;
    done = false;

    for (p = data; (p = memmem(p, (size_t) (end - p), from, n)) != NULL;
         p += n)
    {
        if (which == 0 || ++found == which) {
            memcpy(p, to, n);
            done = true;
        }
    }

    rewind(f);
    assert_int_equal(fwrite(data, 1, (size_t) size, f), size);
    (void) fclose(f);
    free(data);

    return done;
}


/* A table that does not say what its journal says, and the other way round. */

static void
test_unequal(void **state)
{
    char      path[128];
    kit_t    *k = *state;
    unsigned  i, chain, table;

    (void) snprintf(path, sizeof(path), "%s/copy/data.mdb", k->env->root);
    chain = 0;
    table = 0;

    for (i = 1; /* void */ ; i++) {
        assert_int_equal(shell(k, "rm -rf copy new"), 0);
        assert_int_equal(cli(k, "backup --store db --into copy"), 0);

        if (!tamper(path, "changed_mind", "changed_mine", i)) {
            break;
        }

        assert_int_equal(cli(k, "rebuild --store copy --into new --keys keys"),
                         1);
        assert_int_equal(out[0], '\0');

        if (said("is not equal")) {
            assert_true(said("rmas: kahve-gurusu/R-"));
            assert_int_equal(cli(k, "journal verify --store copy"), 0);
            table++;

        } else {
            assert_int_equal(cli(k, "journal verify --store copy"), 1);
            chain++;
        }
    }

    assert_int_equal(table, 1);
    assert_int_equal(chain, 1);
}


static void
test_tampered(void **state)
{
    char    path[128];
    kit_t  *k = *state;

    assert_int_equal(cli(k, "backup --store db --into copy"), 0);
    (void) snprintf(path, sizeof(path), "%s/copy/data.mdb", k->env->root);
    assert_true(tamper(path, "changed_mind", "changed_mine", 0));

    assert_int_equal(cli(k, "journal verify --store copy"), 1);
    assert_int_equal(out[0], '\0');
    assert_true(said("kahve-gurusu"));
    assert_int_equal(cli(k, "rebuild --store copy --into new --keys keys"), 1);
    assert_int_equal(cli(k, "stat --store new"), 4);

    /* what is no store is left as it is */

    assert_int_equal(shell(k, "mkdir -m 700 junk && head -c 9000 /dev/urandom "
                           ">junk/data.mdb && cp junk/data.mdb junk.was"), 0);
    assert_int_not_equal(cli(k, "stat --store junk"), 0);
    assert_int_not_equal(cli(k, "dump --store junk"), 0);
    assert_int_equal(shell(k, "cmp junk/data.mdb junk.was"), 0);

    assert_int_equal(cli(k, "stat --store nowhere"), 4);
    assert_true(said("nowhere"));
    assert_int_equal(cli(k, "journal verify"), 2);
    assert_int_equal(cli(k, "backup --store db"), 2);
    assert_true(said("--into"));
}


/* Somebody who may not: another user, when the test itself is root. */

static void
test_access(void **state)
{
    kit_t        *k = *state;
    const char   *as;

    as = geteuid() == 0
         ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : "";

    assert_int_equal(cli(k, "backup --store db --into copy"), 0);
    assert_int_equal(shell(k, "chmod 755 . && cp %s cx && chmod 755 cx"
                           " && chmod 0 copy", k->bin), 0);
    assert_int_equal(shell(k, "%s ./cx stat --store copy", as), 4);
    assert_true(said("copy: no access."));
    assert_int_equal(shell(k, "chmod 700 copy"), 0);
    assert_int_equal(cli(k, "stat --store copy"), 0);

    /* to look for a store where none is leaves nothing behind ... */

    assert_int_equal(shell(k, "mkdir -m 700 bare"), 0);
    assert_int_equal(cli(k, "stat --store bare"), 4);
    assert_int_equal(cli(k, "backup --store bare --into other"), 4);
    assert_int_equal(shell(k, "rmdir bare"), 0);

    /* ... and root, who looks into a worker's, nothing of root's */

    if (geteuid() == 0) {
        assert_int_equal(shell(k, "rm -f copy/lock.mdb copy/cxr.lock"
                               " && chown -R 65534:65534 copy"), 0);
        assert_int_equal(cli(k, "stat --store copy"), 0);
        assert_int_equal(shell(k, "ls copy/lock.mdb && "
                               "test -z \"$(find copy -user root)\""), 0);
        assert_int_equal(shell(k, "%s ./cx stat --store copy", as), 0);
    }

    /* keys that somebody else owns are as good as no keys */

    if (geteuid() == 0) {
        assert_int_equal(shell(k, "%s ./cx keys list keys", as), 4);
        assert_true(said("Permission denied"));
        assert_int_equal(shell(k, "%s ./cx keys create mine", as), 4);
        assert_true(said("Permission denied"));
    }
}


static void
test_check(void **state)
{
    kit_t  *k = *state;

    assert_int_equal(cli(k, "shop check %s/conf/shops/kahve-gurusu.json",
                         k->top), 0);
    assert_true(printed("good: Kahve Gurusu"));
    assert_int_equal(shell(k, "printf '{\\n \"name\": 1}' >bad.json"), 0);
    assert_int_equal(cli(k, "shop check bad.json"
                         " %s/conf/shops/kahve-gurusu.json", k->top), 1);
    assert_true(said("bad.json:2: /name"));
    assert_true(said("/policy"));
    assert_true(printed("good: Kahve Gurusu"));
    assert_int_equal(cli(k, "shop check nowhere.json"), 4);
    assert_int_equal(cli(k, "shop check"), 2);

    assert_int_equal(cli(k, "carrier check %s/conf/carriers/*.xml", k->top),
                     0);
    assert_true(printed("(yurtici)"));
    assert_int_equal(cli(k, "carrier check bad.json"), 1);
    assert_true(said("bad.json:1"));
    assert_int_equal(cli(k, "carrier check nowhere.xml"), 4);
}


static void
test_feed(void **state)
{
    char    *line, *save;
    json_t  *json;
    kit_t   *k = *state;

    assert_int_equal(cli(k, "feed parse --carrier-profile"
                         " %s/conf/carriers/yurtici.xml"
                         " %s/t/data/carriers/yurtici/report.xml", k->top,
                         k->top), 0);
    assert_true(lines(out) >= 1);
    assert_true(said("reports"));

    for (line = strtok_r(out, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save))
    {
        json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(json);
        assert_string_equal(json_string_value(json_object_get(
                                json_object_get(json, "report"), "carrier")),
                            "yurtici");
        json_decref(json);
    }

    assert_int_equal(cli(k, "feed parse --carrier-profile"
                         " %s/conf/carriers/ups.xml"
                         " %s/t/data/carriers/ups/fault.xml", k->top, k->top),
                     1);
    assert_true(printed("\"refused\":{"));

    assert_int_equal(shell(k, "echo '<!DOCTYPE a []><a/>' | %s feed parse"
                           " --carrier-profile %s/conf/carriers/ups.xml - "
                           ">out", k->bin, k->top), 1);
    assert_true(said("<stdin>:1"));
    assert_int_equal(cli(k, "feed parse --carrier-profile"
                         " %s/conf/carriers/ups.xml nowhere", k->top), 4);
    assert_int_equal(cli(k, "feed parse --carrier-profile nowhere x"), 4);
    assert_int_equal(cli(k, "feed parse x"), 2);
    assert_true(said("--carrier-profile"));
}


static void
test_explain(void **state)
{
    char    *line, *save, last[4096] = "";
    json_t  *json;
    kit_t   *k = *state;

    assert_int_equal(cli(k, "feed explain --carrier yurtici --carriers"
                         " %s/conf/carriers %s/t/data/carriers/yurtici/"
                         "query.xml", k->top, k->top), 1);
    assert_true(printed("number        \"100000000002\""));
    assert_true(printed(": cargoKey"));
    assert_true(printed("-> in_transit   line "));
    assert_true(printed("NO RULE of table \"event\" maps code \"7777\""));
    assert_true(printed("= 2026-11-04T06:05:07Z, +03:00, to the second, zone "
                        "of the profile (Europe/Istanbul); format "
                        "\"yyyyMMdd Hmmss\""));
    assert_true(printed("left out: it has neither code nor text"));
    assert_true(printed("       1  table \"event\", code \"7777\""));
    assert_true(said("2 refused"));

    /* the same, a line a scan: which place gave the zone is in the long form */

    assert_int_equal(cli(k, "feed explain --brief --carrier tnt --carriers"
                         " %s/conf/carriers %s/t/data/carriers/tnt/ways.xml",
                         k->top, k->top), 0);
    assert_true(printed("2026-11-05 18:42 +01:00  in_transit "));
    assert_true(printed("2026-11-06 08:41 +01:00  delivered, signed"));
    assert_true(printed("2026-11-05 08:42 zone ?  out_for_delivery"));
    assert_true(printed("promised for 2026-11-06\n"));
    assert_false(printed("line 1"));
    assert_int_equal(cli(k, "feed explain --carrier tnt --carriers"
                         " %s/conf/carriers %s/t/data/carriers/tnt/ways.xml",
                         k->top, k->top), 0);
    assert_true(printed("zone of \"DE NL\" (Europe/Brussels)"));
    assert_int_equal(cli(k, "feed explain --brief --carrier postnl --carriers"
                         " %s/conf/carriers %s/t/data/carriers/postnl/"
                         "expected.xml", k->top, k->top), 0);
    assert_true(printed("promised for 2026-11-05 12:15 +01:00 to 2026-11-05 "
                        "14:15 +01:00\n"));

    /* where each event is a record, a parcel is named once; what is taken back */

    assert_int_equal(cli(k, "feed explain --brief --carrier dpd_poland "
                         "--carriers %s/conf/carriers %s/t/data/carriers/"
                         "dpd_poland/codes.xml", k->top, k->top), 0);
    assert_true(printed("reference \"\"\n      2026-11-02 08:00 +01:00  "
                        "label_created "));
    assert_true(printed("label_created                     030103   \n      "
                        "2026-11-02 15:00"));
    assert_int_equal(cli(k, "feed explain --brief --carrier epcis "
                         "--carriers %s/conf/carriers %s/t/data/carriers/"
                         "epcis/links.xml", k->top, k->top), 0);
    assert_true(printed("(takes back)                      loading"));
    assert_int_equal(cli(k, "feed explain --brief --json --carrier tnt "
                         "--carriers %s/conf/carriers %s/t/data/carriers/tnt/"
                         "ways.xml", k->top, k->top), 2);

    /* a body as the carrier posted it, form and all */

    assert_int_equal(shell(k, "printf 'a=1&logistics_interface=%%%%3CUpdateInfo"
                           "%%%%3E<mailNo>YT9</mailNo><infoContent>GOT"
                           "</infoContent><infoType>STATUS</infoType>"
                           "</UpdateInfo>&data_digest=x' > form"), 0);
    assert_int_equal(cli(k, "feed explain --carrier yto --carriers"
                         " %s/conf/carriers form", k->top), 0);
    assert_true(printed("\"YT9\""));
    assert_true(printed("-> picked_up"));
    assert_int_equal(shell(k, "printf 'a=1' > form"), 0);
    assert_int_equal(cli(k, "feed explain --carrier yto --carriers"
                         " %s/conf/carriers form", k->top), 4);
    assert_true(said("no field that holds the document"));

    /* nothing but a query, alone or with the address around it; and what is
       posted all the same */

    assert_int_equal(shell(k, "printf '/feeds/dpd?pushid=7&pnr=01234567890123&"
                           "status=delivery_customer&statusdate="
                           "20112026093000\\n' > query"), 0);
    assert_int_equal(cli(k, "feed explain --carrier dpd --carriers"
                         " %s/conf/carriers query %s/t/data/carriers/dpd/"
                         "push.xml", k->top, k->top), 0);
    assert_true(printed("\"01234567890123\""));
    assert_true(printed("-> delivered"));
    assert_true(printed("-> attempt_failed"));
    assert_int_equal(shell(k, "printf 'pnr=%%%%zz' > query"), 0);
    assert_int_equal(cli(k, "feed explain --carrier dpd --carriers"
                         " %s/conf/carriers query", k->top), 4);
    assert_true(said("the query is broken"));
    assert_int_equal(shell(k, "head -c 20000 /dev/zero | tr '\\0' x > query"),
                     0);
    assert_int_equal(cli(k, "feed explain --carrier dpd --carriers"
                         " %s/conf/carriers query", k->top), 4);
    assert_true(said("neither a document nor a query"));

    /* a document cannot write to the terminal as it likes */

    assert_int_equal(shell(k, "printf '<ShippingDeliveryVO>"
                           "<shippingDeliveryDetailVO><cargoKey>A1</cargoKey>"
                           "<operationStatus>\302\2332J&#x202e;Q"
                           "</operationStatus></shippingDeliveryDetailVO>"
                           "</ShippingDeliveryVO>' | %s feed explain"
                           " --carrier-profile %s/conf/carriers/yurtici.xml - "
                           ">out", k->bin, k->top), 0);
    slurp(k, "out", out);
    assert_false(printed("\302\233"));
    assert_false(printed("\342\200\256"));
    assert_true(printed("\"2JQ\""));

    /* times that nothing reads are told at the end */

    assert_int_equal(shell(k, "printf '<ShippingDeliveryVO>"
                           "<shippingDeliveryDetailVO><cargoKey>A1</cargoKey>"
                           "<invDocCargoVOArray><eventName>Yolda</eventName>"
                           "<eventDate>Nov 2, 2026</eventDate>"
                           "</invDocCargoVOArray></shippingDeliveryDetailVO>"
                           "</ShippingDeliveryVO>' | %s feed explain --brief"
                           " --carrier-profile %s/conf/carriers/yurtici.xml - "
                           ">out", k->bin, k->top), 0);
    slurp(k, "out", out);
    assert_true(printed("no format of their <dates> reads: 1; the first is "
                        "\"Nov 2, 2026\""));

    assert_int_equal(cli(k, "feed explain --json --carrier-profile"
                         " %s/conf/carriers/yurtici.xml"
                         " %s/t/data/carriers/yurtici/query.xml", k->top,
                         k->top), 1);
    assert_true(printed("{\"rule\":{") || printed("\"rule\":{"));

    for (line = strtok_r(out, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save))
    {
        json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(json);
        json_decref(json);
        (void) snprintf(last, sizeof(last), "%s", line);
    }

    json = json_loads(last, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(json_array_get(
                            json_object_get(json, "unmapped_codes"), 0),
                            "code")), "7777");
    assert_int_equal(json_integer_value(json_object_get(json,
                                                        "times_not_read")), 0);
    json_decref(json);

    assert_int_equal(cli(k, "feed explain x"), 2);
    assert_int_equal(cli(k, "feed explain --carrier ../x x"), 2);
    assert_int_equal(cli(k, "feed explain --carrier nobody x"), 4);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_help, setup, teardown),
        cmocka_unit_test_setup_teardown(test_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(test_label, setup, teardown),
        cmocka_unit_test_setup_teardown(test_label_stdin, setup, teardown),
        cmocka_unit_test_setup_teardown(test_rotation, setup, teardown),
        cmocka_unit_test_setup_teardown(test_dump, setup, teardown),
        cmocka_unit_test_setup_teardown(test_store, setup, teardown),
        cmocka_unit_test_setup_teardown(test_tampered, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unequal, setup, teardown),
        cmocka_unit_test_setup_teardown(test_access, setup, teardown),
        cmocka_unit_test_setup_teardown(test_check, setup, teardown),
        cmocka_unit_test_setup_teardown(test_feed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_explain, setup, teardown)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

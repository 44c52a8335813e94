
/*
 * Many at once: threads and processes that write to one store, and writers
 * that are killed.
 */

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "store_env.h"

#define THREADS    2
#define CREATORS   64
#define UNITS      40
#define KILLS      24


static env_t  *env;


static int
setup(void **state)
{
    env = env_make();

    return 0;
}


static int
teardown(void **state)
{
    env_free(env);

    return 0;
}


/* CREATORS returns of one unit each, in runs of up to eight. */
typedef struct {
    cxr_store_t  *store;
    cxr_arena_t  *arena;
    unsigned      ok;
    unsigned      refused;
    unsigned      other;
} creators_t;


static void *
create_all(void *data)
{
    size_t       i, n;
    creators_t  *c = data;
    cxr_job_t   *jobs[8];
    unsigned     left = CREATORS;

    while (left > 0) {
        n = left > 8 ? 1 + left % 8 : left;

        for (i = 0; i < n; i++) {
            jobs[i] = job_create(env, c->arena, "SHARED", 1, NULL);
        }

        (void) cxr_store_run(c->store, jobs, n);

        for (i = 0; i < n; i++) {
            if (jobs[i]->rc == CXR_OK) {
                c->ok++;
            } else if (jobs[i]->rc == CXR_REFUSED) {
                c->refused++;
            } else {
                c->other++;
            }
        }

        left -= (unsigned) n;
    }

    return NULL;
}


/* Reads while the others write; every snapshot must add up. */
static atomic_bool  stop_reading;

static void *
read_all(void *data)
{
    creators_t   *c = data;
    cxr_read_t   *rd;
    cxr_order_t   o;

    while (!stop_reading) {
        cxr_arena_reset(c->arena);

        if (cxr_read_begin(c->store, &rd) != CXR_OK) {
            c->other++;
            continue;
        }

        if (cxr_read_order(rd, &env->shop, cxr_str("SHARED"), c->arena, &o)
            != CXR_OK
            || o.lines.items[0].returning > UNITS
            || o.rmas.n != o.lines.items[0].returning)
        {
            c->other++;
        }

        cxr_read_end(rd);
        c->ok++;
    }

    return NULL;
}


static void
check_units(unsigned ok)
{
    uint64_t      n;
    cxr_diag_t    d;
    cxr_read_t   *rd;
    cxr_order_t   o;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_order(rd, &env->shop, cxr_str("SHARED"),
                                    env->arena, &o), CXR_OK);
    assert_int_equal(o.lines.items[0].returning, UNITS);
    assert_int_equal(o.rmas.n, UNITS);
    cxr_read_end(rd);

    assert_int_equal(ok, UNITS);
    assert_int_equal(env_count(env->store, "rmas"), UNITS);
    /* all of them, by status, and in a queue of the desk */
    assert_int_equal(env_count(env->store, "ix_rma"), 3 * UNITS);
    assert_int_equal(cxr_store_verify(env->store, NULL, NULL, &n, &d), CXR_OK);
    assert_int_equal(n, 1 + UNITS);
}


static void
test_threads(void **state)
{
    int         i;
    unsigned    ok = 0;
    pthread_t   t[THREADS + 1];
    creators_t  c[THREADS + 1];

    env->store = env_open(env, env->dir, 0, false);
    assert_int_equal(run1(env->store, job_order(env, env->arena, "SHARED",
                                                UNITS, NULL)), CXR_OK);
    memset(c, 0, sizeof(c));
    stop_reading = false;

    for (i = 0; i <= THREADS; i++) {
        c[i].store = env->store;
        c[i].arena = cxr_arena_create((size_t) 64 << 20);
        assert_int_equal(pthread_create(&t[i], NULL,
                                        i < THREADS ? create_all : read_all,
                                        &c[i]), 0);
    }

    for (i = 0; i <= THREADS; i++) {
        if (i == THREADS) {
            stop_reading = true;
        }

        assert_int_equal(pthread_join(t[i], NULL), 0);
        assert_int_equal(c[i].other, 0);
        cxr_arena_destroy(c[i].arena);

        if (i < THREADS) {
            ok += c[i].ok;
            assert_int_equal(c[i].ok + c[i].refused, CREATORS);
        }
    }

    assert_true(c[THREADS].ok > 0);
    check_units(ok);
}


static void
test_processes(void **state)
{
    int         i, status, fd[2];
    pid_t       pid[2];
    unsigned    ok = 0;
    creators_t  c;

    assert_int_equal(pipe(fd), 0);
    env->store = env_open(env, env->dir, 0, false);
    assert_int_equal(run1(env->store, job_order(env, env->arena, "SHARED",
                                                UNITS, NULL)), CXR_OK);
    /* a store is never carried over a fork */
    cxr_store_close(env->store);
    env->store = NULL;

    for (i = 0; i < 2; i++) {
        pid[i] = fork();

        if (pid[i] == 0) {
            memset(&c, 0, sizeof(c));
            c.arena = env->arena;
            c.store = env_open(env, env->dir, 0, false);
            (void) create_all(&c);
            cxr_store_close(c.store);
            _exit(write(fd[1], &c, sizeof(c)) == sizeof(c) ? 0 : 1);
        }
    }

    for (i = 0; i < 2; i++) {
        assert_int_equal(read(fd[0], &c, sizeof(c)), sizeof(c));
        assert_int_equal(c.other, 0);
        assert_int_equal(c.ok + c.refused, CREATORS);
        ok += c.ok;
    }

    for (i = 0; i < 2; i++) {
        assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
        assert_int_equal(status, 0);
    }

    close(fd[0]);
    close(fd[1]);
    env->store = env_open(env, env->dir, 0, false);
    check_units(ok);
}


/* Writes until it is killed; tells each answer after it was given. */
static void
victim(int fd, unsigned round)
{
    char        number[24];
    size_t      i;
    unsigned    n = 0;
    cxr_job_t  *jobs[4];

    env->store = env_open(env, env->dir, 0, false);

    for ( ;; ) {
        cxr_arena_reset(env->arena);

        for (i = 0; i < 4; i++) {
            snprintf(number, sizeof(number), "K%uN%u", round, n++);
            jobs[i] = i % 2 ? job_order(env, env->arena, number, 1, NULL)
                            : job_report(env, env->arena, number, 3);
        }

        (void) cxr_store_run(env->store, jobs, 4);

        for (i = 0; i < 4; i++) {
            memset(number, 0, sizeof(number));
            snprintf(number, sizeof(number), "%c%.*s", i % 2 ? 'o' : 's',
                     cxr_str_arg(i % 2 ? jobs[i]->id
                                       : jobs[i]->u.feed.report->number));
            if (jobs[i]->rc != CXR_OK
                || write(fd, number, sizeof(number)) != sizeof(number))
            {
                _exit(3);
            }
        }
    }
}


static void
test_killed_writers(void **state)
{
    int              fd[2], status;
    char             said[24];
    pid_t            pid;
    unsigned         round, all = 0;
    uint64_t         n;
    cxr_rc_t         rc;
    cxr_diag_t       d;
    cxr_read_t      *rd;
    cxr_order_t      o;
    cxr_shipment_t   s;
    struct timespec  ts = { 0, 0 };

    for (round = 0; round < KILLS; round++) {
        assert_int_equal(pipe(fd), 0);
        pid = fork();

        if (pid == 0) {
            close(fd[0]);
            victim(fd[1], round);
        }

        close(fd[1]);

        /* it is at work once it has said something */
        assert_int_equal(read(fd[0], said, sizeof(said)), sizeof(said));
        ts.tv_nsec = 300000 + (long) ((round * 2654435761u) % 7000000u);
        (void) nanosleep(&ts, NULL);
        assert_int_equal(kill(pid, SIGKILL), 0);

        env->store = env_open(env, env->dir, 0, false);
        assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);

        do {
            cxr_arena_reset(env->arena);
            all++;
            rc = said[0] == 'o'
                 ? cxr_read_order(rd, &env->shop, cxr_strz(said + 1),
                                  env->arena, &o)
                 : cxr_read_shipment(rd, &env->shop, cxr_str("yurtici"),
                                     cxr_strz(said + 1), env->arena, &s);
            if (rc != CXR_OK) {
                fail_msg("round %u: %s was answered and is gone", round, said);
            }

        } while (read(fd[0], said, sizeof(said)) == sizeof(said));

        cxr_read_end(rd);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status));

        if (cxr_store_verify(env->store, NULL, NULL, &n, &d) != CXR_OK) {
            fail_msg("round %u: %s", round, d.text);
        }

        assert_int_equal(n, env_count(env->store, "orders")
                            + env_count(env->store, "shipments"));
        assert_int_equal(env_count(env->store, "orders"),
                         env_count(env->store, "persons"));
        /* runs are whole: two of each */
        assert_int_equal(n % 4, 0);

        /* the next one can write */
        cxr_store_close(env->store);
        env->store = NULL;
        close(fd[0]);
    }

    assert_true(all > KILLS);
}


/* Killed while it makes the store: the next one finds or makes it whole. */
static void
test_killed_makers(void **state)
{
    int              status;
    char             dir[96], name[16];
    pid_t            pid;
    unsigned         round, whole = 0;
    cxr_store_t     *s;
    struct timespec  ts = { 0, 0 };

    for (round = 0; round < KILLS; round++) {
        snprintf(name, sizeof(name), "made%u", round);
        env_dir(env, name, dir);
        pid = fork();

        if (pid == 0) {
            (void) env_open(env, dir, 0, false);
            _exit(0);
        }

        ts.tv_nsec = (long) round * 120000;
        (void) nanosleep(&ts, NULL);
        (void) kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        whole += WIFEXITED(status);

        s = env_open(env, dir, 0, false);
        assert_int_equal(run1(s, job_report(env, env->arena, "P1", 1)),
                         CXR_OK);
        assert_int_equal(env_count(s, "journal"), 1);
        cxr_store_close(s);
    }

    assert_true(whole < KILLS);
}


/* Opens and closes while others do so: nobody breaks the others' locks. */
static void
test_opening_at_once(void **state)
{
    int       i, j, status;
    char      number[40];
    pid_t     pid[4];
    uint64_t  n;
    cxr_diag_t  d;

    for (i = 0; i < 4; i++) {
        pid[i] = fork();

        if (pid[i] == 0) {
            for (j = 0; j < 25; j++) {
                cxr_store_t  *s = env_open(env, env->dir, 0, false);

                snprintf(number, sizeof(number), "OPEN%dN%d", i, j);
                if (run1(s, job_report(env, env->arena, number, 1)) != CXR_OK) {
                    _exit(1);
                }

                cxr_store_close(s);
            }

            _exit(0);
        }
    }

    for (i = 0; i < 4; i++) {
        assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
        assert_int_equal(status, 0);
    }

    env->store = env_open(env, env->dir, 0, false);
    assert_int_equal(cxr_store_verify(env->store, NULL, NULL, &n, &d), CXR_OK);
    assert_int_equal(n, 100);
    assert_int_equal(env_count(env->store, "shipments"), 100);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_threads, setup, teardown),
        cmocka_unit_test_setup_teardown(test_processes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_killed_writers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_killed_makers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_opening_at_once, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}


/*
 * What making RMAs costs the store, without nginx: groups of them, each of an
 * order that has none yet, as t/bench/rma.lua asks for them.  Run it under
 * "perf stat" or callgrind.
 *
 *   write STORE KEYS SHOP-FILE COUNT FROM RMAS GROUP
 *
 * The orders are those of rma.lua: BN-<8 digits>, COUNT of them, from place
 * FROM of its sequence.  Prints one line of JSON: microseconds of processor
 * time and kilobytes written for one RMA.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "cxr_store.h"
#include "cxr_text.h"

#define WRITE_STEP   7368787UL     /* of rma.lua */
#define WRITE_GROUP  512


static double
write_cpu(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);

    return (double) t.tv_sec * 1e6 + (double) t.tv_nsec / 1e3;
}


/* All bytes that this process has written so far. */
static double
write_bytes(void)
{
    char                line[80];
    FILE               *f;
    unsigned long long  n = 0;

    f = fopen("/proc/self/io", "r");
    if (f == NULL) {
        return 0;
    }

    while (fgets(line, sizeof(line), f) != NULL) {
        if (strncmp(line, "wchar:", 6) == 0) {
            n = strtoull(line + 6, NULL, 10);
        }
    }

    (void) fclose(f);

    return (double) n;
}


static void
write_order(unsigned long at, unsigned long count, char *out, size_t size)
{
    unsigned long  i;

    count = count / 5 * 3;
    i = at * WRITE_STEP % count;

    (void) snprintf(out, size, "BN-%08lu", i / 3 * 5 + i % 3);
}


/* What the API's handler makes of such a request. */
static int
write_ask(cxr_job_t *job, const cxr_shop_t *shop, cxr_arena_t *a,
    const char *number)
{
    char                *folded;
    size_t               n;
    cxr_str_t            key;
    cxr_rma_ask_t       *ask;
    cxr_rma_ask_line_t  *line;

    memset(job, 0, sizeof(cxr_job_t));

    ask = cxr_calloc(a, 1, sizeof(*ask));
    line = cxr_calloc(a, 1, sizeof(*line));
    folded = cxr_alloc(a, 64);

    if (ask == NULL || line == NULL || folded == NULL
        || cxr_fold_number(cxr_strz(number), folded, &n) != CXR_OK)
    {
        return -1;
    }

    ask->order = cxr_strn(folded, n);
    ask->locale = cxr_str("en");
    ask->lines.items = line;
    ask->lines.n = 1;
    line->line = cxr_str("1");
    line->quantity = 1;
    line->reason = cxr_str("changed_mind");
    line->outcome = CXR_OUT_REFUND;

    job->shop = shop;
    job->arena = a;
    job->now = (cxr_time_t) time(NULL) * 1000;
    job->kind = CXR_CMD_RMA_CREATE;
    job->u.create.ask = ask;
    job->actor_kind = CXR_ACTOR_API;
    job->actor = cxr_str("bench");
    job->has_idem = true;

    key = cxr_strz(number);
    cxr_idem_hash(cxr_str("rma"), key, job->idem);
    cxr_idem_hash(cxr_str("body"), key, job->fingerprint);

    return 0;
}


static int
write_groups(cxr_store_t *store, const cxr_shop_t *shop, unsigned long count,
    unsigned long from, unsigned long rmas, unsigned long group)
{
    char           number[32];
    cxr_arena_t   *arenas[WRITE_GROUP];
    cxr_job_t      jobs[WRITE_GROUP], *list[WRITE_GROUP];
    unsigned long  i, done;

    for (i = 0; i < group; i++) {
        list[i] = &jobs[i];
        arenas[i] = cxr_arena_create(1 << 20);
        if (arenas[i] == NULL) {
            return 1;
        }
    }

    for (done = 0; done < rmas; done += group) {

        for (i = 0; i < group; i++) {
            cxr_arena_reset(arenas[i]);
            write_order(from + done + i, count, number, sizeof(number));

            if (write_ask(&jobs[i], shop, arenas[i], number) != 0) {
                return 1;
            }
        }

        if (cxr_store_run(store, list, group) != CXR_OK) {
            fprintf(stderr, "write: a commit failed\n");
            return 1;
        }

        for (i = 0; i < group; i++) {
            if (jobs[i].rc != CXR_OK) {
                fprintf(stderr, "write: %s: %s\n", cxr_rc_name(jobs[i].rc),
                        jobs[i].rc == CXR_REFUSED ? jobs[i].refusal.code : "");
                return 1;
            }
        }
    }

    for (i = 0; i < group; i++) {
        cxr_arena_destroy(arenas[i]);
    }

    return 0;
}


int
main(int argc, char **argv)
{
    size_t             n = 0;
    double             cpu, bytes;
    cxr_diag_t         d[4];
    cxr_shop_t        *shop;
    cxr_arena_t       *a;
    cxr_store_t       *store;
    unsigned long      count, from, rmas, group;
    cxr_keyring_t     *ring;
    cxr_store_conf_t   conf;

    if (argc != 8) {
        fprintf(stderr, "usage: write STORE KEYS SHOP-FILE COUNT FROM RMAS "
                        "GROUP\n");
        return 2;
    }

    count = strtoul(argv[4], NULL, 10);
    from = strtoul(argv[5], NULL, 10);
    rmas = strtoul(argv[6], NULL, 10);
    group = strtoul(argv[7], NULL, 10);

    if (count < 5 || rmas == 0 || group == 0 || group > WRITE_GROUP) {
        fprintf(stderr, "write: COUNT at least 5, RMAS 1, GROUP 1 to %d\n",
                WRITE_GROUP);
        return 2;
    }

    memset(d, 0, sizeof(d));
    memset(&conf, 0, sizeof(conf));

    a = cxr_arena_create(16 << 20);

    if (a == NULL || cxr_sign_init() != CXR_OK
        || cxr_keyring_load(argv[2], &ring, d) != CXR_OK
        || cxr_shop_load(argv[3], a, &shop, d, 4, &n) != CXR_OK)
    {
        fprintf(stderr, "write: %s: %s\n", d[0].where, d[0].text);
        return 1;
    }

    conf.dir = argv[1];
    conf.ring = ring;
    conf.map_size = (size_t) 32 << 30;

    if (cxr_store_open(&conf, &store, d) != CXR_OK) {
        fprintf(stderr, "write: %s: %s\n", d[0].where, d[0].text);
        return 1;
    }

    cpu = write_cpu();
    bytes = write_bytes();

    if (write_groups(store, shop, count, from, rmas, group) != 0) {
        return 1;
    }

    printf("{\"rmas\":%lu,\"group\":%lu,\"cpu_us\":%.2f,\"kb\":%.2f}\n", rmas,
           group, (write_cpu() - cpu) / (double) rmas,
           (write_bytes() - bytes) / (double) rmas / 1024);

    cxr_store_close(store);
    cxr_keyring_free(ring);
    cxr_arena_destroy(a);

    return 0;
}

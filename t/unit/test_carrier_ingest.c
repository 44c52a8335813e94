
/*
 * From a document to commits: batches, what is told of refusals, a store that
 * fails in the middle, and a document that breaks in the middle.
 */

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "store_env.h"

#include "cxr_ingest.h"


static const char  profile_text[] =
    "<profile carrier='xx' name='X'>"
    "<dates name='d'><date>yyyy-MM-dd</date></dates>"
    "<table name='t' source='s'><map code='D' status='delivered'/></table>"
    "<format path='r'><record path='p'><number path='n'/>"
    "<events path='e' table='t'><code path='c'/><time path='d' dates='d'/>"
    "</events></record></format></profile>";

static cxr_profile_t  *profile;
static unsigned        commits;


static void
on_commit(void *ctx)
{
    commits++;
}


static env_t *
begin(size_t map)
{
    env_t       *env = env_make();
    size_t       n = 0;
    cxr_diag_t   d[4];

    cxr_feed_init();
    env->store = env_open(env, env->dir, map, false);
    commits = 0;

    if (profile == NULL) {
        assert_int_equal(cxr_profile_parse(cxr_strz(profile_text), "p.xml",
                                           &profile, d, 4, &n), CXR_OK);
    }

    return env;
}


static cxr_ingest_t *
ingest_of(env_t *env, unsigned batch, cxr_unknown_t unknown, bool ahead)
{
    cxr_ingest_t       *in;
    cxr_ingest_conf_t   conf;

    memset(&conf, 0, sizeof(conf));
    conf.profile = profile;
    conf.store = env->store;
    conf.shop = &env->shop;
    conf.batch = batch;
    conf.unknown = unknown;
    conf.ahead = ahead;
    conf.on_commit = on_commit;

    assert_int_equal(cxr_ingest_open(&conf, &in), CXR_OK);

    return in;
}


static cxr_ingest_t *
ingest(env_t *env, unsigned batch, cxr_unknown_t unknown)
{
    return ingest_of(env, batch, unknown, false);
}


static cxr_rc_t
push(cxr_ingest_t *in, const char *text)
{
    return cxr_ingest_push(in, text, strlen(text));
}


static cxr_rc_t
push_records(cxr_ingest_t *in, unsigned from, unsigned n)
{
    char      rec[128];
    cxr_rc_t  rc = CXR_OK;
    unsigned  i;

    for (i = from; rc == CXR_OK && i < from + n; i++) {
        snprintf(rec, sizeof(rec), "<p><n>N%06u</n><e><c>D</c>"
                 "<d>2026-01-02</d></e></p>", i);
        rc = push(in, rec);
    }

    return rc;
}


static void
test_batches(void **state)
{
    env_t         *env = begin((size_t) 64 << 20);
    cxr_ingest_t  *in = ingest(env, 10, CXR_UNKNOWN_KEEP);

    assert_int_equal(push(in, "<r>"), CXR_OK);
    assert_int_equal(push_records(in, 0, 35), CXR_OK);
    assert_int_equal(commits, 3);
    assert_int_equal(env_count(env->store, "shipments"), 30);
    assert_int_equal(push(in, "</r>"), CXR_OK);
    assert_int_equal(cxr_ingest_push(in, NULL, 0), CXR_OK);
    assert_int_equal(commits, 4);
    assert_int_equal(cxr_ingest_stats(in)->commits, 4);
    assert_int_equal(cxr_ingest_stats(in)->stored, 35);
    assert_true(cxr_str_is(cxr_ingest_told(in), "[]"));
    cxr_ingest_close(in);

    in = ingest(env, 10, CXR_UNKNOWN_KEEP);
    assert_int_equal(push(in, "<r>"), CXR_OK);
    assert_int_equal(push_records(in, 30, 10), CXR_OK);
    assert_int_equal(push(in, "</r>"), CXR_OK);
    assert_int_equal(cxr_ingest_push(in, NULL, 0), CXR_OK);
    assert_int_equal(cxr_ingest_stats(in)->stored, 5);
    assert_int_equal(cxr_ingest_stats(in)->repeated, 5);
    cxr_ingest_close(in);

    env_free(env);
}


/* A record: its number, an event of each code, and a text that nothing reads. */
static void
tell(cxr_ingest_t *in, const char *number, const char *codes, const char *day,
    const char *more)
{
    char      rec[512];
    size_t    n;

    n = (size_t) snprintf(rec, sizeof(rec), "<p><n>%s</n>%s", number, more);

    for (; *codes != '\0'; codes++) {
        n += (size_t) snprintf(rec + n, sizeof(rec) - n, "<e><c>%c</c>"
                               "<d>%s</d></e>", *codes, day);
    }

    snprintf(rec + n, sizeof(rec) - n, "</p>");
    assert_int_equal(push(in, rec), CXR_OK);
}


/* What one document with one record comes to. */
static cxr_ingest_stats_t
told_once(env_t *env, const char *number, const char *codes, const char *day,
    const char *more, cxr_feed_stats_t *feed)
{
    cxr_ingest_t        *in = ingest(env, 10, CXR_UNKNOWN_KEEP);
    cxr_ingest_stats_t   stats;

    assert_int_equal(push(in, "<r>"), CXR_OK);
    tell(in, number, codes, day, more);
    assert_int_equal(push(in, "</r>"), CXR_OK);
    assert_int_equal(cxr_ingest_push(in, NULL, 0), CXR_OK);

    stats = *cxr_ingest_stats(in);
    *feed = *cxr_feed_stats(cxr_ingest_feed(in));
    assert_int_equal(feed->reports, 1);
    cxr_ingest_close(in);

    return stats;
}


/* What stands in the parcel behind the digest does not hide it. */
static void
test_known_partner(void **state)
{
    size_t              n = 0;
    env_t              *env = begin((size_t) 64 << 20);
    cxr_diag_t          d[4];
    cxr_profile_t      *first = profile, *other;
    cxr_feed_stats_t    f;
    cxr_ingest_stats_t  s;

    static const char  day[] = "2026-01-02";

    assert_int_equal(cxr_profile_parse(cxr_strz(
        "<profile carrier='xx' name='X'>"
        "<dates name='d'><date>yyyy-MM-dd</date></dates>"
        "<table name='t' source='s'><map code='D' status='delivered'/>"
        "</table>"
        "<format path='r'><record path='p'><number path='n'/>"
        "<partner path='a'/><partner-number path='b'/>"
        "<events path='e' table='t'><code path='c'/>"
        "<time path='d' dates='d'/></events></record></format></profile>"),
        "p.xml", &other, d, 4, &n), CXR_OK);
    profile = other;

    s = told_once(env, "P1", "DD", day, "<a>Post</a><b>RR1</b>", &f);
    assert_int_equal(s.stored, 1);
    assert_int_equal(f.known, 0);

    s = told_once(env, "P1", "DD", day, "<a>Post</a><b>RR1</b>", &f);
    assert_int_equal(s.stored, 0);
    assert_int_equal(s.repeated, 1);
    assert_int_equal(f.known, 1);
    assert_int_equal(f.events, 2);

    /* another partner is read */

    s = told_once(env, "P1", "DD", day, "<a>Post</a><b>RR2</b>", &f);
    assert_int_equal(s.stored, 1);
    assert_int_equal(f.known, 0);
    s = told_once(env, "P1", "DD", day, "<a>Post</a><b>RR2</b>", &f);
    assert_int_equal(f.known, 1);

    profile = first;
    cxr_profile_free(other);
    env_free(env);
}


/* A record that was taken in whole is known again, and only then. */
static void
test_known(void **state)
{
    size_t              n = 0;
    env_t              *env = begin((size_t) 64 << 20);
    char                day[11];
    uint64_t            entries;
    cxr_diag_t          d[4];
    cxr_profile_t      *first, *other;
    cxr_feed_stats_t    f;
    cxr_ingest_stats_t  s;

    static const char  day1[] = "2026-01-02", day2[] = "2026-01-03";

    s = told_once(env, "K1", "DD", day1, "", &f);
    assert_int_equal(s.stored, 1);
    assert_int_equal(f.known, 0);
    assert_int_equal(f.events, 2);

    s = told_once(env, "K1", "DD", day1, "", &f);
    assert_int_equal(s.stored, 0);
    assert_int_equal(s.repeated, 1);
    assert_int_equal(s.commits, 0);
    assert_int_equal(f.known, 1);
    assert_int_equal(f.events, 2);

    /* what the profile does not look at makes no difference */

    s = told_once(env, "K1", "DD", day1, "<x y='z'>text</x>", &f);
    assert_int_equal(f.known, 1);

    /* another number, another day, an event more or less are read */

    s = told_once(env, "K2", "DD", day1, "", &f);
    assert_int_equal(s.stored, 1);
    s = told_once(env, "K1", "DD", day2, "", &f);
    assert_int_equal(s.stored, 1);
    assert_int_equal(f.known, 0);
    s = told_once(env, "K1", "D", day2, "", &f);
    assert_int_equal(s.stored, 0);
    assert_int_equal(f.known, 0);

    /* the latest is known; the older one is read and is no news */

    s = told_once(env, "K1", "DD", day2, "", &f);
    assert_int_equal(f.known, 1);
    s = told_once(env, "K1", "DD", day1, "", &f);
    assert_int_equal(f.known, 0);
    assert_int_equal(s.stored, 0);
    assert_int_equal(s.repeated, 1);

    /* a code that no rule maps is counted each time */

    s = told_once(env, "K3", "DX", day1, "", &f);
    assert_int_equal(s.stored, 1);
    assert_int_equal(f.unmapped, 1);
    s = told_once(env, "K3", "DX", day1, "", &f);
    assert_int_equal(s.stored, 0);
    assert_int_equal(f.unmapped, 1);

    /* an event of the far future is left out, and may be news some day */

    snprintf(day, sizeof(day), "2199-01-01");
    s = told_once(env, "K4", "D", day, "", &f);
    assert_int_equal(s.stored, 1);
    assert_int_equal(s.skipped, 1);
    s = told_once(env, "K4", "D", day, "", &f);
    assert_int_equal(s.stored, 0);
    assert_int_equal(s.skipped, 1);
    assert_int_equal(f.known, 0);

    /* a profile that says something else reads everything anew */

    first = profile;
    assert_int_equal(cxr_profile_parse(cxr_strz(
        "<profile carrier='xx' name='X'>"
        "<dates name='d'><date>yyyy-MM-dd</date></dates>"
        "<table name='t' source='s'><map code='D' status='delivered'/>"
        "<map code='X' status='in_transit'/></table>"
        "<format path='r'><record path='p'><number path='n'/>"
        "<events path='e' table='t'><code path='c'/>"
        "<time path='d' dates='d'/></events></record></format></profile>"),
        "p.xml", &other, d, 4, &n), CXR_OK);

    profile = other;
    s = told_once(env, "K1", "DD", day2, "", &f);
    assert_int_equal(f.known, 0);
    assert_int_equal(s.stored, 0);
    s = told_once(env, "K3", "DX", day1, "", &f);
    assert_int_equal(s.stored, 1);
    assert_int_equal(f.unmapped, 0);
    s = told_once(env, "K3", "DX", day1, "", &f);
    assert_int_equal(f.known, 1);
    profile = first;
    cxr_profile_free(other);

    assert_int_equal(cxr_store_verify(env->store, NULL, NULL, &entries, d),
                     CXR_OK);
    assert_int_equal(entries, 6);
    env_free(env);
}


/* Left in the middle: whole batches; broken in it: whole records. */
static void
test_broken(void **state)
{
    env_t         *env = begin((size_t) 64 << 20);
    cxr_ingest_t  *in = ingest(env, 10, CXR_UNKNOWN_KEEP);

    assert_int_equal(push(in, "<r>"), CXR_OK);
    assert_int_equal(push_records(in, 0, 25), CXR_OK);
    assert_int_equal(push(in, "<p><n>HALF</n><e><c>D</c>"), CXR_OK);
    cxr_ingest_close(in);
    assert_int_equal(env_count(env->store, "shipments"), 20);

    in = ingest(env, 10, CXR_UNKNOWN_KEEP);
    assert_int_equal(push(in, "<r>"), CXR_OK);
    assert_int_equal(push_records(in, 0, 25), CXR_OK);
    assert_int_equal(push(in, "<p><n>HALF</n><e><c>D</c></x>"), CXR_INVALID);
    assert_false(cxr_ingest_ours(CXR_INVALID));
    assert_int_equal(env_count(env->store, "shipments"), 25);
    assert_int_equal(cxr_ingest_stats(in)->stored, 5);
    assert_int_equal(push(in, "</r>"), CXR_INVALID);
    cxr_ingest_close(in);

    in = ingest(env, 10, CXR_UNKNOWN_KEEP);
    assert_int_equal(push(in, "<r>"), CXR_OK);
    assert_int_equal(push_records(in, 0, 26), CXR_OK);
    assert_int_equal(push(in, "</r>"), CXR_OK);
    assert_int_equal(cxr_ingest_push(in, NULL, 0), CXR_OK);
    assert_int_equal(cxr_ingest_stats(in)->stored, 1);
    assert_int_equal(cxr_ingest_stats(in)->repeated, 25);
    cxr_ingest_close(in);

    env_free(env);
}


/* A store without room is our fault, said as such, and keeps what it has. */
static void
test_full(void **state)
{
    env_t         *env = begin(CXR_STORE_MAP_MIN);
    cxr_rc_t       rc;
    unsigned       stored;
    cxr_ingest_t  *in = ingest(env, 50, CXR_UNKNOWN_KEEP);

    assert_int_equal(push(in, "<r>"), CXR_OK);
    rc = push_records(in, 0, 20000);
    assert_int_equal(rc, CXR_FULL);
    assert_true(cxr_ingest_ours(rc));
    assert_int_equal(push(in, "</r>"), CXR_FULL);
    stored = (unsigned) cxr_ingest_stats(in)->stored;
    assert_in_range(stored, 1, 19999);
    cxr_ingest_close(in);

    assert_int_equal(env_count(env->store, "shipments"), stored);
    env_free(env);
}


/* Without a second thread: a batch is committed when the next is full. */
static void
test_ahead(void **state)
{
    env_t         *env = begin((size_t) 64 << 20);
    cxr_ingest_t  *in = ingest_of(env, 10, CXR_UNKNOWN_KEEP, true);

    assert_int_equal(push(in, "<r>"), CXR_OK);
    assert_int_equal(push_records(in, 0, 10), CXR_OK);
    assert_false(cxr_ingest_waits(in));
    cxr_ingest_commit(in);
    assert_int_equal(commits, 0);

    assert_int_equal(push_records(in, 10, 1), CXR_OK);
    assert_true(cxr_ingest_waits(in));
    assert_int_equal(commits, 0);
    cxr_ingest_commit(in);
    assert_false(cxr_ingest_waits(in));
    assert_int_equal(commits, 1);
    assert_int_equal(env_count(env->store, "shipments"), 10);

    assert_int_equal(push_records(in, 11, 24), CXR_OK);
    assert_int_equal(commits, 2);
    assert_true(cxr_ingest_waits(in));
    assert_int_equal(push(in, "</r>"), CXR_OK);
    assert_int_equal(cxr_ingest_push(in, NULL, 0), CXR_OK);
    assert_int_equal(commits, 4);
    assert_false(cxr_ingest_waits(in));
    assert_int_equal(cxr_ingest_stats(in)->stored, 35);
    assert_int_equal(env_count(env->store, "shipments"), 35);
    cxr_ingest_close(in);

    /* left in the middle, with a batch that waits and one begun */
    in = ingest_of(env, 10, CXR_UNKNOWN_KEEP, true);
    assert_int_equal(push(in, "<r>"), CXR_OK);
    assert_int_equal(push_records(in, 100, 15), CXR_OK);
    assert_true(cxr_ingest_waits(in));
    cxr_ingest_close(in);
    assert_int_equal(env_count(env->store, "shipments"), 35);

    env_free(env);
}


typedef struct {
    cxr_ingest_t  *in;
    atomic_bool    over;
    atomic_uint    runs;
} beside_t;


static void *
commit_beside(void *data)
{
    beside_t  *b = data;

    while (!atomic_load(&b->over)) {
        if (cxr_ingest_waits(b->in)) {
            cxr_ingest_commit(b->in);
            atomic_fetch_add(&b->runs, 1);
        }
    }

    return NULL;
}


static bool
in_order(void *ctx, const char *table, cxr_str_t key, cxr_str_t value)
{
    char       want[16];
    unsigned  *n = ctx;

    snprintf(want, sizeof(want), "N%06u", *n);

    if (memmem(value.data, value.len, want, 7) == NULL) {
        return false;
    }

    (*n)++;

    return true;
}


/* parcels that the journal has in the order of the document, from its start */
static unsigned
journal_in_order(cxr_store_t *store)
{
    unsigned    n = 0;
    cxr_diag_t  d;

    assert_int_equal(cxr_store_dump(store, "journal", CXR_STR_NONE, in_order,
                                    &n, &d), CXR_OK);

    return n;
}


static void
test_beside(void **state)
{
    env_t      *env = begin((size_t) 64 << 20);
    beside_t    b = { .in = ingest_of(env, 10, CXR_UNKNOWN_KEEP, true) };
    pthread_t   thread;

    assert_int_equal(pthread_create(&thread, NULL, commit_beside, &b), 0);

    assert_int_equal(push(b.in, "<r>"), CXR_OK);
    assert_int_equal(push_records(b.in, 0, 11), CXR_OK);

    while (atomic_load(&b.runs) == 0) {
        (void) sched_yield();
    }

    assert_int_equal(commits, 1);
    assert_int_equal(push_records(b.in, 11, 1994), CXR_OK);
    assert_int_equal(push(b.in, "<p><n>no&#34;good#</n></p></r>"), CXR_OK);
    assert_int_equal(cxr_ingest_push(b.in, NULL, 0), CXR_OK);

    atomic_store(&b.over, true);
    assert_int_equal(pthread_join(thread, NULL), 0);

    assert_int_equal(commits, 201);
    assert_int_equal(cxr_ingest_stats(b.in)->commits, 201);
    assert_int_equal(cxr_ingest_stats(b.in)->stored, 2005);
    assert_int_equal(cxr_ingest_stats(b.in)->refused, 1);
    cxr_ingest_close(b.in);

    assert_int_equal(journal_in_order(env->store), 2005);

    env_free(env);
}


/* After a batch that failed none is committed: no gap. */
static void
test_beside_full(void **state)
{
    env_t      *env = begin(CXR_STORE_MAP_MIN);
    beside_t    b = { .in = ingest_of(env, 50, CXR_UNKNOWN_KEEP, true) };
    unsigned    n;
    pthread_t   thread;

    assert_int_equal(pthread_create(&thread, NULL, commit_beside, &b), 0);

    assert_int_equal(push(b.in, "<r>"), CXR_OK);
    assert_int_equal(push_records(b.in, 0, 20000), CXR_FULL);
    assert_int_equal(cxr_ingest_push(b.in, NULL, 0), CXR_FULL);

    atomic_store(&b.over, true);
    assert_int_equal(pthread_join(thread, NULL), 0);

    n = journal_in_order(env->store);
    assert_int_equal(cxr_ingest_stats(b.in)->stored, n);
    assert_in_range(n, 1, 19999);
    cxr_ingest_close(b.in);

    env_free(env);
}


static void
test_told(void **state)
{
    json_t        *root;
    env_t         *env = begin((size_t) 64 << 20);
    unsigned       i;
    cxr_diag_t     d;
    cxr_ingest_t  *in = ingest(env, 0, CXR_UNKNOWN_REFUSE);

    /* of the store, and of the profile */
    assert_int_equal(push(in, "<r>"), CXR_OK);
    assert_int_equal(push_records(in, 0, 2), CXR_OK);

    for (i = 0; i < 3 * CXR_INGEST_TOLD; i++) {
        assert_int_equal(push(in, "<p><n>no&#34;good#\xc4\xb0</n></p>"),
                         CXR_OK);
    }

    assert_int_equal(push(in, "</r>"), CXR_OK);
    assert_int_equal(cxr_ingest_push(in, NULL, 0), CXR_OK);
    assert_int_equal(cxr_ingest_stats(in)->refused, 3 * CXR_INGEST_TOLD + 2);
    assert_int_equal(cxr_ingest_stats(in)->unread, 3 * CXR_INGEST_TOLD);
    assert_int_equal(cxr_ingest_stats(in)->stored, 0);

    assert_int_equal(cxr_json_parse(cxr_ingest_told(in), &root, &d), CXR_OK);
    assert_in_range(json_array_size(root), 50, CXR_INGEST_TOLD);
    json_decref(root);
    assert_true(cxr_ingest_told(in).len < CXR_INGEST_TOLD_BYTES);
    cxr_ingest_close(in);

    assert_int_equal(env_count(env->store, "shipments"), 0);
    env_free(env);
}


static void
test_refuses(void **state)
{
    env_t              *env = begin((size_t) 64 << 20);
    cxr_ingest_t       *in;
    cxr_ingest_conf_t   conf;

    memset(&conf, 0, sizeof(conf));
    conf.profile = profile;
    conf.store = env->store;
    conf.shop = &env->shop;
    conf.charset = cxr_str("ebcdic-cp-us");
    assert_int_equal(cxr_ingest_open(&conf, &in), CXR_INVALID);

    conf.charset = CXR_STR_NONE;
    conf.batch = CXR_INGEST_BATCH_MAX + 1;
    assert_int_equal(cxr_ingest_open(&conf, &in), CXR_LIMIT);

    cxr_ingest_close(NULL);
    env_free(env);
}


/* a record of one event, on the n-th day of the year */
static void
push_event(cxr_ingest_t *in, const char *number, unsigned year, unsigned n,
    const char *code)
{
    char  rec[160];

    snprintf(rec, sizeof(rec), "<p><n>%s</n><e><c>%s</c><d>%04u-%02u-%02u</d>"
             "</e></p>", number, code, year, 1 + n / 28 % 12, 1 + n % 28);
    assert_int_equal(push(in, rec), CXR_OK);
}


/* Each event is a record: one commit's worth of a parcel is one command, and
   counts, limits and another parcel's number are as if each were its own. */
static void
test_joined(void **state)
{
    env_t           *env = begin((size_t) 64 << 20);
    unsigned         i, round;
    cxr_read_t      *rd;
    cxr_ingest_t    *in;
    cxr_shipment_t   ship;

    for (round = 0; round < 3; round++) {
        in = ingest(env, 10, CXR_UNKNOWN_KEEP);
        assert_int_equal(push(in, "<r>"), CXR_OK);

        for (i = 0; i < 40; i++) {
            push_event(in, "N1", 2026, (i * 7) % 40, "X");
        }

        push_event(in, "N1", 2026, 3, "X");            /* told twice */
        push_event(in, "N2", 2026, 3, "X");

        if (round == 2) {
            push_event(in, "N2", 2026, 4, "X");        /* one is new */
        }

        assert_int_equal(push(in, "</r>"), CXR_OK);
        assert_int_equal(cxr_ingest_push(in, NULL, 0), CXR_OK);
        assert_int_equal(cxr_ingest_stats(in)->stored,
                         round == 0 ? 41 : round == 1 ? 0 : 1);
        assert_int_equal(cxr_ingest_stats(in)->repeated,
                         round == 0 ? 1 : 42);
        cxr_ingest_close(in);
    }

    assert_int_equal(env_count(env->store, "shipments"), 2);
    assert_int_equal(env_count(env->store, "journal"), 3);

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_shipment(rd, &env->shop, cxr_str("xx"),
                                       cxr_str("N1"), env->arena, &ship),
                     CXR_OK);
    assert_int_equal(ship.scans.n, 40);
    assert_int_equal(ship.unmapped, 40);
    cxr_read_end(rd);

    /* more than a report may hold are several; a number used again is two */

    in = ingest(env, 10, CXR_UNKNOWN_KEEP);
    assert_int_equal(push(in, "<r>"), CXR_OK);

    for (i = 0; i < CXR_SCANS_MAX + 7; i++) {
        push_event(in, "N3", 2026 - i / 300, i % 300, "X");
    }

    push_event(in, "N4", 2024, 3, "D");
    push_event(in, "N4", 2026, 3, "D");
    assert_int_equal(push(in, "</r>"), CXR_OK);
    assert_int_equal(cxr_ingest_push(in, NULL, 0), CXR_OK);
    assert_int_equal(cxr_ingest_stats(in)->stored, CXR_SCANS_MAX + 7 + 2);
    cxr_ingest_close(in);
    assert_int_equal(env_count(env->store, "shipments"), 5);

    in = ingest(env, 10, CXR_UNKNOWN_REFUSE);
    assert_int_equal(push(in, "<r>"), CXR_OK);

    for (i = 0; i < 25; i++) {
        push_event(in, "N9", 2026, i, "X");
    }

    assert_int_equal(push(in, "</r>"), CXR_OK);
    assert_int_equal(cxr_ingest_push(in, NULL, 0), CXR_OK);
    assert_int_equal(cxr_ingest_stats(in)->refused, 25);
    cxr_ingest_close(in);

    env_free(env);
}


static int
finish(void **state)
{
    cxr_profile_free(profile);

    return 0;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_known_partner),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_ahead),
        cmocka_unit_test(test_beside),
        cmocka_unit_test(test_beside_full),
        cmocka_unit_test(test_told),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_joined),
    };

    return cmocka_run_group_tests(tests, NULL, finish);
}

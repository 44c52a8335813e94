
/*
 * The whole way from bytes to shipments, through every shipped profile and two
 * that use what they do not.  The first byte chooses the profile, the second how
 * the rest is cut into pieces, whether a number was asked for and whether the
 * feed is traced; the same bytes in one piece, untraced, must end the same and
 * give the same reports.  So must they where what they tell is known already,
 * whether or not it is known by the bytes themselves.
 *
 * A profile's place is a hash of its name, so that seeds keep their profile
 * when others are added (t/fuzz/seed-feed makes the seeds).
 */

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "cxr_feed.h"
#include "cxr_trace.h"

#define PLACES  256
#define PARCELS 256
#define RAW     20                              /* of a digest of bytes       */
#define SHARED  4
#define NOW     ((cxr_time_t) 1793606400000)    /* 2026-11-02T08:00:00Z */

static cxr_profile_t  *profiles[PLACES];
static cxr_arena_t    *arena, *domain;
static bool            ready;

static const char  odd_profile[] =
    "<profile carrier='o' name='O' zone='Europe/Istanbul' fold='turkish'>"
    "<null>-</null><zone name='E' offset='-05:00'/>"
    "<zones name='z'><zone name='TR' tz='Europe/Istanbul'/>"
    "<zone name='x' offset='+09:00'/></zones>"
    "<dates name='d'><date>yyyy-MM-dd'T'HH:mm:ss.SX</date>"
    "<date form='a|b'>ddMMyyyy</date>"
    "<date>d MMM yy h:mm a z *</date><date>Mddyyyy</date></dates>"
    "<table name='t' source='s' fold='turkish'>"
    "<map code-number='1' status='in_transit'/>"
    "<map code-range='2-9' code2-prefix='a' status='delivered'/>"
    "<ignore text-contains='i'/></table>"
    "<format path='r'><error code='k' ok='0' class='transient'/>"
    "<record path='.//s/p[@n]' hold='1'><number path='@n'/>"
    "<reference path='../q | following-sibling::q/@v'/>"
    "<service path='.//x | e//c'/><header table='t' wins='delivered'>"
    "<code path='h[2] | h[last()]'/>"
    "</header><override path='.//f[x=\"1\"]/y' is='1|2' status='returned'/>"
    "<events path='*[not(*)][1] | e/g/c | .' table='t' order='asc'>"
    "<code path='name()'/><code2 path=\"@a + 'x' + b?\"/>"
    "<text path='. | preceding-sibling::b[@v]' after=':' until=';'/>"
    "<time path='@d | d + t?' zone='../@z' dates='d'/>"
    "<ignore path='@i' prefix='y'/></events></record>"
    "<record path='s/p'><number path='p/n'/><header table='t'>"
    "<code path='../../u'/></header></record></format></profile>";

/* documents within documents, retractions, captures, the request's number */
static const char  nest_profile[] =
    "<profile carrier='n' name='N'><ns prefix='a' uri='u'/>"
    "<zones name='z'><zone name='TR' tz='Europe/Istanbul'/></zones>"
    "<dates name='d' months='oca şub mar nis may haz tem ağu eyl eki kas ara'>"
    "<date form='a|b c'>ddMMyyyy</date><date>yyyy-MM-dd</date><date>u</date>"
    "<date>d MMM yyyy *'-'H</date></dates>"
    "<table name='t' source='s'><map code='D' status='delivered'/></table>"
    "<format path='r'><error code='x' class='auth'/>"
    "<reparse path='x' as='xml'/><reparse path='.//y' as='xml'/>"
    "<reparse path='l' as='lines'/>"
    "<reparse path='o' as='lines' rows='##' columns='; '/>"
    "<record path='l'><number path='request()'/><events path='row' table='t' "
    "order='desc'><code path='c1'/><text path='c3'/>"
    "<time path='c2' dates='d'/></events></record>"
    "<record path='o/row'><number path='c2'/><events path='.' table='t'>"
    "<code path='c1'/></events></record>"
    "<record path='x//p'><ignore path='@no' present='yes'/>"
    "<number path='n' as='sscc'>"
    "<or path='n | request()' capture='(\\w{1,9})-?[^b]*$'/></number>"
    "<unique path='u'/><since path='d' dates='d'/>"
    "<eta path='d' dates='d' shown='l'/><eta-to path='d + l' dates='d'/>"
    "<pickup-until path='d' dates='d' zone='l'/>"
    "<pickup-point path='w + v?'/><pickup-hours path='l'/>"
    "<pieces path='k'/><return-number path='b'/>"
    "<events path='e | a:e | *[@c]' table='t' group='siblings'>"
    "<code path='@c' capture='[A-Z]+'/>"
    "<text path='. + ../@v? | preceding-sibling::b | following-sibling::i'/><time path='d' dates='d' form='d/@f' "
    "where='l' zones='z'/><id path='i'/>"
    "<retract path='u' is='1' what='previous'/>"
    "<retract path='u' is='2' what='itself'/>"
    "<retract path='v' present='yes' id='v'/>"
    "<retract path='w' present='yes' code='w' time='d' dates='d'/>"
    "</events></record>"
    "<record path='x//y/q/p'><number path='n'/><header table='t'>"
    "<code path='n'/></header></record>"
    "</format></profile>";


typedef struct {
    cxr_feed_end_t    end;
    cxr_feed_stats_t  stats;
    uint64_t          hash;        /* of all reports                          */
    uint64_t          told;        /* by the trace                            */
    uint64_t          era;         /* 0: each report has its own              */
    unsigned          n;           /* reports in it                           */
    bool              knows;       /* what is in "parcels" ...                */
    bool              by_bytes;    /* ... by this too                         */
    bool              keeps;       /* its reports there                       */
} run_t;

static struct {
    char    number[64];
    char    digest[CXR_DIGEST_LEN];
    size_t  len;
} parcels[PARCELS];


/* some share an arena, and texts in it, with those before them */
static cxr_arena_t *
fuzz_arena(void *ctx)
{
    run_t  *run = ctx;

    if (run->era == 0 || run->n++ % SHARED == 0) {
        cxr_arena_reset(arena);
        run->era += run->era != 0;
    }

    return arena;
}


static unsigned
fuzz_parcel(cxr_str_t number)
{
    size_t    i;
    uint32_t  h = 2166136261u;

    for (i = 0; i < number.len; i++) {
        h = (h ^ (unsigned char) number.data[i]) * 16777619u;
    }

    return h % PARCELS;
}


/* asked always, so that records are digested */
static bool
fuzz_known(void *ctx, cxr_str_t number, size_t at, cxr_str_t digest,
    cxr_str_t *kept)
{
    run_t     *run = ctx;
    unsigned   i = fuzz_parcel(number);

    if (!run->knows || (at == RAW && !run->by_bytes)
        || parcels[i].len < at + digest.len
        || !cxr_str_eq(cxr_strz(parcels[i].number), number)
        || memcmp(parcels[i].digest + at, digest.data, digest.len) != 0)
    {
        return false;
    }

    *kept = cxr_strn(parcels[i].digest, parcels[i].len);

    return true;
}


static void
fuzz_keep(const cxr_report_t *r)
{
    unsigned  i = fuzz_parcel(r->number);

    if (r->digest.len == 0 || r->number.len >= sizeof(parcels[i].number)) {
        return;
    }

    memcpy(parcels[i].number, r->number.data, r->number.len);
    parcels[i].number[r->number.len] = '\0';
    memcpy(parcels[i].digest, r->digest.data, r->digest.len);
    parcels[i].len = r->digest.len;
}


static void
fuzz_check(cxr_str_t s, size_t max)
{
    if (s.len > max || (s.len > 0 && s.data == NULL)) {
        abort();
    }
}


/* What a shipment makes of it: decided, applied, and nothing new the 2nd time */
static void
fuzz_apply(const cxr_report_t *r)
{
    unsigned        skipped;
    cxr_events_t    events;
    cxr_refusal_t   no;
    cxr_shipment_t  s;

    if (r->number.len == 0) {
        return;
    }

    cxr_arena_reset(domain);
    memset(&s, 0, sizeof(s));
    memset(&events, 0, sizeof(events));

    if (cxr_shipment_report(NULL, r, NOW, domain, &events, &skipped, &no)
        != CXR_OK
        || events.n != 1
        || cxr_shipment_apply(&s, &events.items[0], NOW, domain) != CXR_OK
        || s.status > CXR_SHIP_EXPIRED)
    {
        abort();
    }

    memset(&events, 0, sizeof(events));

    if (cxr_shipment_report(&s, r, NOW, domain, &events, &skipped, &no)
        != CXR_OK
        || events.n != 0)
    {
        abort();
    }
}


static cxr_rc_t
fuzz_report(void *ctx, const cxr_report_t *r, cxr_arena_t *a)
{
    run_t      *run = ctx;
    size_t      i;
    uint32_t    k;
    cxr_buf_t   b;

    if (r->number.len == 0 && r->reference.len == 0) {
    fuzz_check(r->unique, 128);
        abort();
    }

    fuzz_check(r->number, 64);
    fuzz_check(r->return_number, 64);
    fuzz_check(r->header_code, 80);

    if (r->scans.n > CXR_SCANS_MAX) {
        abort();
    }

    for (k = 0; k < r->scans.n; k++) {
        fuzz_check(r->scans.items[k].code, 80);
        fuzz_check(r->scans.items[k].text, 500);
        fuzz_check(r->scans.items[k].place, 200);
        fuzz_check(r->scans.items[k].time_text, 80);
        fuzz_check(r->scans.items[k].retracts, 128);

        if (r->scans.items[k].status > CXR_SHIP_EXPIRED) {
            abort();
        }
    }

    cxr_buf_init(&b, CXR_RECORD_MAX + 1024);

    if (cxr_rec_encode(&cxr_report_type, r, 1, &b) != CXR_OK) {
        abort();
    }

    for (i = 0; i < b.len; i++) {
        run->hash = (run->hash ^ (unsigned char) b.data[i])
                    * 0x100000001b3u;
    }

    cxr_buf_free(&b);
    fuzz_apply(r);

    if (run->keeps) {
        fuzz_keep(r);
    }

    return CXR_OK;
}


static void
fuzz_trace(void *ctx, const cxr_trace_t *t)
{
    run_t  *run = ctx;

    fuzz_check(t->value, 8 * 8192 + 8 * 16);
    fuzz_check(t->raw, 8 * 8192 + 8 * 16);
    fuzz_check(t->code, 3 * 81);

    if (t->kind > CXR_TRACE_ERROR) {
        abort();
    }

    run->told++;
}


static void
fuzz_place(cxr_profile_t *p)
{
    size_t     i;
    uint32_t   h = 2166136261u;
    cxr_str_t  name = cxr_profile_carrier(p);

    for (i = 0; i < name.len; i++) {
        h = (h ^ (unsigned char) name.data[i]) * 16777619u;
    }

    for (h &= PLACES - 1; profiles[h] != NULL; h = (h + 1) & (PLACES - 1)) {
        /* void */
    }

    profiles[h] = p;
}


static void
fuzz_setup(void)
{
    size_t          i, n;
    glob_t          g;
    cxr_diag_t      d[4];
    cxr_profile_t  *p, *odd[2];

    cxr_feed_init();
    arena = cxr_arena_create(SHARED * CXR_FEED_REPORT_BYTES);
    domain = cxr_arena_create(64 * 1024 * 1024);

    if (glob("conf/carriers/*.xml", 0, NULL, &g) != 0) {
        fprintf(stderr, "no conf/carriers: run from the project's root\n");
        exit(1);
    }

    for (i = 0; i < g.gl_pathc; i++) {
        if (cxr_profile_load(g.gl_pathv[i], &p, d, 4, &n) != CXR_OK) {
            fprintf(stderr, "%s: %s\n", g.gl_pathv[i], n > 0 ? d[0].text : "");
            exit(1);
        }

        fuzz_place(p);
    }

    globfree(&g);

    if (cxr_profile_parse(cxr_strz(odd_profile), "odd", &odd[0], d, 4, &n)
        != CXR_OK
        || cxr_profile_parse(cxr_strz(nest_profile), "nest", &odd[1], d, 4, &n)
           != CXR_OK)
    {
        fprintf(stderr, "%s\n", n > 0 ? d[0].text : "");
        exit(1);
    }

    for (i = 0; i < PLACES; i++) {
        if (profiles[i] == NULL) {
            profiles[i] = odd[i % 2];
        }
    }

    ready = true;
}


static void
fuzz_run(run_t *run, unsigned which, unsigned how, size_t piece,
    const uint8_t *data, size_t size)
{
    bool              one = piece > size;
    bool              asked = how & 1, traced = !one && (how & 2);
    size_t            n;
    cxr_feed_t       *f;
    cxr_feed_sink_t   sink = { run, fuzz_arena, fuzz_report, NULL };

    if (!one) {
        run->era = 1;
        sink.era = &run->era;
    }

    /* who is traced makes no digests */

    if (!(how & 2)) {
        sink.known = fuzz_known;
    }

    if (cxr_feed_open(profiles[which], NULL, CXR_STR_NONE, &sink, &f)
        != CXR_OK
        || (asked && cxr_feed_request(f, cxr_str("ASKED 1")) != CXR_OK))
    {
        abort();
    }

    if (traced) {
        cxr_feed_trace(f, fuzz_trace, run);
    }

    while (size > 0) {
        n = size < piece ? size : piece;

        if (cxr_feed_push(f, data, n) != CXR_OK) {
            break;
        }

        data += n;
        size -= n;
    }

    (void) cxr_feed_finish(f);

    run->end = cxr_feed_end(f);
    run->stats = *cxr_feed_stats(f);
    cxr_feed_close(f);

    if (run->end == CXR_FEED_GOING || run->end == CXR_FEED_MEMORY
        || (traced && run->told < run->stats.records))
    {
        abort();
    }
}


/* libxml2 looks further ahead in larger pieces, so a bad document may end
   earlier in one than in the other; a good one may not differ at all */
static void
fuzz_same(const run_t *a, const run_t *b)
{
    if ((a->end == CXR_FEED_DONE) != (b->end == CXR_FEED_DONE)
        || (a->end == CXR_FEED_DONE
            && (a->hash != b->hash
                || memcmp(&a->stats, &b->stats, sizeof(a->stats)) != 0)))
    {
        abort();
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    run_t     one, many;
    unsigned  i, how;

    if (!ready) {
        fuzz_setup();
    }

    if (size < 2) {
        return 0;
    }

    how = data[1];
    size -= 2;
    memset(parcels, 0, sizeof(parcels));

    one = (run_t) { .keeps = true };
    fuzz_run(&one, data[0], how, size + 1, data + 2, size);
    many = (run_t) { .knows = false };
    fuzz_run(&many, data[0], how, 1 + how / 4, data + 2, size);
    fuzz_same(&one, &many);

    if (how & 2) {
        return 0;
    }

    one = (run_t) { .knows = true };
    fuzz_run(&one, data[0], how, size + 1, data + 2, size);

    /* what a record looks like is learned from a piece before */

    for (i = 0; i < 2; i++) {
        many = (run_t) { .knows = true, .by_bytes = true };
        fuzz_run(&many, data[0], how, i ? 1 + how / 4 : 1 + size / 3, data + 2,
                 size);
        fuzz_same(&one, &many);
    }

    return 0;
}

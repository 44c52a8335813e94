
/*
 * The whole way from bytes to reports, through three of the shipped profiles
 * and one that uses what they do not.  The first byte chooses the profile and
 * how the rest is cut into pieces; the same bytes in one piece must end the
 * same and give as many reports.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_feed.h"


static cxr_profile_t  *profiles[4];

static const char  odd_profile[] =
    "<profile carrier='o' name='O' zone='Europe/Istanbul' fold='turkish'>"
    "<null>-</null><zone name='E' offset='-05:00'/>"
    "<dates name='d'><date>yyyy-MM-dd'T'HH:mm:ss.SX</date>"
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

static cxr_arena_t    *arena;


static cxr_arena_t *
fuzz_arena(void *ctx)
{
    cxr_arena_reset(arena);
    return arena;
}


static void
fuzz_check(cxr_str_t s, size_t max)
{
    if (s.len > max || (s.len > 0 && s.data == NULL)) {
        abort();
    }
}


static cxr_rc_t
fuzz_report(void *ctx, const cxr_report_t *r, cxr_arena_t *a)
{
    uint32_t  i;

    if (r->number.len == 0 && r->reference.len == 0) {
        abort();
    }

    fuzz_check(r->number, 64);
    fuzz_check(r->header_code, 80);

    if (r->scans.n > CXR_SCANS_MAX) {
        abort();
    }

    for (i = 0; i < r->scans.n; i++) {
        fuzz_check(r->scans.items[i].code, 80);
        fuzz_check(r->scans.items[i].text, 500);
        fuzz_check(r->scans.items[i].place, 200);
        fuzz_check(r->scans.items[i].time_text, 80);

        if (r->scans.items[i].status > CXR_SHIP_EXPIRED) {
            abort();
        }
    }

    return CXR_OK;
}


static void
fuzz_setup(void)
{
    size_t      i, n;
    cxr_diag_t  d[4];

    static const char *const  paths[] = {
        "conf/carriers/ups.xml", "conf/carriers/usps.xml",
        "conf/carriers/yurtici.xml"
    };

    cxr_feed_init();
    arena = cxr_arena_create(CXR_FEED_REPORT_BYTES);

    for (i = 0; i < 3; i++) {
        if (cxr_profile_load(paths[i], &profiles[i], d, 4, &n) != CXR_OK) {
            fprintf(stderr, "%s: run from the project's root: %s\n", paths[i],
                    n > 0 ? d[0].text : "");
            exit(1);
        }
    }

    if (cxr_profile_parse(cxr_strz(odd_profile), "odd", &profiles[3], d, 4, &n)
        != CXR_OK)
    {
        fprintf(stderr, "%s\n", n > 0 ? d[0].text : "");
        exit(1);
    }
}


static cxr_feed_stats_t
fuzz_run(unsigned which, size_t piece, const uint8_t *data, size_t size,
    cxr_feed_end_t *end)
{
    size_t             n;
    cxr_feed_t        *f;
    cxr_feed_sink_t    sink = { NULL, fuzz_arena, fuzz_report, NULL };
    cxr_feed_stats_t   stats;

    if (cxr_feed_open(profiles[which], NULL, CXR_STR_NONE, &sink, &f)
        != CXR_OK)
    {
        abort();
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

    *end = cxr_feed_end(f);
    stats = *cxr_feed_stats(f);
    cxr_feed_close(f);

    if (*end == CXR_FEED_GOING || *end == CXR_FEED_MEMORY) {
        abort();
    }

    return stats;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned          which;
    cxr_feed_end_t    a, b;
    cxr_feed_stats_t  one, many;

    if (profiles[0] == NULL) {
        fuzz_setup();
    }

    if (size == 0) {
        return 0;
    }

    which = data[0] < 0xc0 ? data[0] % 3 : 3;

    one = fuzz_run(which, size, data + 1, size - 1, &a);
    many = fuzz_run(which, 1 + data[0] / 3, data + 1, size - 1, &b);

    /* libxml2 looks further ahead in larger pieces, so a bad document may end
       earlier in one than in the other; a good one may not differ at all */
    if ((a == CXR_FEED_DONE) != (b == CXR_FEED_DONE)
        || (a == CXR_FEED_DONE && (one.reports != many.reports
                                   || one.events != many.events
                                   || one.refused != many.refused)))
    {
        abort();
    }

    return 0;
}

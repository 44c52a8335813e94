
/*
 * What a profile costs: a document through its feed to reports, without a
 * store.  Under callgrind, with --toggle-collect=parse_counted, what is counted
 * is that alone, the second time, when nothing is made for the first time.
 *
 *   parse PROFILE.xml DOCUMENT...      prints the number of events
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_feed.h"

#define PARSE_ARENA  ((size_t) 16 << 20)
#define PARSE_MAX    ((size_t) 8 << 20)     /* of a document                  */
#define PARSE_PIECE  16384

cxr_rc_t parse_counted(const cxr_profile_t *p, cxr_str_t doc,
    uint64_t *events);


static cxr_arena_t *
parse_arena(void *ctx)
{
    cxr_arena_reset(ctx);

    return ctx;
}


static cxr_rc_t
parse_report(void *ctx, const cxr_report_t *report, cxr_arena_t *arena)
{
    return CXR_OK;
}


static cxr_rc_t
parse_document(const cxr_profile_t *p, cxr_str_t doc, uint64_t *events)
{
    size_t            at, n;
    cxr_rc_t          rc;
    cxr_feed_t       *feed;
    cxr_arena_t      *arena = cxr_arena_create(PARSE_ARENA);
    cxr_feed_sink_t   sink = { .ctx = arena, .arena = parse_arena,
                               .on_report = parse_report };

    if (arena == NULL
        || cxr_feed_open(p, NULL, CXR_STR_NONE, &sink, &feed) != CXR_OK)
    {
        return CXR_NOMEM;
    }

    rc = cxr_feed_request(feed, cxr_str("000000000000"));

    for (at = 0; rc == CXR_OK && at < doc.len; at += n) {
        n = doc.len - at < PARSE_PIECE ? doc.len - at : PARSE_PIECE;
        rc = cxr_feed_push(feed, doc.data + at, n);
    }

    if (rc == CXR_OK) {
        rc = cxr_feed_finish(feed);
    }

    *events += cxr_feed_stats(feed)->events;
    cxr_feed_close(feed);
    cxr_arena_destroy(arena);

    return rc;
}


__attribute__((noinline)) cxr_rc_t
parse_counted(const cxr_profile_t *p, cxr_str_t doc, uint64_t *events)
{
    return parse_document(p, doc, events);
}


int
main(int argc, char **argv)
{
    int              i;
    char            *text = malloc(PARSE_MAX);
    FILE            *f;
    size_t           n = 0;
    uint64_t         events = 0, warm = 0;
    cxr_str_t        doc;
    cxr_diag_t       d[4];
    cxr_profile_t   *p;

    if (argc < 3 || text == NULL) {
        fprintf(stderr, "usage: parse PROFILE.xml DOCUMENT...\n");
        return 2;
    }

    cxr_feed_init();

    if (cxr_profile_load(argv[1], &p, d, 4, &n) != CXR_OK) {
        fprintf(stderr, "parse: %s: no good profile\n", argv[1]);
        return 1;
    }

    for (i = 2; i < argc; i++) {
        f = fopen(argv[i], "rb");

        if (f == NULL) {
            fprintf(stderr, "parse: cannot read %s\n", argv[i]);
            return 1;
        }

        doc = cxr_strn(text, fread(text, 1, PARSE_MAX, f));
        fclose(f);

        /* a document that ends in an error is one of the samples too */

        (void) parse_document(p, doc, &warm);
        (void) parse_counted(p, doc, &events);
    }

    printf("%llu\n", (unsigned long long) events);
    cxr_profile_free(p);
    free(text);

    return 0;
}

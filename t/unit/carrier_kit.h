
/*
 * For the tests of carrier/: a feed's outcome as text, one JSON object for
 * each report or refusal, so that two runs, or a run and a golden file, can be
 * compared.
 */

#ifndef _CARRIER_KIT_H_INCLUDED_
#define _CARRIER_KIT_H_INCLUDED_

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "cxr_buf.h"
#include "cxr_feed.h"

#define KIT_OUT_MAX  (64 * 1024 * 1024)

typedef struct {
    cxr_arena_t      *arena;
    cxr_buf_t         out;
    cxr_rc_t          say;      /* what on_report() returns                    */
    cxr_rc_t          rc;       /* of the last push or of finish               */
    cxr_feed_end_t    end;
    cxr_diag_t        diag;
    cxr_feed_stats_t  stats;
} kit_run_t;


/* the number that the next runs are asked for */
static cxr_str_t  kit_asked;


static inline cxr_arena_t *
kit_arena(void *ctx)
{
    kit_run_t  *run = ctx;

    /* reports are printed at once, so that nothing need outlive the call */
    cxr_arena_reset(run->arena);

    return run->arena;
}


static inline cxr_rc_t
kit_report(void *ctx, const cxr_report_t *report, cxr_arena_t *arena)
{
    cxr_jw_t    w;
    kit_run_t  *run = ctx;

    cxr_jw_init(&w, &run->out);
    cxr_rec_json(&cxr_report_type, report, NULL, 0, &w);
    cxr_buf_addc(&run->out, '\n');

    return run->say;
}


static inline void
kit_refused(void *ctx, const cxr_feed_refusal_t *r)
{
    cxr_jw_t    w;
    kit_run_t  *run = ctx;

    cxr_jw_init(&w, &run->out);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_int(&w, "refused", (int64_t) r->record);
    cxr_jw_int(&w, "line", r->line);
    cxr_jw_str(&w, "number", r->number);
    cxr_jw_strz(&w, "code", r->code);
    cxr_jw_strz(&w, "fault", cxr_fault_names[r->fault]);
    cxr_jw_str(&w, "text", r->text);
    cxr_jw_close(&w);
    cxr_buf_addc(&run->out, '\n');
}


static inline void
kit_free(kit_run_t *run)
{
    cxr_arena_destroy(run->arena);
    cxr_buf_free(&run->out);
}


/* pieces: 0 one piece, n > 0 of n bytes, -1 random ones by "seed" */
static inline void
kit_run(kit_run_t *run, const cxr_profile_t *p,
    const cxr_feed_limits_t *limits, cxr_str_t doc, int pieces, unsigned seed)
{
    size_t           n;
    cxr_feed_t      *f;
    cxr_feed_sink_t  sink = { run, kit_arena, kit_report, kit_refused };

    memset(run, 0, sizeof(kit_run_t));
    run->arena = cxr_arena_create(4 * 1024 * 1024);
    cxr_buf_init(&run->out, KIT_OUT_MAX);
    assert_non_null(run->arena);
    assert_int_equal(cxr_feed_open(p, limits, CXR_STR_NONE, &sink, &f),
                     CXR_OK);

    assert_int_equal(cxr_feed_request(f, kit_asked), CXR_OK);

    while (doc.len > 0 && run->rc == CXR_OK) {
        n = pieces == 0 ? doc.len : pieces > 0 ? (size_t) pieces
            : 1 + (size_t) rand_r(&seed) % 97;

        if (n > doc.len) {
            n = doc.len;
        }

        run->rc = cxr_feed_push(f, doc.data, n);
        doc.data += n;
        doc.len -= n;
    }

    if (run->rc == CXR_OK) {
        run->rc = cxr_feed_finish(f);
    }

    run->end = cxr_feed_end(f);
    run->diag = *cxr_feed_diag(f);
    run->stats = *cxr_feed_stats(f);
    cxr_feed_close(f);
    assert_true(cxr_buf_ok(&run->out));
}


static inline cxr_profile_t *
kit_profile(const char *text)
{
    size_t          n, i;
    char            line[800];
    cxr_diag_t      d[8];
    cxr_profile_t  *p;

    if (cxr_profile_parse(cxr_strz(text), "t.xml", &p, d, 8, &n) != CXR_OK) {
        for (i = 0; i < n; i++) {
            cxr_diag_print(&d[i], line, sizeof(line));
            print_error("%s\n", line);
        }
        fail_msg("the profile does not load");
    }

    return p;
}


static inline cxr_profile_t *
kit_load(const char *path)
{
    size_t          n, i;
    char            line[800];
    cxr_diag_t      d[8];
    cxr_profile_t  *p;

    if (cxr_profile_load(path, &p, d, 8, &n) != CXR_OK) {
        for (i = 0; i < n; i++) {
            cxr_diag_print(&d[i], line, sizeof(line));
            print_error("%s\n", line);
        }
        fail_msg("%s does not load", path);
    }

    return p;
}


/* a whole file, malloc'ed; len 0 when it cannot be read */
static inline cxr_str_t
kit_file(const char *path)
{
    FILE   *f = fopen(path, "rb");
    char   *p;
    size_t  n;

    if (f == NULL) {
        return CXR_STR_NONE;
    }

    p = malloc(1 << 20);
    assert_non_null(p);
    n = fread(p, 1, 1 << 20, f);
    fclose(f);

    return cxr_strn(p, n);
}

#endif /* _CARRIER_KIT_H_INCLUDED_ */

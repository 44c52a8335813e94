
/*
 * The portal's form of a claim: photos carried by tickets, each of its order
 * alone and once; one whose file is gone; a reason that turns into a claim.
 */

#include "page_world.h"
#include "sign_ring.h"

#include "cxr_ticket.h"


static cxr_keyring_t  *ring;


static int
open_ring(void **state)
{
    char        dir[] = "/tmp/cxr-claim-XXXXXX", path[64];
    cxr_diag_t  d;

    if (cxr_sign_init() != CXR_OK || mkdtemp(dir) == NULL) {
        return 1;
    }

    snprintf(path, sizeof(path), "%s/keys", dir);
    memset(&d, 0, sizeof(d));

    if (cxr_keyring_create(path, RING_NOW, &d) != CXR_OK
        || cxr_keyring_load(path, &ring, &d) != CXR_OK)
    {
        return 1;
    }

    unlink(path);
    rmdir(dir);

    return 0;
}


static int
close_ring(void **state)
{
    cxr_keyring_free(ring);

    return 0;
}


static cxr_str_t
ticket(world_t *w, const char *scope, char fill)
{
    char             hash[CXR_PHOTO_HASH_LEN];
    cxr_str_t        out;
    cxr_photo_ref_t  ref;

    memset(hash, fill, sizeof(hash));
    memset(&ref, 0, sizeof(ref));
    assert_int_equal(cxr_str_dup(w->a, cxr_strn(hash, sizeof(hash)),
                                 &ref.hash), CXR_OK);
    ref.width = 30;
    ref.height = 20;
    ref.bytes = 1000;
    assert_int_equal(cxr_ticket_make(ring, cxr_strz(scope), &ref, w->a, &out),
                     CXR_OK);

    return out;
}


static void
form_of(world_t *w, cxr_portal_form_t *form, const char *fmt, cxr_str_t a,
    cxr_str_t b)
{
    cxr_str_t  text;

    text = cxr_sprintf(w->a, fmt, cxr_str_arg(a), cxr_str_arg(b));
    assert_non_null(text.data);
    world_form(w, cxr_strz_dup(w->a, text), form);
}


static unsigned
gone(const cxr_portal_form_t *form)
{
    uint32_t  i;
    unsigned  n = 0;

    for (i = 0; i < form->faults.n; i++) {
        n += form->faults.items[i].at == CXR_AT_PHOTO
             && cxr_str_is(form->faults.items[i].key, "form.photo_gone");
    }

    return n;
}


static void
test_tickets(void **state)
{
    world_t            *w = *state;
    cxr_str_t           mine, theirs;
    cxr_photo_refs_t    refs;
    cxr_portal_form_t   form;

    mine = ticket(w, "1:A:", 'a');
    theirs = ticket(w, "1:B:", 'b');

    /* twice the same is once; another order's is none */

    form_of(w, &form, "q.0=1&p.0=%.*s&p.0=%.*s", mine, mine);
    assert_int_equal(form.picks.items[0].photos.n, 1);
    assert_int_equal(cxr_portal_photos(&form, ring, cxr_str("1:A:"), w->a),
                     CXR_OK);
    assert_int_equal(gone(&form), 0);
    assert_int_equal(cxr_portal_refs(&form.picks.items[0], w->a, &refs),
                     CXR_OK);
    assert_int_equal(refs.n, 1);
    assert_int_equal(refs.items[0].width, 30);

    form_of(w, &form, "q.0=1&p.0=%.*s&p.0=%.*s", mine, theirs);
    assert_int_equal(form.picks.items[0].photos.n, 2);
    assert_int_equal(cxr_portal_photos(&form, ring, cxr_str("1:A:"), w->a),
                     CXR_OK);
    assert_int_equal(form.picks.items[0].photos.n, 1);
    assert_int_equal(gone(&form), 1);
}


static void
test_gone(void **state)
{
    world_t            *w = *state;
    cxr_str_t           a, b, hash;
    cxr_portal_form_t   form;

    a = ticket(w, "1:A:", 'a');
    b = ticket(w, "1:A:", 'b');

    form_of(w, &form, "q.0=1&q.1=1&p.0=%.*s&p.1=%.*s", a, b);
    assert_int_equal(cxr_portal_photos(&form, ring, cxr_str("1:A:"), w->a),
                     CXR_OK);

    hash = form.picks.items[1].photos.items[0].ref.hash;
    assert_int_equal(cxr_portal_photo_gone(&form, hash, w->a), CXR_OK);
    assert_int_equal(form.picks.items[0].photos.n, 1);
    assert_int_equal(form.picks.items[1].photos.n, 0);
    assert_int_equal(gone(&form), 1);
    assert_int_equal(form.faults.items[0].line, 1);

    assert_int_equal(cxr_portal_photo_gone(&form, hash, w->a), CXR_OK);
    assert_int_equal(gone(&form), 1);
}


/* Bytes that are no ticket are no photo, and no more than may be are kept. */

static void
test_hostile(void **state)
{
    world_t            *w = *state;
    unsigned            i;
    cxr_buf_t           b;
    cxr_str_t           t;
    cxr_portal_form_t   form;

    form_of(w, &form, "q.0=1&p.0=%.*s&p.0=%.*s", cxr_str("x"),
            cxr_str("..%2f..%2fetc"));
    assert_int_equal(form.picks.items[0].photos.n, 0);

    cxr_buf_init(&b, 65536);
    cxr_buf_addz(&b, "q.0=1");

    for (i = 0; i < 2 * CXR_LINE_PHOTOS_MAX; i++) {
        t = ticket(w, "1:A:", (char) ('A' + i));
        cxr_buf_addz(&b, "&p.0=");
        cxr_buf_adds(&b, t);
    }

    cxr_buf_addc(&b, '\0');
    assert_true(cxr_buf_ok(&b));
    world_form(w, cxr_buf_str(&b).data, &form);
    assert_true(form.picks.items[0].photos.n <= CXR_LINE_PHOTOS_MAX);
    cxr_buf_free(&b);
}


/* A reason that claims is asked for more, once its form is there. */

static void
test_turns(void **state)
{
    world_t            *w = *state;
    cxr_portal_form_t   form;
    cxr_policy_ask_t    ask;
    cxr_reason_t       *reason;

    world_judge(w);

    reason = (cxr_reason_t *) cxr_policy_reason(&w->shop->policy,
                                                cxr_str("damaged"));
    assert_non_null(reason);
    reason->claim = CXR_CLAIM_DAMAGED;

    world_form(w, "q.0=1&r.0=changed_mind&o.0=refund", &form);
    assert_false(cxr_portal_turns(&form, &w->shop->policy, w->judgements));
    cxr_portal_ask_of(&form, &w->shop->policy, 0, &ask);
    assert_int_not_equal(ask.kind, CXR_KIND_CLAIM);

    world_form(w, "q.0=1&r.0=damaged&o.0=refund", &form);
    cxr_portal_ask_of(&form, &w->shop->policy, 0, &ask);
    assert_int_equal(ask.kind, CXR_KIND_CLAIM);
    assert_true(cxr_portal_turns(&form, &w->shop->policy, w->judgements));

    world_form(w, "q.0=1&r.0=damaged&o.0=refund&k.0=damaged", &form);
    assert_false(cxr_portal_turns(&form, &w->shop->policy, w->judgements));

    /* a line that is not chosen turns nothing */

    world_form(w, "q.0=0&r.0=damaged", &form);
    assert_false(cxr_portal_turns(&form, &w->shop->policy, w->judgements));
}


static bool
has(cxr_str_t text, const char *part)
{
    return text.len != 0
           && memmem(text.data, text.len, part, strlen(part)) != NULL;
}


static cxr_view_way_t
own_way(world_t *w, int l, const char *text)
{
    cxr_portal_t       *p;
    cxr_portal_form_t   form;
    cxr_view_details_t  view;

    p = world_portal(w, (unsigned) l, "portal.details.title");

    w->judgements[2].methods = 1u << CXR_METHOD_OWN_CARRIER;

    world_form(w, text, &form);
    assert_int_equal(cxr_view_details(p, &form, &view), CXR_OK);
    assert_int_equal(view.ways.n, 1);

    if (form.claim) {
        assert_int_equal(view.fee.len, 0);
    }

    return view.ways.items[0];
}


/* What a carrier of hers costs is the shop's to bear where the goods are faulty:
   no page tells her otherwise. */
static void
test_carriage(void **state)
{
    int                 l;
    uint32_t            i;
    world_t            *w = *state;
    cxr_rma_t          *rma;
    cxr_str_t           own, text;
    cxr_reason_t       *damaged;
    cxr_rma_page_t      p;
    cxr_view_rma_t      view;
    cxr_portal_t       *portal;
    cxr_view_review_t   review;
    cxr_portal_form_t   form;

    static const char *const  back[2] = { "geri öde", "pay" };
    static const char *const  keep[2] = { "fişi", "receipt" };
    static const char *const  cut[2] = { "kesinti", "taken off" };

    damaged = (cxr_reason_t *) cxr_policy_reason(&w->shop->policy,
                                                 cxr_str("damaged"));
    assert_non_null(damaged);

    /* nothing can be claimed here */

    for (l = 0; l < 2; l++) {
        text = own_way(w, l, "q.2=1&r.2=changed_mind&o.2=refund").cost;
        assert_true(has(text, cut[l]) && !has(text, keep[l]));
    }

    damaged->claim = CXR_CLAIM_DAMAGED;

    for (l = 0; l < 2; l++) {
        text = own_way(w, l, "k=1&q.2=1").cost;
        assert_true(has(text, back[l]) && has(text, keep[l]));
        assert_false(has(text, cut[l]));
        own = own_way(w, l, "q.2=1&r.2=damaged&o.2=refund").cost;
        assert_true(cxr_str_eq(own, text));

        /* the reason is chosen on the page that says it */

        text = own_way(w, l, "q.2=1").cost;
        assert_true(has(text, cut[l]) && has(text, keep[l]));
        assert_false(cxr_str_eq(own, text));
    }

    world_form(w, "q.2=1&r.2=damaged&n.2=x&o.2=refund", &form);
    rma = world_create(w, &form, w->now);
    assert_int_equal(rma->kind, CXR_KIND_CLAIM);
    rma->method = cxr_str("own_carrier");
    rma->status = CXR_RMA_APPROVED;
    rma->label_jti = cxr_str("j");
    rma->label_expires = w->now + CXR_DAY;

    for (i = 0; i < 4; i++) {
        l = (int) (i % 2);
        rma->kind = i < 2 ? CXR_KIND_CLAIM : CXR_KIND_RETURN;
        rma->lines.items[0].claim = i < 2 ? CXR_CLAIM_DAMAGED
                                          : CXR_CLAIM_NONE;
        portal = world_portal(w, (unsigned) l, "portal.review.title");
        assert_int_equal(cxr_view_review(portal, &form, rma, &review),
                         CXR_OK);
        assert_int_equal(has(review.way_note, keep[l]), i < 2);
        assert_int_equal(has(review.way_note, cut[l]), i >= 2);

        p = (cxr_rma_page_t) {
            .ctx = w->ctx[l],
            .page = world_page(w, (unsigned) l, "rma.title", "/returns/r/t"),
            .arena = w->a, .now = w->now, .rma = rma,
            .url = cxr_str_init("/returns/r/t")
        };
        assert_int_equal(cxr_view_rma(&p, &view), CXR_OK);
        assert_int_equal(view.way_steps.n, 3);
        text = view.way_steps.items[1].text;
        assert_true(text.len > 0);
        assert_int_equal(has(text, keep[l]), i < 2);
        assert_int_equal(has(text, back[l]), l == 1 || i < 2);
    }
}


/* A claim beside a return in one parcel: its share is the shop's, and each
   place where that is said says it. */
static void
test_carriage_shared(void **state)
{
    int                 l;
    cxr_str_t           text;
    world_t            *w = *state;
    cxr_rma_t          *rma;
    cxr_view_rma_t      view;
    cxr_rma_page_t      p;
    cxr_view_review_t   review;
    cxr_portal_form_t   form;
    cxr_portal_t       *portal;
    cxr_reason_t       *damaged;

    static const char *const  share[2] = { "payını", "share" };
    static const char *const  form_of = "q.2=1&r.2=damaged&n.2=x&o.2=refund"
                                        "&q.4=1&r.4=changed_mind&o.4=refund";

    w->shop->policy.methods = 1u << CXR_METHOD_OWN_CARRIER;
    damaged = (cxr_reason_t *) cxr_policy_reason(&w->shop->policy,
                                                 cxr_str("damaged"));
    damaged->claim = CXR_CLAIM_DAMAGED;

    world_form(w, form_of, &form);
    rma = world_create(w, &form, w->now);
    assert_int_equal(rma->kind, CXR_KIND_RETURN);
    rma->method = cxr_str("own_carrier");

    for (l = 0; l < 2; l++) {
        assert_true(has(own_way(w, l, form_of).cost, share[l]));

        rma->status = CXR_RMA_REQUESTED;
        portal = world_portal(w, (unsigned) l, "portal.review.title");
        assert_int_equal(cxr_view_review(portal, &form, rma, &review),
                         CXR_OK);
        assert_true(has(review.way_note, share[l]));

        rma->status = CXR_RMA_APPROVED;
        rma->label_jti = cxr_str("j");
        rma->label_expires = w->now + CXR_DAY;
        p = (cxr_rma_page_t) {
            .ctx = w->ctx[l],
            .page = world_page(w, (unsigned) l, "rma.title", "/returns/r/t"),
            .arena = w->a, .now = w->now, .rma = rma,
            .url = cxr_str_init("/returns/r/t")
        };
        assert_int_equal(cxr_view_rma(&p, &view), CXR_OK);
        text = view.way_steps.items[1].text;
        assert_true(has(text, share[l]));

        /* what is declined does not travel: all of it is the shop's, or hers */

        rma->lines.items[1].decision = CXR_DECISION_DECLINED;
        assert_int_equal(cxr_view_rma(&p, &view), CXR_OK);
        assert_false(has(view.way_steps.items[1].text, share[l]));
        rma->lines.items[1].decision = CXR_DECISION_PENDING;
    }
}


/* Of a claim nothing is kept back, so no terms say that it is. */
static void
test_terms_of_claim(void **state)
{
    int                  l;
    uint32_t             i;
    world_t             *w = *state;
    cxr_portal_t        *portal;
    cxr_reason_t        *damaged;
    cxr_portal_form_t    form;
    cxr_view_details_t   view;

    damaged = (cxr_reason_t *) cxr_policy_reason(&w->shop->policy,
                                                 cxr_str("damaged"));
    damaged->claim = CXR_CLAIM_DAMAGED;

    for (l = 0; l < 2; l++) {
        for (i = 0; i < 2; i++) {
            world_form(w, i ? "q.2=1&r.2=damaged&o.2=refund"
                            : "q.2=1&r.2=changed_mind&o.2=refund", &form);
            portal = world_portal(w, (unsigned) l, "portal.details.title");
            assert_int_equal(cxr_view_details(portal, &form, &view), CXR_OK);
            assert_int_equal(view.lines.items[0].choices.items[0].terms.len
                             == 0, i);
            assert_int_equal(has(view.lines.items[0].choices.items[0].terms,
                                 l ? "49.90" : "49,90"), !i);
        }
    }
}


int
main(void)
{
#define WORLD(f)  cmocka_unit_test_setup_teardown(f, world_open, world_close)
    const struct CMUnitTest  tests[] = {
        WORLD(test_tickets),
        WORLD(test_gone),
        WORLD(test_hostile),
        WORLD(test_turns),
        WORLD(test_carriage),
        WORLD(test_carriage_shared),
        WORLD(test_terms_of_claim),
    };

    return cmocka_run_group_tests(tests, open_ring, close_ring);
}

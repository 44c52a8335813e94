
/*
 * The tracking page: its parcels in order, and what is to be said of them
 * together.
 */

#include "cxr_view_texts.h"


static const cxr_field_t  cxr_view_good_fields[] = {
    CXR_FIELD(cxr_view_good_t, title, STR),
    CXR_FIELD(cxr_view_good_t, variant, STR),
    CXR_VIEW_URL(cxr_view_good_t, image_url),
    CXR_FIELD(cxr_view_good_t, quantity, U32),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_good_type = {
    "good", 0, 1, sizeof(cxr_view_good_t), cxr_view_good_fields
};


static const cxr_field_t  cxr_view_mile_fields[] = {
    CXR_FIELD(cxr_view_mile_t, name, STR),
    CXR_FIELD(cxr_view_mile_t, state, STR),
    CXR_FIELD(cxr_view_mile_t, state_text, STR),
    CXR_FIELD(cxr_view_mile_t, current, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_mile_type = {
    "mile", 0, 1, sizeof(cxr_view_mile_t), cxr_view_mile_fields
};


static const cxr_field_t  cxr_view_scan_fields[] = {
    CXR_FIELD(cxr_view_scan_t, time, STR),
    CXR_FIELD(cxr_view_scan_t, iso, STR),
    CXR_FIELD(cxr_view_scan_t, text, STR),
    CXR_FIELD(cxr_view_scan_t, why, STR),
    CXR_FIELD(cxr_view_scan_t, place, STR),
    CXR_FIELD(cxr_view_scan_t, raw, STR),
    CXR_FIELD(cxr_view_scan_t, status, STR),
    CXR_FIELD(cxr_view_scan_t, newest, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_scan_type = {
    "scan", 0, 1, sizeof(cxr_view_scan_t), cxr_view_scan_fields
};


static const cxr_field_t  cxr_view_day_fields[] = {
    CXR_FIELD(cxr_view_day_t, name, STR),
    CXR_FIELD_SUB(cxr_view_day_t, scans, LIST, &cxr_view_scan_type),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_day_type = {
    "day", 0, 1, sizeof(cxr_view_day_t), cxr_view_day_fields
};


static const cxr_field_t  cxr_view_eta_fields[] = {
    CXR_FIELD(cxr_view_eta_t, label, STR),
    CXR_FIELD(cxr_view_eta_t, day, STR),
    CXR_FIELD(cxr_view_eta_t, window, STR),
    CXR_VIEW_URL(cxr_view_eta_t, calendar_url),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_eta_type = {
    "eta", 0, 1, sizeof(cxr_view_eta_t), cxr_view_eta_fields
};


static const cxr_field_t  cxr_view_word_fields[] = {
    CXR_FIELD(cxr_view_word_t, title, STR),
    CXR_FIELD(cxr_view_word_t, text, STR),
    CXR_VIEW_URL(cxr_view_word_t, url),
    CXR_FIELD(cxr_view_word_t, link, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_word_type = {
    "word", 0, 1, sizeof(cxr_view_word_t), cxr_view_word_fields
};


static const cxr_field_t  cxr_view_parcel_fields[] = {
    CXR_FIELD(cxr_view_parcel_t, name, STR),
    CXR_FIELD(cxr_view_parcel_t, sentence, STR),
    CXR_FIELD(cxr_view_parcel_t, detail, STR),
    CXR_FIELD(cxr_view_parcel_t, status, STR),
    CXR_FIELD(cxr_view_parcel_t, reason, STR),
    CXR_FIELD(cxr_view_parcel_t, label, STR),
    CXR_FIELD(cxr_view_parcel_t, tone, STR),
    CXR_FIELD(cxr_view_parcel_t, is_return, BOOL),
    CXR_FIELD(cxr_view_parcel_t, delivered, BOOL),
    CXR_FIELD(cxr_view_parcel_t, offer_help, BOOL),
    CXR_FIELD_SUB(cxr_view_parcel_t, eta, REC, &cxr_view_eta_type),
    CXR_FIELD(cxr_view_parcel_t, expected_iso, STR),
    CXR_FIELD_SUB(cxr_view_parcel_t, delay, REC, &cxr_view_word_type),
    CXR_FIELD_SUB(cxr_view_parcel_t, action, REC, &cxr_view_word_type),
    CXR_FIELD_SUB(cxr_view_parcel_t, miles, LIST, &cxr_view_mile_type),
    CXR_FIELD_SUB(cxr_view_parcel_t, days, LIST, &cxr_view_day_type),
    CXR_FIELD_SUB(cxr_view_parcel_t, older, LIST, &cxr_view_day_type),
    CXR_FIELD(cxr_view_parcel_t, older_n, U32),
    CXR_FIELD(cxr_view_parcel_t, has_scans, BOOL),
    CXR_FIELD_SUB(cxr_view_parcel_t, goods, LIST, &cxr_view_good_type),
    CXR_FIELD(cxr_view_parcel_t, has_goods, BOOL),
    CXR_VIEW_URL(cxr_view_parcel_t, rma_url),
    CXR_FIELD(cxr_view_parcel_t, carrier, STR),
    CXR_FIELD(cxr_view_parcel_t, number, STR),
    CXR_FIELD(cxr_view_parcel_t, service, STR),
    CXR_VIEW_URL(cxr_view_parcel_t, carrier_url),
    CXR_FIELD(cxr_view_parcel_t, carrier_phone, STR),
    CXR_VIEW_URL(cxr_view_parcel_t, carrier_phone_url),
    CXR_FIELD(cxr_view_parcel_t, updated, STR),
    CXR_FIELD(cxr_view_parcel_t, updated_iso, STR),
    CXR_FIELD(cxr_view_parcel_t, partner, STR),
    CXR_FIELD(cxr_view_parcel_t, partner_number, STR),
    CXR_VIEW_URL(cxr_view_parcel_t, partner_url),
    CXR_FIELD(cxr_view_parcel_t, usual, STR),
    CXR_FIELD(cxr_view_parcel_t, collect_at, STR),
    CXR_FIELD(cxr_view_parcel_t, collect_hours, STR),
    CXR_FIELD(cxr_view_parcel_t, left, STR),
    CXR_FIELD(cxr_view_parcel_t, signature, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_parcel_type = {
    "parcel", 0, 1, sizeof(cxr_view_parcel_t), cxr_view_parcel_fields
};


static const cxr_field_t  cxr_view_return_fields[] = {
    CXR_VIEW_URL(cxr_view_return_t, url),
    CXR_FIELD(cxr_view_return_t, until, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_return_type = {
    "return_start", 0, 1, sizeof(cxr_view_return_t), cxr_view_return_fields
};


static const cxr_field_t  cxr_view_rest_fields[] = {
    CXR_FIELD(cxr_view_rest_t, title, STR),
    CXR_FIELD_SUB(cxr_view_rest_t, goods, LIST, &cxr_view_good_type),
    CXR_FIELD(cxr_view_rest_t, has_goods, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_rest_type = {
    "rest", 0, 1, sizeof(cxr_view_rest_t), cxr_view_rest_fields
};


static const cxr_field_t  cxr_view_track_fields[] = {
    CXR_VIEW_PAGE(cxr_view_track_t),
    CXR_FIELD(cxr_view_track_t, order, STR),
    CXR_FIELD(cxr_view_track_t, headline, STR),
    CXR_FIELD(cxr_view_track_t, detail, STR),
    CXR_FIELD(cxr_view_track_t, tone, STR),
    CXR_FIELD(cxr_view_track_t, single, BOOL),
    CXR_FIELD(cxr_view_track_t, several, BOOL),
    CXR_FIELD(cxr_view_track_t, none, BOOL),
    CXR_FIELD(cxr_view_track_t, number_only, BOOL),
    CXR_FIELD(cxr_view_track_t, offer_help, BOOL),
    CXR_VIEW_URL(cxr_view_track_t, help_url),
    CXR_VIEW_URL(cxr_view_track_t, talk_url),
    CXR_FIELD(cxr_view_track_t, unread, STR),
    CXR_FIELD(cxr_view_track_t, news, STR),
    CXR_FIELD(cxr_view_track_t, news_iso, STR),
    CXR_VIEW_URL(cxr_view_track_t, refresh_url),
    CXR_FIELD_SUB(cxr_view_track_t, parcels, LIST, &cxr_view_parcel_type),
    CXR_FIELD_SUB(cxr_view_track_t, eta, REC, &cxr_view_eta_type),
    CXR_FIELD_SUB(cxr_view_track_t, rest, REC, &cxr_view_rest_type),
    CXR_FIELD_SUB(cxr_view_track_t, return_start, REC, &cxr_view_return_type),
    CXR_FIELD_SUB(cxr_view_track_t, offers, LIST, &cxr_view_offer_type),
    CXR_FIELD_SUB(cxr_view_track_t, survey, REC, &cxr_view_survey_type),
    CXR_VIEW_URL(cxr_view_track_t, missing_url),
    CXR_FIELD_SUB(cxr_view_track_t, cancels, LIST, &cxr_view_cancelled_type),
    CXR_FIELD(cxr_view_track_t, has_cancels, BOOL),
    CXR_FIELD(cxr_view_track_t, all_cancelled, BOOL),
    CXR_VIEW_URL(cxr_view_track_t, cancel_url),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_track_type = {
    "track", 0, 1, sizeof(cxr_view_track_t), cxr_view_track_fields
};


/* The page's own address with the parcel's number. */
static cxr_str_t
track_calendar_url(cxr_str_t number, cxr_arena_t *a)
{
    cxr_buf_t  buf;

    cxr_text_begin(a, CXR_VIEW_URL_MAX, &buf);
    cxr_buf_addz(&buf, "?calendar=");
    cxr_buf_url(&buf, number);

    return cxr_text_end(a, &buf);
}


/* What goes to the shopper first, then what comes back; else as given. */
static cxr_rc_t
track_parcels(const cxr_view_ctx_t *ctx, const cxr_track_in_t *in,
    unsigned total, cxr_arena_t *a, cxr_view_track_t *v)
{
    size_t              i;
    cxr_rc_t            rc;
    unsigned            n, dir;
    cxr_view_parcel_t  *p;

    if (in->nparcels == 0) {
        return CXR_OK;
    }

    p = cxr_calloc(a, in->nparcels, sizeof(cxr_view_parcel_t));
    if (p == NULL) {
        return CXR_NOMEM;
    }

    v->parcels.items = p;
    v->parcels.n = (uint32_t) in->nparcels;

    n = 0;

    for (dir = CXR_PARCEL_OUTBOUND; dir <= CXR_PARCEL_RETURN; dir++) {
        for (i = 0; i < in->nparcels; i++) {
            if ((in->parcels[i].shipment->direction == CXR_PARCEL_RETURN)
                != (dir == CXR_PARCEL_RETURN))
            {
                continue;
            }

            n += dir == CXR_PARCEL_OUTBOUND;

            rc = cxr_view_parcel(ctx, &in->parcels[i], in->now, n, total, a,
                                 p);
            if (rc != CXR_OK) {
                return rc;
            }

            rc = cxr_view_lane(ctx, &in->parcels[i], in->now, a, p);
            if (rc != CXR_OK) {
                return rc;
            }

            /* a promise is for a calendar, a guess is not */

            if (p->eta != NULL && !p->delivered && !p->is_return) {
                p->eta->calendar_url = track_calendar_url(p->number, a);
            }

            if (cxr_view_guesses(in->parcels[i].shipment, p)) {
                rc = cxr_view_estimate(ctx, in->bought, &in->parcels[i],
                                       in->now, a, &p->eta);
                if (rc != CXR_OK) {
                    return rc;
                }
            }

            if (in->parcels[i].rma_url.len != 0) {
                p->rma_url = cxr_view_url(ctx, in->parcels[i].rma_url, a);
            }

            /* what is late is not on its way as any other */

            if (p->delay != NULL && cxr_str_is(p->tone, "busy")) {
                p->tone = cxr_str("warn");
            }

            if (in->order.len != 0) {
                cxr_view_proof(ctx, in->parcels[i].shipment, p);

            } else {
                cxr_view_hush(p);
            }

            p++;
        }
    }

    return CXR_OK;
}


/* What its parcels do, of those that are on their way to the shopper. */
typedef struct {
    unsigned            live;        /* will come, or have come               */
    unsigned            done;
    unsigned            out;         /* for delivery                          */
    unsigned            asks;        /* something of the shopper              */
    unsigned            trouble;     /* lost, damaged, or going back          */
    bool                bad;         /* one of them is lost or damaged        */
    cxr_view_parcel_t  *only;        /* the last of the live ones             */
} track_sum_t;


static void
track_count(const cxr_view_track_t *v, track_sum_t *sum)
{
    uint32_t            i;
    cxr_view_parcel_t  *p;

    memset(sum, 0, sizeof(*sum));

    for (i = 0; i < v->parcels.n; i++) {
        p = &v->parcels.items[i];

        /* one that was cancelled was sent in another, or not at all */

        if (p->is_return
            || cxr_str_is(p->status,
                          cxr_ship_status_names[CXR_SHIP_CANCELLED])
            || cxr_str_is(p->status, cxr_ship_status_names[CXR_SHIP_EXPIRED]))
        {
            continue;
        }

        sum->live++;
        sum->only = p;
        sum->done += p->delivered;
        sum->out += cxr_str_is(p->status, "out_for_delivery")
                    && p->delay == NULL;
        sum->asks += p->action != NULL;
        sum->trouble += p->offer_help;
        sum->bad |= cxr_str_is(p->tone, "bad");
    }
}


static void
track_overall(const cxr_view_ctx_t *ctx, cxr_arena_t *a, cxr_view_track_t *v)
{
    cxr_arg_t     args[3];
    const char   *key;
    track_sum_t   sum;

    track_count(v, &sum);

    if (sum.live < 2) {
        if (sum.only == NULL) {
            sum.only = &v->parcels.items[0];
        }

        v->headline = sum.only->sentence;
        v->detail = sum.only->detail;
        v->tone = sum.only->tone;
        return;
    }

    v->detail = ctx->texts.overall_detail;
    v->tone = cxr_str("busy");

    if (sum.asks != 0) {
        v->tone = cxr_str("warn");
        v->headline = ctx->texts.overall_needs_you;
        return;
    }

    if (sum.trouble != 0) {
        v->tone = sum.bad ? cxr_str("bad") : cxr_str("warn");
        key = "track.overall.trouble";

    } else if (sum.done == sum.live) {
        v->tone = cxr_str("good");
        key = "track.overall.delivered";

    } else if (sum.done != 0) {
        key = "track.overall.some";

    } else if (sum.out != 0) {
        key = "track.overall.out";

    } else {
        key = "track.overall.moving";
    }

    args[0] = cxr_arg_int("total", sum.live);
    args[1] = cxr_arg_int("done", sum.done);
    args[2] = cxr_arg_int("n", sum.trouble != 0 ? sum.trouble : sum.out);

    v->headline = cxr_view_text(ctx, key, args, 3, a);
}


static cxr_rc_t
track_return(const cxr_view_ctx_t *ctx, const cxr_track_in_t *in,
    cxr_arena_t *a, cxr_view_track_t *v)
{
    uint32_t            i;
    cxr_view_return_t  *r;

    if (in->return_url.len == 0
        || (in->return_until != CXR_TIME_NONE && in->now > in->return_until))
    {
        return CXR_OK;
    }

    for (i = 0; i < v->parcels.n; i++) {
        if (v->parcels.items[i].delivered && !v->parcels.items[i].is_return) {
            break;
        }
    }

    if (i == v->parcels.n) {
        return CXR_OK;
    }

    r = cxr_calloc(a, 1, sizeof(cxr_view_return_t));
    if (r == NULL) {
        return CXR_NOMEM;
    }

    r->url = cxr_view_url(ctx, in->return_url, a);
    r->until = cxr_view_date_shop(ctx, in->return_until, CXR_DATE_WEEKDAY_DAY,
                                  a);
    if (r->url.len != 0) {
        v->return_start = r;
    }

    return CXR_OK;
}


/* What a shop offers goes to who has something coming, not to who waits for
   word of a parcel that is lost. */

static cxr_rc_t
track_offers(const cxr_view_ctx_t *ctx, const cxr_track_in_t *in,
    cxr_arena_t *a, cxr_view_track_t *v)
{
    size_t           i;
    cxr_audience_t   to;

    if (ctx->shop->offers.n == 0 || v->offer_help) {
        return CXR_OK;
    }

    for (i = 0; i < in->nparcels; i++) {
        if (in->parcels[i].shipment->direction != CXR_PARCEL_RETURN) {
            break;
        }
    }

    if (i == in->nparcels
        || in->parcels[i].shipment->status >= CXR_SHIP_STATUSES)
    {
        return CXR_OK;
    }

    to.now = in->now;
    to.status = in->parcels[i].shipment->status;
    to.order = in->bought;

    return cxr_view_offers(ctx, &to, a, &v->offers);
}


static cxr_rc_t
track_survey(const cxr_view_ctx_t *ctx, const cxr_track_in_t *in,
    cxr_arena_t *a, cxr_view_track_t *v)
{
    size_t                i;
    cxr_say_t             say;
    cxr_survey_in_t       ask;
    cxr_survey_parcels_t  parcels;

    if (in->bought == NULL || ctx->shop->surveys.delivery == CXR_ASK_NOTHING) {
        return CXR_OK;
    }

    memset(&parcels, 0, sizeof(parcels));

    for (i = 0; i < in->nparcels; i++) {
        cxr_survey_parcel(&parcels, in->parcels[i].shipment);
    }

    memset(&ask, 0, sizeof(ask));
    ask.order = in->bought;
    ask.delivered_at = cxr_survey_delivery(&parcels);
    ask.now = in->now;
    ask.url = in->self;
    ask.pick = in->survey_pick;
    ask.refusal = in->survey_no;
    ask.said = in->survey_said;

    say = cxr_say_to(ctx, a);
    v->survey = cxr_view_survey(&say, &ask);

    return cxr_say_rc(&say);
}


/*
 * Whom to turn to with what is to be done: the carrier where it is the
 * carrier's to say and the shop tells how, else the shop.
 */

static void
track_asks(const cxr_view_ctx_t *ctx, cxr_arena_t *a, cxr_view_track_t *v)
{
    uint32_t            i;
    cxr_arg_t           arg;
    cxr_view_word_t    *w;
    cxr_view_parcel_t  *p;

    for (i = 0; i < v->parcels.n; i++) {
        p = &v->parcels.items[i];
        w = p->action;

        if (w == NULL || p->asks == CXR_DO_PICK_UP) {
            continue;
        }

        if (p->asks != CXR_DO_CORRECT_ADDRESS) {

            if (p->carrier_phone_url.len != 0) {
                w->url = p->carrier_phone_url;
                w->link = p->carrier_phone;
                continue;
            }

            if (p->carrier_url.len != 0) {
                w->url = p->carrier_url;
                arg = cxr_arg_str("carrier", p->carrier);
                w->link = cxr_view_text(ctx, "carrier.open", &arg, 1, a);
                continue;
            }
        }

        w->url = v->help_url;
        w->link = ctx->texts.write_to_us;
    }
}


/*
 * The newest word of any of them, beside the way to ask for newer ones: while
 * there may be some.
 */

static void
track_news(const cxr_track_in_t *in, cxr_view_track_t *v)
{
    size_t              i;
    cxr_view_parcel_t  *p;

    for (i = 0; i < in->nparcels; i++) {
        if (cxr_ship_in_motion(in->parcels[i].shipment->status)
            || in->parcels[i].shipment->status == CXR_SHIP_RETURNING)
        {
            break;
        }
    }

    if (i == in->nparcels && in->nparcels != 0) {
        return;
    }

    for (i = 0; i < v->parcels.n; i++) {
        p = &v->parcels.items[i];

        if (cxr_str_cmp(p->updated_iso, v->news_iso) > 0) {
            v->news = p->updated;
            v->news_iso = p->updated_iso;
        }
    }

    /* once is enough */

    if (v->parcels.n == 1) {
        v->parcels.items[0].updated = CXR_STR_NONE;
    }

    /* its own address without a query, and without the length of a token */

    v->refresh_url = cxr_str("?");
}


/* A letter to the shop that says what it is about; else another way to it. */
static cxr_str_t
track_help(const cxr_track_in_t *in, const cxr_view_page_t *page,
    cxr_arena_t *a)
{
    cxr_buf_t  buf;
    cxr_str_t  about, out;

    about = in->order;

    if (about.len == 0 && in->nparcels != 0) {
        about = in->parcels[0].shipment->number;
    }

    if (page->mail_url.len != 0) {
        cxr_text_begin(a, CXR_VIEW_URL_MAX, &buf);
        cxr_buf_adds(&buf, page->mail_url);
        cxr_buf_addz(&buf, "?subject=");
        cxr_buf_url(&buf, about);
        out = cxr_text_end(a, &buf);

        return about.len != 0 && out.len != 0 ? out : page->mail_url;
    }

    return page->whatsapp_url.len != 0 ? page->whatsapp_url : page->phone_url;
}


/* What is still to be sent. */
static cxr_rc_t
track_rest(const cxr_view_ctx_t *ctx, const cxr_track_in_t *in, cxr_arena_t *a,
    cxr_view_track_t *v)
{
    cxr_view_rest_t  *rest;

    if (in->nrest == 0) {
        return CXR_OK;
    }

    rest = cxr_calloc(a, 1, sizeof(cxr_view_rest_t));
    if (rest == NULL) {
        return CXR_NOMEM;
    }

    rest->title = v->none ? ctx->texts.rest_all : ctx->texts.rest;
    rest->has_goods = true;
    rest->goods.items = cxr_view_goods(in->rest, in->nrest, a);
    rest->goods.n = (uint32_t) in->nrest;
    v->rest = rest;

    return rest->goods.items == NULL ? CXR_NOMEM : CXR_OK;
}


/* Before a carrier has told anything, the shop knows better what it does. */
static void
track_stage(const cxr_view_ctx_t *ctx, const cxr_track_in_t *in,
    cxr_view_track_t *v)
{
    cxr_str_t              lang;
    const cxr_stage_t     *stage;
    const cxr_shipment_t  *s;

    if (in->bought == NULL || v->parcels.n > 1) {
        return;
    }

    if (in->nparcels != 0) {
        s = in->parcels[0].shipment;

        if (s->status != CXR_SHIP_UNKNOWN || s->scans.n != 0
            || s->header_code.len != 0
            || s->direction == CXR_PARCEL_RETURN)
        {
            return;
        }
    }

    stage = cxr_shop_stage(&ctx->shop->tracking, &in->bought->tags);

    if (stage == NULL) {
        return;
    }

    lang = cxr_lang_code(ctx->lang);
    v->headline = cxr_texts_in(&stage->headline, lang);

    if (stage->text.n != 0) {
        v->detail = cxr_texts_in(&stage->text, lang);
    }
}


cxr_rc_t
cxr_view_track(const cxr_view_ctx_t *ctx, const cxr_track_in_t *in,
    cxr_arena_t *a, cxr_view_track_t *v)
{
    size_t            i;
    cxr_rc_t          rc;
    unsigned          total;
    cxr_arg_t         arg;
    cxr_str_t         title;
    cxr_view_page_t  *page;

    *v = (cxr_view_track_t) { 0 };

    arg = cxr_arg_str("order", in->order);
    title = in->order.len == 0 ? ctx->texts.title_parcel
            : cxr_view_text(ctx, "track.title.order", &arg, 1, a);

    rc = cxr_view_page(ctx, title, in->self, a, &page);
    if (rc != CXR_OK) {
        return rc;
    }

    v->page = page;
    v->order = in->order;
    v->number_only = in->order.len == 0;
    if (in->talk_url.len != 0) {
        v->talk_url = cxr_view_url(ctx, in->talk_url, a);
    }

    if (in->unread != 0) {
        arg = cxr_arg_int("n", in->unread);
        v->unread = cxr_view_text(ctx, "talk.unread", &arg, 1, a);
    }

    v->help_url = v->talk_url.len != 0 ? v->talk_url
                                       : track_help(in, page, a);

    if (in->missing_url.len != 0) {
        v->missing_url = cxr_view_url(ctx, in->missing_url, a);
    }

    total = 0;

    for (i = 0; i < in->nparcels; i++) {
        total += in->parcels[i].shipment->direction != CXR_PARCEL_RETURN;
    }

    rc = track_parcels(ctx, in, total, a, v);
    if (rc != CXR_OK) {
        return rc;
    }

    track_asks(ctx, a, v);
    track_news(in, v);

    v->single = v->parcels.n == 1;
    v->several = v->parcels.n > 1;
    v->none = v->parcels.n == 0;

    if (v->none) {
        v->headline = ctx->texts.no_parcels_title;
        v->detail = ctx->texts.no_parcels_text;
        v->tone = cxr_str("busy");

        if (in->bought != NULL) {
            rc = cxr_view_estimate(ctx, in->bought, NULL, in->now, a, &v->eta);
            if (rc != CXR_OK) {
                return rc;
            }
        }

    } else if (total > 1) {
        track_overall(ctx, a, v);

    } else {

        /* the one on its way out is what the page is about, even while
           something of it is coming back */

        v->headline = v->parcels.items[0].sentence;
        v->detail = v->parcels.items[0].detail;
        v->tone = v->parcels.items[0].tone;
        v->offer_help = v->parcels.items[0].offer_help;
    }

    track_stage(ctx, in, v);

    rc = cxr_view_track_cancel(ctx, in, a, v);

    if (rc == CXR_OK) {
        rc = track_rest(ctx, in, a, v);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    if (title.data == NULL || v->headline.data == NULL) {
        return CXR_NOMEM;
    }

    rc = track_offers(ctx, in, a, v);

    if (rc == CXR_OK) {
        rc = track_survey(ctx, in, a, v);
        page->wrong = v->survey != NULL && v->survey->error.len != 0;
    }

    return rc == CXR_OK ? track_return(ctx, in, a, v) : rc;
}


cxr_time_t
cxr_track_return_until(const cxr_order_t *order,
    const cxr_judgement_t *judgements)
{
    uint32_t    i;
    cxr_time_t  until = CXR_TIME_NONE;

    for (i = 0; i < order->lines.n; i++) {
        if (judgements[i].verdict == CXR_MAY_RETURN
            && judgements[i].deadline > until)
        {
            until = judgements[i].deadline;
        }
    }

    return until;
}

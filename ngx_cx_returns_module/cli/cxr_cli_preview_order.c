
/*
 * The pages of one real order, read from a store beside a running nginx: as
 * its customer would see them with the templates and texts as they now are on
 * disk.  Nothing is written to the store, and links lead nowhere.
 */

#include "cxr_cli_templates.h"

#include "cxr_cli_policy.h"
#include "cxr_store_lane.h"
#include "cxr_text.h"
#include "cxr_view_portal.h"
#include "cxr_view_rma.h"

#define CXR_CLI_PREVIEW_LINK  "/preview"


typedef struct {
    const cxr_cli_sheet_t   *sheet;
    cxr_read_t              *rd;
    cxr_str_t                folded;
    cxr_time_t               now;
    cxr_cli_case_t           c;
    cxr_history_t            history;
    cxr_judgement_t         *judgements;
    cxr_talk_t              *talk;         /* NULL: nobody has written        */
    cxr_rma_t               *rmas;
} cxr_cli_order_t;


/* What may come back of the order, as it would have been judged at "at". */
static cxr_rc_t
preview_judge(cxr_cli_order_t *o, cxr_time_t at)
{
    uint32_t              i;
    cxr_policy_ask_t      ask;
    cxr_policy_case_t     world;
    const cxr_shop_t     *shop = o->sheet->shop;

    o->judgements = cxr_calloc(o->sheet->arena, o->c.order.lines.n + 1,
                               sizeof(cxr_judgement_t));
    if (o->judgements == NULL) {
        return CXR_NOMEM;
    }

    memset(&ask, 0, sizeof(cxr_policy_ask_t));
    ask.language = cxr_lang_code(o->sheet->ctx->lang);

    cxr_policy_begin(&world, &shop->policy, shop->tz, &o->c.order,
                     o->c.parcels, o->c.ships.n, at, &o->history);

    for (i = 0; i < o->c.order.lines.n; i++) {
        cxr_policy_line(&world, &o->c.order.lines.items[i], &ask,
                        &o->judgements[i]);
    }

    return CXR_OK;
}


static cxr_rc_t
preview_load(cxr_cli_order_t *o)
{
    uint32_t           i;
    cxr_rc_t           rc;
    cxr_arena_t       *a = o->sheet->arena;
    const cxr_shop_t  *shop = o->sheet->shop;

    rc = cxr_read_order(o->rd, shop, o->folded, a, &o->c.order);

    if (rc == CXR_OK) {
        rc = cxr_cli_policy_parcels(o->rd, shop, a, &o->c);
    }

    if (rc == CXR_OK && cxr_policy_wants_history(&shop->policy)) {
        rc = cxr_read_history(o->rd, shop, &o->c.order,
                              cxr_policy_wants_kept(&shop->policy), a,
                              &o->history);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    o->talk = cxr_calloc(a, 1, sizeof(cxr_talk_t));
    o->rmas = cxr_calloc(a, o->c.order.rmas.n + 1, sizeof(cxr_rma_t));

    if (o->talk == NULL || o->rmas == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_read_talk(o->rd, shop, o->folded, a, o->talk);

    if (rc == CXR_NOTFOUND) {
        o->talk = NULL;

    } else if (rc != CXR_OK) {
        return rc;
    }

    for (i = 0; i < o->c.order.rmas.n; i++) {
        rc = cxr_read_rma(o->rd, shop, o->c.order.rmas.items[i], a,
                          &o->rmas[i]);
        if (rc != CXR_OK) {
            return rc == CXR_NOTFOUND ? CXR_ERROR : rc;
        }
    }

    return preview_judge(o, o->now);
}


static cxr_rc_t
preview_lane(cxr_cli_order_t *o, cxr_track_parcel_t *parcel)
{
    cxr_rc_t     rc;
    cxr_lane_t  *lane;

    lane = cxr_calloc(o->sheet->arena, 1, sizeof(cxr_lane_t));
    if (lane == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_read_lane(o->rd, o->sheet->shop, parcel->shipment->carrier,
                       o->c.order.country, o->sheet->arena, lane);

    if (rc == CXR_OK) {
        parcel->lane = lane;
    }

    return rc == CXR_NOTFOUND ? CXR_OK : rc;
}


static cxr_rc_t
preview_track(cxr_cli_order_t *o, cxr_view_track_t *view)
{
    uint32_t              i;
    cxr_rc_t              rc = CXR_OK;
    cxr_track_in_t        in;
    cxr_track_parcel_t   *parcels;
    const cxr_shipment_t *ship;

    parcels = cxr_calloc(o->sheet->arena, o->c.ships.n + 1,
                         sizeof(cxr_track_parcel_t));
    if (parcels == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < o->c.ships.n && rc == CXR_OK; i++) {
        ship = &o->c.ships.items[i];
        parcels[i].shipment = ship;

        rc = cxr_track_goods(&o->c.order, o->c.ships.items, o->c.ships.n,
                             ship, o->sheet->arena, &parcels[i]);

        if (rc == CXR_OK && ship->status < CXR_SHIP_DELIVERED
            && ship->direction != CXR_PARCEL_RETURN)
        {
            rc = preview_lane(o, &parcels[i]);
        }
    }

    if (rc != CXR_OK) {
        return rc;
    }

    memset(&in, 0, sizeof(cxr_track_in_t));
    in.order = o->c.order.number;
    in.bought = &o->c.order;
    in.parcels = parcels;
    in.nparcels = o->c.ships.n;
    in.now = o->now;
    in.self = cxr_str(CXR_CLI_PREVIEW_LINK);

    rc = cxr_track_rest(&o->c.order, o->c.ships.items, o->c.ships.n,
                        o->sheet->arena, &in);
    if (rc != CXR_OK) {
        return rc;
    }

    in.talk_url = in.self;

    for (i = 0; o->talk != NULL && i < o->talk->threads.n; i++) {
        in.unread += o->talk->threads.items[i].unread[CXR_SIDE_SHOPPER];
    }

    if (cxr_claim_may_miss(&o->sheet->shop->policy, o->c.parcels, o->c.ships.n,
                           o->now))
    {
        in.missing_url = in.self;
    }

    in.return_until = CXR_TIME_NONE;

    if (cxr_survey_delivered(o->c.ships.items, o->c.ships.n)
        != CXR_TIME_NONE)
    {
        in.return_until = cxr_track_return_until(&o->c.order, o->judgements);
    }

    if (in.return_until != CXR_TIME_NONE) {
        in.return_url = in.self;
    }

    return cxr_view_track(o->sheet->ctx, &in, o->sheet->arena, view);
}


static cxr_rc_t
preview_items(cxr_cli_order_t *o, cxr_view_items_t *view)
{
    uint32_t            i;
    cxr_rc_t            rc;
    cxr_str_t           title;
    cxr_portal_t        p;
    cxr_arena_t        *a = o->sheet->arena;
    cxr_portal_rma_t   *rmas;
    cxr_portal_form_t   form;

    memset(&p, 0, sizeof(cxr_portal_t));
    memset(&form, 0, sizeof(cxr_portal_form_t));

    rmas = cxr_calloc(a, o->c.order.rmas.n + 1, sizeof(cxr_portal_rma_t));
    if (rmas == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < o->c.order.rmas.n; i++) {
        rmas[i].rma = &o->rmas[i];
        rmas[i].url = cxr_str(CXR_CLI_PREVIEW_LINK);
    }

    p.ctx = o->sheet->ctx;
    p.arena = a;
    p.now = o->now;
    p.url = cxr_str(CXR_CLI_PREVIEW_LINK);
    p.order = &o->c.order;
    p.judgements = o->judgements;
    p.rmas = rmas;
    p.nrmas = o->c.order.rmas.n;
    p.track_url = p.url;
    p.talk = o->talk;
    p.parcels = o->c.parcels;
    p.nparcels = o->c.ships.n;

    title = cxr_view_text(p.ctx, "portal.items.title", NULL, 0, a);
    rc = cxr_view_page(p.ctx, title, p.url, a, &p.page);

    return rc == CXR_OK ? cxr_view_items(&p, &form, view) : rc;
}


/* A box that was sealed for the order; what was erased is empty. */
static cxr_str_t
preview_note(cxr_cli_order_t *o, cxr_str_t rma, cxr_str_t box)
{
    cxr_str_t  text;

    if (box.len == 0
        || cxr_read_note(o->rd, o->sheet->shop, o->folded, rma, box,
                         o->sheet->arena, &text)
           != CXR_OK)
    {
        return CXR_STR_NONE;
    }

    return text;
}


static cxr_rc_t
preview_talk(cxr_cli_order_t *o, const cxr_rma_t *rma, cxr_talk_in_t *in)
{
    uint32_t         i;
    cxr_rc_t         rc;
    cxr_str_t       *texts;
    cxr_messages_t   list;

    memset(in, 0, sizeof(cxr_talk_in_t));
    memset(&list, 0, sizeof(cxr_messages_t));

    in->side = CXR_SIDE_SHOPPER;
    in->now = o->now;
    in->url = cxr_str(CXR_CLI_PREVIEW_LINK);
    in->can_write = true;
    in->thread = o->talk ? cxr_talk_thread(o->talk, rma->id) : NULL;

    if (in->thread == NULL) {
        return CXR_OK;
    }

    rc = cxr_read_messages(o->rd, o->sheet->shop, o->folded, &rma->id, 0,
                           CXR_TALK_MESSAGES_MAX, o->sheet->arena, &list);
    if (rc != CXR_OK) {
        return rc;
    }

    if (list.n > CXR_TALK_SHOWN) {
        list.items += list.n - CXR_TALK_SHOWN;
        list.n = CXR_TALK_SHOWN;
    }

    texts = cxr_calloc(o->sheet->arena, list.n + 1, sizeof(cxr_str_t));
    if (texts == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < list.n; i++) {
        texts[i] = preview_note(o, list.items[i].rma, list.items[i].text);
    }

    in->messages = list.items;
    in->texts = texts;
    in->n = list.n;

    return CXR_OK;
}


static cxr_rc_t
preview_rma(cxr_cli_order_t *o, const cxr_rma_t *rma, cxr_view_rma_t *view)
{
    uint32_t        i;
    cxr_rc_t        rc;
    cxr_str_t      *notes;
    cxr_arena_t    *a = o->sheet->arena;
    cxr_talk_in_t   talk;
    cxr_rma_page_t  p;

    memset(&p, 0, sizeof(cxr_rma_page_t));

    notes = cxr_calloc(a, rma->lines.n + 1, sizeof(cxr_str_t));
    if (notes == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < rma->lines.n; i++) {
        notes[i] = preview_note(o, rma->id, rma->lines.items[i].note);
    }

    rc = preview_talk(o, rma, &talk);

    if (rc == CXR_OK) {
        rc = preview_judge(o, rma->created_at);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    p.ctx = o->sheet->ctx;
    p.arena = a;
    p.now = o->now;
    p.rma = rma;
    p.notes = notes;
    p.url = cxr_str(CXR_CLI_PREVIEW_LINK);
    p.permalink = p.url;
    p.track_url = p.url;
    p.order_url = p.url;
    p.order = &o->c.order;
    p.talk = &talk;

    cxr_view_rma_law(&p, &o->c.order, o->judgements);

    rc = cxr_view_page(p.ctx, rma->id, p.url, a, &p.page);

    return rc == CXR_OK ? cxr_view_rma(&p, view) : rc;
}


static int
preview_pages(cxr_cli_order_t *o)
{
    int                status;
    char               name[64];
    uint32_t           i;
    cxr_rc_t           rc;
    cxr_view_rma_t     rma;
    cxr_view_track_t   track;
    cxr_view_items_t   items;

    rc = preview_track(o, &track);
    status = rc == CXR_OK ? cxr_cli_sheet_page(o->sheet, "track.html",
                                               "track.html", &track)
                          : cxr_cli_status(rc);

    if (status == CXR_EXIT_OK) {
        rc = preview_items(o, &items);
        status = rc == CXR_OK ? cxr_cli_sheet_page(o->sheet,
                                                   "portal_items.html",
                                                   "portal_items.html", &items)
                              : cxr_cli_status(rc);
    }

    for (i = 0; i < o->c.order.rmas.n && status == CXR_EXIT_OK; i++) {
        (void) snprintf(name, sizeof(name), "rma.%.*s.html",
                        cxr_str_arg(o->rmas[i].id));

        rc = preview_rma(o, &o->rmas[i], &rma);
        status = rc == CXR_OK ? cxr_cli_sheet_page(o->sheet, "rma.html", name,
                                                   &rma)
                              : cxr_cli_status(rc);
    }

    if (rc != CXR_OK) {
        cxr_cli_say("a page of the order cannot be made: %s", cxr_rc_name(rc));
    }

    return status;
}


int
cxr_cli_preview_order(const cxr_cli_command_t *cmd,
    const cxr_cli_sheet_t *sheet, cxr_store_t *store, const char *number)
{
    int              status;
    char             folded[CXR_NUMBER_MAX];
    size_t           len;
    cxr_rc_t         rc;
    cxr_cli_order_t  o;

    memset(&o, 0, sizeof(cxr_cli_order_t));

    if (!cxr_cli_time(cmd, NULL, &o.now)) {
        return CXR_EXIT_USAGE;
    }

    if (cxr_fold_number(cxr_strz(number), folded, &len) != CXR_OK) {
        return cxr_cli_usage(cmd, "\"%s\" is no order number", number);
    }

    o.sheet = sheet;
    o.folded = cxr_strn(folded, len);

    rc = cxr_read_begin(store, &o.rd);
    if (rc != CXR_OK) {
        cxr_cli_say("the store cannot be read: %s", cxr_rc_name(rc));
        return cxr_cli_status(rc);
    }

    rc = preview_load(&o);

    if (rc == CXR_OK) {
        status = preview_pages(&o);

    } else {
        cxr_cli_say("order %s of %.*s: %s", number,
                    cxr_str_arg(sheet->shop->id),
                    rc == CXR_NOTFOUND ? "there is none" : cxr_rc_name(rc));
        status = rc == CXR_NOTFOUND ? CXR_EXIT_WRONG : cxr_cli_status(rc);
    }

    cxr_read_end(o.rd);

    return status;
}

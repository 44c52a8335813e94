
/*
 * The jobs on RMAs: making one, whatever is done with it later, and the stock
 * that goes with it.
 */

#include "cxr_store_private.h"
#include "cxr_text.h"


typedef struct {
    cxr_writer_t    *w;
    uint32_t         shop;
} cxr_id_ctx_t;


static cxr_rc_t cxr_job_revision(cxr_writer_t *w, cxr_job_t *job);


static bool
cxr_job_id_taken(void *ctx, cxr_str_t rma_id)
{
    cxr_slot_t    *s;
    cxr_dbkey_t    key;
    cxr_id_ctx_t  *c = ctx;

    cxr_dbkey_one(&key, c->shop, rma_id);

    /* the slot is what the RMA will be put in; "taken" too when it cannot be
       told: the fault stops the job later */

    return cxr_slot_load(c->w, CXR_T_RMAS, &key, &s) != CXR_OK || s->exists;
}


static cxr_rc_t
cxr_job_world_parcels(cxr_writer_t *w, cxr_job_t *job,
    const cxr_order_t *order, cxr_rma_world_t *world)
{
    uint32_t                i;
    cxr_rc_t                rc;
    cxr_slot_t             *s;
    const cxr_shipment_t  **list;

    list = cxr_alloc(w->scratch, order->parcels.n * sizeof(*list));
    if (list == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < order->parcels.n; i++) {
        rc = cxr_slot_parcel(w, job->shop->key, order->parcels.items[i].carrier,
                             order->parcels.items[i].number, &s);
        if (rc != CXR_OK) {
            return rc;
        }

        if (s != NULL) {
            list[world->nparcels++] = s->obj;
        }
    }

    world->parcels = list;

    return CXR_OK;
}


static cxr_rc_t cxr_job_world_history(cxr_writer_t *w, cxr_job_t *job,
    const cxr_order_t *order, cxr_rma_world_t *world);


cxr_rc_t
cxr_job_world(cxr_writer_t *w, cxr_job_t *job, const cxr_order_t *order,
    cxr_rma_world_t *world)
{
    cxr_rc_t       rc;
    cxr_id_ctx_t  *ctx;

    ctx = cxr_alloc(w->scratch, sizeof(*ctx));
    if (ctx == NULL) {
        return CXR_NOMEM;
    }

    ctx->w = w;
    ctx->shop = job->shop->key;

    memset(world, 0, sizeof(*world));
    world->policy = &job->shop->policy;
    world->tz = job->shop->tz;
    world->four_eyes = job->shop->four_eyes;
    world->locale = job->shop->languages.n ? job->shop->languages.items[0]
                                           : CXR_STR_NONE;
    world->consents = &job->shop->consents;
    world->id_taken = cxr_job_id_taken;
    world->ctx = ctx;

    if (cxr_policy_wants_history(world->policy)) {
        rc = cxr_job_world_history(w, job, order, world);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    return cxr_job_world_parcels(w, job, order, world);
}


/* As of the transaction: what commands before it in the same one wrote counts
   once it stands in the map. */

static cxr_rc_t
cxr_job_world_history(cxr_writer_t *w, cxr_job_t *job,
    const cxr_order_t *order, cxr_rma_world_t *world)
{
    cxr_read_t      rd;
    cxr_history_t  *history;

    history = cxr_alloc(w->scratch, sizeof(*history));
    if (history == NULL) {
        return CXR_NOMEM;
    }

    memset(&rd, 0, sizeof(rd));
    rd.store = w->store;
    rd.txn = w->txn;

    world->history = history;

    return cxr_read_history(&rd, job->shop, order,
                            cxr_policy_wants_kept(world->policy), w->scratch,
                            history);
}


/* Products, each once. */
typedef struct {
    const cxr_product_t  **items;
    size_t                 n;
    size_t                 room;
} cxr_products_t;


static cxr_rc_t
cxr_job_product(cxr_writer_t *w, cxr_job_t *job, cxr_str_t id,
    cxr_products_t *list)
{
    size_t                 i;
    cxr_rc_t               rc;
    cxr_slot_t            *s;
    cxr_dbkey_t            key;
    const cxr_product_t  **items;

    if (id.len == 0 || id.len > CXR_PRODUCT_KEY_MAX) {
        return CXR_OK;
    }

    for (i = 0; i < list->n; i++) {
        if (cxr_str_eq(list->items[i]->id, id)) {
            return CXR_OK;
        }
    }

    cxr_dbkey_one(&key, job->shop->key, id);

    rc = cxr_slot_load(w, CXR_T_PRODUCTS, &key, &s);
    if (rc != CXR_OK || !s->exists) {
        return rc;
    }

    if (list->n == list->room) {
        list->room = list->room ? list->room * 2 : 8;

        items = cxr_calloc(w->scratch, list->room, sizeof(*items));
        if (items == NULL) {
            return CXR_NOMEM;
        }

        if (list->n != 0) {
            memcpy(items, list->items, list->n * sizeof(*items));
        }

        list->items = items;
    }

    list->items[list->n++] = s->obj;

    return CXR_OK;
}


/* The lines' own products, and those that they may be exchanged for. */
static cxr_rc_t
cxr_job_world_products(cxr_writer_t *w, cxr_job_t *job,
    const cxr_order_t *order, const cxr_rma_ask_t *ask, cxr_rma_world_t *world)
{
    size_t                      own;
    uint32_t                    i, j;
    cxr_rc_t                    rc;
    cxr_products_t              list = { NULL, 0, 0 };
    const cxr_order_line_t     *line;
    const cxr_rma_ask_line_t   *asked;

    for (i = 0; i < ask->lines.n; i++) {
        asked = &ask->lines.items[i];

        if (asked->outcome != CXR_OUT_EXCHANGE
            && asked->outcome != CXR_OUT_REPLACEMENT)
        {
            continue;
        }

        line = cxr_order_line(order, asked->line);
        if (line == NULL) {
            continue;
        }

        rc = cxr_job_product(w, job, line->product, &list);
        if (rc != CXR_OK) {
            return rc;
        }

        for (own = 0; own < list.n; own++) {
            if (cxr_str_eq(list.items[own]->id, line->product)) {
                break;
            }
        }

        if (asked->outcome != CXR_OUT_EXCHANGE || own == list.n) {
            continue;
        }

        for (j = 0; j < list.items[own]->exchange_for.n; j++) {
            rc = cxr_job_product(w, job,
                                 list.items[own]->exchange_for.items[j],
                                 &list);
            if (rc != CXR_OK) {
                return rc;
            }
        }
    }

    world->products = list.items;
    world->nproducts = list.n;

    return CXR_OK;
}


/* The products whose stock an RMA's lines hold. */
static cxr_rc_t
cxr_job_rma_products(cxr_writer_t *w, cxr_job_t *job, const cxr_rma_t *rma,
    cxr_products_t *list)
{
    uint32_t  i;
    cxr_rc_t  rc;

    for (i = 0; i < rma->lines.n; i++) {
        rc = cxr_job_product(w, job, rma->lines.items[i].exchange_product,
                             list);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


static bool
cxr_job_exchanges(const cxr_rma_t *rma)
{
    uint32_t  i;

    for (i = 0; i < rma->lines.n; i++) {
        if (rma->lines.items[i].exchange_product.len != 0) {
            return true;
        }
    }

    return false;
}


/*
 * What the events do to the stock that the RMA promises, behind them in the
 * same transaction.  "rma" NULL: they make it.
 */
cxr_rc_t
cxr_job_stock(cxr_writer_t *w, cxr_job_t *job, const cxr_order_t *order,
    const cxr_rma_t *rma, cxr_events_t *events)
{
    cxr_rc_t          rc;
    cxr_rma_t         after;
    cxr_products_t    list = { NULL, 0, 0 };
    const cxr_rma_t  *made;

    static const cxr_rma_t  nothing;

    /* a line's product is said when the RMA is made, and stays */

    made = rma ? rma : events->items[0].body;

    if (!cxr_job_exchanges(made)) {
        return CXR_OK;
    }

    rc = cxr_rma_after(order, rma ? rma : &nothing, events, job->now,
                       w->scratch, &after);

    if (rc == CXR_OK) {
        rc = cxr_job_rma_products(w, job, &after, &list);
    }

    if (rc != CXR_OK || list.n == 0) {
        return rc;
    }

    return cxr_rma_stock(rma, &after, list.items, list.n, w->scratch, events);
}


/* Under whose key: that of who was given the goods has the RMA's number in its
   name. */
static cxr_rc_t
cxr_job_seal_key(cxr_writer_t *w, const cxr_rma_ask_t *ask,
    const cxr_rma_world_t *world, char mem[CXR_GIFT_KEY_LEN], cxr_str_t *name)
{
    cxr_rc_t   rc;
    cxr_str_t  id;

    *name = ask->order;

    if (!ask->gift) {
        return CXR_OK;
    }

    rc = cxr_rma_number(ask, world, w->scratch, &id);

    if (rc == CXR_OK) {
        *name = cxr_gift_key(id, mem);
    }

    return rc;
}


/* The ask with its notes sealed, all of it the job's own. */
static cxr_rc_t
cxr_job_seal_ask(cxr_writer_t *w, cxr_job_t *job,
    const cxr_rma_world_t *world, cxr_rma_ask_t *ask)
{
    char                  mem[CXR_GIFT_KEY_LEN];
    uint32_t              i;
    cxr_rc_t              rc;
    cxr_str_t             name;
    cxr_rma_ask_line_t   *lines;
    const cxr_str_t      *notes = job->u.create.notes;

    *ask = *job->u.create.ask;
    cxr_random(job->u.create.ask->random, sizeof(ask->random));
    memcpy(ask->random, job->u.create.ask->random, sizeof(ask->random));

    if (job->has_idem) {
        cxr_idem_numbers(w, job->shop->key, job->idem, ask->random);
    }

    ask->recipient = CXR_STR_NONE;

    rc = cxr_job_seal_key(w, ask, world, mem, &name);
    if (rc != CXR_OK) {
        return rc;
    }

    if (ask->gift && job->u.create.recipient != NULL) {
        rc = cxr_person_box(w, job->shop->key, name, CXR_BOX_RECIPIENT,
                            CXR_STR_NONE, job->u.create.recipient,
                            &ask->recipient);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    lines = cxr_calloc(w->scratch, ask->lines.n, sizeof(cxr_rma_ask_line_t));
    if (lines == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < ask->lines.n; i++) {
        lines[i] = ask->lines.items[i];
        lines[i].note = CXR_STR_NONE;
        lines[i].has_note = false;

        if (notes == NULL || notes[i].len == 0) {
            continue;
        }

        if (cxr_utf8_length(notes[i]) > CXR_NOTE_MAX) {
            return CXR_LIMIT;
        }

        rc = cxr_note_box(w, job->shop->key, name, notes[i], &lines[i].note);
        if (rc != CXR_OK) {
            return rc;
        }

        lines[i].has_note = true;
    }

    ask->lines.items = lines;

    return CXR_OK;
}


cxr_rc_t
cxr_job_rma_create(cxr_writer_t *w, cxr_job_t *job)
{
    cxr_rc_t          rc;
    cxr_order_t      *order;
    cxr_events_t      events = { NULL, 0 };
    cxr_rma_ask_t     ask;
    cxr_rma_world_t   world;

    rc = cxr_job_order(w, job, job->u.create.ask->order, &order);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_job_world(w, job, order, &world);

    if (rc == CXR_OK) {
        rc = cxr_job_seal_ask(w, job, &world, &ask);
    }

    if (rc == CXR_OK) {
        rc = cxr_job_world_products(w, job, order, &ask, &world);
    }

    if (rc == CXR_OK) {
        rc = cxr_rma_create(order, &ask, &world, job->now, w->scratch, &events,
                            &job->refusal);
    }

    if (rc == CXR_OK && w->fault != CXR_OK) {
        rc = w->fault;
    }

    if (rc == CXR_OK) {
        rc = cxr_job_way(w, job, order, NULL, &events);
    }

    if (rc == CXR_OK) {
        rc = cxr_job_stock(w, job, order, NULL, &events);
    }

    if (rc == CXR_OK) {
        /* before the commit moves on to the products */
        rc = cxr_str_dup(job->arena, cxr_rma_event_id(&events.items[0]),
                         &job->id);
    }

    if (rc == CXR_OK) {
        rc = cxr_job_commit(w, job, &events);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    job->created = true;

    return cxr_job_revision(w, job);
}


/* The RMA and its order. */
cxr_rc_t
cxr_job_rma(cxr_writer_t *w, cxr_job_t *job, cxr_str_t id, cxr_rma_t **rma,
    cxr_order_t **order)
{
    cxr_rc_t     rc;
    cxr_slot_t  *s;
    cxr_dbkey_t  key;

    cxr_dbkey_one(&key, job->shop->key, id);

    rc = cxr_slot_load(w, CXR_T_RMAS, &key, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    if (!s->exists) {
        return CXR_NOTFOUND;
    }

    *rma = s->obj;

    rc = cxr_job_order(w, job, (*rma)->order, order);

    /* an RMA without its order cannot be */
    return rc == CXR_NOTFOUND ? CXR_ERROR : rc;
}


/* The RMA as this job has left it. */
static cxr_rc_t
cxr_job_revision(cxr_writer_t *w, cxr_job_t *job)
{
    cxr_rc_t      rc;
    cxr_rma_t    *rma;
    cxr_order_t  *order;

    rc = cxr_job_rma(w, job, job->id, &rma, &order);
    if (rc == CXR_OK) {
        job->revision = rma->revision;
    }

    return rc;
}


/* Any of the verbs; its words are sealed under the order's key first. */
static cxr_rc_t
cxr_job_act(cxr_writer_t *w, cxr_job_t *job, const cxr_order_t *order,
    const cxr_rma_t *rma, cxr_events_t *events)
{
    uint8_t          random[32];
    cxr_rc_t         rc;
    cxr_products_t   list = { NULL, 0, 0 };
    cxr_rma_act_t    act;
    cxr_rma_by_t     by;

    act = *job->u.act.act;
    act.text = CXR_STR_NONE;

    if (cxr_utf8_length(job->u.act.text) > CXR_NOTE_MAX) {
        return CXR_LIMIT;
    }

    if (job->u.act.text.len != 0) {
        rc = cxr_words_box(w, job->shop->key, rma, rma->order,
                           job->u.act.text, &act.text);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (act.verb == CXR_VERB_REOPEN) {
        rc = cxr_job_rma_products(w, job, rma, &list);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    cxr_random(random, sizeof(random));

    memset(&by, 0, sizeof(by));

    by.kind = job->actor_kind;
    by.actor = job->actor;
    by.policy = &job->shop->policy;
    by.random = random;
    by.expect = job->expect;
    by.now = job->now;
    by.products = list.items;
    by.nproducts = list.n;

    return cxr_rma_act(order, rma, &act, &by, w->scratch, events,
                       &job->refusal);
}


/*
 * The number is named already, for another RMA: that one has it no more.  Its
 * events come after those of the RMA that has it now, which may be of the same
 * order; what else follows for it follows here.
 */
static cxr_rc_t
cxr_job_give(cxr_writer_t *w, cxr_job_t *job, const cxr_rma_name_t *cmd,
    cxr_events_t *given)
{
    cxr_rc_t      rc;
    cxr_rma_t    *rma;
    cxr_order_t  *order;

    rc = cxr_job_rma(w, job, cmd->other, &rma, &order);

    if (rc == CXR_OK) {
        rc = cxr_rma_give_parcel(order, rma, cmd, w->scratch, given,
                                 &job->refusal);
    }

    if (rc == CXR_OK) {
        rc = cxr_job_way(w, job, order, rma, given);
    }

    return rc == CXR_OK ? cxr_job_stock(w, job, order, rma, given) : rc;
}


/* Both RMAs' events as one list. */
static cxr_rc_t
cxr_job_join(cxr_writer_t *w, const cxr_events_t *given, cxr_events_t *events)
{
    uint32_t      i, k, n, before;
    cxr_event_t  *ev;

    n = events->n;

    for (i = 0; i < given->n; i++) {
        ev = cxr_list_push(w->scratch, events, sizeof(*ev));
        if (ev == NULL) {
            return CXR_NOMEM;
        }

        *ev = given->items[i];

        for (k = 0, before = 0; k < n; k++) {
            before += events->items[k].aggregate == ev->aggregate
                      && cxr_str_eq(events->items[k].id, ev->id);
        }

        ev->expect += before;
    }

    return CXR_OK;
}


/* Which parcel brings it.  "given", or NULL: those of the RMA that it is taken
   from. */
static cxr_rc_t
cxr_job_name(cxr_writer_t *w, cxr_job_t *job, const cxr_order_t *order,
    const cxr_rma_t *rma, const cxr_rma_name_t *asked, cxr_events_t *events,
    cxr_events_t *given)
{
    cxr_rc_t               rc;
    cxr_slot_t            *slot;
    cxr_rma_name_t        *cmd;
    const cxr_shipment_t  *ship;

    cmd = cxr_calloc(w->scratch, 1, sizeof(*cmd));
    if (cmd == NULL) {
        return CXR_NOMEM;
    }

    cmd->rma = rma->id;
    cmd->carrier = asked->carrier;
    cmd->number = asked->number;

    /* a number is soon guessed: what a shopper names is hers to say alone */

    cmd->unproven = job->actor_kind == CXR_ACTOR_SHOPPER;

    rc = cxr_job_key_parts(cmd->carrier, cmd->number, CXR_STR_NONE);
    if (rc == CXR_OK) {
        rc = cxr_slot_parcel(w, job->shop->key, cmd->carrier, cmd->number,
                             &slot);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    ship = slot ? slot->obj : NULL;

    if (given != NULL && asked->take && !cmd->unproven && ship != NULL
        && ship->direction == CXR_PARCEL_RETURN && ship->rma.len != 0
        && !cxr_str_eq(ship->rma, rma->id))
    {
        cmd->other = ship->rma;
        cmd->reason = asked->reason;

        rc = cxr_job_give(w, job, cmd, given);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    return cxr_rma_name_parcel(order, rma, ship, cmd, job->expect, job->now,
                               w->scratch, events, &job->refusal);
}


/* The carrier's label; the file that it takes the place of is told, to be
   erased. */
static cxr_rc_t
cxr_job_supply(cxr_writer_t *w, cxr_job_t *job, cxr_order_t *order,
    cxr_rma_t *rma, cxr_events_t *events)
{
    cxr_rc_t                 rc;
    cxr_rma_name_t           name;
    const cxr_rma_supply_t  *cmd = job->u.supply;

    rc = cxr_rma_supply(order, rma, cmd, job->expect, job->now, w->scratch,
                        events, &job->refusal);

    if (rc == CXR_OK && events->n != 0
        && !cxr_str_eq(cmd->hash, rma->carrier_label_hash))
    {
        rc = cxr_str_dup(job->arena, rma->carrier_label_hash, &job->gone);
    }

    if (rc == CXR_OK && cmd->number.len != 0) {
        memset(&name, 0, sizeof(name));
        name.carrier = cmd->carrier;
        name.number = cmd->number;
        rc = cxr_job_name(w, job, order, rma, &name, events, NULL);
    }

    return rc;
}


cxr_rc_t
cxr_job_rma_change(cxr_writer_t *w, cxr_job_t *job)
{
    cxr_rc_t      rc;
    cxr_str_t     id;
    cxr_rma_t    *rma;
    cxr_order_t  *order;
    cxr_events_t  events = { NULL, 0 }, given = { NULL, 0 };

    id = job->kind == CXR_CMD_RMA_ACT ? job->u.act.act->rma
         : job->kind == CXR_CMD_RMA_SUPPLY ? job->u.supply->rma
         : job->kind == CXR_CMD_RMA_REMIND ? job->u.remind
                                        : job->u.parcel->rma;

    rc = cxr_job_rma(w, job, id, &rma, &order);
    if (rc != CXR_OK) {
        return rc;
    }

    switch (job->kind) {

    case CXR_CMD_RMA_ACT:
        rc = cxr_job_act(w, job, order, rma, &events);
        break;

    case CXR_CMD_RMA_SUPPLY:
        rc = cxr_job_supply(w, job, order, rma, &events);
        break;

    case CXR_CMD_RMA_REMIND:
        rc = cxr_rma_remind(order, rma, job->shop->remind_days, job->now,
                            w->scratch, &events, &job->refusal);
        break;

    default:
        rc = cxr_job_name(w, job, order, rma, job->u.parcel, &events, &given);
    }

    if (rc == CXR_OK && events.n != 0) {
        rc = cxr_job_way(w, job, order, rma, &events);
    }

    if (rc == CXR_OK && events.n != 0) {
        rc = cxr_job_stock(w, job, order, rma, &events);
    }

    if (rc == CXR_OK) {
        rc = cxr_job_join(w, &given, &events);
    }

    if (rc == CXR_OK) {
        rc = cxr_job_commit(w, job, &events);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    job->revision = rma->revision;

    return cxr_str_dup(job->arena, id, &job->id);
}


#include "cxr_cancel.h"
#include "cxr_view_customer.h"

#include <stdio.h>


static const cxr_field_t  cxr_view_staff_line_fields[] = {
    CXR_FIELD(cxr_view_staff_line_t, index, U32),
    CXR_FIELD(cxr_view_staff_line_t, sku, STR),
    CXR_FIELD(cxr_view_staff_line_t, quantity, U32),
    CXR_FIELD(cxr_view_staff_line_t, open, BOOL),
    CXR_FIELD(cxr_view_staff_line_t, several, BOOL),
    CXR_FIELD(cxr_view_staff_line_t, units, STR),
    CXR_FIELD(cxr_view_staff_line_t, checked, BOOL),
    CXR_FIELD_SUB(cxr_view_staff_line_t, line, REC, &cxr_view_rma_line_type),
    CXR_FIELD(cxr_view_staff_line_t, fee, STR),
    CXR_FIELD(cxr_view_staff_line_t, awaited, U32),
    CXR_FIELD(cxr_view_staff_line_t, ungraded, U32),
    CXR_FIELD(cxr_view_staff_line_t, bonus, STR),
    CXR_FIELD(cxr_view_staff_line_t, delivery, STR),
    CXR_FIELD(cxr_view_staff_line_t, advice, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_staff_line_type = {
    "staff_line", 0, 1, sizeof(cxr_view_staff_line_t),
    cxr_view_staff_line_fields
};

static const cxr_field_t  cxr_view_agreed_fields[] = {
    CXR_FIELD(cxr_view_agreed_t, text, STR),
    CXR_FIELD(cxr_view_agreed_t, version, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_agreed_type = {
    "agreed", 0, 1, sizeof(cxr_view_agreed_t), cxr_view_agreed_fields
};


static const cxr_field_t  cxr_view_staff_rma_fields[] = {
    CXR_VIEW_PAGE(cxr_view_staff_rma_t),
    CXR_FIELD(cxr_view_staff_rma_t, id, STR),
    CXR_FIELD(cxr_view_staff_rma_t, number, STR),
    CXR_FIELD_ENUM(cxr_view_staff_rma_t, status, cxr_rma_status_names),
    CXR_FIELD(cxr_view_staff_rma_t, status_text, STR),
    CXR_FIELD(cxr_view_staff_rma_t, tone, STR),
    CXR_FIELD(cxr_view_staff_rma_t, kind_text, STR),
    CXR_FIELD(cxr_view_staff_rma_t, created, STR),
    CXR_VIEW_URL(cxr_view_staff_rma_t, list_url),
    CXR_FIELD(cxr_view_staff_rma_t, name, STR),
    CXR_FIELD(cxr_view_staff_rma_t, email, STR),
    CXR_VIEW_URL(cxr_view_staff_rma_t, mail_url),
    CXR_FIELD(cxr_view_staff_rma_t, phone, STR),
    CXR_FIELD(cxr_view_staff_rma_t, has_person, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, gift, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, overtaken, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, buyer, STR),
    CXR_FIELD(cxr_view_staff_rma_t, street, STR),
    CXR_FIELD(cxr_view_staff_rma_t, city, STR),
    CXR_FIELD(cxr_view_staff_rma_t, order_placed, STR),
    CXR_FIELD(cxr_view_staff_rma_t, policy, STR),
    CXR_FIELD(cxr_view_staff_rma_t, destination, STR),
    CXR_FIELD_SUB(cxr_view_staff_rma_t, consents, LIST,
                  &cxr_view_agreed_type),
    CXR_FIELD(cxr_view_staff_rma_t, held_by, STRS),
    CXR_FIELD(cxr_view_staff_rma_t, is_held, BOOL),
    CXR_FIELD_SUB(cxr_view_staff_rma_t, lines, LIST,
                  &cxr_view_staff_line_type),
    CXR_FIELD(cxr_view_staff_rma_t, has_sums, BOOL),
    CXR_FIELD_SUB(cxr_view_staff_rma_t, money, LIST, &cxr_view_sum_type),
    CXR_FIELD(cxr_view_staff_rma_t, delivery_note, STR),
    CXR_FIELD_SUB(cxr_view_staff_rma_t, payments, LIST, &cxr_view_sum_type),
    CXR_FIELD(cxr_view_staff_rma_t, can_paid, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, can_repaid, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, due_open, STR),
    CXR_FIELD(cxr_view_staff_rma_t, to_repay, STR),
    CXR_FIELD(cxr_view_staff_rma_t, refund, STR),
    CXR_FIELD(cxr_view_staff_rma_t, due, STR),
    CXR_FIELD(cxr_view_staff_rma_t, even, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, label_until, STR),
    CXR_FIELD(cxr_view_staff_rma_t, way, STR),
    CXR_FIELD(cxr_view_staff_rma_t, carriage, STR),
    CXR_FIELD(cxr_view_staff_rma_t, has_label, BOOL),
    CXR_VIEW_URL(cxr_view_staff_rma_t, label_url),
    CXR_VIEW_URL(cxr_view_staff_rma_t, label_pdf_url),
    CXR_VIEW_URL(cxr_view_staff_rma_t, carrier_label_url),
    CXR_VIEW_URL(cxr_view_staff_rma_t, label_zpl_url),
    CXR_VIEW_URL(cxr_view_staff_rma_t, slip_pdf_url),
    CXR_FIELD_SUB(cxr_view_staff_rma_t, steps, LIST, &cxr_view_step_type),
    CXR_FIELD(cxr_view_staff_rma_t, can_decide, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, read_only, BOOL),
    CXR_VIEW_URL(cxr_view_staff_rma_t, action),
    CXR_FIELD(cxr_view_staff_rma_t, expect, U32),
    CXR_FIELD(cxr_view_staff_rma_t, token, STR),
    CXR_FIELD(cxr_view_staff_rma_t, approve, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, decline, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, request_info, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, reason, STR),
    CXR_FIELD(cxr_view_staff_rma_t, reason_max, U32),
    CXR_FIELD(cxr_view_staff_rma_t, decision_error, STR),
    CXR_FIELD(cxr_view_staff_rma_t, reason_error, STR),
    CXR_FIELD(cxr_view_staff_rma_t, lines_error, STR),
    CXR_FIELD(cxr_view_staff_rma_t, form_error, STR),
    CXR_FIELD_SUB(cxr_view_staff_rma_t, errors, LIST, &cxr_view_fault_type),
    CXR_FIELD(cxr_view_staff_rma_t, has_errors, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, conflict, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, conflict_text, STR),
    CXR_FIELD(cxr_view_staff_rma_t, done, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, actor, STR),
    CXR_FIELD_SUB(cxr_view_staff_rma_t, parcels, LIST, &cxr_view_sent_type),
    CXR_FIELD(cxr_view_staff_rma_t, has_parcels, BOOL),
    CXR_VIEW_URL(cxr_view_staff_rma_t, parcel_url),
    CXR_FIELD_SUB(cxr_view_staff_rma_t, send, REC, &cxr_view_sent_form_type),
    CXR_FIELD(cxr_view_staff_rma_t, sent_now, BOOL),
    CXR_VIEW_URL(cxr_view_staff_rma_t, act_url),
    CXR_FIELD(cxr_view_staff_rma_t, can_receive, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, can_grade, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, can_release, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, can_confirm, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, can_settle, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, can_reopen, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, can_cancel, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, can_note, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, can_more, BOOL),
    CXR_FIELD(cxr_view_staff_rma_t, to_pay, STR),
    CXR_FIELD(cxr_view_staff_rma_t, act_error, STR),
    CXR_FIELD_SUB(cxr_view_staff_rma_t, talk, REC, &cxr_view_talk_type),
    CXR_FIELD(cxr_view_staff_rma_t, seen, U64),
    CXR_FIELD_SUB(cxr_view_staff_rma_t, changes, REC, &cxr_view_changes_type),
    CXR_FIELD_SUB(cxr_view_staff_rma_t, customer, REC,
                  &cxr_view_customer_type),
    CXR_FIELD_SUB(cxr_view_staff_rma_t, answers, LIST, &cxr_view_answer_type),
    CXR_FIELD(cxr_view_staff_rma_t, has_answers, BOOL),
    CXR_VIEW_URL(cxr_view_staff_rma_t, receive_url),
    CXR_FIELD(cxr_view_staff_rma_t, settle_why, STR),
    CXR_FIELD(cxr_view_staff_rma_t, typed_reason, STR),
    CXR_FIELD(cxr_view_staff_rma_t, typed_reference, STR),
    CXR_FIELD(cxr_view_staff_rma_t, typed_amount, STR),
    CXR_FIELD(cxr_view_staff_rma_t, typed_verb, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_staff_rma_type = {
    "staff_rma", 0, 1, sizeof(cxr_view_staff_rma_t),
    cxr_view_staff_rma_fields
};


static bool
cxr_view_held_rest(cxr_str_t why, const char *kind, cxr_str_t *rest)
{
    size_t  len = strlen(kind);

    if (why.len <= len || memcmp(why.data, kind, len) != 0) {
        return false;
    }

    *rest = cxr_strn(why.data + len, why.len - len);

    return true;
}


/* One thing that made it wait, in words; empty: a later version's. */

static cxr_str_t
cxr_view_staff_held_by(cxr_say_t *say, cxr_str_t why)
{
    char       key[64];
    cxr_str_t  rest;
    cxr_arg_t  arg;

    if (cxr_view_held_rest(why, CXR_HELD_RULE, &rest)) {
        arg = cxr_arg_str("rule", rest);
        return cxr_say_with(say, "staff.held.rule", &arg, 1);
    }

    if (cxr_view_held_rest(why, CXR_HELD_REASON, &rest)) {
        arg = cxr_arg_str("reason", cxr_say_reason(say, rest));
        return cxr_say_with(say, "staff.held.reason", &arg, 1);
    }

    (void) snprintf(key, sizeof(key), "staff.held.%.*s", cxr_str_arg(why));

    return cxr_say(say, key);
}


static void
cxr_view_staff_held(const cxr_rma_t *rma, cxr_say_t *say,
    cxr_view_staff_rma_t *view)
{
    uint32_t    i;
    cxr_str_t   text, *out;

    for (i = 0; i < rma->held_by.n; i++) {
        text = cxr_view_staff_held_by(say, rma->held_by.items[i]);
        out = text.len ? cxr_say_push(say, &view->held_by, sizeof(*out)) : NULL;

        if (out != NULL) {
            *out = text;
        }
    }

    view->is_held = view->held_by.n != 0;
}


/* What stands before and after the @ is a person's text: it may hold "?cc=". */
static cxr_str_t
cxr_view_mail_url(cxr_say_t *say, cxr_str_t email)
{
    char         mem[CXR_VIEW_URL_MAX];
    cxr_buf_t    buf;
    cxr_str_t    url = CXR_STR_NONE;
    const char  *at;

    at = email.len ? memchr(email.data, '@', email.len) : NULL;

    if (at == NULL) {
        return url;
    }

    cxr_buf_init_fixed(&buf, mem, sizeof(mem));
    cxr_buf_addz(&buf, "mailto:");
    cxr_buf_url(&buf, cxr_strn(email.data, (size_t) (at - email.data)));
    cxr_buf_addc(&buf, '@');
    cxr_buf_url(&buf, cxr_strn(at + 1, email.len
                                       - (size_t) (at - email.data) - 1));

    /* an address too long for a link is still shown as text */

    if (cxr_buf_ok(&buf)
        && cxr_str_dup(say->a, cxr_buf_str(&buf), &url) != CXR_OK)
    {
        say->failed = true;
    }

    return url;
}


/* The words may have changed since; the version tells which they were. */

static void
cxr_view_staff_consents(const cxr_rma_t *rma, cxr_say_t *say,
    cxr_view_staff_rma_t *view)
{
    uint32_t              i;
    cxr_view_agreed_t    *out;
    const cxr_consent_t  *c;

    for (i = 0; i < rma->consents.n; i++) {
        out = cxr_say_push(say, &view->consents, sizeof(*out));
        if (out == NULL) {
            return;
        }

        c = cxr_consent(&say->ctx->shop->consents, rma->consents.items[i].id);

        out->text = c ? cxr_texts_in(&c->text, cxr_lang_code(say->ctx->lang))
                      : rma->consents.items[i].id;
        out->version = rma->consents.items[i].version;
    }
}


static void
cxr_view_staff_person(const cxr_staff_rma_t *p, cxr_say_t *say,
    cxr_view_staff_rma_t *view)
{
    const cxr_person_t  *person = p->person;

    if (p->order != NULL) {
        view->order_placed = cxr_say_date(say, p->order->placed_at,
                                          CXR_DATE_DAY);
    }

    view->gift = p->rma->gift;
    view->overtaken = cxr_rma_overtaken(p->rma);

    if (p->buyer != NULL) {
        view->buyer = p->buyer->name.len != 0 ? p->buyer->name
                                              : p->buyer->email;
    }

    if (person == NULL) {
        return;
    }

    if (view->gift) {
        view->street = person->address;
    }

    view->has_person = true;
    view->name = person->name;
    view->email = person->email;
    view->phone = person->phone;

    view->mail_url = cxr_view_mail_url(say, person->email);
    view->city = cxr_say_join(say, person->postcode,
                              person->postcode.len ? " " : "", person->city);
}


static bool
cxr_view_staff_checked(const cxr_staff_form_t *form, uint32_t index)
{
    uint32_t  i;

    /* what is usual is one click: every line that waits */

    if (form == NULL) {
        return true;
    }

    for (i = 0; i < form->lines.n; i++) {
        if (form->lines.items[i] == index) {
            return true;
        }
    }

    return false;
}


static void
cxr_view_staff_lines(const cxr_staff_rma_t *p, cxr_say_t *say,
    cxr_view_staff_rma_t *view)
{
    bool                    open = false;
    uint32_t                i;
    const cxr_rma_t        *rma = p->rma;
    cxr_view_staff_line_t  *line;

    for (i = 0; i < rma->lines.n; i++) {
        line = cxr_say_push(say, &view->lines, sizeof(*line));
        if (line == NULL) {
            return;
        }

        line->line = cxr_say_room(say, 1, sizeof(*line->line));
        if (line->line == NULL) {
            return;
        }

        cxr_view_rma_line(say, rma, &rma->lines.items[i],
                          p->notes ? p->notes[i] : CXR_STR_NONE, line->line);

        if (rma->lines.items[i].photos.n != 0) {
            cxr_view_photos(say, cxr_sprintf(say->a, "%.*srma/%.*s",
                                             cxr_str_arg(say->ctx->shop->staff),
                                             cxr_str_arg(rma->id)),
                            &rma->lines.items[i].photos, &line->line->photos);
            line->line->has_photos = line->line->photos.n > 0;
        }

        line->index = i;
        line->sku = rma->lines.items[i].sku;
        line->quantity = rma->lines.items[i].quantity;
        line->fee = cxr_say_some(say, rma->currency, rma->lines.items[i].fee);
        line->bonus = cxr_say_some(say, rma->currency,
                                   rma->lines.items[i].bonus);
        line->delivery = cxr_say_some(say, rma->currency,
                                      rma->lines.items[i].delivery);

        if (rma->lines.items[i].advice != CXR_MAY_RETURN) {
            line->advice = cxr_say_name(say, "staff.advice.",
                               cxr_verdict_names[rma->lines.items[i].advice]);
        }

        if (cxr_staff_line_open(rma, i)) {
            open = true;
            line->open = p->may_approve;
            line->checked = cxr_view_staff_checked(p->form, i);
            line->several = line->open && line->quantity > 1;
            line->units = p->form != NULL && p->form->units[i].len != 0
                          ? p->form->units[i]
                          : cxr_sprintf(say->a, "%u", line->quantity);
            say->failed |= line->units.data == NULL;
        }
    }

    view->can_decide = open && p->may_approve;

    if (view->can_decide) {
        cxr_view_staff_held(p->rma, say, view);
    }
    view->read_only = open && !p->may_approve;
}


/* The text of a key, into the summary too. */
static cxr_str_t
cxr_view_staff_error(cxr_say_t *say, cxr_view_staff_rma_t *view,
    cxr_str_t text, const char *url)
{
    cxr_view_fault_t  *e;

    if (text.len) {
        e = cxr_say_push(say, &view->errors, sizeof(*e));

        if (e != NULL) {
            e->text = text;
            e->field_url = cxr_strz(url);
        }
    }

    return text;
}


static cxr_str_t
cxr_view_staff_key(cxr_say_t *say, cxr_str_t key)
{
    return key.len ? cxr_say_why(say, key, 0, CXR_STAFF_REASON_MAX,
                                 CXR_TIME_NONE)
                   : CXR_STR_NONE;
}


static void
cxr_view_staff_form(const cxr_staff_rma_t *p, cxr_say_t *say,
    cxr_view_staff_rma_t *view)
{
    const cxr_staff_form_t  *form = p->form;

    view->action = cxr_say_url(say, cxr_say_join(say, p->ctx->shop->staff,
                                                 "rma/", p->rma->id),
                               "/decide");
    view->expect = p->rma->revision;
    view->token = p->token;
    view->reason_max = CXR_STAFF_REASON_MAX;

    /* one that points at the parcel's number stands beside it */

    if (p->refusal != NULL
        && (p->sent == NULL || strcmp(p->refusal->where, "/number") != 0))
    {
        view->form_error = cxr_view_staff_error(say, view,
                                                cxr_say_refusal(say,
                                                                p->refusal),
                                                "#form");
    }

    view->has_errors = view->errors.n > 0;

    if (form == NULL) {
        return;
    }

    view->approve = form->decision == CXR_DECISION_APPROVED;
    view->decline = form->decision == CXR_DECISION_DECLINED;
    view->request_info = form->decision == CXR_DECISION_INFO_NEEDED;
    view->reason = form->reason;

    view->lines_error = cxr_view_staff_error(say, view,
                            cxr_view_staff_key(say, form->lines_key),
                            "#lines");
    view->decision_error = cxr_view_staff_error(say, view,
                            cxr_view_staff_key(say, form->decision_key),
                            "#decision");
    view->reason_error = cxr_view_staff_error(say, view,
                            cxr_view_staff_key(say, form->reason_key),
                            "#reason");
    view->has_errors = view->errors.n > 0;
}


/* What the desk prints for the shopper, as long as there is a label. */

static void
cxr_view_staff_papers(const cxr_staff_rma_t *p, cxr_say_t *say,
    cxr_view_staff_rma_t *view)
{
    cxr_str_t         base;
    const cxr_rma_t  *rma = p->rma;

    if (rma->label_jti.len == 0 || rma->cancelled
        || (rma->label_expires != CXR_TIME_NONE
            && rma->label_expires < p->now))
    {
        return;
    }

    base = cxr_say_join(say, p->ctx->shop->staff, "rma/", rma->id);

    view->has_label = true;
    view->label_url = cxr_say_url(say, base, "/label.html");
    view->label_pdf_url = cxr_say_url(say, base, "/label.pdf");
    view->label_zpl_url = cxr_say_url(say, base, "/label.zpl");
    view->carrier_label_url = cxr_view_carrier_label(say, rma, base);
    view->slip_pdf_url = cxr_say_url(say, base, "/slip.pdf");
}


static void
staff_answers(cxr_say_t *say, const cxr_staff_rma_t *p,
    cxr_view_staff_rma_t *view)
{
    size_t              i;
    cxr_view_answer_t  *answer;

    for (i = 0; i < p->nanswers; i++) {
        answer = cxr_say_push(say, &view->answers, sizeof(*answer));
        if (answer == NULL) {
            return;
        }

        cxr_view_answer(say, &p->answers[i], answer);
    }

    view->has_answers = p->nanswers != 0;
}


static cxr_str_t
cxr_view_staff_way(cxr_say_t *say, const cxr_rma_t *rma)
{
    int  k;

    k = cxr_name_index(cxr_method_names, rma->method);

    return k < 0 ? CXR_STR_NONE
                 : cxr_say_name(say, "way.", cxr_method_names[k]);
}


/* As the shopper's page does, nothing is reckoned where no money will move; but
   what was paid for it, and goes back, is told. */
static void
cxr_view_staff_sums(const cxr_staff_rma_t *p, cxr_say_t *say,
    cxr_view_staff_rma_t *view)
{
    const cxr_rma_t      *rma = p->rma;
    cxr_breakdown_part_t  net;

    cxr_say_payments(say, rma, &view->payments);

    if (rma->status != CXR_RMA_DECLINED && !rma->cancelled && !rma->expired) {
        cxr_say_sums(say, rma, &view->money, &net, &view->delivery_note);

        view->due = cxr_say_some(say, rma->currency, net.due);
        view->even = net.refund == 0 && net.due == 0 && net.goods != 0;
        view->refund = net.due == 0 && !view->even
                       ? cxr_say_money(say, rma->currency, net.refund)
                       : cxr_say_some(say, rma->currency, net.refund);
    }

    /* the first is what was paid, and it is not "you" who read this */

    if (view->money.n != 0) {
        view->money.items[0].text = cxr_say(say, "staff.rma.customer_paid");
    }

    view->has_sums = view->money.n != 0 || view->payments.n != 0;
}


cxr_rc_t
cxr_view_staff_rma(const cxr_staff_rma_t *p, cxr_view_staff_rma_t *view)
{
    cxr_arg_t         args[3];
    cxr_str_t         self;
    cxr_say_t         say = cxr_say_to(p->ctx, p->arena);
    const cxr_rma_t  *rma = p->rma;

    memset(view, 0, sizeof(*view));

    view->page = p->page;
    view->actor = p->actor;
    view->id = rma->id;
    view->number = rma->order_number;
    view->status = rma->status;
    view->status_text = cxr_say_status(&say, rma->status);
    view->tone = cxr_tone_of_status(rma->status);
    view->kind_text = cxr_say_name(&say, "rma.kind.",
                                   cxr_rma_kind_names[rma->kind]);
    view->created = cxr_say_date(&say, rma->created_at, CXR_DATE_DAY_TIME);
    view->list_url = cxr_say_url(&say, p->ctx->shop->staff, "");
    view->policy = rma->policy;

    if (rma->destination.len != 0) {
        view->destination = cxr_shop_destination(p->ctx->shop,
                                                 rma->destination)->name;
    }

    cxr_view_staff_consents(rma, &say, view);
    view->label_until = cxr_say_date(&say, rma->label_expires, CXR_DATE_DAY);
    view->way = cxr_view_staff_way(&say, rma);

    /* she was told so, and nobody else tells the shop */

    if (cxr_str_is(rma->method, cxr_method_names[CXR_METHOD_OWN_CARRIER])) {
        view->carriage = cxr_say_name(&say, "staff.rma.carriage.",
                                      cxr_view_bears(rma));
    }

    view->done = p->done;

    cxr_view_staff_papers(p, &say, view);
    cxr_view_staff_person(p, &say, view);
    cxr_view_staff_lines(p, &say, view);

    cxr_view_staff_sums(p, &say, view);

    (void) cxr_view_rma_steps(&say, rma, true, &view->steps);
    cxr_view_staff_form(p, &say, view);
    cxr_view_staff_act(p, &say, view);

    if (p->talk != NULL) {
        view->talk = cxr_view_talk(&say, p->talk);
    }

    cxr_view_sent(&say, rma, p->parcels, &view->parcels);
    view->has_parcels = view->parcels.n > 0;
    view->sent_now = p->sent_now && view->has_parcels;

    if (p->may_approve) {
        self = cxr_say_join(&say, p->ctx->shop->staff, "rma/", rma->id);
        view->send = cxr_view_sent_form(&say, rma, p->sent, p->refusal, self);
        view->parcel_url = cxr_say_url(&say, self, "/parcel");
    }

    if (view->send != NULL) {
        (void) cxr_view_staff_error(&say, view, view->send->carrier_error,
                                    "#send-carrier");
        (void) cxr_view_staff_error(&say, view, view->send->number_error,
                                    "#send-number");
        view->has_errors = view->errors.n > 0;
    }

    view->page->wrong = view->has_errors
                        || (view->talk != NULL && view->talk->error.len != 0);

    view->seen = cxr_rma_newest(rma);
    view->customer = cxr_view_customer(&say, p->customer, rma->currency);
    staff_answers(&say, p, view);

    if (p->conflict) {
        view->conflict = true;
        view->changes = cxr_view_changes(&say, rma, p->seen);

        if (view->steps.n) {
            args[0] = cxr_arg_str("who", view->steps.items[0].actor);
            args[1] = cxr_arg_str("what", view->steps.items[0].text);
            args[2] = cxr_arg_str("when", view->steps.items[0].at);
            view->conflict_text = cxr_say_with(&say, "staff.rma.conflict_what",
                                               args, 3);
        }
    }

    return cxr_say_rc(&say);
}


/*
 * POST /api/v1/rmas/<rma>/<action>: what the body says of the verb, and its way
 * to the store.
 */

#include "ngx_cx_returns_api.h"


static void ngx_cx_returns_act_body(json_t *json, cxr_arena_t *a,
    cxr_rma_act_t *act, cxr_str_t *text, cxr_json_faults_t *faults);
static ngx_uint_t ngx_cx_returns_act_splits(json_t *json,
    const cxr_rma_act_t *act);
static void ngx_cx_returns_act_parts(json_t *lines, cxr_arena_t *a,
    cxr_rma_act_t *act, cxr_json_faults_t *faults);
static void ngx_cx_returns_act_lines(json_t *lines, cxr_arena_t *a,
    cxr_rma_act_t *act, cxr_json_faults_t *faults);


ngx_int_t
ngx_cx_returns_rma_act(ngx_http_request_t *r, cxr_str_t body)
{
    json_t                *json;
    ngx_int_t              answer;
    cxr_rma_act_t         *act;
    cxr_json_faults_t      faults;
    ngx_cx_returns_op_t   *op;
    ngx_cx_returns_api_t  *api;

    api = ngx_cx_returns_ctx(r)->data;

    op = ngx_cx_returns_op_create(r);
    act = op ? cxr_calloc(op->arena, 1, sizeof(cxr_rma_act_t)) : NULL;

    if (act == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_cx_returns_api_rma_id(r, op->arena, &act->rma, &answer) != NGX_OK) {
        return answer;
    }

    act->verb = (uint8_t) api->action;
    ngx_memzero(&faults, sizeof(cxr_json_faults_t));

    /* an empty body says all that there is to say to approve */

    if (body.len) {
        answer = ngx_cx_returns_api_json(r, body, &json);

        if (answer != NGX_OK || json == NULL) {
            return answer;
        }

        ngx_cx_returns_act_body(json, op->arena, act, &op->job.u.act.text,
                                &faults);
        json_decref(json);
    }

    op->job.kind = CXR_CMD_RMA_ACT;
    op->job.u.act.act = act;
    op->done = ngx_cx_returns_rma_done;

    return ngx_cx_returns_api_change(r, body, op, &faults);
}


static void
ngx_cx_returns_act_body(json_t *json, cxr_arena_t *a, cxr_rma_act_t *act,
    cxr_str_t *text, cxr_json_faults_t *faults)
{
    json_t    *lines;
    cxr_jr_t   jr;

    if (!cxr_jr_begin(&jr, json, "", a, faults)) {
        return;
    }

    lines = NULL;

    (void) cxr_jr_block(&jr, "reason", CXR_STAFF_REASON_MAX, 0, &act->reason);

    switch (act->verb) {

    case CXR_VERB_CANCEL:
    case CXR_VERB_EXPIRE:
    case CXR_VERB_OVERDUE:
        break;

    case CXR_VERB_NOTE:
    case CXR_VERB_ANSWER:
        (void) cxr_jr_block(&jr, "text", CXR_NOTE_MAX, CXR_JR_REQUIRED, text);
        break;

    case CXR_VERB_RECEIVE:
        (void) cxr_jr_line(&jr, "reference", CXR_REFERENCE_MAX, 0,
                           &act->reference);
        (void) cxr_jr_array(&jr, "lines", CXR_ORDER_LINES_MAX, 0, &lines);
        break;

    case CXR_VERB_GRADE:
        (void) cxr_jr_array(&jr, "lines", CXR_ORDER_LINES_MAX, CXR_JR_REQUIRED,
                            &lines);
        break;

    case CXR_VERB_PAID:
    case CXR_VERB_REPAID:
    case CXR_VERB_CONFIRM:
        act->has_money = json_is_integer(json_object_get(json, "amount"));
        (void) cxr_jr_int(&jr, "amount", 0, CXR_MONEY_MAX, 0, &act->money);
        (void) cxr_jr_line(&jr, "reference", CXR_REFERENCE_MAX, 0,
                           &act->reference);

        if (act->verb != CXR_VERB_CONFIRM) {
            break;
        }

        /* fall through */

    default:
        if (ngx_cx_returns_act_splits(json, act)) {
            (void) cxr_jr_array(&jr, "lines", CXR_ORDER_LINES_MAX, 0, &lines);
            break;
        }

        (void) cxr_jr_strs(&jr, "lines", CXR_ORDER_LINES_MAX,
                           CXR_LINE_ID_MAX + 4, 0, &act->lines);
    }

    (void) cxr_jr_end(&jr);

    /* nothing chosen is not all: money may hang on it */

    if (json_is_array(json_object_get(json, "lines"))
        && json_array_size(json_object_get(json, "lines")) == 0)
    {
        cxr_jr_fault(&jr, "lines", "must name one at least; leave it out to "
                     "mean all");
    }

    if (lines == NULL) {
        return;
    }

    if (act->verb == CXR_VERB_RECEIVE || act->verb == CXR_VERB_GRADE) {
        ngx_cx_returns_act_lines(lines, a, act, faults);

    } else {
        ngx_cx_returns_act_parts(lines, a, act, faults);
    }
}


/* A decision that names units of a line: "lines" has an object for it. */

static ngx_uint_t
ngx_cx_returns_act_splits(json_t *json, const cxr_rma_act_t *act)
{
    size_t   i;
    json_t  *lines;

    if (act->verb != CXR_VERB_APPROVE && act->verb != CXR_VERB_DECLINE
        && act->verb != CXR_VERB_REQUEST_INFO)
    {
        return 0;
    }

    lines = json_object_get(json, "lines");

    for (i = 0; i < json_array_size(lines); i++) {
        if (json_is_object(json_array_get(lines, i))) {
            return 1;
        }
    }

    return 0;
}


/* "1", or {"line", "units"}: so many of it, the others wait on */

static void
ngx_cx_returns_act_parts(json_t *lines, cxr_arena_t *a, cxr_rma_act_t *act,
    cxr_json_faults_t *faults)
{
    char             path[40];
    size_t           i, n;
    json_t          *one, *named;
    int64_t          units;
    cxr_jr_t         jr;
    cxr_str_t       *item;
    cxr_rma_part_t  *part;

    n = json_array_size(lines);

    act->lines.items = cxr_calloc(a, n + 1, sizeof(cxr_str_t));
    act->parts.items = cxr_calloc(a, n + 1, sizeof(cxr_rma_part_t));

    if (act->lines.items == NULL || act->parts.items == NULL) {
        faults->total++;
        return;
    }

    for (i = 0; i < n; i++) {
        ngx_snprintf((u_char *) path, sizeof(path), "/lines/%uz%Z", i);

        one = json_array_get(lines, i);
        named = json_is_string(one) ? json_pack("{s:O}", "line", one)
                                    : json_incref(one);

        if (named == NULL) {
            faults->total++;
            return;
        }

        if (cxr_jr_begin(&jr, named, path, a, faults)) {
            item = &act->lines.items[act->lines.n++];
            units = 0;

            (void) cxr_jr_line(&jr, "line", CXR_LINE_ID_MAX + 4,
                               CXR_JR_REQUIRED, item);
            (void) cxr_jr_int(&jr, "units", 1, CXR_LINE_QUANTITY_MAX, 0,
                              &units);

            if (units != 0) {
                part = &act->parts.items[act->parts.n++];
                part->item = *item;
                part->units = (uint32_t) units;
            }

            (void) cxr_jr_end(&jr);
        }

        json_decref(named);
    }
}


/* {"line", "count", "wrong", "no_more"}, or {"line", "units", "grade",
   "disposition", "deduct", "deduct_reason"} */

static void
ngx_cx_returns_act_lines(json_t *lines, cxr_arena_t *a, cxr_rma_act_t *act,
    cxr_json_faults_t *faults)
{
    char              path[40];
    size_t            i, n;
    int64_t           count, wrong, deduct;
    cxr_jr_t          jr;
    unsigned          grade, disposition;
    cxr_str_t         item;
    cxr_rma_count_t  *counts;
    cxr_rma_grade_t  *grades;

    n = json_array_size(lines);

    counts = cxr_calloc(a, n + 1, sizeof(cxr_rma_count_t));
    grades = cxr_calloc(a, n + 1, sizeof(cxr_rma_grade_t));

    if (counts == NULL || grades == NULL) {
        faults->total++;
        return;
    }

    act->counts.items = counts;
    act->grades.items = grades;

    for (i = 0; i < n; i++) {
        ngx_snprintf((u_char *) path, sizeof(path), "/lines/%uz%Z", i);

        if (!cxr_jr_begin(&jr, json_array_get(lines, i), path, a, faults)) {
            continue;
        }

        item = CXR_STR_NONE;
        count = 0;

        (void) cxr_jr_line(&jr, "line", CXR_LINE_ID_MAX + 4, CXR_JR_REQUIRED,
                           &item);

        if (act->verb == CXR_VERB_RECEIVE) {
            wrong = 0;

            (void) cxr_jr_int(&jr, "count", 0, CXR_LINE_QUANTITY_MAX, 0,
                              &count);
            (void) cxr_jr_int(&jr, "wrong", 0, CXR_LINE_QUANTITY_MAX, 0,
                              &wrong);
            (void) cxr_jr_bool(&jr, "no_more", 0, &counts[i].no_more);

            counts[i].item = item;
            counts[i].count = (uint32_t) count;
            counts[i].wrong = (uint32_t) wrong;
            act->counts.n++;

        } else {
            grade = CXR_GRADE_NONE;
            disposition = CXR_DISPOSE_NONE;
            deduct = 0;

            (void) cxr_jr_int(&jr, "units", 1, CXR_LINE_QUANTITY_MAX,
                              CXR_JR_REQUIRED, &count);
            (void) cxr_jr_choice(&jr, "grade", cxr_grade_names,
                                 CXR_JR_REQUIRED, &grade);
            (void) cxr_jr_choice(&jr, "disposition", cxr_disposition_names,
                                 CXR_JR_REQUIRED, &disposition);
            (void) cxr_jr_int(&jr, "deduct", 0, CXR_MONEY_MAX, 0, &deduct);
            (void) cxr_jr_block(&jr, "deduct_reason", CXR_STAFF_REASON_MAX, 0,
                                &grades[i].deduct_reason);

            grades[i].item = item;
            grades[i].units = (uint32_t) count;
            grades[i].grade = (uint8_t) grade;
            grades[i].disposition = (uint8_t) disposition;
            grades[i].deduct = deduct;
            act->grades.n++;
        }

        (void) cxr_jr_end(&jr);
    }
}


/* {"carrier":"yurtici","number":"123456789012"}: the same again is no news. */

ngx_int_t
ngx_cx_returns_rma_parcel(ngx_http_request_t *r, cxr_str_t body)
{
    json_t               *json;
    cxr_jr_t              jr;
    ngx_int_t             rc, answer;
    cxr_rma_name_t       *name;
    cxr_json_faults_t     faults;
    ngx_cx_returns_op_t  *op;

    op = ngx_cx_returns_op_create(r);
    name = op ? cxr_calloc(op->arena, 1, sizeof(cxr_rma_name_t)) : NULL;

    if (name == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_cx_returns_api_rma_id(r, op->arena, &name->rma, &answer)
        != NGX_OK)
    {
        return answer;
    }

    answer = ngx_cx_returns_api_json(r, body, &json);

    if (answer != NGX_OK || json == NULL) {
        return answer;
    }

    ngx_memzero(&faults, sizeof(cxr_json_faults_t));
    rc = NGX_OK;

    if (cxr_jr_begin(&jr, json, "", op->arena, &faults)) {
        (void) cxr_jr_slug(&jr, "carrier", CXR_CARRIER_MAX, CXR_JR_REQUIRED,
                           &name->carrier);

        rc = ngx_cx_returns_api_tracking(&jr, op->arena, CXR_JR_REQUIRED,
                                         &name->number);
        (void) cxr_jr_bool(&jr, "take", 0, &name->take);
        (void) cxr_jr_block(&jr, "reason", CXR_STAFF_REASON_MAX, 0,
                            &name->reason);
        (void) cxr_jr_end(&jr);
    }

    json_decref(json);

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    op->job.kind = CXR_CMD_RMA_PARCEL;
    op->job.u.parcel = name;
    op->done = ngx_cx_returns_rma_done;

    return ngx_cx_returns_api_change(r, body, op, &faults);
}


/*
 * The parts of a profile that say what codes and values mean: <table>,
 * <error>, <override>, <ignore>.
 */

#include <stdio.h>

#include "cxr_feed.h"
#include "cxr_profile_read.h"
#include "cxr_text.h"


static const char *const  cxr_fold_names[] = {
    "exact", "case", "turkish", NULL
};

static const char *const  cxr_yes_no[] = { "yes", "no", NULL };


/* the tests of a rule; "more" are its other attributes */
static void
cxr_read_tests(cxr_reader_t *x, const xmlNode *node, cxr_rule_t *rule,
    uint8_t fold, const char *more)
{
    char            all[256];
    size_t          n;
    cxr_rc_t        rc;
    cxr_str_t       value;
    const char     *why = "";
    const xmlAttr  *a;

    n = (size_t) snprintf(all, sizeof(all), "%s", more);

    for (a = node->properties; a != NULL; a = a->next) {

        if (!cxr_attr_raw(x, node, (const char *) a->name, &value)) {
            continue;
        }

        rc = cxr_test_add(x->profile->arena, rule, fold,
                          (const char *) a->name, value, &why);

        if (rc == CXR_NOTFOUND) {
            continue;
        }

        if (rc != CXR_OK) {
            cxr_complain(x, node, "\"%s\": %s", (const char *) a->name, why);
        }

        if (n + strlen((const char *) a->name) + 2 < sizeof(all)) {
            n += (size_t) snprintf(all + n, sizeof(all) - n, " %s",
                                   (const char *) a->name);
        }
    }

    cxr_attrs_only(x, node, all);

    if (rule->tests.n == 0) {
        cxr_complain(x, node, "a rule needs a condition (code, text ...): what "
                     "is not known must stay unknown");
    }

    if (cxr_first_element(node) != NULL) {
        cxr_complain(x, node, "nothing belongs inside");
    }
}


static void
cxr_read_outcome(cxr_reader_t *x, const xmlNode *node, uint8_t *status,
    uint8_t *reason, uint8_t *action, uint8_t *left)
{
    *status = cxr_attr_name(x, node, "status", cxr_ship_status_names, true);
    *reason = cxr_attr_name(x, node, "reason", cxr_ship_reason_names, false);
    *action = cxr_attr_name(x, node, "action", cxr_ship_action_names, false);
    *left = cxr_attr_name(x, node, "left", cxr_left_names, false);

    if (*left != CXR_LEFT_NONE && *status != CXR_SHIP_DELIVERED) {
        cxr_complain(x, node, "\"left\" says where a delivered parcel was "
                     "left");
    }
}


/* The rules are tried in order: one behind another that takes all of its is a
   mistake that nothing else would show. */
static void
cxr_read_reached(cxr_reader_t *x, const xmlNode *node, const cxr_table_t *t)
{
    uint32_t           i;
    const cxr_rule_t  *rule;

    for (i = 0; i + 1 < t->rules.n; i++) {
        rule = &t->rules.items[i];

        if (cxr_rule_covers(rule, &t->rules.items[t->rules.n - 1])) {
            cxr_complain(x, node, "is never reached: the rule of line %u takes "
                         "all that this one would", rule->line);
            return;
        }
    }
}


void
cxr_read_table(cxr_reader_t *x, const xmlNode *node)
{
    uint32_t        i;
    cxr_rule_t     *rule;
    cxr_table_t    *t;
    const xmlNode  *child;

    cxr_attrs_only(x, node, "name fold source");

    t = cxr_list_push(x->profile->arena, &x->profile->tables,
                      sizeof(cxr_table_t));
    if (t == NULL) {
        cxr_complain(x, node, "out of memory");
        return;
    }

    if (cxr_attr(x, node, "name", true, &t->name)
        && !cxr_is_slug(t->name, CXR_PROFILE_SLUG_MAX))
    {
        cxr_complain(x, node, "the name must be of a-z, 0-9, - and _");
    }

    for (i = 0; i + 1 < x->profile->tables.n; i++) {
        if (cxr_str_eq(x->profile->tables.items[i].name, t->name)) {
            cxr_complain(x, node, "there are two tables of this name");
        }
    }

    /* nobody can check a table that does not say where it is from */
    if (cxr_attr(x, node, "source", true, &t->source) && t->source.len == 0) {
        cxr_complain(x, node, "\"source\" must say where the meanings are "
                     "from");
    }

    t->fold = cxr_attr_name(x, node, "fold", cxr_fold_names, false);

    for (child = cxr_first_element(node);
         child != NULL;
         child = cxr_next_element(child))
    {
        rule = cxr_list_push(x->profile->arena, &t->rules,
                             sizeof(cxr_rule_t));
        if (rule == NULL) {
            cxr_complain(x, child, "out of memory");
            return;
        }

        rule->line = cxr_line_of(child);
        rule->sure = cxr_attr_name(x, child, "sure", cxr_yes_no, false) == 0;

        if (cxr_is_element(child, "map")) {
            rule->act = CXR_RULE_MAP;
            cxr_read_tests(x, child, rule, t->fold,
                           "status reason action left sure");
            cxr_read_outcome(x, child, &rule->status, &rule->reason,
                             &rule->action, &rule->left);

        } else if (cxr_is_element(child, "note")) {
            rule->act = CXR_RULE_NOTE;
            cxr_read_tests(x, child, rule, t->fold, "sure");

        } else if (cxr_is_element(child, "ignore")) {
            rule->act = CXR_RULE_IGNORE;
            cxr_read_tests(x, child, rule, t->fold, "sure");

        } else {
            cxr_complain(x, child, "a table holds <map>, <note> and "
                         "<ignore>");
        }

        cxr_read_reached(x, child, t);
    }
}


void
cxr_read_error(cxr_reader_t *x, const xmlNode *node, cxr_error_rule_t *e)
{
    cxr_str_t       ok;
    cxr_rule_t     *rule;
    const xmlNode  *child;

    cxr_attrs_only(x, node, "code text ok class");
    e->line = cxr_line_of(node);

    cxr_read_value_text(x, node, "code", &e->code);
    cxr_read_value_text(x, node, "text", &e->text);

    if (e->code.alts.n == 0) {
        cxr_complain(x, node, "the attribute \"code\" is missing");
    }

    if (cxr_attr(x, node, "ok", false, &ok)
        && cxr_split_list(x->profile->arena, ok, CXR_FOLD_EXACT, &e->ok)
           != CXR_OK)
    {
        cxr_complain(x, node, "out of memory");
    }

    e->fault = cxr_attr_name(x, node, "class", cxr_fault_names, true);
    e->classes.fold = x->profile->fold;

    for (child = cxr_first_element(node);
         child != NULL;
         child = cxr_next_element(child))
    {
        if (!cxr_is_element(child, "class")) {
            cxr_complain(x, child, "an error holds <class>");
            continue;
        }

        rule = cxr_list_push(x->profile->arena, &e->classes.rules,
                             sizeof(cxr_rule_t));
        if (rule == NULL) {
            cxr_complain(x, child, "out of memory");
            return;
        }

        cxr_read_tests(x, child, rule, e->classes.fold, "is");
        rule->fault = cxr_attr_name(x, child, "is", cxr_fault_names, true);
    }
}


void
cxr_read_cond(cxr_reader_t *x, const xmlNode *node, cxr_cond_t *cond,
    const char *more)
{
    size_t      i;
    unsigned    n = 0;
    cxr_str_t   s;

    static const struct {
        const char  *name;
        uint8_t      op;
    }  ops[] = {
        { "is", CXR_COND_IS },
        { "prefix", CXR_COND_PREFIX },
        { "contains", CXR_COND_CONTAINS }
    };

    cxr_read_value(x, node, more, " ", &cond->value);

    cond->line = cxr_line_of(node);
    cond->op = CXR_COND_PRESENT;

    if (cxr_attr(x, node, "present", false, &s)) {
        cond->op = cxr_attr_name(x, node, "present", cxr_yes_no, true) == 0
                   ? CXR_COND_PRESENT : CXR_COND_ABSENT;
        n++;
    }

    for (i = 0; i < cxr_nelts(ops); i++) {
        if (!cxr_attr(x, node, ops[i].name, false, &s)) {
            continue;
        }

        cond->op = ops[i].op;
        n++;

        if (s.len == 0) {
            cxr_complain(x, node, "\"%s\" is empty", ops[i].name);
        }

        if (cxr_split_list(x->profile->arena, s, x->profile->fold,
                           &cond->list)
            != CXR_OK)
        {
            cxr_complain(x, node, "out of memory");
        }
    }

    if (n != 1) {
        cxr_complain(x, node, "one of \"present\", \"is\", \"prefix\" and "
                     "\"contains\" is wanted");
    }
}


void
cxr_read_override(cxr_reader_t *x, const xmlNode *node, cxr_override_t *o)
{
    cxr_read_cond(x, node, &o->cond, "present is prefix contains from status "
                  "reason action left");

    o->from = cxr_attr_statuses(x, node, "from", false, UINT32_MAX);

    cxr_read_outcome(x, node, &o->status, &o->reason, &o->action,
                     &o->left);
}

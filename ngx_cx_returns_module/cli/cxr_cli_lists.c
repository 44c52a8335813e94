
/*
 * Lists of people that the API changes: the entries of one e-mail address, told
 * and taken off.
 */

#include "cxr_cli_lists.h"


static bool
cli_lists_item(const char *who, char item[CXR_PEOPLE_ITEM_MAX], size_t *len)
{
    return strchr(who, '@') != NULL
           && cxr_people_item(cxr_strz(who), item, len) == NULL;
}


cxr_rc_t
cxr_cli_lists_export(cxr_cli_world_t *w, cxr_read_t *rd, const char *who,
    cxr_jw_t *jw)
{
    char                 item[CXR_PEOPLE_ITEM_MAX];
    size_t               len;
    uint32_t             i;
    cxr_rc_t             rc = CXR_OK;
    cxr_list_entry_t     entry;
    const cxr_people_t  *list;

    if (!cli_lists_item(who, item, &len)) {
        return CXR_OK;
    }

    cxr_jw_open(jw, "lists", '[');

    for (i = 0; rc == CXR_OK && i < w->shop->policy.people.n; i++) {
        list = &w->shop->policy.people.items[i];

        if (!list->api) {
            continue;
        }

        rc = cxr_read_list_item(rd, w->shop, list->name, cxr_strn(item, len),
                                w->arena, &entry);

        if (rc == CXR_NOTFOUND) {
            rc = CXR_OK;
            continue;
        }

        if (rc == CXR_OK) {
            cxr_jw_open(jw, NULL, '{');
            cxr_jw_str(jw, "list", list->name);
            cxr_jw_str(jw, "customer", entry.who.customer);
            cxr_jw_str(jw, "why", entry.who.why);
            cxr_jw_time(jw, "at", entry.at);
            cxr_jw_str(jw, "by", entry.by);
            cxr_jw_close(jw);
        }
    }

    cxr_jw_close(jw);

    return rc;
}


int
cxr_cli_lists_erase(cxr_cli_world_t *w, const char *who, const char *by,
    cxr_time_t now, uint32_t *n)
{
    char                 text[CXR_PEOPLE_ITEM_MAX];
    size_t               len;
    uint32_t             i;
    cxr_job_t            job, *jobs = &job;
    cxr_str_t            item;
    cxr_list_ask_t       ask;
    const cxr_people_t  *list;

    *n = 0;

    if (!cli_lists_item(who, text, &len)) {
        return CXR_EXIT_OK;
    }

    item = cxr_strn(text, len);

    for (i = 0; i < w->shop->policy.people.n; i++) {
        list = &w->shop->policy.people.items[i];

        if (!list->api) {
            continue;
        }

        memset(&ask, 0, sizeof(ask));
        ask.list = list->name;
        ask.items.items = &item;
        ask.items.n = 1;

        memset(&job, 0, sizeof(job));
        job.shop = w->shop;
        job.arena = w->arena;
        job.now = now;
        job.kind = CXR_CMD_LIST_CHANGE;
        job.u.list = &ask;
        job.actor_kind = CXR_ACTOR_STAFF;
        job.actor = cxr_strz(by);

        (void) cxr_store_run(w->st, &jobs, 1);

        if (job.rc != CXR_OK) {
            cxr_cli_say("the list %.*s: %s", cxr_str_arg(list->name),
                        cxr_rc_name(job.rc));
            return cxr_cli_status(job.rc);
        }

        if (job.changed) {
            (void) printf("the list %.*s: an entry is removed\n",
                          cxr_str_arg(list->name));
            (*n)++;
        }
    }

    return CXR_EXIT_OK;
}

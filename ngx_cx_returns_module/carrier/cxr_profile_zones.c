
/*
 * Time zones of a profile: what abbreviations mean, and which zone the places
 * are in.  A zone is read from the system once, however many places it has.
 */

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "cxr_profile_read.h"
#include "cxr_text.h"


/* NULL, with a complaint, when the system has no such zone */
const cxr_tz_t *
cxr_read_tz(cxr_reader_t *x, const xmlNode *node, cxr_str_t name)
{
    char        text[80];
    uint32_t    i;
    cxr_tz_t   *tz, **slot;
    cxr_diag_t  d;

    memset(&d, 0, sizeof(cxr_diag_t));
    snprintf(text, sizeof(text), "%.*s", cxr_str_arg(name));

    for (i = 0; i < x->profile->tzs.n; i++) {
        if (strcmp(cxr_tz_name(x->profile->tzs.items[i]), text) == 0) {
            return x->profile->tzs.items[i];
        }
    }

    if (cxr_tz_load(text, &tz, &d) != CXR_OK) {
        cxr_complain(x, node, "\"%s\" is no zone of this system; its zones "
                     "are those of tzdata, like \"Europe/Istanbul\"", text);
        return NULL;
    }

    slot = cxr_list_push(x->profile->arena, &x->profile->tzs,
                         sizeof(cxr_tz_t *));
    if (slot == NULL) {
        cxr_tz_free(tz);
        cxr_complain(x, node, "out of memory");
        return NULL;
    }

    *slot = tz;

    return tz;
}


/* "A|B|C": each of them is in the zone */
static void
cxr_read_zone_names(cxr_reader_t *x, const xmlNode *node, cxr_str_t names,
    const cxr_zone_t *zone, cxr_zone_list_t *list)
{
    size_t       i, from;
    cxr_str_t    name;
    cxr_zone_t  *slot;

    for (i = 0, from = 0; i <= names.len; i++) {

        if (i < names.len && names.data[i] != '|') {
            continue;
        }

        name = cxr_str_trim(cxr_strn(names.data + from, i - from));
        from = i + 1;

        if (name.len == 0) {
            cxr_complain(x, node, "\"name\": a name is missing beside \"|\"");
            continue;
        }

        if (list->n == CXR_ZONES_MAX) {
            cxr_complain(x, node, "there are more than %d zones",
                         CXR_ZONES_MAX);
            return;
        }

        slot = cxr_list_push(x->profile->arena, list, sizeof(cxr_zone_t));
        if (slot == NULL) {
            cxr_complain(x, node, "out of memory");
            return;
        }

        *slot = *zone;
        slot->name = name;
    }
}


void
cxr_read_zone(cxr_reader_t *x, const xmlNode *node, cxr_zone_list_t *list)
{
    bool        named, fixed;
    cxr_str_t   names, s, offset;
    cxr_zone_t  zone;

    memset(&zone, 0, sizeof(cxr_zone_t));
    cxr_attrs_only(x, node, "name tz offset");

    named = cxr_attr(x, node, "tz", false, &s);
    fixed = cxr_attr(x, node, "offset", false, &offset);

    if (named == fixed) {
        cxr_complain(x, node, "one of \"tz\" and \"offset\" is wanted");

    } else if (named) {
        zone.tz = cxr_read_tz(x, node, s);

    } else if (!cxr_offset_parse(offset, &zone.offset)) {
        cxr_complain(x, node, "\"%.*s\" is no offset (\"+03:00\")",
                     cxr_str_arg(offset));
    }

    if (cxr_attr(x, node, "name", true, &names)) {
        cxr_read_zone_names(x, node, names, &zone, list);
    }
}


/* by length, so that most names are told apart without a look at them */
static int
cxr_zone_cmp(cxr_str_t a, cxr_str_t b)
{
    if (a.len != b.len) {
        return a.len < b.len ? -1 : 1;
    }

    return strncasecmp(a.data, b.data, a.len);
}


static int
cxr_zone_sort(const void *a, const void *b)
{
    return cxr_zone_cmp(((const cxr_zone_t *) a)->name,
                        ((const cxr_zone_t *) b)->name);
}


/* which zone each country, or whatever "where" names, is in */
void
cxr_read_zones(cxr_reader_t *x, const xmlNode *node)
{
    uint32_t          i;
    cxr_zones_t      *zones;
    const xmlNode    *child;
    cxr_zone_list_t  *list;

    cxr_attrs_only(x, node, "name");

    zones = cxr_list_push(x->profile->arena, &x->profile->places,
                          sizeof(cxr_zones_t));
    if (zones == NULL) {
        cxr_complain(x, node, "out of memory");
        return;
    }

    if (cxr_attr(x, node, "name", true, &zones->name)
        && !cxr_is_slug(zones->name, CXR_PROFILE_SLUG_MAX))
    {
        cxr_complain(x, node, "the name must be of a-z, 0-9, - and _");
    }

    for (i = 0; i + 1 < x->profile->places.n; i++) {
        if (cxr_str_eq(x->profile->places.items[i].name, zones->name)) {
            cxr_complain(x, node, "there are two <zones> of this name");
        }
    }

    for (child = cxr_first_element(node);
         child != NULL;
         child = cxr_next_element(child))
    {
        if (!cxr_is_element(child, "zone")) {
            cxr_complain(x, child, "<zones> holds <zone>");
            continue;
        }

        cxr_read_zone(x, child, &zones->zones);
    }

    list = &zones->zones;

    if (list->n == 0) {
        cxr_complain(x, node, "<zone> is missing");
        return;
    }

    qsort(list->items, list->n, sizeof(cxr_zone_t), cxr_zone_sort);

    for (i = 1; i < list->n; i++) {
        if (cxr_zone_sort(&list->items[i - 1], &list->items[i]) == 0) {
            cxr_complain(x, node, "the zone of \"%.*s\" is given twice",
                         cxr_str_arg(list->items[i].name));
        }
    }
}


const cxr_zone_t *
cxr_zones_find(const cxr_zones_t *zones, cxr_str_t place)
{
    int       cmp;
    uint32_t  low = 0, high = zones->zones.n, at;

    while (low < high) {
        at = low + (high - low) / 2;
        cmp = cxr_zone_cmp(place, zones->zones.items[at].name);

        if (cmp == 0) {
            return &zones->zones.items[at];
        }

        if (cmp < 0) {
            high = at;

        } else {
            low = at + 1;
        }
    }

    return NULL;
}

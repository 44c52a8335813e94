
/*
 * Names to small numbers, so that an element costs the automaton one look-up
 * in a table.
 */

#include "cxr_profile_private.h"


#define CXR_NAMES_SLOTS  8192      /* a power of 2, well above CXR_NAMES_MAX  */


static uint32_t
cxr_names_hash(const char *s, size_t len)
{
    size_t    i;
    uint32_t  h = 2166136261u;

    for (i = 0; i < len; i++) {
        h = (h ^ (unsigned char) s[i]) * 16777619u;
    }

    return h ^ (h >> 15);
}


cxr_rc_t
cxr_names_begin(cxr_profile_t *p)
{
    cxr_str_t  *other;

    p->name_mask = CXR_NAMES_SLOTS - 1;
    p->name_hash = cxr_calloc(p->arena, CXR_NAMES_SLOTS, sizeof(uint16_t));
    other = cxr_list_push(p->arena, &p->names, sizeof(cxr_str_t));

    return p->name_hash == NULL || other == NULL ? CXR_NOMEM : CXR_OK;
}


uint16_t
cxr_names_find(const cxr_profile_t *p, const char *s, size_t len)
{
    uint32_t   i;
    uint16_t   id;
    cxr_str_t  name;

    for (i = cxr_names_hash(s, len) & p->name_mask;
         p->name_hash[i] != 0;
         i = (i + 1) & p->name_mask)
    {
        id = p->name_hash[i];
        name = p->names.items[id];

        if (name.len == len && memcmp(name.data, s, len) == 0) {
            return id;
        }
    }

    return CXR_NAME_OTHER;
}


/* no element's own name has a brace in it */
size_t
cxr_names_qualify(cxr_str_t uri, cxr_str_t name, char out[CXR_QUALIFIED_MAX])
{
    if (uri.len + name.len + 2 > CXR_QUALIFIED_MAX) {
        return 0;
    }

    out[0] = '{';
    memcpy(out + 1, uri.data, uri.len);
    out[uri.len + 1] = '}';

    if (name.len > 0) {
        memcpy(out + uri.len + 2, name.data, name.len);
    }

    return uri.len + name.len + 2;
}


uint16_t
cxr_names_add(cxr_profile_t *p, cxr_str_t s)
{
    uint16_t    id;
    uint32_t    i;
    cxr_str_t  *name;

    id = cxr_names_find(p, s.data, s.len);
    if (id != CXR_NAME_OTHER) {
        return id;
    }

    if (p->names.n >= CXR_NAMES_MAX) {
        return 0;
    }

    name = cxr_list_push(p->arena, &p->names, sizeof(cxr_str_t));
    if (name == NULL || cxr_str_dup(p->arena, s, name) != CXR_OK) {
        return 0;
    }

    id = (uint16_t) (p->names.n - 1);

    i = cxr_names_hash(s.data, s.len) & p->name_mask;
    while (p->name_hash[i] != 0) {
        i = (i + 1) & p->name_mask;
    }

    p->name_hash[i] = id;

    return id;
}

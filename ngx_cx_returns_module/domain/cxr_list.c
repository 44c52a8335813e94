
/*
 * Lists of people that the API changes.
 */

#include "cxr_list.h"


static const cxr_field_t  cxr_on_list_fields[] = {
    CXR_FIELD_X(cxr_on_list_t, customer, STR, CXR_FIELD_HIDDEN),
    CXR_FIELD_X(cxr_on_list_t, why, STR, CXR_FIELD_HIDDEN),
    CXR_FIELD_END
};

const cxr_type_t  cxr_on_list_type = {
    "listed", CXR_TYPE_LISTED, 1, sizeof(cxr_on_list_t), cxr_on_list_fields
};


static const cxr_field_t  cxr_list_add_fields[] = {
    CXR_FIELD(cxr_list_add_t, id, STR),
    CXR_FIELD_X(cxr_list_add_t, box, BYTES, CXR_FIELD_SEALED),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_list_add_type = {
    "list_add", 0, 1, sizeof(cxr_list_add_t), cxr_list_add_fields
};

static const cxr_field_t  cxr_list_change_fields[] = {
    CXR_FIELD(cxr_list_change_t, list, STR),
    CXR_FIELD(cxr_list_change_t, removed, STRS),
    CXR_FIELD_SUB(cxr_list_change_t, added, LIST, &cxr_list_add_type),
    CXR_FIELD_END
};

const cxr_type_t  cxr_list_change_type = {
    "list_change", CXR_TYPE_LIST_CHANGE, 1, sizeof(cxr_list_change_t),
    cxr_list_change_fields
};


static const char  cxr_list_hex[] = "0123456789abcdef";


static void
cxr_list_put(uint8_t byte, char *out)
{
    out[0] = cxr_list_hex[byte >> 4];
    out[1] = cxr_list_hex[byte & 15];
}


/* The time goes first, so that entries stand in the order they came in. */

void
cxr_list_id(cxr_time_t at, const uint8_t random[5], char out[CXR_LIST_ID_LEN])
{
    unsigned  i;

    for (i = 0; i < 6; i++) {
        cxr_list_put((uint8_t) ((uint64_t) at >> (40 - 8 * i)), out + 2 * i);
    }

    for (i = 0; i < 5; i++) {
        cxr_list_put(random[i], out + 12 + 2 * i);
    }
}


bool
cxr_is_list_id(cxr_str_t s)
{
    size_t  i;

    for (i = 0; i < s.len; i++) {
        if (memchr(cxr_list_hex, s.data[i], 16) == NULL) {
            return false;
        }
    }

    return s.len == CXR_LIST_ID_LEN;
}


const cxr_people_t *
cxr_list_named(const cxr_policy_t *policy, cxr_str_t name)
{
    uint32_t  i;

    for (i = 0; i < policy->people.n; i++) {
        if (policy->people.items[i].api
            && cxr_str_eq(policy->people.items[i].name, name))
        {
            return &policy->people.items[i];
        }
    }

    return NULL;
}


/*
 * Who sends a gift back, on the portal's pages.
 */

#include "cxr_portal_gift.h"
#include "cxr_view_portal_private.h"


static const cxr_field_t  cxr_view_gift_fields[] = {
    CXR_FIELD(cxr_view_gift_t, name, STR),
    CXR_FIELD(cxr_view_gift_t, email, STR),
    CXR_FIELD(cxr_view_gift_t, address, STR),
    CXR_FIELD(cxr_view_gift_t, postcode, STR),
    CXR_FIELD(cxr_view_gift_t, city, STR),
    CXR_FIELD(cxr_view_gift_t, name_error, STR),
    CXR_FIELD(cxr_view_gift_t, email_error, STR),
    CXR_FIELD(cxr_view_gift_t, address_error, STR),
    CXR_FIELD(cxr_view_gift_t, postcode_error, STR),
    CXR_FIELD(cxr_view_gift_t, city_error, STR),
    CXR_FIELD(cxr_view_gift_t, credit, BOOL),
    CXR_FIELD(cxr_view_gift_t, goods, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_gift_type = {
    "gift", 0, 1, sizeof(cxr_view_gift_t), cxr_view_gift_fields
};


const char *
cxr_view_gift_id(unsigned at)
{
    switch (at) {

    case CXR_AT_NAME:
        return "#g-name";

    case CXR_AT_EMAIL:
        return "#g-email";

    case CXR_AT_ADDRESS:
        return "#g-address";

    case CXR_AT_POSTCODE:
        return "#g-postcode";

    case CXR_AT_CITY:
        return "#g-city";

    default:
        return NULL;
    }
}


/* Does an outcome other than goods stand among what was chosen? */

static bool
gift_credit(const cxr_portal_form_t *form)
{
    uint32_t                  i;
    const cxr_portal_pick_t  *p;

    for (i = 0; i < form->picks.n; i++) {
        p = &form->picks.items[i];

        if (p->quantity != 0
            && ((p->has_outcome && p->outcome == CXR_OUT_STORE_CREDIT)
                || (p->split != 0 && p->has_other
                    && p->other == CXR_OUT_STORE_CREDIT)))
        {
            return true;
        }
    }

    return false;
}


cxr_view_gift_t *
cxr_view_gift(const cxr_portal_form_t *form, cxr_say_t *say)
{
    cxr_view_gift_t     *g;
    const cxr_person_t  *who = &form->recipient;

    if (!form->gift) {
        return NULL;
    }

    g = cxr_calloc(say->a, 1, sizeof(*g));
    if (g == NULL) {
        say->failed = true;
        return NULL;
    }

    g->name = who->name;
    g->email = who->email;
    g->address = who->address;
    g->postcode = who->postcode;
    g->city = who->city;
    g->name_error = cxr_portal_fault_text(say, &form->faults, CXR_AT_NAME, 0);
    g->email_error = cxr_portal_fault_text(say, &form->faults, CXR_AT_EMAIL,
                                           0);
    g->address_error = cxr_portal_fault_text(say, &form->faults,
                                             CXR_AT_ADDRESS, 0);
    g->postcode_error = cxr_portal_fault_text(say, &form->faults,
                                              CXR_AT_POSTCODE, 0);
    g->city_error = cxr_portal_fault_text(say, &form->faults, CXR_AT_CITY, 0);
    g->goods = cxr_portal_gift_goods(form);
    g->credit = gift_credit(form);

    return g;
}


#include "cxr_portal_gift.h"
#include "cxr_gift.h"


/* A field: where it is in the person, and what can be wrong with it. */
typedef struct {
    const char       *name;
    size_t            offset;
    cxr_text_kind_t   kind;
    size_t            max;         /* characters                              */
    unsigned          at;
    bool              goods;       /* wanted where goods are sent             */
    const char       *missing;
} cxr_gift_field_t;

static const cxr_gift_field_t  cxr_gift_fields[] = {
    { "g.name", offsetof(cxr_person_t, name), CXR_TEXT_LINE, CXR_NAME_MAX,
      CXR_AT_NAME, false, "form.gift_name_missing" },
    { "g.email", offsetof(cxr_person_t, email), CXR_TEXT_LINE, CXR_EMAIL_MAX,
      CXR_AT_EMAIL, false, "form.gift_email_missing" },
    { "g.address", offsetof(cxr_person_t, address), CXR_TEXT_BLOCK,
      CXR_STREET_MAX, CXR_AT_ADDRESS, true, "form.gift_address_missing" },
    { "g.postcode", offsetof(cxr_person_t, postcode), CXR_TEXT_LINE,
      2 * CXR_POSTCODE_MAX, CXR_AT_POSTCODE, true,
      "form.gift_postcode_missing" },
    { "g.city", offsetof(cxr_person_t, city), CXR_TEXT_LINE, CXR_NAME_MAX,
      CXR_AT_CITY, true, "form.gift_city_missing" }
};


static cxr_str_t *
gift_value(cxr_person_t *person, const cxr_gift_field_t *f)
{
    return (cxr_str_t *) (void *) ((char *) person + f->offset);
}


cxr_rc_t
cxr_portal_gift_parse(const cxr_pair_t *pairs, size_t n, cxr_arena_t *a,
    cxr_portal_form_t *form)
{
    size_t                   i, k, over;
    cxr_rc_t                 rc;
    unsigned                 seen;
    const cxr_gift_field_t  *f;

    seen = 0;
    form->gift = true;
    form->instant = false;

    for (i = 0; i < n; i++) {
        for (k = 0; k < cxr_nelts(cxr_gift_fields); k++) {
            if (cxr_str_is(pairs[i].name, cxr_gift_fields[k].name)) {
                break;
            }
        }

        if (k == cxr_nelts(cxr_gift_fields)) {
            continue;
        }

        if (seen & (1u << k)) {
            return CXR_INVALID;
        }

        seen |= 1u << k;
        f = &cxr_gift_fields[k];

        rc = cxr_form_text(a, pairs[i].value, f->kind, f->max,
                           gift_value(&form->recipient, f), &over);

        if (rc == CXR_NOMEM) {
            return rc;
        }

        if (rc != CXR_OK || over != 0) {
            rc = cxr_portal_fault_of(&form->faults, a, f->at, 0,
                                     over ? "form.gift_long"
                                          : "form.gift_unreadable",
                                     (int64_t) over, (int64_t) f->max,
                                     CXR_TIME_NONE);
            if (rc != CXR_OK) {
                return rc;
            }
        }
    }

    return CXR_OK;
}


bool
cxr_portal_gift_goods(const cxr_portal_form_t *form)
{
    uint32_t                  i;
    const cxr_portal_pick_t  *p;

    for (i = 0; i < form->picks.n; i++) {
        p = &form->picks.items[i];

        if (p->quantity == 0) {
            continue;
        }

        if ((p->has_outcome && p->outcome != CXR_OUT_STORE_CREDIT)
            || (p->split != 0 && p->has_other
                && p->other != CXR_OUT_STORE_CREDIT))
        {
            return true;
        }
    }

    return false;
}


cxr_rc_t
cxr_portal_gift_check(cxr_portal_form_t *form, cxr_arena_t *a)
{
    char                     folded[256];
    bool                     goods;
    size_t                   k, len;
    cxr_rc_t                 rc;
    const cxr_gift_field_t  *f;

    rc = CXR_OK;
    goods = cxr_portal_gift_goods(form);

    for (k = 0; rc == CXR_OK && k < cxr_nelts(cxr_gift_fields); k++) {
        f = &cxr_gift_fields[k];

        if ((!f->goods || goods) && gift_value(&form->recipient, f)->len == 0)
        {
            rc = cxr_portal_fault(&form->faults, a, f->at, 0, f->missing);
        }
    }

    if (rc == CXR_OK && form->recipient.email.len != 0
        && cxr_fold_email(form->recipient.email, folded, &len) != CXR_OK)
    {
        rc = cxr_portal_fault(&form->faults, a, CXR_AT_EMAIL, 0,
                              "form.gift_email_wrong");
    }

    if (rc == CXR_OK && form->recipient.postcode.len != 0
        && cxr_fold_postcode(form->recipient.postcode, folded, &len)
           != CXR_OK)
    {
        rc = cxr_portal_fault(&form->faults, a, CXR_AT_POSTCODE, 0,
                              "form.gift_postcode_wrong");
    }

    return rc;
}


cxr_rc_t
cxr_portal_gift_fields(const cxr_portal_form_t *form, cxr_arena_t *a,
    cxr_pairs_t *out)
{
    size_t        k;
    cxr_str_t     v;
    cxr_pair_t   *pair;
    cxr_person_t  person;

    person = form->recipient;

    for (k = 0; k < cxr_nelts(cxr_gift_fields); k++) {
        v = *gift_value(&person, &cxr_gift_fields[k]);

        if (v.len == 0) {
            continue;
        }

        pair = cxr_list_push(a, out, sizeof(*pair));
        if (pair == NULL) {
            return CXR_NOMEM;
        }

        pair->name = cxr_strz(cxr_gift_fields[k].name);
        pair->value = v;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_portal_hide(cxr_portal_form_t *form, const bool *hidden, cxr_arena_t *a)
{
    uint32_t  i, n;

    for (i = 0, n = 0; i < form->picks.n; i++) {
        if (!hidden[form->picks.items[i].index]) {
            form->picks.items[n++] = form->picks.items[i];
        }
    }

    if (n == form->picks.n) {
        return CXR_OK;
    }

    form->picks.n = n;

    for (i = 0, n = 0; i < form->faults.n; i++) {
        if (form->faults.items[i].at < CXR_AT_QUANTITY
            || form->faults.items[i].at == CXR_AT_METHOD
            || form->faults.items[i].at >= CXR_AT_CONSENT
            || !hidden[form->faults.items[i].line])
        {
            form->faults.items[n++] = form->faults.items[i];
        }
    }

    form->faults.n = n;

    return cxr_portal_fault(&form->faults, a, CXR_AT_FORM, 0,
                            "refusal.line_unknown");
}

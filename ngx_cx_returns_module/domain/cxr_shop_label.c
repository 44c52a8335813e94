
/*
 * The labels of a shop's file: for which paper, for which printers, and what
 * the shop says on the slip.
 */

#include "cxr_shop_private.h"

#define CXR_LABEL_DPI  203

const char *const  cxr_label_size_names[] = { "100x150", "4x6", "a4", NULL };


cxr_rc_t
cxr_shop_label(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    int        size;
    json_t    *note;
    cxr_jr_t   r;
    cxr_str_t  name;

    shop->label.size = CXR_LABEL_100X150;
    shop->label.dpi = CXR_LABEL_DPI;

    if (json == NULL || !cxr_jr_begin(&r, json, "/label", a, faults)) {
        return CXR_OK;
    }

    note = NULL;
    name = CXR_STR_NONE;

    if (cxr_jr_line(&r, "size", 16, 0, &name) && name.data != NULL) {
        size = cxr_name_index(cxr_label_size_names, name);

        if (size < 0) {
            cxr_jr_fault(&r, "size", "must be \"100x150\" (millimetres), "
                         "\"4x6\" (inches) or \"a4\"");

        } else {
            shop->label.size = (uint8_t) size;
        }
    }

    if (cxr_jr_u32(&r, "dpi", 0, UINT32_MAX, 0, &shop->label.dpi)
        && shop->label.dpi != 203 && shop->label.dpi != 300
        && shop->label.dpi != 600)
    {
        cxr_jr_fault(&r, "dpi", "must be 203, 300 or 600: how many dots to the "
                     "inch the label printers have");
    }

    cxr_jr_object(&r, "note", 0, &note);
    cxr_jr_end(&r);

    return note ? cxr_shop_texts(note, "/label/note", CXR_SHOP_NOTE_MAX, a,
                                 shop, &shop->label.note, faults)
                : CXR_OK;
}

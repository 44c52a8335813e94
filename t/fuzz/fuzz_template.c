
/*
 * Any bytes as a template: rendered over JSON (the last line, when it parses,
 * is the data), and walked by the markup tracker, whose verdict must not
 * depend on how the text is cut into runs.
 */

#include <stdlib.h>

#include "cxr_markup.h"
#include "cxr_template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
track(cxr_str_t text)
{
    size_t         at, i;
    const char    *whole, *piece = NULL;
    cxr_markup_t   one, two;
    cxr_escape_t   escape;

    cxr_markup_init(&one, CXR_MARKUP_HTML);
    cxr_markup_init(&two, CXR_MARKUP_HTML);

    whole = cxr_markup_text(&one, text, &at);

    for (i = 0; i < text.len && piece == NULL; i++) {
        piece = cxr_markup_text(&two, cxr_strn(text.data + i, 1), &at);
    }

    if (whole != piece || memcmp(&one, &two, sizeof(one)) != 0) {
        abort();
    }

    if (whole == NULL) {

        /* an empty section may stand wherever one may begin */

        if (cxr_markup_section(&two) == NULL) {
            one = two;

            if (!cxr_markup_join(&two, &one, true)) {
                abort();
            }
        }

        (void) cxr_markup_value(&one, 0, &escape);
        (void) cxr_markup_value(&one, CXR_VALUE_URL, &escape);
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t      *value = NULL, *partials;
    cxr_rc_t     rc;
    cxr_buf_t    b;
    cxr_str_t    text = cxr_strn(data, size);
    cxr_diag_t   d;
    const char  *nl;

    if (size > 4096) {
        return 0;
    }

    track(text);

    nl = size ? memrchr(data, '\n', size) : NULL;
    if (nl != NULL) {
        value = json_loadb(nl + 1, (size_t) ((const char *) data + size
                                             - nl - 1), 0, NULL);
        if (value != NULL) {
            text.len = (size_t) (nl - text.data);
        }
    }

    if (value == NULL) {
        value = json_pack("{s:s,s:[i,i],s:{s:b}}", "a", "<x>", "l", 1, 2, "o",
                          "y", 1);
    }

    partials = json_pack("{s:s,s:s}", "p", "-{{a}}\n{{#l}}\n{{.}}{{/l}}", "q",
                         "({{$b}}{{>p}}{{/b}}\n  {{$c}}\n  {{/c}}\n)");

    memset(&d, 0, sizeof(d));
    cxr_buf_init(&b, 1 << 20);

    rc = cxr_template_render_json(text, value, partials, &b, &d);

    if (rc != CXR_OK && (d.rc != rc || d.text[0] == '\0')) {
        abort();
    }

    cxr_buf_free(&b);
    json_decref(value);
    json_decref(partials);

    return 0;
}

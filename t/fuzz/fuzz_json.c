
/*
 * Any bytes as JSON: parsed, or refused with a place inside the text; read with
 * every getter; and any pointer has a line.
 */

#include <stdlib.h>

#include "cxr_json.h"

#define FUZZ_ARENA_MAX  (16 * 1024 * 1024)


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
fuzz_read(json_t *value, cxr_arena_t *a)
{
    bool               b;
    json_t            *j;
    int64_t            i;
    unsigned           u;
    cxr_jr_t           r;
    cxr_str_t          s;
    cxr_time_t         t;
    cxr_strs_t         strs;
    cxr_json_faults_t  faults;

    static const char *const  names[] = { "one", "two", NULL };

    memset(&faults, 0, sizeof(faults));

    if (cxr_jr_begin(&r, value, "/x", a, &faults)) {
        (void) cxr_jr_line(&r, "a", 8, 0, &s);
        (void) cxr_jr_block(&r, "b", 8, CXR_JR_REQUIRED, &s);
        (void) cxr_jr_slug(&r, "c", 8, 0, &s);
        (void) cxr_jr_int(&r, "d", -5, 5, 0, &i);
        (void) cxr_jr_bool(&r, "e", 0, &b);
        (void) cxr_jr_time(&r, "f", 0, &t);
        (void) cxr_jr_choice(&r, "g", names, 0, &u);
        (void) cxr_jr_array(&r, "h", 2, 0, &j);
        (void) cxr_jr_object(&r, "i", 0, &j);
        (void) cxr_jr_strs(&r, "j", 4, 8, 0, &strs);
        (void) cxr_jr_end(&r);
    }

    if (faults.n > faults.total || faults.n > 16) {
        abort();
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t        i;
    json_t       *value;
    unsigned      lines, line;
    cxr_rc_t      rc;
    cxr_str_t     text;
    cxr_diag_t    d;
    cxr_arena_t  *a;

    static const char *const  pointers[] = {
        "", "/", "/a", "/j/1", "/h/0/a", "/a~1b/~0", "/i/i/i", "/99999999999"
    };

    text = cxr_strn(data, size);

    for (i = 0, lines = 1; i < size; i++) {
        lines += data[i] == '\n';
    }

    for (i = 0; i < cxr_nelts(pointers); i++) {
        line = cxr_json_line(text, pointers[i]);

        if (line == 0 || line > lines) {
            abort();
        }
    }

    rc = cxr_json_parse(text, &value, &d);

    if (rc != CXR_OK) {

        if (d.rc != rc || d.line == 0 || d.line > lines || d.column == 0
            || d.column > size + 1 || d.text[0] == '\0')
        {
            abort();
        }

        return 0;
    }

    a = cxr_arena_create(FUZZ_ARENA_MAX);
    fuzz_read(value, a);
    cxr_arena_destroy(a);

    json_decref(value);

    return 0;
}


/*
 * Any bytes as a carrier's label: taken or refused with a reason, the same each
 * time; what is taken begins and ends as a PDF does and names no script.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_label_file.h"

#define FUZZ_CHECK(x)                                                         \
    do {                                                                      \
        if (!(x)) {                                                           \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);           \
            abort();                                                          \
        }                                                                     \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char        *copy;
    cxr_str_t    file;
    const char  *what;

    /* a block of its own, so that reading past the end is found */

    copy = malloc(size + 1);
    FUZZ_CHECK(copy != NULL);
    copy = realloc(copy, size ? size : 1);
    FUZZ_CHECK(copy != NULL);

    if (size) {
        memcpy(copy, data, size);
    }

    file = cxr_strn(copy, size);
    what = cxr_pdf_check(file);

    FUZZ_CHECK(what == NULL || what[0] != '\0');
    FUZZ_CHECK(cxr_pdf_check(file) == what);

    if (what == NULL) {
        FUZZ_CHECK(cxr_label_file_kind(file) == CXR_LABEL_FILE_PDF);
        FUZZ_CHECK(size >= CXR_LABEL_BYTES_MIN);
        FUZZ_CHECK(memmem(copy, size, "%%EOF", 5) != NULL);
        FUZZ_CHECK(memmem(copy, size, "/JavaScript>", 12) == NULL);
        FUZZ_CHECK(memmem(copy, size, "/Launch ", 8) == NULL);
    }

    free(copy);

    return 0;
}

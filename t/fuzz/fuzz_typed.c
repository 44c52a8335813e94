
/*
 * What somebody types into the search: any bytes; what comes of them stays
 * within its bounds, and folding it once more changes nothing.
 */

#include <stdlib.h>

#include "cxr_store_find.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char         again[CXR_WORD_MAX];
    size_t       n;
    unsigned     i;
    cxr_str_t    word;
    cxr_typed_t  q;

    cxr_typed_parse(cxr_strn(data, size), &q);

    if (q.rma_len > CXR_RMA_ID_LEN || q.number_len > CXR_NUMBER_MAX
        || q.tracking_len > CXR_TRACKING_MAX || q.phone_len > CXR_PHONE_DIGITS
        || q.email_len > CXR_EMAIL_MAX || q.nwords > CXR_FIND_WORDS_MAX
        || (q.what == CXR_FIND_WORDS) != (q.nwords != 0)
        || (q.what == CXR_FIND_EMAIL) != (q.email_len != 0))
    {
        abort();
    }

    for (i = 0; i < q.nwords; i++) {
        word = cxr_strn(q.words[i], q.word_len[i]);
        n = cxr_fold_word(&word, again);

        if (n != q.word_len[i] || word.len != 0
            || memcmp(again, q.words[i], n) != 0)
        {
            abort();
        }
    }

    return 0;
}

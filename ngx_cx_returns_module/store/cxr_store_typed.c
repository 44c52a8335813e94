
/*
 * What somebody typed into a search field, as what it may mean.
 */

#include "cxr_store_find.h"


/* a digit, ASCII's or full-width */
static bool
cxr_typed_digit(cxr_str_t text)
{
    uint32_t  cp;

    while (text.len != 0) {
        cp = cxr_utf8_next(&text);

        if ((cp >= '0' && cp <= '9') || (cp >= 0xff10 && cp <= 0xff19)) {
            return true;
        }
    }

    return false;
}


/* "R-" and what may follow; a word that begins with R is none yet. */
static bool
cxr_typed_rma(cxr_str_t text, cxr_typed_t *q)
{
    return cxr_rma_id_prefix(text, q->rma, &q->rma_len) == CXR_OK
           && text.len > 2 && text.data[1] == '-';
}


static void
cxr_typed_number(cxr_str_t text, cxr_typed_t *q)
{
    if (cxr_rma_id_prefix(text, q->rma, &q->rma_len) != CXR_OK) {
        q->rma_len = 0;
    }

    if (cxr_fold_number(text, q->number, &q->number_len) != CXR_OK) {
        q->number_len = 0;
    }

    if (cxr_fold_tracking(text, q->tracking, &q->tracking_len) != CXR_OK) {
        q->tracking_len = 0;
    }

    if (cxr_fold_phone(text, q->phone, &q->phone_len) != CXR_OK) {
        q->phone_len = 0;
    }

    q->what = q->rma_len || q->whole || q->number_len || q->tracking_len
              || q->phone_len
              ? CXR_FIND_NUMBER : CXR_FIND_NOTHING;
}


static void
cxr_typed_words(cxr_str_t text, cxr_typed_t *q)
{
    char    word[CXR_WORD_MAX];
    size_t  n;

    while (q->nwords < CXR_FIND_WORDS_MAX) {

        n = cxr_fold_word(&text, word);
        if (n == 0) {
            break;
        }

        if (n == 1 && (q->nwords != 0 || text.len != 0)) {
            continue;
        }

        memcpy(q->words[q->nwords], word, n);
        q->word_len[q->nwords++] = n;
    }

    q->what = q->nwords ? CXR_FIND_WORDS : CXR_FIND_NOTHING;
}


void
cxr_typed_parse(cxr_str_t text, cxr_typed_t *q)
{
    memset(q, 0, sizeof(*q));
    text = cxr_str_trim(text);

    if (text.len == 0 || !cxr_utf8_valid(text)
        || cxr_utf8_length(text) > CXR_FIND_TEXT)
    {
        return;
    }

    if (memchr(text.data, '@', text.len) != NULL) {

        if (cxr_fold_email(text, q->email, &q->email_len) == CXR_OK) {
            q->what = CXR_FIND_EMAIL;
        }

        return;
    }

    /* one in 32 words of eight letters looks like a whole one, too */
    q->whole = cxr_rma_id_parse(text, q->whole_rma) == CXR_OK;

    if (cxr_typed_digit(text) || cxr_typed_rma(text, q)) {
        cxr_typed_number(text, q);
        return;
    }

    q->rma_len = 0;
    cxr_typed_words(text, q);
}


/*
 * Is that a PDF that a shopper may be given?  Not a parser of PDF, which is a
 * large thing to hand strangers' bytes to: its frame, and the names that tell of
 * what a printed label has no need of.  What stands compressed in it is not
 * seen, so browsers are told to save it all the same.
 */

#include "cxr_label_file.h"
#include "cxr_text.h"

#define PDF_HEAD      "%PDF-"
#define PDF_HEAD_LEN  8               /* "%PDF-1.7"                           */
#define PDF_TAIL      1024            /* bytes that its end stands in         */
#define PDF_NAME_MAX  24


static bool
pdf_space(char c)
{
    return c == ' ' || c == '\r' || c == '\n' || c == '\t' || c == '\f'
           || c == '\0';
}


static bool
pdf_delimits(char c)
{
    return pdf_space(c) || memchr("()<>[]{}/%", c, 10) != NULL;
}


static bool
pdf_digit(char c)
{
    return c >= '0' && c <= '9';
}


static int
pdf_hex(char c)
{
    return pdf_digit(c) ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}


/* What "#4a" stands for in a name counts as what it means. */

static size_t
pdf_name(cxr_str_t file, size_t at, char out[PDF_NAME_MAX])
{
    int     hi, lo;
    size_t  n;

    for (n = 0; at < file.len && n < PDF_NAME_MAX; at++) {

        if (pdf_delimits(file.data[at])) {
            return n;
        }

        if (file.data[at] == '#' && at + 2 < file.len) {
            hi = pdf_hex(file.data[at + 1]);
            lo = pdf_hex(file.data[at + 2]);

            if (hi >= 0 && lo >= 0) {
                out[n++] = (char) (hi << 4 | lo);
                at += 2;
                continue;
            }
        }

        out[n++] = file.data[at];
    }

    return n;
}


static const char *
pdf_names(cxr_str_t file)
{
    char         name[PDF_NAME_MAX];
    bool         root = false;
    size_t       at, n, i;
    const char  *p;

    static const char *const  refused[] = {
        "JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia",
        "SubmitForm", "ImportData", "GoToE", "XFA"
    };

    for (at = 0; at < file.len; at++) {
        p = memchr(file.data + at, '/', file.len - at);

        if (p == NULL) {
            break;
        }

        at = (size_t) (p - file.data);
        n = pdf_name(file, at + 1, name);
        root = root || cxr_str_is(cxr_strn(name, n), "Root");

        for (i = 0; i < cxr_nelts(refused); i++) {
            if (cxr_str_is(cxr_strn(name, n), refused[i])) {
                return "it holds a script, a form or another file, which no "
                       "label does";
            }
        }
    }

    return root ? NULL : "it has no \"/Root\"";
}


/* "xref", or "12 0 obj" */

static bool
pdf_xref_at(cxr_str_t file, size_t at)
{
    size_t    i;
    unsigned  k;

    while (at < file.len && pdf_space(file.data[at])) {
        at++;
    }

    if (file.len - at >= 4 && memcmp(file.data + at, "xref", 4) == 0) {
        return true;
    }

    for (k = 0; k < 2; k++) {
        for (i = at; at < file.len && pdf_digit(file.data[at]); at++) {
            /* void */
        }

        if (i == at || at == file.len || !pdf_space(file.data[at])) {
            return false;
        }

        while (at < file.len && pdf_space(file.data[at])) {
            at++;
        }
    }

    return file.len - at >= 3 && memcmp(file.data + at, "obj", 3) == 0;
}


/* The last place of "word" in the end of the file; file.len: it is not there. */

static size_t
pdf_last(cxr_str_t file, const char *word)
{
    size_t  at, len = strlen(word), from;

    from = file.len > PDF_TAIL ? file.len - PDF_TAIL : 0;

    for (at = file.len - len + 1; at > from; at--) {
        if (memcmp(file.data + at - 1, word, len) == 0) {
            return at - 1;
        }
    }

    return file.len;
}


const char *
cxr_pdf_check(cxr_str_t file)
{
    size_t    at, end, n;
    uint64_t  xref;

    if (file.len < CXR_LABEL_BYTES_MIN
        || memcmp(file.data, PDF_HEAD, sizeof(PDF_HEAD) - 1) != 0
        || (file.data[5] != '1' && file.data[5] != '2')
        || file.data[6] != '.' || !pdf_digit(file.data[7]))
    {
        return "it does not begin with \"%PDF-1.\" or \"%PDF-2.\"";
    }

    end = pdf_last(file, "%%EOF");

    for (at = end == file.len ? 0 : end + 5; at < file.len; at++) {
        if (!pdf_space(file.data[at])) {
            return "it does not end with \"%%EOF\": was it cut short?";
        }
    }

    at = pdf_last(cxr_strn(file.data, end), "startxref");

    if (at == end) {
        return "there is no \"startxref\" before its end";
    }

    for (at += 9; at < end && pdf_space(file.data[at]); at++) { /* void */ }

    for (n = 0; at + n < end && pdf_digit(file.data[at + n]); n++) {
        /* void */
    }

    if (!cxr_parse_uint(cxr_strn(file.data + at, n), file.len - 1, &xref)
        || xref < PDF_HEAD_LEN || !pdf_xref_at(file, (size_t) xref))
    {
        return "\"startxref\" does not lead to its table of objects";
    }

    return pdf_names(file);
}

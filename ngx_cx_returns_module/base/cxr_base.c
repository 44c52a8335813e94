
/*
 * Result codes by name, and the filling and printing of a diagnosis.
 */

#include <stdio.h>

#include "cxr_base.h"


static const char *const  cxr_rc_names[] = {
    "ok", "error", "nomem", "invalid", "limit", "notfound", "refused",
    "conflict", "forged", "expired", "full", "io", "again"
};


static void cxr_diag_copy(char *out, size_t size, const char *in);
static void cxr_diag_put(char *out, size_t size, size_t *len, const char *in);


const char *
cxr_rc_name(cxr_rc_t rc)
{
    int  i = -(int) rc;

    if (i < 0 || i >= (int) cxr_nelts(cxr_rc_names)) {
        return "unknown";
    }

    return cxr_rc_names[i];
}


cxr_rc_t
cxr_diag(cxr_diag_t *d, cxr_rc_t rc, const char *where, const char *fmt, ...)
{
    va_list  args;
    char     text[sizeof(d->text)];

    if (d == NULL) {
        return rc;
    }

    /*
     * By way of a local buffer, because the arguments may well point into the
     * diagnosis itself when a caller adds to what it was told.
     */

    va_start(args, fmt);
    (void) vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    /* where may be d->where: the copy below then changes nothing */

    if (where != d->where) {
        cxr_diag_copy(d->where, sizeof(d->where), where);
    }

    cxr_diag_copy(d->text, sizeof(d->text), text);

    d->rc = rc;
    d->line = 0;
    d->column = 0;
    d->file[0] = '\0';

    return rc;
}


void
cxr_diag_place(cxr_diag_t *d, const char *file, unsigned line, unsigned column)
{
    if (d == NULL) {
        return;
    }

    if (file != d->file) {
        cxr_diag_copy(d->file, sizeof(d->file), file);
    }

    d->line = line;
    d->column = column;
}


size_t
cxr_diag_print(const cxr_diag_t *d, char *out, size_t size)
{
    char    number[16];
    size_t  len = 0;

    if (size == 0) {
        return 0;
    }

    out[0] = '\0';

    if (d->file[0] != '\0') {
        cxr_diag_put(out, size, &len, d->file);
        cxr_diag_put(out, size, &len, ":");
    }

    if (d->line != 0) {
        (void) snprintf(number, sizeof(number), "%u:", d->line);
        cxr_diag_put(out, size, &len, number);

        if (d->column != 0) {
            (void) snprintf(number, sizeof(number), "%u:", d->column);
            cxr_diag_put(out, size, &len, number);
        }
    }

    if (len != 0) {
        cxr_diag_put(out, size, &len, " ");
    }

    if (d->where[0] != '\0') {
        cxr_diag_put(out, size, &len, d->where);
        cxr_diag_put(out, size, &len, ": ");
    }

    cxr_diag_put(out, size, &len, d->text);

    return len;
}


/*
 * Cuts what is too long, but never within a UTF-8 character: the text goes to
 * logs and JSON answers, where half a character is an error of its own.
 */

static void
cxr_diag_copy(char *out, size_t size, const char *in)
{
    size_t  n;

    if (in == NULL) {
        out[0] = '\0';
        return;
    }

    n = strnlen(in, size);

    if (n == size) {
        n = size - 1;

        while (n > 0 && ((unsigned char) in[n] & 0xc0) == 0x80) {
            n--;
        }
    }

    memmove(out, in, n);
    out[n] = '\0';
}


static void
cxr_diag_put(char *out, size_t size, size_t *len, const char *in)
{
    size_t  n = strlen(in);
    size_t  room = size - 1 - *len;

    if (n > room) {
        n = room;
    }

    memcpy(out + *len, in, n);
    *len += n;
    out[*len] = '\0';
}

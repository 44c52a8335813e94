
/*
 * Envelopes, decoded as they go by: the state is bounded, whatever the body.
 *
 * A carrier that posts a form posts the plain document too, or a document that
 * is percent-encoded as a whole, from another of its systems; the first bytes
 * tell which: '<' or the mark of an encoding, "%3C" or "%EF", or a field.
 */

#include "cxr_push_private.h"


enum {
    CXR_EM_UNSURE = 0,
    CXR_EM_RAW,
    CXR_EM_WHOLE,          /* percent-encoded, no field                       */
    CXR_EM_FORM
};


void
cxr_envelope_init(cxr_envelope_t *e, const cxr_push_rules_t *rules,
    cxr_arena_t *arena, cxr_str_t *kept, cxr_envelope_out_pt out, void *ctx)
{
    memset(e, 0, sizeof(cxr_envelope_t));

    e->rules = rules;
    e->arena = arena;
    e->kept = kept;
    e->out = out;
    e->ctx = ctx;
    e->keep = CXR_NONE;
    e->mode = rules->kind == CXR_ENVELOPE_FORM ? CXR_EM_UNSURE : CXR_EM_RAW;
}


static cxr_rc_t
cxr_envelope_bad(cxr_envelope_t *e, const char *why)
{
    e->why = why;

    return CXR_INVALID;
}


static cxr_rc_t
cxr_envelope_flush(cxr_envelope_t *e)
{
    size_t  n = e->nbuf;

    e->nbuf = 0;

    return n ? e->out(e->ctx, e->buf, n) : CXR_OK;
}


static uint16_t
cxr_envelope_index(const cxr_strs_t *list, cxr_str_t name)
{
    uint32_t  i;

    for (i = 0; i < list->n; i++) {
        if (cxr_str_eq(list->items[i], name)) {
            return (uint16_t) i;
        }
    }

    return CXR_NONE;
}


/* a field's name is whole */
static cxr_rc_t
cxr_envelope_named(cxr_envelope_t *e)
{
    cxr_str_t  name = cxr_strn(e->name, e->nname);

    if (++e->nfields > CXR_FORM_FIELDS_MAX) {
        return cxr_envelope_bad(e, "the form has too many fields");
    }

    e->in_value = true;
    e->wanted = false;
    e->keep = CXR_NONE;
    e->nvalue = 0;
    e->over = false;

    if (e->nname > CXR_FORM_NAME_MAX) {
        return CXR_OK;
    }

    e->wanted = cxr_envelope_index(&e->rules->fields, name) != CXR_NONE;
    e->keep = cxr_envelope_index(&e->rules->kept, name);

    /* two of a name: whichever is proven might not be the one that is read */

    if (e->wanted && e->found) {
        return cxr_envelope_bad(e, "the form holds the document twice");
    }

    if (e->keep != CXR_NONE && e->kept[e->keep].data != NULL) {
        return cxr_envelope_bad(e, "a field of the form is there twice");
    }

    if (e->wanted) {
        e->found = true;
    }

    return CXR_OK;
}


/* a field is over */
static cxr_rc_t
cxr_envelope_field(cxr_envelope_t *e)
{
    cxr_rc_t  rc;

    if (!e->in_value) {
        if (e->nname == 0) {
            return CXR_OK;
        }

        rc = cxr_envelope_named(e);

        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (e->keep != CXR_NONE
        && cxr_str_dup(e->arena, e->over ? cxr_str("")
                                         : cxr_strn(e->value, e->nvalue),
                       &e->kept[e->keep])
           != CXR_OK)
    {
        return CXR_NOMEM;
    }

    e->in_value = false;
    e->nname = 0;

    return CXR_OK;
}


/* a byte of the document, of a kept value, or of a name */
static cxr_rc_t
cxr_envelope_byte(cxr_envelope_t *e, unsigned char c)
{
    if (e->mode == CXR_EM_WHOLE || (e->in_value && e->wanted)) {
        e->buf[e->nbuf++] = (char) c;

        return e->nbuf == sizeof(e->buf) ? cxr_envelope_flush(e) : CXR_OK;
    }

    if (e->in_value) {
        if (e->nvalue == sizeof(e->value)) {
            e->over = true;

        } else {
            e->value[e->nvalue++] = (char) c;
        }

        return CXR_OK;
    }

    if (e->nname <= CXR_FORM_NAME_MAX) {
        e->name[e->nname++] = (char) c;
    }

    return CXR_OK;
}


static int
cxr_envelope_digit(unsigned char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}


/*
 * Some clients end a form as a line, which is no part of its last value; a line
 * feed within one, escaped or not, is.
 */
static cxr_rc_t
cxr_envelope_lines(cxr_envelope_t *e, unsigned char c)
{
    uint8_t   i, n;
    cxr_rc_t  rc = CXR_OK;

    if (c == '\r' || c == '\n') {
        if (e->nends == sizeof(e->ends)) {
            rc = cxr_envelope_byte(e, e->ends[0]);
            e->ends[0] = e->ends[1];
            e->nends--;
        }

        e->ends[e->nends++] = c;

        return rc;
    }

    n = e->nends;
    e->nends = 0;

    for (i = 0; i < n && rc == CXR_OK; i++) {
        rc = cxr_envelope_byte(e, e->ends[i]);
    }

    return rc;
}


static cxr_rc_t
cxr_envelope_char(cxr_envelope_t *e, unsigned char c)
{
    cxr_rc_t  rc;

    if (!e->nesc && (e->nends || c == '\r' || c == '\n')) {
        rc = cxr_envelope_lines(e, c);

        if (rc != CXR_OK || c == '\r' || c == '\n') {
            return rc;
        }
    }

    if (e->nesc) {
        e->esc[e->nesc - 1] = c;

        if (cxr_envelope_digit(c) < 0) {
            return cxr_envelope_bad(e, "a '%' has no two hexadecimal digits "
                                    "after it");
        }

        if (e->nesc++ < 2) {
            return CXR_OK;
        }

        e->nesc = 0;

        return cxr_envelope_byte(e, (unsigned char)
                                    (cxr_envelope_digit(e->esc[0]) * 16
                                     + cxr_envelope_digit(e->esc[1])));
    }

    switch (c) {

    case '%':
        e->nesc = 1;
        return CXR_OK;

    case '+':
        return cxr_envelope_byte(e, ' ');

    case '&':
        if (e->mode == CXR_EM_FORM) {
            return cxr_envelope_field(e);
        }
        break;

    case '=':
        if (e->mode == CXR_EM_FORM && !e->in_value) {
            return cxr_envelope_named(e);
        }
        break;
    }

    return cxr_envelope_byte(e, c);
}


static uint8_t
cxr_envelope_mode(const unsigned char *lead, size_t n)
{
    if (lead[0] == '<' || lead[0] >= 0x80 || lead[0] == 0) {
        return CXR_EM_RAW;
    }

    if (n > 2 && lead[0] == '%'
        && ((lead[1] == '3' && (lead[2] | 0x20) == 'c')
            || ((lead[1] | 0x20) == 'e' && (lead[2] | 0x20) == 'f')))
    {
        return CXR_EM_WHOLE;
    }

    return CXR_EM_FORM;
}


static cxr_rc_t
cxr_envelope_feed(cxr_envelope_t *e, const unsigned char *p, size_t len)
{
    cxr_rc_t  rc;

    if (e->mode == CXR_EM_RAW) {
        return len ? e->out(e->ctx, p, len) : CXR_OK;
    }

    while (len--) {
        rc = cxr_envelope_char(e, *p++);

        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


/* the first bytes are here, or all there are */
static cxr_rc_t
cxr_envelope_begin(cxr_envelope_t *e)
{
    e->mode = cxr_envelope_mode(e->lead, e->nlead);
    e->found = e->mode != CXR_EM_FORM;

    return cxr_envelope_feed(e, e->lead, e->nlead);
}


cxr_rc_t
cxr_envelope_push(cxr_envelope_t *e, const void *data, size_t len)
{
    cxr_rc_t              rc;
    const unsigned char  *p = data;

    if (e->mode == CXR_EM_UNSURE) {

        while (len > 0 && e->nlead < 3) {
            if (e->nlead == 0 && (*p == ' ' || *p == '\t' || *p == '\r'
                                  || *p == '\n'))
            {
                p++;
                len--;
                continue;
            }

            e->lead[e->nlead++] = *p++;
            len--;
        }

        if (e->nlead < 3) {
            return CXR_OK;
        }

        rc = cxr_envelope_begin(e);

        if (rc != CXR_OK) {
            return rc;
        }
    }

    return cxr_envelope_feed(e, p, len);
}


cxr_rc_t
cxr_envelope_end(cxr_envelope_t *e)
{
    cxr_rc_t  rc = CXR_OK;

    if (e->mode == CXR_EM_UNSURE && e->nlead > 0) {
        rc = cxr_envelope_begin(e);
    }

    if (rc != CXR_OK || e->mode == CXR_EM_RAW) {
        return rc;
    }

    if (e->nesc) {
        return cxr_envelope_bad(e, "the form ends within an escape");
    }

    if (e->mode == CXR_EM_FORM) {
        rc = cxr_envelope_field(e);

        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (!e->found) {
        return cxr_envelope_bad(e, "the form has no field that holds the "
                                "document");
    }

    return cxr_envelope_flush(e);
}

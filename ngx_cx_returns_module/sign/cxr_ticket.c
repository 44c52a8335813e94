
/*
 * Tickets of photos.
 */

#include "cxr_ticket.h"

#include "cxr_text.h"

#define TICKET_HEX  (2 * CXR_PHOTO_HASH_LEN)
#define TICKET_MAC  22


bool
cxr_ticket_like(cxr_str_t ticket)
{
    char    c;
    size_t  i;

    for (i = 0; i < ticket.len; i++) {
        c = ticket.data[i];

        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.'))
        {
            return false;
        }
    }

    return ticket.len > TICKET_HEX + TICKET_MAC && ticket.len <= CXR_TICKET_MAX;
}


/* What the MAC is over: all that stands before it, for whom "scope" names. */

static cxr_str_t
ticket_purpose(cxr_str_t scope, cxr_str_t head, cxr_arena_t *a)
{
    return cxr_sprintf(a, "photo:%.*s:%.*s", cxr_str_arg(scope),
                       cxr_str_arg(head));
}


cxr_rc_t
cxr_ticket_make(const cxr_keyring_t *ring, cxr_str_t scope,
    const cxr_photo_ref_t *ref, cxr_arena_t *a, cxr_str_t *out)
{
    char       hex[TICKET_HEX], mac[TICKET_MAC];
    cxr_buf_t  b;
    cxr_str_t  head, purpose;

    if (ref->hash.len != CXR_PHOTO_HASH_LEN) {
        return CXR_INVALID;
    }

    cxr_buf_init_fixed(&b, hex, sizeof(hex));
    cxr_buf_hex(&b, ref->hash.data, ref->hash.len);

    head = cxr_sprintf(a, "%.*s.%u.%u.%u", TICKET_HEX, hex,
                       (unsigned) ref->width, (unsigned) ref->height,
                       (unsigned) ref->bytes);
    purpose = ticket_purpose(scope, head, a);

    if (head.data == NULL || purpose.data == NULL) {
        return CXR_NOMEM;
    }

    /* form tokens count hours; here it is always the first */

    cxr_form_token(ring, cxr_str("photo"), purpose, 0, mac);

    *out = cxr_sprintf(a, "%.*s.%.*s", cxr_str_arg(head), TICKET_MAC, mac);

    return out->data != NULL ? CXR_OK : CXR_NOMEM;
}


static int
ticket_hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}


/* the next of the numbers, and the dot behind it */

static bool
ticket_number(cxr_str_t *s, uint32_t *out)
{
    uint64_t     v;
    const char  *dot;

    dot = s->len ? memchr(s->data, '.', s->len) : NULL;

    if (dot == NULL
        || !cxr_parse_uint(cxr_strn(s->data, (size_t) (dot - s->data)),
                           UINT32_MAX, &v))
    {
        return false;
    }

    s->len -= (size_t) (dot + 1 - s->data);
    s->data = dot + 1;
    *out = (uint32_t) v;

    return true;
}


cxr_rc_t
cxr_ticket_open(const cxr_keyring_t *ring, cxr_str_t scope, cxr_str_t ticket,
    cxr_arena_t *a, cxr_photo_ref_t *ref)
{
    int        hi, lo;
    size_t     i;
    uint8_t    hash[CXR_PHOTO_HASH_LEN];
    cxr_str_t  rest, purpose;

    memset(ref, 0, sizeof(*ref));

    if (!cxr_ticket_like(ticket) || ticket.data[TICKET_HEX] != '.') {
        return CXR_INVALID;
    }

    for (i = 0; i < CXR_PHOTO_HASH_LEN; i++) {
        hi = ticket_hex(ticket.data[2 * i]);
        lo = ticket_hex(ticket.data[2 * i + 1]);

        if (hi < 0 || lo < 0) {
            return CXR_INVALID;
        }

        hash[i] = (uint8_t) (hi << 4 | lo);
    }

    rest = cxr_strn(ticket.data + TICKET_HEX + 1,
                    ticket.len - TICKET_HEX - 1);

    if (!ticket_number(&rest, &ref->width)
        || !ticket_number(&rest, &ref->height)
        || !ticket_number(&rest, &ref->bytes)
        || rest.len != TICKET_MAC)
    {
        return CXR_INVALID;
    }

    purpose = ticket_purpose(scope, cxr_strn(ticket.data, ticket.len
                                                          - TICKET_MAC - 1),
                             a);
    if (purpose.data == NULL) {
        return CXR_NOMEM;
    }

    if (!cxr_form_token_ok(ring, cxr_str("photo"), purpose, 0, rest)) {
        return CXR_INVALID;
    }

    return cxr_str_dup(a, cxr_strn(hash, sizeof(hash)), &ref->hash);
}

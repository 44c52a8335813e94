
/*
 * Which names are those of credentials.
 */

#include "cxr_redact_private.h"


/* exactly these, or what contains one of the words below */
static const char *const  cxr_redact_names[] = {
    "username", "user", "userid", "user_id", "user_name", "wsusername",
    "login", "loginid", "logonid", "pwd", "pass", "pin", "accountpin",
    "accesslicensenumber", "apikey", "api_key", "accesskey", "access_key",
    "usercredential", "parentcredential", "credential", "credentials",
    "usernametoken", "securityheader", "authorization", "authentication",
    "kullanici", "kullaniciadi", "kullanici_adi", "kullanicisifre",
    "data_digest", "datadigest", "checkword", "verifycode", "signature",
    "sifre", "parola", "nonce", "sessionid", "session_id"
};

static const char *const  cxr_redact_words[] = {
    "password", "passwd", "passphrase", "secret", "token", "sifre", "parola",
    "apikey"
};


char
cxr_redact_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
}


bool
cxr_redact_is_credential(cxr_str_t name)
{
    char         low[CXR_REDACT_NAME + 1];
    size_t       i;
    const char  *colon;

    colon = name.len ? memrchr(name.data, ':', name.len) : NULL;

    if (colon != NULL) {
        name.len -= (size_t) (colon + 1 - name.data);
        name.data = colon + 1;
    }

    if (name.len == 0 || name.len > CXR_REDACT_NAME) {
        return false;
    }

    for (i = 0; i < name.len; i++) {
        low[i] = cxr_redact_lower(name.data[i]);
    }

    low[i] = '\0';

    for (i = 0; i < cxr_nelts(cxr_redact_names); i++) {
        if (strcmp(low, cxr_redact_names[i]) == 0) {
            return true;
        }
    }

    for (i = 0; i < cxr_nelts(cxr_redact_words); i++) {
        if (strstr(low, cxr_redact_words[i]) != NULL) {
            return true;
        }
    }

    return false;
}


cxr_str_t
cxr_redact_local(cxr_str_t name)
{
    const char  *colon = name.len ? memrchr(name.data, ':', name.len) : NULL;

    return colon == NULL
           ? name
           : cxr_strn(colon + 1,
                      name.len - (size_t) (colon + 1 - name.data));
}


void
cxr_redact_collect(char *name, uint8_t *n, unsigned c)
{
    /* one more than fits shows that it is too long to be of the list */

    if (*n <= CXR_REDACT_NAME) {
        name[(*n)++] = cxr_redact_lower((char) c);
    }
}


bool
cxr_redact_known(const cxr_strs_t *more, const char *s, size_t len)
{
    uint32_t   i;
    cxr_str_t  name = cxr_strn(s, len);

    if (cxr_redact_is_credential(name)) {
        return true;
    }

    name = cxr_redact_local(name);

    for (i = 0; more != NULL && i < more->n; i++) {
        if (cxr_str_eq(more->items[i], name)) {
            return true;
        }
    }

    return false;
}

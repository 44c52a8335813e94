
/*
 * Reading a profile's XML: attributes and complaints.  Private to carrier/.
 */

#ifndef _CXR_PROFILE_READ_H_INCLUDED_
#define _CXR_PROFILE_READ_H_INCLUDED_

#include <libxml/tree.h>

#include "cxr_profile_private.h"

typedef struct {
    cxr_profile_t  *profile;
    const char     *file;
    cxr_diag_t     *diags;
    size_t          max;       /* room in diags[]                             */
    size_t          n;         /* kept there                                  */
    bool            failed;
} cxr_reader_t;

void cxr_complain(cxr_reader_t *x, const xmlNode *node, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void cxr_complain_diag(cxr_reader_t *x, unsigned line, const cxr_diag_t *d);

/* Complains about attributes that are not in the list ("a b c") and text. */
void cxr_attrs_only(cxr_reader_t *x, const xmlNode *node, const char *list);

/* A trimmed copy in the profile's arena; false when there is none, with a
   complaint when it is required. */
bool cxr_attr(cxr_reader_t *x, const xmlNode *node, const char *name,
    bool required, cxr_str_t *out);
bool cxr_attr_raw(cxr_reader_t *x, const xmlNode *node, const char *name,
    cxr_str_t *out);                                   /* not trimmed         */
/* The trimmed text of an element that may hold nothing else. */
bool cxr_content(cxr_reader_t *x, const xmlNode *node, cxr_str_t *out);

/* A name of a list that ends with NULL, 0 when the attribute is not there. */
uint8_t cxr_attr_name(cxr_reader_t *x, const xmlNode *node, const char *name,
    const char *const *names, bool required);
uint32_t cxr_attr_statuses(cxr_reader_t *x, const xmlNode *node,
    const char *name, bool yes_no, uint32_t none);

unsigned cxr_line_of(const xmlNode *node);

const xmlNode *cxr_first_element(const xmlNode *parent);
const xmlNode *cxr_next_element(const xmlNode *node);
bool cxr_is_element(const xmlNode *node, const char *name);

/* cxr_profile_zones.c: <zone>, <zones>; the profile owns the zones */
const cxr_tz_t *cxr_read_tz(cxr_reader_t *x, const xmlNode *node,
    cxr_str_t name);
void cxr_read_zone(cxr_reader_t *x, const xmlNode *node,
    cxr_zone_list_t *list);
void cxr_read_zones(cxr_reader_t *x, const xmlNode *node);

/* cxr_profile_rules.c: <table>, <error>, <override>, <ignore> */
void cxr_read_table(cxr_reader_t *x, const xmlNode *node);
void cxr_read_error(cxr_reader_t *x, const xmlNode *node,
    cxr_error_rule_t *e);
void cxr_read_cond(cxr_reader_t *x, const xmlNode *node, cxr_cond_t *cond,
    const char *more);
void cxr_read_override(cxr_reader_t *x, const xmlNode *node,
    cxr_override_t *o);

/* cxr_profile_push.c: <envelope>, <auth>, <ack> */
void cxr_read_envelope(cxr_reader_t *x, const xmlNode *node);
void cxr_read_auth(cxr_reader_t *x, const xmlNode *node);
void cxr_read_ack(cxr_reader_t *x, const xmlNode *node);
void cxr_push_print(const struct cxr_push_rules_s *rules, cxr_buf_t *out);

/* cxr_profile_format.c: <format> and all below it */
void cxr_read_format(cxr_reader_t *x, const xmlNode *node);
void cxr_read_value(cxr_reader_t *x, const xmlNode *node, const char *more,
    const char *join, cxr_value_t *value);
void cxr_read_value_text(cxr_reader_t *x, const xmlNode *node,
    const char *attr, cxr_value_t *value);

#endif /* _CXR_PROFILE_READ_H_INCLUDED_ */

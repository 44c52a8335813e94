
/*
 * What the files that read a shop's file share.
 */

#ifndef _CXR_SHOP_PRIVATE_H_INCLUDED_
#define _CXR_SHOP_PRIVATE_H_INCLUDED_

#include "cxr_json_private.h"
#include "cxr_policy_rule.h"
#include "cxr_shop.h"

/* The "policy" of a shop whose languages have been read. */
cxr_rc_t cxr_shop_policy(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults);

/* Its "rules", once its reasons have been read. */
cxr_rc_t cxr_shop_rules(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults);
/* what a rule does; "path" is of its "then" */
cxr_rc_t cxr_shop_effects(json_t *json, const char *path, cxr_arena_t *a,
    const cxr_shop_t *shop, cxr_rule_t *rule, cxr_json_faults_t *faults);

/* Its "claims" (NULL: absent): what holds for each kind of claim. */
void cxr_shop_claims(json_t *json, cxr_arena_t *a, cxr_policy_t *policy,
    cxr_json_faults_t *faults);
/* Its "cancellation" (NULL: absent). */
cxr_rc_t cxr_shop_cancel(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults);
/* "photos" of a reason or a kind of claim */
cxr_need_t cxr_shop_need(cxr_jr_t *r);

/* What is no mistake, but surely not meant: rules that never decide anything,
   and what the law overrides. */
void cxr_shop_lint(const cxr_shop_t *shop, cxr_json_faults_t *warnings);

/* Its "warehouse" (NULL: absent) and "destinations", whose ids the policy's rules
   name. */
cxr_rc_t cxr_shop_destinations(json_t *warehouse, json_t *destinations,
    cxr_arena_t *a, cxr_shop_t *shop, cxr_json_faults_t *faults);

/* And messages and offers that nobody will ever see. */
void cxr_shop_unseen(const cxr_shop_t *shop, cxr_json_faults_t *warnings);

/* The "label" of such a shop. */
cxr_rc_t cxr_shop_label(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults);
/* its logo, read; "path" is the shop's file.  CXR_NOMEM; mistakes are faults */
cxr_rc_t cxr_shop_logo(const char *path, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults);

/*
 * An object with a text of at most "max" characters for every language of the
 * shop.  CXR_NOMEM only; mistakes are faults.
 */
cxr_rc_t cxr_shop_texts(json_t *json, const char *path, size_t max,
    cxr_arena_t *a, const cxr_shop_t *shop, cxr_texts_t *texts,
    cxr_json_faults_t *faults);
/* the same, of several lines */
cxr_rc_t cxr_shop_blocks(json_t *json, const char *path, size_t max,
    cxr_arena_t *a, const cxr_shop_t *shop, cxr_texts_t *texts,
    cxr_json_faults_t *faults);

/* How goods come back: taken out of the file's object, then read, the languages
   having been read. */
typedef struct {
    json_t  *stores;
    json_t  *pools;
    uint32_t  remind_days;
} cxr_shop_ways_t;

void cxr_shop_ways_ask(cxr_jr_t *r, cxr_shop_ways_t *ways);
cxr_rc_t cxr_shop_ways(const cxr_shop_ways_t *ways, cxr_arena_t *a,
    cxr_shop_t *shop, cxr_json_faults_t *faults);

/* The parts of the file that cxr_shop_brand.h is about; NULL: absent. */
typedef struct {
    json_t  *brand;
    json_t  *support;
    json_t  *links;
    json_t  *legal;
    json_t  *legal_text;
    json_t  *tracking;
    json_t  *surveys;
    json_t  *retention;
    json_t  *messages;
    json_t  *offers;
    json_t  *replies;
    json_t  *consents;
} cxr_shop_looks_t;

/* Takes them out of the file's object, then reads them, the shop's languages
   and zone having been read.  CXR_NOMEM only; mistakes are faults. */
void cxr_shop_looks_ask(cxr_jr_t *r, cxr_shop_looks_t *looks);
cxr_rc_t cxr_shop_looks(const cxr_shop_looks_t *looks, cxr_arena_t *a,
    cxr_shop_t *shop, cxr_json_faults_t *faults);
/* "transit" of "tracking"; NULL: absent */
cxr_rc_t cxr_shop_transits(json_t *json, cxr_arena_t *a,
    cxr_tracking_t *tracking, cxr_json_faults_t *faults);
/* "stages" of it, the same */
cxr_rc_t cxr_shop_stages(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults);
cxr_rc_t cxr_shop_offers(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults);

cxr_rc_t cxr_shop_replies(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults);

cxr_rc_t cxr_shop_consents(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults);

/* https://, a path of this host, or a file's path from the shop's file */
bool cxr_jr_picture(cxr_jr_t *r, const char *key, cxr_str_t *out);
/* the files among them, read; "path" is the shop's file.  CXR_NOMEM; mistakes
   are faults */
cxr_rc_t cxr_shop_pictures(const char *path, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults);

/* The texts of a member, which may be absent; blocks: of several lines. */
cxr_rc_t cxr_jr_blocks(cxr_jr_t *r, const char *key, size_t max, int flags,
    const cxr_shop_t *shop, cxr_texts_t *texts);
cxr_rc_t cxr_jr_texts(cxr_jr_t *r, const char *key, size_t max, int flags,
    const cxr_shop_t *shop, cxr_texts_t *texts);
/* A URL that begins with https:// or http://, or with "path" a path too. */
bool cxr_jr_link(cxr_jr_t *r, const char *key, int flags, cxr_str_t *out);
bool cxr_is_url(cxr_str_t s, bool origin);
/* "2026-11-30" in the shop's zone: its first moment, or its last one */
bool cxr_jr_day(cxr_jr_t *r, const char *key, const cxr_shop_t *shop,
    bool last, cxr_time_t *out);

/* FNV-1a over the value laid out in one way: members sorted, no blanks. */
cxr_rc_t cxr_json_hash(json_t *json, uint64_t *hash);

/* The policy's version once its laws are there; CXR_NOMEM. */
cxr_rc_t cxr_policy_stamp(cxr_policy_t *policy, cxr_arena_t *a);

/* Appends what was found in the text to the diags, as "rc" (CXR_OK: warnings). */
void cxr_shop_tell(const cxr_json_faults_t *faults, cxr_rc_t rc,
    cxr_str_t text, const char *file, cxr_diag_t *diags, size_t max,
    size_t *n);

/* a whole number into 32 bits; max <= UINT32_MAX */
bool cxr_jr_u32(cxr_jr_t *r, const char *key, uint32_t min, uint32_t max,
    int flags, uint32_t *out);

#endif /* _CXR_SHOP_PRIVATE_H_INCLUDED_ */


/*
 * What the policy commands share: the order that a policy is asked about, as
 * it stood at a moment, and one line's judgement in words.
 */

#ifndef _CXR_CLI_POLICY_H_INCLUDED_
#define _CXR_CLI_POLICY_H_INCLUDED_

#include "cxr_cli.h"
#include "cxr_policy_rule.h"
#include "cxr_shop.h"

/* An order and its parcels out of a snapshot; lists in the arena. */
typedef struct {
    cxr_order_t                   order;
    cxr_shipments_t               ships;
    const cxr_shipment_t        **parcels;
} cxr_cli_case_t;

/* A shop's file; mistakes and, where "warn" is, warnings go to standard
   error.  Its owner frees it with cxr_shop_free(). */
int cxr_cli_policy_shop(const char *path, cxr_arena_t *a, bool warn,
    cxr_shop_t **shop);

/* The parcels of c->order, which is there. */
cxr_rc_t cxr_cli_policy_parcels(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_arena_t *a, cxr_cli_case_t *c);

/* "1234.50 TRY" */
const char *cxr_cli_money(cxr_money_t v, cxr_str_t currency, char out[48]);

/* "2026-11-21", in the shop's zone; "-" for none */
const char *cxr_cli_day(const cxr_tz_t *tz, cxr_time_t at, char out[16]);

int cxr_cli_policy_explain(const cxr_cli_command_t *cmd, int argc,
    char **argv);
int cxr_cli_policy_simulate(const cxr_cli_command_t *cmd, int argc,
    char **argv);

#endif /* _CXR_CLI_POLICY_H_INCLUDED_ */


/*
 * What the policy commands share, and their table.
 */

#include "cxr_cli_policy.h"

#include <stdlib.h>


int
cxr_cli_policy_shop(const char *path, cxr_arena_t *a, bool warn,
    cxr_shop_t **shop)
{
    char               line[sizeof(cxr_diag_t)];
    size_t             i, n;
    cxr_rc_t           rc;
    static cxr_diag_t  diags[CXR_CLI_DIAGS_MAX];

    n = 0;
    memset(diags, 0, sizeof(diags));

    rc = cxr_shop_load(path, a, shop, diags, CXR_CLI_DIAGS_MAX, &n);

    for (i = 0; i < n && i < CXR_CLI_DIAGS_MAX; i++) {

        if (rc != CXR_OK) {
            (void) cxr_cli_diag(&diags[i], rc);

        } else if (warn) {
            (void) cxr_diag_print(&diags[i], line, sizeof(line));
            cxr_cli_say("warning: %s", line);
        }
    }

    if (rc == CXR_OK) {
        return CXR_EXIT_OK;
    }

    if (n == 0) {
        cxr_cli_say("%s: %s", path, cxr_rc_name(rc));
    }

    return CXR_EXIT_FAILED;
}


cxr_rc_t
cxr_cli_policy_parcels(cxr_read_t *rd, const cxr_shop_t *shop, cxr_arena_t *a,
    cxr_cli_case_t *c)
{
    cxr_rc_t  rc;
    uint32_t  i;

    rc = cxr_read_parcels(rd, shop, &c->order, a, &c->ships);
    if (rc != CXR_OK) {
        return rc;
    }

    c->parcels = cxr_calloc(a, c->ships.n + 1, sizeof(cxr_shipment_t *));
    if (c->parcels == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < c->ships.n; i++) {
        c->parcels[i] = &c->ships.items[i];
    }

    return CXR_OK;
}


const char *
cxr_cli_money(cxr_money_t v, cxr_str_t currency, char out[48])
{
    int      i, digits;
    char     part[8];
    int64_t  unit, abs;

    digits = cxr_currency_exponent(currency);
    unit = 1;

    for (i = 0; i < digits; i++) {
        unit *= 10;
    }

    abs = v < 0 ? -v : v;
    part[0] = '\0';

    if (digits > 0) {
        part[0] = '.';
        part[digits + 1] = '\0';

        for (i = digits, unit = 1; i > 0; i--, unit *= 10) {
            part[i] = (char) ('0' + abs / unit % 10);
        }
    }

    (void) snprintf(out, 48, "%s%lld%s %.*s", v < 0 ? "-" : "",
                    (long long) (abs / unit), part, cxr_str_arg(currency));

    return out;
}


const char *
cxr_cli_day(const cxr_tz_t *tz, cxr_time_t at, char out[16])
{
    cxr_civil_t  c;

    if (at == CXR_TIME_NONE) {
        return "-";
    }

    cxr_civil(at, cxr_tz_offset(tz, at), &c);
    (void) snprintf(out, 16, "%04u-%02u-%02u", (unsigned) c.year % 10000,
                    c.month % 100, c.day % 100);

    return out;
}


const cxr_cli_command_t  cxr_cli_policy[] = {
    { "policy", "explain",
      "ORDER --store DIR --shop FILE [--keys FILE]\n"
      "        [--policy FILE] [--reason CODE] [--kind KIND]\n"
      "        [--method METHOD] [--at TIME] [--gift] [--json]",
      "say what the policy decides for an order, and which rule why",
      "    For every line and outcome: whether it may be returned and until\n"
      "    when, fees, bonus, ways to send it back, and behind each the rule\n"
      "    that decided: its id, \"policy\" for the file's flat keys, or the law.\n\n"
      "OPTIONS\n"
      "    --store DIR      the store\n"
      "    --shop FILE      the shop's file\n"
      "    --keys FILE      the key ring, where a rule is on the customer's\n"
      "                     history: it is found by her e-mail\n"
      "    --policy FILE    another shop file, whose policy is asked instead\n"
      "    --reason CODE    the shopper's reason; unsaid: the best of all\n"
      "    --kind KIND      return (unsaid), exchange, claim, withdrawal\n"
      "                     or cancellation\n"
      "    --method METHOD  label, qr, carrier_code, own_carrier, in_store\n"
      "    --at TIME        as it is at that moment, RFC 3339; unsaid: now\n"
      "    --gift           who was given it sends it back\n"
      "    --json           as JSON\n",
      cxr_cli_policy_explain },

    { "policy", "simulate",
      "NEW --store DIR --shop FILE\n"
      "        [--from DATE] [--to DATE] [--examples N] [--json]",
      "replay the store's orders and RMAs under another policy",
      "    Every RMA made within the dates is judged again, as of when it was\n"
      "    made, under the policy of --shop and under that of NEW; every line\n"
      "    of an order placed within them gets its last day under both. Reports\n"
      "    what would differ: counts, money, examples. Nothing is written.\n"
      "    What the customer had ordered and returned at that time is not known\n"
      "    any more, so rules on that hold for nobody here.\n\n"
      "OPTIONS\n"
      "    --store DIR     the store\n"
      "    --shop FILE     the shop's file as it is\n"
      "    --from DATE     the first day, 2026-11-01; unsaid: from the first\n"
      "    --to DATE       the last day; unsaid: to the last\n"
      "    --examples N    of each difference at most so many, 0..100; unsaid 5\n"
      "    --json          as JSON\n",
      cxr_cli_policy_simulate },

    { NULL, NULL, NULL, NULL, NULL, NULL }
};


/*
 * RMAs as rows of a spreadsheet.
 */

#include "cxr_staff_csv.h"

#include "cxr_money.h"
#include "cxr_rma_queue.h"
#include "cxr_time.h"


#define CXR_CSV_LIST_MAX  2048      /* bytes of a field of several values     */


static const char  cxr_csv_columns[] =
    "rma,order,kind,status,waits_for,created_at,updated_at,currency,refund,"
    "fee,due,released,settled,units,counted,skus,reasons,policy,"
    "delivery,gift\r\n";


void
cxr_staff_csv_head(cxr_buf_t *out)
{
    cxr_buf_addz(out, "\xEF\xBB\xBF");
    cxr_buf_addz(out, cxr_csv_columns);
}


static void
cxr_csv_field(cxr_buf_t *out, cxr_str_t s)
{
    cxr_buf_csv(out, s);
    cxr_buf_addc(out, ',');
}


static void
cxr_csv_time(cxr_buf_t *out, cxr_time_t at)
{
    char  text[CXR_TIME_PRINTED];

    cxr_csv_field(out, cxr_strn(text, cxr_time_snprint(at, text)));
}


/* A number with a point, in units of the currency. */

static void
cxr_csv_amount(cxr_buf_t *out, cxr_str_t currency, cxr_money_t amount)
{
    int       digits;
    uint64_t  unit = 1, v = (uint64_t) amount;

    digits = cxr_currency_exponent(currency);

    if (amount < 0) {
        cxr_buf_addc(out, '-');
        v = 0 - v;
    }

    while (digits-- > 0) {
        unit *= 10;
    }

    cxr_buf_addu(out, v / unit);

    if (unit > 1) {
        cxr_buf_addc(out, '.');

        for (v %= unit, unit /= 10; unit > 0; unit /= 10) {
            cxr_buf_addc(out, (char) ('0' + v / unit % 10));
        }
    }
}


static void
cxr_csv_money(cxr_buf_t *out, cxr_str_t currency, cxr_money_t amount)
{
    cxr_csv_amount(out, currency, amount);
    cxr_buf_addc(out, ',');
}


/* "A B C": each once, as long as they fit */

static void
cxr_csv_once(cxr_buf_t *list, const cxr_rma_t *rma, uint32_t i, cxr_str_t s,
    bool sku)
{
    uint32_t  k;

    for (k = 0; k < i; k++) {
        if (cxr_str_eq(sku ? rma->lines.items[k].sku
                           : rma->lines.items[k].reason, s))
        {
            return;
        }
    }

    if (list->len + s.len + 1 > CXR_CSV_LIST_MAX) {
        return;
    }

    if (list->len != 0) {
        cxr_buf_addc(list, ' ');
    }

    cxr_buf_adds(list, s);
}


void
cxr_staff_csv_row(const cxr_rma_t *rma, cxr_time_t asked, cxr_buf_t *out)
{
    char      mem[3][CXR_CSV_LIST_MAX];
    uint32_t  i, units = 0, counted = 0;
    unsigned  q, queues;
    cxr_buf_t waits, skus, reasons;

    cxr_buf_init_fixed(&waits, mem[0], sizeof(mem[0]));
    cxr_buf_init_fixed(&skus, mem[1], sizeof(mem[1]));
    cxr_buf_init_fixed(&reasons, mem[2], sizeof(mem[2]));

    queues = cxr_rma_queues(rma, asked);

    for (q = 0; q < CXR_QUEUE_OURS; q++) {
        if ((queues & (1u << q)) != 0) {
            cxr_buf_addz(&waits, waits.len ? " " : "");
            cxr_buf_addz(&waits, cxr_queue_names[q]);
        }
    }

    for (i = 0; i < rma->lines.n; i++) {
        units += rma->lines.items[i].quantity;
        counted += rma->lines.items[i].counted;

        cxr_csv_once(&skus, rma, i, rma->lines.items[i].sku, true);
        cxr_csv_once(&reasons, rma, i, rma->lines.items[i].reason, false);
    }

    cxr_csv_field(out, rma->id);
    cxr_csv_field(out, rma->order_number);
    cxr_csv_field(out, cxr_strz(cxr_rma_kind_names[rma->kind]));
    cxr_csv_field(out, cxr_strz(cxr_rma_status_names[rma->status]));
    cxr_csv_field(out, cxr_buf_str(&waits));
    cxr_csv_time(out, rma->created_at);
    cxr_csv_time(out, rma->updated_at);
    cxr_csv_field(out, rma->currency);
    cxr_csv_money(out, rma->currency, rma->refund);
    cxr_csv_money(out, rma->currency, rma->fee);
    cxr_csv_money(out, rma->currency, rma->due);
    cxr_csv_money(out, rma->currency, rma->told);
    cxr_csv_money(out, rma->currency, rma->settled);
    cxr_buf_addu(out, units);
    cxr_buf_addc(out, ',');
    cxr_buf_addu(out, counted);
    cxr_buf_addc(out, ',');
    cxr_csv_field(out, cxr_buf_str(&skus));
    cxr_csv_field(out, cxr_buf_str(&reasons));
    cxr_csv_field(out, rma->policy);
    cxr_csv_money(out, rma->currency, rma->delivery);
    cxr_buf_addz(out, rma->gift ? "true\r\n" : "\r\n");
}

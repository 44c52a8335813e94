
/* Made-up data for every field of a view, as like life as its name tells. */

#include "cxr_cli_preview.h"

#define CXR_CLI_PREVIEW_DEPTH  6          /* structs within structs           */
#define CXR_CLI_PREVIEW_ITEMS  3          /* of each list                     */


/*
 * What a field says, by its struct and name, or by its name or the end of that;
 * rows of a list take one after the other.
 */
static const struct {
    const char  *name;
    const char  *say[CXR_CLI_PREVIEW_ITEMS];
    const char  *english[CXR_CLI_PREVIEW_ITEMS];    /* unsaid: the same       */
} cxr_cli_samples[] = {
    { "track.headline",  { "Kahveniz yolda" }, { "Your coffee is on its way" } },
    { "track.detail",    { "Dağıtıma çıkınca burada göreceksiniz." },
                         { "You’ll see here when it’s out for delivery." } },
    { "track.tone",      { "busy" } },
    { "unread",          { "1 yeni mesaj" }, { "1 new message" } },
    { "news",            { "21 Kasım 14:05" }, { "Nov 21, 14:05" } },
    { "parcel.name",     { "Paket 1 / 3", "Paket 2 / 3", "Paket 3 / 3" },
                         { "Parcel 1 of 3", "Parcel 2 of 3",
                           "Parcel 3 of 3" } },
    { "parcel.sentence", { "Yolda", "Dağıtıma çıktı", "Teslim edildi" },
                         { "On its way", "Out for delivery", "Delivered" } },
    { "parcel.detail",   { "Dağıtıma çıkınca burada göreceksiniz.",
                           "Bugün kapınızda.", "Afiyet olsun." },
                         { "You’ll see here when it’s out for delivery.",
                           "It’ll be at your door today.", "Enjoy." } },
    { "parcel.label",    { "Yolda", "Dağıtımda", "Teslim edildi" },
                         { "On its way", "Out for delivery", "Delivered" } },
    { "parcel.status",   { "in_transit", "out_for_delivery", "delivered" } },
    { "parcel.reason",   { "none" } },
    { "tone",            { "busy", "warn", "good" } },
    { "parcel.number",   { "123456789012", "123456789029", "123456789036" } },
    { "parcel.service",  { "Standart" }, { "Standard" } },
    { "parcel.partner",  { "Mahalle Kurye" }, { "Local Couriers" } },
    { "parcel.usual",    { "2-3 iş günü" }, { "2–3 working days" } },
    { "parcel.left",     { "Komşuya bırakıldı" }, { "Left with a neighbour" } },
    { "eta.label",       { "Tahmini teslimat" }, { "Expected" } },
    { "eta.window",      { "14:00–18:00" } },
    { "word.title",      { "Biraz gecikti" }, { "Running a little late" } },
    { "word.text",       { "Kargo firması gecikme bildirdi; izlemeyi "
                           "sürdürüyoruz." },
                         { "The carrier has told us of a delay; we’re keeping "
                           "an eye on it." } },
    { "mile.name",       { "Hazırlandı", "Yolda", "Teslim edildi" },
                         { "Packed", "On its way", "Delivered" } },
    { "mile.state",      { "done", "now", "todo" } },
    { "mile.state_text", { "tamamlandı", "şu anda", "sırada" },
                         { "done", "now", "to come" } },
    { "day.name",        { "21 Kasım Cumartesi", "20 Kasım Cuma",
                           "19 Kasım Perşembe" },
                         { "Saturday, November 21", "Friday, November 20",
                           "Thursday, November 19" } },
    { "scan.text",       { "Dağıtıma çıktı", "Aktarma merkezinde",
                           "Kargoya verildi" },
                         { "Out for delivery", "At a sorting centre",
                           "Handed to the carrier" } },
    { "scan.why",        { "Hava koşulları", "", "" }, { "Weather", "", "" } },
    { "scan.raw",        { "DAGITIMDA", "TRANSFER", "KABUL" } },
    { "offer.title",     { "Yeni hasat geldi" }, { "The new harvest is here" } },
    { "offer.text",      { "Bu hafta taze kavruldu." },
                         { "Freshly roasted this week." } },
    { "offer.action",    { "Göz at" }, { "Have a look" } },
    { "offer.code",      { "TAZE10" }, { "FRESH10" } },
    { "survey.question", { "Teslimattan ne kadar memnunsunuz?" },
                         { "How happy are you with the delivery?" } },
    { "survey.low",      { "Hiç" }, { "Not at all" } },
    { "survey.high",     { "Çok" }, { "Very" } },
    { "items.placed",    { "2 Kasım 2026" }, { "November 2, 2026" } },
    { "items.number",    { "KG-1001" } },
    { "rma_page.headline", { "Paketinizi bekliyoruz" },
                         { "We’re waiting for your parcel" } },
    { "rma_page.next",   { "Etiketi yazdırın ve paketi kargoya verin." },
                         { "Print the label and hand the parcel in." } },
    { "status_text",     { "Onaylandı", "Yolda", "İade edildi" },
                         { "Approved", "On its way", "Refunded" } },
    { "item.why",        { "İade süresi 16 Kasım’da doldu." },
                         { "The time to return it ended on November 16." } },
    { "title",    { "Etiyopya Yirgacheffe", "Hario V60 Demleme Seti",
                    "Seramik Kupa" },
                    { "Ethiopia Yirgacheffe", "Hario V60 brewing set",
                      "Ceramic cup" } },
    { "goods",    { "Etiyopya Yirgacheffe", "Hario V60 Demleme Seti",
                    "Seramik Kupa" },
                    { "Ethiopia Yirgacheffe", "Hario V60 brewing set",
                      "Ceramic cup" } },
    { "variant",  { "250 g / Filtre", "Beyaz", "350 ml" },
                    { "250 g / Filter", "White", "350 ml" } },
    { "sku",      { "ETH-YIRG-250-F", "V60-02", "KUPA-350" } },
    { "name",     { "Ayşe Yılmaz", "Mehmet Öztürk", "Şule Çağlar" } },
    { "actor",    { "Ayşe", "Mehmet", "Şule" } },
    { "carrier",  { "Yurtiçi Kargo", "UPS", "PTT" } },
    { "number",   { "KG-1001", "123456789012", "KG-1003" } },
    { "order",    { "KG-1001", "KG-1002", "KG-1003" } },
    { "id",       { "R-7K2M-Q4XD", "R-3HBN-W8TA", "R-9PVC-E5LS" } },
    { "email",    { "ayse@example.com", "mehmet@example.com",
                    "sule@example.com" } },
    { "phone",    { "+90 555 000 00 00", "+90 555 000 00 01",
                    "+90 555 000 00 02" } },
    { "city",     { "Şişli / İstanbul", "Çankaya / Ankara",
                    "Bornova / İzmir" } },
    { "place",    { "Şişli / İstanbul", "Çankaya / Ankara",
                    "Bornova / İzmir" } },
    { "amount",   { "₺420,00", "₺649,90", "₺349,00" },
                    { "₺420.00", "₺649.90", "₺349.00" } },
    { "price",    { "₺420,00", "₺649,90", "₺349,00" },
                    { "₺420.00", "₺649.90", "₺349.00" } },
    { "refund",   { "₺420,00", "₺649,90", "₺349,00" },
                    { "₺420.00", "₺649.90", "₺349.00" } },
    { "fee",      { "₺49,90", "₺0,00", "₺49,90" },
                    { "₺49.90", "₺0.00", "₺49.90" } },
    { "paid",     { "₺1.418,90", "₺649,90", "₺349,00" },
                    { "₺1,418.90", "₺649.90", "₺349.00" } },
    { "time",     { "14:05", "09:30", "18:42" } },
    { "iso",      { "2026-11-21T11:05:00Z", "2026-11-20T06:30:00Z",
                    "2026-11-19T15:42:00Z" } },
    { "day",      { "21 Kasım Cumartesi", "20 Kasım Cuma",
                    "19 Kasım Perşembe" },
                    { "Saturday, November 21", "Friday, November 20",
                      "Thursday, November 19" } },
    { "until",    { "5 Aralık 2026", "6 Aralık 2026", "7 Aralık 2026" },
                    { "December 5, 2026", "December 6, 2026",
                      "December 7, 2026" } },
    { "created",  { "21 Kasım 2026", "20 Kasım 2026", "19 Kasım 2026" },
                    { "November 21, 2026", "November 20, 2026",
                      "November 19, 2026" } },
    { "updated",  { "21 Kasım 14:05", "20 Kasım 09:30", "19 Kasım 18:42" },
                    { "Nov 21, 14:05", "Nov 20, 09:30", "Nov 19, 18:42" } },
    { "expires",  { "21 Aralık 2026", "20 Aralık 2026", "19 Aralık 2026" },
                    { "December 21, 2026", "December 20, 2026",
                      "December 19, 2026" } },
    { "due",      { "24 Kasım 2026", "25 Kasım 2026", "26 Kasım 2026" },
                    { "November 24, 2026", "November 25, 2026",
                      "November 26, 2026" } },
    { "by",       { "5 Aralık 2026", "6 Aralık 2026", "7 Aralık 2026" },
                    { "December 5, 2026", "December 6, 2026",
                      "December 7, 2026" } },
    { "code",     { "MNG-41", "TES", "IN-2" } },
    { "slug",     { "coffee", "filter", "cup" } },
    { "error",    { "…", "…", "…" } }
};


/*
 * What excludes something else in life, and so is shown in one of the variants
 * alone; of a list, how many there are.
 */
static const struct {
    const char  *name;
    unsigned     variants;         /* bits                                    */
} cxr_cli_alone[] = {
    { "track.single",        1 << CXR_CLI_FULL },
    { "track.several",       1 << CXR_CLI_FAULTS },
    { "track.none",          0 },
    { "track.number_only",   0 },
    { "parcel.is_return",    0 },
    { "parcel.delivered",    0 },
    { "items.claim",         1 << CXR_CLI_FAULTS },
    { "items.gift",          1 << CXR_CLI_FAULTS }
};

static const struct {
    const char  *name;
    unsigned     n[CXR_CLI_VARIANTS];
} cxr_cli_counts[] = {
    { "track.parcels",       { 1, CXR_CLI_PREVIEW_ITEMS, 0 } }
};


/* Is "name" that of the field behind the name of its struct and a dot. */
static bool
cxr_cli_is(const char *name, const cxr_type_t *t, const cxr_field_t *f)
{
    size_t  n = strlen(t->name);

    return strncmp(name, t->name, n) == 0 && name[n] == '.'
           && strcmp(name + n + 1, f->name) == 0;
}


static bool
cxr_cli_shown(const cxr_cli_preview_t *p, const cxr_type_t *t,
    const cxr_field_t *f)
{
    size_t  i;

    for (i = 0; i < cxr_nelts(cxr_cli_alone); i++) {
        if (cxr_cli_is(cxr_cli_alone[i].name, t, f)) {
            return cxr_cli_alone[i].variants >> p->variant & 1;
        }
    }

    /* the one row of several that things are at */

    if (f->kind == CXR_F_BOOL && p->row != 0
        && (strcmp(f->name, "newest") == 0 || strcmp(f->name, "checked") == 0
            || strcmp(f->name, "selected") == 0))
    {
        return false;
    }

    if (strcmp(f->name, "current") == 0) {
        return p->row == 1;
    }

    return p->variant != CXR_CLI_BARE
           && (p->variant == CXR_CLI_FAULTS
               || strstr(f->name, "error") == NULL);
}


static bool
cxr_cli_ends(const char *name, const char *end)
{
    size_t  n = strlen(name), m = strlen(end);

    return n >= m && strcmp(name + n - m, end) == 0
           && (n == m || name[n - m - 1] == '_');
}


/* NULL: its table has none for it. */
static const char *
cxr_cli_say_of(const cxr_cli_preview_t *p, const cxr_type_t *t,
    const cxr_field_t *f)
{
    bool                found = false;
    size_t              i;
    unsigned            row = p->row % CXR_CLI_PREVIEW_ITEMS;
    const char *const  *say;

    for (i = 0; i < cxr_nelts(cxr_cli_samples) && !found; i++) {
        found = cxr_cli_is(cxr_cli_samples[i].name, t, f);
    }

    if (!found) {
        for (i = 0; i < cxr_nelts(cxr_cli_samples) && !found; i++) {
            found = cxr_cli_ends(f->name, cxr_cli_samples[i].name);
        }
    }

    if (!found) {
        return NULL;
    }

    say = p->turkish || cxr_cli_samples[i - 1].english[0] == NULL
          ? cxr_cli_samples[i - 1].say : cxr_cli_samples[i - 1].english;

    return say[row] != NULL ? say[row] : say[0];
}


static cxr_str_t
cxr_cli_sample(cxr_cli_preview_t *p, const cxr_type_t *t, const cxr_field_t *f)
{
    char        *c;
    cxr_str_t    s;
    const char  *say;

    if (f->flags & CXR_FIELD_RAW) {
        return cxr_str("<svg xmlns=\"http://www.w3.org/2000/svg\" "
                       "viewBox=\"0 0 8 8\" width=\"96\" height=\"96\">"
                       "<path d=\"M0 0h3v3H0zM5 0h3v3H5zM0 5h3v3H0zM4 4h2v2H4z"
                       "M6 6h2v2H6z\"/></svg>");
    }

    if (strstr(f->name, "image") != NULL || strstr(f->name, "logo") != NULL) {
        return cxr_str("data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/"
                       "2000/svg'%20viewBox='0%200%208%208'%3E%3Crect%20"
                       "width='8'%20height='8'%20fill='%23b98'/%3E%3C/svg%3E");
    }

    if (f->flags & CXR_FIELD_URL) {
        return cxr_str("#");
    }

    say = cxr_cli_say_of(p, t, f);

    if (say != NULL) {
        return cxr_strz(say);
    }

    /* what is no thing of the world says which field it is */

    if (cxr_str_dup(p->a, cxr_strz(f->name), &s) != CXR_OK) {
        return CXR_STR_NONE;
    }

    for (c = (char *) s.data; *c != '\0'; c++) {
        *c = *c == '_' ? ' ' : *c;
    }

    return s;
}


static bool
cxr_cli_fill_list(cxr_cli_preview_t *p, const cxr_type_t *t,
    const cxr_field_t *f, void *at, unsigned depth)
{
    char                 *items;
    size_t                size;
    unsigned              i, n = CXR_CLI_PREVIEW_ITEMS, row = p->row;
    CXR_LIST_OF(char)    *list = at;

    if (p->variant == CXR_CLI_BARE || depth >= CXR_CLI_PREVIEW_DEPTH) {
        return true;
    }

    for (i = 0; i < cxr_nelts(cxr_cli_counts); i++) {
        if (cxr_cli_is(cxr_cli_counts[i].name, t, f)) {
            n = cxr_cli_counts[i].n[p->variant];
        }
    }

    size = f->kind == CXR_F_STRS ? sizeof(cxr_str_t) : f->sub->size;
    items = cxr_calloc(p->a, n, size);

    if (items == NULL) {
        return false;
    }

    list->items = items;
    list->n = n;

    for (i = 0; i < list->n; i++) {
        p->row = i;

        if (f->kind == CXR_F_STRS) {
            *(cxr_str_t *) (void *) (items + i * size) = cxr_cli_sample(p, t,
                                                                        f);

        } else if (!cxr_cli_fill(p, f->sub, items + i * size, depth + 1)) {
            return false;
        }
    }

    p->row = row;

    return true;
}


static bool
cxr_cli_fill_struct(cxr_cli_preview_t *p, const cxr_field_t *f, void *at,
    unsigned depth)
{
    char             *sub;
    cxr_view_page_t  *page;

    if (f->sub == &cxr_view_page_type) {

        /* the shop's own head and foot */

        if (cxr_view_page(p->ctx, cxr_strz(p->title), cxr_str("/"), p->a,
                          &page)
            != CXR_OK)
        {
            return false;
        }

        *(cxr_view_page_t **) at = page;

        return true;
    }

    if (p->variant == CXR_CLI_BARE || depth >= CXR_CLI_PREVIEW_DEPTH) {
        return true;
    }

    sub = cxr_calloc(p->a, 1, f->sub->size);
    *(char **) at = sub;

    return sub != NULL && cxr_cli_fill(p, f->sub, sub, depth + 1);
}


bool
cxr_cli_fill(cxr_cli_preview_t *p, const cxr_type_t *t, char *obj,
    unsigned depth)
{
    bool                shown;
    void               *at;
    const cxr_field_t  *f;

    for (f = t->fields; f->name != NULL; f++) {
        at = obj + f->offset;

        shown = cxr_cli_shown(p, t, f);

        switch ((cxr_kind_t) f->kind) {

        case CXR_F_BOOL:
            *(bool *) at = shown;
            break;

        case CXR_F_U8:
            *(uint8_t *) at = (uint8_t) (p->row + 1);
            break;

        case CXR_F_U16:
            *(uint16_t *) at = (uint16_t) (p->row + 1);
            break;

        case CXR_F_U32:
            *(uint32_t *) at = p->row + 1;
            break;

        case CXR_F_I64:
        case CXR_F_U64:
        case CXR_F_TIME:
        case CXR_F_MONEY:
            *(int64_t *) at = p->row + 1;
            break;

        case CXR_F_ENUM:
            *(uint8_t *) at = f->names[1] != NULL ? 1 : 0;
            break;

        case CXR_F_STR:
        case CXR_F_BYTES:
            if (shown) {
                *(cxr_str_t *) at = cxr_cli_sample(p, t, f);
            }

            break;

        case CXR_F_STRS:
        case CXR_F_LIST:
            if (!cxr_cli_fill_list(p, t, f, at, depth)) {
                return false;
            }

            break;

        case CXR_F_REC:
            if (!cxr_cli_fill_struct(p, f, at, depth)) {
                return false;
            }

            break;
        }
    }

    return true;
}

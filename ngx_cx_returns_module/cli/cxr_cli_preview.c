
/*
 * Every page as a file that a browser opens, filled by the table of its view:
 * a page that is new is shown without anything being added here.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cxr_cli_fields.h"
#include "cxr_cli_preview.h"
#include "cxr_cli_templates.h"
#include "cxr_cli_world.h"

#include "cxr_css.h"
#include "cxr_pages.h"
#include "cxr_shop.h"
#include "cxr_shop_picture.h"
#include "cxr_view.h"

#define CXR_CLI_PREVIEW_PAGE   (4 * 1024 * 1024)
#define CXR_CLI_PREVIEW_CSS    "preview.css"


static const char *const  cxr_cli_suffixes[] = { "", ".faults", ".bare" };


/* A shop for those who name none. */
static const char  cxr_cli_sample_shop[] =
    "{\"name\":\"Örnek Kahve\",\"origin\":\"https://shop.example\","
    "\"home\":\"https://shop.example/\",\"portal\":\"/returns/\","
    "\"track\":\"/track/\",\"staff\":\"/staff/\",\"assets\":\"/assets/\","
    "\"languages\":[\"tr\",\"en\"],\"currency\":\"TRY\","
    "\"time_zone\":\"Europe/Istanbul\",\"order_link_days\":30,"
    "\"track_link_days\":180,\"rma_link_days\":365,"
    "\"brand\":{\"accent\":\"#7a3b12\",\"on_accent\":\"#ffffff\","
    "\"accent_dark\":\"#e9b98a\",\"on_accent_dark\":\"#2a1405\"},"
    "\"support\":{\"email\":\"destek@shop.example\","
    "\"phone\":\"+90 212 555 01 42\"},"
    "\"carriers\":[{\"carrier\":\"yurtici\",\"name\":\"Yurtiçi Kargo\","
    "\"url\":\"https://carrier.example/?n={number}\"}],"
    "\"warehouse\":{\"name\":\"Örnek Kahve İade\",\"lines\":[\"Cadde 1\"],"
    "\"postcode\":\"34433\",\"city\":\"İstanbul\",\"country\":\"TR\"},"
    "\"policy\":{\"window_days\":14,\"fallback_days\":5,"
    "\"final_sale_tags\":[\"son-firsat\"],\"outcomes\":[\"refund\"],"
    "\"auto_approve\":true,\"fee\":0,\"label_days\":30,"
    "\"reasons\":[{\"code\":\"changed_mind\"},{\"code\":\"other\"}]}}";


static int
cxr_cli_write(const char *dir, const char *name, cxr_str_t text)
{
    int    n, fd;
    char   path[4096];
    bool   ok;
    FILE  *f;

    n = snprintf(path, sizeof(path), "%s/%s", dir, name);

    /* an order's pages name a person, and the directory may be in /tmp */

    fd = n < (int) sizeof(path)
         ? open(path, O_WRONLY|O_CREAT|O_TRUNC|O_NOFOLLOW|O_CLOEXEC, 0600)
         : -1;
    f = fd != -1 && fchmod(fd, 0600) == 0 ? fdopen(fd, "wb") : NULL;

    if (f == NULL) {
        cxr_cli_say("%s/%s: %s", dir, name,
                    n < (int) sizeof(path) ? strerror(errno)
                                           : "its path is too long");
        if (fd != -1) {
            (void) close(fd);
        }

        return CXR_EXIT_FAILED;
    }

    ok = fwrite(text.data, 1, text.len, f) == text.len;
    ok = fclose(f) == 0 && ok;

    if (!ok) {
        cxr_cli_say("%s: it cannot be written", path);
        return CXR_EXIT_FAILED;
    }

    return CXR_EXIT_OK;
}


int
cxr_cli_sheet_page(const cxr_cli_sheet_t *sheet, const char *template,
    const char *file, const void *view)
{
    int                        status;
    cxr_rc_t                   rc;
    cxr_buf_t                  page;
    cxr_diag_t                 d;
    cxr_template_t            *tpl;
    const cxr_template_use_t  *use = cxr_pages;

    memset(&d, 0, sizeof(cxr_diag_t));

    while (strcmp(use->name, template) != 0) {
        use++;
    }

    rc = cxr_template_compile(sheet->html->set, use->name, sheet->ctx->lang,
                              use->view, &tpl, &d);
    if (rc != CXR_OK) {
        return cxr_cli_diag(&d, rc);
    }

    cxr_buf_init(&page, CXR_CLI_PREVIEW_PAGE);

    if (cxr_template_render(tpl, view, &page) != CXR_OK) {
        cxr_cli_say("%s: not enough memory", use->name);
        status = CXR_EXIT_FAILED;

    } else {
        cxr_buf_addf(sheet->index, "<li><a href=\"%s%s\">%s</a></li>\n",
                     sheet->prefix, file, file);
        (*sheet->pages)++;
        status = cxr_cli_write(sheet->out, file, cxr_buf_str(&page));
    }

    cxr_template_free(tpl);
    cxr_buf_free(&page);

    return status;
}


/* Each template thrice, filled by the table of its view. */
static int
cxr_cli_preview_samples(cxr_cli_preview_t *p, const cxr_cli_sheet_t *sheet)
{
    int                        status;
    char                       name[128];
    char                      *view;
    const char                *ext;
    const cxr_template_use_t  *use;

    for (use = cxr_pages; use->name != NULL; use++) {
        for (p->variant = CXR_CLI_FULL; p->variant < CXR_CLI_VARIANTS;
             p->variant++)
        {
            ext = strrchr(use->name, '.');
            (void) snprintf(name, sizeof(name), "%.*s%s%s",
                            (int) (ext - use->name), use->name,
                            cxr_cli_suffixes[p->variant], ext);

            view = cxr_calloc(p->a, 1, use->view->size);
            p->title = use->name;
            p->row = 0;

            if (view == NULL || !cxr_cli_fill(p, use->view, view, 0)) {
                cxr_cli_say("%s: not enough memory", use->name);
                return CXR_EXIT_FAILED;
            }

            status = cxr_cli_sheet_page(sheet, use->name, name, view);
            if (status != CXR_EXIT_OK) {
                return status;
            }
        }
    }

    return CXR_EXIT_OK;
}


/* With a store only what it has of the order: nothing is made up. */
static int
cxr_cli_preview_store(const cxr_cli_command_t *cmd,
    const cxr_cli_sheet_t *sheet, const char *dir, const char *keys,
    const char *number)
{
    int             status;
    cxr_rc_t        rc;
    cxr_diag_t      d;
    cxr_store_t    *store;
    cxr_keyring_t  *ring;

    memset(&d, 0, sizeof(cxr_diag_t));

    rc = cxr_keyring_load(keys, &ring, &d);
    if (rc != CXR_OK) {
        (void) cxr_cli_diag(&d, rc);
        return CXR_EXIT_FAILED;
    }

    status = cxr_cli_store_open(dir, ring, &store);

    if (status == CXR_EXIT_OK) {
        status = cxr_cli_preview_order(cmd, sheet, store, number);
        cxr_store_close(store);
    }

    cxr_keyring_free(ring);

    return status;
}


/* The shop's own sheet or ours, its colours, and what it adds. */
static int
cxr_cli_preview_css(const char *html, const char *shop_file,
    const cxr_shop_t *shop, const char *out)
{
    int           n = 0, status;
    char          path[4096];
    size_t        len;
    cxr_buf_t     css;
    cxr_diag_t    d;
    struct stat   st;

    if (shop_file != NULL) {
        len = strlen(shop_file);
        len -= len > 5 && strcmp(shop_file + len - 5, ".json") == 0 ? 5 : 0;
        n = snprintf(path, sizeof(path), "%.*s/css/cx.css", (int) len,
                     shop_file);
    }

    if (shop_file == NULL || n >= (int) sizeof(path)
        || stat(path, &st) == -1)
    {
        n = snprintf(path, sizeof(path), "%s/css/cx.css", html);
    }

    cxr_buf_init(&css, CXR_CLI_PREVIEW_PAGE);

    if (n >= (int) sizeof(path) || !cxr_cli_slurp(path, &css)
        || cxr_brand_css(shop, &css) != CXR_OK || !cxr_buf_ok(&css))
    {
        cxr_buf_free(&css);
        return CXR_EXIT_FAILED;
    }

    path[0] = '\0';
    memset(&d, 0, sizeof(d));

    if ((shop_file != NULL
         && cxr_cli_shop_folder(shop_file, "/css/shop.css", path, sizeof(path))
            != CXR_EXIT_OK)
        || (path[0] != '\0' && cxr_css_shop(path, &css, &d) != CXR_OK))
    {
        if (d.text[0] != '\0') {
            (void) cxr_diag_print(&d, path, sizeof(path));
            cxr_cli_say("%s", path);
        }

        cxr_buf_free(&css);
        return CXR_EXIT_WRONG;
    }

    status = cxr_cli_write(out, CXR_CLI_PREVIEW_CSS, cxr_buf_str(&css));
    cxr_buf_free(&css);

    return status;
}


/* Pages in files show a picture from where it is. */
static cxr_rc_t
cxr_cli_preview_pictures(cxr_shop_t *shop, const char *file, cxr_arena_t *a,
    cxr_diag_t *diags, size_t *n)
{
    char         path[PATH_MAX], whole[PATH_MAX];
    int          len;
    cxr_rc_t     rc;
    uint32_t     i;
    cxr_str_t    url;
    const char  *slash;

    rc = cxr_shop_pictures_check(shop, file, diags, CXR_CLI_DIAGS_MAX, n);
    slash = strrchr(file, '/');

    for (i = 0; i < shop->pictures.n && rc == CXR_OK; i++) {
        len = snprintf(path, sizeof(path), "%.*s%.*s",
                       slash ? (int) (slash + 1 - file) : 0, file,
                       cxr_str_arg(shop->pictures.items[i].name));

        if (len >= (int) sizeof(path) || realpath(path, whole) == NULL) {
            return CXR_IO;
        }

        rc = cxr_str_dup(a, cxr_strz(whole), &url);

        if (rc == CXR_OK) {
            cxr_shop_picture_at(shop, &shop->pictures.items[i], url);
        }
    }

    return rc;
}


static cxr_shop_t *
cxr_cli_preview_shop(const char *file, cxr_arena_t *a, int *status)
{
    char         line[sizeof(cxr_diag_t)];
    size_t       i, n = 0;
    cxr_rc_t     rc;
    cxr_shop_t  *shop;

    static cxr_diag_t  diags[CXR_CLI_DIAGS_MAX];

    memset(diags, 0, sizeof(diags));

    rc = file != NULL
         ? cxr_shop_load(file, a, &shop, diags, CXR_CLI_DIAGS_MAX, &n)
         : cxr_shop_parse(cxr_strz(cxr_cli_sample_shop), cxr_str("sample"),
                          "sample", a, &shop, diags, CXR_CLI_DIAGS_MAX, &n);

    if (rc == CXR_OK && file != NULL) {
        rc = cxr_cli_preview_pictures(shop, file, a, diags, &n);

        if (rc != CXR_OK) {
            cxr_shop_free(shop);
        }
    }

    if (rc == CXR_OK) {
        return shop;
    }

    for (i = 0; i < n && i < CXR_CLI_DIAGS_MAX; i++) {
        (void) cxr_diag_print(&diags[i], line, sizeof(line));
        (void) fprintf(stderr, "%s\n", line);
    }

    *status = cxr_cli_status(rc);

    return NULL;
}


typedef struct {
    const char  *out;
    const char  *lang;
    const char  *shop;
    const char  *store;
    const char  *keys;
    const char  *order;
    const char  *html;
} cxr_cli_preview_ask_t;


/* All pages in one language, and their part of the list. */
static int
cxr_cli_preview_pages(const cxr_cli_command_t *cmd,
    const cxr_cli_preview_ask_t *ask, const cxr_lang_t *lang,
    cxr_cli_preview_t *p, cxr_cli_sheet_t *sheet)
{
    int              status;
    cxr_rc_t         rc;
    cxr_diag_t       d;
    cxr_view_ctx_t  *ctx;

    memset(&d, 0, sizeof(cxr_diag_t));

    rc = cxr_view_ctx_make(sheet->shop, sheet->html->cat, lang,
                           cxr_str(CXR_CLI_PREVIEW_CSS), CXR_STR_NONE, p->a,
                           &ctx, &d);
    if (rc != CXR_OK) {
        return cxr_cli_diag(&d, rc);
    }

    p->ctx = ctx;
    p->turkish = cxr_str_is(cxr_lang_code(lang), "tr");
    sheet->ctx = ctx;

    cxr_buf_addf(sheet->index, "<h2>%.*s</h2>\n<ul>\n",
                 cxr_str_arg(cxr_lang_name(lang)));

    status = cxr_cli_dir_make(sheet->out);

    if (status == CXR_EXIT_OK) {
        status = cxr_cli_preview_css(ask->html, ask->shop, sheet->shop,
                                     sheet->out);
    }

    if (status == CXR_EXIT_OK) {
        status = ask->order != NULL
                 ? cxr_cli_preview_store(cmd, sheet, ask->store, ask->keys,
                                         ask->order)
                 : cxr_cli_preview_samples(p, sheet);
    }

    cxr_buf_addz(sheet->index, "</ul>\n");

    return status;
}


/* Beside the pages, what their templates may name. */
static int
cxr_cli_preview_names(const char *out, cxr_buf_t *index)
{
    int                        status = CXR_EXIT_OK;
    char                       name[128], *text = NULL;
    FILE                      *f;
    size_t                     n = 0;
    const cxr_template_use_t  *use;

    cxr_buf_addz(index, "<h2>{{\xe2\x80\xa6}}</h2>\n<ul>\n");

    for (use = cxr_pages; use->name != NULL && status == CXR_EXIT_OK; use++) {
        f = open_memstream(&text, &n);
        if (f == NULL) {
            cxr_cli_say("not enough memory");
            return CXR_EXIT_FAILED;
        }

        cxr_cli_fields_print(use->name, use->view, f);
        (void) fclose(f);

        (void) snprintf(name, sizeof(name), "%s.txt", use->name);
        cxr_buf_addf(index, "<li><a href=\"%s\">%s</a></li>\n", name, name);
        status = cxr_cli_write(out, name, cxr_strn(text, n));
        free(text);
        text = NULL;
    }

    cxr_buf_addz(index, "</ul>\n");

    return status;
}


/* In the language that is asked for, or in each of the shop's. */
static int
cxr_cli_preview_languages(const cxr_cli_command_t *cmd,
    const cxr_cli_preview_ask_t *ask, cxr_cli_preview_t *p,
    cxr_cli_sheet_t *sheet)
{
    int                status = CXR_EXIT_OK;
    char               out[4096], prefix[64];
    uint32_t           i, n;
    cxr_str_t          code;
    const cxr_lang_t  *lang;

    n = ask->lang != NULL ? 1 : sheet->shop->languages.n;

    for (i = 0; i < n && status == CXR_EXIT_OK; i++) {
        code = ask->lang != NULL ? cxr_strz(ask->lang)
                                 : sheet->shop->languages.items[i];
        lang = cxr_catalog_lang(sheet->html->cat, code);

        if (lang == NULL) {
            cxr_cli_say("there is no language \"%.*s\" in %s/i18n",
                        cxr_str_arg(code), ask->html);
            return CXR_EXIT_WRONG;
        }

        (void) snprintf(prefix, sizeof(prefix), "%.*s/", cxr_str_arg(code));

        if (ask->lang != NULL) {
            prefix[0] = '\0';
        }

        if (snprintf(out, sizeof(out), "%s/%s", ask->out, prefix)
            >= (int) sizeof(out))
        {
            cxr_cli_say("%s: the path is too long", ask->out);
            return CXR_EXIT_FAILED;
        }

        out[strlen(out) - 1] = '\0';
        sheet->out = out;
        sheet->prefix = prefix;

        status = cxr_cli_preview_pages(cmd, ask, lang, p, sheet);
    }

    return status;
}


static int
cxr_cli_preview_shown(const cxr_cli_command_t *cmd,
    const cxr_cli_preview_ask_t *ask, cxr_cli_html_t *h)
{
    int                status = CXR_EXIT_FAILED;
    unsigned           pages = 0;
    cxr_buf_t          index;
    cxr_shop_t        *shop;
    cxr_cli_sheet_t    sheet;
    cxr_cli_preview_t  p;

    memset(&p, 0, sizeof(cxr_cli_preview_t));
    memset(&sheet, 0, sizeof(cxr_cli_sheet_t));

    p.a = cxr_arena_create(CXR_CLI_ARENA_MAX);

    shop = p.a ? cxr_cli_preview_shop(ask->shop, p.a, &status) : NULL;
    if (shop == NULL) {
        cxr_arena_destroy(p.a);
        return status;
    }

    cxr_buf_init(&index, 256 * 1024);
    cxr_buf_addz(&index, "<!doctype html>\n<meta charset=\"utf-8\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width\">\n"
                 "<title>Preview</title>\n<h1>Preview</h1>\n");

    sheet.shop = shop;
    sheet.arena = p.a;
    sheet.html = h;
    sheet.index = &index;
    sheet.pages = &pages;

    status = cxr_cli_dir_make(ask->out);

    if (status == CXR_EXIT_OK) {
        status = cxr_cli_preview_languages(cmd, ask, &p, &sheet);
    }

    if (status == CXR_EXIT_OK && ask->order == NULL) {
        status = cxr_cli_preview_names(ask->out, &index);
    }

    if (status == CXR_EXIT_OK) {
        status = cxr_cli_write(ask->out, "index.html", cxr_buf_str(&index));
    }

    if (status == CXR_EXIT_OK) {
        (void) printf("%s/index.html: %u pages\n", ask->out, pages);
    }

    cxr_buf_free(&index);
    cxr_shop_free(shop);
    cxr_arena_destroy(p.a);

    return status;
}


int
cxr_cli_templates_preview(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int                    n, status;
    cxr_cli_html_t         h;
    cxr_cli_preview_ask_t  ask;

    cxr_cli_option_t  opts[] = {
        { "out", &ask.out, NULL },
        { "lang", &ask.lang, NULL },
        { "shop", &ask.shop, NULL },
        { "store", &ask.store, NULL },
        { "keys", &ask.keys, NULL },
        { "order", &ask.order, NULL },
        { NULL, NULL, NULL }
    };

    memset(&ask, 0, sizeof(cxr_cli_preview_ask_t));

    n = cxr_cli_options(cmd, argc, argv, opts, 1, 1, &status);
    if (n == -1) {
        return status;
    }

    if (ask.out == NULL) {
        return cxr_cli_usage(cmd, "--out says where the pages go");
    }

    if (ask.order != NULL
        && (!cxr_cli_need(cmd, "store", ask.store)
            || !cxr_cli_need(cmd, "keys", ask.keys)
            || !cxr_cli_need(cmd, "shop", ask.shop)))
    {
        return CXR_EXIT_USAGE;
    }

    ask.html = argv[1];

    status = cxr_cli_html_open(ask.html, ask.shop, &h);

    if (status == CXR_EXIT_OK) {
        status = cxr_cli_preview_shown(cmd, &ask, &h);
    }

    cxr_cli_html_close(&h);

    return status;
}

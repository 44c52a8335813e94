
/*
 * Templates without nginx: checked as "nginx -t" does, and Mustache over JSON.
 */

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "cxr_cli.h"

#include "cxr_cli_fields.h"
#include "cxr_cli_templates.h"
#include "cxr_css.h"
#include "cxr_i18n.h"
#include "cxr_pages.h"

#define CXR_CLI_JSON_MAX  (16 * 1024 * 1024)


/* ---- check ---- */

static void
cxr_cli_template_fault(void *ctx, const cxr_diag_t *d)
{
    char  line[sizeof(cxr_diag_t)];

    (void) cxr_diag_print(d, line, sizeof(line));
    (void) fprintf(stderr, "%s\n", line);
}


static bool
cxr_cli_is_dir(const char *path)
{
    struct stat  st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}


int
cxr_cli_shop_folder(const char *shop, const char *part, char *out,
    size_t size)
{
    size_t       len = strlen(shop);
    struct stat  st;

    out[0] = '\0';

    if (stat(shop, &st) == -1 || !S_ISREG(st.st_mode)) {
        cxr_cli_say("%s: --shop names a shop's file, as cx_returns_shop does%s"
                    "%s", shop, errno ? ": " : "", errno ? strerror(errno)
                                                         : "");
        return CXR_EXIT_FAILED;
    }

    if (len > 5 && strcmp(shop + len - 5, ".json") == 0) {
        len -= 5;
    }

    if (snprintf(out, size, "%.*s%s", (int) len, shop, part) >= (int) size) {
        out[0] = '\0';
        cxr_cli_say("%s: the path is too long", shop);
        return CXR_EXIT_FAILED;
    }

    if (stat(out, &st) == -1 && (errno == ENOENT || errno == ENOTDIR)) {
        out[0] = '\0';                   /* it has none of its own */
    }

    return CXR_EXIT_OK;
}


/* What the shop's folder adds to our style sheet; false: explained. */
static bool
cxr_cli_shop_css(const char *shop)
{
    char        path[4096];
    cxr_rc_t    rc = CXR_OK;
    cxr_buf_t   css;
    cxr_diag_t  d;

    if (cxr_cli_shop_folder(shop, "/css/shop.css", path, sizeof(path))
        != CXR_EXIT_OK)
    {
        return false;
    }

    memset(&d, 0, sizeof(d));
    cxr_buf_init(&css, CXR_SHOP_CSS_MAX + 1);

    if (path[0] != '\0') {
        rc = cxr_css_shop(path, &css, &d);
    }

    cxr_buf_free(&css);

    if (rc != CXR_OK) {
        cxr_cli_template_fault(NULL, &d);
    }

    return rc == CXR_OK;
}


int
cxr_cli_html_open(const char *html, const char *shop, cxr_cli_html_t *h)
{
    int          n;
    size_t       ndirs = 1;
    cxr_rc_t     rc;
    cxr_diag_t   d;
    const char  *dirs[2];

    memset(h, 0, sizeof(cxr_cli_html_t));
    memset(&d, 0, sizeof(cxr_diag_t));

    n = snprintf(h->own, sizeof(h->own), "%s/i18n", html);

    if (n >= (int) sizeof(h->own)) {
        cxr_cli_say("%s: the path is too long", html);
        return CXR_EXIT_FAILED;
    }

    rc = cxr_catalog_load(h->own, &h->cat, &d);
    if (rc != CXR_OK) {
        return cxr_cli_diag(&d, rc);
    }

    (void) snprintf(h->templates, sizeof(h->templates), "%s/templates", html);
    dirs[0] = h->templates;
    h->own[0] = '\0';

    if (shop != NULL) {
        errno = 0;
        n = cxr_cli_shop_folder(shop, "/templates", h->own, sizeof(h->own));

        if (n != CXR_EXIT_OK) {
            return n;
        }

        if (h->own[0] != '\0') {
            dirs[ndirs++] = h->own;
        }
    }

    rc = cxr_templates_open(dirs, ndirs, &h->set, &d);

    return rc == CXR_OK ? CXR_EXIT_OK : cxr_cli_diag(&d, rc);
}


void
cxr_cli_html_close(cxr_cli_html_t *h)
{
    cxr_templates_close(h->set);
    cxr_catalog_free(h->cat);
}


static int
cxr_cli_templates_check(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int             n, status;
    char            folder[4096];
    size_t          faults = 0;
    const char     *shop = NULL;
    cxr_cli_html_t  h;

    cxr_cli_option_t  opts[] = {
        { "shop", &shop, NULL },
        { NULL, NULL, NULL }
    };

    n = cxr_cli_options(cmd, argc, argv, opts, 1, 1, &status);
    if (n == -1) {
        return status;
    }

    status = cxr_cli_html_open(argv[1], shop, &h);

    if (status == CXR_EXIT_OK) {
        faults = cxr_template_check(h.set, h.cat, cxr_pages,
                                    cxr_cli_template_fault, NULL);

        faults += shop != NULL && !cxr_cli_shop_css(shop);

        if (faults != 0) {
            status = CXR_EXIT_WRONG;

        } else {
            cxr_catalog_borrowed(h.cat, true, cxr_cli_template_fault, NULL);

            if (h.own[0] != '\0') {
                cxr_templates_unused(h.set, cxr_cli_template_fault, NULL);
            }

            if (shop != NULL
                && cxr_cli_shop_folder(shop, "", folder, sizeof(folder))
                   == CXR_EXIT_OK
                && folder[0] != '\0')
            {
                cxr_shop_folder_unused(folder, cxr_cli_template_fault, NULL);
            }

            (void) printf("%s: good: %d pages, %zu languages%s%s\n", argv[1],
                          CXR_PAGES, cxr_catalog_nlangs(h.cat),
                          h.own[0] ? ", with what is in " : "", h.own);
        }
    }

    cxr_cli_html_close(&h);

    return status;
}


/* ---- Mustache over JSON ---- */

bool
cxr_cli_slurp(const char *path, cxr_buf_t *b)
{
    FILE    *f;
    size_t   n;
    char     piece[65536];
    bool     ok;

    f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");

    if (f == NULL) {
        cxr_cli_say("%s: %s", path, strerror(errno));
        return false;
    }

    while ((n = fread(piece, 1, sizeof(piece), f)) != 0) {
        cxr_buf_add(b, piece, n);
    }

    ok = !ferror(f);

    if (f != stdin) {
        (void) fclose(f);
    }

    if (!ok || !cxr_buf_ok(b)) {
        cxr_cli_say("%s: %s", path, ok ? "the file is too large"
                                       : "it cannot be read");
        return false;
    }

    return true;
}


static json_t *
cxr_cli_json(const char *path)
{
    json_t        *value = NULL;
    cxr_buf_t      b;
    json_error_t   e;

    cxr_buf_init(&b, CXR_CLI_JSON_MAX);

    if (cxr_cli_slurp(path, &b)) {
        value = json_loadb(b.data ? b.data : "", b.len, JSON_DECODE_ANY, &e);

        if (value == NULL) {
            cxr_cli_say("%s:%d: %s", path, e.line, e.text);
        }
    }

    cxr_buf_free(&b);

    return value;
}


/* Every file of the directory by its name without the last suffix. */
static json_t *
cxr_cli_partials(const char *dir)
{
    DIR            *d;
    char            path[4096], *dot;
    json_t         *all;
    cxr_buf_t       b;
    struct dirent  *e;

    d = opendir(dir);
    if (d == NULL) {
        cxr_cli_say("%s: %s", dir, strerror(errno));
        return NULL;
    }

    all = json_object();

    while (all != NULL && (e = readdir(d)) != NULL) {
        if (e->d_name[0] == '.' || e->d_type == DT_DIR
            || snprintf(path, sizeof(path), "%s/%s", dir, e->d_name)
               >= (int) sizeof(path))
        {
            continue;
        }

        cxr_buf_init(&b, CXR_TEMPLATE_FILE_MAX);

        dot = strrchr(e->d_name, '.');
        if (dot != NULL) {
            *dot = '\0';
        }

        if (!cxr_cli_slurp(path, &b)) {
            json_decref(all);
            all = NULL;

        } else if (json_object_set_new(all, e->d_name,
                                       json_stringn(b.data ? b.data : "",
                                                    b.len))
                   != 0)
        {
            cxr_cli_say("%s: this is not UTF-8", path);
            json_decref(all);
            all = NULL;
        }

        cxr_buf_free(&b);
    }

    closedir(d);

    return all;
}


static int
cxr_cli_templates_render(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int           n, status;
    json_t       *value = NULL, *partials = NULL;
    cxr_rc_t      rc;
    cxr_buf_t     source, out;
    cxr_diag_t    d;
    const char   *data = NULL, *from = NULL;

    cxr_cli_option_t  opts[] = {
        { "data", &data, NULL },
        { "partials", &from, NULL },
        { NULL, NULL, NULL }
    };

    n = cxr_cli_options(cmd, argc, argv, opts, 1, 2, &status);
    if (n == -1) {
        return status;
    }

    if (n == 2 && data != NULL) {
        cxr_cli_say("data come from %s or from %s, not from both", data,
                    argv[2]);
        return CXR_EXIT_USAGE;
    }

    data = n == 2 ? argv[2] : data;

    cxr_buf_init(&source, CXR_TEMPLATE_FILE_MAX);
    cxr_buf_init(&out, CXR_CLI_JSON_MAX);
    memset(&d, 0, sizeof(cxr_diag_t));

    value = data ? cxr_cli_json(data) : json_object();

    if (from != NULL) {
        partials = cxr_cli_is_dir(from) ? cxr_cli_partials(from)
                                        : cxr_cli_json(from);
    }

    status = CXR_EXIT_FAILED;

    if (value != NULL && (from == NULL || partials != NULL)
        && cxr_cli_slurp(argv[1], &source))
    {
        rc = cxr_template_render_json(cxr_buf_str(&source), value, partials,
                                      &out, &d);

        if (rc != CXR_OK) {
            if (d.file[0] == '\0') {
                cxr_diag_place(&d, argv[1], d.line, d.column);
            }

            status = cxr_cli_diag(&d, rc);

        } else {
            (void) fwrite(out.data ? out.data : "", 1, out.len, stdout);
            status = CXR_EXIT_OK;
        }
    }

    json_decref(value);
    json_decref(partials);
    cxr_buf_free(&source);
    cxr_buf_free(&out);

    return status;
}


/* Whether a test's data have a function in them, as ~lambdas.json writes it. */
static bool
cxr_cli_spec_lambda(json_t *data)
{
    size_t       i;
    json_t      *item;
    const char  *key, *tag;

    tag = json_string_value(json_object_get(data, "__tag__"));

    if (tag != NULL && strcmp(tag, "code") == 0) {
        return true;
    }

    json_object_foreach(data, key, item) {
        if (cxr_cli_spec_lambda(item)) {
            return true;
        }
    }

    json_array_foreach(data, i, item) {
        if (cxr_cli_spec_lambda(item)) {
            return true;
        }
    }

    return false;
}


/* One case of a file of the specification; true when it holds. */
static bool
cxr_cli_spec_case(const json_t *test)
{
    bool          good = false;
    json_t       *data, *partials;
    cxr_rc_t      rc;
    cxr_buf_t     out;
    cxr_str_t     want;
    cxr_diag_t    d;
    const json_t *source, *expected;

    source = json_object_get(test, "template");
    expected = json_object_get(test, "expected");
    data = json_object_get(test, "data");
    partials = json_object_get(test, "partials");

    if (!json_is_string(source) || !json_is_string(expected)) {
        (void) printf("# no template, or nothing expected\n");
        return false;
    }

    memset(&d, 0, sizeof(cxr_diag_t));
    cxr_buf_init(&out, CXR_CLI_JSON_MAX);
    data = data ? json_incref(data) : json_object();

    rc = cxr_template_render_json(cxr_strn(json_string_value(source),
                                           json_string_length(source)),
                                  data, partials, &out, &d);

    want = cxr_strn(json_string_value(expected),
                    json_string_length(expected));

    if (rc != CXR_OK) {
        (void) printf("# refused: %s\n", d.text);

    } else if (!cxr_str_eq(cxr_buf_str(&out), want)) {
        (void) printf("# wanted \"%.*s\"\n# got    \"%.*s\"\n",
                      cxr_str_arg(want), (int) out.len,
                      out.data ? out.data : "");

    } else {
        good = true;
    }

    json_decref(data);
    cxr_buf_free(&out);

    return good;
}


static int
cxr_cli_templates_spec(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int          n, i, status;
    bool         good, skip;
    json_t      *file, *tests, *test;
    size_t       k, number = 0, failed = 0;
    const char  *name;

    cxr_cli_option_t  opts[] = { { NULL, NULL, NULL } };

    n = cxr_cli_options(cmd, argc, argv, opts, 1, 1000, &status);
    if (n == -1) {
        return status;
    }

    for (i = 1; i <= n; i++) {
        file = cxr_cli_json(argv[i]);
        tests = json_object_get(file, "tests");

        if (!json_is_array(tests)) {
            cxr_cli_say("%s: there is no list of \"tests\"", argv[i]);
            json_decref(file);
            return CXR_EXIT_FAILED;
        }

        json_array_foreach(tests, k, test) {
            name = json_string_value(json_object_get(test, "name"));
            skip = cxr_cli_spec_lambda(json_object_get(test, "data"));
            good = skip || cxr_cli_spec_case(test);
            failed += !good;

            (void) printf("%sok %zu - %s: %s%s\n", good ? "" : "not ",
                          ++number, argv[i], name ? name : "",
                          skip ? " # SKIP lambdas are functions, and JSON has "
                                 "none" : "");
        }

        json_decref(file);
    }

    (void) printf("1..%zu\n", number);

    return failed ? CXR_EXIT_WRONG : CXR_EXIT_OK;
}


const cxr_cli_command_t  cxr_cli_templates[] = {
    { "templates", "check", "DIR [--shop FILE]",
      "check all pages, as \"nginx -t\" does",
      "    DIR is what cx_returns_html names, with templates/ and i18n/ in\n"
      "    it. Every page is compiled in every language; each mistake is\n"
      "    named with its file and line. With --shop, what is in the folder\n"
      "    of that shop (FILE without \".json\") takes the place of ours.\n",
      cxr_cli_templates_check },

    { "templates", "fields", "[PAGE]",
      "the names that a page's template may use",
      "    PAGE is \"track.html\" or another that the command lists without it.\n"
      "    Struct by struct: \"parcels: list of parcel\" is gone through by\n"
      "    {{#parcels}}..{{/parcels}}, within which the names under \"parcel\"\n"
      "    count; \"eta: eta\" is one struct, of which {{eta.day}} is a field.\n"
      "    A url may begin an href; markup may be written {{{raw}}}. More in\n"
      "    docs/templates.md.\n",
      cxr_cli_templates_fields },

    { "templates", "preview", "--out DIR [--shop FILE] [--lang CODE]\n"
      "           [--store DIR --keys FILE --order NUMBER] HTML",
      "every page as a file for a browser",
      "    HTML is what cx_returns_html names. Writes DIR/index.html and, in a\n"
      "    folder for each of the shop's languages (or in DIR, in the one of\n"
      "    --lang), each page three times, with made-up data: with every\n"
      "    section, with every field at fault, and with none, so parts that\n"
      "    exclude each other in life stand together. The head, the foot and\n"
      "    the colours are the shop's; its own templates and style are taken.\n"
      "    DIR/track.html.txt has the names that track.html may use.\n"
      "    With --order, instead what the customer of that order sees: her\n"
      "    tracking page, the first step of a return, and each request of\n"
      "    hers, as the store has them. It is read beside a running nginx,\n"
      "    and nothing is written to it; links lead nowhere. The files hold\n"
      "    what is personal in them.\n",
      cxr_cli_templates_preview },

    { "templates", "render", "[--partials FILE.json|DIR] TEMPLATE [DATA.json]",
      "Mustache over JSON",
      "    Renders the file TEMPLATE (\"-\" reads it) over the JSON value, also\n"
      "    given as --data DATA.json, {} when there is none, escaped as the\n"
      "    Mustache specification says. Partials are an object of strings, or\n"
      "    the files of a directory by their names without the suffix. All of\n"
      "    the specification holds but lambdas, which JSON has none of. A page's\n"
      "    own template is stricter: see \"templates check\".\n",
      cxr_cli_templates_render },

    { "templates", "spec", "FILE.json...",
      "run tests of the Mustache specification",
      "    Each file has \"tests\" with name, data, template, partials and\n"
      "    expected, as the files of github.com/mustache/spec do (tests of\n"
      "    lambdas are skipped: JSON has no functions). TAP goes to standard\n"
      "    output; the exit status is 1 when one does not hold.\n",
      cxr_cli_templates_spec },

    { NULL, NULL, NULL, NULL, NULL, NULL }
};

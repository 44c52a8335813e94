
/*
 * Mustache (the public specification, v1.4 core and inheritance), compiled once
 * for each template and language.
 *
 * A template is bound to a view, a C struct that a cxr_type_t table describes:
 * {{eta}} becomes an offset, an unknown name an error with file and line.
 * Rendering copies text and reads fields; it looks nothing up and allocates
 * nothing but room in the output.
 *
 *   {{name}}        BOOL ("true", "false"), integers in decimal, STR, ENUM (its
 *                   name); not TIME, MONEY, BYTES, LIST, REC: the view gives
 *                   text for those
 *   {{a.b.c}}       through RECs; nothing when one of them is NULL
 *   {{.}}           the item of a STRS, or the value of the section around it
 *   {{#x}} {{^x}}   BOOL; integers, TIME and MONEY (non-zero); STR (non-empty);
 *                   REC (non-NULL); LIST and STRS (for each item)
 *   {{> head}}      another template, its extension that of the one compiled
 *                   ("head.html") unless it has one; itself again is an error
 *   {{< page}}{{$title}}..{{/title}}{{/page}}   a layout, its blocks replaced
 *   {{t.some.key}}  the language's text for "some.key": folded in; its {name}s
 *                   are fields as if {{name}} stood here
 *   {{#lang.tr}} {{^lang.tr}}   what is said in that language, in all but that
 *
 * A name is looked for from the innermost section outwards, at compile time.
 *
 * What is written is escaped for its place.  In .html and .svg:
 *   text, quoted attribute           & < > " ' as references
 *   href, src, action.. from its start   only a field with CXR_FIELD_URL
 *   href, src, action.. further on       percent-encoded
 *   <script type="application/ld+json">  JSON, as in a .json file
 *   <script> <style> comments, unquoted values, names of tags and attributes,
 *   on..., style, srcdoc, srcset, http-equiv and its content, the host of a
 *   URL, what an SVG animation sets      refused
 * In .json and .jsonld: inside a string, escaped as JSON; outside, only
 * integers and BOOL.  In .txt: as it is.
 * In .csv: in quotes, which are doubled, and no formula for a spreadsheet;
 * outside, only integers and BOOL.  In .zpl: in a field, ^FH^FD to ^FS, with ^ ~ _
 * as hexadecimal; outside, only integers.
 * {{{x}}} and {{&x}} are refused but for a field with CXR_FIELD_RAW (markup
 * that we made) in HTML text.
 */

#ifndef _CXR_TEMPLATE_H_INCLUDED_
#define _CXR_TEMPLATE_H_INCLUDED_

#include <jansson.h>

#include "cxr_base.h"
#include "cxr_buf.h"
#include "cxr_i18n.h"
#include "cxr_record.h"

#define CXR_TEMPLATE_FILE_MAX   (256 * 1024)   /* bytes of one file           */
#define CXR_TEMPLATE_OPS_MAX    65536          /* of a compiled template      */
#define CXR_TEMPLATE_TEXT_MAX   (4 * 1024 * 1024)  /* its static text         */
#define CXR_TEMPLATE_NEST_MAX   24             /* sections in one another     */
#define CXR_TEMPLATE_DEEP_MAX   16             /* partials and layouts        */
#define CXR_TEMPLATE_NAME_MAX   128            /* bytes of a tag's name       */
#define CXR_TEMPLATE_DIRS_MAX   8

typedef struct cxr_templates_s  cxr_templates_t;   /* where sources are found */
typedef struct cxr_template_s   cxr_template_t;    /* one, compiled           */


/*
 * A set of directories; a file in a later one takes the place of the same name
 * in an earlier (a shop's own templates over ours).  Files are read when a
 * compile needs them and kept, so use a set from one thread.
 * CXR_NOTFOUND: a directory is not there.  CXR_LIMIT: too many.
 */
cxr_rc_t cxr_templates_open(const char *const *dirs, size_t ndirs,
    cxr_templates_t **set, cxr_diag_t *d);
void cxr_templates_close(cxr_templates_t *set);    /* NULL is fine            */

/*
 * "lang" may be NULL for a template without texts.  "lang" and "view" must
 * outlive the result; "set" need not.  Errors have file, line and column:
 * CXR_INVALID, CXR_NOTFOUND (no such file), CXR_LIMIT, CXR_NOMEM, CXR_IO.
 */
cxr_rc_t cxr_template_compile(cxr_templates_t *set, const char *name,
    const cxr_lang_t *lang, const cxr_type_t *view, cxr_template_t **tpl,
    cxr_diag_t *d);
void cxr_template_free(cxr_template_t *tpl);       /* NULL is fine            */

/*
 * Appends the page.  "view" points to the struct of the type it was compiled
 * for; its strings are valid UTF-8.  CXR_NOMEM: the buffer is too small (then
 * what it holds is not to be used).  Any number of threads at once.
 */
cxr_rc_t cxr_template_render(const cxr_template_t *tpl, const void *view,
    cxr_buf_t *out);

/*
 * The same template with what does not change from request to request folded in
 * once: of each struct of "type" that a REC of "view" leads to, the fields with
 * CXR_FIELD_FIXED are as in "object", and lists among them are gone through.
 * All such RECs must be there, non-NULL, in every view that it renders.  "tpl",
 * "view" and "type" must outlive the result; "object" need not.  CXR_NOMEM.
 */
cxr_rc_t cxr_template_fold(const cxr_template_t *tpl, const cxr_type_t *view,
    const cxr_type_t *type, const void *object, cxr_template_t **out);

/* Bytes of static text; a page is about this large (loops come on top). */
size_t cxr_template_static_size(const cxr_template_t *tpl);

/*
 * The runs of static text, each contiguous and unchanging for the life of the
 * template, in the order in which they stand in it.
 */
size_t cxr_template_nsegments(const cxr_template_t *tpl);
cxr_str_t cxr_template_segment(const cxr_template_t *tpl, size_t i);


/*
 * Pages in gzip (RFC 1952) without compressing them.  cxr_template_gzip() takes
 * the static text apart once: one Huffman code for the whole page, static text
 * encoded in it, back-references within each run of it.  A page is then put
 * together from these bits, and from its values, each byte of which is looked
 * up in a table.  Static text that comes again (a row of a list) refers to
 * where it stood before.
 *
 * A value is never referred to and refers to nothing: its bytes cost what they
 * cost, whatever stands elsewhere in the page.  So the size of an answer tells
 * no more of a secret in it than the size of the plain page does, in the same
 * manner: no text that somebody else puts into the page can be tried against it
 * (what is known as BREACH).
 */
typedef struct {
    cxr_buf_t  page;       /* as cxr_template_render() writes it              */
    cxr_buf_t  gzip;       /* a gzip member that inflates to just that        */
    cxr_buf_t  marks;
    cxr_buf_t  seen;
} cxr_template_out_t;

/* Once, after the compile.  CXR_NOMEM, CXR_LIMIT. */
cxr_rc_t cxr_template_gzip(cxr_template_t *tpl);

/* Buffers for one thread; a page is at most "max" bytes. */
void cxr_template_out_init(cxr_template_out_t *out, size_t max);
void cxr_template_out_free(cxr_template_out_t *out);

/*
 * Renders into out->page and out->gzip, forgetting what was there.  CXR_NOMEM
 * as cxr_template_render(); CXR_INVALID: cxr_template_gzip() was not called.
 */
cxr_rc_t cxr_template_render_gzip(const cxr_template_t *tpl, const void *view,
    cxr_template_out_t *out);

/*
 * Something that does not change, in gzip, as small as it gets (and slowly).
 * CXR_NOMEM.
 */
cxr_rc_t cxr_gzip_file(cxr_str_t text, cxr_buf_t *out);

/* A hash of a page (XXH3), to tell whether it changed; not against forgery. */
uint64_t cxr_page_hash(cxr_str_t page);


/* A template and the view it is for. */
typedef struct {
    const char        *name;       /* "track.html"; NULL ends a table         */
    const cxr_type_t  *view;
} cxr_template_use_t;

/*
 * Compiles every template of the table in every language of the catalogue, which
 * is to outlive the set (NULL: in none), and calls "fault" for
 * each that fails (once for what is the same of several).  Returns the number
 * of faults.
 */
size_t cxr_template_check(cxr_templates_t *set, const cxr_catalog_t *cat,
    const cxr_template_use_t *uses,
    void (*fault)(void *ctx, const cxr_diag_t *d), void *ctx);

/*
 * Calls "fault" for each file of the last directory that no compile of this
 * set has read: most likely its name is misspelt.  Returns their number.
 */
size_t cxr_templates_unused(cxr_templates_t *set,
    void (*fault)(void *ctx, const cxr_diag_t *d), void *ctx);
/* And for pages, styles and texts elsewhere in a shop's folder, which nothing
   reads: "template/foot.html", "css/style.css". */
size_t cxr_shop_folder_unused(const char *folder,
    void (*fault)(void *ctx, const cxr_diag_t *d), void *ctx);


/*
 * Mustache over a JSON value, names resolved as it renders and escaped as the
 * specification says: for messages that an operator writes, and for the
 * specification's own tests.  "partials" is an object of strings, or NULL.  A
 * name that is not there renders as nothing; {{>*x}} is the partial that x
 * names (which a compiled template cannot have).  CXR_INVALID: a malformed
 * template; CXR_LIMIT: nested too deep; CXR_NOMEM.
 */
cxr_rc_t cxr_template_render_json(cxr_str_t source, json_t *data,
    json_t *partials, cxr_buf_t *out, cxr_diag_t *d);


#endif /* _CXR_TEMPLATE_H_INCLUDED_ */

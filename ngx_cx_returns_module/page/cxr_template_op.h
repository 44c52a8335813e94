
/*
 * A compiled template: a flat array of ops, each with the run of static text
 * that comes before it.  Values are read from frames, which are the structs of
 * the sections that the op stands in: frame 0 is the view.
 */

#ifndef _CXR_TEMPLATE_OP_H_INCLUDED_
#define _CXR_TEMPLATE_OP_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_message.h"
#include "cxr_template.h"

#define CXR_TEMPLATE_FRAMES  64
#define CXR_TEMPLATE_PAST    32    /* bytes behind static text that may be read */

typedef enum {
    CXR_OP_END,
    CXR_OP_TEXT,          /* nothing but its text                             */
    CXR_OP_STR_HTML,
    CXR_OP_STR_RAW,
    CXR_OP_STR_URL,
    CXR_OP_STR_JSON,
    CXR_OP_STR_CSV,
    CXR_OP_STR_CSV_FIRST,
    CXR_OP_STR_ZPL,
    CXR_OP_INT,           /* decimal; .kind                                   */
    CXR_OP_BOOL,
    CXR_OP_NAME,          /* ENUM; .ref: .size cxr_str_t, escaped           */
    CXR_OP_NUMBER,        /* as the language writes it                        */
    CXR_OP_IF,            /* .kind; jumps when it does not hold               */
    CXR_OP_UNLESS,        /* jumps when it does                               */
    CXR_OP_LOAD,          /* frame dst = the REC; jumps when NULL             */
    CXR_OP_LIST,          /* frame dst = the first item; jumps when none      */
    CXR_OP_NEXT,          /* frame dst = the next item and jumps, unless none */
    CXR_OP_JUMP,
    CXR_OP_PLURAL         /* .ref is cxr_op_plural_t                          */
} cxr_op_code_t;

typedef struct {
    const char   *text;
    uint32_t      ntext;
    uint8_t       code;
    uint8_t       kind;        /* cxr_kind_t of the field                     */
    uint8_t       frame;
    uint8_t       dst;
    uint32_t      offset;      /* of the field in the frame's struct          */
    uint32_t      jump;        /* index of an op                              */
    uint32_t      size;        /* of an item                                  */
    uint32_t      segment;     /* number of its text among segments           */
    const void   *ref;
} cxr_op_t;

typedef struct {
    bool          is_exact;
    int64_t       exact;
    cxr_plural_t  category;
    uint32_t      jump;
} cxr_op_case_t;

typedef struct {
    uint32_t       n;
    uint32_t       other;      /* jump when no case holds                     */
    uint32_t       end;        /* where the JUMPs behind all cases lead       */
    cxr_op_case_t  cases[];
} cxr_op_plural_t;

typedef struct cxr_template_gzip_s  cxr_template_gzip_t;

struct cxr_template_s {
    cxr_arena_t       *arena;
    const cxr_lang_t  *lang;
    const cxr_op_t    *ops;
    uint32_t           nops;
    uint32_t           nsegments;
    const cxr_str_t   *segments;
    size_t             static_size;
    const cxr_template_gzip_t  *gzip;      /* NULL: not made                  */
};

/* Where static text stands in a page that was rendered. */
typedef struct {
    uint32_t           segment;
    uint32_t           at;
} cxr_template_mark_t;

/* Does a section of that field stand; writes what an op writes of its field. */
bool cxr_template_holds(const void *field, uint8_t kind);
bool cxr_template_write(const cxr_template_t *tpl, const cxr_op_t *op,
    const void *field, cxr_buf_t *out);
/* Where a PLURAL leads. */
uint32_t cxr_template_case(const cxr_template_t *tpl, const cxr_op_t *op,
    const void *field);

/*
 * The last step of a compiler: copies ops and text into the template's arena.
 * Until then an op's "segment" is where its text begins in "text".
 */
cxr_rc_t cxr_template_settle(cxr_arena_t *arena, const cxr_op_t *ops,
    uint32_t n, cxr_str_t text, cxr_template_t *tpl);

/* Renders as cxr_template_render(), and appends a mark for each text. */
cxr_rc_t cxr_template_render_marks(const cxr_template_t *tpl, const void *view,
    cxr_buf_t *out, cxr_buf_t *marks);

/* The named file of a set, read once.  "path" is for messages. */
cxr_rc_t cxr_templates_file(cxr_templates_t *set, const char *name,
    cxr_str_t *text, const char **path, cxr_diag_t *d);

/*
 * Whether there is such a language, as far as the set knows (it does once it
 * was checked); if not, "known" tells those that there are.
 */
bool cxr_templates_speak(const cxr_templates_t *set, cxr_str_t code,
    char *known, size_t size);

#endif /* _CXR_TEMPLATE_OP_H_INCLUDED_ */

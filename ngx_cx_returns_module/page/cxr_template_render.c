
/*
 * The renderer: a loop over ops that copies text and reads fields.  It keeps
 * the output's end in registers and writes it back only when it calls out.
 */

#include "cxr_lang.h"
#include "cxr_template_op.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif


#define RENDER_SLACK     1024      /* for values, beside the static text      */
#define RENDER_HTML_MAX  6         /* bytes that one byte becomes: &quot;     */
#define RENDER_INT_MAX   20        /* digits and sign of 64 bits              */


/* 0: as it is; else the index of what it becomes. */
static const uint8_t  render_class[256] = {
    ['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4, ['\''] = 5
};

static const struct {
    uint8_t  len;
    char     ref[7];
} render_refs[] = {
    { 0, "" },
    { 5, "&amp;" },
    { 4, "&lt;" },
    { 4, "&gt;" },
    { 6, "&quot;" },
    { 5, "&#39;" }
};


typedef struct {
    cxr_buf_t  *out;
    char       *p;
    char       *end;
} render_t;


static bool
render_grow(render_t *r, size_t n)
{
    r->out->len = (size_t) (r->p - r->out->data);

    if (!cxr_buf_need(r->out, n)) {
        return false;
    }

    r->p = r->out->data + r->out->len;
    r->end = r->out->data + r->out->cap;

    return true;
}


static inline bool
render_room(render_t *r, size_t n)
{
    return (size_t) (r->end - r->p) >= n || render_grow(r, n);
}


static inline bool
render_raw(render_t *r, const char *s, size_t n)
{
    if (!render_room(r, n)) {
        return false;
    }

    if (n != 0) {
        memcpy(r->p, s, n);
        r->p += n;
    }

    return true;
}


/* Static text: most of it is short, and behind it bytes may be read. */
static inline __attribute__((always_inline)) bool
render_static(render_t *r, const char *s, size_t n)
{
    char  *p;

    if ((size_t) (r->end - r->p) < n + CXR_TEMPLATE_PAST) {
        return render_raw(r, s, n);
    }

    p = r->p;
    r->p += n;

    if (n > 4 * CXR_TEMPLATE_PAST) {
        memcpy(p, s, n);
        return true;
    }

    for ( /* void */ ; p < r->p; p += CXR_TEMPLATE_PAST) {
        memcpy(p, s, CXR_TEMPLATE_PAST);
        s += CXR_TEMPLATE_PAST;
    }

    return true;
}


/* Byte by byte; there is room. */
static inline char *
render_html_bytes(char *p, const char *s, size_t n)
{
    size_t    i;
    unsigned  k;

    for (i = 0; i < n; i++) {
        k = render_class[(uint8_t) s[i]];

        if (k == 0) {
            *p++ = s[i];
            continue;
        }

        memcpy(p, render_refs[k].ref, render_refs[k].len);
        p += render_refs[k].len;
    }

    return p;
}


#ifdef __SSE2__

static inline int
render_html_marks(__m128i v)
{
    __m128i  m;

    m = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('&')),
                     _mm_cmpeq_epi8(v, _mm_set1_epi8('<')));
    m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8('>')));
    m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
    m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8('\'')));

    return _mm_movemask_epi8(m);
}


/*
 * Most text has nothing to replace, and most of it is short: it is looked at
 * and copied in one piece of 16 bytes, or of two that overlap, never past its
 * end.
 */
static inline char *
render_html_text(char *p, const char *s, size_t n)
{
    __m128i   v;
    uint32_t  a, b;

    while (n >= 16) {
        v = _mm_loadu_si128((const __m128i *) (const void *) s);

        if (render_html_marks(v) == 0) {
            _mm_storeu_si128((__m128i *) (void *) p, v);
            p += 16;

        } else {
            p = render_html_bytes(p, s, 16);
        }

        s += 16;
        n -= 16;
    }

    if (n >= 8) {
        v = _mm_unpacklo_epi64(
                _mm_loadl_epi64((const __m128i *) (const void *) s),
                _mm_loadl_epi64((const __m128i *) (const void *) (s + n - 8)));

        if (render_html_marks(v) == 0) {
            _mm_storel_epi64((__m128i *) (void *) p, v);
            _mm_storel_epi64((__m128i *) (void *) (p + n - 8),
                             _mm_unpackhi_epi64(v, v));
            return p + n;
        }

    } else if (n >= 4) {
        memcpy(&a, s, 4);
        memcpy(&b, s + n - 4, 4);

        if (render_html_marks(_mm_set_epi32(0, 0, (int) b, (int) a)) == 0) {
            memcpy(p, &a, 4);
            memcpy(p + n - 4, &b, 4);
            return p + n;
        }
    }

    return render_html_bytes(p, s, n);
}

#else

#define render_html_text  render_html_bytes

#endif


static inline bool
render_html(render_t *r, const char *s, size_t n)
{
    size_t    i, need;
    unsigned  k;

    if ((size_t) (r->end - r->p) < n * RENDER_HTML_MAX) {
        for (i = 0, need = 0; i < n; i++) {
            k = render_class[(uint8_t) s[i]];
            need += k ? render_refs[k].len : 1;
        }

        if (!render_room(r, need)) {
            return false;
        }
    }

    r->p = render_html_text(r->p, s, n);

    return true;
}


static inline int64_t
render_value(const char *field, uint8_t kind)
{
    uint64_t  v;

    switch (kind) {
    case CXR_F_U8:
        return *(const uint8_t *) field;
    case CXR_F_U16:
        return *(const uint16_t *) field;
    case CXR_F_U32:
        return *(const uint32_t *) field;
    case CXR_F_U64:
        v = *(const uint64_t *) field;
        return v > INT64_MAX ? INT64_MAX : (int64_t) v;
    default:
        return *(const int64_t *) field;
    }
}


static bool
render_int(render_t *r, const char *field, uint8_t kind)
{
    char      digits[RENDER_INT_MAX + 4];
    size_t    at = sizeof(digits);
    int64_t   v = 0;
    uint64_t  u;

    if (kind == CXR_F_U64) {
        u = *(const uint64_t *) field;

    } else {
        v = render_value(field, kind);
        u = v < 0 ? -(uint64_t) v : (uint64_t) v;
    }

    do {
        digits[--at] = (char) ('0' + u % 10);
        u /= 10;
    } while (u != 0);

    if (v < 0) {
        digits[--at] = '-';
    }

    return render_raw(r, digits + at, sizeof(digits) - at);
}


static inline bool
render_holds(const char *field, uint8_t kind)
{
    switch (kind) {
    case CXR_F_BOOL:
        return *(const bool *) field;
    case CXR_F_U8:
        return *(const uint8_t *) field != 0;
    case CXR_F_U16:
        return *(const uint16_t *) field != 0;
    case CXR_F_U32:
        return *(const uint32_t *) field != 0;
    case CXR_F_STR:
        return ((const cxr_str_t *) field)->len != 0;
    case CXR_F_LIST:
    case CXR_F_STRS:
        return ((const cxr_any_list_t *) field)->n != 0;
    case CXR_F_REC:
        return *(const void *const *) field != NULL;
    default:
        return *(const int64_t *) field != 0;
    }
}


/* What is rare is written by the buffer's own functions. */
static bool
render_rare(render_t *r, const cxr_template_t *tpl, const cxr_op_t *op,
    const char *field)
{
    cxr_buf_t  *out = r->out;

    out->len = (size_t) (r->p - out->data);

    switch (op->code) {
    case CXR_OP_STR_URL:
        cxr_buf_url(out, *(const cxr_str_t *) field);
        break;
    case CXR_OP_STR_JSON:
        cxr_buf_json(out, *(const cxr_str_t *) field);
        break;
    case CXR_OP_STR_CSV:
    case CXR_OP_STR_CSV_FIRST:
        cxr_buf_csv_quoted(out, *(const cxr_str_t *) field,
                           op->code == CXR_OP_STR_CSV_FIRST);
        break;
    case CXR_OP_STR_ZPL:
        cxr_buf_zpl(out, *(const cxr_str_t *) field);
        break;
    default: /* CXR_OP_NUMBER */
        cxr_i18n_number(tpl->lang, render_value(field, op->kind), out);
        break;
    }

    r->p = out->data + out->len;
    r->end = out->data + out->cap;

    return cxr_buf_ok(out);
}


/* The ops that write. */
static inline __attribute__((always_inline)) bool
render_field(render_t *r, const cxr_template_t *tpl, const cxr_op_t *op,
    const char *field)
{
    bool              b;
    uint8_t           name;
    const cxr_str_t  *s;

    switch (op->code) {

    case CXR_OP_STR_HTML:
        s = (const cxr_str_t *) field;
        return render_html(r, s->data, s->len);

    case CXR_OP_STR_RAW:
        s = (const cxr_str_t *) field;
        return render_raw(r, s->data, s->len);

    case CXR_OP_INT:
        return render_int(r, field, op->kind);

    case CXR_OP_BOOL:
        b = *(const bool *) field;
        return render_raw(r, b ? "true" : "false", b ? 4 : 5);

    case CXR_OP_NAME:
        name = *(const uint8_t *) field;
        s = op->ref;

        return name >= op->size
               || render_raw(r, s[name].data, s[name].len);

    default:
        return render_rare(r, tpl, op, field);
    }
}


static uint32_t
render_plural(const cxr_template_t *tpl, const cxr_op_t *op, const char *field)
{
    int64_t                 v = render_value(field, op->kind);
    uint32_t                i, found;
    cxr_plural_t            category;
    const cxr_op_plural_t  *table = op->ref;

    category = cxr_lang_plural(tpl->lang, v);
    found = table->other;

    for (i = 0; i < table->n; i++) {
        if (table->cases[i].is_exact) {
            if (table->cases[i].exact == v) {
                return table->cases[i].jump;
            }

        } else if (table->cases[i].category == category) {
            found = table->cases[i].jump;
        }
    }

    return found;
}


static inline bool
render_mark(render_t *r, cxr_buf_t *marks, uint32_t segment)
{
    cxr_template_mark_t  mark;

    mark.segment = segment;
    mark.at = (uint32_t) (r->p - r->out->data);

    if (!cxr_buf_need(marks, sizeof(mark))) {
        return false;
    }

    memcpy(marks->data + marks->len, &mark, sizeof(mark));
    marks->len += sizeof(mark);

    return true;
}


static inline __attribute__((always_inline)) bool
render_run(render_t *r, const cxr_template_t *tpl, const void *view,
    cxr_buf_t *marks)
{
    bool                   ok = true;
    uint32_t               left[CXR_TEMPLATE_FRAMES];
    const char            *field, *frame[CXR_TEMPLATE_FRAMES];
    const cxr_op_t        *op, *ops = tpl->ops;
    const cxr_any_list_t  *list;

    frame[0] = view;

    for (op = ops; ok; op++) {

        if (op->ntext != 0) {
            if ((marks != NULL && !render_mark(r, marks, op->segment))
                || !render_static(r, op->text, op->ntext))
            {
                return false;
            }
        }

        if (op->code == CXR_OP_END) {
            return true;
        }

        if (op->code == CXR_OP_TEXT) {
            continue;
        }

        if (op->code == CXR_OP_JUMP) {
            op = ops + op->jump - 1;
            continue;
        }

        if (op->code == CXR_OP_NEXT) {
            if (--left[op->dst] != 0) {
                frame[op->dst] += op->size;
                op = ops + op->jump - 1;
            }

            continue;
        }

        field = frame[op->frame] + op->offset;

        switch (op->code) {

        case CXR_OP_IF:
            if (!render_holds(field, op->kind)) {
                op = ops + op->jump - 1;
            }

            break;

        case CXR_OP_UNLESS:
            if (render_holds(field, op->kind)) {
                op = ops + op->jump - 1;
            }

            break;

        case CXR_OP_LOAD:
            frame[op->dst] = *(const char *const *) field;

            if (frame[op->dst] == NULL) {
                op = ops + op->jump - 1;
            }

            break;

        case CXR_OP_LIST:
            list = (const cxr_any_list_t *) field;

            if (list->n == 0) {
                op = ops + op->jump - 1;
                break;
            }

            frame[op->dst] = list->items;
            left[op->dst] = list->n;
            break;

        case CXR_OP_PLURAL:
            op = ops + render_plural(tpl, op, field) - 1;
            break;

        default:
            ok = render_field(r, tpl, op, field);
            break;
        }
    }

    return false;
}


static inline __attribute__((always_inline)) cxr_rc_t
render_page(const cxr_template_t *tpl, const void *view, cxr_buf_t *out,
    cxr_buf_t *marks)
{
    bool      ok;
    size_t    want;
    render_t  r;

    if (!cxr_buf_ok(out) || (out->data == NULL && !cxr_buf_need(out, 1))) {
        return CXR_NOMEM;
    }

    /* room for a usual page at once, but no failure if less will do */

    want = tpl->static_size + RENDER_SLACK;

    if (out->cap - out->len < want && out->max > out->len
        && out->max - out->len >= want)
    {
        if (!cxr_buf_need(out, want)) {
            return CXR_NOMEM;
        }
    }

    r.out = out;
    r.p = out->data + out->len;
    r.end = out->data + out->cap;

    ok = render_run(&r, tpl, view, marks);

    out->len = (size_t) (r.p - out->data);

    return ok && cxr_buf_ok(out) ? CXR_OK : CXR_NOMEM;
}


bool
cxr_template_holds(const void *field, uint8_t kind)
{
    return render_holds(field, kind);
}


uint32_t
cxr_template_case(const cxr_template_t *tpl, const cxr_op_t *op,
    const void *field)
{
    return render_plural(tpl, op, field);
}


bool
cxr_template_write(const cxr_template_t *tpl, const cxr_op_t *op,
    const void *field, cxr_buf_t *out)
{
    bool      ok;
    render_t  r;

    if (!cxr_buf_need(out, 1)) {
        return false;
    }

    r.out = out;
    r.p = out->data + out->len;
    r.end = out->data + out->cap;

    ok = render_field(&r, tpl, op, field);

    out->len = (size_t) (r.p - out->data);

    return ok;
}


/* Two loops, since one that asks before each text whether to mark is slower. */

cxr_rc_t
cxr_template_render(const cxr_template_t *tpl, const void *view,
    cxr_buf_t *out)
{
    return render_page(tpl, view, out, NULL);
}


cxr_rc_t
cxr_template_render_marks(const cxr_template_t *tpl, const void *view,
    cxr_buf_t *out, cxr_buf_t *marks)
{
    return render_page(tpl, view, out, marks);
}


size_t
cxr_template_static_size(const cxr_template_t *tpl)
{
    return tpl->static_size;
}


size_t
cxr_template_nsegments(const cxr_template_t *tpl)
{
    return tpl->nsegments;
}


cxr_str_t
cxr_template_segment(const cxr_template_t *tpl, size_t i)
{
    return i < tpl->nsegments ? tpl->segments[i] : CXR_STR_NONE;
}

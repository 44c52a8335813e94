
/*
 * What a template's author most likely meant: of all the names that there are,
 * the one that takes the fewest changes of a letter.
 */

#include <stdio.h>

#include "cxr_template_bind.h"


#define HINT_NAME_MAX  48          /* bytes of a name that are compared       */


typedef struct {
    cxr_str_t    name;
    cxr_str_t    best;
    const char  *prefix;           /* of the best                             */
    unsigned     changes;
} hint_t;


/*
 * How many letters are to be changed, put in, taken away or swapped with the
 * next to make b of a; HINT_NAME_MAX for names that are longer.
 */
static unsigned
hint_changes(cxr_str_t a, cxr_str_t b)
{
    size_t    i, k;
    unsigned  row[3][HINT_NAME_MAX + 1], *up, *up2, *now, least;

    if (a.len > HINT_NAME_MAX || b.len > HINT_NAME_MAX) {
        return HINT_NAME_MAX;
    }

    memset(row, 0, sizeof(row));

    for (k = 0; k <= b.len; k++) {
        row[0][k] = (unsigned) k;
    }

    for (i = 1; i <= a.len; i++) {
        now = row[i % 3];
        up = row[(i + 2) % 3];
        up2 = row[(i + 1) % 3];
        now[0] = (unsigned) i;

        for (k = 1; k <= b.len; k++) {
            least = up[k - 1] + (a.data[i - 1] != b.data[k - 1]);
            least = up[k] + 1 < least ? up[k] + 1 : least;
            least = now[k - 1] + 1 < least ? now[k - 1] + 1 : least;

            if (i > 1 && k > 1 && a.data[i - 1] == b.data[k - 2]
                && a.data[i - 2] == b.data[k - 1] && up2[k - 2] + 1 < least)
            {
                least = up2[k - 2] + 1;
            }

            now[k] = least;
        }
    }

    return row[a.len % 3][b.len];
}


static void
hint_try(hint_t *h, const char *prefix, cxr_str_t name)
{
    unsigned  changes = hint_changes(h->name, name);

    if (changes < h->changes) {
        h->changes = changes;
        h->best = name;
        h->prefix = prefix;
    }
}


static void
hint_begin(hint_t *h, cxr_str_t name)
{
    memset(h, 0, sizeof(hint_t));
    h->name = name;

    /* a third of a name may be wrong, at the most */

    h->changes = (unsigned) name.len / 3 + 1;
}


static const char *
hint_say(const hint_t *h, char *out, size_t size)
{
    out[0] = '\0';

    if (h->best.len != 0) {
        (void) snprintf(out, size, "; is \"%s%.*s\" meant?", h->prefix,
                        cxr_str_arg(h->best));
    }

    return out;
}


/* The fields of a struct, each alone or behind the REC that leads there. */
static void
hint_fields(hint_t *h, const cxr_type_t *type, bool deeper)
{
    const cxr_field_t  *f, *sub;

    for (f = type->fields; f->name != NULL; f++) {
        hint_try(h, "", cxr_strz(f->name));
    }

    /* what is there by another way, when nothing here is like it */

    for (f = type->fields; deeper && f->name != NULL; f++) {
        for (sub = f->kind == CXR_F_REC ? f->sub->fields : NULL;
             sub != NULL && sub->name != NULL; sub++)
        {
            if (cxr_str_is(h->name, sub->name) && h->changes != 0) {
                h->changes = 0;
                h->best = cxr_strz(sub->name);
                h->prefix = f->name;
            }
        }
    }
}


const char *
cxr_hint_field(const cxr_compiler_t *c, cxr_str_t name, char *out, size_t size)
{
    hint_t    h;
    unsigned  i;

    if (cxr_str_is(name, "else")) {
        (void) snprintf(out, size, "; what else is said is a section of its "
                        "own, {{^name}}..{{/name}}");
        return out;
    }

    hint_begin(&h, name);

    for (i = c->ncontext; i > 0; i--) {
        if (c->context[i - 1].type != NULL) {
            hint_fields(&h, c->context[i - 1].type, true);
        }
    }

    if (h.best.len != 0 && h.changes == 0) {
        (void) snprintf(out, size, "; is \"%s.%.*s\" meant?", h.prefix,
                        cxr_str_arg(h.best));
        return out;
    }

    return hint_say(&h, out, size);
}


const char *
cxr_hint_member(const cxr_type_t *type, cxr_str_t name, char *out, size_t size)
{
    hint_t  h;

    hint_begin(&h, name);
    hint_fields(&h, type, false);

    return hint_say(&h, out, size);
}


const char *
cxr_hint_text(const cxr_lang_t *lang, cxr_str_t key, char *out, size_t size)
{
    hint_t    h;
    uint32_t  i;

    hint_begin(&h, key);

    for (i = 0; i < lang->ntexts; i++) {
        hint_try(&h, "t.", lang->texts[i].key);
    }

    return hint_say(&h, out, size);
}


/*
 * The portal's forms: from decoded name/value pairs to a selection and back to
 * hidden inputs and a query.  All state of the flow is here; nothing is kept
 * on the server between two steps.
 *
 *   number, proof   find my order: order number; e-mail or postal code
 *   f               flow id, made once by the first page of a flow:
 *                   CXR_FLOW_MIN..CXR_FLOW_MAX of [A-Za-z0-9_-]; the
 *                   idempotency key of the RMA
 *   v               cxr_portal_lines_key() as it was when the form was made;
 *                   another value now: the indexes may mean other lines
 *   m               "<refund>.<due>", the sums that the review showed: when they
 *                   are others now, the shopper looks again
 *   i               "1": what is exchanged is to go out before the return
 *   a               "<id>@<version>" of a consent that was ticked, for each
 *   w               how the goods go back: a name of cxr_method_names[]
 *   s.<i>, x.<i>    so many of these units are to have another outcome, this one
 *   y.<i>, z.<i>    and another reason, with a note of its own; empty: the same
 *   k               "1": something is wrong, the lines are judged as claims
 *   q.<i>           units of order->lines.items[i], "" or "0": not chosen
 *   c, c.<i>        "c" says that the form has a check box for each line: then
 *                   only lines with c.<i> count, one unit when q.<i> is absent
 *   r.<i>           code of the reason
 *   r.all, o.all    the same, and the outcome, of each line that names none
 *   n.<i>           note, the shopper's words: personal, never in a URL
 *   o.<i>           outcome: "refund", or "exchange:<sku of the variant>"
 *   k.<i>           name of the claim that the form of this line was made for,
 *                   or CXR_PORTAL_SEEN_ANY: for any of them
 *   j.<i>           the same of the other reason
 *   p.<i>           ticket of a photo (cxr_ticket.h), once for each
 *
 * <i> is decimal without leading zeros.  Other names are let pass, since links
 * gather strangers' parameters (utm_source ...).
 */

#ifndef _CXR_PORTAL_FORM_H_INCLUDED_
#define _CXR_PORTAL_FORM_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_buf.h"
#include "cxr_order.h"
#include "cxr_policy.h"
#include "cxr_rma.h"
#include "cxr_text.h"
#include "cxr_ticket.h"

/* fields of the largest order, and room for what strangers add */
#define CXR_PORTAL_PAIRS_MAX    (12 * CXR_ORDER_LINES_MAX + 64)
#define CXR_PORTAL_FAULTS_MAX   50     /* more are not shown, nor kept        */
#define CXR_FLOW_MIN            16
#define CXR_FLOW_MAX            64
#define CXR_PORTAL_KEY_LEN      8      /* hexadecimal digits of "v"           */
#define CXR_PORTAL_SKU_MAX      128    /* bytes of a chosen variant's SKU     */
#define CXR_PORTAL_CODE_MAX     64     /* bytes of a reason's code            */
#define CXR_PORTAL_TYPED_MAX    12     /* bytes shown of a wrong quantity */
#define CXR_PORTAL_SEEN_ANY     "any"

/* One field as it came, percent-decoded.  Bytes may be anything. */
typedef struct {
    cxr_str_t    name;
    cxr_str_t    value;
} cxr_pair_t;

/* Where a fault belongs, so that it stands beside its field. */
typedef enum {
    CXR_AT_FORM = 0,
    CXR_AT_NUMBER,             /* find: the order number                      */
    CXR_AT_PROOF,              /* find: e-mail or postal code                 */
    CXR_AT_QUANTITY,           /* these have "line"                           */
    CXR_AT_REASON,
    CXR_AT_NOTE,
    CXR_AT_OUTCOME,
    CXR_AT_METHOD,             /* of the whole                                */
    CXR_AT_PHOTO,              /* has "line"                                  */
    CXR_AT_OTHER,              /* the other outcome of some units; these have */
    CXR_AT_OTHER_REASON,       /* "line", too                                 */
    CXR_AT_OTHER_NOTE,
    CXR_AT_CONSENT,            /* "line": index of the shop's consent         */
    CXR_AT_NAME,               /* of who was given it: cxr_portal_gift.h      */
    CXR_AT_EMAIL,
    CXR_AT_ADDRESS,
    CXR_AT_POSTCODE,
    CXR_AT_CITY
} cxr_portal_at_t;

typedef struct {
    uint8_t      at;           /* cxr_portal_at_t                             */
    uint32_t     line;         /* index into order->lines                     */
    cxr_str_t    key;          /* of its text: "refusal.<code>", "form.<..>" */
    int64_t      have;         /* what the text may name: {have} {want} ... */
    int64_t      want;
    cxr_time_t   when;
} cxr_portal_fault_t;

typedef CXR_LIST_OF(cxr_portal_fault_t)  cxr_portal_faults_t;

/* A photo of a line.  Its ticket is as it came until cxr_portal_photos(). */
typedef struct {
    cxr_str_t        ticket;
    cxr_photo_ref_t  ref;
} cxr_portal_photo_t;

/* What was asked for one line; kept for every line that has a field. */
typedef struct {
    uint32_t     index;        /* into order->lines                           */
    uint32_t     quantity;     /* 0: not chosen, or not a number              */
    cxr_str_t    typed;        /* what was typed when it is not a number      */
    cxr_str_t    reason;       /* a slug, or empty                            */
    cxr_str_t    note;         /* cleaned; cut when it was too long           */
    bool         has_outcome;
    uint8_t      outcome;      /* cxr_outcome_t                               */
    cxr_str_t    exchange_sku; /* with CXR_OUT_EXCHANGE                       */
    uint32_t     split;        /* units with another outcome; 0: none         */
    bool         has_other;    /* the three below                             */
    uint8_t      other;        /* cxr_outcome_t                               */
    cxr_str_t    other_sku;
    cxr_str_t    other_reason; /* empty: the same                             */
    cxr_str_t    other_note;
    uint8_t      other_seen;   /* as "seen"                                   */
    uint32_t     other_outcomes;   /* bits that the policy has for these units;
                                  0: the line's.  The caller's                */
    uint8_t      photo_parts;  /* bits 1 << part whose photos they are; 0: both */
    uint8_t      seen;         /* cxr_claim_t whose form was shown for it;
                                  CXR_CLAIMS: one for any                     */
    CXR_LIST_OF(cxr_portal_photo_t)  photos;   /* CXR_LINE_PHOTOS_MAX         */
} cxr_portal_pick_t;

typedef struct {
    cxr_str_t    flow;         /* empty: none, or not of the form             */
    bool         stale;        /* "v" told another order: the picks were
                                  dropped and a fault says so             */
    bool         has_sums;     /* "m"                                         */
    cxr_money_t  refund;
    cxr_money_t  due;
    cxr_str_t    method;       /* a name of cxr_method_names[], or empty      */
    bool         instant;      /* "i"                                         */
    cxr_strs_t   ticked;       /* "a", as it came                             */
    cxr_agreed_list_t  agreed; /* of those, what cxr_portal_consents() found  */
    bool         claim;        /* "k"                                         */
    bool         turned;       /* a reason that was chosen claims something, and
                                  its form was not shown yet                  */
    CXR_LIST_OF(cxr_portal_pick_t)  picks;     /* by index, ascending         */
    cxr_portal_faults_t             faults;
    bool         discreet;     /* another may have sent the goods back, and is
                                  not told of                                 */
    bool         gift;         /* cxr_portal_gift_parse(): hers who was given
                                  the goods, and who she is                   */
    cxr_person_t  recipient;
    bool         cancel;       /* cxr_portal_cancel(): what was not sent yet,
                                  for one reason or none                      */
    cxr_str_t    cancel_reason;
} cxr_portal_form_t;

typedef struct {
    cxr_str_t    number;       /* as typed, cleaned, for showing it again     */
    cxr_str_t    proof;
    cxr_str_t    folded;       /* the number's key form; empty with a fault   */
    cxr_str_t    email;        /* folded; one of the two is empty             */
    cxr_str_t    postcode;
    cxr_portal_faults_t  faults;
} cxr_portal_find_t;


/*
 * Parse.  What a person can mend becomes a fault in the form and CXR_OK.
 * CXR_LIMIT: more than CXR_PORTAL_PAIRS_MAX pairs.  CXR_INVALID: a field of
 * ours came twice (no page of ours sends that, and which one counts would be a
 * guess).  CXR_NOMEM.  Nothing of the pairs is referred to afterwards.
 */
cxr_rc_t cxr_portal_find_parse(const cxr_pair_t *pairs, size_t n,
    cxr_arena_t *a, cxr_portal_find_t *find);
cxr_rc_t cxr_portal_form_parse(const cxr_pair_t *pairs, size_t n,
    const cxr_order_t *order, cxr_arena_t *a, cxr_portal_form_t *form);

/*
 * Words of a form: clean (see cxr_text_clean()), and cut where they are too
 * long, to be shown again; *over then has how many characters they had, else 0.
 * CXR_INVALID: not UTF-8, *out is empty.
 */
cxr_rc_t cxr_form_text(cxr_arena_t *a, cxr_str_t in, cxr_text_kind_t kind,
    size_t max, cxr_str_t *out, size_t *over);

/* Too many have failed at it; for so many seconds yet.  "guessed": by the postal
   code, so the e-mail address will do. */
cxr_rc_t cxr_portal_find_busy(cxr_portal_find_t *find, bool guessed,
    uint64_t seconds, cxr_arena_t *a);

/* The one answer of the look-up for "no such order" and "does not match". */
cxr_rc_t cxr_portal_not_found(cxr_portal_find_t *find, cxr_arena_t *a);

/* CXR_PORTAL_KEY_LEN hexadecimal digits over the ids of the lines, in order. */
void cxr_portal_lines_key(const cxr_order_t *order,
    char out[CXR_PORTAL_KEY_LEN]);

/* The pick of a line, or NULL. */
const cxr_portal_pick_t *cxr_portal_pick(const cxr_portal_form_t *form,
    uint32_t index);
/*
 * The methods (bits 1 << cxr_method_t) by which all chosen lines may go back,
 * whatever outcome is chosen; 0: nothing of them need, or they have none in
 * common.
 */
uint32_t cxr_portal_methods(const cxr_portal_form_t *form,
    const cxr_judgement_t *judgements);
/* ---- claims and photos: cxr_portal_claim.c ---- */

/* What the policy is to be asked of a line of the order: a claim when the form
   is one, or the line's reason is. */
void cxr_portal_ask_of(const cxr_portal_form_t *form,
    const cxr_policy_t *policy, uint32_t index, cxr_policy_ask_t *ask);
/*
 * The same of the units that may have another reason.  False: it is the line's,
 * or not said; then "ask" is of any claim, which it may turn out to be.
 */
bool cxr_portal_ask_other(const cxr_portal_form_t *form,
    const cxr_policy_t *policy, uint32_t index, cxr_policy_ask_t *ask);
/* Opens the tickets: one that does not hold is dropped and a fault says so. */
cxr_rc_t cxr_portal_photos(cxr_portal_form_t *form,
    const cxr_keyring_t *ring, cxr_str_t scope, cxr_arena_t *a);
/* Drops the photos with that hash, whose files are gone: a fault for each. */
cxr_rc_t cxr_portal_photo_gone(cxr_portal_form_t *form, cxr_str_t hash,
    cxr_arena_t *a);
/* Is there a chosen line whose reason claims what its form was not made for?
   Notes it in the form; what its new form does not offer is taken back. */
bool cxr_portal_turns(cxr_portal_form_t *form, const cxr_policy_t *policy,
    const cxr_judgement_t *judgements);
/* The ask's photos; a list of its own. */
cxr_rc_t cxr_portal_refs(const cxr_portal_pick_t *pick, cxr_arena_t *a,
    cxr_photo_refs_t *out);

/*
 * How a pick's units are to be made good: one part, or two with different
 * outcomes.  "part" 0 or 1; false: there is no such part.
 */
bool cxr_portal_part(const cxr_portal_pick_t *pick, unsigned part,
    cxr_portal_pick_t *out);
/* How many lines have a quantity. */
uint32_t cxr_portal_chosen(const cxr_portal_form_t *form);

/*
 * Checks against the order as it is, faults added: the choice of lines and
 * units (judgements: one for each line of the order), and then reasons, notes
 * and outcomes.  These only say early, beside the field, what
 * cxr_rma_create() decides.  True when there is no fault of the choice, and of
 * the second one when there is no fault at all.
 */
bool cxr_portal_check_items(cxr_portal_form_t *form, const cxr_order_t *order,
    const cxr_judgement_t *judgements, cxr_arena_t *a);
bool cxr_portal_check_details(cxr_portal_form_t *form,
    const cxr_order_t *order, const cxr_judgement_t *judgements,
    const cxr_policy_t *policy, const cxr_product_t *const *products,
    size_t nproducts, cxr_arena_t *a);

/* ---- consents: cxr_portal_consent.c ---- */

/* Which of the boxes that were ticked are the shop's, in the version that it has
   now; what has changed since the page was made is to be ticked anew. */
cxr_rc_t cxr_portal_consents(cxr_portal_form_t *form,
    const cxr_consents_t *consents, cxr_arena_t *a);
/* Faults of those that the RMA would need and that were not ticked; true: there
   is none. */
bool cxr_portal_check_consents(cxr_portal_form_t *form,
    const cxr_consents_t *consents, const cxr_rma_t *rma, cxr_arena_t *a);

/*
 * The command.  Lines are the chosen ones in their order; "notes" has one
 * string for each, plain (to be sealed), and may be NULL.  random[] is left
 * zero, "order" is the folded number that the caller has.
 */
cxr_rc_t cxr_portal_ask(const cxr_portal_form_t *form,
    const cxr_order_t *order, cxr_str_t folded, cxr_str_t locale,
    cxr_arena_t *a, cxr_rma_ask_t *ask, cxr_str_t **notes);

/* Takes a refusal of that command into the form, beside the field it is about
   ("/lines/<k>/quantity" is the k-th chosen line). */
cxr_rc_t cxr_portal_refused(cxr_portal_form_t *form, const cxr_refusal_t *no,
    cxr_arena_t *a);

/* Adds a fault, unless its field has one: the first is to be mended first. */
cxr_rc_t cxr_portal_fault(cxr_portal_faults_t *faults, cxr_arena_t *a,
    unsigned at, uint32_t line, const char *key);
cxr_rc_t cxr_portal_fault_of(cxr_portal_faults_t *faults, cxr_arena_t *a,
    unsigned at, uint32_t line, const char *key, int64_t have, int64_t want,
    cxr_time_t when);

/*
 * Back again.  Which fields: those that a page does not show as inputs itself.
 * The result has f and v first and is in the arena; a parse of it gives the
 * same picks.
 */
#define CXR_FIELDS_QUANTITY  1
#define CXR_FIELDS_DETAILS   2     /* reasons, notes, outcomes, the method    */
#define CXR_FIELDS_REVIEW    4     /* what the review asks: i and a           */

typedef CXR_LIST_OF(cxr_pair_t)  cxr_pairs_t;

cxr_rc_t cxr_portal_form_fields(const cxr_portal_form_t *form,
    const cxr_order_t *order, unsigned which, cxr_arena_t *a,
    cxr_pairs_t *out);

/* "f=...&v=...&q.0=1": what may stand in a URL, notes never */
void cxr_portal_form_query(const cxr_portal_form_t *form,
    const cxr_order_t *order, cxr_buf_t *out);

extern const cxr_type_t  cxr_pair_type;        /* {{name}} {{value}}          */

#endif /* _CXR_PORTAL_FORM_H_INCLUDED_ */

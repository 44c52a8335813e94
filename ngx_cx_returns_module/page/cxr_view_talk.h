
/*
 * A conversation on a page: the thread of an RMA, or an order's own, with the
 * form to write in it.  The shopper's page and the desk show the same thread.
 * POST <url>/message (fields: key, message), <url>/read (upto).  Of the desk
 * with a token "t" too, and <url>/close (upto).
 */

#ifndef _CXR_VIEW_TALK_H_INCLUDED_
#define _CXR_VIEW_TALK_H_INCLUDED_

#include "cxr_say.h"
#include "cxr_talk.h"
#include "cxr_view_photo.h"

#define CXR_TALK_SHOWN  100    /* of a thread, unless all is asked for        */

typedef struct {
    uint32_t     seq;
    bool         mine;         /* of whoever looks at the page                */
    bool         fresh;        /* not read yet by that side                   */
    cxr_str_t    who;          /* "You", "Kahve Gurusu", "ayse"               */
    cxr_str_t    at;
    cxr_str_t    iso;
    cxr_str_t    channel;      /* "by e-mail"; empty: on our pages            */
    cxr_str_t    text;
    bool         erased;       /* its words are gone with the person's data   */
    cxr_view_photos_t  photos;
    bool         has_photos;
} cxr_view_message_t;

/* a canned reply to choose */
typedef struct {
    cxr_str_t    id;
    cxr_str_t    title;
    bool         selected;
} cxr_view_reply_t;

/* words for staff alone */
typedef struct {
    cxr_str_t    who;
    cxr_str_t    at;
    cxr_str_t    iso;
    cxr_str_t    text;
} cxr_view_inner_t;

typedef struct {
    CXR_LIST_OF(cxr_view_message_t)  messages;     /* oldest first            */
    bool         has_messages;
    cxr_str_t    older_text;   /* "12 older messages"; empty: all are shown   */
    cxr_str_t    older_url;
    cxr_str_t    url;          /* where the form posts to                     */
    cxr_str_t    read_url;     /* empty: nothing is unread                    */
    cxr_str_t    unread_text;  /* "2 new messages"                            */
    uint32_t     upto;
    cxr_str_t    key;          /* of the form: sent twice, it says it once    */
    cxr_str_t    text;         /* what was typed, or a reply filled in        */
    uint32_t     text_max;     /* characters                                  */
    cxr_str_t    error;
    bool         sent;         /* just now                                    */
    bool         asked;        /* staff have asked: this is the answer        */
    bool         can_write;
    bool         photo_field;  /* photos may come with it                     */
    uint32_t     photo_count;  /* at once                                     */
    cxr_str_t    photo_mb;     /* each: "8", "1,5"                            */
    bool         closed;
    /* the desk */
    cxr_str_t    token;
    cxr_str_t    waits_text;   /* "Waits for an answer since ..."             */
    cxr_str_t    close_url;    /* empty: nothing is open                      */
    cxr_str_t    reply_url;    /* GET, field: reply                           */
    CXR_LIST_OF(cxr_view_reply_t)  replies;
    bool         has_replies;
    CXR_LIST_OF(cxr_view_inner_t)  notes;
    bool         has_notes;
} cxr_view_talk_t;

extern const cxr_type_t  cxr_view_talk_type;

typedef struct {
    cxr_side_t              side;      /* who looks                           */
    cxr_time_t              now;
    cxr_str_t               url;       /* of the page, without language       */
    const cxr_thread_t     *thread;    /* NULL: nobody has written            */
    const cxr_message_t    *messages;
    const cxr_str_t        *texts;     /* opened; data NULL: cannot be        */
    size_t                  n;
    cxr_str_t               key;
    cxr_str_t               typed;     /* to be mended, or empty              */
    cxr_str_t               fault;     /* translation key, or empty           */
    int64_t                 want;      /* a number in its text; 0: the longest text */
    bool                    photos;    /* they are taken                      */
    uint32_t                photo_count;   /* with one message                */
    uint64_t                photo_bytes;   /* each                            */
    const cxr_refusal_t    *refusal;
    bool                    sent;
    bool                    asked;
    bool                    can_write;
    /* the desk; all may be empty or NULL */
    cxr_str_t               token;
    cxr_str_t               actor;
    cxr_str_t               reply;     /* id of the reply that was chosen     */
    cxr_str_t               link;      /* whole URL of the shopper's page     */
    const cxr_order_t      *order;
    const cxr_person_t     *person;
    const cxr_rma_t        *rma;
    const cxr_str_t        *notes;     /* one for each of rma->notes, opened  */
} cxr_talk_in_t;

/* NULL: out of memory, which "say" remembers. */
cxr_view_talk_t *cxr_view_talk(cxr_say_t *say, const cxr_talk_in_t *in);

/* What a name behind an actor is: "staff:ayse" -> "ayse" */
cxr_str_t cxr_actor_name(cxr_str_t actor);


/* ---- pages of their own ---- */

/* the thread of one of the order's RMAs, which has a page of its own */
typedef struct {
    cxr_str_t    number;
    cxr_str_t    url;
    cxr_str_t    text;         /* "3 messages", or that there is none yet     */
    cxr_str_t    at;           /* of the last one; empty: there is none       */
    cxr_str_t    iso;
    cxr_str_t    unread;       /* "2 new messages", or empty                  */
} cxr_view_thread_t;

/* order_talk.html, GET /returns/o/<token>/talk; staff_talk.html */
typedef struct {
    cxr_view_page_t  *page;
    cxr_str_t         number;          /* of the order                        */
    cxr_str_t         back_url;        /* the order's page, the desk's list   */
    cxr_str_t         name;            /* the desk: whose it is               */
    cxr_str_t         gift_link;       /* the desk: for the gift receipt, whole;
                                          empty: there are no gift returns    */
    cxr_str_t         gift_url;        /* and as a QR code                    */
    cxr_view_talk_t  *talk;
    CXR_LIST_OF(cxr_view_thread_t)  threads;   /* newest RMA first            */
    bool              has_threads;
} cxr_view_order_talk_t;

extern const cxr_type_t  cxr_view_order_talk_type;

/* One more of them: "url" whole, "thread" NULL where nobody has written. */
void cxr_view_thread(cxr_say_t *say, cxr_side_t side, cxr_str_t rma,
    cxr_str_t url, const cxr_thread_t *thread, cxr_view_order_talk_t *view);

/* staff_messages.html: what waits for the shop, the longest first */
typedef struct {
    cxr_str_t    number;       /* RMA, or the order's                         */
    bool         is_rma;
    cxr_str_t    url;
    cxr_str_t    since;        /* the date                                    */
    cxr_str_t    iso;
    cxr_str_t    waited;       /* "3 hours"                                   */
    bool         late;         /* for longer than the shop's overdue_days     */
    bool         first;        /* nobody has answered in it at all            */
    cxr_str_t    unread;       /* "2 new"                                     */
    cxr_str_t    last;         /* the beginning of what was written last      */
} cxr_view_waiting_t;

typedef struct {
    cxr_view_page_t  *page;
    CXR_LIST_OF(cxr_view_waiting_t)  rows;
    bool              has_rows;
    cxr_str_t         next_url;
    bool              done;            /* one was just closed                 */
    cxr_str_t         actor;
} cxr_view_waitings_t;

extern const cxr_type_t  cxr_view_waitings_type;

typedef struct {
    cxr_str_t            order;        /* folded                              */
    cxr_str_t            number;       /* the order's, as the shop writes it  */
    cxr_str_t            rma;
    cxr_time_t           since;
    const cxr_thread_t  *thread;       /* or NULL                             */
    cxr_str_t            last;         /* opened, or empty                    */
} cxr_waiting_in_t;

void cxr_view_waiting(cxr_say_t *say, const cxr_waiting_in_t *in, size_t n,
    cxr_time_t now, cxr_view_waitings_t *view);

/* "2 new messages" */
cxr_str_t cxr_say_unread(cxr_say_t *say, uint32_t n);

#endif /* _CXR_VIEW_TALK_H_INCLUDED_ */

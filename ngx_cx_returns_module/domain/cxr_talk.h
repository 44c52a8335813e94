
/*
 * Conversation: what a shopper and the shop write to each other about an order
 * and each of its RMAs, over whichever channel.  One aggregate for an order, of
 * its own, so that a message changes the revision of no RMA and no record of
 * the order grows with it.
 */

#ifndef _CXR_TALK_H_INCLUDED_
#define _CXR_TALK_H_INCLUDED_

#include "cxr_rma.h"

#define CXR_MESSAGE_MAX        4000   /* characters                           */
#define CXR_TALK_MESSAGES_MAX  5000   /* of one order                         */
#define CXR_TALK_THREADS_MAX   201    /* the order's own, and its RMAs'       */
#define CXR_MESSAGE_PHOTOS_MAX 20     /* whatever the configuration says      */

typedef enum {
    CXR_SIDE_SHOPPER = 0,
    CXR_SIDE_SHOP,
    CXR_SIDES
} cxr_side_t;

typedef enum {
    CXR_VIA_PAGE = 0,          /* our own pages                                */
    CXR_VIA_EMAIL,
    CXR_VIA_WHATSAPP,
    CXR_VIA_PHONE,
    CXR_VIA_CHAT,
    CXR_VIA_OTHER,
    CXR_VIAS
} cxr_via_t;

extern const char *const  cxr_side_names[];        /* "shopper", "shop"        */
extern const char *const  cxr_via_names[];         /* "page", "email", ...     */

/*
 * A message: body of message.posted, and a row of its own in the store.  What
 * another channel calls it is not kept: such ids name addresses and telephones.
 */
typedef struct {
    cxr_str_t         rma;     /* its thread; empty: the order's own           */
    uint32_t          seq;     /* of the order's messages, from 1              */
    uint8_t           from;    /* cxr_side_t                                   */
    uint8_t           channel; /* cxr_via_t                                    */
    cxr_str_t         text;    /* sealed; empty: photos alone                  */
    cxr_photo_refs_t  photos;
    cxr_time_t        at;
    cxr_str_t         actor;   /* of the row: who wrote it for the shop        */
} cxr_message_t;

/* Body of message.read and message.closed. */
typedef struct {
    cxr_str_t    rma;
    uint8_t      by;           /* cxr_side_t                                   */
    uint32_t     upto;         /* seq of the last one                          */
} cxr_message_mark_t;

/*
 * One thread.  A spell begins with the shopper's first message and ends when the
 * shop closes it; the shopper's next message begins another one.  From these
 * times come the first response (replied_at - opened_at) and the resolution
 * (closed_at - opened_at).
 */
typedef struct {
    cxr_str_t    rma;
    uint32_t     messages;
    uint32_t     last;         /* seq of the last message                      */
    uint8_t      last_from;
    cxr_time_t   last_at;
    uint32_t     read[CXR_SIDES];      /* up to which seq that side has read   */
    uint32_t     unread[CXR_SIDES];    /* messages to that side since          */
    cxr_time_t   waits_since;  /* the shopper's first one that nobody has
                                  answered; NONE: nothing waits for the shop   */
    cxr_time_t   opened_at;    /* of the spell; NONE: the shopper never wrote  */
    cxr_time_t   replied_at;   /* the shop's first in it; NONE: not yet        */
    cxr_time_t   closed_at;    /* NONE: open                                   */
} cxr_thread_t;

typedef struct {
    cxr_str_t    order;        /* folded                                       */
    CXR_LIST_OF(cxr_thread_t)  threads;
    uint32_t     messages;     /* of all: the last seq                         */
    uint32_t     revision;
} cxr_talk_t;

extern const cxr_type_t  cxr_message_type;
extern const cxr_type_t  cxr_message_mark_type;
extern const cxr_type_t  cxr_talk_type;

/* The command of all three; order and RMA are known to be there. */
typedef struct {
    cxr_str_t         order;   /* folded; of an RMA's thread the job fills it  */
    cxr_str_t         rma;     /* or empty                                     */
    uint8_t           from;    /* cxr_side_t: who writes, or has read          */
    uint8_t           channel;
    cxr_str_t         text;    /* sealed already (store/ does)                 */
    cxr_photo_refs_t  photos;
    uint32_t          upto;    /* the last seq that the reader saw; 0: all     */
} cxr_talk_ask_t;

/* The thread, or NULL when nobody has written in it. */
const cxr_thread_t *cxr_talk_thread(const cxr_talk_t *talk, cxr_str_t rma);

/*
 * Decides a message.  "talk" zeroed: the first one.  Who writes has read what
 * stands there.  Refusals: "message_missing" (neither text nor photo),
 * "too_many_messages" (want = the limit), "too_many_photos" (want).
 */
cxr_rc_t cxr_message_post(const cxr_talk_t *talk, const cxr_talk_ask_t *ask,
    cxr_time_t now, cxr_arena_t *a, cxr_events_t *out, cxr_refusal_t *no);

/* A side has read the thread.  No event when there was nothing new to it, or
   something came that it has not seen yet. */
cxr_rc_t cxr_message_read(const cxr_talk_t *talk, const cxr_talk_ask_t *ask,
    cxr_arena_t *a, cxr_events_t *out);

/* The shop has done what it was asked for.  No event when nothing is open;
   CXR_CONFLICT: the shopper has written since. */
cxr_rc_t cxr_message_close(const cxr_talk_t *talk, const cxr_talk_ask_t *ask,
    cxr_arena_t *a, cxr_events_t *out);

/*
 * Applies a message.* event.  *row: of message.posted what stands in the store
 * for it; its strings are the event's and the entry's.
 */
cxr_rc_t cxr_talk_apply(cxr_talk_t *talk, const cxr_event_t *ev,
    const cxr_entry_t *entry, cxr_arena_t *a, cxr_message_t *row);

#endif /* _CXR_TALK_H_INCLUDED_ */

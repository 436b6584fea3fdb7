/*
 * Contexts: the objects behind our HSCARDCONTEXTs.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef PCSC_CONTEXT_H
#define PCSC_CONTEXT_H

#include "transport.h"

struct context_wait;

/* A place in the list of what is open over a context; zeroes at first. */
struct context_member
{
    void *record;
    struct pcsc_context *context; /* NULL: in no list */
    struct context_member *next;
};

/* A context of a transport; reference counted. */
struct pcsc_context
{
    LONG refs;
    const struct transport_ops *transport;
    transport_id id;
    ULONG_PTR value;  /* the HSCARDCONTEXT that applications see: the stack's own or one of ours; 0
                       * once closed */
    LONG established; /* by SCardEstablishContext, which left its reference to the value */

    SRWLOCK lock; /* fields below */
    BOOL closed;
    DWORD cancels; /* how often context_cancel was called */
    struct context_member *members;
    struct context_wait *waits; /* the running ones: waits.h */
};

/* Opens a context over the default transport. Returns the result of transport->establish. */
LONG context_open(struct pcsc_context **out);
LONG context_open_over(const struct transport_ops *transport, struct pcsc_context **out);
/* The same for an application that gets the value, always one of ours, and no reference: the last
 * one but for running calls goes with context_close. */
LONG context_establish(ULONG_PTR *value);
void context_retain(struct pcsc_context *context);
/* The last reference releases the transport's context. NULL is allowed. */
void context_release(struct pcsc_context *context);

/* The context of an HSCARDCONTEXT of ours, with a reference; NULL. */
struct pcsc_context *context_find(ULONG_PTR value);
/* Voids the value. FALSE when another thread was first. What uses the context may go on. */
BOOL context_close(struct pcsc_context *context);

/* Puts member, whose record is set, into the list. FALSE when the context is closed. */
BOOL context_add(struct pcsc_context *context, struct context_member *member);
void context_remove(struct context_member *member);
/* A record of the list, for which retain has taken a reference; NULL when there is none. */
void *context_first(struct pcsc_context *context, BOOL (*retain)(void *record));

#endif

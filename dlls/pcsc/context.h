/*
 * Contexts: the objects behind our HSCARDCONTEXTs.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef PCSC_CONTEXT_H
#define PCSC_CONTEXT_H

#include "transport.h"

/* A context of a transport; reference counted. */
struct pcsc_context
{
    LONG refs;
    const struct transport_ops *transport;
    transport_id id;
    ULONG_PTR value; /* the HSCARDCONTEXT that applications see: the stack's own or one of ours */
};

/* Opens a context over the default transport. Returns the result of transport->establish. */
LONG context_open(struct pcsc_context **out);
LONG context_open_over(const struct transport_ops *transport, struct pcsc_context **out);
void context_retain(struct pcsc_context *context);
/* The last reference releases the transport's context. NULL is allowed. */
void context_release(struct pcsc_context *context);

#endif

/*
 * Waits for readers that several threads run over one context, and what ends them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pcsc-lite does one thing at a time for a context, and a wait is such a thing. So each wait that
 * runs has a transport context of its own, and the context itself stays free for cards and lists.
 * One that a wait has done with is kept for the next: pcscd has 200 contexts for all programs.
 */

#ifndef PCSC_WAITS_H
#define PCSC_WAITS_H

#include "context.h"

/* As the transport's get_status_change. SCARD_E_CANCELLED also when the context is closed, or when
 * context_cancel was called since the caller read context->cancels. */
LONG context_wait(struct pcsc_context *context, DWORD cancels, DWORD timeout,
                  struct transport_reader_state *states, DWORD count);

/* Ends all waits that have begun by now, and none that begins later. */
void context_cancel(struct pcsc_context *context);

/* Only between these two is a transport context kept; they may nest. */
void waits_retain(void);
void waits_release(void);

#endif

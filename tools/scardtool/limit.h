/*
 * Limits for what the tools wait for.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDTOOL_LIMIT_H
#define SCARDTOOL_LIMIT_H

#include <windows.h>

/* How long to wait, in seconds: for the service alone; for a card that another program may hold;
 * for what a card does, which may be to make a key. */
#define LIMIT_SERVICE 20
#define LIMIT_LOCK    60
#define LIMIT_CARD    600

/* A daemon that accepts and never answers holds a call for ever, and nothing but the end of the
 * process breaks that off. So this is it when limit_end has not come within that time; the
 * environment's SCARDSSP_TOOL_SECONDS overrides it. what is for limit_passed. No limit within
 * another. Without memory for it there is none. */
void limit_begin(const WCHAR *what, unsigned seconds);
void limit_end(void);

/* Each program's own: says that what did not come. The process ends with EXIT_FAILED. */
void limit_passed(const WCHAR *what, unsigned seconds);

#endif

/*
 * The reply of a command: data, SW1, SW2, and where it came from.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_REPLY_H
#define SCARDSSP_REPLY_H

#include <windows.h>

/* All zero is no reply. Its owner locks. */
struct reply
{
    BYTE *bytes;  /* data, SW1, SW2; NULL when room is 0 */
    DWORD length; /* 0 (no reply) or 2 and more */
    DWORD room;
    BOOL secret; /* wiped when it ends */
    BYTE nad;
    BOOL nad_known;
};

/* No reply; the memory stays for the next one. */
void reply_clear(struct reply *reply);

void reply_free(struct reply *reply);

/* These bytes, 0 or at least 2; the NAD is unknown. E_OUTOFMEMORY: there is no reply then. */
HRESULT reply_set(struct reply *reply, const BYTE *bytes, DWORD length, BOOL secret);

/* Cuts it, or fills it with zeros. E_OUTOFMEMORY: it is as before. */
HRESULT reply_resize(struct reply *reply, DWORD length);

/* SW1 SW2, the last two bytes; 0 without a reply. */
WORD reply_status(const struct reply *reply);

/* Changes SW1 SW2. Without a reply this makes one that has nothing else. E_OUTOFMEMORY. */
HRESULT reply_set_status(struct reply *reply, WORD status);

#endif

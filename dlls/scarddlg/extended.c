/*
 * What SCardDlgExtendedError says: of each thread its own.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The slot is taken when it is needed first: most programs never show such a dialog.
 */

#include "extended.h"

static volatile LONG slot = (LONG)TLS_OUT_OF_INDEXES;

static DWORD take_slot(void)
{
    DWORD taken = (DWORD)slot, other;

    if (taken != TLS_OUT_OF_INDEXES || (taken = TlsAlloc()) == TLS_OUT_OF_INDEXES)
        return taken;
    other = (DWORD)InterlockedCompareExchange(&slot, (LONG)taken, (LONG)TLS_OUT_OF_INDEXES);
    if (other == TLS_OUT_OF_INDEXES)
        return taken;
    TlsFree(taken);
    return other;
}

void extended_set(DWORD error)
{
    DWORD taken = take_slot();

    if (taken != TLS_OUT_OF_INDEXES)
        TlsSetValue(taken, (void *)(ULONG_PTR)error);
}

/* Leaves the thread's last error alone, as TlsGetValue does not. */
DWORD extended_get(void)
{
    DWORD last = GetLastError(), error = 0;

    if ((DWORD)slot != TLS_OUT_OF_INDEXES)
        error = (DWORD)(ULONG_PTR)TlsGetValue((DWORD)slot);
    SetLastError(last);
    return error;
}

void extended_cleanup(void)
{
    if ((DWORD)slot != TLS_OUT_OF_INDEXES)
        TlsFree((DWORD)slot);
    slot = (LONG)TLS_OUT_OF_INDEXES;
}

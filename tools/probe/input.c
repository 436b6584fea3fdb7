/*
 * scardssp-probe: files as a whole.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "probe.h"

/* More than any program of that time. */
#define INPUT_MAX (256u << 20)

/* Pipes and consoles tell no size, so it grows. */
BYTE *read_all(HANDLE file, size_t *size)
{
    size_t room = 1 << 20;
    BYTE *bytes = CoTaskMemAlloc(room), *larger;
    DWORD got;

    for (*size = 0; bytes; *size += got)
    {
        if (*size == room)
        {
            larger = room < INPUT_MAX ? CoTaskMemRealloc(bytes, room *= 2) : NULL;
            if (!larger)
                break;
            bytes = larger;
        }
        if (!ReadFile(file, bytes + *size, (DWORD)(room - *size), &got, NULL))
        {
            if (GetLastError() != ERROR_BROKEN_PIPE)
                break;
            return bytes;
        }
        if (!got)
            return bytes;
    }
    CoTaskMemFree(bytes);
    return NULL;
}

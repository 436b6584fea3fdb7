/*
 * As much of windows.h as the conversion of strings needs, for native tests of it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Files over it are compiled with -fshort-wchar. The code page is a test's choice: codepage.h.
 */

#ifndef TESTS_UNIT_WINDOWS_WINDOWS_H
#define TESTS_UNIT_WINDOWS_WINDOWS_H

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define WINAPI
#define CALLBACK
#define TRUE     1
#define FALSE    0
#define INFINITE 0xffffffffu

typedef int BOOL;
typedef uint8_t BYTE;
typedef uint16_t WORD;
typedef uint32_t DWORD, ULONG, UINT;
typedef int32_t LONG, HRESULT;
typedef uint64_t ULONG64;
typedef uintptr_t ULONG_PTR;
typedef size_t SIZE_T;
typedef uint16_t WCHAR;
typedef void *HANDLE;

typedef struct
{
    int held;
} SRWLOCK;

#define SRWLOCK_INIT {0}

static inline void AcquireSRWLockExclusive(SRWLOCK *lock)
{
    lock->held++;
}

static inline void ReleaseSRWLockExclusive(SRWLOCK *lock)
{
    lock->held--;
}

/* ---- the heap ---- */

#define HEAP_ZERO_MEMORY 8u

static inline HANDLE GetProcessHeap(void)
{
    return NULL;
}

static inline void *HeapAlloc(HANDLE heap, DWORD flags, SIZE_T size)
{
    void *memory = malloc(size ? size : 1);

    (void)heap;
    /* Otherwise nothing is known of what is in it. */
    if (memory)
        memset(memory, flags & HEAP_ZERO_MEMORY ? 0 : 0xcd, size);
    return memory;
}

static inline BOOL HeapFree(HANDLE heap, DWORD flags, void *memory)
{
    (void)heap, (void)flags;
    free(memory);
    return TRUE;
}

/* ---- strings ---- */

#define CP_ACP               0u
#define CP_UTF8              65001u
#define WC_NO_BEST_FIT_CHARS 0x400u

static inline int lstrlenA(const char *string)
{
    return (int)strlen(string);
}

static inline int lstrlenW(const WCHAR *string)
{
    int length;

    for (length = 0; string[length]; length++)
        ;
    return length;
}

UINT GetACP(void);
int MultiByteToWideChar(UINT page, DWORD flags, const char *text, int bytes, WCHAR *out, int room);
int WideCharToMultiByte(UINT page, DWORD flags, const WCHAR *text, int units, char *out, int room,
                        const char *replacement, BOOL *replaced);

#endif

/*
 * The opening line of traces and recordings (product, platform, date) and their clock.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "product.h"

#include <stdio.h>

void product_text(char text[PRODUCT_TEXT])
{
    const char *(CDECL * wine_version)(void) = (const char *(CDECL *)(void))(
        void (*)(void))GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version");
    SYSTEMTIME now;

    GetSystemTime(&now);
    snprintf(text, PRODUCT_TEXT, "scardssp %s, %s%.60s, %u-bit, %04u-%02u-%02uT%02u:%02u:%02uZ",
             PACKAGE_VERSION, wine_version ? "Wine " : "Windows",
             wine_version ? wine_version() : "", (unsigned)(8 * sizeof(void *)), now.wYear,
             now.wMonth, now.wDay, now.wHour, now.wMinute, now.wSecond);
}

ULONG64 product_time(void)
{
    LARGE_INTEGER count, frequency;

    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return (ULONG64)(count.QuadPart / frequency.QuadPart) * 1000000 +
           (ULONG64)(count.QuadPart % frequency.QuadPart) * 1000000 / frequency.QuadPart;
}

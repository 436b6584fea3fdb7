/*
 * Tests of dlls/winscard/strings.c and memory.c: names in UTF-16 and in code pages.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include <winscard.h>

#include "windows/codepage.h"
#include "winscard/memory.h"
#include "winscard/strings.h"

/* Two readers; NULs are '|', and the one that ends the list is the literal's. */
static const struct row
{
    enum code_page page;
    const WCHAR *wide;
    const char *narrow;
    int same; /* converting back gives the same */
} rows[] =
{
    {PAGE_LATIN1, L"A|B|", "A|B|", 1},
    {PAGE_LATIN1, L"Lecteur \x00e9t\x00e9|B|", "Lecteur \xe9t\xe9|B|", 1},
    {PAGE_LATIN1, L"\x0427\x0438\x0442\x0430\x0447|B|", "?????|B|", 0},
    {PAGE_LATIN1, L"\xd83d\xde00|B|", "??|B|", 0},
    {PAGE_LATIN1, L"", "", 1},
    {PAGE_UTF8, L"\x0427\x0438|B|", "\xd0\xa7\xd0\xb8|B|", 1},
    {PAGE_UTF8, L"\xd83d\xde00|B|", "\xf0\x9f\x98\x80|B|", 1},
    {PAGE_UTF8, L"\xd83d|B|", "\xef\xbf\xbd|B|", 0},
    {PAGE_DOUBLE, L"\x8341\x8342|B|", "\x83\x41\x83\x42|B|", 1},
    {PAGE_DOUBLE, L"\x00e9|B|", "?|B|", 0},
};

static DWORD units_of(const WCHAR *text)
{
    return (DWORD)lstrlenW(text) + 1;
}

/* Copies with '|' turned into NULs. */
static void copy_wide(const WCHAR *text, WCHAR *out)
{
    DWORD i;

    for (i = 0; i < units_of(text); i++)
        out[i] = text[i] == '|' ? 0 : text[i];
}

static void copy_narrow(const char *text, char *out)
{
    size_t i;

    for (i = 0; i <= strlen(text); i++)
        out[i] = text[i] == '|' ? 0 : text[i];
}

static void test_rows(void)
{
    WCHAR wide[64], *back;
    char narrow[64], given[64];
    DWORD i, length, size;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        test_push("row %u", (unsigned)i);
        set_code_page(rows[i].page);
        copy_wide(rows[i].wide, wide);
        copy_narrow(rows[i].narrow, narrow);
        size = (DWORD)strlen(rows[i].narrow) + 1;
        ok_uint(strings_units(wide), units_of(rows[i].wide));
        length = sizeof(given);
        ok_hr(strings_give(wide, strings_units(wide), TRUE, given, &length), SCARD_S_SUCCESS);
        ok_uint(length, size);
        ok_bytes(given, narrow, size);
        ok(strings_equal_ansi(wide, narrow), "the first name is another\n");
        ok_hr(strings_take_list(narrow, TRUE, &back), SCARD_S_SUCCESS);
        if (rows[i].same)
            ok(strings_units(back) == units_of(rows[i].wide) &&
                   !memcmp(back, wide, strings_units(back) * sizeof(WCHAR)),
               "back is another list\n");
        HeapFree(GetProcessHeap(), 0, back);
        test_pop();
    }
}

/* Lengths are characters of the code page; nothing is written when it does not fit. */
static void test_lengths(void)
{
    static const WCHAR name[] = L"\x0427\x0438";
    DWORD length = SCARD_AUTOALLOCATE;
    char given[8] = "x", *allocated;
    WCHAR *wide = NULL;

    set_code_page(PAGE_UTF8);
    ok_hr(strings_give(name, 3, TRUE, NULL, &length), SCARD_S_SUCCESS);
    ok_uint(length, 5);
    length = 4;
    ok_hr(strings_give(name, 3, TRUE, given, &length), SCARD_E_INSUFFICIENT_BUFFER);
    ok(length == 5 && given[0] == 'x', "%u\n", (unsigned)length);
    ok_hr(strings_fit(name, 3, TRUE, given, &length), SCARD_S_SUCCESS);
    ok_hr(strings_give(name, 3, TRUE, given, &length), SCARD_S_SUCCESS);
    length = SCARD_AUTOALLOCATE;
    ok_hr(strings_give(name, 3, TRUE, &allocated, &length), SCARD_S_SUCCESS);
    ok(length == 5 && !strcmp(allocated, given), "%u\n", (unsigned)length);
    ok_hr(SCardFreeMemory(0, allocated), SCARD_S_SUCCESS);
    ok_hr(SCardFreeMemory(0, allocated), SCARD_E_INVALID_PARAMETER);
    length = SCARD_AUTOALLOCATE;
    ok_hr(strings_give(name, 3, FALSE, &wide, &length), SCARD_S_SUCCESS);
    ok(length == 3 && !memcmp(wide, name, sizeof(name)), "%u\n", (unsigned)length);
    ok_hr(SCardFreeMemory(0, wide), SCARD_S_SUCCESS);
    ok_hr(strings_give(name, 3, TRUE, given, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(strings_take(NULL, TRUE, &wide), SCARD_S_SUCCESS);
    ok(!wide, "of nothing\n");
}

/* The first byte of two that stands before the end must not swallow it. */
static void test_half_character(void)
{
    WCHAR *wide;

    set_code_page(PAGE_DOUBLE);
    ok_hr(strings_take("A\x83", TRUE, &wide), SCARD_S_SUCCESS);
    ok(lstrlenW(wide) <= 3, "%d\n", lstrlenW(wide));
    HeapFree(GetProcessHeap(), 0, wide);
    ok_hr(strings_take_list("A\0B\x83\0", TRUE, &wide), SCARD_S_SUCCESS);
    ok(strings_units(wide) <= 6, "%u\n", (unsigned)strings_units(wide));
    HeapFree(GetProcessHeap(), 0, wide);
}

START_TEST(strings)
{
    test_rows();
    test_lengths();
    test_half_character();
}

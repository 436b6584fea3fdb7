/*
 * Lists of readers and groups: lengths, code pages, memory, arguments.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include "test.h"

#include "winscardtest.h"

static SCARDCONTEXT context;

static BOOL lists(const WCHAR *names, const WCHAR *name)
{
    for (; *names; names += lstrlenW(names) + 1)
        if (!lstrcmpW(names, name))
            return TRUE;
    return FALSE;
}

/* Of characters, both NULs counted. */
static DWORD list_length(void)
{
    return lstrlenW(test_reader) + 1 + lstrlenW(test_empty) + 1 + 1;
}

static void test_lengths(void)
{
    WCHAR names[512];
    char ansi[512];
    DWORD length = 0;

    fact(DOCUMENTED);
    ok_hr(SCardListReadersW(context, NULL, NULL, &length), SCARD_S_SUCCESS);
    ok_uint(length, list_length());
    length = 0;
    ok_hr(SCardListReadersA(context, NULL, NULL, &length), SCARD_S_SUCCESS);
    ok_uint(length, list_length());
    length = ARRAYSIZE(names);
    memset(names, 0xcc, sizeof(names));
    ok_hr(SCardListReadersW(context, NULL, names, &length), SCARD_S_SUCCESS);
    ok_uint(length, list_length());
    ok(lists(names, test_reader) && lists(names, test_empty), "not both\n");
    ok(!names[length - 1] && !names[length - 2] && names[length] == 0xcccc, "the end\n");
    length = sizeof(ansi);
    ok_hr(SCardListReadersA(context, NULL, ansi, &length), SCARD_S_SUCCESS);
    ok_uint(length, list_length());
    length = list_length();
    ok_hr(SCardListReadersW(context, NULL, names, &length), SCARD_S_SUCCESS);
    length = list_length() - 1;
    names[0] = 0xcccc;
    ok_hr(SCardListReadersW(context, NULL, names, &length), SCARD_E_INSUFFICIENT_BUFFER);
    ok_uint(length, list_length());
    ok(names[0] == 0xcccc, "written to\n");
    length = 1;
    ok_hr(SCardListReadersA(context, NULL, ansi, &length), SCARD_E_INSUFFICIENT_BUFFER);
    ok_uint(length, list_length());
}

static void test_allocated(void)
{
    DWORD length = SCARD_AUTOALLOCATE;
    WCHAR *names = NULL;
    char *ansi = NULL;

    fact(DOCUMENTED);
    ok_hr(SCardListReadersW(context, NULL, (WCHAR *)&names, &length), SCARD_S_SUCCESS);
    ok(length == list_length() && names && lists(names, test_reader), "%lu\n", length);
    SCardFreeMemory(context, names);
    length = SCARD_AUTOALLOCATE;
    ok_hr(SCardListReadersA(context, NULL, (char *)&ansi, &length), SCARD_S_SUCCESS);
    ok(length == list_length() && ansi, "%lu\n", length);
    SCardFreeMemory(context, ansi);
    if (winscard_is_weak())
        return;
    /* Without a buffer the length is ignored, whatever a program left in it. */
    length = SCARD_AUTOALLOCATE;
    ok_hr(SCardListReadersW(context, NULL, NULL, &length), SCARD_S_SUCCESS);
    ok_uint(length, list_length());
    length = SCARD_AUTOALLOCATE;
    ok_hr(SCardListReadersA(context, NULL, NULL, &length), SCARD_S_SUCCESS);
    ok_uint(length, list_length());
    length = SCARD_AUTOALLOCATE;
    ok_hr(SCardListReaderGroupsA(context, NULL, &length), SCARD_S_SUCCESS);
    ok_uint(length, ARRAYSIZE(L"SCard$DefaultReaders\0"));
    fact(GUESS);
    ok_hr(SCardListReadersW(context, NULL, (WCHAR *)&names, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardListReaderGroupsW(context, NULL, NULL), SCARD_E_INVALID_PARAMETER);
}

/* Programs pass a group that they do not mean as NULL, "" or "\0\0". */
static void test_groups(void)
{
    WCHAR names[512];
    char ansi[512];
    DWORD length;

    fact(DOCUMENTED);
    length = ARRAYSIZE(names);
    ok_hr(SCardListReadersW(context, L"", names, &length), SCARD_S_SUCCESS);
    length = ARRAYSIZE(names);
    ok_hr(SCardListReadersW(context, L"\0", names, &length), SCARD_S_SUCCESS);
    length = sizeof(ansi);
    ok_hr(SCardListReadersA(context, "", ansi, &length), SCARD_S_SUCCESS);
    length = sizeof(ansi);
    ok_hr(SCardListReadersA(context, "SCard$AllReaders\0", ansi, &length), SCARD_S_SUCCESS);
    length = ARRAYSIZE(names);
    ok_hr(SCardListReadersW(context, L"SCard$DefaultReaders\0", names, &length), SCARD_S_SUCCESS);
    length = ARRAYSIZE(names);
    ok_hr(SCardListReadersW(context, L"No such\0SCard$DefaultReaders\0", names, &length),
          SCARD_S_SUCCESS);
    length = ARRAYSIZE(names);
    todo_wines_own ok_hr(SCardListReadersW(context, L"No such\0", names, &length),
                         SCARD_E_NO_READERS_AVAILABLE);
    length = ARRAYSIZE(names);
    ok_hr(SCardListReaderGroupsW(context, names, &length), SCARD_S_SUCCESS);
    ok_uint(length, ARRAYSIZE(L"SCard$DefaultReaders\0"));
    ok(!lstrcmpW(names, L"SCard$DefaultReaders"), "the group\n");
    length = sizeof(ansi);
    ok_hr(SCardListReaderGroupsA(context, ansi, &length), SCARD_S_SUCCESS);
    ok_uint(length, ARRAYSIZE(L"SCard$DefaultReaders\0"));
    length = 3;
    ok_hr(SCardListReaderGroupsA(context, ansi, &length), SCARD_E_INSUFFICIENT_BUFFER);
    ok_uint(length, ARRAYSIZE(L"SCard$DefaultReaders\0"));
}

/* A context may be missing. */
static void test_no_context(void)
{
    DWORD length = 0;

    fact(DOCUMENTED);
    todo_wines_own ok_hr(SCardListReadersW(0, NULL, NULL, &length), SCARD_S_SUCCESS);
    todo_wines_own ok_uint(length, list_length());
    todo_wines_own ok_hr(SCardListReaderGroupsA(0, NULL, &length), SCARD_S_SUCCESS);
}

START_TEST(readers)
{
    winscard_begin();
    context = establish();
    if (!winscard_needs(NEED_PAIR))
        return;
    test_lengths();
    test_allocated();
    test_groups();
    test_no_context();
    SCardReleaseContext(context);
}

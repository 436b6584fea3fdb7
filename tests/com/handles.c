/*
 * The table of HSCARD and HSCARDCONTEXT values, linked in without the DLL around it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include <winscard.h>

#include "pcsc/handles.h"
#include "test.h"

/* What "thousands of others" means at least. */
#define FAR_APART 4000

static BOOL retain_nothing(void *record)
{
    return TRUE;
}

static BOOL refuse(void *record)
{
    return FALSE;
}

static void *find(enum handle_kind kind, ULONG_PTR value)
{
    return handle_find(kind, value, retain_nothing);
}

static void test_values(void)
{
    MEMORY_BASIC_INFORMATION memory = {0};
    ULONG_PTR value, other;
    int record, second;
    unsigned i;

    ok(!handle_issue(HANDLE_CARD, &record, &value), "no value\n");
    ok(value && value < 0x80000000u, "value %p\n", (void *)value);
    ok(!(value % 16), "value %p\n", (void *)value);
    for (i = 0; i < 16 / sizeof(DWORD); i++)
        ok(!((const DWORD *)value)[i], "%u: another DLL does not read zeros\n", i);
    ok(VirtualQuery((void *)value, &memory, sizeof(memory)) == sizeof(memory), "no memory\n");
    ok(memory.Protect == PAGE_READONLY, "another DLL can write: protection %lx\n", memory.Protect);

    ok(find(HANDLE_CARD, value) == &record, "not found\n");
    ok(!find(HANDLE_CONTEXT, value), "found as another kind\n");
    ok(!find(HANDLE_CARD, value + 1), "found beside\n");
    ok(!find(HANDLE_CARD, value + 16), "a value never issued was found\n");
    ok(!find(HANDLE_CARD, 0) && !find(HANDLE_CARD, (ULONG_PTR)-1), "nonsense was found\n");
    ok(!handle_find(HANDLE_CARD, value, refuse), "a dying record was brought back\n");

    ok(!handle_issue(HANDLE_CONTEXT, &second, &other), "no value\n");
    ok(other != value && find(HANDLE_CONTEXT, other) == &second, "value %p\n", (void *)other);
    handle_free(value);
    ok(!find(HANDLE_CARD, value), "found after it was freed\n");
    handle_free(value);
    handle_free(12345);
    ok(find(HANDLE_CONTEXT, other) == &second, "freeing another one lost it\n");
    handle_free(other);
}

/* A freed value comes back only after thousands of others. */
static void test_reuse(void)
{
    ULONG_PTR first, value;
    int record;
    unsigned i;

    handle_issue(HANDLE_CARD, &record, &first);
    handle_free(first);
    for (i = 0; i < 2 * HANDLES_MAX; i++)
    {
        handle_issue(HANDLE_CARD, &record, &value);
        handle_free(value);
        if (value == first)
            break;
    }
    ok(i >= FAR_APART && i < 2 * HANDLES_MAX, "came back after %u others\n", i);
}

static void test_full(void)
{
    static ULONG_PTR values[HANDLES_MAX];
    ULONG_PTR value = 1;
    unsigned i, count;
    int record;

    for (count = 0; count < HANDLES_MAX; count++)
        if (handle_issue(HANDLE_CARD, &record, &values[count]))
            break;
    ok(count == HANDLES_MAX, "%u values\n", count);
    ok(handle_issue(HANDLE_CARD, &record, &value) == SCARD_E_NO_MEMORY, "more than all\n");
    ok(!value, "value %p\n", (void *)value);
    handle_free(values[7]);
    ok(!handle_issue(HANDLE_CARD, &record, &value), "none although one is free\n");
    ok(value == values[7], "value %p\n", (void *)value);
    for (i = 0; i < count; i++)
        handle_free(values[i]);
}

static DWORD WINAPI hammer(void *arg)
{
    ULONG_PTR value;
    DWORD wrong = 0;
    int record, i;

    for (i = 0; i < 20000; i++)
    {
        if (handle_issue(HANDLE_CARD, &record, &value))
            wrong++;
        wrong += find(HANDLE_CARD, value) != &record;
        handle_free(value);
    }
    return wrong;
}

static void test_threads(void)
{
    HANDLE threads[4];
    DWORD wrong;
    unsigned i;

    for (i = 0; i < ARRAYSIZE(threads); i++)
        threads[i] = CreateThread(NULL, 0, hammer, NULL, 0, NULL);
    for (i = 0; i < ARRAYSIZE(threads); i++)
    {
        WaitForSingleObject(threads[i], INFINITE);
        GetExitCodeThread(threads[i], &wrong);
        ok(!wrong, "thread %u: %lu wrong\n", i, wrong);
        CloseHandle(threads[i]);
    }
}

START_TEST(handles)
{
    fact(GUESS);
    test_values();
    test_reuse();
    test_full();
    test_threads();
}

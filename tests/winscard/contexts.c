/*
 * The names, their ordinals, contexts, memory and events.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include "test.h"

#include "names.h"
#include "winscardtest.h"

/* ---- exports ---- */

static void test_names(void)
{
    HMODULE module = GetModuleHandleA("winscard.dll");
    FARPROC by_name, by_ordinal;
    unsigned i;

    fact(NATIVE);
    for (i = 0; i < ARRAYSIZE(winscard_names); i++)
    {
        test_push("%s", winscard_names[i]);
        by_name = GetProcAddress(module, winscard_names[i]);
        by_ordinal = GetProcAddress(module, (const char *)(ULONG_PTR)(i + 1));
        ok(by_name != NULL, "missing\n");
        /* Windows has other ordinals since Vista. */
        if (test_under_wine)
            ok(by_ordinal == by_name, "ordinal %u is another function\n", i + 1);
        test_pop();
    }
    fact(DOCUMENTED);
    for (i = 0; i < ARRAYSIZE(winscard_later_names); i++)
        todo_wines_own ok(GetProcAddress(module, winscard_later_names[i]) || broken(TRUE),
                          "%s is missing\n", winscard_later_names[i]);
}

static void check_pci(const char *function, const SCARD_IO_REQUEST *data, DWORD protocol)
{
    const SCARD_IO_REQUEST *(WINAPI * address)(void) = (void *)winscard_function(function);

    ok_uint(data->dwProtocol, protocol);
    ok_uint(data->cbPciLength, 8);
    if (winscard_is_ours())
        ok(address && address() == data, "%s\n", function);
}

static void test_data(void)
{
    fact(DOCUMENTED);
    check_pci("SCardPciT0", SCARD_PCI_T0, SCARD_PROTOCOL_T0);
    check_pci("SCardPciT1", SCARD_PCI_T1, SCARD_PROTOCOL_T1);
    check_pci("SCardPciRaw", SCARD_PCI_RAW, SCARD_PROTOCOL_RAW);
}

/* ---- contexts ---- */

static void test_establish(void)
{
    SCARDCONTEXT context = establish(), other;
    DWORD scope;

    SCardReleaseContext(context);
    for (scope = SCARD_SCOPE_USER; scope <= SCARD_SCOPE_SYSTEM; scope++)
    {
        fact(scope == SCARD_SCOPE_TERMINAL ? GUESS : DOCUMENTED);
        context = 0;
        ok_hr(SCardEstablishContext(scope, NULL, NULL, &context), SCARD_S_SUCCESS);
        ok(context != 0, "scope %lu\n", scope);
        ok_hr(SCardReleaseContext(context), SCARD_S_SUCCESS);
    }
    fact(GUESS);
    todo_wines_own ok_hr(SCardEstablishContext(3, NULL, NULL, &context), SCARD_E_INVALID_VALUE);
    fact(DOCUMENTED);
    ok_hr(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, NULL), SCARD_E_INVALID_PARAMETER);
    context = establish();
    other = establish();
    ok(context != other, "one value for two contexts\n");
    if (!winscard_is_weak())
        ok((LONG)context > 0, "%p does not fit into a Long\n", (void *)context);
    ok_hr(SCardIsValidContext(context), SCARD_S_SUCCESS);
    ok_hr(SCardCancel(context), SCARD_S_SUCCESS);
    ok_hr(SCardReleaseContext(context), SCARD_S_SUCCESS);
    ok_hr(SCardIsValidContext(other), SCARD_S_SUCCESS);
    ok_hr(SCardReleaseContext(other), SCARD_S_SUCCESS);
}

/* A context's cards go with it. */
static void test_release(void)
{
    SCARDCONTEXT context;
    DWORD protocol, state;
    SCARDHANDLE card;

    if (winscard_is_weak() || !winscard_needs(NEED_CARD))
        return;
    context = establish();
    card = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    fact(DOCUMENTED);
    ok_hr(SCardReleaseContext(context), SCARD_S_SUCCESS);
    ok_hr(SCardState(card, &state, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
    ok_hr(SCardDisconnect(card, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE);
}

static void test_many(void)
{
    SCARDCONTEXT contexts[100];
    DWORD before, after;
    unsigned i;

    for (i = 0; i < 200; i++)
        SCardReleaseContext(establish());
    before = test_heap_blocks();
    for (i = 0; i < 1000; i++)
        SCardReleaseContext(establish());
    after = test_heap_blocks();
    fact(GUESS);
    ok(after < before + 50, "%lu blocks have become %lu\n", before, after);
    for (i = 0; i < ARRAYSIZE(contexts); i++)
        contexts[i] = establish();
    for (i = 0; i < ARRAYSIZE(contexts); i++)
        ok_hr(SCardReleaseContext(contexts[i]), SCARD_S_SUCCESS);
}

/* ---- memory ---- */

static void test_memory(void)
{
    SCARDCONTEXT context = establish();
    DWORD length = SCARD_AUTOALLOCATE;
    WCHAR *readers = NULL;

    fact(DOCUMENTED);
    ok_hr(SCardListReadersW(context, NULL, (WCHAR *)&readers, &length), SCARD_S_SUCCESS);
    ok(readers && length > 2 && length < 1000, "%p, %lu\n", (void *)readers, length);
    ok_hr(SCardFreeMemory(context, readers), SCARD_S_SUCCESS);
    fact(GUESS);
    if (!winscard_is_weak())
    {
        ok_hr(SCardFreeMemory(context, readers), SCARD_E_INVALID_PARAMETER);
        ok_hr(SCardFreeMemory(context, &length), SCARD_E_INVALID_PARAMETER);
    }
    ok_hr(SCardFreeMemory(context, NULL), SCARD_S_SUCCESS);
    SCardReleaseContext(context);
}

/* ---- events ---- */

static void test_events(void)
{
    HANDLE(WINAPI * access_new)(void) = (void *)winscard_function("SCardAccessNewReaderEvent");
    void(WINAPI * release_new)(void) = (void *)winscard_function("SCardReleaseNewReaderEvent");
    void(WINAPI * release_all)(void) = (void *)winscard_function("SCardReleaseAllEvents");
    HANDLE first = SCardAccessStartedEvent(), second, innocent;
    DWORD before, after;
    unsigned i;

    fact(DOCUMENTED);
    ok(first && WaitForSingleObject(first, 0) == WAIT_OBJECT_0, "the service runs\n");
    fact(GUESS);
    CloseHandle(first);
    second = SCardAccessStartedEvent();
    todo_wines_own ok(WaitForSingleObject(second, 0) == WAIT_OBJECT_0,
                      "closing one handle closed another\n");
    SCardReleaseStartedEvent();
    /* A handle that a program closed is not closed again. */
    first = SCardAccessStartedEvent();
    CloseHandle(first);
    innocent = CreateEventW(NULL, TRUE, TRUE, NULL);
    SCardReleaseStartedEvent();
    SCardReleaseStartedEvent();
    ok(WaitForSingleObject(innocent, 0) == WAIT_OBJECT_0, "another's handle was closed\n");
    CloseHandle(innocent);
    GetProcessHandleCount(GetCurrentProcess(), &before);
    for (i = 0; i < 100; i++)
    {
        SCardAccessStartedEvent();
        SCardReleaseStartedEvent();
    }
    GetProcessHandleCount(GetCurrentProcess(), &after);
    ok(after < before + 10, "%lu handles have become %lu\n", before, after);
    if (winscard_is_weak())
        return;
    ok((first = access_new()) && WaitForSingleObject(first, 0) == WAIT_TIMEOUT, "new reader\n");
    release_new();
    access_new();
    release_all();
    release_all();
}

static void test_installer(void)
{
    DWORD(WINAPI * install)(UINT, HANDLE, void *) = (void *)winscard_function("ClassInstall32");

    if (winscard_is_weak())
        return;
    fact(DOCUMENTED);
    ok_uint(install(0x19, NULL, NULL), 0xe000020e);
}

START_TEST(contexts)
{
    winscard_begin();
    test_names();
    test_data();
    test_establish();
    test_release();
    test_many();
    test_memory();
    test_events();
    test_installer();
}

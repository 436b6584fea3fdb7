/*
 * What the tests of winscard.dll share: whose DLL it is, readers, contexts, cards.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h. The programs run over this project's winscard.dll, Wine's own and Windows'.
 * tools/check places ours beside them and says so by an override; without one Wine takes its own.
 */

#ifndef TESTS_WINSCARD_WINSCARDTEST_H
#define TESTS_WINSCARD_WINSCARDTEST_H

#include <winscard.h>

#include "rig/rigctl.h"

static WCHAR test_reader[256], test_empty[256];
static char test_reader_ansi[256];

static const BYTE select_mf[] = {0x00, 0xa4, 0x00, 0x0c, 0x02, 0x3f, 0x00};

/* ---- whose ---- */

TEST_USED static FARPROC winscard_function(const char *name)
{
    return GetProcAddress(GetModuleHandleA("winscard.dll"), name);
}

/* This project's: its functions are scardssp.dll's. */
TEST_USED static BOOL winscard_is_ours(void)
{
    HMODULE owner = NULL;

    return GetModuleHandleExA(
               GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                   GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
               (const char *)(void (*)(void))winscard_function("SCardEstablishContext"), &owner) &&
           owner && owner == GetModuleHandleA("scardssp.dll");
}

/* Known to fail with Wine's own. */
#define todo_wines_own todo_if(test_under_wine && !winscard_is_ours())

/* Wine's own reads any handle as a pointer, and lacks half of the functions. */
TEST_USED static BOOL winscard_is_weak(void)
{
    return test_under_wine && !winscard_is_ours();
}

/* ---- readers and cards ---- */

static BOOL name_reader(const char *variable, WCHAR name[256])
{
    char value[256];

    return GetEnvironmentVariableA(variable, value, sizeof(value)) &&
           MultiByteToWideChar(CP_UTF8, 0, value, -1, name, 256);
}

/* Those that nobody named: the first one with a card, the first one without. */
static void find_readers(SCARDCONTEXT context, BOOL named, BOOL empty_named)
{
    WCHAR names[4096], *name;
    DWORD length = ARRAYSIZE(names);

    if (SCardListReadersW(context, NULL, names, &length))
        return;
    for (name = names; *name; name += lstrlenW(name) + 1)
    {
        SCARD_READERSTATEW state = {.szReader = name};

        if (lstrlenW(name) >= 256 || SCardGetStatusChangeW(context, 0, &state, 1))
            continue;
        if (state.dwEventState & SCARD_STATE_PRESENT && !named)
        {
            lstrcpyW(test_reader, name);
            named = TRUE;
        }
        else if (state.dwEventState & SCARD_STATE_EMPTY && !empty_named)
        {
            lstrcpyW(test_empty, name);
            empty_named = TRUE;
        }
    }
}

TEST_USED static void name_readers(void)
{
    BOOL named, empty_named;
    SCARDCONTEXT context;

    lstrcpyW(test_reader, L"Virtual PCD 00 00");
    lstrcpyW(test_empty, L"Virtual PCD 00 01");
    named = name_reader("SCARDSSP_TEST_READER", test_reader);
    empty_named = name_reader("SCARDSSP_TEST_READER2", test_empty);
    if (!rig_is_there() && !SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context))
    {
        find_readers(context, named, empty_named);
        SCardReleaseContext(context);
    }
    WideCharToMultiByte(CP_ACP, 0, test_reader, -1, test_reader_ansi, sizeof(test_reader_ansi),
                        NULL, NULL);
}

/* ---- what most begin with ---- */

/* Reads the readers' names, and makes sure of whose winscard.dll this is. */
TEST_USED static void winscard_begin(void)
{
    char wanted[16] = "";

    name_readers();
    GetEnvironmentVariableA("SCARDSSP_TEST_WINSCARD", wanted, sizeof(wanted));
    if (!strcmp(wanted, "ours"))
        ok(winscard_is_ours(), "another winscard.dll\n");
    trace("winscard.dll is %s\n", winscard_is_ours() ? "this project's"
                                  : test_under_wine  ? "Wine's"
                                                     : "Windows'");
}

/* A context; where there is none nothing can be tested. */
TEST_USED static SCARDCONTEXT establish(void)
{
    SCARDCONTEXT context = 0;
    LONG result = SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context);

    /* Windows' service runs only where there are readers. */
    if (!rig_is_there() && result == (LONG)SCARD_E_NO_SERVICE)
        skip("the smart card service does not run\n");
    else
        /* Wine 8.0's own never has one. */
        todo_if(winscard_is_weak() && result)
            ok(!result && context, "SCardEstablishContext: %#lx\n", result);
    if (result)
        ExitProcess(test_summary());
    return context;
}

TEST_USED static SCARDHANDLE connect_to(SCARDCONTEXT context, DWORD share, DWORD protocols,
                                        DWORD *protocol)
{
    SCARDHANDLE card = 0;
    LONG result = SCardConnectW(context, test_reader, share, protocols, &card, protocol);

    ok(!result && card, "SCardConnect: %#lx\n", result);
    return card;
}

/* SELECT MF; the result, SW in *sw. */
TEST_USED static LONG select_root(SCARDHANDLE card, WORD *sw)
{
    BYTE reply[258];
    DWORD length = sizeof(reply);
    LONG result = SCardTransmit(card, NULL, select_mf, sizeof(select_mf), NULL, reply, &length);

    *sw = !result && length >= 2 ? reply[length - 2] << 8 | reply[length - 1] : 0;
    return result;
}

/* ---- what is needed ---- */

#define NEED_CARD  1 /* any, in test_reader */
#define NEED_ROOT  3 /* one that speaks T=1 and has a root directory */
#define NEED_EMPTY 4 /* test_empty, without a card */
#define NEED_PAIR  8 /* these two readers in this order, and no other */

static BOOL has_root(SCARDCONTEXT context)
{
    DWORD protocol = 0;
    SCARDHANDLE card;
    WORD sw = 0;

    if (SCardConnectW(context, test_reader, SCARD_SHARE_SHARED, 3, &card, &protocol))
        return FALSE;
    if (protocol == SCARD_PROTOCOL_T1)
        select_root(card, &sw);
    SCardDisconnect(card, SCARD_LEAVE_CARD);
    return sw == 0x9000;
}

static BOOL is_pair(SCARDCONTEXT context)
{
    WCHAR names[4096];
    const WCHAR *second;
    DWORD length = ARRAYSIZE(names);

    if (SCardListReadersW(context, NULL, names, &length) || lstrcmpW(names, test_reader))
        return FALSE;
    second = names + lstrlenW(names) + 1;
    return !lstrcmpW(second, test_empty) && !second[lstrlenW(second) + 1];
}

/* Which of them there is not; in the rig none is missing. */
TEST_USED static unsigned winscard_missing(void)
{
    SCARD_READERSTATEW states[2] = {{.szReader = test_reader}, {.szReader = test_empty}};
    unsigned missing = 0;
    SCARDCONTEXT context;

    if (rig_is_there())
        return 0;
    if (SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context))
        return NEED_ROOT | NEED_EMPTY | NEED_PAIR;
    SCardGetStatusChangeW(context, 0, &states[0], 1);
    SCardGetStatusChangeW(context, 0, &states[1], 1);
    if (!(states[0].dwEventState & SCARD_STATE_PRESENT))
        missing |= NEED_CARD;
    if (!has_root(context))
        missing |= NEED_ROOT & ~NEED_CARD;
    if (!(states[1].dwEventState & SCARD_STATE_EMPTY))
        missing |= NEED_EMPTY;
    if (!is_pair(context))
        missing |= NEED_PAIR;
    SCardReleaseContext(context);
    return missing;
}

/* FALSE, and a skip that names it, when one is missing. */
TEST_USED static BOOL winscard_needs(unsigned needs)
{
    unsigned missing = winscard_missing() & needs;

    if (missing & NEED_CARD)
        skip("no reader has a card\n");
    else if (missing & NEED_ROOT & ~NEED_CARD)
        skip("no card that speaks T=1 and has a root directory\n");
    else if (missing & NEED_EMPTY)
        skip("no empty reader beside that with the card\n");
    else if (missing)
        skip("other readers than that with the card, and then an empty one\n");
    return !missing;
}

#endif

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

/* ---- what most begin with ---- */

static void name_reader(const char *variable, const WCHAR *fallback, WCHAR name[256])
{
    char value[256];

    if (!GetEnvironmentVariableA(variable, value, sizeof(value)) ||
        !MultiByteToWideChar(CP_UTF8, 0, value, -1, name, 256))
        lstrcpyW(name, fallback);
}

TEST_USED static void name_readers(void)
{
    name_reader("SCARDSSP_TEST_READER", L"Virtual PCD 00 00", test_reader);
    name_reader("SCARDSSP_TEST_READER2", L"Virtual PCD 00 01", test_empty);
    WideCharToMultiByte(CP_ACP, 0, test_reader, -1, test_reader_ansi, sizeof(test_reader_ansi),
                        NULL, NULL);
}

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

#endif

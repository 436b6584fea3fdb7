/*
 * The card database, and the cards that are located by it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Needs the card iso-t1, and the right to write the registry.
 */

#include <windows.h>
#include <objbase.h>
#include "test.h"

#include "winscardtest.h"

#define NAME L"Scardssp test \xe9"

static const GUID provider = {0x12345678, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};
static const GUID interfaces[] =
{
    {0xaaaaaaaa, 1, 2, {3}},
    {0xbbbbbbbb, 1, 2, {3}}
};

static SCARDCONTEXT context;
static BYTE atr[36];
static DWORD atr_size;

static BOOL lists(const WCHAR *names, const WCHAR *name)
{
    for (; *names; names += lstrlenW(names) + 1)
        if (!lstrcmpiW(names, name))
            return TRUE;
    return FALSE;
}

static void read_atr(void)
{
    SCARD_READERSTATEW state = {.szReader = test_reader};

    ok_hr(SCardGetStatusChangeW(context, 0, &state, 1), SCARD_S_SUCCESS);
    atr_size = state.cbAtr;
    memcpy(atr, state.rgbAtr, atr_size);
}

/* Whether a list by these arguments has the test's card. */
static BOOL found(const BYTE *bytes, const GUID *guids, DWORD count)
{
    static WCHAR names[16384];
    DWORD length = ARRAYSIZE(names);

    ok_hr(SCardListCardsW(context, bytes, guids, count, names, &length), SCARD_S_SUCCESS);
    return lists(names, NAME);
}

static void test_introduce(void)
{
    fact(DOCUMENTED);
    SCardForgetCardTypeW(context, NAME);
    ok(!found(NULL, NULL, 0), "it is there already\n");
    ok_hr(SCardIntroduceCardTypeW(context, NAME, &provider, interfaces, 2, atr, NULL, atr_size),
          SCARD_S_SUCCESS);
    ok(found(NULL, NULL, 0) && found(atr, NULL, 0), "not listed\n");
    ok(found(NULL, interfaces, 2) && found(atr, interfaces + 1, 1), "not by interfaces\n");
    ok(!found(NULL, &provider, 1), "by an interface that it has not\n");
    fact(GUESS);
    ok_hr(SCardIntroduceCardTypeW(context, NAME, NULL, NULL, 0, atr, NULL, atr_size),
          ERROR_ALREADY_EXISTS);
    ok_hr(SCardIntroduceCardTypeW(context, NAME, NULL, NULL, 0, atr, NULL, 37),
          SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardIntroduceCardTypeW(context, NAME, NULL, NULL, 0, atr, NULL, 0),
          SCARD_E_INVALID_PARAMETER);
}

static void test_list(void)
{
    static const BYTE nobody[] = {0x3b, 0x02, 0x77, 0x99};
    WCHAR names[16];
    DWORD length = 0, needed;
    char *ansi = NULL;

    fact(GUESS);
    length = ARRAYSIZE(names);
    ok_hr(SCardListCardsW(context, nobody, NULL, 0, names, &length), SCARD_S_SUCCESS);
    ok(length == 1 && !names[0], "%lu\n", length);
    ok_hr(SCardListCardsW(context, (const BYTE *)"XY", NULL, 0, NULL, &length),
          SCARD_E_INVALID_PARAMETER);
    fact(DOCUMENTED);
    ok_hr(SCardListCardsW(context, NULL, NULL, 0, NULL, &needed), SCARD_S_SUCCESS);
    length = 1;
    ok_hr(SCardListCardsW(context, NULL, NULL, 0, names, &length), SCARD_E_INSUFFICIENT_BUFFER);
    ok_uint(length, needed);
    length = SCARD_AUTOALLOCATE;
    ok_hr(SCardListCardsA(0, atr, NULL, 0, (char *)&ansi, &length), SCARD_S_SUCCESS);
    ok(ansi && length > 2 && !ansi[length - 1] && !ansi[length - 2], "%lu\n", length);
    SCardFreeMemory(context, ansi);
}

static void test_interfaces(void)
{
    GUID guids[4], *copy = NULL, id;
    DWORD count = 0;

    fact(DOCUMENTED);
    ok_hr(SCardListInterfacesW(context, NAME, NULL, &count), SCARD_S_SUCCESS);
    ok_uint(count, 2);
    count = 1;
    ok_hr(SCardListInterfacesW(context, NAME, guids, &count), SCARD_E_INSUFFICIENT_BUFFER);
    ok_uint(count, 2);
    count = 4;
    ok_hr(SCardListInterfacesW(context, NAME, guids, &count), SCARD_S_SUCCESS);
    ok(count == 2 && !memcmp(guids, interfaces, sizeof(interfaces)), "%lu\n", count);
    count = SCARD_AUTOALLOCATE;
    ok_hr(SCardListInterfacesW(context, NAME, (GUID *)&copy, &count), SCARD_S_SUCCESS);
    ok(count == 2 && copy && !memcmp(copy, interfaces, sizeof(interfaces)), "%lu\n", count);
    SCardFreeMemory(context, copy);
    ok_hr(SCardGetProviderIdW(context, NAME, &id), SCARD_S_SUCCESS);
    ok(IsEqualGUID(&id, &provider), "another provider\n");
    ok_hr(SCardGetProviderIdW(context, L"No such card", &id), SCARD_E_UNKNOWN_CARD);
    ok_hr(SCardListInterfacesW(context, L"No such card", guids, &count), SCARD_E_UNKNOWN_CARD);
}

static void test_provider(DWORD kind)
{
    WCHAR name[64];
    DWORD length = ARRAYSIZE(name);
    char ansi[64];

    test_push("provider %#lx", kind);
    fact(GUESS);
    ok_hr(SCardGetCardTypeProviderNameW(context, NAME, kind, name, &length), ERROR_FILE_NOT_FOUND);
    fact(DOCUMENTED);
    ok_hr(SCardSetCardTypeProviderNameW(context, NAME, kind, L"A provider"), SCARD_S_SUCCESS);
    length = ARRAYSIZE(name);
    ok_hr(SCardGetCardTypeProviderNameW(context, NAME, kind, name, &length), SCARD_S_SUCCESS);
    ok(length == 11 && !lstrcmpW(name, L"A provider"), "%lu\n", length);
    length = sizeof(ansi);
    ok_hr(SCardSetCardTypeProviderNameA(context, "Scardssp test \xe9", kind, "B"), SCARD_S_SUCCESS);
    ok_hr(SCardGetCardTypeProviderNameA(context, "Scardssp test \xe9", kind, ansi, &length),
          SCARD_S_SUCCESS);
    ok(length == 2 && !strcmp(ansi, "B"), "%lu\n", length);
    length = 1;
    ok_hr(SCardGetCardTypeProviderNameW(context, NAME, kind, name, &length),
          SCARD_E_INSUFFICIENT_BUFFER);
    test_pop();
}

static void test_providers(void)
{
    WCHAR name[64], text[64];
    DWORD length = ARRAYSIZE(name);

    test_provider(SCARD_PROVIDER_CSP);
    test_provider(3);
    test_provider(0x80000001);
    fact(DOCUMENTED);
    StringFromGUID2(&provider, text, ARRAYSIZE(text));
    ok_hr(SCardGetCardTypeProviderNameW(context, NAME, SCARD_PROVIDER_PRIMARY, name, &length),
          SCARD_S_SUCCESS);
    ok(!lstrcmpiW(name, text), "another provider\n");
    fact(GUESS);
    ok_hr(SCardSetCardTypeProviderNameW(context, NAME, SCARD_PROVIDER_PRIMARY, L"no GUID"),
          SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardGetCardTypeProviderNameW(context, NAME, 77, name, &length),
          SCARD_E_INVALID_PARAMETER);
    fact(DOCUMENTED);
    ok_hr(SCardGetCardTypeProviderNameW(context, L"No such card", 2, name, &length),
          SCARD_E_UNKNOWN_CARD);
    ok_hr(SCardSetCardTypeProviderNameW(context, L"No such card", 2, L"X"), SCARD_E_UNKNOWN_CARD);
}

/* ---- locating ---- */

static void test_locate(void)
{
    SCARD_READERSTATEW states[2] = {{.szReader = test_reader}, {.szReader = test_empty}};
    SCARD_READERSTATEA ansi = {.szReader = test_reader_ansi};
    SCARD_ATRMASK mask = {atr_size, {0}, {0}};

    fact(DOCUMENTED);
    ok_hr(SCardLocateCardsW(context, NAME L"\0", states, 2), SCARD_S_SUCCESS);
    ok(states[0].dwEventState & SCARD_STATE_ATRMATCH, "%#lx\n", states[0].dwEventState);
    ok(!(states[1].dwEventState & SCARD_STATE_ATRMATCH), "%#lx\n", states[1].dwEventState);
    ok(states[0].cbAtr == atr_size && !memcmp(states[0].rgbAtr, atr, atr_size), "ATR\n");
    ok_hr(SCardLocateCardsA(context, "Scardssp test \xe9\0", &ansi, 1), SCARD_S_SUCCESS);
    ok(ansi.dwEventState & SCARD_STATE_ATRMATCH, "%#lx\n", ansi.dwEventState);
    /* By masks; the one of zeros takes any ATR of that length. */
    ok_hr(SCardLocateCardsByATRW(context, &mask, 1, states, 2), SCARD_S_SUCCESS);
    ok(states[0].dwEventState & SCARD_STATE_ATRMATCH, "%#lx\n", states[0].dwEventState);
    memset(mask.rgbMask, 0xff, sizeof(mask.rgbMask));
    ok_hr(SCardLocateCardsByATRW(context, &mask, 1, states, 2), SCARD_S_SUCCESS);
    ok(!(states[0].dwEventState & SCARD_STATE_ATRMATCH), "%#lx\n", states[0].dwEventState);
    memcpy(mask.rgbAtr, atr, atr_size);
    ok_hr(SCardLocateCardsByATRA(context, &mask, 1, &ansi, 1), SCARD_S_SUCCESS);
    ok(ansi.dwEventState & SCARD_STATE_ATRMATCH, "%#lx\n", ansi.dwEventState);
    fact(GUESS);
    ok_hr(SCardLocateCardsW(context, L"No such card\0", states, 2), SCARD_E_UNKNOWN_CARD);
    /* What is known already is no failure here. */
    states[0].dwCurrentState = states[0].dwEventState & ~SCARD_STATE_CHANGED;
    states[1].dwCurrentState = states[1].dwEventState & ~SCARD_STATE_CHANGED;
    ok_hr(SCardLocateCardsW(context, NAME L"\0", states, 2), SCARD_S_SUCCESS);
    ok(states[0].dwEventState & SCARD_STATE_ATRMATCH, "%#lx\n", states[0].dwEventState);
}

static void test_forget(void)
{
    fact(DOCUMENTED);
    ok_hr(SCardForgetCardTypeW(context, NAME), SCARD_S_SUCCESS);
    ok(!found(NULL, NULL, 0), "it is still there\n");
    ok_hr(SCardForgetCardTypeW(context, NAME), SCARD_E_UNKNOWN_CARD);
}

START_TEST(cardtypes)
{
    winscard_begin();
    if (winscard_is_weak())
    {
        skip("Wine's own winscard.dll has no card database\n");
        return;
    }
    context = establish();
    if (!winscard_needs(NEED_CARD | NEED_EMPTY))
        return;
    read_atr();
    test_introduce();
    test_list();
    test_interfaces();
    test_providers();
    test_locate();
    test_forget();
    SCardReleaseContext(context);
}

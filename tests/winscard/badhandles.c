/*
 * Every function with handles that are none, and with NULL for everything.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Not over Wine's own winscard.dll, which takes any handle for an address. With the argument
 * "noservice": every function where there is no way to a service (noservice.sh).
 */

#include <windows.h>
#include "test.h"

#include "winscardtest.h"

static GUID guid;
static BYTE bytes[64];
static WCHAR wide[64];
static char ansi[64];

/* ---- functions on a context, with arguments that are all right ---- */

static LONG release(ULONG_PTR value)
{
    return SCardReleaseContext(value);
}

static LONG is_valid(ULONG_PTR value)
{
    return SCardIsValidContext(value);
}

static LONG cancel(ULONG_PTR value)
{
    return SCardCancel(value);
}

static LONG connect_w(ULONG_PTR value)
{
    SCARDHANDLE card = 1;
    DWORD protocol = 1;
    LONG result = SCardConnectW(value, test_reader, SCARD_SHARE_SHARED, 3, &card, &protocol);

    ok(!card && !protocol, "not 0\n");
    return result;
}

static LONG connect_a(ULONG_PTR value)
{
    SCARDHANDLE card;
    DWORD protocol;

    return SCardConnectA(value, test_reader_ansi, SCARD_SHARE_SHARED, 3, &card, &protocol);
}

static LONG wait_w(ULONG_PTR value)
{
    SCARD_READERSTATEW state = {.szReader = test_reader};

    return SCardGetStatusChangeW(value, 0, &state, 1);
}

static LONG wait_a(ULONG_PTR value)
{
    SCARD_READERSTATEA state = {.szReader = test_reader_ansi};

    return SCardGetStatusChangeA(value, 0, &state, 1);
}

static LONG locate_w(ULONG_PTR value)
{
    SCARD_READERSTATEW state = {.szReader = test_reader};

    return SCardLocateCardsW(value, L"\0", &state, 1);
}

static LONG locate_a(ULONG_PTR value)
{
    SCARD_READERSTATEA state = {.szReader = test_reader_ansi};

    return SCardLocateCardsA(value, "\0", &state, 1);
}

static LONG locate_by_atr_w(ULONG_PTR value)
{
    SCARD_READERSTATEW state = {.szReader = test_reader};
    SCARD_ATRMASK mask = {2, {0x3b}, {0xff}};

    return SCardLocateCardsByATRW(value, &mask, 1, &state, 1);
}

static LONG locate_by_atr_a(ULONG_PTR value)
{
    SCARD_READERSTATEA state = {.szReader = test_reader_ansi};
    SCARD_ATRMASK mask = {2, {0x3b}, {0xff}};

    return SCardLocateCardsByATRA(value, &mask, 1, &state, 1);
}

/* Those that take 0 for a context. */

static LONG list_readers_w(ULONG_PTR value)
{
    DWORD length = 0;

    return SCardListReadersW(value, NULL, NULL, &length);
}

static LONG list_readers_a(ULONG_PTR value)
{
    DWORD length = 0;

    return SCardListReadersA(value, NULL, NULL, &length);
}

static LONG list_groups_w(ULONG_PTR value)
{
    DWORD length = 0;

    return SCardListReaderGroupsW(value, NULL, &length);
}

static LONG list_groups_a(ULONG_PTR value)
{
    DWORD length = 0;

    return SCardListReaderGroupsA(value, NULL, &length);
}

static LONG list_cards_w(ULONG_PTR value)
{
    DWORD length = 0;

    return SCardListCardsW(value, NULL, NULL, 0, NULL, &length);
}

static LONG list_cards_a(ULONG_PTR value)
{
    DWORD length = 0;

    return SCardListCardsA(value, NULL, NULL, 0, NULL, &length);
}

static LONG list_interfaces_w(ULONG_PTR value)
{
    DWORD count = 0;

    return SCardListInterfacesW(value, L"No such card", NULL, &count);
}

static LONG list_interfaces_a(ULONG_PTR value)
{
    DWORD count = 0;

    return SCardListInterfacesA(value, "No such card", NULL, &count);
}

static LONG provider_id_w(ULONG_PTR value)
{
    return SCardGetProviderIdW(value, L"No such card", &guid);
}

static LONG provider_id_a(ULONG_PTR value)
{
    return SCardGetProviderIdA(value, "No such card", &guid);
}

static LONG get_provider_w(ULONG_PTR value)
{
    DWORD length = ARRAYSIZE(wide);

    return SCardGetCardTypeProviderNameW(value, L"No such card", 2, wide, &length);
}

static LONG get_provider_a(ULONG_PTR value)
{
    DWORD length = sizeof(ansi);

    return SCardGetCardTypeProviderNameA(value, "No such card", 2, ansi, &length);
}

static LONG set_provider_w(ULONG_PTR value)
{
    return SCardSetCardTypeProviderNameW(value, L"No such card", 2, L"X");
}

static LONG set_provider_a(ULONG_PTR value)
{
    return SCardSetCardTypeProviderNameA(value, "No such card", 2, "X");
}

static LONG forget_card_w(ULONG_PTR value)
{
    return SCardForgetCardTypeW(value, L"No such card");
}

static LONG forget_card_a(ULONG_PTR value)
{
    return SCardForgetCardTypeA(value, "No such card");
}

static LONG introduce_card_w(ULONG_PTR value)
{
    return SCardIntroduceCardTypeW(value, L"", NULL, NULL, 0, bytes, NULL, 2);
}

static LONG introduce_card_a(ULONG_PTR value)
{
    return SCardIntroduceCardTypeA(value, "", NULL, NULL, 0, bytes, NULL, 2);
}

static LONG introduce_reader_w(ULONG_PTR value)
{
    return SCardIntroduceReaderW(value, test_reader, L"X");
}

static LONG introduce_reader_a(ULONG_PTR value)
{
    return SCardIntroduceReaderA(value, test_reader_ansi, "X");
}

static LONG forget_reader_w(ULONG_PTR value)
{
    return SCardForgetReaderW(value, L"No such reader");
}

static LONG forget_reader_a(ULONG_PTR value)
{
    return SCardForgetReaderA(value, "No such reader");
}

static LONG introduce_group_w(ULONG_PTR value)
{
    return SCardIntroduceReaderGroupW(value, L"");
}

static LONG introduce_group_a(ULONG_PTR value)
{
    return SCardIntroduceReaderGroupA(value, "");
}

static LONG forget_group_w(ULONG_PTR value)
{
    return SCardForgetReaderGroupW(value, L"");
}

static LONG forget_group_a(ULONG_PTR value)
{
    return SCardForgetReaderGroupA(value, "");
}

static LONG add_reader_w(ULONG_PTR value)
{
    return SCardAddReaderToGroupW(value, L"No such reader", L"G");
}

static LONG add_reader_a(ULONG_PTR value)
{
    return SCardAddReaderToGroupA(value, "No such reader", "G");
}

static LONG remove_reader_w(ULONG_PTR value)
{
    return SCardRemoveReaderFromGroupW(value, L"No such reader", L"G");
}

static LONG remove_reader_a(ULONG_PTR value)
{
    return SCardRemoveReaderFromGroupA(value, "No such reader", "G");
}

/* ---- functions on a card ---- */

static LONG reconnect(ULONG_PTR value)
{
    DWORD protocol;

    return SCardReconnect(value, SCARD_SHARE_SHARED, 3, SCARD_LEAVE_CARD, &protocol);
}

static LONG disconnect(ULONG_PTR value)
{
    return SCardDisconnect(value, SCARD_LEAVE_CARD);
}

static LONG begin(ULONG_PTR value)
{
    return SCardBeginTransaction(value);
}

static LONG end(ULONG_PTR value)
{
    return SCardEndTransaction(value, SCARD_LEAVE_CARD);
}

static LONG state_of(ULONG_PTR value)
{
    DWORD state, protocol, length = sizeof(bytes);

    return SCardState(value, &state, &protocol, bytes, &length);
}

static LONG status_w(ULONG_PTR value)
{
    DWORD names = ARRAYSIZE(wide), state, protocol, length = sizeof(bytes);

    return SCardStatusW(value, wide, &names, &state, &protocol, bytes, &length);
}

static LONG status_a(ULONG_PTR value)
{
    DWORD names = sizeof(ansi), state, protocol, length = sizeof(bytes);

    return SCardStatusA(value, ansi, &names, &state, &protocol, bytes, &length);
}

static LONG transmit(ULONG_PTR value)
{
    DWORD length = sizeof(bytes);

    return SCardTransmit(value, SCARD_PCI_T1, select_mf, sizeof(select_mf), NULL, bytes, &length);
}

static LONG control(ULONG_PTR value)
{
    DWORD returned;

    return SCardControl(value, SCARD_CTL_CODE(3400), NULL, 0, bytes, sizeof(bytes), &returned);
}

static LONG get_attrib(ULONG_PTR value)
{
    DWORD length = sizeof(bytes);

    return SCardGetAttrib(value, SCARD_ATTR_ATR_STRING, bytes, &length);
}

static LONG set_attrib(ULONG_PTR value)
{
    return SCardSetAttrib(value, SCARD_ATTR_SUPRESS_T1_IFS_REQUEST, bytes, 1);
}

static LONG transmit_count(ULONG_PTR value)
{
    LONG(WINAPI * count)(SCARDHANDLE, DWORD *) = (void *)winscard_function("SCardGetTransmitCount");
    DWORD number;

    return count(value, &number);
}

/* ---- tables ---- */

/* ---- those of later Windows, which import libraries lack in part ---- */

#define LATER(name) ((void *)winscard_function(name))

static LONG read_cache_a(ULONG_PTR value)
{
    LONG(WINAPI * read)
    (SCARDCONTEXT, UUID *, DWORD, char *, BYTE *, DWORD *) = LATER("SCardReadCacheA");
    DWORD size = sizeof(bytes);

    return read(value, &guid, 0, ansi, bytes, &size);
}

static LONG read_cache_w(ULONG_PTR value)
{
    LONG(WINAPI * read)
    (SCARDCONTEXT, UUID *, DWORD, WCHAR *, BYTE *, DWORD *) = LATER("SCardReadCacheW");
    DWORD size = sizeof(bytes);

    return read(value, &guid, 0, wide, bytes, &size);
}

static LONG write_cache_a(ULONG_PTR value)
{
    LONG(WINAPI * write)
    (SCARDCONTEXT, UUID *, DWORD, char *, BYTE *, DWORD) = LATER("SCardWriteCacheA");

    return write(value, &guid, 0, ansi, bytes, 1);
}

static LONG write_cache_w(ULONG_PTR value)
{
    LONG(WINAPI * write)
    (SCARDCONTEXT, UUID *, DWORD, WCHAR *, BYTE *, DWORD) = LATER("SCardWriteCacheW");

    return write(value, &guid, 0, wide, bytes, 1);
}

/* Those that take a reader and give something of a length have one shape. */
static LONG ask_a(const char *name, ULONG_PTR value)
{
    LONG(WINAPI * ask)(SCARDCONTEXT, const char *, void *, DWORD *) = LATER(name);
    DWORD length = sizeof(ansi);

    return ask(value, test_reader_ansi, ansi, &length);
}

static LONG ask_w(const char *name, ULONG_PTR value)
{
    LONG(WINAPI * ask)(SCARDCONTEXT, const WCHAR *, void *, DWORD *) = LATER(name);
    DWORD length = ARRAYSIZE(wide);

    return ask(value, test_reader, wide, &length);
}

static LONG icon_a(ULONG_PTR value)
{
    return ask_a("SCardGetReaderIconA", value);
}

static LONG icon_w(ULONG_PTR value)
{
    return ask_w("SCardGetReaderIconW", value);
}

static LONG instance_a(ULONG_PTR value)
{
    return ask_a("SCardGetReaderDeviceInstanceIdA", value);
}

static LONG instance_w(ULONG_PTR value)
{
    return ask_w("SCardGetReaderDeviceInstanceIdW", value);
}

static LONG list_by_instance_a(ULONG_PTR value)
{
    return ask_a("SCardListReadersWithDeviceInstanceIdA", value);
}

static LONG list_by_instance_w(ULONG_PTR value)
{
    return ask_w("SCardListReadersWithDeviceInstanceIdW", value);
}

static LONG type_a(ULONG_PTR value)
{
    LONG(WINAPI * ask)(SCARDCONTEXT, const char *, DWORD *) = LATER("SCardGetDeviceTypeIdA");
    DWORD type;

    return ask(value, test_reader_ansi, &type);
}

static LONG type_w(ULONG_PTR value)
{
    LONG(WINAPI * ask)(SCARDCONTEXT, const WCHAR *, DWORD *) = LATER("SCardGetDeviceTypeIdW");
    DWORD type;

    return ask(value, test_reader, &type);
}

static LONG audit(ULONG_PTR value)
{
    LONG(WINAPI * call)(SCARDCONTEXT, DWORD) = LATER("SCardAudit");

    return call(value, 1);
}

static const struct
{
    const char *name;
    LONG (*call)(ULONG_PTR value);
    BOOL allows_none;
} functions[] =
{
    {"SCardReleaseContext", release, FALSE},
    {"SCardIsValidContext", is_valid, FALSE},
    {"SCardCancel", cancel, FALSE},
    {"SCardConnectW", connect_w, FALSE},
    {"SCardConnectA", connect_a, FALSE},
    {"SCardGetStatusChangeW", wait_w, FALSE},
    {"SCardGetStatusChangeA", wait_a, FALSE},
    {"SCardLocateCardsW", locate_w, FALSE},
    {"SCardLocateCardsA", locate_a, FALSE},
    {"SCardLocateCardsByATRW", locate_by_atr_w, FALSE},
    {"SCardLocateCardsByATRA", locate_by_atr_a, FALSE},
    {"SCardListReadersW", list_readers_w, TRUE},
    {"SCardListReadersA", list_readers_a, TRUE},
    {"SCardListReaderGroupsW", list_groups_w, TRUE},
    {"SCardListReaderGroupsA", list_groups_a, TRUE},
    {"SCardListCardsW", list_cards_w, TRUE},
    {"SCardListCardsA", list_cards_a, TRUE},
    {"SCardListInterfacesW", list_interfaces_w, TRUE},
    {"SCardListInterfacesA", list_interfaces_a, TRUE},
    {"SCardGetProviderIdW", provider_id_w, TRUE},
    {"SCardGetProviderIdA", provider_id_a, TRUE},
    {"SCardGetCardTypeProviderNameW", get_provider_w, TRUE},
    {"SCardGetCardTypeProviderNameA", get_provider_a, TRUE},
    {"SCardSetCardTypeProviderNameW", set_provider_w, TRUE},
    {"SCardSetCardTypeProviderNameA", set_provider_a, TRUE},
    {"SCardForgetCardTypeW", forget_card_w, TRUE},
    {"SCardForgetCardTypeA", forget_card_a, TRUE},
    {"SCardIntroduceCardTypeW", introduce_card_w, TRUE},
    {"SCardIntroduceCardTypeA", introduce_card_a, TRUE},
    {"SCardIntroduceReaderW", introduce_reader_w, TRUE},
    {"SCardIntroduceReaderA", introduce_reader_a, TRUE},
    {"SCardForgetReaderW", forget_reader_w, TRUE},
    {"SCardForgetReaderA", forget_reader_a, TRUE},
    {"SCardIntroduceReaderGroupW", introduce_group_w, TRUE},
    {"SCardIntroduceReaderGroupA", introduce_group_a, TRUE},
    {"SCardForgetReaderGroupW", forget_group_w, TRUE},
    {"SCardForgetReaderGroupA", forget_group_a, TRUE},
    {"SCardAddReaderToGroupW", add_reader_w, TRUE},
    {"SCardAddReaderToGroupA", add_reader_a, TRUE},
    {"SCardRemoveReaderFromGroupW", remove_reader_w, TRUE},
    {"SCardRemoveReaderFromGroupA", remove_reader_a, TRUE},
    {"SCardReadCacheA", read_cache_a, FALSE},
    {"SCardReadCacheW", read_cache_w, FALSE},
    {"SCardWriteCacheA", write_cache_a, FALSE},
    {"SCardWriteCacheW", write_cache_w, FALSE},
    {"SCardGetReaderIconA", icon_a, FALSE},
    {"SCardGetReaderIconW", icon_w, FALSE},
    {"SCardGetReaderDeviceInstanceIdA", instance_a, FALSE},
    {"SCardGetReaderDeviceInstanceIdW", instance_w, FALSE},
    {"SCardListReadersWithDeviceInstanceIdA", list_by_instance_a, FALSE},
    {"SCardListReadersWithDeviceInstanceIdW", list_by_instance_w, FALSE},
    {"SCardGetDeviceTypeIdA", type_a, FALSE},
    {"SCardGetDeviceTypeIdW", type_w, FALSE},
    {"SCardAudit", audit, FALSE},
    {"SCardReconnect", reconnect, FALSE},
    {"SCardDisconnect", disconnect, FALSE},
    {"SCardBeginTransaction", begin, FALSE},
    {"SCardEndTransaction", end, FALSE},
    {"SCardState", state_of, FALSE},
    {"SCardStatusW", status_w, FALSE},
    {"SCardStatusA", status_a, FALSE},
    {"SCardTransmit", transmit, FALSE},
    {"SCardControl", control, FALSE},
    {"SCardGetAttrib", get_attrib, FALSE},
    {"SCardSetAttrib", set_attrib, FALSE},
    {"SCardGetTransmitCount", transmit_count, FALSE}
};

static void test_values(const ULONG_PTR *values, unsigned count, const char *what)
{
    unsigned i, k;

    fact(DOCUMENTED);
    for (i = 0; i < ARRAYSIZE(functions); i++)
    {
        for (k = 0; k < count; k++)
        {
            test_push("%s, %s %u", functions[i].name, what, k);
            if (values[k] || !functions[i].allows_none)
                ok_hr(functions[i].call(values[k]), ERROR_INVALID_HANDLE);
            else
                ok(functions[i].call(0) != ERROR_INVALID_HANDLE, "0 is no handle\n");
            test_pop();
        }
    }
}

static void test_made_up(void)
{
    const ULONG_PTR values[] =
    {
        0, 1, 0x12345670, (ULONG_PTR)-1, (ULONG_PTR)-16, (ULONG_PTR)bytes, (ULONG_PTR)test_made_up
    };

    test_values(values, ARRAYSIZE(values), "made-up");
}

static void test_stale(void)
{
    SCARDCONTEXT context = establish(), other = establish();
    DWORD protocol;
    ULONG_PTR values[3];

    values[0] = context;
    values[1] = connect_to(other, SCARD_SHARE_SHARED, 3, &protocol);
    values[2] = connect_to(other, SCARD_SHARE_SHARED, 3, &protocol) + 1; /* beside one */
    SCardReleaseContext(context);
    SCardDisconnect(values[1], SCARD_LEAVE_CARD);
    test_values(values, ARRAYSIZE(values), "stale");
    SCardReleaseContext(other);
}

/* A card where a context is wanted, and the reverse. */
static void test_wrong_kind(void)
{
    SCARDCONTEXT context = establish();
    DWORD protocol;
    SCARDHANDLE card = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    BOOL of_card = FALSE;
    unsigned i;

    fact(DOCUMENTED);
    for (i = 0; i < ARRAYSIZE(functions); i++)
    {
        of_card = of_card || functions[i].call == reconnect;
        test_push("%s, wrong kind", functions[i].name);
        ok_hr(functions[i].call(of_card ? context : card), ERROR_INVALID_HANDLE);
        test_pop();
    }
    ok_hr(SCardIsValidContext(context), SCARD_S_SUCCESS);
    ok_hr(state_of(card), SCARD_S_SUCCESS);
    SCardReleaseContext(context);
}

/* ---- NULL ---- */

static void test_null(void)
{
    SCARDCONTEXT context = establish();
    SCARD_READERSTATEW state = {.szReader = NULL};
    DWORD protocol, length = 8, number;
    SCARDHANDLE card;

    fact(GUESS);
    card = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    ok_hr(SCardConnectW(context, NULL, 2, 3, &card, &protocol), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardConnectA(context, NULL, 2, 3, &card, &protocol), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardConnectW(context, test_reader, 2, 3, NULL, &protocol), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardConnectW(context, test_reader, 2, 3, &card, NULL), SCARD_S_SUCCESS);
    ok_hr(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    card = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    ok_hr(SCardGetStatusChangeW(context, 0, NULL, 1), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardGetStatusChangeA(context, 0, NULL, 1), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardGetStatusChangeW(context, 0, NULL, 0), SCARD_S_SUCCESS);
    ok_hr(SCardGetStatusChangeW(context, 0, &state, 1), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardLocateCardsW(context, NULL, &state, 1), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardLocateCardsW(context, L"\0", NULL, 1), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardLocateCardsByATRW(context, NULL, 1, &state, 1), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardState(card, NULL, NULL, NULL, NULL), SCARD_S_SUCCESS);
    ok_hr(SCardStatusW(card, NULL, NULL, NULL, NULL, NULL, NULL), SCARD_S_SUCCESS);
    ok_hr(SCardStatusA(card, NULL, NULL, NULL, NULL, NULL, NULL), SCARD_S_SUCCESS);
    ok_hr(SCardStatusW(card, wide, NULL, NULL, NULL, NULL, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardTransmit(card, NULL, NULL, 0, NULL, NULL, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardTransmit(card, NULL, select_mf, 7, NULL, NULL, &length), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardTransmit(card, NULL, select_mf, 7, NULL, bytes, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardTransmit(card, NULL, NULL, 7, NULL, bytes, &length), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardControl(card, 1, NULL, 1, NULL, 0, &number), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardControl(card, 1, NULL, 0, NULL, 1, &number), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardControl(card, 1, NULL, 0, NULL, 0, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, bytes, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, NULL, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardSetAttrib(card, 1, NULL, 1), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardReconnect(card, 2, 3, SCARD_LEAVE_CARD, NULL), SCARD_S_SUCCESS);
    ok_hr(SCardListCardsW(0, NULL, NULL, 0, NULL, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardListCardsW(0, NULL, NULL, 1, NULL, &number), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardListInterfacesW(0, NULL, NULL, &number), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardListInterfacesA(0, "X", NULL, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardGetProviderIdW(0, NULL, &guid), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardGetProviderIdW(0, L"X", NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardGetCardTypeProviderNameW(0, NULL, 2, wide, &length), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardGetCardTypeProviderNameW(0, L"X", 2, wide, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardSetCardTypeProviderNameW(0, NULL, 2, L"X"), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardSetCardTypeProviderNameW(0, L"X", 2, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardIntroduceCardTypeW(0, NULL, NULL, NULL, 0, bytes, NULL, 2),
          SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardIntroduceCardTypeW(0, L"X", NULL, NULL, 0, NULL, NULL, 2),
          SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardIntroduceCardTypeW(0, L"X", NULL, NULL, 1, bytes, NULL, 2),
          SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardForgetCardTypeW(0, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardIntroduceReaderW(0, NULL, L"X"), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardIntroduceReaderW(0, L"X", NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardForgetReaderW(0, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardIntroduceReaderGroupW(0, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardForgetReaderGroupW(0, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardAddReaderToGroupW(0, NULL, L"X"), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardAddReaderToGroupW(0, L"X", NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardRemoveReaderFromGroupW(0, NULL, L"X"), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardRemoveReaderFromGroupW(0, L"X", NULL), SCARD_E_INVALID_PARAMETER);
    SCardReleaseContext(context);
}

/* ---- no way to any service ---- */

/* The card database is in the registry alone. */
static BOOL needs_service(const char *name)
{
    return strstr(name, "Reader") != NULL;
}

/* Everything answers, and nobody calls himself. */
static void test_no_service(void)
{
    SCARDCONTEXT context;
    HANDLE event;
    DWORD scope;
    unsigned i;

    fact(DOCUMENTED);
    for (scope = SCARD_SCOPE_USER; scope <= SCARD_SCOPE_SYSTEM; scope++)
    {
        context = 1;
        ok_hr(SCardEstablishContext(scope, NULL, NULL, &context), SCARD_E_NO_SERVICE);
        ok(!context, "a context\n");
    }
    for (i = 0; i < ARRAYSIZE(functions); i++)
    {
        test_push("%s", functions[i].name);
        ok_hr(functions[i].call(0x12345670), ERROR_INVALID_HANDLE);
        if (!functions[i].allows_none)
            ok_hr(functions[i].call(0), ERROR_INVALID_HANDLE);
        else if (needs_service(functions[i].name))
            ok_hr(functions[i].call(0), SCARD_E_NO_SERVICE);
        test_pop();
    }
    event = SCardAccessStartedEvent();
    ok(event && WaitForSingleObject(event, 0) == WAIT_TIMEOUT, "the service runs\n");
    SCardReleaseStartedEvent();
    ok_hr(SCardFreeMemory(0, NULL), SCARD_S_SUCCESS);
}

START_TEST(badhandles)
{
    winscard_begin();
    if (winscard_is_weak())
    {
        skip("Wine's own winscard.dll takes any handle for an address\n");
        return;
    }
    if (test_argument && !strcmp(test_argument, "noservice"))
    {
        test_no_service();
        return;
    }
    SCardReleaseContext(establish());
    test_made_up();
    if (!winscard_needs(NEED_ROOT))
        return;
    test_stale();
    test_wrong_kind();
    test_null();
}

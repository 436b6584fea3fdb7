/*
 * The questions of rows.c: each is one thing that programs rely on, and answers whether it is so.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each runs in a process of its own, because a winscard.dll that is wrong crashes, hangs, or spoils
 * what follows. What differs is printed. Needs the card iso-t1.
 */

#ifndef TESTS_WINSCARD_ROWS_H
#define TESTS_WINSCARD_ROWS_H

#include "names.h"
#include "winscardtest.h"

#define PNP L"\\\\?PnP?\\Notification"

#define BOTH_PROTOCOLS (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1)

static SCARDCONTEXT context;

/* ---- what they have in common ---- */

static BOOL is_it(const char *what, ULONG_PTR got, ULONG_PTR expected)
{
    if (got != expected)
        printf("  %s: %p, expected %p\n", what, (void *)got, (void *)expected);
    return got == expected;
}
#define is(got, expected)     is_it(#got, (ULONG_PTR)(got), (ULONG_PTR)(expected))
#define gives(call, expected) is_it(#call, (DWORD)(call), (DWORD)(expected))
#define works(call)           gives(call, SCARD_S_SUCCESS)

static BOOL rig(const char *request)
{
    char answer[256] = "no rig";

    if (rig_is_there() && !rig_request(request, answer, sizeof(answer)))
        return TRUE;
    printf("  rig: %s: %s\n", request, answer);
    return FALSE;
}

/* 0: there is none. */
static SCARDHANDLE card_by(DWORD share, DWORD protocols)
{
    SCARDHANDLE card = 0;
    DWORD protocol;

    works(SCardConnectW(context, test_reader, share, protocols, &card, &protocol));
    return card;
}

static SCARDHANDLE shared_card(void)
{
    return card_by(SCARD_SHARE_SHARED, BOTH_PROTOCOLS);
}

/* SELECT MF in a connection by T=1. */
static BOOL selects(SCARDHANDLE card)
{
    BYTE reply[258] = {0};
    DWORD length = sizeof(reply);

    return works(SCardTransmit(card, SCARD_PCI_T1, select_mf, sizeof(select_mf), NULL, reply,
                               &length)) &&
           is(reply[0], 0x90);
}

static DWORD list_length(void)
{
    return lstrlenW(test_reader) + 1 + lstrlenW(test_empty) + 1 + 1;
}

static BOOL lists(const WCHAR *names, const WCHAR *name)
{
    for (; *names; names += lstrlenW(names) + 1)
        if (!lstrcmpiW(names, name))
            return TRUE;
    return FALSE;
}

static DWORD state_now(const WCHAR *reader)
{
    SCARD_READERSTATEW state = {.szReader = reader};

    works(SCardGetStatusChangeW(context, 0, &state, 1));
    return state.dwEventState & ~SCARD_STATE_CHANGED;
}

/* ---- names and contexts ---- */

static BOOL ask_names(void)
{
    unsigned i;

    for (i = 0; i < ARRAYSIZE(winscard_names); i++)
        if (!is(winscard_function(winscard_names[i]) != NULL, TRUE))
            return FALSE;
    return TRUE;
}

static BOOL ask_ordinals(void)
{
    unsigned i;

    for (i = 0; i < ARRAYSIZE(winscard_names); i++)
        if (!is(winscard_function((const char *)(ULONG_PTR)(i + 1)),
                winscard_function(winscard_names[i])))
            return FALSE;
    return TRUE;
}

static BOOL ask_later_names(void)
{
    unsigned i;

    for (i = 0; i < ARRAYSIZE(winscard_later_names); i++)
        if (!is(winscard_function(winscard_later_names[i]) != NULL, TRUE))
            return FALSE;
    return TRUE;
}

static BOOL ask_data(void)
{
    return is(g_rgSCardT0Pci.dwProtocol, SCARD_PROTOCOL_T0) &&
           is(g_rgSCardT1Pci.dwProtocol, SCARD_PROTOCOL_T1) &&
           is(g_rgSCardRawPci.dwProtocol, SCARD_PROTOCOL_RAW) && is(g_rgSCardT1Pci.cbPciLength, 8);
}

static BOOL ask_establish(void)
{
    SCARDCONTEXT other = 0;

    return works(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &other)) &&
           is(other && other != context, TRUE) && works(SCardIsValidContext(other)) &&
           works(SCardReleaseContext(other));
}

static BOOL ask_released(void)
{
    DWORD length = 0;

    return works(SCardReleaseContext(context)) &&
           gives(SCardIsValidContext(context), ERROR_INVALID_HANDLE) &&
           gives(SCardListReadersW(context, NULL, NULL, &length), ERROR_INVALID_HANDLE) &&
           gives(SCardReleaseContext(context), ERROR_INVALID_HANDLE);
}

static BOOL ask_made_up_context(void)
{
    return gives(SCardIsValidContext(0x12345670), ERROR_INVALID_HANDLE) &&
           gives(SCardCancel(0x12345670), ERROR_INVALID_HANDLE);
}

static BOOL ask_cards_of_context(void)
{
    SCARDHANDLE card = shared_card();

    return card && works(SCardReleaseContext(context)) &&
           gives(SCardDisconnect(card, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE);
}

static BOOL ask_started_event(void)
{
    return is(WaitForSingleObject(SCardAccessStartedEvent(), 0), WAIT_OBJECT_0);
}

static BOOL ask_own_event(void)
{
    CloseHandle(SCardAccessStartedEvent());
    return ask_started_event();
}

static BOOL ask_new_reader_event(void)
{
    HANDLE(WINAPI * access_new)(void) = (void *)winscard_function("SCardAccessNewReaderEvent");

    return is(WaitForSingleObject(access_new(), 0), WAIT_TIMEOUT);
}

/* ---- lists ---- */

static BOOL ask_readers(void)
{
    WCHAR names[512];
    DWORD length = ARRAYSIZE(names);

    return works(SCardListReadersW(context, NULL, names, &length)) && is(length, list_length()) &&
           is(lists(names, test_reader) && lists(names, test_empty), TRUE);
}

static BOOL ask_readers_ansi(void)
{
    char names[512];
    DWORD length = sizeof(names);

    return works(SCardListReadersA(context, NULL, names, &length)) && is(length, list_length()) &&
           is(strcmp(names, test_reader_ansi), 0);
}

static BOOL ask_readers_small(void)
{
    WCHAR names[512] = L"x";
    DWORD length = list_length() - 1;

    return gives(SCardListReadersW(context, NULL, names, &length), SCARD_E_INSUFFICIENT_BUFFER) &&
           is(length, list_length()) && is(names[0], L'x');
}

static BOOL ask_readers_allocated(void)
{
    DWORD length = SCARD_AUTOALLOCATE;
    WCHAR *names = NULL;

    return works(SCardListReadersW(context, NULL, (WCHAR *)&names, &length)) &&
           is(length, list_length()) && is(names && lists(names, test_reader), TRUE) &&
           works(SCardFreeMemory(context, names));
}

/* Without a buffer what the length was does not count. */
static BOOL ask_readers_nowhere(void)
{
    DWORD length = SCARD_AUTOALLOCATE;

    return works(SCardListReadersW(context, NULL, NULL, &length)) && is(length, list_length());
}

static BOOL ask_readers_without_context(void)
{
    DWORD length = 0;

    return works(SCardListReadersW(0, NULL, NULL, &length)) && is(length, list_length());
}

static BOOL ask_group(void)
{
    DWORD length = 0;

    return works(SCardListReadersW(context, L"SCard$DefaultReaders\0", NULL, &length)) &&
           is(length, list_length());
}

static BOOL ask_unknown_group(void)
{
    DWORD length = 0;

    return gives(SCardListReadersW(context, L"No such\0", NULL, &length),
                 SCARD_E_NO_READERS_AVAILABLE);
}

static BOOL ask_groups(void)
{
    WCHAR names[128];
    DWORD length = ARRAYSIZE(names);

    return works(SCardListReaderGroupsW(context, names, &length)) &&
           is(lists(names, L"SCard$DefaultReaders"), TRUE);
}

/* ---- waiting ---- */

static BOOL ask_look(void)
{
    SCARD_READERSTATEW states[2] = {{.szReader = test_reader}, {.szReader = test_empty}};

    return works(SCardGetStatusChangeW(context, INFINITE, states, 2)) &&
           is(states[0].dwEventState & (SCARD_STATE_CHANGED | SCARD_STATE_PRESENT),
              SCARD_STATE_CHANGED | SCARD_STATE_PRESENT) &&
           is(states[1].dwEventState & 0xffff, SCARD_STATE_CHANGED | SCARD_STATE_EMPTY) &&
           is(states[0].cbAtr >= 2 && states[0].rgbAtr[0] == 0x3b, TRUE);
}

static BOOL ask_current_state(void)
{
    SCARD_READERSTATEW state = {.szReader = test_empty, .dwCurrentState = SCARD_STATE_PRESENT};

    return works(SCardGetStatusChangeW(context, 0, &state, 1)) &&
           is(state.dwCurrentState, SCARD_STATE_PRESENT);
}

static BOOL ask_timeout(void)
{
    SCARD_READERSTATEW state = {.szReader = test_empty, .dwCurrentState = state_now(test_empty)};
    DWORD before = GetTickCount();

    return gives(SCardGetStatusChangeW(context, 300, &state, 1), SCARD_E_TIMEOUT) &&
           is(GetTickCount() - before >= 250, TRUE) && is(state.dwEventState, state.dwCurrentState);
}

static BOOL ask_no_time(void)
{
    SCARD_READERSTATEW state = {.szReader = test_empty, .dwCurrentState = state_now(test_empty)};

    return gives(SCardGetStatusChangeW(context, 0, &state, 1), SCARD_E_TIMEOUT);
}

static BOOL ask_wait_null(void)
{
    return works(SCardGetStatusChangeW(context, 0, NULL, 0)) &&
           gives(SCardGetStatusChangeW(context, 0, NULL, 1), SCARD_E_INVALID_PARAMETER);
}

static BOOL ask_unknown_reader(void)
{
    SCARD_READERSTATEW state = {.szReader = L"No such reader"};

    return gives(SCardGetStatusChangeW(context, 0, &state, 1), SCARD_E_UNKNOWN_READER);
}

static BOOL ask_ignored(void)
{
    SCARD_READERSTATEW states[2] = {{.szReader = test_reader}, {.szReader = L"No such reader"}};

    states[1].dwCurrentState = SCARD_STATE_IGNORE;
    return works(SCardGetStatusChangeW(context, 0, states, 2)) &&
           is(states[1].dwEventState, SCARD_STATE_IGNORE);
}

static DWORD WINAPI wait_for_card(void *timeout)
{
    SCARD_READERSTATEW state = {.szReader = test_empty, .dwCurrentState = SCARD_STATE_EMPTY};

    return SCardGetStatusChangeW(context, (DWORD)(ULONG_PTR)timeout, &state, 1);
}

static HANDLE waiting_thread(void)
{
    HANDLE thread = CreateThread(NULL, 0, wait_for_card, (void *)(ULONG_PTR)INFINITE, 0, NULL);

    return is(WaitForSingleObject(thread, 300), WAIT_TIMEOUT) ? thread : NULL;
}

static BOOL ends_with(HANDLE thread, LONG expected)
{
    DWORD result = 0;

    return is(WaitForSingleObject(thread, 5000 * rig_slowness()), WAIT_OBJECT_0) &&
           GetExitCodeThread(thread, &result) && gives(result, expected);
}

static BOOL ask_cancel(void)
{
    HANDLE thread = waiting_thread();

    return thread && works(SCardCancel(context)) && ends_with(thread, SCARD_E_CANCELLED);
}

static BOOL ask_release_cancels(void)
{
    HANDLE thread = waiting_thread();

    return thread && works(SCardReleaseContext(context)) && ends_with(thread, SCARD_E_CANCELLED);
}

static DWORD WINAPI take_out(void *unused)
{
    Sleep(300);
    return rig("card eject");
}

static BOOL ask_change(void)
{
    SCARD_READERSTATEW state = {.szReader = test_reader, .dwCurrentState = state_now(test_reader)};
    HANDLE thread = CreateThread(NULL, 0, take_out, NULL, 0, NULL);
    BOOL good = works(SCardGetStatusChangeW(context, 20000, &state, 1)) &&
                is(state.dwEventState & (SCARD_STATE_EMPTY | SCARD_STATE_CHANGED),
                   SCARD_STATE_EMPTY | SCARD_STATE_CHANGED);

    return is(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0) && rig("card insert") && good;
}

/* Commands that waited for the ends of slices would take five seconds. */
static BOOL ask_commands_beside(void)
{
    HANDLE thread = waiting_thread();
    SCARDHANDLE card = shared_card();
    DWORD before = GetTickCount();
    BOOL good = thread && card;
    unsigned i;

    for (i = 0; good && i < 10; i++)
        good = selects(card);
    return good && is(GetTickCount() - before < 2500 * rig_slowness(), TRUE) &&
           works(SCardCancel(context)) && ends_with(thread, SCARD_E_CANCELLED);
}

/* A guess: zeros mean nothing that is known, as XP's documentation wants them. */
static BOOL ask_notification(void)
{
    SCARD_READERSTATEW state = {.szReader = PNP};

    if (!gives(SCardGetStatusChangeW(context, 100, &state, 1), SCARD_E_TIMEOUT))
        return FALSE;
    state.dwCurrentState = MAKELONG(0, 1);
    return works(SCardGetStatusChangeW(context, INFINITE, &state, 1)) &&
           is(state.dwEventState, MAKELONG(SCARD_STATE_CHANGED, 2));
}

/* ---- connecting ---- */

static LONG connects(const WCHAR *reader, DWORD share, DWORD protocols, DWORD *protocol)
{
    SCARDHANDLE card = 0;

    *protocol = 99;
    return SCardConnectW(context, reader, share, protocols, &card, protocol);
}

static BOOL ask_connect(void)
{
    DWORD protocol;

    return works(connects(test_reader, SCARD_SHARE_SHARED, BOTH_PROTOCOLS, &protocol)) &&
           is(protocol, SCARD_PROTOCOL_T1);
}

static BOOL ask_connect_no_protocol(void)
{
    SCARDHANDLE card = 0;

    return works(SCardConnectW(context, test_reader, SCARD_SHARE_SHARED, BOTH_PROTOCOLS, &card,
                               NULL)) &&
           selects(card);
}

static BOOL ask_connect_refused(void)
{
    DWORD protocol;

    return gives(connects(test_empty, SCARD_SHARE_SHARED, BOTH_PROTOCOLS, &protocol),
                 SCARD_E_NO_SMARTCARD) &&
           gives(connects(L"No such reader", SCARD_SHARE_SHARED, BOTH_PROTOCOLS, &protocol),
                 SCARD_E_UNKNOWN_READER);
}

static BOOL ask_connect_null(void)
{
    DWORD protocol;

    return gives(connects(NULL, SCARD_SHARE_SHARED, BOTH_PROTOCOLS, &protocol),
                 SCARD_E_INVALID_PARAMETER);
}

static BOOL ask_connect_default(void)
{
    DWORD protocol;

    return works(connects(test_reader, SCARD_SHARE_SHARED, SCARD_PROTOCOL_DEFAULT, &protocol)) &&
           is(protocol, SCARD_PROTOCOL_T1);
}

static BOOL ask_connect_direct(void)
{
    DWORD protocol;

    return works(connects(test_reader, SCARD_SHARE_DIRECT, 0, &protocol)) && is(protocol, 0);
}

static BOOL ask_connect_raw(void)
{
    DWORD protocol;

    return works(connects(test_reader, SCARD_SHARE_SHARED, SCARD_PROTOCOL_RAW | BOTH_PROTOCOLS,
                          &protocol)) &&
           is(protocol, SCARD_PROTOCOL_T1);
}

static BOOL ask_disconnected(void)
{
    SCARDHANDLE card = shared_card();

    return card && works(SCardDisconnect(card, SCARD_LEAVE_CARD)) &&
           gives(SCardDisconnect(card, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE) &&
           gives(SCardBeginTransaction(card), ERROR_INVALID_HANDLE);
}

static BOOL ask_made_up_card(void)
{
    return gives(SCardDisconnect(0x12345670, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE);
}

static DWORD WINAPI connect_shared(void *unused)
{
    DWORD protocol;

    return connects(test_reader, SCARD_SHARE_SHARED, BOTH_PROTOCOLS, &protocol);
}

/* By pcsc-lite's own SCardReconnect every later connection hangs. */
static BOOL ask_exclusive_to_shared(void)
{
    SCARDHANDLE card = card_by(SCARD_SHARE_EXCLUSIVE, BOTH_PROTOCOLS);
    DWORD protocol;

    return card &&
           works(SCardReconnect(card, SCARD_SHARE_SHARED, BOTH_PROTOCOLS, SCARD_LEAVE_CARD,
                                &protocol)) &&
           ends_with(CreateThread(NULL, 0, connect_shared, NULL, 0, NULL), SCARD_S_SUCCESS);
}

/* ---- status and attributes ---- */

static BOOL ask_status_name(void)
{
    DWORD expected = lstrlenW(test_reader) + 2, length = 0, state, protocol;
    SCARDHANDLE card = shared_card();
    WCHAR name[256];

    if (!card || !works(SCardStatusW(card, NULL, &length, &state, &protocol, NULL, NULL)) ||
        !is(length, expected))
        return FALSE;
    length = ARRAYSIZE(name);
    return works(SCardStatusW(card, name, &length, &state, &protocol, NULL, NULL)) &&
           is(length, expected) && is(lstrcmpW(name, test_reader), 0) && is(name[length - 1], 0);
}

static BOOL ask_status_state(void)
{
    SCARDHANDLE card = shared_card();
    DWORD state = 0, protocol = 0;

    return card && works(SCardStatusW(card, NULL, NULL, &state, &protocol, NULL, NULL)) &&
           is(state, SCARD_SPECIFIC) && is(protocol, SCARD_PROTOCOL_T1);
}

static BOOL ask_status_allocated(void)
{
    DWORD name_length = SCARD_AUTOALLOCATE, atr_length = SCARD_AUTOALLOCATE;
    SCARDHANDLE card = shared_card();
    WCHAR *name = NULL;
    BYTE *atr = NULL;

    return card &&
           works(SCardStatusW(card, (WCHAR *)&name, &name_length, NULL, NULL, (BYTE *)&atr,
                              &atr_length)) &&
           is(name && !lstrcmpW(name, test_reader), TRUE) && is(atr && atr[0] == 0x3b, TRUE);
}

static BOOL ask_state(void)
{
    SCARDHANDLE card = shared_card();
    DWORD state = 0, protocol = 0, length = 36;
    BYTE atr[36];

    return card && works(SCardState(card, &state, &protocol, atr, &length)) &&
           is(state, SCARD_SPECIFIC) && is(atr[0], 0x3b);
}

static BOOL ask_attribute(void)
{
    SCARDHANDLE card = shared_card();
    BYTE value[36] = {0};
    DWORD length = sizeof(value);

    return card && works(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, value, &length)) &&
           is(value[0], 0x3b);
}

static BOOL ask_attribute_allocated(void)
{
    SCARDHANDLE card = shared_card();
    DWORD length = SCARD_AUTOALLOCATE;
    BYTE *value = NULL;

    return card && works(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, (BYTE *)&value, &length)) &&
           is(value && value[0] == 0x3b, TRUE);
}

static BOOL ask_attribute_room(void)
{
    SCARDHANDLE card = shared_card();
    BYTE value[1024] = {0};
    DWORD length = sizeof(value);

    return card && works(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, value, &length)) &&
           is(value[0], 0x3b);
}

static BOOL ask_friendly_name(void)
{
    SCARDHANDLE card = shared_card();
    WCHAR wide[256] = {0};
    char ansi[256] = {0};
    DWORD size = sizeof(ansi);

    if (!card ||
        !works(SCardGetAttrib(card, SCARD_ATTR_DEVICE_FRIENDLY_NAME_A, (BYTE *)ansi, &size)) ||
        !is(strcmp(ansi, test_reader_ansi), 0))
        return FALSE;
    size = sizeof(wide);
    return works(SCardGetAttrib(card, SCARD_ATTR_DEVICE_FRIENDLY_NAME_W, (BYTE *)wide, &size)) &&
           is(lstrcmpW(wide, test_reader), 0);
}

static BOOL ask_unknown_attribute(void)
{
    SCARDHANDLE card = shared_card();
    BYTE value[36];
    DWORD length = sizeof(value);

    return card &&
           gives(SCardGetAttrib(card, 0x00071234, value, &length), SCARD_E_UNSUPPORTED_FEATURE);
}

static BOOL ask_control(void)
{
    SCARDHANDLE card = shared_card();
    DWORD returned = 99;
    BYTE reply[256];

    return card &&
           gives(SCardControl(card, 0x12345678, NULL, 0, reply, sizeof(reply), &returned),
                 SCARD_E_UNSUPPORTED_FEATURE) &&
           is(returned, 0);
}

/* ---- commands and locks ---- */

/* SELECT MF by this PCI into that place, which has room for *length bytes. */
static LONG sends(const SCARD_IO_REQUEST *pci, SCARD_IO_REQUEST *reply_pci, void *reply,
                  DWORD *length)
{
    SCARDHANDLE card = shared_card();

    return card ? SCardTransmit(card, pci, select_mf, sizeof(select_mf), reply_pci, reply, length)
                : -1;
}

static BOOL ask_transmit(void)
{
    BYTE reply[258] = {0};
    DWORD length = sizeof(reply);

    return works(sends(SCARD_PCI_T1, NULL, reply, &length)) && is(length, 2) && is(reply[0], 0x90);
}

static BOOL ask_transmit_no_pci(void)
{
    BYTE reply[258] = {0};
    DWORD length = sizeof(reply);

    return works(sends(NULL, NULL, reply, &length)) && is(reply[0], 0x90);
}

static BOOL ask_reply_pci(void)
{
    SCARD_IO_REQUEST pci = {99, sizeof(pci)};
    BYTE reply[258];
    DWORD length = sizeof(reply);

    return works(sends(SCARD_PCI_T1, &pci, reply, &length)) &&
           is(pci.dwProtocol, SCARD_PROTOCOL_T1) && is(pci.cbPciLength, sizeof(pci));
}

static BOOL ask_transmit_small(void)
{
    BYTE reply[2] = {1, 2};
    DWORD length = 1;

    return gives(sends(SCARD_PCI_T1, NULL, reply, &length), SCARD_E_INSUFFICIENT_BUFFER) &&
           is(reply[1], 2);
}

static BOOL ask_transmit_allocated(void)
{
    DWORD length = SCARD_AUTOALLOCATE;
    BYTE *reply = NULL;

    return works(sends(SCARD_PCI_T1, NULL, &reply, &length)) && is(length, 2) &&
           is(reply == NULL, FALSE) && is(reply[0], 0x90) && works(SCardFreeMemory(context, reply));
}

/* Memory of languages with garbage collectors. */
static BOOL ask_watched_reply(void)
{
    BYTE *reply =
        VirtualAlloc(NULL, 4096, MEM_COMMIT | MEM_RESERVE | MEM_WRITE_WATCH, PAGE_READWRITE);
    DWORD length = 258;

    return works(sends(SCARD_PCI_T1, NULL, reply, &length)) && is(reply[0], 0x90);
}

static BOOL ask_lock(void)
{
    SCARDHANDLE card = shared_card();

    return card && works(SCardBeginTransaction(card)) && selects(card) &&
           works(SCardEndTransaction(card, SCARD_LEAVE_CARD)) &&
           gives(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
}

/* ---- databases ---- */

#define CARD_NAME L"Scardssp row"

static const GUID guid = {0x12345678, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};
static const BYTE odd_atr[] = {0x3b, 0x02, 0x77, 0x99};

static BOOL introduce(void)
{
    return works(SCardIntroduceCardTypeW(context, CARD_NAME, &guid, &guid, 1, odd_atr, NULL,
                                         sizeof(odd_atr)));
}

static BOOL forget(BOOL good)
{
    return works(SCardForgetCardTypeW(context, CARD_NAME)) && good;
}

static BOOL ask_card_types(void)
{
    WCHAR names[128] = {0};
    DWORD length = ARRAYSIZE(names);

    return introduce() &&
           forget(works(SCardListCardsW(context, odd_atr, NULL, 0, names, &length)) &&
                  is(lists(names, CARD_NAME), TRUE));
}

static BOOL ask_card_interfaces(void)
{
    GUID ids[2], id;
    DWORD count = ARRAYSIZE(ids);

    return introduce() &&
           forget(works(SCardListInterfacesW(context, CARD_NAME, ids, &count)) && is(count, 1) &&
                  works(SCardGetProviderIdW(context, CARD_NAME, &id)) &&
                  is(IsEqualGUID(&id, &guid), TRUE));
}

static BOOL ask_provider(void)
{
    WCHAR name[64] = {0};
    DWORD length = ARRAYSIZE(name);

    return introduce() && forget(works(SCardSetCardTypeProviderNameW(
                                     context, CARD_NAME, SCARD_PROVIDER_CSP, L"A provider")) &&
                                 works(SCardGetCardTypeProviderNameW(
                                     context, CARD_NAME, SCARD_PROVIDER_CSP, name, &length)) &&
                                 is(lstrcmpW(name, L"A provider"), 0));
}

static BOOL ask_locate(void)
{
    SCARD_READERSTATEW states[2] = {{.szReader = test_reader}, {.szReader = test_empty}};
    SCARD_ATRMASK mask = {0};

    if (!works(SCardGetStatusChangeW(context, 0, states, 2)))
        return FALSE;
    mask.cbAtr = states[0].cbAtr;
    memcpy(mask.rgbAtr, states[0].rgbAtr, mask.cbAtr);
    memset(mask.rgbMask, 0xff, mask.cbAtr);
    return works(SCardLocateCardsByATRW(context, &mask, 1, states, 2)) &&
           is(states[0].dwEventState & SCARD_STATE_ATRMATCH, SCARD_STATE_ATRMATCH) &&
           is(states[1].dwEventState & SCARD_STATE_ATRMATCH, 0);
}

static BOOL ask_introduced_reader(void)
{
    DWORD protocol;

    return works(SCardIntroduceReaderW(context, L"Scardssp row", test_reader)) &&
           works(connects(L"Scardssp row", SCARD_SHARE_SHARED, BOTH_PROTOCOLS, &protocol)) &&
           works(SCardForgetReaderW(context, L"Scardssp row"));
}

#endif

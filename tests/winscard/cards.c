/*
 * Connected cards: share modes, protocols, status, commands, locks, attributes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Needs the card iso-t1.
 */

#include <windows.h>
#include "test.h"

#include "winscardtest.h"

static SCARDCONTEXT context;

/* ---- connecting ---- */

static LONG try_connect(const WCHAR *reader, DWORD share, DWORD protocols, DWORD *protocol)
{
    SCARDHANDLE card = 0;
    LONG result = SCardConnectW(context, reader, share, protocols, &card, protocol);

    ok(!result == !!card, "%#lx with the handle %p\n", result, (void *)card);
    if (!result)
        ok_hr(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    return result;
}

static void test_connect(void)
{
    DWORD protocol = 99;
    SCARDHANDLE card;

    fact(DOCUMENTED);
    ok_hr(try_connect(test_reader, SCARD_SHARE_SHARED, 3, &protocol), SCARD_S_SUCCESS);
    ok_uint(protocol, SCARD_PROTOCOL_T1);
    ok_hr(try_connect(test_reader, SCARD_SHARE_EXCLUSIVE, 2, &protocol), SCARD_S_SUCCESS);
    ok_hr(try_connect(test_reader, SCARD_SHARE_SHARED, 1, &protocol), SCARD_E_PROTO_MISMATCH);
    ok_uint(protocol, 0);
    ok_hr(try_connect(test_empty, SCARD_SHARE_SHARED, 3, &protocol), SCARD_E_NO_SMARTCARD);
    ok_hr(try_connect(L"No such reader", SCARD_SHARE_SHARED, 3, &protocol), SCARD_E_UNKNOWN_READER);
    ok_hr(try_connect(L"", SCARD_SHARE_SHARED, 3, &protocol), SCARD_E_UNKNOWN_READER);
    ok_hr(try_connect(test_reader, SCARD_SHARE_DIRECT, 0, &protocol), SCARD_S_SUCCESS);
    ok_uint(protocol, SCARD_PROTOCOL_UNDEFINED);
    ok_hr(try_connect(test_empty, SCARD_SHARE_DIRECT, 0, &protocol), SCARD_S_SUCCESS);
    ok_hr(try_connect(test_reader, SCARD_SHARE_SHARED, SCARD_PROTOCOL_DEFAULT | 3, &protocol),
          SCARD_S_SUCCESS);
    fact(GUESS);
    ok_hr(try_connect(test_reader, SCARD_SHARE_SHARED, 0, &protocol), SCARD_E_PROTO_MISMATCH);
    ok_hr(try_connect(test_reader, 0, 3, &protocol), SCARD_E_INVALID_VALUE);
    ok_hr(try_connect(test_reader, 4, 3, &protocol), SCARD_E_INVALID_VALUE);
    ok_hr(try_connect(test_reader, SCARD_SHARE_SHARED, 0x40, &protocol), SCARD_E_INVALID_PARAMETER);
    fact(DOCUMENTED);
    ok_hr(SCardConnectA(context, test_reader_ansi, SCARD_SHARE_SHARED, 3, &card, &protocol),
          SCARD_S_SUCCESS);
    ok((LONG)card > 0, "%p does not fit into a Long\n", (void *)card);
    fact(GUESS);
    ok_hr(SCardDisconnect(card, 4), SCARD_E_INVALID_VALUE);
    fact(DOCUMENTED);
    ok_hr(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    ok_hr(SCardDisconnect(card, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE);
}

static void test_exclusive(void)
{
    DWORD protocol;
    SCARDHANDLE card = connect_to(context, SCARD_SHARE_EXCLUSIVE, 3, &protocol);
    WORD sw;

    fact(DOCUMENTED);
    ok_hr(try_connect(test_reader, SCARD_SHARE_SHARED, 3, &protocol), SCARD_E_SHARING_VIOLATION);
    ok_hr(SCardReconnect(card, SCARD_SHARE_SHARED, 3, SCARD_RESET_CARD, &protocol),
          SCARD_S_SUCCESS);
    ok_uint(protocol, SCARD_PROTOCOL_T1);
    ok_hr(try_connect(test_reader, SCARD_SHARE_SHARED, 3, &protocol), SCARD_S_SUCCESS);
    ok_hr(select_root(card, &sw), SCARD_S_SUCCESS);
    ok_uint(sw, 0x9000);
    fact(GUESS);
    ok_hr(SCardReconnect(card, SCARD_SHARE_SHARED, 3, SCARD_EJECT_CARD, &protocol),
          SCARD_E_INVALID_VALUE);
    ok_hr(SCardReconnect(card, 0, 3, SCARD_LEAVE_CARD, &protocol), SCARD_E_INVALID_VALUE);
    SCardDisconnect(card, SCARD_LEAVE_CARD);
}

/* ---- status ---- */

static void test_status(void)
{
    DWORD protocol, state, names, length, expected = lstrlenW(test_reader) + 2;
    SCARDHANDLE card = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    BYTE atr[36], *atr_copy = NULL;
    WCHAR wide[300], *wide_copy = NULL;
    char ansi[300];

    fact(DOCUMENTED);
    names = ARRAYSIZE(wide);
    length = sizeof(atr);
    memset(wide, 0xcc, sizeof(wide));
    ok_hr(SCardStatusW(card, wide, &names, &state, &protocol, atr, &length), SCARD_S_SUCCESS);
    ok_uint(names, expected);
    ok(!lstrcmpW(wide, test_reader) && !wide[expected - 1] && wide[expected] == 0xcccc, "name\n");
    ok_uint(state, SCARD_SPECIFIC);
    ok_uint(protocol, SCARD_PROTOCOL_T1);
    ok(length >= 2 && atr[0] == 0x3b, "%lu bytes\n", length);
    names = sizeof(ansi);
    ok_hr(SCardStatusA(card, ansi, &names, NULL, NULL, NULL, NULL), SCARD_S_SUCCESS);
    ok_uint(names, expected);
    ok(!strcmp(ansi, test_reader_ansi) && !ansi[expected - 1], "name\n");
    names = expected - 1;
    ok_hr(SCardStatusW(card, wide, &names, &state, &protocol, NULL, NULL),
          SCARD_E_INSUFFICIENT_BUFFER);
    ok_uint(names, expected);
    names = length = 0;
    ok_hr(SCardStatusA(card, NULL, &names, &state, &protocol, NULL, &length), SCARD_S_SUCCESS);
    ok(names == expected && length >= 2, "%lu %lu\n", names, length);
    length = 1;
    ok_hr(SCardStatusA(card, NULL, NULL, &state, &protocol, atr, &length),
          SCARD_E_INSUFFICIENT_BUFFER);
    ok(length >= 2, "%lu\n", length);
    names = length = SCARD_AUTOALLOCATE;
    ok_hr(SCardStatusW(card, (WCHAR *)&wide_copy, &names, NULL, NULL, (BYTE *)&atr_copy, &length),
          SCARD_S_SUCCESS);
    ok(names == expected && wide_copy && !lstrcmpW(wide_copy, test_reader), "name\n");
    ok(length >= 2 && atr_copy && atr_copy[0] == 0x3b, "ATR\n");
    SCardFreeMemory(context, wide_copy);
    SCardFreeMemory(context, atr_copy);
    fact(NATIVE);
    length = sizeof(atr);
    state = protocol = 0;
    ok_hr(SCardState(card, &state, &protocol, atr, &length), SCARD_S_SUCCESS);
    ok(state == SCARD_SPECIFIC && protocol == SCARD_PROTOCOL_T1 && length >= 2, "%lu\n", state);
    SCardDisconnect(card, SCARD_LEAVE_CARD);
}

static void test_empty_reader(void)
{
    SCARDHANDLE card = 0;
    DWORD state = 99, protocol;
    BYTE atr[36];
    DWORD length = sizeof(atr);

    fact(GUESS);
    ok_hr(SCardConnectW(context, test_empty, SCARD_SHARE_DIRECT, 0, &card, &protocol),
          SCARD_S_SUCCESS);
    ok_hr(SCardStatusW(card, NULL, NULL, &state, &protocol, atr, &length), SCARD_S_SUCCESS);
    ok_uint(state, SCARD_ABSENT);
    ok_uint(length, 0);
    SCardDisconnect(card, SCARD_LEAVE_CARD);
}

/* ---- commands ---- */

static void test_transmit(void)
{
    SCARD_IO_REQUEST pci = {99, sizeof(pci)};
    DWORD protocol, length;
    SCARDHANDLE card = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    BYTE buffer[300], *copy = NULL;

    fact(DOCUMENTED);
    length = sizeof(buffer);
    memset(buffer, 0xcc, sizeof(buffer));
    ok_hr(SCardTransmit(card, SCARD_PCI_T1, select_mf, sizeof(select_mf), &pci, buffer, &length),
          SCARD_S_SUCCESS);
    ok(length == 2 && buffer[0] == 0x90 && !buffer[1] && buffer[2] == 0xcc, "%lu bytes\n", length);
    ok_uint(pci.dwProtocol, SCARD_PROTOCOL_T1);
    ok_uint(pci.cbPciLength, sizeof(pci));
    length = sizeof(buffer);
    ok_hr(SCardTransmit(card, SCARD_PCI_T0, select_mf, sizeof(select_mf), NULL, buffer, &length),
          SCARD_E_PROTO_MISMATCH);
    length = 1;
    ok_hr(SCardTransmit(card, SCARD_PCI_T1, select_mf, sizeof(select_mf), NULL, buffer, &length),
          SCARD_E_INSUFFICIENT_BUFFER);
    length = 2;
    ok_hr(SCardTransmit(card, SCARD_PCI_T1, select_mf, sizeof(select_mf), NULL, buffer, &length),
          SCARD_S_SUCCESS);
    fact(GUESS);
    length = sizeof(buffer);
    ok_hr(SCardTransmit(card, NULL, select_mf, sizeof(select_mf), NULL, buffer, &length),
          SCARD_S_SUCCESS);
    pci.cbPciLength = 4;
    ok_hr(SCardTransmit(card, &pci, select_mf, sizeof(select_mf), NULL, buffer, &length),
          SCARD_E_PCI_TOO_SMALL);
    ok_hr(SCardTransmit(card, SCARD_PCI_T1, select_mf, sizeof(select_mf), &pci, buffer, &length),
          SCARD_E_PCI_TOO_SMALL);
    ok_hr(SCardTransmit(card, SCARD_PCI_T1, select_mf, 0, NULL, buffer, &length),
          SCARD_E_INVALID_PARAMETER);
    fact(DOCUMENTED);
    length = SCARD_AUTOALLOCATE;
    ok_hr(SCardTransmit(card, SCARD_PCI_T1, select_mf, sizeof(select_mf), NULL, (BYTE *)&copy,
                        &length),
          SCARD_S_SUCCESS);
    ok(length == 2 && copy && copy[0] == 0x90, "%lu bytes\n", length);
    ok_hr(SCardFreeMemory(context, copy), SCARD_S_SUCCESS);
    /* One buffer for both ways. */
    memcpy(buffer, select_mf, sizeof(select_mf));
    length = sizeof(buffer);
    ok_hr(SCardTransmit(card, SCARD_PCI_T1, buffer, sizeof(select_mf), NULL, buffer, &length),
          SCARD_S_SUCCESS);
    ok(length == 2 && buffer[0] == 0x90, "%lu bytes\n", length);
    SCardDisconnect(card, SCARD_LEAVE_CARD);
}

static void test_transmit_count(void)
{
    LONG(WINAPI * transmit_count)(SCARDHANDLE, DWORD *);
    DWORD protocol, before = 0, after = 0;
    SCARDHANDLE card;
    WORD sw;

    transmit_count = (void *)winscard_function("SCardGetTransmitCount");
    if (!transmit_count)
    {
        win_skip("no SCardGetTransmitCount\n");
        return;
    }
    card = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    fact(DOCUMENTED);
    ok_hr(transmit_count(card, &before), SCARD_S_SUCCESS);
    select_root(card, &sw);
    ok_hr(transmit_count(card, &after), SCARD_S_SUCCESS);
    ok_uint(after, before + 1);
    fact(GUESS);
    ok_hr(transmit_count(card, NULL), SCARD_E_INVALID_PARAMETER);
    SCardDisconnect(card, SCARD_LEAVE_CARD);
}

static void test_control(void)
{
    DWORD protocol, returned = 99;
    SCARDHANDLE card = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    BYTE features[256];
    LONG result;

    fact(DOCUMENTED);
    result =
        SCardControl(card, SCARD_CTL_CODE(3400), NULL, 0, features, sizeof(features), &returned);
    /* Not every driver has it: vpcd's has not. */
    ok(!result || result == (LONG)SCARD_E_UNSUPPORTED_FEATURE, "%#lx\n", result);
    ok(returned % 6 == 0 && !returned == !!result, "%lu bytes\n", returned);
    fact(GUESS);
    returned = 99;
    ok(SCardControl(card, 0x12345678, NULL, 0, features, sizeof(features), &returned) && !returned,
       "a code that nobody knows\n");
    SCardDisconnect(card, SCARD_LEAVE_CARD);
}

/* ---- attributes ---- */

static void test_names(SCARDHANDLE card, DWORD attribute_a, DWORD attribute_w)
{
    DWORD length, expected = lstrlenW(test_reader) + 1;
    WCHAR wide[300], *wide_copy = NULL;
    char ansi[300];

    length = 0;
    ok_hr(SCardGetAttrib(card, attribute_a, NULL, &length), SCARD_S_SUCCESS);
    ok_uint(length, expected);
    length = sizeof(ansi);
    ok_hr(SCardGetAttrib(card, attribute_a, (BYTE *)ansi, &length), SCARD_S_SUCCESS);
    ok(length == expected && !strcmp(ansi, test_reader_ansi), "%lu\n", length);
    length = sizeof(wide);
    ok_hr(SCardGetAttrib(card, attribute_w, (BYTE *)wide, &length), SCARD_S_SUCCESS);
    ok(length == expected * sizeof(WCHAR) && !lstrcmpW(wide, test_reader), "%lu\n", length);
    length = expected - 1;
    ok_hr(SCardGetAttrib(card, attribute_a, (BYTE *)ansi, &length), SCARD_E_INSUFFICIENT_BUFFER);
    ok_uint(length, expected);
    length = SCARD_AUTOALLOCATE;
    ok_hr(SCardGetAttrib(card, attribute_w, (BYTE *)&wide_copy, &length), SCARD_S_SUCCESS);
    ok(wide_copy && !lstrcmpW(wide_copy, test_reader), "name\n");
    SCardFreeMemory(context, wide_copy);
}

static void test_attributes(void)
{
    DWORD protocol, length, number = 99;
    SCARDHANDLE card = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    BYTE value[1024], *copy = NULL;

    fact(DOCUMENTED);
    test_names(card, SCARD_ATTR_DEVICE_FRIENDLY_NAME_A, SCARD_ATTR_DEVICE_FRIENDLY_NAME_W);
    fact(GUESS);
    test_names(card, SCARD_ATTR_DEVICE_SYSTEM_NAME_A, SCARD_ATTR_DEVICE_SYSTEM_NAME_W);
    fact(DOCUMENTED);
    length = sizeof(value);
    ok_hr(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, value, &length), SCARD_S_SUCCESS);
    ok(length >= 2 && value[0] == 0x3b, "%lu bytes\n", length);
    length = SCARD_AUTOALLOCATE;
    ok_hr(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, (BYTE *)&copy, &length), SCARD_S_SUCCESS);
    ok(copy && copy[0] == 0x3b, "ATR\n");
    SCardFreeMemory(context, copy);
    length = sizeof(number);
    ok_hr(SCardGetAttrib(card, SCARD_ATTR_CURRENT_PROTOCOL_TYPE, (BYTE *)&number, &length),
          SCARD_S_SUCCESS);
    ok(length == 4 && number == SCARD_PROTOCOL_T1, "%lu: %#lx\n", length, number);
    length = sizeof(value);
    ok_hr(SCardGetAttrib(card, SCARD_ATTR_ICC_PRESENCE, value, &length), SCARD_S_SUCCESS);
    ok(length == 1 && value[0] == 2, "%lu: %u\n", length, value[0]);
    fact(GUESS);
    length = sizeof(value);
    ok_hr(SCardGetAttrib(card, 0x00071234, value, &length), SCARD_E_UNSUPPORTED_FEATURE);
    ok(SCardSetAttrib(card, 0x00071234, value, 1) != SCARD_S_SUCCESS, "set\n");
    SCardDisconnect(card, SCARD_LEAVE_CARD);
}

/* ---- locks ---- */

static volatile LONG locked;

static DWORD WINAPI take_lock(void *card)
{
    LONG result = SCardBeginTransaction((SCARDHANDLE)card);

    InterlockedExchange(&locked, 1);
    return result;
}

static void test_lock(void)
{
    DWORD protocol, state, result = 99;
    SCARDHANDLE card = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    SCARDHANDLE second = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    HANDLE thread;
    WORD sw;

    fact(DOCUMENTED);
    ok_hr(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
    ok_hr(SCardBeginTransaction(card), SCARD_S_SUCCESS);
    ok_hr(SCardBeginTransaction(card), SCARD_S_SUCCESS);
    ok_hr(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    fact(GUESS);
    ok_hr(SCardEndTransaction(card, 4), SCARD_E_INVALID_VALUE);
    /* A begin that waits stops nothing else. */
    thread = CreateThread(NULL, 0, take_lock, (void *)second, 0, NULL);
    ok(WaitForSingleObject(thread, 300) == WAIT_TIMEOUT, "two have the lock\n");
    ok_hr(select_root(card, &sw), SCARD_S_SUCCESS);
    ok(!locked, "two have the lock\n");
    fact(DOCUMENTED);
    ok_hr(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    ok(WaitForSingleObject(thread, 20000) == WAIT_OBJECT_0, "it waits for ever\n");
    GetExitCodeThread(thread, &result);
    ok_hr(result, SCARD_S_SUCCESS);
    CloseHandle(thread);
    ok_hr(SCardEndTransaction(second, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    /* Disconnecting ends it. */
    locked = 0;
    ok_hr(SCardBeginTransaction(card), SCARD_S_SUCCESS);
    thread = CreateThread(NULL, 0, take_lock, (void *)second, 0, NULL);
    ok(WaitForSingleObject(thread, 300) == WAIT_TIMEOUT, "two have the lock\n");
    ok_hr(SCardDisconnect(second, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    ok(WaitForSingleObject(thread, 20000) == WAIT_OBJECT_0, "it waits for ever\n");
    GetExitCodeThread(thread, &result);
    fact(GUESS);
    ok(result != SCARD_S_SUCCESS, "it has the lock\n");
    CloseHandle(thread);
    ok_hr(SCardState(second, &state, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
    ok_hr(SCardEndTransaction(card, SCARD_RESET_CARD), SCARD_S_SUCCESS);
    SCardDisconnect(card, SCARD_LEAVE_CARD);
}

/* Another connection's reset is told. */
static void test_reset(void)
{
    DWORD protocol;
    SCARDHANDLE card = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    SCARDHANDLE second = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    WORD sw;

    fact(DOCUMENTED);
    ok_hr(SCardDisconnect(second, SCARD_RESET_CARD), SCARD_S_SUCCESS);
    ok_hr(select_root(card, &sw), SCARD_W_RESET_CARD);
    ok_hr(SCardBeginTransaction(card), SCARD_W_RESET_CARD);
    ok_hr(SCardReconnect(card, SCARD_SHARE_SHARED, 3, SCARD_LEAVE_CARD, &protocol),
          SCARD_S_SUCCESS);
    ok_hr(select_root(card, &sw), SCARD_S_SUCCESS);
    ok_uint(sw, 0x9000);
    SCardDisconnect(card, SCARD_LEAVE_CARD);
}

/* A connection that asked for no protocol has none, though the card has one by another's wish. */
static void test_direct(void)
{
    DWORD protocol, state, value, length = sizeof(value);
    SCARDHANDLE shared = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol), direct;

    fact(DOCUMENTED);
    direct = connect_to(context, SCARD_SHARE_DIRECT, 0, &protocol);
    ok_uint(protocol, SCARD_PROTOCOL_UNDEFINED);
    fact(GUESS);
    ok_hr(SCardState(direct, &state, &protocol, NULL, NULL), SCARD_S_SUCCESS);
    todo_wines_own ok_uint(protocol, SCARD_PROTOCOL_UNDEFINED);
    ok_hr(SCardStatusW(direct, NULL, NULL, &state, &protocol, NULL, NULL), SCARD_S_SUCCESS);
    todo_wines_own ok_uint(protocol, SCARD_PROTOCOL_UNDEFINED);
    ok_hr(SCardState(shared, &state, &protocol, NULL, NULL), SCARD_S_SUCCESS);
    ok(protocol == SCARD_PROTOCOL_T0 || protocol == SCARD_PROTOCOL_T1, "%lu\n", protocol);
    if (!SCardGetAttrib(direct, SCARD_ATTR_CURRENT_PROTOCOL_TYPE, (BYTE *)&value, &length))
        ok_uint(value, SCARD_PROTOCOL_UNDEFINED);
    /* One that becomes shared has a protocol from then on. */
    ok_hr(SCardReconnect(direct, SCARD_SHARE_SHARED, 3, SCARD_LEAVE_CARD, &protocol),
          SCARD_S_SUCCESS);
    ok_hr(SCardState(direct, &state, &value, NULL, NULL), SCARD_S_SUCCESS);
    ok_uint(value, protocol);
    ok_hr(SCardDisconnect(direct, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    ok_hr(SCardDisconnect(shared, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
}

START_TEST(cards)
{
    winscard_begin();
    if (winscard_is_weak())
    {
        skip("too much is wrong in Wine's own winscard.dll\n");
        return;
    }
    context = establish();
    if (!winscard_needs(NEED_ROOT | NEED_EMPTY))
        return;
    test_connect();
    test_direct();
    test_exclusive();
    test_status();
    test_empty_reader();
    test_transmit();
    test_transmit_count();
    test_control();
    test_attributes();
    test_lock();
    test_reset();
    ok_hr(SCardReleaseContext(context), SCARD_S_SUCCESS);
}

/*
 * ISCard: attaching, properties, locks, commands.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "badtexts.h"
#include "cardtest.h"

static const BYTE select_mf[] = {0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00};

static BSTR reader, empty_reader;

static void test_detached(void)
{
    IByteBuffer *atr = (IByteBuffer *)1;
    ISCardCmd *cmd = create(&CLSID_CSCardCmd, &IID_ISCardCmd);
    SCARD_PROTOCOLS protocol = 99;
    SCARD_STATES state = 99;
    HSCARDCONTEXT context = 0;
    ISCard *card = create_card();
    HSCARD handle = 99;

    fact(DOCUMENTED);
    ok_hr(ISCard_get_CardHandle(card, &handle), S_OK);
    ok(!handle, "handle %p\n", (void *)handle);
    ok_hr(ISCard_get_Context(card, &context), S_OK);
    ok(context != 0, "no context\n");
    fact(GUESS);
    ok_hr(ISCard_get_Atr(card, &atr), SCARD_E_INVALID_HANDLE);
    ok(!atr, "atr %p\n", atr);
    ok_hr(ISCard_get_Protocol(card, &protocol), SCARD_E_INVALID_HANDLE);
    ok(!protocol, "protocol %d\n", protocol);
    ok_hr(ISCard_get_Status(card, &state), SCARD_E_INVALID_HANDLE);
    ok(!state, "state %d\n", state);
    ok_hr(ISCard_Detach(card, LEAVE), SCARD_E_INVALID_HANDLE);
    ok_hr(ISCard_LockSCard(card), SCARD_E_INVALID_HANDLE);
    ok_hr(ISCard_UnlockSCard(card, LEAVE), SCARD_E_INVALID_HANDLE);
    ok_hr(ISCard_ReAttach(card, SHARED, LEAVE), SCARD_E_INVALID_HANDLE);
    ok_hr(ISCard_Transaction(card, &cmd), SCARD_E_INVALID_HANDLE);
    ISCardCmd_Release(cmd);
    ISCard_Release(card);
}

static void test_null(void)
{
    ISCardCmd *none = NULL;
    ISCard *card = create_card();

    fact(DOCUMENTED);
    ok_hr(ISCard_get_Atr(card, NULL), E_POINTER);
    ok_hr(ISCard_get_CardHandle(card, NULL), E_POINTER);
    ok_hr(ISCard_get_Context(card, NULL), E_POINTER);
    ok_hr(ISCard_get_Protocol(card, NULL), E_POINTER);
    ok_hr(ISCard_get_Status(card, NULL), E_POINTER);
    ok_hr(ISCard_Transaction(card, NULL), E_POINTER);
    ok_hr(ISCard_Transaction(card, &none), E_INVALIDARG);
    ok_hr(ISCard_AttachByReader(card, NULL, SHARED, T0), E_INVALIDARG);
    ok_hr(ISCard_AttachByHandle(card, 0), E_INVALIDARG);
    ISCard_Release(card);
}

static void test_attach_errors(void)
{
    static const struct
    {
        const WCHAR *reader; /* NULL: the one with the card */
        int share;
        int protocols;
        HRESULT hr;
    } rows[] =
    {
        {L"", SHARED, T0 | T1, E_INVALIDARG},
        {L"No such reader", SHARED, T0 | T1, SCARD_E_UNKNOWN_READER},
        {L"L\x00e9\x4e2d\xd83d\xde00 reader", SHARED, T0 | T1, SCARD_E_UNKNOWN_READER},
        {NULL, 0, T0 | T1, E_INVALIDARG},
        {NULL, 4, T0 | T1, E_INVALIDARG},
        {NULL, -1, T0 | T1, E_INVALIDARG},
        {NULL, SHARED, 0x40, SCARD_E_INVALID_PARAMETER},
    };
    static const UINT lengths[] = {127, 128, 255, 256, 257, 65535, 65536, 65537};
    ISCard *card = create_card();
    HSCARD handle;
    unsigned i;
    HRESULT hr;
    BSTR name;

    fact(GUESS);
    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        name = SysAllocString(rows[i].reader ? rows[i].reader : reader);
        hr = ISCard_AttachByReader(card, name, rows[i].share, rows[i].protocols);
        ok(hr == rows[i].hr, "row %u: %#lx\n", i, hr);
        ISCard_get_CardHandle(card, &handle);
        ok(!handle, "row %u: attached\n", i);
        SysFreeString(name);
    }
    hr = ISCard_AttachByReader(card, empty_reader, SHARED, T0 | T1);
    ok(hr == (HRESULT)SCARD_E_NO_SMARTCARD || hr == (HRESULT)SCARD_W_REMOVED_CARD,
       "empty reader: %#lx\n", hr);
    for (i = 0; i < ARRAYSIZE(lengths); i++)
    {
        name = long_string(lengths[i]);
        ok_hr(ISCard_AttachByReader(card, name, SHARED, T0 | T1), SCARD_E_UNKNOWN_READER);
        SysFreeString(name);
    }
    /* A name ends at its NUL, whatever stands before and behind it. */
    name = string_with_nul(reader);
    ok_hr(ISCard_AttachByReader(card, name, SHARED, T0 | T1), S_OK);
    SysFreeString(name);
    ok_hr(ISCard_AttachByReader(card, no_bstr(reader), SHARED, T0 | T1), S_OK);
    ok_hr(ISCard_AttachByReader(card, no_bstr(L"none"), SHARED, T0 | T1), SCARD_E_UNKNOWN_READER);
    ISCard_Release(card);
}

/* The protocols that a caller may pass all lead to the protocol of the card. */
static void test_protocols(void)
{
    static const DWORD protocols[] = {0, 3, 0x80000000};
    SCARD_PROTOCOLS protocol, first = 0;
    ISCard *card = create_card();
    unsigned i;

    fact(NATIVE);
    for (i = 0; i < ARRAYSIZE(protocols); i++)
    {
        ok_hr(ISCard_AttachByReader(card, reader, SHARED, protocols[i]), S_OK);
        ok_hr(ISCard_get_Protocol(card, &protocol), S_OK);
        ok(protocol == T0 || protocol == T1, "%u: protocol %d\n", i, protocol);
        if (!i)
            first = protocol;
        ok(protocol == first, "%u: protocol %d\n", i, protocol);
        ok_hr(ISCard_Detach(card, LEAVE), S_OK);
    }
    ok_hr(ISCard_AttachByReader(card, reader, 3, 0), S_OK);
    ok_hr(ISCard_Detach(card, LEAVE), S_OK);
    ISCard_Release(card);
}

static void test_attached(void)
{
    HSCARD handle = 0, other = 0;
    SCARD_STATES state = 0;
    ISCard *card = create_card();
    IByteBuffer *atr = NULL;
    BYTE bytes[64];
    LONG length;
    HRESULT hr;
    WORD sw;

    fact(DOCUMENTED);
    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), S_OK);
    ok_hr(ISCard_get_CardHandle(card, &handle), S_OK);
    ok(handle != 0, "no handle\n");
    if (!native_handles())
    {
        ok(handle < 0x80000000u, "handle %p\n", (void *)handle);
        ok(!*(const LONG *)handle, "another DLL reads something behind the handle\n");
    }
    ok_hr(ISCard_get_Atr(card, &atr), S_OK);
    length = buffer_bytes(atr, bytes, sizeof(bytes));
    ok(length >= 2 && length <= 33 && (bytes[0] == 0x3B || bytes[0] == 0x3F), "ATR of %ld bytes\n",
       length);
    IByteBuffer_Release(atr);
    ok_hr(ISCard_get_Status(card, &state), S_OK);
    ok(state == SPECIFICMODE, "state %d\n", state);
    sw = send_apdu(card, select_mf, sizeof(select_mf), &hr);
    ok_hr(hr, S_OK);
    ok(sw == 0x9000 || sw >> 8 == 0x61, "SELECT MF: %04x\n", sw);

    /* Attaching again gives a new value; the old one is void. */
    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), S_OK);
    ok_hr(ISCard_get_CardHandle(card, &other), S_OK);
    ok(other && (other != handle || native_handles()), "handles %p, %p\n", (void *)handle,
       (void *)other);
    if (other != handle)
        ok_hr(ISCard_AttachByHandle(card, handle), E_INVALIDARG);
    ok_hr(ISCard_get_CardHandle(card, &handle), S_OK);
    ok(handle == other, "a failed AttachByHandle detached\n");

    ok_hr(ISCard_ReAttach(card, SHARED, RESET), S_OK);
    ok_hr(ISCard_ReAttach(card, EXCLUSIVE, LEAVE), S_OK);
    ok_hr(ISCard_ReAttach(card, SHARED, LEAVE), S_OK);
    ok_hr(ISCard_ReAttach(card, 0, LEAVE), E_INVALIDARG);
    ok_hr(ISCard_ReAttach(card, SHARED, 4), E_INVALIDARG);
    ISCard_get_CardHandle(card, &other);
    ok(other == handle, "ReAttach changed the handle\n");
    ok_hr(ISCard_Detach(card, 4), E_INVALIDARG);
    ok_hr(ISCard_Detach(card, UNPOWER), S_OK);
    ok_hr(ISCard_Detach(card, LEAVE), SCARD_E_INVALID_HANDLE);
    ISCard_Release(card);
}

static void test_locks(void)
{
    ISCard *card = create_card();

    fact(DOCUMENTED);
    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), S_OK);
    ok_hr(ISCard_UnlockSCard(card, LEAVE), SCARD_E_NOT_TRANSACTED);
    ok_hr(ISCard_LockSCard(card), S_OK);
    ok_hr(ISCard_LockSCard(card), S_OK);
    ok_hr(ISCard_UnlockSCard(card, LEAVE), S_OK);
    ok_hr(ISCard_UnlockSCard(card, LEAVE), S_OK);
    ok_hr(ISCard_UnlockSCard(card, LEAVE), SCARD_E_NOT_TRANSACTED);
    ok_hr(ISCard_UnlockSCard(card, 9), E_INVALIDARG);
    ISCard_Release(card); /* attached: disconnects quietly */
}

/* EXCLUSIVE then SHARED must leave the reader usable for others. */
static void test_exclusive_then_shared(void)
{
    ISCard *first = create_card(), *second = create_card();

    fact(GUESS);
    ok_hr(ISCard_AttachByReader(first, reader, EXCLUSIVE, T0 | T1), S_OK);
    ok_hr(ISCard_AttachByReader(second, reader, SHARED, T0 | T1), SCARD_E_SHARING_VIOLATION);
    ok_hr(ISCard_ReAttach(first, SHARED, LEAVE), S_OK);
    ok_hr(ISCard_AttachByReader(second, reader, SHARED, T0 | T1), S_OK);
    ISCard_Release(second);
    ISCard_Release(first);
}

/* Two objects on one handle: the owner's Detach ends both, the other's only its own use. */
static void test_shared_handle(void)
{
    ISCard *owner = create_card(), *guest = create_card();
    SCARD_STATES state;
    HSCARD handle;

    fact(GUESS);
    ok_hr(ISCard_AttachByReader(owner, reader, SHARED, T0 | T1), S_OK);
    ISCard_get_CardHandle(owner, &handle);
    ok_hr(ISCard_AttachByHandle(guest, handle), S_OK);
    ok_hr(ISCard_LockSCard(guest), S_OK);
    ok_hr(ISCard_UnlockSCard(owner, LEAVE), SCARD_E_NOT_TRANSACTED);
    ok_hr(ISCard_Detach(guest, RESET), S_OK);
    ok_hr(ISCard_get_Status(owner, &state), S_OK);
    ok_hr(ISCard_AttachByHandle(guest, handle), S_OK);
    ok_hr(ISCard_Detach(owner, LEAVE), S_OK);
    ok_hr(ISCard_get_Status(guest, &state), SCARD_E_INVALID_HANDLE);
    ok_hr(ISCard_AttachByHandle(owner, handle), E_INVALIDARG);
    ok_hr(ISCard_Detach(guest, LEAVE), S_OK);
    ISCard_Release(owner);
    ISCard_Release(guest);
}

START_TEST(card)
{
    static const HSCARD made_up[] = {1, 0x10, 0xdeadbeef, (HSCARD)-1, (HSCARD)-16};
    ISCard *card;
    unsigned i;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    reader = reader_with_card();
    empty_reader = reader_without_card();
    test_detached();
    test_null();
    test_attach_errors();
    test_protocols();
    test_attached();
    test_locks();
    test_exclusive_then_shared();
    test_shared_handle();
    card = create_card();
    for (i = 0; i < ARRAYSIZE(made_up); i++)
        ok(ISCard_AttachByHandle(card, made_up[i]) == E_INVALIDARG, "handle %u accepted\n", i);
    ISCard_Release(card);
    CoUninitialize();
}

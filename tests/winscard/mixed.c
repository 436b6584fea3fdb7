/*
 * One process with COM's objects and winscard.dll's functions: handles go both ways.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Needs the card iso-t1, and this project's winscard.dll.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "../com/cardtest.h"
#include "winscardtest.h"

static SCARDCONTEXT context;

/* SCardConnect's handle in an ISCard. */
static void test_there(DWORD share)
{
    DWORD protocol, state;
    SCARDHANDLE handle = connect_to(context, share, 3, &protocol);
    ISCard *card = create_card();
    HRESULT hr = S_OK;
    HSCARD value = 0;
    WORD sw;

    test_push("share %lu", share);
    fact(DOCUMENTED);
    ok_hr(ISCard_AttachByHandle(card, handle), S_OK);
    ok_hr(ISCard_get_CardHandle(card, &value), S_OK);
    ok(value == handle, "another handle\n");
    ok(send_apdu(card, select_mf, sizeof(select_mf), &hr) == 0x9000, "%#lx\n", hr);
    ok_hr(ISCard_LockSCard(card), S_OK);
    ok_hr(select_root(handle, &sw), SCARD_S_SUCCESS);
    ok_uint(sw, 0x9000);
    ok_hr(ISCard_UnlockSCard(card, LEAVE), S_OK);
    ok_hr(SCardReconnect(handle, share, 3, SCARD_RESET_CARD, &protocol), SCARD_S_SUCCESS);
    ok(send_apdu(card, select_mf, sizeof(select_mf), &hr) == 0x9000, "after a reset: %#lx\n", hr);
    fact(GUESS);
    ok_hr(ISCard_Detach(card, LEAVE), S_OK);
    ok_hr(SCardState(handle, &state, NULL, NULL, NULL), SCARD_S_SUCCESS);
    ok_hr(ISCard_AttachByHandle(card, handle), S_OK);
    ok_hr(SCardDisconnect(handle, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    send_apdu(card, select_mf, sizeof(select_mf), &hr);
    ok_hr(hr, SCARD_E_INVALID_HANDLE);
    ISCard_Release(card);
    test_pop();
}

/* An ISCard's handle in winscard.dll. */
static void test_back(void)
{
    ISCard *card = create_card();
    HSCARDCONTEXT com_context = 0;
    HSCARD handle = 0;
    HRESULT hr = S_OK;
    DWORD state;
    WORD sw;

    fact(DOCUMENTED);
    ok_hr(ISCard_AttachByReader(card, test_reader, EXCLUSIVE, T0 | T1), S_OK);
    ok_hr(ISCard_get_CardHandle(card, &handle), S_OK);
    ok_hr(ISCard_get_Context(card, &com_context), S_OK);
    ok_hr(SCardIsValidContext(com_context), SCARD_S_SUCCESS);
    ok_hr(SCardState(handle, &state, NULL, NULL, NULL), SCARD_S_SUCCESS);
    ok_uint(state, SCARD_SPECIFIC);
    ok_hr(select_root(handle, &sw), SCARD_S_SUCCESS);
    ok_uint(sw, 0x9000);
    ok_hr(SCardBeginTransaction(handle), SCARD_S_SUCCESS);
    ok(send_apdu(card, select_mf, sizeof(select_mf), &hr) == 0x9000, "%#lx\n", hr);
    ok_hr(SCardEndTransaction(handle, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    ok_hr(SCardDisconnect(handle, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    send_apdu(card, select_mf, sizeof(select_mf), &hr);
    ok_hr(hr, SCARD_E_INVALID_HANDLE);
    ok_hr(SCardState(handle, &state, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
    ISCard_Release(card);
}

/* Made-up handles are looked for in no other winscard.dll: that would be this one again. */
static void test_made_up(void)
{
    ISCard *card = create_card();

    fact(DOCUMENTED);
    ok_hr(ISCard_AttachByHandle(card, 0x12345670), E_INVALIDARG);
    ISCard_Release(card);
}

/* Releasing the context closes its cards for COM too. */
static void test_release(void)
{
    SCARDCONTEXT own = establish();
    DWORD protocol;
    SCARDHANDLE handle = connect_to(own, SCARD_SHARE_SHARED, 3, &protocol);
    ISCard *card = create_card();
    HRESULT hr = S_OK;

    fact(GUESS);
    ok_hr(ISCard_AttachByHandle(card, handle), S_OK);
    ok_hr(SCardReleaseContext(own), SCARD_S_SUCCESS);
    send_apdu(card, select_mf, sizeof(select_mf), &hr);
    ok_hr(hr, SCARD_E_INVALID_HANDLE);
    ISCard_Release(card);
}

START_TEST(mixed)
{
    winscard_begin();
    if (test_under_wine && !winscard_is_ours())
    {
        skip("e2e/foreign is about Wine's own\n");
        return;
    }
    CoInitialize(NULL);
    context = establish();
    test_there(SCARD_SHARE_SHARED);
    test_there(SCARD_SHARE_EXCLUSIVE);
    test_back();
    test_made_up();
    test_release();
    SCardReleaseContext(context);
    CoUninitialize();
}

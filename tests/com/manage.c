/*
 * ISCardManage: attaching, status, locks, reconnecting, and the objects it creates.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What needs a second program or a hand on the card is tested in tests/e2e.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "cardtest.h"

static BSTR reader, empty_reader;

static void test_detached(void)
{
    ISCardManage *manage = create_manage();
    SCARD_PROTOCOLS protocol = 99;
    SCARD_STATES state = 99;

    fact(DOCUMENTED);
    ok_hr(ISCardManage_Detach(manage), S_OK);
    fact(GUESS);
    ok_hr(ISCardManage_Status(manage, &state, &protocol), SCARD_E_INVALID_HANDLE);
    ok(!state && !protocol, "state %d, protocol %d\n", state, protocol);
    ok_hr(ISCardManage_SCardLock(manage), SCARD_E_INVALID_HANDLE);
    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), SCARD_E_INVALID_HANDLE);
    ok_hr(ISCardManage_Reconnect(manage), SCARD_E_INVALID_HANDLE);
    ISCardManage_Release(manage);
}

static void test_arguments(void)
{
    ISCardManage *manage = create_manage();
    SCARD_PROTOCOLS protocol;
    SCARD_STATES state;
    BSTR unknown = SysAllocString(L"No such reader"), empty = SysAllocString(L"");
    HRESULT hr;

    fact(DOCUMENTED);
    ok_hr(ISCardManage_AttachByHandle(manage, 0), E_INVALIDARG);
    ok_hr(ISCardManage_AttachByHandle(manage, 0x1234), E_INVALIDARG);
    ok_hr(ISCardManage_AttachByHandle(manage, (HSCARD)-1), E_INVALIDARG);
    ok_hr(ISCardManage_AttachByIFD(manage, NULL, SHARED), E_INVALIDARG);
    ok_hr(ISCardManage_AttachByIFD(manage, empty, SHARED), E_INVALIDARG);
    ok_hr(ISCardManage_AttachByIFD(manage, reader, 0), E_INVALIDARG);
    ok_hr(ISCardManage_AttachByIFD(manage, reader, 3), E_INVALIDARG);
    ok_hr(ISCardManage_AttachByIFD(manage, unknown, SHARED), SCARD_E_UNKNOWN_READER);
    hr = ISCardManage_AttachByIFD(manage, empty_reader, SHARED);
    ok(hr == (HRESULT)SCARD_E_NO_SMARTCARD || hr == (HRESULT)SCARD_W_REMOVED_CARD,
       "empty reader: %#lx\n", hr);
    ok_hr(ISCardManage_Status(manage, NULL, &protocol), E_POINTER);
    ok_hr(ISCardManage_Status(manage, &state, NULL), E_POINTER);
    ok_hr(ISCardManage_SCardUnlock(manage, 4), E_INVALIDARG);
    ok_hr(ISCardManage_CreateFileAccess(manage, NULL), E_POINTER);
    ok_hr(ISCardManage_CreateCardAuth(manage, NULL), E_POINTER);
    ok_hr(ISCardManage_CreateCHVerification(manage, NULL), E_POINTER);
    SysFreeString(unknown);
    SysFreeString(empty);
    ISCardManage_Release(manage);
}

static void test_create_interface(void)
{
    static const GUID none;
    static const struct
    {
        const GUID *guid;
        const WCHAR *name;
        const IID *iid; /* of what comes back, NULL: hr */
        HRESULT hr;
    } rows[] =
    {
        {&IID_ISCardFileAccess, NULL, &IID_ISCardFileAccess, S_OK},
        {&IID_ISCardAuth, NULL, &IID_ISCardAuth, S_OK},
        {&IID_ISCardVerify, L"ignored", &IID_ISCardVerify, S_OK},
        {&IID_ISCardManage, NULL, &IID_ISCardManage, S_OK},
        {&IID_ISCardCmd, NULL, NULL, E_NOINTERFACE},
        {NULL, L"FileAccess", &IID_ISCardFileAccess, S_OK},
        {&none, L"iscardfileaccess", &IID_ISCardFileAccess, S_OK},
        {NULL, L"CARDAUTH", &IID_ISCardAuth, S_OK},
        {NULL, L"CHVerification", &IID_ISCardVerify, S_OK},
        {NULL, L"ISCardVerify", &IID_ISCardVerify, S_OK},
        {NULL, L"CryptoProvider", NULL, E_NOTIMPL},
        {NULL, L"nonsense", NULL, E_NOTIMPL},
        {NULL, NULL, NULL, E_POINTER},
        {&none, NULL, NULL, E_POINTER},
    };
    ISCardManage *manage = create_manage();
    IUnknown *made, *same;
    unsigned i;
    HRESULT hr;
    BSTR name;

    fact(GUESS);
    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        name = rows[i].name ? SysAllocString(rows[i].name) : NULL;
        made = (IUnknown *)1;
        hr = ISCardManage_CreateInterface(manage, (GUID *)rows[i].guid, name, NULL, &made);
        ok(hr == rows[i].hr, "row %u: %#lx\n", i, hr);
        ok(!made == !rows[i].iid, "row %u: %p\n", i, made);
        if (made && made != (IUnknown *)1)
        {
            hr = IUnknown_QueryInterface(made, rows[i].iid, (void **)&same);
            ok(hr == S_OK && same == made, "row %u: %#lx, %p, %p\n", i, hr, made, same);
            if (hr == S_OK)
                IUnknown_Release(same);
            IUnknown_Release(made);
        }
        SysFreeString(name);
    }
    ok_hr(ISCardManage_CreateInterface(manage, (GUID *)&IID_ISCardAuth, NULL, NULL, NULL),
          E_POINTER);
    ISCardManage_Release(manage);
}

static HRESULT change_to_mf(ISCardManage *manage)
{
    BSTR path = SysAllocString(L"3F00");
    ISCardFileAccess *files;
    HRESULT hr;

    ok_hr(ISCardManage_CreateFileAccess(manage, &files), S_OK);
    hr = ISCardFileAccess_ChangeDir(files, SC_TYPE_BY_ID, path);
    ISCardFileAccess_Release(files);
    SysFreeString(path);
    return hr;
}

static HRESULT reset_security(ISCardManage *manage)
{
    ISCardVerify *verify;
    HRESULT hr;

    ok_hr(ISCardManage_CreateCHVerification(manage, &verify), S_OK);
    hr = ISCardVerify_ResetSecurityState(verify, SC_FL_NO_FLAGS);
    ISCardVerify_Release(verify);
    return hr;
}

static void test_attached(void)
{
    ISCardManage *manage = create_manage();
    SCARD_PROTOCOLS protocol;
    SCARD_STATES state;

    fact(DOCUMENTED);
    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), S_OK);
    ok_hr(ISCardManage_Status(manage, &state, &protocol), S_OK);
    ok(state == SPECIFICMODE, "state %d\n", state);
    ok(protocol == T0 || protocol == T1, "protocol %d\n", protocol);
    ok_hr(ISCardManage_Reconnect(manage), S_OK);

    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), SCARD_E_NOT_TRANSACTED);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), SCARD_E_NOT_TRANSACTED);

    /* A reset of our own is healed without a word. */
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, RESET), S_OK);
    ok_hr(ISCardManage_Status(manage, &state, &protocol), S_OK);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, RESET), S_OK);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), S_OK);

    /* So is one under a lock that stays. */
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, RESET), S_OK);
    ok_hr(change_to_mf(manage), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), S_OK);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, RESET), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), SCARD_E_NOT_TRANSACTED);
    ok_hr(change_to_mf(manage), S_OK);

    ok_hr(reset_security(manage), S_OK);
    ok_hr(change_to_mf(manage), S_OK);
    ok_hr(ISCardManage_Status(manage, &state, &protocol), S_OK);

    /* Attaching elsewhere ends the first attachment; a name that is wrong ends it too. */
    ok_hr(ISCardManage_AttachByIFD(manage, reader, EXCLUSIVE), S_OK);
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    ok_hr(ISCardManage_Detach(manage), S_OK);
    ok_hr(ISCardManage_Detach(manage), S_OK);
    ok_hr(ISCardManage_Status(manage, &state, &protocol), SCARD_E_INVALID_HANDLE);
    ISCardManage_Release(manage);
}

/* The handle of an ISCard: its share mode is known, and Detach does not end it. */
static void test_by_handle(void)
{
    ISCardManage *manage = create_manage(), *other = create_manage();
    ISCard *card = create_card();
    SCARD_PROTOCOLS protocol;
    SCARD_STATES state;
    HSCARD handle;

    fact(GUESS);
    ok_hr(ISCard_AttachByReader(card, reader, EXCLUSIVE, T0 | T1), S_OK);
    ISCard_get_CardHandle(card, &handle);
    ok_hr(ISCardManage_AttachByHandle(manage, handle), S_OK);
    ok_hr(ISCardManage_Status(manage, &state, &protocol), S_OK);
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    ok_hr(ISCardManage_AttachByIFD(other, reader, SHARED), SCARD_E_SHARING_VIOLATION);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_Detach(manage), S_OK);
    ok_hr(ISCard_get_Status(card, &state), S_OK);

    ok_hr(ISCardManage_AttachByHandle(manage, handle), S_OK);
    /* A wrong handle leaves the attachment alone. */
    ok_hr(ISCardManage_AttachByHandle(manage, handle + 16), E_INVALIDARG);
    ok_hr(ISCardManage_Status(manage, &state, &protocol), S_OK);
    ok_hr(ISCard_Detach(card, LEAVE), S_OK);
    ok_hr(ISCardManage_Status(manage, &state, &protocol), SCARD_E_INVALID_HANDLE);
    ok_hr(ISCardManage_Reconnect(manage), SCARD_E_INVALID_HANDLE);
    ok_hr(ISCardManage_AttachByHandle(other, handle), E_INVALIDARG);
    ISCardManage_Release(manage);
    ISCardManage_Release(other);
    ISCard_Release(card);
}

/* Children may be made before attaching and outlive the manager. */
static void test_children(void)
{
    ISCardManage *manage = create_manage();
    ISCardFileAccess *files;
    BSTR dir = NULL;
    HRESULT hr;

    fact(GUESS);
    ok_hr(ISCardManage_CreateFileAccess(manage, &files), S_OK);
    ok_hr(ISCardFileAccess_GetCurrentDir(files, &dir), SCARD_E_INVALID_HANDLE);
    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), S_OK);
    ISCardManage_Release(manage);
    hr = ISCardFileAccess_GetCurrentDir(files, &dir);
    ok(hr == S_OK && dir && !lstrcmpW(dir, L"3F00"), "GetCurrentDir: %#lx, %ls\n", hr, dir);
    SysFreeString(dir);
    ISCardFileAccess_Release(files);
}

START_TEST(manage)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    reader = reader_with_card();
    empty_reader = reader_without_card();
    test_detached();
    test_arguments();
    test_create_interface();
    test_attached();
    test_by_handle();
    test_children();
    CoUninitialize();
}

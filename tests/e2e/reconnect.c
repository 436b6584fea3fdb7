/*
 * ISCardManage::Reconnect under everything that happens to a card: another program, a hand, the
 * daemon.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "cardtest.h"
#include "rig/rigctl.h"

static BSTR reader;
static ISCardManage *manage;
static ISCardFileAccess *files;
static HSCARD_FILE file;

static void rig(const char *request)
{
    char answer[256] = "";

    ok(!rig_request(request, answer, sizeof(answer)), "rig: %s: %s\n", request, answer);
}

static HRESULT read_some(LONG *count)
{
    IByteBuffer *buffer = NULL;
    HRESULT hr;

    *count = 4;
    hr = ISCardFileAccess_Read(files, file, count, &buffer, SC_FL_NO_FLAGS);
    if (buffer)
        IByteBuffer_Release(buffer);
    return hr;
}

static HRESULT change_dir(const WCHAR *path)
{
    BSTR text = SysAllocString(path);
    HRESULT hr = ISCardFileAccess_ChangeDir(files, SC_TYPE_BY_ID, text);

    SysFreeString(text);
    return hr;
}

static void expect_dir(const WCHAR *expected)
{
    BSTR dir = NULL;
    HRESULT hr = ISCardFileAccess_GetCurrentDir(files, &dir);

    ok(hr == S_OK && dir && !lstrcmpW(dir, expected), "%#lx, %ls, not %ls\n", hr, dir, expected);
    SysFreeString(dir);
}

/* Attached, in 3F00/5100, with four bytes of a file read. */
static void begin(SCARD_SHARE_MODES share)
{
    BSTR path = SysAllocString(L"3F00/5000/0001");
    LONG count;

    manage = create_manage();
    ok_hr(ISCardManage_CreateFileAccess(manage, &files), S_OK);
    ok_hr(ISCardManage_AttachByIFD(manage, reader, share), S_OK);
    ok_hr(change_dir(L"3F00/5100"), S_OK);
    ok_hr(ISCardFileAccess_Open(files, SC_TYPE_BY_ID, path, &file), S_OK);
    ok_hr(read_some(&count), S_OK);
    ok(count == 4, "read %ld bytes\n", count);
    SysFreeString(path);
}

static void end(void)
{
    ISCardFileAccess_Release(files);
    ISCardManage_Detach(manage);
    ISCardManage_Release(manage);
}

/* The same card: files, position and directory are still there. */
static void expect_kept(void)
{
    LONG count;

    ok_hr(read_some(&count), S_OK);
    ok(count == 4, "read %ld bytes\n", count);
    ok_hr(ISCardFileAccess_Seek(files, file, 0, SC_SEEK_RELATIVE), S_OK);
    expect_dir(L"3F00/5100");
}

/* A card that may be another one: handles are void, the directory is the MF. */
static void expect_new(void)
{
    LONG count;

    ok_hr(read_some(&count), SCARD_E_INVALID_HANDLE);
    ok_hr(ISCardFileAccess_Seek(files, file, 0, SC_SEEK_RELATIVE), SCARD_E_INVALID_HANDLE);
    ok_hr(ISCardFileAccess_Close(files, file), S_OK);
    expect_dir(L"3F00");
}

static void expect_locks(int depth)
{
    int i;

    for (i = 0; i < depth; i++)
        ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), SCARD_E_NOT_TRANSACTED);
}

static void test_untouched(void)
{
    begin(SHARED);
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    expect_kept();
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    expect_kept();
    expect_locks(2);
    end();

    begin(EXCLUSIVE);
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    expect_kept();
    end();
}

static void test_reset_by_other(void)
{
    SCARD_PROTOCOLS protocol;
    SCARD_STATES state;
    LONG count;

    begin(SHARED);
    rig("reset-by-other");
    ok_hr(read_some(&count), SCARD_W_RESET_CARD);
    ok(!count, "count %ld\n", count);
    ok_hr(ISCardManage_Status(manage, &state, &protocol), SCARD_W_RESET_CARD);
    ok_hr(ISCardManage_SCardLock(manage), SCARD_W_RESET_CARD);
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    expect_kept();
    expect_locks(0);
    end();
}

static void test_own_reset(void)
{
    begin(SHARED);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, RESET), S_OK);
    expect_kept();
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, UNPOWER), S_OK);
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    expect_kept();
    end();
}

static void expect_removed(HRESULT hr)
{
    ok(hr == (HRESULT)SCARD_W_REMOVED_CARD || hr == (HRESULT)SCARD_E_NO_SMARTCARD, "%#lx\n", hr);
}

static void test_removed(int depth)
{
    SCARD_PROTOCOLS protocol;
    SCARD_STATES state;
    LONG count;
    int i;

    begin(SHARED);
    for (i = 0; i < depth; i++)
        ok_hr(ISCardManage_SCardLock(manage), S_OK);
    rig("card eject");
    expect_removed(read_some(&count));
    ok_hr(ISCardManage_Status(manage, &state, &protocol), S_OK);
    ok(state == ABSENT && !protocol, "state %d, protocol %d\n", state, protocol);
    expect_removed(ISCardManage_Reconnect(manage));
    expect_removed(ISCardManage_Reconnect(manage));
    rig("card insert");
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    expect_new();
    expect_locks(depth);
    end();
}

/* Out and in again before anybody looked: the handle tells, and it counts as another card. */
static void test_swapped_unseen(const char *insert, HRESULT attach_again)
{
    begin(SHARED);
    rig("card eject");
    rig(insert);
    ok_hr(ISCardManage_Reconnect(manage), attach_again);
    expect_new();
    end();
}

/* What reconnects on the way to something else does not let handles live on over another card. */
static void test_swapped_under_lock(void)
{
    HRESULT hr;

    begin(SHARED);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    rig("card eject");
    rig("card insert");
    expect_removed(ISCardManage_SCardUnlock(manage, LEAVE));
    expect_new();
    /* Both locks went with the card. */
    hr = ISCardManage_SCardUnlock(manage, LEAVE);
    ok(hr == (HRESULT)SCARD_E_NOT_TRANSACTED, "%#lx\n", hr);
    rig("reset-by-other");
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    end();
}

static void test_swapped_before_reset_security(void)
{
    ISCardVerify *verify;

    begin(SHARED);
    rig("card eject");
    rig("card insert");
    ok_hr(ISCardManage_CreateCHVerification(manage, &verify), S_OK);
    ok_hr(ISCardVerify_ResetSecurityState(verify, SC_FL_NO_FLAGS), S_OK);
    expect_new();
    ISCardVerify_Release(verify);
    end();
}

static void test_exclusive_taken(void)
{
    LONG count;

    begin(EXCLUSIVE);
    rig("card eject");
    expect_removed(read_some(&count));
    rig("card insert");
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    expect_new();
    end();
}

static void test_daemon_restarted(int depth)
{
    LONG count;
    HRESULT hr;
    int i;

    begin(SHARED);
    for (i = 0; i < depth; i++)
        ok_hr(ISCardManage_SCardLock(manage), S_OK);
    rig("pcscd stop");
    hr = read_some(&count);
    ok(hr == (HRESULT)SCARD_E_NO_SERVICE || hr == (HRESULT)SCARD_F_COMM_ERROR ||
           hr == (HRESULT)SCARD_E_INVALID_HANDLE,
       "%#lx\n", hr);
    hr = ISCardManage_Reconnect(manage);
    ok(hr == (HRESULT)SCARD_E_NO_SERVICE, "%#lx\n", hr);
    rig("pcscd start");
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    expect_new();
    expect_locks(depth);
    end();
}

/* By the handle of an ISCard: the table's rows for handles that another object owns. */
static void test_by_handle(void)
{
    SCARD_PROTOCOLS protocol;
    SCARD_STATES state;
    ISCard *card = create_card();
    HSCARD handle;

    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), S_OK);
    ok_hr(ISCard_get_CardHandle(card, &handle), S_OK);
    manage = create_manage();
    ok_hr(ISCardManage_AttachByHandle(manage, handle), S_OK);
    rig("reset-by-other");
    ok_hr(ISCardManage_Status(manage, &state, &protocol), SCARD_W_RESET_CARD);
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    ok_hr(ISCardManage_Status(manage, &state, &protocol), S_OK);
    /* The owner sees the connection refreshed. */
    ok_hr(ISCard_get_Status(card, &state), S_OK);
    rig("card eject");
    expect_removed(ISCardManage_Reconnect(manage));
    rig("card insert");
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    ok_hr(ISCard_Detach(card, LEAVE), S_OK);
    ok_hr(ISCardManage_Reconnect(manage), SCARD_E_INVALID_HANDLE);
    ISCardManage_Release(manage);
    ISCard_Release(card);
}

/* A reset card can be attached by handle; the reset shows at first use and Reconnect cures it. */
static void test_attach_after_reset(void)
{
    SCARD_PROTOCOLS protocol;
    SCARD_STATES state;
    ISCard *card = create_card();
    HSCARD handle;

    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), S_OK);
    ok_hr(ISCard_get_CardHandle(card, &handle), S_OK);
    rig("reset-by-other");
    manage = create_manage();
    ok_hr(ISCardManage_AttachByHandle(manage, handle), S_OK);
    ok_hr(ISCardManage_Status(manage, &state, &protocol), SCARD_W_RESET_CARD);
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    ok_hr(ISCardManage_Status(manage, &state, &protocol), S_OK);
    ISCardManage_Release(manage);
    ISCard_Release(card);
}

START_TEST(reconnect)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    reader = reader_with_card();
    fact(GUESS);
    test_untouched();
    test_reset_by_other();
    test_own_reset();
    test_removed(0);
    test_removed(2);
    test_swapped_unseen("card insert", S_OK);
    test_swapped_unseen("card insert other", S_OK);
    rig("card eject");
    rig("card insert default");
    test_swapped_under_lock();
    test_swapped_before_reset_security();
    test_exclusive_taken();
    test_by_handle();
    test_attach_after_reset();
    test_daemon_restarted(0);
    test_daemon_restarted(2);
    CoUninitialize();
}

/*
 * Handles across two DLLs: winscard.dll's given to us, ours given to winscard.dll, made-up ones.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Where Wine's winscard cannot reach cards (before Wine 9, and 32-bit programs of a 32-bit Wine)
 * only the made-up ones are tried: there are no others, and its functions must not be called.
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

#define FUNCTIONS(X) \
    X(SCardEstablishContext) X(SCardReleaseContext) X(SCardConnectW) X(SCardDisconnect) \
    X(SCardStatusW) X(SCardTransmit) X(SCardReconnect) X(SCardBeginTransaction) \
    X(SCardEndTransaction)

#define FIELD(name) __typeof__(name) *name;
static struct
{
    FUNCTIONS(FIELD)
} winscard;

static void rig(const char *request)
{
    char answer[256] = "";

    ok(!rig_request(request, answer, sizeof(answer)), "rig: %s: %s\n", request, answer);
}

static BOOL load_winscard(void)
{
    HMODULE module = LoadLibraryW(L"winscard.dll");

    ok(module != NULL, "no winscard.dll: %lu\n", GetLastError());
#define LOOK_UP(name) \
    winscard.name = (__typeof__(name) *)(void (*)(void))GetProcAddress(module, #name);
    FUNCTIONS(LOOK_UP)
    return winscard.SCardEstablishContext != NULL;
}

/* ---- values that nobody issued ---- */

static void test_made_up(void)
{
    static const BYTE zeros[64], ones[] = {[0 ... 63] = 0xff};
    ULONG_PTR values[] = {0, 1, 0x1234, (ULONG_PTR)-1, (ULONG_PTR)-16, (ULONG_PTR)zeros,
                          (ULONG_PTR)ones, (ULONG_PTR)ones + 1, (ULONG_PTR)test_made_up, 0, 0};
    BYTE *guarded = VirtualAlloc(NULL, 0x2000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    ISCardManage *manage = create_manage();
    ISCard *card = create_card();
    DWORD old;
    unsigned i;

    VirtualProtect(guarded + 0x1000, 0x1000, PAGE_NOACCESS, &old);
    values[ARRAYSIZE(values) - 2] = (ULONG_PTR)(guarded + 0x1000);
    values[ARRAYSIZE(values) - 1] = (ULONG_PTR)(guarded + 0x1000 - 8); /* half of it readable */
    for (i = 0; i < ARRAYSIZE(values); i++)
    {
        ok_hr(ISCard_AttachByHandle(card, values[i]), E_INVALIDARG);
        ok_hr(ISCardManage_AttachByHandle(manage, values[i]), E_INVALIDARG);
    }
    VirtualFree(guarded, 0, MEM_RELEASE);
    ISCardManage_Release(manage);
    ISCard_Release(card);
}

/* ---- winscard's handles here ---- */

static SCARDHANDLE connect_card(SCARDCONTEXT context, DWORD share)
{
    SCARDHANDLE handle = 0;
    DWORD protocol;
    LONG result = winscard.SCardConnectW(context, reader, share, 3, &handle, &protocol);

    ok(!result, "SCardConnect: %#lx\n", result);
    return handle;
}

static BOOL lives(SCARDHANDLE handle)
{
    DWORD names = 256, state, protocol, length = 36;
    WCHAR name[256];
    BYTE atr[36];

    return !winscard.SCardStatusW(handle, name, &names, &state, &protocol, atr, &length);
}

static void test_card(SCARDCONTEXT context)
{
    static const BYTE select[] = {0x00, 0xa4, 0x00, 0x0c, 0x02, 0x3f, 0x00};
    SCARDHANDLE handle = connect_card(context, SCARD_SHARE_SHARED);
    ISCard *card = create_card(), *second = create_card();
    SCARD_STATES state;
    HSCARD value;
    HRESULT hr = S_OK;

    ok_hr(ISCard_AttachByHandle(card, handle), S_OK);
    ok_hr(ISCard_AttachByHandle(second, handle), S_OK);
    ok_hr(ISCard_get_CardHandle(card, &value), S_OK);
    ok(value == handle, "another handle\n");
    ok_hr(ISCard_get_Status(card, &state), S_OK);
    ok(state == SPECIFICMODE, "state %d\n", state);
    ok(send_apdu(card, select, sizeof(select), &hr) == 0x9000, "%#lx\n", hr);
    ok_hr(ISCard_LockSCard(card), S_OK);
    ok_hr(ISCard_UnlockSCard(card, LEAVE), S_OK);
    ok_hr(ISCard_Detach(card, RESET), S_OK);
    ok(send_apdu(second, select, sizeof(select), &hr) == 0x9000, "the other object: %#lx\n", hr);
    ISCard_Release(second);
    ok(lives(handle), "detaching closed the application's handle\n");
    ok_hr(ISCard_AttachByHandle(card, handle), S_OK);
    rig("reset-by-other");
    send_apdu(card, select, sizeof(select), &hr);
    ok_hr(hr, SCARD_W_RESET_CARD);
    ok_hr(ISCard_ReAttach(card, SHARED, LEAVE), S_OK);
    ok(send_apdu(card, select, sizeof(select), &hr) == 0x9000 && lives(handle), "%#lx\n", hr);
    ok(!winscard.SCardDisconnect(handle, SCARD_LEAVE_CARD), "disconnect\n");
    send_apdu(card, select, sizeof(select), &hr);
    ok_hr(hr, SCARD_E_INVALID_HANDLE);
    ISCard_Release(card);
}

static HRESULT read_a_file(ISCardManage *manage)
{
    ISCardFileAccess *files = NULL;
    IByteBuffer *bytes = NULL;
    HSCARD_FILE file;
    LONG length = 4;
    HRESULT hr;

    if (FAILED(hr = ISCardManage_CreateFileAccess(manage, &files)))
        return hr;
    if (SUCCEEDED(hr = ISCardFileAccess_Open(files, SC_TYPE_BY_ID, (BSTR)L"2F00", &file)))
        hr = ISCardFileAccess_Read(files, file, &length, &bytes, SC_FL_NO_FLAGS);
    if (bytes)
        IByteBuffer_Release(bytes);
    ISCardFileAccess_Release(files);
    return hr;
}

/* An exclusive handle stays one, whatever happens to the card. */
static void test_manage(SCARDCONTEXT context)
{
    SCARDHANDLE handle = connect_card(context, SCARD_SHARE_EXCLUSIVE), no = 0;
    ISCardManage *manage = create_manage();
    DWORD protocol;

    ok_hr(ISCardManage_AttachByHandle(manage, handle), S_OK);
    ok_hr(read_a_file(manage), S_OK);
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    ok(winscard.SCardConnectW(context, reader, SCARD_SHARE_SHARED, 3, &no, &protocol) ==
           (LONG)SCARD_E_SHARING_VIOLATION,
       "no longer exclusive\n");
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, RESET), S_OK);
    ok_hr(read_a_file(manage), S_OK);
    ok(winscard.SCardConnectW(context, reader, SCARD_SHARE_SHARED, 3, &no, &protocol) ==
           (LONG)SCARD_E_SHARING_VIOLATION,
       "no longer exclusive after a reset\n");
    ok_hr(ISCardManage_Detach(manage), S_OK);
    ok(lives(handle), "detaching closed the application's handle\n");
    ok(!winscard.SCardDisconnect(handle, SCARD_LEAVE_CARD), "disconnect\n");
    rig("reset-by-other"); /* nothing hangs on to the card */
    ISCardManage_Release(manage);
}

static void test_reset_before(SCARDCONTEXT context)
{
    SCARDHANDLE handle = connect_card(context, SCARD_SHARE_SHARED);
    ISCardManage *manage = create_manage();

    rig("reset-by-other");
    ok_hr(ISCardManage_AttachByHandle(manage, handle), S_OK);
    ok_hr(read_a_file(manage), SCARD_W_RESET_CARD);
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    ok_hr(read_a_file(manage), S_OK);
    ISCardManage_Release(manage);
    ok(!winscard.SCardDisconnect(handle, SCARD_LEAVE_CARD), "disconnect\n");
}

/* The same with a handle of ours. */
static void test_ours_reset(void)
{
    ISCardManage *manage = create_manage();
    ISCard *card = create_card();
    HSCARD handle = 0;

    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), S_OK);
    ok_hr(ISCard_get_CardHandle(card, &handle), S_OK);
    ok_hr(ISCardManage_AttachByHandle(manage, handle), S_OK);
    rig("reset-by-other");
    ok_hr(read_a_file(manage), SCARD_W_RESET_CARD);
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    ok_hr(read_a_file(manage), S_OK);
    ISCardManage_Release(manage);
    ISCard_Release(card);
}

/* ---- ours there ---- */

static void test_ours_there(void)
{
    ISCard *card = create_card();
    HSCARD handle = 0;

    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), S_OK);
    ok_hr(ISCard_get_CardHandle(card, &handle), S_OK);
    ok(!lives(handle) == !native_handles(), "handle %p\n", (void *)handle);
    ok_hr(ISCard_Detach(card, LEAVE), S_OK);
    if (!native_handles())
        ok(!lives(handle), "a stale handle\n");
    ISCard_Release(card);
}

START_TEST(foreign)
{
    SCARDCONTEXT context = 0;

    reader = reader_with_card();
    CoInitialize(NULL);
    test_made_up(); /* before winscard.dll is there */
    test_ours_reset();
    if (load_winscard())
    {
        test_made_up();
        if (!winscard.SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context))
        {
            test_made_up();
            test_card(context);
            test_manage(context);
            test_reset_before(context);
            test_ours_there();
            winscard.SCardReleaseContext(context);
        }
    }
    CoUninitialize();
    SysFreeString(reader);
}

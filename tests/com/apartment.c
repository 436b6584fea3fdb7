/*
 * Objects of another make that live in a single-threaded apartment, handed to ours in an MTA.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * They have no free-threaded marshaller, so that ours get proxies. Needs the card iso-t1 and the
 * DLL registered.
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "scardssp.h"
#include "objects.h"
#include "doubles.h"
#include "foreigncmd.h"

/* ---- the apartment ---- */

static struct double_buffer buffers[2];
static struct foreign_cmd foreign;
static ISCardCmdVtbl cmd_vtbl;
static DWORD apartment_thread, strangers;
static LONG asked;
static ISCard *asked_card; /* what sends the command; it is asked for its status meanwhile */

static HRESULT WINAPI cmd_QueryInterface(ISCardCmd *iface, REFIID iid, void **out)
{
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IDispatch) &&
        !IsEqualIID(iid, &IID_ISCardCmd))
        return E_NOINTERFACE;
    *out = iface;
    ISCardCmd_AddRef(iface);
    return S_OK;
}

static ULONG WINAPI cmd_AddRef(ISCardCmd *iface)
{
    return InterlockedIncrement(&foreign_of(iface)->refs);
}

static ULONG WINAPI cmd_Release(ISCardCmd *iface)
{
    return InterlockedDecrement(&foreign_of(iface)->refs);
}

/* On the apartment's own thread, while ours waits for the answer. */
static void ask_card(void)
{
    SCARD_STATES state = ABSENT;

    if (GetCurrentThreadId() != apartment_thread)
        strangers++;
    if (!asked_card)
        return;
    ok_hr(ISCard_get_Status(asked_card, &state), S_OK);
    ok(state == SPECIFICMODE, "state %d\n", state);
    asked++;
}

static HRESULT WINAPI cmd_get_Apdu(ISCardCmd *iface, IByteBuffer **out)
{
    ask_card();
    return foreign_get_Apdu(iface, out);
}

static HRESULT WINAPI cmd_put_ApduReply(ISCardCmd *iface, IByteBuffer *buffer)
{
    ask_card();
    return foreign_put_ApduReply(iface, buffer);
}

struct apartment
{
    IStream *buffers[2], *cmd;
    HANDLE ready;
};

static DWORD WINAPI live(void *argument)
{
    struct apartment *apartment = argument;
    IByteBuffer *buffer;
    ISCardCmd *cmd;
    MSG message;
    size_t i;

    fact(GUESS);
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    apartment_thread = GetCurrentThreadId();
    for (i = 0; i < ARRAYSIZE(buffers); i++)
    {
        buffer = double_init(&buffers[i], HONEST, 60000);
        ok_hr(CoMarshalInterThreadInterfaceInStream(&IID_IByteBuffer, (IUnknown *)buffer,
                                                    &apartment->buffers[i]),
              S_OK);
    }
    cmd = foreign_cmd_init(&foreign, create(&CLSID_CSCardCmd, &IID_ISCardCmd));
    cmd_vtbl = foreign_vtbl;
    cmd_vtbl.QueryInterface = cmd_QueryInterface;
    cmd_vtbl.AddRef = cmd_AddRef;
    cmd_vtbl.Release = cmd_Release;
    cmd_vtbl.get_Apdu = cmd_get_Apdu;
    cmd_vtbl.put_ApduReply = cmd_put_ApduReply;
    cmd->lpVtbl = &cmd_vtbl;
    ok_hr(CoMarshalInterThreadInterfaceInStream(&IID_ISCardCmd, (IUnknown *)cmd, &apartment->cmd),
          S_OK);
    PeekMessageW(&message, NULL, WM_USER, WM_USER, PM_NOREMOVE);
    SetEvent(apartment->ready);
    while (GetMessageW(&message, NULL, 0, 0) > 0)
        DispatchMessageW(&message);
    foreign_cmd_fini(&foreign);
    CoUninitialize();
    return 0;
}

/* ---- ours with them ---- */

static void test_buffer(IByteBuffer *proxy)
{
    ISCardTypeConv *conv = create(&CLSID_CSCardTypeConv, &IID_ISCardTypeConv);
    ISCardCmd *cmd = create(&CLSID_CSCardCmd, &IID_ISCardCmd);
    IByteBuffer *buffer = NULL;
    BYTEARRAY *array = NULL;
    SAFEARRAY *safe = NULL;
    LONG upper = 0;

    ok(proxy != &buffers[0].IByteBuffer_iface, "no proxy\n");
    check_buffer(proxy, pattern(), 60000, 30000);
    ok_hr(ISCardTypeConv_ConvertByteBufferToByteArray(conv, proxy, &array), S_OK);
    ok_uint(array->dwSize, 60000);
    ok_bytes(array->pbyData, pattern(), 60000);
    GlobalUnlock(array->hMem);
    GlobalFree(array->hMem);
    CoTaskMemFree(array);
    ok_hr(ISCardTypeConv_ConvertByteBufferToSafeArray(conv, proxy, &safe), S_OK);
    SafeArrayGetUBound(safe, 1, &upper);
    ok_uint(upper, 59999);
    SafeArrayDestroy(safe);
    ok_hr(ISCardCmd_BuildCmd(cmd, 0, 0xd6, 0, 0, proxy, NULL), S_OK);
    ok_hr(ISCardCmd_get_Data(cmd, &buffer), S_OK);
    check_buffer(buffer, pattern(), 60000, 0);
    ok_uint(buffers[0].position, 30000);
    IByteBuffer_Release(buffer);
    ISCardCmd_Release(cmd);
    ISCardTypeConv_Release(conv);
}

/* Written by CopyTo: all bytes arrive, and the pointer stays the caller's. */
static void test_copy(IByteBuffer *proxy)
{
    IByteBuffer *buffer = buffer_with(pattern() + 7, 60000), *target = proxy;
    LONG read = 0, written = 0;

    IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);
    IByteBuffer_Seek(proxy, 0, STREAM_SEEK_SET, NULL);
    ok_hr(IByteBuffer_CopyTo(buffer, &target, 60000, &read, &written), S_OK);
    ok(target == proxy && read == 60000 && written == 60000, "%ld, %ld\n", read, written);
    ok_bytes(buffers[1].bytes, pattern() + 7, 60000);
    IByteBuffer_Release(buffer);
}

/* Through proxies too, what a buffer says is not believed. */
static void test_liars(IByteBuffer *proxy)
{
    ISCardCmd *cmd = create(&CLSID_CSCardCmd, &IID_ISCardCmd);
    size_t i;

    for (i = 0; i < ARRAYSIZE(double_reads); i++)
    {
        test_push("a buffer that %s", double_reads[i].name);
        double_init(&buffers[0], double_reads[i].fault, 300);
        buffers[0].refs = 100; /* those that the proxy has are among them */
        ok_hr(ISCardCmd_BuildCmd(cmd, 0, 0xd6, 0, 0, proxy, NULL), double_reads[i].hr);
        test_pop();
    }
    ISCardCmd_Release(cmd);
}

struct sending
{
    ISCard *card;
    ISCardCmd *cmd;
    HRESULT hr;
};

static DWORD WINAPI send_cmd(void *argument)
{
    struct sending *sending = argument;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    sending->hr = ISCard_Transaction(sending->card, &sending->cmd);
    CoUninitialize();
    return 0;
}

/* The command's thread waits for the card, and so must get it while the card waits for the command:
 * it is asked before the card is taken, and told after that. */
static void test_deadlock(ISCard *card, ISCardCmd *proxy)
{
    struct sending sending = {.card = card, .cmd = proxy, .hr = E_PENDING};
    HANDLE thread;

    asked_card = card;
    thread = CreateThread(NULL, 0, send_cmd, &sending, 0, NULL);
    if (!ok(WaitForSingleObject(thread, 15000) == WAIT_OBJECT_0, "a deadlock\n"))
        ExitProcess(test_summary());
    CloseHandle(thread);
    asked_card = NULL;
    ok_hr(sending.hr, S_OK);
    ok(asked == 2, "asked %ld times\n", asked);
}

static void test_cmd(ISCardCmd *proxy)
{
    static const BYTE select[] = {0x00, 0xa4, 0x00, 0x00, 0x02, 0x3f, 0x00};
    ISCardISO7816 *iso = create(&CLSID_CSCardISO7816, &IID_ISCardISO7816);
    ISCard *card = create(&CLSID_CSCard, &IID_ISCard);
    IByteBuffer *path = buffer_with(select + 5, 2), *apdu = NULL;
    WCHAR name[128] = L"Virtual PCD 00 00";
    ISCardCmd *cmd = proxy;
    WORD status = 0;
    HRESULT hr;
    BSTR reader;

    GetEnvironmentVariableW(L"SCARDSSP_TEST_READER", name, ARRAYSIZE(name));
    reader = SysAllocString(name);
    ok_hr(ISCardISO7816_SelectFile(iso, 0, 0, path, 0, &cmd), S_OK);
    ok(cmd == proxy, "another command\n");
    ok_hr(ISCardCmd_get_Apdu(proxy, &apdu), S_OK);
    check_buffer(apdu, select, sizeof(select), -1);
    IByteBuffer_Release(apdu);
    ok_hr(ISCard_AttachByReader(card, reader, SHARED, 3), S_OK);
    ok_hr(ISCard_Transaction(card, &cmd), S_OK);
    ok(cmd == proxy, "another command\n");
    hr = ISCardCmd_get_ReplyStatus(proxy, &status);
    ok(hr == S_OK && (status == 0x9000 || status >> 8 == 0x61), "%#lx, status %04x\n", hr, status);
    test_deadlock(card, proxy);
    hr = ISCardCmd_get_ReplyStatus(proxy, &status);
    ok(hr == S_OK && (status == 0x9000 || status >> 8 == 0x61), "%#lx, status %04x\n", hr, status);
    ok(!strangers, "%lu calls from another thread\n", strangers);
    SysFreeString(reader);
    IByteBuffer_Release(path);
    ISCard_Release(card);
    ISCardISO7816_Release(iso);
}

START_TEST(apartment)
{
    struct apartment apartment = {.ready = CreateEventA(NULL, TRUE, FALSE, NULL)};
    IByteBuffer *proxies[2] = {NULL};
    ISCardCmd *cmd = NULL;
    HANDLE thread;
    DWORD id;
    size_t i;

    fact(GUESS);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    thread = CreateThread(NULL, 0, live, &apartment, 0, &id);
    WaitForSingleObject(apartment.ready, 10000);
    for (i = 0; i < ARRAYSIZE(proxies); i++)
        ok_hr(CoGetInterfaceAndReleaseStream(apartment.buffers[i], &IID_IByteBuffer,
                                             (void **)&proxies[i]),
              S_OK);
    ok_hr(CoGetInterfaceAndReleaseStream(apartment.cmd, &IID_ISCardCmd, (void **)&cmd), S_OK);
    if (proxies[0] && proxies[1] && cmd)
    {
        test_buffer(proxies[0]);
        test_copy(proxies[1]);
        test_liars(proxies[0]);
        test_cmd(cmd);
        IByteBuffer_Release(proxies[0]);
        ok_uint(IByteBuffer_Release(proxies[1]), 0);
        ok_uint(ISCardCmd_Release(cmd), 0);
        ok_uint(buffers[1].refs, 1);
        ok_uint(foreign.refs, 1);
    }
    PostThreadMessageW(id, WM_QUIT, 0, 0);
    ok(WaitForSingleObject(thread, 10000) == WAIT_OBJECT_0, "the apartment does not end\n");
    CoUninitialize();
}

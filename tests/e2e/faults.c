/*
 * What can go wrong with a card, a reader and the daemon, and what the program is told then.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * reconnect.c has resets, removals and the way back; locks.c other programs' locks.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "cardtest.h"
#include "rig/rigctl.h"

#define SLOW_MS   3000
#define PROMPT_MS 1500 /* what "at once" may take on a busy machine */

static const BYTE challenge[] = {0x00, 0x84, 0x00, 0x00, 0x08};
static BSTR reader;

static void rig(const char *request)
{
    char answer[256] = "";

    ok(!rig_request(request, answer, sizeof(answer)), "rig: %s: %s\n", request, answer);
}

static ISCardManage *attach(ISCardFileAccess **files)
{
    ISCardManage *manage = create_manage();

    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), S_OK);
    ok_hr(ISCardManage_CreateFileAccess(manage, files), S_OK);
    return manage;
}

static HRESULT open_file(ISCardFileAccess *files, const WCHAR *path, HSCARD_FILE *file)
{
    BSTR text = SysAllocString(path);
    HRESULT hr = ISCardFileAccess_Open(files, SC_TYPE_BY_ID, text, file);

    SysFreeString(text);
    return hr;
}

static HRESULT read_file(ISCardFileAccess *files, HSCARD_FILE file, LONG *count)
{
    IByteBuffer *buffer = (IByteBuffer *)1;
    HRESULT hr = ISCardFileAccess_Read(files, file, count, &buffer, SC_FL_NO_FLAGS);

    ok(SUCCEEDED(hr) || (!*count && !buffer), "failed with %ld bytes, %p\n", *count, buffer);
    if (SUCCEEDED(hr))
        IByteBuffer_Release(buffer);
    return hr;
}

static void end(ISCardManage *manage, ISCardFileAccess *files)
{
    ISCardFileAccess_Release(files);
    ISCardManage_Release(manage);
}

static BOOL is_removed(HRESULT hr)
{
    return hr == (HRESULT)SCARD_W_REMOVED_CARD || hr == (HRESULT)SCARD_E_NO_SMARTCARD;
}

/* ---- cards that cannot be used ---- */

/* An answer to reset that names no protocol: there is no way to talk to such a card. */
static void test_nonsense_atr(void)
{
    ISCardManage *manage = create_manage();
    ISCard *card = create_card();

    rig("card eject");
    rig("card insert nonsense");
    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), SCARD_E_PROTO_MISMATCH);
    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), SCARD_E_PROTO_MISMATCH);
    rig("card eject");
    ok(is_removed(ISCardManage_AttachByIFD(manage, reader, SHARED)), "attached to nothing\n");
    rig("card insert default");
    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), S_OK);
    ISCard_Release(card);
    ISCardManage_Release(manage);
}

/* ---- a card pulled in the middle of a long Read ---- */

static DWORD WINAPI pull_card(void *arg)
{
    Sleep(500);
    rig("card eject");
    return 0;
}

static void test_pulled(void)
{
    ISCardFileAccess *files;
    ISCardManage *manage = attach(&files);
    HSCARD_FILE file;
    LONG count = 32768;
    HANDLE thread;
    HRESULT hr;

    ok_hr(open_file(files, L"3F00/7001", &file), S_OK);
    rig("card delay 20"); /* 128 pieces take longer than the card stays */
    thread = CreateThread(NULL, 0, pull_card, NULL, 0, NULL);
    hr = read_file(files, file, &count);
    /* The virtual reader answers nothing at all to the APDU during which the card went, or cannot
     * be given it any more. */
    ok(is_removed(hr) || hr == (HRESULT)SCARD_E_COMM_DATA_LOST ||
           hr == (HRESULT)SCARD_E_NOT_TRANSACTED,
       "%#lx\n", hr);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    rig("card clear");
    rig("card insert");
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
    /* A pulled card is no short file, and the handle is one of the card that went. */
    count = 1;
    ok_hr(read_file(files, file, &count), SCARD_E_INVALID_HANDLE);
    ok_hr(open_file(files, L"3F00/7001", &file), S_OK);
    count = 32768;
    ok_hr(read_file(files, file, &count), S_OK);
    ok(count == 32768, "%ld bytes\n", count);
    end(manage, files);
}

/* ---- answers that are none ---- */

static void test_wrong_answers(void)
{
    ISCard *card = create_card();
    HRESULT hr;
    WORD sw;

    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), S_OK);
    rig("card script 90"); /* half a status word */
    sw = send_apdu(card, challenge, sizeof(challenge), &hr);
    ok(hr == (HRESULT)SCARD_E_COMM_DATA_LOST && !sw, "%#lx, %04x\n", hr, sw);

    /* Longer than asked for: what the card gives is handed on. */
    rig("card script 0102030405060708090A0B0C0D0E0F109000");
    sw = send_apdu(card, challenge, sizeof(challenge), &hr);
    ok(hr == S_OK && sw == 0x9000, "%#lx, %04x\n", hr, sw);

    /* A card's error is an answer, not a failure. */
    rig("card script 6F00");
    sw = send_apdu(card, challenge, sizeof(challenge), &hr);
    ok(hr == S_OK && sw == 0x6F00, "%#lx, %04x\n", hr, sw);
    sw = send_apdu(card, challenge, sizeof(challenge), &hr);
    ok(hr == S_OK && sw == 0x9000, "%#lx, %04x\n", hr, sw);
    ISCard_Release(card);
}

/* Status words that SELECT may give, as results of Open. */
static void test_select_answers(void)
{
    static const struct
    {
        const char *sw;
        HRESULT hr;
    } rows[] =
    {
        {"card script 6982", SCARD_W_SECURITY_VIOLATION},
        {"card script 6285", SCARD_E_NO_ACCESS},
        {"card script 6F00", SCARD_E_UNEXPECTED},
        {"card script 6581", SCARD_E_UNEXPECTED},
        {"card script 90", SCARD_E_COMM_DATA_LOST},
    };
    ISCardFileAccess *files;
    ISCardManage *manage = attach(&files);
    HSCARD_FILE file;
    unsigned i;
    HRESULT hr;

    /* The class is known from here on: one SELECT an Open. */
    ok_hr(open_file(files, L"3F00/2F05", &file), S_OK);
    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        rig(rows[i].sw);
        hr = open_file(files, L"3F00/2F05", &file);
        ok(hr == rows[i].hr, "%s: %#lx\n", rows[i].sw, hr);
        ok(!file, "%s: file %p\n", rows[i].sw, (void *)file);
        rig("card clear");
    }
    ok_hr(open_file(files, L"3F00/2F05", &file), S_OK);
    end(manage, files);
}

/* Answers to SELECT that lie about lengths, sizes and ids: no more is believed than is true. */
static void test_lying_answers(void)
{
    ISCardFileAccess *files;
    ISCardManage *manage;
    WCHAR path[16];
    HSCARD_FILE file;
    LONG count;
    HRESULT hr;
    int id;

    rig("card eject");
    rig("card insert bad-fci");
    manage = attach(&files);
    for (id = 1; id <= 0x11; id++)
    {
        wsprintfW(path, L"3F00/%04X", id);
        hr = open_file(files, path, &file);
        /* Another file's id is not the file that was asked for. */
        ok(hr == S_OK || (id == 0x0B && hr == (HRESULT)SCARD_E_FILE_NOT_FOUND), "%04X: %#lx\n", id,
           hr);
        if (hr != S_OK)
            continue;
        count = 4096;
        hr = read_file(files, file, &count);
        ok(SUCCEEDED(hr) ? count <= 400 : (ULONG)hr >> 16 == 0x8010, "%04X: %#lx, %ld bytes\n", id,
           hr, count);
        ok_hr(ISCardFileAccess_Close(files, file), S_OK);
    }
    end(manage, files);
    rig("card eject");
    rig("card insert default");
}

/* ---- slow cards ---- */

struct slow_call
{
    ISCard *card;
    HRESULT hr;
};

static DWORD WINAPI send_slowly(void *arg)
{
    struct slow_call *call = arg;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    send_apdu(call->card, challenge, sizeof(challenge), &call->hr);
    CoUninitialize();
    return 0;
}

/* Detach does not wait for a command under way, which ends when the card answers. */
static void test_detach_during_command(void)
{
    struct slow_call call = {create_card(), E_PENDING};
    SCARD_STATES state;
    HANDLE thread;
    DWORD start;

    ok_hr(ISCard_AttachByReader(call.card, reader, SHARED, T0 | T1), S_OK);
    rig("card delay 3000 1");
    thread = CreateThread(NULL, 0, send_slowly, &call, 0, NULL);
    Sleep(500);
    start = GetTickCount();
    ok_hr(ISCard_Detach(call.card, LEAVE), S_OK);
    ok(GetTickCount() - start < PROMPT_MS, "Detach took %lu ms\n", GetTickCount() - start);
    ok_hr(ISCard_get_Status(call.card, &state), SCARD_E_INVALID_HANDLE);
    ok(!WaitForSingleObject(thread, 4 * SLOW_MS), "the command does not end\n");
    ok_hr(call.hr, S_OK);
    CloseHandle(thread);
    ok_hr(ISCard_AttachByReader(call.card, reader, EXCLUSIVE, T0 | T1), S_OK);
    ISCard_Release(call.card);
}

/* A slow reader does not hold up lists and other connections. */
static void test_slow_reader_alone(void)
{
    struct slow_call call = {create_card(), E_PENDING};
    ISCardDatabase *database = create(&CLSID_CSCardDatabase, &IID_ISCardDatabase);
    ISCardManage *manage = create_manage();
    BSTR empty = reader_without_card();
    SAFEARRAY *readers = NULL;
    HANDLE thread;
    DWORD start;

    ok_hr(ISCard_AttachByReader(call.card, reader, SHARED, T0 | T1), S_OK);
    rig("card delay 3000 1");
    thread = CreateThread(NULL, 0, send_slowly, &call, 0, NULL);
    Sleep(300);
    start = GetTickCount();
    ok_hr(ISCardDatabase_ListReaders(database, 0, &readers), S_OK);
    ok(is_removed(ISCardManage_AttachByIFD(manage, empty, SHARED)), "attached to nothing\n");
    ok(GetTickCount() - start < PROMPT_MS, "took %lu ms\n", GetTickCount() - start);
    ok(WaitForSingleObject(thread, 0) == WAIT_TIMEOUT, "the card was not slow\n");
    WaitForSingleObject(thread, INFINITE);
    ok_hr(call.hr, S_OK);
    CloseHandle(thread);
    if (readers)
        SafeArrayDestroy(readers);
    SysFreeString(empty);
    ISCardDatabase_Release(database);
    ISCardManage_Release(manage);
    ISCard_Release(call.card);
}

/* ---- the last Release ---- */

static void test_released_while_locked(void)
{
    ISCardFileAccess *files;
    ISCardManage *manage = attach(&files), *other = create_manage();

    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    end(manage, files);
    /* Nothing is left behind: not the lock, not the connection. */
    ok_hr(ISCardManage_AttachByIFD(other, reader, EXCLUSIVE), S_OK);
    ok_hr(ISCardManage_SCardLock(other), S_OK);
    ISCardManage_Release(other);
}

/* ---- the daemon ---- */

static void test_no_daemon(void)
{
    ISCard *card = create_card(), *fresh = NULL;
    HSCARDCONTEXT before, after;
    ISCardManage *manage = create_manage();
    ISCardCmd *cmd;
    HRESULT hr;

    ok_hr(ISCard_get_Context(card, &before), S_OK);
    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), S_OK);
    rig("pcscd stop");
    hr = CoCreateInstance(&CLSID_CSCard, NULL, CLSCTX_INPROC_SERVER, &IID_ISCard, (void **)&fresh);
    ok(hr == (HRESULT)SCARD_E_NO_SERVICE && !fresh, "%#lx, %p\n", hr, fresh);
    /* The classes that need no card come all the same. */
    cmd = create(&CLSID_CSCardCmd, &IID_ISCardCmd);
    ISCardCmd_Release(cmd);
    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), SCARD_E_NO_SERVICE);
    send_apdu(card, challenge, sizeof(challenge), &hr);
    ok(FAILED(hr), "%#lx\n", hr);
    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), SCARD_E_NO_SERVICE);
    ok_hr(ISCard_get_Context(card, &after), S_OK);
    ok(!after, "a context without a daemon\n");

    rig("pcscd start");
    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), S_OK);
    ok_hr(ISCard_get_Context(card, &after), S_OK);
    ok(after && (after != before || native_handles()), "context %p, before %p\n", (void *)after,
       (void *)before);
    ok(send_apdu(card, challenge, sizeof(challenge), &hr) == 0x9000, "%#lx\n", hr);
    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), S_OK);
    ISCardManage_Release(manage);
    ISCard_Release(card);
}

START_TEST(faults)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    reader = reader_with_card();
    fact(GUESS);
    test_nonsense_atr();
    test_pulled();
    test_wrong_answers();
    test_select_answers();
    test_lying_answers();
    test_detach_during_command();
    test_slow_reader_alone();
    test_released_while_locked();
    test_no_daemon();
    SysFreeString(reader);
    CoUninitialize();
}

/*
 * The table of ISCardManage::Reconnect: what happens to a card, and what is left of locks, files,
 * directory and codes afterwards. Each row is printed with what was observed.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A row begins attached, in 3F00/5100, with a file half read and another one opened after its code
 * was verified. After the row's events Reconnect is called, the log of the card is looked at, and
 * everything is used again.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "cardtest.h"
#include "rig/rigctl.h"

/* In place of a result: whichever of the two codes for a card that is out. */
#define REMOVED ((HRESULT)SCARD_W_REMOVED_CARD)

enum outcome
{
    KEPT,   /* files, positions and directory; what was verified too */
    LOST,   /* the same without what was verified */
    NEW,    /* a card that may be another one: files are void, the directory is the MF */
    FAILED, /* Reconnect failed for good; until then the attachment is as it was */
};

struct row
{
    const char *name;
    const char *events; /* rig requests and own deeds, separated by ; */
    HRESULT meanwhile;  /* Reconnect then, when mended is not NULL */
    const char *mended; /* more events */
    HRESULT result;     /* of Reconnect in the end */
    enum outcome outcome;
    int locks[2];            /* taken before the events, and held after Reconnect */
    SCARD_SHARE_MODES share; /* 0: SHARED */
    BOOL guest;              /* attached by the handle of an ISCard */
};

static const struct row rows[] =
{
    {"nothing happened", "", 0, NULL, S_OK, .outcome = KEPT},
    {"nothing, 2 locks", "", 0, NULL, S_OK, .outcome = KEPT, .locks = {2, 2}},
    {"nothing, exclusive", "", 0, NULL, S_OK, .outcome = KEPT, .share = EXCLUSIVE},
    {"nothing, exclusive, 1 lock", "", 0, NULL, S_OK,
     .outcome = KEPT, .locks = {1, 1}, .share = EXCLUSIVE},
    {"nothing, guest", "", 0, NULL, S_OK, .outcome = KEPT, .guest = TRUE},
    {"nothing, guest, 2 locks", "", 0, NULL, S_OK, .outcome = KEPT, .locks = {2, 2}, .guest = TRUE},
    {"nothing, guest of exclusive", "", 0, NULL, S_OK,
     .outcome = KEPT, .share = EXCLUSIVE, .guest = TRUE},

    {"reset by other", "reset-by-other", 0, NULL, S_OK, .outcome = LOST},
    {"reset by other, guest", "reset-by-other", 0, NULL, S_OK, .outcome = LOST, .guest = TRUE},
    {"reset by other twice", "reset-by-other", S_OK, "reset-by-other", S_OK, .outcome = LOST},

    {"own reset", "own lock;own unlock-reset", 0, NULL, S_OK, .outcome = LOST},
    {"own reset under a lock", "own unlock-reset", 0, NULL, S_OK, .outcome = LOST, .locks = {2, 1}},
    {"own reset, exclusive", "own lock;own unlock-reset", 0, NULL, S_OK,
     .outcome = LOST, .share = EXCLUSIVE},
    {"reset by owner", "owner lock;owner unlock-reset", 0, NULL, S_OK,
     .outcome = LOST, .guest = TRUE},
    {"reset by owner under a lock", "owner lock;owner unlock-reset", 0, NULL, S_OK,
     .outcome = LOST, .locks = {1, 1}, .guest = TRUE},

    {"removed", "card eject", REMOVED, "card insert", S_OK, .outcome = NEW},
    {"removed, 1 lock", "card eject", REMOVED, "card insert", S_OK,
     .outcome = NEW, .locks = {1, 1}},
    {"removed, 3 locks", "card eject", REMOVED, "card insert", S_OK,
     .outcome = NEW, .locks = {3, 3}},
    {"removed, exclusive", "card eject", REMOVED, "card insert", S_OK,
     .outcome = NEW, .share = EXCLUSIVE},
    {"removed, exclusive, 1 lock", "card eject", REMOVED, "card insert", S_OK,
     .outcome = NEW, .locks = {1, 1}, .share = EXCLUSIVE},
    {"removed, guest", "card eject", REMOVED, "card insert", S_OK, .outcome = NEW, .guest = TRUE},
    {"removed, guest, 2 locks", "card eject", REMOVED, "card insert", S_OK,
     .outcome = NEW, .locks = {2, 2}, .guest = TRUE},
    {"out and in unseen", "card eject;card insert", 0, NULL, S_OK, .outcome = NEW},
    {"out and in unseen, 2 locks", "card eject;card insert", 0, NULL, S_OK,
     .outcome = NEW, .locks = {2, 2}},
    {"out and in unseen, exclusive", "card eject;card insert", 0, NULL, S_OK,
     .outcome = NEW, .share = EXCLUSIVE},
    {"equal ATR, other card", "card eject;card insert default", 0, NULL, S_OK, .outcome = NEW},
    {"other ATR", "card eject;card insert other", 0, NULL, S_OK, .outcome = NEW},
    {"other ATR, guest", "card eject;card insert other", 0, NULL, S_OK,
     .outcome = NEW, .guest = TRUE},
    {"other ATR, removal unseen", "card exchange other;reset-by-other", 0, NULL, S_OK,
     .outcome = NEW},
    {"no known protocol: raw", "card eject;card insert nonsense", S_OK,
     "card eject;card insert default", S_OK, .outcome = NEW},

    {"exchanged, healed by owner", "card eject;card insert default;owner reattach", 0, NULL, S_OK,
     .outcome = NEW, .guest = TRUE},
    {"the same, 2 locks", "card eject;card insert;owner reattach", 0, NULL, S_OK,
     .outcome = NEW, .locks = {2, 2}, .guest = TRUE},
    {"the same, exclusive, 1 lock", "card eject;card insert;owner reattach", 0, NULL, S_OK,
     .outcome = NEW, .locks = {1, 1}, .share = EXCLUSIVE, .guest = TRUE},
    {"reset, healed by owner", "reset-by-other;owner reattach", 0, NULL, S_OK,
     .outcome = LOST, .guest = TRUE},
    {"direct by owner and back", "owner direct;owner reattach", 0, NULL, S_OK,
     .outcome = KEPT, .guest = TRUE},
    {"owner lets others in", "owner share", 0, NULL, S_OK,
     .outcome = KEPT, .share = EXCLUSIVE, .guest = TRUE},

    {"locked by other", "lock-by-other 1200", 0, NULL, S_OK, .outcome = KEPT},
    {"reset, then locked by other", "reset-by-other;lock-by-other 1200", 0, NULL, S_OK,
     .outcome = LOST},
    {"removed, then locked by other", "card eject;card insert;lock-by-other 1200", 0, NULL, S_OK,
     .outcome = NEW, .locks = {1, 1}},
    {"exclusive, taken meanwhile", "pcscd restart;connect-by-other 1500",
     SCARD_E_SHARING_VIOLATION, "wait-others", S_OK, .outcome = NEW, .share = EXCLUSIVE},
    {"exclusive, 1 lock, taken", "pcscd restart;connect-by-other 1500", SCARD_E_SHARING_VIOLATION,
     "wait-others", S_OK, .outcome = NEW, .locks = {1, 1}, .share = EXCLUSIVE},
    {"shared, exclusive meanwhile", "pcscd restart;connect-exclusive-by-other 1500",
     SCARD_E_SHARING_VIOLATION, "wait-others", S_OK, .outcome = NEW, .locks = {1, 1}},

    {"daemon stopped", "pcscd stop", SCARD_E_NO_SERVICE, "pcscd start", S_OK, .outcome = NEW},
    {"daemon stopped, 2 locks", "pcscd stop", SCARD_E_NO_SERVICE, "pcscd start", S_OK,
     .outcome = NEW, .locks = {2, 2}},
    {"daemon restarted", "pcscd restart", 0, NULL, S_OK, .outcome = NEW},
    {"daemon restarted, exclusive", "pcscd restart", 0, NULL, S_OK,
     .outcome = NEW, .locks = {1, 1}, .share = EXCLUSIVE},
    {"daemon restarted, guest", "pcscd restart", 0, NULL, SCARD_E_NO_SERVICE,
     .outcome = FAILED, .guest = TRUE},
    {"reader unplugged", "pcscd stop;pcscd start without-readers", SCARD_E_UNKNOWN_READER,
     "pcscd restart", S_OK, .outcome = NEW},
    {"reader unplugged, 2 locks", "pcscd stop;pcscd start without-readers",
     SCARD_E_UNKNOWN_READER, "pcscd restart", S_OK, .outcome = NEW, .locks = {2, 2}},
    {"reader unplugged, guest", "pcscd stop;pcscd start without-readers", SCARD_E_NO_SERVICE,
     "pcscd restart", SCARD_E_NO_SERVICE, .outcome = FAILED, .guest = TRUE},

    {"handle closed by owner", "owner detach", 0, NULL, SCARD_E_INVALID_HANDLE,
     .outcome = FAILED, .guest = TRUE},
    {"handle closed, 1 lock", "owner detach", 0, NULL, SCARD_E_INVALID_HANDLE,
     .outcome = FAILED, .locks = {1}, .guest = TRUE},
    {"detached", "own detach", 0, NULL, SCARD_E_INVALID_HANDLE, .outcome = FAILED},
};

static BSTR reader;
static ISCard *owner;
static SCARD_SHARE_MODES owner_share; /* or the manager's, without an owner */
static ISCardManage *manage;
static ISCardFileAccess *files;
static HSCARD_FILE file, secret; /* 0001, and 0005 which wants the code */

/* ---- events ---- */

static void rig(const char *request, char *answer, size_t size)
{
    char spare[256] = "";

    if (!answer)
    {
        answer = spare;
        size = sizeof(spare);
    }
    ok(!rig_request(request, answer, size), "rig: %s: %s\n", request, answer);
}

static const struct deed
{
    const char *name;
    HRESULT (*act)(void);
} deeds[];

static HRESULT own_lock(void)
{
    return ISCardManage_SCardLock(manage);
}

static HRESULT own_unlock_reset(void)
{
    return ISCardManage_SCardUnlock(manage, RESET);
}

static HRESULT own_detach(void)
{
    return ISCardManage_Detach(manage);
}

static HRESULT owner_lock(void)
{
    return ISCard_LockSCard(owner);
}

static HRESULT owner_unlock_reset(void)
{
    return ISCard_UnlockSCard(owner, RESET);
}

static HRESULT owner_reattach(void)
{
    return ISCard_ReAttach(owner, owner_share, LEAVE);
}

static HRESULT owner_direct(void)
{
    return ISCard_ReAttach(owner, (SCARD_SHARE_MODES)SCARD_SHARE_DIRECT, LEAVE);
}

static HRESULT owner_share_it(void)
{
    owner_share = SHARED;
    return owner_reattach();
}

static HRESULT owner_detach(void)
{
    return ISCard_Detach(owner, LEAVE);
}

static const struct deed deeds[] =
{
    {"own lock", own_lock},
    {"own unlock-reset", own_unlock_reset},
    {"own detach", own_detach},
    {"owner lock", owner_lock},
    {"owner unlock-reset", owner_unlock_reset},
    {"owner reattach", owner_reattach},
    {"owner direct", owner_direct},
    {"owner share", owner_share_it},
    {"owner detach", owner_detach},
};

static void happen(const char *events)
{
    char text[256], *event, *rest;
    unsigned i;

    lstrcpynA(text, events, sizeof(text));
    for (event = strtok_r(text, ";", &rest); event; event = strtok_r(NULL, ";", &rest))
    {
        for (i = 0; i < ARRAYSIZE(deeds) && strcmp(deeds[i].name, event); i++)
            ;
        if (i < ARRAYSIZE(deeds))
            ok_hr(deeds[i].act(), S_OK);
        else
            rig(event, NULL, 0);
    }
}

/* ---- what is asked before and after ---- */

static HRESULT open_file(const WCHAR *path, HSCARD_FILE *handle)
{
    BSTR text = SysAllocString(path);
    HRESULT hr = ISCardFileAccess_Open(files, SC_TYPE_BY_ID, text, handle);

    SysFreeString(text);
    return hr;
}

static HRESULT read_bytes(HSCARD_FILE handle, BYTE *bytes, LONG count)
{
    IByteBuffer *buffer = NULL;
    LONG got = count;
    HRESULT hr = ISCardFileAccess_Read(files, handle, &got, &buffer, SC_FL_NO_FLAGS);

    if (hr == S_OK)
    {
        ok(got == count, "read %ld bytes\n", got);
        buffer_bytes(buffer, bytes, count);
    }
    if (buffer)
        IByteBuffer_Release(buffer);
    return hr;
}

static HRESULT verify_code(void)
{
    IByteBuffer *code = create_buffer((const BYTE *)"1234", 4);
    ISCardVerify *verify;
    LONG ref = 1;
    HRESULT hr;

    ok_hr(ISCardManage_CreateCHVerification(manage, &verify), S_OK);
    hr = ISCardVerify_Verify(verify, code, SC_FL_NO_FLAGS, &ref);
    ISCardVerify_Release(verify);
    IByteBuffer_Release(code);
    return hr;
}

static void attach(const struct row *row)
{
    HSCARD handle;

    owner_share = row->share ? row->share : SHARED;
    manage = create_manage();
    owner = NULL;
    if (!row->guest)
    {
        ok_hr(ISCardManage_AttachByIFD(manage, reader, owner_share), S_OK);
        return;
    }
    owner = create_card();
    ok_hr(ISCard_AttachByReader(owner, reader, owner_share, T0 | T1), S_OK);
    ok_hr(ISCard_get_CardHandle(owner, &handle), S_OK);
    ok_hr(ISCardManage_AttachByHandle(manage, handle), S_OK);
}

static void begin(const struct row *row)
{
    BSTR directory = SysAllocString(L"3F00/5100");
    BYTE bytes[4];
    int i;

    attach(row);
    ok_hr(ISCardManage_CreateFileAccess(manage, &files), S_OK);
    ok_hr(verify_code(), S_OK);
    ok_hr(open_file(L"3F00/5000/0001", &file), S_OK);
    ok_hr(open_file(L"3F00/5000/0005", &secret), S_OK);
    ok_hr(read_bytes(file, bytes, 4), S_OK);
    ok_hr(read_bytes(secret, bytes, 4), S_OK);
    ok_hr(ISCardFileAccess_ChangeDir(files, SC_TYPE_BY_ID, directory), S_OK);
    for (i = 0; i < row->locks[0]; i++)
        ok_hr(ISCardManage_SCardLock(manage), S_OK);
    SysFreeString(directory);
    rig("card log-clear", NULL, 0);
}

static void end(const struct row *row)
{
    ISCardFileAccess_Release(files);
    ok_hr(ISCardManage_Detach(manage), S_OK);
    ISCardManage_Release(manage);
    if (owner)
        ISCard_Release(owner);
    rig("wait-others", NULL, 0);
    if (strstr(row->events, " other"))
    {
        rig("card eject", NULL, 0);
        rig("card insert default", NULL, 0);
    }
}

/* ---- one row ---- */

static BOOL as_expected(HRESULT hr, HRESULT expected)
{
    return hr == expected || (expected == REMOVED && hr == (HRESULT)SCARD_E_NO_SMARTCARD);
}

static HRESULT reconnect(HRESULT expected)
{
    HRESULT hr = ISCardManage_Reconnect(manage);

    ok(as_expected(hr, expected), "Reconnect: %#lx, not %#lx\n", hr, expected);
    return hr;
}

/* Only selections and reads; above all no code, which nobody gave again. log: "ok total=3 A4=2" */
static void check_log(const char *log)
{
    char text[256], *word, *rest;

    lstrcpynA(text, log, sizeof(text));
    for (word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        ok(!strcmp(word, "ok") || !strncmp(word, "total=", 6) || !strncmp(word, "A4=", 3) ||
               !strncmp(word, "B0=", 3),
           "afterwards the card saw: %s\n", log);
}

static const WCHAR *directory_after(const struct row *row)
{
    return row->outcome == NEW ? L"3F00" : L"3F00/5100";
}

static void check_files(const struct row *row)
{
    HRESULT void_handle = row->outcome == NEW ? SCARD_E_INVALID_HANDLE : S_OK;
    BSTR directory = NULL;
    BYTE bytes[4] = {0};
    HRESULT hr;

    ok_hr(read_bytes(file, bytes, 4), void_handle);
    if (row->outcome != NEW)
        ok_bytes(bytes, "\x1c\x23\x2a\x31", 4); /* goes on where it was */
    hr = row->outcome == LOST ? (HRESULT)SCARD_W_SECURITY_VIOLATION : void_handle;
    ok_hr(read_bytes(secret, bytes, 4), hr);
    ok_hr(ISCardFileAccess_GetCurrentDir(files, &directory), S_OK);
    ok(directory && !lstrcmpW(directory, directory_after(row)), "in %ls\n", directory);
    SysFreeString(directory);
}

/* Another program finds the lock held exactly as long as the count says. */
static void check_locks(const struct row *row)
{
    const char *open = owner_share == EXCLUSIVE ? "ok exclusive" : "ok free";
    const char *held = owner_share == EXCLUSIVE ? "ok exclusive" : "ok locked";
    char answer[64] = "";
    int i;

    rig("tell-lock", answer, sizeof(answer));
    ok(!strncmp(answer, row->locks[1] ? held : open, strlen(row->locks[1] ? held : open)),
       "%d locks: %s\n", row->locks[1], answer);
    for (i = 0; i < row->locks[1]; i++)
        ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), SCARD_E_NOT_TRANSACTED);
    rig("wait-others", NULL, 0);
    rig("tell-lock", answer, sizeof(answer));
    ok(!strncmp(answer, open, strlen(open)), "unlocked: %s\n", answer);
}

/* The owner of the handle sees the connection as refreshed as its guest. */
static void check_owner(void)
{
    SCARD_STATES state;

    if (owner)
        ok_hr(ISCard_get_Status(owner, &state), S_OK);
}

static void check_failed(const struct row *row)
{
    HRESULT hr;

    reconnect(row->result);
    hr = ISCardManage_SCardLock(manage);
    ok(as_expected(hr, row->result), "SCardLock: %#lx\n", hr);
    ok_hr(ISCardManage_Detach(manage), S_OK);
    ok_hr(ISCardManage_Reconnect(manage), SCARD_E_INVALID_HANDLE);
    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), S_OK);
    ok_hr(ISCardManage_Reconnect(manage), S_OK);
}

static const char *const outcome_names[] = {"kept", "kept, code lost", "new card", "failed"};

static void run_row(const struct row *row)
{
    char during[256] = "", after[256] = "";
    HRESULT meanwhile = S_OK, result;
    DWORD took;

    test_push("%s", row->name);
    begin(row);
    happen(row->events);
    if (row->mended)
    {
        meanwhile = reconnect(row->meanwhile);
        happen(row->mended);
    }
    took = GetTickCount();
    result = reconnect(row->result);
    took = GetTickCount() - took;
    rig("card log", during, sizeof(during));
    ok(!strncmp(during, "ok total=0 ", 11), "Reconnect sent commands: %s\n", during);
    if (row->outcome == FAILED)
        check_failed(row);
    else
    {
        check_files(row);
        check_owner();
        rig("card log", after, sizeof(after));
        check_log(after);
        check_locks(row);
    }
    trace("| %-30s | %08lx | %08lx | %-15s | %d > %d | %4lu ms | %s\n", row->name, meanwhile,
          result, outcome_names[row->outcome], row->locks[0], row->locks[1], took, after);
    end(row);
    test_pop();
}

/* ---- rows that need a second thread ---- */

START_TEST(reconnecttable)
{
    char only[64] = ""; /* the name of one row, for whoever looks for its fault */
    unsigned i;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    reader = reader_with_card();
    fact(GUESS);
    GetEnvironmentVariableA("SCARDSSP_TEST_ROW", only, sizeof(only));
    for (i = 0; i < ARRAYSIZE(rows); i++)
        if (!*only || !strcmp(only, rows[i].name))
            run_row(&rows[i]);
    SysFreeString(reader);
    CoUninitialize();
}

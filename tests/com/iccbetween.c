/*
 * Another thread of the program sends a command over the same handle while a method is under way:
 * the method fails, sends nothing more, and no other file is touched.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The other thread uses winscard.dll's function, which waits for no method of COM's, under the name
 * by which scardssp.dll exports it. The card answers late, so that a command is certain to be under
 * way when the other one comes. The files are those of tests/cards/profiles/iso.files.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "rig/rigctl.h"
#include "cardtest.h"
#include "icccard.h"
#include "iccsteps.h"
#include "pcsc/client.h"

/* Milliseconds by which the card answers late, and that the other thread waits at most. */
#define DELAY    "300"
#define PATIENCE 30000

typedef LONG WINAPI transmit_function(SCARDHANDLE, const SCARD_IO_REQUEST *, const BYTE *, DWORD,
                                      SCARD_IO_REQUEST *, BYTE *, DWORD *);

static transmit_function *scardssp_transmit;
static share_function *scardssp_share;

/* What the other thread sends: once the method's command of that number is under way. */
static struct
{
    HSCARD handle;
    struct connection *connection;
    DWORD sent; /* over the handle before the method */
    DWORD number;
    BYTE command[16];
    LONG length;
    LONG result;
    WORD sw;
} between;

static DWORD WINAPI send_between(void *unused)
{
    BYTE reply[258];
    DWORD length = sizeof(reply), began = GetTickCount();

    while (connection_transmits(between.connection) < between.sent + between.number)
    {
        if (GetTickCount() - began > PATIENCE)
            return 1;
        Sleep(1);
    }
    between.result = scardssp_transmit(between.handle, NULL, between.command, between.length, NULL,
                                       reply, &length);
    if (!between.result && length >= 2)
        between.sw = reply[length - 2] << 8 | reply[length - 1];
    return 0;
}

/* Runs steps; while their command of that number is under way the other thread sends its own. log:
 * what the card got, where files are not selected for each method alone. */
static void run_between(const char *what, const struct step *steps, DWORD number,
                        const char *command, const char *log)
{
    DWORD late = 1;
    HANDLE thread;

    test_push("%s, command %lu", what, number);
    between.sent = connection_transmits(between.connection);
    between.number = number;
    between.length = step_hex(command, between.command);
    between.result = -1;
    between.sw = 0;
    rig("card log-clear");
    rig("card delay " DELAY);
    thread = CreateThread(NULL, 0, send_between, NULL, 0, NULL);
    run_steps(what, steps);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &late);
    CloseHandle(thread);
    rig("card clear");
    ok(!late && !between.result && between.sw == 0x9000, "the other thread: %lu, %#lx, %04x\n",
       late, between.result, between.sw);
    if (log && !native_handles())
        check_log(log);
    test_pop();
}

/* ---- what may come between ---- */

#define SELECT_SHORT "00A4080C022F05" /* a file of 16 bytes */
#define SELECT_LIKE  "00A4080C027002" /* one like 7001 */

static const struct step open_steps[] =
{
    OPEN(L"3F00/5000/0001"),
    OPEN(L"3F00/7001", .slot = 1),
    OPEN(L"3F00/7002", .slot = 2),
    END_OF_STEPS
};

static const struct step read_hit[] =
{
    READ(400, NULL, .hr = SCARD_E_SHARING_VIOLATION), END_OF_STEPS
};

/* The position has not moved, and the file is selected again. */
static const struct step read_again[] = {READ(400, "@0+400"), SEEK(0), END_OF_STEPS};

static const struct step write_hit[] =
{
    WRITE("=55*300", .slot = 1, .hr = SCARD_E_SHARING_VIOLATION), END_OF_STEPS
};

static const struct step write_again[] =
{
    SEEK(0, .slot = 2),
    READ(300, "@0+300", .slot = 2),
    SEEK(0, .slot = 1),
    WRITE("=55*300", .slot = 1),
    SEEK(0, .slot = 1),
    READ(300, "=55*300", .slot = 1),
    SEEK(0, .slot = 1),
    WRITE("@0+300", .slot = 1),
    SEEK(0, .slot = 1),
    END_OF_STEPS
};

static const struct step into_5000[] = {CHANGE_DIR(L"3F00/5000"), END_OF_STEPS};

static const struct step leave_5000[] = {CHANGE_DIR(L"3F00"), END_OF_STEPS};

static const struct step verify_hit[] =
{
    VERIFY(2, "39393939", .flags = SC_FL_IHV_LOCAL, .hr = SCARD_E_SHARING_VIOLATION), END_OF_STEPS
};

static const struct step verify_again[] =
{
    VERIFY(2, "35363738", .flags = SC_FL_IHV_LOCAL), END_OF_STEPS
};

/* Each method selects its file first: 1 is SELECT, 2 and 3 are for the pieces of the file. */
static void test_alone(void)
{
    run_between("read", read_hit, 1, SELECT_SHORT, "00A4* 00A4080C022F05");
    run_steps("read again", read_again);
    run_between("read", read_hit, 2, SELECT_SHORT, "00A4* 00B0000000 00A4080C022F05");
    run_steps("read again", read_again);
    run_between("read", read_hit, 3, SELECT_SHORT, "00A4* 00B0000000 00B0010090 00A4080C022F05");
    run_steps("read again", read_again);
    run_between("write", write_hit, 1, SELECT_LIKE, "00A4* 00A4080C027002");
    run_steps("write again", write_again);
    run_between("write", write_hit, 2, SELECT_LIKE, "00A4* 00D60000FF* 00A4080C027002");
    run_steps("write again", write_again);
    run_steps("chdir", into_5000);
    run_between("verify", verify_hit, 1, "00A4080C025100", "00A4* 00A4080C025100");
    run_steps("verify again", verify_again);
    run_steps("chdir", leave_5000);
}

/* The file selected by the method before is known to be so: there is no SELECT. */
static void test_together(void)
{
    run_steps("select", read_again);
    run_between("read", read_hit, 1, SELECT_SHORT, "00B0000000 00A4080C022F05");
    run_steps("read again", read_again);
    run_between("read", read_hit, 2, SELECT_SHORT, "00B0000000 00B0010090 00A4080C022F05");
    run_steps("write again", write_again);
    run_between("write", write_hit, 1, SELECT_LIKE, "00D60000FF* 00A4080C027002");
    run_steps("write again", write_again);
}

/* Over an ISCard's handle, which winscard.dll's functions know too. */
static void attach_guest(SCARD_SHARE_MODES share)
{
    BSTR reader = reader_with_card();

    ok_hr(ISCard_AttachByReader(step_host, reader, share, T0 | T1), S_OK);
    ok_hr(ISCard_get_CardHandle(step_host, &between.handle), S_OK);
    ok(!scardssp_share(SCARDSSP_SHARE_VERSION)
            ->connection_by_handle(between.handle, &between.connection),
       "no connection\n");
    ok_hr(ISCardManage_AttachByHandle(manage, between.handle), S_OK);
    SysFreeString(reader);
}

static void detach_guest(void)
{
    scardssp_share(SCARDSSP_SHARE_VERSION)->connection_release(between.connection);
    ISCardManage_Detach(manage);
    ISCard_Detach(step_host, LEAVE);
}

static void *find_export(const char *name)
{
    void *function = (void *)GetProcAddress(GetModuleHandleA("scardssp.dll"), name);

    ok(function != NULL, "no %s\n", name);
    return function;
}

START_TEST(iccbetween)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    fact(GUESS);
    create_services();
    step_host = create_card();
    scardssp_transmit = (transmit_function *)find_export("ScardsspTransmit");
    scardssp_share = (share_function *)find_export("ScardsspShare");
    if (!scardssp_transmit || !scardssp_share)
        return;
    attach_guest(SHARED);
    run_steps("open", open_steps);
    test_alone();
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    test_push("locked");
    test_together();
    test_pop();
    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), S_OK);
    detach_guest();
    attach_guest(EXCLUSIVE);
    run_steps("open", open_steps);
    test_push("exclusive");
    test_together();
    test_pop();
    detach_guest();
    ISCard_Release(step_host);
    step_host = NULL;
    release_services();
    CoUninitialize();
}

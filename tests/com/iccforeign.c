/*
 * The card service over a handle that Wine's winscard.dll has made: what the application sends over
 * it nobody sees, so that what is selected on the card is never taken as known from one method to
 * the next, not even under a lock or an exclusive connection.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For Wine versions whose winscard.dll reaches cards (tests/programs.txt); on Windows it is
 * Windows' own. The files are those of tests/cards/profiles/alike.card.
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

#define FUNCTIONS(X) \
    X(SCardEstablishContext) X(SCardReleaseContext) X(SCardConnectW) X(SCardDisconnect) \
    X(SCardTransmit)

#define FIELD(name) __typeof__(name) *name;
static struct
{
    FUNCTIONS(FIELD)
} winscard;

static SCARDHANDLE foreign;

static BOOL load_winscard(void)
{
    HMODULE module = LoadLibraryW(L"winscard.dll");
    BOOL all = TRUE;

    ok(module != NULL, "no winscard.dll: %lu\n", GetLastError());
#define LOOK_UP(name) \
    winscard.name = (__typeof__(name) *)(void (*)(void))GetProcAddress(module, #name); \
    all = all && winscard.name;
    FUNCTIONS(LOOK_UP)
    ok(all, "functions are missing\n");
    return all;
}

static WORD send_foreign(const BYTE *apdu, LONG length, HRESULT *hr)
{
    static const SCARD_IO_REQUEST pci = {SCARD_PROTOCOL_T1, sizeof(pci)};
    BYTE reply[258];
    DWORD count = sizeof(reply);
    LONG result = winscard.SCardTransmit(foreign, &pci, apdu, length, NULL, reply, &count);

    ok(!result && count >= 2, "SCardTransmit: %#lx, %lu bytes\n", result, count);
    *hr = S_OK;
    return result || count < 2 ? 0 : reply[count - 2] << 8 | reply[count - 1];
}

#define INTO_5000        APPLICATION("00A4000C023F00"), APPLICATION("00A4010C025000")
#define INTO_5100        APPLICATION("00A4000C023F00"), APPLICATION("00A4010C025100")
#define SELECT_5000_0001 "00A40800045000000100"

/* Of a file with a path: each method selects it, wherever the application has left the card. */
static const struct step path_steps[] =
{
    CHANGE_DIR(L"3F00/5000"),
    OPEN(L"0001", .log = SELECT_5000_0001),
    READ(2, "1111", .log = SELECT_5000_0001 " 00B0000002"),
    INTO_5100,
    SEEK(0),
    READ(2, "1111", .log = SELECT_5000_0001 " 00B0000002"),
    APPLICATION("00A4020C020001"),
    WRITE("77", .log = SELECT_5000_0001 " 00D600020177"),
    INTO_5100,
    OPEN(L"0001", .slot = 1, .log = SELECT_5000_0001),
    OPEN_SFI(L"05", .slot = 2),
    READ(3, "111177", .slot = 1),
    INTO_5100,
    READ(3, "111177", .slot = 2),
    OPEN(L"3F00/5100/0001", .slot = 3),
    READ(3, "222200", .slot = 3),
    CHANGE_DIR(L".", .log = "00A4080002500000"),
    DELETE_FILE(L"5200/0001"),
    OPEN(L"3F00/5100/5200/0001"),
    READ(2, "3333"),
    END_OF_STEPS
};

/* Without one nothing shows that the card is still where the application had left it. */
static const struct step relative_steps[] =
{
    INTO_5000,
    OPEN(L"0001", .hr = SCARD_E_DIR_NOT_FOUND),
    INTO_5000,
    OPEN_SFI(L"05", .hr = SCARD_E_DIR_NOT_FOUND),
    INTO_5000,
    DELETE_FILE(L"0001", .hr = SCARD_E_DIR_NOT_FOUND),
    OPEN(L"3F00/5000/0001"),
    READ(2, "1111"),
    END_OF_STEPS
};

static void run_foreign(SCARDCONTEXT context, const char *what, DWORD share, BOOL lock,
                        const struct step *steps)
{
    BSTR reader = reader_with_card();
    DWORD protocol;

    use_card("alike", SHARED);
    ISCardManage_Detach(manage);
    ok(!winscard.SCardConnectW(context, reader, share, SCARD_PROTOCOL_T1, &foreign, &protocol),
       "no connection\n");
    ok_hr(ISCardManage_AttachByHandle(manage, foreign), S_OK);
    if (lock)
        ok_hr(ISCardManage_SCardLock(manage), S_OK);
    run_steps(what, steps);
    if (lock)
        ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), S_OK);
    ISCardManage_Detach(manage);
    ok(!winscard.SCardDisconnect(foreign, SCARD_LEAVE_CARD), "disconnect\n");
    SysFreeString(reader);
}

START_TEST(iccforeign)
{
    SCARDCONTEXT context = 0;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    fact(GUESS);
    if (!load_winscard())
        return;
    ok(!winscard.SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context), "no context\n");
    step_send = send_foreign;
    create_services();
    run_foreign(context, "path", SCARD_SHARE_SHARED, FALSE, path_steps);
    run_foreign(context, "path, locked", SCARD_SHARE_SHARED, TRUE, path_steps);
    run_foreign(context, "path, exclusive", SCARD_SHARE_EXCLUSIVE, FALSE, path_steps);
    run_foreign(context, "relative", SCARD_SHARE_SHARED, FALSE, relative_steps);
    run_foreign(context, "relative, locked", SCARD_SHARE_SHARED, TRUE, relative_steps);
    run_foreign(context, "relative, exclusive", SCARD_SHARE_EXCLUSIVE, FALSE, relative_steps);
    release_services();
    winscard.SCardReleaseContext(context);
    CoUninitialize();
}

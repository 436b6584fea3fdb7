/*
 * SCARD_FLAGS: every flag with every method is honoured, ignored or refused; and what wins when
 * several things are wrong, with a card and without.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A flag is ignored when the call sends the same commands and ends the same as without it.
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

#define GOOD "31323334"

/* A flag that is not ignored. */
struct honoured
{
    DWORD flag;
    HRESULT hr;
    const char *log;
    const char *out; /* NULL: as without the flag */
};

#define SECURE {SC_FL_SECURE_MESSAGING, SCARD_E_UNSUPPORTED_FEATURE, "", NULL}
#define UNDEFINED {0x10000, E_INVALIDARG, "", NULL}

static const struct method
{
    const char *name;
    struct step ready[2], step, undo[2];
    struct honoured honoured[8];
} methods[] =
{
    {
        "Read", {OPEN(L"3F00/2F05")}, READ(4, "00010203", .log = "00B0000004"), {CLOSE()},
        {SECURE, UNDEFINED}
    },
    {
        "Write", {OPEN(L"3F00/2F06")}, WRITE("00", .log = "00D600000100"), {CLOSE()},
        {
            SECURE, UNDEFINED,
            {SC_FL_ERASE, S_OK, "000E0000020001", NULL},
            {SC_FL_OR, S_OK, "00D000000100", NULL},
            {SC_FL_AND, SCARD_E_UNSUPPORTED_FEATURE, "", NULL}, /* not in this file */
        }
    },
    {
        "Create", {CHANGE_DIR(L"3F00")},
        CREATE(L"3F00/6F01", "820101 80020008", .log = "00E000000D620B82010183026F0180020008"),
        {DELETE_FILE(L"3F00/6F01")},
        {SECURE, UNDEFINED}
    },
    {
        "Delete", {CREATE(L"3F00/6F01", "820101 80020008")},
        DELETE_FILE(L"3F00/6F01", .log = "00A40800026F0100 00E40000026F01"),
        {DELETE_FILE(L"3F00/6F01")},
        {
            SECURE, UNDEFINED,
            /* What is a file, and what a directory that may be full, must be known. */
            {SC_FL_NON_RECURSIVE, S_OK, "00A4* 00E40000026F01", NULL},
        }
    },
    {
        "Invalidate", {{0}}, INVALIDATE(L"3F00/2F06", .log = "00A40800022F0600 00040000"),
        {REHABILITATE(L"3F00/2F06")},
        {SECURE, UNDEFINED}
    },
    {
        "Rehabilitate", {{0}}, REHABILITATE(L"3F00/2F06", .log = "00A40800022F0600 00440000"),
        {{0}},
        {SECURE, UNDEFINED}
    },
    {
        "GetProperties", {{0}},
        PROPERTIES(L"3F00/2F05", "83", .out = "83022F05", .log = "00A40800022F0500"), {{0}},
        {
            SECURE, UNDEFINED,
            {SC_FL_GET_ALL_PROPERTIES, S_OK, "00A40800022F0500",
             "83022F05 8A0105 880128 80020010 81020010 820101"},
        }
    },
    {
        "GetFileCapabilities", {OPEN(L"3F00/2F05")}, CAPABILITIES("47", .out = "4703F74100",
            .log = ""), {CLOSE()},
        {
            SECURE, UNDEFINED,
            {SC_FL_GET_ALL_PROPERTIES, S_OK, "",
             "83022F05 8A0105 880128 80020010 81020010 820101 4301E8 4703F74100"},
        }
    },
    {
        "SetProperties", {{0}},
        SET_PROPERTIES(L"3F00/2F06", "8501AA", .log = "00A40800022F0600 00DA008501AA"), {{0}},
        {SECURE, UNDEFINED}
    },
    {
        "Verify", {{0}}, VERIFY(1, GOOD, .log = "0020000104" GOOD), {{0}},
        {
            SECURE, UNDEFINED,
            /* There is no such code. */
            {SC_FL_IHV_LOCAL, SCARD_E_INVALID_PARAMETER, "0020008104" GOOD, NULL},
            {SC_FL_IHV_CHECKONLY, E_INVALIDARG, "", NULL},
        }
    },
    {
        "ChangeCode", {{0}}, CHANGE(1, GOOD, GOOD, .log = "0024000108" GOOD GOOD),
        {CHANGE(1, GOOD, NULL, .flags = SC_FL_IHV_ENABLE)},
        {
            SECURE, UNDEFINED,
            {SC_FL_IHV_LOCAL, SCARD_E_INVALID_PARAMETER, "0024008108" GOOD GOOD, NULL},
            {SC_FL_IHV_ENABLE, S_OK,
             "0028000104" GOOD " 0020000104" GOOD " 0024000108" GOOD GOOD, NULL},
            {SC_FL_IHV_DISABLE, S_OK, "0024000108" GOOD GOOD " 0026000104" GOOD, NULL},
            {SC_FL_IHV_CHECKONLY, E_INVALIDARG, "", NULL},
        }
    },
    {
        "Unblock", {{0}}, UNBLOCK(1, .hr = SCARD_W_SECURITY_VIOLATION, .log = "002C0301"), {{0}},
        {
            SECURE, UNDEFINED,
            {SC_FL_IHV_LOCAL, SCARD_E_INVALID_PARAMETER, "002C0381", NULL},
            {SC_FL_IHV_CHECKONLY, E_INVALIDARG, "", NULL},
        }
    },
    {"ResetSecurityState", {{0}}, RESET_STATE(.log = ""), {{0}}, {SECURE, UNDEFINED}},
};

static const struct honoured *find_honoured(const struct method *method, DWORD flag)
{
    unsigned i;

    for (i = 0; i < ARRAYSIZE(method->honoured); i++)
        if (flag && method->honoured[i].flag == flag)
            return &method->honoured[i];
    return NULL;
}

static void do_all(const struct step *steps, unsigned count)
{
    for (; count-- && steps->op; steps++)
        step_do(steps); /* undoing may have nothing to undo */
}

static void test_flag(const struct method *method, DWORD flag)
{
    const struct honoured *honoured = find_honoured(method, flag);
    struct step steps[2] = {method->step, END_OF_STEPS};
    char what[64];

    steps[0].flags = flag;
    if (honoured)
    {
        steps[0].hr = honoured->hr;
        steps[0].log = honoured->log;
        if (honoured->out)
            steps[0].out = honoured->out;
    }
    do_all(method->ready, ARRAYSIZE(method->ready));
    snprintf(what, sizeof(what), "%s, flag %#lx", method->name, flag);
    run_steps(what, steps);
    do_all(method->undo, ARRAYSIZE(method->undo));
}

static void test_matrix(void)
{
    unsigned i, bit;

    attach(SHARED);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    for (i = 0; i < ARRAYSIZE(methods); i++)
    {
        do_all(&(struct step)CHANGE_DIR(L"3F00"), 1);
        test_flag(&methods[i], 0);
        for (bit = 0; bit <= 16; bit++)
            test_flag(&methods[i], 1u << bit);
        test_flag(&methods[i], 0); /* as before */
    }
    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), S_OK);
}

/* Arguments are looked at first, then SECURE_MESSAGING, then whether there is a card: these calls
 * end the same with a card and without. */
static const struct step wrong[] =
{
    CHANGE_DIR(L"xyz", .hr = E_INVALIDARG),
    CHANGE_DIR(NULL, .hr = E_INVALIDARG),
    {.op = STEP_CHANGE_DIR, .type = SC_TYPE_BY_SHORT_ID, .name = L"01", .hr = E_INVALIDARG},
    {.op = STEP_CHANGE_DIR, .type = 3, .name = L"5000", .hr = E_INVALIDARG},
    DIRECTORY(8, NULL, .hr = E_INVALIDARG),
    OPEN(L"", .hr = E_INVALIDARG, .slot = 1),
    OPEN_SFI(L"1F", .hr = E_INVALIDARG, .slot = 1),
    CLOSE(.hr = E_INVALIDARG, .slot = 1), /* no file */
    SEEK(0, .hr = E_INVALIDARG, .slot = 1),
    SEEK_FROM(3, 0, .hr = E_INVALIDARG),
    READ(-1, NULL, .hr = E_INVALIDARG),
    READ(-1, NULL, .flags = SC_FL_SECURE_MESSAGING, .hr = E_INVALIDARG),
    READ(1, NULL, .flags = 0x10000, .hr = E_INVALIDARG),
    READ(1, NULL, .flags = SC_FL_SECURE_MESSAGING, .hr = SCARD_E_UNSUPPORTED_FEATURE),
    {.op = STEP_WRITE, .count = 2, .data = "00", .hr = E_INVALIDARG},
    WRITE("00", .flags = SC_FL_OR | SC_FL_AND | SC_FL_SECURE_MESSAGING, .hr = E_INVALIDARG),
    WRITE("00", .flags = 0x10000, .hr = E_INVALIDARG),
    WRITE("00", .flags = SC_FL_SECURE_MESSAGING, .hr = SCARD_E_UNSUPPORTED_FEATURE),
    CREATE(L"6F01", "80020008", .hr = E_INVALIDARG), /* no descriptor */
    CREATE(L"6F01", "820101 80020008 83026F02", .hr = E_INVALIDARG),
    CREATE(L"6F01", "820102", .flags = 0x10000, .hr = E_INVALIDARG),
    CREATE(L"6F01", "8205", .hr = E_INVALIDARG),
    CREATE(L"6F01", "820138", .more = "00", .hr = E_INVALIDARG),
    CREATE(L"6F01", "80020008", .flags = SC_FL_SECURE_MESSAGING, .hr = E_INVALIDARG),
    CREATE(L"6F01", "820101 80020008", .flags = SC_FL_SECURE_MESSAGING,
           .hr = SCARD_E_UNSUPPORTED_FEATURE),
    DELETE_FILE(L"3F00", .hr = E_INVALIDARG),
    DELETE_FILE(L"zz", .flags = SC_FL_SECURE_MESSAGING, .hr = E_INVALIDARG),
    DELETE_FILE(L"6F01", .flags = SC_FL_RECURSIVE | SC_FL_NON_RECURSIVE, .hr = E_INVALIDARG),
    DELETE_FILE(L"6F01", .flags = SC_FL_SECURE_MESSAGING, .hr = SCARD_E_UNSUPPORTED_FEATURE),
    INVALIDATE(L"3F00", .hr = E_INVALIDARG),
    INVALIDATE(L"", .hr = E_INVALIDARG),
    INVALIDATE(NULL, .flags = SC_FL_SECURE_MESSAGING, .hr = E_INVALIDARG),
    INVALIDATE(L"2F06", .flags = SC_FL_SECURE_MESSAGING, .hr = SCARD_E_UNSUPPORTED_FEATURE),
    REHABILITATE(L"", .hr = E_INVALIDARG),
    REHABILITATE(L"2F06", .flags = SC_FL_SECURE_MESSAGING, .hr = SCARD_E_UNSUPPORTED_FEATURE),
    PROPERTIES(L"q", NULL, .hr = E_INVALIDARG),
    PROPERTIES(L"q", NULL, .flags = SC_FL_SECURE_MESSAGING, .hr = E_INVALIDARG),
    PROPERTIES(L"2F05", NULL, .flags = SC_FL_SECURE_MESSAGING, .hr = SCARD_E_UNSUPPORTED_FEATURE),
    CAPABILITIES(NULL, .flags = 0x10000, .hr = E_INVALIDARG),
    CAPABILITIES(NULL, .flags = SC_FL_SECURE_MESSAGING, .hr = SCARD_E_UNSUPPORTED_FEATURE),
    SET_PROPERTIES(L"2F06", "", .hr = E_INVALIDARG),
    SET_PROPERTIES(L"2F06", "8505AA", .hr = E_INVALIDARG),
    SET_PROPERTIES(L"2F06", "BF818100", .hr = E_INVALIDARG), /* a tag of three bytes */
    SET_PROPERTIES(L"2F06", "8505AA", .flags = SC_FL_SECURE_MESSAGING, .hr = E_INVALIDARG),
    SET_PROPERTIES(L"2F06", "8501AA", .flags = SC_FL_SECURE_MESSAGING,
                   .hr = SCARD_E_UNSUPPORTED_FEATURE),
    VERIFY(256, GOOD, .hr = E_INVALIDARG),
    VERIFY(256, GOOD, .flags = SC_FL_SECURE_MESSAGING, .hr = E_INVALIDARG),
    VERIFY(1, "", .hr = E_INVALIDARG),
    VERIFY(1, NULL, .flags = SC_FL_SECURE_MESSAGING, .hr = E_POINTER),
    VERIFY(1, GOOD, .flags = SC_FL_IHV_GLOBAL | SC_FL_IHV_LOCAL | SC_FL_SECURE_MESSAGING,
           .hr = E_INVALIDARG),
    VERIFY(1, GOOD, .flags = SC_FL_SECURE_MESSAGING, .hr = SCARD_E_UNSUPPORTED_FEATURE),
    CHANGE(1, NULL, NULL, .hr = E_INVALIDARG),
    CHANGE(1, NULL, NULL, .flags = SC_FL_SECURE_MESSAGING, .hr = E_INVALIDARG),
    CHANGE(1, GOOD, GOOD, .flags = 0x10000, .hr = E_INVALIDARG),
    CHANGE(1, GOOD, GOOD, .flags = SC_FL_SECURE_MESSAGING, .hr = SCARD_E_UNSUPPORTED_FEATURE),
    UNBLOCK(1, .type = 1, .hr = E_INVALIDARG),
    UNBLOCK(1, .type = 1, .flags = SC_FL_SECURE_MESSAGING, .hr = E_INVALIDARG),
    UNBLOCK(-1, .hr = E_INVALIDARG),
    UNBLOCK(1, .flags = SC_FL_SECURE_MESSAGING, .hr = SCARD_E_UNSUPPORTED_FEATURE),
    RESET_STATE(.flags = 0x10000, .hr = E_INVALIDARG),
    RESET_STATE(.flags = SC_FL_SECURE_MESSAGING, .hr = SCARD_E_UNSUPPORTED_FEATURE),
    CHALLENGE(-1, .hr = E_INVALIDARG),
    CHALLENGE(8, .type = -1, .hr = E_INVALIDARG),
    INTERNAL(0, "", .hr = E_INVALIDARG),
    INTERNAL(0, "00", .more = "0000", .hr = E_INVALIDARG),
    EXTERNAL(0x10000, "00", .hr = E_INVALIDARG),
    EXTERNAL(0, NULL, .hr = E_POINTER),
    USER(0, "", .hr = E_INVALIDARG),
    END_OF_STEPS
};

/* Nothing wrong but that there is no card. */
static const struct step right[] =
{
    CHANGE_DIR(L"5000", .hr = SCARD_E_INVALID_HANDLE),
    CHANGE_DIR(L"..", .hr = SCARD_E_INVALID_HANDLE),
    CURRENT_DIR(NULL, .hr = SCARD_E_INVALID_HANDLE),
    DIRECTORY(SC_TYPE_ALL_FILES, NULL, .hr = SCARD_E_INVALID_HANDLE),
    OPEN(L"2F05", .slot = 1, .hr = SCARD_E_INVALID_HANDLE),
    CLOSE(.hr = SCARD_E_INVALID_HANDLE),
    SEEK(0, .hr = SCARD_E_INVALID_HANDLE),
    READ(0, NULL, .hr = SCARD_E_INVALID_HANDLE),
    WRITE("00", .hr = SCARD_E_INVALID_HANDLE),
    CREATE(L"6F01", "820101 80020008", .hr = SCARD_E_INVALID_HANDLE),
    DELETE_FILE(L"6F01", .hr = SCARD_E_INVALID_HANDLE),
    {.op = STEP_DELETE, .type = SC_TYPE_BY_SHORT_ID, .name = L"01", .hr = SCARD_E_INVALID_HANDLE},
    INVALIDATE(L"2F06", .hr = SCARD_E_INVALID_HANDLE),
    REHABILITATE(L"2F06", .hr = SCARD_E_INVALID_HANDLE),
    PROPERTIES(L"2F05", NULL, .hr = SCARD_E_INVALID_HANDLE),
    {.op = STEP_PROPERTIES, .type = SC_TYPE_BY_SHORT_ID, .name = L"01",
     .hr = SCARD_E_INVALID_HANDLE},
    CAPABILITIES(NULL, .hr = SCARD_E_INVALID_HANDLE),
    SET_PROPERTIES(L"2F06", "8501AA", .hr = SCARD_E_INVALID_HANDLE),
    VERIFY(1, GOOD, .hr = SCARD_E_INVALID_HANDLE),
    CHANGE(1, GOOD, GOOD, .hr = SCARD_E_INVALID_HANDLE),
    UNBLOCK(1, .hr = SCARD_E_INVALID_HANDLE),
    RESET_STATE(.hr = SCARD_E_INVALID_HANDLE),
    CHALLENGE(8, .hr = SCARD_E_INVALID_HANDLE),
    INTERNAL(0, "00", .hr = SCARD_E_INVALID_HANDLE),
    EXTERNAL(0, "00", .hr = SCARD_E_INVALID_HANDLE),
    USER(0, "00", .hr = SCARD_E_INVALID_HANDLE),
    USER(1, "00", .count = 8, .hr = SCARD_E_INVALID_HANDLE),
    END_OF_STEPS
};

/* A missing pointer wins over all that is wrong besides, and without a card. */
static void test_pointers(void)
{
    IByteBuffer *buffer = NULL;
    TLV_TABLE *table = NULL;
    LONG count = -1;
    BSTR none = NULL;

    test_push("pointers");
    ok_hr(ISCardFileAccess_GetCurrentDir(files, NULL), E_POINTER);
    ok_hr(ISCardFileAccess_Directory(files, 99, NULL), E_POINTER);
    ok_hr(ISCardFileAccess_Open(files, 99, none, NULL), E_POINTER);
    ok_hr(ISCardFileAccess_Read(files, 0, NULL, &buffer, 0x10000), E_POINTER);
    ok_hr(ISCardFileAccess_Read(files, 0, &count, NULL, 0x10000), E_POINTER);
    ok_hr(ISCardFileAccess_Write(files, 0, -1, NULL, 0x10000), E_POINTER);
    ok_hr(ISCardFileAccess_Create(files, 99, none, NULL, &count, 0x10000, NULL), E_POINTER);
    ok_hr(ISCardFileAccess_Create(files, 99, none, &table, NULL, 0x10000, NULL), E_POINTER);
    ok_hr(ISCardFileAccess_GetProperties(files, 99, none, NULL, &count, 0x10000), E_POINTER);
    ok_hr(ISCardFileAccess_GetProperties(files, 99, none, &table, NULL, 0x10000), E_POINTER);
    ok_hr(ISCardFileAccess_GetFileCapabilities(files, NULL, &count, 0x10000), E_POINTER);
    ok_hr(ISCardFileAccess_GetFileCapabilities(files, &table, NULL, 0x10000), E_POINTER);
    ok_hr(ISCardFileAccess_SetProperties(files, 99, none, NULL, -1, 0x10000), E_POINTER);
    ok_hr(ISCardFileAccess_Initialize(files, NULL), E_POINTER);
    ok_hr(ISCardFileAccess_Initialize(files, &count), E_NOTIMPL);
    ok_hr(ISCardVerify_Verify(verify, NULL, 0x10000, NULL), E_POINTER);
    ok_hr(ISCardVerify_Initialize(verify, NULL), E_POINTER);
    ok_hr(ISCardVerify_Initialize(verify, &count), E_NOTIMPL);
    ok_hr(ISCardAuth_APP_Auth(auth, -1, NULL, NULL), E_POINTER);
    ok_hr(ISCardAuth_GetChallenge(auth, -1, NULL, NULL, &buffer), E_POINTER);
    ok_hr(ISCardAuth_GetChallenge(auth, -1, NULL, &count, NULL), E_POINTER);
    ok_hr(ISCardAuth_ICC_Auth(auth, -1, NULL, NULL, &buffer), E_POINTER);
    ok_hr(ISCardAuth_ICC_Auth(auth, -1, NULL, &count, NULL), E_POINTER);
    ok_hr(ISCardAuth_User_Auth(auth, -1, NULL, NULL, &buffer), E_POINTER);
    ok_hr(ISCardAuth_User_Auth(auth, -1, NULL, &count, NULL), E_POINTER);
    ok_hr(ISCardAuth_Initialize(auth, NULL), E_POINTER);
    ok_hr(ISCardAuth_Initialize(auth, &count), E_NOTIMPL);
    test_pop();
}

static void test_order(void)
{
    step_do(&(struct step)OPEN(L"3F00/2F05")); /* a handle that is one, in both states */
    rig("card log-clear");
    run_steps("wrong, attached", wrong);
    test_pointers();
    check_log("");
    ok_hr(ISCardManage_Detach(manage), S_OK);
    run_steps("wrong, detached", wrong);
    run_steps("right, detached", right);
    test_pointers();
}

START_TEST(iccflags)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    fact(GUESS);
    create_services();
    test_matrix();
    test_order();
    release_services();
    CoUninitialize();
}

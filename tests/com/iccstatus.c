/*
 * What status words of the card become, for every method that sends something (ISO 7816-4 5.1.3,
 * GSM 11.11 9.4): the card is told what to answer, the HRESULT is compared with a table, and the
 * card's log shows that nothing was sent a second time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
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

/* The HRESULTs of the table; '.' is for what is answered by further commands: special_steps. */
static const struct
{
    char letter;
    HRESULT hr;
} letters[] =
{
    {'o', S_OK},
    {'a', SCARD_W_CARD_NOT_AUTHENTICATED},
    {'b', SCARD_W_CHV_BLOCKED},
    {'c', SCARD_E_INVALID_CHV},
    {'D', SCARD_E_DIR_NOT_FOUND},
    {'e', SCARD_W_EOF},
    {'F', SCARD_E_FILE_NOT_FOUND},
    {'f', SCARD_E_UNSUPPORTED_FEATURE},
    {'l', SCARD_E_COMM_DATA_LOST},
    {'M', SCARD_E_NO_MEMORY},
    {'N', SCARD_E_NO_FILE},
    {'n', SCARD_E_NO_ACCESS},
    {'p', SCARD_E_INVALID_PARAMETER},
    {'r', SCARD_E_NOT_READY},
    {'s', SCARD_E_BAD_SEEK},
    {'t', SCARD_E_WRITE_TOO_MANY},
    {'u', SCARD_E_UNEXPECTED},
    {'v', SCARD_W_SECURITY_VIOLATION},
    {'w', SCARD_W_WRONG_CHV},
    {'x', (HRESULT)0x80070050},
};

/* The columns of the table. */
enum column
{
    DELETING, SELECT_DIR, SELECT_EF, READ_BINARY, READ_RECORD, WRITING, CREATING, PUT_DATA,
    INVALIDATING, CODE, SWITCH, QUERY, PROOF,
};

static const struct
{
    WORD sw;
    const char *results;
} rows[] =
{
    /*       delete
             |select
             || reads
             || | write, create, put data
             || | |  invalidate
             || | |  | VERIFY, CHANGE, UNBLOCK
             || | |  | |ENABLE, DISABLE
             || | |  | ||VERIFY without data
             || | |  | |||AUTHENTICATE, GET CHALLENGE */
    {0x9000, "o" "oo" "oo" "ooo" "o" "oooo"},
    {0x6110, "o" ".." ".." "ooo" "o" "ooo."},
    {0x9110, "o" "oo" "oo" "ooo" "o" "oooo"},
    {0x9205, "o" "oo" "oo" "ooo" "o" "oooo"},
    {0x9F10, "u" "uu" "uu" "uuu" "u" "uuuu"}, /* has a meaning under class A0 only */
    {0x6200, "u" "oo" "oo" "uuu" "u" "uuuu"},
    {0x6201, "u" "uu" "uu" "uuu" "u" "uuuu"},
    {0x6202, "u" "oo" "oo" "uuu" "u" "uuuu"},
    {0x6240, "u" "oo" "oo" "uuu" "u" "uuuu"},
    {0x6280, "u" "oo" "oo" "uuu" "u" "uuuu"},
    {0x6281, "l" "ll" "ll" "lll" "l" "llll"},
    {0x6282, "u" "uu" "oo" "uuu" "u" "uuuu"},
    {0x6283, "n" "oo" "nn" "nnn" "n" "nnnn"},
    {0x6284, "u" "oo" "uu" "uuu" "u" "uuuu"},
    {0x6285, "n" "nn" "nn" "nnn" "n" "nnnn"},
    {0x6286, "u" "oo" "oo" "uuu" "u" "uuuu"},
    {0x6287, "u" "uu" "uu" "uuu" "u" "uuuu"},
    {0x6300, "u" "uu" "uu" "uuu" "u" "wwav"},
    {0x6381, "o" "oo" "oo" "ooo" "o" "wwav"},
    {0x63C0, "u" "uu" "uu" "ooo" "u" "bbbb"},
    {0x63C1, "u" "uu" "uu" "ooo" "u" "wwav"},
    {0x63CF, "u" "uu" "uu" "ooo" "u" "wwav"},
    {0x6400, "u" "uu" "uu" "uuu" "u" "uuuu"},
    {0x64A1, "u" "uu" "uu" "uuu" "u" "uuuu"},
    {0x6500, "u" "uu" "uu" "uuu" "u" "uuuu"},
    {0x6581, "u" "uu" "uu" "uuu" "u" "uuuu"},
    {0x6700, "." "pp" "p." "ppp" "." "cccp"},
    {0x67AA, "p" "pp" "pp" "ppp" "p" "cccp"},
    {0x6800, "f" "ff" "ff" "fff" "f" "ffff"},
    {0x6881, "f" "ff" "ff" "fff" "f" "ffff"},
    {0x6882, "f" "ff" "ff" "fff" "f" "ffff"},
    {0x6883, "u" "uu" "uu" "uuu" "u" "uuuu"},
    {0x6884, "f" "ff" "ff" "fff" "f" "ffff"},
    {0x6900, "v" "vv" "vv" "vvv" "v" "vvvv"},
    {0x6981, "f" "ff" "ff" "fff" "f" "ffff"},
    {0x6982, "v" "vv" "vv" "vvv" "v" "vvvv"},
    {0x6983, "b" "bb" "bb" "bbb" "b" "bbbb"},
    {0x6984, "n" "nn" "nn" "nnn" "n" "vvvv"},
    {0x6985, "v" "vv" "vv" "vvv" "v" "v.vv"},
    {0x6986, "N" "NN" "NN" "NNN" "N" "NNNN"},
    {0x6987, "f" "ff" "ff" "fff" "f" "ffff"},
    {0x6988, "f" "ff" "ff" "fff" "f" "ffff"},
    {0x6989, "u" "uu" "uu" "uuu" "u" "uuuu"},
    {0x6A00, "p" "pp" "pp" "ppp" "p" "pppp"},
    {0x6A80, "." ".." "pp" "ppp" "p" "cccp"},
    {0x6A81, "f" ".." "ff" "fff" "f" "ffff"},
    {0x6A82, "F" "DF" "FF" "FFF" "F" "FFFF"},
    {0x6A83, "s" "ss" "se" "sss" "s" "ssss"},
    {0x6A84, "t" "tt" "tt" "tMt" "t" "tttt"},
    {0x6A85, "p" "pp" "pp" "ppp" "p" "pppp"},
    {0x6A86, "." ".." "pp" "ppp" "." "pppp"},
    {0x6A87, "p" "pp" "pp" "ppp" "." "pppp"},
    {0x6A88, "p" "pp" "pp" "ppf" "p" "pppp"},
    {0x6A89, "x" "xx" "xx" "xxx" "x" "xxxx"},
    {0x6A8A, "x" "xx" "xx" "xxx" "x" "xxxx"},
    {0x6A8B, "u" "uu" "uu" "uuu" "u" "uuuu"},
    {0x6B00, "." ".." "ss" "spp" "p" "pppp"},
    {0x6C08, "u" ".." ".." "uuu" "u" "uuu."}, /* a code is not sent again */
    {0x6D00, "f" ".." "ff" "fff" "f" "ffff"},
    {0x6E00, "f" "ff" "ff" "fff" "f" "ffff"},
    {0x6F00, "u" "uu" "uu" "uuu" "u" "uuuu"},
    {0x6FFF, "u" "uu" "uu" "uuu" "u" "uuuu"},
    {0x8000, "u" "uu" "uu" "uuu" "u" "uuuu"},
    {0x9210, "t" "tt" "tt" "tMt" "t" "tttt"},
    {0x9240, "u" "uu" "uu" "uuu" "u" "uuuu"},
    {0x9300, "r" "rr" "rr" "rrr" "r" "rrrr"},
    {0x9400, "N" "NN" "NN" "NNN" "N" "NNNN"},
    {0x9402, "s" "ss" "se" "sss" "s" "ssss"},
    {0x9404, "F" "DF" "FF" "FFF" "F" "FFFF"},
    {0x9408, "f" "ff" "ff" "fff" "f" "ffff"},
    {0x9802, "p" "pp" "pp" "ppF" "p" "pppp"},
    {0x9804, "v" "vv" "vv" "vvv" "v" "wwav"},
    {0x9808, "v" "vv" "vv" "vvv" "v" "vovv"},
    {0x9810, "n" "nn" "nn" "nnn" "o" "nnnn"},
    {0x9840, "b" "bb" "bb" "bbb" "b" "bbbb"},
    {0x9850, "u" "uu" "uu" "uuu" "u" "uuuu"},
};

#define GOOD "31323334"

/* The calls: readied so that the card's class is known and what is needed is selected. */
static const struct call
{
    const char *name;
    enum column column;
    BYTE ins;
    BOOL selects;         /* a SELECT goes before it */
    struct step ready[2];
    struct step step;
} calls[] =
{
    {"Delete", DELETING, 0xE4, TRUE, {CHANGE_DIR(L"3F00")}, DELETE_FILE(L"3F00/2F07")},
    {"ChangeDir", SELECT_DIR, 0xA4, FALSE, {CHANGE_DIR(L"3F00")}, CHANGE_DIR(L"3F00/5000")},
    {"Open", SELECT_EF, 0xA4, FALSE, {CHANGE_DIR(L"3F00")}, OPEN(L"3F00/2F05")},
    {"Read", READ_BINARY, 0xB0, FALSE, {OPEN(L"3F00/2F05")}, READ(2, NULL)},
    {"Read, records", READ_RECORD, 0xB2, FALSE, {OPEN(L"3F00/5000/0002")}, READ(4, NULL)},
    {"Write", WRITING, 0xD6, FALSE, {OPEN(L"3F00/2F05")}, WRITE("00")},
    {"Write, OR", WRITING, 0xD0, FALSE, {OPEN(L"3F00/2F06")}, WRITE("00", .flags = SC_FL_OR)},
    {"Write, ERASE", WRITING, 0x0E, FALSE, {OPEN(L"3F00/2F05")}, ERASE(0)},
    {"Write, record", WRITING, 0xDC, FALSE, {OPEN(L"3F00/5000/0002")}, WRITE("=00*16")},
    {"Write, new record", WRITING, 0xE2, FALSE, {OPEN(L"3F00/5000/0009"), SEEK(1)},
     WRITE("=00*16")},
    {"Create", CREATING, 0xE0, FALSE, {CHANGE_DIR(L"3F00")},
     CREATE(L"3F00/6F01", "820101 80020010")},
    {"SetProperties", PUT_DATA, 0xDA, TRUE, {{0}}, SET_PROPERTIES(L"3F00/2F06", "8501AA")},
    {"Invalidate", INVALIDATING, 0x04, TRUE, {{0}}, INVALIDATE(L"3F00/2F06")},
    {"Rehabilitate", INVALIDATING, 0x44, TRUE, {{0}}, REHABILITATE(L"3F00/2F06")},
    {"Verify", CODE, 0x20, FALSE, {{0}}, VERIFY(1, GOOD)},
    {"ChangeCode", CODE, 0x24, FALSE, {{0}}, CHANGE(1, GOOD, GOOD)},
    {"Unblock", CODE, 0x2C, FALSE, {{0}}, UNBLOCK(1)},
    {"User_Auth, code", CODE, 0x20, FALSE, {{0}}, USER(0, GOOD, .more = "01")},
    {"ChangeCode, ENABLE", SWITCH, 0x28, FALSE, {{0}},
     CHANGE(1, GOOD, NULL, .flags = SC_FL_IHV_ENABLE)},
    {"ChangeCode, DISABLE", SWITCH, 0x26, FALSE, {{0}},
     CHANGE(1, GOOD, NULL, .flags = SC_FL_IHV_DISABLE)},
    {"Verify, CHECKONLY", QUERY, 0x20, FALSE, {{0}},
     VERIFY(1, NULL, .flags = SC_FL_IHV_CHECKONLY)},
    {"APP_Auth", PROOF, 0x82, FALSE, {{0}}, EXTERNAL(0, "=00*8", .more = "01")},
    {"ICC_Auth", PROOF, 0x88, FALSE, {{0}}, INTERNAL(0, "=00*8", .more = "01")},
    {"User_Auth", PROOF, 0x82, FALSE, {{0}}, USER(0x0100, "=00*16", .count = 8)},
    {"GetChallenge", PROOF, 0x84, FALSE, {{0}}, CHALLENGE(8)},
};

static HRESULT letter_hr(char letter)
{
    unsigned i;

    for (i = 0; i < ARRAYSIZE(letters) && letters[i].letter != letter; i++)
        ;
    return i < ARRAYSIZE(letters) ? letters[i].hr : E_FAIL;
}

/* Reads that succeed have data. */
static void script(const struct call *call, WORD sw, HRESULT expected)
{
    BOOL reads = call->column == READ_BINARY || call->column == READ_RECORD;
    char line[64];

    if (call->selects)
        rig("card script-sw 9000");
    snprintf(line, sizeof(line), "card script %s%04X", reads && expected == S_OK ? "AABB" : "", sw);
    rig(line);
}

/* One answer to one call. */
static void test_answer(const struct call *call, WORD sw, HRESULT expected)
{
    unsigned i;
    HRESULT hr;

    test_push("%s, %04X", call->name, sw);
    for (i = 0; i < ARRAYSIZE(call->ready) && call->ready[i].op; i++)
        ok_hr(step_do(&call->ready[i]), S_OK);
    script(call, sw, expected);
    hr = step_do(&call->step);
    ok(hr == expected, "%#lx instead of %#lx\n", hr, expected);
    if (hr != expected)
        rig("card clear"); /* so that one failure remains one */
    if (call->step.op == STEP_OPEN && hr == S_OK)
        ISCardFileAccess_Close(files, step_files[0]);
    for (i = 0; i < ARRAYSIZE(call->ready); i++)
        if (call->ready[i].op == STEP_OPEN)
            ISCardFileAccess_Close(files, step_files[0]);
    test_pop();
}

/* How often the card got an instruction since its log was cleared. */
static unsigned long commands_of(BYTE ins)
{
    const char *found;
    char word[8];

    rig("card log");
    snprintf(word, sizeof(word), " %02X=", ins);
    found = strstr(rig_answer, word);
    return found ? strtoul(found + 4, NULL, 10) : 0;
}

static void test_call(const struct call *call)
{
    unsigned long sent = 0, got;
    unsigned i;

    rig("card log-clear");
    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        char letter = rows[i].results[call->column];

        if (letter == '.')
            continue;
        test_answer(call, rows[i].sw, letter_hr(letter));
        sent++;
    }
    got = commands_of(call->ins);
    /* A SELECT also readies the next one. */
    if (call->ins != 0xA4)
        ok(got == sent, "%s: the card got %lu commands %02X for %lu calls\n", call->name, got,
           call->ins, sent);
}

/* Answers after which something more is sent. */
static const struct step special_steps[] =
{
    CHANGE_DIR(L"3F00"),
    /* 6Cxx is corrected once, by the real card's answer; a second time it is an error. */
    OPEN(L"3F00/2F05"),
    RIG("card script 6C02"),
    READ(4, "00010203", .log = "00B0000004 00B0000002 00B0000202"),
    RIG("card script 6C02"), RIG("card script 6C02"),
    READ(4, NULL, .hr = SCARD_E_UNEXPECTED, .log = "00B0000404 00B0000402"),
    CLOSE(),
    /* Without a word on data 6282 is the end. */
    OPEN(L"3F00/2F05"),
    RIG("card script 6282"),
    READ(4, NULL, .hr = SCARD_W_EOF, .log = "00B0000004"),
    SEEK(3),
    RIG("card script 6A86"),
    READ(4, NULL, .hr = SCARD_E_BAD_SEEK),
    SEEK(3),
    RIG("card script 6A85"),
    READ(4, NULL, .hr = SCARD_E_BAD_SEEK),
    CLOSE(),
    /* Parts of a file: its end is no error, a card that refuses or is gone is one. */
    OPEN(L"3F00/7001"),
    RIG("card script-sw 9000"), RIG("card script 6B00"),
    READ(512, "@0+256", .log = "00B0000000 00B0010000"),
    RIG("card script-sw 9000"), RIG("card script 6282"),
    READ(512, "@256+256"),
    RIG("card script-sw 9000"), RIG("card script 6982"),
    READ(512, NULL, .hr = SCARD_W_SECURITY_VIOLATION, .log = "00B0020000 00B0030000"),
    RIG("card script-sw 9000"), RIG("card script 6F00"),
    READ(512, NULL, .hr = SCARD_E_UNEXPECTED, .log = "00B0020000 00B0030000"),
    READ(4, "@512+4"), /* the position stayed */
    /* 6700 lowers Le, and that is kept. */
    RIG("card script 6700"),
    READ(256, "@516+256", .log = "00B0020400 00B00204FF 00B0030301"),
    READ(256, "@772+256", .log = "00B00304FF 00B0040301"),
    CLOSE(),
    OPEN(L"3F00/7001"),
    RIG("card script 6700"),
    WRITE("@0+200", .log = "00D60000C8* 00D6000080* 00D6008048*"),
    WRITE("@200+129", .log = "00D600C880* 00D6014801*"),
    CLOSE(),
    /* Written in part: the position follows. 6381: the file is full. */
    OPEN(L"3F00/7001"),
    RIG("card script-sw 9000"), RIG("card script 6581"),
    WRITE("@0+200", .hr = SCARD_E_UNEXPECTED),
    READ(1, "@128+1"),
    SEEK(0),
    RIG("card script-sw 6381"),
    WRITE("@0+200", .hr = SCARD_E_WRITE_TOO_MANY, .log = "00D6000080*"),
    READ(1, "@128+1"),
    SEEK(0),
    RIG("card script-sw 63C2"),
    WRITE("@0+200"),
    CLOSE(),
    /* DELETE: the kind is told when the card wants it. */
    RIG("card script-sw 9000"), RIG("card script 6A86"),
    DELETE_FILE(L"3F00/2F07", .log = "00A408*2F07* 00E40000022F07 00E40200022F07"),
    RIG("card script-sw 9000"), RIG("card script 6A86"),
    INVALIDATE(L"3F00/2F06", .log = "00A408*2F06* 00040000 00040000022F06"),
    RIG("card script-sw 9000"), RIG("card script 6700"),
    REHABILITATE(L"3F00/2F06", .log = "00A408*2F06* 00440000 00440000022F06"),
    /* SELECT by path that the card does not know: step by step. */
    CHANGE_DIR(L"3F00"),
    RIG("card script 6A86"),
    CHANGE_DIR(L"3F00/5000", .log = "00A40800025000FF 00A40100025000FF"),
    /* Already enabled (6985): the code is asked for. */
    RIG("card script 6985"),
    CHANGE(1, GOOD, NULL, .flags = SC_FL_IHV_ENABLE, .log = "00280001* 00200001*"),
    END_OF_STEPS
};

/* A program with a handle of its own may have selected anything, so no SELECT tries the class: the
 * code is sent under the next class after 6E00, and only then. */
static const struct step guest_steps[] =
{
    RIG("card script 6E00"),
    VERIFY(1, GOOD, .hr = SCARD_E_UNSUPPORTED_FEATURE,
           .log = "0020000104* C020000104* A020000104*"),
    RIG("card script 6C08"),
    VERIFY(1, GOOD, .hr = SCARD_E_UNEXPECTED, .log = "0020000104*"),
    VERIFY(1, GOOD, .log = "0020000104*"),
    RIG("card script 6E00"), /* the class is known now */
    VERIFY(1, GOOD, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = "0020000104*"),
    END_OF_STEPS
};

START_TEST(iccstatus)
{
    unsigned i;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    fact(GUESS);
    create_services();
    attach(SHARED);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    for (i = 0; i < ARRAYSIZE(calls); i++)
        test_call(&calls[i]);
    use_card("iso-t1", SHARED);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    run_steps("special", special_steps);
    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), S_OK);
    run_as_guest("guest", guest_steps);
    release_services();
    CoUninitialize();
}

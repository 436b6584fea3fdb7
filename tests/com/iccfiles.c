/*
 * Reading and writing files of an ISO 7816-4 card, over T=1 and T=0: bytes, records, short ids,
 * offsets beyond 7FFF, every mode of writing; what the card got is what was meant.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The files are those of tests/cards/profiles/iso.files.
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

static const struct step bytes[] =
{
    OPEN(L"3F00/5000/0001", .log = "00A40800045000000100"),
    /* Without a lock somebody else may have moved the card: it is selected for each call. */
    READ(16, "@0+16", .log = "00A40800045000000100 00B0000010"),
    READ(0, "", .log = ""),
    LOCK(),
    READ(300, "@16+300", .log = "00A40800045000000100 00B0001000 00B001102C"),
    READ(1000, "@316+84", .log = "00B0013C54"),
    READ(1, NULL, .hr = SCARD_W_EOF, .log = ""),
    SEEK(-1, .hr = SCARD_E_BAD_SEEK, .log = ""),
    SEEK(401, .hr = SCARD_E_BAD_SEEK, .log = ""),
    SEEK(400, .log = ""),
    SEEK_FROM(SC_SEEK_RELATIVE, -3),
    READ(256, "@397+3", .log = "00B0018D03"),
    SEEK_FROM(SC_SEEK_FROM_END, -400),
    WRITE("A1A2A3", .log = "00D6000003A1A2A3"),
    WRITE("A4", .flags = SC_FL_REPLACE, .log = "00D6000301A4"),
    SEEK_FROM(SC_SEEK_RELATIVE, -4),
    READ(6, "A1A2A3A4 1C23", .log = "00B0000006"),
    SEEK(398),
    WRITE("112233", .hr = SCARD_E_WRITE_TOO_MANY, .log = ""),
    WRITE("1122", .log = "00D6018E021122"),
    WRITE("11", .hr = SCARD_E_WRITE_TOO_MANY, .log = ""),
    WRITE("", .log = ""),
    SEEK(0),
    WRITE("@0+400", .log = "00D60000FF* 00D600FF91*"),
    {.op = STEP_WRITE, .count = 2, .data = "99", .hr = E_INVALIDARG, .log = ""},
    {.op = STEP_WRITE, .count = -2, .hr = E_POINTER, .log = ""},
    CLOSE(.log = ""),
    CLOSE(.hr = E_INVALIDARG, .log = ""),
    UNLOCK(),
    END_OF_STEPS
};

/* READ BINARY says offsets up to 7FFF; beyond, they go into a data object. */
static const struct step far_bytes[] =
{
    LOCK(),
    OPEN(L"3F00/7002"),
    SEEK(32760),
    READ(20, "@32760+20", .log = "00B07FF814"), /* begins below, ends above */
    READ(10, "@32780+10", .log = "00B10000045402800C00"),
    SEEK(32767),
    READ(300, "@32767+300", .log = "00B07FFF00 00B1000004540280FF00"),
    SEEK(33000),
    WRITE("AABBCC", .log = "00D7000009540280E85303AABBCC"),
    SEEK(33000),
    READ(3, "AABBCC"),
    READ(1, "@33003+1"),
    SEEK(33000),
    WRITE("@33000+600", .log = "00D7* 00D7* 00D7*"),
    SEEK(32700),
    WRITE("=EE*400", .log = "00D67FBCFF* 00D70000*"),
    SEEK(32700),
    READ(400, "=EE*400"),
    SEEK(39990),
    READ(100, "@39990+10"),
    READ(100, NULL, .hr = SCARD_W_EOF, .log = ""),
    SEEK(32766),
    ERASE(2, .log = "000E7FFE028000"),
    ERASE(2, .log = "000F0000085402800054028002"),
    SEEK(32764),
    READ(8, "EEEE 00000000 EEEE"),
    SEEK(39000),
    ERASE(0, .log = "000F00000454029858"),
    SEEK(38999),
    READ(2000, NULL),
    CLOSE(),
    UNLOCK(),
    END_OF_STEPS
};

static const struct step modes[] =
{
    LOCK(),
    OPEN(L"3F00/2F06"), /* its data coding byte: WRITE is OR */
    WRITE("0F01", .flags = SC_FL_OR, .log = "00D00000020F01"),
    SEEK(0),
    WRITE("F002", .flags = SC_FL_OR, .log = "00D0000002F002"),
    WRITE("F0", .flags = SC_FL_AND, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    SEEK(0),
    READ(3, "FF0300"),
    SEEK(0),
    ERASE(1, .log = "000E0000020001"),
    SEEK(0),
    READ(3, "000300"),
    CLOSE(),
    OPEN(L"3F00/2F07"), /* and here AND */
    WRITE("0F", .flags = SC_FL_AND, .log = "00D00000010F"),
    WRITE("0F", .flags = SC_FL_OR, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    SEEK(0),
    WRITE("F1", .flags = SC_FL_AND),
    SEEK(0),
    READ(2, "01FF"),
    CLOSE(),
    OPEN(L"3F00/2F05"), /* says nothing, but the ATR says OR */
    WRITE("80", .flags = SC_FL_AND, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    WRITE("80", .flags = SC_FL_OR, .log = "00D000000180"),
    SEEK(0),
    READ(2, "8001"),
    WRITE("80", .flags = SC_FL_OR | SC_FL_AND, .hr = E_INVALIDARG, .log = ""),
    WRITE("80", .flags = SC_FL_OR | SC_FL_REPLACE, .hr = E_INVALIDARG, .log = ""),
    WRITE("80", .flags = SC_FL_ERASE | SC_FL_REPLACE, .hr = E_INVALIDARG, .log = ""),
    SEEK(8),
    ERASE(0, .log = "000E0008"), /* to the end */
    READ(1, NULL, .hr = SCARD_W_EOF),
    SEEK(7),
    READ(1, "07"),
    READ(9, "=00*8"),
    SEEK(15),
    ERASE(2, .hr = SCARD_E_WRITE_TOO_MANY, .log = ""),
    CLOSE(),
    UNLOCK(),
    END_OF_STEPS
};

#define ONE "7265636F7264206E756D62657220312E"
#define TWO "7265636F7264206E756D62657220322E"

static const struct step fixed_records[] =
{
    LOCK(),
    OPEN(L"3F00/5000/0002"),
    READ(256, ONE, .log = "00B2010400"),
    READ(4, "7265636F", .log = "00B2020400"),
    READ(256, NULL, .hr = SCARD_W_EOF, .log = "00B2030400"),
    SEEK_FROM(SC_SEEK_FROM_END, -1, .log = ""),
    READ(256, TWO),
    SEEK(3, .hr = SCARD_E_BAD_SEEK),
    SEEK(0),
    WRITE("=41*16", .log = "00DC010410*"),
    WRITE("=42*15", .hr = SCARD_E_INVALID_PARAMETER, .log = "00DC02040F*"), /* the card's 6700 */
    WRITE("=42*17", .hr = SCARD_E_WRITE_TOO_MANY, .log = ""),
    WRITE("=42*16", .log = "00DC020410*"),
    WRITE("=43*16", .hr = SCARD_E_WRITE_TOO_MANY, .log = "00E2000010*"), /* there is no room */
    SEEK(0),
    READ(256, "=41*16"),
    READ(256, "=42*16"),
    SEEK(1),
    WRITE("=02*16", .flags = SC_FL_OR, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    ERASE(0, .log = "000C0204"),
    SEEK(0),
    READ(256, "=41*16"),
    READ(256, "=00*16"),
    CLOSE(),
    OPEN(L"3F00/5000/0009"), /* room for two more records */
    SEEK(1),
    WRITE("=61*16", .log = "00E2000010*"),
    WRITE("=62*16", .log = "00E2000010*"),
    WRITE("=63*16", .hr = SCARD_E_WRITE_TOO_MANY),
    SEEK(2),
    READ(16, "=62*16"),
    SEEK(2),
    WRITE("=05*16", .flags = SC_FL_OR, .log = "00D2030410*"), /* its data coding byte */
    WRITE("=05*16", .flags = SC_FL_AND, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    SEEK(2),
    READ(16, "=67*16"),
    CLOSE(),
    UNLOCK(),
    END_OF_STEPS
};

static const struct step variable_records[] =
{
    LOCK(),
    OPEN(L"3F00/5000/0003"),
    READ(256, "0103616263", .log = "00B2010400"),
    READ(256, "02056465666768", .log = "00B2020400"),
    READ(256, "0100"),
    READ(256, NULL, .hr = SCARD_W_EOF),
    SEEK(1),
    WRITE("0201FF", .log = "00DC0204030201FF"),
    WRITE("=5A*41", .hr = SCARD_E_WRITE_TOO_MANY, .log = ""),
    SEEK(1),
    READ(256, "0201FF"),
    SEEK_FROM(SC_SEEK_FROM_END, 0),
    WRITE("040144", .log = "00E2000003040144"),
    SEEK_FROM(SC_SEEK_FROM_END, -1),
    READ(256, "040144"),
    CLOSE(),
    UNLOCK(),
    END_OF_STEPS
};

#define ENTRY(digits) "656E747279202020" digits

static const struct step cyclic_records[] =
{
    LOCK(),
    OPEN(L"3F00/5000/0004"),
    READ(256, ENTRY("3034"), .log = "00B2010400"), /* record 1 is the newest */
    READ(256, ENTRY("3033")),
    WRITE(ENTRY("3039"), .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = "00DC03040A*"),
    SEEK(0),
    WRITE(ENTRY("3035"), .log = "00DC00030A*"),
    SEEK(0),
    READ(256, ENTRY("3035")),
    READ(256, ENTRY("3034")),
    SEEK_FROM(SC_SEEK_FROM_END, -1),
    READ(256, ENTRY("3032")), /* the oldest made room */
    READ(256, NULL, .hr = SCARD_W_EOF),
    CLOSE(),
    UNLOCK(),
    END_OF_STEPS
};

static const struct step short_ids[] =
{
    LOCK(),
    OPEN_SFI(L"3F00/5000/01", .log = "00A4080002500000 00B0810001"),
    READ(4, "@0+4", .log = "00B0000004"), /* current since it was asked for */
    OPEN_SFI(L"5000\\0x2", .slot = 1, .log = "00B0820001 00B2011400"),
    READ(256, "=41*16", .slot = 1, .log = "00B2010400"),
    /* First it is found out in what units the file counts. */
    READ(4, "@4+4", .log = "00B0810000 00B0000100 00B0000404"),
    WRITE("777777", .log = "00D6000803777777"),
    READ(256, "=00*16", .slot = 1, .log = "00B2021400"),
    SEEK(0, .slot = 1),
    WRITE("=30*16", .slot = 1, .log = "00DC010410*"),
    SEEK(300),
    READ(2, "@300+2", .log = "00B0810001 00B0012C02"), /* too far for P1 P2 with a short id */
    OPEN_SFI(L"3F00/5000/1E", .slot = 2, .hr = SCARD_E_FILE_NOT_FOUND),
    OPEN_SFI(L"3F00/6666/01", .slot = 2, .hr = SCARD_E_DIR_NOT_FOUND),
    OPEN_SFI(L"3F00/5000/00", .slot = 2, .hr = E_INVALIDARG, .log = ""),
    OPEN_SFI(L"1F", .slot = 2, .hr = E_INVALIDARG, .log = ""),
    CLOSE(),
    CLOSE(.slot = 1),
    CURRENT_DIR(L"3F00"),
    UNLOCK(),
    END_OF_STEPS
};

/* What the file says about itself: who may, and whether it is in use. */
static const struct step access[] =
{
    OPEN(L"3F00/5000/0005"),
    READ(8, NULL, .hr = SCARD_W_SECURITY_VIOLATION),
    WRITE("00", .hr = SCARD_W_SECURITY_VIOLATION),
    VERIFY(1, "31323334"),
    READ(8, "5345435245543100"),
    CLOSE(),
    OPEN(L"3F00/5000/000A"), /* deactivated: opened, the card decides at access */
    READ(8, NULL, .hr = SCARD_E_NO_ACCESS),
    CLOSE(),
    OPEN(L"3F00/5000/0008"),
    READ(8, NULL, .hr = SCARD_W_SECURITY_VIOLATION),
    CLOSE(),
    END_OF_STEPS
};

/* Over T=0 data come by GET RESPONSE, and P3 is always there. */
static const struct step over_t0[] =
{
    OPEN(L"3F00/5000/0001", .log = "00A408000450000001 00C00000??"),
    LOCK(),
    READ(16, "@0+16", .log = "00A408000450000001 00C00000?? 00B0000010"),
    READ(300, "@16+300", .log = "00B0001000 00B001102C"),
    SEEK(0),
    WRITE("A1A2", .log = "00D6000002A1A2"),
    CLOSE(),
    OPEN(L"3F00/5000/0002"),
    READ(256, NULL, .log = "00B2010400 00B2010410"), /* 6C10 */
    CLOSE(),
    OPEN(L"3F00/2F05"),
    SEEK(8),
    ERASE(0, .log = "000E000800"),
    CLOSE(),
    OPEN(L"3F00/7002"),
    SEEK(33000),
    READ(10, "@33000+10", .log = "00B1000004540280E8 00C00000??"),
    WRITE("0102", .log = "00D70000085402*"),
    CLOSE(),
    UNLOCK(),
    END_OF_STEPS
};

/* A handle from before a Detach names nothing after it, whatever is open then. */
static void test_handles(void)
{
    static const struct step first[] = {OPEN(L"3F00/2F05"), READ(1, "?1"), END_OF_STEPS};
    static const struct step again[] =
    {
        OPEN(L"3F00/2F06", .slot = 1), READ(1, NULL, .hr = E_INVALIDARG, .log = ""),
        WRITE("AA", .hr = E_INVALIDARG, .log = ""), CLOSE(.hr = E_INVALIDARG),
        READ(1, "?1", .slot = 1), CLOSE(.slot = 1), END_OF_STEPS
    };
    HSCARD_FILE old;

    run_steps("before Detach", first);
    old = step_files[0];
    ok_hr(ISCardManage_Detach(manage), S_OK);
    attach(SHARED);
    step_files[0] = old;
    run_steps("after Detach", again);
    ok(step_files[0] != step_files[1], "the handle came again\n");
}

static void test_files(void)
{
    run_steps("bytes", bytes);
    run_steps("far bytes", far_bytes);
    run_steps("modes", modes);
    run_steps("fixed records", fixed_records);
    run_steps("variable records", variable_records);
    run_steps("cyclic records", cyclic_records);
    run_steps("short ids", short_ids);
    run_steps("access", access);
}

START_TEST(iccfiles)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    fact(GUESS);
    create_services();
    attach(SHARED);
    test_files();
    test_handles();
    /* The same over T=0, where the commands look otherwise. */
    use_card("iso-t0", SHARED);
    run_steps("T=0", over_t0);
    use_card("iso-t0", SHARED);
    steps_without_log = TRUE;
    test_files();
    release_services();
    CoUninitialize();
}

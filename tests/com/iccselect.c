/*
 * Cards that are selected in other ways, tell nothing about their files, or have no MF; and
 * connections of which somebody else has a part.
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

#define ONE "7265636F7264206E756D62657220312E"
#define TWO "7265636F7264206E756D62657220322E"

/* SELECT with P2 = 0C only: the forms are tried once; sizes, units and kinds are found out. */
static const struct step bare_steps[] =
{
    LOCK(),
    OPEN(L"5000/0001",
         .log = "00A40800045000000100 00A40804045000000100 00A4080C0450000001"),
    READ(16, "@0+16", .log = "00B0000010"),
    /* In what units the file counts; then less than 256: the end. */
    READ(1000, "@16+384", .log = "00B0000000 00B0000100 00B0001000 00B0011000"),
    READ(1, NULL, .hr = SCARD_W_EOF, .log = "00B0019001"),
    SEEK_FROM(SC_SEEK_FROM_END, 0, .hr = SCARD_E_BAD_SEEK, .log = ""),
    SEEK(1000, .log = ""),
    READ(1, NULL, .hr = SCARD_W_EOF, .log = "00B003E801"), /* 6B00: nobody knows the size */
    WRITE("00", .hr = SCARD_E_BAD_SEEK, .log = "00D603E80100"),
    SEEK(0),
    WRITE("AABB", .log = "00D6000002AABB"),
    CLOSE(),
    OPEN(L"5000/0002", .log = "00A4080C0450000002"),
    READ(256, ONE, .log = "00B0000000 00B2010400"), /* 6981: it has records */
    READ(256, TWO, .log = "00B2020400"),
    READ(256, NULL, .hr = SCARD_W_EOF),
    SEEK_FROM(SC_SEEK_FROM_END, -1, .log = "00B2010400 00B2020400 00B2030400"),
    READ(256, TWO),
    CLOSE(),
    OPEN(L"5000/0003"),
    WRITE("0101AA", .log = "00D60000030101AA 00DC0104030101AA"),
    SEEK(0),
    READ(256, "0101AA"),
    CLOSE(),
    PROPERTIES(L"2F05", NULL, .out = "83022F05", .log = "00A4080C022F05"),
    CHANGE_DIR(L"5100", .log = "00A4080C025100 00B0000001"), /* 6986: no EF is current */
    OPEN(L"0001"),
    READ(2, "5100"),
    CLOSE(),
    OPEN_SFI(L"3F00/5000/01"),
    READ(2, "AABB"),
    CLOSE(),
    UNLOCK(),
    END_OF_STEPS
};

/* Paths below the MF work without it. */
static const struct step no_mf_steps[] =
{
    OPEN(L"3F00/5000/0001", .log = "00A40800045000000100"),
    READ(4, "@0+4"),
    CLOSE(),
    CHANGE_DIR(L"3F00", .hr = SCARD_E_DIR_NOT_FOUND),
    CHANGE_DIR_NAME(L"#A00000000102"),
    OPEN(L"0002"),
    READ(256, ONE),
    CLOSE(),
    CURRENT_DIR(L"#A00000000102"),
    END_OF_STEPS
};

/* The application may have moved the card before: nothing is known before it was asked whether it
 * is in its MF. */
static const struct step guest_steps[] =
{
    LOCK(),
    OPEN(L"2F05", .log = "00A4030000 00A40800022F0500"), /* nothing is above it */
    READ(2, "0001", .log = "00B0000002"),
    CLOSE(),
    OPEN(L"7777", .hr = SCARD_E_FILE_NOT_FOUND),
    CURRENT_DIR(L"3F00", .log = ""),
    CHANGE_DIR(L"5000", .log = "00A4080002500000"),
    CHANGE_DIR(L".", .log = ""),
    OPEN(L"0001", .log = "00A40800045000000100"),
    READ(2, "@0+2", .log = "00B0000002"),
    APPLICATION("00A4000C023F00"),
    READ(2, "@2+2", .log = "00A40800045000000100 00B0000202"),
    CLOSE(),
    UNLOCK(),
    END_OF_STEPS
};

static const struct step guest_no_mf_steps[] =
{
    CURRENT_DIR(L""),
    OPEN(L"2F05", .hr = SCARD_E_FILE_NOT_FOUND), /* anybody may have left what was selected */
    LOCK(),
    OPEN(L"2F05"), /* what is selected now is all that there is */
    READ(2, "0001"),
    SEEK(0),
    WRITE("00"),
    SEEK(0),
    READ(2, "0001"),
    CLOSE(),
    UNLOCK(),
    CHANGE_DIR_NAME(L"#A00000000102"),
    CURRENT_DIR(L"#A00000000102"),
    END_OF_STEPS
};

/* Under a lock the application moves its card itself, between directories whose files look the
 * same: relative paths begin where it has left the card, and a handle stays its file or is none. */
#define INTO_5000 APPLICATION("00A4000C023F00"), APPLICATION("00A4010C025000")
#define INTO_5100 APPLICATION("00A4000C023F00"), APPLICATION("00A4010C025100")

static const struct step guest_alike_steps[] =
{
    INTO_5000,
    OPEN(L"0001", .hr = SCARD_E_DIR_NOT_FOUND), /* anybody may move the card after this call */
    LOCK(),
    INTO_5000,
    OPEN(L"0001", .log = "00A4020002000100"),
    OPEN_SFI(L"05", .slot = 1),
    READ(2, "1111"),
    READ(2, "1111", .slot = 1),
    INTO_5100,
    READ(2, NULL, .hr = SCARD_E_INVALID_HANDLE, .log = ""),
    READ(2, NULL, .slot = 1, .hr = SCARD_E_INVALID_HANDLE, .log = ""),
    WRITE("00", .hr = SCARD_E_INVALID_HANDLE, .log = ""),
    OPEN(L"0001", .slot = 2),
    READ(2, "2222", .slot = 2),
    WRITE("77", .slot = 2, .log = "00D600020177"),
    SEEK(0, .slot = 2),
    READ(3, "222277", .slot = 2, .log = "00B0000003"), /* nobody has moved it since */
    CHANGE_DIR(L"5200", .log = "00A4010002520000"),
    OPEN(L"0001", .slot = 3),
    READ(2, "3333", .slot = 3),
    INTO_5000,
    APPLICATION("00A4010C025200"),
    READ(2, NULL, .slot = 3, .hr = SCARD_E_INVALID_HANDLE),
    OPEN(L"0001", .hr = SCARD_E_FILE_NOT_FOUND, .log = ""), /* which was chosen is not known */
    CHANGE_DIR(L".", .hr = SCARD_E_DIR_NOT_FOUND, .log = ""),
    CHANGE_DIR(L"3F00/5000"),
    OPEN(L"0001"),
    READ(3, "111100"),
    INTO_5100,
    READ(2, "0000"),
    SEEK(0),
    READ(3, "111100"),
    UNLOCK(),
    END_OF_STEPS
};

static const struct step guest_exclusive_steps[] =
{
    INTO_5000,
    OPEN(L"0001"),
    READ(2, "1111"),
    INTO_5100,
    READ(2, NULL, .hr = SCARD_E_INVALID_HANDLE),
    CHANGE_DIR(L"5200"),
    OPEN(L"0001"),
    READ(2, "3333"),
    INTO_5000,
    OPEN(L"0001", .hr = SCARD_E_FILE_NOT_FOUND),
    END_OF_STEPS
};

START_TEST(iccselect)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    fact(GUESS);
    create_services();
    run_as_guest("guest", SHARED, guest_steps);
    use_card("bare", SHARED);
    run_steps("bare", bare_steps);
    use_card("no-mf", SHARED);
    run_steps("no MF", no_mf_steps);
    rig("card reset");
    run_as_guest("guest, no MF", SHARED, guest_no_mf_steps);
    use_card("alike", SHARED);
    run_as_guest("guest, alike, locked", SHARED, guest_alike_steps);
    run_as_guest("guest, alike, exclusive", EXCLUSIVE, guest_exclusive_steps);
    release_services();
    CoUninitialize();
}

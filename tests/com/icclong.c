/*
 * What is longer than 255 bytes: files always go in short chunks, other data under extended length
 * fields or command chaining, where the card says that it has them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The files are those of tests/cards/profiles/big.files.
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
/* 50 and 300 bytes. */
#define B50 "AABBCCDDEEAABBCCDDEEAABBCCDDEEAABBCCDDEEAABBCCDDEE" \
            "AABBCCDDEEAABBCCDDEEAABBCCDDEEAABBCCDDEEAABBCCDDEE"
#define B300      B50 B50 B50 B50 B50 B50
#define OBJECT300 "8582012C" B300

/* Files far beyond what P1 P2 can say: the same on all of these cards. */
static const struct step files_steps[] =
{
    LOCK(),
    OPEN(L"3F00/7003"),
    READ(70000, "@0+70000"),
    READ(1, NULL, .hr = SCARD_W_EOF, .log = ""),
    SEEK(65530),
    READ(10, "@65530+10", .log = "00B10000045402FFFA00"),
    READ(10, "@65540+10", .log = "00B1000005540301000400"), /* three bytes of offset */
    SEEK(65530),
    WRITE("=AB*10", .log = "00D70000105402FFFA530A*"),
    WRITE("=CD*10", .log = "00D70000115403010004530A*"),
    SEEK(65528),
    READ(2, "@65528+2"),
    READ(10, "=AB*10"),
    READ(10, "=CD*10"),
    READ(2, "@65550+2"),
    SEEK(65530),
    ERASE(20, .log = "000F0000095402FFFA540301000E"),
    READ(2, "@65550+2"),
    SEEK(65530),
    READ(20, "=00*20"),
    CLOSE(),
    OPEN(L"3F00/7001"),
    READ(512, "@0+512", .log = "00B0000000 00B0010000"), /* no extended Le for files */
    SEEK(0),
    WRITE("@0+600", .log = "00D60000FF* 00D600FFFF* 00D601FE5A*"),
    CLOSE(),
    UNLOCK(),
    END_OF_STEPS
};

static const struct step extended_steps[] =
{
    LOCK(),
    OPEN(L"3F00/7004"),
    READ(1000, "@0+600", .log = "00B201040003E8"),
    READ(1000, "@0+256"),
    READ(100, "@0+100", .log = "00B203040003E8"), /* the rest of a record is dropped */
    READ(1000, "@0+1000"),
    READ(1000, NULL, .hr = SCARD_W_EOF),
    SEEK(1),
    WRITE("@7+700", .log = "00DC02040002BC*"),
    SEEK(1),
    READ(1000, "@7+700"),
    SEEK(1),
    WRITE("@7+255", .log = "00DC0204FF*"),
    SEEK(4),
    WRITE("@9+300", .log = "00E2000000012C*"),
    SEEK(4),
    READ(1000, "@9+300"),
    CLOSE(),
    UNLOCK(),
    SET_PROPERTIES(L"3F00/5000/0001", OBJECT300, .log = "00A408* 00DA008500012C*"),
    PROPERTIES(L"3F00/5000", "85", .out = OBJECT300), /* which had it already */
    CREATE(L"3F00/6F01", "820101 80020010 " OBJECT300, .log = "00A40000023F0000 00E00000000*"),
    PROPERTIES(L"3F00/6F01", "85", .out = OBJECT300),
    INTERNAL(0, "=00*300", .more = "01", .out = "?8", .log = "0088000100012C*"),
    END_OF_STEPS
};

/* The card does not keep the promise of its ATR: found out once. */
static const struct step chained_steps[] =
{
    LOCK(),
    OPEN(L"3F00/7004"),
    SEEK(1),
    WRITE("@7+700", .log = "00DC02040002BC* 10DC0204FF* 10DC0204FF* 00DC0204BE*"),
    WRITE("@9+300", .log = "10DC0304FF* 00DC03042D*"),
    WRITE("@11+256", .log = "10DC0404FF* 00DC040401*"),
    WRITE("@11+255", .log = "00E20000FF*"),
    SEEK(3),
    READ(1000, NULL, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = "00B2040400"), /* if that is all? */
    READ(256, "@11+256", .log = "00B2040400"),
    CLOSE(),
    UNLOCK(),
    SET_PROPERTIES(L"3F00/5000/0001", OBJECT300, .log = "00A408* 10DA0085FF* 00DA00852D*"),
    CREATE(L"3F00/6F01", "820101 80020010 " OBJECT300, .log = "00A4* 10E00000FF* 00E00000*"),
    INTERNAL(0, "=00*300", .more = "01", .out = "?8", .log = "10880001FF* 008800012D*"),
    /* A piece that is refused ends it. */
    RIG("card script 6985"),
    INTERNAL(0, "=00*300", .more = "01", .hr = SCARD_W_SECURITY_VIOLATION, .log = "10880001FF*"),
    END_OF_STEPS
};

/* Over T=0 nothing is extended, whatever the ATR says, and long answers come in parts (61xx). */
static const struct step t0_steps[] =
{
    LOCK(),
    OPEN(L"3F00/7004"),
    READ(1000, "@0+600", .log = "00B2010400 00C0000000 00C0000058"),
    READ(1000, "@0+256"),
    READ(100, "@0+100"),
    READ(1000, "@0+1000"),
    SEEK(1),
    WRITE("@7+700", .log = "10DC0204FF* 10DC0204FF* 00DC0204BE*"),
    SEEK(1),
    READ(1000, "@7+700"),
    CLOSE(),
    UNLOCK(),
    SET_PROPERTIES(L"3F00/5000/0001", OBJECT300, .log = "00A408* 00C0* 10DA0085FF* 00DA00852D*"),
    CREATE(L"3F00/6F01", "820101 80020010 " OBJECT300),
    PROPERTIES(L"3F00/6F01", "85", .out = OBJECT300),
    INTERNAL(0, "=00*300", .more = "01", .out = "?8", .log = "10880001FF* 008800012D* 00C0*"),
    END_OF_STEPS
};

/* What proves something is not tried in two ways. */
static const struct step secret_steps[] =
{
    CHALLENGE(8),
    EXTERNAL(0, "=00*300", .more = "01", .hr = SCARD_E_INVALID_PARAMETER,
             .log = "0082000100012C*"),
    END_OF_STEPS
};

/* No promise: nothing is sent. */
static const struct step short_steps[] =
{
    SET_PROPERTIES(L"3F00/2F06", OBJECT300, .hr = SCARD_E_UNSUPPORTED_FEATURE,
                   .log = "00A40800022F0600"),
    CREATE(L"3F00/6F01", "820101 80020010 " OBJECT300, .hr = SCARD_E_UNSUPPORTED_FEATURE,
           .log = "00A40000023F0000"),
    INTERNAL(0, "=00*300", .more = "01", .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    CHALLENGE(8),
    EXTERNAL(0, "=00*300", .more = "01", .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    END_OF_STEPS
};

START_TEST(icclong)
{
    static const struct
    {
        const char *card, *what;
        const struct step *steps;
    } tables[] =
    {
        {"big", "files", files_steps},
        {"big", "extended", extended_steps},
        {"chain", "files, chaining", files_steps},
        {"chain", "chained", chained_steps},
        {"chain", "secret", secret_steps},
        {"chain-t0", "T=0", t0_steps},
        {"iso-t1", "short", short_steps},
    };
    unsigned i;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    fact(GUESS);
    create_services();
    for (i = 0; i < ARRAYSIZE(tables); i++)
    {
        use_card(tables[i].card, SHARED);
        run_steps(tables[i].what, tables[i].steps);
    }
    release_services();
    CoUninitialize();
}

/*
 * Cards before ISO 7816-4: Cryptoflex (classes C0 and F0, raw answers, 67xx, DIR), Cyberflex Access
 * (class 00 with other raw answers) and SIMs of GSM 11.11 (class A0, 9Fxx, 94xx, 98xx), and how the
 * class of an unknown card is found.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The files are those of tests/cards/profiles/flex.files and gsm.card.
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

#define GOOD  "3132333435363738"
#define WRONG "3939393939393939"
#define KEY1  "0102030405060708"

/* ---- Cryptoflex ---- */

static const struct step flex_files[] =
{
    LOCK(),
    OPEN(L"5000/0001", .log = "C0A40000023F00 C0C00000?? C0A40000025000 C0C00000?? "
                              "C0A40000020001 C0C00000??"),
    READ(16, "@0+16", .log = "C0B0000010"),
    READ(300, "@16+184", .log = "C0B00010B8"),
    READ(1, NULL, .hr = SCARD_W_EOF, .log = ""),
    SEEK(0),
    WRITE("AABB", .log = "C0D6000002AABB"),
    SEEK(0),
    READ(3, "AABB0E"),
    WRITE("00", .flags = SC_FL_OR, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    ERASE(1, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    CLOSE(),
    OPEN(L"5000/0002"),
    READ(256, "7265636F7264206E756D62657220312E", .log = "C0B2010410"), /* its exact length */
    SEEK(2),
    WRITE("=33*16", .log = "C0DC030410*"),
    SEEK(2),
    READ(256, "=33*16"),
    READ(256, NULL, .hr = SCARD_W_EOF),
    CLOSE(),
    OPEN(L"5000/0003"),
    READ(256, "010203", .log = "C0B2010400 C0B2010403"), /* 6703 */
    READ(256, "0405060708", .log = "C0B2020400 C0B2020405"),
    READ(256, NULL, .hr = SCARD_W_EOF),
    CLOSE(),
    OPEN(L"5000/0004"),
    READ(256, "656E7472792020203034"),
    SEEK(0),
    WRITE("=55*10", .log = "C0DC00030A*"),
    SEEK(0),
    READ(256, "=55*10"),
    READ(256, "656E7472792020203034"),
    CLOSE(),
    OPEN_SFI(L"5000/01", .hr = SCARD_E_FILE_NOT_FOUND),
    OPEN(L"5000/0099", .hr = SCARD_E_FILE_NOT_FOUND),
    OPEN(L"5000", .hr = SCARD_E_NO_FILE),
    UNLOCK(),
    PROPERTIES(L"5000/0002", "83 80 82", .out = "83020002 80020030 8206020000100003"),
    END_OF_STEPS
};

static const struct step flex_codes[] =
{
    OPEN(L"5000/0005"),
    READ(8, NULL, .hr = SCARD_W_SECURITY_VIOLATION),
    VERIFY(1, GOOD, .log = "C020000108" GOOD),
    READ(8, "5345435245543100"),
    VERIFY(1, WRONG, .hr = SCARD_W_WRONG_CHV, .log = "C020000108" WRONG), /* 6300 */
    VERIFY(1, GOOD, .flags = SC_FL_IHV_LOCAL, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    VERIFY(1, NULL, .flags = SC_FL_IHV_CHECKONLY, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    UNBLOCK(1, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    CHANGE(1, GOOD, WRONG, .log = "F024000110" GOOD WRONG),
    CHANGE(1, WRONG, GOOD),
    CHANGE(1, NULL, GOOD, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    CHANGE(1, GOOD, NULL, .flags = SC_FL_IHV_ENABLE, .hr = SCARD_E_UNSUPPORTED_FEATURE,
           .log = "C028000108" GOOD),
    READ(8, "=00*8"),
    END_OF_STEPS
};

static const struct step flex_logout[] =
{
    OPEN(L"5000/0005"),
    VERIFY(1, GOOD),
    READ(8, "5345435245543100"),
    RESET_STATE(.log = "F022070000"), /* a command, so nobody else is disturbed */
    SEEK(0),
    READ(8, NULL, .hr = SCARD_W_SECURITY_VIOLATION),
    VERIFY(1, GOOD),
    READ(8, "5345435245543100"),
    CLOSE(),
    CHALLENGE(8, .out = "?8", .log = "C084000008"),
    EXTERNAL(0, "!" KEY1, .more = "01", .log = "C082000108*"),
    INTERNAL(0, "0011223344556677", .more = "01", .out = "023764A1C6FB2875"),
    VERIFY(1, WRONG, .hr = SCARD_W_WRONG_CHV),
    VERIFY(1, WRONG, .hr = SCARD_W_WRONG_CHV),
    VERIFY(1, WRONG, .hr = SCARD_W_CHV_BLOCKED), /* 6983, as this card has no counter */
    VERIFY(1, GOOD, .hr = SCARD_W_CHV_BLOCKED, .log = "C020000108" GOOD),
    END_OF_STEPS
};

static const struct step flex_life[] =
{
    DIRECTORY(SC_TYPE_ALL_FILES, L"0002 5000",
              /* The first SELECT is for the class. */
              .log = "C0A40000023F00 C0C00000?? C0A40000023F00 C0C00000?? F0A8000004 F0A8000004 "
                     "F0A8000004"),
    DIRECTORY(SC_TYPE_DIRECTORIES, L"5000"),
    DIRECTORY(SC_TYPE_FILES, L"0002"),
    CHANGE_DIR(L"5000"),
    DIRECTORY(SC_TYPE_ALL_FILES, L"0001 0002 0003 0004 0005"),
    DIRECTORY(SC_TYPE_FILES, L"0001 0002 0003 0004 0005"),
    DIRECTORY(SC_TYPE_DIRECTORIES, L""),
    DIRECTORY(SC_TYPE_DIRECTORY_FILE, L""),
    DIRECTORY(SC_TYPE_TRANSPARENT_EF, L"0001 0005"),
    DIRECTORY(SC_TYPE_FIXED_EF, L"0002"),
    DIRECTORY(SC_TYPE_CYCLIC_EF, L"0004"),
    DIRECTORY(SC_TYPE_VARIABLE_EF, L"0003"),
    CURRENT_DIR(L"3F00/5000"),
    OPEN(L"0001"),
    READ(1, NULL),
    CLOSE(),
    CHANGE_DIR(L"3F00"),

    /* FCP objects become this card's header. */
    CREATE(L"6F01", "820101 80020010", .more = "0102",
           .log = "C0A40000023F00 C0C00000?? F0E0000010FFFF00106F0101FF0000000103000000 "
                  "C0A4* C0C0* C0A4* C0C0* C0D60000020102"),
    CREATE(L"6F02", "82050221000803", .more = "=44*24"),
    OPEN(L"6F02"),
    READ(256, "=44*8"),
    CLOSE(),
    CREATE(L"6F03", "FFFF00206F0301FF000000010300 0000", .hr = E_INVALIDARG), /* two */
    CREATE(L"6F03", "FFFF00206F0301FF0000000103000000"), /* the card's own header */
    CREATE(L"6000", "820138 80020200"),
    CREATE(L"6000/0001", "820101 80020010"),
    CREATE(L"6000/6100", "820138 80020100"),
    CREATE(L"6000/6100/0001", "820101 80020010"),
    CREATE(L"6F01", "820101 80020010", .hr = (HRESULT)0x80070050),

    DELETE_FILE(L"6F01", .log = "C0A40000023F00 C0C00000?? C0A40000026F01 C0C00000?? "
                                "F0E40000026F01"),
    DELETE_FILE(L"6F02", .flags = SC_FL_NON_RECURSIVE),
    DELETE_FILE(L"6000", .flags = SC_FL_NON_RECURSIVE, .hr = SCARD_E_NO_ACCESS), /* not empty */
    DELETE_FILE(L"6000", .hr = SCARD_W_SECURITY_VIOLATION), /* the card's 6985 */
    DELETE_FILE(L"6000", .flags = SC_FL_RECURSIVE),
    CHANGE_DIR(L"6000", .hr = SCARD_E_DIR_NOT_FOUND),
    CREATE(L"6001", "820138", .hr = E_INVALIDARG), /* this card wants a size */
    CREATE(L"6001", "820138 80020100"),
    DELETE_FILE(L"6001", .flags = SC_FL_NON_RECURSIVE),
    DIRECTORY(SC_TYPE_ALL_FILES, L"0002 5000 6F03"),

    INVALIDATE(L"6F03", .log = "C0A4* C0C0* C0A4* C0C0* F004000000"),
    PROPERTIES(L"6F03", "8A", .out = "8A0104"),
    REHABILITATE(L"6F03", .log = "C0A4* C0C0* C0A4* C0C0* F044000000"),
    PROPERTIES(L"6F03", "8A", .out = "8A0105"),
    SET_PROPERTIES(L"6F03", "8501AA", .hr = SCARD_E_UNSUPPORTED_FEATURE),
    END_OF_STEPS
};

/* The same card with an ATR that nobody knows: 6E00 leads to class C0. */
static const struct step unknown_card[] =
{
    OPEN(L"5000/0001", .log = "00A408000450000001 C0A408000450000001 C0A40000023F00 C0C0* "
                              "C0A40000025000 C0C0* C0A40000020001 C0C0*"),
    READ(16, "@0+16"),
    CLOSE(),
    CHANGE_DIR(L"5000", .log = "C0A40000023F00 C0C0* C0A40000025000 C0C0*"),
    OPEN(L"0002"),
    READ(256, "7265636F7264206E756D62657220312E"),
    CLOSE(),
    END_OF_STEPS
};

static const struct step unknown_code[] =
{
    /* SELECT finds the class, so the code goes out once. */
    VERIFY(1, WRONG, .hr = SCARD_W_WRONG_CHV, .log = "00A40000023F00 C0A40000023F00 C0C00000?? "
                                                     "C020000108" WRONG),
    VERIFY(1, GOOD, .log = "C020000108" GOOD),
    END_OF_STEPS
};

/* ---- Cyberflex Access ---- */

static const struct step cyberflex_files[] =
{
    LOCK(),
    OPEN(L"5000/0001", .log = "00A40000023F00 00C00000?? 00A40000025000 00C00000?? "
                              "00A40000020001 00C00000??"),
    READ(300, "@0+200", .log = "00B00000C8"),
    READ(1, NULL, .hr = SCARD_W_EOF, .log = ""),
    SEEK(0),
    WRITE("AABB", .log = "00D6000002AABB"),
    SEEK(0),
    READ(3, "AABB0E"),
    WRITE("00", .flags = SC_FL_OR, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    CLOSE(),
    OPEN(L"5000/0002"),
    /* This layout does not tell the record length, 6C10 does. */
    READ(256, "7265636F7264206E756D62657220312E", .log = "00B2010400 00B2010410"),
    SEEK(2),
    WRITE("=33*16", .log = "00DC030410*"),
    SEEK(2),
    READ(256, "=33*16"),
    READ(256, NULL, .hr = SCARD_W_EOF),
    CLOSE(),
    OPEN(L"5000/0003"),
    READ(256, "010203"),
    CLOSE(),
    OPEN(L"5000/0004"),
    READ(256, "656E7472792020203034"),
    SEEK(0),
    WRITE("=55*10", .log = "00DC00030A*"),
    SEEK(0),
    READ(256, "=55*10"),
    CLOSE(),
    OPEN(L"5000/0099", .hr = SCARD_E_FILE_NOT_FOUND),
    OPEN(L"5000", .hr = SCARD_E_NO_FILE),
    UNLOCK(),
    PROPERTIES(L"5000/0001", "83 80 82", .out = "83020001 800200C8 820101"),
    END_OF_STEPS
};

static const struct step cyberflex_life[] =
{
    DIRECTORY(SC_TYPE_ALL_FILES, L"0002 5000",
              .log = "00A40000023F00 00C00000?? 00A40000023F00 00C00000?? 00A8000106 00A8000206 "
                     "00A8000306"),
    CHANGE_DIR(L"5000"),
    DIRECTORY(SC_TYPE_FILES, L"0001 0002 0003 0004 0005"),
    DIRECTORY(SC_TYPE_DIRECTORIES, L""),
    DIRECTORY(SC_TYPE_TRANSPARENT_EF, L"0001 0005"),
    DIRECTORY(SC_TYPE_FIXED_EF, L"0002"),
    DIRECTORY(SC_TYPE_VARIABLE_EF, L"0003"),
    DIRECTORY(SC_TYPE_CYCLIC_EF, L"0004"),
    OPEN(L"0005"),
    READ(8, NULL, .hr = SCARD_W_SECURITY_VIOLATION),
    VERIFY(1, WRONG, .hr = SCARD_W_WRONG_CHV, .log = "0020000108" WRONG), /* 6300 */
    VERIFY(1, GOOD, .log = "0020000108" GOOD),
    READ(8, "5345435245543100"),
    VERIFY(1, GOOD, .flags = SC_FL_IHV_LOCAL, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    CHANGE(1, GOOD, WRONG, .log = "0024000110" GOOD WRONG),
    CHANGE(1, WRONG, GOOD),
    RESET_STATE(.log = ""), /* it has no logout: a reset */
    SEEK(0),
    READ(8, NULL, .hr = SCARD_W_SECURITY_VIOLATION),
    CLOSE(),
    CHALLENGE(8, .out = "?8", .log = "0084000008"),
    EXTERNAL(0, "!" KEY1, .more = "01", .log = "0082000108*"),
    CREATE(L"0009", "820101 80020010", .hr = SCARD_E_UNSUPPORTED_FEATURE),
    CHANGE_DIR(L"3F00"),
    DELETE_FILE(L"5000", .hr = SCARD_W_SECURITY_VIOLATION), /* the card's 6985 */
    DELETE_FILE(L"5000", .flags = SC_FL_RECURSIVE),
    DIRECTORY(SC_TYPE_ALL_FILES, L"0002"),
    INVALIDATE(L"0002", .log = "00A4* 00C0* 00A4* 00C0* 0004000000"),
    PROPERTIES(L"0002", "8A", .out = "8A0104"),
    END_OF_STEPS
};

/* ---- GSM ---- */

#define PIN1 "31323334FFFFFFFF"
#define PIN2 "35363738FFFFFFFF"

static const struct step gsm_steps[] =
{
    VERIFY(1, PIN1, .log = "00A40000023F00 C0A40000023F00 A0A40000023F00 A0C00000?? "
                           "A020000108" PIN1),
    CHANGE_DIR(L"7F20", .log = "A0A40000023F00 A0C0* A0A40000027F20 A0C0*"),
    LOCK(),
    CHANGE_DIR(L"."),
    OPEN(L"6F07", .log = "A0A40000026F07 A0C000000F"),
    READ(9, "082926000100000010", .log = "A0B0000009"),
    READ(9, NULL, .hr = SCARD_W_EOF, .log = ""),
    SEEK(0),
    WRITE("00", .hr = SCARD_W_SECURITY_VIOLATION, .log = "A0D600000100"), /* 9804 */
    CLOSE(),
    OPEN(L"6F20"),
    WRITE("0102030405060708FF", .log = "A0D6000009*"),
    SEEK(0),
    READ(256, "0102030405060708FF"),
    CLOSE(),
    OPEN(L"6FFF", .hr = SCARD_E_FILE_NOT_FOUND), /* 9404 */
    CHANGE_DIR(L"6F07", .hr = SCARD_E_NO_DIR),
    OPEN(L"../7F10/6F3A"),
    READ(256, "416C696365FFFFFFFFFFFFFFFFFF0791947121436587FFFFFFFFFFFF", .log = "A0B201041C"),
    WRITE("=77*28", .log = "A0DC02041C*"),
    SEEK(1),
    READ(256, "=77*28"),
    SEEK_FROM(SC_SEEK_FROM_END, -1),
    READ(256, NULL),
    READ(256, NULL, .hr = SCARD_W_EOF), /* 9402 */
    CLOSE(),
    OPEN(L"../7F10/6F44"),
    WRITE("=88*24", .log = "A0DC000318*"),
    SEEK(0),
    READ(256, "=88*24"),
    CLOSE(),
    PROPERTIES(L"../7F10/6F3A", "83 80 82", .out = "83026F3A 8002008C 82060200001C0005"),
    UNLOCK(),
    END_OF_STEPS
};

static const struct step gsm_codes[] =
{
    VERIFY(1, PIN1),
    VERIFY(1, PIN2, .hr = SCARD_W_WRONG_CHV, .log = "A020000108" PIN2), /* 9804 */
    VERIFY(1, PIN1),
    VERIFY(1, PIN1, .flags = SC_FL_IHV_LOCAL, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    VERIFY(1, NULL, .flags = SC_FL_IHV_CHECKONLY, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    UNBLOCK(1, .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    CHANGE(1, PIN1, PIN2, .log = "A024000110" PIN1 PIN2),
    CHANGE(1, PIN2, PIN1),
    CHANGE(1, PIN1, NULL, .flags = SC_FL_IHV_ENABLE, .log = "A028000108" PIN1), /* 9808: already */
    CHANGE(1, PIN1, NULL, .flags = SC_FL_IHV_DISABLE, .log = "A026000108" PIN1),
    CHANGE(1, PIN1, NULL, .flags = SC_FL_IHV_DISABLE, .log = "A026000108" PIN1),
    VERIFY(1, PIN1, .hr = SCARD_W_SECURITY_VIOLATION), /* 9808: it is off */
    CHANGE(1, PIN1, NULL, .flags = SC_FL_IHV_ENABLE, .log = "A028000108" PIN1),
    VERIFY(2, PIN2),
    INVALIDATE(L"7F10/6F3A"),
    PROPERTIES(L"7F10/6F3A", "8A", .out = "8A0104"),
    INVALIDATE(L"7F10/6F3A"), /* 9810: already */
    REHABILITATE(L"7F10/6F3A"),
    REHABILITATE(L"7F10/6F3A"),
    PROPERTIES(L"7F10/6F3A", "8A", .out = "8A0105"),
    CREATE(L"6F01", "820101 80020010", .hr = SCARD_E_UNSUPPORTED_FEATURE),
    DELETE_FILE(L"2FE2", .hr = SCARD_E_UNSUPPORTED_FEATURE),
    DIRECTORY(SC_TYPE_ALL_FILES, NULL, .hr = E_NOTIMPL),
    INTERNAL(0, "00112233445566770000000000000000", .out = "023764A1C6FB2875"),
    CHALLENGE(8, .hr = SCARD_E_UNSUPPORTED_FEATURE),
    VERIFY(1, PIN2, .hr = SCARD_W_WRONG_CHV),
    VERIFY(1, PIN2, .hr = SCARD_W_WRONG_CHV),
    VERIFY(1, PIN2, .hr = SCARD_W_CHV_BLOCKED), /* 9840 */
    VERIFY(1, PIN1, .hr = SCARD_W_CHV_BLOCKED),
    END_OF_STEPS
};

START_TEST(iccfamilies)
{
    static const struct
    {
        const char *card, *what;
        const struct step *steps;
    } tables[] =
    {
        {"flex", "flex files", flex_files},
        {"flex", "flex codes", flex_codes},
        {"flex", "flex logout", flex_logout},
        {"flex", "flex life", flex_life},
        {"flex-unknown", "unknown card", unknown_card},
        {"flex-unknown", "unknown card's code", unknown_code},
        {"cyberflex", "cyberflex files", cyberflex_files},
        {"cyberflex", "cyberflex life", cyberflex_life},
        {"gsm", "gsm", gsm_steps},
        {"gsm", "gsm codes", gsm_codes},
    };
    unsigned i;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    fact(GUESS);
    create_services();
    for (i = 0; i < ARRAYSIZE(tables); i++)
    {
        use_card(tables[i].card, SHARED); /* a new one */
        run_steps(tables[i].what, tables[i].steps);
    }
    release_services();
    CoUninitialize();
}

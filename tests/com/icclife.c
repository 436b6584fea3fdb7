/*
 * The life of files: directories, Create, Delete, Directory, Invalidate, properties, on ISO 7816-4
 * cards over T=1 and T=0.
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

#define FILE_EXISTS ((HRESULT)0x80070050)

#define CREATE_AS(kind, path, objects, ...) \
    {.op = STEP_CREATE, .type = kind, .name = path, .data = objects, __VA_ARGS__}
#define DELETE_AS(kind, path, ...) \
    {.op = STEP_DELETE, .type = kind, .name = path, __VA_ARGS__}
#define PROPERTIES_AS(kind, path, tags, ...) \
    {.op = STEP_PROPERTIES, .type = kind, .name = path, .data = tags, __VA_ARGS__}

static const struct step directories[] =
{
    CURRENT_DIR(L"3F00", .log = ""),
    CHANGE_DIR(L"5100/5101", .log = "00A40800045100510100"),
    CURRENT_DIR(L"3F00/5100/5101", .log = ""),
    OPEN(L"0001", .log = "00A4080006510051010001*"),
    CLOSE(),
    CHANGE_DIR(L"..", .log = "00A4080002510000"),
    CHANGE_DIR(L"../../5000", .hr = SCARD_E_DIR_NOT_FOUND, .log = ""),
    CHANGE_DIR(L"../5000/0001", .hr = SCARD_E_NO_DIR),
    CHANGE_DIR(L"7777", .hr = SCARD_E_DIR_NOT_FOUND),
    CURRENT_DIR(L"3F00/5100"),
    LOCK(),
    CHANGE_DIR(L"."),
    CHANGE_DIR(L".", .log = ""), /* it is, and nobody can change it */
    UNLOCK(),
    CHANGE_DIR_NAME(L"#A0000000010301", .log = "00A4040007A000000001030100"),
    CURRENT_DIR(L"#A0000000010301"),
    CHANGE_DIR_NAME(L"#A000000001FF", .hr = SCARD_E_DIR_NOT_FOUND),
    CURRENT_DIR(L"#A0000000010301"),
    OPEN(L"0001"),
    READ(2, "5101"),
    CLOSE(),
    CHANGE_DIR_NAME(L"#A0000000", .log = "00A4040004A000000000"), /* the first of these */
    CHANGE_DIR_NAME(L"\"name\"", .hr = SCARD_E_DIR_NOT_FOUND, .log = "00A40400046E616D6500"),
    CHANGE_DIR_NAME(L"MF", .log = "00A40000023F0000"),
    CURRENT_DIR(L"3F00"),
    END_OF_STEPS
};

static const struct step creating[] =
{
    CHANGE_DIR(L"3F00"),
    CREATE(L"6F01", "820101 80020010",
           .log = "00A40000023F0000 00E000000D620B82010183026F0180020010"),
    CREATE(L"6F01", "820101 80020010", .hr = FILE_EXISTS),
    CREATE(L"6F02", "80020010 8A0105 860100 820101", .more = "0102",
           .log = "00A4* 00E0000013621182010183026F02800200108A0105860100 00A4* 00D60000020102"),
    END_OF_STEPS
};

static const struct step creating_more[] =
{
    CREATE(L"6F03", "820101 80020002", .more = "010203", .hr = SCARD_E_WRITE_TOO_MANY, .log = ""),
    /* Without a size the card says 6A80. */
    CREATE(L"6F03", "820101", .more = "010203", .hr = SCARD_E_INVALID_PARAMETER),
    CREATE(L"6F03", "820101", .more = "010203", .flags = SC_FL_PREALLOCATE),
    OPEN(L"3F00/6F03"),
    READ(10, "010203"),
    CLOSE(),
    CREATE(L"6F04", "820101 80030FFFFF", .hr = SCARD_E_NO_MEMORY),
    CREATE(L"7777/6F04", "820101 80020010", .hr = SCARD_E_DIR_NOT_FOUND),

    /* Records, filled one by one. */
    CREATE(L"6F05", "82050221000403", .more = "=11*12"),
    OPEN(L"3F00/6F05"),
    READ(256, "11111111"),
    SEEK(2),
    READ(256, "11111111"),
    READ(256, NULL, .hr = SCARD_W_EOF),
    CLOSE(),
    CREATE(L"6F06", "82050421000803", .more = "=22*12"), /* of variable length */
    OPEN(L"3F00/6F06"),
    READ(256, "=22*8"),
    READ(256, "=22*4"),
    READ(256, NULL, .hr = SCARD_W_EOF),
    CLOSE(),
    CREATE(L"6F07", "82050621000203", .more = "010102020303"), /* cyclic */
    OPEN(L"3F00/6F07"),
    READ(256, "0303"),
    READ(256, "0202"),
    CLOSE(),

    /* Directories, and files in them; the current one stays. */
    CREATE(L"6000", "820138"),
    CURRENT_DIR(L"3F00"),
    CREATE(L"6000/0001", "820101 80020004", .more = "AABBCCDD"),
    OPEN(L"6000/0001"),
    READ(4, "AABBCCDD"),
    CLOSE(),
    CREATE_AS(SC_TYPE_BY_NAME, L"#A000000009", "820138"),
    CHANGE_DIR_NAME(L"#A000000009"),
    CHANGE_DIR(L"3F00"),
    CREATE_AS(SC_TYPE_BY_SHORT_ID, L"6000/07", "820101 83020007 80020004"),
    OPEN_SFI(L"6000/07"),
    WRITE("01020304"),
    CLOSE(),
    OPEN(L"6000/0007"),
    READ(4, "01020304"),
    CLOSE(),
    CREATE(L"6001", "62078201388302 6001", .hr = E_INVALIDARG), /* two objects */
    CREATE(L"6001", "620782013883026001"),                      /* one, sent as it is */
    CHANGE_DIR(L"6001"),
    CHANGE_DIR(L"3F00"),
    CREATE(L"6002", "6F07820138830260 02", .hr = E_INVALIDARG),
    CREATE(L"6002", "6F07820138830260FF", .hr = SCARD_E_INVALID_PARAMETER), /* the card wants 62 */
    END_OF_STEPS
};

static const struct step deleting[] =
{
    OPEN(L"3F00/6F03"),
    DELETE_FILE(L"6F03"),
    READ(1, NULL, .hr = SCARD_E_FILE_NOT_FOUND), /* gone under an open handle */
    CLOSE(),
    OPEN(L"3F00/6F03", .hr = SCARD_E_FILE_NOT_FOUND),
    DELETE_FILE(L"6F03", .hr = SCARD_E_FILE_NOT_FOUND),
    DELETE_FILE(L"7777/6F03", .hr = SCARD_E_DIR_NOT_FOUND),
    DELETE_AS(SC_TYPE_BY_NAME, L"#A000000009", .flags = SC_FL_NON_RECURSIVE,
              .hr = SCARD_E_UNSUPPORTED_FEATURE),
    DELETE_AS(SC_TYPE_BY_NAME, L"#A000000009", .log = "00E4040005A000000009"),
    /* A short id alone does not tell the file id. */
    DELETE_AS(SC_TYPE_BY_SHORT_ID, L"6000/07", .hr = SCARD_E_UNSUPPORTED_FEATURE),
    OPEN(L"6000/0007"),
    DELETE_AS(SC_TYPE_BY_SHORT_ID, L"6000/07"),
    READ(1, NULL, .hr = SCARD_E_FILE_NOT_FOUND),
    CLOSE(),
    DELETE_FILE(L"6F05", .flags = SC_FL_NON_RECURSIVE),
    /* Whether a directory is empty cannot be asked here. */
    DELETE_FILE(L"6001", .flags = SC_FL_NON_RECURSIVE, .hr = SCARD_E_UNSUPPORTED_FEATURE),
    CHANGE_DIR(L"6000"),
    DELETE_FILE(L"3F00/6000", .flags = SC_FL_RECURSIVE),
    CURRENT_DIR(L"3F00"),
    CHANGE_DIR(L"6000", .hr = SCARD_E_DIR_NOT_FOUND),
    DELETE_FILE(L"6001"),
    END_OF_STEPS
};

static const struct step directory[] =
{
    DIRECTORY(SC_TYPE_DIRECTORIES, L"#A00000000102 #A00000000103"), /* EF.DIR */
    DIRECTORY(SC_TYPE_DIRECTORY_FILE, L"#A00000000102 #A00000000103"),
    DIRECTORY(SC_TYPE_FILES, NULL, .hr = E_NOTIMPL),
    DIRECTORY(SC_TYPE_ALL_FILES, NULL, .hr = E_NOTIMPL),
    DIRECTORY(SC_TYPE_TRANSPARENT_EF, NULL, .hr = E_NOTIMPL),
    DIRECTORY(SC_TYPE_FIXED_EF, NULL, .hr = E_NOTIMPL),
    DIRECTORY(SC_TYPE_CYCLIC_EF, NULL, .hr = E_NOTIMPL),
    DIRECTORY(SC_TYPE_VARIABLE_EF, NULL, .hr = E_NOTIMPL),
    CURRENT_DIR(L"3F00"),
    CHANGE_DIR(L"5000"),
    DIRECTORY(SC_TYPE_DIRECTORIES, NULL, .hr = E_NOTIMPL),
    DIRECTORY(SC_TYPE_ALL_FILES, NULL, .hr = E_NOTIMPL),
    CHANGE_DIR(L"3F00"),
    END_OF_STEPS
};

static const struct step switching[] =
{
    INVALIDATE(L"3F00/2F06"),
    OPEN(L"3F00/2F06"),
    READ(4, NULL, .hr = SCARD_E_NO_ACCESS),
    WRITE("00", .hr = SCARD_E_NO_ACCESS),
    REHABILITATE(L"3F00/2F06"),
    READ(4, "00000000"),
    CLOSE(),
    REHABILITATE(L"3F00/2F06"), /* the card does not mind */
    INVALIDATE(L"3F00/5100"),
    REHABILITATE(L"#A00000000103"),
    PROPERTIES(L"3F00/5100", "8A", .out = "8A0105"),
    INVALIDATE(L"3F00/7777", .hr = SCARD_E_FILE_NOT_FOUND),
    REHABILITATE(L"3F00/7777/0001", .hr = SCARD_E_DIR_NOT_FOUND),
    END_OF_STEPS
};

/* Over T=0 a card that warns (6283) has no way to offer the file's information. */
static const struct step state[] =
{
    INVALIDATE(L"3F00/2F06"),
    PROPERTIES(L"3F00/2F06", "8A 83", .out = "8A0104 83022F06"),
    REHABILITATE(L"3F00/2F06"),
    PROPERTIES(L"3F00/2F06", "8A", .out = "8A0105"),
    END_OF_STEPS
};

#define OF_2F05 "83022F05 8A0105 880128 80020010 81020010 820101"
#define OF_5000 "83025000 8A0105 8406A00000000102 820138"

static const struct step properties[] =
{
    PROPERTIES(L"3F00/2F05", NULL, .out = OF_2F05),
    PROPERTIES(L"3F00/2F05", "8A 85 83 BF8180", .out = "8A0105 - 83022F05 -"),
    PROPERTIES(L"3F00/2F05", "8AFFFF", .out = "8A0105"), /* a tag and what does not count */
    PROPERTIES(L"3F00/2F05", "8A 83", .flags = SC_FL_GET_ALL_PROPERTIES, .out = OF_2F05),
    PROPERTIES(L"3F00/5000", NULL, .out = OF_5000),
    PROPERTIES_AS(SC_TYPE_BY_NAME, L"#A00000000102", "84", .out = "8406A00000000102"),
    PROPERTIES(L"3F00/7777", NULL, .hr = SCARD_E_FILE_NOT_FOUND),
    /* A short id alone names nothing that SELECT knows. */
    PROPERTIES_AS(SC_TYPE_BY_SHORT_ID, L"3F00/05", NULL, .hr = SCARD_E_UNSUPPORTED_FEATURE),
    OPEN(L"3F00/2F05"),
    PROPERTIES_AS(SC_TYPE_BY_SHORT_ID, L"3F00/05", "83", .out = "83022F05"),

    /* The file opened last, else the directory. */
    OPEN(L"3F00/2F06", .slot = 1),
    CAPABILITIES("83", .out = "83022F06"),
    CLOSE(.slot = 1),
    CAPABILITIES("83 47", .out = "83022F05 4703F74100"),
    CLOSE(),
    CHANGE_DIR(L"5000"),
    CAPABILITIES(NULL, .out = OF_5000 " 4301E8 4703F74100"),
    CAPABILITIES("43 85", .out = "4301E8 -"),
    CHANGE_DIR(L"3F00"),

    SET_PROPERTIES(L"3F00/2F06", "8502AABB 860100"),
    PROPERTIES(L"3F00/2F06", "85 86", .out = "8502AABB 860100"),
    SET_PROPERTIES(L"3F00/2F06", "850111 80020001", .hr = SCARD_E_UNSUPPORTED_FEATURE),
    SET_PROPERTIES(L"3F00/2F06", "83022F07", .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    SET_PROPERTIES(L"3F00/2F06", "820138", .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    SET_PROPERTIES(L"3F00/2F06", "6203820101", .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),
    SET_PROPERTIES(L"3F00/2F06", "8A0104", .log = "00A40800022F0600 00040000"),
    SET_PROPERTIES(L"3F00/2F06", "8A0105"),
    PROPERTIES(L"3F00/2F06", "8A", .out = "8A0105"),
    SET_PROPERTIES(L"3F00/5000", "5F2001AA"),
    SET_PROPERTIES(L"3F00/7777", "8501AA", .hr = SCARD_E_FILE_NOT_FOUND),
    END_OF_STEPS
};

/* A card that keeps directories with files, and cannot list them. */
static const struct step full_directory[] =
{
    DELETE_FILE(L"5000", .hr = SCARD_W_SECURITY_VIOLATION), /* its 6985 */
    DELETE_FILE(L"5000", .flags = SC_FL_RECURSIVE, .hr = SCARD_W_SECURITY_VIOLATION),
    DELETE_FILE(L"5000/0001"),
    DELETE_FILE(L"5000"),
    DELETE_FILE(L"5001", .flags = SC_FL_RECURSIVE),
    END_OF_STEPS
};

static void test_life(void)
{
    run_steps("directories", directories);
    run_steps("create", creating);
    run_steps("create more", creating_more);
    run_steps("delete", deleting);
    run_steps("directory", directory);
    run_steps("switching", switching);
    run_steps("properties", properties);
}

START_TEST(icclife)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    fact(GUESS);
    create_services();
    attach(SHARED);
    test_life();
    run_steps("state", state);
    use_card("big", SHARED);
    run_steps("full directory", full_directory);
    use_card("iso-t0", SHARED);
    steps_without_log = TRUE;
    test_life();
    release_services();
    CoUninitialize();
}

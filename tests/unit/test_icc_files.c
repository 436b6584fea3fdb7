/*
 * Files as such: creating, deleting, listing, switching off and on.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "icc_given.h"

#define FLEX_ATR "3B951540FF6301011234"
#define MF_FCI \
    "6F0A83023F008A0105820138" \
    "9000"
#define MF {"00A40000023F0000", MF_FCI}
#define DF_FCI \
    "6F0A830250008A0105820138" \
    "9000"

/* ---- Create ---- */

struct creation
{
    const char *name;
    int32_t type;
    const char *text;
    const char *objects[MAX_GIVEN];
    const char *data; /* hex, or NULL */
    uint32_t flags;
    struct row rows[5];
    size_t count;
    int32_t result;
};

static void run_creation(const struct creation *c, const char *atr, enum apdu_protocol protocol)
{
    struct script script;
    struct given given;
    struct icc icc;
    uint8_t *data = NULL;
    size_t len = 0;
    int32_t result;

    give(&given, c->objects);
    if (c->data)
        data = test_bytes(c->data, &len);
    script_start(&script, c->name, c->rows, c->count);
    script_icc_atr(&icc, &script, protocol, atr, 0);
    result =
        icc_create(&icc, c->type, TEXT(c->text), given.objects, given.count, c->flags, data, len);
    ok(result == c->result, "%s: %08x, expected %08x\n", c->name, (unsigned)result,
       (unsigned)c->result);
    ok(!icc.position.df.known || c->data || result, "%s: the position is known\n", c->name);
    END(&script);
    icc_fini(&icc);
    free(data);
    take_back(&given);
}

static void test_create(void)
{
    static const struct creation cases[] =
    {
        {"EF", PATH_BY_ID, "0009", {"820101", "80020010"}, NULL, 0,
         {MF, {"00E000000D620B82010183020009" "80020010", "9000"}}, 2, SC_OK},
        {"order", PATH_BY_ID, "0009", {"8A0101", "86020102", "80020010", "820101"}, NULL, 0,
         {MF, {"00E0000014" "6212" "820101" "83020009" "80020010" "8A0101" "86020102",
               "9000"}}, 2, SC_OK},
        {"below", PATH_BY_ID, "5000/0009", {"820101"}, NULL, 0,
         {{"00A4080002500000", DF_FCI}, {"00E0000009" "6207" "820101" "83020009", "9000"}}, 2,
         SC_OK},
        {"whole", PATH_BY_ID, "0009", {"6F038A0101"}, NULL, 0,
         {MF, {"00E0000005" "6F038A0101", "9000"}}, 2, SC_OK},
        {"DF by name", PATH_BY_NAME, "#A00000000102", {"83025000"}, NULL, 0,
         {MF, {"00E0000011" "620F" "820138" "83025000" "8406A00000000102", "9000"}}, 2, SC_OK},
        {"short id", PATH_BY_SHORT_ID, "05", {"820101"}, NULL, 0,
         {MF, {"00E0000008" "6206" "820101" "880128", "9000"}}, 2, SC_OK},
        {"FID given too", PATH_BY_ID, "0009", {"820101", "83020009"}, NULL, 0,
         {MF, {"00E0000009" "6207" "820101" "83020009", "9000"}}, 2, SC_OK},
        {"data", PATH_BY_ID, "0009", {"820101"}, "AABB", ICC_PREALLOCATE,
         {MF, {"00E000000D620B" "820101" "83020009" "80020002", "9000"},
          {"00A4080002000900", "6F07" "820101" "80020002" "9000"},
          {"00D6000002AABB", "9000"}}, 4, SC_OK},
        {"records", PATH_BY_ID, "0009", {"820502" "00000202"}, "AABBCC", 0,
         {MF, {"00E000000D620B" "820502" "00000202" "83020009", "9000"},
          {"00A4080002000900", "6F07" "82050200000202" "9000"},
          {"00DC010402AABB", "9000"},
          {"00DC020401CC", "6982"}}, 5, SC_SECURITY_VIOLATION},
        {"exists", PATH_BY_ID, "0009", {"820101"}, NULL, 0,
         {MF, {"00E00000096207" "820101" "83020009", "6A89"}}, 2, SC_FILE_EXISTS},
        {"full", PATH_BY_ID, "0009", {"820101"}, NULL, 0,
         {MF, {"00E00000096207" "820101" "83020009", "6A84"}}, 2, SC_NO_MEMORY},
        {"no such directory", PATH_BY_ID, "5000/0009", {"820101"}, NULL, 0,
         {{"00A4080002500000", "6A82"}, MF, {"00A4010002500000", "6A82"}}, 3,
         SC_DIR_NOT_FOUND},
        {"other FID", PATH_BY_ID, "0009", {"820101", "83020008"}, NULL, 0, {MF}, 0,
         SC_INVALID_ARGUMENT},
        {"other name", PATH_BY_NAME, "AB", {"84024143"}, NULL, 0, {MF}, 0, SC_INVALID_ARGUMENT},
        {"no descriptor", PATH_BY_ID, "0009", {"80020010"}, NULL, 0, {MF}, 0,
         SC_INVALID_ARGUMENT},
        {"twice", PATH_BY_ID, "0009", {"820101", "820101"}, NULL, 0, {MF}, 0,
         SC_INVALID_ARGUMENT},
        {"truncated", PATH_BY_ID, "0009", {"820201"}, NULL, 0, {MF}, 0, SC_INVALID_ARGUMENT},
        {"too much", PATH_BY_ID, "0009", {"82010100"}, NULL, 0, {MF}, 0, SC_INVALID_ARGUMENT},
        {"nothing", PATH_BY_ID, "0009", {NULL}, NULL, 0, {MF}, 0, SC_INVALID_ARGUMENT},
        {"MF", PATH_BY_ID, "3F00", {"820138"}, NULL, 0, {MF}, 0, SC_INVALID_ARGUMENT},
        {"raw header", PATH_BY_ID, "0009", {"FFFF00100009 01FF000000 0103000000"}, NULL, 0, {MF},
         1, SC_INVALID_ARGUMENT},
        {"DF with data", PATH_BY_ID, "5000", {"820138"}, "AA", 0, {MF}, 0, SC_INVALID_ARGUMENT},
        {"too long", PATH_BY_ID, "0009", {"820101", "80020001"}, "AABB", 0, {MF}, 0,
         SC_WRITE_TOO_MANY},
        {"secure messaging", PATH_BY_ID, "0009", {"820101"}, NULL, ICC_SECURE_MESSAGING, {MF}, 0,
         SC_UNSUPPORTED_FEATURE},
        {"flags", PATH_BY_ID, "0009", {"820101"}, NULL, 0x10000, {MF}, 0, SC_INVALID_ARGUMENT},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(cases); i++)
        run_creation(&cases[i], "3B00", APDU_T1);
}

/* 64 objects are taken, but not one more. */
static void test_create_many(void)
{
    static const struct row gone = {"00A40000023F0000", "!80100069"};
    uint8_t bytes[65][4] = {{0x82, 0x01, 0x01}};
    struct icc_tlv objects[65] = {{3, bytes[0]}};
    struct script script;
    struct icc icc;
    uint8_t i;

    for (i = 1; i < COUNT_OF(objects); i++)
    {
        bytes[i][0] = 0x9F;
        bytes[i][1] = i;
        bytes[i][2] = 0x01;
        objects[i].size = sizeof(bytes[i]);
        objects[i].data = bytes[i];
    }
    script_start(&script, "many objects", &gone, 1);
    script_icc(&icc, &script);
    EXPECT(icc_create(&icc, PATH_BY_ID, TEXT("0009"), objects, 65, 0, NULL, 0),
           SC_INVALID_ARGUMENT);
    EXPECT(icc_create(&icc, PATH_BY_ID, TEXT("0009"), objects, 64, 0, NULL, 0), SC_REMOVED_CARD);
    END(&script);
    icc_fini(&icc);
}

#define FLEX_MF {"C0A40000023F00", "9000"}

static void test_create_flex(void)
{
    static const struct creation cases[] =
    {
        {"transparent", PATH_BY_ID, "0009", {"820101", "80020010", "8603112233"}, NULL, 0,
         {FLEX_MF, {"F0E0000010" "FFFF0010" "0009" "01FF" "112233" "01" "03" "000000", "9000"}},
         2, SC_OK},
        {"fixed", PATH_BY_ID, "0009", {"8204020000" "08", "80020020"}, NULL, 0,
         {FLEX_MF, {"F0E0000411" "FFFF0020" "0009" "02FF" "000000" "01" "04" "000000" "08",
                    "9000"}}, 2, SC_OK},
        {"class C0", PATH_BY_ID, "0009", {"820138", "80020010"}, NULL, 0,
         {FLEX_MF, {"F0E0000010" "FFFF0010" "0009" "38FF" "000000" "01" "03" "000000", "6E00"},
          {"C0E0000010" "FFFF0010" "0009" "38FF" "000000" "01" "03" "000000", "9000"}}, 3,
         SC_OK},
        {"raw", PATH_BY_ID, "0009", {"FFFF00200009 02FF000000 0104000000 08"}, NULL, 0,
         {FLEX_MF, {"F0E0000411" "FFFF0020" "0009" "02FF" "000000" "01" "04" "000000" "08",
                    "9000"}}, 2, SC_OK},
        {"no size", PATH_BY_ID, "0009", {"820101"}, NULL, 0, {FLEX_MF}, 1, SC_INVALID_ARGUMENT},
        {"256 records", PATH_BY_ID, "0009", {"8204020000" "01", "80020100"}, NULL, 0, {FLEX_MF}, 1,
         SC_INVALID_ARGUMENT},
    };
    static const struct creation cyberflex = {"cyberflex", PATH_BY_ID, "0009",
        {"820101", "80020010"}, NULL, 0, {{"00A40000023F00", "9000"}}, 1,
        SC_UNSUPPORTED_FEATURE};
    size_t i;

    for (i = 0; i < COUNT_OF(cases); i++)
        run_creation(&cases[i], FLEX_ATR, APDU_T0);
    run_creation(&cyberflex, "3B169481100601813F", APDU_T0);
}

/* ---- Delete ---- */

#define EF_9 {"00A4080002000900", "6F03820101" "9000"}

static void test_delete(void)
{
    static const struct
    {
        const char *name;
        int32_t type;
        const char *text;
        uint32_t flags;
        struct row rows[6];
        size_t count;
        int32_t result;
    } cases[] = {
        /* Seen to be there first: the card would look elsewhere too. */
        {"EF", PATH_BY_ID, "0009", 0, {EF_9, {"00E40000020009", "9000"}}, 2, SC_OK},
        {"missing",
         PATH_BY_ID,
         "0009",
         0,
         {{"00A4080002000900", "6A82"},
          MF,
          {"00A4020002000900", "6A82"},
          {"00A4010002000900", "6A82"}},
         4,
         SC_FILE_NOT_FOUND},
        {"gone", PATH_BY_ID, "0009", 0, {EF_9, {"00E40000020009", "6A82"}}, 2, SC_FILE_NOT_FOUND},
        {"terminated",
         PATH_BY_ID,
         "0009",
         0,
         {{"00A4080002000900", "6285"}, MF, {"00E40000020009", "9000"}},
         3,
         SC_OK},
        {"refused",
         PATH_BY_ID,
         "0009",
         ICC_RECURSIVE,
         {EF_9, {"00E40000020009", "6982"}},
         2,
         SC_SECURITY_VIOLATION},
        {"type EF",
         PATH_BY_ID,
         "0009",
         0,
         {EF_9, {"00E40000020009", "6A86"}, {"00E40200020009", "9000"}},
         3,
         SC_OK},
        {"type DF",
         PATH_BY_ID,
         "5000",
         0,
         {{"00A4080002500000", DF_FCI}, MF, {"00E40000025000", "6B00"}, {"00E40100025000", "9000"}},
         4,
         SC_OK},
        {"part of a name", PATH_BY_NAME, "AB*", 0, {MF}, 0, SC_INVALID_ARGUMENT},
        {"name", PATH_BY_NAME, "AB", 0, {{"00E40400024142", "9000"}}, 1, SC_OK},
        {"name, if empty",
         PATH_BY_NAME,
         "AB",
         ICC_NON_RECURSIVE,
         {{"00A4040002414200", DF_FCI}},
         1,
         SC_UNSUPPORTED_FEATURE},
        {"name, with all in it",
         PATH_BY_NAME,
         "AB",
         ICC_RECURSIVE,
         {{"00E40400024142", "6985"}, {"00A4040002414200", DF_FCI}},
         2,
         SC_SECURITY_VIOLATION},
        {"short id", PATH_BY_SHORT_ID, "05", 0, {MF}, 0, SC_UNSUPPORTED_FEATURE},
        {"only an EF",
         PATH_BY_ID,
         "0009",
         ICC_NON_RECURSIVE,
         {EF_9, {"00E40000020009", "9000"}},
         2,
         SC_OK},
        {"who knows",
         PATH_BY_ID,
         "5000",
         ICC_NON_RECURSIVE,
         {{"00A4080002500000", DF_FCI}},
         1,
         SC_UNSUPPORTED_FEATURE},
        {"cannot be listed",
         PATH_BY_ID,
         "5000",
         ICC_RECURSIVE,
         {{"00A4080002500000", DF_FCI},
          MF,
          {"00E40000025000", "6985"},
          {"00A4080002500000", DF_FCI}},
         4,
         SC_SECURITY_VIOLATION},
        {"MF", PATH_BY_ID, "3F00", 0, {MF}, 0, SC_INVALID_ARGUMENT},
        {"both",
         PATH_BY_ID,
         "0009",
         ICC_RECURSIVE | ICC_NON_RECURSIVE,
         {MF},
         0,
         SC_INVALID_ARGUMENT},
    };
    struct script script;
    struct icc icc;
    size_t i;

    for (i = 0; i < COUNT_OF(cases); i++)
    {
        int32_t result;

        script_start(&script, cases[i].name, cases[i].rows, cases[i].count);
        script_icc(&icc, &script);
        result = icc_delete(&icc, cases[i].type, TEXT(cases[i].text), cases[i].flags);
        ok(result == cases[i].result, "%s: %08x, expected %08x\n", cases[i].name, (unsigned)result,
           (unsigned)cases[i].result);
        END(&script);
        icc_fini(&icc);
    }
}

/* A directory that goes takes the current directory along, and open files with it. */
static void test_delete_current(void)
{
    static const struct row rows[] =
    {
        {"00A40800045000510000", DF_FCI},
        {"00A4080006500051000001" "00", "6F03820101" "9000"},
        {"00A4080002500000", DF_FCI},
        MF,
        {"00E40000025000", "9000"},
        {"00A4080006500051000001" "00", "6A82"},
        {"00A40800045000510000", "6A82"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, rows);
    script_icc(&icc, &script);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("5000/5100")), SC_OK);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    EXPECT(icc_delete(&icc, PATH_BY_ID, TEXT("3F00/5000"), 0), SC_OK);
    EXPECT_DIR(&icc, "3F00");
    EXPECT_READ(&icc, handle, 4, SC_FILE_NOT_FOUND, "");
    END(&script);
    icc_fini(&icc);
}

#define FLEX_DF(fid) \
    "0000" \
    "1000" fid "38" \
    "00000000" \
    "0106020001000000" \
    "9000"
#define FLEX_EF(fid) \
    "0000" \
    "0010" fid "01" \
    "00000000" \
    "01000000" \
    "9000"

/* Cryptoflex can be listed: its files go first. */
static void test_delete_tree(void)
{
    static const struct row rows[] =
    {
        {"C0A40000023F0000", FLEX_DF("3F00")},
        {"C0A4000002500000", FLEX_DF("5000")},
        {"C0A40000023F0000", FLEX_DF("3F00")},
        {"F0E40000025000", "6985"},
        {"C0A40000023F0000", FLEX_DF("3F00")},
        {"C0A4000002500000", FLEX_DF("5000")},
        {"F0A8000004", "00100001" "9000"},
        {"F0A8000004", "6A82"},
        {"C0A4000002000100", FLEX_EF("0001")},
        {"F0E40000020001", "9000"},
        {"C0A40000023F0000", FLEX_DF("3F00")},
        {"C0A4000002500000", FLEX_DF("5000")},
        {"C0A40000023F0000", FLEX_DF("3F00")},
        {"F0E40000025000", "9000"},
    };
    static const struct row full[] =
    {
        {"C0A40000023F0000", FLEX_DF("3F00")},
        {"C0A4000002500000", FLEX_DF("5000")},
        {"F0A8000004", "00100001" "9000"},
        {"F0A8000004", "6A82"},
    };
    struct script script;
    struct icc icc;

    START(&script, rows);
    script_icc_atr(&icc, &script, APDU_T1, FLEX_ATR, 0);
    EXPECT(icc_delete(&icc, PATH_BY_ID, TEXT("5000"), ICC_RECURSIVE), SC_OK);
    NEXT(&script, "not empty", full);
    EXPECT(icc_delete(&icc, PATH_BY_ID, TEXT("5000"), ICC_NON_RECURSIVE), SC_NO_ACCESS);
    END(&script);
    icc_fini(&icc);
}

/* ---- Directory ---- */

static void check_names(struct icc *icc, int32_t type, int32_t expected, const char *names,
                        int line)
{
    char text[400] = "";
    struct icc_name *found = (struct icc_name *)text;
    size_t count = 1, i;
    int32_t result = icc_directory(icc, type, &found, &count);

    for (i = 0; i < count; i++)
    {
        strcat(text, i ? " " : "");
        strcat(text, found[i].text);
    }
    ok(result == expected && !strcmp(text, names), "line %d: %08x %s, expected %08x %s\n", line,
       (unsigned)result, text, (unsigned)expected, names);
    icc_free(found);
}

#define EXPECT_NAMES(type, expected, names) check_names(&icc, type, expected, names, __LINE__)

static void test_directory_flex(void)
{
    static const struct row all[] =
    {
        {"C0A40000023F0000", FLEX_DF("3F00")},
        {"C0A40000023F0000", FLEX_DF("3F00")},
        {"F0A8000004", "00100001" "9000"},
        {"F0A8000004", "FFFF5000" "9000"},
        {"F0A8000004", "6A82"},
    };
    static const struct row directories[] =
    {
        {"C0A40000023F0000", FLEX_DF("3F00")},
        {"F0A8000004", "00100001" "9000"},
        {"F0A8000004", "FFFF5000" "9000"},
        {"F0A8000004", "6A82"},
        {"C0A4000002000100", FLEX_EF("0001")},
        {"C0A4000002500000", FLEX_DF("5000")},
        {"C0A40000023F0000", FLEX_DF("3F00")},
    };
    static const struct row refused[] =
    {
        {"C0A40000023F0000", FLEX_DF("3F00")},
        {"F0A8000004", "6982"},
    };
    static const struct row cyberflex[] =
    {
        {"00A40000023F0000", "9000"},
        {"00A40000023F0000", "9000"},
        {"00A8000106", "000000000001" "9000"},
        {"00A8000206", "000000005000" "9000"},
        {"00A8000306", "6A83"},
    };
    struct script script;
    struct icc icc;

    START(&script, all);
    script_icc_atr(&icc, &script, APDU_T1, FLEX_ATR, 0);
    EXPECT_NAMES(ICC_TYPE_ALL, SC_OK, "0001 5000");
    NEXT(&script, "directories", directories);
    EXPECT_NAMES(ICC_TYPE_DIRECTORIES, SC_OK, "5000");
    NEXT(&script, "files", directories);
    EXPECT_NAMES(ICC_TYPE_FILES, SC_OK, "0001");
    NEXT(&script, "transparent", directories);
    EXPECT_NAMES(ICC_TYPE_TRANSPARENT, SC_OK, "0001");
    NEXT(&script, "cyclic", directories);
    EXPECT_NAMES(ICC_TYPE_CYCLIC, SC_OK, "");
    NEXT(&script, "refused", refused);
    EXPECT_NAMES(ICC_TYPE_ALL, SC_SECURITY_VIOLATION, "");
    icc_fini(&icc);
    NEXT(&script, "cyberflex", cyberflex);
    script_icc_atr(&icc, &script, APDU_T1, "3B169481100601813F", 0);
    EXPECT_NAMES(ICC_TYPE_ALL, SC_OK, "0001 5000");
    EXPECT_NAMES(8, SC_INVALID_ARGUMENT, "");
    EXPECT_NAMES(-1, SC_INVALID_ARGUMENT, "");
    END(&script);
    icc_fini(&icc);
}

static void test_directory_ef_dir(void)
{
    static const struct row bytes[] =
    {
        MF,
        {"00A40800022F0000", "6F07" "820101" "80020020" "9000"},
        {"00B0000020", "6108" "4F06A00000000102" "610A" "5004" "41424344" "5102" "5015"
         "00000000000000000000" "9000"},
    };
    static const struct row records[] =
    {
        MF,
        {"00A40800022F0000", "6F03" "820102" "9000"},
        {"00B2010400", "6104" "4F02A001" "9000"},
        {"00B2020400", "6106" "5104" "3F005015" "9000"},
        {"00B2030400", "6A83"},
    };
    static const struct row none[] =
    {
        MF,
        {"00A40800022F0000", "6A82"},
        MF,
        {"00A4020002" "2F0000", "6A82"},
    };
    static const struct row other[] = {MF};
    struct script script;
    struct icc icc;

    START(&script, bytes);
    script_icc(&icc, &script);
    EXPECT_NAMES(ICC_TYPE_DIRECTORIES, SC_OK, "#A00000000102 3F00/5015");
    icc_fini(&icc);
    NEXT(&script, "records", records);
    script_icc(&icc, &script);
    EXPECT_NAMES(ICC_TYPE_DIRECTORY_FILE, SC_OK, "#A001 3F00/5015");
    icc_fini(&icc);
    NEXT(&script, "none", none);
    script_icc(&icc, &script);
    EXPECT_NAMES(ICC_TYPE_DIRECTORIES, SC_NOT_IMPLEMENTED, "");
    icc_fini(&icc);
    NEXT(&script, "other", other);
    script_icc(&icc, &script);
    EXPECT_NAMES(ICC_TYPE_ALL, SC_NOT_IMPLEMENTED, "");
    END(&script);
    icc_fini(&icc);
}

/* ---- Invalidate, Rehabilitate ---- */

static void test_switch(void)
{
    static const struct row off[] =
    {
        {"00A4080002000100", "6F03820101" "9000"},
        {"00040000", "9000"},
    };
    static const struct row on[] =
    {
        {"00A4080002000100", "6F03820101" "6283"},
        {"00440000", "6A86"},
        {"00440000020001", "9000"},
    };
    static const struct row refused[] =
    {
        {"00A4080002000100", "9000"},
        {"00040000", "6D00"},
    };
    static const struct row named[] =
    {
        {"00A40400024D5900", "9000"},
        {"00440000", "6982"},
    };
    struct script script;
    struct icc icc;

    START(&script, off);
    script_icc(&icc, &script);
    EXPECT(icc_invalidate(&icc, TEXT("0001"), 0), SC_OK);
    NEXT(&script, "on", on);
    EXPECT(icc_rehabilitate(&icc, TEXT("0001"), 0), SC_OK);
    NEXT(&script, "refused", refused);
    EXPECT(icc_invalidate(&icc, TEXT("0001"), 0), SC_UNSUPPORTED_FEATURE);
    NEXT(&script, "named", named);
    EXPECT(icc_rehabilitate(&icc, TEXT("MY"), 0), SC_SECURITY_VIOLATION);
    NOTHING(&script, "arguments");
    EXPECT(icc_invalidate(&icc, TEXT("3F00"), 0), SC_INVALID_ARGUMENT);
    EXPECT(icc_invalidate(&icc, NULL, 0, 0), SC_INVALID_ARGUMENT);
    EXPECT(icc_invalidate(&icc, TEXT("0001"), ICC_SECURE_MESSAGING), SC_UNSUPPORTED_FEATURE);
    END(&script);
    icc_fini(&icc);
}

START_TEST(icc_files)
{
    test_create();
    test_create_many();
    test_create_flex();
    test_delete();
    test_delete_current();
    test_delete_tree();
    test_directory_flex();
    test_directory_ef_dir();
    test_switch();
}

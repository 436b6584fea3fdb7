/*
 * Tests of tools/scardtool/regfile.c and regtext.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What regedit makes of whole files is compared in tests/e2e/import.sh; this is about each rule.
 */

#include "regfile.h"
#include "regops_text.h"

#define V5  "Windows Registry Editor Version 5.00\n"
#define KEY "[HKEY_LOCAL_MACHINE\\k]\n"
#define K   "key HKLM\\k \"\"\n"

static const char *read_text(const char *text, size_t length, int is_wide, struct regops *ops)
{
    struct regfile_options options = {.wide = is_wide};
    uint16_t *units = wide_copy(text, length);
    const char *refused;

    regops_init(ops);
    refused = regfile_read(units, length, &options, ops);
    free(units);
    return refused;
}

static const struct
{
    const char *text, *ops;
} rows[] =
{
    {V5, ""},
    {V5 "\n;comment\nnoise\n# more\n", ""},
    {" \tREGEDIT4\n" KEY, K},
    {V5 "[hkey_local_machine\\A\\b]\n[HKEY_CURRENT_USER]\n[HKEY_CLASSES_ROOT\\x]tail\n"
        "[HKEY_USERS\\y][z]\n", "key HKLM\\A\\b \"\"\nkey HKCU\\ \"\"\nkey HKCR\\x \"\"\n"
        "key HKU\\y][z \"\"\n"},
    {V5 "\t [HKEY_LOCAL_MACHINE\\k]\r\n \"a\"=\"b\"\r@=\"c\"\n",
     K "set HKLM\\k \"a\" 1 62000000\nset HKLM\\k \"\" 1 63000000\n"},
    {V5 KEY "\"a \\\\ \\\" \\n\\r\\q\" \t= \"\" \t;c\n", K "set HKLM\\k \"a \\ \" ??q\" 1 0000\n"},
    {V5 KEY "\"a\"=hex:3b,2,0x14,+50,\n", K "set HKLM\\k \"a\" 3 3b021450\n"},
    {V5 KEY "\"a\"=hex:\n", K "set HKLM\\k \"a\" 3 \n"},
    {V5 KEY "\"a\"=hex: 3b,\\\n  02 ;c\n", K "set HKLM\\k \"a\" 3 3b02\n"},
    {V5 KEY "\"a\"=hex:3b, \\ ;c\n\n ;c\n\t02,\\\n", K "set HKLM\\k \"a\" 3 3b02\n"},
    {V5 KEY "\"a\"=hex:3b,;c\n", K "set HKLM\\k \"a\" 3 3b\n"},
    {V5 KEY "\"a\"=hex:3b\\\n,02\n", K "bad HKLM\\k \"a\"\n"},
    {V5 KEY "\"a\"=hex:3b 02\n", K "bad HKLM\\k \"a\"\n"},
    {V5 KEY "\"a\"=hex:3b,,02\n", K "bad HKLM\\k \"a\"\n"},
    {V5 KEY "\"a\"=hex:100\n\"b\"=hex:-1\n\"c\"=hex:0x\n\"d\"=hex:123456789\n",
     K "bad HKLM\\k \"a\"\nbad HKLM\\k \"b\"\nbad HKLM\\k \"c\"\nbad HKLM\\k \"d\"\n"},
    {V5 KEY "\"a\"=hex:3b,\\x\n", K "bad HKLM\\k \"a\"\n"},
    /* The line that cannot go on with the list is lost. */
    {V5 KEY "\"a\"=hex:3b,\\\n[HKEY_LOCAL_MACHINE\\l]\n\"b\"=\"\"\n",
     K "bad HKLM\\k \"a\"\nset HKLM\\k \"b\" 1 0000\n"},
    {V5 KEY "\"a\"=hex(2):25,00\n", K "set HKLM\\k \"a\" 2 25000000\n"},
    {V5 KEY "\"a\"=hex(7):61,00,00,00,00,00\n", K "set HKLM\\k \"a\" 7 610000000000\n"},
    {V5 KEY "\"a\"=hex(1):61,00,62\n", K "set HKLM\\k \"a\" 1 610062\n"},
    {V5 KEY "\"a\"=hex(B):01\n\"b\"=hex():02\n",
     K "set HKLM\\k \"a\" b 01\nset HKLM\\k \"b\" 0 02\n"},
    {V5 KEY "\"a\"=hex(0x7):01\n\"b\"=hex(7:01\n\"c\"=hex(7)01\n\"d\"=HEX:01\n",
     K "bad HKLM\\k \"a\"\nbad HKLM\\k \"b\"\nbad HKLM\\k \"c\"\nbad HKLM\\k \"d\"\n"},
    {"REGEDIT4\n" KEY "\"a\"=hex(2):25\n", K "set HKLM\\k \"a\" 2 25000000\n"},
    {"REGEDIT4\n" KEY "\"a\"=hex(7):61,00,00\n", K "set HKLM\\k \"a\" 7 610000000000\n"},
    {V5 KEY "\"a\"=dword:1\n\"b\"=dword: 12345678 ;c\n",
     K "set HKLM\\k \"a\" 4 01000000\nset HKLM\\k \"b\" 4 78563412\n"},
    {V5 KEY "\"a\"=dword:\n\"b\"=dword:123456789\n\"c\"=dword:1x\n",
     K "bad HKLM\\k \"a\"\nbad HKLM\\k \"b\"\nbad HKLM\\k \"c\"\n"},
    {V5 KEY "\"a\"=-\n\"b\"= - ;c\n\"c\"=-x\n@=-",
     K "del HKLM\\k \"a\"\ndel HKLM\\k \"b\"\nbad HKLM\\k \"c\"\ndel HKLM\\k \"\"\n"},
    {V5 KEY "\"a\"=\"b\n\"c=\"d\"\n\"e\"=\"f\" g\n\"h\"=\"\\0\"\n\"i\"=\"\\\n",
     K "bad HKLM\\k \"a\"\nbad HKLM\\k \"c=\"\nbad HKLM\\k \"e\"\nbad HKLM\\k \"h\"\n"
     "bad HKLM\\k \"i\"\n"},
    {V5 KEY "\"a\n\"b\" x\n\"c\"=\n\"d\"=word:1\n",
     K "bad HKLM\\k \"\"\nbad HKLM\\k \"b\"\nbad HKLM\\k \"c\"\nbad HKLM\\k \"d\"\n"},
    {V5 "\"a\"=\"b\"\n", "bad  \"a\"\n"},
    {V5 "[HKLM\\k]\n\"a\"=\"b\"\n", "bad HKLM\\k \"\"\nbad  \"a\"\n"},
    {V5 "[HKEY_LOCAL_MACHINEx\\k]\n", "bad HKEY_LOCAL_MACHINEx\\k \"\"\n"},
    {V5 KEY "[ HKEY_LOCAL_MACHINE\\l]\n\"a\"=\"\"\n[HKEY_LOCAL_MACHINE\\m\n",
     K "bad  HKEY_LOCAL_MACHINE\\l] \"\"\nset HKLM\\k \"a\" 1 0000\n"
     "bad HKEY_LOCAL_MACHINE\\m \"\"\n"},
    {V5 KEY "[-HKEY_LOCAL_MACHINE\\k]\n\"a\"=\"\"\n",
     K "delkey HKLM\\k \"\"\nbad  \"a\"\n"},
    {V5 "[-HKEY_LOCAL_MACHINE]\n[-k]\n[]\n", "bad  \"\"\nbad k \"\"\nbad  \"\"\n"},
};

static const char *const refused_rows[] =
{
    "", "\n", "REGEDIT", "REGEDIT5", "REGEDIT4 \n", "\nREGEDIT4\n", "[HKEY_LOCAL_MACHINE\\k]\n",
    "Windows Registry Editor Version 5.00 \n", "windows Registry Editor Version 5.00\n",
    "Windows Registry Editor Version 5.0", "\xff\xfe", "REGEDIT4;",
};

static void test_rows(void)
{
    struct regops ops;
    const char *refused;
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        refused = read_text(rows[i].text, strlen(rows[i].text), 0, &ops);
        ok(!refused, "%s: %s\n", rows[i].text, refused ? refused : "");
        ok_ops(rows[i].text, &ops, rows[i].ops);
        regops_free(&ops);
    }
    for (i = 0; i < COUNT_OF(refused_rows); i++)
    {
        ok(read_text(refused_rows[i], strlen(refused_rows[i]), 0, &ops) && !ops.count,
           "%s: taken\n", refused_rows[i]);
        regops_free(&ops);
    }
}

static size_t widen_high(const uint8_t *bytes, size_t size, uint16_t *units)
{
    size_t i;

    for (i = 0; i < size; i++)
        units[i] = bytes[i] ? bytes[i] | 0x0400 : 0;
    return size;
}

/* The bytes of old files are of a code page; those of UTF-16 files never. */
static void test_code_page(void)
{
    static const char text[] = "REGEDIT4\n" KEY "\"a\"=hex(1):41,42\n\"b\"=hex:41\n";
    struct regfile_options options = {.widen = widen_high};
    uint16_t *units = wide_copy(text, sizeof(text) - 1);
    struct regops ops;

    regops_init(&ops);
    ok(!regfile_read(units, sizeof(text) - 1, &options, &ops), "refused\n");
    ok_ops("narrow", &ops, K "set HKLM\\k \"a\" 1 410442040000\nset HKLM\\k \"b\" 3 41\n");
    regops_free(&ops);
    options.wide = 1;
    ok(!regfile_read(units, sizeof(text) - 1, &options, &ops), "refused\n");
    ok_ops("wide", &ops, K "set HKLM\\k \"a\" 1 41420000\nset HKLM\\k \"b\" 3 41\n");
    regops_free(&ops);
    free(units);
}

static int write_all(const struct regops *ops, struct regtext *text)
{
    int written = 0;
    size_t i;

    memset(text, 0, sizeof(*text));
    regtext_header(text);
    for (i = 0; i < ops->count; i++)
        written += regtext_op(text, &ops->ops[i], i ? &ops->ops[i - 1] : NULL);
    return written;
}

/* What is written reads as it was. */
static void test_writing(void)
{
    static const char text[] =
        V5 KEY "\"a\\\\\\\"\\n\"=\"b\\\\\\\"\\r\"\n"
               "@=hex(1):41,00,00,00,42,00\n\"c\"=dword:12\n\"d\"=hex(4):01\n\"e\"=-\n"
               "\"f\"=hex:01,02,03,04,05,06,07,08,09,0a,0b,0c,0d,0e,0f,10,11,12,13,14,15\n"
               "\"g\"=hex:\n[-HKEY_USERS\\x]\n[HKEY_USERS\\x]\n\"h\"=hex(7):\n"
               "[HKEY_CURRENT_CONFIG\\e]\n[HKEY_DYN_DATA\\e]\n";
    struct regops first, second;
    struct regtext out;
    struct regfile_options options = {.wide = 1};
    size_t i;

    ok(!read_text(text, sizeof(text) - 1, 1, &first), "refused\n");
    ok(write_all(&first, &out) == (int)first.count && !out.failed, "not all written\n");
    regops_init(&second);
    ok(!regfile_read(out.units, out.length, &options, &second), "refused again\n");
    ok(first.count == second.count, "%zu, then %zu\n", first.count, second.count);
    for (i = 0; i < first.count && i < second.count; i++)
    {
        char *was = strdup(op_text(&first.ops[i]));

        ok(!strcmp(was, op_text(&second.ops[i])), "%s, then %s\n", was, op_text(&second.ops[i]));
        free(was);
    }
    regtext_free(&out);
    regops_free(&first);
    regops_free(&second);
}

static void test_unwritable(void)
{
    static const uint16_t line[] = {'a', '\n', 0}, name[] = {'a', 0};
    struct regop row[] =
    {
        {.kind = REGOP_UNREAD, .path = name, .name = name},
        {.kind = REGOP_SET, .path = line, .name = name},
        {.kind = REGOP_SET, .path = name, .name = name, .flags = REGOP_IF_KEY},
        {.kind = REGOP_KEY, .path = name, .name = name, .root = REGOP_DRIVER},
        {.kind = REGOP_DELETE_KEY, .path = name + 1, .name = name},
    };
    struct regtext text = {0};
    size_t i;

    for (i = 0; i < COUNT_OF(row); i++)
        ok(!regtext_op(&text, &row[i], NULL) && !text.length, "row %zu\n", i);
    regtext_free(&text);
}

/* Files made to need too much are refused, and in time. */
static void test_limits(void)
{
    size_t count = REGOPS_COUNT_MAX + 1, i, length = strlen(V5 KEY);
    char *text = test_alloc(length + count * 5);
    struct regops ops;

    memcpy(text, V5 KEY, length);
    for (i = 0; i < count; i++)
        memcpy(text + length + i * 5, "\"\"=-\n", 5);
    ok(read_text(text, length + count * 5, 0, &ops) && ops.count <= REGOPS_COUNT_MAX, "taken\n");
    regops_free(&ops);
    free(text);
    ok(!regops_alloc(&ops, REGOPS_MEMORY_MAX + 1) && regops_refused(&ops), "too much memory\n");
    regops_free(&ops);
}

static void test_pieces(void)
{
    static const char *const pieces[] =
    {
        "[HKEY_LOCAL_MACHINE\\", "k", "]", "\n", "\r", "\"a\"", "=", "hex:", "hex(", "7", "):",
        "3b,", "\\", "\"", ";", " ", "-", "@", "dword:", "12", "[-", ",", "\\0", "\t",
    };
    struct regops ops;
    char text[512];
    size_t i, j;

    for (i = 0; i < 20000; i++)
    {
        strcpy(text, i % 2 ? V5 KEY : "REGEDIT4\n");
        for (j = test_random() % 24; j; j--)
            strcat(text, pieces[test_random() % COUNT_OF(pieces)]);
        ok(!read_text(text, strlen(text) + i % 2, i % 3 == 0, &ops), "refused: %s\n", text);
        regops_free(&ops);
    }
}

START_TEST(regfile)
{
    test_rows();
    test_code_page();
    test_writing();
    test_unwritable();
    test_limits();
    test_pieces();
}

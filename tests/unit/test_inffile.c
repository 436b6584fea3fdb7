/*
 * Tests of tools/scardtool/inffile.c and inflines.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What SetupAPI makes of whole files is compared in tests/e2e/import.sh; this is about each rule,
 * and about what Windows does and Wine does not: views by flags, strings of a language.
 */

#include "inffile.h"
#include "regops_text.h"

static char context;

static const uint16_t *directory(void *given, int id)
{
    static const uint16_t system[] = {'C', ':', '\\', 0}, empty[] = {0};

    ok(given == &context, "context\n");
    return id == 11 ? system : id == 12 ? empty : NULL;
}

static const char *read_with(const char *text, size_t length, struct inffile_options options,
                             struct regops *ops)
{
    uint16_t *units = wide_copy(text, length);
    const char *refused;
    unsigned line;

    options.directory = directory;
    options.context = &context;
    if (!options.platform)
        options.platform = "ntamd64";
    regops_init(ops);
    refused = inffile_read(units, length, &options, ops, &line);
    ok(refused || !line, "a line without a fault\n");
    free(units);
    return refused;
}

static void check_ops(const char *text, struct inffile_options options, const char *expected)
{
    struct regops ops;
    const char *refused = read_with(text, strlen(text), options, &ops);

    ok(!refused, "%s: %s\n", text, refused ? refused : "");
    ok_ops(text, &ops, expected);
    regops_free(&ops);
}

/* ---- entries ---- */

#define ADD     "[DefaultInstall]\nAddReg=a\n[a]\n"
#define DEL     "[DefaultInstall]\nDelReg=a\n[a]\n"
#define SECTION "section  \"DefaultInstall\"\n"

static const struct
{
    const char *text, *ops;
} rows[] =
{
    {ADD, SECTION},
    {ADD "HKLM,k,n,,x\n", SECTION "set HKLM\\k \"n\" 1 78000000\n"},
    {ADD "HKLM,k,n\n", SECTION "set HKLM\\k \"n\" 1 0000\n"},
    {ADD "HKLM,k\n", SECTION "set HKLM\\k \"\" 1 0000\n"},
    {ADD "hkcu,k,n,0x10001,0x12\n", SECTION "set HKCU\\k \"n\" 4 12000000\n"},
    {ADD "HKLM,k,n,0x10001,-1\n", SECTION "set HKLM\\k \"n\" 4 ffffffff\n"},
    {ADD "HKLM,k,n,0x10001,12x\n", SECTION "set HKLM\\k \"n\" 4 0c000000\n"},
    {ADD "HKLM,k,n,0x10001,010\n", SECTION "set HKLM\\k \"n\" 4 08000000\n"},
    {ADD "HKLM,k,n,0x10001,1,2,3,4\n", SECTION "set HKLM\\k \"n\" 4 01020304\n"},
    {ADD "HKLM,k,n,0x40000,7\n", SECTION "set HKLM\\k \"n\" 4 07000000\n"},
    {ADD "HKLM,k,n,0x20000,\"%%a%%\"\n", SECTION "set HKLM\\k \"n\" 2 2500610025000000\n"},
    {ADD "HKLM,k,n,0x10000,a,b,,c\n", SECTION "set HKLM\\k \"n\" 7 6100000062000000" "0000\n"},
    {ADD "HKLM,k,n,0x10000\n", SECTION "set HKLM\\k \"n\" 7 0000\n"},
    {ADD "HKLM,k,n,0x20001,1\n", SECTION "set HKLM\\k \"n\" 0 01\n"},
    {ADD "HKLM,k,n,0xb0001,1\n", SECTION "set HKLM\\k \"n\" b 01\n"},
    {ADD "HKLM,k,n,0x60000,x\n", SECTION "bad HKLM\\k \"n\"\n"},
    {ADD "HKLM,k,n,1,3b, 2 ,,00ff\n", SECTION "set HKLM\\k \"n\" 3 3b0200ff\n"},
    {ADD "HKLM,k,n,1,3b,100\nHKLM,k,n,1,0x3b\nHKLM,k,n,1,\"3b,02\"\nHKLM,k,n,1,%x%\n",
     SECTION "bad HKLM\\k \"n\"\nbad HKLM\\k \"n\"\nbad HKLM\\k \"n\"\nbad HKLM\\k \"n\"\n"},
    {ADD "HKLM,k,n,1\n", SECTION "set HKLM\\k \"n\" 3 \n"},
    {ADD "HKLM,k,n,2,x\n", SECTION "set HKLM\\k \"n\" 1 78000000 ?4\n"},
    {ADD "HKLM,k,n,0x20,x\n", SECTION "set HKLM\\k \"n\" 1 78000000 ?3\n"},
    {ADD "HKLM,k,n,0x10,x\nHKLM,k,n,0x2000,x\n", SECTION "key HKLM\\k \"n\"\nkey HKLM\\k \"n\"\n"},
    {ADD "HKLM,k,n,4\nHKLM,k,,4\n", SECTION "del HKLM\\k \"n\"\ndelkey HKLM\\k \"\"\n"},
    {ADD "HKLM,k,n,0x10008,x\n", SECTION "append HKLM\\k \"n\" 7 780000000000\n"},
    {ADD "HKLM,k,n,0x10008\n", SECTION "key HKLM\\k \"n\"\n"},
    {ADD "HKLM,k,n,0x70009,1\n", SECTION "set HKLM\\k \"n\" 7 01\n"},
    {ADD "HKLM,k,n,0x1000,x\nHKLM,k,n,0x4001,3b\n",
     SECTION "set HKLM\\k \"n\" 1 78000000 in 64\nset HKLM\\k \"n\" 3 3b in 32\n"},
    {ADD "HKLM,k,n,0x8000\n", SECTION},
    {ADD "HKLM,k,n, 0x1 ,3b\nHKLM,k,n,1x,3b\n",
     SECTION "set HKLM\\k \"n\" 3 3b\nset HKLM\\k \"n\" 1 3300620000" "00\n"},
    {ADD "HKR,k,n\nHKEY_LOCAL_MACHINE,k,n\n,k\n", SECTION "set HKR\\k \"n\" 1 0000\n"
     "bad HKEY_LOCAL_MACHINE \"n\"\nbad  \"\"\n"},
    {DEL "HKLM,k,n\nHKLM,k\n", SECTION "del HKLM\\k \"n\" ?1\ndelkey HKLM\\k \"\" ?1\n"},
    {DEL "HKLM,k,n,1\nHKLM,k,n,0x1000\n", SECTION},
    {DEL "HKLM,k,n,0xA000\nHKLM,k,n,0xC000\n",
     SECTION "delkey HKLM\\k \"n\" ?1\ndel HKLM\\k \"n\" ?1 in 32\n"},
    {DEL "HKLM,k,n,0x18002,x\n", SECTION "delstr HKLM\\k \"n\" 0 78000000 ?1\n"},
};

static void test_entries(void)
{
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
        check_ops(rows[i].text, (struct inffile_options){0}, rows[i].ops);
}

/* ---- text ---- */

#define STRINGS "\n[Strings]\na=A\nb=\"b, c\" ,d\nlong=\"xyz\"\n A space = \" s \"\n11=eleven\n"

static const struct
{
    const char *name, *read;
} names[] =
{
    {"x", "x"}, {" x y  z ", "x y  z"}, {"\" x \"", " x "}, {"\"a\"\"b\"", "a\"b"},
    {"\"a\" \"b\"", "a b"}, {"a\"b\"c", "abc"}, {"\"a,b;c\"", "a,b;c"}, {"x;y", "x"},
    {"x ; y", "x"}, {"\"x", "x"}, {"x=y", "x=y"}, {"x = y", "x = y"}, {"a\\b", "a\\b"},
    {"a \\ b", "a \\ b"}, {"a\\\\x", "a\\\\x"}, {"a\\\\\n  b", "ab"}, {"\"a\\\"", "a\\"},
    {"a\\\n  b", "ab"},
    {"a \\ ; c\n  b", "ab"}, {"\"a\" \\\n \"b\"", "ab"}, {"a\\\n\nHKLM,k", "a"}, {"a\\\n;b", "a"},
    {"\\\n  x", "x"}, {"\\\n\\\n  x", "x"}, {"a\tb\r", "a\tb"},
    {"%a%", "A"}, {"%A%%a%", "AA"}, {"%%", "%"}, {"a%", "a%"}, {"%no%x", "%no%x"},
    {"%b%", "b, c"}, {"%a space%", " s "}, {"%11%\\d", "eleven\\d"}, {"%11\\x", "%11\\x"},
    {"%12%x", "x"}, {"%13%", "%13%"}, {"%long%%long%", "xyzxyz"}, {"\"%a%\"\"%a%\"", "A\"A"},
};

static void test_names(void)
{
    char text[512], expected[512];
    size_t i, j, used;

    for (i = 0; i < COUNT_OF(names); i++)
    {
        sprintf(text, ADD "HKLM,k,%s" STRINGS, names[i].name);
        used = (size_t)sprintf(expected, SECTION "set HKLM\\k \"");
        for (j = 0; names[i].read[j]; j++)
            expected[used++] = names[i].read[j] < ' ' ? '?' : names[i].read[j];
        strcpy(expected + used, "\" 1 0000\n");
        if (strchr(names[i].name, 'H'))
            strcat(expected, "set HKLM\\k \"\" 1 0000\n");
        check_ops(text, (struct inffile_options){0}, expected);
    }
    /* Directories, where no string has the name. */
    check_ops(ADD "HKLM,%11%,%11%\\x,,\"%11%x\"\n", (struct inffile_options){0},
              SECTION "set HKLM\\C:\\ \"C:\\x\" 1 43003a005c0078000000\n");
    check_ops(ADD "HKLM,\x1a,x\n[b]", (struct inffile_options){0},
              SECTION "set HKLM\\ \"\" 1 0000\n");
    check_ops("x; y [z]\nx [DefaultInstall] y\nAddReg=a\n[A]\nHKLM\n[Strings]\n",
              (struct inffile_options){0}, SECTION "set HKLM\\ \"\" 1 0000\n");
}

static void test_languages(void)
{
    static const char both[] = ADD "HKLM,%a%,%b%\n[Strings]\na=plain\nb=plain b\n"
                                   "[STRINGS.0407]\na=german\n[Strings.0409]\na=english\n";
    static const char only[] = ADD "HKLM,%a%\n[Strings.0409]\na=english\n";

    check_ops(both, (struct inffile_options){.language = 0x0407},
              SECTION "set HKLM\\german \"plain b\" 1 0000\n");
    check_ops(both, (struct inffile_options){.language = 0x0409},
              SECTION "set HKLM\\english \"plain b\" 1 0000\n");
    check_ops(both, (struct inffile_options){.language = 0x040c},
              SECTION "set HKLM\\plain \"plain b\" 1 0000\n");
    check_ops(only, (struct inffile_options){.language = 0x040c},
              SECTION "set HKLM\\english \"\" 1 0000\n");
}

/* ---- sections ---- */

static void test_sections(void)
{
    static const char systems[] =
        "[DefaultInstall]\nAddReg=p\n[DefaultInstall.NT]\nAddReg=n\n"
        "[DefaultInstall.NTx86]\nAddReg=x\n[Other.nt]\nAddReg=o\n[Empty]\n"
        "[p]\nHKLM,p\n[n]\nHKLM,n\n[x]\nHKLM,x\n[o]\nHKLM,o\n";
    static const uint16_t other[] = {'o', 't', 'h', 'e', 'r', 0};
    static const uint16_t empty[] = {'E', 'm', 'p', 't', 'y', 0};
    struct regops ops;

    check_ops(systems, (struct inffile_options){0},
              "section  \"DefaultInstall.NT\"\nset HKLM\\n \"\" 1 0000\n");
    check_ops(systems, (struct inffile_options){.platform = "ntx86"},
              "section  \"DefaultInstall.NTx86\"\nset HKLM\\x \"\" 1 0000\n");
    check_ops(systems, (struct inffile_options){.section = other},
              "section  \"Other.nt\"\nset HKLM\\o \"\" 1 0000\n");
    ok(read_with(systems, strlen(systems), (struct inffile_options){.section = empty}, &ops) !=
           NULL,
       "an empty section\n");
    regops_free(&ops);
    /* Deleting goes first, whatever the order; each name of a directive in turn. */
    check_ops("[DefaultInstall]\nAddReg=b\nDelReg = a , none\nCopyFiles=f\nAddReg=a\n"
              "[b]\nHKLM,b\n[a]\n"
              "HKLM,a,d,0x8000\nHKLM,a\n[DefaultInstall.Services]\nAddService=s\n"
              "[DefaultInstall.nt.Services]\nAddService=t\n",
              (struct inffile_options){0},
              SECTION "del HKLM\\a \"d\" ?1\ndelkey HKLM\\a \"\" ?1\nbad none \"\"\n"
                      "set HKLM\\b \"\" 1 0000\nset HKLM\\a \"\" 1 0000\n"
                      "directive DefaultInstall \"CopyFiles\"\n"
                      "directive DefaultInstall.Services \"AddService\"\n");
    check_ops("[Setup]\nAddReg=a\n[a]\nHKLM,a\n", (struct inffile_options){0},
              "section  \"Setup\"\nset HKLM\\a \"\" 1 0000\n");
}

static void test_devices(void)
{
    static const char text[] =
        "[Manufacturer]\n%m%=Models,NTamd64,NTamd64.6.1,NTx86,NTia64.7\n"
        "[Models.NTamd64]\n%a%=Old,ID\n[Models.NTamd64.6.1]\n%a%=New,ID\n%a%=New,ID2\n%a%=Two,ID\n"
        "[Models.NTx86]\n%a%=Old,ID\n[Models]\n%a%=Oldest,ID\n"
        "[Old.ntx86]\nAddReg=o\n[New.NT]\nAddReg=n\n[Two]\nAddReg=t\n"
        "[o]\nHKLM,o\n[n]\nHKLM,n\n[t]\nHKLM,t\n";

    check_ops(text, (struct inffile_options){0},
              "section  \"New.NT\"\nset HKLM\\n \"\" 1 0000\n"
              "section  \"Two\"\nset HKLM\\t \"\" 1 0000\n");
    check_ops(text, (struct inffile_options){.platform = "ntx86"},
              "section  \"Old.ntx86\"\nset HKLM\\o \"\" 1 0000\n");
}

static const char *const refused_rows[] =
{
    "", "x", "x\n[DefaultInstall]\nAddReg=a\n[a]\nHKLM\n", "[DefaultInstall\nAddReg=a\n",
    "[Version]\n", "[a]\nAddReg=b\n[c]\nAddReg=d\n",
    "[DefaultInstall.ntx86]\nAddReg=a\n[a]\nHKLM\n",
};

static void test_refused(void)
{
    static char name[300];
    struct regops ops;
    size_t i;

    for (i = 0; i < COUNT_OF(refused_rows); i++)
    {
        ok(read_with(refused_rows[i], strlen(refused_rows[i]), (struct inffile_options){0}, &ops) !=
               NULL,
           "%s: taken\n", refused_rows[i]);
        regops_free(&ops);
    }
    memset(name, 'x', sizeof(name) - 1);
    name[0] = '[';
    name[257] = ']';
    ok(read_with(name, sizeof(name) - 1, (struct inffile_options){0}, &ops) != NULL,
       "a long name\n");
    regops_free(&ops);
}

/* Long fields are told, not cut off; files made to take for ever are refused in time. */
static void test_limits(void)
{
    enum
    {
        SIZE = 400000
    };
    char *text = test_alloc(SIZE + 200), *at;
    const char *refused;
    struct regops ops;

    at = text + sprintf(text, ADD "HKLM,k,n,,");
    memset(at, 'x', 5000);
    strcpy(at + 5000, "\nHKLM,k,n,,%a%%a%\n[Strings]\na=");
    memset(text + strlen(text), 'y', 4000);
    at[5000 + strlen("\nHKLM,k,n,,%a%%a%\n[Strings]\na=") + 4000] = 0;
    refused = read_with(text, strlen(text), (struct inffile_options){0}, &ops);
    ok(!refused && ops.count == 3 && ops.ops[1].kind == REGOP_UNREAD &&
           ops.ops[2].kind == REGOP_UNREAD,
       "long fields\n");
    regops_free(&ops);

    at = text + sprintf(text, "[DefaultInstall]\nAddReg=");
    while (at < text + SIZE / 2)
        at += sprintf(at, "a,");
    at += sprintf(at, "\n[a]\n");
    while (at < text + SIZE)
        at += sprintf(at, "HKLM,k,,0x8000\n");
    refused = read_with(text, (size_t)(at - text), (struct inffile_options){0}, &ops);
    ok(refused != NULL, "for ever\n");
    regops_free(&ops);
    free(text);
}

static void test_pieces(void)
{
    static const char *const pieces[] =
    {
        "HKLM", ",", "k", "\"", "%", "a", "%a%", ";", "\\", "\n", "=", "[a]", "[Strings]", "1",
        "0x10000", "3b", " ", "AddReg", "DelReg", "[DefaultInstall]", "[Manufacturer]", "\r",
        "\x1a", "\"\"", "0x8000", "0x10008", "0x18002", "[DefaultInstall.x]", "NTamd64",
    };
    struct regops ops;
    char text[1024];
    size_t i, j;

    for (i = 0; i < 20000; i++)
    {
        strcpy(text, i % 4 ? ADD : "");
        for (j = test_random() % 32; j; j--)
            strcat(text, pieces[test_random() % COUNT_OF(pieces)]);
        read_with(text, strlen(text) + i % 2, (struct inffile_options){.language = 0x409}, &ops);
        regops_free(&ops);
    }
}

START_TEST(inffile)
{
    test_entries();
    test_names();
    test_languages();
    test_sections();
    test_devices();
    test_refused();
    test_limits();
    test_pieces();
}

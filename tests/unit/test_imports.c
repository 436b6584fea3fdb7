/*
 * The reader of PE imports: programs put together here, then cut off, changed and hostile.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "imports.h"
#include "test.h"
#include "pefile.h"

/* The tables lie at the beginning of the section. */
#define IMPORTS 0x000u
#define DELAYS  0x100u
#define NAMES   0x200u

static char names[4096];

static void build_headers(unsigned bits)
{
    pe_file_begin(bits);
    put32(optional() + (bits == 32 ? 28 : 24), 0x400000);
}

static void put_name(unsigned slot, const char *name)
{
    strcpy((char *)pe_file + RAW + NAMES + slot * 32, name);
}

static uint32_t name_rva(unsigned slot)
{
    return VIRTUAL + NAMES + slot * 32;
}

/* Imports of two DLLs, delayed ones of two more: the last by an absolute address. */
static void build(unsigned bits)
{
    build_headers(bits);
    put32(directory(bits, 1), VIRTUAL + IMPORTS);
    put32(RAW + IMPORTS + 12, name_rva(0));
    put32(RAW + IMPORTS + 20 + 12, name_rva(1));
    put32(directory(bits, 13), VIRTUAL + DELAYS);
    put32(RAW + DELAYS, 1);
    put32(RAW + DELAYS + 4, name_rva(2));
    put32(RAW + DELAYS + 32 + 4, name_rva(3) + 0x400000);
    put_name(0, "KERNEL32.dll");
    put_name(1, "WinSCard.dll");
    put_name(2, "scarddlg.dll");
    put_name(3, "scardssp.dll");
}

static int used_length(const char *name)
{
    return name[0] && strlen(name) <= IMPORTS_NAME_MAX;
}

static void found(void *context, int delayed, const char *name)
{
    size_t used = strlen(names);

    if (context != names || !used_length(name))
        ok(0, "context or length\n");
    if (used + strlen(name) + 3 < sizeof(names))
        sprintf(names + used, "%s%s ", delayed ? "+" : "", name);
}

/* Reads size bytes of a copy of exactly that size. */
static const char *read_bytes(const uint8_t *bytes, size_t size, struct imports *imports)
{
    uint8_t *copy = test_memdup(bytes, size);
    const char *refused;

    memset(imports, 0, sizeof(*imports));
    imports->found = found;
    imports->context = names;
    names[0] = 0;
    refused = imports_read(copy, size, imports);
    free(copy);
    return refused;
}

static const char *read_image(struct imports *imports)
{
    return read_bytes(pe_file, sizeof(pe_file), imports);
}

static void test_good(void)
{
    static const unsigned widths[] = {32, 64};
    struct imports imports;
    const char *refused;
    size_t i;

    for (i = 0; i < COUNT_OF(widths); i++)
    {
        build(widths[i]);
        refused = read_image(&imports);
        ok(!refused && imports.bits == widths[i] && !imports.managed, "%u: %s\n", widths[i],
           refused ? refused : "");
        ok(!strcmp(names, "KERNEL32.dll WinSCard.dll +scarddlg.dll +scardssp.dll "), "%u: %s\n",
           widths[i], names);
        put32(directory(widths[i], 14), VIRTUAL + 0x300);
        ok(!read_image(&imports) && imports.managed, "%u: a program of .NET\n", widths[i]);
        build_headers(widths[i]);
        ok(!read_image(&imports) && !names[0], "%u: without imports\n", widths[i]);
        build(widths[i]);
        put32(directory(widths[i], 0) - 4, 1);
        ok(!read_image(&imports) && !names[0], "%u: no directory of imports\n", widths[i]);
    }
}

static void test_refused(void)
{
    static const struct
    {
        const char *what;
        size_t offset;
        uint32_t value;
        const char *reason;
    } rows[] =
    {
        {"no MZ", 0, 0x905a4e, "no Windows program"},
        {"header past the end", 60, SIZE - 23, "DOS"},
        {"header far away", 60, 0xffffffff, "DOS"},
        {"NE", HEADER, 0x454e, "DOS"},
        {"ARM", HEADER + 4, 0x101c4, "another processor"},
        {"magic of the other width", HEADER + 24, 0x20b, "contradicts"},
        {"short optional header", HEADER + 20, 95, "cut off"},
        {"long optional header", HEADER + 20, 0xffff, "cut off"},
        {"too many sections", HEADER + 4, 0x61014c, "sections"},
        {"no such table", HEADER + 24 + 96 + 8, 0x900000, "cut off"},
        {"table at the end", HEADER + 24 + 96 + 8, VIRTUAL + RAW_SIZE - 19, "cut off"},
        {"name nowhere", RAW + IMPORTS + 12, 0x7fffffff, "damaged"},
        {"name behind the file", RAW + IMPORTS + 12, VIRTUAL + RAW_SIZE, "damaged"},
        {"empty name", RAW + IMPORTS + 12, VIRTUAL + 0x3f0, "damaged"},
        {"name with a line break", RAW + NAMES, 0x0a4c4c44, "damaged"},
        {"section outside the file", HEADER + 24 + 96 + 128 + 20, 0xfffffff0, "cut off"},
    };
    struct imports imports;
    const char *refused;
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        build(32);
        put32(rows[i].offset, rows[i].value);
        refused = read_image(&imports);
        ok(refused && strstr(refused, rows[i].reason), "%s: %s\n", rows[i].what,
           refused ? refused : "taken");
    }
    build(32);
    memset(pe_file + RAW + NAMES, 'x', 300);
    refused = read_image(&imports);
    ok(refused && strstr(refused, "damaged"), "a name of 300 characters\n");
}

/* A table without an end, all of whose entries are good. */
static void test_endless(void)
{
    size_t count = IMPORTS_COUNT_MAX + 10, size = SIZE + count * 20, i;
    uint8_t *large = test_alloc(size);
    struct imports imports;
    const char *refused;

    build(32);
    put32(section(32) + 16, (uint32_t)(size - RAW));
    put32(directory(32, 1), VIRTUAL + RAW_SIZE);
    put_name(0, "a.dll");
    memcpy(large, pe_file, SIZE);
    memset(large + SIZE, 0, size - SIZE);
    for (i = 0; i < count; i++)
        memcpy(large + SIZE + i * 20 + 12, pe_file + RAW + IMPORTS + 12, 4);
    refused = read_bytes(large, size, &imports);
    ok(refused && strstr(refused, "too many"), "%s\n", refused ? refused : "taken");
    free(large);
}

/* Whatever is cut off or changed, nothing outside is read, which the sanitizer sees. */
static void test_damaged(void)
{
    static const uint8_t values[] = {0, 1, 0x7f, 0x80, 0xff};
    struct imports imports;
    unsigned bits;
    size_t i, j;

    for (bits = 32; bits <= 64; bits += 32)
    {
        for (i = 0; i < SIZE; i++)
        {
            build(bits);
            ok(read_bytes(pe_file, i, &imports) || i > RAW + NAMES, "%u bits, %zu bytes\n", bits,
               i);
        }
        for (i = 0; i < RAW + NAMES; i++)
            for (j = 0; j < COUNT_OF(values); j++)
            {
                build(bits);
                pe_file[i] = values[j];
                read_image(&imports);
            }
        for (i = 0; i < 20000; i++)
        {
            build(bits);
            for (j = test_random() % 8 + 1; j; j--)
                pe_file[test_random() % (j % 2 ? SIZE : RAW)] = (uint8_t)(test_random() >> 9);
            read_image(&imports);
        }
    }
}

static void test_search(void)
{
    static const uint8_t data[] = "xxWinSCard.DLL\0s\0C\0a\0R\0d\0d\0L\0g\0yABC";
    static const struct
    {
        const char *text;
        int there;
    } rows[] =
    {
        {"winscard", 1}, {"winscard.dll", 1}, {"scarddlg", 1}, {"SCARDDLG", 1}, {"scardssp", 0},
        {"scarddlgy", 0}, {"abc", 1}, {"abcd", 0}, {"x", 1}, {"q", 0},
    };
    size_t size = sizeof(data) - 1, i;
    uint8_t *copy = test_memdup(data, size);

    for (i = 0; i < COUNT_OF(rows); i++)
        ok(imports_mention(copy, size, rows[i].text) == rows[i].there, "%s\n", rows[i].text);
    ok(imports_contain(copy, size, (const uint8_t *)"ABC", 3), "at the end\n");
    ok(imports_contain(copy, size, (const uint8_t *)"xxW", 3), "at the start\n");
    ok(!imports_contain(copy, size, (const uint8_t *)"ABCD", 4), "past the end\n");
    ok(!imports_contain(copy, 2, (const uint8_t *)"xxW", 3), "longer than the data\n");
    ok(!imports_contain(copy, 0, (const uint8_t *)"x", 1), "no data\n");
    ok(!imports_mention(copy, 0, "x"), "no data for a text\n");
    free(copy);
}

START_TEST(imports)
{
    test_good();
    test_refused();
    test_endless();
    test_damaged();
    test_search();
}

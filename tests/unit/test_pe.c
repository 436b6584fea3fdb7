/*
 * The reader of PE headers and version resources: files put together here, then cut off, changed
 * and hostile.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "exports.h"
#include "version.h"
#include "test.h"
#include "pefile.h"

/* The section has the tree of resources, then the version. */
#define VERSION 0x58u

static size_t version_end;

static void build_headers(unsigned bits)
{
    pe_file_begin(bits);
    memcpy(pe_file + PE_MARK_AT, "Wine builtin DLL", 16);
}

/* A table of resources at the offset in the tree, with one entry. */
static void put_table(size_t at, uint32_t id, uint32_t next)
{
    put16(RAW + at + 14, 1);
    put32(RAW + at + 16, id);
    put32(RAW + at + 20, next);
}

/* ---- the version ---- */

static size_t aligned(size_t at)
{
    return (at + 3) & ~(size_t)3;
}

static void put_text(const char *text)
{
    do
    {
        put16(version_end, (unsigned char)*text);
        version_end += 2;
    } while (*text++);
}

/* Begins a node; what it has comes next. */
static size_t begin_node(const char *key, uint32_t type)
{
    size_t start = version_end = aligned(version_end);

    put16(start + 4, type);
    version_end += 6;
    put_text(key);
    version_end = aligned(version_end);
    return start;
}

static void end_node(size_t start)
{
    put16(start, (uint32_t)(version_end - start));
}

static void put_string(const char *key, const char *value)
{
    size_t start = begin_node(key, 1);

    put16(start + 2, (uint32_t)strlen(value) + 1);
    put_text(value);
    end_node(start);
}

static void put_version(void)
{
    size_t root, other, strings, table;

    version_end = RAW + VERSION;
    root = begin_node("VS_VERSION_INFO", 0);
    put16(root + 2, 52);
    version_end += 52;
    other = begin_node("VarFileInfo", 1);
    end_node(other);
    strings = begin_node("StringFileInfo", 1);
    table = begin_node("040904B0", 1);
    put_string("CompanyName", "odd");
    put_string("FileVersion", "1.2.3");
    put_string("ProductName", "scardssp");
    end_node(table);
    end_node(strings);
    end_node(root);
}

static void build(unsigned bits)
{
    build_headers(bits);
    put32(directory(bits, PE_RESOURCES), VIRTUAL);
    put_table(0, 16, 0x80000018);
    put_table(0x18, 1, 0x80000030);
    put_table(0x30, 1033, 0x48);
    put32(RAW + 0x48, VIRTUAL + VERSION);
    put_version();
    put32(RAW + 0x4c, (uint32_t)(version_end - RAW - VERSION));
}

/* ---- reading ---- */

/* Reads a string out of a copy of exactly size bytes: "" without one; why it is refused, or NULL,
 * returned. */
static const char *read_text(size_t size, const char *name, char *text)
{
    uint8_t *copy = test_memdup(pe_file, size);
    struct pe_image image;
    const char *refused = pe_open(copy, size, &image);
    const uint8_t *units;
    size_t count = 0, i;

    text[0] = 0;
    units = refused ? NULL : pe_version_text(&image, name, &count);
    for (i = 0; units && i < count; i++)
        text[i] = (char)units[2 * i];
    text[i] = 0;
    free(copy);
    return refused;
}

static void test_good(void)
{
    static const unsigned widths[] = {32, 64};
    struct pe_image image;
    char text[SIZE];
    size_t i;

    for (i = 0; i < COUNT_OF(widths); i++)
    {
        build(widths[i]);
        ok(!pe_open(pe_file, SIZE, &image) && image.bits == widths[i], "%u bits\n", widths[i]);
        ok(!read_text(SIZE, "FileVersion", text) && !strcmp(text, "1.2.3"), "version: %s\n", text);
        read_text(SIZE, "ProductName", text);
        ok(!strcmp(text, "scardssp"), "product: %s\n", text);
        read_text(SIZE, "Product", text);
        ok(!text[0], "the start of a name: %s\n", text);
        read_text(SIZE, "ProductNames", text);
        ok(!text[0], "more than a name: %s\n", text);
        put32(directory(widths[i], PE_RESOURCES), 0);
        read_text(SIZE, "FileVersion", text);
        ok(!text[0], "no resources: %s\n", text);
        build_headers(widths[i]);
        put32(directory(widths[i], 0) - 4, 2);
        ok(!read_text(SIZE, "FileVersion", text) && !text[0], "no such directory: %s\n", text);
    }
}

static void test_mark(void)
{
    build(64);
    ok(pe_is_builtin(pe_file, SIZE), "marked\n");
    ok(pe_is_builtin(pe_file, PE_MARK_AT + 16), "marked, and nothing else there\n");
    ok(!pe_is_builtin(pe_file, PE_MARK_AT + 15), "the mark is cut off\n");
    ok(!pe_is_builtin(pe_file, 0), "nothing there\n");
    pe_file[PE_MARK_AT + 15] = 'M';
    ok(!pe_is_builtin(pe_file, SIZE), "another mark\n");
    build(64);
    pe_file[0] = 'N';
    ok(!pe_is_builtin(pe_file, SIZE), "no MZ\n");
}

/* What a Wine without DLLs of this form leaves in prefixes is Wine's too, but no builtin. */
static void test_placeholder(void)
{
    build(64);
    ok(pe_is_wines(pe_file, SIZE), "marked\n");
    memcpy(pe_file + PE_MARK_AT, "Wine placeholder DLL", 21);
    ok(pe_is_wines(pe_file, SIZE) && !pe_is_builtin(pe_file, SIZE), "a placeholder\n");
    ok(!pe_is_wines(pe_file, PE_MARK_AT + 20), "a placeholder, cut off\n");
    pe_file[PE_MARK_AT] = 'w';
    ok(!pe_is_wines(pe_file, SIZE), "another mark\n");
}

/* ---- exports ---- */

/* In the section: the directory, functions, names, ordinals, texts. "One" is a function, "Two"
 * leads to core.Other. */
#define FUNCTIONS   0x28u
#define NAMES       0x30u
#define ORDINALS    0x38u
#define ONE         0x40u
#define TWO         0x48u
#define FORWARDER   0x50u
#define EXPORTS_END 0x60u

static void build_exports(unsigned bits)
{
    pe_file_begin(bits);
    put32(directory(bits, PE_EXPORTS), VIRTUAL);
    put32(directory(bits, PE_EXPORTS) + 4, EXPORTS_END);
    put32(RAW + 20, 2);
    put32(RAW + 24, 2);
    put32(RAW + 28, VIRTUAL + FUNCTIONS);
    put32(RAW + 32, VIRTUAL + NAMES);
    put32(RAW + 36, VIRTUAL + ORDINALS);
    put32(RAW + FUNCTIONS, VIRTUAL + FORWARDER);
    put32(RAW + FUNCTIONS + 4, VIRTUAL + EXPORTS_END);
    put32(RAW + NAMES, VIRTUAL + ONE);
    put32(RAW + NAMES + 4, VIRTUAL + TWO);
    put16(RAW + ORDINALS, 1);
    put16(RAW + ORDINALS + 2, 0);
    memcpy(pe_file + RAW + ONE, "One", 4);
    memcpy(pe_file + RAW + TWO, "Two", 4);
    memcpy(pe_file + RAW + FORWARDER, "core.Other", 11);
}

/* Reads all that a copy of exactly size bytes exports; returns why that is refused. */
static const char *read_exports(size_t size, char *text)
{
    uint8_t *copy = test_memdup(pe_file, size);
    struct pe_exports exports;
    struct pe_image image;
    const char *refused = pe_open(copy, size, &image), *name, *forwarder;
    size_t i, length, forwarded;

    text[0] = 0;
    if (!refused)
        refused = pe_exports_open(&image, &exports);
    for (i = 0; !refused && i < exports.name_count && i < 4; i++)
    {
        name = pe_exports_name(&exports, i, &length);
        forwarder = pe_exports_forwarder(&exports, i, &forwarded);
        sprintf(text + strlen(text), "%.*s=%.*s;", name ? (int)length : 1, name ? name : "?",
                forwarder ? (int)forwarded : 0, forwarder ? forwarder : "");
        ok(!name || pe_exports_have(&exports, name, length), "%s is not found\n", text);
    }
    free(copy);
    return refused;
}

static void test_exports(void)
{
    struct pe_exports exports;
    struct pe_image image;
    char text[4 * (2 * PE_NAME_MAX + 3)];
    unsigned bits;

    for (bits = 32; bits <= 64; bits += 32)
    {
        build_exports(bits);
        ok(!read_exports(SIZE, text) && !strcmp(text, "One=;Two=core.Other;"), "%s\n", text);
        ok(!pe_open(pe_file, SIZE, &image) && !pe_exports_open(&image, &exports), "refused\n");
        ok(!pe_exports_have(&exports, "one", 3) && !pe_exports_have(&exports, "On", 2) &&
               !pe_exports_have(&exports, "Other", 5),
           "names that it has not\n");
        build(bits);
        ok(read_exports(SIZE, text) != NULL, "without exports: %s\n", text);
    }
}

static void test_damaged_exports(void)
{
    static const struct
    {
        const char *what;
        size_t offset, width;
        uint32_t value;
        const char *text; /* NULL: it is refused */
    } rows[] =
    {
        {"exports nowhere", HEADER + 24 + 112, 4, 0x7fffffff, NULL},
        {"exports at the end", HEADER + 24 + 112, 4, VIRTUAL + RAW_SIZE - 39, NULL},
        {"a directory of no length", HEADER + 24 + 112 + 4, 4, 0, "One=;Two=;"},
        {"more functions than any file", RAW + 20, 4, 0xffffffff, NULL},
        {"more names than there are", RAW + 24, 4, 0x200, NULL},
        {"no names", RAW + 24, 4, 0, ""},
        {"names nowhere", RAW + 32, 4, 0x7fffffff, NULL},
        {"a name nowhere", RAW + NAMES, 4, 0x7fffffff, "?=;Two=core.Other;"},
        {"an empty name", RAW + ONE, 2, 0, "?=;Two=core.Other;"},
        {"a name with a line end", RAW + ONE, 2, 0x0a4f, "?=;Two=core.Other;"},
        {"an ordinal of no function", RAW + ORDINALS + 2, 2, 2, "One=;Two=;"},
        {"a forwarder of nothing", RAW + FORWARDER, 2, 0, "One=;Two=;"},
    };
    const char *refused;
    char text[4 * (2 * PE_NAME_MAX + 3)];
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        build_exports(64);
        if (rows[i].width == 2)
            put16(rows[i].offset, rows[i].value);
        else
            put32(rows[i].offset, rows[i].value);
        refused = read_exports(SIZE, text);
        ok(rows[i].text ? !refused && !strcmp(text, rows[i].text) : refused != NULL, "%s: %s\n",
           rows[i].what, refused ? refused : text);
    }
    /* A name that has no end within the file. */
    build_exports(64);
    put32(RAW + NAMES, VIRTUAL + RAW_SIZE - 4);
    memset(pe_file + SIZE - 4, 'x', 4);
    ok(!read_exports(SIZE, text) && !strcmp(text, "?=;Two=core.Other;"), "no end: %s\n", text);
}

/* What is damaged has no such string, and is refused where the headers are. */
static void test_damaged_parts(void)
{
    static const struct
    {
        const char *what;
        size_t offset, width; /* of the number that is changed, 2 or 4 */
        uint32_t value;
        const char *reason; /* NULL: the headers are good */
    } rows[] =
    {
        {"no MZ", 0, 4, 0x905a4e, "no Windows program"},
        {"header past the end", 60, 4, SIZE - 23, "DOS"},
        {"header far away", 60, 4, 0xffffffff, "DOS"},
        {"header within itself", 60, 4, 0, "DOS"},
        {"ARM", HEADER + 4, 4, 0x101c4, "another processor"},
        {"the magic of the other width", HEADER + 24, 2, 0x10b, "contradicts"},
        {"the optional header of the other width", HEADER + 20, 2, 96, "cut off"},
        {"sections past the end", HEADER + 20, 2, SIZE - HEADER - 24, "sections"},
        {"resources nowhere", HEADER + 24 + 112 + 16, 4, 0x7fffffff, NULL},
        {"resources at the end", HEADER + 24 + 112 + 16, 4, VIRTUAL + RAW_SIZE - 15, NULL},
        {"section outside the file", HEADER + 24 + 112 + 128 + 20, 4, 0xfffffff0, NULL},
        {"another type", RAW + 16, 4, 15, NULL},
        {"more entries than there are", RAW + 14, 2, 0xffff, NULL},
        {"a type that leads to data", RAW + 20, 4, 0x48, NULL},
        {"a type that leads to itself", RAW + 20, 4, 0x80000000, NULL},
        {"a type that leads out", RAW + 20, 4, 0xffffffff, NULL},
        {"a language that leads to a table", RAW + 0x30 + 20, 4, 0x80000048, NULL},
        {"a language that leads out", RAW + 0x30 + 20, 4, 0x7fffffff, NULL},
        {"data nowhere", RAW + 0x48, 4, 0xffffffff, NULL},
        {"data that overlap the end", RAW + 0x4c, 4, RAW_SIZE, NULL},
        {"no data", RAW + 0x4c, 4, 0, NULL},
        {"a root of no length", RAW + VERSION, 2, 0, NULL},
        {"a root longer than the data", RAW + VERSION, 2, 0xffff, NULL},
        {"a value longer than the root", RAW + VERSION + 2, 2, 0xffff, NULL},
    };
    const char *refused;
    char text[SIZE];
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        build(64);
        if (rows[i].width == 2)
            put16(rows[i].offset, rows[i].value);
        else
            put32(rows[i].offset, rows[i].value);
        refused = read_text(SIZE, "FileVersion", text);
        ok(rows[i].reason ? refused && strstr(refused, rows[i].reason) : !refused, "%s: %s\n",
           rows[i].what, refused ? refused : "taken");
        ok(!text[0], "%s: %s\n", rows[i].what, text);
    }
}

/* Whatever is cut off or changed, nothing outside is read, which the sanitizer sees. */
static void test_changed(void)
{
    char text[4 * (2 * PE_NAME_MAX + 3)];
    unsigned bits;
    size_t i, j;

    for (bits = 32; bits <= 64; bits += 32)
    {
        build(bits);
        for (i = 0; i < version_end; i++)
        {
            read_text(i, "ProductName", text);
            ok(!text[0], "%u bits, %zu bytes: %s\n", bits, i, text);
        }
        for (i = 0; i < 40000; i++)
        {
            build(bits);
            for (j = test_random() % 8 + 1; j; j--)
                pe_file[test_random() % (j % 2 ? version_end : RAW)] =
                    (uint8_t)(test_random() >> 9);
            read_text(SIZE - test_random() % 16, "ProductName", text);
        }
        for (i = 0; i < 20000; i++)
        {
            build_exports(bits);
            for (j = test_random() % 8 + 1; j; j--)
                pe_file[j % 2 ? RAW + test_random() % EXPORTS_END : test_random() % RAW] =
                    (uint8_t)(test_random() >> 9);
            read_exports(SIZE - test_random() % 16, text);
        }
    }
}

START_TEST(pe)
{
    test_good();
    test_mark();
    test_placeholder();
    test_exports();
    test_damaged_exports();
    test_damaged_parts();
    test_changed();
}

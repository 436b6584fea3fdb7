/*
 * The DLLs that a PE program imports. Every read is checked against the file's size.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The layout is that of Microsoft's "PE Format" page.
 */

#include "imports.h"

#include <string.h>

#define SECTIONS_MAX 96
#define IMPORT_TABLE 1
#define DELAY_TABLE  13
#define CLR_TABLE    14

struct image
{
    const uint8_t *data;
    size_t size;
    size_t sections, section_count; /* where the table begins; entries */
    size_t directories, directory_count;
    uint32_t headers; /* bytes at the start that keep their place in memory */
    uint64_t base;
};

static int inside(const struct image *image, size_t offset, size_t length)
{
    return offset <= image->size && length <= image->size - offset;
}

/* The offset was checked. */
static uint32_t get16(const struct image *image, size_t offset)
{
    return image->data[offset] | (uint32_t)image->data[offset + 1] << 8;
}

static uint32_t get32(const struct image *image, size_t offset)
{
    return get16(image, offset) | get16(image, offset + 2) << 16;
}

static const char *read_optional(struct image *image, size_t offset, size_t length,
                                 struct imports *imports)
{
    size_t fixed = imports->bits == 32 ? 96 : 112;
    uint32_t magic;

    if (length < fixed || !inside(image, offset, length))
        return "its header is cut off";
    magic = get16(image, offset);
    if (magic != (imports->bits == 32 ? 0x10bu : 0x20bu))
        return "its header contradicts itself";
    image->base = imports->bits == 32
                      ? get32(image, offset + 28)
                      : get32(image, offset + 24) | (uint64_t)get32(image, offset + 28) << 32;
    image->headers = get32(image, offset + 60);
    image->directories = offset + fixed;
    image->directory_count = get32(image, offset + fixed - 4);
    if (image->directory_count > (length - fixed) / 8)
        image->directory_count = (length - fixed) / 8;
    return NULL;
}

static const char *read_headers(struct image *image, struct imports *imports)
{
    size_t header, optional_size;
    const char *refused;
    uint32_t machine;

    if (!inside(image, 0, 64) || memcmp(image->data, "MZ", 2))
        return "it is no Windows program";
    header = get32(image, 60);
    if (!inside(image, header, 24) || memcmp(image->data + header, "PE\0\0", 4))
        return "it is a program of DOS or 16-bit Windows, or damaged";
    machine = get16(image, header + 4);
    if (machine != 0x14c && machine != 0x8664)
        return "it is for another processor";
    imports->bits = machine == 0x14c ? 32 : 64;
    optional_size = get16(image, header + 20);
    if ((refused = read_optional(image, header + 24, optional_size, imports)))
        return refused;
    image->sections = header + 24 + optional_size;
    image->section_count = get16(image, header + 6);
    if (image->section_count > SECTIONS_MAX ||
        !inside(image, image->sections, image->section_count * 40))
        return "its table of sections is damaged";
    return NULL;
}

/* Where in the file an address relative to the image lies; size (never inside) when nowhere. */
static size_t offset_of(const struct image *image, uint32_t rva)
{
    size_t i, section;
    uint32_t start, raw_size, raw;

    if (rva < image->headers)
        return rva < image->size ? rva : image->size;
    for (i = 0; i < image->section_count; i++)
    {
        section = image->sections + i * 40;
        start = get32(image, section + 12);
        raw_size = get32(image, section + 16);
        raw = get32(image, section + 20);
        if (rva >= start && rva - start < raw_size)
            return inside(image, raw, (size_t)(rva - start) + 1) ? (size_t)raw + (rva - start)
                                                                 : image->size;
    }
    return image->size;
}

/* The address of a table; 0 when the program has none. */
static uint32_t directory(const struct image *image, size_t index)
{
    return index < image->directory_count ? get32(image, image->directories + index * 8) : 0;
}

static int get_name(const struct image *image, uint32_t rva, char *name)
{
    size_t offset = offset_of(image, rva), i;

    for (i = 0; i <= IMPORTS_NAME_MAX && inside(image, offset + i, 1); i++)
    {
        name[i] = (char)image->data[offset + i];
        if (!name[i])
            return i > 0;
        if (name[i] <= ' ' || name[i] > '~')
            return 0;
    }
    return 0;
}

/* One of the two tables of imports: entries of step bytes with the name's address at name_at. */
static const char *read_table(const struct image *image, const struct imports *imports, int delayed)
{
    size_t step = delayed ? 32 : 20, name_at = delayed ? 4 : 12, i, entry;
    uint32_t rva = directory(image, delayed ? DELAY_TABLE : IMPORT_TABLE), name;
    char text[IMPORTS_NAME_MAX + 1];

    if (!rva)
        return NULL;
    entry = offset_of(image, rva);
    for (i = 0; i < IMPORTS_COUNT_MAX; i++, entry += step)
    {
        if (!inside(image, entry, step))
            return "its table of imports is cut off";
        if (!(name = get32(image, entry + name_at)))
            return NULL;
        /* Old linkers wrote absolute addresses into the table of delayed ones. */
        if (delayed && !(get32(image, entry) & 1))
            name -= (uint32_t)image->base;
        if (!get_name(image, name, text))
            return "its table of imports is damaged";
        imports->found(imports->context, delayed, text);
    }
    return "it imports too many DLLs";
}

const char *imports_read(const uint8_t *data, size_t size, struct imports *imports)
{
    struct image image = {.data = data, .size = size};
    const char *refused;

    imports->bits = 0;
    imports->managed = 0;
    if ((refused = read_headers(&image, imports)))
        return refused;
    imports->managed = directory(&image, CLR_TABLE) != 0;
    if ((refused = read_table(&image, imports, 0)))
        return refused;
    return read_table(&image, imports, 1);
}

int imports_contain(const uint8_t *data, size_t size, const uint8_t *bytes, size_t length)
{
    const uint8_t *at = data, *end = data + size;

    while ((size_t)(end - at) >= length && (at = memchr(at, bytes[0], (end - at) - length + 1)))
    {
        if (!memcmp(at, bytes, length))
            return 1;
        at++;
    }
    return 0;
}

static int lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Whether text stands at data, width bytes a character. */
static int stands_at(const uint8_t *data, size_t size, const char *text, size_t width)
{
    size_t i;

    for (i = 0; text[i]; i++)
        if ((i + 1) * width > size || lower(data[i * width]) != lower((unsigned char)text[i]) ||
            (width == 2 && data[i * 2 + 1]))
            return 0;
    return 1;
}

int imports_mention(const uint8_t *data, size_t size, const char *text)
{
    int first = lower((unsigned char)text[0]);
    size_t i;

    for (i = 0; i < size; i++)
        if (lower(data[i]) == first &&
            (stands_at(data + i, size - i, text, 1) || stands_at(data + i, size - i, text, 2)))
            return 1;
    return 0;
}

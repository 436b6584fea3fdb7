/*
 * The DLLs that a PE program imports. Every read is checked against the file's size.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "imports.h"

#include <string.h>

#include "../pe/image.h"

static int get_name(const struct pe_image *image, uint32_t rva, char *name)
{
    size_t offset = pe_offset(image, rva), i;

    for (i = 0; i <= IMPORTS_NAME_MAX && pe_inside(image, offset + i, 1); i++)
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
static const char *read_table(const struct pe_image *image, const struct imports *imports,
                              int delayed)
{
    size_t step = delayed ? 32 : 20, name_at = delayed ? 4 : 12, i, entry;
    uint32_t rva = pe_directory(image, delayed ? PE_DELAYED : PE_IMPORTS), name;
    char text[IMPORTS_NAME_MAX + 1];

    if (!rva)
        return NULL;
    entry = pe_offset(image, rva);
    for (i = 0; i < IMPORTS_COUNT_MAX; i++, entry += step)
    {
        if (!pe_inside(image, entry, step))
            return "its table of imports is cut off";
        if (!(name = pe_get32(image, entry + name_at)))
            return NULL;
        /* Old linkers wrote absolute addresses into the table of delayed ones. */
        if (delayed && !(pe_get32(image, entry) & 1))
            name -= (uint32_t)image->base;
        if (!get_name(image, name, text))
            return "its table of imports is damaged";
        imports->found(imports->context, delayed, text);
    }
    return "it imports too many DLLs";
}

const char *imports_read(const uint8_t *data, size_t size, struct imports *imports)
{
    struct pe_image image;
    const char *refused;

    imports->bits = 0;
    imports->managed = 0;
    if ((refused = pe_open(data, size, &image)))
        return refused;
    imports->bits = image.bits;
    imports->managed = pe_directory(&image, PE_CLR) != 0;
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

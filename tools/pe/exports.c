/*
 * The functions that a PE file exports. Every read is checked against the file's size.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "exports.h"

#include <string.h>

#define HEADER_SIZE 40

/* The table of count entries of size bytes at an address; 0 when it is not all there. */
static int find_table(const struct pe_image *image, uint32_t rva, size_t count, size_t size,
                      size_t *table)
{
    *table = pe_offset(image, rva);
    return pe_inside(image, *table, count * size);
}

const char *pe_exports_open(const struct pe_image *image, struct pe_exports *exports)
{
    uint32_t rva = pe_directory(image, PE_EXPORTS);
    size_t header = rva ? pe_offset(image, rva) : image->size;

    memset(exports, 0, sizeof(*exports));
    exports->image = image;
    if (!rva)
        return "it exports nothing";
    if (!pe_inside(image, header, HEADER_SIZE))
        return "its table of exports is damaged";
    exports->start = rva;
    exports->length = pe_directory_size(image, PE_EXPORTS);
    exports->function_count = pe_get32(image, header + 20);
    exports->name_count = pe_get32(image, header + 24);
    if (exports->function_count > PE_NAMES_MAX || exports->name_count > PE_NAMES_MAX ||
        !find_table(image, pe_get32(image, header + 28), exports->function_count, 4,
                    &exports->functions) ||
        !find_table(image, pe_get32(image, header + 32), exports->name_count, 4, &exports->names) ||
        !find_table(image, pe_get32(image, header + 36), exports->name_count, 2,
                    &exports->ordinals))
        return "its table of exports is damaged";
    return NULL;
}

static const char *read_text(const struct pe_image *image, uint32_t rva, size_t *length)
{
    const uint8_t *text;
    size_t offset = pe_offset(image, rva);

    for (*length = 0; *length <= PE_NAME_MAX; (*length)++)
    {
        if (!pe_inside(image, offset, *length + 1))
            return NULL;
        text = image->data + offset;
        if (!text[*length])
            return *length ? (const char *)text : NULL;
        if (text[*length] <= ' ' || text[*length] > '~')
            return NULL;
    }
    return NULL;
}

const char *pe_exports_name(const struct pe_exports *exports, size_t index, size_t *length)
{
    return read_text(exports->image, pe_get32(exports->image, exports->names + index * 4), length);
}

const char *pe_exports_forwarder(const struct pe_exports *exports, size_t index, size_t *length)
{
    size_t function = pe_get16(exports->image, exports->ordinals + index * 2);
    uint32_t rva;

    if (function >= exports->function_count)
        return NULL;
    rva = pe_get32(exports->image, exports->functions + function * 4);
    if (rva < exports->start || rva - exports->start >= exports->length)
        return NULL;
    return read_text(exports->image, rva, length);
}

int pe_exports_have(const struct pe_exports *exports, const char *name, size_t length)
{
    const char *other;
    size_t i, size;

    for (i = 0; i < exports->name_count; i++)
    {
        other = pe_exports_name(exports, i, &size);
        if (other && size == length && !memcmp(other, name, length))
            return 1;
    }
    return 0;
}

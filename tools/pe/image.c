/*
 * The headers of a PE file. Every read is checked against the file's size.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "image.h"

#include <string.h>

#define SECTIONS_MAX 96

int pe_inside(const struct pe_image *image, size_t offset, size_t length)
{
    return offset <= image->size && length <= image->size - offset;
}

uint32_t pe_get16(const struct pe_image *image, size_t offset)
{
    return image->data[offset] | (uint32_t)image->data[offset + 1] << 8;
}

uint32_t pe_get32(const struct pe_image *image, size_t offset)
{
    return pe_get16(image, offset) | pe_get16(image, offset + 2) << 16;
}

static const char *read_optional(struct pe_image *image, size_t offset, size_t length)
{
    size_t fixed = image->bits == 32 ? 96 : 112;
    uint32_t magic;

    if (length < fixed || !pe_inside(image, offset, length))
        return "its header is cut off";
    magic = pe_get16(image, offset);
    if (magic != (image->bits == 32 ? 0x10bu : 0x20bu))
        return "its header contradicts itself";
    image->base = image->bits == 32
                      ? pe_get32(image, offset + 28)
                      : pe_get32(image, offset + 24) | (uint64_t)pe_get32(image, offset + 28) << 32;
    image->fixed = pe_get32(image, offset + 60);
    image->directories = offset + fixed;
    image->directory_count = pe_get32(image, offset + fixed - 4);
    if (image->directory_count > (length - fixed) / 8)
        image->directory_count = (length - fixed) / 8;
    return NULL;
}

const char *pe_open(const uint8_t *data, size_t size, struct pe_image *image)
{
    size_t optional_size;
    const char *refused;
    uint32_t machine;

    memset(image, 0, sizeof(*image));
    image->data = data;
    image->size = size;
    if (!pe_inside(image, 0, 64) || memcmp(data, "MZ", 2))
        return "it is no Windows program";
    image->header = pe_get32(image, 60);
    if (!pe_inside(image, image->header, 24) || memcmp(data + image->header, "PE\0\0", 4))
        return "it is a program of DOS or 16-bit Windows, or damaged";
    machine = pe_get16(image, image->header + 4);
    if (machine != 0x14c && machine != 0x8664)
        return "it is for another processor";
    image->bits = machine == 0x14c ? 32 : 64;
    optional_size = pe_get16(image, image->header + 20);
    if ((refused = read_optional(image, image->header + 24, optional_size)))
        return refused;
    image->sections = image->header + 24 + optional_size;
    image->section_count = pe_get16(image, image->header + 6);
    if (image->section_count > SECTIONS_MAX ||
        !pe_inside(image, image->sections, image->section_count * 40))
        return "its table of sections is damaged";
    return NULL;
}

size_t pe_offset(const struct pe_image *image, uint32_t rva)
{
    size_t i, section;
    uint32_t start, raw_size, raw;

    if (rva < image->fixed)
        return rva < image->size ? rva : image->size;
    for (i = 0; i < image->section_count; i++)
    {
        section = image->sections + i * 40;
        start = pe_get32(image, section + 12);
        raw_size = pe_get32(image, section + 16);
        raw = pe_get32(image, section + 20);
        if (rva >= start && rva - start < raw_size)
            return pe_inside(image, raw, (size_t)(rva - start) + 1) ? (size_t)raw + (rva - start)
                                                                    : image->size;
    }
    return image->size;
}

uint32_t pe_directory(const struct pe_image *image, size_t index)
{
    return index < image->directory_count ? pe_get32(image, image->directories + index * 8) : 0;
}

uint32_t pe_directory_size(const struct pe_image *image, size_t index)
{
    return index < image->directory_count ? pe_get32(image, image->directories + index * 8 + 4) : 0;
}

static int has_mark(const uint8_t *data, size_t size, const char *mark, size_t length)
{
    return size >= PE_MARK_AT + length && !memcmp(data, "MZ", 2) &&
           !memcmp(data + PE_MARK_AT, mark, length);
}

int pe_is_builtin(const uint8_t *data, size_t size)
{
    return has_mark(data, size, PE_MARK, 16);
}

int pe_is_wines(const uint8_t *data, size_t size)
{
    return pe_is_builtin(data, size) ||
           has_mark(data, size, PE_PLACEHOLDER, sizeof(PE_PLACEHOLDER));
}

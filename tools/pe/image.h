/*
 * The headers of a PE file, and what Wine makes of them. Reads hostile files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The layout is that of Microsoft's "PE Format" page. Offsets are counted from the file's start.
 */

#ifndef PE_IMAGE_H
#define PE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

/* Entries of the table of directories. */
#define PE_EXPORTS   0
#define PE_IMPORTS   1
#define PE_RESOURCES 2
#define PE_DELAYED   13
#define PE_CLR       14

/* "Wine builtin DLL" and zeros: by it Wine knows a file that may have a unix half. It lies between
 * the DOS header and the PE header. */
#define PE_MARK      "Wine builtin DLL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define PE_MARK_AT   64
#define PE_MARK_SIZE 32

/* Stands there in place of the mark in files that a Wine without DLLs of this form puts into
 * prefixes. */
#define PE_PLACEHOLDER "Wine placeholder DLL"

_Static_assert(sizeof(PE_MARK) == PE_MARK_SIZE, "the mark with its zeros");

struct pe_image
{
    const uint8_t *data;
    size_t size;
    unsigned bits;                  /* 32 or 64 */
    size_t header;                  /* where the PE header is */
    size_t sections, section_count; /* where the table begins; entries */
    size_t directories, directory_count;
    uint32_t fixed; /* bytes at the start that keep their place in memory */
    uint64_t base;
};

/* Reads the headers of a file's size bytes, which must stay while image is used. NULL, or a few
 * words that say why the file is refused. */
const char *pe_open(const uint8_t *data, size_t size, struct pe_image *image);

/* Whether length bytes from offset on are there. */
int pe_inside(const struct pe_image *image, size_t offset, size_t length);

/* Little endian numbers at an offset that was checked. */
uint32_t pe_get16(const struct pe_image *image, size_t offset);
uint32_t pe_get32(const struct pe_image *image, size_t offset);

/* The offset of an address relative to the image; size (never inside) when it is nowhere. */
size_t pe_offset(const struct pe_image *image, uint32_t rva);

/* The address of a directory, relative to the image; 0 when the file has none. */
uint32_t pe_directory(const struct pe_image *image, size_t index);

/* Its length in bytes, which need not be true. */
uint32_t pe_directory_size(const struct pe_image *image, size_t index);

/* Whether Wine takes a file of size bytes for one of its own. */
int pe_is_builtin(const uint8_t *data, size_t size);

/* The same, or it only keeps the place for one. */
int pe_is_wines(const uint8_t *data, size_t size);

#endif

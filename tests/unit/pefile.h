/*
 * A PE file of one section, put together in memory, for tests of what reads such files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_UNIT_PEFILE_H
#define TESTS_UNIT_PEFILE_H

#include <stdint.h>
#include <string.h>

/* The section lies at 0x400 in the file and at 0x1000 in memory. */
#define HEADER   0x80u
#define RAW      0x400u
#define VIRTUAL  0x1000u
#define RAW_SIZE 0x400u
#define SIZE     (RAW + RAW_SIZE)

static uint8_t pe_file[SIZE];

static void put16(size_t offset, uint32_t value)
{
    pe_file[offset] = (uint8_t)value;
    pe_file[offset + 1] = (uint8_t)(value >> 8);
}

static void put32(size_t offset, uint32_t value)
{
    put16(offset, value & 0xffff);
    put16(offset + 2, value >> 16);
}

static size_t optional(void)
{
    return HEADER + 24;
}

static size_t directory(unsigned bits, unsigned index)
{
    return optional() + (bits == 32 ? 96 : 112) + index * 8;
}

/* The section's entry in the table. */
static size_t section(unsigned bits)
{
    return directory(bits, 16);
}

/* Begins the file anew: headers without directories, and an empty section. */
static void pe_file_begin(unsigned bits)
{
    size_t at = section(bits);

    memset(pe_file, 0, sizeof(pe_file));
    memcpy(pe_file, "MZ", 2);
    put32(60, HEADER);
    memcpy(pe_file + HEADER, "PE\0\0", 4);
    put16(HEADER + 4, bits == 32 ? 0x14c : 0x8664);
    put16(HEADER + 6, 1);
    put16(HEADER + 20, (uint32_t)(at - optional()));
    put16(optional(), bits == 32 ? 0x10b : 0x20b);
    put32(optional() + 60, RAW);
    put32(directory(bits, 0) - 4, 16);
    put32(at + 8, RAW_SIZE);
    put32(at + 12, VIRTUAL);
    put32(at + 16, RAW_SIZE);
    put32(at + 20, RAW);
}

#endif

/*
 * typelib-settime: the time that widl writes into a type library becomes one that the build
 * chooses, so that the same sources give the same file. Not every widl has a way to do so.
 *
 * The file's form is that of Wine's dlls/oleaut32/typelib.h and tools/widl/write_msft.c. All
 * numbers are little-endian.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FILE_MAX (16u << 20)

#define HEADER_SIZE    0x54
#define HEADER_FLAGS   0x14
#define HEADER_COUNT   0x20 /* type descriptions; that many offsets follow the header */
#define FLAG_HELPDLL   0x100
#define SEGMENT_SIZE   16 /* offset, length, two of no use here */
#define SEGMENT_GUIDS  5
#define SEGMENT_DATA   11
#define SEGMENT_CUSTOM 12
#define GUID_SIZE      24 /* the GUID itself, and two numbers */
#define CUSTOM_SIZE    12 /* offset of the GUID, offset of the value, the next one */
#define TYPE_BSTR      8
#define TYPE_UI4       19
#define TIME_LENGTH    24 /* as by asctime, without its newline */

/* {de77ba63-517c-11d1-a2da-0000f8773ce9}: the time as a number; 65: the compiler and its time. */
static const unsigned char time_guid[16] =
{
    0x63, 0xba, 0x77, 0xde, 0x7c, 0x51, 0xd1, 0x11, 0xa2, 0xda, 0x00, 0x00, 0xf8, 0x77, 0x3c, 0xe9
};
#define TEXT_GUID_BYTE 0x65

struct part
{
    unsigned char *bytes;
    uint32_t length;
};

static uint32_t get32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put32(unsigned char *p, uint32_t value)
{
    unsigned int i;

    for (i = 0; i < 4; i++)
        p[i] = (unsigned char)(value >> 8 * i);
}

/* The bytes of a part of *whole, NULL where they are not all in it. */
static unsigned char *piece(const struct part *whole, uint32_t offset, uint32_t length)
{
    if (offset > whole->length || length > whole->length - offset)
        return NULL;
    return whole->bytes + offset;
}

/* 0, or -1 where the file has no such segment. */
static int find_segment(const struct part *file, unsigned int number, struct part *segment)
{
    const unsigned char *header = piece(file, 0, HEADER_SIZE), *entry;
    uint32_t offset;

    if (!header || memcmp(header, "MSFT", 4) || get32(header + HEADER_COUNT) > FILE_MAX / 4)
        return -1;
    offset = HEADER_SIZE + 4 * get32(header + HEADER_COUNT) + number * SEGMENT_SIZE;
    if (get32(header + HEADER_FLAGS) & FLAG_HELPDLL)
        offset += 4;
    if (!(entry = piece(file, offset, SEGMENT_SIZE)))
        return -1;
    segment->length = get32(entry + 4);
    segment->bytes = piece(file, get32(entry), segment->length);
    return segment->bytes ? 0 : -1;
}

/* *value as widl wrote it, with its type. 0, or -1 where it is none that has the time. */
static int set_value(const struct part *data, uint32_t offset, time_t seconds, const char *text)
{
    unsigned char *value = piece(data, offset, 6);
    uint32_t length;

    if (!value)
        return -1;
    if ((value[0] | value[1] << 8) == TYPE_UI4)
    {
        put32(value + 2, (uint32_t)seconds);
        return 0;
    }
    length = get32(value + 2);
    if ((value[0] | value[1] << 8) != TYPE_BSTR || length <= TIME_LENGTH ||
        !(value = piece(data, offset + 6, length)))
        return -1;
    if (value[length - 1] == '\n')
        length--;
    memcpy(value + length - TIME_LENGTH, text, TIME_LENGTH);
    return 0;
}

/* How many of the two values were set. */
static int set_time(const struct part *file, time_t seconds, const char *text)
{
    struct part guids, data, custom;
    unsigned char *guid;
    unsigned int set = 0;
    uint32_t i;

    if (find_segment(file, SEGMENT_GUIDS, &guids) || find_segment(file, SEGMENT_DATA, &data) ||
        find_segment(file, SEGMENT_CUSTOM, &custom))
        return 0;
    for (i = 0; i + CUSTOM_SIZE <= custom.length; i += CUSTOM_SIZE)
    {
        if (!(guid = piece(&guids, get32(custom.bytes + i), GUID_SIZE)) ||
            memcmp(guid + 1, time_guid + 1, 15) ||
            (guid[0] != time_guid[0] && guid[0] != TEXT_GUID_BYTE))
            continue;
        if (!set_value(&data, get32(custom.bytes + i + 4), seconds, text))
            set++;
    }
    return (int)set;
}

/* 0, or -1 with a message. */
static int set_file(const char *name, time_t seconds, const char *text)
{
    struct part file = {malloc(FILE_MAX), 0};
    FILE *stream = fopen(name, "r+b");
    int result = -1;

    if (!stream || !file.bytes)
        fprintf(stderr, "typelib-settime: %s: %s\n", name, strerror(errno));
    else
    {
        file.length = (uint32_t)fread(file.bytes, 1, FILE_MAX, stream);
        if (set_time(&file, seconds, text) != 2)
            fprintf(stderr, "typelib-settime: %s: has no two times as widl writes them\n", name);
        else if (fseek(stream, 0, SEEK_SET) ||
                 fwrite(file.bytes, 1, file.length, stream) != file.length)
            fprintf(stderr, "typelib-settime: %s: %s\n", name, strerror(errno));
        else
            result = 0;
    }
    if (stream && fclose(stream) && !result)
    {
        fprintf(stderr, "typelib-settime: %s: %s\n", name, strerror(errno));
        result = -1;
    }
    free(file.bytes);
    return result;
}

int main(int argc, char *argv[])
{
    unsigned long seconds;
    struct tm parts;
    time_t when;
    char text[TIME_LENGTH + 1], *end;

    errno = 0;
    if (argc != 3 || (seconds = strtoul(argv[1], &end, 10), *end || end == argv[1]) || errno ||
        seconds > UINT32_MAX)
    {
        fputs("Usage: typelib-settime SECONDS FILE\n"
              "Sets the time in a type library that widl made to that many seconds after 1970.\n",
              stderr);
        return 2;
    }
    when = (time_t)seconds;
    if (!gmtime_r(&when, &parts) ||
        strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &parts) != TIME_LENGTH)
        return 2;
    return set_file(argv[2], when, text) ? 1 : 0;
}

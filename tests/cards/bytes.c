/*
 * A growing byte buffer, and hexadecimal text, for the simulated card.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *check_memory(void *memory)
{
    if (!memory)
    {
        fprintf(stderr, "out of memory\n");
        abort();
    }
    return memory;
}

void *bytes_calloc(size_t count, size_t size)
{
    return check_memory(calloc(count, size));
}

static void reserve(struct bytes *b, size_t more)
{
    size_t cap = b->cap ? b->cap : 64;

    if (b->len + more <= b->cap)
        return;
    while (cap < b->len + more)
        cap *= 2;
    b->data = check_memory(realloc(b->data, cap));
    b->cap = cap;
}

void bytes_add(struct bytes *b, const void *data, size_t len)
{
    if (!len)
        return;
    reserve(b, len);
    if (data)
        memcpy(b->data + b->len, data, len);
    else
        memset(b->data + b->len, 0, len);
    b->len += len;
}

void bytes_add_u8(struct bytes *b, unsigned value)
{
    uint8_t byte = (uint8_t)value;

    bytes_add(b, &byte, 1);
}

void bytes_add_be(struct bytes *b, uint32_t value, unsigned width)
{
    while (width--)
        bytes_add_u8(b, value >> (8 * width) & 0xff);
}

void bytes_drop(struct bytes *b, size_t len)
{
    if (len >= b->len)
    {
        b->len = 0;
        return;
    }
    memmove(b->data, b->data + len, b->len - len);
    b->len -= len;
}

void bytes_clear(struct bytes *b)
{
    b->len = 0;
}

void bytes_free(struct bytes *b)
{
    free(b->data);
    memset(b, 0, sizeof(*b));
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool bytes_add_hex(struct bytes *b, const char *text)
{
    size_t start = b->len;

    for (;;)
    {
        int high, low;

        while (*text == ' ' || *text == '\t')
            text++;
        if (!*text)
            return true;
        high = hex_digit(text[0]);
        low = high < 0 ? -1 : hex_digit(text[1]);
        if (low < 0)
        {
            b->len = start;
            return false;
        }
        bytes_add_u8(b, (unsigned)(high << 4 | low));
        text += 2;
    }
}

void bytes_add_hex_text(struct bytes *b, const uint8_t *data, size_t len)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t i;

    for (i = 0; i < len; i++)
    {
        bytes_add_u8(b, (unsigned char)digits[data[i] >> 4]);
        bytes_add_u8(b, (unsigned char)digits[data[i] & 15]);
    }
}

void bytes_printf(struct bytes *b, const char *format, ...)
{
    char text[512];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (len < 0)
        return;
    bytes_add(b, text, (size_t)len < sizeof(text) ? (size_t)len : sizeof(text) - 1);
}

char *bytes_next_line(const char **text)
{
    size_t len = strcspn(*text, "\r\n");
    char *line;

    if (!**text)
        return NULL;
    line = bytes_calloc(len + 1, 1);
    memcpy(line, *text, len);
    *text += len;
    if (**text == '\r')
        ++*text;
    if (**text == '\n')
        ++*text;
    return line;
}

uint32_t bytes_be(const uint8_t *data, size_t len)
{
    uint32_t value = 0;

    while (len--)
        value = value << 8 | *data++;
    return value;
}

/*
 * The code page of native tests.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Of two double bytes the second may be any, a NUL too: some systems take it so, and a string loses
 * its end then. Characters without a place become '?'; in UTF-8, what is no text U+FFFD.
 */

#include "codepage.h"

#include <windows.h>

static enum code_page page_now;

void set_code_page(enum code_page page)
{
    page_now = page;
}

UINT GetACP(void)
{
    return page_now == PAGE_UTF8 ? CP_UTF8 : 1252;
}

/* What a conversion writes; counted alone when out is NULL. */
struct output
{
    void *out;
    int room, count;
    int full;
};

static void put_byte(struct output *output, unsigned byte)
{
    if (output->out && output->count >= output->room)
        output->full = 1;
    else if (output->out)
        ((char *)output->out)[output->count] = (char)byte;
    output->count++;
}

static void put_unit(struct output *output, unsigned unit)
{
    if (output->out && output->count >= output->room)
        output->full = 1;
    else if (output->out)
        ((WCHAR *)output->out)[output->count] = (WCHAR)unit;
    output->count++;
}

/* ---- to UTF-16 ---- */

/* The code point at text, of at most bytes bytes; how many it takes. */
static int from_utf8(const unsigned char *text, int bytes, unsigned *point)
{
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    int length = text[0] < 0x80 ? 1 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4, i;

    *point = 0xfffd;
    if ((text[0] >= 0x80 && text[0] < 0xc2) || text[0] > 0xf4)
        return 1;
    if (length == 1)
    {
        *point = text[0];
        return 1;
    }
    for (i = 1; i < length; i++)
        if (i >= bytes || (text[i] & 0xc0) != 0x80)
            return i;
    *point = text[0] & (0x7fu >> length);
    for (i = 1; i < length; i++)
        *point = *point << 6 | (text[i] & 0x3fu);
    if (*point < least[length] || *point > 0x10ffff || (*point & 0xfffff800) == 0xd800)
        *point = 0xfffd;
    return length;
}

static void put_point(struct output *output, unsigned point)
{
    if (point < 0x10000)
    {
        put_unit(output, point);
        return;
    }
    put_unit(output, 0xd800 + ((point - 0x10000) >> 10));
    put_unit(output, 0xdc00 + ((point - 0x10000) & 0x3ff));
}

int MultiByteToWideChar(UINT page, DWORD flags, const char *text, int bytes, WCHAR *out, int room)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + bytes;
    struct output output = {room ? out : NULL, room, 0, 0};
    unsigned point;

    (void)page, (void)flags;
    while (at < end)
    {
        if (page_now == PAGE_UTF8)
        {
            at += from_utf8(at, (int)(end - at), &point);
            put_point(&output, point);
        }
        else if (page_now == PAGE_DOUBLE && *at > 0x80 && at + 1 < end)
        {
            put_unit(&output, (unsigned)at[0] << 8 | at[1]);
            at += 2;
        }
        else
            put_unit(&output, *at++);
    }
    return output.full ? 0 : output.count;
}

/* ---- from UTF-16 ---- */

static void put_utf8(struct output *output, unsigned point)
{
    if (point < 0x80)
    {
        put_byte(output, point);
        return;
    }
    if (point < 0x800)
        put_byte(output, 0xc0 | point >> 6);
    else
    {
        if (point < 0x10000)
            put_byte(output, 0xe0 | point >> 12);
        else
        {
            put_byte(output, 0xf0 | point >> 18);
            put_byte(output, 0x80 | (point >> 12 & 0x3f));
        }
        put_byte(output, 0x80 | (point >> 6 & 0x3f));
    }
    put_byte(output, 0x80 | (point & 0x3f));
}

static int is_high(unsigned unit)
{
    return (unit & 0xfc00) == 0xd800;
}

static int is_low(unsigned unit)
{
    return (unit & 0xfc00) == 0xdc00;
}

static void put_narrow(struct output *output, unsigned point)
{
    if (page_now == PAGE_UTF8)
        put_utf8(output, point);
    else if (page_now == PAGE_DOUBLE && point >= 0x8100 && point < 0x10000 && point & 0xff)
    {
        put_byte(output, point >> 8);
        put_byte(output, point & 0xff);
    }
    else
        put_byte(output, point < (page_now == PAGE_LATIN1 ? 0x100u : 0x80u) ? point : '?');
}

int WideCharToMultiByte(UINT page, DWORD flags, const WCHAR *text, int units, char *out, int room,
                        const char *replacement, BOOL *replaced)
{
    struct output output = {room ? out : NULL, room, 0, 0};
    unsigned point;
    int i;

    (void)page, (void)flags, (void)replacement, (void)replaced;
    for (i = 0; i < units; i++)
    {
        point = text[i];
        if (page_now == PAGE_UTF8 && is_high(point) && i + 1 < units && is_low(text[i + 1]))
            point = 0x10000 + ((point & 0x3ff) << 10) + (text[++i] & 0x3ffu);
        else if (page_now == PAGE_UTF8 && (is_high(point) || is_low(point)))
            point = 0xfffd;
        put_narrow(&output, point);
    }
    return output.full ? 0 : output.count;
}

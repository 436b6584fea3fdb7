/*
 * Names from outside (readers, programs, files): their conversion to UTF-16 and their display.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "text.h"

#include <string.h>

#define BYTE_BASE 0xDC00u /* U+DC80 to U+DCFF represent bytes */

/* ---- characters ---- */

/* The character at bytes; returns its length, 0 when it is no valid UTF-8. */
static size_t get_utf8(const uint8_t *bytes, size_t len, uint32_t *character)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t count = bytes[0] < 0x80   ? 1
                   : bytes[0] < 0xC0 ? 0
                   : bytes[0] < 0xE0 ? 2
                   : bytes[0] < 0xF0 ? 3
                   : bytes[0] < 0xF8 ? 4
                                     : 0,
           i;

    if (!count || count > len)
        return 0;
    *character = count == 1 ? bytes[0] : bytes[0] & (0x7Fu >> count);
    for (i = 1; i < count; i++)
    {
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
        *character = *character << 6 | (bytes[i] & 0x3Fu);
    }
    return *character < least[count] || *character > 0x10FFFF || *character >> 11 == 0x1B ? 0
                                                                                          : count;
}

/* Writes at most four bytes; returns their number. */
static size_t put_utf8(uint32_t character, char *out)
{
    size_t count = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4, i;

    for (i = count; i-- > 1; character >>= 6)
        out[i] = (char)(0x80 | (character & 0x3F));
    out[0] = (char)(count == 1 ? character : (0xF00u >> count & 0xFF) | character);
    return count;
}

/* The character at text, possibly a lone surrogate; returns its number of units. */
static size_t get_utf16(const uint16_t *text, size_t len, uint32_t *character)
{
    *character = text[0];
    if (text[0] >> 10 != 0x36 || len < 2 || text[1] >> 10 != 0x37)
        return 1;
    *character = 0x10000 + ((uint32_t)(text[0] & 0x3FF) << 10 | (text[1] & 0x3FF));
    return 2;
}

static int is_surrogate(uint32_t character)
{
    return character >> 11 == 0x1B;
}

/* True for characters that must not be put in a line unescaped. */
static int is_unsafe(uint32_t character)
{
    static const struct
    {
        uint32_t first, last;
    } ranges[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C},  {0x200B, 0x200F},
                  {0x2028, 0x202E}, {0x2066, 0x206F}, {0xD800, 0xDFFF},  {0xFEFF, 0xFEFF},
                  {0xFFF9, 0xFFFB}, {0xFFFE, 0xFFFF}, {0xE0000, 0xE007F}};
    size_t i;

    for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
    {
        if (character >= ranges[i].first && character <= ranges[i].last)
            return 1;
    }
    return 0;
}

/* ---- names ---- */

size_t text_from_bytes(const char *bytes, size_t len, uint16_t *out, size_t cap)
{
    const uint8_t *at = (const uint8_t *)bytes, *end = at + len;
    size_t used = 0;

    while (at < end)
    {
        uint32_t character;
        size_t count = get_utf8(at, (size_t)(end - at), &character);
        size_t units = count == 4 ? 2 : 1;

        if (!count)
            character = BYTE_BASE + *at;
        if (out && cap - used < units)
            return 0;
        if (out && units == 2)
        {
            out[used] = (uint16_t)(0xD7C0 + (character >> 10));
            out[used + 1] = (uint16_t)(0xDC00 | (character & 0x3FF));
        }
        else if (out)
            out[used] = (uint16_t)character;
        used += units;
        at += count ? count : 1;
    }
    return used;
}

size_t text_to_bytes(const uint16_t *text, size_t len, char *out, size_t cap)
{
    size_t used = 0, at = 0;
    char bytes[4];

    while (at < len)
    {
        uint32_t character;
        size_t count = 1;

        at += get_utf16(text + at, len - at, &character);
        if (!is_surrogate(character))
            count = put_utf8(character, bytes);
        else if (character >= BYTE_BASE + 0x80 && character <= BYTE_BASE + 0xFF)
            bytes[0] = (char)(character - BYTE_BASE);
        else
            return 0;
        if (out && cap - used < count)
            return 0;
        if (out)
            memcpy(out + used, bytes, count);
        used += count;
    }
    return used;
}

/* ---- display ---- */

static size_t put_escape(uint32_t unit, char *out)
{
    static const char digits[] = "0123456789ABCDEF";
    int i;

    out[0] = '\\';
    out[1] = 'u';
    for (i = 0; i < 4; i++)
        out[2 + i] = digits[unit >> (12 - 4 * i) & 0x0F];
    return 6;
}

static size_t put_shown(const uint16_t *units, size_t count, uint32_t character, const char *keep,
                        char *out)
{
    size_t used = 0, i;

    if (!is_unsafe(character) || (character && character < 0x80 && strchr(keep, (int)character)))
        return put_utf8(character, out);
    for (i = 0; i < count; i++)
        used += put_escape(units[i], out + used);
    return used;
}

size_t text_show(const uint16_t *text, size_t len, const char *keep, char *out, size_t cap)
{
    size_t used = 0, at = 0;
    char piece[12];

    while (at < len)
    {
        uint32_t character;
        size_t units = get_utf16(text + at, len - at, &character);
        size_t count = put_shown(text + at, units, character, keep, piece);

        if (cap - 1 - used < count)
            break;
        memcpy(out + used, piece, count);
        used += count;
        at += units;
    }
    out[used] = 0;
    return used;
}

void text_clean(char *text)
{
    size_t left = strlen(text);

    while (left)
    {
        uint32_t character;
        size_t count = get_utf8((const uint8_t *)text, left, &character);

        if (!count)
            count = 1;
        else if (!is_unsafe(character))
        {
            text += count;
            left -= count;
            continue;
        }
        memset(text, '?', count);
        text += count;
        left -= count;
    }
}

/*
 * Bytes as hexadecimal text, with room for what must not be shown.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "apdu.h"
#include "hex.h"
#include "codes.h"

#define ELLIPSIS        "..."
#define ELLIPSIS_LENGTH 3u

/* Text that grows by whole pieces; once one does not fit, nothing follows but the ellipsis. */
struct text
{
    char *out;
    size_t cap; /* with room for the NUL */
    size_t used;
    size_t safe; /* the longest text so far behind which the ellipsis fits */
    int cut;
};

static void put(struct text *text, const char *piece, size_t length)
{
    if (text->cut || length > text->cap - 1 - text->used)
    {
        text->cut = 1;
        return;
    }
    memcpy(text->out + text->used, piece, length);
    text->used += length;
    if (text->used + ELLIPSIS_LENGTH < text->cap)
        text->safe = text->used;
}

static size_t finish(struct text *text)
{
    if (text->cut)
    {
        memcpy(text->out + text->safe, ELLIPSIS, ELLIPSIS_LENGTH);
        text->used = text->safe + ELLIPSIS_LENGTH;
    }
    text->out[text->used] = 0;
    return text->used;
}

/* Whether there is room enough to say anything; else out is empty as far as it can be. */
static int begin(struct text *text, char *out, size_t cap)
{
    memset(text, 0, sizeof(*text));
    text->out = out;
    text->cap = cap;
    if (cap > ELLIPSIS_LENGTH)
        return 1;
    if (cap)
        out[0] = 0;
    return 0;
}

static void put_bytes(struct text *text, const uint8_t *bytes, size_t len)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t i;

    for (i = 0; i < len && !text->cut; i++)
    {
        char pair[2] = {digits[bytes[i] >> 4], digits[bytes[i] & 0x0F]};

        put(text, pair, sizeof(pair));
    }
}

static void put_group(struct text *text, const uint8_t *bytes, size_t len)
{
    if (!len)
        return;
    if (text->used)
        put(text, " ", 1);
    put_bytes(text, bytes, len);
}

static void put_hidden(struct text *text, size_t count)
{
    char number[24], *at = number + sizeof(number);

    if (!count)
        return;
    do
    {
        *--at = (char)('0' + count % 10);
        count /= 10;
    } while (count);
    put(text, text->used ? " [" : "[", text->used ? 2 : 1);
    put(text, at, (size_t)(number + sizeof(number) - at));
    put(text, " bytes hidden]", 14);
}

size_t hex_format(const uint8_t *bytes, size_t len, char *out, size_t cap)
{
    struct text text;

    if (!begin(&text, out, cap))
        return 0;
    put_bytes(&text, bytes, len);
    return finish(&text);
}

size_t hex_format_command(const uint8_t *command, size_t len, int hidden, char *out, size_t cap)
{
    struct text text;
    struct apdu apdu;
    size_t header = len < 4 ? len : 4, shown = hidden ? header : len;

    if (!begin(&text, out, cap))
        return 0;
    if (apdu_parse(command, len, &apdu) != SC_OK)
        shown = header;
    put_group(&text, command, header);
    if (apdu.nc)
    {
        size_t start = (size_t)(apdu.data - command);

        put_group(&text, command + header, start - header);
        header = start;
        if (!hidden)
        {
            put_group(&text, apdu.data, apdu.nc);
            header += apdu.nc;
        }
    }
    else if (hidden && len == 5)
        shown = len; /* a lone Le, or P3 of T=0 */
    if (shown > header)
        put_group(&text, command + header, len - header);
    else
        put_hidden(&text, len - header);
    return finish(&text);
}

size_t hex_format_reply(const uint8_t *reply, size_t len, int hidden, char *out, size_t cap)
{
    struct text text;
    size_t data = len < 2 ? len : len - 2;

    if (!begin(&text, out, cap))
        return 0;
    if (hidden)
        put_hidden(&text, data);
    else
        put_group(&text, reply, data);
    put_group(&text, reply + data, len - data);
    return finish(&text);
}

int hex_digit(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

static int is_between(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ':';
}

int32_t hex_parse(const char *text, uint8_t *out, size_t cap, size_t *len)
{
    size_t used = 0;

    if (!len)
        return SC_INVALID_ARGUMENT;
    *len = 0;
    if (!text || (!out && cap))
        return SC_INVALID_ARGUMENT;
    for (;;)
    {
        int high, low;

        while (is_between(*text))
            text++;
        if (!*text)
            break;
        high = hex_digit(text[0]);
        low = high < 0 ? -1 : hex_digit(text[1]);
        if (low < 0)
            return SC_INVALID_ARGUMENT;
        if (used == cap)
            return SC_INSUFFICIENT_BUFFER;
        out[used++] = (uint8_t)(high << 4 | low);
        text += 2;
    }
    *len = used;
    return SC_OK;
}

/*
 * Card profiles written by users: the patterns of ATRs.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "iso7816/hex.h"
#include "profilekeys.h"

/* Hex digits up to a slash or the end into out, which has room for ATR_MAX bytes; 'x' if any. */
static int read_digits(struct profileparser *parser, int any, char *out, size_t *count)
{
    struct profileword *rest = &parser->value;

    for (*count = 0; rest->len && rest->at[0] != '/'; rest->at++, rest->len--)
    {
        char c = rest->at[0];

        if (c == ' ' || c == '\t')
            continue;
        if (hex_digit(c) < 0 && !(any && (c == 'x' || c == 'X')))
            return profileparser_fail(parser, "At %s there is no hex digit (of an ATR also x).",
                                      *rest);
        if (*count == 2 * ATR_MAX)
            return profileparser_fail(parser, "An ATR has at most 33 bytes.", *rest);
        out[(*count)++] = c;
    }
    return 1;
}

/* Makes what the mask leaves out match anything. */
static int apply_mask(struct profileparser *parser, char *pattern, size_t count)
{
    char mask[2 * ATR_MAX];
    size_t length, i;

    parser->value.at++;
    parser->value.len--;
    if (!read_digits(parser, 0, mask, &length))
        return 0;
    if (length != count || parser->value.len)
        return profileparser_fail(parser, "The mask is not as long as the ATR.", parser->value);
    for (i = 0; i < count; i++)
    {
        if (mask[i] == '0')
            pattern[i] = 'x';
        else if (hex_digit(mask[i]) != 15)
            return profileparser_fail(parser, "The digits of a mask are F or 0.", parser->value);
    }
    return 1;
}

static int fits_digit(char pattern, char digit)
{
    return pattern == 'x' || pattern == 'X' || hex_digit(pattern) == hex_digit(digit);
}

int profileparser_atr(struct profileparser *parser, const struct profilekey *key)
{
    struct profileword whole = parser->value;
    char *pattern;
    size_t count;

    if (parser->atr_count == PROFILETEXT_MAX_ATRS)
        return profileparser_fail(parser, "A profile has at most 32 ATRs.", whole);
    pattern = parser->out->atrs[parser->atr_count];
    if (!read_digits(parser, 1, pattern, &count))
        return 0;
    if (parser->value.len && !apply_mask(parser, pattern, count))
        return 0;
    if (count % 2 || count < 4)
        return profileparser_fail(parser, "%s is no ATR: 2 to 33 bytes of two digits.", whole);
    if (!fits_digit(pattern[0], '3') ||
        (!fits_digit(pattern[1], 'B') && !fits_digit(pattern[1], 'F')))
        return profileparser_fail(parser, "%s is no ATR: they begin with 3B or 3F.", whole);
    parser->out->patterns[parser->atr_count++] = pattern;
    return 1;
}

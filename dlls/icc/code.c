/*
 * The form of a code in a command.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "code.h"

#include <string.h>

#include "iso7816/codes.h"

static int32_t put_bytes(const struct icc_chv *chv, const uint8_t *code, size_t len, uint8_t *out,
                         size_t *used)
{
    memcpy(out + *used, code, len);
    *used += len;
    while (len++ < chv->length)
        out[(*used)++] = chv->padding;
    return SC_OK;
}

/* True when that many digits fit the four bits of the length, and format 2. */
static int is_countable(const struct icc_chv *chv, size_t len)
{
    if (!chv->counted)
        return 1;
    if (chv->control == ICC_FORMAT_2)
        return len >= ICC_FORMAT_2_MIN && len <= ICC_FORMAT_2_MAX;
    return len <= 15;
}

static int are_digits(const uint8_t *code, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (code[i] < '0' || code[i] > '9')
            return 0;
    return 1;
}

/* Puts two digits into each byte, the first one above. A missing last digit is padded like the
 * rest. */
static int32_t put_digits(const struct icc_chv *chv, const uint8_t *code, size_t len, uint8_t *out,
                          size_t *used)
{
    uint8_t fill = chv->length ? chv->padding & 0x0F : 0x0F;
    size_t begin = *used, i;

    if (chv->counted)
        out[(*used)++] = (uint8_t)(chv->control << 4 | len);
    for (i = 0; i < len; i += 2)
        out[(*used)++] =
            (uint8_t)((code[i] & 0x0F) << 4 | (i + 1 < len ? code[i + 1] & 0x0F : fill));
    while (*used - begin < chv->length)
        out[(*used)++] = chv->padding;
    return SC_OK;
}

int32_t icc_code_put(const struct icc_chv *chv, const uint8_t *code, size_t len, uint8_t *out,
                     size_t *used)
{
    size_t needed = chv->bcd ? chv->counted + (len + 1) / 2 : len;

    if ((chv->length && needed > chv->length) || len > ICC_MAX_CODE)
        return SC_INVALID_CHV;
    if (!chv->bcd)
        return put_bytes(chv, code, len, out, used);
    if (!is_countable(chv, len) || !are_digits(code, len))
        return SC_INVALID_CHV;
    return put_digits(chv, code, len, out, used);
}

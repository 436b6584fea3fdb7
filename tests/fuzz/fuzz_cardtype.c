/*
 * Records of the card database, and multi-strings.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: for each field one byte of type (0: none), two of size, and the bytes; what is left are
 * multi-strings.
 */

#include "registry/cardtype.h"
#include "fuzz.h"
#include "base/multistring.h"

static void read_record(struct input *input, struct cardtype_value *values, uint8_t **blocks)
{
    int i;

    for (i = 0; i < CARDTYPE_FIELDS; i++)
    {
        uint8_t type = input_byte(input);

        memset(&values[i], 0, sizeof(values[i]));
        values[i].present = type != 0;
        values[i].type = type;
        blocks[i] = input_block(input, type ? input_short(input) : 0, &values[i].size);
        values[i].data = type == 0xFF ? NULL : blocks[i];
        if (type == 0xFF)
            values[i].size = 0;
    }
}

static void check_type(const struct cardtype *type)
{
    unsigned i;

    CHECK(type->atr_length <= CARDTYPE_ATR_MAX);
    CHECK(type->crypto_length <= CARDTYPE_PROVIDER_MAX);
    CHECK(type->interface_count <= CARDTYPE_INTERFACES_MAX);
    for (i = 0; i < type->atr_length; i++)
        CHECK((type->atr[i] & ~type->mask[i]) == 0);
    if (type->atr_length)
        CHECK(cardtype_matches(type, type->atr, type->atr_length));
    for (i = 0; i < type->interface_count; i++)
        CHECK(cardtype_supports(type, type->interfaces[i]));
}

static void check_strings(struct input *input)
{
    size_t len, at = 0, count = 0, units;
    uint8_t *block = input_block(input, input->left, &len);
    uint16_t *wide;
    const char *string;

    while ((string = multistring_next((const char *)block, len, &at)))
    {
        CHECK(at <= len && strlen(string) > 0);
        count++;
    }
    CHECK(count <= len);
    units = len / 2;
    wide = malloc(units * 2 + 1);
    if (!wide)
        abort();
    memcpy(wide, block, units * 2);
    for (at = 0, count = 0; multistring16_next(wide, units, &at); count++)
        CHECK(at <= units);
    CHECK(count == multistring16_count(wide, units));
    free(wide);
    free(block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    struct cardtype_value values[CARDTYPE_FIELDS];
    uint8_t *blocks[CARDTYPE_FIELDS];
    struct cardtype types[2];
    int record, i;

    for (record = 0; record < 2; record++)
    {
        unsigned unusable;

        read_record(&input, values, blocks);
        unusable = cardtype_parse(values, &types[record]);
        for (i = 0; i < CARDTYPE_FIELDS; i++)
        {
            CHECK(values[i].present || !(unusable & 1u << i) || i <= CARDTYPE_MASK);
            free(blocks[i]);
        }
        CHECK(unusable >> CARDTYPE_FIELDS == 0);
        check_type(&types[record]);
    }
    cardtype_merge(&types[0], &types[1]);
    check_type(&types[0]);
    check_strings(&input);
    return 0;
}

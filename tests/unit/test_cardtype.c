/*
 * Records of the card database: good ones, damaged ones, matching.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "registry/cardtype.h"

#define ABSENT  NULL
#define SZ      CARDTYPE_REG_SZ
#define BINARY  CARDTYPE_REG_BINARY
#define BITS(a) (1u << (a))

static const char guid[] = "00112233445566778899AABBCCDDEEFF";

/* A value given as hex, in a buffer of exactly its size. */
static struct cardtype_value value_of(uint32_t type, const char *hex)
{
    struct cardtype_value value = {0};

    if (!hex)
        return value;
    value.present = 1;
    value.type = type;
    value.data = test_bytes(hex, &value.size);
    return value;
}

static void free_values(struct cardtype_value values[CARDTYPE_FIELDS])
{
    int i;

    for (i = 0; i < CARDTYPE_FIELDS; i++)
        free((void *)values[i].data);
}

/* Each row gives ATR and mask alone. */
static const struct
{
    const char *atr;
    uint32_t atr_type;
    const char *mask;
    uint32_t mask_type;
    unsigned unusable, length;
} atr_rows[] =
{
    {ABSENT, 0, ABSENT, 0, 0, 0},
    {"3B021450", BINARY, "FFFFFFFF", BINARY, 0, 4},
    {"3B021450", BINARY, ABSENT, 0, 0, 4},
    {"3B021400", BINARY, "FFFFFF00", BINARY, 0, 4},
    {"00", BINARY, "00", BINARY, 0, 1},
    {"3B021450", BINARY, "FFFFFF00", BINARY, 3, 0},
    {"3B021450", BINARY, "FFFFFF", BINARY, 3, 0},
    {"3B0214", BINARY, "FFFFFFFF", BINARY, 3, 0},
    {"3B021450", SZ, "FFFFFFFF", BINARY, 3, 0},
    {"3B021450", BINARY, "FFFFFFFF", SZ, 3, 0},
    {"", BINARY, "", BINARY, 3, 0},
    {"", BINARY, ABSENT, 0, BITS(CARDTYPE_ATR), 0},
    {ABSENT, 0, "FFFF", BINARY, BITS(CARDTYPE_MASK), 0},
    {"3B02", 0xFFFFFFFF, ABSENT, 0, BITS(CARDTYPE_ATR), 0},
};

static void test_atr(void)
{
    struct cardtype_value values[CARDTYPE_FIELDS];
    struct cardtype type;
    unsigned unusable;
    size_t i;

    for (i = 0; i < COUNT_OF(atr_rows); i++)
    {
        memset(values, 0, sizeof(values));
        values[CARDTYPE_ATR] = value_of(atr_rows[i].atr_type, atr_rows[i].atr);
        values[CARDTYPE_MASK] = value_of(atr_rows[i].mask_type, atr_rows[i].mask);
        memset(&type, 0xA5, sizeof(type));
        unusable = cardtype_parse(values, &type);
        ok(unusable == atr_rows[i].unusable, "row %u: unusable %#x\n", (unsigned)i, unusable);
        ok(type.atr_length == atr_rows[i].length, "row %u: length %u\n", (unsigned)i,
           type.atr_length);
        ok(!type.has_primary && !type.crypto_length && !type.interface_count,
           "row %u: something from nothing\n", (unsigned)i);
        free_values(values);
    }
}

/* Lengths at the borders: 36 bytes are an ATR, 37 are none. */
static void test_atr_lengths(void)
{
    struct cardtype_value values[CARDTYPE_FIELDS] = {{0}};
    struct cardtype type;
    size_t length;

    for (length = 1; length <= 40; length++)
    {
        uint8_t *atr = test_noise(length), *mask = test_alloc(length);

        memset(mask, 0xFF, length);
        values[CARDTYPE_ATR] = (struct cardtype_value){1, BINARY, atr, length};
        values[CARDTYPE_MASK] = (struct cardtype_value){1, BINARY, mask, length};
        ok(cardtype_parse(values, &type) == (length <= CARDTYPE_ATR_MAX ? 0u : 3u), "length %u\n",
           (unsigned)length);
        ok(cardtype_matches(&type, atr, length) == (length <= CARDTYPE_ATR_MAX),
           "length %u does not match itself\n", (unsigned)length);
        ok(!cardtype_matches(&type, atr, length - 1), "a shorter ATR matches\n");
        free(atr);
        free(mask);
    }
}

/* One field alone, hex or a number of noise bytes. */
static const struct
{
    enum cardtype_field field;
    uint32_t type;
    const char *hex;
    size_t noise;
    int usable;
    unsigned count; /* interfaces, or UTF-16 units */
} field_rows[] =
{
    {CARDTYPE_PRIMARY, BINARY, guid, 0, 1, 0},
    {CARDTYPE_PRIMARY, SZ, guid, 0, 0, 0},
    {CARDTYPE_PRIMARY, BINARY, "", 0, 0, 0},
    {CARDTYPE_PRIMARY, BINARY, NULL, 15, 0, 0},
    {CARDTYPE_PRIMARY, BINARY, NULL, 17, 0, 0},
    {CARDTYPE_INTERFACES, BINARY, guid, 0, 1, 1},
    {CARDTYPE_INTERFACES, BINARY, NULL, 32, 1, 2},
    {CARDTYPE_INTERFACES, BINARY, NULL, 16 * CARDTYPE_INTERFACES_MAX, 1, CARDTYPE_INTERFACES_MAX},
    {CARDTYPE_INTERFACES, BINARY, NULL, 16 * CARDTYPE_INTERFACES_MAX + 16, 0, 0},
    {CARDTYPE_INTERFACES, BINARY, NULL, 33, 0, 0},
    {CARDTYPE_INTERFACES, BINARY, "", 0, 0, 0},
    {CARDTYPE_INTERFACES, SZ, guid, 0, 0, 0},
    {CARDTYPE_CRYPTO, SZ, "410042000000", 0, 1, 2},
    {CARDTYPE_CRYPTO, SZ, "41004200", 0, 1, 2},
    {CARDTYPE_CRYPTO, SZ, "4100000042000000", 0, 1, 1},
    {CARDTYPE_CRYPTO, SZ, "0000", 0, 0, 0},
    {CARDTYPE_CRYPTO, SZ, "", 0, 0, 0},
    {CARDTYPE_CRYPTO, SZ, "410042", 0, 0, 0},
    {CARDTYPE_CRYPTO, BINARY, "41000000", 0, 0, 0},
    {CARDTYPE_CRYPTO, SZ, NULL, 2 * CARDTYPE_PROVIDER_MAX, 1, CARDTYPE_PROVIDER_MAX},
    {CARDTYPE_CRYPTO, SZ, NULL, 2 * CARDTYPE_PROVIDER_MAX + 2, 0, 0},
};

static void test_fields(void)
{
    struct cardtype_value values[CARDTYPE_FIELDS], *value;
    struct cardtype type;
    unsigned unusable;
    size_t i, j;

    for (i = 0; i < COUNT_OF(field_rows); i++)
    {
        uint8_t *noise = NULL;

        memset(values, 0, sizeof(values));
        value = &values[field_rows[i].field];
        *value = value_of(field_rows[i].type, field_rows[i].hex);
        if (!field_rows[i].hex)
        {
            noise = test_noise(field_rows[i].noise);
            for (j = 0; j < field_rows[i].noise; j++)
                noise[j] |= 1; /* no NUL in a string */
            *value = (struct cardtype_value){1, field_rows[i].type, noise, field_rows[i].noise};
        }
        unusable = cardtype_parse(values, &type);
        ok(unusable == (field_rows[i].usable ? 0 : BITS(field_rows[i].field)),
           "row %u: unusable %#x\n", (unsigned)i, unusable);
        ok(type.has_primary == (field_rows[i].usable && field_rows[i].field == CARDTYPE_PRIMARY),
           "row %u: primary provider\n", (unsigned)i);
        ok(type.interface_count + type.crypto_length == field_rows[i].count,
           "row %u: counts %u and %u\n", (unsigned)i, type.interface_count, type.crypto_length);
        if (!field_rows[i].usable)
            ok(test_all_zero(&type, sizeof(type)), "row %u: something stays\n", (unsigned)i);
        free_values(values);
    }
}

static const struct
{
    const char *wanted, *mask, *atr;
    int matches;
} match_rows[] =
{
    {"3B95154000680102 0000", "FFFFFFFF00FFFFFF0000", "3B951540206801020102", 1},
    {"3B95154000680102 0000", "FFFFFFFF00FFFFFF0000", "3B951540FF6801020000", 1},
    {"3B95154000680102 0000", "FFFFFFFF00FFFFFF0000", "3B951540FF6301020000", 0},
    {"3B95154000680102 0000", "FFFFFFFF00FFFFFF0000", "3B9515402068010201", 0},
    {"3B95154000680102 0000", "FFFFFFFF00FFFFFF0000", "3B95154020680102010200", 0},
    {"0000", "0000", "3B00", 1},
    {"3B00", "FFFF", "", 0},
};

static void test_matching(void)
{
    struct cardtype_value values[CARDTYPE_FIELDS];
    struct cardtype type;
    size_t i, length;
    uint8_t *atr;

    for (i = 0; i < COUNT_OF(match_rows); i++)
    {
        memset(values, 0, sizeof(values));
        values[CARDTYPE_ATR] = value_of(BINARY, match_rows[i].wanted);
        values[CARDTYPE_MASK] = value_of(BINARY, match_rows[i].mask);
        atr = test_bytes(match_rows[i].atr, &length);
        ok(!cardtype_parse(values, &type), "row %u is damaged\n", (unsigned)i);
        ok(cardtype_matches(&type, atr, length) == match_rows[i].matches, "row %u\n", (unsigned)i);
        free(atr);
        free_values(values);
    }
    memset(&type, 0, sizeof(type));
    ok(!cardtype_matches(&type, NULL, 0), "a record without ATR matches a card without ATR\n");
}

static void test_merge(void)
{
    struct cardtype_value values[CARDTYPE_FIELDS] = {{0}};
    struct cardtype full, partial, empty = {0};
    uint8_t *wanted;
    size_t length;

    values[CARDTYPE_ATR] = value_of(BINARY, "3B02");
    values[CARDTYPE_PRIMARY] = value_of(BINARY, guid);
    values[CARDTYPE_CRYPTO] = value_of(SZ, "41000000");
    values[CARDTYPE_INTERFACES] = value_of(BINARY, guid);
    ok(!cardtype_parse(values, &full), "damaged\n");
    free_values(values);
    cardtype_merge(&empty, &full);
    ok(!memcmp(&empty, &full, sizeof(full)), "merging into nothing is copying\n");

    memset(values, 0, sizeof(values));
    values[CARDTYPE_ATR] = value_of(BINARY, "3B010203");
    ok(!cardtype_parse(values, &partial), "damaged\n");
    free_values(values);
    cardtype_merge(&partial, &full);
    ok(partial.atr_length == 4 && partial.atr[1] == 1, "the ATR was replaced\n");
    ok(partial.has_primary && partial.crypto_length == 1 && partial.interface_count == 1,
       "not filled\n");
    wanted = test_bytes(guid, &length);
    ok(cardtype_supports(&partial, wanted), "interface lost\n");
    wanted[15] ^= 1;
    ok(!cardtype_supports(&partial, wanted), "any interface is supported\n");
    free(wanted);
}

/* Nothing that the registry may hold does harm. */
static void test_noise_records(void)
{
    struct cardtype_value values[CARDTYPE_FIELDS];
    struct cardtype type;
    unsigned round, good = 0;
    int i;

    for (round = 0; round < 20000; round++)
    {
        for (i = 0; i < CARDTYPE_FIELDS; i++)
        {
            size_t size = test_random() % (i == CARDTYPE_INTERFACES ? 1100 : 40);

            values[i] = (struct cardtype_value){test_random() % 4 != 0, test_random() % 5,
                                                test_noise(size), size};
        }
        good += !cardtype_parse(values, &type);
        ok(type.atr_length <= CARDTYPE_ATR_MAX && type.interface_count <= CARDTYPE_INTERFACES_MAX &&
               type.crypto_length <= CARDTYPE_PROVIDER_MAX,
           "round %u\n", round);
        free_values(values);
    }
    ok(good < round / 2, "%u noise records are good\n", good);
}

START_TEST(cardtype)
{
    test_atr();
    test_atr_lengths();
    test_fields();
    test_matching();
    test_merge();
    test_noise_records();
}

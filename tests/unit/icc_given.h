/*
 * Data objects as an application gives them to Create, GetProperties and SetProperties.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_UNIT_ICC_GIVEN_H
#define TESTS_UNIT_ICC_GIVEN_H

#include "icc_script.h"

#define MAX_GIVEN 5

/* BER-TLV objects in hex, as the application would give them. */
struct given
{
    struct icc_tlv objects[MAX_GIVEN];
    uint8_t *bytes[MAX_GIVEN];
    int32_t count;
};

static inline void give(struct given *given, const char *const *hex)
{
    memset(given, 0, sizeof(*given));
    while (given->count < MAX_GIVEN && hex[given->count])
    {
        size_t size;

        given->bytes[given->count] = test_bytes(hex[given->count], &size);
        given->objects[given->count].data = given->bytes[given->count];
        given->objects[given->count].size = (int32_t)size;
        given->count++;
    }
}

static inline void take_back(struct given *given)
{
    while (given->count)
        free(given->bytes[--given->count]);
}

#endif

/*
 * Multi-strings that programs pass, of both sizes of characters.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: the bytes of the list, in a buffer that ends with them.
 */

#include "base/multistring.h"
#include "fuzz.h"

/* What stands before the extent is strings, and what comes behind is no part of them. */
static void check_narrow(const char *strings, size_t size)
{
    size_t extent = multistring_extent(strings, size), at = 0, last = 0;

    CHECK(extent <= size);
    CHECK(extent == size || !strings[extent]);
    while (multistring_next(strings, size, &at))
        last = at;
    /* Only a string that the border cuts off is not stepped over. */
    CHECK(last <= extent);
    CHECK(last == extent || (extent == size && strings[size - 1]));
    CHECK(multistring_extent(strings, extent) == extent);
}

static void check_wide(const uint16_t *strings, size_t size)
{
    size_t extent = multistring16_extent(strings, size), at = 0, last = 0;

    CHECK(extent <= size);
    CHECK(extent == size || !strings[extent]);
    while (multistring16_next(strings, size, &at))
        last = at;
    CHECK(last <= extent);
    CHECK(last == extent || (extent == size && strings[size - 1]));
    CHECK(multistring16_extent(strings, extent) == extent);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t units = size / sizeof(uint16_t);
    uint16_t *wide = calloc(units ? units : 1, sizeof(*wide));
    char *narrow = calloc(size ? size : 1, 1);

    if (!wide || !narrow)
        abort();
    if (size)
    {
        memcpy(narrow, data, size);
        memcpy(wide, data, units * sizeof(*wide));
    }
    check_narrow(narrow, size);
    check_wide(wide, units);
    free(narrow);
    free(wide);
    return 0;
}

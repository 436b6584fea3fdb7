/*
 * Multi-strings: consecutive NUL-terminated strings, ended by an empty one.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "multistring.h"

const char *multistring_next(const char *strings, size_t size, size_t *at)
{
    size_t start = *at, end;

    if (!strings || start >= size)
        return NULL;
    for (end = start; end < size && strings[end]; end++)
        ;
    if (end == start || end == size)
        return NULL;
    *at = end + 1;
    return strings + start;
}

const uint16_t *multistring16_next(const uint16_t *strings, size_t size, size_t *at)
{
    size_t start = *at, end;

    if (!strings || start >= size)
        return NULL;
    for (end = start; end < size && strings[end]; end++)
        ;
    if (end == start || end == size)
        return NULL;
    *at = end + 1;
    return strings + start;
}

size_t multistring16_count(const uint16_t *strings, size_t size)
{
    size_t at = 0, count = 0;

    while (multistring16_next(strings, size, &at))
        count++;
    return count;
}

size_t multistring_extent(const char *strings, size_t size)
{
    size_t at = 0;

    while (at < size && strings[at])
    {
        while (at < size && strings[at])
            at++;
        if (at < size)
            at++;
    }
    return at;
}

size_t multistring16_extent(const uint16_t *strings, size_t size)
{
    size_t at = 0;

    while (at < size && strings[at])
    {
        while (at < size && strings[at])
            at++;
        if (at < size)
            at++;
    }
    return at;
}

size_t multistring16_length(const uint16_t *strings)
{
    size_t length = 0;

    while (strings[length])
        while (strings[length++])
            ;
    return length + 1;
}

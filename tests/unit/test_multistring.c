/*
 * Tests of dlls/base/multistring.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "base/multistring.h"

/* '|' stands for a NUL. */
struct strings
{
    const char *text;
    size_t count;
    const char *last; /* NULL when there is none */
};

static const struct strings rows[] =
{
    {"", 0, NULL},
    {"|", 0, NULL},
    {"||", 0, NULL},
    {"a||", 1, "a"},
    {"a|bc||", 2, "bc"},
    {"a|bc||d||", 2, "bc"},
    {"a|bc|", 2, "bc"},     /* ended by the border alone */
    {"a|bc", 1, "a"},       /* not terminated */
    {"abc", 0, NULL},
    {"|a||", 0, NULL},
};

static char *narrow(const char *text, size_t size)
{
    char *copy = test_memdup(text, size);
    size_t i;

    for (i = 0; i < size; i++)
        copy[i] = copy[i] == '|' ? 0 : copy[i];
    return copy;
}

static uint16_t *wide(const char *text, size_t size)
{
    uint16_t *copy = test_alloc(size * sizeof(*copy));
    size_t i;

    for (i = 0; i < size; i++)
        copy[i] = text[i] == '|' ? 0 : (uint16_t)(text[i] + 0x100); /* low byte alone is not all */
    return copy;
}

static size_t count_of(const char *strings, size_t size)
{
    size_t at = 0, count = 0;

    while (multistring_next(strings, size, &at))
        count++;
    return count;
}

static void check_row(const struct strings *row)
{
    size_t size = strlen(row->text), at = 0, at16 = 0, i;
    char *strings = narrow(row->text, size);
    uint16_t *strings16 = wide(row->text, size);
    const char *string, *last = NULL;
    const uint16_t *string16, *last16 = NULL;

    ok(count_of(strings, size) == row->count, "\"%s\"\n", row->text);
    ok(multistring16_count(strings16, size) == row->count, "\"%s\", 16 bits\n", row->text);
    while ((string = multistring_next(strings, size, &at)))
        last = string;
    while ((string16 = multistring16_next(strings16, size, &at16)))
        last16 = string16;
    ok(!last == !row->last && !last16 == !row->last, "\"%s\": last\n", row->text);
    ok(at == at16, "\"%s\": %zu and %zu\n", row->text, at, at16);
    if (last && row->last)
    {
        ok(!strcmp(last, row->last), "\"%s\": %s\n", row->text, last);
        for (i = 0; i <= strlen(row->last); i++)
            ok(last16[i] == (row->last[i] ? row->last[i] + 0x100 : 0), "\"%s\" %zu\n", row->text,
               i);
    }
    free(strings);
    free(strings16);
}

static void stepping(void)
{
    size_t i, at = 0;

    for (i = 0; i < COUNT_OF(rows); i++)
        check_row(&rows[i]);
    ok(!multistring_next(NULL, 5, &at) && !multistring16_next(NULL, 5, &at), "NULL\n");
    ok(!count_of(NULL, 0) && !multistring16_count(NULL, 0), "NULL\n");
    at = 100;
    ok(!multistring_next("a\0", 3, &at) && at == 100, "behind the border\n");
}

/* What a caller's list of that size has, and no more. */
static void extents(void)
{
    static const struct
    {
        const char *text;
        size_t extent;
    } lists[] = {
        {"", 0},       {"|", 0},      {"||a||", 0},   {"a||", 2},
        {"a||b||", 2}, {"a|bc||", 5}, {"a|bc||d", 5}, {"a|bc|", 5}, /* the border ends the list */
        {"a|bc", 4},                                                /* and the string */
        {"abc", 3},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(lists); i++)
    {
        size_t size = strlen(lists[i].text);
        char *strings = narrow(lists[i].text, size);
        uint16_t *strings16 = wide(lists[i].text, size);

        ok(multistring_extent(strings, size) == lists[i].extent, "\"%s\": %zu\n", lists[i].text,
           multistring_extent(strings, size));
        ok(multistring16_extent(strings16, size) == lists[i].extent, "\"%s\", 16 bits\n",
           lists[i].text);
        free(strings);
        free(strings16);
    }
    /* Without a border it ends by itself. */
    ok(multistring_extent("a\0bc\0", SIZE_MAX) == 5, "no border\n");
}

static void hostile(void)
{
    size_t i, k, size;

    for (i = 0; i < 5000; i++)
    {
        uint8_t *noise = test_noise(2 * (size = test_random() % 20));
        char *bytes;

        for (k = 0; k < 2 * size; k++)
            noise[k] &= 3;
        bytes = test_memdup(noise, size);
        ok(count_of(bytes, size) <= size, "round %zu\n", i);
        ok(multistring16_count((const uint16_t *)(void *)noise, size) <= size, "round %zu\n", i);
        free(bytes);
        free(noise);
    }
}

static void length(void)
{
    static const uint16_t none[] = {0}, two[] = {'a', 0, 'b', 'c', 0, 0};

    ok(multistring16_length(none) == 1, "%zu\n", multistring16_length(none));
    ok(multistring16_length(two) == 6, "%zu\n", multistring16_length(two));
}

START_TEST(multistring)
{
    stepping();
    extents();
    hostile();
    length();
}

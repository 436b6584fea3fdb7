/*
 * The harness of the native unit tests: checks, exact buffers, repeatable noise, one summary.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A program includes this once, writes functions `static void name(void)` with ok() and ends with
 *     TEST_MAIN(name, other_name)
 * Failures are printed with file and line, the last line is "N passed, N failed, N skipped", the
 * exit code is 0 when nothing failed and at least one check ran, else 1.
 */

#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__)
#define TEST_PRINTF(text, first) __attribute__((format(printf, text, first), unused))
#define TEST_UNUSED              __attribute__((unused))
#else
#define TEST_PRINTF(text, first)
#define TEST_UNUSED
#endif

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static unsigned long test_passed, test_failed, test_skipped;
static uint32_t test_seed = 0x7816;

/* Counts one check and prints the ones that fail, printf style. */
#define ok(condition, ...) test_ok(!!(condition), __FILE__, __LINE__, __VA_ARGS__)

/* Says why something cannot be checked here, and counts it. */
#define skip(...) test_skip(__FILE__, __LINE__, __VA_ARGS__)

TEST_PRINTF(4, 5)
static void test_ok(int condition, const char *file, int line, const char *format, ...)
{
    va_list args;

    if (condition)
    {
        test_passed++;
        return;
    }
    test_failed++;
    printf("%s:%d: failed: ", file, line);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
}

TEST_PRINTF(3, 4)
static void test_skip(const char *file, int line, const char *format, ...)
{
    va_list args;

    test_skipped++;
    printf("%s:%d: skipped: ", file, line);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
}

/* size bytes of heap, exactly, so that a sanitizer sees the first byte touched past them. */
TEST_UNUSED static void *test_alloc(size_t size)
{
    void *memory = malloc(size ? size : 1);

    if (!memory)
    {
        printf("out of memory\n");
        exit(1);
    }
    return memory;
}

/* A copy of exactly that size. Free it with free(). */
TEST_UNUSED static void *test_copy(const void *bytes, size_t size)
{
    void *copy = test_alloc(size);

    if (size)
        memcpy(copy, bytes, size);
    return copy;
}

TEST_UNUSED static unsigned test_digit(char c)
{
    const char *digits = "0123456789ABCDEF";
    const char *at = strchr(digits, c);

    if (!at || !c)
    {
        printf("bad hex digit in a table\n");
        exit(1);
    }
    return (unsigned)(at - digits);
}

/* Bytes written in upper case hex, blanks allowed, in a buffer of exactly that size to be freed. */
TEST_UNUSED static uint8_t *test_bytes(const char *hex, size_t *size)
{
    uint8_t *all = test_alloc(strlen(hex) / 2 + 1), *exact;

    for (*size = 0; *hex; hex++)
    {
        if (*hex == ' ')
            continue;
        all[(*size)++] = (uint8_t)(test_digit(hex[0]) << 4 | test_digit(hex[1]));
        hex++;
    }
    exact = test_copy(all, *size);
    free(all);
    return exact;
}

/* The same numbers in every run (xorshift). */
TEST_UNUSED static uint32_t test_random(void)
{
    test_seed ^= test_seed << 13;
    test_seed ^= test_seed >> 17;
    test_seed ^= test_seed << 5;
    return test_seed;
}

/* size random bytes in a buffer of exactly that size to be freed. */
TEST_UNUSED static uint8_t *test_noise(size_t size)
{
    uint8_t *bytes = test_alloc(size);
    size_t i;

    for (i = 0; i < size; i++)
        bytes[i] = (uint8_t)(test_random() >> 11);
    return bytes;
}

/* True (1) when all size bytes of memory are zero. */
TEST_UNUSED static int test_all_zero(const void *memory, size_t size)
{
    const uint8_t *at = memory;

    while (size--)
    {
        if (*at++)
            return 0;
    }
    return 1;
}

static int test_run(void (*const *tests)(void), size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        tests[i]();
    printf("%lu passed, %lu failed, %lu skipped\n", test_passed, test_failed, test_skipped);
    return test_failed || !test_passed;
}

#define TEST_MAIN(...) \
    int main(void) \
    { \
        static void (*const tests[])(void) = {__VA_ARGS__}; \
        return test_run(tests, COUNT_OF(tests)); \
    }

#endif

/*
 * What the fuzz targets share: a cursor over the input, and checks.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A target is one source file with LLVMFuzzerTestOneInput. tools/fuzz links it with libFuzzer;
 * `make check` links it with replay.c, which runs it over the inputs in corpus/TARGET.
 */

#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A target's own way to run, when the arguments ask for it: the exit code, else -1. Only replay.c
 * asks. */
int fuzz_options(int argc, char **argv);

/* A failed check: libFuzzer keeps the input that aborts, the replay counts it. */
#ifdef FUZZING
static inline void fuzz_failed(void)
{
    abort();
}
#else
void fuzz_failed(void);
#endif

#define CHECK(condition) \
    do \
    { \
        if (!(condition)) \
        { \
            printf("%s:%d: failed: %s\n", __FILE__, __LINE__, #condition); \
            fflush(stdout); \
            fuzz_failed(); \
        } \
    } while (0)

/* The input, taken from the front. At its end everything is 0. */
struct input
{
    const uint8_t *at;
    size_t left;
};

static inline uint8_t input_byte(struct input *input)
{
    if (!input->left)
        return 0;
    input->left--;
    return *input->at++;
}

static inline uint16_t input_short(struct input *input)
{
    uint8_t high = input_byte(input);

    return (uint16_t)(high << 8 | input_byte(input));
}

/* Up to want bytes in a block of exactly that size, to be freed; *got becomes their number. */
static inline uint8_t *input_block(struct input *input, size_t want, size_t *got)
{
    uint8_t *block;

    *got = want < input->left ? want : input->left;
    block = malloc(*got ? *got : 1);
    if (!block)
        abort();
    if (*got)
        memcpy(block, input->at, *got);
    input->at += *got;
    input->left -= *got;
    return block;
}

/* True (1) when all size bytes of memory are zero. */
static inline int fuzz_zero(const void *memory, size_t size)
{
    const uint8_t *at = memory;

    while (size--)
    {
        if (*at++)
            return 0;
    }
    return 1;
}

#endif

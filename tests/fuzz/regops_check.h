/*
 * What must be true of any list of registry operations that a reader made.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_FUZZ_REGOPS_CHECK_H
#define TESTS_FUZZ_REGOPS_CHECK_H

#include "fuzz.h"
#include "regfile.h"

/* UTF-16 of exactly that size, two bytes of the input a unit; to be freed. */
static inline uint16_t *fuzz_units(const uint8_t *data, size_t size, size_t *length)
{
    uint16_t *units = malloc(size ? size : 1);

    if (!units)
        abort();
    *length = size / 2;
    memcpy(units, data, *length * 2);
    return units;
}

/* UTF-16 of exactly that size, a byte of the input a unit; to be freed. */
static inline uint16_t *fuzz_text(const uint8_t *data, size_t size)
{
    uint16_t *units = malloc(size ? 2 * size : 1);
    size_t i;

    if (!units)
        abort();
    for (i = 0; i < size; i++)
        units[i] = data[i];
    return units;
}

/* All of it may be read, and a reason stands exactly where something is wrong. */
static inline void check_op(const struct regop *op, unsigned lines)
{
    static volatile uint8_t sink;
    size_t i;

    CHECK(op->kind <= REGOP_SECTION && op->root < REGOP_ROOTS && op->line <= lines);
    CHECK(!op->why == (op->kind != REGOP_UNREAD));
    CHECK(regops_length(op->path) + regops_length(op->name) < REGOPS_MEMORY_MAX);
    for (i = 0; i < op->size; i++)
        sink ^= op->data[i];
    if (op->kind == REGOP_APPEND)
        CHECK(op->size >= 2 && op->size % 2 == 0 && !op->data[op->size - 1] &&
              !op->data[op->size - 2]);
    if (op->kind == REGOP_DELETE_STRING)
        CHECK(op->size >= 2 && !op->data[op->size - 1] && !op->data[op->size - 2]);
}

static inline void check_same(const struct regop *a, const struct regop *b)
{
    CHECK(a->kind == b->kind && a->root == b->root);
    CHECK(regops_length(a->path) == regops_length(b->path) &&
          !memcmp(a->path, b->path, 2 * regops_length(a->path)));
    if (a->kind != REGOP_SET && a->kind != REGOP_DELETE_VALUE)
        return;
    CHECK(regops_length(a->name) == regops_length(b->name) &&
          !memcmp(a->name, b->name, 2 * regops_length(a->name)));
    if (a->kind == REGOP_SET)
        CHECK(a->type == b->type && a->size == b->size &&
              (!a->size || !memcmp(a->data, b->data, a->size)));
}

/* Text without its end gets one when it is read, as regedit does it. */
static inline int is_stable(const struct regop *op)
{
    if (op->kind != REGOP_SET ||
        (op->type != REGOPS_SZ && op->type != REGOPS_EXPAND_SZ && op->type != REGOPS_MULTI_SZ))
        return 1;
    return op->size % 2 || !op->size || (!op->data[op->size - 1] && !op->data[op->size - 2]);
}

/* Written as a registry file and read again, the entries are the same. */
static inline void check_writing(const struct regops *ops)
{
    static const struct regfile_options options = {.wide = 1};
    const struct regop *before = NULL;
    struct regtext text = {0};
    struct regops again;
    size_t i, at = 0;

    regtext_header(&text);
    for (i = 0; i < ops->count; i++)
        if (is_stable(&ops->ops[i]) && regtext_op(&text, &ops->ops[i], before))
            before = &ops->ops[i];
    if (text.failed)
        abort();
    regops_init(&again);
    CHECK(!regfile_read(text.units, text.length, &options, &again));
    for (i = 0, before = NULL; i < ops->count; i++)
    {
        const struct regop *op = &ops->ops[i];
        struct regtext one = {0};

        if (!is_stable(op) || !regtext_op(&one, op, before))
            continue;
        /* A key in front of a value is an entry of its own. */
        if ((op->kind == REGOP_SET || op->kind == REGOP_DELETE_VALUE) && at < again.count &&
            again.ops[at].kind == REGOP_KEY)
            at++;
        before = op;
        regtext_free(&one);
        CHECK(at < again.count);
        if (at < again.count)
            check_same(op, &again.ops[at++]);
    }
    CHECK(at == again.count);
    regops_free(&again);
    regtext_free(&text);
}

#endif

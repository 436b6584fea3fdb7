/*
 * Lists of registry operations as text, for the tests of their readers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_UNIT_REGOPS_TEXT_H
#define TESTS_UNIT_REGOPS_TEXT_H

#include "regops.h"
#include "test.h"

/* UTF-16 of exactly that length, to be freed; a byte is a unit. */
static inline uint16_t *wide_copy(const char *text, size_t length)
{
    uint16_t *units = test_alloc(length * sizeof(*units));
    size_t i;

    for (i = 0; i < length; i++)
        units[i] = (uint8_t)text[i];
    return units;
}

static inline size_t put_units(char *out, size_t room, const uint16_t *units)
{
    size_t used = 0;

    for (; *units && used + 2 < room; units++)
        out[used++] = *units < 0x7f && *units >= ' ' ? (char)*units : '?';
    out[used] = 0;
    return used;
}

/* "set HKLM\key "name" 3 3b02", with "?1" for a condition, "32"/"64" for a view. */
static inline const char *op_text(const struct regop *op)
{
    static const char *const kinds[] = {"key", "delkey", "set", "del", "append", "delstr", "bad",
                                        "directive", "section"};
    static char text[4096];
    size_t used = (size_t)sprintf(text, "%s ", kinds[op->kind]), i;

    if (regops_root_short(op->root))
        used += (size_t)sprintf(text + used, "%s\\", regops_root_short(op->root));
    used += put_units(text + used, 1000, op->path);
    used += (size_t)sprintf(text + used, " \"");
    used += put_units(text + used, 1000, op->name);
    used += (size_t)sprintf(text + used, "\"");
    if (op->kind == REGOP_SET || op->kind == REGOP_APPEND || op->kind == REGOP_DELETE_STRING)
        used += (size_t)sprintf(text + used, " %x ", (unsigned)op->type);
    for (i = 0; i < op->size && i < 500; i++)
        used += (size_t)sprintf(text + used, "%02x", op->data[i]);
    if (op->flags & (REGOP_IF_KEY | REGOP_IF_VALUE | REGOP_IF_NO_VALUE))
        used += (size_t)sprintf(text + used, " ?%x",
                                op->flags & (REGOP_IF_KEY | REGOP_IF_VALUE | REGOP_IF_NO_VALUE));
    if (op->flags & (REGOP_VIEW_32 | REGOP_VIEW_64))
        sprintf(text + used, " in %d", op->flags & REGOP_VIEW_32 ? 32 : 64);
    return text;
}

/* Compares with lines, "\n" between. */
static inline void ok_ops(const char *what, const struct regops *ops, const char *expected)
{
    size_t i;

    for (i = 0; i < ops->count; i++)
    {
        const char *got = op_text(&ops->ops[i]), *end = strchr(expected, '\n');
        size_t length = end ? (size_t)(end - expected) : strlen(expected);

        ok(strlen(got) == length && !strncmp(got, expected, length), "%s: %zu: %s, not %.*s\n",
           what, i, got, (int)length, expected);
        expected += length + (end != NULL);
    }
    ok(!*expected, "%s: missing: %s\n", what, expected);
}

#endif

/*
 * scardtool: what a file of text asks of the registry, in its order.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "regops.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 0x8000
#define ALIGNMENT  16

struct regops_block
{
    struct regops_block *next;
    size_t used, size;
    _Alignas(ALIGNMENT) uint8_t bytes[];
};

static const struct
{
    const char *name, *brief;
} roots[REGOP_ROOTS] =
{
    [REGOP_LOCAL_MACHINE] = {"HKEY_LOCAL_MACHINE", "HKLM"},
    [REGOP_CURRENT_USER] = {"HKEY_CURRENT_USER", "HKCU"},
    [REGOP_CLASSES_ROOT] = {"HKEY_CLASSES_ROOT", "HKCR"},
    [REGOP_USERS] = {"HKEY_USERS", "HKU"},
    [REGOP_CURRENT_CONFIG] = {"HKEY_CURRENT_CONFIG", NULL},
    [REGOP_DYN_DATA] = {"HKEY_DYN_DATA", NULL},
    [REGOP_DRIVER] = {NULL, "HKR"},
};

void regops_init(struct regops *ops)
{
    memset(ops, 0, sizeof(*ops));
}

void regops_free(struct regops *ops)
{
    struct regops_block *block, *next;

    for (block = ops->blocks; block; block = next)
    {
        next = block->next;
        free(block);
    }
    free(ops->ops);
    regops_init(ops);
}

const char *regops_refused(const struct regops *ops)
{
    return ops->refused;
}

static struct regops_block *new_block(struct regops *ops, size_t size)
{
    struct regops_block *block;

    if (size < BLOCK_SIZE)
        size = BLOCK_SIZE;
    if (size > REGOPS_MEMORY_MAX - ops->memory)
    {
        ops->refused = "it asks for too much";
        return NULL;
    }
    if (!(block = malloc(sizeof(*block) + size)))
    {
        ops->refused = "out of memory";
        return NULL;
    }
    block->next = ops->blocks;
    block->used = 0;
    block->size = size;
    ops->memory += size;
    ops->blocks = block;
    return block;
}

void *regops_alloc(struct regops *ops, size_t size)
{
    struct regops_block *block = ops->blocks;
    void *memory;

    if (ops->refused)
        return NULL;
    if (size > REGOPS_MEMORY_MAX)
    {
        ops->refused = "it asks for too much";
        return NULL;
    }
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if ((!block || size > block->size - block->used) && !(block = new_block(ops, size)))
        return NULL;
    memory = block->bytes + block->used;
    block->used += size;
    return memory;
}

const uint16_t *regops_text(struct regops *ops, const uint16_t *text, size_t length)
{
    uint16_t *copy = regops_alloc(ops, (length + 1) * sizeof(*copy));

    if (!copy)
        return NULL;
    if (length)
        memcpy(copy, text, length * sizeof(*copy));
    copy[length] = 0;
    return copy;
}

const uint8_t *regops_bytes(struct regops *ops, const void *bytes, size_t size)
{
    uint8_t *copy = regops_alloc(ops, size);

    if (copy && size)
        memcpy(copy, bytes, size);
    return copy;
}

static int make_room(struct regops *ops)
{
    size_t room = ops->room ? 2 * ops->room : 64;
    struct regop *grown;

    if (ops->count >= REGOPS_COUNT_MAX)
    {
        ops->refused = "it asks for too much";
        return 0;
    }
    if (ops->count < ops->room)
        return 1;
    if (!(grown = realloc(ops->ops, room * sizeof(*grown))))
    {
        ops->refused = "out of memory";
        return 0;
    }
    ops->ops = grown;
    ops->room = room;
    return 1;
}

void regops_add(struct regops *ops, const struct regop *op)
{
    static const uint16_t nothing[] = {0};
    struct regop *added;

    if (ops->refused || !make_room(ops))
        return;
    added = &ops->ops[ops->count++];
    *added = *op;
    if (!added->path)
        added->path = nothing;
    if (!added->name)
        added->name = nothing;
}

/* ---- text ---- */

size_t regops_length(const uint16_t *text)
{
    size_t length = 0;

    while (text[length])
        length++;
    return length;
}

static uint16_t upper(uint16_t unit)
{
    if ((unit >= 'a' && unit <= 'z') || (unit >= 0xe0 && unit <= 0xfe && unit != 0xf7) ||
        (unit >= 0x3b1 && unit <= 0x3c9 && unit != 0x3c2) || (unit >= 0x430 && unit <= 0x44f))
        return unit - 0x20;
    return unit >= 0x450 && unit <= 0x45f ? unit - 0x50 : unit;
}

int regops_same(const uint16_t *a, size_t a_length, const uint16_t *b, size_t b_length)
{
    size_t i;

    if (a_length != b_length)
        return 0;
    for (i = 0; i < a_length; i++)
        if (upper(a[i]) != upper(b[i]))
            return 0;
    return 1;
}

int regops_is(const uint16_t *text, size_t length, const char *ascii)
{
    size_t i;

    if (length != strlen(ascii))
        return 0;
    for (i = 0; i < length; i++)
        if (upper(text[i]) != upper((uint8_t)ascii[i]))
            return 0;
    return 1;
}

const char *regops_root_name(enum regop_root root)
{
    return roots[root].name;
}

const char *regops_root_short(enum regop_root root)
{
    return roots[root].brief;
}

/*
 * Keys of the registry with their values, sorted.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "keyset.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE (32u << 10)

const char *const keyset_roots[] =
{
    "Software\\Classes",
    "Software\\scardssp",
    "Software\\Microsoft\\Cryptography\\Calais",
    "Software\\Wow6432Node\\Classes",
    "Software\\Wow6432Node\\scardssp",
    "Software\\Wow6432Node\\Microsoft\\Cryptography\\Calais",
    NULL
};

/* ---- text ---- */

static unsigned lower(unsigned unit)
{
    return unit >= 'A' && unit <= 'Z' ? unit + 'a' - 'A' : unit;
}

/* As in a path: what is below a key comes right behind it. */
static unsigned rank(unsigned unit)
{
    return unit == '\\' ? 0 : lower(unit) + 1;
}

static int compare_text(const uint16_t *one, size_t length, const uint16_t *other,
                        size_t other_length)
{
    size_t i, least = length < other_length ? length : other_length;

    for (i = 0; i < least; i++)
        if (one[i] != other[i] && rank(one[i]) != rank(other[i]))
            return rank(one[i]) < rank(other[i]) ? -1 : 1;
    return (length > other_length) - (length < other_length);
}

static int compare_paths(const struct keyset_key *one, const struct keyset_key *other)
{
    return compare_text(one->path, one->length, other->path, other->length);
}

static int compare_names(const struct keyset_value *one, const struct keyset_value *other)
{
    return compare_text(one->name, one->length, other->name, other->length);
}

int keyset_below(const struct keyset_key *key, const struct keyset_key *other)
{
    return key->length > other->length && key->path[other->length] == '\\' &&
           !compare_text(key->path, other->length, other->path, other->length);
}

int keyset_ours(const uint16_t *path, size_t length)
{
    const char *const *root;
    size_t i;

    for (root = keyset_roots; *root; root++)
    {
        for (i = 0; (*root)[i] && i < length; i++)
            if (lower(path[i]) != lower((unsigned char)(*root)[i]))
                break;
        if (!(*root)[i] && (i == length || path[i] == '\\'))
            return 1;
    }
    return 0;
}

/* ---- memory ---- */

struct keyset_block
{
    struct keyset_block *next;
    size_t used, size;
    uint64_t bytes[]; /* so that they are aligned */
};

static void *take(struct keyset *set, const void *bytes, size_t size)
{
    struct keyset_block *block = set->blocks;
    size_t rounded = (size + 7) & ~(size_t)7, room;
    void *place;

    if (!block || block->size - block->used < rounded)
    {
        room = rounded > BLOCK_SIZE ? rounded : BLOCK_SIZE;
        if (!(block = malloc(sizeof(*block) + room)))
            return NULL;
        block->next = set->blocks;
        block->used = 0;
        block->size = room;
        set->blocks = block;
    }
    place = (uint8_t *)block->bytes + block->used;
    block->used += rounded;
    if (size)
        memcpy(place, bytes, size);
    return place;
}

/* Room for one more of count entries of that size. */
static int grow(void **entries, size_t count, size_t *room, size_t size)
{
    size_t more = *room ? *room * 2 : 64;
    void *larger;

    if (count >= KEYSET_COUNT_MAX)
        return -1;
    if (count < *room)
        return 0;
    if (!(larger = realloc(*entries, more * size)))
        return -1;
    *entries = larger;
    *room = more;
    return 0;
}

void keyset_free(struct keyset *set)
{
    struct keyset_block *block;

    while ((block = set->blocks))
    {
        set->blocks = block->next;
        free(block);
    }
    free(set->keys);
    free(set->values);
    memset(set, 0, sizeof(*set));
}

/* ---- adding ---- */

static struct keyset_key *append_key(struct keyset *set)
{
    void *keys = set->keys;
    struct keyset_key *key;

    if (grow(&keys, set->key_count, &set->key_room, sizeof(*set->keys)))
        return NULL;
    set->keys = keys;
    key = &set->keys[set->key_count++];
    memset(key, 0, sizeof(*key));
    key->first = (uint32_t)set->value_count;
    key->order = (uint32_t)set->key_count;
    return key;
}

int keyset_add(struct keyset *set, const uint16_t *path, size_t length)
{
    struct keyset_key *key;
    const uint16_t *copy;

    if (!length || length > KEYSET_PATH_MAX || !(key = append_key(set)))
        return -1;
    if (!(copy = take(set, path, length * sizeof(*path))))
    {
        set->key_count--;
        return -1;
    }
    key->path = copy;
    key->length = (uint32_t)length;
    key->listed = 1;
    return 0;
}

int keyset_add_value(struct keyset *set, const uint16_t *name, size_t length, uint32_t type,
                     const void *data, size_t size)
{
    void *values = set->values;
    struct keyset_value value = {.length = (uint32_t)length, .type = type, .size = (uint32_t)size};

    if (!set->key_count || length > KEYSET_NAME_MAX || size > KEYSET_DATA_MAX ||
        grow(&values, set->value_count, &set->value_room, sizeof(*set->values)))
        return -1;
    set->values = values;
    if (!(value.name = take(set, name, length * sizeof(*name))) ||
        !(value.data = take(set, data, size)))
        return -1;
    value.order = (uint32_t)set->value_count;
    set->values[set->value_count++] = value;
    set->keys[set->key_count - 1].count++;
    return 0;
}

int keyset_copy(struct keyset *set, const struct keyset *from, const struct keyset_key *key)
{
    const struct keyset_value *value;
    uint32_t i;

    if (keyset_add(set, key->path, key->length))
        return -1;
    for (i = 0; i < key->count; i++)
    {
        value = &from->values[key->first + i];
        if (keyset_add_value(set, value->name, value->length, value->type, value->data,
                             value->size))
            return -1;
    }
    return 0;
}

/* ---- order ---- */

/* Of equal ones the one that counts comes first: it is listed, and was added later. */
static int order_keys(const void *one, const void *other)
{
    const struct keyset_key *a = one, *b = other;
    int order = compare_paths(a, b);

    if (!order)
        order = b->listed - a->listed;
    return order ? order : (a->order < b->order) - (a->order > b->order);
}

static int order_values(const void *one, const void *other)
{
    const struct keyset_value *a = one, *b = other;
    int order = compare_names(a, b);

    return order ? order : (a->order < b->order) - (a->order > b->order);
}

/* The length of the path of the key above; 0 when there is none. */
static uint32_t parent_length(const uint16_t *path, uint32_t length)
{
    while (length && path[--length] != '\\')
        ;
    return length;
}

/* Adds the keys above each that the one before it does not have above it as well. */
static int add_parents(struct keyset *set)
{
    size_t count = set->key_count, i;
    struct keyset_key *parent, key, before = {0};
    uint32_t length;

    for (i = 0; i < count; i++, before = key)
    {
        key = set->keys[i];
        for (length = parent_length(key.path, key.length); length && keyset_ours(key.path, length);
             length = parent_length(key.path, length))
        {
            if (before.length >= length &&
                (before.length == length || before.path[length] == '\\') &&
                !compare_text(key.path, length, before.path, length))
                break;
            if (!(parent = append_key(set)))
                return -1;
            parent->path = key.path;
            parent->length = length;
        }
    }
    return 0;
}

static void sort_values(struct keyset *set, struct keyset_key *key)
{
    struct keyset_value *values;
    uint32_t i, kept = 0;

    if (!key->count)
        return;
    values = set->values + key->first;
    qsort(values, key->count, sizeof(*values), order_values);
    for (i = 0; i < key->count; i++)
        if (!kept || compare_names(&values[kept - 1], &values[i]))
            values[kept++] = values[i];
    key->count = kept;
}

int keyset_sort(struct keyset *set)
{
    size_t i, kept = 0;

    if (add_parents(set))
        return -1;
    if (set->key_count)
        qsort(set->keys, set->key_count, sizeof(*set->keys), order_keys);
    for (i = 0; i < set->key_count; i++)
        if (!kept || compare_paths(&set->keys[kept - 1], &set->keys[i]))
            set->keys[kept++] = set->keys[i];
    set->key_count = kept;
    for (i = 0; i < kept; i++)
        sort_values(set, &set->keys[i]);
    return 0;
}

/* ---- looking up ---- */

static int find_key(const void *one, const void *other)
{
    return compare_paths(one, other);
}

const struct keyset_key *keyset_find(const struct keyset *set, const struct keyset_key *key)
{
    if (!set->key_count)
        return NULL;
    return bsearch(key, set->keys, set->key_count, sizeof(*key), find_key);
}

static int find_value(const void *one, const void *other)
{
    return compare_names(one, other);
}

const struct keyset_value *keyset_value(const struct keyset *set, const struct keyset_key *key,
                                        const struct keyset_value *value)
{
    if (!key->count)
        return NULL;
    return bsearch(value, set->values + key->first, key->count, sizeof(*value), find_value);
}

int keyset_same(const struct keyset *one, const struct keyset_key *key, const struct keyset *other,
                const struct keyset_key *other_key)
{
    const struct keyset_value *a, *b;
    uint32_t i;

    if (key->count != other_key->count)
        return 0;
    for (i = 0; i < key->count; i++)
    {
        a = &one->values[key->first + i];
        b = &other->values[other_key->first + i];
        if (a->length != b->length || memcmp(a->name, b->name, a->length * sizeof(*a->name)) ||
            a->type != b->type || a->size != b->size || memcmp(a->data, b->data, a->size))
            return 0;
    }
    return 1;
}

int keyset_is_link(const struct keyset *set, const struct keyset_key *key)
{
    uint32_t i;

    for (i = 0; i < key->count; i++)
        if (set->values[key->first + i].type == KEYSET_LINK)
            return 1;
    return 0;
}

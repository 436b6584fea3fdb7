/*
 * The ids that the PE half uses: a table of reference-counted objects with generations.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An id is kind << 56 | generation << 16 | (slot + 1).
 */

#include "objects.h"

#include <pthread.h>
#include <stddef.h>

#define GENERATIONS ((uint64_t)1 << 40)

static struct
{
    struct table_object *object;
    enum table_kind kind;
    uint64_t generation;
} slots[TABLE_SIZE];

static pthread_mutex_t table_mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned next_slot;

void object_init(struct table_object *object, int32_t (*destroy)(struct table_object *object))
{
    object->refs = 1;
    object->destroy = destroy;
}

void object_get(struct table_object *object)
{
    __atomic_add_fetch(&object->refs, 1, __ATOMIC_RELAXED);
}

int32_t object_put(struct table_object *object)
{
    if (__atomic_sub_fetch(&object->refs, 1, __ATOMIC_ACQ_REL))
        return 0;
    return object->destroy(object);
}

uint64_t table_add(enum table_kind kind, struct table_object *object)
{
    uint64_t id = 0;
    unsigned tries, slot;

    pthread_mutex_lock(&table_mutex);
    for (tries = 0; tries < TABLE_SIZE && !id; tries++)
    {
        slot = next_slot;
        next_slot = (next_slot + 1) % TABLE_SIZE;
        if (slots[slot].kind != TABLE_FREE)
            continue;
        slots[slot].generation = (slots[slot].generation + 1) % GENERATIONS;
        slots[slot].kind = kind;
        slots[slot].object = object;
        id = (uint64_t)kind << 56 | slots[slot].generation << 16 | (slot + 1);
    }
    pthread_mutex_unlock(&table_mutex);
    return id;
}

/* The slot of an id, TABLE_SIZE when it is not valid. */
static unsigned find(enum table_kind kind, uint64_t id)
{
    unsigned slot = (unsigned)(id & 0xffff) - 1;

    if (slot >= TABLE_SIZE || slots[slot].kind != kind || id >> 56 != (uint64_t)kind ||
        ((id >> 16) & (GENERATIONS - 1)) != slots[slot].generation)
        return TABLE_SIZE;
    return slot;
}

static struct table_object *take(unsigned slot)
{
    struct table_object *object = slots[slot].object;

    slots[slot].object = NULL;
    slots[slot].kind = TABLE_FREE;
    return object;
}

struct table_object *table_get(enum table_kind kind, uint64_t id)
{
    struct table_object *object = NULL;
    unsigned slot;

    pthread_mutex_lock(&table_mutex);
    if ((slot = find(kind, id)) < TABLE_SIZE)
    {
        object = slots[slot].object;
        object_get(object);
    }
    pthread_mutex_unlock(&table_mutex);
    return object;
}

struct table_object *table_remove(enum table_kind kind, uint64_t id)
{
    struct table_object *object = NULL;
    unsigned slot;

    pthread_mutex_lock(&table_mutex);
    if ((slot = find(kind, id)) < TABLE_SIZE)
        object = take(slot);
    pthread_mutex_unlock(&table_mutex);
    return object;
}

struct table_object *table_remove_if(enum table_kind kind,
                                     int (*match)(const struct table_object *object, uint64_t key),
                                     uint64_t key)
{
    struct table_object *object = NULL;
    unsigned slot;

    pthread_mutex_lock(&table_mutex);
    for (slot = 0; slot < TABLE_SIZE && !object; slot++)
        if (slots[slot].kind == kind && match(slots[slot].object, key))
            object = take(slot);
    pthread_mutex_unlock(&table_mutex);
    return object;
}

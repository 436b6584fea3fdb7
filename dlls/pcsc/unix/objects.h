/*
 * The ids that the PE file holds: a table of counted objects with generations.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * No address of the unix side crosses the border. A stale or made-up id, or one of the other kind,
 * is not found. Every function may be called by any thread.
 */

#ifndef PCSC_UNIX_OBJECTS_H
#define PCSC_UNIX_OBJECTS_H

#include <stdint.h>

/* Contexts and cards together. */
#define TABLE_SIZE 1024u

enum table_kind
{
    TABLE_FREE,
    TABLE_CONTEXT,
    TABLE_CARD
};

/* First member of what the table holds. */
struct table_object
{
    unsigned refs;
    /* By the last object_put, on whose thread that is. */
    int32_t (*destroy)(struct table_object *object);
};

void object_init(struct table_object *object, int32_t (*destroy)(struct table_object *object));
void object_get(struct table_object *object);
/* What destroy returned when this was the last reference, else 0. */
int32_t object_put(struct table_object *object);

/* Takes over the caller's reference. The id, or 0 when the table is full (nothing was taken). */
uint64_t table_add(enum table_kind kind, struct table_object *object);
/* The object with a reference of its own; NULL. */
struct table_object *table_get(enum table_kind kind, uint64_t id);
/* Voids the id and hands the table's reference to the caller; NULL. */
struct table_object *table_remove(enum table_kind kind, uint64_t id);
/* The same for any object of the kind that match accepts (called with the table locked). */
struct table_object *table_remove_if(enum table_kind kind,
                                     int (*match)(const struct table_object *object, uint64_t key),
                                     uint64_t key);

#endif

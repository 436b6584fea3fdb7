/*
 * The ids that the PE half uses: a table of reference-counted objects with generations.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * No address of the unix half leaves it. A stale or invented id, or one of the other kind, is not
 * found. Any thread may call every function.
 */

#ifndef PCSC_UNIX_OBJECTS_H
#define PCSC_UNIX_OBJECTS_H

#include <stdint.h>

/* For contexts and cards together. */
#define TABLE_SIZE 1024u

enum table_kind
{
    TABLE_FREE,
    TABLE_CONTEXT,
    TABLE_CARD
};

/* First member of every object in the table. */
struct table_object
{
    unsigned refs;
    /* Called by the last object_put, on its thread. */
    int32_t (*destroy)(struct table_object *object);
};

void object_init(struct table_object *object, int32_t (*destroy)(struct table_object *object));
void object_get(struct table_object *object);
/* Returns what destroy returned when this was the last reference, else 0. */
int32_t object_put(struct table_object *object);

/* Takes over the caller's reference and returns the id. When the table is full it returns 0 and
 * takes nothing. */
uint64_t table_add(enum table_kind kind, struct table_object *object);
/* The object with a reference for the caller, or NULL. */
struct table_object *table_get(enum table_kind kind, uint64_t id);
/* Voids the id and passes the table's reference to the caller; NULL when there is no such id. */
struct table_object *table_remove(enum table_kind kind, uint64_t id);
/* The same for any object of that kind that match accepts (called with the table locked). */
struct table_object *table_remove_if(enum table_kind kind,
                                     int (*match)(const struct table_object *object, uint64_t key),
                                     uint64_t key);

#endif

/*
 * Keys of the registry with their values, sorted: what was there at some time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Nothing here knows Windows: text is UTF-16 in uint16_t, with its length in units. Paths are
 * relative to HKEY_LOCAL_MACHINE, as 64-bit programs see it. Letters of ASCII count the same in
 * either case.
 */

#ifndef PROBE_KEYSET_H
#define PROBE_KEYSET_H

#include <stddef.h>
#include <stdint.h>

/* More is refused. */
#define KEYSET_PATH_MAX  4096 /* units */
#define KEYSET_NAME_MAX  16384
#define KEYSET_DATA_MAX  (16u << 20) /* bytes */
#define KEYSET_COUNT_MAX 1000000     /* keys, or values */

#define KEYSET_LINK 6 /* the type of the value that makes a key a link */

struct keyset_value
{
    const uint16_t *name; /* of length 0 for the default */
    const uint8_t *data;
    uint32_t length, type, size;
    uint32_t order; /* in which it was added */
};

struct keyset_key
{
    const uint16_t *path;
    uint32_t length;
    uint32_t first, count; /* of its values, which keyset_sort brings into the order of names */
    uint32_t order;        /* in which it was added */
    int listed;            /* 0: only implied by a key below it */
};

struct keyset
{
    struct keyset_key *keys;
    struct keyset_value *values;
    size_t key_count, value_count;
    size_t key_room, value_room;
    struct keyset_block *blocks; /* the memory of paths, names and data */
};

/* An empty set is all zeros. What is added is copied. 0, or -1 without memory or past a limit. */
int keyset_add(struct keyset *set, const uint16_t *path, size_t length);
/* To the key that was added last. */
int keyset_add_value(struct keyset *set, const uint16_t *name, size_t length, uint32_t type,
                     const void *data, size_t size);
void keyset_free(struct keyset *set);

/* Brings the keys into order: each stands before those below it, which follow at once, and those
 * above a key are there too. Of two equal ones the later counts. 0 or -1. */
int keyset_sort(struct keyset *set);

/* In a sorted set; NULL when it is not there. */
const struct keyset_key *keyset_find(const struct keyset *set, const struct keyset_key *key);
const struct keyset_value *keyset_value(const struct keyset *set, const struct keyset_key *key,
                                        const struct keyset_value *value);

/* Whether both have the same values. */
int keyset_same(const struct keyset *one, const struct keyset_key *key, const struct keyset *other,
                const struct keyset_key *other_key);

int keyset_is_link(const struct keyset *set, const struct keyset_key *key);

/* Adds a key of another set, sorted, with its values. 0 or -1. */
int keyset_copy(struct keyset *set, const struct keyset *from, const struct keyset_key *key);

/* Whether key lies below the other one. */
int keyset_below(const struct keyset_key *key, const struct keyset_key *other);

/* Whether scardssp registers anything at that path or below; no other key is kept or changed. */
int keyset_ours(const uint16_t *path, size_t length);

/* The keys for which keyset_ours() is true first, in ASCII; NULL behind the last. */
extern const char *const keyset_roots[];

#endif

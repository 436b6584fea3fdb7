/*
 * scardssp-probe: the registry as a set of keys.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "registry.h"

#include <stdlib.h>

#define DEPTH_MAX 512 /* what Windows allows */
#define VIEW      KEY_WOW64_64KEY

/* ---- reading ---- */

struct walk
{
    struct keyset *set;
    WCHAR path[KEYSET_PATH_MAX + 1]; /* of the key that is being read */
    DWORD length;
    unsigned depth;
    WCHAR name[KEYSET_NAME_MAX]; /* of a value */
    BYTE *data;                  /* room for one */
    DWORD room;
};

static LONG walk_key(struct walk *walk, HKEY key);

/* size bytes for a value's data. */
static LONG make_room(struct walk *walk, DWORD size)
{
    BYTE *larger;

    if (size <= walk->room)
        return 0;
    if (size > KEYSET_DATA_MAX || !(larger = realloc(walk->data, size)))
        return ERROR_OUTOFMEMORY;
    walk->data = larger;
    walk->room = size;
    return 0;
}

/* *link: one of them makes the key a link. */
static LONG walk_values(struct walk *walk, HKEY key, DWORD count, BOOL *link)
{
    DWORD i, length, type, size;
    LONG result;

    *link = FALSE;
    for (i = 0; i < count; i++)
    {
        length = KEYSET_NAME_MAX;
        size = walk->room;
        result = RegEnumValueW(key, i, walk->name, &length, NULL, &type, walk->data, &size);
        if (result)
            return result;
        *link = *link || type == REG_LINK;
        if (keyset_add_value(walk->set, walk->name, length, type, walk->data, size))
            return ERROR_OUTOFMEMORY;
    }
    return 0;
}

/* The key of that path, or name, below another; a link itself. */
static LONG walk_below(struct walk *walk, HKEY above, const WCHAR *name)
{
    HKEY key;
    LONG result = RegOpenKeyExW(above, name, REG_OPTION_OPEN_LINK, KEY_READ | VIEW, &key);

    if (result)
        return result;
    result = walk_key(walk, key);
    RegCloseKey(key);
    return result;
}

static LONG walk_keys(struct walk *walk, HKEY key, DWORD count)
{
    DWORD length = walk->length, room, i;
    LONG result = 0;

    if (count && walk->depth == DEPTH_MAX)
        return ERROR_INVALID_DATA;
    walk->depth++;
    for (i = 0; !result && i < count; i++)
    {
        if (length + 1 >= KEYSET_PATH_MAX)
            return ERROR_MORE_DATA;
        walk->path[length] = '\\';
        room = KEYSET_PATH_MAX - length;
        result = RegEnumKeyExW(key, i, walk->path + length + 1, &room, NULL, NULL, NULL, NULL);
        walk->length = length + 1 + room;
        if (!result)
            result = walk_below(walk, key, walk->path + length + 1);
    }
    walk->depth--;
    walk->length = length;
    return result;
}

static LONG walk_key(struct walk *walk, HKEY key)
{
    DWORD keys, values, size;
    BOOL link;
    LONG result = RegQueryInfoKeyW(key, NULL, NULL, NULL, &keys, NULL, NULL, &values, NULL, &size,
                                   NULL, NULL);

    if (!result)
        result = make_room(walk, size + 1);
    if (!result && keyset_add(walk->set, walk->path, walk->length))
        result = ERROR_OUTOFMEMORY;
    if (!result)
        result = walk_values(walk, key, values, &link);
    return result || link ? result : walk_keys(walk, key, keys);
}

LONG registry_read(struct keyset *set)
{
    struct walk *walk = calloc(1, sizeof(*walk));
    const char *const *root;
    LONG result = walk ? 0 : ERROR_OUTOFMEMORY;

    if (walk)
        walk->set = set;
    for (root = keyset_roots; !result && *root; root++)
    {
        for (walk->length = 0; (*root)[walk->length]; walk->length++)
            walk->path[walk->length] = (unsigned char)(*root)[walk->length];
        walk->path[walk->length] = 0;
        result = walk_below(walk, HKEY_LOCAL_MACHINE, walk->path);
        if (result == ERROR_FILE_NOT_FOUND)
            result = 0;
    }
    if (walk)
        free(walk->data);
    free(walk);
    return !result && keyset_sort(set) ? ERROR_OUTOFMEMORY : result;
}

/* ---- changing ---- */

/* Text as Windows wants it, with a zero; free()d by the caller. */
static WCHAR *make_name(const uint16_t *text, uint32_t length)
{
    WCHAR *name = malloc((length + 1) * sizeof(*name));

    if (name)
    {
        memcpy(name, text, length * sizeof(*name));
        name[length] = 0;
    }
    return name;
}

int registry_remove(struct undo_steps *steps, const struct keyset_key *key)
{
    WCHAR *path = make_name(key->path, key->length);
    LONG result = path ? RegDeleteKeyExW(HKEY_LOCAL_MACHINE, path, VIEW, 0) : ERROR_OUTOFMEMORY;

    (void)steps;
    free(path);
    return result ? -1 : 0;
}

static HKEY make_key(const struct keyset_key *key)
{
    WCHAR *path = make_name(key->path, key->length);
    HKEY made = NULL;

    if (path && RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_READ | KEY_WRITE | VIEW,
                                NULL, &made, NULL))
        made = NULL;
    free(path);
    return made;
}

static LONG delete_value(HKEY key, const struct keyset_value *value)
{
    WCHAR *name = make_name(value->name, value->length);
    LONG result = name ? RegDeleteValueW(key, name) : ERROR_OUTOFMEMORY;

    free(name);
    return result;
}

static LONG set_value(HKEY key, const struct keyset_value *value)
{
    WCHAR *name = make_name(value->name, value->length);
    LONG result = name ? RegSetValueExW(key, name, 0, value->type, value->data, value->size)
                       : ERROR_OUTOFMEMORY;

    free(name);
    return result;
}

int registry_set(struct undo_steps *steps, const struct keyset *before,
                 const struct keyset_key *key, const struct keyset *current,
                 const struct keyset_key *now)
{
    HKEY made = make_key(key);
    int failed = !made;
    uint32_t i;

    (void)steps;
    if (made && now)
        for (i = 0; i < now->count; i++)
            failed = delete_value(made, &current->values[now->first + i]) || failed;
    if (made)
        for (i = 0; i < key->count; i++)
            failed = set_value(made, &before->values[key->first + i]) || failed;
    if (made)
        RegCloseKey(made);
    return failed ? -1 : 0;
}

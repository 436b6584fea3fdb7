/*
 * scardtool: the whole card database in memory, with all values of all records.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "database.h"

#include <objbase.h>
#include <wchar.h>

#define ROOT L"Microsoft\\Cryptography\\Calais\\SmartCards"

static const REGSAM views[DATABASE_VIEWS] = {KEY_WOW64_64KEY, KEY_WOW64_32KEY};

/* ---- keys and values ---- */

static int compare(const WCHAR *a, int a_length, const WCHAR *b, int b_length)
{
    return CompareStringOrdinal(a, a_length, b, b_length, TRUE) - CSTR_EQUAL;
}

/* Where the key is, or would be. */
static DWORD position(const struct database *database, enum database_view view, const WCHAR *path,
                      BOOL *found)
{
    DWORD low = 0, high = database->count, middle;
    const struct database_key *key;
    int order;

    *found = FALSE;
    while (low < high)
    {
        middle = low + (high - low) / 2;
        key = &database->keys[middle];
        order = key->view != view ? (int)key->view - (int)view : compare(key->path, -1, path, -1);
        if (!order)
        {
            *found = TRUE;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct database_key *database_find(const struct database *database, enum database_view view,
                                         const WCHAR *path)
{
    BOOL found;
    DWORD at = position(database, view, path, &found);

    return found ? &database->keys[at] : NULL;
}

static DWORD find_value(const struct database_key *key, const WCHAR *name)
{
    DWORD i;

    for (i = 0; i < key->count; i++)
        if (!compare(key->values[i].name, -1, name, -1))
            break;
    return i;
}

const struct database_value *database_value(const struct database_key *key, const WCHAR *name)
{
    DWORD i = key ? find_value(key, name) : 0;

    return key && i < key->count ? &key->values[i] : NULL;
}

BOOL database_same_value(const struct database_value *a, const struct database_value *b)
{
    return a->type == b->type && a->size == b->size && !memcmp(a->data, b->data, a->size);
}

static LONG make_room(void *array, DWORD used, DWORD *room, SIZE_T size)
{
    DWORD wanted = *room ? 2 * *room : 8;
    void *grown, **at = array;

    if (used < *room)
        return ERROR_SUCCESS;
    if (!(grown = CoTaskMemRealloc(*at, wanted * size)))
        return ERROR_OUTOFMEMORY;
    *at = grown;
    *room = wanted;
    return ERROR_SUCCESS;
}

static LONG set_value(struct database_key *key, const WCHAR *name, DWORD type, const void *data,
                      DWORD size)
{
    DWORD i = find_value(key, name), room = (lstrlenW(name) + 1) * sizeof(WCHAR);
    struct database_value value = {.type = type, .size = size};
    LONG result;

    if (i == DATABASE_VALUES_MAX)
        return ERROR_TOO_MANY_NAMES;
    if ((result = make_room(&key->values, i, &key->room, sizeof(*key->values))))
        return result;
    if (!(value.name = CoTaskMemAlloc(room + size)))
        return ERROR_OUTOFMEMORY;
    value.data = (BYTE *)value.name + room;
    memcpy(value.name, name, room);
    if (size)
        memcpy(value.data, data, size);
    if (i < key->count)
        CoTaskMemFree(key->values[i].name);
    else
        key->count++;
    key->values[i] = value;
    return ERROR_SUCCESS;
}

static void delete_value(struct database_key *key, const WCHAR *name)
{
    DWORD i = find_value(key, name);

    if (i == key->count)
        return;
    CoTaskMemFree(key->values[i].name);
    key->values[i] = key->values[--key->count];
}

static void free_key(struct database_key *key)
{
    while (key->count)
        CoTaskMemFree(key->values[--key->count].name);
    CoTaskMemFree(key->values);
    CoTaskMemFree(key->path);
}

static LONG insert_key(struct database *database, DWORD at, enum database_view view,
                       const WCHAR *path)
{
    SIZE_T size = (lstrlenW(path) + 1) * sizeof(*path);
    struct database_key *key;
    WCHAR *copy;
    LONG result;

    if (database->count == DATABASE_VIEWS * CALAIS_MAX_CARDS)
        return ERROR_TOO_MANY_NAMES;
    if ((result = make_room(&database->keys, database->count, &database->room, sizeof(*key))))
        return result;
    if (!(copy = CoTaskMemAlloc(size)))
        return ERROR_OUTOFMEMORY;
    memcpy(copy, path, size);
    key = &database->keys[at];
    memmove(key + 1, key, (database->count - at) * sizeof(*key));
    database->count++;
    ZeroMemory(key, sizeof(*key));
    key->view = view;
    key->path = copy;
    key->fresh = TRUE;
    return ERROR_SUCCESS;
}

/* Each part of a path must be a key's name. */
static BOOL path_ok(const WCHAR *path)
{
    int length = 0;

    for (; *path; path++)
        if ((length = *path == '\\' ? 0 : length + 1) >= CALAIS_NAME_SIZE)
            return FALSE;
    return TRUE;
}

/* The key, made with those above it when it is not there yet. */
static LONG make_key(struct database *database, enum database_view view, const WCHAR *path,
                     struct database_key **key)
{
    WCHAR *above, *end;
    LONG result = ERROR_SUCCESS;
    BOOL found;
    DWORD at = position(database, view, path, &found);

    if (!found && !path_ok(path))
        return ERROR_INVALID_NAME;
    if (!found && *path)
    {
        if (!(above = CoTaskMemAlloc((lstrlenW(path) + 1) * sizeof(*path))))
            return ERROR_OUTOFMEMORY;
        lstrcpyW(above, path);
        for (end = above + lstrlenW(above); end > above && *end != '\\'; end--)
            ;
        *end = 0;
        result = make_key(database, view, above, key);
        CoTaskMemFree(above);
        at = position(database, view, path, &found);
    }
    if (!result && !found)
        result = insert_key(database, at, view, path);
    if (!result)
        *key = &database->keys[at];
    return result;
}

static BOOL is_below(const WCHAR *path, const WCHAR *above)
{
    int length = lstrlenW(above);

    return !length || (lstrlenW(path) >= length && !compare(path, length, above, length) &&
                       (!path[length] || path[length] == '\\'));
}

static void delete_tree(struct database *database, enum database_view view, const WCHAR *path)
{
    struct database_key *key;
    DWORD i, kept = 0;

    for (i = 0; i < database->count; i++)
    {
        key = &database->keys[i];
        if (key->view == view && is_below(key->path, path))
            free_key(key);
        else
            database->keys[kept++] = *key;
    }
    database->count = kept;
}

void database_free(struct database *database)
{
    while (database->count)
        free_key(&database->keys[--database->count]);
    CoTaskMemFree(database->keys);
    ZeroMemory(database, sizeof(*database));
}

LONG database_copy(const struct database *from, struct database *to)
{
    struct database_key *key;
    LONG result = ERROR_SUCCESS;
    DWORD i, j;

    ZeroMemory(to, sizeof(*to));
    to->has_32 = from->has_32;
    for (i = 0; i < from->count && !result; i++)
    {
        if ((result = insert_key(to, i, from->keys[i].view, from->keys[i].path)))
            break;
        key = &to->keys[i];
        key->fresh = FALSE;
        for (j = 0; j < from->keys[i].count && !result; j++)
            result = set_value(key, from->keys[i].values[j].name, from->keys[i].values[j].type,
                               from->keys[i].values[j].data, from->keys[i].values[j].size);
    }
    if (result)
        database_free(to);
    return result;
}

/* ---- the registry ---- */

static LONG open_path(enum database_view view, const WCHAR *path, REGSAM access, BOOL create,
                      HKEY *key)
{
    LONG result;
    HKEY root;

    if (create)
        result = RegCreateKeyExW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\" ROOT, 0, NULL, 0,
                                 access | views[view], NULL, &root, NULL);
    else
        result =
            RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\" ROOT, 0, access | views[view], &root);
    if (result || !*path)
    {
        *key = root;
        return result;
    }
    if (create)
        result = RegCreateKeyExW(root, path, 0, NULL, 0, access, NULL, key, NULL);
    else
        result = RegOpenKeyExW(root, path, 0, access, key);
    RegCloseKey(root);
    return result;
}

/* Room for the longest name and data of a key's values. */
static LONG value_room(HKEY key, DWORD *count, DWORD *names, DWORD *data, void **room)
{
    LONG result =
        RegQueryInfoKeyW(key, NULL, NULL, NULL, NULL, NULL, NULL, count, names, data, NULL, NULL);

    *room = NULL;
    if (!result && !(*room = CoTaskMemAlloc((++*names) * sizeof(WCHAR) + *data)))
        result = ERROR_OUTOFMEMORY;
    return result;
}

static LONG load_values(HKEY from, struct database_key *key)
{
    DWORD count = 0, names = 0, size = 0, i, name_length, type, data_size;
    void *room;
    LONG result = value_room(from, &count, &names, &size, &room);
    BYTE *data = room ? (BYTE *)room + names * sizeof(WCHAR) : NULL;

    for (i = 0; i < count && !result; i++)
    {
        name_length = names;
        data_size = size;
        result = RegEnumValueW(from, i, room, &name_length, NULL, &type, data, &data_size);
        if (!result)
            result = set_value(key, room, type, data, data_size);
    }
    CoTaskMemFree(room);
    return result;
}

static LONG load_key(struct database *database, enum database_view view, const WCHAR *path);

static LONG load_below(struct database *database, enum database_view view, const WCHAR *path,
                       HKEY from)
{
    int length = lstrlenW(path);
    DWORD i, name_length;
    LONG result = ERROR_SUCCESS;
    WCHAR *below = CoTaskMemAlloc((length + 1 + CALAIS_NAME_SIZE) * sizeof(*below));

    if (!below)
        return ERROR_OUTOFMEMORY;
    lstrcpyW(below, path);
    if (length)
        below[length++] = '\\';
    for (i = 0; !result; i++)
    {
        name_length = CALAIS_NAME_SIZE;
        result = RegEnumKeyExW(from, i, below + length, &name_length, NULL, NULL, NULL, NULL);
        if (!result)
            result = load_key(database, view, below);
    }
    CoTaskMemFree(below);
    return result == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : result;
}

static LONG load_key(struct database *database, enum database_view view, const WCHAR *path)
{
    struct database_key *key;
    LONG result;
    HKEY from;

    result = open_path(view, path, KEY_READ, FALSE, &from);
    if (result)
        return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
    if (!(result = make_key(database, view, path, &key)))
        result = load_values(from, key);
    if (!result)
        result = load_below(database, view, path, from);
    RegCloseKey(from);
    return result;
}

static BOOL has_two_views(void)
{
#ifdef _WIN64
    return TRUE;
#else
    BOOL wow = FALSE;

    return IsWow64Process(GetCurrentProcess(), &wow) && wow;
#endif
}

LONG database_load(struct database *database)
{
    LONG result;

    ZeroMemory(database, sizeof(*database));
    database->has_32 = has_two_views();
    result = load_key(database, DATABASE_64, L"");
    if (!result && database->has_32)
        result = load_key(database, DATABASE_32, L"");
    if (result)
        database_free(database);
    return result;
}

/* Values of one key; before is NULL for a new one. */
static LONG write_values(HKEY to, const struct database_key *before,
                         const struct database_key *after)
{
    const struct database_value *value, *old;
    LONG result = ERROR_SUCCESS;
    DWORD i;

    for (i = 0; before && i < before->count && !result; i++)
        if (!database_value(after, before->values[i].name))
            result = RegDeleteValueW(to, before->values[i].name);
    for (i = 0; i < after->count && !result; i++)
    {
        value = &after->values[i];
        old = database_value(before, value->name);
        if (!old || !database_same_value(old, value))
            result = RegSetValueExW(to, value->name, 0, value->type, value->data, value->size);
    }
    return result;
}

static LONG write_key(const struct database_key *before, const struct database_key *after)
{
    LONG result;
    HKEY to;

    result = open_path(after->view, after->path, KEY_SET_VALUE | KEY_CREATE_SUB_KEY, TRUE, &to);
    if (result)
        return result;
    result = write_values(to, before, after);
    RegCloseKey(to);
    return result;
}

static LONG delete_key(const struct database_key *key)
{
    LONG result;
    HKEY root;

    if ((result = open_path(key->view, L"", KEY_ALL_ACCESS, FALSE, &root)))
        return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
    if (*key->path)
        result = RegDeleteTreeW(root, key->path);
    else if (!(result = RegDeleteTreeW(root, NULL)))
        result = RegDeleteKeyExW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\" ROOT, views[key->view], 0);
    RegCloseKey(root);
    /* One above may have taken it along. */
    return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
}

static BOOL same_key(const struct database_key *a, const struct database_key *b)
{
    const struct database_value *value;
    DWORD i;

    if (!a || a->count != b->count)
        return FALSE;
    for (i = 0; i < a->count; i++)
        if (!(value = database_value(b, a->values[i].name)) ||
            !database_same_value(value, &a->values[i]))
            return FALSE;
    return TRUE;
}

LONG database_write(const struct database *before, const struct database *after)
{
    const struct database_key *key, *old, *now;
    LONG result = ERROR_SUCCESS;
    DWORD i;

    for (i = 0; i < before->count && !result; i++)
    {
        key = &before->keys[i];
        now = database_find(after, key->view, key->path);
        if (!now || now->fresh)
            result = delete_key(key);
    }
    for (i = 0; i < after->count && !result; i++)
    {
        key = &after->keys[i];
        old = key->fresh ? NULL : database_find(before, key->view, key->path);
        if (!same_key(old, key))
            result = write_key(old, key);
    }
    return result;
}

/* ---- entries ---- */

/* What is behind prefix and a backslash (or nothing); NULL when path does not begin so. */
static const WCHAR *behind(const WCHAR *path, const WCHAR *prefix)
{
    int length = lstrlenW(prefix);

    if (lstrlenW(path) < length || compare(path, length, prefix, length))
        return NULL;
    if (path[length] && path[length] != '\\')
        return NULL;
    return path + length + (path[length] == '\\');
}

const WCHAR *database_path(const struct database *database, const struct regop *op,
                           enum database_view own, enum database_view *view)
{
    const WCHAR *path = op->path, *below;

    *view = op->flags & REGOP_VIEW_64 ? DATABASE_64 : op->flags & REGOP_VIEW_32 ? DATABASE_32 : own;
    if (!database->has_32)
        *view = DATABASE_64;
    if (op->root != REGOP_LOCAL_MACHINE || !(path = behind(path, L"SOFTWARE")))
        return NULL;
    if (database->has_32 && (below = behind(path, L"Wow6432Node")))
    {
        *view = DATABASE_32;
        path = below;
    }
    return behind(path, ROOT);
}

BOOL database_is_above(const WCHAR *path)
{
    return is_below(L"SOFTWARE\\" ROOT, path) || is_below(L"SOFTWARE\\Wow6432Node\\" ROOT, path);
}

/* The strings of data that the value has not yet go to its end; one of another type stays. */
static LONG append(struct database_key *key, const struct database_value *value,
                   const struct regop *op)
{
    const WCHAR *add = (const WCHAR *)op->data, *at;
    DWORD used = value ? value->size / sizeof(WCHAR) : 0;
    LONG result;
    WCHAR *units;

    if (!value)
        return set_value(key, op->name, REG_MULTI_SZ, op->data, (DWORD)op->size);
    if (value->type != REG_MULTI_SZ)
        return ERROR_SUCCESS;
    if (!(units = CoTaskMemAlloc(value->size + op->size + 4)))
        return ERROR_OUTOFMEMORY;
    memcpy(units, value->data, used * sizeof(*units));
    /* Wherever its strings end, the new ones begin there. */
    while (used && !units[used - 1])
        used--;
    if (used)
        units[used++] = 0;
    units[used] = 0;
    for (; *add; add += lstrlenW(add) + 1)
    {
        for (at = units; at < units + used && compare(at, -1, add, -1); at += lstrlenW(at) + 1)
            ;
        if (at < units + used)
            continue;
        lstrcpyW(units + used, add);
        used += lstrlenW(add) + 1;
        units[used] = 0;
    }
    result = set_value(key, op->name, REG_MULTI_SZ, units, (used + 1) * sizeof(*units));
    CoTaskMemFree(units);
    return result;
}

static LONG delete_string(struct database_key *key, const struct database_value *value,
                          const struct regop *op)
{
    DWORD used = 0, length;
    const WCHAR *at;
    LONG result;
    WCHAR *units;

    if (value->type != REG_MULTI_SZ || !(units = CoTaskMemAlloc(2 * (value->size + 4))))
        return value->type == REG_MULTI_SZ ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
    /* A copy that certainly ends, and behind it what stays. */
    at = units + value->size / sizeof(WCHAR) + 2;
    memcpy((WCHAR *)at, value->data, value->size / sizeof(WCHAR) * sizeof(WCHAR));
    ((WCHAR *)at)[value->size / sizeof(WCHAR)] = 0;
    ((WCHAR *)at)[value->size / sizeof(WCHAR) + 1] = 0;
    for (; *at; at += length)
    {
        length = lstrlenW(at) + 1;
        if (!compare(at, -1, (const WCHAR *)op->data, -1))
            continue;
        memcpy(units + used, at, length * sizeof(*units));
        used += length;
    }
    units[used++] = 0;
    result = set_value(key, op->name, REG_MULTI_SZ, units, used * sizeof(*units));
    CoTaskMemFree(units);
    return result;
}

static LONG change_value(struct database_key *key, const struct regop *op)
{
    const struct database_value *value = database_value(key, op->name);

    if ((value && (op->flags & REGOP_IF_NO_VALUE)) || (!value && (op->flags & REGOP_IF_VALUE)))
        return ERROR_SUCCESS;
    switch (op->kind)
    {
    case REGOP_SET: return set_value(key, op->name, op->type, op->data, (DWORD)op->size);
    case REGOP_DELETE_VALUE: delete_value(key, op->name); return ERROR_SUCCESS;
    case REGOP_APPEND: return append(key, value, op);
    case REGOP_DELETE_STRING: return value ? delete_string(key, value, op) : ERROR_SUCCESS;
    default: return ERROR_SUCCESS;
    }
}

LONG database_apply(struct database *database, const struct regop *op, enum database_view view,
                    const WCHAR *path, BOOL empty)
{
    const struct database_key *old = database_find(database, view, path);
    struct database_key *key;
    LONG result;

    if (op->kind == REGOP_DELETE_KEY)
    {
        delete_tree(database, view, path);
        return ERROR_SUCCESS;
    }
    if (!old && (op->flags & REGOP_IF_KEY))
        return ERROR_SUCCESS;
    if (empty && *path && !wcschr(path, '\\') && old && !old->touched)
        delete_tree(database, view, path);
    if ((result = make_key(database, view, path, &key)))
        return result;
    key->touched = TRUE;
    return change_value(key, op);
}

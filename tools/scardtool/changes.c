/*
 * scardtool: what became of the card types.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "changes.h"

#include <stdlib.h>
#include <wchar.h>

#include "scardtool.h"
#include "types.h"

/* A card type with anything to tell. */
struct change
{
    WCHAR name[CALAIS_NAME_SIZE];
    BOOL differs;
    WCHAR values[256]; /* names of those that differ, ", " between */
};

struct changes
{
    struct change *items;
    DWORD count, room;
};

/* ---- collecting ---- */

/* The card type that a path belongs to, NULL when memory is short. */
static struct change *get_change(struct changes *changes, const WCHAR *path)
{
    const WCHAR *end = wcschr(path, '\\');
    int length = end ? (int)(end - path) : lstrlenW(path);
    struct change *item, *grown;
    DWORD i;

    for (i = 0; i < changes->count; i++)
    {
        item = &changes->items[i];
        if (CompareStringOrdinal(item->name, -1, path, length, TRUE) == CSTR_EQUAL)
            return item;
    }
    if (changes->count == changes->room)
    {
        changes->room = 2 * changes->room + 16;
        grown = CoTaskMemRealloc(changes->items, changes->room * sizeof(*grown));
        if (!grown)
            return NULL;
        changes->items = grown;
    }
    item = &changes->items[changes->count++];
    ZeroMemory(item, sizeof(*item));
    lstrcpynW(item->name, path, min(length + 1, CALAIS_NAME_SIZE));
    return item;
}

static void add_value(struct change *change, const WCHAR *name)
{
    const WCHAR *shown = name[0] ? name : L"(default)";
    size_t used = wcslen(change->values), length = wcslen(shown);
    const WCHAR *at;

    change->differs = TRUE;
    for (at = change->values; (at = wcsstr(at, shown)); at++)
        if ((at == change->values || at[-1] == ' ') && (!at[length] || at[length] == ','))
            return;
    if (used + length + 3 > ARRAYSIZE(change->values))
        return;
    if (used)
        lstrcatW(change->values, L", ");
    lstrcatW(change->values, shown);
}

/* The values of one key that the other has not, or has otherwise. */
static void compare_values(struct change *change, const struct database_key *key,
                           const struct database_key *other)
{
    const struct database_value *value;
    DWORD i;

    for (i = 0; i < key->count; i++)
    {
        value = database_value(other, key->values[i].name);
        if (!value || !database_same_value(value, &key->values[i]))
            add_value(change, key->values[i].name);
    }
}

/* What is in one and not in the other; touched keys are told in any case. */
static LONG collect(struct changes *changes, const struct database *from, const struct database *to)
{
    const struct database_key *key, *other;
    struct change *change;
    DWORD i;

    for (i = 0; i < from->count; i++)
    {
        key = &from->keys[i];
        other = database_find(to, key->view, key->path);
        if (!(change = get_change(changes, key->path)))
            return ERROR_OUTOFMEMORY;
        if (!other)
            change->differs = TRUE;
        compare_values(change, key, other);
    }
    return ERROR_SUCCESS;
}

static BOOL is_touched(const struct database *after, const WCHAR *name)
{
    DWORD i, length = lstrlenW(name);

    for (i = 0; i < after->count; i++)
    {
        const struct database_key *key = &after->keys[i];

        if (key->touched && (DWORD)lstrlenW(key->path) >= length &&
            (!key->path[length] || key->path[length] == '\\') &&
            CompareStringOrdinal(key->path, length, name, length, TRUE) == CSTR_EQUAL)
            return TRUE;
    }
    return FALSE;
}

static BOOL exists(const struct database *database, const WCHAR *name)
{
    return database_find(database, DATABASE_64, name) || database_find(database, DATABASE_32, name);
}

/* ---- the records themselves ---- */

static unsigned parse(const struct database_key *key, struct cardtype *type)
{
    struct cardtype_value values[CARDTYPE_FIELDS] = {0};
    const struct database_value *value;
    WCHAR name[32];
    unsigned i;

    for (i = 0; i < CARDTYPE_FIELDS; i++)
    {
        swprintf(name, ARRAYSIZE(name), L"%hs", cardtype_value_names[i]);
        if (!(value = database_value(key, name)))
            continue;
        values[i].present = 1;
        values[i].type = value->type;
        values[i].data = value->data;
        values[i].size = value->size;
    }
    return cardtype_parse(values, type);
}

static void warn_of_record(const struct database *after, const WCHAR *name)
{
    struct cardtype type = {0}, other;
    enum database_view view;
    unsigned i, unusable = 0;

    for (view = 0; view < DATABASE_VIEWS; view++)
    {
        unusable |= parse(database_find(after, view, name), &other);
        cardtype_merge(&type, &other);
    }
    for (i = 0; i < CARDTYPE_FIELDS; i++)
        if (unusable & 1u << i)
            warn(L"%ls: the value \"%hs\" is damaged and will not be used", name,
                 cardtype_value_names[i]);
    if (!type.atr_length)
        warn(L"%ls has no ATR that can be used, so no card is recognised by it", name);
}

/* ---- telling ---- */

static void tell(BOOL json, BOOL dry, const struct database *before, const struct database *after,
                 const struct change *change, struct changes_totals *totals)
{
    BOOL was = exists(before, change->name), is = exists(after, change->name);
    WCHAR text[300];

    if (!change->differs)
    {
        totals->unchanged++;
        lstrcpyW(text, L"unchanged");
    }
    else if (!is)
    {
        totals->removed++;
        lstrcpyW(text, dry ? L"would be removed" : L"removed");
    }
    else
    {
        totals->written++;
        swprintf(text, ARRAYSIZE(text), L"%ls%ls%ls%ls%ls", dry ? L"would be " : L"",
                 was ? L"changed" : L"added", was && change->values[0] ? L" (" : L"",
                 was ? change->values : L"", was && change->values[0] ? L")" : L"");
    }
    report_type(json, change->name, text);
    if (is)
        warn_of_record(after, change->name);
}

static int compare_names(const void *a, const void *b)
{
    return CompareStringOrdinal(((const struct change *)a)->name, -1,
                                ((const struct change *)b)->name, -1, TRUE) -
           CSTR_EQUAL;
}

LONG changes_report(BOOL json, BOOL dry, const struct database *before,
                    const struct database *after, struct changes_totals *totals)
{
    struct changes changes = {0};
    LONG result = collect(&changes, before, after);
    DWORD i;

    ZeroMemory(totals, sizeof(*totals));
    if (!result)
        result = collect(&changes, after, before);
    if (!result && changes.count)
        qsort(changes.items, changes.count, sizeof(*changes.items), compare_names);
    /* The key above all records is told only through them. */
    for (i = 0; i < changes.count && !result; i++)
        if (changes.items[i].name[0] &&
            (changes.items[i].differs || is_touched(after, changes.items[i].name)))
            tell(json, dry, before, after, &changes.items[i], totals);
    CoTaskMemFree(changes.items);
    return result;
}

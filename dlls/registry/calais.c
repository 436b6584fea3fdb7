/*
 * The card database in the registry: both views read as one, records added and removed.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "calais.h"

#include <stdlib.h>
#include <winscard.h>

#include "base/trace.h"

static const REGSAM views[] = {KEY_WOW64_64KEY, KEY_WOW64_32KEY};

static int compare_names(const WCHAR *a, const WCHAR *b)
{
    return CompareStringOrdinal(a, -1, b, -1, TRUE) - CSTR_EQUAL;
}

/* ---- loading ---- */

/* A growing list; rank orders records of the same name. */
struct ranked_card
{
    struct calais_card card;
    DWORD rank;
};

struct rows
{
    struct ranked_card *rows;
    DWORD count, room;
};

static LONG make_room(struct rows *rows)
{
    DWORD room = rows->room ? 2 * rows->room : 16;
    struct ranked_card *grown;

    if (rows->count < rows->room)
        return ERROR_SUCCESS;
    if (rows->rows)
        grown = HeapReAlloc(GetProcessHeap(), 0, rows->rows, room * sizeof(*grown));
    else
        grown = HeapAlloc(GetProcessHeap(), 0, room * sizeof(*grown));
    if (!grown)
        return ERROR_OUTOFMEMORY;
    rows->rows = grown;
    rows->room = room;
    return ERROR_SUCCESS;
}

static LONG load_card(HKEY root, const WCHAR *name, DWORD rank, struct rows *rows)
{
    struct ranked_card *row;
    LONG result;

    if ((result = make_room(rows)))
        return result;
    row = &rows->rows[rows->count];
    result = calaiskey_read(root, name, &row->card);
    if (result)
    {
        WARN("%s cannot be read: %ld", trace_wstr(name), result);
        return ERROR_SUCCESS;
    }
    row->rank = rank + (row->card.is_default ? ARRAYSIZE(views) : 0);
    rows->count++;
    return ERROR_SUCCESS;
}

static LONG load_view(DWORD rank, struct rows *rows)
{
    WCHAR name[CALAIS_NAME_SIZE];
    DWORD i, length;
    LONG result;
    HKEY root;

    result = calaiskey_open_root(views[rank], KEY_READ, &root);
    if (result)
        return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
    for (i = 0; !result && i < CALAIS_MAX_CARDS; i++)
    {
        length = ARRAYSIZE(name);
        result = RegEnumKeyExW(root, i, name, &length, NULL, NULL, NULL, NULL);
        if (!result)
            result = load_card(root, name, rank, rows);
        else if (result == ERROR_MORE_DATA)
        {
            WARN("a key with an overlong name is left out");
            result = ERROR_SUCCESS;
        }
    }
    if (i == CALAIS_MAX_CARDS)
        WARN("more than %d card types; the rest is left out", CALAIS_MAX_CARDS);
    RegCloseKey(root);
    return result == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : result;
}

static int compare_rows(const void *first, const void *second)
{
    const struct ranked_card *a = first, *b = second;
    int order = compare_names(a->card.name, b->card.name);

    return order ? order : (int)a->rank - (int)b->rank;
}

/* Turns sorted rows into cards; a second row of a name fills in what the first one lacks. */
static LONG collect(const struct rows *rows, struct calais_list *out)
{
    struct calais_card *card = NULL;
    DWORD i;

    if (!rows->count)
        return ERROR_SUCCESS;
    out->cards = HeapAlloc(GetProcessHeap(), 0, rows->count * sizeof(*out->cards));
    if (!out->cards)
        return ERROR_OUTOFMEMORY;
    for (i = 0; i < rows->count; i++)
    {
        if (card && !compare_names(card->name, rows->rows[i].card.name))
        {
            /* A card that others have registered takes nothing from a default. */
            if (card->is_default == rows->rows[i].card.is_default)
                cardtype_merge(&card->type, &rows->rows[i].card.type);
            continue;
        }
        card = &out->cards[out->count++];
        *card = rows->rows[i].card;
    }
    return ERROR_SUCCESS;
}

LONG calais_load(struct calais_list *out)
{
    struct rows rows = {0};
    LONG result = ERROR_SUCCESS;
    DWORD rank;

    ZeroMemory(out, sizeof(*out));
    for (rank = 0; rank < ARRAYSIZE(views) && !result; rank++)
        result = load_view(rank, &rows);
    if (!result)
    {
        if (rows.count)
            qsort(rows.rows, rows.count, sizeof(*rows.rows), compare_rows);
        result = collect(&rows, out);
    }
    if (rows.rows)
        HeapFree(GetProcessHeap(), 0, rows.rows);
    return result;
}

void calais_unload(struct calais_list *list)
{
    if (list->cards)
        HeapFree(GetProcessHeap(), 0, list->cards);
    ZeroMemory(list, sizeof(*list));
}

const struct calais_card *calais_find(const struct calais_list *list, const WCHAR *name)
{
    DWORD i;

    for (i = 0; name && i < list->count; i++)
    {
        if (!compare_names(list->cards[i].name, name))
            return &list->cards[i];
    }
    return NULL;
}

/* ---- changing ---- */

static BOOL name_ok(const WCHAR *name)
{
    const WCHAR *at;

    if (!name || !name[0] || lstrlenW(name) >= CALAIS_NAME_SIZE)
        return FALSE;
    for (at = name; *at; at++)
    {
        if (*at < ' ' || *at == '\\')
            return FALSE;
    }
    return TRUE;
}

static BOOL exists(const WCHAR *name, REGSAM view)
{
    struct calais_card card;

    return calais_read(name, view, &card) != ERROR_FILE_NOT_FOUND;
}

LONG calais_add(const WCHAR *name, const struct cardtype *type, BOOL replace)
{
    BOOL new_key[ARRAYSIZE(views)];
    LONG result = ERROR_SUCCESS;
    unsigned i, written = 0;

    if (!name_ok(name) || !type)
        return ERROR_INVALID_PARAMETER;
    for (i = 0; i < ARRAYSIZE(views); i++)
    {
        new_key[i] = !exists(name, views[i]);
        if (!new_key[i] && !replace)
            return ERROR_FILE_EXISTS;
    }
    for (; written < ARRAYSIZE(views) && !result; written++)
        result = calais_write(name, views[written], type, FALSE);
    while (result && written--)
        if (new_key[written])
            calais_delete(name, views[written]);
    return result;
}

LONG calais_remove(const WCHAR *name)
{
    LONG result = ERROR_SUCCESS, next;
    unsigned i, removed = 0;

    if (!name_ok(name))
        return SCARD_E_UNKNOWN_CARD;
    for (i = 0; i < ARRAYSIZE(views); i++)
    {
        next = calais_delete(name, views[i]);
        if (!next)
            removed++;
        else if (next != ERROR_FILE_NOT_FOUND)
            result = next;
    }
    if (result)
        return result;
    return removed ? SCARD_S_SUCCESS : SCARD_E_UNKNOWN_CARD;
}

/* ---- single values ---- */

static LONG open_card(const WCHAR *name, REGSAM view, REGSAM access, HKEY *out)
{
    LONG result;
    HKEY root;

    if ((result = calaiskey_open_root(view, KEY_READ, &root)))
        return result;
    result = RegOpenKeyExW(root, name, 0, access, out);
    RegCloseKey(root);
    return result;
}

/* The text ends where the value does, whether it has a NUL or not. */
static LONG read_text(HKEY key, const WCHAR *value, WCHAR **out)
{
    DWORD type, size = 0;
    LONG result;

    if ((result = RegQueryValueExW(key, value, NULL, &type, NULL, &size)))
        return result;
    if (!(*out = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size + 2 * sizeof(WCHAR))))
        return ERROR_OUTOFMEMORY;
    result = RegQueryValueExW(key, value, NULL, &type, (BYTE *)*out, &size);
    if (!result && type != REG_SZ)
        result = ERROR_INVALID_DATA;
    if (result)
    {
        HeapFree(GetProcessHeap(), 0, *out);
        *out = NULL;
    }
    return result;
}

LONG calais_get_text(const WCHAR *name, const WCHAR *value, WCHAR **out)
{
    LONG result = SCARD_E_UNKNOWN_CARD;
    unsigned i;
    HKEY key;

    *out = NULL;
    for (i = 0; name_ok(name) && i < ARRAYSIZE(views) && !*out; i++)
    {
        if (open_card(name, views[i], KEY_QUERY_VALUE, &key))
            continue;
        result = read_text(key, value, out);
        RegCloseKey(key);
    }
    return result;
}

LONG calais_set_value(const WCHAR *name, const WCHAR *value, DWORD type, const void *data,
                      DWORD size)
{
    LONG result = SCARD_S_SUCCESS;
    unsigned i, found = 0;
    HKEY key;

    for (i = 0; name_ok(name) && i < ARRAYSIZE(views) && !result; i++)
    {
        if (open_card(name, views[i], KEY_SET_VALUE, &key))
            continue;
        found++;
        result = RegSetValueExW(key, value, 0, type, data, size);
        RegCloseKey(key);
        calais_unmark(name, views[i]);
    }
    return found ? result : (LONG)SCARD_E_UNKNOWN_CARD;
}

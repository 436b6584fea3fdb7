/*
 * Keys and values of the card database, one registry view at a time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "calaiskey.h"

#include "base/trace.h"

#define CALAIS      L"SOFTWARE\\Microsoft\\Cryptography\\Calais"
#define SMART_CARDS CALAIS L"\\SmartCards"

/* Marks the records and keys that registering wrote, so that unregistering finds them. */
#define MARK      L"Installed By"
#define MARK_TEXT L"scardssp"

/* Room for the longest usable value. */
#define VALUE_MAX (CARDTYPE_INTERFACES_MAX * CARDTYPE_GUID_SIZE)

C_ASSERT(VALUE_MAX >= (CARDTYPE_PROVIDER_MAX + 1) * sizeof(WCHAR));

static const WCHAR *const value_names[CARDTYPE_FIELDS] =
{
    L"ATR", L"ATRMask", L"Primary Provider", L"Crypto Provider", L"Supported Interfaces",
};

/* ---- reading ---- */

LONG calaiskey_open_root(REGSAM view, REGSAM access, HKEY *out)
{
    return RegOpenKeyExW(HKEY_LOCAL_MACHINE, SMART_CARDS, 0, access | view, out);
}

/* A value longer than any usable one is reported as present, without data. */
static void read_value(HKEY key, const WCHAR *name, BYTE *room, struct cardtype_value *out)
{
    DWORD type = REG_NONE, size = VALUE_MAX;
    LONG result = RegQueryValueExW(key, name, NULL, &type, room, &size);

    ZeroMemory(out, sizeof(*out));
    if (result == ERROR_FILE_NOT_FOUND)
        return;
    out->present = 1;
    out->type = type;
    if (result)
        return;
    out->data = room;
    out->size = size;
}

static BOOL has_mark(HKEY key)
{
    WCHAR text[ARRAYSIZE(MARK_TEXT)];
    DWORD type, size = sizeof(text);

    return !RegQueryValueExW(key, MARK, NULL, &type, (BYTE *)text, &size) && type == REG_SZ &&
           size == sizeof(text) && !memcmp(text, MARK_TEXT, sizeof(text));
}

static void warn_of_damage(const WCHAR *name, unsigned unusable)
{
    unsigned i;

    for (i = 0; i < CARDTYPE_FIELDS; i++)
        if (unusable & 1u << i)
            WARN("card type %s: value \"%s\" is damaged and left out", trace_wstr(name),
                 cardtype_value_names[i]);
}

/* True when the key has only those values and the mark. */
static BOOL is_bare(HKEY key, const struct cardtype_value values[CARDTYPE_FIELDS])
{
    DWORD keys = 0, there = 0, expected = 1;
    unsigned i;

    for (i = 0; i < CARDTYPE_FIELDS; i++)
        expected += values[i].present;
    return !RegQueryInfoKeyW(key, NULL, NULL, NULL, &keys, NULL, NULL, &there, NULL, NULL, NULL,
                             NULL) &&
           !keys && there == expected;
}

LONG calaiskey_read(HKEY root, const WCHAR *name, struct calais_card *out)
{
    struct cardtype_value values[CARDTYPE_FIELDS];
    BYTE room[CARDTYPE_FIELDS][VALUE_MAX];
    LONG result;
    unsigned i;
    HKEY key;

    ZeroMemory(out, sizeof(*out));
    if ((result = RegOpenKeyExW(root, name, 0, KEY_QUERY_VALUE, &key)))
        return result;
    for (i = 0; i < CARDTYPE_FIELDS; i++)
        read_value(key, value_names[i], room[i], &values[i]);
    warn_of_damage(name, cardtype_parse(values, &out->type));
    out->is_marked = has_mark(key);
    out->is_default = out->is_marked && is_bare(key, values) && calais_is_default(name, &out->type);
    RegCloseKey(key);
    lstrcpynW(out->name, name, CALAIS_NAME_SIZE);
    return ERROR_SUCCESS;
}

LONG calais_read(const WCHAR *name, REGSAM view, struct calais_card *out)
{
    LONG result;
    HKEY root;

    ZeroMemory(out, sizeof(*out));
    if ((result = calaiskey_open_root(view, KEY_READ, &root)))
        return result;
    result = calaiskey_read(root, name, out);
    RegCloseKey(root);
    return result;
}

/* ---- writing ---- */

static LONG write_mark(HKEY key)
{
    return RegSetValueExW(key, MARK, 0, REG_SZ, (const BYTE *)MARK_TEXT, sizeof(MARK_TEXT));
}

/* An empty value is represented by no value at all. */
static LONG write_value(HKEY key, enum cardtype_field field, DWORD type, const void *data,
                        DWORD size)
{
    LONG result;

    if (size)
        return RegSetValueExW(key, value_names[field], 0, type, data, size);
    result = RegDeleteValueW(key, value_names[field]);
    return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
}

static LONG write_values(HKEY key, const struct cardtype *type)
{
    WCHAR crypto[CARDTYPE_PROVIDER_MAX + 1] = {0};
    LONG result;

    memcpy(crypto, type->crypto, type->crypto_length * sizeof(WCHAR));
    result = write_value(key, CARDTYPE_ATR, REG_BINARY, type->atr, type->atr_length);
    if (!result)
        result = write_value(key, CARDTYPE_MASK, REG_BINARY, type->mask, type->atr_length);
    if (!result)
        result = write_value(key, CARDTYPE_PRIMARY, REG_BINARY, type->primary,
                             type->has_primary ? CARDTYPE_GUID_SIZE : 0);
    if (!result)
        result = write_value(key, CARDTYPE_CRYPTO, REG_SZ, crypto,
                             type->crypto_length ? (type->crypto_length + 1) * sizeof(WCHAR) : 0);
    if (!result)
        result = write_value(key, CARDTYPE_INTERFACES, REG_BINARY, type->interfaces,
                             type->interface_count * CARDTYPE_GUID_SIZE);
    return result;
}

LONG calais_write(const WCHAR *name, REGSAM view, const struct cardtype *type, BOOL is_default)
{
    HKEY root, key;
    LONG result;

    result = RegCreateKeyExW(HKEY_LOCAL_MACHINE, SMART_CARDS, 0, NULL, 0, KEY_CREATE_SUB_KEY | view,
                             NULL, &root, NULL);
    if (result)
        return result;
    result = RegCreateKeyExW(root, name, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);
    RegCloseKey(root);
    if (result)
        return result;
    result = write_values(key, type);
    if (!is_default)
        RegDeleteValueW(key, MARK);
    else if (!result)
        result = write_mark(key);
    RegCloseKey(key);
    return result;
}

LONG calais_delete(const WCHAR *name, REGSAM view)
{
    LONG result;
    HKEY root;

    if ((result = calaiskey_open_root(view, KEY_ALL_ACCESS, &root)))
        return result;
    result = RegDeleteTreeW(root, name);
    RegCloseKey(root);
    return result;
}

LONG calais_unmark(const WCHAR *name, REGSAM view)
{
    HKEY root, key;
    LONG result;

    if ((result = calaiskey_open_root(view, KEY_READ, &root)))
        return result;
    if (!(result = RegOpenKeyExW(root, name, 0, KEY_SET_VALUE, &key)))
    {
        result = RegDeleteValueW(key, MARK);
        RegCloseKey(key);
    }
    RegCloseKey(root);
    return result;
}

/* ---- the keys above ---- */

static const WCHAR *const parents[] = {CALAIS, SMART_CARDS};

LONG calais_create_parents(REGSAM view)
{
    LONG result = ERROR_SUCCESS;
    DWORD disposition;
    unsigned i;
    HKEY key;

    for (i = 0; i < ARRAYSIZE(parents) && !result; i++)
    {
        result = RegCreateKeyExW(HKEY_LOCAL_MACHINE, parents[i], 0, NULL, 0, KEY_SET_VALUE | view,
                                 NULL, &key, &disposition);
        if (result)
            break;
        if (disposition == REG_CREATED_NEW_KEY)
            result = write_mark(key);
        RegCloseKey(key);
    }
    return result;
}

/* True when the key is empty but for the mark. */
static BOOL may_go(HKEY key)
{
    DWORD keys = 0, values = 0;

    return has_mark(key) &&
           !RegQueryInfoKeyW(key, NULL, NULL, NULL, &keys, NULL, NULL, &values, NULL, NULL, NULL,
                             NULL) &&
           !keys && values == 1;
}

void calais_remove_parents(REGSAM view)
{
    int i = ARRAYSIZE(parents);
    BOOL go;
    HKEY key;

    while (i--)
    {
        if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, parents[i], 0, KEY_READ | view, &key))
            continue;
        go = may_go(key);
        RegCloseKey(key);
        if (go)
            RegDeleteKeyExW(HKEY_LOCAL_MACHINE, parents[i], view, 0);
    }
}

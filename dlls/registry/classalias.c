/*
 * Aliases: CLSIDs of vendors' providers that get our classes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "classalias.h"

#include <ole2.h>

/* What makes a CLSID key an alias: a value that names our class. */
static const WCHAR class_value[] = L"ScardsspClass";

/* The list of aliases; each one's key holds, as its subkey Saved, what was registered before, as
 * its value Server the DLL that was registered then, and a value Ending while Saved is put back. */
static const WCHAR list_path[] = L"Software\\scardssp\\Aliases";
static const WCHAR saved_key[] = L"Saved";
static const WCHAR server_value[] = L"Server";
static const WCHAR ending_value[] = L"Ending";
static const WCHAR server_key[] = L"InprocServer32";

/* So many entries that are no aliases end the walk through the list. */
#define MAX_DAMAGED 64

#define GUID_TEXT 39
#define PATH_TEXT (sizeof(L"Software\\Classes\\CLSID\\") / sizeof(WCHAR) + GUID_TEXT)

static void clsid_path(const CLSID *clsid, WCHAR path[PATH_TEXT])
{
    lstrcpyW(path, L"Software\\Classes\\CLSID\\");
    StringFromGUID2(clsid, path + lstrlenW(path), GUID_TEXT);
}

static LONG set_string(HKEY key, const WCHAR *value, const WCHAR *text)
{
    return RegSetValueExW(key, value, 0, REG_SZ, (const BYTE *)text,
                          (lstrlenW(text) + 1) * sizeof(WCHAR));
}

/* Reads our value from a CLSID key; anything but a short string is none. */
static BOOL read_class(HKEY key, WCHAR name[ALIAS_NAME])
{
    DWORD type, size = (ALIAS_NAME - 1) * sizeof(WCHAR);

    ZeroMemory(name, ALIAS_NAME * sizeof(WCHAR));
    return !RegQueryValueExW(key, class_value, NULL, &type, (BYTE *)name, &size) &&
           type == REG_SZ && name[0];
}

static BOOL is_alias(const CLSID *clsid, REGSAM view, WCHAR name[ALIAS_NAME])
{
    WCHAR path[PATH_TEXT];
    BOOL found = FALSE;
    HKEY key;

    clsid_path(clsid, path);
    name[0] = 0;
    if (!RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ | view, &key))
    {
        found = read_class(key, name);
        RegCloseKey(key);
    }
    return found;
}

BOOL classalias_class(const CLSID *clsid, WCHAR name[ALIAS_NAME])
{
    return is_alias(clsid, 0, name);
}

/* The list's entry of an alias. */
static LONG open_entry(const CLSID *clsid, REGSAM view, BOOL create, HKEY *entry)
{
    WCHAR text[GUID_TEXT];
    HKEY list;
    LONG result;

    StringFromGUID2(clsid, text, GUID_TEXT);
    result = create ? RegCreateKeyExW(HKEY_LOCAL_MACHINE, list_path, 0, NULL, 0,
                                      KEY_ALL_ACCESS | view, NULL, &list, NULL)
                    : RegOpenKeyExW(HKEY_LOCAL_MACHINE, list_path, 0, KEY_ALL_ACCESS | view, &list);
    if (result)
        return result;
    result = create
                 ? RegCreateKeyExW(list, text, 0, NULL, 0, KEY_ALL_ACCESS | view, NULL, entry, NULL)
                 : RegOpenKeyExW(list, text, 0, KEY_ALL_ACCESS | view, entry);
    RegCloseKey(list);
    return result;
}

/* A string value that is not too long for a path; "" when there is none. */
static void read_path(HKEY key, const WCHAR *value, WCHAR path[MAX_PATH])
{
    DWORD type, size = (MAX_PATH - 1) * sizeof(WCHAR);

    ZeroMemory(path, MAX_PATH * sizeof(WCHAR));
    if (RegQueryValueExW(key, value, NULL, &type, (BYTE *)path, &size) || type != REG_SZ)
        path[0] = 0;
}

/* Whether an alias's CLSID key still names the DLL that its entry tells of. */
static BOOL names_server(HKEY entry, const WCHAR *path, REGSAM view)
{
    WCHAR written[MAX_PATH], found[MAX_PATH];
    HKEY key, server;
    LONG result;

    read_path(entry, server_value, written);
    if (!written[0])
        return TRUE;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ | view, &key))
        return FALSE;
    result = RegOpenKeyExW(key, server_key, 0, KEY_READ | view, &server);
    RegCloseKey(key);
    if (result)
        return FALSE;
    read_path(server, NULL, found);
    RegCloseKey(server);
    return !lstrcmpiW(written, found);
}

/* Whether the alias is as it was made: a vendor's setup program may have written over it, and need
 * not know of our value. */
static BOOL is_untouched(const CLSID *clsid, const WCHAR *path, REGSAM view)
{
    WCHAR name[ALIAS_NAME];
    BOOL same;
    HKEY entry;

    if (!is_alias(clsid, view, name))
        return FALSE;
    if (open_entry(clsid, view, FALSE, &entry))
        return TRUE;
    same = names_server(entry, path, view);
    RegCloseKey(entry);
    return same;
}

/* What was written over an alias is no alias. */
static void disown(const WCHAR *path, REGSAM view)
{
    HKEY key;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_SET_VALUE | view, &key))
        return;
    RegDeleteValueW(key, class_value);
    RegCloseKey(key);
}

/* Copies a whole key to a new one. */
static LONG copy_key(HKEY from_root, const WCHAR *from, HKEY to_root, const WCHAR *to, REGSAM view)
{
    HKEY source, target;
    LONG result;

    if ((result = RegOpenKeyExW(from_root, from, 0, KEY_READ | view, &source)))
        return result;
    if (!(result =
              RegCreateKeyExW(to_root, to, 0, NULL, 0, KEY_ALL_ACCESS | view, NULL, &target, NULL)))
    {
        result = RegCopyTreeW(source, NULL, target);
        RegCloseKey(target);
    }
    RegCloseKey(source);
    return result;
}

static LONG delete_key(HKEY root, const WCHAR *path, REGSAM view)
{
    HKEY key;
    LONG result;

    if ((result = RegOpenKeyExW(root, path, 0, KEY_ALL_ACCESS | view, &key)))
        return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
    result = RegDeleteTreeW(key, NULL);
    RegCloseKey(key);
    return result ? result : RegDeleteKeyExW(root, path, view, 0);
}

/* Enters the alias into the list, with what stands at its CLSID now and nothing older. */
static LONG save(const CLSID *clsid, const WCHAR *path, REGSAM view)
{
    HKEY entry;
    LONG result;

    if ((result = open_entry(clsid, view, TRUE, &entry)))
        return result;
    if (!(result = delete_key(entry, saved_key, view)))
        result = copy_key(HKEY_LOCAL_MACHINE, path, entry, saved_key, view);
    RegCloseKey(entry);
    return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
}

static LONG write_alias(const WCHAR *path, const WCHAR *name, const WCHAR *dll, REGSAM view)
{
    HKEY key, server;
    LONG result;

    if ((result = RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_ALL_ACCESS | view, NULL,
                                  &key, NULL)))
        return result;
    result = set_string(key, class_value, name);
    if (!result && !(result = RegCreateKeyExW(key, server_key, 0, NULL, 0, KEY_ALL_ACCESS | view,
                                              NULL, &server, NULL)))
    {
        if (!(result = set_string(server, NULL, dll)))
            result = set_string(server, L"ThreadingModel", L"Both");
        RegCloseKey(server);
    }
    RegCloseKey(key);
    return result;
}

static LONG note_server(const CLSID *clsid, const WCHAR *dll, REGSAM view)
{
    HKEY entry;
    LONG result;

    if ((result = open_entry(clsid, view, TRUE, &entry)))
        return result;
    result = set_string(entry, server_value, dll);
    RegCloseKey(entry);
    return result;
}

/* Deletes a key that holds nothing; RegDeleteKeyEx itself looks at subkeys only. */
static void delete_empty(const WCHAR *path, REGSAM view)
{
    DWORD values = 1;
    HKEY key;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ | view, &key))
        return;
    RegQueryInfoKeyW(key, NULL, NULL, NULL, NULL, NULL, NULL, &values, NULL, NULL, NULL, NULL);
    RegCloseKey(key);
    if (!values)
        RegDeleteKeyExW(HKEY_LOCAL_MACHINE, path, view, 0);
}

/* The list itself goes with its last entry. */
static void prune_list(REGSAM view)
{
    delete_empty(list_path, view);
    delete_empty(L"Software\\scardssp", view);
}

static LONG forget(const CLSID *clsid, REGSAM view)
{
    WCHAR path[sizeof(list_path) / sizeof(WCHAR) + 1 + GUID_TEXT];
    LONG result;

    lstrcpyW(path, list_path);
    lstrcatW(path, L"\\");
    StringFromGUID2(clsid, path + lstrlenW(path), GUID_TEXT);
    result = delete_key(HKEY_LOCAL_MACHINE, path, view);
    prune_list(view);
    return result;
}

/* Whether putting back was interrupted. */
static BOOL is_ending(const CLSID *clsid, REGSAM view)
{
    BOOL ending;
    HKEY entry;

    if (open_entry(clsid, view, FALSE, &entry))
        return FALSE;
    ending = !RegQueryValueExW(entry, ending_value, NULL, NULL, NULL, NULL);
    RegCloseKey(entry);
    return ending;
}

/* What was registered before the alias is again, and the alias is forgotten. */
static LONG put_back(const CLSID *clsid, const WCHAR *path, REGSAM view)
{
    HKEY entry;
    LONG result;

    if ((result = open_entry(clsid, view, FALSE, &entry)))
        return result;
    if (!(result = set_string(entry, ending_value, L"yes")) &&
        !(result = delete_key(HKEY_LOCAL_MACHINE, path, view)))
        result = copy_key(entry, saved_key, HKEY_LOCAL_MACHINE, path, view);
    RegCloseKey(entry);
    return result && result != ERROR_FILE_NOT_FOUND ? result : forget(clsid, view);
}

static LONG make_alias(const CLSID *clsid, const WCHAR *path, const WCHAR *name, const WCHAR *dll,
                       REGSAM view)
{
    LONG result = note_server(clsid, dll, view);

    return result ? result : write_alias(path, name, dll, view);
}

LONG classalias_add(const CLSID *clsid, const WCHAR *name, const WCHAR *dll, REGSAM view)
{
    WCHAR path[PATH_TEXT];
    LONG result;

    if (!name[0] || lstrlenW(name) >= ALIAS_NAME)
        return ERROR_INVALID_PARAMETER;
    clsid_path(clsid, path);
    if (is_ending(clsid, view) && (result = put_back(clsid, path, view)))
        return result;
    if (is_untouched(clsid, path, view))
        return make_alias(clsid, path, name, dll, view);
    disown(path, view);
    if ((result = save(clsid, path, view)))
    {
        forget(clsid, view);
        return result;
    }
    if ((result = delete_key(HKEY_LOCAL_MACHINE, path, view)) ||
        (result = make_alias(clsid, path, name, dll, view)))
        put_back(clsid, path, view);
    return result;
}

LONG classalias_remove(const CLSID *clsid, REGSAM view)
{
    WCHAR path[PATH_TEXT];
    HKEY entry;
    LONG result;

    if ((result = open_entry(clsid, view, FALSE, &entry)))
        return result;
    RegCloseKey(entry);
    clsid_path(clsid, path);
    if (is_ending(clsid, view) || is_untouched(clsid, path, view))
        return put_back(clsid, path, view);
    /* A registration that somebody made over the alias meanwhile is not ours to undo. */
    disown(path, view);
    return forget(clsid, view);
}

LONG classalias_enumerate(DWORD index, REGSAM view, CLSID *clsid, WCHAR name[ALIAS_NAME])
{
    WCHAR text[GUID_TEXT];
    DWORD length = GUID_TEXT;
    HKEY list;
    LONG result;

    name[0] = 0;
    if ((result = RegOpenKeyExW(HKEY_LOCAL_MACHINE, list_path, 0, KEY_READ | view, &list)))
        return result == ERROR_FILE_NOT_FOUND ? ERROR_NO_MORE_ITEMS : result;
    result = RegEnumKeyExW(list, index, text, &length, NULL, NULL, NULL, NULL);
    RegCloseKey(list);
    if (result == ERROR_MORE_DATA)
        return ERROR_INVALID_DATA;
    if (!result && FAILED(CLSIDFromString(text, clsid)))
        return ERROR_INVALID_DATA;
    if (!result)
        is_alias(clsid, view, name);
    return result;
}

LONG classalias_remove_all(REGSAM view)
{
    LONG result, failure = ERROR_SUCCESS;
    WCHAR name[ALIAS_NAME];
    DWORD left = 0; /* that could not be removed, and are stepped over */
    CLSID clsid;

    while (left < MAX_DAMAGED &&
           (result = classalias_enumerate(left, view, &clsid, name)) != ERROR_NO_MORE_ITEMS)
    {
        if (!result && !(result = classalias_remove(&clsid, view)))
            continue; /* the others moved up */
        failure = result;
        left++;
    }
    return failure;
}

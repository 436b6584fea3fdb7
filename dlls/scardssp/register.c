/*
 * Self-registration: every key of our classes, interfaces and type libraries, from tables.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * scardssp.rgs and scardssp.rc hold the same keys for Wine, which registers DLLs of its own
 * without calling them. CLSIDs and interfaces exist once in each registry view; ProgIDs and type
 * libraries are shared by both widths of this DLL, so they go with the last of the two. An
 * interface goes only while its proxies are ours: programs may bring proxies of their own.
 */

#include "object.h"

#include <stdio.h>

#include "registry/classalias.h"
#include "registry/calais.h"
#include "base/error.h"
#include "classes.h"
#include "proxy.h"
#include "base/trace.h"
#include "typeinfo.h"

#define KEY_SIZE   160
#define VALUE_SIZE (MAX_PATH + 8)
#define GUID_SIZE  39

#ifdef _WIN64
#define SYSKIND    L"win64"
#define OTHER_VIEW KEY_WOW64_32KEY
#else
#define SYSKIND    L"win32"
#define OTHER_VIEW KEY_WOW64_64KEY
#endif

#define CLASSES L"Software\\Classes\\"

/* In keys and values: %c CLSID, %i IID, %l LIBID, %d description, %p ProgID without version,
 * %n number of methods, %m path. */
struct entry
{
    const WCHAR *key, *name, *value;
};

static const struct entry class_entries[] =
{
    {L"CLSID\\%c", NULL, L"%d"},
    {L"CLSID\\%c\\InprocServer32", NULL, L"%m"},
    {L"CLSID\\%c\\InprocServer32", L"ThreadingModel", L"Both"},
    {L"CLSID\\%c\\ProgID", NULL, L"%p.1"},
    {L"CLSID\\%c\\TypeLib", NULL, L"%l"},
    {L"CLSID\\%c\\VersionIndependentProgID", NULL, L"%p"},
    {L"%p.1", NULL, L"%d"},
    {L"%p.1\\CLSID", NULL, L"%c"},
    {L"%p", NULL, L"%d"},
    {L"%p\\CLSID", NULL, L"%c"},
    {L"%p\\CurVer", NULL, L"%p.1"},
};

static const struct entry proxy_entries[] =
{
    {L"CLSID\\%c", NULL, L"%d"},
    {L"CLSID\\%c\\InprocServer32", NULL, L"%m"},
    {L"CLSID\\%c\\InprocServer32", L"ThreadingModel", L"Both"},
};

static const struct entry interface_entries[] =
{
    {L"Interface\\%i", NULL, L"%d"},
    {L"Interface\\%i\\NumMethods", NULL, L"%n"},
    {L"Interface\\%i\\ProxyStubClsid32", NULL, L"%c"},
    {L"Interface\\%i\\TypeLib", NULL, L"%l"},
    {L"Interface\\%i\\TypeLib", L"Version", L"1.0"},
};

static const struct entry library_entries[] =
{
    {L"TypeLib\\%l\\1.0", NULL, L"%d"},
    {L"TypeLib\\%l\\1.0\\0\\" SYSKIND, NULL, L"%m"},
    {L"TypeLib\\%l\\1.0\\FLAGS", NULL, L"0"},
};

static const struct
{
    const GUID *libid;
    const WCHAR *description;
} libraries[] =
{
    {&LIBID_SCARDSSPLib, L"scardssp 1.0 Type Library"},
    {&LIBID_SCardSSPProviderLib, L"scardssp ICC service provider 1.0 Type Library"},
};

/* What the letters of the tables stand for. */
struct words
{
    WCHAR clsid[GUID_SIZE], iid[GUID_SIZE], libid[GUID_SIZE], progid[40], path[VALUE_SIZE];
    WCHAR methods[12], name[40];
    const WCHAR *description;
};

static const WCHAR *word(const struct words *words, WCHAR letter)
{
    switch (letter)
    {
    case 'c': return words->clsid;
    case 'i': return words->iid;
    case 'l': return words->libid;
    case 'n': return words->methods;
    case 'd': return words->description;
    case 'p': return words->progid;
    default: return words->path;
    }
}

static void expand(const struct words *words, const WCHAR *from, WCHAR *out, size_t size)
{
    const WCHAR *inserted;
    size_t used = 0;

    for (; *from && used + 1 < size; from++)
    {
        if (*from != '%')
        {
            out[used++] = *from;
            continue;
        }
        for (inserted = word(words, *++from); *inserted && used + 1 < size; inserted++)
            out[used++] = *inserted;
    }
    out[used] = 0;
}

static HRESULT class_words(const struct module_class *class, struct words *words)
{
    StringFromGUID2(class->clsid, words->clsid, GUID_SIZE);
    StringFromGUID2(class->library, words->libid, GUID_SIZE);
    swprintf(words->progid, ARRAYSIZE(words->progid), L"SCardSSP.%ls", class->name);
    words->description = class->description;
    return typeinfo_library_path(&LIBID_SCARDSSPLib, words->path, VALUE_SIZE);
}

static HRESULT proxy_words(struct words *words)
{
    StringFromGUID2(&CLSID_SCardSSPProxy, words->clsid, GUID_SIZE);
    words->description = L"scardssp proxies and stubs";
    return typeinfo_library_path(&LIBID_SCARDSSPLib, words->path, VALUE_SIZE);
}

/* Those of interface number i beside proxy_words'; FALSE behind the last. */
static BOOL interface_words(unsigned i, struct words *words)
{
    struct proxy_interface face;

    if (!proxy_interface(i, &face))
        return FALSE;
    StringFromGUID2(face.iid, words->iid, GUID_SIZE);
    StringFromGUID2(face.library, words->libid, GUID_SIZE);
    swprintf(words->methods, ARRAYSIZE(words->methods), L"%u", face.methods);
    swprintf(words->name, ARRAYSIZE(words->name), L"%hs", face.name);
    words->description = words->name;
    return TRUE;
}

static HRESULT library_words(unsigned i, struct words *words)
{
    StringFromGUID2(libraries[i].libid, words->libid, GUID_SIZE);
    words->description = libraries[i].description;
    return typeinfo_library_path(libraries[i].libid, words->path, VALUE_SIZE);
}

/* ---- writing ---- */

static LONG write_entry(HKEY root, const struct entry *entry, const struct words *words)
{
    WCHAR key[KEY_SIZE], value[VALUE_SIZE];
    HKEY opened;
    LONG result;

    expand(words, entry->key, key, KEY_SIZE);
    expand(words, entry->value, value, VALUE_SIZE);
    if ((result = RegCreateKeyExW(root, key, 0, NULL, 0, KEY_SET_VALUE, NULL, &opened, NULL)))
        return result;
    result = RegSetValueExW(opened, entry->name, 0, REG_SZ, (const BYTE *)value,
                            (lstrlenW(value) + 1) * sizeof(WCHAR));
    RegCloseKey(opened);
    return result;
}

static HRESULT write_entries(HKEY root, const struct entry *entries, unsigned count,
                             const struct words *words)
{
    LONG result = 0;
    unsigned i;

    for (i = 0; i < count && !result; i++)
        result = write_entry(root, &entries[i], words);
    return HRESULT_FROM_WIN32(result);
}

static HRESULT write_proxies(HKEY root)
{
    struct words words;
    unsigned i;
    HRESULT hr;

    if (SUCCEEDED(hr = proxy_words(&words)))
        hr = write_entries(root, proxy_entries, ARRAYSIZE(proxy_entries), &words);
    for (i = 0; SUCCEEDED(hr) && interface_words(i, &words); i++)
        hr = write_entries(root, interface_entries, ARRAYSIZE(interface_entries), &words);
    return hr;
}

static HRESULT write_all(HKEY root)
{
    struct words words;
    HRESULT hr = S_OK;
    unsigned i;

    for (i = 0; i < MODULE_CLASSES && SUCCEEDED(hr); i++)
        if (SUCCEEDED(hr = class_words(&module_classes[i], &words)))
            hr = write_entries(root, class_entries, ARRAYSIZE(class_entries), &words);
    for (i = 0; i < ARRAYSIZE(libraries) && SUCCEEDED(hr); i++)
        if (SUCCEEDED(hr = library_words(i, &words)))
            hr = write_entries(root, library_entries, ARRAYSIZE(library_entries), &words);
    return SUCCEEDED(hr) ? write_proxies(root) : hr;
}

/* ---- removing ---- */

static LONG delete_tree(HKEY root, const struct words *words, const WCHAR *name)
{
    WCHAR key[KEY_SIZE];
    LONG result;

    expand(words, name, key, KEY_SIZE);
    result = RegDeleteTreeW(root, key);
    return result == ERROR_FILE_NOT_FOUND ? 0 : result;
}

/* Whether the unnamed value of a key in a view is this text. */
static BOOL has_value(const struct words *words, const WCHAR *name, REGSAM view, const WCHAR *value)
{
    WCHAR key[KEY_SIZE], ours[VALUE_SIZE], theirs[VALUE_SIZE];
    DWORD size = sizeof(theirs) - sizeof(WCHAR);
    HKEY opened;
    LONG result;

    expand(words, name, key, KEY_SIZE);
    expand(words, value, ours, VALUE_SIZE);
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, key, 0, KEY_QUERY_VALUE | view, &opened))
        return FALSE;
    ZeroMemory(theirs, sizeof(theirs));
    result = RegQueryValueExW(opened, NULL, NULL, NULL, (BYTE *)theirs, &size);
    RegCloseKey(opened);
    return !result && !lstrcmpiW(ours, theirs);
}

static LONG remove_class(HKEY root, const struct words *words)
{
    LONG result = delete_tree(root, words, L"CLSID\\%c"), next;

    /* The DLL of the other width still has a class with our ProgID. */
    if (has_value(words, CLASSES L"CLSID\\%c\\VersionIndependentProgID", OTHER_VIEW, L"%p"))
        return result;
    next = delete_tree(root, words, L"%p.1");
    result = result ? result : next;
    next = delete_tree(root, words, L"%p");
    return result ? result : next;
}

static BOOL has_subkeys(HKEY root, const struct words *words, const WCHAR *name)
{
    WCHAR key[KEY_SIZE];
    DWORD count = 0;
    HKEY opened;

    expand(words, name, key, KEY_SIZE);
    if (RegOpenKeyExW(root, key, 0, KEY_READ, &opened))
        return FALSE;
    RegQueryInfoKeyW(opened, NULL, NULL, NULL, &count, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    RegCloseKey(opened);
    return count > 0;
}

static HRESULT remove_proxies(HKEY root)
{
    struct words words;
    HRESULT hr = proxy_words(&words);
    LONG result = 0, next;
    unsigned i;

    if (FAILED(hr))
        return hr;
    for (i = 0; interface_words(i, &words); i++)
    {
        if (!has_value(&words, CLASSES L"Interface\\%i\\ProxyStubClsid32", 0, L"%c"))
            continue;
        next = delete_tree(root, &words, L"Interface\\%i");
        result = result ? result : next;
    }
    next = delete_tree(root, &words, L"CLSID\\%c");
    return HRESULT_FROM_WIN32(result ? result : next);
}

/* Our own width, then each key above it that nobody else needs. */
static LONG remove_library(HKEY root, const struct words *words)
{
    LONG result = delete_tree(root, words, L"TypeLib\\%l\\1.0\\0\\" SYSKIND);

    if (result || has_subkeys(root, words, L"TypeLib\\%l\\1.0\\0"))
        return result;
    result = delete_tree(root, words, L"TypeLib\\%l\\1.0");
    if (result || has_subkeys(root, words, L"TypeLib\\%l"))
        return result;
    return delete_tree(root, words, L"TypeLib\\%l");
}

/* Goes on after a failure, so that as little as possible stays. */
static HRESULT remove_all(HKEY root)
{
    HRESULT hr = S_OK, next;
    struct words words;
    unsigned i;

    for (i = 0; i < MODULE_CLASSES; i++)
    {
        if (SUCCEEDED(next = class_words(&module_classes[i], &words)))
            next = HRESULT_FROM_WIN32(remove_class(root, &words));
        hr = FAILED(hr) ? hr : next;
    }
    for (i = 0; i < ARRAYSIZE(libraries); i++)
    {
        if (SUCCEEDED(next = library_words(i, &words)))
            next = HRESULT_FROM_WIN32(remove_library(root, &words));
        hr = FAILED(hr) ? hr : next;
    }
    next = remove_proxies(root);
    return FAILED(hr) ? hr : next;
}

/* ---- exports ---- */

static HRESULT with_classes(HRESULT (*action)(HKEY root))
{
    HKEY root;
    HRESULT hr;
    LONG result;

    if ((result = RegCreateKeyExW(HKEY_LOCAL_MACHINE, CLASSES, 0, NULL, 0, KEY_ALL_ACCESS, NULL,
                                  &root, NULL)))
        return HRESULT_FROM_WIN32(result);
    hr = action(root);
    RegCloseKey(root);
    return hr;
}

HRESULT WINAPI DllRegisterServer(void)
{
    HRESULT hr = with_classes(write_all);

    if (SUCCEEDED(hr))
        hr = error_hresult(calais_register_defaults());
    RETURN(hr);
}

HRESULT WINAPI DllUnregisterServer(void)
{
    HRESULT hr = with_classes(remove_all);
    LONG result = calais_unregister_defaults(), aliases = alias_remove_all(0);

    RETURN(FAILED(hr) ? hr : error_hresult(result ? result : aliases));
}

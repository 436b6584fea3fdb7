/*
 * Self-registration, by the registry scripts in the DLL's resources.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Wine registers DLLs of its own from the same resources (scardssp.rc) without calling them. Of the
 * scripts' language this reads what ours use: NoRemove, keys and values of text, %MODULE%.
 *
 * CLSIDs and interfaces exist once in each registry view; ProgIDs and type libraries are shared by
 * both widths of this DLL, so they go with the last of the two. An interface goes only while its
 * proxies are ours: programs may bring proxies of their own.
 */

#include "object.h"

#include "registry/classalias.h"
#include "registry/calais.h"
#include "base/error.h"
#include "base/module.h"
#include "base/trace.h"

#define KEY_SIZE   160
#define VALUE_SIZE (MAX_PATH + 8)
#define SCRIPTS    2 /* their resources count from 1 */

#ifdef _WIN64
#define OTHER_VIEW KEY_WOW64_32KEY
#else
#define OTHER_VIEW KEY_WOW64_64KEY
#endif

#define CLASSES L"Software\\Classes\\"

/* A script that is being read. */
struct script
{
    const char *at, *end;
    char kind;              /* of the token: one of {}= as itself, w: a word, 0: the end */
    WCHAR word[VALUE_SIZE]; /* the word */
    WCHAR key[KEY_SIZE];    /* the key that it is in, below HKCR */
    HKEY root;
    /* A value of that key; name NULL: the unnamed one. */
    void (*visit)(struct script *script, const WCHAR *name, const WCHAR *value);
    LONG result; /* the first failure */
};

static void note(struct script *script, LONG result)
{
    if (!script->result)
        script->result = result;
}

/* ---- reading ---- */

static BOOL is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static BOOL is_sign(char c)
{
    return c == '{' || c == '}' || c == '=';
}

/* Appends a character of the script, or the DLL's path where %MODULE% stands. */
static void append(struct script *script, DWORD *used)
{
    static const char module[] = "%MODULE%";
    const DWORD length = sizeof(module) - 1, room = VALUE_SIZE - *used;
    DWORD path;

    if (script->end - script->at >= (ptrdiff_t)length && !memcmp(script->at, module, length))
    {
        path = GetModuleFileNameW(module_handle(), script->word + *used, room);
        if (!path || path >= room)
            note(script, ERROR_BAD_PATHNAME);
        *used += path;
        script->at += length;
    }
    else if (*used + 1 < VALUE_SIZE)
        script->word[(*used)++] = (unsigned char)*script->at++;
    else
        script->at++;
}

static void next_token(struct script *script)
{
    DWORD used = 0;
    BOOL quoted;

    while (script->at < script->end && is_space(*script->at))
        script->at++;
    script->kind = 0;
    if (script->at == script->end)
        return;
    script->kind = *script->at;
    if (is_sign(script->kind))
    {
        script->at++;
        return;
    }
    script->kind = 'w';
    if ((quoted = *script->at == '\''))
        script->at++;
    while (script->at < script->end &&
           (quoted ? *script->at != '\'' : !is_space(*script->at) && !is_sign(*script->at)))
        append(script, &used);
    if (quoted && script->at < script->end)
        script->at++;
    script->word[used < VALUE_SIZE ? used : VALUE_SIZE - 1] = 0;
}

static BOOL is_word(const struct script *script, const WCHAR *word)
{
    return script->kind == 'w' && !lstrcmpW(script->word, word);
}

/* "= s TEXT", if that follows. */
static void read_text(struct script *script, const WCHAR *name)
{
    if (script->kind != '=')
        return;
    next_token(script); /* s */
    next_token(script);
    if (script->kind == 'w')
        script->visit(script, name, script->word);
    next_token(script);
}

static void read_value(struct script *script)
{
    WCHAR name[KEY_SIZE];

    next_token(script);
    lstrcpynW(name, script->word, KEY_SIZE);
    next_token(script);
    read_text(script, name);
}

static void read_key(struct script *script)
{
    const int length = lstrlenW(script->key), separator = length > 0;

    if (is_word(script, L"NoRemove"))
        next_token(script);
    if (separator && length + 1 < KEY_SIZE)
        lstrcpyW(script->key + length, L"\\");
    lstrcpynW(script->key + length + separator, script->word, KEY_SIZE - length - separator);
    next_token(script);
    read_text(script, NULL);
    if (script->kind == '{')
    {
        next_token(script);
        while (script->kind && script->kind != '}')
        {
            if (is_word(script, L"val"))
                read_value(script);
            else
                read_key(script);
        }
        next_token(script);
    }
    script->key[length] = 0;
}

static void read_script(struct script *script, int number)
{
    HRSRC resource = FindResourceW(module_handle(), MAKEINTRESOURCEW(number), L"WINE_REGISTRY");
    HGLOBAL loaded = resource ? LoadResource(module_handle(), resource) : NULL;

    if (!loaded || !(script->at = LockResource(loaded)))
    {
        note(script, ERROR_RESOURCE_NAME_NOT_FOUND);
        return;
    }
    script->end = script->at + SizeofResource(module_handle(), resource);
    next_token(script); /* HKCR */
    next_token(script);
    next_token(script);
    while (script->kind && script->kind != '}')
        read_key(script);
}

static HRESULT run_scripts(void (*visit)(struct script *script, const WCHAR *name,
                                         const WCHAR *value))
{
    struct script script = {0};
    int number;

    if ((script.result = RegCreateKeyExW(HKEY_LOCAL_MACHINE, CLASSES, 0, NULL, 0, KEY_ALL_ACCESS,
                                         NULL, &script.root, NULL)))
        return HRESULT_FROM_WIN32(script.result);
    script.visit = visit;
    for (number = 1; number <= SCRIPTS; number++)
        read_script(&script, number);
    RegCloseKey(script.root);
    return HRESULT_FROM_WIN32(script.result);
}

/* ---- writing ---- */

static void write_value(struct script *script, const WCHAR *name, const WCHAR *value)
{
    HKEY key;

    if (script->result)
        return;
    if ((script->result = RegCreateKeyExW(script->root, script->key, 0, NULL, 0, KEY_SET_VALUE,
                                          NULL, &key, NULL)))
        return;
    script->result = RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)value,
                                    (lstrlenW(value) + 1) * sizeof(WCHAR));
    RegCloseKey(key);
}

/* ---- removing ---- */

static void delete_tree(struct script *script, const WCHAR *key)
{
    LONG result = RegDeleteTreeW(script->root, key);

    if (result != ERROR_FILE_NOT_FOUND)
        note(script, result);
}

/* The unnamed value of a key in a view; "" when it has none. */
static void read_unnamed(const WCHAR *key, REGSAM view, WCHAR *value)
{
    DWORD size = (VALUE_SIZE - 3) * sizeof(WCHAR); /* a version may follow */
    WCHAR path[KEY_SIZE + ARRAYSIZE(CLASSES)] = CLASSES;
    HKEY opened;

    ZeroMemory(value, VALUE_SIZE * sizeof(WCHAR));
    lstrcatW(path, key);
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_QUERY_VALUE | view, &opened))
        return;
    if (RegQueryValueExW(opened, NULL, NULL, NULL, (BYTE *)value, &size))
        value[0] = 0;
    RegCloseKey(opened);
}

/* Whether the DLL of the other width has a class with this ProgID, versioned or not. */
static BOOL other_width_has(const WCHAR *progid, const WCHAR *clsid)
{
    WCHAR key[KEY_SIZE], theirs[VALUE_SIZE];

    wsprintfW(key, L"CLSID\\%s\\VersionIndependentProgID", clsid);
    read_unnamed(key, OTHER_VIEW, theirs);
    if (!lstrcmpiW(progid, theirs))
        return TRUE;
    lstrcatW(theirs, L".1");
    return !lstrcmpiW(progid, theirs);
}

static BOOL has_subkeys(HKEY root, const WCHAR *key)
{
    DWORD count = 0;
    HKEY opened;

    if (RegOpenKeyExW(root, key, 0, KEY_READ, &opened))
        return FALSE;
    RegQueryInfoKeyW(opened, NULL, NULL, NULL, &count, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    RegCloseKey(opened);
    return count > 0;
}

static void cut(WCHAR *key)
{
    *wcsrchr(key, '\\') = 0;
}

/* Our own width ("TypeLib\{...}\1.0\0\win32"), then each key above it that nobody else needs. */
static void remove_library(struct script *script, WCHAR *key)
{
    delete_tree(script, key);
    cut(key);
    if (has_subkeys(script->root, key))
        return;
    cut(key);
    delete_tree(script, key);
    cut(key);
    if (!has_subkeys(script->root, key))
        delete_tree(script, key);
}

static BOOL begins(const WCHAR *text, const WCHAR *with)
{
    return !wcsncmp(text, with, lstrlenW(with));
}

/* Removes what a value stands in. Goes on after a failure, so that as little as possible stays. */
static void remove_value(struct script *script, const WCHAR *name, const WCHAR *value)
{
    WCHAR key[KEY_SIZE], theirs[VALUE_SIZE], *last;

    lstrcpyW(key, script->key);
    if (name || !(last = wcsrchr(key, '\\')))
        return;
    if (begins(key, L"TypeLib\\"))
    {
        if (begins(last, L"\\win"))
            remove_library(script, key);
    }
    else if (begins(key, L"CLSID\\"))
    {
        if (last == wcschr(key, '\\'))
            delete_tree(script, key);
    }
    else if (!lstrcmpW(last, L"\\ProxyStubClsid32"))
    {
        read_unnamed(key, 0, theirs);
        *last = 0;
        if (!lstrcmpiW(theirs, value))
            delete_tree(script, key);
    }
    else if (!lstrcmpW(last, L"\\CLSID"))
    {
        *last = 0;
        if (!other_width_has(key, value))
            delete_tree(script, key);
    }
}

/* ---- exports ---- */

HRESULT WINAPI DllRegisterServer(void)
{
    HRESULT hr = run_scripts(write_value);

    if (SUCCEEDED(hr))
        hr = error_hresult(calais_register_defaults());
    RETURN(hr);
}

HRESULT WINAPI DllUnregisterServer(void)
{
    HRESULT hr = run_scripts(remove_value);
    LONG result = calais_unregister_defaults(), aliases = classalias_remove_all(0);

    RETURN(FAILED(hr) ? hr : error_hresult(result ? result : aliases));
}

/*
 * Which way to the cards connections take.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The setting is "unix" or "winscard", from the first place that has one: the environment variable
 * SCARDSSP_TRANSPORT; the value Transport of HKCU\Software\Wine\AppDefaults\PROGRAM.EXE\Scardssp;
 * that of HKCU\Software\Wine\Scardssp. Without a setting the unix half is taken where there is one.
 */

#include "transport.h"

#include "base/trace.h"
#include "pcsc/unix/caller.h"
#include "pcsc/winscard/api.h"

#define VALUE_NAME L"Transport"
#define WORD_SIZE  16

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static const struct transport_ops *setting; /* NULL: none */

/* ---- the setting ---- */

static BOOL read_environment(WCHAR *word)
{
    DWORD length = GetEnvironmentVariableW(L"SCARDSSP_TRANSPORT", word, WORD_SIZE);

    if (length >= WORD_SIZE)
        lstrcpyW(word, L"a longer word"); /* and no good one */
    return length != 0;
}

static BOOL read_value(const WCHAR *path, WCHAR *word)
{
    DWORD type, size = (WORD_SIZE - 1) * sizeof(WCHAR);
    HKEY key;
    LONG result;

    if (RegOpenKeyExW(HKEY_CURRENT_USER, path, 0, KEY_QUERY_VALUE, &key))
        return FALSE;
    ZeroMemory(word, WORD_SIZE * sizeof(WCHAR));
    result = RegQueryValueExW(key, VALUE_NAME, NULL, &type, (BYTE *)word, &size);
    RegCloseKey(key);
    return !result && type == REG_SZ && word[0];
}

static BOOL read_program_value(WCHAR *word)
{
    static const WCHAR before[] = L"Software\\Wine\\AppDefaults\\", after[] = L"\\Scardssp";
    WCHAR program[MAX_PATH], path[MAX_PATH + ARRAYSIZE(before) + ARRAYSIZE(after)];
    DWORD length = GetModuleFileNameW(NULL, program, ARRAYSIZE(program));
    const WCHAR *name = program + length;

    if (!length || length >= ARRAYSIZE(program))
        return FALSE;
    while (name > program && name[-1] != '\\')
        name--;
    lstrcpyW(path, before);
    lstrcatW(path, name);
    lstrcatW(path, after);
    return read_value(path, word);
}

static BOOL CALLBACK read_setting(INIT_ONCE *unused, void *parameter, void **context)
{
    WCHAR word[WORD_SIZE];

    if (!read_environment(word) && !read_program_value(word) &&
        !read_value(L"Software\\Wine\\Scardssp", word))
        return TRUE;
    if (!lstrcmpiW(word, L"winscard"))
        setting = &transport_winscard;
    else if (!lstrcmpiW(word, L"unix"))
        setting = &transport_unix;
    else
        ERR("SCARDSSP_TRANSPORT, or the registry's Transport, is %s; it can be unix or winscard",
            trace_wstr(word));
    return TRUE;
}

/* ---- the choice ---- */

/* Only a success is remembered: the resource manager may start later. */
static BOOL winscard_works(void)
{
    const struct winscard_api *api = winscard_api();
    static LONG works;
    SCARDCONTEXT context;
    LONG result;

    if (works || !api)
        return works;
    result = api->establish(SCARD_SCOPE_USER, NULL, NULL, &context);
    if (result)
        return result == SCARD_W_SECURITY_VIOLATION;
    api->release(context);
    if (!InterlockedExchange(&works, 1))
        WARN("no unix half: going on over winscard.dll");
    return TRUE;
}

static const struct transport_ops *choose(void)
{
    InitOnceExecuteOnce(&once, read_setting, NULL, NULL);
    if (setting)
        return setting;
    if (!unixcall_possible())
        return &transport_winscard;
    if (!unixcall_start(NULL))
        return &transport_unix;
    return winscard_works() ? &transport_winscard : &transport_unix;
}

const struct transport_ops *transport_default(void)
{
    static LONG told;
    const struct transport_ops *chosen = choose();

    if (!told && !InterlockedExchange(&told, 1))
        TRACE("connections by name go over %s", chosen->name);
    return chosen;
}

const struct transport_ops *transport_of_app(void)
{
    return winscard_loaded() ? &transport_winscard : NULL;
}

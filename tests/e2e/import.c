/*
 * scardtool import beside Windows's own programs: regedit for .reg files, SetupAPI for .inf files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * tests/e2e/import.sh runs it, with SCARDSSP_IMPORT_LIST naming a list: one file a line,
 *     FILE [JUDGED] [SECTION]
 * JUDGED ("-": the same) is the file that the judge gets, where it cannot read the other's
 * encoding; SECTION is what SetupAPI installs of it; without one it chooses, as for "Install" in a
 * menu. Each file is done twice to the same card database, by the judge and by scardtool; all keys
 * and values of both registry views must be equal then.
 */

#include "test.h"

#include <wchar.h>

#include "windowsinstall.h"

#define ROOT L"SOFTWARE\\Microsoft\\Cryptography\\Calais\\SmartCards"

static const REGSAM views[] = {KEY_WOW64_64KEY, KEY_WOW64_32KEY};

/* ---- the database as text ---- */

struct dump
{
    WCHAR *text;
    size_t length, room;
};

static void put(struct dump *dump, const WCHAR *format, ...)
{
    va_list args;

    if (dump->room - dump->length < 4096)
    {
        dump->room = 2 * dump->room + 8192;
        if (!(dump->text = realloc(dump->text, dump->room * sizeof(WCHAR))))
            exit(1);
    }
    va_start(args, format);
    dump->length += _vsnwprintf(dump->text + dump->length, 4000, format, args);
    va_end(args);
}

static void put_values(struct dump *dump, HKEY key)
{
    static BYTE data[65536];
    WCHAR name[512];
    DWORD i, j, length = ARRAYSIZE(name), size = sizeof(data), type;

    for (i = 0; !RegEnumValueW(key, i, name, &length, NULL, &type, data, &size);
         i++, length = ARRAYSIZE(name), size = sizeof(data))
    {
        put(dump, L"  \"%ls\" %lu ", name, type);
        for (j = 0; j < size; j++)
            put(dump, L"%02x", data[j]);
        put(dump, L"\n");
    }
}

static void put_keys(struct dump *dump, unsigned view, HKEY key, const WCHAR *path)
{
    WCHAR name[256], below[1024];
    DWORD i, length = ARRAYSIZE(name);
    HKEY sub;

    put(dump, L"%u [%ls]\n", view, path);
    put_values(dump, key);
    for (i = 0; !RegEnumKeyExW(key, i, name, &length, NULL, NULL, NULL, NULL);
         i++, length = ARRAYSIZE(name))
    {
        _snwprintf(below, ARRAYSIZE(below), L"%ls\\%ls", path, name);
        below[ARRAYSIZE(below) - 1] = 0;
        if (RegOpenKeyExW(key, name, 0, KEY_READ, &sub))
            continue;
        put_keys(dump, view, sub, below);
        RegCloseKey(sub);
    }
}

static void dump_database(struct dump *dump)
{
    unsigned i;
    HKEY key;

    ZeroMemory(dump, sizeof(*dump));
    put(dump, L"");
    for (i = 0; i < ARRAYSIZE(views); i++)
    {
        if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, ROOT, 0, KEY_READ | views[i], &key))
            continue;
        put_keys(dump, i ? 32 : 64, key, L"");
        RegCloseKey(key);
    }
}

/* ---- the database before each ---- */

static const struct
{
    unsigned view;
    const WCHAR *card, *value;
    DWORD type;
    const void *data;
    DWORD size;
} seeds[] =
{
    {0, L"Seed card", L"ATR", REG_BINARY, "\x3b\x02\x14\x50", 4},
    {0, L"Seed card", L"ATRMask", REG_BINARY, "\xff\xff\xff\xff", 4},
    {0, L"Seed card", L"Crypto Provider", REG_SZ, L"Seed CSP", 18},
    {0, L"Seed card", L"Primary Provider", REG_BINARY, "0123456789abcdef", 16},
    {0, L"Seed card", L"80000001", REG_SZ, L"seed.dll", 18},
    {0, L"Seed card", L"80000100", REG_BINARY, "\x01\x02", 2},
    {0, L"Seed card", L"Smart Card Key Storage Provider", REG_SZ, L"Seed KSP", 18},
    {0, L"Seed card", L"List", REG_MULTI_SZ, L"one\0two\0", 18},
    {0, L"Seed card\\Below", L"Inner", REG_DWORD, "\x01\0\0\0", 4},
    {0, L"Seed gone", L"ATR", REG_BINARY, "\x3b\x00", 2},
    {0, L"Seed gone", L"", REG_SZ, L"default", 16},
    {1, L"Seed card", L"ATR", REG_BINARY, "\x3b\x02\x14\x51", 4},
    {1, L"Seed card", L"Crypto Provider", REG_SZ, L"Seed CSP 32", 24},
    {1, L"Seed card", L"List", REG_MULTI_SZ, L"one\0two\0", 18},
    {1, L"Seed gone", L"ATR", REG_BINARY, "\x3b\x01\x00", 3},
};

static void empty_database(void)
{
    unsigned i;
    HKEY key;

    for (i = 0; i < ARRAYSIZE(views); i++)
    {
        if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, ROOT, 0, KEY_ALL_ACCESS | views[i], &key))
            continue;
        RegDeleteTreeW(key, NULL);
        RegCloseKey(key);
    }
}

static void seed_database(void)
{
    WCHAR path[256];
    HKEY key;
    unsigned i;

    empty_database();
    for (i = 0; i < ARRAYSIZE(seeds); i++)
    {
        swprintf(path, ARRAYSIZE(path), ROOT L"\\%ls", seeds[i].card);
        if (RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0,
                            KEY_SET_VALUE | views[seeds[i].view], NULL, &key, NULL))
            continue;
        RegSetValueExW(key, seeds[i].value, 0, seeds[i].type, seeds[i].data, seeds[i].size);
        RegCloseKey(key);
    }
}

/* Where what was in the database waits meanwhile. */
#define SAVED L"Software\\scardssp test import"

static void copy_views(BOOL back)
{
    WCHAR path[64];
    HKEY key, saved;
    unsigned i;

    for (i = 0; i < ARRAYSIZE(views); i++)
    {
        swprintf(path, ARRAYSIZE(path), SAVED L"\\%u", i);
        if (RegCreateKeyW(HKEY_CURRENT_USER, path, &saved))
            continue;
        if (!RegCreateKeyExW(HKEY_LOCAL_MACHINE, ROOT, 0, NULL, 0, KEY_ALL_ACCESS | views[i], NULL,
                             &key, NULL))
        {
            ok_uint(back ? RegCopyTreeW(saved, NULL, key) : RegCopyTreeW(key, NULL, saved), 0);
            RegCloseKey(key);
        }
        RegCloseKey(saved);
    }
}

/* ---- who does it ---- */

/* The program of the build that this one is of. */
static void run_scardtool(const WCHAR *file)
{
    WCHAR program[MAX_PATH], arguments[1024], *end;
    unsigned i;

    GetModuleFileNameW(NULL, program, ARRAYSIZE(program));
    for (i = 0; i < 4 && (end = wcsrchr(program, '\\')); i++)
        *end = 0;
    wcscat(program, sizeof(void *) == 8 ? L"\\x86_64-windows\\scardtool.exe"
                                        : L"\\i386-windows\\scardtool.exe");
    swprintf(arguments, ARRAYSIZE(arguments), L"import \"%ls\"", file);
    ok(run(program, arguments) < 2, "scardtool does not run\n");
}

/* ---- the files ---- */

static void show_difference(const WCHAR *judge, const WCHAR *ours)
{
    size_t line = 0, i;

    for (i = 0; judge[i] && judge[i] == ours[i]; i++)
        if (judge[i] == '\n')
            line = i + 1;
    trace("the judge: %.*ls\n", (int)wcscspn(judge + line, L"\n"), judge + line);
    trace("scardtool: %.*ls\n", (int)wcscspn(ours + line, L"\n"), ours + line);
}

/* A file that the judge refuses, too, is called so. */
static void check_file(const WCHAR *file, const WCHAR *judged, const WCHAR *section)
{
    struct dump before, judge, ours;
    BOOL idle = wcsstr(file, L"refused") != NULL;

    seed_database();
    dump_database(&before);
    install_file(judged, section);
    dump_database(&judge);
    seed_database();
    run_scardtool(file);
    dump_database(&ours);
    ok((wcscmp(before.text, judge.text) == 0) == idle, "the judge %s\n",
       idle ? "does something with it" : "does nothing with it");
    ok(!wcscmp(judge.text, ours.text), "not the same\n");
    if (wcscmp(judge.text, ours.text))
        show_difference(judge.text, ours.text);
    free(before.text);
    free(judge.text);
    free(ours.text);
}

static void check_line(char *line)
{
    WCHAR words[3][512] = {{0}};
    char *word = strtok(line, " \r\n");
    int count;

    for (count = 0; word && count < 3; count++, word = strtok(NULL, " \r\n"))
        MultiByteToWideChar(CP_UTF8, 0, word, -1, words[count], ARRAYSIZE(words[count]));
    if (!count)
        return;
    test_push("%ls", wcsrchr(words[0], '\\') ? wcsrchr(words[0], '\\') + 1 : words[0]);
    check_file(words[0], !words[1][0] || words[1][0] == '-' ? words[0] : words[1], words[2]);
    test_pop();
}

START_TEST(import)
{
    const WCHAR *list = _wgetenv(L"SCARDSSP_IMPORT_LIST");
    FILE *file = list ? _wfopen(list, L"r") : NULL;
    char line[2048];

    RegDeleteTreeW(HKEY_CURRENT_USER, SAVED);
    copy_views(FALSE);
    ok(file != NULL, "SCARDSSP_IMPORT_LIST names no list; run tests/e2e/import.sh\n");
    while (file && fgets(line, sizeof(line), file))
        check_line(line);
    if (file)
        fclose(file);
    empty_database();
    copy_views(TRUE);
    RegDeleteTreeW(HKEY_CURRENT_USER, SAVED);
}

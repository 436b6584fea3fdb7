/*
 * Card profiles that users add: from the registry and from files, and what a wrong one does.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Whether a profile is in force shows in its code-query: without one the default card is asked,
 * and says that a code is wanted; with "no" nothing is sent.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "cardtest.h"

#define KEY_PATH          L"Software\\scardssp\\Profiles"
#define ATR               "3B 87 81 31 FE 45 80 31 E8 73 F7 41 00 xx"
#define NOT_AUTHENTICATED ((HRESULT)0x8010006F)

static BSTR reader;
static WCHAR directory[MAX_PATH], trace_file[MAX_PATH];

/* Attaches anew and asks for the state of code 1. */
static HRESULT query(void)
{
    ISCardManage *manage = create_manage();
    ISCardVerify *verify = NULL;
    LONG ref = 1;
    HRESULT hr;

    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), S_OK);
    hr = ISCardManage_CreateCHVerification(manage, &verify);
    ok(hr == S_OK, "CreateCHVerification: %#lx\n", hr);
    if (verify)
    {
        hr = ISCardVerify_Verify(verify, NULL, SC_FL_IHV_CHECKONLY, &ref);
        ISCardVerify_Release(verify);
    }
    ISCardManage_Detach(manage);
    ISCardManage_Release(manage);
    return hr;
}

/* size counts bytes; text NULL removes the value. */
static void set_value(HKEY root, const WCHAR *name, DWORD type, const WCHAR *text, DWORD size)
{
    HKEY key;
    LONG result = RegCreateKeyExW(root, KEY_PATH, 0, NULL, 0, KEY_ALL_ACCESS | KEY_WOW64_64KEY,
                                  NULL, &key, NULL);

    ok(!result, "the key: error %ld\n", result);
    if (result)
        return;
    if (text)
        result = RegSetValueExW(key, name, 0, type, (const BYTE *)text, size);
    else
        result = RegDeleteValueW(key, name);
    ok(!result, "the value: error %ld\n", result);
    RegCloseKey(key);
}

static void write_file(const WCHAR *name, const char *text)
{
    WCHAR path[MAX_PATH + 64];
    DWORD written = 0;
    HANDLE file;

    wsprintfW(path, L"%s\\%s", directory, name);
    file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(file, text, strlen(text), &written, NULL);
    CloseHandle(file);
    ok(written == strlen(text), "%s: %lu bytes\n", text, written);
}

static void delete_file(const WCHAR *name)
{
    WCHAR path[MAX_PATH + 64];

    wsprintfW(path, L"%s\\%s", directory, name);
    ok(DeleteFileW(path), "error %lu\n", GetLastError());
}

/* How many lines of the trace have both texts in them. */
static unsigned count_lines(const char *first, const char *second)
{
    HANDLE file = CreateFileW(trace_file, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_EXISTING, 0, NULL);
    DWORD size = file == INVALID_HANDLE_VALUE ? 0 : GetFileSize(file, NULL), got = 0;
    char *text = calloc(1, size + 1), *line;
    unsigned count = 0;

    if (size)
        ReadFile(file, text, size, &got, NULL);
    CloseHandle(file);
    for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        count += strstr(line, first) && strstr(line, second);
    free(text);
    return count;
}

#define MULTI(text) REG_MULTI_SZ, text, sizeof(text)

static void test_registry(void)
{
    static const struct
    {
        DWORD type;
        const WCHAR *text;
        DWORD size;
        HRESULT hr;
        const char *warning;
    } rows[] =
    {
        {MULTI(L"name = T\0atr = " ATR "\0code-query = no\0"), SCARD_E_UNSUPPORTED_FEATURE, NULL},
        {MULTI(L"# \x00e4\0name = T\0atr = " ATR "\0code-query = no\0"),
         SCARD_E_UNSUPPORTED_FEATURE, NULL},
        {REG_SZ, L"name = T\r\natr = " ATR "\r\ncode-query = no", 0,
         SCARD_E_UNSUPPORTED_FEATURE, NULL},
        {MULTI(L"name = T\0atr = 3B 00\0code-query = no\0"), NOT_AUTHENTICATED, NULL},
        {MULTI(L"name = T\0atr = " ATR "\0code-query = never\0"), NOT_AUTHENTICATED,
         "\"mine\":3: \"never\" is neither yes nor no."},
        {MULTI(L"\0"), NOT_AUTHENTICATED, "\"mine\":1: The profile has no \"name\"."},
        {REG_SZ, L"", 0, NOT_AUTHENTICATED, "\"mine\":1: The profile has no"},
        {REG_BINARY, L"name", 3, NOT_AUTHENTICATED, "\"mine\":1: The value is neither"},
    };
    unsigned i;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        DWORD size = rows[i].size ? rows[i].size : 2u * lstrlenW(rows[i].text);
        unsigned before = rows[i].warning ? count_lines("warn:scardssp", rows[i].warning) : 0;

        test_push("row %u", i);
        set_value(HKEY_CURRENT_USER, L"mine", rows[i].type, rows[i].text, size);
        ok_hr(query(), rows[i].hr);
        if (rows[i].warning)
            ok(count_lines("warn:scardssp", rows[i].warning) == before + 1, "no, or several: %s\n",
               rows[i].warning);
    }
    test_pop();
    set_value(HKEY_CURRENT_USER, L"mine", 0, NULL, 0);
    ok_hr(query(), NOT_AUTHENTICATED);
}

static void test_files(void)
{
    static const WCHAR yes[] = L"name = registry\0atr = " ATR "\0code-query = yes\0";
    WCHAR bad[] = L"\\no\\such\\directory";

    SetEnvironmentVariableW(L"SCARDSSP_PROFILES", directory);
    ok_hr(query(), NOT_AUTHENTICATED);
    write_file(L"b.profile", "name = b\natr = " ATR "\ncode-query = no\n");
    ok_hr(query(), SCARD_E_UNSUPPORTED_FEATURE);
    write_file(L"a.profile", "name = a\natr = " ATR "\n");
    ok_hr(query(), NOT_AUTHENTICATED);
    write_file(L"a.profile", "name = a\n\natr = " ATR "\ncode-query = no\nwhat?\n");
    write_file(L"c.text", "name = c\natr = " ATR "\n");
    ok_hr(query(), SCARD_E_UNSUPPORTED_FEATURE);
    ok(count_lines("a.profile\":5:", "\"what?\" is not of the form") == 1, "not named\n");

    /* Files before the user's values, those before the machine's. */
    set_value(HKEY_CURRENT_USER, L"mine", REG_MULTI_SZ, yes, sizeof(yes));
    ok_hr(query(), SCARD_E_UNSUPPORTED_FEATURE);
    SetEnvironmentVariableW(L"SCARDSSP_PROFILES", bad);
    ok_hr(query(), NOT_AUTHENTICATED);
    SetEnvironmentVariableW(L"SCARDSSP_PROFILES", NULL);
    delete_file(L"a.profile");
    delete_file(L"b.profile");
    delete_file(L"c.text");
}

static void test_order(void)
{
    static const WCHAR no[] = L"name = machine\0atr = " ATR "\0code-query = no\0";

    set_value(HKEY_LOCAL_MACHINE, L"ours", REG_MULTI_SZ, no, sizeof(no));
    ok_hr(query(), NOT_AUTHENTICATED);
    set_value(HKEY_CURRENT_USER, L"mine", 0, NULL, 0);
    ok_hr(query(), SCARD_E_UNSUPPORTED_FEATURE);
    set_value(HKEY_LOCAL_MACHINE, L"ours", 0, NULL, 0);
    ok_hr(query(), NOT_AUTHENTICATED);
    RegDeleteKeyExW(HKEY_LOCAL_MACHINE, KEY_PATH, KEY_WOW64_64KEY, 0);
    RegDeleteKeyExW(HKEY_CURRENT_USER, KEY_PATH, KEY_WOW64_64KEY, 0);
}

/* Under Wine the directory may be named as Unix names it. */
static void test_unix_path(void)
{
    char *(CDECL * convert)(const WCHAR *) =
        (void *)GetProcAddress(GetModuleHandleA("kernel32.dll"), "wine_get_unix_file_name");
    char *path = convert ? convert(directory) : NULL;

    if (!path)
    {
        win_skip("no Unix paths here\n");
        return;
    }
    write_file(L"u.profile", "name = u\natr = " ATR "\ncode-query = no\n");
    SetEnvironmentVariableA("SCARDSSP_PROFILES", path);
    ok_hr(query(), SCARD_E_UNSUPPORTED_FEATURE);
    SetEnvironmentVariableA("SCARDSSP_PROFILES", NULL);
    delete_file(L"u.profile");
    HeapFree(GetProcessHeap(), 0, path);
}

START_TEST(profiles)
{
    WCHAR temp[MAX_PATH];

    fact(GUESS);
    GetTempPathW(ARRAYSIZE(temp), temp);
    wsprintfW(directory, L"%sprofiles%lx", temp, GetCurrentProcessId());
    wsprintfW(trace_file, L"%s.trace", directory);
    ok(CreateDirectoryW(directory, NULL), "error %lu\n", GetLastError());
    /* Before the DLL is loaded, which looks once. */
    SetEnvironmentVariableW(L"SCARDSSP_TRACE", trace_file);

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    reader = reader_with_card();
    ok_hr(query(), NOT_AUTHENTICATED);
    test_registry();
    test_files();
    test_order();
    test_unix_path();
    SysFreeString(reader);
    CoUninitialize();
    RemoveDirectoryW(directory);
    DeleteFileW(trace_file);
}

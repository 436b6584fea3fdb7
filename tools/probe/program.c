/*
 * scardssp-probe --program: which smart card DLLs and classes a program needs, and how they do.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "probe.h"

#include <winscard.h>

#include "imports.h"

static const char *const dlls[] = {"scardssp", "winscard", "scarddlg"};

static const struct
{
    const GUID *guid;
    const WCHAR *name;
} classes[] =
{
    {&CLSID_CSCard, L"CSCard"},
    {&CLSID_CSCardLocate, L"CSCardLocate"},
    {&CLSID_CSCardDatabase, L"CSCardDatabase"},
    {&CLSID_CSCardCmd, L"CSCardCmd"},
    {&CLSID_CSCardISO7816, L"CSCardISO7816"},
    {&CLSID_CSCardTypeConv, L"CSCardTypeConv"},
    {&CLSID_CByteBuffer, L"CByteBuffer"},
    {&CLSID_SCardManage, L"SCardManage"},
    {&CLSID_SCardAuth, L"SCardAuth"},
    {&CLSID_SCardFileAccess, L"SCardFileAccess"},
    {&CLSID_SCardVerify, L"SCardVerify"},
    {&IID_ISCardManage, L"ISCardManage"},
};

static int refuse(const WCHAR *format, const char *why)
{
    out(L"program.error=");
    out(format, why);
    out(L"\n");
    return EXIT_FAILED;
}

/* ---- the file ---- */

static BYTE *read_program(const WCHAR *path, size_t *size)
{
    HANDLE file;
    BYTE *bytes;

    if (!lstrcmpW(path, L"-"))
        return read_all(GetStdHandle(STD_INPUT_HANDLE), size);
    file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                       NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    bytes = read_all(file, size);
    CloseHandle(file);
    return bytes;
}

/* ---- what it needs ---- */

static BOOL is_dll(const char *name, const char *dll)
{
    char file[32];

    wsprintfA(file, "%s.dll", dll);
    return !lstrcmpiA(name, dll) || !lstrcmpiA(name, file);
}

static void say_import(void *context, int delayed, const char *name)
{
    unsigned i;

    (void)context;
    for (i = 0; i < ARRAYSIZE(dlls); i++)
        if (is_dll(name, dlls[i]))
            out(L"program.%ls=%hs\n", delayed ? L"delayimport" : L"import", dlls[i]);
}

static BOOL mentions_guid(const BYTE *data, size_t size, const GUID *guid)
{
    char text[GUID_TEXT];
    WCHAR wide[GUID_TEXT];
    unsigned i;

    if (imports_contain(data, size, (const BYTE *)guid, sizeof(*guid)))
        return TRUE;
    StringFromGUID2(guid, wide, GUID_TEXT);
    wide[GUID_TEXT - 2] = 0; /* without the braces, which some write themselves */
    for (i = 0; wide[i + 1]; i++)
        text[i] = (char)wide[i + 1];
    text[i] = 0;
    return imports_mention(data, size, text);
}

static void say_mentions(const BYTE *data, size_t size)
{
    unsigned i;

    for (i = 0; i < ARRAYSIZE(dlls); i++)
        if (imports_mention(data, size, dlls[i]))
            out(L"program.mention=%hs\n", dlls[i]);
    if (imports_mention(data, size, "scardsvr"))
        out(L"program.service=SCardSvr\n");
    for (i = 0; i < ARRAYSIZE(classes); i++)
        if (mentions_guid(data, size, classes[i].guid))
            out(L"program.class=%ls\n", classes[i].name);
}

/* ---- how those that it gets do ---- */

/* Nothing past a context is tried: what Wine lacks raises exceptions. */
static void say_winscard(void)
{
    typedef LONG(WINAPI * establish_function)(DWORD, const void *, const void *, SCARDCONTEXT *);
    typedef LONG(WINAPI * release_function)(SCARDCONTEXT);
    HMODULE module = probe_forwarder(L"winscard");
    establish_function establish;
    release_function release;
    SCARDCONTEXT context = 0;
    LONG result;

    if (!module)
        return;
    establish = (establish_function)(void (*)(void))GetProcAddress(module, "SCardEstablishContext");
    release = (release_function)(void (*)(void))GetProcAddress(module, "SCardReleaseContext");
    if (!establish || !release)
        return;
    limit_begin(L"winscard", LIMIT_SERVICE);
    result = establish(SCARD_SCOPE_USER, NULL, NULL, &context);
    limit_end();
    if (say_code(L"winscard.establish", L"", result))
        release(context);
}

int probe_program(const WCHAR *path)
{
    struct imports imports = {.found = say_import};
    const char *why;
    BYTE *data;
    size_t size;

    if (!(data = read_program(path, &size)))
        return refuse(L"it cannot be read%hs", "");
    why = imports_read(data, size, &imports);
    if (why)
    {
        CoTaskMemFree(data);
        return refuse(L"%hs", why);
    }
    out(L"program.bits=%u\nprogram.managed=%ls\n", imports.bits, imports.managed ? L"yes" : L"no");
    say_mentions(data, size);
    CoTaskMemFree(data);
    say_winscard();
    probe_forwarder(L"scarddlg");
    return EXIT_OK;
}

/*
 * Vendors' files installed by Windows's own programs: .reg ones by regedit, .inf ones by SetupAPI.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h; link setupapi.
 */

#ifndef TESTS_E2E_WINDOWSINSTALL_H
#define TESTS_E2E_WINDOWSINSTALL_H

#include <setupapi.h>
#include <wchar.h>

/* The exit code, once the program has ended; above 0xfff0 where it does not. */
TEST_USED static DWORD run(const WCHAR *program, const WCHAR *arguments)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    WCHAR line[2048];
    DWORD code = 0xffff;

    swprintf(line, ARRAYSIZE(line), L"\"%ls\" %ls", program, arguments);
    if (!CreateProcessW(program, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process))
        return 0xfffe;
    WaitForSingleObject(process.hProcess, 60000);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    return code;
}

TEST_USED static void run_regedit(const WCHAR *file)
{
#ifdef _WIN64
    static const WCHAR *const program = L"C:\\windows\\regedit.exe";
#else
    static const WCHAR *const program = L"C:\\windows\\syswow64\\regedit.exe";
#endif
    WCHAR arguments[1024];

    swprintf(arguments, ARRAYSIZE(arguments), L"/S \"%ls\"", file);
    ok(run(program, arguments) < 2, "regedit does not run\n");
}

void WINAPI InstallHinfSectionW(HWND window, HINSTANCE instance, const WCHAR *line, INT show);

TEST_USED static void run_setupapi(const WCHAR *file, const WCHAR *section)
{
    WCHAR line[1024];
    HINF inf;

    if (!section[0])
    {
        swprintf(line, ARRAYSIZE(line), L"DefaultInstall 128 %ls", file);
        InstallHinfSectionW(NULL, NULL, line, 0);
        return;
    }
    inf = SetupOpenInfFileW(file, NULL, INF_STYLE_WIN4, NULL);
    ok(inf != INVALID_HANDLE_VALUE, "SetupAPI cannot read it: %lx\n", GetLastError());
    if (inf == INVALID_HANDLE_VALUE)
        return;
    ok(SetupInstallFromInfSectionW(NULL, inf, section, SPINST_REGISTRY, NULL, NULL, 0, NULL, NULL,
                                   NULL, NULL),
       "SetupAPI: %lx\n", GetLastError());
    SetupCloseInfFile(inf);
}

TEST_USED static BOOL is_inf(const WCHAR *file)
{
    return wcslen(file) > 4 && !_wcsicmp(file + wcslen(file) - 4, L".inf");
}

/* As its name asks for; section is "" for the one that "Install" in a menu takes. */
TEST_USED static void install_file(const WCHAR *file, const WCHAR *section)
{
    if (is_inf(file))
        run_setupapi(file, section);
    else
        run_regedit(file);
}

#endif

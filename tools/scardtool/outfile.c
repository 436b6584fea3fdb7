/*
 * scardtool: files that it writes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

static BOOL put(HANDLE file, const void *bytes, size_t length)
{
    DWORD written = 0;

    return WriteFile(file, bytes, (DWORD)length, &written, NULL) && written == length;
}

/* What is there and no file on a disk, such as /dev/null, is not replaced but written to. */
static HANDLE open_device(const WCHAR *name)
{
    HANDLE file = CreateFileW(name, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_EXISTING, 0, NULL);

    if (file == INVALID_HANDLE_VALUE || GetFileType(file) != FILE_TYPE_DISK)
        return file;
    CloseHandle(file);
    return INVALID_HANDLE_VALUE;
}

static BOOL write_device(HANDLE file, const void *bytes, size_t length)
{
    BOOL good = put(file, bytes, length);
    DWORD error = GetLastError();

    CloseHandle(file);
    SetLastError(error);
    return good;
}

static BOOL write_part(const WCHAR *part, const void *bytes, size_t length)
{
    HANDLE file = CreateFileW(part, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    BOOL good;
    DWORD error;

    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    good = put(file, bytes, length) && FlushFileBuffers(file);
    error = GetLastError();
    CloseHandle(file);
    SetLastError(error);
    return good;
}

static BOOL write_whole(const WCHAR *name, BOOL replace, const void *bytes, size_t length)
{
    WCHAR part[MAX_PATH + 16];
    HANDLE device = open_device(name);
    DWORD error;

    if (device != INVALID_HANDLE_VALUE)
        return write_device(device, bytes, length);
    wsprintfW(part, L"%s.%lx.part", name, GetCurrentProcessId());
    if (write_part(part, bytes, length) &&
        MoveFileExW(part, name, replace ? MOVEFILE_REPLACE_EXISTING : 0))
        return TRUE;
    error = GetLastError();
    DeleteFileW(part);
    SetLastError(error);
    return FALSE;
}

int write_file(const WCHAR *name, BOOL replace, const void *bytes, size_t length)
{
    if (lstrlenW(name) >= MAX_PATH)
        return fail_usage(L"%ls is too long a name", name);
    return write_whole(name, replace, bytes, length)
               ? EXIT_OK
               : fail(HRESULT_FROM_WIN32(GetLastError()), L"%ls", name);
}

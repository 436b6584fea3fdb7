/*
 * The files that environment variables name for traces and records.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "logfile.h"

#include "envpath.h"

BOOL (*logfile_make_private)(const char *name, ULONG64 *inode, char *text, size_t size);

typedef char *(CDECL *unix_name_function)(const WCHAR *path);

/* Looks at the file under Wine; *inode is the one that is meant. */
static BOOL make_private(unix_name_function unix_name, const WCHAR *path, ULONG64 *inode,
                         char *fault)
{
    char *name = unix_name(path);
    BOOL done = FALSE;

    if (name)
        done = logfile_make_private(name, inode, fault, LOGFILE_FAULT);
    else
        strcpy(fault, "there is no such directory");
    HeapFree(GetProcessHeap(), 0, name);
    return done;
}

/* What is wrong with an open file, or NULL. inode: whose it has to be, 0 any's; somebody may have
 * put another one in its place. */
static const char *find_fault(HANDLE file, ULONG64 inode)
{
    BY_HANDLE_FILE_INFORMATION info;

    if (GetFileType(file) != FILE_TYPE_DISK)
        return "it is no regular file";
    if (!GetFileInformationByHandle(file, &info))
        return "it cannot be looked at";
    if (inode && ((ULONG64)info.nFileIndexHigh << 32 | info.nFileIndexLow) != inode)
        return "it was replaced just now";
    return NULL;
}

static HANDLE open_file(const WCHAR *path, ULONG64 inode, char *fault)
{
    HANDLE file = CreateFileW(path, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              inode ? OPEN_EXISTING : OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    const char *found =
        file == INVALID_HANDLE_VALUE ? "it cannot be opened for writing" : find_fault(file, inode);

    if (!found)
        return file;
    strcpy(fault, found);
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    return INVALID_HANDLE_VALUE;
}

HANDLE logfile_open(const WCHAR *variable, char *fault)
{
    unix_name_function unix_name = (unix_name_function)(void (*)(void))GetProcAddress(
        GetModuleHandleW(L"kernel32.dll"), "wine_get_unix_file_name");
    HANDLE file = INVALID_HANDLE_VALUE;
    ULONG64 inode = 0;
    WCHAR *path;

    fault[0] = 0;
    if ((unix_name && !logfile_make_private) || !envpath_is_set(variable))
        return file;
    if (!(path = envpath_get(variable)))
        strcpy(fault, "no such file can be reached");
    else if (!unix_name || make_private(unix_name, path, &inode, fault))
        file = open_file(path, inode, fault);
    HeapFree(GetProcessHeap(), 0, path);
    return file;
}

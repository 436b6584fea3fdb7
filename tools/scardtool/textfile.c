/*
 * scardtool: text files of any usual encoding.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "textfile.h"

#include <objbase.h>

#define FILE_MAX 0x400000

static HRESULT read_bytes(const WCHAR *name, BYTE **bytes, DWORD *length)
{
    HANDLE file;
    DWORD size;
    HRESULT hr = S_OK;

    *bytes = NULL;
    file = CreateFileW(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return HRESULT_FROM_WIN32(GetLastError());
    size = GetFileSize(file, NULL);
    if (size == INVALID_FILE_SIZE || size > FILE_MAX)
        hr = E_INVALIDARG;
    else if (!(*bytes = CoTaskMemAlloc(size + 1)))
        hr = E_OUTOFMEMORY;
    else if (!ReadFile(file, *bytes, size, length, NULL))
        hr = HRESULT_FROM_WIN32(GetLastError());
    CloseHandle(file);
    if (FAILED(hr))
        CoTaskMemFree(*bytes);
    return hr;
}

static DWORD from_utf16(const BYTE *bytes, DWORD length, BOOL swapped, WCHAR *text)
{
    DWORD i;

    for (i = 0; i < length / 2; i++)
        text[i] = swapped ? bytes[2 * i] << 8 | bytes[2 * i + 1]
                          : bytes[2 * i] | bytes[2 * i + 1] << 8;
    return i;
}

/* text has room for as many units as there are bytes. */
static DWORD decode(const BYTE *bytes, DWORD length, WCHAR *text)
{
    DWORD count;

    if (length >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe)
        return from_utf16(bytes + 2, length - 2, FALSE, text);
    if (length >= 2 && bytes[0] == 0xfe && bytes[1] == 0xff)
        return from_utf16(bytes + 2, length - 2, TRUE, text);
    if (length >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf)
    {
        bytes += 3;
        length -= 3;
    }
    count = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, (const char *)bytes, length, text,
                                length);
    if (!count)
        count = MultiByteToWideChar(CP_ACP, 0, (const char *)bytes, length, text, length);
    return count;
}

HRESULT textfile_read(const WCHAR *name, WCHAR **text)
{
    DWORD length = 0, count, i;
    BYTE *bytes;
    HRESULT hr;

    *text = NULL;
    if (FAILED(hr = read_bytes(name, &bytes, &length)))
        return hr;
    if ((*text = CoTaskMemAlloc((length + 1) * sizeof(WCHAR))))
    {
        count = decode(bytes, length, *text);
        for (i = 0; i < count; i++)
            if (!(*text)[i])
                (*text)[i] = ' ';
        (*text)[count] = 0;
    }
    CoTaskMemFree(bytes);
    return *text ? S_OK : E_OUTOFMEMORY;
}

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
        text[i] =
            swapped ? bytes[2 * i] << 8 | bytes[2 * i + 1] : bytes[2 * i] | bytes[2 * i + 1] << 8;
    return i;
}

/* Text without a mark has a 0 in most of its units, always on the same side. */
static BOOL looks_like_utf16(const BYTE *bytes, DWORD length, BOOL swapped)
{
    DWORD zeros[2] = {0}, i;

    for (i = 0; i < length; i++)
        zeros[i % 2] += !bytes[i];
    return !(length % 2) && zeros[!swapped] > length / 4 && zeros[swapped] < length / 16;
}

static DWORD from_bytes(const BYTE *bytes, DWORD length, WCHAR *text)
{
    DWORD count;

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

/* file->text has room for as many units as there are bytes. */
static void decode(const BYTE *bytes, DWORD length, struct textfile *file)
{
    BOOL mark = length >= 2 &&
                ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff));
    BOOL swapped = mark ? bytes[0] == 0xfe : looks_like_utf16(bytes, length, TRUE);

    file->wide = mark || swapped || looks_like_utf16(bytes, length, FALSE);
    if (!file->wide)
        file->length = from_bytes(bytes, length, file->text);
    else
        file->length = from_utf16(bytes + 2 * mark, length - 2 * mark, swapped, file->text);
}

HRESULT textfile_read(const WCHAR *name, struct textfile *file)
{
    DWORD length = 0, i;
    BYTE *bytes;
    HRESULT hr;

    ZeroMemory(file, sizeof(*file));
    if (FAILED(hr = read_bytes(name, &bytes, &length)))
        return hr;
    if ((file->text = CoTaskMemAlloc((length + 1) * sizeof(WCHAR))))
    {
        decode(bytes, length, file);
        for (i = 0; i < file->length; i++)
            if (!file->text[i])
                file->text[i] = ' ';
        file->text[file->length] = 0;
    }
    CoTaskMemFree(bytes);
    return file->text ? S_OK : E_OUTOFMEMORY;
}

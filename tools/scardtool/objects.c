/*
 * scardtool: objects of the DLL, lists of readers, and small texts.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

#include <wchar.h>

#include "iso7816/hex.h"
#include "limit.h"

/* ---- texts ---- */

BOOL parse_hex(const WCHAR *text, BYTE *bytes, size_t room, size_t *length)
{
    size_t count = wcslen(text), i;
    char *narrow = CoTaskMemAlloc(count + 1);
    int32_t result;

    *length = 0;
    if (!narrow)
        return FALSE;
    for (i = 0; i <= count; i++)
        narrow[i] = text[i] < 0x80 ? (char)text[i] : '?';
    result = hex_parse(narrow, bytes, room, length);
    CoTaskMemFree(narrow);
    return !result;
}

BOOL parse_guid(const WCHAR *text, GUID *guid)
{
    WCHAR braced[GUID_TEXT];

    if (text[0] == '{')
        return SUCCEEDED(IIDFromString(text, guid));
    if (lstrlenW(text) != GUID_TEXT - 3)
        return FALSE;
    wsprintfW(braced, L"{%s}", text);
    return SUCCEEDED(IIDFromString(braced, guid));
}

const WCHAR *guid_text(const BYTE *bytes, WCHAR text[GUID_TEXT])
{
    GUID guid;

    memcpy(&guid, bytes, sizeof(guid));
    StringFromGUID2(&guid, text, GUID_TEXT);
    return text;
}

BSTR array_text(SAFEARRAY *array, LONG index)
{
    BSTR text = NULL;

    SafeArrayGetElement(array, &index, &text);
    return text;
}

LONG array_length(SAFEARRAY *array)
{
    LONG upper = -1;

    SafeArrayGetUBound(array, 1, &upper);
    return upper + 1;
}

/* ---- objects ---- */

HRESULT create_object(const CLSID *clsid, const IID *iid, void **object)
{
    HRESULT hr;

    *object = NULL;
    /* Some objects connect to the service at once. */
    limit_begin(L"object", LIMIT_SERVICE);
    hr = CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, iid, object);
    limit_end();
    return hr;
}

HRESULT attach_card(ISCard *card, BSTR reader)
{
    HRESULT hr;

    limit_begin(L"card", LIMIT_LOCK);
    hr = ISCard_AttachByReader(card, reader, SHARED, T0 | T1);
    limit_end();
    return hr;
}

void release_card(ISCard *card)
{
    limit_begin(L"card", LIMIT_SERVICE);
    ISCard_Release(card);
    limit_end();
}

HRESULT buffer_bytes(IByteBuffer *buffer, LONG size, BYTE **bytes, LONG *length)
{
    HRESULT hr;

    *length = 0;
    if (!(*bytes = CoTaskMemAlloc(size ? size : 1)))
        return E_OUTOFMEMORY;
    hr = IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);
    if (SUCCEEDED(hr))
        hr = IByteBuffer_Read(buffer, *bytes, size, length);
    if (FAILED(hr))
    {
        CoTaskMemFree(*bytes);
        *bytes = NULL;
    }
    return hr;
}

/* ---- readers ---- */

HRESULT list_readers(SAFEARRAY **names)
{
    ISCardDatabase *database;
    HRESULT hr;

    *names = NULL;
    hr = create_object(&CLSID_CSCardDatabase, &IID_ISCardDatabase, (void **)&database);
    if (FAILED(hr))
        return hr;
    limit_begin(L"readers", LIMIT_SERVICE);
    hr = ISCardDatabase_ListReaders(database, LOCALE_USER_DEFAULT, names);
    limit_end();
    ISCardDatabase_Release(database);
    return hr;
}

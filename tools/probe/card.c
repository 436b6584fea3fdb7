/*
 * scardssp-probe: readers, cards, and one exchange by COM.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "probe.h"

#define ATR_ROOM 64

static HRESULT say_atr(ISCard *card, LONG index)
{
    IByteBuffer *buffer;
    BYTE *bytes = NULL;
    LONG length;
    HRESULT hr = ISCard_get_Atr(card, &buffer);

    if (FAILED(hr))
        return hr;
    hr = buffer_bytes(buffer, ATR_ROOM, &bytes, &length);
    IByteBuffer_Release(buffer);
    if (FAILED(hr))
        return hr;
    out(L"card.%ld.atr=", index);
    out_hex(bytes, length);
    out(L"\n");
    CoTaskMemFree(bytes);
    return S_OK;
}

/* Attach, ATR, detach, as a program does it. */
static HRESULT talk(BSTR reader, LONG index)
{
    ISCard *card;
    HRESULT hr, detached;

    hr = create_object(&CLSID_CSCard, &IID_ISCard, (void **)&card);
    if (FAILED(hr))
        return hr;
    hr = attach_card(card, reader);
    if (SUCCEEDED(hr))
    {
        hr = say_atr(card, index);
        limit_begin(L"card", LIMIT_SERVICE);
        detached = ISCard_Detach(card, LEAVE);
        limit_end();
        if (SUCCEEDED(hr))
            hr = detached;
    }
    release_card(card);
    return hr;
}

static BOOL probe_reader(SAFEARRAY *names, LONG index)
{
    BSTR name = array_text(names, index);
    WCHAR number[16];
    HRESULT hr;

    out(L"reader.%ld=%ls\n", index, name);
    hr = talk(name, index);
    SysFreeString(name);
    wsprintfW(number, L"%ld", index);
    return say_code(L"card.", number, hr);
}

BOOL probe_cards(void)
{
    SAFEARRAY *names;
    LONG count, i;
    BOOL good = FALSE;

    if (!say_code(L"readers", L"", list_readers(&names)))
        return FALSE;
    count = array_length(names);
    out(L"readers.count=%ld\n", count);
    for (i = 0; i < count; i++)
        good = probe_reader(names, i) || good;
    SafeArrayDestroy(names);
    return good;
}

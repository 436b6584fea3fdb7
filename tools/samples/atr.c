/*
 * Prints the ATR of the card in a reader, through ISCard, in C.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 *   i686-w64-mingw32-gcc $(pkg-config --cflags scardssp) -municode -o atr.exe atr.c \
 *       -lole32 -loleaut32
 *   wine atr.exe "Reader name"
 *
 * x86_64-w64-mingw32-gcc makes a 64-bit program of it. Exit code: 0 when an ATR was printed, 1 when
 * there is none (the output says why), 2 for wrong arguments.
 */

#define COBJMACROS
#include <initguid.h> /* defines the CLSIDs and IIDs here; without it they are declared only */
#include <ole2.h>
#include <scardssp.h>
#include <stdio.h>

/* The whole content of a buffer: its size by Seek, then its bytes from the start. */
static HRESULT print_bytes(IByteBuffer *buffer)
{
    LONG size = 0, i, count;
    BYTE byte;
    HRESULT hr;

    if (FAILED(hr = IByteBuffer_Seek(buffer, 0, STREAM_SEEK_END, &size)) ||
        FAILED(hr = IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL)))
        return hr;
    for (i = 0; i < size && SUCCEEDED(hr = IByteBuffer_Read(buffer, &byte, 1, &count)); i++)
        printf(" %02X", byte);
    return hr;
}

static HRESULT print_atr(const WCHAR *reader)
{
    IByteBuffer *atr = NULL;
    ISCard *card = NULL;
    BSTR name = SysAllocString(reader);
    HRESULT hr;

    /* Fails when there is no resource manager: see ISCard(3scardssp). */
    hr = CoCreateInstance(&CLSID_CSCard, NULL, CLSCTX_INPROC_SERVER, &IID_ISCard, (void **)&card);
    if (SUCCEEDED(hr))
        hr = ISCard_AttachByReader(card, name, SHARED, T0 | T1);
    if (SUCCEEDED(hr))
        hr = ISCard_get_Atr(card, &atr);
    if (SUCCEEDED(hr))
    {
        printf("%ls:", reader);
        hr = print_bytes(atr);
        printf("\n");
        IByteBuffer_Release(atr);
    }
    if (card)
        ISCard_Release(card); /* disconnects too */
    SysFreeString(name);
    return hr;
}

int wmain(int argc, WCHAR **argv)
{
    HRESULT hr;

    if (argc != 2)
    {
        printf("Usage: atr READER\n");
        return 2;
    }
    if (SUCCEEDED(hr = CoInitializeEx(NULL, COINIT_MULTITHREADED)))
    {
        hr = print_atr(argv[1]);
        CoUninitialize();
    }
    if (FAILED(hr))
        printf("no ATR: %08lX\n", hr);
    return FAILED(hr);
}

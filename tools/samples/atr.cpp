/*
 * Prints the ATR of the card in a reader, through ISCard, in C++ with smart pointers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 *   i686-w64-mingw32-g++ $(pkg-config --cflags scardssp) -municode -static \
 *       -o atr.exe atr.cpp -lole32 -loleaut32
 *   wine atr.exe "Reader name"
 *
 * Visual C++ makes such pointers of the type library:
 *
 *   #import "scardssp.tlb" raw_interfaces_only
 *   using namespace SCARDSSPLib;
 *
 * Others have no #import; the headers made of the IDL files and comdef.h give the same. Exit code:
 * 0 when an ATR was printed, 1 when there is none (the output says why), 2 for wrong arguments.
 */

#include <initguid.h>
#include <comdef.h>
#include <scardssp.h>

#include <cstdio>
#include <vector>

/* What #import declares: ISCardPtr and IByteBufferPtr. */
_COM_SMARTPTR_TYPEDEF(ISCard, __uuidof(ISCard));
_COM_SMARTPTR_TYPEDEF(IByteBuffer, __uuidof(IByteBuffer));

static void check(HRESULT hr)
{
    if (FAILED(hr))
        throw hr;
}

/* The whole content of a buffer: its size by Seek, then its bytes from the start. */
static std::vector<BYTE> bytes_of(IByteBuffer *buffer)
{
    LONG size = 0, count = 0;

    check(buffer->Seek(0, STREAM_SEEK_END, &size));
    check(buffer->Seek(0, STREAM_SEEK_SET, NULL));
    std::vector<BYTE> bytes(size);
    check(buffer->Read(bytes.data(), size, &count));
    return bytes;
}

/* Pointers are released, and the card with them, when the function ends. */
static void print_atr(const wchar_t *reader)
{
    ISCardPtr card;
    IByteBufferPtr atr;

    check(card.CreateInstance(CLSID_CSCard));
    check(card->AttachByReader(_bstr_t(reader), SHARED, SCARD_PROTOCOLS(T0 | T1)));
    check(card->get_Atr(&atr));
    std::printf("%ls:", reader);
    for (BYTE byte : bytes_of(atr))
        std::printf(" %02X", byte);
    std::printf("\n");
}

int wmain(int argc, wchar_t **argv)
{
    int code = 0;

    if (argc != 2)
    {
        std::printf("Usage: atr READER\n");
        return 2;
    }
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    try
    {
        print_atr(argv[1]);
    }
    catch (HRESULT hr)
    {
        std::printf("no ATR: %08lX\n", hr);
        code = 1;
    }
    CoUninitialize();
    return code;
}

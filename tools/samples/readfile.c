/*
 * Prints the bytes of a file on the card in a reader, through ISCardManage, in C.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 *   i686-w64-mingw32-gcc $(pkg-config --cflags scardssp) -municode -o readfile.exe readfile.c \
 *       -lole32 -loleaut32
 *   wine readfile.exe "Reader name" 3F00/2F05
 *
 * Exit code: 0 when the file was read to its end, 1 when not (the output says why), 2 for wrong
 * arguments.
 */

#define COBJMACROS
#include <initguid.h> /* defines the CLSIDs and IIDs here; without it they are declared only */
#include <iccsp.h>
#include <stdio.h>

/* The first count bytes of a buffer, whose position is at its start. */
static HRESULT print_bytes(IByteBuffer *buffer, LONG count)
{
    HRESULT hr = S_OK;
    LONG got, i;
    BYTE bytes[16];

    for (; count > 0 && SUCCEEDED(hr = IByteBuffer_Read(buffer, bytes, sizeof(bytes), &got));
         count -= got)
    {
        if (got <= 0)
            return E_UNEXPECTED;
        for (i = 0; i < got; i++)
            printf("%02X%s", bytes[i], i + 1 < got ? " " : "\n");
    }
    return hr;
}

static HRESULT read_file(ISCardFileAccess *files, HSCARD_FILE file)
{
    IByteBuffer *buffer;
    LONG count;
    HRESULT hr;

    for (;;)
    {
        buffer = NULL;
        count = 256; /* at most; it becomes what came */
        hr = ISCardFileAccess_Read(files, file, &count, &buffer, 0);
        if (SUCCEEDED(hr))
            hr = print_bytes(buffer, count);
        if (buffer)
            IByteBuffer_Release(buffer);
        if (FAILED(hr))
            return hr == SCARD_W_EOF ? S_OK : hr;
    }
}

static HRESULT open_and_read(ISCardManage *manage, BSTR path)
{
    ISCardFileAccess *files = NULL;
    HSCARD_FILE file;
    HRESULT hr = ISCardManage_CreateFileAccess(manage, &files);

    if (FAILED(hr))
        return hr;
    if (SUCCEEDED(hr = ISCardFileAccess_Open(files, SC_TYPE_BY_ID, path, &file)))
    {
        hr = read_file(files, file);
        ISCardFileAccess_Close(files, file);
    }
    ISCardFileAccess_Release(files);
    return hr;
}

static HRESULT print_file(const WCHAR *reader, const WCHAR *path)
{
    ISCardManage *manage = NULL;
    BSTR name = SysAllocString(reader), file = SysAllocString(path);
    HRESULT hr;

    hr = CoCreateInstance(&CLSID_SCardManage, NULL, CLSCTX_INPROC_SERVER, &IID_ISCardManage,
                          (void **)&manage);
    if (SUCCEEDED(hr) && SUCCEEDED(hr = ISCardManage_AttachByIFD(manage, name, SHARED)))
    {
        /* Other programs wait from here on, so that none selects another file in between. */
        if (SUCCEEDED(hr = ISCardManage_SCardLock(manage)))
        {
            hr = open_and_read(manage, file);
            ISCardManage_SCardUnlock(manage, LEAVE);
        }
        ISCardManage_Detach(manage);
    }
    if (manage)
        ISCardManage_Release(manage);
    SysFreeString(file);
    SysFreeString(name);
    return hr;
}

int wmain(int argc, WCHAR **argv)
{
    HRESULT hr;

    if (argc != 3)
    {
        printf("Usage: readfile READER PATH\n");
        return 2;
    }
    if (SUCCEEDED(hr = CoInitializeEx(NULL, COINIT_MULTITHREADED)))
    {
        hr = print_file(argv[1], argv[2]);
        CoUninitialize();
    }
    if (FAILED(hr))
        printf("not read: %08lX\n", hr);
    return FAILED(hr);
}

/*
 * ISCardFileAccess on the default card: paths, opening, seeking, reading.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The files are those of tests/cards/profiles/iso-t1.card and iso-t0.card.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "cardtest.h"

static ISCardManage *manage;
static ISCardFileAccess *files;

static HRESULT open_file(int type, const WCHAR *path, HSCARD_FILE *file)
{
    BSTR text = path ? SysAllocString(path) : NULL;
    HRESULT hr = ISCardFileAccess_Open(files, type, text, file);

    SysFreeString(text);
    return hr;
}

static HRESULT change_dir(int type, const WCHAR *path)
{
    BSTR text = path ? SysAllocString(path) : NULL;
    HRESULT hr = ISCardFileAccess_ChangeDir(files, type, text);

    SysFreeString(text);
    return hr;
}

/* Reads at most count bytes; returns how many came, in bytes. */
static LONG read_file(HSCARD_FILE file, LONG count, BYTE *bytes, HRESULT *hr)
{
    IByteBuffer *buffer = (IByteBuffer *)1;
    LONG got = count;

    *hr = ISCardFileAccess_Read(files, file, &got, &buffer, SC_FL_NO_FLAGS);
    if (*hr != S_OK)
    {
        ok(!buffer && !got, "Read failed with %p, %ld\n", buffer, got);
        return 0;
    }
    ok(buffer_bytes(buffer, bytes, count) == got, "the buffer does not hold %ld bytes\n", got);
    IByteBuffer_Release(buffer);
    return got;
}

static void test_paths(void)
{
    static const struct
    {
        int type;
        const WCHAR *path;
        HRESULT hr;
    } rows[] =
    {
        {SC_TYPE_BY_ID, L"3F00/5000/0001", S_OK},
        {SC_TYPE_BY_ID, L"\\5000\\0001", S_OK},
        {SC_TYPE_BY_ID, L" 3f0050000001 ", S_OK},
        {SC_TYPE_BY_ID, L":3F00:5000:0001", S_OK},
        {SC_TYPE_BY_ID, L"5000/../5000/0x1", S_OK},
        {SC_TYPE_BY_ID, L"2F05", S_OK},
        {SC_TYPE_BY_ID, L"0001", SCARD_E_FILE_NOT_FOUND},
        {SC_TYPE_BY_ID, L"3F00/6666/0001", SCARD_E_DIR_NOT_FOUND},
        {SC_TYPE_BY_ID, L"3F00/5000", SCARD_E_NO_FILE},
        {SC_TYPE_BY_ID, L"3F00", SCARD_E_NO_FILE},
        {SC_TYPE_BY_ID, L"..\\2F05", SCARD_E_DIR_NOT_FOUND},
        {SC_TYPE_BY_ID, L"#A00000000102/0001", S_OK},
        {SC_TYPE_BY_NAME, L"3F00/5000/0001", S_OK},
        {SC_TYPE_BY_NAME, L"#A00000000102/0001", S_OK},
        {SC_TYPE_BY_SHORT_ID, L"3F00/5000/01", S_OK},
        {SC_TYPE_BY_SHORT_ID, L"3F00/5000/1E", SCARD_E_FILE_NOT_FOUND},
        {SC_TYPE_BY_ID, NULL, E_INVALIDARG},
        {SC_TYPE_BY_ID, L"", E_INVALIDARG},
        {SC_TYPE_BY_ID, L"  ", E_INVALIDARG},
        {SC_TYPE_BY_ID, L"xyz", E_INVALIDARG},
        {SC_TYPE_BY_ID, L"500", E_INVALIDARG},
        {SC_TYPE_BY_ID, L"FFFF", E_INVALIDARG},
        {SC_TYPE_BY_ID, L"5000/3F00", E_INVALIDARG},
        {SC_TYPE_BY_ID, L"5000/3FFF", E_INVALIDARG},
        {SC_TYPE_BY_SHORT_ID, L"00", E_INVALIDARG},
        {SC_TYPE_BY_SHORT_ID, L"1F", E_INVALIDARG},
        {SC_TYPE_BY_NAME, L"a name far longer than sixteen", E_INVALIDARG},
        {SC_TYPE_BY_NAME, L"\x4e2d\x6587\x4e2d\x6587\x4e2d", E_INVALIDARG},
        {3, L"2F05", E_INVALIDARG},
        {-1, L"2F05", E_INVALIDARG},
    };
    HSCARD_FILE file;
    unsigned i;
    HRESULT hr;

    fact(GUESS);
    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        file = 99;
        hr = open_file(rows[i].type, rows[i].path, &file);
        ok(hr == rows[i].hr, "row %u, %ls: %#lx\n", i, rows[i].path, hr);
        ok(!file == (hr != S_OK), "row %u: file %p\n", i, (void *)file);
        if (hr == S_OK)
            ok_hr(ISCardFileAccess_Close(files, file), S_OK);
    }
}

static void expect_dir(const WCHAR *expected)
{
    BSTR dir = NULL;
    HRESULT hr = ISCardFileAccess_GetCurrentDir(files, &dir);

    ok(hr == S_OK && dir && !lstrcmpW(dir, expected), "%#lx, %ls, not %ls\n", hr, dir, expected);
    SysFreeString(dir);
}

static void test_directories(void)
{
    HSCARD_FILE file;

    fact(GUESS);
    expect_dir(L"3F00");
    ok_hr(change_dir(SC_TYPE_BY_ID, L"5100/5101"), S_OK);
    expect_dir(L"3F00/5100/5101");
    ok_hr(change_dir(SC_TYPE_BY_ID, L".."), S_OK);
    expect_dir(L"3F00/5100");
    ok_hr(change_dir(SC_TYPE_BY_ID, L"7777"), SCARD_E_DIR_NOT_FOUND);
    expect_dir(L"3F00/5100");
    ok_hr(change_dir(SC_TYPE_BY_ID, L"3F00/2F05"), SCARD_E_NO_DIR);
    expect_dir(L"3F00/5100");
    ok_hr(change_dir(SC_TYPE_BY_ID, L"../5000"), S_OK);
    ok_hr(open_file(SC_TYPE_BY_ID, L"0001", &file), S_OK);
    ok_hr(ISCardFileAccess_Close(files, file), S_OK);
    ok_hr(change_dir(SC_TYPE_BY_ID, L"\\"), S_OK);
    expect_dir(L"3F00");
    ok_hr(change_dir(SC_TYPE_BY_NAME, L"#A00000000102"), S_OK);
    expect_dir(L"#A00000000102");
    ok_hr(change_dir(SC_TYPE_BY_NAME, L"mf"), S_OK);
    expect_dir(L"3F00");
    ok_hr(change_dir(SC_TYPE_BY_SHORT_ID, L"01"), E_INVALIDARG);
    ok_hr(change_dir(SC_TYPE_BY_ID, NULL), E_INVALIDARG);
    ok_hr(change_dir(9, L"5000"), E_INVALIDARG);
    ok_hr(ISCardFileAccess_GetCurrentDir(files, NULL), E_POINTER);
}

static BYTE pattern(LONG at)
{
    return (BYTE)(at * 7 + at / 256);
}

static void test_transparent(void)
{
    static BYTE bytes[40000];
    HSCARD_FILE file, again;
    LONG got, i, wrong = 0;
    HRESULT hr;

    fact(GUESS);
    ok_hr(open_file(SC_TYPE_BY_ID, L"3F00/7001", &file), S_OK);
    got = read_file(file, sizeof(bytes), bytes, &hr);
    ok_hr(hr, S_OK);
    ok(got == 32768, "read %ld bytes\n", got);
    for (i = 0; i < got; i++)
        wrong += bytes[i] != pattern(i);
    ok(!wrong, "%ld wrong bytes\n", wrong);
    got = read_file(file, 1, bytes, &hr);
    ok_hr(hr, SCARD_W_EOF);

    ok_hr(ISCardFileAccess_Seek(files, file, 1000, SC_SEEK_FROM_BEGINNING), S_OK);
    ok_hr(ISCardFileAccess_Seek(files, file, -1, SC_SEEK_RELATIVE), S_OK);
    got = read_file(file, 2, bytes, &hr);
    ok(got == 2 && bytes[0] == pattern(999) && bytes[1] == pattern(1000), "%ld, %02x %02x\n", got,
       bytes[0], bytes[1]);
    ok_hr(ISCardFileAccess_Seek(files, file, -3, SC_SEEK_FROM_END), S_OK);
    got = read_file(file, 256, bytes, &hr);
    ok(got == 3 && bytes[2] == pattern(32767), "%ld bytes, last %02x\n", got, bytes[2]);
    ok_hr(ISCardFileAccess_Seek(files, file, 32768, SC_SEEK_FROM_BEGINNING), S_OK);
    ok_hr(ISCardFileAccess_Seek(files, file, 1, SC_SEEK_RELATIVE), SCARD_E_BAD_SEEK);
    ok_hr(ISCardFileAccess_Seek(files, file, -1, SC_SEEK_FROM_BEGINNING), SCARD_E_BAD_SEEK);
    ok_hr(ISCardFileAccess_Seek(files, file, 0x7fffffff, SC_SEEK_RELATIVE), SCARD_E_BAD_SEEK);
    ok_hr(ISCardFileAccess_Seek(files, file, 0, 3), E_INVALIDARG);
    read_file(file, 0, bytes, &hr);
    ok_hr(hr, S_OK);

    /* Two handles on one file have two positions. */
    ok_hr(open_file(SC_TYPE_BY_ID, L"3F00/7001", &again), S_OK);
    ok(again != file, "one handle twice\n");
    got = read_file(again, 1, bytes, &hr);
    ok(got == 1 && bytes[0] == pattern(0), "%ld, %02x\n", got, bytes[0]);
    ok_hr(ISCardFileAccess_Close(files, again), S_OK);
    ok_hr(ISCardFileAccess_Close(files, again), E_INVALIDARG);
    ok_hr(ISCardFileAccess_Close(files, file), S_OK);
    read_file(file, 1, bytes, &hr);
    ok_hr(hr, E_INVALIDARG);
}

static void test_records(void)
{
    HSCARD_FILE file;
    BYTE bytes[300];
    LONG got;
    HRESULT hr;

    fact(GUESS);
    ok_hr(open_file(SC_TYPE_BY_ID, L"3F00/5000/0002", &file), S_OK);
    got = read_file(file, 256, bytes, &hr);
    ok(hr == S_OK && got == 16, "record 1: %#lx, %ld bytes\n", hr, got);
    got = read_file(file, 4, bytes, &hr);
    ok(hr == S_OK && got == 4, "record 2: %#lx, %ld bytes\n", hr, got);
    read_file(file, 256, bytes, &hr);
    ok_hr(hr, SCARD_W_EOF);
    ok_hr(ISCardFileAccess_Seek(files, file, -1, SC_SEEK_FROM_END), S_OK);
    got = read_file(file, 256, bytes, &hr);
    ok(hr == S_OK && got == 16, "last record: %#lx, %ld bytes\n", hr, got);
    ok_hr(ISCardFileAccess_Close(files, file), S_OK);
}

static void test_arguments(void)
{
    IByteBuffer *buffer;
    HSCARD_FILE file;
    LONG bytes;

    fact(DOCUMENTED);
    ok_hr(ISCardFileAccess_Open(files, SC_TYPE_BY_ID, NULL, NULL), E_POINTER);
    fact(GUESS);
    ok_hr(open_file(SC_TYPE_BY_ID, L"3F00/2F05", &file), S_OK);
    bytes = 1;
    ok_hr(ISCardFileAccess_Read(files, file, NULL, &buffer, 0), E_POINTER);
    ok_hr(ISCardFileAccess_Read(files, file, &bytes, NULL, 0), E_POINTER);
    bytes = -1;
    ok_hr(ISCardFileAccess_Read(files, file, &bytes, &buffer, 0), E_INVALIDARG);
    bytes = 1;
    ok_hr(ISCardFileAccess_Read(files, file, &bytes, &buffer, 0x10000), E_INVALIDARG);
    bytes = 1;
    ok_hr(ISCardFileAccess_Read(files, file, &bytes, &buffer, SC_FL_SECURE_MESSAGING),
          SCARD_E_UNSUPPORTED_FEATURE);
    bytes = 1;
    ok_hr(ISCardFileAccess_Read(files, 0, &bytes, &buffer, 0), E_INVALIDARG);
    bytes = 1;
    ok_hr(ISCardFileAccess_Read(files, file + 1000, &bytes, &buffer, 0), E_INVALIDARG);
    ok_hr(ISCardFileAccess_Close(files, 0), E_INVALIDARG);
    ok_hr(ISCardFileAccess_Close(files, file + 1000), E_INVALIDARG);
    ok_hr(ISCardFileAccess_Initialize(files, NULL), E_POINTER);
    ok_hr(ISCardFileAccess_Initialize(files, &bytes), E_NOTIMPL);
    ok_hr(ISCardFileAccess_Close(files, file), S_OK);
}

/* A second FileAccess of the manager has the same current directory. */
static void test_shared_directory(void)
{
    ISCardFileAccess *second, *first = files;

    fact(GUESS);
    ok_hr(ISCardManage_CreateFileAccess(manage, &second), S_OK);
    ok_hr(change_dir(SC_TYPE_BY_ID, L"\\5100"), S_OK);
    files = second;
    expect_dir(L"3F00/5100");
    ok_hr(change_dir(SC_TYPE_BY_ID, L"\\"), S_OK);
    files = first;
    expect_dir(L"3F00");
    ISCardFileAccess_Release(second);
}

/* Detaching ends all files; a handle of before is not one of after. */
static void test_detach(BSTR reader)
{
    HSCARD_FILE file;
    BYTE bytes[8];
    HRESULT hr;

    fact(GUESS);
    ok_hr(open_file(SC_TYPE_BY_ID, L"3F00/2F05", &file), S_OK);
    ok_hr(ISCardManage_Detach(manage), S_OK);
    read_file(file, 1, bytes, &hr);
    ok_hr(hr, SCARD_E_INVALID_HANDLE);
    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), S_OK);
    read_file(file, 1, bytes, &hr);
    ok_hr(hr, E_INVALIDARG);
}

START_TEST(fileaccess)
{
    BSTR reader;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    reader = reader_with_card();
    manage = create_manage();
    ok_hr(ISCardManage_CreateFileAccess(manage, &files), S_OK);
    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), S_OK);
    test_paths();
    test_directories();
    test_transparent();
    test_records();
    test_arguments();
    test_shared_directory();
    test_detach(reader);
    ISCardFileAccess_Release(files);
    ISCardManage_Release(manage);
    SysFreeString(reader);
    CoUninitialize();
}

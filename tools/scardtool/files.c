/*
 * scardtool ls, cat: the files of a card.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

#include <winscard.h>

#include "limit.h"

#define CHUNK 0x4000
/* No file of a card is larger; a card that never ends is not read for ever. */
#define FILE_MAX 0x400000

static const struct
{
    FILETYPE type;
    const WCHAR *name;
} kinds[] =
{
    {SC_TYPE_DIRECTORY_FILE, L"dir"},
    {SC_TYPE_TRANSPARENT_EF, L"transparent"},
    {SC_TYPE_FIXED_EF, L"fixed"},
    {SC_TYPE_CYCLIC_EF, L"cyclic"},
    {SC_TYPE_VARIABLE_EF, L"variable"},
};

/* ---- attaching ---- */

struct access
{
    ISCardManage *manage;
    ISCardFileAccess *files;
};

static void detach(struct access *access)
{
    if (access->files)
        ISCardFileAccess_Release(access->files);
    if (access->manage)
    {
        limit_begin(L"card", LIMIT_SERVICE);
        ISCardManage_Detach(access->manage);
        ISCardManage_Release(access->manage);
        limit_end();
    }
}

/* What it makes is undone by detach, also after a failure. */
static int attach(const struct arguments *arguments, struct access *access)
{
    BSTR reader;
    HRESULT hr;
    int code;

    ZeroMemory(access, sizeof(*access));
    if (!(reader = choose_reader(arguments, &code)))
        return code;
    hr = create_object(&CLSID_SCardManage, &IID_ISCardManage, (void **)&access->manage);
    if (SUCCEEDED(hr))
    {
        limit_begin(L"card", LIMIT_LOCK);
        hr = ISCardManage_AttachByIFD(access->manage, reader, SHARED);
        limit_end();
    }
    if (SUCCEEDED(hr))
        hr = ISCardManage_CreateFileAccess(access->manage, &access->files);
    if (FAILED(hr))
        code = fail(hr, L"%ls", reader);
    SysFreeString(reader);
    return code;
}

/* ---- ls ---- */

static void print_entry(BOOL json, const WCHAR *name, const WCHAR *kind)
{
    if (!json)
    {
        out(L"%-12ls %ls\n", kind, name);
        return;
    }
    json_open(NULL, '{');
    json_text(L"name", name);
    json_text(L"kind", kind);
    json_close();
}

static HRESULT print_kind(ISCardFileAccess *files, unsigned kind, BOOL json)
{
    SAFEARRAY *names;
    HRESULT hr;
    BSTR name;
    LONG i;

    limit_begin(L"command", LIMIT_CARD);
    hr = ISCardFileAccess_Directory(files, kinds[kind].type, &names);
    limit_end();
    if (FAILED(hr))
        return hr;
    for (i = 0; i < array_length(names); i++)
    {
        name = array_text(names, i);
        print_entry(json, name, kinds[kind].name);
        SysFreeString(name);
    }
    SafeArrayDestroy(names);
    return S_OK;
}

/* ISO 7816-4 has no command for it: many cards can list their applications and nothing else. */
static int print_kinds(const struct arguments *arguments, ISCardFileAccess *files,
                       const WCHAR *shown)
{
    unsigned i, missing = 0;
    HRESULT hr = S_OK;

    if (arguments->json)
        json_open(NULL, '[');
    for (i = 0; i < ARRAYSIZE(kinds) && SUCCEEDED(hr); i++)
    {
        hr = print_kind(files, i, arguments->json);
        if (hr != E_NOTIMPL)
            continue;
        missing++;
        hr = S_OK;
    }
    if (arguments->json)
        json_close();
    if (FAILED(hr))
        return fail(hr, L"%ls cannot be listed", shown);
    if (missing == ARRAYSIZE(kinds))
        return fail_text(L"%ls: this card cannot list its files", shown);
    if (missing)
        warn(L"%ls: this card lists its applications only, not its files", shown);
    return EXIT_OK;
}

static int list(const struct arguments *arguments, ISCardFileAccess *files)
{
    BSTR path = arguments->count ? SysAllocString(arguments->texts[0]) : NULL;
    HRESULT hr = S_OK;
    int code;

    limit_begin(L"command", LIMIT_CARD);
    if (path)
        hr = ISCardFileAccess_ChangeDir(files, SC_TYPE_BY_NAME, path);
    limit_end();
    if (FAILED(hr))
        code = fail(hr, L"%ls", path);
    else
        code = print_kinds(arguments, files, path ? path : L"the root directory");
    SysFreeString(path);
    return code;
}

static int run_ls(const struct arguments *arguments)
{
    struct access access;
    int code;

    if (!(code = attach(arguments, &access)))
        code = list(arguments, access.files);
    detach(&access);
    return code;
}

/* ---- cat ---- */

struct content
{
    BYTE *bytes;
    LONG length;
};

static HRESULT append(struct content *content, IByteBuffer *buffer, LONG count)
{
    BYTE *grown, *bytes;
    HRESULT hr;

    if (FAILED(hr = buffer_bytes(buffer, count, &bytes, &count)))
        return hr;
    if ((grown = CoTaskMemRealloc(content->bytes, content->length + count + 1)))
    {
        memcpy(grown + content->length, bytes, count);
        content->bytes = grown;
        content->length += count;
    }
    CoTaskMemFree(bytes);
    return grown ? S_OK : E_OUTOFMEMORY;
}

/* Record by record, or in chunks, up to the end of the file. */
static HRESULT read_file(ISCardFileAccess *files, HSCARD_FILE file, struct content *content)
{
    IByteBuffer *buffer;
    LONG count;
    HRESULT hr;

    do
    {
        count = CHUNK;
        buffer = NULL;
        limit_begin(L"command", LIMIT_CARD);
        hr = ISCardFileAccess_Read(files, file, &count, &buffer, SC_FL_NO_FLAGS);
        limit_end();
        if (SUCCEEDED(hr) && buffer && count)
            hr = append(content, buffer, count);
        if (buffer)
            IByteBuffer_Release(buffer);
    } while (SUCCEEDED(hr) && count && content->length < FILE_MAX);
    return hr == SCARD_W_EOF ? S_OK : hr;
}

static void print_dump(const struct content *content)
{
    LONG at, i;

    for (at = 0; at < content->length; at += 16)
    {
        out(L"%06lX ", at);
        for (i = at; i < at + 16; i++)
        {
            if (i < content->length)
                out(L" %02X", content->bytes[i]);
            else
                out(L"   ");
        }
        out(L"  ");
        for (i = at; i < at + 16 && i < content->length; i++)
            out(L"%lc",
                content->bytes[i] >= 0x20 && content->bytes[i] < 0x7f ? content->bytes[i] : '.');
        out(L"\n");
    }
}

static int print_content(const struct arguments *arguments, const struct content *content)
{
    const WCHAR *name = option(arguments, L"--output");

    if (name)
        return write_file(name, TRUE, content->bytes, content->length);
    if (arguments->json)
    {
        json_open(NULL, '{');
        json_text(L"path", arguments->texts[0]);
        json_number(L"length", content->length);
        json_hex(L"data", content->bytes, content->length);
        json_close();
    }
    else if (option(arguments, L"--hex"))
        print_dump(content);
    else
        out_bytes(content->bytes, content->length);
    return EXIT_OK;
}

static int show(const struct arguments *arguments, ISCardFileAccess *files)
{
    BSTR path = SysAllocString(arguments->texts[0]);
    struct content content = {0};
    HSCARD_FILE file;
    HRESULT hr;
    int code;

    limit_begin(L"command", LIMIT_CARD);
    hr = ISCardFileAccess_Open(files, SC_TYPE_BY_NAME, path, &file);
    limit_end();
    if (SUCCEEDED(hr))
    {
        hr = read_file(files, file, &content);
        ISCardFileAccess_Close(files, file);
    }
    if (hr == E_INVALIDARG)
        code = fail_usage(L"%ls is no path of a file, as 3F00/2F05 or #A000000063/5031 are", path);
    else
        code = FAILED(hr) ? fail(hr, L"%ls", path) : print_content(arguments, &content);
    CoTaskMemFree(content.bytes);
    SysFreeString(path);
    return code;
}

static int run_cat(const struct arguments *arguments)
{
    struct access access;
    int code;

    if (!(code = attach(arguments, &access)))
        code = show(arguments, access.files);
    detach(&access);
    return code;
}

static const struct option ls_options[] = {READER_OPTION, {NULL, NULL, NULL}};

static const struct option cat_options[] =
{
    READER_OPTION,
    {L"--hex", NULL, L"print a hex dump"},
    {L"--output", L"FILE", L"write the bytes to FILE"},
    {NULL, NULL, NULL},
};

const struct command command_ls =
{
    L"ls", L"[PATH]", L"list a directory of a card", 0, 1, ls_options, run_ls,
};

const struct command command_cat =
{
    L"cat", L"PATH", L"print a file of a card", 1, 1, cat_options, run_cat,
};

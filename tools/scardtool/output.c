/*
 * scardtool: text, errors and JSON on the standard output and error.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

#include <stdarg.h>
#include <stdio.h>
#include <winscard.h>

#include "base/trace.h"
#include "iso7816/text.h"

#define LINE_SIZE 4096

/* Why not all of the output was written, 0 when it was. */
static DWORD output_error;

static void put(DWORD handle, const void *bytes, size_t length)
{
    DWORD written = 0;

    if (WriteFile(GetStdHandle(handle), bytes, (DWORD)length, &written, NULL) && written == length)
        return;
    if (handle == STD_OUTPUT_HANDLE && !output_error)
        output_error = written ? ERROR_DISK_FULL : GetLastError();
}

int end_output(int code)
{
    if (code)
        json_finish();
    /* "| head" has what it wants. */
    if (code || !output_error || output_error == ERROR_BROKEN_PIPE ||
        output_error == ERROR_NO_DATA || output_error == ERROR_PIPE_NOT_CONNECTED)
        return code;
    return fail(HRESULT_FROM_WIN32(output_error), L"the standard output");
}

/* Nothing in it can move the terminal's cursor, or break a line but where end stands. */
static void put_ended(DWORD handle, const WCHAR *text, int length, WCHAR end)
{
    char utf8[6 * LINE_SIZE + 1];
    size_t used = 0;
    int at, begin = 0;

    for (at = 0; at <= length; at++)
    {
        if (at < length && text[at] != end)
            continue;
        used += text_show(text + begin, at - begin, "\t", utf8 + used, sizeof(utf8) - used);
        if (at < length)
            utf8[used++] = '\n';
        begin = at + 1;
    }
    put(handle, utf8, used);
}

static void put_text(DWORD handle, const WCHAR *text, int length)
{
    put_ended(handle, text, length, '\n');
}

/* What does not fit in a line's room is cut off. */
static int format_line(WCHAR *line, const WCHAR *format, va_list args)
{
    int length = _vsnwprintf(line, LINE_SIZE, format, args);

    return length < 0 || length > LINE_SIZE ? LINE_SIZE : length;
}

static int count_units(const WCHAR *text, int length, WCHAR unit)
{
    int count = 0;

    while (length--)
        count += *text++ == unit;
    return count;
}

/* The line breaks of the format stay, those of names that stand in it do not. */
static void put_format(DWORD handle, const WCHAR *format, va_list args)
{
    WCHAR line[LINE_SIZE], marked[LINE_SIZE], mark = '\n';
    int length, units = lstrlenW(format), i;
    va_list again;

    va_copy(again, args);
    length = format_line(line, format, args);
    if (count_units(line, length, '\n') > count_units(format, units, '\n') && units < LINE_SIZE)
    {
        for (mark = 0xe000; count_units(line, length, mark); mark++)
            ;
        for (i = 0; i <= units; i++)
            marked[i] = format[i] == '\n' ? mark : format[i];
        length = format_line(line, marked, again);
    }
    va_end(again);
    put_ended(handle, line, length, mark);
}

void out(const WCHAR *format, ...)
{
    va_list args;

    va_start(args, format);
    put_format(STD_OUTPUT_HANDLE, format, args);
    va_end(args);
}

void out_bytes(const void *bytes, size_t length)
{
    put(STD_OUTPUT_HANDLE, bytes, length);
}

void out_hex(const BYTE *bytes, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++)
        out(L"%02X", bytes[i]);
}

/* ---- errors ---- */

static void complain(const WCHAR *prefix, const WCHAR *format, va_list args, const WCHAR *why)
{
    put_text(STD_ERROR_HANDLE, prefix, lstrlenW(prefix));
    put_format(STD_ERROR_HANDLE, format, args);
    put_text(STD_ERROR_HANDLE, why, lstrlenW(why));
    put_text(STD_ERROR_HANDLE, L"\n", 1);
}

#define REASON(code, text) {(HRESULT)(code), text}

static const struct
{
    HRESULT hr;
    const WCHAR *text;
} reasons[] =
{
    REASON(SCARD_E_NO_SERVICE,
           L"the smart card service cannot be reached; scardssp-setup doctor says why"),
    REASON(SCARD_E_SERVICE_STOPPED,
           L"the smart card service ended, or began again; scardssp-setup doctor looks after it"),
    REASON(SCARD_E_NO_READERS_AVAILABLE,
           L"there is no smart card reader; plug it in, or ask scardssp-setup doctor"),
    REASON(SCARD_E_NO_SMARTCARD, L"there is no card in the reader"),
    REASON(SCARD_E_UNKNOWN_READER, L"there is no such reader; scardtool readers lists them"),
    REASON(SCARD_E_READER_UNAVAILABLE, L"the reader is not there any more"),
    REASON(SCARD_E_UNKNOWN_CARD, L"there is no card type of that name; scardtool cards lists them"),
    REASON(SCARD_E_SHARING_VIOLATION, L"another program is using the card"),
    REASON(SCARD_E_PROTO_MISMATCH, L"the card does not speak that protocol"),
    REASON(SCARD_E_FILE_NOT_FOUND, L"there is no such file on the card"),
    REASON(SCARD_E_DIR_NOT_FOUND, L"there is no such directory on the card"),
    REASON(SCARD_E_NO_DIR, L"it is no directory"),
    REASON(SCARD_E_NO_FILE, L"it is no file"),
    REASON(SCARD_E_NO_ACCESS, L"the card does not allow it"),
    REASON(SCARD_W_SECURITY_VIOLATION,
           L"not allowed: by the card, which wants a code, or pcscd closed the connection "
           L"(scardssp-setup doctor tells why)"),
    REASON(SCARD_W_REMOVED_CARD, L"the card was taken out"),
    REASON(SCARD_W_UNRESPONSIVE_CARD, L"the card does not answer; clean it, or turn it round"),
    REASON(SCARD_W_UNPOWERED_CARD, L"the card does not answer; clean it, or turn it round"),
    REASON(SCARD_E_UNSUPPORTED_FEATURE, L"the card or reader does not support it"),
    REASON(E_INVALIDARG, L"an argument is wrong"),
    REASON(E_OUTOFMEMORY, L"out of memory"),
    REASON(E_ACCESSDENIED, L"access denied"),
    REASON(E_NOTIMPL, L"not implemented"),
    REASON(REGDB_E_CLASSNOTREG, L"scardssp.dll is not registered in this prefix"),
    REASON(0x8007007e, L"scardssp.dll was not found; is it installed in this prefix?"),
    REASON(0x80070002, L"the file was not found"),
    REASON(0x80070050, L"there is one of that name already"),
};

const WCHAR *reason(HRESULT hr)
{
    unsigned i;

    for (i = 0; i < ARRAYSIZE(reasons); i++)
        if (reasons[i].hr == hr)
            return reasons[i].text;
    return L"it failed";
}

static int exit_code(HRESULT hr)
{
    switch ((ULONG)hr)
    {
    case SCARD_E_NO_READERS_AVAILABLE:
    case SCARD_E_NO_SMARTCARD:
    case SCARD_E_UNKNOWN_READER:
    case SCARD_E_READER_UNAVAILABLE:
    case SCARD_E_UNKNOWN_CARD:
    case SCARD_E_FILE_NOT_FOUND:
    case (ULONG)0x80070002: /* ERROR_FILE_NOT_FOUND */
    case SCARD_E_DIR_NOT_FOUND: return EXIT_NOT_FOUND;
    }
    return EXIT_FAILED;
}

int fail(HRESULT hr, const WCHAR *format, ...)
{
    WCHAR why[256];
    va_list args;

    _snwprintf(why, ARRAYSIZE(why), L": %ls (%hs)", reason(hr), trace_hr(hr));
    why[ARRAYSIZE(why) - 1] = 0;
    va_start(args, format);
    complain(L"scardtool: ", format, args, why);
    va_end(args);
    return exit_code(hr);
}

int fail_text(const WCHAR *format, ...)
{
    va_list args;

    va_start(args, format);
    complain(L"scardtool: ", format, args, L"");
    va_end(args);
    return EXIT_FAILED;
}

int fail_usage(const WCHAR *format, ...)
{
    va_list args;

    va_start(args, format);
    complain(L"scardtool: ", format, args, L"");
    va_end(args);
    return EXIT_USAGE;
}

void warn(const WCHAR *format, ...)
{
    va_list args;

    va_start(args, format);
    complain(L"scardtool: warning: ", format, args, L"");
    va_end(args);
}

/* ---- JSON ---- */

static BOOL json_expected, json_begun, json_first = TRUE;
static int json_depth;
static WCHAR json_brackets[JSON_DEPTH];

static void json_string(const WCHAR *text)
{
    out(L"\"");
    for (; *text; text++)
    {
        if (*text == '"' || *text == '\\')
            out(L"\\%lc", *text);
        else if (*text < ' ')
            out(L"\\u%04x", *text);
        else if (*text >= 0xd800 && *text < 0xdc00 && text[1] >= 0xdc00 && text[1] < 0xe000)
        {
            put_text(STD_OUTPUT_HANDLE, text, 2);
            text++;
        }
        else if (*text >= 0xd800 && *text < 0xe000)
            out(L"\\u%04x", *text); /* half of a pair has no UTF-8 */
        else
            put_text(STD_OUTPUT_HANDLE, text, 1);
    }
    out(L"\"");
}

void json_expect(void)
{
    json_expected = TRUE;
}

void json_finish(void)
{
    while (json_depth)
        json_close();
    if (json_expected && !json_begun)
        out(L"null\n");
    json_expected = FALSE;
}

static void json_begin(const WCHAR *key)
{
    json_begun = TRUE;
    if (!json_first)
        out(L", ");
    json_first = FALSE;
    if (key)
    {
        json_string(key);
        out(L": ");
    }
}

void json_open(const WCHAR *key, WCHAR bracket)
{
    json_begin(key);
    out(L"%lc", bracket);
    json_first = TRUE;
    json_brackets[json_depth++] = bracket;
}

void json_close(void)
{
    out(json_brackets[--json_depth] == '[' ? L"]" : L"}");
    json_first = FALSE;
    if (!json_depth)
    {
        out(L"\n");
        json_first = TRUE;
    }
}

void json_text(const WCHAR *key, const WCHAR *text)
{
    json_begin(key);
    if (text)
        json_string(text);
    else
        out(L"null");
}

void json_number(const WCHAR *key, long number)
{
    json_begin(key);
    out(L"%ld", number);
}

void json_bool(const WCHAR *key, BOOL value)
{
    json_begin(key);
    out(value ? L"true" : L"false");
}

void json_hex(const WCHAR *key, const BYTE *bytes, size_t length)
{
    json_begin(key);
    out(L"\"");
    out_hex(bytes, length);
    out(L"\"");
}

/*
 * A record of what programs and cards say to each other, for a report without the card.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "recording.h"

#include <stdio.h>

#include "base/logfile.h"
#include "base/product.h"
#include "iso7816/text.h"
#include "base/trace.h"

#define HEADER_SIZE 600
#define NAME_BYTES  200
/* Room for what stands before the text of a line. */
#define PREFIX_SIZE 96

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static HANDLE file = INVALID_HANDLE_VALUE;
static LONG connections;
static ULONG64 began;

/* One write appends whole lines, whatever other threads and processes do. */
static void write_text(const char *text, int length)
{
    static LONG complained;
    DWORD error = GetLastError(), written;

    if ((!WriteFile(file, text, length, &written, NULL) || written != (DWORD)length) &&
        !InterlockedExchange(&complained, 1))
        ERR("SCARDSSP_RECORD: the session is not whole: error %lu", GetLastError());
    SetLastError(error);
}

/* transport: that of the first connection. */
static void write_header(const char *transport)
{
    WCHAR program[MAX_PATH] = L"";
    char name[NAME_BYTES], product[PRODUCT_TEXT], line[HEADER_SIZE];
    const WCHAR *at = program + GetModuleFileNameW(NULL, program, ARRAYSIZE(program) - 1);
    int length;

    while (at > program && at[-1] != '\\')
        at--;
    text_show(at, lstrlenW(at), "", name, sizeof(name));
    product_text(product);
    length =
        snprintf(line, sizeof(line), "# scardssp session 2, process %04lx: %s\n# %s, over %s\n",
                 GetCurrentProcessId(), name, product, transport);
    write_text(line, length);
}

static BOOL CALLBACK open_file(INIT_ONCE *unused, void *parameter, void **context)
{
    char fault[LOGFILE_FAULT];

    began = product_time();
    file = logfile_open(L"SCARDSSP_RECORD", fault);
    if (fault[0])
        ERR("SCARDSSP_RECORD is not written: %s", fault);
    else if (file != INVALID_HANDLE_VALUE)
        write_header(parameter);
    return TRUE;
}

void recording_cleanup(void)
{
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    file = INVALID_HANDLE_VALUE;
}

LONG recording_connection(const char *transport)
{
    InitOnceExecuteOnce(&once, open_file, (void *)transport, NULL);
    return file == INVALID_HANDLE_VALUE ? 0 : InterlockedIncrement(&connections);
}

static size_t put_line(LONG number, ULONG64 time, const char *word, const char *text, char *out,
                       size_t size)
{
    ULONG64 since = time - began;

    return snprintf(out, size, "%04lx.%ld %lu.%06lu %s %s\n", GetCurrentProcessId(), number,
                    (ULONG)(since / 1000000), (ULONG)(since % 1000000), word, text);
}

/* command may be NULL. */
static void write_lines(LONG number, ULONG64 sent, const char *command, const char *word,
                        const char *text)
{
    size_t size = strlen(command ? command : "") + strlen(text) + 2 * PREFIX_SIZE, at = 0;
    char *lines;

    if (!number || !(lines = HeapAlloc(GetProcessHeap(), 0, size)))
        return;
    if (command)
        at = put_line(number, sent, ">", command, lines, size);
    at += put_line(number, product_time(), word, text, lines + at, size - at);
    write_text(lines, (int)at);
    HeapFree(GetProcessHeap(), 0, lines);
}

void recording_line(LONG number, const char *word, const char *text)
{
    write_lines(number, 0, NULL, word, text);
}

void recording_exchange(LONG number, ULONG64 sent, const char *command, const char *word,
                        const char *text)
{
    write_lines(number, sent, command, word, text);
}

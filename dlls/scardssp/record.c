/*
 * A record of what programs and cards say to each other, for a report without the card.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "record.h"

#include <stdio.h>

#include "apdu.h"
#include "environment.h"
#include "hex.h"
#include "result.h"
#include "trace.h"

#define HEADER_SIZE 400
#define NAME_BYTES 512

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static HANDLE file = INVALID_HANDLE_VALUE;
static LONG connections;

/* One write appends whole lines, whatever other threads and processes do. */
static void write_text(const char *text, int length)
{
    static LONG complained;
    DWORD error = GetLastError(), written;

    if ((!WriteFile(file, text, length, &written, NULL) || written != (DWORD)length)
        && !InterlockedExchange(&complained, 1))
        ERR("SCARDSSP_RECORD: the session is not whole: error %lu", GetLastError());
    SetLastError(error);
}

static void write_header(void)
{
    WCHAR program[MAX_PATH] = L"";
    char name[MAX_PATH * 3], line[HEADER_SIZE];
    const WCHAR *at = program + GetModuleFileNameW(NULL, program, ARRAYSIZE(program) - 1);
    int length;

    while (at > program && at[-1] != '\\')
        at--;
    if (!WideCharToMultiByte(CP_UTF8, 0, at, -1, name, sizeof(name), NULL, NULL))
        name[0] = 0;
    length = snprintf(line, sizeof(line), "# scardssp session 1, process %04lx: %.200s\n",
                      GetCurrentProcessId(), name);
    write_text(line, length);
}

static BOOL CALLBACK open_file(INIT_ONCE *unused, void *parameter, void **context)
{
    WCHAR *path = environment_path(L"SCARDSSP_RECORD");

    (void)unused, (void)parameter, (void)context;
    if (!path)
        return TRUE;
    file = CreateFileW(path, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                       OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        ERR("SCARDSSP_RECORD: %s cannot be written: %lu", trace_wstr(path), GetLastError());
    else
        write_header();
    HeapFree(GetProcessHeap(), 0, path);
    return TRUE;
}

void record_cleanup(void)
{
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    file = INVALID_HANDLE_VALUE;
}

static int prefix(LONG number, char *line, size_t size)
{
    return snprintf(line, size, "%04lx.%ld", GetCurrentProcessId(), number);
}

static const char *protocol_name(DWORD protocol)
{
    switch (protocol)
    {
    case TRANSPORT_PROTOCOL_T0: return "T0";
    case TRANSPORT_PROTOCOL_T1: return "T1";
    case TRANSPORT_PROTOCOL_RAW: return "RAW";
    default: return "none";
    }
}

void record_connect(struct recording *recording, const WCHAR *reader, DWORD share,
                    const struct transport_status *status)
{
    static const char *const shares[] = {"exclusive", "shared", "direct"};
    char line[HEADER_SIZE + NAME_BYTES], atr[2 * TRANSPORT_ATR_SIZE + 4], name[NAME_BYTES] = "";
    int length;

    InitOnceExecuteOnce(&once, open_file, NULL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return;
    recording->number = InterlockedIncrement(&connections);
    recording->open_answer = FALSE;
    hex_format(status->atr, status->atr_length, atr, sizeof(atr));
    if (!WideCharToMultiByte(CP_UTF8, 0, reader, -1, name, sizeof(name), NULL, NULL))
        name[0] = 0;
    length = prefix(recording->number, line, sizeof(line));
    length += snprintf(line + length, sizeof(line) - length, " connect %s %s ATR %s reader %s\n",
                       share >= 1 && share <= 3 ? shares[share - 1] : "unknown",
                       protocol_name(status->protocol), status->atr_length ? atr : "none", name);
    write_text(line, length);
}

/* Whether the data of a reply may be shown; remembers it for the GET RESPONSE that follows. */
static BOOL may_show(struct recording *recording, const BYTE *command, DWORD length,
                     const BYTE *reply, DWORD reply_length)
{
    BYTE sw1 = reply_length >= 2 ? reply[reply_length - 2] : 0;
    struct apdu apdu;
    BOOL parsed = apdu_parse(command, length, &apdu) == ISO_OK;
    BOOL fetches = parsed && (apdu.ins & 0xFE) == 0xC0;
    BOOL show = fetches ? recording->open_answer : parsed && !apdu_is_secret(&apdu);

    /* After a wrong Le the answer is still there. */
    if (!fetches || sw1 != 0x6C)
        recording->open_answer = show && (sw1 == 0x61 || sw1 == 0x9F);
    return show;
}

/* Returns the length of the line, without its start. */
static size_t put_reply(struct recording *recording, const BYTE *command, DWORD command_length,
                        const BYTE *reply, DWORD reply_length, char *text, size_t size)
{
    /* A SELECT: nothing of its reply is hidden. */
    static const BYTE harmless[] = {0x00, 0xA4, 0x00, 0x00};
    size_t at = snprintf(text, size, " < ");

    if (may_show(recording, command, command_length, reply, reply_length))
        return at + hex_format_reply(harmless, sizeof(harmless), reply, reply_length, text + at,
                                     size - at);
    return at + hex_format_reply(command, command_length, reply, reply_length, text + at,
                                 size - at);
}

/* Both lines in one write, so that no other thread's stand between them. */
void record_exchange(struct recording *recording, const BYTE *command, DWORD command_length,
                     const BYTE *reply, DWORD reply_length, LONG result)
{
    size_t size = 2 * ((size_t)command_length + reply_length) + 256, at;
    char *text;

    if (!recording->number || !(text = HeapAlloc(GetProcessHeap(), 0, size)))
        return;
    at = prefix(recording->number, text, size);
    at += snprintf(text + at, size - at, " > ");
    at += hex_format_command(command, command_length, text + at, size - at);
    at += snprintf(text + at, size - at, "\n");
    at += prefix(recording->number, text + at, size - at);
    if (result)
    {
        recording->open_answer = FALSE;
        at += snprintf(text + at, size - at, " ! %08lx", (DWORD)result);
    }
    else
        at += put_reply(recording, command, command_length, reply, reply_length, text + at,
                        size - at);
    at += snprintf(text + at, size - at, "\n");
    write_text(text, (int)at);
    HeapFree(GetProcessHeap(), 0, text);
}

void record_event(const struct recording *recording, const char *word, DWORD value, LONG result)
{
    char line[HEADER_SIZE];
    int length;

    if (!recording->number)
        return;
    length = prefix(recording->number, line, sizeof(line));
    length += snprintf(line + length, sizeof(line) - length, " %s %lx: %08lx\n", word, value,
                       (DWORD)result);
    write_text(line, length);
}

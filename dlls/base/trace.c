/*
 * The destinations of trace lines, and the text of values in them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Wine's debug functions are looked up at run time, so that the DLL loads on Windows too.
 */

#include "trace.h"

#include <stdarg.h>
#include <stdio.h>

#include "error.h"
#include "logfile.h"
#include "product.h"
#include "iso7816/text.h"

#define LINE_SIZE   1024
#define BUFFERS     8
#define BUFFER_SIZE 200
/* A long text is split into lines of this many bytes. */
#define SLICE 512

/* Wine's struct __wine_debug_channel: one bit for each class; all bits set means not queried
 * yet. */
struct channel
{
    unsigned char flags;
    char name[15];
};

static struct
{
    unsigned char(__cdecl *get_channel_flags)(struct channel *channel);
    int(__cdecl *header)(int class, struct channel *channel, const char *function);
    int(__cdecl *output)(const char *text);
} wine;

static struct channel channels[TRACE_CHANNELS] = {{0xff, "scardssp"}, {0xff, "winscard"}};
static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static HANDLE file = INVALID_HANDLE_VALUE;
static DWORD buffers_slot = FLS_OUT_OF_INDEXES;
static ULONG64 began;
static char fault[LOGFILE_FAULT]; /* why there is no file; "" when nothing is wrong */

static const char *const class_names[] = {"fixme", "err", "warn", "trace"};

/* The buffers of one thread. */
struct buffers
{
    unsigned next;
    char text[BUFFERS][BUFFER_SIZE];
};

static void CALLBACK free_buffers(void *buffers)
{
    HeapFree(GetProcessHeap(), 0, buffers);
}

/* Casts by way of a general function pointer, which tells the compiler that the type is
 * intended. */
#define LOOK_UP(member, name) \
    (wine.member = (__typeof__(wine.member))(void (*)(void))GetProcAddress(ntdll, name))

static BOOL CALLBACK initialize(INIT_ONCE *unused, void *parameter, void **context)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");

    if (!LOOK_UP(get_channel_flags, "__wine_dbg_get_channel_flags") ||
        !LOOK_UP(header, "__wine_dbg_header") || !LOOK_UP(output, "__wine_dbg_output"))
        wine.output = NULL;
    file = logfile_open(L"SCARDSSP_TRACE", fault);
    began = product_time();
    buffers_slot = FlsAlloc(free_buffers);
    return TRUE;
}

static void start(void)
{
    static LONG told;
    char text[PRODUCT_TEXT];

    InitOnceExecuteOnce(&once, initialize, NULL, NULL);
    if (told || InterlockedExchange(&told, 1))
        return;
    product_text(text);
    TRACE("process %04lx: %s", GetCurrentProcessId(), text);
    if (fault[0])
        ERR("SCARDSSP_TRACE is not written: %s", fault);
}

void trace_cleanup(void)
{
    if (buffers_slot != FLS_OUT_OF_INDEXES)
        FlsFree(buffers_slot);
    buffers_slot = FLS_OUT_OF_INDEXES;
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    file = INVALID_HANDLE_VALUE;
}

/* ---- destinations ---- */

static int wine_wants(enum trace_channel channel, enum trace_class class)
{
    return wine.output && (wine.get_channel_flags(&channels[channel]) & (1 << class));
}

/* Without Wine a debugger gets only what matters to everybody. */
static int debugger_wants(enum trace_class class)
{
    return !wine.output && class <= TRACE_ERR && IsDebuggerPresent();
}

int trace_channel_enabled(enum trace_channel channel, enum trace_class class)
{
    start();
    return file != INVALID_HANDLE_VALUE || wine_wants(channel, class) || debugger_wants(class);
}

static void write_file(enum trace_channel channel, enum trace_class class, const char *function,
                       const char *text)
{
    ULONG64 since = product_time() - began;
    char line[LINE_SIZE + 160];
    DWORD written;
    int length;

    length = snprintf(line, sizeof(line), "%lu.%06lu:%04lx:%s:%s:%s %s", (ULONG)(since / 1000000),
                      (ULONG)(since % 1000000), GetCurrentThreadId(), class_names[class],
                      channels[channel].name, function, text);
    if (length >= (int)sizeof(line))
        length = sizeof(line) - 1;
    /* A single write appends a whole line, whatever other threads and processes do. */
    WriteFile(file, line, length, &written, NULL);
}

void trace_channel_line(enum trace_channel channel, enum trace_class class, const char *function,
                        const char *format, ...)
{
    char text[LINE_SIZE];
    DWORD error = GetLastError();
    va_list args;
    int length;

    start();
    va_start(args, format);
    length = vsnprintf(text, sizeof(text) - 1, format, args);
    va_end(args);
    if (length < 0 || length > (int)sizeof(text) - 2)
        length = sizeof(text) - 2;
    text[length] = 0;
    text_clean(text);
    text[length] = '\n';
    text[length + 1] = 0;
    if (wine_wants(channel, class) && wine.header(class, &channels[channel], function) != -1)
        wine.output(text);
    if (debugger_wants(class))
        OutputDebugStringA(text);
    if (file != INVALID_HANDLE_VALUE)
        write_file(channel, class, function, text);
    SetLastError(error);
}

void trace_complain(const char *text)
{
    static LONG done;

    if (text[0] && !InterlockedExchange(&done, 1))
        ERR("%s", text);
}

/* ---- values ---- */

/* Returns one of this thread's few buffers of BUFFER_SIZE bytes, which are reused in turn. */
static char *next_buffer(void)
{
    static char fallback[BUFFER_SIZE];
    struct buffers *buffers = NULL;

    start();
    if (buffers_slot != FLS_OUT_OF_INDEXES && !(buffers = FlsGetValue(buffers_slot)) &&
        (buffers = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*buffers))))
        FlsSetValue(buffers_slot, buffers);
    if (!buffers)
        return fallback;
    return buffers->text[buffers->next++ % BUFFERS];
}

const char *trace_wstr(const WCHAR *string)
{
    char *text, *out, *end;

    if (!string)
        return "(null)";
    text = out = next_buffer();
    end = text + BUFFER_SIZE - 12;
    *out++ = 'L';
    *out++ = '"';
    for (; *string && out < end; string++)
    {
        if (*string == '"' || *string == '\\')
        {
            *out++ = '\\';
            *out++ = (char)*string;
        }
        else if (*string >= ' ' && *string < 0x7f)
            *out++ = (char)*string;
        else
            out += sprintf(out, "\\%04x", *string);
    }
    strcpy(out, *string ? "\"..." : "\"");
    return text;
}

const char *trace_hr(HRESULT hr)
{
    const char *name = error_name(hr);
    char *text;

    if (name)
        return name;
    text = next_buffer();
    snprintf(text, BUFFER_SIZE, "0x%08lx", (unsigned long)hr);
    return text;
}

HRESULT trace_result(const char *function, HRESULT hr)
{
    if (trace_enabled(TRACE_TRACE))
        trace_line(TRACE_TRACE, function, "-> %s", trace_hr(hr));
    return hr;
}

void trace_text(const char *function, const char *name, const char *text)
{
    size_t length = strlen(text), done;

    if (!trace_enabled(TRACE_TRACE))
        return;
    for (done = 0; !done || done < length; done += SLICE)
        trace_line(TRACE_TRACE, function, "%s %.*s", done ? "..." : name, SLICE, text + done);
}

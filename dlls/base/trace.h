/*
 * The trace: Wine's debug channels "scardssp" and "winscard" under Wine, a file or the debugger
 * elsewhere.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Under Wine, WINEDEBUG decides what is shown (+scardssp; err and fixme are on by default). The
 * environment variable SCARDSSP_TRACE names a file that gets the same lines, on Windows and under
 * Wine, each with the seconds since the first line, which gives the version, Wine's version, the
 * width and the date. No setting shows what may be secret: observer.h decides that for commands and
 * replies.
 */

#ifndef BASE_TRACE_H
#define BASE_TRACE_H

#include <windows.h>

enum trace_class
{
    TRACE_FIXME,
    TRACE_ERR,
    TRACE_WARN,
    TRACE_TRACE
};

/* A file whose lines are winscard.dll's defines TRACE_CHANNEL before it includes this header. */
enum trace_channel
{
    TRACE_SCARDSSP,
    TRACE_WINSCARD,
    TRACE_CHANNELS
};
#ifndef TRACE_CHANNEL
#define TRACE_CHANNEL TRACE_SCARDSSP
#endif

/* Non-zero when lines of this class go anywhere; cheap after the first call. */
int trace_channel_enabled(enum trace_channel channel, enum trace_class class);
#define trace_enabled(class) trace_channel_enabled(TRACE_CHANNEL, class)

/* One line, printf style, at most 1 KiB; the newline is added. */
void trace_channel_line(enum trace_channel channel, enum trace_class class, const char *function,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));
#define trace_line(class, ...) trace_channel_line(TRACE_CHANNEL, class, __VA_ARGS__)

#define TRACE_AS(class, ...) \
    do \
    { \
        if (trace_enabled(class)) \
            trace_line(class, __func__, __VA_ARGS__); \
    } \
    while (0)
#define TRACE(...) TRACE_AS(TRACE_TRACE, __VA_ARGS__)
#define WARN(...)  TRACE_AS(TRACE_WARN, __VA_ARGS__)
#define ERR(...)   TRACE_AS(TRACE_ERR, __VA_ARGS__)
#define FIXME(...) TRACE_AS(TRACE_FIXME, __VA_ARGS__)

/* Writes the err line about a card layer that cannot be used: once in a process, and not for "". */
void trace_complain(const char *text);

/* A UTF-16 string in quotes, escaped and shortened, in one of this thread's few buffers. */
const char *trace_wstr(const WCHAR *string);

/* The name that error_name gives a code, or "0x%08lx" in such a buffer. */
const char *trace_hr(HRESULT hr);

/* Traces the HRESULT that a method returns, by name, and passes it on. */
HRESULT trace_result(const char *function, HRESULT hr);
#define RETURN(hr) return trace_result(__func__, (hr))

/* Traces a name and a text of any length; what does not fit in a line continues on the next. */
void trace_text(const char *function, const char *name, const char *text);

/* Frees the buffers of all threads and closes the file. Call it only while the DLL is unloaded. */
void trace_cleanup(void);

#endif

/*
 * The report on the DLL's way to the cards, for scardssp-probe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <winscard.h>

#include "transport.h"
#include "pcsc/unix/caller.h"

struct lines
{
    char *text;
    DWORD size, length;
    BOOL full;
};

/* Replaces line breaks by spaces: a value is one line. */
static void flatten(char *text)
{
    for (; *text; text++)
        if (*text == '\n' || *text == '\r')
            *text = ' ';
}

/* Adds key=value. */
static void add(struct lines *lines, const char *key, const char *format, ...)
{
    char value[UNIX_TEXT_SIZE];
    va_list args;
    int length;

    va_start(args, format);
    vsnprintf(value, sizeof(value), format, args);
    va_end(args);
    flatten(value);
    length =
        snprintf(lines->text + lines->length, lines->size - lines->length, "%s=%s\n", key, value);
    if (length < 0 || (DWORD)length >= lines->size - lines->length)
        lines->full = TRUE;
    else
        lines->length += length;
}

static void add_result(struct lines *lines, const char *key, LONG result)
{
    add(lines, key, "0x%08lx", result);
}

static void add_text(struct lines *lines, const char *key, const char *text)
{
    if (text[0])
        add(lines, key, "%s", text);
}

static LONG add_unix(struct lines *lines)
{
    struct unix_query query = {0};
    const char *text;
    LONG result = unixcall_start(&text);

    add_result(lines, "unix.result", result);
    if (unixcall_abi())
        add(lines, "unix.abi", "%u", unixcall_abi());
    if (result)
    {
        add_text(lines, "unix.text", text);
        return result;
    }
    /* The result is that of loading libpcsclite, which every call tries again. */
    UNIXCALL(UNIX_QUERY, query);
    add_text(lines, "unix.text", query.text);
    add(lines, "unix.file", "%s", query.self);
    add(lines, "pcsclite.name", "%s", query.library);
    add(lines, "pcsclite.file", "%s", query.file);
    add(lines, "socket", "%s", query.socket);
    return SCARD_S_SUCCESS;
}

/* Only the unix half can add a text to the result. */
static void add_service(struct lines *lines, const struct transport_ops *transport, BOOL has_unix)
{
    struct unix_establish params = {0};
    transport_id context;
    LONG result;

    if (transport != &transport_unix || !has_unix)
        result = transport->establish(&context);
    else
    {
        result = UNIXCALL(UNIX_ESTABLISH, params);
        context = params.context;
    }
    add_result(lines, "service.result", result);
    add_text(lines, "service.text", params.text);
    if (!result)
        transport->release(context);
}

LONG WINAPI ScardsspQuery(char *text, DWORD size)
{
    struct lines lines = {text, size, 0, FALSE};
    const struct transport_ops *transport;
    BOOL has_unix;

    if (!text || !size)
        return ERROR_INSUFFICIENT_BUFFER;
    text[0] = 0;
    transport = transport_default();
    add(&lines, "abi", "%u", UNIX_ABI);
    add(&lines, "version", "%s", PACKAGE_VERSION);
    add(&lines, "transport", "%s", transport->name);
    has_unix = !add_unix(&lines);
    add_service(&lines, transport, has_unix);
    if (!lines.full)
        return SCARD_S_SUCCESS;
    text[0] = 0;
    return ERROR_INSUFFICIENT_BUFFER;
}

/*
 * What is in winscard.dll since Vista, and what is there for other reasons than cards.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pcsc-lite knows no device of a reader: an instance id is "" for every one, and none has an icon.
 */

#define WINSCARDDATA /* the data are defined here */
#include "later.h"

#include "pcsc/connection.h"
#include "pcsc/readers.h"
#include "readers.h"
#include "strings.h"

/* setupapi.h: the class installer leaves it to the default. */
#define DO_DEFAULT 0xe000020eu

const SCARD_IO_REQUEST g_rgSCardT0Pci = {SCARD_PROTOCOL_T0, sizeof(SCARD_IO_REQUEST)};
const SCARD_IO_REQUEST g_rgSCardT1Pci = {SCARD_PROTOCOL_T1, sizeof(SCARD_IO_REQUEST)};
const SCARD_IO_REQUEST g_rgSCardRawPci = {SCARD_PROTOCOL_RAW, sizeof(SCARD_IO_REQUEST)};

const SCARD_IO_REQUEST *WINAPI SCardPciT0(void)
{
    return &g_rgSCardT0Pci;
}

const SCARD_IO_REQUEST *WINAPI SCardPciT1(void)
{
    return &g_rgSCardT1Pci;
}

const SCARD_IO_REQUEST *WINAPI SCardPciRaw(void)
{
    return &g_rgSCardRawPci;
}

DWORD WINAPI ClassInstall32(UINT function, HANDLE devices, void *device)
{
    TRACE("function %u", function);
    return DO_DEFAULT;
}

/* ---- readers ---- */

/* SCARD_E_UNKNOWN_READER; an alias is a reader. */
static LONG check_reader(const struct pcsc_context *context, const WCHAR *reader)
{
    WCHAR *readers, *at;
    LONG result;

    if ((result = call_context_result(readers_list(context, &readers))))
        return result;
    for (at = readers; *at && wcscmp(at, reader); at += lstrlenW(at) + 1)
        ;
    result = *at ? SCARD_S_SUCCESS : (LONG)SCARD_E_UNKNOWN_READER;
    HeapFree(GetProcessHeap(), 0, readers);
    return result;
}

static LONG check_arguments(SCARDCONTEXT value, const void *reader, BOOL ansi, const void *out)
{
    struct pcsc_context *context;
    WCHAR *name;
    LONG result;

    if ((result = call_context(value, FALSE, &context)))
        return result;
    if (!reader || !out)
        result = SCARD_E_INVALID_PARAMETER;
    else if (!(result = readers_take_name(context, reader, ansi, &name)))
    {
        result = check_reader(context, name);
        HeapFree(GetProcessHeap(), 0, name);
    }
    context_release(context);
    return result;
}

static LONG get_icon(SCARDCONTEXT context, const void *reader, BOOL ansi, DWORD *length)
{
    LONG result = check_arguments(context, reader, ansi, length);

    return result ? result : (LONG)SCARD_E_UNSUPPORTED_FEATURE;
}

LONG WINAPI SCardGetReaderIconA(SCARDCONTEXT context, const char *reader, BYTE *icon, DWORD *length)
{
    CALL_RETURN(get_icon(context, reader, TRUE, length));
}

LONG WINAPI SCardGetReaderIconW(SCARDCONTEXT context, const WCHAR *reader, BYTE *icon,
                                DWORD *length)
{
    CALL_RETURN(get_icon(context, reader, FALSE, length));
}

static LONG get_type(SCARDCONTEXT context, const void *reader, BOOL ansi, DWORD *type)
{
    LONG result = check_arguments(context, reader, ansi, type);

    if (!result)
        *type = READER_TYPE_VENDOR;
    return result;
}

LONG WINAPI SCardGetDeviceTypeIdA(SCARDCONTEXT context, const char *reader, DWORD *type)
{
    CALL_RETURN(get_type(context, reader, TRUE, type));
}

LONG WINAPI SCardGetDeviceTypeIdW(SCARDCONTEXT context, const WCHAR *reader, DWORD *type)
{
    CALL_RETURN(get_type(context, reader, FALSE, type));
}

static LONG get_instance(SCARDCONTEXT context, const void *reader, BOOL ansi, void *id,
                         DWORD *length)
{
    LONG result = check_arguments(context, reader, ansi, length);

    return result ? result : strings_give(L"", 1, ansi, id, length);
}

LONG WINAPI SCardGetReaderDeviceInstanceIdA(SCARDCONTEXT context, const char *reader, char *id,
                                            DWORD *length)
{
    CALL_RETURN(get_instance(context, reader, TRUE, id, length));
}

LONG WINAPI SCardGetReaderDeviceInstanceIdW(SCARDCONTEXT context, const WCHAR *reader, WCHAR *id,
                                            DWORD *length)
{
    CALL_RETURN(get_instance(context, reader, FALSE, id, length));
}

/* No reader has an id that is not "". */
static LONG list_by_instance(SCARDCONTEXT value, const void *id, const DWORD *length)
{
    struct pcsc_context *context;
    LONG result;

    if ((result = call_context(value, FALSE, &context)))
        return result;
    context_release(context);
    return id && length ? SCARD_E_NO_READERS_AVAILABLE : SCARD_E_INVALID_PARAMETER;
}

LONG WINAPI SCardListReadersWithDeviceInstanceIdA(SCARDCONTEXT context, const char *id,
                                                  char *readers, DWORD *length)
{
    CALL_RETURN(list_by_instance(context, id, length));
}

LONG WINAPI SCardListReadersWithDeviceInstanceIdW(SCARDCONTEXT context, const WCHAR *id,
                                                  WCHAR *readers, DWORD *length)
{
    CALL_RETURN(list_by_instance(context, id, length));
}

/* ---- the rest ---- */

LONG WINAPI SCardAudit(SCARDCONTEXT value, DWORD event)
{
    struct pcsc_context *context;
    LONG result;

    if (!(result = call_context(value, FALSE, &context)))
    {
        context_release(context);
        if (event != AUDIT_FAILURE && event != AUDIT_SUCCESS)
            result = SCARD_E_INVALID_PARAMETER;
    }
    CALL_RETURN(result);
}

LONG WINAPI SCardGetTransmitCount(SCARDHANDLE card, DWORD *count)
{
    struct connection *connection = connection_find(card);
    LONG result = ERROR_INVALID_HANDLE;

    if (connection)
    {
        result = SCARD_E_INVALID_PARAMETER;
        if (count)
        {
            *count = connection_transmits(connection);
            result = SCARD_S_SUCCESS;
        }
        connection_release(connection);
    }
    CALL_RETURN(result);
}

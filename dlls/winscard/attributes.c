/*
 * Attributes of readers: SCardGetAttrib, SCardSetAttrib.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Windows' resource manager answers some itself, which pcsc-lite leaves to drivers that do not know
 * them. Those a driver answers are the driver's.
 */

#include "cards.h"

#include "memory.h"
#include "strings.h"

/* pcsc-lite moves attributes of this size at most. */
#define VALUE_MAX 264u

#define CARD_SWALLOWED 2 /* or present, in a reader that does not swallow */

/* ---- those that are answered here ---- */

/* A string of the code page, or of UTF-16, with its NUL; lengths are bytes. */
static LONG give_name(const struct connection *connection, BOOL ansi, BYTE *value, DWORD *length)
{
    DWORD units = lstrlenW(connection->reader) + 1;

    if (ansi)
        return strings_give(connection->reader, units, TRUE, value, length);
    return memory_give(connection->reader, units * sizeof(WCHAR), 1, value, length);
}

static LONG give_number(DWORD number, DWORD size, BYTE *value, DWORD *length)
{
    return memory_give(&number, size, 1, value, length);
}

/* Those about the card, by its status. */
static LONG give_card(struct connection *connection, DWORD attribute, BYTE *value, DWORD *length)
{
    struct transport_status status;
    LONG result;

    if ((result = card_status(connection, &status)))
        return result;
    switch (attribute)
    {
    case SCARD_ATTR_ATR_STRING: return memory_give(status.atr, status.atr_length, 1, value, length);
    case SCARD_ATTR_CURRENT_PROTOCOL_TYPE:
        return give_number(status.protocol, sizeof(DWORD), value, length);
    case SCARD_ATTR_ICC_PRESENCE:
        return give_number(status.state > SCARD_ABSENT ? CARD_SWALLOWED : 0, 1, value, length);
    default: return give_number(status.atr_length != 0, 1, value, length);
    }
}

/* What the driver does not answer. */
static LONG give_own(struct connection *connection, DWORD attribute, BYTE *value, DWORD *length)
{
    switch (attribute)
    {
    case SCARD_ATTR_DEVICE_FRIENDLY_NAME_A:
    case SCARD_ATTR_DEVICE_SYSTEM_NAME_A: return give_name(connection, TRUE, value, length);
    case SCARD_ATTR_DEVICE_FRIENDLY_NAME_W:
    case SCARD_ATTR_DEVICE_SYSTEM_NAME_W: return give_name(connection, FALSE, value, length);
    case SCARD_ATTR_DEVICE_UNIT: return give_number(0, sizeof(DWORD), value, length);
    case SCARD_ATTR_ATR_STRING:
    case SCARD_ATTR_CURRENT_PROTOCOL_TYPE:
    case SCARD_ATTR_ICC_PRESENCE:
    case SCARD_ATTR_ICC_INTERFACE_STATUS: return give_card(connection, attribute, value, length);
    default: return SCARD_E_UNSUPPORTED_FEATURE;
    }
}

/* Names are the system's own: a driver's are of the code page, if it has any. */
static BOOL is_name(DWORD attribute)
{
    return attribute >= SCARD_ATTR_DEVICE_FRIENDLY_NAME_A &&
           attribute <= SCARD_ATTR_DEVICE_SYSTEM_NAME_W;
}

static LONG get_attribute(struct connection *connection, DWORD attribute, BYTE *value,
                          DWORD *length)
{
    BYTE driver[VALUE_MAX];
    DWORD size = sizeof(driver);
    LONG result = SCARD_E_UNSUPPORTED_FEATURE;

    if (!length)
        return SCARD_E_INVALID_PARAMETER;
    if (!is_name(attribute))
        result =
            card_result(connection, connection_get_attrib(connection, attribute, driver, &size));
    if (!result)
        return memory_give(driver, size, 1, value, length);
    return result == (LONG)SCARD_E_UNSUPPORTED_FEATURE
               ? give_own(connection, attribute, value, length)
               : result;
}

/* ---- the functions ---- */

LONG WINAPI SCardGetAttrib(SCARDHANDLE card, DWORD attribute, BYTE *value, DWORD *length)
{
    struct connection *connection = connection_find(card);
    LONG result = ERROR_INVALID_HANDLE;

    TRACE("%p, %lx", (void *)card, attribute);
    if (connection)
    {
        result = get_attribute(connection, attribute, value, length);
        connection_release(connection);
    }
    CALL_RETURN(result);
}

LONG WINAPI SCardSetAttrib(SCARDHANDLE card, DWORD attribute, const BYTE *value, DWORD length)
{
    struct connection *connection = connection_find(card);
    LONG result = ERROR_INVALID_HANDLE;

    TRACE("%p, %lx, %lu bytes", (void *)card, attribute, length);
    if (connection)
    {
        result = SCARD_E_INVALID_PARAMETER;
        if (value && length)
            result = card_result(connection,
                                 connection_set_attrib(connection, attribute, value, length));
        connection_release(connection);
    }
    CALL_RETURN(result);
}

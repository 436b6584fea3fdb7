/*
 * A command APDU that does not change, shared by count.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "command.h"

#include "iso7816/secrecy.h"
#include "iso7816/wipe.h"

HRESULT command_create(const struct apdu *apdu, struct command **out)
{
    struct command *command;

    *out = NULL;
    if (apdu->nc > APDU_MAX_LC || apdu->ne > APDU_MAX_NE)
        return E_INVALIDARG;
    if (!(command = CoTaskMemAlloc(sizeof(*command) + apdu->nc)))
        return E_OUTOFMEMORY;
    command->refs = 1;
    command->apdu = *apdu;
    command->apdu.data = apdu->nc ? command->data : NULL;
    if (apdu->nc)
        CopyMemory(command->data, apdu->data, apdu->nc);
    command->secret = secrecy_possible(&command->apdu) != 0;
    *out = command;
    return S_OK;
}

void command_release(struct command *command)
{
    if (!command || InterlockedDecrement(&command->refs))
        return;
    if (command->secret)
        wipe(command->data, command->apdu.nc);
    CoTaskMemFree(command);
}

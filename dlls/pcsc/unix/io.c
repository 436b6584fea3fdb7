/*
 * Exchanges with a connected card or reader: commands, status, control, attributes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * libpcsclite read()s replies straight into the caller's buffer, and read() fails on memory that
 * the caller's garbage collector watches. All data therefore go through memory of the unix half,
 * which is wiped because it may have held a secret.
 *
 * Wine turns a fault on the caller's pointer into an error and abandons the call. The caller's
 * memory is therefore touched only while nothing but that buffer is held.
 */

#include "card.h"

#include <stdlib.h>
#include <string.h>

#include "iso7816/wipe.h"

/* The largest attribute that pcsc-lite transfers (its MAX_BUFFER_SIZE). */
#define ATTRIB_MAX 264
/* The least room for a reply, so that one that is too long for the caller can be recognised. */
#define REPLY_MIN 512

static void *caller(uint64_t address)
{
    return (void *)(uintptr_t)address;
}

/* The bounce buffers of one call. */
struct bounce
{
    uint8_t *memory;
    uint8_t *command; /* to the card */
    uint8_t *reply;   /* from it */
    size_t size;
};

static int32_t bounce_open(struct bounce *bounce, uint64_t data, uint32_t length, uint32_t room)
{
    bounce->size = (size_t)length + room;
    if (!(bounce->memory = malloc(bounce->size ? bounce->size : 1)))
        return SC_NO_MEMORY;
    bounce->command = bounce->memory;
    bounce->reply = bounce->memory + length;
    if (length)
        memcpy(bounce->command, caller(data), length);
    return SC_OK;
}

/* received: bytes of the answer that were written; all of the room when unknown. */
static void bounce_close(struct bounce *bounce, size_t received)
{
    wipe(bounce->memory, (size_t)(bounce->reply - bounce->command) + received);
    free(bounce->memory);
}

/* Copies an answer to the caller, who has room for size bytes. Returns SCARD_E_INSUFFICIENT_BUFFER
 * when it does not fit. *delivered is 0 on failure. */
static int32_t deliver(const struct bounce *bounce, size_t length, uint64_t to, uint32_t size,
                       uint32_t *delivered)
{
    *delivered = 0;
    if (length > size)
        return SC_INSUFFICIENT_BUFFER;
    if (length)
        memcpy(caller(to), bounce->reply, length);
    *delivered = (uint32_t)length;
    return SC_OK;
}

/* Ends a call with that result, for which the library reported length bytes in room: delivers them
 * and closes. A length beyond the room is the library's fault. */
static int32_t bounce_finish(struct bounce *bounce, int32_t result, uint32_t room, DWORD length,
                             uint64_t to, uint32_t size, uint32_t *delivered)
{
    if (!result && length > room)
        result = SC_INTERNAL_ERROR;
    if (result)
        length = room;
    else
        result = deliver(bounce, length, to, size, delivered);
    bounce_close(bounce, length);
    return result;
}

static uint32_t room_for(uint32_t asked)
{
    if (asked < REPLY_MIN)
        return REPLY_MIN;
    return asked < UNIX_DATA_MAX ? asked : UNIX_DATA_MAX;
}

int32_t card_transmit(struct unix_transmit *params)
{
    SCARD_IO_REQUEST pci = {.cbPciLength = sizeof(pci)};
    uint32_t size = params->reply_length, room = room_for(size);
    DWORD length = room;
    struct bounce bounce;
    SCARDHANDLE handle;
    struct card *card;
    int32_t result;

    params->reply_length = 0;
    if (!params->command_length || params->command_length > UNIX_DATA_MAX || !params->command ||
        !params->reply)
        return SC_INVALID_PARAMETER;
    if ((result = bounce_open(&bounce, params->command, params->command_length, room)))
        return result;
    if (!(result = card_get(params->card, &card, &handle, &pci.dwProtocol)))
    {
        result = map_result(MAP_CALL_OTHER, pcsc()->SCardTransmit(handle, &pci, bounce.command,
                                                                  params->command_length, NULL,
                                                                  bounce.reply, &length));
        card_leave(card);
    }
    return bounce_finish(&bounce, result, room, length, params->reply, size, &params->reply_length);
}

int32_t card_status(struct unix_status *params)
{
    unsigned char atr[MAX_ATR_SIZE];
    DWORD state = 0, protocol = 0, length = sizeof(atr);
    SCARDHANDLE handle;
    struct card *card;
    int32_t result;

    params->state = params->protocol = params->atr_length = 0;
    memset(params->atr, 0, sizeof(params->atr));
    if ((result = card_get(params->card, &card, NULL, NULL)))
        return result;
    if (!(result = lock_enter(card, params->head.ticket, 1, &handle)))
    {
        result = map_result(MAP_CALL_OTHER, pcsc()->SCardStatus(handle, NULL, NULL, &state,
                                                                &protocol, atr, &length));
        result = lock_leave(card, params->head.ticket, 1, result);
    }
    if (!result)
    {
        params->protocol = map_protocol(protocol);
        params->state = map_state(state, params->protocol);
        params->atr_length = length < sizeof(atr) ? (uint32_t)length : sizeof(atr);
        memcpy(params->atr, atr, params->atr_length);
    }
    card_leave(card);
    return result;
}

int32_t card_control(struct unix_control *params)
{
    uint32_t size = params->out_length, room = room_for(size);
    struct bounce bounce;
    SCARDHANDLE handle;
    DWORD length = 0;
    struct card *card;
    int32_t result;

    params->out_length = 0;
    if (params->in_length > UNIX_DATA_MAX || (params->in_length && !params->in) ||
        (size && !params->out))
        return SC_INVALID_PARAMETER;
    if ((result = bounce_open(&bounce, params->in, params->in_length, room)))
        return result;
    if (!(result = card_get(params->card, &card, &handle, NULL)))
    {
        result = map_result(MAP_CALL_FEATURE,
                            pcsc()->SCardControl(handle, map_control(params->code), bounce.command,
                                                 params->in_length, bounce.reply, room, &length));
        card_leave(card);
    }
    return bounce_finish(&bounce, result, room, length, params->out, size, &params->out_length);
}

int32_t card_get_attrib(struct unix_attrib *params)
{
    DWORD length = ATTRIB_MAX;
    uint32_t size = params->length;
    struct bounce bounce;
    SCARDHANDLE handle;
    struct card *card;
    int32_t result;

    params->length = 0;
    if ((result = bounce_open(&bounce, 0, 0, ATTRIB_MAX)))
        return result;
    if (!(result = card_get(params->card, &card, &handle, NULL)))
    {
        result = map_result(MAP_CALL_FEATURE, pcsc()->SCardGetAttrib(handle, params->attribute,
                                                                     bounce.reply, &length));
        card_leave(card);
    }
    if (!result && length > ATTRIB_MAX)
        result = SC_INTERNAL_ERROR;
    if (!result && params->value)
        result = deliver(&bounce, length, params->value, size, &params->length);
    else if (!result)
        params->length = (uint32_t)length;
    bounce_close(&bounce, ATTRIB_MAX);
    return result;
}

int32_t card_set_attrib(struct unix_attrib *params)
{
    struct bounce bounce;
    SCARDHANDLE handle;
    struct card *card;
    int32_t result;

    if (!params->value || !params->length)
        return SC_INVALID_PARAMETER;
    if (params->length > ATTRIB_MAX)
        return SC_INSUFFICIENT_BUFFER;
    if ((result = bounce_open(&bounce, params->value, params->length, 0)))
        return result;
    if (!(result = card_get(params->card, &card, &handle, NULL)))
    {
        result =
            map_result(MAP_CALL_FEATURE, pcsc()->SCardSetAttrib(handle, params->attribute,
                                                                bounce.command, params->length));
        card_leave(card);
    }
    bounce_close(&bounce, 0);
    return result;
}

/*
 * One command and everything it takes to get its whole answer: GET RESPONSE, Le correction.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ISO7816_EXCHANGE_H
#define ISO7816_EXCHANGE_H

#include <stddef.h>
#include <stdint.h>

#include "apdu.h"

/*
 * Sends one command as it is and receives one reply. *reply_len: in, room; out, bytes received.
 * Returns ISO_OK or the transport's result; on failure *reply_len is 0.
 */
typedef int32_t (*card_transmit)(void *context, const uint8_t *command, size_t command_len,
                                 uint8_t *reply, size_t *reply_len);

/* What a sequence of exchanges needs to know. Owned by the caller, never changed here. */
struct exchange_link
{
    card_transmit transmit;
    void *context;               /* handed to transmit */
    enum apdu_protocol protocol; /* the active protocol */
};

/* How answers that ask for more are followed. All fields are flags or small numbers. */
struct exchange_policy
{
    uint8_t response_cla;  /* class of GET RESPONSE */
    unsigned follow_61 : 1;     /* 61xx: fetch with GET RESPONSE */
    unsigned follow_9f : 1;     /* 9Fxx: the same (GSM 11.11 cards) */
    unsigned correct_6c : 1;    /* 6Cxx: repeat once with Le = xx */
    unsigned correct_67 : 1;    /* 67xx, xx != 0: the same, cases 2 and 4 (Cryptoflex) */
};

/* GET RESPONSE rounds that one command may cause; a card that asks for more is cut off. */
#define EXCHANGE_MAX_ROUNDS 300

/*
 * Sends apdu under policy and collects its answer: all data, then the last SW1 SW2, in reply.
 * *reply_len: in, room (at least 2); out, bytes written. *sw receives the status word.
 * Collecting stops when apdu->ne bytes have arrived (the SW is then 9000 if the card said 61xx),
 * when a round yields nothing, or after EXCHANGE_MAX_ROUNDS. No write ever goes past the room.
 * Every buffer used on the way is wiped.
 * Returns ISO_OK when the card answered, whatever the SW; ISO_COMM_DATA_LOST for an answer shorter
 * than 2 bytes; ISO_INSUFFICIENT_BUFFER when the room is too small for the answer;
 * ISO_INVALID_ARGUMENT and ISO_OUT_OF_MEMORY; else the transport's result. *reply_len is 0 then.
 */
int32_t exchange_command(const struct exchange_link *link, const struct exchange_policy *policy,
                         const struct apdu *apdu, uint8_t *reply, size_t *reply_len, uint16_t *sw);

/* Overwrites memory in a way that the compiler keeps. */
void exchange_wipe(void *memory, size_t size);

#endif

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
 * Returns SC_OK or the transport's result, in particular SC_INSUFFICIENT_BUFFER when the reply is
 * longer than the room; never writes past it.
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

/*
 * How answers that ask for more are followed. All zero: the command is sent once and its answer
 * handed back. The two only_ flags make the difference between ISCard::Transaction under T=0 (both
 * set: what ISO 7816-3 12.2 lets a transmission layer do) and the file service (neither: cards
 * answer 61xx to a SELECT without Le, and under T=1 too).
 */
struct exchange_policy
{
    uint8_t response_cla;     /* class of GET RESPONSE */
    unsigned follow_61 : 1;   /* 61xx: fetch with GET RESPONSE */
    unsigned follow_9f : 1;   /* 9Fxx: the same (GSM 11.11 cards) */
    unsigned correct_6c : 1;  /* 6Cxx: repeat once with Le = xx */
    unsigned correct_67 : 1;  /* 67xx, xx != 0: the same (Cryptoflex) */
    unsigned only_case_4 : 1; /* follow only when the command is of case 4 */
    unsigned only_case_2 : 1; /* repeat only when the command is of case 2 */
    unsigned exact : 1;       /* ne = 256 means 256 bytes, not all that there are */
};

/* GET RESPONSE rounds that one command may cause; a card that asks for more is cut off. */
#define EXCHANGE_MAX_ROUNDS 300

/*
 * Sends apdu under policy and collects its answer: all data, then the last SW1 SW2, in reply.
 * *reply_len: in, room (at least 2); out, bytes written. *sw receives the status word.
 *
 * A command is repeated once at most, and only when an Le went out with it that is not the one the
 * card names: case 2, and case 4 but not under T=0. A case 4 command that apdu_is_secret is never
 * repeated (a try may have been counted). What came with the refused answer is dropped.
 *
 * apdu->ne bytes are wanted; everything when it is 0, 65536, or 256 in short form and the policy
 * not exact. Collecting stops when they have arrived (the SW is then 9000 if the card said 61xx or
 * 9Fxx), when a round yields nothing, or after EXCHANGE_MAX_ROUNDS; in the last two cases the SW is
 * the card's last one. A GET RESPONSE that is answered with 6Cxx is repeated once. A card that
 * gives more than was asked for is not cut. No write ever goes past the room.
 *
 * The command's bytes are wiped after use, reply on failure; the rest of reply may hold pieces.
 * Returns SC_OK when the card answered, whatever the SW; SC_COMM_DATA_LOST for an answer shorter
 * than 2 bytes, or one longer than the room the transport was given; SC_INSUFFICIENT_BUFFER when
 * the room is too small for the answer; SC_INVALID_ARGUMENT for NULL and what apdu_encode_for
 * refuses; SC_OUT_OF_MEMORY (only for more than 255 data bytes); else the transport's result.
 * *reply_len and *sw are 0 then.
 */
int32_t exchange_command(const struct exchange_link *link, const struct exchange_policy *policy,
                         const struct apdu *apdu, uint8_t *reply, size_t *reply_len, uint16_t *sw);

#endif

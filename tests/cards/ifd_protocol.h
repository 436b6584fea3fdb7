/*
 * What the IFD handler and simcard say to each other on a unix socket.
 *
 * Both ways: one byte, a length of 4 bytes (most significant first), that many bytes of data. The
 * handler asks with a request as the byte, simcard answers each with a status.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_IFD_PROTOCOL_H
#define SIMCARD_IFD_PROTOCOL_H

#define READER_HEADER_SIZE 5u
#define READER_MAX_DATA    0x20000u

enum reader_request
{
    READER_PRESENCE = 'P', /* answer: 4 bytes, how often a card was put in */
    READER_POWER_DOWN = 'D',
    READER_POWER_UP = 'U', /* answer: the ATR */
    READER_RESET = 'R',    /* answer: the ATR */
    READER_TRANSMIT = 'T', /* data: the command; answer: the card's */
    READER_CONTROL = 'C'   /* data: control code of 4 bytes, input; answer: output */
};

enum reader_status
{
    READER_DONE,
    READER_NO_CARD,
    READER_UNPLUGGED,
    READER_UNKNOWN_CONTROL,
    READER_NO_ANSWER /* the card went away under a command */
};

#endif

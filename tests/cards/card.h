/*
 * The simulated card: its state between two commands, and the dispatcher of commands.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_CARD_H
#define SIMCARD_CARD_H

#include "profile.h"

#define CARD_MAX_DATA 65535u /* of a command, chained or not */

/* A command as the dispatcher hands it to its function, whatever protocol brought it. */
struct command
{
    uint8_t cla, ins, p1, p2;
    const uint8_t *data;
    size_t nc;   /* bytes of data */
    size_t ne;   /* bytes wanted at most, 0: none */
    bool le_all; /* Le was all zero: as many as there are */
};

struct card
{
    struct profile *profile;
    struct card_file *df; /* current DF, never NULL */
    struct card_file *ef; /* current EF of df, or NULL */
    unsigned record;      /* current record, 0 none */
    unsigned directory;   /* files that DIR has named already */
    struct bytes pending; /* what GET RESPONSE gives */
    struct bytes chain;   /* data of the chain so far */
    struct command chain_header;
    bool chaining;
    struct bytes envelope;
    uint16_t envelope_sw; /* of the command just executed from envelopes, else 0 */
    uint8_t challenge[256];
    size_t challenge_len; /* 0: none was given out */
};

/* Takes the profile over; the card is in the state after a reset. */
struct card *card_create(struct profile *profile);
/* Frees the card and its profile. NULL is allowed. */
void card_destroy(struct card *card);

/* What a reset or a power cycle does: MF selected, nothing verified, nothing pending. Files and
 * tries stay. */
void card_reset(struct card *card);

/* Executes one command (T=1: an APDU; T=0: 5 bytes of header and the data) and appends data and
 * status word to out. Any input gives an answer. */
void card_exchange(struct card *card, const uint8_t *apdu, size_t len, struct bytes *out);

/* ---- for the functions that execute commands ---- */

/* Makes df (and ef, or none) current; leaving a DF ends what was verified in it (ISO 7816-4,
 * 7.1.1). */
void card_select(struct card *card, struct card_file *df, struct card_file *ef);
/* 9000 when op is allowed on file now, else the status word that says why not. */
uint16_t card_check(struct card *card, struct card_file *file, enum file_operation op);
bool card_condition_met(const struct card_file *file, const struct condition *condition);
/* The EF that a command works on: the current one when sfi is 0, else that of the current DF, which
 * becomes current. 9000, 6986 or 6A82. */
uint16_t card_working_file(struct card *card, uint8_t sfi, struct card_file **file);
/* Fills buffer with random bytes. */
void card_random(uint8_t *buffer, size_t len);
/* Executes a complete APDU in T=1 form that came inside ENVELOPE commands. */
uint16_t card_execute_inner(struct card *card, const uint8_t *apdu, size_t len, struct bytes *out);

#endif

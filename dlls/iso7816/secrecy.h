/*
 * The rule of what may be shown, in a trace or recording, of a connection's exchanges.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * apdu_is_secret judges a single command. This rule also considers the commands before it: the file
 * that a READ or UPDATE touches, and the answer that a GET RESPONSE fetches. In doubt the data are
 * hidden.
 *
 * Some cards keep codes and keys in ordinary files. Schlumberger's Cryptoflex, Multiflex and
 * Cyberflex (Cryptoflex Card Programmer's Guide; OpenSC's card-flex.c) do so in 0000 and 0100 (CHV1
 * and CHV2), 0001 (internal keys), 0011 (external keys) and 0012 (a private RSA key), in any
 * directory; GSM 11.11 and 3GPP TS 31.102 in 6F20, 6F52, 4F20, 4F52 (Kc and similar), 6F08 and 6F09
 * (CK and IK), 6FE4, 4F03, 4F04 and 4F05 (EPS and 5G security contexts and keys), 4F46 (WLAN).
 */

#ifndef ISO7816_SECRECY_H
#define ISO7816_SECRECY_H

#include <stddef.h>
#include <stdint.h>

#include "apdu.h"

/* Facts that are known when a connection begins. */
#define SECRECY_FLEX   1u /* the ATR is that of a Schlumberger card */
#define SECRECY_OTHERS 2u /* others send commands over the same handle, unseen */

/* The state of one connection. The fields belong to secrecy.c. */
struct secrecy
{
    unsigned flex : 1;   /* a Schlumberger card */
    unsigned mobile : 1; /* a SIM or USIM */
    unsigned others : 1;
    unsigned known : 1;  /* file is the card's current one */
    unsigned answer : 1; /* the answer that a GET RESPONSE would fetch may be shown */
    unsigned pieces : 1; /* ENVELOPEs carry a command in pieces */
    uint16_t file;       /* an identifier; 3F00 for any directory without a current EF */
};

/* Starts with an unknown position; flags: SECRECY_. */
void secrecy_start(struct secrecy *secrecy, unsigned flags);

/*
 * For a command that is about to be sent. Non-zero when its data and those of its reply must be
 * hidden.
 */
int secrecy_hides(const struct secrecy *secrecy, const uint8_t *command, size_t len);

/* Takes the card's answer to it into account; reply_len is 0 when none came. Call it once for every
 * command. */
void secrecy_follow(struct secrecy *secrecy, const uint8_t *command, size_t len,
                    const uint8_t *reply, size_t reply_len);

/* Non-zero when the data of the command or of its reply are secret on some card, in some file, so
 * that memory that held them must be wiped. Also for NULL. */
int secrecy_possible(const struct apdu *apdu);

/* Forgets the position, which another program or a reset may have changed. */
void secrecy_forget(struct secrecy *secrecy);

#endif

/*
 * What of the exchanges on one connection may be shown to people: in a trace, in a record.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * apdu_is_secret judges one command. Here the commands before it count too: which file a READ or
 * UPDATE touches, and whose answer a GET RESPONSE fetches. In doubt the data are hidden.
 *
 * Some cards keep codes and keys in plain files. Schlumberger's Cryptoflex, Multiflex and Cyberflex
 * (Cryptoflex Card Programmer's Guide; OpenSC's card-flex.c): 0000 and 0100 (CHV1 and CHV2), 0001
 * (internal keys), 0011 (external keys), 0012 (a private RSA key), in any directory. GSM 11.11 and
 * 3GPP TS 31.102: 6F20, 6F52, 4F20, 4F52 (Kc and its kind), 6F08, 6F09 (CK and IK).
 */

#ifndef ISO7816_SECRECY_H
#define ISO7816_SECRECY_H

#include <stddef.h>
#include <stdint.h>

#include "apdu.h"

/* What is known when a connection begins. */
#define SECRECY_FLEX   1u /* the ATR is one of Schlumberger's cards */
#define SECRECY_OTHERS 2u /* others send commands over the same handle, unseen */

/* One connection's. The fields are secrecy.c's own. */
struct secrecy
{
    unsigned flex : 1;   /* a card of Schlumberger's */
    unsigned mobile : 1; /* a SIM or USIM */
    unsigned others : 1;
    unsigned known : 1;  /* file is the card's current one */
    unsigned answer : 1; /* the answer that a GET RESPONSE would fetch may be shown */
    unsigned pieces : 1; /* ENVELOPEs carry a command in pieces */
    uint16_t file;       /* an identifier; 3F00 for any directory without a current EF */
};

/* flags: SECRECY_. The card's position is not known. */
void secrecy_start(struct secrecy *secrecy, unsigned flags);

/*
 * A command that is about to be sent. Non-zero when its data and those of its reply are to be
 * hidden.
 */
int secrecy_hides(const struct secrecy *secrecy, const uint8_t *command, size_t len);

/* What the card answered to it; reply_len 0 when no answer came. Once for every command. */
void secrecy_follow(struct secrecy *secrecy, const uint8_t *command, size_t len,
                    const uint8_t *reply, size_t reply_len);

/* Non-zero when on some card, in some file, the command's data or its reply's are secret: memory
 * that has held them is wiped. NULL is. */
int secrecy_possible(const struct apdu *apdu);

/* Somebody else may have moved the card's position, or a reset has. */
void secrecy_forget(struct secrecy *secrecy);

#endif

/*
 * A card together with what a test wants it to do wrong: shared by the links to readers and the
 * control socket.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_SIMULATOR_H
#define SIMCARD_SIMULATOR_H

#include "apdulog.h"
#include "card.h"

struct script
{
    struct script *next;
    bool status_only; /* replaces the status word of the true answer */
    struct bytes answer;
};

struct simulator
{
    struct card *card; /* never NULL */
    char *profile_path;
    bool inserted;
    bool never_empty;    /* the link cannot carry an answer of no bytes */
    bool unplugged;      /* the reader is gone (own IFD handler only) */
    bool mute;           /* the card answers no power-up and no reset (own IFD handler only) */
    bool has_pad;        /* the reader has features and a key pad (own IFD handler only) */
    unsigned insertions; /* how often a card was put in */
    bool quit;
    unsigned delay_ms;
    long delay_count; /* answers still to be delayed, -1: all */
    long drop_after;  /* commands answered before one is dropped, -1: none is */
    struct script *scripts;
    struct bytes pad_code, pad_new_code; /* what the user types into the reader's key pad */
    enum
    {
        PAD_NONE,
        PAD_CODE,
        PAD_CANCEL,
        PAD_TIMEOUT,
        PAD_MISMATCH
    } pad;
    struct apdulog log;
};

/* Loads the profile and inserts the card. False with a line of text in error. */
bool simulator_init(struct simulator *sim, const char *profile_path, struct bytes *error);
void simulator_destroy(struct simulator *sim);

/* Exchanges the card for a new one from another profile. A name without '/' is looked up beside
 * the profile in use, with and without ".card". False with a line of text in error; then the
 * card stays. */
bool simulator_load(struct simulator *sim, const char *name, struct bytes *error);

/* Answers a command in the way that scripts and delays want. *delay_ms is the time to wait
 * before the answer goes out. False: give no answer; the card is out of the reader now. */
bool simulator_command(struct simulator *sim, const uint8_t *apdu, size_t len, struct bytes *out,
                       unsigned *delay_ms);
/* Power off, power on and reset do the same to a card. text is for the log. */
void simulator_reset(struct simulator *sim, const char *text);

void simulator_add_script(struct simulator *sim, const uint8_t *answer, size_t len,
                          bool status_only);
/* Forgets scripts, delays and drops. */
void simulator_clear(struct simulator *sim);

/* Milliseconds of a clock that only goes forward. */
int64_t simulator_now(void);

#endif

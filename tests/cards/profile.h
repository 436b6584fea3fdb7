/*
 * A card profile: how the card answers, and the files it has. The text format is described in
 * profiles/README.md.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_PROFILE_H
#define SIMCARD_PROFILE_H

#include "filesystem.h"
#include "session.h"

enum card_family
{
    FAMILY_ISO,
    FAMILY_FLEX,
    FAMILY_GSM,
    FAMILY_CYBERFLEX
};

/* The card answers sw, without looking further, to commands that match. */
struct refusal
{
    struct refusal *next;
    uint8_t ins;
    int p1, p2; /* -1: any */
    uint16_t sw;
};

struct profile
{
    char name[64];
    enum card_family family;
    bool t0;              /* T=0, else T=1 */
    bool extended;        /* extended length fields */
    bool chaining;        /* command chaining */
    bool no_le_61;        /* T=1: 61xx for a command that could answer and has no Le */
    bool counter;         /* 63Cx after a wrong code, else 6300 */
    bool create_6f;       /* CREATE FILE takes 6F as well as 62 */
    bool put_creates;     /* PUT DATA makes objects that are not there */
    bool full_61;         /* T=0: 256 bytes end in 6100 though there are no more */
    bool select_siblings; /* SELECT P1=00 finds the files beside the current DF, too */
    bool select_stops;    /* SELECT by path leaves the card in the DF where it got stuck */
    bool parent_of_ef;    /* SELECT P1=03 while an EF is current selects its DF */
    bool parent_of_mf;    /* SELECT P1=03 in the MF selects the MF */
    bool sfi_late;        /* a short identifier makes its EF current only if the command works */
    uint16_t read_end;    /* READ BINARY from the end of the file on */
    uint16_t read_short;  /* T=1: READ BINARY of more than there is; 6C00: 6Cxx */
    uint32_t fci_hidden;  /* bit n: SELECT does not tell the object 80 + n */
    uint16_t select_df_as_ef;  /* SELECT P1=02 of a DF */
    uint16_t delete_nonempty;  /* DELETE FILE of a DF with files; 0: deletes them */
    unsigned chv_min, chv_max; /* length of codes */
    unsigned challenge_length; /* the only length of GET CHALLENGE; 0: any */
    unsigned algorithm;        /* P1 taken by authentication commands besides 0 */
    size_t memory;             /* bytes for files */
    size_t max_read;           /* READ BINARY of more is 6700; 0: any number */
    struct bytes atr;
    struct refusal *refusals;
    struct card_file *mf;
    struct session *session; /* answers in place of the files, or NULL */
};

/* A profile with the defaults of profiles/README.md: without name, ATR and files. */
struct profile *profile_create(void);
/* Reads a profile, or a recorded session, from a file. Owned by the caller, freed by
 * profile_destroy. On failure NULL, and error has one line of text that names file and line. */
struct profile *profile_load(const char *path, struct bytes *error);
/* The same from text in memory; name stands for the file in errors, `include` is relative to it. */
struct profile *profile_parse(const char *name, const char *text, struct bytes *error);
/* NULL is allowed. */
void profile_destroy(struct profile *profile);

/* True when the ATR's length agrees with its own bytes, its check byte is right (TCK present
 * exactly when a protocol other than T=0 is offered, ISO 7816-3, 8.2.5) and it offers T=0 or T=1
 * as asked. */
bool profile_check_atr(const uint8_t *atr, size_t len, bool t0);

#endif

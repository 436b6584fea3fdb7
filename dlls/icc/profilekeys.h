/*
 * What profileparse.c and profilekeys.c share: the place in a text, and the table of keys.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ICC_PROFILEKEYS_H
#define ICC_PROFILEKEYS_H

#include "profiletext.h"

#define PROFILEKEY_MAX 48

/* Bytes of the text. */
struct profileword
{
    const char *at;
    size_t len;
};

struct profileparser
{
    struct profiletext *out;
    struct profiletext_error *error; /* or NULL */
    unsigned line;
    struct profileword value;      /* what is left of the line's value */
    unsigned said[PROFILEKEY_MAX]; /* the line that has this key of the table, 0: none */
    unsigned keys;                 /* how many lines have had one */
    unsigned admin_line;           /* the first that says "admin" */
    unsigned atr_count;
};

/* One key. Readers return 1, or 0 after profileparser_fail. */
struct profilekey
{
    const char *name;
    int (*read)(struct profileparser *parser, const struct profilekey *key);
    size_t at;          /* offset in struct icc_profile, or a parser's own meaning */
    unsigned low, high; /* range of a number */
    const struct profileoption *options;
    unsigned repeats : 1;
};

/* The keys, ended by a NULL name; fewer than PROFILEKEY_MAX. */
extern const struct profilekey profilekeys[];

/* The index of a key in the table, or -1. */
int profilekey_find(struct profileword name);

/* True (1) when the word is this text. */
int profileword_is(struct profileword word, const char *text);

/* Takes the next word of the value; 0 when there is none. */
int profileparser_word(struct profileparser *parser, struct profileword *word);

/*
 * Notes what is wrong with the line. In format %s stands for the word, quoted and made printable
 * (once at most; other formats: none). Returns 0.
 */
int profileparser_fail(struct profileparser *parser, const char *format, struct profileword word);

/* The parser of "atr": hex digits and x for any, or hex digits, a slash and a mask of F and 0. */
int profileparser_atr(struct profileparser *parser, const struct profilekey *key);

#endif

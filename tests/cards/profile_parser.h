/*
 * What the two halves of the profile parser share: card settings (profile.c) and files
 * (profile_files.c).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_PROFILE_PARSER_H
#define SIMCARD_PROFILE_PARSER_H

#include "profile.h"

#define PARSER_MAX_WORDS 48

struct parser
{
    const char *file_name;
    unsigned line;
    unsigned depth; /* of includes */
    struct bytes *error;
    struct profile *profile;
    struct card_file *file; /* the open block, NULL outside of mf */
    size_t fill;            /* where the next `data` of a transparent file goes */
    char *words[PARSER_MAX_WORDS];
    int word_count;
};

enum
{
    IN_CARD = 1,
    IN_DF = 2,
    IN_EF = 4
};

struct directive
{
    const char *word;
    unsigned where;
    int min_args, max_args;
    bool (*parse)(struct parser *p);
};

extern const struct directive parser_file_directives[];
extern const size_t parser_file_directive_count;

/* Records the first error with its place; false, so that it can be returned. */
bool parser_fail(struct parser *p, const char *message);
/* These fail with a message of their own. Numbers are decimal or 0x. */
bool parser_number(struct parser *p, const char *word, unsigned long max, unsigned long *value);
bool parser_hex(struct parser *p, const char *word, struct bytes *out);
bool parser_hex_number(struct parser *p, const char *word, unsigned max_bytes, uint32_t *value);
/* Reads "name HEX", which may stand from that word on, into the file's name. */
bool parser_name(struct parser *p, int word, struct card_file *file);
/* Reads p->file_name into the profile. */
bool parser_read_file(struct parser *p);
/* The checks at the end of a block. */
bool parser_check_file(struct parser *p);

#endif

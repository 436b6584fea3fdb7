/*
 * Card profiles written by users: the text form that PROFILES.md describes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ICC_PROFILETEXT_H
#define ICC_PROFILETEXT_H

#include <stddef.h>
#include <stdint.h>

#include "iso7816/atr.h"
#include "profile.h"

#define PROFILETEXT_MAX_SIZE    65536u /* bytes of one text */
#define PROFILETEXT_MAX_LINE    512u   /* bytes of one line */
#define PROFILETEXT_MAX_NAME    32u
#define PROFILETEXT_MAX_ATRS    32u
#define PROFILETEXT_MAX_MESSAGE 160u

/* A profile and what it points to. It points into itself: it must not be copied or moved. */
struct profiletext
{
    struct icc_profile profile;
    char name[PROFILETEXT_MAX_NAME + 1];
    char atrs[PROFILETEXT_MAX_ATRS][2 * ATR_MAX + 1];
    const char *patterns[PROFILETEXT_MAX_ATRS + 1];
};

/* Why a text was refused. */
struct profiletext_error
{
    unsigned line;                         /* from 1 */
    char message[PROFILETEXT_MAX_MESSAGE]; /* one sentence, ASCII, without line end */
};

/*
 * Reads size bytes of text, one "key = value" a line, into *out. The bytes may be anything; nothing
 * is allocated. Needs no NUL at the end.
 * Returns SC_OK; SC_INVALID_ARGUMENT for NULL, or for a text that is not a profile: then *out is
 * all zero and *error (may be NULL) says what is wrong with which line.
 */
int32_t profiletext_parse(const char *text, size_t size, struct profiletext *out,
                          struct profiletext_error *error);

#endif

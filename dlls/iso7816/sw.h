/*
 * Status words: what SW1 SW2 means, as a result.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ISO7816_SW_H
#define ISO7816_SW_H

#include <stdint.h>

/* What was asked of the card: the same status word means different things. */
enum sw_command
{
    FOR_GENERAL,
    FOR_SELECT,       /* a file */
    FOR_SELECT_DIR,   /* a directory, or a component on the way */
    FOR_READ_BINARY,
    FOR_READ_RECORD,
    FOR_WRITE,        /* UPDATE, WRITE, APPEND, ERASE */
    FOR_CREATE,
    FOR_LIST,         /* directory listing */
    FOR_DATA_OBJECT,  /* GET DATA, PUT DATA */
    FOR_INVALIDATE,   /* DEACTIVATE, ACTIVATE */
    FOR_CHV,          /* VERIFY, CHANGE, UNBLOCK */
    FOR_CHV_SWITCH,   /* ENABLE, DISABLE */
    FOR_CHV_QUERY,    /* VERIFY without data */
    FOR_AUTHENTICATE
};

/*
 * Maps a status word by a table (ISO 7816-4 5.1.3, GSM 11.11 9.4) to an SC_ result. Status words
 * that are in no row give SC_UNEXPECTED. What depends on a position in a file is the caller's:
 * for READ_BINARY 6B00 and 6A85 to 6A87 give SC_BAD_SEEK here (at offset 0 nothing was sought),
 * 6282 gives SC_OK for reads even if no data came. So is 6985 to FOR_CHV_SWITCH, which may mean
 * "already so".
 */
int32_t sw_result(uint16_t sw, enum sw_command command);

/* True (1) for 9000, 61xx, 91xx, 920x, and 9Fxx. */
int sw_is_success(uint16_t sw);

#endif

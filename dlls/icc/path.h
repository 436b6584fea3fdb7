/*
 * The path grammar of ISCardFileAccess: file ids, DF names, short ids.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Text is UTF-16 in host order, as a BSTR holds it. Blanks around it do not count.
 *
 * PATH_BY_ID
 *     path := [sep] comp { sep comp } [sep]     sep := '/' | '\' | ':'; one alone is the MF
 *     comp := FID { FID } | '0x' 1 to 4 digits | '.' | '..'
 *           | '#' 2 to 32 hex digits            a DF name, only as the first component
 *   A FID is four hex digits of either case. Absolute with a leading separator, 3F00 or a name.
 *   3FFF in front is the current directory.
 * PATH_BY_NAME, the first that fits
 *   0. "..." in quotes: the inner text is a DF name as in 5;
 *   1. text with a separator, or beginning with 3F00, or "." or "..": as PATH_BY_ID, but a first
 *      component that is no FID is a DF name as in 5;
 *   2. MF, in any case;
 *   3. '#' and 2 to 32 hex digits, or 10 to 32 hex digits: the bytes of a DF name. After '#'
 *      anything else is wrong; a name that begins so can be written in quotes;
 *   4. four hex digits: a FID, or else a DF name (maybe_name);
 *   5. 1 to 16 characters up to U+00FF: a DF name of these bytes, with '*' behind it the first
 *      DF whose name begins so.
 * PATH_BY_SHORT_ID
 *   [path sep] S, path as for PATH_BY_ID, S one or two hex digits, 0x allowed, 01 to 1E.
 */

#ifndef ICC_PATH_H
#define ICC_PATH_H

#include <stddef.h>
#include <stdint.h>

#define PATH_MAX_COMPONENTS 16
#define PATH_MAX_NAME       16
#define PATH_MF             0x3F00u
#define PATH_CURRENT_DF     0x3FFFu

/* REFTYPE of the type library. */
enum path_reference
{
    PATH_BY_NAME = 0,
    PATH_BY_ID = 1,
    PATH_BY_SHORT_ID = 2
};

enum path_root
{
    PATH_RELATIVE, /* to the current directory */
    PATH_FROM_MF,
    PATH_FROM_NAME /* below the DF called name */
};

/* What a caller wrote. After path_resolve only PATH_FROM_MF or PATH_FROM_NAME is left. */
struct path
{
    enum path_root root;
    uint8_t name[PATH_MAX_NAME];
    uint8_t name_length;       /* 1..16 with PATH_FROM_NAME, 4 with maybe_name, else 0 */
    unsigned partial_name : 1; /* trailing '*': the name is right-truncated */
    unsigned maybe_name : 1;   /* a FID (count 1), or else name holds its four characters */
    uint8_t up;                /* leading ".." steps of a relative path, 0..16 */
    uint8_t count;             /* of fids */
    uint16_t fids[PATH_MAX_COMPONENTS]; /* components below the root, 3F00 itself not among them */
    uint8_t sfi;                        /* BY_SHORT_ID: 1..30, else 0 */
};

/*
 * Reads length code units of text under the grammar for type. "." does nothing; ".." inside a path
 * takes the component before it away, at the start counts in up.
 * Returns SC_OK; SC_INVALID_ARGUMENT for NULL, empty, wrong syntax, more than 16 components below
 * the root or more than 16 leading "..", FFFF, 3F00 or 3FFF in the wrong place, a type outside
 * 0..2; SC_DIR_NOT_FOUND for ".." above an absolute root. *out is all zero on failure.
 */
int32_t path_parse(const uint16_t *text, size_t length, enum path_reference type, struct path *out);

/*
 * Makes a relative path absolute: current (absolute itself) with path->up components taken away and
 * path's own appended; sfi is path's; maybe_name is lost (ask path for it). out may be either.
 * ".." above a DF name root gives SC_DIR_NOT_FOUND too (only the
 * card knows a name's parent). An absolute path is copied.
 * Returns SC_OK; SC_DIR_NOT_FOUND above the root; SC_INVALID_ARGUMENT for more than 16
 * components or a current that is not absolute. *out is all zero on failure.
 */
int32_t path_resolve(const struct path *current, const struct path *path, struct path *out);

/* True (1) when both name the same place (root, name, components, sfi). */
int path_equal(const struct path *a, const struct path *b);

/*
 * True (1) when inner is outer or lies below it (both absolute). Nothing lies below a file that is
 * named by its short id; a DF name and the MF are never one in the other.
 */
int path_within(const struct path *outer, const struct path *inner);

/*
 * The directory that holds path: the short id removed if there is one, else the last component. A
 * root is its own. out may be path.
 */
void path_parent(const struct path *path, struct path *out);

/* Longest canonical form: '#', 32 hex digits, 16 times "/XXXX". */
#define PATH_MAX_TEXT (1 + 2 * PATH_MAX_NAME + 5 * PATH_MAX_COMPONENTS + 5)

/*
 * Writes the canonical form of an absolute path ("3F00/5000", "#A00000000102/5000"; upper case),
 * NUL-terminated ASCII, and returns its length. A short id is appended as "/XX". A relative path
 * has none: the text is empty. out has room for PATH_MAX_TEXT + 1.
 */
size_t path_format(const struct path *path, char *out);

#endif

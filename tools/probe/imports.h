/*
 * The DLLs that a PE program imports, and what it mentions. Reads hostile files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef PROBE_IMPORTS_H
#define PROBE_IMPORTS_H

#include <stddef.h>
#include <stdint.h>

/* Longest name, and most DLLs that a program may import one way. */
#define IMPORTS_NAME_MAX  255
#define IMPORTS_COUNT_MAX 4096

struct imports
{
    unsigned bits; /* 32 or 64 */
    int managed;   /* a .NET program: what it calls stands in its metadata, not in its imports */
    /* Called for each name in the file's order; printable ASCII. delayed: loaded at the first call
     * only. */
    void (*found)(void *context, int delayed, const char *name);
    void *context;
};

/*
 * Reads the size bytes of a file. found and context are set by the caller, the rest is filled in.
 * NULL, or a few words that say why the file is refused; found may have been called before.
 */
const char *imports_read(const uint8_t *data, size_t size, struct imports *imports);

/* Whether the bytes are anywhere in data; length is at least 1. */
int imports_contain(const uint8_t *data, size_t size, const uint8_t *bytes, size_t length);

/* Whether the text is anywhere in data, as ASCII or UTF-16LE, in upper or lower case. text is
 * ASCII, at least one character. */
int imports_mention(const uint8_t *data, size_t size, const char *text);

#endif

/*
 * The functions that a PE file exports, and to which those of forwarders lead. Reads hostile files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The layout is that of Microsoft's page "PE Format" (the .edata section).
 */

#ifndef PE_EXPORTS_H
#define PE_EXPORTS_H

#include "image.h"

/* Longest name that is read, and most names of one file. */
#define PE_NAME_MAX  255
#define PE_NAMES_MAX 65535

struct pe_exports
{
    const struct pe_image *image;
    uint32_t start, length;            /* of the directory, in which forwarders lie */
    size_t functions, names, ordinals; /* tables, as offsets in the file */
    size_t function_count, name_count;
};

/* Reads the headers of the directory; image must stay while exports is used. NULL, or a few words
 * that say why there is none. */
const char *pe_exports_open(const struct pe_image *image, struct pe_exports *exports);

/* The name with that index, below name_count: printable ASCII of *length characters, at most
 * PE_NAME_MAX, without a zero at its end. NULL when it is damaged. */
const char *pe_exports_name(const struct pe_exports *exports, size_t index, size_t *length);

/* The same of where the function of that name leads, MODULE.NAME; NULL when it is no forwarder. */
const char *pe_exports_forwarder(const struct pe_exports *exports, size_t index, size_t *length);

/* Whether one of the functions has that name, upper and lower case told apart. */
int pe_exports_have(const struct pe_exports *exports, const char *name, size_t length);

#endif

/*
 * The strings of a PE file's version resource. Reads hostile files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef PE_VERSION_H
#define PE_VERSION_H

#include "image.h"

/*
 * The string of that name (ASCII, "FileVersion") in the first language of the first version
 * resource. Returns where its UTF-16LE units lie in the file, *count of them without a zero; NULL
 * when there is none.
 */
const uint8_t *pe_version_text(const struct pe_image *image, const char *name, size_t *count);

#endif

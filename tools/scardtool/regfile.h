/*
 * scardtool: registry files (REGEDIT4 and version 5).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDTOOL_REGFILE_H
#define SCARDTOOL_REGFILE_H

#include "regops.h"

struct regfile_options
{
    int wide; /* the file is UTF-16; else bytes of text in it (hex(1), hex(2), hex(7)) are so only
               * when its header is that of version 5 */
    /* Units of size bytes of text, into room for as many; NULL: a byte is a unit. */
    size_t (*widen)(const uint8_t *bytes, size_t size, uint16_t *units);
};

/*
 * Reads the length units of a file as regedit does: a line that regedit passes over becomes a
 * REGOP_UNREAD. NULL, or a few words that say why the whole file is refused; ops holds what was
 * read before then.
 */
const char *regfile_read(const uint16_t *text, size_t length, const struct regfile_options *options,
                         struct regops *ops);

/* ---- writing ---- */

/* Text that grows; begins all zero, ended by regtext_free. */
struct regtext
{
    uint16_t *units; /* not NUL-terminated */
    size_t length, room;
    int failed; /* memory was short */
};

void regtext_free(struct regtext *text);
void regtext_header(struct regtext *text);
/*
 * Appends an entry as version 5 has it; with before NULL or of another key, a key goes in front.
 * False (0) for what such a file cannot say: another kind, a condition, a root without a name, a
 * line's end in a key.
 */
int regtext_op(struct regtext *text, const struct regop *op, const struct regop *before);

#endif

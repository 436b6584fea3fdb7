/*
 * scardtool: setup information files, as drivers and middleware bring them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDTOOL_INFFILE_H
#define SCARDTOOL_INFFILE_H

#include "regops.h"

struct inffile_options
{
    const char *platform;    /* "ntamd64" or "ntx86": what sections' names may end in */
    const uint16_t *section; /* NULL: those that installing the file would use */
    unsigned language;       /* LANGID; its [Strings.xxxx] goes before [Strings] */
    /* The text of %id%, NUL-terminated; NULL: unknown. May be NULL itself. */
    const uint16_t *(*directory)(void *context, int id);
    void *context;
};

/*
 * Reads the length units of a file as SetupAPI installs it: DefaultInstall (with the platform's
 * name, .nt or nothing behind it); without one what the file's list of devices names; without that
 * the only section that adds to the registry. Of each section DelReg's entries, then AddReg's.
 * NULL, or a few words that say why the file is refused, and *line where (0: nowhere).
 */
const char *inffile_read(const uint16_t *text, size_t length, const struct inffile_options *options,
                         struct regops *ops, unsigned *line);

#endif

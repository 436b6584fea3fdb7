/*
 * A daemon's process id in a file.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_CARDS_PIDFILE_H
#define TESTS_CARDS_PIDFILE_H

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

/* Without a path there is nothing to do. */
static inline bool write_pidfile(const char *path)
{
    FILE *stream = path ? fopen(path, "w") : NULL;

    if (!path)
        return true;
    if (!stream)
        return false;
    fprintf(stream, "%ld\n", (long)getpid());
    return !fclose(stream);
}

#endif

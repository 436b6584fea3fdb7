/*
 * The link to the tests' own IFD handler: simcard listens, pcscd's handler connects.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_IFD_LINK_H
#define SIMCARD_IFD_LINK_H

#include "simulator.h"
#include "stream.h"

struct ifd_link
{
    struct simulator *sim;
    const char *path;
    int listener; /* -1: this link is not used */
    struct stream stream;
    bool was_inserted;
};

/* path NULL: not used. False with errno. */
bool ifd_link_init(struct ifd_link *link, struct simulator *sim, const char *path);
/* Fills 2 entries. */
void ifd_link_prepare(struct ifd_link *link, struct pollfd *poll_fds, int *timeout);
void ifd_link_handle(struct ifd_link *link, const struct pollfd *poll_fds);
void ifd_link_close(struct ifd_link *link);

#endif

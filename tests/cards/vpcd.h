/*
 * The link to vsmartcard's virtual reader over TCP.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_VPCD_H
#define SIMCARD_VPCD_H

#include "simulator.h"
#include "stream.h"

struct vpcd
{
    struct simulator *sim;
    unsigned port; /* 0: this link is not used */
    struct stream stream;
    int64_t try_at;     /* when to connect again */
    unsigned insertion; /* which insertion of the card this connection is */
};

void vpcd_init(struct vpcd *link, struct simulator *sim, unsigned port);
/* Connects or disconnects as the card is in or out; sends what is due; sets what to poll for and
 * lowers *timeout (ms, -1 none) to the next thing to do. */
void vpcd_prepare(struct vpcd *link, struct pollfd *poll_fd, int *timeout);
/* Takes what came in. */
void vpcd_handle(struct vpcd *link, short revents);
/* Closes the connection, which takes the card out of the reader. */
void vpcd_close(struct vpcd *link);

#endif

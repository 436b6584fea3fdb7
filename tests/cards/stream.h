/*
 * A connected socket with its unread and unsent bytes, for the links to readers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_STREAM_H
#define SIMCARD_STREAM_H

#include "bytes.h"

#include <poll.h>

struct stream
{
    int fd; /* -1: closed */
    struct bytes in, out;
    int64_t send_at; /* when the bytes of out go out, on the clock of simulator_now */
};

/* Sends out when it is time. False when the other side is gone. */
bool stream_send_due(struct stream *stream);
/* Reads once into in; call when poll says so. False when the other side is gone. */
bool stream_receive(struct stream *stream);
/* Sets what to poll for; lowers *timeout (ms, -1 none) to when out is due. */
void stream_prepare(const struct stream *stream, struct pollfd *poll_fd, int *timeout);
/* Lowers *timeout to the time left until when. */
void stream_wait_until(int64_t when, int *timeout);
/* Closes the socket and forgets the bytes; a closed stream is allowed. */
void stream_close(struct stream *stream);
/* A listening unix socket at path; a socket there that nobody listens on is replaced. -1 with
 * errno. */
int stream_listen(const char *path);

#endif

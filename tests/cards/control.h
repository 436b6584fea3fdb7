/*
 * The control socket: lines with commands come in, a line with the result goes back.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_CONTROL_H
#define SIMCARD_CONTROL_H

#include "simulator.h"

#include <poll.h>

#define CONTROL_CLIENTS 8

struct control
{
    struct simulator *sim;
    const char *path;
    int listener; /* -1: there is no control socket */
    struct
    {
        int fd;
        struct bytes in;
    } clients[CONTROL_CLIENTS];
};

/* One line per command, for --help of both programs. */
extern const char control_help[];

/* Listens on a socket of the file system; path NULL: none. A socket that nobody listens on any
 * more is replaced. False with errno. */
bool control_init(struct control *control, struct simulator *sim, const char *path);
/* Fills 1 + CONTROL_CLIENTS entries. */
void control_prepare(struct control *control, struct pollfd *poll_fds);
void control_handle(struct control *control, const struct pollfd *poll_fds);
/* Closes everything and removes the socket. */
void control_close(struct control *control);

/* Executes one line (without its end) and appends the line of the result, "ok .." or "error ..",
 * without an end. */
void control_execute(struct simulator *sim, const char *line, struct bytes *reply);

#endif

/*
 * The socket of the control commands; what they do is in control_commands.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#define _GNU_SOURCE /* accept4 */
#include "control.h"

#include "stream.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_LINE 0x40000u

bool control_init(struct control *control, struct simulator *sim, const char *path)
{
    unsigned i;

    control->sim = sim;
    control->path = path;
    control->listener = -1;
    for (i = 0; i < CONTROL_CLIENTS; i++)
        control->clients[i].fd = -1;
    if (path)
        control->listener = stream_listen(path);
    return !path || control->listener >= 0;
}

void control_prepare(struct control *control, struct pollfd *poll_fds)
{
    unsigned i;

    poll_fds[0].fd = control->listener;
    poll_fds[0].events = POLLIN;
    for (i = 0; i < CONTROL_CLIENTS; i++)
    {
        poll_fds[1 + i].fd = control->clients[i].fd;
        poll_fds[1 + i].events = POLLIN;
    }
}

static void close_client(struct control *control, unsigned i)
{
    close(control->clients[i].fd);
    control->clients[i].fd = -1;
    bytes_free(&control->clients[i].in);
}

static void accept_client(struct control *control)
{
    int fd = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC);
    unsigned i;

    if (fd < 0)
        return;
    for (i = 0; i < CONTROL_CLIENTS; i++)
    {
        if (control->clients[i].fd >= 0)
            continue;
        control->clients[i].fd = fd;
        return;
    }
    close(fd);
}

static bool send_reply(int fd, struct bytes *reply)
{
    ssize_t sent;

    while (reply->len)
    {
        sent = send(fd, reply->data, reply->len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        bytes_drop(reply, (size_t)sent);
    }
    return true;
}

/* Executes the complete lines of a client. False when it is to be closed. */
static bool execute_lines(struct control *control, unsigned i)
{
    struct bytes *in = &control->clients[i].in, reply = {0};
    uint8_t *end;
    bool ok = true;

    while (ok && in->len && (end = memchr(in->data, '\n', in->len)))
    {
        *end = 0;
        control_execute(control->sim, (char *)in->data, &reply);
        bytes_add_u8(&reply, '\n');
        bytes_drop(in, (size_t)(end - in->data) + 1);
        ok = send_reply(control->clients[i].fd, &reply);
    }
    bytes_free(&reply);
    return ok && in->len <= MAX_LINE;
}

void control_handle(struct control *control, const struct pollfd *poll_fds)
{
    uint8_t chunk[4096];
    unsigned i;

    for (i = 0; i < CONTROL_CLIENTS; i++)
    {
        ssize_t got;

        if (!poll_fds[1 + i].revents || control->clients[i].fd < 0)
            continue;
        got = recv(control->clients[i].fd, chunk, sizeof(chunk), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got > 0)
            bytes_add(&control->clients[i].in, chunk, (size_t)got);
        if (got <= 0 || !execute_lines(control, i))
            close_client(control, i);
    }
    if (poll_fds[0].revents)
        accept_client(control);
}

void control_close(struct control *control)
{
    unsigned i;

    for (i = 0; i < CONTROL_CLIENTS; i++)
        if (control->clients[i].fd >= 0)
            close_client(control, i);
    if (control->listener < 0)
        return;
    close(control->listener);
    unlink(control->path);
    control->listener = -1;
}

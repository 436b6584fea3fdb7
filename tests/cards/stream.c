/*
 * A connected socket with its unread and unsent bytes, for the links to readers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "stream.h"

#include "simulator.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

bool stream_send_due(struct stream *stream)
{
    if (stream->fd < 0 || simulator_now() < stream->send_at)
        return true;
    while (stream->out.len)
    {
        ssize_t sent = send(stream->fd, stream->out.data, stream->out.len, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        bytes_drop(&stream->out, (size_t)sent);
    }
    return true;
}

bool stream_receive(struct stream *stream)
{
    uint8_t chunk[16384];
    ssize_t got = recv(stream->fd, chunk, sizeof(chunk), 0);

    if (got < 0)
        return errno == EINTR || errno == EAGAIN;
    bytes_add(&stream->in, chunk, (size_t)got);
    return got > 0;
}

void stream_wait_until(int64_t when, int *timeout)
{
    int64_t left = when - simulator_now();

    if (left < 0)
        left = 0;
    if (*timeout < 0 || left < *timeout)
        *timeout = (int)left;
}

void stream_prepare(const struct stream *stream, struct pollfd *poll_fd, int *timeout)
{
    poll_fd->fd = stream->fd;
    poll_fd->events = POLLIN;
    if (stream->fd >= 0 && stream->out.len)
        stream_wait_until(stream->send_at, timeout);
}

void stream_close(struct stream *stream)
{
    if (stream->fd >= 0)
        close(stream->fd);
    stream->fd = -1;
    stream->send_at = 0;
    bytes_free(&stream->in);
    bytes_free(&stream->out);
}

int stream_listen(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd, error;

    if (strlen(path) >= sizeof(address.sun_path))
    {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
        errno = EADDRINUSE;
    else
    {
        if (errno == ECONNREFUSED)
            unlink(path);
        if (!bind(fd, (struct sockaddr *)&address, sizeof(address)) && !listen(fd, 8))
            return fd;
    }
    error = errno;
    close(fd);
    errno = error;
    return -1;
}

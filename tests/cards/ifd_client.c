/*
 * The IFD handler's end of the socket to simcard.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "ifd_client.h"

#include "ifd_protocol.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

bool ifd_client_init(struct ifd_client *client, const char *path)
{
    client->fd = -1;
    if (strlen(path) >= sizeof(client->path))
        return false;
    strcpy(client->path, path);
    return true;
}

void ifd_client_close(struct ifd_client *client)
{
    if (client->fd >= 0)
        close(client->fd);
    client->fd = -1;
}

static bool open_client(struct ifd_client *client)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (client->fd >= 0)
        return true;
    memcpy(address.sun_path, client->path, sizeof(address.sun_path));
    client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->fd >= 0 && !connect(client->fd, (struct sockaddr *)&address, sizeof(address)))
        return true;
    ifd_client_close(client);
    return false;
}

static bool send_all(int fd, const uint8_t *data, size_t len)
{
    while (len)
    {
        ssize_t sent = send(fd, data, len, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        data += sent;
        len -= (size_t)sent;
    }
    return true;
}

static bool receive_all(int fd, uint8_t *data, size_t len)
{
    while (len)
    {
        ssize_t got = recv(fd, data, len, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        data += got;
        len -= (size_t)got;
    }
    return true;
}

static bool receive_answer(int fd, void *out, size_t *out_len, int *status)
{
    uint8_t header[READER_HEADER_SIZE], rest[256];
    size_t len, room = *out_len, take;

    if (!receive_all(fd, header, sizeof(header)))
        return false;
    *status = header[0];
    len = (size_t)header[1] << 24 | (size_t)header[2] << 16 | (size_t)header[3] << 8 | header[4];
    if (len > READER_MAX_DATA)
        return false;
    *out_len = len;
    take = len < room ? len : room;
    if (!receive_all(fd, out, take))
        return false;
    for (len -= take; len; len -= take)
    {
        take = len < sizeof(rest) ? len : sizeof(rest);
        if (!receive_all(fd, rest, take))
            return false;
    }
    return true;
}

int ifd_client_ask(struct ifd_client *client, uint8_t request, const void *data, size_t len,
                   void *out, size_t *out_len)
{
    uint8_t header[READER_HEADER_SIZE] = {request, (uint8_t)(len >> 24), (uint8_t)(len >> 16),
        (uint8_t)(len >> 8), (uint8_t)len};
    int status;

    if (!open_client(client))
        return IFD_CLIENT_NOBODY;
    if (send_all(client->fd, header, sizeof(header)) && send_all(client->fd, data, len) &&
        receive_answer(client->fd, out, out_len, &status))
        return status;
    ifd_client_close(client);
    return READER_NO_ANSWER;
}

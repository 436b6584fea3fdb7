/*
 * The link to vsmartcard's virtual reader over TCP: messages are 2 bytes of length, most significant
 * first, and data; one byte of data is a control, anything else a command.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "vpcd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define RETRY_MS 100

enum
{
    CONTROL_OFF,
    CONTROL_ON,
    CONTROL_RESET,
    CONTROL_ATR = 4
};

void vpcd_init(struct vpcd *link, struct simulator *sim, unsigned port)
{
    link->sim = sim;
    link->port = port;
    link->fd = -1;
}

void vpcd_close(struct vpcd *link)
{
    if (link->fd >= 0) close(link->fd);
    link->fd = -1;
    link->send_at = 0;
    bytes_free(&link->in);
    bytes_free(&link->out);
}

static void lost(struct vpcd *link)
{
    apdulog_event(&link->sim->log, "the reader went away");
    vpcd_close(link);
    link->try_at = simulator_now() + RETRY_MS;
}

static void connect_reader(struct vpcd *link)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int one = 1;

    address.sin_port = htons((uint16_t)link->port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    link->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (link->fd >= 0 && connect(link->fd, (struct sockaddr *)&address, sizeof(address)))
    {
        close(link->fd);
        link->fd = -1;
    }
    if (link->fd < 0)
    {
        link->try_at = simulator_now() + RETRY_MS;
        return;
    }
    setsockopt(link->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    setsockopt(link->fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof(one));
    simulator_reset(link->sim, "inserted");
}

static void send_out(struct vpcd *link)
{
    while (link->out.len)
    {
        ssize_t sent = send(link->fd, link->out.data, link->out.len, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0)
        {
            lost(link);
            return;
        }
        bytes_drop(&link->out, (size_t)sent);
    }
    link->send_at = 0;
}

static void wait_until(int64_t when, int *timeout)
{
    int64_t left = when - simulator_now();

    if (left < 0) left = 0;
    if (*timeout < 0 || left < *timeout) *timeout = (int)left;
}

void vpcd_prepare(struct vpcd *link, struct pollfd *poll_fd, int *timeout)
{
    if (!link->sim->inserted && link->fd >= 0)
    {
        apdulog_event(&link->sim->log, "ejected");
        vpcd_close(link);
        card_reset(link->sim->card);
    }
    if (link->sim->inserted && link->fd < 0 && simulator_now() >= link->try_at)
        connect_reader(link);
    if (link->fd >= 0 && link->out.len && simulator_now() >= link->send_at) send_out(link);
    poll_fd->fd = link->fd;
    poll_fd->events = POLLIN;
    if (link->out.len) wait_until(link->send_at, timeout);
    if (link->sim->inserted && link->fd < 0) wait_until(link->try_at, timeout);
}

static void answer(struct vpcd *link, const uint8_t *data, size_t len)
{
    bytes_add_be(&link->out, (uint32_t)len, 2);
    bytes_add(&link->out, data, len);
}

static void handle_control(struct vpcd *link, uint8_t control)
{
    const struct bytes *atr = &link->sim->card->profile->atr;

    if (control == CONTROL_OFF) simulator_reset(link->sim, "power off");
    else if (control == CONTROL_ON) simulator_reset(link->sim, "power on");
    else if (control == CONTROL_RESET) simulator_reset(link->sim, "reset");
    else if (control == CONTROL_ATR) answer(link, atr->data, atr->len);
}

static void handle_message(struct vpcd *link, const uint8_t *data, size_t len)
{
    struct bytes reply = {0};
    unsigned delay_ms;

    if (len == 1)
    {
        handle_control(link, data[0]);
        return;
    }
    if (simulator_command(link->sim, data, len, &reply, &delay_ms))
    {
        answer(link, reply.data, reply.len > 0xffff ? 0xffff : reply.len);
        link->send_at = simulator_now() + delay_ms;
    }
    bytes_free(&reply);
}

void vpcd_handle(struct vpcd *link, short revents)
{
    uint8_t chunk[4096];
    ssize_t got;
    size_t len;
    int one = 1;

    if (!revents || link->fd < 0) return;
    got = recv(link->fd, chunk, sizeof(chunk), 0);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (got <= 0)
    {
        lost(link);
        return;
    }
    setsockopt(link->fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof(one));
    bytes_add(&link->in, chunk, (size_t)got);
    while (link->in.len >= 2 && link->sim->inserted)
    {
        len = bytes_be(link->in.data, 2);
        if (link->in.len < 2 + len) break;
        handle_message(link, link->in.data + 2, len);
        bytes_drop(&link->in, 2 + len);
    }
}

/*
 * The link to vsmartcard's virtual reader over TCP: messages are 2 bytes of length, most
 * significant first, and data; one byte of data is a control, anything else a command.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "vpcd.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define RETRY_MS 100
/* pcscd looks every 400 ms: a card that is out for less is not missed. */
#define GAP_MS 600

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
    link->stream.fd = -1;
    /* vpcd, and with it pcscd, waits forever after a message without data. */
    if (port)
        sim->never_empty = true;
}

void vpcd_close(struct vpcd *link)
{
    stream_close(&link->stream);
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
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

    address.sin_port = htons((uint16_t)link->port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
    {
        if (fd >= 0)
            close(fd);
        link->try_at = simulator_now() + RETRY_MS;
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof(one));
    link->stream.fd = fd;
    link->insertion = link->sim->insertions;
    simulator_reset(link->sim, "inserted");
}

void vpcd_prepare(struct vpcd *link, struct pollfd *poll_fd, int *timeout)
{
    bool wanted = link->port && link->sim->inserted;

    if (link->stream.fd >= 0 && (!wanted || link->insertion != link->sim->insertions))
    {
        simulator_reset(link->sim, "ejected");
        vpcd_close(link);
        link->try_at = simulator_now() + GAP_MS;
    }
    if (wanted && link->stream.fd < 0 && simulator_now() >= link->try_at)
        connect_reader(link);
    if (!stream_send_due(&link->stream))
        lost(link);
    stream_prepare(&link->stream, poll_fd, timeout);
    if (wanted && link->stream.fd < 0)
        stream_wait_until(link->try_at, timeout);
}

static void answer(struct vpcd *link, const uint8_t *data, size_t len)
{
    bytes_add_be(&link->stream.out, (uint32_t)len, 2);
    bytes_add(&link->stream.out, data, len);
}

static void handle_control(struct vpcd *link, uint8_t control)
{
    const struct bytes *atr = &link->sim->card->profile->atr;

    if (control == CONTROL_OFF)
        simulator_reset(link->sim, "power off");
    else if (control == CONTROL_ON)
        simulator_reset(link->sim, "power on");
    else if (control == CONTROL_RESET)
        simulator_reset(link->sim, "reset");
    else if (control == CONTROL_ATR)
        answer(link, atr->data, atr->len);
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
        link->stream.send_at = simulator_now() + delay_ms;
    }
    bytes_free(&reply);
}

void vpcd_handle(struct vpcd *link, short revents)
{
    struct bytes *in = &link->stream.in;
    int one = 1;

    if (!revents || link->stream.fd < 0)
        return;
    if (!stream_receive(&link->stream))
    {
        lost(link);
        return;
    }
    setsockopt(link->stream.fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof(one));
    while (in->len >= 2 && in->len >= 2 + bytes_be(in->data, 2) && link->sim->inserted)
    {
        size_t len = bytes_be(in->data, 2);

        handle_message(link, in->data + 2, len);
        bytes_drop(in, 2 + len);
    }
}

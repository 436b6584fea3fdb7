/*
 * The link to the tests' own IFD handler.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#define _GNU_SOURCE /* accept4 */
#include "ifd_link.h"

#include "ifd_protocol.h"
#include "pad.h"

#include <sys/socket.h>
#include <unistd.h>

bool ifd_link_init(struct ifd_link *link, struct simulator *sim, const char *path)
{
    link->sim = sim;
    link->path = path;
    link->listener = -1;
    link->stream.fd = -1;
    if (path)
        link->listener = stream_listen(path);
    return !path || link->listener >= 0;
}

void ifd_link_prepare(struct ifd_link *link, struct pollfd *poll_fds, int *timeout)
{
    if (link->sim->inserted != link->was_inserted)
        simulator_reset(link->sim, link->sim->inserted ? "inserted" : "ejected");
    link->was_inserted = link->sim->inserted;
    if (!stream_send_due(&link->stream))
        stream_close(&link->stream);
    stream_prepare(&link->stream, &poll_fds[0], timeout);
    poll_fds[1].fd = link->listener;
    poll_fds[1].events = POLLIN;
}

static enum reader_status transmit(struct ifd_link *link, const uint8_t *data, size_t len,
                                   struct bytes *out)
{
    unsigned delay_ms;

    if (!simulator_command(link->sim, data, len, out, &delay_ms))
        return READER_NO_ANSWER;
    link->stream.send_at = simulator_now() + delay_ms;
    return READER_DONE;
}

static enum reader_status power(struct ifd_link *link, const char *text, struct bytes *out)
{
    const struct bytes *atr = &link->sim->card->profile->atr;

    simulator_reset(link->sim, text);
    if (out && link->sim->mute)
        return READER_NO_ANSWER;
    if (out)
        bytes_add(out, atr->data, atr->len);
    return READER_DONE;
}

static enum reader_status execute(struct ifd_link *link, uint8_t request, const uint8_t *data,
                                  size_t len, struct bytes *out)
{
    if (link->sim->unplugged)
        return READER_UNPLUGGED;
    if (request == READER_CONTROL && len >= 4)
        return pad_control(link->sim, bytes_be(data, 4), data + 4, len - 4, out);
    if (!link->sim->inserted)
        return READER_NO_CARD;
    switch (request)
    {
    case READER_PRESENCE: bytes_add_be(out, link->sim->insertions, 4); return READER_DONE;
    case READER_POWER_DOWN: return power(link, "power off", NULL);
    case READER_POWER_UP: return power(link, "power on", out);
    case READER_RESET: return power(link, "reset", out);
    case READER_TRANSMIT: return transmit(link, data, len, out);
    default: return READER_UNKNOWN_CONTROL;
    }
}

/* Answers one request. False when there is not a whole one. */
static bool take_request(struct ifd_link *link)
{
    struct bytes *in = &link->stream.in, reply = {0};
    enum reader_status status;
    size_t len;

    if (in->len < READER_HEADER_SIZE)
        return false;
    len = bytes_be(in->data + 1, 4);
    if (in->len < READER_HEADER_SIZE + len)
        return false;
    status = execute(link, in->data[0], in->data + READER_HEADER_SIZE, len, &reply);
    bytes_add_u8(&link->stream.out, status);
    bytes_add_be(&link->stream.out, (uint32_t)reply.len, 4);
    bytes_add(&link->stream.out, reply.data, reply.len);
    bytes_drop(in, READER_HEADER_SIZE + len);
    bytes_free(&reply);
    return true;
}

void ifd_link_handle(struct ifd_link *link, const struct pollfd *poll_fds)
{
    if (poll_fds[0].revents && link->stream.fd >= 0)
    {
        if (!stream_receive(&link->stream))
            stream_close(&link->stream);
        while (link->stream.fd >= 0 && take_request(link))
        {
        }
    }
    if (poll_fds[1].revents)
    {
        /* A new handler takes the place of one that was ended without a farewell. */
        stream_close(&link->stream);
        link->stream.fd = accept4(link->listener, NULL, NULL, SOCK_CLOEXEC);
    }
}

void ifd_link_close(struct ifd_link *link)
{
    stream_close(&link->stream);
    if (link->listener < 0)
        return;
    close(link->listener);
    unlink(link->path);
    link->listener = -1;
}

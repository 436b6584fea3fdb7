/*
 * The IFD handler's end of the socket to simcard.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef IFD_CLIENT_H
#define IFD_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Beside enum reader_status: nobody listens on the socket. */
#define IFD_CLIENT_NOBODY (-1)

struct ifd_client
{
    char path[108];
    int fd; /* -1: not connected */
};

/* Remembers the path; the connection is made when it is needed. False when the path is too long. */
bool ifd_client_init(struct ifd_client *client, const char *path);

/* Sends a request of enum reader_request and waits for the answer, which is written as far as
 * *out_len has room; then *out_len is its whole length. The status, or IFD_CLIENT_NOBODY. */
int ifd_client_ask(struct ifd_client *client, uint8_t request, const void *data, size_t len,
                   void *out, size_t *out_len);

void ifd_client_close(struct ifd_client *client);

#endif

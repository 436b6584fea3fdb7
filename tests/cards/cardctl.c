/*
 * cardctl: gives a running simcard a command and prints what it answers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "bytes.h"
#include "control.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void usage(FILE *stream)
{
    fprintf(stream,
            "Usage: cardctl SOCKET COMMAND [WORDS]\n"
            "Gives a running simcard (its --control SOCKET) a command. Ends with 0 when it was\n"
            "done, 1 when simcard refused it, 2 when simcard was not reached.\n\n%s",
            control_help);
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof(address.sun_path))
    {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof(address)))
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* False when the connection ended before a whole line. */
static bool ask(int fd, struct bytes *line, struct bytes *reply)
{
    uint8_t chunk[4096];
    size_t done = 0;

    while (done < line->len)
    {
        ssize_t sent = send(fd, line->data + done, line->len - done, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        done += (size_t)sent;
    }
    while (!reply->len || reply->data[reply->len - 1] != '\n')
    {
        ssize_t got = recv(fd, chunk, sizeof(chunk), 0);

        if (got <= 0)
            return false;
        bytes_add(reply, chunk, (size_t)got);
    }
    reply->data[reply->len - 1] = 0;
    return true;
}

int main(int argc, char **argv)
{
    struct bytes line = {0}, reply = {0};
    int fd, i, status = 2;
    const char *text;

    if (argc == 2 && !strcmp(argv[1], "--help"))
    {
        usage(stdout);
        return 0;
    }
    if (argc < 3)
    {
        fprintf(stderr, "cardctl: SOCKET and COMMAND are needed; see cardctl --help\n");
        return 2;
    }
    for (i = 2; i < argc; i++)
    {
        bytes_add(&line, argv[i], strlen(argv[i]));
        bytes_add_u8(&line, i + 1 < argc ? ' ' : '\n');
    }
    fd = connect_to(argv[1]);
    if (fd < 0)
        fprintf(stderr, "cardctl: %s: %s\n", argv[1], strerror(errno));
    else if (!ask(fd, &line, &reply))
        fprintf(stderr, "cardctl: simcard did not answer\n");
    else
    {
        text = (const char *)reply.data;
        status = strncmp(text, "ok", 2) ? 1 : 0;
        if (status)
            fprintf(stderr, "cardctl: %s\n", text + (strncmp(text, "error ", 6) ? 0 : 6));
        else if (text[2])
            printf("%s\n", text + 3);
    }
    if (fd >= 0)
        close(fd);
    bytes_free(&line);
    bytes_free(&reply);
    return status;
}

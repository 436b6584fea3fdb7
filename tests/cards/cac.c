/*
 * cac: a card that we did not write, in a virtual reader: libcacard's emulation of a Common Access
 * Card behind vsmartcard's vpcd. Only built where libcacard is installed.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * vpcd's messages are those of vpcd.c. Here the card is one blocking call, so is everything else.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libcacard.h>

#include "pidfile.h"

#define DEFAULT_PORT 35963
#define RETRY_US     100000
#define MAX_MESSAGE  0xffffu

enum
{
    CONTROL_OFF,
    CONTROL_ON,
    CONTROL_RESET,
    CONTROL_ATR = 4
};

struct bridge
{
    VReader *reader;
    int fd;
    uint8_t atr[64];
    int atr_len;
};

struct options
{
    const char *database, *certificates, *pidfile;
    unsigned port;
};

static void usage(FILE *stream)
{
    fprintf(stream,
            "Usage: cac --database DIR --certificates NAME,NAME,NAME [--port N] [--pidfile FILE]\n"
            "libcacard's Common Access Card in a virtual reader (vsmartcard's vpcd).\n\n"
            "  --database DIR       NSS database with certificates and keys\n"
            "                       (tests/cards/cac-database makes one)\n"
            "  --certificates LIST  nicknames of the card's certificates, with commas\n"
            "  --port N             the reader listens on TCP 127.0.0.1:N (default %d)\n"
            "  --pidfile FILE       write the process number there once the card is ready\n",
            DEFAULT_PORT);
}

/* The exit status, or -1 to go on. */
static int parse_options(int argc, char **argv, struct options *options)
{
    static const struct option table[] = {
        {"database", required_argument, NULL, 'd'}, {"certificates", required_argument, NULL, 'c'},
        {"port", required_argument, NULL, 'P'},     {"pidfile", required_argument, NULL, 'i'},
        {"help", no_argument, NULL, 'h'},           {0},
    };
    int option;

    while ((option = getopt_long(argc, argv, "h", table, NULL)) != -1)
    {
        switch (option)
        {
        case 'd': options->database = optarg; break;
        case 'c': options->certificates = optarg; break;
        case 'P': options->port = (unsigned)strtoul(optarg, NULL, 10); break;
        case 'i': options->pidfile = optarg; break;
        case 'h': usage(stdout); return 0;
        default: usage(stderr); return 2;
        }
    }
    if (optind == argc && options->database && options->certificates && options->port &&
        options->port <= 65535)
        return -1;
    usage(stderr);
    return 2;
}

/* The library's reader with its card, or NULL. */
static VReader *open_card(const struct options *options)
{
    VReaderList *list;
    char text[1024];
    VReader *reader;

    snprintf(text, sizeof(text), "db=\"sql:%s\" use_hw=no soft=(,Virtual Reader,CAC,,%s)",
             options->database, options->certificates);
    if (vcard_emul_init(vcard_emul_options(text)) != VCARD_EMUL_OK)
        return NULL;
    if (!(list = vreader_get_reader_list()))
        return NULL;
    reader = vreader_list_get_reader(vreader_list_get_first(list));
    vreader_list_delete(list);
    return reader && vreader_card_is_present(reader) == VREADER_OK ? reader : NULL;
}

static bool connect_reader(struct bridge *bridge, unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int one = 1;

    address.sin_port = htons((uint16_t)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bridge->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bridge->fd < 0)
        return false;
    if (connect(bridge->fd, (struct sockaddr *)&address, sizeof(address)))
    {
        close(bridge->fd);
        return false;
    }
    setsockopt(bridge->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    return true;
}

static bool receive_all(const struct bridge *bridge, uint8_t *data, size_t len)
{
    int one = 1;

    while (len)
    {
        ssize_t got = recv(bridge->fd, data, len, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        /* Not kept over receives; without it each command takes 40 ms. */
        setsockopt(bridge->fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof(one));
        data += got;
        len -= (size_t)got;
    }
    return true;
}

static bool answer(const struct bridge *bridge, const uint8_t *data, size_t len)
{
    static uint8_t message[2 + MAX_MESSAGE];

    message[0] = (uint8_t)(len >> 8);
    message[1] = (uint8_t)len;
    memcpy(message + 2, data, len);
    return send(bridge->fd, message, 2 + len, MSG_NOSIGNAL) == (ssize_t)(2 + len);
}

static void power_on(struct bridge *bridge)
{
    bridge->atr_len = sizeof(bridge->atr);
    if (vreader_power_on(bridge->reader, bridge->atr, &bridge->atr_len) != VREADER_OK)
        bridge->atr_len = 0;
}

static bool handle_control(struct bridge *bridge, uint8_t control)
{
    if (control == CONTROL_OFF || control == CONTROL_RESET)
        vreader_power_off(bridge->reader);
    if (control == CONTROL_ON || control == CONTROL_RESET)
        power_on(bridge);
    return control != CONTROL_ATR || answer(bridge, bridge->atr, (size_t)bridge->atr_len);
}

static bool handle_command(struct bridge *bridge, uint8_t *command, size_t len)
{
    static const uint8_t failed[] = {0x6f, 0x00};
    static uint8_t reply[MAX_MESSAGE];
    int reply_len = sizeof(reply);

    if (vreader_xfr_bytes(bridge->reader, command, (int)len, reply, &reply_len) != VREADER_OK ||
        reply_len < 2)
        return answer(bridge, failed, sizeof(failed));
    return answer(bridge, reply, (size_t)reply_len);
}

/* Until the reader goes away. */
static void serve(struct bridge *bridge)
{
    static uint8_t message[MAX_MESSAGE];
    uint8_t header[2];
    size_t len;
    bool fine = true;

    power_on(bridge);
    while (fine && receive_all(bridge, header, sizeof(header)))
    {
        len = (size_t)header[0] << 8 | header[1];
        if (!receive_all(bridge, message, len))
            break;
        if (len == 1)
            fine = handle_control(bridge, message[0]);
        else
            fine = handle_command(bridge, message, len);
    }
    close(bridge->fd);
}

int main(int argc, char **argv)
{
    struct options options = {.port = DEFAULT_PORT};
    struct bridge bridge = {0};
    int status = parse_options(argc, argv, &options);

    if (status >= 0)
        return status;
    if (!(bridge.reader = open_card(&options)))
    {
        fprintf(stderr, "cac: libcacard makes no card of %s in %s\n", options.certificates,
                options.database);
        return 1;
    }
    if (!write_pidfile(options.pidfile))
    {
        fprintf(stderr, "cac: %s: %s\n", options.pidfile, strerror(errno));
        return 1;
    }
    for (;;)
    {
        if (connect_reader(&bridge, options.port))
            serve(&bridge);
        usleep(RETRY_US);
    }
}

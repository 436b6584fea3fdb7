/*
 * simcard: a simulated ISO 7816-4 card for tests, in a virtual reader.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#define _GNU_SOURCE /* program_invocation_short_name */
#include "control.h"
#include "ifd_link.h"
#include "pidfile.h"
#include "vpcd.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define DEFAULT_PORT 35963

struct options
{
    const char *profile, *control, *ifd, *log, *pidfile;
    unsigned port;
    bool ejected;
};

static void usage(FILE *stream)
{
    fprintf(stream,
            "Usage: %s --profile FILE [options]\n"
            "A simulated smart card in a virtual reader (vsmartcard's vpcd).\n\n"
            "  --profile FILE   what card it is (example profiles are installed)\n"
            "  --port N         the reader listens on TCP 127.0.0.1:N (default %d)\n"
            "  --ifd PATH       listen on this unix socket for libifdscardssp.so instead of vpcd\n"
            "  --control PATH   take commands on this unix socket (see cardctl --help)\n"
            "  --log FILE       append every command and answer, codes included\n"
            "  --pidfile FILE   write the process number there once everything is open\n"
            "  --ejected        begin with the card out of the reader\n"
            "  --check          read the profile, report its errors, and end\n"
            "  --help           this text\n",
            program_invocation_short_name, DEFAULT_PORT);
}

/* The exit status, or -1 to go on. */
static int parse_options(int argc, char **argv, struct options *options, bool *check)
{
    static const struct option table[] = {
        {"profile", required_argument, NULL, 'p'}, {"port", required_argument, NULL, 'P'},
        {"control", required_argument, NULL, 'c'}, {"log", required_argument, NULL, 'l'},
        {"ifd", required_argument, NULL, 'I'},
        {"pidfile", required_argument, NULL, 'i'}, {"ejected", no_argument, NULL, 'e'},
        {"check", no_argument, NULL, 'k'},         {"help", no_argument, NULL, 'h'},
        {0},
    };
    int option;
    char *end;

    while ((option = getopt_long(argc, argv, "h", table, NULL)) != -1)
    {
        switch (option)
        {
        case 'p': options->profile = optarg; break;
        case 'c': options->control = optarg; break;
        case 'I': options->ifd = optarg; break;
        case 'l': options->log = optarg; break;
        case 'i': options->pidfile = optarg; break;
        case 'e': options->ejected = true; break;
        case 'k': *check = true; break;
        case 'P':
            options->port = (unsigned)strtoul(optarg, &end, 10);
            if (*end || !options->port || options->port > 65535)
            {
                fprintf(stderr, "%s: --port takes 1 to 65535, not \"%s\"\n",
                        program_invocation_short_name, optarg);
                return 2;
            }
            break;
        case 'h': usage(stdout); return 0;
        default: fprintf(stderr, "See %s --help\n", program_invocation_short_name); return 2;
        }
    }
    if (optind == argc && options->profile)
        return -1;
    fprintf(stderr, "%s: --profile is needed, and no other words; see %s --help\n",
            program_invocation_short_name, program_invocation_short_name);
    return 2;
}

static int complain(const char *what)
{
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, strerror(errno));
    return 1;
}

static int open_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

struct links
{
    struct vpcd vpcd;
    struct ifd_link ifd;
    struct control control;
};

static void run(struct simulator *sim, struct links *links, int signals)
{
    struct pollfd fds[5 + CONTROL_CLIENTS];

    while (!sim->quit)
    {
        int timeout = -1;

        vpcd_prepare(&links->vpcd, &fds[0], &timeout);
        if (links->ifd.path)
            ifd_link_prepare(&links->ifd, &fds[1], &timeout);
        else
            fds[1].fd = fds[2].fd = -1;
        fds[3].fd = signals;
        fds[3].events = POLLIN;
        control_prepare(&links->control, &fds[4]);
        if (poll(fds, sizeof(fds) / sizeof(fds[0]), timeout) < 0)
        {
            if (errno == EINTR)
                continue;
            break;
        }
        if (fds[3].revents)
            break;
        vpcd_handle(&links->vpcd, fds[0].revents);
        if (links->ifd.path)
            ifd_link_handle(&links->ifd, &fds[1]);
        control_handle(&links->control, &fds[4]);
    }
}

static int serve(struct simulator *sim, const struct options *options)
{
    struct links links;
    int signals = open_signals();

    if (signals < 0)
        return complain("signalfd");
    memset(&links, 0, sizeof(links));
    sim->inserted = !options->ejected;
    if (options->log && !apdulog_open(&sim->log, options->log))
        return complain(options->log);
    if (!control_init(&links.control, sim, options->control))
        return complain(options->control);
    if (!ifd_link_init(&links.ifd, sim, options->ifd))
        return complain(options->ifd);
    vpcd_init(&links.vpcd, sim, options->ifd ? 0 : options->port);
    if (!write_pidfile(options->pidfile))
        return complain(options->pidfile);
    run(sim, &links, signals);
    vpcd_close(&links.vpcd);
    ifd_link_close(&links.ifd);
    control_close(&links.control);
    if (options->pidfile)
        unlink(options->pidfile);
    close(signals);
    return 0;
}

int main(int argc, char **argv)
{
    struct options options = {.port = DEFAULT_PORT};
    struct simulator sim;
    struct bytes error = {0};
    bool check = false;
    int status = parse_options(argc, argv, &options, &check);

    if (status >= 0)
        return status;
    memset(&sim, 0, sizeof(sim));
    if (!simulator_init(&sim, options.profile, &error))
    {
        fprintf(stderr, "%s: %.*s\n", program_invocation_short_name, (int)error.len, error.data);
        bytes_free(&error);
        return 1;
    }
    status = check ? 0 : serve(&sim, &options);
    simulator_destroy(&sim);
    return status;
}

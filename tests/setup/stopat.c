/*
 * stopat: runs a command and stops it, or lets its disk be full, at the N-th step that it takes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A step is a system call that changes what lies below one of some directories, or the start of one
 * of some programs, by the command or any process that it started. Such calls are reported by the
 * kernel (seccomp's user notification, Linux 5.19) before they are made.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PLACES_MAX 8
#define EXIT_USAGE 2
#define EXIT_OWN   125

/* ---- which calls ---- */

/* Where a call tells what it changes. */
enum place
{
    BY_PATH,    /* path is the argument at */
    BY_DIR,     /* the same, below the directory in the argument before it */
    BY_FILE,    /* the argument at is an open file */
    BY_PROGRAM, /* path is the argument at, and a program */
};

enum what
{
    OPENS,   /* a step where it makes the file, or empties it */
    WRITES,
    MAKES,   /* a step where there is nothing of that name */
    CHANGES, /* needs no room; a step where there is something to change */
};

static const struct call
{
    const char *name;
    int number;
    enum place place;
    int at;
    enum what what;
    int flags; /* the argument with flags of open() */
} calls[] =
{
    {"open", SYS_open, BY_PATH, 0, OPENS, 1},
    {"openat", SYS_openat, BY_DIR, 1, OPENS, 2},
    {"write", SYS_write, BY_FILE, 0, WRITES, 0},
    {"writev", SYS_writev, BY_FILE, 0, WRITES, 0},
    {"pwrite64", SYS_pwrite64, BY_FILE, 0, WRITES, 0},
    {"sendfile", SYS_sendfile, BY_FILE, 0, WRITES, 0},
    {"copy_file_range", SYS_copy_file_range, BY_FILE, 2, WRITES, 0},
    {"fallocate", SYS_fallocate, BY_FILE, 0, WRITES, 0},
    {"ftruncate", SYS_ftruncate, BY_FILE, 0, CHANGES, 0},
    {"mkdir", SYS_mkdir, BY_PATH, 0, MAKES, 0},
    {"mkdirat", SYS_mkdirat, BY_DIR, 1, MAKES, 0},
    {"symlink", SYS_symlink, BY_PATH, 1, MAKES, 0},
    {"symlinkat", SYS_symlinkat, BY_DIR, 2, MAKES, 0},
    {"link", SYS_link, BY_PATH, 1, MAKES, 0},
    {"linkat", SYS_linkat, BY_DIR, 3, MAKES, 0},
    {"rename", SYS_rename, BY_PATH, 0, CHANGES, 0},
    {"renameat", SYS_renameat, BY_DIR, 1, CHANGES, 0},
    {"renameat2", SYS_renameat2, BY_DIR, 1, CHANGES, 0},
    {"rmdir", SYS_rmdir, BY_PATH, 0, CHANGES, 0},
    {"unlink", SYS_unlink, BY_PATH, 0, CHANGES, 0},
    {"unlinkat", SYS_unlinkat, BY_DIR, 1, CHANGES, 0},
    {"chmod", SYS_chmod, BY_PATH, 0, CHANGES, 0},
    {"fchmod", SYS_fchmod, BY_FILE, 0, CHANGES, 0},
    {"fchmodat", SYS_fchmodat, BY_DIR, 1, CHANGES, 0},
    {"execve", SYS_execve, BY_PROGRAM, 0, CHANGES, 0},
};

#define CALLS (sizeof(calls) / sizeof(calls[0]))

static const struct call *call_of(int number)
{
    size_t i;

    for (i = 0; i < CALLS; i++)
        if (calls[i].number == number)
            return &calls[i];
    return NULL;
}

/* ---- what is asked for ---- */

enum how
{
    HOW_NONE,
    HOW_KILL,
    HOW_INT,
    HOW_TERM,
    HOW_FULL
};

static const char *const how_names[] = {"none", "kill", "int", "term", "full"};

struct wish
{
    long at;
    enum how how;
    const char *below[PLACES_MAX];
    const char *programs[PLACES_MAX];
    const char *relief[PLACES_MAX];
    FILE *log;
};

static void usage(FILE *stream)
{
    fprintf(stream,
            "Usage: stopat [--at N --how HOW] [--below DIR]... [--program NAME]...\n"
            "              [--relief NAME]... [--log FILE] -- COMMAND [ARG]...\n"
            "Runs COMMAND in a process group of its own; at the step N\n"
            "  kill       the group is killed\n"
            "  int, term  the group gets that signal, and goes on\n"
            "  full       from then on nothing below a DIR can be written, until a file NAME of\n"
            "             --relief is removed\n"
            "FILE gets a line for each step. Ends with COMMAND's exit status.\n");
}

static int add_place(const char **places, const char *place)
{
    int i;

    for (i = 0; i < PLACES_MAX; i++)
        if (!places[i])
        {
            places[i] = place;
            return 0;
        }
    return -1;
}

static int take_how(struct wish *wish, const char *name)
{
    size_t i;

    for (i = 0; i < sizeof(how_names) / sizeof(how_names[0]); i++)
        if (!strcmp(how_names[i], name))
        {
            wish->how = (enum how)i;
            return 0;
        }
    return -1;
}

/* One option with its value; -1 when it is none. */
static int take_option(struct wish *wish, const char *name, const char *value)
{
    if (!strcmp(name, "--at"))
        return (wish->at = strtol(value, NULL, 10)) > 0 ? 0 : -1;
    if (!strcmp(name, "--how"))
        return take_how(wish, value);
    if (!strcmp(name, "--below"))
        return add_place(wish->below, value);
    if (!strcmp(name, "--program"))
        return add_place(wish->programs, value);
    if (!strcmp(name, "--relief"))
        return add_place(wish->relief, value);
    if (!strcmp(name, "--log"))
        return (wish->log = fopen(value, "we")) ? 0 : -1;
    return -1;
}

/* The command's place in argv; -1 for a wrong usage. */
static int take_options(struct wish *wish, int argc, char **argv)
{
    int i;

    for (i = 1; i + 1 < argc; i += 2)
    {
        if (!strcmp(argv[i], "--"))
            return i + 1;
        if (take_option(wish, argv[i], argv[i + 1]))
            return -1;
    }
    return -1;
}

/* ---- the command's side ---- */

static int install_filter(void)
{
    struct sock_filter filter[2 * CALLS + 5] =
    {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    struct sock_fprog program = {.filter = filter};
    size_t i, count = 4;

    for (i = 0; i < CALLS; i++)
    {
        filter[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                                       (uint32_t)calls[i].number, 0, 1);
        filter[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    }
    filter[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    program.len = (unsigned short)count;
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                        SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
                        &program);
}

union control
{
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

static struct msghdr message_with(union control *control, struct iovec *iov)
{
    return (struct msghdr){.msg_iov = iov,
                           .msg_iovlen = 1,
                           .msg_control = control,
                           .msg_controllen = sizeof(*control)};
}

static int send_file(int socket, int file)
{
    char byte = 0;
    union control control = {0};
    struct iovec iov = {&byte, 1};
    struct msghdr message = message_with(&control, &iov);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);

    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(file));
    memcpy(CMSG_DATA(header), &file, sizeof(file));
    return sendmsg(socket, &message, 0) == 1 ? 0 : -1;
}

static int receive_file(int socket)
{
    char byte;
    int file = -1;
    union control control = {0};
    struct iovec iov = {&byte, 1};
    struct msghdr message = message_with(&control, &iov);
    struct cmsghdr *header;

    if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) == 1 && (header = CMSG_FIRSTHDR(&message)))
        memcpy(&file, CMSG_DATA(header), sizeof(file));
    return file;
}

/* Shells start what is in the background with these ignored, and could not trap them then. */
static void signals_as_usual(void)
{
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
}

static void become(char **command, int socket)
{
    int listener;

    setpgid(0, 0);
    signals_as_usual();
    listener = install_filter();
    if (listener < 0 || send_file(socket, listener))
    {
        perror("stopat: seccomp");
        _exit(EXIT_OWN);
    }
    close(listener);
    close(socket);
    execvp(command[0], command);
    perror(command[0]);
    _exit(EXIT_OWN);
}

/* ---- what a call is about ---- */

static int read_link(char *to, const char *format, unsigned pid, int fd)
{
    char link[64];
    ssize_t length;

    snprintf(link, sizeof(link), format, pid, fd);
    length = readlink(link, to, PATH_MAX - 1);
    if (length < 0)
        return -1;
    to[length] = 0;
    return 0;
}

/* Strings end before a page that is not there, so page by page. */
static int read_string(char *to, unsigned pid, uint64_t address)
{
    size_t done = 0;

    while (done < PATH_MAX - 1)
    {
        size_t want = 4096 - (address + done) % 4096;
        struct iovec here = {to + done, want < PATH_MAX - 1 - done ? want : PATH_MAX - 1 - done};
        struct iovec there = {(void *)(uintptr_t)(address + done), here.iov_len};
        ssize_t got = process_vm_readv((pid_t)pid, &here, 1, &there, 1, 0);

        if (got <= 0)
            return -1;
        if (memchr(to + done, 0, (size_t)got))
            return 0;
        done += (size_t)got;
    }
    return -1;
}

static int path_of(char *path, const struct call *call, const struct seccomp_notif *request)
{
    char name[PATH_MAX], dir[PATH_MAX];
    int fd = call->place == BY_DIR ? (int)request->data.args[call->at - 1] : AT_FDCWD;

    if (call->place == BY_FILE)
        return read_link(path, "/proc/%u/fd/%d", request->pid, (int)request->data.args[call->at]);
    if (read_string(name, request->pid, request->data.args[call->at]))
        return -1;
    if (name[0] == '/')
    {
        strcpy(path, name);
        return 0;
    }
    if (fd == AT_FDCWD ? read_link(dir, "/proc/%u/cwd", request->pid, 0)
                       : read_link(dir, "/proc/%u/fd/%d", request->pid, fd))
        return -1;
    if (strlen(dir) + strlen(name) + 2 > PATH_MAX)
        return -1;
    strcat(strcat(strcpy(path, dir), "/"), name);
    return 0;
}

static int is_below(const char *const *dirs, const char *path)
{
    size_t length;

    for (; *dirs; dirs++)
    {
        length = strlen(*dirs);
        if (!strncmp(path, *dirs, length) && (!path[length] || path[length] == '/'))
            return 1;
    }
    return 0;
}

static int is_program(const char *const *names, const char *path)
{
    const char *base = strrchr(path, '/');

    for (; *names; names++)
        if (!strcmp(base ? base + 1 : path, *names))
            return 1;
    return 0;
}

static int is_there(const char *path)
{
    struct stat facts;

    return !lstat(path, &facts);
}

/* Whether an open() makes a file, or empties one. */
static int opens(const struct call *call, const struct seccomp_notif *request, const char *path)
{
    int flags = (int)request->data.args[call->flags];

    if ((flags & O_TRUNC) && (flags & O_ACCMODE) != O_RDONLY)
        return 1;
    return (flags & O_CREAT) && !is_there(path);
}

static int is_step(const struct wish *wish, const struct call *call,
                   const struct seccomp_notif *request, char *path)
{
    if (path_of(path, call, request))
        return 0;
    if (call->place == BY_PROGRAM)
        return is_program(wish->programs, path) && !access(path, X_OK);
    if (!is_below(wish->below, path))
        return 0;
    switch (call->what)
    {
    case OPENS: return opens(call, request, path);
    case MAKES: return !is_there(path);
    case CHANGES: return is_there(path);
    default: return 1;
    }
}

/* ---- serving ---- */

struct server
{
    const struct wish *wish;
    int listener;
    pid_t group; /* 0 when it has ended */
    long steps;
    int relieved;
};

static int is_unlink(const struct call *call)
{
    return call->number == SYS_unlink || call->number == SYS_unlinkat;
}

/* What becomes of a step; false when nobody waits for an answer any more. */
static int take_step(struct server *server, const struct call *call, const char *path,
                     struct seccomp_notif_resp *answer)
{
    const struct wish *wish = server->wish;

    if (!server->group)
        return 1;
    server->steps++;
    if (wish->log)
    {
        fprintf(wish->log, "%s %s\n", call->name, path);
        fflush(wish->log);
    }
    if (server->steps >= wish->at && is_unlink(call) && is_program(wish->relief, path))
        server->relieved = 1;
    if (wish->how == HOW_FULL && server->steps >= wish->at && call->what != CHANGES &&
        !server->relieved)
    {
        answer->flags = 0;
        answer->error = -ENOSPC;
    }
    if (server->steps != wish->at)
        return 1;
    if (wish->how == HOW_INT || wish->how == HOW_TERM)
        kill(-server->group, wish->how == HOW_INT ? SIGINT : SIGTERM);
    if (wish->how != HOW_KILL)
        return 1;
    kill(-server->group, SIGKILL);
    return 0;
}

static void serve(struct server *server)
{
    struct seccomp_notif request;
    struct seccomp_notif_resp answer;
    const struct call *call;
    char path[PATH_MAX];

    memset(&request, 0, sizeof(request));
    if (ioctl(server->listener, SECCOMP_IOCTL_NOTIF_RECV, &request))
        return;
    memset(&answer, 0, sizeof(answer));
    answer.id = request.id;
    answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    call = call_of(request.data.nr);
    if (call && is_step(server->wish, call, &request, path) &&
        !ioctl(server->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &request.id) &&
        !take_step(server, call, path, &answer))
        return;
    ioctl(server->listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

/* Serves until the command has ended, or, without one, until nobody is left who is served. The
 * command's status as waitpid() has it. */
static int serve_all(struct server *server, int ended)
{
    struct pollfd files[2] = {{.fd = server->listener, .events = POLLIN},
                              {.fd = ended, .events = POLLIN}};
    int status = 0;

    while (poll(files, 2, -1) >= 0 || errno == EINTR)
    {
        if (files[0].revents & POLLIN)
            serve(server);
        else if (files[1].revents && waitpid(server->group, &status, 0) == server->group)
            return status;
        else if (files[0].revents && ended < 0)
            break;
        else if (files[0].revents)
            files[0].fd = -1; /* no filter any more: the command is ending */
    }
    return status;
}

/* Who outlives the command, as Wine's server does, is served on: else its calls would fail. */
static void serve_others(struct server *server)
{
    int null;

    if (fork())
        return;
    setsid();
    null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(null, 1);
    dup2(null, 2);
    close(null);
    server->group = 0;
    serve_all(server, -1);
    _exit(0);
}

static int status_of(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int run(const struct wish *wish, char **command)
{
    struct server server = {.wish = wish};
    int sockets[2], ended, status;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets))
        return EXIT_OWN;
    server.group = fork();
    if (!server.group)
        become(command, sockets[1]);
    close(sockets[1]);
    setpgid(server.group, server.group);
    server.listener = receive_file(sockets[0]);
    close(sockets[0]);
    ended = (int)syscall(SYS_pidfd_open, server.group, 0);
    if (server.listener < 0 || ended < 0)
    {
        waitpid(server.group, &status, 0);
        return EXIT_OWN;
    }
    status = serve_all(&server, ended);
    serve_others(&server);
    return status_of(status);
}

int main(int argc, char **argv)
{
    struct wish wish = {0};
    int command;

    if (argc == 2 && !strcmp(argv[1], "--help"))
    {
        usage(stdout);
        return 0;
    }
    command = take_options(&wish, argc, argv);
    if (command < 0 || command >= argc)
    {
        usage(stderr);
        return EXIT_USAGE;
    }
    return run(&wish, argv + command);
}

/*
 * Starts an i386 program.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define _GNU_SOURCE
#include "machine.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 20000
#define LOADED_AT   0x08048000
#define ANSWER      'y'

/* Writes ANSWER to its standard input, which is a socket, waits until that is closed, and ends. */
#define CODE \
    0x6a, 0x00,                   /* push $0 */ \
    0xc6, 0x04, 0x24, ANSWER,     /* movb $ANSWER,(%esp) */ \
    0xb8, 0x04, 0x00, 0x00, 0x00, /* mov $4,%eax: write */ \
    0x31, 0xdb,                   /* xor %ebx,%ebx */ \
    0x89, 0xe1,                   /* mov %esp,%ecx */ \
    0xba, 0x01, 0x00, 0x00, 0x00, /* mov $1,%edx */ \
    0xcd, 0x80,                   /* int $0x80 */ \
    0xb8, 0x03, 0x00, 0x00, 0x00, /* mov $3,%eax: read */ \
    0xcd, 0x80,                   /* int $0x80 */ \
    0xb8, 0x01, 0x00, 0x00, 0x00, /* mov $1,%eax: exit */ \
    0xcd, 0x80                    /* int $0x80 */

struct image
{
    Elf32_Ehdr header;
    Elf32_Phdr segments[2];
    uint8_t code[38];
};

static const struct image image =
{
    .header =
    {
        .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
        .e_type = ET_EXEC,
        .e_machine = EM_386,
        .e_version = EV_CURRENT,
        .e_entry = LOADED_AT + offsetof(struct image, code),
        .e_phoff = offsetof(struct image, segments),
        .e_ehsize = sizeof(Elf32_Ehdr),
        .e_phentsize = sizeof(Elf32_Phdr),
        .e_phnum = 2,
    },
    .segments =
    {
        {
            .p_type = PT_LOAD,
            .p_vaddr = LOADED_AT,
            .p_paddr = LOADED_AT,
            .p_filesz = sizeof(struct image),
            .p_memsz = sizeof(struct image),
            .p_flags = PF_R | PF_X,
            .p_align = 0x1000,
        },
        /* Without it the kernel makes the stack executable, which some machines forbid. */
        {
            .p_type = PT_GNU_STACK,
            .p_flags = PF_R | PF_W,
            .p_align = 16,
        },
    },
    .code = {CODE},
};

static int write_image(int file)
{
    return write(file, &image, sizeof(image)) == sizeof(image) ? 0 : -1;
}

/* The program in memory; -1 where there is no such thing. Not close-on-exec: an emulator is told
 * the descriptor's number. */
static int image_in_memory(void)
{
    int file = (int)syscall(SYS_memfd_create, "scardssp-machine", 0);

    if (file >= 0 && write_image(file))
    {
        close(file);
        return -1;
    }
    return file;
}

/* The program as a file with a name, which an emulator opens; the caller unlinks path. -1 where the
 * directory takes no file. */
static int image_in_directory(const char *directory, char *path, size_t size)
{
    int file, length = snprintf(path, size, "%s/scardssp-machine.XXXXXX", directory);

    if (length < 0 || (size_t)length >= size || (file = mkstemp(path)) < 0)
        return -1;
    if (write_image(file) || fchmod(file, 0700))
    {
        close(file);
        unlink(path);
        return -1;
    }
    /* A file that is open for writing is not executed. */
    close(file);
    if ((file = open(path, O_RDONLY | O_CLOEXEC)) < 0)
        unlink(path);
    return file;
}

/* The child: the image with the socket as its standard input, or errno to report. path is NULL for
 * the program in memory. */
static _Noreturn void execute(int file, const char *path, int socket, int report)
{
    char name[] = "scardssp-machine", *arguments[] = {name, NULL};
    int error;

    if (dup2(socket, STDIN_FILENO) >= 0)
    {
        if (path)
            execve(path, arguments, environ);
        else
            syscall(SYS_execveat, file, "", arguments, environ, AT_EMPTY_PATH);
    }
    error = errno;
    if (write(report, &error, sizeof(error)) < 0)
        _exit(126);
    _exit(127);
}

/* What the kernel executes in that process: the image, or something else that runs it. */
static enum machine_answer who_runs(pid_t pid, int file, struct machine_result *result)
{
    char link[64];
    struct stat executed, ours;

    snprintf(link, sizeof(link), "/proc/%ld/exe", (long)pid);
    if (stat(link, &executed) || fstat(file, &ours))
    {
        snprintf(result->why, sizeof(result->why), "a program ran; %s: %s", link, strerror(errno));
        return MACHINE_UNKNOWN;
    }
    if (executed.st_dev == ours.st_dev && executed.st_ino == ours.st_ino)
    {
        snprintf(result->why, sizeof(result->why), "the kernel ran a program");
        return MACHINE_YES;
    }
    if (readlink(link, result->why, sizeof(result->why) - 1) < 0)
        snprintf(result->why, sizeof(result->why), "another program ran it");
    return MACHINE_EMULATED;
}

/* Waits for the started program's sign of life. Whether this place settles the question. */
static int hear(pid_t pid, int file, int socket, struct machine_result *result)
{
    struct pollfd wait = {.fd = socket, .events = POLLIN};
    char answer = 0;
    int ready;

    while ((ready = poll(&wait, 1, PATIENCE_MS)) < 0 && errno == EINTR)
        ;
    if (ready == 1 && read(socket, &answer, 1) == 1 && answer == ANSWER)
    {
        result->answer = who_runs(pid, file, result);
        return 1;
    }
    result->answer = ready ? MACHINE_NO : MACHINE_UNKNOWN;
    snprintf(result->why, sizeof(result->why), "a program was started and %s",
             ready ? "ended at once" : "did nothing");
    return 0;
}

/* What execve said. ENOEXEC is the kernel's no; all else may be the place's fault. */
static int refused(int error, struct machine_result *result)
{
    result->answer = error == ENOEXEC ? MACHINE_NO : MACHINE_UNKNOWN;
    snprintf(result->why, sizeof(result->why), "execve: %s", strerror(error));
    return error == ENOEXEC;
}

/* Starts the image and listens. Whether this place settles the question. */
static int try_image(int file, const char *path, struct machine_result *result)
{
    int sockets[2], report[2], error = 0, settled;
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets))
        return 0;
    if (pipe2(report, O_CLOEXEC))
    {
        close(sockets[0]);
        close(sockets[1]);
        return 0;
    }
    pid = fork();
    if (!pid)
        execute(file, path, sockets[1], report[1]);
    close(sockets[1]);
    close(report[1]);
    if (pid < 0)
        settled = 0;
    else if (read(report[0], &error, sizeof(error)) == sizeof(error))
        settled = refused(error, result);
    else
        settled = hear(pid, file, sockets[0], result);
    close(report[0]);
    close(sockets[0]);
    if (pid > 0)
    {
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    return settled;
}

static int try_memory(struct machine_result *result)
{
    int file = image_in_memory(), settled;

    if (file < 0)
        return 0;
    settled = try_image(file, NULL, result);
    close(file);
    return settled;
}

static int try_directory(const char *directory, struct machine_result *result)
{
    char path[PATH_MAX];
    int file, settled;

    if (!directory || !*directory)
        return 0;
    if ((file = image_in_directory(directory, path, sizeof(path))) < 0)
        return 0;
    settled = try_image(file, path, result);
    close(file);
    unlink(path);
    return settled;
}

void machine_try_program(struct machine_result *result)
{
    const char *directories[] =
    {
        getenv("TMPDIR"), "/tmp", "/var/tmp", "/dev/shm", getenv("XDG_RUNTIME_DIR"), getenv("HOME"),
    };
    size_t i;

    result->answer = MACHINE_UNKNOWN;
    snprintf(result->why, sizeof(result->why), "no place takes a program");
    if (try_memory(result))
        return;
    for (i = 0; i < sizeof(directories) / sizeof(directories[0]); i++)
    {
        if (try_directory(directories[i], result))
            return;
    }
}

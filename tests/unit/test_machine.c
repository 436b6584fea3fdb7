/*
 * Tests of tools/machine: the probe for 32-bit code, also where the machine refuses this and that.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define _GNU_SOURCE
#include "test.h"

#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child of a test reports; larger than any answer. */
#define NOT_POSSIBLE 100

/* Asks in a child process after its prepare function; that returns 0 where it can do its part. */
static int ask_after(int (*prepare)(void), void (*ask)(struct machine_result *))
{
    struct machine_result result;
    int status = 0;
    pid_t pid;

    fflush(stdout);
    if (!(pid = fork()))
    {
        if (prepare())
            _exit(NOT_POSSIBLE);
        ask(&result);
        _exit((int)result.answer);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int nothing(void)
{
    return 0;
}

/* From now on the system calls fail with error. */
static int refuse(const unsigned *calls, size_t count, int error)
{
    struct sock_filter code[16];
    struct sock_fprog program = {.filter = code};
    size_t i;

    code[0] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (i = 0; i < count; i++)
        code[1 + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i],
                                                   (uint8_t)(count - i), 0);
    code[1 + count] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[2 + count] =
        (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error);
    program.len = (unsigned short)(count + 3);
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static const unsigned executing[] = {SYS_execve, SYS_execveat};

static int as_a_kernel_without(void)
{
    return refuse(executing, 2, ENOEXEC);
}

static int nothing_may_be_executed(void)
{
    return refuse(executing, 2, EACCES);
}

static int memory_is_not_executed(void)
{
    return refuse(executing + 1, 1, EACCES);
}

static int no_programs_in_memory(void)
{
    const unsigned call = SYS_memfd_create;

    return refuse(&call, 1, ENOSYS);
}

/* And the usual place forbids programs, so that another must be found. */
static int noexec_places(void)
{
    setenv("HOME", ".", 1);
    unsetenv("TMPDIR");
    return unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
           mount("tmpfs", "/tmp", "tmpfs", MS_NOEXEC, NULL) ||
           mount("tmpfs", "/var/tmp", "tmpfs", MS_NOEXEC, NULL) || no_programs_in_memory();
}

static int no_proc(void)
{
    return unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
           mount("tmpfs", "/proc", "tmpfs", 0, NULL);
}

static int write_file(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CLOEXEC), written;

    if (file < 0)
        return -1;
    written = write(file, text, strlen(text)) == (ssize_t)strlen(text);
    close(file);
    return !written;
}

/* The part of an emulator: this program, when binfmt_misc starts it for another one. */
__attribute__((constructor)) static void emulate(void)
{
    char go;

    if (!getenv("TEST_MACHINE_EMULATES"))
        return;
    if (write(STDIN_FILENO, "y", 1) == 1 && read(STDIN_FILENO, &go, 1) < 0)
        _exit(1);
    _exit(0);
}

/* A handler of i386 programs in a binfmt_misc of this process' own. */
static int with_emulator(void)
{
    char self[512], line[1024], users[64], groups[64];
    ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

    if (length < 0)
        return -1;
    self[length] = 0;
    snprintf(users, sizeof(users), "0 %u 1", (unsigned)getuid());
    snprintf(groups, sizeof(groups), "0 %u 1", (unsigned)getgid());
    snprintf(line, sizeof(line),
             ":test:M::\\x7f\\x45\\x4c\\x46\\x01\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
             "\\x00\\x00\\x02\\x00\\x03\\x00::%s:F",
             self);
    setenv("TEST_MACHINE_EMULATES", "1", 1);
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) || write_file("/proc/self/uid_map", users) ||
           write_file("/proc/self/setgroups", "deny") || write_file("/proc/self/gid_map", groups) ||
           mount("binfmt_misc", "/proc/sys/fs/binfmt_misc", "binfmt_misc", 0, NULL) ||
           write_file("/proc/sys/fs/binfmt_misc/register", line);
}

static int no_memory(void)
{
    const unsigned call = SYS_mmap;

    return refuse(&call, 1, ENOMEM);
}

static void programs(void)
{
    int natural = ask_after(nothing, machine_try_program), answer;

    ok(natural == MACHINE_YES || natural == MACHINE_NO || natural == MACHINE_EMULATED,
       "answer %d\n", natural);
    ok(ask_after(as_a_kernel_without, machine_try_program) == MACHINE_NO, "ENOEXEC is the no\n");
    ok(ask_after(nothing_may_be_executed, machine_try_program) == MACHINE_UNKNOWN,
       "where nothing may be executed nobody knows\n");
    if (natural == MACHINE_NO)
        return;
    answer = ask_after(no_programs_in_memory, machine_try_program);
    ok(answer == natural, "by a file: %d\n", answer);
    answer = ask_after(memory_is_not_executed, machine_try_program);
    ok(answer == natural, "by a file, memory refused: %d\n", answer);
    answer = ask_after(noexec_places, machine_try_program);
    if (answer == NOT_POSSIBLE)
        skip("no namespace of its own\n");
    else
        ok(answer == natural, "with a /tmp that is noexec: %d\n", answer);
    answer = ask_after(no_proc, machine_try_program);
    if (answer == NOT_POSSIBLE)
        skip("no namespace of its own\n");
    else
        ok(answer == MACHINE_UNKNOWN, "without /proc: %d\n", answer);
}

static void emulated_programs(void)
{
    int answer = ask_after(with_emulator, machine_try_program);

    if (answer == NOT_POSSIBLE)
        skip("no binfmt_misc of its own (Linux 6.7)\n");
    else
        ok(answer == MACHINE_EMULATED, "answer %d\n", answer);
}

static void code(void)
{
    int natural = ask_after(nothing, machine_try_code);

    ok(natural == MACHINE_YES || natural == MACHINE_NO, "answer %d\n", natural);
    ok(ask_after(nothing, machine_try_code) == natural, "the same again\n");
    if (natural == MACHINE_YES)
        ok(ask_after(no_memory, machine_try_code) == MACHINE_UNKNOWN, "without memory\n");
}

struct seam_row
{
    const char *text;
    int result, program, code;
};

static const struct seam_row seams[] =
{
    {NULL, 0, -1, -1},
    {"", 0, -1, -1},
    {" , ", 0, -1, -1},
    {"i386-programs=no", 0, MACHINE_NO, -1},
    {"32-bit-code=yes", 0, -1, MACHINE_YES},
    {"i386-programs=emulated 32-bit-code=no", 0, MACHINE_EMULATED, MACHINE_NO},
    {",32-bit-code=unknown, i386-programs=yes ", 0, MACHINE_YES, MACHINE_UNKNOWN},
    {"32-bit-code=emulated", -1, -1, -1},
    {"i386-programs", -1, -1, -1},
    {"i386-programs=", -1, -1, -1},
    {"i386-programs=n", -1, -1, -1},
    {"i386-programs=noo", -1, -1, -1},
    {"i386-program=no", -1, -1, -1},
    {"=no", -1, -1, -1},
    {"no", -1, -1, -1},
};

static void seam(void)
{
    struct machine_seam read;
    size_t i;

    for (i = 0; i < COUNT_OF(seams); i++)
    {
        ok(machine_read_seam(seams[i].text, &read) == seams[i].result, "row %zu\n", i);
        if (seams[i].result)
            continue;
        ok(read.program == seams[i].program && read.code == seams[i].code, "row %zu: %d, %d\n", i,
           read.program, read.code);
    }
}

struct run
{
    const char *command;
    int status;
    const char *output;
};

static const struct run runs[] =
{
    {"SCARDSSP_TEST_MACHINE='i386-programs=no,32-bit-code=no' ./scardssp-machine", 0,
     "i386-programs no\n32-bit-code no\n"},
    {"SCARDSSP_TEST_MACHINE='i386-programs=emulated 32-bit-code=yes' ./scardssp-machine", 0,
     "i386-programs emulated\n32-bit-code yes\n"},
    {"SCARDSSP_TEST_MACHINE=i386-programs=unknown ./scardssp-machine i386-programs", 0,
     "unknown\n"},
    {"SCARDSSP_TEST_MACHINE=32-bit-code=no ./scardssp-machine -v 32-bit-code 2>&1", 0,
     "no\nscardssp-machine: 32-bit-code: told by SCARDSSP_TEST_MACHINE\n"},
    {"SCARDSSP_TEST_MACHINE=x ./scardssp-machine 2>&1", 2,
     "scardssp-machine: SCARDSSP_TEST_MACHINE is \"x\"; see --help\n"},
    {"./scardssp-machine 64-bit-code 2> /dev/null", 2, ""},
    {"./scardssp-machine 32-bit-code i386-programs 2> /dev/null", 2, ""},
    {"./scardssp-machine --help > /dev/null", 0, ""},
    {"./scardssp-machine > /dev/full", 1, ""},
    {"./scardssp-machine < /dev/null > /dev/null", 0, ""},
};

/* Runs the command. Its exit status; what it printed in output. */
static int run_command(const char *command, char *output, size_t size)
{
    FILE *pipe = popen(command, "r");
    size_t length;
    int status;

    if (!pipe)
        return -1;
    length = fread(output, 1, size - 1, pipe);
    output[length] = 0;
    status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void program(void)
{
    char output[512], other[512];
    size_t i;

    unsetenv("SCARDSSP_TEST_MACHINE");
    for (i = 0; i < COUNT_OF(runs); i++)
    {
        int status = run_command(runs[i].command, output, sizeof(output));

        ok(status == runs[i].status, "%s: ended with %d\n", runs[i].command, status);
        ok(!strcmp(output, runs[i].output), "%s: \"%s\"\n", runs[i].command, output);
    }
    ok(!run_command("./scardssp-machine", output, sizeof(output)), "plain\n");
    ok(!run_command("./scardssp-machine 0<&- 2<&-", other, sizeof(other)), "closed descriptors\n");
    ok(!strcmp(output, other), "with closed descriptors: \"%s\"\n", other);
}

START_TEST(machine)
{
    programs();
    emulated_programs();
    code();
    seam();
    program();
}

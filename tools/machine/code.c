/*
 * Jumps from 64-bit to 32-bit code and back.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define _GNU_SOURCE
#include "machine.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__) && defined(__linux__)

#define BLOCK    4096
#define PATIENCE 20 /* seconds */
#define NO_ROOM  100
#define REFUSED  101
#define VALUE    41

/*
 * jump(value's address, ..., this 64-bit selector): copied below 4 GiB, which 32-bit code cannot
 * leave. Never returns: exits with the value and one more. incl is one byte that is a mere prefix
 * in 64-bit code, so a jump that changed nothing adds nothing.
 */
extern const uint8_t jump_begin[], jump_end[];
__asm__(".pushsection .rodata\n"
        "jump_begin:\n\t"
        "movq %rdi, %rsp\n\t"
        "leaq 1f(%rip), %rax\n\t"
        "pushq $0x23\n\t" /* Linux' 32-bit code segment, which Wine jumps to */
        "pushq %rax\n\t"
        "lretq\n"
        ".code32\n"
        "1:\n\t"
        "pushl $0x2b\n\t" /* the data segment */
        "popl %ds\n\t"
        "movl (%edi), %eax\n\t"
        "incl %eax\n\t"
        "pushl %edx\n\t"
        "call 2f\n"
        "2:\n\t"
        "popl %ecx\n\t"
        "addl $(3f - 2b), %ecx\n\t"
        "pushl %ecx\n\t"
        "lret\n"
        ".code64\n"
        "3:\n\t"
        "movl %eax, %edi\n\t"
        "movl $231, %eax\n\t" /* exit_group */
        "syscall\n\t"
        "hlt\n"
        "jump_end:\n"
        ".popsection\n");

static void refused(int number)
{
    _exit(REFUSED);
}

/* Signals that tell of a refusal end the child in order, without a core file. */
static void expect_signals(uint8_t *stack)
{
    static const int numbers[] = {SIGSEGV, SIGILL, SIGBUS, SIGTRAP, SIGFPE, SIGSYS};
    const stack_t place = {.ss_sp = stack, .ss_size = 8 * BLOCK};
    struct sigaction action = {.sa_handler = refused, .sa_flags = SA_ONSTACK};
    sigset_t none;
    size_t i;

    sigaltstack(&place, NULL);
    for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        sigaction(numbers[i], &action, NULL);
    signal(SIGALRM, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    alarm(PATIENCE);
}

/* The child. Memory: a page of code, one of stack with the value on its top, the signals' stack. */
static _Noreturn void jump(void)
{
    uint8_t *memory = mmap(NULL, 10 * BLOCK, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    uint32_t *value, selector = 0;

    if (memory == MAP_FAILED)
        _exit(NO_ROOM);
    memcpy(memory, jump_begin, (size_t)(jump_end - jump_begin));
    if (mprotect(memory, BLOCK, PROT_READ | PROT_EXEC))
        _exit(NO_ROOM);
    expect_signals(memory + 2 * BLOCK);
    value = (uint32_t *)(memory + 2 * BLOCK - 16);
    *value = VALUE;
    __asm__("movl %%cs, %0" : "=r"(selector));
    ((void (*)(uint32_t *, int, uint32_t))(uintptr_t)memory)(value, 0, selector);
    _exit(REFUSED);
}

static void judge(int status, struct machine_result *result)
{
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : REFUSED;

    if (code == VALUE + 1)
    {
        result->answer = MACHINE_YES;
        snprintf(result->why, sizeof(result->why), "32-bit code ran");
    }
    else if (code == NO_ROOM)
        snprintf(result->why, sizeof(result->why), "no memory for code below 2 GiB");
    else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        snprintf(result->why, sizeof(result->why), "the jump did not come back");
    else
    {
        result->answer = MACHINE_NO;
        snprintf(result->why, sizeof(result->why), "the jump to 32-bit code was refused");
    }
}

void machine_try_code(struct machine_result *result)
{
    int status = 0;
    pid_t pid;

    result->answer = MACHINE_UNKNOWN;
    pid = fork();
    if (!pid)
        jump();
    if (pid < 0)
    {
        snprintf(result->why, sizeof(result->why), "fork: %s", strerror(errno));
        return;
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    judge(status, result);
}

#else

void machine_try_code(struct machine_result *result)
{
    result->answer = MACHINE_NO;
    snprintf(result->why, sizeof(result->why), "no x86_64 processor");
}

#endif

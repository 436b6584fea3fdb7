/*
 * Counting what a thread executes in user mode, one instruction at a time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "steps.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum phase
{
    STARTING,
    COUNTING,
    ENDING
};

static int *phase; /* shared with the child */
static pid_t child;

#ifdef __x86_64__

/* The instruction syscall; a 64-bit Wine makes no others. */
#define IS_SYSTEM_CALL(code) (((code)&0xffff) == 0x050f)

#define IS_PUSHF(code) (((code)&0xff) == 0x9c)
#define TRAP_FLAG      0x100

/* Stepping shows in what pushf stores, and Wine's dispatcher takes its flags back from there: the
 * thread would trap after the stepping. */
static void hide_trap_flag(pid_t thread, unsigned long long stack)
{
    long flags;

    errno = 0;
    flags = ptrace(PTRACE_PEEKDATA, thread, (void *)stack, NULL);
    if (!errno && flags & TRAP_FLAG)
        ptrace(PTRACE_POKEDATA, thread, (void *)stack, (void *)(flags & ~TRAP_FLAG));
}

/* The same for what the kernel takes to be the thread's own flag by now. */
static void clear_trap_flag(pid_t thread)
{
    struct user_regs_struct regs;

    if (ptrace(PTRACE_GETREGS, thread, NULL, &regs))
        return;
    regs.eflags &= ~(unsigned long long)TRAP_FLAG;
    ptrace(PTRACE_SETREGS, thread, NULL, &regs);
}

static int is_repeat_prefix(long code)
{
    return (code & 0xff) == 0xf2 || (code & 0xff) == 0xf3;
}

static enum steps_call call_of(unsigned long long number)
{
    switch (number)
    {
    case SYS_poll: return STEPS_POLL;
    case SYS_sendto: return STEPS_SENDTO;
    case SYS_read: return STEPS_READ;
    default: return STEPS_OTHER;
    }
}

/* One instruction of the stopped thread, counted. 0 when there is no such thread any more. */
static int step(struct steps *steps, pid_t thread, int signal)
{
    struct user_regs_struct regs;
    static unsigned long long last;
    static int pushed;
    long code;

    if (ptrace(PTRACE_GETREGS, thread, NULL, &regs))
        return 0;
    if (pushed)
        hide_trap_flag(thread, regs.rsp);
    errno = 0;
    code = ptrace(PTRACE_PEEKTEXT, thread, (void *)regs.rip, NULL);
    if (errno)
        code = 0;
    if (regs.rip != last || !is_repeat_prefix(code))
        steps->instructions++;
    if (regs.rip != last && IS_SYSTEM_CALL(code))
        steps->calls[call_of(regs.rax)]++;
    last = regs.rip;
    pushed = IS_PUSHF(code);
    return !ptrace(PTRACE_SINGLESTEP, thread, NULL, (void *)(long)signal);
}

/* Signals that the thread gets meanwhile are passed on; the traps of stepping are not signals. */
static void trace(struct steps *steps, pid_t thread)
{
    int status, signal = 0;

    if (ptrace(PTRACE_SEIZE, thread, NULL, NULL) || ptrace(PTRACE_INTERRUPT, thread, NULL, NULL))
        return;
    if (waitpid(thread, &status, __WALL) != thread)
        return;
    __atomic_store_n(phase, COUNTING, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(phase, __ATOMIC_SEQ_CST) == COUNTING)
    {
        if (!step(steps, thread, signal) || waitpid(thread, &status, __WALL) != thread ||
            !WIFSTOPPED(status))
            return;
        signal = WSTOPSIG(status) == SIGTRAP || status >> 16 ? 0 : WSTOPSIG(status);
    }
    steps->failed = 0;
    clear_trap_flag(thread);
    ptrace(PTRACE_DETACH, thread, NULL, (void *)(long)signal);
}

#else

/* Only 64-bit processes are counted; the programs that run in others share their code. */
static void trace(struct steps *steps, pid_t thread)
{
    (void)steps, (void)thread;
}

#endif

void steps_begin(struct steps *steps)
{
    pid_t thread = (pid_t)syscall(SYS_gettid);

    *steps = (struct steps){.failed = 1};
    phase = mmap(NULL, sizeof(*phase), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (phase == MAP_FAILED)
        return;
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
    child = fork();
    if (!child)
    {
        trace(steps, thread);
        __atomic_store_n(phase, ENDING, __ATOMIC_SEQ_CST);
        _exit(0);
    }
    while (child > 0 && __atomic_load_n(phase, __ATOMIC_SEQ_CST) == STARTING)
        ;
}

void steps_end(void)
{
    if (child <= 0)
        return;
    __atomic_store_n(phase, ENDING, __ATOMIC_SEQ_CST);
    waitpid(child, NULL, __WALL);
    munmap(phase, sizeof(*phase));
    child = 0;
}

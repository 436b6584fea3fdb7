/*
 * Counting what a thread executes in user mode, one instruction at a time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A child process traces the calling thread by ptrace(2). It needs no performance counters, which
 * virtual machines often lack, and what it counts does not depend on the load of the machine.
 */

#ifndef BENCH_STEPS_H
#define BENCH_STEPS_H

#include <stdint.h>

/* The system calls that are told apart; the rest is STEPS_OTHER. */
enum steps_call
{
    STEPS_POLL,
    STEPS_SENDTO,
    STEPS_READ,
    STEPS_OTHER,
    STEPS_CALLS
};

struct steps
{
    uint64_t instructions; /* one with a repeat prefix counts once; system calls included */
    uint64_t calls[STEPS_CALLS];
    uint64_t failed; /* nonzero: the thread could not be traced to the end */
};

/* Counts into *steps, which is shared with child processes (MAP_SHARED), from the return of this
 * function on. One count at a time in a process. */
void steps_begin(struct steps *steps);

/* To be called by the same thread: ends the count, with a few instructions of its own in it. */
void steps_end(void);

#endif

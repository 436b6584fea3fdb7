/*
 * Waiting for another thread, in a way that survives the death of the one that waits.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * TerminateThread ends a thread wherever it is, by pthread_exit on another stack. glibc's
 * conditions and semaphores leave a clean-up handler on the old stack meanwhile, which is then run
 * and brings down the process. A futex leaves nothing.
 */

#ifndef PCSC_UNIX_FUTEX_H
#define PCSC_UNIX_FUTEX_H

#include <pthread.h>
#include <stdint.h>

/* Zeros are a good start. */
struct wake
{
    uint32_t count;
};

/* Milliseconds of a clock that nobody sets. */
uint64_t wake_clock(void);

/* Gives the mutex up until the next wake_all, or for so many milliseconds, or for no reason at
 * all. Called with the mutex held. */
void wake_wait(struct wake *wake, pthread_mutex_t *mutex, unsigned milliseconds);

/* Called with the mutex held. */
void wake_all(struct wake *wake);

#endif

/*
 * Waiting for another thread in a way that survives the waiting thread's death.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * TerminateThread ends a thread wherever it is, by pthread_exit on another stack. glibc's condition
 * variables and semaphores have a clean-up handler on the old stack at that time; it is then run
 * and brings down the process. A futex leaves nothing behind.
 */

#ifndef PCSC_UNIX_FUTEX_H
#define PCSC_UNIX_FUTEX_H

#include <pthread.h>
#include <stdint.h>

/* Zeros are a valid initial state. */
struct wake
{
    uint32_t count;
};

/* Milliseconds of a clock that cannot be set. */
uint64_t wake_clock(void);

/* Releases the mutex and waits for the next wake_all, at most that many milliseconds; it may also
 * wake spuriously. Called with the mutex held. */
void wake_wait(struct wake *wake, pthread_mutex_t *mutex, unsigned milliseconds);

/* Called with the mutex held. */
void wake_all(struct wake *wake);

#endif

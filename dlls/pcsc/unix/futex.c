/*
 * Waiting for another thread, in a way that survives the death of the one that waits.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "futex.h"

#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* What the kernel reads; struct timespec may have become wider on i386. */
struct kernel_time
{
    long seconds;
    long nanoseconds;
};

uint64_t wake_clock(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

void wake_wait(struct wake *wake, pthread_mutex_t *mutex, unsigned milliseconds)
{
    struct kernel_time time = {(long)(milliseconds / 1000), (long)(milliseconds % 1000) * 1000000};
    uint32_t count = __atomic_load_n(&wake->count, __ATOMIC_ACQUIRE);

    pthread_mutex_unlock(mutex);
    syscall(SYS_futex, &wake->count, FUTEX_WAIT_PRIVATE, count, &time, NULL, 0);
    pthread_mutex_lock(mutex);
}

void wake_all(struct wake *wake)
{
    __atomic_add_fetch(&wake->count, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, &wake->count, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

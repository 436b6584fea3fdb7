/*
 * What the native and the COM benchmark measure alike: medians of many short intervals.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef BENCH_H
#define BENCH_H

#include <stdlib.h>

/* One measured APDU: reads 16 bytes of EF.2F05 of the default card (or gives a status word). */
static const unsigned char bench_apdu[] = {0x00, 0xB0, 0x85, 0x00, 0x10};

#define BENCH_APDUS    2000
#define BENCH_ATTACHES 100

static int bench_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The median of count values, which are put in order. */
static double bench_median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), bench_compare);
    return values[count / 2];
}

#endif

/*
 * What a PE test asks of its rig: things only a hand, the daemon or another program can do.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_E2E_RIGCTL_H
#define TESTS_E2E_RIGCTL_H

#include <stddef.h>

/* Whether a rig runs the test: it has all that the programs need; elsewhere they take what there
 * is. */
int rig_is_there(void);

/*
 * Sends one request line (tests/README.md lists them) and waits until it is done. answer receives
 * what the rig said, NUL-terminated. Returns 0 when it said "ok", else -1, also when there is no
 * rig.
 */
int rig_request(const char *line, char *answer, size_t size);

/* How many times longer than on a real processor things may take here: 1, or more where the rig
 * has programs emulated. */
unsigned long rig_slowness(void);

#endif

/*
 * Tables of commands and expected answers for the simulated card.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef TEST_SIMCARD_H
#define TEST_SIMCARD_H

/* command: hexadecimal, or "reset" (no answer is expected then). Expected: hexadecimal, in which
 * ?? is any byte and <N> any N bytes. */
struct step
{
    const char *command, *expected;
};

/* A new card of that profile, and commands in order, ended by {0}. */
struct test_session
{
    const char *title, *profile;
    const struct step *steps;
};

/* Ended by {0}. */
extern const struct test_session test_sessions_iso[];
extern const struct test_session test_sessions_files[];
extern const struct test_session test_sessions_security[];
extern const struct test_session test_sessions_families[];

#endif

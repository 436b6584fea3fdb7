/*
 * A stand-in for libpcsclite and its daemon, for many threads, with pcsc-lite's own locking.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * As there: one mutex a context, held during every call that talks to the daemon, a wait for
 * readers included; SCardCancel does without it; SCardReleaseContext takes it, and so waits. Who
 * waits for that mutex keeps all others out of the library. What meets another handle's transaction
 * gives the mutex up, sleeps and asks again, the handle being looked up anew each time; but
 * SCardConnect sleeps in the daemon, and keeps the mutex. A connection can be exclusive; an
 * exclusive one that asks to be shared keeps its lock for ever. Resets are told to every other
 * connection once. SCardDisconnect walks the library's list of contexts without its mutex, and
 * SCardStatus reads what it found before it had the context's, which a disconnect may have freed.
 */

#ifndef TESTS_UNIT_FAKEDAEMON_H
#define TESTS_UNIT_FAKEDAEMON_H

/* Two readers, "Reader A" and "Reader B". */
#define DAEMON_READERS 2

struct daemon_count
{
    int contexts, handles; /* open ones */
    int locks;             /* readers that somebody has for himself */
    int spoilt;            /* how often an exclusive connection has asked to be shared */
};

struct daemon_count daemon_count(void);

#endif

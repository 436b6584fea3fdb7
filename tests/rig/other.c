/*
 * The other program: what tests need somebody else to do to a reader or its card.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <winscard.h>

static int fail(const char *what, LONG result)
{
    printf("%s: %s\n", what, pcsc_stringify_error(result));
    return 1;
}

static void sleep_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&time, NULL);
}

/* Says that the state asked for is reached, to whoever waits on the pipe. */
static void ready(void)
{
    puts("ready");
    fflush(stdout);
}

static LONG connect_card(SCARDCONTEXT context, const char *reader, DWORD share, SCARDHANDLE *card)
{
    DWORD protocol;

    return SCardConnect(context, reader, share, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, card,
                        &protocol);
}

static int reset(SCARDCONTEXT context, const char *reader)
{
    SCARDHANDLE card;
    LONG result;

    if ((result = connect_card(context, reader, SCARD_SHARE_SHARED, &card)))
        return fail("SCardConnect", result);
    if ((result = SCardDisconnect(card, SCARD_RESET_CARD)))
        return fail("SCardDisconnect", result);
    return 0;
}

static int hold_lock(SCARDCONTEXT context, const char *reader, long ms)
{
    SCARDHANDLE card;
    LONG result;

    if ((result = connect_card(context, reader, SCARD_SHARE_SHARED, &card)))
        return fail("SCardConnect", result);
    if ((result = SCardBeginTransaction(card)))
        return fail("SCardBeginTransaction", result);
    ready();
    sleep_ms(ms);
    SCardEndTransaction(card, SCARD_LEAVE_CARD);
    SCardDisconnect(card, SCARD_LEAVE_CARD);
    return 0;
}

static int hold_connection(SCARDCONTEXT context, const char *reader, DWORD share, long ms)
{
    SCARDHANDLE card;
    LONG result;

    if ((result = connect_card(context, reader, share, &card)))
        return fail("SCardConnect", result);
    ready();
    sleep_ms(ms);
    SCardDisconnect(card, SCARD_LEAVE_CARD);
    return 0;
}

static void say_locked(int signal)
{
    static const char text[] = "locked\n";

    if (write(STDOUT_FILENO, text, sizeof(text) - 1) < 0)
        _exit(1);
}

/*
 * Says who has the card: "free", "locked", "exclusive", or why that cannot be told. A connect waits
 * as long as a transaction lasts, so "locked" is said when it takes long, and the end of the
 * program is the end of the transaction.
 */
static int tell_lock(SCARDCONTEXT context, const char *reader)
{
    static const struct itimerval patience = {.it_value = {.tv_usec = 400000}}, none;
    SCARDHANDLE card;
    LONG result;

    signal(SIGALRM, say_locked);
    setitimer(ITIMER_REAL, &patience, NULL);
    result = connect_card(context, reader, SCARD_SHARE_SHARED, &card);
    setitimer(ITIMER_REAL, &none, NULL);
    if (result && result != (LONG)SCARD_E_SHARING_VIOLATION)
        return fail("SCardConnect", result);
    puts(result ? "exclusive" : "free");
    if (!result)
        SCardDisconnect(card, SCARD_LEAVE_CARD);
    return 0;
}

/* Waits until the reader has a card, mute or not, or none. A missing reader may yet come. */
static int wait_for(SCARDCONTEXT context, const char *reader, int present, long ms)
{
    SCARD_READERSTATE state = {.szReader = reader};
    long waited;
    LONG result = SCARD_E_TIMEOUT;

    for (waited = 0; waited < ms; waited += 20)
    {
        state.dwCurrentState = SCARD_STATE_UNAWARE;
        result = SCardGetStatusChange(context, 0, &state, 1);
        if (!result && !!(state.dwEventState & SCARD_STATE_PRESENT) == present)
            return 0;
        sleep_ms(20);
    }
    return fail(present ? "no card" : "still a card", result);
}

/* Whether libpcsclite, which has a context, goes on when the name of its socket is another one. */
static int change_socket(void)
{
    SCARDCONTEXT second;
    LONG result;

    setenv("PCSCLITE_CSOCK_NAME", "/nowhere", 1);
    if ((result = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &second)))
        return fail("SCardEstablishContext", result);
    SCardReleaseContext(second);
    return 0;
}

int main(int argc, char **argv)
{
    SCARDCONTEXT context;
    LONG result;
    long ms;

    if (argc < 3)
    {
        fprintf(stderr, "Usage: other COMMAND READER [MS]\n"
                        "  reset            connect and reset the card\n"
                        "  lock MS          hold a transaction; prints \"ready\" when it has it\n"
                        "  exclusive MS     hold an exclusive connection; the same\n"
                        "  shared MS        hold a shared connection; the same\n"
                        "  tell-lock        who has the card: free, locked, exclusive\n"
                        "  wait-present MS  until a card is in the reader\n"
                        "  wait-absent MS   until none is\n"
                        "  socket-once      change PCSCLITE_CSOCK_NAME, open a second context\n");
        return 2;
    }
    ms = argc > 3 ? atol(argv[3]) : 1000;
    if ((result = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context)))
        return fail("SCardEstablishContext", result);
    if (!strcmp(argv[1], "reset"))
        return reset(context, argv[2]);
    if (!strcmp(argv[1], "lock"))
        return hold_lock(context, argv[2], ms);
    if (!strcmp(argv[1], "exclusive"))
        return hold_connection(context, argv[2], SCARD_SHARE_EXCLUSIVE, ms);
    if (!strcmp(argv[1], "shared"))
        return hold_connection(context, argv[2], SCARD_SHARE_SHARED, ms);
    if (!strcmp(argv[1], "tell-lock"))
        return tell_lock(context, argv[2]);
    if (!strcmp(argv[1], "wait-present"))
        return wait_for(context, argv[2], 1, ms);
    if (!strcmp(argv[1], "wait-absent"))
        return wait_for(context, argv[2], 0, ms);
    if (!strcmp(argv[1], "socket-once"))
        return change_socket();
    printf("unknown command %s\n", argv[1]);
    return 2;
}

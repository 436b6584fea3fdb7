/*
 * A libpcsclite with as many empty readers as the file $SCARDSSP_TEST_READERS says in two digits,
 * and the limit of the real one: so many states in one wait. They are called "Reader 00" and so on,
 * or as $SCARDSSP_TEST_READER_NAME says instead of "Reader". For watch.sh and dialoglooks.sh.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Without pcsc-lite's header, of which only this much is needed. */
#define INVALID_HANDLE 0x80100003L
#define INVALID_VALUE  0x80100011L
#define TIMEOUT        0x8010000aL
#define CANCELLED      0x80100002L
#define UNKNOWN_READER 0x80100009L
#define NO_READERS     0x8010002eL
#define LIMIT          16
#define CHANGED        2ul
#define EMPTY          0x10ul
#define NAP            10
#define NAME_SIZE      128

struct state
{
    const char *name;
    void *data;
    unsigned long current, event, atr_length;
    unsigned char atr[33];
};

static int cancelled;

static int readers(void)
{
    const char *path = getenv("SCARDSSP_TEST_READERS");
    FILE *file = path ? fopen(path, "r") : NULL;
    int count = 0;

    if (file)
    {
        if (fscanf(file, "%d", &count) != 1)
            count = 0;
        fclose(file);
    }
    return count;
}

static const char *first_words(void)
{
    const char *words = getenv("SCARDSSP_TEST_READER_NAME");

    return words && strlen(words) < NAME_SIZE - 4 ? words : "Reader";
}

static int is_reader(const char *name)
{
    size_t words = strlen(first_words());
    int number, length = 0;

    return !strncmp(name, first_words(), words) &&
           sscanf(name + words, " %d%n", &number, &length) == 1 && !name[words + (size_t)length] &&
           number < readers();
}

long SCardEstablishContext(unsigned long scope, const void *a, const void *b, long *context);
long SCardEstablishContext(unsigned long scope, const void *a, const void *b, long *context)
{
    (void)scope, (void)a, (void)b;
    *context = 1;
    return 0;
}

long SCardListReaders(long context, const char *groups, char *names, unsigned long *length);
long SCardListReaders(long context, const char *groups, char *names, unsigned long *length)
{
    unsigned long at = 0;
    int i, count = readers();

    (void)context, (void)groups;
    if (!count)
        return NO_READERS;
    for (i = 0; i < count; i++)
        at += 1 + (unsigned long)snprintf(names ? names + at : NULL, names ? NAME_SIZE : 0,
                                          "%s %02d", first_words(), i);
    if (names)
        names[at] = 0;
    *length = at + 1;
    return 0;
}

long SCardGetStatusChange(long context, unsigned long timeout, struct state *states,
                          unsigned long count);
long SCardGetStatusChange(long context, unsigned long timeout, struct state *states,
                          unsigned long count)
{
    unsigned long i, changed = 0, waited;

    (void)context;
    if (count > LIMIT)
        return INVALID_VALUE;
    for (i = 0; i < count; i++)
    {
        states[i].atr_length = 0;
        states[i].event = states[i].current;
        if (states[i].name[0] == '\\')
            continue;
        if (!is_reader(states[i].name))
            return UNKNOWN_READER;
        states[i].event = EMPTY | (states[i].current == EMPTY ? 0 : CHANGED);
        changed |= states[i].event & CHANGED;
    }
    for (waited = 0; !changed && waited < timeout; waited += NAP)
    {
        if (__atomic_exchange_n(&cancelled, 0, __ATOMIC_ACQ_REL))
            return CANCELLED;
        usleep(NAP * 1000);
    }
    return changed ? 0 : TIMEOUT;
}

long SCardCancel(long context);
long SCardCancel(long context)
{
    (void)context;
    __atomic_store_n(&cancelled, 1, __ATOMIC_RELEASE);
    return 0;
}

#define SUCCEEDS(name) \
    long name(void); \
    long name(void) \
    { \
        return 0; \
    }
/* clang-format off */
SUCCEEDS(SCardReleaseContext) SUCCEEDS(SCardIsValidContext)
/* clang-format on */

#define REFUSES(name) \
    long name(void); \
    long name(void) \
    { \
        return INVALID_HANDLE; \
    }
    /* clang-format off */
REFUSES(SCardConnect) REFUSES(SCardReconnect) REFUSES(SCardDisconnect)
REFUSES(SCardBeginTransaction) REFUSES(SCardEndTransaction) REFUSES(SCardStatus)
REFUSES(SCardControl) REFUSES(SCardTransmit) REFUSES(SCardListReaderGroups)
REFUSES(SCardGetAttrib) REFUSES(SCardSetAttrib)
    /* clang-format on */

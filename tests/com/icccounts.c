/*
 * How many commands typical jobs cost, beside the fewest that could do them; printed as a table.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The fewest: one SELECT, and as many short commands (256 bytes out, 255 in) as the data take. Over
 * T=0 the file information comes by GET RESPONSE, and a record by two commands: the first tells its
 * length (6Cxx). Without a lock or an exclusive connection every call selects its file again, as
 * another program may have selected another.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "rig/rigctl.h"
#include "cardtest.h"
#include "icccard.h"
#include "iccsteps.h"

#define READ_RECORD    READ(256, "?32")
#define READ_5_RECORDS READ_RECORD, READ_RECORD, READ_RECORD, READ_RECORD, READ_RECORD

/* The class of the card is known from the start; "first verify" shows what finding it costs. */
static const struct step know_class[] = {CHANGE_DIR(L"3F00"), END_OF_STEPS};

static const struct step first_verify[] = {VERIFY(1, "31323334"), END_OF_STEPS};

static const struct step read_32k[] =
{
    OPEN(L"3F00/7001"), READ(32768, "@0+32768"), CLOSE(), END_OF_STEPS
};

static const struct step read_40000[] =
{
    OPEN(L"3F00/7002"), READ(40000, "@0+40000"), CLOSE(), END_OF_STEPS
};

static const struct step read_4_times[] =
{
    OPEN(L"3F00/7001"), READ(256, "@0+256"), READ(256, "@256+256"), READ(256, "@512+256"),
    READ(256, "@768+256"), CLOSE(), END_OF_STEPS
};

static const struct step write_4k[] =
{
    OPEN(L"3F00/7001"), WRITE("@0+4096"), CLOSE(), END_OF_STEPS
};

static const struct step read_20_records[] =
{
    OPEN(L"3F00/2F08"), READ_5_RECORDS, READ_5_RECORDS, READ_5_RECORDS, READ_5_RECORDS, CLOSE(),
    END_OF_STEPS
};

static const struct step in_application[] =
{
    CHANGE_DIR_NAME(L"#A00000000102"), OPEN_SFI(L"01"), READ(64, "@0+64"), READ(64, "@64+64"),
    READ(64, "@128+64"), READ(64, "@192+64"), CLOSE(), END_OF_STEPS
};

static const struct step verify_again[] = {VERIFY(1, "31323334"), END_OF_STEPS};

/* The columns: T=1 shared, with a lock, exclusive; the same for T=0. */
enum way
{
    SHARED_ALONE, LOCKED, ALL_EXCLUSIVE, WAYS
};

static const struct job
{
    const char *name;
    const struct step *steps;
    BOOL first;               /* on a card that nothing was sent to */
    unsigned fewest;
    unsigned commands[2][WAYS]; /* T=1, T=0 */
} jobs[] =
{
    {"first verify", first_verify, TRUE, 1, {{2, 2, 2}, {3, 3, 3}}},
    {"verify", verify_again, FALSE, 1, {{1, 1, 1}, {1, 1, 1}}},
    {"open, read 32 KiB", read_32k, FALSE, 129, {{130, 129, 129}, {132, 130, 130}}},
    {"open, read 40000 bytes", read_40000, FALSE, 158, {{159, 158, 158}, {190, 188, 188}}},
    {"open, read 4 times 256", read_4_times, FALSE, 5, {{9, 5, 5}, {14, 6, 6}}},
    {"open, write 4 KiB", write_4k, FALSE, 18, {{19, 18, 18}, {21, 19, 19}}},
    {"open, read 20 records", read_20_records, FALSE, 21, {{41, 21, 21}, {82, 42, 42}}},
    /* Shared, the application is started anew for each call, and its codes with it. Two of the
     * commands find out in what units the file counts. */
    {"by name, short id, 4 * 64", in_application, FALSE, 5, {{13, 8, 8}, {19, 9, 9}}},
};

static unsigned count_commands(const struct job *job, enum way way)
{
    const char *total;

    if (!job->first)
        run_steps(job->name, know_class);
    if (way == LOCKED)
        ok_hr(ISCardManage_SCardLock(manage), S_OK);
    rig("card log-clear");
    run_steps(job->name, job->steps);
    rig("card log");
    total = strstr(rig_answer, "total=");
    if (way == LOCKED)
        ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), S_OK);
    return total ? strtoul(total + 6, NULL, 10) : 0;
}

START_TEST(icccounts)
{
    static const char *const cards[] = {"iso-t1", "iso-t0"};
    unsigned counts[ARRAYSIZE(jobs)][2][WAYS], i, card;
    enum way way;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    fact(GUESS);
    create_services();
    for (card = 0; card < 2; card++)
    {
        use_card(cards[card], SHARED);
        for (way = 0; way < WAYS; way++)
            for (i = 0; i < ARRAYSIZE(jobs); i++)
            {
                attach(way == ALL_EXCLUSIVE ? EXCLUSIVE : SHARED);
                counts[i][card][way] = count_commands(&jobs[i], way);
            }
    }
    trace("%-26s %7s  %-22s  %-22s\n", "commands", "fewest", "T=1 shared,locked,excl.",
          "T=0 shared,locked,excl.");
    for (i = 0; i < ARRAYSIZE(jobs); i++)
        trace("%-26s %7u  %7u %7u %7u  %7u %7u %7u\n", jobs[i].name, jobs[i].fewest,
              counts[i][0][0], counts[i][0][1], counts[i][0][2], counts[i][1][0], counts[i][1][1],
              counts[i][1][2]);
    for (i = 0; i < ARRAYSIZE(jobs); i++)
        for (card = 0; card < 2; card++)
            for (way = 0; way < WAYS; way++)
                ok(counts[i][card][way] == jobs[i].commands[card][way],
                   "%s, %s, way %d: %u commands, not %u\n", jobs[i].name, cards[card], way,
                   counts[i][card][way], jobs[i].commands[card][way]);
    release_services();
    CoUninitialize();
}

/*
 * A scorecard of winscard.dll: each row is one thing that programs rely on, good or bad.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Needs the card iso-t1, and the right to write the registry. Each row is asked in a process of its
 * own, this program with the row's name as its argument; one that crashes or hangs there is bad.
 * The last remark counts the rows: "64 of 64 rows are good".
 */

#include <windows.h>
#include <io.h>
#include "test.h"

#include "rows.h"

/* What Wine's own winscard.dll answers. */
enum wines_own
{
    BAD,     /* wrong in every Wine that was looked at (8.0, 10.0) */
    REACHES, /* right where it reaches pcscd, which 8.0's does not */
    CHANCE,  /* by chance: memory that is not its own, what was before, no readers at all */
    GOOD
};

/* What a row leaves behind when it is bad. */
enum mess
{
    NOTHING,
    CARD,  /* a card that other programs cannot use */
    DAEMON /* a daemon that answers nobody */
};

struct row
{
    const char *name;
    enum fact fact;
    enum wines_own wines_own;
    BOOL (*ask)(void);
    enum mess mess;
};

static const struct row rows[] =
{
    {"names.xp", NATIVE, GOOD, ask_names, NOTHING},
    {"names.ordinals", NATIVE, GOOD, ask_ordinals, NOTHING},
    {"names.later", DOCUMENTED, BAD, ask_later_names, NOTHING},
    {"names.data", DOCUMENTED, GOOD, ask_data, NOTHING},
    {"context.establish", DOCUMENTED, REACHES, ask_establish, NOTHING},
    {"context.released", DOCUMENTED, CHANCE, ask_released, NOTHING},
    {"context.made-up", DOCUMENTED, BAD, ask_made_up_context, NOTHING},
    {"context.cards", DOCUMENTED, BAD, ask_cards_of_context, NOTHING},
    {"event.started", DOCUMENTED, CHANCE, ask_started_event, NOTHING},
    {"event.own", GUESS, BAD, ask_own_event, NOTHING},
    {"event.new-reader", GUESS, BAD, ask_new_reader_event, NOTHING},

    {"readers.wide", DOCUMENTED, REACHES, ask_readers, NOTHING},
    {"readers.ansi", DOCUMENTED, REACHES, ask_readers_ansi, NOTHING},
    {"readers.small", DOCUMENTED, REACHES, ask_readers_small, NOTHING},
    {"readers.allocated", DOCUMENTED, REACHES, ask_readers_allocated, NOTHING},
    {"readers.nowhere", DOCUMENTED, BAD, ask_readers_nowhere, NOTHING},
    {"readers.no-context", DOCUMENTED, BAD, ask_readers_without_context, NOTHING},
    {"readers.group", DOCUMENTED, REACHES, ask_group, NOTHING},
    {"readers.unknown-group", DOCUMENTED, CHANCE, ask_unknown_group, NOTHING},
    {"readers.groups", DOCUMENTED, REACHES, ask_groups, NOTHING},
    {"readers.introduced", DOCUMENTED, BAD, ask_introduced_reader, NOTHING},

    {"wait.look", DOCUMENTED, REACHES, ask_look, NOTHING},
    {"wait.current", DOCUMENTED, BAD, ask_current_state, NOTHING},
    {"wait.timeout", DOCUMENTED, BAD, ask_timeout, NOTHING},
    {"wait.no-time", DOCUMENTED, BAD, ask_no_time, NOTHING},
    {"wait.null", GUESS, BAD, ask_wait_null, NOTHING},
    {"wait.unknown", GUESS, REACHES, ask_unknown_reader, NOTHING},
    {"wait.ignored", GUESS, BAD, ask_ignored, NOTHING},
    {"wait.change", DOCUMENTED, BAD, ask_change, CARD},
    {"wait.cancel", DOCUMENTED, BAD, ask_cancel, NOTHING},
    {"wait.release", GUESS, BAD, ask_release_cancels, NOTHING},
    {"wait.beside", GUESS, BAD, ask_commands_beside, NOTHING},
    {"wait.notification", GUESS, BAD, ask_notification, NOTHING},

    {"connect.shared", DOCUMENTED, REACHES, ask_connect, NOTHING},
    {"connect.no-protocol", GUESS, REACHES, ask_connect_no_protocol, NOTHING},
    {"connect.refused", DOCUMENTED, REACHES, ask_connect_refused, NOTHING},
    {"connect.null", GUESS, BAD, ask_connect_null, NOTHING},
    {"connect.default", DOCUMENTED, BAD, ask_connect_default, NOTHING},
    {"connect.direct", DOCUMENTED, CHANCE, ask_connect_direct, NOTHING},
    {"connect.raw", DOCUMENTED, REACHES, ask_connect_raw, CARD},
    {"connect.disconnected", DOCUMENTED, CHANCE, ask_disconnected, NOTHING},
    {"connect.made-up", DOCUMENTED, BAD, ask_made_up_card, NOTHING},

    {"status.name", DOCUMENTED, CHANCE, ask_status_name, NOTHING},
    {"status.state", DOCUMENTED, BAD, ask_status_state, NOTHING},
    {"status.allocated", DOCUMENTED, BAD, ask_status_allocated, NOTHING},
    {"status.old", NATIVE, BAD, ask_state, NOTHING},
    {"attribute.atr", DOCUMENTED, BAD, ask_attribute, NOTHING},
    {"attribute.allocated", DOCUMENTED, BAD, ask_attribute_allocated, NOTHING},
    {"attribute.room", DOCUMENTED, BAD, ask_attribute_room, NOTHING},
    {"attribute.friendly-name", DOCUMENTED, BAD, ask_friendly_name, NOTHING},
    {"attribute.unknown", GUESS, BAD, ask_unknown_attribute, NOTHING},
    {"control.unknown", GUESS, BAD, ask_control, NOTHING},

    {"transmit.plain", DOCUMENTED, REACHES, ask_transmit, NOTHING},
    {"transmit.no-pci", GUESS, BAD, ask_transmit_no_pci, NOTHING},
    {"transmit.reply-pci", DOCUMENTED, BAD, ask_reply_pci, NOTHING},
    {"transmit.small", DOCUMENTED, REACHES, ask_transmit_small, NOTHING},
    {"transmit.allocated", DOCUMENTED, BAD, ask_transmit_allocated, NOTHING},
    {"transmit.watched", DOCUMENTED, BAD, ask_watched_reply, NOTHING},
    {"lock.own", DOCUMENTED, REACHES, ask_lock, NOTHING},

    {"database.cards", DOCUMENTED, BAD, ask_card_types, NOTHING},
    {"database.interfaces", DOCUMENTED, BAD, ask_card_interfaces, NOTHING},
    {"database.provider", DOCUMENTED, BAD, ask_provider, NOTHING},
    {"database.locate", DOCUMENTED, BAD, ask_locate, NOTHING},

    {"reconnect.to-shared", DOCUMENTED, BAD, ask_exclusive_to_shared, DAEMON}
};

/* ---- in the process of a row ---- */

#define ROW_GOOD 100
#define ROW_BAD  101

static LONG WINAPI row_crashed(EXCEPTION_POINTERS *info)
{
    printf("  exception %#lx\n", info->ExceptionRecord->ExceptionCode);
    fflush(stdout);
    TerminateProcess(GetCurrentProcess(), ROW_BAD);
    return EXCEPTION_EXECUTE_HANDLER;
}

static void ask_row(const struct row *row)
{
    BOOL good;

    SetUnhandledExceptionFilter(row_crashed);
    /* Where there is none the rows about names do without. */
    SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context);
    good = row->ask();
    fflush(stdout);
    /* Other threads may hang in the DLL: it is not asked for an end. */
    TerminateProcess(GetCurrentProcess(), good ? ROW_GOOD : ROW_BAD);
}

/* ---- in the process of all ---- */

/* Whether the row is good; a process that hangs is ended. */
static BOOL row_is_good(const struct row *row)
{
    WCHAR program[MAX_PATH], line[MAX_PATH + 64];
    STARTUPINFOW startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process;
    DWORD code = 0;

    GetModuleFileNameW(NULL, program, MAX_PATH);
    wsprintfW(line, L"\"%s\" %S", program, row->name);
    /* What it says goes where the checks do. */
    startup.hStdOutput = (HANDLE)_get_osfhandle(_fileno(test_output));
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    if (!CreateProcessW(program, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process))
    {
        fprintf(test_output, "  no process: error %lu\n", GetLastError());
        return FALSE;
    }
    if (WaitForSingleObject(process.hProcess, 30000 * rig_slowness()) == WAIT_OBJECT_0)
        GetExitCodeProcess(process.hProcess, &code);
    else
    {
        fprintf(test_output, "  it hangs\n");
        TerminateProcess(process.hProcess, ROW_BAD);
        WaitForSingleObject(process.hProcess, INFINITE);
    }
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    if (code && code != ROW_GOOD && code != ROW_BAD)
        fprintf(test_output, "  ended with %#lx\n", code);
    return code == ROW_GOOD;
}

static void clean_up(enum mess mess)
{
    if (mess == DAEMON)
        rig("pcscd restart");
    else if (mess == CARD)
    {
        rig("card eject");
        rig("card insert");
    }
}

/* Whether Wine's own reaches pcscd. */
static BOOL reaches(void)
{
    SCARDCONTEXT value = 0;

    if (SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &value))
        return FALSE;
    SCardReleaseContext(value);
    return TRUE;
}

/* What rows need, by the beginnings of their names. */
static const struct
{
    const char *names;
    unsigned needs;
} needs[] =
{
    {"context.cards", NEED_ROOT},
    {"readers.", NEED_PAIR},
    {"wait.", NEED_ROOT | NEED_EMPTY},
    {"connect.", NEED_ROOT | NEED_EMPTY},
    {"status.", NEED_ROOT},
    {"attribute.", NEED_ROOT},
    {"control.", NEED_ROOT},
    {"transmit.", NEED_ROOT},
    {"lock.", NEED_ROOT},
    {"database.", NEED_CARD | NEED_EMPTY},
    {"reconnect.", NEED_ROOT},
};

static BOOL lacks(const struct row *row, unsigned missing)
{
    unsigned i;

    for (i = 0; i < ARRAYSIZE(needs); i++)
        if (!strncmp(row->name, needs[i].names, strlen(needs[i].names)))
            return (needs[i].needs & missing) != 0;
    return FALSE;
}

static void test_rows(void)
{
    unsigned missing = winscard_missing();
    BOOL weak = winscard_is_weak(), reached = reaches(), good;
    unsigned i, count = 0, asked = 0;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        const struct row *row = &rows[i];
        BOOL known = weak && (row->wines_own == BAD || (row->wines_own == REACHES && !reached));

        if (row->ask == ask_watched_reply && rig_slowness() > 1)
        {
            skip("QEMU does not tell Wine which faults are those of pages\n");
            continue;
        }
        if (row->ask == ask_change && !rig_is_there())
        {
            skip("%s: nobody takes the card out and in\n", row->name);
            continue;
        }
        if (lacks(row, missing))
        {
            skip("%s: the card or the readers that it needs are not there\n", row->name);
            continue;
        }
        asked++;
        fact(row->fact);
        good = row_is_good(row);
        count += good;
        trace("%s %s\n", good ? "good" : "bad ", row->name);
        todo_if(known) ok(good || (weak && row->wines_own == CHANCE), "%s\n", row->name);
        if (!good)
            clean_up(row->mess);
    }
    trace("%u of %u rows are good\n", count, asked);
}

START_TEST(rows)
{
    unsigned i;

    if (test_argument)
    {
        for (i = 0; i < ARRAYSIZE(rows); i++)
            if (!strcmp(rows[i].name, test_argument))
            {
                name_readers();
                ask_row(&rows[i]);
            }
        printf("no row %s\n", test_argument);
        ExitProcess(2);
    }
    winscard_begin();
    test_rows();
}

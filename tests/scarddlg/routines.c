/*
 * The connect, check and disconnect routines of programs: when each is called, with what, and what
 * becomes of its connections; without a dialog.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Needs the card iso-t1 in both readers, and the right to write the registry.
 */

#include <windows.h>
#include "test.h"

#include "../winscard/winscardtest.h"
#include "scarddlgtest.h"

/* What the routines do, and what they have seen. */
struct play
{
    enum call_kind kind;
    const WCHAR *refused; /* the reader whose card the check refuses; NULL */
    BOOL fails;           /* connect gives no handle */
    BOOL recurses;        /* check searches for a card itself */
    BOOL releases;        /* connect ends the context */
    DWORD share;          /* of connect */
    char events[128];     /* "connect 0, check 0, ...": with the number of the reader */
    SCARDHANDLE handles[2];
    LONG inner_result;
};

static void note(struct play *play, const char *event, int reader)
{
    size_t used = strlen(play->events);

    snprintf(play->events + used, sizeof(play->events) - used, "%s%s %d", used ? ", " : "", event,
             reader);
}

/* The reader behind a handle: a value alone says nothing, it may have been another card's. */
static int reader_of(SCARDHANDLE card)
{
    WCHAR name[256];
    DWORD length = ARRAYSIZE(name);

    ok_hr(SCardStatusW(card, name, &length, NULL, NULL, NULL, NULL), SCARD_S_SUCCESS);
    return !lstrcmpW(name, test_empty);
}

/* ---- the routines ---- */

static SCARDHANDLE connect_to_reader(SCARDCONTEXT routine_context, const WCHAR *reader,
                                     struct play *play, const char *event)
{
    int number = !lstrcmpW(reader, test_empty);
    SCARDHANDLE card = 0;
    DWORD protocol;

    ok(number || !lstrcmpW(reader, test_reader), "reader %ls\n", reader);
    note(play, event, number);
    if (play->releases)
        SCardReleaseContext(routine_context);
    if (play->fails)
        return 0;
    ok_uint(routine_context, context);
    ok_hr(SCardConnectW(routine_context, reader, play->share ? play->share : SCARD_SHARE_SHARED, 3,
                        &card, &protocol),
          SCARD_S_SUCCESS);
    return play->handles[number] = card;
}

static BOOL lists_type(const WCHAR *names)
{
    BOOL found = FALSE;

    for (; *names; names += lstrlenW(names) + 1)
        found |= !lstrcmpW(names, ISO_W);
    return found;
}

static SCARDHANDLE WINAPI connect_w(SCARDCONTEXT routine_context, WCHAR *reader, WCHAR *names,
                                    void *user)
{
    SCARDHANDLE card = connect_to_reader(routine_context, reader, (struct play *)user, "connect");

    ok(lists_type(names), "cards %ls\n", names);
    /* They are the routine's. */
    memset(reader, 'x', lstrlenW(reader) * sizeof(WCHAR));
    names[0] = 'x';
    return card;
}

static SCARDHANDLE WINAPI connect_a(SCARDCONTEXT routine_context, char *reader, char *names,
                                    void *user)
{
    WCHAR wide[256], wide_names[512];
    SCARDHANDLE card;
    int units = 0, length;

    MultiByteToWideChar(CP_ACP, 0, reader, -1, wide, 256);
    while (names[units])
    {
        length = MultiByteToWideChar(CP_ACP, 0, names + units, -1, wide_names + units, 256);
        units += length;
    }
    wide_names[units] = 0;
    card = connect_to_reader(routine_context, wide, user, "connect");
    ok(lists_type(wide_names), "cards %s\n", names);
    memset(reader, 'x', strlen(reader));
    names[0] = 'x';
    return card;
}

static SCARDHANDLE WINAPI final_w(SCARDCONTEXT routine_context, WCHAR *reader, WCHAR *names,
                                  void *user)
{
    return connect_to_reader(routine_context, reader, user, "final");
}

static SCARDHANDLE WINAPI final_a(SCARDCONTEXT routine_context, char *reader, char *names,
                                  void *user)
{
    WCHAR wide[256];

    MultiByteToWideChar(CP_ACP, 0, reader, -1, wide, 256);
    return connect_to_reader(routine_context, wide, user, "final");
}

static void recurse(struct play *play)
{
    struct given given = usual();
    struct got got;

    given.share = 0;
    given.names = (ULONG_PTR)OTHER "\0";
    call(play->kind, &given, &got);
    play->inner_result = got.result;
    ok_uint(dlg_extended_error(), SCARD_E_NO_SMARTCARD);
}

static BOOL WINAPI check(SCARDCONTEXT routine_context, SCARDHANDLE card, void *user)
{
    struct play *play = user;
    int number = reader_of(card);

    ok_uint(routine_context, context);
    note(play, "check", number);
    if (play->recurses)
        recurse(play);
    return !play->refused || lstrcmpW(play->refused, number ? test_empty : test_reader);
}

static void WINAPI disconnect(SCARDCONTEXT routine_context, SCARDHANDLE card, void *user)
{
    struct play *play = user;

    ok_uint(routine_context, context);
    note(play, "disconnect", reader_of(card));
    ok_hr(SCardDisconnect(card, SCARD_RESET_CARD), SCARD_S_SUCCESS);
}

/* ---- what is called ---- */

#define CONNECT    1
#define CHECK      2
#define DISCONNECT 4
#define FINAL      8 /* OPENCARDNAME_EX has its own */

#define SELECT 1
#define OPEN   2

/* Whose handle comes back. */
enum handle_from
{
    NO_HANDLE,
    OF_ROUTINE,
    OF_SEARCH
};

static const struct
{
    unsigned calls, routines;
    DWORD share; /* of the structure */
    BOOL refuses_first, refuses_second, fails;
    LONG result;
    const char *events;
    int reader; /* whose card is found */
    enum handle_from handle;
    enum fact fact;
} rows[] =
{
    /* One set of routines: the connection that was checked is the one that comes back. */
    {OPEN, CONNECT, 0, .events = "connect 0", .handle = OF_ROUTINE, .fact = DOCUMENTED},
    {OPEN, CONNECT, SCARD_SHARE_SHARED, .events = "connect 0", .handle = OF_ROUTINE,
     .fact = DOCUMENTED},
    {OPEN, CONNECT | CHECK | DISCONNECT, 0, .events = "connect 0, check 0", .handle = OF_ROUTINE,
     .fact = DOCUMENTED},
    {OPEN, CONNECT | CHECK | DISCONNECT, 0, .refuses_first = TRUE,
     .events = "connect 0, check 0, disconnect 0, connect 1, check 1", .reader = 1,
     .handle = OF_ROUTINE, .fact = DOCUMENTED},
    {OPEN, CHECK, SCARD_SHARE_SHARED, .events = "check 0", .handle = OF_SEARCH, .fact = DOCUMENTED},
    {OPEN, CHECK | DISCONNECT, SCARD_SHARE_EXCLUSIVE, .refuses_first = TRUE,
     .events = "check 0, disconnect 0, check 1", .reader = 1, .handle = OF_SEARCH,
     .fact = DOCUMENTED},
    {OPEN, CHECK | DISCONNECT, SCARD_SHARE_SHARED, .refuses_first = TRUE, .refuses_second = TRUE,
     .result = SCARD_E_NO_SMARTCARD, .events = "check 0, disconnect 0, check 1, disconnect 1"},
    {OPEN, CHECK, 0, .events = "check 0"},
    {OPEN, CONNECT | CHECK, 0, .fails = TRUE, .result = SCARD_E_NO_SMARTCARD,
     .events = "connect 0, connect 1"},
    {OPEN, CONNECT, 0, .fails = TRUE, .result = SCARD_E_CARD_UNSUPPORTED,
     .events = "connect 0, connect 1"},
    /* Two sets: the first is for the search. */
    {SELECT, CONNECT | DISCONNECT, SCARD_SHARE_SHARED, .events = "", .handle = OF_SEARCH},
    {SELECT, CONNECT | CHECK | DISCONNECT, SCARD_SHARE_SHARED,
     .events = "connect 0, check 0, disconnect 0", .handle = OF_SEARCH},
    {SELECT, CONNECT | CHECK | DISCONNECT | FINAL, 0,
     .events = "connect 0, check 0, disconnect 0, final 0", .handle = OF_ROUTINE},
    {SELECT, CONNECT | CHECK | DISCONNECT | FINAL, SCARD_SHARE_SHARED, .refuses_first = TRUE,
     .events = "connect 0, check 0, disconnect 0, connect 1, check 1, disconnect 1, final 1",
     .reader = 1, .handle = OF_ROUTINE},
    {SELECT, CONNECT | CHECK | DISCONNECT, 0, .events = "connect 0, check 0",
     .handle = OF_ROUTINE, .fact = DOCUMENTED},
    {SELECT, CHECK, 0, .events = "check 0", .fact = DOCUMENTED},
    {SELECT, CHECK | DISCONNECT, SCARD_SHARE_EXCLUSIVE, .events = "check 0, disconnect 0",
     .handle = OF_SEARCH},
    {SELECT, FINAL, 0, .events = "final 0", .handle = OF_ROUTINE, .fact = DOCUMENTED},
    {SELECT, FINAL, 4, .events = "final 0", .handle = OF_ROUTINE, .fact = DOCUMENTED},
    {SELECT, FINAL, 0, .fails = TRUE, .result = SCARD_E_CARD_UNSUPPORTED,
     .events = "final 0, final 1"},
    {SELECT, CHECK, 0, .refuses_first = TRUE, .refuses_second = TRUE,
     .result = SCARD_E_NO_SMARTCARD, .events = "check 0, check 1"},
};

static struct given with_routines(unsigned routines, struct play *play)
{
    struct given given = usual();
    BOOL ansi = IS_ANSI(play->kind);

    if (routines & CONNECT)
        given.connect = ansi ? (ULONG_PTR)connect_a : (ULONG_PTR)connect_w;
    if (routines & CHECK)
        given.check = (ULONG_PTR)check;
    if (routines & DISCONNECT)
        given.disconnect = (ULONG_PTR)disconnect;
    if (routines & FINAL)
        given.final_connect = ansi ? (ULONG_PTR)final_a : (ULONG_PTR)final_w;
    given.user = (ULONG_PTR)play;
    return given;
}

/* Nothing is left open but what came back. */
static void check_free(const WCHAR *reader)
{
    SCARDHANDLE card;
    DWORD protocol;
    LONG result = SCardConnectW(context, reader, SCARD_SHARE_EXCLUSIVE, 3, &card, &protocol);

    ok_hr(result, SCARD_S_SUCCESS);
    if (!result)
        SCardDisconnect(card, SCARD_LEAVE_CARD);
}

static void check_handle(const struct play *play, const struct got *got, enum handle_from from,
                         int reader)
{
    ok(!got->handle == (from == NO_HANDLE), "handle %p\n", (void *)got->handle);
    if (from == OF_ROUTINE)
        ok(got->handle == play->handles[reader], "another handle\n");
    if (!got->handle)
        return;
    ok(got->protocol == SCARD_PROTOCOL_T1, "protocol %lu\n", got->protocol);
    ok_uint(reader_of(got->handle), reader);
    ok_hr(SCardDisconnect(got->handle, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
}

/* 2 where both are refused; only the second never is. */
static const WCHAR *refused_reader(size_t row)
{
    return rows[row].refuses_first ? test_reader : NULL;
}

static BOOL WINAPI refuse_all(SCARDCONTEXT routine_context, SCARDHANDLE card, void *user)
{
    check(routine_context, card, user);
    return FALSE;
}

static void test_rows(enum call_kind kind)
{
    struct given given;
    struct got got;
    size_t i;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        struct play play = {.kind = kind, .refused = refused_reader(i), .fails = rows[i].fails};

        if (!(rows[i].calls & (IS_OPEN(kind) ? OPEN : SELECT)))
            continue;
        test_push("%s, row %u", call_names[kind], (unsigned)i);
        given = with_routines(rows[i].routines, &play);
        if (rows[i].refuses_second)
            given.check = (ULONG_PTR)refuse_all;
        given.share = rows[i].share;
        call(kind, &given, &got);
        fact(rows[i].fact);
        ok_hr(got.result, rows[i].result);
        ok(!strcmp(play.events, rows[i].events), "%s instead of %s\n", play.events, rows[i].events);
        if (!got.result)
            ok(!lstrcmpW(got.reader, rows[i].reader ? test_empty : test_reader), "reader %ls\n",
               got.reader);
        check_handle(&play, &got, rows[i].handle, rows[i].reader);
        check_free(test_reader);
        check_free(test_empty);
    }
    test_pop();
}

/* The least UI: none where the check accepts one card of two. The dialog for several is in
 * dialogs.c. */
static void test_one_of_two(enum call_kind kind)
{
    struct play play = {.kind = kind, .refused = test_reader};
    struct given given = with_routines(CHECK, &play);
    struct got got;

    fact(DOCUMENTED);
    test_push("%s", call_names[kind]);
    given.flags = SC_DLG_MINIMAL_UI;
    call(kind, &given, &got);
    ok_hr(got.result, SCARD_S_SUCCESS);
    ok(!strcmp(play.events, "check 0, check 1"), "%s\n", play.events);
    ok(!lstrcmpW(got.reader, test_empty), "reader %ls\n", got.reader);
    SCardDisconnect(got.handle, SCARD_LEAVE_CARD);
    test_pop();
}

/* ---- what goes wrong ---- */

/* The name has no room: what was connected is disconnected, by the routines that connected it. */
static void test_no_room(enum call_kind kind, DWORD share)
{
    struct play play = {.kind = kind};
    struct given given = with_routines(CONNECT | CHECK | DISCONNECT, &play);
    struct got got;

    fact(GUESS);
    test_push("%s, share mode %lu", call_names[kind], share);
    given.share = share;
    given.card_room = 2;
    call(kind, &given, &got);
    ok_hr(got.result, SCARD_E_NO_MEMORY);
    ok(!strcmp(play.events, "connect 0, check 0, disconnect 0"), "%s\n", play.events);
    ok(!got.handle, "handle %p\n", (void *)got.handle);
    check_free(test_reader);
    test_pop();
}

static void test_recursion(enum call_kind kind)
{
    struct play play = {.kind = kind, .recurses = TRUE};
    struct given given = with_routines(CONNECT | CHECK | DISCONNECT, &play);
    struct got got;

    test_push("%s", call_names[kind]);
    play.inner_result = -1;
    call(kind, &given, &got);
    ok_hr(play.inner_result, SCARD_E_NO_SMARTCARD);
    ok_hr(got.result, SCARD_S_SUCCESS);
    ok_uint(got.extended, 0);
    SCardDisconnect(got.handle, SCARD_LEAVE_CARD);
    test_pop();
}

/* The routine ends the context of the call: an error, and nothing worse. */
static void test_released(enum call_kind kind)
{
    struct play play = {.kind = kind, .releases = TRUE, .fails = TRUE};
    struct given given = with_routines(CONNECT | CHECK, &play);
    SCARDCONTEXT other = establish();
    struct got got;

    test_push("%s", call_names[kind]);
    given.context = other;
    call(kind, &given, &got);
    ok_hr(got.result, SCARD_E_NO_SMARTCARD);
    ok_hr(SCardReleaseContext(other), ERROR_INVALID_HANDLE);
    test_pop();
}

START_TEST(routines)
{
    enum call_kind kind;

    if (!scarddlg_begin())
        return;
    for (kind = 0; kind < CALL_KINDS; kind++)
    {
        test_rows(kind);
        test_one_of_two(kind);
        test_no_room(kind, SCARD_SHARE_SHARED);
        test_no_room(kind, 0);
        test_recursion(kind);
        test_released(kind);
    }
    scarddlg_end();
}

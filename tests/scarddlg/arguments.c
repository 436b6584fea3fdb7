/*
 * GetOpenCardName and SCardUIDlgSelectCard with right and wrong arguments, without a dialog.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Needs the card iso-t1, and the right to write the registry.
 */

#include <windows.h>
#include "test.h"

#include "../winscard/winscardtest.h"
#include "scarddlgtest.h"

/* ---- the DLL ---- */

static void test_exports(void)
{
    static const char *const names[] = {"GetOpenCardNameA", "GetOpenCardNameW",
                                        "SCardDlgExtendedError", "SCardUIDlgSelectCardA",
                                        "SCardUIDlgSelectCardW"};
    size_t i;

    fact(GUESS); /* Wine's ordinals; XP's are not known */
    for (i = 0; i < ARRAYSIZE(names); i++)
        ok(GetProcAddress(scarddlg, names[i]) &&
               GetProcAddress(scarddlg, names[i]) ==
                   GetProcAddress(scarddlg, (const char *)(i + 1)),
           "%s is not ordinal %u\n", names[i], (unsigned)i + 1);
    ok(!GetProcAddress(scarddlg, (const char *)6), "there is a sixth\n");
}

/* mingw-w64's header: a pointer after each DWORD, or two DWORDs. */
static void test_sizes(void)
{
    BOOL wide = sizeof(void *) == 8;

    fact(DOCUMENTED);
    ok_uint(sizeof(OPENCARDNAMEW), wide ? 176 : 92);
    ok_uint(sizeof(OPENCARDNAME_EXW), wide ? 128 : 72);
    ok_uint(sizeof(OPENCARD_SEARCH_CRITERIAW), wide ? 96 : 52);
    ok_uint(offsetof(OPENCARDNAMEW, hCardHandle), wide ? 168 : 88);
    ok_uint(offsetof(OPENCARDNAME_EXW, hCardHandle), wide ? 120 : 68);
}

static void test_null(void)
{
    fact(GUESS);
    ok_hr(get_open_card_name_a(NULL), SCARD_E_INVALID_PARAMETER);
    ok_uint(dlg_extended_error(), SCARD_E_INVALID_PARAMETER);
    ok_hr(get_open_card_name_w(NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(select_card_a(NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(select_card_w(NULL), SCARD_E_INVALID_PARAMETER);
}

/* Of the card, which may be any. */
static DWORD card_protocol;

static void read_protocol(void)
{
    SCARDHANDLE card = connect_to(context, SCARD_SHARE_SHARED, 3, &card_protocol);

    SCardDisconnect(card, SCARD_LEAVE_CARD);
}

/* ---- one argument is another than usual ---- */

#define BOTH   3
#define SELECT 1
#define OPEN   2

static const GUID both_kinds[] = {{0xa1a1a1a1, 1, 2, {3}}, {0xc1c1c1c1, 1, 2, {3}}};

/* A list that has more behind the room that is told. */
#define CUT_NAMES ISO "and more\0"

#define FIELD(name) #name, offsetof(struct given, name)

static const struct
{
    const char *name;
    size_t field;
    ULONG_PTR value;
    unsigned calls;
    LONG result;
    DWORD extended;
    enum fact fact;
} rows[] =
{
    {FIELD(size), 0, BOTH, 0, 0, DOCUMENTED},
    {FIELD(size), 1, BOTH, SCARD_E_INVALID_VALUE, SCARD_E_INVALID_VALUE, GUESS},
    {FIELD(size), (ULONG_PTR)-1, BOTH, SCARD_E_INVALID_VALUE, SCARD_E_INVALID_VALUE, GUESS},
    {FIELD(size), 0 - sizeof(OPENCARDNAMEW), OPEN, SCARD_E_INVALID_VALUE, SCARD_E_INVALID_VALUE,
     GUESS},
    {FIELD(size), sizeof(OPENCARDNAMEW) - sizeof(OPENCARDNAME_EXW), SELECT, SCARD_E_INVALID_VALUE,
     SCARD_E_INVALID_VALUE, GUESS},
    {FIELD(size), sizeof(OPENCARDNAME_EXW) - sizeof(OPENCARDNAMEW), OPEN, SCARD_E_INVALID_VALUE,
     SCARD_E_INVALID_VALUE, GUESS},
    {FIELD(context), 0, BOTH, ERROR_INVALID_HANDLE, ERROR_INVALID_HANDLE, GUESS},
    {FIELD(context), 0x12345670, BOTH, ERROR_INVALID_HANDLE, ERROR_INVALID_HANDLE, GUESS},
    {FIELD(owner), 0x7ffffff0, BOTH, 0, 0, GUESS}, /* no window is shown */
    {FIELD(flags), 0, BOTH, 0, 0, GUESS},
    {FIELD(flags), SC_DLG_MINIMAL_UI, BOTH, 0, 0, DOCUMENTED},
    {FIELD(flags), 3, BOTH, SCARD_E_INVALID_VALUE, SCARD_E_INVALID_VALUE, GUESS},
    {FIELD(flags), 6, BOTH, SCARD_E_INVALID_VALUE, SCARD_E_INVALID_VALUE, GUESS},
    {FIELD(flags), 8, BOTH, SCARD_E_INVALID_VALUE, SCARD_E_INVALID_VALUE, GUESS},
    {FIELD(flags), 0x80000002, BOTH, SCARD_E_INVALID_VALUE, SCARD_E_INVALID_VALUE, GUESS},
    {FIELD(title), (ULONG_PTR)"title", BOTH, 0, 0, DOCUMENTED},
    {FIELD(description), (ULONG_PTR)"description", BOTH, 0, 0, DOCUMENTED},
    {FIELD(share), SCARD_SHARE_EXCLUSIVE, BOTH, 0, 0, DOCUMENTED},
    {FIELD(share), SCARD_SHARE_DIRECT, BOTH, 0, 0, DOCUMENTED},
    {FIELD(share), 0, BOTH, 0, 0, DOCUMENTED},
    {FIELD(share), 4, BOTH, SCARD_E_INVALID_VALUE, SCARD_E_INVALID_VALUE, GUESS},
    {FIELD(protocols), 0, BOTH, SCARD_E_PROTO_MISMATCH, SCARD_E_PROTO_MISMATCH, GUESS},
    {FIELD(reader), 0, BOTH, 0, 0, GUESS},
    {FIELD(card), 0, BOTH, 0, 0, GUESS},
    {FIELD(reader_room), 0, BOTH, SCARD_E_NO_MEMORY, SCARD_E_NO_MEMORY, DOCUMENTED},
    {FIELD(card_room), 17, BOTH, SCARD_E_NO_MEMORY, SCARD_E_NO_MEMORY, DOCUMENTED},
    {FIELD(card_room), 18, BOTH, 0, 0, DOCUMENTED},
    {FIELD(card_room), 0xffffffff, BOTH, 0, 0, GUESS}, /* not SCARD_AUTOALLOCATE */
    {FIELD(criteria), 0, SELECT, 0, 0, DOCUMENTED},
    {FIELD(criteria_size), 4, SELECT, SCARD_E_INVALID_VALUE, SCARD_E_INVALID_VALUE, GUESS},
    {FIELD(criteria_size), 0 - sizeof(OPENCARD_SEARCH_CRITERIAW), SELECT, SCARD_E_INVALID_VALUE,
     SCARD_E_INVALID_VALUE, GUESS},
    {FIELD(names), 0, BOTH, 0, 0, DOCUMENTED},
    {FIELD(names), (ULONG_PTR)"\0", BOTH, 0, 0, GUESS},
    {FIELD(names), (ULONG_PTR)OTHER "\0" ISO "\0", BOTH, 0, 0, DOCUMENTED},
    {FIELD(names), (ULONG_PTR)OTHER "\0", BOTH, SCARD_E_NO_SMARTCARD, SCARD_E_NO_SMARTCARD, GUESS},
    {FIELD(names), (ULONG_PTR)"scardssp test nobody\0", BOTH, SCARD_E_UNKNOWN_CARD,
     SCERR_NOCARDNAME, GUESS},
    {FIELD(names), (ULONG_PTR)ISO "\0nobody\0", BOTH, SCARD_E_UNKNOWN_CARD, SCERR_NOCARDNAME,
     GUESS},
    {FIELD(names_room), 19, BOTH, 0, 0, DOCUMENTED},
    {FIELD(names_room), 18, BOTH, 0, 0, GUESS},
    {FIELD(names_room), 17, BOTH, 0, 0, GUESS},
    {FIELD(names_room), 16, BOTH, SCARD_E_UNKNOWN_CARD, SCERR_NOCARDNAME, GUESS},
    {FIELD(groups), (ULONG_PTR)"\0", BOTH, 0, 0, GUESS},
    {FIELD(groups), (ULONG_PTR)"SCard$DefaultReaders\0", BOTH, 0, 0, DOCUMENTED},
    {FIELD(groups), (ULONG_PTR)"SCard$AllReaders\0", BOTH, 0, 0, DOCUMENTED},
    {FIELD(groups), (ULONG_PTR)"scardssp no group\0", BOTH, SCARD_E_NO_READERS_AVAILABLE,
     SCARD_E_NO_READERS_AVAILABLE, GUESS},
    {FIELD(groups), (ULONG_PTR)"scardssp no group\0SCard$DefaultReaders\0", BOTH, 0, 0, DOCUMENTED},
    {FIELD(interfaces), (ULONG_PTR)test_interfaces, BOTH, 0, 0, GUESS}, /* none of them counts */
    {FIELD(interface_count), 1, BOTH, SCARD_E_INVALID_PARAMETER, SCERR_NOGUIDS, GUESS},
};

static void check_success(const struct given *given, const struct got *got)
{
    BOOL direct = given->share == SCARD_SHARE_DIRECT;
    DWORD state = 0;

    if (given->reader)
        ok(!lstrcmpW(got->reader, test_reader), "reader %ls\n", got->reader);
    if (given->card)
        ok(!lstrcmpW(got->card, ISO_W), "card %ls\n", got->card);
    ok_uint(got->reader_room, given->reader_room);
    ok_uint(got->card_room, given->card_room);
    ok(!got->handle == !given->share, "handle %p\n", (void *)got->handle);
    if (!given->share)
        ok_uint(got->protocol, SCARD_PROTOCOL_UNDEFINED);
    else if (!direct)
        ok_uint(got->protocol, card_protocol);
    if (!got->handle)
        return;
    ok_hr(SCardState(got->handle, &state, NULL, NULL, NULL), SCARD_S_SUCCESS);
    ok_hr(SCardDisconnect(got->handle, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
}

static void check_failure(const struct given *given, const struct got *got)
{
    if (given->size || given->criteria_size || got->result == (LONG)SCARD_E_INVALID_VALUE ||
        got->result == (LONG)SCARD_E_INVALID_PARAMETER)
        return; /* nothing of the structure is looked at */
    ok(!got->handle && !got->protocol, "handle %p, protocol %lu\n", (void *)got->handle,
       got->protocol);
    if (got->result == (LONG)SCARD_E_NO_MEMORY)
        ok_uint(got->card_room, given->card_room < sizeof(ISO) ? sizeof(ISO) : given->card_room);
}

/* That a card was connected and is not any more: another program can have it alone. */
static void check_free(void)
{
    SCARDHANDLE card;
    DWORD protocol;
    LONG result = SCardConnectW(context, test_reader, SCARD_SHARE_EXCLUSIVE, 3, &card, &protocol);

    ok_hr(result, SCARD_S_SUCCESS);
    if (!result)
        SCardDisconnect(card, SCARD_LEAVE_CARD);
}

static BOOL is_for(enum call_kind kind, size_t row)
{
    return rows[row].calls & (IS_OPEN(kind) ? OPEN : SELECT);
}

static void set_field(struct given *given, size_t row)
{
    *(ULONG_PTR *)((BYTE *)given + rows[row].field) = rows[row].value;
}

static void test_rows(enum call_kind kind)
{
    struct given given;
    struct got got;
    size_t i;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        if (!is_for(kind, i))
            continue;
        test_push("%s, row %u, %s", call_names[kind], (unsigned)i, rows[i].name);
        given = usual();
        set_field(&given, i);
        call(kind, &given, &got);
        fact(rows[i].fact);
        ok_hr(got.result, rows[i].result);
        fact(GUESS);
        ok_uint(got.extended, rows[i].extended);
        if (got.result)
            check_failure(&given, &got);
        else
            check_success(&given, &got);
        check_free();
    }
    test_pop();
}

/* A dialog could come of it. */
static BOOL may_show(size_t row)
{
    return rows[row].field == offsetof(struct given, flags) && rows[row].value < SC_DLG_NO_UI;
}

/* Any two at once: what comes back is whole, or an error with nothing else. One wrong argument is
 * not mended by another, but by the same one. */
static void test_pairs(void)
{
    size_t i, j, calls = 0;
    struct given given;
    struct got got;

    fact(GUESS);
    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        for (j = 0; j < ARRAYSIZE(rows); j++)
        {
            enum call_kind kind = (i + j) % CALL_KINDS;

            if (may_show(i) || may_show(j) || !is_for(kind, i) || !is_for(kind, j))
                continue;
            test_push("%s, rows %u and %u", call_names[kind], (unsigned)i, (unsigned)j);
            given = usual();
            set_field(&given, i);
            set_field(&given, j);
            call(kind, &given, &got);
            calls++;
            ok(!got.result == !got.extended, "%#lx, extended %#lx\n", got.result, got.extended);
            if (got.result)
                check_failure(&given, &got);
            else
                check_success(&given, &got);
            if (rows[j].result == (LONG)SCARD_E_INVALID_VALUE &&
                (given.criteria || !given.criteria_size))
                ok(got.result != 0, "success\n");
        }
    }
    test_pop();
    check_free();
    trace("%u calls\n", (unsigned)calls);
}

/* ---- several arguments ---- */

static LONG by_interfaces(enum call_kind kind, const char *names, const GUID *guids, DWORD count)
{
    struct given given = usual();
    struct got got;

    given.names = (ULONG_PTR)names;
    given.interfaces = (ULONG_PTR)guids;
    given.interface_count = count;
    given.share = 0;
    call(kind, &given, &got);
    return got.result;
}

static void test_interfaces_of_cards(enum call_kind kind)
{
    static const GUID many[65];

    fact(GUESS); /* the pages call them reserved */
    test_push("%s", call_names[kind]);
    ok_hr(by_interfaces(kind, NULL, test_interfaces, 2), SCARD_S_SUCCESS);
    ok_hr(by_interfaces(kind, NULL, test_interfaces + 1, 1), SCARD_S_SUCCESS);
    ok_hr(by_interfaces(kind, ISO "\0", test_interfaces, 2), SCARD_S_SUCCESS);
    ok_hr(by_interfaces(kind, NULL, &test_other_interface, 1), SCARD_E_NO_SMARTCARD);
    ok_hr(by_interfaces(kind, NULL, both_kinds, 2), SCARD_E_NO_SMARTCARD);
    ok_hr(by_interfaces(kind, ISO "\0", &test_other_interface, 1), SCARD_E_NO_SMARTCARD);
    ok_hr(by_interfaces(kind, NULL, many, 64), SCARD_E_NO_SMARTCARD);
    ok_hr(by_interfaces(kind, NULL, many, 65), SCARD_E_INVALID_VALUE);
    ok_uint(dlg_extended_error(), SCERR_NOGUIDS);
    test_pop();
}

/* Readers of the registry's groups, by their own names and by introduced ones. */
#define GROUP "scardssp test group"
#define ALIAS L"scardssp test reader"

static LONG in_group(enum call_kind kind, const char *groups, WCHAR reader[256])
{
    struct given given = usual();
    struct got got;

    given.groups = (ULONG_PTR)groups;
    given.share = 0;
    call(kind, &given, &got);
    lstrcpyW(reader, got.reader);
    return got.result;
}

static void test_groups(enum call_kind kind)
{
    WCHAR reader[256];

    fact(DOCUMENTED);
    test_push("%s", call_names[kind]);
    ok_hr(in_group(kind, GROUP "\0", reader), SCARD_E_NO_READERS_AVAILABLE);
    ok_hr(SCardAddReaderToGroupW(context, test_empty, L"" GROUP), SCARD_S_SUCCESS);
    ok_hr(in_group(kind, GROUP "\0", reader), SCARD_E_NO_SMARTCARD);
    ok_hr(SCardAddReaderToGroupW(context, test_reader, L"" GROUP), SCARD_S_SUCCESS);
    ok_hr(in_group(kind, GROUP "\0", reader), SCARD_S_SUCCESS);
    ok(!lstrcmpW(reader, test_reader), "reader %ls\n", reader);
    ok_hr(SCardRemoveReaderFromGroupW(context, test_reader, L"SCard$DefaultReaders"),
          SCARD_S_SUCCESS);
    /* The default group is where a search without groups looks. */
    ok_hr(in_group(kind, NULL, reader), SCARD_E_NO_SMARTCARD);
    ok_hr(in_group(kind, "SCard$AllReaders\0", reader), SCARD_S_SUCCESS);
    SCardForgetReaderGroupW(context, L"" GROUP);
    ok_hr(SCardAddReaderToGroupW(context, test_reader, L"SCard$DefaultReaders"), SCARD_S_SUCCESS);
    ok_hr(in_group(kind, NULL, reader), SCARD_S_SUCCESS);

    fact(GUESS);
    ok_hr(SCardIntroduceReaderW(context, ALIAS, test_reader), SCARD_S_SUCCESS);
    ok_hr(SCardAddReaderToGroupW(context, ALIAS, L"" GROUP), SCARD_S_SUCCESS);
    ok_hr(in_group(kind, GROUP "\0", reader), SCARD_S_SUCCESS);
    ok(!lstrcmpW(reader, test_reader), "reader %ls\n", reader);
    ok_hr(SCardForgetReaderW(context, ALIAS), SCARD_S_SUCCESS);
    test_pop();
}

static void test_bounded(enum call_kind kind)
{
    struct given given = usual();
    struct got got;

    fact(DOCUMENTED);
    test_push("%s", call_names[kind]);
    given.names = (ULONG_PTR)CUT_NAMES;
    given.names_room = sizeof(ISO) - 1;
    given.share = 0;
    call(kind, &given, &got);
    ok_hr(got.result, SCARD_S_SUCCESS);
    given.names_room = 0;
    call(kind, &given, &got);
    ok_hr(got.result, SCARD_E_UNKNOWN_CARD);
    test_pop();
}

/* Both names are too long at once: both lengths come back. */
static void test_rooms(enum call_kind kind)
{
    DWORD reader_room = lstrlenW(test_reader) + 1;
    struct given given = usual();
    struct got got;

    fact(DOCUMENTED);
    test_push("%s", call_names[kind]);
    given.share = 0;
    given.reader_room = reader_room;
    call(kind, &given, &got);
    ok_hr(got.result, SCARD_S_SUCCESS);
    ok(!lstrcmpW(got.reader, test_reader), "reader %ls\n", got.reader);
    given.reader_room--;
    call(kind, &given, &got);
    ok_hr(got.result, SCARD_E_NO_MEMORY);
    ok_uint(got.reader_room, reader_room);
    given.share = SCARD_SHARE_SHARED;
    given.reader_room = given.card_room = 3;
    call(kind, &given, &got);
    ok_hr(got.result, SCARD_E_NO_MEMORY);
    ok(got.reader_room == reader_room && got.card_room == sizeof(ISO), "%lu, %lu\n",
       got.reader_room, got.card_room);
    check_free();
    test_pop();
}

static void test_other_protocol(enum call_kind kind)
{
    struct given given = usual();
    struct got got;

    test_push("%s", call_names[kind]);
    fact(GUESS);
    given.protocols = 3 - card_protocol;
    call(kind, &given, &got);
    ok_hr(got.result, SCARD_E_PROTO_MISMATCH);
    ok_uint(got.extended, SCARD_E_PROTO_MISMATCH);
    test_pop();
}

static void test_other_states(enum call_kind kind)
{
    struct given given = usual();
    SCARDHANDLE card;
    DWORD protocol;
    struct got got;

    test_push("%s", call_names[kind]);
    fact(GUESS);
    ok_hr(SCardConnectW(context, test_reader, SCARD_SHARE_EXCLUSIVE, 3, &card, &protocol),
          SCARD_S_SUCCESS);
    call(kind, &given, &got);
    ok_hr(got.result, SCARD_E_SHARING_VIOLATION);
    given.share = 0;
    call(kind, &given, &got);
    ok_hr(got.result, SCARD_S_SUCCESS);
    SCardDisconnect(card, SCARD_LEAVE_CARD);

    given = usual();
    given.context = establish();
    SCardReleaseContext(given.context);
    call(kind, &given, &got);
    ok_hr(got.result, ERROR_INVALID_HANDLE);
    test_pop();
}

/* ---- the extended error ---- */

static DWORD WINAPI error_of_thread(void *unused)
{
    struct given given = usual();
    struct got got;

    ok_uint(dlg_extended_error(), 0);
    given.flags = 9;
    call(SELECT_W, &given, &got);
    ok_uint(dlg_extended_error(), SCARD_E_INVALID_VALUE);
    return 0;
}

static void test_extended(void)
{
    struct given given = usual();
    struct got got;
    HANDLE thread;

    fact(GUESS);
    given.names = (ULONG_PTR) "scardssp test nobody\0";
    call(OPEN_W, &given, &got);
    ok_uint(dlg_extended_error(), SCERR_NOCARDNAME);
    thread = CreateThread(NULL, 0, error_of_thread, NULL, 0, NULL);
    ok_uint(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
    CloseHandle(thread);
    SetLastError(4711);
    ok_uint(dlg_extended_error(), SCERR_NOCARDNAME);
    ok_uint(GetLastError(), 4711);
    given = usual();
    given.share = 0;
    call(SELECT_A, &given, &got);
    ok_uint(dlg_extended_error(), 0);
}

START_TEST(arguments)
{
    enum call_kind kind;

    if (!scarddlg_begin())
        return;
    read_protocol();
    test_exports();
    test_sizes();
    test_null();
    for (kind = 0; kind < CALL_KINDS; kind++)
    {
        test_rows(kind);
        test_interfaces_of_cards(kind);
        test_groups(kind);
        test_bounded(kind);
        test_rooms(kind);
        test_other_protocol(kind);
        test_other_states(kind);
    }
    test_pairs();
    test_extended();
    scarddlg_end();
}

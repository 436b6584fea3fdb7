/*
 * What the tests of scarddlg.dll share: its functions, card types, calls of all four kinds.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h and winscardtest.h. The programs run over this project's scarddlg.dll and
 * Windows'; Wine's own has nothing but stubs that end the program.
 */

#ifndef TESTS_SCARDDLG_SCARDDLGTEST_H
#define TESTS_SCARDDLG_SCARDDLGTEST_H

#define ISO     "scardssp test iso"
#define OTHER   "scardssp test other"
#define ISO_W   L"scardssp test iso"
#define OTHER_W L"scardssp test other"

/* What "scardssp test iso" supports, and what "scardssp test other" does. */
static const GUID test_interfaces[] = {{0xa1a1a1a1, 1, 2, {3}}, {0xb1b1b1b1, 1, 2, {3}}};
static const GUID test_other_interface = {0xc1c1c1c1, 1, 2, {3}};

static SCARDCONTEXT context;
static HMODULE scarddlg;

static LONG(WINAPI *get_open_card_name_a)(OPENCARDNAMEA *);
static LONG(WINAPI *get_open_card_name_w)(OPENCARDNAMEW *);
static LONG(WINAPI *dlg_extended_error)(void);
static LONG(WINAPI *select_card_a)(OPENCARDNAME_EXA *);
static LONG(WINAPI *select_card_w)(OPENCARDNAME_EXW *);

/* ---- what most begin with ---- */

static BOOL scarddlg_is_ours(void)
{
    HMODULE owner = NULL;

    return GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                  GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                              (const char *)(void (*)(void))select_card_w, &owner) &&
           owner && owner == GetModuleHandleA("scardssp.dll");
}

static void forget_types(void)
{
    SCardForgetCardTypeW(context, ISO_W);
    SCardForgetCardTypeW(context, OTHER_W);
}

static void introduce_types(void)
{
    static const BYTE nobody[] = {0x3b, 0x02, 0x14, 0x51};
    SCARD_READERSTATEW state = {.szReader = test_reader};

    forget_types();
    ok_hr(SCardGetStatusChangeW(context, 0, &state, 1), SCARD_S_SUCCESS);
    ok_hr(SCardIntroduceCardTypeW(context, ISO_W, NULL, test_interfaces, 2, state.rgbAtr, NULL,
                                  state.cbAtr),
          SCARD_S_SUCCESS);
    ok_hr(SCardIntroduceCardTypeW(context, OTHER_W, NULL, &test_other_interface, 1, nobody, NULL,
                                  sizeof(nobody)),
          SCARD_S_SUCCESS);
}

/* FALSE: there is nothing to be tested. */
TEST_USED static BOOL scarddlg_begin(void)
{
    winscard_begin();
    scarddlg = LoadLibraryA("scarddlg.dll");
    get_open_card_name_a = (void *)GetProcAddress(scarddlg, "GetOpenCardNameA");
    get_open_card_name_w = (void *)GetProcAddress(scarddlg, "GetOpenCardNameW");
    dlg_extended_error = (void *)GetProcAddress(scarddlg, "SCardDlgExtendedError");
    select_card_a = (void *)GetProcAddress(scarddlg, "SCardUIDlgSelectCardA");
    select_card_w = (void *)GetProcAddress(scarddlg, "SCardUIDlgSelectCardW");
    if (test_under_wine && !scarddlg_is_ours())
    {
        if (winscard_is_ours())
            ok(FALSE, "another scarddlg.dll\n");
        else
            skip("Wine's own scarddlg.dll has stubs only\n");
        return FALSE;
    }
    if (!ok(get_open_card_name_a && get_open_card_name_w && dlg_extended_error && select_card_a &&
                select_card_w,
            "a function is missing\n"))
        return FALSE;
    context = establish();
    if (!winscard_needs(NEED_CARD | NEED_EMPTY))
        return FALSE;
    introduce_types();
    return TRUE;
}

TEST_USED static void scarddlg_end(void)
{
    forget_types();
    SCardReleaseContext(context);
}

/* ---- one call ---- */

/* The four functions. */
enum call_kind
{
    SELECT_A,
    SELECT_W,
    OPEN_A,
    OPEN_W,
    CALL_KINDS
};

static const char *const call_names[CALL_KINDS] = {"SelectA", "SelectW", "OpenA", "OpenW"};

#define IS_ANSI(kind) ((kind) == SELECT_A || (kind) == OPEN_A)
#define IS_OPEN(kind) ((kind) == OPEN_A || (kind) == OPEN_W)

/* What a structure is filled with. Texts are ASCII; lists end with an empty string. All are of one
 * type, so that a table can name any of them. */
struct given
{
    ULONG_PTR size; /* to add to the right one */
    ULONG_PTR context, owner, flags, title, description, icon, share, protocols;
    ULONG_PTR reader, reader_room, card, card_room; /* reader, card: 0 for NULL */
    ULONG_PTR criteria;                             /* 0: none */
    ULONG_PTR criteria_size;                        /* to add */
    ULONG_PTR names, names_room, groups, groups_room, interfaces, interface_count;
    ULONG_PTR connect, check, disconnect, user; /* of OPENCARDNAME, and of the criteria */
    ULONG_PTR final_connect;                    /* of OPENCARDNAME_EX */
    ULONG_PTR check_share, check_protocols;     /* of the criteria */
};

/* What came back; names in UTF-16. */
struct got
{
    LONG result;
    DWORD extended, reader_room, card_room, protocol;
    WCHAR reader[256], card[256];
    SCARDHANDLE handle;
};

/* A silent search for the rig's card, which is there. */
TEST_USED static struct given usual(void)
{
    struct given given = {
        .context = context,
        .flags = SC_DLG_NO_UI,
        .share = SCARD_SHARE_SHARED,
        .protocols = SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
        .reader = 1,
        .reader_room = 256,
        .card = 1,
        .card_room = 256,
        .criteria = 1,
        .names = (ULONG_PTR)ISO "\0",
    };

    return given;
}

/* The text or list as this kind of call takes it, in one of a call's buffers. */
static void *text_for(enum call_kind kind, ULONG_PTR text, WCHAR buffer[512])
{
    const char *narrow = (const char *)text;
    int i;

    if (!narrow || IS_ANSI(kind))
        return (void *)text;
    for (i = 0; i < 511 && (narrow[i] || narrow[i + 1]); i++)
        buffer[i] = (unsigned char)narrow[i];
    buffer[i] = 0;
    buffer[i + 1] = 0;
    return buffer;
}

static void widen_name(enum call_kind kind, const void *buffer, WCHAR name[256])
{
    if (IS_ANSI(kind))
        MultiByteToWideChar(CP_ACP, 0, buffer, -1, name, 256);
    else
        lstrcpynW(name, buffer, 256);
}

/* Buffers of a call: what is behind the room that it tells must stay as it was. */
struct call_buffers
{
    WCHAR texts[4][512];
    WCHAR reader[256], card[256];
};

static void call_select(enum call_kind kind, const struct given *given, struct call_buffers *at,
                        struct got *got)
{
    OPENCARD_SEARCH_CRITERIAW criteria = {
        .dwStructSize = sizeof(criteria) + given->criteria_size,
        .lpstrGroupNames = text_for(kind, given->groups, at->texts[0]),
        .nMaxGroupNames = given->groups_room,
        .rgguidInterfaces = (const GUID *)given->interfaces,
        .cguidInterfaces = given->interface_count,
        .lpstrCardNames = text_for(kind, given->names, at->texts[1]),
        .nMaxCardNames = given->names_room,
        .lpfnCheck = (LPOCNCHKPROC)given->check,
        .lpfnConnect = (LPOCNCONNPROCW)given->connect,
        .lpfnDisconnect = (LPOCNDSCPROC)given->disconnect,
        .pvUserData = (void *)given->user,
        .dwShareMode = given->check_share,
        .dwPreferredProtocols = given->check_protocols,
    };
    OPENCARDNAME_EXW structure = {
        .dwStructSize = sizeof(structure) + given->size,
        .hSCardContext = given->context,
        .hwndOwner = (HWND)given->owner,
        .dwFlags = given->flags,
        .lpstrTitle = text_for(kind, given->title, at->texts[2]),
        .lpstrSearchDesc = text_for(kind, given->description, at->texts[3]),
        .hIcon = (HICON)given->icon,
        .pOpenCardSearchCriteria = given->criteria ? &criteria : NULL,
        .lpfnConnect = (LPOCNCONNPROCW)given->final_connect,
        .pvUserData = (void *)given->user,
        .dwShareMode = given->share,
        .dwPreferredProtocols = given->protocols,
        .lpstrRdr = given->reader ? at->reader : NULL,
        .nMaxRdr = given->reader_room,
        .lpstrCard = given->card ? at->card : NULL,
        .nMaxCard = given->card_room,
        .dwActiveProtocol = 77,
        .hCardHandle = 77,
    };

    got->result = kind == SELECT_A ? select_card_a((OPENCARDNAME_EXA *)&structure)
                                   : select_card_w(&structure);
    got->reader_room = structure.nMaxRdr;
    got->card_room = structure.nMaxCard;
    got->protocol = structure.dwActiveProtocol;
    got->handle = structure.hCardHandle;
}

static void call_open(enum call_kind kind, const struct given *given, struct call_buffers *at,
                      struct got *got)
{
    OPENCARDNAMEW structure = {
        .dwStructSize = sizeof(structure) + given->size,
        .hwndOwner = (HWND)given->owner,
        .hSCardContext = given->context,
        .lpstrGroupNames = text_for(kind, given->groups, at->texts[0]),
        .nMaxGroupNames = given->groups_room,
        .lpstrCardNames = text_for(kind, given->names, at->texts[1]),
        .nMaxCardNames = given->names_room,
        .rgguidInterfaces = (const GUID *)given->interfaces,
        .cguidInterfaces = given->interface_count,
        .lpstrRdr = given->reader ? at->reader : NULL,
        .nMaxRdr = given->reader_room,
        .lpstrCard = given->card ? at->card : NULL,
        .nMaxCard = given->card_room,
        .lpstrTitle = text_for(kind, given->title, at->texts[2]),
        .dwFlags = given->flags,
        .pvUserData = (void *)given->user,
        .dwShareMode = given->share,
        .dwPreferredProtocols = given->protocols,
        .dwActiveProtocol = 77,
        .lpfnConnect = (LPOCNCONNPROCW)given->connect,
        .lpfnCheck = (LPOCNCHKPROC)given->check,
        .lpfnDisconnect = (LPOCNDSCPROC)given->disconnect,
        .hCardHandle = 77,
    };

    got->result = kind == OPEN_A ? get_open_card_name_a((OPENCARDNAMEA *)&structure)
                                 : get_open_card_name_w(&structure);
    got->reader_room = structure.nMaxRdr;
    got->card_room = structure.nMaxCard;
    got->protocol = structure.dwActiveProtocol;
    got->handle = structure.hCardHandle;
}

TEST_USED static void call(enum call_kind kind, const struct given *given, struct got *got)
{
    struct call_buffers buffers;

    memset(&buffers, 0xcc, sizeof(buffers));
    ZeroMemory(got, sizeof(*got));
    if (IS_OPEN(kind))
        call_open(kind, given, &buffers, got);
    else
        call_select(kind, given, &buffers, got);
    got->extended = dlg_extended_error();
    if (got->result)
    {
        ok(buffers.reader[0] == 0xcccc && buffers.card[0] == 0xcccc, "names after a failure\n");
        return;
    }
    if (given->reader)
        widen_name(kind, buffers.reader, got->reader);
    if (given->card)
        widen_name(kind, buffers.card, got->card);
}

#endif

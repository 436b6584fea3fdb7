/*
 * The right byte of the right file: services over one simulated card, whose tree shows which file
 * was read or written, while others have their turn, the card is reset, or tells nothing.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "../cards/card.h"
#include "icc_script.h"

/* A card and what was sent to it. */
struct desk
{
    struct card *card;
    unsigned commands, names; /* all; SELECT by name */
    int fails;                /* the next command does not get there */
};

static int32_t transmit(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                        size_t *reply_len)
{
    struct desk *desk = context;
    struct bytes answer = {0};

    desk->commands++;
    desk->names += command[1] == 0xA4 && command[2] == 4;
    if (desk->fails)
    {
        desk->fails = 0;
        *reply_len = 0;
        return SC_CANCELLED;
    }
    card_exchange(desk->card, command, command_len, &answer);
    if (answer.len <= *reply_len)
        memcpy(reply, answer.data, answer.len);
    ok(answer.len <= *reply_len, "an answer of %u bytes\n", (unsigned)answer.len);
    *reply_len = answer.len <= *reply_len ? answer.len : 0;
    bytes_free(&answer);
    return SC_OK;
}

/* A card from the text of a profile: its head, then files between mf and end. */
static void desk_open(struct desk *desk, const char *head, const char *files)
{
    struct bytes error = {0};
    struct profile *profile;
    char text[4096];

    memset(desk, 0, sizeof(*desk));
    snprintf(text, sizeof(text), "name desk\n%smf\n%send\n", head, files);
    profile = profile_parse("desk", text, &error);
    if (!profile)
    {
        printf("%.*s\n", (int)error.len, (char *)error.data);
        exit(1);
    }
    bytes_free(&error);
    desk->card = card_create(profile);
}

static void desk_close(struct desk *desk)
{
    card_destroy(desk->card);
}

static void attach(struct icc *icc, struct desk *desk, int by_handle)
{
    const struct profile *profile = desk->card->profile;

    icc_init(icc, transmit, desk, profile->t0 ? APDU_T0 : APDU_T1, profile->atr.data,
             profile->atr.len, by_handle);
}

/* What somebody else sends. */
static void other(struct desk *desk, const char *hex)
{
    struct bytes answer = {0};
    size_t len;
    uint8_t *command = test_bytes(hex, &len);

    card_exchange(desk->card, command, len, &answer);
    ok(answer.len >= 2 && answer.data[answer.len - 2] == 0x90, "%s was refused\n", hex);
    bytes_free(&answer);
    free(command);
}

/* A file of the tree, by its path below the MF; NULL: there is none. */
static struct card_file *at(struct desk *desk, const char *path)
{
    struct card_file *file = desk->card->profile->mf;

    for (; file && *path; path += path[4] ? 5 : 4)
        file = file_child(file, (uint16_t)strtoul(path, NULL, 16));
    return file;
}

/* Its life cycle; 0 of no file. */
static int lcs_of(struct desk *desk, const char *path)
{
    return at(desk, path) ? at(desk, path)->lcs : 0;
}

/* What the file begins with. */
static void check_content(struct desk *desk, const char *path, const char *expected, int line)
{
    struct card_file *file = at(desk, path);
    char text[64] = "none";

    if (file)
        hex_format(file->content.data, strlen(expected) / 2, text, sizeof(text));
    ok(!strcmp(text, expected), "line %d: %s begins with %s, not %s\n", line, path, text, expected);
}

#define CONTENT(desk, path, hex) check_content(desk, path, hex, __LINE__)
#define THERE(desk, path)        ok(at(desk, path) != NULL, "line %d: %s is gone\n", __LINE__, path)
#define GONE(desk, path)         ok(!at(desk, path), "line %d: %s is still there\n", __LINE__, path)

static uint32_t check_open(struct icc *icc, int32_t type, const char *text, int line)
{
    uint32_t handle = 0;
    int32_t result = icc_open(icc, type, TEXT(text), &handle);

    ok(result == SC_OK && handle, "line %d: Open(%s) gave %08x\n", line, text, (unsigned)result);
    return handle;
}

#define OPEN(icc, text)       check_open(icc, PATH_BY_ID, text, __LINE__)
#define OPEN_NAME(icc, text)  check_open(icc, PATH_BY_NAME, text, __LINE__)
#define OPEN_SHORT(icc, text) check_open(icc, PATH_BY_SHORT_ID, text, __LINE__)

static int32_t try_open(struct icc *icc, const char *text)
{
    uint32_t handle = 0;

    return icc_open(icc, PATH_BY_ID, TEXT(text), &handle);
}

static int32_t write_text(struct icc *icc, uint32_t handle, const char *text)
{
    return icc_write(icc, handle, (int32_t)strlen(text), (const uint8_t *)text, strlen(text), 0);
}

#define ISO_T1   "atr 3B 87 81 31 FE 45 80 31 E8 73 F7 41 00 10\n"
#define FLEX     "family flex\nprotocol T0\natr 3B 95 15 40 20 68 01 02 00 00\nchv-length 8 8\n"
#define SILENT   "refuse A4 * 00 6A86\nrefuse A4 * 04 6A86\n" /* SELECT tells nothing */
#define NO_PATHS "refuse A4 08 * 6A86\n"
#define FID_ONLY NO_PATHS "refuse A4 01 * 6A86\nrefuse A4 02 * 6A86\n"

#define EF(fid, hex)          "ef " fid " transparent 16\ndata " hex "\nend\n"
#define EF_SFI(fid, sfi, hex) "ef " fid " transparent 16\nsfi " sfi "\ndata " hex "\nend\n"

/* Two applications that look alike in all but their names, and a file in the MF that does too. */
#define TWINS \
    EF("0001", "AA") \
    "df 5000 name A00000000102\n chv 2 code 1234\n" EF("0001", "11") EF_SFI("0002", "2", "12") \
    "ef 0003 transparent 16\n access all chv2\n data 13\n end\nend\n" \
    "df 5100 name A00000000103\n" EF("0001", "22") EF_SFI("0002", "2", "23") "end\n"

#define SELECT_102 "00A4040C06A00000000102"
#define SELECT_103 "00A4040C06A00000000103"

/* ---- whose turn it was ---- */

/* Two programs, each in an application of its own, take turns. */
static void test_turns(void)
{
    struct desk desk;
    struct icc first, second;
    uint32_t handle, named, shortly;

    desk_open(&desk, ISO_T1, TWINS);
    attach(&first, &desk, 0);
    attach(&second, &desk, 0);
    EXPECT(icc_change_dir(&first, PATH_BY_NAME, TEXT("#A00000000102")), SC_OK);
    handle = OPEN(&first, "0001");
    EXPECT(icc_change_dir(&second, PATH_BY_NAME, TEXT("#A00000000103")), SC_OK);
    EXPECT(write_text(&first, handle, "A"), SC_OK);
    CONTENT(&desk, "5000/0001", "41");
    other(&desk, SELECT_103);
    EXPECT_READ(&first, handle, 1, SC_OK, "00");
    other(&desk, SELECT_103);
    named = OPEN(&first, "#A00000000102/0001");
    EXPECT_READ(&first, named, 1, SC_OK, "41");
    other(&desk, SELECT_103);
    shortly = OPEN_SHORT(&first, "02");
    EXPECT_READ(&first, shortly, 1, SC_OK, "12");
    other(&desk, SELECT_103);
    EXPECT(write_text(&first, shortly, "B"), SC_OK);
    CONTENT(&desk, "5000/0002", "1242");
    other(&desk, SELECT_103);
    EXPECT(icc_invalidate(&first, TEXT("0001"), 0), SC_OK);
    ok(lcs_of(&desk, "5000/0001") == LCS_DEACTIVATED, "not deactivated\n");
    other(&desk, SELECT_103);
    EXPECT(icc_delete(&first, PATH_BY_ID, TEXT("0002"), 0), SC_OK);
    GONE(&desk, "5000/0002");
    CONTENT(&desk, "5100/0001", "22");
    CONTENT(&desk, "5100/0002", "23");
    ok(lcs_of(&desk, "5100/0001") == LCS_ACTIVATED, "the other one is deactivated\n");
    handle = OPEN(&second, "0001");
    EXPECT_READ(&second, handle, 1, SC_OK, "22");
    icc_fini(&first);
    icc_fini(&second);
    desk_close(&desk);
}

/* A reset puts the card into its MF, also while it is ours alone. */
static void test_reset(void)
{
    struct desk desk;
    struct icc icc;
    uint32_t handle;
    int exclusive;

    for (exclusive = 0; exclusive < 2; exclusive++)
    {
        desk_open(&desk, ISO_T1, TWINS);
        attach(&icc, &desk, 0);
        icc_set_exclusive(&icc, exclusive);
        EXPECT(icc_change_dir(&icc, PATH_BY_NAME, TEXT("#A00000000102")), SC_OK);
        handle = OPEN(&icc, "0001");
        card_reset(desk.card);
        icc_untrust(&icc, APDU_T1);
        EXPECT(write_text(&icc, handle, "A"), SC_OK);
        card_reset(desk.card);
        icc_untrust(&icc, APDU_T1);
        handle = OPEN(&icc, "0001");
        EXPECT(write_text(&icc, handle, "B"), SC_OK);
        CONTENT(&desk, "5000/0001", "42");
        CONTENT(&desk, "0001", "AA");
        icc_fini(&icc);
        desk_close(&desk);
    }
}

/* While the card is ours alone an application is selected once, and its code stays verified; also
 * when something is not found or refused there, and with short ids. */
static void test_code_stays(void)
{
    struct desk desk;
    struct icc icc;
    uint32_t guarded, shortly;

    desk_open(&desk, ISO_T1, TWINS);
    attach(&icc, &desk, 0);
    icc_set_exclusive(&icc, 1);
    EXPECT(icc_change_dir(&icc, PATH_BY_NAME, TEXT("#A00000000102")), SC_OK);
    guarded = OPEN(&icc, "0003");
    EXPECT_READ(&icc, guarded, 1, SC_SECURITY_VIOLATION, "");
    EXPECT(icc_verify(&icc, (const uint8_t *)"1234", 4, ICC_LOCAL, 2), SC_OK);
    EXPECT_READ(&icc, guarded, 1, SC_OK, "13");
    shortly = OPEN_SHORT(&icc, "02");
    desk.commands = 0;
    EXPECT_READ(&icc, shortly, 1, SC_OK, "12");
    ok(desk.commands == 1, "%u commands to read by short id\n", desk.commands);
    EXPECT(try_open(&icc, "0099"), SC_FILE_NOT_FOUND);
    EXPECT_READ(&icc, guarded, 1, SC_OK, "00");
    EXPECT(icc_change_dir(&icc, PATH_BY_NAME, TEXT("#A00000000102")), SC_OK);
    EXPECT(icc_seek(&icc, guarded, 0, ICC_SEEK_BEGIN), SC_OK);
    EXPECT_READ(&icc, guarded, 1, SC_OK, "13");
    ok(desk.names == 1, "%u times selected by name\n", desk.names);
    /* Whoever had it in between may have moved it. */
    icc_set_exclusive(&icc, 0);
    other(&desk, SELECT_103);
    icc_set_exclusive(&icc, 1);
    EXPECT_READ(&icc, shortly, 1, SC_OK, "00");
    CONTENT(&desk, "5100/0002", "23");
    ok(desk.names == 2, "%u times selected by name\n", desk.names);
    icc_fini(&icc);
    desk_close(&desk);
}

/* What became of a command that got lost nobody knows. */
static void test_lost_command(void)
{
    struct desk desk;
    struct icc icc;
    uint32_t handle;

    desk_open(&desk, ISO_T1, TWINS);
    attach(&icc, &desk, 0);
    icc_set_exclusive(&icc, 1);
    handle = OPEN_NAME(&icc, "#A00000000102/0001");
    desk.fails = 1;
    EXPECT_READ(&icc, handle, 1, SC_CANCELLED, "");
    other(&desk, SELECT_103);
    EXPECT(write_text(&icc, handle, "A"), SC_OK);
    CONTENT(&desk, "5000/0001", "41");
    CONTENT(&desk, "5100/0001", "22");
    icc_fini(&icc);
    desk_close(&desk);
}

/* The code of an application is not tried on another one. */
static void test_local_code(void)
{
    struct desk desk;
    struct icc icc;

    desk_open(&desk, ISO_T1, TWINS);
    attach(&icc, &desk, 0);
    EXPECT(icc_change_dir(&icc, PATH_BY_NAME, TEXT("#A00000000103")), SC_OK);
    other(&desk, SELECT_102);
    EXPECT(icc_verify(&icc, (const uint8_t *)"9999", 4, ICC_LOCAL, 2), SC_INVALID_PARAMETER);
    ok(at(&desk, "5000")->chvs->tries_left == 3, "it was tried\n");
    icc_fini(&icc);
    desk_close(&desk);
}

/* True when no code of 5000 was tried, whatever was asked for. */
static void check_no_local_code(struct icc *icc, struct desk *desk, int line)
{
    const uint8_t *wrong = (const uint8_t *)"9999";
    int32_t verified = icc_verify(icc, wrong, 4, ICC_LOCAL, 2);
    int32_t changed = icc_change_code(icc, wrong, 4, wrong, 4, ICC_LOCAL, 2);
    int32_t unblocked = icc_unblock(icc, 0, ICC_LOCAL, 2);
    unsigned left = at(desk, "5000")->chvs->tries_left;

    ok(verified == SC_DIR_NOT_FOUND && changed == SC_DIR_NOT_FOUND &&
           unblocked == SC_DIR_NOT_FOUND && left == 3,
       "line %d: %08x, %08x, %08x, %u tries left\n", line, (unsigned)verified, (unsigned)changed,
       (unsigned)unblocked, left);
}

/* A step that failed, or a file elsewhere, has left a directory that cannot be selected again: its
 * codes are not tried in the one where the card is now. */
static void test_local_code_left_behind(void)
{
    struct desk desk;
    struct icc icc;

    desk_open(&desk, ISO_T1 "refuse A4 00 * 6A86\n", TWINS);
    attach(&icc, &desk, 0);
    icc_set_exclusive(&icc, 1);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("3F00/5000/0001")), SC_NO_DIR);
    check_no_local_code(&icc, &desk, __LINE__);
    /* What has a name is selected again. */
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("3F00/5000")), SC_OK);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("3F00/5100/0001")), SC_NO_DIR);
    EXPECT(icc_verify(&icc, (const uint8_t *)"1234", 4, ICC_LOCAL, 2), SC_OK);
    icc_fini(&icc);

    attach(&icc, &desk, 1);
    icc_set_exclusive(&icc, 1);
    other(&desk, SELECT_103);
    icc_was_moved(&icc);
    OPEN(&icc, "3F00/5000/0001");
    check_no_local_code(&icc, &desk, __LINE__);
    other(&desk, SELECT_102);
    icc_was_moved(&icc);
    EXPECT(icc_verify(&icc, (const uint8_t *)"1234", 4, ICC_LOCAL, 2), SC_OK);
    icc_fini(&icc);

    /* Another program left the card where the MF was taken to be, also before a lock. */
    attach(&icc, &desk, 0);
    other(&desk, SELECT_102);
    check_no_local_code(&icc, &desk, __LINE__);
    icc_set_exclusive(&icc, 1);
    check_no_local_code(&icc, &desk, __LINE__);
    icc_fini(&icc);

    /* By handle: without a lock, and where the application moved the card before it. */
    attach(&icc, &desk, 1);
    icc_was_moved(&icc);
    other(&desk, SELECT_102);
    check_no_local_code(&icc, &desk, __LINE__);
    icc_set_exclusive(&icc, 1);
    check_no_local_code(&icc, &desk, __LINE__);
    icc_fini(&icc);
    desk_close(&desk);
}

/* ---- handles ---- */

static uint32_t last_given = 40;

static uint32_t give_handle(void)
{
    return last_given < 42 ? ++last_given : 0;
}

/* Those who share a source do not give out the same handle twice. */
static void test_handle_source(void)
{
    struct desk desk;
    struct icc icc;
    uint32_t first, second, third = 1;

    desk_open(&desk, ISO_T1, TWINS);
    attach(&icc, &desk, 0);
    icc_set_handles(&icc, give_handle);
    first = OPEN(&icc, "0001");
    icc_fini(&icc);
    attach(&icc, &desk, 0);
    icc_set_handles(&icc, give_handle);
    second = OPEN(&icc, "0001");
    ok(first == 41 && second == 42, "handles %u, %u\n", (unsigned)first, (unsigned)second);
    EXPECT_READ(&icc, first, 1, SC_INVALID_ARGUMENT, "");
    EXPECT(write_text(&icc, first, "A"), SC_INVALID_ARGUMENT);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &third), SC_OUT_OF_MEMORY);
    ok(!third, "a handle beside a failure\n");
    icc_fini(&icc);
    desk_close(&desk);
}

/* A card that follows a path from the MF as far as it goes. */
static int32_t transmit_and_move(void *context, const uint8_t *command, size_t command_len,
                                 uint8_t *reply, size_t *reply_len)
{
    struct desk *desk = context;
    int32_t result = transmit(context, command, command_len, reply, reply_len);

    if (command[1] == 0xA4 && command[2] == 8 && reply[0] == 0x6A)
        card_select(desk->card, desk->card->profile->mf, NULL);
    return result;
}

/* A path that was not found may have moved the card. */
static void test_path_moves(void)
{
    struct desk desk;
    struct icc icc;
    uint32_t handle, shortly;

    desk_open(&desk, ISO_T1, TWINS EF_SFI("0002", "2", "BB"));
    attach(&icc, &desk, 0);
    icc.link.transmit = transmit_and_move;
    icc_set_exclusive(&icc, 1);
    shortly = OPEN_SHORT(&icc, "5000/02");
    handle = OPEN(&icc, "5000/0001");
    EXPECT(try_open(&icc, "0099"), SC_FILE_NOT_FOUND);
    EXPECT_READ(&icc, shortly, 1, SC_OK, "12");
    EXPECT(try_open(&icc, "0099"), SC_FILE_NOT_FOUND);
    EXPECT(write_text(&icc, handle, "A"), SC_OK);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("5000")), SC_OK);
    EXPECT(try_open(&icc, "3F00/0099"), SC_FILE_NOT_FOUND);
    EXPECT(write_text(&icc, shortly, "B"), SC_OK);
    CONTENT(&desk, "5000/0001", "41");
    CONTENT(&desk, "5000/0002", "1242");
    CONTENT(&desk, "0002", "BB");
    icc_fini(&icc);
    desk_close(&desk);
}

/* ---- the current EF ---- */

#define SHORTS \
    EF_SFI("2F05", "5", "05") EF("2F06", "06") \
    "ef 2F07 transparent 16\nsfi 7\naccess read never\ndata 07\nend\n" \
    "ef 2F08 linear-fixed 4 2\nsfi 8\nend\n"

/* A command that names a short id makes that file current whether it works or not. */
static void test_short_id_makes_current(void)
{
    struct desk desk;
    struct icc icc;
    uint32_t shortly, plain, keys, records;

    desk_open(&desk, ISO_T1, SHORTS);
    attach(&icc, &desk, 0);
    icc_set_exclusive(&icc, 1);
    shortly = OPEN_SHORT(&icc, "05");
    plain = OPEN(&icc, "2F06");
    EXPECT(icc_seek(&icc, shortly, 99, ICC_SEEK_BEGIN), SC_OK);
    EXPECT_READ(&icc, shortly, 1, SC_EOF, "");
    EXPECT(write_text(&icc, plain, "A"), SC_OK);
    CONTENT(&desk, "2F05", "05");
    CONTENT(&desk, "2F06", "41");

    keys = OPEN_SHORT(&icc, "07");
    EXPECT(write_text(&icc, plain, "B"), SC_OK);
    EXPECT_READ(&icc, keys, 1, SC_SECURITY_VIOLATION, "");
    EXPECT(write_text(&icc, plain, "C"), SC_OK);
    EXPECT(write_text(&icc, keys, "K"), SC_OK);
    EXPECT(write_text(&icc, plain, "D"), SC_OK);
    CONTENT(&desk, "2F06", "41424344");
    CONTENT(&desk, "2F07", "4B");

    EXPECT(icc_seek(&icc, shortly, 0, ICC_SEEK_BEGIN), SC_OK);
    EXPECT(icc_write(&icc, shortly, 1, NULL, 0, ICC_ERASE), SC_OK);
    CONTENT(&desk, "2F05", "00");
    EXPECT(write_text(&icc, plain, "E"), SC_OK);
    records = OPEN_SHORT(&icc, "08");
    EXPECT(icc_seek(&icc, records, 9, ICC_SEEK_BEGIN), SC_OK);
    EXPECT_READ(&icc, records, 4, SC_EOF, "");
    EXPECT(write_text(&icc, plain, "F"), SC_OK);
    CONTENT(&desk, "2F06", "414243444546");
    CONTENT(&desk, "2F05", "0000");
    icc_fini(&icc);
    desk_close(&desk);
}

#define LONG_SHORT "ef 0001 transparent 700\nsfi 1\nfill pattern\nend\n" EF("0002", "02")

static void check_pattern(struct icc *icc, uint32_t handle, unsigned from, int32_t count, int line)
{
    int32_t bytes = count, i;
    uint8_t *data = NULL;
    int32_t result = icc_read(icc, handle, &bytes, &data, 0);
    int right = result == SC_OK && bytes == count;

    for (i = 0; right && i < count; i++)
        right = data[i] == (uint8_t)((from + (unsigned)i) * 7 + (from + (unsigned)i) / 256);
    ok(right, "line %d: %08x, %d bytes from %u\n", line, (unsigned)result, (int)bytes, from);
    icc_free(data);
}

#define LONG_SHORT_9 "ef 0009 transparent 700\nsfi 9\nfill pattern\nend\n"

/* Offsets that do not go beside a short id. Without MF the directory has no name. */
static void test_short_id_far(void)
{
    static const char *const heads[] = {ISO_T1, ISO_T1 "refuse A4 00 * 6A86\n"};
    uint8_t data[500];
    struct desk desk;
    struct icc icc;
    uint32_t handle;
    size_t i;

    memset(data, 0x55, sizeof(data));
    for (i = 0; i < COUNT_OF(heads); i++)
    {
        desk_open(&desk, heads[i], LONG_SHORT);
        attach(&icc, &desk, 0);
        icc_set_exclusive(&icc, 1);
        if (i)
            EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("3F00")), SC_DIR_NOT_FOUND);
        handle = OPEN_SHORT(&icc, "01");
        check_pattern(&icc, handle, 0, 600, __LINE__);
        OPEN(&icc, "0002");
        check_pattern(&icc, handle, 600, 100, __LINE__);
        EXPECT(icc_seek(&icc, handle, 100, ICC_SEEK_BEGIN), SC_OK);
        EXPECT(icc_write(&icc, handle, 500, data, 500, 0), SC_OK);
        OPEN(&icc, "0002");
        EXPECT(icc_write(&icc, handle, 1, data, 1, 0), SC_OK);
        EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_BEGIN), SC_OK);
        check_pattern(&icc, handle, 0, 100, __LINE__);
        ok(!memcmp(at(&desk, "0001")->content.data + 100, data, 500) &&
               at(&desk, "0001")->content.data[600] == 0x55,
           "written elsewhere\n");
        EXPECT(icc_seek(&icc, handle, 601, ICC_SEEK_BEGIN), SC_OK);
        check_pattern(&icc, handle, 601, 99, __LINE__);
        CONTENT(&desk, "0002", "02");
        icc_fini(&icc);
        desk_close(&desk);
    }
}

/* READ BINARY with the identifier in P1 P2, where the card wants that: a small one would be a short
 * identifier, of another file. */
static void test_odd_by_fid(void)
{
    static const char files[] = "ef 0001 transparent 33000\nsfi 9\nfill 11\nend\n"
                                "ef 0009 transparent 33000\nsfi 1\nfill 22\nend\n"
                                "ef 7001 transparent 33000\nfill 33\nend\n";
    struct desk desk;
    struct icc icc;
    uint32_t handle;

    desk_open(&desk, ISO_T1 "refuse B1 00 00 6A86\n", files);
    attach(&icc, &desk, 0);
    icc_set_exclusive(&icc, 1);
    handle = OPEN(&icc, "7001");
    EXPECT(icc_seek(&icc, handle, 32768, ICC_SEEK_BEGIN), SC_OK);
    EXPECT_READ(&icc, handle, 4, SC_OK, "33333333");
    handle = OPEN(&icc, "0001");
    EXPECT(icc_seek(&icc, handle, 32768, ICC_SEEK_BEGIN), SC_OK);
    EXPECT_READ(&icc, handle, 4, SC_INVALID_PARAMETER, "");
    icc_fini(&icc);
    desk_close(&desk);
}

/* Files that count in units of 4 bytes (one of zeros), of 2 (longer than an answer), and of 1. */
#define UNITS \
    "ef 0001 transparent 32\ndata-coding 03\nsfi 1\n" \
    "data 00010203 04050607 08090A0B 0C0D0E0F 10111213 14151617 18191A1B 1C1D1E1F\nend\n" \
    "ef 0002 transparent 32\ndata-coding 03\nsfi 2\nend\n" \
    "ef 0009 transparent 700\ndata-coding 02\nsfi 9\nfill pattern\nend\n" \
    "ef 000A transparent 700\nsfi 10\nend\n"

static uint32_t open_unit(struct icc *icc, unsigned fid, int by_sfi)
{
    char text[8];

    snprintf(text, sizeof(text), by_sfi ? "%02X" : "%04X", fid);
    return by_sfi ? OPEN_SHORT(icc, text) : OPEN(icc, text);
}

/* Where the card has not told in what units a file counts, the right bytes are read and written. */
static void test_units_untold(void)
{
    static const char *const heads[] = {ISO_T1, ISO_T1 SILENT};
    uint8_t data[300];
    struct desk desk;
    struct icc icc;
    uint32_t handle;
    int silent;

    memset(data, 0x55, sizeof(data));
    for (silent = 0; silent < 2; silent++)
    {
        desk_open(&desk, heads[silent], UNITS);
        attach(&icc, &desk, 0);
        icc_set_exclusive(&icc, 1);
        handle = open_unit(&icc, 1, !silent);
        EXPECT(icc_seek(&icc, handle, 8, ICC_SEEK_BEGIN), SC_OK);
        EXPECT_READ(&icc, handle, 4, SC_OK, "08090A0B");
        desk.commands = 0;
        EXPECT(write_text(&icc, handle, "abcd"), SC_OK);
        ok(desk.commands == 1, "%u commands: it is found out once\n", desk.commands);
        CONTENT(&desk, "0001", "000102030405060708090A0B616263641011");
        EXPECT(icc_seek(&icc, handle, 6, ICC_SEEK_BEGIN), SC_OK);
        EXPECT_READ(&icc, handle, 4, SC_BAD_SEEK, "");
        EXPECT(write_text(&icc, handle, "X"), SC_BAD_SEEK);
        EXPECT(icc_seek(&icc, handle, 4, ICC_SEEK_BEGIN), SC_OK);
        EXPECT(icc_write(&icc, handle, 8, NULL, 0, ICC_ERASE), SC_OK);
        CONTENT(&desk, "0001", "000102030000000000000000616263641011");

        handle = open_unit(&icc, 2, !silent);
        EXPECT(icc_seek(&icc, handle, 4, ICC_SEEK_BEGIN), SC_OK);
        EXPECT(write_text(&icc, handle, "efgh"), SC_OK);
        CONTENT(&desk, "0002", "000000006566676800000000");

        handle = open_unit(&icc, 9, !silent);
        check_pattern(&icc, handle, 0, 700, __LINE__);
        EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_BEGIN), SC_OK);
        EXPECT(icc_write(&icc, handle, 300, data, 300, 0), SC_OK);
        ok(!memcmp(at(&desk, "0009")->content.data, data, 300), "written elsewhere\n");
        check_pattern(&icc, handle, 300, 400, __LINE__);

        handle = open_unit(&icc, 10, !silent);
        EXPECT(icc_seek(&icc, handle, 3, ICC_SEEK_BEGIN), SC_OK);
        EXPECT(icc_write(&icc, handle, 300, data, 300, 0), SC_OK);
        ok(!memcmp(at(&desk, "000A")->content.data + 3, data, 300) &&
               !at(&desk, "000A")->content.data[2] && !at(&desk, "000A")->content.data[303],
           "written elsewhere\n");
        icc_fini(&icc);
        desk_close(&desk);
    }
}

/* Every candidate shows the same for a while: equal bytes, and a period that divides the unit. */
#define UNITS_ALIKE \
    "ef 0001 transparent 700\ndata-coding 03\nsfi 1\nend\n" \
    "ef 0002 transparent 700\nsfi 2\nend\n" \
    "ef 0003 transparent 1024\ndata-coding 08\nsfi 3\nend\n" \
    "ef 0004 transparent 8000\ndata-coding 05\nsfi 4\nend\n" \
    "ef 0005 transparent 1024\ndata-coding 09\nsfi 5\nend\n" \
    "ef 0006 transparent 36000\nsfi 6\nend\n" \
    "ef 0007 transparent 700\ndata-coding 04\nsfi 7\nend\n" \
    "ef 0008 transparent 700\ndata-coding 09\nsfi 8\nend\n"

/* Where what the file begins with agrees with several units, more of it shows which it is, and what
 * none of it shows is refused: nothing is read short or written elsewhere. */
static void test_units_alike(void)
{
    static const char *const heads[] = {ISO_T1, ISO_T1 SILENT, ISO_T1 SILENT "read-end 6282\n",
                                        ISO_T1 SILENT "read-short 6C00\nread-end 6C00\n",
                                        ISO_T1 "fci-hide 82\nread-end 6700\n",
                                        ISO_T1 "fci-hide 82\nread-end 6C00\n"};
    static const struct
    {
        unsigned fid, size, unit; /* 0: nobody can tell */
        unsigned period;          /* of the first 300 bytes; 0: all are equal, to the end */
    } files[] = {{1, 700, 4, 0},  {2, 700, 1, 0},   {3, 1024, 0, 0}, {4, 8000, 16, 0},
                 {5, 1024, 0, 0}, {6, 36000, 1, 0}, {7, 700, 8, 2},  {7, 700, 8, 7},
                 {2, 700, 1, 5},  {8, 700, 0, 5}};
    uint8_t data[300];
    struct desk desk;
    struct icc icc;
    uint32_t handle;
    size_t i, head;
    unsigned n;

    memset(data, 0x55, sizeof(data));
    for (head = 0; head < COUNT_OF(heads); head++)
    {
        for (i = 0; i < COUNT_OF(files); i++)
        {
            const unsigned from = 320;
            struct bytes *content;
            char name[8];
            int32_t bytes = (int32_t)files[i].size;
            uint8_t *read;
            int32_t result;

            desk_open(&desk, heads[head], UNITS_ALIKE);
            snprintf(name, sizeof(name), "%04X", files[i].fid);
            content = &at(&desk, name)->content;
            for (n = 0; files[i].period && n < content->len; n++)
                content->data[n] = (uint8_t)(n < 300 ? n % files[i].period : n * 7);
            attach(&icc, &desk, 0);
            icc_set_exclusive(&icc, 1);
            handle = open_unit(&icc, files[i].fid, !head);
            result = icc_read(&icc, handle, &bytes, &read, 0);
            if (files[i].unit)
                ok(result == SC_OK && bytes == (int32_t)files[i].size &&
                       !memcmp(read, content->data, files[i].size),
                   "%u/%u: %08x, %d bytes\n", (unsigned)head, (unsigned)i, (unsigned)result,
                   (int)bytes);
            else
                ok(result == SC_UNSUPPORTED_FEATURE && !bytes, "%u/%u: %08x, %d bytes\n",
                   (unsigned)head, (unsigned)i, (unsigned)result, (int)bytes);
            icc_free(read);
            EXPECT(icc_seek(&icc, handle, (int32_t)from, ICC_SEEK_BEGIN), SC_OK);
            result = icc_write(&icc, handle, 300, data, 300, 0);
            ok(result == (files[i].unit ? SC_OK : SC_UNSUPPORTED_FEATURE), "%u/%u: %08x\n",
               (unsigned)head, (unsigned)i, (unsigned)result);
            for (n = 0; n < content->len; n++)
            {
                int inside = files[i].unit && n >= from && n < from + 300;

                if ((content->data[n] == 0x55) != inside && !files[i].period)
                    break;
            }
            ok(n == content->len, "%u/%u: byte %u is %02X\n", (unsigned)head, (unsigned)i, n,
               content->data[n < content->len ? n : 0]);
            EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_BEGIN), SC_OK);
            EXPECT(icc_write(&icc, handle, 200, data, 200, 0), SC_OK);
            ok(!memcmp(content->data, data, 200), "%u/%u: not at the beginning\n", (unsigned)head,
               (unsigned)i);
            icc_fini(&icc);
            desk_close(&desk);
        }
    }
}

#define SECRET_UNITS "ef 0001 transparent 700\ndata-coding 03\nsfi 1\naccess read never\nend\n"

/* The data coding byte is 03: four bytes. */
#define ISO_UNITS "atr 3B 85 01 80 73 C0 03 00 B4\n"

/* What cannot be read shows no unit: an offset is used only where the card's ATR tells it. */
static void test_units_secret(void)
{
    static const struct
    {
        const char *head;
        int by_sfi, told;
    } ways[] = {{ISO_T1, 1, 0},
                {"atr 3B 80 01 81\n" SILENT, 0, 0},
                {ISO_UNITS, 1, 0},
                {ISO_UNITS SILENT, 0, 1}};
    uint8_t data[300];
    struct desk desk;
    struct icc icc;
    uint32_t handle;
    size_t i;

    memset(data, 0x55, sizeof(data));
    for (i = 0; i < COUNT_OF(ways); i++)
    {
        const int32_t expected = ways[i].told ? SC_OK : SC_UNSUPPORTED_FEATURE;
        struct bytes *content;

        desk_open(&desk, ways[i].head, SECRET_UNITS);
        content = &at(&desk, "0001")->content;
        attach(&icc, &desk, 0);
        icc_set_exclusive(&icc, 1);
        handle = open_unit(&icc, 1, ways[i].by_sfi);
        EXPECT(icc_write(&icc, handle, 200, data, 200, 0), SC_OK);
        EXPECT(write_text(&icc, handle, "abcd"), expected);
        if (ways[i].told)
            ok(!memcmp(content->data + 200, "abcd", 4), "%u: elsewhere\n", (unsigned)i);
        ok(!content->data[204], "%u: elsewhere\n", (unsigned)i);
        EXPECT_READ(&icc, handle, 4, SC_SECURITY_VIOLATION, "");
        EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_BEGIN), SC_OK);
        EXPECT(icc_write(&icc, handle, 300, data, 300, 0), expected);
        ok(content->data[299] == (ways[i].told ? 0x55 : 0), "%u: elsewhere\n", (unsigned)i);
        EXPECT(icc_seek(&icc, handle, 8, ICC_SEEK_BEGIN), SC_OK);
        EXPECT(icc_write(&icc, handle, 0, NULL, 0, ICC_ERASE), expected);
        ok(content->data[7] == 0x55 && content->data[8] == (ways[i].told ? 0 : 0x55),
           "%u: erased elsewhere\n", (unsigned)i);
        EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_BEGIN), SC_OK);
        EXPECT(icc_write(&icc, handle, 8, NULL, 0, ICC_ERASE), expected);
        EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_BEGIN), SC_OK);
        EXPECT(icc_write(&icc, handle, 0, NULL, 0, ICC_ERASE), SC_OK);
        ok(!content->data[0], "%u: not erased\n", (unsigned)i);
        icc_fini(&icc);
        desk_close(&desk);
    }
}

/* A card that tells the unit once, in its ATR, need not repeat it for each file; what it says there
 * is not believed against what can be read. */
static void test_units_of_card(void)
{
    static const char files[] =
        "ef 0001 transparent 700\ndata-coding 03\nfci 6F 07 83 02 00 01 82 01 01\nend\n"
        "ef 0002 transparent 700\nfci 6F 07 83 02 00 02 82 01 01\nfill pattern\nend\n"
        "ef 0003 transparent 700\ndata-coding 01\nfill pattern\nend\n";
    struct desk desk;
    struct icc icc;
    uint32_t handle;

    desk_open(&desk, ISO_UNITS, files);
    attach(&icc, &desk, 0);
    icc_set_exclusive(&icc, 1);
    handle = OPEN(&icc, "0001");
    EXPECT(icc_seek(&icc, handle, 4, ICC_SEEK_BEGIN), SC_OK);
    EXPECT(write_text(&icc, handle, "abcd"), SC_OK);
    CONTENT(&desk, "0001", "000000006162636400000000");
    handle = OPEN(&icc, "0002");
    check_pattern(&icc, handle, 0, 700, __LINE__);
    handle = OPEN(&icc, "0003");
    desk.commands = 0;
    check_pattern(&icc, handle, 0, 700, __LINE__);
    ok(desk.commands == 3, "%u commands for a file of which the card tells\n", desk.commands);
    icc_fini(&icc);
    desk_close(&desk);
}

/* What a profile says holds for what the card does not tell, and only for that. */
static void test_units_of_profile(void)
{
    struct icc_profile profile = icc_profile_iso;
    uint8_t data[300];
    struct desk desk;
    struct icc icc;
    uint32_t handle;

    memset(data, 0x55, sizeof(data));
    profile.data_unit = 4;
    desk_open(&desk, ISO_T1,
              SECRET_UNITS "ef 0002 transparent 700\ndata-coding 01\nfill pattern\nend\n");
    attach(&icc, &desk, 0);
    icc_set_profile(&icc, &profile);
    icc_set_exclusive(&icc, 1);
    handle = OPEN_SHORT(&icc, "01");
    EXPECT(icc_seek(&icc, handle, 4, ICC_SEEK_BEGIN), SC_OK);
    desk.commands = 0;
    EXPECT(icc_write(&icc, handle, 300, data, 300, 0), SC_OK);
    ok(desk.commands == 2, "%u commands\n", desk.commands);
    CONTENT(&desk, "0001", "0000000055555555");
    ok(at(&desk, "0001")->content.data[303] == 0x55 && !at(&desk, "0001")->content.data[304],
       "written elsewhere\n");
    handle = OPEN(&icc, "0002");
    check_pattern(&icc, handle, 0, 700, __LINE__);
    icc_fini(&icc);
    desk_close(&desk);
}

/* Who creates a file says in what units it counts, and need not be told again. */
static void test_units_of_new_file(void)
{
    static const uint8_t objects[] = {0x62, 0x0C, 0x83, 2,    0x00, 0x07, 0x82, 2,
                                      0x01, 0x03, 0x80, 2,    0x02, 0xBC};
    static const struct icc_tlv list = {sizeof(objects), objects};
    uint8_t data[600];
    struct desk desk;
    struct icc icc;
    unsigned i;

    for (i = 0; i < sizeof(data); i++)
        data[i] = (uint8_t)(i * 3 + 1);
    desk_open(&desk, ISO_T1 SILENT "refuse B0 * * 6982\n", "");
    attach(&icc, &desk, 0);
    icc_set_exclusive(&icc, 1);
    EXPECT(icc_create(&icc, PATH_BY_ID, TEXT("0007"), &list, 1, 0, data, sizeof(data)), SC_OK);
    THERE(&desk, "0007");
    ok(at(&desk, "0007") && !memcmp(at(&desk, "0007")->content.data, data, sizeof(data)),
       "written elsewhere\n");
    icc_fini(&icc);
    desk_close(&desk);
}

/* ---- directories without a name ---- */

#define NAMELESS \
    "ef 0001 transparent 16\ndata 0A\nend\n" \
    "df 5000\n ef 0001 transparent 16\n data 0B\n end\n df 5001\n end\nend\n" \
    "df 5100\n ef 0001 transparent 16\n data 0C\n end\nend\n"

#define NO_PARENT "refuse A4 03 * 6A86\n"

/* On the application's connection the card says whether it is in its MF: then all is known. */
static void test_by_handle(void)
{
    struct desk desk;
    struct icc icc;
    uint32_t handle, shortly;

    desk_open(&desk, ISO_T1, NAMELESS LONG_SHORT_9);
    attach(&icc, &desk, 1);
    handle = OPEN(&icc, "0001");
    shortly = OPEN_SHORT(&icc, "09");
    other(&desk, "00A4010C025000");
    EXPECT_READ(&icc, handle, 1, SC_OK, "0A");
    other(&desk, "00A4010C025000");
    EXPECT(write_text(&icc, handle, "A"), SC_OK);
    CONTENT(&desk, "0001", "0A41");
    check_pattern(&icc, shortly, 0, 400, __LINE__);
    icc_fini(&icc);
    /* The application has chosen a directory, but which one? */
    attach(&icc, &desk, 1);
    other(&desk, "00A4010C025000");
    EXPECT(try_open(&icc, "0001"), SC_DIR_NOT_FOUND);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("3F00/5000")), SC_OK);
    handle = OPEN(&icc, "0001");
    EXPECT_READ(&icc, handle, 1, SC_OK, "0B");
    icc_fini(&icc);
    desk_close(&desk);
}

/* What a short identifier means in one directory without a name says nothing of the next. */
static void test_short_id_elsewhere(void)
{
    static const char files[] =
        "df 5000\nef 0001 transparent 16\nsfi 5\nend\nend\n"
        "df 5100\nef 0001 transparent 16\nsfi 6\nend\nef 0002 transparent 16\nsfi 5\nend\nend\n";
    struct icc_tlv *found = NULL;
    int32_t count = 0;
    struct desk desk;
    struct icc icc;

    desk_open(&desk, ISO_T1 NO_PARENT, files);
    attach(&icc, &desk, 1);
    icc_set_exclusive(&icc, 1);
    other(&desk, "00A4010C025000");
    icc_was_moved(&icc);
    OPEN(&icc, "0001");
    EXPECT(icc_properties(&icc, PATH_BY_SHORT_ID, TEXT("05"), NULL, 0, 0, &found, &count), SC_OK);
    icc_free(found);
    other(&desk, "00A4000C023F00");
    other(&desk, "00A4010C025100");
    icc_was_moved(&icc);
    EXPECT(icc_properties(&icc, PATH_BY_SHORT_ID, TEXT("05"), NULL, 0, 0, &found, &count),
           SC_UNSUPPORTED_FEATURE);
    icc_free(found);
    icc_fini(&icc);
    desk_close(&desk);
}

/* Directories whose files look the same. */
#define ALIKE_EF(hex) EF_SFI("0001", "5", hex)
#define ALIKE \
    ALIKE_EF("AA") \
    "df 5000\n" ALIKE_EF("11") "df 5200\n" ALIKE_EF("44") "end\nend\n" \
    "df 5100\n" ALIKE_EF("22") "df 5200\n" ALIKE_EF("33") "end\nend\n"

/* A handle stays the file that it was opened as, or is none. */
static void test_handle_stays(void)
{
    struct desk desk;
    struct icc icc;
    uint32_t handle;

    desk_open(&desk, ISO_T1 NO_PARENT, NAMELESS);
    attach(&icc, &desk, 1);
    other(&desk, "00A4010C025000");
    EXPECT(try_open(&icc, "0001"), SC_FILE_NOT_FOUND);
    icc_set_exclusive(&icc, 1);
    handle = OPEN(&icc, "0001");
    EXPECT_READ(&icc, handle, 1, SC_OK, "0B");
    EXPECT(write_text(&icc, handle, "B"), SC_OK);
    CONTENT(&desk, "5000/0001", "0B42");
    handle = OPEN(&icc, "0001");
    icc_set_exclusive(&icc, 0);
    icc_set_exclusive(&icc, 1);
    EXPECT_READ(&icc, handle, 1, SC_INVALID_HANDLE, "");
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("3F00/5100")), SC_OK);
    EXPECT_READ(&icc, handle, 1, SC_INVALID_HANDLE, "");
    EXPECT(write_text(&icc, handle, "A"), SC_INVALID_HANDLE);
    EXPECT(icc_close(&icc, handle), SC_OK);
    handle = OPEN(&icc, "0001");
    EXPECT(write_text(&icc, handle, "A"), SC_OK);
    CONTENT(&desk, "5100/0001", "41");
    CONTENT(&desk, "5000/0001", "0B42");
    CONTENT(&desk, "0001", "0A");
    icc_fini(&icc);
    desk_close(&desk);
}

/* While the card is the application's alone it may still move it itself, to a directory that
 * looks the same. Where it has left the card relative paths begin anew; what was chosen before is
 * lost. */
static void test_application_moves(void)
{
    struct desk desk;
    struct icc icc;
    uint32_t handle, shortly;

    desk_open(&desk, ISO_T1, ALIKE);
    attach(&icc, &desk, 1);
    icc_set_exclusive(&icc, 1);
    other(&desk, "00A4010C025000");
    icc_was_moved(&icc);
    handle = OPEN(&icc, "0001");
    shortly = OPEN_SHORT(&icc, "05");
    EXPECT_READ(&icc, handle, 1, SC_OK, "11");
    EXPECT_READ(&icc, shortly, 1, SC_OK, "11");
    other(&desk, "00A40000023F00");
    other(&desk, "00A4010C025100");
    icc_was_moved(&icc);
    EXPECT_READ(&icc, handle, 1, SC_INVALID_HANDLE, "");
    EXPECT_READ(&icc, shortly, 1, SC_INVALID_HANDLE, "");
    EXPECT(write_text(&icc, handle, "A"), SC_INVALID_HANDLE);
    handle = OPEN(&icc, "0001");
    EXPECT_READ(&icc, handle, 1, SC_OK, "22");
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("5200")), SC_OK);
    EXPECT_READ(&icc, OPEN(&icc, "0001"), 1, SC_OK, "33");
    other(&desk, "00A40000023F00");
    other(&desk, "00A4010C025000");
    other(&desk, "00A4010C025200");
    icc_was_moved(&icc);
    EXPECT(try_open(&icc, "0001"), SC_FILE_NOT_FOUND);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT(".")), SC_DIR_NOT_FOUND);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("3F00/5100")), SC_OK);
    EXPECT_READ(&icc, OPEN(&icc, "0001"), 1, SC_OK, "22");
    icc_fini(&icc);
    desk_close(&desk);
}

/* Nothing is changed in a directory of which nobody knows which it is. */
static void test_nameless_is_not_changed(void)
{
    static const uint8_t descriptor[] = {0x82, 1, 1}, size[] = {0x80, 1, 8}, life[] = {0x8A, 1, 4};
    static const struct icc_tlv objects[] = {{3, descriptor}, {3, size}}, object = {3, life};
    struct desk desk;
    struct icc icc;
    uint32_t handle;

    desk_open(&desk, ISO_T1 NO_PARENT, NAMELESS);
    attach(&icc, &desk, 1);
    EXPECT(icc_delete(&icc, PATH_BY_ID, TEXT("0001"), 0), SC_DIR_NOT_FOUND);
    EXPECT(icc_delete(&icc, PATH_BY_ID, TEXT("5000"), ICC_RECURSIVE), SC_DIR_NOT_FOUND);
    EXPECT(icc_create(&icc, PATH_BY_ID, TEXT("0009"), objects, 2, 0, NULL, 0), SC_DIR_NOT_FOUND);
    EXPECT(icc_invalidate(&icc, TEXT("0001"), 0), SC_DIR_NOT_FOUND);
    EXPECT(icc_rehabilitate(&icc, TEXT("0001"), 0), SC_DIR_NOT_FOUND);
    EXPECT(icc_set_properties(&icc, PATH_BY_ID, TEXT("0001"), &object, 1, 0), SC_DIR_NOT_FOUND);
    EXPECT(icc_open(&icc, PATH_BY_SHORT_ID, TEXT("01"), &handle), SC_DIR_NOT_FOUND);
    EXPECT(icc_change_dir(&icc, PATH_BY_NAME, TEXT("MF")), SC_OK);
    EXPECT(icc_delete(&icc, PATH_BY_ID, TEXT("0001"), 0), SC_OK);
    GONE(&desk, "0001");
    THERE(&desk, "5000/0001");
    icc_fini(&icc);
    desk_close(&desk);
}

/* On a card without MF the first directory has no name; once left it is not found again. */
static void test_no_mf(void)
{
    struct desk desk;
    struct icc icc;
    uint32_t handle, second;

    desk_open(&desk, ISO_T1 "refuse A4 00 * 6A86\n", TWINS);
    attach(&icc, &desk, 0);
    icc_set_exclusive(&icc, 1);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("3F00")), SC_DIR_NOT_FOUND);
    handle = OPEN(&icc, "0001");
    EXPECT_READ(&icc, handle, 1, SC_OK, "AA");
    EXPECT(write_text(&icc, handle, "A"), SC_OK);
    CONTENT(&desk, "0001", "AA41");
    second = OPEN_NAME(&icc, "#A00000000102/0001");
    EXPECT_READ(&icc, second, 1, SC_OK, "11");
    EXPECT_READ(&icc, handle, 1, SC_INVALID_HANDLE, "");
    EXPECT(write_text(&icc, handle, "B"), SC_INVALID_HANDLE);
    EXPECT(try_open(&icc, "0001"), SC_FILE_NOT_FOUND);
    CONTENT(&desk, "5000/0001", "11");
    icc_fini(&icc);
    desk_close(&desk);
}

/* ---- cards that tell nothing, and SELECT that looks everywhere ---- */

#define TREE \
    EF("0003", "03") \
    "df 5000\n" EF("0001", "50") "end\n" \
    "df 5100\n df 5000\n" EF("0001", "5A") "end\nend\n"

/* A directory is not taken for a file, nor a file for a directory. */
static void test_silent(void)
{
    struct desk desk;
    struct icc icc;
    uint32_t handle;

    desk_open(&desk, ISO_T1 SILENT, TREE);
    attach(&icc, &desk, 0);
    icc_set_exclusive(&icc, 1);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("5100"), &handle), SC_OK);
    EXPECT_READ(&icc, handle, 1, SC_NO_FILE, "");
    EXPECT(icc_delete(&icc, PATH_BY_ID, TEXT("3F00/0003/5000"), 0), SC_FILE_NOT_FOUND);
    THERE(&desk, "5000/0001");
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("0003")), SC_NO_DIR);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("5100"), &handle), SC_OK);
    EXPECT(icc_delete(&icc, PATH_BY_ID, TEXT("5000"), 0), SC_OK);
    GONE(&desk, "5000");
    THERE(&desk, "5100/5000/0001");
    icc_fini(&icc);
    desk_close(&desk);
}

/* SELECT and DELETE FILE by FID also find the directory itself, and the one above it. */
static void test_itself(void)
{
    static const char *const heads[] =
    {
        ISO_T1, ISO_T1 NO_PATHS, ISO_T1 FID_ONLY, ISO_T1 SILENT, ISO_T1 SILENT FID_ONLY
    };
    struct desk desk;
    struct icc icc;
    int by_fid;
    size_t i;

    for (i = 0; i < COUNT_OF(heads); i++)
    {
        desk_open(&desk, heads[i], TREE);
        attach(&icc, &desk, 0);
        ok(try_open(&icc, "3F00/5000/5000") != SC_OK, "card %u: 5000 in itself\n", (unsigned)i);
        ok(try_open(&icc, "3F00/5100/5000/5100") != SC_OK, "card %u: 5100 below\n", (unsigned)i);
        EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("3F00/5000/5000")), SC_DIR_NOT_FOUND);
        ok(icc_delete(&icc, PATH_BY_ID, TEXT("3F00/5000/5000"), 0) != SC_OK &&
               icc_delete(&icc, PATH_BY_ID, TEXT("3F00/5100/5000/5100"), 0) != SC_OK &&
               icc_invalidate(&icc, TEXT("3F00/5000/5000"), 0) != SC_OK,
           "card %u: S_OK\n", (unsigned)i);
        THERE(&desk, "5000/0001");
        THERE(&desk, "5100/5000/0001");
        ok(lcs_of(&desk, "5000") == LCS_ACTIVATED, "card %u: deactivated\n", (unsigned)i);
        /* By FID alone it is not sure that this is not the one beside 5100. */
        by_fid = strstr(heads[i], FID_ONLY) != NULL;
        EXPECT(try_open(&icc, "3F00/5100/5000/0001"), by_fid ? SC_DIR_NOT_FOUND : SC_OK);
        EXPECT(icc_delete(&icc, PATH_BY_ID, TEXT("3F00/5100/5000"), 0),
               by_fid ? SC_FILE_NOT_FOUND : SC_OK);
        ok((at(&desk, "5100/5000") != NULL) == by_fid, "card %u: deleted or not\n", (unsigned)i);
        THERE(&desk, "5000/0001");
        icc_fini(&icc);
        desk_close(&desk);
    }
}

/* Cryptoflex and GSM cards also find the directories beside. */
static void test_beside(void)
{
    struct desk desk;
    struct icc icc;
    uint32_t handle;

    desk_open(&desk, FLEX,
              "df 5000\n df 5200\n" EF("0001", "52") "end\nend\n"
                                                     "df 5100\n" EF("0001", "51") "end\n");
    attach(&icc, &desk, 0);
    EXPECT(try_open(&icc, "3F00/5000/5100/0001"), SC_DIR_NOT_FOUND);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("3F00/5000/5100")), SC_DIR_NOT_FOUND);
    ok(icc_delete(&icc, PATH_BY_ID, TEXT("3F00/5000/5100"), 0) != SC_OK &&
           icc_delete(&icc, PATH_BY_ID, TEXT("3F00/5000/5100/0001"), 0) != SC_OK,
       "S_OK\n");
    THERE(&desk, "5100/0001");
    handle = OPEN(&icc, "3F00/5000/5200/0001");
    EXPECT_READ(&icc, handle, 1, SC_OK, "52");
    desk.commands = 0;
    EXPECT_READ(&icc, handle, 1, SC_OK, "00");
    /* SELECTs, each with GET RESPONSE, and what is to be done. Proven again, for others may have
     * deleted it; but not while nobody else can. */
    ok(desk.commands == 16, "%u commands\n", desk.commands);
    icc_set_exclusive(&icc, 1);
    EXPECT_READ(&icc, handle, 1, SC_OK, "00");
    desk.commands = 0;
    OPEN(&icc, "3F00/5000/5200/0001");
    ok(desk.commands == 2, "%u commands\n", desk.commands);
    icc_set_exclusive(&icc, 0);
    EXPECT(icc_delete(&icc, PATH_BY_ID, TEXT("3F00/5000"), ICC_RECURSIVE), SC_OK);
    GONE(&desk, "5000");
    THERE(&desk, "5100/0001");
    icc_fini(&icc);
    desk_close(&desk);
}

/* Another program deletes the directory in which a file is open: the one of that name beside the
 * directory above is not taken for it. */
static void test_deleted_by_other(void)
{
    struct desk desk;
    struct icc icc, second;
    uint32_t handle;

    desk_open(&desk, FLEX,
              "df 5000\n df 5200\n" EF("0001", "52") "end\nend\n"
                                                     "df 5200\n" EF("0001", "BB")
                                                         EF("0002", "CC") "end\n");
    attach(&icc, &desk, 0);
    attach(&second, &desk, 0);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("3F00/5000/5200")), SC_OK);
    handle = OPEN(&icc, "0001");
    EXPECT_READ(&icc, handle, 1, SC_OK, "52");
    EXPECT(icc_delete(&second, PATH_BY_ID, TEXT("3F00/5000/5200"), ICC_RECURSIVE), SC_OK);
    EXPECT_READ(&icc, handle, 1, SC_FILE_NOT_FOUND, "");
    EXPECT(write_text(&icc, handle, "A"), SC_FILE_NOT_FOUND);
    EXPECT(try_open(&icc, "0001"), SC_DIR_NOT_FOUND);
    CONTENT(&desk, "5200/0001", "BB00");
    icc_fini(&icc);
    icc_fini(&second);
    desk_close(&desk);
}

/* Without odd instructions a file is reached as far as a chunk from the last offset goes. */
static void test_last_offset(void)
{
    uint8_t data[256];
    struct desk desk;
    struct icc icc;
    uint32_t handle;

    memset(data, 0x55, sizeof(data));
    desk_open(&desk, FLEX, "ef 0001 transparent 33000\nfill pattern\nend\n");
    attach(&icc, &desk, 0);
    handle = OPEN(&icc, "0001");
    EXPECT(icc_seek(&icc, handle, 32500, ICC_SEEK_BEGIN), SC_OK);
    check_pattern(&icc, handle, 32500, 500, __LINE__);
    EXPECT(icc_seek(&icc, handle, 32740, ICC_SEEK_BEGIN), SC_OK);
    EXPECT(icc_write(&icc, handle, 256, data, 256, 0), SC_OK);
    ok(!memcmp(at(&desk, "0001")->content.data + 32740, data, 256), "written elsewhere\n");
    icc_fini(&icc);
    desk_close(&desk);
}

/* Looking at the files of a directory leaves the card in it. */
static void test_filter(void)
{
    struct icc_name *names = NULL;
    struct desk desk;
    struct icc icc;
    uint32_t handle;
    size_t count = 0;

    desk_open(
        &desk, FLEX,
        EF("0001", "01") "df 5000\n" EF("0001", "50") "df 5200\n" EF("0001", "52") "end\nend\n");
    attach(&icc, &desk, 0);
    icc_set_exclusive(&icc, 1);
    EXPECT(icc_directory(&icc, ICC_TYPE_DIRECTORIES, &names, &count), SC_OK);
    ok(count == 1 && !strcmp(names[0].text, "5000"), "%u directories\n", (unsigned)count);
    icc_free(names);
    handle = OPEN(&icc, "0001");
    EXPECT(write_text(&icc, handle, "A"), SC_OK);
    CONTENT(&desk, "0001", "41");
    icc_fini(&icc);

    /* By handle the directory has to be one that the application chose under the lock. */
    attach(&icc, &desk, 1);
    EXPECT(icc_directory(&icc, ICC_TYPE_DIRECTORIES, &names, &count), SC_DIR_NOT_FOUND);
    EXPECT(icc_directory(&icc, ICC_TYPE_ALL, &names, &count), SC_DIR_NOT_FOUND);
    icc_was_moved(&icc);
    EXPECT(icc_directory(&icc, ICC_TYPE_ALL, &names, &count), SC_DIR_NOT_FOUND);
    icc_set_exclusive(&icc, 1);
    EXPECT(icc_directory(&icc, ICC_TYPE_ALL, &names, &count), SC_DIR_NOT_FOUND);
    icc_was_moved(&icc);
    EXPECT(icc_directory(&icc, ICC_TYPE_ALL, &names, &count), SC_OK);
    icc_free(names);
    /* The application's directory has been left for another one, which is not listed. */
    OPEN(&icc, "3F00/5000/0001");
    EXPECT(icc_directory(&icc, ICC_TYPE_ALL, &names, &count), SC_DIR_NOT_FOUND);
    icc_fini(&icc);
    desk_close(&desk);
}

/* What Create writes goes into the file that it has made. */
static void test_create(void)
{
    static const uint8_t descriptor[] = {0x82, 1, 1}, size[] = {0x80, 1, 8};
    static const uint8_t fid[] = {0x83, 2, 0, 9};
    static const struct icc_tlv objects[] = {{3, descriptor}, {3, size}, {4, fid}};
    struct desk desk;
    struct icc icc;

    desk_open(&desk, ISO_T1 SILENT, TREE EF_SFI("0007", "7", "77"));
    attach(&icc, &desk, 0);
    EXPECT(icc_create(&icc, PATH_BY_ID, TEXT("5000/0009"), objects, 2, 0, (uint8_t *)"AB", 2),
           SC_OK);
    CONTENT(&desk, "5000/0009", "4142");
    EXPECT(icc_create(&icc, PATH_BY_ID, TEXT("0003/0009"), objects, 2, 0, (uint8_t *)"AB", 2),
           SC_DIR_NOT_FOUND);
    GONE(&desk, "0009");
    EXPECT(icc_create(&icc, PATH_BY_SHORT_ID, TEXT("07"), objects, 2, 0, (uint8_t *)"AB", 2),
           SC_FILE_EXISTS);
    CONTENT(&desk, "0007", "77");
    EXPECT(icc_create(&icc, PATH_BY_SHORT_ID, TEXT("09"), objects, 3, 0, (uint8_t *)"AB", 2),
           SC_OK);
    CONTENT(&desk, "0009", "4142");
    icc_fini(&icc);
    desk_close(&desk);
}

START_TEST(icc_cards)
{
    test_turns();
    test_reset();
    test_code_stays();
    test_lost_command();
    test_local_code();
    test_local_code_left_behind();
    test_handle_source();
    test_path_moves();
    test_short_id_makes_current();
    test_short_id_far();
    test_odd_by_fid();
    test_units_untold();
    test_units_alike();
    test_units_secret();
    test_units_of_card();
    test_units_of_profile();
    test_units_of_new_file();
    test_by_handle();
    test_short_id_elsewhere();
    test_handle_stays();
    test_application_moves();
    test_nameless_is_not_changed();
    test_no_mf();
    test_silent();
    test_itself();
    test_beside();
    test_deleted_by_other();
    test_last_offset();
    test_filter();
    test_create();
}

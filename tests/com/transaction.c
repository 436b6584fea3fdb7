/*
 * What Transaction sends for a command and makes of the answers. Linked with the DLL's sources;
 * the card is a table.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include "test.h"

#include "scardssp/transaction.h"

#include "scardssp/bytebuffer.h"
#include "scardssp/buffer.h"
#include "iso7816/codes.h"

#include "doubles.h"
#include "foreigncmd.h"
#include "modulestub.h"
#include "objects.h"
#include "transactionrows.h"

/* ---- a card that follows a script ---- */

struct card
{
    const struct turn *turns;
    int count, wrong;
};

static int32_t play(void *context, const uint8_t *command, size_t length, uint8_t *reply,
                    size_t *reply_length)
{
    struct card *card = context;
    const struct turn *turn = &card->turns[card->count++];

    if ((size_t)turn->sent.length != length || memcmp(turn->sent.bytes, command, length) ||
        *reply_length < (size_t)turn->answer.length)
        card->wrong++;
    if (turn->result || *reply_length < (size_t)turn->answer.length)
        *reply_length = 0;
    else
    {
        memcpy(reply, turn->answer.bytes, turn->answer.length);
        *reply_length = turn->answer.length;
    }
    return turn->result;
}

static HRESULT transaction_run(ISCardCmd *cmd, const struct exchange_link *link)
{
    struct transaction transaction;
    HRESULT hr = transaction_begin(&transaction, cmd);

    return FAILED(hr) ? hr : transaction_end(&transaction, transaction_send(&transaction, link));
}

/* ---- the rules ---- */

static int turns_in(const struct row *row)
{
    int count = 0;

    while (count < 5 && row->turns[count].sent.length)
        count++;
    return count;
}

static void check_bytes(IByteBuffer *buffer, const struct bytes *expected)
{
    DWORD length = 0;
    BYTE *bytes = NULL;

    ok_hr(buffer_get(buffer, &bytes, &length), S_OK);
    ok(length == (DWORD)expected->length, "%lu bytes, expected %ld\n", length, expected->length);
    if (length == (DWORD)expected->length)
        ok_bytes(bytes, expected->bytes, length);
    bytestream_free(bytes, length);
}

/* The command of the row in cmd, which may be anybody's. An old reply is there. */
static void prepare(ISCardCmd *cmd, const struct row *row)
{
    IByteBuffer *buffer;

    if (row->apdu.length)
    {
        ok_hr(bytebuffer_new((const BYTE *)row->apdu.bytes, row->apdu.length, &buffer), S_OK);
        ok_hr(ISCardCmd_put_Apdu(cmd, buffer), S_OK);
        IByteBuffer_Release(buffer);
    }
    ok_hr(bytebuffer_new((const BYTE *)"old\x90\x00", 5, &buffer), S_OK);
    ok_hr(ISCardCmd_put_ApduReply(cmd, buffer), S_OK);
    IByteBuffer_Release(buffer);
    if (row->alternate != NO_CLASS)
        ok_hr(ISCardCmd_put_AlternateClassId(cmd, row->alternate), S_OK);
}

static void run_row(ISCardCmd *cmd, const struct row *row)
{
    struct card card = {row->turns, 0, 0};
    struct exchange_link link = {play, &card, row->protocol};
    IByteBuffer *reply = NULL, *apdu = NULL;
    LONG length = -1;

    prepare(cmd, row);
    ok_hr(transaction_run(cmd, &link), row->hr);
    ok(card.count == turns_in(row) && !card.wrong, "%d commands sent, expected %d; %d wrong\n",
       card.count, turns_in(row), card.wrong);
    ok_hr(ISCardCmd_get_ApduReply(cmd, &reply), S_OK);
    check_bytes(reply, &row->reply);
    ok_hr(ISCardCmd_get_ApduReplyLength(cmd, &length), S_OK);
    ok(length == row->reply.length, "ApduReplyLength %ld\n", length);
    ok_hr(ISCardCmd_get_Apdu(cmd, &apdu), S_OK);
    check_bytes(apdu, &row->apdu); /* the command is what it was */
    if (reply)
        IByteBuffer_Release(reply);
    if (apdu)
        IByteBuffer_Release(apdu);
}

static ISCardCmd *new_cmd(void)
{
    ISCardCmd *cmd = NULL;

    ok_hr(cmd_create(&cmd), S_OK);
    return cmd;
}

static void test_rules(void)
{
    struct foreign_cmd foreign;
    ISCardCmd *cmd;
    size_t i;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        test_push("%s", rows[i].name);
        fact(rows[i].fact);
        ok_hr(cmd_create(&cmd), S_OK);
        run_row(cmd, &rows[i]);
        ok_uint(ISCardCmd_Release(cmd), 0);

        test_push("%s, foreign object", rows[i].name);
        cmd = foreign_cmd_init(&foreign, new_cmd());
        run_row(cmd, &rows[i]);
        ok(foreign.refs == 1, "%ld references\n", foreign.refs);
        foreign_cmd_fini(&foreign);
    }
    test_pop();
}

/* ---- long commands and replies ---- */

struct long_card
{
    size_t expected; /* length of the command */
    size_t reply;    /* bytes of the reply, SW included */
    int count, wrong;
};

static int32_t play_long(void *context, const uint8_t *command, size_t length, uint8_t *reply,
                         size_t *reply_length)
{
    struct long_card *card = context;

    card->count++;
    if (length != card->expected)
        card->wrong++;
    if (*reply_length < card->reply)
        return SC_INSUFFICIENT_BUFFER;
    memset(reply, 0x77, card->reply);
    memcpy(reply + card->reply - 2, "\x90\x00", 2);
    *reply_length = card->reply;
    return SC_OK;
}

static const struct long_row
{
    enum apdu_protocol protocol;
    LONG data, le;
    HRESULT hr;
    size_t sent, reply;
} long_rows[] =
{
    {APDU_T0, 255, 0, S_OK, 260, 2},
    {APDU_T0, 256, 0, E_INVALIDARG, 0, 0},
    {APDU_T0, 257, 1, E_INVALIDARG, 0, 0},
    {APDU_T0, 65535, 0, E_INVALIDARG, 0, 0},
    {APDU_T0, 0, 256, S_OK, 5, 258},
    {APDU_T0, 0, 257, S_OK, 5, 259},
    {APDU_T1, 0, 255, S_OK, 5, 257},
    {APDU_T1, 0, 256, S_OK, 5, 258},
    {APDU_T1, 0, 257, S_OK, 7, 259},
    {APDU_T1, 0, 65535, S_OK, 7, 65537},
    {APDU_T1, 0, 65536, S_OK, 7, 65538},
    {APDU_T1, 256, 0, S_OK, 263, 2},
    {APDU_T1, 65535, 65536, S_OK, 65544, 65538},
    {APDU_T1, 1, 0, S_OK, 6, 300}, /* more than was asked for is not lost */
};

static void test_long(void)
{
    IByteBuffer *data;
    ISCardCmd *cmd;
    LONG length, le;
    BYTE sw1;
    size_t i;

    fact(DOCUMENTED);
    for (i = 0; i < ARRAYSIZE(long_rows); i++)
    {
        const struct long_row *row = &long_rows[i];
        struct long_card card = {row->sent, row->reply, 0, 0};
        struct exchange_link link = {play_long, &card, row->protocol};

        test_push("long row %u", (unsigned)i);
        cmd_create(&cmd);
        bytebuffer_create(&data);
        IByteBuffer_Initialize(data, row->data, NULL);
        le = row->le;
        ok_hr(ISCardCmd_BuildCmd(cmd, 0, 0xB0, 0, 0, data, &le), S_OK);
        ok_hr(transaction_run(cmd, &link), row->hr);
        ok(card.count == SUCCEEDED(row->hr) && !card.wrong, "%d sent, %d wrong\n", card.count,
           card.wrong);
        ISCardCmd_get_ApduReplyLength(cmd, &length);
        ok((size_t)length == row->reply, "reply of %ld\n", length);
        ISCardCmd_get_ReplyStatusSW1(cmd, &sw1);
        ok(sw1 == (row->reply ? 0x90 : 0), "SW1 %02x\n", sw1);
        IByteBuffer_Release(data);
        ok_uint(ISCardCmd_Release(cmd), 0);
    }
    test_pop();
}

/* ---- foreign objects that fail ---- */

static void test_failing(void)
{
    static const struct turn turns[] = {{BYTES("\0\xB0\0\0\2"), BYTES("ab\x90\0"), 0}};
    static const struct
    {
        enum foreign_fault fault;
        HRESULT hr;
        int sent;
    } failing[] =
    {
        {FOREIGN_NO_APDU, (HRESULT)DOUBLE_ERROR, 0},
        {FOREIGN_ODD_APDU, E_INVALIDARG, 0},
        {FOREIGN_NULL_APDU, E_INVALIDARG, 0},
        {FOREIGN_LYING_BUFFER, E_INVALIDARG, 0},
        {FOREIGN_NO_REPLY, (HRESULT)DOUBLE_ERROR, 1},
        {FOREIGN_FAILS, (HRESULT)DOUBLE_ERROR, 0},
    };
    struct foreign_cmd foreign;
    ISCardCmd *cmd;
    size_t i;

    fact(GUESS);
    for (i = 0; i < ARRAYSIZE(failing); i++)
    {
        struct card card = {turns, 0, 0};
        struct exchange_link link = {play, &card, APDU_T0};

        test_push("failing object %u", (unsigned)i);
        cmd = foreign_cmd_init(&foreign, new_cmd());
        ISCardCmd_BuildCmd(foreign.inner, 0, 0xB0, 0, 0, NULL, &(LONG){2});
        foreign.fault = failing[i].fault;
        ok_hr(transaction_run(cmd, &link), failing[i].hr);
        ok(card.count == failing[i].sent, "%d sent\n", card.count);
        ok(foreign.refs == 1, "%ld references\n", foreign.refs);
        foreign_cmd_fini(&foreign);
    }
    test_pop();
}

/* ---- no lock while the card works; the object may change under way ---- */

static int32_t play_and_change(void *context, const uint8_t *command, size_t length, uint8_t *reply,
                               size_t *reply_length)
{
    ISCardCmd *cmd = context;
    BYTE byte;

    ISCardCmd_put_P1(cmd, 9);
    ISCardCmd_get_P1(cmd, &byte);
    ISCardCmd_Clear(cmd);
    memcpy(reply, command, min(length, 8)); /* the old bytes are still there */
    memcpy(reply + min(length, 8), "\x90\x00", 2);
    *reply_length = min(length, 8) + 2;
    return SC_OK;
}

static void test_changed_under_way(void)
{
    static const struct bytes expected = BYTES("\0\xD6\0\0\3abc\x90\0");
    struct exchange_link link = {play_and_change, NULL, APDU_T1};
    IByteBuffer *buffer;
    ISCardCmd *cmd;

    fact(GUESS);
    cmd_create(&cmd);
    link.context = cmd;
    bytebuffer_new((const BYTE *)"abc", 3, &buffer);
    ISCardCmd_BuildCmd(cmd, 0, 0xD6, 0, 0, buffer, NULL);
    IByteBuffer_Release(buffer);
    ok_hr(transaction_run(cmd, &link), S_OK);
    ISCardCmd_get_ApduReply(cmd, &buffer);
    check_bytes(buffer, &expected);
    IByteBuffer_Release(buffer);
    ok_uint(ISCardCmd_Release(cmd), 0);
}

/* ---- cost ---- */

static int32_t play_fast(void *context, const uint8_t *command, size_t length, uint8_t *reply,
                         size_t *reply_length)
{
    memcpy(reply, "abcdefgh\x90\x00", 10);
    *reply_length = 10;
    return SC_OK;
}

static void measure(const char *what, enum apdu_protocol protocol, IByteBuffer *data, LONG le)
{
    enum
    {
        ROUNDS = 100000
    };
    struct exchange_link link = {play_fast, NULL, protocol};
    LARGE_INTEGER start, end, frequency;
    DWORD before, after;
    ISCardCmd *cmd;
    double ns;
    int i;

    cmd_create(&cmd);
    ISCardCmd_BuildCmd(cmd, 0, 0xB0, 0, 0, data, &le);
    transaction_run(cmd, &link);
    before = test_heap_blocks();
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&start);
    for (i = 0; i < ROUNDS; i++)
        transaction_run(cmd, &link);
    QueryPerformanceCounter(&end);
    after = test_heap_blocks();
    ns = (end.QuadPart - start.QuadPart) * 1e9 / frequency.QuadPart / ROUNDS;
    trace("%s: %.0f ns a command\n", what, ns);
    ok(after < before + 10, "%lu blocks, then %lu\n", before, after);
    ISCardCmd_Release(cmd);
}

static void test_cost(void)
{
    IByteBuffer *data;

    fact(GUESS);
    bytebuffer_new((const BYTE *)"abcdef", 6, &data);
    measure("T=1 case 1", APDU_T1, NULL, 0);
    measure("T=1 case 2", APDU_T1, NULL, 256);
    measure("T=1 case 4", APDU_T1, data, 256);
    measure("T=0 case 3", APDU_T0, data, 0);
    measure("T=0 case 4", APDU_T0, data, 256);
    measure("T=1 64 KiB", APDU_T1, NULL, 65536);
    IByteBuffer_Release(data);
}

/* ---- leaks ---- */

static void round_of_transactions(void)
{
    static const struct turn turns[] = {{BYTES("\0\xB0\0\0\2"), BYTES("ab\x90\0"), 0}};
    struct card card = {turns, 0, 0};
    struct exchange_link link = {play, &card, APDU_T1};
    struct foreign_cmd foreign;
    ISCardCmd *cmd;

    cmd_create(&cmd);
    ISCardCmd_BuildCmd(cmd, 0, 0xB0, 0, 0, NULL, &(LONG){2});
    transaction_run(cmd, &link);
    ISCardCmd_Release(cmd);
    cmd = foreign_cmd_init(&foreign, new_cmd());
    transaction_run(cmd, &link); /* nothing to send */
    ISCardCmd_BuildCmd(cmd, 0, 0xB0, 0, 0, NULL, &(LONG){2});
    card.count = 0;
    transaction_run(cmd, &link);
    foreign_cmd_fini(&foreign);
}

START_TEST(transaction)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    test_rules();
    test_long();
    test_failing();
    test_changed_under_way();
    test_cost();
    fact(GUESS);
    check_leaks("transactions", round_of_transactions);
    ok(!objects, "%ld objects left\n", objects);
    CoUninitialize();
}

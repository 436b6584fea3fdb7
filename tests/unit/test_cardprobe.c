/*
 * Probing cards: what is sent, the profile that follows, that the file service reads the right
 * bytes by it, and what cards do that are broken or hostile.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "../cards/card.h"
#include "cardprobe.h"
#include "icc/profiletext.h"
#include "icc_script.h"

/* What a card, or the way to it, does wrong from a command on. */
enum fault
{
    FAULT_NONE,
    FAULT_GONE,     /* no answer any more */
    FAULT_RESET,    /* the card was reset by somebody */
    FAULT_6F00,     /* the same answer to all */
    FAULT_6A82,
    FAULT_6E00,
    FAULT_61,       /* always one more byte */
    FAULT_6C,       /* always another length */
    FAULT_9F,
    FAULT_SHORT,    /* no status word */
    FAULT_RANDOM
};

struct desk
{
    struct card *card;
    enum fault fault;
    unsigned from, sent, answered, stop_at;
    unsigned verifies, others;
    uint32_t noise;
    char names[CARDPROBE_MAX_COMMANDS + 1][CARDPROBE_NAME_ROOM];
};

static uint8_t noise(struct desk *desk)
{
    desk->noise = desk->noise * 1103515245u + 12345u;
    return (uint8_t)(desk->noise >> 16);
}

static int32_t answer_with(uint16_t sw, uint8_t *reply, size_t *reply_len)
{
    reply[0] = (uint8_t)(sw >> 8);
    reply[1] = (uint8_t)sw;
    *reply_len = 2;
    return SC_OK;
}

static int32_t answer_noise(struct desk *desk, uint8_t *reply, size_t *reply_len)
{
    static const uint16_t words[] = {0x9000, 0x6100, 0x6C00, 0x6282,
                                     0x6A82, 0x6A86, 0x9F00, 0x63C3};
    size_t len = noise(desk) % (*reply_len - 2), i;
    uint16_t sw = words[noise(desk) % COUNT_OF(words)];

    for (i = 0; i < len; i++)
        reply[i] = noise(desk);
    if (noise(desk) & 1)
        sw |= noise(desk);
    reply[len] = (uint8_t)(sw >> 8);
    reply[len + 1] = (uint8_t)sw;
    *reply_len = len + 2;
    return SC_OK;
}

static int32_t go_wrong(struct desk *desk, uint8_t *reply, size_t *reply_len)
{
    switch (desk->fault)
    {
    case FAULT_GONE: *reply_len = 0; return SC_REMOVED_CARD;
    case FAULT_RESET: *reply_len = 0; return SC_RESET_CARD;
    case FAULT_6F00: return answer_with(0x6F00, reply, reply_len);
    case FAULT_6A82: return answer_with(0x6A82, reply, reply_len);
    case FAULT_6E00: return answer_with(0x6E00, reply, reply_len);
    case FAULT_61: return answer_with(0x6101, reply, reply_len);
    case FAULT_9F: return answer_with(0x9F01, reply, reply_len);
    case FAULT_6C:
        return answer_with((uint16_t)(0x6C00 | (1 + desk->sent % 200)), reply, reply_len);
    case FAULT_SHORT: *reply_len = 1; return SC_OK;
    default: return answer_noise(desk, reply, reply_len);
    }
}

static int32_t transmit(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                        size_t *reply_len)
{
    struct desk *desk = context;
    struct bytes answer = {0};

    desk->sent++;
    if (command[1] == 0x20)
        desk->verifies++;
    /* Nothing that changes anything, by a list that is not the probe's. */
    if (!memchr("\xA4\xB0\xB1\xB2\xC0\xA8", command[1], 6))
        desk->others++;
    ok(command[1] != 0x20 || (command_len <= 5 && (command_len < 5 || !command[4])),
       "VERIFY with data\n");
    if (desk->fault && desk->sent > desk->from)
        return go_wrong(desk, reply, reply_len);
    card_exchange(desk->card, command, command_len, &answer);
    ok(answer.len <= *reply_len, "an answer of %u bytes\n", (unsigned)answer.len);
    memcpy(reply, answer.data, answer.len);
    *reply_len = answer.len;
    bytes_free(&answer);
    return SC_OK;
}

static void sending(void *context, const struct cardprobe_step *step)
{
    struct desk *desk = context;

    ok(step->number == desk->answered + 1 && step->number <= CARDPROBE_MAX_COMMANDS,
       "command %u is said as %u\n", desk->answered + 1, step->number);
    ok(step->command_len >= 4 && step->name[0], "command %u is said to be nothing\n", step->number);
    if (step->number <= CARDPROBE_MAX_COMMANDS)
        snprintf(desk->names[step->number], CARDPROBE_NAME_ROOM, "%s", step->name);
}

static void answered(void *context, const struct cardprobe_step *step)
{
    struct desk *desk = context;

    desk->answered++;
    ok(desk->answered == desk->sent && step->number == desk->sent, "%u answers to %u commands\n",
       desk->answered, desk->sent);
    ok(step->result || step->meaning[0], "%04X means nothing\n", step->sw);
}

static int stopped(void *context)
{
    const struct desk *desk = context;

    return desk->stop_at && desk->sent >= desk->stop_at;
}

static const char *top(void)
{
    const char *srcdir = getenv("srcdir");

    return srcdir ? srcdir : ".";
}

static void desk_open(struct desk *desk, struct profile *profile, struct bytes *error)
{
    memset(desk, 0, sizeof(*desk));
    if (!profile)
    {
        printf("%.*s\n", (int)error->len, (char *)error->data);
        exit(1);
    }
    bytes_free(error);
    desk->card = card_create(profile);
}

static void desk_load(struct desk *desk, const char *card)
{
    struct bytes error = {0};
    char path[1024];

    snprintf(path, sizeof(path), "%s/tests/cards/profiles/%s.card", top(), card);
    desk_open(desk, profile_load(path, &error), &error);
}

static void desk_text(struct desk *desk, const char *text)
{
    struct bytes error = {0};

    desk_open(desk, profile_parse("desk", text, &error), &error);
}

static void probe_desk(struct desk *desk, const struct cardprobe_options *options,
                       struct cardprobe *probe)
{
    const struct profile *profile = desk->card->profile;
    struct cardprobe_host host =
    {
        transmit, sending, answered, stopped, desk, profile->t0 ? APDU_T0 : APDU_T1
    };

    cardprobe_run(probe, &host, options, profile->atr.data, profile->atr.len);
    ok(probe->commands == desk->sent && desk->answered == desk->sent,
       "%u commands counted, %u sent, %u answered\n", probe->commands, desk->sent, desk->answered);
    ok(options->code_query || !desk->verifies, "VERIFY was sent unasked\n");
    ok(desk->others == desk->verifies, "%u commands of no kind that may be sent\n",
       desk->others - desk->verifies);
}

/* The profile of a probe that is done. */
static int write_profile(const struct cardprobe *probe, const struct cardprobe_options *options,
                         char *text, struct profiletext *out)
{
    size_t len = cardprobe_write(probe, options, text, CARDPROBE_TEXT_ROOM);
    struct profiletext_error error;
    int32_t result;

    ok(len && len == strlen(text), "the text has %u bytes\n", (unsigned)len);
    result = profiletext_parse(text, len, out, &error);
    ok(!result, "line %u: %s\n%s\n", error.line, error.message, text);
    return !result;
}

static int has_line(const char *text, const char *line)
{
    const char *at;
    size_t len = strlen(line);

    for (at = text; (at = strstr(at, line)); at++)
        if ((at == text || at[-1] == '\n') && at[len] == '\n')
            return 1;
    return 0;
}

/* ---- good cards ---- */

static void check_content(struct desk *desk, const struct profiletext *profile, const char *path,
                          const char *expected)
{
    const struct profile *card = desk->card->profile;
    uint32_t handle = 0;
    uint8_t *data = NULL;
    int32_t result, bytes = 0x10000;
    char text[64] = "nothing";
    struct icc icc;

    card_reset(desk->card);
    icc_init(&icc, transmit, desk, card->t0 ? APDU_T0 : APDU_T1, card->atr.data, card->atr.len, 0);
    icc_set_profile(&icc, &profile->profile);
    icc_set_exclusive(&icc, 1);
    result = icc_open(&icc, PATH_BY_ID, TEXT(path), &handle);
    ok(!result, "%s: Open(%s) gave %08x\n", profile->name, path, (unsigned)result);
    if (!result)
    {
        result = icc_read(&icc, handle, &bytes, &data, 0);
        if (!result && (size_t)bytes >= strlen(expected) / 2)
            hex_format(data, strlen(expected) / 2, text, sizeof(text));
        ok(!result && !strcmp(text, expected), "%s: %s begins with %s, not %s (%08x)\n",
           profile->name, path, text, expected, (unsigned)result);
        icc_free(data);
    }
    icc_fini(&icc);
}

static void load_sample(const char *name, struct profiletext *out)
{
    static char text[8192];
    struct profiletext_error error;
    char path[1024];
    size_t len;
    FILE *file;
    int32_t result;

    snprintf(path, sizeof(path), "%s/tools/samples/%s.profile", top(), name);
    file = fopen(path, "rb");
    len = file ? fread(text, 1, sizeof(text), file) : 0;
    if (file)
        fclose(file);
    result = profiletext_parse(text, len, out, &error);
    ok(len && !result, "%s:%u: %s\n", path, error.line, error.message);
}

/* What the example says, the probe must have found where it could. */
static void check_agreement(const struct desk *desk, const struct cardprobe *probe,
                            const struct icc_profile *found, const char *name)
{
    const struct bytes *atr = &desk->card->profile->atr;
    static struct profiletext sample;
    const struct icc_profile *example = &sample.profile;
    unsigned i, j;

    load_sample(name, &sample);
    ok(icc_profile_matches(example, atr->data, atr->len), "%s: not for this ATR\n", name);
    ok(example->classes[0].cla == found->classes[0].cla, "%s: the class\n", name);
    ok(example->layout == found->layout, "%s: the layout\n", name);
    ok(!(found->response & ~example->response), "%s: answers %02X\n", name, found->response);
    ok(example->max_le >= found->max_le, "%s: the bytes of a READ\n", name);
    for (i = 0; i < example->select_form_count; i++)
    {
        for (j = 0; j < probe->form_count; j++)
            if (!memcmp(&probe->forms[j].form, &example->select_forms[i], sizeof(probe->form)))
                break;
        ok(j < probe->form_count, "%s: the card refuses step %u\n", name, i);
        ok(i || !probe->forms[0].told || probe->forms[j].told == probe->forms[0].told,
           "%s: another step tells more\n", name);
    }
    if (probe->ef != CARDPROBE_UNTRIED)
        ok(!(example->select_p1 & ICC_P1_EF) || probe->ef == CARDPROBE_YES, "%s: ef\n", name);
    if (probe->path != CARDPROBE_UNTRIED)
        ok(!(example->select_p1 & ICC_P1_PATH) || probe->path == CARDPROBE_YES, "%s: path\n", name);
    if (probe->by_name != CARDPROBE_UNTRIED)
        ok(!(example->select_p1 & ICC_P1_NAME) || probe->by_name == CARDPROBE_YES, "%s: name\n",
           name);
}

/* Bytes of files, as they would stand in a text. */
static void check_private(const struct desk *desk, const char *text)
{
    const struct card_file *file;

    for (file = desk->card->profile->mf; file; file = file_walk((struct card_file *)file))
    {
        char hex[2 * 12 + 4];

        if (file->fid == 0x2F00 || file->content.len < 8 || !file->content.data[4])
            continue;
        hex_format(file->content.data, 8, hex, sizeof(hex));
        ok(!strstr(text, hex), "the text has what is in %04X\n", file->fid);
    }
    ok(!strstr(text, "Vandenmaker") && !strstr(text, "Kerkstraat") && !strstr(text, "592012345678"),
       "the text has a name, an address or a number\n");
}

struct good
{
    const char *card;
    const char *sample;         /* of the example profile, or NULL */
    const char *lines[6];       /* that the profile has */
    const char *path, *content; /* a file that it reads, in hex */
};

static const struct good good[] =
{
    {"iso-t1", NULL, {"base          = iso", "classes       = 00",
                      "select        = child ef parent name path",
                      "select-ladder = 00+le 04+le 00 0C"}, "3F00/5000/0001", "00070E151C"},
    {"iso-t0", NULL, {"select        = child ef parent name path",
                      "select-ladder = 00+le 04+le 0C"}, "3F00/5000/0001", "00070E151C"},
    {"big", NULL, {"select-ladder = 00+le 04+le 0C 00"}, "3F00/5000/0001", ""},
    {"flex-unknown", "cryptoflex", {"base          = flex", "classes       = C0",
                                    "select        = none",
                                    "select-ladder = 00+le"},
     "3F00/5000/0001", "00070E151C"},
    {"flex", "cryptoflex", {"base          = flex", "classes       = C0"},
     "3F00/0002", "0011223344556677"},
    {"cyberflex", NULL, {"base          = cyberflex", "classes       = 00"},
     "3F00/0002", "0011223344556677"},
    {"gsm", NULL, {"base          = gsm", "classes       = A0", "select        = none"},
     "3F00/2FE2", "98940000103254"},
    {"bare", NULL, {"select-ladder = 0C"}, "3F00/5000/0001", "00070E151C"},
    {"no-mf", NULL, {"select        = child ef parent name path"}, "#A00000000102/0001",
     "00070E151C"},
    {"endings", NULL, {"base          = iso"}, "3F00/5000/0001", "00070E151C"},
    {"endings-t0", NULL, {"base          = iso"}, "3F00/5000/0001", "00070E151C"},
    {"format2", NULL, {"code-query    = no"}, "3F00/2F05", "666F726D6174"},
    {"alike", NULL, {"base          = iso"}, "3F00/5100/0001", "2222"},
    {"bad-fci", NULL, {"base          = iso"}, "3F00/0005", "ABABABAB"},
    {"belgian-eid", "belgian-eid", {"name          = Belgian eID card", "classes       = 00",
                                    "select-ladder = 0C"},
     "3F00/DF01/4031", "010C353932303132"},
    {"dnie", "dnie", {"name          = DNIe card", "select        = name",
                      "select-ladder = 00+le"}, "3F00/5015/5032", "00070E151C"},
    {"geldkarte", "geldkarte", {"name          = Geldkarte card"}, "#A00000005945430100/0104",
     "001234020000010000"},
    {"uicc", "uicc", {"name          = UICC card", "select-ladder = 04+le 0C",
                      "select        = child parent name path"},
     "#A0000000871002FF49FF0589FFFFFFFF/6FAD", "00000002"},
};

static void test_good(void)
{
    static const struct cardprobe_options plain;
    static char text[CARDPROBE_TEXT_ROOM];
    static struct profiletext profile;
    static struct cardprobe probe;
    static struct desk desk;
    size_t i, j;

    for (i = 0; i < COUNT_OF(good); i++)
    {
        const struct good *row = &good[i];

        test_push("%s", row->card);
        desk_load(&desk, row->card);
        probe_desk(&desk, &plain, &probe);
        ok(probe.end == CARDPROBE_DONE, "it ended as %d after %u commands (%04X)\n", probe.end,
           probe.commands, probe.last_sw);
        ok(probe.commands < 350, "%u commands\n", probe.commands);
        if (write_profile(&probe, &plain, text, &profile))
        {
            const struct bytes *atr = &desk.card->profile->atr;

            ok(icc_profile_matches(&profile.profile, atr->data, atr->len), "not for this card\n");
            for (j = 0; j < COUNT_OF(row->lines) && row->lines[j]; j++)
                if (strcmp(row->lines[j], "code-query    = no"))
                    ok(has_line(text, row->lines[j]), "no line \"%s\":\n%s", row->lines[j], text);
            check_private(&desk, text);
            if (row->sample)
                check_agreement(&desk, &probe, &profile.profile, row->sample);
            check_content(&desk, &profile, row->path, row->content);
            if (row->sample)
            {
                load_sample(row->sample, &profile);
                check_content(&desk, &profile, row->path, row->content);
            }
        }
        card_destroy(desk.card);
        test_pop();
    }
}

/* ---- what only some cards do ---- */

#define ISO_T1 "name x\nfamily iso\nprotocol T1\natr 3B 87 81 31 FE 45 80 31 E8 73 F7 41 00 10\n"
#define FILES \
    "mf\nchv 1 code 1234 tries 3\nef 2F05 transparent 1000\nfill pattern\nend\n" \
    "ef 2F06 linear-fixed 16 2\nend\nend\n"

static void probe_text(const char *card, const struct cardprobe_options *options,
                       struct cardprobe *probe, char *text, struct desk *desk)
{
    static struct profiletext profile;

    desk_text(desk, card);
    probe_desk(desk, options, probe);
    ok(probe->end == CARDPROBE_DONE, "it ended as %d\n", probe->end);
    text[0] = 0;
    if (probe->end == CARDPROBE_DONE)
        write_profile(probe, options, text, &profile);
}

static void test_ways(void)
{
    static const struct
    {
        const char *name, *card, *line;
    } rows[] =
    {
        {"READ BINARY of at most 239", ISO_T1 "max-read 239\n" FILES, "max-read      = 239"},
        {"the same, sizes untold", ISO_T1 "max-read 239\nfci-hide 80 81\n" FILES,
         "max-read      = 239"},
        {"no child", ISO_T1 "refuse A4 01 * 6A86\n"
         "mf\ndf 5000\nef 0001 transparent 4\nend\nend\nend\n",
         "select        = ef parent name path"},
        {"an ef that is not found", ISO_T1 "refuse A4 02 * 6A82\n" FILES,
         "select        = child parent name path"},
        {"paths only", ISO_T1 "refuse A4 00 * 6A86\nrefuse A4 02 * 6A86\nmf\n"
         "ef 2F00 transparent 4\nend\nend\n", "select        = child parent name path"},
        {"FCP only", ISO_T1 "refuse A4 * 00 6B00\n" FILES, "select-ladder = 04+le 0C"},
    };
    static const struct cardprobe_options plain = {.name = "Mine"};
    static char text[CARDPROBE_TEXT_ROOM];
    static struct cardprobe probe;
    static struct desk desk;
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        test_push("%s", rows[i].name);
        probe_text(rows[i].card, &plain, &probe, text, &desk);
        ok(has_line(text, rows[i].line), "no line \"%s\":\n%s", rows[i].line, text);
        ok(has_line(text, "name          = Mine"), "not named\n");
        card_destroy(desk.card);
        test_pop();
    }
}

/* A file that is shorter than what READ BINARY may give says nothing of the most. */
static void test_short_file(void)
{
    static const struct cardprobe_options plain;
    static char text[CARDPROBE_TEXT_ROOM];
    static struct cardprobe probe;
    static struct desk desk;

    probe_text(ISO_T1 "max-read 100\nfci-hide 80 81\nread-short 6700\n"
                      "mf\nef 2F05 transparent 60\nfill pattern\nend\nend\n",
               &plain, &probe, text, &desk);
    ok(!strstr(text, "max-read"), "a limit that nobody knows:\n%s", text);
    card_destroy(desk.card);
}

/* What is asked for: the state of a code, other classes. */
static void test_asked(void)
{
    static const struct
    {
        const char *card;
        unsigned verifies;
        const char *line;
    } rows[] =
    {
        {ISO_T1 FILES, 2, "code-query    = yes"},
        {ISO_T1 "refuse 20 * * 6700\n" FILES, 1, "code-query    = no"},
        {ISO_T1 "refuse 20 * * 63C2\n" FILES, 1, "code-query    = no"},
        {ISO_T1 "refuse 20 * * 6C08\n" FILES, 1, "code-query    = no"},
        {ISO_T1 "mf\nchv 1 code 1234 enabled no\nend\n", 1, "code-query    = yes"},
    };
    static const struct cardprobe_options query = {.code_query = 1}, classes = {.other_classes = 1};
    static char text[CARDPROBE_TEXT_ROOM];
    static struct cardprobe probe;
    static struct desk desk;
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        probe_text(rows[i].card, &query, &probe, text, &desk);
        ok(desk.verifies == rows[i].verifies, "row %u: %u VERIFY\n", (unsigned)i, desk.verifies);
        ok(has_line(text, rows[i].line), "row %u: no line \"%s\":\n%s", (unsigned)i, rows[i].line,
           text);
        card_destroy(desk.card);
    }
    desk_load(&desk, "flex-unknown");
    probe_desk(&desk, &classes, &probe);
    ok(probe.end == CARDPROBE_DONE && probe.cla == 0xC0 && probe.class_count == 1,
       "class %02X, %u of them\n", probe.cla, probe.class_count);
    card_destroy(desk.card);
}

/* One that counts the question: it is found out while there are tries, and told. */
static int32_t transmit_counting(void *context, const uint8_t *command, size_t command_len,
                                 uint8_t *reply, size_t *reply_len)
{
    struct desk *desk = context;
    int32_t result = transmit(context, command, command_len, reply, reply_len);

    return command[1] == 0x20 ? answer_with((uint16_t)(0x63C6 - desk->verifies), reply, reply_len)
                              : result;
}

static void test_counting(void)
{
    static const struct cardprobe_options query = {.code_query = 1};
    static char text[CARDPROBE_TEXT_ROOM];
    static struct profiletext profile;
    static struct cardprobe probe;
    static struct desk desk;
    struct cardprobe_host host =
    {
        transmit_counting, sending, answered, NULL, &desk, APDU_T1
    };

    desk_text(&desk, ISO_T1 FILES);
    cardprobe_run(&probe, &host, &query, desk.card->profile->atr.data, desk.card->profile->atr.len);
    ok(probe.end == CARDPROBE_DONE && desk.verifies == 2, "end %d, %u VERIFY\n", probe.end,
       desk.verifies);
    if (write_profile(&probe, &query, text, &profile))
        ok(has_line(text, "code-query    = no") && strstr(text, "63C5, then 63C4"), "%s", text);
    card_destroy(desk.card);
}

/* ---- broken cards ---- */

static void test_faults(void)
{
    static const struct cardprobe_options all = {.code_query = 1, .other_classes = 1};
    static const char *const cards[] = {"iso-t1", "iso-t0", "flex-unknown", "uicc"};
    static char text[CARDPROBE_TEXT_ROOM];
    static struct profiletext profile;
    static struct cardprobe probe;
    static struct desk desk;
    size_t i;
    int fault;
    unsigned from;

    for (i = 0; i < COUNT_OF(cards); i++)
        for (fault = FAULT_GONE; fault <= FAULT_RANDOM; fault++)
            for (from = 0; from < 160; from += fault == FAULT_RANDOM ? 3 : 13)
            {
                test_push("%s, fault %d from %u on", cards[i], fault, from);
                desk_load(&desk, cards[i]);
                desk.fault = (enum fault)fault;
                desk.from = from;
                desk.noise = from * 7919u + (unsigned)i;
                probe_desk(&desk, &all, &probe);
                if (fault == FAULT_GONE || fault == FAULT_RESET || fault == FAULT_SHORT)
                    ok(desk.sent <= from || probe.end == CARDPROBE_FAILED, "end %d\n", probe.end);
                if (probe.end == CARDPROBE_FAILED)
                    ok(probe.result == (fault == FAULT_GONE    ? SC_REMOVED_CARD
                                        : fault == FAULT_RESET ? SC_RESET_CARD
                                                               : SC_COMM_DATA_LOST),
                       "result %08x\n", (unsigned)probe.result);
                if (!from && (fault == FAULT_6F00 || fault == FAULT_6A82 || fault == FAULT_6E00))
                    ok(probe.end == CARDPROBE_NOTHING && probe.commands < 120,
                       "end %d after %u commands\n", probe.end, probe.commands);
                if (probe.end == CARDPROBE_DONE)
                    write_profile(&probe, &all, text, &profile);
                card_destroy(desk.card);
                test_pop();
            }
}

static void test_stopping(void)
{
    static const struct cardprobe_options plain;
    static struct cardprobe probe;
    static struct desk desk;
    unsigned at;

    for (at = 1; at < 60; at += 7)
    {
        desk_load(&desk, "iso-t1");
        desk.stop_at = at;
        probe_desk(&desk, &plain, &probe);
        ok(probe.end == CARDPROBE_STOPPED && probe.commands == at, "end %d after %u of %u\n",
           probe.end, probe.commands, at);
        card_destroy(desk.card);
    }
}

/* ---- what is said ---- */

static void test_words(void)
{
    static const struct
    {
        const char *command, *name;
    } names[] =
    {
        {"00A40004023F0000", "SELECT 3F00 by file identifier (P2 04, Le)"},
        {"00A4000C", "SELECT the MF without identifier (P2 0C)"},
        {"00A4030C", "SELECT the directory above (P2 0C)"},
        {"00A4080C0450000001", "SELECT 5000/0001 by path from the MF (P2 0C)"},
        {"00A4010C025000", "SELECT 5000 as a directory in this one (P2 0C)"},
        {"00A4040007A000000087100200", "SELECT application USIM by name (P2 00, Le)"},
        {"00A4040003112233", "SELECT application 112233 by name (P2 00)"},
        {"00B0010200", "READ BINARY, 256 bytes from 258"},
        {"00B0850001", "READ BINARY by short identifier 5, 1 bytes"},
        {"00B2010410", "READ RECORD 1, 16 bytes"},
        {"00B2012C10", "READ RECORD 1 by short identifier 5, 16 bytes"},
        {"C0C000000F", "GET RESPONSE, 15 bytes"},
        {"00200001", "VERIFY without data: the state of code 1"},
        {"F0A8000004", "DIR: a file of the directory"},
    };
    static const struct
    {
        const char *command;
        int may;
    } rows[] =
    {
        {"00A40004023F0000", 1}, {"00B0000000", 1}, {"00B2010400", 1}, {"00200001", 1},
        {"F0A8000004", 1}, {"00B100000354010008", 1}, {"002000010431323334", 0},
        {"00D6000001AA", 0}, {"00E4000000", 0}, {"0082000008112233445566778800", 0},
        {"0084000008", 0}, {"000E000000", 0}, {"00E0000000", 0}, {"0024000100", 0},
        {"00B0000001AA", 0}, {"00A80000021122", 0}, {"00B10000035301AA08", 0}, {"00CA010100", 0},
        {"0088000000", 0}, {"00DA010101AA", 0}, {"0044000000", 0}, {"0004000000", 0},
    };
    static const struct cardprobe_options query = {.code_query = 1}, plain;
    char name[CARDPROBE_NAME_ROOM];
    struct apdu apdu;
    uint8_t *bytes;
    size_t len, i;

    for (i = 0; i < COUNT_OF(names); i++)
    {
        bytes = test_bytes(names[i].command, &len);
        ok(!apdu_parse(bytes, len, &apdu), "%s\n", names[i].command);
        cardprobe_name(&apdu, name);
        ok(!strcmp(name, names[i].name), "%s is called %s\n", names[i].command, name);
        free(bytes);
    }
    for (i = 0; i < COUNT_OF(rows); i++)
    {
        bytes = test_bytes(rows[i].command, &len);
        ok(!apdu_parse(bytes, len, &apdu), "%s\n", rows[i].command);
        ok(cardprobe_may_send(&apdu, &query) == rows[i].may, "%s may%s be sent\n", rows[i].command,
           rows[i].may ? " not" : "");
        ok(apdu.ins != 0x20 || !cardprobe_may_send(&apdu, &plain), "VERIFY unasked\n");
        free(bytes);
    }
}

/* Too little room gives no half profile; neither does an ATR that a profile cannot have. */
static void test_room(void)
{
    static const struct cardprobe_options plain;
    static char text[CARDPROBE_TEXT_ROOM];
    static struct cardprobe probe;
    static struct desk desk;
    size_t len, cap;

    desk_load(&desk, "iso-t1");
    probe_desk(&desk, &plain, &probe);
    len = cardprobe_write(&probe, &plain, text, sizeof(text));
    for (cap = 1; cap <= len; cap += 97)
        ok(!cardprobe_write(&probe, &plain, text, cap), "%u of %u bytes are enough\n",
           (unsigned)cap, (unsigned)len);
    ok(cardprobe_write(&probe, &plain, text, len + 1) == len, "%u bytes\n", (unsigned)len);
    probe.atr_len = 1;
    ok(!cardprobe_write(&probe, &plain, text, sizeof(text)), "an ATR of one byte\n");
    card_destroy(desk.card);
}

START_TEST(cardprobe)
{
    test_good();
    test_ways();
    test_short_file();
    test_asked();
    test_counting();
    test_faults();
    test_stopping();
    test_words();
    test_room();
}

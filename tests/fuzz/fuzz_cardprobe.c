/*
 * Probing a card that answers anything.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: a byte of choices (1: T=0; 2: the state of a code; 4: other classes), a byte with the
 * length of the ATR, the ATR; then for each command a byte with the length of the data, the data,
 * and SW1 SW2. 253 to 255 in place of the length: no status word, nothing at all, the card is gone.
 */

#include "cardprobe.h"
#include "fuzz.h"
#include "icc/profiletext.h"
#include "iso7816/codes.h"
#include "iso7816/ins.h"

struct source
{
    struct input input;
    unsigned sent;
    int may_verify;
};

static int32_t transmit(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                        size_t *reply_len)
{
    struct source *source = context;
    uint8_t choice = input_byte(&source->input);
    size_t i, len = choice < 253 ? choice + 2u : choice == 253;

    source->sent++;
    CHECK(command_len >= 4 && *reply_len >= 258);
    CHECK(memchr("\xA4\xB0\xB1\xB2\xC0\xA8", command[1], 6) ||
          (source->may_verify && command[1] == INS_VERIFY));
    CHECK(command[1] != INS_VERIFY || command_len == 4 || (command_len == 5 && !command[4]));
    for (i = 0; i < len; i++)
        reply[i] = input_byte(&source->input);
    *reply_len = len;
    return choice == 255 ? SC_REMOVED_CARD : SC_OK;
}

static void check_text(const struct cardprobe *probe, const struct cardprobe_options *options)
{
    static char text[CARDPROBE_TEXT_ROOM];
    static struct profiletext profile;
    size_t len = cardprobe_write(probe, options, text, sizeof(text));

    CHECK(len || probe->atr_len < 2 ||
          (probe->atr_bytes[0] != 0x3B && probe->atr_bytes[0] != 0x3F));
    if (!len)
        return;
    CHECK(!profiletext_parse(text, len, &profile, NULL));
    CHECK(icc_profile_matches(&profile.profile, probe->atr_bytes, probe->atr_len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct source source = {{data, size}, 0, 0};
    uint8_t choices = input_byte(&source.input);
    size_t atr_len, wanted = input_byte(&source.input) % (ATR_MAX + 1);
    uint8_t *atr = input_block(&source.input, wanted, &atr_len);
    struct cardprobe_options options = {choices >> 1 & 1, choices >> 2 & 1, NULL};
    struct cardprobe_host host = {transmit, NULL, NULL, NULL, &source,
                                  choices & 1 ? APDU_T0 : APDU_T1};
    static struct cardprobe probe;

    source.may_verify = options.code_query;
    cardprobe_run(&probe, &host, &options, atr, atr_len);
    CHECK(probe.commands == source.sent && source.sent <= CARDPROBE_MAX_COMMANDS);
    CHECK(probe.file_count <= CARDPROBE_MAX_FILES && probe.place_count <= CARDPROBE_MAX_PLACES);
    CHECK(probe.end != CARDPROBE_FAILED || probe.result);
    if (probe.end == CARDPROBE_DONE)
        check_text(&probe, &options);
    free(atr);
    return 0;
}

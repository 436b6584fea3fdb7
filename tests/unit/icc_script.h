/*
 * A card that follows a script: each command must be the next one of the table.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_UNIT_ICC_SCRIPT_H
#define TESTS_UNIT_ICC_SCRIPT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iso7816/hex.h"
#include "icc/icc.h"
#include "test.h"

/* Command and answer in hex; an answer "!80100069" is a result of the transport. */
struct row
{
    const char *command;
    const char *answer;
};

struct script
{
    const char *name;
    const struct row *rows;
    size_t next, count;
    int broken; /* something else was sent; all fails from there */
};

static int32_t script_transmit(void *context, const uint8_t *command, size_t command_len,
                               uint8_t *reply, size_t *reply_len)
{
    struct script *script = context;
    char sent[2 * 600 + 4];
    const struct row *row;
    int32_t result;

    hex_format(command, command_len, sent, sizeof(sent));
    row = script->next < script->count ? &script->rows[script->next] : NULL;
    ok(!script->broken && row && !strcmp(row->command, sent), "%s: command %u is %s, expected %s\n",
       script->name, (unsigned)script->next, sent, row ? row->command : "none");
    if (!row || script->broken || strcmp(row->command, sent))
    {
        script->broken = 1;
        *reply_len = 0;
        return SC_UNEXPECTED;
    }
    script->next++;
    if (row->answer[0] == '!')
    {
        *reply_len = 0;
        return (int32_t)strtoul(row->answer + 1, NULL, 16);
    }
    result = hex_parse(row->answer, reply, *reply_len, reply_len);
    if (result)
        *reply_len = 0;
    return result;
}

static inline void script_start(struct script *script, const char *name, const struct row *rows,
                                size_t count)
{
    memset(script, 0, sizeof(*script));
    script->name = name;
    script->rows = rows;
    script->count = count;
}

/* The next part of a test: what was to be sent so far must have been sent. */
static inline void script_next(struct script *script, const char *name, const struct row *rows,
                               size_t count)
{
    ok(script->next == script->count, "%s: %u of %u commands were sent\n", script->name,
       (unsigned)script->next, (unsigned)script->count);
    script_start(script, name, rows, count);
}

#define START(script, rows)      script_start(script, __func__, rows, COUNT_OF(rows))
#define NEXT(script, name, rows) script_next(script, name, rows, COUNT_OF(rows))
#define NOTHING(script, name)    script_next(script, name, NULL, 0)
#define END(script)              NOTHING(script, "end")

/* T=1, ISO; no ATR, so neither chaining nor extended. */
static inline void script_icc(struct icc *icc, struct script *script)
{
    icc_init(icc, script_transmit, script, APDU_T1, NULL, 0, 0);
}

static inline void script_icc_atr(struct icc *icc, struct script *script,
                                  enum apdu_protocol protocol, const char *atr, int by_handle)
{
    uint8_t bytes[ATR_MAX];
    size_t len = 0;

    ok(!hex_parse(atr, bytes, sizeof(bytes), &len), "ATR %s\n", atr);
    icc_init(icc, script_transmit, script, protocol, bytes, len, by_handle);
}

/* Command chaining and extended length fields. */
#define EXTENDED_ATR "3B0580730000C0"

/* ASCII as the UTF-16 that paths are in. Static, one at a time. */
static inline const uint16_t *wide(const char *text)
{
    static uint16_t buffer[200];
    size_t i;

    for (i = 0; text[i] && i < 199; i++)
        buffer[i] = (unsigned char)text[i];
    buffer[i] = 0;
    return buffer;
}

#define TEXT(text) wide(text), strlen(text)

static inline void check_result(int32_t result, int32_t expected, const char *what, int line)
{
    ok(result == expected, "line %d: %s gave %08x, expected %08x\n", line, what, (unsigned)result,
       (unsigned)expected);
}

#define EXPECT(call, expected) check_result(call, expected, #call, __LINE__)

/* script_icc with the card's rows from the beginning, under EXCLUSIVE, and the file 0001 opened. */
#define START_0001(script, rows, icc, handle)                                       \
    do                                                                              \
    {                                                                               \
        START(script, rows);                                                        \
        script_icc(icc, script);                                                    \
        icc_set_exclusive(icc, 1);                                                  \
        EXPECT(icc_open(icc, PATH_BY_ID, TEXT("0001"), handle), SC_OK);             \
    } while (0)

static inline void check_dir(struct icc *icc, const char *expected, int line)
{
    char text[PATH_MAX_TEXT + 1];
    int32_t result = icc_current_dir(icc, text);

    ok(result == SC_OK && !strcmp(text, expected), "line %d: directory %s (%08x), expected %s\n",
       line, text, (unsigned)result, expected);
}

#define EXPECT_DIR(icc, expected) check_dir(icc, expected, __LINE__)

static inline void check_read(struct icc *icc, uint32_t handle, int32_t want, int32_t expected,
                              const char *expected_hex, int line)
{
    char text[2 * 600 + 4] = "";
    uint8_t *data = (uint8_t *)text;
    int32_t bytes = want;
    int32_t result = icc_read(icc, handle, &bytes, &data, 0);

    if (data)
        hex_format(data, (size_t)bytes, text, sizeof(text));
    ok(result == expected && !strcmp(text, expected_hex) &&
           (size_t)bytes == strlen(expected_hex) / 2 && (data || !bytes),
       "line %d: read gave %08x %d %s, expected %08x %s\n", line, (unsigned)result, (int)bytes,
       text, (unsigned)expected, expected_hex);
    icc_free(data);
}

#define EXPECT_READ(icc, handle, want, expected, hex) \
    check_read(icc, handle, want, expected, hex, __LINE__)

#endif

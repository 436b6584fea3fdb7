/*
 * Recorded sessions that somebody sends.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: the text. Its own bytes are then sent as commands.
 */

#include "fuzz.h"
#include "../cards/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = {0}, error = {0}, answer = {0};
    struct session *session;
    size_t at, len;

    bytes_add(&text, data, size);
    bytes_add_u8(&text, 0);
    session = session_parse("input", (char *)text.data, &error);
    CHECK(!session == !!error.len);
    if (session)
    {
        CHECK(session_atr(session)->len >= 2 && session_atr(session)->len <= 33);
        for (at = 0; at < size; at += len)
        {
            len = size - at < 7 ? size - at : 7;
            bytes_clear(&answer);
            session_answer(session, data + at, len, &answer);
            CHECK(answer.len >= 2);
        }
    }
    session_destroy(session);
    bytes_free(&text);
    bytes_free(&error);
    bytes_free(&answer);
    return 0;
}

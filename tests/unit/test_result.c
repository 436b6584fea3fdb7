/*
 * What results say of the card and of the way to it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "iso7816/result.h"

static const struct
{
    uint32_t result;
    enum card_event event;
} rows[] = {
    {0, EVENT_NONE},
    {6, EVENT_SERVICE_GONE},          /* ERROR_INVALID_HANDLE */
    {14, EVENT_NONE},                 /* ERROR_OUTOFMEMORY */
    {109, EVENT_SERVICE_GONE},        /* ERROR_BROKEN_PIPE */
    {0x80100002, EVENT_NONE},         /* SCARD_E_CANCELLED */
    {0x80100003, EVENT_SERVICE_GONE}, /* SCARD_E_INVALID_HANDLE */
    {0x80100009, EVENT_READER_GONE},  /* SCARD_E_UNKNOWN_READER */
    {0x8010000A, EVENT_NONE},         /* SCARD_E_TIMEOUT */
    {0x8010000B, EVENT_NONE},         /* SCARD_E_SHARING_VIOLATION */
    {0x8010000C, EVENT_REMOVED},      /* SCARD_E_NO_SMARTCARD */
    {0x80100011, EVENT_SERVICE_GONE}, /* SCARD_E_INVALID_VALUE */
    {0x80100013, EVENT_SERVICE_GONE}, /* SCARD_F_COMM_ERROR */
    {0x80100017, EVENT_READER_GONE},  /* SCARD_E_READER_UNAVAILABLE */
    {0x8010001D, EVENT_SERVICE_GONE}, /* SCARD_E_NO_SERVICE */
    {0x8010001E, EVENT_SERVICE_GONE}, /* SCARD_E_SERVICE_STOPPED */
    {0x8010002F, EVENT_NONE},         /* SCARD_E_COMM_DATA_LOST */
    {0x80100066, EVENT_NONE},         /* SCARD_W_UNRESPONSIVE_CARD */
    {0x80100067, EVENT_RESET},        /* SCARD_W_UNPOWERED_CARD */
    {0x80100068, EVENT_RESET},        /* SCARD_W_RESET_CARD */
    {0x80100069, EVENT_REMOVED},      /* SCARD_W_REMOVED_CARD */
    {0x8010006A, EVENT_NONE},         /* SCARD_W_SECURITY_VIOLATION */
};

static void test_events(void)
{
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        int32_t result = (int32_t)rows[i].result;
        int gone = rows[i].event == EVENT_REMOVED || rows[i].event == EVENT_READER_GONE;

        ok(result_event(result) == rows[i].event, "%08x: event %d\n", (unsigned)result,
           result_event(result));
        ok(result_is_card_gone(result) == gone, "%08x: gone\n", (unsigned)result);
        ok(result_is_card_lost(result) == (gone || rows[i].event == EVENT_RESET), "%08x: lost\n",
           (unsigned)result);
    }
}

START_TEST(result)
{
    test_events();
}

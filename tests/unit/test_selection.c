/*
 * Tests of dlls/scarddlg/selection.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "iso7816/codes.h"
#include "scarddlg/selection.h"

static void test_flags(void)
{
    uint32_t flags;

    for (flags = 0; flags < 32; flags++)
    {
        uint32_t expected = flags == 1 || flags == 2 || flags == 4 ? flags : 0;

        ok_uint(selection_flag(flags), flags ? expected : SELECTION_MINIMAL);
    }
    ok_uint(selection_flag(0x80000000u), 0);
    ok_uint(selection_flag(0xffffffffu), 0);
}

#define RIGHT    .size = 128, .due_size = 128
#define CRITERIA .has_criteria = 1, .criteria_size = 88, .due_criteria_size = 88

static const struct
{
    struct selection_form form;
    int32_t result;
    uint32_t extended;
} checks[] =
{
    {{RIGHT}, SC_OK, 0},
    {{RIGHT, CRITERIA, .flags = 4, .has_interfaces = 1, .interfaces = 64}, SC_OK, 0},
    {{RIGHT, .criteria_size = 5}, SC_OK, 0}, /* there is none */
    {{RIGHT, .has_interfaces = 1}, SC_OK, 0},
    {{.size = 0, .due_size = 128}, SC_INVALID_VALUE, 0x80100011},
    {{.size = 129, .due_size = 128}, SC_INVALID_VALUE, 0x80100011},
    {{RIGHT, CRITERIA, .flags = 3}, SC_INVALID_VALUE, 0x80100011},
    {{RIGHT, .has_criteria = 1, .criteria_size = 0, .due_criteria_size = 88}, SC_INVALID_VALUE,
     0x80100011},
    {{RIGHT, CRITERIA, .interfaces = 1}, SC_INVALID_PARAMETER, SELECTION_NO_SUPPORT},
    {{RIGHT, CRITERIA, .has_interfaces = 1, .interfaces = 65}, SC_INVALID_VALUE,
     SELECTION_NO_SUPPORT},
    {{RIGHT, CRITERIA, .interfaces = 0xffffffffu}, SC_INVALID_VALUE, SELECTION_NO_SUPPORT},
};

static void test_form(void)
{
    size_t i;

    for (i = 0; i < COUNT_OF(checks); i++)
    {
        uint32_t extended = 77;

        test_push("row %zu", i);
        ok_hr(selection_check(&checks[i].form, &extended), checks[i].result);
        ok_uint(extended, checks[i].extended);
    }
    test_pop();
    ok_uint(selection_extended(SC_OK), 0);
    ok_uint(selection_extended(SC_UNKNOWN_CARD), SELECTION_NO_NAME);
    ok_uint(selection_extended(SC_CANCELLED_BY_USER), 0x8010006e);
}

static void test_ways(void)
{
    ok_uint(selection_way(1, 0), SELECTION_CALLER);
    ok_uint(selection_way(1, 2), SELECTION_CALLER); /* the share mode is ignored */
    ok_uint(selection_way(0, 2), SELECTION_US);
    ok_uint(selection_way(0, 0), SELECTION_NOBODY);
    /* One set of routines: its connection is the caller's, unless it asked for none. */
    ok_uint(selection_hands_over(1, SELECTION_CALLER, SELECTION_CALLER), 1);
    ok_uint(selection_hands_over(1, SELECTION_US, SELECTION_US), 1);
    ok_uint(selection_hands_over(1, SELECTION_NOBODY, SELECTION_NOBODY), 0);
    /* Two: that of the check is handed over where the caller made it and asks for no other. */
    ok_uint(selection_hands_over(0, SELECTION_CALLER, SELECTION_NOBODY), 1);
    ok_uint(selection_hands_over(0, SELECTION_US, SELECTION_NOBODY), 0);
    ok_uint(selection_hands_over(0, SELECTION_NOBODY, SELECTION_NOBODY), 0);
    ok_uint(selection_hands_over(0, SELECTION_CALLER, SELECTION_CALLER), 0);
    ok_uint(selection_hands_over(0, SELECTION_CALLER, SELECTION_US), 0);
}

#define PRESENT 0x20u

static const struct
{
    int32_t verdict;
    uint32_t then, now;
    int is_void;
} verdicts[] =
{
    {SC_OK, PRESENT, PRESENT, 0},
    /* The search's own connections change these. */
    {SC_OK, PRESENT, PRESENT | SC_READER_IN_USE, 0},
    {SC_CARD_UNSUPPORTED, PRESENT | SC_READER_EXCLUSIVE, PRESENT, 0},
    {SC_CARD_UNSUPPORTED, 0x10000 | PRESENT, 0x30000 | PRESENT, 1},
    {SC_OK, 0x10000 | PRESENT, 0x30000 | PRESENT, 1},
    {SC_SHARING_VIOLATION, PRESENT | SC_READER_EXCLUSIVE, PRESENT | SC_READER_EXCLUSIVE, 0},
    {SC_SHARING_VIOLATION, PRESENT | SC_READER_EXCLUSIVE, PRESENT, 1},
    {SC_SHARING_VIOLATION, PRESENT | SC_READER_IN_USE, PRESENT, 1},
    {SC_SERVICE_STOPPED, PRESENT, PRESENT, 1},
    {SC_PROTO_MISMATCH, PRESENT, PRESENT | SC_READER_IN_USE, 0},
};

static void test_verdicts(void)
{
    size_t i;

    for (i = 0; i < COUNT_OF(verdicts); i++)
        ok(selection_is_void(verdicts[i].verdict, verdicts[i].then, verdicts[i].now) ==
               verdicts[i].is_void,
           "row %zu\n", i);
}

START_TEST(selection)
{
    test_flags();
    test_form();
    test_ways();
    test_verdicts();
}

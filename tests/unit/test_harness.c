/*
 * The harness itself: what a check does before and after its condition is known.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

static int steps, seen;

static int step(void)
{
    return ++steps;
}

static int look(void)
{
    return seen = steps;
}

/* As ok(f(), "error %lu\n", GetLastError()) needs it. */
static void test_order(void)
{
    steps = seen = 0;
    ok(step() == 1, "step %d\n", look());
    ok_uint(seen, 1);
    ok(step() == 2 && step() == 3, "steps %d, %d\n", look(), look());
    ok_uint(seen, 3);
}

static void test_value(void)
{
    int good = ok(4, "it fails\n"), todo = 1;

    ok_uint(good, 1);
    todo_if(1) todo = ok(0, "a known failure\n");
    ok_uint(todo, 0);
    ok_uint(test_todos, 1);
}

START_TEST(harness)
{
    test_order();
    test_value();
}

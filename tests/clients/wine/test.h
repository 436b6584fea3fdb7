/*
 * Stands in for Wine's own wine/test.h, so that its tests count as ours do.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_CLIENTS_WINE_TEST_H
#define TESTS_CLIENTS_WINE_TEST_H

#include "../../test.h"

/* The text between quotes; a few at a time. */
TEST_USED static const char *wine_dbgstr_a(const char *text)
{
    static char places[4][320];
    static unsigned next;
    char *place = places[next++ % 4];

    snprintf(place, sizeof(places[0]), "\"%s\"", text ? text : "(null)");
    return place;
}

TEST_USED static const char *wine_dbgstr_w(const WCHAR *text)
{
    char ansi[300] = "(null)";

    if (text)
        WideCharToMultiByte(CP_UTF8, 0, text, -1, ansi, sizeof(ansi), NULL, NULL);
    return wine_dbgstr_a(ansi);
}

#endif

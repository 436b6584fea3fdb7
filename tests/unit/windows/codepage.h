/*
 * The code page of native tests.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_UNIT_WINDOWS_CODEPAGE_H
#define TESTS_UNIT_WINDOWS_CODEPAGE_H

enum code_page
{
    PAGE_LATIN1, /* each byte is the character of that number */
    PAGE_DOUBLE, /* ASCII, and two bytes from 0x81 on for U+8100 and so on */
    PAGE_UTF8,
    PAGES
};

void set_code_page(enum code_page page);

#endif

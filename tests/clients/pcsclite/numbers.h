/*
 * Errors by their numbers in place of pcsc-lite's texts, natively as for Windows.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_CLIENTS_PCSCLITE_NUMBERS_H
#define TESTS_CLIENTS_PCSCLITE_NUMBERS_H

#include <stdint.h>
#include <stdio.h>
#ifdef _WIN32
#include <windows.h>
#endif
#include <winscard.h>

static inline const char *error_number(LONG error)
{
    static char text[24];

    snprintf(text, sizeof(text), "error %08lX", (unsigned long)error & 0xffffffff);
    return text;
}
#define pcsc_stringify_error error_number

#endif

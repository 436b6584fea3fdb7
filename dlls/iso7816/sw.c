/*
 * Status words: what SW1 SW2 means, as a result.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <stddef.h>

#include "codes.h"
#include "sw.h"

/* Sets of commands. */
#define BIT(command) (1u << (command))
#define ANY          0xFFFFFFFFu
#define SELECTS      (BIT(FOR_SELECT) | BIT(FOR_SELECT_DIR))
#define READS        (BIT(FOR_READ_BINARY) | BIT(FOR_READ_RECORD))
#define WRITES       (BIT(FOR_WRITE) | BIT(FOR_CREATE) | BIT(FOR_DATA_OBJECT))
#define QUERY        BIT(FOR_CHV_QUERY)
#define CODES        (BIT(FOR_CHV) | BIT(FOR_CHV_SWITCH))
#define ALL_CODES    (CODES | QUERY)
#define AUTH         BIT(FOR_AUTHENTICATE)

struct row
{
    uint16_t low, high; /* this status word and the ones up to that */
    uint32_t commands;
    int32_t result;
};

/* The first row that fits counts: exceptions stand before the rule. */
static const struct row rows[] =
{
    {0x6100, 0x61FF, ANY, SC_OK},
    {0x6200, 0x6200, SELECTS | READS, SC_OK},
    {0x6202, 0x6280, SELECTS | READS, SC_OK},
    {0x6281, 0x6281, ANY, SC_COMM_DATA_LOST},
    {0x6282, 0x6282, READS, SC_OK},
    {0x6283, 0x6283, SELECTS, SC_OK},
    {0x6283, 0x6283, ANY, SC_NO_ACCESS},
    {0x6284, 0x6284, SELECTS, SC_OK},
    {0x6285, 0x6285, ANY, SC_NO_ACCESS},
    {0x6286, 0x6286, SELECTS | READS, SC_OK},
    {0x6300, 0x6300, CODES, SC_WRONG_CHV},
    {0x6300, 0x6300, QUERY, SC_NOT_AUTHENTICATED},
    {0x6300, 0x6300, AUTH, SC_SECURITY_VIOLATION},
    {0x6381, 0x6381, CODES, SC_WRONG_CHV},
    {0x6381, 0x6381, QUERY, SC_NOT_AUTHENTICATED},
    {0x6381, 0x6381, AUTH, SC_SECURITY_VIOLATION}, /* a warning is no proof */
    {0x6381, 0x6381, ANY, SC_OK},
    {0x63C0, 0x63C0, ALL_CODES | AUTH, SC_CHV_BLOCKED},
    {0x63C1, 0x63CF, CODES, SC_WRONG_CHV},
    {0x63C1, 0x63CF, QUERY, SC_NOT_AUTHENTICATED},
    {0x63C1, 0x63CF, AUTH, SC_SECURITY_VIOLATION},
    {0x63C0, 0x63CF, WRITES, SC_OK}, /* retries inside the card */
    {0x6700, 0x67FF, ALL_CODES, SC_INVALID_CHV},
    {0x6700, 0x67FF, ANY, SC_INVALID_PARAMETER},
    {0x6800, 0x6800, ANY, SC_UNSUPPORTED_FEATURE},
    {0x6881, 0x6882, ANY, SC_UNSUPPORTED_FEATURE},
    {0x6884, 0x6884, ANY, SC_UNSUPPORTED_FEATURE},
    {0x6900, 0x6900, ANY, SC_SECURITY_VIOLATION},
    {0x6981, 0x6981, ANY, SC_UNSUPPORTED_FEATURE},
    {0x6982, 0x6982, ANY, SC_SECURITY_VIOLATION},
    {0x6983, 0x6983, ANY, SC_CHV_BLOCKED},
    {0x6984, 0x6984, ALL_CODES | AUTH, SC_SECURITY_VIOLATION},
    {0x6984, 0x6984, ANY, SC_NO_ACCESS},
    {0x6985, 0x6985, ANY, SC_SECURITY_VIOLATION},
    {0x6986, 0x6986, ANY, SC_NO_FILE},
    {0x6987, 0x6988, ANY, SC_UNSUPPORTED_FEATURE},
    {0x6A00, 0x6A00, ANY, SC_INVALID_PARAMETER},
    {0x6A80, 0x6A80, ALL_CODES, SC_INVALID_CHV},
    {0x6A80, 0x6A80, ANY, SC_INVALID_PARAMETER},
    {0x6A81, 0x6A81, BIT(FOR_LIST), SC_NOT_IMPLEMENTED},
    {0x6A81, 0x6A81, ANY, SC_UNSUPPORTED_FEATURE},
    {0x6A82, 0x6A82, BIT(FOR_SELECT_DIR), SC_DIR_NOT_FOUND},
    {0x6A82, 0x6A82, ANY, SC_FILE_NOT_FOUND},
    {0x6A83, 0x6A83, BIT(FOR_READ_RECORD), SC_EOF},
    {0x6A83, 0x6A83, ANY, SC_BAD_SEEK},
    {0x6A84, 0x6A84, BIT(FOR_CREATE), SC_NO_MEMORY},
    {0x6A84, 0x6A84, ANY, SC_WRITE_TOO_MANY},
    {0x6A85, 0x6A87, BIT(FOR_READ_BINARY), SC_BAD_SEEK},
    {0x6A85, 0x6A87, ANY, SC_INVALID_PARAMETER},
    {0x6A88, 0x6A88, BIT(FOR_DATA_OBJECT), SC_FILE_NOT_FOUND},
    {0x6A88, 0x6A88, ANY, SC_INVALID_PARAMETER},
    {0x6A89, 0x6A8A, ANY, SC_FILE_EXISTS},
    {0x6B00, 0x6B00, READS | BIT(FOR_WRITE), SC_BAD_SEEK},
    {0x6B00, 0x6B00, ANY, SC_INVALID_PARAMETER},
    {0x6D00, 0x6D00, BIT(FOR_LIST), SC_NOT_IMPLEMENTED},
    {0x6D00, 0x6D00, ANY, SC_UNSUPPORTED_FEATURE},
    {0x6E00, 0x6E00, BIT(FOR_LIST), SC_NOT_IMPLEMENTED},
    {0x6E00, 0x6E00, ANY, SC_UNSUPPORTED_FEATURE},
    {0x9000, 0x9000, ANY, SC_OK},
    {0x9100, 0x91FF, ANY, SC_OK},
    {0x9200, 0x920F, ANY, SC_OK},
    {0x9210, 0x9210, BIT(FOR_CREATE), SC_NO_MEMORY},
    {0x9210, 0x9210, ANY, SC_WRITE_TOO_MANY},
    {0x9300, 0x9300, ANY, SC_NOT_READY},
    {0x9400, 0x9400, ANY, SC_NO_FILE},
    {0x9402, 0x9402, BIT(FOR_READ_RECORD), SC_EOF},
    {0x9402, 0x9402, ANY, SC_BAD_SEEK},
    {0x9404, 0x9404, BIT(FOR_SELECT_DIR), SC_DIR_NOT_FOUND},
    {0x9404, 0x9404, ANY, SC_FILE_NOT_FOUND},
    {0x9408, 0x9408, ANY, SC_UNSUPPORTED_FEATURE},
    {0x9802, 0x9802, BIT(FOR_DATA_OBJECT), SC_FILE_NOT_FOUND},
    {0x9802, 0x9802, ANY, SC_INVALID_PARAMETER},
    {0x9804, 0x9804, CODES, SC_WRONG_CHV},
    {0x9804, 0x9804, QUERY, SC_NOT_AUTHENTICATED},
    {0x9804, 0x9804, ANY, SC_SECURITY_VIOLATION},
    {0x9808, 0x9808, BIT(FOR_CHV_SWITCH), SC_OK}, /* already so */
    {0x9808, 0x9808, ANY, SC_SECURITY_VIOLATION},
    {0x9810, 0x9810, BIT(FOR_INVALIDATE), SC_OK}, /* already so */
    {0x9810, 0x9810, ANY, SC_NO_ACCESS},
    {0x9840, 0x9840, ANY, SC_CHV_BLOCKED},
    {0x9F00, 0x9FFF, ANY, SC_OK},
};

int32_t sw_result(uint16_t sw, enum sw_command command)
{
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        if (sw >= rows[i].low && sw <= rows[i].high && (rows[i].commands & BIT(command)))
            return rows[i].result;
    }
    return SC_UNEXPECTED;
}

int sw_is_success(uint16_t sw)
{
    uint8_t sw1 = (uint8_t)(sw >> 8);

    return sw == 0x9000 || sw1 == 0x61 || sw1 == 0x91 || sw1 == 0x9F || (sw & 0xFFF0) == 0x9200;
}

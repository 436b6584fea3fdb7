/*
 * What Transaction sends and what comes of it, by protocol and case.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h, exchange.h and result.h.
 */

#ifndef TESTS_COM_TRANSACTIONROWS_H
#define TESTS_COM_TRANSACTIONROWS_H

#define BYTES(text) {sizeof(text) - 1, text}

struct bytes
{
    LONG length;
    const char *bytes;
};

struct turn
{
    struct bytes sent, answer;
    LONG result;
};

#define NO_CLASS (-1)

static const struct row
{
    const char *name;
    enum fact fact;
    enum apdu_protocol protocol;
    int alternate;        /* AlternateClassId, or NO_CLASS */
    struct bytes apdu;    /* as put_Apdu takes it */
    struct bytes reply;   /* in the end */
    HRESULT hr;
    struct turn turns[5]; /* up to the first that sends nothing */
} rows[] =
{
    {"T=1 case 1", DOCUMENTED, APDU_T1, NO_CLASS, BYTES("\0\x44\1\2"), BYTES("\x90\0"), S_OK, {
        {BYTES("\0\x44\1\2"), BYTES("\x90\0"), 0}}},
    {"T=1 case 2", DOCUMENTED, APDU_T1, NO_CLASS, BYTES("\0\xB0\0\0\2"), BYTES("ab\x90\0"), S_OK, {
        {BYTES("\0\xB0\0\0\2"), BYTES("ab\x90\0"), 0}}},
    {"T=1 case 4", DOCUMENTED, APDU_T1, NO_CLASS, BYTES("\0\xA4\0\0\2\x3F\0\0"), BYTES("a\x90\0"),
     S_OK, {
        {BYTES("\0\xA4\0\0\2\x3F\0\0"), BYTES("a\x90\0"), 0}}},
    {"T=1 case 4, 61xx", DOCUMENTED, APDU_T1, NO_CLASS, BYTES("\0\xA4\0\0\2\x3F\0\0"),
     BYTES("\x61\5"), S_OK, {
        {BYTES("\0\xA4\0\0\2\x3F\0\0"), BYTES("\x61\5"), 0}}},
    {"T=1 case 2, 6Cxx", DOCUMENTED, APDU_T1, NO_CLASS, BYTES("\0\xB0\0\0\0"), BYTES("\x6C\5"),
     S_OK, {
        {BYTES("\0\xB0\0\0\0"), BYTES("\x6C\5"), 0}}},
    {"T=1 extended", DOCUMENTED, APDU_T1, NO_CLASS, BYTES("\0\xD6\0\0\0\0\2ab\0\0"),
     BYTES("\x90\0"), S_OK, {
        {BYTES("\0\xD6\0\0\0\0\2ab\0\0"), BYTES("\x90\0"), 0}}},
    {"T=1 error status", DOCUMENTED, APDU_T1, NO_CLASS, BYTES("\0\xB0\0\0\2"), BYTES("\x6A\x82"),
     S_OK, {
        {BYTES("\0\xB0\0\0\2"), BYTES("\x6A\x82"), 0}}},

    {"T=0 case 1", DOCUMENTED, APDU_T0, NO_CLASS, BYTES("\0\x44\1\2"), BYTES("\x90\0"), S_OK, {
        {BYTES("\0\x44\1\2\0"), BYTES("\x90\0"), 0}}},
    {"T=0 case 1, 61xx", NATIVE, APDU_T0, NO_CLASS, BYTES("\0\x44\1\2"), BYTES("\x61\5"), S_OK, {
        {BYTES("\0\x44\1\2\0"), BYTES("\x61\5"), 0}}},
    {"T=0 case 2", DOCUMENTED, APDU_T0, NO_CLASS, BYTES("\0\xB0\0\0\2"), BYTES("ab\x90\0"), S_OK, {
        {BYTES("\0\xB0\0\0\2"), BYTES("ab\x90\0"), 0}}},
    {"T=0 case 2, 6Cxx", DOCUMENTED, APDU_T0, NO_CLASS, BYTES("\0\xB0\0\0\0"), BYTES("abc\x90\0"),
     S_OK, {
        {BYTES("\0\xB0\0\0\0"), BYTES("\x6C\3"), 0},
        {BYTES("\0\xB0\0\0\3"), BYTES("abc\x90\0"), 0}}},
    {"T=0 case 2, 6Cxx again", DOCUMENTED, APDU_T0, NO_CLASS, BYTES("\0\xB0\0\0\0"),
     BYTES("\x6C\4"), S_OK, {
        {BYTES("\0\xB0\0\0\0"), BYTES("\x6C\3"), 0},
        {BYTES("\0\xB0\0\0\3"), BYTES("\x6C\4"), 0}}},
    {"T=0 case 2, 61xx", GUESS, APDU_T0, NO_CLASS, BYTES("\0\xC0\0\0\2"), BYTES("ab\x61\5"), S_OK, {
        {BYTES("\0\xC0\0\0\2"), BYTES("ab\x61\5"), 0}}},
    {"T=0 case 3", DOCUMENTED, APDU_T0, NO_CLASS, BYTES("\0\xD6\0\0\1x"), BYTES("\x90\0"), S_OK, {
        {BYTES("\0\xD6\0\0\1x"), BYTES("\x90\0"), 0}}},
    {"T=0 case 3, 61xx", NATIVE, APDU_T0, NO_CLASS, BYTES("\0\xA4\0\0\2\x3F\0"), BYTES("\x61\5"),
     S_OK, {
        {BYTES("\0\xA4\0\0\2\x3F\0"), BYTES("\x61\5"), 0}}},
    {"T=0 case 3, 9Fxx", NATIVE, APDU_T0, NO_CLASS, BYTES("\xA0\xA4\0\0\2\x3F\0"),
     BYTES("\x9F\x16"), S_OK, {
        {BYTES("\xA0\xA4\0\0\2\x3F\0"), BYTES("\x9F\x16"), 0}}},
    {"T=0 case 3, 6Cxx", DOCUMENTED, APDU_T0, NO_CLASS, BYTES("\0\xD6\0\0\1x"), BYTES("\x6C\1"),
     S_OK, {
        {BYTES("\0\xD6\0\0\1x"), BYTES("\x6C\1"), 0}}},
    {"T=0 case 4", DOCUMENTED, APDU_T0, NO_CLASS, BYTES("\x80\xA4\0\0\2\x3F\0\0"),
     BYTES("abc\x90\0"), S_OK, {
        {BYTES("\x80\xA4\0\0\2\x3F\0"), BYTES("\x61\3"), 0},
        {BYTES("\x80\xC0\0\0\3"), BYTES("abc\x90\0"), 0}}},
    {"T=0 case 4, other class", DOCUMENTED, APDU_T0, 0, BYTES("\x80\xA4\0\0\2\x3F\0\0"),
     BYTES("abc\x90\0"), S_OK, {
        {BYTES("\x80\xA4\0\0\2\x3F\0"), BYTES("\x61\3"), 0},
        {BYTES("\0\xC0\0\0\3"), BYTES("abc\x90\0"), 0}}},
    {"T=0 case 4, class A0, pieces", DOCUMENTED, APDU_T0, 0xA0, BYTES("\0\xCB\0\0\1x\0"),
     BYTES("abcde\x90\0"), S_OK, {
        {BYTES("\0\xCB\0\0\1x"), BYTES("\x61\3"), 0},
        {BYTES("\xA0\xC0\0\0\3"), BYTES("abc\x61\2"), 0},
        {BYTES("\xA0\xC0\0\0\2"), BYTES("de\x90\0"), 0}}},
    {"T=0 case 4, 6Cxx to GET RESPONSE", DOCUMENTED, APDU_T0, NO_CLASS, BYTES("\0\xCB\0\0\1x\0"),
     BYTES("ab\x90\0"), S_OK, {
        {BYTES("\0\xCB\0\0\1x"), BYTES("\x61\3"), 0},
        {BYTES("\0\xC0\0\0\3"), BYTES("\x6C\2"), 0},
        {BYTES("\0\xC0\0\0\2"), BYTES("ab\x90\0"), 0}}},
    {"T=0 case 4, less wanted", GUESS, APDU_T0, NO_CLASS, BYTES("\0\xCB\0\0\1x\2"),
     BYTES("ab\x90\0"), S_OK, {
        {BYTES("\0\xCB\0\0\1x"), BYTES("\x61\5"), 0},
        {BYTES("\0\xC0\0\0\2"), BYTES("ab\x61\3"), 0}}},
    {"T=0 case 4, 9Fxx", NATIVE, APDU_T0, NO_CLASS, BYTES("\xA0\xA4\0\0\2\x3F\0\0"),
     BYTES("\x9F\x16"), S_OK, {
        {BYTES("\xA0\xA4\0\0\2\x3F\0"), BYTES("\x9F\x16"), 0}}},
    {"T=0 case 4, 6Cxx", DOCUMENTED, APDU_T0, NO_CLASS, BYTES("\0\xCB\0\0\1x\0"), BYTES("\x6C\3"),
     S_OK, {
        {BYTES("\0\xCB\0\0\1x"), BYTES("\x6C\3"), 0}}},
    {"T=0 Le 300", GUESS, APDU_T0, NO_CLASS, BYTES("\0\xB0\0\0\0\1\x2C"), BYTES("abc\x90\0"),
     S_OK, {
        {BYTES("\0\xB0\0\0\0"), BYTES("a\x61\2"), 0},
        {BYTES("\0\xC0\0\0\2"), BYTES("bc\x90\0"), 0}}},
    {"T=0 extended, short enough", GUESS, APDU_T0, NO_CLASS, BYTES("\0\xD6\0\0\0\0\1x"),
     BYTES("\x90\0"), S_OK, {
        {BYTES("\0\xD6\0\0\1x"), BYTES("\x90\0"), 0}}},
    {"T=0 GET RESPONSE fails", DOCUMENTED, APDU_T0, NO_CLASS, BYTES("\0\xCB\0\0\1x\0"), BYTES(""),
     SCARD_W_REMOVED_CARD, {
        {BYTES("\0\xCB\0\0\1x"), BYTES("\x61\3"), 0},
        {BYTES("\0\xC0\0\0\3"), BYTES(""), SC_REMOVED_CARD}}},

    {"reset card", DOCUMENTED, APDU_T1, NO_CLASS, BYTES("\0\xB0\0\0\2"), BYTES(""),
     SCARD_W_RESET_CARD, {
        {BYTES("\0\xB0\0\0\2"), BYTES(""), SC_RESET_CARD}}},
    {"plain Win32 code", DOCUMENTED, APDU_T1, NO_CLASS, BYTES("\0\xB0\0\0\2"), BYTES(""),
     E_OUTOFMEMORY, {
        {BYTES("\0\xB0\0\0\2"), BYTES(""), SC_OUT_OF_MEMORY}}},
    {"half an answer", GUESS, APDU_T1, NO_CLASS, BYTES("\0\xB0\0\0\2"), BYTES(""),
     SCARD_E_COMM_DATA_LOST, {
        {BYTES("\0\xB0\0\0\2"), BYTES("\x90"), 0}}},
    {"no answer", GUESS, APDU_T0, NO_CLASS, BYTES("\0\xB0\0\0\2"), BYTES(""),
     SCARD_E_COMM_DATA_LOST, {
        {BYTES("\0\xB0\0\0\2"), BYTES(""), 0}}},
    {"nothing to send", GUESS, APDU_T1, NO_CLASS, BYTES(""), BYTES(""), E_INVALIDARG, {
        {BYTES(""), BYTES(""), 0}}},
};

#endif

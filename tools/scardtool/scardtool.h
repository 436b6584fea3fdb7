/*
 * scardtool: what its commands share.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * All text is UTF-16 inside; what is printed is UTF-8. A command returns an exit code below.
 */

#ifndef SCARDTOOL_SCARDTOOL_H
#define SCARDTOOL_SCARDTOOL_H

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include <stddef.h>
#include <stdint.h>

#include "scardssp.h"
#include "iccsp.h"

enum exit_code
{
    EXIT_OK = 0,
    EXIT_FAILED = 1,   /* the operation failed; the reason was printed */
    EXIT_USAGE = 2,    /* the command line makes no sense */
    EXIT_NOT_FOUND = 3, /* no reader, no card, no such card type, no such file */
    EXIT_CARD_SW = 4   /* apdu: a card answered with an error */
};

/* ---- arguments ---- */

#define MAX_VALUES 64

/* An option of a command, or one of the global ones. */
struct option
{
    const WCHAR *name;  /* with its dashes */
    const WCHAR *value; /* what its value is, for --help; NULL: a switch */
    const WCHAR *help;
};

struct arguments
{
    const struct command *command;
    BOOL json;
    int count; /* what is no option */
    WCHAR *texts[MAX_VALUES];
    int option_count; /* what is one, in order */
    const WCHAR *options[MAX_VALUES];
    const WCHAR *values[MAX_VALUES];
};

struct command
{
    const WCHAR *name, *arguments, *help;
    int least, most;              /* texts; most < 0: as many as there is room for */
    const struct option *options; /* ended by a NULL name; NULL: none */
    int (*run)(const struct arguments *arguments);
};

/* The value of the last such option ("" for a switch), NULL when it was not given. */
const WCHAR *option(const struct arguments *arguments, const WCHAR *name);

/* ---- commands ---- */

extern const struct command command_readers, command_cards, command_add, command_remove;
extern const struct command command_import, command_export, command_atr, command_apdu;
extern const struct command command_ls, command_cat, command_alias, command_reader_alias;
extern const struct command command_profile, command_probe_card, command_record, command_replay;

/* ---- the registry ---- */

/* Where what a user sets may lie, the user's own first; its name in listings. */
struct place
{
    HKEY root;
    const WCHAR *name;
};
extern const struct place places[2];
extern const struct option place_options[];         /* --machine */
HKEY place_root(const struct arguments *arguments); /* the one that the options name */

/* Says how removing name, which is a what ("alias"), ended; command lists those that are there. The
 * exit code. */
int removed(LONG result, const WCHAR *name, const WCHAR *what, const WCHAR *command);

/* ---- output ---- */

/* printf to the standard output, or to the standard error with the program's name in front. */
void out(const WCHAR *format, ...);
void out_bytes(const void *bytes, size_t length); /* as they are */
void out_hex(const BYTE *bytes, size_t length);
/* The program's exit code: code, but when not all of the output was written. */
int end_output(int code);
/* Prints what failed and why: "scardtool: WHAT: the reason (NAME)". Returns its exit code. */
int fail(HRESULT hr, const WCHAR *format, ...);
int fail_usage(const WCHAR *format, ...);
int fail_text(const WCHAR *format, ...); /* no code; EXIT_FAILED */
void warn(const WCHAR *format, ...);
/* One sentence for a code. */
const WCHAR *reason(HRESULT hr);

/* A file, whole or not at all; over another one only with replace. Says why not; its exit code. */
int write_file(const WCHAR *name, BOOL replace, const void *bytes, size_t length);

/* JSON: a key or NULL inside an array. Commas are put where they belong. At most JSON_DEPTH
 * brackets are open at once. */
#define JSON_DEPTH 8
void json_expect(void); /* the user has asked for JSON */
/* After a failure: ends what was begun; null where the user expects JSON and nothing was told. */
void json_finish(void);
void json_open(const WCHAR *key, WCHAR bracket); /* '{' or '[' */
void json_close(void);                           /* the innermost; the outermost ends the line */
void json_text(const WCHAR *key, const WCHAR *text); /* NULL: null */
void json_number(const WCHAR *key, long number);
void json_bool(const WCHAR *key, BOOL value);
void json_hex(const WCHAR *key, const BYTE *bytes, size_t length);

/* ---- text ---- */

/* Hex digits of either case, blanks and ':' between pairs allowed, into room bytes. FALSE when it
 * is something else or too long. */
BOOL parse_hex(const WCHAR *text, BYTE *bytes, size_t room, size_t *length);
/* "{...}", or the same without braces. */
BOOL parse_guid(const WCHAR *text, GUID *guid);
#define GUID_TEXT 39
const WCHAR *guid_text(const BYTE *guid, WCHAR text[GUID_TEXT]);

/* ---- the card ---- */

/* A new object of a class of the DLL. On failure says how to install it. */
HRESULT create_object(const CLSID *clsid, const IID *iid, void **object);
/* SHARED, by whichever protocol; and its end, as the last Release is. Both in limit.h's time. */
HRESULT attach_card(ISCard *card, BSTR reader);
void release_card(ISCard *card);
/* All readers' names; the caller destroys the array. */
HRESULT list_readers(SAFEARRAY **names);
BSTR array_text(SAFEARRAY *array, LONG index);
LONG array_length(SAFEARRAY *array);
/*
 * The reader that --reader names (its whole name, part of it that fits one only, or its number in
 * the list, from 0); without it the first one with a card. Fails with a message; *code is the exit
 * code then.
 */
BSTR choose_reader(const struct arguments *arguments, int *code);
#define READER_OPTION \
    {L"--reader", L"NAME", L"name, part of it or number; default: the first with a card"}

/* The ATR of the card in that reader, into CARDTYPE_ATR_MAX bytes. Fails with a message; returns
 * the exit code. */
int card_atr(const struct arguments *arguments, BYTE *atr, size_t *length);

/* All bytes of a buffer; CoTaskMemFree'd by the caller. */
HRESULT buffer_bytes(IByteBuffer *buffer, LONG size, BYTE **bytes, LONG *length);

#endif

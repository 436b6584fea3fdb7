/*
 * scardtool: card types as they are read from files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDTOOL_TYPES_H
#define SCARDTOOL_TYPES_H

#include "calais.h"

/* Room for the longest value that a record may have, and one byte to see that one is longer. */
#define TYPE_VALUE_MAX (CARDTYPE_INTERFACES_MAX * CARDTYPE_GUID_SIZE + 1)

/* The records of a file, before they are read as card types. */
struct type_record
{
    WCHAR name[CALAIS_NAME_SIZE];
    struct cardtype_value values[CARDTYPE_FIELDS];
    BYTE data[CARDTYPE_FIELDS][TYPE_VALUE_MAX];
};

struct type_records
{
    struct type_record *records;
    DWORD count;
};

/*
 * The record that a registry path (from SOFTWARE or HKEY_LOCAL_MACHINE on) names, made when it is
 * not there yet; NULL when the path is not one of the card database, or memory is short.
 */
struct type_record *records_find(struct type_records *records, const WCHAR *path);
/* Sets a value; names of others than the five are ignored. What is longer than the room is cut. */
void record_set(struct type_record *record, const WCHAR *name, DWORD type, const BYTE *data,
                size_t size);
void records_free(struct type_records *records);

/* Both read a whole file of text, NUL-terminated, which they change. */
void regfile_read(WCHAR *text, struct type_records *records);
void inffile_read(WCHAR *text, struct type_records *records);

/* Cuts the first line off *text, without its end; NULL at the end of the text. */
WCHAR *next_line(WCHAR **text);
/* Bytes of "3b,02,..." (blanks allowed); how many. What does not fit is counted, not stored. */
size_t parse_byte_list(const WCHAR *text, BYTE *bytes, size_t room);

void report_type(BOOL json, const WCHAR *name, const WCHAR *what);

#endif

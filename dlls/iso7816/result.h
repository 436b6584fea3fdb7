/*
 * The one result domain of everything below COM: a LONG as WinSCard returns it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * 0 is success; 0x8010xxxx are smart card codes with the numbers Windows gives them (pcsc-lite
 * numbers one differently); small positive values are Win32 codes. Results travel as int32_t so
 * that the pure libraries need no Windows header; dlls/base/error.c makes HRESULTs of them.
 */

#ifndef ISO7816_RESULT_H
#define ISO7816_RESULT_H

#include <stdint.h>

#define ISO_CODE(value) ((int32_t)(value))

/* Success. */
#define ISO_OK ISO_CODE(0)

/* Win32 codes (winerror.h). */
#define ISO_WIN_INVALID_HANDLE ISO_CODE(6)   /* ERROR_INVALID_HANDLE */
#define ISO_OUT_OF_MEMORY      ISO_CODE(14)  /* ERROR_OUTOFMEMORY */
#define ISO_FILE_EXISTS        ISO_CODE(80)  /* ERROR_FILE_EXISTS */
#define ISO_INVALID_ARGUMENT   ISO_CODE(87)  /* ERROR_INVALID_PARAMETER */
#define ISO_BROKEN_PIPE        ISO_CODE(109) /* ERROR_BROKEN_PIPE */
#define ISO_NOT_IMPLEMENTED    ISO_CODE(120) /* ERROR_CALL_NOT_IMPLEMENTED */

/* Smart card codes ("Authentication Return Values" on Microsoft Learn). */
#define ISO_CANCELLED           ISO_CODE(0x80100002)
#define ISO_INVALID_HANDLE      ISO_CODE(0x80100003)
#define ISO_INVALID_PARAMETER   ISO_CODE(0x80100004)
#define ISO_NO_MEMORY           ISO_CODE(0x80100006)
#define ISO_INSUFFICIENT_BUFFER ISO_CODE(0x80100008)
#define ISO_UNKNOWN_READER      ISO_CODE(0x80100009)
#define ISO_TIMEOUT             ISO_CODE(0x8010000A)
#define ISO_NO_SMARTCARD        ISO_CODE(0x8010000C)
#define ISO_PROTO_MISMATCH      ISO_CODE(0x8010000F)
#define ISO_NOT_READY           ISO_CODE(0x80100010)
#define ISO_INVALID_VALUE       ISO_CODE(0x80100011)
#define ISO_COMM_ERROR          ISO_CODE(0x80100013)
#define ISO_NOT_TRANSACTED      ISO_CODE(0x80100016)
#define ISO_READER_UNAVAILABLE  ISO_CODE(0x80100017)
#define ISO_NO_SERVICE          ISO_CODE(0x8010001D)
#define ISO_SERVICE_STOPPED     ISO_CODE(0x8010001E)
#define ISO_UNEXPECTED          ISO_CODE(0x8010001F)
#define ISO_UNSUPPORTED_FEATURE ISO_CODE(0x80100022)
#define ISO_DIR_NOT_FOUND       ISO_CODE(0x80100023)
#define ISO_FILE_NOT_FOUND      ISO_CODE(0x80100024)
#define ISO_NO_DIR              ISO_CODE(0x80100025)
#define ISO_NO_FILE             ISO_CODE(0x80100026)
#define ISO_NO_ACCESS           ISO_CODE(0x80100027)
#define ISO_WRITE_TOO_MANY      ISO_CODE(0x80100028)
#define ISO_BAD_SEEK            ISO_CODE(0x80100029)
#define ISO_INVALID_CHV         ISO_CODE(0x8010002A)
#define ISO_COMM_DATA_LOST      ISO_CODE(0x8010002F)
#define ISO_UNPOWERED_CARD      ISO_CODE(0x80100067)
#define ISO_RESET_CARD          ISO_CODE(0x80100068)
#define ISO_REMOVED_CARD        ISO_CODE(0x80100069)
#define ISO_SECURITY_VIOLATION  ISO_CODE(0x8010006A)
#define ISO_WRONG_CHV           ISO_CODE(0x8010006B)
#define ISO_CHV_BLOCKED         ISO_CODE(0x8010006C)
#define ISO_EOF                 ISO_CODE(0x8010006D)
#define ISO_CANCELLED_BY_USER   ISO_CODE(0x8010006E)
#define ISO_NOT_AUTHENTICATED   ISO_CODE(0x8010006F)

/* What a result of a call on a context or card says besides that it failed. */
enum card_event
{
    EVENT_NONE,
    EVENT_RESET,       /* the card was reset or lost power: codes must be presented again */
    EVENT_REMOVED,     /* it is gone: another one may come */
    EVENT_READER_GONE, /* and the reader with it */
    EVENT_SERVICE_GONE /* the resource manager is not there, or does not know handles of before */
};

enum card_event result_event(int32_t result);

/* True (1) when no card is there any more; when it was reset or is not there. */
int result_is_card_gone(int32_t result);
int result_is_card_lost(int32_t result);

#endif

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
#define ISO_OUT_OF_MEMORY    ISO_CODE(14)  /* ERROR_OUTOFMEMORY */
#define ISO_FILE_EXISTS      ISO_CODE(80)  /* ERROR_FILE_EXISTS */
#define ISO_INVALID_ARGUMENT ISO_CODE(87)  /* ERROR_INVALID_PARAMETER */
#define ISO_NOT_IMPLEMENTED  ISO_CODE(120) /* ERROR_CALL_NOT_IMPLEMENTED */

/* Smart card codes ("Authentication Return Values" on Microsoft Learn). */
#define ISO_CANCELLED           ISO_CODE(0x80100002)
#define ISO_INVALID_HANDLE      ISO_CODE(0x80100003)
#define ISO_INVALID_PARAMETER   ISO_CODE(0x80100004)
#define ISO_NO_MEMORY           ISO_CODE(0x80100006)
#define ISO_INSUFFICIENT_BUFFER ISO_CODE(0x80100008)
#define ISO_NO_SMARTCARD        ISO_CODE(0x8010000C)
#define ISO_TIMEOUT             ISO_CODE(0x8010000A)
#define ISO_PROTO_MISMATCH      ISO_CODE(0x8010000F)
#define ISO_NOT_READY           ISO_CODE(0x80100010)
#define ISO_NOT_TRANSACTED      ISO_CODE(0x80100016)
#define ISO_READER_UNAVAILABLE  ISO_CODE(0x80100017)
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

#endif

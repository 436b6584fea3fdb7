/*
 * The WinSCard numbers that the layers share: results, protocols, share modes, states.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A result is a LONG as WinSCard returns it; all layers below COM use these results and no others:
 * 0 is success, 0x8010xxxx are smart card codes with Windows' numbers (pcsc-lite numbers one of
 * them differently), and small positive values are Win32 codes. Results are passed as int32_t so
 * that pure code and the unix half need no Windows header; dlls/base/error.c turns them into
 * HRESULTs.
 */

#ifndef ISO7816_CODES_H
#define ISO7816_CODES_H

#include <stdint.h>

#define SC_CODE(value) ((int32_t)(value))

/* Success. */
#define SC_OK SC_CODE(0)

/* Win32 codes (winerror.h). */
#define SC_WIN_INVALID_HANDLE SC_CODE(6)   /* ERROR_INVALID_HANDLE */
#define SC_OUT_OF_MEMORY      SC_CODE(14)  /* ERROR_OUTOFMEMORY */
#define SC_FILE_EXISTS        SC_CODE(80)  /* ERROR_FILE_EXISTS */
#define SC_INVALID_ARGUMENT   SC_CODE(87)  /* ERROR_INVALID_PARAMETER */
#define SC_BROKEN_PIPE        SC_CODE(109) /* ERROR_BROKEN_PIPE */
#define SC_NOT_IMPLEMENTED    SC_CODE(120) /* ERROR_CALL_NOT_IMPLEMENTED */

/* Smart card codes ("Authentication Return Values" on Microsoft Learn). */
#define SC_INTERNAL_ERROR      SC_CODE(0x80100001)
#define SC_CANCELLED           SC_CODE(0x80100002)
#define SC_INVALID_HANDLE      SC_CODE(0x80100003)
#define SC_INVALID_PARAMETER   SC_CODE(0x80100004)
#define SC_NO_MEMORY           SC_CODE(0x80100006)
#define SC_INSUFFICIENT_BUFFER SC_CODE(0x80100008)
#define SC_UNKNOWN_READER      SC_CODE(0x80100009)
#define SC_TIMEOUT             SC_CODE(0x8010000A)
#define SC_SHARING_VIOLATION   SC_CODE(0x8010000B)
#define SC_NO_SMARTCARD        SC_CODE(0x8010000C)
#define SC_UNKNOWN_CARD        SC_CODE(0x8010000D)
#define SC_PROTO_MISMATCH      SC_CODE(0x8010000F)
#define SC_NOT_READY           SC_CODE(0x80100010)
#define SC_INVALID_VALUE       SC_CODE(0x80100011)
#define SC_COMM_ERROR          SC_CODE(0x80100013)
#define SC_NOT_TRANSACTED      SC_CODE(0x80100016)
#define SC_READER_UNAVAILABLE  SC_CODE(0x80100017)
#define SC_CARD_UNSUPPORTED    SC_CODE(0x8010001C)
#define SC_NO_SERVICE          SC_CODE(0x8010001D)
#define SC_SERVICE_STOPPED     SC_CODE(0x8010001E)
#define SC_UNEXPECTED          SC_CODE(0x8010001F)
#define SC_UNSUPPORTED_FEATURE SC_CODE(0x80100022)
#define SC_DIR_NOT_FOUND       SC_CODE(0x80100023)
#define SC_FILE_NOT_FOUND      SC_CODE(0x80100024)
#define SC_NO_DIR              SC_CODE(0x80100025)
#define SC_NO_FILE             SC_CODE(0x80100026)
#define SC_NO_ACCESS           SC_CODE(0x80100027)
#define SC_WRITE_TOO_MANY      SC_CODE(0x80100028)
#define SC_BAD_SEEK            SC_CODE(0x80100029)
#define SC_INVALID_CHV         SC_CODE(0x8010002A)
#define SC_NO_READERS          SC_CODE(0x8010002E)
#define SC_COMM_DATA_LOST      SC_CODE(0x8010002F)
#define SC_UNPOWERED_CARD      SC_CODE(0x80100067)
#define SC_RESET_CARD          SC_CODE(0x80100068)
#define SC_REMOVED_CARD        SC_CODE(0x80100069)
#define SC_SECURITY_VIOLATION  SC_CODE(0x8010006A)
#define SC_WRONG_CHV           SC_CODE(0x8010006B)
#define SC_CHV_BLOCKED         SC_CODE(0x8010006C)
#define SC_EOF                 SC_CODE(0x8010006D)
#define SC_CANCELLED_BY_USER   SC_CODE(0x8010006E)
#define SC_NOT_AUTHENTICATED   SC_CODE(0x8010006F)

/* Protocol bits. */
#define SC_PROTOCOL_T0      0x00000001u
#define SC_PROTOCOL_T1      0x00000002u
#define SC_PROTOCOL_RAW     0x00010000u
#define SC_PROTOCOL_DEFAULT 0x80000000u
#define SC_PROTOCOL_COM_RAW 0x000000ffu /* SCARD_PROTOCOLS.RAW of the type library */

/* Share modes of SCardConnect. */
#define SC_SHARE_EXCLUSIVE 1u
#define SC_SHARE_SHARED    2u
#define SC_SHARE_DIRECT    3u

/* Bits of a reader's state in SCardGetStatusChange; its high word counts the cards that came and
 * went. */
#define SC_READER_EXCLUSIVE 0x00000080u
#define SC_READER_IN_USE    0x00000100u

/* States of SCardStatus. */
#define SC_STATE_NEGOTIABLE 5u
#define SC_STATE_SPECIFIC   6u

/* The control code that queries a reader's features (PC/SC part 10). */
#define SC_GET_FEATURE (0x00310000u | 3400u << 2)

#endif

/*
 * Functions that mingw-w64's winscard.h does not have.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef WINSCARD_LATER_H
#define WINSCARD_LATER_H

#include "calls.h"

/* SCARD_AUDIT_CHV_FAILURE and SCARD_AUDIT_CHV_SUCCESS. */
#define AUDIT_FAILURE 0u
#define AUDIT_SUCCESS 1u

/* SCARD_READER_TYPE_VENDOR: of no kind that has a name. */
#define READER_TYPE_VENDOR 0xf0u

/* Windows 2000's. A handle that the caller may close, or give back; NULL when there is none. */
HANDLE WINAPI SCardAccessNewReaderEvent(void);
/* Gives the last one back. */
void WINAPI SCardReleaseNewReaderEvent(void);
/* Gives all events back. */
void WINAPI SCardReleaseAllEvents(void);

/* Windows 8's and 10's. */
LONG WINAPI SCardGetReaderIconA(SCARDCONTEXT context, const char *reader, BYTE *icon,
                                DWORD *length);
LONG WINAPI SCardGetReaderIconW(SCARDCONTEXT context, const WCHAR *reader, BYTE *icon,
                                DWORD *length);
LONG WINAPI SCardGetDeviceTypeIdA(SCARDCONTEXT context, const char *reader, DWORD *type);
LONG WINAPI SCardGetDeviceTypeIdW(SCARDCONTEXT context, const WCHAR *reader, DWORD *type);
LONG WINAPI SCardGetReaderDeviceInstanceIdA(SCARDCONTEXT context, const char *reader, char *id,
                                            DWORD *length);
LONG WINAPI SCardGetReaderDeviceInstanceIdW(SCARDCONTEXT context, const WCHAR *reader, WCHAR *id,
                                            DWORD *length);
LONG WINAPI SCardListReadersWithDeviceInstanceIdA(SCARDCONTEXT context, const char *id,
                                                  char *readers, DWORD *length);
LONG WINAPI SCardListReadersWithDeviceInstanceIdW(SCARDCONTEXT context, const WCHAR *id,
                                                  WCHAR *readers, DWORD *length);
LONG WINAPI SCardAudit(SCARDCONTEXT context, DWORD event);

/* The addresses of the three structs, for programs that import no data. */
const SCARD_IO_REQUEST *WINAPI SCardPciT0(void);
const SCARD_IO_REQUEST *WINAPI SCardPciT1(void);
const SCARD_IO_REQUEST *WINAPI SCardPciRaw(void);

/* A setup class installer: DIF_ codes, with a device set and one of its devices. */
DWORD WINAPI ClassInstall32(UINT function, HANDLE devices, void *device);

#endif

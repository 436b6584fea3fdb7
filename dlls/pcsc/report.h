/*
 * The report on the DLL's way to the cards, for scardssp-probe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef PCSC_REPORT_H
#define PCSC_REPORT_H

#include <windows.h>

/* Enough bytes for all lines, including the NUL. */
#define QUERY_SIZE 8192

/*
 * A private export, found by GetProcAddress; not for applications. Fills text (size bytes) with
 * UTF-8 lines "key=value", each ended by "\n", and a NUL; a value is one line:
 *   abi, version             of the running code, which need not be the file in the prefix
 *   transport                unix or winscard: the one that an attachment by name would use
 *   unix.result              0, or why the unix half cannot be used, as 0x%08x
 *   unix.text                cause and remedy, when there is something to say
 *   unix.abi                 the unix half's, matching or not; only when there is one
 *   unix.file                scardssp.so; this and the next three only while unix.result is 0
 *   pcsclite.name            the name that was loaded, "" when it cannot be
 *   pcsclite.file            the file that this name led to
 *   socket                   where libpcsclite looks for pcscd
 *   service.result           the result of opening a context over transport
 *   service.text             cause and remedy, when there is something to say
 * Opens the way to the cards as an attachment would, so it must not be called under the loader
 * lock. Returns 0, or ERROR_INSUFFICIENT_BUFFER (122) with text "" (for NULL: untouched).
 */
LONG WINAPI ScardsspQuery(char *text, DWORD size);
typedef LONG(WINAPI *scardssp_query_function)(char *text, DWORD size);

#endif

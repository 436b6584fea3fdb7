/*
 * What the DLL tells about its way to the cards, for scardssp-probe.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef PCSC_REPORT_H
#define PCSC_REPORT_H

#include <windows.h>

/* Enough for all lines, the NUL counted, in bytes. */
#define QUERY_SIZE 8192

/*
 * A private export, found by GetProcAddress; not part of what applications may use. Fills text
 * (size bytes) with lines "key=value", UTF-8, ended by "\n" each and a NUL; a value is one line:
 *   abi, version             of the code that runs, which need not be the file in the prefix
 *   transport                unix or winscard: what an attachment by name would use
 *   unix.result              0, or why the unix half cannot be used, as 0x%08x
 *   unix.text                cause and remedy, when there is something to say
 *   unix.abi                 the unix half's, whether it fits or not; only where there is one
 *   unix.file                scardssp.so; this and the next three only while unix.result is 0
 *   pcsclite.name            what was asked for, "" when it cannot be loaded
 *   pcsclite.file            the file that this led to
 *   socket                   where pcscd is looked for
 *   service.result           of opening a context over transport
 *   service.text             cause and remedy, when there is something to say
 * Opens the way to the cards as an attachment would, so it may not be called under the loader lock.
 * Returns 0, or ERROR_INSUFFICIENT_BUFFER (122) with text "" (for NULL: untouched).
 */
LONG WINAPI ScardsspQuery(char *text, DWORD size);
typedef LONG(WINAPI *scardssp_query_function)(char *text, DWORD size);

#endif

/*
 * scardssp-probe: what its parts share.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Output is lines "key=value", UTF-8, through scardtool's out(). Codes are 0x%08x. Keys stay as
 * they are once released: scardssp-setup doctor reads them.
 */

#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include "../scardtool/scardtool.h"

#include "../scardtool/limit.h"

/* key=0x%08x. TRUE when it is a success (0 for Win32 codes and HRESULTs alike). */
BOOL say_code(const WCHAR *key, const WCHAR *name, LONG code);

/* The DLL of the system directory: file, version, and what it says of itself. TRUE when it was
 * loaded and has a service to talk to. */
BOOL probe_dll(void);

/* Each class: whether it is registered, where, whether an object can be made. TRUE for all. */
BOOL probe_classes(void);

/* Readers, cards, and one exchange by COM. TRUE when one card answered. */
BOOL probe_cards(void);

/* The smart card DLLs and classes that a program needs, and how Wine's own ones do. path is "-" for
 * the standard input. */
int probe_program(const WCHAR *path);

/* What registering changes in the registry: a command of "save", "begin", "record", "end" and
 * "restore", see main.c. */
int probe_registry(const WCHAR *command);

/* By which winscard.dll and the like, of name, programs are served that are called as this one
 * is: where it lies, whether it is Wine's own, where its functions are. The module, or NULL. */
HMODULE probe_forwarder(const WCHAR *name);

/* The same for all of them. */
void probe_forwarders(void);

/* The overrides of the user's registry: a command of "look", "set" and "restore", see
 * overrides.c. */
int probe_overrides(const WCHAR *command);

/* The service SCardSvr: whether there is one, its program and its state. */
void probe_scardsvr(void);

/* The same, registered before or removed after: a command of "look", "install" and "remove", see
 * main.c. */
int probe_scardsvr_command(const WCHAR *command);

/* All that is in a file; CoTaskMemFree'd by the caller. NULL after a failure, or when it is too
 * long. */
BYTE *read_all(HANDLE file, size_t *size);

#endif

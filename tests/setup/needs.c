/*
 * A program that imports winscard.dll and loads scarddlg.dll by name, for doctor to look at.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include <winscard.h>

int main(void)
{
    SCARDCONTEXT context;

    if (!LoadLibraryW(L"scarddlg.dll"))
        return 1;
    return SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context) != 0;
}

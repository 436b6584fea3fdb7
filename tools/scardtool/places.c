/*
 * scardtool: the user's and the machine's part of the registry, and what is removed from there.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

#include "base/error.h"

const struct place places[2] = {{HKEY_CURRENT_USER, L"user"}, {HKEY_LOCAL_MACHINE, L"machine"}};

const struct option place_options[] =
{
    {L"--machine", NULL, L"of HKEY_LOCAL_MACHINE, for all users of the prefix"},
    {NULL, NULL, NULL},
};

HKEY place_root(const struct arguments *arguments)
{
    return option(arguments, L"--machine") ? HKEY_LOCAL_MACHINE : HKEY_CURRENT_USER;
}

int removed(LONG result, const WCHAR *name, const WCHAR *what, const WCHAR *command)
{
    if (result == ERROR_FILE_NOT_FOUND)
    {
        fail_text(L"%ls is no %ls here; scardtool %ls lists them", name, what, command);
        return EXIT_NOT_FOUND;
    }
    if (result)
        return fail(error_hresult(result), L"%ls", name);
    out(L"%ls is no %ls any more\n", name, what);
    return EXIT_OK;
}

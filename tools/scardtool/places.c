/*
 * scardtool: the user's and the machine's part of the registry.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

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

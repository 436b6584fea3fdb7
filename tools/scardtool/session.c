/*
 * scardtool record, replay: done by the script scardtool, since they start programs of the system;
 * here they have their usage.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

static int run(const struct arguments *arguments)
{
    return fail_text(L"%ls is a command of the system's own scardtool, not of this program",
                     arguments->command->name);
}

static const struct option record_options[] =
{
    {L"--output", L"FILE", L"the record; by default PROGRAM.session, here"},
    {0},
};

const struct command command_record =
{
    L"record", L"PROGRAM [ARGUMENT]...", L"run a program, and record what it and cards say",
    1, -1, record_options, run,
};

const struct command command_replay =
{
    L"replay", L"FILE [PROGRAM [ARGUMENT]...]", L"be the card of a record, for a program",
    1, -1, NULL, run,
};

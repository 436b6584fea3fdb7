/*
 * scardtool: the command line.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

#include <shellapi.h>

#include "limit.h"

static const struct command *const commands[] =
{
    &command_readers, &command_atr, &command_record, &command_replay, &command_import,
    &command_cards, &command_add, &command_remove, &command_export, &command_apdu, &command_ls,
    &command_cat, &command_alias, &command_reader_alias, &command_profile,
    &command_probe_card,
};

static int show_help(void)
{
    unsigned i;

    out(L"Usage: scardtool COMMAND [OPTIONS] [ARGUMENTS]\n"
        L"The first three of these commands are what people need:\n\n");
    for (i = 0; i < ARRAYSIZE(commands); i++)
        out(L"  %-12ls %ls\n", commands[i]->name, commands[i]->help);
    out(L"\n  --json      machine-readable output\n"
        L"  --help      this text; behind a command, its own\n"
        L"  --version   the program's version\n"
        L"Exit status, and more: man scardtool\n");
    return EXIT_OK;
}

static int show_command_help(const struct command *command)
{
    const struct option *at;

    out(L"Usage: scardtool %ls [OPTIONS]%ls%ls\n%ls\n\n", command->name,
        command->arguments[0] ? L" " : L"", command->arguments, command->help);
    for (at = command->options; at && at->name; at++)
        out(L"  %-15ls %-8ls %ls\n", at->name, at->value ? at->value : L"", at->help);
    /* The script that does these two has none. */
    if (command != &command_record && command != &command_replay)
        out(L"  %-15ls %-8ls machine-readable output\n", L"--json", L"");
    return EXIT_OK;
}

static BOOL is_either(const WCHAR *text, const WCHAR *letter, const WCHAR *word)
{
    return !lstrcmpW(text, letter) || !lstrcmpW(text, word);
}

static const struct command *find_command(const WCHAR *name)
{
    unsigned i;

    for (i = 0; i < ARRAYSIZE(commands); i++)
        if (!lstrcmpW(commands[i]->name, name))
            return commands[i];
    return NULL;
}

static const struct option *find_option(const struct command *command, const WCHAR *name)
{
    const struct option *at;

    for (at = command->options; at && at->name; at++)
        if (!lstrcmpW(at->name, name))
            return at;
    return NULL;
}

const WCHAR *option(const struct arguments *arguments, const WCHAR *name)
{
    int i;

    for (i = arguments->option_count - 1; i >= 0; i--)
        if (!lstrcmpW(arguments->options[i], name))
            return arguments->values[i];
    return NULL;
}

/* One argument from argv on; returns how many were used, 0 after an error. */
static int read_argument(int left, WCHAR **argv, BOOL no_options, struct arguments *arguments)
{
    const struct option *found;

    if (no_options || argv[0][0] != '-' || !argv[0][1])
    {
        if (arguments->count == MAX_VALUES)
            return fail_usage(L"more than %d arguments", MAX_VALUES), 0;
        arguments->texts[arguments->count++] = argv[0];
        return 1;
    }
    if (!lstrcmpW(argv[0], L"--json"))
    {
        json_expect();
        return arguments->json = TRUE;
    }
    if (!(found = find_option(arguments->command, argv[0])))
        return fail_usage(L"unknown option %ls; see scardtool %ls --help", argv[0],
                          arguments->command->name),
               0;
    if (found->value && left < 2)
        return fail_usage(L"%ls needs a value: %ls", found->name, found->value), 0;
    if (arguments->option_count == MAX_VALUES)
        return fail_usage(L"more than %d options", MAX_VALUES), 0;
    arguments->options[arguments->option_count] = found->name;
    arguments->values[arguments->option_count++] = found->value ? argv[1] : L"";
    return found->value ? 2 : 1;
}

static int run_command(const struct command *command, int argc, WCHAR **argv)
{
    struct arguments arguments = {.command = command};
    BOOL no_options = FALSE;
    int i, used;

    for (i = 0; i < argc; i += used)
    {
        used = 1;
        if (!no_options && is_either(argv[i], L"-h", L"--help"))
            return show_command_help(command);
        if (!no_options && !lstrcmpW(argv[i], L"--"))
            no_options = TRUE;
        else if (!(used = read_argument(argc - i, argv + i, no_options, &arguments)))
            return EXIT_USAGE;
    }
    if (arguments.count < command->least || (command->most >= 0 && arguments.count > command->most))
        return fail_usage(L"scardtool %ls takes %ls; see scardtool %ls --help", command->name,
                          command->arguments[0] ? command->arguments : L"no argument",
                          command->name);
    return command->run(&arguments);
}

static int run(int argc, WCHAR **argv)
{
    const struct command *command;
    int first = 1;

    if (argc < 2)
        return fail_usage(L"no command; see scardtool --help");
    if (is_either(argv[1], L"-h", L"--help") || !lstrcmpW(argv[1], L"help"))
        return show_help();
    if (is_either(argv[1], L"-V", L"--version"))
    {
        out(L"scardtool %hs\n", PACKAGE_VERSION);
        return EXIT_OK;
    }
    /* --json may stand in front of the command too: it goes to the command. */
    if (!lstrcmpW(argv[1], L"--json") && argc > 2)
    {
        argv[1] = argv[2];
        argv[2] = (WCHAR *)L"--json";
    }
    if (!(command = find_command(argv[first])))
        return fail_usage(L"unknown command %ls; see scardtool --help", argv[first]);
    return run_command(command, argc - 2, argv + 2);
}

void limit_passed(const WCHAR *what, unsigned seconds)
{
    WCHAR socket[MAX_PATH];
    DWORD length = GetEnvironmentVariableW(L"PCSCLITE_CSOCK_NAME", socket, ARRAYSIZE(socket));

    if (!lstrcmpW(what, L"command"))
        fail_text(L"the card has not answered for %u seconds; take it out and put it in again, or "
                  L"restart pcscd: systemctl restart pcscd.socket pcscd",
                  seconds);
    else if (!lstrcmpW(what, L"card"))
        fail_text(L"the card was not to be had for %u seconds: another program keeps it, or pcscd "
                  L"hangs; end that program, or run: systemctl restart pcscd.socket pcscd",
                  seconds);
    else if (length && length < ARRAYSIZE(socket))
        fail_text(L"what listens at %ls has not answered for %u seconds; correct or unset "
                  L"PCSCLITE_CSOCK_NAME, or restart what makes that socket",
                  socket, seconds);
    else
        fail_text(L"pcscd accepts and has not answered for %u seconds; run: systemctl restart "
                  L"pcscd.socket pcscd",
                  seconds);
    json_finish();
}

int main(void)
{
    WCHAR **argv;
    int argc, code;

    SetConsoleOutputCP(CP_UTF8);
    if (!(argv = CommandLineToArgvW(GetCommandLineW(), &argc)))
        return fail(E_OUTOFMEMORY, L"the command line");
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    code = end_output(run(argc, argv));
    CoUninitialize();
    LocalFree(argv);
    return code;
}

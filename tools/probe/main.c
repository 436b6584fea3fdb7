/*
 * scardssp-probe: what scardssp finds on its way to the card, as lines for scardssp-setup doctor.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "probe.h"

#include <shellapi.h>

static int show_help(void)
{
    out(L"Usage: scardssp-probe [--program FILE | --forwarders | --registry COMMAND |\n"
        L"                      --overrides COMMAND | --scardsvr COMMAND]\n"
        L"Walks from scardssp.dll to the card and prints what it finds, as lines KEY=VALUE.\n"
        L"\n"
        L"  --program FILE  instead: which smart card DLLs and classes the program FILE needs,\n"
        L"                  and whether Wine's own ones work; - for the standard input\n"
        L"  --forwarders    instead: which winscard.dll and the like a program gets that is\n"
        L"                  called as this one is\n"
        L"  --registry COMMAND\n"
        L"                  instead: the keys below which scardssp registers anything. save\n"
        L"                  prints them; begin, record and end print what the standard input\n"
        L"                  has of them, with what they are before registering, after it, and\n"
        L"                  before it is undone; restore makes of them what they were, by the\n"
        L"                  standard input\n"
        L"  --overrides COMMAND\n"
        L"                  instead: the overrides that the standard input names. look prints\n"
        L"                  what they are; set makes Wine take the prefix's own DLL; restore\n"
        L"                  makes of them what they were, by the standard input\n"
        L"  --scardsvr COMMAND\n"
        L"                  instead: the service SCardSvr. look prints what it is; install\n"
        L"                  registers it where there is none, and starts what it registered;\n"
        L"                  remove undoes that\n"
        L"  --help          this text\n"
        L"  --version       the program's version\n"
        L"\n"
        L"scardssp-setup runs this in each width and explains the answers.\n"
        L"Exit codes: 0 all works, or the program was read; 1 something does not; 2 wrong usage\n");
    return EXIT_OK;
}

BOOL say_code(const WCHAR *key, const WCHAR *name, LONG code)
{
    out(L"%ls%ls=0x%08lx\n", key, name, code);
    return !code;
}

void limit_passed(const WCHAR *what, unsigned seconds)
{
    out(L"late=%ls\nlate.seconds=%u\n", what, seconds);
}

static int probe(void)
{
    BOOL good;

    out(L"probe.version=%hs\nprobe.bits=%u\n", PACKAGE_VERSION, (unsigned)sizeof(void *) * 8);
    /* Each part says what it can, whatever the one before found. */
    good = probe_dll();
    probe_scardsvr();
    good = probe_classes() && good;
    good = probe_cards() && good;
    probe_forwarders();
    out(L"result=%ls\n", good ? L"ok" : L"failed");
    return good ? EXIT_OK : EXIT_FAILED;
}

static int run(int argc, WCHAR **argv)
{
    if (argc == 1)
        return probe();
    if (!lstrcmpW(argv[1], L"--help"))
        return show_help();
    if (!lstrcmpW(argv[1], L"--version"))
    {
        out(L"scardssp-probe %hs\n", PACKAGE_VERSION);
        return EXIT_OK;
    }
    if (argc == 3 && !lstrcmpW(argv[1], L"--program"))
        return probe_program(argv[2]);
    if (argc == 2 && !lstrcmpW(argv[1], L"--forwarders"))
    {
        probe_forwarders();
        return EXIT_OK;
    }
    if (argc == 3 && !lstrcmpW(argv[1], L"--overrides"))
        return probe_overrides(argv[2]);
    if (argc == 3 && !lstrcmpW(argv[1], L"--scardsvr"))
        return probe_scardsvr_command(argv[2]);
    if (argc == 3 && !lstrcmpW(argv[1], L"--registry"))
        return probe_registry(argv[2]);
    show_help();
    return EXIT_USAGE;
}

int main(void)
{
    WCHAR **argv;
    int argc, code;

    /* A DLL that cannot be loaded is an answer, not a box to click away. */
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX);
    if (!(argv = CommandLineToArgvW(GetCommandLineW(), &argc)))
        return EXIT_FAILED;
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    code = run(argc, argv);
    CoUninitialize();
    LocalFree(argv);
    return code;
}

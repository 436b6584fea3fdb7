/*
 * scardtool reader-alias: other names of readers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

#include "base/error.h"
#include "registry/readernames.h"

static void print_alias(const struct arguments *arguments, const struct readeralias *alias,
                        const WCHAR *place)
{
    if (!arguments->json)
    {
        out(L"%ls = %ls (%ls)\n", alias->name, alias->reader, place);
        return;
    }
    json_open(NULL, '{');
    json_text(L"alias", alias->name);
    json_text(L"reader", alias->reader);
    json_text(L"place", place);
    json_close();
}

static int list_all(const struct arguments *arguments)
{
    struct readeralias alias;
    LONG result;
    DWORD index;
    unsigned i;

    if (arguments->json)
        json_open(NULL, '[');
    for (i = 0; i < ARRAYSIZE(places); i++)
        for (index = 0;
             (result = readeralias_enumerate(places[i].root, index, &alias)) != ERROR_NO_MORE_ITEMS;
             index++)
        {
            if (result)
                warn(L"alias %lu (%ls) is damaged", index + 1, places[i].name);
            else
                print_alias(arguments, &alias, places[i].name);
        }
    if (arguments->json)
        json_close();
    return EXIT_OK;
}

static int add(HKEY root, const WCHAR *name, const WCHAR *reader)
{
    LONG result;

    if (!readeralias_valid(name) || !readeralias_valid(reader))
        return fail_usage(L"a reader's name has 1 to 127 bytes and no control characters");
    if ((result = readeralias_add(root, name, reader)))
        return fail(error_hresult(result), L"%ls", name);
    out(L"%ls is %ls now\n", name, reader);
    return EXIT_OK;
}

static int remove_one(HKEY root, const WCHAR *name)
{
    return removed(readeralias_remove(root, name), name, L"alias", L"reader-alias");
}

static int run_reader_alias(const struct arguments *arguments)
{
    HKEY root = place_root(arguments);
    WCHAR *const *texts = arguments->texts;

    if (!arguments->count || (arguments->count == 1 && !lstrcmpW(texts[0], L"list")))
        return list_all(arguments);
    if (arguments->count == 3 && !lstrcmpW(texts[0], L"add"))
        return add(root, texts[1], texts[2]);
    if (arguments->count == 2 && !lstrcmpW(texts[0], L"remove"))
        return remove_one(root, texts[1]);
    return fail_usage(L"it is: list, add NAME READER, or remove NAME");
}

const struct command command_reader_alias =
{
    L"reader-alias", L"[list | add NAME READER | remove NAME]",
    L"another name for a reader, * in READER stands for any text", 0, 3, place_options,
    run_reader_alias,
};

/*
 * scardtool alias: vendors' CLSIDs that get our classes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

#include "registry/classalias.h"
#include "base/error.h"

/* The classes that a provider has, in the order of the sets below. */
static const WCHAR *const classes[] = {L"SCardManage", L"SCardAuth", L"SCardFileAccess",
                                       L"SCardVerify"};

/* Providers whose CLSIDs programs are known to name. */
static const struct
{
    const WCHAR *name;
    CLSID clsids[ARRAYSIZE(classes)];
} sets[] =
{
    {L"sicrypt", /* of Windows XP */
     {{0xA80F1101, 0xD1F8, 0x11D0, {0xB5, 0xC5, 0x00, 0xA0, 0x24, 0x29, 0x7E, 0xD9}},
      {0xA80F1102, 0xD1F8, 0x11D0, {0xB5, 0xC5, 0x00, 0xA0, 0x24, 0x29, 0x7E, 0xD9}},
      {0xA80F1103, 0xD1F8, 0x11D0, {0xB5, 0xC5, 0x00, 0xA0, 0x24, 0x29, 0x7E, 0xD9}},
      {0xA80F1104, 0xD1F8, 0x11D0, {0xB5, 0xC5, 0x00, 0xA0, 0x24, 0x29, 0x7E, 0xD9}}}},
};

/* Programs of both widths look into views of their own. */
static const REGSAM views[] = {KEY_WOW64_32KEY, KEY_WOW64_64KEY};

static unsigned view_count(void)
{
    BOOL wow64 = sizeof(void *) == 8;

    if (!wow64)
        IsWow64Process(GetCurrentProcess(), &wow64);
    return wow64 ? ARRAYSIZE(views) : 1; /* a 32-bit system has one view */
}

/* ---- listing ---- */

static void print_alias(const struct arguments *arguments, const CLSID *clsid, const WCHAR *name,
                        REGSAM view)
{
    const WCHAR *bits = view == KEY_WOW64_64KEY ? L"64" : L"32";
    WCHAR text[GUID_TEXT];

    guid_text((const BYTE *)clsid, text);
    if (!arguments->json)
    {
        out(L"%ls  %ls-bit  %ls\n", text, bits, name[0] ? name : L"(registered over by others)");
        return;
    }
    json_open(NULL, '{');
    json_text(L"clsid", text);
    json_text(L"bits", bits);
    json_text(L"class", name[0] ? name : NULL);
    json_close();
}

static int list_aliases(const struct arguments *arguments)
{
    WCHAR name[ALIAS_NAME];
    LONG result = ERROR_SUCCESS;
    CLSID clsid;
    DWORD index;
    unsigned i;

    if (arguments->json)
        json_open(NULL, '[');
    for (i = 0; i < view_count(); i++)
        for (index = 0;
             (result = classalias_enumerate(index, views[i], &clsid, name)) != ERROR_NO_MORE_ITEMS;
             index++)
        {
            if (result && result != ERROR_INVALID_DATA)
                break;
            if (!result)
                print_alias(arguments, &clsid, name, views[i]);
        }
    if (arguments->json)
        json_close();
    return result == ERROR_NO_MORE_ITEMS ? EXIT_OK
                                         : fail(error_hresult(result), L"the list of aliases");
}

/* ---- changing ---- */

static int add_one(const CLSID *clsid, const WCHAR *class)
{
    WCHAR dll[MAX_PATH + sizeof("\\scardssp.dll")], text[GUID_TEXT];
    LONG result;
    unsigned i;

    GetSystemDirectoryW(dll, MAX_PATH);
    lstrcatW(dll, L"\\scardssp.dll");
    guid_text((const BYTE *)clsid, text);
    for (i = 0; i < view_count(); i++)
        if ((result = classalias_add(clsid, class, dll, views[i])))
            return fail(error_hresult(result), L"%ls as %ls", text, class);
    out(L"%ls is %ls now\n", text, class);
    return EXIT_OK;
}

static int remove_one(const CLSID *clsid)
{
    LONG result, failure = ERROR_SUCCESS;
    WCHAR text[GUID_TEXT];
    BOOL found = FALSE;
    unsigned i;

    guid_text((const BYTE *)clsid, text);
    for (i = 0; i < view_count(); i++)
    {
        if (!(result = classalias_remove(clsid, views[i])))
            found = TRUE;
        else if (result != ERROR_FILE_NOT_FOUND)
            failure = result;
    }
    if (!failure && !found)
        failure = ERROR_FILE_NOT_FOUND;
    return removed(failure, text, L"alias", L"alias");
}

static int remove_all(void)
{
    LONG result;
    unsigned i;

    for (i = 0; i < view_count(); i++)
        if ((result = classalias_remove_all(views[i])))
            return fail(error_hresult(result), L"some aliases could not be removed");
    return EXIT_OK;
}

static int change(BOOL removing, const CLSID *clsid, const WCHAR *class)
{
    return removing ? remove_one(clsid) : add_one(clsid, class);
}

static int change_set(BOOL removing, const WCHAR *name)
{
    int code, worst = EXIT_OK;
    unsigned i, j;

    for (i = 0; i < ARRAYSIZE(sets); i++)
    {
        if (lstrcmpiW(sets[i].name, name))
            continue;
        for (j = 0; j < ARRAYSIZE(classes); j++)
            if ((code = change(removing, &sets[i].clsids[j], classes[j])))
                worst = code;
        return worst;
    }
    return fail_usage(L"unknown set %ls; there is: sicrypt", name);
}

static const WCHAR *known_class(const WCHAR *name)
{
    unsigned i;

    for (i = 0; i < ARRAYSIZE(classes); i++)
        if (!lstrcmpiW(classes[i], name))
            return classes[i];
    return NULL;
}

static int run_alias(const struct arguments *arguments)
{
    const WCHAR *set = option(arguments, L"--set"), *class = classes[0];
    BOOL removing = option(arguments, L"--remove") != NULL;
    CLSID clsid;

    if (option(arguments, L"--all"))
        return removing && !set && !arguments->count
                   ? remove_all()
                   : fail_usage(L"--all goes with --remove alone");
    if (set)
        return arguments->count ? fail_usage(L"--set and a CLSID do not go together")
                                : change_set(removing, set);
    if (!arguments->count)
        return removing ? fail_usage(L"--remove needs a CLSID, --set or --all")
                        : list_aliases(arguments);
    if (!parse_guid(arguments->texts[0], &clsid))
        return fail_usage(L"%ls is no CLSID", arguments->texts[0]);
    if (arguments->count > 1 && !(class = known_class(arguments->texts[1])))
        return fail_usage(L"unknown class %ls; there are SCardManage, SCardAuth, SCardFileAccess "
                          L"and SCardVerify",
                          arguments->texts[1]);
    return change(removing, &clsid, class);
}

static const struct option options[] =
{
    {L"--set", L"NAME", L"all CLSIDs of a provider; there is: sicrypt (of Windows XP)"},
    {L"--remove", NULL, L"end the alias; what was registered before comes back"},
    {L"--all", NULL, L"with --remove: all aliases"},
    {NULL, NULL, NULL},
};

const struct command command_alias =
{
    L"alias", L"[CLSID [CLASS]]", L"let a vendor's CLSID be SCardManage, or another class", 0, 2,
    options, run_alias,
};

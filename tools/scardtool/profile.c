/*
 * scardtool profile: descriptions of card families that are not built in.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

#include <stdlib.h>

#include "base/error.h"
#include "icc/profiletext.h"
#include "registry/profile_value.h"
#include "textfile.h"

/* ---- files ---- */

/* Tells which line of a text is wrong, and why. */
static BOOL is_profile(const WCHAR *label, const char *text, size_t length, char *name)
{
    struct profiletext profile;
    struct profiletext_error error;
    BOOL good = !profiletext_parse(text, length, &profile, &error);

    if (good)
        lstrcpynA(name, profile.name, PROFILETEXT_MAX_NAME + 1);
    else
        fail_text(L"%ls:%u: %hs", label, error.line, error.message);
    return good;
}

/* A file's text, CoTaskMemFree'd by the caller, and the name in it; NULL after a message. */
static WCHAR *read_profile(const WCHAR *path, char name[PROFILETEXT_MAX_NAME + 1], int *code)
{
    struct textfile file;
    HRESULT hr = textfile_read(path, &file);
    WCHAR *wide = file.text;
    char *text = NULL;
    int length = 0;

    *code = EXIT_FAILED;
    if (FAILED(hr))
    {
        *code = fail(hr, L"%ls", path);
        return NULL;
    }
    if (lstrlenW(wide) <= (int)PROFILETEXT_MAX_SIZE)
        length = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
    if (!length)
        fail_text(L"%ls has more than 64 KiB", path);
    else if (!(text = malloc(length)))
        fail(E_OUTOFMEMORY, L"%ls", path);
    else
        WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, length, NULL, NULL);
    if (text && is_profile(path, text, length - 1, name))
        *code = EXIT_OK;
    free(text);
    if (*code == EXIT_OK)
        return wide;
    CoTaskMemFree(wide);
    return NULL;
}

static int check(const WCHAR *path)
{
    char name[PROFILETEXT_MAX_NAME + 1];
    int code;
    WCHAR *text = read_profile(path, name, &code);

    if (text)
        out(L"%ls is a profile: %hs\n", path, name);
    CoTaskMemFree(text);
    return code;
}

/* ---- the registry ---- */

static int add(HKEY root, const WCHAR *path)
{
    char name[PROFILETEXT_MAX_NAME + 1];
    WCHAR wide[PROFILETEXT_MAX_NAME + 1], *text;
    LONG result;
    HKEY key;
    int code;

    if (!(text = read_profile(path, name, &code)))
        return code;
    MultiByteToWideChar(CP_UTF8, 0, name, -1, wide, ARRAYSIZE(wide));
    if (!(result = RegCreateKeyExW(root, PROFILEVALUE_KEY, 0, NULL, 0,
                                   KEY_SET_VALUE | PROFILEVALUE_VIEW, NULL, &key, NULL)))
    {
        result = RegSetValueExW(key, wide, 0, REG_SZ, (const BYTE *)text,
                                (lstrlenW(text) + 1) * sizeof(WCHAR));
        RegCloseKey(key);
    }
    CoTaskMemFree(text);
    if (result)
        return fail(error_hresult(result), L"%ls", wide);
    out(L"%ls is a profile of this prefix now\n", wide);
    return EXIT_OK;
}

static int remove_one(HKEY root, const WCHAR *name)
{
    LONG result;
    HKEY key;

    if (!(result =
              RegOpenKeyExW(root, PROFILEVALUE_KEY, 0, KEY_SET_VALUE | PROFILEVALUE_VIEW, &key)))
    {
        result = RegDeleteValueW(key, name);
        RegCloseKey(key);
    }
    return removed(result, name, L"profile", L"profile");
}

static void print_profile(BOOL json, const WCHAR *name, const WCHAR *place, const WCHAR *state)
{
    if (!json)
    {
        out(L"%ls (%ls%ls%ls)\n", name, place, state ? L"; " : L"", state ? state : L"");
        return;
    }
    json_open(NULL, '{');
    json_text(L"name", name);
    json_text(L"place", place);
    json_text(L"error", state);
    json_close();
}

struct listing
{
    BOOL json;
    const WCHAR *place;
};

static void list_one(void *context, const struct profile_value *value)
{
    const struct listing *listing = context;
    WCHAR state[PROFILETEXT_MAX_MESSAGE + 16] = L"damaged";
    struct profiletext_error error;
    struct profiletext profile;
    BOOL good = !value->result && !profiletext_parse(value->text, value->length, &profile, &error);

    if (!good && !value->result)
        wsprintfW(state, L"line %u: %hs", error.line, error.message);
    print_profile(listing->json, value->name, listing->place, good ? NULL : state);
}

static int list_all(BOOL json)
{
    unsigned i;

    if (json)
        json_open(NULL, '[');
    for (i = 0; i < ARRAYSIZE(places); i++)
    {
        struct listing listing = {json, places[i].name};

        profile_value_each(places[i].root, list_one, &listing);
    }
    if (json)
        json_close();
    return EXIT_OK;
}

static int run_profile(const struct arguments *arguments)
{
    HKEY root = place_root(arguments);
    WCHAR *const *texts = arguments->texts;

    if (!arguments->count || (arguments->count == 1 && !lstrcmpW(texts[0], L"list")))
        return list_all(arguments->json);
    if (arguments->count == 2 && !lstrcmpW(texts[0], L"check"))
        return check(texts[1]);
    if (arguments->count == 2 && !lstrcmpW(texts[0], L"add"))
        return add(root, texts[1]);
    if (arguments->count == 2 && !lstrcmpW(texts[0], L"remove"))
        return remove_one(root, texts[1]);
    return fail_usage(L"it is: list, check FILE, add FILE, or remove NAME");
}

const struct command command_profile =
{
    L"profile", L"[list | check FILE | add FILE | remove NAME]",
    L"descriptions of card families that are not built in", 0, 2, place_options, run_profile,
};

/*
 * scardtool: which reader a command means.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

#include <wchar.h>
#include <winscard.h>

static BOOL contains(const WCHAR *text, const WCHAR *part)
{
    int length = lstrlenW(part);

    for (; lstrlenW(text) >= length; text++)
        if (CompareStringOrdinal(text, length, part, length, TRUE) == CSTR_EQUAL)
            return TRUE;
    return FALSE;
}

/* The index that wanted names: -1 none, -2 several. */
static LONG find_reader(SAFEARRAY *names, const WCHAR *wanted)
{
    LONG i, found = -1, count = array_length(names);
    WCHAR *end;
    BSTR name;
    int same;

    i = wcstol(wanted, &end, 10);
    if (*wanted && !*end && i >= 0 && i < count)
        return i;
    for (i = 0; i < count; i++)
    {
        name = array_text(names, i);
        same = !lstrcmpiW(name, wanted);
        if (!same && contains(name, wanted))
            found = found == -1 ? i : -2;
        SysFreeString(name);
        if (same)
            return i;
    }
    return found;
}

/* The first reader in which a card answers. */
static LONG find_card(SAFEARRAY *names, HRESULT *hr)
{
    LONG i, count = array_length(names);
    ISCard *card;
    BSTR name;

    if (FAILED(*hr = create_object(&CLSID_CSCard, &IID_ISCard, (void **)&card)))
        return -1;
    *hr = SCARD_E_NO_SMARTCARD;
    for (i = 0; i < count; i++)
    {
        name = array_text(names, i);
        *hr = attach_card(card, name);
        SysFreeString(name);
        if (SUCCEEDED(*hr) || *hr == SCARD_E_SHARING_VIOLATION)
            break;
    }
    release_card(card);
    return i < count ? i : -1;
}

BSTR choose_reader(const struct arguments *arguments, int *code)
{
    const WCHAR *wanted = option(arguments, L"--reader");
    SAFEARRAY *names;
    BSTR name = NULL;
    HRESULT hr;
    LONG index;

    *code = EXIT_OK;
    if (FAILED(hr = list_readers(&names)))
    {
        *code = fail(hr, L"the readers cannot be listed");
        return NULL;
    }
    index = wanted ? find_reader(names, wanted) : find_card(names, &hr);
    if (index >= 0)
        name = array_text(names, index);
    else if (index == -2)
        *code = fail_usage(L"several readers are called like %ls", wanted);
    else if (wanted)
        *code = fail(SCARD_E_UNKNOWN_READER, L"%ls", wanted);
    else
        *code = fail(hr, L"no card can be used");
    SafeArrayDestroy(names);
    return name;
}

/*
 * Arrays that are no lists of strings, and strings that are no names, for methods that want those.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h and ole2.h.
 */

#ifndef TESTS_COM_BADTEXTS_H
#define TESTS_COM_BADTEXTS_H

/* A BSTR of so many letters. */
TEST_USED static BSTR long_string(UINT length)
{
    BSTR string = SysAllocStringLen(NULL, length);
    UINT i;

    for (i = 0; i < length; i++)
        string[i] = 'x';
    return string;
}

/* A copy of text with a NUL and another letter behind it. */
TEST_USED static BSTR string_with_nul(const WCHAR *text)
{
    UINT length = wcslen(text);
    BSTR string = SysAllocStringLen(NULL, length + 2);

    memcpy(string, text, length * sizeof(WCHAR));
    string[length] = 0;
    string[length + 1] = 'x';
    return string;
}

/* What a C program passes that takes a literal for a BSTR: no length before it, but anything. */
TEST_USED static BSTR no_bstr(const WCHAR *text)
{
    static struct
    {
        DWORD junk;
        WCHAR text[256];
    } literal = {0x7ffffffe, {0}};

    lstrcpynW(literal.text, text, ARRAYSIZE(literal.text));
    return literal.text;
}

/* Takes the string over. */
TEST_USED static SAFEARRAY *array_of_one(BSTR string)
{
    SAFEARRAY *array = SafeArrayCreateVector(VT_BSTR, 0, 1);
    LONG index = 0;

    SafeArrayPutElement(array, &index, string);
    SysFreeString(string);
    return array;
}

static SAFEARRAY *array_of_longs(void)
{
    return SafeArrayCreateVector(VT_I4, 0, 2);
}

static SAFEARRAY *array_of_variants(void)
{
    return SafeArrayCreateVector(VT_VARIANT, 0, 1);
}

static SAFEARRAY *array_of_bytes(void)
{
    return SafeArrayCreateVector(VT_UI1, 0, sizeof(BSTR));
}

static SAFEARRAY *array_of_objects(void)
{
    return SafeArrayCreateVector(VT_UNKNOWN, 0, 1);
}

static SAFEARRAY *array_of_two_dimensions(void)
{
    SAFEARRAYBOUND bounds[2] = {{1, 0}, {1, 0}};

    return SafeArrayCreate(VT_BSTR, 2, bounds);
}

static SAFEARRAY *array_of_null(void)
{
    return SafeArrayCreateVector(VT_BSTR, 0, 1);
}

static SAFEARRAY *array_too_long(void)
{
    return SafeArrayCreateVector(VT_BSTR, 0, 1000000);
}

static SAFEARRAY *array_of_nothing(void)
{
    return array_of_one(SysAllocString(L""));
}

static SAFEARRAY *array_with_nul(void)
{
    return array_of_one(string_with_nul(L"{41414141-4141-4141-4141-414141414141}"));
}

/* Bounds without elements behind them, as a careless program makes them. */
static SAFEARRAY *array_without_data(void)
{
    SAFEARRAY *array = NULL;

    SafeArrayAllocDescriptorEx(VT_BSTR, 1, &array);
    array->rgsabound[0].cElements = 2;
    return array;
}

static const struct bad_array
{
    const char *name;
    SAFEARRAY *(*make)(void);
} bad_arrays[] =
{
    {"numbers", array_of_longs},
    {"variants", array_of_variants},
    {"bytes", array_of_bytes},
    {"objects", array_of_objects},
    {"two dimensions", array_of_two_dimensions},
    {"a NULL string", array_of_null},
    {"a million elements", array_too_long},
    {"an empty string", array_of_nothing},
    {"a NUL in a string", array_with_nul},
    {"bounds without data", array_without_data},
};

#endif

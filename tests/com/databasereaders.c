/*
 * ISCardDatabase: readers and their groups, also when there are none, and when no daemon runs.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Needs the rig, whose daemon it stops and starts.
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"

#include "cardtest.h"
#include "rig/rigctl.h"

static ISCardDatabase *database;

static void rig(const char *request)
{
    char answer[256] = "";

    ok(!rig_request(request, answer, sizeof(answer)), "rig: %s: %s\n", request, answer);
}

static BOOL contains(SAFEARRAY *array, const WCHAR *name)
{
    BSTR *names;
    BOOL found = FALSE;
    LONG i, upper = -1;

    if (!array || FAILED(SafeArrayAccessData(array, (void **)&names)))
        return FALSE;
    SafeArrayGetUBound(array, 1, &upper);
    for (i = 0; i <= upper && !found; i++)
        found = names[i] && !wcscmp(names[i], name);
    SafeArrayUnaccessData(array);
    return found;
}

static void check_shape(SAFEARRAY *array)
{
    VARTYPE type = VT_EMPTY;
    LONG lower = -1, upper = -1;

    if (!ok(array != NULL, "no array\n"))
        return;
    ok_hr(SafeArrayGetVartype(array, &type), S_OK);
    ok_uint(type, VT_BSTR);
    ok_uint(SafeArrayGetDim(array), 1);
    ok_hr(SafeArrayGetLBound(array, 1, &lower), S_OK);
    ok_hr(SafeArrayGetUBound(array, 1, &upper), S_OK);
    ok(!lower && upper >= 0, "from %ld to %ld\n", lower, upper);
}

static void check_lists(void)
{
    BSTR first = reader_with_card(), second = reader_without_card();
    SAFEARRAY *array = NULL;

    fact(DOCUMENTED);
    ok_hr(ISCardDatabase_ListReaders(database, 0, &array), S_OK);
    check_shape(array);
    ok(contains(array, first) && contains(array, second), "not both readers\n");
    SafeArrayDestroy(array);
    array = NULL;
    ok_hr(ISCardDatabase_ListReaderGroups(database, LOCALE_USER_DEFAULT, &array), S_OK);
    check_shape(array);
    ok(contains(array, L"SCard$DefaultReaders"), "no default group\n");
    SafeArrayDestroy(array);
    SysFreeString(first);
    SysFreeString(second);
}

static void check_failures(HRESULT readers, HRESULT groups)
{
    SAFEARRAY *array = (SAFEARRAY *)0xdeadbeef;
    HRESULT hr;

    ok_hr(ISCardDatabase_ListReaders(database, 0, &array), readers);
    ok(!array, "the out parameter is not NULL\n");
    array = NULL;
    ok_hr(hr = ISCardDatabase_ListReaderGroups(database, 0, &array), groups);
    ok(!array == FAILED(hr), "array %p\n", array);
    SafeArrayDestroy(array);
}

/* What needs no daemon goes on without one. */
static void check_cards(void)
{
    SAFEARRAY *array = NULL;

    ok_hr(ISCardDatabase_ListCards(database, NULL, NULL, 0, &array), S_OK);
    SafeArrayDestroy(array);
}

START_TEST(databasereaders)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    database = create(&CLSID_CSCardDatabase, &IID_ISCardDatabase);
    check_lists();
    rig("pcscd stop");
    test_push("no daemon");
    fact(DOCUMENTED);
    check_failures(SCARD_E_NO_SERVICE, SCARD_E_NO_SERVICE);
    check_cards();
    rig("pcscd start without-readers");
    test_push("no readers");
    check_failures(SCARD_E_NO_READERS_AVAILABLE, S_OK);
    check_cards();
    rig("pcscd restart");
    test_push("all there again");
    check_lists();
    test_pop();
    ISCardDatabase_Release(database);
    CoUninitialize();
}

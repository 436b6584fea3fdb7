/*
 * The functions of Vista, 8 and 10: the cache, icons, device ids, counts, the audit.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include "test.h"

#include "winscardtest.h"

#define LATER(name) ((void *)winscard_function(name))

/* Larger than one item may be here. */
#define TOO_BIG 0x100000u

static SCARDCONTEXT context;
static UUID card = {1, 2, 3, {4, 5, 6, 7, 8, 9, 10, 11}};

static LONG(WINAPI *read_w)(SCARDCONTEXT, UUID *, DWORD, WCHAR *, BYTE *, DWORD *);
static LONG(WINAPI *read_a)(SCARDCONTEXT, UUID *, DWORD, char *, BYTE *, DWORD *);
static LONG(WINAPI *write_w)(SCARDCONTEXT, UUID *, DWORD, WCHAR *, BYTE *, DWORD);
static LONG(WINAPI *write_a)(SCARDCONTEXT, UUID *, DWORD, char *, BYTE *, DWORD);

static LONG look_up(DWORD freshness, const WCHAR *name, BYTE *data, DWORD *size)
{
    return read_w(context, &card, freshness, (WCHAR *)name, data, size);
}

static LONG put(DWORD freshness, const WCHAR *name, const void *data, DWORD size)
{
    return write_w(context, &card, freshness, (WCHAR *)name, (BYTE *)data, size);
}

static void test_cache(void)
{
    UUID other = card;
    BYTE data[64], *given;
    DWORD size;

    read_w = LATER("SCardReadCacheW");
    read_a = LATER("SCardReadCacheA");
    write_w = LATER("SCardWriteCacheW");
    write_a = LATER("SCardWriteCacheA");
    fact(DOCUMENTED);
    size = sizeof(data);
    ok_hr(look_up(1, L"a", data, &size), SCARD_W_CACHE_ITEM_NOT_FOUND);
    ok_hr(put(1, L"a", "12345", 5), SCARD_S_SUCCESS);
    size = sizeof(data);
    ok_hr(look_up(1, L"a", data, &size), SCARD_S_SUCCESS);
    ok(size == 5 && !memcmp(data, "12345", 5), "%lu bytes\n", size);
    ok_hr(read_a(context, &card, 1, (char *)"a", data, &size), SCARD_S_SUCCESS);
    /* The counter is the card's: what was written under another one is old. */
    size = sizeof(data);
    ok_hr(look_up(2, L"a", data, &size), SCARD_W_CACHE_ITEM_STALE);
    ok_hr(put(2, L"a", "678", 3), SCARD_S_SUCCESS);
    ok_hr(look_up(1, L"a", data, &size), SCARD_W_CACHE_ITEM_STALE);
    size = sizeof(data);
    ok_hr(look_up(2, L"a", data, &size), SCARD_S_SUCCESS);
    ok(size == 3 && !memcmp(data, "678", 3), "%lu bytes\n", size);
    size = 2;
    ok_hr(look_up(2, L"a", data, &size), SCARD_E_INSUFFICIENT_BUFFER);
    ok_uint(size, 3);
    size = SCARD_AUTOALLOCATE;
    ok_hr(look_up(2, L"a", (BYTE *)&given, &size), SCARD_S_SUCCESS);
    ok(size == 3 && !memcmp(given, "678", 3), "%lu bytes\n", size);
    ok_hr(SCardFreeMemory(context, given), SCARD_S_SUCCESS);
    /* By card and name. */
    other.Data1++;
    size = sizeof(data);
    ok_hr(read_w(context, &other, 2, (WCHAR *)L"a", data, &size), SCARD_W_CACHE_ITEM_NOT_FOUND);
    ok_hr(look_up(2, L"b", data, &size), SCARD_W_CACHE_ITEM_NOT_FOUND);
    ok_hr(write_a(context, &card, 2, (char *)"b", (BYTE *)"9", 1), SCARD_S_SUCCESS);
    ok_hr(look_up(2, L"b", data, &size), SCARD_S_SUCCESS);
    fact(GUESS);
    ok_hr(put(2, L"b", NULL, 0), SCARD_S_SUCCESS);
    ok_hr(look_up(2, L"b", data, &size), SCARD_S_SUCCESS);
    ok_uint(size, 0);
    ok_hr(put(2, NULL, "1", 1), SCARD_E_INVALID_PARAMETER);
    ok_hr(put(2, L"b", NULL, 1), SCARD_E_INVALID_PARAMETER);
    ok_hr(look_up(2, L"b", data, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(read_w(context, NULL, 2, (WCHAR *)L"a", data, &size), SCARD_E_INVALID_PARAMETER);
}

static void test_big(void)
{
    BYTE *data = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, TOO_BIG);
    DWORD size = TOO_BIG;

    fact(GUESS);
    ok_hr(put(1, L"big", data, TOO_BIG), SCARD_W_CACHE_ITEM_TOO_BIG);
    ok_hr(look_up(1, L"big", data, &size), SCARD_W_CACHE_ITEM_NOT_FOUND);
    HeapFree(GetProcessHeap(), 0, data);
}

/* The reader of pcsc-lite has no device that could be told. */
static void test_readers(void)
{
    LONG(WINAPI * icon)
    (SCARDCONTEXT, const WCHAR *, BYTE *, DWORD *) = LATER("SCardGetReaderIconW");
    LONG(WINAPI * instance)
    (SCARDCONTEXT, const WCHAR *, WCHAR *, DWORD *) = LATER("SCardGetReaderDeviceInstanceIdW");
    LONG(WINAPI * by_instance)
    (SCARDCONTEXT, const WCHAR *, WCHAR *, DWORD *) =
        LATER("SCardListReadersWithDeviceInstanceIdW");
    LONG(WINAPI * type)(SCARDCONTEXT, const WCHAR *, DWORD *) = LATER("SCardGetDeviceTypeIdW");
    WCHAR text[64] = L"x";
    BYTE bytes[64];
    DWORD length = sizeof(bytes);

    fact(GUESS);
    ok_hr(icon(context, test_reader, bytes, &length), SCARD_E_UNSUPPORTED_FEATURE);
    length = ARRAYSIZE(text);
    ok_hr(instance(context, test_reader, text, &length), SCARD_S_SUCCESS);
    ok(length == 1 && !text[0], "%lu units\n", length);
    ok_hr(by_instance(context, L"USB", text, &length), SCARD_E_NO_READERS_AVAILABLE);
    ok_hr(by_instance(context, NULL, text, &length), SCARD_E_INVALID_PARAMETER);
    ok_hr(type(context, test_reader, &length), SCARD_S_SUCCESS);
    ok_uint(length, 0xf0); /* the vendor's own kind */
    ok_hr(type(context, test_reader, NULL), SCARD_E_INVALID_PARAMETER);
    fact(DOCUMENTED);
    length = sizeof(bytes);
    ok_hr(icon(context, L"No such reader", bytes, &length), SCARD_E_UNKNOWN_READER);
    ok_hr(instance(context, L"No such reader", text, &length), SCARD_E_UNKNOWN_READER);
    ok_hr(type(context, L"No such reader", &length), SCARD_E_UNKNOWN_READER);
}

static void test_audit(void)
{
    LONG(WINAPI * audit)(SCARDCONTEXT, DWORD) = LATER("SCardAudit");

    fact(DOCUMENTED);
    ok_hr(audit(context, 0), SCARD_S_SUCCESS);
    ok_hr(audit(context, 1), SCARD_S_SUCCESS);
    fact(GUESS);
    ok_hr(audit(context, 2), SCARD_E_INVALID_PARAMETER);
}

START_TEST(later)
{
    winscard_begin();
    if (!winscard_function("SCardReadCacheW") || !winscard_function("SCardAudit"))
    {
        win_skip("a winscard.dll without the later functions\n");
        return;
    }
    context = establish();
    test_cache();
    test_big();
    test_readers();
    test_audit();
    SCardReleaseContext(context);
}

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

#define PIECE 0x8000u

/* What is written last is found; the oldest go when there is no room for all. */
static void test_eviction(void)
{
    BYTE *data = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, PIECE);
    WCHAR name[] = L"piece a";
    DWORD size, kept = 0;
    unsigned i;

    fact(GUESS);
    for (i = 0; i < 64; i++)
    {
        name[6] = L'A' + i;
        memset(data, i, PIECE);
        ok_hr(put(1, name, data, PIECE), SCARD_S_SUCCESS);
    }
    for (i = 64; i--;)
    {
        name[6] = L'A' + i;
        size = PIECE;
        if (look_up(1, name, data, &size))
            break;
        ok(size == PIECE && data[0] == i && data[PIECE - 1] == i, "piece %u\n", i);
        kept++;
    }
    ok(kept >= 16 && kept < 64, "%lu of 64\n", kept);
    while (i--) /* those before the oldest that is there are gone too */
    {
        name[6] = L'A' + i;
        size = PIECE;
        ok_hr(look_up(1, name, data, &size), SCARD_W_CACHE_ITEM_NOT_FOUND);
    }
    HeapFree(GetProcessHeap(), 0, data);
}

static DWORD WINAPI write_and_read(void *number)
{
    WCHAR name[] = L"thread a";
    DWORD value, size, i;

    name[7] = L'A' + (WCHAR)(ULONG_PTR)number;
    fact(GUESS);
    for (i = 0; i < 50; i++)
    {
        ok_hr(put(i, name, &i, sizeof(i)), SCARD_S_SUCCESS);
        size = sizeof(value);
        ok_hr(look_up(i, name, (BYTE *)&value, &size), SCARD_S_SUCCESS);
        ok(value == i, "%lu, not %lu\n", value, i);
    }
    return 0;
}

static void test_cache_threads(void)
{
    HANDLE threads[4];
    ULONG_PTR i;

    for (i = 0; i < ARRAYSIZE(threads); i++)
        threads[i] = CreateThread(NULL, 0, write_and_read, (void *)i, 0, NULL);
    for (i = 0; i < ARRAYSIZE(threads); i++)
    {
        WaitForSingleObject(threads[i], INFINITE);
        CloseHandle(threads[i]);
    }
}

/* The A forms find the same readers. */
static void test_readers_a(void)
{
    LONG(WINAPI * icon)
    (SCARDCONTEXT, const char *, BYTE *, DWORD *) = LATER("SCardGetReaderIconA");
    LONG(WINAPI * instance)
    (SCARDCONTEXT, const char *, char *, DWORD *) = LATER("SCardGetReaderDeviceInstanceIdA");
    LONG(WINAPI * by_instance)
    (SCARDCONTEXT, const char *, char *, DWORD *) = LATER("SCardListReadersWithDeviceInstanceIdA");
    LONG(WINAPI * type)(SCARDCONTEXT, const char *, DWORD *) = LATER("SCardGetDeviceTypeIdA");
    char name[128], *given = NULL, text[16] = "x";
    DWORD length = sizeof(text);
    BYTE bytes[16];

    WideCharToMultiByte(CP_ACP, 0, test_reader, -1, name, sizeof(name), NULL, NULL);
    fact(GUESS);
    ok_hr(icon(context, name, bytes, &length), SCARD_E_UNSUPPORTED_FEATURE);
    ok_hr(type(context, name, &length), SCARD_S_SUCCESS);
    ok_uint(length, 0xf0);
    length = sizeof(text);
    ok_hr(instance(context, name, text, &length), SCARD_S_SUCCESS);
    ok(length == 1 && !text[0], "%lu characters\n", length);
    length = SCARD_AUTOALLOCATE;
    ok_hr(instance(context, name, (char *)&given, &length), SCARD_S_SUCCESS);
    ok(length == 1 && given && !given[0], "%lu characters\n", length);
    ok_hr(SCardFreeMemory(context, given), SCARD_S_SUCCESS);
    ok_hr(by_instance(context, "USB", text, &length), SCARD_E_NO_READERS_AVAILABLE);
    fact(DOCUMENTED);
    ok_hr(icon(context, "No such reader", bytes, &length), SCARD_E_UNKNOWN_READER);
    ok_hr(type(context, "No such reader", &length), SCARD_E_UNKNOWN_READER);
    ok_hr(instance(context, "No such reader", text, &length), SCARD_E_UNKNOWN_READER);
}

/* Commands that were sent count, whatever came of them; another handle has its own count. */
static void test_transmits(void)
{
    LONG(WINAPI * transmits)(SCARDHANDLE, DWORD *) = LATER("SCardGetTransmitCount");
    SCARDHANDLE one, other;
    DWORD protocol, count = 9;
    WORD sw;

    one = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    other = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    fact(DOCUMENTED);
    ok_hr(transmits(one, &count), SCARD_S_SUCCESS);
    ok_uint(count, 0);
    ok_hr(select_root(one, &sw), SCARD_S_SUCCESS);
    ok_hr(select_root(one, &sw), SCARD_S_SUCCESS);
    ok_hr(transmits(one, &count), SCARD_S_SUCCESS);
    ok_uint(count, 2);
    ok_hr(transmits(other, &count), SCARD_S_SUCCESS);
    ok_uint(count, 0);
    fact(GUESS);
    ok_hr(transmits(one, NULL), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardDisconnect(one, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    ok_hr(SCardDisconnect(other, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    ok_hr(transmits(one, &count), ERROR_INVALID_HANDLE);
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
    test_eviction();
    test_cache_threads();
    test_readers();
    test_readers_a();
    test_transmits();
    test_audit();
    SCardReleaseContext(context);
}

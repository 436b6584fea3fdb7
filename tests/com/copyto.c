/*
 * IByteBuffer::CopyTo: to other buffers, onto itself, to nothing, to foreign ones that fail or lie.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "scardssp.h"

#include "doubles.h"
#include "objects.h"

static const struct copy
{
    LONG from, count;       /* of "abcdef" */
    HRESULT hr;
    LONG moved;
    const char *target;     /* "12345" with the pointer at 1 before */
} copies[] =
{
    {0, 3, S_OK, 3, "1abc5"},
    {0, 6, S_OK, 6, "1abcdef"},
    {4, 99, S_OK, 2, "1ef45"},
    {0, MAXLONG, S_OK, 6, "1abcdef"},
    {6, 5, S_OK, 0, "12345"},
    {600, 5, S_OK, 0, "12345"},
    {0, 0, S_OK, 0, "12345"},
    {0, -1, E_INVALIDARG, 0, "12345"},
};

static void test_copy(void)
{
    IByteBuffer *source, *target;
    LONG read, written, at;
    size_t i;

    fact(DOCUMENTED);
    for (i = 0; i < ARRAYSIZE(copies); i++)
    {
        test_push("copy %u", (unsigned)i);
        source = buffer_with("abcdef", 6);
        target = buffer_with("12345", 5);
        IByteBuffer_Seek(source, copies[i].from, STREAM_SEEK_SET, NULL);
        IByteBuffer_Seek(target, 1, STREAM_SEEK_SET, NULL);
        read = written = 77;
        ok_hr(IByteBuffer_CopyTo(source, &target, copies[i].count, &read, &written), copies[i].hr);
        ok(read == copies[i].moved && written == copies[i].moved, "%ld, %ld\n", read, written);
        check_buffer(target, copies[i].target, strlen(copies[i].target), 1 + copies[i].moved);
        IByteBuffer_Seek(source, 0, STREAM_SEEK_CUR, &at);
        ok(at == copies[i].from + copies[i].moved, "source at %ld\n", at);
        ok_uint(refs_of(target), 1);
        IByteBuffer_Release(target);
        IByteBuffer_Release(source);
    }
    test_pop();
}

static void test_sizes(void)
{
    static const LONG sizes[] = {0, 1, 255, 256, 257, 65535, 65536, 65537};
    IByteBuffer *source = buffer_with(pattern(), 65537), *target;
    LONG read, written;
    size_t i;

    fact(DOCUMENTED);
    for (i = 0; i < ARRAYSIZE(sizes); i++)
    {
        test_push("%ld bytes", sizes[i]);
        target = NULL;
        IByteBuffer_Seek(source, 0, STREAM_SEEK_SET, NULL);
        ok_hr(IByteBuffer_CopyTo(source, &target, sizes[i], &read, &written), S_OK);
        ok(read == sizes[i] && written == sizes[i], "%ld, %ld\n", read, written);
        check_buffer(target, pattern(), sizes[i], sizes[i]);
        IByteBuffer_Release(target);
    }
    test_pop();
    IByteBuffer_Release(source);
}

static void test_copy_onto_itself(void)
{
    IByteBuffer *buffer = buffer_with("abcd", 4), *clone, *none = NULL;
    LONG read, written;

    fact(DOCUMENTED);
    IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);
    ok_hr(IByteBuffer_CopyTo(buffer, &buffer, 3, &read, &written), S_OK);
    ok(read == 3 && written == 3, "%ld, %ld\n", read, written);
    check_buffer(buffer, "abcabc", 6, 6);
    ok_uint(refs_of(buffer), 1);

    /* Onto a clone, overlapping: all is read before anything is written. */
    ok_hr(IByteBuffer_SetSize(buffer, 0), S_OK);
    IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);
    IByteBuffer_Write(buffer, (BYTE *)"abcdef", 6, NULL);
    IByteBuffer_Seek(buffer, 1, STREAM_SEEK_SET, NULL);
    IByteBuffer_Clone(buffer, &clone);
    IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);
    ok_hr(IByteBuffer_CopyTo(buffer, &clone, 6, &read, &written), S_OK);
    check_buffer(buffer, "aabcdef", 7, 6);
    IByteBuffer_Release(clone);

    fact(GUESS);
    IByteBuffer_Seek(buffer, 2, STREAM_SEEK_SET, NULL);
    ok_hr(IByteBuffer_CopyTo(buffer, &none, 3, &read, &written), S_OK);
    check_buffer(none, "bcd", 3, 3);
    ok_uint(refs_of(none), 1);
    IByteBuffer_Release(none);
    IByteBuffer_Release(buffer);
}

static const struct copy_double
{
    enum double_fault fault;
    HRESULT hr;
    LONG written;
} copy_doubles[] =
{
    {HONEST, S_OK, 6},
    {ALWAYS_FAILS, (HRESULT)DOUBLE_ERROR, 0},
    {FAILS_WRITE, (HRESULT)DOUBLE_ERROR, 0},
    {WRITE_NEGATIVE, E_INVALIDARG, 0},
    {WRITE_TOO_MANY, E_INVALIDARG, 0},
    {WRITE_NOTHING, S_OK, 0},
};

static void test_copy_to_foreign(void)
{
    static struct double_buffer foreign;
    IByteBuffer *buffer = buffer_with("abcdef", 6), *target;
    LONG read, written;
    size_t i;

    fact(GUESS);
    for (i = 0; i < ARRAYSIZE(copy_doubles); i++)
    {
        test_push("foreign target %u", (unsigned)i);
        target = double_init(&foreign, copy_doubles[i].fault, 1);
        foreign.position = 1;
        IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);
        ok_hr(IByteBuffer_CopyTo(buffer, &target, 6, &read, &written), copy_doubles[i].hr);
        ok(written == copy_doubles[i].written, "written %ld\n", written);
        ok(foreign.refs == 1, "%ld references\n", foreign.refs);
        if (foreign.fault == HONEST)
            ok_bytes(foreign.bytes, "\0abcdef", 7);
    }
    test_pop();
    IByteBuffer_Release(buffer);
}

/* ---- leaks ---- */

static void round_of_copies(void)
{
    static struct double_buffer foreign;
    IByteBuffer *buffer = buffer_with("abc", 3), *target = NULL;
    IByteBuffer *failing = double_init(&foreign, FAILS_WRITE, 0);

    IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);
    IByteBuffer_CopyTo(buffer, &target, 3, NULL, NULL);
    IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);
    IByteBuffer_CopyTo(buffer, &failing, 3, NULL, NULL);
    IByteBuffer_CopyTo(buffer, &buffer, -1, NULL, NULL);
    IByteBuffer_Release(target);
    IByteBuffer_Release(buffer);
}

START_TEST(copyto)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    test_copy();
    test_sizes();
    test_copy_onto_itself();
    test_copy_to_foreign();
    fact(GUESS);
    check_leaks("copies", round_of_copies);
    CoUninitialize();
}

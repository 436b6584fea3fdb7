/*
 * What the tests of the classes that need no card share: objects, buffers as bytes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h and scardssp.h.
 */

#ifndef TESTS_COM_OBJECTS_H
#define TESTS_COM_OBJECTS_H

/* An object by CLSID; without it nothing could be tested, so failing ends the program. */
TEST_USED static void *create(const CLSID *clsid, const IID *iid)
{
    void *object = NULL;
    HRESULT hr = CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, iid, &object);

    if (hr == S_OK && object)
        return object;
    ok(0, "CoCreateInstance: %#lx; is scardssp.dll registered?\n", hr);
    ExitProcess(test_summary());
    return NULL;
}

TEST_USED static IByteBuffer *create_buffer(void)
{
    return create(&CLSID_CByteBuffer, &IID_IByteBuffer);
}

/* A buffer filled by SetSize and Write, with its pointer at the end, as programs do it. */
TEST_USED static IByteBuffer *buffer_with(const void *bytes, LONG length)
{
    IByteBuffer *buffer = create_buffer();
    LONG written = -1;
    HRESULT hr = IByteBuffer_SetSize(buffer, length);

    if (hr == S_OK && length)
        hr = IByteBuffer_Write(buffer, (BYTE *)bytes, length, &written);
    ok(hr == S_OK && (!length || written == length), "filling %ld bytes: %#lx, %ld\n", length, hr,
       written);
    return buffer;
}

/* The buffer holds exactly these bytes; its pointer stands at position (negative: anywhere). */
#define check_buffer(buffer, bytes, length, position) \
    check_buffer_at(__LINE__, buffer, bytes, length, position)

TEST_USED static void check_buffer_at(int line, IByteBuffer *buffer, const void *bytes, LONG length,
                                      LONG position)
{
    STATSTRUCT stat = {0};
    LONG at = -1, count = -1;
    BYTE *read;
    HRESULT hr;

    if (!test_check(__FILE__, line, buffer != NULL, "no buffer\n"))
        return;
    hr = IByteBuffer_Seek(buffer, 0, STREAM_SEEK_CUR, &at);
    test_check(__FILE__, line, hr == S_OK && (position < 0 || at == position),
               "pointer %ld, expected %ld (%#lx)\n", at, position, hr);
    hr = IByteBuffer_Stat(buffer, &stat, STATFLAG_NONAME);
    test_check(__FILE__, line, hr == S_OK && stat.cbSize == length,
               "size %ld, expected %ld (%#lx)\n", (long)stat.cbSize, length, hr);
    read = malloc(length + 1);
    IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);
    hr = IByteBuffer_Read(buffer, read, length + 1, &count);
    test_check(__FILE__, line, hr == S_OK && count == length, "read %ld of %ld (%#lx)\n", count,
               length, hr);
    if (count == length)
        test_compare(__FILE__, line, "content", read, bytes, length);
    IByteBuffer_Seek(buffer, at, STREAM_SEEK_SET, NULL);
    free(read);
}

/* The bytes 00 01 02 ... FF 00 ...; static. */
TEST_USED static const BYTE *pattern(void)
{
    static BYTE bytes[70000];
    unsigned i;

    if (!bytes[1])
        for (i = 0; i < sizeof(bytes); i++)
            bytes[i] = (BYTE)i;
    return bytes;
}

TEST_USED static ULONG refs_of(void *object)
{
    IUnknown_AddRef((IUnknown *)object);
    return IUnknown_Release((IUnknown *)object);
}

/* Runs round often and fails when the heap grows with it. */
TEST_USED static void check_leaks(const char *what, void (*round)(void))
{
    enum
    {
        ROUNDS = 500
    };
    DWORD before, after;
    int i;

    for (i = 0; i < 20; i++) /* what is cached is cached now */
        round();
    before = test_heap_blocks();
    for (i = 0; i < ROUNDS; i++)
        round();
    after = test_heap_blocks();
    ok(after < before + ROUNDS / 10, "%s: %lu blocks before, %lu after %d rounds\n", what, before,
       after, ROUNDS);
}

#endif

/*
 * IByteBuffer: reading, writing, sharing, wrong arguments, threads, leaks.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "scardssp.h"

#include "objects.h"

/* ---- scripts: what one buffer does, step by step ---- */

enum op
{
    WRITE,  /* a: bytes of "abcdefgh", out: count */
    READ,   /* a: count, out: count, text: what was read */
    SEEK,   /* a: move, b: origin, out: position */
    RESIZE,   /* a: SetSize */
    STAT,   /* out: size */
    INIT,   /* a: size; with the text as data, if any */
    LOCK,   /* a: offset, b: count */
    UNLOCK,
    COMMIT,
    REVERT,
    END
};

struct step
{
    enum op op;
    enum fact fact;
    LONG a, b;
    HRESULT hr;
    LONG out;
    const char *text;
};

struct script
{
    const char *name;
    struct step steps[12];
};

static const struct script scripts[] =
{
    {"no Initialize", {
        {STAT, NATIVE, 0, 0, S_OK, 0, NULL},
        {RESIZE, NATIVE, 3, 0, S_OK, 0, NULL},
        {WRITE, NATIVE, 3, 0, S_OK, 3, NULL},
        {STAT, NATIVE, 0, 0, S_OK, 3, NULL},
        {READ, DOCUMENTED, 3, 0, S_OK, 0, ""},
        {SEEK, DOCUMENTED, 0, 0, S_OK, 0, NULL},
        {READ, NATIVE, 3, 0, S_OK, 3, "abc"},
        {.op = END}}},
    {"SetSize 0 and write", {
        {RESIZE, NATIVE, 0, 0, S_OK, 0, NULL},
        {STAT, NATIVE, 0, 0, S_OK, 0, NULL},
        {WRITE, DOCUMENTED, 2, 0, S_OK, 2, NULL},
        {RESIZE, DOCUMENTED, 0, 0, S_OK, 0, NULL},
        {WRITE, DOCUMENTED, 1, 0, S_OK, 1, NULL}, /* the pointer stayed at 2 */
        {SEEK, DOCUMENTED, 0, 0, S_OK, 0, NULL},
        {READ, DOCUMENTED, 9, 0, S_OK, 3, "\0\0a"},
        {.op = END}}},
    {"short reads", {
        {WRITE, DOCUMENTED, 5, 0, S_OK, 5, NULL},
        {SEEK, DOCUMENTED, -2, 1, S_OK, 3, NULL},
        {READ, DOCUMENTED, 10, 0, S_OK, 2, "de"},
        {READ, DOCUMENTED, 10, 0, S_OK, 0, ""},
        {SEEK, DOCUMENTED, 0, 0, S_OK, 0, NULL},
        {READ, DOCUMENTED, 0, 0, S_OK, 0, ""},
        {READ, DOCUMENTED, MAXLONG, 0, S_OK, 5, "abcde"},
        {.op = END}}},
    {"past the end", {
        {WRITE, DOCUMENTED, 3, 0, S_OK, 3, NULL},
        {SEEK, DOCUMENTED, 5, 2, S_OK, 8, NULL},
        {READ, DOCUMENTED, 8, 0, S_OK, 0, ""},
        {SEEK, DOCUMENTED, 100000, 0, S_OK, 100000, NULL},
        {READ, DOCUMENTED, 8, 0, S_OK, 0, ""},
        {SEEK, DOCUMENTED, MAXLONG, 0, S_OK, MAXLONG, NULL},
        {READ, DOCUMENTED, 8, 0, S_OK, 0, ""},
        {SEEK, DOCUMENTED, 6, 0, S_OK, 6, NULL},
        {WRITE, DOCUMENTED, 2, 0, S_OK, 2, NULL},
        {SEEK, DOCUMENTED, 0, 0, S_OK, 0, NULL},
        {READ, GUESS, 10, 0, S_OK, 8, "abc\0\0\0ab"}, /* undefined bytes are 0 here */
        {.op = END}}},
    {"bad seeks", {
        {WRITE, DOCUMENTED, 4, 0, S_OK, 4, NULL},
        {SEEK, DOCUMENTED, -5, 1, STG_E_INVALIDFUNCTION, 0, NULL},
        {SEEK, DOCUMENTED, -5, 2, STG_E_INVALIDFUNCTION, 0, NULL},
        {SEEK, DOCUMENTED, -1, 0, STG_E_INVALIDFUNCTION, 0, NULL},
        {SEEK, DOCUMENTED, 0, 3, STG_E_INVALIDFUNCTION, 0, NULL},
        {SEEK, DOCUMENTED, 0, -1, STG_E_INVALIDFUNCTION, 0, NULL},
        {SEEK, GUESS, MAXLONG, 1, STG_E_INVALIDFUNCTION, 0, NULL},
        {SEEK, GUESS, MAXLONG, 2, STG_E_INVALIDFUNCTION, 0, NULL},
        {SEEK, GUESS, MINLONG, 1, STG_E_INVALIDFUNCTION, 0, NULL},
        {SEEK, DOCUMENTED, 0, 1, S_OK, 4, NULL}, /* none of them moved it */
        {.op = END}}},
    {"sizes", {
        {WRITE, DOCUMENTED, 8, 0, S_OK, 8, NULL},
        {RESIZE, DOCUMENTED, 5, 0, S_OK, 0, NULL},
        {STAT, DOCUMENTED, 0, 0, S_OK, 5, NULL},
        {SEEK, DOCUMENTED, 0, 1, S_OK, 8, NULL},
        {RESIZE, GUESS, -1, 0, E_INVALIDARG, 0, NULL},
        {RESIZE, GUESS, MINLONG, 0, E_INVALIDARG, 0, NULL},
        {RESIZE, GUESS, MAXLONG, 0, E_OUTOFMEMORY, 0, NULL},
        {SEEK, DOCUMENTED, 0, 0, S_OK, 0, NULL},
        {RESIZE, DOCUMENTED, 7, 0, S_OK, 0, NULL},
        {READ, GUESS, 9, 0, S_OK, 7, "abcde\0\0"},
        {.op = END}}},
    {"bad counts", {
        {WRITE, DOCUMENTED, 0, 0, S_OK, 0, NULL},
        {STAT, DOCUMENTED, 0, 0, S_OK, 0, NULL},
        {WRITE, GUESS, -1, 0, E_INVALIDARG, 0, NULL},
        {READ, GUESS, -1, 0, E_INVALIDARG, 0, ""},
        {READ, GUESS, MINLONG, 0, E_INVALIDARG, 0, ""},
        {SEEK, DOCUMENTED, MAXLONG, 0, S_OK, MAXLONG, NULL},
        {WRITE, GUESS, 1, 0, E_OUTOFMEMORY, 0, NULL},
        {STAT, GUESS, 0, 0, S_OK, 0, NULL},
        {.op = END}}},
    {"Initialize", {
        {WRITE, DOCUMENTED, 8, 0, S_OK, 8, NULL},
        {INIT, DOCUMENTED, 3, 0, S_OK, 0, "xyz"},
        {READ, DOCUMENTED, 9, 0, S_OK, 3, "xyz"},
        {INIT, DOCUMENTED, 1, 0, S_OK, 0, NULL}, /* the call without arguments */
        {STAT, GUESS, 0, 0, S_OK, 1, NULL},
        {INIT, GUESS, 0, 0, S_OK, 0, ""},
        {STAT, GUESS, 0, 0, S_OK, 0, NULL},
        {INIT, GUESS, -1, 0, E_INVALIDARG, 0, "x"},
        {INIT, GUESS, MAXLONG, 0, E_OUTOFMEMORY, 0, NULL},
        {.op = END}}},
    {"regions, Commit, Revert", {
        {WRITE, DOCUMENTED, 4, 0, S_OK, 4, NULL},
        {LOCK, DOCUMENTED, 0, 2, STG_E_INVALIDFUNCTION, 0, NULL},
        {UNLOCK, DOCUMENTED, 0, 2, STG_E_INVALIDFUNCTION, 0, NULL},
        {LOCK, GUESS, -1, 2, E_INVALIDARG, 0, NULL},
        {UNLOCK, GUESS, 0, -2, E_INVALIDARG, 0, NULL},
        {COMMIT, DOCUMENTED, 0, 0, S_OK, 0, NULL},
        {REVERT, DOCUMENTED, 0, 0, S_OK, 0, NULL},
        {STAT, DOCUMENTED, 0, 0, S_OK, 4, NULL},
        {.op = END}}},
};

static HRESULT do_step(IByteBuffer *buffer, const struct step *step, BYTE *bytes, LONG *out)
{
    STATSTRUCT stat = {0};
    HRESULT hr;

    *out = 0;
    switch (step->op)
    {
    case WRITE: *out = 77; return IByteBuffer_Write(buffer, (BYTE *)"abcdefgh", step->a, out);
    case READ: *out = 77; return IByteBuffer_Read(buffer, bytes, step->a, out);
    case SEEK: *out = 77; return IByteBuffer_Seek(buffer, step->a, step->b, out);
    case RESIZE: return IByteBuffer_SetSize(buffer, step->a);
    case STAT:
        hr = IByteBuffer_Stat(buffer, &stat, STATFLAG_NONAME);
        *out = stat.cbSize;
        ok(stat.type == STGTY_STREAM, "type %ld\n", (long)stat.type);
        return hr;
    case INIT: return IByteBuffer_Initialize(buffer, step->a, (BYTE *)step->text);
    case LOCK: return IByteBuffer_LockRegion(buffer, step->a, step->b, LOCK_WRITE);
    case UNLOCK: return IByteBuffer_UnlockRegion(buffer, step->a, step->b, LOCK_WRITE);
    case COMMIT: return IByteBuffer_Commit(buffer, STGC_DEFAULT);
    case REVERT: return IByteBuffer_Revert(buffer);
    default: return E_UNEXPECTED;
    }
}

static void test_scripts(void)
{
    IByteBuffer *buffer;
    BYTE bytes[64];
    size_t i, k;
    HRESULT hr;
    LONG out;

    for (i = 0; i < ARRAYSIZE(scripts); i++)
    {
        buffer = create_buffer();
        for (k = 0; scripts[i].steps[k].op != END; k++)
        {
            const struct step *step = &scripts[i].steps[k];

            test_push("%s, step %u", scripts[i].name, (unsigned)k);
            fact(step->fact);
            memset(bytes, 0x55, sizeof(bytes));
            hr = do_step(buffer, step, bytes, &out);
            ok(hr == step->hr && out == step->out, "%#lx, %ld, expected %#lx, %ld\n", hr, out,
               step->hr, step->out);
            if (step->op == READ)
            {
                ok_bytes(bytes, step->text, step->out);
                ok(bytes[step->out] == 0x55, "written past the count\n");
            }
        }
        test_pop();
        IByteBuffer_Release(buffer);
    }
}

/* ---- boundary sizes ---- */

static void test_sizes(void)
{
    static const LONG sizes[] = {0, 1, 255, 256, 257, 65535, 65536, 65537};
    IByteBuffer *buffer;
    size_t i;

    fact(DOCUMENTED);
    for (i = 0; i < ARRAYSIZE(sizes); i++)
    {
        test_push("%ld bytes", sizes[i]);
        buffer = buffer_with(pattern(), sizes[i]);
        check_buffer(buffer, pattern(), sizes[i], sizes[i]);
        IByteBuffer_Release(buffer);

        buffer = create_buffer();
        ok_hr(IByteBuffer_Initialize(buffer, sizes[i], (BYTE *)pattern()), S_OK);
        check_buffer(buffer, pattern(), sizes[i], 0);
        IByteBuffer_Release(buffer);
    }
    test_pop();
}

/* ---- NULL ---- */

static void test_null(void)
{
    IByteBuffer *buffer = buffer_with("abc", 3), *target = NULL;
    BYTE bytes[4];

    fact(DOCUMENTED);
    ok_hr(IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL), S_OK);
    ok_hr(IByteBuffer_Read(buffer, bytes, 3, NULL), S_OK);
    ok_bytes(bytes, "abc", 3);
    ok_hr(IByteBuffer_Write(buffer, bytes, 3, NULL), S_OK);
    ok_hr(IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL), S_OK);
    ok_hr(IByteBuffer_CopyTo(buffer, &target, 6, NULL, NULL), S_OK);
    check_buffer(target, "abcabc", 6, -1);
    if (target)
        IByteBuffer_Release(target);

    fact(GUESS);
    ok_hr(IByteBuffer_Read(buffer, NULL, 1, NULL), E_POINTER);
    ok_hr(IByteBuffer_Read(buffer, NULL, 0, NULL), S_OK);
    ok_hr(IByteBuffer_Write(buffer, NULL, 1, NULL), E_POINTER);
    ok_hr(IByteBuffer_Write(buffer, NULL, 0, NULL), S_OK);
    ok_hr(IByteBuffer_Stat(buffer, NULL, STATFLAG_NONAME), E_POINTER);
    ok_hr(IByteBuffer_Clone(buffer, NULL), E_POINTER);
    ok_hr(IByteBuffer_CopyTo(buffer, NULL, 1, NULL, NULL), E_POINTER);
    ok_hr(IByteBuffer_get_Stream(buffer, NULL), E_POINTER);
    ok_hr(IByteBuffer_put_Stream(buffer, NULL), E_INVALIDARG);
    check_buffer(buffer, "abcabc", 6, 6);
    IByteBuffer_Release(buffer);
}

static void test_stat_flags(void)
{
    IByteBuffer *buffer = buffer_with("abc", 3);
    STATSTRUCT stat;

    fact(DOCUMENTED);
    ok_hr(IByteBuffer_Stat(buffer, &stat, STATFLAG_DEFAULT), S_OK);
    ok_uint(stat.cbSize, 3);
    memset(&stat, 0x55, sizeof(stat));
    ok_hr(IByteBuffer_Stat(buffer, &stat, 99), STG_E_INVALIDFLAG);
    ok(!stat.type && !stat.cbSize && !stat.grfMode, "not cleared\n");
    IByteBuffer_Release(buffer);
}

/* ---- clones ---- */

static void test_clone(void)
{
    IByteBuffer *buffer = buffer_with("abcdef", 6), *clone = NULL, *again = NULL;
    LONG count;
    BYTE bytes[8];

    fact(DOCUMENTED);
    IByteBuffer_Seek(buffer, 2, STREAM_SEEK_SET, NULL);
    ok_hr(IByteBuffer_Clone(buffer, &clone), S_OK);
    check_buffer(clone, "abcdef", 6, 2);
    ok(clone != buffer, "the same object\n");

    /* The bytes are shared, the pointers are not. */
    ok_hr(IByteBuffer_Write(clone, (BYTE *)"XY", 2, &count), S_OK);
    check_buffer(buffer, "abXYef", 6, 2);
    ok_hr(IByteBuffer_Read(buffer, bytes, 2, &count), S_OK);
    ok_bytes(bytes, "XY", 2);
    ok_hr(IByteBuffer_SetSize(buffer, 3), S_OK);
    check_buffer(clone, "abX", 3, 4);
    ok_hr(IByteBuffer_Read(clone, bytes, 4, &count), S_OK);
    ok(!count, "read %ld bytes past the end\n", count);

    /* A clone outlives its original. */
    ok_hr(IByteBuffer_Clone(clone, &again), S_OK);
    IByteBuffer_Release(buffer);
    IByteBuffer_Release(clone);
    check_buffer(again, "abX", 3, 4);

    /* Initialize makes other bytes: clones keep the old ones. */
    fact(GUESS);
    ok_hr(IByteBuffer_Clone(again, &clone), S_OK);
    ok_hr(IByteBuffer_Initialize(again, 1, (BYTE *)"z"), S_OK);
    check_buffer(clone, "abX", 3, 4);
    IByteBuffer_Release(clone);
    IByteBuffer_Release(again);
}

/* ---- threads ---- */

struct hammer
{
    IByteBuffer *buffer;
    unsigned seed;
    LONG *failures;
};

static unsigned next(unsigned *seed)
{
    return *seed = *seed * 1103515245 + 12345;
}

/* Every operation on a clone of its own while others grow, cut and read the same bytes. */
static DWORD WINAPI hammer_thread(void *context)
{
    struct hammer *hammer = context;
    IByteBuffer *clone;
    BYTE bytes[512];
    LONG count;
    int i;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    for (i = 0; i < 3000; i++)
    {
        unsigned random = next(&hammer->seed) >> 8;
        HRESULT hr = IByteBuffer_Clone(hammer->buffer, &clone);

        if (SUCCEEDED(hr))
            hr = IByteBuffer_Seek(clone, random % 3000, STREAM_SEEK_SET, NULL);
        memset(bytes, 'w', sizeof(bytes));
        if (SUCCEEDED(hr) && random % 4 == 0)
            hr = IByteBuffer_SetSize(clone, random % 5000);
        else if (SUCCEEDED(hr) && random % 4 == 1)
            hr = IByteBuffer_Write(clone, bytes, random % 512, &count);
        else if (SUCCEEDED(hr))
            hr = IByteBuffer_Read(clone, bytes, random % 512, &count);
        if (FAILED(hr) || (random % 4 > 1 && (count < 0 || count > (LONG)(random % 512))))
            InterlockedIncrement(hammer->failures);
        /* All that was ever written is 'w'; the rest is 0. */
        if (SUCCEEDED(hr) && random % 4 > 1)
            while (count-- > 0)
                if (bytes[count] != 'w' && bytes[count])
                    InterlockedIncrement(hammer->failures);
        if (clone)
            IByteBuffer_Release(clone);
    }
    CoUninitialize();
    return 0;
}

static void test_threads(void)
{
    IByteBuffer *buffer = create_buffer();
    struct hammer hammers[4];
    HANDLE threads[4];
    LONG failures = 0;
    int i;

    fact(GUESS);
    for (i = 0; i < 4; i++)
    {
        hammers[i] = (struct hammer){buffer, i + 1, &failures};
        threads[i] = CreateThread(NULL, 0, hammer_thread, &hammers[i], 0, NULL);
    }
    ok_uint(WaitForMultipleObjects(4, threads, TRUE, 60000), WAIT_OBJECT_0);
    for (i = 0; i < 4; i++)
        CloseHandle(threads[i]);
    ok(!failures, "%ld failures\n", failures);
    ok_uint(refs_of(buffer), 1);
    IByteBuffer_Release(buffer);
}

/* ---- leaks ---- */

static void round_of_buffers(void)
{
    IByteBuffer *buffer = create_buffer(), *clone = NULL, *target = NULL;
    IStream *stream;

    IByteBuffer_SetSize(buffer, 100);
    IByteBuffer_Write(buffer, (BYTE *)"abc", 3, NULL);
    IByteBuffer_Clone(buffer, &clone);
    IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);
    IByteBuffer_CopyTo(buffer, &target, 50, NULL, NULL);
    IByteBuffer_CopyTo(buffer, &buffer, -1, NULL, NULL);
    IByteBuffer_SetSize(buffer, MAXLONG);
    IByteBuffer_Initialize(clone, 10, NULL);
    IByteBuffer_get_Stream(buffer, &stream);
    IByteBuffer_put_Stream(target, stream);
    IStream_Release(stream);
    IByteBuffer_Release(clone);
    IByteBuffer_Release(target);
    IByteBuffer_Release(buffer);
}

START_TEST(bytebuffer)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    test_scripts();
    test_sizes();
    test_null();
    test_stat_flags();
    test_clone();
    test_threads();
    fact(GUESS);
    check_leaks("buffers", round_of_buffers);
    CoUninitialize();
}

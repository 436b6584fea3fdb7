/*
 * Benchmark, COM half: the same APDU and the same attach as tests/bench/native.c through ISCard, a
 * 32 KiB file through ISCardFileAccess, creations, and memory.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>
#include <psapi.h>
#include <stdio.h>
#include <stdint.h>

#include "bench.h"
#include "iccsp.h"
#include "scardssp.h"
#include "pcsc/unix/unixlib.h"

#define BIG_FILE_SIZE 32768
#define CREATES       5000
#define GROWTH_PAIRS  1000000

static BOOL timed; /* FALSE: what is done is counted, so nothing else is done */

static double now_us(void)
{
    static LARGE_INTEGER frequency;
    LARGE_INTEGER count;

    if (!timed)
        return 0;
    if (!frequency.QuadPart)
        QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    return count.QuadPart * 1e6 / frequency.QuadPart;
}

static void fail(const char *what, HRESULT hr)
{
    fprintf(stderr, "%s failed: %#lx\n", what, hr);
    ExitProcess(1);
}

static void check(const char *what, HRESULT hr)
{
    if (FAILED(hr))
        fail(what, hr);
}

/* ---- messages to the daemon, as the counting libpcsclite writes them down ---- */

static struct
{
    uint64_t messages, transmits;
} counts;

static void read_counts(const char *path)
{
    FILE *file = path ? fopen(path, "rb") : NULL;

    memset(&counts, 0, sizeof(counts));
    if (!file)
        return;
    if (fread(&counts, sizeof(counts), 1, file) != 1)
        memset(&counts, 0, sizeof(counts));
    fclose(file);
}

/* ---- ISCard ---- */

static IClassFactory *factory_of(const CLSID *clsid)
{
    IClassFactory *factory;

    check("CoGetClassObject", CoGetClassObject(clsid, CLSCTX_INPROC_SERVER, NULL,
                                               &IID_IClassFactory, (void **)&factory));
    return factory;
}

/* Objects come from the class factory: what CoCreateInstance does before it gets there (reading the
 * registry) is COM's work, and is measured with the creations below. */
static ISCard *attach(BSTR reader)
{
    static IClassFactory *factory;
    ISCard *card;

    if (!factory)
        factory = factory_of(&CLSID_CSCard);
    check("creating CSCard",
          IClassFactory_CreateInstance(factory, NULL, &IID_ISCard, (void **)&card));
    check("AttachByReader", ISCard_AttachByReader(card, reader, SHARED, T0 | T1));
    return card;
}

static void bench_attach(BSTR reader)
{
    static double times[BENCH_ATTACHES];
    double start;
    ISCard *card;
    int i;

    for (i = 0; i < BENCH_ATTACHES; i++)
    {
        start = now_us();
        card = attach(reader);
        times[i] = now_us() - start;
        ISCard_Detach(card, LEAVE);
        ISCard_Release(card);
    }
    if (timed)
        printf("attach_us %.3f\n", bench_median(times, BENCH_ATTACHES));
}

static ISCardCmd *make_command(void)
{
    ISCardCmd *cmd;
    LONG expected = bench_apdu[4];

    check("creating CSCardCmd", CoCreateInstance(&CLSID_CSCardCmd, NULL, CLSCTX_INPROC_SERVER,
                                                 &IID_ISCardCmd, (void **)&cmd));
    check("BuildCmd", ISCardCmd_BuildCmd(cmd, bench_apdu[0], bench_apdu[1], bench_apdu[2],
                                         bench_apdu[3], NULL, &expected));
    return cmd;
}

static void bench_transaction(BSTR reader, const char *counter)
{
    static double times[BENCH_APDUS];
    ISCardCmd *cmd = make_command();
    ISCard *card = attach(reader);
    uint64_t messages;
    double start;
    HRESULT hr;
    int i;

    read_counts(counter);
    messages = counts.messages;
    for (i = 0; i < BENCH_APDUS; i++)
    {
        start = now_us();
        hr = ISCard_Transaction(card, &cmd);
        times[i] = now_us() - start;
        if (hr != S_OK)
            fail("Transaction", hr);
    }
    read_counts(counter);
    if (timed)
        printf("apdu_us %.3f\n", bench_median(times, BENCH_APDUS));
    else
        printf("messages_per_transaction %.4f\n",
               (double)(counts.messages - messages) / BENCH_APDUS);
    ISCardCmd_Release(cmd);
    ISCard_Detach(card, LEAVE);
    ISCard_Release(card);
}

/* ---- Wine's way into the unix half ---- */

#define EMPTY_CALLS            20000
#define MEMORY_WINE_UNIX_FUNCS 1000

typedef LONG(WINAPI *dispatcher_function)(UINT64 handle, unsigned int code, void *params);
typedef LONG(WINAPI *query_function)(HANDLE process, const void *address, int class, void *buffer,
                                     SIZE_T size, SIZE_T *written);

/* Of our unix half, whose answer to a call of an unknown version is nothing but that version. */
static dispatcher_function find_dispatcher(UINT64 *library)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll"), dll = GetModuleHandleW(L"scardssp.dll");
    query_function query =
        (query_function)(void (*)(void))GetProcAddress(ntdll, "NtQueryVirtualMemory");
    void **variable = (void **)(void (*)(void))GetProcAddress(ntdll, "__wine_unix_call_dispatcher");

    if (!dll ||
        query(GetCurrentProcess(), dll, MEMORY_WINE_UNIX_FUNCS, library, sizeof(*library), NULL))
        return NULL;
    return variable && *variable
               ? (dispatcher_function)*variable
               : (dispatcher_function)(void (*)(void))GetProcAddress(ntdll, "__wine_unix_call");
}

static void bench_empty_call(void)
{
    static double times[EMPTY_CALLS];
    dispatcher_function dispatch;
    struct unix_head head;
    UINT64 library;
    double start;
    int i;

    dispatch = find_dispatcher(&library);
    if (!dispatch)
        return;
    for (i = 0; i < EMPTY_CALLS; i++)
    {
        memset(&head, 0, sizeof(head));
        start = now_us();
        dispatch(library, UNIX_QUERY, &head);
        times[i] = now_us() - start;
    }
    printf("empty_call_us %.3f\n", bench_median(times, EMPTY_CALLS));
}

/* ---- ISCardFileAccess ---- */

static void bench_read(BSTR reader, const char *counter)
{
    BSTR path = SysAllocString(L"3F00/7001");
    uint64_t messages, transmits;
    ISCardFileAccess *files;
    LONG got = BIG_FILE_SIZE;
    IByteBuffer *buffer;
    ISCardManage *manage;
    HSCARD_FILE file;

    check("creating SCardManage", CoCreateInstance(&CLSID_SCardManage, NULL, CLSCTX_INPROC_SERVER,
                                                   &IID_ISCardManage, (void **)&manage));
    check("AttachByIFD", ISCardManage_AttachByIFD(manage, reader, SHARED));
    check("CreateFileAccess", ISCardManage_CreateFileAccess(manage, &files));
    read_counts(counter);
    messages = counts.messages;
    transmits = counts.transmits;
    check("Open", ISCardFileAccess_Open(files, SC_TYPE_BY_ID, path, &file));
    check("Read", ISCardFileAccess_Read(files, file, &got, &buffer, SC_FL_NO_FLAGS));
    read_counts(counter);
    if (got != BIG_FILE_SIZE)
        fail("reading all of 7001", E_FAIL);
    printf("read32k_apdus %u\nread32k_messages %u\n", (unsigned)(counts.transmits - transmits),
           (unsigned)(counts.messages - messages));
    IByteBuffer_Release(buffer);
    ISCardFileAccess_Release(files);
    ISCardManage_Detach(manage);
    ISCardManage_Release(manage);
    SysFreeString(path);
}

/* ---- creations and memory ---- */

static void create_both(void)
{
    IByteBuffer *buffer;
    ISCardCmd *cmd;

    check("creating CSCardCmd", CoCreateInstance(&CLSID_CSCardCmd, NULL, CLSCTX_INPROC_SERVER,
                                                 &IID_ISCardCmd, (void **)&cmd));
    check("creating CByteBuffer", CoCreateInstance(&CLSID_CByteBuffer, NULL, CLSCTX_INPROC_SERVER,
                                                   &IID_IByteBuffer, (void **)&buffer));
    IByteBuffer_Release(buffer);
    ISCardCmd_Release(cmd);
}

/* What COM itself costs: a class that Wine and Windows have, which does nothing when it begins. */
static void create_other(void)
{
    static const CLSID categories = {0x0002e005, 0, 0, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};
    IUnknown *object;
    int i;

    for (i = 0; i < 2; i++)
    {
        check("creating StdComponentCategoriesMgr",
              CoCreateInstance(&categories, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown,
                               (void **)&object));
        IUnknown_Release(object);
    }
}

static void create_by(IClassFactory *factory)
{
    IUnknown *object;

    check("CreateInstance",
          IClassFactory_CreateInstance(factory, NULL, &IID_IUnknown, (void **)&object));
    IUnknown_Release(object);
}

static SIZE_T private_bytes(void)
{
    PROCESS_MEMORY_COUNTERS_EX memory = {.cb = sizeof(memory)};

    GetProcessMemoryInfo(GetCurrentProcess(), (PROCESS_MEMORY_COUNTERS *)&memory, sizeof(memory));
    return memory.PrivateUsage;
}

static double pairs_per_s(void (*create)(void))
{
    double start;
    int i;

    create();
    start = now_us();
    for (i = 0; i < CREATES; i++)
        create();
    return 2.0 * CREATES / ((now_us() - start) / 1e6);
}

/* The first thousand warm up what grows once: heaps, caches of the loader. */
static long growth_of_pairs(int count)
{
    IClassFactory *cmds = factory_of(&CLSID_CSCardCmd), *buffers = factory_of(&CLSID_CByteBuffer);
    SIZE_T before = 0;
    int i;

    for (i = -1000; i < count; i++)
    {
        if (!i)
            before = private_bytes();
        create_by(cmds);
        create_by(buffers);
    }
    IClassFactory_Release(cmds);
    IClassFactory_Release(buffers);
    return private_bytes() - before;
}

static void bench_creates(void)
{
    printf("creates_per_s %.0f\n", pairs_per_s(create_both));
    printf("other_creates_per_s %.0f\n", pairs_per_s(create_other));
    printf("growth_bytes %ld\n", growth_of_pairs(GROWTH_PAIRS));
}

int main(int argc, char **argv)
{
    WCHAR name[256];
    BSTR reader;

    if (argc < 2 || argv[1][0] == '-')
    {
        fprintf(stderr,
                "Usage: bench READER [COUNTER-FILE]   times, or counts with a counter file\n"
                "       bench creates                 creations per second, growth\n");
        return 2;
    }
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (!strcmp(argv[1], "creates"))
    {
        timed = TRUE;
        bench_creates();
        return 0;
    }
    MultiByteToWideChar(CP_UTF8, 0, argv[1], -1, name, ARRAYSIZE(name));
    reader = SysAllocString(name);
    timed = argc == 2;
    bench_attach(reader);
    bench_transaction(reader, argc > 2 ? argv[2] : NULL);
    if (timed)
        bench_empty_call();
    else
        bench_read(reader, argv[2]);
    SysFreeString(reader);
    CoUninitialize();
    return 0;
}

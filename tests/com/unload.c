/*
 * The DLL loaded, used and unloaded many times: nothing of it stays.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Needs the card iso-t1. Only exports are used, so that COM does not keep the DLL.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "cardtest.h"

#define WARM_UP 20
#define ROUNDS  200
/* What caches of other DLLs may grow by in all rounds together; one load used to leave 515 KiB. */
#define BYTES_ALLOWED  (256u * 1024u)
#define BLOCKS_ALLOWED 60u

/* ---- what the process has ---- */

struct memory
{
    SIZE_T committed, reserved; /* bytes that belong to this process alone */
    DWORD blocks;
};

static struct memory measure(void)
{
    MEMORY_BASIC_INFORMATION info;
    struct memory memory = {0};
    BYTE *at = NULL;

    while (VirtualQuery(at, &info, sizeof(info)) == sizeof(info))
    {
        if (info.Type == MEM_PRIVATE && info.State == MEM_COMMIT)
            memory.committed += info.RegionSize;
        if (info.Type == MEM_PRIVATE && info.State == MEM_RESERVE)
            memory.reserved += info.RegionSize;
        at = (BYTE *)info.BaseAddress + info.RegionSize;
        if (at < (BYTE *)info.BaseAddress)
            break;
    }
    memory.blocks = test_heap_blocks();
    return memory;
}

static BOOL grew(SIZE_T before, SIZE_T after, SIZE_T allowed)
{
    return after > before && after - before > allowed;
}

/* ---- one round ---- */

static void *make(HMODULE module, const CLSID *clsid, const IID *iid)
{
    HRESULT(WINAPI * get)
    (REFCLSID, REFIID, void **) =
        (void *)(void (*)(void))GetProcAddress(module, "DllGetClassObject");
    IClassFactory *factory = NULL;
    void *object = NULL;

    if (!get || get(clsid, &IID_IClassFactory, (void **)&factory))
        return NULL;
    IClassFactory_CreateInstance(factory, NULL, iid, &object);
    IClassFactory_Release(factory);
    return object;
}

/* A connection, a type library, a stream: what allocates. */
static BOOL use(HMODULE module, BSTR reader)
{
    static BYTE bytes[16];
    ISCardManage *manage = make(module, &CLSID_SCardManage, &IID_ISCardManage);
    IByteBuffer *buffer = make(module, &CLSID_CByteBuffer, &IID_IByteBuffer);
    ISCard *card = make(module, &CLSID_CSCard, &IID_ISCard);
    ITypeInfo *info = NULL;
    HSCARD handle = 0;
    BOOL good = manage && buffer && card;

    if (!good)
        return FALSE;
    good = !ISCard_AttachByReader(card, reader, SHARED, T0 | T1) &&
           !ISCard_get_CardHandle(card, &handle) && !ISCardManage_AttachByHandle(manage, handle) &&
           !ISCardManage_SCardLock(manage) && !ISCardManage_SCardUnlock(manage, LEAVE) &&
           !IByteBuffer_Initialize(buffer, sizeof(bytes), bytes) &&
           !ISCardManage_GetTypeInfo(manage, 0, 0, &info);
    if (info)
        ITypeInfo_Release(info);
    IByteBuffer_Release(buffer);
    ISCardManage_Release(manage);
    ISCard_Release(card);
    return good;
}

static BOOL load_and_unload(BSTR reader)
{
    HMODULE module = LoadLibraryW(L"scardssp.dll");
    HRESULT(WINAPI * can_unload)(void);
    unsigned tries = 0;
    BOOL good;

    if (!module)
        return FALSE;
    can_unload = (void *)(void (*)(void))GetProcAddress(module, "DllCanUnloadNow");
    good = use(module, reader) && can_unload;
    /* Over winscard.dll a thread of the pool may still be on its way out. */
    while (good && can_unload() != S_OK && tries++ < 200)
        Sleep(10);
    FreeLibrary(module);
    while (good && GetModuleHandleW(L"scardssp.dll") && tries++ < 200)
        Sleep(10);
    return good && tries < 200;
}

/* Threads of the pool that have nothing to do end after five seconds. */
static void let_pool_end(void)
{
    if (native_handles())
        Sleep(7000);
}

START_TEST(unload)
{
    struct memory before, after;
    BSTR reader = reader_with_card();
    unsigned i, good;

    fact(GUESS);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    for (i = 0; i < WARM_UP; i++)
        load_and_unload(reader);
    let_pool_end();
    before = measure();
    for (i = good = 0; i < ROUNDS; i++)
        good += load_and_unload(reader);
    let_pool_end();
    after = measure();
    ok(good == ROUNDS, "%u of %u rounds went well, and unloaded the DLL\n", good, ROUNDS);
    trace("committed %Iu to %Iu, reserved %Iu to %Iu, blocks %lu to %lu\n", before.committed,
          after.committed, before.reserved, after.reserved, before.blocks, after.blocks);
    ok(!grew(before.committed, after.committed, BYTES_ALLOWED), "%Iu bytes more are committed\n",
       after.committed - before.committed);
    ok(!grew(before.reserved, after.reserved, BYTES_ALLOWED), "%Iu bytes more are reserved\n",
       after.reserved - before.reserved);
    ok(!grew(before.blocks, after.blocks, BLOCKS_ALLOWED), "%lu blocks more\n",
       after.blocks - before.blocks);
    SysFreeString(reader);
    CoUninitialize();
}

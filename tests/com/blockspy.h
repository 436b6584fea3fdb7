/*
 * Watches on which thread one block of CoTaskMemAlloc's memory, an object of ours, is freed;
 * whoever uses it after that finds nonsense.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h and ole2.h. spy_start comes before the object is made.
 */

#ifndef TESTS_COM_BLOCKSPY_H
#define TESTS_COM_BLOCKSPY_H

static void *volatile spy_block;
static volatile DWORD spy_thread; /* that has freed it, 0: nobody has */

static HRESULT WINAPI spy_QueryInterface(IMallocSpy *iface, REFIID iid, void **out)
{
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IMallocSpy))
        return E_NOINTERFACE;
    *out = iface;
    return S_OK;
}

static ULONG WINAPI spy_AddRef(IMallocSpy *iface)
{
    return 2;
}

static ULONG WINAPI spy_Release(IMallocSpy *iface)
{
    return 1;
}

static SIZE_T WINAPI spy_PreAlloc(IMallocSpy *iface, SIZE_T size)
{
    return size;
}

static void *WINAPI spy_PostAlloc(IMallocSpy *iface, void *block)
{
    return block;
}

static void *WINAPI spy_PreFree(IMallocSpy *iface, void *block, BOOL spied)
{
    if (block && block == spy_block)
    {
        memset(block, 0xdd, HeapSize(GetProcessHeap(), 0, block));
        spy_block = NULL;
        spy_thread = GetCurrentThreadId();
    }
    return block;
}

static void WINAPI spy_PostFree(IMallocSpy *iface, BOOL spied)
{
}

static SIZE_T WINAPI spy_PreRealloc(IMallocSpy *iface, void *block, SIZE_T size, void **out,
                                    BOOL spied)
{
    *out = block;
    return size;
}

static void *WINAPI spy_PostRealloc(IMallocSpy *iface, void *block, BOOL spied)
{
    return block;
}

static void *WINAPI spy_PreOther(IMallocSpy *iface, void *block, BOOL spied)
{
    return block;
}

static SIZE_T WINAPI spy_PostGetSize(IMallocSpy *iface, SIZE_T size, BOOL spied)
{
    return size;
}

static int WINAPI spy_PostDidAlloc(IMallocSpy *iface, void *block, BOOL spied, int result)
{
    return result;
}

static void WINAPI spy_Minimize(IMallocSpy *iface)
{
}

static void spy_start(void)
{
    static IMallocSpyVtbl vtbl =
    {
        spy_QueryInterface, spy_AddRef, spy_Release, spy_PreAlloc, spy_PostAlloc, spy_PreFree,
        spy_PostFree, spy_PreRealloc, spy_PostRealloc, spy_PreOther, spy_PostGetSize, spy_PreOther,
        spy_PostDidAlloc, spy_Minimize, spy_Minimize
    };
    static IMallocSpy spy = {&vtbl};

    ok_hr(CoRegisterMallocSpy(&spy), S_OK);
}

/* From now on that object, whose interface pointer is its address. */
static void spy_watch(void *object)
{
    spy_thread = 0;
    spy_block = object;
}

#endif

/*
 * What all classes share: factories, identity, threads, type information.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Loads scardssp.dll by name and registers it when it is not. Needs no reader; a class that cannot
 * be made without a resource manager is skipped.
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>
#include <winscard.h>

#include "scardssp.h"
#include "iccsp.h"

static HMODULE module;
static HRESULT(WINAPI *get_class_object)(REFCLSID, REFIID, void **);
static HRESULT(WINAPI *can_unload_now)(void);
static HRESULT(WINAPI *register_server)(void), (WINAPI * unregister_server)(void);

static const struct
{
    const CLSID *clsid;
    const IID *iid;
    const WCHAR *progid;
} classes[] =
{
    {&CLSID_CByteBuffer, &IID_IByteBuffer, L"SCardSSP.CByteBuffer"},
    {&CLSID_CSCardTypeConv, &IID_ISCardTypeConv, L"SCardSSP.CSCardTypeConv"},
    {&CLSID_CSCardCmd, &IID_ISCardCmd, L"SCardSSP.CSCardCmd"},
    {&CLSID_CSCardISO7816, &IID_ISCardISO7816, L"SCardSSP.CSCardISO7816"},
    {&CLSID_CSCard, &IID_ISCard, L"SCardSSP.CSCard"},
    {&CLSID_CSCardDatabase, &IID_ISCardDatabase, L"SCardSSP.CSCardDatabase"},
    {&CLSID_CSCardLocate, &IID_ISCardLocate, L"SCardSSP.CSCardLocate"},
    {&CLSID_SCardManage, &IID_ISCardManage, L"SCardSSP.SCardManage"},
    {&CLSID_SCardAuth, &IID_ISCardAuth, L"SCardSSP.SCardAuth"},
    {&CLSID_SCardFileAccess, &IID_ISCardFileAccess, L"SCardSSP.SCardFileAccess"},
    {&CLSID_SCardVerify, &IID_ISCardVerify, L"SCardSSP.SCardVerify"},
};

/* ---- factories and identity ---- */

static void *new_object(const CLSID *clsid, const IID *iid)
{
    IClassFactory *factory;
    void *object = NULL;

    ok_hr(get_class_object(clsid, &IID_IClassFactory, (void **)&factory), S_OK);
    ok_hr(IClassFactory_CreateInstance(factory, NULL, iid, &object), S_OK);
    IClassFactory_Release(factory);
    return object;
}

static void check_identity(IUnknown *object, const IID *iid)
{
    IUnknown *first, *second, *again;
    IDispatch *dispatch;
    void *none = object;

    ok_hr(IUnknown_QueryInterface(object, &IID_IUnknown, (void **)&first), S_OK);
    ok_hr(IUnknown_QueryInterface(object, &IID_IDispatch, (void **)&dispatch), S_OK);
    ok_hr(IDispatch_QueryInterface(dispatch, &IID_IUnknown, (void **)&second), S_OK);
    ok(first == second, "two identities\n");
    ok_hr(IUnknown_QueryInterface(first, iid, (void **)&again), S_OK);
    ok(again == object, "another object\n");
    ok_hr(IUnknown_QueryInterface(object, &IID_IPersist, &none), E_NOINTERFACE);
    ok(!none, "the pointer was not cleared\n");
    ok_hr(IUnknown_QueryInterface(object, &IID_IUnknown, NULL), E_POINTER);
    IUnknown_Release(again);
    IUnknown_Release(second);
    IDispatch_Release(dispatch);
    IUnknown_Release(first);
    ok_uint(IUnknown_AddRef(object), 2);
    ok_uint(IUnknown_Release(object), 1);
}

static void test_class(size_t i)
{
    IUnknown *object = (IUnknown *)1, outer;
    IClassFactory *factory;
    void *none = &outer;
    HRESULT hr;

    ok_hr(get_class_object(classes[i].clsid, &IID_IDispatch, &none), E_NOINTERFACE);
    ok(!none, "the pointer was not cleared\n");
    ok_hr(get_class_object(classes[i].clsid, &IID_IClassFactory, (void **)&factory), S_OK);
    hr = IClassFactory_CreateInstance(factory, &outer, &IID_IUnknown, (void **)&object);
    ok_hr(hr, CLASS_E_NOAGGREGATION);
    ok(!object, "the pointer was not cleared\n");
    ok_hr(IClassFactory_CreateInstance(factory, NULL, &IID_IUnknown, NULL), E_POINTER);
    hr = IClassFactory_CreateInstance(factory, NULL, classes[i].iid, (void **)&object);
    IClassFactory_Release(factory);
    if (IsEqualCLSID(classes[i].clsid, &CLSID_CSCard) && (hr & 0xffff0000) == 0x80100000)
    {
        skip("no resource manager: %#lx\n", hr);
        return;
    }
    ok_hr(hr, S_OK);
    if (FAILED(hr))
        return;
    check_identity(object, classes[i].iid);
    ok_hr(can_unload_now(), S_FALSE);
    ok_uint(IUnknown_Release(object), 0);
    ok_hr(can_unload_now(), S_OK);
}

static void test_classes(void)
{
    IClassFactory *factory;
    void *none = &factory;
    size_t i;

    ok_hr(can_unload_now(), S_OK);
    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        test_push("%ls", classes[i].progid);
        test_class(i);
        test_pop();
    }
    ok_hr(get_class_object(&IID_IUnknown, &IID_IUnknown, &none), CLASS_E_CLASSNOTAVAILABLE);
    ok(!none, "the pointer was not cleared\n");
    ok_hr(get_class_object(&CLSID_CSCardCmd, &IID_IUnknown, NULL), E_POINTER);

    ok_hr(get_class_object(&CLSID_CSCardCmd, &IID_IClassFactory, (void **)&factory), S_OK);
    ok_hr(can_unload_now(), S_FALSE);
    ok_hr(IClassFactory_LockServer(factory, TRUE), S_OK);
    IClassFactory_Release(factory);
    ok_hr(can_unload_now(), S_FALSE);
    ok_hr(IClassFactory_LockServer(factory, FALSE), S_OK);
    ok_hr(can_unload_now(), S_OK);
}

static void test_registered(void)
{
    WCHAR progid[64];
    IUnknown *object;
    CLSID clsid;
    HRESULT hr;
    size_t i;

    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        test_push("%ls", classes[i].progid);
        ok_hr(CLSIDFromProgID(classes[i].progid, &clsid), S_OK);
        ok(IsEqualCLSID(&clsid, classes[i].clsid), "another CLSID\n");
        swprintf(progid, ARRAYSIZE(progid), L"%ls.1", classes[i].progid);
        ok_hr(CLSIDFromProgID(progid, &clsid), S_OK);
        ok(IsEqualCLSID(&clsid, classes[i].clsid), "another CLSID\n");
        hr = CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, classes[i].iid, (void **)&object);
        if (IsEqualCLSID(&clsid, &CLSID_CSCard) && (hr & 0xffff0000) == 0x80100000)
            skip("no resource manager: %#lx\n", hr);
        else if (ok(hr == S_OK, "CoCreateInstance: %#lx\n", hr))
            IUnknown_Release(object);
        test_pop();
    }
}

/* ---- threads ---- */

static DWORD WINAPI unmarshal(void *stream)
{
    IUnknown *object = NULL;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    ok_hr(CoGetInterfaceAndReleaseStream(stream, &IID_ISCardCmd, (void **)&object), S_OK);
    if (object)
        IUnknown_Release(object);
    CoUninitialize();
    /* Never dereferenced: only compared. */
    return (DWORD)(ULONG_PTR)object;
}

static void test_marshaller(void)
{
    ISCardCmd *cmd = new_object(&CLSID_CSCardCmd, &IID_ISCardCmd);
    DWORD other = 0;
    HANDLE thread;
    IStream *stream;

    ok_hr(CoMarshalInterThreadInterfaceInStream(&IID_ISCardCmd, (IUnknown *)cmd, &stream), S_OK);
    thread = CreateThread(NULL, 0, unmarshal, stream, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &other);
    CloseHandle(thread);
    ok(other == (DWORD)(ULONG_PTR)cmd, "another apartment got a proxy\n");
    ok_uint(ISCardCmd_Release(cmd), 0);
}

#define ROUNDS 20000

static DWORD WINAPI count_references(void *object)
{
    IMarshal *marshal;
    int i;

    for (i = 0; i < ROUNDS; i++)
    {
        IUnknown_AddRef((IUnknown *)object);
        if (i % 100 == 0 && SUCCEEDED(IUnknown_QueryInterface((IUnknown *)object, &IID_IMarshal,
                                                              (void **)&marshal)))
            IMarshal_Release(marshal);
        IUnknown_Release((IUnknown *)object);
    }
    return 0;
}

static void test_references(void)
{
    ISCardCmd *cmd = new_object(&CLSID_CSCardCmd, &IID_ISCardCmd);
    HANDLE threads[4];
    size_t i;

    for (i = 0; i < ARRAYSIZE(threads); i++)
        threads[i] = CreateThread(NULL, 0, count_references, cmd, 0, NULL);
    WaitForMultipleObjects(ARRAYSIZE(threads), threads, TRUE, INFINITE);
    for (i = 0; i < ARRAYSIZE(threads); i++)
        CloseHandle(threads[i]);
    ok_uint(ISCardCmd_Release(cmd), 0);
    ok_hr(can_unload_now(), S_OK);
}

/* ---- late binding ---- */

static void test_type_info(void)
{
    IDispatch *cmd = new_object(&CLSID_CSCardCmd, &IID_IDispatch);
    WCHAR build[] = L"buildcmd", data[] = L"pbydata", none[] = L"NoSuchName";
    LPOLESTR names[] = {build, data}, unknown[] = {none};
    DISPID ids[2] = {0};
    TYPEATTR *attr;
    ITypeInfo *info = NULL;
    UINT count = 0;

    ok_hr(IDispatch_GetTypeInfoCount(cmd, &count), S_OK);
    ok_uint(count, 1);
    ok_hr(IDispatch_GetTypeInfoCount(cmd, NULL), E_POINTER);
    ok_hr(IDispatch_GetTypeInfo(cmd, 1, 0, &info), DISP_E_BADINDEX);
    ok_hr(IDispatch_GetTypeInfo(cmd, 0, 0, NULL), E_POINTER);
    ok_hr(IDispatch_GetTypeInfo(cmd, 0, 0, &info), S_OK);
    ok_hr(ITypeInfo_GetTypeAttr(info, &attr), S_OK);
    ok(IsEqualIID(&attr->guid, &IID_ISCardCmd), "another interface\n");
    ITypeInfo_ReleaseTypeAttr(info, attr);
    ITypeInfo_Release(info);
    ok_hr(IDispatch_GetIDsOfNames(cmd, &IID_NULL, names, 2, 0, ids), S_OK);
    ok(ids[0] == 15 && ids[1] == 4, "got %ld, %ld\n", ids[0], ids[1]);
    ok_hr(IDispatch_GetIDsOfNames(cmd, &IID_NULL, unknown, 1, 0, ids), DISP_E_UNKNOWNNAME);
    ok_hr(IDispatch_GetIDsOfNames(cmd, &IID_IUnknown, names, 1, 0, ids), DISP_E_UNKNOWNINTERFACE);
    IDispatch_Release(cmd);
}

START_TEST(object)
{
    CLSID clsid;
    BOOL registered;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    module = LoadLibraryA("scardssp.dll");
    if (!ok(module != NULL, "scardssp.dll does not load: %lu\n", GetLastError()))
        return;
    get_class_object = (void *)(void (*)(void))GetProcAddress(module, "DllGetClassObject");
    can_unload_now = (void *)(void (*)(void))GetProcAddress(module, "DllCanUnloadNow");
    register_server = (void *)(void (*)(void))GetProcAddress(module, "DllRegisterServer");
    unregister_server = (void *)(void (*)(void))GetProcAddress(module, "DllUnregisterServer");
    registered = CLSIDFromProgID(L"SCardSSP.CSCardCmd", &clsid) == S_OK;

    fact(DOCUMENTED);
    test_classes();
    fact(GUESS);
    test_type_info();
    test_marshaller();
    test_references();
    ok_hr(can_unload_now(), S_OK);
    ok_hr(register_server(), S_OK);
    test_registered();
    if (!registered)
        ok_hr(unregister_server(), S_OK);
    FreeLibrary(module);
    CoUninitialize();
}

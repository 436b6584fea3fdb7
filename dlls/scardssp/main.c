/*
 * The entry points of the DLL, and the table of its classes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "classes.h"

#include "registry/classalias.h"
#include "pcsc/handles.h"
#include "base/logfile.h"
#include "base/module.h"
#include "object.h"
#include "proxy.h"
#include "pcsc/recording.h"
#include "base/trace.h"
#include "typeinfo.h"
#include "pcsc/unix/caller.h"
#include "winscard/cache.h"
#include "winscard/memory.h"

/* Creators differ only in the type of the pointer that they fill. */
#define CREATOR(function) ((HRESULT(*)(void **))(function))

const struct module_class module_classes[MODULE_CLASSES] =
{
    {&CLSID_CByteBuffer, L"CByteBuffer", L"ByteBuffer Class", &LIBID_SCARDSSPLib,
     CREATOR(bytebuffer_create)},
    {&CLSID_CSCardTypeConv, L"CSCardTypeConv", L"SCardTypeConv Class", &LIBID_SCARDSSPLib,
     CREATOR(typeconv_create)},
    {&CLSID_CSCardCmd, L"CSCardCmd", L"SCardCmd Class", &LIBID_SCARDSSPLib, CREATOR(cmd_create)},
    {&CLSID_CSCardISO7816, L"CSCardISO7816", L"SCardISO7816 Class", &LIBID_SCARDSSPLib,
     CREATOR(iso7816_create)},
    {&CLSID_CSCard, L"CSCard", L"SCard Class", &LIBID_SCARDSSPLib, CREATOR(card_create)},
    {&CLSID_CSCardDatabase, L"CSCardDatabase", L"SCardDatabase Class", &LIBID_SCARDSSPLib,
     CREATOR(database_create)},
    {&CLSID_CSCardLocate, L"CSCardLocate", L"SCardLocate Class", &LIBID_SCARDSSPLib,
     CREATOR(locate_create)},
    {&CLSID_SCardManage, L"SCardManage", L"SCardManage Class", &LIBID_SCardSSPProviderLib,
     CREATOR(manage_create)},
    {&CLSID_SCardAuth, L"SCardAuth", L"SCardAuth Class", &LIBID_SCardSSPProviderLib,
     CREATOR(auth_create)},
    {&CLSID_SCardFileAccess, L"SCardFileAccess", L"SCardFileAccess Class",
     &LIBID_SCardSSPProviderLib, CREATOR(fileaccess_create)},
    {&CLSID_SCardVerify, L"SCardVerify", L"SCardVerify Class", &LIBID_SCardSSPProviderLib,
     CREATOR(verify_create)},
};

const struct module_class *module_find_class(const CLSID *clsid)
{
    WCHAR alias[ALIAS_NAME];
    unsigned i;

    for (i = 0; i < MODULE_CLASSES; i++)
        if (IsEqualCLSID(clsid, module_classes[i].clsid))
            return &module_classes[i];
    if (!alias_class(clsid, alias))
        return NULL;
    for (i = 0; i < MODULE_CLASSES; i++)
        if (!lstrcmpiW(alias, module_classes[i].name))
            return &module_classes[i];
    WARN("alias of a class %s that does not exist", trace_wstr(alias));
    return NULL;
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, void *reserved)
{
    if (reason == DLL_PROCESS_ATTACH)
    {
        module_set_handle(self);
        logfile_make_private = unixcall_private_file;
    }
    else if (reason == DLL_PROCESS_DETACH && !reserved)
    {
        /* At process exit other threads died with locks held and other DLLs are gone already. */
        typeinfo_cleanup();
        cache_cleanup();
        memory_cleanup();
        record_cleanup();
        handles_cleanup();
        trace_cleanup();
    }
    return TRUE;
}

HRESULT WINAPI DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
{
    const struct module_class *class;

    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!clsid || !iid)
        return E_INVALIDARG;
    if (IsEqualCLSID(clsid, &CLSID_SCardSSPProxy))
        RETURN(proxy_factory(iid, out));
    if (!(class = module_find_class(clsid)))
        RETURN(CLASS_E_CLASSNOTAVAILABLE);
    TRACE("%ls", class->name);
    RETURN(factory_get(class, iid, out));
}

HRESULT WINAPI DllCanUnloadNow(void)
{
    return module_in_use() || proxy_in_use() ? S_FALSE : S_OK;
}

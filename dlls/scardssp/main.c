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
#include "scarddlg/extended.h"
#include "proxy.h"
#include "pcsc/recording.h"
#include "base/trace.h"
#include "typeinfo.h"
#include "pcsc/unix/caller.h"
#include "winscard/cache.h"
#include "winscard/memory.h"

/* Creators differ only in the type of the pointer that they set. */
#define CREATOR(create) ((HRESULT(*)(void **))(create))
#define CLASS(class, create) {{&factory_vtbl}, &CLSID_##class, L## #class, CREATOR(create)}

static struct module_class classes[] =
{
    CLASS(CByteBuffer, bytebuffer_create),
    CLASS(CSCardTypeConv, typeconv_create),
    CLASS(CSCardCmd, cmd_create),
    CLASS(CSCardISO7816, iso7816_create),
    CLASS(CSCard, card_create),
    CLASS(CSCardDatabase, database_create),
    CLASS(CSCardLocate, locate_create),
    CLASS(SCardManage, manage_create),
    CLASS(SCardAuth, auth_create),
    CLASS(SCardFileAccess, fileaccess_create),
    CLASS(SCardVerify, verify_create),
};

/* The class of that CLSID, or of the one that it is an alias of; NULL when it is not ours. */
static struct module_class *find_class(const CLSID *clsid)
{
    WCHAR alias[ALIAS_NAME];
    unsigned i;

    for (i = 0; i < ARRAYSIZE(classes); i++)
        if (IsEqualCLSID(clsid, classes[i].clsid))
            return &classes[i];
    if (!classalias_class(clsid, alias))
        return NULL;
    for (i = 0; i < ARRAYSIZE(classes); i++)
        if (!lstrcmpiW(alias, classes[i].name))
            return &classes[i];
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
        /* Not at process exit: other threads have died holding locks, and other DLLs are already
         * gone. */
        typeinfo_cleanup();
        extended_cleanup();
        cache_cleanup();
        memory_cleanup();
        recording_cleanup();
        handles_cleanup();
        trace_cleanup();
    }
    return TRUE;
}

HRESULT WINAPI DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
{
    struct module_class *class;

    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!clsid || !iid)
        return E_INVALIDARG;
    if (IsEqualCLSID(clsid, &CLSID_SCardSSPProxy))
        RETURN(proxy_factory(iid, out));
    if (!(class = find_class(clsid)))
        RETURN(CLASS_E_CLASSNOTAVAILABLE);
    TRACE("%ls", class->name);
    RETURN(IClassFactory_QueryInterface(&class->IClassFactory_iface, iid, out));
}

HRESULT WINAPI DllCanUnloadNow(void)
{
    return module_in_use() || proxy_in_use() ? S_FALSE : S_OK;
}

/*
 * ISCardFileAccess: the files of a card.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "provider.h"

#include <winscard.h>

#include "buffer.h"
#include "base/error.h"
#include "tlvtable.h"
#include "base/trace.h"

/* A path argument as icc takes it: NULL counts as wrong syntax there, as empty text does. */
#define PATH_TEXT(string) (const uint16_t *)(string), (string) ? lstrlenW(string) : 0

/* ---- directories ---- */

static HRESULT WINAPI fileaccess_ChangeDir(ISCardFileAccess *iface, REFTYPE type, BSTR name)
{
    struct visit visit;
    HRESULT hr;

    TRACE("%p, %d, %s", iface, type, trace_wstr(name));
    provider_enter(iface, &visit);
    hr = provider_leave(&visit, 0, icc_change_dir(visit.icc, type, PATH_TEXT(name)));
    RETURN(hr);
}

static HRESULT WINAPI fileaccess_GetCurrentDir(ISCardFileAccess *iface, BSTR *out)
{
    char text[PATH_MAX_TEXT + 1];
    WCHAR wide[PATH_MAX_TEXT + 1];
    struct visit visit;
    HRESULT hr;

    TRACE("%p, %p", iface, out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    provider_enter(iface, &visit);
    hr = provider_leave(&visit, 0, icc_current_dir(visit.icc, text));
    if (FAILED(hr))
        RETURN(hr);
    MultiByteToWideChar(CP_ACP, 0, text, -1, wide, ARRAYSIZE(wide));
    *out = SysAllocString(wide);
    return *out ? S_OK : E_OUTOFMEMORY;
}

static HRESULT names_to_safearray(const struct icc_name *names, size_t count, SAFEARRAY **out)
{
    WCHAR wide[PATH_MAX_TEXT + 1];
    SAFEARRAY *array;
    HRESULT hr = S_OK;
    BSTR name;
    LONG i;

    if (!(array = SafeArrayCreateVector(VT_BSTR, 0, count)))
        return E_OUTOFMEMORY;
    for (i = 0; SUCCEEDED(hr) && i < (LONG)count; i++)
    {
        MultiByteToWideChar(CP_ACP, 0, names[i].text, -1, wide, ARRAYSIZE(wide));
        name = SysAllocString(wide);
        hr = name ? SafeArrayPutElement(array, &i, name) : E_OUTOFMEMORY;
        SysFreeString(name);
    }
    if (FAILED(hr))
        SafeArrayDestroy(array);
    else
        *out = array;
    return hr;
}

static HRESULT WINAPI fileaccess_Directory(ISCardFileAccess *iface, FILETYPE type, SAFEARRAY **out)
{
    struct icc_name *names = NULL;
    struct visit visit;
    size_t count = 0;
    HRESULT hr;

    TRACE("%p, %d, %p", iface, type, out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    if ((ULONG)type > SC_TYPE_VARIABLE_EF)
        RETURN(E_INVALIDARG);
    provider_enter(iface, &visit);
    hr = provider_leave(&visit, 0, icc_directory(visit.icc, type, &names, &count));
    if (SUCCEEDED(hr))
        hr = names_to_safearray(names, count, out);
    icc_free(names);
    RETURN(hr);
}

/* ---- open files ---- */

static HRESULT WINAPI fileaccess_Open(ISCardFileAccess *iface, REFTYPE type, BSTR name,
                                      HSCARD_FILE *file)
{
    struct visit visit;
    uint32_t handle = 0;
    HRESULT hr;

    TRACE("%p, %d, %s, %p", iface, type, trace_wstr(name), file);
    if (!file)
        return E_POINTER;
    *file = 0;
    provider_enter(iface, &visit);
    hr = provider_leave(&visit, 0, icc_open(visit.icc, type, PATH_TEXT(name), &handle));
    if (SUCCEEDED(hr))
        *file = handle;
    RETURN(hr);
}

/* A handle of icc; values that no icc ever issues become one that is never issued: 0. */
static uint32_t icc_handle(HSCARD_FILE file)
{
    return file <= UINT32_MAX ? (uint32_t)file : 0;
}

static HRESULT WINAPI fileaccess_Close(ISCardFileAccess *iface, HSCARD_FILE file)
{
    struct visit visit;
    LONG result = 0;
    HRESULT hr;

    TRACE("%p, %#Ix", iface, file);
    if (!file)
        RETURN(E_INVALIDARG);
    provider_enter(iface, &visit);
    if (visit.session)
        result = icc_close(visit.icc, icc_handle(file));
    hr = provider_leave(&visit, 0, result);
    RETURN(hr);
}

static HRESULT WINAPI fileaccess_Seek(ISCardFileAccess *iface, HSCARD_FILE file, LONG offset,
                                      SEEKTYPE type)
{
    struct visit visit;
    LONG result = 0;
    HRESULT hr;

    TRACE("%p, %#Ix, %ld, %d", iface, file, offset, type);
    if (!file || (ULONG)type > SC_SEEK_RELATIVE)
        RETURN(E_INVALIDARG);
    provider_enter(iface, &visit);
    if (visit.session)
        result = icc_seek(visit.icc, icc_handle(file), offset, type);
    hr = provider_leave(&visit, 0, result);
    RETURN(hr);
}

static HRESULT WINAPI fileaccess_Read(ISCardFileAccess *iface, HSCARD_FILE file, LONG *bytes,
                                      IByteBuffer **buffer, SCARD_FLAGS flags)
{
    struct visit visit;
    uint8_t *data = NULL;
    int32_t count = 0;
    LONG wanted, result = 0;
    HRESULT hr;

    TRACE("%p, %#Ix, %p, %p, %#x", iface, file, bytes, buffer, flags);
    if (!bytes || !buffer)
        return E_POINTER;
    wanted = *bytes;
    *bytes = 0;
    *buffer = NULL;
    if (!file || wanted < 0 || !provider_flags_ok(flags))
        RETURN(E_INVALIDARG);
    provider_enter(iface, &visit);
    if (visit.session)
    {
        count = wanted;
        result = icc_read(visit.icc, icc_handle(file), &count, &data, flags);
    }
    hr = provider_leave(&visit, flags, result);
    if (SUCCEEDED(hr) && SUCCEEDED(hr = bytebuffer_new(data, count, buffer)))
        *bytes = count;
    icc_free(data);
    RETURN(hr);
}

static HRESULT WINAPI fileaccess_Write(ISCardFileAccess *iface, HSCARD_FILE file, LONG length,
                                       IByteBuffer *buffer, SCARD_FLAGS flags)
{
    DWORD modes = flags & (SC_FL_REPLACE | SC_FL_ERASE | SC_FL_OR | SC_FL_AND);
    struct visit visit;
    BYTE *data = NULL;
    DWORD size = 0;
    LONG result = 0;
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%p, %#Ix, %ld, %p, %#x", iface, file, length, buffer, flags);
    if (!buffer && !(flags & SC_FL_ERASE))
        return E_POINTER;
    if (!file || length < 0 || !provider_flags_ok(flags) || (modes & (modes - 1)))
        RETURN(E_INVALIDARG);
    if (FAILED(hr = buffer_get(buffer, &data, &size)))
        RETURN(hr);
    if (!(flags & SC_FL_ERASE) && (DWORD)length > size)
        hr = E_INVALIDARG;
    else
    {
        provider_enter(iface, &visit);
        if (visit.session)
            result = icc_write(visit.icc, icc_handle(file), length, data, size, flags);
        hr = provider_leave(&visit, flags, result);
    }
    bytestream_free(data, size);
    RETURN(hr);
}

/* ---- the life of files ---- */

static HRESULT WINAPI fileaccess_Create(ISCardFileAccess *iface, REFTYPE type, BSTR name,
                                        TLV_TABLE **tlvs, LONG *count, SCARD_FLAGS flags,
                                        IByteBuffer *buffer)
{
    struct icc_tlv *objects = NULL;
    struct visit visit;
    BYTE *data = NULL;
    DWORD size = 0;
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%p, %d, %s, %p, %p, %#x, %p", iface, type, trace_wstr(name), tlvs, count, flags, buffer);
    if (!tlvs || !count)
        return E_POINTER;
    if (FAILED(hr = tlvtable_objects(*tlvs, *count, &objects)))
        RETURN(hr);
    if (SUCCEEDED(hr = buffer_get(buffer, &data, &size)))
    {
        provider_enter(iface, &visit);
        hr = provider_leave(
            &visit, flags,
            icc_create(visit.icc, type, PATH_TEXT(name), objects, *count, flags, data, size));
    }
    bytestream_free(data, size);
    CoTaskMemFree(objects);
    RETURN(hr);
}

static HRESULT WINAPI fileaccess_Delete(ISCardFileAccess *iface, REFTYPE type, BSTR name,
                                        SCARD_FLAGS flags)
{
    struct visit visit;
    HRESULT hr;

    TRACE("%p, %d, %s, %#x", iface, type, trace_wstr(name), flags);
    provider_enter(iface, &visit);
    hr = provider_leave(&visit, flags, icc_delete(visit.icc, type, PATH_TEXT(name), flags));
    RETURN(hr);
}

/* Invalidate and Rehabilitate differ in one command byte only. */
static HRESULT switch_file(ISCardFileAccess *iface, BSTR name, SCARD_FLAGS flags,
                           int32_t (*operation)(struct icc *, const uint16_t *, size_t, uint32_t))
{
    struct visit visit;

    provider_enter(iface, &visit);
    return provider_leave(&visit, flags, operation(visit.icc, PATH_TEXT(name), flags));
}

static HRESULT WINAPI fileaccess_Invalidate(ISCardFileAccess *iface, BSTR name, SCARD_FLAGS flags)
{
    TRACE("%p, %s, %#x", iface, trace_wstr(name), flags);
    RETURN(switch_file(iface, name, flags, icc_invalidate));
}

static HRESULT WINAPI fileaccess_Rehabilitate(ISCardFileAccess *iface, BSTR name, SCARD_FLAGS flags)
{
    TRACE("%p, %s, %#x", iface, trace_wstr(name), flags);
    RETURN(switch_file(iface, name, flags, icc_rehabilitate));
}

/* ---- properties ---- */

static HRESULT WINAPI fileaccess_GetFileCapabilities(ISCardFileAccess *iface, TLV_TABLE **tlvs,
                                                     LONG *count, SCARD_FLAGS flags)
{
    struct icc_tlv *filter, *found = NULL;
    struct visit visit;
    int32_t found_count = 0;
    HRESULT hr;

    TRACE("%p, %p, %p, %#x", iface, tlvs, count, flags);
    if (!tlvs || !count)
        return E_POINTER;
    if (FAILED(hr = tlvtable_filter(*tlvs, *count, flags, &filter)))
        RETURN(hr);
    provider_enter(iface, &visit);
    hr = provider_leave(
        &visit, flags,
        icc_capabilities(visit.icc, filter, filter ? *count : 0, flags, &found, &found_count));
    hr = tlvtable_answer(hr, filter != NULL, found, found_count, tlvs, count);
    icc_free(found);
    CoTaskMemFree(filter);
    RETURN(hr);
}

static HRESULT WINAPI fileaccess_GetProperties(ISCardFileAccess *iface, REFTYPE type, BSTR name,
                                               TLV_TABLE **tlvs, LONG *count, SCARD_FLAGS flags)
{
    struct icc_tlv *filter, *found = NULL;
    struct visit visit;
    int32_t found_count = 0;
    HRESULT hr;

    TRACE("%p, %d, %s, %p, %p, %#x", iface, type, trace_wstr(name), tlvs, count, flags);
    if (!tlvs || !count)
        return E_POINTER;
    if (FAILED(hr = tlvtable_filter(*tlvs, *count, flags, &filter)))
        RETURN(hr);
    provider_enter(iface, &visit);
    hr = provider_leave(&visit, flags,
                        icc_properties(visit.icc, type, PATH_TEXT(name), filter,
                                       filter ? *count : 0, flags, &found, &found_count));
    hr = tlvtable_answer(hr, filter != NULL, found, found_count, tlvs, count);
    icc_free(found);
    CoTaskMemFree(filter);
    RETURN(hr);
}

static HRESULT WINAPI fileaccess_SetProperties(ISCardFileAccess *iface, REFTYPE type, BSTR name,
                                               TLV_TABLE *tlvs, LONG count, SCARD_FLAGS flags)
{
    struct icc_tlv *objects;
    struct visit visit;
    HRESULT hr;

    TRACE("%p, %d, %s, %p, %ld, %#x", iface, type, trace_wstr(name), tlvs, count, flags);
    if (!tlvs)
        return E_POINTER;
    if (count <= 0)
        RETURN(E_INVALIDARG);
    if (FAILED(hr = tlvtable_objects(tlvs, count, &objects)))
        RETURN(hr);
    provider_enter(iface, &visit);
    hr = provider_leave(
        &visit, flags, icc_set_properties(visit.icc, type, PATH_TEXT(name), objects, count, flags));
    CoTaskMemFree(objects);
    RETURN(hr);
}

/* Internal to the original: children are bound by the manager that makes them. */
static HRESULT WINAPI fileaccess_Initialize(ISCardFileAccess *iface, LONG *manage)
{
    TRACE("%p, %p", iface, manage);
    return manage ? E_NOTIMPL : E_POINTER;
}

static const ISCardFileAccessVtbl fileaccess_vtbl =
{
    OBJECT_METHODS,
    fileaccess_ChangeDir,
    fileaccess_Close,
    fileaccess_Create,
    fileaccess_Delete,
    fileaccess_Directory,
    fileaccess_GetCurrentDir,
    fileaccess_GetFileCapabilities,
    fileaccess_GetProperties,
    fileaccess_Initialize,
    fileaccess_Invalidate,
    fileaccess_Open,
    fileaccess_Read,
    fileaccess_Rehabilitate,
    fileaccess_Seek,
    fileaccess_SetProperties,
    fileaccess_Write,
};

static const struct object_class fileaccess_class =
{
    "ISCardFileAccess", &IID_ISCardFileAccess, &LIBID_SCardSSPProviderLib, provider_abandon,
    provider_destroy,
};

HRESULT fileaccess_create_attached(struct attachment *attachment, ISCardFileAccess **out)
{
    return provider_create(attachment, &fileaccess_vtbl, &fileaccess_class, (void **)out);
}

HRESULT fileaccess_create(ISCardFileAccess **out)
{
    return fileaccess_create_attached(NULL, out);
}

/*
 * Our interfaces between processes, 32 and 64 bits in all pairs: what arrives is what was sent.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Needs the DLL registered in both widths, and this program in both widths; no card.
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "scardssp.h"
#include "iccsp.h"
#include "objects.h"
#include "marshaltest.h"

/* ---- IByteBuffer ---- */

static void test_buffer_arguments(IByteBuffer *buffer)
{
    BYTE bytes[16];
    LONG count;

    fact(GUESS);
    count = 77;
    ok_hr(IByteBuffer_Read(buffer, NULL, 1, &count), E_POINTER);
    ok_uint(count, 0);
    ok_hr(IByteBuffer_Read(buffer, bytes, -1, &count), E_INVALIDARG);
    ok_hr(IByteBuffer_Read(buffer, NULL, 0, NULL), S_OK);
    ok_hr(IByteBuffer_Write(buffer, NULL, 1, &count), E_POINTER);
    ok_hr(IByteBuffer_Write(buffer, bytes, -1, &count), E_INVALIDARG);
    ok_hr(IByteBuffer_Write(buffer, NULL, 0, NULL), S_OK);
    ok_hr(IByteBuffer_Initialize(buffer, -1, bytes), E_INVALIDARG);
    ok_hr(IByteBuffer_Clone(buffer, NULL), HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER));
}

static void test_buffer(void)
{
    static const LONG sizes[] = {1, 2, 255, 256, 4096, 65535, 65536, 70000};
    static BYTE read[70010];
    IByteBuffer *buffer = create_there(&CLSID_CByteBuffer, &IID_IByteBuffer), *clone = NULL;
    LONG count, position;
    IStream *stream;
    ULONG got;
    size_t i;

    ok(is_proxy(buffer), "the object is in this process\n");
    for (i = 0; i < ARRAYSIZE(sizes); i++)
    {
        test_push("%ld bytes", sizes[i]);
        ok_hr(IByteBuffer_Initialize(buffer, sizes[i], (BYTE *)pattern()), S_OK);
        check_buffer(buffer, pattern(), sizes[i], -1);
        ok_hr(IByteBuffer_Initialize(buffer, 1, NULL), S_OK);
        ok_hr(IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL), S_OK);
        ok_hr(IByteBuffer_Write(buffer, (BYTE *)pattern(), sizes[i], &count), S_OK);
        ok_uint(count, sizes[i]);
        check_buffer(buffer, pattern(), sizes[i], sizes[i]);
        test_pop();
    }
    ok_hr(IByteBuffer_Seek(buffer, 69998, STREAM_SEEK_SET, &position), S_OK);
    ok_uint(position, 69998);
    memset(read, 0xee, sizeof(read));
    ok_hr(IByteBuffer_Read(buffer, read, sizeof(read), &count), S_OK);
    ok_uint(count, 2);
    ok(read[1] == pattern()[69999] && read[2] == 0xee && read[sizeof(read) - 1] == 0xee,
       "bytes that were not read have changed\n");

    ok_hr(IByteBuffer_Clone(buffer, &clone), S_OK);
    ok(is_proxy(clone), "the clone is in this process\n");
    check_buffer(clone, pattern(), 70000, 70000);
    ok_hr(IByteBuffer_get_Stream(clone, &stream), S_OK);
    IStream_Seek(stream, (LARGE_INTEGER){.QuadPart = 0}, STREAM_SEEK_SET, NULL);
    ok_hr(IStream_Read(stream, read, 70000, &got), S_OK);
    ok_uint(got, 70000);
    ok_bytes(read, pattern(), 70000);
    IStream_Release(stream);
    IByteBuffer_Release(clone);
    test_buffer_arguments(buffer);
    IByteBuffer_Release(buffer);
}

/* From a buffer there to one here, from here to there, and to one that is made on the way. */
static void test_copy(void)
{
    IByteBuffer *there = create_there(&CLSID_CByteBuffer, &IID_IByteBuffer), *made = NULL;
    IByteBuffer *here = buffer_with(pattern(), 3000), *kept = here;
    LONG read = 0, written = 0;

    IByteBuffer_Seek(here, 0, STREAM_SEEK_SET, NULL);
    ok_hr(IByteBuffer_CopyTo(here, &there, 3000, &read, &written), S_OK);
    ok(read == 3000 && written == 3000, "%ld, %ld\n", read, written);
    check_buffer(there, pattern(), 3000, 3000);
    IByteBuffer_SetSize(here, 0);
    IByteBuffer_Seek(here, 0, STREAM_SEEK_SET, NULL);
    IByteBuffer_Seek(there, 1000, STREAM_SEEK_SET, NULL);
    ok_hr(IByteBuffer_CopyTo(there, &here, 5000, &read, NULL), S_OK);
    ok(here == kept, "another object came back\n");
    ok_uint(read, 2000);
    check_buffer(here, pattern() + 1000, 2000, -1);
    IByteBuffer_Seek(there, 0, STREAM_SEEK_SET, NULL);
    ok_hr(IByteBuffer_CopyTo(there, &made, 10, NULL, NULL), S_OK);
    ok(is_proxy(made), "made in this process\n");
    check_buffer(made, pattern(), 10, -1);
    IByteBuffer_Release(made);
    IByteBuffer_Release(there);
    ok_uint(refs_of(here), 1);
    IByteBuffer_Release(here);
}

/* ---- ISCardTypeConv ---- */

static void check_array(BYTEARRAY *array, LONG size)
{
    if (!ok(array != NULL, "no array\n"))
        return;
    ok_uint(array->dwSize, size);
    ok_bytes(array->pbyData, pattern(), size);
    ok(GlobalHandle(array->pbyData) == array->hMem, "not the memory of hMem\n");
    GlobalUnlock(array->hMem);
    ok(!GlobalFree(array->hMem), "hMem is not the caller's\n");
    CoTaskMemFree(array);
}

static void test_arrays(ISCardTypeConv *conv)
{
    IByteBuffer *here = buffer_with(pattern(), 5000), *there = NULL;
    BYTEARRAY *array = NULL;
    BYTE *bytes = NULL;
    SAFEARRAY *safe = NULL;
    LONG upper = 0;
    void *data;

    ok_hr(ISCardTypeConv_ConvertByteArrayToByteBuffer(conv, (BYTE *)pattern(), 70000, &there),
          S_OK);
    ok(is_proxy(there), "made in this process\n");
    check_buffer(there, pattern(), 70000, 0);
    ok_hr(ISCardTypeConv_ConvertByteBufferToByteArray(conv, there, &array), S_OK);
    check_array(array, 70000);
    ok_hr(ISCardTypeConv_ConvertByteBufferToByteArray(conv, here, &array), S_OK);
    check_array(array, 5000);
    IByteBuffer_SetSize(here, 0);
    ok_hr(ISCardTypeConv_ConvertByteBufferToByteArray(conv, here, &array), S_OK);
    check_array(array, 0);
    ok_hr(ISCardTypeConv_ConvertByteBufferToByteArray(conv, NULL, &array), E_INVALIDARG);
    ok(!array, "the pointer was not cleared\n");
    ok_hr(ISCardTypeConv_ConvertByteBufferToSafeArray(conv, there, &safe), S_OK);
    SafeArrayGetUBound(safe, 1, &upper);
    ok_uint(upper, 69999);
    SafeArrayAccessData(safe, &data);
    ok_bytes(data, pattern(), 70000);
    SafeArrayUnaccessData(safe);
    IByteBuffer_Release(there);
    there = NULL;
    ok_hr(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, safe, &there), S_OK);
    check_buffer(there, pattern(), 70000, 0);
    SafeArrayDestroy(safe);
    IByteBuffer_Release(there);
    ok_hr(ISCardTypeConv_CreateByteArray(conv, 300, &bytes), S_OK);
    ok(bytes && !bytes[0] && !bytes[299], "no 300 zeros\n");
    CoTaskMemFree(bytes);
    ok_hr(ISCardTypeConv_ConvertByteArrayToByteBuffer(conv, NULL, 5, &there), E_INVALIDARG);
    IByteBuffer_Release(here);
}

/* The memory of a stream: of this process, or a copy that FreeIStreamMemoryPtr takes back. */
static void test_stream(ISCardTypeConv *conv, IStream *stream, BOOL there)
{
    ULARGE_INTEGER size = {.QuadPart = 0};
    BYTEARRAY *array = NULL;
    BYTE *data;
    ULONG refs = refs_of(stream);

    test_push(there ? "stream there" : "stream here");
    ok_hr(ISCardTypeConv_SizeOfIStream(conv, stream, &size), S_OK);
    ok_uint(size.QuadPart, 4000);
    ok_hr(ISCardTypeConv_GetAtIStreamMemory(conv, stream, &array), S_OK);
    if (ok(array != NULL, "no array\n"))
    {
        data = array->pbyData;
        ok_uint(array->dwSize, 4000);
        ok_bytes(data, pattern(), 4000);
        ok_uint(refs_of(stream), refs + 1);
        CoTaskMemFree(array);
        ok_hr(ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, (BYTE *)&size), E_INVALIDARG);
        ok_hr(ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, data), S_OK);
        ok_uint(refs_of(stream), refs);
        ok_hr(ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, data), E_INVALIDARG);
    }
    ok_hr(ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, NULL), E_INVALIDARG);
    test_pop();
}

static void test_streams(ISCardTypeConv *conv)
{
    IByteBuffer *there = create_there(&CLSID_CByteBuffer, &IID_IByteBuffer);
    IStream *stream;
    ULONG written;

    CreateStreamOnHGlobal(NULL, TRUE, &stream);
    IStream_Write(stream, pattern(), 4000, &written);
    test_stream(conv, stream, FALSE);
    ok_uint(IStream_Release(stream), 0);

    IByteBuffer_Initialize(there, 4000, (BYTE *)pattern());
    ok_hr(IByteBuffer_get_Stream(there, &stream), S_OK);
    if (is_proxy(stream))
        test_stream(conv, stream, TRUE);
    else
        skip("the stream of a buffer there came as one here\n");
    IStream_Release(stream);
    IByteBuffer_Release(there);
}

static void test_typeconv(void)
{
    ISCardTypeConv *conv = create_there(&CLSID_CSCardTypeConv, &IID_ISCardTypeConv);

    ok(is_proxy(conv), "the object is in this process\n");
    test_arrays(conv);
    test_streams(conv);
    ISCardTypeConv_Release(conv);
}

/* ---- ISCardCmd, ISCardISO7816 ---- */

static const BYTE select_mf[] = {0x00, 0xa4, 0x00, 0x00, 0x02, 0x3f, 0x00};

static void test_cmd(void)
{
    ISCardCmd *cmd = create_there(&CLSID_CSCardCmd, &IID_ISCardCmd);
    IByteBuffer *here = buffer_with(pattern(), 3000), *out = NULL;
    ISO_APDU_TYPE type = 0;
    LONG le = 256, length = 0;
    BYTE byte = 0;

    ok(is_proxy(cmd), "the object is in this process\n");
    ok_hr(ISCardCmd_BuildCmd(cmd, 0, 0xd6, 0x81, 2, here, &le), S_OK);
    ok_hr(ISCardCmd_get_ApduLength(cmd, &length), S_OK);
    ok_uint(length, 4 + 3 + 3000 + 2);
    ok_hr(ISCardCmd_get_Data(cmd, &out), S_OK);
    check_buffer(out, pattern(), 3000, 0);
    IByteBuffer_Release(out);
    ok_hr(ISCardCmd_get_P1(cmd, &byte), S_OK);
    ok_uint(byte, 0x81);
    ok_hr(ISCardCmd_get_Type(cmd, &type), S_OK);
    ok_uint(type, ISO_CASE_4);
    ok_hr(ISCardCmd_get_AlternateClassId(cmd, &byte), E_ACCESSDENIED);
    ok_hr(ISCardCmd_BuildCmd(cmd, 0, 0xd6, 0, 0, NULL, NULL), S_OK);
    ok_hr(ISCardCmd_get_ApduLength(cmd, &length), S_OK);
    ok_uint(length, 4);
    IByteBuffer_Release(here);
    here = buffer_with(select_mf, sizeof(select_mf));
    ok_hr(ISCardCmd_put_Apdu(cmd, here), S_OK);
    ok_hr(ISCardCmd_get_Apdu(cmd, &out), S_OK);
    check_buffer(out, select_mf, sizeof(select_mf), 0);
    IByteBuffer_Release(out);
    ok_uint(refs_of(here), 1);
    IByteBuffer_Release(here);
    ISCardCmd_Release(cmd);
}

static void expect_apdu(ISCardCmd *cmd, const BYTE *apdu, LONG length)
{
    IByteBuffer *out = NULL;

    ok_hr(ISCardCmd_get_Apdu(cmd, &out), S_OK);
    check_buffer(out, apdu, length, 0);
    IByteBuffer_Release(out);
}

static void test_iso7816(void)
{
    ISCardISO7816 *iso = create_there(&CLSID_CSCardISO7816, &IID_ISCardISO7816);
    ISCardCmd *there = NULL, *here = create(&CLSID_CSCardCmd, &IID_ISCardCmd), *kept = here;
    IByteBuffer *path = buffer_with(select_mf + 5, 2);

    ok_hr(ISCardISO7816_SelectFile(iso, 0, 0, path, 0, &there), S_OK);
    ok(is_proxy(there), "made in this process\n");
    expect_apdu(there, select_mf, sizeof(select_mf));
    ok_hr(ISCardISO7816_SelectFile(iso, 0, 0, path, 0, &here), S_OK);
    ok(here == kept, "another object came back\n");
    ok_uint(refs_of(here), 1);
    expect_apdu(here, select_mf, sizeof(select_mf));
    ISCardCmd_Release(there);
    ISCardCmd_Release(here);
    IByteBuffer_Release(path);
    ISCardISO7816_Release(iso);
}

/* ---- late-bound ---- */

static void test_late_bound(void)
{
    IDispatch *cmd = create_there(&CLSID_CSCardCmd, &IID_IDispatch);
    VARIANT arguments[2] = {0};
    DISPPARAMS params = {arguments, NULL, 2, 0}, none = {0};
    WCHAR name[] = L"BuildCmd";
    LPOLESTR names[] = {name};
    VARIANT result = {0};
    DISPID id = 0;

    V_VT(&arguments[0]) = V_VT(&arguments[1]) = VT_I4;
    V_I4(&arguments[0]) = 0xa4;
    ok(is_proxy(cmd), "the object is in this process\n");
    ok_hr(IDispatch_GetIDsOfNames(cmd, &IID_NULL, names, 1, 0, &id), S_OK);
    ok_hr(IDispatch_Invoke(cmd, id, &IID_NULL, 0, DISPATCH_METHOD, &params, NULL, NULL, NULL),
          S_OK);
    ok_hr(IDispatch_Invoke(cmd, 6, &IID_NULL, 0, DISPATCH_PROPERTYGET, &none, &result, NULL, NULL),
          S_OK);
    ok(V_VT(&result) == VT_UI1 && V_UI1(&result) == 0xa4, "type %u, %02x\n", V_VT(&result),
       V_UI1(&result));
    IDispatch_Release(cmd);
}

static void run(void)
{
    test_buffer();
    test_copy();
    test_typeconv();
    test_cmd();
    test_iso7816();
    test_late_bound();
}

START_TEST(marshal)
{
    if (!serve())
        with_servers(run);
}

/*
 * Late-bound calls as scripts make them: optional arguments, names, variables, failures, leaks.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "scardssp.h"
#include "latebound.h"
#include "objects.h"

static void test_properties(void)
{
    IDispatch *cmd = create(&CLSID_CSCardCmd, &IID_IDispatch);
    VARIANT result;

    ok_hr(invoke(cmd, 8, DISPATCH_PROPERTYPUT, NULL, ARGUMENTS(number(5))), S_OK);
    ok_hr(invoke(cmd, 8, DISPATCH_PROPERTYGET, &result, 0, NULL), S_OK);
    ok(V_VT(&result) == VT_UI1 && V_UI1(&result) == 5, "P1: type %u, value %u\n", V_VT(&result),
       V_UI1(&result));
    ok_hr(invoke(cmd, 8, DISPATCH_PROPERTYGET | DISPATCH_METHOD, &result, 0, NULL), S_OK);
    ok_hr(invoke(cmd, 8, DISPATCH_PROPERTYPUT, NULL, ARGUMENTS(number(5), number(6))),
          DISP_E_BADPARAMCOUNT);
    ok_hr(invoke(cmd, 8, DISPATCH_PROPERTYPUT, NULL, ARGUMENTS(number(256))), DISP_E_OVERFLOW);
    ok_hr(invoke(cmd, 10, DISPATCH_PROPERTYPUT, NULL, ARGUMENTS(number(5))), DISP_E_MEMBERNOTFOUND);
    ok_hr(invoke(cmd, 99, DISPATCH_METHOD, NULL, 0, NULL), DISP_E_MEMBERNOTFOUND);
    ok_hr(IDispatch_Invoke(cmd, 16, &IID_IUnknown, 0, DISPATCH_METHOD, NULL, NULL, NULL, NULL),
          E_INVALIDARG);
    ok_hr(invoke(cmd, 16, DISPATCH_METHOD, NULL, 0, NULL), S_OK);
    IDispatch_Release(cmd);
}

static LONG apdu_length(IDispatch *cmd)
{
    VARIANT result;

    return invoke(cmd, 1, DISPATCH_PROPERTYGET, &result, 0, NULL) == S_OK ? V_I4(&result) : -1;
}

/* BuildCmd(cla, ins, p1 = 0, p2 = 0, pbyData optional, plLe optional) */
static void test_optional(void)
{
    IDispatch *cmd = create(&CLSID_CSCardCmd, &IID_IDispatch);
    IDispatch *buffer = create(&CLSID_CByteBuffer, &IID_IDispatch);
    VARIANT le = number(8), text = {0};
    BYTE bytes[2] = {0x3f, 0x00};
    LONG written = 0;

    ok_hr(invoke(cmd, 15, DISPATCH_METHOD, NULL, ARGUMENTS(number(0))), DISP_E_BADPARAMCOUNT);
    ok_hr(invoke(cmd, 15, DISPATCH_METHOD, NULL, ARGUMENTS(number(0), left_out())),
          DISP_E_PARAMNOTOPTIONAL);
    ok_hr(invoke(cmd, 15, DISPATCH_METHOD, NULL, ARGUMENTS(number(0), number(0xa4))), S_OK);
    ok_uint(apdu_length(cmd), 4);
    ok_hr(invoke(cmd, 15, DISPATCH_METHOD, NULL,
                 ARGUMENTS(number(0), number(0xb0), left_out(), left_out(), left_out(),
                           reference(&le))),
          S_OK);
    ok_uint(apdu_length(cmd), 5);
    ok(V_VT(&le) == VT_I4 && V_I4(&le) == 8, "Le became %ld\n", V_I4(&le));

    ok_hr(IByteBuffer_Write((IByteBuffer *)buffer, bytes, 2, &written), S_OK);
    ok_hr(invoke(cmd, 15, DISPATCH_METHOD, NULL,
                 ARGUMENTS(number(0), number(0xa4), number(0), number(0), object_value(buffer))),
          S_OK);
    ok_uint(apdu_length(cmd), 7);
    ok_hr(invoke(cmd, 15, DISPATCH_METHOD, NULL,
                 ARGUMENTS(number(0), number(0xa4), number(0), number(0), object_value(buffer),
                           number(4))),
          S_OK);
    ok_uint(apdu_length(cmd), 8);
    /* An object of another class must not be taken for a buffer. */
    ok(FAILED(invoke(cmd, 15, DISPATCH_METHOD, NULL,
                     ARGUMENTS(number(0), number(0xa4), number(0), number(0), object_value(cmd)))),
       "a command passed as a buffer\n");
    V_VT(&text) = VT_BSTR;
    V_BSTR(&text) = SysAllocString(L"text");
    ok(FAILED(invoke(cmd, 15, DISPATCH_METHOD, NULL,
                     ARGUMENTS(number(0), number(0xa4), number(0), number(0), text))),
       "a string passed as a buffer\n");
    VariantClear(&text);
    ok_hr(invoke(cmd, 15, DISPATCH_METHOD, NULL,
                 ARGUMENTS(number(0), number(0xa4), number(0), number(0), left_out(), left_out(),
                           number(1))),
          DISP_E_BADPARAMCOUNT);
    IDispatch_Release(buffer);
    IDispatch_Release(cmd);
}

/* P2 and Le by name, the rest in order. */
static void test_named(void)
{
    IDispatch *cmd = create(&CLSID_CSCardCmd, &IID_IDispatch);
    DISPID names[] = {5, 3};
    VARIANT reversed[4] = {number(16), number(0x0c), number(0xa4), number(0)}, result;
    DISPPARAMS params = {reversed, names, 4, 2};
    UINT bad = 77;

    ok_hr(IDispatch_Invoke(cmd, 15, &IID_NULL, 0, DISPATCH_METHOD, &params, NULL, NULL, &bad),
          S_OK);
    ok_uint(apdu_length(cmd), 5);
    ok_hr(invoke(cmd, 9, DISPATCH_PROPERTYGET, &result, 0, NULL), S_OK);
    ok_uint(V_UI1(&result), 0x0c);
    ok_hr(invoke(cmd, 7, DISPATCH_PROPERTYGET, &result, 0, NULL), S_OK);
    ok_uint(V_I4(&result), 16);
    reversed[2] = left_out();
    ok_hr(IDispatch_Invoke(cmd, 15, &IID_NULL, 0, DISPATCH_METHOD, &params, NULL, NULL, &bad),
          DISP_E_PARAMNOTOPTIONAL);
    ok_uint(bad, 2);
    IDispatch_Release(cmd);
}

static void test_put_object(void)
{
    IDispatch *cmd = create(&CLSID_CSCardCmd, &IID_IDispatch);
    IDispatch *buffer = create(&CLSID_CByteBuffer, &IID_IDispatch);
    BYTE bytes[] = {1, 2, 3};
    VARIANT result;
    LONG written;

    ok_hr(IByteBuffer_Write((IByteBuffer *)buffer, bytes, 3, &written), S_OK);
    ok_hr(invoke(cmd, 15, DISPATCH_METHOD, NULL, ARGUMENTS(number(0), number(0xd6))), S_OK);
    ok_hr(invoke(cmd, 5, DISPATCH_PROPERTYPUT, NULL, ARGUMENTS(object_value(buffer))), S_OK);
    ok_uint(apdu_length(cmd), 8);
    ok_hr(invoke(cmd, 5, DISPATCH_PROPERTYPUTREF, NULL, ARGUMENTS(object_value(buffer))), S_OK);
    /* DISPID 0 is the default member. */
    ok_hr(invoke(cmd, DISPID_VALUE, DISPATCH_PROPERTYGET, &result, 0, NULL), S_OK);
    ok((V_VT(&result) == VT_DISPATCH || V_VT(&result) == VT_UNKNOWN) && V_UNKNOWN(&result),
       "the APDU has type %u\n", V_VT(&result));
    VariantClear(&result);
    IDispatch_Release(buffer);
    ok_uint(IDispatch_Release(cmd), 0);
}

/* Seek(move, origin, position optional), CopyTo(in out buffer, count, ...), Clone(in out buffer) */
static void test_references_to_variables(void)
{
    IDispatch *buffer = create(&CLSID_CByteBuffer, &IID_IDispatch);
    IDispatch *other = create(&CLSID_CByteBuffer, &IID_IDispatch), *kept = other;
    IDispatch *cmd = create(&CLSID_CSCardCmd, &IID_IDispatch);
    VARIANT position = {0}, target = {0}, typed = {0};
    BYTE bytes[] = {1, 2, 3};
    LONG written;

    ok_hr(IByteBuffer_Write((IByteBuffer *)buffer, bytes, 3, &written), S_OK);
    ok_hr(invoke(buffer, 8, DISPATCH_METHOD, NULL, ARGUMENTS(number(1), number(0))), S_OK);
    ok_hr(invoke(buffer, 8, DISPATCH_METHOD, NULL,
                 ARGUMENTS(number(1), number(STREAM_SEEK_CUR), reference(&position))),
          S_OK);
    ok(V_VT(&position) == VT_I4 && V_I4(&position) == 2, "position: type %u, %ld\n",
       V_VT(&position), V_I4(&position));
    ok_hr(invoke(buffer, 8, DISPATCH_METHOD, NULL, ARGUMENTS(number(0), number(0))), S_OK);

    ok_hr(invoke(buffer, 3, DISPATCH_METHOD, NULL, ARGUMENTS(reference(&target), number(3))), S_OK);
    ok(V_VT(&target) == VT_DISPATCH && V_DISPATCH(&target), "the target has type %u\n",
       V_VT(&target));
    VariantClear(&target);

    V_VT(&typed) = VT_BYREF | VT_DISPATCH;
    V_DISPATCHREF(&typed) = &other;
    ok_hr(invoke(buffer, 3, DISPATCH_METHOD, NULL, ARGUMENTS(typed, number(0))), S_OK);
    ok(other == kept, "another object came back\n");
    ok_uint(IDispatch_Release(other), 0);

    ok_hr(invoke(buffer, 3, DISPATCH_METHOD, NULL, ARGUMENTS(object_value(cmd), number(0))),
          DISP_E_TYPEMISMATCH);
    ok_hr(invoke(buffer, 3, DISPATCH_METHOD, NULL, ARGUMENTS(number(1), number(0))),
          DISP_E_TYPEMISMATCH);
    V_DISPATCHREF(&typed) = NULL;
    ok_hr(invoke(buffer, 3, DISPATCH_METHOD, NULL, ARGUMENTS(typed, number(0))),
          DISP_E_TYPEMISMATCH);
    ok_hr(invoke(buffer, 3, DISPATCH_METHOD, NULL, ARGUMENTS(reference(NULL), number(0))),
          DISP_E_TYPEMISMATCH);
    ok_hr(
        invoke(buffer, 8, DISPATCH_METHOD, NULL, ARGUMENTS(number(0), number(0), reference(NULL))),
        DISP_E_TYPEMISMATCH);
    target = object_value(cmd);
    ok_hr(invoke(buffer, 1, DISPATCH_METHOD, NULL, ARGUMENTS(reference(&target))),
          DISP_E_TYPEMISMATCH);
    ok_uint(IDispatch_Release(cmd), 0);
    ok_uint(IDispatch_Release(buffer), 0);
}

/* What a script learns of a method that failed, and of bytes that it does not have. */
static void test_failures(void)
{
    IDispatch *buffer = create(&CLSID_CByteBuffer, &IID_IDispatch);
    IDispatch *cmd = create(&CLSID_CSCardCmd, &IID_IDispatch);
    DISPPARAMS none = {0};
    EXCEPINFO exception = {0};
    VARIANT result, byte = number(0), written = {0};

    ok_hr(IDispatch_Invoke(cmd, 20, &IID_NULL, 0, DISPATCH_PROPERTYGET, &none, &result, &exception,
                           NULL),
          DISP_E_EXCEPTION);
    ok_hr(exception.scode, E_ACCESSDENIED);
    ok(exception.bstrSource && !lstrcmpW(exception.bstrSource, L"SCardSSP.ISCardCmd"),
       "source %ls\n", exception.bstrSource);
    ok(exception.bstrDescription && !lstrcmpW(exception.bstrDescription, L"E_ACCESSDENIED"),
       "description %ls\n", exception.bstrDescription);
    SysFreeString(exception.bstrSource);
    SysFreeString(exception.bstrDescription);
    ok_hr(IDispatch_Invoke(cmd, 20, &IID_NULL, 0, DISPATCH_PROPERTYGET, &none, &result, NULL, NULL),
          DISP_E_EXCEPTION);

    /* An object of another class where one is wanted. */
    ok_hr(invoke(cmd, 15, DISPATCH_METHOD, NULL,
                 ARGUMENTS(number(0), number(0), number(0), number(0), object_value(cmd))),
          DISP_E_TYPEMISMATCH);
    /* A variable holds one byte, whatever the count says. */
    ok_hr(invoke(buffer, 12, DISPATCH_METHOD, NULL,
                 ARGUMENTS(reference(&byte), number(1), reference(&written))),
          S_OK);
    ok_hr(invoke(buffer, 12, DISPATCH_METHOD, NULL,
                 ARGUMENTS(reference(&byte), number(2), reference(&written))),
          E_INVALIDARG);
    ok_uint(IDispatch_Release(cmd), 0);
    ok_uint(IDispatch_Release(buffer), 0);
}

static void test_leaks(void)
{
    DWORD before = 0, after;
    int i;

    for (i = 0; i < 400; i++)
    {
        test_properties();
        test_put_object();
        test_references_to_variables();
        test_failures();
        if (i == 50)
            before = test_heap_blocks();
    }
    after = test_heap_blocks();
    ok(after <= before + 50, "350 rounds: from %lu blocks to %lu\n", before, after);
}

START_TEST(latebound)
{
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    test_properties();
    test_optional();
    test_named();
    test_put_object();
    test_references_to_variables();
    test_failures();
    test_leaks();
    CoUninitialize();
}

/*
 * What the tests of late-bound calls share: calls, and the variants they pass.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h and ole2.h.
 */

#ifndef TESTS_COM_LATEBOUND_H
#define TESTS_COM_LATEBOUND_H

#define MAX_ARGUMENTS 10

/* Arguments in the order of the method; *bad counts from the last one, as Invoke does. */
TEST_USED static HRESULT invoke_telling(IDispatch *object, DISPID id, WORD flags, VARIANT *result,
                                        UINT count, const VARIANT *arguments, EXCEPINFO *exception,
                                        UINT *bad)
{
    DISPID put = DISPID_PROPERTYPUT;
    VARIANT reversed[MAX_ARGUMENTS];
    DISPPARAMS params = {reversed, NULL, count, 0};
    UINT i;

    for (i = 0; i < count; i++)
        reversed[count - 1 - i] = arguments[i];
    if (flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF))
    {
        params.rgdispidNamedArgs = &put;
        params.cNamedArgs = 1;
    }
    if (result)
        VariantInit(result);
    return IDispatch_Invoke(object, id, &IID_NULL, 0, flags, &params, result, exception, bad);
}

TEST_USED static HRESULT invoke(IDispatch *object, DISPID id, WORD flags, VARIANT *result,
                                UINT count, const VARIANT *arguments)
{
    UINT bad = 0;

    return invoke_telling(object, id, flags, result, count, arguments, NULL, &bad);
}

TEST_USED static VARIANT number(LONG value)
{
    VARIANT v = {0};

    V_VT(&v) = VT_I4;
    V_I4(&v) = value;
    return v;
}

TEST_USED static VARIANT object_value(void *object)
{
    VARIANT v = {0};

    V_VT(&v) = VT_DISPATCH;
    V_DISPATCH(&v) = object;
    return v;
}

TEST_USED static VARIANT reference(VARIANT *variable)
{
    VARIANT v = {0};

    V_VT(&v) = VT_BYREF | VT_VARIANT;
    V_VARIANTREF(&v) = variable;
    return v;
}

TEST_USED static VARIANT left_out(void)
{
    VARIANT v = {0};

    V_VT(&v) = VT_ERROR;
    V_ERROR(&v) = DISP_E_PARAMNOTFOUND;
    return v;
}

#define ARGUMENTS(...) \
    sizeof((VARIANT[]){__VA_ARGS__}) / sizeof(VARIANT), (VARIANT[]){__VA_ARGS__}

#endif

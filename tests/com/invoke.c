/*
 * IDispatch of every class, called as no script can: each member in each wrong way, and EXCEPINFO.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The type library says what a member takes; no call of the first part reaches the method.
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>
#include <winscard.h>

#include "scardssp.h"
#include "iccsp.h"
#include "latebound.h"
#include "objects.h"

#define MAX_PARAMETERS 8
#define NO_SUCH_ID     4711

/* One member: id, kind, parameters without the return value, the first that may be left out. */
struct member
{
    IDispatch *object;
    DISPID id;
    INVOKEKIND kind;
    INVOKEKIND kinds; /* all that the id has */
    UINT count, mandatory;
};

/* ---- members in wrong ways ---- */

static HRESULT call_with(const struct member *member, UINT count, UINT special, VARIANT value,
                         UINT *bad)
{
    VARIANT arguments[MAX_ARGUMENTS] = {0}, result;

    if (special < count)
        arguments[special] = value;
    *bad = NO_SUCH_ID;
    return invoke_telling(member->object, member->id, (WORD)member->kind, &result, count, arguments,
                          NULL, bad);
}

static void check_flags(const struct member *member)
{
    static const WORD wrong[] = {0, DISPATCH_METHOD, DISPATCH_PROPERTYGET, DISPATCH_PROPERTYPUT,
                                 DISPATCH_PROPERTYPUTREF, 0x100};
    VARIANT arguments[MAX_ARGUMENTS] = {0}, result;
    UINT i;

    for (i = 0; i < ARRAYSIZE(wrong); i++)
    {
        if (member->kinds & wrong[i] ||
            (wrong[i] == DISPATCH_PROPERTYPUTREF && member->kinds & INVOKE_PROPERTYPUT))
            continue;
        ok_hr(invoke(member->object, member->id, wrong[i], &result,
                     member->count ? member->count : 1, arguments),
              DISP_E_MEMBERNOTFOUND);
    }
}

static void check_counts(const struct member *member)
{
    UINT bad;

    ok_hr(call_with(member, member->count + 1, MAX_ARGUMENTS, left_out(), &bad),
          DISP_E_BADPARAMCOUNT);
    if (!member->mandatory)
        return;
    if (member->kind != INVOKE_PROPERTYPUT)
    {
        ok_hr(call_with(member, 0, MAX_ARGUMENTS, left_out(), &bad), DISP_E_BADPARAMCOUNT);
        ok_hr(call_with(member, member->mandatory - 1, MAX_ARGUMENTS, left_out(), &bad),
              DISP_E_BADPARAMCOUNT);
    }
    ok_hr(call_with(member, member->count, member->mandatory - 1, left_out(), &bad),
          DISP_E_PARAMNOTOPTIONAL);
    ok_uint(bad, member->count - member->mandatory);
}

/* References to nowhere, in each place. */
static void check_types(const struct member *member)
{
    static const VARTYPE types[] = {VT_I4, VT_UI1, VT_VARIANT, VT_DISPATCH, VT_BSTR};
    VARIANT nowhere = {0};
    UINT i, j, bad;

    for (i = 0; i < member->count; i++)
        for (j = 0; j < ARRAYSIZE(types); j++)
        {
            V_VT(&nowhere) = VT_BYREF | types[j];
            ok_hr(call_with(member, member->count, i, nowhere, &bad), DISP_E_TYPEMISMATCH);
            ok_uint(bad, member->count - 1 - i);
        }
}

/* A name that no parameter has; the value of a property, where there is none. */
static void check_named(const struct member *member)
{
    DISPID names[] = {MAX_PARAMETERS + 1, DISPID_PROPERTYPUT};
    VARIANT arguments[MAX_ARGUMENTS] = {0}, result;
    DISPPARAMS params = {arguments, names, 1, 1};
    UINT i, bad;

    for (i = 0; i < ARRAYSIZE(names); i++)
    {
        if (names[i] == DISPID_PROPERTYPUT && member->kind == INVOKE_PROPERTYPUT)
            continue;
        bad = NO_SUCH_ID;
        params.rgdispidNamedArgs = &names[i];
        ok_hr(IDispatch_Invoke(member->object, member->id, &IID_NULL, 0, (WORD)member->kind,
                               &params, &result, NULL, &bad),
              DISP_E_PARAMNOTFOUND);
        ok_uint(bad, 0);
    }
    params.cNamedArgs = 2;
    ok_hr(IDispatch_Invoke(member->object, member->id, &IID_NULL, 0, (WORD)member->kind, &params,
                           &result, NULL, &bad),
          E_INVALIDARG);
}

/* In capitals, with a parameter of another member's behind it. */
static void check_names(const struct member *member, const WCHAR *name)
{
    WCHAR capitals[64], stranger[] = L"NoSuchParameter";
    LPOLESTR names[] = {capitals, stranger};
    DISPID ids[2] = {NO_SUCH_ID, NO_SUCH_ID};

    lstrcpynW(capitals, name, ARRAYSIZE(capitals));
    CharUpperW(capitals);
    ok_hr(IDispatch_GetIDsOfNames(member->object, &IID_NULL, names, 1, 0, ids), S_OK);
    ok(ids[0] == member->id, "id %ld, expected %ld\n", ids[0], member->id);
    ok_hr(IDispatch_GetIDsOfNames(member->object, &IID_NULL, names, 2, 0, ids), DISP_E_UNKNOWNNAME);
    ok(ids[1] == DISPID_UNKNOWN, "the stranger has id %ld\n", ids[1]);
}

static INVOKEKIND kinds_of(ITypeInfo *info, UINT count, DISPID id)
{
    INVOKEKIND kinds = 0;
    FUNCDESC *function;
    UINT i;

    for (i = 0; i < count; i++)
    {
        ok_hr(ITypeInfo_GetFuncDesc(info, i, &function), S_OK);
        if (function->memid == id)
            kinds |= function->invkind;
        ITypeInfo_ReleaseFuncDesc(info, function);
    }
    return kinds;
}

static void describe(const FUNCDESC *function, struct member *member)
{
    const ELEMDESC *elements = function->lprgelemdescParam;
    UINT i;

    member->id = function->memid;
    member->kind = function->invkind;
    member->count = function->cParams;
    if (member->count && elements[member->count - 1].paramdesc.wParamFlags & PARAMFLAG_FRETVAL)
        member->count--;
    member->mandatory = 0;
    for (i = 0; i < member->count; i++)
        if (!(elements[i].paramdesc.wParamFlags & PARAMFLAG_FOPT))
            member->mandatory = i + 1;
}

static void check_members(IDispatch *object, const WCHAR *source)
{
    struct member member = {.object = object};
    FUNCDESC *function;
    ITypeInfo *info;
    TYPEATTR *attr;
    UINT i, count;
    BSTR name;

    ok_hr(IDispatch_GetTypeInfo(object, 0, 0, &info), S_OK);
    ok_hr(ITypeInfo_GetTypeAttr(info, &attr), S_OK);
    count = attr->cFuncs;
    ITypeInfo_ReleaseTypeAttr(info, attr);
    ok(count >= 3, "only %u members\n", count);
    for (i = 0; i < count; i++)
    {
        ok_hr(ITypeInfo_GetFuncDesc(info, i, &function), S_OK);
        describe(function, &member);
        ITypeInfo_ReleaseFuncDesc(info, function);
        member.kinds = kinds_of(info, count, member.id);
        ok_hr(ITypeInfo_GetDocumentation(info, member.id, &name, NULL, NULL, NULL), S_OK);
        test_push("%ls.%ls", source, name);
        check_names(&member, name);
        check_flags(&member);
        check_counts(&member);
        check_types(&member);
        check_named(&member);
        test_pop();
        SysFreeString(name);
    }
    ITypeInfo_Release(info);
}

static void check_no_member(IDispatch *object)
{
    WCHAR none[] = L"NoSuchMember";
    LPOLESTR names[] = {none};
    DISPPARAMS params = {0};
    DISPID id = NO_SUCH_ID;

    ok_hr(IDispatch_GetIDsOfNames(object, &IID_NULL, names, 1, 0, &id), DISP_E_UNKNOWNNAME);
    ok(id == DISPID_UNKNOWN, "id %ld\n", id);
    ok_hr(IDispatch_GetIDsOfNames(object, &IID_IDispatch, names, 1, 0, &id),
          DISP_E_UNKNOWNINTERFACE);
    ok_hr(invoke(object, NO_SUCH_ID, DISPATCH_METHOD, NULL, 0, NULL), DISP_E_MEMBERNOTFOUND);
    ok_hr(invoke(object, DISPID_UNKNOWN, DISPATCH_METHOD, NULL, 0, NULL), DISP_E_MEMBERNOTFOUND);
    ok_hr(IDispatch_Invoke(object, NO_SUCH_ID, &IID_IDispatch, 0, DISPATCH_METHOD, &params, NULL,
                           NULL, NULL),
          DISP_E_UNKNOWNINTERFACE);
    ok_hr(
        IDispatch_Invoke(object, NO_SUCH_ID, &IID_NULL, 0, DISPATCH_METHOD, NULL, NULL, NULL, NULL),
        E_INVALIDARG);
}

/* ---- parameters given twice ---- */

#define BUILD_CMD 15, DISPATCH_METHOD
#define PUT_P1    8, DISPATCH_PROPERTYPUT

/* BuildCmd has two parameters that are needed and four that may be left out. */
static const struct
{
    const char *name;
    DISPID id;
    WORD flags;
    UINT count, named;
    DISPID names[4];
    enum fact fact;
    HRESULT hr;
} name_rows[] =
{
    {"all in order", BUILD_CMD, 2, 0, {0}, DOCUMENTED, S_OK},
    {"the last by name", BUILD_CMD, 3, 1, {3}, DOCUMENTED, S_OK},
    {"all by name", BUILD_CMD, 4, 4, {1, 3, 0, 2}, DOCUMENTED, S_OK},
    {"a needed one missing", BUILD_CMD, 2, 1, {3}, DOCUMENTED, DISP_E_BADPARAMCOUNT},
    {"a name twice", BUILD_CMD, 4, 2, {3, 3}, GUESS, DISP_E_BADPARAMCOUNT},
    {"a name three times", BUILD_CMD, 4, 4, {2, 0, 2, 2}, GUESS, DISP_E_BADPARAMCOUNT},
    {"the first by name too", BUILD_CMD, 3, 1, {0}, GUESS, DISP_E_BADPARAMCOUNT},
    {"the second by name too", BUILD_CMD, 4, 2, {3, 1}, GUESS, DISP_E_BADPARAMCOUNT},
    {"no such name", BUILD_CMD, 3, 1, {6}, DOCUMENTED, DISP_E_PARAMNOTFOUND},
    {"a value", BUILD_CMD, 3, 1, {DISPID_PROPERTYPUT}, DOCUMENTED, DISP_E_PARAMNOTFOUND},
    {"put", PUT_P1, 1, 1, {DISPID_PROPERTYPUT}, DOCUMENTED, S_OK},
    {"put without a name", PUT_P1, 1, 0, {0}, DOCUMENTED, DISP_E_PARAMNOTFOUND},
    {"put by number", PUT_P1, 1, 1, {0}, DOCUMENTED, DISP_E_PARAMNOTFOUND},
    {"put twice", PUT_P1, 2, 2, {DISPID_PROPERTYPUT, DISPID_PROPERTYPUT}, GUESS,
     DISP_E_BADPARAMCOUNT},
    {"put and a position", PUT_P1, 2, 1, {DISPID_PROPERTYPUT}, DOCUMENTED, DISP_E_BADPARAMCOUNT},
    {"put nothing", PUT_P1, 0, 0, {0}, DOCUMENTED, DISP_E_PARAMNOTFOUND},
};

static void test_names(void)
{
    ISCardCmd *cmd = create(&CLSID_CSCardCmd, &IID_ISCardCmd);
    VARIANT arguments[] = {number(9), number(9), number(9), number(9)};
    UINT i, bad;
    BYTE got;

    for (i = 0; i < ARRAYSIZE(name_rows); i++)
    {
        DISPPARAMS params = {arguments, (DISPID *)name_rows[i].names, name_rows[i].count,
                             name_rows[i].named};

        test_push("%s", name_rows[i].name);
        fact(name_rows[i].fact);
        ok_hr(ISCardCmd_BuildCmd(cmd, 7, 7, 7, 7, NULL, NULL), S_OK);
        ok_hr(ISCardCmd_Invoke(cmd, name_rows[i].id, &IID_NULL, 0, name_rows[i].flags, &params,
                               NULL, NULL, &bad),
              name_rows[i].hr);
        ok_hr(name_rows[i].id == 15 ? ISCardCmd_get_ClassId(cmd, &got)
                                    : ISCardCmd_get_P1(cmd, &got),
              S_OK);
        ok_uint(got, name_rows[i].hr == S_OK ? 9 : 7);
        test_pop();
    }
    ISCardCmd_Release(cmd);
}

/* ---- EXCEPINFO ---- */

/* A call that each class refuses without a card: numbers in order; 0 stands for nothing at all. */
static const struct
{
    const CLSID *clsid;
    const WCHAR *source;
    WORD id, flags, count;
    LONG numbers[4];
    HRESULT scode;
    const WCHAR *description;
} classes[] =
{
    {&CLSID_CByteBuffer, L"SCardSSP.IByteBuffer", 8, DISPATCH_METHOD, 2, {-1, 0},
     STG_E_INVALIDFUNCTION, L"0x80030001"},
    {&CLSID_CSCardTypeConv, L"SCardSSP.ISCardTypeConv", 5, DISPATCH_METHOD, 1, {0x7fffffff},
     E_OUTOFMEMORY, L"E_OUTOFMEMORY"},
    {&CLSID_CSCardCmd, L"SCardSSP.ISCardCmd", 20, DISPATCH_PROPERTYGET, 0, {0},
     E_ACCESSDENIED, L"E_ACCESSDENIED"},
    {&CLSID_CSCardISO7816, L"SCardSSP.ISCardISO7816", 9, DISPATCH_METHOD, 4, {0, 0, -1},
     E_INVALIDARG, L"E_INVALIDARG"},
    {&CLSID_CSCard, L"SCardSSP.ISCard", 11, DISPATCH_METHOD, 1, {0},
     SCARD_E_INVALID_HANDLE, L"SCARD_E_INVALID_HANDLE"},
    {&CLSID_CSCardDatabase, L"SCardSSP.ISCardDatabase", 1, DISPATCH_METHOD, 1, {5},
     SCARD_E_UNKNOWN_CARD, L"SCARD_E_UNKNOWN_CARD"},
    {&CLSID_CSCardLocate, L"SCardSSP.ISCardLocate", 1, DISPATCH_METHOD, 4, {0},
     E_INVALIDARG, L"E_INVALIDARG"},
    {&CLSID_SCardManage, L"SCardSSP.ISCardManage", 7, DISPATCH_METHOD, 0, {0},
     SCARD_E_INVALID_HANDLE, L"SCARD_E_INVALID_HANDLE"},
    {&CLSID_SCardAuth, L"SCardSSP.ISCardAuth", 4, DISPATCH_METHOD, 1, {0},
     E_NOTIMPL, L"E_NOTIMPL"},
    {&CLSID_SCardFileAccess, L"SCardSSP.ISCardFileAccess", 2, DISPATCH_METHOD, 1, {1},
     SCARD_E_INVALID_HANDLE, L"SCARD_E_INVALID_HANDLE"},
    {&CLSID_SCardVerify, L"SCardSSP.ISCardVerify", 4, DISPATCH_METHOD, 1, {0},
     SCARD_E_INVALID_HANDLE, L"SCARD_E_INVALID_HANDLE"},
};

static void check_exception(IDispatch *object, size_t row)
{
    VARIANT arguments[4] = {0}, result;
    EXCEPINFO exception = {0};
    UINT i, bad = NO_SUCH_ID;

    for (i = 0; i < classes[row].count; i++)
        if (classes[row].numbers[i])
            arguments[i] = number(classes[row].numbers[i]);
    ok_hr(invoke_telling(object, classes[row].id, classes[row].flags, &result, classes[row].count,
                         arguments, &exception, &bad),
          DISP_E_EXCEPTION);
    ok_hr(exception.scode, classes[row].scode);
    ok(exception.bstrSource && !lstrcmpW(exception.bstrSource, classes[row].source), "source %ls\n",
       exception.bstrSource);
    ok(exception.bstrDescription && !lstrcmpW(exception.bstrDescription, classes[row].description),
       "description %ls\n", exception.bstrDescription);
    SysFreeString(exception.bstrSource);
    SysFreeString(exception.bstrDescription);
    SysFreeString(exception.bstrHelpFile);
    ok_hr(
        invoke(object, classes[row].id, classes[row].flags, &result, classes[row].count, arguments),
        DISP_E_EXCEPTION);
}

/* ---- what is converted ---- */

/* The value of a BYTE, given in other types and through references. */
static void test_conversions(void)
{
    ISCardCmd *cmd = create(&CLSID_CSCardCmd, &IID_ISCardCmd);
    BYTE byte = 7, got = 0;
    LONG big = 256, small = 7, negative = -1;
    BSTR seven = SysAllocString(L"7"), text = SysAllocString(L"seven");
    VARIANT inner = number(7);
    const struct
    {
        VARTYPE type;
        void *reference;
        HRESULT hr;
    } rows[] =
    {
        {VT_UI1, &byte, S_OK}, {VT_I4, &small, S_OK}, {VT_VARIANT, &inner, S_OK},
        {VT_BSTR, &seven, S_OK}, {VT_I4, &big, DISP_E_OVERFLOW},
        {VT_I4, &negative, DISP_E_OVERFLOW}, {VT_BSTR, &text, DISP_E_TYPEMISMATCH},
    };
    VARIANT value = {0};
    UINT i, bad;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        test_push("row %u", i);
        V_VT(&value) = VT_BYREF | rows[i].type;
        V_BYREF(&value) = rows[i].reference;
        bad = NO_SUCH_ID;
        ok_hr(ISCardCmd_put_P1(cmd, 0), S_OK);
        ok_hr(
            invoke_telling((IDispatch *)cmd, 8, DISPATCH_PROPERTYPUT, NULL, 1, &value, NULL, &bad),
            rows[i].hr);
        ok_uint(bad, rows[i].hr == S_OK ? NO_SUCH_ID : 0);
        ok_hr(ISCardCmd_get_P1(cmd, &got), S_OK);
        ok_uint(got, rows[i].hr == S_OK ? 7 : 0);
        test_pop();
    }
    SysFreeString(seven);
    SysFreeString(text);
    ISCardCmd_Release(cmd);
}

START_TEST(invoke)
{
    IDispatch *object;
    size_t i;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    fact(DOCUMENTED);
    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        object = create(classes[i].clsid, &IID_IDispatch);
        check_members(object, classes[i].source);
        test_push("%ls", classes[i].source);
        check_no_member(object);
        fact(GUESS);
        check_exception(object, i);
        fact(DOCUMENTED);
        test_pop();
        ok_uint(IDispatch_Release(object), 0);
    }
    test_names();
    test_conversions();
    CoUninitialize();
}

/*
 * The type libraries inside the built DLL against typelib_tables.h.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Loads scardssp.dll by name to learn its file; needs no registration. Only type libraries of the
 * program's own width are looked at: each width has one.
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "typelib_tables.h"

#define TEXT_SIZE 600

#ifdef _WIN64
#define POINTER_UINT     VT_UI8
#define POINTER_INT      VT_I8
#define EXPECTED_SYSKIND SYS_WIN64
#else
#define POINTER_UINT     VT_UI4
#define POINTER_INT      VT_I4
#define EXPECTED_SYSKIND SYS_WIN32
#endif

static void add(char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(char *text, const char *format, ...)
{
    size_t used = strlen(text);
    va_list args;

    va_start(args, format);
    vsnprintf(text + used, TEXT_SIZE - used, format, args);
    va_end(args);
    text[TEXT_SIZE - 1] = 0;
}

/* ---- names of types ---- */

static void add_user_type(char *text, ITypeInfo *info, HREFTYPE reference)
{
    const WCHAR *name;
    ITypeInfo *type;
    BSTR full = NULL;

    if (FAILED(ITypeInfo_GetRefTypeInfo(info, reference, &type)))
    {
        add(text, "(unresolved)");
        return;
    }
    ITypeInfo_GetDocumentation(type, MEMBERID_NIL, &full, NULL, NULL, NULL);
    name = full ? full : L"(nameless)";
    /* System structs go by their tags: _ULARGE_INTEGER. */
    add(text, "%ls", name[0] == '_' ? name + 1 : name);
    SysFreeString(full);
    ITypeInfo_Release(type);
}

/* pointer_sized: H (or P, signed) where the width of a pointer is meant. */
static void add_type(char *text, ITypeInfo *info, const TYPEDESC *type)
{
    static const struct
    {
        VARTYPE vt;
        const char *name;
    } simple[] =
    {
        {VT_I4, "I4"}, {VT_UI4, "UI4"}, {VT_UI1, "UI1"}, {VT_UI2, "UI2"}, {VT_UINT, "UINT"},
        {VT_I8, "I8"}, {VT_UI8, "UI8"}, {VT_BSTR, "BSTR"}, {VT_UNKNOWN, "IUnknown*"},
        {VT_HRESULT, "HRESULT"}, {VT_VOID, "void"},
    };
    size_t i;

    switch (type->vt)
    {
    case VT_PTR:
        add_type(text, info, type->lptdesc);
        add(text, "*");
        return;
    case VT_SAFEARRAY:
        add(text, "SAFEARRAY(");
        add_type(text, info, type->lptdesc);
        add(text, ")");
        return;
    case VT_USERDEFINED: add_user_type(text, info, type->hreftype); return;
    }
    for (i = 0; i < ARRAYSIZE(simple); i++)
        if (simple[i].vt == type->vt)
        {
            add(text, "%s", simple[i].name);
            return;
        }
    add(text, "VT_%u", type->vt);
}

static void add_parameter(char *text, ITypeInfo *info, const ELEMDESC *element)
{
    USHORT flags = element->paramdesc.wParamFlags;
    const VARIANT *value;

    if (flags & PARAMFLAG_FIN)
        add(text, "i");
    if (flags & PARAMFLAG_FOUT)
        add(text, "o");
    if (flags & PARAMFLAG_FRETVAL)
        add(text, "r");
    if (flags & PARAMFLAG_FHASDEFAULT)
    {
        value = &element->paramdesc.pparamdescex->varDefaultValue;
        if (V_VT(value) == VT_BSTR)
            add(text, "=\"%ls\"", V_BSTR(value) ? V_BSTR(value) : L"");
        else if (V_VT(value) == VT_UI1)
            add(text, "=%u", V_UI1(value));
        else
            add(text, "=%ld", V_I4(value));
        if (!(flags & PARAMFLAG_FOPT))
            add(text, "(not optional)");
    }
    else if (flags & PARAMFLAG_FOPT)
        add(text, "?");
    if (flags & ~(PARAMFLAG_FIN | PARAMFLAG_FOUT | PARAMFLAG_FRETVAL | PARAMFLAG_FHASDEFAULT |
                  PARAMFLAG_FOPT))
        add(text, "(flags %#x)", flags);
    add(text, " ");
    add_type(text, info, &element->tdesc);
}

/* "H" in a table stands for a number as wide as a pointer, "P" for a signed one. */
static int same_type(const char *got, const char *expected)
{
    char wanted[TEXT_SIZE];
    const char *letter = strpbrk(expected, "HP");

    if (!letter || (letter != expected && letter[-1] != ' ') || (letter[1] && letter[1] != '*'))
        return !strcmp(got, expected);
    snprintf(wanted, sizeof(wanted), "%.*s%s%s", (int)(letter - expected), expected,
             *letter == 'H' ? (POINTER_UINT == VT_UI8 ? "UI8" : "UI4")
                            : (POINTER_INT == VT_I8 ? "I8" : "I4"),
             letter + 1);
    return !strcmp(got, wanted);
}

/* ---- methods ---- */

/* Takes "flags type [name]" off the list; the name is empty when none is given. */
static const char *next_parameter(const char *list, char *type, char *name)
{
    const char *end = strstr(list, ", ");
    char *blank;

    snprintf(type, TEXT_SIZE, "%.*s", end ? (int)(end - list) : (int)strlen(list), list);
    *name = 0;
    if ((blank = strchr(type, ' ')) && (blank = strchr(blank + 1, ' ')))
    {
        strcpy(name, blank + 1);
        *blank = 0;
    }
    return end ? end + 2 : list + strlen(list);
}

static void check_parameters(ITypeInfo *info, const FUNCDESC *function,
                             const struct method *expected)
{
    char type[TEXT_SIZE], name[TEXT_SIZE], got[TEXT_SIZE];
    const char *list = expected->parameters;
    WCHAR wide[TEXT_SIZE];
    BSTR names[10] = {0};
    UINT count = 0;
    int i;

    ITypeInfo_GetNames(info, function->memid, names, ARRAYSIZE(names), &count);
    for (i = 0; *list; i++)
    {
        list = next_parameter(list, type, name);
        if (!ok(i < function->cParams, "parameter %d is missing\n", i))
            break;
        *got = 0;
        add_parameter(got, info, &function->lprgelemdescParam[i]);
        ok(same_type(got, type), "parameter %d: got \"%s\", expected \"%s\"\n", i, got, type);
        MultiByteToWideChar(CP_ACP, 0, name, -1, wide, ARRAYSIZE(wide));
        if (*name)
            ok(i + 1 < (int)count && !_wcsicmp(names[i + 1], wide),
               "parameter %d: got the name %ls, expected %ls\n", i, names[i + 1], wide);
    }
    ok(i == function->cParams, "%d parameters, expected %d\n", function->cParams, i);
    for (i = 0; i < (int)count; i++)
        SysFreeString(names[i]);
}

static void check_method(ITypeInfo *info, UINT index, const struct method *expected)
{
    FUNCDESC *function;
    BSTR name = NULL, help = NULL;
    char text[TEXT_SIZE] = "";
    WCHAR wide[64];

    if (!ok(ITypeInfo_GetFuncDesc(info, index, &function) == S_OK, "no function %u\n", index))
        return;
    ITypeInfo_GetDocumentation(info, function->memid, &name, &help, NULL, NULL);
    MultiByteToWideChar(CP_ACP, 0, expected->name, -1, wide, ARRAYSIZE(wide));
    ok(name && !wcscmp(name, wide), "got the name %ls\n", name);
    ok(help && *help, "no helpstring\n");
    ok(function->memid == expected->id, "got the id %ld, expected %d\n", function->memid,
       expected->id);
    ok((int)function->invkind == (int)expected->kind, "got invkind %d\n", function->invkind);
    ok(function->funckind == FUNC_PUREVIRTUAL, "got funckind %d\n", function->funckind);
    ok(function->callconv == CC_STDCALL, "got callconv %d\n", function->callconv);
    ok(function->wFuncFlags == 0, "got flags %#x\n", function->wFuncFlags);
    ok(function->oVft == (SHORT)((7 + index) * sizeof(void *)), "got slot offset %d\n",
       function->oVft);
    add_type(text, info, &function->elemdescFunc.tdesc);
    ok(!strcmp(text, "HRESULT"), "returns %s\n", text);
    check_parameters(info, function, expected);
    SysFreeString(name);
    SysFreeString(help);
    ITypeInfo_ReleaseFuncDesc(info, function);
}

static void check_parent(ITypeInfo *info)
{
    ITypeInfo *parent;
    HREFTYPE reference;
    TYPEATTR *attr;

    ok_hr(ITypeInfo_GetRefTypeOfImplType(info, 0, &reference), S_OK);
    ok_hr(ITypeInfo_GetRefTypeInfo(info, reference, &parent), S_OK);
    ok_hr(ITypeInfo_GetTypeAttr(parent, &attr), S_OK);
    ok(IsEqualGUID(&attr->guid, &IID_IDispatch), "does not derive from IDispatch\n");
    ITypeInfo_ReleaseTypeAttr(parent, attr);
    ITypeInfo_Release(parent);
}

static void check_interface(ITypeLib *library, const struct interface_row *row)
{
    ITypeInfo *info;
    TYPEATTR *attr;
    GUID iid;
    unsigned i;

    IIDFromString(row->iid, &iid);
    test_push("%s", row->name);
    if (!ok(ITypeLib_GetTypeInfoOfGuid(library, &iid, &info) == S_OK, "not in the library\n"))
        return;
    ok_hr(ITypeInfo_GetTypeAttr(info, &attr), S_OK);
    ok(attr->typekind == TKIND_INTERFACE, "got typekind %d\n", attr->typekind);
    ok(attr->wTypeFlags == TYPEFLAG_FDISPATCHABLE, "got type flags %#x\n", attr->wTypeFlags);
    ok(attr->cFuncs == row->count, "%u functions, expected %u\n", attr->cFuncs, row->count);
    ok(attr->cbSizeVft == (7 + row->count) * sizeof(void *), "vtable of %u bytes\n",
       attr->cbSizeVft);
    ITypeInfo_ReleaseTypeAttr(info, attr);
    check_parent(info);
    for (i = 0; i < row->count; i++)
    {
        test_push("%s::%s%s", row->name, row->methods[i].kind == PUT ? "put " : "",
                  row->methods[i].name);
        check_method(info, i, &row->methods[i]);
    }
    ITypeInfo_Release(info);
    test_pop();
}

static void check_coclass(ITypeLib *library, const struct interface_row *row)
{
    ITypeInfo *info, *interface_info;
    HREFTYPE reference;
    TYPEATTR *attr;
    GUID clsid, iid;
    WCHAR help[64];
    BSTR got = NULL;
    INT flags;

    IIDFromString(row->clsid, &clsid);
    IIDFromString(row->iid, &iid);
    test_push("%s", row->coclass);
    if (!ok(ITypeLib_GetTypeInfoOfGuid(library, &clsid, &info) == S_OK, "not in the library\n"))
        return;
    ok_hr(ITypeInfo_GetTypeAttr(info, &attr), S_OK);
    ok(attr->typekind == TKIND_COCLASS && attr->cImplTypes == 1, "kind %d with %d interfaces\n",
       attr->typekind, attr->cImplTypes);
    ok(attr->wTypeFlags & TYPEFLAG_FCANCREATE, "cannot be created: flags %#x\n", attr->wTypeFlags);
    ITypeInfo_ReleaseTypeAttr(info, attr);
    ok_hr(ITypeInfo_GetImplTypeFlags(info, 0, &flags), S_OK);
    ok(flags == IMPLTYPEFLAG_FDEFAULT, "implementation flags %#x\n", flags);
    ok_hr(ITypeInfo_GetRefTypeOfImplType(info, 0, &reference), S_OK);
    ok_hr(ITypeInfo_GetRefTypeInfo(info, reference, &interface_info), S_OK);
    ok_hr(ITypeInfo_GetTypeAttr(interface_info, &attr), S_OK);
    ok(IsEqualGUID(&attr->guid, &iid), "has another default interface\n");
    ITypeInfo_ReleaseTypeAttr(interface_info, attr);
    ITypeInfo_Release(interface_info);
    ITypeInfo_GetDocumentation(info, MEMBERID_NIL, NULL, &got, NULL, NULL);
    MultiByteToWideChar(CP_ACP, 0, row->help, -1, help, ARRAYSIZE(help));
    ok(got && !wcscmp(got, help), "helpstring is %ls\n", got);
    SysFreeString(got);
    ITypeInfo_Release(info);
    test_pop();
}

/* ---- enums and records ---- */

static void add_member(char *text, ITypeInfo *info, UINT index)
{
    VARDESC *member;
    BSTR name = NULL;

    if (FAILED(ITypeInfo_GetVarDesc(info, index, &member)))
        return;
    ITypeInfo_GetDocumentation(info, member->memid, &name, NULL, NULL, NULL);
    if (member->varkind == VAR_CONST)
        add(text, "%s%ls=%ld", index ? " " : "", name, V_I4(member->lpvarValue));
    else
    {
        add(text, "%s", index ? ", " : "");
        add_type(text, info, &member->elemdescVar.tdesc);
        add(text, " %ls", name);
    }
    SysFreeString(name);
    ITypeInfo_ReleaseVarDesc(info, member);
}

/* Puts the numbers of this width for H and P. */
static void expand_widths(const char *from, char *out)
{
    for (; *from; from++)
    {
        if ((*from == 'H' || *from == 'P') && from[1] == ' ')
            out += sprintf(out, "%s%d", *from == 'H' ? "UI" : "I", (int)sizeof(void *));
        else
            *out++ = *from;
    }
    *out = 0;
}

static void check_type(ITypeLib *library, const struct type_row *row)
{
    char got[TEXT_SIZE] = "", expected[TEXT_SIZE];
    ITypeInfo *info = NULL;
    MEMBERID id;
    TYPEATTR *attr;
    WCHAR name[64];
    USHORT found = 1;
    UINT i;

    MultiByteToWideChar(CP_ACP, 0, row->name, -1, name, ARRAYSIZE(name));
    ITypeLib_FindName(library, name, 0, &info, &id, &found);
    if (!ok(found == 1 && id == MEMBERID_NIL, "%s is not in the library\n", row->name))
        return;
    ok_hr(ITypeInfo_GetTypeAttr(info, &attr), S_OK);
    ok(attr->typekind == (strchr(row->members, '=') ? TKIND_ENUM : TKIND_RECORD),
       "%s has typekind %d\n", row->name, attr->typekind);
    for (i = 0; i < attr->cVars; i++)
        add_member(got, info, i);
    expand_widths(row->members, expected);
    ok(!strcmp(got, expected), "%s: got \"%s\", expected \"%s\"\n", row->name, got, expected);
    ITypeInfo_ReleaseTypeAttr(info, attr);
    ITypeInfo_Release(info);
}

/* ---- libraries ---- */

struct library_row
{
    const WCHAR *suffix, *name, *libid, *help;
    enum fact fact;
    const struct interface_row *interfaces;
    const struct type_row *types;
    unsigned interface_count, type_count;
};

static const struct library_row libraries[] =
{
    {L"", L"SCARDSSPLib", L"{82C38704-19F1-11D3-A11F-00C04F79F800}",
     L"scardssp 1.0 Type Library", NATIVE, base_interfaces, base_types,
     ARRAYSIZE(base_interfaces), ARRAYSIZE(base_types)},
    {L"\\2", L"SCardSSPProviderLib", L"{743DDB95-391F-4657-AB89-C4B0075FBA1C}",
     L"scardssp ICC service provider 1.0 Type Library", NATIVE, provider_interfaces,
     provider_types, ARRAYSIZE(provider_interfaces), ARRAYSIZE(provider_types)},
};

static void check_attributes(ITypeLib *library, const struct library_row *row)
{
    BSTR name = NULL, help = NULL;
    TLIBATTR *attr;
    GUID libid;

    IIDFromString(row->libid, &libid);
    ok_hr(ITypeLib_GetLibAttr(library, &attr), S_OK);
    ok(IsEqualGUID(&attr->guid, &libid), "another LIBID\n");
    ok(attr->wMajorVerNum == 1 && attr->wMinorVerNum == 0, "version %d.%d\n", attr->wMajorVerNum,
       attr->wMinorVerNum);
    ok(attr->lcid == 0, "LCID %#lx\n", attr->lcid);
    ok(attr->syskind == EXPECTED_SYSKIND, "syskind %d\n", attr->syskind);
    ITypeLib_ReleaseTLibAttr(library, attr);
    ITypeLib_GetDocumentation(library, MEMBERID_NIL, &name, &help, NULL, NULL);
    ok(name && !wcscmp(name, row->name), "name %ls\n", name);
    ok(help && !wcscmp(help, row->help), "helpstring %ls\n", help);
    SysFreeString(name);
    SysFreeString(help);
}

START_TEST(typelib)
{
    HMODULE module = LoadLibraryA("scardssp.dll");
    WCHAR path[MAX_PATH + 8];
    ITypeLib *library;
    size_t i, j;

    ok(module != NULL, "scardssp.dll does not load: %lu\n", GetLastError());
    for (i = 0; module && i < ARRAYSIZE(libraries); i++)
    {
        const struct library_row *row = &libraries[i];

        fact(row->fact);
        GetModuleFileNameW(module, path, MAX_PATH);
        wcscat(path, row->suffix);
        if (!ok(LoadTypeLibEx(path, REGKIND_NONE, &library) == S_OK, "no library in %ls\n", path))
            continue;
        check_attributes(library, row);
        for (j = 0; j < row->interface_count; j++)
        {
            check_interface(library, &row->interfaces[j]);
            check_coclass(library, &row->interfaces[j]);
        }
        for (j = 0; j < row->type_count; j++)
            check_type(library, &row->types[j]);
        ITypeLib_Release(library);
    }
    if (module)
        FreeLibrary(module);
}

/*
 * The binary interface as a C program sees it: GUIDs, vtable slots, argument lists, structs, enums.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The tables were typed from the type libraries of Windows 2000 and XP, independently of the IDL.
 * The headers that widl makes of the IDL are what is tested; the DLL is not loaded.
 */

#define COBJMACROS
#include "test.h"

#include <stddef.h>

#include <ole2.h>
#include <winscard.h>

#include "scardssp.h"
#include "iccsp.h"

/* ---- GUIDs ---- */

static const struct
{
    const char *name;
    const GUID *guid;
    const WCHAR *expected;
    enum fact fact;
} guids[] =
{
    {"LIBID_SCARDSSPLib", &LIBID_SCARDSSPLib, L"{82C38704-19F1-11D3-A11F-00C04F79F800}", NATIVE},
    {"IByteBuffer", &IID_IByteBuffer, L"{E126F8FE-A7AF-11D0-B88A-00C04FD424B9}", NATIVE},
    {"ISCardTypeConv", &IID_ISCardTypeConv, L"{53B6AA63-3F56-11D0-916B-00AA00C18068}", NATIVE},
    {"ISCardCmd", &IID_ISCardCmd, L"{D5778AE3-43DE-11D0-9171-00AA00C18068}", NATIVE},
    {"ISCardISO7816", &IID_ISCardISO7816, L"{53B6AA68-3F56-11D0-916B-00AA00C18068}", NATIVE},
    {"ISCard", &IID_ISCard, L"{1461AAC3-6810-11D0-918F-00AA00C18068}", NATIVE},
    {"ISCardDatabase", &IID_ISCardDatabase, L"{1461AAC8-6810-11D0-918F-00AA00C18068}", NATIVE},
    {"ISCardLocate", &IID_ISCardLocate, L"{1461AACD-6810-11D0-918F-00AA00C18068}", NATIVE},
    {"CByteBuffer", &CLSID_CByteBuffer, L"{E126F8FF-A7AF-11D0-B88A-00C04FD424B9}", NATIVE},
    {"CSCardTypeConv", &CLSID_CSCardTypeConv, L"{53B6AA67-3F56-11D0-916B-00AA00C18068}", NATIVE},
    {"CSCardCmd", &CLSID_CSCardCmd, L"{D5778AE7-43DE-11D0-9171-00AA00C18068}", NATIVE},
    {"CSCardISO7816", &CLSID_CSCardISO7816, L"{53B6AA6C-3F56-11D0-916B-00AA00C18068}", NATIVE},
    {"CSCard", &CLSID_CSCard, L"{1461AAC7-6810-11D0-918F-00AA00C18068}", NATIVE},
    {"CSCardDatabase", &CLSID_CSCardDatabase, L"{1461AACC-6810-11D0-918F-00AA00C18068}", NATIVE},
    {"CSCardLocate", &CLSID_CSCardLocate, L"{1461AAD1-6810-11D0-918F-00AA00C18068}", NATIVE},
    {"ISCardManage", &IID_ISCardManage, L"{5E586211-5A09-11D0-B84C-00C04FD424B9}", NATIVE},
    {"ISCardAuth", &IID_ISCardAuth, L"{7B063D61-6E40-11D0-B858-00C04FD424B9}", NATIVE},
    {"ISCardFileAccess", &IID_ISCardFileAccess, L"{4029DD8A-5902-11D0-B84C-00C04FD424B9}", NATIVE},
    {"ISCardVerify", &IID_ISCardVerify, L"{4029DD85-5902-11D0-B84C-00C04FD424B9}", NATIVE},
    /* This project's own: once released they must not change. */
    {"LIBID_SCardSSPProviderLib", &LIBID_SCardSSPProviderLib,
     L"{743DDB95-391F-4657-AB89-C4B0075FBA1C}", GUESS},
    {"SCardManage", &CLSID_SCardManage, L"{FEBD43AF-F69F-4F8C-9FA4-5B908FD37513}", GUESS},
    {"SCardAuth", &CLSID_SCardAuth, L"{E6A25FF5-91FF-4974-8DA5-78D28A6FE95F}", GUESS},
    {"SCardFileAccess", &CLSID_SCardFileAccess, L"{D02BD02A-CDF0-4725-877E-A0927795F39C}", GUESS},
    {"SCardVerify", &CLSID_SCardVerify, L"{17EEA1F5-7733-492C-9F70-E06F8933EC9A}", GUESS},
};

static void test_guids(void)
{
    WCHAR text[39];
    size_t i;

    for (i = 0; i < ARRAYSIZE(guids); i++)
    {
        fact(guids[i].fact);
        StringFromGUID2(guids[i].guid, text, ARRAYSIZE(text));
        ok(!wcscmp(text, guids[i].expected), "%s is %ls\n", guids[i].name, text);
    }
}

/* ---- vtables ---- */

static void check_slot(const char *iface, const char *method, size_t offset, int position,
                       int same_type)
{
    size_t expected = (7 + position) * sizeof(void *);

    ok(offset == expected, "%s::%s is at %u, expected %u\n", iface, method, (unsigned)offset,
       (unsigned)expected);
    ok(same_type, "%s::%s has another argument list\n", iface, method);
}

#define SLOT(i, position, method, ...) \
    check_slot(#i, #method, offsetof(i##Vtbl, method), position, \
               __builtin_types_compatible_p(__typeof__(((i##Vtbl *)0)->method), \
                                            HRESULT (WINAPI *)(i *, ##__VA_ARGS__)))
#define END(i, count) \
    ok(sizeof(i##Vtbl) == (7 + count) * sizeof(void *), "%s has %u slots\n", #i, \
       (unsigned)(sizeof(i##Vtbl) / sizeof(void *)))

static void test_bytebuffer(void)
{
    SLOT(IByteBuffer, 0, get_Stream, IStream **);
    SLOT(IByteBuffer, 1, put_Stream, IStream *);
    SLOT(IByteBuffer, 2, Clone, IByteBuffer **);
    SLOT(IByteBuffer, 3, Commit, LONG);
    SLOT(IByteBuffer, 4, CopyTo, IByteBuffer **, LONG, LONG *, LONG *);
    SLOT(IByteBuffer, 5, Initialize, LONG, BYTE *);
    SLOT(IByteBuffer, 6, LockRegion, LONG, LONG, LONG);
    SLOT(IByteBuffer, 7, Read, BYTE *, LONG, LONG *);
    SLOT(IByteBuffer, 8, Revert);
    SLOT(IByteBuffer, 9, Seek, LONG, LONG, LONG *);
    SLOT(IByteBuffer, 10, SetSize, LONG);
    SLOT(IByteBuffer, 11, Stat, STATSTRUCT *, LONG);
    SLOT(IByteBuffer, 12, UnlockRegion, LONG, LONG, LONG);
    SLOT(IByteBuffer, 13, Write, BYTE *, LONG, LONG *);
    END(IByteBuffer, 14);
}

static void test_typeconv(void)
{
    SLOT(ISCardTypeConv, 0, ConvertByteArrayToByteBuffer, BYTE *, DWORD, IByteBuffer **);
    SLOT(ISCardTypeConv, 1, ConvertByteBufferToByteArray, IByteBuffer *, BYTEARRAY **);
    SLOT(ISCardTypeConv, 2, ConvertByteBufferToSafeArray, IByteBuffer *, SAFEARRAY **);
    SLOT(ISCardTypeConv, 3, ConvertSafeArrayToByteBuffer, SAFEARRAY *, IByteBuffer **);
    SLOT(ISCardTypeConv, 4, CreateByteArray, DWORD, BYTE **);
    SLOT(ISCardTypeConv, 5, CreateByteBuffer, DWORD, IByteBuffer **);
    SLOT(ISCardTypeConv, 6, CreateSafeArray, UINT, SAFEARRAY **);
    SLOT(ISCardTypeConv, 7, FreeIStreamMemoryPtr, IStream *, BYTE *);
    SLOT(ISCardTypeConv, 8, GetAtIStreamMemory, IStream *, BYTEARRAY **);
    SLOT(ISCardTypeConv, 9, SizeOfIStream, IStream *, ULARGE_INTEGER *);
    END(ISCardTypeConv, 10);
}

static void test_cmd(void)
{
    SLOT(ISCardCmd, 0, get_Apdu, IByteBuffer **);
    SLOT(ISCardCmd, 1, put_Apdu, IByteBuffer *);
    SLOT(ISCardCmd, 2, get_ApduLength, LONG *);
    SLOT(ISCardCmd, 3, get_ApduReply, IByteBuffer **);
    SLOT(ISCardCmd, 4, put_ApduReply, IByteBuffer *);
    SLOT(ISCardCmd, 5, get_ApduReplyLength, LONG *);
    SLOT(ISCardCmd, 6, put_ApduReplyLength, LONG);
    SLOT(ISCardCmd, 7, get_ClassId, BYTE *);
    SLOT(ISCardCmd, 8, put_ClassId, BYTE);
    SLOT(ISCardCmd, 9, get_Data, IByteBuffer **);
    SLOT(ISCardCmd, 10, put_Data, IByteBuffer *);
    SLOT(ISCardCmd, 11, get_InstructionId, BYTE *);
    SLOT(ISCardCmd, 12, put_InstructionId, BYTE);
    SLOT(ISCardCmd, 13, get_LeField, LONG *);
    SLOT(ISCardCmd, 14, get_P1, BYTE *);
    SLOT(ISCardCmd, 15, put_P1, BYTE);
    SLOT(ISCardCmd, 16, get_P2, BYTE *);
    SLOT(ISCardCmd, 17, put_P2, BYTE);
    SLOT(ISCardCmd, 18, get_P3, BYTE *);
    SLOT(ISCardCmd, 19, get_ReplyStatus, WORD *);
    SLOT(ISCardCmd, 20, put_ReplyStatus, WORD);
    SLOT(ISCardCmd, 21, get_ReplyStatusSW1, BYTE *);
    SLOT(ISCardCmd, 22, get_ReplyStatusSW2, BYTE *);
    SLOT(ISCardCmd, 23, get_Type, ISO_APDU_TYPE *);
    SLOT(ISCardCmd, 24, get_Nad, BYTE *);
    SLOT(ISCardCmd, 25, put_Nad, BYTE);
    SLOT(ISCardCmd, 26, get_ReplyNad, BYTE *);
    SLOT(ISCardCmd, 27, put_ReplyNad, BYTE);
    SLOT(ISCardCmd, 28, BuildCmd, BYTE, BYTE, BYTE, BYTE, IByteBuffer *, LONG *);
    SLOT(ISCardCmd, 29, Clear);
    SLOT(ISCardCmd, 30, Encapsulate, IByteBuffer *, ISO_APDU_TYPE);
    SLOT(ISCardCmd, 31, get_AlternateClassId, BYTE *);
    SLOT(ISCardCmd, 32, put_AlternateClassId, BYTE);
    END(ISCardCmd, 33);
}

static void test_iso7816(void)
{
    SLOT(ISCardISO7816, 0, AppendRecord, BYTE, IByteBuffer *, ISCardCmd **);
    SLOT(ISCardISO7816, 1, EraseBinary, BYTE, BYTE, IByteBuffer *, ISCardCmd **);
    SLOT(ISCardISO7816, 2, ExternalAuthenticate, BYTE, BYTE, IByteBuffer *, ISCardCmd **);
    SLOT(ISCardISO7816, 3, GetChallenge, LONG, ISCardCmd **);
    SLOT(ISCardISO7816, 4, GetData, BYTE, BYTE, LONG, ISCardCmd **);
    SLOT(ISCardISO7816, 5, GetResponse, BYTE, BYTE, LONG, ISCardCmd **);
    SLOT(ISCardISO7816, 6, InternalAuthenticate, BYTE, BYTE, IByteBuffer *, LONG, ISCardCmd **);
    SLOT(ISCardISO7816, 7, ManageChannel, BYTE, BYTE, ISCardCmd **);
    SLOT(ISCardISO7816, 8, PutData, BYTE, BYTE, IByteBuffer *, ISCardCmd **);
    SLOT(ISCardISO7816, 9, ReadBinary, BYTE, BYTE, LONG, ISCardCmd **);
    SLOT(ISCardISO7816, 10, ReadRecord, BYTE, BYTE, LONG, ISCardCmd **);
    SLOT(ISCardISO7816, 11, SelectFile, BYTE, BYTE, IByteBuffer *, LONG, ISCardCmd **);
    SLOT(ISCardISO7816, 12, SetDefaultClassId, BYTE);
    SLOT(ISCardISO7816, 13, UpdateBinary, BYTE, BYTE, IByteBuffer *, ISCardCmd **);
    SLOT(ISCardISO7816, 14, UpdateRecord, BYTE, BYTE, IByteBuffer *, ISCardCmd **);
    SLOT(ISCardISO7816, 15, Verify, BYTE, IByteBuffer *, ISCardCmd **);
    SLOT(ISCardISO7816, 16, WriteBinary, BYTE, BYTE, IByteBuffer *, ISCardCmd **);
    SLOT(ISCardISO7816, 17, WriteRecord, BYTE, BYTE, IByteBuffer *, ISCardCmd **);
    END(ISCardISO7816, 18);
}

static void test_card_database_locate(void)
{
    SLOT(ISCard, 0, get_Atr, IByteBuffer **);
    SLOT(ISCard, 1, get_CardHandle, ULONG_PTR *);
    SLOT(ISCard, 2, get_Context, ULONG_PTR *);
    SLOT(ISCard, 3, get_Protocol, SCARD_PROTOCOLS *);
    SLOT(ISCard, 4, get_Status, SCARD_STATES *);
    SLOT(ISCard, 5, AttachByHandle, ULONG_PTR);
    SLOT(ISCard, 6, AttachByReader, BSTR, SCARD_SHARE_MODES, SCARD_PROTOCOLS);
    SLOT(ISCard, 7, Detach, SCARD_DISPOSITIONS);
    SLOT(ISCard, 8, LockSCard);
    SLOT(ISCard, 9, ReAttach, SCARD_SHARE_MODES, SCARD_DISPOSITIONS);
    SLOT(ISCard, 10, Transaction, ISCardCmd **);
    SLOT(ISCard, 11, UnlockSCard, SCARD_DISPOSITIONS);
    END(ISCard, 12);

    SLOT(ISCardDatabase, 0, GetProviderCardId, BSTR, GUID **);
    SLOT(ISCardDatabase, 1, ListCardInterfaces, BSTR, SAFEARRAY **);
    SLOT(ISCardDatabase, 2, ListCards, IByteBuffer *, SAFEARRAY *, LONG, SAFEARRAY **);
    SLOT(ISCardDatabase, 3, ListReaderGroups, LONG, SAFEARRAY **);
    SLOT(ISCardDatabase, 4, ListReaders, LONG, SAFEARRAY **);
    END(ISCardDatabase, 5);

    SLOT(ISCardLocate, 0, ConfigureCardGuidSearch, SAFEARRAY *, SAFEARRAY *, BSTR, LONG);
    SLOT(ISCardLocate, 1, ConfigureCardNameSearch, SAFEARRAY *, SAFEARRAY *, BSTR, LONG);
    SLOT(ISCardLocate, 2, FindCard, SCARD_SHARE_MODES, SCARD_PROTOCOLS, LONG, SCARDINFO **);
    END(ISCardLocate, 3);
}

static void test_manage_auth_verify(void)
{
    SLOT(ISCardManage, 0, AttachByHandle, ULONG_PTR);
    SLOT(ISCardManage, 1, AttachByIFD, BSTR, SCARD_SHARE_MODES);
    SLOT(ISCardManage, 2, CreateFileAccess, ISCardFileAccess **);
    SLOT(ISCardManage, 3, CreateCardAuth, ISCardAuth **);
    SLOT(ISCardManage, 4, CreateCHVerification, ISCardVerify **);
    SLOT(ISCardManage, 5, Detach);
    SLOT(ISCardManage, 6, SCardLock);
    SLOT(ISCardManage, 7, Reconnect);
    SLOT(ISCardManage, 8, Status, SCARD_STATES *, SCARD_PROTOCOLS *);
    SLOT(ISCardManage, 9, SCardUnlock, SCARD_DISPOSITIONS);
    SLOT(ISCardManage, 10, CreateInterface, GUID *, BSTR, LONG *, IUnknown **);
    END(ISCardManage, 11);

    SLOT(ISCardAuth, 0, APP_Auth, LONG, IByteBuffer *, IByteBuffer *);
    SLOT(ISCardAuth, 1, GetChallenge, LONG, IByteBuffer *, LONG *, IByteBuffer **);
    SLOT(ISCardAuth, 2, ICC_Auth, LONG, IByteBuffer *, LONG *, IByteBuffer **);
    SLOT(ISCardAuth, 3, Initialize, LONG *);
    SLOT(ISCardAuth, 4, User_Auth, LONG, IByteBuffer *, LONG *, IByteBuffer **);
    END(ISCardAuth, 5);

    SLOT(ISCardVerify, 0, ChangeCode, IByteBuffer *, IByteBuffer *, SCARD_FLAGS, LONG);
    SLOT(ISCardVerify, 1, Initialize, LONG *);
    SLOT(ISCardVerify, 2, Unblock, LONG, SCARD_FLAGS, LONG);
    SLOT(ISCardVerify, 3, ResetSecurityState, SCARD_FLAGS);
    SLOT(ISCardVerify, 4, Verify, IByteBuffer *, SCARD_FLAGS, LONG *);
    END(ISCardVerify, 5);
}

static void test_fileaccess(void)
{
    SLOT(ISCardFileAccess, 0, ChangeDir, REFTYPE, BSTR);
    SLOT(ISCardFileAccess, 1, Close, ULONG_PTR);
    SLOT(ISCardFileAccess, 2, Create, REFTYPE, BSTR, TLV_TABLE **, LONG *, SCARD_FLAGS,
         IByteBuffer *);
    SLOT(ISCardFileAccess, 3, Delete, REFTYPE, BSTR, SCARD_FLAGS);
    SLOT(ISCardFileAccess, 4, Directory, FILETYPE, SAFEARRAY **);
    SLOT(ISCardFileAccess, 5, GetCurrentDir, BSTR *);
    SLOT(ISCardFileAccess, 6, GetFileCapabilities, TLV_TABLE **, LONG *, SCARD_FLAGS);
    SLOT(ISCardFileAccess, 7, GetProperties, REFTYPE, BSTR, TLV_TABLE **, LONG *, SCARD_FLAGS);
    SLOT(ISCardFileAccess, 8, Initialize, LONG *);
    SLOT(ISCardFileAccess, 9, Invalidate, BSTR, SCARD_FLAGS);
    SLOT(ISCardFileAccess, 10, Open, REFTYPE, BSTR, ULONG_PTR *);
    SLOT(ISCardFileAccess, 11, Read, ULONG_PTR, LONG *, IByteBuffer **, SCARD_FLAGS);
    SLOT(ISCardFileAccess, 12, Rehabilitate, BSTR, SCARD_FLAGS);
    SLOT(ISCardFileAccess, 13, Seek, ULONG_PTR, LONG, SEEKTYPE);
    SLOT(ISCardFileAccess, 14, SetProperties, REFTYPE, BSTR, TLV_TABLE *, LONG, SCARD_FLAGS);
    SLOT(ISCardFileAccess, 15, Write, ULONG_PTR, LONG, IByteBuffer *, SCARD_FLAGS);
    END(ISCardFileAccess, 16);
}

/* ---- structs and enums ---- */

#ifdef _WIN64
#define BY_WIDTH(narrow, wide) wide
#else
#define BY_WIDTH(narrow, wide) narrow
#endif

#define FIELD(type, field, narrow, wide) \
    ok(offsetof(type, field) == BY_WIDTH(narrow, wide), "%s.%s is at %u\n", #type, #field, \
       (unsigned)offsetof(type, field))
#define SIZE(type, narrow, wide) \
    ok(sizeof(type) == BY_WIDTH(narrow, wide), "%s has %u bytes\n", #type, (unsigned)sizeof(type))

static void test_structs(void)
{
    SIZE(HSCARD, 4, 8);
    SIZE(HSCARDCONTEXT, 4, 8);
    SIZE(HSCARD_FILE, 4, 8);

    FIELD(BYTEARRAY, hMem, 0, 0);
    FIELD(BYTEARRAY, dwSize, 4, 8);
    FIELD(BYTEARRAY, pbyData, 8, 16);
    SIZE(BYTEARRAY, 12, 24);

    FIELD(STATSTRUCT, type, 0, 0);
    FIELD(STATSTRUCT, cbSize, 4, 4);
    FIELD(STATSTRUCT, grfMode, 8, 8);
    FIELD(STATSTRUCT, grfLocksSupported, 12, 12);
    FIELD(STATSTRUCT, grfStateBits, 16, 16);
    SIZE(STATSTRUCT, 20, 20);

    FIELD(SCARDINFO, hCard, 0, 0);
    FIELD(SCARDINFO, hContext, 4, 8);
    FIELD(SCARDINFO, ActiveProtocol, 8, 16);
    FIELD(SCARDINFO, ShareMode, 12, 20);
    FIELD(SCARDINFO, hwndOwner, 16, 24);
    FIELD(SCARDINFO, lpfnConnectProc, 20, 32);
    FIELD(SCARDINFO, lpfnCheckProc, 24, 40);
    FIELD(SCARDINFO, lpfnDisconnectProc, 28, 48);
    SIZE(SCARDINFO, 32, 56);

    FIELD(TLV_TABLE, cbSize, 0, 0);
    FIELD(TLV_TABLE, byData, 4, 8);
    SIZE(TLV_TABLE, 8, 16);
}

#define VALUE(name, number) {#name, name, number}

static const struct
{
    const char *name;
    int value, expected;
} values[] =
{
    VALUE(ISO_CASE_1, 1), VALUE(ISO_CASE_2, 2), VALUE(ISO_CASE_3, 3), VALUE(ISO_CASE_4, 4),
    VALUE(EXCLUSIVE, 1), VALUE(SHARED, 2),
    VALUE(LEAVE, 0), VALUE(RESET, 1), VALUE(UNPOWER, 2), VALUE(EJECT, 3),
    VALUE(T0, 1), VALUE(T1, 2), VALUE(RAW, 0xff),
    VALUE(ABSENT, 1), VALUE(PRESENT, 2), VALUE(SWALLOWED, 3), VALUE(POWERED, 4),
    VALUE(NEGOTIABLEMODE, 5), VALUE(SPECIFICMODE, 6),
    VALUE(SC_DLG_MINIMAL_UI, 1), VALUE(SC_DLG_NO_UI, 2), VALUE(SC_DLG_FORCE_UI, 4),
    VALUE(SC_TYPE_BY_NAME, 0), VALUE(SC_TYPE_BY_ID, 1), VALUE(SC_TYPE_BY_SHORT_ID, 2),
    VALUE(SC_SEEK_FROM_BEGINNING, 0), VALUE(SC_SEEK_FROM_END, 1), VALUE(SC_SEEK_RELATIVE, 2),
    VALUE(SC_TYPE_DIRECTORIES, 0), VALUE(SC_TYPE_FILES, 1), VALUE(SC_TYPE_ALL_FILES, 2),
    VALUE(SC_TYPE_DIRECTORY_FILE, 3), VALUE(SC_TYPE_TRANSPARENT_EF, 4),
    VALUE(SC_TYPE_FIXED_EF, 5), VALUE(SC_TYPE_CYCLIC_EF, 6), VALUE(SC_TYPE_VARIABLE_EF, 7),
    VALUE(SC_FL_NO_FLAGS, 0), VALUE(SC_FL_SECURE_MESSAGING, 1), VALUE(SC_FL_REPLACE, 2),
    VALUE(SC_FL_ERASE, 4), VALUE(SC_FL_OR, 8), VALUE(SC_FL_AND, 0x10),
    VALUE(SC_FL_RECURSIVE, 0x20), VALUE(SC_FL_NON_RECURSIVE, 0x40),
    VALUE(SC_FL_IHV_GLOBAL, 0x80), VALUE(SC_FL_IHV_LOCAL, 0x100), VALUE(SC_FL_IHV_ENABLE, 0x200),
    VALUE(SC_FL_IHV_DISABLE, 0x400), VALUE(SC_FL_IHV_CHANGE, 0x800),
    VALUE(SC_FL_PREALLOCATE, 0x1000), VALUE(SC_FL_GET_ALL_PROPERTIES, 0x2000),
    VALUE(SC_FL_STAT_DEFAULT, 0x4000), VALUE(SC_FL_IHV_CHECKONLY, 0x8000),
};

static void test_enums(void)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(values); i++)
        ok(values[i].value == values[i].expected, "%s is %d\n", values[i].name, values[i].value);
    SIZE(ISO_APDU_TYPE, 4, 4);
    SIZE(SCARD_SHARE_MODES, 4, 4);
    SIZE(SCARD_DISPOSITIONS, 4, 4);
    SIZE(SCARD_STATES, 4, 4);
    SIZE(SCARD_PROTOCOLS, 4, 4);
    SIZE(REFTYPE, 4, 4);
    SIZE(SEEKTYPE, 4, 4);
    SIZE(FILETYPE, 4, 4);
    SIZE(SCARD_FLAGS, 4, 4);
}

START_TEST(layout)
{
    test_guids();
    fact(NATIVE);
    test_bytebuffer();
    test_typeconv();
    test_cmd();
    test_iso7816();
    test_card_database_locate();
    test_manage_auth_verify();
    test_fileaccess();
    test_structs();
    test_enums();
}

/*
 * The type libraries as they must be: typed from those of Windows 2000 and XP, not from the IDL.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A parameter is "flags type [name]"; flags are i(n), o(ut), r(etval), then "=value" for a default
 * or "?" for optional only (the original has the default 0 there; widl writes none for a pointer).
 * H is a ULONG_PTR. A name is given where it is known.
 */

#ifndef TESTS_ABI_TYPELIB_TABLES_H
#define TESTS_ABI_TYPELIB_TABLES_H

enum kind
{
    METHOD = 1,
    GET = 2,
    PUT = 4
};

struct method
{
    int id;
    enum kind kind;
    const char *name;
    const char *parameters;
};

static const struct method bytebuffer_methods[] =
{
    {0, GET, "Stream", "or IStream**"},
    {0, PUT, "Stream", "i IStream*"},
    {1, METHOD, "Clone", "io IByteBuffer**"},
    {2, METHOD, "Commit", "i I4 grfCommitFlags"},
    {3, METHOD, "CopyTo", "io IByteBuffer**, i I4 cb, io? I4* pcbRead, io? I4* pcbWritten"},
    {4, METHOD, "Initialize", "i=1 I4 lSize, i? UI1* pData"},
    {5, METHOD, "LockRegion", "i I4 libOffset, i I4 cb, i I4 dwLockType"},
    {6, METHOD, "Read", "io UI1*, i I4 cb, io? I4* pcbRead"},
    {7, METHOD, "Revert", ""},
    {8, METHOD, "Seek", "i I4 dlibMove, i I4 dwOrigin, io? I4* plibNewPosition"},
    {9, METHOD, "SetSize", "i I4"},
    {10, METHOD, "Stat", "io STATSTRUCT*, i I4 grfStatFlag"},
    {11, METHOD, "UnlockRegion", "i I4 libOffset, i I4 cb, i I4 dwLockType"},
    {12, METHOD, "Write", "i UI1*, i I4 cb, io I4* pcbWritten"},
};

static const struct method typeconv_methods[] =
{
    {0, METHOD, "ConvertByteArrayToByteBuffer", "i UI1*, i UI4 dwArraySize, or IByteBuffer**"},
    {1, METHOD, "ConvertByteBufferToByteArray", "i IByteBuffer*, or BYTEARRAY**"},
    {2, METHOD, "ConvertByteBufferToSafeArray", "i IByteBuffer*, or SAFEARRAY(UI1)*"},
    {3, METHOD, "ConvertSafeArrayToByteBuffer", "i SAFEARRAY(UI1), or IByteBuffer**"},
    {4, METHOD, "CreateByteArray", "i UI4 dwAllocSize, or UI1**"},
    {5, METHOD, "CreateByteBuffer", "i UI4 dwAllocSize, or IByteBuffer**"},
    {6, METHOD, "CreateSafeArray", "i UINT nAllocSize, or SAFEARRAY(UI1)*"},
    {7, METHOD, "FreeIStreamMemoryPtr", "i IStream*, i UI1*"},
    {8, METHOD, "GetAtIStreamMemory", "i IStream*, or BYTEARRAY**"},
    {9, METHOD, "SizeOfIStream", "i IStream*, or ULARGE_INTEGER*"},
};

static const struct method cmd_methods[] =
{
    {0, GET, "Apdu", "or IByteBuffer**"},
    {0, PUT, "Apdu", "i IByteBuffer*"},
    {1, GET, "ApduLength", "or I4*"},
    {2, GET, "ApduReply", "or IByteBuffer**"},
    {2, PUT, "ApduReply", "i IByteBuffer*"},
    {3, GET, "ApduReplyLength", "or I4*"},
    {3, PUT, "ApduReplyLength", "i I4"},
    {4, GET, "ClassId", "or UI1*"},
    {4, PUT, "ClassId", "i=0 UI1"},
    {5, GET, "Data", "or IByteBuffer**"},
    {5, PUT, "Data", "i IByteBuffer*"},
    {6, GET, "InstructionId", "or UI1*"},
    {6, PUT, "InstructionId", "i UI1"},
    {7, GET, "LeField", "or I4*"},
    {8, GET, "P1", "or UI1*"},
    {8, PUT, "P1", "i UI1"},
    {9, GET, "P2", "or UI1*"},
    {9, PUT, "P2", "i UI1"},
    {10, GET, "P3", "or UI1*"},
    {11, GET, "ReplyStatus", "or UI2*"},
    {11, PUT, "ReplyStatus", "i UI2"},
    {12, GET, "ReplyStatusSW1", "or UI1*"},
    {13, GET, "ReplyStatusSW2", "or UI1*"},
    {14, GET, "type", "or ISO_APDU_TYPE*"},
    {18, GET, "Nad", "or UI1*"},
    {18, PUT, "Nad", "i UI1"},
    {19, GET, "ReplyNad", "or UI1*"},
    {19, PUT, "ReplyNad", "i UI1"},
    {15, METHOD, "BuildCmd",
     "i UI1, i UI1, i=0 UI1, i=0 UI1, i? IByteBuffer* pbyData, i? I4* plLe"},
    {16, METHOD, "Clear", ""},
    {17, METHOD, "Encapsulate", "i IByteBuffer* pApdu, i ISO_APDU_TYPE"},
    {20, GET, "AlternateClassId", "or UI1*"},
    {20, PUT, "AlternateClassId", "i UI1"},
};

static const struct method iso7816_methods[] =
{
    {0, METHOD, "AppendRecord", "i UI1 byRefCtrl, i IByteBuffer*, io ISCardCmd** ppCmd"},
    {1, METHOD, "EraseBinary", "i UI1 byP1, i UI1 byP2, i IByteBuffer*, io ISCardCmd** ppCmd"},
    {2, METHOD, "ExternalAuthenticate",
     "i UI1 byAlgorithmRef, i UI1 bySecretRef, i IByteBuffer*, io ISCardCmd** ppCmd"},
    {3, METHOD, "GetChallenge", "i I4 lBytesExpected, io ISCardCmd** ppCmd"},
    {4, METHOD, "GetData", "i UI1 byP1, i UI1 byP2, i I4 lBytesToGet, io ISCardCmd** ppCmd"},
    {5, METHOD, "GetResponse", "i UI1 byP1, i UI1 byP2, i I4 lDataLength, io ISCardCmd** ppCmd"},
    {6, METHOD, "InternalAuthenticate", "i UI1 byAlgorithmRef, i UI1 bySecretRef, i IByteBuffer*, "
     "i I4 lReplyBytes, io ISCardCmd** ppCmd"},
    {7, METHOD, "ManageChannel", "i UI1 byChannelState, i UI1 byChannel, io ISCardCmd** ppCmd"},
    {8, METHOD, "PutData", "i UI1 byP1, i UI1 byP2, i IByteBuffer*, io ISCardCmd** ppCmd"},
    {9, METHOD, "ReadBinary", "i UI1 byP1, i UI1 byP2, i I4 lBytesToRead, io ISCardCmd** ppCmd"},
    {10, METHOD, "ReadRecord",
     "i UI1 byRecordId, i UI1 byRefCtrl, i I4 lBytesToRead, io ISCardCmd** ppCmd"},
    {11, METHOD, "SelectFile", "i UI1 byP1, i UI1 byP2, i IByteBuffer*, i I4 lBytesToRead, "
     "io ISCardCmd** ppCmd"},
    {12, METHOD, "SetDefaultClassId", "i UI1"},
    {13, METHOD, "UpdateBinary", "i UI1 byP1, i UI1 byP2, i IByteBuffer*, io ISCardCmd** ppCmd"},
    {14, METHOD, "UpdateRecord",
     "i UI1 byRecordId, i UI1 byRefCtrl, i IByteBuffer*, io ISCardCmd** ppCmd"},
    {15, METHOD, "Verify", "i UI1 byRefCtrl, i IByteBuffer*, io ISCardCmd** ppCmd"},
    {16, METHOD, "WriteBinary", "i UI1 byP1, i UI1 byP2, i IByteBuffer*, io ISCardCmd** ppCmd"},
    {17, METHOD, "WriteRecord",
     "i UI1 byRecordId, i UI1 byRefCtrl, i IByteBuffer*, io ISCardCmd** ppCmd"},
};

static const struct method card_methods[] =
{
    {0, GET, "Atr", "or IByteBuffer**"},
    {1, GET, "CardHandle", "or H*"},
    {2, GET, "Context", "or H*"},
    {3, GET, "Protocol", "or SCARD_PROTOCOLS*"},
    {4, GET, "Status", "or SCARD_STATES*"},
    {5, METHOD, "AttachByHandle", "i H"},
    {6, METHOD, "AttachByReader", "i BSTR, i=1 SCARD_SHARE_MODES, i=1 SCARD_PROTOCOLS"},
    {7, METHOD, "Detach", "i=0 SCARD_DISPOSITIONS"},
    {8, METHOD, "LockSCard", ""},
    {9, METHOD, "ReAttach", "i=1 SCARD_SHARE_MODES, i=0 SCARD_DISPOSITIONS InitState"},
    {10, METHOD, "Transaction", "io ISCardCmd**"},
    {11, METHOD, "UnlockSCard", "i=0 SCARD_DISPOSITIONS"},
};

static const struct method database_methods[] =
{
    {0, METHOD, "GetProviderCardId", "i BSTR, or GUID**"},
    {1, METHOD, "ListCardInterfaces", "i BSTR, or SAFEARRAY(BSTR)*"},
    {2, METHOD, "ListCards", "i IByteBuffer* pAtr, i SAFEARRAY(BSTR) pInterfaceGuids, "
     "i I4 localeId, or SAFEARRAY(BSTR)*"},
    {3, METHOD, "ListReaderGroups", "i I4 localeId, or SAFEARRAY(BSTR)*"},
    {4, METHOD, "ListReaders", "i I4 localeId, or SAFEARRAY(BSTR)*"},
};

static const struct method locate_methods[] =
{
    {0, METHOD, "ConfigureCardGuidSearch",
     "i SAFEARRAY(BSTR), i? SAFEARRAY(BSTR), i=\"\" BSTR, i=1 I4"},
    {1, METHOD, "ConfigureCardNameSearch",
     "i SAFEARRAY(BSTR), i? SAFEARRAY(BSTR), i=\"\" BSTR, i=1 I4"},
    {2, METHOD, "FindCard", "i SCARD_SHARE_MODES, i SCARD_PROTOCOLS, i I4, or SCARDINFO**"},
};

static const struct method manage_methods[] =
{
    {1, METHOD, "AttachByHandle", "i H hICC"},
    {2, METHOD, "AttachByIFD", "i BSTR bstrIFDName, i SCARD_SHARE_MODES"},
    {3, METHOD, "CreateFileAccess", "or ISCardFileAccess**"},
    {4, METHOD, "CreateCardAuth", "or ISCardAuth**"},
    {5, METHOD, "CreateCHVerification", "or ISCardVerify**"},
    {6, METHOD, "Detach", ""},
    {7, METHOD, "SCardLock", ""},
    {8, METHOD, "Reconnect", ""},
    {9, METHOD, "Status", "o SCARD_STATES*, o SCARD_PROTOCOLS*"},
    {10, METHOD, "SCardUnlock", "i=0 SCARD_DISPOSITIONS"},
    {11, METHOD, "CreateInterface", "i GUID*, i BSTR, i I4* pUserData, or IUnknown**"},
};

static const struct method auth_methods[] =
{
    {1, METHOD, "APP_Auth", "i I4 lAlgoID, i IByteBuffer* pParam, i IByteBuffer* pBuffer"},
    {2, METHOD, "GetChallenge",
     "i I4 lAlgoID, i IByteBuffer* pParam, io I4* lpLength, io IByteBuffer**"},
    {3, METHOD, "ICC_Auth",
     "i I4 lAlgoID, i IByteBuffer* pParam, io I4* lpLength, io IByteBuffer**"},
    {4, METHOD, "Initialize", "i I4*"},
    {5, METHOD, "User_Auth",
     "i I4 lAlgoID, i IByteBuffer* pParam, io I4* lpLength, io IByteBuffer**"},
};

static const struct method fileaccess_methods[] =
{
    {1, METHOD, "ChangeDir", "i REFTYPE, i BSTR"},
    {2, METHOD, "Close", "i H"},
    {3, METHOD, "Create",
     "i REFTYPE, i BSTR, io TLV_TABLE**, io I4* lpcTLVs, i SCARD_FLAGS, i IByteBuffer*"},
    {4, METHOD, "Delete", "i REFTYPE, i BSTR, i SCARD_FLAGS"},
    {5, METHOD, "Directory", "i FILETYPE, or SAFEARRAY(BSTR)*"},
    {6, METHOD, "GetCurrentDir", "or BSTR*"},
    {7, METHOD, "GetFileCapabilities", "io TLV_TABLE**, io I4*, i SCARD_FLAGS"},
    {8, METHOD, "GetProperties", "i REFTYPE, i BSTR, io TLV_TABLE**, io I4*, i SCARD_FLAGS"},
    {9, METHOD, "Initialize", "i I4*"},
    {10, METHOD, "Invalidate", "i BSTR, i SCARD_FLAGS"},
    {11, METHOD, "Open", "i REFTYPE, i BSTR, or H*"},
    {12, METHOD, "Read", "i H, io I4*, o IByteBuffer**, i SCARD_FLAGS"},
    {13, METHOD, "Rehabilitate", "i BSTR, i SCARD_FLAGS"},
    {14, METHOD, "Seek", "i H, i I4 lOffset, i SEEKTYPE"},
    {15, METHOD, "SetProperties", "i REFTYPE, i BSTR, i TLV_TABLE*, i I4 lcTLV, i SCARD_FLAGS"},
    {16, METHOD, "Write", "i H, i I4 lLength, i IByteBuffer*, i SCARD_FLAGS"},
};

static const struct method verify_methods[] =
{
    {1, METHOD, "ChangeCode", "i IByteBuffer*, i IByteBuffer*, i SCARD_FLAGS, i I4 lRef"},
    {2, METHOD, "Initialize", "i I4*"},
    {3, METHOD, "Unblock", "i I4 lData, i SCARD_FLAGS, i I4 lRef"},
    {4, METHOD, "ResetSecurityState", "i SCARD_FLAGS"},
    {5, METHOD, "Verify", "i IByteBuffer*, i SCARD_FLAGS, io I4* lpRef"},
};

struct interface_row
{
    const char *name;
    const WCHAR *iid;
    const char *coclass;
    const WCHAR *clsid;
    const char *help; /* of the coclass */
    const struct method *methods;
    unsigned count;
};

#define ROW(name, iid, coclass, clsid, help, methods) \
    {name, L##iid, coclass, L##clsid, help, methods, ARRAYSIZE(methods)}

static const struct interface_row base_interfaces[] =
{
    ROW("IByteBuffer", "{E126F8FE-A7AF-11D0-B88A-00C04FD424B9}", "CByteBuffer",
        "{E126F8FF-A7AF-11D0-B88A-00C04FD424B9}", "ByteBuffer Class", bytebuffer_methods),
    ROW("ISCardTypeConv", "{53B6AA63-3F56-11D0-916B-00AA00C18068}", "CSCardTypeConv",
        "{53B6AA67-3F56-11D0-916B-00AA00C18068}", "SCardTypeConv Class", typeconv_methods),
    ROW("ISCardCmd", "{D5778AE3-43DE-11D0-9171-00AA00C18068}", "CSCardCmd",
        "{D5778AE7-43DE-11D0-9171-00AA00C18068}", "SCardCmd Class", cmd_methods),
    ROW("ISCardISO7816", "{53B6AA68-3F56-11D0-916B-00AA00C18068}", "CSCardISO7816",
        "{53B6AA6C-3F56-11D0-916B-00AA00C18068}", "SCardISO7816 Class", iso7816_methods),
    ROW("ISCard", "{1461AAC3-6810-11D0-918F-00AA00C18068}", "CSCard",
        "{1461AAC7-6810-11D0-918F-00AA00C18068}", "SCard Class", card_methods),
    ROW("ISCardDatabase", "{1461AAC8-6810-11D0-918F-00AA00C18068}", "CSCardDatabase",
        "{1461AACC-6810-11D0-918F-00AA00C18068}", "SCardDatabase Class", database_methods),
    ROW("ISCardLocate", "{1461AACD-6810-11D0-918F-00AA00C18068}", "CSCardLocate",
        "{1461AAD1-6810-11D0-918F-00AA00C18068}", "SCardLocate Class", locate_methods),
};

static const struct interface_row provider_interfaces[] =
{
    ROW("ISCardManage", "{5E586211-5A09-11D0-B84C-00C04FD424B9}", "SCardManage",
        "{FEBD43AF-F69F-4F8C-9FA4-5B908FD37513}", "SCardManage Class", manage_methods),
    ROW("ISCardAuth", "{7B063D61-6E40-11D0-B858-00C04FD424B9}", "SCardAuth",
        "{E6A25FF5-91FF-4974-8DA5-78D28A6FE95F}", "SCardAuth Class", auth_methods),
    ROW("ISCardFileAccess", "{4029DD8A-5902-11D0-B84C-00C04FD424B9}", "SCardFileAccess",
        "{D02BD02A-CDF0-4725-877E-A0927795F39C}", "SCardFileAccess Class",
              fileaccess_methods),
    ROW("ISCardVerify", "{4029DD85-5902-11D0-B84C-00C04FD424B9}", "SCardVerify",
        "{17EEA1F5-7733-492C-9F70-E06F8933EC9A}", "SCardVerify Class", verify_methods),
};

/* Enums and records: "name=value" and "type name" in order. */
struct type_row
{
    const char *name;
    const char *members;
};

static const struct type_row base_types[] =
{
    {"ISO_APDU_TYPE", "ISO_CASE_1=1 ISO_CASE_2=2 ISO_CASE_3=3 ISO_CASE_4=4"},
    {"SCARD_SHARE_MODES", "EXCLUSIVE=1 SHARED=2"},
    {"SCARD_DISPOSITIONS", "LEAVE=0 RESET=1 UNPOWER=2 EJECT=3"},
    {"SCARD_PROTOCOLS", "T0=1 T1=2 RAW=255"},
    {"SCARD_STATES", "ABSENT=1 PRESENT=2 SWALLOWED=3 POWERED=4 NEGOTIABLEMODE=5 SPECIFICMODE=6"},
    {"BYTEARRAY", "wireHGLOBAL hMem, UI4 dwSize, UI1* pbyData"},
    {"STATSTRUCT", "I4 type, I4 cbSize, I4 grfMode, I4 grfLocksSupported, I4 grfStateBits"},
    {"SCARDINFO", "H hCard, H hContext, SCARD_PROTOCOLS ActiveProtocol, "
     "SCARD_SHARE_MODES ShareMode, P hwndOwner, P lpfnConnectProc, P lpfnCheckProc, "
     "P lpfnDisconnectProc"},
};

static const struct type_row provider_types[] =
{
    {"REFTYPE", "SC_TYPE_BY_NAME=0 SC_TYPE_BY_ID=1 SC_TYPE_BY_SHORT_ID=2"},
    {"SEEKTYPE", "SC_SEEK_FROM_BEGINNING=0 SC_SEEK_FROM_END=1 SC_SEEK_RELATIVE=2"},
    {"FILETYPE", "SC_TYPE_DIRECTORIES=0 SC_TYPE_FILES=1 SC_TYPE_ALL_FILES=2 "
     "SC_TYPE_DIRECTORY_FILE=3 SC_TYPE_TRANSPARENT_EF=4 SC_TYPE_FIXED_EF=5 SC_TYPE_CYCLIC_EF=6 "
     "SC_TYPE_VARIABLE_EF=7"},
    {"SCARD_FLAGS", "SC_FL_NO_FLAGS=0 SC_FL_SECURE_MESSAGING=1 SC_FL_REPLACE=2 SC_FL_ERASE=4 "
     "SC_FL_OR=8 SC_FL_AND=16 SC_FL_RECURSIVE=32 SC_FL_NON_RECURSIVE=64 SC_FL_IHV_GLOBAL=128 "
     "SC_FL_IHV_LOCAL=256 SC_FL_IHV_ENABLE=512 SC_FL_IHV_DISABLE=1024 SC_FL_IHV_CHANGE=2048 "
     "SC_FL_PREALLOCATE=4096 SC_FL_GET_ALL_PROPERTIES=8192 SC_FL_STAT_DEFAULT=16384 "
     "SC_FL_IHV_CHECKONLY=32768"},
    {"TLV_TABLE", "I4 cbSize, UI1* byData"},
};

#endif

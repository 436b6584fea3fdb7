/*
 * What an object of the caller's may do while one of ours calls it: give up the last reference to
 * ours, or raise an exception that the program survives. And pointers that lead nowhere.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A program in Delphi or C++ catches an access violation and goes on: no lock may stay. Needs the
 * card iso-t1 and the DLL registered.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "blockspy.h"
#include "cardtest.h"
#include "doubles.h"
#include "foreigncmd.h"
#include "oddstream.h"
#include "rig/rigctl.h"

#define NOWHERE ((void *)(ULONG_PTR)0x10)
#define RAISED  0xe0005ca2u
#define SOON    10000 /* milliseconds that another thread gets for what takes none */

static BSTR reader;

/* ---- exceptions that the program survives ---- */

static void *landing[5];
static volatile DWORD daring_thread; /* whose exceptions are caught */

static void __attribute__((noreturn)) land(void)
{
    __builtin_longjmp(landing, 1);
}

/* QEMU names no page fault, and Wine takes what it does not know for an unknown instruction. */
static DWORD fault_under_qemu = EXCEPTION_ACCESS_VIOLATION;

/* Goes on in land, on the same stack: as an exception handler of the program it leaves all that
 * runs below it. */
static LONG CALLBACK rescue(EXCEPTION_POINTERS *info)
{
    DWORD code = info->ExceptionRecord->ExceptionCode;
    CONTEXT *context = info->ContextRecord;

    if (daring_thread != GetCurrentThreadId() ||
        (code != RAISED && code != EXCEPTION_ACCESS_VIOLATION && code != fault_under_qemu))
        return EXCEPTION_CONTINUE_SEARCH;
    daring_thread = 0;
#ifdef _WIN64
    context->Rip = (ULONG_PTR)land;
    context->Rsp = ((context->Rsp - 256) & ~(ULONG_PTR)15) - 8;
#else
    context->Eip = (ULONG_PTR)land;
    context->Esp = ((context->Esp - 256) & ~(ULONG_PTR)15) - 4;
#endif
    return EXCEPTION_CONTINUE_EXECUTION;
}

/* Whether call raises. */
static BOOL __attribute__((noinline)) raises(void (*call)(void *object), void *object)
{
    if (__builtin_setjmp(landing))
        return TRUE;
    daring_thread = GetCurrentThreadId();
    call(object);
    daring_thread = 0;
    return FALSE;
}

/* ---- on another thread ---- */

struct check
{
    HRESULT (*call)(void *object);
    void *object;
    HRESULT hr;
};

static DWORD WINAPI run_check(void *argument)
{
    struct check *check = argument;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    check->hr = check->call(check->object);
    CoUninitialize();
    return 0;
}

/* The object works for another thread. */
static void check_works(HRESULT (*call)(void *object), void *object)
{
    struct check check = {.call = call, .object = object, .hr = E_PENDING};
    HANDLE thread = CreateThread(NULL, 0, run_check, &check, 0, NULL);

    if (!ok(WaitForSingleObject(thread, SOON) == WAIT_OBJECT_0, "a lock was left\n"))
        ExitProcess(test_summary());
    CloseHandle(thread);
    ok_hr(check.hr, S_OK);
}

/* ---- objects of the caller's ---- */

/* What they do when they are called: release ours, or raise. */
static IUnknown *to_release;
static BOOL to_raise;
static LONG calls;

static void act(void)
{
    IUnknown *object = to_release;

    calls++;
    to_release = NULL;
    if (object)
    {
        ok(!IUnknown_Release(object), "not the last reference\n");
        ok(!spy_thread, "the object was freed inside its own method\n");
    }
    if (to_raise)
        RaiseException(RAISED, 0, 0, NULL);
}

static struct double_buffer buffer;
static IByteBufferVtbl buffer_vtbl;

static HRESULT WINAPI acting_Stat(IByteBuffer *iface, STATSTRUCT *stat, LONG flag)
{
    act();
    return double_Stat(iface, stat, flag);
}

static HRESULT WINAPI acting_buffer_Write(IByteBuffer *iface, BYTE *from, LONG count, LONG *written)
{
    act();
    return double_Write(iface, from, count, written);
}

static IByteBuffer *acting_buffer(LONG length)
{
    IByteBuffer *made = double_init(&buffer, HONEST, length);

    buffer_vtbl = *made->lpVtbl;
    buffer_vtbl.Stat = acting_Stat;
    buffer_vtbl.Write = acting_buffer_Write;
    made->lpVtbl = &buffer_vtbl;
    return made;
}

static struct odd_stream stream;
static IStreamVtbl stream_vtbl;

static HRESULT WINAPI acting_QueryInterface(IStream *iface, REFIID iid, void **out)
{
    act();
    return odd_QueryInterface(iface, iid, out);
}

#define ACTING(name, ...) \
    static HRESULT WINAPI acting_##name(IStream *iface, ##__VA_ARGS__) \
    { \
        act(); \
        return S_OK; \
    }
ACTING(Read, void *to, ULONG count, ULONG *read)
ACTING(Write, const void *from, ULONG count, ULONG *written)
ACTING(Seek, LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER *position)
ACTING(SetSize, ULARGE_INTEGER size)
ACTING(Commit, DWORD flags)
ACTING(Revert)
ACTING(LockRegion, ULARGE_INTEGER offset, ULARGE_INTEGER count, DWORD type)
ACTING(UnlockRegion, ULARGE_INTEGER offset, ULARGE_INTEGER count, DWORD type)
ACTING(StreamStat, STATSTG *stat, DWORD flag)

static HRESULT WINAPI acting_Clone(IStream *iface, IStream **out)
{
    act();
    return E_NOTIMPL;
}

static IStream *acting_stream(void)
{
    stream = (struct odd_stream)ODD_STREAM(5);
    stream_vtbl = odd_vtbl;
    stream_vtbl.QueryInterface = acting_QueryInterface;
    stream.IStream_iface.lpVtbl = &stream_vtbl;
    return &stream.IStream_iface;
}

static void let_stream_act(void)
{
    stream_vtbl.Read = acting_Read;
    stream_vtbl.Write = acting_Write;
    stream_vtbl.Seek = acting_Seek;
    stream_vtbl.SetSize = acting_SetSize;
    stream_vtbl.Commit = acting_Commit;
    stream_vtbl.Revert = acting_Revert;
    stream_vtbl.LockRegion = acting_LockRegion;
    stream_vtbl.UnlockRegion = acting_UnlockRegion;
    stream_vtbl.Stat = acting_StreamStat;
    stream_vtbl.Clone = acting_Clone;
}

static struct foreign_cmd foreign;
static ISCardCmdVtbl cmd_vtbl;

static HRESULT WINAPI acting_get_Apdu(ISCardCmd *iface, IByteBuffer **out)
{
    act();
    return foreign_get_Apdu(iface, out);
}

static HRESULT WINAPI acting_put_ApduReply(ISCardCmd *iface, IByteBuffer *value)
{
    act();
    return foreign_put_ApduReply(iface, value);
}

/* SELECT 3F00. */
static ISCardCmd *acting_cmd(void)
{
    static const BYTE select[] = {0x00, 0xa4, 0x00, 0x0c, 0x02, 0x3f, 0x00};
    ISCardCmd *made = foreign_cmd_init(&foreign, create(&CLSID_CSCardCmd, &IID_ISCardCmd));
    IByteBuffer *apdu = create_buffer(select, sizeof(select));

    ok_hr(ISCardCmd_put_Apdu(foreign.inner, apdu), S_OK);
    IByteBuffer_Release(apdu);
    cmd_vtbl = foreign_vtbl;
    cmd_vtbl.get_Apdu = acting_get_Apdu;
    cmd_vtbl.put_ApduReply = acting_put_ApduReply;
    made->lpVtbl = &cmd_vtbl;
    return made;
}

/* ---- ours ---- */

static void *new_cmd(void)
{
    return create(&CLSID_CSCardCmd, &IID_ISCardCmd);
}

static void *new_buffer(void)
{
    return create_buffer((const BYTE *)"twelve bytes", 12);
}

static void *new_database(void)
{
    return create(&CLSID_CSCardDatabase, &IID_ISCardDatabase);
}

static void *new_iso7816(void)
{
    return create(&CLSID_CSCardISO7816, &IID_ISCardISO7816);
}

static void *new_card(void)
{
    ISCard *card = create_card();

    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), S_OK);
    return card;
}

static void *new_service(const IID *iid)
{
    ISCardManage *manage = create_manage();
    IUnknown *object = NULL;
    GUID guid = *iid;

    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), S_OK);
    ok_hr(ISCardManage_CreateInterface(manage, &guid, NULL, NULL, &object), S_OK);
    ISCardManage_Release(manage);
    return object;
}

static void *new_files(void)
{
    return new_service(&IID_ISCardFileAccess);
}

static void *new_codes(void)
{
    return new_service(&IID_ISCardVerify);
}

static void *new_keys(void)
{
    return new_service(&IID_ISCardAuth);
}

/* ---- the last reference, given up by what the method calls ---- */

static void put_apdu(void *object)
{
    ISCardCmd_put_Apdu((ISCardCmd *)object, acting_buffer(5));
}

static void put_data(void *object)
{
    ISCardCmd_put_Data((ISCardCmd *)object, acting_buffer(5));
}

static void build_cmd(void *object)
{
    ISCardCmd_BuildCmd((ISCardCmd *)object, 0, 0xd6, 0, 0, acting_buffer(5), NULL);
}

static void encapsulate(void *object)
{
    ISCardCmd_Encapsulate((ISCardCmd *)object, acting_buffer(5), ISO_CASE_1);
}

static void put_reply(void *object)
{
    ISCardCmd_put_ApduReply((ISCardCmd *)object, acting_buffer(5));
}

static void put_stream(void *object)
{
    IByteBuffer_put_Stream((IByteBuffer *)object, acting_stream());
}

static void copy_to(void *object)
{
    IByteBuffer *target = acting_buffer(0);

    IByteBuffer_Seek((IByteBuffer *)object, 0, STREAM_SEEK_SET, NULL);
    IByteBuffer_CopyTo((IByteBuffer *)object, &target, 5, NULL, NULL);
}

static void list_cards(void *object)
{
    SAFEARRAY *names = NULL;

    ISCardDatabase_ListCards((ISCardDatabase *)object, acting_buffer(2), NULL, 0, &names);
    if (names)
        SafeArrayDestroy(names);
}

static void append_record(void *object)
{
    ISCardCmd *cmd = NULL;

    ISCardISO7816_AppendRecord((ISCardISO7816 *)object, 0, acting_buffer(5), &cmd);
    if (cmd)
        ISCardCmd_Release(cmd);
}

static void transact(void *object)
{
    ISCardCmd *cmd = acting_cmd();

    ISCard_Transaction((ISCard *)object, &cmd);
    foreign_cmd_fini(&foreign);
}

static void write_file(void *object)
{
    ISCardFileAccess_Write((ISCardFileAccess *)object, 1, 5, acting_buffer(5), 0);
}

static void create_file(void *object)
{
    TLV_TABLE *table = NULL;
    LONG count = 0;

    ISCardFileAccess_Create((ISCardFileAccess *)object, SC_TYPE_BY_NAME, NULL, &table, &count, 0,
                            acting_buffer(5));
}

static void verify_code(void *object)
{
    LONG ref = 0x7f;

    ISCardVerify_Verify((ISCardVerify *)object, acting_buffer(0), SC_FL_IHV_CHECKONLY, &ref);
}

static void change_code(void *object)
{
    ISCardVerify_ChangeCode((ISCardVerify *)object, acting_buffer(0), NULL, 0, 0x7f);
}

static void get_challenge(void *object)
{
    IByteBuffer *made = NULL;
    LONG length = 8;

    ISCardAuth_GetChallenge((ISCardAuth *)object, 0, acting_buffer(0), &length, &made);
    if (made)
        IByteBuffer_Release(made);
}

/* The answer goes into the caller's buffer, after the card. */
static void put_challenge(void *object)
{
    IByteBuffer *made = acting_buffer(0);
    LONG length = 8;

    ISCardAuth_GetChallenge((ISCardAuth *)object, 0, NULL, &length, &made);
}

static void invoke_put_data(void *object)
{
    DISPID id = DISPID_UNKNOWN, put = DISPID_PROPERTYPUT;
    WCHAR data[] = L"Data", *name = data;
    VARIANT value;
    DISPPARAMS params = {&value, &put, 1, 1};

    V_VT(&value) = VT_UNKNOWN;
    V_UNKNOWN(&value) = (IUnknown *)acting_buffer(5);
    IDispatch_GetIDsOfNames((IDispatch *)object, &IID_NULL, &name, 1, 0, &id);
    IDispatch_Invoke((IDispatch *)object, id, &IID_NULL, 0, DISPATCH_PROPERTYPUT, &params, NULL,
                     NULL, NULL);
}

static const struct
{
    const char *name;
    void *(*make)(void);
    void (*call)(void *object);
} releases[] =
{
    {"ISCardCmd::put_Apdu", new_cmd, put_apdu},
    {"ISCardCmd::put_Data", new_cmd, put_data},
    {"ISCardCmd::put_Data late bound", new_cmd, invoke_put_data},
    {"ISCardCmd::BuildCmd", new_cmd, build_cmd},
    {"ISCardCmd::Encapsulate", new_cmd, encapsulate},
    {"ISCardCmd::put_ApduReply", new_cmd, put_reply},
    {"IByteBuffer::put_Stream", new_buffer, put_stream},
    {"IByteBuffer::CopyTo", new_buffer, copy_to},
    {"ISCardDatabase::ListCards", new_database, list_cards},
    {"ISCardISO7816::AppendRecord", new_iso7816, append_record},
    {"ISCard::Transaction", new_card, transact},
    {"ISCardFileAccess::Write", new_files, write_file},
    {"ISCardFileAccess::Create", new_files, create_file},
    {"ISCardVerify::Verify", new_codes, verify_code},
    {"ISCardVerify::ChangeCode", new_codes, change_code},
    {"ISCardAuth::GetChallenge", new_keys, get_challenge},
    {"ISCardAuth::GetChallenge's answer", new_keys, put_challenge},
};

static void test_releases(void)
{
    void *object;
    size_t i;

    for (i = 0; i < ARRAYSIZE(releases); i++)
    {
        test_push("%s", releases[i].name);
        object = releases[i].make();
        spy_watch(object);
        to_release = object;
        releases[i].call(object);
        ok(!to_release, "nothing of the caller's was called\n");
        if (to_release)
            IUnknown_Release(to_release);
        to_release = NULL;
        ok(spy_thread == GetCurrentThreadId(), "the object was not freed\n");
        test_pop();
    }
}

/* ---- a stream of the caller's that raises ---- */

static void read_bytes(void *object)
{
    BYTE bytes[5];
    LONG count;

    IByteBuffer_Read((IByteBuffer *)object, bytes, 5, &count);
}

static void write_bytes(void *object)
{
    BYTE bytes[5] = {0};
    LONG count;

    IByteBuffer_Write((IByteBuffer *)object, bytes, 5, &count);
}

static void seek_bytes(void *object)
{
    IByteBuffer_Seek((IByteBuffer *)object, 0, STREAM_SEEK_SET, NULL);
}

static void resize_bytes(void *object)
{
    IByteBuffer_SetSize((IByteBuffer *)object, 5);
}

static void stat_bytes(void *object)
{
    STATSTRUCT stat;

    IByteBuffer_Stat((IByteBuffer *)object, &stat, STATFLAG_NONAME);
}

static void commit_bytes(void *object)
{
    IByteBuffer_Commit((IByteBuffer *)object, 0);
}

static void revert_bytes(void *object)
{
    IByteBuffer_Revert((IByteBuffer *)object);
}

static void lock_bytes(void *object)
{
    IByteBuffer_LockRegion((IByteBuffer *)object, 0, 1, 1);
}

static void unlock_bytes(void *object)
{
    IByteBuffer_UnlockRegion((IByteBuffer *)object, 0, 1, 1);
}

static void clone_bytes(void *object)
{
    IByteBuffer *clone;

    IByteBuffer_Clone((IByteBuffer *)object, &clone);
}

static void take_from(void *object)
{
    IByteBuffer *target = object, *source = create_buffer((const BYTE *)"bytes", 5);

    IByteBuffer_Seek(source, 0, STREAM_SEEK_SET, NULL);
    IByteBuffer_CopyTo(source, &target, 5, NULL, NULL);
}

static const struct
{
    const char *name;
    void (*call)(void *object);
} stream_calls[] =
{
    {"Read", read_bytes}, {"Write", write_bytes}, {"Seek", seek_bytes}, {"SetSize", resize_bytes},
    {"Stat", stat_bytes}, {"Commit", commit_bytes}, {"Revert", revert_bytes},
    {"LockRegion", lock_bytes}, {"UnlockRegion", unlock_bytes}, {"Clone", clone_bytes},
    {"CopyTo", take_from},
};

static HRESULT use_buffer(void *object)
{
    BYTE bytes[3] = {1, 2, 3};
    LONG count = 0;
    HRESULT hr = IByteBuffer_Initialize((IByteBuffer *)object, 3, bytes);

    if (hr == S_OK)
        hr = IByteBuffer_Seek((IByteBuffer *)object, 0, STREAM_SEEK_SET, NULL);
    if (hr == S_OK)
        hr = IByteBuffer_Write((IByteBuffer *)object, bytes, 3, &count);
    return hr;
}

static void test_streams(void)
{
    IByteBuffer *object;
    size_t i;

    for (i = 0; i < ARRAYSIZE(stream_calls); i++)
    {
        test_push("a stream that raises in %s", stream_calls[i].name);
        object = new_buffer();
        ok_hr(IByteBuffer_put_Stream(object, acting_stream()), S_OK);
        let_stream_act();
        to_raise = TRUE;
        ok(raises(stream_calls[i].call, object), "it was not called\n");
        to_raise = FALSE;
        check_works(use_buffer, object);
        test_pop();
    }
}

/* ---- pointers that lead nowhere ---- */

static void read_nowhere(void *object)
{
    IByteBuffer_Seek((IByteBuffer *)object, 0, STREAM_SEEK_SET, NULL);
    IByteBuffer_Read((IByteBuffer *)object, NOWHERE, 5, NULL);
}

static void write_nowhere(void *object)
{
    IByteBuffer_Write((IByteBuffer *)object, NOWHERE, 5, NULL);
}

static void write_much(void *object)
{
    IByteBuffer_Write((IByteBuffer *)object, NOWHERE, 100000, NULL);
}

static void stat_nowhere(void *object)
{
    IByteBuffer_Stat((IByteBuffer *)object, NOWHERE, STATFLAG_NONAME);
}

static void clone_nowhere(void *object)
{
    IByteBuffer_Clone((IByteBuffer *)object, NOWHERE);
}

static void stream_nowhere(void *object)
{
    IByteBuffer_get_Stream((IByteBuffer *)object, NOWHERE);
}

static void initialize_nowhere(void *object)
{
    IByteBuffer_Initialize((IByteBuffer *)object, 5, NOWHERE);
}

#define GETTER(name) \
    static void name##_nowhere(void *object) \
    { \
        ISCardCmd_get_##name((ISCardCmd *)object, NOWHERE); \
    }
GETTER(Apdu)
GETTER(ApduLength)
GETTER(ApduReply)
GETTER(ApduReplyLength)
GETTER(ClassId)
GETTER(Data)
GETTER(LeField)
GETTER(P3)
GETTER(ReplyStatus)
GETTER(ReplyStatusSW1)
GETTER(Type)
GETTER(Nad)
GETTER(ReplyNad)
GETTER(AlternateClassId)

static void build_nowhere(void *object)
{
    ISCardCmd_BuildCmd((ISCardCmd *)object, 0, 0xb0, 0, 0, NULL, NOWHERE);
}

static HRESULT use_cmd(void *object)
{
    HRESULT hr = ISCardCmd_BuildCmd((ISCardCmd *)object, 0, 0xb0, 0, 0, NULL, NULL);

    if (hr == S_OK)
        hr = ISCardCmd_put_Nad((ISCardCmd *)object, 1);
    if (hr == S_OK)
        hr = ISCardCmd_put_ApduReplyLength((ISCardCmd *)object, 4);
    return hr;
}

static void context_nowhere(void *object)
{
    ISCard_get_Context((ISCard *)object, NOWHERE);
}

static void handle_nowhere(void *object)
{
    ISCard_get_CardHandle((ISCard *)object, NOWHERE);
}

static void status_nowhere(void *object)
{
    ISCard_get_Status((ISCard *)object, NOWHERE);
}

static void atr_nowhere(void *object)
{
    ISCard_get_Atr((ISCard *)object, NOWHERE);
}

static void raising_cmd(void *object)
{
    ISCardCmd *cmd = acting_cmd();

    to_raise = TRUE;
    ISCard_Transaction((ISCard *)object, &cmd);
}

static void raising_answer(void *object)
{
    ISCardCmd *cmd = acting_cmd();

    cmd_vtbl.get_Apdu = foreign_get_Apdu;
    to_raise = TRUE;
    ISCard_Transaction((ISCard *)object, &cmd);
}

static HRESULT use_card(void *object)
{
    SCARD_STATES state;
    HRESULT hr = ISCard_get_Status((ISCard *)object, &state);

    if (hr == S_OK)
        hr = ISCard_LockSCard((ISCard *)object);
    if (hr == S_OK)
        hr = ISCard_UnlockSCard((ISCard *)object, LEAVE);
    if (hr == S_OK)
        hr = ISCard_Detach((ISCard *)object, LEAVE);
    if (hr == S_OK)
        hr = ISCard_AttachByReader((ISCard *)object, reader, SHARED, T0 | T1);
    return hr;
}

static void raising_write(void *object)
{
    to_raise = TRUE;
    write_file(object);
}

static void table_nowhere(void *object)
{
    static TLV_TABLE table[] = {{5, NOWHERE}};

    ISCardFileAccess_SetProperties((ISCardFileAccess *)object, SC_TYPE_BY_NAME, NULL, table, 1, 0);
}

static void open_nowhere(void *object)
{
    ISCardFileAccess_Open((ISCardFileAccess *)object, SC_TYPE_BY_NAME, NULL, NOWHERE);
}

static void dir_nowhere(void *object)
{
    ISCardFileAccess_GetCurrentDir((ISCardFileAccess *)object, NOWHERE);
}

static HRESULT use_files(void *object)
{
    BSTR name = SysAllocString(L"3F00");
    HRESULT hr = ISCardFileAccess_ChangeDir((ISCardFileAccess *)object, SC_TYPE_BY_NAME, name);

    SysFreeString(name);
    return hr;
}

static void ref_nowhere(void *object)
{
    ISCardVerify_Verify((ISCardVerify *)object, NULL, SC_FL_IHV_CHECKONLY, NOWHERE);
}

static void raising_code(void *object)
{
    to_raise = TRUE;
    verify_code(object);
}

static void raising_challenge(void *object)
{
    to_raise = TRUE;
    put_challenge(object);
}

static void length_nowhere(void *object)
{
    IByteBuffer *made = NULL;

    ISCardAuth_GetChallenge((ISCardAuth *)object, 0, NULL, NOWHERE, &made);
}

/* A service has no way to its card but its methods: another one that reaches it is enough. */
static HRESULT use_codes(void *object)
{
    LONG ref = 0x7f;

    ISCardVerify_Verify((ISCardVerify *)object, NULL, SC_FL_IHV_CHECKONLY, &ref);
    return S_OK;
}

static HRESULT use_keys(void *object)
{
    IByteBuffer *made = NULL;
    LONG length = 8;

    ISCardAuth_GetChallenge((ISCardAuth *)object, 0, NULL, &length, &made);
    if (made)
        IByteBuffer_Release(made);
    return S_OK;
}

#define CMD_GETTER(name) {"ISCardCmd::get_" #name, new_cmd, name##_nowhere, use_cmd}

static const struct
{
    const char *name;
    void *(*make)(void);
    void (*call)(void *object);
    HRESULT (*use)(void *object);
} faults[] =
{
    {"IByteBuffer::Read", new_buffer, read_nowhere, use_buffer},
    {"IByteBuffer::Write", new_buffer, write_nowhere, use_buffer},
    {"IByteBuffer::Write, much", new_buffer, write_much, use_buffer},
    {"IByteBuffer::Stat", new_buffer, stat_nowhere, use_buffer},
    {"IByteBuffer::Clone", new_buffer, clone_nowhere, use_buffer},
    {"IByteBuffer::get_Stream", new_buffer, stream_nowhere, use_buffer},
    {"IByteBuffer::Initialize", new_buffer, initialize_nowhere, use_buffer},
    CMD_GETTER(Apdu), CMD_GETTER(ApduLength), CMD_GETTER(ApduReply), CMD_GETTER(ApduReplyLength),
    CMD_GETTER(ClassId), CMD_GETTER(Data), CMD_GETTER(LeField), CMD_GETTER(P3),
    CMD_GETTER(ReplyStatus), CMD_GETTER(ReplyStatusSW1), CMD_GETTER(Type), CMD_GETTER(Nad),
    CMD_GETTER(ReplyNad), CMD_GETTER(AlternateClassId),
    {"ISCardCmd::BuildCmd", new_cmd, build_nowhere, use_cmd},
    {"ISCard::get_Context", new_card, context_nowhere, use_card},
    {"ISCard::get_CardHandle", new_card, handle_nowhere, use_card},
    {"ISCard::get_Status", new_card, status_nowhere, use_card},
    {"ISCard::get_Atr", new_card, atr_nowhere, use_card},
    {"ISCard::Transaction, a command that raises", new_card, raising_cmd, use_card},
    {"ISCard::Transaction, raising at the answer", new_card, raising_answer, use_card},
    {"ISCardFileAccess::Write, a buffer that raises", new_files, raising_write, use_files},
    {"ISCardFileAccess::SetProperties", new_files, table_nowhere, use_files},
    {"ISCardFileAccess::Open", new_files, open_nowhere, use_files},
    {"ISCardFileAccess::GetCurrentDir", new_files, dir_nowhere, use_files},
    {"ISCardVerify::Verify", new_codes, ref_nowhere, use_codes},
    {"ISCardVerify::Verify, a buffer that raises", new_codes, raising_code, use_codes},
    {"ISCardAuth::GetChallenge", new_keys, length_nowhere, use_keys},
    {"ISCardAuth::GetChallenge, raising at the answer", new_keys, raising_challenge, use_keys},
};

static void test_faults(void)
{
    void *object;
    size_t i;

    for (i = 0; i < ARRAYSIZE(faults); i++)
    {
        test_push("%s", faults[i].name);
        object = faults[i].make();
        ok(raises(faults[i].call, object), "no exception\n");
        to_raise = FALSE;
        check_works(faults[i].use, object);
        IUnknown_Release((IUnknown *)object);
        test_pop();
    }
}

START_TEST(callbacks)
{
    fact(GUESS);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (rig_slowness() > 1)
        fault_under_qemu = EXCEPTION_ILLEGAL_INSTRUCTION;
    AddVectoredExceptionHandler(1, rescue);
    spy_start();
    reader = reader_with_card();
    test_releases();
    test_streams();
    test_faults();
    SysFreeString(reader);
    CoUninitialize();
}

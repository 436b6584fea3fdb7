/*
 * What a program's trace and record hold of the codes and keys that it hands over: nothing.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * SCARDSSP_TRACE and SCARDSSP_RECORD are set here, before the DLL is loaded. Every way in for a
 * code is taken: commands of all families, the card service, late-bound calls. Then both files are
 * read.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "rig/rigctl.h"
#include "cardtest.h"
#include "icccard.h"
#include "latebound.h"

#define CODE     "1Q9z7Kx3"
#define CODE_HEX "3151397A374B7833"
/* ISCardVerify::Unblock takes a number. */
#define NUMBER       1362721335
#define NUMBER_TEXTS "1362721335", "51397a37"

static char trace_file[MAX_PATH], record_file[MAX_PATH];

/* ---- commands ---- */

/* @ is the code. What is read and fetched here is hidden, whatever the card says. */
static const char *const flex_commands[] =
{
    "C0A40000 02 3F00",
    "F0E00000 10 FFFF 0017 0000 01 3F44FF 44 01 03 11FFFF", /* makes CHV1's file, and enters it */
    "C0D60000 08 @", "C0B00000 08",
    "C0A40000 02 0000", "C0D60000 08 @", "C0B00000 08", "00D60000 08 @",
    "F0E00000 10 FFFF 0017 0011 01 3F44FF 44 01 03 11FFFF",
    "C0D60000 08 @",
    "C0A40000 02 7777", "C0D60000 08 @",
    "C0200001 08 @", "C0260001 08 @", "C0280001 08 @",
    "F0240001 10 @@", "F02C0001 10 @@", "F02A0001 08 @", "C0820001 07 013151397A374B",
    "C0880001 08 @", "C0C00000 08",
    NULL
};

static const char *const gsm_commands[] =
{
    "A0A40000 02 3F00",
    "A0200001 08 @", "A0240001 10 @@", "A0260001 08 @", "A0280001 08 @", "A02C0000 10 @@",
    "A0880000 10 @@", "A0C00000 0C",
    "A0A40000 02 7F20", "A0A40000 02 6F20", "A0D60000 08 @", "A0B00000 08",
    "A0140000 08 @", "A0C20000 08 @",
    NULL
};

static const char *const iso_commands[] =
{
    "00A40000 02 3F00 00",
    "00200001 08 @", "00200001 07 @", "00200001 09 @", "00200001 000008 @", "00200001 00 @",
    "00240001 10 @@", "00240101 08 @", "002C0001 10 @@", "00260001 08 @", "00280001 08 @",
    "00820001 08 @", "00880001 08 @ 00", "00C00000 08", "00860001 08 @ 00", "00870001 08 @",
    "80D80001 08 @", "84D80001 08 @", "00DA0101 08 @", "00DB3FFF 08 @", "80E20000 08 @",
    "10200001 08 @", "0C200001 0A 8708 @", "00C20000 0D 0020000108 @", "00C20000 04 00200001",
    "00C20000 09 08 @", "00C20000 00", "002A8086 08 @", "00470001 08 @", "FF820000 08 @",
    "00210001 08 @", "B0420000 08 @",
    NULL
};

/* The bytes of a row; their number. */
static LONG command_bytes(const char *row, BYTE *bytes)
{
    LONG length = 0;
    unsigned value;

    for (; *row; row++)
    {
        if (*row == ' ')
            continue;
        if (*row == '@')
        {
            memcpy(bytes + length, CODE, 8);
            length += 8;
            continue;
        }
        sscanf(row++, "%2x", &value);
        bytes[length++] = (BYTE)value;
    }
    return length;
}

/* Some are no APDUs, and most are refused: the card never gets them, or says no. */
static void send_all(ISCard *card, const char *const *rows)
{
    BYTE bytes[128];
    HRESULT hr;

    for (; *rows; rows++)
        send_apdu(card, bytes, command_bytes(*rows, bytes), &hr);
}

static void send_to(const char *profile, const char *const *rows)
{
    BSTR reader = reader_with_card();
    ISCard *card = create_card();
    char line[64];

    rig("card eject");
    snprintf(line, sizeof(line), "card insert %s", profile);
    rig(line);
    ok_hr(ISCard_AttachByReader(card, reader, EXCLUSIVE, T0), S_OK);
    send_all(card, rows);
    ISCard_Release(card);
    SysFreeString(reader);
}

/* ---- the card service ---- */

static void use_services(const char *profile)
{
    IByteBuffer *code = create_buffer((const BYTE *)CODE, 8), *out;
    LONG ref = 1, length = 8;
    HSCARD_FILE file;

    use_card(profile, SHARED);
    ISCardVerify_Verify(verify, code, 0, &ref);
    ISCardVerify_ChangeCode(verify, code, code, 0, 1);
    ISCardVerify_Unblock(verify, NUMBER, 0, 1);
    ISCardAuth_APP_Auth(auth, 1, code, code);
    out = code;
    IByteBuffer_AddRef(out);
    ISCardAuth_User_Auth(auth, 0, code, &length, &out);
    ISCardAuth_ICC_Auth(auth, 0, code, &length, &out);
    IByteBuffer_Release(out);
    if (ISCardFileAccess_Open(files, SC_TYPE_BY_NAME, (BSTR)L"0000", &file) == S_OK)
        ISCardFileAccess_Write(files, file, 8, code, 0);
    IByteBuffer_Release(code);
}

/* ---- late-bound ---- */

static DISPID id_of(void *object, const WCHAR *name)
{
    WCHAR *names = (WCHAR *)name;
    DISPID id = DISPID_UNKNOWN;

    ok_hr(IDispatch_GetIDsOfNames((IDispatch *)object, &IID_NULL, &names, 1, 0, &id), S_OK);
    return id;
}

static VARIANT text_value(const WCHAR *text)
{
    VARIANT v = {0};

    V_VT(&v) = VT_BSTR;
    V_BSTR(&v) = SysAllocString(text);
    return v;
}

static void call_late(void)
{
    IByteBuffer *code = create_buffer((const BYTE *)CODE, 8);
    ISCardCmd *cmd = create(&CLSID_CSCardCmd, &IID_ISCardCmd);
    IDispatch *unblock = (IDispatch *)verify, *build = (IDispatch *)cmd;
    VARIANT result, text = text_value(L"1362721335");

    ok_hr(invoke(unblock, id_of(verify, L"Unblock"), DISPATCH_METHOD, &result,
                 ARGUMENTS(number(NUMBER), number(0), number(1))),
          DISP_E_EXCEPTION);
    invoke(unblock, id_of(verify, L"Unblock"), DISPATCH_METHOD, &result,
           ARGUMENTS(text, number(0), number(1)));
    invoke(unblock, id_of(verify, L"Verify"), DISPATCH_METHOD, &result,
           ARGUMENTS(object_value(code), number(0), number(1)));
    invoke(unblock, id_of(verify, L"Unblock"), DISPATCH_METHOD, &result,
           ARGUMENTS(text_value(L"" CODE), number(0), number(1)));
    ok_hr(invoke(build, id_of(cmd, L"BuildCmd"), DISPATCH_METHOD, &result,
                 ARGUMENTS(number(0), number(0x20), number(0), number(1), object_value(code))),
          S_OK);
    invoke(build, id_of(cmd, L"Apdu"), DISPATCH_PROPERTYPUT, &result,
           ARGUMENTS(object_value(code)));
    VariantClear(&text);
    ISCardCmd_Release(cmd);
    IByteBuffer_Release(code);
}

/* ---- what is in the files ---- */

/* NUL-terminated, and in lower case where lower says so. */
static char *read_file(const char *name, BOOL lower)
{
    HANDLE file = CreateFileA(name, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_EXISTING, 0, NULL);
    DWORD size = file == INVALID_HANDLE_VALUE ? 0 : GetFileSize(file, NULL), got = 0;
    char *text = calloc(1, size + 1);

    ok(size != 0, "%s is empty\n", name);
    ReadFile(file, text, size, &got, NULL);
    CloseHandle(file);
    if (lower)
        CharLowerA(text);
    return text;
}

static void check_hidden(const char *name, const char *text)
{
    static const char *const secrets[] =
    {
        "1q9z7kx3", "q9z7kx", "3151397a374b7833", "31 51 39 7a", "51397a374b", NUMBER_TEXTS
    };
    size_t i;

    for (i = 0; i < ARRAYSIZE(secrets); i++)
    {
        const char *at = strstr(text, secrets[i]);

        ok(!at, "%s: \"%.200s\"\n", name, at ? at - (at - text > 60 ? 60 : at - text) : "");
    }
}

/* It is no proof that nothing is there where nothing is told at all. */
static void check_shown(const char *name, const char *text, const char *what)
{
    ok(strstr(text, what) != NULL, "%s does not have \"%s\"\n", name, what);
}

static void check_files(void)
{
    char *traced = read_file(trace_file, TRUE), *recorded = read_file(record_file, TRUE);

    check_hidden("the trace", traced);
    check_hidden("the record", recorded);
    check_shown("the trace", traced, "verify 00200001 08 [8 bytes hidden]");
    check_shown("the trace", traced, "update binary c0d60000 08 [8 bytes hidden]");
    check_shown("the trace", traced, "select a0a40000 02 3f00");
    check_shown("the trace", traced, "verify_unblock");
    check_shown("the record", recorded, " > 00200001 08 [8 bytes hidden]");
    check_shown("the record", recorded, " > c0d60000 08 [8 bytes hidden]\n");
    free(traced);
    free(recorded);
}

/* On T=0 cards file control information is fetched: both say what it is. */
static void check_fetched(void)
{
    char *traced = read_file(trace_file, FALSE), *recorded = read_file(record_file, FALSE);
    char answer[600], *fetch = strstr(recorded, " > 00C00000 "), *end;

    ok(fetch && (fetch = strstr(fetch, " < ")), "nothing was fetched\n");
    if (fetch)
    {
        lstrcpynA(answer, fetch + 3, sizeof(answer));
        if ((end = strpbrk(answer, "\r\n")))
            *end = 0;
        ok(strlen(answer) > 12 && !strstr(answer, "hidden"), "the record has \"%s\"\n", answer);
        ok(strstr(traced, answer) != NULL, "the trace does not have \"%s\"\n", answer);
    }
    free(traced);
    free(recorded);
}

static void set_up(void)
{
    char folder[MAX_PATH];

    GetTempPathA(sizeof(folder), folder);
    GetTempFileNameA(folder, "obs", 0, trace_file);
    GetTempFileNameA(folder, "obs", 0, record_file);
    DeleteFileA(trace_file);
    DeleteFileA(record_file);
    SetEnvironmentVariableA("SCARDSSP_TRACE", trace_file);
    SetEnvironmentVariableA("SCARDSSP_RECORD", record_file);
}

START_TEST(observer)
{
    fact(GUESS);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    set_up();
    send_to("iso-t0", iso_commands);
    check_fetched();
    send_to("flex", flex_commands);
    send_to("gsm", gsm_commands);
    create_services();
    use_services("flex");
    use_services("gsm");
    use_services("iso-t1");
    call_late();
    release_services();
    check_files();
    rig("card eject");
    rig("card insert flex");
    CoUninitialize();
    DeleteFileA(trace_file);
    DeleteFileA(record_file);
}

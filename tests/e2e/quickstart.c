/*
 * A first look: what a program of the Windows XP era does with a card through ISCardManage.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Prints a line a step. Ends with 0 when every step gave what it should.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>
#include <winscard.h>
#include <stdio.h>

#include "iccsp.h"
#include "rig/rigctl.h"
#include "scardssp.h"

#define SHOWN_BYTES 32

static const struct
{
    HRESULT hr;
    const char *name;
} names[] =
{
    {S_OK, "S_OK"},
    {E_INVALIDARG, "E_INVALIDARG"},
    {REGDB_E_CLASSNOTREG, "REGDB_E_CLASSNOTREG: run regsvr32 scardssp.dll"},
    {SCARD_E_NO_SERVICE, "SCARD_E_NO_SERVICE: is pcscd running?"},
    {SCARD_E_UNKNOWN_READER, "SCARD_E_UNKNOWN_READER: opensc-tool -l lists the readers"},
    {SCARD_E_NO_SMARTCARD, "SCARD_E_NO_SMARTCARD"},
    {SCARD_E_SHARING_VIOLATION, "SCARD_E_SHARING_VIOLATION"},
    {SCARD_E_FILE_NOT_FOUND, "SCARD_E_FILE_NOT_FOUND: name another file with --path"},
    {SCARD_W_RESET_CARD, "SCARD_W_RESET_CARD"},
    {SCARD_W_REMOVED_CARD, "SCARD_W_REMOVED_CARD"},
    {SCARD_W_SECURITY_VIOLATION, "SCARD_W_SECURITY_VIOLATION"},
    {SCARD_W_UNRESPONSIVE_CARD, "SCARD_W_UNRESPONSIVE_CARD"},
};

static int failures;
static double step_start;
static BYTE first_bytes[SHOWN_BYTES]; /* of the first reading; later ones must be the same */
static LONG first_count = -1;

static const char *name_of(HRESULT hr)
{
    static char number[16];
    unsigned i;

    for (i = 0; i < ARRAYSIZE(names); i++)
        if (names[i].hr == hr)
            return names[i].name;
    snprintf(number, sizeof(number), "%#lx", hr);
    return number;
}

static double now_ms(void)
{
    LARGE_INTEGER frequency, count;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    return count.QuadPart * 1e3 / frequency.QuadPart;
}

/* Prints a step; one whose result is not the expected one is a failure. */
static BOOL step(const char *what, HRESULT hr, HRESULT expected)
{
    double took = now_ms() - step_start;
    BOOL good = hr == expected;

    printf("%-52s %8.1f ms  %s%s\n", what, took, name_of(hr), good ? "" : "   <-- not expected");
    fflush(stdout);
    failures += !good;
    return good;
}

/* The clock starts before the call is made. */
#define STEP_EXPECT(what, call, expected) \
    (step_start = now_ms(), step(what, (call), (expected)))
#define STEP(what, call) STEP_EXPECT(what, call, S_OK)

/* What a step brought back, where its result alone says little. */
static void expect(BOOL good, const char *what)
{
    if (!good)
        printf("    <-- not expected: %s\n", what);
    failures += !good;
}

static void say(const char *text)
{
    printf("\n%s\n", text);
    fflush(stdout);
}

/* Something that a program cannot do itself: by the rig, else by the person at the reader. */
static void arrange(const char *request, const char *asked)
{
    char answer[256] = "";

    if (rig_is_there())
    {
        if (rig_request(request, answer, sizeof(answer)))
        {
            printf("%s: %s\n", request, answer);
            failures++;
        }
        return;
    }
    printf("%s, then press Enter: ", asked);
    fflush(stdout);
    while (getchar() != '\n')
        ;
}

static void show_bytes(IByteBuffer *buffer, LONG count)
{
    BYTE bytes[SHOWN_BYTES];
    LONG got = 0, i;

    IByteBuffer_Read(buffer, bytes, sizeof(bytes), &got);
    printf("    %ld bytes:", count);
    for (i = 0; i < got; i++)
        printf(" %02X", bytes[i]);
    printf("%s\n", got < count ? " ..." : "");
    if (first_count < 0)
    {
        first_count = count;
        memcpy(first_bytes, bytes, got);
    }
    expect(count == first_count && !memcmp(bytes, first_bytes, got), "other bytes than at first");
}

static void read_file(ISCardFileAccess *files, HSCARD_FILE file)
{
    IByteBuffer *buffer = NULL;
    LONG count = 4096;

    ISCardFileAccess_Seek(files, file, 0, SC_SEEK_FROM_BEGINNING);
    if (STEP("ISCardFileAccess::Read", ISCardFileAccess_Read(files, file, &count, &buffer, 0)))
        show_bytes(buffer, count);
    if (buffer)
        IByteBuffer_Release(buffer);
}

static void show_status(ISCardManage *manage, BOOL present)
{
    static const char *states[] = {"?", "absent", "present", "swallowed", "powered",
                                   "negotiable", "specific"};
    SCARD_PROTOCOLS protocol = 0;
    SCARD_STATES state = 0;

    if (!STEP("ISCardManage::Status", ISCardManage_Status(manage, &state, &protocol)))
        return;
    printf("    state %s", state <= 6 ? states[state] : "?");
    if (present)
        printf(", protocol T=%d", protocol == T1 ? 1 : 0);
    printf("\n");
    expect(present ? state == SPECIFICMODE && (protocol == T0 || protocol == T1) : state == ABSENT,
           present ? "no card, or no protocol" : "a card");
}

static ISCardManage *create_manage(void)
{
    ISCardManage *manage = NULL;

    STEP("CoCreateInstance(CLSID_SCardManage)",
         CoCreateInstance(&CLSID_SCardManage, NULL, CLSCTX_INPROC_SERVER, &IID_ISCardManage,
                          (void **)&manage));
    return manage;
}

static void reconnect_thrice(ISCardManage *manage, ISCardFileAccess *files, HSCARD_FILE file,
                             BSTR path)
{
    SCARD_PROTOCOLS protocol;
    SCARD_STATES state;

    say("Reconnect, nothing happened to the card");
    STEP("ISCardManage::Reconnect", ISCardManage_Reconnect(manage));
    read_file(files, file);

    say("Reconnect after another program reset the card");
    arrange("reset-by-other", "Reset the card from another program (opensc-tool --reset)");
    STEP_EXPECT("ISCardManage::Status (says that it was reset)",
                ISCardManage_Status(manage, &state, &protocol), SCARD_W_RESET_CARD);
    STEP("ISCardManage::Reconnect", ISCardManage_Reconnect(manage));
    read_file(files, file);

    say("Reconnect after the card was taken out and put back");
    arrange("card eject", "Take the card out");
    show_status(manage, FALSE);
    arrange("card insert", "Put the card back");
    STEP("ISCardManage::Reconnect", ISCardManage_Reconnect(manage));
    STEP("ISCardFileAccess::Close (the old card's handle)", ISCardFileAccess_Close(files, file));
    if (STEP("ISCardFileAccess::Open", ISCardFileAccess_Open(files, SC_TYPE_BY_ID, path, &file)))
        read_file(files, file);
}

static void attach_by_name(BSTR reader, BSTR path)
{
    ISCardFileAccess *files = NULL;
    ISCardManage *manage;
    HSCARD_FILE file = 0;

    say("Attached by the reader's name");
    if (!(manage = create_manage()))
        return;
    if (STEP("ISCardManage::AttachByIFD", ISCardManage_AttachByIFD(manage, reader, SHARED)))
    {
        show_status(manage, TRUE);
        STEP("ISCardManage::SCardLock", ISCardManage_SCardLock(manage));
        STEP("ISCardManage::CreateFileAccess", ISCardManage_CreateFileAccess(manage, &files));
        if (STEP("ISCardFileAccess::Open",
                 ISCardFileAccess_Open(files, SC_TYPE_BY_ID, path, &file)))
            read_file(files, file);
        STEP("ISCardManage::SCardUnlock", ISCardManage_SCardUnlock(manage, LEAVE));
        reconnect_thrice(manage, files, file, path);
        STEP("ISCardManage::Detach", ISCardManage_Detach(manage));
        ISCardFileAccess_Release(files);
    }
    ISCardManage_Release(manage);
}

static void attach_by_handle(BSTR reader, BSTR path)
{
    ISCardFileAccess *files = NULL;
    ISCardManage *manage;
    HSCARD_FILE file = 0;
    ISCard *card = NULL;
    HSCARD handle = 0;

    say("Attached by the handle of an ISCard");
    if (!STEP("CoCreateInstance(CLSID_CSCard)",
              CoCreateInstance(&CLSID_CSCard, NULL, CLSCTX_INPROC_SERVER, &IID_ISCard,
                               (void **)&card)))
        return;
    STEP("ISCard::AttachByReader", ISCard_AttachByReader(card, reader, SHARED, T0 | T1));
    STEP("ISCard::get_CardHandle", ISCard_get_CardHandle(card, &handle));
    if ((manage = create_manage()))
    {
        STEP("ISCardManage::AttachByHandle", ISCardManage_AttachByHandle(manage, handle));
        show_status(manage, TRUE);
        STEP("ISCardManage::CreateFileAccess", ISCardManage_CreateFileAccess(manage, &files));
        if (STEP("ISCardFileAccess::Open",
                 ISCardFileAccess_Open(files, SC_TYPE_BY_ID, path, &file)))
            read_file(files, file);
        STEP("ISCardManage::Reconnect", ISCardManage_Reconnect(manage));
        STEP("ISCardManage::Detach", ISCardManage_Detach(manage));
        ISCardFileAccess_Release(files);
        ISCardManage_Release(manage);
    }
    STEP("ISCard::Detach", ISCard_Detach(card, LEAVE));
    ISCard_Release(card);
}

static BSTR wide(const char *text)
{
    WCHAR buffer[512];

    MultiByteToWideChar(CP_UTF8, 0, text, -1, buffer, ARRAYSIZE(buffer));
    return SysAllocString(buffer);
}

int main(int argc, char **argv)
{
    const char *reader = getenv("SCARDSSP_TEST_READER"), *path = "3F00/2F05";
    BSTR wide_reader, wide_path;
    int i;

    for (i = 1; i < argc; i++)
    {
        if (!strcmp(argv[i], "--reader") && i + 1 < argc)
            reader = argv[++i];
        else if (!strcmp(argv[i], "--path") && i + 1 < argc)
            path = argv[++i];
        else
        {
            printf("Usage: quickstart --reader NAME [--path FILE]\n");
            return 2;
        }
    }
    if (!reader)
    {
        printf("quickstart: which reader? Name it with --reader.\n");
        return 2;
    }
    printf("A %d-bit program, reader \"%s\", file %s\n", (int)sizeof(void *) * 8, reader, path);
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    wide_reader = wide(reader);
    wide_path = wide(path);
    attach_by_name(wide_reader, wide_path);
    attach_by_handle(wide_reader, wide_path);
    SysFreeString(wide_reader);
    SysFreeString(wide_path);
    CoUninitialize();
    if (failures)
        printf("\n%d steps did not give what was expected.\n", failures);
    else
        printf("\nEverything worked. Now run tools/check.\n");
    return failures != 0;
}

/*
 * Codes entered at the reader's own keys, a reader that is unplugged, mute cards, and commands and
 * answers of 64 KiB: what only the rig's own reader driver can do ("reader ifd").
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The card's code is 1234. Nothing that is typed at the reader may pass through the program: the
 * trace, which has every APDU and control code, is searched for it.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "cardtest.h"
#include "rig/rigctl.h"

#define PROFILES L"Software\\scardssp\\Profiles"
static char trace_file[MAX_PATH];

static const WCHAR pad[] = L"Scardssp Pad 00 00";

static void rig(const char *request)
{
    char answer[256] = "";

    ok(!rig_request(request, answer, sizeof(answer)), "rig: %s: %s\n", request, answer);
}

/* How many commands with that instruction the card has seen. */
static unsigned seen(const char *ins)
{
    char answer[1024] = "", *at;

    ok(!rig_request("card log", answer, sizeof(answer)), "log: %s\n", answer);
    at = strstr(answer, ins);
    return at ? strtoul(at + 3, NULL, 10) : 0;
}

/* The profile that lets this card's code be entered at the reader; NULL takes it away. */
static void set_profile(const char *atr, const char *lines)
{
    char text[256];
    HKEY key;

    RegCreateKeyExW(HKEY_CURRENT_USER, PROFILES, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);
    if (atr)
    {
        snprintf(text, sizeof(text), "name = pad card\natr = %s\n%spinpad = yes\n", atr, lines);
        RegSetValueExA(key, "pinpad", 0, REG_SZ, (const BYTE *)text, strlen(text) + 1);
    }
    else
        RegDeleteValueA(key, "pinpad");
    RegCloseKey(key);
}

static void read_atr(char *text)
{
    ISCard *card = create_card();
    IByteBuffer *atr = NULL;
    BYTE bytes[36];
    LONG i, length;

    ok_hr(ISCard_AttachByReader(card, (BSTR)pad, SHARED, T0 | T1), S_OK);
    ok_hr(ISCard_get_Atr(card, &atr), S_OK);
    length = buffer_bytes(atr, bytes, sizeof(bytes));
    for (i = 0; i < length; i++)
        sprintf(text + 2 * i, "%02X", bytes[i]);
    IByteBuffer_Release(atr);
    ISCard_Release(card);
}

/* ---- codes ---- */

static ISCardVerify *attach_verify(ISCardManage *manage)
{
    ISCardVerify *verify = NULL;

    ok_hr(ISCardManage_AttachByIFD(manage, (BSTR)pad, SHARED), S_OK);
    ok_hr(ISCardManage_CreateCHVerification(manage, &verify), S_OK);
    return verify;
}

static HRESULT enter(ISCardVerify *verify)
{
    IByteBuffer *nothing = create_buffer((const BYTE *)"", 0);
    LONG ref = 1;
    HRESULT hr = ISCardVerify_Verify(verify, nothing, SC_FL_NO_FLAGS, &ref);

    IByteBuffer_Release(nothing);
    return hr;
}

static HRESULT change(ISCardVerify *verify, SCARD_FLAGS flags)
{
    IByteBuffer *nothing = create_buffer((const BYTE *)"", 0);
    HRESULT hr = ISCardVerify_ChangeCode(verify, nothing, nothing, flags, 1);

    IByteBuffer_Release(nothing);
    return hr;
}

static void test_without_profile(ISCardManage *manage)
{
    ISCardVerify *verify = attach_verify(manage);

    rig("card pad 1234");
    ok_hr(enter(verify), E_INVALIDARG);
    ok_hr(change(verify, SC_FL_NO_FLAGS), E_INVALIDARG);
    ok(!seen("20="), "VERIFY was sent\n");
    ISCardVerify_Release(verify);
}

static void test_verify(ISCardManage *manage)
{
    static const struct
    {
        const char *keys;
        HRESULT hr;
        unsigned sent;
    } rows[] =
    {
        {"card pad 1234", S_OK, 1},
        {"card pad 4321", SCARD_W_WRONG_CHV, 1},
        {"card pad-cancel", SCARD_W_CANCELLED_BY_USER, 0},
        {"card pad-timeout", SCARD_E_TIMEOUT, 0},
        {"card pad 12", SCARD_E_INVALID_CHV, 0}, /* fewer than four digits */
        {"card pad 1234", S_OK, 1},
    };
    ISCardVerify *verify = attach_verify(manage);
    unsigned i;
    HRESULT hr;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        rig("card log-clear");
        rig(rows[i].keys);
        hr = enter(verify);
        ok(hr == rows[i].hr, "%s: %#lx\n", rows[i].keys, hr);
        ok(seen("20=") == rows[i].sent, "%s: %u VERIFY\n", rows[i].keys, seen("20="));
    }
    /* Under a lock of the program too. */
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(enter(verify), S_OK);
    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), S_OK);
    ISCardVerify_Release(verify);
}

static void test_change(ISCardManage *manage)
{
    ISCardVerify *verify = attach_verify(manage);

    rig("card pad 1234 987654");
    ok_hr(change(verify, SC_FL_NO_FLAGS), S_OK);
    rig("card pad 987654");
    ok_hr(enter(verify), S_OK);
    rig("card pad-mismatch");
    ok_hr(change(verify, SC_FL_NO_FLAGS), SCARD_E_INVALID_CHV);
    rig("card pad 987654 1234");
    ok_hr(change(verify, SC_FL_IHV_CHANGE), S_OK);
    rig("card pad 1234");
    ok_hr(enter(verify), S_OK);
    ok_hr(change(verify, SC_FL_IHV_DISABLE), S_OK);
    ok_hr(change(verify, SC_FL_IHV_ENABLE), S_OK);
    ISCardVerify_Release(verify);
}

static void test_no_keys(ISCardManage *manage)
{
    ISCardVerify *verify = attach_verify(manage);
    HRESULT hr;

    rig("card features no");
    rig("card log-clear");
    ok_hr(enter(verify), E_INVALIDARG);
    ok(!seen("20="), "VERIFY was sent\n");
    rig("card features yes");
    rig("card pad 1234");
    hr = enter(verify);
    ok(hr == S_OK, "with keys again: %#lx\n", hr);
    ISCardVerify_Release(verify);
}

/* Another class, T=0, and codes that the reader fills up. */
static void test_flex(ISCardManage *manage)
{
    char atr[80] = "", answer[256] = "";
    ISCardVerify *verify;

    rig("reader ifd flex");
    read_atr(atr);
    set_profile(atr, "base = flex\ncode-padding = 8 FF\n");
    verify = attach_verify(manage);
    rig("card pad 12345678");
    ok_hr(enter(verify), S_OK);
    rig("card pad 12345678 4321");
    ok_hr(change(verify, SC_FL_NO_FLAGS), S_OK);
    rig("card pad 4321");
    ok_hr(enter(verify), S_OK);
    ok(!rig_request("card dump 1", answer, sizeof(answer)), "dump: %s\n", answer);
    ok(strstr(answer, "C02000010834333231FFFFFFFF:9000") != NULL, "the card got %s\n", answer);
    ISCardVerify_Release(verify);
}

/* ---- a card that does not answer ---- */

/* The first is pcsc-lite's word for a card that could not be powered, the other one Windows's. */
static BOOL is_mute(HRESULT hr)
{
    return hr == (HRESULT)SCARD_W_UNPOWERED_CARD || hr == (HRESULT)SCARD_W_UNRESPONSIVE_CARD;
}

static void test_mute(ISCardManage *manage)
{
    ISCard *card = create_card();
    HRESULT hr;

    rig("card mute yes");
    rig("card eject");
    rig("card insert");
    hr = ISCard_AttachByReader(card, (BSTR)pad, SHARED, T0 | T1);
    ok(is_mute(hr), "%#lx\n", hr);
    hr = ISCardManage_AttachByIFD(manage, (BSTR)pad, SHARED);
    ok(is_mute(hr), "%#lx\n", hr);
    rig("card mute no");
    rig("card eject");
    rig("card insert");
    ok_hr(ISCardManage_AttachByIFD(manage, (BSTR)pad, SHARED), S_OK);
    /* One that falls silent while we are attached. */
    rig("card mute yes");
    rig("reset-by-other");
    hr = ISCardManage_Reconnect(manage);
    ok(is_mute(hr), "%#lx\n", hr);
    rig("card mute no");
    rig("card eject");
    rig("card insert");
    hr = ISCardManage_Reconnect(manage);
    ok(hr == S_OK, "%#lx\n", hr);
    ISCard_Release(card);
}

/* ---- the reader goes and comes ---- */

static void test_unplugged(ISCardManage *manage)
{
    ISCardVerify *verify = attach_verify(manage);
    SCARD_PROTOCOLS protocol;
    SCARD_STATES state;
    unsigned tries;
    HRESULT hr;

    rig("card unplug");
    Sleep(1000); /* pcscd asks its readers every 400 ms */
    hr = enter(verify);
    ok(FAILED(hr) && hr != E_INVALIDARG, "%#lx\n", hr);
    ok_hr(ISCardManage_Status(manage, &state, &protocol), S_OK);
    ok(state == ABSENT && !protocol, "state %d, protocol %d\n", state, protocol);
    hr = ISCardManage_Reconnect(manage);
    ok(FAILED(hr), "%#lx\n", hr);
    rig("card plug");
    /* Until pcscd has asked the reader again. */
    for (tries = 0; FAILED(hr = ISCardManage_Reconnect(manage)) && tries < 100; tries++)
        Sleep(100);
    ok(hr == S_OK, "reconnect after %u tries: %#lx\n", tries, hr);
    ok_hr(enter(verify), S_OK);
    ISCardVerify_Release(verify);
}

/* ---- long commands and answers ---- */

static WORD status_of(const BYTE *answer, LONG length)
{
    return length < 2 ? 0 : answer[length - 2] << 8 | answer[length - 1];
}

/* The first byte that is not the pattern of the card's files, or count. */
static LONG first_other(const BYTE *bytes, LONG count)
{
    LONG i;

    for (i = 0; i < count && bytes[i] == (BYTE)(i * 7 + i / 256); i++)
        ;
    return i;
}

static void test_long(void)
{
    static const BYTE select[] = {0x00, 0xA4, 0x00, 0x0C, 0x02, 0x70, 0x01};
    static const BYTE read_back[] = {0x00, 0xB0, 0x00, 0x00, 0x00, 0xFF, 0xFF};
    static const LONG counts[] = {1, 256, 257, 32768, 65534, 65535, 65536};
    static BYTE bytes[65536 + 2], update[7 + 65535];
    ISCard *card = create_card();
    HRESULT hr = S_OK;
    LONG length, i;
    WORD sw;

    ok_hr(ISCard_AttachByReader(card, (BSTR)pad, SHARED, T0 | T1), S_OK);
    ok(send_apdu(card, select, sizeof(select), &hr) == 0x9000, "select: %#lx\n", hr);
    for (i = 0; i < (LONG)ARRAYSIZE(counts); i++)
    {
        BYTE read[] = {0x00, 0xB0, 0x00, 0x00, 0x00, (BYTE)(counts[i] >> 8), (BYTE)counts[i]};

        length = exchange_apdu(card, read, sizeof(read), bytes, sizeof(bytes));
        sw = status_of(bytes, length);
        ok(sw == 0x9000 && length == counts[i] + 2, "%ld: %ld, %04x\n", counts[i], length, sw);
        ok(first_other(bytes, counts[i]) == counts[i], "%ld: other bytes\n", counts[i]);
    }
    memcpy(update, "\x00\xD6\x00\x00\x00\xFF\xFF", 7);
    for (i = 7; i < (LONG)sizeof(update); i++)
        update[i] = (BYTE)(i * 11);
    length = exchange_apdu(card, update, sizeof(update), bytes, sizeof(bytes));
    ok(length == 2 && status_of(bytes, length) == 0x9000, "update: %ld bytes\n", length);
    length = exchange_apdu(card, read_back, sizeof(read_back), bytes, sizeof(bytes));
    sw = status_of(bytes, length);
    ok(sw == 0x9000 && length == 65535 + 2 && !memcmp(bytes, update + 7, 65535),
       "read back: %04x, %ld bytes\n", sw, length);
    ISCard_Release(card);
}

/* ---- what the trace saw ---- */

static void test_secrets(void)
{
    static const char *const typed[] = {"1234", "4321", "987654"};
    char hex[32], *text;
    DWORD size, read = 0;
    HANDLE file;
    unsigned i, j;

    file = CreateFileA(trace_file, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                       OPEN_EXISTING, 0, NULL);
    size = GetFileSize(file, NULL);
    text = calloc(1, size + 1);
    ok(ReadFile(file, text, size, &read, NULL) && read == size && size, "no trace\n");
    CloseHandle(file);
    ok(strstr(text, "connection control") != NULL, "control codes are not traced\n");
    for (i = 0; i < ARRAYSIZE(typed); i++)
    {
        for (j = 0; typed[i][j]; j++)
            sprintf(hex + 2 * j, "%02X", typed[i][j]);
        ok(!strstr(text, hex), "%s passed through the program\n", typed[i]);
    }
    free(text);
}

START_TEST(pinpad)
{
    ISCardManage *manage;
    char atr[80] = "";

    GetTempPathA(sizeof(trace_file), trace_file);
    strcat(trace_file, "pinpad-trace.txt");
    DeleteFileA(trace_file);
    SetEnvironmentVariableA("SCARDSSP_TRACE", trace_file);
    CoInitialize(NULL);
    rig("reader ifd");
    read_atr(atr);
    manage = create_manage();
    test_without_profile(manage);
    set_profile(atr, "");
    test_verify(manage);
    test_change(manage);
    test_no_keys(manage);
    test_unplugged(manage);
    test_mute(manage);
    test_flex(manage);
    set_profile(NULL, NULL);
    ISCardManage_Release(manage);
    rig("reader ifd big");
    test_long();
    rig("reader vpcd");
    CoUninitialize();
    test_secrets();
    DeleteFileA(trace_file);
}

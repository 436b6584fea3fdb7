/*
 * cardinfo: the first card that answers, by the functions of winscard.dll alone.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * As programs of the Windows XP era do it. Ends with 0 when a card answered.
 *     i686-w64-mingw32-gcc -o cardinfo.exe cardinfo.c -lwinscard
 */

#include <windows.h>
#include <winscard.h>
#include <stdio.h>
#include <string.h>

static int failed(const char *what, LONG result)
{
    printf("%-28s 0x%08lx\n", what, (unsigned long)result);
    return 1;
}

static void show(const char *what, const BYTE *bytes, DWORD count)
{
    DWORD i;

    printf("%-28s", what);
    for (i = 0; i < count; i++)
        printf(" %02X", bytes[i]);
    printf("\n");
}

/* Which files serve this program: under Wine there may be several. */
static void show_server(void)
{
    FARPROC function = GetProcAddress(GetModuleHandleA("winscard.dll"), "SCardEstablishContext");
    char path[MAX_PATH] = "";
    HMODULE server = NULL;

    GetModuleFileNameA(GetModuleHandleA("winscard.dll"), path, sizeof(path));
    printf("%-28s %s\n", "winscard.dll is", path);
    if (function && GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                           GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                                       (const char *)(void (*)(void))function, &server))
        GetModuleFileNameA(server, path, sizeof(path));
    printf("%-28s %s\n", "its functions are in", path);
}

static LONG transmit(SCARDHANDLE card, DWORD protocol, const BYTE *command, DWORD size,
                     BYTE *answer, DWORD *length)
{
    const SCARD_IO_REQUEST *pci = protocol == SCARD_PROTOCOL_T1 ? SCARD_PCI_T1 : SCARD_PCI_T0;
    LONG result = SCardTransmit(card, pci, command, size, NULL, answer, length);

    show("command", command, size);
    if (!result)
        show("answer", answer, *length);
    return result;
}

/* SELECT of the master file, which any card of ISO 7816-4 knows; another one says so. */
static int ask(SCARDHANDLE card, DWORD protocol)
{
    static const BYTE select[] = {0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00};
    BYTE get_response[] = {0x00, 0xC0, 0x00, 0x00, 0x00};
    BYTE answer[258];
    DWORD length = sizeof(answer);
    LONG result = transmit(card, protocol, select, sizeof(select), answer, &length);

    if (!result && length == 2 && answer[0] == 0x61)
    {
        get_response[4] = answer[1];
        length = sizeof(answer);
        result = transmit(card, protocol, get_response, sizeof(get_response), answer, &length);
    }
    return result ? failed("SCardTransmit", result) : 0;
}

static int use_reader(SCARDCONTEXT context, const char *reader)
{
    char name[128];
    BYTE atr[36];
    DWORD protocol, state, length = sizeof(name), atr_length = sizeof(atr);
    SCARDHANDLE card;
    LONG result = SCardConnectA(context, reader, SCARD_SHARE_SHARED,
                                SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol);
    int code;

    printf("%-28s %s\n", "reader", reader);
    if (result)
        return failed("SCardConnect", result);
    result = SCardStatusA(card, name, &length, &state, &protocol, atr, &atr_length);
    if (result)
        code = failed("SCardStatus", result);
    else
    {
        show("ATR", atr, atr_length);
        printf("%-28s T=%d\n", "protocol", protocol == SCARD_PROTOCOL_T1);
        code = ask(card, protocol);
    }
    SCardDisconnect(card, SCARD_LEAVE_CARD);
    return code;
}

int main(void)
{
    SCARDCONTEXT context;
    char *readers = NULL, *reader;
    DWORD length = SCARD_AUTOALLOCATE;
    LONG result = SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context);
    int code = 1;

    show_server();
    if (result)
        return failed("SCardEstablishContext", result);
    result = SCardListReadersA(context, NULL, (char *)&readers, &length);
    if (result)
        failed("SCardListReaders", result);
    for (reader = readers; code && reader && *reader; reader += strlen(reader) + 1)
        code = use_reader(context, reader);
    if (readers)
        SCardFreeMemory(context, readers);
    SCardReleaseContext(context);
    return code;
}

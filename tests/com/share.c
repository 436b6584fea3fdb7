/*
 * The private export through which another DLL shares transport and handles.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "cardtest.h"
#include "pcsc/client.h"

/* A connection that the other DLL made is one for AttachByHandle, and ends with it. */
static void test_handle(const struct scardssp_share *share)
{
    static const BYTE select[] = {0x00, 0xa4, 0x00, 0x0c, 0x02, 0x3f, 0x00};
    BSTR reader = reader_with_card();
    struct connection *connection = NULL, *same = NULL;
    struct pcsc_context *context = NULL;
    ISCard *card = create_card();
    HRESULT hr = S_OK;
    ULONG_PTR value;

    ok(!share->context_open(&context), "context\n");
    ok(!share->connection_open(context, reader, SC_SHARE_SHARED, 3, &connection), "connection\n");
    share->context_release(context);
    if (!connection)
        return;
    value = connection->value;
    ok(!share->connection_by_handle(value, &same) && same == connection, "the handle\n");
    share->connection_release(same);
    ok_hr(ISCard_AttachByHandle(card, value), S_OK);
    ok(send_apdu(card, select, sizeof(select), &hr) == 0x9000, "%#lx\n", hr);
    ok(!share->connection_close(connection, SCARD_LEAVE_CARD), "close\n");
    send_apdu(card, select, sizeof(select), &hr);
    ok_hr(hr, SCARD_E_INVALID_HANDLE);
    share->connection_release(connection);
    ok_hr(ISCard_AttachByHandle(card, value), E_INVALIDARG);
    ISCard_Release(card);
    SysFreeString(reader);
}

START_TEST(share)
{
    HMODULE dll = LoadLibraryW(L"scardssp.dll");
    share_function *share = (share_function *)(void (*)(void))GetProcAddress(dll, "ScardsspShare");
    const struct scardssp_share *table;
    transport_id context;

    ok(share != NULL, "no export\n");
    if (!share)
        return;
    ok(!share(0) && !share(SCARDSSP_SHARE_VERSION + 1), "another version's table\n");
    table = share(SCARDSSP_SHARE_VERSION);
    ok(table && table->size == sizeof(*table), "no table\n");
    ok(!table->transport()->establish(&context), "establish\n");
    ok(!table->transport()->release(context), "release\n");
    CoInitialize(NULL);
    test_handle(table);
    CoUninitialize();
    FreeLibrary(dll);
}

/*
 * What the tests of the transport by itself share: contexts, cards, calls on other threads.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include once, after test.h. The program has the sources of the transport linked in; the unix
 * library is the DLL's.
 */

#ifndef TESTS_E2E_TRANSPORTTEST_H
#define TESTS_E2E_TRANSPORTTEST_H

#include <winscard.h>

#include "base/module.h"
#include "rig/rigctl.h"
#include "pcsc/transport.h"

#define AT_ONCE (700 * rig_slowness()) /* milliseconds, on a busy machine */

static const struct transport_ops *ops;
static WCHAR reader[128], empty_reader[128];

/* What the DLL's own module.c says in the DLL. */
HINSTANCE module_handle(void)
{
    return LoadLibraryW(L"scardssp.dll");
}

void module_retain(void)
{
}

void module_release(void)
{
}

static void rig(const char *request)
{
    char answer[256] = "";

    ok(!rig_request(request, answer, sizeof(answer)), "rig: %s: %s\n", request, answer);
}

static transport_id open_context(void)
{
    transport_id context;
    LONG result = ops->establish(&context);

    ok(!result && context, "establish: %#lx\n", result);
    return context;
}

TEST_USED static transport_id open_card(transport_id context, DWORD share)
{
    transport_id card;
    DWORD protocol;
    LONG result =
        ops->connect(context, reader, share, SC_PROTOCOL_T0 | SC_PROTOCOL_T1, &card, &protocol);

    ok(!result && card && (protocol == 1 || protocol == 2), "connect: %#lx, protocol %lu\n", result,
       protocol);
    return card;
}

TEST_USED static LONG send_select(transport_id card, DWORD *length)
{
    static const BYTE select[] = {0x00, 0xa4, 0x00, 0x0c, 0x02, 0x3f, 0x00};
    BYTE reply[258];
    LONG result;

    *length = sizeof(reply);
    result = ops->transmit(card, select, sizeof(select), reply, length);
    if (!result && *length >= 2)
        ok(reply[*length - 2] == 0x90 || reply[*length - 2] == 0x61, "status word %02x%02x\n",
           reply[*length - 2], reply[*length - 1]);
    return result;
}

/* ---- a call on another thread ---- */

struct call
{
    enum
    {
        CALL_BEGIN,
        CALL_SELECT,
        CALL_WAIT
    } kind;
    transport_id id;
    DWORD ticket; /* of a begin */
    DWORD timeout;
    struct transport_reader_state state;
    LONG result;
    DWORD milliseconds;
    HANDLE thread;
};

static DWORD WINAPI run_call(void *arg)
{
    struct call *call = arg;
    DWORD start = GetTickCount(), length;

    if (call->kind == CALL_BEGIN)
        call->result = ops->begin(call->id, call->ticket);
    else if (call->kind == CALL_SELECT)
        call->result = send_select(call->id, &length);
    else
        call->result = ops->get_status_change(call->id, call->timeout, &call->state, 1);
    call->milliseconds = GetTickCount() - start;
    return 0;
}

TEST_USED static void start_call(struct call *call)
{
    static DWORD tickets;

    call->ticket = ++tickets;
    call->thread = CreateThread(NULL, 0, run_call, call, 0, NULL);
    Sleep(300);
}

TEST_USED static void end_call(struct call *call)
{
    ok(!WaitForSingleObject(call->thread, 20000), "the call does not end\n");
    CloseHandle(call->thread);
}

/* FALSE outside of a rig. */
static BOOL find_readers(void)
{
    BOOL found =
        GetEnvironmentVariableW(L"SCARDSSP_TEST_READER", reader, ARRAYSIZE(reader)) &&
        GetEnvironmentVariableW(L"SCARDSSP_TEST_READER2", empty_reader, ARRAYSIZE(empty_reader));

    ok(found, "run this by tools/rig\n");
    return found;
}

#endif

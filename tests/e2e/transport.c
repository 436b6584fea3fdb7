/*
 * The transport by itself: no COM object, a real daemon. SCARDSSP_TRANSPORT says which one.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The program has the sources of the transport linked in; the unix library is the DLL's.
 */

#include <windows.h>

#include "test.h"

#include "transporttest.h"

#define HAS(state, bits) (((state) & (bits)) == (bits))

/* ---- tests ---- */

static void test_lists(void)
{
    static const WCHAR none[] = L"Nobody's\0", all[] = L"Other\0SCard$DefaultReaders\0";
    transport_id context = open_context();
    WCHAR *names, *groups;
    LONG result;

    ok(!ops->list_groups(context, &groups) && !lstrcmpW(groups, L"SCard$DefaultReaders"),
       "groups\n");
    HeapFree(GetProcessHeap(), 0, groups);
    result = ops->list_readers(context, NULL, &names);
    ok(!result && !lstrcmpW(names, reader) && !lstrcmpW(names + lstrlenW(names) + 1, empty_reader),
       "readers: %#lx\n", result);
    HeapFree(GetProcessHeap(), 0, names);
    ok(!ops->list_readers(context, all, &names), "of a group\n");
    HeapFree(GetProcessHeap(), 0, names);
    result = ops->list_readers(context, none, &names);
    ok(result == (LONG)SCARD_E_NO_READERS_AVAILABLE && !names, "of no group: %#lx\n", result);
    ok(!ops->is_valid(context), "valid\n");
    ok(!ops->release(context), "release\n");
    ok(ops->is_valid(context) == (LONG)SCARD_E_INVALID_HANDLE, "valid after release\n");
    ok(ops->release(context) == (LONG)SCARD_E_INVALID_HANDLE, "release twice\n");
}

static void test_connect(void)
{
    transport_id context = open_context(), card = open_card(context, SC_SHARE_SHARED), no;
    DWORD length, protocol;
    struct transport_status status;
    LONG result;

    ok(!ops->status(card, 0, &status) && status.state == 6 && status.protocol &&
           status.atr_length >= 2 && (status.atr[0] | 4) == 0x3f,
       "state %lu, protocol %lu, ATR of %lu\n", status.state, status.protocol, status.atr_length);
    ok(!send_select(card, &length) && length == 2, "select\n");
    ok(!ops->disconnect(card, SCARD_LEAVE_CARD), "disconnect\n");
    ok(ops->status(card, 0, &status) == (LONG)SCARD_E_INVALID_HANDLE && !status.state, "stale\n");
    result = ops->connect(context, L"No such reader", 2, 3, &no, &protocol);
    ok(result == (LONG)SCARD_E_UNKNOWN_READER && !no, "unknown reader: %#lx\n", result);
    result = ops->connect(context, empty_reader, 2, 3, &no, &protocol);
    ok(result == (LONG)SCARD_E_NO_SMARTCARD && !no, "no card: %#lx\n", result);
    result = ops->connect(context, reader, 2, 4, &no, &protocol);
    ok(result == (LONG)SCARD_E_INVALID_PARAMETER && !no, "unknown protocol: %#lx\n", result);
    ok(!ops->connect(context, empty_reader, SC_SHARE_DIRECT, 0, &card, &protocol) && !protocol,
       "direct\n");
    ok(!ops->status(card, 0, &status) && status.state == 1 && !status.atr_length, "absent: %lu\n",
       status.state);
    ok(!ops->disconnect(card, SCARD_LEAVE_CARD), "disconnect\n");
    ok(!ops->connect(context, reader, SC_SHARE_DIRECT, 0, &card, &protocol), "direct\n");
    ok(!ops->status(card, 0, &status) && status.state == (status.protocol ? 6 : 5),
       "direct: state %lu, protocol %lu\n", status.state, status.protocol);
    ok(!ops->disconnect(card, SCARD_LEAVE_CARD), "disconnect\n");
    card = open_card(context, SC_SHARE_EXCLUSIVE);
    result = ops->connect(context, reader, 2, 3, &no, &protocol);
    ok(result == (LONG)SCARD_E_SHARING_VIOLATION && !no, "exclusive: %#lx\n", result);
    ok(!ops->release(context), "release\n");
    ok(ops->status(card, 0, &status) == (LONG)SCARD_E_INVALID_HANDLE, "closed with the context\n");
}

/* RAW beside T0 or T1 is not asked for: it would be the card's protocol for every program, which
 * then get none of the others until the card is reset. */
static void test_protocols(void)
{
    static const DWORD masks[] = {SC_PROTOCOL_RAW | SC_PROTOCOL_T0
                                      | SC_PROTOCOL_T1,
                                  SC_PROTOCOL_RAW | 0x80000000u};
    transport_id context = open_context(), card = 0, other;
    DWORD protocol, i;
    LONG result;

    rig("reset-by-other");
    for (i = 0; i < ARRAYSIZE(masks); i++)
    {
        result = ops->connect(context, reader, SC_SHARE_SHARED, masks[i], &card, &protocol);
        ok(!result && (protocol == 1 || protocol == 2), "mask %#lx: %#lx, protocol %#lx\n",
           masks[i], result, protocol);
        result = ops->reconnect(card, SC_SHARE_SHARED, masks[i], SCARD_RESET_CARD, 0, &protocol);
        ok(!result && (protocol == 1 || protocol == 2), "mask %#lx: %#lx, protocol %#lx\n",
           masks[i], result, protocol);
        ok(!ops->disconnect(card, SCARD_LEAVE_CARD), "disconnect\n");
        other = open_card(context, SC_SHARE_SHARED);
        ok(!ops->disconnect(other, SCARD_LEAVE_CARD), "disconnect\n");
    }
    result = ops->connect(context, reader, SC_SHARE_SHARED, SC_PROTOCOL_RAW, &card, &protocol);
    ok(!result && protocol == SC_PROTOCOL_RAW, "RAW alone: %#lx, protocol %#lx\n", result,
       protocol);
    result = ops->connect(context, reader, SC_SHARE_SHARED, 3, &other, &protocol);
    ok(result == (LONG)SCARD_E_PROTO_MISMATCH, "T0|T1 of a RAW card: %#lx\n", result);
    ok(!ops->disconnect(card, SCARD_RESET_CARD), "disconnect\n");
    other = open_card(context, SC_SHARE_SHARED);
    ok(!ops->release(context), "release\n");
}

static void test_values(void)
{
    transport_id context = open_context(), card = open_card(context, SC_SHARE_SHARED);
    BYTE value[300], command[7] = {0x00, 0xa4, 0x00, 0x0c, 0x02, 0x3f, 0x00};
    BOOL has_pad = wcsstr(reader, L" Pad ") != NULL; /* tools/rig --reader ifd */
    DWORD length = sizeof(value);
    LONG result;

    result = ops->get_attrib(card, 0x00077777, value, &length);
    ok(result == (LONG)SCARD_E_UNSUPPORTED_FEATURE && !length, "unknown: %#lx\n", result);
    /* What the daemon makes of a driver that knows no attributes, and of one that knows others. */
    result = ops->set_attrib(card, 0x00077777, value, 4);
    ok(result == (LONG)(has_pad ? SCARD_E_UNSUPPORTED_FEATURE : SCARD_E_NOT_TRANSACTED),
       "unknown: %#lx\n", result);
    length = sizeof(value);
    result = ops->control(card, SCARD_CTL_CODE(3400), NULL, 0, value, &length);
    ok(result == (has_pad ? SCARD_S_SUCCESS : (LONG)SCARD_E_UNSUPPORTED_FEATURE),
       "features: %#lx\n", result);
    ok(!length == !has_pad && length % 6 == 0, "features: %lu bytes\n", length);
    length = 1;
    result = ops->transmit(card, command, sizeof(command), value, &length);
    ok(result == (LONG)SCARD_E_INSUFFICIENT_BUFFER && !length, "reply too long: %#lx\n", result);
    ok(!send_select(card, &length), "goes on\n");
    ops->release(context);
}

/* pcsc-lite would answer 0 and let every later connection hang. */
static void test_exclusive_to_shared(void)
{
    transport_id context = open_context(), card = open_card(context, SC_SHARE_EXCLUSIVE);
    DWORD protocol, length, start = GetTickCount();
    LONG result;

    ok(!ops->begin(card, 0), "lock\n");
    result = ops->reconnect(card, SC_SHARE_SHARED, 3, SCARD_LEAVE_CARD, 0, &protocol);
    ok(!result && protocol, "reconnect: %#lx\n", result);
    ok(!ops->end(card, SCARD_LEAVE_CARD), "the lock is there\n");
    ok(ops->end(card, SCARD_LEAVE_CARD) == (LONG)SCARD_E_NOT_TRANSACTED, "and gone\n");
    rig("reset-by-other");
    ok(GetTickCount() - start < 5000, "another program got at the card after %lu ms\n",
       GetTickCount() - start);
    result = send_select(card, &length);
    ok(result == (LONG)SCARD_W_RESET_CARD, "reset: %#lx\n", result);
    ok(!ops->reconnect(card, SC_SHARE_SHARED, 3, SCARD_LEAVE_CARD, 0, &protocol) &&
           !send_select(card, &length),
       "works again\n");
    ops->release(context);
}

static void test_lock(void)
{
    transport_id context = open_context(), second = open_context(), card, no;
    struct call begin = {.kind = CALL_BEGIN};
    struct transport_status status;
    DWORD start;

    card = begin.id = open_card(context, SC_SHARE_SHARED);
    rig("lock-by-other 1500");
    start_call(&begin);
    end_call(&begin);
    ok(!begin.result && begin.milliseconds > 500 && begin.milliseconds < 5000,
       "waited %lu ms: %#lx\n", begin.milliseconds, begin.result);
    ok(!ops->end(card, SCARD_LEAVE_CARD), "end\n");
    rig("wait-others");

    rig("lock-by-other 2500");
    start_call(&begin);
    ok(!ops->cancel_begin(card, begin.ticket - 1), "cancel the one before\n");
    ok(WaitForSingleObject(begin.thread, 200) == WAIT_TIMEOUT, "another one's cancel\n");
    ok(ops->cancel_begin(card, 0) == (LONG)SCARD_E_INVALID_PARAMETER, "cancel no one\n");
    start = GetTickCount();
    ok(!ops->cancel_begin(card, begin.ticket), "cancel\n");
    end_call(&begin);
    ok(begin.result == (LONG)SCARD_E_CANCELLED && GetTickCount() - start < AT_ONCE,
       "cancelled after %lu ms: %#lx\n", GetTickCount() - start, begin.result);
    ok(!ops->cancel_begin(card, begin.ticket + 1), "cancel the next one\n");
    start_call(&begin);
    end_call(&begin);
    ok(begin.result == (LONG)SCARD_E_CANCELLED && begin.milliseconds < AT_ONCE,
       "cancelled before it came: %#lx after %lu ms\n", begin.result, begin.milliseconds);
    rig("wait-others");
    ok(!ops->status(card, 0, &status), "the connection goes on\n");

    rig("lock-by-other 2500");
    start_call(&begin);
    start = GetTickCount();
    ok(!ops->disconnect(card, SCARD_LEAVE_CARD), "disconnect\n");
    end_call(&begin);
    ok(begin.result == (LONG)SCARD_E_CANCELLED && GetTickCount() - start < AT_ONCE,
       "ended after %lu ms: %#lx\n", GetTickCount() - start, begin.result);
    rig("wait-others");
    ok(!ops->connect(second, reader, SC_SHARE_EXCLUSIVE, 3, &no, &start),
       "nothing holds the card\n");
    ops->release(second);
    ops->release(context);
}

/* A slow card delays nobody on another context. */
static void test_slow_card(void)
{
    transport_id context = open_context(), second = open_context(), other;
    struct call slow = {.kind = CALL_SELECT};
    struct transport_status status;
    DWORD start, protocol;
    WCHAR *names;

    slow.id = open_card(context, SC_SHARE_SHARED);
    ok(!ops->connect(second, empty_reader, SC_SHARE_DIRECT, 0, &other, &protocol), "direct\n");
    rig("card delay 2000 1");
    start_call(&slow);
    start = GetTickCount();
    ok(!ops->status(other, 0, &status), "status\n");
    ok(!ops->list_readers(second, NULL, &names), "list\n");
    HeapFree(GetProcessHeap(), 0, names);
    ok(!ops->is_valid(second), "valid\n");
    ok(GetTickCount() - start < AT_ONCE, "took %lu ms\n", GetTickCount() - start);
    end_call(&slow);
    ok(!slow.result && slow.milliseconds > 1500, "the slow one: %lu ms\n", slow.milliseconds);
    ops->release(second);
    ops->release(context);
}

static void test_wait(void)
{
    transport_id context = open_context();
    struct call wait = {.kind = CALL_WAIT, .id = context, .state.reader = reader};
    struct transport_reader_state *state = &wait.state;
    DWORD start = GetTickCount();
    LONG result;

    ok(!ops->get_status_change(context, INFINITE, state, 1) &&
           HAS(state->event_state, SCARD_STATE_CHANGED | SCARD_STATE_PRESENT) && state->atr_length,
       "unaware: %#lx\n", state->event_state);
    state->current_state = state->event_state & ~SCARD_STATE_CHANGED;
    start = GetTickCount();
    result = ops->get_status_change(context, 1200, state, 1);
    ok(result == (LONG)SCARD_E_TIMEOUT && GetTickCount() - start >= 1150 &&
           GetTickCount() - start < 2500,
       "%#lx after %lu ms\n", result, GetTickCount() - start);
    result = ops->get_status_change(context, 0, state, 1);
    ok(result == (LONG)SCARD_E_TIMEOUT && state->event_state == state->current_state,
       "no time: %#lx, %#lx\n", result, state->event_state);

    wait.timeout = INFINITE;
    start_call(&wait);
    rig("card eject");
    end_call(&wait);
    ok(!wait.result && HAS(state->event_state, SCARD_STATE_CHANGED | SCARD_STATE_EMPTY),
       "eject: %#lx, %#lx\n", wait.result, state->event_state);
    state->current_state = state->event_state & ~SCARD_STATE_CHANGED;
    rig("card insert");
    ok(!ops->get_status_change(context, 5000, state, 1) &&
           HAS(state->event_state, SCARD_STATE_CHANGED | SCARD_STATE_PRESENT),
       "insert: %#lx\n", state->event_state);

    state->current_state = state->event_state & ~SCARD_STATE_CHANGED;
    ok(!ops->cancel(context), "cancel before\n");
    wait.timeout = 10000;
    start_call(&wait);
    end_call(&wait);
    ok(wait.result == (LONG)SCARD_E_CANCELLED && wait.milliseconds < AT_ONCE, "%#lx after %lu ms\n",
       wait.result, wait.milliseconds);
    start_call(&wait);
    ok(!ops->cancel(context), "cancel\n");
    end_call(&wait);
    ok(wait.result == (LONG)SCARD_E_CANCELLED && wait.milliseconds < 300 + AT_ONCE,
       "%#lx after %lu ms\n", wait.result, wait.milliseconds);
    start_call(&wait);
    ok(!ops->release(context), "release\n");
    end_call(&wait);
    ok(wait.result == (LONG)SCARD_E_CANCELLED && wait.milliseconds < 300 + AT_ONCE,
       "%#lx after %lu ms\n", wait.result, wait.milliseconds);
    context = open_context();
    state->reader = L"No such reader";
    result = ops->get_status_change(context, 1000, state, 1);
    ok(result == (LONG)SCARD_E_UNKNOWN_READER, "unknown reader: %#lx\n", result);
    *state = (struct transport_reader_state){.reader = L"\\\\?PnP?\\Notification"};
    result = ops->get_status_change(context, 700, state, 1);
    ok(result == (LONG)SCARD_E_TIMEOUT, "no reader comes or goes: %#lx\n", result);
    ops->release(context);
}

static void test_restart(void)
{
    transport_id context = open_context(), card = open_card(context, SC_SHARE_SHARED), no;
    DWORD length, start;
    LONG result;

    rig("pcscd restart");
    ok(ops->is_valid(context) == (LONG)SCARD_E_INVALID_HANDLE, "a stale context\n");
    result = send_select(card, &length);
    ok(result && !length, "a stale card: %#lx\n", result);
    start = GetTickCount();
    ops->disconnect(card, SCARD_RESET_CARD);
    ok(!ops->release(context), "release\n");
    ok(GetTickCount() - start < AT_ONCE, "closing took %lu ms\n", GetTickCount() - start);
    context = open_context();
    card = open_card(context, SC_SHARE_SHARED);
    ok(!send_select(card, &length), "works again\n");
    ops->release(context);
    rig("pcscd stop");
    result = ops->establish(&no);
    ok(result == (LONG)SCARD_E_NO_SERVICE && !no, "no daemon: %#lx\n", result);
    rig("pcscd start");
    ops->release(open_context());
}

/* Figures, not checks: what one call costs through Wine and the unix half. */
static void measure(transport_id card, const char *name, BOOL lock)
{
    LARGE_INTEGER frequency, start, end;
    DWORD length;
    int i;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&start);
    for (i = 0; i < 2000; i++)
    {
        if (lock && (ops->begin(card, 0) || ops->end(card, SCARD_LEAVE_CARD)))
            break;
        if (!lock && send_select(card, &length))
            break;
    }
    QueryPerformanceCounter(&end);
    printf("%s: %.1f us\n", name, (end.QuadPart - start.QuadPart) * 1e6 / frequency.QuadPart / i);
}

static void measure_all(void)
{
    transport_id context = open_context(), card = open_card(context, SC_SHARE_SHARED);

    measure(card, "transmit", FALSE);
    measure(card, "begin and end, shared", TRUE);
    ops->disconnect(card, SCARD_LEAVE_CARD);
    card = open_card(context, SC_SHARE_EXCLUSIVE);
    measure(card, "begin and end, exclusive", TRUE);
    ops->release(context);
}

START_TEST(transport)
{
    ops = transport_default();
    if (!find_readers())
        return;
    test_lists();
    test_connect();
    test_protocols();
    test_values();
    test_exclusive_to_shared();
    test_lock();
    test_slow_card();
    test_wait();
    test_restart();
    if (GetEnvironmentVariableW(L"SCARDSSP_TEST_MEASURE", NULL, 0))
        measure_all();
}

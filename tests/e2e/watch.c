/*
 * The watch of readers in a full house: as many as pcsc-lite can have. watch.sh runs it over
 * manyreaders.so.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The program has the sources of the watch and of the transport linked in; the unix library is the
 * DLL's.
 */

#include <windows.h>
#include <winscard.h>

#include "test.h"

#include "base/module.h"
#include "pcsc/watch.h"

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

/* To the file that the library reads, whose name is one of the other side. */
static void set_readers(int count)
{
    char path[MAX_PATH] = "Z:", text[8];
    DWORD written;
    HANDLE file;

    GetEnvironmentVariableA("SCARDSSP_TEST_READERS", path + 2, sizeof(path) - 2);
    file = CreateFileA(path, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_ALWAYS,
                       0, NULL);
    snprintf(text, sizeof(text), "%02d\n", count);
    ok(WriteFile(file, text, 3, &written, NULL) && written == 3, "%s: %lu\n", path, GetLastError());
    CloseHandle(file);
}

static void changed(void *event)
{
    SetEvent(event);
}

/* Waits until the watch sees that many, without an error. */
static void check_sees(struct watch *watch, DWORD count)
{
    static struct watch_view view;
    DWORD start = GetTickCount();

    do
    {
        watch_read(watch, &view);
        Sleep(20);
    } while (!view.result && view.count != count && GetTickCount() - start < 8000);
    ok(!view.result && view.count == count, "%lu readers, %#lx; expected %lu\n", view.count,
       view.result, count);
}

START_TEST(watch)
{
    static const int counts[] = {16, 15, 16, 3, 16, 0, 16};
    static struct watch_view view;
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    struct watch *watch;
    unsigned i;

    fact(GUESS);
    set_readers(16);
    ok(!watch_look(NULL, &view) && view.count == 16, "a look: %#lx, %lu\n", view.result,
       view.count);
    ok(!lstrcmpW(view.readers[15].name, L"Reader 15") && view.readers[15].state & SCARD_STATE_EMPTY,
       "the last one: state %#lx\n", view.readers[15].state);
    ok(!watch_start(NULL, changed, event, &watch), "start\n");
    ok(WaitForSingleObject(event, 5000) == WAIT_OBJECT_0, "nothing is told\n");
    for (i = 0; i < ARRAYSIZE(counts); i++)
    {
        set_readers(counts[i]);
        check_sees(watch, counts[i]);
        Sleep(3200); /* more than one slice of waiting */
        check_sees(watch, counts[i]);
    }
    watch_stop(watch);
    CloseHandle(event);
}

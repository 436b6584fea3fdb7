/*
 * Names and lists of names that programs pass in any code page, and what they get back.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: a byte for the code page, one for the caller's room, then the bytes of a list.
 */

#include <winscard.h>

#include "fuzz.h"
#include "windows/codepage.h"
#include "winscard/memory.h"
#include "winscard/strings.h"

/* Memory of exactly that size. */
static void *exact(const void *data, size_t size, size_t zeros)
{
    uint8_t *memory = calloc(size + zeros ? size + zeros : 1, 1);

    if (!memory)
        abort();
    if (size)
        memcpy(memory, data, size);
    return memory;
}

/* A caller's room: nothing is written beyond it, and what does not fit is not written at all. */
static void check_room(const WCHAR *list, BOOL ansi, DWORD room)
{
    DWORD units = strings_units(list), length = 0, wanted, size;
    uint8_t *out;
    LONG result;

    CHECK(!strings_give(list, units, ansi, NULL, &length));
    wanted = length;
    size = room * (ansi ? 1 : (DWORD)sizeof(WCHAR));
    out = exact(NULL, 0, size);
    length = room;
    result = strings_fit(list, units, ansi, out, &length);
    CHECK(result == (room < wanted ? SCARD_E_INSUFFICIENT_BUFFER : SCARD_S_SUCCESS));
    length = room;
    CHECK(strings_give(list, units, ansi, out, &length) == result);
    CHECK(length == wanted);
    free(out);
}

/* What a caller gets ends as a list does, with no more names than there were. */
static void check_narrow(const WCHAR *list)
{
    DWORD length = SCARD_AUTOALLOCATE, at = 0;
    const WCHAR *name = list;
    char *given;

    CHECK(!strings_give(list, strings_units(list), TRUE, &given, &length));
    while (*name)
    {
        CHECK(at < length && given[at]);
        if (at >= length)
            break;
        CHECK(strings_equal_ansi(name, given + at));
        name += lstrlenW(name) + 1;
        at += (DWORD)strlen(given + at) + 1;
    }
    CHECK(at + 1 == length && !given[at]);
    CHECK(!SCardFreeMemory(0, given));
}

static void check_list(WCHAR *list, DWORD room)
{
    check_room(list, TRUE, room);
    check_room(list, FALSE, room);
    check_narrow(list);
    free(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    WCHAR *list;
    DWORD room;
    void *text;

    if (size < 2)
        return 0;
    set_code_page((enum code_page)(data[0] % PAGES));
    room = data[1];
    text = exact(data + 2, size - 2, 2);
    CHECK(!strings_take_list(text, TRUE, &list) && list);
    check_list(list, room);
    CHECK(!strings_take(text, TRUE, &list) && list);
    CHECK((size_t)lstrlenW(list) <= size);
    free(list);
    free(text);
    text = exact(data + 2, (size - 2) & ~(size_t)1, 2 * sizeof(WCHAR));
    CHECK(!strings_take_list(text, FALSE, &list) && list);
    check_list(list, room);
    free(text);
    text = exact(data + 2, size - 2, 0);
    CHECK(!strings_take_bounded(text, (DWORD)size - 2, TRUE, &list) && list);
    check_list(list, room);
    CHECK(!strings_take_bounded(text, (DWORD)(size - 2) / 2, FALSE, &list) && list);
    check_list(list, room);
    free(text);
    return 0;
}

/*
 * A client compiled against mingw-w64's scardssp.h finds the methods where we have them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * That header names the IIDs but no library of mingw-w64 defines them: a client links our
 * definitions, and layout.c checks those, and argument lists too.
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include <mingw_scardssp.h>

#include "mingw_slots.h"

#define SLOT(i, method) {#i "::" #method, offsetof(i##Vtbl, method)},
const struct slot slots_mingw[] = {SLOTS{NULL, 0}};

/* The types of both headers have other tags, so sizes are what can be compared. */
#define SIZE(type, narrow, wide) \
    ok(sizeof(type) == (sizeof(void *) == 8 ? wide : narrow), "%s has %u bytes\n", #type, \
       (unsigned)sizeof(type))

START_TEST(mingw)
{
    const struct slot *cxx = slots_mingw_cxx();
    int i;

    fact(NATIVE);
    ok(!strcmp(slots_ours[0].name, "IByteBuffer::get_Stream"), "the tables are empty\n");
    for (i = 0; slots_ours[i].name; i++)
    {
        ok(slots_ours[i].offset == slots_mingw[i].offset, "%s: %u in ours, %u in mingw's\n",
           slots_ours[i].name, (unsigned)slots_ours[i].offset, (unsigned)slots_mingw[i].offset);
        ok(slots_ours[i].offset == cxx[i].offset, "%s: %u in ours, %u in mingw's for C++\n",
           slots_ours[i].name, (unsigned)slots_ours[i].offset, (unsigned)cxx[i].offset);
    }
    ok(i == 95 && cxx[i - 1].name && !cxx[i].name, "%d methods\n", i);
    SIZE(BYTEARRAY, 12, 24);
    SIZE(STATSTRUCT, 20, 20);
    SIZE(SCARDINFO, 32, 56);
    SIZE(HSCARD, 4, 8);
    SIZE(HSCARDCONTEXT, 4, 8);
}

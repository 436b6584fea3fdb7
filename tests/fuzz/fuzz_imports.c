/*
 * The imports of a Windows program.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: the program's file.
 */

#include "fuzz.h"
#include "imports.h"

struct found
{
    const uint8_t *data;
    size_t size, count;
};

/* A name stands somewhere in the file, with its end. */
static void found(void *context, int delayed, const char *name)
{
    struct found *all = context;
    size_t length = strlen(name), i;

    CHECK(length >= 1 && length <= IMPORTS_NAME_MAX && (delayed == 0 || delayed == 1));
    CHECK(imports_contain(all->data, all->size, (const uint8_t *)name, length + 1));
    CHECK(imports_mention(all->data, all->size, name));
    for (i = 0; i < length; i++)
        CHECK(name[i] > ' ' && name[i] <= '~');
    all->count++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct found all = {data, size, 0};
    struct imports imports = {.found = found, .context = &all};
    const char *refused = imports_read(data, size, &imports);

    CHECK(all.count <= 2 * IMPORTS_COUNT_MAX);
    CHECK(!refused || refused[0]);
    CHECK(refused || imports.bits == 32 || imports.bits == 64);
    if (!refused)
        CHECK(size >= 64 && data[0] == 'M' && data[1] == 'Z');
    return 0;
}

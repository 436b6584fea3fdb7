/*
 * Setup information files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: a byte of choices (1: UTF-16, two bytes a unit; 2: 32-bit; 4: English; 8: the section
 * "a"), then the text.
 */

#include "inffile.h"
#include "regops_check.h"

#define LINES_MAX 70000

static char system_context[1];

static const uint16_t *directory(void *context, int id)
{
    static const uint16_t system[] = {'C', ':', '\\', 0};

    CHECK(context == system_context && id >= 0);
    return id == 11 ? system : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint16_t section[] = {'a', 0};
    struct inffile_options options = {.directory = directory, .context = system_context};
    size_t length = size ? size - 1 : 0, i;
    unsigned choices = size ? data[0] : 0, line = LINES_MAX;
    uint16_t *text;
    struct regops ops;
    const char *refused;

    text = choices & 1 ? fuzz_units(data + 1, length, &length) : fuzz_text(data + 1, length);
    options.platform = choices & 2 ? "ntx86" : "ntamd64";
    options.language = choices & 4 ? 0x0409 : 0;
    options.section = choices & 8 ? section : NULL;
    regops_init(&ops);
    refused = inffile_read(text, length, &options, &ops, &line);
    CHECK(line < LINES_MAX && (refused || !line));
    for (i = 0; i < ops.count; i++)
        check_op(&ops.ops[i], LINES_MAX);
    check_writing(&ops);
    regops_free(&ops);
    free(text);
    return 0;
}

/*
 * Registry files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: a byte of choices (1: UTF-16, two bytes a unit; 2: as a UTF-16 file; 4, 8: a header in
 * front), then the text.
 */

#include "regops_check.h"

#define LINES_MAX 70000

static uint16_t *with_header(const uint16_t *text, size_t *length, const char *header)
{
    size_t before = strlen(header), i;
    uint16_t *whole = malloc(2 * (before + *length));

    if (!whole)
        abort();
    for (i = 0; i < before; i++)
        whole[i] = (uint8_t)header[i];
    if (*length)
        memcpy(whole + before, text, 2 * *length);
    *length += before;
    return whole;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct regfile_options options = {0};
    size_t length = size ? size - 1 : 0, i;
    uint16_t *text, *whole = NULL;
    struct regops ops;
    const char *refused;
    unsigned choices = size ? data[0] : 0;

    text = choices & 1 ? fuzz_units(data + 1, length, &length) : fuzz_text(data + 1, length);
    if (choices & 12)
        whole = with_header(text, &length,
                            choices & 4 ? "Windows Registry Editor Version 5.00\n" : "REGEDIT4\n");
    options.wide = choices >> 1 & 1;
    regops_init(&ops);
    refused = regfile_read(whole ? whole : text, length, &options, &ops);
    CHECK(!refused || !ops.count || regops_refused(&ops));
    for (i = 0; i < ops.count; i++)
    {
        check_op(&ops.ops[i], LINES_MAX);
        CHECK(!ops.ops[i].flags && (!i || ops.ops[i].line >= ops.ops[i - 1].line));
    }
    check_writing(&ops);
    regops_free(&ops);
    free(whole);
    free(text);
    return 0;
}

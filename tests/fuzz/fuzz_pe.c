/*
 * The headers and the version resource of a Windows program.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: the program's file.
 */

#include "fuzz.h"
#include "version.h"

/* What is found lies in the file, and has no end within. */
static void check_text(const struct pe_image *image, const char *name)
{
    size_t count = 0, i;
    const uint8_t *units = pe_version_text(image, name, &count);

    if (!units)
        return;
    CHECK(count && units >= image->data && count * 2 <= image->size);
    CHECK((size_t)(units - image->data) <= image->size - count * 2);
    for (i = 0; i < count; i++)
        CHECK(units[2 * i] || units[2 * i + 1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pe_image image;
    const char *refused = pe_open(data, size, &image);

    CHECK(!refused || refused[0]);
    CHECK(!pe_is_builtin(data, size) || size >= PE_MARK_AT + 16);
    if (refused)
        return 0;
    CHECK(image.bits == 32 || image.bits == 64);
    check_text(&image, "FileVersion");
    check_text(&image, "ProductName");
    return 0;
}

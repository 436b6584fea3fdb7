/*
 * The headers, the version resource and the exports of a Windows program.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: the program's file.
 */

#include "fuzz.h"
#include "exports.h"
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

/* Names lie in the file, and have no odd characters. */
static void check_name(const struct pe_image *image, const char *name, size_t length)
{
    size_t i;

    if (!name)
        return;
    CHECK(length && length <= PE_NAME_MAX && (const uint8_t *)name >= image->data);
    CHECK((size_t)((const uint8_t *)name - image->data) < image->size - length);
    for (i = 0; i < length; i++)
        CHECK(name[i] > ' ' && name[i] <= '~');
    CHECK(!name[length]);
}

static void check_exports(const struct pe_image *image)
{
    struct pe_exports exports;
    const char *refused = pe_exports_open(image, &exports), *name;
    size_t i, length;

    CHECK(!refused || refused[0]);
    for (i = 0; !refused && i < exports.name_count; i++)
    {
        name = pe_exports_name(&exports, i, &length);
        check_name(image, name, length);
        /* One of them is enough, for each looks at all. */
        CHECK(!name || i || pe_exports_have(&exports, name, length));
        name = pe_exports_forwarder(&exports, i, &length);
        check_name(image, name, length);
    }
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
    check_exports(&image);
    return 0;
}

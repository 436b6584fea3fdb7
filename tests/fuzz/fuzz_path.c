/*
 * The path grammar: what parses has one canonical form, and that form means the same.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: the kind of reference (1 byte), then two texts parted by 01. A byte is a character, but 02
 * makes one of the next two.
 */

#include "fuzz.h"
#include "icc/path.h"
#include "iso7816/codes.h"

#define MAX_UNITS 400

static int32_t parse(const uint16_t *units, size_t count, int type, struct path *out)
{
    uint16_t *exact = malloc(count * sizeof(*exact) + 1);
    int32_t result;

    if (!exact)
        abort();
    memcpy(exact, units, count * sizeof(*exact));
    result = path_parse(exact, count, (enum path_reference)type, out);
    if (result)
        CHECK((result == SC_INVALID_ARGUMENT || result == SC_DIR_NOT_FOUND) &&
              fuzz_zero(out, sizeof(*out)));
    free(exact);
    return result;
}

static size_t read_units(struct input *input, uint16_t *units)
{
    size_t count;
    uint8_t byte;

    for (count = 0; count < MAX_UNITS && input->left && (byte = input_byte(input)) != 1; count++)
        units[count] = byte == 2 ? input_short(input) : byte;
    return count;
}

static void check_bounds(const struct path *path)
{
    CHECK(path->count <= PATH_MAX_COMPONENTS && path->up <= PATH_MAX_COMPONENTS);
    CHECK(path->name_length <= PATH_MAX_NAME && path->sfi <= 30);
    CHECK(path->root == PATH_RELATIVE || !path->up);
    CHECK((path->root == PATH_FROM_NAME) == (path->name_length > 0) || path->maybe_name);
    CHECK(!path->maybe_name || (path->name_length == 4 && path->count == 1));
}

/* The canonical text of an absolute path names the same place, and the same text again. */
static void check_canonical(const struct path *path)
{
    char text[PATH_MAX_TEXT + 1], text_again[PATH_MAX_TEXT + 1];
    uint16_t units[PATH_MAX_TEXT];
    size_t len = path_format(path, text), i;
    struct path again;

    CHECK(len <= PATH_MAX_TEXT && strlen(text) == len);
    CHECK(!len == (path->root == PATH_RELATIVE));
    if (!len || path->partial_name)
        return;
    for (i = 0; i < len; i++)
        units[i] = (unsigned char)text[i];
    CHECK(!parse(units, len, path->sfi ? PATH_BY_SHORT_ID : PATH_BY_ID, &again));
    CHECK(path_equal(path, &again));
    CHECK(path_format(&again, text_again) == len && !strcmp(text, text_again));
}

static void check_resolved(const struct path *current, const struct path *path)
{
    struct path whole, parent, alias = *path;
    int32_t result = path_resolve(current, path, &whole);

    CHECK(path_resolve(current, &alias, &alias) == result);
    CHECK(!memcmp(&alias, &whole, sizeof(alias)));
    if (result)
    {
        CHECK(fuzz_zero(&whole, sizeof(whole)));
        return;
    }
    check_bounds(&whole);
    CHECK(whole.root != PATH_RELATIVE && path_within(&whole, &whole));
    check_canonical(&whole);
    path_parent(&whole, &parent);
    CHECK(path_within(&parent, &whole));
    check_canonical(&parent);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    uint16_t units[MAX_UNITS];
    struct path first, second;
    int type = input_byte(&input) % 4;

    if (!parse(units, read_units(&input, units), type, &first))
    {
        check_bounds(&first);
        check_canonical(&first);
    }
    if (!parse(units, read_units(&input, units), PATH_BY_ID, &second))
    {
        check_bounds(&second);
        check_resolved(&first, &second);
        check_resolved(&second, &first);
        path_within(&first, &second);
    }
    return 0;
}
